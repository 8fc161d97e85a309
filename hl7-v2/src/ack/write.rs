//! Writing an acknowledgement.

use std::borrow::Cow;

use super::{AckError, AckOptions};
use crate::build::text;
use crate::charset;
use crate::diagnostic::Findings;
use crate::escape::Syntax;
use crate::header::{self, RawHeader};
use crate::index;
use crate::{Charset, Delimiters, Location, ParseOptions};

/// Written in MSH-12 when the message received gives no version.
const DEFAULT_VERSION: &str = "2.5.1";
/// The same as numbers.
const DEFAULT_VERSION_NUMBERS: [u16; 3] = [2, 5, 1];
/// Written in MSH-11 when the message received gives no processing id: production.
const DEFAULT_PROCESSING_ID: &str = "P";

/// The acknowledgement of what was received, ending with CR.
///
/// It is in the delimiters, version and character set of the message; sender and receiver change places, and
/// MSA-2 is MSH-10 byte for byte. ERR segments follow the version: from 2.5 on one for each error with location,
/// code, severity and texts, before that one with a repeating ERR-1 and the first text in MSA-3. A code that the
/// table of the version does not have yet is replaced by the nearest one. A text that is not in the character set, or
/// holds a delimiter where the message declares no escape character, is left out. For bytes without a readable header it has the usual delimiters, version 2.5.1, and an empty MSA-2.
///
/// Whether an acknowledgement is due at all, [`plan`](super::plan) says.
///
/// ```
/// use carewire_hl7_v2::Timestamp;
/// use carewire_hl7_v2::ack::{AckCode, AckOptions, acknowledge};
///
/// let received = b"MSH|^~\\&|LAB|GEN|EHR|SUR|20240301||ORU^R01|42|T|2.5.1\rPID|1\r";
/// let options = AckOptions::new(AckCode::AA, "A1").at("20240301101530+0000".parse::<Timestamp>()?);
/// let expected = b"MSH|^~\\&|EHR|SUR|LAB|GEN|20240301101530+0000||ACK^R01^ACK|A1|T|2.5.1\rMSA|AA|42\r";
/// assert_eq!(acknowledge(received, &options), expected);
/// # Ok::<(), carewire_hl7_v2::TimestampError>(())
/// ```
#[must_use]
pub fn acknowledge(received: &[u8], options: &AckOptions<'_>) -> Vec<u8> {
    let mut writer =
        Writer { echo: Echo::of(received, options.default_charset), bytes: Vec::with_capacity(256) };
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
    fn of(received: &'a [u8], default_charset: Charset) -> Self {
        let parse_options = ParseOptions::default().with_default_charset(default_charset);
        let mut ignored = Findings::default();
        let body = index::body(received, &mut ignored);
        let start = body.start;
        let header = RawHeader::read(received.get(body).unwrap_or_default(), start).ok();
        let delimiters = header
            .and_then(|header| Delimiters::read(header.separator(), header.field(2), 0..0, &mut ignored));
        let (Some(header), Some(delimiters)) = (header, delimiters) else {
            return Self { delimiters: Delimiters::default(), header: None, charset: default_charset };
        };
        let charsets = header.charsets();
        let declared = header::split(&charsets, delimiters.repetition);
        let charset =
            charset::choose(declared, header.field(20), received, 0..0, &parse_options, &mut ignored);
        Self { delimiters, header: Some(header), charset }
    }

    /// A field of the header, byte for byte.
    fn field(&self, n: usize) -> Cow<'a, [u8]> {
        self.header.map(|header| header.field_in(self.charset, n)).unwrap_or_default()
    }

    fn syntax(&self) -> Syntax {
        Syntax { delimiters: self.delimiters, charset: self.charset }
    }

    fn component(&self, field: usize, n: usize) -> Vec<u8> {
        let field = self.field(field);
        let nth = header::split(&field, self.delimiters.component).nth(n.saturating_sub(1));
        nth.unwrap_or_default().to_vec()
    }

    /// Whether the message is of this version or a later one.
    fn is_since(&self, version: [u16; 3]) -> bool {
        self.version() >= version
    }

    /// The numbers of the version; those of the default when there is none or it cannot be read.
    fn version(&self) -> [u16; 3] {
        let given = self.component(12, 1);
        std::str::from_utf8(&given).ok().and_then(header::version_numbers).unwrap_or(DEFAULT_VERSION_NUMBERS)
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
            self.closed_field(&field);
        }
        // A delimiter may be a character of a timestamp, such as the plus sign before a zone.
        self.text_field(&options.timestamp.map(|time| time.to_v2()).unwrap_or_default());
        self.field(b"");
        let message_type = self.message_type();
        self.closed_field(&message_type);
        self.text_field(options.control_id);
        for (n, default) in [(11, DEFAULT_PROCESSING_ID), (12, DEFAULT_VERSION)] {
            match self.echo.field(n) {
                field if field.is_empty() => self.text_field(default),
                field => self.closed_field(&field),
            }
        }
        let (charset, scheme) = (self.echo.field(18), self.echo.field(20));
        if !charset.is_empty() || !scheme.is_empty() {
            self.empty_fields(5);
            self.closed_field(&charset);
        }
        if !scheme.is_empty() {
            self.empty_fields(1);
            self.field(&scheme);
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
        // From 2.5 on, texts are in ERR-8.
        let text = options
            .errors
            .iter()
            .find_map(|error| error.text.as_deref())
            .filter(|_| !self.echo.is_since([2, 5, 0]));
        let number = options.expected_sequence_number.map(|number| number.to_string());
        if text.is_some() || number.is_some() {
            self.text_field(text.unwrap_or_default());
        }
        if let Some(number) = number {
            self.text_field(&number);
        }
        self.bytes.push(b'\r');
    }

    fn errors(&mut self, errors: &[AckError]) {
        if self.echo.is_since([2, 5, 0]) {
            errors.iter().for_each(|error| self.error(error));
        } else if !errors.is_empty() {
            let all: Vec<Vec<u8>> = errors.iter().map(|error| self.old_error(error)).collect();
            let all: Vec<&[u8]> = all.iter().map(Vec::as_slice).collect();
            // Without a repetition separator there is room for the first only.
            let written = join(&all, self.echo.delimiters.repetition());
            self.bytes.extend(b"ERR");
            self.field(&written);
            self.bytes.push(b'\r');
        }
    }

    /// The layout from 2.5 on: ERR-2 location, ERR-3 code, ERR-4 severity, ERR-5 application code, ERR-7 diagnostic,
    /// ERR-8 text.
    fn error(&mut self, error: &AckError) {
        let location = error.location.map(|location| self.place(&location)).unwrap_or_default();
        let component = self.echo.delimiters.component();
        self.bytes.extend(b"ERR");
        self.field(b"");
        self.field(&location);
        let code = self.coded(error, component);
        self.field(&code);
        self.field(error.severity.as_str().as_bytes());
        let application = error.application_code.and_then(|code| self.written(code));
        let texts = [
            application.map(|code| join(&[&code, b"", b"HL70533"], component)),
            None,
            error.diagnostic.as_deref().and_then(|text| self.written(text)),
            error.text.as_deref().and_then(|text| self.written(text)),
        ];
        let used = texts.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
        for text in texts.into_iter().take(used) {
            self.field(&text.unwrap_or_default());
        }
        self.bytes.push(b'\r');
    }

    /// ERL: segment, occurrence, field, repetition, component, subcomponent, as far as given.
    fn place(&self, location: &Location) -> Vec<u8> {
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
        let name = std::iter::once(segment.as_str().as_bytes());
        let parts: Vec<&[u8]> = name.chain(written.iter().map(String::as_bytes)).collect();
        join(&parts, self.echo.delimiters.component())
    }

    /// One repetition of ERR-1 before 2.5: segment, occurrence, field, and the code in subcomponents.
    fn old_error(&self, error: &AckError) -> Vec<u8> {
        let delimiters = self.echo.delimiters;
        let code = self.coded(error, delimiters.subcomponent());
        let place = error.location.map(|location| {
            let field = location.field().map(|field| field.to_string()).unwrap_or_default();
            (location.segment(), location.occurrence().to_string(), field)
        });
        match &place {
            Some((segment, occurrence, field)) => {
                let parts = [segment.as_str(), occurrence, field].map(str::as_bytes);
                join(&[&parts[..], &[&code]].concat(), delimiters.component())
            }
            None => join(&[b"", b"", b"", &code], delimiters.component()),
        }
    }

    /// A field of text; empty when it cannot be written.
    fn text_field(&mut self, text: &str) {
        let written = self.written(text).unwrap_or_default();
        self.field(&written);
    }

    /// Text in the notation and the character set of the message; `None` when they do not have it.
    fn written(&self, text: &str) -> Option<Vec<u8>> {
        let mut bytes = Vec::with_capacity(text.len());
        let written = text::write(text, false, self.echo.syntax(), &mut bytes);
        written.ok().map(|()| bytes)
    }

    /// The code of an error as a CWE.
    fn coded(&self, error: &AckError, delimiter: Option<char>) -> Vec<u8> {
        let code = error.code.in_version(self.echo.version());
        let phrase = self.written(code.phrase()).unwrap_or_default();
        join(&[code.as_str().as_bytes(), &phrase, b"HL70357"], delimiter)
    }

    /// A field taken over. One that leaves a two-byte set open would take the fields behind it along.
    fn closed_field(&mut self, content: &[u8]) {
        self.field(content);
        let last = memchr::memmem::rfind(content, b"\x1B").and_then(|at| content.get(at + 1..));
        let open = matches!(last, Some([b'$', next, ..]) if *next != b')') || last == Some(b"$");
        if open && self.echo.charset.is_switched() {
            self.bytes.extend(b"\x1B(B");
        }
    }

    fn field(&mut self, content: &[u8]) {
        self.bytes.push(self.echo.delimiters.field);
        self.bytes.extend(content);
    }

    fn empty_fields(&mut self, count: usize) {
        self.bytes.extend(std::iter::repeat_n(self.echo.delimiters.field, count));
    }
}

/// The parts with a delimiter between them; in a message without that delimiter, the first part.
fn join(parts: &[&[u8]], delimiter: Option<char>) -> Vec<u8> {
    match delimiter {
        Some(delimiter) => parts.join(delimiter.encode_utf8(&mut [0; 4]).as_bytes()),
        None => parts.first().copied().unwrap_or_default().to_vec(),
    }
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
            MSA|AE|7|see the guide, p. 3\r\
            ERR|PID^1^3^101&Required field missing&HL70357~^^^207&Application internal error&HL70357\r"
        );
    }

    #[test]
    fn a_time_never_ends_its_field() {
        let received = b"MSH|+~\\&|A|B|C|D|2024||ADT+A01|7|P|2.3\rPID|1\r";
        let time: crate::Timestamp = "20240301101530+0100".parse().unwrap();
        let ack = written(received, &AckOptions::new(AckCode::AA, "1").at(time));
        assert_eq!(ack, "MSH|+~\\&|C|D|A|B|20240301101530\\S\\0100||ACK+A01|1|P|2.3\rMSA|AA|7\r");
        let parsed = crate::Message::parse(ack.as_bytes(), &ParseOptions::default()).unwrap();
        assert_eq!(parsed.get("MSH-7").unwrap().as_deref(), Some("20240301101530+0100"));
        assert!(written(received, &AckOptions::new(AckCode::AA, "1").at(None)).contains("|B|||ACK"));
    }

    #[test]
    fn a_set_left_open_does_not_take_the_acknowledgement_along() {
        let received = b"MSH|^~\\&|A\x1B$B;3|B|C|D|2024||ADT^A01|7|P|2.5||||||~ISO IR87\rPID|1\r";
        let ack = acknowledge(
            received,
            &AckOptions::new(AckCode::AA, "1").with_default_charset(Charset::Iso2022Jp),
        );
        let options = ParseOptions::default().with_charset(Charset::Iso2022Jp);
        let ack = crate::Message::parse(&ack, &options).unwrap();
        assert_eq!(ack.message_code().as_deref(), Some("ACK"));
    }

    #[test]
    fn own_codes_and_texts_of_each_version() {
        let received = |version: &str, charset: &str| {
            format!("MSH|^~\\&|A|B|C|D|2024||ADT^A01|7|P|{version}||||||{charset}\rPID|1\r").into_bytes()
        };
        let error = AckError::new(ErrorCode::OtherHl7Error)
            .with_application_code("L|7")
            .with_diagnostic("at most 20 & no more")
            .with_text("Größe");
        let options = AckOptions::new(AckCode::AE, "1").with_errors([error]).expecting_sequence_number(12);
        let ack = acknowledge(&received("2.9", "8859/1"), &options);
        assert!(ack.ends_with(
            b"MSA|AE|7||12\rERR|||199^Other HL7 Error^HL70357|E|L\\F\\7^^HL70533||at most 20 \\T\\ no more|Gr\xF6\xDFe\r"
        ));
        // 199 came with 2.9, and ASCII does not have the text.
        let ack = written(&received("2.5", "ASCII"), &options);
        assert!(
            ack.ends_with("ERR|||102^Data type error^HL70357|E|L\\F\\7^^HL70533||at most 20 \\T\\ no more\r"),
            "{ack}"
        );
        let ack = written(&received("2.4", "UNICODE UTF-8"), &options);
        assert!(ack.ends_with("MSA|AE|7|Größe|12\rERR|^^^102&Data type error&HL70357\r"), "{ack}");
        // A message without MSH-18 is in the default.
        let latin = options.with_default_charset(Charset::Iso8859_1);
        assert!(acknowledge(&received("2.8", ""), &latin).ends_with(b"|Gr\xF6\xDFe\r"));
    }

    #[test]
    fn a_text_never_leaves_its_field() {
        let error =
            AckError::new(ErrorCode::NonConformantCardinality).with_diagnostic("a|b\rc").with_text("fine");
        let options = AckOptions::new(AckCode::AE, "A|1").with_errors([error.with_application_code("L^7")]);
        // No escape character is declared, so what needs one is left out.
        let ack = written(b"MSH|^~|A|B|C|D|2024||ADT^A01|7|P|2.9\r", &options);
        assert_eq!(
            ack,
            "MSH|^~|C|D|A|B|||ACK^A01^ACK||P|2.9\rMSA|AE|7\rERR|||198^Non-Conformant Cardinality^HL70357|E||||fine\r"
        );
        let ack = written(b"MSH-^~\\&-A-B-C-D-2024--ADT^A01-7-P-2.9\r", &options);
        assert!(
            ack.contains("198^Non\\F\\Conformant Cardinality^HL70357-E-L\\S\\7^^HL70533--a|b\\X0D\\c-fine\r"),
            "{ack}"
        );
        let parsed = crate::Message::parse(ack.as_bytes(), &ParseOptions::default()).unwrap();
        assert_eq!(parsed.get("ERR-3.2").unwrap().as_deref(), Some("Non-Conformant Cardinality"));
        let ack = written(b"MSH.^~\\&.A.B.C.D.2024..ADT^A01.7\r", &AckOptions::new(AckCode::AA, "1"));
        assert_eq!(ack, "MSH.^~\\&.C.D.A.B...ACK^A01^ACK.1.P.2\\F\\5\\F\\1\rMSA.AA.7\r");
        let ack = written(b"MSH.^~.A.B.C.D.2024..ADT^A01.7\r", &AckOptions::new(AckCode::AA, "1"));
        assert_eq!(ack, "MSH.^~.C.D.A.B...ACK^A01^ACK.1.P.\rMSA.AA.7\r");
    }

    #[test]
    fn a_text_has_no_byte_that_the_declared_set_does_not_have() {
        let received = b"MSH|^~\\&|A|B|C|D|2024||ADT^A01|7|P|2.5||||||8859/1\r";
        let error =
            AckError::new(ErrorCode::DataTypeError).with_diagnostic("f\u{FC}r").with_text("5 \u{20AC}");
        let ack = acknowledge(received, &AckOptions::new(AckCode::AE, "1").with_errors([error]));
        assert!(ack.ends_with(b"|E|||f\xFCr\r"), "the euro sign is not in Latin-1");
    }

    #[test]
    fn a_finding_is_reported_without_a_value() {
        let found = crate::Finding::new(crate::FindingKind::TooLong).at("PID-5.1".parse().unwrap());
        let found = found.expecting("at most 50").by_rule("R|1");
        let received = b"MSH|^~\\&|A|B|C|D|2024||ADT^A01|7|P|2.7\rPID|1\r";
        let ack = written(received, &AckOptions::new(AckCode::AE, "1").with_errors([AckError::from(&found)]));
        let last =
            "ERR||PID^1^5^1^1|104^Value too long^HL70357|W|||value too long (at most 50), rule R\\F\\1\r";
        assert!(ack.ends_with(last), "{ack}");
    }

    #[test]
    fn a_message_above_the_limits_is_not_asked_for_again() {
        let received = b"MSH|^~\\&|A|B|C|D|2024||ADT^A01|7|P|2.9\rPID|1\r";
        for limits in
            [ParseOptions::default().with_max_bytes(9), ParseOptions::default().with_max_segments(1)]
        {
            let error = crate::Message::parse(received, &limits).unwrap_err();
            let options = AckOptions::new(AckCode::AR, "1").with_errors([AckError::from(&error)]);
            let ack = acknowledge(received, &options);
            assert!(ack.ends_with(b"ERR|||199^Other HL7 Error^HL70357|E||||message is too large\r"));
            assert!(crate::ack::read(&ack).is_ok_and(|ack| !ack.is_temporary()));
        }
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
