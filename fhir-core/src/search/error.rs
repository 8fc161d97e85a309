use super::criterion::Modifier;
use super::parameter::is_in_table;
use crate::fhirpath::Undecided;

/// Why a query cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SearchReason {
    /// The type has no parameter of that name, or a chain leads through one that it has not.
    #[error("unknown parameter")]
    Unknown,
    /// A chain goes on behind a parameter that is no reference.
    #[error("not a reference")]
    NotAReference,
    /// The reference does not lead to that type.
    #[error("not a target of the reference")]
    NotATarget,
    /// The parameter means different things on the types that the chain may lead to: name the type.
    #[error("ambiguous without a type")]
    Ambiguous,
    /// The name is not built like that of a parameter.
    #[error("malformed name")]
    Name,
    /// The parameter does not know the modifier.
    #[error("modifier does not apply")]
    Modifier,
    /// The value is not one of the parameter's kind.
    #[error("malformed value")]
    Value,
    /// There is no value, or an empty one between two commas.
    #[error("empty value")]
    Empty,
    /// A parameter that may be given once is there twice.
    #[error("given twice")]
    Repeated,
    /// A percent sign is not followed by two hexadecimal digits, or the bytes are not UTF-8.
    #[error("malformed percent-encoding")]
    Encoding,
    /// The query is longer than [`SearchOptions::max_length`](super::SearchOptions::max_length).
    #[error("query is longer than the limit")]
    TooLong,
    /// More parameters than [`SearchOptions::max_parameters`](super::SearchOptions::max_parameters).
    #[error("more parameters than the limit")]
    TooManyParameters,
    /// More values between commas than [`SearchOptions::max_values`](super::SearchOptions::max_values).
    #[error("more values than the limit")]
    TooManyValues,
    /// More links in a chain than [`SearchOptions::max_links`](super::SearchOptions::max_links).
    #[error("longer chain than the limit")]
    TooManyLinks,
    /// The URL in front of the query is not one of a search.
    #[error("not the url of a search")]
    Url,
}

/// A query could not be read. Says where and why, and never repeats a value.
///
/// ```
/// use carewire_fhir_core::search::{Scope, SearchQuery};
/// let error = SearchQuery::parse(Scope::Type("Patient".into()), "_count=5&birthdate=Chalmers").unwrap_err();
/// assert_eq!(error.to_string(), "search parameter 2 `birthdate`: malformed value");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("search parameter {position} `{name}`: {reason}")]
pub struct SearchError {
    position: usize,
    name: String,
    reason: SearchReason,
}

impl SearchError {
    pub(super) fn new(position: usize, name: &str, reason: SearchReason) -> Self {
        Self { position, name: shown(name), reason }
    }

    /// Why.
    #[must_use]
    pub fn reason(&self) -> SearchReason {
        self.reason
    }

    /// Which parameter of the query it is, from 1; 0 when the query as a whole is at fault.
    #[must_use]
    pub fn position(&self) -> usize {
        self.position
    }

    /// Its name with modifiers. Each part of it that is no parameter, type or modifier of R4 could be somebody's data and
    /// is shown as `?`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// It cannot be said whether a resource meets a criterion, nor whether it does not. Names the parameter, never a value.
///
/// ```
/// use carewire_fhir_core::Value;
/// use carewire_fhir_core::search::{Alone, MatchReason, Scope, SearchQuery};
/// let observation = Value::parse(br#"{"resourceType":"Observation"}"#)?;
/// let query = SearchQuery::parse(Scope::Type("Observation".into()), "code:in=http://a.example/vs")?;
/// let error = query.fits(&observation, &Alone).unwrap_err();
/// assert_eq!(error.reason(), MatchReason::Unsupported);
/// assert_eq!(error.to_string(), "search parameter `code:in` cannot be decided: not supported");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("search parameter `{parameter}` cannot be decided: {reason}")]
pub struct MatchError {
    parameter: String,
    reason: MatchReason,
}

/// Why a criterion is left undecided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MatchReason {
    /// It needs more than resources: see [`Criterion::is_decidable`](super::Criterion::is_decidable).
    #[error("not supported")]
    Unsupported,
    /// The resource's type does not have the parameter.
    #[error("unknown parameter")]
    Unknown,
    /// The expression of the parameter has no answer for the resource.
    #[error("{0}")]
    Undecided(#[from] Undecided),
}

impl MatchError {
    pub(super) fn new(parameter: &str, reason: MatchReason) -> Self {
        Self { parameter: shown(parameter), reason }
    }

    /// The parameter with links and modifier, as it stands in the query; what R4 does not know of it is shown as `?`.
    #[must_use]
    pub fn parameter(&self) -> &str {
        &self.parameter
    }

    /// Why.
    #[must_use]
    pub fn reason(&self) -> MatchReason {
        self.reason
    }
}

/// The parts of a name that R4 knows: parameters, types, modifiers. Any other could be somebody's data.
fn shown(name: &str) -> String {
    const LONGEST: usize = 80;
    if name.len() > LONGEST {
        return "?".to_owned();
    }
    let parts = name.split_inclusive([':', '.']).map(|part| {
        let text = part.trim_end_matches([':', '.']);
        let end = part.strip_prefix(text).unwrap_or_default();
        format!("{}{end}", if is_known(text) { text } else { "?" })
    });
    parts.collect()
}

fn is_known(part: &str) -> bool {
    let is_modifier = || Modifier::parse(part).is_some_and(|modifier| !matches!(modifier, Modifier::Type(_)));
    part.is_empty() || FRAMEWORK.contains(&part) || is_in_table(part) || is_modifier()
}

/// What R4's list of search parameters leaves out.
const FRAMEWORK: &[&str] = &[
    "_has",
    "_filter",
    "_list",
    "_query",
    "_type",
    "_sort",
    "_count",
    "_offset",
    "_cursor",
    "_total",
    "_summary",
    "_elements",
    "_contained",
    "_containedType",
    "_format",
    "_pretty",
    "_include",
    "_revinclude",
    "iterate",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_r4_knows_of_a_name_is_shown() {
        for name in [
            "birthdate",
            "family:exact",
            "subject:Patient.name:not-in",
            "_has:Observation:patient:code",
            "_include:iterate",
            "_containedType",
            "",
        ] {
            assert_eq!(shown(name), name);
        }
        for (name, expected) in [
            ("Chalmers", "?"),
            ("123456789", "?"),
            ("_123456789", "?"),
            ("subject:Chalmers.name", "subject:?.name"),
            ("_has:Observation:Jane.Doe:code", "_has:Observation:?.?:code"),
            ("name:Jane", "name:?"),
            (&"code.".repeat(20), "?"),
        ] {
            assert_eq!(shown(name), expected);
        }
    }
}
