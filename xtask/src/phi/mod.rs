//! No raw value of a patient in an error, a log, a metric or a panic.
//!
//! Whatever can show text is a finding, unless it is hidden by `Phi`, shown by hand, or stands in `phi.allowed` with a
//! reason: an allow-list, since no name of a type tells whether its text is somebody's. It reads tokens and knows no
//! types of expressions; what runs is searched for planted values by `testing/tests/canary`.

mod allowed;
mod items;
mod lexer;
mod placeholders;
mod raw;
mod said;
mod shown;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::shell::root;
use allowed::Allowed;
use raw::Raw;
use said::Fields;

/// One place where raw text may be shown.
#[derive(Debug, PartialEq, Eq)]
struct Finding {
    line: usize,
    /// What `phi.allowed` calls it.
    key: String,
    why: String,
}

/// Where library code and the programs are.
const PLACES: &[&str] =
    &["fhir-core", "hl7-v2", "mllp", "deid", "consent", "bulk-data", "sync-engine", "adapters", "examples"];

/// Parts of paths that name code of tests and messages that are made up.
const NOT_SHIPPED: &[&str] =
    &["tests", "tests.rs", "benches", "contract", "contract.rs", "synthetic", "target"];

/// Looks at the whole workspace.
pub(crate) fn run() -> Result<(), String> {
    let root = root();
    let mut files = vec![];
    for place in PLACES {
        sources(&root.join(place), &mut files)?;
    }
    files.sort();
    let texts = files.iter().map(|file| Ok((named(&root, file), read(file)?)));
    let texts = texts.collect::<Result<Vec<_>, String>>()?;
    let allowed = read(&root.join("xtask").join("phi.allowed"))?;
    let problems = check(&texts, &allowed)?;
    if problems.is_empty() {
        println!("{} files: no raw text in errors, logs, metrics and panics", texts.len());
        return Ok(());
    }
    for problem in &problems {
        println!("{problem}");
    }
    Err(format!(
        "{} places may show a patient's data: hide it in `Phi`, show it by hand, or add it to xtask/phi.allowed",
        problems.len()
    ))
}

/// What is wrong in some files, by their names and texts.
fn check(files: &[(String, String)], allowed: &str) -> Result<Vec<String>, String> {
    let mut allowed = Allowed::read(allowed)?;
    let fields = Fields(allowed.fields.iter().copied().collect());
    let lexed = files.iter().map(|(name, text)| (name, lexer::without_tests(&lexer::tokens(text))));
    let lexed: Vec<_> = lexed.collect();
    let mut names: BTreeMap<&str, Raw<'_>> = BTreeMap::new();
    for (name, tokens) in &lexed {
        let found = items::aliases(tokens, |of| Raw::default().is(of));
        names.entry(crate_of(name)).or_default().aliases.extend(found);
    }
    let mut problems = vec![];
    for (name, tokens) in &lexed {
        let types = items::types(tokens);
        let Some(raw) = names.get(crate_of(name)) else { continue };
        let mut found = shown::derived(&types, raw);
        found.extend(shown::messages(&types, raw));
        found.extend(shown::by_hand(tokens, &types, raw));
        found.extend(said::said(tokens, raw, &fields));
        found.sort_by(|a, b| (a.line, &a.key).cmp(&(b.line, &b.key)));
        found.dedup();
        found.retain(|finding| !allowed.covers(name, finding));
        problems
            .extend(found.iter().map(|found| format!("{name}:{} {}: {}", found.line, found.key, found.why)));
    }
    problems.extend(allowed.unneeded());
    Ok(problems)
}

/// The directory of the crate that a file belongs to.
fn crate_of(file: &str) -> &str {
    file.split_once("/src/").map_or(file, |(directory, _)| directory)
}

/// The files of a directory that are compiled into what is shipped.
fn sources(directory: &Path, found: &mut Vec<PathBuf>) -> Result<(), String> {
    let entries =
        std::fs::read_dir(directory).map_err(|error| format!("{}: {error}", directory.display()))?;
    for entry in entries.flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        let name = name.to_string_lossy();
        if NOT_SHIPPED.contains(&name.as_ref()) || name.ends_with("_tests.rs") {
            continue;
        }
        if path.is_dir() {
            sources(&path, found)?;
        } else if name.ends_with(".rs") {
            found.push(path);
        }
    }
    Ok(())
}

fn named(root: &Path, file: &Path) -> String {
    file.strip_prefix(root).unwrap_or(file).to_string_lossy().replace('\\', "/")
}

fn read(file: &Path) -> Result<String, String> {
    std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))
}
