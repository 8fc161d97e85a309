//! `cargo xtask codes`: the code tables of `hl7-v2/src/fhir/code/generated`, from `hl7-v2/codes` and the numbers of the
//! tables in `hl7-v2/dictionary`.

mod names;
mod read;
mod write;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::builders::formatted;
use crate::shell::root;

/// Writes the files; with `check`, only fails when they are not what the data gives.
pub(crate) fn run(check: bool) -> Result<(), String> {
    let data = read::codes(&text(&root().join("hl7-v2/codes/tables.txt"))?)?;
    let numbers = numbers(&data, &text(&root().join("hl7-v2/dictionary/tables.txt"))?);
    let made = write::files(&data, &numbers)?;
    let folder = root().join("hl7-v2/src/fhir/code/generated");
    let mut stale = strangers(&folder, &made)?;
    for (name, source) in &made {
        let path = folder.join(name);
        let source = formatted(source)?;
        if text(&path).is_ok_and(|there| there == source) {
            continue;
        }
        if check {
            stale.push(name.clone());
            continue;
        }
        println!("codes: writing {}", path.display());
        std::fs::write(&path, source).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    if !stale.is_empty() {
        return Err(format!("{} are not what hl7-v2/codes gives: run `cargo xtask codes`", stale.join(", ")));
    }
    println!("codes: {} files are what hl7-v2/codes gives", made.len());
    Ok(())
}

/// Files that the data does not give.
fn strangers(folder: &Path, made: &BTreeMap<String, String>) -> Result<Vec<String>, String> {
    let entries = std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    Ok(names.filter(|name| !made.contains_key(name)).collect())
}

/// The numbers of the tables that the standard has in any version.
fn numbers(data: &read::Codes, dictionary: &str) -> BTreeSet<String> {
    let standard = dictionary.lines().filter_map(|line| line.split('\t').next());
    let standard = standard.filter(|id| id.len() == 4 && id.bytes().all(|b| b.is_ascii_digit()));
    standard.map(str::to_owned).chain(data.tables.iter().map(|table| table.number.clone())).collect()
}

fn text(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}
