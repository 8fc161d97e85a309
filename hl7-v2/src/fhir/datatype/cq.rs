//! CQ, and NM with units: quantities.

use carewire_fhir_core::types::Quantity;

use super::nm;
use crate::fhir::context::Context;
use crate::fhir::node::Node;
use crate::fhir::report::Reason;
use crate::fhir::row::Found;
use crate::fhir::table::coding_system;

/// `CQ[Quantity]`
pub(crate) fn cq(cq: &Node<'_>, c: &mut Context<'_>) -> Found<Quantity> {
    let Some(value) = nm::decimal(cq.get(1))? else { return Ok(None) };
    let quantity = Quantity { value: Some(value), ..Quantity::default() };
    Ok(Some(with_unit(quantity, cq.part(2).as_ref(), c)))
}

/// `CWE[Quantity]`: the unit of a quantity. The code needs a system; the unit is the text, else the code.
pub(crate) fn with_unit(quantity: Quantity, cwe: Option<&Node<'_>>, c: &mut Context<'_>) -> Quantity {
    let Some(cwe) = cwe else { return quantity };
    let code = cwe.get(1);
    let unit = cwe.get(2).or_else(|| code.clone()).or_else(|| cwe.get(9));
    let coded = code.as_deref().and_then(super::cwe::as_code).zip(cwe.get(3));
    let (system, code) = coded.map_or((None, None), |(code, name)| {
        let (uri, known) = coding_system::uri(&name, &c.options.org);
        if !known {
            c.report(cwe.at(), Reason::UnknownCodeSystem);
        }
        (Some(uri), Some(code))
    });
    Quantity { unit, system, code, ..quantity }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::testing::{json, with_field};

    #[test]
    fn a_unit_is_coded_only_with_a_system() {
        assert_eq!(
            with_field("40^mL&millilitre&UCUM", |n, c| json(cq(n, c))),
            r#"{"value":40,"unit":"millilitre","system":"http://unitsofmeasure.org","code":"mL"}"#
        );
        assert_eq!(with_field("40^mL", |n, c| json(cq(n, c))), r#"{"value":40,"unit":"mL"}"#);
        assert_eq!(with_field("^mL", |n, c| json(cq(n, c))), "");
        assert_eq!(with_field("x^mL", cq).unwrap_err(), Reason::NotANumber);
    }
}
