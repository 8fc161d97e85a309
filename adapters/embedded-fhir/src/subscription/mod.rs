//! Subscriptions with a rest-hook channel: what is written and meets a criterion is sent, signed, to an endpoint.

mod backlog;
mod dispatch;
mod guard;
mod hook;
mod send;

use std::time::Duration;

pub(crate) use backlog::Backlog;
pub(crate) use dispatch::{Event, dispatch, failed};
pub(crate) use guard::Reach;
pub(crate) use hook::check;

/// How notifications are sent.
///
/// ```
/// use carewire_embedded_fhir::SubscriptionOptions;
/// use std::time::Duration;
/// let patient = SubscriptionOptions::default().first_wait(Duration::from_secs(1)).timeout(Duration::from_secs(10));
/// # drop(patient);
/// ```
#[derive(Clone, Debug)]
pub struct SubscriptionOptions {
    pub(crate) on: bool,
    pub(crate) loopback: bool,
    pub(crate) any_host: bool,
    first_wait: Duration,
    timeout: Duration,
    total_time: Duration,
    pub(crate) pending: (usize, usize),
}

impl Default for SubscriptionOptions {
    fn default() -> Self {
        Self {
            on: true,
            loopback: false,
            any_host: false,
            first_wait: Duration::from_secs(1),
            timeout: Duration::from_secs(10),
            total_time: Duration::from_secs(15 * 60),
            pending: (256, 4_096),
        }
    }
}

impl SubscriptionOptions {
    /// Whether notifications are sent at all (they are).
    #[must_use]
    pub fn on(self, on: bool) -> Self {
        Self { on, ..self }
    }

    /// Whether endpoints may be on this machine's loopback addresses. Unless switched on they may not, for whoever may
    /// write a Subscription would else make the server call any local service. The server's own address is never called.
    #[must_use]
    pub fn loopback(self, on: bool) -> Self {
        Self { loopback: on, ..self }
    }

    /// Whether endpoints may be on other machines. Unless switched on they may not, for whoever may write a Subscription
    /// would else make the server call any address in its network.
    #[must_use]
    pub fn any_host(self, on: bool) -> Self {
        Self { any_host: on, ..self }
    }

    /// How long to wait before the second attempt (1 s); before each further one, twice as long as before
    /// the last, and at most a minute.
    #[must_use]
    pub fn first_wait(self, wait: Duration) -> Self {
        Self { first_wait: wait, ..self }
    }

    /// How long an endpoint may take to answer (10 s).
    #[must_use]
    pub fn timeout(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }

    /// How long a notification may be tried (15 min), whatever number of attempts its Subscription asks for. One that was
    /// not taken by then is given up: it is counted, and the Subscription gets the status `error`.
    #[must_use]
    pub fn total_time(self, time: Duration) -> Self {
        Self { total_time: time, ..self }
    }

    /// How many notifications may wait to be taken: of one Subscription (256), and in all (4096). More are given up.
    #[must_use]
    pub fn pending(self, of_one: usize, in_all: usize) -> Self {
        Self { pending: (of_one, in_all), ..self }
    }
}
