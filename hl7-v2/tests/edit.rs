//! Edits: what is changed, what is not, and what is refused.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use carewire_hl7_v2::ack::{AckCode, AckError, AckOptions};
use carewire_hl7_v2::batch::{Batch, EnvelopeHeader};
use carewire_hl7_v2::build::{BuildError, MessageBuilder, SegmentBuilder};
use carewire_hl7_v2::edit::{EditError, EditOptions, Editor, NewSegment, Rewrite, Trailing};
use carewire_hl7_v2::{Charset, Location, Message, ParseOptions, PathError, Presence};
use proptest::prelude::*;

const HEADER: &str = "MSH|^~\\&|A|B\r";

fn parse(bytes: &[u8]) -> Message<'_> {
    Message::parse(bytes, &ParseOptions::default()).unwrap()
}

/// What becomes of a message with this behind its header.
fn edited(
    body: &str,
    options: EditOptions,
    edits: impl FnOnce(&mut Editor<'_>) -> Result<(), EditError>,
) -> Result<String, EditError> {
    let bytes = format!("{HEADER}{body}");
    let mut message = parse(bytes.as_bytes());
    let result = message.edit_with(options, edits);
    let written = std::str::from_utf8(message.to_bytes()).unwrap();
    let after = written.strip_prefix(HEADER).unwrap_or(written).to_owned();
    if result.is_err() {
        assert_eq!(after, body, "a message whose edit fails stays as it was");
    }
    result.map(|()| after)
}

fn keep(
    body: &str,
    edits: impl FnOnce(&mut Editor<'_>) -> Result<(), EditError>,
) -> Result<String, EditError> {
    edited(body, EditOptions::default(), edits)
}

fn trim(
    body: &str,
    edits: impl FnOnce(&mut Editor<'_>) -> Result<(), EditError>,
) -> Result<String, EditError> {
    edited(body, EditOptions::default().with_trailing(Trailing::Trim), edits)
}

fn at(path: &str) -> Location {
    path.parse().unwrap()
}

#[test]
fn set_writes_one_value_and_makes_what_is_missing() {
    for (body, path, text, after) in [
        ("PID|1\r", "PID-3", "5", "PID|1||5\r"),
        ("PID\r", "PID-3", "5", "PID|||5\r"),
        ("PID|\r", "PID-1", "5", "PID|5\r"),
        ("PID|1||5~6\r", "PID-3", "7", "PID|1||7~6\r"),
        ("PID|1||5~6\r", "PID-3[2]", "7", "PID|1||5~7\r"),
        ("PID|1||5~6\r", "PID-3[3]", "7", "PID|1||5~6~7\r"),
        ("PID|1||5\r", "PID-3[2].4.2", "ISO", "PID|1||5~^^^&ISO\r"),
        ("PID|1||5^x\r", "PID-3.4", "G|H", "PID|1||5^x^^G\\F\\H\r"),
        ("PID|1||a&b^c\r", "PID-3.1", "x", "PID|1||x^c\r"),
        ("PID|1||a&b^c\r", "PID-3.1.1", "x", "PID|1||x&b^c\r"),
        ("PID|1||a&b^c\r", "PID-3.2.2", "x", "PID|1||a&b^c&x\r"),
        ("PID|1||a&b^c~d\r", "PID-3", "x^y", "PID|1||x\\S\\y~d\r"),
        ("PID|1||a^b\r", "PID-3", "a^b", "PID|1||a^b\r"),
        ("PID|1||a\\.br\\b\r", "PID-3", "a\nb", "PID|1||a\\.br\\b\r"),
        ("PID|1||5\r", "PID-3", "", "PID|1||\r"),
        ("PID|1\r", "PID-9", "", "PID|1\r"),
        ("PID|1\r", "PV1-9", "", "PID|1\r"),
        ("PID|1||\"\"\r", "PID-3", "5", "PID|1||5\r"),
        ("PID|1||\"\"\r", "PID-3.1.1", "5", "PID|1||5\r"),
        ("PID|1||\"\"\r", "PID-3", "\"\"", "PID|1||\"\"\r"),
        ("PID|1\r", "PID-3", "a\r\n\x1c", "PID|1||a\\X0D\\\\X0A\\\\X1C\\\r"),
        ("pid|1\r", "PID-2", "x", "pid|1|x\r"),
        ("PID|1\r", "NTE-3", "x", "PID|1\rNTE|||x\r"),
        ("PID|1", "NTE-3", "x", "PID|1\rNTE|||x"),
        ("OBX|1\rNTE|1\r", "OBX(2)-1", "2", "OBX|1\rOBX|2\rNTE|1\r"),
        ("OBX|1|x~y\rOBX|2\rOBX|3|z\r", "OBX(*)-2", "s", "OBX|1|s~y\rOBX|2|s\rOBX|3|s\r"),
        ("OBX|1|x~y\rOBX|2\r", "OBX(*)-2[*]", "s", "OBX|1|s~s\rOBX|2\r"),
        ("OBX|1|x^1~y^2&3~\r", "OBX-2[*].2", "s", "OBX|1|x^s~y^s~^s\r"),
        ("PID|1\r", "PID-3[*]", "s", "PID|1\r"),
        ("PID|1\r", "OBX(*)-3", "s", "PID|1\r"),
    ] {
        assert_eq!(keep(body, |edit| edit.set(path, text)).as_deref(), Ok(after), "{body:?} {path} {text:?}");
    }
    let mut message = parse(b"MSH|^~\\&|A\r");
    message.set("MSH-4.2", "x").unwrap();
    assert_eq!(message.to_bytes(), b"MSH|^~\\&|A|^x\r");
}

#[test]
fn set_raw_and_null_write_a_field_as_a_whole() {
    assert_eq!(
        keep("PID|1||5~6|x\r", |edit| edit.set_raw("PID-3", "7^8&9~\\H\\")).as_deref(),
        Ok("PID|1||7^8&9~\\H\\|x\r")
    );
    assert_eq!(keep("PID|1||5~6\r", |edit| edit.set_raw("PID-3[2]", "7^8")).as_deref(), Ok("PID|1||5~7^8\r"));
    assert_eq!(keep("PID|1||5~6\r", |edit| edit.set_null("PID-3")).as_deref(), Ok("PID|1||\"\"\r"));
    assert_eq!(keep("PID|1||5~6\r", |edit| edit.set_null("PID-3[2]")).as_deref(), Ok("PID|1||5~\"\"\r"));
    assert_eq!(keep("PID|1||5~6\r", |edit| edit.set_null("PID-3.2")).as_deref(), Ok("PID|1||5^\"\"~6\r"));
    assert_eq!(keep("PID|1\r", |edit| edit.set_null("PID-3")).as_deref(), Ok("PID|1||\"\"\r"));
    assert_eq!(
        keep("NTE|1\rNTE|2\r", |edit| edit.set_raw("NTE(2)", "NTE|9|x")).as_deref(),
        Ok("NTE|1\rNTE|9|x\r")
    );
}

#[test]
fn clear_leaves_places_and_remove_closes_gaps() {
    for (body, path, cleared, removed) in [
        ("PID|1||a~b~c|x\r", "PID-3", "PID|1|||x\r", "PID|1|||x\r"),
        ("PID|1||a~b~c|x\r", "PID-3[*]", "PID|1||~~|x\r", "PID|1|||x\r"),
        ("PID|1||a~b~c|x\r", "PID-3[1]", "PID|1||~b~c|x\r", "PID|1||b~c|x\r"),
        ("PID|1||a~b~c|x\r", "PID-3[2]", "PID|1||a~~c|x\r", "PID|1||a~c|x\r"),
        ("PID|1||a~b~c|x\r", "PID-3[3]", "PID|1||a~b~|x\r", "PID|1||a~b|x\r"),
        ("PID|1||a~b~c|x\r", "PID-3[4]", "PID|1||a~b~c|x\r", "PID|1||a~b~c|x\r"),
        ("PID|1||a~b~c|x\r", "PID-3[9].2", "PID|1||a~b~c|x\r", "PID|1||a~b~c|x\r"),
        ("PID|1||a|x\r", "PID-3[1]", "PID|1|||x\r", "PID|1|||x\r"),
        ("PID|1||a^b&c^d\r", "PID-3.2", "PID|1||a^^d\r", "PID|1||a^^d\r"),
        ("PID|1||a^b&c^d\r", "PID-3.2.2", "PID|1||a^b&^d\r", "PID|1||a^b&^d\r"),
        ("PID|1||\"\"\r", "PID-3.2", "PID|1||\"\"\r", "PID|1||\"\"\r"),
        ("PID|1\r", "PID-300", "PID|1\r", "PID|1\r"),
        ("PID|1\r", "PID-3000", "PID|1\r", "PID|1\r"),
        ("PID|1\r", "PV1(9)-3", "PID|1\r", "PID|1\r"),
    ] {
        assert_eq!(keep(body, |edit| edit.clear(path)).as_deref(), Ok(cleared), "clear {path}");
        assert_eq!(keep(body, |edit| edit.remove(path)).as_deref(), Ok(removed), "remove {path}");
    }
}

#[test]
fn separators_that_nothing_follows_go_when_asked() {
    for (body, path, after) in [
        ("PID|1||a^b&c\r", "PID-3.2.2", "PID|1||a^b\r"),
        ("PID|1||a^b\r", "PID-3.2", "PID|1||a\r"),
        ("PID|1||^b\r", "PID-3.2", "PID|1\r"),
        ("PID|1||a~b|x\r", "PID-3[2]", "PID|1||a|x\r"),
        ("PID|1||a^~b^&\r", "PID-3[2]", "PID|1||a^\r"),
        ("PID|1||a|||\r", "PID-3", "PID|1\r"),
        ("PID|||a|||\r", "PID-3", "PID\r"),
        ("PID|1^^||a|||\r", "PID-3", "PID|1^^\r"),
        ("PID|1||a~b\r", "PID-3[*]", "PID|1\r"),
    ] {
        assert_eq!(trim(body, |edit| edit.remove(path)).as_deref(), Ok(after), "{body:?} {path}");
    }
    let mut message = parse(b"MSH|^~\\&|A||\r");
    message
        .edit_with(EditOptions::default().with_trailing(Trailing::Trim), |edit| edit.clear("MSH-3"))
        .unwrap();
    assert_eq!(message.to_bytes(), b"MSH|^~\\&\r");
}

#[test]
fn repetitions_are_added_behind_the_last() {
    for (body, path, place, after) in [
        ("PID|1\r", "PID-3", "PID-3[1]", "PID|1||x\r"),
        ("PID|1||a\r", "PID-3", "PID-3[2]", "PID|1||a~x\r"),
        ("PID|1||a~\r", "PID-3.2", "PID-3[3].2", "PID|1||a~~^x\r"),
        ("PID|1\r", "NTE-3", "NTE-3[1]", "PID|1\rNTE|||x\r"),
    ] {
        let mut added = None;
        let got = keep(body, |edit| {
            added = Some(edit.add_repetition(path, "x")?);
            Ok(())
        });
        assert_eq!(got.as_deref(), Ok(after), "{path}");
        assert_eq!(added, Some(at(place)));
    }
}

#[test]
fn segments_are_added_and_removed_with_one_line_end_each() {
    for (body, after) in [
        ("PID|1\rNTE|1\rOBX|1\r", "PID|1\rZA1|\rZA2\rOBX|1\rZA0|\rZA3\r"),
        ("PID|1\n\n NTE|1\nNTE|1\nOBX|1", "PID|1\n\n NTE|1\nZA1|\nZA2\nOBX|1\nZA0|\nZA3"),
        ("PID|1\r\nNTE|1\r\n\r\nOBX|1\r\n", "PID|1\r\nZA1|\r\nZA2\r\n\r\nOBX|1\r\nZA0|\r\nZA3\r\n"),
    ] {
        let line_end = if body.contains("\r\n") {
            "\r\n"
        } else if body.contains('\n') {
            "\n"
        } else {
            "\r"
        };
        let bytes = format!("MSH|^~\\&|A{line_end}{body}");
        let mut message = parse(bytes.as_bytes());
        message
            .edit(|edit| {
                edit.append("ZA0|")?;
                edit.insert_after("NTE", "ZA1|")?;
                edit.insert_after("ZA1", SegmentBuilder::new("ZA2"))?;
                edit.remove("NTE")?;
                edit.insert_after("ZA0", "ZA4")?;
                edit.insert_before("ZA4", "ZA3")?;
                edit.remove("ZA4")
            })
            .unwrap();
        let written = std::str::from_utf8(message.to_bytes()).unwrap();
        assert_eq!(written, format!("MSH|^~\\&|A{line_end}{after}"));
    }
    for (body, path, after) in [
        ("PID|1\rNTE|1\rNTE|2\r", "NTE(*)", "PID|1\r"),
        ("PID|1\rNTE|1\rNTE|2", "NTE(2)", "PID|1\rNTE|1\r"),
        ("NTE|1\r\rPID|1\r", "NTE", "\rPID|1\r"),
        ("PID|1\r", "NTE(3)", "PID|1\r"),
        ("PID|1\r\x1c\r", "PID", "\x1c\r"),
    ] {
        assert_eq!(keep(body, |edit| edit.remove(path)).as_deref(), Ok(after), "{body:?} {path}");
    }
    let before = keep("PID|1\rOBX|1\r", |edit| {
        edit.insert_before("OBX", "ZA1|")?;
        edit.insert_before("ZA1", "ZA2|")?;
        edit.insert_after("ZA1", "ZA3|")?;
        edit.insert_after("PID", "ZA4|")?;
        edit.remove("OBX")
    });
    assert_eq!(before.as_deref(), Ok("PID|1\rZA4|\rZA2|\rZA1|\rZA3|\r"));
}

#[test]
fn an_edit_sees_those_before_it() {
    let after = keep("OBX|1\rOBX|2\rOBX|3\r", |edit| {
        edit.remove("OBX(1)")?;
        edit.set("OBX(1)-2", "x")?;
        assert_eq!(edit.get("OBX(1)-1")?.as_deref(), Some("2"));
        edit.insert_after("OBX(1)", "OBX|9")?;
        assert_eq!(edit.get("OBX(2)-1")?.as_deref(), Some("9"));
        assert_eq!(edit.get("OBX(3)-1")?.as_deref(), Some("3"));
        assert_eq!(edit.get("OBX(4)-1")?, None);
        assert_eq!(edit.get("OBX-7.2")?, None);
        assert_eq!(edit.get("MSH-2")?.as_deref(), Some("^~\\&"));
        edit.rewrite(|leaf| if leaf.text() == "9" { Rewrite::Text("8".into()) } else { Rewrite::Keep })?;
        edit.set("OBX(2)-2", "y")?;
        edit.remove("OBX(3)")
    });
    assert_eq!(after.as_deref(), Ok("OBX|2|x\rOBX|8|y\r"));
}

#[test]
fn what_cannot_be_written_is_refused_and_nothing_is_changed() {
    type Edit = Box<dyn FnOnce(&mut Editor<'_>) -> Result<(), EditError>>;
    let set = |path: &'static str, text: &'static str| -> Edit { Box::new(move |edit| edit.set(path, text)) };
    let raw =
        |path: &'static str, text: &'static str| -> Edit { Box::new(move |edit| edit.set_raw(path, text)) };
    let body = "PID|1||5|\"\"^x|a^\"\"\rNTE|1\r";
    let cases: Vec<(Edit, EditError)> = vec![
        (set("PID-3[3]", "x"), EditError::BeyondNext { location: at("PID-3[3]"), next: 2 }),
        (set("PID-2[2]", "x"), EditError::BeyondNext { location: at("PID-2[2]"), next: 1 }),
        (set("PID-9[2].1", "x"), EditError::BeyondNext { location: at("PID-9[2].1"), next: 1 }),
        (set("NTE(3)-3", "x"), EditError::BeyondNext { location: at("NTE(3)-3"), next: 2 }),
        (set("ZZZ(2)-3", "x"), EditError::BeyondNext { location: at("ZZZ(2)-3"), next: 1 }),
        (set("PID-1001", "x"), EditError::Number { location: at("PID-1001") }),
        (set("PID-3.9999999", "x"), EditError::Number { location: at("PID-3.9999999") }),
        (set("PID-3.1.9999999", "x"), EditError::Number { location: at("PID-3.1.9999999") }),
        (set("PID-5.2.2", "x"), EditError::PartOfNull { location: at("PID-5.2.2") }),
        (set("MSH-1", "x"), EditError::Header { location: at("MSH-1") }),
        (set("MSH-2", "x"), EditError::Header { location: at("MSH-2") }),
        (set("MSH(2)-3", "x"), EditError::Header { location: at("MSH(2)-3") }),
        (set("BHS-3", "x"), EditError::Build(BuildError::Envelope { position: 1 })),
        (set("BTS-1", "x"), EditError::Build(BuildError::Envelope { position: 1 })),
        (Box::new(|edit| edit.append("FTS|1")), EditError::Build(BuildError::Envelope { position: 1 })),
        (
            Box::new(|edit| edit.append(SegmentBuilder::new("FHS"))),
            EditError::Build(BuildError::Envelope { position: 1 }),
        ),
        (set("PID", "x"), EditError::Path(PathError::NoField)),
        (set("NTE(9)", "x"), EditError::Path(PathError::NoField)),
        (set("PI-3", "x"), EditError::Path(PathError::SegmentId { position: 0 })),
        (set("PATIENT.PID-3", "x"), EditError::Path(PathError::Group)),
        (raw("PID-3", "a|b"), EditError::Raw { location: at("PID-3") }),
        (raw("PID-3", "a\rb"), EditError::Raw { location: at("PID-3") }),
        (raw("PID-3", "a\x1c"), EditError::Raw { location: at("PID-3") }),
        (raw("PID-3[1]", "a~b"), EditError::Raw { location: at("PID-3[1]") }),
        (raw("PID-3.1", "a^b"), EditError::Raw { location: at("PID-3.1") }),
        (raw("PID-3.1", "a~b"), EditError::Raw { location: at("PID-3.1") }),
        (raw("PID-3.1.1", "a&b"), EditError::Raw { location: at("PID-3.1.1") }),
        (raw("NTE", "PID|1"), EditError::Raw { location: at("NTE") }),
        (raw("NTE", "NTEx"), EditError::Raw { location: at("NTE") }),
        (raw("NTE", "NTE|a\rPID|1"), EditError::Raw { location: at("NTE") }),
        (raw("NTE(2)", "NTE|1"), EditError::NoSegment { location: at("NTE(1)") }),
        (raw("MSH", "MSH|^~\\&"), EditError::Header { location: at("MSH") }),
        (Box::new(|edit| edit.remove("MSH")), EditError::Header { location: at("MSH") }),
        (Box::new(|edit| edit.clear("MSH-2")), EditError::Header { location: at("MSH-2") }),
        (Box::new(|edit| edit.clear("PID")), EditError::Path(PathError::NoField)),
        (
            Box::new(|edit| edit.add_repetition("PID-3[1]", "x").map(drop)),
            EditError::Path(PathError::Repetition),
        ),
        (Box::new(|edit| edit.add_repetition("PID", "x").map(drop)), EditError::Path(PathError::NoField)),
        (Box::new(|edit| edit.get("OBX(*)-3").map(drop)), EditError::Path(PathError::Every)),
        (Box::new(|edit| edit.insert_before("MSH", "NTE")), EditError::Header { location: at("MSH") }),
        (Box::new(|edit| edit.insert_after("OBX", "NTE")), EditError::NoSegment { location: at("OBX") }),
        (Box::new(|edit| edit.append("MSH|^~\\&|")), EditError::Header { location: at("MSH") }),
        (Box::new(|edit| edit.append("NT|1")), EditError::Segment),
        (Box::new(|edit| edit.append("NTEx1")), EditError::Segment),
        (Box::new(|edit| edit.append("NTE|1\rNTE|2")), EditError::Segment),
        (Box::new(|edit| edit.append("")), EditError::Segment),
        (
            Box::new(|edit| edit.append(SegmentBuilder::new("N"))),
            EditError::Build(BuildError::SegmentId { position: 1 }),
        ),
    ];
    for (edit, error) in cases {
        let shown = error.to_string();
        assert_eq!(keep(body, edit), Err(error), "{shown}");
    }
    let null = keep("PID|1||\"\"\r", |edit| edit.add_repetition("PID-3", "x").map(drop));
    assert_eq!(null, Err(EditError::PartOfNull { location: at("PID-3[2]") }));
}

#[test]
fn what_the_message_does_not_declare_is_not_used() {
    let refused = |header: &'static str, path: &str, text: &str| {
        let bytes = format!("{header}|A\rPID|1||a\r");
        parse(bytes.as_bytes()).set(path, text).err()
    };
    assert_eq!(
        refused("MSH|^~\\", "PID-3.1.2", "x"),
        Some(EditError::NoSeparator { location: at("PID-3.1.2") })
    );
    assert_eq!(refused("MSH|^~\\", "PID-3.1.1", "x"), None);
    assert_eq!(refused("MSH|^", "PID-3[2]", "x"), Some(EditError::NoSeparator { location: at("PID-3[2]") }));
    assert_eq!(
        refused("MSH|^~", "PID-3", "a|b"),
        Some(EditError::NoEscapeCharacter { location: at("PID-3") })
    );
    assert_eq!(
        refused("MSH|^~", "PID-3", "a\nb"),
        Some(EditError::NoEscapeCharacter { location: at("PID-3") })
    );
    assert_eq!(refused("MSH|^~", "PID-3", "a&b"), None);
    let mut custom = parse(b"MSH#*%!@#A\rPID#1##a\r");
    custom.set("PID-3[2].1.2", "a#b*c%d!e@f").unwrap();
    assert_eq!(custom.to_bytes(), b"MSH#*%!@#A\rPID#1##a%@a!F!b!S!c!R!d!E!e!T!f\r");
    let mut truncation = parse(b"MSH|^~\\&#|A\rPID|1||a\r");
    truncation.set("PID-3", "a#b").unwrap();
    assert_eq!(truncation.to_bytes(), b"MSH|^~\\&#|A\rPID|1||a\\P\\b\r");
}

#[test]
fn segments_are_written_in_the_character_set_of_the_message() {
    let latin = b"MSH|^~\\&|\xC9|||||||||||||||8859/1\rPID|1||\xE9|\x80\rNTE|1|\xFC\r";
    let mut message = parse(latin);
    message.set("PID-2", "ß").unwrap();
    assert_eq!(
        message.to_bytes(),
        b"MSH|^~\\&|\xC9|||||||||||||||8859/1\rPID|1|\xDF|\xE9|\x80\rNTE|1|\xFC\r"
    );
    assert_eq!(message.get("NTE-2").unwrap().as_deref(), Some("ü"));
    assert_eq!(message.set("PID-2", "東"), Err(EditError::Charset { location: at("PID-2") }));
    assert_eq!(message.edit(|edit| edit.append("NTE|東")), Err(EditError::Charset { location: at("NTE") }));
    assert_eq!(message.set("MSH-18", "UNICODE UTF-8"), Err(EditError::CharsetChange));
    message.set("MSH-19", "de").unwrap();

    let broken = b"MSH|^~\\&|A\rPID|1||\xE9\rNTE|1||\xFF\rNTE|2\r";
    let mut message = parse(broken);
    assert_eq!(message.set("PID-2", "x"), Err(EditError::Undecodable { location: at("PID-2") }));
    assert_eq!(
        message.edit(|edit| edit.rewrite(|_| Rewrite::Clear)),
        Err(EditError::Undecodable { location: at("PID") })
    );
    message.set("NTE(2)-3", "é").unwrap();
    assert_eq!(message.to_bytes(), b"MSH|^~\\&|A\rPID|1||\xE9\rNTE|1||\xFF\rNTE|2||\xC3\xA9\r");
    message.remove("PID").unwrap();
    assert_eq!(message.to_bytes(), b"MSH|^~\\&|A\rNTE|1||\xFF\rNTE|2||\xC3\xA9\r");

    let mut ascii = parse(b"MSH|^~\\&|A|||||||||||||||ASCII\rPID|1\r");
    assert_eq!(ascii.set("PID-2", "é"), Err(EditError::Charset { location: at("PID-2") }));
    ascii.set("MSH-18", "UNICODE UTF-8").unwrap();
    ascii.set("PID-2", "é").unwrap();
    assert_eq!(ascii.charset(), Charset::Utf8);

    let japanese = b"MSH|^~\\&|A|||||||||||||||~ISO IR87\rPID|1|\x1B$B;3\x1B(B|x\r";
    let mut message = parse(japanese);
    message.set("PID-3", "山").unwrap();
    assert_eq!(
        message.to_bytes(),
        b"MSH|^~\\&|A|||||||||||||||~ISO IR87\rPID|1|\x1B$B;3\x1B(B|\x1B$B;3\x1B(B\r"
    );

    let bytes = b"MSH|^~\\&|A|||||||||||||||UNICODE UTF-8\rPID|1||\xE9\r";
    let mut overridden =
        Message::parse(bytes, &ParseOptions::default().with_charset(Charset::Iso8859_1)).unwrap();
    overridden.set("PID-2", "é").unwrap();
    assert_eq!(overridden.to_bytes(), b"MSH|^~\\&|A|||||||||||||||UNICODE UTF-8\rPID|1|\xE9|\xE9\r");
    assert_eq!(overridden.charset(), Charset::Iso8859_1);
}

#[test]
fn a_character_set_that_the_message_is_not_in_is_refused() {
    let header = "MSH|^~\\&|A|||||||||||||||";
    for (declared, text) in [("", "x"), ("", "é"), ("UNICODE UTF-8", "é"), ("ASCII", "x")] {
        let bytes = format!("{header}{declared}\rPID|1|{text}\r");
        for false_now in ["UNICODE UTF-16", "ISO IR0", "UNICODE UTF-8~UNICODE UTF-32"] {
            let mut message = parse(bytes.as_bytes());
            let refused = message.set_raw("MSH-18", false_now);
            assert_eq!(refused, Err(EditError::CharsetChange), "{declared} to {false_now}");
            assert_eq!(message.to_bytes(), bytes.as_bytes());
        }
    }
    // What was wrong before stays as it is, and can be put right.
    let bytes = format!("{header}UNICODE UTF-16\rPID|1|é\r");
    let mut message = parse(bytes.as_bytes());
    message.set("PID-2", "ü").unwrap();
    message.set("MSH-18", "UNICODE UTF-8").unwrap();
    assert_eq!(message.diagnostics(), []);
}

#[test]
fn findings_spans_and_occurrences_are_those_of_the_new_bytes() {
    let mut message = parse(b"\xEF\xBB\xBFMSH|^~\\&|A\rNTE|1\r\rNTE|2\rzz\rNTE|3\r");
    message.edit(|edit| edit.remove("NTE(1)")).unwrap();
    message.set("NTE(1)-2", "xyz").unwrap();
    let read = message.to_bytes().to_vec();
    let fresh = parse(&read);
    assert_eq!(message.diagnostics(), fresh.diagnostics());
    let places = |message: &Message<'_>| {
        message.segments().map(|segment| (segment.span(), segment.location())).collect::<Vec<_>>()
    };
    assert_eq!(places(&message), places(&fresh));
    assert_eq!(read, b"\xEF\xBB\xBFMSH|^~\\&|A\r\rNTE|2|xyz\rzz\rNTE|3\r");
}

#[test]
fn all_values_are_rewritten_in_one_pass() {
    let upper = |edit: &mut Editor<'_>| edit.rewrite(|leaf| Rewrite::Text(leaf.text().to_uppercase()));
    assert_eq!(
        keep("PID|a&b^c~\"\"|d\\.br\\e||f\rmore text|x\r", upper).as_deref(),
        Ok("PID|A&B^C~\"\"|D\\X0A\\E||F\rMORE TEXT|X\r")
    );
    let blank = keep("more text|x\r", |edit| {
        edit.rewrite(|leaf| if leaf.field() == 0 { Rewrite::Clear } else { Rewrite::Keep })
    });
    assert_eq!(blank.as_deref(), Ok("|x\r"));
    let named = keep("more text|x\r", |edit| {
        edit.rewrite(|leaf| if leaf.field() == 0 { Rewrite::Text("PID".into()) } else { Rewrite::Keep })
    });
    assert_eq!(named, Err(EditError::UnnamedLine { index: 1 }));
    let null = keep("PID|a\r", |edit| edit.rewrite(|_| Rewrite::Null));
    assert_eq!(null.as_deref(), Ok("MSH|^~\\&|\"\"|\"\"\rPID|\"\"\r"));
    let quotes = keep("PID|a|\"\"\r", |edit| edit.rewrite(|_| Rewrite::Text("\"\"".into())));
    assert_eq!(quotes.as_deref(), Ok("MSH|^~\\&|\\X22\\\"|\\X22\\\"\rPID|\\X22\\\"|\"\"\r"));
    let header = keep(" MSX|x\r", |edit| {
        edit.rewrite(|leaf| match leaf.field() {
            0 => Rewrite::Text(" MSH".into()),
            _ => Rewrite::Keep,
        })
    });
    assert_eq!(header, Err(EditError::UnnamedLine { index: 1 }));
}

#[test]
fn two_quotes_are_set_as_a_text_and_a_null_stays_one() {
    let quotes = keep("PID|1||5\r", |edit| edit.set("PID-3", "\"\""));
    assert_eq!(quotes.as_deref(), Ok("PID|1||\\X22\\\"\r"));
    let mut message = parse(b"MSH|^~\\&|A\rPID|1||5|\"\"\r");
    message.set("PID-3", "\"\"").unwrap();
    message.set("PID-4", "\"\"").unwrap();
    assert_eq!(message.to_bytes(), b"MSH|^~\\&|A\rPID|1||\\X22\\\"|\"\"\r");
    assert_eq!(message.get("PID-3").unwrap().as_deref(), Some("\"\""));
}

#[test]
fn many_edits_of_a_large_message_are_linear() {
    let rows: String = (0..40_000).map(|n| format!("OBX|{n}|NM|x||7.1\r")).collect();
    let bytes = format!("{HEADER}PID|1||{}\r{rows}", "5~".repeat(200_000));
    let mut message = parse(bytes.as_bytes());
    message
        .edit(|edit| {
            for n in 1..=40_000 {
                let place = Location::of_segment(message_id("OBX"), n).at_field(5);
                edit.set(place, "8")?;
                edit.insert_after(place, "NTE|1")?;
            }
            edit.set("OBX(*)-3", "y")?;
            edit.set("PID-3[*]", "6")
        })
        .unwrap();
    assert_eq!(message.segments().len(), 80_002);
    message.edit(|edit| edit.rewrite(|_| Rewrite::Clear)).unwrap();
    assert_eq!(message.leaves().count(), 2);
    message.edit(|edit| edit.remove("OBX(*)")).unwrap();
    assert_eq!(message.segments().len(), 40_002);
}

#[test]
fn segments_of_a_large_message_come_and_go_one_by_one() {
    let count = 100_000;
    let bytes = format!("{HEADER}{}", "OBR|1\r".repeat(count));
    let some = 20_000;
    let mut message = parse(bytes.as_bytes());
    message
        .edit(|edit| {
            for n in 0..some {
                edit.remove("OBR(1)")?;
                edit.remove(at(&format!("OBR({})", count - 2 * n - 1)))?;
                edit.append("ZZZ|1")?;
            }
            for n in 0..some {
                edit.insert_before("OBR(1)", "OBR|2")?;
                edit.insert_before(at(&format!("OBR({})", n + 2)), "NTE|1")?;
                edit.set(at(&format!("NTE({})-3", n + 1)), "x")?;
            }
            Ok(())
        })
        .unwrap();
    let named =
        |name: &str| message.segments().filter(|segment| segment.id() == Some(message_id(name))).count();
    assert_eq!([named("OBR"), named("NTE"), named("ZZZ")], [count - some, some, some]);
    assert_eq!(message.get_all("NTE(*)-3").unwrap().count(), some);

    let mut message = parse(bytes.as_bytes());
    message
        .edit(|edit| {
            edit.remove("OBR(*)")?;
            (0..some).try_for_each(|_| edit.append("ZZZ|1"))
        })
        .unwrap();
    assert_eq!(message.segments().len(), some + 1);
}

#[test]
fn all_repetitions_of_a_long_field_are_edited_at_once() {
    let count = 100_000;
    let bytes = format!("{HEADER}PID|1||{}\r", vec!["5"; count].join("~"));
    let mut message = parse(bytes.as_bytes());
    message
        .edit(|edit| {
            edit.set("PID-3[*].4.1", "GEN")?;
            edit.set("PID-3[*].1", "6")?;
            edit.set_null("PID-3[*].5")?;
            edit.clear("PID-3[*].1")
        })
        .unwrap();
    let expected = format!("{HEADER}PID|1||{}\r", vec!["^^^GEN^\"\""; count].join("~"));
    assert!(message.to_bytes() == expected.as_bytes());
    message.edit(|edit| edit.remove("PID-3[*]")).unwrap();
    assert_eq!(message.to_bytes(), format!("{HEADER}PID|1||\r").as_bytes());
}

#[test]
fn a_message_of_more_segments_than_is_usual_is_edited() {
    let bytes = format!("{HEADER}{}", "NTE\r".repeat(1_100_000));
    let mut message =
        Message::parse(bytes.as_bytes(), &ParseOptions::default().with_max_segments(2_000_000)).unwrap();
    message.remove("NTE(1)").unwrap();
    assert_eq!(message.segments().len(), 1_100_000);
}

#[test]
fn what_is_to_be_written_is_not_in_debug_output() {
    let canary = "CANARY";
    let mut error = AckError::application_internal();
    error.diagnostic = Some(canary.into());
    let options = AckOptions::new(AckCode::AE, canary).with_errors([error]);
    let built = SegmentBuilder::new("NTE").field(1, canary).raw(2, canary);
    let envelope = EnvelopeHeader::new().comment(canary).sending_facility(canary);
    let bytes = format!("{HEADER}PID|1||{canary}\r");
    let mut message = parse(bytes.as_bytes());
    let values = format!("{:?}", message.get_all("PID-3").unwrap());
    let leaves: Vec<_> = message.leaves().map(|leaf| format!("{leaf:?}")).collect();
    let editor = message.edit(|edit| {
        edit.set("PID-4", canary)?;
        Ok(format!("{edit:?}"))
    });
    for shown in [
        format!("{:?}", Rewrite::Text(canary.to_owned())),
        format!("{options:?}"),
        format!("{built:?} {:?}", MessageBuilder::new(built.clone())),
        format!(
            "{:?} {:?}",
            NewSegment::from(built.clone()),
            NewSegment::from(format!("NTE|{canary}").as_str())
        ),
        format!("{envelope:?}"),
        format!("{:?} {:?}", Batch::split(&bytes.clone().into_bytes()), message),
        format!("{values} {leaves:?} {}", editor.unwrap()),
    ] {
        assert!(!shown.contains(canary), "{shown}");
    }
}

fn message_id(name: &str) -> carewire_hl7_v2::SegmentId {
    carewire_hl7_v2::SegmentId::parse(name).unwrap()
}

/// The leaves of a message that are not below a place.
fn others(message: &Message<'_>, place: Location) -> Vec<(Option<Location>, String)> {
    let below = |leaf: &Location| {
        leaf.segment() == place.segment()
            && leaf.occurrence() == place.occurrence()
            && leaf.field() == place.field()
            && leaf.repetition() == Some(place.repetition().unwrap_or(1))
            && place.component().is_none_or(|component| leaf.component() == Some(component))
            && place.subcomponent().is_none_or(|part| leaf.subcomponent() == Some(part))
    };
    let leaves = message.leaves().filter(|leaf| !leaf.location().is_some_and(|place| below(&place)));
    leaves.map(|leaf| (leaf.location(), leaf.raw().to_owned())).collect()
}

/// Sets, reads, clears and removes one place of a message.
fn check_place(bytes: &[u8], place: Location, text: &str) {
    let message = parse(bytes);
    let before = others(&message, place);
    let mut set = message.clone();
    match set.set(place, text) {
        Ok(()) => {
            let got = set.at(&place);
            assert_eq!(got.as_deref().unwrap_or_default(), text, "{place} after it was set");
            assert_eq!(others(&set, place), before, "{place} changed another place");
            let bytes = set.to_bytes().to_vec();
            set.set(place, text).unwrap();
            assert_eq!(set.to_bytes(), bytes, "what is there is written again");
        }
        Err(_) => assert_eq!(set.to_bytes(), bytes),
    }
    let mut cleared = message.clone();
    if cleared.clear(place).is_ok() {
        assert_eq!(cleared.presence(place), Ok(Presence::Absent));
        let whole = place.repetition().is_none() && place.component().is_none();
        if !whole {
            assert_eq!(others(&cleared, place), before, "{place} changed another place when cleared");
        }
    }
    let mut removed = message.clone();
    let trim = EditOptions::default().with_trailing(Trailing::Trim);
    if place.repetition().is_none() && removed.edit_with(trim, |edit| edit.remove(place)).is_ok() {
        assert_eq!(removed.at(&place), None);
    }
}

/// Writes every value of a message over itself, and other values.
fn check_leaves(bytes: &[u8]) {
    let Ok(message) = Message::parse(bytes, &ParseOptions::default()) else { return };
    let places: Vec<_> =
        message.leaves().filter_map(|leaf| Some((leaf.location()?, leaf.text().into_owned()))).collect();
    let declares = |place: &Location| {
        place.field().is_some_and(|field| field <= 2)
            && ["MSH", "BHS", "FHS"].contains(&place.segment().as_str())
    };
    let mut same = message.clone();
    same.edit(|edit| {
        for (place, text) in places.iter().filter(|(place, _)| !declares(place)) {
            match edit.set(*place, text) {
                Err(EditError::Undecodable { .. }) => {}
                other => other?,
            }
        }
        edit.rewrite(|leaf| Rewrite::Text(leaf.text().into_owned())).or_else(|error| match error {
            EditError::Undecodable { .. } | EditError::UnnamedLine { .. } => Ok(()),
            other => Err(other),
        })
    })
    .unwrap();
    assert_eq!(same.to_bytes(), bytes);
    let every = places.len().div_ceil(12).max(1);
    for (place, _) in places.iter().step_by(every) {
        check_place(bytes, *place, "x^y|é\\");
    }
}

proptest! {
    #[test]
    fn a_place_that_is_set_reads_so_and_no_other_changes(
        body in r"(PID\|[a-c|^~&\\\x22é]{0,24}[\r\n]{1,2}){0,3}(OBX\|[a-c|^~&\x22]{0,16}\r)?( x\||\xE9)?",
        header in prop::sample::select(vec![r"MSH|^~\&|A", "MSH|^~|A", r"MSH|^~\&#|A", r"MSH|^~\&|A|||||||||||||||8859/1"]),
        path in r"(PID|OBX)(\([1-3]\))?-[1-5](\[[1-3]\])?(\.[1-3](\.[1-3])?)?",
        text in r"([a-d|^~&\\\x22é#東]|\n){0,5}",
    ) {
        let bytes = format!("{header}\r{body}");
        check_place(bytes.as_bytes(), at(&path), "\"\"");
        check_place(bytes.as_bytes(), at(&path), &text);
        check_leaves(bytes.as_bytes());
    }

    #[test]
    fn one_edit_of_many_is_many_edits(
        body in r"(PID\|[a-c|^~&]{0,12}\r){0,2}(OBX\|[a-c|^~&]{0,8}(\r|\r\r)){0,3}",
        edits in prop::collection::vec((0..7_usize, r"(PID|OBX|NTE)(\(([1-4]|\*)\))?", r"-[1-4](\[([1-2]|\*)\])?(\.[1-2])?", "[a-c&|]{0,3}"), 0..12),
        trims in any::<bool>(),
    ) {
        let options = EditOptions::default().with_trailing(if trims { Trailing::Trim } else { Trailing::Keep });
        let apply = |edit: &mut Editor<'_>, (kind, segment, rest, text): &(usize, String, String, String)| {
            let path = &format!("{segment}{rest}");
            let result = match kind {
                0 => edit.set(path, text),
                1 => edit.set_null(path),
                2 => edit.clear(path),
                3 => edit.remove(path),
                4 => edit.remove(segment),
                5 => edit.insert_after(segment, "NTE|x"),
                _ => edit.insert_before(segment, "OBX|y"),
            };
            result.is_ok()
        };
        let bytes = format!("{HEADER}{body}");
        let (mut once, mut many) = (parse(bytes.as_bytes()), parse(bytes.as_bytes()));
        let at_once: Vec<bool> = once.edit_with(options, |edit| Ok(edits.iter().map(|one| apply(edit, one)).collect())).unwrap();
        let one_by_one: Vec<bool> =
            edits.iter().map(|one| many.edit_with(options, |edit| Ok(apply(edit, one))).unwrap()).collect();
        prop_assert_eq!(at_once, one_by_one);
        prop_assert_eq!(once.to_bytes(), many.to_bytes());
        let bytes = once.to_bytes().to_vec();
        let fresh = parse(&bytes);
        prop_assert_eq!(fresh.diagnostics(), once.diagnostics());
    }

    #[test]
    fn any_path_and_bytes_are_edited_or_refused(
        bytes in prop::collection::vec(any::<u8>(), 0..60),
        path in r"[A-Z0-9()\[\]*.-]{0,12}",
        text in any::<String>(),
    ) {
        let bytes = [b"MSH|^~\\&|A\rPID|1||", &bytes[..]].concat();
        let mut message = parse(&bytes);
        for path in [path.clone(), format!("PID{path}"), format!("PID-3{path}")] {
            let _ = message.set(path.as_str(), &text);
            let _ = message.set_raw(path.as_str(), &text);
            let _ = message.add_repetition(path.as_str(), &text);
            let _ = message.remove(path.as_str());
            let _ = message.edit(|edit| edit.insert_after(path.as_str(), text.as_str()));
        }
    }
}

#[test]
fn values_of_the_corpus_are_set_without_changing_others() {
    let Some(files) = support::corpus() else { return };
    files.for_each(|(_, bytes)| check_leaves(&bytes));
}
