//! EI and EIP, identifiers of orders, specimens, documents.

use super::{cx, hd};
use crate::fhir::context::Context;
use crate::fhir::node::Node;
use crate::fhir::row::{Datatype, Found, TypeAs, Via};
use crate::fhir::tree::{Object, Val};

/// `EI[Identifier-Extension]`
pub(crate) const EI_IDENTIFIER_EXTENSION: Via = Via::Type(&Datatype {
    name: "EI[Identifier-Extension]",
    fhir: "Identifier",
    read: |n, c| Ok(number(n, "", c).map(Val::Object)),
});

/// `EI[Identifier-Extension]` with the type that the field tells: `EI_TYPED.of("PLAC")`.
pub(crate) static EI_TYPED: TypeAs = TypeAs {
    name: "EI[Identifier-Extension]",
    fhir: "Identifier",
    read: |n, code, c| Ok(typed(n, code, code, c).map(Val::Object)),
};

/// `EI[Identifier-DefaultAssigner]`
pub(crate) const EI_IDENTIFIER_DEFAULT_ASSIGNER: Via = Via::Type(&Datatype {
    name: "EI[Identifier-DefaultAssigner]",
    fhir: "Identifier",
    read: |n, c| Ok(number(n, "", c).map(Val::Object)),
});

/// `EI[Identifier-Organization]`
pub(crate) const EI_IDENTIFIER_ORGANIZATION: Via = Via::Type(&Datatype {
    name: "EI[Identifier-Organization]",
    fhir: "Identifier",
    read: |n, c| Ok(assigned(n, "", c).map(Val::Object)),
});

/// `EI[Identifier-System]`
pub(crate) const EI_IDENTIFIER_SYSTEM: Via = Via::Type(&Datatype {
    name: "EI[Identifier-System]",
    fhir: "Identifier",
    read: |n, c| Ok(number(n, "", c).map(Val::Object)),
});

/// `EI[Condition]`: the identifier of a condition.
pub(crate) const EI_CONDITION: Via = Via::Type(&Datatype {
    name: "EI[Condition]",
    fhir: "Identifier",
    read: |n, c| Ok(assigned(n, "", c).map(Val::Object)),
});

/// `EI[Procedure]`: the identifier of a procedure.
pub(crate) const EI_PROCEDURE: Via = Via::Type(&Datatype {
    name: "EI[Procedure]",
    fhir: "Identifier",
    read: |n, c| Ok(number(n, "", c).map(Val::Object)),
});

/// `EI[Device-udiCarrier]`
pub(crate) const EI_DEVICE_UDI_CARRIER: Via = Via::Type(&Datatype {
    name: "EI[Device-udiCarrier]",
    fhir: "Device.udiCarrier",
    read: |n, c| Ok(n.get(1).map(|id| c.object().with("deviceIdentifier", id).into())),
});

/// `EI[Coding]`
pub(crate) const EI_CODING: Via = Via::Type(&Datatype { name: "EI[Coding]", fhir: "Coding", read: coding });

/// `EIP[Identifier-PlacerAssignedIdentifier]`
pub(crate) const EIP_IDENTIFIER_PLACER_ASSIGNED_IDENTIFIER: Via = Via::Type(&Datatype {
    name: "EIP[Identifier-PlacerAssignedIdentifier]",
    fhir: "Identifier",
    read: |n, c| Ok(placer_assigned(n, c).map(Val::Object)),
});

/// `EIP[Identifier-FillerAssignedIdentifier]`
pub(crate) const EIP_IDENTIFIER_FILLER_ASSIGNED_IDENTIFIER: Via = Via::Type(&Datatype {
    name: "EIP[Identifier-FillerAssignedIdentifier]",
    fhir: "Identifier",
    read: |n, c| Ok(filler_assigned(n, c).map(Val::Object)),
});

/// The placer's part of an EIP.
pub(crate) fn placer_assigned<'a>(eip: &Node<'a>, c: &Context<'a>) -> Option<Object<'a>> {
    typed(&eip.part(1)?, "PGN", "PGN", c)
}

/// The filler's part of an EIP.
pub(crate) fn filler_assigned<'a>(eip: &Node<'a>, c: &Context<'a>) -> Option<Object<'a>> {
    typed(&eip.part(2)?, "FGN", "FGN", c)
}

/// A number and its system. Without an authority the system is the sender's, with the kind behind it: the placer's
/// number 1 is not the filler's number 1.
pub(crate) fn number<'a>(ei: &Node<'a>, kind: &str, c: &Context<'a>) -> Option<Object<'a>> {
    let value = ei.get(1)?;
    Some(c.object().with("system", hd::system_of(authority(ei), kind, c)).with("value", value))
}

/// A number, its system, and what the system does not say of the assigner.
pub(crate) fn assigned<'a>(ei: &Node<'a>, kind: &str, c: &Context<'a>) -> Option<Object<'a>> {
    let mut identifier = number(ei, kind, c)?;
    let system = identifier.str("system").unwrap_or_default();
    identifier.put("assigner", hd::assigner(authority(ei), system, c));
    Some(identifier)
}

/// A number of a type. The kind tells apart the numbers without an authority.
pub(crate) fn typed<'a>(ei: &Node<'a>, kind: &str, code: &'a str, c: &Context<'a>) -> Option<Object<'a>> {
    let kind = match kind {
        "PLAC" => "placer",
        "FILL" => "filler",
        "PGN" => "group-placer",
        "FGN" => "group-filler",
        other => other,
    };
    let number = number(ei, kind, c)?;
    let mut identifier = c.object().with("type", cx::type_of(code, c));
    identifier.put("system", number.str("system"));
    identifier.put("value", number.str("value"));
    Some(identifier)
}

/// A resource of another message, by its number. There is no entry for it: the other message describes it, and an
/// entry made from its number alone would replace that.
pub(crate) fn elsewhere<'a>(resource_type: &'static str, number: Object<'a>, c: &Context<'a>) -> Object<'a> {
    c.object().with("type", resource_type).with("identifier", number)
}

fn coding<'a>(ei: &Node<'a>, c: &mut Context<'a>) -> Found<Val<'a>> {
    let Some(code) = ei.get(1).and_then(super::cwe::as_code) else { return Ok(None) };
    let authority = authority(ei);
    let mut coding = c.object();
    if authority.iter().any(Option::is_some) {
        coding.set("system", c.system(authority));
    }
    Ok(Some(coding.with("code", code).into()))
}

fn authority<'a>(ei: &Node<'a>) -> [Option<&'a str>; 3] {
    [2, 3, 4].map(|number| ei.get(number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::testing::{read, with_field};

    #[test]
    fn numbers_of_placer_and_filler_do_not_mix() {
        let (placer, _) = read("1", EI_TYPED.of("PLAC"));
        let (filler, _) = read("1", EI_TYPED.of("FILL"));
        assert!(placer.contains(":FAC:placer\"") && filler.contains(":FAC:filler\""), "{placer} {filler}");
        assert!(placer.contains(r#""code":"PLAC""#), "{placer}");
        let (named, _) = read("1^^1.2.3^ISO", EI_IDENTIFIER_EXTENSION);
        assert_eq!(named, r#"{"system":"urn:oid:1.2.3","value":"1"}"#);
    }

    #[test]
    fn a_pair_gives_both() {
        let (filler, _) = read("P1^F1&LAB", EIP_IDENTIFIER_FILLER_ASSIGNED_IDENTIFIER);
        assert!(filler.contains(r#""code":"FGN""#), "{filler}");
        assert!(filler.contains(r#""system":"urn:carewire:authority:org:LAB","value":"F1""#), "{filler}");
        let (placer, _) = read("P1^F1&LAB", EIP_IDENTIFIER_PLACER_ASSIGNED_IDENTIFIER);
        assert!(placer.contains(r#":FAC:group-placer","value":"P1""#), "{placer}");
        assert_eq!(read("^F1", EIP_IDENTIFIER_PLACER_ASSIGNED_IDENTIFIER).0, "");
    }

    #[test]
    fn the_assigner_says_what_the_system_does_not() {
        let system = r#"{"system":"urn:oid:1.2.3","value":"7","assigner":{"display":"LAB"}}"#;
        assert_eq!(read("7^LAB^1.2.3^ISO", EI_IDENTIFIER_ORGANIZATION).0, system);
        let (other, _) = read("7^LAB^16D^CLIA", EI_IDENTIFIER_ORGANIZATION);
        assert!(other.contains(r#""code":"CLIA"}]},"value":"16D"},"display":"LAB""#), "{other}");
    }

    #[test]
    fn a_code_has_a_system_only_when_it_names_one() {
        assert_eq!(read("A", EI_CODING).0, r#"{"code":"A"}"#);
        assert_eq!(read("A^^1.2.3^ISO", EI_CODING).0, r#"{"system":"urn:oid:1.2.3","code":"A"}"#);
    }

    #[test]
    fn a_number_elsewhere_names_its_type() {
        let got = with_field("1^LAB", |n, c| {
            let number = number(n, "", c).unwrap();
            crate::fhir::testing::json(Ok(Some(elsewhere("Appointment", number, c).into())))
        });
        assert!(got.starts_with(r#"{"type":"Appointment","identifier":{"system":"#), "{got}");
    }
}
