use super::SearchReason;
use super::parameter::{ParameterKind, parameter, parameters};
use crate::resource::is_type_name;

/// An `_include` or `_revinclude`: further resources that come with those found.
///
/// ```
/// use carewire_fhir_core::search::{Include, SearchQuery};
/// let query = SearchQuery::of("Observation")
///     .including(Include::of("Observation", "subject").to("Patient"))
///     .including(Include::of("Provenance", "target").reversed());
/// assert_eq!(query.to_query(), "_include=Observation:subject:Patient&_revinclude=Provenance:target");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Include {
    /// `_revinclude`: what refers to the resources found, rather than what they refer to.
    pub is_reverse: bool,
    /// `:iterate`: also from what was included.
    pub is_iterated: bool,
    /// The type whose references are followed; `None` for `*`, all of them.
    pub source: Option<String>,
    /// The reference parameter; `None` for all of the type.
    pub parameter: Option<String>,
    /// Only references to this type.
    pub target: Option<String>,
}

impl Include {
    /// What a reference parameter of a type leads to.
    #[must_use]
    pub fn of(source: &str, parameter: &str) -> Self {
        let parameter = Some(parameter.to_owned());
        Self {
            is_reverse: false,
            is_iterated: false,
            source: Some(source.to_owned()),
            parameter,
            target: None,
        }
    }

    /// What any reference of a type leads to (`Type:*`), or of any type (`*`).
    #[must_use]
    pub fn all(source: Option<&str>) -> Self {
        let source = source.map(str::to_owned);
        Self { is_reverse: false, is_iterated: false, source, parameter: None, target: None }
    }

    /// Only references to a type.
    #[must_use]
    pub fn to(self, target: &str) -> Self {
        Self { target: Some(target.to_owned()), ..self }
    }

    /// `_revinclude` in place of `_include`.
    #[must_use]
    pub fn reversed(self) -> Self {
        Self { is_reverse: true, ..self }
    }

    /// Also from what was included.
    #[must_use]
    pub fn iterated(self) -> Self {
        Self { is_iterated: true, ..self }
    }

    pub(super) fn name(&self) -> &'static str {
        match (self.is_reverse, self.is_iterated) {
            (false, false) => "_include",
            (false, true) => "_include:iterate",
            (true, false) => "_revinclude",
            (true, true) => "_revinclude:iterate",
        }
    }

    pub(super) fn value(&self) -> String {
        let Some(source) = &self.source else { return "*".to_owned() };
        let mut value = format!("{source}:{}", self.parameter.as_deref().unwrap_or("*"));
        if let Some(target) = &self.target {
            value.push(':');
            value.push_str(target);
        }
        value
    }

    pub(super) fn parse(is_reverse: bool, is_iterated: bool, value: &str) -> Result<Self, SearchReason> {
        if value == "*" {
            return Ok(Self { is_reverse, is_iterated, ..Self::all(None) });
        }
        let mut parts = value.split(':');
        let (source, code) = parts.next().zip(parts.next()).ok_or(SearchReason::Value)?;
        let target = parts.next();
        if !is_type_name(source)
            || target.is_some_and(|target| !is_type_name(target))
            || parts.next().is_some()
        {
            return Err(SearchReason::Value);
        }
        follows(source, code, target)?;
        let parameter = (code != "*").then(|| code.to_owned());
        let (source, target) = (Some(source.to_owned()), target.map(str::to_owned));
        Ok(Self { is_reverse, is_iterated, source, parameter, target })
    }
}

/// Whether the type has such a reference, and it may lead to the target.
fn follows(source: &str, code: &str, target: Option<&str>) -> Result<(), SearchReason> {
    if code == "*" {
        let any = parameters(source).any(|entry| entry.kind == ParameterKind::Reference);
        return if any { Ok(()) } else { Err(SearchReason::Unknown) };
    }
    let entry = parameter(source, code).ok_or(SearchReason::Unknown)?;
    if entry.kind != ParameterKind::Reference {
        return Err(SearchReason::NotAReference);
    }
    let fits = target.is_none_or(|target| entry.targets.is_empty() || entry.targets.contains(&target));
    if fits { Ok(()) } else { Err(SearchReason::NotATarget) }
}
