//! Newline-delimited JSON, as it arrives.

use carewire_fhir_core::{ParseError, Resource, ResourceError, Value};

use crate::{Error, LineError};

/// How much of a file is held in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LineLimits {
    /// The bytes of one line.
    pub max_line: usize,
    /// How deep the JSON of one line may nest.
    pub max_depth: usize,
}

impl Default for LineLimits {
    fn default() -> Self {
        Self { max_line: 16 << 20, max_depth: 100 }
    }
}

impl LineLimits {
    /// The same limits with another length of lines.
    #[must_use]
    pub fn with_max_line(self, max_line: usize) -> Self {
        Self { max_line, ..self }
    }
}

/// A resource and where it was.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Line {
    /// The line, from 1. Blank lines count.
    pub number: u64,
    /// Where the line begins in the file, in bytes.
    pub offset: u64,
    /// The resource.
    pub resource: Resource,
}

/// Turns chunks of a file into resources. Does no I/O.
///
/// Blank lines are skipped. The last line needs no newline, but what is cut off in mid-line is an error: no byte that
/// arrived is passed over in silence.
///
/// ```
/// use carewire_bulk_data::NdjsonReader;
/// let mut reader = NdjsonReader::default();
/// reader.feed(b"{\"resourceType\":\"Patient\",\"id\":\"1\"}\n{\"resource");
/// assert_eq!(reader.poll().ok_or("a line")??.resource.id(), Some("1"));
/// assert!(reader.poll().is_none());
/// reader.feed(b"Type\":\"Patient\"}");
/// reader.finish();
/// assert_eq!(reader.poll().ok_or("a line")??.number, 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Default)]
pub struct NdjsonReader {
    limits: LineLimits,
    buffer: Vec<u8>,
    /// Where the line at hand begins in `buffer`.
    start: usize,
    /// Up to where `buffer` is known to hold no newline.
    scanned: usize,
    finished: bool,
    /// The line at hand was refused for its length and is thrown away as it arrives.
    skipping: bool,
    line: u64,
    offset: u64,
    resources: u64,
}

impl NdjsonReader {
    /// A reader with limits of one's own.
    #[must_use]
    pub fn new(limits: LineLimits) -> Self {
        Self { limits, ..Self::default() }
    }

    /// Takes the next bytes of the file. Call [`NdjsonReader::poll`] until it gives `None` before the next chunk:
    /// then no more than a line and a chunk is ever held.
    pub fn feed(&mut self, chunk: &[u8]) {
        self.buffer.drain(..self.start);
        self.scanned -= self.start;
        self.start = 0;
        self.buffer.extend_from_slice(chunk);
    }

    /// Says that the file has ended.
    pub fn finish(&mut self) {
        self.finished = true;
    }

    /// The next resource, or what is wrong with the next line; `None` when more bytes are needed or none are left.
    #[must_use]
    pub fn poll(&mut self) -> Option<Result<Line, Error>> {
        loop {
            let rest = self.buffer.get(self.scanned..).unwrap_or_default();
            let Some(newline) = memchr::memchr(b'\n', rest) else { return self.without_newline() };
            let end = self.scanned + newline;
            let result = self.take(end, end + 1);
            if result.is_some() {
                return result;
            }
        }
    }

    /// How many resources were read.
    #[must_use]
    pub fn resources(&self) -> u64 {
        self.resources
    }

    fn without_newline(&mut self) -> Option<Result<Line, Error>> {
        let end = self.buffer.len();
        if self.finished && self.start < end {
            return self.take(end, end);
        }
        self.scanned = end;
        let too_long = end - self.start > self.limits.max_line;
        let error = (too_long && !self.skipping).then(|| Err(self.error(self.line + 1, LineError::TooLong)));
        if too_long || self.skipping {
            self.skipping = true;
            self.offset += (end - self.start) as u64;
            self.start = end;
        }
        error
    }

    /// Reads the line that ends before `end`; the next one begins at `next`.
    fn take(&mut self, end: usize, next: usize) -> Option<Result<Line, Error>> {
        let (number, offset) = (self.line + 1, self.offset);
        let bytes = self.buffer.get(self.start..end).unwrap_or_default();
        let read = match bytes {
            _ if std::mem::take(&mut self.skipping) => None,
            bytes if bytes.len() > self.limits.max_line => Some(Err(LineError::TooLong)),
            bytes if bytes.iter().all(u8::is_ascii_whitespace) => None,
            bytes => Some(self.resource(bytes).map_err(LineError::from)),
        };
        self.line = number;
        self.offset += (next - self.start) as u64;
        (self.start, self.scanned) = (next, next);
        self.resources += u64::from(matches!(read, Some(Ok(_))));
        read.map(|read| match read {
            Ok(resource) => Ok(Line { number, offset, resource }),
            Err(source) => Err(Error::Line { line: number, offset, source }),
        })
    }

    fn resource(&self, bytes: &[u8]) -> Result<Resource, ResourceError> {
        let limits = carewire_fhir_core::Limits::default().with_max_depth(self.limits.max_depth);
        let value: Result<Value, ParseError> =
            Value::parse_with(bytes, &limits.with_max_bytes(self.limits.max_line));
        Resource::from_value(value?)
    }

    fn error(&self, line: u64, source: LineError) -> Error {
        Error::Line { line, offset: self.offset, source }
    }
}

impl std::fmt::Debug for NdjsonReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NdjsonReader")
            .field("line", &self.line)
            .field("offset", &self.offset)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `line@offset`, with `!` where the line is bad.
    fn read(file: &[u8], chunk: usize, limits: LineLimits) -> Vec<String> {
        let mut reader = NdjsonReader::new(limits);
        let mut seen = Vec::new();
        let mut drain = |reader: &mut NdjsonReader| {
            while let Some(line) = reader.poll() {
                seen.push(match line {
                    Ok(line) => format!("{}@{}", line.number, line.offset),
                    Err(Error::Line { line, offset, .. }) => format!("{line}@{offset}!"),
                    Err(other) => panic!("{other}"),
                });
            }
        };
        for chunk in file.chunks(chunk) {
            reader.feed(chunk);
            drain(&mut reader);
        }
        reader.finish();
        drain(&mut reader);
        seen
    }

    #[test]
    fn lines_are_found_however_the_chunks_fall() {
        let file = b"{\"resourceType\":\"A\"}\n\n \r\n{\"resourceType\":\"B\"}\r\n{\"x\":1}\n{\"resourceType\":\"C\"}";
        for chunk in 1..file.len() + 1 {
            assert_eq!(
                read(file, chunk, LineLimits::default()),
                ["1@0", "4@25", "5@47!", "6@55"],
                "chunks of {chunk}"
            );
        }
    }

    #[test]
    fn a_file_that_is_cut_off_is_an_error() {
        for cut in
            [b"{\"resourceType\":\"A\"}\n{".as_slice(), b"{\"resourceType\":\"A\"}\n{\"resourceType\":\"A\""]
        {
            assert_eq!(read(cut, 5, LineLimits::default()), ["1@0", "2@21!"]);
        }
        assert!(read(b"", 5, LineLimits::default()).is_empty());
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_in_any_chunks_are_read_the_same(file in "[{}\"a \n\r]{0,60}", chunk in 1_usize..20, max in 1_usize..12) {
            let limits = LineLimits::default().with_max_line(max);
            proptest::prop_assert_eq!(read(file.as_bytes(), chunk, limits), read(file.as_bytes(), 100, limits));
        }
    }

    #[test]
    fn a_line_that_is_too_long_is_thrown_away_and_the_next_is_read() {
        let file = format!("{{\"resourceType\":\"{}\"}}\n{{\"resourceType\":\"B\"}}\n", "A".repeat(500));
        for chunk in [1, 7, 100, 1000] {
            let limits = LineLimits::default().with_max_line(30);
            assert_eq!(read(file.as_bytes(), chunk, limits), ["1@0!", "2@520"], "chunks of {chunk}");
        }
    }

    #[test]
    fn a_long_line_is_not_held() {
        let mut reader = NdjsonReader::new(LineLimits::default().with_max_line(1000));
        for _ in 0..1000 {
            reader.feed(&[b'x'; 1000]);
            while reader.poll().is_some() {}
        }
        assert!(reader.buffer.capacity() < 10_000);
    }

    #[test]
    fn errors_hold_no_data() {
        let mut reader = NdjsonReader::default();
        reader.feed(b"{\"resourceType\":\"Patient\",\"x\":Secret}\n");
        let error = reader.poll().unwrap().unwrap_err();
        assert!(!format!("{error}{error:?}{reader:?}").contains("Secret"));
        assert!(
            error
                .to_string()
                .starts_with("line 1 at byte 0: not json: unexpected character at line 1, column 31")
        );
    }
}
