//! A segment to be added.

use super::EditError;
use super::line::stays;
use crate::Location;
use crate::SegmentId;
use crate::batch::is_envelope;
use crate::build::writer::Writer;
use crate::build::{BuildError, SegmentBuilder};
use crate::escape::Syntax;

/// A segment to be added to a message: its notation, as in `NTE|1||text`, with the delimiters of the message, or
/// what a builder makes.
#[derive(Clone, Debug)]
pub struct NewSegment(Source);

#[derive(Clone)]
enum Source {
    Notation(String),
    Built(SegmentBuilder),
}

impl NewSegment {
    /// Its name and its text.
    pub(super) fn write(&self, syntax: Syntax) -> Result<(SegmentId, String), EditError> {
        let text = match &self.0 {
            Source::Notation(text) => text.clone(),
            Source::Built(builder) => {
                let mut writer = Writer::new(syntax);
                writer.segment(builder)?;
                let bytes = writer.into_bytes();
                let text = syntax.decode(bytes.strip_suffix(b"\r").unwrap_or(&bytes));
                text.ok_or(EditError::Segment)?.into_owned()
            }
        };
        let id = named(&text, syntax).ok_or(EditError::Segment)?.upper_case();
        if is_envelope(id) {
            return Err(BuildError::Envelope { position: 1 }.into());
        }
        let location = Location::of_segment(id, 1);
        if id.is_header() {
            return Err(EditError::Header { location });
        }
        if syntax.encode(&text).is_none() {
            return Err(EditError::Charset { location });
        }
        Ok((id, text))
    }
}

/// The name that a line begins with; `None` when it is not the notation of one segment.
pub(super) fn named(text: &str, syntax: Syntax) -> Option<SegmentId> {
    let (name, rest) = text.as_bytes().split_at_checked(3)?;
    let separated = rest.first().is_none_or(|byte| *byte == syntax.delimiters.field);
    SegmentId::from_bytes(name).filter(|_| separated && stays(text, syntax, 0))
}

impl From<&str> for NewSegment {
    fn from(notation: &str) -> Self {
        Self(Source::Notation(notation.to_owned()))
    }
}

impl<B: Into<SegmentBuilder>> From<B> for NewSegment {
    fn from(builder: B) -> Self {
        Self(Source::Built(builder.into()))
    }
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Notation(text) => write!(f, "{} characters", text.len()),
            Self::Built(builder) => builder.fmt(f),
        }
    }
}
