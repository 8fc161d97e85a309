//! Imported rule files: what they promise beyond the cases of their engine.

use std::collections::BTreeSet;

use carewire_deid::import::{
    AnonymizerRules, Deviation, ImportOptions, RuleKeys, RuleReason, RunContext, Unmatched,
};
use carewire_deid::transform::ValueCipher;
use carewire_deid::{Error, Refusal};
use carewire_fhir_core::{Date, DateTime, OrgId, Value, Zone};
use proptest::prelude::*;

use crate::support;

fn keep() -> ImportOptions {
    ImportOptions::default().with_unmatched(Unmatched::Keep)
}

fn rules(rules: &str, parameters: &str, options: ImportOptions) -> AnonymizerRules {
    let file = format!(r#"{{"fhirPathRules":[{rules}],"parameters":{{{parameters}}}}}"#);
    AnonymizerRules::parse(&file, options).unwrap_or_else(|error| panic!("{error}"))
}

fn run(rules: &AnonymizerRules, json: &str) -> Result<Value, Error> {
    let keys = support::keys(1);
    let as_of = Date::parse("2026-11-22").unwrap();
    let done = rules.run(&support::resource(json), &RunContext::new(&keys, &as_of))?;
    Ok(done.resource.into_value())
}

fn rule(path: &str, method: &str) -> String {
    format!(r#"{{"path":"{path}","method":"{method}"}}"#)
}

/// Files that are refused, the rule that is at fault, and what is said of it.
const FAULTS: [(&str, Option<usize>, &str); 9] = [
    (r#"{"abc":"123"}"#, None, "not a rule file"),
    ("no json SECRET", None, "not a rule file"),
    (r#"{"fhirVersion":"Stu3","fhirPathRules":[]}"#, None, "not for FHIR R4"),
    (r#"{"processingErrors":"SECRET","fhirPathRules":[]}"#, None, "processingErrors"),
    (
        r#"{"fhirPathRules":[],"parameters":{"enablePartialDatesForRedact":"yes"}}"#,
        None,
        "enablePartialDatesForRedact",
    ),
    (
        r#"{"fhirPathRules":[{"path":"Patient.id","method":"keep"},{"path":"invalid()","method":"redact"}]}"#,
        Some(1),
        "unsupported function",
    ),
    (r#"{"fhirPathRules":[{"method":"redact"}]}"#, Some(0), "`path`"),
    (
        r#"{"fhirPathRules":[{"path":"nodesByType('A').nodesByType('B')","method":"keep"}]}"#,
        Some(0),
        "nodesByType",
    ),
    (r#"{"fhirPathRules":[{"path":"nodesByType(HumanName)","method":"keep"}]}"#, Some(0), "nodesByType"),
];

/// Methods that are refused with what stands beside them, and what is said of it.
const METHOD_FAULTS: [(&str, &str); 12] = [
    (r#""skip""#, "unknown method"),
    (r#""mask""#, "unknown method"),
    (r#""substitute""#, "replaceWith"),
    (r#""perturb""#, "span"),
    (r#""perturb","span":"-1""#, "span"),
    (r#""perturb","span":3,"roundTo":"29""#, "roundTo"),
    (r#""perturb","span":3,"roundTo":-1"#, "roundTo"),
    (r#""perturb","span":3,"roundTo":"abc""#, "roundTo"),
    (r#""perturb","span":3,"rangeType":"unknown""#, "rangeType"),
    (r#""generalize","otherValues":"keep""#, "cases"),
    (r#""generalize","cases":{"$this>=0 && $this<10":"10"}"#, "expression"),
    (r#""generalize","cases":{"true":"10"},"otherValues":"unknown""#, "otherValues"),
];

#[test]
fn faults_name_the_rule() {
    let of_method = |(method, shown): (&str, _)| {
        let rule = format!(r#"{{"path":"Condition.onset as Age","method":{method}}}"#);
        (format!(r#"{{"fhirPathRules":[{rule}]}}"#), Some(0), shown)
    };
    let whole = FAULTS.map(|(file, at, shown)| (file.to_owned(), at, shown));
    for (file, at, shown) in whole.into_iter().chain(METHOD_FAULTS.map(of_method)) {
        let error = AnonymizerRules::parse(&file, keep()).unwrap_err();
        assert_eq!(error.rule(), at, "{file}");
        assert!(error.to_string().contains(shown), "{file}: {error}");
        assert!(!format!("{error} {error:?}").contains("SECRET"));
    }
    let error = AnonymizerRules::parse(
        &format!(r#"{{"fhirPathRules":[{}]}}"#, rule("Patient.id", "cryptoHash")),
        keep().with_keys(RuleKeys::File),
    );
    assert_eq!(error.unwrap_err().reason(), &RuleReason::Member("cryptoHashKey"));
}

#[test]
fn what_no_rule_names_is_dropped_unless_it_is_to_be_kept() {
    let patient = r#"{"resourceType":"Patient","id":"7","name":[{"family":"Smith"}],"gender":"male",
        "_birthDate":{"extension":[{"url":"urn:x","valueString":"Smith"}]}}"#;
    let only_gender = rule("Patient.gender", "keep");
    let dropped = run(&rules(&only_gender, "", ImportOptions::default()), patient).unwrap();
    assert_eq!(
        dropped.members().map(|(name, _)| name).collect::<Vec<_>>(),
        ["resourceType", "gender", "meta"]
    );
    let kept = run(&rules(&only_gender, "", keep()), patient).unwrap();
    assert_eq!(kept.to_json(), Value::parse(patient.as_bytes()).unwrap().to_json());
}

#[test]
fn a_rule_reaches_a_primitive_that_has_extensions_only() {
    let patient = r#"{"resourceType":"Patient","_birthDate":{"extension":[{"url":"urn:x","valueString":"Smith"}]},
        "name":[{"given":["Ann",null],"_given":[null,{"extension":[{"url":"urn:y","valueString":"Lee"}]}]}]}"#;
    for paths in
        [["Patient.birthDate", "Patient.name.given"], ["nodesByName('birthDate')", "nodesByType('string')"]]
    {
        let both = paths.map(|path| rule(path, "redact")).join(",");
        let json = run(&rules(&both, "", keep()), patient).unwrap().to_json();
        assert!(!json.contains("Smith") && !json.contains("Ann") && !json.contains("Lee"), "{json}");
    }
    let given = rule("Patient.name.given", "keep");
    let json = run(&rules(&given, "", ImportOptions::default()), patient).unwrap().to_json();
    assert!(
        json.contains(
            r#""given":["Ann",null],"_given":[null,{"extension":[{"url":"urn:y","valueString":"Lee"}]}]"#
        ),
        "{json}"
    );
}

#[test]
fn intervals_of_a_patient_hold_over_resources_and_times_of_day_stay() {
    let shifting =
        ["date", "dateTime", "instant"].map(|name| rule(&format!("nodesByType('{name}')"), "dateShift"));
    let shift = rules(&shifting.join(","), r#""dateShiftScope":"resource","dateShiftKey":"abc""#, keep());
    let bundle = |patient: &str| {
        let json = format!(
            r#"{{"resourceType":"Bundle","type":"collection","entry":[
            {{"fullUrl":"urn:uuid:11111111-1111-4111-8111-111111111111","resource":{{"resourceType":"Patient","id":"{patient}","birthDate":"1970-03-01"}}}},
            {{"resource":{{"resourceType":"Encounter","id":"e","status":"finished","subject":{{"reference":"Patient/{patient}"}},"class":{{}},
              "period":{{"start":"2024-03-01T10:15:30.250+01:00"}}}}}},
            {{"resource":{{"resourceType":"Observation","id":"o","subject":{{"reference":"urn:uuid:11111111-1111-4111-8111-111111111111"}},
              "effectiveDateTime":"2024-02-29T23:59:59-05:00"}}}}]}}"#
        );
        let json = json.replace(r#""class":{},"#, "");
        let out = run(&shift, &json).unwrap();
        let resource = |at: usize| out.list("entry")[at].get("resource").unwrap().clone();
        let start = resource(1).get("period").unwrap().str("start").unwrap().to_owned();
        (
            resource(0).str("birthDate").unwrap().to_owned(),
            start,
            resource(2).str("effectiveDateTime").unwrap().to_owned(),
        )
    };
    let (born, start, seen) = bundle("7");
    assert!(start.ends_with("T10:15:30.250+01:00") && seen.ends_with("T23:59:59-05:00"));
    let moment = |text: &str| DateTime::parse(text).unwrap().bounds(Zone::UTC).start;
    assert_eq!(
        moment(&start) - moment(&seen),
        moment("2024-03-01T10:15:30.250+01:00") - moment("2024-02-29T23:59:59-05:00")
    );
    assert_eq!(
        moment(&start) - moment(&born),
        moment("2024-03-01T10:15:30.250+01:00") - moment("1970-03-01")
    );
    let shifts: BTreeSet<_> = (0..40).map(|patient| bundle(&patient.to_string()).0).collect();
    assert!(shifts.len() > 20 && shifts.iter().all(|born| born.as_str() < "1970-03-01"));
}

#[test]
fn a_fixed_shift_is_exact_and_goes_into_the_past() {
    let dates = rule("nodesByType('date')", "dateShift");
    let json = r#"{"resourceType":"Patient","id":"7","birthDate":"2000-01-31"}"#;
    for days in ["11", "-11"] {
        let file = rules(&dates, &format!(r#""dateShiftFixedOffsetInDays":{days}"#), keep());
        assert_eq!(run(&file, json).unwrap().str("birthDate"), Some("2000-01-20"));
        assert!(file.deviations().contains(&Deviation::FixedShiftIntoThePast));
    }
}

#[test]
fn a_surrogate_is_written_only_where_the_type_has_room_for_it() {
    let patient = r#"{"resourceType":"Patient","id":"7","birthDate":"1970-01-01","active":true,"multipleBirthInteger":2,
        "text":{"status":"generated","div":"<div>Smith</div>"},"name":[{"family":"Smith"}]}"#;
    let out = run(&rules(&rule("Patient", "cryptoHash"), "", keep()), patient).unwrap();
    for gone in ["birthDate", "active", "multipleBirthInteger"] {
        assert!(out.get(gone).is_none(), "{gone}");
    }
    assert!(
        out.get("text").unwrap().get("div").is_none()
            && out.list("name")[0].str("family").unwrap().len() == 40
    );
    assert!(!out.to_json().contains("Smith"));
}

#[test]
fn ages_are_told_by_the_day_of_the_run() {
    let json = r#"{"resourceType":"Condition","subject":{"reference":"Patient/7"},"onsetAge":{"value":VALUE,"unit":"UNIT","code":"UNIT"},"recordedDate":"DATE"}"#;
    let both = [rule("nodesByType('Age')", "redact"), rule("nodesByType('dateTime')", "redact")].join(",");
    let partial = r#""enablePartialAgesForRedact":true,"enablePartialDatesForRedact":true"#;
    let cut = rules(&both, partial, keep());
    for (value, unit, date, age, year) in [
        ("89", "a", "1937-01-01", Some("89"), Some("1937")),
        ("90", "a", "1936-11-22", None, None),
        ("1079", "mo", "1936-11-23", Some("1079"), Some("1936")),
        ("1080", "mo", "1936", None, None),
        ("45", "?", "2020-02", None, Some("2020")),
    ] {
        let json = json.replace("VALUE", value).replace("UNIT", unit).replace("DATE", date);
        let out = run(&cut, &json).unwrap();
        assert_eq!(
            out.get("onsetAge").and_then(|age| age.get("value")).and_then(Value::as_number),
            age,
            "{json}"
        );
        assert_eq!(out.str("recordedDate"), year, "{json}");
    }
}

#[test]
fn perturb_repeats_and_encrypt_opens_again() {
    let json = r#"{"resourceType":"Observation","valueQuantity":{"value":70.50,"unit":"kg","code":"kg","system":"http://unitsofmeasure.org"},
        "component":[{"valueInteger":5}],"note":[{"text":"Mrs Smith"}]}"#;
    let noisy = r#"{"path":"Observation.value","method":"perturb","span":4,"roundTo":1},
        {"path":"nodesByType('integer')","method":"perturb","span":0.1,"rangeType":"proportional"},
        {"path":"Observation.note.text","method":"encrypt"}"#;
    let file = rules(noisy, "", ImportOptions::default());
    let org = OrgId::new("org_a").unwrap();
    let cipher = ValueCipher::new(&support::ring(1), &org);
    let entropy = support::seeded(5);
    let (keys, as_of) = (support::keys(1), Date::parse("2026-11-22").unwrap());
    let context = RunContext::new(&keys, &as_of);
    let out = |context: &RunContext<'_>| file.run(&support::resource(json), context);
    assert!(matches!(out(&context), Err(Error::Refused { reason: Refusal::RuleFailed, .. })));
    let context = context.with_cipher(&cipher, &entropy);
    let (one, two) = (out(&context).unwrap().resource, out(&context).unwrap().resource);
    let quantity = one.value().get("valueQuantity").unwrap();
    let value = quantity.get("value").and_then(Value::as_number).unwrap();
    assert!(
        value.len() == 4 && ("68.5"..="72.5").contains(&value) && quantity.str("code") == Some("kg"),
        "{value}"
    );
    assert_eq!(quantity, two.value().get("valueQuantity").unwrap());
    assert!(one.value().get("component").is_none(), "noise of a quarter has no room in an integer");
    let sealed = one.value().list("note")[0].str("text").unwrap();
    assert_eq!(cipher.decrypt("Observation.note.text", sealed).unwrap(), "Mrs Smith");
}

#[test]
fn differences_are_reported_with_the_file() {
    let file = [
        rule("HealthcareService.notAvaliable.description", "redact"),
        rule("nodesByType('date')", "dateshift"),
        rule("Resource.id", "cryptoHash"),
    ]
    .join(",");
    let found = rules(&file, r#""cryptoHashKey":"123""#, ImportOptions::default()).deviations().to_vec();
    for expected in [
        Deviation::NeverApplies { rule: 0 },
        Deviation::ShiftByPatient,
        Deviation::TimeOfDayKept,
        Deviation::KeysOfTheRing,
        Deviation::UnmatchedDropped,
    ] {
        assert!(found.contains(&expected), "{expected}");
    }
    let found =
        rules(&file, r#""cryptoHashKey":"123""#, keep().with_keys(RuleKeys::File)).deviations().to_vec();
    assert!(found.contains(&Deviation::WeakKeyOfTheFile) && !found.contains(&Deviation::UnmatchedDropped));
    assert!(!found.iter().any(|deviation| matches!(deviation, Deviation::NeverApplies { rule: 1.. })));
    assert!(rules(&rule("Patient.gender", "keep"), "", keep()).deviations().is_empty());
}

#[test]
fn surrogates_resolve_between_id_and_reference() {
    let both = [rule("Resource.id", "cryptoHash"), rule("nodesByType('Reference').reference", "cryptoHash")]
        .join(",");
    let file = rules(&both, "", ImportOptions::default());
    let patient = run(&file, r#"{"resourceType":"Patient","id":"MRN7"}"#).unwrap();
    let observation = run(
        &file,
        r#"{"resourceType":"Observation","subject":{"reference":"Patient/MRN7","display":"Smith"}}"#,
    )
    .unwrap();
    let reference = observation.get("subject").unwrap().str("reference").unwrap();
    assert_eq!(reference, format!("Patient/{}", patient.str("id").unwrap()));
    assert!(!patient.to_json().contains("MRN7") && !observation.to_json().contains("Smith"));
}

proptest! {
    #[test]
    fn any_file_is_read_or_refused(text in "\\PC{0,60}", path in "[A-Za-z'().| ]{0,30}", method in "keep|redact|dateShift|cryptoHash|perturb|generalize") {
        drop(AnonymizerRules::parse(&text, keep()));
        let file = Value::object().with("fhirPathRules", vec![Value::object().with("path", path).with("method", method).with("span", "3")]);
        if let Ok(file) = AnonymizerRules::parse(&file.to_json(), ImportOptions::default()) {
            let patient = r#"{"resourceType":"Patient","id":"7","name":[{"family":"Smith"}],"birthDate":"1970-01-01"}"#;
            match run(&file, patient) {
                Ok(out) => prop_assert_eq!(out.str("resourceType"), Some("Patient")),
                Err(error) => {
                    let shown = format!("{error} {error:?}");
                    prop_assert!(!shown.contains("Smith"));
                }
            }
        }
    }

    /// What a rule file does not let through has no influence on what comes out, but for keyed surrogates and shifts.
    #[test]
    fn what_goes_leaves_no_trace(
        family in "[A-Z][a-z]{4,9}", city in "[A-Z][a-z]{4,9}", note in "[a-z ]{5,30}", phone in "[0-9]{7,12}",
    ) {
        let patient = |family: &str, city: &str, note: &str, phone: &str| format!(
            r#"{{"resourceType":"Patient","id":"7","name":[{{"use":"official","family":"{family}"}}],"gender":"female",
            "telecom":[{{"system":"phone","value":"{phone}"}}],"birthDate":"1970-02-03",
            "address":[{{"city":"{city}","state":"VT","postalCode":"05401"}}],
            "contained":[{{"resourceType":"Practitioner","id":"p","name":[{{"family":"{family}"}}]}}],
            "extension":[{{"url":"urn:x","valueString":"{note}"}}]}}"#
        );
        let listed = [
            rule("Patient.gender", "keep"), rule("nodesByType('HumanName').use", "keep"), rule("Resource.id", "cryptoHash"),
            rule("nodesByType('Address').postalCode", "redact"), rule("nodesByType('date')", "dateShift"),
        ].join(",");
        let file = rules(&listed, r#""enablePartialZipCodesForRedact":true"#, ImportOptions::default());
        let one = run(&file, &patient(&family, &city, &note, &phone)).unwrap().to_json();
        let two = run(&file, &patient("Miller", "Springfield", "other words", "5550100")).unwrap().to_json();
        prop_assert!(one.contains("female") && one.contains("05400") && one.contains("official"));
        prop_assert_eq!(one, two);
    }

    /// A later rule never changes what an earlier one has decided.
    #[test]
    fn the_first_rule_holds(method in "redact|dateShift|cryptoHash", date in "19[3-9][0-9]-0[1-9]-[12][0-9]") {
        let json = format!(r#"{{"resourceType":"Patient","id":"7","birthDate":"{date}","gender":"male"}}"#);
        let kept = [rule("Patient.birthDate", "keep"), rule("nodesByType('date')", &method), rule("Patient", "redact")].join(",");
        let out = run(&rules(&kept, "", keep()), &json).unwrap();
        prop_assert_eq!(out.str("birthDate"), Some(date.as_str()));
        prop_assert!(out.str("gender").is_none() && out.str("id").is_none());
    }
}
