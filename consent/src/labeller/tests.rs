use super::*;

const ICD: &str = "http://hl7.org/fhir/sid/icd-10-cm";

fn condition(system: &str, code: &str, more: &str) -> Resource {
    let json = format!(
        r#"{{"resourceType":"Condition",{more}"code":{{"coding":[{{"system":"{system}","code":"{code}"}}]}}}}"#
    );
    Resource::parse(json.as_bytes()).unwrap()
}

fn labels(resource: &Resource) -> (&'static str, Vec<&'static str>) {
    let labels = Labeller::built_in().unwrap().label(resource);
    let mut sensitivities: Vec<_> = labels.sensitivities().collect();
    sensitivities.sort_unstable();
    (labels.confidentiality(), sensitivities)
}

#[test]
fn the_built_in_table_reads_and_has_its_version() {
    assert!(BUILT_IN.starts_with(&format!("# version {LABEL_TABLE_VERSION}\n")));
    let shown = format!("{:?}", Labeller::built_in().unwrap());
    assert!(shown.starts_with("Labeller(5 systems, "), "{shown}");
}

#[test]
fn codes_get_the_labels_of_the_table() {
    for (system, code, confidentiality, sensitivity) in [
        (ICD, "F10.10", "R", vec!["ETHUD"]),
        (ICD, "F11.20", "R", vec!["OPIOIDUD"]),
        (ICD, "F14.10", "R", vec!["ETH", "SUD"]),
        (ICD, "F17.210", "N", vec![]),
        (ICD, "F32.9", "R", vec!["MH", "PSY"]),
        (ICD, "F64.0", "R", vec!["MH", "PSY", "SEX"]),
        (ICD, "B20", "R", vec!["HIV"]),
        (ICD, "A53.9", "R", vec!["STD"]),
        (ICD, "T74.21XA", "R", vec!["SDV", "VIO"]),
        (ICD, "D57.1", "R", vec!["GDIS", "SICKLE"]),
        (ICD, "E11.9", "N", vec![]),
        ("http://www.nlm.nih.gov/research/umls/rxnorm", "1819", "R", vec!["OPIOIDUD"]),
        ("http://www.whocc.no/atc", "N07BC02", "R", vec!["OPIOIDUD"]),
        ("http://loinc.org", "20447-9", "R", vec!["HIV"]),
        ("urn:local", "F11.20", "N", vec![]),
    ] {
        assert_eq!(labels(&condition(system, code, "")), (confidentiality, sensitivity), "{code}");
    }
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
        assert_eq!(labels(&resource), ("R", vec!["HIV"]), "{place}");
    }
}

#[test]
fn what_stands_counts_and_stays() {
    let very = r#""meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"V"},{"code":"x"}]},"#;
    let mut resource = condition(ICD, "F11.20", very);
    let labels = Labeller::built_in().unwrap().label(&resource);
    assert_eq!(labels.confidentiality(), "V", "the highest");
    labels.add_to(&mut resource);
    let expected = very.replace(
        "]}",
        r#",{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"OPIOIDUD"}]}"#,
    );
    assert!(resource.to_json().contains(&expected), "in its place, and only what is new");
    let once = resource.clone();
    Labeller::built_in().unwrap().mark(&mut resource);
    assert_eq!(resource, once, "a second time adds nothing");
}

#[test]
fn what_was_looked_at_and_is_low_stays_low() {
    let low = r#""meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"L"}]},"#;
    assert_eq!(labels(&condition(ICD, "E11.9", low)), ("L", vec![]));
    assert_eq!(labels(&condition(ICD, "B20", low)), ("R", vec!["HIV"]));
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
    assert_eq!(labels(&bundle), ("R", vec!["HIV"]));
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
    assert_eq!(labeller.label(&condition("urn:ward", "D3", "")).confidentiality(), "V");
    assert_eq!(labeller.label(&condition(ICD, "B20", "")).confidentiality(), "R");
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
