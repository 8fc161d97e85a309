//! The HTTP API of a gateway as an axum [`Router`] that any service can mount.
//!
//! This slice has the operations (`/health`, `/metrics`), the queue, consents and decisions about them, patient tokens and reconcile. Everything
//! but health and metrics asks for a bearer token (HS256) with `sub`, `org`, `role` and `exp`; a request sees the org of
//! its token and nothing else. Health and metrics are those of the process, over all orgs that it serves. Errors are `{"success":false,"error":{"code","message","correlationId"}}`, with locations
//! and codes but never a value of the request. `X-Correlation-ID` is taken where it is an id (up to 128 letters, digits,
//! `-` and `_`), made otherwise, and stands on every answer. A body is at most 1 MiB.
//!
//! ```
//! use carewire_gateway::Gateway;
//! use carewire_http_api::Api;
//! use metrics_exporter_prometheus::PrometheusHandle;
//!
//! /// A service's own router, with this API below a path.
//! fn app(gateway: Gateway, metrics: PrometheusHandle) -> axum::Router {
//!     let secret = std::env::var("JWT_SECRET").ok().map(Into::into);
//!     let api = Api::new(gateway, metrics, secret, None);
//!     axum::Router::new().nest("/carewire", api.router())
//! }
//! ```
//!
//! What it will not do yet: FHIR ingress and export, the records API, webhooks, the web page, API keys, JWKS.

mod auth;
mod consents;
mod correlation;
mod decide;
mod error;
mod health;
mod input;
mod patients;
mod queue;
mod reconcile;

use std::sync::Arc;
use std::time::Duration;

use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use axum::{Router, middleware};
use carewire_gateway::Gateways;
use metrics_exporter_prometheus::PrometheusHandle;
use secrecy::{ExposeSecret, SecretString};

pub use auth::{Claims, Role, sign};
pub use error::ApiError;

/// The largest body that is read.
const MAX_BODY: usize = 1024 * 1024;
/// How long requests under way may take once the server is to stop.
const GRACE: Duration = Duration::from_secs(10);

/// Brings gauges up to date.
type Refresh = Box<dyn Fn() + Send + Sync>;

/// What the routes need.
#[derive(Clone)]
pub struct Api {
    inner: Arc<Inner>,
}

struct Inner {
    gateways: Gateways,
    metrics: PrometheusHandle,
    before_metrics: Option<Refresh>,
    secret: Option<SecretString>,
    cron_secret: Option<SecretString>,
}

impl std::fmt::Debug for Api {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Api").field("org", self.inner.gateways.main().org()).finish_non_exhaustive()
    }
}

impl Api {
    /// An API over a [`Gateway`](carewire_gateway::Gateway), or over those of several orgs. Without a `secret` every route that needs a token answers 401, without a `cron_secret`
    /// the cron route answers 403; an empty one is none.
    #[must_use]
    pub fn new(
        gateways: impl Into<Gateways>,
        metrics: PrometheusHandle,
        secret: Option<SecretString>,
        cron_secret: Option<SecretString>,
    ) -> Self {
        let some = |secret: Option<SecretString>| secret.filter(|secret| !secret.expose_secret().is_empty());
        let (secret, cron_secret) = (some(secret), some(cron_secret));
        let gateways = gateways.into();
        Self { inner: Arc::new(Inner { gateways, metrics, before_metrics: None, secret, cron_secret }) }
    }

    /// Calls `refresh` before each answer of `/metrics`: for figures that somebody else counts. An API that was cloned
    /// already stays as it is.
    #[must_use]
    pub fn before_metrics(mut self, refresh: impl Fn() + Send + Sync + 'static) -> Self {
        if let Some(inner) = Arc::get_mut(&mut self.inner) {
            inner.before_metrics = Some(Box::new(refresh));
        }
        self
    }

    /// All routes, with a fallback that answers 404 in the shape of this API.
    pub fn router(self) -> Router {
        Router::new()
            .route("/health", get(health::health))
            .route("/health/ready", get(health::ready))
            .route("/health/live", get(health::live))
            .route("/health/startup", get(health::ready))
            .route("/metrics", get(health::metrics))
            .route("/metrics/json", get(health::metrics_json))
            .route("/fhir/admin/health", get(health::health))
            .route("/fhir/admin/queue/stats", get(queue::stats))
            .route("/fhir/admin/queue/failed", get(queue::failed))
            .route("/fhir/admin/queue/retry/{id}", post(queue::retry))
            .route("/fhir/admin/queue/redrive", post(queue::redrive))
            .route("/fhir/admin/queue/clean", post(queue::clean))
            .route("/fhir/admin/queue/pause", post(queue::pause))
            .route("/fhir/admin/queue/resume", post(queue::resume))
            .route("/fhir/admin/reconciliation/run", post(reconcile::run))
            .route("/fhir/admin/reconciliation/cron", post(reconcile::cron))
            .route("/api/consents", get(consents::list).post(consents::create))
            .route("/api/consents/decide", post(decide::decide))
            .route("/api/consents/{id}/revoke", post(consents::revoke))
            .route("/api/patients/resolve", post(patients::resolve))
            .fallback(async || ApiError::not_found())
            .method_not_allowed_fallback(async || ApiError::wrong_method())
            .layer(DefaultBodyLimit::max(MAX_BODY))
            .layer(middleware::from_fn(correlation::carry))
            .with_state(self)
    }
}

/// Serves the API until `shutdown` is ready; requests under way are answered first, for up to ten seconds.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    api: Api,
    listener: tokio::net::TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let (stop, stopping) = tokio::sync::oneshot::channel();
    let stopped = async move {
        shutdown.await;
        let _ = stop.send(());
    };
    let out_of_patience = async move {
        match stopping.await {
            Ok(()) => tokio::time::sleep(GRACE).await,
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        ended = axum::serve(listener, api.router()).with_graceful_shutdown(stopped) => ended,
        () = out_of_patience => Ok(()),
    }
}
