//! The MLLP listener of `serve`: who may send, TLS that keeps up with its files, figures for `/metrics`.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use carewire_gateway::{Gateways, MllpIntake, MllpSender};
use carewire_mllp::{Server, ServerOptions, ServerTls, Stats, TlsError, TlsFiles, bind};
use tokio::net::TcpListener;
use tokio::sync::{Notify, watch};

use crate::failure::Failure;
use crate::mllp_config::{MllpConfig, SenderConfig};
use crate::stack::stopped;

/// How often the certificate files are looked at.
const LOOK: Duration = Duration::from_secs(30);

/// A server that does not serve yet.
pub(crate) struct Listener {
    pub(crate) server: Server,
    pub(crate) socket: TcpListener,
    tls: Option<(ServerTls, TlsFiles)>,
}

impl Listener {
    /// Reads the certificates and binds the address. After `stop` connections have so long to finish.
    pub(crate) fn open(config: &MllpConfig, work: &Gateways, drain: Duration) -> Result<Self, Failure> {
        let tls = load(config)?;
        let senders = senders(config, work)?;
        let options = ServerOptions {
            max_connections: config.max_connections,
            idle_timeout: config.idle_timeout,
            max_frame: config.max_frame,
            drain_deadline: drain,
            tap: crate::mllp::shapes::logged(),
            ..ServerOptions::default()
        };
        let mut server = Server::new(Arc::new(MllpIntake::new(senders))).with_options(options);
        if let Some(tls) = &tls {
            server = server.with_tls(tls.clone());
        }
        let socket = bind(config.address, config.exposure())
            .map_err(|error| Failure::unreachable(format!("CAREWIRE_MLLP {}: {error}", config.address)))?;
        Ok(Self { server, socket, tls: tls.zip(config.tls.clone()) })
    }

    /// Loads the certificates again when their files change or somebody asks for it, until `stop`. Where there are none, a
    /// SIGHUP does nothing: it must not end the process because TLS was taken out of its configuration.
    pub(crate) fn keep_fresh(&self, stop: watch::Receiver<bool>) {
        let asked = Arc::new(Notify::new());
        ask_at_hangups(Arc::clone(&asked));
        let Some((tls, files)) = self.tls.clone() else { return };
        tokio::spawn(async move {
            tokio::select! {
                () = follow(&tls, &files, LOOK, &asked) => {}
                () = stopped(stop) => {}
            }
        });
    }
}

/// The certificates, if there are to be any.
pub(crate) fn load(config: &MllpConfig) -> Result<Option<ServerTls>, Failure> {
    let loaded = config.tls.clone().map(ServerTls::from_files).transpose();
    loaded.map_err(|error| Failure::usage(format!("CAREWIRE_MLLP_TLS: {}", told(&error))))
}

/// The error with the reason of the system, where that is the cause.
fn told(error: &TlsError) -> String {
    match std::error::Error::source(error) {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}

fn senders(config: &MllpConfig, work: &Gateways) -> Result<Vec<MllpSender>, Failure> {
    if config.senders.is_empty() {
        return Ok(vec![MllpSender::anybody(work.main().clone())]);
    }
    config.senders.iter().map(|sender| one_sender(sender, work)).collect()
}

fn one_sender(config: &SenderConfig, work: &Gateways) -> Result<MllpSender, Failure> {
    let gateway = work
        .get(config.org.as_str())
        .ok_or_else(|| Failure::usage(format!("sender: org {} is not served", config.org)))?;
    let mut sender = MllpSender::anybody(gateway.clone());
    if let Some(rules) = &config.from {
        sender = sender.from_peers(rules.iter().cloned());
    }
    if let Some(application) = &config.application {
        sender = sender.with_application(application);
    }
    if let Some(facility) = &config.facility {
        sender = sender.with_facility(facility);
    }
    Ok(sender)
}

/// Asks for the files to be loaded again at each SIGHUP, from now on.
#[cfg(unix)]
fn ask_at_hangups(asked: Arc<Notify>) {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::hangup()) {
        Ok(mut hangup) => {
            tokio::spawn(async move {
                while hangup.recv().await.is_some() {
                    asked.notify_one();
                }
            });
        }
        Err(error) => {
            tracing::warn!(%error, "SIGHUP is not heard; changed certificates are found by looking")
        }
    }
}

#[cfg(not(unix))]
fn ask_at_hangups(_: Arc<Notify>) {}

/// Loads the files again when they changed, when somebody asks, and for as long as the last time failed: the files of
/// a certificate and its key are seldom replaced in the same moment.
async fn follow(tls: &ServerTls, files: &TlsFiles, every: Duration, asked: &Notify) {
    let mut seen = stamps(files);
    let mut failed = false;
    metrics::gauge!(FAILED).set(0.0);
    loop {
        let was_asked = tokio::select! {
            () = asked.notified() => true,
            () = tokio::time::sleep(every) => false,
        };
        // Before the files are read: what changes while they are is seen next time.
        let now = stamps(files);
        if was_asked || failed || now != seen {
            seen = now;
            failed = !reload(tls).await;
        }
    }
}

const FAILED: &str = "carewire_mllp_tls_reload_failed";

/// Loads the files; answers whether the new ones count.
async fn reload(tls: &ServerTls) -> bool {
    let clone = tls.clone();
    let loaded = tokio::task::spawn_blocking(move || clone.reload()).await;
    let outcome = match loaded {
        Ok(Ok(())) => {
            tracing::info!("certificates of the MLLP listener loaded");
            "ok"
        }
        Ok(Err(error)) => {
            tracing::error!(error = %told(&error), "certificates of the MLLP listener not loaded; the old ones stay");
            "failed"
        }
        Err(_) => "failed",
    };
    metrics::counter!("carewire_mllp_tls_reloads_total", "outcome" => outcome).increment(1);
    metrics::gauge!(FAILED).set(if outcome == "ok" { 0.0 } else { 1.0 });
    outcome == "ok"
}

/// When the files were written, and how long they are.
fn stamps(files: &TlsFiles) -> Vec<Option<(SystemTime, u64)>> {
    let paths: [Option<&PathBuf>; 3] = [Some(&files.cert), Some(&files.key), files.client_ca.as_ref()];
    let stamp = |path: &PathBuf| {
        let metadata = std::fs::metadata(path).ok()?;
        Some((metadata.modified().ok()?, metadata.len()))
    };
    paths.into_iter().flatten().map(stamp).collect()
}

/// Copies the server's figures into the recorder of the process.
pub(crate) fn publish(stats: &Stats) {
    #[expect(clippy::cast_precision_loss, reason = "a gauge, for people")]
    let gauge = |name: &'static str, value: u64| metrics::gauge!(name).set(value as f64);
    gauge("carewire_mllp_connections_open", stats.open());
    gauge("carewire_mllp_buffered_bytes", stats.buffered());
    for (name, value) in [
        ("carewire_mllp_connections_accepted_total", stats.served()),
        ("carewire_mllp_messages_total", stats.messages()),
        ("carewire_mllp_commit_acknowledgements_total", stats.commits()),
        ("carewire_mllp_received_bytes_total", stats.received()),
        ("carewire_mllp_sent_bytes_total", stats.sent()),
    ] {
        metrics::counter!(name).absolute(value);
    }
    for (reason, count) in stats.by_reason() {
        let name = if reason.is_refusal() {
            "carewire_mllp_connections_refused_total"
        } else if reason.is_timeout() {
            "carewire_mllp_timeouts_total"
        } else {
            "carewire_mllp_connections_ended_total"
        };
        metrics::counter!(name, "reason" => reason.as_str()).absolute(count);
    }
}

#[cfg(test)]
#[path = "listener_tests.rs"]
mod tests;
