//! Code tables.

use std::collections::BTreeMap;

use super::Text;

/// Who defines the codes of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TableKind {
    /// HL7: a code that is not in it is wrong.
    Hl7,
    /// The site: the codes of the standard are suggestions.
    User,
    /// The sources do not say.
    Unknown,
}

/// A table of one version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableDefinition {
    pub(super) id: Text,
    pub(super) name: Text,
    pub(super) kind: TableKind,
    pub(super) codes: BTreeMap<Text, Text>,
    /// The codes that stand for many, such as `Q<integer>H`.
    pub(super) patterns: Vec<Text>,
}

impl TableDefinition {
    /// Its number of four digits, such as `0001`.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What it is called.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Who defines its codes.
    #[must_use]
    pub fn kind(&self) -> TableKind {
        self.kind
    }

    /// Whether a code that it does not list is wrong: HL7 defines it, and its codes in this version are known here.
    ///
    /// A table without codes is never closed: the dictionary has no codes of versions before 2.3.1, none of later ones
    /// where the standard leaves them to others.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.kind == TableKind::Hl7 && !self.codes.is_empty()
    }

    /// Its codes with their texts, sorted; a text may be empty.
    pub fn codes(&self) -> impl ExactSizeIterator<Item = (&str, &str)> {
        self.codes.iter().map(|(code, text)| (code.as_ref(), text.as_ref()))
    }

    /// The text of a code; `None` when the table does not have it. Codes are compared letter by letter.
    ///
    /// A code that stands for many has placeholders: `Q<integer>H` of table 0335 is `Q4H`, `Q12H` and so on. `<integer>`,
    /// `<day#>` and `<nnnn>` are digits, any other is letters, digits and what else may follow, at least one.
    ///
    /// ```
    /// use carewire_hl7_v2::dictionary::{Dictionary, Version};
    ///
    /// let patterns = Dictionary::of(Version::V2_5_1).table("0335").ok_or("no table 0335")?;
    /// assert_eq!(patterns.code("Q6H"), Some("every <integer> hours"));
    /// assert_eq!(patterns.code("QxH"), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn code(&self, code: &str) -> Option<&str> {
        let pattern = || self.patterns.iter().find(|pattern| is_of(pattern, code));
        let text = self.codes.get(code).or_else(|| self.codes.get(pattern()?))?;
        Some(text)
    }
}

/// Whether a code has placeholders: `<` and `>` alone are codes of table 0078.
pub(super) fn is_pattern(code: &str) -> bool {
    code.split_once('<')
        .is_some_and(|(_, rest)| rest.starts_with(|letter: char| letter.is_ascii_alphabetic()))
}

/// Whether a code is one of those that a pattern stands for.
fn is_of(mut pattern: &str, mut code: &str) -> bool {
    while let Some((literal, (name, rest))) =
        pattern.split_once('<').and_then(|(literal, rest)| Some((literal, rest.split_once('>')?)))
    {
        let Some(after) = code.strip_prefix(literal) else { return false };
        let end = match name {
            "integer" | "day#" | "nnnn" => {
                after.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(after.len())
            }
            _ => after.len(),
        };
        if end == 0 {
            return false;
        }
        code = after.get(end..).unwrap_or_default();
        pattern = rest;
    }
    pattern == code
}

#[cfg(test)]
mod tests {
    use super::{is_of, is_pattern};

    #[test]
    fn a_placeholder_stands_for_digits_or_for_any_rest() {
        for (pattern, code, fits) in [
            ("Q<integer>H", "Q12H", true),
            ("Q<integer>H", "QH", false),
            ("Q<integer>H", "Q12", false),
            ("Q<integer>J<day#>", "Q2J5", true),
            ("<integer>ID", "5ID", true),
            ("<integer>ID", "xID", false),
            ("NN<xxx>", "NNDEU", true),
            ("NN<xxx>", "NN", false),
            ("PRN<code>", "PRNQ6H", true),
            ("U <spec>", "U 0 8 * * *", true),
        ] {
            assert!(is_pattern(pattern));
            assert_eq!(is_of(pattern, code), fits, "{pattern} {code}");
        }
        assert!(!is_pattern("<") && !is_pattern(">"));
    }
}
