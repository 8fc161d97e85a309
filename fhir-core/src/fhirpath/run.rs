//! The evaluation: every expression gives its items one by one to a sink, which can stop it.

use std::cell::{Cell, OnceCell};
use std::collections::HashMap;
use std::ops::ControlFlow;

use smallvec::SmallVec;

use super::context::Context;
use super::error::Undecided;
use super::expression::{Expression, Sum, Variable};
use super::item::{Item, Known, Node, Scalar};
use super::node::{Member, Nodes};
use super::text;
use super::types::TypeName;
use crate::{Decimal, Value};

pub(super) type Outcome<T> = Result<T, Undecided>;
pub(super) type Flow = ControlFlow<()>;
pub(super) type Sink<'s, 'a> = dyn FnMut(Item<'a>) -> Outcome<Flow> + 's;
pub(super) type Items<'a> = SmallVec<[Item<'a>; 2]>;

/// All items of an expression over a focus.
pub(super) fn select<'a>(
    expression: &'a Expression,
    focus: Node<'a>,
    context: &Context<'a>,
) -> Outcome<Vec<Item<'a>>> {
    let run = Run::new(focus, context);
    let mut found = Vec::new();
    let _ = run.each(expression, &[Item::Node(focus)], &mut |item| {
        found.push(item);
        Ok(Flow::Continue(()))
    })?;
    Ok(found)
}

/// Whether an expression finds anything. Where it finds nothing, that may be only because something could not be known.
pub(super) fn finds_any<'a>(
    expression: &'a Expression,
    focus: Node<'a>,
    context: &Context<'a>,
) -> Outcome<bool> {
    let run = Run::new(focus, context);
    let found = run.each(expression, &[Item::Node(focus)], &mut |_| Ok(Flow::Break(())))?;
    match (found.is_break(), run.doubt.get()) {
        (false, Some(doubt)) => Err(doubt),
        (is_any, _) => Ok(is_any),
    }
}

/// Whether an expression is true.
pub(super) fn is_true<'a>(
    expression: &'a Expression,
    focus: Node<'a>,
    context: &Context<'a>,
) -> Outcome<bool> {
    let run = Run::new(focus, context);
    match (run.truth(expression, &[Item::Node(focus)])?, run.doubt.get()) {
        (Some(true), _) => Ok(true),
        (_, Some(doubt)) => Err(doubt),
        (_, None) => Ok(false),
    }
}

/// One evaluation.
pub(super) struct Run<'c, 'a> {
    pub(super) context: &'c Context<'a>,
    focus: Node<'a>,
    steps_left: Cell<u32>,
    /// Why a result that is not true may be so only because something could not be known.
    doubt: Cell<Option<Undecided>>,
    /// The contained resources of the root by id, once asked for.
    pub(super) contained: OnceCell<HashMap<&'a str, &'a Value>>,
}

impl<'c, 'a> Run<'c, 'a> {
    fn new(focus: Node<'a>, context: &'c Context<'a>) -> Self {
        Self {
            context,
            focus,
            steps_left: Cell::new(context.steps),
            doubt: Cell::new(None),
            contained: OnceCell::new(),
        }
    }

    /// Gives the items of an expression to `sink` until it breaks.
    pub(super) fn each(
        &self,
        expression: &'a Expression,
        this: &[Item<'a>],
        sink: &mut Sink<'_, 'a>,
    ) -> Outcome<Flow> {
        self.step(1)?;
        match expression {
            Expression::Nothing => Ok(Flow::Continue(())),
            Expression::This => give(this.iter().cloned(), sink),
            Expression::Variable(variable) => sink(Item::Node(self.variable(*variable))),
            Expression::Member(of, member) => {
                self.each(of, this, &mut |item| self.members(&item, member, sink))
            }
            Expression::As(of, name) => self.each(of, this, &mut |item| match name.includes(&item) {
                Some(false) => Ok(Flow::Continue(())),
                Some(true) => sink(item),
                None => sink(as_type(item, name)),
            }),
            Expression::Call(of, function, arguments) if !function.is_test() => {
                self.call(of, *function, arguments, this, sink)
            }
            Expression::Union(parts) => self.union(parts, this, sink),
            Expression::Index(of, index) => self.index(of, index, this, sink),
            Expression::Bool(_) => self.give_truth(expression, this, sink),
            Expression::Integer(_) | Expression::Decimal(_) | Expression::Text(_) | Expression::Moment(_) => {
                give(literal(expression), sink)
            }
            Expression::Sum(left, right, sum) => give(self.sum(left, right, *sum, this)?, sink),
            Expression::Negative(of) => give(self.negative(of, this)?, sink),
            Expression::ReplaceMatches(of, pattern, with) => {
                give(text::replace_matches(self, of, pattern, with, this)?, sink)
            }
            _ => self.give_truth(expression, this, sink),
        }
    }

    /// The truth of an expression: of the one item that it has; `None` when it has none.
    pub(super) fn truth(&self, expression: &'a Expression, this: &[Item<'a>]) -> Outcome<Option<bool>> {
        self.step(1)?;
        match expression {
            Expression::Bool(value) => Ok(Some(*value)),
            Expression::And(parts) => self.any_is(parts, false, this),
            Expression::Or(parts) => self.any_is(parts, true, this),
            Expression::Xor(left, right) => {
                let (left, right) = (self.truth(left, this)?, self.truth(right, this)?);
                Ok(left.zip(right).map(|(left, right)| left != right))
            }
            Expression::Implies(left, right) => self.implies(left, right, this),
            Expression::Equal(left, right, equality) => self.equal(left, right, *equality, this),
            Expression::Order(left, right, order) => self.order(left, right, *order, this),
            Expression::In(left, right) => self.is_in(left, right, this),
            Expression::Is(of, name) => self.is_of(of, name, this),
            Expression::Matches(of, pattern) => text::matches(self, of, pattern, this),
            Expression::Call(of, function, arguments) if function.is_test() => {
                self.test(of, *function, arguments, this)
            }
            _ => Ok(self.one(expression, this)?.map(|item| item.as_bool().unwrap_or(true))),
        }
    }

    /// The one item of an expression.
    pub(super) fn one(&self, expression: &'a Expression, this: &[Item<'a>]) -> Outcome<Option<Item<'a>>> {
        if let Some(mut nodes) = self.own_elements(expression, this)? {
            return match (nodes.next(), nodes.next()) {
                (_, Some(_)) => Err(Undecided::Several),
                (one, None) => Ok(one.map(Item::Node)),
            };
        }
        let mut one = None;
        let _ = self.each(expression, this, &mut |item| match one.replace(item) {
            None => Ok(Flow::Continue(())),
            Some(_) => Err(Undecided::Several),
        })?;
        Ok(one)
    }

    /// The elements that an expression finds, when it is but the name of one: most operands of R4's constraints are.
    pub(super) fn own_elements(
        &self,
        expression: &'a Expression,
        this: &[Item<'a>],
    ) -> Outcome<Option<Nodes<'a>>> {
        let Expression::Member(of, member) = expression else { return Ok(None) };
        match (&**of, this) {
            (Expression::This, [Item::Node(node)]) if !matches!(node.known, Known::Elsewhere(_)) => {
                self.step(1 + node.object().map_or(0, |object| object.len() / 16))?;
                Ok(Some(member.of(node)))
            }
            _ => Ok(None),
        }
    }

    /// All items of an expression.
    pub(super) fn all(&self, expression: &'a Expression, this: &[Item<'a>]) -> Outcome<Items<'a>> {
        let mut all = Items::new();
        let _ = self.each(expression, this, &mut |item| {
            all.push(item);
            Ok(Flow::Continue(()))
        })?;
        Ok(all)
    }

    /// As [`Run::each`], where it does not matter that a union has an item once.
    pub(super) fn each_repeated(
        &self,
        expression: &'a Expression,
        this: &[Item<'a>],
        sink: &mut Sink<'_, 'a>,
    ) -> Outcome<Flow> {
        let Expression::Union(parts) = expression else { return self.each(expression, this, sink) };
        for part in parts {
            if self.each_repeated(part, this, sink)?.is_break() {
                return Ok(Flow::Break(()));
            }
        }
        Ok(Flow::Continue(()))
    }

    /// Counts work against the limit.
    pub(super) fn step(&self, steps: usize) -> Outcome<()> {
        let steps = u32::try_from(steps).unwrap_or(u32::MAX);
        let left = self.steps_left.get().checked_sub(steps).ok_or(Undecided::TooManySteps)?;
        self.steps_left.set(left);
        Ok(())
    }

    /// Remembers that something could not be known.
    pub(super) fn doubt(&self, doubt: Undecided) {
        self.doubt.set(Some(self.doubt.get().unwrap_or(doubt)));
    }

    fn members(&self, item: &Item<'a>, member: &'a Member, sink: &mut Sink<'_, 'a>) -> Outcome<Flow> {
        let Item::Node(node) = item else { return Ok(Flow::Continue(())) };
        if matches!(node.known, Known::Elsewhere(_)) {
            self.doubt(Undecided::Unresolved);
        }
        self.step(node.object().map_or(0, |object| object.len() / 16))?;
        for node in member.of(node) {
            self.step(1)?;
            if sink(Item::Node(node))?.is_break() {
                return Ok(Flow::Break(()));
            }
        }
        Ok(Flow::Continue(()))
    }

    fn variable(&self, variable: Variable) -> Node<'a> {
        if variable != Variable::Context {
            self.context.look_around();
        }
        match variable {
            Variable::Resource => Node::new(self.context.resource),
            Variable::RootResource => Node::new(self.context.root),
            Variable::Context => self.focus,
        }
    }

    fn give_truth(
        &self,
        expression: &'a Expression,
        this: &[Item<'a>],
        sink: &mut Sink<'_, 'a>,
    ) -> Outcome<Flow> {
        give(self.truth(expression, this)?.map(Item::Bool), sink)
    }

    /// `or` when `decisive` is true, `and` when it is false.
    fn any_is(&self, parts: &'a [Expression], decisive: bool, this: &[Item<'a>]) -> Outcome<Option<bool>> {
        let mut result = Some(!decisive);
        for part in parts {
            match self.truth(part, this)? {
                Some(truth) if truth == decisive => return Ok(Some(decisive)),
                Some(_) => {}
                None => result = None,
            }
        }
        Ok(result)
    }

    fn implies(
        &self,
        left: &'a Expression,
        right: &'a Expression,
        this: &[Item<'a>],
    ) -> Outcome<Option<bool>> {
        match self.truth(left, this)? {
            Some(false) => Ok(Some(true)),
            Some(true) => self.truth(right, this),
            None => Ok(self.truth(right, this)?.filter(|&right| right)),
        }
    }

    fn is_of(&self, of: &'a Expression, name: &TypeName, this: &[Item<'a>]) -> Outcome<Option<bool>> {
        let Some(item) = self.one(of, this)? else { return Ok(None) };
        let known = name.includes(&item);
        if known.is_none() {
            self.doubt(Undecided::UnknownType);
        }
        Ok(known)
    }

    fn index(
        &self,
        of: &'a Expression,
        index: &'a Expression,
        this: &[Item<'a>],
        sink: &mut Sink<'_, 'a>,
    ) -> Outcome<Flow> {
        let Some(index) = self.integer(index, this)? else { return Ok(Flow::Continue(())) };
        let (mut at, mut flow) = (0, Flow::Continue(()));
        let _ = self.each(of, this, &mut |item| {
            if at == index {
                flow = sink(item)?;
                return Ok(Flow::Break(()));
            }
            at += 1;
            Ok(Flow::Continue(()))
        })?;
        Ok(flow)
    }

    /// The one item of an expression as an integer.
    pub(super) fn integer(&self, expression: &'a Expression, this: &[Item<'a>]) -> Outcome<Option<i64>> {
        let Some(item) = self.one(expression, this)? else { return Ok(None) };
        match item.scalar() {
            Some(Scalar::Integer(value)) => Ok(Some(value)),
            Some(Scalar::Number(text)) => text.parse().map(Some).map_err(|_| Undecided::WrongKind),
            _ => Err(Undecided::WrongKind),
        }
    }

    fn sum(
        &self,
        left: &'a Expression,
        right: &'a Expression,
        sum: Sum,
        this: &[Item<'a>],
    ) -> Outcome<Option<Item<'a>>> {
        let (left, right) = (self.one(left, this)?, self.one(right, this)?);
        if sum == Sum::Concatenate {
            return text::concatenate(left.as_ref(), right.as_ref()).map(Some);
        }
        let Some((left, right)) = left.zip(right) else { return Ok(None) };
        let subtract = sum == Sum::Subtract;
        match (left.scalar(), right.scalar()) {
            (Some(Scalar::Text(..)), Some(Scalar::Text(..))) if !subtract => {
                text::concatenate(Some(&left), Some(&right)).map(Some)
            }
            (Some(left), Some(right)) => add(left, right, subtract).map(Some),
            _ => Err(Undecided::WrongKind),
        }
    }

    fn negative(&self, of: &'a Expression, this: &[Item<'a>]) -> Outcome<Option<Item<'a>>> {
        let Some(item) = self.one(of, this)? else { return Ok(None) };
        let operand = item.scalar().ok_or(Undecided::WrongKind)?;
        add(Scalar::Integer(0), operand, true).map(Some)
    }
}

fn add<'a>(left: Scalar<'_>, right: Scalar<'_>, subtract: bool) -> Outcome<Item<'a>> {
    let (left, right) = (number_text(left)?, number_text(right)?);
    if let (Ok(left), Ok(right)) = (left.parse::<i64>(), right.parse::<i64>()) {
        let sum = if subtract { left.checked_sub(right) } else { left.checked_add(right) };
        return sum.map(Item::Integer).ok_or(Undecided::TooLarge);
    }
    let decimal = |text: &str| Decimal::parse(text).map_err(|_| Undecided::WrongKind);
    let (left, right) = (decimal(&left)?, decimal(&right)?);
    let sum = if subtract { left.minus(&right) } else { left.plus(&right) };
    sum.map(|sum| Item::Decimal(sum.as_str().to_owned().into())).map_err(|_| Undecided::TooLarge)
}

fn number_text(scalar: Scalar<'_>) -> Outcome<std::borrow::Cow<'_, str>> {
    match scalar {
        Scalar::Integer(value) => Ok(value.to_string().into()),
        Scalar::Number(text) => Ok(text.into()),
        Scalar::Bool(_) | Scalar::Text(..) => Err(Undecided::WrongKind),
    }
}

fn literal(expression: &Expression) -> Option<Item<'_>> {
    Some(match expression {
        Expression::Integer(value) => Item::Integer(*value),
        Expression::Decimal(text) => Item::Decimal((&**text).into()),
        Expression::Text(text) => Item::Text((&**text).into()),
        Expression::Moment(text) => Item::Moment((&**text).into()),
        _ => return None,
    })
}

/// An element whose type is not known, which `as` lets pass: from here on it is of that type.
fn as_type<'a>(item: Item<'a>, name: &TypeName) -> Item<'a> {
    match (item, name) {
        (Item::Node(node), TypeName::Data(data)) => Item::Node(Node { known: Known::Data(*data), ..node }),
        (item, _) => item,
    }
}

/// Gives items to a sink until it breaks.
pub(super) fn give<'a>(items: impl IntoIterator<Item = Item<'a>>, sink: &mut Sink<'_, 'a>) -> Outcome<Flow> {
    for item in items {
        if sink(item)?.is_break() {
            return Ok(Flow::Break(()));
        }
    }
    Ok(Flow::Continue(()))
}
