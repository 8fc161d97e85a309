//! What later versions keep of earlier ones, where the packages lost it.

use std::collections::BTreeMap;

use super::merge::clean;
use super::model::{Definition, Part, Release, VERSIONS};

/// The last version for which all packages name the tables of components.
const COMPLETE: &str = "2.7.1";

/// Components, and some fields, lose their table from 2.8 on. Where datatype and name are those of 2.7.1 and no package
/// names another table, the table is the one of 2.7.1.
pub(super) fn tables(releases: &mut [Release]) {
    let Some(at) = VERSIONS.iter().position(|version| *version == COMPLETE) else { return };
    let Some((before, after)) = releases.split_at_mut_checked(at + 1) else { return };
    let Some(complete) = before.last() else { return };
    for (release, version) in after.iter_mut().zip(VERSIONS.iter().skip(at + 1)) {
        let fields = carry(&complete.segments, &mut release.segments);
        let components = carry(&complete.datatypes, &mut release.datatypes);
        println!(
            "dictionary: {version} has the tables of {COMPLETE} at {fields} fields, {components} components"
        );
    }
}

fn carry(from: &BTreeMap<String, Definition>, to: &mut BTreeMap<String, Definition>) -> usize {
    let mut count = 0;
    for (name, definition) in to {
        for (number, part) in &mut definition.parts {
            let old = from.get(name).and_then(|old| old.parts.get(number));
            if let Some(old) = old.filter(|old| part.table.is_none() && is_same(old, part)) {
                part.table.clone_from(&old.table);
                count += usize::from(old.table.is_some());
            }
        }
    }
    count
}

fn is_same(one: &Part, other: &Part) -> bool {
    let name = |part: &Part| clean(&part.name).to_lowercase();
    one.datatype == other.datatype && name(one) == name(other) && other.usage != Some('W')
}

/// Names of groups that a package misspells.
const MISSPELT: &[(&str, &str, &str)] = &[("OML_O21", "TIIMING", "TIMING")];

/// Gives the groups the names of the standard.
pub(super) fn group_names(releases: &mut [Release]) {
    for release in releases {
        for (structure, wrong, right) in MISSPELT {
            let own = |(name, _): &(String, String)| name == structure;
            let keys: Vec<_> = release.structures.keys().filter(|key| own(key)).cloned().collect();
            for key in keys {
                let Some(body) = release.structures.remove(&key) else { continue };
                let group = if key.1 == *wrong { (*right).to_owned() } else { key.1 };
                let body = body.replace(&format!("@{wrong}"), &format!("@{right}"));
                release.structures.insert((key.0, group), body);
            }
        }
    }
}
