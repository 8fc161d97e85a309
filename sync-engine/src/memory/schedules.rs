//! Schedules and the lease of their leader.

use std::collections::BTreeMap;

use async_trait::async_trait;
use carewire_fhir_core::OrgId;
use chrono::{DateTime, Utc};

use super::{MemoryStore, State};
use crate::{Error, Fired, Firing, Leadership, Result, Schedule, ScheduleView, Scheduler};

#[derive(Default)]
pub(super) struct Schedules {
    rows: BTreeMap<(OrgId, String), ScheduleView>,
    leader: Option<(String, Leadership)>,
    epoch: u64,
}

impl Schedules {
    fn put(&mut self, schedule: &Schedule, next: Option<DateTime<Utc>>) -> bool {
        let key = (schedule.org.clone(), schedule.name.clone());
        let known = self.rows.get(&key);
        if known.is_some_and(|known| known.schedule == *schedule) {
            return false;
        }
        let last_at = known.and_then(|known| known.last_at);
        self.rows.insert(key, ScheduleView { schedule: schedule.clone(), next_at: next, last_at });
        true
    }

    fn lead(&mut self, holder: &str, until: DateTime<Utc>, now: DateTime<Utc>) -> Option<Leadership> {
        match &mut self.leader {
            Some((leader, leadership)) if leadership.until > now => {
                if leader != holder {
                    return None;
                }
                leadership.until = leadership.until.max(until);
            }
            _ => {
                self.epoch += 1;
                self.leader = Some((holder.to_owned(), Leadership { epoch: self.epoch, until }));
            }
        }
        self.leader.as_ref().map(|(_, leadership)| leadership.clone())
    }

    fn leads(&self, leadership: &Leadership) -> bool {
        self.leader.as_ref().is_some_and(|(_, newest)| newest.epoch == leadership.epoch)
    }

    fn resign(&mut self, leadership: &Leadership) {
        if self.leads(leadership) {
            self.leader = None;
        }
    }

    fn due(&self, now: DateTime<Utc>, limit: usize) -> Vec<ScheduleView> {
        let mut due: Vec<_> = self.enabled().filter(|(next, _)| *next <= now).collect();
        due.sort_by_key(|(next, _)| *next);
        due.into_iter().take(limit).map(|(_, view)| view.clone()).collect()
    }

    fn enabled(&self) -> impl Iterator<Item = (DateTime<Utc>, &ScheduleView)> {
        let enabled = self.rows.values().filter(|view| view.schedule.enabled);
        enabled.filter_map(|view| Some((view.next_at?, view)))
    }
}

#[async_trait]
impl Scheduler for MemoryStore {
    async fn put_schedule(&self, schedule: &Schedule, next: Option<DateTime<Utc>>) -> Result<bool> {
        schedule.check()?;
        Ok(self.state().schedules.put(schedule, next))
    }

    async fn remove_schedule(&self, org: &OrgId, name: &str) -> Result<bool> {
        Ok(self.state().schedules.rows.remove(&(org.clone(), name.to_owned())).is_some())
    }

    async fn schedules(&self, org: &OrgId) -> Result<Vec<ScheduleView>> {
        let state = self.state();
        Ok(state.schedules.rows.values().filter(|view| view.schedule.org == *org).cloned().collect())
    }

    async fn lead(
        &self,
        holder: &str,
        until: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Option<Leadership>> {
        Ok(self.state().schedules.lead(holder, until, now))
    }

    async fn resign(&self, leadership: &Leadership) -> Result<()> {
        self.state().schedules.resign(leadership);
        Ok(())
    }

    async fn due_schedules(&self, now: DateTime<Utc>, limit: usize) -> Result<Vec<ScheduleView>> {
        Ok(self.state().schedules.due(now, limit))
    }

    async fn fire(&self, leadership: &Leadership, firing: &Firing) -> Result<Fired> {
        let State { schedules, jobs, .. } = &mut *self.state();
        let leads = schedules.leads(leadership);
        let Some(view) = schedules.rows.get_mut(&(firing.org.clone(), firing.name.clone())) else {
            return Ok(Fired::Stale);
        };
        if !leads || !view.schedule.enabled || view.next_at != Some(firing.due) {
            return Ok(Fired::Stale);
        }
        if firing.jobs.iter().any(|job| job.org != firing.org) {
            return Err(Error::Conflict { what: "job" });
        }
        jobs.enqueue(firing.jobs.clone())?;
        view.next_at = firing.next;
        view.last_at = firing.last.or(view.last_at);
        Ok(Fired::Done)
    }

    async fn next_firing(&self) -> Result<Option<DateTime<Utc>>> {
        Ok(self.state().schedules.enabled().map(|(next, _)| next).min())
    }
}
