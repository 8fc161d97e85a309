//! XTN, a telephone number or what else a person can be reached by.

use carewire_fhir_core::types::{
    ContactPoint, ContactPointSystem, ContactPointUse, Extension, ExtensionValue, PrimitiveExtension,
};

use super::{dtm, nm, unknown};
use crate::fhir::context::Context;
use crate::fhir::node::Node;
use crate::fhir::report::Reason;
use crate::fhir::row::Found;
use crate::fhir::table;

/// `XTN[ContactPoint]`
pub(crate) fn xtn(xtn: &Node<'_>, c: &mut Context<'_>) -> Found<ContactPoint> {
    let [use_code, equipment] = [2, 3].map(|part| xtn.get(part));
    let is_mail = matches!(equipment.as_deref(), Some("Internet" | "X.400"));
    let Some(value) = value(xtn, is_mail) else { return Ok(None) };
    let (system, system_element) = system(xtn, equipment.as_deref(), c);
    if use_code.as_deref().is_some_and(|code| table::telecom_use(code).is_none() && !is_plain_use(code)) {
        c.report(xtn.at(), Reason::UnknownCode("0201"));
    }
    let mobile = (equipment.as_deref() == Some("CP")).then_some(ContactPointUse::Mobile);
    Ok(Some(ContactPoint {
        extension: number_parts(xtn, is_mail),
        system,
        system_element,
        value: Some(value),
        r#use: use_code.as_deref().and_then(table::telecom_use).or(mobile),
        rank: nm::count(xtn.get(18)).unwrap_or_default(),
        period: dtm::period(xtn.part(13), xtn.part(14), c).unwrap_or_default(),
        ..ContactPoint::default()
    }))
}

/// `XTN[ContactPoint]` with the use that the field tells, where the value itself tells none.
pub(crate) fn xtn_for(node: &Node<'_>, default: ContactPointUse, c: &mut Context<'_>) -> Found<ContactPoint> {
    let told = node.get(2).is_some();
    let used =
        |point: ContactPoint| ContactPoint { r#use: point.r#use.or((!told).then_some(default)), ..point };
    Ok(xtn(node, c)?.map(used))
}

/// The mail address, else the unformatted number, else the number of its parts, else the number as text.
fn value(xtn: &Node<'_>, is_mail: bool) -> Option<String> {
    if is_mail {
        return xtn.get(4).or_else(|| xtn.get(1));
    }
    xtn.get(12).or_else(|| composed(xtn)).or_else(|| xtn.get(1)).or_else(|| xtn.get(4))
}

/// `+1 610 2719000 X12`
fn composed(xtn: &Node<'_>) -> Option<String> {
    let (local, area) = (xtn.get(7)?, xtn.get(6)?);
    let country =
        xtn.get(5).map(|country| format!("+{} ", country.trim_start_matches('+'))).unwrap_or_default();
    let extension = xtn.get(8).map(|extension| format!(" X{extension}")).unwrap_or_default();
    Some(format!("{country}{area} {local}{extension}"))
}

/// `TelecommunicationEquipmentType`; an address without a type is mail, a number without one is of unknown kind.
fn system(
    xtn: &Node<'_>,
    equipment: Option<&str>,
    c: &mut Context<'_>,
) -> (Option<ContactPointSystem>, PrimitiveExtension) {
    let unstated = || PrimitiveExtension(vec![unknown()]);
    match equipment {
        Some(code) => match table::telecom_system(code) {
            Some(system) => (Some(system), PrimitiveExtension::default()),
            None => {
                c.report(xtn.at(), Reason::UnknownCode("0202"));
                (None, unstated())
            }
        },
        None if xtn.get(4).is_some_and(|address| address.contains('@')) && xtn.get(1).is_none() => {
            (Some(ContactPointSystem::Email), PrimitiveExtension::default())
        }
        None => (None, unstated()),
    }
}

/// The uses of table 0201 that say nothing which FHIR's uses could.
fn is_plain_use(code: &str) -> bool {
    matches!(code, "ORN" | "VHN" | "ASN" | "EMR" | "NET" | "BPN")
}

fn number_parts(xtn: &Node<'_>, is_mail: bool) -> Vec<Extension> {
    let parts = [(5, "country"), (6, "area"), (7, "local"), (8, "extension")];
    let base = "http://hl7.org/fhir/StructureDefinition/contactpoint-";
    parts
        .into_iter()
        .filter(|_| !is_mail)
        .filter_map(|(part, name)| {
            Some(Extension::new(format!("{base}{name}"), ExtensionValue::String(xtn.get(part)?)))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::testing::{json, with_field};

    fn point(field: &str) -> String {
        with_field(field, |n, c| json(xtn(n, c)))
    }

    #[test]
    fn equipment_tells_the_system() {
        assert_eq!(point("555^WPN^PH"), r#"{"system":"phone","value":"555","use":"work"}"#);
        assert_eq!(point("555^^CP"), r#"{"system":"phone","value":"555","use":"mobile"}"#);
        assert_eq!(point("^NET^Internet^a@b.example"), r#"{"system":"email","value":"a@b.example"}"#);
        assert_eq!(point("^^^a@b.example"), r#"{"system":"email","value":"a@b.example"}"#);
    }

    #[test]
    fn a_number_of_unknown_kind_says_so() {
        assert!(point("555").starts_with(r#"{"_system":{"extension":[{"url""#), "{}", point("555"));
    }

    #[test]
    fn the_parts_of_a_number_become_one() {
        assert!(point("^PRN^PH^^1^610^2719000^12").contains(r#""value":"+1 610 2719000 X12""#));
        assert!(point("^PRN^PH^^^610^2719000").contains(r#""value":"610 2719000""#));
        assert_eq!(point("^PRN^PH"), "");
    }
}
