//! A whole message.

use std::fmt;

use super::writer::Writer;
use super::{BuildError, SegmentBuilder, Value};
use crate::escape::Syntax;
use crate::header::version_numbers;
use crate::{Charset, Delimiters, iso2022};

/// A message to write: its header, then its segments in order.
///
/// Without [`MessageBuilder::charset`] the message is ASCII, as the standard has it for an empty MSH-18. Nothing else
/// is filled in: MSH-7, MSH-10, MSH-11 and MSH-12, which the standard requires, stay empty unless the header has them.
#[derive(Clone)]
pub struct MessageBuilder {
    delimiters: Delimiters,
    charset: Charset,
    declared: bool,
    segments: Vec<SegmentBuilder>,
}

/// MSH-12: the version.
const VERSION_FIELD: usize = 12;
/// MSH-18: the character set.
const CHARSET_FIELD: usize = 18;
/// MSH-20: how character sets change within the message, in the standard since the version below.
const SCHEME_FIELD: usize = 20;
const SCHEME_SINCE: [u16; 3] = [2, 3, 1];
/// The value of table 0356 for escape sequences of ISO 2022.
const ISO_2022: &str = "ISO 2022-1994";

impl MessageBuilder {
    /// A message with this MSH. MSH-1 and MSH-2 are written from the delimiters and are not set here.
    #[must_use]
    pub fn new(header: impl Into<SegmentBuilder>) -> Self {
        Self {
            delimiters: Delimiters::default(),
            charset: Charset::Ascii,
            declared: false,
            segments: vec![header.into()],
        }
    }

    /// Sets the delimiters, the truncation character of 2.7 and later included.
    #[must_use]
    pub fn delimiters(mut self, delimiters: Delimiters) -> Self {
        self.delimiters = delimiters;
        self
    }

    /// Writes in this character set and says so in MSH-18 by its value of table 0211, unless the header has an
    /// MSH-18 already.
    ///
    /// For [`Charset::Iso2022`] and [`Charset::Iso2022Jp`] the set that the message begins with is the first repetition
    /// (empty for Japanese, which begins in ASCII), the sets that the message changes to are the others, and MSH-20 is
    /// `ISO 2022-1994` in versions that have it (2.3.1 and later, or none in MSH-12) unless the header has its own.
    #[must_use]
    pub fn charset(mut self, charset: Charset) -> Self {
        (self.charset, self.declared) = (charset, true);
        self
    }

    /// Writes in this character set without saying so, for a receiver that expects it by agreement.
    #[must_use]
    pub fn undeclared_charset(mut self, charset: Charset) -> Self {
        (self.charset, self.declared) = (charset, false);
        self
    }

    /// Adds a segment.
    #[must_use]
    pub fn segment(mut self, segment: impl Into<SegmentBuilder>) -> Self {
        self.segments.push(segment.into());
        self
    }

    /// Adds segments.
    #[must_use]
    pub fn segments(mut self, segments: impl IntoIterator<Item = impl Into<SegmentBuilder>>) -> Self {
        self.segments.extend(segments.into_iter().map(Into::into));
        self
    }

    /// The message, each segment ended by CR.
    ///
    /// # Errors
    /// At the first value that cannot be written in these delimiters and this character set, with its place.
    pub fn build(mut self) -> Result<Vec<u8>, BuildError> {
        self.declare_charset()?;
        self.write()
    }

    fn write(&self) -> Result<Vec<u8>, BuildError> {
        let syntax = Syntax { delimiters: self.delimiters, charset: self.charset };
        let mut writer = Writer::new(syntax);
        for (index, segment) in self.segments.iter().enumerate() {
            match (index, segment.name() == "MSH") {
                (0, false) => return Err(BuildError::NoHeader),
                (1.., true) => return Err(BuildError::RepeatedHeader { position: index + 1 }),
                _ => writer.segment(segment)?,
            }
        }
        Ok(writer.into_bytes())
    }

    fn declare_charset(&mut self) -> Result<(), BuildError> {
        let Some(header) = self.segments.first() else { return Ok(()) };
        if !self.declared || header.is_given(CHARSET_FIELD) {
            return Ok(());
        }
        let switched = self.charset.is_switched();
        // Which sets there are shows when the rest is written; their names are ASCII and change nothing.
        let labels = if switched { self.switched_labels(&self.write()?) } else { vec![self.charset.label()] };
        let version = header.leading_text(VERSION_FIELD).and_then(version_numbers);
        let has_scheme = version.is_none_or(|version| version >= SCHEME_SINCE);
        let name_scheme = switched && has_scheme && !header.is_given(SCHEME_FIELD);
        let Some(header) = self.segments.first_mut() else { return Ok(()) };
        header.clear(CHARSET_FIELD);
        labels.into_iter().for_each(|label| header.push(CHARSET_FIELD, Value::text(label)));
        if name_scheme {
            header.put(SCHEME_FIELD, Value::text(ISO_2022));
        }
        Ok(())
    }

    /// The names of the sets of a message whose set changes, the first one first.
    fn switched_labels(&self, message: &[u8]) -> Vec<&'static str> {
        let mut labels = match self.charset {
            Charset::Iso2022Jp => vec!["", self.charset.label()],
            _ => vec![self.charset.label()],
        };
        for label in iso2022::labels_of(message) {
            if !labels.contains(&label) {
                labels.push(label);
            }
        }
        labels
    }
}

impl fmt::Debug for MessageBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MessageBuilder")
            .field("delimiters", &self.delimiters)
            .field("charset", &self.charset)
            .field("segments", &self.segments)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
