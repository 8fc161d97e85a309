use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use carewire_fhir_core::Value;

use crate::faults::FaultKind;
use crate::store::Tally;

/// Counts since the server was started.
#[derive(Debug, Default)]
pub(crate) struct Stats(Mutex<Counts>);

#[derive(Debug, Default)]
struct Counts {
    requests: u64,
    dropped: u64,
    statuses: BTreeMap<u16, u64>,
    faults: BTreeMap<FaultKind, u64>,
    tally: Tally,
}

impl Stats {
    /// Counts a request that ended; `None` means that it was not answered.
    pub(crate) fn answered(&self, status: Option<u16>) {
        self.with(|counts| {
            counts.requests += 1;
            match status {
                Some(status) => *counts.statuses.entry(status).or_default() += 1,
                None => counts.dropped += 1,
            }
        });
    }

    pub(crate) fn fault(&self, kind: FaultKind) {
        self.with(|counts| *counts.faults.entry(kind).or_default() += 1);
    }

    pub(crate) fn changed(&self, tally: Tally) {
        self.with(|counts| {
            counts.tally.created += tally.created;
            counts.tally.updated += tally.updated;
            counts.tally.unchanged += tally.unchanged;
            counts.tally.deleted += tally.deleted;
        });
    }

    /// The body of `GET /_stats`.
    pub(crate) fn to_value(&self, resources: &[(&'static str, usize)]) -> Value {
        let mut value = Value::object();
        self.with(|counts| {
            value.set("requests", number(counts.requests));
            value.set("dropped", number(counts.dropped));
            value.set("created", number(counts.tally.created));
            value.set("updated", number(counts.tally.updated));
            value.set("unchanged", number(counts.tally.unchanged));
            value.set("deleted", number(counts.tally.deleted));
            value.set("statuses", object(counts.statuses.iter().map(|(status, n)| (status.to_string(), *n))));
            value.set("faults", object(counts.faults.iter().map(|(kind, n)| (kind.as_str().to_owned(), *n))));
        });
        value.set("resources", object(resources.iter().map(|(name, n)| ((*name).to_owned(), *n as u64))));
        value
    }

    fn with(&self, f: impl FnOnce(&mut Counts)) {
        f(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

fn object(members: impl Iterator<Item = (String, u64)>) -> Value {
    members.fold(Value::object(), |object, (name, n)| object.with(&name, number(n)))
}

pub(crate) fn number(n: u64) -> Value {
    Value::number(&n.to_string()).unwrap_or_default()
}
