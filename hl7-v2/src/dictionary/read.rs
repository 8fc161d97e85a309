//! Reads the files of `hl7-v2/dictionary`: see their heads for the form.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::Arc;

use super::definition::{
    Cardinality, DatatypeDefinition, FieldDefinition, Optionality, SegmentDefinition, text,
};
use super::structure::{StructureDefinition, nodes};
use super::table::{TableDefinition, TableKind, is_pattern};
use super::{Parts, Text, Version};

const SEGMENTS: &str = include_str!("../../dictionary/segments.txt");
const DATATYPES: &str = include_str!("../../dictionary/datatypes.txt");
const STRUCTURES: &str = include_str!("../../dictionary/structures.txt");
const TABLES: &str = include_str!("../../dictionary/tables.txt");
const EVENTS: &str = include_str!("../../dictionary/events.txt");

/// What one version defines; lines that cannot be read are left out and counted.
pub(super) fn version(version: Version) -> (Parts, usize) {
    let mut reader = Reader { version, faults: 0 };
    let segments =
        reader.definitions(SEGMENTS, |name, title, fields| SegmentDefinition { name, title, fields });
    let datatypes = reader.definitions(DATATYPES, |name, title, components| DatatypeDefinition {
        name,
        title,
        components,
    });
    let parts = Parts {
        segments,
        datatypes,
        structures: reader.structures(),
        tables: reader.tables(),
        ..Parts::default()
    };
    (parts, reader.faults)
}

/// The structures of the events that do not give their name to one, with their versions: `A04` with `ADT` is `ADT_A01`.
pub(super) fn events() -> impl Iterator<Item = (&'static str, Vec<RangeInclusive<Version>>, &'static str)> {
    lines(EVENTS).filter_map(|line| {
        let (structure, rest) = line.split_once('\t')?;
        let (versions, events) = rest.split_once('\t')?;
        let versions = versions.split(',').map(run).collect::<Option<Vec<_>>>()?;
        Some((structure, versions, events))
    })
}

/// `2.3-2.5.1` or `2.7`.
fn run(versions: &str) -> Option<RangeInclusive<Version>> {
    let (from, to) = versions.split_once('-').unwrap_or((versions, versions));
    Some(Version::parse(from)?..=Version::parse(to)?)
}

struct Reader {
    version: Version,
    faults: usize,
}

impl Reader {
    /// Segments with fields, or datatypes with components.
    fn definitions<T>(
        &mut self,
        file: &'static str,
        make: fn(Text, Text, Vec<FieldDefinition>) -> T,
    ) -> BTreeMap<Text, Arc<T>> {
        let mut all = BTreeMap::new();
        for (head, children) in blocks(file) {
            let mut columns = head.split('\t');
            let (name, versions) = (columns.next().unwrap_or_default(), columns.next().unwrap_or_default());
            if !self.has(versions) {
                continue;
            }
            let mut parts = Vec::new();
            for line in lines(children) {
                self.part(line, &mut parts);
            }
            let title = text(columns.next().unwrap_or_default());
            all.insert(text(name), Arc::new(make(text(name), title, parts)));
        }
        all
    }

    /// A field or component, which has to be the next one.
    fn part(&mut self, line: &'static str, parts: &mut Vec<FieldDefinition>) {
        let mut columns = line.split('\t').skip(1);
        let (number, versions) = (columns.next().unwrap_or_default(), columns.next().unwrap_or_default());
        if !self.has(versions) {
            return;
        }
        let part = part(columns).filter(|_| number.parse() == Ok(parts.len() + 1));
        self.faults += usize::from(part.is_none());
        parts.extend(part);
    }

    fn structures(&mut self) -> BTreeMap<Text, Arc<StructureDefinition>> {
        let mut all = BTreeMap::new();
        for (name, children) in blocks(STRUCTURES) {
            let mut bodies = BTreeMap::new();
            for line in lines(children) {
                let mut columns = line.split('\t').skip(1);
                let group = columns.next().unwrap_or_default();
                if self.has(columns.next().unwrap_or_default()) {
                    bodies.insert(group, columns.next().unwrap_or_default());
                }
            }
            match bodies.get("").map(|body| nodes(*body, &|name| bodies.get(name).copied())) {
                Some(Ok(nodes)) => {
                    all.insert(
                        text(name),
                        Arc::new(StructureDefinition { name: text(name), nodes, anywhere: Vec::new() }),
                    );
                }
                Some(Err(_)) => self.faults += 1,
                None => {}
            }
        }
        all
    }

    fn tables(&mut self) -> BTreeMap<Text, Arc<TableDefinition>> {
        let mut all = BTreeMap::new();
        for (head, children) in blocks(TABLES) {
            let mut columns = head.split('\t');
            let id = columns.next().unwrap_or_default();
            if !self.has(columns.next().unwrap_or_default()) {
                continue;
            }
            let kind = match columns.next() {
                Some("hl7") => TableKind::Hl7,
                Some("user") => TableKind::User,
                _ => TableKind::Unknown,
            };
            let name = text(columns.next().unwrap_or_default());
            let mut codes = BTreeMap::new();
            for line in lines(children) {
                let mut columns = line.split('\t').skip(1);
                let code = columns.next().unwrap_or_default();
                if self.has(columns.next().unwrap_or_default()) {
                    codes.insert(text(code), text(columns.next().unwrap_or_default()));
                }
            }
            let patterns = codes.keys().filter(|code| is_pattern(code)).cloned().collect();
            all.insert(text(id), Arc::new(TableDefinition { id: text(id), name, kind, codes, patterns }));
        }
        all
    }

    /// Whether a set such as `2.3-2.5.1,2.7` has the version.
    fn has(&mut self, versions: &str) -> bool {
        for versions in versions.split(',') {
            match run(versions) {
                Some(run) if run.contains(&self.version) => return true,
                Some(_) => {}
                None => self.faults += 1,
            }
        }
        false
    }
}

/// `USAGE MIN..MAX DATATYPE LENGTH TABLE NAME`
fn part(mut columns: impl Iterator<Item = &'static str>) -> Option<FieldDefinition> {
    let usage = Optionality::parse(columns.next()?)?;
    let (min, max) = columns.next()?.split_once("..")?;
    let max = if max == "*" { None } else { Some(max.parse().ok()?) };
    let cardinality = Cardinality { min: min.parse().ok()?, max };
    let datatype = text(columns.next()?);
    let length = columns.next()?;
    let length = if length.is_empty() { None } else { Some(length.parse().ok()?) };
    let table = Some(columns.next()?).filter(|table| !table.is_empty()).map(text);
    Some(FieldDefinition { name: text(columns.next()?), datatype, usage, cardinality, length, table })
}

/// The lines that are not remarks.
fn lines(file: &'static str) -> impl Iterator<Item = &'static str> {
    file.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// The head lines, each with the lines below it, which begin with a tab.
fn blocks(file: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let mut rest = file;
    std::iter::from_fn(move || {
        loop {
            let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
            rest = after;
            if line.is_empty() && after.is_empty() {
                return None;
            }
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let mut end = 0;
            while after.as_bytes().get(end) == Some(&b'\t') {
                end = memchr::memchr(b'\n', after.as_bytes().get(end..).unwrap_or_default())
                    .map_or(after.len(), |at| end + at + 1);
            }
            let (children, next) = after.split_at_checked(end).unwrap_or((after, ""));
            rest = next;
            return Some((line, children));
        }
    })
}
