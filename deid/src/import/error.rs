//! Why a rule file cannot be used.

use carewire_fhir_core::ParseReason;
use carewire_fhir_core::fhirpath::FhirPathReason;

/// A rule file cannot be used: where, which rule, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleError {
    line: Option<usize>,
    rule: Option<usize>,
    reason: RuleReason,
}

impl std::error::Error for RuleError {}

impl std::fmt::Display for RuleError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.line, self.rule) {
            (Some(line), Some(rule)) => write!(f, "line {line}, fhirPathRules[{rule}]: ")?,
            (Some(line), None) => write!(f, "line {line}: ")?,
            (None, Some(rule)) => write!(f, "fhirPathRules[{rule}]: ")?,
            (None, None) => {}
        }
        self.reason.fmt(f)
    }
}

/// What is wrong with a rule file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RuleReason {
    /// It is not a JSON object with a list of rules.
    #[error("not a rule file")]
    Shape,
    /// It is no JSON.
    #[error("not a rule file: {0}")]
    Json(ParseReason),
    /// It is for a release of FHIR other than R4.
    #[error("not for FHIR R4")]
    Version,
    /// A member is missing, or is not of the type that it has to be.
    #[error("`{0}` is missing or not what it has to be")]
    Member(&'static str),
    /// A method that is not known.
    #[error("unknown method")]
    Method,
    /// A path or a case is not an expression that is evaluated here.
    #[error("expression: {reason} at byte {offset}")]
    Expression {
        /// What is wrong with it.
        reason: FhirPathReason,
        /// Where in the expression.
        offset: usize,
    },
    /// A path uses `nodesByType` or `nodesByName` in a way that is not supported.
    #[error("`nodesByType` and `nodesByName` take one name in quotes, once in a path")]
    Nodes,
}

impl RuleError {
    /// A fault of the file as a whole.
    pub(super) fn whole(reason: RuleReason) -> Self {
        Self { line: None, rule: None, reason }
    }

    pub(super) fn of_rule(rule: usize, line: Option<usize>, reason: RuleReason) -> Self {
        Self { line, rule: Some(rule), reason }
    }

    pub(super) fn of_line(line: usize, reason: RuleReason) -> Self {
        Self { line: Some(line), rule: None, reason }
    }

    /// The line at which the rule begins, from 1, or the one at which the text is no JSON any more.
    #[must_use]
    pub fn line(&self) -> Option<usize> {
        self.line
    }

    /// The index of the rule, from 0; `None` for the file as a whole.
    #[must_use]
    pub fn rule(&self) -> Option<usize> {
        self.rule
    }

    /// What is wrong.
    #[must_use]
    pub fn reason(&self) -> &RuleReason {
        &self.reason
    }
}
