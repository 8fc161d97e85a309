//! The errors of this crate. None of them carries a value of a message.

use crate::Diagnostic;

/// Why an input could not be read as one HL7 v2 message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseError {
    /// There is nothing in the input but white space.
    #[error("the input is empty")]
    Empty,
    /// The input does not begin with a message header. Sending it again will not help.
    #[error("no MSH segment at byte {offset}")]
    NoHeader {
        /// Where the header was expected.
        offset: usize,
    },
    /// The input is a batch or a file of messages: take it apart with [`crate::batch::Batch::split`] first.
    #[error("the input is a batch, not a message")]
    Batch,
    /// The input is in UTF-16 or UTF-32, whose bytes are not those of ASCII. Have the sender use UTF-8.
    #[error("the input is in UTF-16 or UTF-32, which is not supported: use UTF-8")]
    WideCharacters,
    /// MSH-1 is not a character that can separate fields.
    #[error("the field separator MSH-1 at byte {offset} is not ASCII punctuation")]
    FieldSeparator {
        /// Where MSH-1 stands.
        offset: usize,
    },
    /// The input is larger than [`ParseOptions::max_bytes`](crate::ParseOptions::max_bytes).
    #[error("the input is larger than {limit} bytes")]
    TooLarge {
        /// The most bytes that are read.
        limit: usize,
    },
    /// The message has more segments than [`ParseOptions::max_segments`](crate::ParseOptions::max_segments).
    #[error("the message has more than {limit} segments")]
    TooManySegments {
        /// The most segments that are read.
        limit: usize,
    },
    /// The message can be read, and is not an acknowledgement: no MSA segment with a code of table 0008.
    #[error("not an acknowledgement: no MSA segment with a known code")]
    NotAnAcknowledgement,
    /// The options ask for strict reading, and this finding stands against it.
    #[error("not strictly HL7: {0}")]
    Strict(Diagnostic),
}

/// Why a text is not the path of a place in a message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PathError {
    /// Neither a segment id (a letter and two letters or digits) nor the longer name of a group.
    #[error("expected a segment id of three characters at position {position} of the path")]
    SegmentId {
        /// The character position in the path, from 0.
        position: usize,
    },
    /// A number was expected. Positions count from 1.
    #[error("expected a number from 1 at position {position} of the path")]
    Number {
        /// The character position in the path, from 0.
        position: usize,
    },
    /// Something stands in the path that has no place there.
    #[error("unexpected character at position {position} of the path")]
    Unexpected {
        /// The character position in the path, from 0.
        position: usize,
    },
    /// The path names a segment only, where a value was asked for.
    #[error("the path names no field")]
    NoField,
    /// The path names every segment or repetition (`*`), where one place was asked for.
    #[error("the path names several places where one is asked for")]
    Every,
    /// The path names a repetition, where one is to be added.
    #[error("the path names a repetition where one is to be added")]
    Repetition,
    /// The path leads through groups, which only the structure of the message tells apart.
    #[error("the path names a group of segments: it needs the structure of the message")]
    Group,
    /// The path leads through groups, and the dictionary has no structure for the message.
    #[error("the structure of the message is not known")]
    UnknownStructure,
    /// The structure has no such group inside the one before it.
    #[error("step {step} of the path names a group that the structure does not have there")]
    UnknownGroup {
        /// Which of the groups of the path, from 1.
        step: usize,
    },
    /// The structure has several groups of that name inside the one before it: name those in between.
    #[error("step {step} of the path names a group that the structure has at several places")]
    AmbiguousGroup {
        /// Which of the groups of the path, from 1.
        step: usize,
    },
    /// The structure does not have the segment in that group itself.
    #[error("the structure does not have the segment in that group")]
    NotInGroup,
    /// The path names a segment or a place in it, where a group is asked for.
    #[error("the path names no group")]
    NotAGroup,
    /// The path names a group, where a segment or a place in it is asked for.
    #[error("the path names no segment")]
    NotASegment,
}
