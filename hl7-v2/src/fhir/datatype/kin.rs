//! What of a CWE and its kin is not a concept: codings, identifiers, annotations, units; and CE, CF and CNE, which are
//! read as CWE.

use super::cwe::{self, CODINGS, as_code, coding, coding_of, concept, first_coding};
use crate::fhir::code::TEST_SERVICE_DEFAULT_DURATION_UNITS;
use crate::fhir::context::Context;
use crate::fhir::node::Node;
use crate::fhir::report::Reason;
use crate::fhir::row::{CodedType, Datatype, Found, Own, Via};
use crate::fhir::tree::{Object, Val};

/// `CE[CodeableConcept]`
pub(crate) const CE_CODEABLE_CONCEPT: Via = Via::Type(&Datatype {
    name: "CE[CodeableConcept]",
    fhir: "CodeableConcept",
    read: |n, c| Ok(concept(n, c).map(Val::Object)),
});

/// `CF[CodeableConcept]`
pub(crate) const CF_CODEABLE_CONCEPT: Via = Via::Type(&Datatype {
    name: "CF[CodeableConcept]",
    fhir: "CodeableConcept",
    read: |n, c| Ok(concept(n, c).map(Val::Object)),
});

/// `CNE[CodeableConcept]`
pub(crate) const CNE_CODEABLE_CONCEPT: Via = Via::Type(&Datatype {
    name: "CNE[CodeableConcept]",
    fhir: "CodeableConcept",
    read: |n, c| Ok(concept(n, c).map(Val::Object)),
});

/// `CWE[Coding]`, without a map of the code.
pub(crate) const CWE_CODING_AS_IT_IS: Via = Via::Type(&Datatype {
    name: "CWE[Coding]",
    fhir: "Coding",
    read: |n, c| Ok(first_coding(n, c).map(Val::Object)),
});

/// `CWE[Coding]` with a map of the code: the mapped code, else the code as it came, of the map's table where the
/// message names no other system.
pub(crate) static CWE_CODING: CodedType = CodedType {
    name: "CWE[Coding]",
    fhir: "Coding",
    read: |n, codes, c| {
        let code = cwe::code(n);
        let Some(mapped) = code.and_then(|code| (codes.find)(code)) else {
            let came = first_coding(n, c);
            let is_expected = !codes.translates || code.is_some_and(|code| (codes.knows)(code));
            if came.is_some() && !is_expected {
                c.report(n, Reason::UnknownCode(codes.table));
            }
            return Ok(came.map(|coding| cwe::of_table(coding, codes.table)).map(Val::Object));
        };
        Ok(Some(coding(mapped, c).into()))
    },
};

/// `CWE[Annotation]`: all of the field, separators included; where only one part is valued, that part.
pub(crate) const CWE_ANNOTATION: Via = Via::Type(&Datatype {
    name: "CWE[Annotation]",
    fhir: "Annotation",
    read: |n, c| {
        let mut parts = n.parts().filter(Node::has_content);
        let only = parts.next().filter(|_| parts.next().is_none());
        Ok(only.unwrap_or(*n).whole().map(|text| c.object().with("text", text).into()))
    },
});

/// `CWE[Identifier]` into `identifier`: up to three codes.
pub(crate) const CWE_IDENTIFIERS: Via = Via::Own(&Own {
    name: "CWE[Identifier]",
    apply: |resource, n, c| {
        for identifier in identifiers(n, c).into_iter().flatten() {
            resource.push(c.arena, "identifier", identifier);
        }
        Ok(())
    },
});

/// `CWE[Quantity]`: a unit without an amount. The code needs a system; the unit is the text, else the code.
pub(crate) const CWE_QUANTITY: Via = Via::Type(&Datatype {
    name: "CWE[Quantity]",
    fhir: "Quantity",
    read: |n, c| Ok(unit(n, c).map(Val::Object)),
});

/// `CWE[Timing-DurationUnit]`
pub(crate) const CWE_TIMING_DURATION_UNIT: Via =
    Via::Type(&Datatype { name: "CWE[Timing-DurationUnit]", fhir: "Timing", read: duration_unit });

/// `CWE[uri]`
pub(crate) const CWE_URI: Via = Via::Type(&Datatype { name: "CWE[uri]", fhir: "uri", read: uri });

/// `CWE[Identifier]`: each code with its system.
pub(crate) fn identifiers<'a>(cwe: &Node<'a>, c: &mut Context<'a>) -> [Option<Object<'a>>; 3] {
    CODINGS.map(|parts| {
        let [number, ..] = parts;
        let value = cwe.get(number)?;
        let system = coding_of(cwe, parts, c).0.and_then(|coding| coding.str("system"));
        let mut identifier = c.object();
        identifier.put("system", system);
        Some(identifier.with("value", value))
    })
}

fn unit<'a>(cwe: &Node<'a>, c: &mut Context<'a>) -> Option<Object<'a>> {
    let said = cwe.get(2).or_else(|| cwe.get(1)).or_else(|| cwe.get(9))?;
    let mut quantity = c.object().with("unit", said);
    if let Some(system) = cwe.get(3).and_then(|_| first_coding(cwe, c)?.str("system")) {
        quantity.set("system", system);
        quantity.put("code", cwe.get(1).and_then(as_code));
    }
    Some(quantity)
}

fn duration_unit<'a>(cwe: &Node<'a>, c: &mut Context<'a>) -> Found<Val<'a>> {
    let codes = &TEST_SERVICE_DEFAULT_DURATION_UNITS;
    let Some(code) = cwe.get(1) else { return Ok(None) };
    let mapped = (codes.find)(code).ok_or(Reason::UnknownCode(codes.table))?;
    let repeat = c.object().with("durationUnit", mapped.code);
    Ok(Some(c.object().with("repeat", repeat).into()))
}

/// FHIR's URIs have no white space.
fn uri<'a>(cwe: &Node<'a>, _: &mut Context<'a>) -> Found<Val<'a>> {
    let Some(text) = cwe::code(cwe) else { return Ok(None) };
    if text.contains(char::is_whitespace) { Err(Reason::NotACode) } else { Ok(Some(Val::Text(text))) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::code::CONFIDENTIALITY_CODE;
    use crate::fhir::code::{CONFIDENTIALITY_CLASSIFICATION, SECURITY_LABEL_HANDLING_INSTRUCTIONS};
    use crate::fhir::testing::{json, read, with_field};

    #[test]
    fn a_mapped_coding_or_the_one_that_came() {
        let (got, issues) = read("V", CWE_CODING.of(&CONFIDENTIALITY_CODE));
        assert!(got.contains("v3-Confidentiality") && issues.is_empty(), "{got} {issues:?}");
        let (got, issues) = read("Q7^Odd", CWE_CODING.of(&CONFIDENTIALITY_CODE));
        assert_eq!(
            got,
            r#"{"code":"Q7","display":"Odd","system":"http://terminology.hl7.org/CodeSystem/v2-0177"}"#
        );
        assert_eq!(issues.len(), 1);
        assert_eq!(read("^Odd", CWE_CODING.of(&CONFIDENTIALITY_CODE)).0, "");
    }

    #[test]
    fn a_unit_is_coded_only_with_a_system() {
        let coded = r#"{"unit":"millilitre","system":"http://unitsofmeasure.org","code":"mL"}"#;
        assert_eq!(read("mL^millilitre^UCUM", CWE_QUANTITY).0, coded);
        assert_eq!(read("mL", CWE_QUANTITY).0, r#"{"unit":"mL"}"#);
        assert_eq!(read("^^UCUM", CWE_QUANTITY).0, "");
    }

    #[test]
    fn each_code_is_an_identifier() {
        let got = with_field("7^Plan^^8^B^LN", |n, c| {
            let all = identifiers(n, c).map(|found| json(Ok(found.map(Val::Object))));
            all.join("")
        });
        assert_eq!(got, r#"{"value":"7"}{"system":"http://loinc.org","value":"8"}"#);
    }

    #[test]
    fn a_note_keeps_its_separators() {
        assert_eq!(read("1^A^L", CWE_ANNOTATION).0, r#"{"text":"1^A^L"}"#);
        assert_eq!(read("^A", CWE_ANNOTATION).0, r#"{"text":"A"}"#);
        assert_eq!(read("min", CWE_TIMING_DURATION_UNIT).0, r#"{"repeat":{"durationUnit":"min"}}"#);
        assert_eq!(read("urn:x", CWE_URI).0, r#""urn:x""#);
    }

    #[test]
    fn a_coding_of_a_table_without_counterparts_is_expected() {
        let (got, issues) = read("X", CWE_CODING.of(&SECURITY_LABEL_HANDLING_INSTRUCTIONS));
        assert_eq!((got.contains(r#"CodeSystem/v2-0953""#), issues), (true, vec![]), "{got}");
        assert_eq!(read("nothing", CWE_CODING.of(&CONFIDENTIALITY_CLASSIFICATION)).1.len(), 1);
    }
}
