use carewire_fhir_core::{OrgId, Value};
use chrono::DateTime;

use super::*;
use crate::{Consent, evaluate};

const CONFIDENTIALITY: &str = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";

/// All of the patient's data, but what is restricted.
const PERMIT: &str = r#"{"resourceType":"Consent","id":"c1","status":"active","patient":{"reference":"Patient/pt_1"},
    "provision":{"type":"permit","provision":[{"type":"deny","securityLabel":[{"code":"R"}]}]}}"#;

fn policy() -> Policy {
    serde_json::from_str(r#"{"unlabelled":"normal"}"#).unwrap()
}

fn request() -> Request {
    Request::parse(br#"{"org":"o","patient":"Patient/pt_1","purpose":"TREAT"}"#).unwrap()
}

fn decided(consent: &str) -> Response {
    let consent = Consent::parse(consent.as_bytes(), &OrgId::new("o").unwrap()).unwrap();
    evaluate(&request(), &[consent], &policy(), DateTime::UNIX_EPOCH)
}

/// By both forms, which say the same.
fn filtered(filter: &Filter<'_>, json: &str) -> (Option<String>, Vec<(Withheld, usize)>) {
    let resource = Resource::parse(json.as_bytes()).unwrap();
    let (tree, text) =
        (filter.apply(&resource), filter.apply_text(json.as_bytes(), &Limits::default()).unwrap());
    let read = text.resource.as_deref().map(|text| Resource::parse(text.as_bytes()).unwrap());
    assert_eq!(tree.resource.as_ref().map(Resource::to_json), read.map(|read| read.to_json()));
    assert_eq!(tree.withheld, text.withheld);
    (text.resource, tree.withheld.into_iter().collect())
}

fn permitted(json: &str) -> (Option<String>, Vec<(Withheld, usize)>) {
    let (response, policy) = (decided(PERMIT), policy());
    filtered(&Filter::new(&response, &policy, &request()), json)
}

fn labelled(label: &str) -> String {
    format!(r#""meta":{{"security":[{{"system":"{CONFIDENTIALITY}","code":"{label}"}}]}}"#)
}

fn condition(id: &str, label: &str, more: &str) -> String {
    let meta = labelled(label);
    format!(
        r#"{{"resourceType":"Condition","id":"{id}",{meta},"subject":{{"reference":"Patient/pt_1"}}{more}}}"#
    )
}

fn bundle(head: &str, resources: &[&str]) -> String {
    let entry = |resource: &&str| {
        let value = Value::parse(resource.as_bytes()).unwrap();
        let (kind, id) = (value.str("resourceType").unwrap(), value.str("id").unwrap_or("0"));
        format!(r#"{{"fullUrl":"https://ehr/{kind}/{id}", "resource" : {resource}}}"#)
    };
    let entries: Vec<String> = resources.iter().map(entry).collect();
    format!("{{\"resourceType\":\"Bundle\",{head}\n  \"entry\": [ {} ]\n}}\n", entries.join(" ,\n"))
}

#[test]
fn what_stays_keeps_its_bytes_and_its_order() {
    let [a, b, c] = [condition("a", "N", ""), condition("b", "R", ""), condition("c", "L", r#","x":0.50"#)];
    let (left, withheld) = permitted(&bundle("\"id\" : \"x\",", &[&a, &b, &c]));
    let expected = bundle("\"id\" : \"x\",", &[&a, &c]);
    assert_eq!(left.as_deref(), Some(expected.trim_end()));
    assert_eq!(withheld, [(Withheld::Redacted, 1)]);
    let untouched = permitted(&expected);
    assert_eq!(untouched, (Some(expected.trim_end().to_owned()), vec![]));
}

#[test]
fn a_total_tells_nothing() {
    let [a, b] = [condition("a", "N", ""), condition("b", "R", "")];
    let total = |head: &str, resources: &[&str]| {
        let left = permitted(&bundle(head, resources)).0.unwrap();
        Value::parse(left.as_bytes()).unwrap().get("total").map(Value::to_json)
    };
    assert_eq!(total(r#""total":2,"#, &[&a, &b]).as_deref(), Some("1"));
    assert_eq!(total(r#""total":1,"#, &[&a]).as_deref(), Some("1"));
    for resources in [&[&*a, &b][..], &[&a]] {
        assert_eq!(
            total(r#""total":50,"#, resources),
            None,
            "of other pages, whether something was withheld or not"
        );
    }
    let next = r#""total":2,"link":[{"relation":"next","url":"https://ehr/?p=2"}],"#;
    assert_eq!(total(next, &[&a, &b]), None);
    assert!(permitted(&bundle(next, &[&a, &b])).0.unwrap().contains("https://ehr/?p=2"));
}

#[test]
fn nothing_of_another_patient_stays() {
    let of = |subject: &str| format!(r#"{{"resourceType":"Condition","id":"z",{}{subject}}}"#, labelled("N"));
    for (subject, expected) in [
        (r#","subject":{"reference":"Patient/pt_1/_history/3"}"#, None),
        (r#","subject":{"reference":"Patient/pt_2"}"#, Some(Withheld::OtherPatient)),
        (r#","subject":{"reference":"https://other/Patient/pt_1"}"#, Some(Withheld::OtherPatient)),
        (r#","subject":{"reference":"Patient?identifier=s|1"}"#, Some(Withheld::OtherPatient)),
        (r#","subject":{"reference":"Group/1"}"#, Some(Withheld::NoPatient)),
        (
            r#","subject":{"reference":"urn:uuid:1b671a64-40d5-491e-99b0-da01ff1f3341"}"#,
            Some(Withheld::NoPatient),
        ),
        (r#","subject":{"display":"x"}"#, Some(Withheld::NoPatient)),
        (
            r#","subject":{"type":"Patient","identifier":{"system":"s","value":"2"}}"#,
            Some(Withheld::OtherPatient),
        ),
        ("", Some(Withheld::NoPatient)),
        (
            r#","subject":{"reference":"Patient/pt_1"},"asserter":{"reference":"Patient/pt_2"}"#,
            Some(Withheld::OtherPatient),
        ),
        (
            r##","subject":{"reference":"#p"},"contained":[{"resourceType":"Patient","id":"p"}]"##,
            Some(Withheld::OtherPatient),
        ),
    ] {
        let (left, withheld) = permitted(&of(subject));
        assert_eq!(withheld.first().map(|(reason, _)| *reason), expected, "{subject}");
        assert_eq!(left.is_none(), expected.is_some());
    }
    let other = format!(r#"{{"resourceType":"Patient","id":"pt_2",{}}}"#, labelled("N"));
    assert_eq!(permitted(&other).1, [(Withheld::OtherPatient, 1)]);
    let organization = format!(r#"{{"resourceType":"Organization",{}}}"#, labelled("N"));
    assert!(permitted(&organization).0.is_some(), "it has no patient");
    assert!(permitted(&organization.replace("\"N\"", "\"R\"")).0.is_none(), "and is redacted all the same");
}

#[test]
fn the_patient_is_known_by_other_names_too() {
    let (response, policy) = (decided(PERMIT), policy());
    let filter = Filter::new(&response, &policy, &request())
        .known_as("https://ehr/Patient/7")
        .identified_by("urn:mrn", "MRN-7");
    let patient =
        r#"{"resourceType":"Patient","id":"x","identifier":[{"system":"urn:mrn","value":"MRN-7"}]}"#;
    let by_url = r#"{"resourceType":"Condition","id":"u","subject":{"reference":"https://ehr/Patient/7"}}"#;
    let by_entry = r#"{"resourceType":"Condition","id":"e","subject":{"reference":"https://ehr/Patient/x"}}"#;
    let by_number = r#"{"resourceType":"Condition","id":"n","subject":{"identifier":{"system":"urn:mrn","value":"MRN-7"}}}"#;
    assert_eq!(filtered(&filter, &bundle("", &[patient, by_url, by_entry, by_number])).1, []);
    assert_eq!(filtered(&filter, &bundle("", &[by_entry])).1, [(Withheld::OtherPatient, 1)]);
    assert!(!format!("{filter:?}").contains("MRN-7"));
}

#[test]
fn a_patient_whose_id_is_no_token_is_known_by_it() {
    const UUID: &str = "urn:uuid:1b671a64-40d5-491e-99b0-da01ff1f3341";
    let policy = policy();
    for (named, other) in
        [("Patient/pt-1", "Patient/pt_1"), ("Patient/a.b_c", "Patient/a.b-c"), (UUID, "Patient/1b671a64")]
    {
        let consent =
            Consent::parse(PERMIT.replace("Patient/pt_1", named).as_bytes(), &OrgId::new("o").unwrap());
        let consent = consent.unwrap();
        let asked = Request { patient: consent.patient().clone(), ..request() };
        let response = evaluate(&asked, &[consent], &policy, DateTime::UNIX_EPOCH);
        let filter = Filter::new(&response, &policy, &asked);
        let of = |subject: &str| condition("a", "N", "").replace("Patient/pt_1", subject);
        assert_eq!(filtered(&filter, &of(named)).1, [], "{named}");
        let reason = Withheld::OtherPatient;
        assert_eq!(filtered(&filter, &of(other)), (None, vec![(reason, 1)]), "{named}");
        assert_eq!(filtered(&filter, &of(&format!("https://other/{named}"))).0, None, "{named}");
        let id = named.strip_prefix("Patient/").unwrap_or("x");
        let patient = format!(r#"{{"resourceType":"Patient","id":"{id}",{}}}"#, labelled("N"));
        let both = bundle("", &[&patient, &of(named)]).replace("https://ehr/Patient/x", named);
        assert_eq!(filtered(&filter, &both).1, [], "{named}");
    }
}

#[test]
fn a_relative_reference_means_what_it_means_beside_its_entry() {
    let (response, policy) = (decided(PERMIT), policy());
    let filter = Filter::new(&response, &policy, &request()).known_as("https://ehr/Patient/7");
    let of = |id: &str| condition("a", "N", "").replace("Patient/pt_1", &format!("Patient/{id}"));
    let patient = |id: &str| format!(r#"{{"resourceType":"Patient","id":"{id}",{}}}"#, labelled("N"));
    for stays in [bundle("", &[&of("7")]), bundle("", &[&of("7/_history/2"), &patient("7")])] {
        assert_eq!(filtered(&filter, &stays).1, []);
    }
    let elsewhere = bundle("", &[&of("7"), &patient("7")]).replace("https://ehr/", "https://other/");
    assert_eq!(filtered(&filter, &elsewhere).1, [(Withheld::OtherPatient, 2)]);
    assert_eq!(filtered(&filter, &of("7")).0, None, "alone it names nobody who is known");
    let mine = r#"{"resourceType":"Patient","id":"x","identifier":[{"system":"s","value":"1"}]}"#;
    let filter = filter.identified_by("s", "1");
    assert_eq!(filtered(&filter, &bundle("", &[&of("x"), mine])).1, [], "by the entry that it leads to");
    assert_eq!(filtered(&filter, &bundle("", &[&of("y"), mine])).1, [(Withheld::OtherPatient, 1)]);
    let forged = bundle("", &[&patient("8")]).replace("https://ehr/Patient/8", "https://ehr/Patient/7");
    assert_eq!(filtered(&filter, &forged).1, [(Withheld::OtherPatient, 1)], "the address says so alone");
}

#[test]
fn another_patient_is_not_contained_either() {
    let inside = |id: &str| format!(r#"{{"resourceType":"Patient","id":"{id}"}}"#);
    let unnamed = condition("a", "N", &format!(r#","contained":[{}]"#, inside("p")));
    assert_eq!(permitted(&unnamed).1, [(Withheld::OtherPatient, 1)]);
    let deep = format!(r#","contained":[{{"resourceType":"Organization","contained":[{}]}}]"#, inside("p"));
    assert_eq!(permitted(&condition("a", "N", &deep)).1, [(Withheld::OtherPatient, 1)]);
}

#[test]
fn what_is_contained_is_judged_too() {
    let inside = |label: &str| {
        let meta = labelled(label);
        condition("a", "N", &format!(r##","contained":[{{"resourceType":"Observation","id":"o",{meta}}}]"##))
    };
    assert_eq!(permitted(&inside("N")).1, []);
    assert_eq!(permitted(&inside("R")).1, [(Withheld::Redacted, 1)]);
    let odd = condition("a", "N", r#","contained":[{"resourceType":"Basic"}]"#);
    assert_eq!(permitted(&odd).1, [(Withheld::Unclassified, 1)]);
}

#[test]
fn what_tells_about_the_withheld_goes_with_it() {
    let [a, b] = [condition("a", "N", ""), condition("b", "R", "")];
    let tells = |target: &str| {
        format!(
            r#"{{"resourceType":"Provenance","id":"p",{},"target":[{{"reference":"{target}"}}]}}"#,
            labelled("N")
        )
    };
    assert_eq!(
        permitted(&bundle("", &[&a, &b, &tells("https://ehr/Condition/a")])).1,
        [(Withheld::Redacted, 1)]
    );
    for target in ["https://ehr/Condition/b", "Condition/b", "Condition/elsewhere"] {
        let (_, withheld) = permitted(&bundle("", &[&tells(target), &a, &b]));
        assert_eq!(withheld, [(Withheld::Redacted, 1), (Withheld::TellsAboutWithheld, 1)], "{target}");
    }
}

#[test]
fn references_to_the_withheld_are_cut_with_the_narrative() {
    let b = condition("b", "R", "");
    let a = condition(
        "a",
        "N",
        r#","text":{"div":"canary"},"evidence":[{"detail":[{"reference":"Condition/b","display":"canary"}],"x":1}],"stage":[{"assessment":[{"reference":"Observation/1"}]}]"#,
    );
    let json = bundle(r#""signature":{"data":"canary"},"#, &[&a, &b]);
    let (left, _) = permitted(&json);
    let left = left.unwrap();
    assert!(!left.contains("canary") && left.contains(r#""evidence":[{"x":1}],"stage""#), "{left}");

    let (response, policy) = (decided(PERMIT), policy());
    let keeps = Filter::new(&response, &policy, &request()).with_dangling(Dangling::Keep);
    assert!(filtered(&keeps, &json).0.unwrap().contains(&a), "byte for byte");
}

#[test]
fn elements_are_taken_out_of_what_stays() {
    let (mut response, policy) = (decided(PERMIT), policy());
    for element in ["Condition.note.text", "Condition.onset[x]", "Patient.telecom"] {
        response.obligations.push(Obligation::RedactElement { element: element.into() });
    }
    let filter = Filter::new(&response, &policy, &request());
    let a = condition(
        "a",
        "N",
        r#","onsetDateTime":"2020","_onsetDateTime":{},"onset":1,"note":[{"text":"x","time":"2020"}],"telecom":[]"#,
    );
    let expected = condition("a", "N", r#","onset":1,"note":[{"time":"2020"}],"telecom":[]"#);
    assert_eq!(filtered(&filter, &a).0, Some(expected.clone()));
    assert_eq!(filtered(&filter, &bundle("", &[&a])).0.as_deref(), Some(bundle("", &[&expected]).trim_end()));
}

#[test]
fn what_is_empty_then_goes_and_the_signature_stays_where_nothing_went() {
    let (mut response, policy) = (decided(PERMIT), policy());
    response.obligations.push(Obligation::RedactElement { element: "Condition.note.text".into() });
    let filter = Filter::new(&response, &policy, &request());
    let noted = condition("a", "N", r#","note":[{"text":"x"}]"#);
    assert_eq!(filtered(&filter, &noted).0, Some(condition("a", "N", "")));
    let head = r#""signature":{"data":"x"},"#;
    let inside = bundle("", &[&bundle("", &[&noted])]);
    assert_eq!(
        filtered(&filter, &inside).0.map(|left| left.contains("note")),
        Some(false),
        "in a Bundle, too"
    );
    for (resource, is_signed) in [(&noted, false), (&condition("a", "N", ""), true)] {
        let left = filtered(&filter, &bundle(head, &[resource])).0.unwrap();
        assert_eq!(left.contains("signature"), is_signed);
    }
}

#[test]
fn references_to_the_patient_stay_when_the_patient_goes() {
    let patient = format!(r#"{{"resourceType":"Patient","id":"pt_1",{}}}"#, labelled("R"));
    let (left, withheld) = permitted(&bundle("", &[&patient, &condition("a", "N", "")]));
    assert_eq!(withheld, [(Withheld::Redacted, 1)]);
    assert!(left.unwrap().contains(r#""subject":{"reference":"Patient/pt_1"}"#));
}

#[test]
fn what_is_no_data_of_a_patient_needs_no_permit() {
    let consent = r#"{"id":"c1","org":"o","patient":"pt_1","purpose":"CARE","state":"ACTIVE","data_classes":["CONDITIONS"]}"#;
    let (response, policy) = (decided(consent), policy());
    let filter = Filter::new(&response, &policy, &request());
    let organization = r#"{"resourceType":"Organization","id":"x"}"#;
    assert_eq!(filtered(&filter, &bundle("", &[organization, &condition("a", "N", "")])).1, []);
}

#[test]
fn what_is_contained_is_of_the_time_of_what_is_around_it_and_judged_at_any_depth() {
    let refused = |more: &str| {
        let denial = format!(
            r#""type":"deny","class":[{{"system":"http://hl7.org/fhir/resource-types","code":"Observation"}}]{more}"#
        );
        PERMIT.replace(r#""type":"deny","securityLabel":[{"code":"R"}]"#, &denial)
    };
    let policy = policy();
    let by_date = decided(&refused(r#","dataPeriod":{"start":"2020","end":"2020"}"#));
    let always = decided(&refused(""));
    let observation = r#"{"resourceType":"Observation","id":"o"}"#;
    let of =
        |year: &str| condition("a", "N", &format!(r#","recordedDate":"{year}","contained":[{observation}]"#));
    let filter = Filter::new(&by_date, &policy, &request());
    assert_eq!(filtered(&filter, &of("2020")).1, [(Withheld::Redacted, 1)]);
    assert_eq!(filtered(&filter, &of("2021")).1, []);
    let deep = format!(r#","contained":[{{"resourceType":"Organization","contained":[{observation}]}}]"#);
    let filter = Filter::new(&always, &policy, &request());
    assert_eq!(filtered(&filter, &condition("a", "N", &deep)).1, [(Withheld::Redacted, 1)]);
}

#[test]
fn an_address_of_two_patients_and_an_identifier_that_begins_alike_name_nobody() {
    let (response, policy) = (decided(PERMIT), policy());
    let filter = Filter::new(&response, &policy, &request()).identified_by("s", "1");
    let of = |subject: &str| condition("a", "N", "").replace("Patient/pt_1", subject);
    assert_eq!(filtered(&filter, &of("Patient?identifier=s|1")).1, []);
    assert_eq!(filtered(&filter, &of("Patient?identifier=s|12")).1, [(Withheld::OtherPatient, 1)]);
    let patient = |id: &str| format!(r#"{{"resourceType":"Patient","id":"{id}",{}}}"#, labelled("N"));
    let json = bundle("", &[&patient("pt_1"), &patient("pt_2"), &of("urn:x")]);
    let json = json.replace("https://ehr/Patient/pt_1", "urn:x").replace("https://ehr/Patient/pt_2", "urn:x");
    assert_eq!(filtered(&filter, &json).1, [(Withheld::OtherPatient, 2)]);
}

#[test]
fn a_denial_and_what_cannot_be_judged_leave_nothing() {
    let (policy, a) = (policy(), condition("a", "N", ""));
    let denied = decided(&PERMIT.replace("permit", "deny"));
    let filter = Filter::new(&denied, &policy, &request());
    assert_eq!(filtered(&filter, &a), (None, vec![(Withheld::Denied, 1)]));
    assert!(!filtered(&filter, &bundle("", &[&a])).0.unwrap().contains("entry"));

    let nested = bundle("", &[&a, &condition("b", "R", "")]);
    for (resource, reason) in
        [(&*nested, Withheld::BundleInside), (r#"{"resourceType":"Basic"}"#, Withheld::Unclassified)]
    {
        assert_eq!(permitted(&bundle("", &[resource])).1, [(reason, 1)]);
    }
    let empty = r#"{"resourceType":"Bundle","entry":[{"request":{"method":"DELETE","url":"Condition/b"}}]}"#;
    assert_eq!(
        permitted(empty),
        (Some(r#"{"resourceType":"Bundle"}"#.to_owned()), vec![(Withheld::NoResource, 1)])
    );
    assert!(permitted(&bundle("", &[&bundle("", &[&a])])).0.unwrap().contains("Condition"));
}

#[test]
fn a_labeller_counts_and_is_not_written() {
    let (response, labeller) = (decided(PERMIT), Labeller::built_in().unwrap());
    let coded = |code: &str| {
        let coding = format!(r#"{{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"{code}"}}"#);
        format!(
            r#"{{"resourceType":"Condition","subject":{{"reference":"Patient/pt_1"}},"code":{{"coding":[{coding}]}}}}"#
        )
    };
    // Nobody says here that what bears no label is normal.
    let policy = Policy::default();
    let filter = Filter::new(&response, &policy, &request());
    assert_eq!(filtered(&filter, &coded("E11.9")).1, [(Withheld::Redacted, 1)]);
    let filter = filter.with_labeller(&labeller);
    assert_eq!(filtered(&filter, &coded("B20")).1, [(Withheld::Redacted, 1)]);
    assert_eq!(filtered(&filter, &coded("E11.9")), (Some(coded("E11.9")), vec![]));
}

#[test]
fn what_a_labeller_could_not_read_is_not_known_beside_what_it_found() {
    let denies = PERMIT.replace(r#"{"code":"R"}"#, r#"{"code":"PSY"}"#);
    let opioids = |more: &str| {
        format!(
            r#"{{"resourceType":"Condition","subject":{{"reference":"Patient/pt_1"}},
            "code":{{"coding":[{{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"F11.20"}}]}}{more}}}"#
        )
    };
    let labeller = Labeller::built_in().unwrap();
    let stays = |policy: &Policy, json: &str| {
        let consent = Consent::parse(denies.as_bytes(), &OrgId::new("o").unwrap()).unwrap();
        let response = evaluate(&request(), &[consent], policy, DateTime::UNIX_EPOCH);
        filtered(&Filter::new(&response, policy, &request()).with_labeller(&labeller), json).0.is_some()
    };
    let note = r#","note":[{"text":"as told"}]"#;
    assert!(stays(&Policy::default(), &opioids("")));
    assert!(!stays(&Policy::default(), &opioids(note)));
    assert!(stays(&policy(), &opioids(note)), "what is not labelled is normal, as the org says");
    let labelled = format!("{note},{}", labelled("R"));
    assert!(stays(&Policy::default(), &opioids(&labelled)), "somebody labelled it");
}
