//! How long a decision takes: ten FHIR consents of three levels, one patient; and the same among ten thousand consents of an
//! org. `cargo bench -p carewire-consent`. Medians of batches, so that a busy machine disturbs little.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a bench prints its figures")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use carewire_consent::{Compiled, Consent, DataClass, Decision, Policy, Request, evaluate};
use carewire_fhir_core::OrgId;
use chrono::{DateTime, Utc};

const BATCHES: usize = 201;
const DECISIONS: u32 = 2_000;

/// A permit for treatment and payment; below it a denial for actors, below that an exception by purpose, and a denial by class.
fn consent(n: usize, patient: usize) -> Consent {
    let text = format!(
        r#"{{"resourceType":"Consent","id":"c{n}","status":"active","patient":{{"reference":"Patient/pt_{patient}"}},
        "dateTime":"2026-01-01","provision":{{"type":"permit","period":{{"start":"2026-01-01","end":"2027-12-31"}},
        "purpose":[{{"code":"TREAT"}},{{"code":"HPAYMT"}}],"provision":[
        {{"type":"deny","actor":[{{"reference":{{"reference":"Practitioner/{n}"}}}}],
          "provision":[{{"type":"permit","purpose":[{{"code":"ETREAT"}}]}}]}},
        {{"type":"deny","class":[{{"code":"BILLING"}}],"purpose":[{{"code":"HPAYMT"}}]}}]}}}}"#
    );
    Consent::parse(text.as_bytes(), &OrgId::new("o").unwrap()).unwrap()
}

fn median(mut decide: impl FnMut() -> Decision) -> Duration {
    let mut batches: Vec<Duration> = (0..BATCHES)
        .map(|_| {
            let start = Instant::now();
            for _ in 0..DECISIONS {
                assert_eq!(black_box(decide()), Decision::Permit);
            }
            start.elapsed() / DECISIONS
        })
        .collect();
    batches.sort();
    batches.get(BATCHES / 2).copied().unwrap()
}

fn main() {
    let now: DateTime<Utc> = "2026-06-01T00:00:00Z".parse().unwrap();
    let policy = Policy::default();
    let request = Request::parse(
        br#"{"org":"o","patient":"pt_1","purpose":"TREAT","actor":{"reference":"Practitioner/99"},"data_classes":["LAB_RESULTS"]}"#,
    )
    .unwrap()
    .with_classes([DataClass::LabResults]);
    let ten: Vec<Consent> = (0..10).map(|n| consent(n, 1)).collect();
    let compiled = Compiled::new(&ten, &policy);
    let many: Vec<Consent> = (0..10_000).map(|n| consent(n, n / 10)).collect();
    let of_org = Compiled::new(&many, &policy);

    println!("| decision | median |\n|---|---|");
    let row = |name: &str, time: Duration| println!("| {name} | {time:?} |");
    row("10 consents, compiled, at a glance", median(|| compiled.glance(black_box(&request), now).decision));
    row("10 consents, compiled, with reasons", median(|| compiled.decide(black_box(&request), now).decision));
    row(
        "10 consents, plain, with reasons",
        median(|| evaluate(black_box(&request), &ten, &policy, now).decision),
    );
    row("10 of 10,000 consents, at a glance", median(|| of_org.glance(black_box(&request), now).decision));
}
