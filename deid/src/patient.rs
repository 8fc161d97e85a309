//! Who a patient is: one rule for FHIR and v2, so that all that is his moves alike.

use std::collections::HashMap;
use std::sync::Arc;

use carewire_fhir_core::Limits;
use carewire_fhir_core::json::{JsonNode, NameId, Tape};

use crate::transform::Shift;
use crate::{Error, Pseudonymizer, Result};

/// What a patient is known by.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) enum PatientKey {
    /// The identifier that was chosen.
    Identifier { system: String, value: String },
    /// An id or a token, where nothing else is shown.
    Name(String),
}

impl PatientKey {
    pub(crate) fn identifier(system: &str, value: &str) -> Self {
        Self::Identifier { system: system.to_owned(), value: value.to_owned() }
    }

    /// What the keyed surrogates of the patient are made of.
    pub(crate) fn parts(&self) -> Vec<&[u8]> {
        match self {
            Self::Identifier { system, value } => vec![system.as_bytes(), value.as_bytes()],
            Self::Name(name) => vec![name.as_bytes()],
        }
    }

    pub(crate) fn shift(&self, keys: &Pseudonymizer, limit: u16) -> Shift {
        Shift::new(keys, &self.parts(), limit)
    }
}

/// An identifier that a patient may be known by.
#[derive(Clone)]
pub(crate) struct Candidate {
    pub(crate) system: String,
    pub(crate) value: String,
    /// A code of table 0203.
    pub(crate) kind: String,
    pub(crate) has_authority: bool,
}

/// Of the identifiers of a patient, the one that he is known by: the first whose system is preferred, in that order;
/// else the first of type `MR`; else `PI`; else the first with an authority; else the first.
pub(crate) fn choose<'c>(candidates: &'c [Candidate], preferred: &[String]) -> Option<&'c Candidate> {
    let of_type = |kind: &str| candidates.iter().find(|one| one.kind == kind);
    preferred
        .iter()
        .find_map(|system| candidates.iter().find(|one| one.system == *system))
        .or_else(|| of_type("MR"))
        .or_else(|| of_type("PI"))
        .or_else(|| candidates.iter().find(|one| one.has_authority))
        .or_else(|| candidates.first())
}

/// The patients of some files: what each is known by, and what leads to him.
///
/// A line of NDJSON names its patient by an id alone, so his dates move by the id. Who wants them to move as they do in
/// Bundles and in messages of HL7 v2 reads the Patients first and hands this to
/// [`Exporter::with_patients`](crate::Exporter::with_patients). It holds two texts for each patient and nothing of what
/// else is said of him.
///
/// ```
/// use carewire_deid::PatientIndex;
/// let mut patients = PatientIndex::default();
/// patients.read(br#"{"resourceType":"Patient","id":"7","identifier":[{"system":"urn:oid:1.2.3","value":"MRN-7"}]}"#)?;
/// patients.read(br#"{"resourceType":"Observation","status":"final"}"#)?;
/// assert_eq!(patients.len(), 1);
/// # Ok::<(), carewire_deid::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct PatientIndex {
    preferred: Vec<String>,
    /// By id or UUID.
    by_id: HashMap<Box<str>, Entry>,
    /// By system and value of any identifier.
    by_identifier: HashMap<(Box<str>, Box<str>), Entry>,
    patients: usize,
}

/// A patient; `None` where two have the same name.
type Entry = Option<Arc<PatientKey>>;

impl PatientIndex {
    /// The systems of identifiers by which patients are known first: those that the map from v2 is given.
    #[must_use]
    pub fn with_patient_systems(mut self, systems: impl IntoIterator<Item = String>) -> Self {
        self.preferred = systems.into_iter().collect();
        self
    }

    /// Adds the Patients of a resource or Bundle; everything else is passed over.
    ///
    /// # Errors
    /// [`Error::Unreadable`] when the text is no JSON.
    pub fn read(&mut self, text: &[u8]) -> Result<()> {
        let tape = Tape::parse(text, &Limits::default()).map_err(|source| Error::Unreadable { source })?;
        self.add(tape.root(), None);
        Ok(())
    }

    /// How many Patients were read.
    #[must_use]
    pub fn len(&self) -> usize {
        self.patients
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.patients == 0
    }

    /// The Patients of a resource, or of a Bundle and of Bundles in it.
    pub(crate) fn add<'n>(&mut self, resource: impl JsonNode<'n>, full_url: Option<&str>) {
        match resource.text(RESOURCE_TYPE) {
            Some("Bundle") => {
                let entries = resource.member(ENTRY).into_iter().flat_map(JsonNode::items);
                for entry in entries {
                    if let Some(inside) = entry.member(RESOURCE) {
                        self.add(inside, entry.text(FULL_URL));
                    }
                }
            }
            Some("Patient") => self.patient(resource, full_url),
            _ => {}
        }
    }

    fn patient<'n>(&mut self, patient: impl JsonNode<'n>, full_url: Option<&str>) {
        self.patients += 1;
        let names = [patient.text(ID), full_url.and_then(id_of)];
        let by_name = || names.into_iter().flatten().next().map(|name| PatientKey::Name(name.to_owned()));
        let Some(key) = known_by(patient, &self.preferred).or_else(by_name).map(Arc::new) else { return };
        for name in names.into_iter().flatten() {
            enter(&mut self.by_id, name.into(), &key);
        }
        for identifier in patient.member(IDENTIFIER).into_iter().flat_map(JsonNode::items) {
            if let Some(value) = identifier.text(VALUE) {
                let system = identifier.text(SYSTEM).unwrap_or_default();
                enter(&mut self.by_identifier, (system.into(), value.into()), &key);
            }
        }
    }

    pub(crate) fn at(&self, id: &str) -> Option<&PatientKey> {
        self.by_id.get(id)?.as_deref()
    }

    pub(crate) fn with_identifier(&self, system: &str, value: &str) -> Option<&PatientKey> {
        self.by_identifier.get(&(system.into(), value.into()))?.as_deref()
    }
}

/// What two patients share leads to neither.
fn enter<K: Eq + std::hash::Hash>(map: &mut HashMap<K, Entry>, name: K, key: &Arc<PatientKey>) {
    let known = map.entry(name).or_insert_with(|| Some(Arc::clone(key)));
    if known.as_ref().is_some_and(|known| known != key) {
        *known = None;
    }
}

impl std::fmt::Debug for PatientIndex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PatientIndex({})", self.patients)
    }
}

/// What a Patient is known by, where he shows an identifier.
pub(crate) fn known_by<'n>(patient: impl JsonNode<'n>, preferred: &[String]) -> Option<PatientKey> {
    let identifiers = patient.member(IDENTIFIER).into_iter().flat_map(JsonNode::items);
    let candidates: Vec<Candidate> = identifiers.filter_map(candidate).collect();
    let chosen = choose(&candidates, preferred)?;
    Some(PatientKey::identifier(&chosen.system, &chosen.value))
}

fn candidate<'n>(identifier: impl JsonNode<'n>) -> Option<Candidate> {
    let value = identifier.text(VALUE).map(str::trim).filter(|value| !value.is_empty())?;
    let system = identifier.text(SYSTEM).unwrap_or_default();
    let codings = identifier.member(TYPE).and_then(|kind| kind.member(CODING));
    let kinds = codings.into_iter().flat_map(JsonNode::items).filter_map(|coding| coding.text(CODE));
    let rank = |kind: &&str| match *kind {
        "MR" => 0,
        "PI" => 1,
        _ => 2,
    };
    Some(Candidate {
        system: system.to_owned(),
        value: value.to_owned(),
        kind: kinds.min_by_key(rank).unwrap_or_default().to_owned(),
        has_authority: !system.is_empty() && !is_of_sender(system),
    })
}

/// Whether a system is the one that the map gives to identifiers without an authority.
fn is_of_sender(system: &str) -> bool {
    let named = system.strip_prefix("urn:carewire:authority:").and_then(|rest| rest.split_once(':'));
    named.is_some_and(|(_, name)| name.starts_with("sender:"))
}

/// `Patient/7`, `https://…/Patient/7/_history/1`, `urn:uuid:7`: 7.
pub(crate) fn id_of(reference: &str) -> Option<&str> {
    if let Some(uuid) = reference.strip_prefix("urn:uuid:") {
        return Some(uuid);
    }
    let unversioned = reference.split_once("/_history/").map_or(reference, |(address, _)| address);
    let (before, id) = unversioned.rsplit_once('/')?;
    (before == "Patient" || before.ends_with("/Patient")).then_some(id)
}

const RESOURCE_TYPE: NameId = NameId::element("resourceType");
const ENTRY: NameId = NameId::element("entry");
const RESOURCE: NameId = NameId::element("resource");
const FULL_URL: NameId = NameId::element("fullUrl");
const ID: NameId = NameId::element("id");
const IDENTIFIER: NameId = NameId::element("identifier");
const SYSTEM: NameId = NameId::element("system");
const VALUE: NameId = NameId::element("value");
const TYPE: NameId = NameId::element("type");
const CODING: NameId = NameId::element("coding");
const CODE: NameId = NameId::element("code");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_patient_is_known_by_the_rule_of_the_map() {
        let one = |system: &str, kind: &str, has_authority| Candidate {
            system: system.to_owned(),
            value: system.to_owned(),
            kind: kind.to_owned(),
            has_authority,
        };
        let all =
            [one("none", "SS", false), one("ssa", "SS", true), one("pi", "PI", true), one("mr", "MR", true)];
        let chosen = |all: &[Candidate], preferred: &[&str]| {
            let preferred: Vec<_> = preferred.iter().map(|one| (*one).to_owned()).collect();
            choose(all, &preferred).map(|one| one.system.clone())
        };
        assert_eq!(chosen(&all, &["x", "ssa"]).as_deref(), Some("ssa"));
        assert_eq!(chosen(&all, &[]).as_deref(), Some("mr"));
        assert_eq!(chosen(&all[..3], &[]).as_deref(), Some("pi"));
        assert_eq!(chosen(&all[..2], &[]).as_deref(), Some("ssa"));
        assert_eq!(chosen(&all[..1], &[]).as_deref(), Some("none"));
        assert!(choose(&[], &[]).is_none());
    }

    #[test]
    fn what_two_patients_share_leads_to_neither() {
        let mut index = PatientIndex::default();
        for (id, value) in [("7", "A"), ("7", "B"), ("8", "A")] {
            let json = format!(
                r#"{{"resourceType":"Patient","id":"{id}","identifier":[{{"system":"s","value":"{value}"}}]}}"#
            );
            index.read(json.as_bytes()).unwrap();
        }
        assert!(index.at("7").is_none() && index.at("8").is_some() && index.len() == 3);
        assert_eq!(format!("{index:?}"), "PatientIndex(3)");
    }

    #[test]
    fn an_authority_of_the_sender_is_none() {
        for (system, expected) in [
            ("urn:carewire:authority:org:sender:LAB:H", true),
            ("urn:carewire:authority:org:sender", false),
            ("urn:carewire:authority:org:MRN", false),
            ("urn:oid:1.2.3", false),
        ] {
            assert_eq!(is_of_sender(system), expected, "{system}");
        }
    }
}
