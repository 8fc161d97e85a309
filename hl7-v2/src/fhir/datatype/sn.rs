//! SN, a structured numeric: `>^100`, `1^:^128`, `2^-^5`.

use carewire_fhir_core::resources::ObservationValue;
use carewire_fhir_core::types::{Quantity, QuantityComparator, Range, Ratio};

use super::{cq, nm};
use crate::fhir::context::Context;
use crate::fhir::node::Node;
use crate::fhir::report::Reason;
use crate::fhir::row::Found;

/// `SN[Ratio]`, `SN[Range]`, `SN[Quantity]`, by the separator; what is none of them is a string.
pub(crate) fn sn(sn: &Node<'_>, units: Option<&Node<'_>>, c: &mut Context<'_>) -> Found<ObservationValue> {
    let [comparator, first, separator, second] = [1, 2, 3, 4].map(|part| sn.get(part));
    if first.is_none() && second.is_none() {
        return Ok(None);
    }
    let symbol = comparator.as_deref().unwrap_or("=");
    let (Ok(low), Ok(high)) = (nm::decimal(first), nm::decimal(second)) else { return text(sn, units) };
    let quantity = |value| Quantity { value, ..Quantity::default() };
    let known = symbol == "=" || QuantityComparator::parse(symbol).is_some();
    let value = match separator.as_deref() {
        Some("-") if symbol == "=" => ObservationValue::Range(Box::new(Range {
            low: low.map(|low| cq::with_unit(quantity(Some(low)), units, c)),
            high: high.map(|high| cq::with_unit(quantity(Some(high)), units, c)),
            ..Range::default()
        })),
        Some(":" | "/") if known && low.is_some() && high.is_some() => {
            ObservationValue::Ratio(Box::new(Ratio {
                numerator: Some(Quantity { comparator: QuantityComparator::parse(symbol), ..quantity(low) }),
                denominator: Some(quantity(high)),
                ..Ratio::default()
            }))
        }
        None if known && low.is_some() && high.is_none() => {
            let number = Quantity { comparator: QuantityComparator::parse(symbol), ..quantity(low) };
            ObservationValue::Quantity(cq::with_unit(number, units, c))
        }
        _ => return text(sn, units),
    };
    Ok(Some(value))
}

/// The parts with single spaces between, as the guide has it.
fn text(sn: &Node<'_>, units: Option<&Node<'_>>) -> Result<Option<ObservationValue>, Reason> {
    let unit = units.and_then(|units| units.get(1));
    let parts: Vec<String> = (1..=4).filter_map(|part| sn.get(part)).chain(unit).collect();
    Ok(Some(ObservationValue::String(parts.join(" "))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::testing::with_field;
    use carewire_fhir_core::Value;
    use carewire_fhir_core::types::Member;

    fn value(field: &str) -> String {
        with_field(field, |n, c| {
            let mut object = Value::object();
            sn(n, None, c).unwrap().set_in("value", &mut object);
            object.to_json()
        })
    }

    #[test]
    fn the_separator_tells_the_kind() {
        assert_eq!(value(">^100"), r#"{"valueQuantity":{"value":100,"comparator":">"}}"#);
        assert_eq!(value("^100.0"), r#"{"valueQuantity":{"value":100.0}}"#);
        assert_eq!(value("^2^-^5"), r#"{"valueRange":{"low":{"value":2},"high":{"value":5}}}"#);
        assert_eq!(
            value("^1^:^128"),
            r#"{"valueRatio":{"numerator":{"value":1},"denominator":{"value":128}}}"#
        );
    }

    #[test]
    fn what_fits_no_kind_is_a_string() {
        assert_eq!(value("<>^5"), r#"{"valueString":"<> 5"}"#);
        assert_eq!(value("^2^+"), r#"{"valueString":"2 +"}"#);
        assert_eq!(value("^a few"), r#"{"valueString":"a few"}"#);
        assert_eq!(value(">"), "{}");
    }
}
