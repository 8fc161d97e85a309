use super::*;
use crate::DataClass::{
    Conditions, Demographics, Encounters, Genomics, Imaging, LabResults, Medications, Procedures, Vitals,
};

const OBSERVATION: &str = "http://terminology.hl7.org/CodeSystem/observation-category";
const SERVICE_SECTION: &str = "http://terminology.hl7.org/CodeSystem/v2-0074";
const SNOMED: &str = "http://snomed.info/sct";

fn classes(json: &str) -> BTreeSet<DataClass> {
    data_classes_of(&Resource::parse(json.as_bytes()).unwrap())
}

fn categorised(resource_type: &str, system: &str, code: &str) -> String {
    format!(
        r#"{{"resourceType":"{resource_type}","category":[{{"coding":[{{"system":"{system}","code":"{code}"}}]}}]}}"#
    )
}

#[test]
fn categories_decide_where_the_type_does_not() {
    assert_eq!(classes(&categorised("Observation", OBSERVATION, "vital-signs")), [Vitals].into());
    assert_eq!(classes(&categorised("DiagnosticReport", SERVICE_SECTION, "MB")), [LabResults].into());
    assert_eq!(classes(&categorised("ServiceRequest", SNOMED, "108252007")), [LabResults].into());
    assert_eq!(
        classes(&categorised("DiagnosticReport", SERVICE_SECTION, "GE")),
        [LabResults, Genomics].into()
    );
}

#[test]
fn an_unknown_category_is_unclassified_even_beside_a_known_one() {
    assert_eq!(classes(&categorised("Observation", OBSERVATION, "novel")), [Unclassified].into());
    assert_eq!(classes(&categorised("Observation", "urn:local", "laboratory")), [Unclassified].into());
    let both = r#"{"resourceType":"Observation","category":[{"text":"x"},{"coding":[
        {"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"laboratory"},{"code":"L"}]}]}"#;
    assert_eq!(classes(both), [Unclassified, LabResults].into());
}

#[test]
fn without_a_category_every_possible_class_must_be_permitted() {
    let any = classes(r#"{"resourceType":"Observation"}"#);
    assert!(any.contains(&LabResults) && any.contains(&Genomics) && !any.contains(&Unclassified));
    assert_eq!(classes(&categorised("Observation", SERVICE_SECTION, "OTH")), any);
}

#[test]
fn contained_resources_and_forms_add_their_classes() {
    let order = r#"{"resourceType":"Encounter","contained":[{"resourceType":"Condition"},{"resourceType":"Practitioner"}]}"#;
    assert_eq!(classes(order), [Encounters, Conditions].into());
    let report = categorised("DiagnosticReport", SERVICE_SECTION, "LAB")
        .replace("\"category\"", "\"presentedForm\":[{\"contentType\":\"text/plain\"}],\"category\"");
    assert_eq!(classes(&report), [LabResults, ClinicalNotes].into());
    assert_eq!(
        classes(r#"{"resourceType":"Patient","contained":[{"resourceType":"Basic"}]}"#),
        [Demographics, Unclassified].into()
    );
}

#[test]
fn what_tells_about_others_has_the_classes_of_the_bundle() {
    let bundle = Resource::parse(
        br#"{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"MessageHeader"}},
        {"resource":{"resourceType":"Patient"}},{"resource":{"resourceType":"Organization"}},{"fullUrl":"x"},
        {"resource":{"resourceType":"Condition"}}]}"#,
    )
    .unwrap();
    let whole: BTreeSet<_> = [Demographics, Conditions].into();
    assert_eq!(data_classes_of(&bundle), whole);
    assert_eq!(
        entry_data_classes(&bundle),
        [whole, [Demographics].into(), BTreeSet::new(), BTreeSet::new(), [Conditions].into()]
    );
    assert_eq!(classes(r#"{"resourceType":"Provenance"}"#), [Unclassified].into());
    assert_eq!(classes(r#"{"resourceType":"Organization"}"#), BTreeSet::new());
}

#[test]
fn a_result_without_a_category_is_what_its_report_is() {
    let bundle = Resource::parse(
        br#"{"resourceType":"Bundle","entry":[
        {"fullUrl":"urn:uuid:r","resource":{"resourceType":"DiagnosticReport","result":[{"reference":"urn:uuid:a"}],
         "basedOn":[{"reference":"urn:uuid:o"}],
         "category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0074","code":"LAB"}]}]}},
        {"fullUrl":"urn:uuid:a","resource":{"resourceType":"Observation"}},
        {"fullUrl":"urn:uuid:o","resource":{"resourceType":"ServiceRequest"}},
        {"fullUrl":"urn:uuid:b","resource":{"resourceType":"Observation"}}]}"#,
    )
    .unwrap();
    let classes = entry_data_classes(&bundle);
    let laboratory = BTreeSet::from([LabResults]);
    assert_eq!(classes[..3], [laboratory.clone(), laboratory.clone(), laboratory]);
    assert!(classes[3].len() > 1, "nobody says what this one is");
}

#[test]
fn a_code_decides_where_there_is_no_category() {
    let coded = |kind: &str, more: &str, code: &str| {
        classes(&format!(
            r#"{{"resourceType":"{kind}",{more}"code":{{"coding":[{{"system":"http://loinc.org","code":"{code}"}}]}}}}"#
        ))
    };
    assert_eq!(coded("Observation", "", "85354-9"), [Vitals].into());
    assert_eq!(coded("DiagnosticReport", "", "18748-4"), [Imaging, ClinicalNotes].into());
    assert!(coded("Observation", "", "0-0").len() > 1, "a code that is not in the table says nothing");
    let odd = r#""category":[{"text":"x"}],"#;
    assert_eq!(coded("Observation", odd, "85354-9"), [Unclassified].into(), "the category goes first");
}

#[test]
fn the_type_of_a_document_adds_its_classes() {
    let document = |kind: &str, code: &str| {
        classes(&format!(
            r#"{{"resourceType":"{kind}","type":{{"coding":[{{"system":"http://loinc.org","code":"{code}"}}]}}}}"#
        ))
    };
    assert_eq!(document("DocumentReference", "18842-5"), [ClinicalNotes].into());
    assert_eq!(document("DocumentReference", "11502-2"), [ClinicalNotes, LabResults].into());
    assert_eq!(document("Composition", "28570-0"), [ClinicalNotes, Procedures].into());
    assert_eq!(document("DocumentReference", "57833-6"), [ClinicalNotes, Medications].into());
    assert_eq!(document("DocumentReference", "0-0"), [ClinicalNotes].into());
}

#[test]
fn what_tells_about_some_of_a_bundle_has_their_classes() {
    let follower = |resource: &str| {
        let json = format!(
            r#"{{"resourceType":"Bundle","entry":[
            {{"fullUrl":"urn:uuid:p","resource":{{"resourceType":"Patient"}}}},
            {{"fullUrl":"urn:uuid:c","resource":{{"resourceType":"Condition"}}}},{{"resource":{resource}}}]}}"#
        );
        entry_data_classes(&Resource::parse(json.as_bytes()).unwrap())[2].clone()
    };
    let (one, both) = ([Conditions].into(), [Conditions, Demographics].into());
    for (resource, expected) in [
        (r#"{"resourceType":"Provenance","target":[{"reference":"urn:uuid:c"}]}"#, &one),
        (r#"{"resourceType":"AuditEvent","entity":[{"what":{"reference":"urn:uuid:c"}}]}"#, &one),
        (
            r#"{"resourceType":"MessageHeader","focus":[{"reference":"urn:uuid:c"},{"reference":"urn:uuid:p"}]}"#,
            &both,
        ),
        (
            r#"{"resourceType":"Provenance","target":[{"reference":"urn:uuid:c"},{"reference":"urn:uuid:x"}]}"#,
            &both,
        ),
        (r#"{"resourceType":"Provenance","target":[{"display":"x"}]}"#, &both),
        (r#"{"resourceType":"Provenance"}"#, &both),
    ] {
        assert_eq!(&follower(resource), expected, "{resource}");
    }
}
