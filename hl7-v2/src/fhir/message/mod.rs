//! Which segments of a message belong together, by its structure.

mod document;
mod group;
mod merge;
mod orders;
mod person;
mod schedule;

use super::context::Context;
use super::node::Seg;
use super::segment::{evn, msh, provenance};
use crate::fhir::MapError;
use crate::fhir::code::message::{is_event, is_message_type};
use group::PatientGroup;
use orders::Kind;

/// Maps the segments of a message by its type.
pub(crate) fn map<'a>(segments: &[Seg<'a>], c: &mut Context<'a>) -> Result<(), MapError> {
    let header = segments.first().filter(|seg| seg.is("MSH"));
    let code = header.and_then(|msh| msh.component(9, 1)).unwrap_or_default();
    let groups = group::patients(segments, code == "OML", c.arena);
    by_type(code, &groups, c)?;
    if let Some(header) = header {
        about_the_message(header, segments, c);
    }
    Ok(())
}

fn by_type<'a>(code: &str, groups: &[PatientGroup<'a>], c: &mut Context<'a>) -> Result<(), MapError> {
    let event = c.event;
    let mut each = |map: fn(&PatientGroup<'a>, &mut Context<'a>) -> Result<(), MapError>| {
        groups.iter().try_for_each(|group| map(group, c))
    };
    match (code, event) {
        ("ADT", event) if is_about_a_part(event) => Err(unsupported(code, event)),
        ("ADT", event) => match merge::relation(event) {
            Some(relation) => merge::map(groups, relation, c),
            None => each(person::event),
        },
        ("ORU", "R01" | "R30" | "R31" | "R32" | "R40") => {
            each(|group, c| orders::map(group, Kind::Results, c))
        }
        ("ORM", "O01") | ("OML", "O21") => each(|group, c| orders::map(group, Kind::Requests, c)),
        ("VXU", "V04") => each(|group, c| orders::map(group, Kind::Results, c)),
        ("SIU", event) if event.starts_with('S') => schedule::map(groups, c),
        ("MDM", event) if event.starts_with('T') => each(document::map),
        (code, event) => Err(unsupported(code, event)),
    }
}

/// Merges, moves and changes of accounts and visits: each has a meaning of its own that no map knows yet.
fn is_about_a_part(event: &str) -> bool {
    matches!(event, "A35" | "A41" | "A42" | "A43" | "A44" | "A45" | "A49" | "A50" | "A51")
}

/// The raw message, provenance and header, in Bundles that have them.
fn about_the_message<'a>(header: &Seg<'a>, segments: &[Seg<'a>], c: &mut Context<'a>) {
    let named = |name: &'static str| segments.iter().find(move |seg| seg.is(name));
    let software: Vec<Seg<'a>> = segments.iter().filter(|seg| seg.is("SFT")).copied().collect();
    let evn = named("EVN").filter(|_| c.options.wants_provenance());
    let event = evn.and_then(|evn| evn::provenance(evn, c));
    let source = provenance::of_message(header, &software, c);
    if c.options.bundle == carewire_fhir_core::BundleType::Message {
        let message = msh::header(header, named("MSA"), &software, c);
        // The header is of the message as a whole: it came by that event, and from that source.
        [event, source].into_iter().flatten().for_each(|told| c.refer(told, "target", message));
    }
}

/// A code of the standard is no content; anything else that stands in its place may be.
fn unsupported(code: &str, event: &str) -> MapError {
    let shown = |text: &str, is_code: fn(&str) -> bool| if is_code(text) { text } else { "?" }.to_owned();
    MapError::UnsupportedType { code: shown(code, is_message_type), event: shown(event, is_event) }
}

#[cfg(test)]
mod tests {
    use carewire_fhir_core::BundleType;

    use crate::fhir::testing::{mapped_with, of_type, options};

    #[test]
    fn the_event_and_the_source_of_a_message_are_those_of_its_header() {
        let header = |kind: BundleType| {
            let got = mapped_with("ADT^A01", &["EVN|A01|20240305"], &options().with_bundle(kind));
            let json = got.bundle.to_json();
            let url = json.split(r#"{"fullUrl":""#).nth(1).unwrap().split('"').next().unwrap().to_owned();
            (url, of_type(&got, "Provenance"))
        };
        let (url, provenances) = header(BundleType::Message);
        assert_eq!(provenances.len(), 2);
        for provenance in provenances {
            let targets = provenance.split(r#""target":["#).nth(1).unwrap().split(']').next().unwrap();
            assert!(targets.contains(&url), "{targets}");
        }
        assert_eq!(header(BundleType::Collection).1.len(), 2, "there is no header");
    }
}
