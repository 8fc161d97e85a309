//! Points that a client may spend, as Medplum counts them.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::api::{Operation, Preconditions};
use crate::refusal::Refusal;

/// What a client may do in a window of time. A client is a token, or an address where there is no token.
///
/// A read costs 1 point, a history 10, a search 20, a write 100, a conditional write 120. What is refused costs as
/// much. Every answer says in `RateLimit` how much is left.
///
/// ```
/// use carewire_embedded_fhir::{EmbeddedFhir, Quota};
/// let builder = EmbeddedFhir::builder().quota(Quota::new(50_000).retry_after(true));
/// # drop(builder);
/// ```
#[derive(Clone, Debug)]
pub struct Quota {
    points: u64,
    requests: u64,
    window: Duration,
    retry_after: bool,
}

impl Quota {
    /// So many points a minute, and 60,000 requests.
    #[must_use]
    pub fn new(points: u64) -> Self {
        Self { points, requests: 60_000, window: Duration::from_secs(60), retry_after: false }
    }

    /// So many requests in a window, whatever they cost.
    #[must_use]
    pub fn requests(self, requests: u64) -> Self {
        Self { requests, ..self }
    }

    /// Another window than a minute.
    #[must_use]
    pub fn window(self, window: Duration) -> Self {
        Self { window, ..self }
    }

    /// Whether a 429 has `Retry-After`. It has none unless switched on, as with Medplum.
    #[must_use]
    pub fn retry_after(self, on: bool) -> Self {
        Self { retry_after: on, ..self }
    }
}

/// Who is counted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Client {
    /// By a hash of its token.
    Token(u64),
    Address(IpAddr),
    Unknown,
}

/// What all clients have spent.
#[derive(Debug)]
pub(crate) struct Quotas {
    quota: Quota,
    windows: Mutex<HashMap<Client, Window>>,
}

#[derive(Clone, Copy, Debug)]
struct Window {
    /// In milliseconds since 1970.
    ends: i64,
    points: u64,
    requests: u64,
}

/// So many clients are kept before those whose window has ended are forgotten.
const MANY: usize = 1_024;

impl Quotas {
    pub(crate) fn new(quota: Quota) -> Self {
        Self { quota, windows: Mutex::default() }
    }

    /// Counts a request and starts to meter it.
    pub(crate) fn admit<'q>(&'q self, client: &'q Client, now: i64) -> Result<Meter<'q>, Refusal> {
        let window = self.update(client, now, |window| window.requests += 1);
        if window.requests > self.quota.requests {
            return Err(self.refusal(window, now, window.requests, self.quota.requests));
        }
        Ok(Meter { quotas: self, client, now })
    }

    /// The headers of an answer.
    pub(crate) fn headers(&self, client: &Client, now: i64, refused: bool) -> Vec<(&'static str, String)> {
        let window = self.update(client, now, |_| {});
        let seconds = wait(window, now).div_ceil(1_000);
        let line = |name: &str, limit: u64, used: u64| {
            ("ratelimit", format!("\"{name}\";r={};t={seconds}", limit.saturating_sub(used)))
        };
        let mut headers = vec![
            line("requests", self.quota.requests, window.requests),
            line("fhirInteractions", self.quota.points, window.points),
        ];
        if refused && self.quota.retry_after {
            headers.push(("retry-after", seconds.to_string()));
        }
        headers
    }

    fn update(&self, client: &Client, now: i64, change: impl FnOnce(&mut Window)) -> Window {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        if windows.len() > MANY {
            windows.retain(|_, window| window.ends > now);
        }
        let length = i64::try_from(self.quota.window.as_millis()).unwrap_or(i64::MAX);
        let fresh = Window { ends: now.saturating_add(length), points: 0, requests: 0 };
        let window = windows.entry(client.clone()).or_insert(fresh);
        if window.ends <= now {
            *window = fresh;
        }
        change(window);
        *window
    }

    fn refusal(&self, window: Window, now: i64, consumed: u64, limit: u64) -> Refusal {
        Refusal::over_quota(wait(window, now), consumed, limit)
    }
}

fn wait(window: Window, now: i64) -> u64 {
    u64::try_from(window.ends - now).unwrap_or(0)
}

/// Charges one client.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Meter<'q> {
    quotas: &'q Quotas,
    client: &'q Client,
    now: i64,
}

impl Meter<'_> {
    /// Takes the points, also when there are not enough of them left.
    pub(crate) fn charge(&self, points: u64) -> Result<(), Refusal> {
        let window = self.quotas.update(self.client, self.now, |window| window.points += points);
        let limit = self.quotas.quota.points;
        if window.points > limit {
            return Err(self.quotas.refusal(window, self.now, window.points, limit));
        }
        Ok(())
    }
}

/// What an operation costs. A Bundle costs what its entries cost.
pub(crate) fn points(operation: &Operation, conditions: &Preconditions) -> u64 {
    const READ: u64 = 1;
    const HISTORY: u64 = 10;
    const SEARCH: u64 = 20;
    const WRITE: u64 = 100;
    match operation {
        Operation::Metadata | Operation::Bundle | Operation::Export(_) => 0,
        Operation::Read { .. } | Operation::ReadVersion { .. } | Operation::Validate { .. } => READ,
        Operation::History { .. } => HISTORY,
        Operation::SearchSystem { .. } | Operation::SearchCompartment { .. } => SEARCH,
        Operation::Search { .. } | Operation::Everything { .. } => SEARCH,
        Operation::Create { .. } if conditions.if_none_exist.is_some() => SEARCH + WRITE,
        Operation::Create { .. }
        | Operation::Update { .. }
        | Operation::Patch { .. }
        | Operation::Delete { .. } => WRITE,
        Operation::ConditionalUpdate { .. }
        | Operation::ConditionalPatch { .. }
        | Operation::ConditionalDelete { .. } => SEARCH + WRITE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_ends_and_clients_do_not_share_it() {
        let quotas = Quotas::new(Quota::new(250).requests(4));
        let (one, other) = (Client::Token(1), Client::Unknown);
        let charge = |client, now, points| quotas.admit(client, now).and_then(|meter| meter.charge(points));
        assert!(charge(&one, 0, 100).is_ok() && charge(&one, 10, 100).is_ok());
        assert_eq!(charge(&one, 20, 100).err().and_then(|refusal| refusal.wait_millis), Some(59_980));
        assert!(charge(&one, 30, 1).is_err(), "a read is refused too");
        assert!(charge(&other, 30, 250).is_ok());
        assert!(quotas.admit(&one, 40).is_err(), "the fifth request");
        assert_eq!(
            quotas.headers(&one, 59_001, false),
            [
                ("ratelimit", "\"requests\";r=0;t=1".to_owned()),
                ("ratelimit", "\"fhirInteractions\";r=0;t=1".to_owned()),
            ]
        );
        assert!(charge(&one, 60_000, 250).is_ok());
    }

    #[test]
    fn clients_of_ended_windows_are_forgotten() {
        let quotas = Quotas::new(Quota::new(1));
        for n in 0..5_000 {
            assert!(quotas.admit(&Client::Token(n), i64::try_from(n * 1_000).unwrap()).is_ok());
        }
        assert!(quotas.windows.lock().unwrap().len() <= MANY + 1);
    }
}
