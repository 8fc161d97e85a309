//! How a client behaves.

use std::{sync::Arc, time::Duration};

use crate::{Limits, Tap};

/// What an answer is for the message that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "the client acts on each of them")]
pub enum Correlation {
    /// The answer to it: the exchange is done.
    Final,
    /// An answer to it, and another one is due: a commit acknowledgement (CA) before the application's (AA, AE, AR).
    Interim,
    /// None of its.
    Other,
}

/// Which release of MLLP is spoken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "the standard has the two")]
pub enum Release {
    /// Release 1, the minimal lower layer protocol: frames alone. A commit block that comes anyway is reported and passed over.
    #[default]
    One,
    /// Release 2: each frame is answered with a commit block, `VT 06 FS CR` where it was taken and `VT 15 FS CR` where it was
    /// not. The client waits for that of its message, and sends one for each answer that belongs to it.
    Two,
}

/// How a dead peer is found on a connection over which nothing goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct KeepAlive {
    /// The first probe is sent after so long without traffic (60 seconds).
    pub idle: Duration,
    /// Another one so long after a probe without reply (10 seconds).
    pub interval: Duration,
    /// The connection is broken after so many probes without reply (3).
    pub retries: u32,
}

impl Default for KeepAlive {
    fn default() -> Self {
        Self { idle: Duration::from_secs(60), interval: Duration::from_secs(10), retries: 3 }
    }
}

impl KeepAlive {
    /// How long a peer can be dead before it is found out.
    #[must_use]
    pub fn total(&self) -> Duration {
        self.idle.saturating_add(self.interval.saturating_mul(self.retries))
    }
}

/// How a client behaves.
///
/// ```
/// use std::time::Duration;
/// use carewire_mllp::{ClientOptions, Correlation};
///
/// // HL7: MSA-2 of the answer must be MSH-10 of the message.
/// fn correlate(sent: &[u8], answer: &[u8]) -> Correlation {
///     if answer.ends_with(sent) { Correlation::Final } else { Correlation::Other }
/// }
/// let options = ClientOptions { ack_timeout: Duration::from_secs(5), ..ClientOptions::new(correlate) };
/// assert_eq!(options.max_frame, 16 << 20);
/// ```
#[derive(Clone, Debug)]
pub struct ClientOptions {
    /// What the second payload is for the first, which was sent.
    pub correlate: fn(&[u8], &[u8]) -> Correlation,
    /// Which release of MLLP the server speaks ([`Release::One`]).
    pub release: Release,
    /// The connection, with its TLS handshake, must stand after so long (10 seconds).
    pub connect_timeout: Duration,
    /// A message must be written after so long (30 seconds).
    pub write_timeout: Duration,
    /// The answer must have come so long after the message was written (30 seconds), however many pieces it comes in.
    pub ack_timeout: Duration,
    /// An answer with its `FS` whose next byte does not come is taken as ended after so long (200 milliseconds).
    pub end_timeout: Duration,
    /// The longest answer, in bytes (16 MiB).
    pub max_frame: usize,
    /// How a dead server is found while nothing is sent (on). For connections that the client makes itself.
    pub keepalive: Option<KeepAlive>,
    /// Is told the shape of all that goes over the connection (nobody).
    pub tap: Option<Arc<dyn Tap>>,
}

impl ClientOptions {
    /// The default behaviour, with a function that says what an answer (the second payload) is for the message that was sent
    /// (the first). There is none that is safe for everybody: a client that takes every answer takes a late one for that
    /// to the next message.
    #[must_use]
    pub fn new(correlate: fn(&[u8], &[u8]) -> Correlation) -> Self {
        Self {
            correlate,
            release: Release::One,
            connect_timeout: Duration::from_secs(10),
            write_timeout: Duration::from_secs(30),
            ack_timeout: Duration::from_secs(30),
            end_timeout: Duration::from_millis(200),
            max_frame: Limits::default().max_frame,
            keepalive: Some(KeepAlive::default()),
            tap: None,
        }
    }
}
