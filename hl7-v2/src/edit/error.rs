//! Why a message cannot be changed.

use std::convert::Infallible;

use crate::build::BuildError;
use crate::{Location, ParseError, PathError};

/// Why a message cannot be changed. It stays as it was. No value of it is in here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EditError {
    /// The path cannot be read or followed, or names a whole segment where a value is to be set.
    #[error(transparent)]
    Path(#[from] PathError),
    /// MSH-1 or MSH-2, which say how all else is written; or a header to be added, removed or replaced.
    #[error("{location} is the header that says how the message is written")]
    Header {
        /// The field or the segment.
        location: Location,
    },
    /// The segment or repetition is beyond the next one: setting it would leave a gap.
    #[error("{location} is beyond the next one, {next}")]
    BeyondNext {
        /// Where the value was to stand.
        location: Location,
        /// The number of the next one.
        next: usize,
    },
    /// The number of a field, component or subcomponent that is not there is higher than 1000.
    #[error("number out of range in {location}")]
    Number {
        /// Where the value was to stand.
        location: Location,
    },
    /// The message declares no separator for the parts that the place is one of.
    #[error("{location} needs a separator that the message does not declare")]
    NoSeparator {
        /// Where the value was to stand.
        location: Location,
    },
    /// The text holds a delimiter or a control character, and the message declares no escape character.
    #[error("{location} needs an escape character, and the message declares none")]
    NoEscapeCharacter {
        /// Where the value was to stand.
        location: Location,
    },
    /// The character set of the message does not have a character of the text.
    #[error("{location} has a character that the character set of the message does not have")]
    Charset {
        /// Where the value was to stand.
        location: Location,
    },
    /// The segment holds bytes that the character set does not have. Writing it again would lose them.
    #[error("{location} is in a segment with bytes that the character set does not have")]
    Undecodable {
        /// Where the value was to stand.
        location: Location,
    },
    /// MSH-18 would name another character set than the bytes of the message are in.
    #[error("MSH-18 would not be the character set that the message is in")]
    CharsetChange,
    /// The place is a part of something that is the explicit null. Clear that first.
    #[error("{location} is a part of an explicit null")]
    PartOfNull {
        /// Where the value was to stand.
        location: Location,
    },
    /// Notation that was to be written as it is holds a separator of a level above, a control character, or ends
    /// the segment.
    #[error("the notation for {location} does not stay in its place")]
    Raw {
        /// Where it was to stand.
        location: Location,
    },
    /// The notation of a segment to be added does not begin with a segment id and the field separator, or ends
    /// the segment.
    #[error("the notation of the segment is not that of one segment")]
    Segment,
    /// A segment to be added cannot be written.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// The segment beside which another was to be added is not there.
    #[error("there is no {location}")]
    NoSegment {
        /// The segment.
        location: Location,
    },
    /// The path leads through groups to nothing that is there. Add the segment first.
    #[error("the path leads through groups to nothing that is there")]
    Absent,
    /// A line without a segment id would begin with one or be blank, or the new text cannot be written in it.
    #[error("the line with index {index}, which has no segment id, cannot be changed like this")]
    UnnamedLine {
        /// The index of the line among the segments.
        index: usize,
    },
    /// The changed message cannot be read again.
    #[error(transparent)]
    Parse(#[from] ParseError),
}

impl From<Infallible> for EditError {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}
