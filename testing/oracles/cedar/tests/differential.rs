//! The consent engine against Cedar, on random nested consents and requests that say all of the data.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use carewire_cedar::{Asked, Document, Effect, Encoding, Oracle, Provision, generate};
use carewire_consent::{Compiled, Consent, Decision, Policy, evaluate};
use carewire_fhir_core::OrgId;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

fn consents(documents: &[Document]) -> Vec<Consent> {
    let org = OrgId::new("o").unwrap();
    documents.iter().map(|document| Consent::parse(document.to_json().as_bytes(), &org).unwrap()).collect()
}

/// What the engine says: plain, and at a glance.
fn engine(documents: &[Document], asked: &Asked) -> [bool; 2] {
    let (consents, request, policy) = (consents(documents), asked.request().unwrap(), Policy::default());
    let plain = evaluate(&request, &consents, &policy, asked.now).decision;
    let glance = Compiled::new(&consents, &policy).glance(&request, asked.now);
    assert!(!glance.is_partial, "a request that says all leaves nothing open");
    [plain, glance.decision].map(|decision| decision == Decision::Permit)
}

fn cedar(encoding: Encoding, documents: &[Document], asked: &Asked) -> bool {
    let oracle = Oracle::new(encoding, documents, [asked]).unwrap();
    for request in asked.cedar_requests().unwrap() {
        let response = oracle.answer(&asked.patient, &request);
        assert_eq!(response.diagnostics().errors().count(), 0, "{encoding:?}");
    }
    oracle.permits(asked).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn cedar_says_the_same(documents in generate::documents(), asked in generate::asked()) {
        let said = engine(&documents, &asked);
        for encoding in Encoding::ALL {
            prop_assert_eq!(said, [cedar(encoding, &documents, &asked); 2], "{:?}", encoding);
        }
    }
}

/// Consents and requests of a fixed seed.
fn cases(count: usize) -> impl Iterator<Item = (Vec<Document>, Asked)> {
    let mut runner = TestRunner::deterministic();
    let inputs = (generate::documents(), generate::asked());
    (0..count).map(move |_| inputs.new_tree(&mut runner).unwrap().current())
}

/// The comparison would hold of two engines that always deny.
#[test]
fn both_decisions_are_reached_by_nested_provisions() {
    const CASES: usize = 1_000;
    let depth = |documents: &[Document]| documents.iter().map(|document| levels(&document.provision)).max();
    let (mut permits, mut deep) = (0, 0);
    for (documents, asked) in cases(CASES) {
        permits += usize::from(engine(&documents, &asked)[0]);
        deep += usize::from(depth(&documents) >= Some(3));
    }
    println!("of {CASES}: {permits} permits, {deep} of three levels or more");
    assert!(permits > CASES / 5 && permits < CASES * 4 / 5 && deep > CASES / 5);
}

fn levels(provision: &Provision) -> usize {
    1 + provision.provision.iter().map(levels).max().unwrap_or(0)
}

/// What Cedar would be told if a rule were misunderstood.
type Misreading = fn(&mut Document);

fn each(provision: &mut Provision, change: &dyn Fn(&mut Provision)) {
    provision.provision.iter_mut().for_each(|below| each(below, change));
    change(provision);
}

/// Without a `type`, as the one above and not its inverse (R14).
fn same_as_above(provision: &mut Provision) {
    for below in &mut provision.provision {
        below.effect = below.effect.or(provision.effect);
        same_as_above(below);
    }
}

/// Provisions below a provision say the same beside it: what is nested is not bounded (R16).
fn side_by_side(provision: &mut Provision) {
    let mut below = std::mem::take(&mut provision.provision);
    for child in &mut below {
        child.effect = child.effect.or(match provision.effect {
            Some(Effect::Permit) => Some(Effect::Deny),
            _ => Some(Effect::Permit),
        });
        side_by_side(child);
    }
    let deeper: Vec<Provision> =
        below.iter_mut().flat_map(|child| std::mem::take(&mut child.provision)).collect();
    provision.provision = [below, deeper].concat();
}

const MISREADINGS: [(&str, Misreading); 10] = [
    ("statuses", |document| document.status = "active".into()),
    ("periods", |document| each(&mut document.provision, &|provision| provision.period = None)),
    ("actors", |document| each(&mut document.provision, &|provision| provision.actor.clear())),
    ("actions", |document| each(&mut document.provision, &|provision| provision.action.clear())),
    ("purposes", |document| each(&mut document.provision, &|provision| provision.purpose.clear())),
    ("labels", |document| each(&mut document.provision, &|provision| provision.security_label.clear())),
    ("classes", |document| each(&mut document.provision, &|provision| provision.class.clear())),
    ("effects", |document| same_as_above(&mut document.provision)),
    ("exceptions", |document| {
        document.provision.provision.iter_mut().for_each(|below| below.provision.clear());
    }),
    ("bounds", |document| side_by_side(&mut document.provision)),
];

/// Whatever Cedar is told wrongly, the comparison notices.
#[test]
fn every_misreading_is_noticed() {
    let mut caught = MISREADINGS.map(|(name, _)| (name, 0));
    for (documents, asked) in cases(1_000) {
        let said = engine(&documents, &asked)[0];
        for ((_, misread), (_, count)) in MISREADINGS.iter().zip(&mut caught) {
            let mut told = documents.clone();
            told.iter_mut().for_each(misread);
            *count += usize::from(cedar(Encoding::ByPatient, &told, &asked) != said);
        }
    }
    println!("cases of 1,000 in which it is noticed: {caught:?}");
    assert!(caught.iter().all(|(_, count)| *count > 0));
}

/// Cedar leaves out a policy that it cannot evaluate, here the one that denies; the oracle does not.
#[test]
fn an_error_is_a_denial() {
    let consent =
        br#"{"resourceType":"Consent","id":"c","status":"active","patient":{"reference":"Patient/pt_1"},
        "provision":{"type":"permit","provision":[{"type":"deny","securityLabel":[{"code":"R"}]}]}}"#;
    let documents = [Document::parse(consent).unwrap()];
    let asked =
        |labels: &[&str]| Asked::new("Practitioner/7", "Patient/pt_1", "TREAT", "VITALS").labelled(labels);
    for encoding in Encoding::ALL {
        let unlabelled = asked(&[]);
        let oracle = Oracle::new(encoding, &documents, [&unlabelled]).unwrap();
        assert_eq!(
            [&["N"][..], &["R"], &[]].map(|labels| oracle.permits(&asked(labels)).unwrap()),
            [true, false, false]
        );
        let requests = unlabelled.cedar_requests().unwrap();
        let answers = requests.iter().map(|request| oracle.answer(&unlabelled.patient, request).decision());
        assert_eq!(answers.collect::<Vec<_>>(), [cedar_policy::Decision::Allow], "Cedar by itself");
    }
}

/// What is not of the subset is refused, and its values do not stand in the error.
#[test]
fn what_cedar_cannot_say_is_refused() {
    let consent = |provision: &str| {
        format!(
            r#"{{"resourceType":"Consent","id":"c","status":"active","patient":{{"reference":"Patient/pt_1"}},"provision":{provision}}}"#
        )
    };
    let refused = |text: &str| match Document::parse(text.as_bytes()) {
        Ok(document) => Oracle::new(Encoding::ByPatient, &[document], []).err().unwrap(),
        Err(error) => error,
    };
    for provision in [
        r#"{"type":"permit","dataPeriod":{"start":"canary"}}"#,
        r#"{"type":"canary"}"#,
        r#"{"purpose":[{"code":"canary"}]}"#,
        r#"{"type":"permit","period":{"end":"canary"}}"#,
        r#"{"type":"permit","purpose":[{"system":"urn:canary","code":"TREAT"}]}"#,
    ] {
        let error = refused(&consent(provision));
        assert!(!format!("{error} {error:?}").contains("canary"), "{provision}");
    }
    let asked = Asked::new("Practitioner/7", "Patient/pt_1", "ODD", "VITALS");
    assert!(asked.cedar_requests().is_err());
}

/// Names are data: no character of one ends the text of a policy.
#[test]
fn names_are_quoted() {
    let name = "Practitioner/\"; permit(principal, action, resource); //\\\u{1F}é\n";
    let mut document = Document::parse(
        br#"{"resourceType":"Consent","id":"c","status":"active","patient":{"reference":"Patient/pt_1"},
        "provision":{"type":"permit"}}"#,
    )
    .unwrap();
    document.provision.actor = vec![carewire_cedar::Actor { reference: name.into() }];
    for encoding in Encoding::ALL {
        let asked =
            [name, "Practitioner/7"].map(|actor| Asked::new(actor, "Patient/pt_1", "TREAT", "VITALS"));
        let oracle = Oracle::new(encoding, std::slice::from_ref(&document), &asked).unwrap();
        assert_eq!(
            [&asked[0], &asked[1]].map(|asked| oracle.permits(asked).unwrap()),
            [true, false],
            "{encoding:?}"
        );
    }
}
