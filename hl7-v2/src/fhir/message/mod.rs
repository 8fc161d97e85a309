//! Which segments of a message belong together, by its structure.

mod document;
mod group;
mod orders;
mod person;
mod schedule;

use super::context::Context;
use super::map::MapError;
use super::segment::msh;
use super::table::{is_event, is_message_type};
use crate::{Message, Segment};
use group::PatientGroup;

/// Maps the segments of a message by its type.
pub(crate) fn map(message: &Message<'_>, c: &mut Context<'_>) -> Result<(), MapError> {
    let code = message.message_code().unwrap_or_default();
    let groups = group::patients(message);
    match (code.as_ref(), c.event.as_str()) {
        ("ADT", event) if !is_about_two(event) => each(&groups, c, person::map)?,
        ("ORU", "R01" | "R30" | "R31" | "R32" | "R40") => each(&groups, c, orders::map)?,
        ("SIU", event) if event.starts_with('S') => schedule::map(&groups, c)?,
        ("VXU", "V04") => each(&groups, c, orders::map)?,
        ("MDM", event) if event.starts_with('T') => each(&groups, c, document::map)?,
        _ => return Err(unsupported(&code, &c.event)),
    }
    about_the_message(message, c);
    Ok(())
}

fn each(
    groups: &[PatientGroup<'_>],
    c: &mut Context<'_>,
    map: fn(&PatientGroup<'_>, &mut Context<'_>) -> Result<(), MapError>,
) -> Result<(), MapError> {
    groups.iter().try_for_each(|group| map(group, c))
}

/// Provenance and header, in Bundles that have them.
fn about_the_message(message: &Message<'_>, c: &mut Context<'_>) {
    let Some(header) = message.segment("MSH") else { return };
    if let Some(evn) = message.segment("EVN").filter(|_| c.options.wants_provenance()) {
        msh::map_provenance(&evn, &header, c);
    }
    if c.options.bundle == carewire_fhir_core::BundleType::Message {
        msh::map_header(&header, c);
    }
}

/// Merges, swaps and links: events about two patients, each with a meaning of its own.
fn is_about_two(event: &str) -> bool {
    matches!(
        event,
        "A17"
            | "A18"
            | "A24"
            | "A30"
            | "A34"
            | "A35"
            | "A36"
            | "A37"
            | "A39"
            | "A40"
            | "A41"
            | "A42"
            | "A43"
            | "A44"
            | "A45"
            | "A46"
            | "A47"
            | "A48"
            | "A49"
            | "A50"
            | "A51"
    )
}

/// The first segment of this name.
pub(crate) fn named<'m>(segments: &[Segment<'m>], name: &str) -> Option<Segment<'m>> {
    all(segments, name).next()
}

/// The segments of this name.
pub(crate) fn all<'m>(segments: &[Segment<'m>], name: &str) -> impl Iterator<Item = Segment<'m>> {
    segments.iter().filter(move |segment| is(segment, name)).copied()
}

/// Whether the segment is of this name.
pub(crate) fn is(segment: &Segment<'_>, name: &str) -> bool {
    segment.name().eq_ignore_ascii_case(name)
}

/// A code of the standard is no content; anything else that stands in its place may be.
fn unsupported(code: &str, event: &str) -> MapError {
    let shown = |text: &str, is_code: fn(&str) -> bool| if is_code(text) { text } else { "?" }.to_owned();
    MapError::UnsupportedType { code: shown(code, is_message_type), event: shown(event, is_event) }
}
