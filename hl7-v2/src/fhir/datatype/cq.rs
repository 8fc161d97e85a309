//! CQ, and units beside numbers: quantities.

use super::{cwe, nm};
use crate::fhir::context::Context;
use crate::fhir::node::Node;
use crate::fhir::row::{Datatype, Found, Via};
use crate::fhir::tree::{Object, Val};

/// `CQ[Quantity]`
pub(crate) const CQ_QUANTITY: Via = Via::Type(&Datatype {
    name: "CQ[Quantity]",
    fhir: "Quantity",
    read: |n, c| Ok(quantity(n, c)?.map(Val::Object)),
});

/// `CQ[decimal]`
pub(crate) const CQ_DECIMAL: Via = Via::Type(&Datatype {
    name: "CQ[decimal]",
    fhir: "decimal",
    read: |n, c| Ok(nm::decimal(n.get(1), c.arena)?.map(Val::Number)),
});

/// `CQ[Quantity]`
pub(crate) fn quantity<'a>(cq: &Node<'a>, c: &mut Context<'a>) -> Found<Object<'a>> {
    let Some(mut quantity) = nm::quantity(cq.get(1), c)? else { return Ok(None) };
    if let Some(unit) = cq.valued_part(2) {
        add_unit(&mut quantity, &unit, c);
        // The row of CQ.2 has the unit as a CWE[string], which is the original text first.
        quantity.put("unit", unit.get(9));
    }
    Ok(Some(quantity))
}

/// `CWE[Quantity]`: the unit of a quantity that has none. The code needs a system; the unit is the text, else the code.
pub(crate) fn add_unit<'a>(quantity: &mut Object<'a>, unit: &Node<'a>, c: &mut Context<'a>) {
    if quantity.has("unit") {
        return;
    }
    let code = unit.get(1);
    quantity.put("unit", unit.get(2).or(code).or_else(|| unit.get(9)));
    let Some((code, name)) = code.and_then(cwe::as_code).zip(unit.get(3)) else { return };
    quantity.set("system", cwe::known_system(name, unit, c));
    quantity.set("code", code);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::report::Reason;
    use crate::fhir::testing::{read, with_field};

    #[test]
    fn a_unit_is_coded_only_with_a_system() {
        assert_eq!(
            read("40^mL&millilitre&UCUM", CQ_QUANTITY).0,
            r#"{"value":40,"unit":"millilitre","system":"http://unitsofmeasure.org","code":"mL"}"#
        );
        let said = read("40^mL&millilitre&UCUM&&&&&&ml.", CQ_QUANTITY).0;
        assert!(said.contains(r#""unit":"ml.""#) && said.contains(r#""code":"mL""#), "{said}");
        assert_eq!(read("40^mL", CQ_QUANTITY).0, r#"{"value":40,"unit":"mL"}"#);
        assert_eq!(read("^mL", CQ_QUANTITY).0, "");
        assert_eq!(with_field("x^mL", |n, c| quantity(n, c).err()), Some(Reason::NotANumber));
    }
}
