//! Text from bytes, step by step, where it matters which bytes a character was read from.

use std::ops::Range;

use crate::escape::Syntax;
use crate::{Charset, iso2022};

/// Calls `each` with the bytes and the text of every step: one character or two, or `None` for bytes that the character
/// set does not have. What switches the set belongs to the character behind it.
pub(crate) fn walk(syntax: Syntax, bytes: &[u8], mut each: impl FnMut(Range<usize>, Option<&str>)) {
    let charset = syntax.charset;
    if let Some(base) = charset.switches() {
        return iso2022::walk(base, syntax.kept(), bytes, &mut each);
    }
    match charset {
        Charset::Utf8 => walk_utf8(bytes, &mut each),
        Charset::Ascii => walk_ascii(bytes, &mut each),
        _ => walk_encoding(charset.encoding(), bytes, &mut each),
    }
}

fn walk_utf8(bytes: &[u8], each: &mut impl FnMut(Range<usize>, Option<&str>)) {
    let mut at = 0;
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().split_inclusive(|_: char| true) {
            each(at..at + character.len(), Some(character));
            at += character.len();
        }
        let invalid = chunk.invalid().len();
        if invalid > 0 {
            each(at..at + invalid, None);
            at += invalid;
        }
    }
}

fn walk_ascii(bytes: &[u8], each: &mut impl FnMut(Range<usize>, Option<&str>)) {
    for (at, byte) in bytes.iter().enumerate() {
        each(at..at + 1, std::str::from_utf8(&[*byte]).ok());
    }
}

fn walk_encoding(
    encoding: &'static encoding_rs::Encoding,
    bytes: &[u8],
    each: &mut impl FnMut(Range<usize>, Option<&str>),
) {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut output = [0; 32];
    // What was read and has not come out as text yet.
    let mut start = 0;
    for at in 0..bytes.len() {
        let mut input = bytes.get(at..=at).unwrap_or_default();
        loop {
            let last = at + 1 == bytes.len();
            let (result, read, written) =
                decoder.decode_to_utf8_without_replacement(input, &mut output, last);
            input = input.get(read..).unwrap_or_default();
            let end = at + 1 - input.len();
            if let Some(text) = output.get(..written).and_then(|text| std::str::from_utf8(text).ok())
                && !text.is_empty()
            {
                step(start..end, text, each);
                start = end;
            }
            let encoding_rs::DecoderResult::Malformed(_, after) = result else { break };
            let end = end.saturating_sub(usize::from(after)).max(start);
            each(start..end, None);
            start = end;
        }
    }
}

/// What comes out at once: a character or two, and ASCII that was held back behind it, of which each is a step.
fn step(span: Range<usize>, text: &str, each: &mut impl FnMut(Range<usize>, Option<&str>)) {
    let head = text.trim_end_matches(|c: char| c.is_ascii());
    let ascii = text.len() - head.len();
    let mut at = span.end.saturating_sub(ascii).max(span.start);
    // A switch of the set that stands before plain ASCII is part of its first step.
    let mut start = span.start;
    if !head.is_empty() {
        each(start..at, Some(head));
        start = at;
    }
    for character in text.get(head.len()..).unwrap_or_default().split_inclusive(|_: char| true) {
        at += 1;
        each(start..at, Some(character));
        start = at;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Delimiters;
    use proptest::prelude::*;

    const SETS: [Charset; 8] = [
        Charset::Ascii,
        Charset::Utf8,
        Charset::Iso8859_1,
        Charset::Iso8859_6,
        Charset::Gb18030,
        Charset::Big5,
        Charset::EucKr,
        Charset::Iso2022Jp,
    ];

    proptest! {
        #[test]
        fn the_steps_make_the_text_and_leave_out_no_byte(
            pieces in prop::collection::vec(prop_oneof![
                Just(b"a|^".to_vec()), Just(b"\x1B$B;3\x1B(B".to_vec()), Just(b"\x1B(J~\\x".to_vec()), Just(vec![0x81]), Just(b"\x81\x30".to_vec()),
                Just("é東".as_bytes().to_vec()), Just(b"\x88\x62".to_vec()), prop::collection::vec(any::<u8>(), 0..4),
            ], 0..20)
        ) {
            let bytes = pieces.concat();
            for charset in SETS {
                let (mut text, mut next, mut faults) = (String::new(), 0, false);
                let syntax = Syntax { delimiters: Delimiters::default(), charset };
                walk(syntax, &bytes, |span, piece| {
                    assert_eq!(span.start, next);
                    next = span.end;
                    faults |= piece.is_none();
                    text.push_str(piece.unwrap_or("\u{FFFD}"));
                });
                let (decoded, lossy) = syntax.decode_lossy(&bytes);
                prop_assert_eq!((&*decoded, lossy), (&*text, faults), "{:?}", charset);
                prop_assert!(next == bytes.len() || bytes.get(next) == Some(&0x1B), "{:?}", charset);
            }
        }
    }
}
