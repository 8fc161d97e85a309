//! The words of a line.

use super::error::{OverlayError, OverlayProblem};
use crate::dictionary::definition::{Cardinality, FieldDefinition, Optionality};
use crate::dictionary::{TableKind, Text, Version};

/// A line that begins a block.
pub(super) enum Statement<'t> {
    Version(Version),
    Segment { name: &'t str, title: &'t str, replace: bool },
    Datatype { name: &'t str, title: &'t str, replace: bool },
    Table { id: &'t str, kind: Option<TableKind>, name: &'t str, replace: bool },
    Structure { name: &'t str, body: Option<&'t str>, replace: bool },
    Event { code: &'t str, event: &'t str, structure: &'t str },
}

impl<'t> Statement<'t> {
    pub(super) fn read(line: usize, words: &'t str) -> Result<Self, OverlayError> {
        let wrong = |problem| OverlayError::new(line, problem);
        let (replace, words) = replacing(words);
        let (keyword, rest) = word(words);
        let (first, after) = word(rest);
        if first.is_empty() {
            let known = ["version", "segment", "datatype", "table", "structure", "event"].contains(&keyword);
            return Err(wrong(if known {
                OverlayProblem::Missing
            } else {
                OverlayProblem::UnknownStatement
            }));
        }
        let named = |valid: bool| if valid { Ok(first) } else { Err(wrong(OverlayProblem::BadWord)) };
        Ok(match keyword {
            "version" => Self::Version(Version::parse(first).ok_or(wrong(OverlayProblem::BadWord))?),
            "segment" => Self::Segment { name: named(is_segment(first))?, title: after, replace },
            "datatype" => Self::Datatype { name: named(is_name(first, 32))?, title: after, replace },
            "table" => {
                let (kind, name) = match word(after) {
                    ("hl7", name) => (Some(TableKind::Hl7), name),
                    ("user", name) => (Some(TableKind::User), name),
                    ("", _) => (None, ""),
                    _ => return Err(wrong(OverlayProblem::BadWord)),
                };
                Self::Table { id: named(is_name(first, 32))?, kind, name, replace }
            }
            "structure" => {
                let body = after.strip_prefix('=').map(str::trim);
                if body.is_none() && !after.is_empty() {
                    return Err(wrong(OverlayProblem::BadWord));
                }
                Self::Structure { name: named(first == "*" || is_name(first, 64))?, body, replace }
            }
            "event" => {
                let (event, structure) = word(after);
                if event.is_empty() || structure.is_empty() {
                    return Err(wrong(OverlayProblem::Missing));
                }
                Self::Event { code: first, event, structure }
            }
            _ => return Err(wrong(OverlayProblem::UnknownStatement)),
        })
    }
}

/// `2 R 1..* CX 250 9001 Local Identifiers`: the number and the field.
pub(super) fn field(line: usize, words: &str) -> Result<(usize, FieldDefinition), OverlayError> {
    let wrong = |problem| OverlayError::new(line, problem);
    let bad = || wrong(OverlayProblem::BadWord);
    let (number, rest) = word(words);
    let (usage, rest) = word(rest);
    let (often, rest) = word(rest);
    let (datatype, rest) = word(rest);
    let (length, rest) = word(rest);
    let (table, name) = word(rest);
    if name.is_empty() {
        return Err(wrong(OverlayProblem::Missing));
    }
    let (min, max) = often.split_once("..").ok_or_else(bad)?;
    let max = if max == "*" { None } else { Some(max.parse().map_err(|_| bad())?) };
    let cardinality = Cardinality { min: min.parse().map_err(|_| bad())?, max };
    if max.is_some_and(|max| max < cardinality.min) || !(is_name(datatype, 32) || datatype == "-") {
        return Err(bad());
    }
    let field = FieldDefinition {
        name: owned(name),
        datatype: owned(none(datatype).unwrap_or_default()),
        usage: Optionality::parse(usage).ok_or_else(bad)?,
        cardinality,
        length: none(length).map(str::parse).transpose().map_err(|_| bad())?,
        table: none(table).map(owned),
    };
    if field.datatype.is_empty() && !field.is_withdrawn() {
        return Err(bad());
    }
    Ok((number.parse().map_err(|_| bad())?, field))
}

/// Whether the line begins with `replace`, and the rest of it.
pub(super) fn replacing(words: &str) -> (bool, &str) {
    match word(words) {
        ("replace", rest) if !rest.is_empty() => (true, rest),
        _ => (false, words),
    }
}

/// The first word, and what follows it.
pub(super) fn word(words: &str) -> (&str, &str) {
    let words = words.trim_start();
    words.split_once(char::is_whitespace).map_or((words, ""), |(word, rest)| (word, rest.trim_start()))
}

pub(super) fn is_segment(name: &str) -> bool {
    crate::SegmentId::parse(name).is_some()
}

pub(super) fn owned(text: &str) -> Text {
    Text::Owned(text.to_owned())
}

fn is_name(name: &str, longest: usize) -> bool {
    !name.is_empty()
        && name.len() <= longest
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn none(word: &str) -> Option<&str> {
    (word != "-").then_some(word)
}
