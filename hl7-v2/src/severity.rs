//! How grave a fault is.

use std::fmt;

/// How grave a fault is (table 0516, as in ERR-4).
///
/// ```
/// use carewire_hl7_v2::Severity;
///
/// assert_eq!(Severity::Warning.as_str(), "W");
/// assert_eq!(Severity::Warning.to_string(), "warning");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Severity {
    /// The message is not as the standard or the profile demands.
    Error,
    /// Something may be wrong; the message can be processed.
    Warning,
    /// Nothing is wrong; somebody may want to know.
    Information,
}

impl Severity {
    /// The code as written in ERR-4.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "E",
            Self::Warning => "W",
            Self::Information => "I",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Information => "information",
        })
    }
}
