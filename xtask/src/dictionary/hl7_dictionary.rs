//! What hl7-dictionary says: lengths up to 2.6, and which fields are kept for older versions only.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use super::fetch::read;
use super::model::{Definition, Part, Release};

#[derive(Deserialize)]
struct Entry {
    #[serde(default)]
    desc: String,
    #[serde(default, alias = "subfields")]
    fields: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    #[serde(default)]
    datatype: String,
    #[serde(default)]
    desc: String,
    opt: Option<u32>,
    rep: Option<u32>,
    len: Option<u32>,
    table: Option<u32>,
}

#[derive(Deserialize)]
pub(super) struct Codes {
    #[serde(default)]
    pub(super) desc: String,
    #[serde(default)]
    pub(super) values: BTreeMap<String, String>,
}

/// One version; `None` when the package does not have it.
pub(super) fn release(package: &Path, version: &str) -> Result<Option<Release>, String> {
    let folder = package.join(version);
    if !folder.is_dir() {
        return Ok(None);
    }
    Ok(Some(Release {
        segments: definitions(&folder.join("segments.js"))?,
        datatypes: definitions(&folder.join("fields.js"))?,
        ..Release::default()
    }))
}

/// The tables with the texts of their codes; they are of no particular version.
pub(super) fn tables(package: &Path) -> Result<BTreeMap<String, Codes>, String> {
    let all: BTreeMap<String, Codes> = object(&package.join("tables.js"))?;
    Ok(all.into_iter().map(|(id, codes)| (format!("{id:0>4}"), codes)).collect())
}

fn definitions(path: &Path) -> Result<BTreeMap<String, Definition>, String> {
    let all: BTreeMap<String, Entry> = object(path)?;
    let definition = |entry: Entry| Definition {
        title: entry.desc.trim().to_owned(),
        parts: entry.fields.into_iter().enumerate().map(|(at, item)| (at + 1, part(item))).collect(),
    };
    Ok(all.into_iter().map(|(name, entry)| (name, definition(entry))).collect())
}

/// The object that a file assigns to a variable is JSON.
pub(super) fn object<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T, String> {
    let source = read(path)?;
    let json = source.find('{').zip(source.rfind('}')).and_then(|(from, to)| source.get(from..=to));
    let json = json.ok_or_else(|| format!("{}: no object", path.display()))?;
    serde_json::from_str(json).map_err(|error| format!("{}: {error}", path.display()))
}

fn part(item: Item) -> Part {
    let required = item.opt == Some(2);
    Part {
        name: item.desc.trim().to_owned(),
        datatype: item.datatype,
        usage: match item.opt {
            Some(1) => Some('O'),
            Some(2) => Some('R'),
            Some(3) => Some('C'),
            Some(4) => Some('B'),
            _ => None,
        },
        min: item.opt.map(|_| u32::from(required)),
        max: item.rep.map(|rep| (rep != 0).then_some(rep)),
        length: item.len,
        table: item.table.filter(|&table| table != 9999 && table != 0).map(|table| format!("{table:04}")),
    }
}
