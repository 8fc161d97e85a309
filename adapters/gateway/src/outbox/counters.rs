//! What has been done for one destination.

use std::sync::atomic::{AtomicU64, Ordering};

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Count {
    Enqueued,
    Known,
    ControlIdReused,
    Delivered,
    Rejected,
    Deferred,
    Unanswered,
    Unreachable,
    Held,
    Dead,
}

const COUNTS: usize = 10;

/// The name of each counter, in the order of [`Count`].
const NAMES: [&str; COUNTS] = [
    "carewire_outbox_enqueued_total",
    "carewire_outbox_known_total",
    "carewire_outbox_control_ids_reused_total",
    "carewire_outbox_delivered_total",
    "carewire_outbox_rejected_total",
    "carewire_outbox_deferred_total",
    "carewire_outbox_unanswered_total",
    "carewire_outbox_unreachable_total",
    "carewire_outbox_held_total",
    "carewire_outbox_dead_total",
];

/// Counters of one destination; each is also a metric with the labels `org` and `destination`.
#[derive(Debug)]
pub(super) struct FeedCounters {
    org: String,
    destination: String,
    counts: [AtomicU64; COUNTS],
}

/// What has been done for a destination since its outbox was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct OutboxCounts {
    /// Handed over and stored.
    pub enqueued: u64,
    /// Handed over again: nothing was written.
    pub known: u64,
    /// Stored although the control id was used for other content.
    pub control_id_reused: u64,
    /// Taken by the receiver.
    pub delivered: u64,
    /// Not taken, for good.
    pub rejected: u64,
    /// Attempts that the receiver answered with "not now".
    pub deferred: u64,
    /// Attempts that may have arrived and were not answered.
    pub unanswered: u64,
    /// Attempts that did not arrive.
    pub unreachable: u64,
    /// Held for want of a consent.
    pub held: u64,
    /// Went to the dead letter, rejected ones included.
    pub dead: u64,
}

impl FeedCounters {
    pub(super) fn new(org: &carewire_fhir_core::OrgId, destination: &str) -> Self {
        Self { org: org.to_string(), destination: destination.to_owned(), counts: Default::default() }
    }

    pub(super) fn add(&self, count: Count) {
        let index = count as usize;
        if let (Some(counter), Some(name)) = (self.counts.get(index), NAMES.get(index)) {
            counter.fetch_add(1, Ordering::Relaxed);
            metrics::counter!(*name, "org" => self.org.clone(), "destination" => self.destination.clone())
                .increment(1);
        }
    }

    /// From handing over to the receiver's acceptance.
    pub(super) fn took(&self, took: std::time::Duration) {
        metrics::histogram!("carewire_outbox_deliver_seconds", "org" => self.org.clone(),
            "destination" => self.destination.clone())
        .record(took.as_secs_f64());
    }

    /// Whether it waits for an operator.
    pub(super) fn stopped(&self, stopped: bool) {
        metrics::gauge!("carewire_outbox_stopped", "org" => self.org.clone(),
            "destination" => self.destination.clone())
        .set(f64::from(u8::from(stopped)));
    }

    pub(super) fn read(&self) -> OutboxCounts {
        let of =
            |count: Count| self.counts.get(count as usize).map_or(0, |count| count.load(Ordering::Relaxed));
        OutboxCounts {
            enqueued: of(Count::Enqueued),
            known: of(Count::Known),
            control_id_reused: of(Count::ControlIdReused),
            delivered: of(Count::Delivered),
            rejected: of(Count::Rejected),
            deferred: of(Count::Deferred),
            unanswered: of(Count::Unanswered),
            unreachable: of(Count::Unreachable),
            held: of(Count::Held),
            dead: of(Count::Dead),
        }
    }
}
