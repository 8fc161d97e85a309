//! `carewire serve`.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use carewire_embedded_fhir::EmbeddedFhir;
use carewire_gateway::Gateway;
use carewire_http_api::Api;
use carewire_mllp::ServerOptions;
use carewire_sqlite::SqliteOptions;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tracing::level_filters::LevelFilter;

use crate::cli::LogFormat;
use crate::config::Config;
use crate::failure::{Done, Failure};
use crate::lock::Hold;
use crate::stack::{Stack, serve_embedded, stopped, unreachable};
use crate::{logging, out};

/// How often the metrics are tidied.
const UPKEEP: Duration = Duration::from_secs(5);

pub(crate) async fn run(file: Option<&Path>, check: bool, format: LogFormat) -> Result<Done, Failure> {
    logging::start(format, LevelFilter::INFO);
    let config = Config::read(file)?;
    let metrics = install_metrics()?;
    let (stop, stopping) = watch::channel(false);
    let base = remote_base(&config, stopping.clone()).await?;
    let stack = Stack::open(&config, &base.url, SqliteOptions::default()).await?;
    if check {
        stack.reach_remote().await?;
        report(&config, &stack.gateway);
        return Ok(Done::All);
    }
    let (mllp, http) =
        (listen("CAREWIRE_MLLP", config.mllp).await?, listen("CAREWIRE_HTTP", config.http).await?);
    let (at_mllp, at_http) =
        (mllp.local_addr().map_err(unreachable)?, http.local_addr().map_err(unreachable)?);
    tracing::info!(mllp = %at_mllp, http = %at_http, org = %config.org, "serving");
    let api = Api::new(stack.gateway.clone(), metrics, config.jwt_secret.clone(), config.cron_secret.clone());
    let running = Running::start(&stack.gateway, mllp, http, api, stopping);
    signalled().await;
    tracing::info!("stopping: no new work, running work is finished");
    let _ = stop.send(true);
    running.finished().await;
    stack.store.close().await;
    Ok(Done::All)
}

/// The tasks of a running gateway.
pub(crate) struct Running {
    tasks: Vec<tokio::task::JoinHandle<()>>,
}

impl Running {
    /// Starts listener, API and workers.
    pub(crate) fn start(
        gateway: &Gateway,
        mllp: TcpListener,
        http: TcpListener,
        api: Api,
        stop: watch::Receiver<bool>,
    ) -> Self {
        let intake = Arc::new(gateway.mllp_intake());
        let (for_mllp, for_http, for_work) = (stop.clone(), stop.clone(), stop);
        let workers = gateway.clone();
        let tasks = vec![
            tokio::spawn(async move {
                carewire_mllp::serve(mllp, intake, ServerOptions::default(), stopped(for_mllp)).await;
            }),
            tokio::spawn(async move {
                if let Err(error) = carewire_http_api::serve(api, http, stopped(for_http)).await {
                    tracing::error!(%error, "HTTP API ended");
                }
            }),
            tokio::spawn(async move {
                workers.run_workers(stopped(for_work)).await;
            }),
        ];
        Self { tasks }
    }

    /// Waits until all have ended.
    pub(crate) async fn finished(self) {
        for task in self.tasks {
            let _ = task.await;
        }
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
    let file = config.store.with_extension("fhir.db");
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
fn report(config: &Config, gateway: &Gateway) {
    out::note("configuration is complete, store and remote answer");
    let row = |name: &str, value: &dyn std::fmt::Display| out::note(format_args!("  {name:<17} {value}"));
    row("org", &config.org);
    row("store", &config.store.display());
    row("remote", &config.remote.as_deref().unwrap_or("embedded"));
    row("implicit consent", &config.implicit.as_str());
    row("policy", &config.policy);
    row("remote name", &gateway.parts().remote.name());
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
