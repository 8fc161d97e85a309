//! The jobs that a worker has in its hands.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::{AbortHandle, Id, JoinError, JoinSet};
use tracing::{Instrument, info_span, warn};

use super::{JobOutcome, Worker, WorkerReport};
use crate::{
    AfterFailure, ClaimOptions, ClaimedJob, Failure, FailureClass, JobState, Lease, Result, Settled,
};

/// A queue that calls a job due and does not give it out must not make the worker spin.
const SHORTEST_PAUSE: Duration = Duration::from_millis(5);

pub(super) struct Running<'a> {
    worker: &'a Worker,
    tasks: JoinSet<JobOutcome>,
    jobs: HashMap<Id, InHand>,
    finished: Vec<(ClaimedJob, JobOutcome)>,
    report: WorkerReport,
}

struct InHand {
    job: ClaimedJob,
    task: AbortHandle,
}

impl<'a> Running<'a> {
    pub(super) fn new(worker: &'a Worker) -> Self {
        Self {
            worker,
            tasks: JoinSet::new(),
            jobs: HashMap::new(),
            finished: Vec::new(),
            report: WorkerReport::default(),
        }
    }

    pub(super) fn is_idle(&self) -> bool {
        self.jobs.is_empty()
    }

    /// Claims jobs for the free hands; answers how long there is nothing to claim.
    pub(super) async fn fill(&mut self) -> Duration {
        let options = &self.worker.options;
        let free = options.concurrency.saturating_sub(self.jobs.len());
        if free == 0 {
            return options.poll;
        }
        let claim = ClaimOptions {
            queue: options.queue.clone(),
            limit: free,
            lease: options.lease,
            now: self.worker.clock.now(),
        };
        match self.worker.queue.claim(&claim).await {
            Ok(jobs) if jobs.len() < free => {
                self.start(jobs);
                self.until_due().await
            }
            Ok(jobs) => {
                self.start(jobs);
                options.poll
            }
            Err(error) => {
                warn!(queue = %options.queue, %error, "claim failed");
                options.poll
            }
        }
    }

    async fn until_due(&self) -> Duration {
        let options = &self.worker.options;
        let due = self.worker.queue.next_due(&options.queue).await.ok().flatten();
        let Some(due) = due else { return options.poll };
        let pause = (due - self.worker.clock.now()).to_std().unwrap_or_default();
        pause.max(SHORTEST_PAUSE).min(options.poll)
    }

    fn start(&mut self, jobs: Vec<ClaimedJob>) {
        for job in jobs {
            let handler = Arc::clone(&self.worker.handler);
            let span = info_span!("job", id = %job.lease.job, correlation = %job.correlation);
            let given = job.clone();
            let task = self.tasks.spawn(async move { handler.handle(&given).await }.instrument(span));
            self.jobs.insert(task.id(), InHand { job, task });
        }
    }

    /// Waits until a job is finished; for ever when none runs. Dropping the future loses nothing.
    pub(super) async fn finished(&mut self) {
        match self.tasks.join_next_with_id().await {
            Some(ended) => self.collect(ended),
            None => std::future::pending().await,
        }
        while let Some(ended) = self.tasks.try_join_next_with_id() {
            self.collect(ended);
        }
    }

    fn collect(&mut self, ended: std::result::Result<(Id, JobOutcome), JoinError>) {
        let (id, outcome) = match ended {
            Ok(ended) => ended,
            Err(error) => (error.id(), panicked()),
        };
        // A task that was stopped is not in hand any more.
        let in_hand = self.jobs.remove(&id);
        self.finished.extend(in_hand.map(|in_hand| (in_hand.job, outcome)));
    }

    /// Stores the outcomes: completions in one call.
    pub(super) async fn settle(&mut self) {
        let finished = std::mem::take(&mut self.finished);
        let (completed, others): (Vec<_>, Vec<_>) =
            finished.into_iter().partition(|(_, outcome)| *outcome == JobOutcome::Complete);
        if !completed.is_empty() {
            let leases: Vec<Lease> = completed.into_iter().map(|(job, _)| job.lease).collect();
            let settled = self.worker.queue.complete(&leases, self.worker.clock.now()).await;
            self.count(leases.len(), settled);
        }
        for (job, outcome) in others {
            self.settle_one(&job, outcome).await;
        }
    }

    async fn settle_one(&mut self, job: &ClaimedJob, outcome: JobOutcome) {
        let (code, class) = match outcome {
            JobOutcome::Complete => return,
            JobOutcome::Hold { key, code } => return self.hold(job, &key, &code).await,
            JobOutcome::Dead { code } => (code, FailureClass::Permanent),
            JobOutcome::Retry { code, counts: true, wait } => (code, FailureClass::Transient { wait }),
            JobOutcome::Retry { code, counts: false, wait } => (code, FailureClass::Uncounted { wait }),
        };
        let Worker { queue, clock, options, .. } = self.worker;
        let now = clock.now();
        let failure = Failure { code, next: options.retry.after(class, job.attempt, now, clock.jitter()) };
        let settled = queue.fail(&job.lease, &failure, now).await;
        self.count(1, settled.map(|settled| vec![settled]));
    }

    async fn hold(&mut self, job: &ClaimedJob, key: &str, code: &str) {
        let Worker { queue, clock, handler, .. } = self.worker;
        let settled = queue.hold(&job.lease, key, code, clock.now()).await;
        if matches!(settled, Ok(Settled::Done(_))) {
            handler.held(job, key).await;
        }
        self.count(1, settled.map(|settled| vec![settled]));
    }

    fn count(&mut self, jobs: usize, settled: Result<Vec<Settled>>) {
        let settled = match settled {
            Ok(settled) => settled,
            Err(error) => {
                warn!(queue = %self.worker.options.queue, %error, jobs, "outcomes were not stored");
                self.report.unsettled += jobs as u64;
                return;
            }
        };
        for settled in settled {
            *match settled {
                Settled::Stale => &mut self.report.stale,
                Settled::Done(JobState::Completed) => &mut self.report.completed,
                Settled::Done(JobState::Failed) => &mut self.report.dead,
                Settled::Done(JobState::Held) => &mut self.report.held,
                Settled::Done(JobState::Waiting | JobState::Active) => &mut self.report.retried,
            } += 1;
        }
    }

    /// Renews all leases; stops the jobs that another worker has got.
    pub(super) async fn heartbeat(&mut self) {
        if self.jobs.is_empty() {
            return;
        }
        let Worker { queue, clock, options, .. } = self.worker;
        let until = clock.now() + options.lease;
        let (tasks, leases): (Vec<Id>, Vec<Lease>) =
            self.jobs.iter().map(|(id, in_hand)| (*id, in_hand.job.lease.clone())).unzip();
        let kept = match queue.heartbeat(&leases, until).await {
            Ok(kept) => kept,
            Err(error) => return warn!(queue = %options.queue, %error, "heartbeat failed"),
        };
        for (id, kept) in tasks.into_iter().zip(kept) {
            if kept {
                if let Some(in_hand) = self.jobs.get_mut(&id) {
                    in_hand.job.lease.until = until;
                }
            } else if let Some(in_hand) = self.jobs.remove(&id) {
                warn!(job = %in_hand.job.lease.job, "lease lost");
                in_hand.task.abort();
                self.report.lost += 1;
            }
        }
    }

    /// Stops what still runs and gives it back.
    pub(super) async fn abandon(mut self) -> WorkerReport {
        self.tasks.shutdown().await;
        let Worker { queue, clock, .. } = self.worker;
        for in_hand in std::mem::take(&mut self.jobs).into_values() {
            let lease = in_hand.job.lease;
            let next = AfterFailure::Retry { at: lease.until, counts: false };
            let failure = Failure { code: "shutdown".into(), next };
            if let Err(error) = queue.fail(&lease, &failure, clock.now()).await {
                warn!(job = %lease.job, %error, "job was not given back");
            }
            self.report.abandoned += 1;
        }
        self.report
    }
}

/// The panic's message stays out: it may hold a value.
fn panicked() -> JobOutcome {
    JobOutcome::Retry { code: "handler-panicked".into(), counts: true, wait: None }
}
