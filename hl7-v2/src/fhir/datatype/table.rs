//! Codes of v2 tables that no map of the guide translates.

use super::cwe;
use crate::fhir::UnknownCodes;
use crate::fhir::code::v2_system;
use crate::fhir::context::Context;
use crate::fhir::node::Node;
use crate::fhir::row::TypeAs;
use crate::fhir::tree::{Object, Val};

/// `ID[CodeableConcept]` of a code of this table: `ID_OF_TABLE.of("0936")`.
pub(crate) static ID_OF_TABLE: TypeAs = TypeAs {
    name: "ID[CodeableConcept]",
    fhir: "CodeableConcept",
    read: |n, table, c| Ok(of_table(n, table, c).map(Val::Object)),
};

/// `CWE[CodeableConcept]` of a code of this table where it names no system, and the options say that an unknown code is of
/// its table: `CWE_OF_TABLE.of("0411")`.
pub(crate) static CWE_OF_TABLE: TypeAs = TypeAs {
    name: "CWE[CodeableConcept]",
    fhir: "CodeableConcept",
    read: |n, table, c| {
        let mut concept = cwe::concept(n, c);
        let first = concept.as_mut().and_then(|concept| match concept.get_mut("coding") {
            Some(Val::List(codings)) => codings.first_mut()?.as_object_mut(),
            _ => None,
        });
        if let (Some(coding), Some(_)) = (first, n.get(1))
            && !coding.has("system")
            && c.options.unknown_codes == UnknownCodes::OfTable
            && let Some(system) = v2_system(table)
        {
            let code = coding.remove("code");
            coding.set("system", system);
            coding.put("code", code);
        }
        Ok(concept.map(Val::Object))
    },
};

/// A code of a table as a concept; what is no code is its text.
pub(crate) fn of_table<'a>(node: &Node<'a>, table: &str, c: &Context<'a>) -> Option<Object<'a>> {
    let text = node.text()?;
    let Some(code) = cwe::as_code(text) else { return Some(c.object().with("text", text)) };
    let mut coding = c.object();
    coding.put("system", v2_system(table));
    Some(c.object().with("coding", c.arena.only(coding.with("code", code))))
}

/// The code of the type of an identifier.
pub(crate) fn type_code<'a>(identifier: &Object<'a>) -> Option<&'a str> {
    let kind = identifier.get("type")?.as_object()?;
    kind.items("coding").first()?.as_object()?.str("code")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::testing::{mapped_with, of_type, options, read};

    #[test]
    fn a_code_is_of_its_table_unless_it_says_otherwise() {
        let plain =
            r#"{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0936","code":"RSLT"}]}"#;
        assert_eq!(read("RSLT", ID_OF_TABLE.of("0936")).0, plain);
        assert_eq!(read("a  b", ID_OF_TABLE.of("0936")).0, r#"{"text":"a  b"}"#);
        let other = read("1^One^LN", CWE_OF_TABLE.of("0936")).0;
        assert!(other.contains("http://loinc.org"), "{other}");
        assert_eq!(read("^words", CWE_OF_TABLE.of("0936")).0, r#"{"text":"words"}"#);
    }

    #[test]
    fn a_code_of_the_site_is_of_its_table_only_by_option() {
        assert_eq!(read("Z7", CWE_OF_TABLE.of("0411")).0, r#"{"coding":[{"code":"Z7"}]}"#);
        let obr = format!("OBR|1|P1^OE||100^Panel^L{}Z7", "|".repeat(42));
        let options = options().with_unknown_codes(UnknownCodes::OfTable);
        let got = mapped_with("ORM^O01", &["ORC|NW|P1^OE", &obr], &options);
        let request = of_type(&got, "ServiceRequest").concat();
        assert!(request.contains(r#"CodeSystem/v2-0411","code":"Z7""#), "{request}");
    }
}
