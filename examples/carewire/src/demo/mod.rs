//! `carewire demo`: the main job on the embedded default, from MLLP to the remote, with everything that goes wrong.

mod messages;
mod patients;
mod play;
mod table;
mod upset;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use carewire_embedded_fhir::EmbeddedFhir;
use carewire_gateway::Gateway;
use carewire_http_api::Api;
use carewire_sqlite::{SqliteOptions, Synchronous};
use carewire_sync_engine::{ReconcileOptions, ReconcileReport};
use secrecy::SecretString;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tracing::level_filters::LevelFilter;

use crate::cli::{Demo, Durability, LogFormat};
use crate::config::{Config, SHUTDOWN};
use crate::consents_config::ConsentsConfig;
use crate::failure::{Done, Failure};
use crate::listener::Listener;
use crate::map_config::MapConfig;
use crate::mllp_config::MllpConfig;
use crate::queue_config::QueueConfig;
use crate::serve::{Running, install_metrics, signalled};
use crate::stack::{Stack, serve_embedded, unreachable};
use crate::store::{Store, StorePlace};
use crate::{logging, out};

/// How long the workers may need for what was acknowledged, per thousand messages and at least.
const PATIENCE: Duration = Duration::from_secs(120);

pub(crate) async fn run(options: Demo, format: LogFormat) -> Result<Done, Failure> {
    logging::start(format, LevelFilter::ERROR);
    if options.messages == 0 || options.connections == 0 {
        return Err(Failure::usage("--messages and --connections must be at least 1"));
    }
    let directory = Directory::open(options.data_dir.clone())?;
    let demo = Parts::start(&options, &directory).await?;
    let story = tell(&demo, &options).await?;
    let shown = out::line(
        table::summary(&story, &options) + &table::next_steps(&directory.path, &demo.http, options.serve),
    );
    if options.serve {
        signalled().await;
    }
    demo.stop().await;
    shown?;
    Ok(if story.nothing_is_missing() { Done::All } else { Done::Some })
}

/// What happened, for the table.
pub(crate) struct Story {
    pub(crate) played: play::Played,
    pub(crate) counts: carewire_gateway::Counts,
    pub(crate) acknowledged: carewire_gateway::Quantiles,
    pub(crate) delivered: carewire_gateway::Quantiles,
    pub(crate) tally: carewire_sync_engine::Tally,
    pub(crate) released: u64,
    pub(crate) withheld: usize,
    pub(crate) revoked: usize,
    /// From the first message to the last acknowledgement.
    pub(crate) sending: Duration,
    /// From the first message to the last write.
    pub(crate) working: Duration,
    /// Commits (each one fsync of the log) while messages were sent, and in all.
    pub(crate) commits_sending: u64,
    pub(crate) commits: u64,
    pub(crate) upset: usize,
    pub(crate) repaired: ReconcileReport,
    pub(crate) after: ReconcileReport,
}

impl Story {
    /// Every acknowledged message is pushed or held, and what was pushed is at the remote.
    pub(crate) fn nothing_is_missing(&self) -> bool {
        let stored = self.played.accepted + self.played.refused;
        self.tally.total() == stored
            && self.tally.received == 0
            && self.tally.dead == 0
            && self.tally.pushed + self.tally.held == self.played.accepted
            && self.played.unanswered == 0
            && self.after.missing + self.after.changed + self.after.errors == self.after.blocked
            && self.after.interrupted.is_none()
    }
}

/// The running parts.
struct Parts {
    gateway: Gateway,
    store: Store,
    server: EmbeddedFhir,
    base: String,
    mllp: std::net::SocketAddr,
    http: String,
    stop: watch::Sender<bool>,
    running: Running,
}

impl Parts {
    async fn start(options: &Demo, directory: &Directory) -> Result<Self, Failure> {
        let metrics = install_metrics()?;
        let (stop, stopping) = watch::channel(false);
        let server = upset::remote().await?;
        let base = serve_embedded(server.clone(), stopping.clone()).await?;
        let config = config(directory);
        let stack = Stack::open(&config, &base, sqlite(options)).await?;
        stack.reach_remote().await?;
        let mllp = Listener::open(&config.mllp, &stack.gateways, config.drain())?;
        let http = TcpListener::bind(config.http).await.map_err(unreachable)?;
        let (mllp_address, http_address) =
            (mllp.socket.local_addr().map_err(unreachable)?, http.local_addr().map_err(unreachable)?);
        let api = Api::new(stack.gateways.clone(), metrics, config.jwt_secret, None);
        let running = Running::start(&stack, mllp, (api, http), stopping);
        Ok(Self {
            gateway: stack.gateway,
            store: stack.store,
            server,
            base,
            mllp: mllp_address,
            http: format!("http://{http_address}"),
            stop,
            running,
        })
    }

    async fn stop(self) {
        let _ = self.stop.send(true);
        self.running.finished(tokio::time::Instant::now() + SHUTDOWN).await;
        self.store.close().await;
    }

    /// Waits until no acknowledged message is waiting for its work.
    async fn drained(&self, messages: usize) -> Result<(), Failure> {
        let patience = PATIENCE.max(PATIENCE * u32::try_from(messages / 1_000).unwrap_or(u32::MAX));
        let started = Instant::now();
        let org = self.gateway.org();
        let mut told = Instant::now();
        loop {
            let tally = self.gateway.parts().intake.tally(org).await?;
            if tally.received == 0 {
                return Ok(());
            }
            if started.elapsed() > patience {
                return Err(Failure::unreachable(format!("{} messages are still waiting", tally.received)));
            }
            if told.elapsed() > Duration::from_secs(2) {
                told = Instant::now();
                out::note(format_args!(
                    "  {} acknowledged messages on their way to the remote",
                    tally.received
                ));
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// Plays it from beginning to end.
async fn tell(demo: &Parts, options: &Demo) -> Result<Story, Failure> {
    let patients = patients::cast(options.messages, options.seed);
    let (withheld, _) = patients::consent(&demo.gateway, &patients).await?;
    demo.server.clear_faults();
    upset::faults(&demo.server);
    let before = demo.store.commits();
    out::note(format_args!(
        "playing {} messages over {} MLLP connections",
        options.messages, options.connections
    ));
    let started = Instant::now();
    let half_way = patients::revoke_some(&demo.gateway, &patients, options.messages);
    let played = play::play(demo.mllp, &patients, options);
    let (played, revoked) = tokio::join!(played, half_way);
    let (played, revoked) = (played?, revoked?);
    let sending = started.elapsed();
    let commits_sending = demo.store.commits() - before;
    demo.drained(options.messages).await?;
    let working = started.elapsed();
    out::note("one withheld patient consents; what was held is released");
    let released = patients::consent_late(&demo.gateway, &patients).await?;
    demo.drained(options.messages).await?;
    demo.server.clear_faults();
    out::note("somebody deletes and changes resources at the remote; reconcile finds and repairs it");
    let upset = upset::tamper(demo).await?;
    let repaired = demo.gateway.reconcile(&ReconcileOptions::default()).await?;
    let after = demo.gateway.reconcile(&ReconcileOptions::default().with_dry_run(true)).await?;
    let counters = demo.gateway.counters();
    Ok(Story {
        played,
        counts: counters.read(),
        acknowledged: counters.acknowledged.quantiles(),
        delivered: counters.delivered.quantiles(),
        tally: demo.gateway.parts().intake.tally(demo.gateway.org()).await?,
        released,
        withheld,
        revoked,
        sending,
        working,
        commits_sending,
        commits: demo.store.commits(),
        upset,
        repaired,
        after,
    })
}

fn sqlite(options: &Demo) -> SqliteOptions {
    let synchronous = match options.synchronous {
        Durability::Full => Synchronous::Full,
        Durability::Off => Synchronous::Off,
    };
    SqliteOptions::default().synchronous(synchronous).fsync_delay(Duration::from_millis(options.fsync_delay))
}

fn config(directory: &Directory) -> Config {
    let any = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
    Config {
        store: StorePlace::Sqlite(directory.path.join("carewire.db")),
        hints: true,
        key_file: directory.path.join("carewire.keys.json"),
        create_keys: true,
        org: crate::config::default_org(),
        http: any,
        mllp: MllpConfig::at(any),
        destinations: vec![],
        remote: None,
        implicit: carewire_consent::Implicit::Deny,
        consents: ConsentsConfig::default(),
        policy: "pseudonymous".into(),
        zone: None,
        map: MapConfig::default(),
        workers: 5,
        queue: QueueConfig::default(),
        shutdown: SHUTDOWN,
        jwt_secret: std::env::var("JWT_SECRET").ok().map(SecretString::from),
        cron_secret: None,
    }
}

/// Where the files are; a temporary one is removed at the end.
struct Directory {
    path: PathBuf,
    temporary: bool,
}

impl Directory {
    fn open(chosen: Option<PathBuf>) -> Result<Self, Failure> {
        let temporary = chosen.is_none();
        let path = match chosen {
            Some(path) => path,
            None => std::env::temp_dir().join(format!("carewire-demo-{}", uuid::Uuid::new_v4().simple())),
        };
        std::fs::create_dir_all(&path)
            .map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?;
        if path.join("carewire.db").exists() {
            return Err(Failure::usage(format!(
                "{}: holds a store already; choose another directory",
                path.display()
            )));
        }
        Ok(Self { path, temporary })
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        if self.temporary {
            let _ = std::fs::remove_dir_all(&self.path);
        }
    }
}
