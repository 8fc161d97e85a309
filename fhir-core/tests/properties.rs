//! What holds for every input.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

use carewire_fhir_core::{
    Date, DateTime, Decimal, EntryResponse, Kind, Limits, Reference, Resource, ValidateOptions, Value,
    canonical_hash, canonical_json, issues, parse_etag, parse_location, rewrite_references, validate,
    validate_json, visit_references,
};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

/// Any JSON value, a few levels deep.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::null()),
        any::<bool>().prop_map(Value::bool),
        "-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,9})?([eE][+-]?[0-9]{1,3})?"
            .prop_map(|text| Value::number(&text).unwrap()),
        any::<String>().prop_map(Value::string),
        "(#|urn:uuid:|Patient/|Patient\\?|https://a.example/fhir/)[a-z0-9]{0,4}".prop_map(Value::string),
    ];
    leaf.prop_recursive(4, 48, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            btree_map(member_name(), inner, 0..6).prop_map(|members| {
                members.into_iter().fold(Value::object(), |object, (name, value)| object.with(&name, value))
            }),
        ]
    })
}

fn member_name() -> impl Strategy<Value = String> {
    prop_oneof![
        "(reference|display|identifier|meta|id|_?given|value|subject|extension|contained)",
        any::<String>()
    ]
}

fn resource() -> impl Strategy<Value = Resource> {
    let kind = prop::sample::select(vec!["Patient", "Observation", "Bundle", "Unheard"]);
    (kind, btree_map(member_name(), value(), 0..8)).prop_map(|(kind, members)| {
        let mut resource = Resource::new(kind);
        for (name, value) in members {
            resource.value_mut().set(&name, value);
        }
        resource
    })
}

/// The same value with the members of every object in the opposite order.
fn reversed(value: &Value) -> Value {
    match value.kind() {
        Kind::Array => value.items().iter().map(reversed).collect(),
        Kind::Object => {
            let members: Vec<_> = value.members().collect();
            let back = members.into_iter().rev();
            back.fold(Value::object(), |object, (name, value)| object.with(name, reversed(value)))
        }
        _ => value.clone(),
    }
}

/// The same value with members that mean nothing added to every object.
fn padded(value: &Value) -> Value {
    match value.kind() {
        Kind::Array => value.items().iter().map(padded).collect(),
        Kind::Object => {
            let padded = value
                .members()
                .fold(Value::object(), |object, (name, value)| object.with(name, padded(value)));
            padded.with("emptyA", Value::array()).with("emptyB", Value::array().to_json().replace("[]", ""))
        }
        _ => value.clone(),
    }
}

proptest! {
    #[test]
    fn no_bytes_make_the_parser_panic(bytes in vec(any::<u8>(), 0..400)) {
        if let Err(error) = Value::parse(&bytes) {
            prop_assert!(error.offset() <= bytes.len() && error.line() >= 1 && error.column() >= 1);
        }
    }

    #[test]
    fn nearly_json_makes_the_parser_not_panic(text in "[\\[\\]{}\",:0-9eE.+\\\\ua-f trnuls-]{0,80}") {
        let _ = Value::parse_with(text.as_bytes(), &Limits::default().with_max_depth(5));
    }

    #[test]
    fn what_is_written_is_read_back_byte_for_byte(value in value()) {
        let compact = value.to_json();
        let read = Value::parse(compact.as_bytes()).unwrap();
        prop_assert_eq!(&read, &value);
        prop_assert_eq!(read.to_json(), compact);
        prop_assert_eq!(Value::parse(value.to_json_pretty().as_bytes()).unwrap(), value);
    }

    #[test]
    fn serde_json_reads_what_is_written(value in value()) {
        // serde_json refuses numbers beyond f64, which are sound JSON.
        match serde_json::from_str::<serde_json::Value>(&value.to_json()) {
            Ok(_) => {}
            Err(error) => prop_assert!(error.to_string().starts_with("number out of range")),
        }
    }

    #[test]
    fn what_serde_json_writes_is_read(text in any::<String>(), number in any::<f64>(), integer in any::<i64>()) {
        let written = serde_json::json!({ "a": [text, number, integer], text.as_str(): null }).to_string();
        prop_assert_eq!(Value::parse(written.as_bytes()).unwrap().to_json(), written);
    }

    #[test]
    fn truncated_json_is_never_accepted(value in value(), cut in any::<prop::sample::Index>()) {
        let text = Value::array().to_json().replace("[]", &format!("[{}]", value.to_json()));
        let cut = cut.index(text.len());
        prop_assert!(Value::parse(&text.as_bytes()[..cut]).is_err());
    }

    #[test]
    fn every_reference_is_rewritten(value in value()) {
        let mut seen = 0;
        visit_references(&value, &mut |_, _| seen += 1);
        let mut rewritten = value.clone();
        let mut asked = 0;
        rewrite_references(&mut rewritten, &mut |_| {
            asked += 1;
            Some("Patient/new".to_owned())
        });
        let mut left = 0;
        visit_references(&rewritten, &mut |_, text| left += usize::from(text != "Patient/new"));
        prop_assert_eq!((asked, left), (seen, 0));
        let mut same = value.clone();
        rewrite_references(&mut same, &mut |_| None);
        prop_assert_eq!(same, value);
    }

    #[test]
    fn the_hash_ignores_what_means_nothing(resource in resource()) {
        let hash = canonical_hash(&resource);
        prop_assert_eq!(hash, canonical_hash(&Resource::from_value(reversed(resource.value())).unwrap()));
        let mut stored = Resource::from_value(padded(resource.value())).unwrap();
        stored.value_mut().set("id", "7");
        prop_assert_eq!(hash, canonical_hash(&stored));
    }

    #[test]
    fn the_canonical_form_is_json_and_its_own_canonical_form(resource in resource()) {
        let canonical = canonical_json(&resource);
        let again = Resource::parse(canonical.as_bytes()).unwrap();
        prop_assert_eq!(canonical_json(&again), canonical);
    }

    #[test]
    fn validation_and_readers_take_anything(resource in resource(), text in any::<String>()) {
        let faults = validate(&resource);
        prop_assert!(faults.len() <= 200);
        let by_text = validate_json(resource.to_json().as_bytes(), &ValidateOptions::default());
        prop_assert_eq!(by_text, Ok(faults));
        let _ = (issues(resource.value()), EntryResponse::of(resource.value()));
        let _ = (Reference::parse(&text).target(), parse_etag(&text), parse_location(&text));
        let _ = (Date::parse(&text), DateTime::parse(&text));
    }

    #[test]
    fn decimals_keep_their_text(text in "-?(0|[1-9][0-9]{0,9})(\\.[0-9]{1,9})?") {
        let decimal = Decimal::parse(&text).unwrap();
        prop_assert_eq!(decimal.as_str(), text.as_str());
    }

    #[test]
    fn every_day_of_the_calendar_is_a_date(days in 0_i64..3_000_000) {
        let (year, month, day) = civil(days);
        prop_assume!(year <= 9999);
        let date = format!("{year:04}-{month:02}-{day:02}");
        prop_assert!(Date::parse(&date).is_ok(), "{}", date);
    }
}

/// The date that many days after 0001-01-01, counted the slow way.
fn civil(mut days: i64) -> (i64, i64, i64) {
    let leap = |year: i64| (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let mut year = 1;
    while days >= if leap(year) { 366 } else { 365 } {
        days -= if leap(year) { 366 } else { 365 };
        year += 1;
    }
    let lengths = [31, if leap(year) { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut month = 0;
    while days >= lengths[month] {
        days -= lengths[month];
        month += 1;
    }
    (year, month as i64 + 1, days + 1)
}
