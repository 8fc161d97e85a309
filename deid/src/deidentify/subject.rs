//! Which patient a resource of a file is about.

use carewire_fhir_core::json::{JsonNode, NameId};

use super::names::{CONTAINED, ID, IDENTIFIER, REFERENCE, RESOURCE_TYPE, SYSTEM, VALUE};
use super::query::identifier_of;
use crate::patient::{PatientIndex, PatientKey, id_of, known_by};

/// The patients who are known: those of the Bundle around a resource, then those that the caller read before.
#[derive(Clone, Copy, Default)]
pub(crate) struct Known<'k> {
    pub(crate) inside: Option<&'k PatientIndex>,
    pub(crate) given: Option<&'k PatientIndex>,
    /// Systems by which patients are known first.
    pub(crate) preferred: &'k [String],
}

impl<'k> Known<'k> {
    /// The patient whom a resource is about. In a Bundle a Patient is known by the address of the entry, since that is what
    /// references in it mean.
    pub(crate) fn patient_of<'n, N: JsonNode<'n>>(
        self,
        name: &str,
        source: N,
        full_url: Option<&str>,
    ) -> Option<PatientKey> {
        if name == "Patient" {
            let id = full_url.and_then(id_of).or_else(|| source.text(ID))?;
            return Some(self.at(id));
        }
        let named = SUBJECTS.into_iter().filter_map(|name| source.member(name)).find_map(|subject| {
            let first = subject.items().next().unwrap_or(subject);
            self.referred(first, source)
        });
        named.or_else(|| {
            let mut found = None;
            only_patient(source, &mut found).then_some(found).flatten().map(|id| self.at(id))
        })
    }

    /// By the identifier that the patient at this id shows, else by the id.
    fn at(self, id: &str) -> PatientKey {
        let known = self.all().find_map(|index| index.at(id));
        known.cloned().unwrap_or_else(|| PatientKey::Name(id.to_owned()))
    }

    /// By the identifier that a patient with this one is known by, else by this one.
    fn with_identifier(self, system: &str, value: &str) -> PatientKey {
        let known = self.all().find_map(|index| index.with_identifier(system, value));
        known.cloned().unwrap_or_else(|| PatientKey::identifier(system, value))
    }

    fn all(self) -> impl Iterator<Item = &'k PatientIndex> {
        self.inside.into_iter().chain(self.given)
    }

    /// The patient that a reference of a resource leads to, in any spelling.
    fn referred<'n, N: JsonNode<'n>>(self, reference: N, source: N) -> Option<PatientKey> {
        let Some(target) = reference.text(REFERENCE) else {
            let identifier = reference.member(IDENTIFIER)?;
            let value = identifier.text(VALUE).filter(|value| !value.is_empty())?;
            return Some(self.with_identifier(identifier.text(SYSTEM).unwrap_or_default(), value));
        };
        if let Some(id) = target.strip_prefix('#') {
            let mut all = source.member(CONTAINED)?.items();
            let one = all.find(|one| one.text(ID) == Some(id))?;
            let is_patient = one.text(RESOURCE_TYPE) == Some("Patient");
            return is_patient.then(|| known_by(one, self.preferred)).flatten();
        }
        if target.contains('?') {
            let (_, identifier) = identifier_of(target).filter(|(kind, _)| *kind == "Patient")?;
            let (system, value) = identifier.split_once('|').unwrap_or(("", &identifier));
            return Some(self.with_identifier(system, value));
        }
        id_of(target).map(|id| self.at(id))
    }
}

/// The members by which a resource names the patient that it is about, the surest first.
const SUBJECTS: [NameId; 7] = [
    NameId::element("patient"),
    NameId::element("subject"),
    NameId::element("beneficiary"),
    NameId::element("for"),
    NameId::element("individual"),
    NameId::element("candidate"),
    NameId::element("focus"),
];

/// Finds the one patient that is named as such anywhere; false when there are two.
fn only_patient<'n>(value: impl JsonNode<'n>, found: &mut Option<&'n str>) -> bool {
    for (name, member) in value.members() {
        let is_reference = name.id() == Some((REFERENCE, false));
        let patient = member.as_str().filter(|_| is_reference).filter(|text| text.contains("Patient/"));
        if let Some(id) = patient.and_then(id_of) {
            if found.is_some_and(|known| known != id) {
                return false;
            }
            *found = Some(id);
        }
        if !only_patient(member, found) {
            return false;
        }
    }
    value.items().all(|item| only_patient(item, found))
}
