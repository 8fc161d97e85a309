//! One row for every table of an org.

use std::collections::BTreeMap;
use std::time::Duration;

use carewire_consent::{ConsentStore as _, DataClass, Purpose, SimpleConsent};
use carewire_deid::TokenVault as _;
use carewire_fhir_core::{CorrelationId, OrgId, PatientToken};
use carewire_postgres::PostgresStore;
use carewire_sync_engine::{
    AfterFailure, AuditAction, AuditLog as _, AuditRecord, BlindKey, ClaimOptions, Cron, Delivery, Failure,
    Format, Idempotency as _, Identity, IdentityMap as _, Intake as _, JobQueue as _, JobQueueExt as _,
    LocalKey, MessageId, MessageState, NewJob, NewMessage, NewOutbound, Outbox as _, PauseScope,
    QueueAdmin as _, Schedule, Scheduler as _,
};
use chrono::{DateTime, TimeDelta, Utc};

/// The tables that [`fill`] fills.
pub(crate) const TABLES: [&str; 19] = [
    "carewire.consent",
    "carewire.consent_epoch",
    "carewire.identity",
    "carewire.audit",
    "carewire.audit_trail",
    "carewire.delivery",
    "carewire.token",
    "carewire.original",
    "carewire.job_waiting",
    "carewire.job_active",
    "carewire.job_aside",
    "carewire.job_history",
    "carewire.job_count",
    "carewire.job_pause",
    "carewire.schedule",
    "carewire.message",
    "carewire.message_count",
    "carewire.outbound",
    "carewire.outbound_count",
];

/// Puts a row of `org` into each of [`TABLES`].
pub(crate) async fn fill(store: &PostgresStore, org: &OrgId) {
    let consent = SimpleConsent::new("c", org.clone(), patient(), Purpose::Treat, [DataClass::Vitals]);
    store.put(consent.into()).await.unwrap();
    store.record(org, "main", vec![identity("a", 1)]).await.unwrap();
    store.append(vec![record(org, AuditAction::Received)]).await.unwrap();
    store.begin(&delivery(org, 0)).await.unwrap();
    store.resolve(org, &[1; 32], &patient()).await.unwrap();
    store.put_original(org, &patient(), vec![1], 1).await.unwrap();
    store.accept(message(org, 1)).await.unwrap();
    store.post(outbound(org, 1)).await.unwrap();
    fill_queue(store, org).await;
}

/// A job that waits, one at work, one in the dead letter and one that is completed, and their counters.
async fn fill_queue(store: &PostgresStore, org: &OrgId) {
    let queue = format!("queue of {}", org.as_str());
    let job = || NewJob::new(org.clone(), &queue, "push", CorrelationId::new("c-1").unwrap(), at(0));
    store.enqueue((0..3).map(|_| job()).collect()).await.unwrap();
    let claim = |queue: &str, seconds| ClaimOptions {
        queue: queue.to_owned(),
        limit: 3,
        lease: Duration::from_secs(30),
        now: at(seconds),
    };
    let claimed = store.claim(&claim(&queue, 0)).await.unwrap();
    let failure = Failure { code: "invalid".into(), next: AfterFailure::Dead };
    let [first, second, _] = &claimed[..] else { panic!("three are claimed") };
    store.complete(std::slice::from_ref(&first.lease), at(0)).await.unwrap();
    store.fail(&second.lease, &failure, at(0)).await.unwrap();
    // A claim of a later second adds the counters up.
    assert!(store.claim(&claim("none", 2)).await.unwrap().is_empty());
    store.enqueue(vec![job()]).await.unwrap();

    let never = PauseScope { kind: Some("never".into()), ..PauseScope::org(org) };
    store.set_paused(&never, true).await.unwrap();
    let cron = Cron::parse("0 3 * * *", None).unwrap();
    let nightly = Schedule::new(org.clone(), "nightly", cron, &queue, "push");
    store.put_schedule(&nightly, Some(at(60))).await.unwrap();
}

pub(crate) fn org(name: &str) -> OrgId {
    OrgId::new(name).unwrap()
}

pub(crate) fn patient() -> PatientToken {
    PatientToken::new("pt_1").unwrap()
}

pub(crate) fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
}

pub(crate) fn identity(value: &str, source_sequence: i64) -> Identity {
    Identity {
        key: LocalKey { resource_type: "Patient".into(), system: "urn:s".into(), value: value.into() },
        remote_id: "r".into(),
        remote_version: None,
        hash: [7; 32],
        base: vec![1, 2],
        source_sequence,
        patient: Some(patient()),
        classes: vec!["VITALS".into()],
        synced_at: at(0),
    }
}

pub(crate) fn record(org: &OrgId, action: AuditAction) -> AuditRecord {
    AuditRecord {
        org: org.clone(),
        at: at(0),
        action,
        outcome: "success".into(),
        correlation: CorrelationId::new("c-1").unwrap(),
        patient: Some(patient()),
        details: BTreeMap::new(),
    }
}

/// Arrives so many seconds after the beginning, with a lease of a minute.
pub(crate) fn delivery(org: &OrgId, second: i64) -> Delivery {
    Delivery {
        org: org.clone(),
        control_key: Some(BlindKey([1; 32])),
        content_hash: BlindKey([2; 32]),
        received_at: at(second),
        since: at(second - 3600),
        lease_until: at(second + 60),
    }
}

/// A message with a job that no other message of this process has.
pub(crate) fn message(org: &OrgId, content: u8) -> NewMessage {
    NewMessage {
        org: org.clone(),
        id: unique_id(),
        correlation: CorrelationId::new("c-1").unwrap(),
        format: Format::Hl7v2,
        message_type: Some("ADT^A01".into()),
        control_key: Some(BlindKey([content; 32])),
        content_hash: BlindKey([content; 32]),
        sealed: vec![content; 9],
        sealed_ack: vec![content],
        received_at: at(0),
        resend_since: at(-3600),
        state: MessageState::Received,
        jobs: vec![job(org)],
    }
}

pub(crate) fn outbound(org: &OrgId, content: u8) -> NewOutbound {
    NewOutbound {
        org: org.clone(),
        id: unique_id(),
        correlation: CorrelationId::new("c-1").unwrap(),
        destination: "lab".into(),
        control_key: BlindKey([content; 32]),
        content_hash: BlindKey([content; 32]),
        sealed: vec![content; 9],
        enqueued_at: at(0),
        known_since: at(-3600),
        job: job(org),
    }
}

fn job(org: &OrgId) -> NewJob {
    NewJob::new(org.clone(), "sync", "message", CorrelationId::new("c-1").unwrap(), at(0))
}

fn unique_id() -> MessageId {
    let mut random = [0; 16];
    getrandom::fill(&mut random).unwrap();
    MessageId::new(format!("{:032x}", u128::from_le_bytes(random)))
}
