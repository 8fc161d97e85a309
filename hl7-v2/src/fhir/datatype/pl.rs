//! PL, a place in a house: facility, building, floor, point of care, room, bed.

use carewire_fhir_core::resources::{Location, LocationMode};
use carewire_fhir_core::types::{Address, CodeableConcept, Coding, Identifier, Reference};

use super::{cwe, ei, hd};
use crate::fhir::context::{Anchor, Context, Draft, Key};
use crate::fhir::node::Node;
use crate::fhir::row::Found;

/// A level of the house: its part of the PL, and its physical type.
struct Level {
    part: u16,
    physical_type: Option<(&'static str, &'static str)>,
}

/// From the whole to its parts.
const LEVELS: [Level; 6] = [
    Level { part: 4, physical_type: Some(("si", "Site")) },
    Level { part: 7, physical_type: Some(("bu", "Building")) },
    Level { part: 8, physical_type: Some(("lvl", "Level")) },
    Level { part: 1, physical_type: None },
    Level { part: 2, physical_type: Some(("ro", "Room")) },
    Level { part: 3, physical_type: Some(("bd", "Bed")) },
];

/// `PL[Location]`: a Location for each level, each part of the next wider one; the reference is to the narrowest.
pub(crate) fn pl(node: &Node<'_>, c: &mut Context<'_>) -> Found<Reference> {
    Ok(place(node, None, c)?.map(|anchor| anchor.reference()))
}

/// `PL[Location]`, with the address of the narrowest level where another field gives one.
pub(crate) fn place(pl: &Node<'_>, mut address: Option<Address>, c: &mut Context<'_>) -> Found<Anchor> {
    let stated: Vec<(&Level, Node<'_>)> = LEVELS
        .iter()
        .filter_map(|level| Some((level, pl.part(level.part)?)))
        .filter(|(_, part)| part.get(1).is_some() || part.get(2).is_some())
        .collect();
    let whole_id = pl.part(10).map_or(Ok(None), |id| ei::ei(&id, "location", c))?;
    let mut wider: Option<Anchor> = None;
    for (number, (level, part)) in stated.iter().enumerate() {
        let narrowest = number + 1 == stated.len();
        let body = Location {
            description: pl.get(9).filter(|_| narrowest),
            address: if narrowest { address.take() } else { None },
            ..level_body(level, part, whole_id.clone().filter(|_| narrowest), wider.as_ref())
        };
        let path = wider.as_ref().map(|wider| wider.identity.clone()).unwrap_or_else(|| hd::system(None, c));
        let own = [1, 2].map(|piece| part.get(piece).unwrap_or_default());
        let key = Key::Derived(vec![path, level.part.to_string(), own.join("&")]);
        wider = Some(c.add(Draft::new(body), Location::into_resource, key, part.at()));
    }
    Ok(wider)
}

/// `DLD[Location-Discharge]`: a place that is known by its kind alone.
pub(crate) fn destination(dld: &Node<'_>, c: &mut Context<'_>) -> Found<Reference> {
    let kind = match dld.part(1) {
        Some(code) => cwe::cwe_in(&code, "0113", c)?,
        None => None,
    };
    let Some(kind) = kind else { return Ok(None) };
    let key = Key::Derived(vec![hd::system(None, c), "destination".into(), dld.get(1).unwrap_or_default()]);
    let body = Location { r#type: vec![kind], ..Location::default() };
    Ok(Some(c.add(Draft::new(body), Location::into_resource, key, dld.at()).reference()))
}

fn level_body(level: &Level, part: &Node<'_>, whole: Option<Identifier>, wider: Option<&Anchor>) -> Location {
    let url = "http://terminology.hl7.org/CodeSystem/location-physical-type";
    Location {
        identifier: hd::identifiers(part).into_iter().chain(whole).collect(),
        mode: Some(LocationMode::Instance),
        physical_type: level.physical_type.map(|(code, display)| {
            CodeableConcept::from(Coding { display: Some(display.into()), ..Coding::new(url, code) })
        }),
        part_of: wider.map(Anchor::reference),
        ..Location::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::testing::with_field;

    #[test]
    fn a_bed_is_in_a_room_on_a_ward_in_a_facility() {
        let bodies = with_field("ICU^12^B^GEN&2.16.840.1&ISO", |n, c| {
            pl(n, c).unwrap();
            c.entries
                .iter()
                .map(|entry| (entry.full_url.clone(), entry.resource.to_json()))
                .collect::<Vec<_>>()
        });
        assert_eq!(bodies.len(), 4);
        assert!(bodies[0].1.contains(r#""code":"si""#) && bodies[3].1.contains(r#""code":"bd""#));
        for pair in bodies.windows(2) {
            assert!(pair[1].1.contains(&format!(r#""partOf":{{"reference":"{}"}}"#, pair[0].0)));
        }
    }

    #[test]
    fn room_1_of_two_wards_is_two_rooms() {
        let count = with_field("A^1", |n, c| {
            pl(n, c).unwrap();
            c.entries.len()
        });
        assert_eq!(count, 2);
        let room = |field: &str| with_field(field, |n, c| pl(n, c).unwrap().unwrap().reference);
        assert_ne!(room("A^1"), room("B^1"));
        assert_eq!(room("A^1"), room("A^1"));
    }

    #[test]
    fn nothing_in_nothing_out() {
        assert!(with_field("^^^^^^^^Corner bed", |n, c| pl(n, c).unwrap().is_none()));
    }
}
