//! CWE and its kin (CE, CF, CNE, IS, ID): codes with their texts.

use crate::fhir::UnknownCodes;
use crate::fhir::code::{CodeMap, Concept, coding_system, v2_system};
use crate::fhir::context::Context;
use crate::fhir::node::Node;
use crate::fhir::report::Reason;
use crate::fhir::resolver::{encode, is_oid, is_uri};
use crate::fhir::row::{CodedType, Datatype, Found, Via};
use crate::fhir::target::extend;
use crate::fhir::tree::{Object, Val};

/// `CWE[CodeableConcept]`, without a map of the code.
pub(crate) const CWE_CODEABLE_CONCEPT: Via = Via::Type(&Datatype {
    name: "CWE[CodeableConcept]",
    fhir: "CodeableConcept",
    read: |n, c| Ok(concept(n, c).map(Val::Object)),
});

/// `CWE[CodeableConcept]` with a map of the code: `CWE_CODED.of(&MARITAL_STATUS)`.
pub(crate) static CWE_CODED: CodedType = CodedType {
    name: "CWE[CodeableConcept]",
    fhir: "CodeableConcept",
    read: |n, codes, c| Ok(concept_by(n, codes, c).map(Val::Object)),
};

/// `CWE[code]` into an element whose codes are FHIR's: `CWE_CODE.of(&ADMINISTRATIVE_SEX)`.
pub(crate) static CWE_CODE: CodedType = CodedType { name: "CWE[code]", fhir: "code", read: code_by };

/// `CWE[CodeableConcept]` with a map of the code that other code systems have no part in: a code of another system is
/// kept as it came, and so is one that the map does not have.
pub(crate) static CWE_OF_TABLE: CodedType = CodedType {
    name: "CWE[CodeableConcept]",
    fhir: "CodeableConcept",
    read: |n, codes, c| Ok(concept_of_table(n, codes, c).map(Val::Object)),
};

/// `ID[code]`: the same of a plain code.
pub(crate) static ID_CODE: CodedType = CodedType { name: "ID[code]", fhir: "code", read: code_by };

/// `CWE[string]`: the text, or where there is none the code.
pub(crate) const CWE_STRING: Via =
    Via::Type(&Datatype { name: "CWE[string]", fhir: "string", read: |n, _| Ok(text(n).map(Val::Text)) });

/// The components of a CWE that make one coding: code, text, system, version.
pub(crate) const CODINGS: [[u16; 4]; 3] = [[1, 2, 3, 7], [4, 5, 6, 8], [10, 11, 12, 13]];

/// `CWE[CodeableConcept]`
pub(crate) fn concept<'a>(cwe: &Node<'a>, c: &mut Context<'a>) -> Option<Object<'a>> {
    let mut codings = c.arena.list();
    let mut said = cwe.get(9);
    for parts in CODINGS {
        let (coding, text) = coding_of(cwe, parts, c);
        codings.extend(coding.map(Val::Object));
        said = said.or(text);
    }
    let mut concept = c.object();
    if !codings.is_empty() {
        concept.set("coding", codings);
    }
    concept.put("text", said);
    Some(concept).filter(|concept| !concept.is_empty())
}

/// `CWE[CodeableConcept]` with a map of the code: the mapped code first, then the code as it came where it differs.
pub(crate) fn concept_by<'a>(
    cwe: &Node<'a>,
    codes: &'static CodeMap,
    c: &mut Context<'a>,
) -> Option<Object<'a>> {
    let mut concept = concept(cwe, c)?;
    let Some(code) = cwe.get(1) else { return Some(concept) };
    let Some(mapped) = (codes.find)(code) else {
        if codes.translates && !(codes.knows)(code) {
            c.report(cwe, Reason::UnknownCode(codes.table));
        }
        keep(&mut concept, code, codes, c);
        return Some(concept);
    };
    let mut all = c.arena.list();
    all.push(Val::Object(coding(mapped, c)));
    if let Some(Val::List(codings)) = concept.remove("coding") {
        for (index, mut item) in codings.into_iter().enumerate() {
            let of_table = index == 0 && claim(&mut item, codes.table);
            if !(of_table && mapped.code == code) {
                all.push(item);
            }
        }
    }
    let said = concept.remove("text");
    concept.set("coding", all);
    concept.put("text", said);
    Some(concept)
}

/// `CWE[CodeableConcept]` with a map of the code, where the code is of the map's table: it names that table or none.
fn concept_of_table<'a>(cwe: &Node<'a>, codes: &'static CodeMap, c: &mut Context<'a>) -> Option<Object<'a>> {
    let is_known = cwe.get(1).is_some_and(|code| (codes.find)(code).is_some());
    let system = cwe.get(3).map(|name| coding_system::uri(name));
    let is_ours = system.is_none_or(|system| system.is_some() && system == v2_system(codes.table));
    if is_ours && is_known {
        return concept_by(cwe, codes, c);
    }
    let mut concept = concept(cwe, c)?;
    if let Some(code) = cwe.get(1).filter(|_| is_ours) {
        keep(&mut concept, code, codes, c);
    }
    Some(concept)
}

/// A code without a counterpart: of its table where the table is known to have it, or the options say that it has.
fn keep<'a>(concept: &mut Object<'a>, code: &str, codes: &'static CodeMap, c: &Context<'a>) {
    let is_of_table = (codes.knows)(code) || c.options.unknown_codes == UnknownCodes::OfTable;
    if let (true, Some(_), Some(Val::List(codings))) = (is_of_table, as_code(code), concept.get_mut("coding"))
    {
        codings.first_mut().map(|coding| claim(coding, codes.table));
    }
}

/// Says that a coding without a system is of a v2 table. False when it has another system.
fn claim(coding: &mut Val<'_>, table: &str) -> bool {
    let (Some(coding), Some(system)) = (coding.as_object_mut(), v2_system(table)) else { return false };
    if !coding.has("system") {
        coding.set("system", system);
    }
    coding.str("system") == Some(system)
}

/// A coding, of a v2 table where it has no system.
pub(crate) fn of_table<'a>(mut coding: Object<'a>, table: &str) -> Object<'a> {
    if !coding.has("system") {
        coding.put("system", v2_system(table));
    }
    coding
}

/// A concept of a code table as a coding.
pub(crate) fn coding<'a>(concept: Concept, c: &Context<'a>) -> Object<'a> {
    let mut coding = c.object().with("system", concept.system).with("code", concept.code);
    coding.put("display", concept.display);
    coding
}

/// `CWE[Coding]`
pub(crate) fn first_coding<'a>(cwe: &Node<'a>, c: &mut Context<'a>) -> Option<Object<'a>> {
    coding_of(cwe, CODINGS[0], c).0
}

/// `CWE[code]`: the code, or where there is none the alternate one.
pub(crate) fn code<'a>(cwe: &Node<'a>) -> Option<&'a str> {
    cwe.get(1).or_else(|| cwe.get(4))
}

/// `CWE[string]`: the text as it was said, else that of the code; where there is none the code.
pub(crate) fn text<'a>(cwe: &Node<'a>) -> Option<&'a str> {
    cwe.get(9).or_else(|| cwe.get(2)).or_else(|| cwe.get(1))
}

/// `CWE[code]` of an element with a required binding.
fn code_by<'a>(cwe: &Node<'a>, codes: &'static CodeMap, _: &mut Context<'a>) -> Found<Val<'a>> {
    let Some(code) = code(cwe) else { return Ok(None) };
    let mapped = (codes.find)(code).ok_or(Reason::UnknownCode(codes.table))?;
    Ok(Some(Val::Text(mapped.code)))
}

/// `alternate-codes`: a code as it came, for the sibling of an element that cannot hold it.
pub(crate) fn original_code<'a>(cwe: &Node<'a>, table: &str, c: &Context<'a>) -> Object<'a> {
    let mut concept = c.object();
    let text = code(cwe);
    match text.and_then(as_code) {
        Some(code) => {
            let mut coding = c.object();
            coding.put("system", v2_system(table));
            coding.set("code", code);
            coding.put("display", cwe.get(2));
            concept.set("coding", c.arena.only(coding));
        }
        None => concept.put("text", text),
    }
    let mut sibling = c.object();
    extend(&mut sibling, "alternate-codes", "valueCodeableConcept", concept, c.arena);
    sibling
}

/// The text as a FHIR code: single spaces only, none at the ends.
pub(crate) fn as_code(text: &str) -> Option<&str> {
    let valid = !text.is_empty() && text.split(char::is_whitespace).all(|word| !word.is_empty());
    valid.then_some(text)
}

/// One of the codings of a CWE, and the text that is left when its code is none or absent.
pub(crate) fn coding_of<'a>(
    cwe: &Node<'a>,
    parts: [u16; 4],
    c: &mut Context<'a>,
) -> (Option<Object<'a>>, Option<&'a str>) {
    let [code, display, system, version] = parts.map(|number| cwe.get(number));
    let Some(text) = code else { return (None, display) };
    let Some(code) = as_code(text) else {
        c.report(cwe, Reason::NotACode);
        return (None, display.or(Some(text)));
    };
    let system = system.map(|name| known_system(name, cwe, c));
    let mut coding = c.object();
    coding.put("system", system);
    coding.put("version", version);
    coding.set("code", code);
    coding.put("display", display);
    (Some(coding), None)
}

/// The URI of a coding system. One that is not known is reported.
pub(crate) fn known_system<'a>(name: &'a str, at: &Node<'a>, c: &mut Context<'a>) -> &'a str {
    let (uri, known) = system_of(name, c);
    if !known {
        c.report(at, Reason::UnknownCodeSystem);
    }
    uri
}

/// The URI of a coding system, and whether it is known or local: a system of another name gets a URN of the org.
pub(crate) fn system_of<'a>(name: &'a str, c: &Context<'a>) -> (&'a str, bool) {
    if let Some(uri) = coding_system::uri(name) {
        return (uri, true);
    }
    if is_oid(name) {
        return (c.arena.concat(&["urn:oid:", name]), true);
    }
    if is_uri(name) {
        return (name, true);
    }
    let org = c.options.org.as_str();
    let uri = c.arena.concat(&["urn:carewire:codesystem:", org, ":", &encode(name)]);
    (uri, coding_system::is_local(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::MapOptions;
    use crate::fhir::code::{ADMINISTRATIVE_SEX, DISCHARGE_DISPOSITION, MARITAL_STATUS, PLAN_ID};
    use crate::fhir::testing::{mapped_with, of_type, options, read, reported};

    #[test]
    fn three_codings_and_the_text() {
        let (got, _) = read("1^A^LN^2^B^SCT^v1^v2^Said^3^C^L", CWE_CODEABLE_CONCEPT);
        assert!(
            got.contains(r#"{"system":"http://loinc.org","version":"v1","code":"1","display":"A"}"#),
            "{got}"
        );
        assert!(
            got.contains(r#"{"system":"http://snomed.info/sct","version":"v2","code":"2","display":"B"}"#),
            "{got}"
        );
        assert!(got.contains(r#""system":"urn:carewire:codesystem:org:L","code":"3""#), "{got}");
        assert!(got.ends_with(r#""text":"Said"}"#), "{got}");
    }

    #[test]
    fn a_text_without_a_code_is_a_text() {
        assert_eq!(read("^Headache", CWE_CODEABLE_CONCEPT).0, r#"{"text":"Headache"}"#);
        assert_eq!(read("^^LN", CWE_CODEABLE_CONCEPT).0, "");
        assert_eq!(read("a  b", CWE_CODEABLE_CONCEPT).0, r#"{"text":"a  b"}"#);
    }

    #[test]
    fn a_string_is_what_was_said() {
        assert_eq!(read("1^A^L^^^^^^Said", CWE_STRING).0, r#""Said""#);
        assert_eq!(read("1^A^L", CWE_STRING).0, r#""A""#);
        assert_eq!(read("1", CWE_STRING).0, r#""1""#);
    }

    #[test]
    fn a_mapped_code_comes_first_and_the_original_stays_where_it_differs() {
        let (got, _) = read("G^Living together", CWE_CODED.of(&MARITAL_STATUS));
        assert!(
            got.starts_with(
                r#"{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-MaritalStatus","code":"T""#
            ),
            "{got}"
        );
        assert!(
            got.contains(r#""code":"G","display":"Living together""#) && got.contains("v2-0002"),
            "{got}"
        );
        let (same, _) = read("M", CWE_CODED.of(&MARITAL_STATUS));
        assert!(same.contains(r#""code":"M""#), "{same}");
    }

    #[test]
    fn an_unknown_code_is_kept_and_reported() {
        let (got, issues) = read("Q7", CWE_CODED.of(&MARITAL_STATUS));
        assert_eq!(got, r#"{"coding":[{"code":"Q7"}]}"#);
        assert_eq!(issues, ["PID[1]-3[1]: code not in the map of table 0002: kept as it came"]);
    }

    #[test]
    fn a_code_that_its_table_has_is_of_its_system() {
        let kept = r#"{"coding":[{"code":"07","system":"http://terminology.hl7.org/CodeSystem/v2-0112"}]}"#;
        assert_eq!(read("07", CWE_CODED.of(&DISCHARGE_DISPOSITION)), (kept.to_owned(), vec![]));
        let (local, _) = read("07^^L", CWE_CODED.of(&DISCHARGE_DISPOSITION));
        assert!(local.contains("codesystem:org:L") && !local.contains("v2-0112"), "{local}");
        let (alternate, _) = read("a  b^^^07", CWE_CODED.of(&DISCHARGE_DISPOSITION));
        assert!(!alternate.contains("v2-0112"), "{alternate}");
    }

    #[test]
    fn a_code_of_the_site_is_of_no_system_unless_the_options_say_so() {
        let pv1 = format!("PV1|1|I{}Z7", "|".repeat(34));
        let visit = |options: MapOptions| {
            let mapped = mapped_with("ADT^A03", &[&pv1], &options);
            assert!(
                reported(&mapped).iter().any(|issue| issue.contains("PV1[1]-36")),
                "{:?}",
                reported(&mapped)
            );
            of_type(&mapped, "Encounter").concat()
        };
        let plain = visit(options());
        assert!(plain.contains(r#""dischargeDisposition":{"coding":[{"code":"Z7"}]}"#), "{plain}");
        let claimed = visit(options().with_unknown_codes(UnknownCodes::OfTable));
        assert!(
            claimed.contains(r#"{"code":"Z7","system":"http://terminology.hl7.org/CodeSystem/v2-0112"}"#),
            "{claimed}"
        );
    }

    #[test]
    fn a_map_without_counterparts_reports_none() {
        assert_eq!(
            read("XYZ", CWE_CODED.of(&PLAN_ID)),
            (r#"{"coding":[{"code":"XYZ"}]}"#.to_owned(), vec![])
        );
    }

    #[test]
    fn a_code_of_fhir_comes_from_its_map_alone() {
        assert_eq!(read("F", CWE_CODE.of(&ADMINISTRATIVE_SEX)).0, r#""female""#);
        assert_eq!(read("^^^M", CWE_CODE.of(&ADMINISTRATIVE_SEX)).0, r#""male""#);
        let unknown = crate::fhir::testing::with_field("female", |n, c| {
            CWE_CODE.of(&ADMINISTRATIVE_SEX).read(n, c).err()
        });
        assert_eq!(unknown, Some(Reason::UnknownCode("0001")));
    }
}
