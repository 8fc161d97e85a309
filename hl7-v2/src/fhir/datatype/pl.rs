//! PL, a place in a house: facility, building, floor, point of care, room, bed; DLD, a place that is known by its kind.

use super::cwe::original_code;
use super::{ei, hd};
use crate::fhir::context::{Anchor, Context, Draft};
use crate::fhir::entries::Key;
use crate::fhir::node::Node;
use crate::fhir::report::Reason;
use crate::fhir::row::{Datatype, Via};
use crate::fhir::tree::{Object, Val};

/// `PL[Location]`: a Location for each level, each part of the next wider one; the reference is to the narrowest.
pub(crate) const PL_LOCATION: Via = Via::Type(&Datatype {
    name: "PL[Location]",
    fhir: "Reference(Location)",
    read: |n, c| Ok(place(n, None, c).map(|place| place.reference(c.arena))),
});

/// A level of the house: its part of the datatype, its number in PL, and its physical type.
struct Level {
    part: u16,
    number: &'static str,
    physical_type: Option<(&'static str, &'static str)>,
}

const fn level(part: u16, number: &'static str, code: &'static str, display: &'static str) -> Level {
    Level { part, number, physical_type: Some((code, display)) }
}

/// A point of care. The guide has a code of an extension for it that is not defined.
const fn point_of_care(part: u16) -> Level {
    Level { part, number: "1", physical_type: None }
}

/// From the whole to its parts.
static PL: [Level; 6] = [
    level(4, "4", "si", "Site"),
    level(7, "7", "bu", "Building"),
    level(8, "8", "lvl", "Level"),
    point_of_care(1),
    level(2, "2", "ro", "Room"),
    level(3, "3", "bd", "Bed"),
];

/// The same in an NDL.
static NDL: [Level; 6] = [
    level(7, "4", "si", "Site"),
    level(10, "7", "bu", "Building"),
    level(11, "8", "lvl", "Level"),
    point_of_care(4),
    level(5, "2", "ro", "Room"),
    level(6, "3", "bd", "Bed"),
];

const PHYSICAL_TYPE: &str = "http://terminology.hl7.org/CodeSystem/location-physical-type";

/// `PL[Location]`, with the address of the narrowest level where another field gives one.
pub(crate) fn place<'a>(
    pl: &Node<'a>,
    address: Option<Object<'a>>,
    c: &mut Context<'a>,
) -> Option<Anchor<'a>> {
    let mut narrowest = c.draft();
    narrowest.body.put("address", address);
    narrowest.body.put("description", pl.get(9));
    // PL.11 is the authority of PL.10 where that names none.
    let authority = pl.part(11).filter(|hd| hd::is_named(Some(*hd)));
    let whole = pl.part(10).and_then(|id| match (id.get(1), authority) {
        (Some(value), Some(authority)) if id.get(2).is_none() && id.get(3).is_none() => {
            let system = hd::system(Some(authority), c);
            let mut identifier = c.object().with("system", system).with("value", value);
            identifier.put("assigner", hd::assigner(hd::parts(Some(authority)), system, c));
            Some(identifier)
        }
        _ => ei::assigned(&id, "location", c),
    });
    if let Some(whole) = whole {
        narrowest.body.push(c.arena, "identifier", whole);
    }
    chain(pl, &PL, None, narrowest, c)
}

/// The place of an NDL, which has the same levels as a PL; NDL.8 is the status of them all.
pub(crate) fn place_of_ndl<'a>(ndl: &Node<'a>, c: &mut Context<'a>) -> Option<Anchor<'a>> {
    let narrowest = c.draft();
    let status = ndl.valued_part(8).and_then(|status| status_of(&status, c));
    chain(ndl, &NDL, status, narrowest, c)
}

/// The codes of table 0306 are the site's: one that R4 has is the status, any other stands beside it.
fn status_of<'a>(status: &Node<'a>, c: &mut Context<'a>) -> Option<(&'static str, Val<'a>)> {
    let code = status.text()?;
    if matches!(code, "active" | "suspended" | "inactive") {
        return Some(("status", Val::Text(code)));
    }
    c.report(status, Reason::UnknownCode("0306"));
    Some(("_status", original_code(status, "0306", c).into()))
}

/// A facility by its name alone.
pub(crate) fn site<'a>(hd: &Node<'a>, c: &mut Context<'a>) -> Option<Anchor<'a>> {
    let [site, ..] = &PL;
    let mut draft = c.draft();
    draft.body.put("name", hd.get(1));
    is_named(hd).then(|| add(site, hd, draft, None, c))
}

/// A Location for each level that is stated; the narrowest with what the draft says besides.
fn chain<'a>(
    node: &Node<'a>,
    levels: &'static [Level],
    status: Option<(&'static str, Val<'a>)>,
    narrowest: Draft<'a>,
    c: &mut Context<'a>,
) -> Option<Anchor<'a>> {
    let stated = |level: &'static Level| Some((level, node.part(level.part).filter(is_named)?));
    let mut stated = levels.iter().filter_map(stated).peekable();
    if stated.peek().is_none() {
        return described(node, narrowest, c);
    }
    let mut narrowest = Some(narrowest);
    let mut wider = None;
    while let Some((level, part)) = stated.next() {
        let own = if stated.peek().is_none() { narrowest.take() } else { None };
        let mut draft = own.unwrap_or_else(|| c.draft());
        if let Some((member, status)) = &status {
            draft.body.set(member, status.clone());
        }
        wider = Some(add(level, &part, draft, wider, c));
    }
    wider
}

/// A place of no level, by its number, else by the words that describe it.
fn described<'a>(node: &Node<'a>, mut draft: Draft<'a>, c: &mut Context<'a>) -> Option<Anchor<'a>> {
    let words = draft.body.str("description").unwrap_or_default();
    if words.is_empty() && !draft.body.has("identifier") {
        return None;
    }
    draft.body.set("mode", "instance");
    Some(c.add("Location", draft, Key::OwnOr(&[hd::system(None, c), "described", words]), node.at()))
}

fn is_named(hd: &Node<'_>) -> bool {
    hd::is_named(Some(*hd))
}

/// Adds the Location of a level: its names and physical type come first, then what is said of it besides. It is known
/// by its names within the wider one.
fn add<'a>(
    level: &Level,
    part: &Node<'a>,
    said: Draft<'a>,
    wider: Option<Anchor<'a>>,
    c: &mut Context<'a>,
) -> Anchor<'a> {
    let mut draft = c.draft();
    let names = hd::identifiers(part, c).into_iter().flatten().map(Val::Object);
    for identifier in names.chain(said.body.items("identifier").iter().cloned()) {
        draft.body.push(c.arena, "identifier", identifier);
    }
    for (member, value) in said.body.members().filter(|(member, _)| *member != "identifier") {
        draft.body.set(member, value.clone());
    }
    draft.body.set("mode", "instance");
    if let Some((code, display)) = level.physical_type {
        let coding = c.object().with("system", PHYSICAL_TYPE).with("code", code).with("display", display);
        draft.body.set("physicalType", c.object().with("coding", c.arena.only(coding)));
    }
    draft.body.put("partOf", wider.map(|wider| wider.reference(c.arena)));
    let path = wider.map_or_else(|| hd::system(None, c), |wider| wider.identity);
    let [name, id] = [1, 2].map(|piece| part.get(piece).unwrap_or_default());
    let own = c.arena.concat(&[name, "&", id]);
    c.add("Location", draft, Key::Derived(&[path, level.number, own]), part.at())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::testing::{made, with_field};

    #[test]
    fn a_bed_is_in_a_room_on_a_ward_in_a_facility() {
        let bodies = made("ICU^12^B^GEN&2.16.840.1&ISO", PL_LOCATION);
        assert_eq!(bodies.len(), 4);
        assert!(bodies[0].1.contains(r#""code":"si""#) && bodies[3].1.contains(r#""code":"bd""#));
        for pair in bodies.windows(2) {
            assert!(pair[1].1.contains(&format!(r#""partOf":{{"reference":"{}"}}"#, pair[0].0)));
        }
    }

    #[test]
    fn room_1_of_two_wards_is_two_rooms() {
        assert_eq!(made("A^1", PL_LOCATION).len(), 2);
        let room = |field: &str| with_field(field, |n, c| place(n, None, c).unwrap().url.to_owned());
        assert_ne!(room("A^1"), room("B^1"));
        assert_eq!(room("A^1"), room("A^1"));
    }

    #[test]
    fn a_place_of_no_level_is_known_by_its_number_or_its_description() {
        let described = made("^^^^^^^^Corner bed", PL_LOCATION);
        assert!(described[0].1.contains(r#""description":"Corner bed""#), "{described:?}");
        let numbered = made("^^^^^^^^Corner bed^77^LOC", PL_LOCATION);
        assert!(numbered[0].1.contains(r#""value":"77""#) && numbered.len() == 1, "{numbered:?}");
        assert!(made("^^^^A^N", PL_LOCATION).is_empty());
    }

    #[test]
    fn the_whole_id_is_of_the_narrowest_level() {
        let bodies = made("ICU^12^^^^^^^^77^LOC", PL_LOCATION);
        assert!(!bodies[0].1.contains(r#""value":"77""#), "{bodies:?}");
        assert!(
            bodies[1].1.contains(
                r#"{"system":"urn:carewire:authority:org:LOC","value":"77","assigner":{"display":"LOC"}}"#
            ),
            "{bodies:?}"
        );
    }
}
