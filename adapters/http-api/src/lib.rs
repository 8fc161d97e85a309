//! The HTTP API of a gateway as an axum [`Router`] that any service can mount.
//!
//! This slice has the operations (`/health`, `/metrics`), the queue, consents, patient tokens and reconcile. Everything
//! but health and metrics asks for a bearer token (HS256) with `sub`, `org`, `role` and `exp`; a request sees the org of
//! its token and nothing else. Errors are `{"success":false,"error":{"code","message","correlationId"}}`.
//!
//! What it will not do yet: FHIR ingress and export, the records API, webhooks, the web page, API keys, JWKS.

mod auth;
mod consents;
mod error;
mod health;
mod patients;
mod queue;
mod reconcile;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use carewire_gateway::Gateway;
use metrics_exporter_prometheus::PrometheusHandle;
use secrecy::SecretString;

pub use auth::{Claims, Role, sign};
pub use error::ApiError;

/// What the routes need.
#[derive(Clone)]
pub struct Api {
    inner: Arc<Inner>,
}

struct Inner {
    gateway: Gateway,
    metrics: PrometheusHandle,
    secret: Option<SecretString>,
    cron_secret: Option<SecretString>,
}

impl std::fmt::Debug for Api {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Api").field("org", self.inner.gateway.org()).finish_non_exhaustive()
    }
}

impl Api {
    /// An API over a gateway. Without a `secret` every route that needs a token answers 401.
    #[must_use]
    pub fn new(
        gateway: Gateway,
        metrics: PrometheusHandle,
        secret: Option<SecretString>,
        cron_secret: Option<SecretString>,
    ) -> Self {
        Self { inner: Arc::new(Inner { gateway, metrics, secret, cron_secret }) }
    }

    /// All routes.
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
            .route("/api/consents/{id}/revoke", post(consents::revoke))
            .route("/api/patients/resolve", post(patients::resolve))
            .with_state(self)
    }
}

/// Serves the API until `shutdown` is ready; requests under way are answered first.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    api: Api,
    listener: tokio::net::TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    axum::serve(listener, api.router()).with_graceful_shutdown(shutdown).await
}
