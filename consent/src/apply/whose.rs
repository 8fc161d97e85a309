//! Whose data a resource holds.

use std::collections::HashMap;

use carewire_fhir_core::json::{JsonNode, NameId};
use carewire_fhir_core::{Compartment, PatientToken, Reference};

use super::Withheld;
use crate::facts::items;
use crate::model::{type_and_id, unversioned};
use crate::source::{id_of, is_global};

/// The names of the patient whom the decision is about.
#[derive(Clone)]
pub(super) struct Patient {
    references: Vec<String>,
    identifiers: Vec<(String, String)>,
}

impl Patient {
    pub(super) fn of(token: &PatientToken) -> Self {
        let mut references = vec![format!("Patient/{token}")];
        if let Some(id) = id_of(token) {
            references.push(format!("Patient/{id}"));
            references.extend(Some(id).filter(|id| is_global(id)));
        }
        Self { references, identifiers: Vec::new() }
    }

    pub(super) fn add_reference(&mut self, reference: &str) {
        self.references.push(unversioned(reference).to_owned());
    }

    pub(super) fn add_identifier(&mut self, system: &str, value: &str) {
        self.identifiers.push((system.to_owned(), value.to_owned()));
    }

    /// Whether a resource of the type Patient is this one: by its id, by its address in a Bundle, by an identifier.
    fn is<'n>(&self, patient: impl JsonNode<'n>, full_url: Option<&str>) -> bool {
        let id = patient.text(ID);
        let mut ids = self.references.iter().filter_map(|own| own.strip_prefix("Patient/"));
        let by_id = id.is_some_and(|id| ids.any(|own| own == id));
        let by_url = full_url.is_some_and(|url| {
            self.is_named(unversioned(url)) && type_and_id(url).is_none_or(|(_, named)| id == Some(named))
        });
        by_id || by_url || self.has_identifier(patient)
    }

    /// Whether a reference without its version means the patient.
    fn is_named(&self, reference: &str) -> bool {
        self.references.iter().any(|own| own == reference)
    }

    fn has_identifier<'n>(&self, patient: impl JsonNode<'n>) -> bool {
        items(patient, IDENTIFIER).any(|identifier| self.owns(identifier))
    }

    fn owns<'n>(&self, identifier: impl JsonNode<'n>) -> bool {
        let pair = identifier.text(SYSTEM).zip(identifier.text(VALUE));
        pair.is_some_and(|(system, value)| {
            self.identifiers.iter().any(|(own, number)| own == system && number == value)
        })
    }
}

/// Where it is known by; the names themselves are the patient's.
impl std::fmt::Debug for Patient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Patient({} references, {} identifiers)", self.references.len(), self.identifiers.len())
    }
}

/// Whom a reference leads to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Leads {
    ToThePatient,
    ToAnother,
    /// To something that is no patient.
    Elsewhere,
    /// To what is not known.
    Nowhere,
}

/// Who is meant in a Bundle, or in a resource by itself.
pub(super) struct Whose<'a, 'n> {
    patient: &'a Patient,
    /// The addresses of the entries, and whom they are.
    entries: HashMap<&'n str, Leads>,
}

impl<'a, 'n> Whose<'a, 'n> {
    /// In a Bundle of these entries.
    pub(super) fn of<N: JsonNode<'n>>(patient: &'a Patient, entries: impl Iterator<Item = N>) -> Self {
        let mut known = HashMap::new();
        for entry in entries {
            let Some((url, resource)) = entry.text(FULL_URL).zip(entry.member(RESOURCE)) else { continue };
            let leads = match resource.text(RESOURCE_TYPE) {
                Some("Patient") if patient.is(resource, Some(url)) => Leads::ToThePatient,
                Some("Patient") => Leads::ToAnother,
                _ => Leads::Elsewhere,
            };
            // Where two entries have one address, nobody knows who is meant.
            known
                .entry(url)
                .and_modify(|known| {
                    if *known != leads {
                        *known = Leads::ToAnother
                    }
                })
                .or_insert(leads);
        }
        Self { patient, entries: known }
    }

    /// Whether it is the Patient whom the decision is about.
    pub(super) fn is_the_patient<N: JsonNode<'n>>(&self, resource: N, full_url: Option<&str>) -> bool {
        resource.text(RESOURCE_TYPE) == Some("Patient") && self.patient.is(resource, full_url)
    }

    /// Whether a resource may be used as data of the patient. `tells` says that it tells about other resources; `full_url`
    /// is its address in a Bundle.
    pub(super) fn judge<N: JsonNode<'n>>(
        &self,
        resource: N,
        full_url: Option<&'n str>,
        tells: bool,
    ) -> Result<(), Withheld> {
        let kind = resource.text(RESOURCE_TYPE).unwrap_or_default();
        if kind == "Patient" && !self.patient.is(resource, full_url) {
            return Err(Withheld::OtherPatient);
        }
        let place = Place { resource, base: full_url.and_then(base) };
        let mut named = Named::default();
        self.visit(resource, place, &mut named);
        if named.another || self.contains_another(resource) {
            return Err(Withheld::OtherPatient);
        }
        let mut has_subject = false;
        for subject in SUBJECTS.iter().filter_map(|name| resource.member(*name)).flat_map(one_or_many) {
            has_subject = true;
            if self.leads(subject, place) != Leads::ToThePatient {
                return Err(Withheld::NoPatient);
            }
        }
        let needs_patient = !Compartment::Patient.parameters(kind).is_empty() && kind != "Patient";
        let is_named = has_subject || (NAMED_ANYWHERE.contains(&kind) && named.the_patient);
        if needs_patient && !tells && !is_named { Err(Withheld::NoPatient) } else { Ok(()) }
    }

    /// Whether another patient is contained, whoever refers to them.
    fn contains_another<N: JsonNode<'n>>(&self, resource: N) -> bool {
        items(resource, CONTAINED).any(|inside| {
            let is_patient = inside.text(RESOURCE_TYPE) == Some("Patient");
            (is_patient && !self.patient.has_identifier(inside)) || self.contains_another(inside)
        })
    }

    /// Every reference of a resource.
    fn visit<N: JsonNode<'n>>(&self, value: N, place: Place<'n, N>, named: &mut Named) {
        if value.member(REFERENCE).is_some() || value.member(IDENTIFIER).is_some_and(|one| !one.is_empty()) {
            match self.leads(value, place) {
                Leads::ToThePatient => named.the_patient = true,
                Leads::ToAnother => named.another = true,
                Leads::Elsewhere | Leads::Nowhere => {}
            }
        }
        value.members().for_each(|(_, member)| self.visit(member, place, named));
        value.items().for_each(|item| self.visit(item, place, named));
    }

    /// Whom a Reference leads to.
    fn leads<N: JsonNode<'n>>(&self, reference: N, place: Place<'n, N>) -> Leads {
        if let Some(text) = reference.text(REFERENCE) {
            return self.text_leads(text, place);
        }
        let is_patient = reference.text(TYPE) == Some("Patient");
        match reference.member(IDENTIFIER) {
            Some(identifier) if self.patient.owns(identifier) => Leads::ToThePatient,
            Some(_) if is_patient => Leads::ToAnother,
            _ => Leads::Nowhere,
        }
    }

    fn text_leads<N: JsonNode<'n>>(&self, text: &str, place: Place<'n, N>) -> Leads {
        let text = unversioned(text);
        // A relative reference is completed by the address of its entry (R4 Bundle, 2.36.4.1).
        let beside = place.base.filter(|_| text.starts_with("Patient/")).map(|base| format!("{base}/{text}"));
        let names = || std::iter::once(text).chain(beside.as_deref());
        if let Some(known) = names().find_map(|name| self.entries.get(name)) {
            return *known;
        }
        match Reference::parse(text) {
            _ if names().any(|name| self.patient.is_named(name)) => Leads::ToThePatient,
            Reference::Contained(id) => self.contained_leads(id, place.resource),
            Reference::Conditional { resource_type: "Patient", query } => {
                let is_own =
                    |(system, value): &(String, String)| query == format!("identifier={system}|{value}");
                if self.patient.identifiers.iter().any(is_own) {
                    Leads::ToThePatient
                } else {
                    Leads::ToAnother
                }
            }
            _ => match type_and_id(text) {
                Some(("Patient", _)) => Leads::ToAnother,
                Some(_) => Leads::Elsewhere,
                None => Leads::Nowhere,
            },
        }
    }

    fn contained_leads<N: JsonNode<'n>>(&self, id: &str, resource: N) -> Leads {
        let found = items(resource, CONTAINED).find(|inside| inside.text(ID) == Some(id));
        match found.map(|inside| (inside.text(RESOURCE_TYPE), inside)) {
            Some((Some("Patient"), inside)) if self.patient.has_identifier(inside) => Leads::ToThePatient,
            Some((Some("Patient"), _)) => Leads::ToAnother,
            Some(_) => Leads::Elsewhere,
            None => Leads::Nowhere,
        }
    }
}

/// Where a reference stands.
#[derive(Clone, Copy)]
struct Place<'n, N> {
    resource: N,
    /// What stands before the type and the id in the address of its entry.
    base: Option<&'n str>,
}

/// Who is named in a resource.
#[derive(Default)]
struct Named {
    the_patient: bool,
    another: bool,
}

fn base(full_url: &str) -> Option<&str> {
    let (kind, id) = type_and_id(full_url).filter(|_| full_url.contains("://"))?;
    unversioned(full_url).strip_suffix(id)?.strip_suffix('/')?.strip_suffix(kind)?.strip_suffix('/')
}

fn one_or_many<'n, N: JsonNode<'n>>(value: N) -> impl Iterator<Item = N> {
    let one = (value.kind() == carewire_fhir_core::Kind::Object).then_some(value);
    one.into_iter().chain(value.items())
}

/// The members by which a resource says whom it is about.
const SUBJECTS: [NameId; 5] = [
    NameId::element("patient"),
    NameId::element("subject"),
    NameId::element("beneficiary"),
    NameId::element("for"),
    NameId::element("individual"),
];

/// Types that name their patient elsewhere.
const NAMED_ANYWHERE: [&str; 5] = ["Appointment", "AppointmentResponse", "Group", "Person", "Schedule"];

const RESOURCE_TYPE: NameId = NameId::element("resourceType");
const RESOURCE: NameId = NameId::element("resource");
const FULL_URL: NameId = NameId::element("fullUrl");
const CONTAINED: NameId = NameId::element("contained");
const ID: NameId = NameId::element("id");
const TYPE: NameId = NameId::element("type");
const REFERENCE: NameId = NameId::element("reference");
const IDENTIFIER: NameId = NameId::element("identifier");
const SYSTEM: NameId = NameId::element("system");
const VALUE: NameId = NameId::element("value");
