//! What is known of data.

use std::collections::BTreeSet;

use carewire_fhir_core::{Resource, Value, visit_references};

use crate::model::Coding;
use crate::model::data::{LabelFacts, NO_CLASS, NOT_SAID, Span, bit_of};
use crate::{DataClass, Policy, Request, data_classes_of};

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
    /// What a resource says of itself. Its classes are those of [`data_classes_of`].
    #[must_use]
    pub fn of(resource: &Resource) -> Self {
        Self { classes: data_classes_of(resource), resource: ResourceFacts::of(resource.value()) }
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

impl ResourceFacts {
    pub(crate) fn of(resource: &Value) -> Self {
        let resource_type = resource.str("resourceType").unwrap_or_default();
        let meta = resource.get("meta");
        let mut facts = Self {
            resource_type: resource_type.into(),
            reference: resource.str("id").map(|id| format!("{resource_type}/{id}").into()),
            dates: dates(resource),
            authors: AUTHORS.iter().filter_map(|name| resource.get(name)).flat_map(references).collect(),
            ..Self::default()
        };
        if let Some(meta) = meta {
            facts.labels = meta.list("security").iter().filter_map(coding).collect();
            facts.profiles = meta.list("profile").iter().filter_map(Value::as_str).map(Into::into).collect();
        }
        for (name, element) in resource.members().filter(|(name, _)| *name != "meta") {
            collect_codings(name, element, &mut facts.codings);
        }
        facts.references = references(resource);
        facts
    }
}

fn references(value: &Value) -> Vec<Box<str>> {
    let mut found = Vec::new();
    visit_references(value, &mut |_, reference| found.push(reference.into()));
    found
}

fn dates(resource: &Value) -> Option<Span> {
    let element = DATES.iter().find_map(|name| resource.get(name))?;
    match element.as_str() {
        Some(text) => Span::of(text),
        None => Span::parse(element.str("start"), element.str("end")),
    }
}

fn coding(value: &Value) -> Option<Coding> {
    Some(Coding { system: value.str("system").map(Into::into), code: value.str("code")?.into() })
}

fn collect_codings(name: &str, value: &Value, into: &mut Vec<Coding>) {
    let is_coding = name == "coding" || (name == "class" && value.str("code").is_some());
    for item in value.items() {
        if is_coding {
            into.extend(coding(item));
        }
        collect_codings(name, item, into);
    }
    if name == "class" && is_coding {
        into.extend(coding(value));
    }
    for (name, member) in value.members() {
        collect_codings(name, member, into);
    }
}
