//! Additions of a site: Z segments, more fields, tables and places in structures, from a text.

mod apply;
mod error;
mod place;
mod statement;

use std::collections::BTreeMap;

use super::{Dictionary, Parts};
use apply::Block;
pub use error::{OverlayError, OverlayProblem};
use statement::Statement;

/// The longest overlay that is read.
const MOST_BYTES: usize = 4 << 20;

/// How often segments are put into structures at most; a line below `structure *` counts for each structure.
const MOST_PLACES: usize = 20_000;

impl Dictionary {
    /// This dictionary with the additions of a text. What the text does not name stays as it is.
    ///
    /// A line that begins a block is not indented, the lines of the block are. `#` at the begin of a line is a remark.
    /// Words are separated by spaces; `-` stands for "none".
    ///
    /// | line | meaning |
    /// |---|---|
    /// | `version 2.5.1` | refuse to be laid over another version |
    /// | `segment ZPI Patient Extras` | a new segment, or one that gets more fields |
    /// | `  2 R 1..* CX 250 9001 Local Identifiers` | its field: number, usage, cardinality, datatype, length, table, name |
    /// | `datatype ZID Local Identifier` | a new datatype, or one that gets more components; its lines are as above |
    /// | `table 9001 user Kinds` | a new table (`user` or `hl7`), or one that gets more codes |
    /// | `  A First kind` | its code and text |
    /// | `structure ADT_A01` | an existing structure; `structure *` is each of them |
    /// | `  ZPI? after PID` | a segment goes before or after another one, or a group |
    /// | `  ZOX* after OBX[2] in PATIENT_RESULT.ORDER_OBSERVATION` | the same in a group, at the second OBX of it |
    /// | `  ZZZ* anywhere` | a segment may stand at any place |
    /// | `structure ZRI_Z01 = MSH PID @VISIT+` | a new structure: `?` 0..1, `*` 0..n, `+` 1..n, `{2,5}`, `<A\|B>`, `@GROUP` |
    /// | `  group VISIT = PV1 ZPV*` | its group |
    /// | `event ADT Z51 ADT_A01` | the structure of an event |
    ///
    /// What is defined already may be said again in the same words. To say something else, begin the line with
    /// `replace`.
    ///
    /// # Errors
    /// [`OverlayError`] with the line: a line that cannot be read, a number that leaves a gap, something else than what
    /// is defined, a datatype, table, segment, group or place that does not exist; more than 4 MiB, 10 000 nodes in a
    /// body, or 20 000 places in structures.
    ///
    /// # Example
    /// ```
    /// use carewire_hl7_v2::dictionary::{Dictionary, Version};
    ///
    /// let site = "\
    /// segment ZPI Patient Extras
    ///   1 O 0..1 ST 20 - Nickname
    ///   2 R 1..* CX -  9001 Local Identifiers
    /// table 9001 user Kinds of Local Identifiers
    ///   A Archive
    /// structure ADT_A01
    ///   ZPI? after PID
    /// ";
    /// let dictionary = Dictionary::of(Version::V2_5_1).with_overlay(site)?;
    /// let field = dictionary.segment("ZPI").and_then(|segment| segment.field(2)).ok_or("no ZPI-2")?;
    /// assert_eq!((field.name(), field.table()), ("Local Identifiers", Some("9001")));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_overlay(&self, text: &str) -> Result<Self, OverlayError> {
        if text.len() > MOST_BYTES {
            return Err(OverlayError::new(0, OverlayProblem::TooLong));
        }
        let mut work = Work { dictionary: self.clone(), references: BTreeMap::new(), places: 0 };
        let mut block = Block::default();
        for (at, line) in text.lines().enumerate() {
            let (number, words) = (at + 1, line.trim());
            if words.is_empty() || words.starts_with('#') {
                continue;
            }
            if line.starts_with([' ', '\t']) {
                block.line(&mut work, number, words)?;
            } else {
                block.finish(&mut work)?;
                block = work.begin(number, &Statement::read(number, words)?)?;
            }
        }
        block.finish(&mut work)?;
        work.check()?;
        Ok(work.dictionary)
    }
}

/// The dictionary as far as it is laid over.
struct Work {
    dictionary: Dictionary,
    /// What was referred to, with the first line that did.
    references: BTreeMap<Reference, usize>,
    /// How often a segment was put into a structure.
    places: usize,
}

/// Something that has to be defined at the end.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Reference {
    Datatype(String),
    Table(String),
    Segment(String),
    Structure(String),
}

impl Work {
    fn parts(&mut self) -> &mut Parts {
        &mut self.dictionary.parts
    }

    /// One more place in a structure.
    fn place(&mut self, line: usize) -> Result<(), OverlayError> {
        self.places += 1;
        if self.places > MOST_PLACES { Err(OverlayError::new(line, OverlayProblem::TooLong)) } else { Ok(()) }
    }

    fn refer(&mut self, line: usize, to: Reference) {
        self.references.entry(to).or_insert(line);
    }

    /// Everything that was referred to is there.
    fn check(&self) -> Result<(), OverlayError> {
        let dictionary = &self.dictionary;
        for (reference, line) in &self.references {
            let (there, problem) = match reference {
                Reference::Datatype(name) => {
                    (dictionary.datatype(name).is_some(), OverlayProblem::UnknownDatatype)
                }
                Reference::Table(id) => (dictionary.table(id).is_some(), OverlayProblem::UnknownTable),
                Reference::Segment(id) => (dictionary.segment(id).is_some(), OverlayProblem::UnknownSegment),
                Reference::Structure(name) => {
                    (dictionary.structure(name).is_some(), OverlayProblem::UnknownStructure)
                }
            };
            if !there {
                return Err(OverlayError::new(*line, problem));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
