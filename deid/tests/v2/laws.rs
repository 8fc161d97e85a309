//! Laws that hold for any message.

use carewire_deid::{Policy, v2};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::{day, deidentified, keys, org, policies};

/// A message with names, numbers and texts of one person in the places where they belong.
fn about(person: [&str; 6]) -> String {
    let [mrn, family, given, born, phone, note] = person;
    format!(
        "MSH|^~\\&|LAB|GEN|||20240305101500||ORU^R01|{mrn}9|P|2.5\r\
         PID|1|{mrn}|{mrn}^^^GEN^MR||{family}^{given}||{born}|F|{given}^{family}||{note}^^{family}^MA^02139||{phone}^{given}\r\
         NK1|1|{family}^{given}|MTH^Mother^HL70063|{note}|{phone}\r\
         PV1|1|I|{mrn}^1||||{mrn}^{family}^{given}|||||||||||{mrn}\r\
         OBX|1|NM|718-7^{family}^LN||13.20|g/dL^{given}^UCUM||H|||F|||20240305\r\
         OBX|2|TX|718-7||{note} {family}\rOBX|3|XPN|718-7||{family}^{given}\r\
         NTE|1|L|{note}\rZZZ|1|{note}|{family}\r"
    )
}

/// The output with every surrogate replaced by one letter.
fn without_surrogates(out: &[u8]) -> String {
    let keys = keys();
    let text = String::from_utf8_lossy(out).into_owned();
    let mut masked = String::new();
    for word in text.split_inclusive(|one: char| !one.is_ascii_alphanumeric()) {
        let bare = word.trim_end_matches(|one: char| !one.is_ascii_alphanumeric());
        match keys.is_own(bare) {
            true => {
                masked.push('S');
                masked.push_str(word.get(bare.len()..).unwrap_or_default());
            }
            false => masked.push_str(word),
        }
    }
    masked
}

/// Texts of people, without delimiters.
fn word() -> impl Strategy<Value = String> {
    prop_oneof!["[A-Za-z]{1,9}", "[A-Z][a-z]{2,8} [A-Z][a-z]{2,8}", "[0-9]{3,9}-[A-Z]", "\\p{L}{1,6}"]
}

fn born() -> impl Strategy<Value = String> {
    (1940..2020_u32, 1..=12_u32, 1..=28_u32)
        .prop_map(|(year, month, day)| format!("{year}{month:02}{day:02}"))
}

proptest! {
    /// Changing only what identifies somebody changes nothing but surrogates.
    #[test]
    fn non_interference(a in (word(), word(), word(), born(), word(), word()), b in (word(), word(), word(), born(), word(), word())) {
        let one = |p: &(String, String, String, String, String, String)| about([&p.0, &p.1, &p.2, &p.3, &p.4, &p.5]);
        let policy = Policy::pseudonymous();
        let (first, second) = (deidentified(policy, one(&a).as_bytes()), deidentified(policy, one(&b).as_bytes()));
        prop_assert_eq!(without_surrogates(&first), without_surrogates(&second));
    }

    /// Twice is once, but for shifted dates and substitutes.
    #[test]
    fn idempotent(a in (word(), word(), word(), born(), word(), word())) {
        let message = about([&a.0, &a.1, &a.2, &a.3, &a.4, &a.5]);
        for policy in policies().iter().filter(|policy| matches!(policy.id(), "pseudonymous" | "safe-harbor" | "all-keep" | "all-year")) {
            let once = deidentified(policy, message.as_bytes());
            let twice = deidentified(policy, &once);
            prop_assert_eq!(String::from_utf8_lossy(&once), String::from_utf8_lossy(&twice), "{}", policy.id());
        }
    }

    /// Messages by themselves and in one file become the same, and again the same.
    #[test]
    fn deterministic_and_by_message(a in word(), b in word()) {
        let (one, two) = (about([&a, "F", "G", "19700101", "5", "n"]), about([&b, "F", "G", "19700101", "5", "n"]));
        for policy in policies() {
            let apart = [deidentified(&policy, one.as_bytes()), deidentified(&policy, two.as_bytes())].concat();
            let together = deidentified(&policy, format!("{one}{two}").as_bytes());
            prop_assert_eq!(apart, together);
        }
    }

    /// Any bytes give a result or a typed error; what comes out is ASCII, and begins no new segment.
    #[test]
    fn total(pieces in vec(prop_oneof![
        4 => select(&["MSH|^~\\&|", "\r", "\n", "|", "^", "~", "\\", "&", "PID|", "OBX|1|CE|", "OBR|", "\"\"", "\\X41\\", "20240229", "1.5",
            "\x1b$B", "FHS|^~\\&", "BTS|1", "MSH#*%!@#", "\u{feff}", "\0"][..]).prop_map(|text| text.as_bytes().to_vec()),
        1 => vec(any::<u8>(), 0..20),
    ], 0..60)) {
        let bytes = pieces.concat();
        let (keys, org) = (keys(), org());
        for policy in policies() {
            let context = v2::V2Context::new(&keys, &org).with_as_of(day());
            let mut messages = v2::Deidentifier::new(&policy, context).unwrap();
            let mut out = Vec::new();
            match messages.write(&bytes, &mut out) {
                Ok(()) => {
                    prop_assert!(out.is_ascii());
                    let lines = |bytes: &[u8]| bytes.split(|byte| matches!(byte, b'\r' | b'\n')).filter(|line| !line.is_empty()).count();
                    prop_assert!(lines(&out) <= lines(&bytes));
                }
                Err(_) => prop_assert!(out.is_empty()),
            }
        }
    }
}
