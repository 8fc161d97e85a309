//! Where the jobs of a gateway are: in its store, or on Redis, where they come from its store.
//!
//! A message and its job are one commit, and Redis has no part in that. So where the jobs are on Redis the store commits a
//! wrapped job with the message, and a relay takes it there. What the store has committed it still has when Redis has
//! forgotten it: each time that another run of the server answers, all of it is offered again.

mod admin;
mod elsewhere;
mod wrapping;

use std::sync::Arc;

use carewire_fhir_core::OrgId;
use carewire_gateway::Gateways;
use carewire_redis::{Durability, RedisOptions, RedisQueue};
use carewire_sync_engine::{
    Intake, JobQueue, LimitScope, Outbox, QueueAdmin, QueueStats, RateLimits, Relay, RelayOptions, relay,
};
use chrono::Utc;
use secrecy::ExposeSecret as _;
use tokio::sync::watch;

use crate::config::Config;
use crate::failure::Failure;
use crate::queue_config::Rate;
use crate::stack::{REMOTE, stopped};
use crate::store::{AllStores, Store};
use admin::BothQueues;
use elsewhere::Elsewhere;
use wrapping::Wrapping;

/// The name under which Redis remembers what came from a store. Who changes it has jobs taken over twice.
const SOURCE: &str = "store";

/// What can be measured.
pub(crate) trait Measured: JobQueue + QueueAdmin {}

impl<T: JobQueue + QueueAdmin> Measured for T {}

/// The queue of a gateway. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Queue {
    store: Arc<dyn AllStores>,
    elsewhere: Option<Elsewhere>,
    rate: Option<Rate>,
}

impl Queue {
    /// The configured one.
    pub(crate) async fn open(config: &Config, store: &Store) -> Result<Self, Failure> {
        let (store, rate) = (store.all(), config.queue.rate);
        let Some(url) = &config.queue.redis else { return Ok(Self { store, elsewhere: None, rate }) };
        let connected = RedisQueue::connect(url.expose_secret(), RedisOptions::default()).await;
        let redis = connected.map_err(|error| Failure::unreachable(told(&error)))?;
        let to = Arc::new(redis.clone());
        let relay = Arc::new(Relay::new(store.clone(), to, RelayOptions::new(SOURCE)));
        Ok(Self { store, elsewhere: Some(Elsewhere { redis, relay }), rate })
    }

    /// Refuses to leave jobs behind: in the store where they are to be on Redis, or on their way to Redis where nobody says
    /// which one.
    pub(crate) async fn refuse_to_strand(&self, orgs: &[OrgId], queues: &[String]) -> Result<(), Failure> {
        let now = Utc::now();
        let (mut stranded, on_the_way) = (0, [relay::QUEUE.to_owned()]);
        let queues = if self.elsewhere.is_some() { queues } else { &on_the_way };
        for org in orgs {
            for queue in queues {
                stranded += open(&self.store.stats(org, Some(queue), now).await?);
            }
        }
        match (stranded, &self.elsewhere) {
            (0, _) => Ok(()),
            (jobs, Some(_)) => Err(Failure::usage(format!(
                "CAREWIRE_QUEUE: {jobs} jobs are in the store's own queue, where nobody would work on them; serve without it until they are done, or cancel them"
            ))),
            (jobs, None) => Err(Failure::usage(format!(
                "CAREWIRE_QUEUE: {jobs} jobs are on their way to Redis; say to which"
            ))),
        }
    }

    /// Where received messages are stored with their jobs.
    pub(crate) fn intake(&self) -> Arc<dyn Intake> {
        match self.wrapping() {
            Some(wrapping) => Arc::new(wrapping),
            None => self.store.clone(),
        }
    }

    /// Where messages to send are stored with their jobs.
    pub(crate) fn outbox(&self) -> Arc<dyn Outbox> {
        match self.wrapping() {
            Some(wrapping) => Arc::new(wrapping),
            None => self.store.clone(),
        }
    }

    fn wrapping(&self) -> Option<Wrapping> {
        let elsewhere = self.elsewhere.as_ref()?;
        Some(Wrapping { store: self.store.clone(), wake: elsewhere.relay.hint() })
    }

    /// Where workers claim jobs.
    pub(crate) fn jobs(&self) -> Arc<dyn JobQueue> {
        match &self.elsewhere {
            Some(elsewhere) => Arc::new(elsewhere.redis.clone()),
            None => self.store.clone(),
        }
    }

    /// What operators see and do.
    pub(crate) fn admin(&self) -> Arc<dyn QueueAdmin> {
        match &self.elsewhere {
            Some(elsewhere) => {
                Arc::new(BothQueues { store: self.store.clone(), redis: elsewhere.redis.clone() })
            }
            None => self.store.clone(),
        }
    }

    /// The limits that hold for claims.
    pub(crate) fn limits(&self) -> Arc<dyn RateLimits> {
        match &self.elsewhere {
            Some(elsewhere) => Arc::new(elsewhere.redis.clone()),
            None => self.store.clone(),
        }
    }

    /// The queues with these names, and what is beside them, each with where it is.
    pub(crate) fn measured(&self, names: Vec<String>) -> Vec<(Arc<dyn Measured>, String)> {
        let store: Arc<dyn Measured> = self.store.clone();
        let Some(elsewhere) = &self.elsewhere else {
            return names.into_iter().map(|name| (store.clone(), name)).collect();
        };
        let redis: Arc<dyn Measured> = Arc::new(elsewhere.redis.clone());
        let there = names.into_iter().map(|name| (redis.clone(), name));
        there.chain([(store, relay::QUEUE.to_owned())]).collect()
    }

    /// Sets the limit of the remote, for all processes, where one is configured.
    pub(crate) async fn keep_to_rate(&self) -> carewire_sync_engine::Result<()> {
        let Some(Rate(limit)) = self.rate else { return Ok(()) };
        self.limits().set_limit(&LimitScope::remote(REMOTE), limit, Utc::now()).await
    }

    /// Works on messages until `stop`.
    pub(crate) async fn work(self, gateways: Gateways, stop: watch::Receiver<bool>) {
        match &self.elsewhere {
            Some(elsewhere) => elsewhere.work(&self, &gateways, stop).await,
            None => drop(gateways.run_workers(stopped(stop)).await),
        }
    }

    /// Takes jobs from the store to Redis until `stop`; `None` where they stay in the store.
    pub(crate) fn relay(
        &self,
        gateways: &Gateways,
        stop: watch::Receiver<bool>,
    ) -> Option<impl Future<Output = ()> + Send + 'static> {
        let (elsewhere, gateways) = (self.elsewhere.clone()?, gateways.clone());
        Some(async move { elsewhere.hand_over(&gateways, stop).await })
    }

    /// How a person is told of it, and what should be known of it.
    pub(crate) fn described(&self) -> (&'static str, Option<&'static str>) {
        let Some(elsewhere) = &self.elsewhere else { return ("in the store", None) };
        let warning = match elsewhere.redis.durability() {
            Durability::Always => None,
            Durability::Snapshots => Some(
                "CAREWIRE_QUEUE: the server has no append-only file: after it was killed, what the store handed over is offered again, and held messages wait for the next start or consent",
            ),
            _ => Some(
                "CAREWIRE_QUEUE: the server does not sync each write (appendfsync always): after it was killed, what the store handed over is offered again",
            ),
        };
        ("on Redis", warning)
    }
}

/// Jobs that somebody still has to do something about.
fn open(stats: &QueueStats) -> u64 {
    stats.waiting + stats.active + stats.delayed + stats.paused + stats.held
}

/// What went wrong, without the URL.
fn told(error: &carewire_redis::Error) -> String {
    match std::error::Error::source(error) {
        Some(cause) => format!("CAREWIRE_QUEUE: {error}: {cause}"),
        None => format!("CAREWIRE_QUEUE: {error}"),
    }
}
