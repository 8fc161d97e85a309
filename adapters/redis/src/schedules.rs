//! [`Scheduler`]: schedules, and the lease of the one who fires them.

use async_trait::async_trait;
use carewire_fhir_core::OrgId;
use carewire_sync_engine::{Error, Fired, Firing, Leadership, Result, Schedule, ScheduleView, Scheduler};
use chrono::{DateTime, Utc};
use redis::{Cmd, FromRedisValue};

use crate::RedisQueue;
use crate::jobs::put_jobs;
use crate::time::{exact, optional_moment};

const CORRUPT: Error = Error::Corrupt { what: "schedule" };

#[async_trait]
impl Scheduler for RedisQueue {
    async fn put_schedule(&self, schedule: &Schedule, next: Option<DateTime<Utc>>) -> Result<bool> {
        schedule.check()?;
        let body = serde_json::to_vec(schedule).map_err(|_| Error::Invalid { what: "schedule" })?;
        let mut call = self.action("put");
        call.arg(schedule.org.as_str()).arg(&schedule.name).arg(instant(next));
        call.arg(u8::from(schedule.enabled)).arg(body);
        self.schedule(&call).await
    }

    async fn remove_schedule(&self, org: &OrgId, name: &str) -> Result<bool> {
        let mut call = self.action("remove");
        call.arg(org.as_str()).arg(name);
        self.schedule(&call).await
    }

    async fn schedules(&self, org: &OrgId) -> Result<Vec<ScheduleView>> {
        let kept = self.fields(&format!("schedules:{}", org.as_str())).await?;
        let mut views = kept.iter().map(|(_, packed)| view(packed)).collect::<Result<Vec<_>>>()?;
        views.sort_unstable_by(|one, other| one.schedule.name.cmp(&other.schedule.name));
        Ok(views)
    }

    async fn lead(
        &self,
        holder: &str,
        until: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Option<Leadership>> {
        let mut call = self.action("lead");
        call.arg(holder).arg(exact(until)).arg(exact(now));
        let answer: Vec<i64> = self.schedule(&call).await?;
        let [epoch, until] = answer[..] else { return Ok(None) };
        let until = DateTime::from_timestamp_micros(until).ok_or(CORRUPT)?;
        Ok(Some(Leadership { epoch: epoch.unsigned_abs(), until }))
    }

    async fn resign(&self, leadership: &Leadership) -> Result<()> {
        let mut call = self.action("resign");
        call.arg(leadership.epoch);
        self.schedule::<()>(&call).await
    }

    async fn due_schedules(&self, now: DateTime<Utc>, limit: usize) -> Result<Vec<ScheduleView>> {
        let mut call = self.action("due");
        call.arg(exact(now)).arg(limit);
        let due: Vec<Vec<u8>> = self.schedule(&call).await?;
        due.iter().map(|packed| view(packed)).collect()
    }

    async fn fire(&self, leadership: &Leadership, firing: &Firing) -> Result<Fired> {
        let script = &self.scripts.fire;
        let mut call = self.call(script);
        call.arg(leadership.epoch).arg(firing.org.as_str()).arg(&firing.name);
        call.arg(exact(firing.due)).arg(instant(firing.next)).arg(instant(firing.last));
        call.arg(u8::from(firing.jobs.iter().all(|job| job.org == firing.org)));
        put_jobs(&mut call, firing.jobs.iter().map(|job| (None, job)))?;
        let answer: Vec<i64> = self.run(script, &call).await?;
        Ok(if answer.is_empty() { Fired::Stale } else { Fired::Done })
    }

    async fn next_firing(&self) -> Result<Option<DateTime<Utc>>> {
        let next: Vec<u8> = self.schedule(&self.action("next")).await?;
        optional_moment(&next)
    }
}

impl RedisQueue {
    fn action(&self, name: &str) -> Cmd {
        let mut call = self.call(&self.scripts.schedules);
        call.arg(name);
        call
    }

    async fn schedule<T: FromRedisValue>(&self, call: &Cmd) -> Result<T> {
        self.run(&self.scripts.schedules, call).await
    }
}

fn instant(instant: Option<DateTime<Utc>>) -> String {
    instant.map_or_else(String::new, |instant| exact(instant).to_string())
}

/// What is kept of a schedule: when it fires next and fired last, whether it is enabled, its definition.
fn view(packed: &[u8]) -> Result<ScheduleView> {
    let mut parts = packed.splitn(4, |byte| *byte == b' ');
    let mut part = || parts.next().ok_or(CORRUPT);
    let (next, last, _enabled, body) = (part()?, part()?, part()?, part()?);
    Ok(ScheduleView {
        schedule: serde_json::from_slice(body).map_err(|_| CORRUPT)?,
        next_at: optional_moment(next)?,
        last_at: optional_moment(last)?,
    })
}
