//! What the demo prints.

use std::fmt::{Display, Write as _};
use std::path::Path;
use std::time::Duration;

use super::Story;
use crate::cli::{Demo, Durability};

/// What happened, as a table.
pub(crate) fn summary(story: &Story, options: &Demo) -> String {
    let mut page = Page::default();
    let counts = &story.counts;
    let tally = &story.tally;
    page.line(format_args!(
        "\nCarewire demo: {} messages, {} connections, seed {}\n",
        options.messages, options.connections, options.seed
    ));
    page.section("in");
    page.row("received", counts.received, "frames over MLLP, resends included");
    page.row("acknowledged (AA)", counts.acknowledged, "on disk before the answer was sent");
    page.row("refused (AE)", counts.refused, "could not be read; kept as received");
    page.row("resends recognised", counts.resent, "answered as before, no second effect");
    page.section("worked on");
    page.row("mapped", counts.mapped, "attempts that became a FHIR Bundle");
    page.row("permitted", counts.permitted, "attempts");
    page.row(
        "denied",
        counts.denied,
        &format!("attempts; {} patients withhold, {} revoked half-way", story.withheld, story.revoked),
    );
    page.row("de-identified", counts.deidentified, "attempts, policy pseudonymous");
    page.row("retried", counts.retried, "the remote dropped, refused or lost an answer");
    page.row("dead-lettered", counts.dead, "");
    page.section("out");
    page.row("pushed", tally.pushed, "messages that are at the remote");
    page.row("resources written", counts.written, &format!("{} more were there already", counts.unchanged));
    page.row("held by consent", tally.held, &format!("{} were released by a late consent", story.released));
    page.row("lost", lost(story), "acknowledged and neither pushed nor held");
    page.section("reconcile");
    let found = story.repaired.missing + story.repaired.changed;
    page.row("drift made", story.upset as u64, "resources deleted or changed at the remote");
    page.row("drift found", found, &format!("of {} resources compared", story.repaired.checked));
    page.row(
        "drift repaired",
        story.repaired.repaired,
        &format!("{} blocked by a revoked consent", story.repaired.blocked),
    );
    page.section("speed");
    speed(&mut page, story, options);
    page.line(if story.nothing_is_missing() {
        "\nEvery acknowledged message is accounted for."
    } else {
        "\nSOMETHING IS MISSING."
    });
    page.0
}

/// What to do after the demo.
pub(crate) fn next_steps(directory: &Path, http: &str, serving: bool) -> String {
    let mut page = Page::default();
    page.line(
        "
Where to look next
  carewire init my-gateway                        a configuration and keys of your own
  carewire convert v2-to-fhir my-gateway/messages what a message becomes
  carewire demo --data-dir DIR --serve            keep the files, and the HTTP API",
    );
    if serving {
        page.line(format_args!("  {http}/health  {http}/metrics       running until Ctrl-C"));
        page.line(format_args!("  {}", directory.display()));
    }
    page.0
}

fn speed(page: &mut Page, story: &Story, options: &Demo) {
    let accepted = story.played.accepted;
    let durability = match options.synchronous {
        Durability::Full => "durable",
        Durability::Off => "NOT durable (--synchronous off)",
    };
    page.row("messages/s in", per_second(accepted, story.sending), durability);
    page.row("messages/s through", per_second(story.tally.pushed, story.working), "from MLLP to the remote");
    let share = accepted as f64 / story.commits_sending.max(1) as f64;
    let part = share / options.connections as f64;
    page.row(
        "fsyncs",
        story.commits,
        &format!(
            "{} while receiving: {share:.1} messages each, {part:.2} of the connections",
            story.commits_sending
        ),
    );
    page.quantiles("receipt to ACK", story.acknowledged);
    page.quantiles("receipt to remote", story.delivered);
}

/// What was acknowledged and is neither pushed nor held.
fn lost(story: &Story) -> u64 {
    story.played.accepted.saturating_sub(story.tally.pushed + story.tally.held)
}

/// Text that grows line by line.
#[derive(Default)]
struct Page(String);

impl Page {
    fn line(&mut self, text: impl Display) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.0, "{text}");
    }

    fn section(&mut self, name: &str) {
        self.line(name);
    }

    fn row(&mut self, name: &str, value: u64, note: &str) {
        self.line(format_args!("  {name:<20}{value:>10}  {note}"));
    }

    fn quantiles(&mut self, name: &str, of: carewire_gateway::Quantiles) {
        self.line(format_args!("  {name:<20}  p50 {}  p99 {}", millis(of.p50), millis(of.p99)));
    }
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
