//! Time and jitter, brought by the caller.

use chrono::{DateTime, Utc};

/// What a worker and a reconcile run ask the outside world for. Tests move it by hand.
pub trait Clock: std::fmt::Debug + Send + Sync {
    /// The present instant.
    fn now(&self) -> DateTime<Utc>;

    /// A number that differs from call to call and from process to process; it need not be secret.
    fn jitter(&self) -> u64;
}
