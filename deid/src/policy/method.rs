//! What can be done with an element, and with elements of which type.

use serde::Deserialize;

use crate::fhir::{Codes, Field};

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
    /// A date goes as many days back as every date of its patient.
    Shift,
    /// An age above 89 years becomes 90 and more.
    Age,
    /// A postal code stays if it is one; for limited data sets.
    Zip,
    /// The first three digits of a postal code, where enough people live there.
    Zip3,
    /// Of a postal code stays what `[geography]` says for the country of the address.
    Postcode,
    /// A state or province stays if it is one.
    State,
    /// A country stays if it is one.
    Country,
    /// A number goes down to a multiple of `step`.
    Generalise,
    /// A number moves within `span`, by the key.
    Perturb,
    /// The value is sealed, to be opened by those who hold the key: see [`ValueCipher`](crate::transform::ValueCipher).
    Encrypt,
    /// The `value` of the rule stands in its place.
    Substitute,
    /// A text goes through a scrubber, which finds what it can: no guarantee.
    Scrub,
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
            Self::Shift => "shift",
            Self::Age => "age",
            Self::Zip => "zip",
            Self::Zip3 => "zip3",
            Self::Postcode => "postcode",
            Self::State => "state",
            Self::Country => "country",
            Self::Generalise => "generalise",
            Self::Perturb => "perturb",
            Self::Encrypt => "encrypt",
            Self::Substitute => "substitute",
            Self::Scrub => "scrub",
        }
    }

    /// Why the method cannot be used on an element, if it cannot.
    pub(crate) fn fault(self, field: &Field) -> Option<&'static str> {
        let Some(datatype) = field.datatype() else {
            return (self != Self::Drop).then_some("has elements of its own: name those");
        };
        let text = matches!(
            datatype,
            "string" | "markdown" | "base64Binary" | "uri" | "url" | "canonical" | "id" | "oid"
        );
        let is_text = matches!(datatype, "string" | "markdown");
        match self {
            Self::Keep if text => Some("is free text, and `keep` would let names through"),
            Self::Keep if datatype == "Identifier" => Some("is an identifier: use `pseudonym`"),
            Self::Keep if matches!(datatype, "Narrative" | "Extension" | "Resource") => {
                Some("can hold anything: `keep` does not apply")
            }
            Self::Pseudonym
                if !matches!(datatype, "Identifier" | "string" | "uri" | "url" | "canonical" | "id") =>
            {
                Some("is neither an identifier nor a short text: `pseudonym` does not apply")
            }
            Self::Year if !matches!(datatype, "date" | "dateTime") => {
                Some("is no date: `year` does not apply")
            }
            Self::Shift if !matches!(datatype, "date" | "dateTime" | "instant") => {
                Some("is no date: `shift` does not apply")
            }
            Self::Age if !matches!(datatype, "Age" | "Quantity") => Some("is no age: `age` does not apply"),
            Self::Zip | Self::Zip3 | Self::Postcode | Self::State | Self::Country if datatype != "string" => {
                Some("is no text: it cannot be a part of an address")
            }
            Self::Substitute if !is_text => Some("is no text: `substitute` does not apply"),
            Self::Token => Some("is an element, and `token` applies to `Patient` as a whole"),
            Self::Generalise | Self::Perturb if !NUMBERS.contains(&datatype) => {
                Some("is no number and no quantity: `generalise` and `perturb` do not apply")
            }
            Self::Encrypt if !can_be_sealed(datatype, field.codes) => Some(
                "cannot hold what encryption makes of it: only string, markdown, uri, url, canonical, Identifier and a \
                 code without a required binding can",
            ),
            Self::Scrub if !is_text => Some("is no text: `scrub` does not apply"),
            _ => None,
        }
    }
}

/// The types of numbers, alone or with a unit.
const NUMBERS: [&str; 10] = [
    "decimal",
    "integer",
    "positiveInt",
    "unsignedInt",
    "Quantity",
    "Age",
    "Duration",
    "Count",
    "Distance",
    "Money",
];

/// Whether a value stays one of its type when it is encrypted: `cw1.` and letters, digits, `-` and `_`, some 100 more
/// than the value has. A date, a number or a code of a required binding would be none, and an `id` has at most 64.
fn can_be_sealed(datatype: &str, codes: Codes) -> bool {
    match datatype {
        "string" | "markdown" | "uri" | "url" | "canonical" | "Identifier" => true,
        "code" => codes == Codes::Open,
        _ => false,
    }
}
