//! The character sets of table 0211, and text from bytes.

mod choose;
mod labels;

pub(crate) use choose::{choose, refuse_wide};

use std::borrow::Cow;

use encoding_rs::Encoding;

use crate::iso2022::{self, Kept, Set};
use labels::{LABELS, letters};

/// A character set that a message can be in.
///
/// ```
/// use carewire_hl7_v2::Charset;
///
/// assert_eq!(Charset::parse("UNICODE UTF-8"), Some(Charset::Utf8));
/// assert_eq!(Charset::parse("8859/1"), Some(Charset::Iso8859_1));
/// assert_eq!(Charset::Iso8859_1.decode(b"\xE9").as_deref(), Some("é"));
/// assert_eq!(Charset::parse("UNICODE UTF-16"), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Charset {
    /// 7-bit ASCII.
    Ascii,
    /// UTF-8.
    Utf8,
    /// Latin-1, western European. Bytes 80 to 9F are read as in Windows-1252, which senders mean by them.
    Iso8859_1,
    /// Latin-2, central European.
    Iso8859_2,
    /// Latin-3, southern European.
    Iso8859_3,
    /// Latin-4, northern European.
    Iso8859_4,
    /// Cyrillic.
    Iso8859_5,
    /// Arabic.
    Iso8859_6,
    /// Greek.
    Iso8859_7,
    /// Hebrew, in logical order.
    Iso8859_8,
    /// Latin-5, Turkish. Bytes 80 to 9F are read as in Windows-1254.
    Iso8859_9,
    /// Latin-6, Nordic.
    Iso8859_10,
    /// Thai. Bytes 80 to 9F are read as in Windows-874.
    Iso8859_11,
    /// Latin-7, Baltic.
    Iso8859_13,
    /// Latin-8, Celtic.
    Iso8859_14,
    /// Latin-9, western European with the euro sign.
    Iso8859_15,
    /// Chinese, GB 18030.
    Gb18030,
    /// Traditional Chinese, Big5.
    Big5,
    /// Korean, KS X 1001 as EUC-KR. The Hangul that Windows-949 adds are read; they are not written into messages.
    EucKr,
    /// Japanese: ASCII, ISO IR14, ISO IR87 and ISO IR159 reached by escape sequences, as in ISO-2022-JP. Upper bytes
    /// are the Katakana of ISO IR13.
    Iso2022Jp,
    /// Several sets reached by the escape sequences of ISO 2022, beginning with this one: what MSH-20 `ISO 2022-1994`
    /// and several values in MSH-18 declare.
    Iso2022(BaseCharset),
    /// Windows-1250, central European. Not in table 0211, as the others of Windows; senders use it.
    Windows1250,
    /// Windows-1251, Cyrillic.
    Windows1251,
    /// Windows-1253, Greek.
    Windows1253,
    /// Windows-1255, Hebrew.
    Windows1255,
    /// Windows-1256, Arabic.
    Windows1256,
    /// Windows-1257, Baltic.
    Windows1257,
    /// Windows-1258, Vietnamese.
    Windows1258,
}

/// The set that a text with escape sequences of ISO 2022 begins with: ASCII, and beside it the upper half of a part
/// of ISO 8859 or nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BaseCharset(Option<u8>);

impl BaseCharset {
    /// ASCII, or a part of ISO 8859. `None` for another set, which cannot be the first one of such a text.
    #[must_use]
    pub fn of(charset: Charset) -> Option<Self> {
        match charset {
            Charset::Ascii => Some(Self(None)),
            _ => PARTS.iter().find(|(_, part)| *part == charset).map(|(number, _)| Self(Some(*number))),
        }
    }

    /// The set.
    #[must_use]
    pub fn charset(self) -> Charset {
        let part = PARTS.iter().find(|(number, _)| Some(*number) == self.0);
        part.map_or(Charset::Ascii, |(_, part)| *part)
    }

    fn upper(self) -> Option<Set> {
        self.0.map(|_| Set::Part(self.charset()))
    }
}

/// The parts of ISO 8859 by number.
const PARTS: [(u8, Charset); 14] = [
    (1, Charset::Iso8859_1),
    (2, Charset::Iso8859_2),
    (3, Charset::Iso8859_3),
    (4, Charset::Iso8859_4),
    (5, Charset::Iso8859_5),
    (6, Charset::Iso8859_6),
    (7, Charset::Iso8859_7),
    (8, Charset::Iso8859_8),
    (9, Charset::Iso8859_9),
    (10, Charset::Iso8859_10),
    (11, Charset::Iso8859_11),
    (13, Charset::Iso8859_13),
    (14, Charset::Iso8859_14),
    (15, Charset::Iso8859_15),
];

impl Charset {
    /// Reads a value of table 0211 (`8859/1`, `UNICODE UTF-8`, `ISO IR87`) or another usual name of the same
    /// set. `None` when it is not known, which UTF-16 and UTF-32 never are.
    #[must_use]
    pub fn parse(label: &str) -> Option<Self> {
        let named = |known: &str| letters(label).eq(known.bytes());
        LABELS.iter().find(|(known, _)| named(known)).map(|(_, charset)| *charset)
    }

    /// The value of table 0211 for it; the usual name of a set of Windows, which the table does not have; the name of
    /// the first set where there are several.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Ascii => "ASCII",
            Self::Utf8 => "UNICODE UTF-8",
            Self::Iso8859_1 => "8859/1",
            Self::Iso8859_2 => "8859/2",
            Self::Iso8859_3 => "8859/3",
            Self::Iso8859_4 => "8859/4",
            Self::Iso8859_5 => "8859/5",
            Self::Iso8859_6 => "8859/6",
            Self::Iso8859_7 => "8859/7",
            Self::Iso8859_8 => "8859/8",
            Self::Iso8859_9 => "8859/9",
            Self::Iso8859_10 => "8859/10",
            Self::Iso8859_11 => "8859/11",
            Self::Iso8859_13 => "8859/13",
            Self::Iso8859_14 => "8859/14",
            Self::Iso8859_15 => "8859/15",
            Self::Gb18030 => "GB 18030-2000",
            Self::Big5 => "BIG-5",
            Self::EucKr => "KS X 1001",
            Self::Iso2022Jp => "ISO IR87",
            Self::Iso2022(base) => base.charset().label(),
            Self::Windows1250 => "WINDOWS-1250",
            Self::Windows1251 => "WINDOWS-1251",
            Self::Windows1253 => "WINDOWS-1253",
            Self::Windows1255 => "WINDOWS-1255",
            Self::Windows1256 => "WINDOWS-1256",
            Self::Windows1257 => "WINDOWS-1257",
            Self::Windows1258 => "WINDOWS-1258",
        }
    }

    /// The text of some bytes; `None` when the set does not have them.
    #[must_use]
    pub fn decode(self, bytes: &[u8]) -> Option<Cow<'_, str>> {
        self.decode_keeping(Kept::default(), bytes)
    }

    /// The same, in a message with delimiters.
    pub(crate) fn decode_keeping(self, kept: Kept, bytes: &[u8]) -> Option<Cow<'_, str>> {
        if self == Self::Ascii {
            return bytes.is_ascii().then(|| self.decode_lossy(kept, bytes).0);
        }
        if let Some(upper) = self.switches() {
            let (text, lossy) = iso2022::decode(upper, kept, bytes);
            return (!lossy).then_some(Cow::Owned(text));
        }
        self.encoding().decode_without_bom_handling_and_without_replacement(bytes)
    }

    /// The bytes of some text; `None` when the set does not have its characters.
    #[must_use]
    pub fn encode(self, text: &str) -> Option<Cow<'_, [u8]>> {
        self.encode_keeping(Kept::default(), text)
    }

    /// The same, in a message with delimiters.
    pub(crate) fn encode_keeping(self, kept: Kept, text: &str) -> Option<Cow<'_, [u8]>> {
        if self == Self::Ascii {
            return text.is_ascii().then_some(Cow::Borrowed(text.as_bytes()));
        }
        if let Some(upper) = self.switches() {
            return iso2022::encode(upper, kept, text).map(Cow::Owned);
        }
        let (bytes, _, lost) = self.encoding().encode(text);
        // Some encoders put a similar character in the place of one that the set does not have.
        let same = || {
            matches!(self, Self::Utf8)
                || self.is_single_byte()
                || self.decode(&bytes).as_deref() == Some(text)
        };
        (!lost && same()).then_some(bytes)
    }

    /// The text of some bytes, with U+FFFD for what the set does not have, and whether there was any.
    pub(crate) fn decode_lossy(self, kept: Kept, bytes: &[u8]) -> (Cow<'_, str>, bool) {
        if let Some(upper) = self.switches() {
            let (text, lossy) = iso2022::decode(upper, kept, bytes);
            return (Cow::Owned(text), lossy);
        }
        let (text, mut lossy) = self.encoding().decode_without_bom_handling(bytes);
        let text = if self == Self::Ascii && !bytes.is_ascii() {
            lossy = true;
            Cow::Owned(
                bytes
                    .iter()
                    .map(|byte| if byte.is_ascii() { char::from(*byte) } else { '\u{FFFD}' })
                    .collect(),
            )
        } else {
            text
        };
        (text, lossy)
    }

    /// The text without a copy, where the bytes are its UTF-8 already.
    pub(crate) fn borrow(self, bytes: &[u8]) -> Option<&str> {
        let same = match self {
            Self::Utf8 => true,
            Self::Iso2022Jp | Self::Iso2022(_) => bytes.is_ascii() && memchr::memchr(0x1B, bytes).is_none(),
            _ => bytes.is_ascii(),
        };
        if same { std::str::from_utf8(bytes).ok() } else { None }
    }

    /// Whether escape sequences of ISO 2022 change the set.
    pub(crate) fn is_switched(self) -> bool {
        self.switches().is_some()
    }

    /// What upper bytes are in at first, in a set that escape sequences change.
    pub(crate) fn switches(self) -> Option<Option<Set>> {
        match self {
            Self::Iso2022Jp => Some(Some(Set::Katakana)),
            Self::Iso2022(base) => Some(base.upper()),
            _ => None,
        }
    }

    /// Whether each byte is one character, so that text can be turned into the bytes that it was read from.
    pub(crate) fn is_single_byte(self) -> bool {
        self.encoding().is_single_byte()
    }

    /// The one character of these bytes.
    pub(crate) fn character(self, bytes: &[u8]) -> Option<char> {
        let text = self.decode(bytes)?;
        let mut characters = text.chars();
        characters.next().filter(|_| characters.next().is_none())
    }

    pub(crate) fn encoding(self) -> &'static Encoding {
        match self {
            Self::Ascii | Self::Utf8 => encoding_rs::UTF_8,
            Self::Iso8859_1 => encoding_rs::WINDOWS_1252,
            Self::Iso8859_2 => encoding_rs::ISO_8859_2,
            Self::Iso8859_3 => encoding_rs::ISO_8859_3,
            Self::Iso8859_4 => encoding_rs::ISO_8859_4,
            Self::Iso8859_5 => encoding_rs::ISO_8859_5,
            Self::Iso8859_6 => encoding_rs::ISO_8859_6,
            Self::Iso8859_7 => encoding_rs::ISO_8859_7,
            Self::Iso8859_8 => encoding_rs::ISO_8859_8_I,
            Self::Iso8859_9 => encoding_rs::WINDOWS_1254,
            Self::Iso8859_10 => encoding_rs::ISO_8859_10,
            Self::Iso8859_11 => encoding_rs::WINDOWS_874,
            Self::Iso8859_13 => encoding_rs::ISO_8859_13,
            Self::Iso8859_14 => encoding_rs::ISO_8859_14,
            Self::Iso8859_15 => encoding_rs::ISO_8859_15,
            Self::Gb18030 => encoding_rs::GB18030,
            Self::Big5 => encoding_rs::BIG5,
            Self::EucKr => encoding_rs::EUC_KR,
            Self::Iso2022Jp | Self::Iso2022(_) => encoding_rs::ISO_2022_JP,
            Self::Windows1250 => encoding_rs::WINDOWS_1250,
            Self::Windows1251 => encoding_rs::WINDOWS_1251,
            Self::Windows1253 => encoding_rs::WINDOWS_1253,
            Self::Windows1255 => encoding_rs::WINDOWS_1255,
            Self::Windows1256 => encoding_rs::WINDOWS_1256,
            Self::Windows1257 => encoding_rs::WINDOWS_1257,
            Self::Windows1258 => encoding_rs::WINDOWS_1258,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_label_reads_back() {
        for (label, charset) in LABELS {
            assert_eq!(Charset::parse(label), Some(*charset));
            assert_eq!(Charset::parse(charset.label()), Some(*charset));
        }
    }

    #[test]
    fn every_set_writes_what_it_reads() {
        for (charset, text) in [
            (Charset::Ascii, "Doe"),
            (Charset::Utf8, "Łódź 東京"),
            (Charset::Iso8859_1, "Müller"),
            (Charset::Iso8859_2, "Łódź"),
            (Charset::Iso8859_5, "Иван"),
            (Charset::Iso8859_7, "Ελλάς"),
            (Charset::Iso8859_9, "Şahin"),
            (Charset::Iso8859_15, "€"),
            (Charset::Gb18030, "张三"),
            (Charset::Big5, "張"),
            (Charset::EucKr, "김"),
            (Charset::Iso2022Jp, "山田 ﾔﾏﾀﾞ 丂 ¥"),
            (Charset::Iso2022(BaseCharset(Some(1))), "Müller 山田 Иван Müller"),
            (Charset::Iso2022(BaseCharset(None)), "Müller Ελλάς"),
            (Charset::Windows1250, "Łódź"),
            (Charset::Windows1251, "Иван"),
        ] {
            let bytes = charset.encode(text).unwrap();
            assert_eq!(charset.decode(&bytes).as_deref(), Some(text), "{charset:?}");
        }
    }

    #[test]
    fn what_a_set_does_not_have_is_not_made_up() {
        assert_eq!(Charset::Ascii.decode(b"\xE9"), None);
        assert_eq!(Charset::Utf8.decode(b"\xE9"), None);
        assert_eq!(Charset::Iso8859_1.encode("東"), None);
        assert_eq!(Charset::Ascii.decode_lossy(Kept::default(), b"a\xE9"), ("a\u{FFFD}".into(), true));
    }

    #[test]
    fn each_byte_of_a_set_comes_back_or_is_refused() {
        let all = LABELS.iter().map(|(_, charset)| *charset).filter(|charset| charset.is_single_byte());
        for charset in all.chain([Charset::Ascii, Charset::Utf8]) {
            for byte in 0..=u8::MAX {
                let bytes = [byte];
                let Some(text) = charset.decode(&bytes) else {
                    assert!(
                        !byte.is_ascii() && charset.decode_lossy(Kept::default(), &[byte]).1,
                        "{charset:?} {byte:02X}"
                    );
                    continue;
                };
                assert_eq!(charset.encode(&text).as_deref(), Some(&bytes[..]), "{charset:?} {byte:02X}");
            }
        }
        let whole = |charset: Charset| (0..=u8::MAX).all(|byte| charset.decode(&[byte]).is_some());
        let parts = [Charset::Iso8859_1, Charset::Iso8859_2, Charset::Iso8859_9, Charset::Iso8859_15];
        assert!(parts.into_iter().all(whole));
    }

    #[test]
    fn no_similar_character_is_written_for_another() {
        for charset in [Charset::Gb18030, Charset::Big5, Charset::EucKr, Charset::Iso2022Jp] {
            for c in ('\u{80}'..='\u{FFFF}').chain('\u{1F600}'..='\u{1F610}') {
                let text = c.to_string();
                if let Some(bytes) = charset.encode(&text) {
                    assert_eq!(charset.decode(&bytes).as_deref(), Some(&*text), "{charset:?}");
                }
            }
        }
    }
}
