//! A set of items by equality.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::item::{Item, Scalar};
use super::run::{Outcome, Run};
use crate::primitive::Literal;
use crate::{Kind, Value};

/// A scan while they are few, a table when they are many. Texts are equal when they are the same text.
#[derive(Default)]
pub(super) struct Distinct<'a> {
    items: Vec<Item<'a>>,
    by_hash: HashMap<u64, Vec<usize>>,
}

impl<'a> Distinct<'a> {
    const FEW: usize = 8;

    /// Adds an item; false when it is there.
    pub(super) fn add(&mut self, run: &Run<'_, 'a>, item: &Item<'a>) -> Outcome<bool> {
        if self.has(run, item)? {
            return Ok(false);
        }
        self.items.push(item.clone());
        if self.items.len() == Self::FEW + 1 {
            for (index, item) in self.items.iter().enumerate() {
                self.by_hash.entry(hash(item)).or_default().push(index);
            }
        } else if self.items.len() > Self::FEW {
            self.by_hash.entry(hash(item)).or_default().push(self.items.len() - 1);
        }
        Ok(true)
    }

    pub(super) fn has(&self, run: &Run<'_, 'a>, item: &Item<'a>) -> Outcome<bool> {
        if self.items.len() <= Self::FEW {
            for other in &self.items {
                if is_same(run, item, other)? {
                    return Ok(true);
                }
            }
            return Ok(false);
        }
        run.step(item.value().map_or(1, Value::len))?;
        for &index in self.by_hash.get(&hash(item)).map_or(&[][..], Vec::as_slice) {
            if let Some(other) = self.items.get(index)
                && is_same(run, item, other)?
            {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn is_same<'a>(run: &Run<'_, 'a>, left: &Item<'a>, right: &Item<'a>) -> Outcome<bool> {
    run.step(1)?;
    match (left.scalar(), right.scalar()) {
        (Some(Scalar::Text(left, _)), Some(Scalar::Text(right, _))) => Ok(left == right),
        _ => Ok(run.equal_items(left, right)? == Some(true)),
    }
}

/// Equal items have equal hashes.
fn hash(item: &Item<'_>) -> u64 {
    let mut hasher = DefaultHasher::new();
    match (item.scalar(), item.value()) {
        (Some(scalar), _) => hash_scalar(scalar, &mut hasher),
        (None, Some(value)) => hash_value(value, 0, &mut hasher),
        (None, None) => {}
    }
    hasher.finish()
}

fn hash_scalar(scalar: Scalar<'_>, hasher: &mut DefaultHasher) {
    match scalar {
        Scalar::Bool(value) => hasher.write_u8(u8::from(value)),
        Scalar::Integer(value) => Literal::of(&value.to_string()).hash(hasher),
        Scalar::Number(text) => Literal::of(text).hash(hasher),
        Scalar::Text(text, _) => hasher.write(text.as_bytes()),
    }
}

/// The order of members does not count. What is deep down does not need to.
fn hash_value(value: &Value, depth: usize, hasher: &mut DefaultHasher) {
    const DEPTH: usize = 4;
    match value.kind() {
        Kind::Null => {}
        Kind::Bool => hasher.write_u8(u8::from(value.as_bool() == Some(true))),
        Kind::Number => Literal::of(value.as_number().unwrap_or_default()).hash(hasher),
        Kind::String => hasher.write(value.as_str().unwrap_or_default().as_bytes()),
        Kind::Array | Kind::Object if depth >= DEPTH => {}
        Kind::Array => value.items().iter().for_each(|item| hash_value(item, depth + 1, hasher)),
        Kind::Object => {
            let members = value.members().map(|(name, member)| {
                let mut own = DefaultHasher::new();
                own.write(name.as_bytes());
                hash_value(member, depth + 1, &mut own);
                own.finish()
            });
            hasher.write_u64(members.fold(0, u64::wrapping_add));
        }
    }
}
