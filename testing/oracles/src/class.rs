//! Why two parsers may differ.

/// A known reason. Each has a case of its own in `tests/classes.rs`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Class {
    /// A peer refuses a message for a byte-order mark, a frame character or white space before it; we report those.
    RefusesWhatStandsBefore,
    /// A peer refuses a header with few characters behind MSH-1; we report the missing delimiters.
    RefusesShortHeader,
    /// `hl7-2` refuses delimiters that repeat or are letters; we report them and use the usual ones.
    RefusesDelimiters,
    /// `mllp` refuses a message with a line that begins with the field separator; we report the line.
    RefusesUnnamedSegment,
    /// We refuse a field separator that is not ASCII punctuation; peers take any character, or any but letters.
    FieldSeparator,
    /// We refuse a batch where a message is expected; `hl7-2` reads FHS and BHS as headers.
    Batch,
    /// `hl7-2` finds the header behind white space beyond ASCII, such as a no-break space; we refuse the text.
    SkipsToHeader,
    /// `hl7-parser` stops, without an error, at a segment without fields.
    StopsAtSegmentWithoutFields,
    /// `hl7-parser` stops, without an error, at a line that does not begin with three letters or digits.
    StopsAtSegmentId,
    /// `hl7-parser` stops, without an error, at a blank line.
    StopsAtBlankLine,
    /// A peer takes a line of white space, or of NUL or the end-of-file of DOS, for a segment.
    KeepsBlankLine,
    /// `hl7-2` removes white space around lines, and with it from values; lines of nothing but white space of any kind
    /// are blank to it.
    TrimsLines,
    /// A peer leaves the frame character FS, and what follows it, in the message.
    KeepsFrameCharacter,
    /// A peer calls whatever stands before the first separator a segment name; to us a name has three characters.
    NamesAnyLine,
    /// A peer counts the fields of a second MSH, or of FHS and BHS, like those of other segments.
    SecondHeader,
    /// `mllp` splits MSH-2 at the delimiters that it declares.
    SplitsEncodingCharacters,
    /// `hl7-parser` takes what follows the fourth encoding character for the next field, which moves the others.
    MovesHeader,
    /// MSH-2 declares fewer than four distinct punctuation characters: each parser has its own substitute, for
    /// `hl7-parser` whatever comes next, a line end included.
    OddDelimiters,
    /// A peer leaves layout sequences (`\.br\`, `\H\`) as they are, or gives their names as text.
    Layout,
    /// A peer does not replace `\X..\`.
    HexKept,
    /// `hl7-2` puts U+FFFD for each `\X..\` whose bytes are not UTF-8; we join neighbours, and keep what is no text.
    HexReplaced,
    /// A peer leaves `\C..\` and `\M..\` as they are; we read the character sets that we know.
    CharsetSwitch,
    /// A peer takes whatever stands between two escape characters for a sequence; we go on behind the first one.
    UnknownSequence,
    /// A peer does not know the truncation character: `\P\` stays.
    TruncationKept,
    /// `hl7-parser` removes the escape characters of sequences that it does not know, or all behind one without a partner.
    DropsEscapes,
    /// `hl7-parser` takes the position of a character for that of a byte: behind text that is not ASCII it panics or
    /// gives another part of the text.
    CountsCharacters,
    /// `hl7-2` gives an empty text for the explicit null `""`.
    NullIsEmpty,
    /// `er7` takes what stands before the first MSH, or behind a trailer, for a message; we count it as stray lines.
    FirstLineIsMessage,
    /// `er7` takes any line that begins with the letters MSH for a header; we want a separator behind them.
    HeaderByLetters,
    /// We read a header or trailer whose name is in lower case or behind white space; `er7` does not.
    LooseHeader,
}

impl Class {
    /// All of them.
    pub const ALL: [Self; 30] = [
        Self::RefusesWhatStandsBefore,
        Self::RefusesShortHeader,
        Self::RefusesDelimiters,
        Self::RefusesUnnamedSegment,
        Self::FieldSeparator,
        Self::Batch,
        Self::SkipsToHeader,
        Self::StopsAtSegmentWithoutFields,
        Self::StopsAtSegmentId,
        Self::StopsAtBlankLine,
        Self::KeepsBlankLine,
        Self::TrimsLines,
        Self::KeepsFrameCharacter,
        Self::NamesAnyLine,
        Self::SecondHeader,
        Self::SplitsEncodingCharacters,
        Self::MovesHeader,
        Self::OddDelimiters,
        Self::Layout,
        Self::HexKept,
        Self::HexReplaced,
        Self::CharsetSwitch,
        Self::UnknownSequence,
        Self::TruncationKept,
        Self::DropsEscapes,
        Self::CountsCharacters,
        Self::NullIsEmpty,
        Self::FirstLineIsMessage,
        Self::HeaderByLetters,
        Self::LooseHeader,
    ];
}
