//! Messages to compare on: well-formed ones, and the same with a few characters changed.

use proptest::prelude::*;

/// A message as the standard has it, with every kind of value.
pub fn well_formed() -> impl Strategy<Value = String> {
    let header = prop_oneof![6 => Just("MSH|^~\\&|"), 1 => Just("MSH|^~\\&#|")];
    let end = prop_oneof![4 => Just("\r"), 1 => Just("\n"), 1 => Just("\r\n")];
    (header, proptest::collection::vec(segment(), 0..8), end).prop_map(|(header, segments, end)| {
        let mut text = format!("{header}LAB|GEN|EHR|SUR|20240301||ADT^A01^ADT_A01|7|P|2.5{end}");
        for segment in segments {
            text.push_str(&segment);
            text.push_str(end);
        }
        text
    })
}

fn segment() -> impl Strategy<Value = String> {
    let name = prop_oneof![Just("PID"), Just("OBX"), Just("ZP1"), Just("PV1"), Just("NTE")];
    let field = proptest::collection::vec(repetition(), 1..3).prop_map(|parts| parts.join("~"));
    (name, proptest::collection::vec(field, 1..8))
        .prop_map(|(name, fields)| format!("{name}|{}", fields.join("|")))
}

fn repetition() -> impl Strategy<Value = String> {
    let component = proptest::collection::vec(value(), 1..3).prop_map(|parts| parts.join("&"));
    proptest::collection::vec(component, 1..4).prop_map(|parts| parts.join("^"))
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => Just(String::new()),
        4 => "[A-Za-z0-9 .,]{1,8}",
        1 => "[éÄ漢ж]{1,3}",
        1 => Just("\"\"".to_owned()),
        2 => "[a-z]{0,3}(\\\\[FSTRE]\\\\){1,2}[a-z]{0,3}",
        1 => "[a-zé]{0,3}(\\\\(H|N|P|\\.br|\\.sp2|X0D0A|XC3A9|XE9|XZ|C2842|M244242|Zfoo|Q)\\\\){1,2}[a-z]{0,3}",
        1 => "[0-9]\\\\[0-9] re",
    ]
}

/// A well-formed message with up to six changes: characters put in, taken out or put in place of others, lines doubled.
pub fn mutated() -> impl Strategy<Value = String> {
    let change = (any::<prop::sample::Index>(), prop::sample::select(SPICE.to_vec()), 0_u8..4);
    (well_formed(), proptest::collection::vec(change, 0..6)).prop_map(|(text, changes)| {
        let mut characters: Vec<char> = text.chars().collect();
        for (index, spice, kind) in changes {
            let at = index.index(characters.len() + 1);
            match kind {
                0 | 1 => drop(characters.splice(at..at, spice.chars())),
                2 if at < characters.len() => drop(characters.splice(at..=at, spice.chars())),
                _ if at < characters.len() => drop(characters.remove(at)),
                _ => {}
            }
        }
        characters.into_iter().collect()
    })
}

const SPICE: &[&str] = &[
    "|",
    "^",
    "~",
    "\\",
    "&",
    "#",
    "\r",
    "\n",
    "\r\n",
    "\r\r",
    " ",
    "\t",
    "\0",
    "\u{0B}",
    "\u{1C}\r",
    "\u{FEFF}",
    "\"\"",
    "é",
    "漢",
    "\u{A0}",
    "\u{85}",
    "MSH|^~\\&|X\r",
    "\rMSH|^~\\&|X",
    "\rPID\r",
    "\rABCD|1\r",
    "\rmore text\r",
    "\rpid|1|2\r",
    "\rBHS|^~\\&|B\r",
    "\rBTS|1\r",
    "\rÄBC|1\r",
    "\\X",
    "\\.br\\",
    "0",
    "a",
];
