//! Why a message cannot be written.

use crate::Location;

/// Why a message cannot be written. No value of it is in here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The first segment is not MSH.
    #[error("the message does not begin with MSH")]
    NoHeader,
    /// Another segment than the first is MSH.
    #[error("segment {position} is a second MSH")]
    RepeatedHeader {
        /// Which segment of the message, from 1.
        position: usize,
    },
    /// A segment is FHS, BHS, BTS or FTS, which stand around messages and would end this one:
    /// [`BatchWriter`](crate::batch::BatchWriter) writes them.
    #[error("segment {position} is of the envelope of a batch or file")]
    Envelope {
        /// Which segment of the message, from 1.
        position: usize,
    },
    /// The name of a segment is not a capital letter and two capital letters or digits of ASCII.
    #[error("segment {position} has no valid name")]
    SegmentId {
        /// Which segment of the message, from 1.
        position: usize,
    },
    /// MSH-1 or MSH-2 was given as a value; they are written from the delimiters.
    #[error("{location} is written from the delimiters")]
    Delimiters {
        /// Which of them.
        location: Location,
    },
    /// A number of a field, repetition, component or subcomponent is 0 or beyond the limits of
    /// [`SegmentBuilder`](super::SegmentBuilder).
    #[error("number out of range in {location}")]
    Number {
        /// The place with the number.
        location: Location,
    },
    /// The character set of the message does not have a character of the text.
    #[error("{location} has a character that the character set of the message does not have")]
    Charset {
        /// Where the text was to stand.
        location: Location,
    },
    /// The text holds a delimiter or a control character, and the message declares no escape character.
    #[error("{location} needs an escape character, and the message declares none")]
    NoEscapeCharacter {
        /// Where the text was to stand.
        location: Location,
    },
    /// The value has parts that a separator would have to keep apart, and the message declares none for them.
    #[error("{location} needs a separator that the message does not declare")]
    NoSeparator {
        /// The part that cannot be kept apart.
        location: Location,
    },
    /// The value has parts where the standard has no further level: inside a subcomponent.
    #[error("{location} has parts, and nothing is below a subcomponent")]
    TooDeep {
        /// The subcomponent.
        location: Location,
    },
    /// Notation that was to be written as it is holds a separator of a level above or a control character other than
    /// the tab: a line end would end the segment, VT or FS the frame around the message.
    #[error("the notation for {location} does not stay in its place")]
    Raw {
        /// Where it was to stand.
        location: Location,
    },
}

impl BuildError {
    /// The place that it is about, where it has one.
    #[must_use]
    pub fn location(&self) -> Option<&Location> {
        match self {
            Self::NoHeader | Self::RepeatedHeader { .. } | Self::Envelope { .. } | Self::SegmentId { .. } => {
                None
            }
            Self::Delimiters { location }
            | Self::Number { location }
            | Self::Charset { location }
            | Self::NoEscapeCharacter { location }
            | Self::NoSeparator { location }
            | Self::TooDeep { location }
            | Self::Raw { location } => Some(location),
        }
    }
}
