//! Tables, and the targets below them.

use crate::contender::{BULLMQ, Contender};
use crate::figures::{Phase, Round, median};

/// A contender and its rounds.
pub(crate) struct Row {
    pub(crate) contender: Contender,
    pub(crate) rounds: Vec<Round>,
}

impl Row {
    fn median(&self, figure: fn(&Round) -> f64) -> f64 {
        median(self.rounds.iter().map(figure))
    }

    /// The median of the ratios to the other's figure in the same round.
    fn ratio(&self, other: &Self, figure: fn(&Round) -> f64) -> f64 {
        median(self.rounds.iter().zip(&other.rounds).map(|(mine, other)| figure(mine) / figure(other)))
    }
}

/// One line for a round.
pub(crate) fn summary(name: &str, round: &Round) -> String {
    let phase = |phase: &Phase| {
        let Phase { rate, client, server, others, .. } = phase;
        format!("{rate:.0}/s {client:.1}+{server:.1} us ({others:.0}% others)")
    };
    let (enqueue, process) = (phase(&round.enqueue), phase(&round.process));
    format!("{name}: enqueue {enqueue}, process {process}, p50 {:.2} ms, p99 {:.2} ms", round.p50, round.p99)
}

/// Prints all.
pub(crate) fn print(rows: &[Row], jobs: u64) {
    println!("\n{jobs} jobs that do nothing, enqueued in calls of 100, by 10 handlers; then 200 a second");
    println!(
        "us: microseconds of processor time for each job, client + server. others: their part of the machine"
    );
    let heads = ["enqueue/s", "us", "process/s", "us", "p50 ms", "p99 ms", "others"];
    println!("{:<20} {}", "", cells(heads.map(str::to_owned)));
    for row in rows {
        let cpu = |client: fn(&Round) -> f64, server: fn(&Round) -> f64| {
            format!("{:.1}+{:.1}", row.median(client), row.median(server))
        };
        let line = [
            format!("{:.0}", row.median(|round| round.enqueue.rate)),
            cpu(|round| round.enqueue.client, |round| round.enqueue.server),
            format!("{:.0}", row.median(|round| round.process.rate)),
            cpu(|round| round.process.client, |round| round.process.server),
            format!("{:.2}", row.median(|round| round.p50)),
            format!("{:.2}", row.median(|round| round.p99)),
            format!("{:.0}%", row.median(|round| round.process.others)),
        ];
        println!("{:<20} {}", name(row, jobs), cells(line));
    }
    for row in rows.iter().filter(|row| row.contender.is_ours()) {
        println!();
        for other in rows.iter().filter(|other| other.contender.name != row.contender.name) {
            ratios(row, other);
        }
        targets(row, rows);
    }
}

fn name(row: &Row, jobs: u64) -> String {
    match row.contender.most {
        Some(most) if most < jobs => format!("{} ({most})", row.contender.name),
        _ => row.contender.name.to_owned(),
    }
}

fn cells<const N: usize>(cells: [String; N]) -> String {
    cells.map(|cell| format!("{cell:>13}")).join(" ")
}

fn ratios(row: &Row, other: &Row) {
    let enqueue = row.ratio(other, |round| round.enqueue.rate);
    let enqueue_cpu = row.ratio(other, |round| round.enqueue.cpu());
    let rate = row.ratio(other, |round| round.process.rate);
    let cpu = row.ratio(other, |round| round.process.cpu());
    let p99 = row.ratio(other, |round| round.p99);
    println!(
        "{:<9} / {:<20} enqueue {enqueue:>5.2}x at {enqueue_cpu:.2}x us, process {rate:>5.2}x at {cpu:.2}x us, p99 {p99:.2}x",
        row.contender.name, other.contender.name,
    );
}

fn targets(row: &Row, rows: &[Row]) {
    let peer = |name: &str| rows.iter().find(|row| row.contender.name == name);
    let bullmq = |figure: fn(&Round) -> f64| peer(BULLMQ).map(|peer| row.ratio(peer, figure));
    let rate = |round: &Round| round.process.rate;
    let cpu = |round: &Round| round.process.cpu();
    match row.contender.name {
        "postgres" => {
            at_most("CPU, x BullMQ", bullmq(cpu), 0.5);
            at_least("jobs/s, x BullMQ", bullmq(rate), 1.5);
            for name in ["apalis-postgres", "apalis-postgres-100", "riverqueue"] {
                at_least(&format!("jobs/s, x {name}"), peer(name).map(|peer| row.ratio(peer, rate)), 5.0);
            }
        }
        "redis" => {
            at_most("CPU, x BullMQ", bullmq(cpu), 1.0 / 3.0);
            at_least("jobs/s, x BullMQ", bullmq(rate), 3.0);
        }
        _ => {
            at_most("us of CPU for a job", Some(row.median(cpu)), 30.0);
            at_least("jobs/s", Some(row.median(rate)), 40_000.0);
        }
    }
    at_most("p99 of the start at 200/s, x BullMQ", bullmq(|round| round.p99), 1.0);
}

/// Prints whether a figure is large enough. Nothing fails by it: a shared machine is no judge.
pub(crate) fn at_least(name: &str, reached: Option<f64>, least: f64) {
    verdict(name, reached, ">=", least, reached.is_some_and(|reached| reached >= least));
}

/// Prints whether a figure is small enough.
pub(crate) fn at_most(name: &str, reached: Option<f64>, most: f64) {
    verdict(name, reached, "<=", most, reached.is_some_and(|reached| reached <= most));
}

fn verdict(name: &str, reached: Option<f64>, sign: &str, bound: f64, met: bool) {
    let verdict = if met { "met" } else { "MISSED" };
    match reached {
        Some(reached) => println!("target {verdict:<6} {reached:>9.2} {sign} {bound:.2} {name}"),
        None => println!("target open             {sign} {bound:.2} {name}: nothing to compare with"),
    }
}
