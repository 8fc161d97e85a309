//! The pipeline wired from traits: HL7 v2 in over MLLP, de-identified and consented FHIR out.
//!
//! A [`Gateway`] takes its stores, its remote, its clock and its randomness as trait objects ([`Parts`]), so that any
//! service can embed it on any storage. It owns the order of the steps and nothing else:
//!
//! 1. **Intake** ([`MllpIntake`]): light parse, the raw bytes sealed, one durable commit of message and job, then the ACK.
//! 2. **Work** ([`Gateway::run_workers`]): parse, map to FHIR, a token for each patient, consent of each now, de-identify, plan for the
//!    remote, the permit re-checked against the consent epoch, write, identity map, audit.
//! 3. **Consent** ([`Gateway::put_consent`], [`Gateway::revoke_consent`]): a change releases what was held; when `revoke`
//!    has returned, no write of that patient starts.
//! 4. **Reconcile** ([`Gateway::reconcile`]): drift at the remote, found and repaired.
//! 5. **Outbox** ([`Gateway::mllp_outbox`]): HL7 v2 messages to other systems over MLLP, stored first, then sent in order.
//!
//! One process may serve several orgs on the same stores: [`Gateways`] runs their workers together, and [`MllpSender`]
//! says which connection belongs to which.
//!
//! What it will not do: open a database, choose a TLS stack, read the environment. Binaries do.

mod answer;
mod breaker;
mod carried;
mod con;
mod consents;
mod correlation;
mod counters;
mod decision;
mod error;
mod gated;
mod gateways;
mod ids;
mod intake;
mod keys;
mod message;
mod outbox;
mod parts;
mod patients;
mod push;
mod reconcile;
mod senders;
mod settings;
mod settle;
mod sweep;
mod trail;
mod turns;

pub use con::{CarriedConsent, MessageConsents, NotTaken, TakeConsents};
pub use correlation::{correlate, judge};
pub use counters::{Counters, Counts, Latencies, Quantiles};
pub use error::{Error, Result};
pub use gateways::Gateways;
pub use intake::MllpIntake;
pub use keys::OrgKeys;
pub use outbox::{Basis, ContractId, Destination, MllpOutbox, OnReject, OutboxCounts, Outgoing};
pub use parts::Parts;
pub use senders::MllpSender;
pub use settings::{OnRevoke, Settings};

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use carewire_consent::{ConsentEpoch, Policy as ConsentPolicy};

use carewire_fhir_core::{OrgId, PatientToken};
use carewire_sync_engine::{JobId, Limits, WorkerReport};

use crate::breaker::Breaker;
use crate::turns::Turns;

/// The queue that a gateway's workers serve.
pub const QUEUE: &str = "sync";

/// The pipeline of one org. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Gateway {
    shared: Arc<Shared>,
}

/// What all clones share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) org: OrgId,
    pub(crate) parts: Parts,
    pub(crate) settings: Settings,
    /// What the org decides by where somebody asks: as it was configured.
    pub(crate) questions: ConsentPolicy,
    pub(crate) keys: OrgKeys,
    /// A hash of the de-identification policy.
    pub(crate) policy: String,
    pub(crate) counters: Counters,
    pub(crate) turns: Turns,
    pub(crate) breaker: Breaker,
    limits: RwLock<Limits>,
    pub(crate) wake: Arc<tokio::sync::Notify>,
    /// The consent epoch at which each job that is about to be held was denied.
    pub(crate) denied: Mutex<HashMap<JobId, ConsentEpoch>>,
}

impl Gateway {
    /// Wires the parts for one org.
    #[must_use]
    pub fn new(org: OrgId, keys: &carewire_deid::KeyRing, parts: Parts, mut settings: Settings) -> Self {
        let questions = settings.consent.clone();
        // Nothing here applies what a decision leaves to be decided about each resource: all of it, or nothing.
        settings.consent.all_classes_or_nothing = true;
        let keys = OrgKeys::new(keys, &org);
        let (counters, breaker) = (Counters::new(&org), Breaker::new(&org));
        let limits = RwLock::new(settings.limits);
        let policy = settle::policy_hash(&settings.deid);
        let shared = Shared {
            org,
            parts,
            settings,
            questions,
            keys,
            policy,
            counters,
            turns: Turns::default(),
            breaker,
            limits,
            wake: Arc::default(),
            denied: Mutex::default(),
        };
        Self { shared: Arc::new(shared) }
    }

    /// The org that it serves.
    #[must_use]
    pub fn org(&self) -> &OrgId {
        &self.shared.org
    }

    /// The stores and the remote.
    #[must_use]
    pub fn parts(&self) -> &Parts {
        &self.shared.parts
    }

    /// What has been done since it was made.
    #[must_use]
    pub fn counters(&self) -> &Counters {
        &self.shared.counters
    }

    /// The handler for an MLLP listener whose every connection belongs to this org.
    #[must_use]
    pub fn mllp_intake(&self) -> MllpIntake {
        MllpIntake::new([MllpSender::anybody(self.clone())])
    }

    /// Works on the queue until `shutdown` is ready, then waits for running jobs up to the drain deadline. Jobs of other
    /// orgs are left for others; [`Gateways::run_workers`] works for several.
    pub async fn run_workers(&self, shutdown: impl Future<Output = ()> + Send) -> WorkerReport {
        Gateways::from(self.clone()).run_workers(shutdown).await
    }

    /// Wakes the workers: call it after jobs were redriven or a queue was resumed.
    pub fn wake(&self) {
        self.shared.wake.notify_one();
    }

    /// Asks the remote what it can do. Workers do so by themselves until they get an answer.
    ///
    /// # Errors
    /// When the remote cannot be reached; what was known before holds on.
    pub async fn probe_remote(&self) -> Result<Limits> {
        self.shared.learn_limits().await
    }

    /// The token of a patient by identifier; made on first sight.
    ///
    /// # Errors
    /// When the vault cannot be reached.
    pub async fn resolve_patient(&self, system: &str, value: &str) -> Result<PatientToken> {
        self.shared.token_of(system, value).await
    }
}

/// How often to ask a remote that does not answer.
const ASK_AGAIN: Duration = Duration::from_secs(10);

impl Shared {
    /// What the remote takes in one request, as far as is known.
    pub(crate) fn limits(&self) -> Limits {
        *self.limits.read().unwrap_or_else(PoisonError::into_inner)
    }

    async fn learn_limits(&self) -> Result<Limits> {
        let limits = self.parts.remote.probe().await?;
        *self.limits.write().unwrap_or_else(PoisonError::into_inner) = limits;
        Ok(limits)
    }

    /// Asks until there is an answer. Intake goes on meanwhile.
    pub(crate) async fn learn_limits_some_time(&self) {
        while let Err(error) = self.learn_limits().await {
            tracing::warn!(%error, "the remote cannot be reached; messages are taken in and wait");
            tokio::time::sleep(ASK_AGAIN).await;
        }
    }
}

/// The examples of the README are tested here, where every crate that they use is at hand.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
