//! The figures of rounds.

use crate::measured::Answer;

/// What a round of one contender gave.
#[derive(Debug)]
pub(crate) struct Round {
    pub(crate) enqueue: Phase,
    pub(crate) process: Phase,
    pub(crate) p50: f64,
    pub(crate) p99: f64,
}

/// Many jobs, one after another.
#[derive(Debug)]
pub(crate) struct Phase {
    /// Jobs a second.
    pub(crate) rate: f64,
    /// Microseconds of processor time for each job.
    pub(crate) client: f64,
    pub(crate) server: f64,
    /// How much of the machine others had meanwhile, in percent.
    pub(crate) others: f64,
}

impl Phase {
    /// From an answer, and what the server and the whole machine worked meanwhile, in microseconds.
    pub(crate) fn new(answer: &Answer, server: f64, machine: f64, took: f64) -> Self {
        let jobs = answer.jobs as f64;
        let cores = std::thread::available_parallelism().map_or(1.0, |cores| cores.get() as f64);
        let others = (machine - server - answer.cpu) / (took * 1e6 * cores) * 100.0;
        Self {
            rate: jobs / answer.seconds,
            client: answer.cpu / jobs,
            server: server / jobs,
            others: others.max(0.0),
        }
    }

    pub(crate) fn cpu(&self) -> f64 {
        self.client + self.server
    }
}

/// The median over rounds.
pub(crate) fn median(figures: impl IntoIterator<Item = f64>) -> f64 {
    quantile(figures.into_iter().collect(), 50)
}

/// A quantile, in percent.
pub(crate) fn quantile(mut figures: Vec<f64>, percent: usize) -> f64 {
    figures.sort_unstable_by(f64::total_cmp);
    let at = (figures.len() * percent / 100).min(figures.len().saturating_sub(1));
    figures.get(at).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_of_the_sorted_figures() {
        let figures: Vec<f64> = (0..100).rev().map(f64::from).collect();
        assert_eq!((quantile(figures.clone(), 50), quantile(figures, 99)), (50.0, 99.0));
        assert!(quantile(vec![], 50).is_nan());
    }
}
