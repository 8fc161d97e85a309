//! What R4 says of its types, from `definitions/r4.txt`.
//!
//! The table is read once, on first use, into arrays that are indexed by numbers: of types, of names, of value sets.

mod elements;
mod read;
mod shape;
mod types;
mod value_set;

use std::sync::LazyLock;

pub use shape::{CodeSet, ElementShape, element, elements, resource_types};
pub(crate) use types::{Constraint, ElementDef, Primitive, Role, TypeDef, TypeId, TypeKind};
pub(crate) use value_set::{Belongs, Form, ValueSet};

use types::{TargetsId, ValueSetId};

/// All types, value sets and constraints of R4.
#[derive(Debug, Default)]
pub(crate) struct Definitions {
    types: Vec<TypeDef>,
    /// The types sorted by name.
    by_name: Vec<(&'static str, TypeId)>,
    /// The types that stand alone, by [`spot`]: a hash table that is at most a quarter full.
    resources: Vec<Option<TypeId>>,
    value_sets: Vec<ValueSet>,
    targets: Vec<Box<[&'static str]>>,
    constraints: Vec<Constraint>,
}

/// The definitions of R4.
///
/// A test holds that the table is understood to its last line; were it not, no type would be known.
pub(crate) fn r4() -> &'static Definitions {
    static R4: LazyLock<Definitions> =
        LazyLock::new(|| Definitions::read(include_str!("../../definitions/r4.txt")).unwrap_or_default());
    &R4
}

impl Definitions {
    /// A type by its name or, for a part of one, its path.
    pub(crate) fn named(&self, name: &str) -> Option<&TypeDef> {
        let at = self.by_name.binary_search_by(|(known, _)| (*known).cmp(name)).ok()?;
        self.by_name.get(at).and_then(|(_, id)| self.types.get(id.index()))
    }

    /// A type that stands alone in JSON: not abstract.
    pub(crate) fn resource(&self, name: &str) -> Option<&TypeDef> {
        let mask = self.resources.len().wrapping_sub(1);
        let mut at = spot(name) & mask;
        loop {
            let found = self.types.get((*self.resources.get(at)?)?.index())?;
            if found.name == name {
                return Some(found);
            }
            at = (at + 1) & mask;
        }
    }

    /// The names of the types that stand alone.
    pub(crate) fn resource_types(&'static self) -> impl Iterator<Item = &'static str> {
        let alone = |id: &TypeId| self.resources.contains(&Some(*id));
        self.by_name.iter().filter(move |(_, id)| alone(id)).map(|(name, _)| *name)
    }

    /// The type of an element.
    pub(crate) fn type_of(&self, element: &ElementDef) -> Option<&TypeDef> {
        self.types.get(element.type_id.index())
    }

    /// The value set of an element's required binding.
    pub(crate) fn value_set(&self, element: &ElementDef) -> Option<&ValueSet> {
        element.value_set.and_then(|ValueSetId(index)| self.value_sets.get(usize::from(index)))
    }

    /// The types that an element's references may name; `None` when any will do.
    pub(crate) fn targets(&self, element: &ElementDef) -> Option<&[&'static str]> {
        let TargetsId(index) = element.targets?;
        self.targets.get(usize::from(index)).map(|names| &**names)
    }

    /// Every constraint, in the order of the table.
    pub(crate) fn constraints(&self) -> &[Constraint] {
        &self.constraints
    }
}

/// Where to look for a name: its length and three of its letters tell resources well apart.
fn spot(name: &str) -> usize {
    let name = name.as_bytes();
    let letter = |byte: Option<&u8>| byte.copied().map_or(0, usize::from);
    let middle = letter(name.get(name.len() / 2));
    name.len() + 7 * letter(name.first()) + 31 * middle + 131 * letter(name.last())
}

#[cfg(test)]
mod tests;
