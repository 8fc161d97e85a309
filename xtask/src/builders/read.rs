//! The files of the dictionary.

use std::collections::BTreeMap;

/// A segment with its fields, or a datatype with its components.
#[derive(Debug, Default)]
pub(super) struct Definition {
    pub(super) title: String,
    /// By number, what the versions say, in the order of the file.
    pub(super) parts: BTreeMap<usize, Vec<Part>>,
}

/// What some versions say of a field or component.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) versions: String,
    pub(super) usage: String,
    pub(super) most: String,
    pub(super) datatype: String,
    pub(super) name: String,
}

impl Part {
    pub(super) fn is_withdrawn(&self) -> bool {
        matches!(self.usage.as_str(), "W" | "X") || self.datatype.is_empty()
    }

    /// The first and the last version that say so.
    pub(super) fn span(&self) -> (&str, &str) {
        let first = self.versions.split([',', '-']).next().unwrap_or_default();
        let last = self.versions.rsplit([',', '-']).next().unwrap_or_default();
        (first, last)
    }

    /// The latest version that says so, as a number to compare.
    pub(super) fn latest(&self) -> Vec<u32> {
        self.span().1.split('.').filter_map(|number| number.parse().ok()).collect()
    }
}

/// Reads `NAME<tab>VERSIONS<tab>TITLE` and, below each, its parts.
pub(super) fn definitions(text: &str) -> Result<BTreeMap<String, Definition>, String> {
    let mut all: BTreeMap<String, Definition> = BTreeMap::new();
    let mut current = String::new();
    for (index, line) in
        text.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
    {
        let cells: Vec<&str> = line.split('\t').collect();
        let bad = || format!("line {} of the dictionary is not understood", index + 1);
        match cells.as_slice() {
            ["", number, versions, usage, often, datatype, _, _, name] => {
                let number = number.parse().map_err(|_| bad())?;
                let part = Part {
                    versions: (*versions).to_owned(),
                    usage: (*usage).to_owned(),
                    most: often.split("..").last().unwrap_or("1").to_owned(),
                    datatype: (*datatype).to_owned(),
                    name: (*name).to_owned(),
                };
                all.entry(current.clone()).or_default().parts.entry(number).or_default().push(part);
            }
            [name, _, title] if !name.is_empty() => {
                current = (*name).to_owned();
                all.entry(current.clone()).or_default().title = (*title).to_owned();
            }
            _ => return Err(bad()),
        }
    }
    Ok(all)
}
