use super::*;

const ICD: &str = "http://hl7.org/fhir/sid/icd-10-cm";

fn condition(system: &str, code: &str, more: &str) -> Resource {
    let json = format!(
        r#"{{"resourceType":"Condition",{more}"code":{{"coding":[{{"system":"{system}","code":"{code}"}}]}}}}"#
    );
    Resource::parse(json.as_bytes()).unwrap()
}

fn labels(resource: &Resource) -> (Option<&'static str>, Vec<&'static str>) {
    let labels = Labeller::built_in().unwrap().label(resource);
    let mut sensitivities: Vec<_> = labels.sensitivities().collect();
    sensitivities.sort_unstable();
    (labels.confidentiality(), sensitivities)
}

#[test]
fn the_built_in_table_reads_and_has_its_version() {
    assert!(BUILT_IN.starts_with(&format!("# version {LABEL_TABLE_VERSION}\n")));
    let shown = format!("{:?}", Labeller::built_in().unwrap());
    assert!(shown.starts_with("Labeller(") && shown.ends_with(" rows)"), "{shown}");
}

#[test]
fn codes_get_the_labels_of_the_table() {
    for (system, code, confidentiality, sensitivity) in [
        (ICD, "F10.10", "R", vec!["ETH", "ETHUD"]),
        (ICD, "F11.20", "R", vec!["ETH", "OPIOIDUD"]),
        (ICD, "F14.10", "R", vec!["ETH", "SUD"]),
        (ICD, "F17.210", "N", vec![]),
        (ICD, "F32.9", "R", vec!["MH", "PSY"]),
        (ICD, "F64.0", "R", vec!["MH", "PSY", "SEX"]),
        (ICD, "B20", "R", vec!["HIV"]),
        (ICD, "A53.9", "R", vec!["STD"]),
        (ICD, "T74.21XA", "R", vec!["SDV", "VIO"]),
        (ICD, "D57.1", "R", vec!["GDIS", "SCA"]),
        (ICD, "T39.1X2A", "R", vec!["MH", "PSY"]),
        (ICD, "T39.1X3A", "R", vec!["SDV", "VIO"]),
        (ICD, "T39.1X1A", "N", vec![]),
        (ICD, "T33.012A", "N", vec![]),
        (ICD, "O98.01", "N", vec!["PREGNANT"]),
        (ICD, "O98.11", "R", vec!["PREGNANT", "STD"]),
        (ICD, "E11.9", "N", vec![]),
        ("urn:oid:2.16.840.1.113883.6.90", "B20", "R", vec!["HIV"]),
        ("http://www.nlm.nih.gov/research/umls/rxnorm", "1819", "R", vec!["ETH", "OPIOIDUD"]),
        ("http://www.whocc.no/atc", "N07BC02", "R", vec!["ETH", "OPIOIDUD"]),
        ("http://loinc.org", "20447-9", "R", vec!["HIV"]),
        ("http://loinc.org", "85354-9", "N", vec![]),
    ] {
        assert_eq!(labels(&condition(system, code, "")), (Some(confidentiality), sensitivity), "{code}");
    }
}

#[test]
fn a_code_that_the_table_does_not_speak_of_is_not_normal() {
    let labeller = Labeller::built_in().unwrap();
    for (system, code) in [
        ("urn:local", "F11.20"),
        ("http://snomed.info/sct", "38341003"),
        ("http://loinc.org", "2345-7"),
        // A product, of which the table holds the ingredient.
        ("http://www.nlm.nih.gov/research/umls/rxnorm", "351265"),
        ("http://hl7.org/fhir/sid/ndc", "0054-0188-13"),
        ("http://terminology.hl7.org/CodeSystem/service-type", "136"),
    ] {
        let found = labeller.label(&condition(system, code, ""));
        assert_eq!((found.finding(), found.confidentiality()), (Finding::NotRead, None), "{system}");
    }
    let mut resource = condition("urn:local", "1", "");
    let before = resource.clone();
    labeller.mark(&mut resource);
    assert_eq!(resource, before, "nothing is written of what is not known");
}

#[test]
fn what_is_told_in_words_is_not_read() {
    let labeller = Labeller::built_in().unwrap();
    let finding = |kind: &str, element: &str| {
        let json = format!(r#"{{"resourceType":"{kind}",{element}}}"#);
        labeller.label(&Resource::parse(json.as_bytes()).unwrap()).finding()
    };
    for (kind, element) in [
        ("Condition", r#""code":{"text":"x"}"#),
        ("Condition", r#""code":{"coding":[{"code":"B20"}]}"#),
        ("Condition", r#""code":{"coding":[{"display":"x"}]}"#),
        ("Condition", r#""note":[{"text":"x"}]"#),
        ("Condition", r#""text":{"status":"additional","div":"x"}"#),
        ("Condition", r#""contained":[{"resourceType":"Observation","valueString":"x"}]"#),
        ("Observation", r#""valueString":"x""#),
        ("DiagnosticReport", r#""conclusion":"x""#),
        ("DiagnosticReport", r#""presentedForm":[{"url":"x"}]"#),
        ("DocumentReference", r#""content":[{"attachment":{"url":"x"}}]"#),
        ("Binary", r#""contentType":"text/plain","data":"eA==""#),
        ("MedicationRequest", r#""dosageInstruction":[{"text":"x"}]"#),
    ] {
        assert_eq!(finding(kind, element), Finding::NotRead, "{kind} {element}");
    }
    for (kind, element) in [
        ("Patient", r#""name":[{"text":"x"}],"address":[{"text":"x"}],"identifier":[{"type":{"text":"x"}}]"#),
        ("Patient", r#""extension":[{"url":"text","valueString":"x"}]"#),
        (
            "Condition",
            r#""text":{"status":"generated","div":"x"},"meta":{"tag":[{"system":"urn:x","code":"y"}]}"#,
        ),
        ("Observation", r#""valueQuantity":{"value":1,"system":"http://unitsofmeasure.org","code":"mg"}"#),
    ] {
        assert_eq!(finding(kind, element), Finding::Nothing, "{kind} {element}");
    }
}

#[test]
fn what_is_found_counts_where_not_all_can_be_read() {
    let two = r#""category":[{"coding":[{"system":"urn:local","code":"1"}]}],"#;
    let found = Labeller::built_in().unwrap().label(&condition(ICD, "B20", two));
    assert_eq!(
        (found.finding(), found.confidentiality(), found.is_read()),
        (Finding::Labels, Some("R"), false)
    );
    let pregnant = Labeller::built_in().unwrap().label(&condition(ICD, "Z34.90", two));
    assert_eq!((pregnant.finding(), pregnant.confidentiality()), (Finding::Labels, None));
}

#[test]
fn a_code_counts_wherever_it_stands() {
    let coding = format!(r#"{{"system":"{ICD}","code":"B20"}}"#);
    for place in [
        format!(r#""reasonCode":[{{"coding":[{coding}]}}]"#),
        format!(r#""extension":[{{"url":"urn:x","valueCoding":{coding}}}]"#),
        format!(r#""contained":[{{"resourceType":"Condition","code":{{"coding":[{coding}]}}}}]"#),
        format!(r#""unknownElement":{{"deep":[{coding}]}}"#),
    ] {
        let resource =
            Resource::parse(format!(r#"{{"resourceType":"Encounter",{place}}}"#).as_bytes()).unwrap();
        assert_eq!(labels(&resource), (Some("R"), vec!["HIV"]), "{place}");
    }
}

#[test]
fn what_stands_counts_and_stays() {
    let very = r#""meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"V"},{"code":"x"}]},"#;
    let mut resource = condition(ICD, "F11.20", very);
    let labels = Labeller::built_in().unwrap().label(&resource);
    assert_eq!(labels.confidentiality(), Some("V"), "the highest");
    labels.add_to(&mut resource);
    let expected = very.replace(
        "]}",
        r#",{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"ETH"},{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"OPIOIDUD"}]}"#,
    );
    assert!(resource.to_json().contains(&expected), "in its place, and only what is new");
    let once = resource.clone();
    Labeller::built_in().unwrap().mark(&mut resource);
    assert_eq!(resource, once, "a second time adds nothing");
}

#[test]
fn what_was_looked_at_and_is_low_stays_low() {
    let low = r#""meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"L"}]},"#;
    assert_eq!(labels(&condition(ICD, "E11.9", low)), (Some("L"), vec![]));
    assert_eq!(labels(&condition(ICD, "B20", low)), (Some("R"), vec!["HIV"]));
}

#[test]
fn a_bundle_bears_the_high_water_mark() {
    let (low, hiv) = (condition(ICD, "E11.9", ""), condition(ICD, "B20", ""));
    let json = format!(
        r#"{{"resourceType":"Bundle","entry":[{{"resource":{}}},{{"fullUrl":"x"}},{{"resource":{}}}]}}"#,
        low.to_json(),
        hiv.to_json()
    );
    let mut bundle = Resource::parse(json.as_bytes()).unwrap();
    assert_eq!(labels(&bundle), (Some("R"), vec!["HIV"]));
    Labeller::built_in().unwrap().mark(&mut bundle);
    let security = |value: &Value| {
        let codes = value.get("meta").unwrap().list("security").iter();
        codes.map(|coding| coding.str("code").unwrap().to_owned()).collect::<Vec<_>>()
    };
    let entries = bundle.value().list("entry");
    assert_eq!(security(bundle.value()), ["R", "HIV"]);
    assert_eq!(security(entries[0].get("resource").unwrap()), ["N"]);
    assert_eq!(security(entries[2].get("resource").unwrap()), ["R", "HIV"]);
}

#[test]
fn a_table_of_a_site_adds_to_the_built_in_one() {
    let site = Labeller::parse("system,codes,labels,source\nurn:ward,d*,V TBOO,\"house, rules\"\n").unwrap();
    let labeller = Labeller::built_in().unwrap().with(site);
    assert_eq!(labeller.label(&condition("urn:ward", "D3", "")).confidentiality(), Some("V"));
    assert_eq!(labeller.label(&condition(ICD, "B20", "")).confidentiality(), Some("R"));
    assert_eq!(labeller.label(&condition("urn:ward", "E3", "")).confidentiality(), None);
    let all = Labeller::parse("system,codes,labels,source\nurn:war*,*,-,house rules\n").unwrap();
    let labeller = labeller.with(all);
    assert_eq!(labeller.label(&condition("urn:ward", "E3", "")).confidentiality(), Some("N"));
    assert_eq!(labeller.label(&condition("urn:ward", "D3", "")).confidentiality(), Some("V"));
}

#[test]
fn a_bundle_with_something_that_is_not_known_is_not_known_to_be_normal() {
    let bundle = |codes: [(&str, &str); 2]| {
        let [one, two] = codes.map(|(system, code)| condition(system, code, "").to_json());
        let json =
            format!(r#"{{"resourceType":"Bundle","entry":[{{"resource":{one}}},{{"resource":{two}}}]}}"#);
        Labeller::built_in().unwrap().label(&Resource::parse(json.as_bytes()).unwrap()).confidentiality()
    };
    assert_eq!(bundle([(ICD, "E11.9"), ("urn:local", "1")]), None);
    assert_eq!(bundle([(ICD, "B20"), ("urn:local", "1")]), Some("R"));
    assert_eq!(bundle([(ICD, "E11.9"), (ICD, "E10.9")]), Some("N"));
}

#[test]
fn a_table_is_refused_by_its_line_without_a_value() {
    for (row, reason) in [
        ("urn:x,A,canary,s", TableReason::Label),
        ("urn:x,A,,s", TableReason::Label),
        ("urn:x,,R,s", TableReason::Codes),
        ("urn:x,canary2..canary1,R,s", TableReason::Codes),
        (",A,R,s", TableReason::NoSystem),
        ("urn:x,A,R,", TableReason::NoSource),
        ("urn:canary,A,R", TableReason::Columns),
    ] {
        let error = Labeller::parse(&format!("# site\n{COLUMNS}\nurn:x,A,R,s\n{row}\n")).unwrap_err();
        assert_eq!((error.line(), error.reason()), (4, reason), "{row}");
        assert!(!format!("{error} {error:?}").contains("canary"));
    }
}
