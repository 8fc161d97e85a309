//! The addresses that resources have after a run: surrogates of what they had before, under one key.

use std::collections::HashMap;

use super::PSEUDONYM_SYSTEM;
use super::identity;
use super::query::identifier_of;
use crate::policy::IdentifierRules;
use crate::{Method, Policy, Pseudonymizer, fhir};

/// Addresses that were asked for lately: the same few are asked for in a row.
pub(super) struct Addresses {
    identifiers: IdentifierRules,
    known: HashMap<String, Option<String>>,
}

/// More are forgotten, so that memory stays flat however long the file is.
const MOST: usize = 4096;

impl Addresses {
    pub(super) fn new(policy: &Policy) -> Self {
        Self { identifiers: policy.identifiers().clone(), known: HashMap::new() }
    }

    /// Whether what a conditional URL names is still found by it: the surrogate of its identifier is told.
    pub(super) fn tells(&self, url: &str) -> bool {
        let own = self.identifiers.otherwise();
        let method = identifier_of(url).map_or(own, |(_, identifier)| {
            let (system, value) = parts(&identifier);
            self.identifiers.method(system, value, own)
        });
        method == Method::Pseudonym
    }

    /// Where a reference or URL leads now; `None` for what is neither.
    pub(super) fn of(&mut self, keys: &Pseudonymizer, target: &str) -> Option<&str> {
        if !self.known.contains_key(target) {
            if self.known.len() >= MOST {
                self.known.clear();
            }
            let leads_on = !target.contains('?') || self.tells(target);
            let address = leads_on.then(|| address(keys, target)).flatten();
            self.known.insert(target.to_owned(), address);
        }
        self.known.get(target)?.as_deref()
    }
}

impl std::fmt::Debug for Addresses {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Addresses({})", self.known.len())
    }
}

/// `Patient/7`, `https://ehr.example/fhir/Patient/7/_history/2`, `urn:uuid:…`, `Patient?identifier=…`.
fn address(keys: &Pseudonymizer, target: &str) -> Option<String> {
    if let Some(urn) = target.strip_prefix("urn:") {
        let text =
            urn.strip_prefix("uuid:").or_else(|| urn.strip_prefix("oid:")).filter(|text| !text.is_empty())?;
        return Some(format!("urn:uuid:{}", uuid(keys, text)));
    }
    let unversioned = target.split_once("/_history/").map_or(target, |(address, _)| address);
    if unversioned.contains('?') {
        let (kind, identifier) = identifier_of(unversioned)?;
        let (name, _) = fhir::resource(kind)?;
        return Some(format!("{name}?{}", condition(keys, &identifier)?));
    }
    let (before, id) = unversioned.rsplit_once('/')?;
    let (name, _) = fhir::resource(before.rsplit('/').next().unwrap_or_default())?;
    (!id.is_empty()).then(|| format!("{name}/{}", id_of(keys, name, id)))
}

/// The surrogate of the id of a resource.
pub(super) fn id_of(keys: &Pseudonymizer, resource_type: &str, id: &str) -> String {
    if keys.is_own(id) {
        return id.to_owned();
    }
    keys.pseudonym("id", &[resource_type.as_bytes(), id.as_bytes()])
}

/// The surrogate of a UUID.
fn uuid(keys: &Pseudonymizer, text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    if keys.is_own_uuid(&lower) { lower } else { keys.own_uuid("uuid", &[lower.as_bytes()]) }
}

/// `identifier=system|value` after it was replaced.
pub(super) fn condition(keys: &Pseudonymizer, identifier: &str) -> Option<String> {
    let (system, value) = parts(identifier);
    let is_empty = value.is_empty();
    (!is_empty).then(|| format!("identifier={PSEUDONYM_SYSTEM}|{}", identity::pseudonym(keys, system, value)))
}

/// The system and the value of `system|value`.
fn parts(identifier: &str) -> (&str, &str) {
    identifier.split_once('|').unwrap_or(("", identifier))
}
