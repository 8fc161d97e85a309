//! `/health*` and `/metrics`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use serde_json::{Value, json};

use crate::Api;

/// The process answers.
pub(crate) async fn live() -> Json<Value> {
    Json(json!({"status": "live"}))
}

/// The store answers: messages can be taken in.
pub(crate) async fn ready(State(api): State<Api>) -> impl IntoResponse {
    let gateway = &api.inner.gateway;
    match gateway.parts().intake.tally(gateway.org()).await {
        Ok(_) => (StatusCode::OK, Json(json!({"status": "ready"}))),
        Err(_) => {
            (StatusCode::SERVICE_UNAVAILABLE, Json(json!({"status": "not-ready", "store": "unavailable"})))
        }
    }
}

/// Everything at a glance: messages by state and the queue.
pub(crate) async fn health(State(api): State<Api>) -> impl IntoResponse {
    let gateway = &api.inner.gateway;
    let parts = gateway.parts();
    let now = parts.clock.now();
    let (tally, stats) =
        tokio::join!(parts.intake.tally(gateway.org()), parts.admin.stats(gateway.org(), now));
    match (tally, stats) {
        (Ok(tally), Ok(stats)) => {
            let messages = json!({"received": tally.received, "pushed": tally.pushed, "held": tally.held,
                "dead": tally.dead, "refused": tally.refused});
            let body = json!({"status": "ok", "store": "ok", "remote": parts.remote.name(),
                "messages": messages, "queue": stats});
            (StatusCode::OK, Json(body))
        }
        _ => (StatusCode::SERVICE_UNAVAILABLE, Json(json!({"status": "degraded", "store": "unavailable"}))),
    }
}

/// Prometheus text.
pub(crate) async fn metrics(State(api): State<Api>) -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/plain; version=0.0.4")], api.inner.metrics.render())
}

/// The counters of this process as JSON.
pub(crate) async fn metrics_json(State(api): State<Api>) -> Json<Value> {
    let counters = api.inner.gateway.counters();
    let counts = counters.read();
    let (ack, delivery) = (counters.acknowledged.quantiles(), counters.delivered.quantiles());
    Json(json!({
        "received": counts.received, "acknowledged": counts.acknowledged, "refused": counts.refused,
        "resent": counts.resent, "mapped": counts.mapped, "deidentified": counts.deidentified,
        "permitted": counts.permitted, "denied": counts.denied, "pushed": counts.pushed,
        "retried": counts.retried, "dead": counts.dead,
        "acknowledgeSeconds": {"p50": ack.p50.as_secs_f64(), "p99": ack.p99.as_secs_f64()},
        "deliverSeconds": {"p50": delivery.p50.as_secs_f64(), "p99": delivery.p99.as_secs_f64()},
    }))
}
