//! Why a message cannot be converted. No error holds a value of a message.

use std::ops::Range;

use carewire_hl7_v2::{Charset, Location, ParseError};

/// Why a message cannot be converted without a loss.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The bytes are not UTF-8, or MSH-18 says that they are something else: hl7-parser holds text only.
    #[error("the message is in {}, and hl7-parser reads UTF-8 only", charset.label())]
    Charset {
        /// The character set of the message.
        charset: Charset,
    },
    /// hl7-parser reads no message at all.
    #[error("hl7-parser refuses the message")]
    Refused,
    /// hl7-parser has no place for the delimiters: a truncation character, or fewer than four encoding characters.
    #[error("hl7-parser cannot hold the delimiters that MSH-2 declares")]
    Delimiters,
    /// hl7-parser stops before the end of the message, without an error of its own.
    #[error(
        "hl7-parser stops after {kept} of {total} segments, before {}",
        place(location.as_ref(), *kept + 1)
    )]
    Truncated {
        /// How many segments it keeps.
        kept: usize,
        /// How many segments there are.
        total: usize,
        /// The first segment that it leaves out; `None` when that has no valid name.
        location: Option<Location>,
        /// The bytes of that segment in the input.
        span: Range<usize>,
    },
    /// The two crates read different things at a place.
    #[error("hl7-parser and carewire-hl7-v2 differ in {}", place(location.as_ref(), *segment))]
    Differs {
        /// The segment, from 1.
        segment: usize,
        /// The place, as far as it can be named.
        location: Option<Location>,
        /// The bytes of the segment in the input.
        span: Range<usize>,
    },
    /// What hl7-parser holds is not a message: its segments were changed after parsing.
    #[error(transparent)]
    Parse(#[from] ParseError),
}

fn place(location: Option<&Location>, segment: usize) -> String {
    location.map_or_else(|| format!("segment {segment}"), Location::to_string)
}
