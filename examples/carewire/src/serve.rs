//! `carewire serve`.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use carewire_embedded_fhir::EmbeddedFhir;
use carewire_fhir_core::OrgId;
use carewire_http_api::Api;
use carewire_sqlite::SqliteOptions;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout_at};
use tracing::level_filters::LevelFilter;

use crate::cli::LogFormat;
use crate::config::Config;
use crate::failure::{Done, Failure};
use crate::listener::{self, Listener};
use crate::lock::Hold;
use crate::maintenance::Maintenance;
use crate::stack::{Stack, serve_embedded, stopped, unreachable};
use crate::{destinations, logging, measures, out};

/// How often the metrics are tidied.
const UPKEEP: Duration = Duration::from_secs(5);

/// How often the parts of the gateway are looked at.
const WATCH: Duration = Duration::from_secs(1);

pub(crate) async fn run(file: Option<&Path>, check: bool, format: LogFormat) -> Result<Done, Failure> {
    logging::start(format, LevelFilter::INFO);
    let config = Config::read(file)?;
    let metrics = install_metrics()?;
    let (stop, stopping) = watch::channel(false);
    let base = remote_base(&config, stopping.clone()).await?;
    let stack = Stack::open(&config, &base.url, SqliteOptions::default()).await?;
    let orgs: Vec<OrgId> = stack.gateways.iter().map(|gateway| gateway.org().clone()).collect();
    if check {
        listener::load(&config.mllp)?;
        let outbox = destinations::outbox(&config.destinations, &stack.gateway, &stack.queue)?;
        stack.queue.refuse_to_strand(&orgs, &measures::names(&config.destinations, outbox.as_ref())).await?;
        stack.reach_remote().await?;
        report(&config, &stack);
        return Ok(Done::All);
    }
    let mllp = Listener::open(&config.mllp, &stack.gateways, config.drain())?;
    let http = listen("CAREWIRE_HTTP", config.http).await?;
    let at_mllp = mllp.socket.local_addr().map_err(unreachable)?;
    let at_http = http.local_addr().map_err(unreachable)?;
    let (jwt, cron) = (config.jwt_secret.clone(), config.cron_secret.clone());
    let api = Api::new(stack.gateways.clone(), metrics, jwt, cron);
    let outbox = destinations::outbox(&config.destinations, &stack.gateway, &stack.queue)?;
    let queues = measures::names(&config.destinations, outbox.as_ref());
    stack.queue.refuse_to_strand(&orgs, &queues).await?;
    stack.queue.keep_to_rate().await?;
    let maintenance = Maintenance::plan(&stack, &orgs, &config).await?;
    stack.wake_by_hints();
    let mut running = Running::start(&stack, mllp, (api, http), stopping.clone());
    running.also("maintenance", maintenance.run(stopping.clone()));
    running.also("measures", measures::run(stack.queue.measured(queues), orgs, stopping.clone()));
    if let Some(relay) = stack.queue.relay(&stack.gateways, stopping.clone()) {
        running.also("relay", relay);
    }
    if let Some(outbox) = outbox {
        running.also("outbox", async move { drop(outbox.run(stopped(stopping)).await) });
    }
    for warning in config.mllp.warnings().iter().map(AsRef::as_ref).chain(stack.queue.described().1) {
        tracing::warn!("{warning}");
    }
    let tls = config.mllp.tls.is_some();
    tracing::info!(mllp = %at_mllp, tls, http = %at_http, org = %config.org, "serving");
    let failed = tokio::select! {
        () = signalled() => None,
        part = running.one_ended() => Some(part),
    };
    tracing::info!("stopping: no new work, running work is finished");
    let _ = stop.send(true);
    let ended = end(running, &stack, config.shutdown).await;
    match failed {
        None => ended,
        Some(part) => Err(Failure::unreachable(format!("ended by itself: {part}"))),
    }
}

/// Waits for the end of everything, for as long as a stop may take and no longer: a store that does not answer must not
/// keep the process. What it acknowledged is on disk; what it did not is with its sender.
async fn end(running: Running, stack: &Stack, within: Duration) -> Result<Done, Failure> {
    let asked = Instant::now();
    let mut late = running.finished(asked + within.saturating_mul(9) / 10).await;
    if timeout_at(asked + within, stack.store.close()).await.is_err() {
        late.push("store");
    }
    if late.is_empty() {
        return Ok(Done::All);
    }
    let late = late.join(", ");
    tracing::error!(late, "stopped before everything was done");
    Err(Failure::unreachable(format!(
        "stopped after {} s although not done: {late}; what was acknowledged is in the store",
        within.as_secs()
    )))
}

/// The tasks of a running gateway, by name.
pub(crate) struct Running {
    tasks: Vec<(&'static str, JoinHandle<()>)>,
}

impl Running {
    /// Starts listener, API and workers.
    pub(crate) fn start(
        stack: &Stack,
        mllp: Listener,
        http: (Api, TcpListener),
        stop: watch::Receiver<bool>,
    ) -> Self {
        mllp.keep_fresh(stop.clone());
        let (for_mllp, for_http, for_work) = (stop.clone(), stop.clone(), stop);
        let (queue, gateways) = (stack.queue.clone(), stack.gateways.clone());
        let (stats, (api, socket)) = (mllp.server.stats(), http);
        let api = api.before_metrics(move || listener::publish(&stats));
        let tasks = vec![
            (
                "mllp",
                tokio::spawn(async move {
                    mllp.server.serve(mllp.socket, stopped(for_mllp)).await;
                }),
            ),
            (
                "http",
                tokio::spawn(async move {
                    if let Err(error) = carewire_http_api::serve(api, socket, stopped(for_http)).await {
                        tracing::error!(%error, "HTTP API ended");
                    }
                }),
            ),
            ("workers", tokio::spawn(queue.work(gateways, for_work))),
        ];
        Self { tasks }
    }

    /// Runs another part.
    fn also(&mut self, name: &'static str, part: impl Future<Output = ()> + Send + 'static) {
        self.tasks.push((name, tokio::spawn(part)));
    }

    /// Ready when one has ended although nobody asked for it: a gateway that half works is not noticed, one that ended is
    /// started again.
    async fn one_ended(&self) -> &'static str {
        loop {
            if let Some((name, _)) = self.tasks.iter().find(|(_, task)| task.is_finished()) {
                return name;
            }
            tokio::time::sleep(WATCH).await;
        }
    }

    /// Waits until all have ended, or stops them at the deadline; answers which had to be stopped.
    pub(crate) async fn finished(self, deadline: Instant) -> Vec<&'static str> {
        let mut late = Vec::new();
        for (name, mut task) in self.tasks {
            if timeout_at(deadline, &mut task).await.is_err() {
                task.abort();
                late.push(name);
            }
        }
        late
    }
}

/// Where the remote is.
#[derive(Debug)]
pub(crate) struct RemoteBase {
    pub(crate) url: String,
    /// The embedded one's file belongs to one process.
    _hold: Option<Hold>,
}

/// The configured remote, or an embedded one beside the store.
pub(crate) async fn remote_base(config: &Config, stop: watch::Receiver<bool>) -> Result<RemoteBase, Failure> {
    if let Some(url) = &config.remote {
        return Ok(RemoteBase { url: url.clone(), _hold: None });
    }
    let file = config.store.beside("fhir.db");
    let file = file.ok_or_else(|| Failure::usage("CAREWIRE_REMOTE: a store that is no file needs one"))?;
    let hold = Hold::take(&file)?.ok_or_else(|| in_use(&file))?;
    let server = EmbeddedFhir::builder().sqlite(file).build().await;
    let server = server.map_err(|error| Failure::unreachable(format!("embedded FHIR endpoint: {error}")))?;
    Ok(RemoteBase { url: serve_embedded(server, stop).await?, _hold: Some(hold) })
}

fn in_use(file: &Path) -> Failure {
    Failure::unreachable(format!(
        "{}: the embedded FHIR endpoint runs in another process; that one reconciles by POST /fhir/admin/reconciliation/run",
        file.display()
    ))
}

async fn listen(name: &str, address: SocketAddr) -> Result<TcpListener, Failure> {
    let listener = TcpListener::bind(address).await;
    listener.map_err(|error| Failure::unreachable(format!("{name} {address}: {error}")))
}

/// The recorder of the process, with the upkeep without which its histograms grow until somebody reads them.
pub(crate) fn install_metrics() -> Result<PrometheusHandle, Failure> {
    let installed = PrometheusBuilder::new().install_recorder();
    let metrics = installed.map_err(|error| Failure::unreachable(error.to_string()))?;
    let upkeep = metrics.clone();
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(UPKEEP).await;
            upkeep.run_upkeep();
        }
    });
    Ok(metrics)
}

/// What `--check` found.
fn report(config: &Config, stack: &Stack) {
    out::note("configuration is complete, store and remote answer");
    let row = |name: &str, value: &dyn std::fmt::Display| out::note(format_args!("  {name:<17} {value}"));
    row("org", &config.org);
    row("store", &config.store);
    let (queue, warning) = stack.queue.described();
    row("queue", &queue);
    row("remote", &config.remote.as_deref().unwrap_or("embedded"));
    row("implicit consent", &config.implicit.as_str());
    let orgs = stack.gateways.iter().map(carewire_gateway::Gateway::org);
    row("from messages", &config.consents.described(orgs));
    row("policy", &config.policy);
    if !config.map.patient_systems.is_empty() {
        row("patients by", &config.map.patient_systems.join(", "));
    }
    row("remote name", &stack.gateway.parts().remote.name());
    let tls = match &config.mllp.tls {
        None => "no TLS",
        Some(files) if files.client_ca.is_some() => "TLS, senders show a certificate",
        Some(_) => "TLS",
    };
    row("mllp", &format_args!("{}, {tls}", config.mllp.address));
    let orgs: Vec<&str> = stack.gateways.iter().map(|gateway| gateway.org().as_str()).collect();
    match config.mllp.senders.len() {
        0 => row("senders", &"whoever can connect"),
        count => row("senders", &format_args!("{count} configured; orgs {}", orgs.join(", "))),
    }
    for destination in &config.destinations {
        row("destination", &destination.described());
    }
    for warning in config.mllp.warnings().iter().map(AsRef::as_ref).chain(warning) {
        out::note(format_args!("  warning: {warning}"));
    }
}

/// Ready at SIGINT or SIGTERM.
pub(crate) async fn signalled() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_part_that_ends_by_itself_is_named_and_a_late_one_is_stopped() {
        let idle = || tokio::spawn(std::future::pending::<()>());
        let running = Running { tasks: vec![("mllp", idle()), ("http", tokio::spawn(async {}))] };
        assert_eq!(running.one_ended().await, "http");
        assert_eq!(running.finished(Instant::now()).await, ["mllp"]);
        let both = Running { tasks: vec![("mllp", idle()), ("http", idle())] };
        assert!(tokio::time::timeout(Duration::from_millis(20), both.one_ended()).await.is_err());
    }
}
