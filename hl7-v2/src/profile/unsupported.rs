//! What a profile asks for that is not evaluated.

use std::collections::BTreeMap;
use std::fmt;

use super::error::ProfileFile;
use super::xml::{Element, shown};

/// Something in a profile that validation does not evaluate, with its first place. Each is listed once, however
/// often it occurs; [`Unsupported::count`] says how often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsupported {
    reason: UnsupportedReason,
    file: ProfileFile,
    name: String,
    line: usize,
    column: usize,
    count: usize,
}

impl Unsupported {
    /// Why it is not evaluated.
    #[must_use]
    pub fn reason(&self) -> UnsupportedReason {
        self.reason
    }

    /// The file.
    #[must_use]
    pub fn file(&self) -> ProfileFile {
        self.file
    }

    /// What it is: the name of an element or attribute (`Field@Hide`), or the id of a rule or value set.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The line of the first, from 1.
    #[must_use]
    pub fn line(&self) -> usize {
        self.line
    }

    /// The column of the first in bytes, from 1.
    #[must_use]
    pub fn column(&self) -> usize {
        self.column
    }

    /// How often it occurs.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }
}

impl fmt::Display for Unsupported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { reason, file, name, line, column, count } = self;
        write!(f, "{file}, line {line}, column {column}: {reason}: {name}")?;
        if *count > 1 { write!(f, " ({count} times)") } else { Ok(()) }
    }
}

/// Why something in a profile is not evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum UnsupportedReason {
    /// An element that is not known here.
    Element,
    /// An attribute that is not known here, or is known and changes nothing.
    Attribute,
    /// A rule with an assertion that is not known here; the whole rule is not evaluated.
    Assertion,
    /// A rule that is a program (`Plugin`); it is not evaluated.
    Plugin,
    /// A rule or code with a regular expression that uses more than is understood here.
    Pattern,
    /// A path that leads nowhere in the profile.
    Path,
    /// Rules or bindings for a data type, segment or group that the profile does not have.
    Context,
    /// A value set that lies elsewhere; nothing is fetched.
    ExternalValueSet,
    /// A binding to a value set that the library does not have.
    UnknownValueSet,
    /// A value set that the library excludes from validation.
    ExcludedValueSet,
    /// Usage C without a predicate that says when; the usage is not checked.
    MissingPredicate,
    /// Co-constraints.
    CoConstraint,
    /// There is more, not listed one by one.
    More,
}

impl fmt::Display for UnsupportedReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Element => "unknown element",
            Self::Attribute => "attribute without effect",
            Self::Assertion => "rule with an unknown assertion",
            Self::Plugin => "rule that is a program",
            Self::Pattern => "regular expression that is not understood",
            Self::Path => "path that leads nowhere",
            Self::Context => "rules for something that the profile does not have",
            Self::ExternalValueSet => "external value set",
            Self::UnknownValueSet => "unknown value set",
            Self::ExcludedValueSet => "value set excluded by the library",
            Self::MissingPredicate => "conditional usage without a predicate",
            Self::CoConstraint => "co-constraint",
            Self::More => "more, not listed",
        })
    }
}

/// Collects what is not evaluated, bounded.
#[derive(Debug, Default)]
pub(super) struct Notes {
    found: BTreeMap<(ProfileFile, UnsupportedReason, String), (usize, usize, usize)>,
}

impl Notes {
    const MOST: usize = 2_000;

    pub(super) fn note(
        &mut self,
        reason: UnsupportedReason,
        file: ProfileFile,
        at: &Element,
        name: impl AsRef<str>,
    ) {
        self.note_at(reason, file, (at.line, at.column), name);
    }

    pub(super) fn note_at(
        &mut self,
        reason: UnsupportedReason,
        file: ProfileFile,
        (line, column): (usize, usize),
        name: impl AsRef<str>,
    ) {
        let key = (file, reason, shown(name.as_ref()));
        let full = self.found.len() >= Self::MOST && !self.found.contains_key(&key);
        let key = if full { (file, UnsupportedReason::More, String::new()) } else { key };
        self.found.entry(key).or_insert((line, column, 0)).2 += 1;
    }

    /// Notes the attributes of `at` that are not among `known`.
    pub(super) fn attributes(&mut self, file: ProfileFile, at: &Element, known: &[&str]) {
        for (name, _) in &at.attributes {
            if !known.contains(&&**name) && !is_schema_attribute(name) {
                self.note(UnsupportedReason::Attribute, file, at, format!("{}@{name}", at.name));
            }
        }
    }

    /// Notes the children of `at` that are not among `known`.
    pub(super) fn children(&mut self, file: ProfileFile, at: &Element, known: &[&str]) {
        for child in at.children.iter().filter(|child| !known.contains(&&*child.name)) {
            self.note(UnsupportedReason::Element, file, child, format!("{}/{}", at.name, child.name));
        }
    }

    /// All of it in the order of the files.
    pub(super) fn into_list(self) -> Vec<Unsupported> {
        let entry = |((file, reason, name), (line, column, count))| Unsupported {
            reason,
            file,
            name,
            line,
            column,
            count,
        };
        let mut list: Vec<_> = self.found.into_iter().map(entry).collect();
        list.sort_by_key(|found: &Unsupported| (found.file, found.line, found.column));
        list
    }
}

fn is_schema_attribute(name: &str) -> bool {
    name == "xmlns" || name.starts_with("xmlns:") || name.starts_with("xsi:") || name.starts_with("xml:")
}
