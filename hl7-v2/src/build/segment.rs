//! One segment by the numbers of its fields.

use std::fmt;

use super::Value;
use super::value::{MOST_PARTS, Part};
use crate::SegmentId;

/// The most repetitions of a field.
const MOST_REPETITIONS: usize = 100_000;

/// A segment to write, filled by field number. The numbers of fields, repetitions, components and subcomponents
/// count from 1, as in the standard; at most 1000 of each are written (100 000 repetitions).
///
/// ```
/// use carewire_hl7_v2::build::{SegmentBuilder, Value};
///
/// let note = SegmentBuilder::new("NTE").field(1, 1_u32).field(3, "first line").add(3, "second line");
/// let cleared = SegmentBuilder::new("ZP1").null(1).raw(2, "A^B&C~D");
/// let location = SegmentBuilder::new("PV1").component(3, 1, 4, Value::parts(["GEN", "1.2.3", "ISO"]));
/// assert_eq!(format!("{note:?}"), "SegmentBuilder(NTE, 3 fields)");
/// # let _ = (cleared, location);
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct SegmentBuilder {
    name: String,
    /// Index 0 is field 1. Each is the list of its repetitions.
    fields: Vec<Vec<Value>>,
    fault: Option<Misnumbered>,
}

/// A number that is out of range, kept until the message is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Misnumbered {
    pub(super) field: usize,
    pub(super) repetition: usize,
}

impl SegmentBuilder {
    /// An empty segment. That the name is one is looked at when the message is written.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), fields: Vec::new(), fault: None }
    }

    /// Sets field `n`, whatever repetitions it had.
    #[must_use]
    pub fn field(mut self, n: usize, value: impl Into<Value>) -> Self {
        self.put(n, value.into());
        self
    }

    /// Adds a repetition to field `n`.
    #[must_use]
    pub fn add(mut self, n: usize, value: impl Into<Value>) -> Self {
        self.push(n, value.into());
        self
    }

    /// Sets one repetition of field `n`.
    #[must_use]
    pub fn repetition(mut self, n: usize, repetition: usize, value: impl Into<Value>) -> Self {
        if let Some(slot) = self.slot(n, repetition) {
            *slot = value.into();
        }
        self
    }

    /// Sets one component of a repetition of field `n`.
    #[must_use]
    pub fn component(
        mut self,
        n: usize,
        repetition: usize,
        component: usize,
        value: impl Into<Value>,
    ) -> Self {
        if let Some(slot) = self.slot(n, repetition) {
            slot.set(component, value.into());
        }
        self
    }

    /// Sets one subcomponent of a component of a repetition of field `n`.
    #[must_use]
    pub fn subcomponent(
        mut self,
        n: usize,
        repetition: usize,
        component: usize,
        subcomponent: usize,
        value: impl Into<Value>,
    ) -> Self {
        let component = self.slot(n, repetition).and_then(|slot| slot.part(component));
        if let Some(slot) = component {
            slot.set(subcomponent, value.into());
        }
        self
    }

    /// Sets field `n` to the null `""`.
    #[must_use]
    pub fn null(self, n: usize) -> Self {
        self.field(n, Value::null())
    }

    /// Sets field `n` to notation that is written as it stands, repetitions and escape sequences included.
    #[must_use]
    pub fn raw(self, n: usize, notation: impl Into<String>) -> Self {
        self.field(n, Value::raw(notation))
    }

    /// The name as given.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn put(&mut self, n: usize, value: Value) {
        self.clear(n);
        self.push(n, value);
    }

    pub(super) fn clear(&mut self, n: usize) {
        if let Some(repetitions) = self.repetitions_mut(n) {
            repetitions.clear();
        }
    }

    pub(super) fn push(&mut self, n: usize, value: Value) {
        match self.repetitions_mut(n) {
            Some(repetitions) if repetitions.len() < MOST_REPETITIONS => repetitions.push(value),
            Some(_) => self.fault(n, MOST_REPETITIONS + 1),
            None => {}
        }
    }

    pub(super) fn fields(&self) -> &[Vec<Value>] {
        &self.fields
    }

    pub(super) fn misnumbered(&self) -> Option<Misnumbered> {
        self.fault
    }

    pub(super) fn is_given(&self, n: usize) -> bool {
        let repetitions = n.checked_sub(1).and_then(|index| self.fields.get(index));
        repetitions.is_some_and(|repetitions| repetitions.iter().any(|value| value.0 != Part::Absent))
    }

    /// The first component of the first repetition of field `n`, if it is text.
    pub(super) fn leading_text(&self, n: usize) -> Option<&str> {
        let repetitions = n.checked_sub(1).and_then(|index| self.fields.get(index))?;
        let mut value = repetitions.first()?;
        while let Part::Parts(parts) = &value.0 {
            value = parts.first()?;
        }
        match &value.0 {
            Part::Text(text) | Part::Lines(text) | Part::Raw(text) => Some(text),
            Part::Absent | Part::Null | Part::Parts(_) => None,
        }
    }

    fn slot(&mut self, n: usize, repetition: usize) -> Option<&mut Value> {
        let index = repetition.checked_sub(1).filter(|index| *index < MOST_REPETITIONS);
        let Some(index) = index else {
            self.fault(n, repetition);
            return None;
        };
        let repetitions = self.repetitions_mut(n)?;
        if repetitions.len() <= index {
            repetitions.resize(index + 1, Value::default());
        }
        repetitions.get_mut(index)
    }

    fn repetitions_mut(&mut self, n: usize) -> Option<&mut Vec<Value>> {
        let Some(index) = n.checked_sub(1).filter(|index| *index < MOST_PARTS) else {
            self.fault(n, 1);
            return None;
        };
        if self.fields.len() <= index {
            self.fields.resize(index + 1, Vec::new());
        }
        self.fields.get_mut(index)
    }

    fn fault(&mut self, field: usize, repetition: usize) {
        self.fault.get_or_insert(Misnumbered { field, repetition });
    }
}

impl fmt::Debug for SegmentBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = SegmentId::parse(&self.name);
        let name = name.as_ref().map_or("?", SegmentId::as_str);
        write!(f, "SegmentBuilder({name}, {} fields)", self.fields.len())
    }
}
