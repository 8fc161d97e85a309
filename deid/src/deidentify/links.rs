//! Where references lead, before and after.

use carewire_fhir_core::{PatientToken, Phi, Value};
use std::collections::HashMap;

use super::TOKEN_SYSTEM;
use super::identity::Identity;
use super::query::identifier_of;
use crate::{Error, Refusal, Result};

/// The addresses of a Bundle's resources.
#[derive(Debug, Default)]
pub(super) struct Links {
    targets: Phi<HashMap<String, Option<String>>>,
    /// The tokens of the Patients, by new address.
    tokens: Phi<HashMap<String, String>>,
    external_patient: bool,
}

/// A resource of the Bundle that stays, with its identity.
pub(super) struct Placed<'a> {
    pub(super) index: usize,
    pub(super) entry: &'a Value,
    pub(super) resource: &'a Value,
    pub(super) identity: Identity,
    /// The patient that it belongs to.
    pub(super) patient: Option<&'a PatientToken>,
}

impl Links {
    /// Reads the addresses of all entries that stay.
    ///
    /// The references of a Bundle without a Patient may lead to one patient outside it, not to two.
    pub(super) fn new(entries: &[Placed<'_>]) -> Result<Self> {
        let mut links = Self::default();
        for placed in entries {
            let kind = placed.identity.resource_type;
            for address in addresses(kind, placed.entry, placed.resource) {
                links.add(address, &placed.identity.full_url);
            }
            if placed.identity.system == TOKEN_SYSTEM {
                links
                    .tokens
                    .expose_mut()
                    .insert(placed.identity.full_url.clone(), placed.identity.value.clone());
            }
        }
        if entries.iter().any(|placed| placed.identity.resource_type == "Patient") {
            return Ok(links);
        }
        let mut patients: Vec<_> = entries.iter().flat_map(|placed| subjects(placed.resource)).collect();
        patients.sort_unstable();
        patients.dedup();
        links.external_patient = patients.len() == 1;
        if patients.len() > 1 {
            return Err(Error::Refused { path: "Bundle".to_owned(), reason: Refusal::SeveralPatients });
        }
        Ok(links)
    }

    /// The new address of what a reference leads to.
    pub(super) fn resolve(&self, reference: &str) -> Option<&str> {
        let unversioned = reference.split_once("/_history/").map_or(reference, |(address, _)| address);
        let conditional =
            || identifier_of(unversioned).map(|(kind, identifier)| condition(kind, &identifier));
        let found =
            self.targets.expose().get(unversioned).or_else(|| self.targets.expose().get(&conditional()?));
        found.and_then(Option::as_deref)
    }

    /// The token of the Patient at a new address.
    pub(super) fn token_at(&self, full_url: &str) -> Option<&str> {
        self.tokens.expose().get(full_url).map(String::as_str)
    }

    /// Whether a reference leads to the one patient that a Bundle without a Patient is about.
    pub(super) fn is_the_patient(&self, element: &str, reference: &str) -> bool {
        self.external_patient && SUBJECT_ELEMENTS.contains(&element) && patient_id(reference).is_some()
    }

    /// Two resources at one address: references to it lead nowhere.
    fn add(&mut self, address: String, full_url: &str) {
        let target = self.targets.expose_mut().entry(address).or_insert_with(|| Some(full_url.to_owned()));
        if target.as_deref() != Some(full_url) {
            *target = None;
        }
    }
}

const SUBJECT_ELEMENTS: [&str; 3] = ["subject", "patient", "beneficiary"];

fn addresses(kind: &str, entry: &Value, resource: &Value) -> Vec<String> {
    let mut addresses: Vec<String> = entry.str("fullUrl").map(str::to_owned).into_iter().collect();
    addresses.extend(resource.str("id").map(|id| format!("{kind}/{id}")));
    for identifier in resource.list("identifier") {
        if let Some(value) = identifier.str("value") {
            let system = identifier.str("system").map(|system| format!("{system}|")).unwrap_or_default();
            addresses.push(condition(kind, &format!("{system}{value}")));
        }
    }
    addresses
}

/// What the identifier of a conditional reference is kept under: no address can be of this form.
fn condition(kind: &str, identifier: &str) -> String {
    format!("{kind} {identifier}")
}

fn subjects(resource: &Value) -> impl Iterator<Item = &str> {
    SUBJECT_ELEMENTS
        .iter()
        .filter_map(|name| resource.get(name))
        .flat_map(|subject| std::iter::once(subject).chain(subject.items()))
        .filter_map(|reference| patient_id(reference.str("reference")?))
}

/// `Patient/7`, `https://…/Patient/7`, `Patient/7/_history/2`, `Patient?identifier=…`: what follows the type.
fn patient_id(reference: &str) -> Option<&str> {
    let at =
        if reference.starts_with("Patient") { 0 } else { reference.find("/Patient").map(|at| at + 1)? };
    let rest = reference.get(at..)?.strip_prefix("Patient")?.strip_prefix(['/', '?'])?;
    Some(rest.split_once("/_history/").map_or(rest, |(id, _)| id))
}

#[cfg(test)]
mod tests {
    use super::patient_id;

    #[test]
    fn patient_references_are_known_in_every_form() {
        for reference in ["Patient/7", "https://ehr.example/fhir/Patient/7", "Patient/7/_history/2"] {
            assert_eq!(patient_id(reference), Some("7"), "{reference}");
        }
        assert_eq!(patient_id("Patient?identifier=s|v"), Some("identifier=s|v"));
        for reference in ["#p", "Patients/7", "Group/7", "urn:uuid:7", ""] {
            assert_eq!(patient_id(reference), None, "{reference}");
        }
    }
}
