//! One sentinel for each field of each segment of the dictionary, under every policy, in every notation.

use carewire_deid::v2::V2Report;

use super::{deidentified, policies};

const HEADER: &str = "MSH|^~\\&|||||||ADT^A01|1|P|2.5\r";

/// Ways to write a sentinel into a field.
fn notations(sentinel: &str) -> Vec<String> {
    let hex: String = sentinel.bytes().map(|byte| format!("{byte:02X}")).collect();
    let all = |separator: &str| vec![sentinel; 30].join(separator);
    vec![
        sentinel.to_owned(),
        all("^"),
        all("&"),
        all("~"),
        format!("^^^{sentinel}&{sentinel}&{sentinel}^{sentinel}"),
        format!("{sentinel}^^LN^{sentinel}^^99{sentinel}"),
        format!("A^{sentinel}^HL70001^F^{sentinel}^L"),
        format!("1{sentinel}^>{sentinel}^20240101{sentinel}"),
        format!("\\X{hex}\\^\\X{hex}\\"),
        format!("\\T\\{sentinel}\\.br\\{sentinel}"),
        format!("\"\"^{sentinel}~\"\"&{sentinel}"),
        sentinel.to_lowercase(),
        format!("{} ", sentinel),
    ]
}

fn leaks(out: &[u8], sentinel: &str) -> bool {
    let hex: String = sentinel.bytes().map(|byte| format!("{byte:02x}")).collect();
    let shown = String::from_utf8_lossy(out).to_lowercase();
    shown.contains(&sentinel.to_lowercase()) || shown.contains(&hex)
}

#[test]
fn nothing_forbidden_survives_in_any_field() {
    let (mut traps, mut found) = (0, Vec::new());
    for policy in policies() {
        for segment in V2Report::of(&policy).segments {
            let first = if matches!(segment.name, "MSH" | "FHS" | "BHS") { 3 } else { 1 };
            for round in 0..notations("").len() {
                let sentinel = |number: usize| format!("Qz{}{number:02}Vx", segment.name);
                let fields: Vec<_> = (first..=segment.fields.len() + 2)
                    .map(|number| notations(&sentinel(number)).swap_remove(round))
                    .collect();
                let lead =
                    if first == 3 { format!("{}|^~\\&", segment.name) } else { segment.name.to_owned() };
                let message = match segment.name {
                    "MSH" => format!("{lead}|{}\r", fields.join("|")),
                    _ => format!("{HEADER}{lead}|{}\r", fields.join("|")),
                };
                let out = deidentified(&policy, message.as_bytes());
                let kept = String::from_utf8_lossy(&out).matches(segment.name).count();
                assert!(kept >= 1, "{} is lost", segment.name);
                for number in first..=segment.fields.len() + 2 {
                    traps += 1;
                    if leaks(&out, &sentinel(number)) {
                        found.push(format!("{}: {}-{number} notation {round}", policy.id(), segment.name));
                    }
                }
            }
        }
    }
    println!("v2 traps: {traps}, leaks: {}", found.len());
    assert!(traps > 100_000 && found.is_empty(), "{}: {found:#?}", found.len());
}

/// What a person can be found by and looks like a value of some type.
const IDENTIFYING: &[&str] = &[
    "123-45-6789",
    "(617) 555-0100",
    "jo@example.org",
    "http://x.example/jo",
    "10.1.2.3",
    "SMITH",
    "Jo Smith",
    "1 Main St",
    "93-year-old",
];

#[test]
fn identifying_texts_survive_in_no_field() {
    for policy in policies() {
        for segment in V2Report::of(&policy).segments {
            let first = if matches!(segment.name, "MSH" | "FHS" | "BHS") { 3 } else { 1 };
            for identifying in IDENTIFYING {
                for value in [(*identifying).to_owned(), vec![*identifying; 26].join("^")] {
                    let fields = vec![value.as_str(); segment.fields.len() + 1 - first].join("|");
                    let lead =
                        if first == 3 { format!("{}|^~\\&", segment.name) } else { segment.name.to_owned() };
                    let header = if segment.name == "MSH" { "" } else { HEADER };
                    let out = deidentified(&policy, format!("{header}{lead}|{fields}\r").as_bytes());
                    let shown = String::from_utf8_lossy(&out).into_owned();
                    assert!(
                        !shown.contains(identifying),
                        "{}: {} {identifying}: {shown}",
                        policy.id(),
                        segment.name
                    );
                }
            }
        }
    }
}

#[test]
fn every_type_of_observation_is_a_trap() {
    const TYPES: &[&str] = &[
        "AD", "CE", "CF", "CK", "CN", "CNE", "CP", "CQ", "CWE", "CX", "DR", "DT", "DTM", "ED", "EI", "FT",
        "ID", "IS", "MA", "MO", "NA", "NM", "NR", "PN", "RP", "SI", "SN", "ST", "TM", "TN", "TS", "TX",
        "XAD", "XCN", "XON", "XPN", "XTN", "", "QzV", "smith",
    ];
    for policy in policies() {
        for kind in TYPES {
            for notation in notations("QzOBXVx") {
                let message =
                    format!("{HEADER}OBX|1|{kind}|1-8^^LN||{notation}|{notation}||||||{notation}\r");
                let out = deidentified(&policy, message.as_bytes());
                assert!(!leaks(&out, "QzOBXVx"), "{} {kind}: {}", policy.id(), String::from_utf8_lossy(&out));
            }
        }
    }
}

#[test]
fn a_planted_leak_is_found() {
    assert!(leaks(b"OBX|1|ST|||QZpid05vX", "QzPID05Vx") && leaks(b"517a50494430355678", "QzPID05Vx"));
    assert!(!leaks(b"OBX|1|ST", "QzPID05Vx"));
}
