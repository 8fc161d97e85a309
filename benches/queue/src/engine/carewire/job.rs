//! The jobs of ours.

use std::collections::BTreeMap;
use std::time::Duration;

use carewire_fhir_core::{CorrelationId, OrgId};
use carewire_sync_engine::{BlindKey, ClaimedJob, NewJob};
use chrono::Utc;

use crate::Result;
use crate::handler::Payload;

pub(super) const QUEUE: &str = "bench";

/// As many orgs, and as many keys over all of them, unless a job says otherwise.
const ORGS: u64 = 10;
const KEYS: u64 = 1_000;

/// Whose job it is, what it waits for, and when it is due.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) org: u64,
    pub(crate) key: u64,
    pub(crate) delay: Duration,
}

impl Place {
    /// Spread over orgs and keys, due at once.
    pub(crate) fn of(number: u64) -> Self {
        Self { org: number % ORGS, key: number % KEYS, delay: Duration::ZERO }
    }
}

pub(super) fn new_job(job: &Payload, place: Place) -> Result<NewJob> {
    let mut key = [0; 32];
    key.iter_mut().zip(place.key.to_be_bytes()).for_each(|(into, byte)| *into = byte);
    let now = Utc::now();
    let (org, correlation) =
        (OrgId::new(&format!("org-{}", place.org))?, CorrelationId::new(&format!("bench-{}", job.number))?);
    let refs = BTreeMap::from([
        ("number".to_owned(), job.number.to_string()),
        ("at".to_owned(), job.at.to_string()),
        ("refs".to_owned(), job.refs.clone()),
    ]);
    let (run_at, ordering_keys) = (now + place.delay, vec![BlindKey(key)]);
    Ok(NewJob { ordering_keys, refs, run_at, ..NewJob::new(org, QUEUE, "nothing", correlation, now) })
}

pub(super) fn payload(job: &ClaimedJob) -> Result<Payload> {
    let value = |name: &str| job.refs.get(name).ok_or_else(|| format!("a job without `{name}`"));
    Ok(Payload { number: value("number")?.parse()?, at: value("at")?.parse()?, refs: value("refs")?.clone() })
}
