//! The methods for FHIR that put something else in the place of a value.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may panic")]

mod support;

use carewire_deid::transform::{StructuredScrubber, ValueCipher};
use carewire_deid::{
    Context, ENCRYPTED_SYSTEM, Error, Exporter, KeyRing, Policy, Refusal, Treatment, check_policy,
    deidentify_resource,
};
use carewire_fhir_core::{OrgId, Resource, Value};
use support::{keys, resource, ring, seeded, token};

const RULES: &str = "
id = 'own'
version = '1'
jurisdiction = 'any'
sources = []
[text]
scrubber = 'structured-1'
[[fhir]]
paths = ['Observation.valueQuantity', 'Observation.valueInteger', 'Invoice.totalNet']
method = 'generalise'
step = 5
[[fhir]]
paths = ['Observation.component.valueQuantity', 'ChargeItem.factorOverride']
method = 'perturb'
span = 0.5
proportional = true
places = 2
[[fhir]]
path = 'Age'
method = 'age'
[[fhir]]
path = 'Condition.onsetAge'
method = 'generalise'
step = 10
[[fhir]]
paths = ['Patient.name.family', 'Patient.photo.url', 'Patient.contact.name.text']
method = 'encrypt'
[[fhir]]
paths = ['Observation.valueString', 'Annotation.text']
method = 'scrub'
[[fhir]]
paths = ['Condition.note', 'Condition.subject']
method = 'keep'
[[fhir]]
path = 'Patient.identifier'
method = 'pseudonym'
[[identifier]]
system = 'urn:oid:1.2.3'
method = 'encrypt'
[[identifier]]
checksum = 'uk-nhs'
method = 'drop'
[[identifier]]
pattern = 'A-999'
method = 'keep'
";

fn policy() -> Policy {
    Policy::parse_toml(RULES).unwrap()
}

fn cipher() -> ValueCipher {
    ValueCipher::new(&ring(1), &OrgId::new("org_a").unwrap())
}

/// What a run over files makes of a resource.
fn exported(json: &str) -> Value {
    let (policy, keys, cipher, scrubber, entropy) =
        (policy(), keys(1), cipher(), StructuredScrubber::default(), seeded(3));
    let exporter = Exporter::new(&policy, &keys).unwrap();
    let mut exporter = exporter.with_cipher(&cipher, &entropy).with_scrubber(&scrubber);
    let mut out = String::new();
    assert!(exporter.write(json.as_bytes(), &mut out).unwrap());
    Resource::parse(out.as_bytes()).unwrap().value().clone()
}

/// What a live sync makes of it.
fn live(json: &str) -> Value {
    let (policy, keys, cipher, scrubber, entropy, token) =
        (policy(), keys(1), cipher(), StructuredScrubber::default(), seeded(3), token());
    let context =
        Context::new(&keys).with_patient(&token).with_cipher(&cipher, &entropy).with_scrubber(&scrubber);
    deidentify_resource(&resource(json), &policy, &context).unwrap().0.resource.value().clone()
}

/// A member of a member, the first item of each list.
fn at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    path.split('.').try_fold(value, |value, name| {
        let found = value.get(name)?;
        Some(found.items().first().unwrap_or(found))
    })
}

fn number<'v>(value: &'v Value, path: &str) -> Option<&'v str> {
    at(value, path).and_then(Value::as_number)
}

fn text<'v>(value: &'v Value, path: &str) -> &'v str {
    at(value, path).and_then(Value::as_str).unwrap_or_default()
}

#[test]
fn numbers_go_down_to_a_multiple_with_their_unit() {
    for run in [exported, live] {
        for (given, expected) in
            [("37.25", Some("35")), ("-0.5", Some("-5")), ("5.00", Some("5")), ("1e3", None)]
        {
            let done = run(&format!(
                r#"{{"resourceType":"Observation","valueQuantity":{{"value":{given},"unit":"mg","system":"http://unitsofmeasure.org","code":"mg"}}}}"#
            ));
            assert_eq!(number(&done, "valueQuantity.value"), expected, "{given}");
            assert_eq!(at(&done, "valueQuantity.unit").is_some(), expected.is_some(), "{given}");
        }
        assert_eq!(
            number(&run(r#"{"resourceType":"Observation","valueInteger":44}"#), "valueInteger"),
            Some("40")
        );
        let bounded =
            r#"{"resourceType":"Observation","valueQuantity":{"value":7,"comparator":"<","unit":"mg"}}"#;
        assert!(run(bounded).get("valueQuantity").is_none());
        let net = run(r#"{"resourceType":"Invoice","totalNet":{"value":99.95,"currency":"EUR"}}"#);
        assert_eq!((number(&net, "totalNet.value"), text(&net, "totalNet.currency")), (Some("95"), "EUR"));
    }
}

#[test]
fn an_age_above_89_stays_hidden_under_any_method() {
    let age = |years: u8| {
        format!(
            r#"{{"resourceType":"Condition","subject":{{"reference":"Patient/7"}},"onsetAge":{{"value":{years},"unit":"a"}}}}"#
        )
    };
    assert_eq!(number(&exported(&age(47)), "onsetAge.value"), Some("40"));
    let old = exported(&age(93));
    assert_eq!((number(&old, "onsetAge.value"), text(&old, "onsetAge.comparator")), (Some("90"), ">="));
}

#[test]
fn noise_repeats_lies_within_the_span_and_keeps_the_places() {
    let observed = |value: &str| {
        let json = format!(
            r#"{{"resourceType":"Observation","component":[{{"valueQuantity":{{"value":{value},"unit":"kg"}}}}]}}"#
        );
        let (one, again) = (exported(&json), exported(&json));
        assert_eq!(one, again);
        number(&one, "component.valueQuantity.value").unwrap().to_owned()
    };
    for value in ["70.500", "80.50", "64.0", "100"] {
        let (moved, was): (f64, f64) = (observed(value).parse().unwrap(), value.parse().unwrap());
        assert!((was * 0.75..=was * 1.25).contains(&moved), "{value} to {moved}");
        let places = |text: &str| text.split_once('.').map_or(0, |(_, digits)| digits.len());
        assert_eq!(places(&observed(value)), places(value).min(2));
    }
    let values: Vec<String> = (0..20).map(|tenth| observed(&format!("70.{tenth:02}"))).collect();
    assert!(values.iter().collect::<std::collections::BTreeSet<_>>().len() > 10);
}

const PATIENT: &str = r#"{"resourceType":"Patient","id":"7","name":[{"family":"Smith"}],
  "photo":[{"url":"https://x.example/smith.png"}],"contact":[{"name":{"text":"Jo Smith"}}],
  "identifier":[{"system":"urn:oid:1.2.3","value":"MRN-7"},{"system":"urn:oid:9","value":"943 476 5870"},
    {"system":"urn:oid:9","value":"B-123"},{"system":"urn:oid:9","value":"Q-1"}]}"#;

#[test]
fn what_is_encrypted_is_read_again_also_after_a_rotation() {
    let new = KeyRing::generate(&seeded(9), "2026-12-01T00:00:00Z").unwrap();
    let mut both: serde_json::Value = serde_json::from_str(&new.to_json()).unwrap();
    let retired: serde_json::Value = serde_json::from_str(&ring(1).to_json()).unwrap();
    for key in retired["keys"].as_array().unwrap() {
        let mut key = key.clone();
        key["status"] = "retired".into();
        both["keys"].as_array_mut().unwrap().push(key);
    }
    let rotated =
        ValueCipher::new(&KeyRing::parse(&both.to_string()).unwrap(), &OrgId::new("org_a").unwrap());
    for run in [exported, live] {
        let done = run(PATIENT);
        assert!(!done.to_json().contains("mith") && !done.to_json().contains("MRN-7"), "{}", done.to_json());
        for cipher in [cipher(), rotated.clone()] {
            for (path, expected) in [
                ("Patient.name.family", "Smith"),
                ("Patient.photo.url", "https://x.example/smith.png"),
                ("Patient.contact.name.text", "Jo Smith"),
            ] {
                let sealed = text(&done, path.strip_prefix("Patient.").unwrap());
                assert_eq!(cipher.decrypt(path, sealed).unwrap(), expected, "{path}");
                assert!(matches!(cipher.decrypt("Patient.gender", sealed), Err(Error::NotOpened)));
            }
        }
    }
}

#[test]
fn identifiers_go_by_the_rule_for_their_kind() {
    for run in [exported, live] {
        let done = run(PATIENT);
        let all: Vec<_> =
            done.list("identifier").iter().map(|one| (one.str("system"), one.str("value"))).collect();
        let encrypted: Vec<_> = all.iter().filter(|(system, _)| *system == Some(ENCRYPTED_SYSTEM)).collect();
        let [(_, Some(sealed))] = encrypted[..] else { panic!("{all:?}") };
        let opened = cipher().decrypt_identifier(sealed).unwrap();
        assert_eq!(opened, ("urn:oid:1.2.3".to_owned(), "MRN-7".to_owned()));
        assert!(all.contains(&(Some("urn:oid:9"), Some("B-123"))));
        assert!(!done.to_json().contains("943") && !done.to_json().contains("Q-1"));
    }
    let refers =
        r#"{"resourceType":"Condition","subject":{"identifier":{"system":"urn:oid:1.2.3","value":"MRN-7"}}}"#;
    let sealed = exported(refers);
    let opened = cipher().decrypt_identifier(text(&sealed, "subject.identifier.value")).unwrap();
    assert_eq!(opened.1, "MRN-7");
    let dropped = r#"{"resourceType":"Condition","subject":{"identifier":{"value":"943 476 5870"}}}"#;
    assert!(at(&exported(dropped), "subject.identifier").is_none());
}

#[test]
fn texts_are_scrubbed_by_the_scrubber_that_the_policy_names() {
    let said = r#"{"resourceType":"Observation","valueString":"call 617-555-0100, Hb 13"}"#;
    for run in [exported, live] {
        assert_eq!(text(&run(said), "valueString"), "call [PHONE], Hb 13");
    }
    let note = r#"{"resourceType":"Condition","note":[{"text":"mail jo@example.org"}]}"#;
    let policy = RULES.replace("['Condition.note'", "['Condition.note.text', 'Condition.note'");
    assert!(Policy::parse_toml(&policy).unwrap_err().to_string().contains("free text"));
    assert!(exported(note).get("note").is_some_and(|note| note.to_json().contains("mail [EMAIL]")));
}

#[test]
fn what_passed_once_passes_again_unchanged() {
    for json in [
        PATIENT,
        r#"{"resourceType":"Observation","valueQuantity":{"value":37.25},"valueString":"call 617-555-0100"}"#,
    ] {
        let once = exported(json);
        assert_eq!(exported(&once.to_json()), once);
    }
}

#[test]
fn a_policy_whose_methods_lack_something_is_refused_and_counted_by_its_treatment() {
    let (policy, keys, cipher, entropy, scrubber) =
        (policy(), keys(1), cipher(), seeded(1), StructuredScrubber::default());
    let refused = |mut exporter: Exporter<'_>| match exporter.write(PATIENT.as_bytes(), &mut String::new()) {
        Err(Error::Refused { reason, .. }) => Some(reason),
        _ => None,
    };
    let exporter = || Exporter::new(&policy, &keys).unwrap();
    assert_eq!(refused(exporter().with_scrubber(&scrubber)), Some(Refusal::NoCipher));
    assert_eq!(refused(exporter().with_cipher(&cipher, &entropy)), Some(Refusal::NoScrubber));
    let token = token();
    let live = deidentify_resource(&resource(PATIENT), &policy, &Context::new(&keys).with_patient(&token));
    assert!(matches!(live, Err(Error::Refused { reason: Refusal::NoCipher, .. })));
    let mut exporter = exporter().with_cipher(&cipher, &entropy).with_scrubber(&scrubber);
    let all = [
        PATIENT,
        r#"{"resourceType":"Observation","valueQuantity":{"value":7},"component":[{"valueQuantity":{"value":70}}]}"#,
        r#"{"resourceType":"Observation","valueString":"call 617-555-0100"}"#,
    ];
    all.iter().for_each(|one| assert!(exporter.write(one.as_bytes(), &mut String::new()).unwrap()));
    let manifest = exporter.manifest();
    for (path, treatment) in [
        ("Patient.name.family", Treatment::Encrypted),
        ("Patient.identifier", Treatment::Encrypted),
        ("Observation.valueQuantity", Treatment::Generalised),
        ("Observation.component.valueQuantity", Treatment::Perturbed),
        ("Observation.valueString", Treatment::Scrubbed),
    ] {
        assert_eq!(manifest.count(path, treatment), 1, "{path}");
    }
}

#[test]
fn the_report_says_what_each_method_does() {
    let report = check_policy(RULES).unwrap().to_string();
    for line in [
        "Observation.valueQuantity                                    generalise step 5\n",
        "Observation.component.valueQuantity                          perturb span 0.5 of the number, 2 places\n",
        "Patient.name.family                                          encrypt\n",
        "Observation.valueString                                      scrub\n",
        "scrubber of texts: structured-1, which is no guarantee\n",
        "identifier of urn:oid:1.2.3 encrypt\n",
        "identifier with the check of uk-nhs drop\n",
    ] {
        assert!(report.contains(line), "{line}");
    }
}
