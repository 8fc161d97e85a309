//! Several links to one server.

use std::{
    fmt,
    hash::{DefaultHasher, Hash, Hasher as _},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::{Mutex, OwnedMutexGuard, Semaphore, watch},
    task::JoinHandle,
    time::{Instant, interval, timeout, timeout_at},
};

use super::{
    deadline::from_now,
    target::{Dial, Target},
};
use crate::{ClientError, Delivery, Link, LinkOptions};

/// How a pool behaves.
#[derive(Clone, Debug)]
pub struct PoolOptions {
    /// How each of its links behaves.
    pub link: LinkOptions,
    /// How many links: so many connections at most (4).
    pub links: usize,
    /// How many messages may wait, for all links together; more are refused at once (1000).
    pub waiting: usize,
    /// How long a message may wait for its turn (1 minute).
    pub wait: Duration,
    /// A connection over which nothing went for so long is closed (5 minutes).
    pub idle: Duration,
}

impl PoolOptions {
    /// The default behaviour, over links of these options.
    #[must_use]
    pub fn new(link: LinkOptions) -> Self {
        Self { link, links: 4, waiting: 1000, wait: Duration::from_secs(60), idle: Duration::from_secs(300) }
    }
}

/// Several [`Link`]s to one server, for callers that send at once. Cheap to clone.
///
/// Messages with the same key (a patient, an order) go over the same link, one after the other in the order in which they were
/// handed over, also where one of them is repeated: none overtakes another. Messages of other keys that share the link wait
/// as well. Each link takes its messages in turn, first come, first served.
#[derive(Clone)]
pub struct Pool {
    inner: Arc<Inner>,
}

struct Inner {
    slots: Vec<Arc<Mutex<Slot>>>,
    waiting: Semaphore,
    wait: Duration,
    state: watch::Sender<State>,
    reaper: JoinHandle<()>,
}

struct Slot {
    link: Link,
    used: Instant,
    /// Whether the pool has drained it.
    closed: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    /// Takes no more messages.
    Draining,
    /// Cuts off those that are under way.
    Closed,
}

impl Pool {
    /// A pool to a server. Nothing is connected before the first message.
    ///
    /// Must be called in a tokio runtime: a task closes idle connections.
    #[must_use]
    pub fn new(target: Target, options: PoolOptions) -> Self {
        Self::over(Arc::new(target), options)
    }

    pub(super) fn over(dial: Arc<dyn Dial>, options: PoolOptions) -> Self {
        let slot = || {
            let link = Link::over(Arc::clone(&dial), options.link.clone());
            Arc::new(Mutex::new(Slot { link, used: Instant::now(), closed: false }))
        };
        let slots: Vec<_> = std::iter::repeat_with(slot).take(options.links.max(1)).collect();
        let watched = slots.clone();
        Self {
            inner: Arc::new(Inner {
                slots,
                waiting: Semaphore::new(options.waiting.min(Semaphore::MAX_PERMITS)),
                wait: options.wait,
                state: watch::Sender::new(State::Open),
                reaper: tokio::spawn(close_idle(watched, options.idle)),
            }),
        }
    }

    /// Sends a payload over the link of its key, as [`Link::deliver`] does.
    ///
    /// The message has its place in the order when the future is first polled.
    ///
    /// # Errors
    /// [`ClientError::Busy`] where too many messages wait, or this one waited too long: nothing was sent. [`ClientError::Closing`]
    /// where the pool drains, or its deadline passed while the message was under way.
    pub async fn deliver(&self, key: &(impl Hash + ?Sized), payload: &[u8]) -> Result<Delivery, ClientError> {
        let mut state = self.inner.state.subscribe();
        if *state.borrow_and_update() != State::Open {
            return Err(ClientError::Closing { sent: false });
        }
        let begun = AtomicBool::new(false);
        let delivering = async {
            let mut slot = self.slot(key).await?;
            begun.store(true, Ordering::Relaxed);
            let delivery = slot.link.deliver(payload).await;
            slot.used = Instant::now();
            Ok(delivery)
        };
        tokio::select! {
            biased;
            _ = state.wait_for(|state| *state == State::Closed) => {
                Err(ClientError::Closing { sent: begun.load(Ordering::Relaxed) })
            }
            delivered = delivering => delivered,
        }
    }

    /// How many links have a connection now, without those that are in use.
    #[must_use]
    pub fn idle_connections(&self) -> usize {
        let slots = self.inner.slots.iter().filter_map(|slot| slot.try_lock().ok());
        slots.filter(|slot| slot.link.is_connected()).count()
    }

    /// Takes no more messages, lets those that wait and are under way end, and closes the connections.
    ///
    /// What is not done after so long is cut off. Gives whether all was done before that.
    pub async fn drain(&self, limit: Duration) -> bool {
        self.inner.state.send_if_modified(|state| {
            let open = *state == State::Open;
            if open {
                *state = State::Draining;
            }
            open
        });
        let deadline = from_now(limit);
        let mut in_time = true;
        for slot in &self.inner.slots {
            if let Ok(mut slot) = timeout_at(deadline, slot.lock()).await {
                slot.closed = true;
                slot.link.disconnect().await;
            } else {
                in_time = false;
            }
        }
        self.inner.state.send_replace(State::Closed);
        in_time
    }

    async fn slot(&self, key: &(impl Hash + ?Sized)) -> Result<OwnedMutexGuard<Slot>, ClientError> {
        let _place = self.inner.waiting.try_acquire().map_err(|_| ClientError::Busy)?;
        let slot = Arc::clone(self.inner.slot_of(key).ok_or(ClientError::Busy)?);
        let slot = timeout(self.inner.wait, slot.lock_owned()).await.map_err(|_| ClientError::Busy)?;
        if slot.closed { Err(ClientError::Closing { sent: false }) } else { Ok(slot) }
    }
}

impl Inner {
    fn slot_of(&self, key: &(impl Hash + ?Sized)) -> Option<&Arc<Mutex<Slot>>> {
        let mut hasher = DefaultHasher::new();
        key.hash(&mut hasher);
        let slots = u64::try_from(self.slots.len()).ok()?;
        self.slots.get(usize::try_from(hasher.finish().checked_rem(slots)?).ok()?)
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.reaper.abort();
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool")
            .field("links", &self.inner.slots.len())
            .field("places", &self.inner.waiting.available_permits())
            .finish_non_exhaustive()
    }
}

/// Closes connections over which nothing went for a while.
async fn close_idle(slots: Vec<Arc<Mutex<Slot>>>, idle: Duration) {
    let mut ticks = interval((idle / 4).clamp(Duration::from_millis(1), Duration::from_secs(60)));
    loop {
        ticks.tick().await;
        for slot in &slots {
            // One that is locked is in use.
            let Ok(mut slot) = slot.try_lock() else { continue };
            if slot.used.elapsed() >= idle {
                slot.link.disconnect().await;
            }
        }
    }
}

#[cfg(test)]
#[path = "pool_tests.rs"]
mod tests;
