//! The classes of the entries of a Bundle.

use std::collections::{BTreeSet, HashMap};

use carewire_fhir_core::Resource;
use carewire_fhir_core::json::{JsonNode, NameId};

use super::{CATEGORY, Classes, ENTRY, FULL_URL, REFERENCE, RESOURCE, RESOURCE_TYPE};
use crate::DataClass;
use crate::facts::items;

/// The classes of each entry of a Bundle, in order. Empty for an entry without a resource, or without data of a patient.
///
/// What tells about other resources (`Provenance`, `AuditEvent`, `MessageHeader`) has the classes of its targets; where it
/// names none, or one that is not in the Bundle, those of the whole.
///
/// An `Observation` or `ServiceRequest` without a `category` that a `DiagnosticReport` of the Bundle names as its result
/// or its order has the classes of that report: the section of a laboratory is told once, for the report.
#[must_use]
pub fn entry_data_classes(bundle: &Resource) -> Vec<BTreeSet<DataClass>> {
    classes_of_entries(bundle.value())
}

/// As [`entry_data_classes`], whatever the Bundle is kept in.
pub(crate) fn classes_of_entries<'n>(bundle: impl JsonNode<'n>) -> Vec<BTreeSet<DataClass>> {
    let reported = reported(bundle);
    let entries: Vec<Entry<'n>> = items(bundle, ENTRY).map(|entry| Entry::of(entry, &reported)).collect();
    let mut whole = Classes::default();
    for entry in &entries {
        whole.own.extend(entry.classes.own.iter().cloned());
        whole.follows |= entry.classes.follows;
    }
    let whole = whole.standing_alone();
    let by_url: HashMap<&str, &Entry<'n>> =
        entries.iter().filter_map(|entry| Some((entry.full_url?, entry))).collect();
    let of_entry = |entry: &Entry<'n>| {
        if !entry.classes.follows {
            return entry.classes.own.clone();
        }
        let followed = entry.followed(&by_url).unwrap_or_else(|| whole.clone());
        entry.classes.own.union(&followed).cloned().collect()
    };
    entries.iter().map(of_entry).collect()
}

struct Entry<'n> {
    full_url: Option<&'n str>,
    classes: Classes,
    /// What it tells about.
    targets: Vec<&'n str>,
}

impl<'n> Entry<'n> {
    fn of(entry: impl JsonNode<'n>, reported: &HashMap<&str, BTreeSet<DataClass>>) -> Self {
        let full_url = entry.text(FULL_URL);
        let Some(resource) = entry.member(RESOURCE) else {
            return Self { full_url, classes: Classes::default(), targets: Vec::new() };
        };
        let takes_part = matches!(resource.text(RESOURCE_TYPE), Some("Observation" | "ServiceRequest"))
            && items(resource, CATEGORY).next().is_none();
        let report = full_url.filter(|_| takes_part).and_then(|url| reported.get(url));
        let classes = match report {
            Some(report) => Classes { own: report.clone(), follows: false },
            None => Classes::of(resource),
        };
        let targets = if classes.follows { targets(resource) } else { Vec::new() };
        Self { full_url, classes, targets }
    }

    /// The classes of all that it tells about; `None` where one of them is not here, or tells about others itself.
    fn followed(&self, by_url: &HashMap<&str, &Self>) -> Option<BTreeSet<DataClass>> {
        let mut all = BTreeSet::new();
        for target in &self.targets {
            let target = by_url.get(target).filter(|target| !target.classes.follows)?;
            all.extend(target.classes.own.iter().cloned());
        }
        (!all.is_empty()).then_some(all)
    }
}

/// What a resource tells about, as it refers to it; one that refers by something else than a text is among them, empty.
pub(crate) fn targets<'n>(resource: impl JsonNode<'n>) -> Vec<&'n str> {
    const ELEMENTS: [(&str, NameId); 2] =
        [("Provenance", NameId::element("target")), ("MessageHeader", NameId::element("focus"))];
    let kind = resource.text(RESOURCE_TYPE);
    if kind == Some("AuditEvent") {
        let whats = items(resource, NameId::element("entity"));
        let whats = whats.filter_map(|entity| entity.member(NameId::element("what")));
        return whats.map(|what| what.text(REFERENCE).unwrap_or_default()).collect();
    }
    let element = ELEMENTS.iter().find(|(name, _)| kind == Some(name));
    let named = element.into_iter().flat_map(|(_, element)| items(resource, *element));
    named.map(|target| target.text(REFERENCE).unwrap_or_default()).collect()
}

/// What the reports of a Bundle that have a category say about their results and orders.
fn reported<'n>(bundle: impl JsonNode<'n>) -> HashMap<&'n str, BTreeSet<DataClass>> {
    let mut reported: HashMap<&str, BTreeSet<DataClass>> = HashMap::new();
    let resources = items(bundle, ENTRY).filter_map(|entry| entry.member(RESOURCE));
    let reports = resources.filter(|resource| {
        resource.text(RESOURCE_TYPE) == Some("DiagnosticReport")
            && items(*resource, CATEGORY).next().is_some()
    });
    for report in reports {
        let classes = Classes::of(report).own;
        let parts = items(report, NameId::element("result")).chain(items(report, NameId::element("basedOn")));
        for url in parts.filter_map(|part| part.text(REFERENCE)) {
            reported.entry(url).or_default().extend(classes.iter().cloned());
        }
    }
    reported
}
