//! The character set of a message.

use super::labels::letters;
use super::{BaseCharset, Charset};
use crate::diagnostic::{DiagnosticKind, Findings};
use crate::{ParseError, ParseOptions};

/// Refuses bytes that are UTF-16 or UTF-32, by their mark or by the shape of `MSH` in them.
pub(crate) fn refuse_wide(bytes: &[u8]) -> Result<(), ParseError> {
    const WIDE: [&[u8]; 7] = [
        b"\xFF\xFE",
        b"\xFE\xFF",
        b"\0\0\xFE\xFF",
        b"M\0S\0H\0",
        b"\0M\0S\0H",
        b"M\0\0\0S\0",
        b"\0\0\0M\0\0\0S",
    ];
    match WIDE.iter().any(|start| bytes.starts_with(start)) {
        true => Err(ParseError::WideCharacters),
        false => Ok(()),
    }
}

/// The character set to read `bytes` in, by the repetitions of MSH-18 and by MSH-20 (at `span` of the input), and by
/// the options.
pub(crate) fn choose<'a>(
    declared: impl Iterator<Item = &'a [u8]>,
    scheme: &[u8],
    bytes: &[u8],
    span: std::ops::Range<usize>,
    options: &ParseOptions,
    findings: &mut Findings,
) -> Charset {
    if let Some(charset) = options.charset_override {
        return charset;
    }
    let place = crate::header::place(18);
    let mut report = |kind| findings.report(kind, Some(place), span.clone());
    let mut known = Known::default();
    for label in declared.filter(|label| !label.is_empty()) {
        let label = std::str::from_utf8(label).unwrap_or_default();
        match Charset::parse(label) {
            Some(charset) => known.add(charset),
            None if is_wide(label) => report(DiagnosticKind::CharsetMismatch),
            None => report(DiagnosticKind::UnknownCharset),
        }
    }
    let Some(first) = known.first else { return options.default_charset };
    let Some(chosen) = known.chosen else {
        if bytes.is_ascii() {
            return Charset::Ascii;
        }
        report(DiagnosticKind::CharsetMismatch);
        return options.default_charset;
    };
    let scheme = Scheme::read(scheme);
    let escapes = || memchr::memchr(0x1B, bytes).is_some();
    // Without MSH-20 no set is to change; but an ESC in the bytes cannot be anything else.
    if scheme == Scheme::Iso2022 || (scheme == Scheme::Unknown && known.several && escapes()) {
        return match BaseCharset::of(first) {
            // Japanese may begin in ASCII and have Katakana in the upper half.
            Some(BaseCharset(None)) | None if chosen == Charset::Iso2022Jp => Charset::Iso2022Jp,
            Some(base) => Charset::Iso2022(base),
            None => chosen,
        };
    }
    if known.several && scheme != Scheme::EscapeSequences {
        report(DiagnosticKind::SeveralCharsets);
    }
    chosen
}

/// The sets that are declared and known.
#[derive(Default)]
struct Known {
    first: Option<Charset>,
    /// The first besides ASCII, which is part of every other set here: one that is named beside it holds for all.
    chosen: Option<Charset>,
    /// Whether there are others besides that one and ASCII.
    several: bool,
}

impl Known {
    fn add(&mut self, charset: Charset) {
        self.first.get_or_insert(charset);
        if charset != Charset::Ascii {
            self.several |= *self.chosen.get_or_insert(charset) != charset;
        }
    }
}

/// How sets change within a message (MSH-20, table 0356).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scheme {
    /// `ISO 2022-1994`: by its escape sequences.
    Iso2022,
    /// `2.3`: by the sequences `\C..\` and `\M..\`, see [`crate::escape`].
    EscapeSequences,
    Unknown,
}

impl Scheme {
    fn read(field: &[u8]) -> Self {
        let field = std::str::from_utf8(field).unwrap_or_default();
        match field.trim() {
            "2.3" => Self::EscapeSequences,
            scheme if letters(scheme).take(7).eq(b"ISO2022".iter().copied()) => Self::Iso2022,
            _ => Self::Unknown,
        }
    }
}

fn is_wide(label: &str) -> bool {
    let label: Vec<u8> = letters(label).collect();
    label.ends_with(b"UTF16") || label.ends_with(b"UTF32")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(declared: &[&str], bytes: &[u8]) -> (Charset, Vec<DiagnosticKind>) {
        chosen_by(declared, "", bytes)
    }

    fn chosen_by(declared: &[&str], scheme: &str, bytes: &[u8]) -> (Charset, Vec<DiagnosticKind>) {
        let mut findings = Findings::default();
        let labels = declared.iter().map(|label| label.as_bytes());
        let charset = choose(labels, scheme.as_bytes(), bytes, 0..0, &ParseOptions::default(), &mut findings);
        (charset, findings.into_list().iter().map(crate::Diagnostic::kind).collect())
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
    fn several_sets_change_as_declared() {
        let base = |charset| Charset::Iso2022(BaseCharset::of(charset).unwrap());
        let (iso, hl7) = ("ISO 2022-1994", "2.3");
        assert_eq!(chosen_by(&["8859/1", "8859/5"], iso, b"x"), (base(Charset::Iso8859_1), vec![]));
        assert_eq!(chosen_by(&["8859/1", "8859/5"], hl7, b"x"), (Charset::Iso8859_1, vec![]));
        assert_eq!(chosen_by(&["8859/1", "ISO IR87"], "", b"\x1B$B"), (base(Charset::Iso8859_1), vec![]));
        assert_eq!(chosen_by(&["ASCII", "KS X 1001"], iso, b"x"), (base(Charset::Ascii), vec![]));
        for declared in [&["", "ISO IR87"][..], &["ASCII", "ISO IR87"], &["ISO IR14", "ISO IR159"]] {
            assert_eq!(chosen_by(declared, iso, b"x"), (Charset::Iso2022Jp, vec![]));
        }
        assert_eq!(chosen_by(&["UNICODE UTF-8", "8859/1"], iso, b"x"), (Charset::Utf8, vec![]));
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
