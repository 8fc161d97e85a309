//! What stays and what goes.

mod labeller;
mod whose;

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
