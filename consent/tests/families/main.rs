//! Consents as several families of systems write them, and what is decided by them: consent decision services, directives that
//! withhold, national services, research modules, artefacts of consent managers. As a printed table.
//!
//! The documents are written for this test; each keeps what is peculiar to its family, as value sets named as systems, objects
//! where lists should be, patients known by number, or root provisions under a policy rule.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::collections::{BTreeMap, BTreeSet};

use carewire_consent::{Consent, Decision, Implicit, Obligation, Policy, Request, Response, evaluate};
use carewire_fhir_core::OrgId;
use serde::Deserialize;
use serde_json::Value;

/// A document, and what cases call it.
#[derive(Deserialize)]
struct Document {
    name: String,
    consent: Value,
}

#[derive(Deserialize)]
struct Case {
    family: String,
    consents: Vec<String>,
    request: Value,
    at: String,
    #[serde(default)]
    implicit: Option<String>,
    expected: Outcome,
    /// What the publishers of such consents expect, in words.
    says: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Outcome {
    Permit,
    /// A permit that leaves out some of the data.
    Redact,
    Deny,
}

impl Outcome {
    fn of(response: &Response) -> Self {
        match response.decision {
            Decision::Deny => Self::Deny,
            Decision::Permit if response.obligations.iter().any(Obligation::is_residual) => Self::Redact,
            Decision::Permit => Self::Permit,
        }
    }
}

fn lines<'de, T: Deserialize<'de>>(text: &'de str) -> impl Iterator<Item = T> {
    text.lines().map(|line| serde_json::from_str(line).unwrap())
}

fn documents() -> BTreeMap<String, Consent> {
    let org = OrgId::new("keeper").unwrap();
    let documents = lines::<Document>(include_str!("consents.ndjson"));
    documents
        .map(|document| {
            (document.name, Consent::parse(document.consent.to_string().as_bytes(), &org).unwrap())
        })
        .collect()
}

fn decide(case: &Case, documents: &BTreeMap<String, Consent>) -> Response {
    let request = Request::parse(case.request.to_string().as_bytes()).unwrap();
    let consents: Vec<Consent> =
        case.consents.iter().map(|name| documents.get(name).unwrap().clone()).collect();
    let implicit = case.implicit.as_deref().map(|name| Implicit::from_name(name).unwrap());
    let policy = Policy::default().with_implicit(implicit.unwrap_or_default());
    evaluate(&request, &consents, &policy, case.at.parse().unwrap())
}

#[test]
fn consents_of_every_family_are_decided_as_their_publishers_expect() {
    let documents = documents();
    let cases: Vec<Case> = lines(include_str!("cases.ndjson")).collect();
    let mut wrong = Vec::new();
    println!("| family | consents | case | expected | decision |\n|---|---|---|---|---|");
    for case in &cases {
        let response = decide(case, &documents);
        let (ours, names) = (Outcome::of(&response), case.consents.join(", "));
        println!("| {} | {names} | {} | {:?} | {ours:?} |", case.family, case.says, case.expected);
        if ours != case.expected {
            wrong.push(format!("{names}, {}: {response:?}", case.says));
        }
    }
    let used: BTreeSet<&String> = cases.iter().flat_map(|case| &case.consents).collect();
    assert_eq!(used, documents.keys().collect(), "every consent has a case");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
