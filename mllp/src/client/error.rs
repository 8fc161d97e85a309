//! Why a message has no answer.

use std::{fmt, io};

use crate::{ByteClass, FrameError, Shape};

/// Why a message has no answer. No variant holds a byte of a payload.
///
/// Where something had come back before the error, its [`Shape`] tells what it looked like.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClientError {
    /// The connection, with its TLS handshake, did not stand in time. Nothing was sent.
    #[error("connect timed out")]
    ConnectTimeout,
    /// The connection could not be made: refused, or no such name. Nothing was sent.
    #[error("connect failed")]
    Connect(#[source] io::Error),
    /// The TLS handshake failed: one side did not accept the other's certificate. Nothing was sent.
    #[cfg(feature = "tls")]
    #[error(transparent)]
    Tls(crate::TlsError),
    /// The message could not be written in time: the server reads too slowly, or not at all.
    #[error("message not written in time")]
    WriteTimeout,
    /// No answer came in time. The server may have the message, and may answer yet.
    #[error("no answer in time; {}", Told(received))]
    AckTimeout {
        /// What came since the message was begun to be sent.
        received: Shape,
    },
    /// The server closed the connection before it answered. Whether it has the message is not known.
    #[error("connection closed by the server before it answered; {}", Told(received))]
    Closed {
        /// What came since the message was begun to be sent.
        received: Shape,
    },
    /// The server had closed the connection, or it was broken, before the message was sent. Nothing was sent.
    #[error("connection had ended before the message was sent")]
    Stale,
    /// The connection broke while the message was under way.
    #[error("connection failed")]
    Io(#[from] io::Error),
    /// The answer is one to another message, or there is one too many.
    #[error("answer belongs to another message; {}", Told(received))]
    Uncorrelated {
        /// What came since the message was begun to be sent.
        received: Shape,
    },
    /// The server said something before it was asked. The message was not sent.
    #[error("unsolicited data from the server; {}", Told(received))]
    Unsolicited {
        /// What came.
        received: Shape,
    },
    /// What came back is not a frame.
    #[error("bad frame from the server: {error}; {}", Told(received))]
    Frame {
        /// What is wrong with it.
        error: FrameError,
        /// What came since the message was begun to be sent.
        received: Shape,
    },
    /// The server said with a commit block of MLLP release 2 that it did not take the message. It may be sent again, over
    /// the same connection.
    #[error("message not taken: negative commit acknowledgement")]
    CommitNak,
    /// Another message of a [`Pipeline`](crate::Pipeline) failed, and with it all that were in flight: after that no
    /// answer can be matched.
    #[error("given up after another message of the connection failed ({reason}); {}", if *sent { "it may have been received" } else { "it was not sent" })]
    Abandoned {
        /// Why the other one failed: [`ClientError::as_str`].
        reason: &'static str,
        /// Whether anything of this message was sent, so that the server may have it.
        sent: bool,
    },
    /// Too many messages wait in the [`Pool`](crate::Pool), or this one waited too long. Nothing was sent.
    #[error("too many messages wait")]
    Busy,
    /// The [`Pool`](crate::Pool) or [`Pipeline`](crate::Pipeline) closes.
    #[error("closing; {}", if *sent { "it may have been received" } else { "it was not sent" })]
    Closing {
        /// Whether the message may have been sent, so that the server may have it.
        sent: bool,
    },
    /// The payload is empty or holds marks of a frame. Nothing was sent and the client can be used further.
    #[error("payload cannot stand in a frame")]
    NotEncodable,
    /// MLLP release 2 has one message in flight, so that there is no [`Pipeline`](crate::Pipeline) of it.
    #[error("MLLP release 2 cannot be pipelined")]
    NotPipelined,
    /// An earlier error made the client useless. Nothing was sent.
    #[error("connection is unusable after an earlier error")]
    Poisoned,
}

impl ClientError {
    /// The stable name, for logs and metrics.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::ConnectTimeout => "connect_timeout",
            Self::Connect(_) => "connect_failed",
            #[cfg(feature = "tls")]
            Self::Tls(_) => "tls_failed",
            Self::WriteTimeout => "write_timeout",
            Self::AckTimeout { .. } => "ack_timeout",
            Self::Closed { .. } => "closed",
            Self::Stale => "stale",
            Self::Io(_) => "broken",
            Self::Uncorrelated { .. } => "uncorrelated",
            Self::Unsolicited { .. } => "unsolicited",
            Self::Frame { .. } => "bad_frame",
            Self::CommitNak => "commit_nak",
            Self::Abandoned { .. } => "abandoned",
            Self::Busy => "busy",
            Self::Closing { .. } => "closing",
            Self::NotEncodable => "not_encodable",
            Self::NotPipelined => "not_pipelined",
            Self::Poisoned => "poisoned",
        }
    }

    /// Whether the server may have received the message: what is sent again then can arrive twice.
    ///
    /// ```
    /// use carewire_mllp::{ClientError, Shape};
    /// assert!(ClientError::AckTimeout { received: Shape::of(b"") }.may_be_received());
    /// assert!(!ClientError::Stale.may_be_received());
    /// ```
    #[must_use]
    pub fn may_be_received(&self) -> bool {
        match self {
            Self::WriteTimeout
            | Self::AckTimeout { .. }
            | Self::Closed { .. }
            | Self::Io(_)
            | Self::Uncorrelated { .. }
            | Self::Frame { .. } => true,
            Self::Abandoned { sent, .. } | Self::Closing { sent } => *sent,
            #[cfg(feature = "tls")]
            Self::Tls(_) => false,
            Self::ConnectTimeout
            | Self::Connect(_)
            | Self::Stale
            | Self::Unsolicited { .. }
            | Self::CommitNak
            | Self::Busy
            | Self::NotEncodable
            | Self::NotPipelined
            | Self::Poisoned => false,
        }
    }

    /// What had come back before the error, where the error is about that.
    #[must_use]
    pub fn received(&self) -> Option<&Shape> {
        match self {
            Self::AckTimeout { received }
            | Self::Closed { received }
            | Self::Uncorrelated { received }
            | Self::Unsolicited { received }
            | Self::Frame { received, .. } => Some(received),
            _ => None,
        }
    }
}

/// What the peer sent, in words.
struct Told<'s>(&'s Shape);

impl fmt::Display for Told<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let has = |class| self.0.runs().iter().any(|(found, _)| *found == class);
        if self.0.is_empty() {
            return f.write_str("the peer sent nothing");
        }
        write!(f, "the peer sent: {}", self.0)?;
        match (has(ByteClass::StartBlock), has(ByteClass::EndBlock)) {
            (false, _) => f.write_str(", no start block"),
            (true, false) if self.0.beyond() == 0 => f.write_str(", no end block"),
            _ => Ok(()),
        }
    }
}
