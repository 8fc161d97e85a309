//! Writing an acknowledgement.

use std::borrow::Cow;

use super::{AckError, AckOptions};
use crate::charset;
use crate::diagnostic::Findings;
use crate::escape::escape;
use crate::header::{self, RawHeader};
use crate::index;
use crate::{Charset, Delimiters, Location, ParseOptions};

/// Written in MSH-12 when the message received gives no version.
const DEFAULT_VERSION: &[u8] = b"2.5.1";
/// Written in MSH-11 when the message received gives no processing id: production.
const DEFAULT_PROCESSING_ID: &[u8] = b"P";

/// The acknowledgement of what was received, ending with CR.
///
/// It is in the delimiters, version and character set of the message; sender and receiver change places, and
/// MSA-2 is MSH-10 byte for byte. ERR segments follow the version: from 2.5 on one for each error with location,
/// code and severity, before that one with a repeating ERR-1. For bytes without a readable header it has the
/// usual delimiters, version 2.5.1, and an empty MSA-2.
///
/// ```
/// use carewire_hl7_v2::ack::{AckCode, AckOptions, acknowledge};
///
/// let received = b"MSH|^~\\&|LAB|GEN|EHR|SUR|20240301||ORU^R01|42|T|2.5.1\rPID|1\r";
/// let ack = acknowledge(received, &AckOptions::new(AckCode::AA, "A1").at("20240301101530+0000"));
/// let expected = b"MSH|^~\\&|EHR|SUR|LAB|GEN|20240301101530+0000||ACK^R01^ACK|A1|T|2.5.1\rMSA|AA|42\r";
/// assert_eq!(ack, expected);
/// ```
#[must_use]
pub fn acknowledge(received: &[u8], options: &AckOptions<'_>) -> Vec<u8> {
    let mut writer = Writer { echo: Echo::of(received), bytes: Vec::with_capacity(256) };
    writer.header(options);
    writer.acknowledgement(options);
    writer.errors(&options.errors);
    writer.bytes
}

/// What is taken over from the message received.
struct Echo<'a> {
    delimiters: Delimiters,
    header: Option<RawHeader<'a>>,
    charset: Charset,
}

impl<'a> Echo<'a> {
    fn of(received: &'a [u8]) -> Self {
        let mut ignored = Findings::default();
        let body = index::body(received, &mut ignored);
        let start = body.start;
        let header = RawHeader::read(received.get(body).unwrap_or_default(), start).ok();
        let delimiters = header
            .and_then(|header| Delimiters::read(header.separator(), header.field(2), 0..0, &mut ignored));
        let (Some(header), Some(delimiters)) = (header, delimiters) else {
            return Self { delimiters: Delimiters::default(), header: None, charset: Charset::Utf8 };
        };
        let charsets = header.charsets();
        let declared = header::split(&charsets, delimiters.repetition);
        let charset = charset::choose(declared, received, 0..0, &ParseOptions::default(), &mut ignored);
        Self { delimiters, header: Some(header), charset }
    }

    /// A field of the header, byte for byte.
    fn field(&self, n: usize) -> Cow<'a, [u8]> {
        self.header.map(|header| header.field_in(self.charset, n)).unwrap_or_default()
    }

    fn component(&self, field: usize, n: usize) -> Vec<u8> {
        let field = self.field(field);
        let nth = header::split(&field, self.delimiters.component).nth(n.saturating_sub(1));
        nth.unwrap_or_default().to_vec()
    }

    /// Whether the message is of this version or a later one. Without a version, the default's layout is used.
    fn is_since(&self, version: [u16; 3]) -> bool {
        let given = self.component(12, 1);
        let numbers = std::str::from_utf8(&given).ok().and_then(version_numbers);
        numbers.is_none_or(|numbers| numbers >= version)
    }
}

struct Writer<'a> {
    echo: Echo<'a>,
    bytes: Vec<u8>,
}

impl Writer<'_> {
    fn header(&mut self, options: &AckOptions<'_>) {
        let delimiters = self.echo.delimiters;
        self.bytes.extend(b"MSH");
        self.field(delimiters.encoding_characters().as_bytes());
        for swapped in [5, 6, 3, 4] {
            let field = self.echo.field(swapped);
            self.field(&field);
        }
        self.field(options.timestamp.unwrap_or_default().as_bytes());
        self.field(b"");
        let message_type = self.message_type();
        self.field(&message_type);
        self.text_field(options.control_id);
        for (n, default) in [(11, DEFAULT_PROCESSING_ID), (12, DEFAULT_VERSION)] {
            let field = self.echo.field(n);
            self.field(if field.is_empty() { default } else { &field });
        }
        let charset = self.echo.field(18);
        if !charset.is_empty() {
            self.empty_fields(5);
            self.field(&charset);
        }
        self.bytes.push(b'\r');
    }

    /// `ACK`, with the event of the message and the structure where the version has them.
    fn message_type(&self) -> Vec<u8> {
        let mut parts = vec![b"ACK".to_vec()];
        let event = self.echo.component(9, 2);
        if !event.is_empty() && self.echo.is_since([2, 2, 0]) {
            parts.push(event);
            parts.extend(self.echo.is_since([2, 3, 1]).then(|| b"ACK".to_vec()));
        }
        match self.echo.delimiters.component() {
            Some(_) => parts.join(&self.echo.delimiters.component),
            None => parts.swap_remove(0),
        }
    }

    fn acknowledgement(&mut self, options: &AckOptions<'_>) {
        self.bytes.extend(b"MSA");
        self.field(options.code.as_str().as_bytes());
        let control_id = self.echo.field(10);
        self.field(&control_id);
        self.bytes.push(b'\r');
    }

    fn errors(&mut self, errors: &[AckError]) {
        if self.echo.is_since([2, 5, 0]) {
            errors.iter().for_each(|error| self.error(error));
        } else if !errors.is_empty() {
            let repetition = self.echo.delimiters.repetition().map(String::from).unwrap_or_default();
            let all: Vec<String> = errors.iter().map(|error| self.old_error(error)).collect();
            // Without a repetition separator there is room for the first only.
            let shown = if repetition.is_empty() { 1 } else { all.len() };
            let written = all.get(..shown).unwrap_or_default().join(&repetition);
            self.bytes.extend(b"ERR");
            self.field(written.as_bytes());
            self.bytes.push(b'\r');
        }
    }

    /// The layout from 2.5 on: ERR-2 location, ERR-3 code, ERR-4 severity, ERR-8 phrase.
    fn error(&mut self, error: &AckError) {
        let location = error.location.map(|location| self.place(&location)).unwrap_or_default();
        let code = coded(error, self.echo.delimiters.component());
        self.bytes.extend(b"ERR");
        self.field(b"");
        self.field(location.as_bytes());
        self.field(code.as_bytes());
        self.field(error.severity.as_str().as_bytes());
        if let Some(text) = error.text {
            self.empty_fields(3);
            self.text_field(text);
        }
        self.bytes.push(b'\r');
    }

    /// ERL: segment, occurrence, field, repetition, component, subcomponent, as far as given.
    fn place(&self, location: &Location) -> String {
        let field = location.field().map(|field| (field, location.repetition().unwrap_or(1)));
        let within = location.component().filter(|_| field.is_some());
        let numbers = [
            Some(location.occurrence()),
            field.map(|(field, _)| field),
            field.map(|(_, repetition)| repetition),
            within,
            location.subcomponent().filter(|_| within.is_some()),
        ];
        let written: Vec<String> =
            numbers.into_iter().map_while(|number| number).map(|n| n.to_string()).collect();
        let segment = location.segment();
        let parts: Vec<&str> =
            std::iter::once(segment.as_str()).chain(written.iter().map(String::as_str)).collect();
        join(&parts, self.echo.delimiters.component())
    }

    /// One repetition of ERR-1 before 2.5: segment, occurrence, field, and the code in subcomponents.
    fn old_error(&self, error: &AckError) -> String {
        let delimiters = self.echo.delimiters;
        let code = coded(error, delimiters.subcomponent());
        let place = error.location.map(|location| {
            let field = location.field().map(|field| field.to_string()).unwrap_or_default();
            (location.segment(), location.occurrence().to_string(), field)
        });
        match &place {
            Some((segment, occurrence, field)) => {
                join(&[segment.as_str(), occurrence, field, &code], delimiters.component())
            }
            None => join(&["", "", "", &code], delimiters.component()),
        }
    }

    fn text_field(&mut self, text: &str) {
        let escaped = escape(text, &self.echo.delimiters);
        self.field(escaped.as_bytes());
    }

    fn field(&mut self, content: &[u8]) {
        self.bytes.push(self.echo.delimiters.field);
        self.bytes.extend(content);
    }

    fn empty_fields(&mut self, count: usize) {
        self.bytes.extend(std::iter::repeat_n(self.echo.delimiters.field, count));
    }
}

/// The code of an error as a CWE.
fn coded(error: &AckError, delimiter: Option<char>) -> String {
    join(&[error.code.as_str(), error.code.phrase(), "HL70357"], delimiter)
}

/// The parts with a delimiter between them; in a message without that delimiter, the first part.
fn join(parts: &[&str], delimiter: Option<char>) -> String {
    match delimiter {
        Some(delimiter) => parts.join(delimiter.encode_utf8(&mut [0; 4])),
        None => parts.first().copied().unwrap_or_default().to_owned(),
    }
}

/// The numbers of a version such as `2.3.1`.
fn version_numbers(version: &str) -> Option<[u16; 3]> {
    let mut numbers = version.trim().split('.').map(|number| number.parse().ok());
    let (major, minor) = (numbers.next()??, numbers.next()??);
    Some([major, minor, numbers.next().flatten().unwrap_or(0)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ack::{AckCode, ErrorCode, Severity};

    fn written(received: &[u8], options: &AckOptions<'_>) -> String {
        String::from_utf8(acknowledge(received, options)).unwrap()
    }

    fn refusal() -> AckOptions<'static> {
        let place = "PID-3[2].4".parse().unwrap();
        AckOptions::new(AckCode::AE, "A1").with_errors([
            AckError::new(ErrorCode::RequiredFieldMissing).in_place(place).with_text("see the guide, p. 3"),
            AckError::application_internal().with_severity(Severity::Warning),
        ])
    }

    #[test]
    fn errors_in_the_layout_of_2_5() {
        let received = b"MSH|^~\\&|A|B|C|D|2024||ADT^A01^ADT_A01|7|P|2.5\rPID|1\r";
        assert_eq!(
            written(received, &refusal()),
            "MSH|^~\\&|C|D|A|B|||ACK^A01^ACK|A1|P|2.5\r\
            MSA|AE|7\r\
            ERR||PID^1^3^2^4|101^Required field missing^HL70357|E||||see the guide, p. 3\r\
            ERR|||207^Application internal error^HL70357|W\r"
        );
    }

    #[test]
    fn errors_in_the_layout_before_2_5() {
        let received = b"MSH|^~\\&|A|B|C|D|2024||ADT^A01|7|P|2.3\rPID|1\r";
        assert_eq!(
            written(received, &refusal()),
            "MSH|^~\\&|C|D|A|B|||ACK^A01|A1|P|2.3\r\
            MSA|AE|7\r\
            ERR|PID^1^3^101&Required field missing&HL70357~^^^207&Application internal error&HL70357\r"
        );
    }

    #[test]
    fn what_cannot_be_read_is_answered_too() {
        for received in [&b""[..], b"hello", b"PID|1", b"MSH", b"MSH\xC3\xA9^~", b"\xFF\xFEM\0S\0H\0"] {
            let error = crate::Message::parse(received, &ParseOptions::default()).unwrap_err();
            let options = AckOptions::new(AckCode::AE, "A1").with_errors([AckError::from(&error)]);
            let ack = written(received, &options);
            assert!(ack.starts_with("MSH|^~\\&|||||||ACK|A1|P|2.5.1\rMSA|AE|\rERR||"), "{ack}");
        }
    }

    #[test]
    fn delimiters_charset_and_control_id_are_taken_over_byte_for_byte() {
        let received = b"MSH#*%!@#Caf\xE9#B##D#2024##ORU*R01#i!F!d\xFF#T*A#2.7.1*DEU######8859/1\rPID\r";
        let ack = acknowledge(received, &AckOptions::new(AckCode::AR, "x#1"));
        let expected = b"MSH#*%!@##D#Caf\xE9#B###ACK*R01*ACK#x!F!1#T*A#2.7.1*DEU######8859/1\r\
            MSA#AR#i!F!d\xFF\r";
        assert_eq!(ack, expected);
    }

    #[test]
    fn a_delimiter_byte_inside_a_character_does_not_cut_it() {
        let name = Charset::Gb18030.encode("\u{4E0B}倈").unwrap();
        assert!(name.contains(&b'|') || name.iter().any(u8::is_ascii), "the test needs such a character");
        let received =
            [b"MSH|^~\\&|", &name[..], b"|B|C|D|2024||ADT^A01|7|P|2.5||||||GB 18030-2000\r"].concat();
        let ack = acknowledge(&received, &AckOptions::new(AckCode::AA, "1"));
        let expected =
            [b"MSH|^~\\&|C|D|", &name[..], b"|B|||ACK^A01^ACK|1|P|2.5||||||GB 18030-2000\rMSA|AA|7\r"];
        assert_eq!(ack, expected.concat());
    }

    #[test]
    fn frame_characters_and_marks_do_not_hide_the_header() {
        let received = b"\xEF\xBB\xBF\x0BMSH|^~\\&|A|B|C|D|2024||ADT^A01|7|P|2.5\x1C\r";
        let ack = written(received, &AckOptions::new(AckCode::CA, "1"));
        assert_eq!(ack, "MSH|^~\\&|C|D|A|B|||ACK^A01^ACK|1|P|2.5\rMSA|CA|7\r");
    }
}
