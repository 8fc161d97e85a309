//! Kills of the program that hands messages over to the outbox, and of the one that sends them.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tokio::time::sleep;

use super::receiver::Receiver;
use crate::certificates::Certificates;
use crate::gateway::{Gateway, GatewayOptions};
use crate::load::{Kind, Patient, Planned};
use crate::process::Process;
use crate::remote::Remote;
use crate::{Error, Result, Rng};

/// The destination in the configuration.
const DESTINATION: &str = "lab";
/// How long the outbox may take to empty after the last kill, and for each round more: a message that a killed sender had
/// in hand is free again when its lease (30 s) is over.
const DRAIN: Duration = Duration::from_secs(60);
const DRAIN_FOR_EACH_ROUND: Duration = Duration::from_secs(35);

/// How to torment.
#[derive(Clone, Debug)]
pub struct OutboxOptions {
    /// The `carewire` binary.
    pub binary: PathBuf,
    /// For stores, messages and logs.
    pub directory: PathBuf,
    /// Kills.
    pub rounds: u32,
    /// Decides when.
    pub seed: u64,
    /// How many messages are handed over in each round.
    pub messages: u32,
    /// Whether the receiver speaks TLS and wants a certificate.
    pub tls: bool,
}

/// What was done, and what was found. `Display` is a table.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct OutboxReport {
    /// Repeats the run.
    pub seed: u64,
    /// Kills of the sender.
    pub sender_kills: u32,
    /// Kills of the program that hands over, before it was done.
    pub hand_over_kills: u32,
    /// Messages that were handed over.
    pub messages: usize,
    /// Messages that came, with their repetitions.
    pub arrivals: usize,
    /// The whole run.
    pub took: Duration,
    /// What should not be: empty when all is well.
    pub violations: Vec<String>,
}

/// Hands messages over, kills, lets the outbox empty, and compares what came with what was handed over.
///
/// # Errors
/// When a process does not come up, or a message is not taken into the outbox.
pub async fn run(options: &OutboxOptions) -> Result<OutboxReport> {
    let started = Instant::now();
    let mut report = OutboxReport { seed: options.seed, ..OutboxReport::default() };
    let mut scene = Scene::start(options).await?;
    let mut sent = Vec::new();
    for round in 0..options.rounds {
        let messages: Vec<Vec<u8>> =
            (1..=options.messages).map(|n| message(round * options.messages + n)).collect();
        scene.hand_over(round, &messages, &mut report).await?;
        sent.extend(messages);
        scene.kill_sender(&mut report).await?;
    }
    let patience = DRAIN + DRAIN_FOR_EACH_ROUND * options.rounds;
    scene.receiver.wait_for(sent.last().map(Vec::as_slice).unwrap_or_default(), patience).await;
    // Whatever should not come has time to come.
    sleep(Duration::from_secs(1)).await;
    let status = scene.gateway.terminate().await?;
    if !status.success() {
        report.violations.push(format!("the gateway ended with {status} when it was asked to end"));
    }
    let came = scene.receiver.came();
    report.violations.extend(check(&sent, &came));
    (report.messages, report.arrivals, report.took) = (sent.len(), came.len(), started.elapsed());
    Ok(report)
}

/// The sender, whom it sends to, and the remote that `serve` wants as well.
struct Scene {
    gateway: Gateway,
    receiver: Receiver,
    _remote: Remote,
    directory: PathBuf,
    rng: Rng,
}

impl Scene {
    async fn start(options: &OutboxOptions) -> Result<Self> {
        let certificates = || Certificates::make(&options.directory.join("certificates"));
        let certificates = options.tls.then(certificates).transpose()?;
        let receiver = Receiver::start(certificates.as_ref(), options.seed).await?;
        let configuration = options.directory.join("outbox.toml");
        std::fs::write(&configuration, destination(&receiver, certificates.as_ref()))
            .map_err(Error::io("outbox.toml"))?;
        let remote = Remote::start(&options.binary, &options.directory).await?;
        let gateway = GatewayOptions {
            configuration: Some(configuration),
            ..GatewayOptions::new(&options.binary, &options.directory, remote.base())
        };
        Ok(Self {
            gateway: Gateway::start(gateway).await?,
            receiver,
            _remote: remote,
            directory: options.directory.clone(),
            rng: Rng::new(options.seed),
        })
    }

    /// Hands the messages over; killed half-way it is run again, as an operator would do.
    async fn hand_over(&mut self, round: u32, messages: &[Vec<u8>], report: &mut OutboxReport) -> Result<()> {
        let file = self.write(round, messages)?;
        let arguments = ["mllp", "send", "--outbox", DESTINATION, &file];
        let mut handing = Process::start(self.gateway.program("hand-over", &arguments))?;
        sleep(self.rng.within(&(Duration::from_millis(30)..Duration::from_millis(400)))).await;
        report.hand_over_kills += u32::from(handing.ended().is_none());
        handing.kill()?;
        let output = self.gateway.command(&arguments)?;
        match output.status.success() {
            true => Ok(()),
            false => Err(Error::program("mllp send --outbox", format!("ended with {}", output.status))),
        }
    }

    fn write(&self, round: u32, messages: &[Vec<u8>]) -> Result<String> {
        let file = self.directory.join(format!("round-{round}.hl7"));
        std::fs::write(&file, messages.concat()).map_err(Error::io("messages"))?;
        Ok(file.display().to_string())
    }

    /// While something is on its way.
    async fn kill_sender(&mut self, report: &mut OutboxReport) -> Result<()> {
        sleep(self.rng.within(&(Duration::from_millis(20)..Duration::from_millis(300)))).await;
        self.gateway.kill()?;
        report.sender_kills += 1;
        self.gateway.start_again().await
    }
}

fn destination(receiver: &Receiver, certificates: Option<&Certificates>) -> String {
    let to = receiver.address();
    let mut table = format!(
        "[[destination]]\nname = \"{DESTINATION}\"\nto = \"{to}\"\nbasis = \"contract:crash-test\"\non_reject = \"stop\"\n"
    );
    if let Some(made) = certificates {
        let (certificate, key) = made.client();
        let line = |name: &str, path: &Path| format!("{name} = \"{}\"\n", path.display());
        table.push_str(&line("tls_ca", &made.ca()));
        table.push_str(&line("tls_cert", &certificate));
        table.push_str(&line("tls_key", &key));
        table.push_str(&format!("tls_name = \"{}\"\n", Certificates::SERVER_NAME));
    }
    table
}

/// Of one patient, so that they have one order.
fn message(n: u32) -> Vec<u8> {
    let kind = if n.is_multiple_of(2) { Kind::Result } else { Kind::Visit };
    Planned::new(Patient(1), n, kind).bytes()
}

/// Each message came, the same bytes, before the next one came for the first time, and not again after that. Each finding
/// is a sentence; none is what is wanted.
#[must_use]
fn check(sent: &[Vec<u8>], came: &[Vec<u8>]) -> Vec<String> {
    let mut findings = Vec::new();
    let mut reached = 0;
    for (place, bytes) in came.iter().enumerate() {
        match sent.iter().position(|sent| sent == bytes) {
            None => findings.push(format!("arrival {place} is none of the messages")),
            Some(n) if n == reached => reached += 1,
            Some(n) if n + 1 == reached => {}
            Some(n) => findings.push(format!("message {n} came at {place}, when {reached} was due")),
        }
    }
    if reached < sent.len() {
        findings.push(format!("{} of {} messages came", reached, sent.len()));
    }
    findings
}

impl fmt::Display for OutboxReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = [
            ("seed", self.seed),
            ("kills of the sender", self.sender_kills.into()),
            ("kills of the hand-over", self.hand_over_kills.into()),
            ("messages handed over", self.messages as u64),
            ("messages that came", self.arrivals as u64),
            ("seconds", self.took.as_secs()),
            ("violations", self.violations.len() as u64),
        ];
        for (name, value) in rows {
            writeln!(f, "{name:<26}{value:>10}")?;
        }
        self.violations.iter().take(40).try_for_each(|violation| writeln!(f, "VIOLATION {violation}"))
    }
}

#[cfg(test)]
mod tests {
    use super::check;

    fn found(came: &[u8]) -> usize {
        let bytes = |numbers: &[u8]| numbers.iter().map(|n| vec![*n]).collect::<Vec<_>>();
        check(&bytes(&[1, 2, 3]), &bytes(came)).len()
    }

    #[test]
    fn losses_strangers_and_disorder_are_found() {
        assert_eq!(found(&[1, 2, 3]), 0);
        assert_eq!(found(&[1, 1, 2, 3, 3, 3]), 0, "repetitions before the next one");
        assert_eq!(found(&[1, 2]), 1);
        assert_eq!(found(&[1, 2, 3, 9]), 1);
        assert_eq!(found(&[1, 2, 3, 1]), 1);
        assert!(found(&[1, 3, 2]) > 0 && found(&[]) > 0);
    }
}
