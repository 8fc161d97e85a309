//! Failures of FHIR as refusals of the sync engine.

use std::time::Duration;

use carewire_fhir_core::http::{Failure, FailureKind};
use carewire_sync_engine::Refusal;

use crate::CallError;

/// What a failure means to the one who wanted to write.
pub(crate) fn refusal(failure: &Failure) -> Refusal {
    match failure.kind() {
        FailureKind::Permanent | FailureKind::Forbidden | FailureKind::TooLarge => Refusal::Permanent {
            code: failure.code().to_owned(),
            expressions: failure.expressions().to_vec(),
        },
        FailureKind::NotFound => Refusal::Gone { deleted: false },
        FailureKind::Gone => Refusal::Gone { deleted: true },
        FailureKind::VersionConflict => Refusal::VersionConflict,
        FailureKind::MultipleMatches => Refusal::MultipleMatches,
        FailureKind::Serialization => transient(Refusal::SERIALIZATION),
        FailureKind::Throttled => throttled(failure.wait()),
        kind => Refusal::Transient { code: kind.as_str().to_owned(), wait: failure.wait() },
    }
}

/// The same of a call, of which nothing may have been sent.
pub(crate) fn refusal_of_call(error: &CallError) -> Refusal {
    match error {
        CallError::Failed(failure) => refusal(failure),
        CallError::Request(_) => {
            Refusal::Permanent { code: "invalid-request".to_owned(), expressions: Vec::new() }
        }
        CallError::Page(_) => transient(FailureKind::Unreadable.as_str()),
    }
}

/// A refusal that may be repeated.
pub(crate) fn transient(code: &str) -> Refusal {
    Refusal::transient(code)
}

/// A refusal because of too many requests.
pub(crate) fn throttled(wait: Option<Duration>) -> Refusal {
    Refusal::Transient { code: Refusal::THROTTLED.into(), wait }
}

#[cfg(test)]
mod tests {
    use carewire_fhir_core::http::HttpResponse;

    use super::*;

    fn of(status: u16, body: &str) -> Refusal {
        refusal(&Failure::of_response(&HttpResponse::new(status, body.as_bytes()).header("Retry-After", "3")))
    }

    #[test]
    fn each_kind_is_a_refusal_with_its_code() {
        let issue = |members: &str| {
            format!(r#"{{"resourceType":"OperationOutcome","issue":[{{"severity":"error",{members}}}]}}"#)
        };
        let for_good = |code: &str, path: &str| {
            let expressions = if path.is_empty() { Vec::new() } else { vec![path.to_owned()] };
            Refusal::Permanent { code: code.into(), expressions }
        };
        let wait = Some(Duration::from_secs(3));
        let rows = [
            (
                400,
                issue(r#""code":"structure","expression":["Patient.birthDate"]"#),
                for_good("structure", "Patient.birthDate"),
            ),
            (400, issue(r#""code":"invalid""#), transient("unrecognised-400")),
            (400, issue(r#""code":"multiple-matches""#), Refusal::MultipleMatches),
            (401, String::new(), transient("unauthorized")),
            (403, String::new(), for_good("forbidden", "")),
            (404, issue(r#""code":"not-found""#), Refusal::Gone { deleted: false }),
            (404, String::new(), transient("unreadable-answer")),
            (
                409,
                issue(r#""code":"conflict","details":{"coding":[{"code":"40001"}]}"#),
                transient(Refusal::SERIALIZATION),
            ),
            (409, String::new(), transient("conflict")),
            (410, issue(r#""code":"deleted""#), Refusal::Gone { deleted: true }),
            (412, String::new(), Refusal::VersionConflict),
            (413, String::new(), for_good("status-413", "")),
            (429, String::new(), throttled(wait)),
            (302, String::new(), transient("redirected")),
            (503, String::new(), Refusal::Transient { code: "unavailable".into(), wait }),
        ];
        for (status, body, expected) in rows {
            assert_eq!(of(status, &body), expected, "{status} {body}");
        }
    }

    #[test]
    fn every_transient_kind_is_one_here_too() {
        let kinds = [FailureKind::Timeout, FailureKind::Connection, FailureKind::NoToken];
        for kind in kinds {
            assert_eq!(refusal(&Failure::new(kind)), transient(kind.as_str()));
        }
        // It would be as large the next time.
        let too_large = Refusal::Permanent { code: "answer-too-large".into(), expressions: Vec::new() };
        assert_eq!(refusal(&Failure::new(FailureKind::TooLarge)), too_large);
    }
}
