//! What is wrong with a JSON text, and where.

use crate::shown::{shown, spelled};

/// Why a text is not JSON that may be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseReason {
    /// The text is longer than [`super::Limits::max_bytes`].
    #[error("text is larger than the limit")]
    TooLarge,
    /// Arrays and objects are nested deeper than [`super::Limits::max_depth`].
    #[error("nested deeper than the limit")]
    TooDeep,
    /// The bytes are not UTF-8.
    #[error("not utf-8")]
    NotUtf8,
    /// The text ends inside a value, or holds none.
    #[error("unexpected end")]
    UnexpectedEnd,
    /// A character that cannot stand here.
    #[error("unexpected character")]
    UnexpectedCharacter,
    /// A number that JSON does not allow, such as `01` or `.5`.
    #[error("invalid number")]
    InvalidNumber,
    /// An escape that JSON does not know.
    #[error("invalid escape")]
    InvalidEscape,
    /// One half of a UTF-16 surrogate pair.
    #[error("lone surrogate")]
    LoneSurrogate,
    /// A control character inside a string that is not written as an escape.
    #[error("unescaped control character")]
    ControlCharacter,
    /// The same member name twice in an object: which one is meant cannot be known.
    #[error("duplicate member")]
    DuplicateMember,
    /// Something follows the value.
    #[error("trailing characters")]
    TrailingCharacters,
}

/// A text could not be read as JSON. Says why and where, and never repeats a value of the text.
///
/// ```
/// use carewire_fhir_core::Value;
/// let error = Value::parse(b"{\n \"name\": [{\"family\": \"Chal\nmers\"}]}").unwrap_err();
/// assert_eq!((error.line(), error.path()), (2, "$.name[0].family"));
/// assert_eq!(error.to_string(), "unescaped control character at line 2, column 27, in $.name[0].family");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason} at line {line}, column {column}, in {path}")]
pub struct ParseError {
    reason: ParseReason,
    offset: usize,
    line: usize,
    column: usize,
    path: String,
}

impl ParseError {
    /// Why.
    #[must_use]
    pub fn reason(&self) -> ParseReason {
        self.reason
    }

    /// The byte where reading stopped, from 0.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// The line, from 1.
    #[must_use]
    pub fn line(&self) -> usize {
        self.line
    }

    /// The column in characters, from 1.
    #[must_use]
    pub fn column(&self) -> usize {
        self.column
    }

    /// The JSON path of the value that was being read; `$` is the whole text. A member name that cannot be a FHIR
    /// element is shown as `?`, and the middle of a path of more than 32 steps as `…`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The same, with every member name of the path that R4 does not have as `?`: for who may repeat nothing of a text. A
    /// name that is only spelled like an element could be a person's.
    ///
    /// ```
    /// use carewire_fhir_core::Value;
    /// let error = Value::parse(br#"{"contact":[{"Chalmers":{"name":x}}]}"#).unwrap_err();
    /// assert_eq!(error.path(), "$.contact[0].Chalmers.name");
    /// assert_eq!(error.without_unknown_names().path(), "$.contact[0].?.name");
    /// ```
    #[must_use]
    pub fn without_unknown_names(self) -> Self {
        let steps = self.path.split('.').map(|step| {
            let (name, index) =
                step.split_at_checked(step.find(['[', '…']).unwrap_or(step.len())).unwrap_or((step, ""));
            let name = if matches!(name, "$" | "") { name } else { shown(name) };
            format!("{name}{index}")
        });
        Self { path: steps.collect::<Vec<_>>().join("."), ..self }
    }
}

/// Where and why reading stopped. The path grows by a step at each level that is left.
pub(super) struct Failure {
    reason: ParseReason,
    offset: usize,
    steps: Vec<Step>,
}

enum Step {
    Member(String),
    Item(usize),
}

impl Failure {
    pub(super) fn new(reason: ParseReason, offset: usize) -> Self {
        Self { reason, offset, steps: Vec::new() }
    }

    pub(super) fn in_member(&mut self, name: &str) {
        self.steps.push(Step::Member(spelled(name).to_owned()));
    }

    pub(super) fn in_item(&mut self, index: usize) {
        self.steps.push(Step::Item(index));
    }

    pub(super) fn locate(self, bytes: &[u8]) -> ParseError {
        let before = bytes.get(..self.offset).unwrap_or(bytes);
        let line_start = memchr::memrchr(b'\n', before).map_or(0, |newline| newline + 1);
        let in_line = String::from_utf8_lossy(before.get(line_start..).unwrap_or_default()).chars().count();
        ParseError {
            reason: self.reason,
            offset: self.offset,
            line: 1 + memchr::memchr_iter(b'\n', before).count(),
            column: 1 + in_line,
            path: path(&self.steps),
        }
    }
}

/// The path of steps, the innermost first. Of many only the outer and the inner ones are shown.
fn path(steps: &[Step]) -> String {
    const SHOWN: usize = 16;
    let mut path = "$".to_owned();
    let hidden = SHOWN..steps.len().saturating_sub(SHOWN);
    for (level, step) in steps.iter().rev().enumerate() {
        match step {
            _ if level == SHOWN && !hidden.is_empty() => path.push('…'),
            _ if hidden.contains(&level) => {}
            Step::Member(name) => path.extend([".", name]),
            Step::Item(index) => path.push_str(&format!("[{index}]")),
        }
    }
    path
}
