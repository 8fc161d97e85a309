//! Dates, numbers and quantities: what is compared as a range.

use std::ops::Bound;

use crate::primitive::DateParts;
use crate::search::{DateValue, NumberValue, Prefix, QuantityValue};
use crate::ucum::{Rational, Unit, base_quantity};
use crate::{Decimal, Interval, Kind, Number, Value, Zone};

/// The system of UCUM's units.
pub(super) const UCUM: &str = "http://unitsofmeasure.org";

pub(super) fn date_fits(wanted: &DateValue, element: &Value, now: i128) -> bool {
    let prefix = wanted.prefix();
    // Without a zone, it is UTC.
    let Some(parts) = DateParts::parse_searched(wanted.as_str()) else { return false };
    let search = Interval::from(parts.bounds(Zone::UTC));
    let search = if prefix == Prefix::Ap { search.approximate(now) } else { search };
    moments(element).is_some_and(|found| prefix.matches(&search, &found))
}

/// The moments of a date, a Period or a Timing.
pub(super) fn moments(element: &Value) -> Option<Interval<i128>> {
    if let Some(text) = element.as_str() {
        return Some(DateParts::parse(text)?.bounds(Zone::UTC).into());
    }
    let bounds = |text: &str| DateParts::parse(text).map(|parts| parts.bounds(Zone::UTC));
    if element.get("event").is_some() || element.get("repeat").is_some() {
        let events = element.list("event").iter().filter_map(Value::as_str).filter_map(bounds);
        let within = events.reduce(|a, b| a.start.min(b.start)..a.end.max(b.end)).map(Interval::from);
        return within.or_else(|| moments(element.get("repeat")?.get("boundsPeriod")?));
    }
    if element.kind() != Kind::Object {
        return None;
    }
    let start =
        element.str("start").and_then(bounds).map_or(Bound::Unbounded, |at| Bound::Included(at.start));
    let end = element.str("end").and_then(bounds).map_or(Bound::Unbounded, |at| Bound::Excluded(at.end));
    let is_open = start == Bound::Unbounded && end == Bound::Unbounded;
    (!is_open).then(|| Interval::new(start, end))
}

pub(super) fn number_fits(wanted: &NumberValue, element: &Value) -> bool {
    amount_fits(wanted.prefix(), wanted.value(), element)
}

/// Units of UCUM are converted, exactly; others must be the same.
pub(super) fn quantity_fits(wanted: &QuantityValue, element: &Value) -> bool {
    if let Some(fits) = converted_fits(wanted, element) {
        return fits;
    }
    let currency = element.str("currency").map(|code| ("urn:iso:std:iso:4217", code));
    let is_unit = |code: &str| {
        element.str("code") == Some(code)
            || element.str("unit") == Some(code)
            || currency.is_some_and(|(_, own)| own == code)
    };
    let in_unit = match (wanted.system(), wanted.code()) {
        (None, None) => true,
        (None, Some(code)) => is_unit(code),
        (Some(system), code) => {
            let own = currency.map(|(system, _)| system).or_else(|| unit(element).str("system"));
            let own_code = currency.map(|(_, code)| code).or_else(|| unit(element).str("code"));
            own == Some(system) && code.is_none_or(|code| own_code == Some(code))
        }
    };
    in_unit && amount_fits(wanted.prefix(), wanted.value(), element)
}

/// The comparison in base units; `None` when it is not one of two different units of UCUM, or one is not a unit.
fn converted_fits(wanted: &QuantityValue, element: &Value) -> Option<bool> {
    let own = unit(element);
    let (unit, own_unit) = (wanted.code()?, own.str("code")?);
    if unit == own_unit || wanted.system() != Some(UCUM) || own.str("system") != Some(UCUM) {
        return None;
    }
    let search = wanted.value().search_interval(wanted.prefix()).ok()?;
    let is_commensurable = Unit::parse(unit).ok()?.is_commensurable(&Unit::parse(own_unit).ok()?);
    let (search, found) = (in_base(&search, unit)?, in_base(&amounts(element)?, own_unit)?);
    Some(is_commensurable && wanted.prefix().matches(&search, &found))
}

fn in_base(amounts: &Interval<Number>, unit: &str) -> Option<Interval<Rational>> {
    let base = |bound: Bound<&Number>| {
        let base = |number: &Number| Some(base_quantity(number.decimal(), unit).ok()?.value);
        Some(match bound {
            Bound::Included(number) => Bound::Included(base(number)?),
            Bound::Excluded(number) => Bound::Excluded(base(number)?),
            Bound::Unbounded => Bound::Unbounded,
        })
    };
    Some(Interval::new(base(amounts.start())?, base(amounts.end())?))
}

/// What says the unit: the quantity itself, or an end of a range.
fn unit(element: &Value) -> &Value {
    element.get("low").or_else(|| element.get("high")).unwrap_or(element)
}

fn amount_fits(prefix: Prefix, wanted: &Decimal, element: &Value) -> bool {
    let Ok(search) = wanted.search_interval(prefix) else { return false };
    amounts(element).is_some_and(|found| prefix.matches(&search, &found))
}

/// The numbers of a number, a Quantity with its comparator, Money or a Range.
pub(super) fn amounts(element: &Value) -> Option<Interval<Number>> {
    let number = |value: &Value| Some(Number::from(Decimal::parse(value.as_number()?).ok()?));
    if element.kind() == Kind::Number {
        return number(element).map(Interval::point);
    }
    if let Some(value) = element.get("value") {
        let value = number(value)?;
        return Some(match element.str("comparator") {
            Some("<") => Interval::new(Bound::Unbounded, Bound::Excluded(value)),
            Some("<=") => Interval::new(Bound::Unbounded, Bound::Included(value)),
            Some(">") => Interval::new(Bound::Excluded(value), Bound::Unbounded),
            Some(">=") => Interval::at_least(value),
            _ => Interval::point(value),
        });
    }
    let end = |name: &str| element.get(name).and_then(|end| number(end.get("value")?));
    match (end("low"), end("high")) {
        (None, None) => None,
        (low, high) => Some(Interval::new(
            low.map_or(Bound::Unbounded, Bound::Included),
            high.map_or(Bound::Unbounded, Bound::Included),
        )),
    }
}
