//! The loop that fires schedules while it leads.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use carewire_fhir_core::CorrelationId;
use chrono::{DateTime, Utc};
use tokio::time::sleep;
use tracing::{info, warn};

use super::{Fired, Firing, Leadership, ScheduleView, Scheduler};
use crate::jobs::span;
use crate::{Clock, Error, Result};

/// So many schedules are fired before the lease is looked after again.
const AT_ONCE: usize = 100;
/// So many missed occurrences of a schedule are fired in one step.
const CATCH_UP: usize = 100;

/// How a runner runs.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ScheduleRunnerOptions {
    /// Who it is: another name than every other runner of the store has.
    pub holder: String,
    /// How long the lease of the leader runs; it is renewed three times in that time.
    pub lease: Duration,
}

impl ScheduleRunnerOptions {
    /// A lease of 30 s.
    pub fn new(holder: impl Into<String>) -> Self {
        Self { holder: holder.into(), lease: Duration::from_secs(30) }
    }

    /// The same with another lease.
    #[must_use]
    pub fn with_lease(self, lease: Duration) -> Self {
        Self { lease: lease.max(Duration::from_millis(30)), ..self }
    }
}

/// Fires the schedules of a store while it holds the lease of the leader. Run one in every process.
#[derive(Debug)]
pub struct ScheduleRunner {
    scheduler: Arc<dyn Scheduler>,
    clock: Arc<dyn Clock>,
    options: ScheduleRunnerOptions,
}

impl ScheduleRunner {
    /// A runner that is not running yet.
    pub fn new(scheduler: Arc<dyn Scheduler>, clock: Arc<dyn Clock>, options: ScheduleRunnerOptions) -> Self {
        Self { scheduler, clock, options }
    }

    /// Fires what is due until `shutdown` is ready, then gives the lease back. `enqueued` is called after jobs were enqueued,
    /// to wake workers.
    pub async fn run(&self, shutdown: impl Future<Output = ()>, enqueued: impl Fn()) {
        let mut shutdown = pin!(shutdown);
        let mut led = None;
        loop {
            let pause = match self.turn(&mut led, &enqueued).await {
                Ok(pause) => pause,
                Err(error) => {
                    warn!(%error, "schedules could not be fired");
                    self.beat()
                }
            };
            tokio::select! {
                biased;
                () = &mut shutdown => break,
                () = sleep(pause) => {}
            }
        }
        if let Some(leadership) = led
            && let Err(error) = self.scheduler.resign(&leadership).await
        {
            warn!(%error, "the lease of the schedules was not given back");
        }
    }

    fn beat(&self) -> Duration {
        self.options.lease / 3
    }

    /// Looks after the lease and fires what is due; answers how long there is nothing to do.
    async fn turn(&self, led: &mut Option<Leadership>, enqueued: &impl Fn()) -> Result<Duration> {
        let now = self.clock.now();
        let leadership =
            self.scheduler.lead(&self.options.holder, now + span(self.options.lease), now).await?;
        if let (Some(leadership), None) = (&leadership, &led) {
            info!(epoch = leadership.epoch, "fires the schedules");
        }
        led.clone_from(&leadership);
        let Some(leadership) = leadership else { return Ok(self.beat()) };
        let due = self.scheduler.due_schedules(now, AT_ONCE).await?;
        let mut jobs = 0;
        for view in &due {
            let firing = firing(view, now)?;
            let count = firing.jobs.len();
            match self.scheduler.fire(&leadership, &firing).await? {
                Fired::Done => jobs += count,
                Fired::Stale => warn!(schedule = view.schedule.name, "did not fire: it has moved"),
            }
        }
        if jobs > 0 {
            enqueued();
        }
        let next = self.scheduler.next_firing().await?;
        let until = next.map(|next| (next - self.clock.now()).to_std().unwrap_or_default());
        // A clock that stands still must not make it spin.
        Ok(until.unwrap_or(self.beat()).clamp(Duration::from_millis(5), self.beat()))
    }
}

fn firing(view: &ScheduleView, now: DateTime<Utc>) -> Result<Firing> {
    let schedule = &view.schedule;
    let due = view.next_at.unwrap_or(now);
    let firings = schedule.occurrences(due, now, CATCH_UP);
    let jobs = firings.at.iter().map(|at| Ok(schedule.job(*at, correlation(&schedule.name, *at)?, now)));
    Ok(Firing {
        org: schedule.org.clone(),
        name: schedule.name.clone(),
        due,
        next: firings.next,
        last: firings.at.last().copied(),
        jobs: jobs.collect::<Result<_>>()?,
    })
}

/// Equal for an occurrence whoever fires it.
fn correlation(name: &str, at: DateTime<Utc>) -> Result<CorrelationId> {
    CorrelationId::new(&format!("schedule-{name}-{}", at.timestamp()))
        .map_err(|_| Error::Invalid { what: "the name of a schedule" })
}
