//! The characters that a message declares for itself in MSH-1 and MSH-2.

use std::fmt;
use std::ops::Range;

use crate::diagnostic::{DiagnosticKind, Findings};
use crate::header;

/// A byte that no UTF-8 text holds: stands for a delimiter that the message does not use, so that a search for
/// it finds nothing.
const UNUSED: u8 = 0xFF;

/// The delimiters of one message: distinct ASCII punctuation, as declared in MSH-1 and MSH-2.
///
/// ```
/// use carewire_hl7_v2::Delimiters;
///
/// let delimiters = Delimiters::default();
/// assert_eq!((delimiters.field(), delimiters.escape()), ('|', Some('\\')));
/// assert_eq!(Delimiters::parse("#*%!@").and_then(|custom| custom.component()), Some('*'));
/// assert_eq!(Delimiters::parse("|^^\\&"), None);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Delimiters {
    pub(crate) field: u8,
    pub(crate) component: u8,
    pub(crate) repetition: u8,
    pub(crate) escape: u8,
    pub(crate) subcomponent: u8,
    pub(crate) truncation: u8,
}

impl Delimiters {
    /// Reads MSH-1 and MSH-2 written together, as in `|^~\&` or `|^~\&#`. `None` unless all are distinct ASCII
    /// punctuation. Characters left off at the end are not used by the message.
    #[must_use]
    pub fn parse(declared: &str) -> Option<Self> {
        let (field, encoding) = declared.as_bytes().split_first()?;
        let mut findings = Findings::default();
        let read = Self::read(*field, encoding, 0..0, &mut findings)?;
        let complaints = findings.into_list();
        complaints.iter().all(|found| found.kind() == DiagnosticKind::FewerDelimiters).then_some(read)
    }

    /// The field separator, MSH-1.
    #[must_use]
    pub fn field(&self) -> char {
        char::from(self.field)
    }

    /// The component separator; `None` when the message declares none.
    #[must_use]
    pub fn component(&self) -> Option<char> {
        used(self.component)
    }

    /// The repetition separator; `None` when the message declares none.
    #[must_use]
    pub fn repetition(&self) -> Option<char> {
        used(self.repetition)
    }

    /// The escape character; `None` when the message declares none.
    #[must_use]
    pub fn escape(&self) -> Option<char> {
        used(self.escape)
    }

    /// The subcomponent separator; `None` when the message declares none.
    #[must_use]
    pub fn subcomponent(&self) -> Option<char> {
        used(self.subcomponent)
    }

    /// The truncation character of HL7 2.7 and later; `None` when the message declares none.
    #[must_use]
    pub fn truncation(&self) -> Option<char> {
        used(self.truncation)
    }

    /// MSH-2 as these delimiters declare it, up to the first that is not used.
    #[must_use]
    pub fn encoding_characters(&self) -> String {
        let roles = [self.component, self.repetition, self.escape, self.subcomponent, self.truncation];
        roles.into_iter().map_while(used).collect()
    }

    /// Reads MSH-2 (`encoding`, at `span` of the input) beside the field separator. `None` when the separator
    /// itself cannot be one. A character that cannot play its role is reported and replaced by the usual one
    /// unless that is taken.
    pub(crate) fn read(
        field: u8,
        encoding: &[u8],
        span: Range<usize>,
        findings: &mut Findings,
    ) -> Option<Self> {
        if !field.is_ascii_punctuation() {
            return None;
        }
        let mut taken = [field; 6];
        let mut role = |position: usize, usual: u8| {
            let (chosen, complaint) = choose(encoding, position, usual, &taken);
            if let Some(kind) = complaint {
                findings.report(kind, Some(header::place(2)), span.clone());
            }
            if let Some(slot) = taken.get_mut(position + 1) {
                *slot = chosen;
            }
            chosen
        };
        let (component, repetition) = (role(0, b'^'), role(1, b'~'));
        let (escape, subcomponent) = (role(2, b'\\'), role(3, b'&'));
        let truncation = if encoding.len() > 4 { role(4, UNUSED) } else { UNUSED };
        Some(Self { field, component, repetition, escape, subcomponent, truncation })
    }

    /// All of them; a byte that no text holds for one that is not used.
    pub(crate) fn all(&self) -> [u8; 6] {
        [self.field, self.component, self.repetition, self.escape, self.subcomponent, self.truncation]
    }

    /// Whether a byte divides a segment, or a part of it.
    pub(crate) fn separates(&self, byte: u8) -> bool {
        [self.field, self.component, self.repetition, self.subcomponent].contains(&byte)
    }

    /// The same field separator with nothing inside a field split or escaped: how MSH-1 and MSH-2 are read.
    pub(crate) fn literal(self) -> Self {
        let field = self.field;
        Self {
            field,
            component: UNUSED,
            repetition: UNUSED,
            escape: UNUSED,
            subcomponent: UNUSED,
            truncation: UNUSED,
        }
    }
}

impl Default for Delimiters {
    /// `|^~\&`, as recommended by the standard.
    fn default() -> Self {
        Self {
            field: b'|',
            component: b'^',
            repetition: b'~',
            escape: b'\\',
            subcomponent: b'&',
            truncation: UNUSED,
        }
    }
}

impl fmt::Debug for Delimiters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Delimiters({}{})", self.field(), self.encoding_characters())
    }
}

/// The character for one role, and the complaint about what the message declares for it.
fn choose(encoding: &[u8], position: usize, usual: u8, taken: &[u8]) -> (u8, Option<DiagnosticKind>) {
    let usual = if taken.contains(&usual) { UNUSED } else { usual };
    match encoding.get(position) {
        Some(byte) if taken.contains(byte) => (usual, Some(DiagnosticKind::RepeatedDelimiter)),
        Some(byte) if byte.is_ascii_punctuation() => (*byte, None),
        Some(_) => (usual, Some(DiagnosticKind::InvalidDelimiter)),
        None if encoding.is_empty() => (usual, Some(DiagnosticKind::MissingDelimiters)),
        None => (UNUSED, Some(DiagnosticKind::FewerDelimiters)),
    }
}

fn used(byte: u8) -> Option<char> {
    (byte != UNUSED).then(|| char::from(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(field: u8, encoding: &str) -> (Option<String>, Vec<DiagnosticKind>) {
        let mut findings = Findings::default();
        let read = Delimiters::read(field, encoding.as_bytes(), 0..0, &mut findings);
        let kinds = findings.into_list().iter().map(crate::Diagnostic::kind).collect();
        (read.map(|delimiters| delimiters.encoding_characters()), kinds)
    }

    #[test]
    fn reads_usual_custom_and_truncation() {
        assert_eq!(read(b'|', "^~\\&"), (Some("^~\\&".into()), vec![]));
        assert_eq!(read(b'#', "*%!@"), (Some("*%!@".into()), vec![]));
        assert_eq!(read(b'|', "^~\\&#"), (Some("^~\\&#".into()), vec![]));
    }

    #[test]
    fn characters_left_off_are_not_used() {
        let (read, kinds) = read(b'|', "^~\\");
        assert_eq!(read.as_deref(), Some("^~\\"));
        assert_eq!(kinds, [DiagnosticKind::FewerDelimiters]);
    }

    #[test]
    fn a_repeated_character_gives_way_to_the_usual_one() {
        let (read, kinds) = read(b'|', "^~\\\\&");
        assert_eq!(read.as_deref(), Some("^~\\&"));
        assert_eq!(kinds, [DiagnosticKind::RepeatedDelimiter]);
    }

    #[test]
    fn letters_controls_and_non_ascii_are_refused() {
        assert_eq!(read(b'A', "^~\\&").0, None);
        assert_eq!(read(b' ', "^~\\&").0, None);
        assert_eq!(read(0xE9, "^~\\&").0, None);
        assert_eq!(read(b'|', "A~\\&"), (Some("^~\\&".into()), vec![DiagnosticKind::InvalidDelimiter]));
    }

    #[test]
    fn an_empty_declaration_means_the_usual_ones() {
        let (read, kinds) = read(b'|', "");
        assert_eq!(read.as_deref(), Some("^~\\&"));
        assert_eq!(kinds, [DiagnosticKind::MissingDelimiters]);
    }
}
