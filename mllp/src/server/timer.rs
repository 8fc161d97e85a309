//! One timer for all timeouts of a connection.

use std::{
    future::poll_fn,
    pin::{Pin, pin},
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::time::{Instant, Sleep, sleep_until};

/// A timer that is set anew only where it would go off too late. Where it goes off too early it goes back to sleep.
///
/// Setting a timer costs more than most messages: a connection on which nothing ever times out sets its own a few times.
pub(super) struct Timer(Pin<Box<Sleep>>);

impl Timer {
    pub(super) fn new() -> Self {
        Self(Box::pin(sleep_until(after(Instant::now(), FAR))))
    }

    /// Does the work, unless it takes longer than `limit`.
    pub(super) async fn within<W: Future>(&mut self, limit: Duration, work: W) -> Option<W::Output> {
        let mut work = pin!(work);
        let mut deadline = None;
        poll_fn(|cx| {
            if let Poll::Ready(output) = work.as_mut().poll(cx) {
                return Poll::Ready(Some(output));
            }
            let deadline = *deadline.get_or_insert_with(|| after(Instant::now(), limit));
            self.poll_until(cx, deadline).map(|()| None)
        })
        .await
    }

    /// Is ready when the deadline has passed.
    pub(super) fn poll_until(&mut self, cx: &mut Context<'_>, deadline: Instant) -> Poll<()> {
        if self.0.deadline() > deadline {
            self.0.as_mut().reset(deadline);
        }
        loop {
            ready!(self.0.as_mut().poll(cx));
            if self.0.deadline() >= deadline {
                return Poll::Ready(());
            }
            self.0.as_mut().reset(deadline);
        }
    }
}

/// Later than any server runs, and well within what a timer takes.
const FAR: Duration = Duration::from_secs(60 * 60 * 24 * 365);

/// The moment so long after another; where there is no such moment, one that never comes.
pub(super) fn after(moment: Instant, duration: Duration) -> Instant {
    moment + duration.min(FAR)
}

#[cfg(test)]
#[path = "timer_tests.rs"]
mod tests;
