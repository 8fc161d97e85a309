//! Codes and their tables.

use super::Check;
use super::spot::{Level, Spot};
use crate::dictionary::{DatatypeDefinition, Dictionary, TableDefinition, TableKind, Version};
use crate::{FindingKind, Severity};

/// Tables of HL7 whose codes the dictionary cannot say to be wrong.
///
/// Most stand for codes from elsewhere: character sets (0211), subtypes and types of MIME (0291, 0834), languages (0296),
/// coding systems (0396), countries (0399). Of the main types of MIME (0191) the dictionary has `application` and `image`
/// with a capital letter in 2.3.1 and not at all later, although laboratories write them in each ED.
const OPEN: [&str; 7] = ["0191", "0211", "0291", "0296", "0396", "0399", "0834"];

/// Tables in which codes that begin with Z are those of sites: events, message codes and structures.
const LOCAL: [&str; 3] = ["0003", "0076", "0354"];

impl Check<'_> {
    /// Checks a code of a field or component that has a table.
    pub(super) fn code(&mut self, spot: &Spot<'_>, table: &str) {
        let Some(table) = self.dictionary.table(table) else { return };
        if let Some(severity) = self.severity_of(table) {
            self.look_up(spot, table, severity);
        }
    }

    /// Checks the code of a CE, CWE or CNE whose field has a table, unless it names another code system.
    pub(super) fn coded(&mut self, spot: &Spot<'_>, datatype: &DatatypeDefinition, table: &str) {
        let exceptions = match datatype.name() {
            "CE" | "CWE" => true,
            "CNE" => false,
            _ => return,
        };
        let Some(table) = self.dictionary.table(table) else { return };
        let Some(severity) = self.severity_of(table) else { return };
        let mut parts = spot.parts().map(|(_, part)| part);
        let (code, _, system) = (parts.next(), parts.next(), parts.next());
        let of_table =
            |system: Spot<'_>| !system.has_content() || system.raw.strip_prefix("HL7") == Some(table.id());
        if !system.is_none_or(of_table) {
            return;
        }
        let severity = if exceptions && severity == Severity::Error { Severity::Warning } else { severity };
        if let Some(code) = code.filter(|code| code.has_content() && !code.is_null()) {
            let delimiter = spot.syntax.delimiters.component;
            let whole =
                spot.level == Level::Repetition && memchr::memchr(delimiter, spot.raw.as_bytes()).is_none();
            let code = if whole { Spot { location: spot.location, ..code } } else { code };
            self.look_up(&code, table, severity);
        }
    }

    fn look_up(&mut self, spot: &Spot<'_>, table: &TableDefinition, severity: Severity) {
        let code = spot.text();
        let is_local = LOCAL.contains(&table.id()) && code.starts_with('Z');
        if table.code(&code).is_none() && !is_local {
            let severity = if severity == Severity::Error && is_elsewhere(table.id(), &code) {
                Severity::Warning
            } else {
                severity
            };
            let expected = format!("table {}", table.id());
            self.report_with(spot, FindingKind::NotInTable, severity, Some(expected.into()));
        }
    }

    /// How grave a code is that the table does not have; `None` when that says nothing.
    fn severity_of(&self, table: &TableDefinition) -> Option<Severity> {
        if OPEN.contains(&table.id()) || table.codes().len() == 0 {
            return None;
        }
        match table.kind() {
            TableKind::Hl7 => self.options.hl7_tables,
            TableKind::User => self.options.user_tables,
            _ => None,
        }
    }
}

/// Whether a late version has the code: senders use codes before the version that they name has them, and the sources
/// of the dictionary do not know of all codes since when they are.
pub(super) fn is_elsewhere(table: &str, code: &str) -> bool {
    let has = |version| Dictionary::of(version).table(table).is_some_and(|table| table.code(code).is_some());
    has(Version::V2_8_2) || has(Version::V2_9)
}
