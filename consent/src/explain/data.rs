//! In words: which data an obligation is about. Codes of vocabularies that are carried are shown; all others are only told of.

use carewire_fhir_core::resource_types;

use crate::condition::Condition;
use crate::label::{Label, label};
use crate::model::data::{DataFilter, Dates};

/// For example `what is labelled R (c1, Consent.provision.provision[0])`.
pub(super) fn what(condition: &Condition) -> String {
    let elements: Vec<String> = condition.filters.iter().flat_map(elements).collect();
    let about = if elements.is_empty() {
        "everything".to_owned()
    } else {
        format!("what {}", elements.join(" and "))
    };
    let but = if condition.except.is_empty() { "" } else { ", but for its exceptions" };
    format!("{about}{but} ({}, {})", condition.consent(), condition.path())
}

/// What data must be to fit all elements of a provision.
fn elements(filter: &DataFilter) -> Vec<String> {
    let told = |is_there: bool, words: &str| is_there.then(|| words.to_owned());
    let classes = &filter.classes;
    let named = |words: &str, names: Vec<&str>| {
        (!names.is_empty()).then(|| format!("{words} {}", names.join(" or ")))
    };
    let types = || classes.types.iter().map(|name| &**name);
    let known_types = types().filter(|name| resource_types().any(|known| known == *name)).collect();
    let of_classes = [
        named("is of the class", classes.known.iter().map(crate::DataClass::as_str).collect()),
        named("is of the type", known_types),
        told(!classes.profiles.is_empty(), "has a profile that it names"),
        told(!classes.documents.is_empty(), "is of a type of documents that it names"),
    ];
    let of_classes: Vec<String> = of_classes.into_iter().flatten().collect();
    let others = [
        told(!of_classes.is_empty(), &of_classes.join(" or ")),
        labels(filter),
        told(!filter.codes.codings.is_empty(), "holds a code that it names"),
        told(filter.dates != Dates::Any, "is of a time that it names"),
        told(!filter.data.refs.is_empty(), "is, or belongs to, data that it names"),
        told(!filter.authors.refs.is_empty(), "was written by an author whom it names"),
        told(filter.has_unknown(), "may be something that is not understood"),
    ];
    others.into_iter().flatten().collect()
}

fn labels(filter: &DataFilter) -> Option<String> {
    let codings = filter.labels.codings();
    let known = |coding: &&crate::model::Coding| {
        matches!(label(coding), Label::Confidentiality(_) | Label::Sensitivity(_))
    };
    let codes: Vec<&str> = codings.iter().filter(known).map(|coding| &*coding.code).collect();
    match (codings.is_empty(), codes.len() == codings.len()) {
        (true, _) => None,
        (false, true) => Some(format!("is labelled {}", codes.join(" or "))),
        (false, false) => Some("bears a label that it names".to_owned()),
    }
}
