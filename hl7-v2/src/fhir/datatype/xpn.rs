//! XPN, a person's name; FN, a family name.

use carewire_fhir_core::types::{Extension, ExtensionValue, HumanName, NameUse, PrimitiveExtension};

use super::{cwe, dr, dtm};
use crate::fhir::context::Context;
use crate::fhir::node::Node;
use crate::fhir::report::Reason;
use crate::fhir::row::{Found, Outcome};
use crate::fhir::table;

/// `XPN[HumanName]`
pub(crate) fn xpn(xpn: &Node<'_>, c: &mut Context<'_>) -> Found<HumanName> {
    let period = match (xpn.part(12), xpn.part(13), xpn.part(10)) {
        (None, None, Some(range)) => dr::dr(&range, c),
        (start, end, _) => dtm::period(start, end, c),
    };
    let name = HumanName {
        extension: assembly_order(xpn.get(11)),
        r#use: name_use(xpn.part(7).as_ref(), c),
        period: period.unwrap_or_else(|reason| {
            c.report(xpn.at(), reason);
            None
        }),
        suffix: [4, 6, 14].into_iter().filter_map(|part| xpn.get(part)).collect(),
        ..parts(xpn, 1, 5)
    };
    Ok(Some(name).filter(says_a_name))
}

/// `XPN[HumanName]` where names repeat: the name, and the one that the person is called by.
pub(crate) fn names(list: &mut Vec<HumanName>, node: &Node<'_>, c: &mut Context<'_>) -> Outcome {
    list.extend(xpn(node, c)?);
    list.extend(node.get(15).map(|called| HumanName {
        r#use: Some(NameUse::Nickname),
        given: vec![called],
        ..HumanName::default()
    }));
    Ok(())
}

/// `XPN[string]`: prefix, given names, family name, suffix; or as XPN.11 has it, the family name first.
pub(crate) fn text(xpn: &Node<'_>) -> Option<String> {
    let given = [5, 2, 3];
    let order = match xpn.get(11).as_deref() {
        Some("F") => [5, 1, 3, 2, 4],
        _ => [given[0], given[1], given[2], 1, 4],
    };
    let words: Vec<String> = order.into_iter().filter_map(|part| xpn.get(part)).collect();
    Some(words.join(" ")).filter(|text| !text.is_empty())
}

/// The parts that XPN and XCN share: family name at `family`, given names behind it, the prefix at `prefix`.
pub(crate) fn parts(node: &Node<'_>, family: u16, prefix: u16) -> HumanName {
    let surname = node.part(family);
    HumanName {
        family: surname.as_ref().and_then(|fn_| fn_.get(1)),
        family_element: PrimitiveExtension(surname.as_ref().map(surname_parts).unwrap_or_default()),
        given: [family + 1, family + 2].into_iter().filter_map(|part| node.get(part)).collect(),
        prefix: node.get(prefix).into_iter().collect(),
        ..HumanName::default()
    }
}

/// Whether there is more than a use, a period or a title.
pub(crate) fn says_a_name(name: &HumanName) -> bool {
    name.family.is_some() || !name.given.is_empty() || !name.suffix.is_empty() || !name.prefix.is_empty()
}

/// `NameType`: a type without a counterpart is reported and left out.
pub(crate) fn name_use(code: Option<&Node<'_>>, c: &mut Context<'_>) -> Option<NameUse> {
    let code_node = code?;
    let mapped = table::name_use(&cwe::code(code_node)?);
    if mapped.is_none() {
        c.report(code_node.at(), Reason::UnknownCode("0200"));
    }
    mapped
}

/// `NameAssemblyOrder`
fn assembly_order(code: Option<String>) -> Vec<Extension> {
    let url = "http://hl7.org/fhir/StructureDefinition/humanname-assembly-order";
    let known = code.filter(|code| matches!(code.as_str(), "G" | "F"));
    known.map(|code| Extension::new(url, ExtensionValue::Code(code))).into_iter().collect()
}

/// `FN[HumanName]`: the parts of a family name.
fn surname_parts(surname: &Node<'_>) -> Vec<Extension> {
    let base = "http://hl7.org/fhir/StructureDefinition/humanname-";
    [(2, "own-prefix"), (3, "own-name"), (4, "partner-prefix"), (5, "partner-name")]
        .into_iter()
        .filter_map(|(part, name)| {
            Some(Extension::new(format!("{base}{name}"), ExtensionValue::String(surname.get(part)?)))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::testing::{issues, json, with_field};

    #[test]
    fn all_parts_of_a_name() {
        let got = with_field("van Beethoven&van&Beethoven^Ludwig^A^III^Dr^PHD^L", |n, c| json(xpn(n, c)));
        assert!(
            got.starts_with(r#"{"use":"official","family":"van Beethoven","_family":{"extension":["#),
            "{got}"
        );
        assert!(got.contains(r#""given":["Ludwig","A"],"prefix":["Dr"],"suffix":["III","PHD"]"#), "{got}");
    }

    #[test]
    fn a_use_alone_is_no_name() {
        assert_eq!(with_field("^^^^^^L", |n, c| json(xpn(n, c))), "");
    }

    #[test]
    fn a_name_type_without_a_use_is_reported() {
        let (got, issues) = with_field("Doe^^^^^^B", |n, c| (json(xpn(n, c)), issues(c)));
        assert_eq!(got, r#"{"family":"Doe"}"#);
        assert_eq!(issues, ["PID[1]-3[1].7: code not in the map of table 0200: kept as it came"]);
    }

    #[test]
    fn a_name_as_text_follows_its_order() {
        assert_eq!(with_field("Smith^Angela^^^Mrs", |n, _| text(n)).as_deref(), Some("Mrs Angela Smith"));
        assert_eq!(with_field("Mao^Zedong^^^^^^^^^F", |n, _| text(n)).as_deref(), Some("Mao Zedong"));
    }
}
