//! What went wrong, as FHIR says it.

use crate::define::fhir;
use crate::types::{Member, ToJson};
use crate::{Kind, Resource, Value};

fhir! {
    /// How bad an issue is.
    code Severity { Fatal = "fatal", Error = "error", Warning = "warning", Information = "information" }
}

/// One issue of an `OperationOutcome`. Its texts may repeat data and are not shown by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Issue {
    /// How bad it is. An issue that does not say counts as an error.
    pub severity: Severity,
    /// What kind of issue it is, by the codes of `IssueType`; empty when the issue does not say.
    pub code: String,
    /// `details.text`
    pub details_text: Option<String>,
    /// `diagnostics`
    pub diagnostics: Option<String>,
    /// The elements at fault, as FHIRPath.
    pub expression: Vec<String>,
}

impl Issue {
    /// An error of a kind, with a text that holds no data.
    #[must_use]
    pub fn error(code: &str, text: &str) -> Self {
        Self {
            severity: Severity::Error,
            code: code.to_owned(),
            details_text: Some(text.to_owned()),
            diagnostics: None,
            expression: Vec::new(),
        }
    }

    /// The same issue, said of an element.
    #[must_use]
    pub fn at(mut self, expression: impl Into<String>) -> Self {
        self.expression.push(expression.into());
        self
    }
}

impl std::fmt::Debug for Issue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut issue = f.debug_struct("Issue");
        issue.field("severity", &self.severity);
        issue.field("expressions", &self.expression.len()).finish_non_exhaustive()
    }
}

/// An `OperationOutcome` of these issues.
///
/// ```
/// use carewire_fhir_core::{Issue, issues, operation_outcome};
/// let outcome = operation_outcome([Issue::error("required", "missing element").at("Observation.status")]);
/// assert_eq!(issues(outcome.value())[0].expression, ["Observation.status"]);
/// ```
#[must_use]
pub fn operation_outcome(issues: impl IntoIterator<Item = Issue>) -> Resource {
    let mut outcome = Resource::new("OperationOutcome");
    outcome.value_mut().set("issue", issues.into_iter().map(|issue| issue_value(&issue)).collect::<Value>());
    outcome
}

/// The issues of an `OperationOutcome`; none when the value is something else.
#[must_use]
pub fn issues(outcome: &Value) -> Vec<Issue> {
    outcome.list("issue").iter().filter(|issue| issue.kind() == Kind::Object).map(read_issue).collect()
}

fn issue_value(issue: &Issue) -> Value {
    let mut value = Value::object().with("severity", issue.severity.to_value());
    issue.code.set_in("code", &mut value);
    if let Some(text) = &issue.details_text {
        value.set("details", Value::object().with("text", text.as_str()));
    }
    issue.diagnostics.set_in("diagnostics", &mut value);
    issue.expression.set_in("expression", &mut value);
    value
}

fn read_issue(issue: &Value) -> Issue {
    let text = |value: &Value, name: &str| value.str(name).map(str::to_owned);
    Issue {
        severity: issue.str("severity").and_then(Severity::parse).unwrap_or(Severity::Error),
        code: text(issue, "code").unwrap_or_default(),
        details_text: issue.get("details").and_then(|details| text(details, "text")),
        diagnostics: text(issue, "diagnostics"),
        expression: issue.list("expression").iter().filter_map(Value::as_str).map(str::to_owned).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn issues_are_read_as_they_are_written() {
        let issue =
            Issue { diagnostics: Some("d".into()), ..Issue::error("invalid", "t").at("Patient.name") };
        let outcome = operation_outcome([issue.clone()]);
        assert_eq!(issues(outcome.value()), [issue]);
        assert_eq!(
            outcome.to_json(),
            concat!(
                r#"{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"invalid","#,
                r#""details":{"text":"t"},"diagnostics":"d","expression":["Patient.name"]}]}"#
            )
        );
    }

    #[test]
    fn what_is_no_outcome_has_no_issues_and_odd_issues_are_errors() {
        assert!(issues(&Value::null()).is_empty());
        let odd = Value::parse(br#"{"issue":[{"severity":"bad","details":"x"},7]}"#).unwrap();
        assert_eq!(issues(&odd).len(), 1);
        assert_eq!(issues(&odd)[0].severity, Severity::Error);
    }

    #[test]
    fn debug_shows_no_text() {
        assert!(!format!("{:?}", Issue::error("invalid", "Secret").at("Secret")).contains("Secret"));
    }
}
