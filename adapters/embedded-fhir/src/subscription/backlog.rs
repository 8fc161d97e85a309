use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use uuid::Uuid;

/// What is still to be told, and how much of it there may be.
pub(crate) struct Backlog {
    most_of_one: usize,
    most: usize,
    counts: Mutex<Counts>,
}

#[derive(Default)]
struct Counts {
    /// Changes of which it was not yet found out who is to be told.
    changes: usize,
    notifications: usize,
    of_one: HashMap<Uuid, usize>,
    given_up: u64,
    has_lost: bool,
}

/// A place in the backlog, given back when it is dropped.
pub(crate) struct Ticket {
    backlog: Arc<Backlog>,
    subscription: Option<Uuid>,
}

impl Backlog {
    pub(crate) fn new(most_of_one: usize, most: usize) -> Arc<Self> {
        Arc::new(Self { most_of_one, most, counts: Mutex::default() })
    }

    /// A place for a change; how many of them there are is limited by the queue.
    pub(crate) fn change(self: &Arc<Self>) -> Ticket {
        self.counts().changes += 1;
        Ticket { backlog: Arc::clone(self), subscription: None }
    }

    /// A place for a notification of a Subscription; `None` when too many are waiting.
    pub(crate) fn notification(self: &Arc<Self>, subscription: Uuid) -> Option<Ticket> {
        let mut counts = self.counts();
        let of_one = counts.of_one.get(&subscription).copied().unwrap_or(0);
        if of_one >= self.most_of_one || counts.notifications >= self.most {
            return None;
        }
        counts.of_one.insert(subscription, of_one + 1);
        counts.notifications += 1;
        Some(Ticket { backlog: Arc::clone(self), subscription: Some(subscription) })
    }

    /// A notification will not be sent, or not again.
    pub(crate) fn give_up(&self) {
        self.counts().given_up += 1;
    }

    /// A change was lost: whom it concerned is not known.
    pub(crate) fn lose(&self) {
        let mut counts = self.counts();
        counts.given_up += 1;
        counts.has_lost = true;
    }

    /// Whether changes were lost since this was last asked.
    pub(crate) fn has_lost(&self) -> bool {
        std::mem::take(&mut self.counts().has_lost)
    }

    /// What is still to be done, and what was given up.
    pub(crate) fn open_and_given_up(&self) -> (u64, u64) {
        let counts = self.counts();
        ((counts.changes + counts.notifications) as u64, counts.given_up)
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let mut counts = self.backlog.counts();
        let Some(subscription) = self.subscription else {
            counts.changes = counts.changes.saturating_sub(1);
            return;
        };
        counts.notifications = counts.notifications.saturating_sub(1);
        match counts.of_one.get_mut(&subscription) {
            Some(of_one) if *of_one > 1 => *of_one -= 1,
            _ => drop(counts.of_one.remove(&subscription)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_limited_and_given_back() {
        let backlog = Backlog::new(2, 3);
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let first = backlog.notification(one);
        let held = [backlog.notification(one), backlog.notification(other)];
        assert!(first.is_some() && held.iter().all(Option::is_some));
        assert!(backlog.notification(one).is_none(), "too many of one");
        assert!(backlog.notification(other).is_none(), "too many in all");
        drop(first);
        assert!(backlog.notification(one).is_some(), "given back at once");
        drop(held);
        assert_eq!(backlog.open_and_given_up(), (0, 0));
        assert!(backlog.counts().of_one.is_empty());
        backlog.lose();
        assert!(backlog.has_lost() && !backlog.has_lost());
        assert_eq!(backlog.open_and_given_up(), (0, 1));
    }
}
