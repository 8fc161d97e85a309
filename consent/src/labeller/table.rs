//! A table of comma-separated values, and where in it something is wrong.

/// One line of a table.
pub(crate) struct Record {
    /// Counted from 1.
    pub(crate) line: usize,
    pub(crate) fields: Vec<String>,
}

/// The lines of a table below its head, which is `columns`. Empty lines and those that begin with `#` are passed over.
/// A field may stand in double quotes; inside of them a quote is written twice.
pub(crate) fn records(text: &str, columns: &str) -> Result<Vec<Record>, TableError> {
    let mut lines = text
        .strip_prefix('\u{feff}')
        .unwrap_or(text)
        .lines()
        .enumerate()
        .map(|(index, line)| (index.saturating_add(1), line.trim_end()))
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    match lines.next() {
        Some((_, head)) if head == columns => {}
        other => {
            let line = other.map_or(1, |(line, _)| line);
            return Err(TableError { line, reason: TableReason::Head });
        }
    }
    let wanted = columns.split(',').count();
    let record = |(line, text)| {
        let fields = fields(text).ok_or(TableError { line, reason: TableReason::Quotes })?;
        match fields.len() == wanted {
            true => Ok(Record { line, fields }),
            false => Err(TableError { line, reason: TableReason::Columns }),
        }
    };
    lines.map(record).collect()
}

/// The fields of a line; `None` when its quotes do not match.
fn fields(line: &str) -> Option<Vec<String>> {
    let mut fields = vec![String::new()];
    let (mut is_quoted, mut letters) = (false, line.chars().peekable());
    while let Some(letter) = letters.next() {
        let field = fields.last_mut()?;
        match letter {
            '"' if is_quoted && letters.next_if_eq(&'"').is_some() => field.push('"'),
            '"' if is_quoted || field.is_empty() => is_quoted = !is_quoted,
            ',' if !is_quoted => fields.push(String::new()),
            other => field.push(other),
        }
    }
    (!is_quoted).then_some(fields)
}

/// A table cannot be read. No value of it is repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct TableError {
    line: usize,
    reason: TableReason,
}

impl TableError {
    pub(crate) fn new(line: usize, reason: TableReason) -> Self {
        Self { line, reason }
    }

    /// The line, counted from 1.
    #[must_use]
    pub fn line(&self) -> usize {
        self.line
    }

    /// What is wrong with it.
    #[must_use]
    pub fn reason(&self) -> TableReason {
        self.reason
    }
}

/// What is wrong with a line of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TableReason {
    /// The first line does not name the columns.
    #[error("the names of the columns are expected")]
    Head,
    /// There are more or fewer fields than columns.
    #[error("there are not as many fields as columns")]
    Columns,
    /// A double quote is not closed.
    #[error("a double quote is not closed")]
    Quotes,
    /// The system of the codes is missing.
    #[error("the system is missing")]
    NoSystem,
    /// There is no code, or a range ends before it begins.
    #[error("the codes cannot be read")]
    Codes,
    /// A label is neither a confidentiality nor a sensitivity, or there is none.
    #[error("a label is not known")]
    Label,
    /// A class of data is not known, or there is none.
    #[error("a class of data is not known")]
    Class,
    /// It is not said where the line comes from.
    #[error("the source is missing")]
    NoSource,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_may_be_quoted() {
        assert_eq!(fields(r#"a,"b, ""c""",,d"#).unwrap(), ["a", "b, \"c\"", "", "d"]);
        assert_eq!(fields(r#"a,"b"#), None);
    }

    #[test]
    fn what_is_wrong_is_told_by_its_line() {
        let fault = |text: &str| records(text, "a,b").map(|_| ()).unwrap_err();
        assert_eq!(fault(""), TableError::new(1, TableReason::Head));
        assert_eq!(fault("# x\n\nb,a\n"), TableError::new(3, TableReason::Head));
        assert_eq!(fault("a,b\n1,2\n\n1\n"), TableError::new(4, TableReason::Columns));
        assert_eq!(fault("a,b\n\"canary,2\n").to_string(), "line 2: a double quote is not closed");
        assert_eq!(records("\u{feff}a,b\r\n1,2\r\n", "a,b").unwrap().len(), 1);
    }
}
