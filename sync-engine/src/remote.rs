//! The other side: a FHIR server, as values. The only write call demands permits.

use async_trait::async_trait;
use carewire_consent::Permit;
use carewire_fhir_core::{PatientToken, Resource, Value};
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;
use std::time::Duration;

use crate::{Error, FailureClass, LocalKey, Result};

/// How one resource is written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "whoever matches on it must handle every case")]
pub enum WriteMethod {
    /// `PUT Type?identifier=system|value` (or `_tag` where the type has no identifier): the server finds or makes the id.
    ConditionalUpdate,
    /// `PUT Type/id`.
    Update {
        /// The remote's id.
        id: String,
        /// Sent as `If-Match` when given.
        if_match: Option<String>,
    },
}

/// One resource to write.
#[derive(Clone)]
pub struct Write {
    /// The identity that travels.
    pub key: LocalKey,
    /// The `urn:uuid:` under which other entries of the batch refer to it.
    pub full_url: String,
    /// How.
    pub method: WriteMethod,
    /// What.
    pub resource: Resource,
    /// The patient that it belongs to; `None` only for the types of [`needs_no_patient`].
    pub patient: Option<PatientToken>,
    /// The data classes that a permit must cover, by code.
    pub classes: Vec<String>,
}

impl std::fmt::Debug for Write {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Write").field("key", &self.key).field("method", &self.method).finish_non_exhaustive()
    }
}

/// The identifier system of patient tokens.
pub const TOKEN_SYSTEM: &str = "urn:carewire:token";

impl Write {
    /// The patients whose data it is: the one that it belongs to, and those whom the resource names by their tokens. A
    /// patient that is linked to another one is data of both.
    #[must_use]
    pub fn patients(&self) -> BTreeSet<PatientToken> {
        patients_of(self.patient.as_ref(), &self.resource)
    }

    /// Whether permits cover all that it says of patients.
    fn is_covered(&self, covers: impl Fn(&PatientToken) -> bool) -> bool {
        let has_owner = match &self.patient {
            Some(patient) => covers(patient),
            None => needs_no_patient(&self.key.resource_type),
        };
        let is_covered = |token| PatientToken::new(token).is_ok_and(|patient| covers(&patient));
        has_owner && tokens(self.resource.value()).into_iter().all(is_covered)
    }
}

/// The patient that a resource belongs to, and those whom it names.
pub(crate) fn patients_of(owner: Option<&PatientToken>, resource: &Resource) -> BTreeSet<PatientToken> {
    let named = tokens(resource.value()).into_iter().filter_map(|token| PatientToken::new(token).ok());
    owner.cloned().into_iter().chain(named).collect()
}

/// The tokens that stand in a resource as identifiers.
fn tokens(value: &Value) -> Vec<&str> {
    let own = value.str("value").filter(|_| value.str("system") == Some(TOKEN_SYSTEM));
    let below = value.members().map(|(_, member)| member).chain(value.items());
    own.into_iter().chain(below.flat_map(tokens)).collect()
}

/// Resource types that belong to no patient and need no permit.
#[must_use]
pub fn needs_no_patient(resource_type: &str) -> bool {
    matches!(
        resource_type,
        "Organization"
            | "Practitioner"
            | "PractitionerRole"
            | "Location"
            | "HealthcareService"
            | "Endpoint"
            | "Medication"
    )
}

/// Writes that permits cover. It can only be made by [`PermittedWrites::new`].
#[derive(Debug)]
pub struct PermittedWrites<'a> {
    writes: &'a [Write],
}

impl<'a> PermittedWrites<'a> {
    /// Checks that every write of a patient's resource is covered by a permit for this remote, patient and classes,
    /// at `now`; and by one for each further patient whom it names ([`Write::patients`]).
    ///
    /// # Errors
    /// [`Error::NotPermitted`] with the position of the first write that is not covered.
    pub fn new(
        writes: &'a [Write],
        permits: &[&Permit],
        org: &carewire_fhir_core::OrgId,
        remote: &str,
        now: DateTime<Utc>,
    ) -> Result<Self> {
        for (entry, write) in writes.iter().enumerate() {
            let covers = |patient: &PatientToken| {
                permits.iter().any(|permit| permit.covers(org, patient, remote, &write.classes, now))
            };
            if !write.is_covered(covers) {
                return Err(Error::NotPermitted { entry });
            }
        }
        Ok(Self { writes })
    }

    /// The writes.
    #[must_use]
    pub fn writes(&self) -> &'a [Write] {
        self.writes
    }
}

/// What became of one write.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "whoever matches on it must handle every case")]
pub enum WriteOutcome {
    /// Created, updated or found unchanged.
    Applied {
        /// The remote's id.
        id: String,
        /// The remote's version, opaque.
        version: Option<String>,
        /// Whether the remote made a new resource.
        created: bool,
    },
    /// Not applied.
    Refused(Refusal),
}

/// Why a write or a whole request was not applied.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// The remote will never take it as it is (validation, access): a code such as `invalid` and the FHIRPath
    /// expressions that the remote named.
    Permanent {
        /// The `OperationOutcome.issue.code`.
        code: String,
        /// The `OperationOutcome.issue.expression`s: element paths, no values.
        expressions: Vec<String>,
    },
    /// The same request may succeed later: outage, timeout, serialization conflict, unknown 400.
    Transient {
        /// A stable code, for example `serialization`.
        code: String,
        /// The remote asked to wait this long.
        wait: Option<Duration>,
    },
    /// The resource was changed by somebody else since the version that we know (412).
    VersionConflict,
    /// More than one resource has this identity (412 multiple matches).
    MultipleMatches,
    /// The id is not there (404) or was deleted (410).
    Gone {
        /// 410 rather than 404.
        deleted: bool,
    },
}

impl Refusal {
    /// [`Refusal::Transient`] of two transactions that met: trying again soon is right and does not count.
    pub const SERIALIZATION: &'static str = "serialization";
    /// [`Refusal::Transient`] of a used-up quota.
    pub const THROTTLED: &'static str = "throttled";
    /// [`Refusal::Transient`] of a breaker on our side: nothing was sent.
    pub const BREAKER_OPEN: &'static str = "breaker-open";

    /// A temporary refusal with no wish for a wait.
    pub fn transient(code: impl Into<String>) -> Self {
        Self::Transient { code: code.into(), wait: None }
    }

    /// The stable code: for the reason of a job, a log line, a metric label.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::Permanent { code, .. } | Self::Transient { code, .. } => code,
            Self::VersionConflict => "version-conflict",
            Self::MultipleMatches => "multiple-matches",
            Self::Gone { deleted: true } => "deleted",
            Self::Gone { deleted: false } => "not-found",
        }
    }

    /// Whether and how trying again makes sense.
    #[must_use]
    pub fn class(&self) -> FailureClass {
        match self {
            Self::Permanent { .. } | Self::MultipleMatches => FailureClass::Permanent,
            Self::VersionConflict | Self::Gone { .. } => FailureClass::Transient { wait: None },
            Self::Transient { code, wait } => match code.as_str() {
                Self::SERIALIZATION => FailureClass::Uncounted { wait: Some(wait.unwrap_or(CONTENTION)) },
                Self::THROTTLED | Self::BREAKER_OPEN => FailureClass::Uncounted { wait: *wait },
                _ => FailureClass::Transient { wait: *wait },
            },
        }
    }
}

/// What two transactions that met wait at least; a retry policy spreads it over half a second.
const CONTENTION: Duration = Duration::from_millis(50);

/// A resource as the remote has it.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_enums, reason = "whoever matches on it must handle every case")]
pub enum Remembered {
    /// It is there.
    Present {
        /// The resource.
        resource: Box<Resource>,
        /// Its version.
        version: Option<String>,
    },
    /// It was deleted (410).
    Deleted,
    /// Never seen, or not visible (404): not a proof of deletion.
    Absent,
}

/// One line of an inventory page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InventoryEntry {
    /// The remote's id.
    pub id: String,
    /// The remote's version.
    pub version: Option<String>,
}

/// What a remote can take in one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most entries of a transaction that holds a conditional entry (8 on Medplum).
    pub conditional_entries: usize,
    /// The most updates by id in a transaction (50 on Medplum).
    pub update_entries: usize,
    /// Whether a transaction with a failing entry leaves nothing behind.
    pub atomic: bool,
}

/// A FHIR server that we write to and reconcile with.
#[async_trait]
pub trait Remote: std::fmt::Debug + Send + Sync {
    /// The configured name: part of every identity row and permit.
    fn name(&self) -> &str;

    /// Finds out what the server can do; called once at start.
    async fn probe(&self) -> Result<Limits>;

    /// Sends the writes as one transaction and answers for each, in order.
    ///
    /// `Err` when the outcome of the whole request is unknown or it was refused as a whole: then nothing may be
    /// assumed, and sending the same writes again must be safe (they are all conditional or by id).
    async fn submit(&self, writes: PermittedWrites<'_>) -> std::result::Result<Vec<WriteOutcome>, Refusal>;

    /// Reads one resource.
    async fn read(&self, resource_type: &str, id: &str) -> std::result::Result<Remembered, Refusal>;

    /// The ids and versions of these resources that the remote has, deleted ones left out.
    async fn inventory(
        &self,
        resource_type: &str,
        ids: &[String],
    ) -> std::result::Result<Vec<InventoryEntry>, Refusal>;
}

#[cfg(test)]
mod tests {
    use carewire_consent::{
        ConsentEpoch, DataClass, PatientConsents, Policy, Purpose, Request, SimpleConsent, authorize,
    };
    use carewire_fhir_core::OrgId;

    use super::*;

    fn permit(patient: &str, classes: &[DataClass]) -> Permit {
        let (org, patient) = (OrgId::new("clinic").unwrap(), PatientToken::new(patient).unwrap());
        let consent = SimpleConsent::new("c", org.clone(), patient.clone(), Purpose::Treat, classes.to_vec());
        let consents = PatientConsents { epoch: ConsentEpoch(1), consents: vec![consent.into()] };
        let request =
            Request::new(org, patient, Purpose::Treat).with_classes(classes.to_vec()).to_remote("main");
        authorize(&request, &consents, &Policy::default(), DateTime::UNIX_EPOCH).unwrap()
    }

    fn write(patient: Option<&str>, json: &str) -> Write {
        let resource = Resource::parse(json.as_bytes()).unwrap();
        let resource_type = resource.resource_type().to_owned();
        Write {
            key: LocalKey { resource_type, system: "s".into(), value: "v".into() },
            full_url: "urn:uuid:1".into(),
            method: WriteMethod::ConditionalUpdate,
            resource,
            patient: patient.map(|token| PatientToken::new(token).unwrap()),
            classes: vec!["DEMOGRAPHICS".into()],
        }
    }

    #[test]
    fn whoever_is_named_must_have_permitted_it() {
        let (a, b) = (permit("pt_a", &[DataClass::Demographics]), permit("pt_b", &[DataClass::Demographics]));
        let other = permit("pt_b", &[DataClass::Vitals]);
        let org = OrgId::new("clinic").unwrap();
        let permitted = |write: &Write, permits: &[&Permit]| {
            let writes = std::slice::from_ref(write);
            PermittedWrites::new(writes, permits, &org, "main", DateTime::UNIX_EPOCH).is_ok()
        };
        let alone = write(Some("pt_a"), r#"{"resourceType":"Patient","active":true}"#);
        assert!(permitted(&alone, &[&a]) && !permitted(&alone, &[&b]) && !permitted(&alone, &[]));
        let to = |token: &str| {
            format!(
                r#"{{"resourceType":"Patient","link":[{{"other":{{"identifier":{{"system":"{TOKEN_SYSTEM}","value":"{token}"}}}}}}]}}"#
            )
        };
        let linked = write(Some("pt_a"), &to("pt_b"));
        assert!(permitted(&linked, &[&a, &b]));
        for too_few in [&[&a][..], &[&b], &[&a, &other]] {
            assert!(!permitted(&linked, too_few));
        }
        assert!(!permitted(&write(Some("pt_a"), &to("no token")), &[&a, &b]), "nobody can have permitted it");
        let ward = to("pt_b").replace("Patient", "Location");
        assert!(!permitted(&write(None, &ward), &[]) && permitted(&write(None, &ward), &[&b]));
    }
}
