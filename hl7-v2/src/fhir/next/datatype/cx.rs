//! CX, an identifier with check digit.

use super::{cwe, dtm, hd};
use crate::fhir::identity::{Candidate, PatientIdentity};
use crate::fhir::next::context::Context;
use crate::fhir::next::node::Node;
use crate::fhir::next::row::{Datatype, Found, Via};
use crate::fhir::next::target::extend;
use crate::fhir::next::tree::{Object, Val};

/// `CX[Identifier]`
pub(crate) const CX_IDENTIFIER: Via = Via::Type(&Datatype {
    name: "CX[Identifier]",
    fhir: "Identifier",
    read: |n, c| Ok(identifier(n, c)?.map(Val::Object)),
});

/// The code system of identifier types.
const IDENTIFIER_TYPE: &str = "http://terminology.hl7.org/CodeSystem/v2-0203";

/// `CX[Identifier]`
pub(crate) fn identifier<'a>(cx: &Node<'a>, c: &mut Context<'a>) -> Found<Object<'a>> {
    let Some(value) = cx.get(1) else { return Ok(None) };
    let mut identifier = c.object();
    check_digit(&mut identifier, cx.get(2), cx.get(3), c);
    identifier.put("type", cx.get(5).map(|code| type_of(code, c)));
    let system = hd::system(cx.part(4), c);
    identifier.set("system", system);
    identifier.set("value", value);
    identifier.put("period", dtm::period(cx.part(7), cx.part(8), c)?);
    identifier.put("assigner", hd::assigner(hd::parts(cx.part(4)), system, c));
    Ok(Some(identifier))
}

/// `CX[string]`
pub(crate) const CX_STRING: Via =
    Via::Type(&Datatype { name: "CX[string]", fhir: "string", read: |n, _| Ok(n.get(1).map(Val::Text)) });

/// A code of table 0203 as the type of an identifier.
pub(crate) fn type_of<'a>(code: &'a str, c: &Context<'a>) -> Object<'a> {
    match cwe::as_code(code) {
        Some(code) => {
            let coding = c.object().with("system", IDENTIFIER_TYPE).with("code", code);
            c.object().with("coding", c.arena.only(coding))
        }
        None => c.object().with("text", code),
    }
}

/// The two extensions of a check digit.
pub(crate) fn check_digit<'a>(
    identifier: &mut Object<'a>,
    digit: Option<&'a str>,
    scheme: Option<&'a str>,
    c: &Context<'a>,
) {
    for (name, text) in [("identifier-checkDigit", digit), ("namingsystem-checkDigit", scheme)] {
        if let Some(text) = text {
            extend(identifier, name, "valueString", text, c.arena);
        }
    }
}

/// What makes this CX a candidate for the patient's identity.
pub(crate) fn candidate<'a>(cx: &Node<'a>, c: &Context<'a>) -> Option<Candidate> {
    let value = cx.get(1)?.to_owned();
    Some(Candidate {
        identity: PatientIdentity { system: hd::system(cx.part(4), c).to_owned(), value },
        type_code: cx.get(5).map(str::to_owned),
        has_authority: hd::is_named(cx.part(4)),
    })
}
