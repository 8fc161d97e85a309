//! Generated messages: where two parsers differ, the reason is known.

use carewire_hl7_v2::{Location, Message, ParseOptions, SegmentId};
use carewire_oracles::{Class, Peer, compare, compare_batch, generate};
use proptest::prelude::*;

/// `PROPTEST_CASES` asks for more or fewer.
fn config() -> ProptestConfig {
    let cases = ProptestConfig::default().cases.max(1_000);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

fn quiet() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    // The panics of a peer are counted, not shown.
    ONCE.call_once(|| {
        let shown = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            let theirs = panic.location().is_some_and(|at| at.file().contains("hl7-parser"));
            if !theirs {
                shown(panic);
            }
        }));
    });
}

/// Reasons that cannot arise in a message as the standard has it.
const NOT_WELL_FORMED: &[Class] = &[
    Class::RefusesWhatStandsBefore,
    Class::RefusesShortHeader,
    Class::RefusesDelimiters,
    Class::RefusesUnnamedSegment,
    Class::FieldSeparator,
    Class::Batch,
    Class::SkipsToHeader,
    Class::StopsAtSegmentId,
    Class::StopsAtBlankLine,
    Class::StopsAtSegmentWithoutFields,
    Class::KeepsBlankLine,
    Class::KeepsFrameCharacter,
    Class::NamesAnyLine,
    Class::SecondHeader,
    Class::OddDelimiters,
];

proptest! {
    #![proptest_config(config())]

    #[test]
    fn well_formed_messages_differ_in_little(text in generate::well_formed()) {
        quiet();
        for peer in Peer::ALL {
            for found in compare(&text, peer) {
                prop_assert!(found.class.is_some(), "{:?}: {:?} without a reason", peer, found.what);
                prop_assert!(!found.class.is_some_and(|class| NOT_WELL_FORMED.contains(&class)), "{peer:?}: {found:?}");
            }
        }
    }

    #[test]
    fn changed_messages_differ_for_known_reasons(text in generate::mutated()) {
        quiet();
        for peer in Peer::ALL {
            for found in compare(&text, peer) {
                prop_assert!(found.class.is_some(), "{:?}: {:?} without a reason in {:?}", peer, found.what, text);
            }
        }
        for found in compare_batch(&text) {
            prop_assert!(found.class.is_some(), "batch: {:?} without a reason in {:?}", found.what, text);
        }
    }

    #[test]
    fn a_path_leads_to_the_same_value(
        text in generate::well_formed(),
        name in prop::sample::select(vec!["MSH", "PID", "OBX", "ZP1"]),
        [occurrence, field, repetition, component, subcomponent] in proptest::array::uniform5(1_usize..5),
    ) {
        let ours = Message::parse(text.as_bytes(), &ParseOptions::default()).unwrap();
        let theirs = hl7_2::parse(&text).unwrap();
        let place = Location::of_segment(SegmentId::parse(name).unwrap(), occurrence).at_field(field + 2);
        let place = place.at_repetition(repetition).at_component(component).at_subcomponent(subcomponent);
        let mine = ours.at(&place).unwrap_or_default().into_owned();
        let other = theirs.get(&place.to_string()).unwrap().unwrap_or_default();
        // Sequences and nulls are compared above; the last value of a line loses its white space there.
        let plain = |text: &str| !text.contains(['\\', '"', '\u{FFFD}']) && text.trim() == text;
        if plain(&mine) && plain(&other) && !ours.segments().any(|segment| segment.raw().trim() != segment.raw()) {
            let raw = ours.segments_named(name).nth(occurrence - 1).map(|segment| segment.raw().contains('\\'));
            prop_assert!(mine == other || raw == Some(true), "{place}");
        }
    }
}
