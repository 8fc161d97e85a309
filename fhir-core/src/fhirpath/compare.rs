//! `<`, `<=`, `>`, `>=`

use std::cmp::Ordering;

use super::error::Undecided;
use super::expression::{Expression, Order};
use super::item::{Item, Scalar, TextKind};
use super::run::{Outcome, Run};
use crate::primitive::Literal;
use crate::ucum::{self, BaseQuantity};
use crate::{DateParts, Decimal, TimeParts, Value, Zone};

impl<'a> Run<'_, 'a> {
    pub(super) fn order(
        &self,
        left: &'a Expression,
        right: &'a Expression,
        order: Order,
        this: &[Item<'a>],
    ) -> Outcome<Option<bool>> {
        let Some((left, right)) = self.one(left, this)?.zip(self.one(right, this)?) else { return Ok(None) };
        let found = match (left.scalar(), right.scalar()) {
            (Some(left), Some(right)) => scalars(left, right)?,
            _ => {
                let (left, right) = left.value().zip(right.value()).ok_or(Undecided::WrongKind)?;
                quantities(left, right)?
            }
        };
        if found.is_none() {
            self.doubt(Undecided::Incomparable);
        }
        Ok(found.map(|found| order.holds(found)))
    }
}

/// `None` when the precision of two dates leaves it open.
fn scalars(left: Scalar<'_>, right: Scalar<'_>) -> Outcome<Option<Ordering>> {
    match (left, right) {
        (Scalar::Text(left, left_kind), Scalar::Text(right, right_kind)) => {
            Ok(match moments(left, left_kind, right, right_kind) {
                Some(order) => order,
                None => Some(left.cmp(right)),
            })
        }
        _ => numbers(left, right).map(Some).ok_or(Undecided::WrongKind),
    }
}

/// The order of two numbers; `None` when one is none.
pub(super) fn numbers(left: Scalar<'_>, right: Scalar<'_>) -> Option<Ordering> {
    match (left, right) {
        (Scalar::Integer(left), Scalar::Integer(right)) => Some(left.cmp(&right)),
        (Scalar::Number(left), Scalar::Number(right)) => Some(compare(left, right)),
        (Scalar::Number(left), Scalar::Integer(right)) => Some(with_integer(left, right)),
        (Scalar::Integer(left), Scalar::Number(right)) => Some(with_integer(right, left).reverse()),
        _ => None,
    }
}

fn with_integer(left: &str, right: i64) -> Ordering {
    match left.parse::<i64>() {
        Ok(left) => left.cmp(&right),
        Err(_) => compare(left, &right.to_string()),
    }
}

/// The order of two Quantities; `None` when their units are of different dimensions.
fn quantities(left: &Value, right: &Value) -> Outcome<Option<Ordering>> {
    let (left_value, right_value) = value_of(left).zip(value_of(right)).ok_or(Undecided::WrongKind)?;
    let same = |name: &str| left.str(name) == right.str(name);
    let coded = left.get("code").is_some() && right.get("code").is_some();
    if if coded { same("code") && same("system") } else { same("unit") } {
        return Ok(Some(compare(left_value, right_value)));
    }
    let (left, right) = (in_base_units(left, left_value), in_base_units(right, right_value));
    let comparable = left.zip(right).filter(|(left, right)| left.unit == right.unit);
    Ok(comparable.map(|(left, right)| left.value.cmp(&right.value)))
}

fn value_of(quantity: &Value) -> Option<&str> {
    quantity.get("value").and_then(Value::as_number)
}

fn in_base_units(quantity: &Value, value: &str) -> Option<BaseQuantity> {
    let code =
        quantity.str("code").filter(|_| quantity.str("system") == Some("http://unitsofmeasure.org"))?;
    ucum::base_quantity(&Decimal::parse(value).ok()?, code).ok()
}

/// The order of two JSON numbers.
pub(super) fn compare(left: &str, right: &str) -> Ordering {
    Literal::of(left).compare(Literal::of(right))
}

/// The order of two texts as dates or times, when they are to be compared so; `Some(None)` when their precision leaves
/// it open. A plain text is a date next to what certainly is one.
pub(super) fn moments(
    left: &str,
    left_kind: TextKind,
    right: &str,
    right_kind: TextKind,
) -> Option<Option<Ordering>> {
    let kinds = [left_kind, right_kind];
    if kinds.contains(&TextKind::Plain) && !kinds.contains(&TextKind::Moment) {
        return None;
    }
    if let Some((left, right)) = DateParts::parse(left).zip(DateParts::parse(right)) {
        return Some(left.compare(&right, Zone::Any));
    }
    let (left, right) = TimeParts::parse(left).zip(TimeParts::parse(right))?;
    Some(Some(left.compare(&right)))
}
