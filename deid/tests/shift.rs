//! One patient moves by one number of days: in Bundles, in lines, in messages of HL7 v2 and under imported rules.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

#[cfg(test)]
mod support;

use carewire_deid::import::{AnonymizerRules, ImportOptions, RunContext};
use carewire_deid::transform::Shift;
use carewire_deid::{Exporter, PatientIndex, Policy, Pseudonymizer, Warning, v2};
use carewire_fhir_core::{Date, OrgId};
use support::{keys, resource};

const RULES: &str = "
id = 'own'
version = '1'
jurisdiction = 'any'
sources = []
[dates]
method = 'shift'
[[fhir]]
method = 'keep'
paths = ['Patient.birthDate', 'Observation.effectiveDateTime', 'Observation.status']
[[v2]]
paths = ['PID-7', 'OBX-14']
method = 'keep'
";

const PATIENT: &str = r#"{"resourceType":"Patient","id":"7","birthDate":"1970-02-03","identifier":[
  {"system":"urn:oid:1.9","value":"S"},
  {"system":"urn:oid:1.2.3","value":"MRN-7","type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0203","code":"MR"}]}}]}"#;
const RESULT: &str = r#"{"resourceType":"Observation","status":"final","subject":{"reference":"Patient/7"},"effectiveDateTime":"2024-03-05T14:30:00.250+01:00"}"#;
const MESSAGE: &str = "MSH|^~\\&|A|B|||2024||ORU^R01|1|P|2.5\rPID|1||S^^^&1.9&ISO~MRN-7^^^&1.2.3&ISO^MR||||19700203\r\
    OBX|1|NM|1-8||1||||||F|||20240305143000.250+0100\r";

fn policy() -> Policy {
    Policy::parse_toml(RULES).unwrap()
}

/// What a run writes of these documents, a line each, and how many resources moved by an id.
fn lines(documents: &[&str], patients: Option<&PatientIndex>) -> (String, u64) {
    let (policy, keys) = (policy(), keys(1));
    let exporter = Exporter::new(&policy, &keys).unwrap();
    let mut exporter = match patients {
        Some(patients) => exporter.with_patients(patients),
        None => exporter,
    };
    let mut out = String::new();
    for one in documents {
        exporter.write(one.as_bytes(), &mut out).unwrap();
        out.push('\n');
    }
    let warned = exporter.manifest().warnings().find(|(warning, _)| *warning == Warning::MovedById);
    (out, warned.map_or(0, |(_, count)| count))
}

fn bundle(reference: &str, full_url: &str) -> String {
    let result = RESULT.replace("Patient/7", reference);
    format!(
        r#"{{"resourceType":"Bundle","type":"collection","entry":[{{"resource":{result}}},{{"fullUrl":"{full_url}","resource":{PATIENT}}}]}}"#
    )
}

/// Both dates as they are when they move by the identifier, and by the id.
fn moved(keys: &Pseudonymizer, patient: &[&[u8]]) -> [String; 2] {
    let shift = Shift::new(keys, patient, 365);
    ["1970-02-03", "2024-03-05T14:30:00.250+01:00"].map(|date| shift.fhir(date).unwrap())
}

fn by_identifier() -> [String; 2] {
    moved(&keys(1), &[b"urn:oid:1.2.3", b"MRN-7"])
}

#[test]
fn a_bundle_moves_its_patient_as_messages_do() {
    let [born, observed] = by_identifier();
    let uuid = "urn:uuid:11111111-1111-4111-8111-111111111111";
    for (reference, full_url) in [
        ("Patient/7", "https://ehr.example/fhir/Patient/7"),
        ("https://ehr.example/fhir/Patient/7", "https://ehr.example/fhir/Patient/7"),
        (uuid, uuid),
        ("Patient?identifier=urn:oid:1.2.3|MRN-7", uuid),
        ("Patient?identifier=urn:oid:1.9|S", uuid),
    ] {
        let (out, by_id) = lines(&[&bundle(reference, full_url)], None);
        assert!(out.contains(&born) && out.contains(&observed) && by_id == 0, "{reference}: {out}");
    }
    let logical = RESULT
        .replace(r#""reference":"Patient/7""#, r#""identifier":{"system":"urn:oid:1.2.3","value":"MRN-7"}"#);
    assert!(lines(&[&logical], None).0.contains(&observed));
    let contained = RESULT.replace("Patient/7", "#p").replacen(
        '{',
        &format!(r#"{{"contained":[{}],"#, PATIENT.replace(r#""id":"7""#, r#""id":"p""#)),
        1,
    );
    assert!(lines(&[&contained], None).0.contains(&observed));

    let (policy, keys, org) = (policy(), keys(1), OrgId::new("org_a").unwrap());
    let mut out = Vec::new();
    v2::Deidentifier::new(&policy, v2::V2Context::new(&keys, &org))
        .unwrap()
        .write(MESSAGE.as_bytes(), &mut out)
        .unwrap();
    let out = String::from_utf8(out).unwrap();
    let digits = |date: &str| date.replace(['-', ':', 'T'], "").replace("+0100", "");
    assert!(out.contains(&digits(&born)), "{out}");
    assert!(out.contains(&digits(&observed)) && out.contains("143000.250+0100"), "{out}");
}

#[test]
fn lines_move_by_the_id_and_say_so_unless_the_patients_are_known() {
    let [born, observed] = moved(&keys(1), &[b"7"]);
    let (out, by_id) = lines(&[RESULT, PATIENT, RESULT], None);
    assert!(out.contains(&born) && out.matches(&observed).count() == 2, "{out}");
    assert_eq!(by_id, 3);
    let mut patients = PatientIndex::default();
    patients.read(PATIENT.as_bytes()).unwrap();
    patients.read(RESULT.as_bytes()).unwrap();
    let [born, observed] = by_identifier();
    let (out, by_id) = lines(&[RESULT, PATIENT, RESULT], Some(&patients));
    assert!(out.contains(&born) && out.matches(&observed).count() == 2 && by_id == 0, "{out}");
    let page = format!(r#"{{"resourceType":"Bundle","type":"searchset","entry":[{{"resource":{RESULT}}}]}}"#);
    assert!(lines(&[&page], Some(&patients)).0.contains(&observed));
    assert_eq!(lines(&[&page], None).1, 1);
}

#[test]
fn the_systems_that_patients_are_known_by_first_hold_in_both_notations() {
    let (policy, keys, org) = (policy(), keys(1), OrgId::new("org_a").unwrap());
    let [born, _] = moved(&keys, &[b"urn:oid:1.9", b"S"]);
    let exporter = Exporter::new(&policy, &keys).unwrap();
    let mut exporter = exporter.with_patient_systems(["urn:oid:1.9".to_owned()]);
    let mut out = String::new();
    exporter.write(bundle("Patient/7", "https://x/Patient/7").as_bytes(), &mut out).unwrap();
    assert!(out.contains(&born), "{out}");
    let context = v2::V2Context::new(&keys, &org).with_patient_systems(["urn:oid:1.9".to_owned()]);
    let mut out = Vec::new();
    v2::Deidentifier::new(&policy, context).unwrap().write(MESSAGE.as_bytes(), &mut out).unwrap();
    assert!(String::from_utf8(out).unwrap().contains(&born.replace('-', "")));
}

#[test]
fn imported_rules_move_by_the_same_key() {
    let rules = r#"{"fhirPathRules":[{"path":"nodesByType('date')","method":"dateShift"},{"path":"nodesByType('dateTime')","method":"dateShift"}]}"#;
    let rules = AnonymizerRules::parse(rules, ImportOptions::default()).unwrap();
    let (keys, as_of) = (keys(1), Date::parse("2026-11-22").unwrap());
    let whole = resource(&bundle("Patient/7", "https://ehr.example/fhir/Patient/7"));
    let done = rules.run(&whole, &RunContext::new(&keys, &as_of)).unwrap().resource.to_json();
    let [born, observed] = by_identifier();
    assert!(done.contains(&born) && done.contains(&observed), "{done}");
    let mut patients = PatientIndex::default();
    patients.read(PATIENT.as_bytes()).unwrap();
    let context = RunContext::new(&keys, &as_of).with_patients(&patients);
    let done = rules.run(&resource(RESULT), &context).unwrap().resource.to_json();
    assert!(done.contains(&observed), "{done}");
    let alone = rules.run(&resource(RESULT), &RunContext::new(&keys, &as_of)).unwrap().resource.to_json();
    assert!(alone.contains(&moved(&keys, &[b"7"])[1]), "{alone}");
}
