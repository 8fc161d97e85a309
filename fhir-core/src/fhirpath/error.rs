//! Why an expression is not compiled, and why it cannot be evaluated.

/// Why a text is not an expression that this crate evaluates.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FhirPathReason {
    /// The text ends inside an expression.
    #[error("unexpected end")]
    UnexpectedEnd,
    /// Something that cannot stand here.
    #[error("unexpected token")]
    UnexpectedToken,
    /// A string, number or date that is not one.
    #[error("invalid literal")]
    InvalidLiteral,
    /// A function of another name than those that are supported.
    #[error("unsupported function `{0}`")]
    UnsupportedFunction(String),
    /// An operator that is not supported.
    #[error("unsupported operator `{0}`")]
    UnsupportedOperator(String),
    /// A variable that is not supported.
    #[error("unsupported variable `{0}`")]
    UnsupportedVariable(String),
    /// A name that is no type.
    #[error("unknown type `{0}`")]
    UnknownType(String),
    /// A function with too few or too many arguments.
    #[error("wrong number of arguments of `{0}`")]
    Arguments(String),
    /// A regular expression that is not a literal, or not one.
    #[error("invalid regular expression")]
    Pattern,
    /// Longer or deeper than [`FhirPathError::MAX_BYTES`] and [`FhirPathError::MAX_DEPTH`] allow.
    #[error("expression is larger than the limit")]
    TooLarge,
}

/// A text is not an expression that this crate evaluates: why, and at which byte.
///
/// ```
/// use carewire_fhir_core::fhirpath::{FhirPath, FhirPathReason};
/// let error = FhirPath::parse("name.memberOf('x')").unwrap_err();
/// assert_eq!(error.reason(), &FhirPathReason::UnsupportedFunction("memberOf".into()));
/// assert_eq!(error.to_string(), "unsupported function `memberOf` at byte 5");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason} at byte {offset}")]
pub struct FhirPathError {
    reason: FhirPathReason,
    offset: usize,
}

impl FhirPathError {
    /// How many bytes an expression may have.
    pub const MAX_BYTES: usize = 64 << 10;
    /// How deep an expression may nest; each step of a path is one level.
    pub const MAX_DEPTH: usize = 100;

    pub(super) fn new(reason: FhirPathReason, offset: usize) -> Self {
        Self { reason, offset }
    }

    /// Why.
    #[must_use]
    pub fn reason(&self) -> &FhirPathReason {
        &self.reason
    }

    /// The byte where compiling stopped, from 0.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.offset
    }
}

/// Why an expression has no answer for a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Undecided {
    /// It hangs on a resource that no resolver has.
    #[error("a reference leads outside")]
    Unresolved,
    /// It hangs on the order of values whose precision or unit leaves it open.
    #[error("values cannot be compared")]
    Incomparable,
    /// It hangs on the type of an element that the JSON does not tell.
    #[error("the type of an element is not known")]
    UnknownType,
    /// One item is needed and there are several.
    #[error("several items where one is needed")]
    Several,
    /// A value of the wrong kind, such as an object where text is needed.
    #[error("a value of the wrong kind")]
    WrongKind,
    /// The result of an addition is too large to be exact.
    #[error("a number is too large")]
    TooLarge,
    /// More than [`super::Context::STEPS`] steps.
    #[error("the evaluation takes too many steps")]
    TooManySteps,
    /// The resource is nested too deep.
    #[error("the resource is nested too deep")]
    TooDeep,
}
