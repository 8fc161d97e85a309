//! The connection to the server.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{
    Client, Cmd, ConnectionAddr, ConnectionInfo, ErrorKind, FromRedisValue, InfoDict,
    IntoConnectionInfo as _, ProtocolVersion, RedisError, Script, ServerErrorKind, TlsCertificates,
};

use crate::Error;
use crate::error::failure;
use crate::script::Scripts;

/// The version of the layout of the keys.
const FORMAT: i64 = 2;
const OLDEST_SERVER: u32 = 7;

/// How to connect.
///
/// ```
/// use std::time::Duration;
/// use carewire_redis::RedisOptions;
/// let options = RedisOptions::default().prefix("clinic").patience(Duration::from_secs(5));
/// # let _ = options;
/// ```
#[derive(Clone, Debug)]
pub struct RedisOptions {
    prefix: String,
    patience: Duration,
    ca_file: Option<PathBuf>,
}

impl RedisOptions {
    /// What the names of all keys begin with (`carewire` by default), in braces: installations with different prefixes share
    /// a server without seeing each other, and in a cluster all keys of one are on one node.
    #[must_use]
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// How long an operation waits for an answer before it fails as unavailable (10 s by default). It may then have been
    /// done or not.
    #[must_use]
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// A file with the certificates (PEM) of the authorities that may vouch for the server, and of no others. By default those
    /// of the operating system may. For URLs that begin with `rediss://`; of others it is refused.
    #[must_use]
    pub fn ca_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.ca_file = Some(path.into());
        self
    }
}

impl Default for RedisOptions {
    fn default() -> Self {
        Self { prefix: "carewire".into(), patience: Duration::from_secs(10), ca_file: None }
    }
}

/// What the server keeps when it stops at once. See the [crate's documentation](crate#what-is-lost-when).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Durability {
    /// Everything that it acknowledged.
    Always,
    /// All but the last second or two.
    EverySecond,
    /// What the operating system has written: on Linux all but half a minute.
    OperatingSystem,
    /// What the last snapshot has, if there is one: there is no append-only file.
    Snapshots,
    /// There is an append-only file; the server does not tell how often it is synced.
    Unknown,
}

/// A queue on Redis. Cloning is cheap; the clones share the connection, which comes back by itself after it was lost.
#[derive(Clone)]
pub struct RedisQueue {
    connection: ConnectionManager,
    prefix: Arc<str>,
    durability: Durability,
    patience: Duration,
    pub(crate) scripts: Arc<Scripts>,
}

impl RedisQueue {
    /// Connects, and looks whether the server can keep a queue. Must be called on a tokio runtime. With a URL that begins with
    /// `rediss://` the connection is encrypted, and the server must prove its name.
    ///
    /// # Errors
    /// [`Error::Url`], [`Error::Ca`], [`Error::Prefix`], [`Error::Unavailable`], [`Error::OlderServer`], [`Error::Evicts`],
    /// [`Error::OtherFormat`].
    pub async fn connect(url: &str, options: RedisOptions) -> Result<Self, Error> {
        if options.prefix.is_empty()
            || options.prefix.contains(['{', '}'])
            || options.prefix.contains(char::is_control)
        {
            return Err(Error::Prefix);
        }
        let client = client(url, options.ca_file.as_deref())?;
        let config = ConnectionManagerConfig::new()
            .set_response_timeout(Some(options.patience))
            .set_connection_timeout(Some(options.patience))
            .set_max_delay(Duration::from_millis(500));
        let mut connection = ConnectionManager::new_with_config(client, config).await?;
        let durability = inspect(&mut connection).await?;
        let prefix = format!("{{{}}}:", options.prefix);
        agree_on_format(&mut connection, &prefix).await?;
        let (prefix, scripts) = (prefix.into(), Arc::new(Scripts::new()));
        Ok(Self { connection, prefix, durability, patience: options.patience, scripts })
    }

    /// What the server kept, when it was connected to, in case it stops at once.
    #[must_use]
    pub fn durability(&self) -> Durability {
        self.durability
    }

    /// Which run of a server answers: another one after each start and each failover. What had not reached its disk, or the
    /// replica, may be lost then.
    ///
    /// # Errors
    /// [`Unavailable`](carewire_sync_engine::Error::Unavailable).
    pub async fn run_id(&self) -> carewire_sync_engine::Result<String> {
        let mut connection = self.connection.clone();
        let info: Result<InfoDict, _> = redis::cmd("INFO").arg("server").query_async(&mut connection).await;
        let id = info.map_err(|error| failure(&error))?.get("run_id");
        id.ok_or(carewire_sync_engine::Error::Corrupt { what: "answer" })
    }

    /// A call of a script, to which its arguments are added.
    pub(crate) fn call(&self, script: &Script) -> Cmd {
        let mut call = redis::cmd("EVALSHA");
        call.arg(script.get_hash()).arg(1).arg(&*self.prefix);
        call
    }

    /// Runs a call; a server that was restarted is given the script again.
    pub(crate) async fn run<T: FromRedisValue>(
        &self,
        script: &Script,
        call: &Cmd,
    ) -> carewire_sync_engine::Result<T> {
        let mut answer = self.send(call).await;
        if let Err(error) = &answer
            && error.kind() == ErrorKind::Server(ServerErrorKind::NoScript)
        {
            let mut connection = self.connection.clone();
            answer = match script.load_async(&mut connection).await {
                Ok(_) => self.send(call).await,
                Err(error) => Err(error),
            };
        }
        answer.map_err(|error| failure(&error))
    }

    /// What no server has begun is sent again, until one takes it or patience ends: while it restarts nothing need fail. What
    /// was sent and not answered may be done, and is not sent again.
    async fn send<T: FromRedisValue>(&self, call: &Cmd) -> Result<T, RedisError> {
        let (mut connection, started) = (self.connection.clone(), Instant::now());
        loop {
            let answer = call.query_async(&mut connection).await;
            match answer {
                Err(error) if never_begun(&error) && started.elapsed() < self.patience => {
                    tokio::time::sleep(AGAIN).await;
                }
                answer => return answer,
            }
        }
    }

    /// The members of a set.
    pub(crate) async fn members(&self, key: &str) -> carewire_sync_engine::Result<Vec<String>> {
        self.read("SMEMBERS", key).await
    }

    /// The fields of a hash with their values.
    pub(crate) async fn fields(&self, key: &str) -> carewire_sync_engine::Result<Vec<(String, Vec<u8>)>> {
        self.read("HGETALL", key).await
    }

    async fn read<T: FromRedisValue>(&self, command: &str, key: &str) -> carewire_sync_engine::Result<T> {
        let mut call = redis::cmd(command);
        call.arg(format!("{}{key}", self.prefix));
        self.send(&call).await.map_err(|error| failure(&error))
    }
}

impl fmt::Debug for RedisQueue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisQueue")
            .field("prefix", &self.prefix)
            .field("durability", &self.durability)
            .finish_non_exhaustive()
    }
}

/// How soon it tries again.
const AGAIN: Duration = Duration::from_millis(20);

/// Nobody listens, or the server still reads its files.
fn never_begun(error: &RedisError) -> bool {
    error.is_connection_refusal() || error.kind() == ErrorKind::Server(ServerErrorKind::BusyLoading)
}

/// A client for the URL. With the third version of the protocol it hears of the end of a connection at once, and has another
/// one before the next call.
fn client(url: &str, ca_file: Option<&Path>) -> Result<Client, Error> {
    let info = url.into_connection_info().map_err(|_| Error::Url)?;
    let settings = info.redis_settings().clone().set_protocol(ProtocolVersion::RESP3);
    let info: ConnectionInfo = info.set_redis_settings(settings);
    let encrypts = match info.addr() {
        // No certificate is checked then.
        ConnectionAddr::TcpTls { insecure: true, .. } => return Err(Error::Url),
        addr => matches!(addr, ConnectionAddr::TcpTls { .. }),
    };
    if encrypts && rustls::crypto::CryptoProvider::get_default().is_none() {
        // Another thread may have been first.
        let _ = rustls::crypto::ring::default_provider().install_default();
    }
    let Some(path) = ca_file else { return Client::open(info).map_err(|_| Error::Url) };
    let pem = std::fs::read_to_string(path).map_err(|_| Error::Ca)?;
    if !encrypts || !pem.contains("-----BEGIN CERTIFICATE-----") {
        return Err(Error::Ca);
    }
    let root_cert = Some(pem.into_bytes());
    Client::build_with_tls(info, TlsCertificates { client_tls: None, root_cert }).map_err(|_| Error::Ca)
}

/// Refuses a server that is too old or throws keys away.
async fn inspect(connection: &mut ConnectionManager) -> Result<Durability, Error> {
    let info: InfoDict = redis::cmd("INFO").query_async(connection).await?;
    let version: String = info.get("redis_version").unwrap_or_default();
    let major = version.split('.').next().and_then(|number| number.parse().ok());
    if major.is_none_or(|major: u32| major < OLDEST_SERVER) {
        return Err(Error::OlderServer { found: version });
    }
    let policy: Option<String> = info.get("maxmemory_policy");
    if policy.is_some_and(|policy| policy != "noeviction") {
        return Err(Error::Evicts);
    }
    let appends: Option<u8> = info.get("aof_enabled");
    let durability = if appends == Some(1) { synced(connection).await } else { Durability::Snapshots };
    if durability == Durability::Snapshots {
        tracing::warn!(
            "the queue has no append-only file: a crash of its server loses jobs that were acknowledged"
        );
    }
    Ok(durability)
}

/// How often the append-only file is synced, where the server tells: a hosted one may not.
async fn synced(connection: &mut ConnectionManager) -> Durability {
    let setting: Result<Vec<(String, String)>, _> =
        redis::cmd("CONFIG").arg("GET").arg("appendfsync").query_async(connection).await;
    match setting.unwrap_or_default().first().map(|(_, value)| value.as_str()) {
        Some("always") => Durability::Always,
        Some("everysec") => Durability::EverySecond,
        Some("no") => Durability::OperatingSystem,
        _ => Durability::Unknown,
    }
}

async fn agree_on_format(connection: &mut ConnectionManager, prefix: &str) -> Result<(), Error> {
    let key = format!("{prefix}format");
    let set = redis::cmd("SET").arg(&key).arg(FORMAT).arg("NX").arg("GET").query_async(connection).await;
    let found: Option<i64> = set?;
    match found {
        Some(found) if found != FORMAT => Err(Error::OtherFormat { found, supported: FORMAT }),
        _ => Ok(()),
    }
}
