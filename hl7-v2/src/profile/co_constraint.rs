//! Co-constraints: tables that say which values go together in one segment, and how often such segments are there.

use std::collections::HashMap;

use super::assertion::{Assertion, Refusal};
use super::binding::{Binder, Binding, CodeLocation, SingleCode};
use super::error::ProfileError;
use super::model::Range;
use super::path::PositionPath;
use super::unsupported::UnsupportedReason;
use super::xml::{Document, Element, shown};

/// The tables for segments below a group.
#[derive(Debug)]
pub(super) struct CoConstraints {
    /// The groups, from the message on.
    pub(super) groups: PositionPath,
    /// The segments, from such a group on.
    pub(super) segments: PositionPath,
    pub(super) tables: Vec<Table>,
}

#[derive(Debug)]
pub(super) struct Table {
    /// What has to hold of the group for the table to apply.
    pub(super) condition: Option<Assertion>,
    /// Where the id is that says which segments belong together; the first that is valued counts.
    pub(super) group_ids: Vec<PositionPath>,
    pub(super) rows: Vec<Row>,
    pub(super) groups: Vec<RowGroup>,
}

/// Which segments a row is about, and what is demanded of them.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) rule: String,
    /// The selectors in words of the profile.
    pub(super) description: String,
    pub(super) requirement: Requirement,
    pub(super) selectors: Vec<Cell>,
    pub(super) constraints: Vec<Cell>,
}

/// Rows about segments with the same id: those that the primary row selects, and the others.
#[derive(Debug)]
pub(super) struct RowGroup {
    pub(super) rule: String,
    pub(super) name: String,
    pub(super) requirement: Requirement,
    pub(super) primary: Row,
    pub(super) rows: Vec<Row>,
}

/// How often.
#[derive(Clone, Copy, Debug)]
pub(super) struct Requirement {
    pub(super) required: bool,
    pub(super) range: Range,
}

/// A condition on one place of the segment.
#[derive(Debug)]
pub(super) enum Cell {
    Text { path: PositionPath, value: String },
    Code(SingleCode),
    ValueSets { path: PositionPath, bindings: Vec<Binding> },
}

/// Reads `CoConstraintContext`: the tables by the id of the message.
pub(super) fn read(
    document: &Document,
    binder: &mut Binder<'_>,
) -> Result<HashMap<String, Vec<CoConstraints>>, ProfileError> {
    let mut read: HashMap<String, Vec<CoConstraints>> = HashMap::new();
    binder.notes.children(document.file, &document.root, &["ByMessage", "MetaData"]);
    for message in document.root.children_named("ByMessage") {
        let tables = read.entry(document.required(message, "ID")?.to_owned()).or_default();
        for context in message.children_named("Context") {
            for segment in context.children_named("Segment") {
                let (groups, segments) = (path(document, context, "Path")?, path(document, segment, "Path")?);
                tables.push(CoConstraints {
                    groups,
                    segments,
                    tables: read_tables(document, segment, binder)?,
                });
            }
        }
    }
    Ok(read)
}

fn read_tables(
    document: &Document,
    segment: &Element,
    binder: &mut Binder<'_>,
) -> Result<Vec<Table>, ProfileError> {
    binder.notes.children(document.file, segment, &["SimpleTable", "ConditionalTable"]);
    let mut tables = Vec::new();
    for at in &segment.children {
        let condition = match &*at.name {
            "SimpleTable" => None,
            "ConditionalTable" => {
                let condition = document.required_child(at, "Condition")?;
                let assertion = document.required_child(condition, "Assertion")?;
                match Assertion::read_in(document, assertion, binder) {
                    Ok(assertion) => Some(assertion),
                    Err(Refusal::Error(error)) => return Err(error),
                    Err(Refusal::Unsupported(reason)) => {
                        binder.notes.note(reason, document.file, at, &at.name);
                        continue;
                    }
                }
            }
            _ => continue,
        };
        tables.push(read_table(document, at, condition, binder)?);
    }
    Ok(tables)
}

fn read_table(
    document: &Document,
    at: &Element,
    condition: Option<Assertion>,
    binder: &mut Binder<'_>,
) -> Result<Table, ProfileError> {
    let known = ["Condition", "CoConstraintGroupId", "CoConstraint", "CoConstraintGroup"];
    binder.notes.children(document.file, at, &known);
    let mut group_ids = Vec::new();
    let ids = at.child("CoConstraintGroupId").into_iter().flat_map(|ids| ids.children_named("IdPath"));
    for id in ids {
        group_ids.push((number(document, id, "Priority")?, path(document, id, "Path")?));
    }
    group_ids.sort_by_key(|(priority, _)| *priority);
    let rows: Result<Vec<_>, _> =
        at.children_named("CoConstraint").map(|row| read_row(document, row, binder)).collect();
    let rows = rows?;
    let mut groups = Vec::new();
    for group in at.children_named("CoConstraintGroup") {
        binder.notes.children(document.file, group, &["Primary", "CoConstraint"]);
        let primary = read_row(document, document.required_child(group, "Primary")?, binder)?;
        let rows: Result<Vec<_>, _> =
            group.children_named("CoConstraint").map(|row| read_row(document, row, binder)).collect();
        groups.push(RowGroup {
            rule: rule(group),
            name: shown(document.required(group, "Name")?),
            requirement: requirement(document, group)?,
            primary,
            rows: rows?,
        });
    }
    let group_ids = group_ids.into_iter().map(|(_, path)| path).collect();
    Ok(Table { condition, group_ids, rows, groups })
}

fn read_row(document: &Document, at: &Element, binder: &mut Binder<'_>) -> Result<Row, ProfileError> {
    binder.notes.children(document.file, at, &["Selectors", "Constraints"]);
    let mut words = Vec::new();
    let selectors = document.required_child(at, "Selectors")?;
    let selectors = read_cells(document, selectors, binder, &mut words)?;
    let constraints = match at.child("Constraints") {
        Some(constraints) => read_cells(document, constraints, binder, &mut Vec::new())?,
        None => Vec::new(),
    };
    let description = words.join(" and ").chars().take(300).collect();
    Ok(Row { rule: rule(at), description, requirement: requirement(document, at)?, selectors, constraints })
}

fn read_cells(
    document: &Document,
    parent: &Element,
    binder: &mut Binder<'_>,
    words: &mut Vec<String>,
) -> Result<Vec<Cell>, ProfileError> {
    let mut cells = Vec::new();
    for at in &parent.children {
        let name = at.attribute("Name").unwrap_or_default();
        let (cell, meaning) = match &*at.name {
            "PlainText" => {
                let value = document.required(at, "Value")?.to_owned();
                let meaning = value.clone();
                (Cell::Text { path: path(document, at, "Path")?, value }, meaning)
            }
            "Code" => {
                let code = document.required(at, "Code")?.to_owned();
                let system = document.required(at, "CodeSystem")?.to_owned();
                let (locations, target) = (locations(document, at)?, path(document, at, "Path")?);
                let meaning = format!("{code} of {system}");
                (Cell::Code(SingleCode { target, code, system, locations }), meaning)
            }
            "ValueSet" => {
                let bindings: Result<Vec<_>, _> = at
                    .children_named("ValueSetBinding")
                    .map(|binding| binder.binding(document, binding))
                    .collect();
                let bindings = bindings?;
                let names: Vec<&str> = bindings.iter().map(|binding| &*binding.name).collect();
                let meaning = names.join(", ");
                (Cell::ValueSets { path: path(document, at, "Path")?, bindings }, meaning)
            }
            _ => {
                binder.notes.note(UnsupportedReason::CoConstraint, document.file, at, &at.name);
                continue;
            }
        };
        words.push(format!("{name} {meaning}").trim().to_owned());
        cells.push(cell);
    }
    Ok(cells)
}

fn locations(document: &Document, at: &Element) -> Result<Vec<CodeLocation>, ProfileError> {
    let location = |at: &Element| {
        let system = at.attribute("CodeSystemPath").map(|_| path(document, at, "CodeSystemPath"));
        Ok(CodeLocation { code: path(document, at, "CodePath")?, system: system.transpose()? })
    };
    at.children_named("BindingLocation").map(location).collect()
}

fn requirement(document: &Document, at: &Element) -> Result<Requirement, ProfileError> {
    let required = match document.required(at, "Usage")? {
        "R" => true,
        "S" | "O" => false,
        _ => return Err(document.unreadable(at, "Usage")),
    };
    let max = match document.required(at, "Max")? {
        "*" => None,
        _ => Some(number(document, at, "Max")?),
    };
    Ok(Requirement { required, range: Range { min: number(document, at, "Min")?, max } })
}

fn number(document: &Document, at: &Element, attribute: &'static str) -> Result<usize, ProfileError> {
    document.required(at, attribute)?.parse().map_err(|_| document.unreadable(at, attribute))
}

fn path(document: &Document, at: &Element, attribute: &'static str) -> Result<PositionPath, ProfileError> {
    let path = PositionPath::parse(document.required(at, attribute)?);
    path.ok_or_else(|| document.unreadable(at, attribute))
}

/// Rows have no ids; the line says which it is.
fn rule(at: &Element) -> String {
    format!("co-constraint at line {}", at.line)
}
