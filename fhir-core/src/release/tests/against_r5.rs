//! What comes out beside the elements of R5.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::release::{Release, table};
use crate::resources::tests::Maker;
use crate::resources::tests::definitions::DEFINITIONS;
use crate::{Kind, Value};

/// The elements of a type: its type, and whether it repeats.
type Elements = BTreeMap<&'static str, (&'static str, bool)>;

static R5: LazyLock<BTreeMap<&str, Elements>> = LazyLock::new(|| {
    let lines = include_str!("r5.txt").lines().filter(|line| !line.starts_with('#'));
    let mut types = BTreeMap::new();
    let mut bases = BTreeMap::new();
    for line in lines {
        let mut words = line.split(' ');
        let (name, base) = (words.next().unwrap(), words.next().unwrap());
        let element = |word: &'static str| {
            let (name, of) = word.split_once(':').unwrap();
            (name, (of.trim_end_matches('*'), of.ends_with('*')))
        };
        types.insert(name, words.filter(|word| !word.is_empty()).map(element).collect::<Elements>());
        bases.insert(name, base);
    }
    let own = types.clone();
    for (name, elements) in &mut types {
        let mut base = bases[name];
        while let Some(inherited) = own.get(base) {
            elements.extend(inherited.iter().map(|(name, element)| (*name, *element)));
            base = bases[base];
        }
    }
    types
});

/// The places where an object is not what R5 says.
fn faults(value: &Value, of: &str, at: &str, found: &mut Vec<String>) {
    let Some(elements) = R5.get(of) else { return };
    for (name, member) in value.members().filter(|(name, _)| *name != "resourceType") {
        let at = format!("{at}.{name}");
        let Some((of, many)) = elements.get(name.trim_start_matches('_')) else {
            found.push(format!("{at}: not in R5"));
            continue;
        };
        if name.starts_with('_') {
            continue;
        }
        if (member.kind() == Kind::Array) != *many {
            found.push(format!("{at}: list {many}"));
        }
        for item in
            std::iter::once(member).filter(|member| member.kind() != Kind::Array).chain(member.items())
        {
            let fits = match *of {
                "string" => item.as_str().is_some(),
                "number" => item.as_number().is_some(),
                "boolean" => item.as_bool().is_some(),
                _ => item.kind() == Kind::Object,
            };
            if !fits {
                found.push(format!("{at}: not a {of}"));
            }
            faults(item, item.str("resourceType").unwrap_or(of), &at, found);
        }
    }
}

/// What is known to be no R5, each for a reason that is not the conversion's.
const EXCUSED: &[&str] = &[
    "valueContributor", // R5 dropped the datatype
];

#[test]
fn all_that_r4_has_finds_a_place_in_r5() {
    let mut found = Vec::new();
    for name in covered().filter(|name| R5.contains_key(name)) {
        for seed in 1..13 {
            let resource = Maker::sound(seed, 1 + seed % 3).resource(name);
            let converted = resource.to_release(Release::R5).resource;
            faults(converted.value(), name, name, &mut found);
        }
    }
    found.retain(|fault| !EXCUSED.iter().any(|excused| fault.contains(excused)));
    found.sort();
    found.dedup();
    assert!(found.is_empty(), "{found:#?}");
}

/// The resources of which it is known what differs.
fn covered() -> impl Iterator<Item = &'static str> {
    let resource = |base: &str| matches!(base, "Resource" | "DomainResource");
    let resources = DEFINITIONS.iter().filter(move |(_, definition)| resource(&definition.base));
    resources.map(|(name, _)| name.as_str()).filter(|name| table::covers(name))
}

/// The texts and numbers at the leaves of a tree, with their paths from the resource that they are in.
fn leaves(value: &Value, at: &str, found: &mut Vec<(String, String)>) {
    let leaf = value.as_str().or(value.as_number());
    found.extend(leaf.map(|leaf| (at.to_owned(), leaf.to_owned())));
    value.items().iter().for_each(|item| leaves(item, at, found));
    let at = value.str("resourceType").unwrap_or(at);
    value.members().for_each(|(name, member)| leaves(member, &format!("{at}.{name}"), found));
}

/// What R5 says in other words: the element of R4 and its codes.
const RENAMED: &[(&str, &[&str])] = &[
    ("Encounter.status", &["finished"]),
    ("Appointment.participant.required", &["required", "optional"]),
    ("AuditEvent.outcome", &["0", "4", "8", "12"]),
    ("Questionnaire.item.type", &["choice"]),
];

fn is_renamed(at: &str, leaf: &str) -> bool {
    let at = at.replace(".item.item", ".item");
    RENAMED.iter().any(|(element, codes)| *element == at && codes.contains(&leaf))
}

#[test]
fn nothing_is_dropped() {
    for name in covered() {
        for seed in 1..13 {
            let resource = Maker::sound(seed, 1 + seed % 3).resource(name);
            let converted = resource.to_release(Release::R5).resource;
            let (mut before, mut after) = (Vec::new(), Vec::new());
            leaves(resource.value(), name, &mut before);
            leaves(converted.value(), name, &mut after);
            for (at, leaf) in before.into_iter().filter(|(at, leaf)| !is_renamed(at, leaf)) {
                match after.iter().position(|(_, found)| *found == leaf) {
                    Some(at) => _ = after.swap_remove(at),
                    None => panic!(
                        "{at}: {leaf} is gone (seed {seed}): {} -> {}",
                        resource.to_json(),
                        converted.to_json()
                    ),
                }
            }
        }
    }
}
