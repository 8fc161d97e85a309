//! The canonical hash: what servers change does not change it, what means something does.

use carewire_fhir_core::{Kind, Resource, Value, canonical_hash};
use proptest::prelude::*;

/// A value in which everything means something.
fn value() -> impl Strategy<Value = Value> {
    let number = "-?(0|[1-9][0-9]{0,6})(\\.[0-9]{1,4})?([eE][+-]?[0-9]{1,2})?";
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::bool),
        number.prop_map(|text| Value::number(&text).unwrap()),
        "[a-zA-Zé\" ]{1,8}".prop_map(Value::string),
        "(Patient|Practitioner)/[0-9]{1,3}".prop_map(|text| Value::object().with("reference", text)),
    ];
    let name = prop::sample::select(vec![
        "subject",
        "code",
        "given",
        "_given",
        "extension",
        "identifier",
        "note",
        "type",
    ]);
    leaf.prop_recursive(3, 24, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(Value::from),
            prop::collection::btree_map(name.clone(), inner, 1..4).prop_map(|members| {
                members.into_iter().fold(Value::object(), |object, (name, value)| object.with(name, value))
            }),
        ]
    })
}

fn resource() -> impl Strategy<Value = Resource> {
    prop::collection::vec(value(), 1..4).prop_map(|values| {
        let mut resource = Resource::new("Basic");
        for (name, value) in ["subject", "note", "extension"].iter().zip(values) {
            resource.value_mut().set(name, value);
        }
        resource
    })
}

/// Changes every value of the tree, the innermost first.
fn everywhere(value: &mut Value, change: &mut dyn FnMut(&mut Value)) {
    for (_, member) in value.members_mut() {
        everywhere(member, change);
    }
    for item in value.items_mut() {
        everywhere(item, change);
    }
    change(value);
}

fn changed(resource: &Resource, change: &mut dyn FnMut(&mut Value)) -> [u8; 32] {
    let mut value = resource.value().clone();
    everywhere(&mut value, change);
    canonical_hash(&Resource::from_value(value).unwrap())
}

/// The same number, written otherwise.
fn rewritten(text: &str, shift: i64) -> String {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let exponent: i64 = exponent.parse().unwrap();
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let (sign, whole) = whole.strip_prefix('-').map_or(("", whole), |whole| ("-", whole));
    let digits = format!("{whole}{fraction}");
    let digits = digits.trim_start_matches('0');
    let zeros = usize::try_from(shift).unwrap();
    let power = exponent - i64::try_from(fraction.len()).unwrap() - shift;
    match digits {
        "" => format!("{sign}0.{}E{shift}", "0".repeat(zeros + 1)),
        digits => format!("{sign}{digits}{}E{power:+}", "0".repeat(zeros)),
    }
}

proptest! {
    #[test]
    fn numbers_written_otherwise_are_the_same(resource in resource(), shift in 0_i64..5) {
        let hash = changed(&resource, &mut |value| {
            if let Some(text) = value.as_number() {
                *value = Value::number(&rewritten(text, shift)).unwrap();
            }
        });
        prop_assert_eq!(hash, canonical_hash(&resource));
    }

    #[test]
    fn displays_of_references_and_empty_lists_are_nothing(resource in resource(), empty in prop::sample::select(vec!["[]", "{}", "\"\"", "[{},[null]]"])) {
        let hash = changed(&resource, &mut |value| {
            if value.str("reference").is_some() {
                value.set("display", "added by the server");
            }
            if value.kind() == Kind::Object {
                value.set("zzz", Value::parse(empty.as_bytes()).unwrap());
                value.set("aaa", Value::parse(empty.as_bytes()).unwrap());
            }
        });
        prop_assert_eq!(hash, canonical_hash(&resource));
    }

    #[test]
    fn what_the_server_owns_is_nothing(resource in resource(), value in value()) {
        let mut stored = resource.clone();
        stored.value_mut().set("id", "7");
        let names = ["versionId", "lastUpdated", "author", "onBehalfOf", "project", "account", "accounts", "compartment"];
        let meta = names.iter().fold(Value::object(), |meta, name| meta.with(name, value.clone()));
        stored.value_mut().set("meta", meta);
        prop_assert_eq!(canonical_hash(&stored), canonical_hash(&resource));
        stored.value_mut().set("meta", Value::object().with("tag", value));
        prop_assert_ne!(canonical_hash(&stored), canonical_hash(&resource));
    }

    #[test]
    fn every_change_of_a_leaf_is_seen(resource in resource(), at in any::<prop::sample::Index>()) {
        let is_leaf = |value: &Value| matches!(value.kind(), Kind::Bool | Kind::Number | Kind::String);
        let mut leaves = 0;
        changed(&resource, &mut |value| leaves += usize::from(is_leaf(value)));
        let chosen = at.index(leaves);
        let mut seen = 0;
        let hash = changed(&resource, &mut |value| {
            if is_leaf(value) {
                if seen == chosen {
                    *value = match value.kind() {
                        Kind::Bool => Value::bool(value.as_bool() != Some(true)),
                        Kind::Number => Value::string(value.as_number().unwrap()),
                        _ => Value::string(format!("{}x", value.as_str().unwrap())),
                    };
                }
                seen += 1;
            }
        });
        prop_assert_ne!(hash, canonical_hash(&resource));
    }

    #[test]
    fn the_order_of_a_list_matters(values in prop::collection::vec("[a-z]{1,4}", 2..5)) {
        let of = |values: Vec<String>| {
            let mut resource = Resource::new("Basic");
            resource.value_mut().set("note", values.into_iter().map(Value::string).collect::<Value>());
            canonical_hash(&resource)
        };
        let mut turned = values.clone();
        turned.rotate_left(1);
        prop_assert_eq!(of(values.clone()) == of(turned.clone()), values == turned);
    }
}
