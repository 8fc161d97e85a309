//! As much of HL7 v2 as the suite needs, by splitting.

use crate::{Error, Result};

/// The message that is sent where none is given: a patient who is not one, flagged as training (MSH-11 `T`).
const HARMLESS: &str = "MSH|^~\\&|QUIRKS|SUITE|RECEIVER|FACILITY|20240102030405||ADT^A08^ADT_A01|0|T|2.5.1\r\
    EVN|A08|20240102030405\r\
    PID|1||QUIRKS-0001^^^SUITE^MR||QUIRKS^SUITE^^^^^L||19700101|U\r\
    PV1|1|N\r";

/// A message whose header fields can be set.
#[derive(Clone)]
pub(crate) struct Message {
    separator: u8,
    /// `MSH`, MSH-2, MSH-3 and so on.
    header: Vec<Vec<u8>>,
    /// All segments but the header, each ended by a carriage return.
    rest: Vec<u8>,
}

impl Message {
    pub(crate) fn harmless() -> Self {
        Self::read(HARMLESS.as_bytes()).unwrap_or(Self {
            separator: b'|',
            header: Vec::new(),
            rest: Vec::new(),
        })
    }

    /// Takes over a message. Line feeds at the ends of its lines become carriage returns; marks of a frame around it go.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self> {
        let lines = bytes.split(|byte| matches!(byte, b'\r' | b'\n')).map(|line| {
            let marks = |byte: &&u8| matches!(byte, 0x0B | 0x1C);
            line.iter().skip_while(marks).take_while(|byte| !marks(byte)).copied().collect::<Vec<u8>>()
        });
        let mut lines = lines.filter(|line| !line.is_empty());
        let header = lines.next().filter(|line| line.starts_with(b"MSH")).ok_or(Error::Message)?;
        let separator = *header.get(3).ok_or(Error::Message)?;
        let header: Vec<Vec<u8>> = header.split(|byte| *byte == separator).map(<[u8]>::to_vec).collect();
        if header.len() < 10 {
            return Err(Error::Message);
        }
        let rest = lines.flat_map(|line| [line, b"\r".to_vec()].concat()).collect();
        Ok(Self { separator, header, rest })
    }

    /// Sets MSH-`field`, from 2 on.
    pub(crate) fn with(mut self, field: usize, value: impl AsRef<[u8]>) -> Self {
        let at = field.saturating_sub(1);
        if self.header.len() <= at {
            self.header.resize(at + 1, Vec::new());
        }
        if let Some(found) = self.header.get_mut(at) {
            *found = value.as_ref().to_vec();
        }
        self
    }

    /// Appends a segment, given without its carriage return.
    pub(crate) fn and_segment(mut self, segment: &[u8]) -> Self {
        self.rest.extend_from_slice(segment);
        self.rest.push(b'\r');
        self
    }

    /// With these segments instead, given without the last carriage return.
    pub(crate) fn with_rest(mut self, segments: &[u8]) -> Self {
        self.rest = [segments, b"\r"].concat();
        self
    }

    /// The field separator.
    pub(crate) fn separator(&self) -> u8 {
        self.separator
    }

    /// With this field separator. The values stay as they are.
    pub(crate) fn with_separator(mut self, separator: u8) -> Self {
        self.separator = separator;
        self
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        [&self.header.join(&self.separator)[..], b"\r", &self.rest].concat()
    }
}

/// MSA-1 (table 0008).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Code {
    AA,
    AE,
    AR,
    CA,
    CE,
    CR,
    Other,
}

impl Code {
    fn read(code: &[u8]) -> Self {
        let codes = [Self::AA, Self::AE, Self::AR, Self::CA, Self::CE, Self::CR];
        codes.into_iter().find(|known| known.as_str().as_bytes() == code).unwrap_or(Self::Other)
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::AA => "AA",
            Self::AE => "AE",
            Self::AR => "AR",
            Self::CA => "CA",
            Self::CE => "CE",
            Self::CR => "CR",
            Self::Other => "ZZ",
        }
    }

    /// For tables: a code that is none is not shown.
    pub(crate) fn shown(self) -> &'static str {
        if self == Self::Other { "an unknown code" } else { self.as_str() }
    }

    pub(crate) fn is_accept(self) -> bool {
        matches!(self, Self::AA | Self::CA)
    }
}

/// An acknowledgement.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Ack {
    pub(crate) code: Code,
    /// MSA-2, byte for byte.
    pub(crate) control_id: Vec<u8>,
    /// ERR-3.1, or ERR-1.4.1 of old versions, where it is a number of three digits.
    pub(crate) error: Option<u16>,
}

impl Ack {
    /// Reads a payload that has an MSH and an MSA segment, whatever ends its lines.
    pub(crate) fn read(payload: &[u8]) -> Option<Self> {
        let lines: Vec<&[u8]> = lines(payload).collect();
        let separator = *lines.iter().find(|line| line.starts_with(b"MSH"))?.get(3)?;
        let fields =
            |line: &[u8]| line.split(|byte| *byte == separator).map(<[u8]>::to_vec).collect::<Vec<_>>();
        let msa = lines
            .iter()
            .map(|line| fields(line))
            .find(|fields| fields.first().is_some_and(|it| it == b"MSA"))?;
        let error = lines
            .iter()
            .map(|line| fields(line))
            .find(|fields| fields.first().is_some_and(|it| it == b"ERR"));
        let component = |field: usize, n: usize| -> Option<u16> {
            let field = error.as_ref()?.get(field)?.clone();
            let text = field.split(|byte| !byte.is_ascii_alphanumeric()).nth(n)?;
            (text.len() == 3).then(|| std::str::from_utf8(text).ok()?.parse().ok())?
        };
        Some(Self {
            code: Code::read(msa.get(1).map(Vec::as_slice).unwrap_or_default()),
            control_id: msa.get(2).cloned().unwrap_or_default(),
            error: component(3, 0).or_else(|| component(1, 3)),
        })
    }
}

/// A field of the header of a payload: MSH-`field`, from 2 on.
pub(crate) fn header_field(payload: &[u8], field: usize) -> Option<Vec<u8>> {
    let header = lines(payload).find(|line| line.starts_with(b"MSH"))?;
    let separator = *header.get(3)?;
    header.split(|byte| *byte == separator).nth(field.checked_sub(1)?).map(<[u8]>::to_vec)
}

/// The acknowledgement that the suite gives for a message. `errors` are ERR segments without their carriage return.
pub(crate) fn acknowledge(
    message: &[u8],
    code: Code,
    control_id: &[u8],
    own_id: &str,
    errors: &[&str],
) -> Vec<u8> {
    let field = |n| header_field(message, n).unwrap_or_default();
    let separator = message.get(3).copied().unwrap_or(b'|');
    let version = field(12);
    let header: [&[u8]; 12] = [
        b"MSH",
        &field(2),
        &field(5),
        &field(6),
        &field(3),
        &field(4),
        b"20240102030405",
        b"",
        b"ACK",
        own_id.as_bytes(),
        &field(11),
        &version,
    ];
    let msa: [&[u8]; 3] = [b"MSA", code.as_str().as_bytes(), control_id];
    let mut bytes = [&header.join(&separator)[..], b"\r", &msa.join(&separator), b"\r"].concat();
    for error in errors {
        let bar = |byte| if byte == b'|' { separator } else { byte };
        bytes.extend(error.bytes().map(bar));
        bytes.push(b'\r');
    }
    bytes
}

fn lines(payload: &[u8]) -> impl Iterator<Item = &[u8]> {
    payload.split(|byte| matches!(byte, b'\r' | b'\n'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_takes_its_header_fields() {
        let message = Message::read(b"\x0bMSH|^~\\&|A|B|C|D|2024||ADT^A01|7|P|2.5\nPID|1\n\x1c\r").unwrap();
        let bytes = message.with(10, "Q1").with(15, "AL").bytes();
        assert_eq!(bytes, b"MSH|^~\\&|A|B|C|D|2024||ADT^A01|Q1|P|2.5|||AL\rPID|1\r");
        assert_eq!(header_field(&bytes, 10).unwrap(), b"Q1");
        assert!(Message::read(b"PID|1").is_err() && Message::read(b"MSH|^~\\&|A").is_err());
        assert!(Message::harmless().bytes().ends_with(b"PV1|1|N\r"));
    }

    #[test]
    fn an_acknowledgement_is_read_and_written() {
        let message = Message::harmless().with(10, "Q1").bytes();
        let ack = acknowledge(&message, Code::AE, b"Q1", "R1", &["ERR|||206^locked^HL70357|E"]);
        let read = Ack::read(&ack).unwrap();
        assert_eq!((read.code, read.control_id.as_slice(), read.error), (Code::AE, &b"Q1"[..], Some(206)));
        assert!(Ack::read(&message).is_none());
        let old = Ack::read(b"MSH|^~\\&\rMSA|XX\rERR|MSH^1^10^101&Required&HL70357\r").unwrap();
        assert_eq!((old.code, old.error), (Code::Other, Some(101)));
        assert!(Ack::read(b"MSH|^~\\&\r").is_none());
    }
}
