//! Rust from the code tables.

use std::collections::{BTreeMap, BTreeSet};

use super::names::{concept, constant, variants};
use super::read::{Codes, Map, Remark, Table, Target};

const MADE: &str = "// Made by `cargo xtask codes` from `hl7-v2/codes`. Do not edit.\n\n";

/// The files by their names: one for each initial of the tables, the systems, and `mod.rs`.
pub(super) fn files(codes: &Codes, numbers: &BTreeSet<String>) -> Result<BTreeMap<String, String>, String> {
    let mut bodies: BTreeMap<char, String> = BTreeMap::new();
    for table in &codes.tables {
        let initial = table.name.chars().next().ok_or("a table without a name")?;
        *bodies.entry(initial.to_ascii_lowercase()).or_default() += &self::table(table)?;
    }
    let mut files = BTreeMap::new();
    files.insert("mod.rs".to_owned(), module(codes, bodies.keys()));
    files.insert("system.rs".to_owned(), systems(codes, numbers));
    for (initial, body) in bodies {
        files.insert(format!("{initial}.rs"), headed(initial, &body));
    }
    Ok(files)
}

/// The file of an initial, with the imports that it needs.
fn headed(initial: char, body: &str) -> String {
    let helpers = [
        ("CodeMap", "CodeMap {"),
        ("Concept", "Option<Concept>"),
        ("NONE", "NONE"),
        ("Row", "Row<"),
        ("bare", "bare("),
        ("list", "list("),
        ("to", " to("),
    ];
    let used = helpers.iter().filter(|(_, sign)| body.contains(sign));
    let names: Vec<&str> = used.map(|(name, _)| *name).collect();
    let systems = if body.contains("system::") { "use super::system;\n" } else { "" };
    format!(
        "//! Code tables: {}.\n{MADE}{systems}use crate::fhir::code::{{{}}};\n{body}",
        initial.to_ascii_uppercase(),
        names.join(", ")
    )
}

/// The enum of a table, its rows and its maps.
fn table(table: &Table) -> Result<String, String> {
    let codes = table.codes();
    if codes.is_empty() {
        return table.maps.iter().map(|map| empty(table, map)).collect();
    }
    let (name, rows) = (&table.name, format!("{}_CODES", constant(&table.name)));
    let variants = variants(&codes);
    let mut source = format!(
        "\n/// Table {}.\n#[derive(Clone, Copy, Debug, PartialEq, Eq)]\npub(crate) enum {name} {{ {} }}\n",
        table.number,
        variants.join(", ")
    );
    let maps = table.own_maps().count();
    source += &format!("\nstatic {rows}: [Row<{name}, {maps}>; {}] = [\n", codes.len());
    for (code, variant) in codes.iter().zip(&variants) {
        let targets: Vec<String> = table.own_maps().map(|map| target(map.target(code), table)).collect();
        source += &format!("Row::new({code:?}, {name}::{variant}, [{}]),\n", targets.join(", "));
    }
    source += "];\n";
    source += &methods(table, &rows);
    for map in &table.maps {
        source += &statics(table, map)?;
    }
    Ok(source)
}

fn target(target: Option<&Target>, table: &Table) -> String {
    let Some(target) = target else { return "NONE".to_owned() };
    let system = match target.system.as_str() {
        "v2" => format!("system::V2_{}", table.number),
        other => format!("system::{}", constant(other)),
    };
    match &target.display {
        Some(display) => format!(" to({system}, {:?}, {display:?})", target.code),
        None => format!("bare({system}, {:?})", target.code),
    }
}

fn methods(table: &Table, rows: &str) -> String {
    let mut source = format!(
        "\nimpl {} {{\n\
         /// The code that is written so.\n\
         pub(crate) fn read(code: &str) -> Option<Self> {{ Row::read(&{rows}, code) }}\n\n\
         /// As HL7 v2 writes it.\n\
         pub(crate) fn code(self) -> &'static str {{ Row::code(&{rows}, self as usize) }}\n",
        table.name
    );
    for (index, map) in table.own_maps().enumerate() {
        source += &format!(
            "\n/// `{}`.\npub(crate) fn {}(self) -> Option<Concept> {{ Row::concept(&{rows}, self as usize, {index}) }}\n",
            map.name,
            method(table, map)
        );
    }
    source + "}\n"
}

fn method(table: &Table, map: &Map) -> String {
    concept(&map.name, &table.name, table.own_maps().count() == 1)
}

/// The map itself.
fn statics(table: &Table, map: &Map) -> Result<String, String> {
    let rows = match &map.same {
        None => map,
        Some(other) => table
            .own_maps()
            .find(|map| map.name == *other)
            .ok_or_else(|| format!("{}: no map `{other}` in its table", map.name))?,
    };
    let (name, method) = (&table.name, method(table, rows));
    Ok(format!(
        "\n/// `{}`.\npub(crate) static {}: CodeMap = CodeMap {{\nname: {:?},\ntable: {:?},\n\
         find: |code| {name}::read(code).and_then({name}::{method}),\n\
         knows: |code| {name}::read(code).is_some(),\n\
         translates: {},\n\
         codes: || list(&{}_CODES, {name}::code, {name}::{method}),\n}};\n",
        map.name,
        constant(&map.name),
        map.name,
        table.number,
        rows.rows.iter().any(|row| row.target.is_some()),
        constant(name),
    ))
}

/// A map of the guide in which no code of the table has a counterpart.
fn empty(table: &Table, map: &Map) -> Result<String, String> {
    Ok(format!(
        "\n/// `{}`: the guide has no counterpart for any code.\npub(crate) static {}: CodeMap = \
         CodeMap {{ name: {:?}, table: {:?}, find: |_| None, knows: |_| false, translates: false, codes: Vec::new }};\n",
        map.name,
        constant(&map.name),
        map.name,
        table.number,
    ))
}

fn module<'i>(codes: &Codes, initials: impl Iterator<Item = &'i char>) -> String {
    let initials: Vec<&char> = initials.collect();
    let mut source = format!("//! The code tables of HL7 v2.\n{MADE}");
    for initial in &initials {
        source += &format!("mod {initial};\n");
    }
    source += "pub(crate) mod system;\n\n";
    for initial in &initials {
        source += &format!("pub(crate) use {initial}::*;\n");
    }
    source += "\nuse super::{CodeMap, CorrectedCode, UnmappedCode};\n";
    let maps = || codes.tables.iter().flat_map(|table| &table.maps);
    let names = |official: bool| -> String {
        maps()
            .filter(|map| map.official == official)
            .map(|map| format!("&{},\n", constant(&map.name)))
            .collect()
    };
    source +=
        &format!("\n/// Every map of the guide.\npub(crate) static ALL: &[&CodeMap] = &[{}];\n", names(true));
    source += &format!(
        "\n/// The maps that are none of the guide.\npub(crate) static OWN: &[&CodeMap] = &[{}];\n",
        names(false)
    );
    source += &remarks(
        "Rows of the guide that are left out; `-` stands for the rows of a map that have no code of v2.",
        ("UNMAPPED", "UnmappedCode"),
        maps().flat_map(|map| map.left_out.iter().map(move |remark| (map, remark))),
    );
    source
        + &remarks(
            "Rows of the guide that are not taken as they are written there; `-` stands for all rows of a map.",
            ("CORRECTED", "CorrectedCode"),
            maps().flat_map(|map| map.corrected.iter().map(move |remark| (map, remark))),
        )
}

fn remarks<'m>(
    title: &str,
    (name, kind): (&str, &str),
    remarks: impl Iterator<Item = (&'m Map, &'m Remark)>,
) -> String {
    let lines: String = remarks
        .map(|(map, remark)| {
            format!(
                "{kind} {{ map: {:?}, code: {:?}, reason: {:?} }},\n",
                map.name, remark.code, remark.reason
            )
        })
        .collect();
    format!("\n/// {title}\npub(crate) static {name}: &[{kind}] = &[\n{lines}];\n")
}

/// The URLs of the systems.
fn systems(codes: &Codes, numbers: &BTreeSet<String>) -> String {
    let mut source = format!("//! The code systems of the tables.\n{MADE}");
    let tables = codes.tables.iter().filter(|table| {
        let mut rows = table.maps.iter().flat_map(|map| &map.rows);
        rows.any(|row| row.target.as_ref().is_some_and(|target| target.system == "v2"))
    });
    let tables = tables.map(|table| (format!("V2_{}", table.number), v2(&table.number)));
    let named = codes.systems.iter().map(|(name, url)| (constant(name), url.clone()));
    for (name, url) in named.chain(tables).collect::<BTreeMap<_, _>>() {
        source += &format!("pub(super) const {name}: &str = {url:?};\n");
    }
    source += "\n/// The code systems of the tables of HL7 v2, sorted.\npub(crate) static V2: &[&str] = &[\n";
    for number in numbers {
        source += &format!("{:?},\n", v2(number));
    }
    source + "];\n"
}

fn v2(number: &str) -> String {
    format!("http://terminology.hl7.org/CodeSystem/v2-{number}")
}
