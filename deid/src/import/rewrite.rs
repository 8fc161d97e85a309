//! Running a rule file on a resource.

use std::collections::BTreeMap;

use carewire_fhir_core::{Date, Resource, Value};

use super::file::{AnonymizerRules, Unmatched};
use super::path::failed;
use super::patient::Patients;
use super::rule::Method;
use super::tag::{self, Tag, Tags};
use super::tree::{Element, Tree};
use super::value::{Treated, Treatment};
use crate::patient::PatientIndex;
use crate::transform::{Shift, ValueCipher};
use crate::{Entropy, Error, Pseudonymizer, Refusal, Result};

/// How many days dates may be shifted: the limit that a policy has where it says none.
const SHIFT_LIMIT: u16 = 365;

/// Under what keys and as of which day a rule file is run.
#[derive(Clone, Copy, Debug)]
pub struct RunContext<'a> {
    keys: &'a Pseudonymizer,
    as_of: &'a Date,
    cipher: Option<(&'a ValueCipher, &'a dyn Entropy)>,
    patients: Option<&'a PatientIndex>,
}

impl<'a> RunContext<'a> {
    /// A context with the keys of one org for one purpose, and the day by which ages are told.
    #[must_use]
    pub fn new(keys: &'a Pseudonymizer, as_of: &'a Date) -> Self {
        Self { keys, as_of, cipher: None, patients: None }
    }

    /// The same with what `encrypt` needs; without it a value that is to be encrypted is an error.
    #[must_use]
    pub fn with_cipher(self, cipher: &'a ValueCipher, entropy: &'a dyn Entropy) -> Self {
        Self { cipher: Some((cipher, entropy)), ..self }
    }

    /// The same with what the patients of the files are known by: see [`Exporter`](crate::Exporter), whose rule holds here.
    #[must_use]
    pub fn with_patients(self, patients: &'a PatientIndex) -> Self {
        Self { patients: Some(patients), ..self }
    }

    pub(super) fn keys(&self) -> &'a Pseudonymizer {
        self.keys
    }

    pub(super) fn as_of(&self) -> &'a Date {
        self.as_of
    }

    pub(super) fn cipher(&self) -> Option<(&'a ValueCipher, &'a dyn Entropy)> {
        self.cipher
    }
}

/// A resource after a rule file was run on it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Transformed {
    /// What is left of the resource, with codes in `meta.security` that say what was done.
    pub resource: Resource,
    /// How many elements each rule was applied to, by its index.
    pub applied: BTreeMap<usize, u64>,
    /// Whether a rule could not be evaluated, and the file says to skip: nothing but the type is left then.
    pub skipped: bool,
}

impl AnonymizerRules {
    /// Applies the rules to a resource, or a Bundle with its entries.
    ///
    /// # Errors
    /// [`Error::Refused`] when the resource has what R4 does not have, or when a rule cannot be evaluated over it and the
    /// file does not say to skip. Nothing is emitted then.
    pub fn run(&self, resource: &Resource, context: &RunContext<'_>) -> Result<Transformed> {
        let patients = Patients::of(resource.value(), context.patients);
        let mut run = Run { rules: self, context, patients: &patients, applied: BTreeMap::new() };
        let outcome = run.resource(resource.value(), None, None);
        let (value, skipped) = match outcome {
            Ok((mut value, tags)) => {
                tag::add(&mut value, &tags);
                (value, false)
            }
            Err(Error::Refused { reason: Refusal::RuleFailed, .. }) if self.skip_errors => {
                let mut value = Value::object().with("resourceType", resource.resource_type());
                tag::add(&mut value, &Tags::from([Tag::Redacted]));
                (value, true)
            }
            Err(error) => return Err(error),
        };
        let resource = Resource::from_value(value)
            .map_err(|_| Error::Refused { path: "resource".to_owned(), reason: Refusal::NotR4 })?;
        Ok(Transformed { resource, applied: run.applied, skipped })
    }
}

struct Run<'r> {
    rules: &'r AnonymizerRules,
    context: &'r RunContext<'r>,
    patients: &'r Patients<'r>,
    applied: BTreeMap<usize, u64>,
}

/// The rule that an element falls under, and whether the rule named it or something above it.
#[derive(Clone, Copy)]
struct Decision {
    rule: usize,
    named: bool,
}

impl Run<'_> {
    /// A resource; one that is contained is shifted as the one that it is contained in.
    fn resource(
        &mut self,
        value: &Value,
        full_url: Option<&str>,
        shift: Option<Shift>,
    ) -> Result<(Value, Tags)> {
        let tree = Tree::of(value)?;
        let decided = self.decide(&tree)?;
        let own = || {
            let patient = self.patients.key(value, full_url);
            patient.shift(self.context.keys, SHIFT_LIMIT)
        };
        let shift = shift.or(self.rules.fixed_shift).unwrap_or_else(own);
        let (rules, context) = (self.rules, self.context);
        let treatment = Treatment { rules, context, shift, tree: &tree };
        let mut rewrite = Rewrite { run: self, treatment, decided: &decided, tags: Tags::new() };
        let mut out = Value::object().with("resourceType", value.str("resourceType").unwrap_or_default());
        rewrite.members(0, &mut out)?;
        let tags = rewrite.tags;
        Ok((out, tags))
    }

    /// The first rule that names an element holds for it and for all below it that no earlier rule holds for.
    fn decide(&mut self, tree: &Tree<'_>) -> Result<Vec<Option<Decision>>> {
        let mut decided: Vec<Option<Decision>> = vec![None; tree.elements.len()];
        for (rule, parsed) in self.rules.rules.iter().enumerate() {
            for at in parsed.path.select(tree)? {
                let mut open = vec![(at, true)];
                while let Some((at, named)) = open.pop() {
                    let Some(slot) = decided.get_mut(at).filter(|slot| slot.is_none()) else { continue };
                    *slot = Some(Decision { rule, named });
                    *self.applied.entry(rule).or_default() += 1;
                    open.extend(
                        tree.element(at)
                            .into_iter()
                            .flat_map(|one| one.children.iter().map(|at| (*at, false))),
                    );
                }
            }
        }
        Ok(decided)
    }
}

/// The writing of one resource.
struct Rewrite<'w, 'r> {
    run: &'w mut Run<'r>,
    treatment: Treatment<'w>,
    decided: &'w [Option<Decision>],
    tags: Tags,
}

impl<'w> Rewrite<'w, '_> {
    /// What is left of the elements below one, member by member.
    fn members(&mut self, at: usize, out: &mut Value) -> Result<()> {
        let tree = self.treatment.tree;
        let children = tree.element(at).map_or(&[][..], |element| &element.children);
        let name = |at: &usize| tree.element(*at).map(|element| element.name);
        for group in children.chunk_by(|a, b| name(a) == name(b)) {
            let Some(first) = group.first().and_then(|at| tree.element(*at)) else { continue };
            let mut left = Vec::new();
            for at in group {
                left.push(self.element(*at)?);
            }
            left.retain(|(value, sibling)| value.is_some() || sibling.is_some());
            set(out, first, left);
        }
        Ok(())
    }

    /// What is left of an element, and of what is said about it when it is a primitive.
    fn element(&mut self, at: usize) -> Result<(Option<Value>, Option<Value>)> {
        let Some(element) = self.treatment.tree.element(at) else { return Ok((None, None)) };
        if element.is_resource() {
            return self.nested(element);
        }
        if element.is_primitive {
            let value = self.primitive(at, element)?;
            let mut said = Value::object();
            self.members(at, &mut said)?;
            return Ok((value, Some(said).filter(|said| !said.is_empty())));
        }
        let mut out = Value::object();
        match self.method(at) {
            Some((Method::Substitute(with), true)) => self.substitute(at, with, &mut out)?,
            Some((Method::Substitute(_), false)) => self.others(at, &mut out)?,
            Some((Method::Generalize { .. }, true)) => return Err(failed(self.treatment.tree, at)),
            _ => self.members(at, &mut out)?,
        }
        let bare = element.type_name == "Extension" && (out.len() < 2 || out.get("url").is_none());
        Ok((Some(out).filter(|out| !out.is_empty() && !bare), None))
    }

    fn method(&self, at: usize) -> Option<(&'w Method, bool)> {
        let rules: &'w AnonymizerRules = self.treatment.rules;
        let decision = (*self.decided.get(at)?)?;
        rules.rules.get(decision.rule).map(|rule| (&rule.method, decision.named))
    }

    /// A contained resource, or that of an entry, which gets codes of its own.
    fn nested(&mut self, element: &Element<'_>) -> Result<(Option<Value>, Option<Value>)> {
        let Some(value) = element.value else { return Ok((None, None)) };
        let contained = element.name == "contained";
        let entry = element.parent.and_then(|parent| self.treatment.tree.element(parent));
        let full_url = entry.and_then(|entry| entry.value?.str("fullUrl"));
        let shift = contained.then_some(self.treatment.shift);
        let (mut out, tags) = self.run.resource(value, full_url, shift)?;
        if !contained {
            tag::add(&mut out, &tags);
        }
        self.tags.extend(tags);
        Ok((Some(out), None))
    }

    fn primitive(&mut self, at: usize, element: &Element<'_>) -> Result<Option<Value>> {
        let Some(value) = element.value else { return Ok(None) };
        let unmatched =
            self.treatment.rules.unmatched == Unmatched::Keep || is_frame(self.treatment.tree, element);
        let treated = match self.method(at) {
            Some((Method::Substitute(_), false)) => return Ok(None),
            Some((method, _)) => self.treatment.apply(method, at)?,
            None => Treated::NotFor,
        };
        Ok(match treated {
            Treated::Unchanged => Some(value.clone()),
            Treated::NotFor if unmatched => Some(value.clone()),
            Treated::Changed(value, tag) => {
                self.tags.insert(tag);
                Some(value)
            }
            Treated::Gone | Treated::NotFor => {
                self.tags.insert(Tag::Redacted);
                None
            }
        })
    }

    /// The value of the rule, and what earlier rules said about elements below.
    fn substitute(&mut self, at: usize, with: &Value, out: &mut Value) -> Result<()> {
        if with.members().next().is_none() {
            return Err(failed(self.treatment.tree, at));
        }
        let mut kept = Value::object();
        self.others(at, &mut kept)?;
        self.tags.insert(Tag::Substituted);
        for (name, value) in with.members().chain(kept.members()) {
            out.set(name, value.clone());
        }
        Ok(())
    }

    /// What is left below an element that is substituted: only what other rules hold for.
    fn others(&mut self, at: usize, out: &mut Value) -> Result<()> {
        let rule = |at: usize| self.decided.get(at).copied().flatten().map(|decision| decision.rule);
        let below = self.treatment.tree.with_descendants(at);
        if below.into_iter().all(|below| rule(below) == rule(at)) { Ok(()) } else { self.members(at, out) }
    }
}

/// Whether a Bundle would be none without it.
fn is_frame(tree: &Tree<'_>, element: &Element<'_>) -> bool {
    element.name == "type"
        && element.parent == Some(0)
        && tree.element(0).is_some_and(|root| root.type_name == "Bundle")
}

/// Writes what is left of a member: a list stays one, and values and what is said about them stay beside each other.
fn set(out: &mut Value, element: &Element<'_>, left: Vec<(Option<Value>, Option<Value>)>) {
    let (values, said): (Vec<_>, Vec<_>) = left.into_iter().unzip();
    for (name, parts) in [(element.name.to_owned(), values), (format!("_{}", element.name), said)] {
        if parts.iter().all(Option::is_none) {
            continue;
        }
        let mut parts = parts.into_iter().map(|part| part.unwrap_or_else(Value::null));
        let value = if element.in_list { Some(Value::from(parts.collect::<Vec<_>>())) } else { parts.next() };
        if let Some(value) = value {
            out.set(&name, value);
        }
    }
}
