//! Resources in the making: trees of borrowed texts in memory that is kept between messages.

use std::fmt::Arguments;

use bumpalo::Bump;
use bumpalo::collections::{String as Text, Vec as List};

/// The memory of one message. What is built in it lives as long as the message is mapped.
#[derive(Clone, Copy)]
pub(crate) struct Arena<'a>(&'a Bump);

/// A value of a resource.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) enum Val<'a> {
    Text(&'a str),
    /// A number as it is written.
    Number(&'a str),
    Bool(bool),
    Object(Object<'a>),
    List(List<'a, Val<'a>>),
}

/// Members in the order in which they were set; each name once.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Object<'a> {
    members: List<'a, (&'static str, Val<'a>)>,
}

impl<'a> Arena<'a> {
    pub(crate) fn new(bump: &'a Bump) -> Self {
        Self(bump)
    }

    pub(crate) fn object(self) -> Object<'a> {
        Object { members: List::new_in(self.0) }
    }

    pub(crate) fn list<T>(self) -> List<'a, T> {
        List::new_in(self.0)
    }

    /// A list with room for so many items.
    pub(crate) fn list_of<T>(self, items: usize) -> List<'a, T> {
        List::with_capacity_in(items, self.0)
    }

    /// A list of one.
    pub(crate) fn only(self, item: impl Into<Val<'a>>) -> Val<'a> {
        let mut list = self.list();
        list.push(item.into());
        Val::List(list)
    }

    pub(crate) fn text(self, text: &str) -> &'a str {
        self.0.alloc_str(text)
    }

    /// A value that lives as long as the message is mapped.
    pub(crate) fn keep<T>(self, value: T) -> &'a T {
        self.0.alloc(value)
    }

    pub(crate) fn format(self, arguments: Arguments<'_>) -> &'a str {
        let mut text = Text::new_in(self.0);
        // A text in memory takes whatever is written to it.
        let _ = std::fmt::Write::write_fmt(&mut text, arguments);
        text.into_bump_str()
    }

    /// The texts one behind the other.
    pub(crate) fn concat(self, texts: &[&str]) -> &'a str {
        let mut joined = Text::with_capacity_in(texts.iter().map(|text| text.len()).sum(), self.0);
        texts.iter().for_each(|text| joined.push_str(text));
        joined.into_bump_str()
    }

    pub(crate) fn collect<T>(self, items: impl IntoIterator<Item = T>) -> List<'a, T> {
        List::from_iter_in(items, self.0)
    }
}

/// As many members have room at first.
const FEW: usize = 4;

/// Whether names are equal. Most differ in length or at the first byte, which needs no call.
fn same(one: &str, other: &str) -> bool {
    one.len() == other.len() && one.as_bytes().first() == other.as_bytes().first() && one == other
}

impl<'a> Object<'a> {
    pub(crate) fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// An object of the same memory, without members.
    pub(crate) fn emptied(&self) -> Self {
        Self { members: List::new_in(self.members.bump()) }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Val<'a>> {
        self.members.iter().find(|(known, _)| same(known, name)).map(|(_, value)| value)
    }

    pub(crate) fn get_mut(&mut self, name: &str) -> Option<&mut Val<'a>> {
        self.members.iter_mut().find(|(known, _)| same(known, name)).map(|(_, value)| value)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    pub(crate) fn str(&self, name: &str) -> Option<&'a str> {
        self.get(name)?.as_str()
    }

    /// The items of a list; none when there is no such list.
    pub(crate) fn items(&self, name: &str) -> &[Val<'a>] {
        match self.get(name) {
            Some(Val::List(items)) => items,
            _ => &[],
        }
    }

    pub(crate) fn members(&self) -> impl Iterator<Item = (&'static str, &Val<'a>)> {
        self.members.iter().map(|(name, value)| (*name, value))
    }

    /// Sets a member, in the place of the one of this name if there is one.
    pub(crate) fn set(&mut self, name: &'static str, value: impl Into<Val<'a>>) {
        let value = value.into();
        match self.get_mut(name) {
            Some(known) => *known = value,
            None => self.add(name, value),
        }
    }

    /// Adds a member that is not there. Lists grow from one item to two and four; most objects have that many members.
    fn add(&mut self, name: &'static str, value: Val<'a>) {
        if self.members.capacity() == 0 {
            self.members.reserve_exact(FEW);
        }
        self.members.push((name, value));
    }

    /// Sets a member if there is a value.
    pub(crate) fn put<V: Into<Val<'a>>>(&mut self, name: &'static str, value: Option<V>) {
        if let Some(value) = value {
            self.set(name, value);
        }
    }

    /// The same with the member set.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<Val<'a>>) -> Self {
        self.set(name, value);
        self
    }

    /// Adds an item to a list, which is made when it is not there. Another value in its place becomes its first item.
    pub(crate) fn push(&mut self, arena: Arena<'a>, name: &'static str, item: impl Into<Val<'a>>) {
        match self.get_mut(name) {
            Some(Val::List(list)) => list.push(item.into()),
            Some(other) => {
                let mut list = arena.list();
                list.push(std::mem::replace(other, Val::Bool(false)));
                list.push(item.into());
                *other = Val::List(list);
            }
            None => self.add(name, arena.only(item)),
        }
    }

    /// The object that is the member of this name, made when there is none.
    pub(crate) fn within(&mut self, name: &'static str, arena: Arena<'a>) -> Option<&mut Object<'a>> {
        if !self.has(name) {
            self.set(name, arena.object());
        }
        self.get_mut(name)?.as_object_mut()
    }

    /// The last item of a list.
    pub(crate) fn last_mut(&mut self, name: &str) -> Option<&mut Val<'a>> {
        match self.get_mut(name)? {
            Val::List(items) => items.last_mut(),
            _ => None,
        }
    }

    pub(crate) fn remove(&mut self, name: &str) -> Option<Val<'a>> {
        let at = self.members.iter().position(|(known, _)| *known == name)?;
        Some(self.members.remove(at).1)
    }
}

impl<'a> Val<'a> {
    pub(crate) fn as_str(&self) -> Option<&'a str> {
        match self {
            Val::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The digits of a number.
    pub(crate) fn as_number(&self) -> Option<&'a str> {
        match self {
            Val::Number(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn as_object(&self) -> Option<&Object<'a>> {
        match self {
            Val::Object(object) => Some(object),
            _ => None,
        }
    }

    pub(crate) fn as_object_mut(&mut self) -> Option<&mut Object<'a>> {
        match self {
            Val::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The primitive values below this one with their paths, for traces.
    pub(crate) fn leaves(&self, path: &str, found: &mut Vec<(String, String)>) {
        match self {
            Val::Text(text) | Val::Number(text) => found.push((path.to_owned(), (*text).to_owned())),
            Val::Bool(value) => found.push((path.to_owned(), value.to_string())),
            Val::Object(object) => object.leaves(path, found),
            Val::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    item.leaves(&format!("{path}[{index}]"), found);
                }
            }
        }
    }
}

impl Object<'_> {
    /// The primitive values below with their paths.
    pub(crate) fn leaves(&self, path: &str, found: &mut Vec<(String, String)>) {
        for (name, value) in self.members() {
            value.leaves(&format!("{path}.{name}"), found);
        }
    }
}

impl<'a> From<&'a str> for Val<'a> {
    fn from(text: &'a str) -> Self {
        Val::Text(text)
    }
}

impl From<bool> for Val<'_> {
    fn from(value: bool) -> Self {
        Val::Bool(value)
    }
}

impl<'a> From<Object<'a>> for Val<'a> {
    fn from(object: Object<'a>) -> Self {
        Val::Object(object)
    }
}

impl<'a> From<List<'a, Val<'a>>> for Val<'a> {
    fn from(list: List<'a, Val<'a>>) -> Self {
        Val::List(list)
    }
}
