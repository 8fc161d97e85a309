//! What ran, how long it took, and what was skipped and why.

use std::time::{Duration, Instant};

/// The steps of one run.
#[derive(Default)]
pub(crate) struct Report {
    steps: Vec<(&'static str, Duration, Result<(), String>)>,
    skipped: Vec<String>,
    keep_going: bool,
}

impl Report {
    /// With `keep_going`, later steps run although an earlier one failed.
    pub(crate) fn new(keep_going: bool) -> Self {
        Self { keep_going, ..Self::default() }
    }

    /// Runs a step, unless an earlier one failed.
    pub(crate) fn step(&mut self, name: &'static str, work: impl FnOnce(&mut Self) -> Result<(), String>) {
        if !self.keep_going && self.failed() {
            return;
        }
        println!("\n== {name}");
        let started = Instant::now();
        let result = work(self);
        if let Err(problem) = &result {
            eprintln!("== {name}: {problem}");
        }
        self.steps.push((name, started.elapsed(), result));
    }

    /// Notes something that was not run.
    pub(crate) fn skip(&mut self, what: String) {
        println!("SKIPPED {what}");
        self.skipped.push(what);
    }

    /// Prints the table; fails when a step failed.
    pub(crate) fn finish(self) -> Result<(), String> {
        println!("\n{:<28}{:>9}  result", "step", "seconds");
        for (name, took, result) in &self.steps {
            let shown = if result.is_ok() { "ok" } else { "FAILED" };
            println!("{name:<28}{:>9.1}  {shown}", took.as_secs_f64());
        }
        let total: Duration = self.steps.iter().map(|(_, took, _)| *took).sum();
        println!("{:<28}{:>9.1}", "total", total.as_secs_f64());
        for what in &self.skipped {
            println!("SKIPPED {what}");
        }
        let failed: Vec<&str> =
            self.steps.iter().filter(|(.., result)| result.is_err()).map(|(name, ..)| *name).collect();
        if failed.is_empty() { Ok(()) } else { Err(format!("failed: {}", failed.join(", "))) }
    }

    fn failed(&self) -> bool {
        self.steps.iter().any(|(.., result)| result.is_err())
    }
}
