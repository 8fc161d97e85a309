//! What must hold when everything has come to rest.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;

use crate::Result;
use crate::gateway::Health;
use crate::load::{Kind, Ledger, Patient, Planned, number_of_instant};
use crate::remote::{Remote, text};

/// What the remote has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "tests make them")]
pub struct Seen {
    /// The Observations.
    pub results: Vec<SeenResult>,
    /// The Encounters.
    pub visits: Vec<SeenVisit>,
    /// The number of Patients.
    pub patients: usize,
}

/// An Observation.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "tests make them")]
pub struct SeenResult {
    /// Its value.
    pub number: Option<u64>,
    /// Whose.
    pub subject: String,
    /// When it was written.
    pub updated: String,
    /// How often.
    pub versions: usize,
}

/// An Encounter.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "tests make them")]
pub struct SeenVisit {
    /// Whose.
    pub subject: String,
    /// The number and the class of each version, the oldest first.
    pub versions: Vec<(Option<u64>, String)>,
}

impl Seen {
    /// Reads it over HTTP.
    ///
    /// # Errors
    /// When the remote does not answer.
    pub async fn read(remote: &Remote) -> Result<Self> {
        let mut seen = Self { patients: remote.all("Patient").await?.len(), ..Self::default() };
        for observation in remote.all("Observation").await? {
            let versions = remote.history("Observation", text(&observation, "/id")).await?.len();
            seen.results.push(SeenResult::new(&observation, versions));
        }
        for encounter in remote.all("Encounter").await? {
            let versions = remote.history("Encounter", text(&encounter, "/id")).await?;
            seen.visits.push(SeenVisit::new(&encounter, &versions));
        }
        Ok(seen)
    }
}

impl SeenResult {
    fn new(observation: &Value, versions: usize) -> Self {
        Self {
            number: observation.pointer("/valueQuantity/value").and_then(Value::as_u64),
            subject: text(observation, "/subject/reference").to_owned(),
            updated: text(observation, "/meta/lastUpdated").to_owned(),
            versions,
        }
    }
}

impl SeenVisit {
    fn new(encounter: &Value, versions: &[Value]) -> Self {
        let version = |version: &Value| {
            (number_of_instant(text(version, "/period/start")), text(version, "/class/code").to_owned())
        };
        Self {
            subject: text(encounter, "/subject/reference").to_owned(),
            versions: versions.iter().map(version).collect(),
        }
    }
}

/// Compares what was acknowledged with what is there. Each finding is a sentence; none is what is wanted.
#[must_use]
pub fn check(ledger: &Ledger, seen: &Seen, health: &Health) -> Vec<String> {
    let mut findings = Vec::new();
    senders(ledger, &mut findings);
    accounts(ledger, health, &mut findings);
    results(ledger, seen, &mut findings);
    visits(ledger, seen, &mut findings);
    subjects(ledger, seen, &mut findings);
    findings
}

fn senders(ledger: &Ledger, findings: &mut Vec<String>) {
    if ledger.acknowledged.is_empty() {
        findings.push("nothing was acknowledged: the run proves nothing".into());
    }
    if ledger.other_answers > 0 {
        findings.push(format!("{} resends got another answer than the first one", ledger.other_answers));
    }
}

/// Every acknowledged message is pushed; no other one is counted.
fn accounts(ledger: &Ledger, health: &Health, findings: &mut Vec<String>) {
    let wanted = Health { pushed: ledger.acknowledged.len() as u64, ..Health::default() };
    if *health != wanted {
        findings.push(format!("the gateway counts {health:?}, wanted is {wanted:?}"));
    }
}

/// Each result is there once, was written once, and in its patient's order.
fn results(ledger: &Ledger, seen: &Seen, findings: &mut Vec<String>) {
    let mut found: BTreeMap<u64, Vec<&SeenResult>> = BTreeMap::new();
    for result in &seen.results {
        match result.number {
            Some(number) => found.entry(number).or_default().push(result),
            None => findings.push("an Observation has no number".into()),
        }
    }
    let wanted: BTreeSet<u64> = ledger.of_kind(Kind::Result).map(Planned::number).collect();
    for number in wanted.iter().filter(|number| !found.contains_key(number)) {
        findings.push(format!("result {number} was acknowledged and is lost"));
    }
    for (number, results) in &found {
        if !wanted.contains(number) {
            findings.push(format!("result {number} was never acknowledged"));
        }
        let versions: usize = results.iter().map(|result| result.versions).sum();
        if results.len() != 1 || versions != 1 {
            findings
                .push(format!("result {number} is there {} times, in {versions} versions", results.len()));
        }
    }
    let times = found
        .iter()
        .flat_map(|(number, results)| results.iter().map(move |result| (number, &result.updated)));
    let times: Vec<_> = times.collect();
    for pair in times.windows(2) {
        let [(earlier, first), (later, second)] = pair else { continue };
        if Planned::patient_of(**earlier) == Planned::patient_of(**later) && first > second {
            findings.push(format!("result {later} was written before result {earlier}"));
        }
    }
}

/// Each patient has one Encounter, and its versions are the patient's visits in their order.
fn visits(ledger: &Ledger, seen: &Seen, findings: &mut Vec<String>) {
    let mut wanted: BTreeMap<Patient, Vec<(Option<u64>, String)>> = BTreeMap::new();
    for planned in ledger.of_kind(Kind::Visit) {
        let version = (Some(planned.number()), planned.class().1.to_owned());
        wanted.entry(planned.patient).or_default().push(version);
    }
    let mut found: BTreeMap<Patient, usize> = BTreeMap::new();
    for visit in &seen.visits {
        let number = visit.versions.iter().find_map(|(number, _)| *number);
        let Some(patient) = number.map(Planned::patient_of) else {
            findings.push("an Encounter has no number".into());
            continue;
        };
        *found.entry(patient).or_default() += 1;
        let wanted = wanted.get(&patient).map(Vec::as_slice).unwrap_or_default();
        if visit.versions != wanted {
            findings.push(format!(
                "visits of patient {}: {}",
                patient.0,
                difference(wanted, &visit.versions)
            ));
        }
    }
    for patient in wanted.keys() {
        let encounters = found.get(patient).copied().unwrap_or(0);
        if encounters != 1 {
            findings.push(format!("patient {} has {encounters} Encounters", patient.0));
        }
    }
}

fn difference(wanted: &[(Option<u64>, String)], found: &[(Option<u64>, String)]) -> String {
    let same = wanted.iter().zip(found).take_while(|(a, b)| a == b).count();
    let (sent, there) = (wanted.get(same), found.get(same));
    format!("{} versions, {} sent; number {same} is {there:?}, sent was {sent:?}", found.len(), wanted.len())
}

/// Everything of one patient refers to one Patient, and there are no others.
fn subjects(ledger: &Ledger, seen: &Seen, findings: &mut Vec<String>) {
    let results = seen.results.iter().map(|result| (result.number, &result.subject));
    let visits = seen
        .visits
        .iter()
        .map(|visit| (visit.versions.iter().find_map(|(number, _)| *number), &visit.subject));
    let mut known: HashMap<Patient, &String> = HashMap::new();
    for (number, subject) in results.chain(visits) {
        let Some(patient) = number.map(Planned::patient_of) else { continue };
        if *known.entry(patient).or_insert(subject) != subject {
            findings.push(format!("patient {} is two Patients at the remote", patient.0));
        }
    }
    let patients: BTreeSet<Patient> = ledger.acknowledged.iter().map(|planned| planned.patient).collect();
    if patients.len() != seen.patients {
        findings.push(format!("{} Patients at the remote, {} sent", seen.patients, patients.len()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ledger() -> Ledger {
        let planned = |turn, kind| Planned::new(Patient(2), turn, kind);
        let acknowledged = vec![
            planned(1, Kind::Visit),
            planned(2, Kind::Result),
            planned(3, Kind::Visit),
            planned(4, Kind::Result),
        ];
        Ledger { acknowledged, ..Ledger::default() }
    }

    fn seen() -> Seen {
        let result = |number, updated: &str| SeenResult {
            number: Some(number),
            subject: "Patient/a".into(),
            updated: updated.into(),
            versions: 1,
        };
        let visit = |number, class: &str| (Some(number), class.to_owned());
        Seen {
            results: vec![
                result(200_002, "2026-01-01T00:00:00.001Z"),
                result(200_004, "2026-01-01T00:00:00.002Z"),
            ],
            visits: vec![SeenVisit {
                subject: "Patient/a".into(),
                versions: vec![visit(200_001, "AMB"), visit(200_003, "IMP")],
            }],
            patients: 1,
        }
    }

    fn findings(seen: &Seen) -> Vec<String> {
        check(&ledger(), seen, &Health { pushed: 4, ..Health::default() })
    }

    #[test]
    fn what_is_right_is_right() {
        assert_eq!(findings(&seen()), Vec::<String>::new());
    }

    #[test]
    fn everything_that_can_go_wrong_is_found() {
        type Spoil = fn(&mut Seen);
        let cases: [(&str, Spoil); 8] = [
            ("lost", |seen| drop(seen.results.pop())),
            ("never acknowledged", |seen| seen.results[0].number = Some(200_009)),
            ("is there 2 times", |seen| seen.results.push(seen.results[0].clone())),
            ("in 2 versions", |seen| seen.results[0].versions = 2),
            ("was written before", |seen| seen.results[1].updated = "2025-01-01T00:00:00.000Z".into()),
            ("visits of patient 2", |seen| seen.visits[0].versions.swap(0, 1)),
            ("2 Encounters", |seen| seen.visits.push(seen.visits[0].clone())),
            ("is two Patients", |seen| seen.visits[0].subject = "Patient/b".into()),
        ];
        for (wanted, spoil) in cases {
            let mut seen = seen();
            spoil(&mut seen);
            let found = findings(&seen);
            assert!(found.iter().any(|finding| finding.contains(wanted)), "{wanted}: {found:?}");
        }
    }

    #[test]
    fn a_visit_that_went_back_is_found() {
        let mut seen = seen();
        let first = seen.visits[0].versions[0].clone();
        seen.visits[0].versions.push(first);
        assert_eq!(findings(&seen).len(), 1);
    }

    #[test]
    fn what_the_gateway_counts_must_add_up() {
        let dead = Health { pushed: 3, dead: 1, failed: 1, ..Health::default() };
        assert_eq!(check(&ledger(), &seen(), &dead).len(), 1);
        assert!(!check(&Ledger::default(), &Seen::default(), &Health::default()).is_empty());
    }
}
