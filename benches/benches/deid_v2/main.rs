//! De-identification of HL7 v2: bytes in, bytes out, on one core.
//!
//! The best of several rounds, in messages and megabytes of input a second, and beside it the time of parsing the same
//! bytes. The target is 50,000 small ADT a second; nothing fails by it: a shared machine is no judge.
#![expect(clippy::print_stdout, reason = "a bench prints its table")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use carewire_benches::{admission, results};
use carewire_deid::{KeyRing, Policy, Pseudonymizer, v2};
use carewire_fhir_core::{Date, OrgId};
use carewire_hl7_v2::{Message, ParseOptions};

const KEYS: &str = r#"{"keys":[
  {"id":"1","use":"encrypt","key":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8","status":"active","created":"2026-11-01"},
  {"id":"1","use":"pseudonym","key":"ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8","status":"active","created":"2026-11-01"}]}"#;

/// An ADT of four segments, as registrations send them: of another patient and another visit each time.
fn small(number: usize) -> String {
    format!(
        "MSH|^~\\&|ADT|GEN|EHR|GEN|20240305101500||ADT^A08|{number}|P|2.5\rEVN|A08|20240305101500\r\
    PID|1||7{number}^^^GEN^MR||Doe^Jo^^^Mrs||19700101|F|||1 Main St^^Boston^MA^02139||555-0100|||M\r\
    PV1|1|I|ICU^101^2||||1234^Welby^Marcus|||MED||||||||V{number}^^^GEN^VN\r"
    )
}

const TARGET: f64 = 50_000.0;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let org = OrgId::new("bench")?;
    let of_org = Pseudonymizer::new(&KeyRing::parse(KEYS)?, &org, "export");
    let of_run = Pseudonymizer::for_run(&[7; 32]);
    let inputs = [
        ("small ADT", (100_000..110_000).map(small).collect::<Vec<_>>()),
        ("ADT of 1.4 KB", (0..2_000).map(admission).collect()),
        ("ORU with 20 results", (0..200).map(|seed| results(seed, 20)).collect()),
    ];
    println!("{:<22} {:<20} {:>11} {:>9} {:>15}", "HL7 v2", "policy", "messages/s", "MB/s", "x parse only");
    for policy in POLICIES.into_iter().filter_map(Policy::built_in) {
        let keys = if policy.wants_key_of_run() { &of_run } else { &of_org };
        for (name, messages) in &inputs {
            let context = v2::V2Context::new(keys, &org).with_as_of(Date::parse("2026-11-22")?);
            let rate = row(name, policy, context, messages)?;
            if *name == "small ADT" {
                let verdict = if rate >= TARGET { "met" } else { "MISSED" };
                println!("target {verdict}: {TARGET} small ADT a second on one core");
            }
        }
    }
    Ok(())
}

const POLICIES: [&str; 3] = ["pseudonymous", "safe-harbor", "expert-determination"];

/// Prints a row; answers how many messages it were a second.
fn row(
    name: &str,
    policy: &Policy,
    context: v2::V2Context<'_>,
    messages: &[String],
) -> Result<f64, Box<dyn std::error::Error>> {
    let bytes: usize = messages.iter().map(String::len).sum();
    let mut deidentifier = v2::Deidentifier::new(policy, context)?;
    let mut out = Vec::new();
    let mut failed = None;
    let written = best(|| {
        for message in messages {
            out.clear();
            failed = deidentifier.write(message.as_bytes(), &mut out).err().or(failed.take());
            black_box(&out);
        }
    });
    failed.map_or(Ok(()), Err)?;
    let options = ParseOptions::default();
    let parsed = best(|| {
        for message in messages {
            black_box(Message::parse(message.as_bytes(), &options).is_ok());
        }
    });
    let seconds = written.as_secs_f64();
    let rate = messages.len() as f64 / seconds;
    let ratio = seconds / parsed.as_secs_f64();
    println!(
        "{name:<22} {:<20} {rate:>11.0} {:>9.1} {ratio:>14.1}x",
        policy.id(),
        bytes as f64 / seconds / 1e6
    );
    Ok(rate)
}

/// The time of one call: the best round of several.
fn best(mut call: impl FnMut()) -> Duration {
    const ROUND: Duration = Duration::from_millis(200);
    let mut best = Duration::MAX;
    for _ in 0..10 {
        let (start, mut calls) = (Instant::now(), 0_u32);
        while start.elapsed() < ROUND {
            call();
            calls += 1;
        }
        best = best.min(start.elapsed() / calls);
    }
    best
}
