//! XTN, a telephone number or what else a person can be reached by.

use super::{dr, nm};
use crate::fhir::code::{
    TELECOMMUNICATION_EQUIPMENT_TYPE, TELECOMMUNICATION_EQUIPMENT_TYPE_USE, TELECOMMUNICATION_USE_CODE,
};
use crate::fhir::context::Context;
use crate::fhir::node::Node;
use crate::fhir::report::Reason;
use crate::fhir::row::{Datatype, TypeAs, Via};
use crate::fhir::target::extend;
use crate::fhir::tree::{Object, Val};

/// `XTN[ContactPoint]`
pub(crate) const XTN_CONTACT_POINT: Via = Via::Type(&Datatype {
    name: "XTN[ContactPoint]",
    fhir: "ContactPoint",
    read: |n, c| Ok(point(n, None, c).map(Val::Object)),
});

/// `XTN[ContactPoint]` with the use that the field tells, where the value itself tells none: `XTN_USE.of("home")`.
pub(crate) static XTN_USE: TypeAs = TypeAs {
    name: "XTN[ContactPoint]",
    fhir: "ContactPoint",
    read: |n, default, c| Ok(point(n, Some(default), c).map(Val::Object)),
};

/// `XTN[ContactPoint]`
pub(crate) fn point<'a>(
    xtn: &Node<'a>,
    default: Option<&'static str>,
    c: &mut Context<'a>,
) -> Option<Object<'a>> {
    let is_mail = matches!(xtn.get(3), Some("Internet" | "X.400"));
    let value = value(xtn, is_mail, c)?;
    let mut point = c.object();
    if !is_mail {
        number_parts(&mut point, xtn, c);
    }
    system(&mut point, xtn, c);
    point.set("value", value);
    point.put("use", use_of(xtn, default, c));
    let rank = nm::count(xtn.get(18), c.arena).unwrap_or_else(|reason| {
        c.report(xtn, reason);
        None
    });
    point.put("rank", rank.map(Val::Number));
    point.put("period", dr::validity(xtn, [13, 14, 0], c));
    Some(point)
}

/// The mail address, else the unformatted number, else the number of its parts, else the number as text.
fn value<'a>(xtn: &Node<'a>, is_mail: bool, c: &Context<'a>) -> Option<&'a str> {
    if is_mail {
        return xtn.get(4).or_else(|| xtn.get(1));
    }
    xtn.get(12)
        .or_else(|| composed(xtn, c))
        .or_else(|| xtn.get(1))
        .or_else(|| xtn.get(4))
        .or_else(|| xtn.get(7))
}

/// `+1 610 2719000 X12`
fn composed<'a>(xtn: &Node<'a>, c: &Context<'a>) -> Option<&'a str> {
    let (local, area) = (xtn.get(7)?, xtn.get(6)?);
    let (plus, country) = xtn.get(5).map_or(("", ""), |country| ("+", country.trim_start_matches('+')));
    let space = if plus.is_empty() { "" } else { " " };
    let (x, extension) = xtn.get(8).map_or(("", ""), |extension| (" X", extension));
    Some(c.arena.format(format_args!("{plus}{country}{space}{area} {local}{x}{extension}")))
}

/// `TelecommunicationEquipmentType`; an address without a type is mail, a number without one is of unknown kind.
fn system<'a>(point: &mut Object<'a>, xtn: &Node<'a>, c: &mut Context<'a>) {
    let found = match xtn.get(3) {
        Some(code) => {
            let mapped = (TELECOMMUNICATION_EQUIPMENT_TYPE.find)(code);
            if mapped.is_none() {
                c.report(xtn, Reason::UnknownCode(TELECOMMUNICATION_EQUIPMENT_TYPE.table));
            }
            mapped.map(|concept| concept.code)
        }
        // The guide takes any address for mail; one without an at sign is none.
        None => xtn.get(4).filter(|at| at.contains('@') && xtn.get(1).is_none()).map(|_| "email"),
    };
    match found {
        Some(code) => point.set("system", code),
        None => {
            let mut absent = c.object();
            extend(&mut absent, "data-absent-reason", "valueCode", "unknown", c.arena);
            point.set("_system", absent);
        }
    }
}

/// What the number is used for: as it says, else as the field says, else a mobile telephone is mobile.
fn use_of<'a>(xtn: &Node<'a>, default: Option<&'static str>, c: &mut Context<'a>) -> Option<&'static str> {
    let mobile = || Some((TELECOMMUNICATION_EQUIPMENT_TYPE_USE.find)(xtn.get(3)?)?.code);
    let Some(code) = xtn.get(2) else { return default.or_else(mobile) };
    let mapped = (TELECOMMUNICATION_USE_CODE.find)(code).map(|concept| concept.code);
    if mapped.is_none() && !is_plain_use(code) {
        c.report(xtn, Reason::UnknownCode(TELECOMMUNICATION_USE_CODE.table));
    }
    mapped.or_else(mobile)
}

/// The uses of table 0201 that say nothing which FHIR's uses could.
fn is_plain_use(code: &str) -> bool {
    matches!(code, "ORN" | "VHN" | "ASN" | "EMR" | "NET" | "BPN")
}

fn number_parts<'a>(point: &mut Object<'a>, xtn: &Node<'a>, c: &Context<'a>) {
    for (part, url) in [
        (5, "contactpoint-country"),
        (6, "contactpoint-area"),
        (7, "contactpoint-local"),
        (8, "contactpoint-extension"),
    ] {
        if let Some(text) = xtn.get(part) {
            extend(point, url, "valueString", text, c.arena);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::testing::read;

    fn point(field: &str) -> String {
        read(field, XTN_CONTACT_POINT).0
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
        assert!(point("^PRN^PH^^^^2719000").contains(r#""value":"2719000""#));
        assert_eq!(point("^PRN^PH"), "");
    }

    #[test]
    fn the_field_tells_the_use_where_the_number_does_not() {
        assert!(read("555^^PH", XTN_USE.of("home")).0.contains(r#""use":"home""#));
        assert!(read("555^WPN^PH", XTN_USE.of("home")).0.contains(r#""use":"work""#));
        assert!(!read("555^ORN^PH", XTN_USE.of("home")).0.contains(r#""use""#));
        assert!(read("555^^CP", XTN_USE.of("home")).0.contains(r#""use":"home""#));
    }

    #[test]
    fn what_is_no_rank_is_reported() {
        let (got, issues) = read("555^^PH^^^^^^^^^^^^^^^0", XTN_CONTACT_POINT);
        assert_eq!((got.as_str(), issues.len()), (r#"{"system":"phone","value":"555"}"#, 1));
    }
}
