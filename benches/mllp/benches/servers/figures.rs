//! The figures of rounds.

use std::time::Duration;

use crate::load::Round;

/// The rounds of one server.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    rounds: Vec<Figures>,
}

impl Row {
    pub(crate) fn new(name: &'static str, rounds: Vec<Round>) -> Self {
        Self { name, rounds: rounds.into_iter().map(Figures::new).collect() }
    }

    /// The median of a figure over the rounds.
    pub(crate) fn median(&self, figure: fn(&Figures) -> f64) -> f64 {
        median(self.rounds.iter().map(figure).collect())
    }

    /// The median of the ratios of a figure to the other's in the same round.
    pub(crate) fn ratio(&self, other: &Self, figure: fn(&Figures) -> f64) -> f64 {
        let rounds = self.rounds.iter().zip(&other.rounds);
        median(rounds.map(|(mine, other)| figure(mine) / figure(other)).collect())
    }

    /// The answers of all rounds that belong to another message.
    pub(crate) fn mismatched(&self) -> u64 {
        self.rounds.iter().map(|figures| figures.round.mismatched).sum()
    }

    /// The messages of all rounds that nothing answered.
    pub(crate) fn unanswered(&self) -> u64 {
        self.rounds.iter().map(|figures| figures.round.unanswered).sum()
    }
}

/// A round, its latencies sorted.
pub(crate) struct Figures {
    round: Round,
}

impl Figures {
    fn new(mut round: Round) -> Self {
        round.latencies.sort_unstable();
        Self { round }
    }

    /// Messages a second.
    pub(crate) fn rate(&self) -> f64 {
        self.round.answered as f64 / self.round.took.as_secs_f64()
    }

    /// Commits a second.
    pub(crate) fn commits(&self) -> f64 {
        self.round.commits as f64 / self.round.took.as_secs_f64()
    }

    pub(crate) fn messages_a_commit(&self) -> f64 {
        self.round.answered as f64 / self.round.commits as f64
    }

    /// Microseconds from the write to the answer.
    pub(crate) fn p50(&self) -> f64 {
        self.quantile(50)
    }

    pub(crate) fn p99(&self) -> f64 {
        self.quantile(99)
    }

    /// Microseconds of the server's processor time for one message.
    pub(crate) fn server(&self) -> f64 {
        self.round.server.as_secs_f64() * 1e6 / self.round.answered as f64
    }

    /// How much of a core the server had, in percent.
    pub(crate) fn busy(&self) -> f64 {
        self.percent(self.round.server)
    }

    /// How much of a core the load had, in percent.
    pub(crate) fn load(&self) -> f64 {
        self.percent(self.round.load)
    }

    fn percent(&self, worked: Duration) -> f64 {
        worked.as_secs_f64() / self.round.took.as_secs_f64() * 100.0
    }

    fn quantile(&self, percent: usize) -> f64 {
        let sorted = &self.round.latencies;
        let at = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
        sorted.get(at).map_or(f64::NAN, |nanoseconds| *nanoseconds as f64 / 1e3)
    }
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_unstable_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}
