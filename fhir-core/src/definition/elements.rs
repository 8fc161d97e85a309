//! The elements of a type, by name.

use super::ElementDef;
use crate::json::NameId;

/// Elements, and a hash table over them without collisions. Every member of every object is looked up here.
#[derive(Debug)]
pub(super) struct Elements {
    /// Where in `all` the element is whose name belongs at this place.
    index: Box<[u16]>,
    /// What makes the places of all names differ.
    factor: usize,
    all: Box<[(NameId, ElementDef)]>,
}

/// A place that is not taken: beyond all elements.
const FREE: u16 = u16::MAX;

/// With so many places every name has its own, whatever the factor: there are fewer names.
const ENOUGH: usize = 1 << 12;

impl Elements {
    /// `None` when there are too many, or one twice.
    pub(super) fn new(all: Vec<(NameId, ElementDef)>) -> Option<Self> {
        let mut places = (2 * all.len()).next_power_of_two();
        while places <= ENOUGH {
            let found = (1..64).step_by(2).find_map(|factor| Some((index(&all, factor, places)?, factor)));
            if let Some((index, factor)) = found {
                return Some(Self { index, factor, all: all.into() });
            }
            places *= 2;
        }
        None
    }

    /// The element with a name.
    #[inline]
    pub(super) fn get(&self, name: NameId) -> Option<&ElementDef> {
        let at = place(name, self.factor, self.index.len());
        let (known, element) = self.all.get(usize::from(*self.index.get(at)?))?;
        (*known == name).then_some(element)
    }

    /// All of them, with their names.
    pub(super) fn all(&self) -> &[(NameId, ElementDef)] {
        &self.all
    }
}

/// The table, when a factor gives each name a place of its own.
fn index(all: &[(NameId, ElementDef)], factor: usize, places: usize) -> Option<Box<[u16]>> {
    let mut index = vec![FREE; places];
    for (number, (name, _)) in all.iter().enumerate() {
        let at = index.get_mut(place(*name, factor, places)).filter(|at| **at == FREE)?;
        *at = u16::try_from(number).ok()?;
    }
    Some(index.into())
}

/// One of as many places as a power of two says.
#[inline]
fn place(name: NameId, factor: usize, places: usize) -> usize {
    let mixed = name.index().wrapping_mul(factor);
    (mixed ^ (mixed >> 7)) & places.wrapping_sub(1)
}
