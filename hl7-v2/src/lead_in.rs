//! What stands before the first segment of a message, or between two messages, and says nothing.
//!
//! One rule for a message by itself and for a file of them: where the one begins, the other is cut.

/// Whether the byte says nothing between segments: white space, NUL, frame characters, the end-of-file of DOS.
#[inline]
pub(crate) fn is_filler(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, 0 | 0x1A) || is_frame(byte)
}

/// Whether the byte frames a message in MLLP: VT or FS.
#[inline]
pub(crate) fn is_frame(byte: u8) -> bool {
    matches!(byte, 0x0B | 0x1C)
}

/// The length of what the bytes begin with and says nothing: a byte-order mark or one such byte, 0 for anything else.
pub(crate) fn first(bytes: &[u8]) -> usize {
    match bytes {
        [0xEF, 0xBB, 0xBF, ..] => 3,
        [byte, ..] if is_filler(*byte) => 1,
        _ => 0,
    }
}

/// The length of all of it in the line that the bytes begin with.
pub(crate) fn in_line(bytes: &[u8]) -> usize {
    let mut length = 0;
    while let Some(rest) = bytes.get(length..).filter(|rest| !matches!(rest, [b'\r' | b'\n', ..])) {
        match first(rest) {
            0 => break,
            passed => length += passed,
        }
    }
    length
}

/// Whether a line is the header of a message, with or without something before it that says nothing. Its separator
/// need not be that of the message before it.
pub(crate) fn begins_message(line: &[u8]) -> bool {
    let header = line.get(in_line(line)..).and_then(|header| header.split_at_checked(3));
    header.is_some_and(|(name, rest)| {
        name.eq_ignore_ascii_case(b"MSH") && rest.first().is_some_and(u8::is_ascii_punctuation)
    })
}
