//! Which segments of a message belong together, by its structure.

mod adt;

use super::context::Context;
use super::map::MapError;
use crate::{Message, Segment};

/// Maps the segments of a message by its type.
pub(crate) fn map(message: &Message<'_>, c: &mut Context<'_>) -> Result<(), MapError> {
    let code = message.message_code().unwrap_or_default();
    match code.as_ref() {
        "ADT" => adt::map(message, c),
        _ => Err(MapError::UnsupportedType { code: known_letters(&code), event: known_letters(&c.event) }),
    }
}

/// The segments of a message, by name in upper case.
pub(crate) fn named<'m>(segments: &[Segment<'m>], name: &str) -> Option<Segment<'m>> {
    segments.iter().find(|segment| is(segment, name)).copied()
}

/// Whether the segment is of this name.
pub(crate) fn is(segment: &Segment<'_>, name: &str) -> bool {
    segment.name().eq_ignore_ascii_case(name)
}

/// A message type is a code, not content; what does not look like one is not repeated.
fn known_letters(code: &str) -> String {
    let plain = code.len() <= 3 && code.bytes().all(|b| b.is_ascii_alphanumeric());
    if plain { code.to_owned() } else { "?".to_owned() }
}
