//! The header segment as bytes, before its character set is known.

use std::borrow::Cow;
use std::ops::Range;

use crate::{Charset, Location, ParseError, SegmentId, scan};

/// The line of an MSH (or FHS, BHS) segment, its separator known to be ASCII punctuation.
#[derive(Clone, Copy)]
pub(crate) struct RawHeader<'a> {
    line: &'a [u8],
    separator: u8,
    /// Whether it has no escape sequence that could change the character set.
    plain: bool,
}

/// The place of field `n` of the header.
pub(crate) fn place(n: usize) -> Location {
    Location::of_segment(SegmentId::MSH, 1).at_field(n)
}

impl<'a> RawHeader<'a> {
    /// Takes the first line of `bytes`, which begin at `offset` of the input.
    pub(crate) fn read(bytes: &'a [u8], offset: usize) -> Result<Self, ParseError> {
        let end = memchr::memchr2(b'\r', b'\n', bytes).unwrap_or(bytes.len());
        let line = bytes.get(..end).unwrap_or(bytes);
        let name = line.first_chunk().map(|name: &[u8; 3]| name.map(|byte| byte.to_ascii_uppercase()));
        match name.as_ref() {
            Some(b"MSH") => {}
            Some(b"FHS" | b"BHS") => return Err(ParseError::Batch),
            _ => return Err(ParseError::NoHeader { offset }),
        }
        match line.get(3) {
            Some(separator) if separator.is_ascii_punctuation() => {
                Ok(Self { line, separator: *separator, plain: memchr::memchr(0x1B, line).is_none() })
            }
            _ => Err(ParseError::FieldSeparator { offset: offset + 3 }),
        }
    }

    pub(crate) fn separator(&self) -> u8 {
        self.separator
    }

    /// The bytes of field `n` counted as in MSH; empty when it is not there.
    pub(crate) fn field(&self, n: usize) -> &'a [u8] {
        let (Some(skip), Some(fields)) = (n.checked_sub(2), self.line.get(4..)) else { return &[] };
        match self.plain {
            true => scan::nth_bytes(fields, self.separator, skip),
            false => split(fields, self.separator).nth(skip),
        }
        .unwrap_or_default()
    }

    /// Where a part of this line is in an input that the line begins at `offset` of; all of the line when `part` is
    /// not in it.
    pub(crate) fn span(&self, part: &[u8], offset: usize) -> Range<usize> {
        let start = part.as_ptr().addr().checked_sub(self.line.as_ptr().addr());
        let span = start.map(|start| start..start + part.len()).filter(|span| span.end <= self.line.len());
        let span = span.filter(|span| !span.is_empty()).unwrap_or(0..self.line.len());
        offset + span.start..offset + span.end
    }

    /// The same, in the character set that the header is in.
    pub(crate) fn field_in(&self, charset: Charset, n: usize) -> Cow<'a, [u8]> {
        match charset {
            Charset::Gb18030 | Charset::Big5 => self.recoded(charset, n).map(Cow::Owned),
            _ if charset.is_switched() => None,
            // Without sets that change, ESC is a character as any other.
            _ => n.checked_sub(2).map(|skip| Cow::Borrowed(self.plain_field(skip))),
        }
        .unwrap_or(Cow::Borrowed(self.field(n)))
    }

    fn plain_field(&self, skip: usize) -> &'a [u8] {
        let fields = self.line.get(4..).unwrap_or_default();
        fields.split(|byte| *byte == self.separator).nth(skip).unwrap_or_default()
    }

    /// MSH-18. It says how the fields before it are to be split, in which a character may hold the byte of the
    /// separator: so where it is not ASCII, the header is also tried in the sets that have such characters.
    pub(crate) fn charsets(&self) -> Cow<'a, [u8]> {
        let plain = Cow::Borrowed(self.field(18));
        if self.line.is_ascii() {
            return plain;
        }
        let named = |charset: &Charset| {
            let text = charset.decode(self.line)?;
            // The names are ASCII; nothing else is worth the slow way back into these sets.
            let field = text.split(char::from(self.separator)).nth(17).filter(|field| field.is_ascii())?;
            (Charset::parse(field) == Some(*charset)).then(|| Cow::Owned(field.as_bytes().to_vec()))
        };
        [Charset::Gb18030, Charset::Big5].iter().find_map(named).unwrap_or(plain)
    }

    fn recoded(&self, charset: Charset, n: usize) -> Option<Vec<u8>> {
        let text = charset.decode(self.line)?;
        let field = text.split(char::from(self.separator)).nth(n.checked_sub(1)?)?;
        charset.encode(field).map(Cow::into_owned)
    }
}

/// Splits bytes at a delimiter, except inside the two-byte sets that `ESC $` opens and `ESC (` closes.
pub(crate) fn split(bytes: &[u8], delimiter: u8) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(bytes);
    std::iter::from_fn(move || {
        let current = rest?;
        let Some(end) = find(current, delimiter) else {
            rest = None;
            return Some(current);
        };
        rest = current.get(end + 1..);
        current.get(..end)
    })
}

fn find(bytes: &[u8], delimiter: u8) -> Option<usize> {
    let mut from = 0;
    loop {
        let at = from + memchr::memchr2(delimiter, 0x1B, bytes.get(from..)?)?;
        if bytes.get(at) == Some(&delimiter) {
            return Some(at);
        }
        from = match bytes.get(at + 1) {
            Some(b'$') if bytes.get(at + 2) != Some(&b')') => {
                at + 2 + memchr::memmem::find(bytes.get(at + 2..)?, b"\x1B(")?
            }
            _ => at + 1,
        };
    }
}

/// The numbers of a version such as `2.3.1`.
pub(crate) fn version_numbers(version: &str) -> Option<[u16; 3]> {
    let mut numbers = version.trim().split('.').map(|number| number.parse().ok());
    let (major, minor) = (numbers.next()??, numbers.next()??);
    Some([major, minor, numbers.next().flatten().unwrap_or(0)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_fields_as_the_standard_does() {
        let header = RawHeader::read(b"MSH|^~\\&|APP||x\rPID|1", 0).unwrap();
        let fields: Vec<&[u8]> = (1..7).map(|n| header.field(n)).collect();
        assert_eq!(fields, [&b""[..], b"^~\\&", b"APP", b"", b"x", b""]);
    }

    #[test]
    fn a_separator_inside_a_two_byte_set_does_not_separate() {
        let parts: Vec<&[u8]> = split(b"a|\x1B$B;|ED\x1B(B|c", b'|').collect();
        assert_eq!(parts, [&b"a"[..], b"\x1B$B;|ED\x1B(B", b"c"]);
    }

    #[test]
    fn says_what_it_is_not() {
        let error = |bytes: &'static [u8]| RawHeader::read(bytes, 5).err();
        assert_eq!(error(b"PID|1"), Some(ParseError::NoHeader { offset: 5 }));
        assert_eq!(error(b"FHS|^~\\&"), Some(ParseError::Batch));
        assert_eq!(error(b"MSH"), Some(ParseError::FieldSeparator { offset: 8 }));
        assert_eq!(error(b"MSH\xC3\xA9^~\\&"), Some(ParseError::FieldSeparator { offset: 8 }));
    }
}
