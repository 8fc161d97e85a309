//! One row for every table of an org.

use carewire_consent::{ConsentStore as _, DataClass, Purpose, SimpleConsent};
use carewire_fhir_core::{OrgId, PatientToken};
use carewire_postgres::PostgresStore;
use carewire_sync_engine::{Identity, IdentityMap as _, LocalKey};
use chrono::{DateTime, TimeDelta, Utc};

/// The tables that [`fill`] fills.
pub(crate) const TABLES: [&str; 3] = ["carewire.consent", "carewire.consent_epoch", "carewire.identity"];

/// Puts exactly one row of `org` into each of [`TABLES`].
pub(crate) async fn fill(store: &PostgresStore, org: &OrgId) {
    let consent = SimpleConsent::new("c", org.clone(), patient(), Purpose::Treat, [DataClass::Vitals]);
    store.put(consent.into()).await.unwrap();
    store.record(org, "main", vec![identity("a", 1)]).await.unwrap();
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
