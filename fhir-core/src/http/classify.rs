//! What a refusal means: one table for whole responses and for the entries of a Bundle.

use std::time::Duration;

use super::failure::{Failure, FailureKind};
use super::wait::{LONGEST_WAIT, wait_in};
use crate::definition::r4;
use crate::shown::shown;
use crate::{Issue, Value, issues};

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

/// What a status that is no success means, with the body, or the outcome of an entry, whatever it is.
pub(super) fn failure(status: u16, body: Option<&Value>, wait: Option<Duration>) -> Failure {
    let outcome = body.filter(|body| body.str("resourceType") == Some("OperationOutcome"));
    let issues = outcome.map(issues).unwrap_or_default();
    let kind = kind(status, outcome, &issues);
    let wait = match kind {
        FailureKind::Throttled => wait.or_else(|| wait_in(&issues)),
        FailureKind::Unavailable => wait,
        _ => None,
    };
    let failure =
        Failure { wait: wait.map(|wait| wait.min(LONGEST_WAIT)), ..Failure::new(kind).with_status(status) };
    match kind {
        FailureKind::Permanent => named(failure, default_code(status), issues),
        FailureKind::Forbidden => named(failure, "forbidden".to_owned(), issues),
        _ => Failure { issues, ..failure },
    }
}

fn kind(status: u16, outcome: Option<&Value>, issues: &[Issue]) -> FailureKind {
    let id = outcome.and_then(|outcome| outcome.str("id"));
    match status {
        400 => bad_request(issues),
        401 => FailureKind::Unauthorized,
        403 => FailureKind::Forbidden,
        // Anything between us and the server can say so; only the server says it in FHIR.
        404 | 410 if outcome.is_none() => FailureKind::Unreadable,
        404 => FailureKind::NotFound,
        410 => FailureKind::Gone,
        409 if outcome.is_some_and(has_serialization_code) => FailureKind::Serialization,
        409 => FailureKind::Conflict,
        412 if id == Some("multiple-matches") || has_code(issues, "multiple-matches") => {
            FailureKind::MultipleMatches
        }
        412 => FailureKind::VersionConflict,
        429 => FailureKind::Throttled,
        408 | 425 | 500..=599 => FailureKind::Unavailable,
        300..=399 => FailureKind::Redirected,
        status if (400..500).contains(&status) => FailureKind::Permanent,
        _ => FailureKind::Unreadable,
    }
}

/// A 400 is either about the request, which says so by an element or a known text, or about the server's own database
/// being away, which looks the same but for that.
fn bad_request(issues: &[Issue]) -> FailureKind {
    let texts = || issues.iter().filter_map(|issue| issue.details_text.as_deref());
    if texts().any(|text| text.starts_with("Conditional PUT matched multiple resources"))
        || has_code(issues, "multiple-matches")
    {
        return FailureKind::MultipleMatches;
    }
    let names_an_element = issues.iter().any(|issue| !issue.expression.is_empty());
    let is_known = texts().any(|text| PERMANENT_TEXTS.iter().any(|known| text.starts_with(known)));
    let code = issues.first().map(|issue| issue.code.as_str()).unwrap_or_default();
    if names_an_element || is_known || is_about_content(code) {
        FailureKind::Permanent
    } else {
        FailureKind::UnrecognisedBadRequest
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

/// The failure with the code and the paths of its issues, as far as they are words of the standard. Servers write free
/// text there too.
fn named(failure: Failure, default: String, issues: Vec<Issue>) -> Failure {
    let code = issues.iter().map(|issue| issue.code.as_str()).find(|code| is_code(code)).map(str::to_owned);
    let paths = issues.iter().flat_map(|issue| &issue.expression).filter(|text| is_path(text));
    Failure { code: code.unwrap_or(default), expressions: paths.cloned().collect(), issues, ..failure }
}

fn default_code(status: u16) -> String {
    if status == 400 { "invalid".to_owned() } else { format!("status-{status}") }
}

fn has_code(issues: &[Issue], code: &str) -> bool {
    issues.iter().any(|issue| issue.code == code)
}

fn has_serialization_code(outcome: &Value) -> bool {
    let codings = outcome.list("issue").iter().filter_map(|issue| issue.get("details"));
    codings.flat_map(|details| details.list("coding")).any(|coding| coding.str("code") == Some("40001"))
}

/// Whether a text is an issue type of R4 or R5.
fn is_code(text: &str) -> bool {
    const CODES: [&str; 33] = [
        "business-rule",
        "code-invalid",
        "conflict",
        "deleted",
        "duplicate",
        "exception",
        "expired",
        "extension",
        "forbidden",
        "incomplete",
        "informational",
        "invalid",
        "invariant",
        "limited-filter",
        "lock-error",
        "login",
        "multiple-matches",
        "no-store",
        "not-found",
        "not-supported",
        "processing",
        "required",
        "security",
        "structure",
        "success",
        "suppressed",
        "throttled",
        "timeout",
        "too-costly",
        "too-long",
        "transient",
        "unknown",
        "value",
    ];
    CODES.contains(&text)
}

/// Whether a text leads from a resource type by names of elements and short numbers.
fn is_path(text: &str) -> bool {
    let mut steps = text.split('.').map(|step| match step.split_once('[') {
        None => step,
        Some((name, index)) if is_index(index) => name,
        Some(_) => "",
    });
    text.len() <= 200
        && steps.next().is_some_and(|first| r4().resource(first).is_some())
        && steps.all(|name| !name.is_empty() && shown(name) == name)
}

fn is_index(text: &str) -> bool {
    let digits = text.strip_suffix(']').filter(|digits| (1..=6).contains(&digits.len()));
    digits.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(status: u16, body: &str) -> Failure {
        failure(status, Value::parse(body.as_bytes()).ok().as_ref(), None)
    }

    fn issue(members: &str) -> String {
        format!(r#"{{"resourceType":"OperationOutcome","issue":[{{"severity":"error",{members}}}]}}"#)
    }

    fn with_id(id: &str) -> String {
        format!(r#"{{"resourceType":"OperationOutcome","id":"{id}","issue":[{{"code":"processing"}}]}}"#)
    }

    #[test]
    fn the_table() {
        use FailureKind as Is;
        let text = |text: &str| issue(&format!(r#""code":"invalid","details":{{"text":"{text}"}}"#));
        let null = issue(r#""code":"structure","expression":["Patient.birthDate"]"#);
        let serialization = issue(r#""code":"conflict","details":{"coding":[{"code":"40001"}]}"#);
        let rows = [
            (400, null, Is::Permanent, "structure"),
            (400, issue(r#""code":"required""#), Is::Permanent, "required"),
            (400, text("Invalid id"), Is::Permanent, "invalid"),
            (400, text("Unknown search parameter: x"), Is::Permanent, "invalid"),
            (400, text("Transaction requires strict isolation but has .."), Is::Permanent, "invalid"),
            (400, text("Duplicate resource identity found in Bundle"), Is::Permanent, "invalid"),
            (400, text("File too large"), Is::Permanent, "invalid"),
            (
                400,
                text("Conditional PUT matched multiple resources"),
                Is::MultipleMatches,
                "multiple-matches",
            ),
            (
                400,
                text("connect ECONNREFUSED 127.0.0.1:21301"),
                Is::UnrecognisedBadRequest,
                "unrecognised-400",
            ),
            (400, text("sorry, too many clients already"), Is::UnrecognisedBadRequest, "unrecognised-400"),
            (400, "<html>".into(), Is::UnrecognisedBadRequest, "unrecognised-400"),
            (401, with_id("unauthorized"), Is::Unauthorized, "unauthorized"),
            (403, issue(r#""code":"forbidden""#), Is::Forbidden, "forbidden"),
            (403, String::new(), Is::Forbidden, "forbidden"),
            (404, with_id("not-found"), Is::NotFound, "not-found"),
            (404, "<html>".into(), Is::Unreadable, "unreadable-answer"),
            (409, serialization, Is::Serialization, "serialization"),
            (409, with_id("conflict"), Is::Conflict, "conflict"),
            (410, with_id("gone"), Is::Gone, "gone"),
            (412, with_id("precondition-failed"), Is::VersionConflict, "version-conflict"),
            (412, with_id("multiple-matches"), Is::MultipleMatches, "multiple-matches"),
            (412, issue(r#""code":"multiple-matches""#), Is::MultipleMatches, "multiple-matches"),
            (413, String::new(), Is::Permanent, "status-413"),
            (
                422,
                issue(r#""code":"business-rule","expression":["Patient"]"#),
                Is::Permanent,
                "business-rule",
            ),
            (429, String::new(), Is::Throttled, "throttled"),
            (302, String::new(), Is::Redirected, "redirected"),
            (304, String::new(), Is::Redirected, "redirected"),
            (408, String::new(), Is::Unavailable, "unavailable"),
            (500, String::new(), Is::Unavailable, "unavailable"),
            (503, issue(r#""code":"exception""#), Is::Unavailable, "unavailable"),
            (101, String::new(), Is::Unreadable, "unreadable-answer"),
        ];
        for (status, body, kind, code) in rows {
            let failure = of(status, &body);
            assert_eq!((failure.kind(), failure.code()), (kind, code), "{status} {body}");
        }
    }

    #[test]
    fn waits_come_from_the_header_first() {
        let body =
            issue(r#""code":"throttled","diagnostics":"{\"_remainingPoints\":0,\"_msBeforeNext\":58831}""#);
        let outcome = Value::parse(body.as_bytes()).ok();
        let wait = |wait| failure(429, outcome.as_ref(), wait).wait();
        assert_eq!(wait(None), Some(Duration::from_millis(58_831)));
        assert_eq!(wait(Some(Duration::from_secs(3))), Some(Duration::from_secs(3)));
        assert_eq!(wait(Some(Duration::from_secs(1 << 40))), Some(LONGEST_WAIT));
    }

    #[test]
    fn what_could_be_data_is_left_out() {
        let body = issue(
            r#""code":"smith","expression":["Patient.name[0].family","Patient.where(value='Smith')","Smith Jr","Patient.id[Smith]","Smith","Patient.smith","Patient.name[123456789]"]"#,
        );
        let failure = of(400, &body);
        assert_eq!(
            (failure.code(), failure.expressions()),
            ("invalid", &["Patient.name[0].family".to_owned()][..])
        );
        let said = format!("{failure} {failure:?}").to_lowercase();
        assert!(!said.contains("smith") && !said.contains("123456789"), "{said}");
    }

    proptest::proptest! {
        #[test]
        fn any_outcome_can_be_read(status in 0_u16..1_000, text in ".*", millis in proptest::num::f64::ANY) {
            let quota = Value::object().with("_msBeforeNext", Value::number(&format!("{millis:e}")).unwrap_or_default());
            let issue = Value::object()
                .with("code", text.as_str())
                .with("details", Value::object().with("text", text.as_str()))
                .with("expression", vec![Value::string(text.as_str())])
                .with("diagnostics", quota.to_json());
            let outcome = Value::object().with("resourceType", "OperationOutcome").with("issue", vec![issue]);
            let failure = failure(status, Some(&outcome), None);
            proptest::prop_assert!(failure.wait().is_none_or(|wait| wait <= LONGEST_WAIT));
        }
    }
}
