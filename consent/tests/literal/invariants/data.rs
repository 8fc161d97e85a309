//! What becomes of data.

use carewire_consent::{Filter, Obligation, Request, Withheld};
use carewire_fhir_core::{OrgId, Resource};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::ast::{Datum, Kind, Node};

/// The labels that an answer leaves out, whatever else the data are.
fn redacted(response: &Response) -> Vec<&'static str> {
    let is_plain = |condition: &Value| {
        let names = condition.as_object().unwrap().keys();
        names.into_iter().all(|name| ["type", "labels", "consent", "path"].contains(&name.as_str()))
    };
    let shown =
        response.obligations.iter().filter(|one| matches!(one, Obligation::Redact(_))).map(|one| json!(one));
    let labels = shown.filter(is_plain).flat_map(|one| one["labels"].as_array().cloned().unwrap_or_default());
    labels
        .filter_map(|label| {
            ["N", "R", "V", "PSY", "SUD", "ETHUD"].into_iter().find(|known| label["code"] == *known)
        })
        .collect()
}

/// Every id of a document, replaced.
fn renamed(value: &Value) -> Value {
    const NAMES: [(&str, &str); 9] = [
        ("Practitioner/7", "Practitioner/a.77"),
        ("Practitioner/8", "Practitioner/b"),
        ("Practitioner/1", "Practitioner/z-1"),
        ("Practitioner/2", "Practitioner/y"),
        ("Encounter/1", "Encounter/first"),
        ("Encounter/2", "Encounter/second"),
        ("Observation/a", "Observation/x9"),
        ("pt_1", "pt_other-1"),
        ("pt_2", "pt_2nd"),
    ];
    match value {
        Value::String(text) => {
            let org = |text: &str| match text {
                "o1" | "Organization/o1" => text.replace("o1", "org_B"),
                "o2" | "Organization/o2" => text.replace("o2", "org_A"),
                _ => text.to_owned(),
            };
            Value::String(NAMES.iter().fold(org(text), |text, (from, to)| text.replace(from, to)))
        }
        Value::Array(items) => items.iter().map(renamed).collect(),
        Value::Object(members) => {
            members.iter().map(|(name, member)| (name.clone(), renamed(member))).collect()
        }
        other => other.clone(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 250, failure_persistence: None, ..ProptestConfig::default() })]

    /// Denials oblige to nothing. What an answer leaves out by a label stays out, as a datum and as an entry of a Bundle, also
    /// where the label is that of something which is contained.
    #[test]
    fn invariant_08_redaction_leaves_no_labelled_resource(
        given in generate::given(), label in prop_oneof![Just("PSY"), Just("ETHUD"), Just("R")], adds in proptest::bool::weighted(0.7),
    ) {
        let mut given = by_consents_alone(given);
        given.said.combining = "deny-overrides";
        if adds {
            let refusal = Node { effect: Some(false), labels: vec![label], ..Node::default() };
            let refusal = Document { kind: Kind::R4, status: "active", org: "o1", patient: "Patient/pt_1", scope: "patient-privacy",
                root: refusal, ..given.documents[0].clone() };
            given.documents.push(refusal);
        }
        let (case, policy) = (Case::of(&given), policy(&given));
        for form in Form::ALL {
            let response = case.decide(form, &policy);
            prop_assert!(response.decision == Decision::Permit || response.obligations.is_empty());
            for code in redacted(&response) {
                let labels = given.datum.labels.iter().copied().chain([code]).collect();
                let mut resource = Datum { labels, ..given.datum.clone() }.to_json();
                resource["subject"] = json!({"reference": "Patient/pt_1"});
                let mut around = Datum { labels: vec!["N"], kind: "Observation", ..given.datum.clone() }.to_json();
                around["subject"] = resource["subject"].clone();
                around["contained"] = json!([resource]);
                for resource in [&resource, &around] {
                    let read = Resource::parse(resource.to_string().as_bytes()).unwrap();
                    prop_assert!(!response.keeps(&Described::of(&read), &policy));
                    let bundle = json!({"resourceType": "Bundle", "type": "collection", "entry": [{"resource": resource}]});
                    let bundle = Resource::parse(bundle.to_string().as_bytes()).unwrap();
                    let applied = Filter::new(&response, &policy, &case.request).apply(&bundle);
                    prop_assert_eq!(applied.withheld.values().sum::<usize>(), 1);
                    prop_assert!(!applied.withheld.contains_key(&Withheld::OtherPatient));
                }
            }
        }
    }

    /// Ids are opaque: others in the place of all of them change neither the answer nor what it asks for.
    #[test]
    fn invariant_13_renaming_ids_changes_nothing(given in generate::given()) {
        let (case, policy) = (Case::of(&given), policy(&given));
        let consent = |document: &Document| {
            let mut text = renamed(&document.to_json());
            let id = json!(format!("{}-{}", 9 - document.id.len(), document.id.replace('c', "z")));
            match document.kind {
                Kind::Artefact => text["consentDetail"]["consentId"] = id,
                _ => text["id"] = id,
            }
            let org = renamed(&json!(document.org));
            Consent::parse(text.to_string().as_bytes(), &OrgId::new(org.as_str().unwrap()).unwrap()).unwrap()
        };
        let other = Case {
            consents: given.documents.iter().map(consent).collect(),
            request: Request::parse(renamed(&given.asked.to_json()).to_string().as_bytes()).unwrap(),
            resource: {
                let mut resource = renamed(&given.datum.to_json());
                // `Observation/a`, which consents name, is one of them.
                let id = if given.datum.kind == "Observation" && given.datum.id == "a" { "x9" } else { "n" };
                resource["id"] = json!(id);
                Resource::parse(resource.to_string().as_bytes()).unwrap()
            },
            now: case.now,
        };
        for form in Form::ALL {
            let (before, after) = (case.decide(form, &policy), other.decide(form, &policy));
            prop_assert_eq!((before.decision, before.kind), (after.decision, after.kind));
            let kept = |case: &Case, response: &Response| response.keeps(&Described::of(&case.resource), &policy);
            prop_assert_eq!(kept(&case, &before), kept(&other, &after));
            let names = |response: &Response| {
                let mut names: Vec<_> = response.obligations.iter().map(Obligation::name).collect();
                names.sort_unstable();
                names
            };
            prop_assert_eq!(names(&before), names(&after));
        }
    }
}
