//! The simple form of a consent.

use std::collections::BTreeSet;

use carewire_fhir_core::{OrgId, PatientToken};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::document::patient_reference;
use crate::model::data::{Classes, DataFilter, Span};
use crate::model::{Actor, Actors, Consent, Period, Provision, Purposes, Rules};
use crate::source::Source;
use crate::{DataClass, Purpose};

/// A consent in its simple form: one patient, one purpose, some classes of data, a period, some actors.
///
/// A list that is empty constrains nothing, with one exception: a consent that permits names its classes, so one
/// without classes permits nothing. An element that is not known makes the document unreadable, since it could be
/// a restriction.
///
/// ```
/// use carewire_consent::{SimpleConsent, State};
/// let consent: SimpleConsent = serde_json::from_str(
///     r#"{"id":"c1","org":"org_a","patient":"Patient/pt_1","purpose":"CARE","state":"ACTIVE","data_classes":["VITALS"]}"#,
/// )?;
/// assert_eq!((consent.state, consent.patient.as_str()), (State::Active, "pt_1"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SimpleConsent {
    /// Unique within the org.
    pub id: String,
    /// The org that holds the consent. It says nothing in any other.
    pub org: OrgId,
    /// The patient.
    #[serde(deserialize_with = "patient_reference")]
    pub patient: PatientToken,
    /// What the data may, or may not, be used for.
    pub purpose: Purpose,
    /// Where the consent stands.
    pub state: State,
    /// Whether it permits (the default) or forbids.
    #[serde(default, skip_serializing_if = "Ruling::is_permit")]
    pub decision: Ruling,
    /// The classes of data that it speaks about.
    #[serde(default)]
    pub data_classes: BTreeSet<DataClass>,
    /// The first instant at which it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<DateTime<Utc>>,
    /// The first instant at which it no longer holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<DateTime<Utc>>,
    /// Who it speaks about: references of actors, or `Organization/<org>` for everyone of an org.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actors: Vec<String>,
}

impl SimpleConsent {
    /// An active, unlimited consent that permits `classes`; set the public fields to say more.
    pub fn new(
        id: impl Into<String>,
        org: OrgId,
        patient: PatientToken,
        purpose: Purpose,
        classes: impl IntoIterator<Item = DataClass>,
    ) -> Self {
        Self {
            id: id.into(),
            org,
            patient,
            purpose,
            state: State::Active,
            decision: Ruling::Permit,
            data_classes: classes.into_iter().collect(),
            start: None,
            end: None,
            actors: Vec::new(),
        }
    }
}

impl From<SimpleConsent> for Consent {
    fn from(consent: SimpleConsent) -> Self {
        let rules = rules(&consent);
        Self::new(Source::Simple(Box::new(consent)), rules)
    }
}

/// What the simple form calls an element of FHIR.
pub(super) fn place(element: Option<&'static str>) -> &'static str {
    match element {
        None => "decision",
        Some("status") => "state",
        Some("period.start") => "start",
        Some("period.end") => "end",
        Some("actor") => "actors",
        Some("class") => "data_classes",
        Some(other) => other,
    }
}

/// One rule. A permit that names no classes permits none; a denial that names none is about all.
fn rules(consent: &SimpleConsent) -> Rules {
    let classes = match (consent.decision, consent.data_classes.is_empty()) {
        (Ruling::Permit, true) => Classes::none(),
        _ => Classes::of(consent.data_classes.iter().cloned()),
    };
    let root = Provision {
        effect: Some(consent.decision),
        period: Period::of(Some(Span { start: consent.start, end: consent.end })),
        actors: Actors::new(consent.actors.iter().map(|actor| Actor::Named(actor.as_str().into())).collect()),
        purposes: Purposes::of(&consent.purpose),
        data: DataFilter { classes, ..DataFilter::default() },
        ..Provision::default()
    };
    Rules {
        id: consent.id.as_str().into(),
        org: consent.org.clone(),
        patient: consent.patient.clone(),
        state: Some(consent.state),
        is_elsewhere: false,
        given: None,
        is_exclusive: false,
        root,
        duties: Box::default(),
        boundaries: Box::default(),
    }
}

impl std::fmt::Debug for SimpleConsent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SimpleConsent")
            .field("id", &self.id)
            .field("org", &self.org)
            .field("state", &self.state)
            .field("decision", &self.decision)
            .finish_non_exhaustive()
    }
}

/// Where a consent stands. Only an active one decides anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[non_exhaustive]
pub enum State {
    /// Asked for, not given.
    Pending,
    /// Given.
    Active,
    /// Given and taken back.
    Revoked,
    /// Given and run out.
    Expired,
}

impl State {
    /// The state of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Pending, Self::Active, Self::Revoked, Self::Expired]
            .into_iter()
            .find(|state| state.as_str() == name)
    }

    /// The stable name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Active => "ACTIVE",
            Self::Revoked => "REVOKED",
            Self::Expired => "EXPIRED",
        }
    }
}

/// What a consent does to a request that it speaks about.
#[expect(clippy::exhaustive_enums, reason = "a third ruling must break the build of whoever decides by it")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ruling {
    /// It permits the request.
    #[default]
    Permit,
    /// It forbids the request, whatever other consents permit.
    Deny,
}

impl Ruling {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
    fn is_permit(&self) -> bool {
        *self == Self::Permit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back_and_what_is_absent_stays_absent() {
        let text = r#"{"id":"c1","org":"o","patient":"pt_1","purpose":"TREAT","state":"PENDING","data_classes":["X"]}"#;
        let consent: SimpleConsent = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&consent).unwrap(), text);
    }

    #[test]
    fn debug_shows_neither_patient_nor_actors() {
        let mut consent = SimpleConsent::new(
            "c1",
            OrgId::new("o").unwrap(),
            PatientToken::new("pt_canary").unwrap(),
            Purpose::Treat,
            [],
        );
        consent.actors = vec!["Practitioner/canary".into()];
        assert!(!format!("{consent:?}").contains("canary"));
    }
}
