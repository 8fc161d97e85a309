//! From Carewire to hl7-parser.

use carewire_hl7_v2::{Charset, Message};

use crate::{Error, compare};

/// The message as hl7-parser has it, over the same bytes.
///
/// The text begins with the first segment and ends with the last one: a byte-order mark, blank lines and frame characters
/// around the message are left off. Lines may end in CR, LF or CR LF; `separators.lenient_newlines` is set where one ends
/// in LF. Escape sequences stay as written.
///
/// # Errors
/// When hl7-parser would leave out or misread anything, with the place: see [`Error`].
pub fn to_hl7_parser<'m>(message: &'m Message<'_>) -> Result<hl7_parser::Message<'m>, Error> {
    let charset = message.charset();
    let text = body(message).filter(|text| charset == Charset::Utf8 || text.is_ascii());
    let text = text.ok_or(Error::Charset { charset })?;
    let lenient = text.contains('\n');
    let theirs = hl7_parser::Message::parse_with_lenient_newlines(text, lenient);
    let theirs = theirs.map_err(|_| Error::Refused)?;
    match compare::difference(message, &theirs) {
        Some(difference) => Err(difference),
        None => Ok(theirs),
    }
}

/// From the first segment to the last, when that is UTF-8.
fn body<'m>(message: &'m Message<'_>) -> Option<&'m str> {
    let (first, last) = (message.segments().next()?, message.segments().next_back()?);
    let bytes = message.to_bytes().get(first.span().start..last.span().end)?;
    std::str::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use carewire_hl7_v2::ParseOptions;

    use super::*;

    fn convert(bytes: &[u8]) -> Result<usize, String> {
        let message = Message::parse(bytes, &ParseOptions::default()).unwrap();
        to_hl7_parser(&message).map(|theirs| theirs.segments.len()).map_err(|error| error.to_string())
    }

    #[test]
    fn every_line_end_is_understood() {
        for bytes in
            ["MSH|^~\\&|A\rPID|1\r", "MSH|^~\\&|A\nPID|1\n", "MSH|^~\\&|A\r\nPID|1", "MSH|^~\\&\rPID|1"]
        {
            assert_eq!(convert(bytes.as_bytes()), Ok(2), "{bytes:?}");
        }
    }

    #[test]
    fn what_stands_around_the_message_is_left_off() {
        assert_eq!(convert(b"\xEF\xBB\xBF\x0B\r\nMSH|^~\\&|A\rPID|1\r\r\x1C\r"), Ok(2));
    }

    #[test]
    fn what_hl7_parser_leaves_out_is_an_error() {
        let after_header = "hl7-parser stops after 1 of 3 segments, before ";
        for (bytes, place) in [
            ("MSH|^~\\&|A\r\rPID|1\rPV1|1\r", "PID[1]"),
            ("MSH|^~\\&|A\rPID\rPV1|1\r", "PID[1]"),
            ("MSH|^~\\&|A\rABCD|1\rPV1|1\r", "segment 2"),
            ("MSH|^~\\&|A\rmore text\rPV1|1\r", "segment 2"),
        ] {
            assert_eq!(convert(bytes.as_bytes()), Err(format!("{after_header}{place}")), "{bytes:?}");
        }
    }

    #[test]
    fn what_hl7_parser_misreads_is_an_error() {
        let differ = "hl7-parser and carewire-hl7-v2 differ in ";
        let delimiters = "hl7-parser cannot hold the delimiters that MSH-2 declares";
        assert_eq!(convert(b"MSH|^~\\&#|A\rPID|1\r"), Err(delimiters.into()));
        assert_eq!(convert(b"MSH|^~\\|A\rPID|1\r"), Err(delimiters.into()));
        assert_eq!(convert(b"MSH||A\rPID|1\r"), Err(delimiters.into()));
        assert_eq!(convert(b"MSH|^~\\&|A\rMSH|^~\\&|B\r"), Err(format!("{differ}MSH[2]-1[1].1.1")));
        assert_eq!(convert("MSH|^~\\&|A\rÄBC|1\r".as_bytes()), Err(format!("{differ}segment 2")));
        assert_eq!(convert(b"MSH|^~\\&x|A\rPID|1\r"), Err(format!("{differ}MSH[1]-2[1].1.1")));
    }

    #[test]
    fn other_character_sets_are_refused_unless_the_text_is_plain_ascii() {
        let latin = |name: &[u8]| [b"MSH|^~\\&|", name, b"|||||||||||||||8859/1\rPID|1\r"].concat();
        assert_eq!(convert(&latin(b"Cafe")), Ok(2));
        let refusal = "the message is in 8859/1, and hl7-parser reads UTF-8 only";
        assert_eq!(convert(&latin(b"Caf\xE9")), Err(refusal.into()));
        assert_eq!(convert(&latin("Café".as_bytes())), Err(refusal.into()));
    }
}
