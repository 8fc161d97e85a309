//! XPN, a person's name; FN, a family name.

use super::{cwe, dr};
use crate::fhir::code::{CodeMap, NAME_ASSEMBLY_ORDER, NAME_TYPE};
use crate::fhir::context::Context;
use crate::fhir::node::Node;
use crate::fhir::report::Reason;
use crate::fhir::row::{Datatype, Own, Via};
use crate::fhir::target::extend;
use crate::fhir::tree::{Object, Val};

/// `XPN[HumanName]`
pub(crate) const XPN_HUMAN_NAME: Via = Via::Type(&Datatype {
    name: "XPN[HumanName]",
    fhir: "HumanName",
    read: |n, c| Ok(name(n, c).map(Val::Object)),
});

/// `XPN[HumanName]` into `name` where names repeat: the name, and the one that the person is called by.
pub(crate) const XPN_NAMES: Via = Via::Own(&Own {
    name: "XPN[HumanName]",
    apply: |resource, n, c| {
        for name in [name(n, c), nickname(n, c)].into_iter().flatten() {
            resource.push(c.arena, "name", name);
        }
        Ok(())
    },
});

/// `XPN[string]`
pub(crate) const XPN_STRING: Via =
    Via::Type(&Datatype { name: "XPN[string]", fhir: "string", read: |n, c| Ok(text(n, c).map(Val::Text)) });

/// `FN[HumanName]`
pub(crate) const FN_HUMAN_NAME: Via = Via::Type(&Datatype {
    name: "FN[HumanName]",
    fhir: "HumanName",
    read: |n, c| {
        let mut name = c.object();
        family(&mut name, n, c);
        Ok(Some(name).filter(|name| !name.is_empty()).map(Val::Object))
    },
});

/// Where the parts of a name stand: in an XPN, an XCN or a CNN. Zero is nowhere.
pub(crate) struct Parts {
    pub(crate) family: u16,
    pub(crate) given: [u16; 2],
    pub(crate) prefix: u16,
    pub(crate) suffix: [u16; 3],
    pub(crate) kind: u16,
    pub(crate) order: u16,
    /// Start and end; and the range that stood for them once.
    pub(crate) period: [u16; 3],
}

static XPN: Parts = Parts {
    family: 1,
    given: [2, 3],
    prefix: 5,
    suffix: [4, 6, 14],
    kind: 7,
    order: 11,
    period: [12, 13, 10],
};

/// `XPN[HumanName]`
pub(crate) fn name<'a>(xpn: &Node<'a>, c: &mut Context<'a>) -> Option<Object<'a>> {
    of_parts(xpn, &XPN, c)
}

/// XPN.15: what the person is called by, as a name of its own.
pub(crate) fn nickname<'a>(xpn: &Node<'a>, c: &Context<'a>) -> Option<Object<'a>> {
    let called = xpn.get(15)?;
    Some(c.object().with("use", "nickname").with("given", c.arena.only(called)))
}

/// A name of these parts of a node. A use, an order or a period alone is no name.
pub(crate) fn of_parts<'a>(node: &Node<'a>, parts: &Parts, c: &mut Context<'a>) -> Option<Object<'a>> {
    let mut name = c.object();
    let order = coded(node.part(parts.order), &NAME_ASSEMBLY_ORDER, c);
    if let Some(order) = order {
        extend(&mut name, "humanname-assembly-order", "valueCode", order, c.arena);
    }
    name.put("use", coded(node.part(parts.kind), &NAME_TYPE, c));
    let marks = name.members().count();
    if let Some(surname) = node.part(parts.family) {
        family(&mut name, &surname, c);
    }
    for (member, numbers) in
        [("given", parts.given.as_slice()), ("prefix", &[parts.prefix]), ("suffix", &parts.suffix)]
    {
        for text in numbers.iter().filter_map(|&number| node.get(number)) {
            name.push(c.arena, member, text);
        }
    }
    if name.members().count() == marks {
        return None;
    }
    name.put("period", dr::validity(node, parts.period, c));
    Some(name)
}

/// `XPN[string]`: prefix, given names, family name, suffix; or as XPN.11 has it, the family name first.
pub(crate) fn text<'a>(xpn: &Node<'a>, c: &Context<'a>) -> Option<&'a str> {
    let order = if xpn.get(11) == Some("F") { [5, 1, 3, 2, 4] } else { [5, 2, 3, 1, 4] };
    let mut words = order.into_iter().filter_map(|part| xpn.get(part));
    let first = words.next()?;
    Some(words.fold(first, |text, word| c.arena.format(format_args!("{text} {word}"))))
}

/// `FN[HumanName]`: the family name and its parts.
fn family<'a>(name: &mut Object<'a>, surname: &Node<'a>, c: &Context<'a>) {
    name.put("family", surname.get(1));
    let mut element = c.object();
    for (part, url) in [
        (2, "humanname-own-prefix"),
        (3, "humanname-own-name"),
        (4, "humanname-partner-prefix"),
        (5, "humanname-partner-name"),
    ] {
        if let Some(text) = surname.get(part) {
            extend(&mut element, url, "valueString", text, c.arena);
        }
    }
    name.put("_family", Some(element).filter(|element| !element.is_empty()));
}

/// A code of a table as FHIR has it; one without a counterpart is reported and left out.
fn coded<'a>(node: Option<Node<'a>>, codes: &CodeMap, c: &mut Context<'a>) -> Option<&'static str> {
    let node = node?;
    let mapped = (codes.find)(cwe::code(&node)?).map(|concept| concept.code);
    if mapped.is_none() {
        c.report(&node, Reason::UnknownCode(codes.table));
    }
    mapped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::testing::{read, with_field};

    #[test]
    fn all_parts_of_a_name() {
        let (got, _) = read("van Beethoven&van&Beethoven^Ludwig^A^III^Dr^PHD^L", XPN_HUMAN_NAME);
        assert!(
            got.starts_with(r#"{"use":"official","family":"van Beethoven","_family":{"extension":["#),
            "{got}"
        );
        assert!(got.contains(r#""given":["Ludwig","A"],"prefix":["Dr"],"suffix":["III","PHD"]"#), "{got}");
    }

    #[test]
    fn a_use_alone_is_no_name() {
        assert_eq!(read("^^^^^^L^^^^G", XPN_HUMAN_NAME).0, "");
    }

    #[test]
    fn a_name_type_without_a_use_is_reported() {
        let (got, issues) = read("Doe^^^^^^B", XPN_HUMAN_NAME);
        assert_eq!(got, r#"{"family":"Doe"}"#);
        assert_eq!(issues, ["PID[1]-3[1].7: code not in the map of table 0200: kept as it came"]);
    }

    #[test]
    fn a_period_that_is_none_leaves_the_name() {
        let (got, issues) = read("Doe^^^^^^^^^2001&2002", XPN_HUMAN_NAME);
        assert_eq!(
            (got.as_str(), issues.len()),
            (r#"{"family":"Doe","period":{"start":"2001","end":"2002"}}"#, 0)
        );
        let (got, issues) = read("Doe^^^^^^^^^^^soon", XPN_HUMAN_NAME);
        assert_eq!((got.as_str(), issues.len()), (r#"{"family":"Doe"}"#, 1));
        let (got, issues) = read("Doe^^^^^^^^^^^2001^soon", XPN_HUMAN_NAME);
        assert_eq!((got.as_str(), issues.len()), (r#"{"family":"Doe","period":{"start":"2001"}}"#, 1));
    }

    #[test]
    fn a_name_as_text_follows_its_order() {
        assert_eq!(read("Smith^Angela^^^Mrs", XPN_STRING).0, r#""Mrs Angela Smith""#);
        assert_eq!(read("Mao^Zedong^^^^^^^^^F", XPN_STRING).0, r#""Mao Zedong""#);
        assert_eq!(read("^^^^^^L", XPN_STRING).0, "");
    }

    #[test]
    fn what_a_person_is_called_by_is_a_second_name() {
        let names = with_field("Doe^Robert^^^^^L^^^^^^^^Bob", |n, c| {
            let mut patient = c.object();
            let Via::Own(own) = XPN_NAMES else { panic!("a function of its own") };
            (own.apply)(&mut patient, n, c).unwrap();
            crate::fhir::testing::json(Ok(patient.remove("name")))
        });
        assert!(names.ends_with(r#",{"use":"nickname","given":["Bob"]}]"#), "{names}");
    }
}
