//! How to read.

use crate::Charset;

/// How an input is read. The default is lenient: faults are reported, not refused.
///
/// ```
/// use carewire_hl7_v2::{Charset, Message, ParseOptions};
///
/// let latin = ParseOptions::default().with_default_charset(Charset::Iso8859_1);
/// let message = Message::parse(b"MSH|^~\\&|Caf\xE9\r", &latin)?;
/// assert_eq!(message.sending_application().as_deref(), Some("Café"));
/// # Ok::<(), carewire_hl7_v2::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ParseOptions {
    /// Refuse an input that gives rise to any diagnostic.
    pub strict: bool,
    /// The character set of the bytes, whatever MSH-18 says.
    pub charset_override: Option<Charset>,
    /// The character set when MSH-18 is absent, not known, or evidently wrong.
    pub default_charset: Charset,
    /// The most bytes of an input; a larger one is refused. By default 256 MiB, and never more than 1 GiB.
    pub max_bytes: usize,
    /// The most segments of a message; one with more is refused. By default 1,048,576. A segment needs 16 bytes of
    /// memory beside its text.
    pub max_segments: usize,
}

impl ParseOptions {
    /// Refuses an input that gives rise to any diagnostic.
    #[must_use]
    pub fn strict(mut self) -> Self {
        self.strict = true;
        self
    }

    /// Sets the character set of the bytes, whatever MSH-18 says.
    #[must_use]
    pub fn with_charset(mut self, charset: Charset) -> Self {
        self.charset_override = Some(charset);
        self
    }

    /// Sets the character set for messages whose MSH-18 is absent, not known, or evidently wrong.
    #[must_use]
    pub fn with_default_charset(mut self, charset: Charset) -> Self {
        self.default_charset = charset;
        self
    }

    /// Sets the most bytes of an input. More than 1 GiB means 1 GiB.
    #[must_use]
    pub fn with_max_bytes(mut self, limit: usize) -> Self {
        self.max_bytes = limit;
        self
    }

    /// Sets the most segments of a message.
    #[must_use]
    pub fn with_max_segments(mut self, limit: usize) -> Self {
        self.max_segments = limit;
        self
    }

    /// The most bytes that are read: positions in text, which can be three times as long, fit in 32 bits.
    pub(crate) fn byte_limit(&self) -> usize {
        self.max_bytes.min(1 << 30)
    }
}

impl Default for ParseOptions {
    /// Lenient, MSH-18 believed, and UTF-8 (which ASCII is part of) without it.
    fn default() -> Self {
        Self {
            strict: false,
            charset_override: None,
            default_charset: Charset::Utf8,
            max_bytes: 256 << 20,
            max_segments: 1 << 20,
        }
    }
}
