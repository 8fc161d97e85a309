//! The process that is measured: one engine, told on stdin what to do, answering on stdout. `scripts/bullmq.mjs` is the same
//! for BullMQ.

use std::io::{BufRead as _, Write as _};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};
use serde::{Deserialize, Serialize};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::Result;
use crate::engine::{self, BATCH, Engine};
use crate::handler::{Handler, Payload};

/// Longer than any engine should take.
const PATIENCE: Duration = Duration::from_secs(180);

/// What came of a command.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Answer {
    /// Until the last job was stored or had begun.
    pub(crate) seconds: f64,
    /// The processor time of this process, in microseconds, until everything was settled.
    pub(crate) cpu: f64,
    /// How many jobs were stored or had begun.
    pub(crate) jobs: u64,
    /// Milliseconds from the enqueue to the start of each.
    #[serde(default)]
    pub(crate) waits: Vec<f64>,
    /// Commits meanwhile, where the engine counts them.
    #[serde(default)]
    pub(crate) commits: Option<u64>,
    /// What went wrong.
    #[serde(default)]
    pub(crate) error: Option<String>,
}

/// Serves commands until stdin closes.
pub(crate) fn serve(name: &str, address: &str, lease: Duration) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let engine = runtime.block_on(engine::open(name, address, lease))?;
    let mut measured = Measured { engine, begun: Instant::now(), next: 0 };
    println!("ready");
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let words: Vec<&str> = line.split_whitespace().collect();
        let answer = match runtime.block_on(measured.command(&words)) {
            Ok(answer) => answer,
            Err(error) => Answer { error: Some(crate::told(&*error)), ..Answer::default() },
        };
        println!("{}", serde_json::to_string(&answer)?);
        std::io::stdout().flush()?;
    }
    Ok(())
}

struct Measured {
    engine: Arc<dyn Engine>,
    begun: Instant,
    next: u64,
}

impl Measured {
    async fn command(&mut self, words: &[&str]) -> Result<Answer> {
        let commits = self.engine.commits();
        let mut answer = match words {
            ["enqueue", jobs] => self.enqueue(jobs.parse()?).await?,
            ["each", jobs, callers] => self.each(jobs.parse()?, callers.parse()?).await?,
            ["process", jobs] => self.process(jobs.parse()?).await?,
            ["stall", jobs] => self.stall(jobs.parse()?).await?,
            ["stream", rate, seconds] => self.stream(rate.parse()?, seconds.parse()?).await?,
            _ => return Err("no such command".into()),
        };
        answer.commits = self.engine.commits().zip(commits).map(|(after, before)| after - before);
        Ok(answer)
    }

    fn job(&mut self) -> Payload {
        let at = u64::try_from(self.begun.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.next += 1;
        Payload::new(self.next, at)
    }

    async fn enqueue(&mut self, jobs: u64) -> Result<Answer> {
        let meter = Meter::start();
        let mut left = usize::try_from(jobs)?;
        while left > 0 {
            let batch: Vec<Payload> = (0..left.min(BATCH)).map(|_| self.job()).collect();
            left -= batch.len();
            self.engine.enqueue(batch).await?;
        }
        let seconds = meter.seconds();
        Ok(Answer { seconds, cpu: meter.cpu(), jobs, ..Answer::default() })
    }

    /// One by one, by callers of whom each waits for its own.
    async fn each(&mut self, jobs: u64, callers: u64) -> Result<Answer> {
        let meter = Meter::start();
        let mut tasks = JoinSet::new();
        for _ in 0..callers {
            let engine = Arc::clone(&self.engine);
            let jobs: Vec<Payload> = (0..jobs / callers).map(|_| self.job()).collect();
            tasks.spawn(async move {
                for job in jobs {
                    engine.enqueue(vec![job]).await?;
                }
                Result::Ok(())
            });
        }
        while let Some(ended) = tasks.join_next().await {
            ended??;
        }
        let jobs = jobs / callers * callers;
        Ok(Answer { seconds: meter.seconds(), cpu: meter.cpu(), jobs, ..Answer::default() })
    }

    async fn process(&mut self, jobs: u64) -> Result<Answer> {
        let meter = Meter::start();
        let handler = Arc::new(Handler::new(self.begun, jobs));
        let working = self.engine.work(Arc::clone(&handler)).await?;
        reached(&handler).await?;
        let seconds = meter.seconds();
        working.stop().await?;
        Ok(Answer { seconds, cpu: meter.cpu(), jobs: handler.count(), ..Answer::default() })
    }

    async fn stall(&mut self, jobs: u64) -> Result<Answer> {
        let handler = Arc::new(Handler::new(self.begun, jobs).stalling());
        let meter = Meter::start();
        let working = self.engine.work(Arc::clone(&handler)).await?;
        // It runs on until this process is killed.
        std::mem::forget(working);
        reached(&handler).await?;
        Ok(Answer { seconds: meter.seconds(), jobs: handler.count(), ..Answer::default() })
    }

    /// An open loop: a job each 1/rate s, whether or not the one before is stored.
    async fn stream(&mut self, rate: u64, seconds: u64) -> Result<Answer> {
        let jobs = rate * seconds;
        let handler = Arc::new(Handler::new(self.begun, jobs).timed());
        let working = self.engine.work(Arc::clone(&handler)).await?;
        tokio::time::sleep(Duration::from_millis(500)).await;
        let meter = Meter::start();
        let mut ticks = interval(Duration::from_secs(1) / u32::try_from(rate)?);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
        let mut calls = JoinSet::new();
        for _ in 0..jobs {
            ticks.tick().await;
            let (engine, job) = (Arc::clone(&self.engine), self.job());
            calls.spawn(async move { engine.enqueue(vec![job]).await });
        }
        while let Some(called) = calls.join_next().await {
            called??;
        }
        reached(&handler).await?;
        let seconds = meter.seconds();
        let cpu = meter.cpu();
        working.stop().await?;
        let waits = handler.waits().into_iter().map(|nanoseconds| nanoseconds as f64 / 1e6).collect();
        Ok(Answer { seconds, cpu, jobs: handler.count(), waits, ..Answer::default() })
    }
}

async fn reached(handler: &Handler) -> Result<()> {
    let done = timeout(PATIENCE, handler.done()).await;
    done.map_err(|_| format!("only {} jobs began within {PATIENCE:?}", handler.count()).into())
}

struct Meter {
    begun: Instant,
    cpu: f64,
}

impl Meter {
    fn start() -> Self {
        Self { begun: Instant::now(), cpu: process_time() }
    }

    fn seconds(&self) -> f64 {
        self.begun.elapsed().as_secs_f64()
    }

    fn cpu(&self) -> f64 {
        process_time() - self.cpu
    }
}

/// The processor time of all threads of this process, in microseconds.
fn process_time() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 * 1e6 + time.tv_nsec as f64 / 1e3
}
