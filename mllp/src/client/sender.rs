//! Messages in order over one link, and what to do about one that is not taken.

use crate::{Delivery, Link, Outcome};

/// What a sender does with the messages behind one that the receiver does not take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "the sender acts on each of them")]
pub enum OnReject {
    /// Holds them back, so that nothing overtakes it.
    Stop,
    /// Goes on with the next, and names it in the report.
    Skip,
}

/// Sends messages in order over one link (first in, first out).
///
/// Each is repeated as [`Link::deliver`] says. One that is rejected, that is still refused for a time at the last
/// attempt, or that cannot stand in a frame, stops the sender or is skipped, as [`OnReject`] says. One that has no answer at
/// the last attempt always stops it: nothing can be sent, so nothing is passed over. So does dropping the future of a
/// message. A stopped sender sends nothing until [`Sender::resume`]. A message whose receiver said that it stored it
/// ([`Outcome::Unfinished`]) counts as taken.
///
/// ```
/// use carewire_mllp::{ClientOptions, Correlation, Link, LinkOptions, OnReject, Sender, Target, Verdict};
///
/// # async fn example(messages: Vec<Vec<u8>>) {
/// # fn correlate(_: &[u8], _: &[u8]) -> Correlation { Correlation::Final }
/// # fn judge(_: &[u8]) -> Verdict { Verdict::Accepted }
/// let options = LinkOptions::new(ClientOptions::new(correlate), judge);
/// let mut sender = Sender::new(Link::new(Target::new("lis.example.org:2575"), options), OnReject::Stop);
/// let report = sender.send_all(&messages).await;
/// match &report.stopped {
///     None => println!("all {} taken", report.taken),
///     Some(stopped) => println!("message {} stands in the way", stopped.index),
/// }
/// # }
/// ```
#[derive(Debug)]
pub struct Sender {
    link: Link,
    on_reject: OnReject,
    stopped: bool,
}

/// What a sender did with a message.
#[derive(Debug)]
#[must_use = "the message may not have been taken"]
#[non_exhaustive]
pub enum Sent {
    /// The receiver took it, or said that it stored it.
    Taken(Delivery),
    /// It was not taken, and the sender goes on without it.
    Skipped(Delivery),
    /// It was not taken, and the sender stopped.
    Stopped(Delivery),
    /// It was not sent, since the sender stands still.
    HeldBack,
}

impl Sender {
    /// A sender over a link.
    #[must_use]
    pub fn new(link: Link, on_reject: OnReject) -> Self {
        Self { link, on_reject, stopped: false }
    }

    /// Sends one message, unless the sender has stopped.
    pub async fn send(&mut self, payload: &[u8]) -> Sent {
        if self.stopped {
            return Sent::HeldBack;
        }
        // Until the outcome is known: a message whose future is dropped must not be overtaken unnoticed.
        self.stopped = true;
        let delivery = self.link.deliver(payload).await;
        let sent = match (&delivery.outcome, self.on_reject) {
            (Outcome::Accepted(_) | Outcome::Unfinished(_), _) => Sent::Taken(delivery),
            (Outcome::Failed(_), _) if delivery.outcome.is_open() => Sent::Stopped(delivery),
            (_, OnReject::Skip) => Sent::Skipped(delivery),
            (_, OnReject::Stop) => Sent::Stopped(delivery),
        };
        self.stopped = matches!(sent, Sent::Stopped(_));
        sent
    }

    /// Sends messages until there are no more or one stops the sender. No message is taken from the iterator before the one
    /// ahead of it is done with.
    pub async fn send_all<P: AsRef<[u8]>>(&mut self, messages: impl IntoIterator<Item = P>) -> Report {
        let mut report = Report::default();
        if self.stopped {
            return report;
        }
        for (index, payload) in messages.into_iter().enumerate() {
            match self.send(payload.as_ref()).await {
                Sent::Taken(_) => report.taken += 1,
                Sent::Skipped(delivery) => report.skipped.push(NotTaken { index, delivery }),
                Sent::Stopped(delivery) => report.stopped = Some(NotTaken { index, delivery }),
                Sent::HeldBack => {}
            }
            if self.stopped {
                break;
            }
        }
        report
    }

    /// Whether it sends nothing until [`Sender::resume`].
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.stopped
    }

    /// Lets it send again.
    pub fn resume(&mut self) {
        self.stopped = false;
    }

    /// The link.
    #[must_use]
    pub fn into_link(self) -> Link {
        self.link
    }
}

/// What became of messages that were sent in order. `Debug` shows no payload.
#[derive(Debug, Default)]
#[must_use = "messages may not have been taken"]
#[non_exhaustive]
pub struct Report {
    /// How many were taken.
    pub taken: usize,
    /// Those that were not taken and passed over.
    pub skipped: Vec<NotTaken>,
    /// The one that stopped the sender: it and those behind it wait to be sent.
    pub stopped: Option<NotTaken>,
}

/// A message that was not taken.
#[derive(Debug)]
#[non_exhaustive]
pub struct NotTaken {
    /// Its place among those that were given, from 0.
    pub index: usize,
    /// What became of it.
    pub delivery: Delivery,
}

#[cfg(test)]
#[path = "sender_tests.rs"]
mod tests;
