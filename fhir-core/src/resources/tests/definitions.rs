//! The structs beside the definitions of R4: the same elements, the same cardinality, the same choices.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use super::every::EVERY;
use crate::types::*;

/// What the definitions have and the structs have no field for. Reading keeps it in `extra`.
pub(super) const LEFT_OUT: &[(&str, &str)] = &[
    // Within a resource, only profiles and forms refer to it.
    ("Element", "id"),
];

/// Datatypes without a struct.
const NO_STRUCT: &[&str] = &[
    "Element", // abstract, as is the next
    "BackboneElement",
    "Age", // these four are a Quantity
    "Count",
    "Distance",
    "Duration",
    "MoneyQuantity",
    "SimpleQuantity",
    "ElementDefinition", // only conformance resources have it, and they are not built
];

pub(crate) struct Definition {
    pub(crate) base: String,
    pub(super) elements: Vec<Element>,
}

pub(crate) struct Element {
    pub(super) name: String,
    pub(super) many: bool,
    pub(super) types: Vec<String>,
    /// A code of the required binding, when there is one.
    pub(super) code: Option<&'static str>,
}

const TABLE: &str = include_str!("../../../definitions/r4.txt");

pub(crate) static DEFINITIONS: LazyLock<BTreeMap<String, Definition>> = LazyLock::new(|| {
    let mut types = BTreeMap::new();
    let mut current: Option<&mut Definition> = None;
    for line in TABLE.lines() {
        if let Some(head) = line.strip_prefix("type ") {
            let words: Vec<&str> = head.split(' ').collect();
            let base = words.get(2).copied().unwrap_or_default().to_owned();
            types.insert(words[0].to_owned(), Definition { base, elements: Vec::new() });
            current = types.get_mut(words[0]);
        } else if line.starts_with("valueset ") {
            current = None;
        } else if let (Some(definition), Some(element)) = (&mut current, line.strip_prefix(' ')) {
            definition.elements.extend(read_element(element));
        }
    }
    types
});

fn read_element(line: &str) -> Option<Element> {
    let (name, rest) = line.split_once(' ').filter(|(name, _)| !name.is_empty() && *name != "!")?;
    let (cardinality, types) = rest.split_once(' ')?;
    let (types, binding) = types.split_once(" = ").map_or((types, None), |(types, name)| (types, Some(name)));
    let mut plain = String::new();
    let mut depth = 0;
    for c in types.chars() {
        depth += i32::from(c == '(') - i32::from(c == ')');
        if depth == 0 && c != ')' {
            plain.push(c);
        }
    }
    let types = plain.split('|').map(|name| name.trim().to_owned()).collect();
    Some(Element {
        name: name.to_owned(),
        many: !cardinality.ends_with("..1"),
        types,
        code: binding.and_then(a_code),
    })
}

/// A code of a value set, when the table lists them.
fn a_code(value_set: &str) -> Option<&'static str> {
    let head = format!("valueset {value_set} ");
    let mut lines = TABLE.lines().skip_while(|line| !line.starts_with(&head)).skip(1);
    lines.next().filter(|line| line.starts_with(' '))?.split(' ').next_back()
}

/// The elements of a type and of what it is based on, with the name of the type that has them.
pub(super) fn elements(name: &str) -> Vec<(&'static str, &'static Element)> {
    let Some((name, definition)) = DEFINITIONS.get_key_value(name) else { return Vec::new() };
    let own = definition.elements.iter().map(|element| (name.as_str(), element));
    elements(&definition.base).into_iter().chain(own).collect()
}

/// What a choice adds to its name for a type.
pub(super) fn suffix_of(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

/// Compares a struct with a type, and all that it is made of.
fn compare(name: &str, description: Description, seen: &mut BTreeSet<String>, faults: &mut Vec<String>) {
    let Description::Object(_, members) = description else { return };
    if !seen.insert(name.to_owned()) {
        return;
    }
    let mut members: BTreeMap<_, _> = members().into_iter().collect();
    for (owner, element) in elements(name) {
        let plain = element.name.trim_end_matches("[x]");
        match members.remove(plain) {
            Some(member) => compare_element(&format!("{name}.{plain}"), element, member, seen, faults),
            None if LEFT_OUT.contains(&(owner, plain)) => {}
            None => faults.push(format!("{name}.{plain} has no field")),
        }
        members.remove(format!("_{plain}").as_str());
    }
    faults.extend(members.keys().map(|member| format!("{name}.{member} is not in R4")));
}

fn compare_element(
    path: &str,
    element: &Element,
    member: Description,
    seen: &mut BTreeSet<String>,
    faults: &mut Vec<String>,
) {
    let (many, member) = match member {
        Description::List(item) => (true, *item),
        other => (false, other),
    };
    if many != element.many {
        faults.push(format!("{path}: list {many}"));
    }
    match member {
        Description::Choice(variants) => {
            let expected: BTreeSet<String> = element.types.iter().map(|name| suffix_of(name)).collect();
            let found: BTreeSet<String> = variants.iter().map(|(suffix, _)| (*suffix).to_owned()).collect();
            if expected != found {
                faults.push(format!("{path}[x]: {found:?} and not {expected:?}"));
            }
            for (suffix, variant) in variants {
                let named = element.types.iter().find(|name| name.eq_ignore_ascii_case(suffix));
                named.inspect(|name| compare_type(path, name, variant, seen, faults));
            }
        }
        member => compare_type(path, &element.types[0], member, seen, faults),
    }
}

fn compare_type(
    path: &str,
    name: &str,
    member: Description,
    seen: &mut BTreeSet<String>,
    faults: &mut Vec<String>,
) {
    let quantity = matches!(name, "Age" | "Count" | "Distance" | "Duration");
    let name = if quantity { "Quantity" } else { name };
    let complex = !elements(name).is_empty() && name.starts_with(char::is_uppercase) && name != "Resource";
    match &member {
        Description::Object(of, _) if !name.contains('.') && *of != name => {
            faults.push(format!("{path}: {of} and not {name}"))
        }
        Description::Object(..) => compare(name, member, seen, faults),
        Description::Leaf if !complex => {}
        _ => faults.push(format!("{path}: not a {name}")),
    }
}

#[test]
fn every_struct_is_what_r4_says() {
    let (mut seen, mut faults) = (BTreeSet::new(), Vec::new());
    for known in EVERY {
        assert!(DEFINITIONS.contains_key(known.name), "{}", known.name);
        compare(known.name, (known.describe)(), &mut seen, &mut faults);
    }
    // The datatypes that no resource here has.
    compare("MarketingStatus", MarketingStatus::describe(), &mut seen, &mut faults);
    compare("Population", Population::describe(), &mut seen, &mut faults);
    compare("SubstanceAmount", SubstanceAmount::describe(), &mut seen, &mut faults);
    assert!(faults.is_empty(), "{faults:#?}");
    assert!(seen.len() > 200, "{} types were compared", seen.len());
    let datatypes = DEFINITIONS.keys().filter(|name| {
        let base = DEFINITIONS[*name].base.as_str();
        let backbone = matches!(base, "Element" | "BackboneElement" | "Quantity");
        backbone && !name.contains('.') && name.starts_with(char::is_uppercase)
    });
    let missing: Vec<_> =
        datatypes.filter(|name| !seen.contains(*name) && !NO_STRUCT.contains(&name.as_str())).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
