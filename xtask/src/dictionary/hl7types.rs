//! What hl7types says: names in the standard's words, usage, lengths.

use std::collections::BTreeMap;
use std::path::Path;

use super::fetch::read;
use super::model::{Definition, Part, Release, table_id};

/// One version; `None` when hl7types does not have it.
pub(super) fn release(package: &Path, version: &str) -> Result<Option<Release>, String> {
    let folder = package.join(format!("v{}", version.replace('.', "_")));
    if !folder.is_dir() {
        return Ok(None);
    }
    Ok(Some(Release {
        segments: definitions(&folder.join("segments"))?,
        datatypes: definitions(&folder.join("datatypes"))?,
        ..Release::default()
    }))
}

/// The classes of a folder; each file has one.
fn definitions(folder: &Path) -> Result<BTreeMap<String, Definition>, String> {
    let mut all = BTreeMap::new();
    let entries = std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for entry in entries {
        let path = entry.map_err(|error| error.to_string())?.path();
        let name = path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if !name.starts_with('_') && path.extension().is_some_and(|extension| extension == "py") {
            let definition = class(&read(&path)?, &name);
            all.insert(name, definition);
        }
    }
    Ok(all)
}

/// A class: its documentation names the types, its fields have title and description.
fn class(source: &str, name: &str) -> Definition {
    let mut definition = Definition { title: title(source), parts: BTreeMap::new() };
    let prefix = format!("{name}.");
    let mut documented: BTreeMap<usize, Part> = BTreeMap::new();
    let mut at = None;
    for line in source.lines().map(str::trim) {
        if let Some((number, rest)) = line.strip_prefix(&prefix).and_then(|rest| rest.split_once(' ')) {
            if let (Ok(number), Some(part)) = (number.parse(), documentation(rest)) {
                documented.insert(number, part);
            }
        } else if let Some(alias) = argument(line, "serialization_alias") {
            at = alias.strip_prefix(&prefix).and_then(|number| number.parse::<usize>().ok());
            if let Some(number) = at {
                definition.parts.insert(number, documented.get(&number).cloned().unwrap_or_default());
            }
        } else if let Some(part) = at.and_then(|number| definition.parts.get_mut(&number)) {
            if let Some(title) = argument(line, "title") {
                part.name = title;
            } else if let Some(described) = argument(line, "description") {
                describe(part, &described);
            }
        }
    }
    definition
}

/// `"""Patient Identification (S3.4.2).`
fn title(source: &str) -> String {
    let text = source.split_once("(HL7Model):").and_then(|(_, body)| body.split("\"\"\"").nth(1));
    let line = text.and_then(|text| text.lines().next()).unwrap_or_default().trim().trim_end_matches('.');
    let bare = line.rsplit_once(" (S").map_or(line, |(bare, _)| bare);
    bare.trim().to_owned()
}

/// `- Patient Identifier List (CX) R rep S3.4.2.3 | 0001 - ..` or `(opt) - ID Number (ST)`.
fn documentation(rest: &str) -> Option<Part> {
    let text = rest.split(" | ").next().unwrap_or(rest);
    let usages = [") R ", ") O ", ") C ", ") X ", ") NA "];
    let end = usages.iter().filter_map(|usage| text.rfind(usage)).max().or_else(|| text.rfind(')'))?;
    let (before, after) = text.split_at_checked(end)?;
    let (_, datatype) = before.rsplit_once('(')?;
    let usage = if text.starts_with("(req)") { Some('R') } else { text.starts_with("(opt)").then_some('O') };
    let max = if usage.is_some() { Some(1) } else { (!after.contains(" rep ")).then_some(1) };
    Some(Part { datatype: datatype.to_owned(), usage, max: Some(max), ..Part::default() })
}

/// `O | Item #00111 | Table 0001 - Administrative Sex | LEN:1`
fn describe(part: &mut Part, described: &str) {
    for item in described.split(" | ") {
        match item {
            "R" | "O" | "C" | "X" => part.usage = item.chars().next(),
            _ => {
                if let Some(table) = item.strip_prefix("Table ") {
                    part.table = table.split(' ').next().and_then(table_id);
                } else if let Some(length) = item.strip_prefix("LEN:") {
                    part.length = length.parse().ok();
                }
            }
        }
    }
}

/// The text of `name="..",`, whichever quotes it has.
fn argument(line: &str, name: &str) -> Option<String> {
    let quoted = line.strip_prefix(name)?.strip_prefix('=')?.trim_end_matches(',');
    let quote = quoted.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let text = quoted.strip_prefix(quote)?.strip_suffix(quote)?;
    Some(text.replace("\\'", "'").replace("\\\"", "\""))
}
