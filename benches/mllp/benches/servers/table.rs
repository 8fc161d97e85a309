//! Tables, and the targets below them.

use crate::figures::{Figures, Row};

/// What ours is to show beside the framer.
const LEAST_RATE: f64 = 0.8;
const MOST_P99: f64 = 2.0;
/// What a durable intake is to show beside one without fsync, and how many of the senders are to share an fsync.
const LEAST_DURABLE: f64 = 0.5;
const LEAST_SHARE: f64 = 0.6;

/// Prints a table of servers that store nothing; the first is what the others are measured by.
pub(crate) fn echo(title: &str, rows: &[Row]) {
    let Some(framer) = rows.first() else { return };
    let heads = [
        "messages/s",
        "x framer",
        "p50 us",
        "p99 us",
        "x framer",
        "server us",
        "x framer",
        "busy",
        "load",
        "mismatched",
        "unanswered",
    ];
    head(title, heads);
    for row in rows {
        line(
            row.name,
            [
                number(row.median(Figures::rate), 0),
                times(row.ratio(framer, Figures::rate)),
                number(row.median(Figures::p50), 1),
                number(row.median(Figures::p99), 1),
                times(row.ratio(framer, Figures::p99)),
                number(row.median(Figures::server), 2),
                times(row.ratio(framer, Figures::server)),
                number(row.median(Figures::busy), 0) + "%",
                number(row.median(Figures::load), 0) + "%",
                row.mismatched().to_string(),
                row.unanswered().to_string(),
            ],
        );
    }
}

/// Prints what ours is to show beside the framer. Nothing fails by it: a shared machine is no judge.
pub(crate) fn echo_targets(ours: &str, rows: &[Row]) {
    let Some((ours, framer)) = rows.iter().find(|row| row.name == ours).zip(rows.first()) else { return };
    at_least("rate, x framer", ours.ratio(framer, Figures::rate), LEAST_RATE);
    at_most("p99, x framer", ours.ratio(framer, Figures::p99), MOST_P99);
}

/// Prints the table of durable intakes: full, without fsync, and with slow ones.
pub(crate) fn durable(title: &str, [full, off, slow]: &[Row; 3], connections: usize) {
    let heads = ["messages/s", "x OFF", "p50 us", "p99 us", "commits/s", "in each", "of senders"];
    head(title, heads);
    let share = |row: &Row| row.median(Figures::messages_a_commit) / connections as f64;
    for row in [full, off, slow] {
        line(
            row.name,
            [
                number(row.median(Figures::rate), 0),
                times(row.ratio(off, Figures::rate)),
                number(row.median(Figures::p50), 0),
                number(row.median(Figures::p99), 0),
                number(row.median(Figures::commits), 0),
                number(row.median(Figures::messages_a_commit), 1),
                number(share(row), 2),
            ],
        );
    }
    at_least("rate with FULL, x OFF", full.ratio(off, Figures::rate), LEAST_DURABLE);
    at_least("senders that share a slow fsync", share(slow), LEAST_SHARE);
}

/// Prints the memory of servers, in KiB for each connection.
pub(crate) fn memory(title: &str, rows: &[(&str, [f64; 3])]) {
    head(title, ["MiB before", "KiB idle", "KiB used"]);
    for (name, [before, idle, used]) in rows {
        line(name, [number(before / 1024.0, 1), number(*idle, 2), number(*used, 2)]);
    }
}

fn head<const N: usize>(title: &str, heads: [&str; N]) {
    println!("\n{title}\n{:<24} {}", "", heads.map(|head| format!("{head:>10}")).join(" "));
}

fn line<const N: usize>(name: &str, cells: [String; N]) {
    println!("{name:<24} {}", cells.map(|cell| format!("{cell:>10}")).join(" "));
}

fn number(value: f64, digits: usize) -> String {
    if value.is_finite() { format!("{value:.digits$}") } else { "-".to_owned() }
}

fn times(ratio: f64) -> String {
    if ratio.is_finite() { format!("{ratio:.2}x") } else { "-".to_owned() }
}

fn at_least(name: &str, reached: f64, least: f64) {
    let verdict = if reached >= least { "met" } else { "MISSED" };
    println!("target {verdict:<6} {reached:>6.2} >= {least} {name}");
}

fn at_most(name: &str, reached: f64, most: f64) {
    let verdict = if reached <= most { "met" } else { "MISSED" };
    println!("target {verdict:<6} {reached:>6.2} <= {most} {name}");
}
