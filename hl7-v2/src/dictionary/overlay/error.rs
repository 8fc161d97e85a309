//! Why an overlay was refused.

/// An overlay was refused. It holds a line number and no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the overlay: {problem}")]
pub struct OverlayError {
    line: usize,
    problem: OverlayProblem,
}

impl OverlayError {
    pub(super) fn new(line: usize, problem: OverlayProblem) -> Self {
        Self { line, problem }
    }

    /// The line, from 1; 0 when the text as a whole was refused.
    #[must_use]
    pub fn line(&self) -> usize {
        self.line
    }

    /// What is wrong with it.
    #[must_use]
    pub fn problem(&self) -> OverlayProblem {
        self.problem
    }
}

/// What is wrong with a line of an overlay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum OverlayProblem {
    /// The text is longer than 4 MiB, or has more than 20 000 places in structures.
    #[error("the text is too long")]
    TooLong,
    /// The line does not begin with a word that begins a block.
    #[error("it begins no block that is known")]
    UnknownStatement,
    /// The line is indented, and no block that has lines is open.
    #[error("it is indented and belongs to no block")]
    NoBlock,
    /// The overlay is for another version.
    #[error("the overlay is for another version")]
    OtherVersion,
    /// A name, number or kind does not have the form that it must have.
    #[error("a word does not have the form that it must have")]
    BadWord,
    /// A word is missing.
    #[error("a word is missing")]
    Missing,
    /// The number is not the one after the last.
    #[error("the number leaves a gap")]
    Gap,
    /// It is defined otherwise already, and the line does not begin with `replace`.
    #[error("it is defined otherwise already; say `replace` to change it")]
    Conflict,
    /// A body cannot be read, names a group that is not defined, or has groups in themselves.
    #[error("the body cannot be read")]
    BadBody,
    /// The place is not in the structure.
    #[error("the place is not in the structure")]
    NoPlace,
    /// The place is there several times.
    #[error("the place is there several times; say which one, as in OBX[2]")]
    SeveralPlaces,
    /// The datatype is not defined.
    #[error("the datatype is not defined")]
    UnknownDatatype,
    /// The table is not defined.
    #[error("the table is not defined")]
    UnknownTable,
    /// The segment is not defined.
    #[error("the segment is not defined")]
    UnknownSegment,
    /// The structure is not defined.
    #[error("the structure is not defined")]
    UnknownStructure,
}
