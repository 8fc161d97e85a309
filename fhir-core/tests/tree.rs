//! The JSON tree against serde_json, against itself and against real files.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::path::{Path, PathBuf};

use carewire_fhir_core::{Kind, ParseReason, Value};
use proptest::collection::vec;
use proptest::prelude::*;

/// JSON text with names that R4 knows and others, escapes, odd numbers and white space.
fn text() -> impl Strategy<Value = String> {
    let space = "[ \n\r\t]{0,10}";
    let string = prop_oneof![
        any::<String>().prop_map(|text| serde_json::to_string(&text).unwrap()),
        "\"([a-zé€😀]|\\\\[\"\\\\/bfnrt]|\\\\u[0-9a-f]{4}){0,30}\"",
    ];
    let name = prop_oneof![
        prop::sample::select(vec![
            "id",
            "_id",
            "given",
            "resourceType",
            "valueCodeableConcept",
            "a",
            "",
            "_"
        ])
        .prop_map(|name| format!("\"{name}\"")),
        string.clone(),
    ];
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        Just("false".to_owned()),
        "-?(0|[1-9][0-9]{0,30})(\\.[0-9]{1,30})?([eE][+-]?[0-9]{1,3})?",
        string,
    ];
    let value = leaf.prop_recursive(5, 64, 8, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..8).prop_map(|items| format!("[{}]", items.join(","))),
            vec((name.clone(), space, inner), 0..8).prop_map(|members| {
                let members: Vec<_> = members
                    .iter()
                    .map(|(name, space, value)| format!("{name}{space}:{space}{value}{space}"))
                    .collect();
                format!("{{{}}}", members.join(","))
            }),
        ]
    });
    (space, value, space).prop_map(|(before, value, after)| format!("{before}{value}{after}"))
}

/// Whether the two may disagree about a text, and the reason: we refuse a name that comes twice and what nests too
/// deep, serde_json numbers that no `f64` holds.
fn excused(
    ours: &Result<Value, carewire_fhir_core::ParseError>,
    theirs: &serde_json::Result<serde_json::Value>,
) -> bool {
    let refused = [ParseReason::DuplicateMember, ParseReason::TooDeep];
    match (ours, theirs) {
        (Err(error), Ok(_)) => refused.contains(&error.reason()),
        (Ok(_), Err(error)) => error.to_string().starts_with("number out of range"),
        _ => true,
    }
}

/// Changes every list of a tree and every string in it.
fn shout(value: &mut Value) {
    if let Some(text) = value.as_str() {
        *value = format!("{text}!").into();
    }
    value.members_mut().for_each(|(_, member)| shout(member));
    value.items_mut().iter_mut().for_each(shout);
    value.push("!");
    if value.kind() == Kind::Object {
        value.set("id", "!");
        value.remove("given");
    }
}

proptest! {
    #[test]
    fn serde_json_takes_the_same_texts_and_reads_the_same(text in text()) {
        let (ours, theirs) = (Value::parse(text.as_bytes()), serde_json::from_str::<serde_json::Value>(&text));
        prop_assert!(excused(&ours, &theirs), "{:?} {:?}", ours, theirs);
        if let (Ok(ours), Ok(theirs)) = (ours, theirs) {
            prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&ours.to_json()).unwrap(), theirs);
        }
    }

    #[test]
    fn serde_json_refuses_the_same_damaged_texts(
        text in text(),
        at in any::<prop::sample::Index>(),
        with in "[\\[\\]{}\",:0-9eE.+\\\\ua-f \n\u{0}-\u{1f}-]{0,2}",
    ) {
        let mut damaged: Vec<char> = text.chars().collect();
        let at = at.index(damaged.len());
        damaged.splice(at..=at, with.chars());
        let damaged: String = damaged.into_iter().collect();
        let (ours, theirs) = (Value::parse(damaged.as_bytes()), serde_json::from_str(&damaged));
        prop_assert!(excused(&ours, &theirs), "{:?} {:?}", ours, theirs);
    }

    #[test]
    fn damaged_bytes_are_refused_or_read_and_never_more(
        text in text(), at in any::<prop::sample::Index>(), byte in any::<u8>(),
    ) {
        let mut bytes = text.into_bytes();
        let at = at.index(bytes.len());
        bytes.splice(at..=at, [byte]);
        match Value::parse(&bytes) {
            Ok(_) => prop_assert!(std::str::from_utf8(&bytes).is_ok()),
            Err(error) => prop_assert!(error.offset() <= bytes.len() && error.path().starts_with('$')),
        }
    }

    #[test]
    fn a_clone_and_its_original_change_apart(text in text()) {
        let Ok(original) = Value::parse(text.as_bytes()) else { return Ok(()) };
        let (before, mut clone) = (original.to_json(), original.clone());
        shout(&mut clone);
        prop_assert_eq!(original.to_json(), before);
        let mut alone = Value::parse(text.as_bytes()).unwrap();
        shout(&mut alone);
        prop_assert_eq!(&clone, &alone);
        prop_assert_eq!(clone.to_json(), alone.to_json());
    }

    #[test]
    fn a_member_is_found_by_its_name_and_by_no_other(text in text(), other in any::<String>()) {
        let Ok(value) = Value::parse(text.as_bytes()) else { return Ok(()) };
        for (name, member) in value.members() {
            prop_assert!(std::ptr::eq(value.get(name).unwrap(), member));
        }
        let there = value.members().any(|(name, _)| name == other);
        prop_assert_eq!(value.get(&other).is_some(), there);
    }
}

fn gather(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "json" || extension == "ndjson") {
            found.push(path);
        }
    }
}

/// A JSON text without the white space between its tokens.
fn compact(text: &str) -> String {
    let (mut inside, mut escaped) = (false, false);
    text.chars()
        .filter(|&c| {
            let kept = inside || !c.is_ascii_whitespace();
            inside ^= c == '"' && !escaped;
            escaped = inside && c == '\\' && !escaped;
            kept
        })
        .collect()
}

#[test]
fn real_texts_come_back_byte_for_byte() {
    let Some(corpus) = std::env::var_os("CAREWIRE_CORPUS") else {
        println!("skipped: CAREWIRE_CORPUS is not set");
        return;
    };
    let mut files = Vec::new();
    gather(Path::new(&corpus), &mut files);
    let (mut read, mut identical) = (0, 0);
    for file in files {
        let all = String::from_utf8_lossy(&std::fs::read(&file).unwrap()).into_owned();
        let by_line = file.extension().is_some_and(|extension| extension == "ndjson");
        let texts = if by_line { all.lines().collect() } else { vec![all.as_str()] };
        for text in texts.into_iter().map(|text| text.trim_start_matches('\u{feff}')) {
            let (ours, theirs) =
                (Value::parse(text.as_bytes()), serde_json::from_str::<serde_json::Value>(text));
            assert!(excused(&ours, &theirs), "{}: {ours:?}", file.display());
            let (Ok(ours), Ok(theirs)) = (ours, theirs) else { continue };
            let written = ours.to_json();
            assert_eq!(
                serde_json::from_str::<serde_json::Value>(&written).unwrap(),
                theirs,
                "{}",
                file.display()
            );
            read += 1;
            // What may be written in two ways, such as `\/` and `/`, comes back in one.
            if !text.contains("\\u") && !text.contains("\\/") {
                assert!(written == compact(text), "{}", file.display());
                identical += 1;
            }
        }
    }
    println!("{read} texts read, {identical} compared byte for byte");
    assert!(identical > 100, "{identical} of {read}");
}
