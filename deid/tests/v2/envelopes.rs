//! Files of messages: envelopes by their own rules, with counts of what is there; paths down to subcomponents.

use carewire_deid::{Error, MessageFault, Policy, v2};

use super::{keys, org, text};

const FILE: &str = "FHS|^~\\&|LAB SMITH|GEN||||20240305|||file of Smith\rBHS|^~\\&|LAB\r\
    MSH|^~\\&|LAB|GEN|||20240305||ADT^A08|1|P|2.5\rPID|1||7\rMSH|^~\\&|LAB|GEN|||20240305||ADT^A08|2|P|2.5\rPID|1||8\r\
    BTS|9|call Smith\rBHS|^~\\&|LAB\rMSH|^~\\&|LAB|GEN|||20240305||ADT^A08|3|P|2.5\rBTS|1\rFTS|7|Smith\r";

fn policy(rules: &str) -> Policy {
    Policy::parse_toml(&format!("id = 'own'\nversion = '1'\njurisdiction = 'any'\nsources = []\n{rules}"))
        .unwrap()
}

#[test]
fn envelopes_stay_with_true_counts_and_without_their_texts() {
    let out = text(Policy::pseudonymous(), FILE);
    let names: Vec<_> = out.split('\r').filter_map(|line| line.get(..3)).collect();
    assert_eq!(names, ["FHS", "BHS", "MSH", "PID", "MSH", "PID", "BTS", "BHS", "MSH", "BTS", "FTS"]);
    assert!(out.contains("\rBTS|2|\r") && out.contains("\rBTS|1\r") && out.ends_with("\rFTS|2|\r"), "{out}");
    assert!(!out.to_lowercase().contains("smith"), "{out}");
    let dropped = text(&policy("[[v2]]\npath = 'MSH-9'\nmethod = 'keep'\n"), FILE);
    assert!(dropped.contains("\rBTS||\r") && dropped.ends_with("FTS||\r"), "{dropped}");
    assert_eq!(text(Policy::pseudonymous(), &out), out);
}

/// Message by message, of which one is left out.
#[test]
fn a_file_that_is_read_message_by_message_has_its_envelopes_too() {
    let (keys, org) = (keys(), org());
    let mut messages =
        v2::Deidentifier::new(Policy::pseudonymous(), v2::V2Context::new(&keys, &org)).unwrap();
    let (mut written, mut out) = (v2::Written::default(), Vec::new());
    let mut left_out = false;
    let mut parts: Vec<String> = Vec::new();
    for line in FILE.split_inclusive('\r') {
        match parts.last_mut().filter(|_| line.starts_with("PID")) {
            Some(message) => message.push_str(line),
            None => parts.push(line.to_owned()),
        }
    }
    for part in parts {
        if !part.starts_with("MSH") {
            messages.write_envelope(part.as_bytes(), &mut written, &mut out).unwrap();
        } else if std::mem::replace(&mut left_out, true) {
            messages.write(part.as_bytes(), &mut out).unwrap();
            written.message();
        }
    }
    let out = String::from_utf8(out).unwrap();
    assert_eq!(out.matches("\rBTS|1").count(), 2, "{out}");
    assert!(out.ends_with("FTS|2|\r") && !out.to_lowercase().contains("smith"));
    for wrong in [&b"MSH|^~\\&|A\r"[..], b"PID|1", b"", b"BTS|1\rPID|1||7\r"] {
        let mut out = b"before".to_vec();
        let error = messages.write_envelope(wrong, &mut written, &mut out).unwrap_err();
        assert!(matches!(error, Error::Message { reason: MessageFault::NoHeader, .. }) && out == b"before");
    }
}

#[test]
fn a_rule_may_name_a_subcomponent() {
    let rules = "[[v2]]\npath = 'PID-5.1.1'\nmethod = 'substitute'\nvalue = 'Doe'\n
        [[v2]]\npath = 'PID-5.1.2'\nmethod = 'keep'\n[[v2]]\npath = 'PID-11.1.1'\nmethod = 'pseudonym'\n
        [[v2]]\npath = 'PID-11'\nmethod = 'drop'\n[[v2]]\npath = 'XAD.4'\nmethod = 'keep'\n";
    let refused =
        Policy::parse_toml(&format!("id='x'\nversion='1'\njurisdiction='any'\nsources=[]\n{rules}"));
    let error = refused.unwrap_err().to_string();
    assert!(error.contains("`PID-5.1.2` is free text"), "{error}");
    let out = text(
        &policy(
            &rules.replace("PID-5.1.2'\nmethod = 'keep'", "PID-5.1.2'\nmethod = 'substitute'\nvalue = 'van'"),
        ),
        "MSH|^~\\&|A|B|||2024||ADT^A08|1|P|2.5\rPID|1||7||Smith&de&Jones^Jo||||||1 High St&High St&1^^Ely\r",
    );
    let pid: Vec<_> = out.split('\r').nth(1).unwrap().split('|').collect();
    assert_eq!(pid.get(5).copied(), Some("Doe&van"));
    assert!(pid.get(11).is_some_and(|street| street.len() == 40), "{out}");
    for (path, expected) in [
        ("PID-5.1.9", "`FN` has no component `9`"),
        ("PID-5.99.1", "has no component"),
        ("PID-3.4.1", "is a part of a code or an identifier"),
    ] {
        let rules = format!(
            "[[v2]]\npath = 'PID-3'\nmethod = 'pseudonym'\n[[v2]]\npath = '{path}'\nmethod = 'substitute'\nvalue = 'x'\n"
        );
        let head = "id='x'\nversion='1'\njurisdiction='any'\nsources=[]\n";
        let error = Policy::parse_toml(&format!("{head}{rules}")).map(drop).unwrap_err().to_string();
        assert!(error.contains(expected), "{path}: {error}");
    }
}

#[test]
fn an_error_names_the_line_whose_header_is_none() {
    let (keys, org) = (keys(), org());
    let mut messages =
        v2::Deidentifier::new(Policy::pseudonymous(), v2::V2Context::new(&keys, &org)).unwrap();
    for (bytes, expected) in
        [(&b"report of Smith\r\n\r\nmshSmith\r"[..], 2), (b"a\rb\rBHS\r", 3), (b"a\rb\r", 1), (b"", 1)]
    {
        let error = messages.write(bytes, &mut Vec::new()).unwrap_err();
        assert!(matches!(error, Error::Message { segment, .. } if segment == expected), "{error:?}");
    }
}
