//! What ADT messages say about patients and visits, element by element.
#![cfg(feature = "fhir")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use carewire_fhir_core::{BundleType, OrgId, Value, entries};
use carewire_hl7_v2::fhir::{MapError, MapOptions, Mapped, explain_element, map, patient_identity};
use carewire_hl7_v2::{Message, ParseOptions, light};
use proptest::prelude::*;

fn options() -> MapOptions {
    MapOptions::new(OrgId::new("o").unwrap())
}

fn text(event: &str, segments: &[&str]) -> String {
    format!("MSH|^~\\&|ADT|GEN|||20240305101500+0100||ADT^{event}|1|P|2.5.1\r{}\r", segments.join("\r"))
}

fn mapped(event: &str, segments: &[&str], options: &MapOptions) -> Mapped {
    let text = text(event, segments);
    map(&Message::parse(text.as_bytes(), &ParseOptions::default()).unwrap(), options).unwrap()
}

fn all<'m>(mapped: &'m Mapped, resource_type: &str) -> Vec<&'m Value> {
    let resources = entries(&mapped.bundle).filter_map(|entry| entry.resource);
    resources.filter(|resource| resource.str("resourceType") == Some(resource_type)).collect()
}

fn issues(mapped: &Mapped) -> Vec<String> {
    mapped.issues.iter().map(ToString::to_string).collect()
}

/// The first resource of a type, as JSON.
fn one(event: &str, segments: &[&str], resource_type: &str) -> String {
    all(&mapped(event, segments, &options()), resource_type)
        .first()
        .map(|value| value.to_json())
        .unwrap_or_default()
}

const PID: &str = "PID|1||7^^^GEN^MR||Doe^Jo";

#[test]
fn what_is_absent_stays_absent() {
    let patient = one("A08", &[PID], "Patient");
    assert_eq!(
        patient,
        r#"{"resourceType":"Patient","identifier":[{"type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0203","code":"MR"}]},"system":"urn:carewire:authority:o:GEN","value":"7","assigner":{"display":"GEN"}}],"name":[{"family":"Doe","given":["Jo"]}]}"#
    );
}

#[test]
fn an_explicit_null_is_no_value() {
    let patient = one("A08", &["PID|1||7^^^GEN^MR||Doe^\"\"||\"\"|\"\"|||\"\""], "Patient");
    assert!(patient.ends_with(r#""name":[{"family":"Doe"}]}"#), "{patient}");
}

#[test]
fn birth_and_death_have_two_fields_each() {
    let fields = |rest: &str| one("A08", &[&format!("PID|1||7^^^GEN^MR{}{rest}", "|".repeat(20))], "Patient");
    assert!(fields("|Y|2").contains(r#""multipleBirthInteger":2"#));
    assert!(fields("|N").contains(r#""multipleBirthBoolean":false"#));
    let dead = fields("||||||20240301|Y");
    assert!(
        dead.contains(r#""deceasedDateTime":"2024-03-01""#) && !dead.contains("deceasedBoolean"),
        "{dead}"
    );
    assert!(fields("|||||||Y").contains(r#""deceasedBoolean":true"#));
}

#[test]
fn a_sex_outside_the_table_is_kept_beside_the_gender() {
    let mapped = mapped("A08", &["PID|1||7^^^GEN^MR|||||X^Other thing"], &options());
    let patient = all(&mapped, "Patient")[0].to_json();
    assert!(patient.contains(
        r#""_gender":{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/alternate-codes""#
    ));
    assert!(patient.contains(r#""code":"X","display":"Other thing""#) && !patient.contains(r#""gender":"#));
    assert_eq!(issues(&mapped), ["PID[1]-8[1]: code not in the map of table 0001: kept as it came"]);
}

#[test]
fn the_county_belongs_to_the_only_address_that_names_none() {
    let address = |field: &str| one("A08", &[&format!("PID|1||7^^^GEN^MR||||||||{field}")], "Patient");
    assert!(
        address("1 Lane^^Town|GL")
            .contains(r#""address":[{"line":["1 Lane"],"city":"Town","district":"GL"}]"#)
    );
    assert!(address("|GL").contains(r#""address":[{"district":"GL"}]"#));
    assert!(address("1 Lane^^^^^^^^XX|GL").contains(r#""district":"XX"},{"district":"GL"}"#));
}

#[test]
fn the_status_of_a_visit_follows_discharge_event_and_class() {
    let status = |event: &str, pv1: &str| {
        let encounter = one(event, &[PID, pv1], "Encounter");
        Value::parse(encounter.as_bytes()).unwrap().str("status").unwrap().to_owned()
    };
    assert_eq!(status("A01", "PV1|1|I"), "in-progress");
    assert_eq!(status("A05", "PV1|1|P"), "planned");
    assert_eq!(status("A03", "PV1|1|I"), "finished");
    assert_eq!(status("A11", "PV1|1|I"), "cancelled");
    let discharged = format!("PV1|1|I{}20240305", "|".repeat(43));
    assert_eq!(status("A08", &discharged), "finished");
    assert_eq!(status("A08", "PV1|1|Q"), "unknown");
    assert_eq!(status("A08", "PV1|1"), "unknown");
}

#[test]
fn a_class_that_is_not_said_is_said_to_be_unknown() {
    let mapped = mapped("A01", &[PID, "PV1|1||ICU"], &options());
    let encounter = all(&mapped, "Encounter")[0].to_json();
    assert!(encounter.contains(r#""class":{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"unknown"}]}"#), "{encounter}");
    assert!(
        issues(&mapped).contains(&"PV1[1]: no value for `Encounter.class`: stated as unknown".to_owned())
    );
}

#[test]
fn a_visit_without_a_number_is_not_taken_for_another() {
    let visit = |pv1: &str, control: &str| {
        let text = text("A01", &[PID, pv1]).replace("|1|P|2.5.1", &format!("|{control}|P|2.5.1"));
        let message = Message::parse(text.as_bytes(), &ParseOptions::default()).unwrap();
        let mapped = map(&message, &options()).unwrap();
        all(&mapped, "Encounter")[0].list("identifier")[0].str("value").unwrap().to_owned()
    };
    assert_eq!(visit("PV1|1|I", "1"), visit("PV1|1|I", "1"), "the same message again");
    assert_ne!(visit("PV1|1|I", "1"), visit("PV1|1|I", "2"), "perhaps another visit");
    let dated = format!("PV1|1|I{}20240305", "|".repeat(42));
    assert_eq!(visit(&dated, "1"), visit(&dated, "2"), "the same admission");
}

#[test]
fn kin_are_related_persons_and_employers_are_contacts() {
    let kin = mapped("A08", &[PID, "NK1|1|Doe^Ann|SPO"], &options());
    assert_eq!(all(&kin, "RelatedPerson").len(), 1);
    let employer = mapped("A08", &[PID, "NK1|1||EMR||5550^WPN^PH||||||||Acme"], &options());
    assert!(all(&employer, "RelatedPerson").is_empty());
    let patient = all(&employer, "Patient")[0];
    assert!(patient.list("contact")[0].get("organization").is_some());
}

#[test]
fn a_diagnosis_stands_in_its_visit() {
    let mapped = mapped("A01", &[PID, "PV1|1|I", "DG1|1||I21^Infarct^I10|||A"], &options());
    let condition = entries(&mapped.bundle)
        .find(|entry| entry.resource.unwrap().str("resourceType") == Some("Condition"));
    let diagnosis = &all(&mapped, "Encounter")[0].list("diagnosis")[0];
    assert_eq!(diagnosis.get("condition").unwrap().str("reference"), condition.unwrap().full_url);
    assert!(diagnosis.to_json().contains(r#""code":"AD""#));
}

#[test]
fn the_identity_before_the_map_is_that_of_the_map() {
    let pids =
        ["PID|1||9^^^^SS~7^^^GEN^MR", "PID|1||9", "PID|1||1^^^A^XX~2^^^B&1.2.3&ISO^PI", "PID|1|| 5 ^^^ A "];
    for pid in pids {
        let bytes = text("A08", &[pid]);
        let before =
            patient_identity(&light::peek(bytes.as_bytes(), &ParseOptions::default()).unwrap(), &options());
        let mapped = mapped("A08", &[pid], &options());
        assert_eq!(before.as_ref(), mapped.patients.first().map(|patient| &patient.identity), "{pid}");
        assert!(before.is_some());
    }
}

/// What a sender may put into a field of identifiers, delimiters and all.
const IDS: &str = r#"([ A-C1-3^&~\x07\x1f]|\^\^\^|\^(MR|PI)|"")"#;

proptest! {
    #[test]
    fn the_identity_before_the_map_is_that_of_the_map_whatever_pid_says(
        sender in r#"([ A&^"~\x07]){0,4}"#,
        ids in prop::collection::vec(prop::collection::vec(IDS, 0..8), 3),
    ) {
        let ids: Vec<String> = ids.iter().map(|parts| parts.concat()).collect();
        let text = text("A08", &[&format!("PID|1|{}", ids.join("|"))]).replace("|ADT|", &format!("|{sender}|"));
        let options = options().with_patient_systems(["urn:carewire:authority:o:B"]);
        let before = patient_identity(&light::peek(text.as_bytes(), &ParseOptions::default()).unwrap(), &options);
        let mapped = map(&Message::parse(text.as_bytes(), &ParseOptions::default()).unwrap(), &options).ok();
        let known_by = mapped.and_then(|mapped| Some(mapped.patients.first()?.identity.clone()));
        prop_assert_eq!(before, known_by);
    }
}

#[test]
fn nobody_is_not_a_patient() {
    let refused = |segments: &[&str]| {
        let text = text("A08", segments);
        map(&Message::parse(text.as_bytes(), &ParseOptions::default()).unwrap(), &options()).unwrap_err()
    };
    assert_eq!(refused(&["PID|1||||Doe^Jo"]), MapError::NoPatientIdentity);
    assert_eq!(refused(&["PV1|1|I"]), MapError::NoPatient);
}

#[test]
fn an_unknown_type_is_refused_by_its_code_only() {
    let text = text("A44", &[PID]).replace("ADT^A44", "ADT^A44^Canary");
    let error =
        map(&Message::parse(text.as_bytes(), &ParseOptions::default()).unwrap(), &options()).unwrap_err();
    assert_eq!(error.to_string(), "no map for messages of type ADT^A44");
    for strange in ["Canary^Secret", "LEE^ANN", "adt^Z1Z"] {
        let text = text.replace("ADT^A44", strange);
        let error =
            map(&Message::parse(text.as_bytes(), &ParseOptions::default()).unwrap(), &options()).unwrap_err();
        assert_eq!(error.to_string(), "no map for messages of type ?^?");
    }
}

#[test]
fn a_message_bundle_begins_with_its_header() {
    let segments = ["EVN|A08|20240305101500+0100|||9^Clerk", PID];
    let mapped = mapped("A08", &segments, &options().with_bundle(BundleType::Message).with_trace(true));
    let types: Vec<_> =
        entries(&mapped.bundle).map(|e| e.resource.unwrap().str("resourceType").unwrap()).collect();
    assert_eq!(
        types,
        ["MessageHeader", "Patient", "Practitioner", "Provenance", "Organization", "Provenance"]
    );
    let bundle = mapped.bundle.value();
    assert_eq!(bundle.get("identifier").unwrap().str("value"), Some("1"));
    assert_eq!(bundle.str("timestamp"), Some("2024-03-05T10:15:00+01:00"));
    let family = explain_element(&mapped, "Patient.name[0].family").next().unwrap();
    assert_eq!(family.source.to_string(), "PID[1]-5[1].1");
}

#[test]
fn every_element_from_a_field_is_explained() {
    let segments = [PID, "PV1|1|I|ICU^2^B||||8^House^Greg", "AL1|1|DA|P^Penicillin"];
    let mapped = mapped("A01", &segments, &options().with_trace(true));
    let source = |path: &str| explain_element(&mapped, path).next().map(|line| line.source.to_string());
    assert_eq!(source("Encounter.class.code").as_deref(), Some("PV1[1]-2[1]"));
    assert_eq!(source("Practitioner.name[0].given[0]").as_deref(), Some("PV1[1]-7[1].3"));
    assert_eq!(source("Location(2).identifier[0].value").as_deref(), Some("PV1[1]-3[1].2"));
    assert_eq!(source("AllergyIntolerance.code.coding[0].display").as_deref(), Some("AL1[1]-3[1].2"));
    assert_eq!(source("Encounter.subject"), None, "no field says that");
}
