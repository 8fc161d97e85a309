//! EI and EIP, identifiers of orders, specimens, documents.

use carewire_fhir_core::types::{Identifier, Reference};

use super::cx::type_of;
use crate::fhir::context::Context;
use crate::fhir::node::Node;
use crate::fhir::row::Found;

/// `EI[Identifier]`. Without an authority the system is the sender's, with the kind behind it: the placer's number 1
/// is not the filler's number 1.
pub(crate) fn ei(ei: &Node<'_>, kind: &str, c: &mut Context<'_>) -> Found<Identifier> {
    let Some(value) = ei.get(1) else { return Ok(None) };
    let parts = [2, 3, 4].map(|number| ei.get(number));
    let [namespace, universal_id, _] = &parts;
    let system = c.system([parts[0].as_deref(), parts[1].as_deref(), parts[2].as_deref()]);
    let system =
        if namespace.is_none() && universal_id.is_none() { format!("{system}:{kind}") } else { system };
    Ok(Some(Identifier { system: Some(system), value: Some(value), ..Identifier::default() }))
}

/// `EI[Identifier-Extension]` with the type that the field tells.
pub(crate) fn ei_of_type(node: &Node<'_>, kind: &str, code: &str, c: &mut Context<'_>) -> Found<Identifier> {
    let typed = |identifier| Identifier { r#type: Some(type_of(code.to_owned())), ..identifier };
    Ok(ei(node, kind, c)?.map(typed))
}

/// The placer's number, for the identifiers of orders.
pub(crate) fn placer(node: &Node<'_>, c: &mut Context<'_>) -> Found<Identifier> {
    ei_of_type(node, "placer", "PLAC", c)
}

/// The filler's number, for the identifiers of orders.
pub(crate) fn filler(node: &Node<'_>, c: &mut Context<'_>) -> Found<Identifier> {
    ei_of_type(node, "filler", "FILL", c)
}

/// A resource of another message, by its number. There is no entry for it: the other message describes it, and an
/// entry made from its number alone would replace that.
pub(crate) fn elsewhere(resource_type: &str, number: Identifier) -> Reference {
    Reference {
        r#type: Some(resource_type.into()),
        identifier: Some(Box::new(number)),
        ..Reference::default()
    }
}

/// `EIP[Identifier-…]`: the filler's part first, then the placer's.
pub(crate) fn eip(
    eip: &Node<'_>,
    kind: &str,
    c: &mut Context<'_>,
) -> Result<Vec<Identifier>, crate::fhir::Reason> {
    let of = |part: u16, side: &str, code: &str, c: &mut Context<'_>| match eip.part(part) {
        Some(node) => ei_of_type(&node, &format!("{kind}-{side}"), code, c),
        None => Ok(None),
    };
    let filler = of(2, "filler", "FGN", c)?;
    let placer = of(1, "placer", "PGN", c)?;
    Ok(filler.into_iter().chain(placer).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::testing::{json, with_field};

    #[test]
    fn numbers_of_placer_and_filler_do_not_mix() {
        let placer = with_field("1", |n, c| json(placer(n, c)));
        let filler = with_field("1", |n, c| json(filler(n, c)));
        assert!(placer.contains(":FAC:placer\"") && filler.contains(":FAC:filler\""), "{placer} {filler}");
        let named = with_field("1^^1.2.3^ISO", |n, c| json(ei(n, "placer", c)));
        assert_eq!(named, r#"{"system":"urn:oid:1.2.3","value":"1"}"#);
    }

    #[test]
    fn a_pair_gives_both() {
        let both = with_field("P1^F1&LAB", |n, c| eip(n, "specimen", c).unwrap());
        let values: Vec<_> = both.iter().filter_map(|identifier| identifier.value.as_deref()).collect();
        assert_eq!(values, ["F1", "P1"]);
        assert_eq!(both[0].system.as_deref(), Some("urn:carewire:authority:org:LAB"));
    }
}
