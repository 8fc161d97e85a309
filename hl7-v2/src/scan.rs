//! Delimiters in text: where the n-th is, and the text around it.

use std::ops::Range;

/// Bytes of a block that is counted as a whole: the compiler makes vector instructions of it.
const BLOCK: usize = 32;
const WORD: usize = 8;

/// The part behind `skip` delimiters, up to the next one; `None` when there are fewer.
#[inline]
pub(crate) fn nth(text: &str, delimiter: u8, skip: usize) -> Option<&str> {
    text.get(nth_span(text.as_bytes(), delimiter, skip)?)
}

/// The same of bytes.
#[inline]
pub(crate) fn nth_bytes(bytes: &[u8], delimiter: u8, skip: usize) -> Option<&[u8]> {
    bytes.get(nth_span(bytes, delimiter, skip)?)
}

#[inline]
fn nth_span(bytes: &[u8], delimiter: u8, skip: usize) -> Option<Range<usize>> {
    let start = match skip.checked_sub(1) {
        None => 0,
        Some(before) => position(bytes, delimiter, before)? + 1,
    };
    let end = first(bytes.get(start..)?, delimiter).map_or(bytes.len(), |length| start + length);
    Some(start..end)
}

/// Where the first `needle` is. Parts of a message are short, so the first bytes are looked at in place.
#[inline]
pub(crate) fn first(bytes: &[u8], needle: u8) -> Option<usize> {
    let Some((word, rest)) = bytes.split_first_chunk::<WORD>() else {
        return bytes.iter().position(|byte| *byte == needle);
    };
    let marks = marks(*word, needle);
    if marks != 0 {
        return Some(marks.trailing_zeros() as usize / WORD);
    }
    memchr::memchr(needle, rest).map(|at| at + WORD)
}

/// Where the `needle` behind `skip` others is.
pub(crate) fn position(bytes: &[u8], needle: u8, skip: usize) -> Option<usize> {
    let (blocks, rest) = bytes.as_chunks::<BLOCK>();
    let mut left = skip;
    for (number, block) in blocks.iter().enumerate() {
        let count = count(block, needle);
        if left < count {
            return Some(number * BLOCK + position_in(block, needle, left)?);
        }
        left -= count;
    }
    Some(blocks.len() * BLOCK + position_in(rest, needle, left)?)
}

fn count(block: &[u8; BLOCK], needle: u8) -> usize {
    usize::from(block.iter().map(|byte| u8::from(*byte == needle)).sum::<u8>())
}

fn position_in(bytes: &[u8], needle: u8, skip: usize) -> Option<usize> {
    let (words, rest) = bytes.as_chunks::<WORD>();
    let mut left = skip;
    for (number, word) in words.iter().enumerate() {
        let mut marks = marks(*word, needle);
        while marks != 0 {
            if left == 0 {
                return Some(number * WORD + marks.trailing_zeros() as usize / WORD);
            }
            left -= 1;
            marks &= marks - 1;
        }
    }
    let found = rest.iter().enumerate().filter(|(_, byte)| **byte == needle).nth(left);
    found.map(|(at, _)| words.len() * WORD + at)
}

/// The highest bit of each byte that is `needle`, the first byte lowest.
#[inline]
fn marks(word: [u8; WORD], needle: u8) -> u64 {
    const LOW: u64 = 0x7F7F_7F7F_7F7F_7F7F;
    let differs = u64::from_le_bytes(word) ^ u64::from_le_bytes([needle; WORD]);
    !(((differs & LOW) + LOW) | differs | LOW)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn finds_what_a_plain_search_finds(text in "[|a-cé]{0,150}", skip in 0_usize..60) {
            let plain = text.bytes().enumerate().filter(|(_, byte)| *byte == b'|').map(|(at, _)| at);
            prop_assert_eq!(position(text.as_bytes(), b'|', skip), plain.clone().nth(skip));
            prop_assert_eq!(first(text.as_bytes(), b'|'), plain.clone().next());
            prop_assert_eq!(nth(&text, b'|', skip), text.split('|').nth(skip));
        }
    }
}
