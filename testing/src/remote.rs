//! `carewire fhir-server` as a process, and what it stores.

use std::collections::HashSet;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::gateway::sqlite_files;
use crate::http::{Answer, Call, Http};
use crate::process::Process;
use crate::program::Program;
use crate::{Error, Result, port};

const START: Duration = Duration::from_secs(30);
const PAGE: usize = 500;

/// A FHIR server in a process of its own, with a SQLite file.
#[derive(Debug)]
pub struct Remote {
    process: Process,
    http: Http,
    address: SocketAddr,
    store: PathBuf,
    request_log: PathBuf,
}

impl Remote {
    /// Starts one and waits until it answers.
    ///
    /// # Errors
    /// When it does not come up.
    pub async fn start(binary: &Path, directory: &Path) -> Result<Self> {
        let address = port::free_address()?;
        let (store, request_log) = (directory.join("remote.db"), directory.join("remote.requests.log"));
        let program = Program::new("remote", binary, directory)
            .args(["fhir-server", "--bind", &address.to_string()])
            .args(["--store".to_owned(), store.display().to_string()])
            .args(["--request-log".to_owned(), request_log.display().to_string()])
            .env("RUST_BACKTRACE", "1");
        let mut remote =
            Self { process: Process::start(program)?, http: Http::new()?, address, store, request_log };
        remote.until_ready().await?;
        Ok(remote)
    }

    /// SIGKILL.
    ///
    /// # Errors
    /// When the operating system refuses.
    pub fn kill(&mut self) -> Result<()> {
        self.process.kill()
    }

    /// Starts it again after its end and waits until it answers.
    ///
    /// # Errors
    /// When it does not come up.
    pub async fn start_again(&mut self) -> Result<()> {
        self.process.start_again()?;
        self.until_ready().await
    }

    /// SIGTERM, and waits for the end.
    ///
    /// # Errors
    /// When it does not end in time.
    pub async fn terminate(&mut self) -> Result<std::process::ExitStatus> {
        self.process.terminate(Duration::from_secs(30)).await
    }

    async fn until_ready(&mut self) -> Result<()> {
        let started = Instant::now();
        let url = format!("http://{}/healthcheck", self.address);
        while started.elapsed() < START {
            if self.http.is_up(&url).await {
                return Ok(());
            }
            if let Some(status) = self.process.ended() {
                return Err(Error::program("carewire fhir-server", format!("ended with {status}")));
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Err(Error::timed_out("start of the remote", START))
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its FHIR base.
    #[must_use]
    pub fn base(&self) -> String {
        fhir_base(self.address)
    }

    /// The files of its store, as far as they exist now.
    #[must_use]
    pub fn store_files(&self) -> Vec<PathBuf> {
        sqlite_files(&self.store)
    }

    /// What it printed, and its request log.
    #[must_use]
    pub fn log_files(&self) -> Vec<PathBuf> {
        self.process.program().log_files().into_iter().chain([self.request_log.clone()]).collect()
    }

    /// Switches a fault on; see the embedded server for the format.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn fault(&self, json: &str) -> Result<()> {
        let call = Call::post(format!("http://{}/_faults", self.address), json);
        self.http.json(&call).await.map(drop)
    }

    /// Sends a request below its FHIR base.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn get(&self, path: &str) -> Result<Answer> {
        self.http.send(&Call::get(format!("{}/{path}", self.base()))).await
    }

    /// The types of which it stores resources.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn types(&self) -> Result<Vec<String>> {
        let stats = self.stats().await?;
        let resources = stats.get("resources").and_then(Value::as_object);
        let resources = resources.ok_or_else(|| Error::not_understood("/_stats"))?;
        Ok(resources.keys().cloned().collect())
    }

    /// How often a fault has happened since the start.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn faults_of(&self, kind: &str) -> Result<u64> {
        let count = self.stats().await?.pointer(&format!("/faults/{kind}")).and_then(Value::as_u64);
        Ok(count.unwrap_or(0))
    }

    async fn stats(&self) -> Result<Value> {
        self.http.json(&Call::get(format!("http://{}/_stats", self.address))).await
    }

    /// All resources of a type, in the order in which they were last updated. Nothing may be written meanwhile.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn all(&self, resource_type: &str) -> Result<Vec<Value>> {
        let mut found: Vec<Value> = Vec::new();
        let mut seen = HashSet::new();
        let mut since = String::new();
        loop {
            let query = format!("{resource_type}?_sort=_lastUpdated&_count={PAGE}{since}");
            let page = entries(&self.get(&query).await?.json()?);
            let full = page.len() >= PAGE;
            let before = found.len();
            found.extend(page.into_iter().filter(|resource| seen.insert(text(resource, "/id").to_owned())));
            if !full || found.len() == before {
                return Ok(found);
            }
            let last = found.last().map(|resource| text(resource, "/meta/lastUpdated").replace('+', "%2B"));
            since = format!("&_lastUpdated=ge{}", last.unwrap_or_default());
        }
    }

    /// The versions of a resource, the oldest first.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn history(&self, resource_type: &str, id: &str) -> Result<Vec<Value>> {
        let mut versions = Vec::new();
        let mut next = Some(format!("{}/{resource_type}/{id}/_history", self.base()));
        while let Some(url) = next {
            let page: Value = self.http.json(&Call::get(url)).await?;
            versions.extend(entries(&page));
            next = link(&page, "next").map(str::to_owned);
        }
        versions.reverse();
        Ok(versions)
    }
}

/// The FHIR base of a server at an address.
pub(crate) fn fhir_base(address: SocketAddr) -> String {
    format!("http://{address}/fhir/R4")
}

fn entries(bundle: &Value) -> Vec<Value> {
    let entries = bundle.get("entry").and_then(Value::as_array);
    entries.into_iter().flatten().filter_map(|entry| entry.get("resource")).cloned().collect()
}

/// Where a link of a Bundle leads.
fn link<'v>(bundle: &'v Value, relation: &str) -> Option<&'v str> {
    let mut links = bundle.get("link")?.as_array()?.iter();
    let link = links.find(|link| link.get("relation").and_then(Value::as_str) == Some(relation))?;
    link.get("url")?.as_str()
}

/// The text at a JSON pointer; empty when there is none.
pub(crate) fn text<'v>(value: &'v Value, pointer: &str) -> &'v str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}
