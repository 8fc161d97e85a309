//! What is to come back, and how.

use super::SearchReason;
use super::escape::split;
use crate::define::fhir;
use crate::resource::is_type_name;

fhir! {
    /// Whether the number of all matches is wanted.
    code Total { None = "none", Estimate = "estimate", Accurate = "accurate" }
}

fhir! {
    /// Which part of each resource is wanted.
    code Summary { True = "true", Text = "text", Data = "data", Count = "count", False = "false" }
}

fhir! {
    /// Whether contained resources are found.
    code Contained { True = "true", False = "false", Both = "both" }
}

fhir! {
    /// What comes back for a contained resource that was found.
    code ContainedType { Container = "container", Contained = "contained" }
}

/// One key of the order.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_structs, reason = "a name and a direction")]
pub struct Sort {
    /// The parameter to sort by; `_score` for how well a resource matches.
    pub code: String,
    /// From the greatest down.
    pub is_descending: bool,
}

/// What is to come back, and how. Made by [`Results::default`] and by the methods of
/// [`SearchQuery`](super::SearchQuery).
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Results {
    /// `_type`, of a search over several types.
    pub types: Vec<String>,
    /// `_sort`
    pub sort: Vec<Sort>,
    /// `_count`: resources on a page.
    pub count: Option<u32>,
    /// `_offset`: matches to leave out; not of R4, but many servers' way to name a page.
    pub offset: Option<u32>,
    /// `_cursor`: another way to name a page, opaque.
    pub cursor: Option<String>,
    /// `_total`
    pub total: Option<Total>,
    /// `_summary`
    pub summary: Option<Summary>,
    /// `_elements`
    pub elements: Vec<String>,
    /// `_contained`
    pub contained: Option<Contained>,
    /// `_containedType`
    pub contained_type: Option<ContainedType>,
    /// `_format`
    pub format: Option<String>,
    /// `_pretty`
    pub pretty: Option<bool>,
}

impl Results {
    /// Takes a parameter that is about results; `None` when it is another one.
    pub(super) fn take(&mut self, name: &str, value: &str) -> Option<Result<(), SearchReason>> {
        Some(match name {
            "_type" => list(&mut self.types, value, is_type_name),
            "_sort" => self.take_sort(value),
            "_count" => once(&mut self.count, value.parse().ok()),
            "_offset" => once(&mut self.offset, value.parse().ok()),
            "_cursor" => once(&mut self.cursor, some(value)),
            "_total" => once(&mut self.total, Total::parse(value)),
            "_summary" => once(&mut self.summary, Summary::parse(value)),
            "_elements" => list(&mut self.elements, value, is_element),
            "_contained" => once(&mut self.contained, Contained::parse(value)),
            "_containedType" => once(&mut self.contained_type, ContainedType::parse(value)),
            "_format" => once(&mut self.format, some(value)),
            "_pretty" => once(&mut self.pretty, value.parse().ok()),
            _ => return None,
        })
    }

    fn take_sort(&mut self, value: &str) -> Result<(), SearchReason> {
        if !self.sort.is_empty() {
            return Err(SearchReason::Repeated);
        }
        for key in split(value, ',') {
            let code = key.strip_prefix('-').unwrap_or(key);
            if !is_code(code) {
                return Err(SearchReason::Value);
            }
            self.sort.push(Sort { code: code.to_owned(), is_descending: key.starts_with('-') });
        }
        Ok(())
    }

    /// Each parameter that is set, with its value.
    pub(super) fn pairs(&self) -> Vec<(&'static str, String)> {
        let keys =
            self.sort.iter().map(|key| format!("{}{}", if key.is_descending { "-" } else { "" }, key.code));
        let sort: Vec<String> = keys.collect();
        let joined = |list: &[String]| (!list.is_empty()).then(|| list.join(","));
        let pairs = [
            ("_type", joined(&self.types)),
            ("_sort", joined(&sort)),
            ("_count", self.count.map(|count| count.to_string())),
            ("_offset", self.offset.map(|offset| offset.to_string())),
            ("_cursor", self.cursor.clone()),
            ("_total", self.total.map(|total| total.as_str().to_owned())),
            ("_summary", self.summary.map(|summary| summary.as_str().to_owned())),
            ("_elements", joined(&self.elements)),
            ("_contained", self.contained.map(|contained| contained.as_str().to_owned())),
            ("_containedType", self.contained_type.map(|kind| kind.as_str().to_owned())),
            ("_format", self.format.clone()),
            ("_pretty", self.pretty.map(|pretty| pretty.to_string())),
        ];
        pairs.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }
}

impl std::fmt::Debug for Results {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names = self.pairs().into_iter().map(|(name, _)| name);
        f.debug_set().entries(names).finish()
    }
}

fn once<T>(place: &mut Option<T>, value: Option<T>) -> Result<(), SearchReason> {
    if place.is_some() {
        return Err(SearchReason::Repeated);
    }
    *place = Some(value.ok_or(SearchReason::Value)?);
    Ok(())
}

fn list(place: &mut Vec<String>, value: &str, is_item: fn(&str) -> bool) -> Result<(), SearchReason> {
    if !place.is_empty() {
        return Err(SearchReason::Repeated);
    }
    let items = value.split(',');
    if !items.clone().all(is_item) {
        return Err(SearchReason::Value);
    }
    place.extend(items.map(str::to_owned));
    Ok(())
}

fn some(value: &str) -> Option<String> {
    (!value.is_empty()).then(|| value.to_owned())
}

/// The name of an element, or a path of such.
fn is_element(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._".contains(&byte))
}

fn is_code(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}
