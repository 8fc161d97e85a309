//! What a permit leaves of a resource or a Bundle.

mod edit;
mod plan;
mod span;
mod text;
mod whose;

use std::collections::BTreeMap;

use carewire_fhir_core::{Limits, ParseError, Resource};
use serde::Serialize;

use crate::{Labeller, Obligation, Policy, Request, Response};
use plan::Plan;
use whose::Patient;

/// Applies a decision to the data that it is about: what the decision does not permit goes.
///
/// - A resource stays or goes whole, with what it contains; [`Obligation::RedactElement`] takes elements out of what stays.
/// - A resource of the patient's compartment stays only if it is about the patient of the request, and no resource that names
///   another patient does. A subject that leads nowhere is nobody's.
/// - `Provenance`, `AuditEvent` and `MessageHeader` stay if all that they tell about is in the Bundle and stays. A Bundle in
///   a Bundle stays or goes whole; so does an entry without a resource: it goes.
/// - What holds no data of a patient (`Organization`, …) needs no permit; what is redacted by its labels or codes goes all the same.
/// - `total` is counted anew where the Bundle is the whole answer, and removed where it is a page, whether something was
///   withheld or not: it would tell. A signature goes with the first change, and links stay.
///
/// Everything else stays as it is, in its order. Of the other obligations nothing is done: [`Applied::duties`] has them.
///
/// ```
/// use carewire_consent::{Consent, Filter, Policy, Request, evaluate};
/// use carewire_fhir_core::{OrgId, Resource};
/// let consent = Consent::parse(
///     br#"{"id":"c1","org":"o","patient":"pt_1","purpose":"CARE","state":"ACTIVE","data_classes":["CONDITIONS"]}"#,
///     &OrgId::new("o")?)?;
/// let request = Request::parse(br#"{"org":"o","patient":"pt_1","purpose":"TREAT"}"#)?;
/// let policy = Policy::default();
/// let response = evaluate(&request, &[consent], &policy, chrono::DateTime::UNIX_EPOCH);
///
/// let bundle = Resource::parse(br#"{"resourceType":"Bundle","type":"searchset","total":3,"entry":[
///     {"resource":{"resourceType":"Condition","subject":{"reference":"Patient/pt_1"}}},
///     {"resource":{"resourceType":"Condition","subject":{"reference":"Patient/pt_2"}}},
///     {"resource":{"resourceType":"Immunization","patient":{"reference":"Patient/pt_1"}}}]}"#)?;
/// let applied = Filter::new(&response, &policy, &request).apply(&bundle);
/// assert_eq!(applied.withheld.values().sum::<usize>(), 2);
/// assert_eq!(applied.resource.map(|left| left.to_json()).as_deref(), Some(
///     r#"{"resourceType":"Bundle","type":"searchset","total":1,"entry":[{"resource":{"resourceType":"Condition","subject":{"reference":"Patient/pt_1"}}}]}"#));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Filter<'a> {
    response: &'a Response,
    policy: &'a Policy,
    patient: Patient,
    labeller: Option<&'a Labeller>,
    dangling: Dangling,
}

/// What becomes of references to what was withheld.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Dangling {
    /// They go, and with them the narrative of the resource that they stood in: both would tell what was there. Those to the
    /// patient stay.
    #[default]
    Cut,
    /// They stay, and tell that something was there.
    Keep,
}

/// Why something was withheld.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Withheld {
    /// The decision denies.
    Denied,
    /// There is no resource that could be looked at.
    NoResource,
    /// No class describes it.
    Unclassified,
    /// It is about another patient, or names one.
    OtherPatient,
    /// It is not known whom it is about.
    NoPatient,
    /// It is not among what is permitted.
    NotPermitted,
    /// It, or something that it contains, is redacted.
    Redacted,
    /// It tells about something that was withheld, or is not there.
    TellsAboutWithheld,
    /// It is a Bundle in which something would be withheld.
    BundleInside,
}

/// What is left, and how much is not.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[must_use]
pub struct Applied<R = Resource> {
    /// What is left; `None` when that is nothing. A Bundle is left even without entries.
    pub resource: Option<R>,
    /// How many resources were withheld, by reason.
    pub withheld: BTreeMap<Withheld, usize>,
    /// What is still to be done with what is left.
    pub duties: Vec<Obligation>,
}

/// [`Applied`] to a text.
pub type AppliedText = Applied<String>;

impl<'a> Filter<'a> {
    /// Applies `response` to data of the patient of `request`, who is known as `Patient/` and the token. `policy` is the one that
    /// was decided with.
    #[must_use]
    pub fn new(response: &'a Response, policy: &'a Policy, request: &Request) -> Self {
        let patient = Patient::of(&request.patient);
        Self { response, policy, patient, labeller: None, dangling: Dangling::default() }
    }

    /// A further reference that means the patient, for example `https://ehr.example/fhir/Patient/7`. A relative reference
    /// in an entry means what it means beside the entry's `fullUrl`: there `Patient/7` may be that patient, alone it is not.
    #[must_use]
    pub fn known_as(mut self, reference: &str) -> Self {
        self.patient.add_reference(reference);
        self
    }

    /// An identifier that is the patient's.
    #[must_use]
    pub fn identified_by(mut self, system: &str, value: &str) -> Self {
        self.patient.add_identifier(system, value);
        self
    }

    /// Somebody to label what is looked at. The labels count for the decision and are not written.
    #[must_use]
    pub fn with_labeller(mut self, labeller: &'a Labeller) -> Self {
        self.labeller = Some(labeller);
        self
    }

    /// What becomes of references to what was withheld.
    #[must_use]
    pub fn with_dangling(mut self, dangling: Dangling) -> Self {
        self.dangling = dangling;
        self
    }

    /// What is left of a resource or a Bundle.
    pub fn apply(&self, resource: &Resource) -> Applied {
        let plan = Plan::of(self, resource.value());
        let left = plan.keeps_something().then(|| edit::resource(self, &plan, resource.clone()));
        self.applied(&plan, left)
    }

    /// As [`apply`](Self::apply), from text to text: what stays keeps its bytes.
    ///
    /// # Errors
    /// [`ParseError`] when the text is no JSON. What is no resource is withheld.
    pub fn apply_text(&self, text: &[u8], limits: &Limits) -> Result<AppliedText, ParseError> {
        text::apply(self, text, limits)
    }

    fn applied<R>(&self, plan: &Plan<'_>, resource: Option<R>) -> Applied<R> {
        let duties = self.response.obligations.iter().filter(|duty| !duty.is_residual());
        Applied { resource, withheld: plan.withheld(), duties: duties.cloned().collect() }
    }

    /// The elements that go, of resources of this type.
    fn redacted_elements<'s>(&'s self, resource_type: &'s str) -> impl Iterator<Item = &'s str> {
        self.response.obligations.iter().filter_map(move |obligation| match obligation {
            Obligation::RedactElement { element } => element.strip_prefix(resource_type)?.strip_prefix('.'),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests;
