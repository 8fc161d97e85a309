//! From resource to resource.

use crate::fhirpath::Undecided;
use crate::search::{Include, ParameterKind, parameter, parameters};
use crate::{Reference, Value, visit_references};

/// A resource of the same server that is referred to.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct Target {
    /// Its type.
    pub resource_type: String,
    /// Its id.
    pub id: String,
}

impl Target {
    /// What a reference leads to on the server at `base`; `None` when it leads elsewhere. A version does not count.
    #[must_use]
    pub fn of(reference: &str, base: &str) -> Option<Self> {
        let below = reference.strip_prefix(base).and_then(|rest| rest.strip_prefix('/'));
        match Reference::parse(below.filter(|_| !base.is_empty()).unwrap_or(reference)) {
            Reference::Relative { resource_type, id, .. } => {
                Some(Self { resource_type: resource_type.to_owned(), id: id.to_owned() })
            }
            _ => None,
        }
    }

    /// Whether it is this `Type/id`.
    pub(super) fn is(&self, text: &str) -> bool {
        text.split_once('/') == Some((&self.resource_type, &self.id))
    }
}

impl std::fmt::Debug for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Target({})", self.resource_type)
    }
}

/// What the reference parameter of a resource leads to.
pub(super) fn targets(resource: &Value, code: &str, base: &str) -> Result<Vec<Target>, Undecided> {
    let resource_type = resource.str("resourceType").unwrap_or_default();
    let Some(parameter) = parameter(resource_type, code) else { return Ok(Vec::new()) };
    let found = parameter.select(resource)?;
    Ok(found.iter().filter_map(|element| Target::of(element.str("reference")?, base)).collect())
}

impl Include {
    /// What it leads to from a resource, whichever direction it is meant to be followed in. A parameter whose expression
    /// has no answer leads nowhere: what comes along is a service, no answer.
    ///
    /// ```
    /// use carewire_fhir_core::Value;
    /// use carewire_fhir_core::search::Include;
    /// let observation = Value::parse(br#"{"resourceType":"Observation","subject":{"reference":"Patient/1"}}"#)?;
    /// let found = Include::of("Observation", "subject").targets(&observation, "https://a.example/fhir");
    /// assert_eq!((found[0].resource_type.as_str(), found[0].id.as_str()), ("Patient", "1"));
    /// # Ok::<(), carewire_fhir_core::ParseError>(())
    /// ```
    #[must_use]
    pub fn targets(&self, resource: &Value, base: &str) -> Vec<Target> {
        let resource_type = resource.str("resourceType").unwrap_or_default();
        if self.source.as_deref().is_some_and(|source| source != resource_type) {
            return Vec::new();
        }
        let mut found = match (&self.source, &self.parameter) {
            (None, _) => all(resource, base),
            (Some(_), Some(code)) => targets(resource, code, base).unwrap_or_default(),
            (Some(_), None) => {
                let references =
                    parameters(resource_type).filter(|entry| entry.kind == ParameterKind::Reference);
                references.flat_map(|entry| targets(resource, entry.code, base).unwrap_or_default()).collect()
            }
        };
        found.retain(|target| self.target.as_deref().is_none_or(|only| only == target.resource_type));
        found.sort_unstable();
        found.dedup();
        found
    }
}

fn all(resource: &Value, base: &str) -> Vec<Target> {
    let mut found = Vec::new();
    visit_references(resource, &mut |_, text| found.extend(Target::of(text, base)));
    found
}
