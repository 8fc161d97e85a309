//! What a refusing answer means: one table for whole requests and for the entries of a Bundle.

use std::time::Duration;

use carewire_fhir_core::{Issue, Value, issues};
use carewire_sync_engine::Refusal;

/// Longer waits than this are not believed.
const LONGEST_WAIT: Duration = Duration::from_secs(60 * 60);

/// Texts of a 400 that say that the request itself is wrong, although no element is named.
const PERMANENT_TEXTS: [&str; 9] = [
    "Invalid id",
    "Incorrect resource ID",
    "Incorrect resource type",
    "Unknown resource type",
    "Unknown search parameter",
    "Transaction ",
    "Duplicate resource identity found in Bundle",
    "File too large",
    "Content could not be parsed",
];

/// An answer that is no success.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Answer<'a> {
    pub(crate) status: u16,
    /// The body or the entry's outcome, whatever it is.
    pub(crate) outcome: Option<&'a Value>,
    /// What a header said about waiting.
    pub(crate) wait: Option<Duration>,
}

/// What the answer means for the one who asked.
pub(crate) fn refusal(answer: &Answer<'_>) -> Refusal {
    let outcome = answer.outcome.filter(|outcome| outcome.str("resourceType") == Some("OperationOutcome"));
    let id = outcome.and_then(|outcome| outcome.str("id"));
    let issues = outcome.map(issues).unwrap_or_default();
    match answer.status {
        400 => bad_request(&issues),
        401 => transient("unauthorized"),
        403 => permanent("forbidden", &issues),
        404 | 410 if outcome.is_none() => transient("unreadable-answer"),
        404 => Refusal::Gone { deleted: false },
        410 => Refusal::Gone { deleted: true },
        409 if outcome.is_some_and(has_serialization_code) => transient(Refusal::SERIALIZATION),
        409 => transient("conflict"),
        412 if id == Some("multiple-matches") || has_code(&issues, "multiple-matches") => {
            Refusal::MultipleMatches
        }
        412 => Refusal::VersionConflict,
        429 => throttled(answer.wait.or_else(|| wait_in(&issues))),
        408 | 425 | 500..=599 => Refusal::Transient { code: "unavailable".into(), wait: capped(answer.wait) },
        300..=399 => transient("redirected"),
        status if (400..500).contains(&status) => permanent(&format!("status-{status}"), &issues),
        _ => transient("unreadable-answer"),
    }
}

/// A refusal that may be repeated.
pub(crate) fn transient(code: &str) -> Refusal {
    Refusal::transient(code)
}

/// A refusal because of too many requests.
pub(crate) fn throttled(wait: Option<Duration>) -> Refusal {
    Refusal::Transient { code: Refusal::THROTTLED.into(), wait: capped(wait) }
}

/// The wait that `RateLimit` lines ask for: the longest `t` of those whose `r` is 0.
pub(crate) fn rate_limit_wait<'a>(lines: impl Iterator<Item = &'a str>) -> Option<Duration> {
    lines.flat_map(|line| line.split(',')).filter_map(exhausted_for).max()
}

/// A 400 is either about the request, which says so by an element or a known text, or about the server's own database
/// being away, which looks the same but for that.
fn bad_request(issues: &[Issue]) -> Refusal {
    let texts = || issues.iter().filter_map(|issue| issue.details_text.as_deref());
    if texts().any(|text| text.starts_with("Conditional PUT matched multiple resources"))
        || has_code(issues, "multiple-matches")
    {
        return Refusal::MultipleMatches;
    }
    let names_an_element = issues.iter().any(|issue| !issue.expression.is_empty());
    let is_known = texts().any(|text| PERMANENT_TEXTS.iter().any(|known| text.starts_with(known)));
    let code = issues.first().map(|issue| issue.code.as_str()).unwrap_or_default();
    if names_an_element || is_known || is_about_content(code) {
        permanent("invalid", issues)
    } else {
        transient("unrecognised-400")
    }
}

/// Issue types that no repetition cures. `invalid` is not one of them: it is what an outage is called, too.
fn is_about_content(code: &str) -> bool {
    matches!(
        code,
        "structure"
            | "required"
            | "value"
            | "invariant"
            | "not-supported"
            | "duplicate"
            | "too-long"
            | "code-invalid"
            | "extension"
            | "business-rule"
    )
}

fn permanent(default: &str, issues: &[Issue]) -> Refusal {
    let code = issues.iter().map(|issue| issue.code.as_str()).find(|code| is_code(code)).unwrap_or(default);
    let expressions = issues.iter().flat_map(|issue| &issue.expression).filter(|text| is_path(text));
    Refusal::Permanent { code: code.to_owned(), expressions: expressions.cloned().collect() }
}

fn has_code(issues: &[Issue], code: &str) -> bool {
    issues.iter().any(|issue| issue.code == code)
}

fn has_serialization_code(outcome: &Value) -> bool {
    let codings = outcome.list("issue").iter().filter_map(|issue| issue.get("details"));
    codings.flat_map(|details| details.list("coding")).any(|coding| coding.str("code") == Some("40001"))
}

fn wait_in(issues: &[Issue]) -> Option<Duration> {
    let diagnostics = issues.iter().filter_map(|issue| issue.diagnostics.as_deref());
    diagnostics.filter_map(|text| Value::parse(text.as_bytes()).ok()).find_map(|quota| {
        let millis: f64 = quota.get("_msBeforeNext")?.as_number()?.parse().ok()?;
        Duration::try_from_secs_f64(millis / 1_000.0).ok()
    })
}

/// Reads `"name";r=0;t=59`.
fn exhausted_for(item: &str) -> Option<Duration> {
    let parameter = |name: &str| -> Option<u64> {
        item.split(';')
            .filter_map(|part| part.trim().split_once('='))
            .find(|(key, _)| *key == name)?
            .1
            .parse()
            .ok()
    };
    (parameter("r")? == 0).then(|| parameter("t")).flatten().map(Duration::from_secs)
}

fn capped(wait: Option<Duration>) -> Option<Duration> {
    wait.map(|wait| wait.min(LONGEST_WAIT))
}

/// What a server calls a code or a path may be kept only when it cannot be somebody's data.
fn is_code(text: &str) -> bool {
    (1..=40).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}

fn is_path(text: &str) -> bool {
    text.len() <= 200
        && text.starts_with(|c: char| c.is_ascii_uppercase())
        && text.split('.').all(|step| {
            let name = step.split_once('[').map_or(step, |(name, index)| match index.strip_suffix(']') {
                Some(index) if index.bytes().all(|byte| byte.is_ascii_digit()) => name,
                _ => "",
            });
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphabetic())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(status: u16, body: &str) -> Refusal {
        let outcome = Value::parse(body.as_bytes()).ok();
        refusal(&Answer { status, outcome: outcome.as_ref(), wait: None })
    }

    fn issue(members: &str) -> String {
        format!(r#"{{"resourceType":"OperationOutcome","issue":[{{"severity":"error",{members}}}]}}"#)
    }

    fn with_id(id: &str) -> String {
        format!(r#"{{"resourceType":"OperationOutcome","id":"{id}","issue":[{{"code":"processing"}}]}}"#)
    }

    fn for_good(code: &str, expressions: &[&str]) -> Refusal {
        Refusal::Permanent {
            code: code.into(),
            expressions: expressions.iter().map(|&text| text.into()).collect(),
        }
    }

    #[test]
    fn the_table() {
        let text = |text: &str| issue(&format!(r#""code":"invalid","details":{{"text":"{text}"}}"#));
        let null = issue(
            r#""code":"structure","details":{"text":"Invalid null value"},"expression":["Patient.birthDate"]"#,
        );
        let serialization =
            issue(r#""code":"conflict","details":{"coding":[{"code":"40001"}],"text":"could not"}"#);
        let rows = [
            (400, null, for_good("structure", &["Patient.birthDate"])),
            (400, issue(r#""code":"required""#), for_good("required", &[])),
            (400, text("Invalid id"), for_good("invalid", &[])),
            (400, text("Incorrect resource ID"), for_good("invalid", &[])),
            (400, text("Unknown search parameter: x"), for_good("invalid", &[])),
            (
                400,
                text("Transaction requires strict isolation but has too many entries"),
                for_good("invalid", &[]),
            ),
            (400, text("Duplicate resource identity found in Bundle"), for_good("invalid", &[])),
            (400, text("File too large"), for_good("invalid", &[])),
            (400, text("Conditional PUT matched multiple resources"), Refusal::MultipleMatches),
            (400, text("connect ECONNREFUSED 127.0.0.1:21301"), transient("unrecognised-400")),
            (400, text("sorry, too many clients already"), transient("unrecognised-400")),
            (400, "<html>".into(), transient("unrecognised-400")),
            (401, with_id("unauthorized"), transient("unauthorized")),
            (403, issue(r#""code":"forbidden""#), for_good("forbidden", &[])),
            (403, String::new(), for_good("forbidden", &[])),
            (404, with_id("not-found"), Refusal::Gone { deleted: false }),
            (404, "<html>".into(), transient("unreadable-answer")),
            (409, serialization, transient(Refusal::SERIALIZATION)),
            (409, with_id("conflict"), transient("conflict")),
            (410, with_id("gone"), Refusal::Gone { deleted: true }),
            (412, with_id("precondition-failed"), Refusal::VersionConflict),
            (412, with_id("multiple-matches"), Refusal::MultipleMatches),
            (412, issue(r#""code":"multiple-matches""#), Refusal::MultipleMatches),
            (413, String::new(), for_good("status-413", &[])),
            (
                422,
                issue(r#""code":"business-rule","expression":["Patient"]"#),
                for_good("business-rule", &["Patient"]),
            ),
            (429, String::new(), throttled(None)),
            (302, String::new(), transient("redirected")),
            (408, String::new(), transient("unavailable")),
            (500, String::new(), transient("unavailable")),
            (503, issue(r#""code":"exception""#), transient("unavailable")),
        ];
        for (status, body, expected) in rows {
            assert_eq!(of(status, &body), expected, "{status} {body}");
        }
    }

    #[test]
    fn waits_come_from_the_header_first() {
        let body =
            issue(r#""code":"throttled","diagnostics":"{\"_remainingPoints\":0,\"_msBeforeNext\":58831}""#);
        let outcome = Value::parse(body.as_bytes()).ok();
        let wait = |wait| match refusal(&Answer { status: 429, outcome: outcome.as_ref(), wait }) {
            Refusal::Transient { wait, .. } => wait,
            other => panic!("{other:?}"),
        };
        assert_eq!(wait(None), Some(Duration::from_millis(58_831)));
        assert_eq!(wait(Some(Duration::from_secs(3))), Some(Duration::from_secs(3)));
        assert_eq!(wait(Some(Duration::from_secs(1 << 40))), Some(LONGEST_WAIT));
    }

    #[test]
    fn rate_limit_lines_are_read() {
        let of = |lines: &[&str]| rate_limit_wait(lines.iter().copied()).map(|wait| wait.as_secs());
        assert_eq!(of(&[r#""fhirInteractions";r=0;t=59"#, r#""requests";r=70;t=60"#]), Some(59));
        assert_eq!(of(&[r#""a";r=0;t=5, "b";r=0; t=9"#]), Some(9));
        assert_eq!(of(&[r#""a";r=1;t=5"#]), None);
        assert_eq!(of(&["nonsense", ""]), None);
    }

    proptest::proptest! {
        #[test]
        fn any_header_and_outcome_can_be_read(status in 0_u16..1_000, line in ".*", text in ".*", millis in proptest::num::f64::ANY) {
            let quota = Value::object().with("_msBeforeNext", Value::number(&format!("{millis:e}")).unwrap_or_default());
            let issue = Value::object()
                .with("code", text.as_str())
                .with("details", Value::object().with("text", text.as_str()))
                .with("expression", vec![Value::string(text.as_str())])
                .with("diagnostics", quota.to_json());
            let outcome = Value::object().with("resourceType", "OperationOutcome").with("issue", vec![issue]);
            let wait = rate_limit_wait([line.as_str()].into_iter());
            let refusal = refusal(&Answer { status, outcome: Some(&outcome), wait });
            if let Refusal::Transient { wait: Some(wait), .. } = refusal {
                proptest::prop_assert!(wait <= LONGEST_WAIT);
            }
        }
    }

    #[test]
    fn what_could_be_data_is_left_out() {
        let body = issue(
            r#""code":"Smith","expression":["Patient.name[0].family","Patient.where(value='Smith')","Smith Jr","Patient.id[Smith]"]"#,
        );
        assert_eq!(of(400, &body), for_good("invalid", &["Patient.name[0].family"]));
    }
}
