//! A gateway and a remote with everything that comes out of them kept: the places where canaries are looked for.

use std::path::{Path, PathBuf};
use std::time::Duration;

use carewire_fhir_core::OrgId;
use carewire_mllp::{Client, ClientOptions, Correlation};

use super::{Finding, Persona, Searcher};
use crate::gateway::{Gateway, GatewayOptions};
use crate::http::Call;
use crate::remote::Remote;
use crate::wiretap::Wiretap;
use crate::{Error, Result};

/// Bytes that came out somewhere.
#[derive(Clone)]
#[non_exhaustive]
pub struct Place {
    /// Where, for example `GET /metrics`.
    pub name: String,
    /// What.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Place").field("name", &self.name).field("bytes", &self.bytes.len()).finish()
    }
}

impl Place {
    /// A file, under its name.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn file(path: &Path) -> Result<Self> {
        let bytes = std::fs::read(path).map_err(Error::io(path.display().to_string()))?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        Ok(Self { name: name.unwrap_or_default(), bytes })
    }

    /// The canaries in it.
    #[must_use]
    pub fn search(&self, searcher: &Searcher) -> Vec<Finding> {
        searcher.search(&self.name, &self.bytes)
    }
}

/// A gateway at log level trace, a remote, and a wiretap between them.
#[derive(Debug)]
pub struct Scene {
    /// `carewire serve`.
    pub gateway: Gateway,
    /// `carewire fhir-server`.
    pub remote: Remote,
    tap: Wiretap,
    admin: String,
    directory: PathBuf,
    consents: u32,
    kept: Vec<Place>,
}

impl Scene {
    /// Starts both.
    ///
    /// # Errors
    /// When one does not come up.
    pub async fn start(binary: &Path, directory: &Path) -> Result<Self> {
        let remote = Remote::start(binary, directory).await?;
        let tap = Wiretap::start(remote.address(), directory).await?;
        let options =
            GatewayOptions { log_level: "trace", ..GatewayOptions::new(binary, directory, tap.base()) };
        let gateway = Gateway::start(options).await?;
        let admin = gateway.token("ADMIN")?;
        let directory = directory.to_owned();
        Ok(Self { gateway, remote, tap, admin, directory, consents: 0, kept: Vec::new() })
    }

    /// Sends a message over MLLP; gives its acknowledgement, which is not one of the places: it goes back to whoever
    /// knows the message.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn send(&self, message: &[u8]) -> Result<Vec<u8>> {
        let lost = |_| Error::not_understood("MLLP");
        let options = ClientOptions {
            ack_timeout: Duration::from_secs(10),
            // What cannot be read is answered without naming it; the connection is for this one message.
            ..ClientOptions::new(|_, _| Correlation::Final)
        };
        let mut client = Client::connect(self.gateway.mllp_address(), options).await.map_err(lost)?;
        Ok(client.send(message).await.map_err(lost)?.payload)
    }

    /// Gives the consent of a message's patient to everything. Answers the id of the consent.
    ///
    /// # Errors
    /// When the message has no patient, or the gateway refuses.
    pub async fn permit(&mut self, message: &[u8]) -> Result<String> {
        let org = OrgId::new(self.gateway.org()).map_err(|_| Error::not_understood("org"))?;
        let identity = Persona::identity(message, &org).ok_or_else(|| Error::not_understood("PID-3"))?;
        let token = self.gateway.resolve(&self.admin, &identity.system, &identity.value).await?;
        self.consents += 1;
        let id = format!("consent-{}", self.consents);
        self.gateway.permit_all(&self.admin, &id, &token).await?;
        Ok(id)
    }

    /// Asks the API as an administrator, and keeps the answer.
    ///
    /// # Errors
    /// When there is no answer; a refusal is one.
    pub async fn ask(&mut self, call: Call) -> Result<u16> {
        let call = call.bearer(&self.admin);
        self.ask_as_is(call).await
    }

    /// Asks the API without a token, and keeps the answer.
    ///
    /// # Errors
    /// When there is no answer; a refusal is one.
    pub async fn ask_as_is(&mut self, call: Call) -> Result<u16> {
        let answer = self.gateway.send(&call).await?;
        // The call's own canaries do not name the place: its number does.
        let name = format!("answer {} of the API (status {})", self.kept.len() + 1, answer.status);
        self.kept.push(Place { name, bytes: answer.bytes() });
        Ok(answer.status)
    }

    /// Runs `carewire` on the gateway's configuration, and keeps what it prints for people.
    ///
    /// # Errors
    /// When it cannot be run.
    pub fn run(&mut self, arguments: &[&str]) -> Result<()> {
        let output = self.gateway.command(arguments)?;
        let command = arguments.iter().take(2).copied().collect::<Vec<_>>().join(" ");
        self.kept.push(Place { name: format!("stderr of carewire {command}"), bytes: output.stderr });
        Ok(())
    }

    /// Runs `carewire` likewise, and keeps what it prints on stdout too.
    ///
    /// # Errors
    /// When it cannot be run.
    pub fn run_and_read(&mut self, arguments: &[&str]) -> Result<()> {
        let output = self.gateway.command(arguments)?;
        let command = arguments.join(" ");
        self.kept.push(Place { name: format!("stdout of carewire {command}"), bytes: output.stdout });
        self.kept.push(Place { name: format!("stderr of carewire {command}"), bytes: output.stderr });
        Ok(())
    }

    /// Adds a file to the places.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn keep(&mut self, file: &Path) -> Result<()> {
        self.kept.push(Place::file(file)?);
        Ok(())
    }

    /// Where messages may be written for commands to read; not one of the places.
    #[must_use]
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Everything: files of both processes, what went over the wire, what was kept, and all that the remote shows.
    ///
    /// # Errors
    /// When something cannot be read.
    pub async fn places(&self) -> Result<Vec<Place>> {
        let mut places = self.files()?;
        places.extend(self.kept.iter().cloned());
        for resource_type in self.remote.types().await? {
            let answer = self.remote.get(&format!("{resource_type}?_count=1000")).await?;
            places.push(Place { name: format!("remote search for {resource_type}"), bytes: answer.bytes() });
        }
        Ok(places)
    }

    /// All files that either process wrote, and what went over the wire.
    ///
    /// # Errors
    /// When one cannot be read.
    pub fn files(&self) -> Result<Vec<Place>> {
        let mut files = self.gateway.store_files();
        files.extend(self.gateway.log_files());
        files.extend(self.remote.store_files());
        files.extend(self.remote.log_files());
        files.extend(self.tap.files()?);
        files.iter().map(|file| Place::file(file)).collect()
    }
}
