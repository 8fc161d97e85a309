//! The outbox: HL7 v2 messages that leave over MLLP, stored before they are sent, in order, until they are taken.

mod counters;
mod destination;
mod leaving;
mod line;
mod operate;
mod posting;
mod sending;
mod settling;
mod silence;

pub use counters::OutboxCounts;
pub use destination::{Basis, ContractId, Destination, OnReject};
pub use posting::Outgoing;

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;

use carewire_deid::SealContext;
use carewire_sync_engine::{MessageId, OutboundTally, Outbox, Worker, WorkerOptions, WorkerReport};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::gateways::GRACE;
use crate::{Error, Gateway, Result, Shared};
use counters::FeedCounters;
use line::Lines;
use sending::Sender;
use silence::Silence;

/// Sends the messages of one org over MLLP, durably and in order. Cheap to clone.
///
/// [`MllpOutbox::enqueue`] stores a message, sealed, with its job in one transaction, and returns when both are durable: the
/// caller may then forget the message. [`MllpOutbox::run`] sends, with one worker for each destination, so that none waits
/// for another.
///
/// ```
/// # use std::sync::Arc;
/// use carewire_gateway::{Basis, Destination, Gateway, Outgoing};
/// use carewire_mllp::Target;
/// use carewire_sync_engine::Outbox;
///
/// # async fn example(gateway: Gateway, store: Arc<dyn Outbox>, message: &[u8]) -> carewire_gateway::Result<()> {
/// let lab = Destination::new("lab", Target::new("lis.example.org:2575"))?;
/// let outbox = gateway.mllp_outbox(store, [lab])?;
/// outbox.enqueue(Outgoing::new("lab", message, Basis::contract("dpa-7")?)).await?;
/// outbox.run(async { /* wait for a signal */ }).await;
/// # Ok(()) }
/// ```
///
/// # What is guaranteed
/// - **Nothing is lost.** A receiver may be silent for however long: only its answer sends a message to the dead letter,
///   or that the message cannot be sent at all.
/// - **At least once on the wire, always the same bytes.** Who dies between the receiver's acceptance and the note of it
///   sends the message once more. Receivers know it by MSH-10.
/// - **In order**: over one connection, all messages of a destination; over several, those of each patient. A message that
///   waits for a repetition keeps its place. One that is held or dead steps aside; released or sent again, it goes before
///   the later ones that still wait.
/// - **Consent**: a message on [`Basis::Consent`] leaves under a permit of that moment or not at all. When
///   [`Gateway::revoke_consent`] has returned, no such message of the patient is being sent, and none will be. (What was
///   denied is released by [`Gateway::put_consent`]; that a consent begins later is noticed by [`Gateway::run_workers`].)
/// - **On record**: each attempt that was answered, or may have arrived without an answer, is a disclosure in the audit
///   trail, with destination, basis and the code of the answer. That of a worker that died is put on record by the next
///   attempt, before it decides whether to send.
///
/// | the process dies | what is there | what happens |
/// |---|---|---|
/// | before `enqueue` returns | nothing, or message and job | the caller hands it over again: stored, or known |
/// | during the exchange | message, job, perhaps the receiver has it | it is sent again when the lease of its job has ended |
/// | after the answer, before that is on record | the same | the same: the receiver knows it by MSH-10 |
/// | after the record, before the message is marked | the same, and the record | the same, and one more record |
/// | after the mark, before the job is completed | a delivered message | the job runs again and sends nothing |
/// | after a rejection stopped the destination, before the job is dead | a stopped destination | on resuming it is sent again, and rejected again |
#[derive(Clone, Debug)]
pub struct MllpOutbox {
    shared: Arc<Shared>,
    store: Arc<dyn Outbox>,
    feeds: Arc<BTreeMap<String, Arc<Feed>>>,
}

/// One destination at work.
#[derive(Debug)]
struct Feed {
    destination: Destination,
    queue: String,
    lines: Lines,
    silence: Silence,
    counters: FeedCounters,
    /// Wakes the worker.
    wake: tokio::sync::Notify,
}

impl Gateway {
    /// An outbox with the gateway's keys, stores, consents and clock. `store` must be the store behind
    /// [`Parts::queue`](crate::Parts::queue) and [`Parts::admin`](crate::Parts::admin), because message and job are stored
    /// in one transaction.
    ///
    /// # Errors
    /// [`Error::DestinationTwice`] when two destinations have the same name.
    pub fn mllp_outbox(
        &self,
        store: Arc<dyn Outbox>,
        destinations: impl IntoIterator<Item = Destination>,
    ) -> Result<MllpOutbox> {
        let mut feeds = BTreeMap::new();
        for destination in destinations {
            let name = destination.name().to_owned();
            if feeds.insert(name, Arc::new(Feed::new(&self.shared, destination))).is_some() {
                return Err(Error::DestinationTwice);
            }
        }
        Ok(MllpOutbox { shared: Arc::clone(&self.shared), store, feeds: Arc::new(feeds) })
    }
}

impl Feed {
    fn new(shared: &Shared, destination: Destination) -> Self {
        Self {
            queue: format!("outbox:{}:{}", shared.org, destination.name()),
            lines: Lines::new(&destination),
            silence: Silence::default(),
            counters: FeedCounters::new(&shared.org, destination.name()),
            wake: tokio::sync::Notify::new(),
            destination,
        }
    }
}

impl MllpOutbox {
    /// Sends until `shutdown` is ready, then begins nothing more and waits for the exchanges under way, up to the gateway's
    /// drain deadline; what has no answer by then is sent again by the next run. Answers what each destination did.
    ///
    /// It does not wait for a store that does not answer: a second after the drain deadline it returns without the
    /// reports of those that still do. The leases of their jobs end by themselves.
    pub async fn run(&self, shutdown: impl Future<Output = ()> + Send) -> BTreeMap<String, WorkerReport> {
        let (stop, stopping) = watch::channel(false);
        // A set of tasks stops its tasks when it is dropped.
        let mut workers = JoinSet::new();
        for feed in self.feeds.values() {
            let (outbox, feed, stopping) = (self.clone(), Arc::clone(feed), stopping.clone());
            workers.spawn(
                async move { (feed.destination.name().to_owned(), outbox.work(&feed, stopping).await) },
            );
        }
        shutdown.await;
        stop.send_replace(true);
        let mut reports = BTreeMap::new();
        let ending = async {
            while let Some(report) = workers.join_next().await {
                reports.extend(report);
            }
        };
        if timeout(self.shared.settings.drain.saturating_add(GRACE), ending).await.is_err() {
            tracing::error!("workers of the outbox stopped: the store does not answer");
        }
        reports
    }

    async fn work(&self, feed: &Arc<Feed>, mut stopping: watch::Receiver<bool>) -> WorkerReport {
        let Self { shared, store, .. } = self;
        let settings = &shared.settings;
        let options = WorkerOptions::new(feed.queue.clone())
            .with_concurrency(feed.destination.connections)
            .with_lease(settings.lease)
            .with_drain(settings.drain)
            .with_retry(feed.destination.pauses);
        let worker = Worker::new(
            Arc::clone(&shared.parts.queue),
            Arc::new(Sender::new(Arc::clone(shared), Arc::clone(store), Arc::clone(feed))),
            Arc::clone(&shared.parts.clock),
            options,
        );
        let hint = worker.hint();
        let wake = async {
            loop {
                feed.wake.notified().await;
                hint.notify_one();
            }
        };
        let stopped = async {
            // An error means that nobody can ask any more.
            stopping.wait_for(|stop| *stop).await.ok();
        };
        let report = tokio::select! {
            report = worker.run(stopped) => report,
            never = wake => never,
        };
        feed.lines.close().await;
        report
    }

    /// How many messages of a destination stand in each state.
    ///
    /// # Errors
    /// [`Error::UnknownDestination`], or a store's failure.
    pub async fn tally(&self, destination: &str) -> Result<OutboundTally> {
        let feed = self.feed(destination)?;
        Ok(self.store.outbound_tally(&self.shared.org, feed.destination.name()).await?)
    }

    /// What has been done for a destination since the outbox was made.
    ///
    /// # Errors
    /// [`Error::UnknownDestination`].
    pub fn counts(&self, destination: &str) -> Result<OutboxCounts> {
        Ok(self.feed(destination)?.counters.read())
    }

    /// The name of the queue of a destination, for [`QueueAdmin`](carewire_sync_engine::QueueAdmin).
    ///
    /// # Errors
    /// [`Error::UnknownDestination`].
    pub fn queue_of(&self, destination: &str) -> Result<&str> {
        Ok(&self.feed(destination)?.queue)
    }

    fn feed(&self, destination: &str) -> Result<&Arc<Feed>> {
        self.feeds.get(destination).ok_or(Error::UnknownDestination)
    }
}

fn outbound_context<'a>(shared: &'a Shared, kind: &'a str, id: &'a MessageId) -> SealContext<'a> {
    shared.context(kind, id)
}
