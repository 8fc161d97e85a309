//! What holds for any message.

use proptest::prelude::*;

use super::*;

proptest! {
    #[test]
    fn any_bytes_are_checked_and_the_findings_are_bounded(
        body in prop::collection::vec(any::<u8>(), 0..400),
        version in prop::sample::select(&Version::ALL[..]),
    ) {
        let mut bytes = b"MSH|^~\\&|A|B|C|D|2024||ORU^R01^ORU_R01|7|P|2.5.1\rPID|".to_vec();
        bytes.extend(body);
        let Ok(message) = Message::parse(&bytes, &ParseOptions::default()) else { return Ok(()) };
        let mut options = ValidateOptions::default();
        options.user_tables = Some(Severity::Error);
        options.most = 20;
        let findings = validate(&message, Dictionary::of(version), &options);
        prop_assert!(findings.len() <= 21);
        for finding in &findings {
            if let Some(span) = finding.span() {
                prop_assert!(span.start <= span.end && span.end <= bytes.len());
            }
        }
    }

    #[test]
    fn no_value_is_shown(value in "[qwxyz]{8}") {
        let text = format!(
            "MSH|^~\\&|A|B|C|D|{value}||ORU^R01|7|{value}|2.5.1\rPID|{value}||5~{value}^{value}&{value}||Doe|||{value}\r\
             OBX|{value}|{value}|A|{value}|{value}|||{value}|||{value}\rZ{value}\rQQQ|{value}\r"
        );
        let message = Message::parse(text.as_bytes(), &ParseOptions::default()).unwrap();
        let mut options = ValidateOptions::default();
        options.user_tables = Some(Severity::Error);
        let findings = validate(&message, Dictionary::of(Version::V2_5_1), &options);
        prop_assert!(findings.len() > 5);
        let shown: String = findings.iter().map(|finding| format!("{finding} {finding:?}")).collect();
        prop_assert!(!shown.contains(&value), "{}", shown);
    }
}

/// A search through all parts for each of them takes minutes here, and the test runner ends a test after five.
#[test]
fn two_megabytes_of_delimiters_are_validated_in_linear_time() {
    for byte in ["~", "^", "&", "|", "\\", "1~", "x^", "\rPID|", "\rOBX||ST|||x"] {
        let mut bytes = b"MSH|^~\\&|A|B|C|D|2024||ORU^R01^ORU_R01|7|P|2.5.1\rPID|1||".to_vec();
        bytes.extend(byte.repeat(2_000_000 / byte.len()).into_bytes());
        let message = Message::parse(&bytes, &ParseOptions::default()).unwrap();
        let findings = validate(&message, Dictionary::of(Version::V2_5_1), &ValidateOptions::default());
        assert!((1..=1_001).contains(&findings.len()), "{byte}: {}", findings.len());
    }
}
