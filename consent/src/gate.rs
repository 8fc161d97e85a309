//! Between a check of consent and the write that it allows, nobody may revoke; after a revocation, nobody may write.

use std::collections::{BTreeMap, BTreeSet};
use std::future::poll_fn;
use std::task::{Context, Poll, Waker};

use carewire_fhir_core::{OrgId, PatientToken};

use crate::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A lane for each patient, within one process: writers share it, a change of consents has it alone.
///
/// It is what a [`ConsentStore`](crate::ConsentStore) whose data one process changes keeps its
/// [guards](crate::ConsentStore::guard) with. A change that waits goes before holds that come later.
///
/// ```
/// use carewire_consent::ConsentGate;
/// use carewire_fhir_core::{OrgId, PatientToken};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (gate, org, patient) = (ConsentGate::default(), OrgId::new("org_a")?, PatientToken::new("pt_1")?);
/// let writing = gate.hold(&org, std::slice::from_ref(&patient)).await;
/// let another = gate.hold(&org, std::slice::from_ref(&patient)).await;
/// drop((writing, another));
/// let changing = gate.change(&org, &patient).await;
/// drop(changing);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
pub struct ConsentGate {
    lanes: Arc<Mutex<BTreeMap<Key, Lane>>>,
}

type Key = (OrgId, PatientToken);

/// What one patient's lane is used for. A lane that nobody uses is not kept.
#[derive(Default)]
struct Lane {
    holds: usize,
    is_changing: bool,
    /// Changes that wait for the holds to end.
    waiting: usize,
    wakers: Vec<Waker>,
}

impl ConsentGate {
    /// Waits until no consent of these patients is being changed, and keeps it so until the guard is dropped.
    pub async fn hold(&self, org: &OrgId, patients: &[PatientToken]) -> GateGuard {
        let patients: BTreeSet<&PatientToken> = patients.iter().collect();
        let mut guard = GateGuard { gate: self.clone(), held: Vec::new(), changed: None };
        for patient in patients {
            let key = (org.clone(), patient.clone());
            poll_fn(|context| self.poll(&key, context, Lane::take_hold)).await;
            guard.held.push(key);
        }
        guard
    }

    /// Waits until nobody holds the patient's consents or changes them, and keeps it so until the guard is dropped.
    pub async fn change(&self, org: &OrgId, patient: &PatientToken) -> GateGuard {
        let waiting = Waiting { gate: self, key: (org.clone(), patient.clone()) };
        self.with(&waiting.key, |lane| lane.waiting += 1);
        poll_fn(|context| self.poll(&waiting.key, context, Lane::take_change)).await;
        let key = waiting.key.clone();
        drop(waiting);
        GateGuard { gate: self.clone(), held: Vec::new(), changed: Some(key) }
    }

    fn poll(&self, key: &Key, context: &mut Context<'_>, take: fn(&mut Lane) -> bool) -> Poll<()> {
        self.with(key, |lane| {
            if take(lane) {
                return Poll::Ready(());
            }
            if !lane.wakers.iter().any(|waker| waker.will_wake(context.waker())) {
                lane.wakers.push(context.waker().clone());
            }
            Poll::Pending
        })
    }

    fn with<T>(&self, key: &Key, use_lane: impl FnOnce(&mut Lane) -> T) -> T {
        use_lane(self.lock().entry(key.clone()).or_default())
    }

    /// Gives up a use of a lane. Those who wait for it look again.
    fn leave(&self, key: &Key, give_up: impl FnOnce(&mut Lane)) {
        let mut lanes = self.lock();
        let Some(lane) = lanes.get_mut(key) else { return };
        give_up(lane);
        let wakers = std::mem::take(&mut lane.wakers);
        if lane.holds == 0 && !lane.is_changing && lane.waiting == 0 {
            lanes.remove(key);
        }
        drop(lanes);
        wakers.into_iter().for_each(Waker::wake);
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Key, Lane>> {
        // A panic cannot leave the map half changed: every change under the lock is made of infallible steps.
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lane {
    fn take_hold(&mut self) -> bool {
        let is_free = !self.is_changing && self.waiting == 0;
        self.holds += usize::from(is_free);
        is_free
    }

    fn take_change(&mut self) -> bool {
        let is_free = !self.is_changing && self.holds == 0;
        self.is_changing |= is_free;
        is_free
    }
}

/// A change that waits, until it has begun or nobody waits for it any more.
struct Waiting<'a> {
    gate: &'a ConsentGate,
    key: Key,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.gate.leave(&self.key, |lane| lane.waiting = lane.waiting.saturating_sub(1));
    }
}

/// Keeps lanes of a [`ConsentGate`] until it is dropped.
#[must_use]
pub struct GateGuard {
    gate: ConsentGate,
    held: Vec<Key>,
    changed: Option<Key>,
}

impl Drop for GateGuard {
    fn drop(&mut self) {
        for key in &self.held {
            self.gate.leave(key, |lane| lane.holds = lane.holds.saturating_sub(1));
        }
        if let Some(key) = &self.changed {
            self.gate.leave(key, |lane| lane.is_changing = false);
        }
    }
}

impl std::fmt::Debug for GateGuard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GateGuard").field("held", &self.held.len()).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for ConsentGate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ConsentGate").field("lanes", &self.lock().len()).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use super::*;

    fn patient(token: &str) -> PatientToken {
        PatientToken::new(token).unwrap()
    }

    fn poll<F: Future>(future: std::pin::Pin<&mut F>) -> Poll<F::Output> {
        future.poll(&mut Context::from_waker(Waker::noop()))
    }

    #[test]
    fn a_change_waits_for_holds_and_goes_before_later_ones() {
        let (gate, org) = (ConsentGate::default(), OrgId::new("o").unwrap());
        let (one, two) = ([patient("pt_1")], [patient("pt_2"), patient("pt_1"), patient("pt_2")]);
        let Poll::Ready(first) = poll(pin!(gate.hold(&org, &one))) else { panic!("free") };
        let Poll::Ready(second) = poll(pin!(gate.hold(&org, &two))) else { panic!("shared") };
        let mut change = pin!(gate.change(&org, &one[0]));
        assert!(poll(change.as_mut()).is_pending());
        drop(first);
        assert!(poll(change.as_mut()).is_pending(), "the second hold lives");
        let mut later = pin!(gate.hold(&org, &one));
        assert!(poll(later.as_mut()).is_pending(), "a change waits");
        drop(second);
        let Poll::Ready(changing) = poll(change.as_mut()) else { panic!("nobody holds it") };
        assert!(poll(later.as_mut()).is_pending(), "a change is under way");
        drop(changing);
        let Poll::Ready(last) = poll(later.as_mut()) else { panic!("free again") };
        drop(last);
        assert!(gate.lock().is_empty(), "lanes that nobody uses are not kept");
    }

    #[test]
    fn a_change_that_nobody_waits_for_holds_nobody_back() {
        let (gate, org, one) = (ConsentGate::default(), OrgId::new("o").unwrap(), [patient("pt_1")]);
        let Poll::Ready(held) = poll(pin!(gate.hold(&org, &one))) else { panic!("free") };
        {
            let mut change = pin!(gate.change(&org, &one[0]));
            assert!(poll(change.as_mut()).is_pending());
        }
        let Poll::Ready(again) = poll(pin!(gate.hold(&org, &one))) else { panic!("the change has gone") };
        drop((held, again));
        assert!(gate.lock().is_empty());
    }

    #[test]
    fn patients_and_orgs_do_not_wait_for_each_other() {
        let (gate, here, there) =
            (ConsentGate::default(), OrgId::new("a").unwrap(), OrgId::new("b").unwrap());
        let Poll::Ready(_held) = poll(pin!(gate.hold(&here, &[patient("pt_1")]))) else { panic!("free") };
        assert!(poll(pin!(gate.change(&here, &patient("pt_2")))).is_ready());
        assert!(poll(pin!(gate.change(&there, &patient("pt_1")))).is_ready());
        assert!(!format!("{gate:?}").contains("pt_1"));
    }
}
