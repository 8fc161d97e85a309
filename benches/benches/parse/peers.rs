//! The other parsers, each reading the same places. None of them takes bytes, so none of them checks a character set.

use std::hint::black_box;

use carewire_hl7_v2::Location;

/// Gives the sink what a parser reads at each place, or `""`; false when it cannot read the message.
type Read = fn(&str, &[Location], &mut dyn FnMut(&str)) -> bool;

/// Another parser.
pub(crate) struct Peer {
    /// Its name and what it does.
    pub(crate) name: &'static str,
    pub(crate) read: Read,
    pub(crate) gives: Gives,
}

/// What a parser gives for a value.
#[derive(Clone, Copy)]
pub(crate) enum Gives {
    /// As written, escape sequences and all.
    Raw,
    /// With escape sequences replaced.
    Text,
}

pub(crate) const HL7_PARSER: Peer =
    Peer { name: "hl7-parser 0.3: splits all, 10 raw", read: hl7_parser, gives: Gives::Raw };
pub(crate) const HL7_2: Peer =
    Peer { name: "hl7-2 0.2.7: splits all, 10 texts", read: hl7_2, gives: Gives::Text };
pub(crate) const MLLP: Peer = Peer { name: "mllp 0.3: splits fields, 10 raw", read: mllp, gives: Gives::Raw };
pub(crate) const RUST_HL7: Peer =
    Peer { name: "rust-hl7 0.5: splits all, 10 raw", read: rust_hl7, gives: Gives::Raw };

fn hl7_parser(text: &str, places: &[Location], sink: &mut dyn FnMut(&str)) -> bool {
    let Ok(message) = hl7_parser::Message::parse(text) else { return false };
    let value = |place: &Location| {
        let segment = message.segment_n(place.segment().as_str(), place.occurrence())?;
        let component = segment.field(place.field()?)?.repeat(1)?.component(place.component()?)?;
        Some(match place.subcomponent() {
            Some(n) => component.subcomponent(n)?.raw_value(),
            None => component.raw_value(),
        })
    };
    places.iter().for_each(|place| sink(value(place).unwrap_or_default()));
    true
}

fn hl7_2(text: &str, places: &[Location], sink: &mut dyn FnMut(&str)) -> bool {
    let Ok(message) = hl7_2::parse(text) else { return false };
    let value = |place: &Location| {
        let segment = message
            .segments()
            .filter(|segment| segment.name == place.segment().as_str())
            .nth(place.occurrence() - 1)?;
        let repetition = segment.fields.get(place.field()? - 1)?.repetitions.first()?;
        let component = repetition.components.get(place.component()? - 1)?;
        let part = component.subcomponents.get(place.subcomponent().unwrap_or(1) - 1)?;
        Some(part.value(message.separators()))
    };
    places.iter().for_each(|place| sink(value(place).as_deref().unwrap_or_default()));
    true
}

fn mllp(text: &str, places: &[Location], sink: &mut dyn FnMut(&str)) -> bool {
    let Ok(message) = mllp::Message::parse(text) else { return false };
    let value = |place: &Location| {
        let segment = message
            .segments()
            .iter()
            .filter(|segment| segment.name() == place.segment().as_str())
            .nth(place.occurrence() - 1)?;
        let field = segment.field(place.field()?)?;
        match place.subcomponent() {
            Some(n) => field.subcomponent(place.component()?, n),
            None => field.component(place.component()?),
        }
    };
    places.iter().for_each(|place| sink(value(place).unwrap_or_default()));
    true
}

/// Its numbers of the fields of MSH are one lower than the standard's, and its `query` gives `""` for any subcomponent,
/// so these are taken from the lists that it is made of.
fn rust_hl7(text: &str, places: &[Location], sink: &mut dyn FnMut(&str)) -> bool {
    let Ok(message) = rusthl7::message::Message::try_from(text) else { return false };
    let value = |place: &Location| {
        let segments = message.segments_by_name(place.segment().as_str()).ok()?;
        let segment = segments.get(place.occurrence() - 1)?;
        let field = place.field()? - usize::from(place.segment().as_str() == "MSH");
        let component = place.component()?;
        match place.subcomponent() {
            Some(n) => Some(segment.fields.get(field)?[(0, component - 1, n - 1)]),
            None => Some(segment.query(format!("F{field}.R1.C{component}").as_str())),
        }
    };
    places.iter().for_each(|place| sink(value(place).unwrap_or_default()));
    true
}

/// Splits all of a message, as its parser does.
pub(crate) fn hl7_2_parse(text: &str) -> usize {
    hl7_2::parse(text).map_or(0, |message| black_box(&message).segments().count())
}
