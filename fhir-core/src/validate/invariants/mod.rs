//! The constraints of R4: by code where they are everywhere or cheap to say, by FHIRPath elsewhere.

mod bundle;
mod datatypes;
mod resources;

use std::cell::Cell;
use std::sync::{LazyLock, OnceLock};

use super::engine::Engine;
use super::place::Place;
use super::scope::Scope;
use crate::definition::{Constraint, TypeDef, r4};
use crate::fhirpath::{Context, FhirPath, Undecided};
use crate::json::{JsonNode, NameId, TapeNode};
use crate::{Severity, Value};

/// What decides a constraint.
enum Check {
    /// A function of the element that it is on.
    Code(&'static ByCode),
    /// The walk itself, which says where exactly it is broken.
    Walk,
    /// Its expression, compiled when it is first asked for. All can be: a test holds that.
    Path(OnceLock<Option<FhirPath>>),
}

/// A constraint that code decides: true when it holds.
pub(super) struct ByCode {
    /// The type that it is on.
    on: &'static str,
    key: &'static str,
    of_tree: fn(&Value) -> bool,
    of_tape: fn(TapeNode<'_>) -> bool,
}

/// One closure for each constraint, over whatever the element is kept in.
macro_rules! by_code {
    ($(($on:literal, $key:literal, |$element:ident| $holds:expr)),* $(,)?) => {
        &[$($crate::validate::invariants::ByCode {
            on: $on,
            key: $key,
            of_tree: |$element| $holds,
            of_tape: |$element| $holds,
        }),*]
    };
}
use by_code;

/// What is known of a constraint.
pub(super) enum Verdict {
    Holds,
    Broken,
    /// To decide it would take too much.
    TooCostly,
    /// It asks for more than its focus, which takes a tree.
    NeedsTree,
}

/// A value that constraints are decided over.
pub(super) trait Subject<'a>: JsonNode<'a> {
    fn by_code(self, check: &ByCode) -> bool;

    /// By an expression with this element as its focus. `made` keeps what one evaluation leaves to the next.
    fn by_path(self, path: &FhirPath, scope: &Scope<'_, 'a, Self>, made: &mut Made<Self>) -> Verdict;
}

/// The elements of a text that were made trees, to evaluate expressions over them.
pub(super) struct Made<N> {
    /// The last one, for the next constraint on it.
    last: Option<(N, Value)>,
    /// How many values they had.
    values: usize,
}

impl<N> Default for Made<N> {
    fn default() -> Self {
        Self { last: None, values: 0 }
    }
}

impl<'a> Made<TapeNode<'a>> {
    /// An element as a tree; `None` when so much was made that it is cheaper to read the whole text as one.
    fn tree(&mut self, element: TapeNode<'a>) -> Option<&Value> {
        let last = self.last.take().filter(|(last, _)| last.is_same(element));
        if last.is_none() {
            self.values += element.size();
        }
        if self.values > element.size_of_all() {
            return None;
        }
        let (_, tree) = self.last.insert(last.unwrap_or_else(|| (element, element.to_value())));
        Some(tree)
    }
}

impl<'a> Subject<'a> for &'a Value {
    fn by_code(self, check: &ByCode) -> bool {
        (check.of_tree)(self)
    }

    fn by_path(self, path: &FhirPath, scope: &Scope<'_, 'a, Self>, _: &mut Made<Self>) -> Verdict {
        let container = scope.container;
        let context = Context::new(scope.resource).contained_in(container.within).with_contained(container);
        let context = match scope.bundle {
            Some(entries) => context.with_resolver(entries),
            None => context,
        };
        verdict(path.is_true(self, &context))
    }
}

impl<'a> Subject<'a> for TapeNode<'a> {
    fn by_code(self, check: &ByCode) -> bool {
        (check.of_tape)(self)
    }

    fn by_path(self, path: &FhirPath, _: &Scope<'_, 'a, Self>, made: &mut Made<Self>) -> Verdict {
        let Some(tree) = made.tree(self) else { return Verdict::NeedsTree };
        let looked_around = Cell::new(false);
        let is_true = path.is_true(tree, &Context::new(tree).with_watch(&looked_around));
        if looked_around.get() { Verdict::NeedsTree } else { verdict(is_true) }
    }
}

/// What cannot be known counts as kept: see [`validate`](crate::validate).
fn verdict(is_true: Result<bool, Undecided>) -> Verdict {
    match is_true {
        Ok(true) => Verdict::Holds,
        Ok(false) => Verdict::Broken,
        Err(Undecided::Unresolved | Undecided::Incomparable | Undecided::UnknownType) => Verdict::Holds,
        // An element of the wrong shape, which the walk reports.
        Err(Undecided::Several | Undecided::WrongKind) => Verdict::Holds,
        Err(Undecided::TooManySteps | Undecided::TooDeep | Undecided::TooLarge) => Verdict::TooCostly,
    }
}

/// The check of each constraint, in the order of the table.
static CHECKS: LazyLock<Vec<Check>> = LazyLock::new(|| r4().constraints().iter().map(check_of).collect());

fn check_of(constraint: &Constraint) -> Check {
    if Constraint::BY_WALK.contains(&constraint.key) {
        return Check::Walk;
    }
    let mut by_code = [datatypes::CHECKS, resources::CHECKS, bundle::CHECKS].into_iter().flatten();
    let found = by_code.find(|check| check.on == constraint.on && check.key == constraint.key);
    found.map_or_else(|| Check::Path(OnceLock::new()), Check::Code)
}

impl<'a, N: Subject<'a>> Engine<'_, N> {
    /// The constraints on a type.
    pub(super) fn constraints(
        &mut self,
        on: &TypeDef,
        focus: N,
        place: &Place<'_>,
        scope: &Scope<'_, 'a, N>,
    ) {
        for id in &on.evaluated {
            self.constraint(id.index(), focus, place, scope);
        }
    }

    /// The constraints that a type has on one of its elements.
    pub(super) fn element_constraints(
        &mut self,
        on: &TypeDef,
        name: NameId,
        focus: N,
        place: &Place<'_>,
        scope: &Scope<'_, 'a, N>,
    ) {
        for id in on.constraints_on(name) {
            self.constraint(id.index(), focus, place, scope);
        }
    }

    fn constraint(&mut self, index: usize, focus: N, place: &Place<'_>, scope: &Scope<'_, 'a, N>) {
        let (Some(check), Some(constraint)) = (CHECKS.get(index), r4().constraints().get(index)) else {
            return;
        };
        if constraint.is_warning && !self.options.warnings {
            return;
        }
        match self.verdict(check, constraint, focus, scope) {
            Verdict::Holds => {}
            Verdict::Broken => {
                let severity = if constraint.is_warning { Severity::Warning } else { Severity::Error };
                let text = format!("{}: {}", constraint.key, constraint.human);
                self.report(severity, "invariant", &text, place);
            }
            Verdict::TooCostly => {
                let text =
                    format!("constraint {} was not decided: the evaluation is too large", constraint.key);
                self.report(Severity::Warning, "too-costly", &text, place);
            }
            Verdict::NeedsTree => self.needs_tree = true,
        }
    }

    fn verdict(
        &mut self,
        check: &'static Check,
        constraint: &'static Constraint,
        focus: N,
        scope: &Scope<'_, 'a, N>,
    ) -> Verdict {
        match check {
            Check::Walk => Verdict::Holds,
            Check::Code(check) if focus.by_code(check) => Verdict::Holds,
            Check::Code(_) => Verdict::Broken,
            Check::Path(path) => {
                let path = path.get_or_init(|| FhirPath::parse(constraint.expression).ok());
                let Some(path) = path else { return Verdict::Holds };
                focus.by_path(path, scope, &mut self.made)
            }
        }
    }
}

/// Whether an object has an element: a value, or extensions in its place.
fn has<'a>(object: impl JsonNode<'a>, name: NameId) -> bool {
    object.members().any(|(member, _)| member.id().is_some_and(|(id, _)| id == name))
}

/// Whether an object has one of these elements.
fn has_any<'a>(object: impl JsonNode<'a>, names: &[NameId]) -> bool {
    object.members().any(|(member, _)| member.id().is_some_and(|(id, _)| names.contains(&id)))
}

/// Whether an object that has `name` has `other` too.
fn needs<'a>(object: impl JsonNode<'a>, name: NameId, other: NameId) -> bool {
    !has(object, name) || has(object, other)
}

/// Whether an object has a choice, in any of its types. No other element of the object may start with its name.
fn has_choice<'a>(object: impl JsonNode<'a>, name: &str) -> bool {
    let mut names = object.members().filter_map(|(member, _)| member.id());
    names.any(|(id, _)| id.as_str().starts_with(name))
}

#[cfg(test)]
mod tests;
