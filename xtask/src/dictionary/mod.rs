//! `cargo xtask dictionary`: the files of `hl7-v2/dictionary`, from packages that carry HL7's definitions of version 2.

mod carry;
mod changes;
mod codes;
mod fetch;
mod hl7_dictionary;
mod hl7apy;
mod hl7types;
mod literal;
mod merge;
mod model;
mod shape;
mod tables;
mod write;

use std::path::PathBuf;

use crate::shell::root;
use fetch::Packages;
use merge::{Differences, Sources};
use model::{Part, Release, VERSIONS};

/// Writes the files; with `check`, only fails when they are not what the packages give.
pub(crate) fn run(check: bool) -> Result<(), String> {
    let packages = Packages::open()?;
    let mut differences = Differences::new();
    let releases = releases(&packages, &mut differences)?;
    let same = shape::compare(&packages.hl7_dictionary, &releases, &mut differences)?;
    println!("dictionary: hl7-dictionary gives {same} structures the same shape");
    let texts = hl7_dictionary::tables(&packages.hl7_dictionary)?;
    let tables = tables::tables(&releases, &packages.definitions, &texts)?;
    let files = [
        ("segments.txt", SEGMENTS, write::definitions(&releases, |release| &release.segments)),
        ("datatypes.txt", DATATYPES, write::definitions(&releases, |release| &release.datatypes)),
        ("structures.txt", STRUCTURES, write::structures(&releases)),
        ("tables.txt", TABLES, write::tables(&tables)),
        ("events.txt", EVENTS, write::events(&releases, &tables)),
    ];
    let mut stale = Vec::new();
    for (file, head, body) in files {
        let made = format!("{head}{FROM}{body}");
        let path = folder().join(file);
        let same = std::fs::read_to_string(&path).is_ok_and(|there| there == made);
        println!(
            "dictionary: {file} {} bytes{}",
            made.len(),
            if same { ", as the packages have it" } else { "" }
        );
        match (same, check) {
            (true, _) => {}
            (false, true) => stale.push(file),
            (false, false) => store(&path, &made)?,
        }
    }
    println!("dictionary: the sources differ in {} places", differences.len());
    if let Some(place) = std::env::var_os("CAREWIRE_DICTIONARY_DIFFERENCES") {
        store(&PathBuf::from(place), &(differences.join("\n") + "\n"))?;
    }
    if stale.is_empty() {
        return Ok(());
    }
    Err(format!("{} differ from the packages: run `cargo xtask dictionary`", stale.join(", ")))
}

/// Why the packages are not at hand, if so; it does not go to the network.
pub(crate) fn missing() -> Option<String> {
    fetch::missing()
}

const FROM: &str = "\
# Made by `cargo xtask dictionary`. Do not edit. Sources and licences: README.md beside this file.
";
const SEGMENTS: &str = "\
# Segments: NAME<tab>VERSIONS<tab>TITLE, then its fields:
# <tab>NUMBER<tab>VERSIONS<tab>USAGE<tab>MIN..MAX<tab>DATATYPE<tab>LENGTH<tab>TABLE<tab>NAME
";
const DATATYPES: &str = "\
# Datatypes: NAME<tab>VERSIONS<tab>TITLE, then its components:
# <tab>NUMBER<tab>VERSIONS<tab>USAGE<tab>MIN..MAX<tab>DATATYPE<tab>LENGTH<tab>TABLE<tab>NAME
";
const STRUCTURES: &str = "\
# Message structures: NAME, then its body and its groups: <tab>GROUP, empty for its own body<tab>VERSIONS<tab>BODY
# SEG a segment, @NAME a group, <A|B> one of them, . any segment; ? 0..1, * 0..n, + 1..n, {2,5} 2..5, else once.
";
const TABLES: &str = "\
# Tables: ID<tab>VERSIONS<tab>KIND<tab>TITLE, then its codes: <tab>CODE<tab>VERSIONS<tab>TEXT
";
const EVENTS: &str = "\
# Structures of events that do not name them: NAME<tab>VERSIONS<tab>EVENT EVENT .. of two lines the first one counts
";

/// All versions; 2.7.1 has the structures of 2.7, and 2.9 is 2.8.2 with what `changes.txt` adds.
fn releases(packages: &Packages, differences: &mut Differences) -> Result<Vec<Release>, String> {
    let mut releases = Vec::new();
    let mut before = Release::default();
    for (at, version) in VERSIONS.iter().enumerate() {
        let types = hl7types::release(&packages.hl7types, version)?;
        let apy = hl7apy::release(&packages.hl7apy, version)?;
        if types.is_none() && apy.is_none() {
            releases.push(releases.last().cloned().unwrap_or_default());
            continue;
        }
        let sources = Sources {
            hl7apy: apy.unwrap_or_else(|| before.clone()),
            hl7types: types.unwrap_or_default(),
            hl7_dictionary: hl7_dictionary::release(&packages.hl7_dictionary, version)?.unwrap_or_default(),
        };
        releases.push(merge::release(at, &sources, differences));
        before = sources.hl7apy;
    }
    keep_withdrawn(&mut releases);
    name_withdrawn(&mut releases);
    carry::group_names(&mut releases);
    changes::apply(&mut releases)?;
    codes::mend(&mut releases);
    carry::tables(&mut releases);
    Ok(releases)
}

/// The first version that withdraws fields instead of keeping them: 2.7.
const WITHDRAWING: usize = 8;

/// The packages leave out withdrawn fields at the end of a segment, such as AL1-6 from 2.7 on. Numbers are never given
/// up, so that they are withdrawn there.
fn keep_withdrawn(releases: &mut [Release]) {
    for at in WITHDRAWING..releases.len() {
        let Some((before, [release, ..])) = releases.split_at_mut_checked(at) else { return };
        let Some(before) = before.last() else { return };
        for (segment, definition) in &mut release.segments {
            let last = definition.parts.len();
            let gone = before.segments.get(segment).into_iter().flat_map(|old| old.parts.range(last + 1..));
            for (number, part) in gone {
                let withdrawn = Part {
                    name: part.name.clone(),
                    usage: Some('W'),
                    min: Some(0),
                    max: Some(Some(0)),
                    ..Part::default()
                };
                definition.parts.insert(*number, withdrawn);
            }
        }
    }
}

/// A withdrawn field keeps the name that it had before.
fn name_withdrawn(releases: &mut [Release]) {
    let mut names = std::collections::BTreeMap::new();
    for release in releases {
        for (segment, definition) in &mut release.segments {
            for (number, part) in &mut definition.parts {
                let place = (segment.clone(), *number);
                if part.usage == Some('W') {
                    part.name = names.get(&place).cloned().unwrap_or_else(|| part.name.clone());
                } else {
                    names.insert(place, part.name.clone());
                }
            }
        }
    }
}

fn folder() -> PathBuf {
    root().join("hl7-v2/dictionary")
}

fn store(path: &std::path::Path, text: &str) -> Result<(), String> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    println!("dictionary: writing {}", path.display());
    std::fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}
