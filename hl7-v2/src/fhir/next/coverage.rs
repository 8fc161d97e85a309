//! Which fields the map reads, and why it does not read the others.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::context::Context;
use super::node::{Node, Seg};
use super::row::{RowText, Table};
use super::segment::{self, LeftOut};
use crate::fhir::report::Unmapped;

const NO_MAP: &str = "no map for this segment";

/// Every table of the map, in the order of the documentation.
pub(crate) fn tables() -> impl Iterator<Item = &'static Table> {
    segment::TABLES.iter().copied()
}

/// Every row of the map.
pub(crate) fn rows() -> Vec<RowText> {
    tables().flat_map(Table::texts).collect()
}

/// The fields with content that no row read.
pub(crate) fn unmapped<'a>(segments: &[Seg<'a>], c: &Context<'a>) -> Vec<Unmapped> {
    segments.iter().flat_map(|seg| unmapped_of(seg, c)).collect()
}

fn unmapped_of<'a>(seg: &Seg<'a>, c: &Context<'a>) -> Vec<Unmapped> {
    let Some(at) = seg.at() else { return Vec::new() };
    let first = if seg.name().ends_with("HS") || seg.is("MSH") { 3 } else { 1 };
    let left = (first..=seg.last_field())
        .filter(|&field| !c.has_read(seg, field))
        .filter(|&field| seg.repetitions(field).any(|node: Node<'_>| node.has_content()));
    let Some(rows) = covered().get(seg.name().to_ascii_uppercase().as_str()) else {
        return left.take(1).map(|_| Unmapped { at, reason: NO_MAP }).collect();
    };
    let report = |field| Unmapped { at: at.at_field(usize::from(field)), reason: reason(rows, seg, field) };
    left.map(report).collect()
}

/// The fields that rows read, by segment.
fn covered() -> &'static HashMap<&'static str, Vec<u16>> {
    static COVERED: LazyLock<HashMap<&'static str, Vec<u16>>> = LazyLock::new(|| {
        let mut covered: HashMap<&'static str, Vec<u16>> = HashMap::new();
        for row in tables().flat_map(|table| table.rows.iter().map(move |row| (table.segment, row))) {
            covered
                .entry(row.0)
                .or_default()
                .extend(std::iter::once(row.1.field).chain(row.1.also.iter().copied()));
        }
        covered
    });
    &COVERED
}

fn reason(rows: &[u16], seg: &Seg<'_>, field: u16) -> &'static str {
    if rows.contains(&field) {
        return "its row does not apply to this message or Bundle";
    }
    let name = format!("{}-{field}", seg.name().to_ascii_uppercase());
    let is_it = |left: &&LeftOut| left.row.split(' ').nth(1) == Some(name.as_str());
    left_out().find(is_it).map_or("no row for this field", |left| left.reason)
}

/// The rows of the official guide that this map leaves out.
pub(crate) fn left_out() -> impl Iterator<Item = &'static LeftOut> {
    segment::UNMAPPED.iter().copied().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::next::target::Step;

    /// The types of R4 that a value of another type may stand in.
    fn fits(element: &str, made: &str) -> bool {
        let made = if made.starts_with("Reference") { "Reference" } else { made };
        element == made
            || matches!(
                (element, made),
                (
                    "uri" | "string" | "markdown" | "url" | "canonical" | "id" | "base64Binary",
                    "code" | "string" | "uri" | "url"
                ) | ("code", "string")
                    | ("Quantity" | "SimpleQuantity" | "Duration" | "Age", "Quantity" | "Duration")
                    | ("dateTime", "date" | "instant")
                    | ("integer", "positiveInt" | "unsignedInt")
                    | ("unsignedInt", "positiveInt")
                    | ("Coding", "CodeableConcept")
            )
    }

    #[test]
    fn every_target_is_an_element_of_r4_of_the_type_that_is_made() {
        let mut wrong = Vec::new();
        for table in tables() {
            for (row, steps) in table.rows.iter().zip(table.targets()) {
                let nowhere = steps.iter().any(|step| {
                    matches!(step, Step::Nowhere) || matches!(step, Step::Extension { value: None, .. } if row.via.fhir().is_some() && steps.last() == Some(step))
                });
                let shape = crate::fhir::next::target::shape(table.resource, row.target);
                let misfit = match (shape, row.via.fhir()) {
                    (Some(shape), Some(made)) => !fits(shape, made),
                    _ => false,
                };
                if nowhere || misfit {
                    wrong.push(format!(
                        "{} {}-{} {} {:?} {shape:?}",
                        table.name,
                        table.segment,
                        row.field,
                        row.target,
                        row.via.fhir()
                    ));
                }
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn every_field_of_a_table_stands_in_order() {
        for table in tables() {
            assert!(table.name.starts_with(table.segment), "{}", table.name);
            let fields: Vec<u16> = table.rows.iter().map(|row| row.field).collect();
            assert!(fields.is_sorted(), "{}: {fields:?}", table.name);
        }
    }
}
