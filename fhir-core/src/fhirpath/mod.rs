//! FHIRPath: the part of the language that the invariants and the search parameters of FHIR are written in.
//!
//! [`FhirPath::parse`] compiles an expression once; [`FhirPath::select`] and [`FhirPath::is_true`] evaluate it over a
//! [`Value`]. A choice is found by the name of its element (`value` finds `valueQuantity`), a primitive has the `id` and
//! the extensions of its underscored sibling, an empty operand gives an empty result, and dates compare with precision.
//!
//! ```
//! use carewire_fhir_core::Value;
//! use carewire_fhir_core::fhirpath::{Context, FhirPath};
//!
//! let observation = Value::parse(br#"{"resourceType":"Observation","valueQuantity":{"value":0.50,"unit":"mg"}}"#)?;
//! let context = Context::new(&observation);
//! let quantity = FhirPath::parse("(Observation.value as Quantity) | (Observation.value as SampledData)")?;
//! let found = quantity.select(&observation, &context)?;
//! assert_eq!(found[0].type_name(), Some("Quantity"));
//!
//! // An invariant holds when its expression is true: neither false nor empty.
//! let obs_6 = FhirPath::parse("dataAbsentReason.empty() or value.empty()")?;
//! assert!(obs_6.is_true(&observation, &context)?);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Invariants of an element are compiled once and evaluated with the element as focus: [`Node::primitive`] for a primitive,
//! whose sibling counts too. An `Err` of [`FhirPath::is_true`] says that nothing is known, not that the resource is wrong.
//!
//! What is not there is an error of [`FhirPath::parse`] that names it: `now()` and `today()` (this crate reads no clock),
//! `memberOf()`, `repeat()`, `aggregate()`, literals of quantities, of hours and of minutes, multiplication, division.
//!
//! The types of elements are known where the JSON tells: a choice by its name, a resource by its `resourceType`. `as` and
//! `ofType` let an element of another name pass when its JSON form can be of the type; `is` leaves it undecided.
//!
//! An evaluation takes at most [`Context::STEPS`] steps, so that a hostile resource cannot make it last.

mod call;
mod compare;
mod context;
mod distinct;
mod equal;
mod error;
mod expression;
mod function;
mod item;
mod node;
mod parse;
mod run;
mod text;
mod token;
mod types;
pub(crate) mod xhtml;

pub use context::{BundleResolver, Context, Resolve};
pub use error::{FhirPathError, FhirPathReason, Undecided};
pub use item::{Item, Node};

use crate::Value;
use expression::Expression;

/// A compiled expression. Compile once and keep it: evaluation needs no lock and hardly allocates.
///
/// ```
/// use carewire_fhir_core::Value;
/// use carewire_fhir_core::fhirpath::{Context, FhirPath};
/// let patient = Value::parse(br#"{"resourceType":"Patient","name":[{"given":["Ann","Lee"]},{"given":["Annie"]}]}"#)?;
/// let given = FhirPath::parse("Patient.name.given")?;
/// let found = given.select(&patient, &Context::new(&patient))?;
/// assert_eq!(found.iter().filter_map(|item| item.as_str()).collect::<Vec<_>>(), ["Ann", "Lee", "Annie"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct FhirPath(Expression);

impl FhirPath {
    /// Compiles an expression.
    ///
    /// # Errors
    /// [`FhirPathError`] when it is not FHIRPath, or uses what is not supported here; it says what and where.
    pub fn parse(text: &str) -> Result<Self, FhirPathError> {
        parse::parse(text).map(Self)
    }

    /// What the expression finds, in the order of the resource. Items borrow from the resource and the expression.
    ///
    /// # Errors
    /// [`Undecided`] when the expression cannot be evaluated over this resource. A reference that leads outside and a
    /// comparison that the precision leaves open are empty results, as the language has it.
    pub fn select<'a>(
        &'a self,
        focus: impl Into<Node<'a>>,
        context: &Context<'a>,
    ) -> Result<Vec<Item<'a>>, Undecided> {
        run::select(&self.0, focus.into(), context)
    }

    /// Whether the expression finds anything.
    ///
    /// # Errors
    /// [`Undecided`] when the expression cannot be evaluated over this resource, or when it finds nothing and something in it
    /// could not be known.
    pub(crate) fn finds_any<'a>(
        &'a self,
        focus: impl Into<Node<'a>>,
        context: &Context<'a>,
    ) -> Result<bool, Undecided> {
        run::finds_any(&self.0, focus.into(), context)
    }

    /// Whether the expression is true: as an invariant, whether it holds. False and empty are not true.
    ///
    /// # Errors
    /// [`Undecided`] when the expression cannot be evaluated over this resource, or when it is not true and something in it
    /// could not be known: a reference that leads outside, the order of `2024` and `2024-03`, of `1 mg` and `1 mL`.
    pub fn is_true<'a>(
        &'a self,
        focus: impl Into<Node<'a>>,
        context: &Context<'a>,
    ) -> Result<bool, Undecided> {
        run::is_true(&self.0, focus.into(), context)
    }
}

impl std::fmt::Debug for FhirPath {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FhirPath(..)")
    }
}

impl std::str::FromStr for FhirPath {
    type Err = FhirPathError;

    fn from_str(text: &str) -> Result<Self, FhirPathError> {
        Self::parse(text)
    }
}

impl<'a> From<&'a Value> for Node<'a> {
    fn from(value: &'a Value) -> Self {
        Self::new(value)
    }
}

#[cfg(test)]
mod tests;
