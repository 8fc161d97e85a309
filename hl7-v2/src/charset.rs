//! The character sets of table 0211, and text from bytes.

use std::borrow::Cow;

use encoding_rs::Encoding;

use crate::diagnostic::{DiagnosticKind, Findings};
use crate::{ParseError, ParseOptions};

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
    /// Korean, KS X 1001 as EUC-KR.
    EucKr,
    /// Japanese, ISO IR14 and ISO IR87 reached by escape sequences, as in ISO-2022-JP.
    Iso2022Jp,
}

impl Charset {
    /// Reads a value of table 0211 (`8859/1`, `UNICODE UTF-8`, `ISO IR87`) or another usual name of the same
    /// set. `None` when it is not known, which UTF-16 and UTF-32 never are.
    #[must_use]
    pub fn parse(label: &str) -> Option<Self> {
        let named = |known: &str| letters(label).eq(known.bytes());
        LABELS.iter().find(|(known, _)| named(known)).map(|(_, charset)| *charset)
    }

    /// The value of table 0211 for it.
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
        }
    }

    /// The text of some bytes; `None` when the set does not have them.
    #[must_use]
    pub fn decode(self, bytes: &[u8]) -> Option<Cow<'_, str>> {
        if self == Self::Ascii {
            return bytes.is_ascii().then(|| self.decode_lossy(bytes).0);
        }
        self.encoding().decode_without_bom_handling_and_without_replacement(bytes)
    }

    /// The bytes of some text; `None` when the set does not have its characters.
    #[must_use]
    pub fn encode(self, text: &str) -> Option<Cow<'_, [u8]>> {
        if self == Self::Ascii {
            return text.is_ascii().then_some(Cow::Borrowed(text.as_bytes()));
        }
        let (bytes, _, lost) = self.encoding().encode(text);
        (!lost).then_some(bytes)
    }

    /// The text of some bytes, with U+FFFD for what the set does not have, and whether there was any.
    pub(crate) fn decode_lossy(self, bytes: &[u8]) -> (Cow<'_, str>, bool) {
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
            Self::Iso2022Jp => bytes.is_ascii() && memchr::memchr(0x1B, bytes).is_none(),
            _ => bytes.is_ascii(),
        };
        if same { std::str::from_utf8(bytes).ok() } else { None }
    }

    fn encoding(self) -> &'static Encoding {
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
            Self::Iso2022Jp => encoding_rs::ISO_2022_JP,
        }
    }
}

/// The names, letters and digits only; part 12 of ISO 8859 was never published. Plain `UNICODE` is what senders
/// of UTF-8 write; real UTF-16 is seen in its bytes.
const LABELS: &[(&str, Charset)] = &[
    ("ASCII", Charset::Ascii),
    ("USASCII", Charset::Ascii),
    ("ISOIR6", Charset::Ascii),
    ("UNICODEUTF8", Charset::Utf8),
    ("UTF8", Charset::Utf8),
    ("UNICODE", Charset::Utf8),
    ("LATIN1", Charset::Iso8859_1),
    ("WINDOWS1252", Charset::Iso8859_1),
    ("CP1252", Charset::Iso8859_1),
    ("ISOIR14", Charset::Iso2022Jp),
    ("ISOIR87", Charset::Iso2022Jp),
    ("ISO2022JP", Charset::Iso2022Jp),
    ("GB180302000", Charset::Gb18030),
    ("GB18030", Charset::Gb18030),
    ("BIG5", Charset::Big5),
    ("KSX1001", Charset::EucKr),
    ("EUCKR", Charset::EucKr),
    ("88591", Charset::Iso8859_1),
    ("ISO88591", Charset::Iso8859_1),
    ("88592", Charset::Iso8859_2),
    ("ISO88592", Charset::Iso8859_2),
    ("88593", Charset::Iso8859_3),
    ("ISO88593", Charset::Iso8859_3),
    ("88594", Charset::Iso8859_4),
    ("ISO88594", Charset::Iso8859_4),
    ("88595", Charset::Iso8859_5),
    ("ISO88595", Charset::Iso8859_5),
    ("88596", Charset::Iso8859_6),
    ("ISO88596", Charset::Iso8859_6),
    ("88597", Charset::Iso8859_7),
    ("ISO88597", Charset::Iso8859_7),
    ("88598", Charset::Iso8859_8),
    ("ISO88598", Charset::Iso8859_8),
    ("88599", Charset::Iso8859_9),
    ("ISO88599", Charset::Iso8859_9),
    ("885910", Charset::Iso8859_10),
    ("ISO885910", Charset::Iso8859_10),
    ("885911", Charset::Iso8859_11),
    ("ISO885911", Charset::Iso8859_11),
    ("885913", Charset::Iso8859_13),
    ("ISO885913", Charset::Iso8859_13),
    ("885914", Charset::Iso8859_14),
    ("ISO885914", Charset::Iso8859_14),
    ("885915", Charset::Iso8859_15),
    ("ISO885915", Charset::Iso8859_15),
];

/// The letters and digits of a label, in upper case.
fn letters(label: &str) -> impl Iterator<Item = u8> {
    label.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_uppercase())
}

/// Refuses bytes that are UTF-16 or UTF-32, by their mark or by the shape of `MSH` in them.
pub(crate) fn refuse_wide(bytes: &[u8]) -> Result<(), ParseError> {
    const WIDE: [&[u8]; 6] =
        [b"\xFF\xFE", b"\xFE\xFF", b"\0\0\xFE\xFF", b"M\0S\0H\0", b"\0M\0S\0H", b"M\0\0\0S\0"];
    match WIDE.iter().any(|start| bytes.starts_with(start)) {
        true => Err(ParseError::WideCharacters),
        false => Ok(()),
    }
}

/// The character set to read `bytes` in, by the repetitions of MSH-18 (at `span` of the input) and the options.
pub(crate) fn choose<'a>(
    declared: impl Iterator<Item = &'a [u8]>,
    bytes: &[u8],
    span: std::ops::Range<usize>,
    options: &ParseOptions,
    findings: &mut Findings,
) -> Charset {
    if let Some(charset) = options.charset_override {
        return charset;
    }
    let mut report = |kind| findings.report(kind, None, span.clone());
    let mut known = Vec::new();
    for label in declared.filter(|label| !label.is_empty()) {
        let label = std::str::from_utf8(label).unwrap_or_default();
        match Charset::parse(label) {
            Some(charset) => known.push(charset),
            None if is_wide(label) => report(DiagnosticKind::CharsetMismatch),
            None => report(DiagnosticKind::UnknownCharset),
        }
    }
    // ASCII is part of every other set here, so another one that is named beside it holds for all.
    let Some(chosen) = known.iter().find(|charset| **charset != Charset::Ascii) else {
        let plain = bytes.is_ascii();
        if !known.is_empty() && !plain {
            report(DiagnosticKind::CharsetMismatch);
        }
        return if known.is_empty() || !plain { options.default_charset } else { Charset::Ascii };
    };
    if known.iter().any(|other| other != chosen && *other != Charset::Ascii) {
        report(DiagnosticKind::SeveralCharsets);
    }
    *chosen
}

fn is_wide(label: &str) -> bool {
    let label: Vec<u8> = letters(label).collect();
    label.ends_with(b"UTF16") || label.ends_with(b"UTF32")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(declared: &[&str], bytes: &[u8]) -> (Charset, Vec<DiagnosticKind>) {
        let mut findings = Findings::default();
        let labels = declared.iter().map(|label| label.as_bytes());
        let charset = choose(labels, bytes, 0..0, &ParseOptions::default(), &mut findings);
        (charset, findings.into_list().iter().map(crate::Diagnostic::kind).collect())
    }

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
            (Charset::Iso2022Jp, "山田"),
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
        assert_eq!(Charset::Ascii.decode_lossy(b"a\xE9"), ("a\u{FFFD}".into(), true));
    }

    #[test]
    fn a_set_that_is_named_beside_ascii_holds() {
        assert_eq!(chosen(&["ASCII", "8859/1"], b"\xE9"), (Charset::Iso8859_1, vec![]));
        assert_eq!(chosen(&["", "ISO IR87"], b"x"), (Charset::Iso2022Jp, vec![]));
        assert_eq!(chosen(&["ISO IR14", "ISO IR87"], b"x"), (Charset::Iso2022Jp, vec![]));
        assert_eq!(chosen(&["UTF-8", "UNICODE"], b"x"), (Charset::Utf8, vec![]));
        let several = vec![DiagnosticKind::SeveralCharsets];
        assert_eq!(chosen(&["8859/1", "8859/2"], b"x"), (Charset::Iso8859_1, several));
    }

    #[test]
    fn a_false_or_unknown_declaration_is_reported() {
        assert_eq!(chosen(&[], b"\xE9"), (Charset::Utf8, vec![]));
        assert_eq!(chosen(&["ASCII"], b"x"), (Charset::Ascii, vec![]));
        assert_eq!(chosen(&["ASCII"], b"\xE9"), (Charset::Utf8, vec![DiagnosticKind::CharsetMismatch]));
        assert_eq!(chosen(&["UNICODE UTF-16"], b"x"), (Charset::Utf8, vec![DiagnosticKind::CharsetMismatch]));
        assert_eq!(chosen(&["KLINGON"], b"x"), (Charset::Utf8, vec![DiagnosticKind::UnknownCharset]));
    }

    #[test]
    fn wide_bytes_are_refused() {
        for bytes in [&b"\xFF\xFEM\0S\0H\0"[..], b"\xFE\xFF\0M\0S\0H", b"M\0S\0H\0|\0", b"\0M\0S\0H\0|"] {
            assert_eq!(refuse_wide(bytes), Err(ParseError::WideCharacters));
        }
        assert_eq!(refuse_wide(b"MSH|"), Ok(()));
    }
}
