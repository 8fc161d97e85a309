//! ID and IS, codes without a system of their own.

use super::cwe::{as_code, coding, concept, concept_by};
use crate::fhir::code::{CodeMap, v2_system};
use crate::fhir::context::Context;
use crate::fhir::node::Node;
use crate::fhir::report::Reason;
use crate::fhir::row::{CodedType, Datatype, Found, Via};
use crate::fhir::tree::{Object, Val};

/// `ID[CodeableConcept]`, without a map of the code.
pub(crate) const ID_CODEABLE_CONCEPT: Via = Via::Type(&Datatype {
    name: "ID[CodeableConcept]",
    fhir: "CodeableConcept",
    read: |n, c| Ok(concept(n, c).map(Val::Object)),
});

/// `ID[CodeableConcept]` with a map of the code.
pub(crate) static ID_CODED: CodedType = CodedType {
    name: "ID[CodeableConcept]",
    fhir: "CodeableConcept",
    read: |n, codes, c| Ok(concept_by(n, codes, c).map(Val::Object)),
};

/// `IS[CodeableConcept]`, without a map of the code.
pub(crate) const IS_CODEABLE_CONCEPT: Via = Via::Type(&Datatype {
    name: "IS[CodeableConcept]",
    fhir: "CodeableConcept",
    read: |n, c| Ok(concept(n, c).map(Val::Object)),
});

/// `ID[CodeableConcept-UniversalID]`
pub(crate) const ID_CODEABLE_CONCEPT_UNIVERSAL_ID: Via = Via::Type(&Datatype {
    name: "ID[CodeableConcept-UniversalID]",
    fhir: "CodeableConcept",
    read: |n, c| Ok(n.text().and_then(|code| universal_id_type(code, c)).map(Val::Object)),
});

/// `ID[Coding]` with a map of the code.
pub(crate) static ID_CODING: CodedType = CodedType {
    name: "ID[Coding]",
    fhir: "Coding",
    read: |n, codes, c| {
        let Some(code) = n.text() else { return Ok(None) };
        let mapped = (codes.find)(code).ok_or(Reason::UnknownCode(codes.table))?;
        Ok(Some(coding(mapped, c).into()))
    },
};

/// `ID[boolean]`: table 0136.
pub(crate) const ID_BOOLEAN: Via =
    Via::Type(&Datatype { name: "ID[boolean]", fhir: "boolean", read: |n, _| yes_no(n) });

/// `ID[code]` of a code that FHIR takes over unchanged.
pub(crate) const ID_CODE_AS_IT_IS: Via =
    Via::Type(&Datatype { name: "ID[code]", fhir: "code", read: |n, c| Ok(code(n, c).map(Val::Text)) });

/// `IS[code]` of a code that FHIR takes over unchanged.
pub(crate) const IS_CODE: Via =
    Via::Type(&Datatype { name: "IS[code]", fhir: "code", read: |n, c| Ok(code(n, c).map(Val::Text)) });

/// `ID[string]`
pub(crate) const ID_STRING: Via =
    Via::Type(&Datatype { name: "ID[string]", fhir: "string", read: |n, _| Ok(n.text().map(Val::Text)) });

/// `IS[string]`
pub(crate) const IS_STRING: Via =
    Via::Type(&Datatype { name: "IS[string]", fhir: "string", read: |n, _| Ok(n.text().map(Val::Text)) });

/// A code of table 0301 as a concept.
pub(crate) fn universal_id_type<'a>(code: &'a str, c: &Context<'a>) -> Option<Object<'a>> {
    let mut coding = c.object();
    coding.put("system", v2_system("0301"));
    coding.set("code", as_code(code)?);
    Some(c.object().with("coding", c.arena.only(coding)))
}

/// A code of a table as a concept; what the table does not have is a text.
pub(crate) fn concept_or_text<'a>(code: &'a str, codes: &CodeMap, c: &Context<'a>) -> Object<'a> {
    match (codes.find)(code) {
        Some(mapped) => c.object().with("coding", c.arena.only(coding(mapped, c))),
        None => c.object().with("text", code),
    }
}

/// Table 0136.
fn yes_no<'a>(node: &Node<'a>) -> Found<Val<'a>> {
    match node.text() {
        None => Ok(None),
        Some("Y") => Ok(Some(Val::Bool(true))),
        Some("N") => Ok(Some(Val::Bool(false))),
        Some(_) => Err(Reason::UnknownCode("0136")),
    }
}

/// A code; what has not the form of one is left out and reported.
fn code<'a>(node: &Node<'a>, c: &mut Context<'a>) -> Option<&'a str> {
    let text = node.text()?;
    let code = as_code(text);
    if code.is_none() {
        c.report(node, Reason::NotACode);
    }
    code
}
