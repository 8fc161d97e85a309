use std::collections::BTreeSet;

use super::*;
use crate::Limits;
use crate::json::Tape;

type Name = (&'static str, &'static str);

#[test]
fn every_constraint_is_decided() {
    let open: Vec<Name> = r4()
        .constraints()
        .iter()
        .filter(|one| matches!(check_of(one), Check::Path(_)) && FhirPath::parse(one.expression).is_err())
        .map(|one| (one.on, one.key))
        .collect();
    assert_eq!(open, []);
    let errors = r4().constraints().iter().filter(|one| !one.is_warning).count();
    assert!(errors > 200, "{errors}");
}

#[test]
fn every_function_belongs_to_a_constraint_of_the_table() {
    let known: BTreeSet<Name> = r4().constraints().iter().map(|one| (one.on, one.key)).collect();
    let by_code = [datatypes::CHECKS, resources::CHECKS, bundle::CHECKS].into_iter().flatten();
    for ByCode { on, key, .. } in by_code {
        assert!(known.contains(&(*on, *key)), "{on} {key}");
    }
    for key in Constraint::BY_WALK {
        assert!(known.iter().any(|(_, known)| known == key), "{key}");
    }
}

/// What code decides is what the expression says.
#[test]
fn functions_agree_with_the_expressions_that_they_stand_for() {
    let by_code: Vec<&ByCode> =
        [datatypes::CHECKS, resources::CHECKS, bundle::CHECKS].into_iter().flatten().collect();
    let mut compared = 0;
    for (text, on) in FOCUSES {
        let focus = Value::parse(text.as_bytes()).unwrap();
        let tape = Tape::parse(text.as_bytes(), &Limits::default()).unwrap();
        for check in by_code.iter().filter(|check| check.on == *on) {
            let key = check.key;
            let constraint = r4().constraints().iter().find(|one| one.on == *on && one.key == key).unwrap();
            let path = FhirPath::parse(constraint.expression).unwrap();
            let by_path = path.is_true(&focus, &Context::new(&focus)).unwrap_or(true);
            assert_eq!((&focus).by_code(check), by_path, "{key} {text}");
            assert_eq!(tape.root().by_code(check), by_path, "{key} {text}");
            compared += 1;
        }
    }
    assert!(compared > 60, "{compared}");
}

/// Constraints that a sound resource can leave open; a resource that does, and one that breaks it.
const OPEN: &[(&str, &str, &str)] = &[
    (
        "ctm-1",
        r#"{"resourceType":"CareTeam","participant":[{"member":{"reference":"http://a/x"},"onBehalfOf":{"display":"x"}}]}"#,
        r#"{"resourceType":"CareTeam","participant":[{"member":{"reference":"Patient/1"},"onBehalfOf":{"display":"x"}}]}"#,
    ),
    (
        "inv-1",
        r#"{"resourceType":"Task","status":"draft","intent":"order","authoredOn":"2024-03","lastModified":"2024"}"#,
        r#"{"resourceType":"Task","status":"draft","intent":"order","authoredOn":"2024-03","lastModified":"2023"}"#,
    ),
    (
        "mdd-1",
        r#"{"resourceType":"MedicationDispense","status":"completed","medicationCodeableConcept":{"text":"x"},"whenPrepared":"2024-03","whenHandedOver":"2024"}"#,
        r#"{"resourceType":"MedicationDispense","status":"completed","medicationCodeableConcept":{"text":"x"},"whenPrepared":"2024-03","whenHandedOver":"2023"}"#,
    ),
    (
        "per-1",
        r#"{"resourceType":"Patient","identifier":[{"period":{"start":"2024-03","end":"2024"}}]}"#,
        r#"{"resourceType":"Patient","identifier":[{"period":{"start":"2024-03","end":"2023"}}]}"#,
    ),
    (
        "rng-2",
        r#"{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueRange":{"low":{"value":2,"unit":"a"},"high":{"value":1,"unit":"b"}}}"#,
        r#"{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueRange":{"low":{"value":2,"unit":"a"},"high":{"value":1,"unit":"a"}}}"#,
    ),
];

fn issues(text: &str) -> Vec<(Severity, String, String)> {
    let issues = crate::validate(&crate::Resource::parse(text.as_bytes()).unwrap());
    assert_eq!(
        Ok(&issues),
        crate::validate_json(text.as_bytes(), &crate::ValidateOptions::default()).as_ref()
    );
    let text = |issue: crate::Issue| issue.details_text.unwrap_or_default();
    issues.into_iter().map(|issue| (issue.severity, issue.code.clone(), text(issue))).collect()
}

#[test]
fn what_cannot_be_known_counts_as_kept() {
    for (key, open, broken) in OPEN {
        assert_eq!(issues(open), [], "{key}");
        let found = issues(broken);
        assert!(found.len() == 1 && found[0].2.starts_with(key), "{key}: {found:?}");
    }
}

/// What can leave a constraint open is `resolve()`, and an order whose right side is an element. The type of a choice, which
/// two ask for with `is`, is always known.
#[test]
fn the_list_of_constraints_that_can_be_open_is_whole() {
    let orders_elements = |expression: &str| {
        expression.split(['<', '>']).skip(1).any(|right| {
            let right = right.trim_start_matches('=').trim_start();
            right.starts_with(|c: char| c.is_alphabetic()) && !right.contains("toInteger()")
        })
    };
    let keys = |wanted: &dyn Fn(&str) -> bool| -> BTreeSet<&str> {
        let by_path = r4().constraints().iter().filter(|one| !Constraint::BY_WALK.contains(&one.key));
        let found = by_path.filter(|one| wanted(one.expression));
        found.map(|one| one.key).collect()
    };
    let open = keys(&|expression| expression.contains("resolve()") || orders_elements(expression));
    let listed: BTreeSet<&str> = OPEN.iter().map(|(key, ..)| *key).collect();
    assert_eq!(open, listed);
    assert_eq!(keys(&|expression| expression.contains(" is ")), BTreeSet::from(["que-7", "ras-2"]));
    for (key, focus) in [
        ("que-7", r#"{"operator":"exists","answerBoolean":true}"#),
        ("que-7", r#"{"operator":"=","answerCoding":{"code":"x"}}"#),
        ("ras-2", r#"{"probabilityDecimal":3}"#),
        ("ras-2", r#"{"probabilityRange":{"low":{"value":3}}}"#),
    ] {
        let constraint = r4().constraints().iter().find(|one| one.key == key).unwrap();
        let focus = Value::parse(focus.as_bytes()).unwrap();
        let path = FhirPath::parse(constraint.expression).unwrap();
        assert_eq!(path.is_true(&focus, &Context::new(&focus)), Ok(true), "{key}");
    }
    let (readme, docs) = (include_str!("../../../definitions/README.md"), include_str!("../mod.rs"));
    for key in listed {
        assert!(readme.contains(&format!("| `{key}` |")) && docs.contains(&format!("`{key}`")), "{key}");
    }
}

/// `ig-1` asks, for each resource of a guide, for its grouping among all groupings.
#[test]
fn what_takes_too_many_steps_is_said() {
    let many = 3_000;
    let groupings: Vec<String> = (0..many).map(|id| format!(r#"{{"id":"g{id}","name":"x"}}"#)).collect();
    let resource = format!(r#"{{"reference":{{"display":"x"}},"groupingId":"g{}"}}"#, many - 1);
    let guide = |resources: usize| {
        format!(
            r#"{{"resourceType":"ImplementationGuide","url":"http://a/ig","name":"A","status":"draft","packageId":"a","fhirVersion":["4.0.1"],
            "definition":{{"grouping":[{}],"resource":[{}]}}}}"#,
            groupings.join(","),
            vec![resource.as_str(); resources].join(",")
        )
    };
    assert_eq!(issues(&guide(3)), []);
    let text = "constraint ig-1 was not decided: the evaluation is too large";
    assert_eq!(issues(&guide(many)), [(Severity::Warning, "too-costly".to_owned(), text.to_owned())]);
}

/// To compare each with each would take minutes here.
#[test]
fn many_codings_of_an_observation_and_of_its_components_are_compared() {
    let many = 32_000;
    let coding = |n: usize| format!(r#"{{"system":"http://a.example/codes","code":"c{n}"}}"#);
    let codings = |from: usize| (from..from + many).map(coding).collect::<Vec<_>>().join(",");
    let text = |last: String| {
        format!(
            r#"{{"resourceType":"Observation","status":"final","code":{{"coding":[{}]}},"valueString":"x",
            "component":[{{"code":{{"coding":[{},{last}]}},"valueString":"y"}}]}}"#,
            codings(0),
            codings(many)
        )
    };
    assert_eq!(issues(&text(coding(2 * many))), []);
    let swapped = r#"{"code":"c7","system":"http://a.example/codes"}"#;
    let found = issues(&text(swapped.to_owned()));
    assert!(found.len() == 1 && found[0].2.starts_with("obs-7"), "{found:?}");
}

/// Elements, sound and broken, and their types.
const FOCUSES: &[(&str, &str)] = &[
    (r#"{"url":"u"}"#, "Extension"),
    (r#"{"url":"u","valueCode":"x"}"#, "Extension"),
    (r#"{"url":"u","_valueCode":{"extension":[{"url":"v","valueCode":"x"}]}}"#, "Extension"),
    (r#"{"url":"u","extension":[{"url":"v"}]}"#, "Extension"),
    (r#"{"url":"u","valueCode":"x","extension":[{"url":"v"}]}"#, "Extension"),
    (r#"{"value":1,"code":"mg"}"#, "Quantity"),
    (r#"{"value":1,"code":"mg","system":"s"}"#, "Quantity"),
    (r#"{"value":1}"#, "Quantity"),
    (r#"{"data":"aGk="}"#, "Attachment"),
    (r#"{"data":"aGk=","contentType":"text/plain"}"#, "Attachment"),
    (r#"{"value":"1"}"#, "ContactPoint"),
    (r#"{"value":"1","system":"phone"}"#, "ContactPoint"),
    (r#"{"start":"2024-02","end":"2024-01"}"#, "Period"),
    (r#"{"start":"2024-01","end":"2024-01-05"}"#, "Period"),
    (r#"{"start":"2024-01"}"#, "Period"),
    (r#"{"start":"2024-01-01T00:30:00+02:00","end":"2023-12-31T23:00:00Z"}"#, "Period"),
    (r#"{"start":"2024-01-01T02:00:00Z","end":"2024-01-01T02:30:00+02:00"}"#, "Period"),
    (r#"{"numerator":{"value":1}}"#, "Ratio"),
    (r#"{"numerator":{"value":1},"denominator":{"value":1}}"#, "Ratio"),
    (r#"{"extension":[{"url":"u"}]}"#, "Ratio"),
    (r#"{"id":"x"}"#, "Ratio"),
    (r#"{"duration":1,"period":-1,"periodUnit":"d","countMax":2,"offset":1}"#, "Timing.repeat"),
    (r#"{"duration":-0.0,"durationUnit":"d","durationMax":2,"offset":1,"when":["C"]}"#, "Timing.repeat"),
    (r#"{"periodMax":2,"offset":1,"when":["HS"],"timeOfDay":["10:00:00"]}"#, "Timing.repeat"),
    (r#"{"resourceType":"Observation","valueString":"a","dataAbsentReason":{"text":"x"}}"#, "Observation"),
    (
        r#"{"resourceType":"Observation","valueString":"a","code":{"coding":[{"system":"a","code":"b"}]},"component":[{"code":{"coding":[{"code":"b","system":"a"}]}}]}"#,
        "Observation",
    ),
    (
        r#"{"resourceType":"Observation","code":{"coding":[{"system":"a","code":"b"}]},"component":[{"code":{"coding":[{"code":"b","system":"a"}]}}]}"#,
        "Observation",
    ),
    (r#"{"appliesTo":[{"text":"x"}]}"#, "Observation.referenceRange"),
    (r#"{"text":"x"}"#, "Observation.referenceRange"),
    (r#"{"resourceType":"Organization","active":true}"#, "Organization"),
    (r#"{"gender":"male"}"#, "Patient.contact"),
    (r#"{"organization":{"display":"x"}}"#, "Patient.contact"),
    (r#"{"resourceType":"ServiceRequest","orderDetail":[{"text":"x"}]}"#, "ServiceRequest"),
    (
        r#"{"resourceType":"Bundle","type":"searchset","total":1,"entry":[{"search":{"mode":"match"}}]}"#,
        "Bundle",
    ),
    (r#"{"resourceType":"Bundle","type":"batch","total":1,"entry":[{"search":{"mode":"match"}}]}"#, "Bundle"),
    (
        r#"{"resourceType":"Bundle","type":"batch","entry":[{"request":{"method":"GET","url":"x"}}]}"#,
        "Bundle",
    ),
    (
        r#"{"resourceType":"Bundle","type":"batch-response","entry":[{"response":{"status":"200"}},{"fullUrl":"a"},{"fullUrl":"a"}]}"#,
        "Bundle",
    ),
    (
        r#"{"resourceType":"Bundle","type":"document","timestamp":"2024-01-01T00:00:00Z","identifier":{"system":"a","value":"b"},"entry":[{"resource":{"resourceType":"Composition"}}]}"#,
        "Bundle",
    ),
    (
        r#"{"resourceType":"Bundle","type":"document","identifier":{"value":"b"},"entry":[{"resource":{"resourceType":"Patient"}}]}"#,
        "Bundle",
    ),
    (
        r#"{"resourceType":"Bundle","type":"message","entry":[{"resource":{"resourceType":"MessageHeader"}}]}"#,
        "Bundle",
    ),
    (r#"{"fullUrl":"a/_history/1"}"#, "Bundle.entry"),
    (r#"{"resource":{"resourceType":"Patient"},"fullUrl":"a"}"#, "Bundle.entry"),
];
