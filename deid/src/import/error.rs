//! Why a rule file cannot be used.

use carewire_fhir_core::fhirpath::FhirPathReason;

/// A rule file cannot be used: which rule, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{reason}", rule.map_or_else(String::new, |rule| format!("rule {rule}: ")))]
pub struct RuleError {
    rule: Option<usize>,
    reason: RuleReason,
}

/// What is wrong with a rule file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RuleReason {
    /// It is not a JSON object with a list of rules.
    #[error("not a rule file")]
    Shape,
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
    pub(super) fn new(rule: Option<usize>, reason: RuleReason) -> Self {
        Self { rule, reason }
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
