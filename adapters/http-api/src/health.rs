//! `/health*` and `/metrics`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use carewire_gateway::{Counters, Counts, Gateways, Quantiles};
use carewire_sync_engine::{MessageState, QueueStats, Tally};
use serde_json::{Value, json};

use crate::Api;

/// The process answers.
pub(crate) async fn live() -> Json<Value> {
    Json(json!({"status": "live"}))
}

/// The store answers: messages can be taken in.
pub(crate) async fn ready(State(api): State<Api>) -> impl IntoResponse {
    let gateway = api.inner.gateways.main();
    match gateway.parts().intake.tally(gateway.org()).await {
        Ok(_) => (StatusCode::OK, Json(json!({"status": "ready"}))),
        Err(_) => {
            (StatusCode::SERVICE_UNAVAILABLE, Json(json!({"status": "not-ready", "store": "unavailable"})))
        }
    }
}

/// Everything at a glance, over all orgs: messages by state and the queue.
pub(crate) async fn health(State(api): State<Api>) -> impl IntoResponse {
    match at_a_glance(&api.inner.gateways).await {
        Ok(body) => (StatusCode::OK, Json(body)),
        Err(_) => {
            (StatusCode::SERVICE_UNAVAILABLE, Json(json!({"status": "degraded", "store": "unavailable"})))
        }
    }
}

async fn at_a_glance(gateways: &Gateways) -> carewire_sync_engine::Result<Value> {
    let (mut messages, mut queue) = (Tally::default(), QueueStats::default());
    for gateway in gateways.iter() {
        let (parts, org) = (gateway.parts(), gateway.org());
        let now = parts.clock.now();
        let (tally, stats) = tokio::try_join!(parts.intake.tally(org), parts.admin.stats(org, None, now))?;
        for state in MessageState::ALL {
            *messages.of_mut(state) += *{ tally }.of_mut(state);
        }
        queue = queue + stats;
    }
    let messages = json!({"received": messages.received, "pushed": messages.pushed, "held": messages.held,
        "dead": messages.dead, "refused": messages.refused});
    let remote = gateways.main().parts().remote.name();
    Ok(json!({"status": "ok", "store": "ok", "remote": remote, "messages": messages, "queue": queue}))
}

/// Prometheus text.
pub(crate) async fn metrics(State(api): State<Api>) -> impl IntoResponse {
    if let Some(refresh) = &api.inner.before_metrics {
        refresh();
    }
    ([(CONTENT_TYPE, "text/plain; version=0.0.4")], api.inner.metrics.render())
}

/// The counters of this process as JSON: sums over all orgs, and the latencies of the slowest one.
pub(crate) async fn metrics_json(State(api): State<Api>) -> Json<Value> {
    let gateways = &api.inner.gateways;
    let total =
        |of: fn(Counts) -> u64| gateways.iter().map(|gateway| of(gateway.counters().read())).sum::<u64>();
    let slowest = |of: fn(&Counters) -> Quantiles| {
        let all = gateways.iter().map(|gateway| of(gateway.counters()));
        all.max_by_key(|quantiles| quantiles.p99).unwrap_or_default()
    };
    let ack = slowest(|counters| counters.acknowledged.quantiles());
    let delivery = slowest(|counters| counters.delivered.quantiles());
    Json(json!({
        "received": total(|counts| counts.received), "acknowledged": total(|counts| counts.acknowledged),
        "refused": total(|counts| counts.refused), "notStored": total(|counts| counts.not_stored),
        "resent": total(|counts| counts.resent), "mapped": total(|counts| counts.mapped),
        "deidentified": total(|counts| counts.deidentified), "permitted": total(|counts| counts.permitted),
        "denied": total(|counts| counts.denied), "pushed": total(|counts| counts.pushed),
        "retried": total(|counts| counts.retried), "dead": total(|counts| counts.dead),
        "acknowledgeSeconds": {"p50": ack.p50.as_secs_f64(), "p99": ack.p99.as_secs_f64()},
        "deliverSeconds": {"p50": delivery.p50.as_secs_f64(), "p99": delivery.p99.as_secs_f64()},
    }))
}
