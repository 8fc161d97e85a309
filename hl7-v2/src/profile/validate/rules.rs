//! Conformance statements and predicates.

use super::check::Checker;
use super::data::{Data, Spot};
use super::finding_of;
use super::query::Node;
use crate::Severity;
use crate::finding::{Finding, FindingKind};
use crate::profile::assertion::{
    Assertion, Matcher, Occurrences, PathComparison, Quantity, Strictness, Test, WhenAbsent,
};
use crate::profile::context::{Context, Predicate, Statement};
use crate::profile::model::{Range, Usage};
use crate::profile::path::PositionPath;

use super::compare::{compare, is_loinc, is_snomed, meets};

/// What an assertion gives.
#[derive(Clone, Copy)]
pub(super) enum Outcome<'m> {
    Holds,
    /// It does not hold, perhaps because of this.
    Fails(Option<Spot<'m>>),
    /// It cannot be told.
    Undecided,
}

impl<'m> Outcome<'m> {
    fn from(holds: bool, spot: Option<Spot<'m>>) -> Self {
        if holds { Self::Holds } else { Self::Fails(spot) }
    }
}

impl<'p, 'm> Checker<'p, 'm, '_> {
    /// All rules and bindings for a node.
    pub(super) fn context(&mut self, context: &'p Context, id: &'p str, node: Node<'p, 'm>) {
        for predicate in &context.predicates {
            self.predicate(predicate, id, node);
        }
        for binding in &context.bindings {
            self.binding(binding, id, node);
        }
        for code in &context.single_codes {
            self.single_code(code, id, node);
        }
        for statement in &context.statements {
            self.statement(statement, node);
        }
    }

    fn statement(&mut self, statement: &'p Statement, node: Node<'p, 'm>) {
        let (kind, severity, spot) = match self.evaluate(&statement.assertion, node) {
            Outcome::Holds => return,
            Outcome::Fails(spot) => (FindingKind::RuleBroken, statement.severity, spot),
            Outcome::Undecided => (FindingKind::NotChecked, Severity::Information, None),
        };
        let finding = finding_of(kind).with_severity(severity).by_rule(statement.id.clone());
        let finding = expecting(finding, &statement.description);
        self.report(finding, Some(node.instance()), spot.unwrap_or_else(|| self.place_of(node)));
    }

    fn predicate(&mut self, predicate: &'p Predicate, id: &'p str, node: Node<'p, 'm>) {
        let Some((last, before)) = predicate.target.steps.split_last() else { return };
        let rule = format!("{id}, predicate of {}", predicate.target_name());
        let usage = match self.evaluate(&predicate.condition, node) {
            Outcome::Holds => predicate.when_true,
            Outcome::Fails(_) => predicate.when_false,
            Outcome::Undecided => {
                let finding = finding_of(FindingKind::NotChecked).by_rule(rule);
                return self.report(finding, Some(node.instance()), self.place_of(node));
            }
        };
        if usage != Usage::Required && !usage.forbids() {
            return;
        }
        for parent in self.follow(node, before).unwrap_or_default() {
            if matches!(parent, Node::Data(data, _) if data.is_null()) {
                continue;
            }
            let found = self.follow(parent, std::slice::from_ref(last)).unwrap_or_default();
            let kind = match self.kind_of_child(parent) {
                _ if usage.forbids() => FindingKind::NotAllowed,
                kind => kind,
            };
            let finding = finding_of(kind).by_rule(rule.clone());
            let finding = expecting(finding, &predicate.description);
            if usage.forbids() {
                for child in found {
                    self.report(finding.clone(), Some(child.instance()), self.place_of(child));
                }
            } else if found.is_empty() {
                self.report(finding, Some(parent.instance()), self.place_of_missing(parent, last.position));
            }
        }
    }

    fn kind_of_child(&self, parent: Node<'p, 'm>) -> FindingKind {
        match parent {
            Node::Data(..) => FindingKind::RequiredComponentMissing,
            Node::Instance(node) if self.segment_data(node).is_some() => FindingKind::RequiredFieldMissing,
            Node::Instance(_) => FindingKind::MissingSegment,
        }
    }

    /// Where a child would stand.
    fn place_of_missing(&self, parent: Node<'p, 'm>, position: usize) -> Spot<'m> {
        match parent {
            Node::Data(data, _) => {
                let raw = data.parts().nth(position.saturating_sub(1)).unwrap_or_else(|| data.end());
                Spot { line: data.line, location: data.part_location(position), raw }
            }
            Node::Instance(node) => match self.segment_data(node) {
                Some(segment) => {
                    let line = segment.segment.index();
                    let field = segment.segment.field(position).map(|field| field.raw());
                    let raw = field.unwrap_or_else(|| self.behind(line).raw);
                    Spot { line, location: segment.field_location(position), raw }
                }
                None => self.spot_of(node),
            },
        }
    }

    /// The nesting is that of the rule.
    pub(super) fn evaluate(&self, assertion: &'p Assertion, node: Node<'p, 'm>) -> Outcome<'m> {
        match assertion {
            Assertion::Presence(path) => match self.query(node, path) {
                Ok(found) => Outcome::from(!found.is_empty(), None),
                Err(_) => Outcome::Undecided,
            },
            Assertion::Test(test) => self.test(test, node),
            Assertion::Paths(comparison) => self.paths(comparison, node),
            Assertion::ValueSet { path, binding, absent } => match self.query(node, path) {
                Err(_) => Outcome::Undecided,
                Ok(found) => match found.as_slice() {
                    [] => when_absent(*absent),
                    [only] => match self.is_bound(binding, *only) {
                        Some(true) => Outcome::Holds,
                        Some(false) => Outcome::Fails(Some(self.place_of(*only))),
                        None => Outcome::Undecided,
                    },
                    _ => Outcome::Undecided,
                },
            },
            Assertion::Null(path) => match self.query(node, path) {
                Err(_) => Outcome::Undecided,
                Ok(found) => {
                    let is_null = |node: &Node<'p, 'm>| matches!(node, Node::Data(data, _) if data.is_null());
                    Outcome::from(!found.is_empty() && found.iter().all(is_null), None)
                }
            },
            Assertion::SetId(path) => self.set_id(path, node),
            Assertion::SetIds { parents, element } => self.set_ids(parents, element, node),
            Assertion::Within { path, assertion, occurrences, absent } => {
                self.within(path, assertion, *occurrences, *absent, node)
            }
            Assertion::Not(inner) => match self.evaluate(inner, node) {
                Outcome::Holds => Outcome::Fails(None),
                Outcome::Fails(_) => Outcome::Holds,
                Outcome::Undecided => Outcome::Undecided,
            },
            Assertion::All(list) => self.all(list, node),
            Assertion::Any(list) => self.any(list, node),
            Assertion::Either(one, other) => match (self.evaluate(one, node), self.evaluate(other, node)) {
                (Outcome::Undecided, _) | (_, Outcome::Undecided) => Outcome::Undecided,
                (Outcome::Holds, Outcome::Fails(_)) | (Outcome::Fails(_), Outcome::Holds) => Outcome::Holds,
                _ => Outcome::Fails(None),
            },
            Assertion::Imply(condition, then) => match self.evaluate(condition, node) {
                Outcome::Holds => self.evaluate(then, node),
                Outcome::Fails(_) => Outcome::Holds,
                Outcome::Undecided => match self.evaluate(then, node) {
                    Outcome::Holds => Outcome::Holds,
                    _ => Outcome::Undecided,
                },
            },
        }
    }

    fn all(&self, list: &'p [Assertion], node: Node<'p, 'm>) -> Outcome<'m> {
        let mut outcome = Outcome::Holds;
        for assertion in list {
            match self.evaluate(assertion, node) {
                Outcome::Holds => {}
                fails @ Outcome::Fails(_) => return fails,
                Outcome::Undecided => outcome = Outcome::Undecided,
            }
        }
        outcome
    }

    fn any(&self, list: &'p [Assertion], node: Node<'p, 'm>) -> Outcome<'m> {
        let mut undecided = false;
        let mut first = None;
        for assertion in list {
            match self.evaluate(assertion, node) {
                Outcome::Holds => return Outcome::Holds,
                Outcome::Fails(spot) => first = first.or(spot),
                Outcome::Undecided => undecided = true,
            }
        }
        if undecided { Outcome::Undecided } else { Outcome::Fails(first) }
    }

    fn test(&self, test: &'p Test, node: Node<'p, 'm>) -> Outcome<'m> {
        let Ok(values) = self.values(node, &test.path) else { return Outcome::Undecided };
        if values.is_empty() {
            return when_absent(test.absent);
        }
        let (mut matching, mut first) = (0, None);
        for (data, _) in &values {
            match matches(&test.matcher, *data) {
                None => return Outcome::Undecided,
                Some(true) => matching += 1,
                Some(false) => first = first.or(Some(data.spot())),
            }
        }
        let holds = match test.occurrences {
            Occurrences::All => matching == values.len(),
            Occurrences::AtLeastOne => matching > 0,
            Occurrences::Between(range) => range.includes(matching),
        };
        Outcome::from(holds, first)
    }

    fn set_id(&self, path: &'p PositionPath, node: Node<'p, 'm>) -> Outcome<'m> {
        match self.values(node, path).as_deref() {
            // Whether it has to be there is a matter of usage.
            Ok([]) => Outcome::Holds,
            Ok([(data, _)]) => {
                let number: Option<usize> = data.text().trim().parse().ok();
                Outcome::from(number == Some(self.number_of(node)), Some(data.spot()))
            }
            _ => Outcome::Undecided,
        }
    }

    /// Numbers that count from 1, in each parent or over all of them.
    fn set_ids(&self, parents: &PositionPath, element: &PositionPath, node: Node<'p, 'm>) -> Outcome<'m> {
        let Ok(parents) = self.query(node, parents) else { return Outcome::Undecided };
        let (mut overall, mut wrong_in_parent, mut wrong_overall) = (0_usize, None, None);
        for parent in parents {
            let Ok(values) = self.values(parent, element) else { return Outcome::Undecided };
            for (index, (data, _)) in values.iter().enumerate() {
                overall += 1;
                let number: Option<usize> = data.text().trim().parse().ok();
                if number != Some(index + 1) {
                    wrong_in_parent = wrong_in_parent.or(Some(data.spot()));
                }
                if number != Some(overall) {
                    wrong_overall = wrong_overall.or(Some(data.spot()));
                }
            }
        }
        match (wrong_in_parent, wrong_overall) {
            (Some(spot), Some(_)) => Outcome::Fails(Some(spot)),
            _ => Outcome::Holds,
        }
    }

    fn within(
        &self,
        path: &PositionPath,
        assertion: &'p Assertion,
        occurrences: Option<Range>,
        absent: WhenAbsent,
        node: Node<'p, 'm>,
    ) -> Outcome<'m> {
        let Ok(found) = self.query(node, path) else { return Outcome::Undecided };
        if found.is_empty() {
            return when_absent(absent);
        }
        let (mut holding, mut failed, mut first) = (0, false, None);
        for inner in found {
            match self.evaluate(assertion, inner) {
                Outcome::Holds => holding += 1,
                Outcome::Undecided => return Outcome::Undecided,
                Outcome::Fails(spot) => {
                    failed = true;
                    first = first.or_else(|| Some(spot.unwrap_or_else(|| self.place_of(inner))));
                }
            }
        }
        Outcome::from(occurrences.map_or(!failed, |range| range.includes(holding)), first)
    }

    fn paths(&self, comparison: &'p PathComparison, node: Node<'p, 'm>) -> Outcome<'m> {
        match comparison.parts {
            Some(strictness) => self.by_parts(comparison, strictness, node),
            None => self.by_values(comparison, node),
        }
    }

    fn by_values(&self, comparison: &'p PathComparison, node: Node<'p, 'm>) -> Outcome<'m> {
        let sides = (self.values(node, &comparison.left), self.values(node, &comparison.right));
        let (Ok(left), Ok(right)) = sides else { return Outcome::Undecided };
        match (left.as_slice(), right.as_slice()) {
            ([], []) => return when_absent(comparison.absent),
            ([(only, _)], []) | ([], [(only, _)]) => return Outcome::Fails(Some(only.spot())),
            _ => {}
        }
        let cost = left.len().checked_mul(right.len());
        let Some(budget) = cost.and_then(|cost| self.budget.get().checked_sub(cost)) else {
            return Outcome::Undecided;
        };
        self.budget.set(budget);
        let (mut matching, mut undecided, mut first) = (0, false, None);
        for (one, _) in &left {
            let mut agreeing = 0;
            for (other, _) in &right {
                let relation = compare(*one, *other, comparison.mode);
                match relation.map(|relation| meets(comparison.operator, relation)) {
                    Some(true) => agreeing += 1,
                    Some(false) => {}
                    None => undecided = true,
                }
            }
            if has_quantity(comparison.right_mode, agreeing, right.len()) {
                matching += 1;
            } else {
                first = first.or(Some(one.spot()));
            }
        }
        match has_quantity(comparison.left_mode, matching, left.len()) {
            false if undecided => Outcome::Undecided,
            holds => Outcome::from(holds, first),
        }
    }

    /// Compares what is at the two paths repetition by repetition and part by part.
    fn by_parts(
        &self,
        comparison: &'p PathComparison,
        strictness: Strictness,
        node: Node<'p, 'm>,
    ) -> Outcome<'m> {
        let sides = (self.query(node, &comparison.left), self.query(node, &comparison.right));
        let (Ok(left), Ok(right)) = sides else { return Outcome::Undecided };
        if left.is_empty() && right.is_empty() {
            return when_absent(comparison.absent);
        }
        let data = |nodes: &[Node<'p, 'm>]| -> Option<Vec<Data<'p, 'm>>> {
            nodes.iter().map(|node| if let Node::Data(data, _) = node { Some(*data) } else { None }).collect()
        };
        let (Some(left), Some(right)) = (data(&left), data(&right)) else { return Outcome::Undecided };
        let mut lefts = left.into_iter().peekable();
        let mut rights = right.into_iter().peekable();
        let mut outcome = Outcome::Holds;
        loop {
            let order = match (lefts.peek(), rights.peek()) {
                (None, None) => return outcome,
                (Some(one), Some(other)) => one.number.cmp(&other.number),
                (Some(_), None) => std::cmp::Ordering::Less,
                (None, Some(_)) => std::cmp::Ordering::Greater,
            };
            let one = if order.is_le() { lefts.next() } else { None };
            let other = if order.is_ge() { rights.next() } else { None };
            match parts_agree(comparison, strictness, one, other) {
                Some(true) => {}
                Some(false) => return Outcome::Fails(one.or(other).map(|data| data.spot())),
                None => outcome = Outcome::Undecided,
            }
        }
    }
}

/// The nesting is that of the data types.
fn parts_agree(
    comparison: &PathComparison,
    strictness: Strictness,
    one: Option<Data<'_, '_>>,
    other: Option<Data<'_, '_>>,
) -> Option<bool> {
    let (one, other) = match (one, other) {
        (Some(one), Some(other)) => (one, other),
        (None, None) => return Some(true),
        _ => return Some(strictness == Strictness::Lenient),
    };
    match (one.datatype.is_primitive(), other.datatype.is_primitive()) {
        (true, true) => {
            compare(one, other, comparison.mode).map(|relation| meets(comparison.operator, relation))
        }
        (false, false) => {
            let count = one.datatype.components.len().max(other.datatype.components.len());
            let mut agree = Some(true);
            for position in 1..=count {
                match parts_agree(comparison, strictness, one.child(position), other.child(position)) {
                    Some(true) => {}
                    Some(false) => return Some(false),
                    None => agree = None,
                }
            }
            agree
        }
        _ => None,
    }
}

/// Whether a value matches; `None` when that cannot be told.
fn matches(matcher: &Matcher, data: Data<'_, '_>) -> Option<bool> {
    let text = data.text();
    let same = |wanted: &str, ignore_case: bool| {
        if ignore_case { wanted.to_lowercase() == text.to_lowercase() } else { *wanted == *text }
    };
    Some(match matcher {
        Matcher::Text { text: wanted, ignore_case } => same(wanted, *ignore_case),
        Matcher::Texts { texts, ignore_case } => texts.iter().any(|wanted| same(wanted, *ignore_case)),
        Matcher::Numbers(numbers) => {
            let number: Option<f64> = text.trim().parse().ok();
            number.is_some_and(|number| numbers.contains(&number))
        }
        Matcher::Pattern(pattern) => pattern.is_match(&text),
        Matcher::Compare { operator, literal, mode } => {
            let order = super::compare::compare_literal(data, literal, *mode)?;
            meets(*operator, order)
        }
        Matcher::Loinc => is_loinc(&text),
        Matcher::Snomed => is_snomed(&text),
    })
}

fn when_absent<'m>(absent: WhenAbsent) -> Outcome<'m> {
    match absent {
        WhenAbsent::Holds => Outcome::Holds,
        WhenAbsent::Fails => Outcome::Fails(None),
        WhenAbsent::Undecided => Outcome::Undecided,
    }
}

fn has_quantity(quantity: Quantity, matching: usize, all: usize) -> bool {
    match quantity {
        Quantity::All => matching == all,
        Quantity::AtLeastOne => matching > 0,
        Quantity::Exactly(count) => matching == count,
    }
}

fn expecting(finding: Finding, description: &str) -> Finding {
    if description.is_empty() { finding } else { finding.expecting(description.to_owned()) }
}
