use super::*;

fn reason(text: &str) -> ParseReason {
    Value::parse(text.as_bytes()).unwrap_err().reason()
}

#[test]
fn what_is_not_json_is_refused_by_reason() {
    use ParseReason::*;
    for (text, expected) in [
        ("", UnexpectedEnd),
        ("{", UnexpectedEnd),
        ("[1,", UnexpectedEnd),
        ("[1,]", UnexpectedCharacter),
        ("{\"a\" 1}", UnexpectedCharacter),
        ("{,}", UnexpectedCharacter),
        ("tru", UnexpectedEnd),
        ("nulL", UnexpectedCharacter),
        ("01", InvalidNumber),
        ("1.", InvalidNumber),
        ("-", InvalidNumber),
        ("1e", InvalidNumber),
        ("1.2.3", InvalidNumber),
        (r#""\x""#, InvalidEscape),
        (r#""\u12g4""#, InvalidEscape),
        (r#""\ud800""#, LoneSurrogate),
        (r#""\ud800\u0041""#, LoneSurrogate),
        (r#""\udc00""#, LoneSurrogate),
        ("\"a\tb\"", ControlCharacter),
        (r#"{"a":1,"a":1}"#, DuplicateMember),
        ("1 2", TrailingCharacters),
    ] {
        assert_eq!(reason(text), expected, "{text}");
    }
    assert_eq!(Value::parse(b"\"\xff\"").unwrap_err().reason(), NotUtf8);
}

#[test]
fn duplicates_are_found_among_many_members() {
    let members: Vec<String> = (0..100).map(|n| format!("\"m{n}\":{n}")).collect();
    let unique = format!("{{{}}}", members.join(","));
    assert_eq!(Value::parse(unique.as_bytes()).unwrap().len(), 100);
    for repeated in ["m0", "m30", "m99"] {
        assert_eq!(
            reason(&format!("{{{},\"{repeated}\":0}}", members.join(","))),
            ParseReason::DuplicateMember
        );
    }
}

#[test]
fn limits_hold() {
    let deep = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
    assert!(Value::parse(deep(100).as_bytes()).is_ok());
    assert_eq!(reason(&deep(101)), ParseReason::TooDeep);
    assert_eq!(reason(&"[{\"a\":".repeat(60_000)), ParseReason::TooDeep);
    let small = Limits::default().with_max_bytes(3).with_max_depth(1);
    assert!(Value::parse_with(b"[1]", &small).is_ok());
    assert_eq!(Value::parse_with(b"[12]", &small).unwrap_err().reason(), ParseReason::TooLarge);
    assert_eq!(Value::parse_with(b"[[", &small).unwrap_err().reason(), ParseReason::TooDeep);
}

#[test]
fn depth_counts_nesting_and_not_siblings() {
    let wide = format!("[{}]", vec!["[[]]"; 500].join(","));
    assert!(Value::parse_with(wide.as_bytes(), &Limits::default().with_max_depth(3)).is_ok());
}

#[test]
fn an_error_names_the_place_and_never_a_value() {
    let error = Value::parse(b"{\"name\":[{\"family\":\"Secret\",\"given\":[\"Ann\", Q]}]}").unwrap_err();
    assert_eq!(error.path(), "$.name[0].given[1]");
    assert_eq!((error.line(), error.column(), error.offset()), (1, 45, 44));
    let named = Value::parse(b"{\"John Secret\": Q}").unwrap_err();
    assert_eq!(named.path(), "$.?");
    assert!(!format!("{error}{error:?}{named}{named:?}").contains("Secret"));
}

#[test]
fn paths_lead_to_the_place_whatever_stands_before_it() {
    for (text, path) in [
        (r#"[[1,2],[3,{"zz":1,"yy":{"id":[1]},"xx" 5}]]"#, "$[1][1].xx"),
        (r#"{"ours":{"a":1,"theirs":{"b":[{"c":1},{"d":Q}]}}}"#, "$.ours.theirs.b[1].d"),
        (r#"{"ours":{"_id":{"b":1},,}}"#, "$.ours"),
        (r#"{"id":"x","other":[{},{"a":1,"code":2,"a":3}]}"#, "$.other[1].a"),
        (r#"[{"id":"x","\u0069d":"y"}]"#, "$[0].id"),
        (r#"{"a":[1,2,"#, "$.a[2]"),
    ] {
        assert_eq!(Value::parse(text.as_bytes()).unwrap_err().path(), path, "{text}");
    }
}

#[test]
fn a_long_path_is_shown_by_its_ends() {
    let limits = Limits::default().with_max_depth(1_000);
    let nested = |levels: usize| {
        let text = format!("{}Q", r#"{"extension":[1,"#.repeat(levels));
        Value::parse_with(text.as_bytes(), &limits).unwrap_err().path().to_owned()
    };
    assert_eq!(nested(16), format!("${}", ".extension[1]".repeat(16)));
    assert_eq!(nested(17), format!("${0}…{0}", ".extension[1]".repeat(8)));
    assert_eq!(nested(499), nested(17));
    let long = format!("{{\"{}\":", "n".repeat(64)).repeat(1_000);
    assert!(Value::parse_with(long.as_bytes(), &limits).unwrap_err().path().len() < 2_200);
}

#[test]
fn the_deepest_that_may_be_read_is_read_written_compared_and_dropped() {
    let limits = Limits::default().with_max_depth(usize::MAX);
    let text = format!("{}{}", r#"[{"a":"#.repeat(500) + "1", "}]".repeat(500));
    let value = Value::parse_with(text.as_bytes(), &limits).unwrap();
    assert_eq!(value.to_json(), text);
    assert_eq!(value, Value::parse_with(text.as_bytes(), &limits).unwrap());
    assert!(Value::parse_with(format!("[{text}]").as_bytes(), &limits).is_err());
}

#[test]
fn sizes_are_as_documented() {
    assert_eq!((size_of::<Value>(), size_of::<(Name, Value)>()), (24, 40));
}

#[test]
fn strings_and_numbers_of_any_length_are_kept() {
    for length in 0..70 {
        let text = format!("[{:?},1{},{:?}]", "x".repeat(length), "0".repeat(length), "é".repeat(length));
        let value = Value::parse(text.as_bytes()).unwrap();
        assert_eq!(value.to_json(), text);
        assert_eq!(value.clone(), value);
    }
}

#[test]
fn escapes_are_read_and_the_needed_ones_written() {
    let value = Value::parse(br#""\u00e9\ud83d\ude00\/\"\\\n\u0001\b""#).unwrap();
    assert_eq!(value.as_str(), Some("é😀/\"\\\n\u{1}\u{8}"));
    assert_eq!(value.to_json(), "\"é😀/\\\"\\\\\\n\\u0001\\b\"");
}

#[test]
fn numbers_keep_their_text() {
    for text in ["0.50", "1E+2", "-0", "12345678901234567890.5", "1e-300"] {
        assert_eq!(Value::parse(text.as_bytes()).unwrap().to_json(), text);
    }
    assert_eq!(Value::integer(-5).as_i64(), Some(-5));
    assert_eq!(Value::number("1.0").and_then(|n| n.as_i64()), None);
}

#[test]
fn a_byte_order_mark_is_skipped() {
    assert_eq!(Value::parse(b"\xef\xbb\xbf[]").unwrap(), Value::array());
}

#[test]
fn equality_ignores_member_order_and_respects_number_text() {
    let parse = |text: &str| Value::parse(text.as_bytes()).unwrap();
    assert_eq!(parse(r#"{"a":1,"b":[{"c":2,"d":3}]}"#), parse(r#"{"b":[{"d":3,"c":2}],"a":1}"#));
    assert_ne!(parse("[0.50]"), parse("[0.5]"));
    assert_ne!(parse("[1,2]"), parse("[2,1]"));
    assert_ne!(parse(r#"{"a":1}"#), parse(r#"{"a":1,"b":1}"#));
}

#[test]
fn editing_keeps_places() {
    let mut value = Value::null();
    assert!(value.set("a", "1").is_none());
    assert!(value.set("b", true).is_none());
    assert_eq!(value.set("a", 2), Some(Value::string("1")));
    value.get_mut("b").unwrap().clone_from(&Value::array());
    value.get_mut("b").unwrap().push("x");
    assert_eq!(value.to_json(), r#"{"a":2,"b":["x"]}"#);
    assert_eq!(value.remove("a"), Some(Value::integer(2)));
    value.retain_members(|name, _| name != "b");
    assert!(value.is_empty());
    let mut text = Value::string("t");
    assert_eq!(text.set("a", 1), Some(Value::integer(1)));
    assert_eq!(text.as_str(), Some("t"));
}

#[test]
fn pretty_is_for_people() {
    let value = Value::parse(br#"{"a":[1,{}],"b":[]}"#).unwrap();
    assert_eq!(value.to_json_pretty(), "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": []\n}");
}

#[test]
fn debug_shows_no_content() {
    let value = Value::parse(br#"{"family":"Secret"}"#).unwrap();
    assert_eq!(format!("{value:?} {:?}", value.get("family")), "Object(1) Some(String)");
}
