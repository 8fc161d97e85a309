//! Consents as rows of a table.

use carewire_fhir_core::OrgId;

use crate::document::{ParseError, ParseReason};
use crate::model::data::Span;
use crate::{Consent, DataClass, Purpose, Ruling, SimpleConsent, State, source};

/// The columns; those that every table has come first.
const COLUMNS: [&str; 10] =
    ["id", "org", "patient", "purpose", "state", "decision", "data_classes", "start", "end", "actors"];
const REQUIRED: usize = 5;

/// Reads simple consents from CSV (RFC 4180): a header that names the columns of a [`SimpleConsent`], in any order, and a row for
/// each consent.
///
/// `id`, `org`, `patient`, `purpose` and `state` are required. `data_classes` and `actors` are lists with `;` between their items.
/// `start` and `end` are times, or dates of which `end` is the last (rule R4). A cell that is empty is absent; space around a cell is
/// not part of it. A column that is not known is refused, since it may restrict.
///
/// ```
/// use carewire_consent::{ParseReason, parse_consents_csv};
/// let table = "id,org,patient,purpose,state,data_classes,end\nc1,o,pt_1,CARE,ACTIVE,VITALS;LAB_RESULTS,2027-12\n";
/// assert_eq!(parse_consents_csv(table.as_bytes())?.len(), 1);
///
/// let error = parse_consents_csv(table.replace("ACTIVE", "Alive").as_bytes()).unwrap_err();
/// assert_eq!((error.line(), error.column(), error.reason()), (2, 16, ParseReason::Shape));
/// # Ok::<(), carewire_consent::ParseError>(())
/// ```
///
/// # Errors
/// [`ParseError`] for the first cell that cannot be read, by row, line and column; then no consent is returned, since what cannot be
/// read may have been a denial.
pub fn parse_consents_csv(bytes: &[u8]) -> Result<Vec<Consent>, ParseError> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.strip_prefix('\u{feff}').unwrap_or(text),
        Err(error) => {
            let read = bytes.get(..error.valid_up_to()).unwrap_or_default();
            let lines = read.iter().filter(|byte| **byte == b'\n').count();
            return Err(ParseError::at(0, lines.saturating_add(1), 1, ParseReason::Syntax));
        }
    };
    let mut rows = Reader::new(text);
    let Some(header) = rows.row()? else { return Ok(Vec::new()) };
    let columns = columns(&header)?;
    let mut consents = Vec::new();
    while let Some(row) = rows.row()? {
        rows.record = consents.len();
        consents.push(Row { columns: &columns, cells: &row, record: rows.record }.consent()?.into());
    }
    Ok(consents)
}

/// Which column of the table each cell is of.
fn columns(header: &[Cell]) -> Result<Vec<usize>, ParseError> {
    let mut columns = Vec::new();
    for cell in header {
        match COLUMNS.iter().position(|name| *name == cell.text()) {
            Some(column) if !columns.contains(&column) => columns.push(column),
            _ => return Err(cell.refused(0, ParseReason::Header)),
        }
    }
    let has_all = (0..REQUIRED).all(|column| columns.contains(&column));
    match (has_all, header.first()) {
        (false, Some(first)) => Err(first.refused(0, ParseReason::Header)),
        _ => Ok(columns),
    }
}

struct Row<'a> {
    columns: &'a [usize],
    cells: &'a [Cell],
    record: usize,
}

impl Row<'_> {
    fn consent(&self) -> Result<SimpleConsent, ParseError> {
        if let (false, Some(last)) = (self.cells.len() == self.columns.len(), self.cells.last()) {
            return Err(last.refused(self.record, ParseReason::Shape));
        }
        let mut consent = SimpleConsent::new(
            self.required("id", |text| Some(text.to_owned()))?,
            self.required("org", |text| OrgId::new(text).ok())?,
            self.cell("patient", ParseReason::NoPatient, source::patient)?,
            self.required("purpose", |text| Some(Purpose::parse(text)))?,
            self.list("data_classes")?.iter().map(|code| DataClass::parse(code)),
        );
        consent.state = self.required("state", State::from_name)?;
        consent.decision = self.optional("decision", ruling)?.unwrap_or_default();
        consent.actors = self.list("actors")?;
        consent.start = self.optional("start", |text| Span::parse(Some(text), None)?.start)?;
        consent.end = self.optional("end", |text| Span::parse(None, Some(text))?.end)?;
        Ok(consent)
    }

    fn find(&self, name: &str) -> Option<&Cell> {
        let place = self.columns.iter().position(|column| COLUMNS.get(*column) == Some(&name))?;
        self.cells.get(place)
    }

    fn cell<T>(
        &self,
        name: &str,
        reason: ParseReason,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<T, ParseError> {
        // A row has all columns of the header, and the header has those that are required.
        let Some(cell) = self.find(name) else {
            return Err(ParseError::at(self.record, 1, 1, ParseReason::Header));
        };
        let text = Some(cell.text()).filter(|text| !text.is_empty());
        text.and_then(read).ok_or_else(|| cell.refused(self.record, reason))
    }

    fn required<T>(&self, name: &str, read: impl Fn(&str) -> Option<T>) -> Result<T, ParseError> {
        self.cell(name, ParseReason::Shape, read)
    }

    fn optional<T>(&self, name: &str, read: impl Fn(&str) -> Option<T>) -> Result<Option<T>, ParseError> {
        match self.find(name) {
            Some(cell) if !cell.text().is_empty() => self.required(name, read).map(Some),
            _ => Ok(None),
        }
    }

    fn list(&self, name: &str) -> Result<Vec<String>, ParseError> {
        let items = |text: &str| {
            let items: Vec<String> = text.split(';').map(|item| item.trim().to_owned()).collect();
            items.iter().all(|item| !item.is_empty()).then_some(items)
        };
        Ok(self.optional(name, items)?.unwrap_or_default())
    }
}

fn ruling(text: &str) -> Option<Ruling> {
    match text {
        "permit" => Some(Ruling::Permit),
        "deny" => Some(Ruling::Deny),
        _ => None,
    }
}

/// A cell, and where it begins.
struct Cell {
    line: usize,
    column: usize,
    text: String,
}

impl Cell {
    fn text(&self) -> &str {
        self.text.trim()
    }

    fn refused(&self, record: usize, reason: ParseReason) -> ParseError {
        ParseError::at(record, self.line, self.column, reason)
    }
}

/// Cuts a text into rows of cells.
struct Reader<'a> {
    rest: std::iter::Peekable<std::str::Chars<'a>>,
    line: usize,
    column: usize,
    record: usize,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Self {
        Self { rest: text.chars().peekable(), line: 1, column: 1, record: 0 }
    }

    fn next(&mut self) -> Option<char> {
        let next = self.rest.next()?;
        if next == '\n' {
            (self.line, self.column) = (self.line.saturating_add(1), 1);
        } else {
            self.column = self.column.saturating_add(1);
        }
        Some(next)
    }

    /// The next row that is not blank.
    fn row(&mut self) -> Result<Option<Vec<Cell>>, ParseError> {
        while self.rest.peek().is_some() {
            let mut cells = Vec::new();
            while self.cell(&mut cells)? {}
            if !matches!(cells.as_slice(), [only] if only.text().is_empty()) {
                return Ok(Some(cells));
            }
        }
        Ok(None)
    }

    /// Reads a cell; whether another one follows in its row.
    fn cell(&mut self, into: &mut Vec<Cell>) -> Result<bool, ParseError> {
        let mut cell = Cell { line: self.line, column: self.column, text: String::new() };
        if self.rest.next_if_eq(&'"').is_some() {
            self.column = self.column.saturating_add(1);
            self.quoted(&mut cell)?;
        }
        let is_quoted = self.column != cell.column || self.line != cell.line;
        loop {
            let next = self.next();
            match next {
                Some('\r') if matches!(self.rest.peek(), Some('\n') | None) => {}
                None | Some(',' | '\n') => {
                    into.push(cell);
                    return Ok(next == Some(','));
                }
                Some('"') => return Err(cell.refused(self.record, ParseReason::Table)),
                Some(other) if is_quoted && !other.is_whitespace() => {
                    return Err(cell.refused(self.record, ParseReason::Table));
                }
                Some(other) if !is_quoted => cell.text.push(other),
                Some(_) => {}
            }
        }
    }

    /// What stands between quotes, of which two stand for one.
    fn quoted(&mut self, cell: &mut Cell) -> Result<(), ParseError> {
        loop {
            match self.next() {
                Some('"') if self.rest.peek() == Some(&'"') => {
                    self.next();
                    cell.text.push('"');
                }
                Some('"') => return Ok(()),
                Some(other) => cell.text.push(other),
                None => return Err(cell.refused(self.record, ParseReason::Table)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HEADER: &str = "id,org,patient,purpose,state,decision,data_classes,start,end,actors\n";

    fn parse(row: &str) -> Result<Vec<Consent>, ParseError> {
        parse_consents_csv(format!("{HEADER}{row}").as_bytes())
    }

    #[test]
    fn a_row_is_the_simple_consent_that_it_says() {
        let row = "c1, o ,Patient/pt_1,CARE,ACTIVE,deny,VITALS; LAB_RESULTS,2026,2026-06-30,\"Practitioner/7;urn:x|a,b\"\r\n\r\nc2,o,pt_2,ODD,REVOKED,,,,,\r\n";
        let read = parse(row).unwrap();
        let first = r#"{"id":"c1","org":"o","patient":"pt_1","purpose":"CARE","state":"ACTIVE","decision":"deny",
            "data_classes":["VITALS","LAB_RESULTS"],"start":"2026-01-01T00:00:00Z","end":"2026-07-01T00:00:00Z",
            "actors":["Practitioner/7","urn:x|a,b"]}"#;
        let second = r#"{"id":"c2","org":"o","patient":"pt_2","purpose":"ODD","state":"REVOKED"}"#;
        let org = OrgId::new("o").unwrap();
        let expected = crate::parse_consents(format!("{first}\n{second}").as_bytes(), &org).unwrap();
        assert_eq!(read, expected);
    }

    #[test]
    fn what_cannot_be_read_is_told_by_row_line_and_column_without_its_value() {
        let good = "c0,o,pt_1,CARE,ACTIVE,,,,,\n";
        for (row, column, reason) in [
            (",o,pt_1,CARE,ACTIVE,,,,,", 1, ParseReason::Shape),
            ("c1,canary/..,pt_1,CARE,ACTIVE,,,,,", 4, ParseReason::Shape),
            ("c1,o,canary/x,CARE,ACTIVE,,,,,", 6, ParseReason::NoPatient),
            ("c1,o,pt_1,,ACTIVE,,,,,", 11, ParseReason::Shape),
            ("c1,o,pt_1,CARE,canary,,,,,", 16, ParseReason::Shape),
            ("c1,o,pt_1,CARE,ACTIVE,canary,,,,", 23, ParseReason::Shape),
            ("c1,o,pt_1,CARE,ACTIVE,,VITALS;;canary,,,", 24, ParseReason::Shape),
            ("c1,o,pt_1,CARE,ACTIVE,,,canary,,", 25, ParseReason::Shape),
            ("c1,o,pt_1,CARE,ACTIVE,,,,2026-02-31,", 26, ParseReason::Shape),
            ("c1,o,pt_1,CARE,ACTIVE", 16, ParseReason::Shape),
            ("c1,o,pt_1,CARE,ACTIVE,,,,,,canary", 28, ParseReason::Shape),
            ("c1,o,\"pt_1\"canary,CARE,ACTIVE,,,,,", 6, ParseReason::Table),
            ("c1,o,\"pt_1,CARE,ACTIVE,,,,,", 6, ParseReason::Table),
        ] {
            let error = parse(&format!("{good}{row}")).unwrap_err();
            assert_eq!((error.line(), error.column(), error.reason()), (3, column, reason), "{row}");
            assert!(!format!("{error} {error:?}").contains("canary"));
        }
    }

    #[test]
    fn a_header_names_known_columns_once_and_all_that_are_required() {
        for (header, column) in [
            ("id,org,patient,purpose,state,except", 30),
            ("id,org,patient,purpose,state,id", 30),
            ("id,org,patient,purpose", 1),
            ("c1,o,pt_1,CARE,ACTIVE", 1),
        ] {
            let error = parse_consents_csv(header.as_bytes()).unwrap_err();
            assert_eq!((error.line(), error.column(), error.reason()), (1, column, ParseReason::Header));
        }
        assert!(parse_consents_csv(b"").unwrap().is_empty());
        assert!(parse_consents_csv(HEADER.as_bytes()).unwrap().is_empty());
        assert_eq!(parse_consents_csv(b"id\xff").unwrap_err().reason(), ParseReason::Syntax);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// Any text is read or refused.
        #[test]
        fn no_text_is_too_odd(text in "[a-z,\"; \r\n\u{e9}]{0,80}") {
            drop(parse_consents_csv(text.as_bytes()));
            drop(parse(&text));
        }
    }
}
