//! A file of messages written with the right counts.

use std::fmt;

use super::BatchLine;
use super::line::LineKind;
use crate::build::text::{self, Unwritable};
use crate::escape::Syntax;
use crate::{Charset, Delimiters, lead_in};

/// The last field of FHS and BHS that is written here, and the first one behind the delimiters.
const FIRST: usize = 3;
const LAST: usize = 12;

/// Writes FHS, BHS, messages, BTS and FTS, and counts. Each call gives back the bytes to send; nothing is held.
///
/// ```
/// use carewire_hl7_v2::Delimiters;
/// use carewire_hl7_v2::batch::{BatchWriter, EnvelopeHeader};
///
/// let mut writer = BatchWriter::new(Delimiters::default());
/// let header = EnvelopeHeader::new().sending_application("LAB").control_id("B1");
/// let mut file = writer.begin_file(&header)?;
/// file.extend(writer.begin_batch(&header)?);
/// file.extend(writer.message(b"MSH|^~\\&|LAB\rPID|1")?);
/// file.extend(writer.end_batch()?);
/// file.extend(writer.end_file()?);
/// let expected = b"FHS|^~\\&|LAB||||||||B1\rBHS|^~\\&|LAB||||||||B1\rMSH|^~\\&|LAB\rPID|1\rBTS|1\rFTS|1\r";
/// assert_eq!(file, expected);
/// # Ok::<(), carewire_hl7_v2::batch::BatchWriteError>(())
/// ```
#[derive(Clone, Debug)]
pub struct BatchWriter {
    delimiters: Delimiters,
    charset: Charset,
    in_file: bool,
    in_batch: bool,
    batches: u64,
    messages: u64,
}

impl BatchWriter {
    /// Writes the envelope with these delimiters, in UTF-8. The messages have their own.
    #[must_use]
    pub fn new(delimiters: Delimiters) -> Self {
        Self { delimiters, charset: Charset::Utf8, in_file: false, in_batch: false, batches: 0, messages: 0 }
    }

    /// Writes the envelope in another character set. It has no field to say so: agree on it.
    #[must_use]
    pub fn with_charset(mut self, charset: Charset) -> Self {
        self.charset = charset;
        self
    }

    /// FHS.
    ///
    /// # Errors
    /// Inside a file or a batch, and when a value cannot be written in the character set and the delimiters.
    pub fn begin_file(&mut self, header: &EnvelopeHeader) -> Result<Vec<u8>, BatchWriteError> {
        if self.in_file || self.in_batch {
            return Err(BatchWriteError::Order);
        }
        let bytes = header.write(b"FHS", self.syntax())?;
        self.in_file = true;
        self.batches = 0;
        Ok(bytes)
    }

    /// BHS.
    ///
    /// # Errors
    /// Inside a batch, and when a value cannot be written in the character set and the delimiters.
    pub fn begin_batch(&mut self, header: &EnvelopeHeader) -> Result<Vec<u8>, BatchWriteError> {
        if self.in_batch {
            return Err(BatchWriteError::Order);
        }
        let bytes = header.write(b"BHS", self.syntax())?;
        self.in_batch = true;
        self.messages = 0;
        Ok(bytes)
    }

    /// One message, with CR behind its last segment.
    ///
    /// # Errors
    /// Outside a batch, and when the bytes are not exactly one message: they begin with something else than MSH, or
    /// hold a line that begins a second one or is of the envelope.
    pub fn message(&mut self, message: &[u8]) -> Result<Vec<u8>, BatchWriteError> {
        if !self.in_batch {
            return Err(BatchWriteError::Order);
        }
        let begins = LineKind::of(message, true) == Some(LineKind::MessageHeader);
        let mut others = texts_of_lines(message).skip(1).filter_map(|text| LineKind::of(text, true));
        if !begins || !others.all(|kind| kind == LineKind::Other) {
            return Err(BatchWriteError::NotOneMessage);
        }
        let mut bytes = message.to_vec();
        if !matches!(message.last(), Some(b'\r' | b'\n')) {
            bytes.push(b'\r');
        }
        self.messages += 1;
        Ok(bytes)
    }

    /// BTS with the number of messages.
    ///
    /// # Errors
    /// Outside a batch.
    pub fn end_batch(&mut self) -> Result<Vec<u8>, BatchWriteError> {
        if !std::mem::take(&mut self.in_batch) {
            return Err(BatchWriteError::Order);
        }
        self.batches += 1;
        Ok(self.trailer("BTS", self.messages))
    }

    /// FTS with the number of batches.
    ///
    /// # Errors
    /// Outside a file, and inside a batch.
    pub fn end_file(&mut self) -> Result<Vec<u8>, BatchWriteError> {
        if self.in_batch || !std::mem::take(&mut self.in_file) {
            return Err(BatchWriteError::Order);
        }
        Ok(self.trailer("FTS", self.batches))
    }

    fn syntax(&self) -> Syntax {
        Syntax { delimiters: self.delimiters, charset: self.charset }
    }

    fn trailer(&self, name: &str, count: u64) -> Vec<u8> {
        format!("{name}{}{count}\r", self.delimiters.field()).into_bytes()
    }
}

/// What stands in FHS or BHS. Absent values are left out. `Debug` shows no value.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct EnvelopeHeader {
    /// Fields 3 to 12.
    fields: [Option<Given>; LAST - FIRST + 1],
}

#[derive(Clone, PartialEq, Eq)]
enum Given {
    Text(String),
    Raw(Vec<u8>),
}

impl EnvelopeHeader {
    /// A header without values.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The header of the answer to a batch or file: sender and receiver change places, and the reference control id
    /// (field 12) is the control id (field 11) received, byte for byte. Write it with the delimiters received.
    #[must_use]
    pub fn answering(received: &BatchLine<'_>) -> Self {
        let mut header = Self::default();
        for (to, from) in [(3, 5), (4, 6), (5, 3), (6, 4), (12, 11)] {
            let field = received.field(from);
            if !field.is_empty() {
                header = header.with(to, Given::Raw(field.to_vec()));
            }
        }
        header
    }

    /// Field 3.
    #[must_use]
    pub fn sending_application(self, text: &str) -> Self {
        self.with(3, Given::Text(text.to_owned()))
    }

    /// Field 4.
    #[must_use]
    pub fn sending_facility(self, text: &str) -> Self {
        self.with(4, Given::Text(text.to_owned()))
    }

    /// Field 5.
    #[must_use]
    pub fn receiving_application(self, text: &str) -> Self {
        self.with(5, Given::Text(text.to_owned()))
    }

    /// Field 6.
    #[must_use]
    pub fn receiving_facility(self, text: &str) -> Self {
        self.with(6, Given::Text(text.to_owned()))
    }

    /// Field 7, as it is to be written.
    #[must_use]
    pub fn created_at(self, timestamp: &str) -> Self {
        self.with(7, Given::Text(timestamp.to_owned()))
    }

    /// Field 9.
    #[must_use]
    pub fn name(self, text: &str) -> Self {
        self.with(9, Given::Text(text.to_owned()))
    }

    /// Field 10.
    #[must_use]
    pub fn comment(self, text: &str) -> Self {
        self.with(10, Given::Text(text.to_owned()))
    }

    /// Field 11.
    #[must_use]
    pub fn control_id(self, text: &str) -> Self {
        self.with(11, Given::Text(text.to_owned()))
    }

    /// Field 12: the control id of the batch or file that this one answers.
    #[must_use]
    pub fn reference_control_id(self, text: &str) -> Self {
        self.with(12, Given::Text(text.to_owned()))
    }

    fn with(mut self, field: usize, given: Given) -> Self {
        if let Some(slot) = field.checked_sub(FIRST).and_then(|index| self.fields.get_mut(index)) {
            *slot = Some(given);
        }
        self
    }

    fn write(&self, name: &[u8], syntax: Syntax) -> Result<Vec<u8>, BatchWriteError> {
        let delimiters = syntax.delimiters;
        let mut bytes = [name, &[delimiters.field], delimiters.encoding_characters().as_bytes()].concat();
        let used = self.fields.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
        for given in self.fields.iter().take(used) {
            bytes.push(delimiters.field);
            match given {
                None => {}
                Some(Given::Raw(raw)) => bytes.extend(raw),
                Some(Given::Text(text)) => text::write(text, false, syntax, &mut bytes)?,
            }
        }
        bytes.push(b'\r');
        Ok(bytes)
    }
}

impl fmt::Debug for EnvelopeHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let given = (FIRST..).zip(&self.fields).filter(|(_, given)| given.is_some()).map(|(field, _)| field);
        write!(f, "EnvelopeHeader(fields {:?})", given.collect::<Vec<_>>())
    }
}

/// Why a part of a file could not be written. It holds no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BatchWriteError {
    /// A file holds batches and a batch holds messages; this call is out of that order.
    #[error("out of order: a file holds batches, a batch holds messages")]
    Order,
    /// The bytes are not exactly one message.
    #[error("not exactly one message")]
    NotOneMessage,
    /// A value of the envelope is not in its character set.
    #[error("a value is not in the character set")]
    Charset,
    /// A value of the envelope holds a delimiter or a control character, and the delimiters have no escape character.
    #[error("a value needs an escape character, and none is declared")]
    NoEscapeCharacter,
}

impl From<Unwritable> for BatchWriteError {
    fn from(why: Unwritable) -> Self {
        match why {
            Unwritable::Escape => Self::NoEscapeCharacter,
            Unwritable::Charset => Self::Charset,
        }
    }
}

/// The bytes from the text of each line on, behind what says nothing.
fn texts_of_lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let ends = memchr::memchr2_iter(b'\r', b'\n', bytes).map(|end| end + 1);
    let lines = std::iter::once(0).chain(ends).filter_map(|start| bytes.get(start..));
    lines.filter_map(|line| line.get(lead_in::in_line(line)..))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::{Batch, BatchEvent, Splitter};

    #[test]
    fn what_is_written_reads_back_with_its_counts() {
        let mut writer = BatchWriter::new(Delimiters::default()).with_charset(Charset::Iso8859_1);
        let header = EnvelopeHeader::new().sending_facility("Käse & Co").comment("a|b").created_at("2024");
        let mut file = writer.begin_file(&header).unwrap();
        for messages in [2, 0, 1] {
            file.extend(writer.begin_batch(&EnvelopeHeader::new()).unwrap());
            for _ in 0..messages {
                file.extend(writer.message(b"MSH|^~\\&|A\rPID|1\n").unwrap());
            }
            file.extend(writer.end_batch().unwrap());
        }
        file.extend(writer.end_file().unwrap());
        assert!(file.starts_with(b"FHS|^~\\&||K\xE4se \\T\\ Co|||2024|||a\\F\\b\rBHS|^~\\&\rMSH"));
        assert!(file.ends_with(b"BTS|1\rFTS|3\r"));
        let batch = Batch::split(&file);
        assert_eq!((batch.messages().len(), batch.declared_count(), batch.findings()), (3, Some(3), &[][..]));
    }

    #[test]
    fn what_would_break_the_counts_is_refused() {
        let mut writer = BatchWriter::new(Delimiters::default());
        let header = EnvelopeHeader::new();
        let order = Err(BatchWriteError::Order);
        assert_eq!(
            (writer.message(b"MSH|"), writer.end_batch(), writer.end_file()),
            (order.clone(), order.clone(), order.clone())
        );
        writer.begin_batch(&header).unwrap();
        assert_eq!((writer.begin_batch(&header), writer.begin_file(&header)), (order.clone(), order.clone()));
        for bytes in
            [&b""[..], b"PID|1\r", b"MSH|\rMSH|\r", b"MSH|\r\nBTS|1", b"\x0BMSH|\r", b"\xEF\xBB\xBFMSH|"]
        {
            assert_eq!(writer.message(bytes), Err(BatchWriteError::NotOneMessage));
        }
        assert_eq!(writer.end_batch().as_deref(), Ok(&b"BTS|0\r"[..]));
        let latin = EnvelopeHeader::new().name("東");
        let mut writer = writer.with_charset(Charset::Iso8859_1);
        assert_eq!(writer.begin_batch(&latin), Err(BatchWriteError::Charset));
    }

    #[test]
    fn a_value_never_leaves_its_field() {
        let write = |delimiters: &str, text: &str| {
            let writer =
                BatchWriter::new(Delimiters::parse(delimiters).unwrap()).with_charset(Charset::Iso8859_1);
            { writer }.begin_batch(&EnvelopeHeader::new().name(text))
        };
        assert_eq!(write("|^~\\&", "a|b\n").as_deref(), Ok(&b"BHS|^~\\&|||||||a\\F\\b\\X0A\\\r"[..]));
        for text in ["a|b", "a\nb", "a\rMSH|"] {
            assert_eq!(write("|^~", text), Err(BatchWriteError::NoEscapeCharacter));
        }
        // A control character in Latin-1.
        assert_eq!(write("|^~\\&", "5 \u{20AC}"), Err(BatchWriteError::Charset));
    }

    #[test]
    fn the_answer_to_a_batch_names_it() {
        let mut splitter = Splitter::new();
        splitter.push(b"BHS|^~\\&|A^1|B|C|D|2024||x|y|i\\T\\d\xFF\rMSH|");
        let Some(BatchEvent::BatchHeader(received)) = splitter.next_event() else { panic!("a header") };
        let answer = EnvelopeHeader::answering(&received).control_id("9");
        assert_eq!(format!("{answer:?}"), "EnvelopeHeader(fields [3, 4, 5, 6, 11, 12])");
        let bytes = BatchWriter::new(Delimiters::default()).begin_batch(&answer);
        assert_eq!(bytes.as_deref(), Ok(&b"BHS|^~\\&|C|D|A^1|B|||||9|i\\T\\d\xFF\r"[..]));
    }
}
