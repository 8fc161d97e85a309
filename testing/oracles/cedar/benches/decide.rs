//! A decision by ten FHIR consents of three levels, beside Cedar: alone, and among ten thousand consents of an org.
//! `cargo bench -p carewire-cedar`.
//!
//! Both decide the same request by the same consents, as first `assert`ed. Before the clock runs, consents, policies, entities
//! and requests are all made; no schema is looked at. Cedar is given its rules in every way of [`Encoding`], and its policies
//! without their places in the text, which it would copy at every step. Ratios are to Cedar's fastest way. Medians of
//! batches of one run, so that a busy machine disturbs little.
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

/// Decisions of a batch: ours, Cedar's, and Cedar's that look at a thousand patients.
const OURS: u32 = 2_000;
const CEDARS: u32 = 200;
const LINEAR: u32 = 2;

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
        let median = |decide: &dyn Fn() -> Decision| clock::median(OURS, || decide() == Decision::Permit);
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

    fn cedars(&self, asked: &Asked) -> Times {
        Encoding::ALL.map(|encoding| (name(encoding), self.cedar(encoding, asked))).into()
    }

    fn cedar(&self, encoding: Encoding, asked: &Asked) -> Duration {
        let oracle = Oracle::new(encoding, &self.documents, [asked]).unwrap();
        let requests = asked.cedar_requests().unwrap();
        let request = requests.first().unwrap();
        let decisions = match (encoding, self.documents.len()) {
            (Encoding::OneSet, 10_000) => LINEAR,
            _ => CEDARS,
        };
        clock::median(decisions, || oracle.allows(black_box(&asked.patient), black_box(request)))
    }
}

fn name(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::OneByOne => "a policy for each rule (names them as reasons), sets by patient",
        Encoding::Together => "two policies for each patient, sets by patient",
        Encoding::OneSet => "two policies for each patient, in one set",
        Encoding::Stored => "two policies for all, rules as attributes of patients",
        _ => "another",
    }
}

fn compare(name: &str, both: &Both, asked: &Asked) {
    let (ours, cedar) = (both.ours(asked), both.cedars(asked));
    let fastest = cedar.iter().map(|(_, time)| *time).min().unwrap();
    println!("\n| {name} | median | Cedar's fastest is so many times that |\n|---|---|---|");
    let rows = ours.iter().map(|row| ("carewire", row)).chain(cedar.iter().map(|row| ("Cedar", row)));
    for (whose, (name, time)) in rows {
        println!("| {whose}: {name} | {time:?} | {:.1} |", fastest.as_secs_f64() / time.as_secs_f64());
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
