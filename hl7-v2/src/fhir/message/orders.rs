//! Orders with their results, specimens and prior results; vaccinations and medications with their observations.

use std::collections::HashSet;

use super::group::{Item, OrderGroup, PatientGroup, SpecimenGroup};
use super::person;
use crate::fhir::MapError;
use crate::fhir::context::{Anchor, Context, moment};
use crate::fhir::node::Seg;
use crate::fhir::segment::obx::Parent;
use crate::fhir::segment::rxa::{self, Vaccination};
use crate::fhir::segment::{dg1, obr, obx_immunization, orc, prt, rxo, spm};

/// What the orders of a message are there for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// ORU: what was found. Each OBR is a report.
    Results,
    /// OML, ORM: what is wanted. Observations beside an order support it.
    Requests,
}

/// Maps a patient with orders.
pub(super) fn map<'a>(group: &PatientGroup<'a>, kind: Kind, c: &mut Context<'a>) -> Result<(), MapError> {
    person::map(group, c)?;
    group.orders.iter().try_for_each(|order| map_order(order, kind, c))
}

/// Maps an order of any kind, and the prior results that came with it.
fn map_order<'a>(group: &OrderGroup<'a>, kind: Kind, c: &mut Context<'a>) -> Result<(), MapError> {
    let of_message = c.time;
    let around = (c.patient, c.encounter, c.account, c.episode);
    c.time = reported(group, kind, c).or(of_message);
    if group.detail_named("RXA").is_some() {
        vaccination(group, c);
    } else if let Some(rxo) = group.detail_named("RXO") {
        medication(group, rxo, c);
    } else if kind == Kind::Results {
        results(group, c);
    } else {
        wanted(group, c);
    }
    c.time = of_message;
    for prior in &group.priors {
        map_prior(prior, c)?;
        (c.patient, c.encounter, c.account, c.episode) = around;
    }
    Ok(())
}

/// When the results of an order last changed: a result is as old as that, whenever it was sent.
fn reported<'a>(group: &OrderGroup<'a>, kind: Kind, c: &Context<'a>) -> Option<&'a str> {
    let obr = group.detail_named("OBR").filter(|_| kind == Kind::Results)?;
    moment(obr.seg.text(22)?, c.arena)
}

/// What was found before, of the patient and in the visit at hand unless it names its own.
fn map_prior<'a>(prior: &PatientGroup<'a>, c: &mut Context<'a>) -> Result<(), MapError> {
    if prior.named("PID").is_some() {
        person::map(prior, c)?;
    } else if prior.named("PV1").is_some() {
        c.encounter = None;
        person::visit(prior, c);
    }
    prior.orders.iter().try_for_each(|order| map_order(order, Kind::Results, c))
}

fn seg<'g, 'a>(item: &'g Option<Item<'a>>) -> Option<&'g Seg<'a>> {
    item.as_ref().map(|item| &item.seg)
}

/// The service request of an order, with the notes on it and the people behind it.
pub(super) fn request<'a>(group: &OrderGroup<'a>, kind: Kind, c: &mut Context<'a>) -> Option<Anchor<'a>> {
    let obr = group.detail_named("OBR");
    let notes = obr.map_or(&[][..], |obr| &obr.notes);
    let is_asked = kind == Kind::Requests;
    let request = orc::request(seg(&group.orc), obr.map(|obr| &obr.seg), &group.timings, notes, is_asked, c)?;
    let roles = group.orc.iter().chain(obr).flat_map(|item| &item.roles);
    roles.for_each(|role| prt::of_request(role, request, c));
    Some(request)
}

/// An order and what was found.
fn results<'a>(group: &OrderGroup<'a>, c: &mut Context<'a>) {
    let request = request(group, Kind::Results, c);
    let obr = group.detail_named("OBR");
    let report = obr.and_then(|obr| obr::report(seg(&group.orc), &obr.seg, request, c));
    let parent = parent_of(report.or(request), c);
    let (asked, found): (Vec<_>, Vec<_>) = group.observations.iter().partition(|item| is_asked(&item.seg));
    for observation in person::observations(asked, &parent, c) {
        let supported = request.map(|request| (request, "supportingInfo"));
        if let Some((of, member)) = supported.or(report.map(|report| (report, "result"))) {
            c.refer(of, member, observation);
        }
    }
    let found = person::observations(found, &parent, c);
    if let Some(report) = report {
        found.iter().for_each(|observation| c.refer(report, "result", *observation));
    }
    reasons(group, request, c);
    // Where there is no report, as without a code, the specimens are still there.
    let mut seen = specimens(group, report.or(request), c);
    let Some(obr) = obr else { return };
    if group.specimens.is_empty() {
        seen.extend(report.or(request).and_then(|of| obr::specimen(&obr.seg, of, c)));
    }
    if let ([specimen], true) = (seen.as_slice(), obr::tells_of_specimen(&obr.seg)) {
        found.iter().for_each(|observation| on_specimen(*observation, *specimen, c));
    }
    let Some(report) = report else { return };
    obr.roles.iter().for_each(|role| prt::of_report(role, report, seen.first().copied(), c));
}

/// The specimen that OBR tells of is that of all its observations, but of those that name another.
fn on_specimen<'a>(observation: Anchor<'a>, specimen: Anchor<'a>, c: &mut Context<'a>) {
    let reference = specimen.reference(c.arena);
    c.edit(observation, |observation| {
        if !observation.has("specimen") {
            observation.set("specimen", reference);
        }
    });
}

/// An order alone, and what is known that supports it.
fn wanted<'a>(group: &OrderGroup<'a>, c: &mut Context<'a>) {
    let request = request(group, Kind::Requests, c);
    reasons(group, request, c);
    let parent = parent_of(request, c);
    for observation in person::observations(&group.observations, &parent, c) {
        if let Some(request) = request {
            c.refer(request, "supportingInfo", observation);
        }
    }
    specimens(group, request, c);
    let obr = group.detail_named("OBR").filter(|_| group.specimens.is_empty());
    if let Some((obr, request)) = obr.zip(request) {
        obr::specimen(&obr.seg, request, c);
    }
}

/// The diagnoses behind an order: those of the visit, and why it was ordered.
fn reasons<'a>(group: &OrderGroup<'a>, of: Option<Anchor<'a>>, c: &mut Context<'a>) {
    for diagnosis in group.diagnoses.iter() {
        if let (Some(condition), Some(of)) = (dg1::diagnosis(diagnosis, c), of) {
            c.refer(of, "reasonReference", condition);
        }
    }
}

/// Whether an observation is an answer to a question on the order (2.9), not a result.
fn is_asked(obx: &Seg<'_>) -> bool {
    matches!(obx.text(29), Some("QST" | "SCI"))
}

/// The specimens of an order, with what was seen on each.
fn specimens<'a>(group: &OrderGroup<'a>, of: Option<Anchor<'a>>, c: &mut Context<'a>) -> Vec<Anchor<'a>> {
    let obr = group.detail_named("OBR").map(|obr| &obr.seg);
    let mut found = Vec::new();
    for SpecimenGroup { spm, observations } in group.specimens.iter() {
        let Some(specimen) = spm::specimen(&spm.seg, obr, of, c) else { continue };
        let parent = Parent { specimen: Some(specimen), ..parent_of(Some(specimen), c) };
        person::observations(observations, &parent, c);
        found.push(specimen);
    }
    found
}

/// A vaccination, and the observations beside it.
fn vaccination<'a>(group: &OrderGroup<'a>, c: &mut Context<'a>) {
    let Some(rxa) = &group.detail else { return };
    let all: Vec<Seg<'a>> = group.observations.iter().map(|item| item.seg).collect();
    let elements = obx_immunization::elements(&all);
    let rxr = group.routes.first();
    let given =
        rxa::vaccination(&Vaccination { orc: seg(&group.orc), rxa: &rxa.seg, rxr, elements: &elements }, c);
    if let Some(given) = given {
        let roles = group.orc.iter().flat_map(|orc| &orc.roles);
        roles.for_each(|role| prt::of_immunization(role, given, c));
    }
    reasons(group, given, c);
    let read: HashSet<usize> = elements.iter().map(Seg::index).collect();
    let beside = group.observations.iter().filter(|item| !read.contains(&item.seg.index()));
    let parent = Parent { part_of: given, ..parent_of(given, c) };
    person::observations(beside, &parent, c);
}

/// A medication that is asked for.
fn medication<'a>(group: &OrderGroup<'a>, rxo: &Item<'a>, c: &mut Context<'a>) {
    let orc = seg(&group.orc);
    let Some(request) = rxo::medication_request(orc, &rxo.seg, &group.routes, &group.timings, c) else {
        return;
    };
    reasons(group, Some(request), c);
    let parent = parent_of(Some(request), c);
    for observation in person::observations(&group.observations, &parent, c) {
        c.refer(request, "supportingInformation", observation);
    }
}

fn parent_of<'a>(anchor: Option<Anchor<'a>>, c: &Context<'a>) -> Parent<'a> {
    Parent {
        identity: anchor.map_or("", |anchor| anchor.identity),
        encounter: c.encounter,
        ..Parent::default()
    }
}

#[cfg(test)]
mod tests {
    use crate::fhir::testing::{mapped, of_type};

    #[test]
    fn what_is_asked_for_needs_no_number() {
        let asked = mapped(
            "ORM^O01",
            &["OBR|1|||100^Panel^L", "DG1|1||E10^Diabetes^I10|||W", "OBX|1|NM|1^One^L||1||||||F"],
        );
        let request = of_type(&asked, "ServiceRequest").concat();
        assert!(request.contains("supportingInfo") && request.contains("reasonReference"), "{request}");
        let found = mapped("ORU^R01", &["OBR|1|||100^Panel^L|||20240305", "OBX|1|NM|1^One^L||1||||||F"]);
        assert!(of_type(&found, "ServiceRequest").is_empty(), "nobody placed it");
    }

    #[test]
    fn the_specimen_that_obr_tells_of_is_that_of_its_observations() {
        let of = |obr_9: &str, spm: &[&str]| {
            let obr = format!("OBR|1||F1^LAB|100^Panel^L|||20240305||{obr_9}");
            let head = [obr.as_str(), "OBX|1|NM|1^One^L||1||||||F"];
            of_type(&mapped("ORU^R01", &[&head, spm].concat()), "Observation").concat()
        };
        let specimen = r#""specimen":{"reference""#;
        assert!(
            of("40^mL", &[]).contains(specimen) && of("40^mL", &["SPM|1|^S1&LAB||BLD"]).contains(specimen)
        );
        assert!(!of("", &["SPM|1|^S1&LAB||BLD"]).contains(specimen), "SPM does not say what was seen on it");
        assert!(!of("40^mL", &["SPM|1|^S1&LAB||BLD", "SPM|2|^S2&LAB||SER"]).contains(specimen), "on which?");
    }

    #[test]
    fn specimens_stay_where_there_is_no_report() {
        let of = |segments: &[&str]| {
            let mapped = mapped("ORU^R01", segments);
            assert!(of_type(&mapped, "DiagnosticReport").is_empty());
            of_type(&mapped, "Specimen").len() + of_type(&mapped, "Observation").len()
        };
        assert_eq!(of(&["OBR|1||F1^LAB", "SPM|1|^S1&LAB||BLD", "OBX|1|NM|1^One^L||1||||||F"]), 2);
        assert_eq!(of(&["ORC|RE|P1^OE", "OBR|1|P1^OE|||||||40^mL", "OBX|1|NM|1^One^L||1||||||F"]), 2);
    }

    #[test]
    fn a_prior_result_is_of_the_visit_that_it_names() {
        let mapped = mapped(
            "OML^O21",
            &[
                "PV1|1|O|||||||||||||||||V1^^^GEN",
                "ORC|NW|P1^OE",
                "OBR|1|P1^OE||100^Panel^L",
                "PV1|1|I|||||||||||||||||V0^^^GEN",
                "ORC|RE|P0^OE|F0^LAB",
                "OBR|1|P0^OE|F0^LAB|100^Panel^L|||||||||||||||||||||F",
                "OBX|1|NM|1^One^L||1||||||F",
                "ORC|NW|P2^OE",
                "OBR|1|P2^OE||200^Other^L",
            ],
        );
        let visits: Vec<String> = of_type(&mapped, "Encounter");
        assert_eq!(visits.len(), 2, "{visits:?}");
        let visit_of = |number: &str| {
            let requests = of_type(&mapped, "ServiceRequest");
            let request =
                requests.iter().find(|one| one.contains(&format!(r#""value":"{number}""#))).unwrap();
            request
                .split(r#""encounter":{"reference":""#)
                .nth(1)
                .unwrap()
                .split('"')
                .next()
                .unwrap()
                .to_owned()
        };
        assert_ne!(visit_of("P0"), visit_of("P1"));
        assert_eq!(visit_of("P2"), visit_of("P1"), "the next order is of the visit at hand");
    }

    #[test]
    fn what_is_known_of_an_order_stands_without_it_too() {
        for order in [&["OBR|1|||A^A^L"][..], &["RQD|1|A^A"], &["ORC|NW|P1", "RQD|1|A^A", "RQ1|9"]] {
            let behind = ["DG1|1||D1^Diagnosis^I10", "OBX|1|ST|X^X^L||high||||||F", "SPM|1|S1||BLD"];
            let got = mapped("ORM^O01", &[order, &behind].concat());
            for kind in ["Condition", "Observation", "Specimen"] {
                assert_eq!(of_type(&got, kind).len(), 1, "{kind} of {order:?}");
            }
        }
    }

    #[test]
    fn a_diagnosis_is_the_reason_of_whatever_is_ordered() {
        for (kind, order, made) in [
            ("ORM^O01", &["ORC|NW|P1", "OBR|1|P1||A^A^L"][..], "ServiceRequest"),
            ("ORM^O01", &["ORC|NW|P1", "RXO|A^Aspirin^L"], "MedicationRequest"),
            ("ORU^R01", &["ORC|NW|P1", "OBR|1|P1||A^A^L"], "ServiceRequest"),
            ("VXU^V04", &["ORC|RE|P1", "RXA|0|1|20240301||08^HepB^CVX|1"], "Immunization"),
        ] {
            let got = mapped(kind, &[order, &["DG1|1||D1^Diagnosis^I10"]].concat());
            let made = of_type(&got, made).concat();
            assert!(made.contains(r#""reasonReference":[{"reference":"urn:uuid:"#), "{kind}: {made}");
        }
    }
}
