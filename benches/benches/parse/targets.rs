//! What the figures of a message are to show, and whether they do.

use std::time::Duration;

/// A speed that is to be at least so many times that of something else.
pub(crate) struct Target {
    name: &'static str,
    reached: f64,
    /// `None` when nothing is asked for.
    least: Option<f64>,
}

impl Target {
    /// The times are those of one call of the other, and of ours.
    pub(crate) fn new(
        name: &'static str,
        other: Duration,
        ours: Duration,
        least: impl Into<Option<f64>>,
    ) -> Self {
        Self { name, reached: other.as_secs_f64() / ours.as_secs_f64(), least: least.into() }
    }
}

/// Prints the targets, one a line.
pub(crate) fn print(targets: &[Target]) {
    for Target { name, reached, least } in targets {
        let Some(least) = least else { continue };
        let verdict = if reached >= least { "met" } else { "MISSED" };
        println!("target {verdict:<6} {reached:>8.2} >= {least:<5} {name}");
    }
}
