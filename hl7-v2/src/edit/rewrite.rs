//! All values of a message changed in one pass.

use std::fmt;

use super::line::{NULL, escaped};
use super::new_segment::named;
use super::{EditError, Editor};
use crate::escape::Syntax;
use crate::path::Parts;
use crate::{Leaf, Location, Message, Segment, SegmentId, lead_in};

/// What is to become of a value. `Debug` does not show the text.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rewrite {
    /// It stays, to the byte.
    Keep,
    /// It reads as this text. Two quotes are the text of two quotes, not the explicit null, unless the value is the null
    /// already.
    Text(String),
    /// It is the explicit null.
    Null,
    /// It is empty.
    Clear,
}

impl fmt::Debug for Rewrite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Keep => "Keep",
            Self::Text(_) => "Text(..)",
            Self::Null => "Null",
            Self::Clear => "Clear",
        })
    }
}

impl Editor<'_> {
    /// Asks about every value of the message, lines without a segment id included, and changes it. One pass,
    /// whatever the number of changes; separators stay. MSH-1 and MSH-2 are not asked about.
    ///
    /// ```
    /// use carewire_hl7_v2::edit::Rewrite;
    /// use carewire_hl7_v2::{Message, ParseOptions};
    ///
    /// let mut message = Message::parse(b"MSH|^~\\&|A\rPID|1||5^^^GEN~9||Doe^Jo\r", &ParseOptions::default())?;
    /// message.edit(|edit| {
    ///     edit.rewrite(|leaf| match (leaf.segment().name(), leaf.field()) {
    ///         ("PID", 3) => Rewrite::Text("X".to_owned()),
    ///         ("PID", 5) => Rewrite::Clear,
    ///         _ => Rewrite::Keep,
    ///     })
    /// })?;
    /// assert_eq!(message.to_bytes(), b"MSH|^~\\&|A\rPID|1||X^^^X~X||^\r");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// When a text cannot be written, a segment that is to be changed holds bytes that the character set does not
    /// have, or a line without a segment id would get one or cannot be written.
    pub fn rewrite(&mut self, mut rule: impl FnMut(&Leaf<'_>) -> Rewrite) -> Result<(), EditError> {
        self.apply()?;
        let message = self.message.get();
        let mut changed = Vec::new();
        for segment in message.segments() {
            let unnamed = |error| match segment.id() {
                Some(_) => error,
                None => EditError::UnnamedLine { index: segment.index() },
            };
            if let Some(text) = rewritten(message, segment, &mut rule).map_err(unnamed)? {
                changed.push((segment.index(), place_of(segment), text));
            }
        }
        for (slot, place, text) in changed {
            self.replace(slot, place, text);
        }
        Ok(())
    }
}

/// The new text of a segment; `None` when nothing is changed.
fn rewritten(
    message: &Message<'_>,
    segment: Segment<'_>,
    rule: &mut impl FnMut(&Leaf<'_>) -> Rewrite,
) -> Result<Option<String>, EditError> {
    let (raw, syntax) = (segment.raw(), message.syntax());
    let first = if segment.id().is_some_and(SegmentId::is_header) { 3 } else { 0 };
    let mut text = String::new();
    let mut written_to = 0;
    let mut is_changed = false;
    for part in Parts::new(raw, segment.id(), syntax).filter(|part| part.field >= first) {
        let leaf = Leaf::new(segment, part);
        let change = rule(&leaf);
        if change == Rewrite::Keep {
            continue;
        }
        let place = part.place(place_of(segment));
        let start = part.raw.as_ptr().addr() - raw.as_ptr().addr();
        text.push_str(raw.get(written_to..start).unwrap_or_default());
        push(&change, &leaf, syntax, place, &mut text)?;
        written_to = start + part.raw.len();
        is_changed = true;
    }
    if !is_changed {
        return Ok(None);
    }
    text.push_str(raw.get(written_to..).unwrap_or_default());
    check(message, segment, &text)?;
    Ok(Some(text))
}

fn push(
    change: &Rewrite,
    leaf: &Leaf<'_>,
    syntax: Syntax,
    place: Location,
    text: &mut String,
) -> Result<(), EditError> {
    match change {
        Rewrite::Text(wanted) if leaf.text() == *wanted => text.push_str(leaf.raw()),
        Rewrite::Text(wanted) => text.push_str(&escaped(wanted, syntax, place)?),
        Rewrite::Null => text.push_str(NULL),
        Rewrite::Keep | Rewrite::Clear => {}
    }
    Ok(())
}

/// Whether the new text of a segment can be written, and is still that segment.
fn check(message: &Message<'_>, segment: Segment<'_>, text: &str) -> Result<(), EditError> {
    let bytes = message.to_bytes().get(segment.span()).unwrap_or_default();
    let same = bytes == segment.raw().as_bytes();
    if !same && message.syntax().decode(bytes).is_none() {
        return Err(EditError::Undecodable { location: place_of(segment) });
    }
    let is_blank = text.bytes().all(lead_in::is_filler);
    let is_other =
        named(text, message.syntax()).is_some() || lead_in::begins_message(text.as_bytes()) || is_blank;
    if segment.id().is_none() && is_other {
        return Err(EditError::UnnamedLine { index: segment.index() });
    }
    Ok(())
}

/// The place of a segment. A line without a segment id has none, and its errors name its index instead.
fn place_of(segment: Segment<'_>) -> Location {
    segment.location().unwrap_or_else(|| Location::of_segment(SegmentId::MSH, 1))
}
