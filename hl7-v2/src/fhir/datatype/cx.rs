//! CX, an identifier with check digit; ST, DLN and PLN, plainer ones.

use super::{cwe, dtm, hd};
use crate::fhir::code::PRACTITIONER_ID_NUMBER_TYPE;
use crate::fhir::context::{Anchor, Context};
use crate::fhir::entries::Key;
use crate::fhir::identity::{Candidate, PatientIdentity};
use crate::fhir::node::Node;
use crate::fhir::resolver::encode;
use crate::fhir::row::{Datatype, Found, TypeAs, Via};
use crate::fhir::target::extend;
use crate::fhir::tree::{Object, Val};

/// `CX[Identifier]`
pub(crate) const CX_IDENTIFIER: Via = Via::Type(&Datatype {
    name: "CX[Identifier]",
    fhir: "Identifier",
    read: |n, c| Ok(identifier(n, c)?.map(Val::Object)),
});

/// `CX[Identifier]` with the type that the field tells, before that of the value itself: `CX_TYPED.of("AN")`.
pub(crate) static CX_TYPED: TypeAs = TypeAs {
    name: "CX[Identifier]",
    fhir: "Identifier",
    read: |n, code, c| {
        let Some(mut identifier) = identifier(n, c)? else { return Ok(None) };
        let mut kind = type_of(code, c);
        if let Some(Val::Object(mut own)) = identifier.remove("type") {
            kind.put("text", own.str("text"));
            if let Some(Val::List(codings)) = own.remove("coding") {
                let others = codings.into_iter().filter(|coding| !kind.items("coding").contains(coding));
                let others = c.arena.collect(others);
                others.into_iter().for_each(|coding| kind.push(c.arena, "coding", coding));
            }
        }
        // The only one of the guide's fields whose type has words.
        if code == "VN" {
            kind.set("text", "visit number");
        }
        identifier.set("type", kind);
        Ok(Some(identifier.into()))
    },
};

/// `CX[string]`
pub(crate) const CX_STRING: Via =
    Via::Type(&Datatype { name: "CX[string]", fhir: "string", read: |n, _| Ok(n.get(1).map(Val::Text)) });

/// `CX[RelatedPerson-Mother]`: the mother of the patient at hand; without one, nobody.
pub(crate) const CX_RELATED_PERSON_MOTHER: Via = Via::Type(&Datatype {
    name: "CX[RelatedPerson-Mother]",
    fhir: "Reference(RelatedPerson)",
    read: |n, c| Ok(mother(std::slice::from_ref(n), c)?.map(|mother| mother.reference(c.arena))),
});

/// `ST[Identifier]` with the type that the field tells: `ST_IDENTIFIER.of("SS")`.
pub(crate) static ST_IDENTIFIER: TypeAs = TypeAs {
    name: "ST[Identifier]",
    fhir: "Identifier",
    read: |n, code, c| Ok(n.text().map(|value| plain(value, code, c).into())),
};

/// `DLN[Identifier]`: a driver's licence; its issuer stands where the authority would.
pub(crate) const DLN_IDENTIFIER: Via = Via::Type(&Datatype {
    name: "DLN[Identifier]",
    fhir: "Identifier",
    read: |n, c| Ok(licence(n, c)?.map(Val::Object)),
});

/// `PLN[Identifier]`: a number of a practitioner.
pub(crate) const PLN_IDENTIFIER: Via = Via::Type(&Datatype {
    name: "PLN[Identifier]",
    fhir: "Identifier",
    read: |n, c| Ok(practitioner_number(n, c)?.map(Val::Object)),
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
    identifier.put("period", dtm::period(cx.part(7), cx.part(8), c));
    identifier.put("assigner", hd::assigner(hd::parts(cx.part(4)), system, c));
    Ok(Some(identifier))
}

/// The mother of the patient at hand by her numbers, for each repetition of the field one.
pub(crate) fn mother<'a>(numbers: &[Node<'a>], c: &mut Context<'a>) -> Found<Anchor<'a>> {
    let Some(patient) = c.subject() else { return Ok(None) };
    let mut draft = c.draft();
    for number in numbers {
        if let Some(identifier) = identifier(number, c)? {
            draft.body.push(c.arena, "identifier", identifier);
        }
    }
    let (true, Some(first)) = (draft.body.has("identifier"), numbers.first()) else { return Ok(None) };
    draft.body.set("patient", patient);
    // The guide gives the address of a page as the system.
    let role = c.object().with("system", ROLE_CODE).with("code", "MTH");
    draft.body.push(c.arena, "relationship", c.object().with("coding", c.arena.only(role)));
    let key = Key::Derived(&[c.patient_part(), "MTH"]);
    Ok(Some(c.add("RelatedPerson", draft, key, first.at())))
}

const ROLE_CODE: &str = "http://terminology.hl7.org/CodeSystem/v3-RoleCode";

/// A number of the sender of a type. A social security number that has the form of the American ones has their system.
fn plain<'a>(value: &'a str, code: &'static str, c: &Context<'a>) -> Object<'a> {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let is_us = digits == 9 && value.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    let system = match code {
        "SS" if is_us => "http://hl7.org/fhir/sid/us-ssn",
        "SS" => hd::system_or(None, "ssn", c),
        other => hd::system_or(None, other, c),
    };
    c.object().with("type", type_of(code, c)).with("system", system).with("value", value)
}

fn licence<'a>(dln: &Node<'a>, c: &mut Context<'a>) -> Found<Object<'a>> {
    let Some(value) = dln.get(1) else { return Ok(None) };
    let issuer = c.system([dln.get(2), None, None]);
    let system = c.arena.format(format_args!("{issuer}:drivers-licence"));
    let identifier = c.object().with("type", type_of("DL", c)).with("system", system).with("value", value);
    Ok(Some(until(identifier, dln.part(3), c)))
}

/// PLN.3 says where the number holds: it stands where the authority would, with the type behind it, for one person has
/// many such numbers.
fn practitioner_number<'a>(pln: &Node<'a>, c: &mut Context<'a>) -> Found<Object<'a>> {
    let Some(value) = pln.get(1) else { return Ok(None) };
    let mut identifier = c.object();
    let kind = pln.valued_part(2).and_then(|kind| cwe::concept_by(&kind, &PRACTITIONER_ID_NUMBER_TYPE, c));
    identifier.put("type", kind);
    let issuer = c.system([pln.get(3), None, None]);
    let kind = encode(pln.get(2).unwrap_or("practitioner"));
    identifier.set("system", c.arena.format(format_args!("{issuer}:{kind}")));
    Ok(Some(until(identifier.with("value", value), pln.part(4), c)))
}

/// An identifier that holds until a day.
fn until<'a>(mut identifier: Object<'a>, end: Option<Node<'a>>, c: &mut Context<'a>) -> Object<'a> {
    identifier.put("period", dtm::period(None, end, c));
    identifier
}

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::testing::read;

    #[test]
    fn the_authority_is_the_system_and_the_type_a_coding() {
        let (got, _) =
            read("1234567^4^M11^H&2.16.840.1.113883.19&ISO^MR^UH^19241011^19241012", CX_IDENTIFIER);
        assert!(got.contains(r#""system":"urn:oid:2.16.840.1.113883.19","value":"1234567""#), "{got}");
        assert!(
            got.contains(r#"[{"system":"http://terminology.hl7.org/CodeSystem/v2-0203","code":"MR"}]"#),
            "{got}"
        );
        assert!(got.contains(r#""period":{"start":"1924-10-11","end":"1924-10-12"}"#), "{got}");
        assert!(got.contains(r#"identifier-checkDigit","valueString":"4""#), "{got}");
        assert!(got.ends_with(r#""assigner":{"display":"H"}}"#), "{got}");
    }

    #[test]
    fn absent_in_absent_out() {
        assert_eq!(read("^^^H^MR", CX_IDENTIFIER).0, "");
        let plain = r#"{"system":"urn:carewire:authority:org:sender:APP:FAC","value":"7"}"#;
        assert_eq!(read("7", CX_IDENTIFIER).0, plain);
    }

    #[test]
    fn a_number_of_another_form_is_no_us_number() {
        assert!(read("111-22-3333", ST_IDENTIFIER.of("SS")).0.contains("sid/us-ssn"));
        assert!(read("PSSN12312", ST_IDENTIFIER.of("SS")).0.contains("FAC:ssn"));
    }

    #[test]
    fn the_field_tells_the_type_where_the_number_does_not() {
        assert!(read("7", CX_TYPED.of("AN")).0.contains(r#""code":"AN""#));
        assert!(read("7^^^^VN", CX_TYPED.of("AN")).0.contains(r#""code":"VN""#));
    }

    #[test]
    fn a_number_stays_whatever_its_dates_are() {
        let (got, issues) = read("7^^^GEN^MR^^soon^20251231", CX_IDENTIFIER);
        assert!(got.contains(r#""value":"7","period":{"end":"2025-12-31"}"#), "{got}");
        assert_eq!(issues.len(), 1, "{issues:?}");
    }

    #[test]
    fn licences_of_two_states_do_not_mix() {
        let (got, _) = read("123^MI^20251231", DLN_IDENTIFIER);
        assert!(
            got.contains(r#"authority:org:MI:drivers-licence","value":"123","period":{"end":"2025-12-31"}"#),
            "{got}"
        );
        let (got, _) = read("123^NPI^MI^20251231", PLN_IDENTIFIER);
        assert!(
            got.contains(r#"authority:org:MI:NPI","value":"123","period":{"end":"2025-12-31"}"#),
            "{got}"
        );
    }

    #[test]
    fn nobody_is_the_mother_of_nobody() {
        assert_eq!(read("7", CX_RELATED_PERSON_MOTHER).0, "");
    }
}
