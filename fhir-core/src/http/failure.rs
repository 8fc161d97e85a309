use std::time::Duration;

use super::classify;
use super::response::HttpResponse;
use super::wait::wait_of;
use crate::{EntryResponse, Issue, Value};

/// What went wrong, by what to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FailureKind {
    /// The request is wrong, and stays so: to a person.
    Permanent,
    /// Not allowed: to whoever grants access.
    Forbidden,
    /// There is no such resource, or no such place.
    NotFound,
    /// There was such a resource, and it was deleted.
    Gone,
    /// The version is another one by now: read, decide, write again.
    VersionConflict,
    /// A condition finds several resources: to a person.
    MultipleMatches,
    /// The token is not taken, or there is none: another token.
    Unauthorized,
    /// Two transactions met: again at once, after some milliseconds.
    Serialization,
    /// Something else is in the way of it: again later.
    Conflict,
    /// Too many requests: again after the wait, and nothing else meanwhile.
    Throttled,
    /// A 400 that says nothing about the request: some servers say so while their database is away. Again later, not for
    /// ever.
    UnrecognisedBadRequest,
    /// The server, or what is before it, cannot: again later.
    Unavailable,
    /// The server sends us elsewhere. Redirects are not followed, since they would carry the token.
    Redirected,
    /// The answer is not one to what was asked; whether it was done is not known.
    Unreadable,
    /// No answer in time; whether it was done is not known.
    Timeout,
    /// No connection, or one that broke; whether it was done is not known.
    Connection,
    /// The answer is larger than the client reads, and would be again; what was asked was done.
    TooLarge,
    /// No token could be had, so nothing was sent.
    NoToken,
}

/// A server refused, or did not answer. `Debug` and `Display` show no data; [`Failure::issues`] may hold some.
///
/// ```
/// use carewire_fhir_core::http::{Failure, FailureKind, HttpResponse};
/// let body = br#"{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"required","expression":["Patient.name"]}]}"#;
/// let failure = Failure::of_response(&HttpResponse::new(400, body));
/// assert_eq!((failure.kind(), failure.is_transient()), (FailureKind::Permanent, false));
/// assert_eq!(failure.to_string(), "permanent (400): required at Patient.name");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Failure {
    pub(super) kind: FailureKind,
    pub(super) status: Option<u16>,
    pub(super) code: String,
    pub(super) expressions: Vec<String>,
    pub(super) wait: Option<Duration>,
    pub(super) issues: Vec<Issue>,
}

impl Failure {
    /// A failure of which nothing else is known: of a connection, say.
    #[must_use]
    pub fn new(kind: FailureKind) -> Self {
        let code = kind.as_str().to_owned();
        Self { kind, status: None, code, expressions: Vec::new(), wait: None, issues: Vec::new() }
    }

    /// What a response that is no success means.
    #[must_use]
    pub fn of_response(response: &HttpResponse<'_>) -> Self {
        let body = Value::parse(response.body()).ok();
        classify::failure(response.status(), body.as_ref(), wait_of(response))
    }

    /// What an entry of a `batch-response` or `transaction-response` means that is no success.
    #[must_use]
    pub fn of_entry(response: &EntryResponse) -> Self {
        classify::failure(response.status, response.outcome.as_ref(), None)
    }

    /// The same with a wait.
    #[must_use]
    pub fn with_wait(self, wait: Duration) -> Self {
        Self { wait: Some(wait), ..self }
    }

    pub(super) fn with_status(self, status: u16) -> Self {
        Self { status: Some(status), ..self }
    }

    /// What to do about it.
    #[must_use]
    pub fn kind(&self) -> FailureKind {
        self.kind
    }

    /// The status, when there was an answer.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.status
    }

    /// A code for logs and rows: that of the issue when it has the form of one, else that of the kind.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The elements at fault, as far as what the server named has the form of a path.
    #[must_use]
    pub fn expressions(&self) -> &[String] {
        &self.expressions
    }

    /// How long the server asks to wait, at most an hour.
    #[must_use]
    pub fn wait(&self) -> Option<Duration> {
        self.wait
    }

    /// What the server said. The texts may repeat data: not for a log.
    #[must_use]
    pub fn issues(&self) -> &[Issue] {
        &self.issues
    }

    /// Whether the same request may succeed later.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        self.kind.is_transient()
    }

    /// Whether the request may have been done although it failed. To repeat one that is not idempotent is then to do it
    /// twice.
    #[must_use]
    pub fn may_have_been_done(&self) -> bool {
        matches!(
            self.kind,
            FailureKind::Timeout
                | FailureKind::Connection
                | FailureKind::Unreadable
                | FailureKind::TooLarge
                | FailureKind::Unavailable
        )
    }
}

impl FailureKind {
    /// The code of the kind, in lower case with dashes.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Permanent => "permanent",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not-found",
            Self::Gone => "gone",
            Self::VersionConflict => "version-conflict",
            Self::MultipleMatches => "multiple-matches",
            Self::Unauthorized => "unauthorized",
            Self::Serialization => "serialization",
            Self::Conflict => "conflict",
            Self::Throttled => "throttled",
            Self::UnrecognisedBadRequest => "unrecognised-400",
            Self::Unavailable => "unavailable",
            Self::Redirected => "redirected",
            Self::Unreadable => "unreadable-answer",
            Self::Timeout => "timeout",
            Self::Connection => "connection",
            Self::TooLarge => "answer-too-large",
            Self::NoToken => "no-token",
        }
    }

    /// Whether the same request may succeed later.
    #[must_use]
    pub fn is_transient(self) -> bool {
        !matches!(
            self,
            Self::Permanent
                | Self::Forbidden
                | Self::NotFound
                | Self::Gone
                | Self::VersionConflict
                | Self::MultipleMatches
                | Self::TooLarge
        )
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.kind.as_str())?;
        if let Some(status) = self.status {
            write!(f, " ({status})")?;
        }
        if self.code != self.kind.as_str() {
            write!(f, ": {}", self.code)?;
        }
        if let Some(first) = self.expressions.first() {
            write!(f, " at {first}")?;
        }
        Ok(())
    }
}

impl std::fmt::Debug for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Failure")
            .field("kind", &self.kind)
            .field("status", &self.status)
            .field("code", &self.code)
            .field("expressions", &self.expressions)
            .field("wait", &self.wait)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for Failure {}
