//! One row for every table of an org.

use std::collections::BTreeMap;

use carewire_consent::{ConsentStore as _, DataClass, Purpose, SimpleConsent};
use carewire_fhir_core::{CorrelationId, OrgId, PatientToken};
use carewire_postgres::PostgresStore;
use carewire_sync_engine::{AuditAction, AuditLog as _, AuditRecord, Identity, IdentityMap as _, LocalKey};
use chrono::{DateTime, TimeDelta, Utc};

/// The tables that [`fill`] fills.
pub(crate) const TABLES: [&str; 5] = [
    "carewire.consent",
    "carewire.consent_epoch",
    "carewire.identity",
    "carewire.audit",
    "carewire.audit_trail",
];

/// Puts exactly one row of `org` into each of [`TABLES`].
pub(crate) async fn fill(store: &PostgresStore, org: &OrgId) {
    let consent = SimpleConsent::new("c", org.clone(), patient(), Purpose::Treat, [DataClass::Vitals]);
    store.put(consent.into()).await.unwrap();
    store.record(org, "main", vec![identity("a", 1)]).await.unwrap();
    store.append(vec![record(org, AuditAction::Received)]).await.unwrap();
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
