//! `Consent.provision`, to any depth.

use carewire_fhir_core::{Kind, Value};

use super::{actor, effect};
use crate::model::data::{Classes, Codes, DataFilter, DataRef, DataRefs, Dates, Labels, Meaning};
use crate::model::{Actions, Coding, Period, Provision, Purposes, Unknown};
use crate::source::reading::{codings, concepts, items, knows_all, period};
use crate::system::{RESOURCE_TYPES, canonical};
use crate::{Action, DataClass, Ruling};

/// The elements that say what a provision is about: each that is there narrows it.
pub(super) const ABOUT: [&str; 10] = [
    "actor",
    "action",
    "purpose",
    "securityLabel",
    "class",
    "documentType",
    "resourceType",
    "code",
    "dataPeriod",
    "data",
];

/// Its other elements.
const OTHERS: [&str; 6] = ["id", "extension", "modifierExtension", "type", "period", "provision"];

/// Reads a provision. One that states no type has the effect `given`.
pub(super) fn read(value: &Value, path: String, given: Option<Ruling>) -> Provision {
    let (effect, mut unknown) = match value.get("type").map(effect) {
        Some(Some(own)) => (Some(own), None),
        Some(None) => (None, Some(Unknown::Effect)),
        None => (given, None),
    };
    let (actors, authors) = actor::read(value);
    let (actions, odd_actions) = actions(value);
    let (purposes, odd_purposes) = codings(value, "purpose");
    let provisions = list(value, &path, effect, &mut unknown);
    if value.kind() != Kind::Object || !knows_all(value, &[ABOUT.as_slice(), &OTHERS].concat()) {
        unknown = Some(Unknown::Element);
    }
    if value.get("modifierExtension").is_some() {
        unknown = Some(Unknown::Modifier);
    }
    Provision {
        effect,
        unknown,
        period: period(value, "period", ["start", "end"]).map_or(Period::Always, Period::of),
        actors,
        actions: Actions::new(actions, odd_actions),
        purposes: Purposes::new(&purposes, odd_purposes),
        data: DataFilter { authors, ..data(value, effect) },
        provisions,
        path: path.into(),
    }
}

/// The provisions below one.
pub(super) fn list(
    value: &Value,
    path: &str,
    effect: Option<Ruling>,
    unknown: &mut Option<Unknown>,
) -> Box<[Provision]> {
    let Some(provisions) = items(value, "provision") else {
        *unknown = Some(Unknown::Element);
        return Box::default();
    };
    let provisions = provisions.iter().enumerate();
    provisions.map(|(n, item)| below(item, format!("{path}.provision[{n}]"), effect)).collect()
}

/// An exception: without a type the inverse of what is above it.
fn below(value: &Value, path: String, above: Option<Ruling>) -> Provision {
    let mut provision = read(value, path, above.map(inverse));
    if provision.effect.is_none() {
        provision.unknown = provision.unknown.or(Some(Unknown::Effect));
    }
    provision
}

fn inverse(effect: Ruling) -> Ruling {
    match effect {
        Ruling::Permit => Ruling::Deny,
        Ruling::Deny => Ruling::Permit,
    }
}

fn actions(value: &Value) -> (Vec<Action>, bool) {
    let (codings, mut has_unknown) = concepts(value, "action");
    let mut actions = Vec::new();
    for coding in &codings {
        match Action::from_code(&coding.code) {
            Some(action) => actions.push(action),
            None => has_unknown = true,
        }
    }
    (actions, has_unknown)
}

fn data(value: &Value, effect: Option<Ruling>) -> DataFilter {
    let (labels, odd_labels) = codings(value, "securityLabel");
    let (codes, odd_codes) = concepts(value, "code");
    let dates = match period(value, "dataPeriod", ["start", "end"]) {
        None => Dates::Any,
        Some(Some(span)) if !span.is_contradictory() => Dates::Within(span),
        Some(_) => Dates::Unreadable,
    };
    DataFilter {
        labels: Labels::new(labels, odd_labels, effect.unwrap_or_default()),
        classes: classes(value),
        codes: Codes::new(codes, odd_codes),
        dates,
        data: references(value),
        authors: DataRefs::default(),
    }
}

const PROFILES: [&str; 2] = ["urn:ietf:rfc:3986", "http://hl7.org/fhir/StructureDefinition"];

/// `class` of R4; `resourceType` and `documentType` of R5.
fn classes(value: &Value) -> Classes {
    let (of_r4, odd) = codings(value, "class");
    let (types, odd_types) = codings(value, "resourceType");
    let (documents, odd_documents) = codings(value, "documentType");
    let mut sorted = Sorted::default();
    of_r4.into_iter().for_each(|coding| sorted.add(coding));
    sorted.types.extend(types.into_iter().map(|coding| coding.code));
    sorted.documents.extend(documents);
    let has_unknown = odd || odd_types || odd_documents || sorted.has_unknown;
    Classes::new(sorted.classes, sorted.types, sorted.profiles, sorted.documents, has_unknown)
}

#[derive(Default)]
struct Sorted {
    classes: Vec<DataClass>,
    types: Vec<Box<str>>,
    profiles: Vec<Box<str>>,
    documents: Vec<Coding>,
    has_unknown: bool,
}

impl Sorted {
    fn add(&mut self, coding: Coding) {
        let class = DataClass::parse(&coding.code);
        match canonical(coding.system.as_deref()) {
            Some(RESOURCE_TYPES) => self.types.push(coding.code),
            Some(system) if PROFILES.contains(&system) => self.profiles.push(coding.code),
            Some(_) if !class.is_permittable() => self.documents.push(coding),
            _ if class.is_permittable() => self.classes.push(class),
            _ if carewire_fhir_core::resource_types().any(|name| name == &*coding.code) => {
                self.types.push(coding.code)
            }
            _ => self.has_unknown = true,
        }
    }
}

fn references(value: &Value) -> DataRefs {
    let Some(items) = items(value, "data") else { return DataRefs::new(vec![], true) };
    let refs: Vec<DataRef> = items.iter().filter_map(reference).collect();
    let has_unknown = refs.len() < items.len();
    DataRefs::new(refs, has_unknown)
}

fn reference(item: &Value) -> Option<DataRef> {
    if !knows_all(item, &["id", "extension", "meaning", "reference"]) {
        return None;
    }
    let meaning = match item.str("meaning")? {
        "instance" => Meaning::Instance,
        "related" => Meaning::Related,
        "dependents" => Meaning::Dependents,
        "authoredby" => Meaning::AuthoredBy,
        _ => return None,
    };
    let reference = item.get("reference")?.str("reference").filter(|text| !text.starts_with('#'))?;
    Some(DataRef { meaning, reference: reference.into() })
}
