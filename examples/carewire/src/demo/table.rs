//! What the demo prints.

use std::path::Path;
use std::time::Duration;

use super::Story;
use crate::cli::{Demo, Durability};

pub(crate) fn print(story: &Story, options: &Demo) {
    let counts = &story.counts;
    let tally = &story.tally;
    println!();
    println!(
        "Carewire demo: {} messages, {} connections, seed {}",
        options.messages, options.connections, options.seed
    );
    println!();
    section("in");
    row("received", counts.received, "frames over MLLP, resends included");
    row("acknowledged (AA)", counts.acknowledged, "on disk before the answer was sent");
    row("refused (AE)", counts.refused, "could not be read; kept as received");
    row("resends recognised", counts.resent, "answered as before, no second effect");
    section("worked on");
    row("mapped", counts.mapped, "attempts that became a FHIR Bundle");
    row("permitted", counts.permitted, "attempts");
    row(
        "denied",
        counts.denied,
        &format!("attempts; {} patients withhold, {} revoked half-way", story.withheld, story.revoked),
    );
    row("de-identified", counts.deidentified, "attempts, policy pseudonymous");
    row("retried", counts.retried, "the remote dropped, refused or lost an answer");
    row("dead-lettered", counts.dead, "");
    section("out");
    row("pushed", tally.pushed, "messages that are at the remote");
    row("resources written", counts.written, &format!("{} more were there already", counts.unchanged));
    row("held by consent", tally.held, &format!("{} were released by a late consent", story.released));
    row("lost", lost(story), "acknowledged and neither pushed nor held");
    section("reconcile");
    let found = story.repaired.missing + story.repaired.changed;
    row("drift made", story.upset as u64, "resources deleted or changed at the remote");
    row("drift found", found, &format!("of {} resources compared", story.repaired.checked));
    row(
        "drift repaired",
        story.repaired.repaired,
        &format!("{} blocked by a revoked consent", story.repaired.blocked),
    );
    section("speed");
    speed(story, options);
    println!();
    println!(
        "{}",
        if story.nothing_is_missing() {
            "Every acknowledged message is accounted for."
        } else {
            "SOMETHING IS MISSING."
        }
    );
}

pub(crate) fn next_steps(directory: &Path, http: &str, serving: bool) {
    println!();
    println!("Where to look next");
    println!("  carewire init my-gateway                        a configuration and keys of your own");
    println!("  carewire convert v2-to-fhir my-gateway/messages what a message becomes");
    println!("  carewire demo --data-dir DIR --serve            keep the files, and the HTTP API");
    if serving {
        println!("  {http}/health  {http}/metrics       running until Ctrl-C");
        println!("  {}", directory.display());
    }
}

fn speed(story: &Story, options: &Demo) {
    let accepted = story.played.accepted;
    let durability = match options.synchronous {
        Durability::Full => "durable",
        Durability::Off => "NOT durable (--synchronous off)",
    };
    row("messages/s in", per_second(accepted, story.sending), durability);
    row("messages/s through", per_second(story.tally.pushed, story.working), "from MLLP to the remote");
    let share = accepted as f64 / story.commits_sending.max(1) as f64;
    let part = share / options.connections as f64;
    row(
        "fsyncs",
        story.commits,
        &format!(
            "{} while receiving: {share:.1} messages each, {part:.2} of the connections",
            story.commits_sending
        ),
    );
    quantiles("receipt to ACK", story.acknowledged);
    quantiles("receipt to remote", story.delivered);
}

/// What was acknowledged and is neither pushed nor held.
fn lost(story: &Story) -> u64 {
    story.played.accepted.saturating_sub(story.tally.pushed + story.tally.held)
}

fn section(name: &str) {
    println!("{name}");
}

fn row(name: &str, value: u64, note: &str) {
    println!("  {name:<20}{value:>10}  {note}");
}

fn quantiles(name: &str, of: carewire_gateway::Quantiles) {
    println!("  {name:<20}  p50 {}  p99 {}", millis(of.p50), millis(of.p99));
}

fn millis(duration: Duration) -> String {
    format!("{:.2} ms", duration.as_secs_f64() * 1_000.0)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a rate for people, never negative"
)]
fn per_second(count: u64, took: Duration) -> u64 {
    (count as f64 / took.as_secs_f64().max(0.001)) as u64
}
