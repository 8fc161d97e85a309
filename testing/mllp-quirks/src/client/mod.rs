//! The suite as a server: a client is tested.

mod answers;
mod broken;
mod door;
mod leftover;
mod refusals;
mod run;
mod stage;
mod tally;

use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, Instant};

pub use self::run::{ClientFunction, ClientUnderTest};
use self::stage::Stage;
use crate::quirk::{Finding, Quirk};
use crate::report::{Report, Row};
use crate::tls::TlsServer;
use crate::{Error, Result};

/// How a client is tested.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ClientOptions {
    /// Where the suite listens: `host:port`. Port 0 is any that is free, which only a client that is started by the suite
    /// can know.
    pub listen: String,
    /// TLS, where the client is to speak it.
    pub tls: Option<TlsServer>,
    /// TLS with a certificate that the client must not trust, where that is to be tried.
    pub other_tls: Option<TlsServer>,
    /// How many messages the client sends in each scenario (3). A client that is not started by the suite sends on and on,
    /// and a scenario ends with so many.
    pub messages: usize,
    /// How long the client may take to do something: longer than it waits for an answer (60 s).
    pub patience: Duration,
    /// For how long nothing is answered, or every connection is closed, to see how often the client tries (10 s).
    pub outage: Duration,
    /// The ids of the quirks to try; all when empty.
    pub only: Vec<String>,
}

impl ClientOptions {
    /// All quirks, in the clear, with the defaults.
    #[must_use]
    pub fn new(listen: impl Into<String>) -> Self {
        Self {
            listen: listen.into(),
            tls: None,
            other_tls: None,
            messages: 3,
            patience: Duration::from_secs(60),
            outage: Duration::from_secs(10),
            only: Vec::new(),
        }
    }
}

/// Tries the quirks one after another: each is a scenario in which the client sends a few messages, and the suite
/// misbehaves once.
///
/// The rules are those for a client with one message in flight: it goes on to the next message when this one is accepted.
///
/// # Errors
/// When the address cannot be had, the command cannot be run, or an id of `only` is unknown. Whatever the client does
/// wrong is in the report.
pub async fn run_client_suite(options: &ClientOptions, client: &ClientUnderTest) -> Result<Report> {
    for id in &options.only {
        if !catalogue().any(|scenario| scenario.quirk.id == id) {
            return Err(Error::NoSuchQuirk(id.clone()));
        }
    }
    let mut stage = Stage::open(options.clone(), client.clone()).await?;
    let mut rows = Vec::new();
    for scenario in catalogue() {
        if !options.only.is_empty() && !options.only.iter().any(|id| id == scenario.quirk.id) {
            continue;
        }
        let began = Instant::now();
        stage.begin(scenario.reading)?;
        let finding = (scenario.play)(&mut stage).await;
        let finding = stage.end(finding).await;
        rows.push(Row::new(scenario.quirk, finding, began.elapsed()));
    }
    Ok(Report { side: "client", endpoint: stage.address().to_string(), rows })
}

/// The quirks that clients are tested with, in the order of the table.
pub fn client_quirks() -> impl Iterator<Item = Quirk> {
    catalogue().map(|scenario| scenario.quirk)
}

/// A quirk and how it is played.
struct Scenario {
    quirk: Quirk,
    /// How the first connections are treated.
    reading: stage::Reading,
    play: for<'s> fn(&'s mut Stage) -> Play<'s>,
}

type Play<'s> = Pin<Box<dyn Future<Output = Finding> + Send + 's>>;

const fn scene(quirk: Quirk, play: for<'s> fn(&'s mut Stage) -> Play<'s>) -> Scenario {
    Scenario { quirk, reading: stage::Reading::Usual, play }
}

fn catalogue() -> impl Iterator<Item = &'static Scenario> {
    let themes: [&'static [Scenario]; 4] =
        [answers::SCENARIOS, leftover::SCENARIOS, broken::SCENARIOS, refusals::SCENARIOS];
    themes.into_iter().flatten()
}
