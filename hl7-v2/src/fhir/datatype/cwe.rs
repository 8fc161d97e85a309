//! CWE and its kin (CE, CF, CNE, IS, ID): codes with their texts.

use carewire_fhir_core::types::{CodeableConcept, Coding, Extension, ExtensionValue, PrimitiveExtension};

use crate::fhir::context::Context;
use crate::fhir::node::Node;
use crate::fhir::report::Reason;
use crate::fhir::row::{Found, Outcome};
use crate::fhir::table::{self, Concept};

/// `CWE[CodeableConcept]`
pub(crate) fn cwe(cwe: &Node<'_>, c: &mut Context<'_>) -> Found<CodeableConcept> {
    let codings = [[1, 2, 3, 7], [4, 5, 6, 8], [10, 11, 12, 13]];
    let mut concept = CodeableConcept { text: cwe.get(9), ..CodeableConcept::default() };
    for parts in codings {
        let (coding, text) = coding_of(cwe, parts, c);
        concept.coding.extend(coding);
        concept.text = concept.text.or(text);
    }
    Ok(Some(concept).filter(|concept| !concept.coding.is_empty() || concept.text.is_some()))
}

/// `CWE[CodeableConcept]` with a map of the code: the mapped code first, then the code as it came where it differs.
pub(crate) fn cwe_by(
    node: &Node<'_>,
    number: &'static str,
    map: fn(&str) -> Option<Concept>,
    c: &mut Context<'_>,
) -> Found<CodeableConcept> {
    let Some(mut concept) = cwe(node, c)? else { return Ok(None) };
    let Some(code) = node.get(1) else { return Ok(Some(concept)) };
    let Some(mapped) = map(&code) else {
        c.report(node.at(), Reason::UnknownCode(number));
        return Ok(Some(concept));
    };
    if let Some(first) = concept.coding.first_mut() {
        first.system.get_or_insert_with(|| table::v2_system(number));
        if mapped.code == code {
            concept.coding.remove(0);
        }
    }
    concept.coding.insert(0, mapped.into_coding());
    Ok(Some(concept))
}

/// `CWE[CodeableConcept]` of a field whose codes are those of a table of HL7 unless the message says otherwise.
pub(crate) fn cwe_in(node: &Node<'_>, number: &str, c: &mut Context<'_>) -> Found<CodeableConcept> {
    let Some(mut concept) = cwe(node, c)? else { return Ok(None) };
    if let (Some(first), Some(_)) = (concept.coding.first_mut(), node.get(1)) {
        first.system.get_or_insert_with(|| table::v2_system(number));
    }
    Ok(Some(concept))
}

/// `CWE[Coding]` of such a field.
pub(crate) fn coding_in(node: &Node<'_>, number: &str, c: &mut Context<'_>) -> Found<Coding> {
    let Some(mut coding) = coding(node, c)? else { return Ok(None) };
    coding.system.get_or_insert_with(|| table::v2_system(number));
    Ok(Some(coding))
}

/// `CWE[Coding]`
pub(crate) fn coding(cwe: &Node<'_>, c: &mut Context<'_>) -> Found<Coding> {
    Ok(coding_of(cwe, [1, 2, 3, 7], c).0)
}

/// `CWE[code]`: the code, or where there is none the alternate one.
pub(crate) fn code(cwe: &Node<'_>) -> Option<String> {
    cwe.get(1).or_else(|| cwe.get(4))
}

/// `CWE[code]` into an element with a required binding. A code outside the map stays, in an extension beside it.
pub(crate) fn code_by<T>(
    slot: (&mut Option<T>, &mut PrimitiveExtension),
    node: &Node<'_>,
    number: &'static str,
    map: fn(&str) -> Option<T>,
) -> Outcome {
    let Some(code) = code(node) else { return Ok(()) };
    match map(&code) {
        Some(_) if slot.0.is_some() => Err(Reason::OnlyOneFits),
        Some(mapped) => {
            *slot.0 = Some(mapped);
            Ok(())
        }
        None => {
            slot.1.0.extend(original_code(node, number));
            Err(Reason::UnknownCode(number))
        }
    }
}

/// `alternate-codes`: the code as the message gives it, if it gives one, beside the element that cannot hold it.
pub(crate) fn original_code(node: &Node<'_>, number: &str) -> Option<Extension> {
    let text = code(node)?;
    let concept = match as_code(&text) {
        Some(code) => Coding { display: node.get(2), ..Coding::new(table::v2_system(number), code) }.into(),
        None => CodeableConcept { text: Some(text), ..CodeableConcept::default() },
    };
    let url = "http://hl7.org/fhir/StructureDefinition/alternate-codes";
    Some(Extension::new(url, ExtensionValue::CodeableConcept(concept)))
}

/// `CWE[CodeableConcept]` as the value of an extension.
pub(crate) fn cwe_value(node: &Node<'_>, c: &mut Context<'_>) -> Found<ExtensionValue> {
    Ok(cwe(node, c)?.map(ExtensionValue::CodeableConcept))
}

/// `CWE[string]`: the text, or where there is none the code.
pub(crate) fn text(node: &Node<'_>) -> Option<String> {
    node.get(2).or_else(|| node.get(9)).or_else(|| node.get(1))
}

/// `ID[CodeableConcept]`: a code of a table of HL7, which the field tells.
pub(crate) fn id(node: &Node<'_>, number: &str) -> Found<CodeableConcept> {
    let Some(text) = node.text() else { return Ok(None) };
    match as_code(&text) {
        Some(code) => Ok(Some(Coding::new(table::v2_system(number), code).into())),
        None => Err(Reason::NotACode),
    }
}

/// The text as a FHIR code: single spaces only, none at the ends.
pub(crate) fn as_code(text: &str) -> Option<String> {
    let valid = !text.is_empty() && text.split(char::is_whitespace).all(|word| !word.is_empty());
    valid.then(|| text.to_owned())
}

/// One of the codings of a CWE, and the text that is left when its code is none or absent.
fn coding_of(cwe: &Node<'_>, parts: [u16; 4], c: &mut Context<'_>) -> (Option<Coding>, Option<String>) {
    let [code, display, system, version] = parts.map(|number| cwe.get(number));
    let Some(code_text) = code else { return (None, display) };
    let Some(code) = as_code(&code_text) else {
        c.report(cwe.at(), Reason::NotACode);
        return (None, display.or(Some(code_text)));
    };
    let system = system.map(|name| {
        let (uri, known) = table::coding_system::uri(&name, &c.options.org);
        if !known {
            c.report(cwe.at(), Reason::UnknownCodeSystem);
        }
        uri
    });
    (Some(Coding { system, version, code: Some(code), display, ..Coding::default() }), None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::testing::{issues, json, with_field};

    #[test]
    fn three_codings_and_the_text() {
        let got = with_field("1^A^LN^2^B^SCT^v1^v2^Said^3^C^L", |n, c| json(cwe(n, c)));
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
        assert_eq!(with_field("^Headache", |n, c| json(cwe(n, c))), r#"{"text":"Headache"}"#);
        assert_eq!(with_field("^^LN", |n, c| json(cwe(n, c))), "");
        assert_eq!(with_field("a  b", |n, c| json(cwe(n, c))), r#"{"text":"a  b"}"#);
    }

    #[test]
    fn a_mapped_code_comes_first_and_the_original_stays_where_it_differs() {
        let got = with_field("G^Living together", |n, c| json(cwe_by(n, "0002", table::marital_status, c)));
        assert!(
            got.starts_with(
                r#"{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-MaritalStatus","code":"T""#
            ),
            "{got}"
        );
        assert!(got.contains(r#"v2-0002","code":"G","display":"Living together""#), "{got}");
        let same = with_field("M", |n, c| json(cwe_by(n, "0002", table::marital_status, c)));
        assert_eq!(same.matches("\"code\"").count(), 1, "{same}");
    }

    #[test]
    fn an_unknown_code_is_kept_and_reported() {
        let found = with_field("Q7", |n, c| (json(cwe_by(n, "0002", table::marital_status, c)), issues(c)));
        assert_eq!(found.0, r#"{"coding":[{"code":"Q7"}]}"#);
        assert_eq!(found.1, ["PID[1]-3[1]: code not in the map of table 0002: kept as it came"]);
    }
}
