//! Several orgs in one process.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use carewire_sync_engine::{ClaimedJob, JobHandler, JobOutcome, Worker, WorkerReport};
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use crate::message::MessageHandler;
use crate::{Error, Gateway, Result};

/// The gateways of all orgs that a process serves, on the same stores. Cheap to clone.
///
/// What is shared (the queue, the clock, how many jobs run at once) is that of the [`main`](Self::main) one.
#[derive(Clone, Debug)]
pub struct Gateways {
    main: Gateway,
    all: Arc<BTreeMap<String, Gateway>>,
}

impl Gateways {
    /// The gateway of the org that things belong to unless something says otherwise, and those of the other orgs. All
    /// must have the same queue: workers claim for all orgs at once.
    ///
    /// # Errors
    /// [`Error::OrgTwice`] when two are of the same org.
    pub fn new(main: Gateway, others: impl IntoIterator<Item = Gateway>) -> Result<Self> {
        let mut all = BTreeMap::from([(main.org().to_string(), main.clone())]);
        for other in others {
            if all.insert(other.org().to_string(), other).is_some() {
                return Err(Error::OrgTwice);
            }
        }
        Ok(Self { main, all: Arc::new(all) })
    }

    /// The gateway of that org, if the process serves it.
    #[must_use]
    pub fn get(&self, org: &str) -> Option<&Gateway> {
        self.all.get(org)
    }

    /// The gateway of the org that things belong to unless something says otherwise.
    #[must_use]
    pub fn main(&self) -> &Gateway {
        &self.main
    }

    /// All gateways, by the name of their org.
    pub fn iter(&self) -> impl Iterator<Item = &Gateway> {
        self.all.values()
    }

    /// Works on the queue for all orgs until `shutdown` is ready, then waits for running jobs up to the drain deadline.
    /// A job of an org that is not served here stays where it is.
    ///
    /// It does not wait for a store that does not answer: a second after the drain deadline it returns, with an empty
    /// report. The leases of what was running end by themselves.
    pub async fn run_workers(&self, shutdown: impl Future<Output = ()> + Send) -> WorkerReport {
        let shared = &self.main.shared;
        let worker = Worker::new(
            Arc::clone(&shared.parts.queue),
            Arc::new(ByOrg::new(self)),
            Arc::clone(&shared.parts.clock),
            shared.settings.worker_options(),
        );
        // They end with this function: a set of tasks stops its tasks when it is dropped.
        let mut beside = JoinSet::new();
        for gateway in self.iter() {
            let (hint, wake) = (worker.hint(), Arc::clone(&gateway.shared.wake));
            beside.spawn(async move {
                loop {
                    wake.notified().await;
                    hint.notify_one();
                }
            });
            let shared = Arc::clone(&gateway.shared);
            beside.spawn(async move { shared.learn_limits_some_time().await });
            let shared = Arc::clone(&gateway.shared);
            beside.spawn(async move { match shared.sweep_for_ever().await {} });
        }
        let (stop, stopping) = oneshot::channel::<()>();
        let out_of_patience = async {
            shutdown.await;
            drop(stop);
            tokio::time::sleep(shared.settings.drain.saturating_add(GRACE)).await;
        };
        let stopped = async { drop(stopping.await) };
        tokio::select! {
            report = worker.run(stopped) => report,
            () = out_of_patience => {
                tracing::error!("workers stopped: the store does not answer");
                WorkerReport::default()
            }
        }
    }
}

impl From<Gateway> for Gateways {
    fn from(gateway: Gateway) -> Self {
        let all = BTreeMap::from([(gateway.org().to_string(), gateway.clone())]);
        Self { main: gateway, all: Arc::new(all) }
    }
}

/// What workers may take beyond the drain deadline to give back what still runs.
pub(crate) const GRACE: Duration = Duration::from_secs(1);

/// How long a job of another org is left alone before somebody looks at it again.
const ANOTHER_ORG: Duration = Duration::from_secs(60);

/// Gives each job to the handler of its org.
#[derive(Debug)]
struct ByOrg {
    handlers: BTreeMap<String, MessageHandler>,
}

impl ByOrg {
    fn new(gateways: &Gateways) -> Self {
        let handler =
            |gateway: &Gateway| (gateway.org().to_string(), MessageHandler::new(Arc::clone(&gateway.shared)));
        Self { handlers: gateways.iter().map(handler).collect() }
    }
}

#[async_trait]
impl JobHandler for ByOrg {
    async fn handle(&self, job: &ClaimedJob) -> JobOutcome {
        match self.handlers.get(job.lease.org.as_str()) {
            Some(handler) => handler.handle(job).await,
            None => {
                // The org may come back into the configuration, and its messages were acknowledged.
                tracing::warn!(correlation = %job.correlation, job = %job.lease.job, "job of an org that is not served");
                JobOutcome::Retry { code: "org-not-served".into(), counts: false, wait: Some(ANOTHER_ORG) }
            }
        }
    }

    async fn held(&self, job: &ClaimedJob, key: &str) {
        if let Some(handler) = self.handlers.get(job.lease.org.as_str()) {
            handler.held(job, key).await;
        }
    }
}
