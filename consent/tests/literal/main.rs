//! The engine against a slow interpreter of the numbered rules, on random nested consents of both releases of FHIR.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

mod ast;
mod generate;
mod interpreter;
mod invariants;

use std::collections::BTreeMap;

use ast::{Asked, Datum, Document, second};
use carewire_consent::{
    Combining, Compiled, Consent, DataClass, Decision, Described, Implicit, Policy, Request, evaluate,
};
use carewire_fhir_core::{OrgId, Resource};
use chrono::{DateTime, Utc};
use interpreter::{Literal, Rule};
use proptest::{prelude::*, strategy::ValueTree as _};

/// A case, read by the engine.
struct Case {
    consents: Vec<Consent>,
    request: Request,
    resource: Resource,
    now: DateTime<Utc>,
}

impl Case {
    fn new(documents: &[Document], asked: &Asked, datum: &Datum) -> Self {
        let org = OrgId::new("o1").unwrap();
        let consent =
            |document: &Document| Consent::parse(document.to_json().to_string().as_bytes(), &org).unwrap();
        Self {
            consents: documents.iter().map(consent).collect(),
            request: Request::parse(asked.to_json().to_string().as_bytes()).unwrap(),
            resource: Resource::parse(datum.to_json().to_string().as_bytes()).unwrap(),
            now: second(asked.now).parse().unwrap(),
        }
    }

    /// Whether the engine lets the resource be used: by a decision about it, about its classes, about the whole record.
    fn answers(&self, policy: &Policy) -> [bool; 3] {
        let described = Described::of(&self.resource);
        let classes: Vec<DataClass> = described.classes().iter().cloned().collect();
        let requests = [
            self.request.clone().about(&self.resource),
            self.request.clone().with_classes(classes),
            self.request.clone(),
        ];
        requests.map(|request| evaluate(&request, &self.consents, policy, self.now).keeps(&described, policy))
    }
}

fn policy(combining: &str, implicit: bool) -> Policy {
    let implicit = if implicit { Implicit::PermitUnlessDenied } else { Implicit::Deny };
    Policy::default().with_combining(Combining::from_code(combining).unwrap()).with_implicit(implicit)
}

/// Whether the rules say more of a case than the interpreter knows: what a consent that was taken back, or is defective,
/// would have permitted below a root that does not permit.
fn is_beyond(documents: &[Document], combining: &str, implicit: bool) -> bool {
    fn is_contradictory(node: &ast::Node) -> bool {
        let own = matches!(node.period, Some((Some(start), Some(end))) if end <= start);
        own || node.below.iter().any(is_contradictory)
    }
    let odd = |document: &Document| {
        let other = document.status != "active" || is_contradictory(&document.root);
        other && document.root.effect != Some(true)
    };
    (implicit || combining == "permit-unless-deny") && documents.iter().any(odd)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() })]

    /// What the rules say by the word, the engine says: of a resource that it is told all about, of its classes with the
    /// residual applied, and of a whole record with the residual applied.
    #[test]
    fn the_engine_says_what_the_rules_say(
        documents in generate::documents(), asked in generate::asked(), datum in generate::datum(),
        combining in generate::combining(), implicit in proptest::bool::weighted(0.2),
    ) {
        if is_beyond(&documents, combining, implicit) { return Ok(()); }
        let literal = Literal { without: None, combining, implicit };
        let expected = literal.permits(&documents, &asked, &datum);
        let case = Case::new(&documents, &asked, &datum);
        prop_assert_eq!(case.answers(&policy(combining, implicit)), [expected; 3]);
    }

    /// The compiled form decides as the plain one.
    #[test]
    fn compiled_is_the_same(
        documents in generate::documents(), asked in generate::asked(), datum in generate::datum(),
        combining in generate::combining(), implicit in any::<bool>(), told in any::<bool>(),
    ) {
        let case = Case::new(&documents, &asked, &datum);
        let policy = policy(combining, implicit);
        let request = if told { case.request.clone().about(&case.resource) } else { case.request.clone() };
        let plain = evaluate(&request, &case.consents, &policy, case.now);
        let compiled = Compiled::new(&case.consents, &policy);
        let glance = compiled.glance(&request, case.now);
        prop_assert_eq!((glance.decision, glance.kind), (plain.decision, plain.kind));
        prop_assert_eq!(compiled.decide(&request, case.now), plain);
    }
}

/// Every rule that is left out changes some answer: none of them is idle, and the comparison above would notice.
#[test]
fn every_rule_is_needed() {
    const ENOUGH: usize = 3;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let inputs = (generate::documents(), generate::asked(), generate::datum(), generate::combining());
    let mut caught: BTreeMap<Rule, usize> = BTreeMap::new();
    let mut tried = 0;
    while tried < 60_000 && Rule::ALL.iter().any(|rule| caught.get(rule).copied().unwrap_or(0) < ENOUGH) {
        let (documents, asked, datum, combining) = inputs.new_tree(&mut runner).unwrap().current();
        tried += 1;
        let say =
            |without| Literal { without, combining, implicit: false }.permits(&documents, &asked, &datum);
        let whole = say(None);
        for rule in Rule::ALL {
            if say(Some(rule)) != whole && caught.get(&rule).copied().unwrap_or(0) < ENOUGH {
                let case = Case::new(&documents, &asked, &datum);
                assert_eq!(case.answers(&policy(combining, false)), [whole; 3], "{rule:?}");
                *caught.entry(rule).or_default() += 1;
            }
        }
    }
    println!("| rule left out | cases that differ (of {tried}, counted to {ENOUGH}) |\n|---|---|");
    for rule in Rule::ALL {
        println!("| {rule:?} | {} |", caught.get(&rule).copied().unwrap_or(0));
    }
    let idle: Vec<Rule> = Rule::ALL.into_iter().filter(|rule| !caught.contains_key(rule)).collect();
    assert!(idle.is_empty(), "nobody would notice without {idle:?}");
}

/// The comparison would hold of an engine that always denies: enough must be permitted, and enough left open.
#[test]
fn the_inputs_reach_permits_and_residuals() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let inputs = (generate::documents(), generate::asked(), generate::datum());
    let (mut permits, mut residuals, mut kept) = (0, 0, 0);
    for _ in 0..2_000 {
        let (documents, asked, datum) = inputs.new_tree(&mut runner).unwrap().current();
        let case = Case::new(&documents, &asked, &datum);
        let response = evaluate(&case.request, &case.consents, &Policy::default(), case.now);
        permits += usize::from(response.decision == Decision::Permit);
        residuals += usize::from(response.obligations.iter().any(carewire_consent::Obligation::is_residual));
        kept += usize::from(response.keeps(&Described::of(&case.resource), &Policy::default()));
    }
    println!("of 2,000: {permits} permits, {residuals} with a residual, {kept} keep the resource");
    assert!(permits > 300 && residuals > 100 && kept > 150);
}
