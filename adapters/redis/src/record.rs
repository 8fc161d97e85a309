//! A job as one string: what the scripts read of it, and what only this side reads.

use std::borrow::Cow;
use std::collections::BTreeMap;

use carewire_fhir_core::{CorrelationId, OrgId};
use carewire_sync_engine::{
    BlindKey, Error, JobState, NewJob, Priority, Progress, Result, Unique, UniqueMode,
};
use chrono::{DateTime, Utc};

use crate::time::{Micros, micros, moment};

/// Between the parts of a lane: no name may hold a control character.
const SEPARATOR: char = '\u{1f}';
const HAS_UNIQUE: u8 = 1;
const HEADER: usize = 52;
const CORRUPT: Error = Error::Corrupt { what: "job" };

/// The states in the order of the numbers that the scripts give them.
pub(crate) const STATES: [JobState; 6] = [
    JobState::Waiting,
    JobState::Active,
    JobState::Completed,
    JobState::Failed,
    JobState::Held,
    JobState::Cancelled,
];

/// The number of a state as a digit.
pub(crate) fn digit(state: JobState) -> char {
    STATES
        .into_iter()
        .zip("012345".chars())
        .find(|(known, _)| *known == state)
        .map_or('0', |(_, digit)| digit)
}

/// The name of an org, a queue and so on, as it stands in keys.
pub(crate) fn checked(name: &str) -> Result<&str> {
    if name.chars().any(char::is_control) {
        return Err(Error::Invalid { what: "a control character in a name" });
    }
    Ok(name)
}

/// A part of a lane that need not be there.
pub(crate) fn optional(name: Option<&str>) -> Result<String> {
    name.map_or_else(|| Ok(String::new()), |name| Ok(format!("={}", checked(name)?)))
}

/// A part of a scope: a value, or any.
pub(crate) fn scoped(name: Option<&str>) -> Result<String> {
    name.map_or_else(|| Ok("*".to_owned()), |name| Ok(format!("={}", checked(name)?)))
}

/// What [`scoped`] wrote.
pub(crate) fn unscoped(part: &str) -> Option<String> {
    part.strip_prefix('=').map(str::to_owned)
}

pub(crate) fn joined(parts: &[&str]) -> String {
    parts.join("\u{1f}")
}

pub(crate) fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split(SEPARATOR)
}

/// The record of a new job.
pub(crate) fn encode(job: &NewJob) -> Result<Vec<u8>> {
    let keys = sorted_keys(job);
    let count =
        u8::try_from(keys.len()).map_err(|_| Error::Invalid { what: "more than 255 ordering keys" })?;
    let mut record = Vec::with_capacity(400);
    record.resize(HEADER, 0);
    for key in keys.iter() {
        record.extend_from_slice(&key.0);
    }
    put_lane(&mut record, job)?;
    if let Some(unique) = &job.unique {
        put(&mut record, checked(&unique.key)?.as_bytes())?;
    }
    put(&mut record, job.correlation.as_str().as_bytes())?;
    for (name, value) in &job.refs {
        put(&mut record, name.as_bytes())?;
        put(&mut record, value.as_bytes())?;
    }
    put_header(&mut record, job, count)?;
    Ok(record)
}

/// Each once, in their order.
fn sorted_keys(job: &NewJob) -> Cow<'_, [BlindKey]> {
    if job.ordering_keys.len() < 2 {
        return Cow::Borrowed(&job.ordering_keys);
    }
    let mut keys = job.ordering_keys.clone();
    keys.sort_unstable();
    keys.dedup();
    Cow::Owned(keys)
}

/// State, attempts, most attempts, priority, cost, instant, park, enqueued, end, length, flags, number of keys.
fn put_header(record: &mut [u8], job: &NewJob, keys: u8) -> Result<()> {
    let length = u32::try_from(record.len()).map_err(|_| Error::Invalid { what: "a job of 4 GiB" })?;
    let flags = if job.unique.is_some() { HAS_UNIQUE } else { 0 };
    let park = job.park.map_or(-1.0, |park| park.as_micros() as Micros);
    let mut rest = record;
    let mut write = |bytes: &[u8]| {
        let (place, after) = std::mem::take(&mut rest).split_at_mut(bytes.len());
        place.copy_from_slice(bytes);
        rest = after;
    };
    write(&[0, 0, 0, 0, 0]);
    write(&job.max_attempts.to_le_bytes());
    write(&[job.priority.number()]);
    write(&job.cost.max(1).to_le_bytes());
    for number in [micros(job.first_run()), park, micros(job.enqueued_at), 0.0] {
        write(&number.to_le_bytes());
    }
    write(&length.to_le_bytes());
    write(&[flags, keys]);
    Ok(())
}

/// How it meets another job: mode, the longest that a debounced one waits, source.
pub(crate) fn encode_meeting(unique: Option<&Unique>, source: Option<&str>) -> Vec<u8> {
    let (mode, longest) = match unique.map(|unique| unique.mode) {
        None if source.is_none() => return Vec::new(),
        None => (0, 0.0),
        Some(UniqueMode::Skip) => (1, 0.0),
        Some(UniqueMode::Replace) => (2, 0.0),
        Some(UniqueMode::ReplaceAfterRun) => (3, 0.0),
        Some(UniqueMode::Debounce { most, .. }) => (4, most.as_micros() as Micros),
    };
    let mut meeting = vec![mode];
    meeting.extend(longest.to_le_bytes());
    meeting.extend(source.unwrap_or_default().as_bytes());
    meeting
}

fn put_lane(record: &mut Vec<u8>, job: &NewJob) -> Result<()> {
    let before = record.len();
    record.extend_from_slice(&[0, 0]);
    record.extend_from_slice(job.org.as_str().as_bytes());
    for (is_optional, name) in [
        (false, Some(job.queue.as_str())),
        (true, job.remote.as_deref()),
        (false, Some(job.kind.as_str())),
        (true, job.resource_type.as_deref()),
    ] {
        record.push(SEPARATOR as u8);
        if let Some(name) = name {
            record.extend_from_slice(if is_optional { b"=" } else { b"" });
            record.extend_from_slice(checked(name)?.as_bytes());
        }
    }
    let length = record.len() - before - 2;
    let length = u16::try_from(length).map_err(|_| Error::Invalid { what: "a lane of 64 KiB" })?;
    let place = record.get_mut(before..before + 2).ok_or(CORRUPT)?;
    place.copy_from_slice(&length.to_le_bytes());
    Ok(())
}

fn put(record: &mut Vec<u8>, bytes: &[u8]) -> Result<()> {
    let length = u16::try_from(bytes.len()).map_err(|_| Error::Invalid { what: "a reference of 64 KiB" })?;
    record.extend(length.to_le_bytes());
    record.extend_from_slice(bytes);
    Ok(())
}

/// A stored job.
pub(crate) struct Record {
    pub(crate) state: JobState,
    pub(crate) priority: Priority,
    pub(crate) attempts: u32,
    pub(crate) max_attempts: u32,
    pub(crate) run_at: DateTime<Utc>,
    pub(crate) enqueued_at: DateTime<Utc>,
    /// When it ended, if it has.
    pub(crate) time: DateTime<Utc>,
    pub(crate) org: OrgId,
    pub(crate) queue: String,
    pub(crate) kind: String,
    pub(crate) remote: Option<String>,
    pub(crate) resource_type: Option<String>,
    pub(crate) correlation: CorrelationId,
    pub(crate) refs: BTreeMap<String, String>,
}

impl Record {
    pub(crate) fn decode(bytes: &[u8]) -> Result<Self> {
        let mut rest = Reader(bytes);
        let [state] = rest.array()?;
        let (attempts, max_attempts) = (rest.number()?, rest.number()?);
        let ([priority], _cost) = (rest.array()?, rest.number()?);
        let (run_at, _park) = (rest.instant()?, rest.instant()?);
        let (enqueued_at, time) = (rest.instant()?, rest.instant()?);
        let (_length, [flags, keys]) = (rest.number()?, rest.array()?);
        rest.take(32 * usize::from(keys))?;
        let lane = rest.text()?;
        if flags & HAS_UNIQUE != 0 {
            rest.text()?;
        }
        let mut parts = split(lane);
        let mut part = || parts.next().ok_or(CORRUPT);
        let (org, queue, remote, kind, resource_type) = (part()?, part()?, part()?, part()?, part()?);
        Ok(Self {
            state: STATES.get(usize::from(state)).copied().ok_or(CORRUPT)?,
            priority: Priority::new(priority).ok_or(CORRUPT)?,
            attempts,
            max_attempts,
            run_at: moment(run_at)?,
            enqueued_at: moment(enqueued_at)?,
            time: moment(time)?,
            org: OrgId::new(org).map_err(|_| CORRUPT)?,
            queue: queue.to_owned(),
            kind: kind.to_owned(),
            remote: unscoped(remote),
            resource_type: unscoped(resource_type),
            correlation: CorrelationId::new(rest.text()?).map_err(|_| CORRUPT)?,
            refs: rest.refs()?,
        })
    }
}

/// The progress that the scripts keep and never read.
pub(crate) fn encode_progress(progress: &Progress) -> Vec<u8> {
    let mut bytes = vec![u8::from(progress.total.is_some()) | u8::from(progress.checkpoint.is_some()) << 1];
    bytes.extend(progress.done.to_le_bytes());
    bytes.extend(progress.total.unwrap_or(0).to_le_bytes());
    bytes.extend(progress.checkpoint.as_deref().unwrap_or_default().as_bytes());
    bytes
}

pub(crate) fn decode_progress(bytes: &[u8]) -> Result<Option<Progress>> {
    if bytes.is_empty() {
        return Ok(None);
    }
    let mut rest = Reader(bytes);
    let [flags] = rest.array()?;
    let (done, total) = (u64::from_le_bytes(rest.array()?), u64::from_le_bytes(rest.array()?));
    let checkpoint = std::str::from_utf8(rest.0).map_err(|_| CORRUPT)?;
    Ok(Some(Progress {
        done,
        total: (flags & 1 != 0).then_some(total),
        checkpoint: (flags & 2 != 0).then(|| checkpoint.to_owned()),
    }))
}

/// What is left to read.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or(CORRUPT)?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        self.take(N)?.try_into().map_err(|_| CORRUPT)
    }

    fn number(&mut self) -> Result<u32> {
        self.array().map(u32::from_le_bytes)
    }

    fn instant(&mut self) -> Result<Micros> {
        self.array().map(Micros::from_le_bytes)
    }

    fn text(&mut self) -> Result<&'a str> {
        let length = self.array().map(u16::from_le_bytes)?;
        std::str::from_utf8(self.take(usize::from(length))?).map_err(|_| CORRUPT)
    }

    fn refs(&mut self) -> Result<BTreeMap<String, String>> {
        let mut refs = BTreeMap::new();
        while !self.0.is_empty() {
            refs.insert(self.text()?.to_owned(), self.text()?.to_owned());
        }
        Ok(refs)
    }
}
