//! The order of results.

use std::cmp::Ordering;
use std::ops::Bound;

use super::measure::{amounts, moments};
use super::text::folded;
use crate::search::{ParameterKind, Sort, parameter};
use crate::{Number, Value};

/// What a resource is sorted by, for one key of the order.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum SortKey {
    Moment(i128),
    Number(Number),
    Text(String),
}

/// A resource's place in an order. Made once for each resource, then compared.
///
/// ```
/// use carewire_fhir_core::Value;
/// use carewire_fhir_core::search::{Scope, SearchQuery, SortPlace};
/// let query = SearchQuery::parse(Scope::Type("Patient".into()), "_sort=-birthdate,family")?;
/// let place = |json: &[u8]| Value::parse(json).map(|patient| SortPlace::new(&query.results().sort, &patient));
/// let old = place(br#"{"resourceType":"Patient","birthDate":"1930"}"#)?;
/// let young = place(br#"{"resourceType":"Patient","birthDate":"2020"}"#)?;
/// let unknown = place(br#"{"resourceType":"Patient"}"#)?;
/// assert!(young < old && old < unknown);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct SortPlace(Vec<(Option<SortKey>, bool)>);

impl SortPlace {
    /// The place of a resource: of several values the one that comes first in the order counts; who has none, or none
    /// that can be told, comes last.
    #[must_use]
    pub fn new(sort: &[Sort], resource: &Value) -> Self {
        Self(sort.iter().map(|key| (sort_key(key, resource), key.is_descending)).collect())
    }
}

impl PartialEq for SortPlace {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for SortPlace {}

impl PartialOrd for SortPlace {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for SortPlace {
    fn cmp(&self, other: &Self) -> Ordering {
        let mut keys = self.0.iter().zip(&other.0).map(|((a, is_descending), (b, _))| match (a, b) {
            (None, None) => Ordering::Equal,
            (None, Some(_)) => Ordering::Greater,
            (Some(_), None) => Ordering::Less,
            (Some(a), Some(b)) if *is_descending => b.cmp(a),
            (Some(a), Some(b)) => a.cmp(b),
        });
        keys.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    }
}

impl std::fmt::Debug for SortPlace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SortPlace({} keys)", self.0.len())
    }
}

fn sort_key(sort: &Sort, resource: &Value) -> Option<SortKey> {
    let parameter = parameter(resource.str("resourceType")?, &sort.code)?;
    let elements = parameter.select(resource).ok()?;
    let keys = elements.iter().filter_map(|element| key_of(parameter.kind, element, sort.is_descending));
    if sort.is_descending { keys.max() } else { keys.min() }
}

fn key_of(kind: ParameterKind, element: &Value, is_descending: bool) -> Option<SortKey> {
    match kind {
        ParameterKind::Date => {
            let moments = moments(element)?;
            let (first, other) = (moments.start(), moments.end());
            let (first, other) = if is_descending { (other, first) } else { (first, other) };
            bound(first).or(bound(other)).copied().map(SortKey::Moment)
        }
        ParameterKind::Number | ParameterKind::Quantity => {
            let amounts = amounts(element)?;
            bound(amounts.start()).or(bound(amounts.end())).cloned().map(SortKey::Number)
        }
        ParameterKind::Composite | ParameterKind::Special => None,
        _ => text(element).map(|text| SortKey::Text(folded(&text))),
    }
}

fn bound<T>(bound: Bound<&T>) -> Option<&T> {
    match bound {
        Bound::Included(value) | Bound::Excluded(value) => Some(value),
        Bound::Unbounded => None,
    }
}

/// What people would sort an element by: of a name the family, of a concept its text.
fn text(element: &Value) -> Option<String> {
    if let Some(text) = element.as_str() {
        return Some(text.to_owned());
    }
    if let Some(flag) = element.as_bool() {
        return Some(flag.to_string());
    }
    let coding = element.list("coding").first();
    let coded = coding.and_then(|coding| coding.str("display").or_else(|| coding.str("code")));
    let named = element.str("family").map(|family| {
        let given: Vec<_> = element.list("given").iter().filter_map(Value::as_str).collect();
        format!("{family} {}", given.join(" "))
    });
    let plain = ["text", "display", "value", "code", "reference"].iter().find_map(|name| element.str(name));
    named.or_else(|| coded.or(plain).map(str::to_owned))
}
