//! Kills of the gateway and of its remote under load, and the check of what is left.

mod check;
pub mod outbox;
mod receiver;
mod report;

use std::ops::Range;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use carewire_mllp::Target;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::sleep;

pub use check::{Seen, SeenResult, SeenVisit, check};
pub use report::CrashReport;

use crate::certificates::Certificates;
use crate::database::SharedStore;
use crate::gateway::{Gateway, GatewayOptions, Health};
use crate::load::{Ledger, Patient, Sender, SenderOptions};
use crate::redis::Redis;
use crate::remote::Remote;
use crate::{Error, Result, Rng};

/// How long the queue may take to empty after the last kill, and for each round more: a job that a killed gateway held is
/// free again when its lease (30 s) is over.
const DRAIN: Duration = Duration::from_secs(120);
const DRAIN_FOR_EACH_ROUND: Duration = Duration::from_secs(1);
/// How long a sender may take to get its last acknowledgement.
const LAST_ACK: Duration = Duration::from_secs(30);

/// Who is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Victims {
    /// Either, now and then both.
    Any,
    /// The remote only.
    Remote,
}

impl Victims {
    /// Whether the gateway and whether the remote is killed in this round.
    fn choose(self, rng: &mut Rng) -> (bool, bool) {
        let fate = rng.below(100);
        match self {
            Self::Any => (fate < 55, fate >= 45),
            Self::Remote => (false, true),
        }
    }
}

/// How to torment.
#[derive(Clone, Debug)]
pub struct CrashOptions {
    /// The `carewire` binary.
    pub binary: PathBuf,
    /// For stores and logs.
    pub directory: PathBuf,
    /// Kills.
    pub rounds: u32,
    /// Of whom.
    pub victims: Victims,
    /// Decides when and whom.
    pub seed: u64,
    /// MLLP clients.
    pub senders: u32,
    /// Patients of each client.
    pub patients: u32,
    /// Between two messages of a client.
    pub pause: Duration,
    /// Between the moment when both processes are up and the next kill.
    pub peace: Range<Duration>,
    /// Between a kill and the next start.
    pub downtime: Range<Duration>,
    /// Whether the clients speak TLS and show certificates.
    pub tls: bool,
    /// How many gateways work on one store. Senders go from one to the other. In the end only the first one is left.
    pub gateways: u32,
    /// That store, where it is no file.
    pub store: Option<SharedStore>,
    /// Whether the jobs are on a Redis server, which is killed as well.
    pub redis: bool,
}

impl CrashOptions {
    /// The usual torment: eight clients with twelve patients each, a kill about twice a second.
    pub fn new(binary: impl Into<PathBuf>, directory: impl Into<PathBuf>, rounds: u32, seed: u64) -> Self {
        let millis = |start, end| Duration::from_millis(start)..Duration::from_millis(end);
        Self {
            binary: binary.into(),
            directory: directory.into(),
            rounds,
            victims: Victims::Any,
            seed,
            senders: 8,
            patients: 12,
            pause: Duration::from_millis(25),
            peace: millis(150, 900),
            downtime: millis(0, 150),
            tls: false,
            gateways: 1,
            store: None,
            redis: false,
        }
    }
}

/// Runs the load, kills, lets the queue empty and checks.
///
/// # Errors
/// When a process does not come up, or a sender is never answered. What is lost, doubled or out of order is in the report.
pub async fn run(options: &CrashOptions) -> Result<CrashReport> {
    let started = Instant::now();
    let mut scene = Scene::start(options).await?;
    let (stop, stopped) = watch::channel(false);
    let mut senders = start_senders(options, &scene.gateways, &stopped)?;
    let mut report = CrashReport::new(options.seed);
    scene.torment(options, &mut report).await?;
    scene.leave_one(options, &mut report).await?;
    stop.send_replace(true);
    let ledger = tokio::time::timeout(LAST_ACK, collect(&mut senders)).await;
    let ledger = ledger.map_err(|_| Error::timed_out("the last acknowledgements", LAST_ACK))?;
    let patience = DRAIN + DRAIN_FOR_EACH_ROUND * options.rounds;
    let gateway = scene.gateways.first().ok_or_else(|| Error::program("gateway", "there is none"))?;
    // What it tells is of the store, whoever did it.
    report.health = gateway.wait_for(patience, Health::is_idle).await?;
    let seen = Seen::read(&scene.remote).await?;
    report.violations = check(&ledger, &seen, &report.health);
    report.ledger = ledger;
    scene.end(&mut report).await?;
    report.took = started.elapsed();
    Ok(report)
}

/// The processes.
struct Scene {
    gateways: Vec<Gateway>,
    remote: Remote,
    redis: Option<Redis>,
    rng: Rng,
}

impl Scene {
    async fn start(options: &CrashOptions) -> Result<Self> {
        let remote = Remote::start(&options.binary, &options.directory).await?;
        let redis = match options.redis {
            true => Some(Redis::start(&options.directory).await?),
            false => None,
        };
        let certificates = || Certificates::make(&options.directory.join("certificates"));
        let tls = options.tls.then(certificates).transpose()?;
        let mut gateways = Vec::new();
        for number in 1..=options.gateways {
            let gateway = GatewayOptions {
                name: format!("gateway-{number}"),
                store: options.store.clone(),
                implicit_consent: "permit-unless-denied",
                tls: tls.clone(),
                environment: redis.iter().map(|redis| ("CAREWIRE_QUEUE", redis.url())).collect(),
                ..GatewayOptions::new(&options.binary, &options.directory, remote.base())
            };
            if let Some(store) = options.store.as_ref().filter(|_| number == 1) {
                gateway.make_keys()?;
                gateway.migrate(store)?;
            }
            gateways.push(Gateway::start(gateway).await?);
        }
        Ok(Self { gateways, remote, redis, rng: Rng::new(options.seed) })
    }

    async fn torment(&mut self, options: &CrashOptions, report: &mut CrashReport) -> Result<()> {
        for _ in 0..options.rounds {
            sleep(self.rng.within(&options.peace)).await;
            let (gateway, remote) = options.victims.choose(&mut self.rng);
            let number = self.rng.below(self.gateways.len() as u64);
            let victim = usize::try_from(number).ok().and_then(|number| self.gateways.get_mut(number));
            let mut victim = victim.filter(|_| gateway);
            if let Some(gateway) = &mut victim {
                gateway.kill()?;
            }
            if remote {
                self.remote.kill()?;
            }
            let queue = self.redis.is_some() && self.rng.below(100) < 40;
            if let Some(redis) = self.redis.as_mut().filter(|_| queue) {
                redis.kill()?;
            }
            sleep(self.rng.within(&options.downtime)).await;
            if remote {
                self.remote.start_again().await?;
            }
            if let Some(redis) = self.redis.as_mut().filter(|_| queue) {
                redis.start_again().await?;
            }
            if let Some(gateway) = &mut victim {
                gateway.start_again().await?;
            }
            report.rounds += 1;
            report.gateway_kills += u32::from(gateway);
            report.remote_kills += u32::from(remote);
            report.queue_kills += u32::from(queue);
        }
        Ok(())
    }

    /// Kills all gateways but the first, for good: what they had in hand is the first one's when their leases end.
    async fn leave_one(&mut self, options: &CrashOptions, report: &mut CrashReport) -> Result<()> {
        for mut lost in self.gateways.drain(1.min(self.gateways.len())..) {
            lost.kill()?;
            report.gateway_kills += 1;
            sleep(self.rng.within(&options.peace)).await;
        }
        Ok(())
    }

    /// All end when they are asked to.
    async fn end(&mut self, report: &mut CrashReport) -> Result<()> {
        let mut ended = Vec::new();
        for gateway in &mut self.gateways {
            ended.push(("gateway", gateway.terminate().await?));
        }
        ended.push(("remote", self.remote.terminate().await?));
        for (name, status) in ended {
            if !status.success() {
                report.violations.push(format!("{name} ended with {status} when it was asked to end"));
            }
        }
        Ok(())
    }
}

fn start_senders(
    options: &CrashOptions,
    gateways: &[Gateway],
    stopped: &watch::Receiver<bool>,
) -> Result<JoinSet<Ledger>> {
    let mut senders = JoinSet::new();
    let targets: Vec<Target> = gateways.iter().map(Gateway::mllp_target).collect::<Result<_>>()?;
    for sender in 0..options.senders {
        let patients = (sender * options.patients..(sender + 1) * options.patients).map(Patient);
        let behaviour = SenderOptions { targets: targets.clone(), pause: options.pause, repeated_percent: 2 };
        let seed = options.seed.wrapping_add(u64::from(sender) + 1);
        senders.spawn(Sender::new(behaviour, patients, seed).run(stopped.clone()));
    }
    Ok(senders)
}

async fn collect(senders: &mut JoinSet<Ledger>) -> Ledger {
    let mut ledgers = Vec::new();
    while let Some(ended) = senders.join_next().await {
        ledgers.extend(ended.ok());
    }
    Ledger::merge(ledgers)
}
