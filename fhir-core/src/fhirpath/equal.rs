//! `=` and `~`, `in` and `contains`.

use super::compare::{compare, moments};
use super::error::Undecided;
use super::expression::{Equality, Expression};
use super::item::{Item, Node, Scalar};
use super::run::{Flow, Outcome, Run};
use crate::{Kind, Value};

/// How deep two elements are compared.
const DEPTH: usize = 1_000;

impl<'a> Run<'_, 'a> {
    /// Collections are equal when their items are, one by one; equivalent in any order.
    pub(super) fn equal(
        &self,
        left: &'a Expression,
        right: &'a Expression,
        equality: Equality,
        this: &[Item<'a>],
    ) -> Outcome<Option<bool>> {
        let (left, right) = (self.all(left, this)?, self.all(right, this)?);
        let equal = if equality.equivalent {
            Some(self.equivalent_all(&left, &right)?)
        } else if left.is_empty() || right.is_empty() {
            None
        } else {
            self.equal_all(&left, &right)?
        };
        Ok(equal.map(|equal| equal != equality.negated))
    }

    pub(super) fn is_in(
        &self,
        left: &'a Expression,
        right: &'a Expression,
        this: &[Item<'a>],
    ) -> Outcome<Option<bool>> {
        let Some(wanted) = self.one(left, this)? else { return Ok(None) };
        let mut found = false;
        let _ = self.each_repeated(right, this, &mut |item| {
            found = self.equal_items(&wanted, &item)? == Some(true);
            Ok(if found { Flow::Break(()) } else { Flow::Continue(()) })
        })?;
        Ok(Some(found))
    }

    fn equal_all(&self, left: &[Item<'a>], right: &[Item<'a>]) -> Outcome<Option<bool>> {
        if left.len() != right.len() {
            return Ok(Some(false));
        }
        let mut result = Some(true);
        for (left, right) in left.iter().zip(right) {
            match self.equal_items(left, right)? {
                Some(true) => {}
                Some(false) => return Ok(Some(false)),
                None => result = None,
            }
        }
        Ok(result)
    }

    /// `None` when the precision of two dates leaves it open.
    pub(super) fn equal_items(&self, left: &Item<'a>, right: &Item<'a>) -> Outcome<Option<bool>> {
        match (left.scalar(), right.scalar()) {
            (Some(left), Some(right)) => {
                let equal = equal_scalars(left, right);
                if equal.is_none() {
                    self.doubt(Undecided::Incomparable);
                }
                Ok(equal)
            }
            (None, None) => match (left.value(), right.value()) {
                (Some(left), Some(right)) => self.same(left, right, DEPTH).map(Some),
                _ => Ok(Some(self.same_sibling(left, right)?)),
            },
            _ => Ok(Some(false)),
        }
    }

    /// Two elements without values, by their extensions.
    fn same_sibling(&self, left: &Item<'a>, right: &Item<'a>) -> Outcome<bool> {
        match (left, right) {
            (Item::Node(Node { sibling: Some(left), .. }), Item::Node(Node { sibling: Some(right), .. })) => {
                self.same(left, right, DEPTH)
            }
            _ => Ok(false),
        }
    }

    /// Whether two elements are the same, numbers by their value and members in any order.
    pub(super) fn same(&self, left: &Value, right: &Value, depth: usize) -> Outcome<bool> {
        let depth = depth.checked_sub(1).ok_or(Undecided::TooDeep)?;
        self.step(1)?;
        if std::ptr::eq(left, right) {
            return Ok(true);
        }
        match (left.kind(), right.kind()) {
            (Kind::Object, Kind::Object) => self.same_members(left, right, depth),
            (Kind::Array, Kind::Array) => {
                if left.len() != right.len() {
                    return Ok(false);
                }
                for (left, right) in left.items().iter().zip(right.items()) {
                    if !self.same(left, right, depth)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            (Kind::Number, Kind::Number) => {
                Ok(left.as_number().zip(right.as_number()).is_some_and(|(a, b)| compare(a, b).is_eq()))
            }
            _ => Ok(left == right),
        }
    }

    fn same_members(&self, left: &Value, right: &Value, depth: usize) -> Outcome<bool> {
        if left.len() != right.len() {
            return Ok(false);
        }
        for ((name, value), (other_name, other)) in left.members().zip(right.members()) {
            let other = if name == other_name {
                Some(other)
            } else {
                self.step(right.len() / 16)?;
                right.get(name)
            };
            match other {
                Some(other) if self.same(value, other, depth)? => {}
                _ => return Ok(false),
            }
        }
        Ok(true)
    }

    fn equivalent_all(&self, left: &[Item<'a>], right: &[Item<'a>]) -> Outcome<bool> {
        if left.len() != right.len() {
            return Ok(false);
        }
        let mut open: Vec<&Item<'a>> = right.iter().collect();
        for item in left {
            let mut found = None;
            for (index, other) in open.iter().enumerate() {
                self.step(1)?;
                if self.equivalent_items(item, other)? {
                    found = Some(index);
                    break;
                }
            }
            match found {
                Some(index) => open.swap_remove(index),
                None => return Ok(false),
            };
        }
        Ok(true)
    }

    fn equivalent_items(&self, left: &Item<'a>, right: &Item<'a>) -> Outcome<bool> {
        match (left.scalar(), right.scalar()) {
            (Some(Scalar::Text(a, _)), Some(Scalar::Text(b, _))) => Ok(folded(a) == folded(b)),
            (Some(a), Some(b)) => Ok(equal_scalars(a, b) == Some(true)),
            _ => Ok(self.equal_items(left, right)? == Some(true)),
        }
    }
}

/// Case and the amount of white space do not count.
fn folded(text: &str) -> String {
    text.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

/// `None` when the precision of two dates leaves it open.
pub(super) fn equal_scalars(left: Scalar<'_>, right: Scalar<'_>) -> Option<bool> {
    match (left, right) {
        (Scalar::Text(left, _), Scalar::Text(right, _)) if left == right => Some(true),
        (Scalar::Text(left, left_kind), Scalar::Text(right, right_kind)) => {
            match moments(left, left_kind, right, right_kind) {
                Some(order) => order.map(std::cmp::Ordering::is_eq),
                None => Some(false),
            }
        }
        (Scalar::Bool(left), Scalar::Bool(right)) => Some(left == right),
        _ => Some(super::compare::numbers(left, right).is_some_and(std::cmp::Ordering::is_eq)),
    }
}
