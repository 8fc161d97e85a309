//! The messages of a batch file (FHS, BHS … BTS, FTS), or of any file of messages one after another.

use std::fmt;

/// The messages of a file, in order, and what its trailers say about their number.
///
/// ```
/// use carewire_hl7_v2::batch::Batch;
///
/// let file = b"FHS|^~\\&|A\rBHS|^~\\&|A\rMSH|^~\\&|A\rPID|1\rMSH|^~\\&|B\rBTS|2\rFTS|1\r";
/// let batch = Batch::split(file);
/// assert_eq!(batch.messages(), [&b"MSH|^~\\&|A\rPID|1\r"[..], b"MSH|^~\\&|B\r"]);
/// assert_eq!(batch.declared_count(), Some(2));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Batch<'a> {
    messages: Vec<&'a [u8]>,
    declared: Option<usize>,
    stray_lines: usize,
}

impl<'a> Batch<'a> {
    /// Takes a file apart. A message reaches from its MSH to the next MSH or line of the envelope; it is not
    /// looked into.
    #[must_use]
    pub fn split(bytes: &'a [u8]) -> Self {
        let mut batch = Self { messages: Vec::new(), declared: None, stray_lines: 0 };
        let mut message = None;
        for (start, line) in lines(bytes) {
            let kind = Kind::of(line);
            if kind == Kind::Other {
                batch.stray_lines += usize::from(message.is_none() && !line.trim_ascii().is_empty());
                continue;
            }
            batch.messages.extend(message.take().and_then(|from| bytes.get(from..start)));
            match kind {
                Kind::Header => message = Some(start),
                Kind::BatchTrailer => batch.declare(line),
                Kind::Envelope | Kind::Other => {}
            }
        }
        batch.messages.extend(message.and_then(|from| bytes.get(from..)));
        batch
    }

    /// The bytes of each message.
    #[must_use]
    pub fn messages(&self) -> &[&'a [u8]] {
        &self.messages
    }

    /// The number of messages that the BTS segments give in BTS-1; `None` when none of them gives one.
    #[must_use]
    pub fn declared_count(&self) -> Option<usize> {
        self.declared
    }

    /// How many lines that are not blank stand outside any message and the envelope.
    #[must_use]
    pub fn stray_lines(&self) -> usize {
        self.stray_lines
    }

    fn declare(&mut self, trailer: &[u8]) {
        let count = trailer.get(4..).unwrap_or_default();
        let digits = count.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let count = count.get(..digits).and_then(|digits| std::str::from_utf8(digits).ok()?.parse().ok());
        if let Some(count) = count {
            self.declared = Some(self.declared.unwrap_or(0).saturating_add(count));
        }
    }
}

impl fmt::Debug for Batch<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batch")
            .field("messages", &self.messages.len())
            .field("declared", &self.declared)
            .field("stray_lines", &self.stray_lines)
            .finish()
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Header,
    BatchTrailer,
    Envelope,
    Other,
}

impl Kind {
    fn of(line: &[u8]) -> Self {
        let named = line.get(3).is_none_or(u8::is_ascii_punctuation);
        match line.get(..3).filter(|_| named) {
            Some(b"MSH") => Self::Header,
            Some(b"BTS") => Self::BatchTrailer,
            Some(b"FHS" | b"BHS" | b"FTS") => Self::Envelope,
            _ => Self::Other,
        }
    }
}

/// Each line with its place; a byte-order mark or a frame character before it is not part of it.
fn lines(bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut rest = Some(0);
    std::iter::from_fn(move || {
        let start = rest?;
        let line = bytes.get(start..)?;
        let end = memchr::memchr2(b'\r', b'\n', line);
        rest = end.map(|end| start + end + 1);
        let line = end.and_then(|end| line.get(..end)).unwrap_or(line);
        let begun = line.strip_prefix(b"\xEF\xBB\xBF").or_else(|| line.strip_prefix(b"\x0B")).unwrap_or(line);
        Some((start, begun))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_message_is_a_batch_of_one() {
        let bytes = b"\xEF\xBB\xBFMSH|^~\\&|A\r\nPID|1\r\n";
        assert_eq!(Batch::split(bytes).messages(), [&bytes[..]]);
    }

    #[test]
    fn counts_of_several_batches_add_up() {
        let file = b"BHS|^~\\&\nMSH|^~\\&|A\nBTS|1\nBHS|^~\\&\nMSH|^~\\&|B\nMSH|^~\\&|C\nBTS|2|x\n";
        let batch = Batch::split(file);
        assert_eq!((batch.messages().len(), batch.declared_count()), (3, Some(3)));
    }

    #[test]
    fn lines_outside_are_counted() {
        let batch = Batch::split(b"hello\r\rMSH|^~\\&|A\rmore\rBTS|x\rafter");
        assert_eq!((batch.messages().len(), batch.stray_lines(), batch.declared_count()), (1, 2, None));
        assert_eq!(Batch::split(b"").messages().len(), 0);
    }
}
