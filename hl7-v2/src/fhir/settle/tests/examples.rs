//! Each rule by one example.

use carewire_fhir_core::Resource;

use super::super::{Absence, Null, SettlePolicy, Settled, settle, strip};
use super::{Message, settled};
use crate::fhir::Change;

/// A message at a minute of one hour.
fn at(minute: u8, json: &str) -> Message {
    let change = Change::new(format!("{minute:02}")).with_time(format!("2026-03-01T08:{minute:02}:00Z"));
    Message { resource: Resource::parse(json.as_bytes()).unwrap(), change }
}

impl Message {
    fn clearing(mut self, cleared: &[&'static str]) -> Self {
        self.change.cleared = cleared.to_vec();
        self
    }

    fn owning(mut self, owned: &'static [&'static str]) -> Self {
        self.change.owned = owned;
        self
    }

    fn untimed(mut self) -> Self {
        self.change.time = None;
        self
    }
}

/// What the resource says, without its stamps.
fn said(messages: &[Message], policy: &SettlePolicy) -> String {
    let mut resource = settled(messages, policy);
    strip(&mut resource);
    resource.to_json()
}

fn kept(messages: &[Message]) -> String {
    said(messages, &SettlePolicy::default())
}

#[test]
fn the_stamps_are_one_extension() {
    let messages = [
        at(
            2,
            r#"{"resourceType":"Patient","gender":"male","birthDate":"1970","identifier":[{"value":"7"}]}"#,
        ),
        at(
            1,
            r#"{"resourceType":"Patient","gender":"female","telecom":[{"value":"5"}],"identifier":[{"value":"8"}]}"#,
        ),
        at(3, r#"{"resourceType":"Patient"}"#).clearing(&["deceasedBoolean"]),
    ];
    let known = settled(&messages, &SettlePolicy::default());
    assert_eq!(
        known.to_json(),
        concat!(
            r#"{"resourceType":"Patient","meta":{"extension":[{"url":"urn:carewire:settled","valueString":""#,
            "0/2026-03-01T08:02:00/02;identifier[1],telecom@0/2026-03-01T08:01:00/01;-deceased@0/2026-03-01T08:03:00/03",
            r#""}]},"identifier":[{"value":"7"},{"value":"8"}],"birthDate":"1970","gender":"male","telecom":[{"value":"5"}]}"#
        )
    );
}

#[test]
fn an_older_message_fills_what_nobody_newer_has_spoken_of() {
    let newer = at(5, r#"{"resourceType":"Patient","gender":"male"}"#).clearing(&["maritalStatus"]);
    let older = at(
        1,
        r#"{"resourceType":"Patient","gender":"female","birthDate":"1970","maritalStatus":{"text":"m"}}"#,
    );
    let both = r#"{"resourceType":"Patient","birthDate":"1970","gender":"male"}"#;
    assert_eq!(kept(&[newer, older]), both);
}

#[test]
fn a_snapshot_clears_what_it_could_have_said() {
    let full =
        at(1, r#"{"resourceType":"Patient","gender":"male","birthDate":"1970","photo":[{"title":"p"}]}"#);
    let less =
        at(2, r#"{"resourceType":"Patient","gender":"male"}"#).owning(&["gender", "birthDate", "identifier"]);
    let messages = [full, less];
    let snapshot = SettlePolicy::default().with_absence(Absence::Snapshot);
    assert_eq!(
        said(&messages, &snapshot),
        r#"{"resourceType":"Patient","gender":"male","photo":[{"title":"p"}]}"#
    );
    assert!(kept(&messages).contains("birthDate"));
    let only_visits = SettlePolicy::default().with_absence_of("Encounter", Absence::Snapshot);
    assert!(said(&messages, &only_visits).contains("birthDate"));
}

#[test]
fn a_null_can_be_ignored() {
    let messages = [
        at(1, r#"{"resourceType":"Patient","birthDate":"1970"}"#),
        at(2, r#"{"resourceType":"Patient"}"#).clearing(&["birthDate"]).owning(&["birthDate"]),
    ];
    assert_eq!(kept(&messages), r#"{"resourceType":"Patient"}"#);
    let ignoring = SettlePolicy::default().with_null(Null::Ignore);
    assert!(said(&messages, &ignoring).contains("1970"));
    let silent = ignoring.with_absence(Absence::Snapshot);
    assert!(said(&messages, &silent).contains("1970"), "a null that is ignored is not silence");
}

#[test]
fn an_element_has_one_type() {
    let messages = [
        at(1, r#"{"resourceType":"Patient","deceasedBoolean":true,"_deceasedBoolean":{"id":"x"}}"#),
        at(2, r#"{"resourceType":"Patient","deceasedDateTime":"2026"}"#),
    ];
    assert_eq!(kept(&messages), r#"{"resourceType":"Patient","deceasedDateTime":"2026"}"#);
}

#[test]
fn a_value_is_not_read_with_an_old_interpretation() {
    let result = |minute, status: &str, rest: &str| {
        at(minute, &format!(r#"{{"resourceType":"Observation","status":"{status}"{rest}}}"#))
    };
    let messages = [
        result(
            1,
            "preliminary",
            r#","interpretation":[{"text":"H"}],"valueString":"9","method":{"text":"m"}"#,
        ),
        result(2, "final", r#","valueString":"5""#),
    ];
    let known = r#"{"resourceType":"Observation","status":"final","method":{"text":"m"},"valueString":"5"}"#;
    assert_eq!(kept(&messages), known);
    // OBX-11 `U` makes a preliminary result final without saying it again.
    let messages = [messages[0].clone(), result(2, "final", "")];
    assert!(kept(&messages).contains(r#""valueString":"9""#));
}

#[test]
fn a_late_preliminary_result_does_not_undo_a_final_one() {
    let messages = [
        at(1, r#"{"resourceType":"Observation","status":"corrected","valueString":"5"}"#),
        at(2, r#"{"resourceType":"Observation","status":"final","valueString":"9"}"#),
        at(3, r#"{"resourceType":"Observation","status":"preliminary","valueString":"?"}"#),
    ];
    assert_eq!(kept(&messages), r#"{"resourceType":"Observation","status":"corrected","valueString":"5"}"#);
}

#[test]
fn an_order_that_has_ended_does_not_begin_again() {
    let messages = [
        at(1, r#"{"resourceType":"ServiceRequest","status":"completed","priority":"stat"}"#),
        at(2, r#"{"resourceType":"ServiceRequest","status":"active","priority":"routine"}"#),
    ];
    assert_eq!(
        kept(&messages),
        r#"{"resourceType":"ServiceRequest","status":"completed","priority":"routine"}"#
    );
}

#[test]
fn a_discharge_can_be_cancelled() {
    let messages = [
        at(1, r#"{"resourceType":"Encounter","status":"finished","period":{"start":"2026","end":"2026"}}"#),
        at(2, r#"{"resourceType":"Encounter","status":"in-progress","period":{"start":"2026"}}"#),
    ];
    let known = r#"{"resourceType":"Encounter","status":"in-progress","period":{"start":"2026"}}"#;
    assert_eq!(kept(&messages), known);
}

#[test]
fn one_member_is_nulled_and_the_others_stay() {
    let discharged =
        at(1, r#"{"resourceType":"Encounter","status":"finished","period":{"start":"2026","end":"2026"}}"#);
    let reopened = at(2, r#"{"resourceType":"Encounter","status":"in-progress"}"#).clearing(&["period.end"]);
    let known = r#"{"resourceType":"Encounter","status":"in-progress","period":{"start":"2026"}}"#;
    assert_eq!(kept(&[discharged.clone(), reopened.clone()]), known);
    assert_eq!(kept(&[reopened.clone(), discharged.clone()]), known);
    let again =
        at(3, r#"{"resourceType":"Encounter","status":"finished","period":{"start":"2026","end":"2027"}}"#);
    assert!(kept(&[again, discharged, reopened]).contains(r#""end":"2027""#));
}

#[test]
fn only_an_unlink_ends_a_merge() {
    let into = |other: &str| format!(r#"{{"other":{{"reference":"Patient/{other}"}},"type":"replaced-by"}}"#);
    let merge = at(2, &format!(r#"{{"resourceType":"Patient","active":false,"link":[{}]}}"#, into("b")));
    let update =
        at(3, r#"{"resourceType":"Patient","active":true,"gender":"male"}"#).owning(&["active", "link"]);
    let unlink = at(4, r#"{"resourceType":"Patient"}"#).clearing(&["link"]);
    let again = at(5, &format!(r#"{{"resourceType":"Patient","active":false,"link":[{}]}}"#, into("c")));
    for absence in [Absence::Keep, Absence::Snapshot] {
        let policy = SettlePolicy::default().with_absence(absence).with_null(Null::Ignore);
        let merged = said(&[update.clone(), merge.clone()], &policy);
        assert!(merged.contains(r#""active":false"#) && merged.contains("Patient/b"), "{merged}");
        let unlinked = said(&[unlink.clone(), merge.clone(), update.clone()], &policy);
        assert_eq!(unlinked, r#"{"resourceType":"Patient","gender":"male"}"#);
        let merged = said(&[again.clone(), unlink.clone(), merge.clone()], &policy);
        assert!(merged.contains("Patient/c") && !merged.contains("Patient/b"), "{merged}");
    }
}

#[test]
fn the_latest_word_on_an_identifier_stands() {
    let messages = [
        at(
            1,
            r#"{"resourceType":"Patient","identifier":[{"system":"s","value":"1"},{"system":"s","value":"2"}]}"#,
        ),
        at(2, r#"{"resourceType":"Patient","identifier":[{"use":"old","system":"s","value":"1"}]}"#),
        at(3, r#"{"resourceType":"Patient"}"#).clearing(&["identifier"]),
    ];
    let list = r#"[{"use":"old","system":"s","value":"1"},{"system":"s","value":"2"}]"#;
    assert_eq!(kept(&messages), format!(r#"{{"resourceType":"Patient","identifier":{list}}}"#));
}

#[test]
fn one_extension_is_nulled_and_the_others_stay() {
    let messages = [
        at(
            1,
            r#"{"resourceType":"Patient","extension":[{"url":"urn:a","valueString":"1"},{"url":"urn:b","valueString":"2"}]}"#,
        ),
        at(2, r#"{"resourceType":"Patient"}"#).clearing(&["extension:urn:a"]),
    ];
    let list = r#"[{"url":"urn:b","valueString":"2"}]"#;
    assert_eq!(kept(&messages), format!(r#"{{"resourceType":"Patient","extension":{list}}}"#));
}

#[test]
fn without_a_time_arrival_decides() {
    let [first, second] =
        ["a", "b"].map(|city| at(0, &format!(r#"{{"resourceType":"Location","name":"{city}"}}"#)).untimed());
    let timed = at(1, r#"{"resourceType":"Location","name":"t"}"#);
    assert!(kept(&[timed.clone(), first.clone(), second.clone()]).contains(r#""b""#));
    assert!(kept(&[timed.clone(), second.clone(), first.clone()]).contains(r#""a""#));
    assert!(kept(&[second.clone(), timed.clone(), first.clone(), timed.clone()]).contains(r#""a""#));
    assert!(kept(&[first.clone(), at(9, r#"{"resourceType":"Location","name":"t"}"#)]).contains(r#""t""#));
    let known = settled(&[timed, first.clone()], &SettlePolicy::default());
    let again = settle(Some(&known), &first.resource, &first.change, &SettlePolicy::default());
    assert_eq!(again, Settled::Unchanged);
    let result =
        |status: &str| at(0, &format!(r#"{{"resourceType":"Observation","status":"{status}"}}"#)).untimed();
    assert!(kept(&[result("final"), result("preliminary")]).contains("final"), "a rank holds without a time");
}

#[test]
fn what_is_known_without_stamps_came_first_but_has_its_rank() {
    let known = |json: &str| Resource::parse(json.as_bytes()).unwrap();
    let policy = SettlePolicy::default();
    let foreign =
        known(r#"{"resourceType":"Observation","id":"7","meta":{"versionId":"1"},"status":"final"}"#);
    let said = at(1, r#"{"resourceType":"Observation","status":"preliminary","method":{"text":"m"}}"#);
    let Settled::Write(both) = settle(Some(&foreign), &said.resource, &said.change, &policy) else {
        panic!()
    };
    assert_eq!((both.id(), both.value().str("status")), (Some("7"), Some("final")));
    assert!(both.value().get("method").is_some() && !both.to_json().contains("versionId"));
    let merged =
        known(r#"{"resourceType":"Patient","active":false,"link":[{"type":"replaced-by","other":{}}]}"#);
    let said = at(1, r#"{"resourceType":"Patient","active":true}"#);
    assert_eq!(settle(Some(&merged), &said.resource, &said.change, &policy), Settled::Unchanged);
}

#[test]
fn labels_are_united() {
    let messages = [
        at(1, r#"{"resourceType":"Basic","meta":{"security":[{"code":"R"}],"source":"a"},"language":"en"}"#),
        at(2, r#"{"resourceType":"Basic","meta":{"security":[{"code":"N"}],"source":"b"}}"#),
    ];
    let meta = r#""meta":{"security":[{"code":"N"},{"code":"R"}],"source":"b"}"#;
    assert_eq!(kept(&messages), format!(r#"{{"resourceType":"Basic",{meta},"language":"en"}}"#));
}
