//! The text files of the dictionary: each definition once, with the versions that have it.

use std::collections::{BTreeMap, BTreeSet};

use super::merge::clean;
use super::model::{Definition, Part, Release, ranges};

/// The versions that say the same.
type Said<T> = BTreeMap<T, Vec<usize>>;

/// Segments with their fields, or datatypes with their components.
pub(super) fn definitions(releases: &[Release], of: fn(&Release) -> &BTreeMap<String, Definition>) -> String {
    let mut out = String::new();
    let names: BTreeSet<&String> = releases.iter().flat_map(|release| of(release).keys()).collect();
    for name in names {
        let there =
            || releases.iter().enumerate().filter_map(|(at, release)| Some((at, of(release).get(name)?)));
        let versions: Vec<usize> = there().map(|(at, _)| at).collect();
        let titles: Vec<&str> =
            there().map(|(_, one)| one.title.as_str()).filter(|one| !one.is_empty()).collect();
        out += &format!("{name}\t{}\t{}\n", ranges(&versions), titles.last().unwrap_or(&""));
        let mut parts: BTreeMap<usize, Said<&Part>> = BTreeMap::new();
        for (at, definition) in there() {
            for (number, part) in &definition.parts {
                parts.entry(*number).or_default().entry(part).or_default().push(at);
            }
        }
        for (number, said) in parts {
            let mut lines: Vec<(&Part, Vec<usize>)> = said.into_iter().collect();
            lines.sort_by(|one, other| one.1.cmp(&other.1));
            out.extend(lines.iter().map(|(one, versions)| part(number, &ranges(versions), one)));
        }
    }
    out
}

fn part(number: usize, versions: &str, part: &Part) -> String {
    let Part { name, datatype, usage, min, max, length, table } = part;
    let often = match (min.unwrap_or_default(), max.unwrap_or(Some(1))) {
        (least, None) => format!("{least}..*"),
        (least, Some(most)) => format!("{least}..{most}"),
    };
    let length = length.map_or_else(String::new, |length| length.to_string());
    let table = table.as_deref().unwrap_or_default();
    let usage = usage.unwrap_or('U');
    format!("\t{number}\t{versions}\t{usage}\t{often}\t{datatype}\t{length}\t{table}\t{name}\n")
}

/// The structures with their groups.
pub(super) fn structures(releases: &[Release]) -> String {
    let mut all: BTreeMap<&(String, String), Said<&str>> = BTreeMap::new();
    for (at, release) in releases.iter().enumerate() {
        for (name, body) in &release.structures {
            all.entry(name).or_default().entry(body).or_default().push(at);
        }
    }
    let mut out = String::new();
    for ((structure, group), said) in all {
        let mut lines: Vec<(&str, Vec<usize>)> = said.into_iter().collect();
        lines.sort_by(|one, other| one.1.cmp(&other.1));
        if group.is_empty() {
            out += &format!("{structure}\n");
        }
        for (body, versions) in lines {
            out += &format!("\t{group}\t{}\t{body}\n", ranges(&versions));
        }
    }
    out
}

/// A table as it is written: whose it is, its name, its codes with their texts.
pub(super) struct CodeTable {
    pub(super) kind: String,
    pub(super) title: String,
    pub(super) versions: Vec<usize>,
    pub(super) codes: BTreeMap<String, (Vec<usize>, String)>,
}

pub(super) fn tables(all: &BTreeMap<String, CodeTable>) -> String {
    let mut out = String::new();
    for (id, table) in all {
        let title = clean(&table.title);
        out += &format!("{id}\t{}\t{}\t{title}\n", ranges(&table.versions), table.kind);
        for (code, (versions, text)) in &table.codes {
            out += &format!("\t{code}\t{}\t{}\n", ranges(versions), clean(text));
        }
    }
    out
}

/// The structures with the events that share them: `ADT_A01<tab>2.1-2.9<tab>A04 A08 A13`. First what is written by hand
/// for some versions, then what the texts of table 0354 say for all.
pub(super) fn events(releases: &[Release], tables: &BTreeMap<String, CodeTable>) -> String {
    let mut by_hand: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
    for (at, release) in releases.iter().enumerate() {
        for (structure, events) in &release.events {
            for event in events {
                by_hand.entry((structure, event)).or_default().push(at);
            }
        }
    }
    let mut lines: BTreeMap<(&str, String), Vec<&str>> = BTreeMap::new();
    for ((structure, event), versions) in by_hand {
        lines.entry((structure, ranges(&versions))).or_default().push(event);
    }
    let line = |((structure, versions), events): ((&str, String), Vec<&str>)| {
        format!("{structure}\t{versions}\t{}\n", events.join(" "))
    };
    let mut out: String = lines.into_iter().map(line).collect();
    let always = ranges(&(0..releases.len()).collect::<Vec<_>>());
    let structures = tables.get("0354").into_iter().flat_map(|table| &table.codes);
    for (structure, (_, text)) in structures {
        let words = text.split(|letter: char| !letter.is_ascii_alphanumeric());
        let events: BTreeSet<&str> = words.filter(|word| is_event(word)).collect();
        let others: Vec<&str> = events.into_iter().filter(|event| !structure.ends_with(event)).collect();
        if !others.is_empty() {
            out += &format!("{structure}\t{always}\t{}\n", others.join(" "));
        }
    }
    out
}

fn is_event(word: &str) -> bool {
    word.len() == 3
        && word != "REL"
        && word.starts_with(|first: char| first.is_ascii_uppercase())
        && word.chars().all(|letter| letter.is_ascii_uppercase() || letter.is_ascii_digit())
}
