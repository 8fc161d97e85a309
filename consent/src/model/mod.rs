//! One model for the consents of every source: a tree of rules.

mod actors;
mod coding;
pub(crate) mod data;
mod name;
mod provision;
mod purposes;

use std::sync::Arc;

use carewire_fhir_core::{OrgId, PatientToken};
use chrono::{DateTime, Utc};

pub(crate) use actors::{Actor, Actors, Match};
pub use coding::Coding;
pub use data::Meaning;
pub(crate) use name::{Name, OwnedName, Sameness, type_and_id, unversioned};
pub(crate) use provision::{Period, Provision, Unknown};
pub(crate) use purposes::{Actions, Purposes};

use crate::State;
use crate::source::{Source, SourceKind};

/// A consent of any source, as the engine understands it.
///
/// It is made by reading a document ([`crate::parse_consents`], [`Consent::parse`]) or from a [`crate::SimpleConsent`]. The document
/// is kept as it was: stores keep it and answers print it.
///
/// ```
/// use carewire_consent::{Consent, SourceKind, State};
/// use carewire_fhir_core::OrgId;
/// let consent = Consent::parse(
///     br#"{"resourceType":"Consent","id":"c1","status":"active","patient":{"reference":"Patient/pt_1"},
///          "scope":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/consentscope","code":"patient-privacy"}]},
///          "category":[{"coding":[{"system":"http://loinc.org","code":"59284-0"}]}],
///          "provision":{"type":"permit","provision":[{"type":"deny","purpose":[{"code":"HMARKT"}]}]}}"#,
///     &OrgId::new("org_a")?,
/// )?;
/// assert_eq!((consent.id(), consent.patient().as_str()), ("c1", "pt_1"));
/// assert_eq!((consent.kind(), consent.state()), (SourceKind::FhirR4, State::Active));
/// assert!(consent.to_json().contains("HMARKT"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Consent(Arc<Inner>);

#[derive(Debug, PartialEq, Eq)]
struct Inner {
    source: Source,
    rules: Rules,
}

/// What a document means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rules {
    /// Unique within the org.
    pub(crate) id: Arc<str>,
    /// The org that holds the consent.
    pub(crate) org: OrgId,
    /// The patient.
    pub(crate) patient: PatientToken,
    /// Where it stands; `None` for a status that is not known.
    pub(crate) state: Option<State>,
    /// It is not about privacy: it says nothing about data.
    pub(crate) is_elsewhere: bool,
    /// When it was given, for the algorithms that go by order.
    pub(crate) given: Option<DateTime<Utc>>,
    /// Once it applies, no implicit policy has a say: FHIR's root provisions are "nothing but".
    pub(crate) is_exclusive: bool,
    /// The base rule.
    pub(crate) root: Provision,
    /// What it asks of whoever uses it.
    pub(crate) duties: Box<[crate::Obligation]>,
    /// Every instant at which a period in it begins or ends.
    pub(crate) boundaries: Box<[DateTime<Utc>]>,
}

impl Consent {
    pub(crate) fn new(source: Source, mut rules: Rules) -> Self {
        let mut boundaries = Vec::new();
        rules.root.boundaries(&mut boundaries);
        rules.boundaries = boundaries.into();
        Self(Arc::new(Inner { source, rules }))
    }

    /// Unique within the org.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.0.rules.id
    }

    /// The org that holds the consent. It says nothing in any other.
    #[must_use]
    pub fn org(&self) -> &OrgId {
        &self.0.rules.org
    }

    /// The patient.
    #[must_use]
    pub fn patient(&self) -> &PatientToken {
        &self.0.rules.patient
    }

    /// Where the consent stands. A status that is not known counts as [`State::Pending`] here: it permits nothing.
    #[must_use]
    pub fn state(&self) -> State {
        self.0.rules.state.unwrap_or(State::Pending)
    }

    /// The first instant at which its base rule holds, where it has one.
    #[must_use]
    pub fn start(&self) -> Option<DateTime<Utc>> {
        match self.0.rules.root.period {
            Period::Within(span) => span.start,
            _ => None,
        }
    }

    /// Every instant at which a period in it begins or ends.
    pub fn boundaries(&self) -> impl Iterator<Item = DateTime<Utc>> {
        self.0.rules.boundaries.iter().copied()
    }

    /// What kind of document it was read from.
    #[must_use]
    pub fn kind(&self) -> SourceKind {
        self.0.source.kind()
    }

    /// The same document, taken back.
    #[must_use]
    pub fn revoked(&self) -> Self {
        self.0.source.revoked(&self.0.rules)
    }

    /// The document.
    #[must_use]
    pub fn to_json(&self) -> String {
        self.0.source.to_json()
    }

    pub(crate) fn rules(&self) -> &Rules {
        &self.0.rules
    }

    pub(crate) fn source(&self) -> &Source {
        &self.0.source
    }
}

impl PartialEq for Consent {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0 == other.0
    }
}

impl Eq for Consent {}

/// No patient, actor, code or date.
impl std::fmt::Debug for Consent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Consent")
            .field("id", &self.0.rules.id)
            .field("org", &self.0.rules.org)
            .field("kind", &self.kind())
            .field("state", &self.0.rules.state)
            .finish_non_exhaustive()
    }
}

/// The document, as it was written.
impl serde::Serialize for Consent {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.source.serialize(serializer)
    }
}
