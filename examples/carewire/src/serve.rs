//! `carewire serve`.

use std::path::Path;
use std::sync::Arc;

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
use crate::logging;
use crate::stack::{Stack, serve_embedded, stopped, unreachable};

pub(crate) async fn run(file: Option<&Path>, check: bool, format: LogFormat) -> Result<Done, Failure> {
    logging::start(format, LevelFilter::INFO);
    let config = Config::read(file)?;
    let metrics = install_metrics()?;
    let (stop, stopping) = watch::channel(false);
    let base = remote_base(&config, stopping.clone()).await?;
    let stack = Stack::open(&config, &base, SqliteOptions::default()).await?;
    if check {
        report(&config, &stack.gateway);
        return Ok(Done::All);
    }
    let mllp = TcpListener::bind(config.mllp).await.map_err(unreachable)?;
    let http = TcpListener::bind(config.http).await.map_err(unreachable)?;
    tracing::info!(mllp = %config.mllp, http = %config.http, org = %config.org, "serving");
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

/// The configured remote, or an embedded one beside the store.
pub(crate) async fn remote_base(config: &Config, stop: watch::Receiver<bool>) -> Result<String, Failure> {
    if let Some(base) = &config.remote {
        return Ok(base.clone());
    }
    let file = config.store.with_extension("fhir.db");
    let server = EmbeddedFhir::builder().sqlite(file).build().await;
    let server = server.map_err(|error| Failure::unreachable(format!("embedded FHIR endpoint: {error}")))?;
    serve_embedded(server, stop).await
}

pub(crate) fn install_metrics() -> Result<PrometheusHandle, Failure> {
    PrometheusBuilder::new().install_recorder().map_err(|error| Failure::unreachable(error.to_string()))
}

/// What `--check` found.
fn report(config: &Config, gateway: &Gateway) {
    eprintln!("configuration is complete, store and remote answer");
    eprintln!("  org               {}", config.org);
    eprintln!("  store             {}", config.store.display());
    eprintln!("  remote            {}", config.remote.as_deref().unwrap_or("embedded"));
    eprintln!("  implicit consent  {}", config.implicit.as_str());
    eprintln!("  policy            {}", config.policy);
    eprintln!("  remote name       {}", gateway.parts().remote.name());
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
