use super::rules::{REQUIRED, STRICTER};
use super::{Shape, registry, validate};
use crate::{Resource, Severity};

/// `path: text` of each fault.
fn faults(text: &str) -> Vec<String> {
    let resource = Resource::parse(text.as_bytes()).unwrap();
    let issues = validate(&resource);
    issues
        .iter()
        .map(|issue| format!("{}: {}", issue.expression[0], issue.details_text.as_ref().unwrap()))
        .collect()
}

#[test]
fn a_sound_resource_has_no_faults() {
    let text = r##"{"resourceType":"Observation","id":"o-1","meta":{"lastUpdated":"2024-01-01T00:00:00Z"},
        "text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>"},
        "contained":[{"resourceType":"Device","id":"d","identifier":[{"system":"urn:oid:2.16.840","value":"1"}]}],
        "extension":[{"url":"http://a.example/x","valueOid":"urn:oid:1.2"},{"url":"urn:y","extension":[{"url":"z","valueCode":"a b"}]}],
        "status":"final","code":{"coding":[{"system":"http://loinc.org","code":"718-7"}]},
        "subject":{"reference":"Patient/1"},"device":{"reference":"#d"},"effectiveDateTime":"2024-03",
        "valueQuantity":{"value":-0.50,"comparator":"<","unit":"g"},"unknownElement":{"a":[1]},
        "component":[{"code":{"text":"a"},"_valueString":{"extension":[{"url":"u","valueBoolean":false}]}}]}"##;
    assert_eq!(faults(text), Vec::<String>::new());
}

#[test]
fn what_is_null_or_empty_is_found_in_known_and_unknown_elements() {
    let text = r#"{"resourceType":"Patient","birthDate":null,"name":[{"family":"","given":["a",null]}],"telecom":[],
        "contact":[{}],"unknown":{"deep":[{"x":null}]}}"#;
    assert_eq!(
        faults(text),
        [
            "Patient.birthDate: null is not allowed",
            "Patient.name[0].family: empty string",
            "Patient.name[0].given[1]: null is not allowed",
            "Patient.telecom: empty array",
            "Patient.contact[0]: empty object",
            "Patient.unknown.deep[0].x: null is not allowed",
        ]
    );
}

#[test]
fn null_may_hold_a_place_beside_extensions() {
    let text = r#"{"resourceType":"Patient","name":[{"given":[null,"b"],"_given":[{"id":"x"},null]}]}"#;
    assert_eq!(faults(text), Vec::<String>::new());
}

#[test]
fn primitives_must_look_like_their_type() {
    let text = r#"{"resourceType":"Patient","id":"a b","birthDate":"2024-02-30","active":"true","deceasedDateTime":"2024-01-01T10:00",
        "identifier":[{"system":"urn:oid:MRN","value":"1"},{"system":"my system"}],"multipleBirthInteger":1.5,
        "maritalStatus":{"coding":[{"code":" M"}]},"photo":[{"data":"***","size":-1}],"extension":[{"url":"u","valueUuid":"x"}]}"#;
    assert_eq!(
        faults(text),
        [
            "Patient.id: not a valid id",
            "Patient.birthDate: not a valid date",
            "Patient.active: wrong json type",
            "Patient.deceasedDateTime: not a valid dateTime",
            "Patient.identifier[0].system: not a valid uri",
            "Patient.identifier[1].system: not a valid uri",
            "Patient.multipleBirthInteger: not a valid integer",
            "Patient.maritalStatus.coding[0].code: not a valid code",
            "Patient.photo[0].data: not a valid base64Binary",
            "Patient.photo[0].size: not a valid unsignedInt",
            "Patient.extension[0].valueUuid: not a valid uuid",
        ]
    );
}

#[test]
fn json_types_and_cardinalities_must_fit() {
    let text = r#"{"resourceType":"Patient","name":{"family":"a"},"gender":["male"],"maritalStatus":"M","telecom":[["x"]]}"#;
    assert_eq!(
        faults(text),
        [
            "Patient.name: one value where an array belongs",
            "Patient.gender: array where one value belongs",
            "Patient.maritalStatus: wrong json type",
            "Patient.telecom[0]: array in an array",
        ]
    );
}

#[test]
fn required_elements_must_be_there() {
    assert_eq!(
        faults(r#"{"resourceType":"Encounter","location":[{"status":"active"}],"_status":{"id":"x"}}"#),
        ["Encounter.location[0].location: missing element", "Encounter.class: missing element"]
    );
    let text = r#"{"resourceType":"MedicationRequest","status":"active","intent":"order","subject":{"display":"x"}}"#;
    assert_eq!(faults(text), ["MedicationRequest.medication[x]: missing element"]);
    assert!(
        faults(&text.replace("\"subject\"", "\"medicationReference\":{\"display\":\"m\"},\"subject\""))
            .is_empty()
    );
}

#[test]
fn a_choice_has_one_value() {
    let text = r#"{"resourceType":"Patient","deceasedBoolean":true,"deceasedDateTime":"2024",
        "extension":[{"url":"u","valueString":"a","valueCode":"b"}]}"#;
    assert_eq!(
        faults(text),
        ["Patient.extension[0].value[x]: more than one value", "Patient.deceased[x]: more than one value"]
    );
}

#[test]
fn references_to_contained_resources_must_hit() {
    let text = r##"{"resourceType":"Encounter","status":"planned","class":{"code":"AMB"},
        "contained":[{"resourceType":"Patient","id":"p","managingOrganization":{"reference":"#o"}},
            {"resourceType":"Location","id":"l","extension":[{"url":"u","valueReference":{"reference":"#"}}]},{"resourceType":"Device"}],
        "subject":{"reference":"#p"},"partOf":{"reference":"#x"}}"##;
    assert_eq!(
        faults(text),
        [
            "Encounter.contained[0].managingOrganization.reference: contained resource is not there",
            "Encounter.contained[2].id: contained resource without id",
            "Encounter.partOf.reference: contained resource is not there",
        ]
    );
}

#[test]
fn resources_in_a_bundle_stand_for_themselves() {
    let text = r##"{"resourceType":"Bundle","type":"transaction","entry":[
        {"resource":{"resourceType":"Patient","contained":[{"resourceType":"Device","id":"d"}],"link":[{"other":{"reference":"#d"},"type":"seealso"}]}},
        {"resource":{"resourceType":"Encounter","id":"x y","class":{"code":"AMB"},"subject":{"reference":"#d"}}}]}"##;
    assert_eq!(
        faults(text),
        [
            "Bundle.entry[1].resource.id: not a valid id",
            "Bundle.entry[1].resource.subject.reference: contained resource is not there",
            "Bundle.entry[1].resource.status: missing element",
        ]
    );
}

#[test]
fn a_code_outside_a_required_binding_is_a_warning() {
    let patient = Resource::parse(br#"{"resourceType":"Patient","gender":"zzz"}"#).unwrap();
    let issues = validate(&patient);
    assert_eq!((issues[0].severity, issues[0].code.as_str()), (Severity::Warning, "code-invalid"));
}

#[test]
fn faults_repeat_no_value_and_are_not_endless() {
    let text = format!(
        r#"{{"resourceType":"Patient","birthDate":"Secret","Secret Name":null,"x":[{}null]}}"#,
        "null,".repeat(500)
    );
    let found = faults(&text);
    assert_eq!(found.len(), 200);
    assert!(!found.join("").contains("Secret"));
}

/// A name in the table that no struct has would silently check nothing.
#[test]
fn every_rule_belongs_to_an_element_that_is_known() {
    let mut names = std::collections::BTreeSet::new();
    let mut open: Vec<Shape> =
        ["Account", "AllergyIntolerance", "Appointment", "CareTeam", "Condition", "Coverage"]
            .into_iter()
            .chain([
                "Device",
                "DiagnosticReport",
                "DocumentReference",
                "Encounter",
                "EpisodeOfCare",
                "Immunization",
            ])
            .chain([
                "Location",
                "Medication",
                "MedicationRequest",
                "MessageHeader",
                "Observation",
                "Organization",
            ])
            .chain([
                "Patient",
                "Practitioner",
                "PractitionerRole",
                "Procedure",
                "Provenance",
                "RelatedPerson",
            ])
            .chain(["ServiceRequest", "Specimen"])
            .map(registry::shape_of)
            .collect();
    let mut known = std::collections::BTreeSet::new();
    while let Some(shape) = open.pop() {
        match shape {
            Shape::List(inner) => open.push(*inner),
            Shape::Choice(choices) => open.extend(choices().iter().map(|(_, shape)| *shape)),
            Shape::Element { name, members } if names.insert(name) => {
                for (member, shape) in members() {
                    let suffix = if matches!(shape, Shape::Choice(_)) { "[x]" } else { "" };
                    known.insert(format!("{name}.{member}{suffix}"));
                    open.push(*shape);
                }
            }
            _ => {}
        }
    }
    let required = REQUIRED
        .iter()
        .flat_map(|(name, members)| members.iter().map(move |member| format!("{name}.{member}")));
    let stricter = STRICTER.iter().map(|(name, member, _)| format!("{name}.{member}"));
    let unknown: Vec<String> = required.chain(stricter).filter(|rule| !known.contains(rule)).collect();
    assert_eq!(unknown, Vec::<String>::new());
}
