//! What a server counts.

use std::sync::atomic::{AtomicU64, Ordering};

/// Why a connection was refused or ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// Refused: there were too many connections.
    TooMany,
    /// Refused: there were too many connections of its address.
    TooManyOfAddress,
    /// Refused: the TLS handshake failed.
    Handshake,
    /// Refused: the TLS handshake was not done in time.
    HandshakeTimeout,
    /// Refused: the handler did not admit the peer.
    NotAdmitted,
    /// The peer closed it.
    Peer,
    /// The peer closed it without the end of TLS: whether it had more to say is not known.
    Truncated,
    /// The server drains.
    Drained,
    /// The handler said so.
    Handler,
    /// The handler's answer cannot stand in a frame.
    BadAnswer,
    /// No frame came for too long.
    IdleTimeout,
    /// A frame was not whole in time.
    FrameTimeout,
    /// The handler was not done in time.
    HandlerTimeout,
    /// An answer could not be written in time.
    WriteTimeout,
    /// The connection broke.
    Broken,
    /// The handler panicked.
    Panicked,
    /// The drain deadline passed.
    Aborted,
}

impl Reason {
    /// All reasons.
    pub const ALL: [Self; 17] = [
        Self::TooMany,
        Self::TooManyOfAddress,
        Self::Handshake,
        Self::HandshakeTimeout,
        Self::NotAdmitted,
        Self::Peer,
        Self::Truncated,
        Self::Drained,
        Self::Handler,
        Self::BadAnswer,
        Self::IdleTimeout,
        Self::FrameTimeout,
        Self::HandlerTimeout,
        Self::WriteTimeout,
        Self::Broken,
        Self::Panicked,
        Self::Aborted,
    ];

    /// The stable name, for logs and metrics.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TooMany => "too_many",
            Self::TooManyOfAddress => "too_many_of_address",
            Self::Handshake => "handshake",
            Self::HandshakeTimeout => "handshake_timeout",
            Self::NotAdmitted => "not_admitted",
            Self::Peer => "peer",
            Self::Truncated => "truncated",
            Self::Drained => "drained",
            Self::Handler => "handler",
            Self::BadAnswer => "bad_answer",
            Self::IdleTimeout => "idle_timeout",
            Self::FrameTimeout => "frame_timeout",
            Self::HandlerTimeout => "handler_timeout",
            Self::WriteTimeout => "write_timeout",
            Self::Broken => "broken",
            Self::Panicked => "panicked",
            Self::Aborted => "aborted",
        }
    }

    /// Whether the connection was refused before anything of its messages was read.
    #[must_use]
    pub fn is_refusal(self) -> bool {
        matches!(
            self,
            Self::TooMany
                | Self::TooManyOfAddress
                | Self::Handshake
                | Self::HandshakeTimeout
                | Self::NotAdmitted
        )
    }

    /// Whether a timeout closed it.
    #[must_use]
    pub fn is_timeout(self) -> bool {
        matches!(self, Self::IdleTimeout | Self::FrameTimeout | Self::HandlerTimeout | Self::WriteTimeout)
    }
}

/// What a server has done until now. It counts on while it is read.
///
/// ```
/// use carewire_mllp::{Reason, Stats};
/// let stats = Stats::default();
/// assert_eq!((stats.messages(), stats.ended(Reason::IdleTimeout)), (0, 0));
/// let by_name: Vec<_> = stats.by_reason().map(|(reason, count)| (reason.as_str(), count)).collect();
/// assert!(by_name.contains(&("too_many", 0)));
/// ```
#[derive(Debug, Default)]
pub struct Stats {
    open: AtomicU64,
    served: AtomicU64,
    messages: AtomicU64,
    bad_frames: AtomicU64,
    commits: AtomicU64,
    received: AtomicU64,
    sent: AtomicU64,
    buffered: AtomicU64,
    ended: [AtomicU64; Reason::ALL.len()],
}

impl Stats {
    /// Connections that are open now, those in a handshake among them.
    #[must_use]
    pub fn open(&self) -> u64 {
        self.open.load(Ordering::Relaxed)
    }

    /// Connections that were admitted.
    #[must_use]
    pub fn served(&self) -> u64 {
        self.served.load(Ordering::Relaxed)
    }

    /// Messages that were given to the handler.
    #[must_use]
    pub fn messages(&self) -> u64 {
        self.messages.load(Ordering::Relaxed)
    }

    /// Frames that could not be delivered.
    #[must_use]
    pub fn bad_frames(&self) -> u64 {
        self.bad_frames.load(Ordering::Relaxed)
    }

    /// Commit acknowledgements that peers sent, which a server drops.
    #[must_use]
    pub fn commits(&self) -> u64 {
        self.commits.load(Ordering::Relaxed)
    }

    /// Bytes that were read, without those of TLS.
    #[must_use]
    pub fn received(&self) -> u64 {
        self.received.load(Ordering::Relaxed)
    }

    /// Bytes that were written, without those of TLS.
    #[must_use]
    pub fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    /// Bytes that are held now of large messages.
    #[must_use]
    pub fn buffered(&self) -> u64 {
        self.buffered.load(Ordering::Relaxed)
    }

    /// Connections that were refused or ended for this reason.
    #[must_use]
    pub fn ended(&self, reason: Reason) -> u64 {
        self.ended.get(reason as usize).map_or(0, |count| count.load(Ordering::Relaxed))
    }

    /// Connections that were refused or ended, for each reason.
    pub fn by_reason(&self) -> impl Iterator<Item = (Reason, u64)> + '_ {
        Reason::ALL.into_iter().map(|reason| (reason, self.ended(reason)))
    }

    pub(super) fn count_opened(&self) {
        self.open.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn count_gone(&self) {
        self.open.fetch_sub(1, Ordering::Relaxed);
    }

    pub(super) fn count_served(&self) {
        self.served.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn count_message(&self) {
        self.messages.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn count_bad_frame(&self) {
        self.bad_frames.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn count_commit(&self) {
        self.commits.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn count_received(&self, bytes: usize) {
        self.received.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    pub(super) fn count_sent(&self, bytes: usize) {
        self.sent.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    pub(super) fn count_buffered(&self, bytes: usize) {
        self.buffered.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    pub(super) fn count_unbuffered(&self, bytes: usize) {
        self.buffered.fetch_sub(bytes as u64, Ordering::Relaxed);
    }

    pub(super) fn count_end(&self, reason: Reason) {
        if let Some(count) = self.ended.get(reason as usize) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(super) fn summary(&self) -> Summary {
        let sum = |of: fn(Reason) -> bool| self.by_reason().filter(|(r, _)| of(*r)).map(|(_, n)| n).sum();
        Summary {
            connections: self.served(),
            refused: sum(Reason::is_refusal),
            messages: self.messages(),
            bad_frames: self.bad_frames(),
            timeouts: sum(Reason::is_timeout),
            aborted: self.ended(Reason::Aborted) + self.ended(Reason::Panicked),
        }
    }
}

/// What a server did until it ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Summary {
    /// Connections that were admitted.
    pub connections: u64,
    /// Connections that were refused: too many, a failed handshake, or a peer that the handler did not admit.
    pub refused: u64,
    /// Messages that were given to the handler.
    pub messages: u64,
    /// Frames that could not be delivered.
    pub bad_frames: u64,
    /// Connections that a timeout closed.
    pub timeouts: u64,
    /// Connections that were cut off at the drain deadline, or whose handler panicked.
    pub aborted: u64,
}
