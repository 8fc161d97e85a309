mod against_r5;

use super::Release;
use crate::{Resource, Severity, issues, operation_outcome};

/// R5 and the places of what is said of it, but for elements that are missing.
fn r5(text: &str) -> (String, Vec<String>) {
    let converted = Resource::parse(text.as_bytes()).unwrap().to_release(Release::R5);
    let said = converted.issues.iter().filter(|issue| issue.code != "required");
    (converted.resource.to_json(), said.map(|issue| issue.expression.concat()).collect())
}

/// The places where R5 requires something that is not there.
fn missing(text: &str) -> Vec<String> {
    let converted = Resource::parse(text.as_bytes()).unwrap().to_release(Release::R5);
    let said = converted.issues.iter().filter(|issue| issue.code == "required");
    said.map(|issue| issue.expression.concat()).collect()
}

#[test]
fn what_r5_requires_and_r4_did_not_supply_is_said() {
    let subject = r#""subject":{"reference":"Patient/1"}"#;
    for (text, places) in [
        (format!(r#"{{"resourceType":"Condition",{subject}}}"#), vec!["Condition.clinicalStatus"]),
        (format!(r#"{{"resourceType":"Condition",{subject},"_clinicalStatus":{{"id":"c"}}}}"#), vec![]),
        (
            r#"{"resourceType":"Specimen","container":[{"type":{"text":"tube"}}]}"#.to_owned(),
            vec!["Specimen.container[0].device"],
        ),
        (
            r#"{"resourceType":"AuditEvent","type":{"code":"rest"},"recorded":"2024-01-01T00:00:00Z",
            "agent":[{"who":{"display":"w"},"requestor":true}],"source":{"observer":{"display":"o"}}}"#
                .to_owned(),
            vec!["AuditEvent.code"],
        ),
        (
            r#"{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Subscription",
            "status":"active","channel":{"type":"rest-hook"},"criteria":"Patient","reason":"r"}}]}"#
                .to_owned(),
            vec!["Bundle.entry[0].resource.topic"],
        ),
    ] {
        assert_eq!(missing(&text), places, "{text}");
    }
}

#[test]
fn sampled_data_say_their_unit() {
    let (json, places) =
        r5(r#"{"resourceType":"Observation","valueSampledData":{"origin":{"value":0},"period":10.0,
        "_period":{"id":"p"},"dimensions":1}}"#);
    let data =
        r#"{"origin":{"value":0},"interval":10.0,"intervalUnit":"ms","_interval":{"id":"p"},"dimensions":1}"#;
    assert!(json.contains(data), "{json}");
    assert!(places.is_empty(), "{places:?}");
}

#[test]
fn a_type_whose_differences_are_not_known_is_said_to_be_still_r4() {
    let claim = Resource::new("Claim").to_release(Release::R5);
    assert_eq!(claim.resource, Resource::new("Claim"));
    assert_eq!(claim.issues[0].severity, Severity::Warning);
    assert!(operation_outcome(claim.issues).to_json().contains("the resource is still R4"));
}

#[test]
fn cover_and_groups_are_rearranged() {
    let (json, places) =
        r5(r#"{"resourceType":"Coverage","status":"active","subscriberId":"S1","payor":[{"display":"a"},
        {"display":"b"}],"class":[{"type":{"text":"plan"},"value":"P1"}]}"#);
    for part in [
        r#""subscriberId":[{"value":"S1"}]"#,
        r#""paymentBy":[{"party":{"display":"a"}},{"party":{"display":"b"}}]"#,
        r#""class":[{"type":{"text":"plan"},"value":{"value":"P1"}}]"#,
    ] {
        assert!(json.contains(part), "{part} in {json}");
    }
    assert!(places.is_empty(), "{places:?}");
    let (json, places) = r5(r#"{"resourceType":"Group","type":"medication","actual":true}"#);
    assert!(json.contains(r#""membership":"enumerated""#) && !json.contains(r#""type":"#), "{json}");
    assert_eq!(places, ["Group.type"]);
}

#[test]
fn what_is_wide_or_deep_takes_no_more_than_its_size() {
    let members: String = (0..20_000).map(|index| format!(r#","member{index}":{index}"#)).collect();
    let wide = Resource::parse(format!(r#"{{"resourceType":"Patient"{members}}}"#).as_bytes()).unwrap();
    let begun = std::time::Instant::now();
    assert_eq!(wide.to_release(Release::R5).resource, wide);
    assert!(begun.elapsed().as_secs() < 5, "{:?}", begun.elapsed());

    let (open, close) = (r#"[{"url":"urn:x","extension":"#.repeat(490), "}]".repeat(490));
    let text = format!(r#"{{"resourceType":"Patient","extension":{open}[]{close}}}"#);
    let limits = crate::Limits::default().with_max_depth(1_000);
    let deep = Resource::from_value(crate::Value::parse_with(text.as_bytes(), &limits).unwrap()).unwrap();
    let convert = move || {
        let converted = deep.to_release(Release::R5);
        assert_eq!(converted.resource, deep);
        assert_eq!(converted.issues.len(), 1);
    };
    std::thread::Builder::new().stack_size(2 << 20).spawn(convert).unwrap().join().unwrap();
}

#[test]
fn an_encounter_is_rearranged() {
    let (json, places) = r5(r#"{"resourceType":"Encounter","status":"finished","class":{"code":"IMP"},
        "period":{"start":"2024-01-01"},"reasonCode":[{"text":"a"}],"reasonReference":[{"reference":"Condition/1"}],
        "hospitalization":{"origin":{"reference":"Location/1"},"dietPreference":[{"text":"vegan"}]},
        "participant":[{"individual":{"reference":"Practitioner/1"}}],"location":[{"location":{},"physicalType":{"text":"bed"}}],
        "statusHistory":[{"status":"arrived","period":{"end":"2024"}}]}"#);
    assert_eq!(
        json,
        concat!(
            r#"{"resourceType":"Encounter","status":"completed","class":[{"coding":[{"code":"IMP"}]}],"#,
            r#""actualPeriod":{"start":"2024-01-01"},"reason":[{"value":[{"concept":{"text":"a"}}]},"#,
            r#"{"value":[{"reference":{"reference":"Condition/1"}}]}],"admission":{"origin":{"reference":"Location/1"}},"#,
            r#""dietPreference":[{"text":"vegan"}],"participant":[{"actor":{"reference":"Practitioner/1"}}],"#,
            r#""location":[{"location":{},"form":{"text":"bed"}}],"#,
            r#""extension":[{"url":"http://hl7.org/fhir/4.0/StructureDefinition/extension-Encounter.statusHistory","#,
            r#""extension":[{"url":"status","valueCode":"arrived"},{"url":"period","valuePeriod":{"end":"2024"}}]}]}"#,
        )
    );
    assert_eq!(places, ["Encounter.statusHistory"]);
}

#[test]
fn a_code_that_said_more_is_kept() {
    let (json, places) = r5(r#"{"resourceType":"Encounter","status":"triaged","_status":{"id":"s"}}"#);
    assert_eq!(
        json,
        concat!(
            r#"{"resourceType":"Encounter","status":"in-progress","extension":[{"url":"#,
            r#""http://hl7.org/fhir/4.0/StructureDefinition/extension-Encounter.status","valueCode":"triaged"}],"#,
            r#""_status":{"id":"s"}}"#,
        )
    );
    assert_eq!(places, ["Encounter.status"]);
}

#[test]
fn two_elements_become_one_codeable_reference() {
    let (json, places) = r5(r#"{"resourceType":"MedicationRequest","medicationCodeableConcept":{"text":"a"},
        "reasonCode":[{"text":"b"}],"performer":{"display":"p"},"dosageInstruction":[{"asNeededBoolean":true}]}"#);
    assert_eq!(
        json,
        concat!(
            r#"{"resourceType":"MedicationRequest","medication":{"concept":{"text":"a"}},"reason":[{"concept":{"text":"b"}}],"#,
            r#""performer":[{"display":"p"}],"dosageInstruction":[{"asNeeded":true}]}"#
        )
    );
    assert!(places.is_empty(), "{places:?}");
}

#[test]
fn where_r5_takes_one_value_the_others_are_kept() {
    let (json, places) =
        r5(r#"{"resourceType":"CareTeam","participant":[{"role":[{"text":"a"},{"text":"b"}]}]}"#);
    assert!(
        json.contains(r#""role":{"text":"a"}"#) && json.contains(r#""valueCodeableConcept":{"text":"b"}"#)
    );
    assert_eq!(places, ["CareTeam.participant[0].role[1]"]);
}

#[test]
fn resources_within_are_converted_too_and_their_places_are_told() {
    let (json, places) = r5(
        r#"{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Appointment","comment":"c",
        "contained":[{"resourceType":"Claim","id":"c"}],"participant":[{"required":"information-only"}]}}]}"#,
    );
    assert!(json.contains(r#""note":[{"text":"c"}]"#) && json.contains(r#""required":false"#), "{json}");
    assert_eq!(
        places,
        ["Bundle.entry[0].resource.contained[0]", "Bundle.entry[0].resource.participant[0].required"]
    );
}

#[test]
fn a_subscription_to_a_topic_has_its_elements() {
    let (json, places) = r5(r#"{"resourceType":"Subscription","meta":{"profile":
        ["http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-subscription"]},"status":"active",
        "criteria":"http://example.org/topic","_criteria":{"extension":[{"url":
        "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-filter-criteria",
        "valueString":"Encounter?patient=Patient/1"}]},"channel":{"type":"rest-hook","endpoint":"https://a.example",
        "header":["Authorization: Bearer x"],"extension":[{"url":
        "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-timeout","valueUnsignedInt":60}]}}"#);
    for part in [
        r#""topic":"http://example.org/topic""#,
        r#""filterBy":[{"filterParameter":"patient","value":"Patient/1","resourceType":"Encounter"}]"#,
        r#""parameter":[{"name":"Authorization","value":"Bearer x"}]"#,
        r#""endpoint":"https://a.example""#,
        r#""timeout":60"#,
    ] {
        assert!(json.contains(part), "{part} in {json}");
    }
    assert!(places.is_empty(), "{places:?}");
}

#[test]
fn issues_name_no_value_and_fit_an_outcome() {
    let text = r#"{"resourceType":"Appointment","priority":5,"John Secret":{"a":1},"patientInstruction":7}"#;
    let converted = Resource::parse(text.as_bytes()).unwrap().to_release(Release::R5);
    let outcome = operation_outcome(converted.issues);
    assert!(!outcome.to_json().contains("Secret"));
    assert!(issues(outcome.value()).iter().all(|issue| issue.severity == Severity::Warning));
    assert!(converted.resource.to_json().contains("John Secret"));
}

#[test]
fn r4_stays_as_it_is() {
    let resource = Resource::parse(br#"{"resourceType":"Encounter","status":"finished"}"#).unwrap();
    let converted = resource.to_release(Release::R4);
    assert_eq!((converted.resource, converted.issues.len()), (resource, 0));
}
