//! Whose a resource is, in a Bundle about several patients.

use std::collections::{BTreeSet, HashMap};

use carewire_fhir_core::{Kind, PatientToken, Value};

use super::Context;
use super::links::{Links, Placed};
use crate::{Error, Refusal, Result};

/// The patient of each resource, in their order.
///
/// In a Bundle about one patient it is that one. In one about several it is the one to whom the references of the
/// resource lead, through other resources too, whether or not the policy lets those references through: what says anything
/// of two patients could go under neither's token. Only the links between the Patients themselves lead on.
pub(super) fn owners<'a>(
    entries: &[Placed<'_>],
    links: &Links,
    context: &Context<'a>,
) -> Result<Vec<Option<&'a PatientToken>>> {
    if !context.are_several() {
        return Ok(vec![context.patient_at(None); entries.len()]);
    }
    let graph = Graph::new(entries, links);
    let owner = |at: usize| {
        let mut patients = graph.patients_of(at).into_iter();
        match (patients.next(), patients.next(), entries.get(at)) {
            (Some(_), Some(_), Some(placed)) => Err(Error::Refused {
                path: format!("entry[{}].{}", placed.index, placed.identity.resource_type),
                reason: Refusal::OfSeveralPatients,
            }),
            (Some(patient), ..) => {
                let patient = entries.get(patient).and_then(|placed| placed.entry.str("fullUrl"));
                Ok(context.patient_at(patient))
            }
            _ => Ok(None),
        }
    };
    (0..entries.len()).map(owner).collect()
}

/// What refers to what.
struct Graph {
    is_patient: Vec<bool>,
    targets: Vec<BTreeSet<usize>>,
}

impl Graph {
    fn new(entries: &[Placed<'_>], links: &Links) -> Self {
        let is_patient: Vec<bool> =
            entries.iter().map(|placed| placed.identity.resource_type == "Patient").collect();
        let mut places = Places { links, by_url: HashMap::new(), by_identifier: HashMap::new() };
        for (at, placed) in entries.iter().enumerate() {
            places.by_url.insert(placed.identity.full_url.as_str(), at);
            for key in placed.resource.list("identifier").iter().filter_map(key_of) {
                places.by_identifier.entry(key).or_default().push(at);
            }
        }
        let targets_of = |placed: &Placed<'_>| {
            let mut targets = BTreeSet::new();
            if placed.identity.resource_type == "Patient" {
                places.of_patient(placed.resource, &is_patient, &mut targets);
            } else {
                places.of(placed.resource, &mut targets);
            }
            targets
        };
        let targets = entries.iter().map(targets_of).collect();
        Self { is_patient, targets }
    }

    /// The Patients that can be reached from a resource, itself among them.
    fn patients_of(&self, start: usize) -> BTreeSet<usize> {
        let (mut seen, mut open) = (BTreeSet::from([start]), vec![start]);
        while let Some(at) = open.pop() {
            let targets = self.targets.get(at).into_iter().flatten();
            open.extend(targets.copied().filter(|target| seen.insert(*target)));
        }
        seen.retain(|at| self.is_patient.get(*at) == Some(&true));
        seen
    }
}

/// Where the resources stand.
struct Places<'a> {
    links: &'a Links,
    by_url: HashMap<&'a str, usize>,
    by_identifier: HashMap<(&'a str, &'a str), Vec<usize>>,
}

impl Places<'_> {
    /// What a value refers to, by address or by identifier.
    fn of(&self, value: &Value, found: &mut BTreeSet<usize>) {
        for (name, member) in value.members() {
            match (name, member.kind()) {
                ("reference", Kind::String) => found.extend(self.at(member.as_str().unwrap_or_default())),
                ("identifier", Kind::Object) => {
                    let named = key_of(member).and_then(|key| self.by_identifier.get(&key));
                    found.extend(named.into_iter().flatten());
                }
                _ => {}
            }
            self.of(member, found);
        }
        value.items().iter().for_each(|item| self.of(item, found));
    }

    /// The same for a Patient, whose links to other Patients are not what it says of itself.
    fn of_patient(&self, patient: &Value, is_patient: &[bool], found: &mut BTreeSet<usize>) {
        for (_, member) in patient.members().filter(|(name, _)| *name != "link") {
            self.of(member, found);
        }
        for link in patient.list("link") {
            let other = link.get("other").and_then(|other| self.at(other.str("reference")?));
            let is_linked = other.is_some_and(|other| is_patient.get(other) == Some(&true));
            for (_, member) in link.members().filter(|(name, _)| *name != "other" || !is_linked) {
                self.of(member, found);
            }
        }
    }

    fn at(&self, reference: &str) -> Option<usize> {
        self.by_url.get(self.links.resolve(reference)?).copied()
    }
}

fn key_of(identifier: &Value) -> Option<(&str, &str)> {
    Some((identifier.str("system").unwrap_or_default(), identifier.str("value")?))
}
