//! A decision by ten FHIR consents of three levels, beside Cedar: alone, and among ten thousand consents of an org.
//! `cargo bench -p carewire-cedar`.
//!
//! Both decide the same request by the same consents, as first asserted. Before the clock runs, consents, policies, entities and
//! requests are all made; no schema is looked at. Cedar is given its rules in every way of [`Encoding`], and its policies without
//! their places in the text, which it would copy at every step. Rules that consents share are not put together, on neither side.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a bench prints its figures")]

#[path = "../../../../consent/benches/decide/clock.rs"]
mod clock;
#[path = "../../../../consent/benches/decide/consents.rs"]
mod consents;

use std::hint::black_box;
use std::time::Duration;

use carewire_cedar::{Asked, Document, Encoding, Oracle};
use carewire_consent::{Compiled, Consent, Decision, Policy, evaluate};
use carewire_fhir_core::OrgId;

/// What each way to decide takes.
type Times = Vec<(&'static str, Duration)>;

/// The same consents, as each engine reads them.
struct Both {
    consents: Vec<Consent>,
    documents: Vec<Document>,
}

impl Both {
    fn read(texts: impl Iterator<Item = String>) -> Self {
        let org = OrgId::new("o").unwrap();
        let read = |text: String| {
            (Consent::parse(text.as_bytes(), &org).unwrap(), Document::parse(text.as_bytes()).unwrap())
        };
        let (consents, documents) = texts.map(read).unzip();
        Self { consents, documents }
    }

    fn ours(&self, asked: &Asked) -> Times {
        let (policy, now) = (Policy::default(), asked.now);
        let request = asked.request().unwrap();
        let compiled = Compiled::new(&self.consents, &policy);
        let median = |decide: &dyn Fn() -> Decision| clock::median(|| decide() == Decision::Permit);
        let mut times = vec![
            ("compiled, at a glance", median(&|| compiled.glance(black_box(&request), now).decision)),
            ("compiled, with reasons", median(&|| compiled.decide(black_box(&request), now).decision)),
        ];
        if self.consents.len() == 10 {
            let plain = || evaluate(black_box(&request), &self.consents, &policy, now).decision;
            times.push(("plain, with reasons", median(&plain)));
        }
        times
    }

    fn cedar(&self, encoding: Encoding, asked: &Asked) -> Duration {
        let oracle = Oracle::new(encoding, &self.documents, [asked]).unwrap();
        let requests = asked.cedar_requests().unwrap();
        let request = requests.first().unwrap();
        clock::median(|| oracle.allows(black_box(&asked.patient), black_box(request)))
    }
}

fn name(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::ByRule => "a policy for each rule, which reasons name; a set for each patient",
        Encoding::ByConsent => "two policies for each consent, which reasons name; a set for each patient",
        Encoding::ByPatient => "two policies for each patient, a set for each",
        Encoding::OneSet => "two policies for each patient, all in one set",
        Encoding::Stored => "two policies for all, the rules are attributes of patients",
        _ => "another",
    }
}

/// Cedar's fastest, and its fastest that names consents: so many times the time of each.
fn compare(name: &str, both: &Both, asked: &Asked) {
    let cedars = Encoding::ALL.map(|encoding| (encoding, both.cedar(encoding, asked)));
    let fastest = |names: &[Encoding]| {
        let named = cedars.iter().filter(|(encoding, _)| names.contains(encoding));
        named.map(|(_, time)| time.as_secs_f64()).fold(f64::MAX, f64::min)
    };
    let (fastest, named) = (fastest(&Encoding::ALL), fastest(&[Encoding::ByRule, Encoding::ByConsent]));
    println!(
        "\n| {name} | median | Cedar's fastest takes | Cedar's fastest with reasons takes |\n|---|---|---|---|"
    );
    let cedars = cedars.map(|(encoding, time)| (self::name(encoding), time));
    let ours = both.ours(asked).into_iter().map(|row| ("carewire", row));
    for (whose, (name, time)) in ours.chain(cedars.map(|row| ("Cedar", row))) {
        let times = |cedar: f64| cedar / time.as_secs_f64();
        println!("| {whose}: {name} | {time:?} | {:.1} times | {:.1} times |", times(fastest), times(named));
    }
}

fn main() {
    let asked = Asked::new("Practitioner/99", "Patient/pt_1", "TREAT", "LAB_RESULTS")
        .at("2026-06-01T00:00:00Z".parse().unwrap());
    let ten = Both::read(consents::ten());
    assert_same(&ten);
    compare("10 consents of one patient", &ten, &asked);
    compare("10 of 10,000 consents of an org", &Both::read(consents::of_org()), &asked);
}

/// Both permit and deny the same.
fn assert_same(both: &Both) {
    let policy = Policy::default();
    for (actor, purpose, class, permits) in [
        ("Practitioner/99", "TREAT", "LAB_RESULTS", true),
        ("Practitioner/3", "TREAT", "LAB_RESULTS", false),
        ("Practitioner/3", "ERTREAT", "LAB_RESULTS", true),
        ("Practitioner/99", "HPAYMT", "LAB_RESULTS", true),
        ("Practitioner/99", "HPAYMT", "BILLING", false),
        ("Practitioner/99", "HRESCH", "LAB_RESULTS", false),
    ] {
        let asked =
            Asked::new(actor, "Patient/pt_1", purpose, class).at("2026-06-01T00:00:00Z".parse().unwrap());
        let ours = evaluate(&asked.request().unwrap(), &both.consents, &policy, asked.now).decision;
        assert_eq!(ours == Decision::Permit, permits, "{actor} {purpose} {class}");
        for encoding in Encoding::ALL {
            let cedar = Oracle::new(encoding, &both.documents, [&asked]).unwrap().permits(&asked).unwrap();
            assert_eq!(cedar, permits, "{actor} {purpose} {class} {encoding:?}");
        }
    }
}
