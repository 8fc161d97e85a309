//! CX, an identifier with check digit; and the identifiers that are less than that.

use carewire_fhir_core::types::{CodeableConcept, Coding, Extension, ExtensionValue, Identifier, Period};

use super::{dtm, hd};
use crate::fhir::context::Context;
use crate::fhir::identity::{Candidate, PatientIdentity};
use crate::fhir::node::Node;
use crate::fhir::row::Found;

/// The code system of identifier types.
pub(crate) const IDENTIFIER_TYPE: &str = "http://terminology.hl7.org/CodeSystem/v2-0203";

/// `CX[Identifier]`
pub(crate) fn cx(cx: &Node<'_>, c: &mut Context<'_>) -> Found<Identifier> {
    let Some(value) = cx.get(1) else { return Ok(None) };
    Ok(Some(Identifier {
        extension: check_digit(cx.get(2), cx.get(3)),
        r#type: cx.get(5).map(type_of),
        system: Some(hd::system(cx.part(4).as_ref(), c)),
        value: Some(value),
        period: dtm::period(cx.part(7), cx.part(8), c)?,
        ..Identifier::default()
    }))
}

/// `CX[Identifier]` of a kind that the field tells, where the value itself does not.
pub(crate) fn cx_of_type(node: &Node<'_>, code: &str, c: &mut Context<'_>) -> Found<Identifier> {
    let known = |mut identifier: Identifier| {
        identifier.r#type.get_or_insert_with(|| type_of(code.to_owned()));
        identifier
    };
    Ok(cx(node, c)?.map(known))
}

/// What makes this CX a candidate for the patient's identity.
pub(crate) fn candidate(cx: &Node<'_>, c: &Context<'_>) -> Option<Candidate> {
    let authority = cx.part(4);
    let has_authority = authority.as_ref().is_some_and(|hd| hd.get(1).is_some() || hd.get(2).is_some());
    let system = hd::system(authority.as_ref(), c);
    Some(Candidate {
        identity: PatientIdentity { system, value: cx.get(1)? },
        type_code: cx.get(5),
        has_authority,
    })
}

/// `ST[Identifier]` for a social security number: the US system where the number has its form, else the sender's.
pub(crate) fn ssn(node: &Node<'_>, c: &mut Context<'_>) -> Found<Identifier> {
    let Some(value) = node.text() else { return Ok(None) };
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let is_us = digits == 9 && value.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    let system = if is_us {
        "http://hl7.org/fhir/sid/us-ssn".to_owned()
    } else {
        format!("{}:ssn", hd::system(None, c))
    };
    Ok(Some(Identifier {
        r#type: Some(type_of("SS".into())),
        system: Some(system),
        value: Some(value),
        ..Identifier::default()
    }))
}

/// `DLN[Identifier]`: a driver's licence; its issuer stands where the authority would.
pub(crate) fn dln(node: &Node<'_>, c: &mut Context<'_>) -> Found<Identifier> {
    let Some(value) = node.get(1) else { return Ok(None) };
    let issuer = node.get(2);
    let end = node.part(3).map_or(Ok(None), |end| dtm::date_time(&end, c))?;
    Ok(Some(Identifier {
        r#type: Some(type_of("DL".into())),
        system: Some(format!("{}:drivers-licence", c.system([issuer.as_deref(), None, None]))),
        value: Some(value),
        period: end.map(|end| Period { end: Some(end), ..Period::default() }),
        ..Identifier::default()
    }))
}

/// A code of table 0203 as the type of an identifier.
pub(crate) fn type_of(code: String) -> CodeableConcept {
    match super::cwe::as_code(&code) {
        Some(code) => Coding::new(IDENTIFIER_TYPE, code).into(),
        None => CodeableConcept { text: Some(code), ..CodeableConcept::default() },
    }
}

/// The two extensions of a check digit.
pub(crate) fn check_digit(digit: Option<String>, scheme: Option<String>) -> Vec<Extension> {
    let base = "http://hl7.org/fhir/StructureDefinition/";
    [("identifier-checkDigit", digit), ("namingsystem-checkDigit", scheme)]
        .into_iter()
        .filter_map(|(name, text)| {
            Some(Extension::new(format!("{base}{name}"), ExtensionValue::String(text?)))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::testing::{json, with_field};

    #[test]
    fn the_authority_is_the_system_and_the_type_a_coding() {
        let got = with_field("1234567^4^M11^H&2.16.840.1.113883.19&ISO^MR^UH^19241011^19241012", |n, c| {
            json(cx(n, c))
        });
        assert!(got.contains(r#""system":"urn:oid:2.16.840.1.113883.19","value":"1234567""#), "{got}");
        assert!(
            got.contains(r#"[{"system":"http://terminology.hl7.org/CodeSystem/v2-0203","code":"MR"}]"#),
            "{got}"
        );
        assert!(got.contains(r#""period":{"start":"1924-10-11","end":"1924-10-12"}"#), "{got}");
        assert!(got.contains(r#"identifier-checkDigit","valueString":"4""#), "{got}");
    }

    #[test]
    fn absent_in_absent_out() {
        assert_eq!(with_field("^^^H^MR", |n, c| json(cx(n, c))), "");
        let got = with_field("7", |n, c| json(cx(n, c)));
        assert_eq!(got, r#"{"system":"urn:carewire:authority:org:sender:APP:FAC","value":"7"}"#);
    }

    #[test]
    fn a_number_of_another_form_is_no_us_number() {
        assert!(with_field("111-22-3333", |n, c| json(ssn(n, c))).contains("sid/us-ssn"));
        assert!(!with_field("PSSN12312", |n, c| json(ssn(n, c))).contains("sid/us-ssn"));
    }
}
