//! What can be done with an element, and with elements of which type.

use serde::Deserialize;

use crate::fhir::{Field, FieldKind};

/// What happens to an element that a policy names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Method {
    /// Coded values, numbers, quantities, dates and references stay, each by the rules of its datatype.
    Keep,
    /// An identifier, text or URI is replaced by a keyed surrogate.
    Pseudonym,
    /// A date is cut to its year.
    Year,
    /// Nothing stays: takes an element back out of what a `*` let in.
    Drop,
    /// `Patient` only: the resource becomes a token patient.
    Token,
}

impl Method {
    /// The name in a policy file.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Pseudonym => "pseudonym",
            Self::Year => "year",
            Self::Drop => "drop",
            Self::Token => "token",
        }
    }

    /// Why the method cannot be used on an element, if it cannot.
    pub(super) fn fault(self, field: &Field) -> Option<&'static str> {
        let FieldKind::Type(datatype) = field.kind else {
            return (self != Self::Drop).then_some("has elements of its own: name those");
        };
        let text = matches!(
            datatype,
            "string" | "markdown" | "base64Binary" | "uri" | "url" | "canonical" | "id" | "oid"
        );
        match self {
            Self::Keep if text => Some("is free text, and `keep` would let names through"),
            Self::Keep if datatype == "Identifier" => Some("is an identifier: use `pseudonym`"),
            Self::Pseudonym
                if !matches!(datatype, "Identifier" | "string" | "uri" | "url" | "canonical" | "id") =>
            {
                Some("is neither an identifier nor a short text: `pseudonym` does not apply")
            }
            Self::Year if !matches!(datatype, "date" | "dateTime") => {
                Some("is no date: `year` does not apply")
            }
            Self::Token => Some("is an element, and `token` applies to `Patient` as a whole"),
            _ => None,
        }
    }
}
