//! The traffic is well formed, consistent, and the same each time.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::synthetic::{admission, document, results};
use crate::{Message, ParseOptions};

fn traffic(options: TrafficOptions, count: usize) -> Vec<SyntheticMessage> {
    Traffic::new(options).take(count).map(|message| message.unwrap()).collect()
}

fn one_sender(profile: SenderProfile) -> TrafficOptions {
    TrafficOptions { patients: 40, senders: vec![profile], ..TrafficOptions::default() }
}

fn text(message: &Message<'_>, path: &str) -> String {
    message.get(path).unwrap().unwrap_or_default().into_owned()
}

#[test]
fn every_message_is_read_strictly_and_says_what_it_is() {
    for profile in SenderProfile::all() {
        let mut options = ParseOptions { strict: profile.is_strict(), ..ParseOptions::default() };
        if !profile.charset_declared {
            options = options.with_default_charset(profile.charset);
        }
        for message in traffic(one_sender(profile.clone()), 400) {
            let parsed = Message::parse(&message.bytes, &options);
            let parsed = parsed.unwrap_or_else(|error| panic!("{}: {error}", profile.facility));
            assert_eq!(text(&parsed, "MSH-10"), message.control_id);
            assert_eq!(text(&parsed, "MSH-12"), profile.version);
            assert_eq!(parsed.to_bytes(), message.bytes);
            assert!(parsed.segment("PID").is_some() && !text(&parsed, "PID-5.1").is_empty());
            assert_ne!(profile.is_strict(), !parsed.diagnostics().is_empty());
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_does_not() {
    let of = |seed| traffic(TrafficOptions { seed, ..TrafficOptions::default() }, 500);
    assert_eq!(of(5), of(5));
    assert_ne!(of(5), of(6));
}

/// Pinned, so that another machine or a change of the generator shows.
#[test]
fn the_bytes_are_those_of_every_machine() {
    let all = traffic(TrafficOptions::default(), 1_000).into_iter().flat_map(|message| message.bytes);
    let hash = all.fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
    });
    assert_eq!(hash, PINNED);
}

const PINNED: u64 = 9_613_651_067_933_179_751;

#[test]
fn every_event_comes_up() {
    let events: BTreeSet<Event> =
        traffic(TrafficOptions::default(), 8_000).iter().map(|message| message.event).collect();
    assert_eq!(events.len(), 22, "{events:?}");
}

#[test]
fn messages_are_in_the_order_of_their_times() {
    let profile = SenderProfile { zone: None, ..SenderProfile::northside() };
    let mut last = String::new();
    for message in traffic(one_sender(profile), 2_000) {
        let parsed = Message::parse(&message.bytes, &ParseOptions::default()).unwrap();
        let time = text(&parsed, "MSH-7");
        assert!(time >= last, "{time} after {last}");
        last = time;
    }
}

/// What a receiver knows of a patient of the sender.
#[derive(Default)]
struct Seen {
    known: BTreeSet<String>,
    ordered: BTreeSet<String>,
    bed: BTreeMap<String, String>,
    open: BTreeSet<String>,
    appointments: BTreeSet<String>,
}

#[test]
fn nothing_speaks_of_what_has_not_happened() {
    let mut seen = Seen::default();
    for message in traffic(one_sender(SenderProfile::northside()), 6_000) {
        let parsed = Message::parse(&message.bytes, &ParseOptions::default()).unwrap();
        let (patient, visit, bed) =
            (text(&parsed, "PID-3.1"), text(&parsed, "PV1-19.1"), text(&parsed, "PV1-3"));
        let (placer, appointment) = (text(&parsed, "ORC-2.1"), text(&parsed, "SCH-1.1"));
        match message.event {
            Event::AddPerson => assert!(seen.known.insert(patient.clone())),
            Event::Merge => assert!(seen.known.remove(&text(&parsed, "MRG-1.1"))),
            Event::Register | Event::Admit | Event::CancelDischarge => {
                assert!(seen.open.insert(visit.clone()));
            }
            Event::Discharge | Event::CancelAdmit => assert!(seen.open.remove(&visit)),
            Event::Transfer => assert_eq!(seen.bed.get(&visit), Some(&text(&parsed, "PV1-6"))),
            Event::Order => assert!(seen.ordered.insert(placer)),
            Event::Results => assert!(seen.ordered.contains(&placer)),
            Event::Book => assert!(seen.appointments.insert(appointment)),
            Event::Reschedule | Event::ModifyAppointment | Event::CancelAppointment | Event::NoShow => {
                assert!(seen.appointments.contains(&appointment));
            }
            _ => {}
        }
        assert!(seen.known.contains(&patient), "{:?} of somebody unknown", message.event);
        if !visit.is_empty() {
            seen.bed.insert(visit, bed);
        }
    }
}

#[test]
fn results_go_from_preliminary_to_final_to_corrected() {
    let mut statuses: BTreeMap<String, String> = BTreeMap::new();
    for message in traffic(one_sender(SenderProfile::harbour()), 6_000) {
        if message.event == Event::Results {
            let parsed = Message::parse(&message.bytes, &ParseOptions::default()).unwrap();
            statuses.entry(text(&parsed, "OBR-2.1")).or_default().push_str(&text(&parsed, "OBR-25"));
        }
    }
    let kinds: BTreeSet<&str> = statuses.values().map(String::as_str).collect();
    assert!(kinds.iter().all(|kind| "PFC".contains(kind)), "{kinds:?}");
    assert!(kinds.contains("F") && kinds.contains("PF") && kinds.contains("FC"), "{kinds:?}");
}

#[test]
fn events_can_be_left_out() {
    let without = vec![Event::Merge, Event::Results];
    let options = TrafficOptions { without, ..TrafficOptions::default() };
    let messages = traffic(options, 3_000);
    assert!(messages.iter().all(|message| !matches!(message.event, Event::Merge | Event::Results)));
    let nobody = TrafficOptions { patients: 0, ..TrafficOptions::default() };
    assert_eq!(Traffic::new(nobody).count(), 0);
}

#[test]
fn people_that_the_character_set_cannot_hold_are_an_error() {
    let profile = SenderProfile { charset: crate::Charset::Ascii, ..SenderProfile::minami() };
    assert!(matches!(admission(1, &profile), Err(BuildError::Charset { .. })));
}

#[test]
fn single_messages_have_their_sizes() {
    for profile in SenderProfile::all() {
        for seed in 0..20 {
            let admission = admission(seed, &profile).unwrap();
            assert!((1_000..1_800).contains(&admission.len()), "{} bytes", admission.len());
        }
        let results = results(3, &profile, 200).unwrap();
        let options = ParseOptions::default().with_default_charset(profile.charset);
        let parsed = Message::parse(&results, &options).unwrap();
        assert_eq!(parsed.segments_named("OBX").count(), 200);
        let document = document(3, &profile, 750_000).unwrap();
        assert!((1_000_000..1_010_000).contains(&document.len()), "{}", document.len());
    }
}

/// What the dictionary of the sender's version says against a message: its structure, and each field that is
/// required, withdrawn, unknown, too often, or of parts that its datatype does not have.
#[cfg(feature = "dictionary")]
mod dictionary {
    use super::*;
    use crate::dictionary::{Dictionary, Version};
    use crate::structure::Tree;
    use crate::validate::{ValidateOptions, validate};
    use crate::{Finding, FindingKind, Severity};

    /// Calls with each message of the strict senders and the dictionary of its version.
    fn each(mut check: impl FnMut(&SyntheticMessage, &Message<'_>, &Dictionary) -> BTreeSet<String>) {
        let mut complaints = BTreeSet::new();
        for profile in SenderProfile::all().into_iter().filter(SenderProfile::is_strict) {
            let dictionary = Dictionary::of(Version::parse(&profile.version).unwrap());
            for message in traffic(one_sender(profile.clone()), 400) {
                let parsed = Message::parse(&message.bytes, &ParseOptions::default()).unwrap();
                let found = check(&message, &parsed, dictionary);
                complaints.extend(found.into_iter().map(|one| format!("{} {one}", profile.version)));
            }
        }
        assert!(complaints.is_empty(), "{complaints:#?}");
    }

    #[test]
    fn every_message_has_the_structure_of_its_version() {
        each(|message, parsed, dictionary| {
            let tree = Tree::of(parsed, dictionary);
            let known = tree.structure().is_some();
            let findings = tree.findings().iter().filter(|_| known).map(|found| {
                format!("{:?}: {:?} {:?} {:?}", message.event, found.kind(), found.location(), found.group())
            });
            findings.chain((!known).then(|| format!("{:?} has no structure", message.event))).collect()
        });
    }

    #[test]
    fn the_structure_named_is_the_one_that_the_version_files_the_event_under() {
        each(|_, parsed, dictionary| {
            let (code, event) = (text(parsed, "MSH-9.1"), text(parsed, "MSH-9.2"));
            let (named, filed) = (text(parsed, "MSH-9.3"), dictionary.structure_of(&code, &event));
            let differs = dictionary.version() >= Version::V2_4 && filed != Some(named.as_str());
            differs.then(|| format!("{code} {event}: {named} and not {filed:?}")).into_iter().collect()
        });
    }

    #[test]
    fn values_are_too_long_only_where_the_documentation_says_so() {
        let mut old = 0;
        each(|_, parsed, dictionary| {
            let findings = validate(parsed, dictionary, &ValidateOptions::default());
            let long = findings.iter().filter(|found| found.kind() == FindingKind::TooLong);
            if dictionary.version() < Version::V2_4 {
                old += long.count();
                return BTreeSet::new();
            }
            let places = long.filter_map(Finding::location);
            let named = places.map(|place| format!("{}-{}", place.segment(), place.field().unwrap_or(0)));
            let documented = ["ORC-2", "ORC-3", "OBR-2", "OBR-3", "AL1-5"];
            named.filter(|place| !documented.contains(&place.as_str())).collect()
        });
        assert!(old > 0, "then the documentation of the module is wrong");
    }

    #[test]
    fn every_message_is_valid_for_its_version() {
        let options = ValidateOptions::default();
        each(|_, parsed, dictionary| {
            let findings = validate(parsed, dictionary, &options);
            let errors = findings.iter().filter(|found| found.severity() == Severity::Error);
            errors
                .map(|found| {
                    let place =
                        found.location().map(|place| (place.segment(), place.field(), place.component()));
                    format!("{:?} {place:?} {:?}", found.kind(), found.group())
                })
                .collect()
        });
    }
}
