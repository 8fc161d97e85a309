//! One unique sentinel in each place from which identity is known to leak: none of them comes out, in any spelling,
//! and what a clinician needs does.

#[cfg(test)]
mod support;

use carewire_canary::encodings;
use carewire_deid::{Error, Policy, Refusal, Treatment};
use carewire_fhir_core::{Resource, ValidateOptions, Value, validate_with};
use data_encoding::{BASE64, HEXLOWER};
use support::{everything, exported, found, lacking, live, resource, searcher};

/// `§` stands for a fresh sentinel, `§64` and `§hex` for one in base64 or hex.
const CORPUS: &str = r##"{"resourceType":"Bundle","id":"§","type":"transaction","total":7,
"identifier":{"system":"§","value":"§"},"language":"§","implicitRules":"§",
"meta":{"source":"§","versionId":"§","profile":["§"],"tag":[{"system":"§","code":"§","display":"§"}]},
"link":[{"relation":"§","url":"https://ehr.example/Patient/§"}],
"signature":{"type":[{"code":"§"}],"who":{"display":"§"},"data":"§64"},
"§":"§",
"entry":[
{"fullUrl":"https://ehr.example/Patient/§","id":"§","link":[{"relation":"§","url":"§"}],
 "search":{"mode":"§"},"response":{"status":"§","location":"Patient/§","outcome":{"resourceType":"OperationOutcome","text":{"div":"§"}}},
 "request":{"method":"PUT","url":"Patient?identifier=§|§","ifNoneExist":"identifier=§","ifMatch":"§"},
 "resource":{"resourceType":"Patient","id":"§","meta":{"source":"§","lastUpdated":"§","tag":[{"system":"§","code":"§","display":"§"}],
   "security":[{"system":"§","code":"§","display":"§"},{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"R","display":"§"}]},
  "text":{"status":"generated","div":"<div>§</div>"},"language":"§","implicitRules":"§",
  "contained":[{"resourceType":"Practitioner","id":"§","name":[{"family":"§"}]}],
  "extension":[{"url":"§","valueString":"§"},{"url":"http://hl7.org/fhir/StructureDefinition/patient-birthPlace","valueAddress":{"city":"§"}},
   {"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"§"}],
  "identifier":[{"use":"§","system":"§","value":"§","type":{"text":"§"},"assigner":{"display":"§"},"period":{"start":"§"},"extension":[{"url":"§","valueString":"§"}]},
   {"system":"urn:carewire:token","value":"§"},{"system":"urn:carewire:pseudonym","value":"§"}],
  "active":true,
  "name":[{"use":"official","text":"§","family":"§","given":["§"],"prefix":["§"],"suffix":["§"],"_family":{"extension":[{"url":"§","valueString":"§"}]}}],
  "telecom":[{"system":"phone","value":"§","use":"home"}],"gender":"female","_gender":{"id":"§","extension":[{"url":"§","valueCode":"§"}]},
  "birthDate":"§","_birthDate":{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/patient-birthTime","valueDateTime":"§"}]},
  "deceasedDateTime":"§",
  "address":[{"text":"§","line":["§"],"city":"§","district":"§","state":"§","postalCode":"§","country":"§",
   "extension":[{"url":"http://hl7.org/fhir/StructureDefinition/geolocation","extension":[{"url":"latitude","valueDecimal":"§"}]}]}],
  "maritalStatus":{"text":"§","coding":[{"code":"§"}]},"multipleBirthInteger":"§",
  "photo":[{"contentType":"image/jpeg","data":"§64","url":"§","title":"§","hash":"§64"}],
  "contact":[{"relationship":[{"text":"§"}],"name":{"family":"§"},"telecom":[{"value":"§"}],"address":{"city":"§"},"organization":{"display":"§"}}],
  "communication":[{"language":{"text":"§"}}],
  "generalPractitioner":[{"reference":"Practitioner/§","display":"§","type":"§"}],
  "managingOrganization":{"reference":"https://ehr.example/Organization/§","display":"§","identifier":{"system":"§","value":"§","assigner":{"display":"§"}}},
  "link":[{"other":{"reference":"Patient/§"},"type":"seealso"}],
  "§":"§","animal":{"§":["§"]}}},
{"fullUrl":"https://ehr.example/Observation/1","request":{"method":"POST","url":"Observation","ifNoneExist":"identifier=§|§"},
 "resource":{"resourceType":"Observation","id":"§","contained":[
   {"resourceType":"Practitioner","id":"doc","identifier":[{"system":"§","value":"§"}],"name":[{"text":"§"}],"text":{"div":"§"},"extension":[{"url":"§","valueString":"§"}]},
   {"resourceType":"Binary","id":"bin","contentType":"§","securityContext":{"display":"§"},"data":"§64"}],
  "identifier":[{"system":"§","value":"§"}],"status":"final","basedOn":[{"reference":"ServiceRequest?identifier=§|§"}],
  "category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"laboratory","display":"§"}],"text":"§"}],
  "code":{"coding":[{"system":"http://loinc.org","code":"718-7","display":"§","version":"§"},{"system":"§","code":"§","display":"§"},
    {"system":"http://loinc.org","code":"§"},{"system":"http://terminology.hl7.org/CodeSystem/§","code":"A"},
    {"system":"http://terminology.hl7.org/CodeSystem/v2-0001","code":"§"},{"system":"http://snomed.info/sct","code":"§ §"}],"text":"§"},
  "subject":{"reference":"https://ehr.example/Patient/§","display":"§"},"performer":[{"reference":"#doc","display":"§"},{"reference":"#bin"},{"display":"§"}],
  "encounter":{"reference":"Encounter/§"},"effectiveDateTime":"2024-03-05T14:30:00.250+01:00","issued":"§",
  "valueQuantity":{"value":0.50,"unit":"mg/dL","system":"http://unitsofmeasure.org","code":"mg/dL","comparator":"<","extension":[{"url":"§","valueString":"§"}]},
  "dataAbsentReason":{"text":"§"},"interpretation":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation","code":"H","display":"§"}],"text":"§"}],
  "note":[{"authorString":"§","authorReference":{"display":"§"},"time":"§","text":"§"}],
  "bodySite":{"text":"§"},"method":{"coding":[{"display":"§"}]},"specimen":{"reference":"urn:uuid:§"},"device":{"reference":"urn:oid:§"},
  "referenceRange":[{"low":{"value":12.0,"unit":"§"},"text":"§","appliesTo":[{"text":"§"}]}],
  "component":[{"code":{"text":"§"},"valueString":"§"},{"code":{"coding":[{"system":"http://loinc.org","code":"8480-6"}]},
    "valueQuantity":{"value":"§","unit":"§","system":"http://unitsofmeasure.org","code":"{§}"}}],
  "valueString":"§","valueSampledData":{"origin":{"value":1},"period":1,"dimensions":1,"data":"§"}}},
{"fullUrl":"§","resource":{"resourceType":"Encounter","identifier":[{"system":"urn:oid:1.2","value":"§"}],"status":"in-progress",
  "class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"IMP","display":"§"},
  "priority":{"text":"§"},"reasonCode":[{"text":"§"}],"participant":[{"individual":{"display":"§","identifier":{"value":"§"}}}],
  "hospitalization":{"preAdmissionIdentifier":{"system":"§","value":"§"},"origin":{"display":"§"},"specialCourtesy":[{"text":"§"}]},
  "period":{"start":"2024-03-05","end":"§","_end":{"extension":[{"url":"§","valueString":"§"}]}},"length":{"value":3,"unit":"§"},
  "location":[{"location":{"display":"§","reference":"Location/§"}}],"statusHistory":[{"status":"§","period":{"start":"2024"}}]}},
{"resource":{"resourceType":"Condition","clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"active","display":"§"}]},
  "code":{"coding":[{"system":"http://snomed.info/sct","code":"38341003","display":"§"}],"text":"§"},"subject":{"reference":"Patient?identifier=§|§"},
  "onsetString":"§","abatementString":"§","recorder":{"display":"§"},"stage":[{"summary":{"text":"§"}}],"note":[{"text":"§"}]}},
{"resource":{"resourceType":"DocumentReference","masterIdentifier":{"value":"§"},"identifier":[{"value":"§"}],"status":"current",
  "type":{"coding":[{"system":"http://loinc.org","code":"18842-5"}],"text":"§"},"description":"§","author":[{"display":"§"}],
  "content":[{"attachment":{"contentType":"application/pdf","language":"§","data":"§64","url":"https://ehr.example/§.pdf","title":"§.pdf","hash":"§64"},"format":{"code":"§"}},
    {"attachment":{"contentType":"text/§"}}],"context":{"sourcePatientInfo":{"display":"§"},"related":[{"identifier":{"value":"§"}}]}}},
{"resource":{"resourceType":"DiagnosticReport","status":"§","code":{"text":"§"},"conclusion":"§","conclusionCode":[{"text":"§"}],
  "presentedForm":[{"data":"§64","title":"§","url":"§"}],"media":[{"comment":"§","link":{"display":"§"}}],"issued":"2024-03-05T14:30:00Z"}},
{"resource":{"resourceType":"Device","udiCarrier":[{"deviceIdentifier":"§","carrierHRF":"§","carrierAIDC":"§64","issuer":"§"}],"distinctIdentifier":"§",
  "manufacturer":"§","lotNumber":"§","serialNumber":"§","deviceName":[{"name":"§","type":"other"}],"modelNumber":"§","version":[{"value":"§"}],
  "url":"§","contact":[{"value":"§"}],"note":[{"text":"§"}],"property":[{"type":{"text":"§"}}]}},
{"resource":{"resourceType":"Coverage","status":"active","subscriberId":"§","dependent":"§","network":"§","beneficiary":{"display":"§"},"payor":[{"display":"§"}],
  "class":[{"type":{"text":"§"},"value":"§","name":"§"}]}},
{"resource":{"resourceType":"MedicationRequest","status":"active","intent":"order","medicationCodeableConcept":{"text":"§"},"subject":{"display":"§"},
  "groupIdentifier":{"value":"§"},"instantiatesUri":["§"],"dosageInstruction":[{"text":"§","patientInstruction":"§","additionalInstruction":[{"text":"§"}],
   "route":{"text":"§"},"timing":{"code":{"text":"§"},"event":["§"]}}],"note":[{"text":"§"}]}},
{"resource":{"resourceType":"Immunization","status":"completed","vaccineCode":{"coding":[{"system":"http://hl7.org/fhir/sid/cvx","code":"08"}],"text":"§"},
  "patient":{"display":"§"},"occurrenceString":"§","lotNumber":"§","manufacturer":{"display":"§"},"education":[{"documentType":"§","reference":"§"}],
  "protocolApplied":[{"series":"§","doseNumberString":"§"}]}},
{"resource":{"resourceType":"Practitioner","identifier":[{"system":"http://hl7.org/fhir/sid/us-npi","value":"§"}],"name":[{"family":"§"}],"telecom":[{"value":"§"}],
  "address":[{"city":"§"}],"birthDate":"§","gender":"male","photo":[{"data":"§64"}],"qualification":[{"identifier":[{"value":"§"}],"code":{"text":"§"},"issuer":{"display":"§"}}]}},
{"resource":{"resourceType":"Organization","identifier":[{"value":"§"}],"name":"§","alias":["§"],"telecom":[{"value":"§"}],"address":[{"line":["§"]}],"contact":[{"name":{"text":"§"}}]}},
{"resource":{"resourceType":"Location","name":"§","alias":["§"],"description":"§","position":{"longitude":"§","latitude":"§"},"address":{"city":"§"},"mode":"instance"}},
{"resource":{"resourceType":"RelatedPerson","patient":{"display":"§"},"relationship":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-RoleCode","code":"MTH"}],"text":"§"}],
  "name":[{"family":"§"}],"telecom":[{"value":"§"}],"birthDate":"§","address":[{"city":"§"}],"photo":[{"url":"§"}]}},
{"resource":{"resourceType":"Provenance","target":[{"reference":"Observation/§"}],"recorded":"2024-03-05T14:30:00Z","policy":["§"],
  "agent":[{"who":{"display":"§"},"type":{"text":"§"}}],"signature":[{"data":"§64","who":{"display":"§"}}],"entity":[{"role":"source","what":{"identifier":{"value":"§"},"display":"§"}}]}},
{"resource":{"resourceType":"MessageHeader","eventUri":"§","source":{"name":"§","software":"§","version":"§","endpoint":"§","contact":{"value":"§"}},
  "destination":[{"name":"§","endpoint":"§"}],"response":{"identifier":"§","code":"ok"},"definition":"§"}},
{"resource":{"resourceType":"Specimen","identifier":[{"value":"§"}],"accessionIdentifier":{"system":"§","value":"§"},"collection":{"collector":{"display":"§"}},"processing":[{"description":"§"}],
  "container":[{"identifier":[{"value":"§"}],"description":"§"}]}},
{"resource":{"resourceType":"AuditEvent","agent":[{"altId":"§","name":"§","network":{"address":"§"}}],"source":{"site":"§"},"outcomeDesc":"§","entity":[{"name":"§","description":"§","query":"§64"}]}},
{"resource":{"resourceType":"FamilyMemberHistory","name":"§","note":[{"text":"§"}]}},
{"resource":{"resourceType":"QuestionnaireResponse","item":[{"text":"§","answer":[{"valueString":"§"}]}]}},
{"resource":{"resourceType":"§","id":"§"}},
{"request":{"method":"DELETE","url":"Patient/§"}},
{"resource":{"resourceType":"Appointment","status":"booked","description":"§","comment":"§","patientInstruction":"§","start":"2024-03-05T14:30:00Z","participant":[{"actor":{"display":"§"},"status":"accepted"}]}}
]}"##;

/// The corpus with sentinels in place, and the sentinels.
fn corpus() -> (Resource, Vec<String>) {
    let (mut json, mut sentinels) = (String::new(), Vec::new());
    let mut parts = CORPUS.split('§');
    json += parts.next().unwrap_or_default();
    for part in parts {
        let sentinel = format!("ZQ{:04}XKWVJ", sentinels.len());
        let (written, rest) = match (part.strip_prefix("64"), part.strip_prefix("hex")) {
            (Some(rest), _) => (BASE64.encode(sentinel.as_bytes()), rest),
            (_, Some(rest)) => (HEXLOWER.encode(sentinel.as_bytes()), rest),
            _ => (sentinel.clone(), part),
        };
        json += &written;
        json += rest;
        sentinels.push(sentinel);
    }
    (resource(&json), sentinels)
}

#[test]
fn no_sentinel_comes_out_and_the_search_can_find_them() {
    let (bundle, sentinels) = corpus();
    assert!(sentinels.len() >= 250, "{} places", sentinels.len());
    assert_eq!(
        found(&sentinels, &bundle.to_json()).len(),
        sentinels.len(),
        "the search finds each in the input"
    );
    let done = live(&bundle).unwrap();
    assert_eq!(found(&sentinels, &everything(&done)), Vec::<&str>::new());
}

#[test]
fn one_sentinel_put_back_is_found_in_any_spelling() {
    let (bundle, sentinels) = corpus();
    let clean = everything(&live(&bundle).unwrap());
    let planted = &sentinels[7..9];
    let searcher = searcher(planted);
    for (encoding, bytes) in encodings(&planted[0]) {
        let found = searcher.search("", &[clean.as_bytes(), &bytes].concat());
        assert!(found.iter().any(|one| one.canary == planted[0]), "{encoding}");
        assert!(found.iter().all(|one| one.canary == planted[0]), "{encoding}");
    }
}

#[test]
fn no_sentinel_comes_out_of_a_file_under_any_policy() {
    let (_, sentinels) = corpus();
    for policy in Policy::built_in_names() {
        let (out, said) = exported(&corpus().0, policy);
        assert_eq!(found(&sentinels, &out), Vec::<&str>::new(), "{policy}");
        assert_eq!(found(&sentinels, &said), Vec::<&str>::new(), "{policy}");
    }
}

#[test]
fn what_is_clinical_comes_out_of_a_file_byte_for_byte() {
    for policy in ["safe-harbor", "limited-data-set", "expert-determination"] {
        let (json, _) = exported(&corpus().0, policy);
        for survivor in SURVIVORS {
            assert!(json.contains(survivor), "{policy}: {survivor} is gone");
        }
        let bundle = Value::parse(json.as_bytes()).unwrap();
        let resources = bundle.list("entry").iter().filter_map(|entry| entry.get("resource")).count();
        assert_eq!(resources, 21, "{policy}");
    }
    let (json, _) = exported(&corpus().0, "safe-harbor");
    assert!(json.contains(r#""effectiveDateTime":"2024""#) && json.contains(r#""period":{"start":"2024"}"#));
    assert!(!json.contains("2024-"), "no date finer than a year");
}

#[test]
fn what_comes_out_of_a_file_is_valid() {
    let options = ValidateOptions::default().with_invariants(false);
    for policy in ["safe-harbor", "limited-data-set", "expert-determination"] {
        let bundle = Resource::parse(exported(&corpus().0, policy).0.as_bytes()).unwrap();
        let sent = corpus().0;
        let sent: Vec<_> = carewire_fhir_core::entries(&sent).filter_map(|entry| entry.resource).collect();
        for entry in carewire_fhir_core::entries(&bundle).filter_map(|entry| entry.resource) {
            let before =
                sent.iter().find(|one| one.str("resourceType") == entry.str("resourceType")).unwrap();
            let lacked = lacking(before);
            let entry = Resource::from_value(entry.clone()).unwrap();
            let faults: Vec<_> = validate_with(&entry, &options)
                .into_iter()
                .filter(|issue| issue.severity != carewire_fhir_core::Severity::Warning)
                .flat_map(|issue| issue.expression)
                .filter(|path| !lacked.contains(path))
                .collect();
            assert_eq!(faults, Vec::<String>::new(), "{policy}: {}", entry.to_json());
        }
    }
}

/// What a clinician needs, whatever becomes of dates.
const SURVIVORS: [&str; 17] = [
    r#""system":"http://loinc.org","code":"718-7""#,
    r#""system":"http://loinc.org","code":"8480-6""#,
    r#""value":0.50"#,
    r#""unit":"mg/dL""#,
    r#""system":"http://unitsofmeasure.org","code":"mg/dL""#,
    r#""comparator":"<""#,
    r#""code":"laboratory","display":"Laboratory""#,
    r#""code":"H","display":"High""#,
    r#""code":"IMP","display":"inpatient encounter""#,
    r#""code":"active","display":"Active""#,
    r#""code":"R","display":"restricted""#,
    r#""low":{"value":12.0"#,
    r#""code":"38341003""#,
    r#""system":"http://hl7.org/fhir/sid/cvx","code":"08""#,
    r#""contentType":"application/pdf""#,
    r#""gender":"female""#,
    r#""code":"MTH""#,
];

#[test]
fn what_a_clinician_needs_comes_out() {
    let done = live(&corpus().0).unwrap();
    let json = done.bundle.to_json();
    assert!(SURVIVORS.iter().all(|survivor| json.contains(survivor)));
    for survivor in [
        r#""effectiveDateTime":"2024-03-05T14:30:00.250+01:00""#,
        r#""start":"2024-03-05T14:30:00Z""#,
        r#""recorded":"2024-03-05T14:30:00Z""#,
    ] {
        assert!(json.contains(survivor), "{survivor} is gone");
    }
}

/// A sender writes into a field of an HL7 table what it likes, and the map gives it the address of the table.
#[test]
fn a_name_in_the_place_of_a_code_becomes_a_pseudonym_and_a_real_code_stays() {
    const HL7: &str = "http://terminology.hl7.org/CodeSystem/";
    for (system, code) in [
        (format!("{HL7}v2-0004"), "I"),
        (format!("{HL7}v2-0074"), "LAB"),
        (format!("{HL7}v2-0078"), "H"),
        (format!("{HL7}v2-0203"), "MR"),
        (format!("{HL7}v2-0276"), "CHECKUP"),
        (format!("{HL7}v3-ActCode"), "IMP"),
        (format!("{HL7}condition-clinical"), "active"),
        ("http://hl7.org/fhir/v2/0004".to_owned(), "I"),
        ("http://hl7.org/fhir/administrative-gender".to_owned(), "female"),
        ("urn:oid:2.16.840.1.113883.12.4".to_owned(), "I"),
        ("urn:oid:2.16.840.1.113883.12.292".to_owned(), "150"),
        ("http://www.cms.gov/Medicare/Coding/ICD10".to_owned(), "0DTJ4ZZ"),
        ("http://hl7.org/fhir/sid/mvx".to_owned(), "MSD"),
    ] {
        let sent = |code: &str| {
            let coding = Value::object().with("system", system.as_str()).with("code", code);
            let json = format!(
                r#"{{"resourceType":"Observation","status":"final","code":{{"coding":[{}]}}}}"#,
                coding.to_json()
            );
            live(&support::bundle(&[&json])).unwrap().bundle.to_json()
        };
        assert!(sent(code).contains(&format!(r#""system":"{system}","code":"{code}""#)), "{system} {code}");
        for name in ["SMITH", "Charles", "MCDONALD-SMITH"] {
            let out = sent(name);
            assert!(!out.contains(name) && !out.contains(&system), "{system} {name}");
            assert!(
                out.contains(r#""system":"urn:carewire:pseudonym""#) && out == sent(name),
                "{system} {name}"
            );
        }
    }
}

#[test]
fn the_token_patient_is_as_agreed() {
    let done = live(&corpus().0).unwrap();
    let patient = done.entries[0].resource.value();
    let token = support::token();
    let identifier = Value::object().with("system", "urn:carewire:token").with("value", token.as_str());
    assert_eq!(patient.list("identifier"), [identifier]);
    assert_eq!(patient.list("name"), [Value::object().with("text", "Patient")]);
    let original =
        patient.list("extension")[0].get("valueReference").and_then(|one| one.get("identifier")).unwrap();
    assert_eq!(
        (original.str("system"), original.str("value")),
        (Some("urn:carewire:original"), Some(token.as_str()))
    );
    for gone in ["id", "birthDate", "telecom", "address", "contact", "photo", "link", "text", "contained"] {
        assert_eq!(patient.get(gone), None, "{gone}");
    }
    assert!(done.entries.iter().all(|entry| entry.resource.id().is_none()));
}

#[test]
fn what_was_left_out_is_counted_without_its_name() {
    let done = live(&corpus().0).unwrap();
    let left_out = done.manifest.counts().filter(|(_, treatment, _)| *treatment == Treatment::LeftOut);
    let left_out: Vec<_> = left_out.map(|(path, _, count)| (path, count)).collect();
    assert_eq!(left_out, [("?", 2)]);
    assert!(done.manifest.count("Observation.note", Treatment::Dropped) == 1);
    assert!(done.manifest.count("Patient.?", Treatment::Dropped) >= 2);
}

#[test]
fn what_comes_out_is_valid() {
    let sent = corpus().0;
    let done = live(&sent).unwrap();
    let sent: Vec<_> = carewire_fhir_core::entries(&sent).filter_map(|entry| entry.resource).collect();
    // A constraint that the traps break on purpose (a value beside its absence) stays broken.
    let options = ValidateOptions::default().with_invariants(false);
    for entry in &done.entries {
        let before = sent.iter().find(|one| one.str("resourceType") == Some(&*entry.resource_type)).unwrap();
        let lacked = lacking(before);
        let faults: Vec<_> = validate_with(&entry.resource, &options)
            .into_iter()
            .filter(|issue| issue.severity != carewire_fhir_core::Severity::Warning)
            .flat_map(|issue| issue.expression)
            .filter(|path| !lacked.contains(path))
            .collect();
        assert_eq!(faults, Vec::<String>::new(), "{}", entry.resource.to_json());
    }
}

#[test]
fn an_unknown_modifier_extension_stops_everything_and_names_no_value() {
    for place in [
        r#""modifierExtension":[{"url":"ZQ-SECRET","valueString":"ZQ-SECRET"}]"#,
        r#""component":[{"modifierExtension":[{"url":"ZQ-SECRET"}],"code":{"text":"x"}}]"#,
        r##""contained":[{"resourceType":"Device","id":"ZQ-SECRET","modifierExtension":[{"url":"ZQ-SECRET"}]}],"device":{"reference":"#ZQ-SECRET"}"##,
    ] {
        let bundle = support::bundle(&[&format!(
            r#"{{"resourceType":"Observation","status":"final","ZQ-SECRET":1,{place}}}"#
        )]);
        let error = live(&bundle).unwrap_err();
        assert!(matches!(error, Error::Refused { reason: Refusal::ModifierExtension, .. }), "{error}");
        let shown = format!("{error} {error:?}");
        assert!(shown.contains("entry[0].") && !shown.contains("SECRET"), "{shown}");
    }
}
