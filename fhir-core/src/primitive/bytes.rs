//! What kinds of bytes a text has, eight at a time.

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// Whether every byte is a visible character of ASCII. An empty text has none that is not.
pub(super) fn is_graphic(text: &str) -> bool {
    // Below `!` a byte borrows into its high bit, `DEL` carries into it, and others have it.
    !any(text.as_bytes(), |word| {
        ((word.wrapping_sub(ONES * 0x21) & !word) | word.wrapping_add(ONES) | word) & HIGH
    })
}

/// Whether a byte is a control character of ASCII.
pub(super) fn has_control(text: &str) -> bool {
    any(text.as_bytes(), |word| {
        let delete = word ^ (ONES * 0x7f);
        ((word.wrapping_sub(ONES * 0x20) & !word) | (delete.wrapping_sub(ONES) & !delete)) & HIGH
    })
}

/// Whether a function of eight bytes says for any of them that it is there: anything but zero.
#[inline(always)]
fn any(bytes: &[u8], find: impl Fn(u64) -> u64) -> bool {
    let Some(last) = bytes.last_chunk() else {
        let mut padded = [b'x'; 8];
        padded.iter_mut().zip(bytes).for_each(|(to, byte)| *to = *byte);
        return find(u64::from_le_bytes(padded)) != 0;
    };
    let mut rest = bytes;
    while let Some((eight, after)) = rest.split_first_chunk() {
        if find(u64::from_le_bytes(*eight)) != 0 {
            return true;
        }
        rest = after;
    }
    find(u64::from_le_bytes(*last)) != 0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_character_at_every_place_is_told_apart() {
        for code in 0..=0x100 {
            let character = char::from_u32(code).unwrap();
            for (before, after) in (0..20).flat_map(|before| (0..3).map(move |after| (before, after))) {
                let text = format!("{}{character}{}", "!".repeat(before), "~".repeat(after));
                assert_eq!(is_graphic(&text), character.is_ascii_graphic(), "{code:x} at {before}");
                assert_eq!(has_control(&text), character.is_ascii_control(), "{code:x} at {before}");
            }
        }
        assert!(is_graphic("") && !has_control(""));
    }

    proptest! {
        #[test]
        fn words_say_what_bytes_say(text in "[ -~]{0,20}|\\PC{0,20}|[\u{0}-\u{ff}]{0,20}") {
            prop_assert_eq!(is_graphic(&text), text.bytes().all(|byte| byte.is_ascii_graphic()));
            prop_assert_eq!(has_control(&text), text.bytes().any(|byte| byte.is_ascii_control()));
        }
    }
}
