//! The search parameters that R4 defines.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::{LazyLock, OnceLock};

use crate::Value;
use crate::define::fhir;
use crate::fhirpath::{Context, FhirPath, Undecided};

fhir! {
    /// What the values of a parameter are.
    code ParameterKind {
        Number = "number", Date = "date", String = "string", Token = "token", Reference = "reference",
        Composite = "composite", Quantity = "quantity", Uri = "uri", Special = "special",
    }
}

/// A search parameter of one resource type.
#[derive(Debug)]
#[non_exhaustive]
pub struct SearchParameter {
    /// The type that has it: `DomainResource` and `Resource` for those that types inherit.
    pub base: &'static str,
    /// Its name in a query.
    pub code: &'static str,
    /// What its values are.
    pub kind: ParameterKind,
    /// The FHIRPath of the elements that it looks at, for this base only; empty for `_text`, `_content`, `_query`.
    pub expression: &'static str,
    /// The types that a reference may lead to; empty when it may lead to any.
    pub targets: Box<[&'static str]>,
    /// The parts of a composite, in order.
    pub components: Box<[Component]>,
    path: OnceLock<Option<FhirPath>>,
}

impl SearchParameter {
    /// The expression, compiled when it is first needed; `None` when there is none.
    pub(super) fn path(&self) -> Option<&FhirPath> {
        compiled(&self.path, self.expression)
    }
}

impl Component {
    /// The elements that it looks at, of one that the composite's expression found.
    pub(super) fn select<'v>(&'static self, focus: &'v Value) -> Result<Vec<Cow<'v, Value>>, Undecided> {
        elements(compiled(&self.path, self.expression), focus)
    }
}

/// What an expression finds; nothing when there is no expression.
pub(super) fn elements<'v>(
    path: Option<&'static FhirPath>,
    focus: &'v Value,
) -> Result<Vec<Cow<'v, Value>>, Undecided> {
    let Some(path) = path else { return Ok(Vec::new()) };
    let found = path.select(focus, &Context::new(focus))?;
    Ok(found.iter().filter_map(super::matching::element).collect())
}

fn compiled<'p>(path: &'p OnceLock<Option<FhirPath>>, expression: &str) -> Option<&'p FhirPath> {
    let compile = || (!expression.is_empty()).then(|| FhirPath::parse(expression).ok()).flatten();
    path.get_or_init(compile).as_ref()
}

/// A part of a composite parameter.
#[derive(Debug)]
#[non_exhaustive]
pub struct Component {
    /// What its values are.
    pub kind: ParameterKind,
    /// The FHIRPath of its elements, from what the composite's expression selects.
    pub expression: &'static str,
    path: OnceLock<Option<FhirPath>>,
}

/// The parameter that a type has under a name, its own or an inherited one.
///
/// ```
/// use carewire_fhir_core::search::{ParameterKind, parameter};
/// let subject = parameter("Observation", "patient").ok_or("not there")?;
/// assert_eq!((subject.kind, subject.expression), (ParameterKind::Reference, "Observation.subject.where(resolve() is Patient)"));
/// assert_eq!(parameter("Observation", "_id").map(|id| id.base), Some("Resource"));
/// assert!(parameter("Observation", "birthdate").is_none());
/// # Ok::<(), &str>(())
/// ```
#[must_use]
pub fn parameter(base: &str, code: &str) -> Option<&'static SearchParameter> {
    lineage(base).find_map(|base| {
        let at = TABLE.binary_search_by(|entry| (entry.base, entry.code).cmp(&(base, code))).ok()?;
        TABLE.get(at)
    })
}

/// All parameters of a type, its own and the inherited ones, each by name.
pub fn parameters(base: &str) -> impl Iterator<Item = &'static SearchParameter> {
    lineage(base).flat_map(|base| {
        let first = TABLE.partition_point(|entry| entry.base < base);
        let end = TABLE.partition_point(|entry| entry.base <= base);
        TABLE.get(first..end).unwrap_or_default()
    })
}

/// Every type that has parameters of its own.
pub(super) fn types() -> impl Iterator<Item = &'static str> {
    let groups = TABLE.chunk_by(|a, b| a.base == b.base).filter_map(|group| group.first());
    groups.map(|entry| entry.base).filter(|base| !matches!(*base, "Resource" | "DomainResource"))
}

/// Whether R4 has a parameter or a type of this name.
pub(super) fn is_in_table(name: &str) -> bool {
    static NAMES: LazyLock<HashSet<&str>> =
        LazyLock::new(|| TABLE.iter().flat_map(|entry| [entry.base, entry.code]).collect());
    NAMES.contains(name)
}

/// The type and what it inherits from.
fn lineage(base: &str) -> impl Iterator<Item = &str> {
    let is_domain_resource =
        !matches!(base, "Resource" | "DomainResource" | "Bundle" | "Binary" | "Parameters");
    [Some(base), is_domain_resource.then_some("DomainResource"), (base != "Resource").then_some("Resource")]
        .into_iter()
        .flatten()
}

static TABLE: LazyLock<Vec<SearchParameter>> = LazyLock::new(|| lines().filter_map(entry).collect());

fn lines() -> impl Iterator<Item = &'static str> {
    include_str!("../../definitions/search.txt").lines().filter(|line| !line.starts_with('#'))
}

/// Reads `base<tab>code<tab>kind<tab>expression<tab>targets` and a `<tab>kind expression` for each component.
fn entry(line: &'static str) -> Option<SearchParameter> {
    let mut fields = line.split('\t');
    Some(SearchParameter {
        base: fields.next()?,
        code: fields.next()?,
        kind: ParameterKind::parse(fields.next()?)?,
        expression: fields.next()?,
        targets: fields.next()?.split_whitespace().filter(|&name| name != "*").collect(),
        components: fields.filter_map(component).collect(),
        path: OnceLock::new(),
    })
}

fn component(field: &'static str) -> Option<Component> {
    let (kind, expression) = field.split_once(' ')?;
    Some(Component { kind: ParameterKind::parse(kind)?, expression, path: OnceLock::new() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_read_and_the_table_is_sorted() {
        assert_eq!(TABLE.len(), lines().count());
        assert_eq!(TABLE.len(), 1_709);
        assert!(TABLE.is_sorted_by(|a, b| (a.base, a.code) < (b.base, b.code)));
    }

    #[test]
    fn each_entry_is_whole() {
        for entry in TABLE.iter() {
            let place = format!("{}.{}", entry.base, entry.code);
            assert_eq!(entry.kind == ParameterKind::Composite, !entry.components.is_empty(), "{place}");
            let has_no_path = matches!(entry.code, "_text" | "_content" | "_query");
            assert_eq!(entry.expression.is_empty(), has_no_path, "{place}");
            assert!(entry.targets.is_empty() || entry.kind == ParameterKind::Reference, "{place}");
        }
    }

    #[test]
    fn types_inherit() {
        let codes: Vec<_> = parameters("Binary").map(|entry| entry.code).collect();
        assert!(codes.contains(&"_id") && !codes.contains(&"_text"));
        assert!(parameters("Patient").any(|entry| entry.code == "_text"));
        assert_eq!(
            parameters("Resource").count(),
            parameters("Unheard").filter(|p| p.base == "Resource").count()
        );
        let quantity = parameter("Observation", "code-value-quantity").unwrap();
        let kinds: Vec<_> = quantity.components.iter().map(|part| part.kind).collect();
        assert_eq!(kinds, [ParameterKind::Token, ParameterKind::Quantity]);
    }
}
