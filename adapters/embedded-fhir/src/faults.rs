//! Faults that the server commits on purpose, so that clients can be tested against them.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use carewire_fhir_core::Value;

use crate::Error;

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum FaultKind {
    /// The connection is closed without an answer; nothing was done.
    DropBefore,
    /// The request is done, durably; then the connection is closed without an answer.
    DropAfterApply,
    /// The request is done late.
    Delay,
    /// 400 `connect ECONNREFUSED`, as of a server whose database is away; nothing was done.
    Transient400,
    /// 409 with the code 40001; nothing was done.
    Serialization409,
    /// 429 for the second half of a batch (and of a transaction that is not atomic); for a whole atomic transaction
    /// and for any other request.
    Throttle429Entry,
}

impl FaultKind {
    /// All kinds.
    pub const ALL: [Self; 6] = [
        Self::DropBefore,
        Self::DropAfterApply,
        Self::Delay,
        Self::Transient400,
        Self::Serialization409,
        Self::Throttle429Entry,
    ];

    /// The name in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DropBefore => "drop-before",
            Self::DropAfterApply => "drop-after-apply",
            Self::Delay => "delay",
            Self::Transient400 => "transient-400",
            Self::Serialization409 => "serialization-409",
            Self::Throttle429Entry => "throttle-429-entry",
        }
    }
}

/// A fault and when it happens.
///
/// ```
/// use carewire_embedded_fhir::{Fault, FaultKind};
/// // Every tenth POST is applied but never answered, three times in all.
/// let fault = Fault::new(FaultKind::DropAfterApply).every(10).times(3).method("POST");
/// assert_eq!(Fault::parse(br#"{"kind":"drop-after-apply","every":10,"times":3,"method":"POST"}"#)?, fault);
/// # Ok::<(), carewire_embedded_fhir::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    kind: FaultKind,
    when: When,
    wait: Duration,
    times: Option<u64>,
    method: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
enum When {
    Every(u64),
    Probability { probability: f64, seed: u64 },
}

impl Fault {
    /// A fault of every request, as often as it likes. A delay lasts 1 s; a throttled client is told to wait 1 s.
    #[must_use]
    pub fn new(kind: FaultKind) -> Self {
        Self { kind, when: When::Every(1), wait: Duration::from_secs(1), times: None, method: None }
    }

    /// Only each `n`-th request.
    #[must_use]
    pub fn every(self, n: u64) -> Self {
        Self { when: When::Every(n.max(1)), ..self }
    }

    /// Only by chance; the same seed gives the same sequence.
    #[must_use]
    pub fn probability(self, probability: f64, seed: u64) -> Self {
        Self { when: When::Probability { probability, seed }, ..self }
    }

    /// How long a delay lasts, or how long a throttled client is told to wait.
    #[must_use]
    pub fn wait(self, wait: Duration) -> Self {
        Self { wait, ..self }
    }

    /// At most so many times.
    #[must_use]
    pub fn times(self, times: u64) -> Self {
        Self { times: Some(times), ..self }
    }

    /// Only requests of this method; others are not counted either.
    #[must_use]
    pub fn method(self, method: impl Into<String>) -> Self {
        Self { method: Some(method.into()), ..self }
    }

    /// Reads the body of `POST /_faults`:
    /// `{"kind", "every" | "probability" and "seed", "millis", "times", "method"}`.
    ///
    /// # Errors
    /// [`Error::Fault`] names the member that is not understood.
    pub fn parse(json: &[u8]) -> Result<Self, Error> {
        let value =
            Value::parse(json).map_err(|_| Error::Fault { member: "(all)", expected: "must be JSON" })?;
        let kind = FaultKind::ALL.into_iter().find(|kind| value.str("kind") == Some(kind.as_str()));
        let kind = kind.ok_or(Error::Fault { member: "kind", expected: "must be the name of a fault" })?;
        let mut fault = Self::new(kind);
        if let Some(n) = count(&value, "every")? {
            fault = fault.every(n);
        }
        if let Some(probability) = value.get("probability") {
            let probability = probability.as_number().and_then(|text| text.parse().ok());
            let probability = probability.filter(|probability| (0.0..=1.0).contains(probability));
            let expected = "must be a number from 0 to 1";
            let probability = probability.ok_or(Error::Fault { member: "probability", expected })?;
            fault = fault.probability(probability, count(&value, "seed")?.unwrap_or(0));
        }
        if let Some(millis) = count(&value, "millis")? {
            fault = fault.wait(Duration::from_millis(millis));
        }
        fault.times = count(&value, "times")?;
        fault.method = value.str("method").map(str::to_owned);
        Ok(fault)
    }

    fn to_value(&self) -> Value {
        let mut value = Value::object().with("kind", self.kind.as_str());
        match self.when {
            When::Every(n) => value.set("every", number(n)),
            When::Probability { probability, seed } => {
                value.set("probability", Value::number(&probability.to_string()).unwrap_or_default());
                value.set("seed", number(seed))
            }
        };
        value.set("millis", number(u64::try_from(self.wait.as_millis()).unwrap_or(u64::MAX)));
        if let Some(times) = self.times {
            value.set("times", number(times));
        }
        if let Some(method) = &self.method {
            value.set("method", method.as_str());
        }
        value
    }
}

/// What to do wrong with one request.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Fate {
    pub(crate) delay: Option<Duration>,
    /// Any fault but a delay.
    pub(crate) fault: Option<FaultKind>,
    /// For a throttled client.
    pub(crate) wait_millis: u64,
}

/// The faults that are switched on.
#[derive(Debug, Default)]
pub(crate) struct Faults(Mutex<Vec<Armed>>);

#[derive(Debug)]
struct Armed {
    fault: Fault,
    seen: u64,
    fired: u64,
    random: u64,
}

impl Faults {
    pub(crate) fn add(&self, fault: Fault) {
        let random = match fault.when {
            When::Probability { seed, .. } => seed,
            When::Every(_) => 0,
        };
        self.lock().push(Armed { fault, seen: 0, fired: 0, random });
    }

    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    /// The faults with how often each has happened.
    pub(crate) fn to_value(&self) -> Value {
        self.lock().iter().map(|armed| armed.fault.to_value().with("fired", number(armed.fired))).collect()
    }

    /// Decides about one request. Every fault counts it; delays add up, of the others the first one counts.
    pub(crate) fn decide(&self, method: &str) -> Fate {
        let mut fate = Fate::default();
        for armed in self.lock().iter_mut() {
            if fate.fault.is_some() && armed.fault.kind != FaultKind::Delay {
                continue;
            }
            if !armed.fires(method) {
                continue;
            }
            match armed.fault.kind {
                FaultKind::Delay => fate.delay = Some(fate.delay.unwrap_or_default() + armed.fault.wait),
                kind => {
                    fate.fault = Some(kind);
                    fate.wait_millis = u64::try_from(armed.fault.wait.as_millis()).unwrap_or(u64::MAX);
                }
            }
        }
        fate
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Armed>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Armed {
    fn fires(&mut self, method: &str) -> bool {
        if self.fault.method.as_deref().is_some_and(|only| only != method) {
            return false;
        }
        if self.fault.times.is_some_and(|times| self.fired >= times) {
            return false;
        }
        self.seen += 1;
        let fires = match self.fault.when {
            When::Every(n) => self.seen.is_multiple_of(n),
            When::Probability { probability, .. } => self.next_fraction() < probability,
        };
        self.fired += u64::from(fires);
        fires
    }

    /// SplitMix64, scaled to `[0, 1)`.
    fn next_fraction(&mut self) -> f64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.random;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        f64::from(u32::try_from(mixed >> 32).unwrap_or(0)) / (f64::from(u32::MAX) + 1.0)
    }
}

fn count(value: &Value, member: &'static str) -> Result<Option<u64>, Error> {
    let Some(found) = value.get(member) else { return Ok(None) };
    let number = found.as_number().and_then(|text| text.parse().ok());
    number.map(Some).ok_or(Error::Fault { member, expected: "must be a whole number" })
}

fn number(n: u64) -> Value {
    Value::number(&n.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fired(fault: Fault, requests: usize) -> Vec<usize> {
        let faults = Faults::default();
        faults.add(fault);
        (1..=requests).filter(|_| faults.decide("POST").fault.is_some()).collect()
    }

    #[test]
    fn every_and_times_are_kept() {
        assert_eq!(fired(Fault::new(FaultKind::DropBefore).every(3), 10), [3, 6, 9]);
        assert_eq!(fired(Fault::new(FaultKind::DropBefore).every(3).times(2), 10), [3, 6]);
        assert!(fired(Fault::new(FaultKind::DropBefore).method("GET"), 10).is_empty());
    }

    #[test]
    fn chance_repeats_with_its_seed() {
        let fault = || Fault::new(FaultKind::Transient400).probability(0.3, 7);
        let first = fired(fault(), 1_000);
        assert_eq!(first, fired(fault(), 1_000));
        assert!((200..400).contains(&first.len()), "{}", first.len());
    }

    #[test]
    fn what_is_not_understood_is_named() {
        for (json, member) in [
            (r#"{"kind":"fire"}"#, "kind"),
            (r#"{"kind":"delay","every":"2"}"#, "every"),
            (r#"{"kind":"delay","probability":2}"#, "probability"),
            (r#"{"kind":"delay","millis":-1}"#, "millis"),
        ] {
            assert!(
                matches!(Fault::parse(json.as_bytes()), Err(Error::Fault { member: found, .. }) if found == member),
                "{json}"
            );
        }
    }
}
