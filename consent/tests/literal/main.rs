//! The engine against a slow interpreter of the numbered rules, on random nested consents of both releases of FHIR.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

mod ast;
mod generate;
mod interpreter;
mod invariants;
mod written;

use std::collections::{BTreeMap, BTreeSet};

use ast::{Asked, Datum, Document, Given, Kind};
use carewire_consent::{
    Compiled, Consent, ConsentEpoch, DataClass, Decision, Described, Duties, PatientConsents, Policy,
    Request, Response, Why, authorize, evaluate,
};
use carewire_fhir_core::{OrgId, Resource};
use chrono::{DateTime, Utc};
use interpreter::{Answer, Form, Literal, Rule};
use proptest::{prelude::*, strategy::ValueTree as _};
use written::second;

/// A case, read by the engine.
struct Case {
    consents: Vec<Consent>,
    request: Request,
    resource: Resource,
    now: DateTime<Utc>,
}

impl Case {
    fn new(documents: &[Document], asked: &Asked, datum: &Datum) -> Self {
        Self {
            consents: documents.iter().map(|document| parse(document, document.org)).collect(),
            request: Request::parse(asked.to_json().to_string().as_bytes()).unwrap(),
            resource: Resource::parse(datum.to_json().to_string().as_bytes()).unwrap(),
            now: second(asked.now).parse().unwrap(),
        }
    }

    fn of(given: &Given) -> Self {
        let case = Self::new(&given.documents, &given.asked, &given.datum);
        let duties = given.declared.iter().fold(Duties::default(), |duties, name| match *name {
            "apply_policy" => duties.applying("pseudonymous"),
            "erase_by" => duties.erasing(),
            "max_uses" => duties.counting_uses(),
            _ => duties,
        });
        Self { request: case.request.fulfilling(duties), ..case }
    }

    /// The request, as it says more or less of the datum.
    fn request(&self, form: Form) -> Request {
        let request = self.request.clone();
        match form {
            Form::Resource => request.about(&self.resource),
            Form::Classes => request.with_classes(self.classes()),
            Form::Record => request,
        }
    }

    fn classes(&self) -> Vec<DataClass> {
        Described::of(&self.resource).classes().iter().cloned().collect()
    }

    fn decide(&self, form: Form, policy: &Policy) -> Response {
        evaluate(&self.request(form), &self.consents, policy, self.now)
    }

    /// Where the engine says something else than an answer.
    fn contradicts(&self, answer: &Answer, policy: &Policy) -> Option<&'static str> {
        let described = Described::of(&self.resource);
        let responses = Form::ALL.map(|form| self.decide(form, policy));
        for (place, response) in responses.iter().enumerate() {
            if answer.keeps[place].is_some_and(|keeps| keeps != response.keeps(&described, policy)) {
                return Some(["the resource", "its classes", "the record"][place]);
            }
            if answer.permits_nothing[place]
                .is_some_and(|permits| permits != (response.decision == Decision::Permit))
            {
                return Some("a permit of nothing");
            }
        }
        let [about, ..] = &responses;
        if !about.keeps(&described, policy) || answer.keeps[0] != Some(true) {
            return None;
        }
        let known = PatientConsents { epoch: ConsentEpoch(1), consents: self.consents.clone() };
        let is_given = authorize(&self.request(Form::Resource), &known, policy, self.now).is_ok();
        let is_glass_broken = about.reasons.iter().any(|reason| reason.why == Why::GlassBroken);
        let wrong = [
            ("the duties", duties(about) != answer.duties),
            ("the permit", is_given != answer.is_given),
            ("the glass", is_glass_broken != answer.is_glass_broken),
        ];
        wrong.into_iter().find_map(|(what, is_wrong)| is_wrong.then_some(what))
    }
}

fn parse(document: &Document, org: &str) -> Consent {
    let document = Document { org: if org == "o2" { "o2" } else { "o1" }, ..document.clone() };
    Consent::parse(document.to_json().to_string().as_bytes(), &OrgId::new(document.org).unwrap()).unwrap()
}

/// What a permit asks for, apart from what it leaves out and from when to ask again.
fn duties(response: &Response) -> BTreeSet<String> {
    let names = response.obligations.iter().filter(|one| !one.is_residual()).map(|one| one.name().to_owned());
    names.filter(|name| name != "reevaluate_by").collect()
}

fn policy(given: &Given) -> Policy {
    serde_json::from_value(given.said.to_json()).unwrap()
}

/// Whether the rules say more of a case than the interpreter knows: what a consent that was taken back, or is defective,
/// would have permitted below a root that does not permit.
fn is_beyond(given: &Given) -> bool {
    fn is_contradictory(node: &ast::Node) -> bool {
        let own = matches!(node.period, Some((Some(start), Some(end))) if end <= start);
        own || node.below.iter().any(is_contradictory)
    }
    let odd = |document: &Document| match document.kind {
        Kind::R4 | Kind::R5 => {
            let other = document.status != "active" || is_contradictory(&document.root);
            other && document.root.effect != Some(true)
        }
        Kind::Simple => is_contradictory(&document.root),
        Kind::Artefact => document.status == "odd",
    };
    let open = given.said.implicit || given.said.combining == "permit-unless-deny";
    open && given.documents.iter().any(odd)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() })]

    /// What the rules say by the word, the engine says: of a resource that it is told all about, of its classes with the
    /// residual applied, and of a whole record with the residual applied; and what is to be done besides.
    #[test]
    fn the_engine_says_what_the_rules_say(given in generate::given()) {
        if is_beyond(&given) { return Ok(()); }
        let answer = Literal { without: None, given: &given }.answer();
        prop_assert_eq!(Case::of(&given).contradicts(&answer, &policy(&given)), None, "{:?}", answer);
    }

    /// The compiled form decides as the plain one.
    #[test]
    fn compiled_is_the_same(given in generate::given()) {
        let (case, policy) = (Case::of(&given), policy(&given));
        let compiled = Compiled::new(&case.consents, &policy);
        for form in Form::ALL {
            let (request, plain) = (case.request(form), case.decide(form, &policy));
            let glance = compiled.glance(&request, case.now);
            prop_assert_eq!((glance.decision, glance.kind), (plain.decision, plain.kind));
            prop_assert_eq!(compiled.decide(&request, case.now), plain);
        }
    }
}

/// Every rule that is left out changes some answer: none of them is idle, and the comparison above would notice.
#[test]
fn every_rule_is_needed() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let inputs = generate::given();
    let mut caught: BTreeMap<Rule, usize> = BTreeMap::new();
    for tried in 1..=60_000 {
        if caught.len() == Rule::ALL.len() {
            break;
        }
        let given = inputs.new_tree(&mut runner).unwrap().current();
        if is_beyond(&given) {
            continue;
        }
        let whole = Literal { without: None, given: &given }.answer();
        for rule in Rule::ALL.iter().filter(|rule| !caught.contains_key(rule)).copied().collect::<Vec<_>>() {
            let other = Literal { without: Some(rule), given: &given }.answer();
            let (case, policy) = (|| Case::of(&given), policy(&given));
            if other != whole && case().contradicts(&other, &policy).is_some() {
                assert_eq!(case().contradicts(&whole, &policy), None, "{rule:?}");
                caught.insert(rule, tried);
            }
        }
    }
    println!("| rule left out | cases until it is noticed |\n|---|---|");
    for rule in Rule::ALL {
        println!("| {rule:?} | {} |", caught.get(rule).map_or("never".to_owned(), usize::to_string));
    }
    let idle: Vec<&Rule> = Rule::ALL.iter().filter(|rule| !caught.contains_key(rule)).collect();
    assert!(idle.is_empty(), "nobody would notice without {idle:?}");
}

/// No rule of the text is without a switch.
#[test]
fn every_number_has_a_rule() {
    let known: BTreeSet<String> = Rule::ALL.iter().map(|rule| rule.number()).collect();
    let numbers = |letter: &str, last: u8| (1..=last).map(|n| format!("{letter}{n}")).collect::<Vec<_>>();
    let all = [numbers("R", 26), numbers("A", 8), numbers("G", 5)].concat();
    assert_eq!(known, all.into_iter().collect());
}

/// The comparison would hold of an engine that always denies: enough must be permitted, and enough left open.
#[test]
fn the_inputs_reach_permits_and_residuals() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let inputs = generate::given();
    let (mut permits, mut residuals, mut kept, mut broken) = (0, 0, 0, 0);
    for _ in 0..1_000 {
        let given = inputs.new_tree(&mut runner).unwrap().current();
        let (case, policy) = (Case::of(&given), policy(&given));
        let response = case.decide(Form::Record, &policy);
        permits += usize::from(response.decision == Decision::Permit);
        residuals += usize::from(response.obligations.iter().any(carewire_consent::Obligation::is_residual));
        kept += usize::from(response.keeps(&Described::of(&case.resource), &policy));
        broken += usize::from(response.reasons.iter().any(|reason| reason.why == Why::GlassBroken));
    }
    println!(
        "of 1,000: {permits} permits, {residuals} with a residual, {kept} keep the resource, {broken} of a broken glass"
    );
    assert!(permits > 150 && residuals > 50 && kept > 100 && broken > 8);
}
