//! The queue as workers see it.

use async_trait::async_trait;
use carewire_sync_engine::{
    AfterFailure, Beat, ClaimOptions, ClaimedJob, Enqueued, Error, HowEnqueued, JobId, JobQueue, Lease,
    NewJob, Outcome, Progress, Reported, Result, Settled, Settlement, TakeOver,
};
use chrono::{DateTime, TimeDelta, Utc};
use redis::{Cmd, Value};

use crate::RedisQueue;
use crate::record::{
    Record, STATES, checked, decode_progress, encode, encode_meeting, encode_progress, joined,
};
use crate::time::{exact, micros, optional_moment};

/// A claim gives no more, whatever it is asked for: its work is bounded.
const LARGEST_CLAIM: usize = 1000;

#[async_trait]
impl JobQueue for RedisQueue {
    async fn enqueue(&self, jobs: Vec<NewJob>) -> Result<Vec<Enqueued>> {
        let mut call = self.call(&self.scripts.enqueue);
        for job in &jobs {
            call.arg(encode(job)?).arg(encode_meeting(job.unique.as_ref(), None));
        }
        self.enqueue_all(&jobs, &call).await
    }

    async fn claim(&self, options: &ClaimOptions) -> Result<Vec<ClaimedJob>> {
        let script = &self.scripts.claim;
        let span = TimeDelta::from_std(options.lease).unwrap_or(TimeDelta::days(36_525));
        let until = options.now + span;
        let mut call = self.call(script);
        call.arg(checked(&options.queue)?).arg(exact(options.now)).arg(exact(until));
        call.arg(options.limit.min(LARGEST_CLAIM));
        let claimed: Vec<Value> = self.run(script, &call).await?;
        let mut ranked = Vec::with_capacity(claimed.len() / 4);
        for job in claimed.chunks_exact(4) {
            ranked.push(claimed_job(job, until)?);
        }
        ranked.sort_unstable_by_key(|(rank, job)| (*rank, job.lease.job));
        Ok(ranked.into_iter().map(|(_, job)| job).collect())
    }

    async fn heartbeat(&self, beats: &[Beat], until: DateTime<Utc>) -> Result<Vec<bool>> {
        if beats.is_empty() {
            return Ok(Vec::new());
        }
        let script = &self.scripts.heartbeat;
        let mut call = self.call(script);
        call.arg(exact(until));
        for Beat { lease, progress } in beats {
            let mut beat = fence(lease);
            put_short(&mut beat, lease.org.as_str());
            if let Some(progress) = progress {
                check_progress(progress)?;
                beat.extend(encode_progress(progress));
            }
            call.arg(beat);
        }
        self.run(script, &call).await
    }

    async fn settle(&self, settlements: &[Settlement], now: DateTime<Utc>) -> Result<Vec<Settled>> {
        if settlements.is_empty() {
            return Ok(Vec::new());
        }
        let script = &self.scripts.settle;
        let mut call = self.call(script);
        call.arg(exact(now));
        for settlement in settlements {
            call.arg(encode_settlement(settlement)?);
        }
        let states: Vec<i64> = self.run(script, &call).await?;
        let settled = |state: i64| {
            let state = usize::try_from(state).ok().and_then(|state| STATES.get(state));
            state.map_or(Settled::Stale, |state| Settled::Done(*state))
        };
        Ok(states.into_iter().map(settled).collect())
    }

    async fn next_due(&self, queue: &str) -> Result<Option<DateTime<Utc>>> {
        let script = &self.scripts.next_due;
        let mut call = self.call(script);
        call.arg(checked(queue)?);
        let due: Vec<u8> = self.run(script, &call).await?;
        optional_moment(&due)
    }
}

#[async_trait]
impl TakeOver for RedisQueue {
    async fn take_over(&self, source: &str, jobs: Vec<(String, NewJob)>) -> Result<Vec<Enqueued>> {
        let mut call = self.call(&self.scripts.enqueue);
        for (id, job) in &jobs {
            let source = joined(&[checked(source)?, checked(id)?]);
            call.arg(encode(job)?).arg(encode_meeting(job.unique.as_ref(), Some(&source)));
        }
        self.enqueue_all(&jobs, &call).await
    }
}

impl RedisQueue {
    async fn enqueue_all<T: Sync>(&self, jobs: &[T], call: &Cmd) -> Result<Vec<Enqueued>> {
        if jobs.is_empty() {
            return Ok(Vec::new());
        }
        let answers: Vec<(i64, i64)> = self.run(&self.scripts.enqueue, call).await?;
        Ok(answers.into_iter().map(enqueued).collect())
    }
}

fn enqueued((id, how): (i64, i64)) -> Enqueued {
    let how = match how {
        0 => HowEnqueued::New,
        1 => HowEnqueued::Replaced,
        _ => HowEnqueued::Skipped,
    };
    Enqueued { id: JobId(id), how }
}

/// A job with its place in the order of the claim.
fn claimed_job(answer: &[Value], until: DateTime<Utc>) -> Result<(DateTime<Utc>, ClaimedJob)> {
    let corrupt = Error::Corrupt { what: "claim" };
    let [id, epoch, record, progress] = answer else { return Err(corrupt) };
    let (Value::BulkString(bytes), Value::BulkString(progress)) = (record, progress) else {
        return Err(corrupt);
    };
    let number = |value: &Value| redis::from_redis_value_ref::<i64>(value).ok();
    let (Some(id), Some(epoch)) = (number(id), number(epoch)) else { return Err(corrupt) };
    let record = Record::decode(bytes)?;
    let rank = record.priority.rank(record.run_at);
    let job = ClaimedJob {
        lease: Lease { org: record.org, job: JobId(id), epoch: epoch.unsigned_abs(), until },
        queue: record.queue,
        kind: record.kind,
        refs: record.refs,
        remote: record.remote,
        resource_type: record.resource_type,
        attempt: record.attempts.saturating_add(1),
        max_attempts: record.max_attempts,
        checkpoint: decode_progress(progress)?.and_then(|progress| progress.checkpoint),
        correlation: record.correlation,
        enqueued_at: record.enqueued_at,
        reported: Reported::default(),
    };
    Ok((rank, job))
}

/// Id and epoch: what a write under a lease is checked by, beside the org.
fn fence(lease: &Lease) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(96);
    bytes.extend((lease.job.0 as f64).to_le_bytes());
    bytes.extend((lease.epoch as f64).to_le_bytes());
    bytes
}

/// An org has at most 64 bytes.
fn put_short(bytes: &mut Vec<u8>, text: &str) {
    bytes.push(u8::try_from(text.len()).unwrap_or(u8::MAX));
    bytes.extend(text.as_bytes());
}

fn encode_settlement(settlement: &Settlement) -> Result<Vec<u8>> {
    let (outcome, at, code, key) = match &settlement.outcome {
        Outcome::Complete => (0, 0.0, "", ""),
        Outcome::Fail(failure) => match failure.next {
            AfterFailure::Retry { at, counts: true } => (1, micros(at), &*failure.code, ""),
            AfterFailure::Retry { at, counts: false } => (2, micros(at), &*failure.code, ""),
            AfterFailure::Dead => (3, 0.0, &*failure.code, ""),
        },
        Outcome::Hold { key, code } => (4, 0.0, &**code, &**key),
    };
    let mut bytes = fence(&settlement.lease);
    bytes.push(outcome);
    bytes.extend(at.to_le_bytes());
    put_short(&mut bytes, settlement.lease.org.as_str());
    let length = u16::try_from(code.len()).map_err(|_| Error::Invalid { what: "a reason code of 64 KiB" })?;
    bytes.extend(length.to_le_bytes());
    bytes.extend(code.as_bytes());
    bytes.extend(checked(key)?.as_bytes());
    Ok(bytes)
}

fn check_progress(progress: &Progress) -> Result<()> {
    let length = progress.checkpoint.as_ref().map_or(0, String::len);
    if length > Progress::LONGEST_CHECKPOINT {
        return Err(Error::Invalid { what: "a checkpoint of this length" });
    }
    Ok(())
}
