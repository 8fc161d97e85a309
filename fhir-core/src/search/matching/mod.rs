//! Whether a resource is what a search looks for.

mod element;
mod follow;
mod measure;
mod order;
mod text;

use std::borrow::Cow;

use super::criterion::{Criterion, Link, Modifier};
use super::error::{MatchError, MatchReason};
use super::parameter::{ParameterKind, SearchParameter, elements, parameter};
use super::query::SearchQuery;
use super::value::SearchValue;
use crate::Value;
use crate::fhirpath::{Context, Undecided};
pub(super) use element::of as element;
use element::{
    Case, reference_fits, text_fits, token_fits, token_text_fits, typed_identifier_fits, uri_fits,
};
pub use follow::Target;
use measure::{date_fits, number_fits, quantity_fits};
pub use order::SortPlace;

/// What a search sees beside the resource at hand.
pub trait Surroundings {
    /// The resource that a reference of a chain leads to.
    fn resource(&self, resource_type: &str, id: &str) -> Option<Value>;

    /// Resources of a type that may refer to `Type/id`. More may be given than do: each is looked into.
    fn referring(&self, resource_type: &str, target: &str) -> Vec<Value>;

    /// The address of the server: what is below it is the same as a relative reference. Without a slash at the end.
    fn base(&self) -> &str;

    /// Now, in nanoseconds since 1970, for approximate dates.
    fn now(&self) -> i128;

    /// Whether the case of codes counts; see the [module](crate::search#case-of-codes). Where what is found will be
    /// changed, as by conditional interactions, it must.
    fn exact_codes(&self) -> bool {
        false
    }
}

/// No surroundings: chains and `_has` find nothing, and the present is 1970.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "it stands for nothing and will hold nothing")]
pub struct Alone;

impl Surroundings for Alone {
    fn resource(&self, _: &str, _: &str) -> Option<Value> {
        None
    }

    fn referring(&self, _: &str, _: &str) -> Vec<Value> {
        Vec::new()
    }

    fn base(&self) -> &str {
        ""
    }

    fn now(&self) -> i128 {
        0
    }
}

impl SearchQuery {
    /// Whether a resource meets every criterion. Its type, includes and results are not looked at.
    ///
    /// ```
    /// use carewire_fhir_core::Value;
    /// use carewire_fhir_core::search::{Alone, Scope, SearchQuery};
    /// let patient = Value::parse(br#"{"resourceType":"Patient","name":[{"family":"M\u00fcller"}],"birthDate":"1980-05-01"}"#)?;
    /// let fits = |query: &str| -> Result<bool, Box<dyn std::error::Error>> {
    ///     Ok(SearchQuery::parse(Scope::Type("Patient".into()), query)?.fits(&patient, &Alone)?)
    /// };
    /// assert!(fits("family=mull")? && fits("birthdate=1980")? && fits("gender:missing=true")?);
    /// assert!(!fits("family:exact=mull")? && !fits("birthdate=gt1980")?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`MatchError`] when a criterion is undecided and no other one is not met.
    pub fn fits(&self, resource: &Value, surroundings: &dyn Surroundings) -> Result<bool, MatchError> {
        all(self.criteria(), |criterion| criterion.fits(resource, surroundings))
    }
}

impl Criterion {
    /// Whether a resource meets the criterion.
    ///
    /// # Errors
    /// [`MatchError`] when that cannot be said: the criterion is not decidable ([`Criterion::is_decidable`]), the
    /// resource's type does not have the parameter, or its expression has no answer for this resource.
    pub fn fits(&self, resource: &Value, surroundings: &dyn Surroundings) -> Result<bool, MatchError> {
        let undecided = |reason| MatchError::new(&self.name(), reason);
        if !self.is_decidable() {
            return Err(undecided(MatchReason::Unsupported));
        }
        let resource_type = resource.str("resourceType").unwrap_or_default();
        if self.links.is_empty() && parameter(resource_type, &self.code).is_none() {
            return Err(undecided(MatchReason::Unknown));
        }
        self.fits_from(&self.links, resource, surroundings)
            .map_err(|reason| undecided(MatchReason::Undecided(reason)))
    }

    /// Whether it can be decided without a terminology, a text index or a map: not so for `:in`, `:not-in`, `:above` and
    /// `:below` of codes and references, `_text`, `_content`, `_filter`, `_query`, `_list` and `near`.
    #[must_use]
    pub fn is_decidable(&self) -> bool {
        let with_modifier = match self.modifier {
            Some(Modifier::In | Modifier::NotIn) => false,
            Some(Modifier::Above | Modifier::Below) => {
                self.values.iter().all(|value| matches!(value, SearchValue::Uri(_)))
            }
            _ => true,
        };
        let of_special = matches!(self.code.as_str(), "_text" | "_content" | "_query" | "_filter" | "_list");
        let is_raw = self.values.iter().any(|value| matches!(value, SearchValue::Raw(_)));
        with_modifier && !of_special && !is_raw
    }

    fn fits_from(
        &self,
        links: &[Link],
        resource: &Value,
        surroundings: &dyn Surroundings,
    ) -> Result<bool, Undecided> {
        let resource_type = resource.str("resourceType").unwrap_or_default();
        let Some((link, rest)) = links.split_first() else {
            // Of the types that a chain leads to, some may not have it.
            let Some(parameter) = parameter(resource_type, &self.code) else { return Ok(false) };
            return self.fits_parameter(parameter, resource, surroundings);
        };
        match link {
            Link::To { code, target } => any(&follow::targets(resource, code, surroundings.base())?, |to| {
                let of_type = target.as_deref().is_none_or(|target| target == to.resource_type);
                let found = of_type.then(|| surroundings.resource(&to.resource_type, &to.id)).flatten();
                found.map_or(Ok(false), |found| self.fits_from(rest, &found, surroundings))
            }),
            Link::From { resource_type: source, code } => {
                let own = format!("{resource_type}/{}", resource.str("id").unwrap_or_default());
                any(&surroundings.referring(source, &own), |found| {
                    let refers = follow::targets(found, code, surroundings.base())?;
                    if !refers.iter().any(|to| to.is(&own)) {
                        return Ok(false);
                    }
                    self.fits_from(rest, found, surroundings)
                })
            }
        }
    }

    fn fits_parameter(
        &self,
        parameter: &'static SearchParameter,
        resource: &Value,
        surroundings: &dyn Surroundings,
    ) -> Result<bool, Undecided> {
        if self.modifier == Some(Modifier::Missing) {
            let is_there = match parameter.path() {
                Some(path) => path.finds_any(resource, &Context::new(resource))?,
                None => false,
            };
            return Ok(self.values.contains(&SearchValue::Bool(!is_there)));
        }
        let elements = parameter.select(resource)?;
        let fits = || {
            any(&self.values, |value| {
                any(&elements, |element| self.fits_value(parameter, value, element, surroundings))
            })
        };
        match &self.modifier {
            Some(Modifier::Not) => fits().map(|fits| !fits),
            _ => fits(),
        }
    }

    fn fits_value(
        &self,
        parameter: &'static SearchParameter,
        wanted: &SearchValue,
        element: &Value,
        surroundings: &dyn Surroundings,
    ) -> Result<bool, Undecided> {
        let modifier = self.modifier.as_ref();
        let case = self.case(surroundings);
        Ok(match (wanted, parameter.kind) {
            (SearchValue::Text(text), ParameterKind::Token) => token_text_fits(text, element),
            (SearchValue::Text(text), _) => text_fits(text, modifier, element),
            (SearchValue::Token(token), ParameterKind::Reference) => {
                element.get("identifier").is_some_and(|identifier| token_fits(token, identifier, case))
            }
            (SearchValue::Reference(text), _) => {
                let only = match modifier {
                    Some(Modifier::Type(name)) => Some(name.as_str()),
                    _ => None,
                };
                reference_fits(text, only, element, surroundings.base())
            }
            (SearchValue::Uri(text), _) => uri_fits(text, modifier, element),
            (SearchValue::OfType(wanted), _) => typed_identifier_fits(wanted, element),
            (SearchValue::Composite(parts), _) if parameter.components.len() == parts.len() => {
                return all(parameter.components.iter().zip(parts), |(component, part)| {
                    let found = component.select(element)?;
                    Ok(found.iter().any(|found| plain_fits(part, found, case, surroundings)))
                });
            }
            (plain, _) => plain_fits(plain, element, case, surroundings),
        })
    }

    /// Whether case counts: in doubt, what is found should rather be too much.
    fn case(&self, surroundings: &dyn Surroundings) -> Case {
        let is_exact =
            surroundings.exact_codes() || self.code == "_id" || self.modifier == Some(Modifier::Not);
        if is_exact { Case::Counts } else { Case::DoesNotCount }
    }
}

/// Whether one of them is so. One that is undecided matters when no other one is so.
fn any<T, E>(
    items: impl IntoIterator<Item = T>,
    mut is_so: impl FnMut(T) -> Result<bool, E>,
) -> Result<bool, E> {
    all(items, |item| is_so(item).map(|is_so| !is_so)).map(|none| !none)
}

/// Whether all of them are so. One that is undecided matters when all others are so.
fn all<T, E>(
    items: impl IntoIterator<Item = T>,
    mut is_so: impl FnMut(T) -> Result<bool, E>,
) -> Result<bool, E> {
    let mut doubt = None;
    for item in items {
        match is_so(item) {
            Ok(true) => {}
            Ok(false) => return Ok(false),
            Err(error) => doubt = doubt.or(Some(error)),
        }
    }
    doubt.map_or(Ok(true), Err)
}

/// A value without a modifier, of a kind that needs no parameter to be understood.
fn plain_fits(wanted: &SearchValue, element: &Value, case: Case, surroundings: &dyn Surroundings) -> bool {
    match wanted {
        SearchValue::Token(token) => token_fits(token, element, case),
        SearchValue::Date(date) => date_fits(date, element, surroundings.now()),
        SearchValue::Number(number) => number_fits(number, element),
        SearchValue::Quantity(quantity) => quantity_fits(quantity, element),
        SearchValue::Text(text) => text_fits(text, None, element),
        SearchValue::Uri(text) => uri_fits(text, None, element),
        SearchValue::Reference(text) => reference_fits(text, None, element, surroundings.base()),
        _ => false,
    }
}

impl SearchParameter {
    /// The elements of a resource that the parameter looks at.
    ///
    /// ```
    /// use carewire_fhir_core::Value;
    /// use carewire_fhir_core::search::parameter;
    /// let patient = Value::parse(br#"{"resourceType":"Patient","telecom":[{"system":"phone","value":"1"},{"system":"email","value":"2"}]}"#)?;
    /// let phone = parameter("Patient", "phone").ok_or("not there")?;
    /// assert_eq!(phone.select(&patient)?[0].str("value"), Some("1"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`Undecided`] when its expression has no answer for the resource.
    pub fn select<'v>(&'static self, resource: &'v Value) -> Result<Vec<Cow<'v, Value>>, Undecided> {
        elements(self.path(), resource)
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod undecided;
#[cfg(test)]
mod ward;
