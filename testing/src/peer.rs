//! Medplum's own router and validator as a FHIR server, run by Node.js: see `testing/oracle/server.mjs`.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use crate::http::{Call, Http};
use crate::oracle::directory;
use crate::{Error, Result, oracle};

/// Why it cannot be run, as a test prints it.
#[must_use]
pub fn missing() -> Option<String> {
    oracle::missing().or_else(|| {
        let installed = directory().join("node_modules/@medplum/fhir-router").is_dir();
        (!installed).then(|| "skipped: the packages of testing/oracle are not installed (npm ci)".into())
    })
}

/// A server of one's own, on a free port. It ends when this is dropped, and when this process is killed.
///
/// ```
/// use carewire_testing::peer::{Peer, missing};
///
/// if let Some(why) = missing() {
///     println!("{why}");
/// } else {
///     let peer = Peer::start(&["--quota", "1000"])?;
///     assert!(peer.base().ends_with("/fhir/R4"));
/// }
/// # Ok::<(), carewire_testing::Error>(())
/// ```
#[derive(Debug)]
pub struct Peer {
    child: Child,
    http: Http,
    base: String,
    client: Option<Client>,
}

/// Who may ask for a token where one is demanded.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Client {
    /// The client's id.
    pub id: String,
    /// The client's secret.
    pub secret: String,
}

impl Peer {
    /// Starts one with these arguments of `server.mjs` and waits until it answers.
    ///
    /// # Errors
    /// When it does not come up.
    pub fn start(arguments: &[&str]) -> Result<Self> {
        let mut child = Command::new("node")
            .arg("server.mjs")
            .args(arguments)
            .current_dir(directory())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(Error::io("node"))?;
        let mut line = String::new();
        if let Some(stdout) = child.stdout.take() {
            BufReader::new(stdout).read_line(&mut line).map_err(Error::io("server.mjs"))?;
        }
        let ready: Value = serde_json::from_str(&line).unwrap_or_default();
        let text = |pointer: &str| ready.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        let base = text("/url");
        let mut peer = Self { child, http: Http::new()?, base: base.unwrap_or_default(), client: None };
        peer.client =
            text("/client/id").zip(text("/client/secret")).map(|(id, secret)| Client { id, secret });
        if peer.base.is_empty() { Err(peer.failed()) } else { Ok(peer) }
    }

    fn failed(&mut self) -> Error {
        let ended = self.child.wait().map_or_else(|error| error.to_string(), |status| status.to_string());
        Error::program("server.mjs", format!("ended with {ended}"))
    }

    /// Its FHIR base.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Where it gives out tokens.
    #[must_use]
    pub fn token_url(&self) -> String {
        self.beside("oauth2/token")
    }

    /// Who may ask for a token; `None` where none is demanded.
    #[must_use]
    pub fn client(&self) -> Option<&Client> {
        self.client.as_ref()
    }

    /// Switches a fault on: see `testing/oracle/peer/faults.mjs`.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn fault(&self, fault: &Value) -> Result<()> {
        self.control(&json!({ "fault": fault })).await.map(drop)
    }

    /// Makes every token worthless that was given out.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn flush_tokens(&self) -> Result<()> {
        self.control(&json!({"flushTokens": true})).await.map(drop)
    }

    /// What it counted since its start: `requests`, `unauthorized`, `tokens`, `points`, `faults`, `resources`.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn stats(&self) -> Result<Value> {
        self.http.json(&Call::get(self.beside("_control"))).await
    }

    /// Sends a request below its FHIR base; for servers that demand no token.
    ///
    /// # Errors
    /// When there is no answer, no success, or no JSON.
    pub async fn get(&self, path: &str) -> Result<Value> {
        self.http.json(&Call::get(format!("{}/{path}", self.base))).await
    }

    async fn control(&self, body: &Value) -> Result<Value> {
        self.http.json(&Call::post(self.beside("_control"), body.to_string())).await
    }

    fn beside(&self, path: &str) -> String {
        format!("{}/{path}", self.base.trim_end_matches("/fhir/R4"))
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // A process that has ended already is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
