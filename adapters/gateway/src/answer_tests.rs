use super::*;

fn verdict(header: &str) -> (&'static str, Option<Outcome>) {
    let message = format!("{header}\rPID|1\r");
    let reading = Reading::of(message.as_bytes());
    let outcome = match &reading.verdict {
        Verdict::Refused(refusal) => Some(refusal.outcome),
        Verdict::Accepted => Some(Outcome::Success),
        Verdict::Acknowledgement => None,
    };
    (reading.reason(), outcome)
}

#[test]
fn what_can_be_kept_and_correlated_is_accepted() {
    for header in [
        "MSH|^~\\&|A|B|C|D|2024||ADT^A01|7|P|2.5.1",
        "MSH|^~\\&|A|B|C|D|2024||ZZZ^Z01|7|P|2.5.1",
        "MSH|^~\\&|A|B|C|D|2024||ADT^A01|7|T|2.1",
        "MSH|^~\\&|A|B|C|D|2024||ADT^A01|7|D|2.99^DEU",
        "MSH|^~\\&|A|B|C|D|2024||ADT^A01|7||",
        "MSH|^~\\&|A|B|C|D|2024||ADT^A01|7|P|V2",
        "MSH|^~\\&|A|B|C|D|2024||ADT^A01|7|P|2,5",
        "MSH|^~\\&||||||||7",
        "MSH|^~\\&|A|B|C|D|2024||RSP^K22|7|P|2.5\rMSA|AA|1",
    ] {
        assert_eq!(verdict(header), ("accepted", Some(Outcome::Success)), "{header}");
    }
}

#[test]
fn the_rest_is_refused_with_its_reason() {
    let cases = [
        ("MSH|^~\\&|A|B|C|D|2024||ADT^A01||P|2.5", "no-control-id", Outcome::Error),
        ("MSH|^~\\&|A|B|C|D|2024||ADT^A01| |P|2.5", "no-control-id", Outcome::Error),
        ("MSH|^~\\&", "no-control-id", Outcome::Error),
        ("FHS|^~\\&|A", "unreadable", Outcome::Error),
        ("BHS|^~\\&|A", "unreadable", Outcome::Error),
        ("PID|1", "unreadable", Outcome::Error),
        (
            "MSH|^~\\&|A|B|C|D|2024||ADT^A01|7|P|2.5\rPID|1\rMSH|^~\\&|A|B|C|D|2024||ADT^A01|8|P|2.5",
            "several-messages",
            Outcome::Error,
        ),
        (
            "MSH|^~\\&|A|B|C|D|2024||ADT^A01|7|P|2.5\rNTE|1||cut\x0BMSH|^~\\&|A|B|C|D|2024||ADT^A01|8|P|2.5",
            "several-messages",
            Outcome::Error,
        ),
        ("MSH|^~\\&|A|B|C|D|2024||ADT^A01|7|P|2.5\r\nmsh|^~\\&|A", "several-messages", Outcome::Error),
        ("MSH|^~\\&|A|B|C|D|2024||ADT^A01|7|P|3.0", "unsupported-version", Outcome::Reject),
        ("MSH|^~\\&|A|B|C|D|2024||ADT^A01|7|P|1.9.9", "unsupported-version", Outcome::Reject),
        ("MSH|^~\\&|A|B|C|D|2024||ADT^A01|7|P|99999999999", "unsupported-version", Outcome::Reject),
    ];
    for (header, reason, outcome) in cases {
        assert_eq!(verdict(header), (reason, Some(outcome)), "{header}");
    }
    for header in
        ["MSH|^~\\&|||||||ACK|7\rMSA|AA|1", "MSH|^~\\&|||||||ACK", "MSH|^~\\&|||||||MCF|9\rMSA|AA|1"]
    {
        assert_eq!(verdict(header), ("acknowledgement", None), "{header}");
    }
}

#[test]
fn stored_acknowledgements_come_apart_as_they_were() {
    let answers = |texts: &[&str]| texts.iter().map(|text| text.as_bytes().to_vec()).collect::<Vec<_>>();
    for texts in [&[][..], &["MSH|one\r"], &["MSH|one\r", "MSH|two\r"], &["MSH|\x1C|\x0B\r", "b\x1C", "c"]] {
        let texts = answers(texts);
        assert_eq!(split(&join(&texts)), texts);
    }
    assert!(!is_encodable(BETWEEN) && !is_encodable(b"MSH|x\x1C\r\x0B"));
}
