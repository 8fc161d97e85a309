//! Random histories of the queue: whatever happens, the invariants hold and everything can be finished in the end.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use carewire_fhir_core::{CorrelationId, OrgId};
use carewire_sync_engine::{
    AfterFailure, BlindKey, ClaimOptions, Failure, JobFilter, JobId, JobQueue, JobQueueExt as _, JobState,
    JobView, Lease, MemoryStore, NewJob, PauseScope, QueueAdmin, Settled,
};
use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Step {
    Enqueue {
        key: Option<u8>,
        max_attempts: u32,
    },
    Claim {
        limit: usize,
    },
    /// The lease is any that was ever given, so most are stale after a while.
    Heartbeat {
        lease: usize,
    },
    Complete {
        lease: usize,
    },
    Retry {
        lease: usize,
        delay: i64,
        counts: bool,
    },
    Kill {
        lease: usize,
    },
    Hold {
        lease: usize,
    },
    Release,
    Redrive,
    Pause {
        paused: bool,
    },
    Wait {
        seconds: i64,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let lease = 0..60_usize;
    prop_oneof![
        4 => (prop::option::of(0..3_u8), 1..4_u32).prop_map(|(key, max_attempts)| Step::Enqueue { key, max_attempts }),
        6 => (0..4_usize).prop_map(|limit| Step::Claim { limit }),
        1 => lease.clone().prop_map(|lease| Step::Heartbeat { lease }),
        4 => lease.clone().prop_map(|lease| Step::Complete { lease }),
        3 => (lease.clone(), 0..20_i64, any::<bool>())
            .prop_map(|(lease, delay, counts)| Step::Retry { lease, delay, counts }),
        1 => lease.clone().prop_map(|lease| Step::Kill { lease }),
        1 => lease.prop_map(|lease| Step::Hold { lease }),
        1 => Just(Step::Release),
        1 => Just(Step::Redrive),
        1 => any::<bool>().prop_map(|paused| Step::Pause { paused }),
        4 => (0..40_i64).prop_map(|seconds| Step::Wait { seconds }),
    ]
}

struct History {
    org: OrgId,
    store: MemoryStore,
    now: DateTime<Utc>,
    keys: HashMap<JobId, Option<u8>>,
    given: Vec<Lease>,
    newest: HashMap<JobId, u64>,
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn no_job_is_lost_doubled_or_out_of_order(steps in prop::collection::vec(step(), 1..120)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let mut history = History::new();
            for step in steps {
                history.take(step).await;
                history.check().await;
            }
            history.finish().await;
        });
    }
}

impl History {
    fn new() -> Self {
        Self {
            org: OrgId::new("org_a").unwrap(),
            store: MemoryStore::new(),
            now: DateTime::UNIX_EPOCH,
            keys: HashMap::new(),
            given: Vec::new(),
            newest: HashMap::new(),
        }
    }

    async fn take(&mut self, step: Step) {
        match step {
            Step::Enqueue { key, max_attempts } => self.enqueue(key, max_attempts).await,
            Step::Claim { limit } => self.claim(limit).await,
            Step::Wait { seconds } => self.now += TimeDelta::seconds(seconds),
            Step::Release => {
                self.store.release(&self.org, "consent", self.now).await.unwrap();
            }
            Step::Redrive => {
                self.store.redrive(&self.org, &JobFilter::default(), self.now).await.unwrap();
            }
            Step::Pause { paused } => {
                self.store.set_paused(&PauseScope::queue(&self.org, "sync"), paused).await.unwrap()
            }
            Step::Heartbeat { lease }
            | Step::Complete { lease }
            | Step::Retry { lease, .. }
            | Step::Kill { lease }
            | Step::Hold { lease } => {
                if let Some(lease) = self.given.get(lease).cloned() {
                    self.write(&lease, step).await;
                }
            }
        }
    }

    async fn enqueue(&mut self, key: Option<u8>, max_attempts: u32) {
        let correlation = CorrelationId::new("c").unwrap();
        let job = NewJob {
            ordering_keys: key.map(|key| BlindKey([key; 32])).into_iter().collect(),
            max_attempts,
            ..NewJob::new(self.org.clone(), "sync", "message", correlation, self.now)
        };
        let id = self.store.enqueue(vec![job]).await.unwrap()[0].id;
        self.keys.insert(id, key);
    }

    async fn claim(&mut self, limit: usize) {
        let lease = Duration::from_secs(30);
        let options = ClaimOptions { queue: "sync".into(), limit, lease, now: self.now };
        let claimed = self.store.claim(&options).await.unwrap();
        assert!(claimed.len() <= limit);
        let jobs = self.jobs().await;
        for job in claimed {
            let id = job.lease.job;
            assert!(self.newest.insert(id, job.lease.epoch).is_none_or(|epoch| epoch < job.lease.epoch));
            assert!(job.attempt <= job.max_attempts);
            let overtaken = jobs.iter().find(|other| {
                other.state == JobState::Waiting
                    && other.id < id
                    && self.keys[&id].is_some()
                    && self.keys[&other.id] == self.keys[&id]
            });
            assert!(overtaken.is_none(), "{id} overtook {overtaken:?}");
            self.given.push(job.lease);
        }
    }

    /// A write under a lease: applied when it is the newest of an active job, without any effect otherwise.
    async fn write(&self, lease: &Lease, step: Step) {
        let before = self.view(lease.job).await;
        let live = before.state == JobState::Active && self.newest[&lease.job] == lease.epoch;
        let settled = match step {
            Step::Heartbeat { .. } => {
                let until = self.now + TimeDelta::seconds(30);
                let kept = self.store.renew(std::slice::from_ref(lease), until).await.unwrap();
                assert_eq!(kept, [live]);
                return;
            }
            Step::Complete { .. } => {
                self.store.complete(std::slice::from_ref(lease), self.now).await.unwrap().remove(0)
            }
            Step::Retry { delay, counts, .. } => {
                self.fail(lease, AfterFailure::Retry { at: self.now + TimeDelta::seconds(delay), counts })
                    .await
            }
            Step::Kill { .. } => self.fail(lease, AfterFailure::Dead).await,
            _ => self.store.hold(lease, "consent", "consent-denied", self.now).await.unwrap(),
        };
        let after = self.view(lease.job).await;
        if live {
            assert_eq!(settled, Settled::Done(after.state));
        } else {
            assert_eq!(settled, Settled::Stale);
            assert_eq!(format!("{before:?}"), format!("{after:?}"), "a stale write has no effect");
        }
    }

    async fn fail(&self, lease: &Lease, next: AfterFailure) -> Settled {
        self.store.fail(lease, &Failure { code: "failed".into(), next }, self.now).await.unwrap()
    }

    async fn check(&self) {
        let jobs = self.jobs().await;
        assert_eq!(jobs.len(), self.keys.len(), "no job is lost");
        let mut busy = HashSet::new();
        for job in jobs {
            let key = self.keys[&job.id].filter(|_| job.state == JobState::Active);
            assert!(key.is_none_or(|key| busy.insert(key)), "two active jobs of a key");
            assert!(job.attempts <= job.max_attempts);
            assert_eq!(job.settled_at.is_some(), !matches!(job.state, JobState::Waiting | JobState::Active));
        }
    }

    /// Everything is set free and worked off: all jobs are completed, those of a key in their order.
    async fn finish(&mut self) {
        self.store.set_paused(&PauseScope::queue(&self.org, "sync"), false).await.unwrap();
        self.now += TimeDelta::seconds(3600);
        self.claim(0).await;
        self.store.release(&self.org, "consent", self.now).await.unwrap();
        self.store.redrive(&self.org, &JobFilter::default(), self.now).await.unwrap();
        let mut last: HashMap<u8, JobId> = HashMap::new();
        loop {
            let first = self.given.len();
            self.claim(3).await;
            let leases = self.given[first..].to_vec();
            if leases.is_empty() {
                break;
            }
            for lease in &leases {
                let before = self.keys[&lease.job].and_then(|key| last.insert(key, lease.job));
                assert!(before.is_none_or(|before| before < lease.job), "out of order");
            }
            let settled = self.store.complete(&leases, self.now).await.unwrap();
            assert!(settled.iter().all(|settled| *settled == Settled::Done(JobState::Completed)));
        }
        assert!(self.jobs().await.iter().all(|job| job.state == JobState::Completed));
        assert_eq!(self.store.next_due("sync").await.unwrap(), None);
    }

    async fn jobs(&self) -> Vec<JobView> {
        self.store.list(&self.org, &JobFilter::default(), usize::MAX).await.unwrap()
    }

    async fn view(&self, id: JobId) -> JobView {
        let filter = JobFilter { id: Some(id), ..JobFilter::default() };
        self.store.list(&self.org, &filter, 1).await.unwrap().remove(0)
    }
}
