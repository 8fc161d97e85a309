//! How long a decision takes: ten FHIR consents of three levels, one patient; and the same among ten thousand consents of an
//! org. `cargo bench -p carewire-consent`. Beside Cedar: `cargo bench -p carewire-cedar`.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a bench prints its figures")]

mod clock;
mod consents;

use std::hint::black_box;
use std::time::Duration;

use carewire_consent::{Compiled, Consent, DataClass, Decision, Policy, Request, evaluate};
use carewire_fhir_core::OrgId;
use chrono::{DateTime, Utc};

fn read(texts: impl Iterator<Item = String>) -> Vec<Consent> {
    let org = OrgId::new("o").unwrap();
    texts.map(|text| Consent::parse(text.as_bytes(), &org).unwrap()).collect()
}

fn main() {
    let now: DateTime<Utc> = "2026-06-01T00:00:00Z".parse().unwrap();
    let policy = Policy::default();
    let request = Request::parse(
        br#"{"org":"o","patient":"pt_1","purpose":"TREAT","actor":{"reference":"Practitioner/99"},"data_classes":["LAB_RESULTS"]}"#,
    )
    .unwrap()
    .with_classes([DataClass::LabResults]);
    let ten = read(consents::ten());
    let compiled = Compiled::new(&ten, &policy);
    let of_org = Compiled::new(&read(consents::of_org()), &policy);
    let median = |decide: &dyn Fn() -> Decision| clock::median(|| decide() == Decision::Permit);

    println!("| decision | median |\n|---|---|");
    let row = |name: &str, time: Duration| println!("| {name} | {time:?} |");
    row("10 consents, compiled, at a glance", median(&|| compiled.glance(black_box(&request), now).decision));
    row(
        "10 consents, compiled, with reasons",
        median(&|| compiled.decide(black_box(&request), now).decision),
    );
    row(
        "10 consents, plain, with reasons",
        median(&|| evaluate(black_box(&request), &ten, &policy, now).decision),
    );
    row("10 of 10,000 consents, at a glance", median(&|| of_org.glance(black_box(&request), now).decision));
}
