//! The shape of message structures, to compare what two sources say of them.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use super::hl7_dictionary::object;
use super::merge::Differences;
use super::model::{Release, VERSIONS};

#[derive(Deserialize)]
struct Message {
    segments: Body,
}

#[derive(Deserialize)]
struct Body {
    #[serde(default)]
    segments: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    name: Option<String>,
    #[serde(default)]
    min: u32,
    #[serde(default)]
    max: u32,
    #[serde(default)]
    children: Vec<Self>,
    #[serde(default)]
    compounds: Vec<Self>,
}

/// Notes the structures of which hl7-dictionary has another shape; answers how many have the same.
pub(super) fn compare(
    package: &Path,
    releases: &[Release],
    differences: &mut Differences,
) -> Result<usize, String> {
    let mut same = 0;
    for (version, release) in VERSIONS.iter().zip(releases) {
        let file = package.join(version).join("messages.js");
        if !file.is_file() {
            continue;
        }
        let messages: BTreeMap<String, Message> = object(&file)?;
        for ((name, _), body) in release.structures.iter().filter(|((_, group), _)| group.is_empty()) {
            let Some(other) = messages.get(name).and_then(|message| items(&message.segments.segments)) else {
                continue;
            };
            let own = expanded(release, name, body);
            if own == other {
                same += 1;
            } else {
                differences.push(format!("{version} {name} structure: {own} / {other}"));
            }
        }
    }
    Ok(same)
}

/// Whether two releases give a structure the same segments and groups, whatever the groups are called.
pub(super) fn same_shape(one: &Release, other: &Release, structure: &str) -> bool {
    let shape = |release: &Release| {
        let body = release.structures.get(&(structure.to_owned(), String::new()))?;
        Some(expanded(release, structure, body))
    };
    shape(one).is_some() && shape(one) == shape(other)
}

/// A body with the bodies of its groups in brackets, without their names. How often a choice occurs is left out:
/// hl7-dictionary has no bounds of choices.
fn expanded(release: &Release, structure: &str, body: &str) -> String {
    let part = |part: &str| {
        if let Some((choice, _)) = part.rsplit_once('>') {
            return format!("{choice}>");
        }
        let Some(group) = part.strip_prefix('@') else { return part.to_owned() };
        let end = group.find(['?', '*', '+', '{']).unwrap_or(group.len());
        let (name, often) = group.split_at_checked(end).unwrap_or((group, ""));
        let inner = release.structures.get(&(structure.to_owned(), name.to_owned()));
        format!("({}){often}", inner.map_or_else(String::new, |inner| expanded(release, structure, inner)))
    };
    body.split(' ').map(part).collect::<Vec<_>>().join(" ")
}

/// The same of hl7-dictionary; `None` where it has a part without a name.
fn items(items: &[Item]) -> Option<String> {
    let part = |item: &Item| {
        let often = match (item.min, item.max) {
            (0, 1) => "?".to_owned(),
            (1, 1) => String::new(),
            (0, 0) => "*".to_owned(),
            (1, 0) => "+".to_owned(),
            (min, max) => format!("{{{min},{max}}}"),
        };
        if !item.compounds.is_empty() {
            let names: Option<Vec<&str>> = item.compounds.iter().map(|one| one.name.as_deref()).collect();
            return Some(format!("<{}>", names?.join("|")));
        }
        if !item.children.is_empty() {
            return Some(format!("({}){often}", self::items(&item.children)?));
        }
        Some(format!("{}{often}", item.name.as_deref()?))
    };
    items.iter().map(part).collect::<Option<Vec<_>>>().map(|parts| parts.join(" "))
}
