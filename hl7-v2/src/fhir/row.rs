//! Rows: what of a segment becomes what of a resource, as data.

use carewire_fhir_core::types::ToJson;

use super::context::{Context, Draft};
pub use super::next::row::RowText;
use super::node::{Node, is_valued, repetitions};
use super::report::Reason;
use crate::Segment;

/// What a row did: nothing to say, or why the value could not be used.
pub(crate) type Outcome = Result<(), Reason>;

/// What a datatype function found: a value, nothing, or why what is there could not be used.
pub(crate) type Found<T> = Result<Option<T>, Reason>;

type Apply<T> = fn(&mut T, &Node<'_>, &mut Context<'_>) -> Outcome;

/// All rows from one segment to one type of resource. Rows apply in order, to each repetition of their field.
pub(crate) struct Table<T: 'static> {
    pub(crate) segment: &'static str,
    pub(crate) resource: &'static str,
    pub(crate) rows: &'static [Row<T>],
}

/// One row of the map.
pub(crate) struct Row<T: 'static> {
    field: u16,
    also: &'static [u16],
    target: &'static str,
    via: &'static str,
    apply: Apply<T>,
    when: Option<When>,
}

#[derive(Clone, Copy)]
struct When {
    label: &'static str,
    holds: fn(&Segment<'_>) -> bool,
}

/// A row: field, element, map of the datatype (and of the code), and the function that does it.
pub(crate) const fn row<T>(field: u16, target: &'static str, via: &'static str, apply: Apply<T>) -> Row<T> {
    Row { field, also: &[], target, via, apply, when: None }
}

impl<T> Row<T> {
    /// The row applies only when this holds for the segment.
    pub(crate) const fn when(self, label: &'static str, holds: fn(&Segment<'_>) -> bool) -> Self {
        Self { when: Some(When { label, holds }), ..self }
    }

    /// The row reads these fields too.
    pub(crate) const fn and(self, also: &'static [u16]) -> Self {
        Self { also, ..self }
    }
}

impl<T: ToJson> Table<T> {
    /// Applies every row to the segment.
    pub(crate) fn apply(&self, draft: &mut Draft<T>, segment: &Segment<'_>, c: &mut Context<'_>) {
        for row in self.rows {
            if row.when.is_some_and(|when| !(when.holds)(segment)) {
                continue;
            }
            c.mark_read(segment, row.field);
            row.also.iter().for_each(|&field| c.mark_read(segment, field));
            for node in repetitions(segment, row.field).filter(Node::has_content) {
                let before = c.snapshot(draft);
                if let Err(reason) = (row.apply)(&mut draft.body, &node, c) {
                    c.report(node.at(), reason);
                }
                c.trace(before, draft, &node, self.text(row));
            }
        }
    }

    /// The rows as text.
    pub(crate) fn texts(&self) -> Vec<RowText> {
        self.rows.iter().map(|row| self.text(row)).collect()
    }

    fn text(&self, row: &Row<T>) -> RowText {
        RowText {
            map: "",
            with: "",
            segment: self.segment,
            field: row.field,
            also: row.also,
            resource: self.resource,
            target: row.target,
            via: row.via,
            condition: row.when.map(|when| when.label),
        }
    }
}

/// Puts the value into an element that holds one.
pub(crate) fn set<T>(slot: &mut Option<T>, found: Found<T>) -> Outcome {
    match (found?, &slot) {
        (None, _) => Ok(()),
        (Some(_), Some(_)) => Err(Reason::OnlyOneFits),
        (value, None) => {
            *slot = value;
            Ok(())
        }
    }
}

/// Adds the value to an element that holds many.
pub(crate) fn push<T>(list: &mut Vec<T>, found: Found<T>) -> Outcome {
    list.extend(found?);
    Ok(())
}

/// Whether a field of the segment has content; for the conditions of rows.
pub(crate) fn valued(segment: &Segment<'_>, field: u16) -> bool {
    is_valued(segment, field)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_value_stays_and_a_second_is_reported() {
        let mut slot = None;
        assert_eq!(set(&mut slot, Ok(None::<u8>)), Ok(()));
        assert_eq!(set(&mut slot, Ok(Some(1))), Ok(()));
        assert_eq!(set(&mut slot, Ok(Some(2))), Err(Reason::OnlyOneFits));
        assert_eq!(slot, Some(1));
        assert_eq!(push(&mut vec![1], Err(Reason::NotADate)), Err(Reason::NotADate));
    }
}
