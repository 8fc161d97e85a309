//! Which fields the map reads, and why it does not read the others.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use bumpalo::collections::Vec as List;

use super::context::Context;
use super::node::Seg;
use super::row::{RowText, Table};
use super::segment::{self, LeftOut};
use crate::fhir::report::Unmapped;

const NO_MAP: &str = "no map for this segment";

/// Every table of the map, in the order of the documentation.
pub(crate) fn tables() -> impl Iterator<Item = &'static Table> {
    segment::TABLES.iter().copied()
}

/// Every row of the map, in the order of its tables.
///
/// ```
/// let rows = carewire_hl7_v2::fhir::rows();
/// let sex = rows.iter().find(|row| (row.map, row.field) == ("PID[Patient]", 8)).ok_or("no row")?;
/// assert_eq!(sex.to_string(), "PID-8 -> Patient.gender (CWE[code] AdministrativeSex)");
/// # Ok::<(), &str>(())
/// ```
#[must_use]
pub fn rows() -> Vec<RowText> {
    tables().flat_map(Table::texts).collect()
}

/// The fields with content that no row read.
pub(crate) fn unmapped<'a>(segments: &[Seg<'a>], c: &Context<'a>) -> Vec<Unmapped> {
    let mut unmapped = c.arena.list();
    for seg in segments {
        unmapped_of(seg, c, &mut unmapped);
    }
    unmapped.to_vec()
}

fn unmapped_of<'a>(seg: &Seg<'a>, c: &Context<'a>, unmapped: &mut List<'a, Unmapped>) {
    let first = if seg.name().ends_with("HS") || seg.is("MSH") { 3 } else { 1 };
    let unread = seg.written_beside(c.read_of(seg));
    let mut left = unread.filter(|&field| field >= first && seg.valued(field)).peekable();
    let Some(at) = left.peek().and_then(|_| seg.at()) else { return };
    match Known::of(seg) {
        Some(known) => unmapped.extend(
            left.map(|field| Unmapped { at: at.at_field(usize::from(field)), reason: known.reason(field) }),
        ),
        None => unmapped.extend(left.next().map(|_| Unmapped { at, reason: NO_MAP })),
    }
}

/// What is known of the fields of a segment that has rows. All in order, to be found without a look at each.
struct Known {
    /// In capitals.
    segment: &'static str,
    /// The fields that rows read.
    read: Vec<u16>,
    /// Why fields have no row.
    left_out: Vec<(u16, &'static str)>,
}

impl Known {
    fn of(seg: &Seg<'_>) -> Option<&'static Self> {
        static ALL: LazyLock<Vec<Known>> = LazyLock::new(Known::all);
        let upper = |byte: u8| byte.to_ascii_uppercase();
        let at =
            ALL.binary_search_by(|known| known.segment.bytes().cmp(seg.name().bytes().map(upper))).ok()?;
        ALL.get(at)
    }

    fn all() -> Vec<Self> {
        let mut rows: BTreeMap<&'static str, BTreeSet<u16>> = BTreeMap::new();
        for (segment, row) in tables().flat_map(|table| table.rows.iter().map(|row| (table.segment, row))) {
            rows.entry(segment)
                .or_default()
                .extend(std::iter::once(row.field).chain(row.also.iter().copied()));
        }
        let known = |(segment, read): (_, BTreeSet<_>)| Self {
            segment,
            read: read.into_iter().collect(),
            left_out: reasons(segment).into_iter().collect(),
        };
        rows.into_iter().map(known).collect()
    }

    fn reason(&self, field: u16) -> &'static str {
        if self.read.binary_search(&field).is_ok() {
            return "its row does not apply to this message or Bundle";
        }
        let found = self.left_out.binary_search_by_key(&field, |(field, _)| *field).ok();
        found.and_then(|at| self.left_out.get(at)).map_or("no row for this field", |(_, reason)| reason)
    }
}

/// Why fields of a segment have no row: the first reason for each.
fn reasons(segment: &str) -> BTreeMap<u16, &'static str> {
    let mut reasons = BTreeMap::new();
    for left in left_out() {
        let field =
            left.row.split(' ').nth(1).and_then(|field| field.strip_prefix(segment)?.strip_prefix('-'));
        if let Some(field) = field.and_then(|field| field.parse().ok()) {
            reasons.entry(field).or_insert(left.reason);
        }
    }
    reasons
}

/// The rows of the official guide that this map leaves out, and why.
pub fn left_out() -> impl Iterator<Item = &'static LeftOut> {
    segment::UNMAPPED.iter().copied().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::target::Step;

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
                let shape = crate::fhir::target::shape(table.resource, row.target);
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
