//! The configured store and any FHIR server, wired to gateways.

use std::sync::Arc;

use carewire_deid::Policy as DeidPolicy;
use carewire_embedded_fhir::{BASE_PATH, EmbeddedFhir};
use carewire_fhir_core::OrgId;
use carewire_fhir_http::FhirHttpRemote;
use carewire_gateway::{Gateway, Gateways, Parts, QUEUE, Settings};
use carewire_sqlite::SqliteOptions;
use tokio::net::TcpListener;
use tokio::sync::{Notify, watch};

use crate::config::Config;
use crate::failure::Failure;
use crate::keys::{self, OsEntropy, SystemClock};
use crate::lock::Hold;
use crate::queue::Queue;
use crate::store::Store;

/// The name under which the one remote of this slice stands in identity rows and permits.
pub(crate) const REMOTE: &str = "main";

/// The gateways of all configured orgs with their store.
pub(crate) struct Stack {
    /// That of the default org.
    pub(crate) gateway: Gateway,
    pub(crate) gateways: Gateways,
    pub(crate) store: Store,
    pub(crate) queue: Queue,
    /// The right to send from the store.
    _hold: Option<Hold>,
}

impl Stack {
    /// Opens the store, for this process alone, and wires the gateway to a remote. Nothing is sent yet.
    pub(crate) async fn open(config: &Config, base: &str, options: SqliteOptions) -> Result<Self, Failure> {
        let hold = config.store.hold()?;
        let ring = keys::load(&config.key_file, config.create_keys)?;
        let store = Store::open_with(config, options).await?;
        let queue = Queue::open(config, &store).await?;
        let parts = parts(&store, &queue, base)?;
        let settings = settings(config)?;
        let gateway = |org: &OrgId| {
            let mut settings = settings.clone();
            settings.message_consents = config.consents.of(org);
            Gateway::new(org.clone(), &ring, parts.clone(), settings)
        };
        let main = gateway(&config.org);
        let others = config.mllp.orgs().into_iter().filter(|org| **org != config.org).map(gateway);
        let gateways = Gateways::new(main.clone(), others)?;
        Ok(Self { gateway: main, gateways, store, queue, _hold: hold })
    }

    /// The same for what changes the store and sends nothing. Beside a process that sends it would be too late: a revocation
    /// binds the process that serves the store.
    pub(crate) async fn without_remote(config: &Config) -> Result<Self, Failure> {
        Self::open(config, config.remote.as_deref().unwrap_or(NOBODY), SqliteOptions::default()).await
    }

    /// Wakes the workers when another process on the store has enqueued something.
    pub(crate) fn wake_by_hints(&self) {
        let Store::Postgres(store) = &self.store else { return };
        let hint = Arc::new(Notify::new());
        store.wake_by_hints(QUEUE, &hint);
        let gateway = self.gateway.clone();
        tokio::spawn(async move {
            loop {
                hint.notified().await;
                gateway.wake();
            }
        });
    }

    /// Asks the remote what it can do.
    pub(crate) async fn reach_remote(&self) -> Result<(), Failure> {
        let probed = self.gateway.probe_remote().await;
        probed
            .map(|_| ())
            .map_err(|error| Failure::unreachable(format!("the remote cannot be reached: {error}")))
    }
}

/// The gateway of the default org on a store that another process may serve: for what only reads and writes the store.
pub(crate) struct Beside {
    pub(crate) gateway: Gateway,
    pub(crate) store: Store,
    pub(crate) queue: Queue,
}

impl Beside {
    pub(crate) async fn open(config: &Config) -> Result<Self, Failure> {
        let ring = keys::load(&config.key_file, config.create_keys)?;
        let store = Store::open(config).await?;
        let base = config.remote.as_deref().unwrap_or(NOBODY);
        let queue = Queue::open(config, &store).await?;
        let parts = parts(&store, &queue, base)?;
        let gateway = Gateway::new(config.org.clone(), &ring, parts, settings(config)?);
        Ok(Self { gateway, store, queue })
    }
}

/// The embedded remote has an address only while `serve` runs, and nothing is sent to it from beside.
const NOBODY: &str = "http://localhost/fhir/R4";

/// One store as every store, its queue, and a remote.
fn parts(store: &Store, queue: &Queue, base: &str) -> Result<Parts, Failure> {
    let remote = FhirHttpRemote::open(REMOTE, base)
        .map_err(|error| Failure::usage(format!("CAREWIRE_REMOTE: {error}")))?;
    let shared = store.all();
    Ok(Parts {
        intake: queue.intake(),
        queue: queue.jobs(),
        admin: queue.admin(),
        limits: queue.limits(),
        identities: shared.clone(),
        audit: shared.clone(),
        consents: shared.clone(),
        vault: shared,
        remote: Arc::new(remote),
        clock: Arc::new(SystemClock),
        entropy: Arc::new(OsEntropy),
    })
}

/// The settings of the configured org.
fn settings(config: &Config) -> Result<Settings, Failure> {
    let mut settings = Settings::safest();
    settings.consent = config.consents.policy.clone().with_implicit(config.implicit);
    settings.deid = policy(&config.policy)?;
    settings.zone = config.zone;
    settings.patient_systems.clone_from(&config.map.patient_systems);
    settings.unknown_codes = config.map.unknown_codes;
    settings.settle = config.map.settle.clone();
    settings.workers = config.workers;
    settings.drain = config.drain();
    Ok(settings)
}

/// The policy of a gateway: `pseudonymous`, or one from a file.
pub(crate) fn policy(name: &str) -> Result<DeidPolicy, Failure> {
    if name != "pseudonymous" && DeidPolicy::built_in(name).is_some() {
        return Err(Failure::usage(format!(
            "policy `{name}` is for files (`carewire deid`); a gateway takes `pseudonymous` or a file"
        )));
    }
    let policy = policy_of_files(name)?;
    policy.for_live_sync().map_err(|fault| Failure::usage(format!("policy {name}: {fault}")))?;
    Ok(policy)
}

/// A built-in policy by name, or one from a file.
pub(crate) fn policy_of_files(name: &str) -> Result<DeidPolicy, Failure> {
    if let Some(policy) = DeidPolicy::built_in(name) {
        return Ok(policy.clone());
    }
    let text =
        std::fs::read_to_string(name).map_err(|error| Failure::usage(format!("policy {name}: {error}")))?;
    DeidPolicy::parse_toml(&text).map_err(|error| Failure::usage(format!("policy {name}: {error}")))
}

/// Serves an embedded FHIR endpoint on a free loopback port until `stop` is set; answers its FHIR base.
pub(crate) async fn serve_embedded(
    server: EmbeddedFhir,
    stop: watch::Receiver<bool>,
) -> Result<String, Failure> {
    let listener = TcpListener::bind("127.0.0.1:0").await.map_err(unreachable)?;
    let address = listener.local_addr().map_err(unreachable)?;
    tokio::spawn(async move {
        if let Err(error) = server.serve(listener, stopped(stop)).await {
            tracing::error!(%error, "embedded FHIR endpoint ended");
        }
    });
    Ok(format!("http://{address}{BASE_PATH}"))
}

/// Ready when `stop` is set or its sender is gone.
pub(crate) async fn stopped(mut stop: watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}

pub(crate) fn unreachable(error: std::io::Error) -> Failure {
    Failure::unreachable(error.to_string())
}
