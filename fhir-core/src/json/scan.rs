//! Finding what ends a run of plain text, many bytes at a time.

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;
/// Eight bytes of which none is special.
const SPACES: u64 = ONES * 0x20;

/// The place of the first quote, backslash or control character from `at` on; the length when there is none.
#[inline]
pub(super) fn special(bytes: &[u8], mut at: usize) -> usize {
    while let Some(eight) = bytes.get(at..).and_then(|rest| rest.first_chunk()) {
        match first_special(u64::from_le_bytes(*eight)) {
            Some(offset) => return at + offset,
            None => at += 8,
        }
    }
    let tail = bytes.get(at..).unwrap_or_default();
    // A tail behind other bytes is read with them; spaces take their places.
    if let Some(eight) = bytes.last_chunk().filter(|_| !tail.is_empty()) {
        let bits = 8 * tail.len();
        let word = (u64::from_le_bytes(*eight) >> (64 - bits)) | (SPACES << bits);
        return first_special(word).map_or(bytes.len(), |offset| at + offset);
    }
    let found = tail.iter().position(|&byte| byte == b'"' || byte == b'\\' || byte < b' ');
    found.map_or(bytes.len(), |offset| at + offset)
}

/// The place of the first byte from `at` on that is not white space in JSON.
#[inline]
pub(super) fn past_space(bytes: &[u8], mut at: usize) -> usize {
    const SPACES: [u8; 8] = [b' '; 8];
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b' ' if bytes.get(at..).is_some_and(|rest| rest.starts_with(&SPACES)) => at += SPACES.len(),
            b' ' | b'\n' | b'\r' | b'\t' => at += 1,
            _ => return at,
        }
    }
    at
}

/// The first byte of a little-endian word that is a quote, a backslash or below a space.
///
/// Subtracting from a byte borrows into its high bit exactly when the byte is smaller than what is subtracted. A borrow
/// can make a later byte look special, but never an earlier one, so the first is right.
#[inline]
fn first_special(word: u64) -> Option<usize> {
    let quote = (word ^ (ONES * 0x22)).wrapping_sub(ONES);
    let backslash = (word ^ (ONES * 0x5c)).wrapping_sub(ONES);
    let control = word.wrapping_sub(ONES * 0x20);
    let found = (quote | backslash | control) & !word & HIGH;
    (found != 0).then(|| (found.trailing_zeros() / 8) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_at_every_place_is_told_apart() {
        for byte in 0..=u8::MAX {
            for place in 0..50 {
                let mut bytes = vec![0xc3; 50];
                bytes[place] = byte;
                let expected = if byte == b'"' || byte == b'\\' || byte < b' ' { place } else { 50 };
                assert_eq!(special(&bytes, 0), expected, "{byte} at {place}");
                assert_eq!(special(&bytes, place), expected);
            }
        }
    }

    #[test]
    fn a_special_byte_hides_no_earlier_one() {
        for first in [b'"', b'\\', 0, 0x1f] {
            for second in 0..=u8::MAX {
                let bytes = [b'#', b']', b' ', first, second, second, b'!', b'x'];
                assert_eq!(special(&bytes, 0), 3);
            }
        }
    }

    #[test]
    fn space_is_skipped_whatever_its_length() {
        for length in 0..40 {
            let text = format!("\n{}\t\r{}x ", " ".repeat(length), " ".repeat(40 - length));
            assert_eq!(past_space(text.as_bytes(), 0), text.len() - 2);
            assert_eq!(past_space(" ".repeat(length).as_bytes(), 0), length);
        }
    }
}
