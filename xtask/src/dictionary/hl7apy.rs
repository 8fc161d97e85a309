//! What hl7apy says: structures, cardinalities, tables, and which fields were withdrawn.

use std::collections::BTreeMap;
use std::path::Path;

use super::fetch::read;
use super::literal::{Value, table};
use super::model::{Definition, Part, Release, Table, table_id};

/// One version; `None` when hl7apy does not have it.
pub(super) fn release(package: &Path, version: &str) -> Result<Option<Release>, String> {
    let folder = package.join(format!("v{}", version.replace('.', "_")));
    if !folder.is_dir() {
        return Ok(None);
    }
    let open = |file: &str, name: &str| {
        let source = read(&folder.join(file))?;
        table(&source, name).map_err(|error| format!("hl7apy {version}: {error}"))
    };
    let fields: BTreeMap<String, Value> = open("fields.py", "FIELDS")?.into_iter().collect();
    let components: BTreeMap<String, Value> = open("datatypes.py", "DATATYPES")?.into_iter().collect();
    let tables = if folder.join("tables.py").is_file() { open("tables.py", "TABLES")? } else { Vec::new() };
    let mut release = Release {
        segments: definitions(&open("segments.py", "SEGMENTS")?, &fields),
        datatypes: definitions(&open("datatypes.py", "DATATYPES_STRUCTS")?, &components),
        tables: tables.iter().filter_map(|(id, value)| Some((table_id(id)?, code_table(value)))).collect(),
        ..Release::default()
    };
    release.segments.remove("ANYHL7SEGMENT");
    let groups: BTreeMap<String, Value> = open("groups.py", "GROUPS")?.into_iter().collect();
    for (name, value) in open("messages.py", "MESSAGES")? {
        let mut structure = Structure { name: &name, groups: &groups, bodies: BTreeMap::new() };
        let body = structure.body(children(&value))?;
        structure.bodies.insert(String::new(), body);
        release
            .structures
            .extend(structure.bodies.into_iter().map(|(group, body)| ((name.clone(), group), body)));
    }
    Ok(Some(release))
}

/// Segments, or datatypes, from their parts: `('PID_1', .., (0, 1), 'FIE')`.
fn definitions(all: &[(String, Value)], parts: &BTreeMap<String, Value>) -> BTreeMap<String, Definition> {
    let definition = |value: &Value| Definition {
        title: String::new(),
        parts: children(value)
            .iter()
            .filter_map(|child| {
                let name = child.items().first()?.text()?;
                let number = name.rsplit_once('_')?.1.parse().ok()?;
                Some((number, part(parts.get(name)?, child.items().get(2))?))
            })
            .collect(),
    };
    all.iter().map(|(name, value)| (name.clone(), definition(value))).collect()
}

/// `('leaf', None, 'ST', 'STREET_ADDRESS', 'HL70001', -1)`.
fn part(value: &Value, cardinality: Option<&Value>) -> Option<Part> {
    let items = value.items();
    let datatype = items.get(2)?.text()?.to_owned();
    let withdrawn = datatype == "WD";
    let (min, max) = cardinality.and_then(bounds).unzip();
    Some(Part {
        name: items.get(3)?.text()?.to_owned(),
        usage: withdrawn.then_some('W'),
        datatype: if withdrawn { String::new() } else { datatype },
        table: items.get(4).and_then(Value::text).and_then(table_id),
        min,
        max,
        length: None,
    })
}

/// `(0, -1)`: least and most, where -1 is any number.
fn bounds(value: &Value) -> Option<(u32, Option<u32>)> {
    let least = value.items().first()?.number()?;
    let most = value.items().get(1)?.number()?;
    Some((u32::try_from(least).ok()?, u32::try_from(most).ok()))
}

fn code_table(value: &Value) -> Table {
    let items = value.items();
    let codes = items.get(1).map(Value::items).unwrap_or_default();
    Table {
        kind: None,
        title: items.first().and_then(Value::text).unwrap_or_default().trim().to_owned(),
        codes: codes.iter().filter_map(Value::text).map(|code| code.trim().to_owned()).collect(),
    }
}

/// The children of `('sequence', (..))`, or of a bare `(..)`.
fn children(value: &Value) -> &[Value] {
    match value.items() {
        [Value::Text(_), Value::List(children), ..] => children,
        children => children,
    }
}

/// The bodies of a structure and its groups.
struct Structure<'a> {
    name: &'a str,
    groups: &'a BTreeMap<String, Value>,
    bodies: BTreeMap<String, String>,
}

impl Structure<'_> {
    fn body(&mut self, children: &[Value]) -> Result<String, String> {
        let nodes: Result<Vec<String>, String> = children.iter().map(|child| self.node(child)).collect();
        // QBP_Q13 of 2.4 has a group with nothing in it.
        Ok(nodes?.into_iter().filter(|node| !node.is_empty()).collect::<Vec<_>>().join(" "))
    }

    fn node(&mut self, child: &Value) -> Result<String, String> {
        let items = child.items();
        let name = items.first().and_then(Value::text).unwrap_or_default();
        let often = match items.get(2).and_then(bounds) {
            Some((1, Some(1))) => String::new(),
            Some((0, Some(1))) => "?".to_owned(),
            Some((0, None)) => "*".to_owned(),
            Some((1, None)) => "+".to_owned(),
            Some((least, most)) => {
                format!("{{{least},{}}}", most.map_or_else(String::new, |most| most.to_string()))
            }
            None => return Err(format!("{} of {} has no cardinality", name, self.name)),
        };
        if items.get(3).and_then(Value::text) == Some("SEG") {
            let name = if name.eq_ignore_ascii_case("anyhl7segment") { "." } else { name };
            return Ok(format!("{name}{often}"));
        }
        let group = self.groups.get(name).ok_or_else(|| format!("no group {name}"))?.clone();
        let body = self.body(children(&group))?;
        if body.is_empty() {
            return Ok(String::new());
        }
        if group.items().first().and_then(Value::text) == Some("choice") {
            return Ok(format!("<{}>{often}", body.replace(' ', "|")));
        }
        // Only the case differs, in the structures of table 0354 that stand for site-defined ones (`MFN_Znn`).
        let own = name.get(..self.name.len()).is_some_and(|head| head.eq_ignore_ascii_case(self.name));
        let short = name.get(self.name.len() + 1..).filter(|_| own);
        let short = short.ok_or_else(|| format!("{name} is used in {}", self.name))?;
        self.bodies.insert(short.to_owned(), body);
        Ok(format!("@{short}{often}"))
    }
}
