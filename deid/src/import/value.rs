//! The methods, on one primitive.

use carewire_fhir_core::fhirpath::{Context, FhirPath, Item, Node};
use carewire_fhir_core::{Decimal, Value};

use super::file::AnonymizerRules;
use super::hash::Hasher;
use super::path::failed;
use super::rewrite::RunContext;
use super::rule::Method;
use super::tag::Tag;
use super::tree::{Element, Tree};
use crate::Result;
use crate::transform::{OLDEST, Shift, age_at, fhir_year, perturb, zip3};

/// What became of a value.
pub(super) enum Treated {
    Unchanged,
    Changed(Value, Tag),
    Gone,
    /// The method is for values of other types.
    NotFor,
}

/// The treatment of the primitives of one resource.
pub(super) struct Treatment<'r> {
    pub(super) rules: &'r AnonymizerRules,
    pub(super) context: &'r RunContext<'r>,
    pub(super) shift: Shift,
    pub(super) tree: &'r Tree<'r>,
}

impl Treatment<'_> {
    pub(super) fn apply(&self, method: &Method, at: usize) -> Result<Treated> {
        let Some(element) = self.tree.element(at) else { return Ok(Treated::Gone) };
        let Some(value) = element.value else { return Ok(Treated::Unchanged) };
        Ok(match method {
            Method::Keep => Treated::Unchanged,
            Method::Redact => self.redact(element, value),
            Method::DateShift => self.date_shift(element, value),
            Method::CryptoHash => self.crypto_hash(element, value),
            Method::Encrypt => self.encrypt(element, value, at)?,
            Method::Perturb { .. } => self.perturb(method, element, value, at),
            Method::Substitute(with) if with.kind() == value.kind() => {
                Treated::Changed(with.clone(), Tag::Substituted)
            }
            Method::Substitute(_) => return Err(failed(self.tree, at)),
            Method::Generalize { cases, keep_others } => {
                for (condition, general) in cases {
                    if let Some(general) = self.case(condition, general, element, at)? {
                        return Ok(Treated::Changed(general, Tag::Generalized));
                    }
                }
                if *keep_others { Treated::Unchanged } else { Treated::Gone }
            }
        })
    }

    fn parent(&self, element: &Element<'_>) -> Option<&Element<'_>> {
        element.parent.and_then(|parent| self.tree.element(parent))
    }

    /// Nothing stays, but for what the file lets stay of dates, ages and postal codes.
    fn redact(&self, element: &Element<'_>, value: &Value) -> Treated {
        let parent = self.parent(element);
        let above = parent.map_or("", |parent| parent.type_name);
        let left = match (element.type_name, element.name, above) {
            ("date" | "dateTime", ..) if self.rules.partial_dates => value
                .as_str()
                .filter(|date| !self.is_old(date))
                .and_then(fhir_year)
                .map(|year| Value::string(year.to_owned())),
            (_, "postalCode", "Address") if self.rules.partial_zip => {
                let country = parent.and_then(|address| address.value?.str("country"));
                let cut = value.as_str().and_then(|code| zip3(code, country, &self.rules.zip));
                cut.map(|zip| Value::string(format!("{zip}00")))
            }
            (_, "value", "Age") if self.rules.partial_ages => {
                parent.and_then(|age| is_young(age.value?)).map(|()| value.clone())
            }
            _ => None,
        };
        left.map_or(Treated::Gone, |left| Treated::Changed(left, Tag::Abstracted))
    }

    fn date_shift(&self, element: &Element<'_>, value: &Value) -> Treated {
        if !matches!(element.type_name, "date" | "dateTime" | "instant") {
            return Treated::NotFor;
        }
        let shifted = value.as_str().filter(|date| !self.is_old(date)).and_then(|date| self.shift.fhir(date));
        shifted.map_or(Treated::Gone, |date| Treated::Changed(Value::string(date), Tag::Perturbed))
    }

    fn is_old(&self, date: &str) -> bool {
        age_at(date, self.context.as_of()).is_none_or(|years| years > OLDEST)
    }

    fn crypto_hash(&self, element: &Element<'_>, value: &Value) -> Treated {
        let Some(text) = value.as_str().filter(|_| can_hold_surrogate(element.type_name)) else {
            return Treated::Gone;
        };
        let ring = Hasher::Ring(self.context.keys());
        let hasher = self.rules.mac.as_ref().map_or(ring, Hasher::File);
        let is_reference = element.name == "reference"
            && self.parent(element).is_some_and(|parent| parent.type_name == "Reference");
        let surrogate = if is_reference { hasher.reference(text) } else { hasher.text(text) };
        Treated::Changed(Value::string(surrogate), Tag::Hashed)
    }

    fn encrypt(&self, element: &Element<'_>, value: &Value, at: usize) -> Result<Treated> {
        let Some(text) =
            value.as_str().filter(|_| matches!(element.type_name, "string" | "markdown" | "uri" | "url"))
        else {
            return Ok(Treated::Gone);
        };
        let (cipher, entropy) = self.context.cipher().ok_or_else(|| failed(self.tree, at))?;
        let sealed = cipher.encrypt(&self.tree.path(at), text, entropy)?;
        Ok(Treated::Changed(Value::string(sealed), Tag::Masked))
    }

    /// Numbers, alone or in a quantity, whose unit then stays.
    fn perturb(&self, method: &Method, element: &Element<'_>, value: &Value, at: usize) -> Treated {
        let Method::Perturb { span, digits } = method else { return Treated::NotFor };
        let quantity =
            |name| matches!(name, "Quantity" | "Age" | "Duration" | "Count" | "Distance" | "Money");
        let in_quantity = self.parent(element).is_some_and(|parent| quantity(parent.type_name));
        let least = match element.type_name {
            "decimal" | "integer" => None,
            "unsignedInt" => Some(0),
            "positiveInt" => Some(1),
            _ if in_quantity => return Treated::Unchanged,
            _ => return Treated::NotFor,
        };
        let place = self.tree.path(at);
        let moved = value
            .as_number()
            .and_then(|number| Decimal::parse(number).ok())
            .and_then(|number| perturb(self.context.keys(), &[place.as_bytes()], &number, span, *digits))
            .and_then(|number| Value::number(number.as_str()))
            .filter(|number| least.is_none_or(|least| number.as_i64().is_some_and(|number| number >= least)));
        moved.map_or(Treated::Gone, |number| Treated::Changed(number, Tag::Perturbed))
    }

    /// The general value, if the condition holds.
    fn case(
        &self,
        condition: &FhirPath,
        general: &FhirPath,
        element: &Element<'_>,
        at: usize,
    ) -> Result<Option<Value>> {
        let root = self.tree.element(0).and_then(|root| root.value).ok_or_else(|| failed(self.tree, at))?;
        let (node, context) = (Node::primitive(element.value, element.sibling), Context::new(root));
        if !condition.is_true(node, &context).map_err(|_| failed(self.tree, at))? {
            return Ok(None);
        }
        let found = general.select(node, &context).map_err(|_| failed(self.tree, at))?;
        let value = found.first().and_then(literal).ok_or_else(|| failed(self.tree, at))?;
        let kind = element.value.map(Value::kind);
        if kind == Some(value.kind()) { Ok(Some(value)) } else { Err(failed(self.tree, at)) }
    }
}

fn literal(item: &Item<'_>) -> Option<Value> {
    match item {
        Item::Bool(value) => Some(Value::bool(*value)),
        Item::Integer(number) => Some(Value::integer(*number)),
        Item::Decimal(text) => Value::number(text),
        Item::Text(text) | Item::Moment(text) => Some(Value::string(text.to_string())),
        other => other.value().cloned(),
    }
}

/// Whether an age is not over 89 years, in a unit that is known; `None` when it may be.
fn is_young(age: &Value) -> Option<()> {
    // A little short, so that no age over 89 years counts as one of 89.
    let in_a_year = match age.str("code").or_else(|| age.str("unit"))? {
        "a" | "year" | "years" | "yr" => "1",
        "mo" | "month" | "months" => "12",
        "wk" | "week" | "weeks" => "52",
        "d" | "day" | "days" => "365",
        _ => return None,
    };
    let value = Decimal::parse(age.get("value")?.as_number()?).ok()?;
    let limit =
        Decimal::parse(&(OLDEST + 1).to_string()).ok()?.times(&Decimal::parse(in_a_year).ok()?).ok()?;
    value.compare(&limit).is_lt().then_some(())
}

/// Whether a surrogate is a value of the type. In a date, a number or a narrative it would be none.
fn can_hold_surrogate(type_name: &str) -> bool {
    matches!(type_name, "id" | "string" | "markdown" | "uri" | "url" | "canonical" | "code")
}
