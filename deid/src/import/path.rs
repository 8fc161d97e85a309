//! The paths of rules.

use carewire_fhir_core::fhirpath::{Context, FhirPath, FhirPathError, Node};
use carewire_fhir_core::{Value, element, elements};

use super::error::RuleReason;
use super::tree::{RESOURCE_TYPES, Tree, resource_type};
use crate::{Error, Refusal, Result};

/// What a rule is for: the terms of a union.
#[derive(Debug)]
pub(super) struct Path {
    terms: Vec<Term>,
}

#[derive(Debug)]
struct Term {
    /// The type of the resource; `None` for any.
    resource: Option<String>,
    steps: Vec<Step>,
}

#[derive(Debug)]
enum Step {
    /// An element by its name, or a choice by the name that its types share.
    Name(String),
    /// The elements of a type among those reached and all below them.
    ByType(String),
    /// The elements of a name among those reached and all below them.
    ByName(String),
    /// Whatever else the expression language has.
    Expression(FhirPath),
}

impl Path {
    pub(super) fn parse(text: &str) -> Result<Self, RuleReason> {
        let terms: Result<Vec<_>, _> = split(text, '|').into_iter().map(Term::parse).collect();
        Ok(Self { terms: terms? })
    }

    /// Whether some term may find something in a resource of R4.
    pub(super) fn may_apply(&self) -> bool {
        self.terms.iter().any(Term::may_apply)
    }

    /// The elements that the path finds in a resource, in its order.
    pub(super) fn select(&self, tree: &Tree<'_>) -> Result<Vec<usize>> {
        let mut found = Vec::new();
        let type_name = tree.element(0).map_or("", |root| root.type_name);
        for term in &self.terms {
            if term.resource.as_deref().is_none_or(|wanted| wanted == type_name) {
                found.extend(term.select(tree)?);
            }
        }
        Ok(found)
    }
}

impl Term {
    fn parse(text: &str) -> Result<Self, RuleReason> {
        let text = text.trim();
        let head = text.split(|one: char| !one.is_ascii_alphanumeric()).next().unwrap_or_default();
        let named = head.starts_with(|first: char| first.is_ascii_uppercase());
        let mut rest = if named { text.get(head.len()..).unwrap_or_default() } else { text };
        let any = matches!(head, "Resource" | "DomainResource");
        let mut term = Self { resource: (named && !any).then(|| head.to_owned()), steps: Vec::new() };
        rest = rest.strip_prefix('.').unwrap_or(rest);
        if let Some(at) = find_nodes(rest) {
            let (before, nodes) = rest.split_at_checked(at).ok_or(RuleReason::Nodes)?;
            term.expression(before.strip_suffix('.').unwrap_or(before))?;
            rest = term.nodes(nodes)?;
        }
        if find_nodes(rest).is_some() {
            return Err(RuleReason::Nodes);
        }
        term.expression(rest)?;
        Ok(term)
    }

    /// Reads `nodesByType('X')` or `nodesByName('x')`, and gives what follows.
    fn nodes<'t>(&mut self, text: &'t str) -> Result<&'t str, RuleReason> {
        let (function, rest) = text.split_once('(').ok_or(RuleReason::Nodes)?;
        let (name, rest) = rest.split_once(')').ok_or(RuleReason::Nodes)?;
        let name = name.trim();
        let name =
            name.strip_prefix('\'').and_then(|name| name.strip_suffix('\'')).ok_or(RuleReason::Nodes)?;
        if name.is_empty() || !name.bytes().all(|one| one.is_ascii_alphanumeric()) {
            return Err(RuleReason::Nodes);
        }
        self.steps.push(match function.trim() {
            "nodesByType" => Step::ByType(name.to_owned()),
            _ => Step::ByName(name.to_owned()),
        });
        Ok(rest.strip_prefix('.').unwrap_or(rest))
    }

    fn expression(&mut self, text: &str) -> Result<(), RuleReason> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(());
        }
        let is_name = |step: &str| !step.is_empty() && step.bytes().all(|one| one.is_ascii_alphanumeric());
        if text.split('.').all(is_name) {
            self.steps.extend(text.split('.').map(|step| Step::Name(step.to_owned())));
            return Ok(());
        }
        self.steps.push(Step::Expression(expression(text)?));
        Ok(())
    }

    fn may_apply(&self) -> bool {
        let root = self.resource.as_deref();
        if root.is_some_and(|root| resource_type(root).is_none()) {
            return false;
        }
        let mut types: Vec<&str> = root.map_or_else(|| RESOURCE_TYPES.clone(), |root| vec![root]);
        for step in &self.steps {
            types = match step {
                Step::Name(name) => types.iter().flat_map(|of| types_of(of, name)).collect(),
                Step::ByType(name) if elements(name).next().is_some() => vec![name],
                Step::ByType(name) if name.starts_with(|first: char| first.is_ascii_lowercase()) => {
                    return true;
                }
                Step::ByType(_) => Vec::new(),
                Step::ByName(_) | Step::Expression(_) => return true,
            };
        }
        !types.is_empty()
    }

    fn select(&self, tree: &Tree<'_>) -> Result<Vec<usize>> {
        let mut found = vec![0];
        for step in &self.steps {
            let mut next = Vec::new();
            for at in found {
                step.select(tree, at, &mut next)?;
            }
            found = next;
        }
        Ok(found)
    }
}

impl Step {
    fn select(&self, tree: &Tree<'_>, at: usize, found: &mut Vec<usize>) -> Result<()> {
        let Some(focus) = tree.element(at) else { return Ok(()) };
        let element = |at: &usize| tree.element(*at);
        match self {
            Self::Name(step) => {
                let named =
                    |at: &usize| element(at).is_some_and(|child| is_step(focus.type_name, child.name, step));
                found.extend(focus.children.iter().copied().filter(named));
            }
            Self::ByType(name) => {
                let of_type = |at: &usize| element(at).is_some_and(|one| one.type_name == name);
                found.extend(tree.with_descendants(at).into_iter().filter(of_type));
            }
            Self::ByName(name) => {
                let parent = |at: &usize| {
                    element(at).and_then(|one| one.parent).and_then(|parent| tree.element(parent))
                };
                let named = |at: &usize| {
                    element(at)
                        .zip(parent(at))
                        .is_some_and(|(one, above)| is_step(above.type_name, one.name, name))
                };
                found.extend(tree.with_descendants(at).into_iter().filter(named));
            }
            Self::Expression(expression) => {
                let root = tree.element(0).and_then(|root| root.value).ok_or_else(|| failed(tree, at))?;
                let node = Node::primitive(focus.value, focus.sibling);
                let items = expression.select(node, &Context::new(root)).map_err(|_| failed(tree, at))?;
                for item in items {
                    // What was computed, or has no value, is no element that could be treated.
                    let value: &Value = item.value().ok_or_else(|| failed(tree, at))?;
                    found.extend(tree.at(value));
                }
            }
        }
        Ok(())
    }
}

pub(super) fn failed(tree: &Tree<'_>, at: usize) -> Error {
    Error::Refused { path: tree.path(at), reason: Refusal::RuleFailed }
}

pub(super) fn expression(text: &str) -> Result<FhirPath, RuleReason> {
    let reason = |error: FhirPathError| RuleReason::Expression {
        reason: error.reason().clone(),
        offset: error.offset(),
    };
    FhirPath::parse(text).map_err(reason)
}

/// Whether a step names an element: by its name, or a choice by the name before the type.
fn is_step(parent: &str, name: &str, step: &str) -> bool {
    let choice = || {
        name.strip_prefix(step).is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_uppercase()))
    };
    name == step || choice() && element(parent, step).is_none()
}

fn types_of(parent: &str, step: &str) -> Vec<&'static str> {
    let matching = elements(parent).filter(|(name, _)| is_step(parent, name, step));
    matching.map(|(_, shape)| shape.type_name).collect()
}

/// Where `nodesByType` or `nodesByName` begins.
fn find_nodes(text: &str) -> Option<usize> {
    ["nodesByType", "nodesByName"].iter().filter_map(|name| text.find(name)).min()
}

/// The parts between a separator that stands in no parenthesis and in no quotes.
fn split(text: &str, separator: char) -> Vec<&str> {
    let (mut parts, mut start, mut depth, mut quoted) = (Vec::new(), 0, 0_i32, false);
    for (at, one) in text.char_indices() {
        match one {
            '\'' => quoted = !quoted,
            '(' | '[' if !quoted => depth += 1,
            ')' | ']' if !quoted => depth -= 1,
            one if one == separator && !quoted && depth == 0 => {
                parts.extend(text.get(start..at));
                start = at + one.len_utf8();
            }
            _ => {}
        }
    }
    parts.extend(text.get(start..));
    parts
}
