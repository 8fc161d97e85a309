//! The table of classes.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::DataClass::{self, Unclassified};
use crate::labeller::{Record, TableError, TableReason, records};

/// The version of the table: it changes whenever a resource may be classified differently.
pub const CLASS_TABLE_VERSION: u32 = 4;

pub(super) static TEXT: &str = include_str!("../../data/classes.csv");
const COLUMNS: &str = "rule,of,codes,classes,source";

/// A table that cannot be read holds nothing: everything is unclassified then.
static TABLE: LazyLock<Table> = LazyLock::new(|| Table::parse(TEXT).unwrap_or_default());

/// How a resource type is classified.
#[derive(Clone, Debug)]
pub(super) enum Rule {
    /// No data of a patient.
    Administrative,
    /// Tells about other resources.
    Follows,
    /// By type alone.
    Fixed(Vec<DataClass>),
    /// By `category`, else by `code`; else every class that the type can have.
    Category { absent: Vec<DataClass> },
}

/// What a list of codes is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Use {
    Category,
    Code,
    Document,
}

/// The classes of a code.
#[derive(Clone, Debug)]
pub(super) enum Coded {
    /// These.
    Are(Vec<DataClass>),
    /// All that the type can have.
    Any,
}

/// The codes of one system.
type Codes = HashMap<Box<str>, Coded>;

#[derive(Default)]
pub(super) struct Table {
    types: HashMap<Box<str>, Rule>,
    /// By use, system and code.
    codes: HashMap<Use, HashMap<Box<str>, Codes>>,
}

pub(super) fn rule(resource_type: &str) -> &'static Rule {
    static UNCLASSIFIED: LazyLock<Rule> = LazyLock::new(|| Rule::Fixed(vec![Unclassified]));
    TABLE.types.get(resource_type).unwrap_or(&UNCLASSIFIED)
}

/// Whether the table holds a type.
pub(crate) fn holds(resource_type: &str) -> bool {
    TABLE.types.contains_key(resource_type)
}

/// The classes of a code.
pub(super) fn coded(of: Use, system: &str, code: &str) -> Option<&'static Coded> {
    TABLE.codes.get(&of)?.get(system)?.get(code)
}

impl Table {
    pub(super) fn parse(text: &str) -> Result<Self, TableError> {
        let mut table = Self::default();
        for record in records(text, COLUMNS)? {
            table.add(&record).map_err(|reason| TableError::new(record.line, reason))?;
        }
        Ok(table)
    }

    fn add(&mut self, record: &Record) -> Result<(), TableReason> {
        let [rule, of, codes, classes, source] = record.fields.as_slice() else {
            return Err(TableReason::Columns);
        };
        if source.is_empty() {
            return Err(TableReason::NoSource);
        }
        let named = || parse_classes(classes);
        match rule.as_str() {
            "type" => self.types(of, &Rule::Fixed(named()?)),
            "by-category" => self.types(of, &Rule::Category { absent: named()? }),
            "follows" => self.types(of, &Rule::Follows),
            "administrative" => self.types(of, &Rule::Administrative),
            "category" if classes == "*" => self.codes(Use::Category, of, codes, &Coded::Any),
            "category" => self.codes(Use::Category, of, codes, &Coded::Are(named()?)),
            "code" => self.codes(Use::Code, of, codes, &Coded::Are(named()?)),
            "document" => self.codes(Use::Document, of, codes, &Coded::Are(named()?)),
            _ => Err(TableReason::Columns),
        }
    }

    /// No type stands twice.
    fn types(&mut self, names: &str, rule: &Rule) -> Result<(), TableReason> {
        let mut is_new = |name: &str| self.types.insert(name.into(), rule.clone()).is_none();
        if names.split_whitespace().all(&mut is_new) { Ok(()) } else { Err(TableReason::Codes) }
    }

    /// No code stands twice.
    fn codes(&mut self, of: Use, system: &str, codes: &str, coded: &Coded) -> Result<(), TableReason> {
        let known = self.codes.entry(of).or_default().entry(system.into()).or_default();
        let mut is_new = |code: &str| known.insert(code.into(), coded.clone()).is_none();
        if codes.split_whitespace().all(&mut is_new) { Ok(()) } else { Err(TableReason::Codes) }
    }
}

fn parse_classes(classes: &str) -> Result<Vec<DataClass>, TableReason> {
    let parsed: Vec<DataClass> = classes.split_whitespace().map(DataClass::parse).collect();
    let is_known = !parsed.is_empty() && parsed.iter().all(DataClass::is_permittable);
    if is_known { Ok(parsed) } else { Err(TableReason::Class) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_reads_and_has_its_version() {
        let table = Table::parse(TEXT).unwrap();
        assert!(TEXT.starts_with(&format!("# version {CLASS_TABLE_VERSION}\n")));
        assert!(table.types.len() > 40 && table.codes.len() == 3);
    }

    /// HL7 Terminology 7.0.1, observation-category 2.0.0 and v2-0074 3.0.0.
    #[test]
    fn every_category_and_section_of_hl7_stands_here() {
        for system in [
            "http://terminology.hl7.org/CodeSystem/observation-category",
            "http://terminology.hl7.org/CodeSystem/v2-0074",
        ] {
            let theirs = crate::vocabulary::published(system).into_iter().map(|(code, _)| code.into());
            let theirs: std::collections::BTreeSet<Box<str>> = theirs.collect();
            let ours = TABLE.codes.get(&Use::Category).and_then(|systems| systems.get(system)).unwrap();
            assert_eq!(ours.keys().cloned().collect::<std::collections::BTreeSet<_>>(), theirs, "{system}");
        }
    }

    #[test]
    fn nothing_stands_twice_and_every_row_is_understood() {
        for (row, reason) in [
            ("type,Patient,,DEMOGRAPHICS,s\ntype,Patient,,VITALS,s", TableReason::Codes),
            ("code,urn:x,1 2 1,VITALS,s", TableReason::Codes),
            ("type,Patient,,DREAMS,s", TableReason::Class),
            ("type,Patient,,UNCLASSIFIED,s", TableReason::Class),
            ("type,Patient,,VITALS,", TableReason::NoSource),
            ("kind,Patient,,VITALS,s", TableReason::Columns),
        ] {
            let error = Table::parse(&format!("{COLUMNS}\n{row}\n")).map(|_| ()).unwrap_err();
            assert_eq!(error.reason(), reason, "{row}");
        }
    }
}
