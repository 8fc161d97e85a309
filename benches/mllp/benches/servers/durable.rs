//! The gateway's intake over SQLite, served by our server: nothing is answered before it is on the disk. No workers run.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use carewire_deid::{Entropy, KeyRing};
use carewire_fhir_core::OrgId;
use carewire_gateway::{Gateway, Parts, Settings};
use carewire_mllp::ServerOptions;
use carewire_sqlite::{SqliteOptions, SqliteStore, Synchronous};
use carewire_sync_engine::{
    Clock, Error, InventoryEntry, Limits, PermittedWrites, Refusal, Remembered, Remote, WriteOutcome,
};
use chrono::{DateTime, Utc};
use tokio::net::TcpListener;

/// How durable a commit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Durability {
    /// `synchronous=FULL`.
    Full,
    /// `synchronous=OFF`: no fsync.
    Off,
    /// `synchronous=FULL`, and every fsync takes so much longer.
    Slow,
}

/// What makes each fsync longer in [`Durability::Slow`].
const DELAY: Duration = Duration::from_millis(3);

impl Durability {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Off => "off",
            Self::Slow => "slow",
        }
    }

    fn options(self) -> SqliteOptions {
        let options = SqliteOptions::default();
        match self {
            Self::Full => options,
            Self::Off => options.synchronous(Synchronous::Off),
            Self::Slow => options.fsync_delay(DELAY),
        }
    }
}

/// Serves on the listener; answers every line of its input with the number of commits so far.
pub(crate) async fn serve(listener: TcpListener, name: &str, folder: &Path) -> io::Result<()> {
    let all = [Durability::Full, Durability::Off, Durability::Slow];
    let durability = all.into_iter().find(|durability| durability.name() == name);
    let durability = durability.ok_or(io::ErrorKind::InvalidInput)?;
    let store = SqliteStore::open(folder.join("intake.db"), durability.options()).await;
    let store = store.map_err(io::Error::other)?;
    let gateway = gateway(store.clone()).map_err(io::Error::other)?;
    std::thread::spawn(move || tell_commits(&store));
    let handler = Arc::new(gateway.mllp_intake());
    carewire_mllp::serve(listener, handler, ServerOptions::default(), std::future::pending()).await;
    Ok(())
}

fn tell_commits(store: &SqliteStore) -> io::Result<()> {
    for line in io::stdin().lines() {
        line?;
        io::Write::write_fmt(&mut io::stdout(), format_args!("{}\n", store.stats().commits))?;
    }
    std::process::exit(0);
}

fn gateway(store: SqliteStore) -> Result<Gateway, Box<dyn std::error::Error + Send + Sync>> {
    let store = Arc::new(store);
    let parts = Parts {
        intake: store.clone(),
        queue: store.clone(),
        admin: store.clone(),
        limits: store.clone(),
        identities: store.clone(),
        audit: store.clone(),
        consents: store.clone(),
        vault: store,
        remote: Arc::new(Nowhere),
        clock: Arc::new(System),
        entropy: Arc::new(System),
    };
    let keys = KeyRing::generate(&System, "2026-01-01T00:00:00Z")?;
    Ok(Gateway::new(OrgId::new("bench")?, &keys, parts, Settings::safest()))
}

/// The system's clock and randomness.
#[derive(Debug)]
struct System;

impl Entropy for System {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), carewire_deid::Error> {
        getrandom::fill(bytes).map_err(|_| carewire_deid::Error::Entropy)
    }
}

impl Clock for System {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    fn jitter(&self) -> u64 {
        getrandom::u64().unwrap_or_default()
    }
}

/// Nothing is sent on without workers, so there is no remote.
#[derive(Debug)]
struct Nowhere;

fn nowhere() -> Refusal {
    Refusal::transient("no_remote")
}

#[async_trait]
impl Remote for Nowhere {
    fn name(&self) -> &str {
        "nowhere"
    }

    async fn probe(&self) -> Result<Limits, Error> {
        Ok(Settings::safest().limits)
    }

    async fn submit(&self, _: PermittedWrites<'_>) -> Result<Vec<WriteOutcome>, Refusal> {
        Err(nowhere())
    }

    async fn read(&self, _: &str, _: &str) -> Result<Remembered, Refusal> {
        Err(nowhere())
    }

    async fn inventory(&self, _: &str, _: &[String]) -> Result<Vec<InventoryEntry>, Refusal> {
        Err(nowhere())
    }
}
