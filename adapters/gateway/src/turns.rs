//! One message at a time for each patient, and in order.
//!
//! A message about several patients has a job in the line of each: the one that works on it in the line of the first, and in
//! the others one that keeps its place ([`TURN`]). Work begins when all lines have come so far, and they go on when the
//! message is pushed, held or dead. No two messages wait for each other: the jobs of a message are enqueued together, so all
//! lines have the messages in one order.
//!
//! What is held steps aside, and comes back without its places. Then, as in all other cases, the locks here see to it that
//! nobody else works on a message about one of the patients.

use std::collections::{BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::PoisonError;
use std::time::Duration;

use carewire_fhir_core::PatientToken;
use carewire_sync_engine::{ClaimedJob, JobId, JobOutcome, MessageId, MessageState};
use tokio::sync::{Mutex, MutexGuard};

use crate::message::failed;
use crate::{Result, Shared};

/// The kind of a job that keeps a message's place in the line of a further patient.
pub(crate) const TURN: &str = "turn";
/// The reference that says how many such jobs a message has.
pub(crate) const TURNS: &str = "turns";

/// A lock for each patient, by hash of the token, and the places that were reached.
///
/// What a message says is put beside what is known, and nobody may change that before it is written.
#[derive(Debug)]
pub(crate) struct Turns {
    shards: Vec<Mutex<()>>,
    /// The places that a message has at the head of their lines. After a restart they are reached again.
    reached: std::sync::Mutex<HashMap<MessageId, BTreeSet<JobId>>>,
}

impl Default for Turns {
    fn default() -> Self {
        Self { shards: (0..SHARDS).map(|_| Mutex::new(())).collect(), reached: std::sync::Mutex::default() }
    }
}

impl Turns {
    /// Waits until no other message about any of these patients is worked on. The locks are taken in one order.
    pub(crate) async fn of(&self, patients: &[PatientToken]) -> Vec<MutexGuard<'_, ()>> {
        let shards: BTreeSet<usize> = patients.iter().map(index_of).collect();
        let mut turns = Vec::with_capacity(shards.len());
        for shard in shards.into_iter().filter_map(|shard| self.shards.get(shard)) {
            turns.push(shard.lock().await);
        }
        turns
    }

    /// The message needs its places no more.
    pub(crate) fn forget(&self, message: &MessageId) {
        self.reached().remove(message);
    }

    fn reached(&self) -> std::sync::MutexGuard<'_, HashMap<MessageId, BTreeSet<JobId>>> {
        self.reached.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const SHARDS: usize = 256;

/// Which of the [`SHARDS`] locks is the patient's.
fn index_of(patient: &PatientToken) -> usize {
    let mut hasher = DefaultHasher::new();
    patient.hash(&mut hasher);
    let shards = u64::try_from(SHARDS).unwrap_or(1);
    usize::try_from(hasher.finish() % shards).unwrap_or(0)
}

impl Shared {
    /// What becomes of a job that keeps a place and has come to the head of its line: it stays there until the message is
    /// worked on.
    pub(crate) async fn keep_place(&self, job: &ClaimedJob, message: &MessageId) -> JobOutcome {
        match self.is_undone(message).await {
            Err(error) => failed(&error),
            Ok(false) => {
                self.turns.forget(message);
                JobOutcome::Complete
            }
            Ok(true) => {
                self.turns.reached().entry(message.clone()).or_default().insert(job.lease.job);
                self.look_again(job, "turn-waits-for-message")
            }
        }
    }

    /// Why a message about several patients has to wait: another line has not come so far. What was held or dead before
    /// has lost its places.
    pub(crate) async fn waits_for_its_turns(
        &self,
        job: &ClaimedJob,
        message: &MessageId,
    ) -> Option<JobOutcome> {
        let places = job.refs.get(TURNS).and_then(|places| places.parse().ok()).unwrap_or(0_usize);
        let reached = self.turns.reached().get(message).map_or(0, BTreeSet::len);
        if reached >= places {
            return None;
        }
        match self.is_undone(message).await {
            Err(error) => Some(failed(&error)),
            Ok(false) => None,
            Ok(true) => Some(self.look_again(job, "message-waits-for-turn")),
        }
    }

    async fn is_undone(&self, message: &MessageId) -> Result<bool> {
        let stored = self.parts.intake.load(&self.org, message).await?;
        Ok(stored.is_some_and(|stored| stored.state == MessageState::Received))
    }

    /// The longer it has waited already, the longer a moment more does not matter.
    fn look_again(&self, job: &ClaimedJob, code: &str) -> JobOutcome {
        let waited = (self.parts.clock.now() - job.enqueued_at).to_std().unwrap_or_default();
        let wait = (waited / 8).clamp(Duration::from_millis(20), Duration::from_secs(5));
        JobOutcome::Retry { code: code.into(), counts: false, wait: Some(wait) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn whoever_shares_a_patient_waits() {
        let turns = Turns::default();
        let [a, b, c] = ["pt_a", "pt_b", "pt_c"].map(|token| PatientToken::new(token).unwrap());
        assert_eq!(BTreeSet::from([&a, &b, &c].map(index_of)).len(), 3, "three locks");
        let merge = turns.of(&[b.clone(), a.clone()]).await;
        drop(turns.of(&[c]).await);
        let other = [a];
        let update = turns.of(&other);
        tokio::pin!(update);
        assert!(tokio::time::timeout(std::time::Duration::from_millis(20), &mut update).await.is_err());
        drop(merge);
        assert_eq!(update.await.len(), 1);
    }
}
