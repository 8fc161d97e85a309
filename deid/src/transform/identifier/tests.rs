//! Published examples, and their neighbours that are wrong.

use proptest::prelude::*;

use super::IdentifierType as Kind;

/// Valid, then invalid. From the documents that the kinds name, python-stdnum's documented examples, and the guides of
/// gematik, Public Health Scotland and ANVISA.
const EXAMPLES: [(Kind, &[&str], &[&str]); 27] = [
    (
        Kind::UsSsn,
        &["536-90-4399", "536904399"],
        &["666-12-3456", "000-12-3456", "900-12-3456", "536-00-4399", "536-90-0000", "53690439"],
    ),
    (
        Kind::UsMbi,
        &["1EG4-TE5-MK73", "1eg4te5mk72"],
        &["1SG4-TE5-MK73", "1EG4-LE5-MK73", "0EG4TE5MK73", "1EG4TE5MK7"],
    ),
    (Kind::UsNpi, &["1234567893"], &["1234567891", "3234567893", "123456789"]),
    (Kind::UsDea, &["CW1234563", "BB1388568"], &["CC1258745", "CW1234564", "1W1234563"]),
    (Kind::BrCpf, &["390.533.447-05"], &["231.002.999-00", "390.533.447=05", "11111111111"]),
    (Kind::BrCns, &["898 0000 0004 3208"], &["898000000043209", "398000000043208"]),
    (Kind::BrRg, &["12.345.678-9", "MG-12.345.678", "1234567X"], &["1234", "12345X78", "MRN-1"]),
    (Kind::BrCep, &["01310-100"], &["0131010", "00000-000", "01310A100"]),
    (Kind::InAbha, &["91-4829-1029-4820"], &["9148291029482", "00-0000-0000-0000"]),
    (Kind::InAbhaAddress, &["asha.k_91@abdm", "tester1@sbx"], &["asha@gmail.com", ".asha@abdm", "a@abdm"]),
    (Kind::InAadhaar, &["2341 2341 2346"], &["234123412347", "123412341234", "643343121"]),
    (Kind::InPin, &["110001", "110 001"], &["010001", "11000"]),
    (Kind::UkNhs, &["943 476 5870", "943-476-5870"], &["9434765871", "943476587", "0000000000"]),
    (Kind::UkChi, &["0101011237", "0211165794"], &["0101011238", "3201201234", "9434765870"]),
    (Kind::UkHc, &["320 000 0015"], &["3200000016", "4010232137"]),
    (
        Kind::UkNino,
        &["AB 12 34 56 C", "ab123456c"],
        &["QQ 12 34 56 A", "AO123456C", "GB123456A", "AB123456E", "AB12345C"],
    ),
    (
        Kind::FrNir,
        &["2 95 10 99 126 111 93", "253072B07300470", "253072A07300443"],
        &["295109912611199", "253072C07300443", "6546546546546703"],
    ),
    (Kind::DeKvnr, &["X110411675"], &["X110411674", "Y110411675", "1110411675"]),
    (Kind::EsDni, &["54362315-K"], &["54362315Z", "54362315"]),
    (Kind::EsNie, &["X-2482300-W"], &["X-2482300-A", "W2482300W"]),
    (
        Kind::ItCodiceFiscale,
        &["RCCMNL83S18D969H", "rccmnl83s18d969h"],
        &["RCCMNL83S18D969G", "RCCMNL83S18D969"],
    ),
    (Kind::NlBsn, &["1112.22.333", "999999990"], &["1112.52.333", "1112223334", "000000000"]),
    (Kind::PlPesel, &["44051401359", "02211307589"], &["44051401358", "44131401359"]),
    (Kind::BeNn, &["85.07.30-033.28", "17 07 30 033 84"], &["12345678901"]),
    (Kind::SePersonnummer, &["880320-0016", "811228-9874", "19811228-9874"], &["880320-0018", "12345678"]),
    (Kind::FiHetu, &["131052-308T"], &["131052-308U", "310252-308Y", "131052/308T"]),
    (
        Kind::IePps,
        &["6433435F", "6433435FT", "6433435FW", "6433435OA", "6433435IH"],
        &["6433435E", "6433435VH", "6433435"],
    ),
];

#[test]
fn published_examples_hold_and_their_neighbours_do_not() {
    assert_eq!(EXAMPLES.map(|(kind, ..)| kind), Kind::all());
    for (kind, valid, invalid) in EXAMPLES {
        for text in valid {
            assert!(kind.is_valid(text), "{} {text}", kind.name());
        }
        for text in invalid {
            assert!(!kind.is_valid(text), "{} {text}", kind.name());
        }
    }
}

/// Where a kind has a check, another last place is always wrong; where it has none, the table says so.
#[test]
fn a_check_tells_every_other_last_place() {
    for (kind, valid, _) in EXAMPLES {
        // A second letter may follow the check of a PPS number, and a CHI number has one of two checks.
        if matches!(kind, Kind::IePps | Kind::UkChi) || !kind.has_check() {
            continue;
        }
        for text in valid {
            let (body, last) = text.split_at(text.len() - 1);
            let places: Vec<_> =
                ('0'..='9').chain('A'..='Z').filter(|one| last.to_uppercase() != one.to_string()).collect();
            let passing = places.iter().filter(|one| kind.is_valid(&format!("{body}{one}"))).count();
            assert_eq!(passing, 0, "{} {text}", kind.name());
        }
    }
}

#[test]
fn names_and_systems_are_unique() {
    let mut names: Vec<_> = Kind::all().iter().map(|kind| kind.name()).collect();
    let mut systems: Vec<_> = Kind::all().iter().flat_map(|kind| kind.systems()).collect();
    let (before, systems_before) = (names.len(), systems.len());
    names.sort_unstable();
    names.dedup();
    systems.sort_unstable();
    systems.dedup();
    assert_eq!((names.len(), systems.len()), (before, systems_before));
    for kind in Kind::all() {
        assert_eq!(Kind::named(kind.name()), Some(*kind));
        assert!(kind.name().starts_with(&kind.jurisdiction().to_lowercase().replace("gb", "uk")));
        assert!(kind.systems().iter().all(|system| Kind::of_system(system) == Some(*kind)));
    }
}

proptest! {
    #[test]
    fn any_text_is_judged(text in "[ -~]{0,44}|\\PC{0,12}|[0-9A-Z .+@-]{0,20}") {
        for kind in Kind::all() {
            prop_assert_eq!(kind.is_valid(&text), kind.is_valid(&format!(" {} ", text.to_ascii_lowercase())));
        }
    }

    /// The shapes meet by chance often; the checks let through about as few as they can.
    #[test]
    fn few_random_numbers_have_a_right_check(numbers in proptest::collection::vec(0_u64..10_000_000_000, 400)) {
        let passing = numbers.iter().filter(|number| Kind::UkNhs.is_valid(&format!("{number:010}"))).count();
        prop_assert!(passing < 80, "{passing} of 400");
    }
}
