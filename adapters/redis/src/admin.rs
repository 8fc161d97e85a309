//! The queue as operators see it: steps of a bounded size, each of them one script.

use async_trait::async_trait;
use carewire_fhir_core::OrgId;
use carewire_sync_engine::{
    Error, JobFilter, JobId, JobState, JobView, PauseScope, QueueAdmin, QueueStats, Result,
};
use chrono::{DateTime, Utc};
use redis::{Cmd, Value};

use crate::RedisQueue;
use crate::record::{Record, checked, decode_progress, digit, joined, optional, scoped, split, unscoped};
use crate::time::{exact, optional_moment};

/// So many jobs are changed in one step.
const STEP: usize = 200;
/// What a list answers for each job: id, record, reason, progress, the end of a parked time.
const FIELDS: usize = 5;

#[async_trait]
impl QueueAdmin for RedisQueue {
    async fn stats(&self, org: &OrgId, queue: Option<&str>, now: DateTime<Utc>) -> Result<QueueStats> {
        let script = &self.scripts.stats;
        let mut call = self.call(script);
        call.arg(org.as_str()).arg(checked(queue.unwrap_or_default())?).arg(exact(now));
        let counts: [u64; 8] = self.run(script, &call).await?;
        let [all_waiting, active, completed, failed, held, cancelled, delayed, paused] = counts;
        let waiting = all_waiting.saturating_sub(delayed).saturating_sub(paused);
        Ok(QueueStats { waiting, active, completed, failed, delayed, paused, held, cancelled })
    }

    async fn list(&self, org: &OrgId, filter: &JobFilter, limit: usize) -> Result<Vec<JobView>> {
        let states: Vec<JobState> = filter.state.map_or_else(|| JobState::ALL.to_vec(), |state| vec![state]);
        let mut sweep = Sweep::new("list", org, filter, &states, DateTime::UNIX_EPOCH);
        let mut views = Vec::new();
        while views.len() < limit
            && let Some(found) = sweep.step(self, (limit - views.len()).min(STEP)).await?
        {
            for job in found.chunks_exact(FIELDS) {
                views.push(view(job)?);
            }
        }
        Ok(views)
    }

    async fn redrive(&self, org: &OrgId, filter: &JobFilter, now: DateTime<Utc>) -> Result<u64> {
        match filter.state.unwrap_or(JobState::Failed) {
            state @ (JobState::Failed | JobState::Cancelled) => {
                Sweep::new("redrive", org, filter, &[state], now).finish(self).await
            }
            _ => Ok(0),
        }
    }

    async fn release(&self, org: &OrgId, hold_key: &str, now: DateTime<Utc>) -> Result<u64> {
        let script = &self.scripts.release;
        let mut call = self.call(script);
        call.arg(org.as_str()).arg(checked(hold_key)?).arg(exact(now)).arg(STEP);
        let mut released = 0;
        loop {
            let (seen, step): (usize, u64) = self.run(script, &call).await?;
            released += step;
            if seen < STEP {
                return Ok(released);
            }
        }
    }

    async fn cancel(&self, org: &OrgId, filter: &JobFilter, now: DateTime<Utc>) -> Result<u64> {
        let mut open = vec![JobState::Waiting, JobState::Active, JobState::Held];
        if filter.id.is_some() || filter.state == Some(JobState::Failed) {
            open.push(JobState::Failed);
        }
        open.retain(|state| filter.state.is_none_or(|wanted| wanted == *state));
        Sweep::new("cancel", org, filter, &open, now).finish(self).await
    }

    async fn set_paused(&self, scope: &PauseScope, paused: bool) -> Result<()> {
        let scope = joined(&[
            &scoped(scope.org.as_ref().map(OrgId::as_str))?,
            &scoped(scope.queue.as_deref())?,
            &scoped(scope.remote.as_deref())?,
            &scoped(scope.kind.as_deref())?,
            &scoped(scope.resource_type.as_deref())?,
        ]);
        self.refresh(&scope, if paused { "pause" } else { "resume" }).await
    }

    async fn paused(&self, org: &OrgId) -> Result<Vec<PauseScope>> {
        let all: Vec<String> = self.members("pauses").await?;
        let mut scopes = all.iter().map(|text| pause_scope(text)).collect::<Result<Vec<_>>>()?;
        scopes.retain(|scope| scope.org.as_ref().is_none_or(|paused| paused == org));
        scopes.sort_unstable();
        Ok(scopes)
    }

    async fn clean(
        &self,
        org: &OrgId,
        completed_before: DateTime<Utc>,
        failed_before: DateTime<Utc>,
    ) -> Result<u64> {
        let completed = self.clean_index(org, "c", completed_before).await?;
        Ok(completed + self.clean_index(org, "f", failed_before).await?)
    }
}

impl RedisQueue {
    async fn clean_index(&self, org: &OrgId, index: &str, before: DateTime<Utc>) -> Result<u64> {
        let script = &self.scripts.clean;
        let mut call = self.call(script);
        call.arg(org.as_str()).arg(index).arg(exact(before)).arg(STEP);
        let mut removed = 0;
        loop {
            let (step, goes_on): (u64, bool) = self.run(script, &call).await?;
            removed += step;
            if !goes_on {
                return Ok(removed);
            }
        }
    }

    /// Brings the lanes of a scope into step with pauses and limits, after the change that is named.
    pub(crate) async fn refresh(&self, scope: &str, change: &str) -> Result<()> {
        let script = &self.scripts.refresh;
        let (mut last, mut change) = (Vec::<u8>::new(), change);
        loop {
            let mut call = self.call(script);
            call.arg(scope).arg(last).arg(change);
            last = self.run(script, &call).await?;
            if last.is_empty() {
                return Ok(());
            }
            change = "";
        }
    }
}

/// A walk over the jobs of an org.
struct Sweep<'a> {
    action: &'a str,
    org: &'a OrgId,
    filter: &'a JobFilter,
    states: String,
    now: DateTime<Utc>,
    /// The id to go on after; `None` at the end.
    after: Option<i64>,
}

impl<'a> Sweep<'a> {
    fn new(
        action: &'a str,
        org: &'a OrgId,
        filter: &'a JobFilter,
        states: &[JobState],
        now: DateTime<Utc>,
    ) -> Self {
        let after = Some(filter.after.map_or(0, |JobId(id)| id));
        Self { action, org, filter, states: states.iter().copied().map(digit).collect(), now, after }
    }

    /// What a step found, or `None` when there is no more; the first field of the answer is where to go on.
    async fn step(&mut self, queue: &RedisQueue, most: usize) -> Result<Option<Vec<Value>>> {
        let Some(after) = self.after else { return Ok(None) };
        let script = &queue.scripts.sweep;
        let mut call = queue.call(script);
        call.arg(self.action)
            .arg(self.org.as_str())
            .arg(exact(self.now))
            .arg(after)
            .arg(most)
            .arg(&self.states);
        self.name(&mut call)?;
        let mut answer: Vec<Value> = queue.run(script, &call).await?;
        let next = (!answer.is_empty()).then(|| answer.remove(0));
        self.after = next.and_then(|next| redis::from_redis_value(next).ok());
        Ok(Some(answer))
    }

    fn name(&self, call: &mut Cmd) -> Result<()> {
        let filter = self.filter;
        let remote = filter.remote.as_deref().map(|remote| optional(Some(remote))).transpose()?;
        let resource = filter.resource_type.as_deref().map(|name| optional(Some(name))).transpose()?;
        let id = filter.id.map(|JobId(id)| id.to_string());
        let named = [
            ("queue", &filter.queue),
            ("kind", &filter.kind),
            ("remote", &remote),
            ("resource_type", &resource),
            ("reason", &filter.reason),
            ("correlation", &filter.correlation),
            ("id", &id),
        ];
        for (name, value) in named {
            if let Some(value) = value {
                call.arg(name).arg(value);
            }
        }
        Ok(())
    }

    async fn finish(&mut self, queue: &RedisQueue) -> Result<u64> {
        let mut changed = 0;
        while let Some(answer) = self.step(queue, STEP).await? {
            let count =
                answer.into_iter().next().and_then(|count| redis::from_redis_value::<u64>(count).ok());
            changed += count.ok_or(Error::Corrupt { what: "answer" })?;
        }
        Ok(changed)
    }
}

fn view(answer: &[Value]) -> Result<JobView> {
    let corrupt = Error::Corrupt { what: "list" };
    let [
        id,
        Value::BulkString(record),
        Value::BulkString(reason),
        Value::BulkString(progress),
        Value::BulkString(parked),
    ] = answer
    else {
        return Err(corrupt);
    };
    let id = redis::from_redis_value_ref::<i64>(id).map_err(|_| corrupt)?;
    let record = Record::decode(record)?;
    let ended = !matches!(record.state, JobState::Waiting | JobState::Active);
    Ok(JobView {
        id: JobId(id),
        queue: record.queue,
        kind: record.kind,
        state: record.state,
        refs: record.refs,
        priority: record.priority,
        remote: record.remote,
        resource_type: record.resource_type,
        attempts: record.attempts,
        max_attempts: record.max_attempts,
        reason: (!reason.is_empty()).then(|| String::from_utf8_lossy(reason).into_owned()),
        progress: decode_progress(progress)?,
        correlation: record.correlation.as_str().to_owned(),
        enqueued_at: record.enqueued_at,
        run_at: record.run_at,
        settled_at: ended.then_some(record.time),
        parked_until: optional_moment(parked)?,
    })
}

fn pause_scope(text: &str) -> Result<PauseScope> {
    let corrupt = || Error::Corrupt { what: "pause" };
    let mut parts = split(text);
    let mut part = || parts.next().map(unscoped).ok_or_else(corrupt);
    let org = part()?.map(|org| OrgId::new(&org)).transpose().map_err(|_| corrupt())?;
    let (queue, remote, kind, resource_type) = (part()?, part()?, part()?, part()?);
    Ok(PauseScope { org, queue, kind, remote, resource_type })
}
