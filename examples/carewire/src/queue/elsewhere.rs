//! A queue on Redis that is fed from the store, over the restarts of both.

use std::sync::Arc;
use std::time::Duration;

use carewire_gateway::Gateways;
use carewire_redis::RedisQueue;
use carewire_sync_engine::{Relay, Result};
use chrono::{TimeDelta, Utc};
use tokio::sync::watch;
use tokio::time::sleep;

use super::Queue;
use crate::keys::SystemClock;
use crate::stack::stopped;

/// How often it is looked whether the server is still the same run of it.
const LOOK: Duration = Duration::from_secs(2);
/// Redis knows for seven days what it has taken over; who offers anything older has it done twice.
const REMEMBERED: TimeDelta = TimeDelta::days(6);

#[derive(Clone)]
pub(super) struct Elsewhere {
    pub(super) redis: RedisQueue,
    pub(super) relay: Arc<Relay>,
}

impl Elsewhere {
    /// Takes jobs from the store to Redis until `stop`.
    pub(super) async fn hand_over(&self, gateways: &Gateways, stop: watch::Receiver<bool>) {
        let wake = || gateways.iter().for_each(carewire_gateway::Gateway::wake);
        self.relay.run(&SystemClock, stopped(stop), wake).await;
    }

    /// Works until `stop`, each time anew when another run of the server answers: it may have forgotten jobs, which the store
    /// still has, and that jobs were released, of which workers make sure when they begin.
    pub(super) async fn work(&self, queue: &Queue, gateways: &Gateways, stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            let run = tokio::select! {
                biased;
                () = stopped(stop.clone()) => return,
                run = self.ready(queue) => run,
            };
            let until = async {
                tokio::select! {
                    () = stopped(stop.clone()) => {}
                    () = self.restarted(&run) => tracing::warn!("the queue was restarted: what it may have lost is offered again"),
                }
            };
            tokio::select! {
                _ = gateways.run_workers(until) => {}
                () = self.offer_until_taken(queue, gateways) => {}
            }
        }
    }

    /// Answers which run of the server it is, as soon as one answers and keeps to the limit of the remote.
    async fn ready(&self, queue: &Queue) -> String {
        loop {
            let run = async {
                queue.keep_to_rate().await?;
                self.redis.run_id().await
            };
            match run.await {
                Ok(run) => return run,
                Err(error) => tracing::warn!(%error, "the queue is not ready"),
            }
            sleep(LOOK).await;
        }
    }

    /// Offers again what was handed over, beside the workers: it may be much. Never ready.
    async fn offer_until_taken(&self, queue: &Queue, gateways: &Gateways) {
        while let Err(error) = self.offer_again(queue, gateways).await {
            tracing::warn!(%error, "not offered again");
            sleep(LOOK).await;
        }
        std::future::pending().await
    }

    async fn offer_again(&self, queue: &Queue, gateways: &Gateways) -> Result<()> {
        for gateway in gateways.iter() {
            let lost = self.relay.offer_again(&*queue.store, gateway.org(), Utc::now() - REMEMBERED).await?;
            metrics::counter!("carewire_relay_lost_jobs_total").increment(lost as u64);
            if lost > 0 {
                tracing::warn!(org = %gateway.org(), jobs = lost, "the queue had lost jobs, and has them again");
                gateway.wake();
            }
        }
        Ok(())
    }

    /// Ready when another run of the server answers.
    async fn restarted(&self, run: &str) {
        loop {
            sleep(LOOK).await;
            if self.redis.run_id().await.is_ok_and(|now| now != run) {
                return;
            }
        }
    }
}
