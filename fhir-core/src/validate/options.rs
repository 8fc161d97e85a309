//! What is looked for, and how bad it is.

use crate::Severity;

/// How bad it is when a rule is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Strictness {
    /// An error.
    Error,
    /// A warning.
    Warning,
    /// Nothing: the rule is not looked at.
    Off,
}

impl Strictness {
    pub(super) fn severity(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Off => None,
        }
    }
}

/// What [`validate_with`](crate::validate_with) looks for. The default is what the standard calls an error.
///
/// ```
/// use carewire_fhir_core::{Strictness, ValidateOptions};
/// let lenient = ValidateOptions::default().with_bindings(Strictness::Warning).with_unknown_elements(Strictness::Off);
/// assert_eq!((lenient.max_issues, lenient.warnings), (200, false));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ValidateOptions {
    /// After so many issues the search ends. 200.
    pub max_issues: usize,
    /// Codes that a required binding does not have. An error.
    pub bindings: Strictness,
    /// Elements that R4 does not have. An error. Where it is off, what is in them is still held to the rules that every
    /// element keeps: no `null`, nothing empty.
    pub unknown_elements: Strictness,
    /// Whether the constraints of R4 are evaluated. They are. Where not, no issue has the code `invariant`.
    pub invariants: bool,
    /// Whether what R4 only advises against is looked for too: constraints that it calls warnings or best practice,
    /// strings of white space or with control characters. So are units that are not known to be of UCUM. It is not.
    pub warnings: bool,
}

impl Default for ValidateOptions {
    fn default() -> Self {
        Self {
            max_issues: 200,
            bindings: Strictness::Error,
            unknown_elements: Strictness::Error,
            invariants: true,
            warnings: false,
        }
    }
}

impl ValidateOptions {
    /// The same with another number of issues.
    #[must_use]
    pub fn with_max_issues(self, max_issues: usize) -> Self {
        Self { max_issues, ..self }
    }

    /// The same with other strictness towards required bindings.
    #[must_use]
    pub fn with_bindings(self, bindings: Strictness) -> Self {
        Self { bindings, ..self }
    }

    /// The same with other strictness towards elements that R4 does not have.
    #[must_use]
    pub fn with_unknown_elements(self, unknown_elements: Strictness) -> Self {
        Self { unknown_elements, ..self }
    }

    /// The same with or without constraints.
    #[must_use]
    pub fn with_invariants(self, invariants: bool) -> Self {
        Self { invariants, ..self }
    }

    /// The same with or without what is only a warning.
    #[must_use]
    pub fn with_warnings(self, warnings: bool) -> Self {
        Self { warnings, ..self }
    }
}
