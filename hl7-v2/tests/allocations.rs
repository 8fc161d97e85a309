//! How often memory is asked for: counted, so that no clock is needed.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::borrow::Cow;
use std::hint::black_box;

use allocation_counter::measure;
use carewire_hl7_v2::{Location, Message, ParseOptions};

const HEADER: &str =
    "MSH|^~\\&|LAB|GEN|CAREWIRE|HUB|20240301||ORU^R01^ORU_R01|7|P|2.5.1||||||UNICODE UTF-8\r";
const PID: &str =
    "PID|1||5^^^GEN&1.2&ISO^MR~9^^^GOV^NI||Müller^Ada^B||19700101|F|||1 Mill Lane^^Town||\"\"\r";

fn message(observations: usize) -> Vec<u8> {
    let rows =
        (1..=observations).map(|n| format!("OBX|{n}|NM|2345-7^Glucose^LN||{n}.5|mg/dL^^UCUM|70-99||||F\r"));
    format!("{HEADER}{PID}{}", rows.collect::<String>()).into_bytes()
}

/// How often `read` allocates.
fn allocations<T>(read: impl FnOnce() -> T) -> u64 {
    let mut result = None;
    let info = measure(|| result = Some(read()));
    drop(black_box(result));
    info.count_total
}

fn parse(bytes: &[u8]) -> Message<'_> {
    Message::parse(bytes, &ParseOptions::default()).unwrap()
}

#[test]
fn the_counter_counts() {
    assert_eq!(allocations(|| vec![String::from("a"), String::from("b")]), 3);
    assert_eq!(allocations(|| 1 + 1), 0);
}

#[test]
fn parsing_allocates_the_list_of_segments_and_nothing_else() {
    for observations in [0, 1, 3, 10] {
        let bytes = message(observations);
        assert_eq!(allocations(|| parse(&bytes)), 1, "{observations} observations");
    }
}

#[test]
fn parsing_does_not_allocate_for_the_fields() {
    let fields = "x^y&z~".repeat(10_000);
    let bytes = format!("{HEADER}{PID}OBX|1|ST|||{fields}|{}\r", "a|".repeat(10_000));
    assert_eq!(allocations(|| parse(bytes.as_bytes())), 1);
}

/// The list begins with room for one segment in 64 bytes and grows by doubling.
#[test]
fn the_list_of_segments_grows_a_few_times_at_most() {
    let bytes = message(100_000);
    let times = allocations(|| parse(&bytes));
    assert!(times <= 9, "{times}");
}

#[test]
fn reading_a_value_without_escape_sequences_does_not_allocate() {
    let bytes = message(200);
    let message = parse(&bytes);
    let paths =
        ["MSH-10", "MSH.9.2", "PID-3[2].1", "PID.5", "PID-5.1", "PID.3.4.2", "OBX(200)-5", "OBX[50].6.3"];
    for path in paths {
        let location: Location = path.parse().unwrap();
        assert!(message.get(path).unwrap().is_some(), "{path}");
        assert_eq!(allocations(|| black_box(path.parse::<Location>())), 0, "{path}");
        assert_eq!(allocations(|| message.get(path)), 0, "{path}");
        assert_eq!(allocations(|| message.at(&location)), 0, "{path}");
        assert_eq!(allocations(|| message.span_of(&location)), 0, "{path}");
        let segment = message.segment(location.segment().as_str()).unwrap();
        assert_eq!(
            allocations(|| segment.field(location.field()?)?.value().map(Cow::into_owned)),
            1,
            "{path}"
        );
        assert_eq!(
            allocations(|| black_box(segment.field(location.field()?)?.value()).is_some().then_some(())),
            0
        );
    }
    for missing in ["PID-40", "ZZZ-1", "PID-5.9", "OBX(201)-5"] {
        assert_eq!(allocations(|| message.get(missing)), 0, "{missing}");
    }
}

#[test]
fn a_value_with_escape_sequences_is_one_allocation() {
    let bytes = format!("{HEADER}{PID}OBX|1|TX|||Mutual \\T\\ General\r");
    let message = parse(bytes.as_bytes());
    assert_eq!(message.get("OBX-5").unwrap().as_deref(), Some("Mutual & General"));
    assert_eq!(allocations(|| message.get("OBX-5")), 1);
}

#[test]
fn reading_every_part_does_not_allocate() {
    let bytes = message(200);
    let message = parse(&bytes);
    let mut length = 0;
    let times = allocations(|| {
        for (_, field) in message.segments().flat_map(|segment| segment.fields()) {
            length += field.value().map_or(0, |value| value.len());
            for component in field.repetitions().flat_map(|repetition| repetition.components()) {
                length += component.subcomponents().map(|part| part.text().len()).sum::<usize>();
            }
        }
        length += message.leaves().map(|leaf| leaf.text().len()).sum::<usize>();
    });
    assert!(length > bytes.len());
    assert_eq!(times, 0);
}

#[test]
fn the_index_of_every_part_is_a_constant_number_of_allocations() {
    for observations in [0, 1, 200, 10_000] {
        let bytes = message(observations);
        let message = parse(&bytes);
        assert_eq!(allocations(|| message.index()), 6, "{observations} observations");
        let (index, location) = (message.index(), "PID-3[2].4.1".parse().unwrap());
        assert_eq!(allocations(|| black_box(index.at(&location)).is_some()), 0);
        assert_eq!(allocations(|| index.subcomponent(1, [3, 2, 4, 1]).map(|part| part.raw().len())), 0);
    }
}

#[test]
fn what_is_not_utf_8_is_decoded_in_few_allocations() {
    let bytes = [
        &b"MSH|^~\\&|LAB|GEN|||2024||ADT^A01|7|P|2.5||||||8859/1\rPID|1||5||M\xFCller^Ada\r"[..],
        &b"NTE|1||caf\xE9\r".repeat(5),
    ]
    .concat();
    let times = allocations(|| parse(&bytes));
    assert!(times <= 4 + 7 + 1, "{times}");
}
