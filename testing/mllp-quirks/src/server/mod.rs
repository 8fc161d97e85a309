//! The suite as a client: a server is tested.

mod answers;
mod connections;
mod content;
mod control_ids;
mod enhanced;
mod framing;
mod noise;
mod probe;
mod reply;
mod size;

use std::fmt;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::time::{Duration, Instant};

use self::probe::Probe;
use crate::quirk::{Finding, Quirk};
use crate::report::{Report, Row};
use crate::tls::TlsClient;
use crate::{Error, Result};

/// Which release of the transport the server is to speak.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "the standard has the two")]
pub enum Release {
    /// Blocks of content only.
    #[default]
    One,
    /// Each block of content is answered with a commit acknowledgement, `VT 06 FS CR` or `VT 15 FS CR`.
    Two,
}

/// How a server is tested. `Debug` shows the length of the message.
#[derive(Clone)]
#[non_exhaustive]
pub struct ServerOptions {
    /// `host:port`.
    pub address: String,
    /// TLS, where the server wants it.
    pub tls: Option<TlsClient>,
    /// The message that is sent, with another MSH-10 each time. Without one, an `ADT^A08` of a patient who is none, with
    /// MSH-11 `T`.
    pub message: Option<Vec<u8>>,
    /// How long an answer may take (5 s).
    pub timeout: Duration,
    /// How long nothing must come where nothing is to come (1 s).
    pub quiet: Duration,
    /// For how long a connection is left idle (3 s).
    pub idle: Duration,
    /// The ids of the quirks to try; all when empty.
    pub only: Vec<String>,
    /// The release of the transport.
    pub release: Release,
    /// How long a message is that no server should take, in bytes (64 MiB).
    pub oversize: usize,
    /// How many connections are opened at once (50).
    pub connections: usize,
}

impl fmt::Debug for ServerOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerOptions")
            .field("address", &self.address)
            .field("tls", &self.tls.is_some())
            .field("message", &self.message.as_ref().map(Vec::len))
            .field("only", &self.only)
            .field("release", &self.release)
            .finish_non_exhaustive()
    }
}

impl ServerOptions {
    /// All quirks, in the clear, with the defaults.
    #[must_use]
    pub fn new(address: impl Into<String>) -> Self {
        Self {
            address: address.into(),
            tls: None,
            message: None,
            timeout: Duration::from_secs(5),
            quiet: Duration::from_secs(1),
            idle: Duration::from_secs(3),
            only: Vec::new(),
            release: Release::One,
            oversize: 64 << 20,
            connections: 50,
        }
    }
}

/// Tries the quirks one after another, each on connections of its own.
///
/// The first row, `plain`, also says what the server answers when all is well: the others are measured by it.
///
/// # Errors
/// When the server cannot be connected to, the message given is none, or an id of `only` is unknown. Whatever the server
/// does wrong is in the report.
pub async fn run_server_suite(options: &ServerOptions) -> Result<Report> {
    for id in &options.only {
        if !catalogue().any(|tried| tried.quirk.id == id) {
            return Err(Error::NoSuchQuirk(id.clone()));
        }
    }
    let mut probe = Probe::new(options.clone())?;
    probe.learn().await.map_err(Error::Unreachable)?;
    let mut rows = Vec::new();
    for tried in catalogue() {
        if !options.only.is_empty() && !options.only.iter().any(|id| id == tried.quirk.id) {
            continue;
        }
        let began = Instant::now();
        let found = (tried.check)(&probe).await;
        let finding = found.unwrap_or_else(|error| Finding::fail(format!("no connection: {}", error.kind())));
        rows.push(Row::new(tried.quirk, finding, began.elapsed()));
    }
    Ok(Report { side: "server", endpoint: options.address.clone(), rows })
}

/// The quirks that servers are tested with, in the order of the table.
pub fn server_quirks() -> impl Iterator<Item = Quirk> {
    catalogue().map(|tried| tried.quirk)
}

/// A quirk and how it is tried.
struct ServerQuirk {
    quirk: Quirk,
    check: for<'p> fn(&'p Probe) -> Check<'p>,
}

/// Fails where no connection can be had.
type Check<'p> = Pin<Box<dyn Future<Output = io::Result<Finding>> + Send + 'p>>;

const fn row(quirk: Quirk, check: for<'p> fn(&'p Probe) -> Check<'p>) -> ServerQuirk {
    ServerQuirk { quirk, check }
}

fn catalogue() -> impl Iterator<Item = &'static ServerQuirk> {
    let themes: [&'static [ServerQuirk]; 8] = [
        framing::QUIRKS,
        noise::QUIRKS,
        size::QUIRKS,
        answers::QUIRKS,
        control_ids::QUIRKS,
        content::QUIRKS,
        enhanced::QUIRKS,
        connections::QUIRKS,
    ];
    themes.into_iter().flatten()
}
