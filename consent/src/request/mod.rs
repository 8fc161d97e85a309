//! What somebody wants to do.

mod form;

use std::collections::BTreeSet;

use carewire_fhir_core::{OrgId, PatientToken, Resource, Value};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::classify::tells_about_others;
use crate::facts::{Described, ResourceFacts};
use crate::model::data::Span;
use crate::{BreakGlass, DataClass, Duties, ParseError, Purpose, document};

/// A request to use data of one patient.
///
/// ```
/// use carewire_consent::{DataClass, Request};
/// let request = Request::parse(
///     br#"{"org":"org_a","patient":"pt_1","actor":{"reference":"Practitioner/7","role":"CLINICIAN"},"purpose":"TREAT",
///          "resource":{"resourceType":"MedicationRequest"}}"#,
/// )?;
/// assert!(request.data_classes.contains(&DataClass::Medications));
/// # Ok::<(), carewire_consent::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Deserialize)]
#[serde(try_from = "form::Form")]
#[non_exhaustive]
pub struct Request {
    /// The org whose data it is.
    pub org: OrgId,
    /// Further names of the org: references, or identifiers as `system|value`.
    pub org_aliases: Vec<String>,
    /// The patient whose data it is.
    pub patient: PatientToken,
    /// Who asks.
    pub actor: Actor,
    /// What is to be done.
    pub action: Action,
    /// What for.
    pub purpose: Purpose,
    /// Every class of the data that is asked for. Empty means that it is not said: then a permit says which may be used.
    pub data_classes: BTreeSet<DataClass>,
    /// Security labels of the data: `system|code`, or a code of `v3-Confidentiality` or `v3-ActCode` alone.
    pub labels: BTreeSet<String>,
    /// What the resource that is asked for says of itself.
    pub(crate) resource: Option<Box<ResourceFacts>>,
    /// The time of which data are asked for.
    pub(crate) data_period: Option<Span>,
    /// The configured name of the remote that would get the data.
    pub remote: Option<String>,
    /// Whether the actor has an active encounter with the patient.
    pub active_encounter: Option<bool>,
    /// Why the glass is broken; demanded for the purpose `BTG`, and of no meaning for another one.
    pub break_glass: Option<BreakGlass>,
    /// The data are de-identified before they are given: a researcher sees no others.
    pub deidentified: bool,
    /// What the one who asks does of what a permit may ask for. Nobody else can say it: a request that is read declares none.
    pub fulfils: Duties,
}

impl Request {
    /// A request to access nothing yet, by the system itself; set the public fields or use the builders.
    #[must_use]
    pub fn new(org: OrgId, patient: PatientToken, purpose: Purpose) -> Self {
        Self {
            org,
            org_aliases: Vec::new(),
            patient,
            actor: Actor::default(),
            action: Action::default(),
            purpose,
            data_classes: BTreeSet::new(),
            labels: BTreeSet::new(),
            resource: None,
            data_period: None,
            remote: None,
            active_encounter: None,
            break_glass: None,
            deidentified: false,
            fulfils: Duties::default(),
        }
    }

    /// Adds classes of data.
    #[must_use]
    pub fn with_classes(mut self, classes: impl IntoIterator<Item = DataClass>) -> Self {
        self.data_classes.extend(classes);
        self
    }

    /// Adds security labels.
    #[must_use]
    pub fn with_labels<'a>(mut self, labels: impl IntoIterator<Item = &'a str>) -> Self {
        self.labels.extend(labels.into_iter().map(str::to_owned));
        self
    }

    /// Asks for one resource: its classes are added, and it is all that is known of the data. Of a Bundle only the classes
    /// are taken: its entries differ in the rest. What tells about others (`AuditEvent`, `Provenance`, …) has the classes that
    /// the request names already; where it names none, it is unclassified.
    #[must_use]
    pub fn about(mut self, resource: &Resource) -> Self {
        let described = Described::of(resource);
        if self.data_classes.is_empty() || !tells_about_others(resource.value()) {
            self.data_classes.extend(described.classes);
        }
        self.resource = (resource.resource_type() != "Bundle").then(|| Box::new(described.resource));
        self
    }

    /// Asks for data from `start` on, and of before `end`.
    #[must_use]
    pub fn of_period(mut self, start: Option<DateTime<Utc>>, end: Option<DateTime<Utc>>) -> Self {
        self.data_period = Some(Span { start, end });
        self
    }

    /// Names the remote that would get the data.
    #[must_use]
    pub fn to_remote(mut self, remote: impl Into<String>) -> Self {
        self.remote = Some(remote.into());
        self
    }

    /// Sets who asks.
    #[must_use]
    pub fn by(mut self, actor: Actor) -> Self {
        self.actor = actor;
        self
    }

    /// Declares what the one who asks does of what a permit may ask for: [`authorize`](crate::authorize) gives no other.
    #[must_use]
    pub fn fulfilling(mut self, duties: Duties) -> Self {
        self.fulfils = duties;
        self
    }

    /// Sets what is to be done.
    #[must_use]
    pub fn to(mut self, action: Action) -> Self {
        self.action = action;
        self
    }

    /// Whether the one who asks belongs to another org.
    pub(crate) fn is_foreign(&self) -> bool {
        self.actor.org.as_ref().is_some_and(|org| *org != self.org)
    }

    /// Reads a request. A key that stands twice or is not known makes it unreadable, since the two readers of an
    /// ambiguous request could decide about different things.
    ///
    /// # Errors
    /// [`ParseError`], without a value of the text.
    pub fn parse(bytes: &[u8]) -> Result<Self, ParseError> {
        Value::parse(bytes).map_err(|error| ParseError::syntax(error.line(), error.column()))?;
        let text = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
        serde_json::from_slice(text).map_err(|error| document::refusal(&error, 0))
    }
}

impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Request")
            .field("org", &self.org)
            .field("action", &self.action)
            .field("purpose", &self.purpose)
            .field("data_classes", &self.data_classes)
            .finish_non_exhaustive()
    }
}

/// Who asks. All of it may be absent: then only consents that name no actor permit.
#[derive(Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Actor {
    /// For example `Practitioner/7`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// Further names of the actor, and of what it belongs to: references to groups, care teams, roles or organisations,
    /// or identifiers as `system|value`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// For example `CLINICIAN`; the rules of access say what it may ask for. Absent = no such rule applies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// The org that the actor belongs to; absent = the org of the request. An actor of another org must be named by
    /// the consent that permits.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "form::some_org")]
    pub org: Option<OrgId>,
}

impl Actor {
    /// All of its names.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.reference.iter().chain(&self.aliases).map(String::as_str)
    }
}

impl std::fmt::Debug for Actor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Actor").field("org", &self.org).finish_non_exhaustive()
    }
}

/// What is to be done with the data (FHIR `consentaction`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Action {
    /// Retrieve.
    #[default]
    Access,
    /// Gather.
    Collect,
    /// Use.
    Use,
    /// Give to somebody else.
    Disclose,
    /// Change.
    Correct,
}

impl Action {
    /// The action of a code of FHIR's `consentaction`.
    pub(crate) fn from_code(code: &str) -> Option<Self> {
        match code {
            "access" => Some(Self::Access),
            "collect" => Some(Self::Collect),
            "use" => Some(Self::Use),
            "disclose" => Some(Self::Disclose),
            "correct" => Some(Self::Correct),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ParseReason;

    #[test]
    fn classes_of_the_resource_are_added_to_the_given_ones() {
        let request = Request::parse(
            br#"{"org":"o","patient":"Patient/pt_1","purpose":"CARE","data_classes":["SOCIAL"],"resource":{"resourceType":"Patient"}}"#,
        )
        .unwrap();
        assert_eq!(request.data_classes, [DataClass::Social, DataClass::Demographics].into());
        assert_eq!(request.patient.as_str(), "pt_1");
    }

    #[test]
    fn a_request_is_read_as_people_write_it() {
        let read = |text: &str| Request::parse(text.as_bytes()).unwrap();
        let plain = read(
            r#"{"org":"o","patient":"Patient/1","purpose":"TREAT","actor":{"reference":"Organization/b","org":"b"},
                "data_classes":["LAB_RESULTS"],"labels":["http://terminology.hl7.org/CodeSystem/v3-ActCode|HIV"]}"#,
        );
        let other = read(
            r#"{"org":"Organization/o","patient":"Patient/1/_history/2","purpose":"treat","actor":{"reference":"Organization/b",
                "org":"Organization/b"},"data_classes":["lab-results"],
                "labels":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"HIV","display":"HIV"}]}"#,
        );
        assert!(plain == other);
        for patient in ["pt_1", "Patient/x", "https://a.example/fhir/Patient/1", "urn:uuid:0a0a", "urn:mrn|7"]
        {
            read(&format!(r#"{{"org":"o","patient":"{patient}","purpose":"TREAT"}}"#));
        }
    }

    #[test]
    fn a_refusal_names_what_is_missing() {
        let refused = |text: &str| Request::parse(text.as_bytes()).unwrap_err().reason();
        assert_eq!(refused(r#"{"org":"o","patient":"pt_1"}"#), ParseReason::Missing("purpose"));
        assert_eq!(refused(r#"{"patient":"pt_1","purpose":"TREAT"}"#), ParseReason::Missing("org"));
        let with = |member: &str| format!(r#"{{"org":"o","patient":"pt_1","purpose":"TREAT",{member}}}"#);
        assert_eq!(refused(&with(r#""resource":{"canary":1}"#)), ParseReason::Malformed("resource"));
        assert_eq!(
            refused(&with(r#""data_period":{"start":"canary"}"#)),
            ParseReason::Malformed("data_period")
        );
        assert_eq!(refused(&with(r#""action":"canary""#)), ParseReason::Shape);
        assert_eq!(
            Request::parse(with(r#""action":"Disclose""#).as_bytes()).unwrap().action,
            Action::Disclose
        );
        assert_eq!(refused(r#"{"org":"o","patient":"canary","purpose":"TREAT"}"#), ParseReason::NoPatient);
        assert_eq!(
            refused(r#"{"org":"o","patient":"pt_1","purpose":"TREAT","canary":1}"#),
            ParseReason::Shape
        );
    }

    #[test]
    fn ambiguous_or_unknown_requests_are_refused_without_their_values() {
        let bad: [&[u8]; 7] = [
            br#"{"org":"o","patient":"pt_canary","purpose":"A","purpose":"B"}"#,
            br#"{"org":"o","patient":"pt_canary","purpose":"A","data_class":["canary"]}"#,
            br#"{"org":"canary/../o","patient":"pt_canary","purpose":"A"}"#,
            br#"{"org":"o","patient":"Patient/canary/x","purpose":"A"}"#,
            br#"{"org":"o","patient":"pt_canary","purpose":"A","action":"canary"}"#,
            br#"{"org":"o","patient":"pt_canary","purpose":"A","resource":{"canary":1}}"#,
            br#"{"org":"o","patient":"pt_canary","purpose":["canary"]} trailing"#,
        ];
        for text in bad {
            let error = Request::parse(text).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("canary"));
        }
    }

    #[test]
    fn debug_shows_neither_patient_nor_actor_nor_reason() {
        let mut request = Request::new(
            OrgId::new("o").unwrap(),
            PatientToken::new("pt_canary").unwrap(),
            Purpose::parse("canary"),
        )
        .by(Actor { reference: Some("canary".into()), ..Actor::default() });
        request.break_glass = Some(BreakGlass::new("canary"));
        assert!(!format!("{request:?} {:?} {:?}", request.actor, request.break_glass).contains("canary"));
    }
}
