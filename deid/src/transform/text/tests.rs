use std::fmt::Write as _;
use std::time::Instant;

use proptest::prelude::*;

use super::{StructuredScrubber, TextScrubber};
use crate::transform::IdentifierType;

fn scrub(text: &str) -> String {
    StructuredScrubber::default().scrub(text).unwrap()
}

#[test]
fn what_has_a_shape_goes() {
    for (text, expected) in [
        ("mail j.o'hara+x@mail.example.org.", "mail [EMAIL]."),
        ("ABHA asha.k_91@abdm", "ABHA [EMAIL]"),
        ("see https://ehr.example/p?id=7, then", "see [URL], then"),
        ("(www.example.org/smith)", "([URL])"),
        ("from 10.0.12.7 and fe80::1ff:fe23:4567:890a", "from [IP] and [IP]"),
        ("device 00:1A:2B:3C:4D:5E", "device [IP]"),
        ("on 2024-03-05T10:15:00+01:00.", "on [DATE]."),
        ("on 2024-03-05 at 10:15", "on [DATE] at 10:15"),
        ("3/5/24, 05.03.2024, 2024/3/5", "[DATE], [DATE], [DATE]"),
        ("in 03/2024 and 2024-03", "in [DATE] and [DATE]"),
        ("March 5, 2024; Mar 5th; 5 March; March 2024", "[DATE]; [DATE]; [DATE]; [DATE]"),
        ("5-Mar-24, 5th of March 2024", "[DATE], [DATE]"),
        ("em 5 de março de 2024", "em [DATE]"),
        ("SSN 536-90-4399, 536 90 4399, 536904399", "SSN [ID], [ID], [NUMBER]"),
        ("NHS 943 476 5870 and AB 12 34 56 C", "NHS [ID] and [ID]"),
        ("CPF 390.533.447-05, KVNR X110411675", "CPF [ID], KVNR [ID]"),
        ("Aadhaar 2341 2341 2346", "Aadhaar [ID]"),
        ("MBI 1EG4-TE5-MK73.", "MBI [ID]."),
        ("+1 617 555 0100, (617) 555-0100, 617.555.0100", "[PHONE], [PHONE], [PHONE]"),
        ("MRN123456, MRN 1234567, ZIP 02139", "[ID], MRN [NUMBER], ZIP [NUMBER]"),
        (
            "93-year-old, 101 yo, age 95, aged: 92, 93 anos, 93 y/o",
            "90+-year-old, 90+ yo, age 90+, aged: 90+, 90+ anos, 90+ y/o",
        ),
        ("536\u{2011}90\u{2011}4399 and ５３６９０４３９９", "[ID] and [NUMBER]"),
        ("53\u{200b}6904399", "[NUMBER]"),
    ] {
        assert_eq!(scrub(text), expected, "{text}");
    }
}

#[test]
fn what_is_clinical_stays() {
    for text in [
        "BP 120/80, HR 72, T 37.2 C, SpO2 98 %",
        "Hb 13.20 g/dL (12.0-15.5), WBC 7.4 x10^9/L, Na 140",
        "E11.9, 718-7, I10; stage 3/4; 5/5 strength; 1/2 tablet",
        "since 2019; 89-year-old; 45 yo; 6 months; QT 480 ms",
        "dose 0.5 mg b.i.d. for 10 days, 1:1000",
        "may improve; march on; decided on 2 of 3",
        "heart rate 95, glucose 120-140 mg/dL, 93 %",
        "10:30:15 and 24:00",
        "",
    ] {
        assert_eq!(scrub(text), text);
    }
}

#[test]
fn digits_of_another_script_withhold_the_text() {
    let scrubber = StructuredScrubber::default();
    assert_eq!(scrubber.scrub("आयु ९३"), None);
    assert_eq!(scrubber.scrub("٩٤٣٤٧٦٥٨٧٠"), None);
    assert!(scrubber.scrub("m² ½ आयु").is_some());
}

#[test]
fn time_grows_with_the_length_only() {
    let hostile = ["1", "1-", "a.", "1 ", "a@", "::", "1.1.", "(1", "A1 ", "http://", "5 de ", "90 "];
    for part in hostile {
        let text = |length: usize| part.repeat(length / part.len());
        let took = |length: usize| {
            let text = text(length);
            let start = Instant::now();
            drop(StructuredScrubber::default().scrub(&text));
            start.elapsed()
        };
        let (short, long) = (took(2_000).max(took(2_000)), took(20_000));
        assert!(
            long < short * 60 + std::time::Duration::from_millis(200),
            "{part:?}: {short:?}, then {long:?}"
        );
    }
}

fn ssn() -> impl Strategy<Value = String> {
    (1_u32..666, 1_u32..100, 1_u32..10_000)
        .prop_map(|(area, group, serial)| format!("{area:03}-{group:02}-{serial:04}"))
}

proptest! {
    #[test]
    fn a_planted_identifier_is_found_between_any_words(before in "[a-z ,;:]{0,20}", ssn in ssn(), after in "[a-z ,;:]{0,20}") {
        prop_assume!(IdentifierType::UsSsn.is_valid(&ssn));
        let text = scrub(&format!("{before} {ssn} {after}"));
        prop_assert!(!text.contains(&ssn) && text.contains("[ID]"), "{}", text);
    }

    #[test]
    fn no_long_number_is_left(text in "[0-9A-Za-z .,/():@+-]{0,80}") {
        let out = scrub(&text);
        let longest = out.split(|one: char| !one.is_ascii_digit()).map(str::len).max().unwrap_or_default();
        prop_assert!(longest < 5, "{out}");
    }

    #[test]
    fn any_text_is_read_and_twice_is_as_once(text in "\\PC{0,80}|[0-9a-z .,/():@+-]{0,60}") {
        if let Some(once) = StructuredScrubber::default().scrub(&text) {
            let mut again = String::new();
            write!(again, "{}", scrub(&once)).unwrap();
            prop_assert_eq!(scrub(&again), again);
        }
    }
}
