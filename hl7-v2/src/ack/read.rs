//! Reading an acknowledgement.

use std::fmt;

use super::{AckCode, ErrorCode};
use crate::header;
use crate::{Charset, Field, Location, Message, ParseError, ParseOptions, Repetition, Segment, SegmentId};

/// What came back for a message that was sent. `Debug` shows codes only.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ack {
    /// MSA-1.
    pub code: AckCode,
    /// MSA-2: the control id of the message that it answers; empty when there is none.
    pub control_id: String,
    /// MSA-3, or else the first ERR-8: a text for people, in the words of the receiver.
    pub text: Option<String>,
    /// MSA-4: the number that the receiver expects in MSH-13 of the next message.
    pub expected_sequence_number: Option<u64>,
    /// The codes of the errors reported: ERR-3.1, or before version 2.5 ERR-1.4.1.
    pub error_codes: Vec<String>,
    /// The errors reported.
    pub errors: Vec<ReportedError>,
}

impl Ack {
    /// Whether sending the same message again later may help: not accepted, and the receiver names a lock or
    /// an internal error (206, 207) only.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        let temporary = |code: &String| matches!(code.as_str(), "206" | "207");
        !self.code.is_accept() && !self.error_codes.is_empty() && self.error_codes.iter().all(temporary)
    }
}

impl fmt::Debug for Ack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ack")
            .field("code", &self.code)
            .field("has_control_id", &!self.control_id.is_empty())
            .field("errors", &self.errors)
            .finish_non_exhaustive()
    }
}

/// A fault that an acknowledgement reports. `Debug` shows places and known codes only.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReportedError {
    /// The places, ERR-2 or before version 2.5 ERR-1.1 to 1.3, as far as they can be read.
    pub locations: Vec<Location>,
    /// ERR-3.1, or before version 2.5 ERR-1.4.1.
    pub code: Option<String>,
    /// ERR-4 as written: E, W, I, or F of some versions.
    pub severity: Option<String>,
    /// ERR-5.1.
    pub application_code: Option<String>,
    /// ERR-7.
    pub diagnostic: Option<String>,
    /// ERR-8.
    pub text: Option<String>,
}

impl ReportedError {
    /// The code, if it is of table 0357.
    #[must_use]
    pub fn known_code(&self) -> Option<ErrorCode> {
        ErrorCode::parse(self.code.as_deref()?)
    }
}

impl fmt::Debug for ReportedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReportedError")
            .field("locations", &self.locations)
            .field("code", &self.known_code())
            .finish_non_exhaustive()
    }
}

/// Reads an acknowledgement.
///
/// ```
/// use carewire_hl7_v2::ack::{AckCode, read};
///
/// let ack = read(b"MSH|^~\\&|||||||ACK|9|P|2.5\rMSA|AE|42\rERR|||207^^HL70357|E\r")?;
/// assert_eq!((ack.code, ack.control_id.as_str()), (AckCode::AE, "42"));
/// assert!(ack.is_temporary());
/// # Ok::<(), carewire_hl7_v2::ParseError>(())
/// ```
///
/// # Errors
/// When the bytes are not a message, or not an acknowledgement.
pub fn read(bytes: &[u8]) -> Result<Ack, ParseError> {
    let message = Message::parse(bytes, &ParseOptions::default())?;
    let msa = message.segment("MSA").ok_or(ParseError::NotAnAcknowledgement)?;
    let field = |n| msa.field(n).and_then(|field| field.value());
    let code = field(1).unwrap_or_default().trim().to_ascii_uppercase().parse()?;
    let control_id = field(2).unwrap_or_default().into_owned();
    let errors: Vec<ReportedError> =
        message.segments_named("ERR").flat_map(|error| reported(&error)).collect();
    let phrase = || errors.iter().find_map(|error| error.text.clone());
    Ok(Ack {
        code,
        control_id,
        text: field(3).map(|text| text.into_owned()).or_else(phrase),
        expected_sequence_number: field(4).and_then(|number| number.trim().parse().ok()),
        error_codes: errors.iter().filter_map(|error| error.code.clone()).collect(),
        errors,
    })
}

/// Whether an answer is the acknowledgement of this message: the bytes of MSA-2 are those of its MSH-10.
///
/// An answer without a control id, or to a message without one, answers nothing.
#[must_use]
pub fn answers(sent: &[u8], answer: &[u8]) -> bool {
    let sent = written(sent, "MSH", 10);
    sent.is_some() && sent == written(answer, "MSA", 2)
}

/// The bytes of a field; `None` when there are none.
fn written(bytes: &[u8], segment: &str, n: usize) -> Option<Vec<u8>> {
    let message = Message::parse(bytes, &ParseOptions::default()).ok()?;
    let segment = message.segment(segment)?;
    let field = match message.charset() {
        // A character may hold the byte of the separator.
        charset @ (Charset::Gb18030 | Charset::Big5) => charset.encode(segment.field(n)?.raw())?.into_owned(),
        _ => {
            let before = if segment.id().is_some_and(SegmentId::is_header) { 2 } else { 1 };
            let fields = bytes.get(segment.span())?.get(4..)?;
            let (separator, skip) = (message.delimiters().field, n.checked_sub(before)?);
            match message.charset().is_switched() {
                true => header::split(fields, separator).nth(skip)?.to_vec(),
                false => fields.split(|byte| *byte == separator).nth(skip)?.to_vec(),
            }
        }
    };
    (!field.is_empty()).then_some(field)
}

/// The faults in one ERR segment: one in the layout from 2.5 on, any number before that.
fn reported(error: &Segment<'_>) -> Vec<ReportedError> {
    let text = |n: usize| error.field(n).and_then(|field| field.value()).map(|text| text.into_owned());
    let first = |n: usize| Some(error.field(n)?.component(1)?.value()?.into_owned());
    let current = ReportedError {
        locations: error
            .field(2)
            .iter()
            .flat_map(Field::repetitions)
            .filter_map(|place| location(place, 6))
            .collect(),
        code: first(3),
        severity: first(4),
        application_code: first(5),
        diagnostic: text(7),
        text: text(8),
    };
    if current != ReportedError::default() {
        return vec![current];
    }
    let old = |fault: Repetition<'_>| ReportedError {
        locations: location(fault, 3).into_iter().collect(),
        code: fault.component(4).and_then(|code| Some(code.subcomponent(1)?.value()?.into_owned())),
        ..ReportedError::default()
    };
    error.field(1).iter().flat_map(Field::repetitions).map(old).collect()
}

/// The place in the first components of an ERL or ELD: segment, occurrence, field, repetition, component,
/// subcomponent.
fn location(place: Repetition<'_>, most: usize) -> Option<Location> {
    let number = |n: usize| {
        let number = place.component(n).filter(|_| n <= most)?.value()?.trim().parse().ok();
        number.filter(|number: &usize| *number > 0)
    };
    let segment = SegmentId::parse(place.component(1)?.value()?.trim())?;
    let mut location = Location::of_segment(segment, number(2).unwrap_or(1));
    let Some(field) = number(3) else { return Some(location) };
    location = location.at_field(field);
    if let Some(repetition) = number(4) {
        location = location.at_repetition(repetition);
    }
    let Some(component) = number(5) else { return Some(location) };
    location = location.at_component(component);
    Some(number(6).map_or(location, |subcomponent| location.at_subcomponent(subcomponent)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ack::{AckError, AckOptions, ErrorCode, acknowledge};

    #[test]
    fn reads_what_is_written_in_every_version() {
        for version in ["2.1", "2.3", "2.3.1", "2.4", "2.5", "2.5.1", "2.8.2", ""] {
            let sent = format!("MSH|^~\\&|A|B|C|D|2024||ADT^A01|id\\T\\7|P|{version}\rPID|1\r");
            let errors = [ErrorCode::ApplicationRecordLocked, ErrorCode::DataTypeError].map(AckError::new);
            let options = AckOptions::new(AckCode::AE, "1").with_errors(errors);
            let answer = acknowledge(sent.as_bytes(), &options);
            let ack = read(&answer).unwrap();
            assert_eq!((ack.code, ack.control_id.as_str()), (AckCode::AE, "id&7"));
            assert_eq!(ack.error_codes, ["206", "102"], "version {version}");
            assert!(!ack.is_temporary());
            assert!(answers(sent.as_bytes(), &answer));
        }
    }

    #[test]
    fn an_answer_to_another_message_is_told_apart() {
        let sent = b"MSH|^~\\&|||||||ADT^A01|1\r";
        assert!(!answers(sent, b"MSH|^~\\&|||||||ACK|9\rMSA|AA|2\r"));
        assert!(!answers(sent, b"MSH|^~\\&|||||||ACK|9\rMSA|AA\r"));
        assert!(!answers(sent, b"junk"));
        assert!(!answers(b"MSH|^~\\&|\r", b"MSH|^~\\&|||||||ACK|9\rMSA|AA|\r"));
    }

    #[test]
    fn what_is_reported_is_read_in_every_version() {
        let place: Location = "PID-3[2].4.1".parse().unwrap();
        let error = AckError::new(ErrorCode::UnknownKeyIdentifier).in_place(place).with_text("not & known");
        let error = error.with_diagnostic("see the index").with_application_code("P7");
        let options = AckOptions::new(AckCode::AR, "1").with_errors([error]).expecting_sequence_number(9);
        for (version, path) in
            [("2.3", "PID-3"), ("2.4", "PID-3"), ("2.5", "PID-3[2].4.1"), ("2.8", "PID-3[2].4.1")]
        {
            let sent = format!("MSH|^~\\&|A|B|C|D|2024||ADT^A01|7|P|{version}\r");
            let ack = read(&acknowledge(sent.as_bytes(), &options)).unwrap();
            assert_eq!(ack.text.as_deref(), Some("not & known"));
            assert_eq!(ack.expected_sequence_number, Some(9));
            let [error] = &ack.errors[..] else { panic!("one error in {version}") };
            assert_eq!(error.locations, [path.parse().unwrap()]);
            assert_eq!(error.known_code(), Some(ErrorCode::UnknownKeyIdentifier));
            let since = |text| (version >= "2.5").then_some(text);
            assert_eq!(error.diagnostic.as_deref(), since("see the index"));
            assert_eq!(error.application_code.as_deref(), since("P7"));
            assert_eq!(error.severity.as_deref(), since("E"));
            let shown = format!("{ack:?}");
            assert!(
                shown.contains("UnknownKeyIdentifier")
                    && !shown.contains("index")
                    && !shown.contains("known\"")
            );
        }
    }

    #[test]
    fn odd_acknowledgements_are_read() {
        let ack =
            read(b"\x0BMSH|^~\\&|\nMSA| aa |1|fine|x\nERR|PID^x^0^101~^^^207\nERR\nERR||ZZ^1~PID|||\n\x1C\r")
                .unwrap();
        assert_eq!(
            (ack.code, ack.text.as_deref(), ack.expected_sequence_number),
            (AckCode::AA, Some("fine"), None)
        );
        assert_eq!(ack.error_codes, ["101", "207"]);
        let places: Vec<_> =
            ack.errors.iter().flat_map(|error| &error.locations).map(ToString::to_string).collect();
        assert_eq!(places, ["PID[1]", "PID[1]"]);
    }

    #[test]
    fn a_control_id_is_compared_byte_for_byte() {
        let sent = |id: &[u8], charset: &str| {
            [b"MSH|^~\\&|||||||ADT^A01|", id, b"|P|2.5||||||", charset.as_bytes(), b"\r"].concat()
        };
        let answer = |id: &[u8]| [b"MSH|^~\\&|||||||ACK|9\rMSA|AA|", id, b"\r"].concat();
        assert!(answers(&sent(b"\xE9", "8859/1"), &answer(b"\xE9")));
        assert!(!answers(&sent(b"\xE9", "8859/1"), &answer("é".as_bytes())));
        assert!(!answers(&sent(b"\xE9", ""), &answer(b"\xE8")), "neither is UTF-8");
        assert!(!answers(&sent(b"a\\T\\", ""), &answer(b"a&")), "as written");
        assert!(!answers(&sent(b"7", ""), &answer(b"7 ")));
    }

    #[test]
    fn what_is_no_acknowledgement_is_an_error() {
        assert_eq!(read(b"MSH|^~\\&|A\r"), Err(ParseError::NotAnAcknowledgement));
        assert_eq!(read(b"MSH|^~\\&|A\rMSA|OK|1\r"), Err(ParseError::NotAnAcknowledgement));
        assert_eq!(read(b""), Err(ParseError::Empty));
    }
}
