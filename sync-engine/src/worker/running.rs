//! The jobs that a worker has in its hands.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::task::{AbortHandle, Id, JoinError, JoinSet};
use tokio::time::Instant;
use tracing::{Instrument, info_span, warn};

use super::{JobOutcome, Worker, WorkerReport, measure};
use crate::{
    AfterFailure, Beat, ClaimOptions, ClaimedJob, Failure, FailureClass, JobState, Outcome, Result, Settled,
    Settlement,
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
    began: Instant,
    task: AbortHandle,
}

impl InHand {
    fn beat(&self) -> Beat {
        Beat { lease: self.job.lease.clone(), progress: self.job.reported.take() }
    }

    /// Without a counted attempt, to be claimed when the lease would have ended.
    fn give_back(self) -> Settlement {
        let next = AfterFailure::Retry { at: self.job.lease.until, counts: false };
        let outcome = Outcome::Fail(Failure { code: "shutdown".into(), next });
        Settlement { lease: self.job.lease, outcome }
    }
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
            measure::began(&job, self.worker.clock.now());
            let span = info_span!("job", id = %job.lease.job, correlation = %job.correlation);
            let given = job.clone();
            let task = self.tasks.spawn(async move { handler.handle(&given).await }.instrument(span));
            self.jobs.insert(task.id(), InHand { job, began: Instant::now(), task });
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
        let Some(in_hand) = self.jobs.remove(&id) else { return };
        measure::ended(&in_hand.job, &outcome, in_hand.began.elapsed());
        self.finished.push((in_hand.job, outcome));
    }

    /// Stores the outcomes in one call, and before them what the attempts that go on later have reported.
    pub(super) async fn settle(&mut self) {
        let Worker { queue, clock, handler, .. } = self.worker;
        let finished = std::mem::take(&mut self.finished);
        let now = clock.now();
        let settlements: Vec<Settlement> =
            finished.iter().map(|(job, outcome)| self.settlement(job, outcome, now)).collect();
        self.pass_on_reports(&finished).await;
        let settled = queue.settle(&settlements, now).await;
        for ((job, outcome), settled) in finished.iter().zip(settled.as_deref().unwrap_or_default()) {
            if let (JobOutcome::Hold { key, .. }, Settled::Done(_)) = (outcome, settled) {
                handler.held(job, key).await;
            }
        }
        self.count(settlements.len(), settled);
    }

    fn settlement(&self, job: &ClaimedJob, outcome: &JobOutcome, now: DateTime<Utc>) -> Settlement {
        let Worker { clock, options, .. } = self.worker;
        let failed = |code: &str, class| {
            let next = options.retry.after(class, job.attempt, now, clock.jitter());
            Outcome::Fail(Failure { code: code.to_owned(), next })
        };
        let outcome = match outcome {
            JobOutcome::Complete => Outcome::Complete,
            JobOutcome::Hold { key, code } => Outcome::Hold { key: key.clone(), code: code.clone() },
            JobOutcome::Dead { code } => failed(code, FailureClass::Permanent),
            JobOutcome::Retry { code, counts: true, wait } => {
                failed(code, FailureClass::Transient { wait: *wait })
            }
            JobOutcome::Retry { code, counts: false, wait } => {
                failed(code, FailureClass::Uncounted { wait: *wait })
            }
        };
        Settlement { lease: job.lease.clone(), outcome }
    }

    /// A report that is lost costs the next attempt time, nothing else: the lease is renewed to where it ends anyway.
    async fn pass_on_reports(&self, finished: &[(ClaimedJob, JobOutcome)]) {
        for (job, _) in finished.iter().filter(|(_, outcome)| *outcome != JobOutcome::Complete) {
            let Some(progress) = job.reported.take() else { continue };
            let beat = Beat { lease: job.lease.clone(), progress: Some(progress) };
            if let Err(error) = self.worker.queue.heartbeat(&[beat], job.lease.until).await {
                warn!(job = %job.lease.job, %error, "progress was not stored");
            }
        }
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
            measure::settled(&self.worker.options.queue, settled);
            *match settled {
                Settled::Stale => &mut self.report.stale,
                Settled::Done(JobState::Completed) => &mut self.report.completed,
                Settled::Done(JobState::Failed) => &mut self.report.dead,
                Settled::Done(JobState::Held) => &mut self.report.held,
                Settled::Done(_) => &mut self.report.retried,
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
        let (tasks, beats): (Vec<Id>, Vec<Beat>) =
            self.jobs.iter().map(|(id, in_hand)| (*id, in_hand.beat())).unzip();
        let kept = match queue.heartbeat(&beats, until).await {
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
                measure::lost(&options.queue);
                self.report.lost += 1;
            }
        }
    }

    /// Stops what still runs and gives it back.
    pub(super) async fn abandon(mut self) -> WorkerReport {
        self.tasks.shutdown().await;
        let Worker { queue, clock, .. } = self.worker;
        let given_back: Vec<Settlement> =
            std::mem::take(&mut self.jobs).into_values().map(InHand::give_back).collect();
        if !given_back.is_empty()
            && let Err(error) = queue.settle(&given_back, clock.now()).await
        {
            warn!(jobs = given_back.len(), %error, "jobs were not given back");
        }
        self.report.abandoned += given_back.len() as u64;
        self.report
    }
}

/// The panic's message stays out: it may hold a value.
fn panicked() -> JobOutcome {
    JobOutcome::Retry { code: "handler-panicked".into(), counts: true, wait: None }
}
