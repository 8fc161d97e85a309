//! One spelling for what looks alike.

/// Blanks, hyphens and digits of one kind, without what is not seen; `None` for digits of a script that is not read.
///
/// Full-width digits become plain ones; the text that comes out of the scrubber has them so too.
pub(super) fn plain(text: &str) -> Option<Vec<char>> {
    text.chars().filter(|one| !is_invisible(*one)).map(plain_character).collect()
}

fn plain_character(one: char) -> Option<char> {
    match one {
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => Some(' '),
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}' => Some('-'),
        '\u{ff0e}' => Some('.'),
        '\u{ff0f}' => Some('/'),
        '\u{ff20}' => Some('@'),
        '\u{ff10}'..='\u{ff19}' => char::from_digit(u32::from(one) - 0xff10, 10),
        one if !one.is_ascii() && is_digit_elsewhere(one) => None,
        one => Some(one),
    }
}

fn is_invisible(one: char) -> bool {
    matches!(one, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

/// A decimal digit (general category Nd of Unicode 15) other than the ASCII and full-width ones.
fn is_digit_elsewhere(one: char) -> bool {
    const ZEROS: [u32; 64] = [
        0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50,
        0xed0, 0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40,
        0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0x104a0, 0x10d30, 0x11066, 0x110f0,
        0x11136, 0x111d0, 0x112f0, 0x11450, 0x114d0, 0x11650, 0x116c0, 0x11730, 0x118e0, 0x11950, 0x11c50,
        0x11d50, 0x11da0, 0x11f50, 0x16a60, 0x16ac0, 0x16b50, 0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6,
        0x1e140, 0x1e2f0, 0x1fbf0,
    ];
    let code = u32::from(one);
    ZEROS.iter().any(|zero| (*zero..zero + 10).contains(&code))
}
