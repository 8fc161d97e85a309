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
        self.enqueue_all(jobs.iter().map(|job| (None, job))).await
    }

    async fn claim(&self, options: &ClaimOptions) -> Result<Vec<ClaimedJob>> {
        let script = &self.scripts.claim;
        let span = TimeDelta::from_std(options.lease).unwrap_or(TimeDelta::days(36_525));
        let until = options.now + span;
        let mut call = self.call(script);
        call.arg(checked(&options.queue)?).arg(exact(options.now)).arg(exact(until));
        call.arg(options.limit.min(LARGEST_CLAIM));
        let claimed: Vec<Value> = self.run(script, &call).await?;
        if claimed.is_empty() {
            return Ok(Vec::new());
        }
        claimed_jobs(&claimed, until)
    }

    async fn heartbeat(&self, beats: &[Beat], until: DateTime<Utc>) -> Result<Vec<bool>> {
        if beats.is_empty() {
            return Ok(Vec::new());
        }
        let script = &self.scripts.heartbeat;
        let mut call = self.call(script);
        call.arg(exact(until));
        for Beat { lease, progress } in beats {
            let mut beat = Vec::with_capacity(96);
            put_fence(&mut beat, lease);
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
        put_settlements(&mut call, settlements)?;
        let states: Vec<u8> = self.run(script, &call).await?;
        let settled = |digit: u8| {
            let state = STATES.get(usize::from(digit.wrapping_sub(b'0')));
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
        let named = |(id, _): &(String, NewJob)| Ok(joined(&[checked(source)?, checked(id)?]));
        let sources = jobs.iter().map(named).collect::<Result<Vec<_>>>()?;
        let jobs = sources.iter().zip(&jobs).map(|(source, (_, job))| (Some(source.as_str()), job));
        self.enqueue_all(jobs).await
    }
}

impl RedisQueue {
    /// Each job with its source, if it has one.
    async fn enqueue_all<'a>(
        &self,
        jobs: impl ExactSizeIterator<Item = (Option<&'a str>, &'a NewJob)>,
    ) -> Result<Vec<Enqueued>> {
        let count = jobs.len();
        if count == 0 {
            return Ok(Vec::new());
        }
        let script = &self.scripts.enqueue;
        let mut call = self.call(script);
        put_jobs(&mut call, jobs)?;
        let answer: Vec<i64> = self.run(script, &call).await?;
        enqueued(&answer, count)
    }
}

/// What the script of `enqueue` is given: how many, the records, and how some of them meet others.
pub(crate) fn put_jobs<'a>(
    call: &mut Cmd,
    jobs: impl ExactSizeIterator<Item = (Option<&'a str>, &'a NewJob)>,
) -> Result<()> {
    let mut meetings = Vec::new();
    call.arg(jobs.len());
    for (place, (source, job)) in jobs.enumerate() {
        call.arg(encode(job)?);
        if source.is_some() || job.unique.is_some() {
            meetings.push((place + 1, encode_meeting(job.unique.as_ref(), source)));
        }
    }
    for (place, meeting) in meetings {
        call.arg(place).arg(meeting);
    }
    Ok(())
}

/// The number before the first new id, then place, id and how for each job that is not new.
fn enqueued(answer: &[i64], count: usize) -> Result<Vec<Enqueued>> {
    const CORRUPT: Error = Error::Corrupt { what: "answer" };
    let (last, others) = answer.split_first().ok_or(CORRUPT)?;
    let new = (1..).take(count).map(|place: i64| Enqueued { id: JobId(last + place), how: HowEnqueued::New });
    let mut all: Vec<Enqueued> = new.collect();
    let (others, _) = others.as_chunks::<3>();
    for [place, id, how] in others {
        let place = usize::try_from(*place).ok().and_then(|place| place.checked_sub(1));
        let entry = place.and_then(|place| all.get_mut(place)).ok_or(CORRUPT)?;
        let how = if *how == 1 { HowEnqueued::Replaced } else { HowEnqueued::Skipped };
        *entry = Enqueued { id: JobId(*id), how };
    }
    Ok(all)
}

/// Epoch, ids, records, then place and progress of each job that has made some; by rank.
fn claimed_jobs(answer: &[Value], until: DateTime<Utc>) -> Result<Vec<ClaimedJob>> {
    let corrupt = || Error::Corrupt { what: "claim" };
    let [Value::BulkString(epoch), Value::BulkString(ids), Value::Array(records), progress @ ..] = answer
    else {
        return Err(corrupt());
    };
    let number = |digits: &[u8]| std::str::from_utf8(digits).ok()?.parse::<i64>().ok();
    let epoch = number(epoch).ok_or_else(corrupt)?.unsigned_abs();
    let (ids, _) = ids.as_chunks::<16>();
    let mut ranked = Vec::with_capacity(records.len());
    for (id, record) in ids.iter().zip(records) {
        let Value::BulkString(record) = record else { return Err(corrupt()) };
        let id = JobId(number(id).ok_or_else(corrupt)?);
        ranked.push(claimed_job(id, epoch, Record::decode(record)?, until));
    }
    for pair in progress.chunks_exact(2) {
        let [place, Value::BulkString(progress)] = pair else { return Err(corrupt()) };
        let place = redis::from_redis_value_ref::<usize>(place).ok().and_then(|place| place.checked_sub(1));
        let (_, job) = place.and_then(|place| ranked.get_mut(place)).ok_or_else(corrupt)?;
        job.checkpoint = decode_progress(progress)?.and_then(|progress| progress.checkpoint);
    }
    ranked.sort_unstable_by_key(|(rank, job)| (*rank, job.lease.job));
    Ok(ranked.into_iter().map(|(_, job)| job).collect())
}

/// A job with its place in the order of the claim.
fn claimed_job(id: JobId, epoch: u64, record: Record, until: DateTime<Utc>) -> (DateTime<Utc>, ClaimedJob) {
    let rank = record.priority.rank(record.run_at);
    let job = ClaimedJob {
        lease: Lease { org: record.org, job: id, epoch, until },
        queue: record.queue,
        kind: record.kind,
        refs: record.refs,
        remote: record.remote,
        resource_type: record.resource_type,
        attempt: record.attempts.saturating_add(1),
        max_attempts: record.max_attempts,
        checkpoint: None,
        correlation: record.correlation,
        enqueued_at: record.enqueued_at,
        reported: Reported::default(),
    };
    (rank, job)
}

/// Id and epoch, of 16 digits each: what a write under a lease is checked by, beside the org.
fn put_fence(bytes: &mut Vec<u8>, lease: &Lease) {
    put_digits(bytes, lease.job.0.unsigned_abs());
    put_digits(bytes, lease.epoch);
}

/// Numbers that the queue never gave are cut off, to others that it never gave.
fn put_digits(bytes: &mut Vec<u8>, number: u64) {
    let mut digits = [b'0'; 16];
    let mut rest = number;
    for digit in digits.iter_mut().rev() {
        *digit += (rest % 10) as u8;
        rest /= 10;
    }
    bytes.extend_from_slice(if rest == 0 { &digits } else { &[b'9'; 16] });
}

/// An org has at most 64 bytes.
fn put_short(bytes: &mut Vec<u8>, text: &str) {
    bytes.push(u8::try_from(text.len()).unwrap_or(u8::MAX));
    bytes.extend(text.as_bytes());
}

/// What all settlements have in one argument, then their orgs, then what few of them have.
fn put_settlements(call: &mut Cmd, settlements: &[Settlement]) -> Result<()> {
    // The places of arguments, of which the first org is the third.
    const FIRST: usize = 3;
    let mut entries = Vec::with_capacity(35 * settlements.len());
    let (mut orgs, mut details) = (Vec::<&str>::new(), Vec::new());
    for Settlement { lease, outcome } in settlements {
        let known = orgs.iter().position(|org| *org == lease.org.as_str());
        let org = known.unwrap_or(orgs.len());
        if known.is_none() {
            orgs.push(lease.org.as_str());
        }
        let org = u16::try_from(org + FIRST).map_err(|_| Error::Invalid { what: "so many orgs" })?;
        put_fence(&mut entries, lease);
        entries.extend_from_slice(&org.to_le_bytes());
        entries.push(put_detail(&mut details, outcome)?);
    }
    call.arg(entries).arg(orgs).arg(details);
    Ok(())
}

/// The number of an outcome; what is to be said of it beside that is added.
fn put_detail(details: &mut Vec<Vec<u8>>, outcome: &Outcome) -> Result<u8> {
    let (number, at, code, key) = match outcome {
        Outcome::Complete => return Ok(0),
        Outcome::Fail(failure) => match failure.next {
            AfterFailure::Retry { at, counts: true } => (1, micros(at), &*failure.code, ""),
            AfterFailure::Retry { at, counts: false } => (2, micros(at), &*failure.code, ""),
            AfterFailure::Dead => (3, 0.0, &*failure.code, ""),
        },
        Outcome::Hold { key, code } => (4, 0.0, &**code, &**key),
    };
    let length = u16::try_from(code.len()).map_err(|_| Error::Invalid { what: "a reason code of 64 KiB" })?;
    let mut bytes = at.to_le_bytes().to_vec();
    bytes.extend(length.to_le_bytes());
    bytes.extend(code.as_bytes());
    bytes.extend(checked(key)?.as_bytes());
    details.push(bytes);
    Ok(number)
}

fn check_progress(progress: &Progress) -> Result<()> {
    let length = progress.checkpoint.as_ref().map_or(0, String::len);
    if length > Progress::LONGEST_CHECKPOINT {
        return Err(Error::Invalid { what: "a checkpoint of this length" });
    }
    Ok(())
}
