//! Rules and bindings, and the messages, groups, segments and data types that they are given for.

use std::collections::HashMap;
use std::sync::Arc;

use super::assertion::{Assertion, Refusal};
use super::binding::{Binder, Binding, SingleCode};
use super::error::ProfileError;
use super::model::Usage;
use super::path::PositionPath;
use super::unsupported::{Notes, UnsupportedReason};
use super::xml::{Document, Element, shown};
use crate::Severity;

/// The rules and bindings of one message, group, segment or data type.
#[derive(Clone, Debug, Default)]
pub(super) struct Context {
    pub(super) statements: Vec<Arc<Statement>>,
    pub(super) predicates: Vec<Arc<Predicate>>,
    pub(super) bindings: Vec<Arc<Binding>>,
    pub(super) single_codes: Vec<Arc<SingleCode>>,
}

impl Context {
    pub(super) fn is_empty(&self) -> bool {
        self.statements.is_empty()
            && self.predicates.is_empty()
            && self.bindings.is_empty()
            && self.single_codes.is_empty()
    }

    fn extend(&mut self, other: &Self) {
        self.statements.extend_from_slice(&other.statements);
        self.predicates.extend_from_slice(&other.predicates);
        self.bindings.extend_from_slice(&other.bindings);
        self.single_codes.extend_from_slice(&other.single_codes);
    }
}

/// A conformance statement.
#[derive(Debug)]
pub(super) struct Statement {
    pub(super) id: String,
    pub(super) description: String,
    pub(super) severity: Severity,
    pub(super) assertion: Assertion,
}

/// Which usage an element has, by a condition.
#[derive(Debug)]
pub(super) struct Predicate {
    pub(super) target: PositionPath,
    pub(super) when_true: Usage,
    pub(super) when_false: Usage,
    pub(super) description: String,
    pub(super) condition: Assertion,
    pub(super) place: (usize, usize),
}

impl Predicate {
    /// The positions of the target, as in `2.8`.
    pub(super) fn target_name(&self) -> String {
        let positions: Vec<String> = self.target.steps.iter().map(|step| step.position.to_string()).collect();
        positions.join(".")
    }
}

/// What rules and bindings can be given for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum ContextKind {
    Group,
    Segment,
    Datatype,
}

/// All rules and bindings by what they are given for.
#[derive(Debug, Default)]
pub(super) struct Contexts {
    by_id: HashMap<(ContextKind, String), Entry>,
    by_name: HashMap<(ContextKind, String), Entry>,
}

#[derive(Debug, Default)]
struct Entry {
    context: Context,
    places: Vec<(super::error::ProfileFile, usize, usize)>,
    used: bool,
}

impl Contexts {
    /// The rules and bindings of what has this name and id, those by name first.
    pub(super) fn take(&mut self, kind: ContextKind, name: &str, id: &str) -> Context {
        let mut context = Context::default();
        let named = self.by_name.get_mut(&(kind, name.to_owned()));
        let identified = self.by_id.get_mut(&(kind, id.to_owned()));
        for entry in named.into_iter().chain(identified) {
            entry.used = true;
            context.extend(&entry.context);
        }
        context
    }

    /// Notes those that nothing in the profile is concerned by.
    pub(super) fn note_unused(&self, notes: &mut Notes) {
        for ((_, name), entry) in self.by_id.iter().chain(&self.by_name).filter(|(_, entry)| !entry.used) {
            for (file, line, column) in &entry.places {
                notes.note_at(UnsupportedReason::Context, *file, (*line, *column), name);
            }
        }
    }

    /// Reads `ConformanceContext`.
    pub(super) fn read_rules(
        &mut self,
        document: &Document,
        binder: &mut Binder<'_>,
    ) -> Result<(), ProfileError> {
        let root = &document.root;
        binder.notes.children(document.file, root, &["MetaData", "Predicates", "Constraints"]);
        for part in root.children_named("Predicates") {
            self.read_part(document, part, binder, |context, at, binder| {
                read_predicate(document, at, binder)
                    .map(|found| context.predicates.extend(found.map(Arc::new)))
            })?;
        }
        for part in root.children_named("Constraints") {
            self.read_part(document, part, binder, |context, at, binder| {
                read_statement(document, at, binder)
                    .map(|found| context.statements.extend(found.map(Arc::new)))
            })?;
        }
        Ok(())
    }

    /// Reads `ValueSetBindingsContext`.
    pub(super) fn read_bindings(
        &mut self,
        document: &Document,
        binder: &mut Binder<'_>,
    ) -> Result<(), ProfileError> {
        let root = &document.root;
        binder.notes.children(document.file, root, &["MetaData", "ValueSetBindings", "SingleCodeBindings"]);
        for part in root.children_named("ValueSetBindings") {
            self.read_part(document, part, binder, |context, at, binder| {
                context.bindings.push(Arc::new(binder.binding(document, at)?));
                Ok(())
            })?;
        }
        for part in root.children_named("SingleCodeBindings") {
            self.read_part(document, part, binder, |context, at, binder| {
                context.single_codes.push(Arc::new(binder.single_code(document, at)?));
                Ok(())
            })?;
        }
        Ok(())
    }

    fn read_part(
        &mut self,
        document: &Document,
        part: &Element,
        binder: &mut Binder<'_>,
        mut read: impl FnMut(&mut Context, &Element, &mut Binder<'_>) -> Result<(), ProfileError>,
    ) -> Result<(), ProfileError> {
        binder.notes.children(document.file, part, &["Datatype", "Segment", "Group", "Message"]);
        for level in &part.children {
            let kind = match &*level.name {
                "Datatype" => ContextKind::Datatype,
                "Segment" => ContextKind::Segment,
                "Group" | "Message" => ContextKind::Group,
                _ => continue,
            };
            binder.notes.children(document.file, level, &["ByID", "ByName"]);
            for target in &level.children {
                let entry = match &*target.name {
                    "ByID" => self.by_id.entry((kind, document.required(target, "ID")?.to_owned())),
                    "ByName" => self.by_name.entry((kind, document.required(target, "Name")?.to_owned())),
                    _ => continue,
                };
                let entry = entry.or_default();
                entry.places.push((document.file, target.line, target.column));
                for rule in &target.children {
                    read(&mut entry.context, rule, binder)?;
                }
            }
        }
        Ok(())
    }
}

fn read_statement(
    document: &Document,
    at: &Element,
    binder: &mut Binder<'_>,
) -> Result<Option<Statement>, ProfileError> {
    let id = document.required(at, "ID")?;
    binder.notes.attributes(document.file, at, &["ID", "Tag", "Strength", "Classification", "Target"]);
    binder.notes.children(document.file, at, &["Description", "Reference", "Assertion"]);
    let severity = match (at.attribute("Strength"), at.attribute("Classification")) {
        (None | Some("SHALL"), None) => Severity::Error,
        (Some("MAY"), _) => Severity::Information,
        (Some("SHALL" | "SHOULD") | None, _) => Severity::Warning,
        _ => return Err(document.unreadable(at, "Strength")),
    };
    let assertion = document.required_child(at, "Assertion")?;
    let Some(assertion) = read_assertion(document, assertion, id, binder)? else { return Ok(None) };
    let description = description(at);
    Ok(Some(Statement { id: shown(id), description, severity, assertion }))
}

fn read_predicate(
    document: &Document,
    at: &Element,
    binder: &mut Binder<'_>,
) -> Result<Option<Predicate>, ProfileError> {
    let target = document.required(at, "Target")?;
    binder.notes.attributes(document.file, at, &["ID", "Target", "TrueUsage", "FalseUsage"]);
    binder.notes.children(document.file, at, &["Description", "Reference", "Condition"]);
    let usage = |attribute| {
        let usage = Usage::parse(document.required(at, attribute)?);
        usage.ok_or_else(|| document.unreadable(at, attribute))
    };
    let (when_true, when_false) = (usage("TrueUsage")?, usage("FalseUsage")?);
    let path = PositionPath::parse(target).filter(|path| !path.steps.is_empty());
    let path = path.ok_or_else(|| document.unreadable(at, "Target"))?;
    let condition = document.required_child(at, "Condition")?;
    let id = format!("predicate of {target}");
    let Some(condition) = read_assertion(document, condition, &id, binder)? else { return Ok(None) };
    Ok(Some(Predicate {
        target: path,
        when_true,
        when_false,
        description: description(at),
        condition,
        place: (at.line, at.column),
    }))
}

fn read_assertion(
    document: &Document,
    at: &Element,
    id: &str,
    binder: &mut Binder<'_>,
) -> Result<Option<Assertion>, ProfileError> {
    match Assertion::read_in(document, at, binder) {
        Ok(assertion) => Ok(Some(assertion)),
        Err(Refusal::Error(error)) => Err(error),
        Err(Refusal::Unsupported(reason)) => {
            binder.notes.note(reason, document.file, at, id);
            Ok(None)
        }
    }
}

/// The text of the description, cut to a length that can be shown.
fn description(at: &Element) -> String {
    let text = at.child("Description").map(|description| description.text.as_str()).unwrap_or_default();
    let words: Vec<&str> = text.split_whitespace().take(60).collect();
    words.join(" ").chars().take(300).collect()
}
