//! Character sets that change within a text, by the escape sequences of ISO 2022.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use crate::{Charset, Delimiters};

const ESC: u8 = 0x1B;

/// Which of the two bytes where the Roman letters of JIS X 0201 differ from ASCII are delimiters of the message. A
/// delimiter is one whatever set is designated, as the standard has delimiters and escape sequences in one byte each
/// for the whole message; otherwise `ESC ( J`, with which Japanese returns to single bytes, would hide them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Kept {
    backslash: bool,
    tilde: bool,
}

impl Kept {
    pub(crate) fn of(delimiters: &Delimiters) -> Self {
        let declared = delimiters.all();
        Self { backslash: declared.contains(&BACKSLASH), tilde: declared.contains(&TILDE) }
    }

    fn holds(self, byte: u8) -> bool {
        (byte == BACKSLASH && self.backslash) || (byte == TILDE && self.tilde)
    }

    /// Whether a message whose upper bytes are in `base` at first has no other byte for the character than that of a
    /// delimiter: `\X1B284A7E1B2842\` is how it is written then.
    pub(crate) fn hides(self, base: Option<Set>, c: char) -> bool {
        let code = ROMAN_ONLY.iter().find(|(character, _)| *character == c);
        code.is_some_and(|(_, byte)| self.holds(*byte)) && base.and_then(|base| upper_code(base, c)).is_none()
    }
}

const BACKSLASH: u8 = 0x5C;
const TILDE: u8 = 0x7E;

/// The Roman letters that are not in ASCII.
const ROMAN_ONLY: [(char, u8); 2] = [('¥', BACKSLASH), ('‾', TILDE)];

/// A set that an escape sequence can name, and the half of the code table that it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Designated {
    /// Bytes 21 to 7E.
    Lower(Set),
    /// Bytes A0 to FF.
    Upper(Set),
}

/// The sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Set {
    /// ISO IR6.
    Ascii,
    /// ISO IR14, the Roman letters of JIS X 0201.
    Roman,
    /// ISO IR13, the Katakana of JIS X 0201.
    Katakana,
    /// ISO IR87, JIS X 0208.
    Kanji,
    /// ISO IR159, JIS X 0212.
    SupplementaryKanji,
    /// ISO IR149, KS X 1001.
    Korean,
    /// ISO IR58, GB 2312.
    Chinese,
    /// The upper half of a part of ISO 8859.
    Part(Charset),
}

impl Designated {
    /// Reads the bytes that follow ESC.
    pub(crate) fn parse(designation: &[u8]) -> Option<Self> {
        Some(match designation {
            [b'(', b'B'] => Self::Lower(Set::Ascii),
            [b'(', b'J'] => Self::Lower(Set::Roman),
            [b'(', b'I'] => Self::Lower(Set::Katakana),
            [b')', b'I'] => Self::Upper(Set::Katakana),
            [b'$', b'@' | b'B'] | [b'$', b'(', b'@' | b'B'] => Self::Lower(Set::Kanji),
            [b'$', b')', b'B'] => Self::Upper(Set::Kanji),
            [b'$', b'(', b'D'] => Self::Lower(Set::SupplementaryKanji),
            [b'$', b')', b'D'] => Self::Upper(Set::SupplementaryKanji),
            [b'$', b'(', b'C'] => Self::Lower(Set::Korean),
            [b'$', b')', b'C'] => Self::Upper(Set::Korean),
            [b'$', b'A'] | [b'$', b'(', b'A'] => Self::Lower(Set::Chinese),
            [b'$', b')', b'A'] => Self::Upper(Set::Chinese),
            [b'-', last] => Self::Upper(Set::Part(part(*last)?)),
            _ => return None,
        })
    }
}

/// The parts of ISO 8859, by the last byte of the escape sequence of each.
fn part(last: u8) -> Option<Charset> {
    PARTS.iter().find(|(named, _)| *named == last).map(|(_, part)| *part)
}

const PARTS: [(u8, Charset); 14] = [
    (b'A', Charset::Iso8859_1),
    (b'B', Charset::Iso8859_2),
    (b'C', Charset::Iso8859_3),
    (b'D', Charset::Iso8859_4),
    (b'L', Charset::Iso8859_5),
    (b'G', Charset::Iso8859_6),
    (b'F', Charset::Iso8859_7),
    (b'H', Charset::Iso8859_8),
    (b'M', Charset::Iso8859_9),
    (b'V', Charset::Iso8859_10),
    (b'T', Charset::Iso8859_11),
    (b'Y', Charset::Iso8859_13),
    (b'_', Charset::Iso8859_14),
    (b'b', Charset::Iso8859_15),
];

/// The names in table 0211 of the sets that the escape sequences in some bytes name, ASCII left out; a set once for
/// each sequence. Characters that [`Kept::hides`] are in the Roman letters, in hexadecimal.
pub(crate) fn labels_of(bytes: &[u8]) -> impl Iterator<Item = &'static str> {
    let hidden = memchr::memmem::find(bytes, b"X1B284A").and_then(|_| Set::Roman.label());
    let named = memchr::memchr_iter(ESC, bytes).filter_map(|at| {
        let rest = bytes.get(at..)?;
        match Designated::parse(rest.get(1..sequence_length(rest))?)? {
            Designated::Lower(set) | Designated::Upper(set) => set.label(),
        }
    });
    named.chain(hidden)
}

/// The length of the escape sequence at the front.
fn sequence_length(bytes: &[u8]) -> usize {
    2 + bytes.iter().skip(1).take(3).take_while(|byte| matches!(byte, 0x20..=0x2F)).count()
}

impl Set {
    /// The name in table 0211; none for ASCII, which is beside all others.
    fn label(self) -> Option<&'static str> {
        Some(match self {
            Self::Ascii => return None,
            Self::Roman => "ISO IR14",
            Self::Katakana => "ISO IR13",
            Self::Kanji => "ISO IR87",
            Self::SupplementaryKanji => "ISO IR159",
            Self::Korean => Charset::EucKr.label(),
            Self::Chinese => Charset::Gb18030.label(),
            Self::Part(charset) => charset.label(),
        })
    }

    /// Takes one character from the front of `bytes`, whose high bits do not count; gives its length.
    fn take(self, bytes: &[u8]) -> Option<(char, usize)> {
        let first = bytes.first()? & 0x7F;
        match self {
            Self::Ascii => Some((char::from(first), 1)),
            Self::Roman => Some((roman(first), 1)),
            Self::Katakana => Some((katakana(first)?, 1)),
            Self::Part(charset) => Some((charset.character(&[first | 0x80])?, 1)),
            Self::Kanji | Self::SupplementaryKanji | Self::Korean | Self::Chinese => {
                let (high, low) = (first | 0x80, bytes.get(1)? | 0x80);
                Some((self.double(high, low)?, 2))
            }
        }
    }

    fn double(self, high: u8, low: u8) -> Option<char> {
        if !(0xA1..=0xFE).contains(&high) || !(0xA1..=0xFE).contains(&low) {
            return None;
        }
        match self {
            Self::Kanji => single(encoding_rs::EUC_JP, &[high, low]),
            Self::SupplementaryKanji => single(encoding_rs::EUC_JP, &[0x8F, high, low]),
            Self::Korean => single(encoding_rs::EUC_KR, &[high, low]),
            Self::Chinese => single(encoding_rs::GB18030, &[high, low]),
            _ => None,
        }
    }
}

fn single(encoding: &'static encoding_rs::Encoding, bytes: &[u8]) -> Option<char> {
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
    let mut characters = text.chars();
    characters.next().filter(|_| characters.next().is_none())
}

fn roman(byte: u8) -> char {
    ROMAN_ONLY.iter().find(|(_, code)| *code == byte).map_or(char::from(byte), |(character, _)| *character)
}

fn katakana(byte: u8) -> Option<char> {
    let place = byte.checked_sub(0x21).filter(|place| *place <= 0x3E)?;
    char::from_u32(0xFF61 + u32::from(place))
}

/// The text of bytes in one designated set, with ASCII beside it; `None` when they are not all in it.
pub(crate) fn decode_in(set: Designated, bytes: &[u8]) -> Option<String> {
    let mut decoder = Decoder::new(None, Kept::default());
    decoder.designate(set);
    let mut text = String::with_capacity(bytes.len());
    decoder.decode(bytes, &mut text).then_some(text)
}

/// The text of bytes with escape sequences, U+FFFD for what is in no set, and whether there was any such. Upper
/// bytes are in `base` until a sequence says otherwise; without a base, they are in no set.
pub(crate) fn decode(base: Option<Set>, kept: Kept, bytes: &[u8]) -> (String, bool) {
    let mut text = String::with_capacity(bytes.len());
    let sound = Decoder::new(base, kept).decode(bytes, &mut text);
    (text, !sound)
}

/// Calls `each` with the bytes and the text of every character, the sequences before it among its bytes; `None` for
/// what is in no set.
pub(crate) fn walk(
    base: Option<Set>,
    kept: Kept,
    bytes: &[u8],
    each: &mut impl FnMut(Range<usize>, Option<&str>),
) {
    let mut decoder = Decoder::new(base, kept);
    let (mut start, mut at) = (0, 0);
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        let (character, length) = decoder.step(rest);
        at += length;
        if let Some(character) = character {
            let mut buffer = [0; 4];
            let text: &str = character.encode_utf8(&mut buffer);
            each(start..at, Some(text).filter(|_| character != '\u{FFFD}'));
            start = at;
        }
    }
}

struct Decoder {
    base: Option<Set>,
    kept: Kept,
    lower: Set,
    upper: Option<Set>,
}

impl Decoder {
    fn new(base: Option<Set>, kept: Kept) -> Self {
        Self { base, kept, lower: Set::Ascii, upper: base }
    }

    fn designate(&mut self, set: Designated) {
        match set {
            Designated::Lower(set) => self.lower = set,
            Designated::Upper(set) => self.upper = Some(set),
        }
    }

    /// Appends the text; false when something could not be read.
    fn decode(&mut self, mut rest: &[u8], text: &mut String) -> bool {
        let mut sound = true;
        while !rest.is_empty() {
            let (character, length) = self.step(rest);
            sound &= character != Some('\u{FFFD}');
            text.extend(character);
            rest = rest.get(length..).unwrap_or_default();
        }
        sound
    }

    /// The character at the front, if there is one, and the length of what was read; U+FFFD for what is in no set.
    fn step(&mut self, bytes: &[u8]) -> (Option<char>, usize) {
        let Some(first) = bytes.first() else { return (None, 0) };
        match first {
            &ESC => match self.sequence(bytes) {
                Some(length) => (None, length),
                None => (Some('\u{FFFD}'), 1),
            },
            b'\r' | b'\n' => {
                (self.lower, self.upper) = (Set::Ascii, self.base);
                (Some(char::from(*first)), 1)
            }
            0x00..=0x20 | 0x7F => (Some(char::from(*first)), 1),
            _ if self.lower == Set::Roman && self.kept.holds(*first) => (Some(char::from(*first)), 1),
            _ => {
                let set = if first.is_ascii() { Some(self.lower) } else { self.upper };
                let taken = set.and_then(|set| set.take(bytes)).filter(|(_, length)| alike(bytes, *length));
                taken.map_or((Some('\u{FFFD}'), 1), |(character, length)| (Some(character), length))
            }
        }
    }

    /// Obeys the sequence at the front and gives its length; `None` when it is not known.
    fn sequence(&mut self, bytes: &[u8]) -> Option<usize> {
        let length = sequence_length(bytes);
        self.designate(Designated::parse(bytes.get(1..length)?)?);
        Some(length)
    }
}

/// Whether the bytes of one character are all in the same half.
fn alike(bytes: &[u8], length: usize) -> bool {
    let first = bytes.first().is_some_and(u8::is_ascii);
    bytes.iter().take(length).all(|byte| byte.is_ascii() == first && byte & 0x7F > 0x20)
        || matches!(bytes.first(), Some(0x80..=0xA0))
}

/// The bytes of a text with escape sequences, each line ending in ASCII and the base; `None` when no set has one of
/// the characters.
pub(crate) fn encode(base: Option<Set>, kept: Kept, text: &str) -> Option<Vec<u8>> {
    let mut encoder =
        Encoder { base, kept, lower: ASCII, upper: base, bytes: Vec::with_capacity(text.len()) };
    for c in text.chars() {
        match c {
            '\u{1B}' | '\u{0E}' | '\u{0F}' => return None,
            '\r' | '\n' => encoder.reset(),
            _ => {}
        }
        encoder.push(c)?;
    }
    encoder.reset();
    Some(encoder.bytes)
}

const ASCII: &[u8] = b"(B";
const ROMAN: &[u8] = b"(J";
const KATAKANA: &[u8] = b"(I";
const KANJI: &[u8] = b"$B";
const SUPPLEMENTARY_KANJI: &[u8] = b"$(D";

struct Encoder {
    base: Option<Set>,
    kept: Kept,
    lower: &'static [u8],
    upper: Option<Set>,
    bytes: Vec<u8>,
}

impl Encoder {
    fn push(&mut self, c: char) -> Option<()> {
        if matches!(c, '\0'..=' ' | '\u{7F}') {
            // In every set.
            self.bytes.push(u8::try_from(c).ok()?);
        } else if let Some(code) = self.base.and_then(|base| upper_code(base, c)) {
            self.designate_base();
            self.bytes.push(code);
        } else if let Some((set, code)) = lower_code(c, self.kept) {
            self.designate_lower(set);
            self.bytes.extend(code);
        } else {
            let (last, part, code) = PARTS
                .iter()
                .find_map(|(last, part)| Some((*last, *part, upper_code(Set::Part(*part), c)?)))?;
            if self.upper != Some(Set::Part(part)) {
                self.bytes.extend([ESC, b'-', last]);
                self.upper = Some(Set::Part(part));
            }
            self.bytes.push(code);
        }
        Some(())
    }

    fn reset(&mut self) {
        self.designate_lower(ASCII);
        if self.base.is_some() {
            self.designate_base();
        }
        self.upper = self.base;
    }

    fn designate_lower(&mut self, set: &'static [u8]) {
        if self.lower != set {
            self.bytes.push(ESC);
            self.bytes.extend(set);
            self.lower = set;
        }
    }

    fn designate_base(&mut self) {
        if self.upper == self.base {
            return;
        }
        let last = PARTS.iter().find(|(_, part)| self.base == Some(Set::Part(*part)));
        self.bytes.extend(last.map_or([ESC, b')', b'I'], |(last, _)| [ESC, b'-', *last]));
        self.upper = self.base;
    }
}

/// The byte of a character in the upper half. Katakana are written in the lower one, which all receivers read.
fn upper_code(set: Set, c: char) -> Option<u8> {
    let Set::Part(part) = set else { return None };
    match &*part.encode(c.encode_utf8(&mut [0; 4]))? {
        [code] if !code.is_ascii() => Some(*code),
        _ => None,
    }
}

/// The bytes of a character in the lower half, and the set they are in. None of them is in the place of a delimiter.
fn lower_code(c: char, kept: Kept) -> Option<(&'static [u8], Vec<u8>)> {
    match u32::from(c) {
        ascii @ 0..=0x7F => return Some((ASCII, vec![u8::try_from(ascii).ok()?])),
        halfwidth @ 0xFF61..=0xFF9F => {
            return Some((KATAKANA, vec![u8::try_from(halfwidth - 0xFF61 + 0x21).ok()?]));
        }
        _ => {}
    }
    if let Some((_, code)) = ROMAN_ONLY.iter().find(|(character, _)| *character == c) {
        return (!kept.holds(*code)).then(|| (ROMAN, vec![*code]));
    }
    let mut buffer = [0; 4];
    let (kanji, _, lost) = encoding_rs::EUC_JP.encode(c.encode_utf8(&mut buffer));
    let reads_back = || single(encoding_rs::EUC_JP, &kanji) == Some(c);
    if let ([high @ 0xA1..=0xFE, low @ 0xA1..=0xFE], false) = (&kanji[..], lost)
        && reads_back()
    {
        return Some((KANJI, vec![high & 0x7F, low & 0x7F]));
    }
    SUPPLEMENT.get(&c).map(|code| (SUPPLEMENTARY_KANJI, code.to_vec()))
}

/// JIS X 0212 by character; the encoder of EUC-JP has the other direction only.
static SUPPLEMENT: LazyLock<BTreeMap<char, [u8; 2]>> = LazyLock::new(|| {
    let cells = (0x21..=0x7E).flat_map(|high| (0x21..=0x7E).map(move |low| [high, low]));
    let named =
        |[high, low]: [u8; 2]| Some((Set::SupplementaryKanji.double(high | 0x80, low | 0x80)?, [high, low]));
    cells.filter_map(named).collect()
});

#[cfg(test)]
mod tests {
    use super::{decode as decode_keeping, encode as encode_keeping, *};
    use proptest::prelude::*;

    const JP: Option<Set> = Some(Set::Katakana);

    fn decode(base: Option<Set>, bytes: &[u8]) -> (String, bool) {
        decode_keeping(base, Kept::default(), bytes)
    }

    fn encode(base: Option<Set>, text: &str) -> Option<Vec<u8>> {
        encode_keeping(base, Kept::default(), text)
    }

    #[test]
    fn a_delimiter_stays_one_in_the_roman_letters() {
        let (usual, other) = (Kept::of(&Delimiters::default()), Delimiters::parse("#*%!@").unwrap());
        let bytes = b"\x1B$B;3\x1B(J~a\\";
        assert_eq!(decode_keeping(JP, usual, bytes).0, "山~a\\");
        assert_eq!(decode_keeping(JP, Kept::of(&other), bytes).0, "山‾a¥");
        assert_eq!(encode_keeping(JP, usual, "‾"), None);
        for text in ["¥", "山¥~é\\"] {
            for kept in [usual, Kept::of(&other)] {
                let bytes = encode_keeping(JP, kept, text).unwrap();
                assert_eq!(decode_keeping(JP, kept, &bytes), (text.to_owned(), false));
            }
        }
    }

    #[test]
    fn sets_change_within_a_text() {
        for (bytes, text) in [
            (&b"\x1B$B;3ED\x1B(B^\x1B$BB@O:\x1B(B"[..], "山田^太郎"),
            (b"\x1B$@;3ED\x1B(J \\", "山田 ¥"),
            (b"\x1B$(D\x30\x21\x1B(B.", "丂."),
            (b"\xD4\xC0\xDE \x1B(I\x54\x40\x5E\x1B(B", "ﾔﾀﾞ ﾔﾀﾞ"),
            (b"\x1B$)C\xB1\xE8^a", "김^a"),
            (b"\x1B$(C\x31\x68\x1B(B", "김"),
            (b"\x1B$)A\xD5\xC5", "张"),
            (b"\x1B-L\xB8\xD2\xD0\xDD", "Иван"),
            // a line end returns to the first sets
            (b"\x1B$B;3\r;3", "山\r;3"),
        ] {
            assert_eq!(decode(JP, bytes), (text.to_owned(), false));
        }
        assert_eq!(decode(Some(Set::Part(Charset::Iso8859_1)), b"\xFC\x1B-L\xD8\r\n\xFC").0, "üи\r\nü");
    }

    #[test]
    fn what_is_in_no_set_is_marked() {
        assert_eq!(decode(JP, b"a\x1B%Gb"), ("a\u{FFFD}%Gb".into(), true));
        assert_eq!(decode(JP, b"\x1B$B;"), ("\u{FFFD}".into(), true));
        assert_eq!(decode(JP, b"\x1B$B\x21\xA1"), ("\u{FFFD}｡".into(), true));
        assert_eq!(decode(JP, b"\xFF"), ("\u{FFFD}".into(), true));
        assert_eq!(encode(JP, "\u{1B}"), None);
        assert!(encode(JP, "ü").is_some(), "JIS X 0212 has it");
        assert_eq!(encode(JP, "한"), None);
        assert_eq!(decode(None, b"a\xB1"), ("a\u{FFFD}".into(), true));
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(text in any::<String>()) {
            for base in [None, JP, Some(Set::Part(Charset::Iso8859_1)), Some(Set::Part(Charset::Iso8859_7))] {
                if let Some(bytes) = encode(base, &text) {
                    prop_assert_eq!(decode(base, &bytes), (text.clone(), false));
                }
            }
        }

        #[test]
        fn japanese_is_written_and_reads_back(text in "[ -~\\r\\nぁ-んァ-ヶ一-鿿｡-ﾟ¥‾é]{0,30}") {
            if let Some(bytes) = encode(JP, &text) {
                prop_assert_eq!(decode(JP, &bytes), (text, false));
            }
        }

        #[test]
        fn what_is_written_beside_delimiters_reads_back(text in "[ -~\\r\\nぁ-ん｡-ﾟ¥‾é]{0,30}") {
            for declared in ["|^~\\&", "|~", "#*%!@", "\\^~|&"] {
                let kept = Kept::of(&Delimiters::parse(declared).unwrap());
                for base in [None, JP, Some(Set::Part(Charset::Iso8859_1))] {
                    if let Some(bytes) = encode_keeping(base, kept, &text) {
                        prop_assert_eq!(decode_keeping(base, kept, &bytes), (text.clone(), false));
                    }
                }
            }
        }

        #[test]
        fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            decode(JP, &bytes);
            decode(Some(Set::Part(Charset::Iso8859_1)), &bytes);
        }
    }
}
