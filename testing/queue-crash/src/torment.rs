//! The torment: who is killed, stopped or cut off, and when.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use carewire_canary::Rng;
use carewire_fhir_core::OrgId;
use chrono::Utc;
use tokio::sync::watch;
use tokio::time::sleep;

use crate::cut::Wire;
use crate::journal::Journal;
use crate::worker::LEASE;
use crate::{Checked, Error, Queue, Result, Server, check, open, producer};

/// How long the queue may take to empty after the last round.
const DRAIN: Duration = Duration::from_secs(90);
const WORKERS: usize = 3;

/// How to torment.
#[derive(Debug)]
pub struct Torment {
    /// The `queue-worker` program.
    pub worker: PathBuf,
    /// For journals.
    pub directory: PathBuf,
    /// The store; for a server with `ADDRESS` in place of its address.
    pub url: String,
    /// The server, where there is one.
    pub server: Option<Server>,
    /// So many times somebody is hurt.
    pub rounds: u32,
    /// Decides who and when.
    pub seed: u64,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Report {
    /// Effects that were acknowledged to the producer.
    pub acknowledged: u64,
    /// Workers that were killed.
    pub killed: u32,
    /// Workers that slept for longer than their leases.
    pub slept: u32,
    /// Times that the server was killed.
    pub server_killed: u32,
    /// Times that all connections broke.
    pub cut: u32,
    /// What the journals say.
    pub checked: Checked,
    /// How long it took.
    pub took: Duration,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Checked { claims, effects, stale, violations } = &self.checked;
        writeln!(
            f,
            "{} jobs acknowledged, {claims} claims, {effects} effects, {stale} stale ends refused; workers killed {}, asleep {}; \
             server killed {}, cut off {}; {:.1} s",
            self.acknowledged,
            self.killed,
            self.slept,
            self.server_killed,
            self.cut,
            self.took.as_secs_f64()
        )?;
        violations.iter().try_for_each(|violation| writeln!(f, "violation: {violation}"))
    }
}

/// Runs the torment.
///
/// # Errors
/// When a process does not start, or the queue does not empty. What the queue did wrong is in the report.
pub async fn torment(mut options: Torment) -> Result<Report> {
    let began = Instant::now();
    let wire = match &options.server {
        Some(server) => Some(Wire::to(server.address()).await?),
        None => None,
    };
    let url = |address: std::net::SocketAddr| options.url.replace("ADDRESS", &address.to_string());
    let direct = options.server.as_ref().map_or(options.url.clone(), |server| url(server.address()));
    let wired = wire.as_ref().map_or(options.url.clone(), |wire| url(wire.address));
    let queue = open(&direct).await?;
    let mut workers = Workers::start(&options.worker, &options.directory, &wired)?;
    let (stop, stopped) = watch::channel(false);
    let producer = tokio::spawn(producer::run(Arc::clone(&queue), options.seed, stopped));
    let mut report = Report::default();
    let mut rng = Rng::new(options.seed);
    for _ in 0..options.rounds {
        sleep(Duration::from_millis(100 + rng.below(400))).await;
        round(&mut rng, &mut workers, options.server.as_mut(), wire.as_ref(), &mut report).await?;
    }
    stop.send_replace(true);
    report.acknowledged = producer.await.map_err(|error| Error::failed("producer", error))?;
    workers.wake();
    until_empty(&queue).await?;
    workers.end().await?;
    report.checked = check(&Journal::read_all(&options.directory)?, report.acknowledged);
    report.took = began.elapsed();
    Ok(report)
}

async fn round(
    rng: &mut Rng,
    workers: &mut Workers,
    server: Option<&mut Server>,
    wire: Option<&Wire>,
    report: &mut Report,
) -> Result<()> {
    let fate = rng.below(100);
    match (server, wire) {
        (Some(server), _) if fate < 15 => {
            server.kill()?;
            sleep(Duration::from_millis(rng.below(300))).await;
            server.start_again()?;
            report.server_killed += 1;
        }
        (_, Some(wire)) if fate < 30 => {
            wire.cut();
            sleep(Duration::from_millis(rng.below(1500))).await;
            wire.mend();
            report.cut += 1;
        }
        _ if fate > 84 => report.slept += u32::from(workers.put_to_sleep(rng)),
        _ => {
            workers.kill(rng)?;
            report.killed += 1;
        }
    }
    Ok(())
}

async fn until_empty(queue: &Arc<dyn Queue>) -> Result<()> {
    let orgs = ["org_a", "org_b", "org_c"].map(OrgId::new);
    let began = Instant::now();
    let mut left = u64::MAX;
    while began.elapsed() < DRAIN {
        left = 0;
        for org in orgs.iter().flatten() {
            match queue.stats(org, None, Utc::now()).await {
                Ok(stats) => left += stats.waiting + stats.active + stats.delayed + stats.failed,
                Err(_) => left += 1,
            }
        }
        if left == 0 {
            return Ok(());
        }
        sleep(Duration::from_millis(100)).await;
    }
    Err(Error::failed("the queue did not empty, left", left))
}

struct Workers {
    program: PathBuf,
    directory: PathBuf,
    url: String,
    children: Vec<Hand>,
    started: u32,
}

struct Hand {
    child: Child,
    wakes_at: Option<Instant>,
}

impl Workers {
    fn start(program: &Path, directory: &Path, url: &str) -> Result<Self> {
        let mut workers = Self {
            program: program.to_path_buf(),
            directory: directory.to_path_buf(),
            url: url.to_owned(),
            children: Vec::new(),
            started: 0,
        };
        for _ in 0..WORKERS {
            let hand = workers.spawn()?;
            workers.children.push(hand);
        }
        Ok(workers)
    }

    fn spawn(&mut self) -> Result<Hand> {
        self.started += 1;
        let journal = self.directory.join(format!("worker-{}.journal", self.started));
        let log = std::fs::File::create(self.directory.join(format!("worker-{}.log", self.started)));
        let child = Command::new(&self.program)
            .arg(&self.url)
            .arg(journal)
            .stdin(Stdio::null())
            .stderr(log.map_err(Error::io("log"))?)
            .spawn();
        Ok(Hand { child: child.map_err(Error::io("queue-worker"))?, wakes_at: None })
    }

    fn kill(&mut self, rng: &mut Rng) -> Result<()> {
        self.wake_those_who_slept();
        let place = usize::try_from(rng.below(WORKERS as u64)).unwrap_or(0);
        let fresh = self.spawn()?;
        if let Some(hand) = self.children.get_mut(place) {
            hand.child.kill().and_then(|()| hand.child.wait()).map_err(Error::io("kill"))?;
            *hand = fresh;
        }
        Ok(())
    }

    /// A worker stops in the middle of what it does, and goes on when its leases have long ended.
    fn put_to_sleep(&mut self, rng: &mut Rng) -> bool {
        self.wake_those_who_slept();
        let place = usize::try_from(rng.below(WORKERS as u64)).unwrap_or(0);
        let Some(hand) = self.children.get_mut(place).filter(|hand| hand.wakes_at.is_none()) else {
            return false;
        };
        hand.wakes_at = Some(Instant::now() + LEASE + Duration::from_millis(rng.below(1000)));
        signal(&hand.child, "-STOP")
    }

    fn wake_those_who_slept(&mut self) {
        for hand in &mut self.children {
            if hand.wakes_at.is_some_and(|at| at <= Instant::now()) {
                signal(&hand.child, "-CONT");
                hand.wakes_at = None;
            }
        }
    }

    fn wake(&mut self) {
        for hand in &mut self.children {
            signal(&hand.child, "-CONT");
        }
    }

    /// Asked to end, they do.
    async fn end(mut self) -> Result<()> {
        self.wake();
        for hand in &mut self.children {
            signal(&hand.child, "-TERM");
        }
        let began = Instant::now();
        for hand in &mut self.children {
            loop {
                match hand.child.try_wait().map_err(Error::io("wait"))? {
                    Some(status) if status.success() => break,
                    Some(status) => return Err(Error::failed("queue-worker ended", status)),
                    None if began.elapsed() > Duration::from_secs(20) => {
                        return Err(Error::failed("queue-worker", "does not end"));
                    }
                    None => sleep(Duration::from_millis(20)).await,
                }
            }
        }
        Ok(())
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        for hand in &mut self.children {
            drop(hand.child.kill());
            drop(hand.child.wait());
        }
    }
}

fn signal(child: &Child, signal: &str) -> bool {
    Command::new("kill").args([signal, &child.id().to_string()]).status().is_ok_and(|status| status.success())
}
