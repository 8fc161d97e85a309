//! `carewire serve` as a process.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Output};
use std::time::{Duration, Instant};

use carewire_mllp::Target;
use serde_json::{Value, json};

use crate::certificates::Certificates;
use crate::database::SharedStore;
use crate::http::{Answer, Call, Http};
use crate::process::Process;
use crate::program::Program;
use crate::{Error, Result, port};

/// How long a start may take, also when the remote has to come back first.
const START: Duration = Duration::from_secs(30);
const SECRET: &str = "a secret of at least 32 characters, for tests only";

/// How to run a gateway.
#[derive(Clone, Debug)]
pub struct GatewayOptions {
    /// The `carewire` binary.
    pub binary: PathBuf,
    /// What its logs are called: several may share a directory.
    pub name: String,
    /// For its store, its keys and its logs.
    pub directory: PathBuf,
    /// The store, where it is no file in the directory.
    pub store: Option<SharedStore>,
    /// The FHIR base of the remote.
    pub remote: String,
    /// The org.
    pub org: String,
    /// `deny` or `permit-unless-denied`.
    pub implicit_consent: &'static str,
    /// Jobs at once.
    pub workers: usize,
    /// The log level.
    pub log_level: &'static str,
    /// MLLP over TLS, with client certificates of the same authority.
    pub tls: Option<Certificates>,
    /// A configuration file, for what no variable says.
    pub configuration: Option<PathBuf>,
    /// Further variables.
    pub environment: Vec<(&'static str, String)>,
}

impl GatewayOptions {
    /// The safe defaults: no consent, nothing leaves.
    pub fn new(binary: impl Into<PathBuf>, directory: impl Into<PathBuf>, remote: impl Into<String>) -> Self {
        Self {
            binary: binary.into(),
            name: "gateway".into(),
            directory: directory.into(),
            store: None,
            remote: remote.into(),
            org: "default".into(),
            implicit_consent: "deny",
            workers: 5,
            log_level: "info",
            tls: None,
            configuration: None,
            environment: Vec::new(),
        }
    }

    fn program(&self, name: &str, http: SocketAddr, mllp: SocketAddr) -> Program {
        let file = || format!("sqlite:{}", self.store_file().display());
        let program = Program::new(name, &self.binary, &self.directory)
            .env("CAREWIRE_STORE", self.store.as_ref().map_or_else(file, |store| store.url.clone()))
            .env("CAREWIRE_KEY_FILE", self.key_file().display().to_string())
            .env("CAREWIRE_ORG", &self.org)
            .env("CAREWIRE_HTTP", http.to_string())
            .env("CAREWIRE_MLLP", mllp.to_string())
            .env("CAREWIRE_REMOTE", &self.remote)
            .env("CAREWIRE_IMPLICIT_CONSENT", self.implicit_consent)
            .env("CAREWIRE_WORKERS", self.workers.to_string())
            .env("JWT_SECRET", SECRET)
            .env("LOG_LEVEL", self.log_level)
            .env("RUST_BACKTRACE", "1");
        let program =
            self.environment.iter().fold(program, |program, (name, value)| program.env(*name, value));
        let program = match &self.configuration {
            Some(file) => program.args(["--config".to_owned(), file.display().to_string()]),
            None => program,
        };
        let Some(made) = &self.tls else { return program };
        let (certificate, key) = made.server();
        program
            .env("CAREWIRE_MLLP_TLS_CERT", certificate.display().to_string())
            .env("CAREWIRE_MLLP_TLS_KEY", key.display().to_string())
            .env("CAREWIRE_MLLP_TLS_CLIENT_CA", made.ca().display().to_string())
    }

    /// Makes keys, which a gateway on a file makes for itself.
    ///
    /// # Errors
    /// When the command fails.
    pub fn make_keys(&self) -> Result<()> {
        let keygen = Program::new("keygen", &self.binary, &self.directory).args(["deid", "keygen"]);
        let made = succeeded(&keygen)?;
        write_private(&self.key_file(), &made.stdout)
    }

    /// Makes the tables of a shared store.
    ///
    /// # Errors
    /// When the command fails.
    pub fn migrate(&self, store: &SharedStore) -> Result<()> {
        let migrate = Program::new("migrate", &self.binary, &self.directory)
            .args(["migrate"])
            .env("CAREWIRE_STORE", &store.url)
            .env("CAREWIRE_STORE_OWNER", &store.owner_url);
        succeeded(&migrate).map(drop)
    }

    /// `carewire serve --check`.
    ///
    /// # Errors
    /// When it cannot be run.
    pub fn check(&self) -> Result<Output> {
        let nowhere = SocketAddr::from(([127, 0, 0, 1], 0));
        self.program("check", nowhere, nowhere).args(["serve", "--check"]).run()
    }

    fn key_file(&self) -> PathBuf {
        self.directory.join("keys.json")
    }

    fn store_file(&self) -> PathBuf {
        self.directory.join("gateway.db")
    }
}

/// A gateway in a process of its own.
#[derive(Debug)]
pub struct Gateway {
    process: Process,
    options: GatewayOptions,
    http: Http,
    http_address: SocketAddr,
    mllp_address: SocketAddr,
}

/// What `/health` says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Health {
    /// Stored, not finished.
    pub received: u64,
    /// At the remote.
    pub pushed: u64,
    /// Held by consent.
    pub held: u64,
    /// In the dead letter.
    pub dead: u64,
    /// Not readable.
    pub refused: u64,
    /// Jobs that may run or wait for their turn.
    pub waiting: u64,
    /// Jobs that run.
    pub active: u64,
    /// Jobs that wait for a later time.
    pub delayed: u64,
    /// Jobs in the dead letter.
    pub failed: u64,
}

impl Health {
    /// Whether no job has anything left to do.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.waiting + self.active + self.delayed == 0
    }
}

impl Gateway {
    /// Starts one and waits until it takes messages.
    ///
    /// # Errors
    /// When it does not come up.
    pub async fn start(options: GatewayOptions) -> Result<Self> {
        let (http_address, mllp_address) = (port::free_address()?, port::free_address()?);
        let program = options.program(&options.name, http_address, mllp_address).args(["serve"]);
        let process = Process::start(program)?;
        let mut gateway = Self { process, options, http: Http::new()?, http_address, mllp_address };
        gateway.until_ready().await?;
        Ok(gateway)
    }

    /// SIGKILL.
    ///
    /// # Errors
    /// When the operating system refuses.
    pub fn kill(&mut self) -> Result<()> {
        self.process.kill()
    }

    /// Starts it again after its end and waits until it takes messages.
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
    pub async fn terminate(&mut self) -> Result<ExitStatus> {
        self.process.terminate(Duration::from_secs(30)).await
    }

    /// Like whatever supervises a service: when it gives up because its remote is away, it is started again.
    async fn until_ready(&mut self) -> Result<()> {
        let started = Instant::now();
        let url = self.url("/health/ready");
        while started.elapsed() < START {
            if self.http.is_up(&url).await {
                return Ok(());
            }
            if self.process.ended().is_some() {
                self.process.start_again()?;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Err(Error::timed_out("start of the gateway", START))
    }

    /// What senders connect to: over TLS with the client's certificate, where it is configured.
    ///
    /// # Errors
    /// When the certificates cannot be read.
    pub fn mllp_target(&self) -> Result<Target> {
        let target = Target::new(self.mllp_address.to_string());
        Ok(match &self.options.tls {
            None => target,
            Some(made) => target.with_tls(Certificates::SERVER_NAME, made.client_tls()?),
        })
    }

    /// Where senders connect.
    #[must_use]
    pub fn mllp_address(&self) -> SocketAddr {
        self.mllp_address
    }

    /// A URL of its API.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.http_address)
    }

    /// The org that it serves.
    #[must_use]
    pub fn org(&self) -> &str {
        &self.options.org
    }

    /// The files of its store: the database, its log and its index, as far as they exist now.
    #[must_use]
    pub fn store_files(&self) -> Vec<PathBuf> {
        sqlite_files(&self.options.store_file())
    }

    /// The files that hold what it printed.
    #[must_use]
    pub fn log_files(&self) -> [PathBuf; 2] {
        self.process.program().log_files()
    }

    /// Runs `carewire` with these arguments on the same configuration.
    ///
    /// # Errors
    /// When it cannot be run.
    pub fn command(&self, arguments: &[&str]) -> Result<Output> {
        self.program("command", arguments).run()
    }

    /// `carewire` with these arguments on the same configuration, to be run.
    #[must_use]
    pub fn program(&self, name: &str, arguments: &[&str]) -> Program {
        let program = self.options.program(name, self.http_address, self.mllp_address);
        program.args(arguments.iter().copied())
    }

    /// A bearer token for a role of the org, made by `carewire token`.
    ///
    /// # Errors
    /// When the command fails.
    pub fn token(&self, role: &str) -> Result<String> {
        let output = self.command(&["token", "--sub", "tester", "--org", self.org(), "--role", role])?;
        if !output.status.success() {
            return Err(Error::program("carewire token", format!("ended with {}", output.status)));
        }
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// Sends a request to its API.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn send(&self, call: &Call) -> Result<Answer> {
        self.http.send(call).await
    }

    /// The counts of messages and jobs.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn health(&self) -> Result<Health> {
        let body = self.http.json(&Call::get(self.url("/health"))).await?;
        let count = |part: &str, name: &str| {
            let found = body.get(part).and_then(|part| part.get(name)).and_then(Value::as_u64);
            found.ok_or_else(|| Error::not_understood(format!("/health: {part}.{name}")))
        };
        Ok(Health {
            received: count("messages", "received")?,
            pushed: count("messages", "pushed")?,
            held: count("messages", "held")?,
            dead: count("messages", "dead")?,
            refused: count("messages", "refused")?,
            waiting: count("queue", "waiting")?,
            active: count("queue", "active")?,
            delayed: count("queue", "delayed")?,
            failed: count("queue", "failed")?,
        })
    }

    /// Waits until the counts are as wanted; answers the last ones also when the time is over.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn wait_for(&self, within: Duration, wanted: impl Fn(&Health) -> bool) -> Result<Health> {
        let started = Instant::now();
        loop {
            let health = self.health().await?;
            if wanted(&health) || started.elapsed() > within {
                return Ok(health);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// The token of a patient by identifier.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn resolve(&self, admin: &str, system: &str, value: &str) -> Result<String> {
        let body = json!({"system": system, "value": value}).to_string();
        let call = Call::post(self.url("/api/patients/resolve"), body).bearer(admin);
        let answer = self.http.json(&call).await?;
        let token = answer.get("patient").and_then(Value::as_str);
        token.map(str::to_owned).ok_or_else(|| Error::not_understood(call.what()))
    }

    /// Stores a consent that permits every class of data for treatment.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn permit_all(&self, admin: &str, id: &str, patient: &str) -> Result<Value> {
        let classes: Vec<String> =
            carewire_consent::DataClass::permittable().map(|class| class.as_str().to_owned()).collect();
        let consent = json!({"id": id, "org": self.org(), "patient": format!("Patient/{patient}"),
            "purpose": "CARE", "state": "ACTIVE", "data_classes": classes});
        self.http.json(&Call::post(self.url("/api/consents"), consent.to_string()).bearer(admin)).await
    }
}

fn succeeded(program: &Program) -> Result<Output> {
    let output = program.run()?;
    if output.status.success() {
        return Ok(output);
    }
    let told = String::from_utf8_lossy(&output.stderr);
    Err(Error::program(program.name(), format!("ended with {}: {told}", output.status)))
}

/// Readable by its owner alone.
fn write_private(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(path).and_then(|mut file| file.write_all(bytes));
    written.map_err(Error::io(path.display().to_string()))
}

/// A SQLite database with its companions, as far as they exist.
pub(crate) fn sqlite_files(database: &Path) -> Vec<PathBuf> {
    let with = |suffix: &str| PathBuf::from(format!("{}{suffix}", database.display()));
    ["", "-wal", "-shm"].into_iter().map(with).filter(|file| file.is_file()).collect()
}
