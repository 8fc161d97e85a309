//! What the two stores of apalis share.

mod postgres;
mod redis;

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use apalis::prelude::{Data, PollSnapshot, PollStrategy, WorkerError};
use async_trait::async_trait;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::{Interval, MissedTickBehavior, interval};

pub(super) use self::postgres::ApalisPostgres;
pub(super) use self::redis::ApalisRedis;
use super::Working;
use crate::Result;
use crate::handler::{Handler, Payload};

type Signal = Pin<Box<dyn Future<Output = std::result::Result<(), WorkerError>> + Send>>;

/// A name that no worker of this store had: it is refused as long as the former may be alive.
fn worker_name() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    format!("worker-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

async fn nothing(job: Payload, handler: Data<Arc<Handler>>) {
    handler.run(&job).await;
}

/// A timer that wakes the worker. Its own has none set after a fetch that took longer than the interval, and the worker
/// then sleeps until its heartbeat, 30 s later.
struct EachTick(Interval);

impl EachTick {
    fn new(period: Duration) -> Self {
        let mut ticks = interval(period);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self(ticks)
    }
}

impl PollStrategy for EachTick {
    fn poll_drive(&mut self, context: &mut Context<'_>, _: &PollSnapshot) -> Poll<Option<()>> {
        let mut ticked = Poll::Pending;
        while self.0.poll_tick(context).is_ready() {
            ticked = Poll::Ready(Some(()));
        }
        ticked
    }
}

struct Running {
    stop: oneshot::Sender<()>,
    worker: JoinHandle<std::result::Result<(), WorkerError>>,
}

impl Running {
    fn start<F>(run_until: impl FnOnce(Signal) -> F) -> Box<dyn Working>
    where
        F: Future<Output = std::result::Result<(), WorkerError>> + Send + 'static,
    {
        let (stop, stopped) = oneshot::channel();
        let signal: Signal = Box::pin(async move {
            // A sender that is gone says the same.
            let _ = stopped.await;
            Ok(())
        });
        Box::new(Self { stop, worker: tokio::spawn(run_until(signal)) })
    }
}

#[async_trait]
impl Working for Running {
    async fn stop(self: Box<Self>) -> Result<()> {
        // A worker that ended by itself tells why when it is awaited.
        let _ = self.stop.send(());
        Ok(self.worker.await??)
    }
}
