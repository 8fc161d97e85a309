//! What the server answers when it does not do what it was asked: an HTTP status and an `OperationOutcome`.

use carewire_fhir_core::Value;

/// A refused request or Bundle entry.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    /// `OperationOutcome.id`: a name that clients of this kind of server switch on.
    pub(crate) id: Option<&'static str>,
    /// `OperationOutcome.issue.code`.
    pub(crate) code: &'static str,
    text: Box<str>,
    expression: Option<Box<str>>,
    coding: Option<&'static str>,
    /// Milliseconds until a throttled client may come back.
    pub(crate) wait_millis: Option<u64>,
    /// What the client has spent, and of how much.
    spent: (u64, u64),
}

impl Refusal {
    fn new(status: u16, id: Option<&'static str>, code: &'static str, text: impl Into<Box<str>>) -> Self {
        Self {
            status,
            id,
            code,
            text: text.into(),
            expression: None,
            coding: None,
            wait_millis: None,
            spent: (1_100, 1_000),
        }
    }

    /// 400 with one of the fixed texts.
    pub(crate) fn bad_request(text: impl Into<Box<str>>) -> Self {
        Self::new(400, None, "invalid", text)
    }

    /// 400 about one element.
    pub(crate) fn element(code: &'static str, text: &'static str, expression: impl Into<Box<str>>) -> Self {
        Self { expression: Some(expression.into()), ..Self::new(400, None, code, text) }
    }

    pub(crate) fn unauthorized() -> Self {
        Self::new(401, Some("unauthorized"), "login", "Unauthorized")
    }

    pub(crate) fn not_found() -> Self {
        Self::new(404, Some("not-found"), "not-found", "Not found")
    }

    pub(crate) fn gone() -> Self {
        Self::new(410, Some("gone"), "deleted", "Gone")
    }

    pub(crate) fn not_modified() -> Self {
        Self::new(304, Some("not-modified"), "informational", "Not Modified")
    }

    pub(crate) fn precondition_failed() -> Self {
        Self::new(412, Some("precondition-failed"), "processing", "Precondition Failed")
    }

    pub(crate) fn multiple_matches() -> Self {
        Self::new(
            412,
            Some("multiple-matches"),
            "multiple-matches",
            "Multiple resources found matching condition",
        )
    }

    /// 409 as a database answers that ran two transactions into each other.
    pub(crate) fn serialization() -> Self {
        let text = "could not serialize access due to concurrent update";
        Self { coding: Some("40001"), ..Self::new(409, Some("conflict"), "conflict", text) }
    }

    /// 400 as a server answers whose database is away.
    pub(crate) fn database_away() -> Self {
        Self::bad_request("connect ECONNREFUSED 127.0.0.1:5432")
    }

    pub(crate) fn throttled(wait_millis: u64) -> Self {
        Self {
            wait_millis: Some(wait_millis),
            ..Self::new(429, Some("too-many-requests"), "throttled", "Too Many Requests")
        }
    }

    /// 429 to a client that has used up its quota.
    pub(crate) fn over_quota(wait_millis: u64, consumed: u64, limit: u64) -> Self {
        Self { spent: (consumed, limit), ..Self::throttled(wait_millis) }
    }

    /// 415: the body is of a type that the operation cannot take.
    pub(crate) fn media_type() -> Self {
        Self::new(415, None, "not-supported", "Unsupported content type")
    }

    /// 422 with a text that holds no data.
    pub(crate) fn unprocessable(text: impl Into<Box<str>>) -> Self {
        Self::new(422, None, "processing", text)
    }

    pub(crate) fn storage() -> Self {
        Self::new(503, None, "exception", "storage is unavailable")
    }

    /// The `OperationOutcome` of what was done nevertheless, and may not be what was wanted.
    pub(crate) fn warning(&self) -> Value {
        let issue = Value::object()
            .with("severity", "warning")
            .with("code", self.code)
            .with("details", Value::object().with("text", &*self.text));
        Value::object().with("resourceType", "OperationOutcome").with("issue", vec![issue])
    }

    /// The `OperationOutcome`.
    pub(crate) fn outcome(&self) -> Value {
        let mut details = Value::object();
        if let Some(code) = self.coding {
            details.set("coding", vec![Value::object().with("code", code)]);
        }
        details.set("text", &*self.text);
        let mut issue =
            Value::object().with("severity", "error").with("code", self.code).with("details", details);
        if let Some(wait) = self.wait_millis {
            let (consumed, limit) = self.spent;
            let left = limit.saturating_sub(consumed);
            let text = format!(
                r#"{{"_remainingPoints":{left},"_msBeforeNext":{wait},"_consumedPoints":{consumed},"limit":{limit}}}"#
            );
            issue.set("diagnostics", text);
        }
        if let Some(expression) = &self.expression {
            issue.set("expression", vec![Value::string(&**expression)]);
        }
        let mut outcome = Value::object().with("resourceType", "OperationOutcome");
        if let Some(id) = self.id {
            outcome.set("id", id);
        }
        outcome.with("issue", vec![issue])
    }
}

/// The `OperationOutcome` of something that went well and has no resource to show.
pub(crate) fn all_ok() -> Value {
    let issue = Value::object()
        .with("severity", "information")
        .with("code", "informational")
        .with("details", Value::object().with("text", "All OK"));
    Value::object().with("resourceType", "OperationOutcome").with("id", "ok").with("issue", vec![issue])
}
