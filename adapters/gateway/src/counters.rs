//! What has been done, for the demo's table and for `/metrics`.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use carewire_fhir_core::OrgId;

/// The steps that are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Received,
    Acknowledged,
    Refused,
    Resent,
    ControlIdReused,
    Mapped,
    Deidentified,
    Permitted,
    Denied,
    Pushed,
    Retried,
    Dead,
    Written,
    Unchanged,
    NotStored,
}

const STEPS: usize = 15;

/// The name of each step's counter, in the order of [`Step`].
const NAMES: [&str; STEPS] = [
    "carewire_messages_received_total",
    "carewire_messages_acknowledged_total",
    "carewire_messages_refused_total",
    "carewire_messages_resent_total",
    "carewire_control_ids_reused_total",
    "carewire_messages_mapped_total",
    "carewire_messages_deidentified_total",
    "carewire_consent_permitted_total",
    "carewire_consent_denied_total",
    "carewire_messages_pushed_total",
    "carewire_attempts_failed_total",
    "carewire_messages_dead_total",
    "carewire_resources_written_total",
    "carewire_resources_unchanged_total",
    "carewire_messages_not_stored_total",
];

/// Counters of one gateway; each is also a metric with the label `org`.
#[derive(Debug)]
pub struct Counters {
    org: String,
    steps: [AtomicU64; STEPS],
    /// From the last byte of a message to its acknowledgement.
    pub acknowledged: Latencies,
    /// From the last byte of a message to the remote's answer.
    pub delivered: Latencies,
}

/// A reading of [`Counters`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counts {
    /// Frames that arrived.
    pub received: u64,
    /// Stored with their job, and acknowledged as the sender asked for.
    pub acknowledged: u64,
    /// Stored, and neither accepted nor worked on: they could not be read, correlated or handled, or were
    /// acknowledgements.
    pub refused: u64,
    /// Recognised as resends: answered as before, without a second effect.
    pub resent: u64,
    /// Same sender and control id, other content.
    pub control_id_reused: u64,
    /// Became a Bundle.
    pub mapped: u64,
    /// Were de-identified.
    pub deidentified: u64,
    /// Consent permitted.
    pub permitted: u64,
    /// Consent denied: held.
    pub denied: u64,
    /// Are at the remote.
    pub pushed: u64,
    /// Attempts that failed and are tried again.
    pub retried: u64,
    /// Went to the dead letter.
    pub dead: u64,
    /// Resources written to the remote.
    pub written: u64,
    /// Resources that the remote had already.
    pub unchanged: u64,
    /// Could not be stored: the sender was told to send again.
    pub not_stored: u64,
}

impl Counters {
    pub(crate) fn new(org: &OrgId) -> Self {
        Self {
            org: org.to_string(),
            steps: Default::default(),
            acknowledged: Latencies::new("carewire_acknowledge_seconds"),
            delivered: Latencies::new("carewire_deliver_seconds"),
        }
    }

    pub(crate) fn add(&self, step: Step, count: u64) {
        let index = step as usize;
        if let (Some(counter), Some(name)) = (self.steps.get(index), NAMES.get(index)) {
            counter.fetch_add(count, Ordering::Relaxed);
            metrics::counter!(*name, "org" => self.org.clone()).increment(count);
        }
    }

    /// The present values.
    #[must_use]
    pub fn read(&self) -> Counts {
        let of =
            |step: Step| self.steps.get(step as usize).map_or(0, |counter| counter.load(Ordering::Relaxed));
        Counts {
            received: of(Step::Received),
            acknowledged: of(Step::Acknowledged),
            refused: of(Step::Refused),
            resent: of(Step::Resent),
            control_id_reused: of(Step::ControlIdReused),
            mapped: of(Step::Mapped),
            deidentified: of(Step::Deidentified),
            permitted: of(Step::Permitted),
            denied: of(Step::Denied),
            pushed: of(Step::Pushed),
            retried: of(Step::Retried),
            dead: of(Step::Dead),
            written: of(Step::Written),
            unchanged: of(Step::Unchanged),
            not_stored: of(Step::NotStored),
        }
    }
}

/// Buckets of 1/16 of a power of two, from a microsecond to over an hour.
const BUCKETS: usize = 16 * 33;

/// Durations in logarithmic buckets: constant memory, quantiles to within 7 %.
pub struct Latencies {
    name: &'static str,
    buckets: Vec<AtomicU64>,
}

impl std::fmt::Debug for Latencies {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Latencies").field("quantiles", &self.quantiles()).finish()
    }
}

/// Quantiles of [`Latencies`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quantiles {
    /// Half are at most this.
    pub p50: Duration,
    /// 99 of 100 are at most this.
    pub p99: Duration,
}

impl Latencies {
    fn new(name: &'static str) -> Self {
        Self { name, buckets: (0..BUCKETS).map(|_| AtomicU64::new(0)).collect() }
    }

    pub(crate) fn record(&self, took: Duration) {
        if let Some(bucket) = self.buckets.get(bucket_of(took)) {
            bucket.fetch_add(1, Ordering::Relaxed);
        }
        metrics::histogram!(self.name).record(took.as_secs_f64());
    }

    /// The quantiles of everything recorded so far; zero when there is nothing.
    #[must_use]
    pub fn quantiles(&self) -> Quantiles {
        let counts: Vec<u64> = self.buckets.iter().map(|bucket| bucket.load(Ordering::Relaxed)).collect();
        Quantiles { p50: quantile(&counts, 50), p99: quantile(&counts, 99) }
    }
}

fn quantile(counts: &[u64], percent: u64) -> Duration {
    let total: u64 = counts.iter().sum();
    let wanted = (total * percent).div_ceil(100);
    let mut seen = 0;
    for (index, count) in counts.iter().enumerate() {
        seen += count;
        if total > 0 && seen >= wanted {
            return upper_bound(index);
        }
    }
    Duration::ZERO
}

fn bucket_of(took: Duration) -> usize {
    let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX).max(1);
    let power = micros.ilog2();
    let sixteenth = if power >= 4 { (micros >> (power - 4)) & 15 } else { (micros << (4 - power)) & 15 };
    let index = u64::from(power) * 16 + sixteenth;
    usize::try_from(index).unwrap_or(BUCKETS).min(BUCKETS - 1)
}

fn upper_bound(index: usize) -> Duration {
    let power = u32::try_from(index / 16).unwrap_or(0);
    let sixteenth = u64::try_from(index % 16).unwrap_or(0);
    let micros = ((17 + sixteenth) << power) / 16;
    Duration::from_micros(micros)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_within_seven_percent() {
        let latencies = Latencies::new("test");
        for micros in 1..=10_000 {
            latencies.record(Duration::from_micros(micros));
        }
        let Quantiles { p50, p99 } = latencies.quantiles();
        assert!((5_000..=5_350).contains(&p50.as_micros()), "{p50:?}");
        assert!((9_900..=10_600).contains(&p99.as_micros()), "{p99:?}");
        assert_eq!(Latencies::new("empty").quantiles(), Quantiles::default());
    }
}
