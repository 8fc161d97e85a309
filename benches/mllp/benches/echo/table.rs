//! Figures of rounds, and the table of them.

use std::time::Duration;

use crate::load::Round;
use crate::server::Kind;

/// The least part of the framer's rate, and the most of its p99, that ours is to have.
const LEAST_RATE: f64 = 0.8;
const MOST_P99: f64 = 2.0;

/// The figures of one server.
pub(crate) struct Row {
    kind: Kind,
    rounds: Vec<Figures>,
    mismatched: u64,
    unanswered: u64,
}

/// The figures of one round.
struct Figures {
    rate: f64,
    p50: f64,
    p99: f64,
    server: f64,
    busy: f64,
    load: f64,
}

impl Row {
    pub(crate) fn new(kind: Kind, rounds: Vec<Round>) -> Self {
        Self {
            kind,
            mismatched: rounds.iter().map(|round| round.mismatched).sum(),
            unanswered: rounds.iter().map(|round| round.unanswered).sum(),
            rounds: rounds.into_iter().map(Figures::new).collect(),
        }
    }

    /// The median of a figure over the rounds.
    fn median(&self, figure: fn(&Figures) -> f64) -> f64 {
        median(self.rounds.iter().map(figure).collect())
    }

    /// The median of the ratios of a figure to the other's in the same round.
    fn ratio(&self, other: &Self, figure: fn(&Figures) -> f64) -> f64 {
        let rounds = self.rounds.iter().zip(&other.rounds);
        median(rounds.map(|(mine, other)| figure(mine) / figure(other)).collect())
    }
}

impl Figures {
    fn new(mut round: Round) -> Self {
        round.latencies.sort_unstable();
        let seconds = round.took.as_secs_f64();
        let share = |worked: Duration| worked.as_secs_f64() / seconds * 100.0;
        Self {
            rate: round.answered as f64 / seconds,
            p50: microseconds(&round.latencies, 50),
            p99: microseconds(&round.latencies, 99),
            server: round.server.as_secs_f64() * 1e6 / round.answered as f64,
            busy: share(round.server),
            load: share(round.load),
        }
    }
}

fn microseconds(sorted: &[u64], percent: usize) -> f64 {
    let at = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    sorted.get(at).map_or(f64::NAN, |nanoseconds| *nanoseconds as f64 / 1e3)
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_unstable_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Prints a table; the first row is what the others are measured by.
pub(crate) fn print(title: &str, rows: &[Row]) {
    println!("\n{title}\n{:<28} {}", "", HEADS.map(|head| format!("{head:>10}")).join(" "));
    let Some(framer) = rows.first() else { return };
    for row in rows {
        let cells = row.cells(framer).map(|cell| format!("{cell:>10}"));
        println!("{:<28} {}", row.kind.name(), cells.join(" "));
    }
}

const HEADS: [&str; 11] = [
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

impl Row {
    fn cells(&self, framer: &Self) -> [String; 11] {
        let number = |figure, digits: usize| match self.median(figure) {
            value if value.is_finite() => format!("{value:.digits$}"),
            _ => "-".to_owned(),
        };
        let ratio = |figure| match self.ratio(framer, figure) {
            value if value.is_finite() => format!("{value:.2}x"),
            _ => "-".to_owned(),
        };
        [
            number(|round| round.rate, 0),
            ratio(|round| round.rate),
            number(|round| round.p50, 1),
            number(|round| round.p99, 1),
            ratio(|round| round.p99),
            number(|round| round.server, 2),
            ratio(|round| round.server),
            number(|round| round.busy, 0) + "%",
            number(|round| round.load, 0) + "%",
            self.mismatched.to_string(),
            self.unanswered.to_string(),
        ]
    }
}

/// Prints what ours is to show beside the framer. Nothing fails by it: a shared machine is no judge.
pub(crate) fn print_targets(rows: &[Row]) {
    let find = |kind| rows.iter().find(|row| row.kind == kind);
    let Some((ours, framer)) = find(Kind::Carewire).zip(find(Kind::Framer)) else { return };
    let (rate, p99) = (ours.ratio(framer, |figures| figures.rate), ours.ratio(framer, |figures| figures.p99));
    let verdict = |met| if met { "met" } else { "MISSED" };
    println!("target {:<6} {rate:>6.2} >= {LEAST_RATE} rate, x framer", verdict(rate >= LEAST_RATE));
    println!("target {:<6} {p99:>6.2} <= {MOST_P99} p99, x framer", verdict(p99 <= MOST_P99));
}
