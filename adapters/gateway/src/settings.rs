//! What an org decides.

use std::time::Duration;

use carewire_consent::{Policy as ConsentPolicy, Purpose};
use carewire_deid::Policy as DeidPolicy;
use carewire_hl7_v2::UtcOffset;
use carewire_hl7_v2::fhir::{SettlePolicy, UnknownCodes};
use carewire_sync_engine::{Limits, RetryPolicy, WorkerOptions};

use crate::{MessageConsents, QUEUE};

/// What a revocation does to data that is at the remote already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum OnRevoke {
    /// Nothing new leaves; what is there stays.
    #[default]
    Stop,
}

/// The settings of one org.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Settings {
    /// The purpose under which data is pushed.
    pub purpose: Purpose,
    /// What holds when no consent speaks.
    pub consent: ConsentPolicy,
    /// What is taken of the consents that messages carry.
    pub message_consents: MessageConsents,
    /// What a revocation does.
    pub on_revoke: OnRevoke,
    /// How data is de-identified before it leaves: a policy that is [`for_live_sync`](DeidPolicy::for_live_sync), since any
    /// other would refuse each message.
    pub deid: DeidPolicy,
    /// What it means that a message leaves out what is known.
    pub settle: SettlePolicy,
    /// The systems of the numbers that say who a patient is, the best first. Without one that fits: type `MR`, then `PI`,
    /// then the first with an authority, then the first. Who changes it gives patients who are known by another number
    /// another token.
    pub patient_systems: Vec<String>,
    /// Of which system a code is that names none, and that its table is not known to have.
    pub unknown_codes: UnknownCodes,
    /// The offset of times that name no zone, for example `-03:00`; without it such times are cut to their date.
    pub zone: Option<UtcOffset>,
    /// The same message within this time is a resend.
    pub resend_window: Duration,
    /// Jobs worked on at once.
    pub workers: usize,
    /// How long a job may stay with a worker that says nothing.
    pub lease: Duration,
    /// How often and how soon to try again.
    pub retry: RetryPolicy,
    /// How long a shutdown waits for running jobs.
    pub drain: Duration,
    /// What the remote takes in one request, until it was asked.
    pub limits: Limits,
}

impl Settings {
    /// The safest choices: deny without consent, of the consents in messages those that forbid, the `pseudonymous` policy, resends recognised for seven days, five
    /// workers, a lease of 30 seconds.
    #[must_use]
    pub fn safest() -> Self {
        Self {
            purpose: Purpose::Treat,
            consent: ConsentPolicy::default(),
            message_consents: MessageConsents::default(),
            on_revoke: OnRevoke::Stop,
            deid: DeidPolicy::pseudonymous().clone(),
            settle: SettlePolicy::default(),
            patient_systems: Vec::new(),
            unknown_codes: UnknownCodes::default(),
            zone: None,
            resend_window: Duration::from_secs(7 * 24 * 3600),
            workers: 5,
            lease: Duration::from_secs(30),
            retry: RetryPolicy::default(),
            drain: Duration::from_secs(20),
            limits: Limits { conditional_entries: 8, update_entries: 50, atomic: false },
        }
    }

    pub(crate) fn worker_options(&self) -> WorkerOptions {
        WorkerOptions::new(QUEUE)
            .with_concurrency(self.workers)
            .with_lease(self.lease)
            .with_retry(self.retry)
            .with_drain(self.drain)
    }
}
