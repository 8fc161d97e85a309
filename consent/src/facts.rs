//! What is known of data.

use std::collections::BTreeSet;

use carewire_fhir_core::Resource;
use carewire_fhir_core::json::{JsonNode, NameId};

use crate::classify::classes_of;
use crate::model::Coding;
use crate::model::data::{LabelFacts, NO_CLASS, NOT_SAID, Span, bit_of};
use crate::{DataClass, Policy, Request};

/// What is known of data, in the form that rules are compared with.
#[derive(Clone, Debug)]
pub(crate) struct Facts<'a> {
    /// The bits of their classes, or [`NOT_SAID`].
    pub(crate) classes: u32,
    pub(crate) labels: LabelFacts,
    pub(crate) resource: Option<&'a ResourceFacts>,
    /// When they are of.
    pub(crate) dates: Option<Span>,
}

impl<'a> Facts<'a> {
    /// What a request says of the data that it asks for.
    pub(crate) fn of_request(request: &'a Request, policy: &Policy) -> Self {
        let resource = request.resource.as_deref();
        let given: Vec<Coding> = request.labels.iter().map(|label| Coding::parse(label)).collect();
        let labels = given.iter().chain(resource.into_iter().flat_map(|resource| &resource.labels));
        // Nobody says of a whole record that it is normal.
        let unlabelled = if resource.is_some() { policy.unlabelled } else { crate::Unlabelled::NotKnown };
        Self {
            classes: bits(&request.data_classes),
            labels: LabelFacts::new(labels, unlabelled),
            resource,
            dates: request.data_period.or_else(|| resource.and_then(|resource| resource.dates)),
        }
    }

    /// What a resource says of itself.
    pub(crate) fn of(data: &'a Described, policy: &Policy) -> Self {
        Self {
            classes: bits(&data.classes),
            labels: LabelFacts::new(data.resource.labels.iter(), policy.unlabelled),
            resource: Some(&data.resource),
            dates: data.resource.dates,
        }
    }
}

fn bits(classes: &BTreeSet<DataClass>) -> u32 {
    if classes.is_empty() {
        return NOT_SAID;
    }
    classes.iter().map(|class| bit_of(class).unwrap_or(NO_CLASS)).fold(0, |bits, bit| bits | bit)
}

/// A resource as consents see it: its classes, labels, codes, dates and references.
#[derive(Clone, PartialEq, Eq)]
pub struct Described {
    pub(crate) classes: BTreeSet<DataClass>,
    pub(crate) resource: ResourceFacts,
}

impl Described {
    /// What a resource says of itself, and what it contains: its labels are those of both. Its classes are those of
    /// [`data_classes_of`](crate::data_classes_of).
    #[must_use]
    pub fn of(resource: &Resource) -> Self {
        Self::of_node(resource.value())
    }

    /// As [`Described::of`], whatever the resource is kept in.
    pub(crate) fn of_node<'n>(resource: impl JsonNode<'n>) -> Self {
        Self { classes: classes_of(resource), resource: ResourceFacts::of(resource) }
    }

    /// The same resource, with the classes that it has as an entry of a Bundle.
    #[must_use]
    pub fn with_classes(mut self, classes: BTreeSet<DataClass>) -> Self {
        self.classes = classes;
        self
    }

    /// The same resource, with further security labels.
    #[must_use]
    pub fn with_labels(mut self, labels: impl IntoIterator<Item = Coding>) -> Self {
        self.resource.labels.extend(labels);
        self
    }

    /// Its classes of data.
    #[must_use]
    pub fn classes(&self) -> &BTreeSet<DataClass> {
        &self.classes
    }
}

impl std::fmt::Debug for Described {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Described").field("classes", &self.classes).finish_non_exhaustive()
    }
}

/// What a resource says of itself.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct ResourceFacts {
    pub(crate) resource_type: Box<str>,
    /// `Type/id`.
    pub(crate) reference: Option<Box<str>>,
    pub(crate) profiles: Vec<Box<str>>,
    pub(crate) labels: Vec<Coding>,
    /// Every coding in it, apart from `meta`.
    pub(crate) codings: Vec<Coding>,
    /// When it is of.
    pub(crate) dates: Option<Span>,
    /// What it refers to.
    pub(crate) references: Vec<Box<str>>,
    /// Who wrote it.
    pub(crate) authors: Vec<Box<str>>,
}

impl std::fmt::Debug for ResourceFacts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ResourceFacts").finish_non_exhaustive()
    }
}

/// Elements that say when data are of, the clinically relevant time first.
const DATES: [&str; 24] = [
    "effectiveDateTime",
    "effectivePeriod",
    "effectiveInstant",
    "performedDateTime",
    "performedPeriod",
    "occurrenceDateTime",
    "occurrencePeriod",
    "onsetDateTime",
    "onsetPeriod",
    "servicedDate",
    "servicedPeriod",
    "billablePeriod",
    "started",
    "period",
    "authoredOn",
    "whenHandedOver",
    "whenPrepared",
    "recordedDate",
    "recorded",
    "date",
    "dateAsserted",
    "assertedDate",
    "created",
    "issued",
];

/// Elements that say who wrote data.
const AUTHORS: [&str; 12] = [
    "author",
    "performer",
    "recorder",
    "asserter",
    "requester",
    "informationSource",
    "assessor",
    "interpreter",
    "resultsInterpreter",
    "sender",
    "enterer",
    "prescriber",
];

const RESOURCE_TYPE: NameId = NameId::element("resourceType");
const ID: NameId = NameId::element("id");
const META: NameId = NameId::element("meta");
const SECURITY: NameId = NameId::element("security");
const PROFILE: NameId = NameId::element("profile");
const CONTAINED: NameId = NameId::element("contained");
const CLASS: NameId = NameId::element("class");
const CODING: NameId = NameId::element("coding");
const SYSTEM: NameId = NameId::element("system");
const CODE: NameId = NameId::element("code");
const REFERENCE: NameId = NameId::element("reference");
const START: NameId = NameId::element("start");
const END: NameId = NameId::element("end");

impl ResourceFacts {
    pub(crate) fn of<'n>(resource: impl JsonNode<'n>) -> Self {
        let resource_type = resource.text(RESOURCE_TYPE).unwrap_or_default();
        let mut facts = Self {
            resource_type: resource_type.into(),
            reference: resource.text(ID).map(|id| format!("{resource_type}/{id}").into()),
            dates: dates(resource),
            authors: members_of(resource, &AUTHORS).map(|(_, author)| author).flat_map(references).collect(),
            labels: labels(resource),
            ..Self::default()
        };
        let profiles = resource.member(META).and_then(|meta| meta.member(PROFILE));
        let profiles = profiles.into_iter().flat_map(JsonNode::items);
        facts.profiles = profiles.filter_map(JsonNode::as_str).map(Into::into).collect();
        for (name, element) in resource.members() {
            if name.id() != Some((META, false)) {
                collect_codings(name.id(), element, &mut facts.codings);
            }
        }
        facts.references = references(resource);
        facts
    }
}

/// The labels of a resource and of what it contains.
fn labels<'n>(resource: impl JsonNode<'n>) -> Vec<Coding> {
    let security = resource.member(META).and_then(|meta| meta.member(SECURITY));
    let own = security.into_iter().flat_map(JsonNode::items).filter_map(coding);
    let contained = items(resource, CONTAINED);
    own.chain(contained.flat_map(labels)).collect()
}

fn references<'n>(value: impl JsonNode<'n>) -> Vec<Box<str>> {
    let mut found = Vec::new();
    visit_references(value, &mut |reference| found.push(reference.into()));
    found
}

/// The members of these names, each with its place among them.
fn members_of<'n, N: JsonNode<'n>>(object: N, names: &[&str]) -> impl Iterator<Item = (usize, N)> {
    let place = |name: &str| names.iter().position(|known| *known == name);
    object.members().filter_map(move |(name, member)| Some((place(name.as_str())?, member)))
}

/// The items of a member that is an array; none of anything else.
pub(crate) fn items<'n, N: JsonNode<'n>>(object: N, name: NameId) -> impl Iterator<Item = N> {
    object.member(name).into_iter().flat_map(JsonNode::items)
}

/// Every `reference` in a value.
pub(crate) fn visit_references<'n>(value: impl JsonNode<'n>, f: &mut dyn FnMut(&'n str)) {
    for (name, member) in value.members() {
        match member.as_str().filter(|_| name.id() == Some((REFERENCE, false))) {
            Some(text) => f(text),
            None => visit_references(member, f),
        }
    }
    value.items().for_each(|item| visit_references(item, f));
}

fn dates<'n>(resource: impl JsonNode<'n>) -> Option<Span> {
    let (_, element) = members_of(resource, &DATES).min_by_key(|(place, _)| *place)?;
    match element.as_str() {
        Some(text) => Span::of(text),
        None => Span::parse(element.text(START), element.text(END)),
    }
}

fn coding<'n>(value: impl JsonNode<'n>) -> Option<Coding> {
    Some(Coding { system: value.text(SYSTEM).map(Into::into), code: value.text(CODE)?.into() })
}

fn collect_codings<'n>(name: Option<(NameId, bool)>, value: impl JsonNode<'n>, into: &mut Vec<Coding>) {
    let is_class = name == Some((CLASS, false)) && value.text(CODE).is_some();
    let is_coding = is_class || name == Some((CODING, false));
    for item in value.items() {
        if is_coding {
            into.extend(coding(item));
        }
        collect_codings(name, item, into);
    }
    if is_class {
        into.extend(coding(value));
    }
    for (name, member) in value.members() {
        collect_codings(name.id(), member, into);
    }
}
