//! Reading an acknowledgement.

use std::fmt;

use super::AckCode;
use crate::{Message, ParseError, ParseOptions};

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
    /// The codes of the errors reported: ERR-3.1, or before version 2.5 ERR-1.4.1.
    pub error_codes: Vec<String>,
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
            .field("errors", &self.error_codes.len())
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
    let code = field(1).unwrap_or_default().parse()?;
    let control_id = field(2).unwrap_or_default().into_owned();
    let phrase = || message.segments_named("ERR").find_map(|error| error.field(8)?.value());
    let text = field(3).or_else(phrase).map(|text| text.into_owned());
    Ok(Ack { code, control_id, text, error_codes: error_codes(&message) })
}

/// Whether an answer is the acknowledgement of this message: MSA-2 is its MSH-10, as written.
///
/// An answer without a control id, or to a message without one, answers nothing.
#[must_use]
pub fn answers(sent: &[u8], answer: &[u8]) -> bool {
    let written = |bytes: &[u8], segment: &str, n: usize| {
        let message = Message::parse(bytes, &ParseOptions::default()).ok()?;
        let field = message.segment(segment)?.field(n)?;
        (!field.is_empty()).then(|| field.raw().to_owned())
    };
    let sent = written(sent, "MSH", 10);
    sent.is_some() && sent == written(answer, "MSA", 2)
}

fn error_codes(message: &Message<'_>) -> Vec<String> {
    let mut codes = Vec::new();
    for error in message.segments_named("ERR") {
        let current = error.field(3).and_then(|code| code.component(1)?.value());
        let old = error.field(1).into_iter().flat_map(|field| field.repetitions());
        let old = old.filter_map(|fault| fault.component(4)?.subcomponent(1)?.value());
        match current {
            Some(code) => codes.push(code.into_owned()),
            None => codes.extend(old.map(|code| code.into_owned())),
        }
    }
    codes
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
    fn what_is_no_acknowledgement_is_an_error() {
        assert_eq!(read(b"MSH|^~\\&|A\r"), Err(ParseError::NotAnAcknowledgement));
        assert_eq!(read(b"MSH|^~\\&|A\rMSA|OK|1\r"), Err(ParseError::NotAnAcknowledgement));
        assert_eq!(read(b""), Err(ParseError::Empty));
    }
}
