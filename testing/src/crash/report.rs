use std::fmt;
use std::time::Duration;

use crate::gateway::Health;
use crate::load::{Kind, Ledger};

/// What was done, and what was found. `Display` is a table.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct CrashReport {
    /// Repeats the run.
    pub seed: u64,
    /// Rounds.
    pub rounds: u32,
    /// Kills of the gateway.
    pub gateway_kills: u32,
    /// Kills of the remote.
    pub remote_kills: u32,
    /// Kills of the queue, where it is a server of its own.
    pub queue_kills: u32,
    /// What the senders saw.
    pub ledger: Ledger,
    /// What the gateway counted when its queue was empty.
    pub health: Health,
    /// The whole run.
    pub took: Duration,
    /// What should not be: empty when all is well.
    pub violations: Vec<String>,
}

impl CrashReport {
    pub(super) fn new(seed: u64) -> Self {
        Self { seed, ..Self::default() }
    }
}

impl fmt::Display for CrashReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |kind| self.ledger.of_kind(kind).count() as u64;
        let rows = [
            ("seed", self.seed),
            ("rounds", self.rounds.into()),
            ("kills of the gateway", self.gateway_kills.into()),
            ("kills of the remote", self.remote_kills.into()),
            ("kills of the queue", self.queue_kills.into()),
            ("messages acknowledged", self.ledger.acknowledged.len() as u64),
            ("  visits", count(Kind::Visit)),
            ("  results", count(Kind::Result)),
            ("sent again, no answer", self.ledger.resent),
            ("sent again, acknowledged", self.ledger.repeated),
            ("answers other than AA", self.ledger.refused),
            ("pushed", self.health.pushed),
            ("not finished", self.health.received),
            ("held", self.health.held),
            ("dead", self.health.dead),
            ("refused", self.health.refused),
            ("seconds", self.took.as_secs()),
            ("violations", self.violations.len() as u64),
        ];
        for (name, value) in rows {
            writeln!(f, "{name:<26}{value:>10}")?;
        }
        self.violations.iter().take(40).try_for_each(|violation| writeln!(f, "VIOLATION {violation}"))
    }
}
