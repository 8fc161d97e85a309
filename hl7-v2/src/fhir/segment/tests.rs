//! What holds of segments about persons, whatever they say.

use proptest::prelude::*;

use crate::fhir::testing::person;

/// Texts that look like fields, and some that do not.
fn field() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => Just(String::new()),
        2 => "[A-Z]{1,3}",
        1 => "[0-9]{1,14}([+-][0-9]{4})?",
        1 => "20(19|2[0-9])(0[1-9]|1[0-2])([0-2][1-8])?",
        2 => "[A-Za-z0-9 ]{0,6}(\\^[A-Za-z0-9&~ .]{0,8}){0,12}",
        1 => "[^\r\n|]{0,24}",
        1 => Just("\"\"".to_owned()),
    ]
}

/// The segments about a person, in the order of a message.
const NAMES: [&str; 14] =
    ["PID", "PD1", "MRG", "NK1", "PV1", "PV2", "AL1", "IAM", "DG1", "PR1", "IN1", "IN3", "GT1", "EVN"];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn whatever_the_fields_say_what_comes_of_them_is_valid(
        event in "A(01|03|08|12|13|26|40)",
        fields in proptest::collection::vec(field(), 400),
    ) {
        let mut fields = fields.into_iter().cycle();
        let segments: Vec<String> = NAMES
            .iter()
            .map(|name| {
                let content: Vec<String> = fields.by_ref().take(54).collect();
                let head = if *name == "PID" { "PID|1||7^^^H^MR" } else { *name };
                format!("{head}|{}", content.join("|"))
            })
            .collect();
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        person(&format!("ADT^{event}"), &segments);
    }
}
