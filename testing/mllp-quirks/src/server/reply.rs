//! What came back for a message.

use std::fmt;

use crate::hl7::{Ack, Code};
use crate::quirk::Verdict;
use crate::wire::{Frame, Heard};

/// What came back, seen from one message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reply {
    /// An acknowledgement of the message.
    Own(Code, Option<u16>),
    /// One that names no message.
    Bare(Code, Option<u16>),
    /// One of another message.
    Foreign(Code),
    /// A commit block of release 2.
    Commit(u8),
    /// A frame that is no acknowledgement, of so many bytes.
    NoAck(usize),
    /// Bytes, but no frame: their classes.
    Unframed(String),
    Closed,
    Reset,
    Silence,
}

impl Reply {
    pub(super) fn of(heard: &Heard, id: &[u8]) -> Self {
        match heard {
            Heard::Frame(frame) => Self::of_frame(frame, id),
            Heard::Unframed(shape) => Self::Unframed(shape.clone()),
            Heard::Closed => Self::Closed,
            Heard::Reset => Self::Reset,
            Heard::Silence => Self::Silence,
        }
    }

    fn of_frame(frame: &Frame, id: &[u8]) -> Self {
        if let [block @ (0x06 | 0x15)] = frame.payload.as_slice() {
            return Self::Commit(*block);
        }
        match Ack::read(&frame.payload) {
            None => Self::NoAck(frame.payload.len()),
            Some(ack) if ack.control_id.is_empty() => Self::Bare(ack.code, ack.error),
            Some(ack) if ack.control_id == id => Self::Own(ack.code, ack.error),
            Some(ack) => Self::Foreign(ack.code),
        }
    }

    /// Whether somebody is told that a message was taken.
    pub(super) fn accepts(&self) -> bool {
        matches!(self, Self::Own(code, _) | Self::Bare(code, _) | Self::Foreign(code) if code.is_accept())
    }

    /// Whether the message is said not to have been taken, or nothing in particular.
    pub(super) fn refuses(&self) -> bool {
        matches!(self, Self::Own(code, _) | Self::Bare(code, _) if !code.is_accept())
    }

    /// Whether nothing more can come.
    pub(super) fn is_end(&self) -> bool {
        matches!(self, Self::Closed | Self::Reset)
    }

    pub(super) fn is(&self, normal: Code) -> bool {
        matches!(self, Self::Own(code, _) if *code == normal)
    }

    /// For a message with nothing wrong: it is taken.
    pub(super) fn taken(&self, normal: Code) -> Verdict {
        if self.is(normal) { Verdict::Ok } else { Verdict::Fail }
    }

    /// For a message whose form is not right: it is taken, or its sender learns that it is not.
    pub(super) fn taken_or_refused(&self, normal: Code) -> Verdict {
        match self {
            reply if reply.is(normal) => Verdict::Ok,
            reply if reply.refuses() || reply.is_end() => Verdict::Tolerable,
            _ => Verdict::Fail,
        }
    }

    /// For what is no whole message: it must not be taken.
    pub(super) fn not_taken(&self) -> Verdict {
        match self {
            reply if reply.refuses() || reply.is_end() => Verdict::Ok,
            Self::Silence => Verdict::Tolerable,
            _ => Verdict::Fail,
        }
    }

    /// For a sound message on a connection that has seen something odd: the connection may be gone.
    pub(super) fn taken_unless_closed(&self, normal: Code) -> Verdict {
        match self {
            reply if reply.is(normal) => Verdict::Ok,
            reply if reply.is_end() => Verdict::Tolerable,
            _ => Verdict::Fail,
        }
    }
}

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let error = |error: &Option<u16>| error.map(|code| format!(" ({code})")).unwrap_or_default();
        match self {
            Self::Own(code, reported) => write!(f, "{}{}", code.shown(), error(reported)),
            Self::Bare(code, reported) => write!(f, "{}{} without MSA-2", code.shown(), error(reported)),
            Self::Foreign(code) => write!(f, "{} with another MSA-2", code.shown()),
            Self::Commit(block) => write!(f, "commit block {block:02x}"),
            Self::NoAck(len) => write!(f, "a frame of {len} bytes that is no ACK"),
            Self::Unframed(shape) => write!(f, "no frame: {shape}"),
            Self::Closed => f.write_str("closed"),
            Self::Reset => f.write_str("reset"),
            Self::Silence => f.write_str("no answer"),
        }
    }
}

/// `10 x AA, no answer`.
pub(super) fn list(replies: &[Reply]) -> String {
    let mut runs: Vec<(String, usize)> = Vec::new();
    for reply in replies {
        let text = reply.to_string();
        match runs.last_mut() {
            Some((last, count)) if *last == text => *count += 1,
            _ => runs.push((text, 1)),
        }
    }
    let run = |(text, count): (String, usize)| if count == 1 { text } else { format!("{count} x {text}") };
    if runs.is_empty() {
        "nothing".to_owned()
    } else {
        runs.into_iter().map(run).collect::<Vec<_>>().join(", ")
    }
}

/// The worst of the verdicts.
pub(super) fn worst(verdicts: impl IntoIterator<Item = Verdict>) -> Verdict {
    verdicts.into_iter().fold(Verdict::Ok, Verdict::and)
}
