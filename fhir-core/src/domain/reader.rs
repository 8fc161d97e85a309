//! Reading an object member by member, and telling what was not read.

use super::context::is_of;
use crate::shown::shown;
use crate::types::Coding;
use crate::{Issue, Severity, Value};

/// An object that is being read. Members that nobody takes are reported when it is left.
pub(super) struct Reader<'v, 'i> {
    object: &'v Value,
    path: String,
    taken: Vec<&'v str>,
    issues: &'i mut Vec<Issue>,
}

impl<'v, 'i> Reader<'v, 'i> {
    pub(super) fn new(object: &'v Value, path: &str, issues: &'i mut Vec<Issue>) -> Self {
        Self { object, path: path.to_owned(), taken: Vec::new(), issues }
    }

    /// Takes a string. An empty one, which would not be written again, stays.
    pub(super) fn text(&mut self, name: &str) -> Option<&'v str> {
        self.take_as(name, |value| value.as_str().filter(|text| !text.is_empty()))
    }

    /// Looks at a string without taking it.
    pub(super) fn peek(&self, name: &str) -> Option<&'v str> {
        self.object.str(name)
    }

    /// Takes a member that `read` can hold; one that it cannot stays, and is reported.
    pub(super) fn take_as<T>(&mut self, name: &str, read: impl FnOnce(&'v Value) -> Option<T>) -> Option<T> {
        let (name, value) = self.object.members().find(|(member, _)| *member == name)?;
        let held = read(value)?;
        self.taken.push(name);
        Some(held)
    }

    /// Takes a string that can only be this one.
    pub(super) fn expect(&mut self, name: &str, text: &str) {
        self.take_as(name, |value| (value.as_str() == Some(text)).then_some(()));
    }

    /// Reads a member that is an object. When `read` gives nothing, the member is reported as a whole.
    pub(super) fn within<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&mut Reader<'v, '_>) -> Option<T>,
    ) -> Option<T> {
        let (name, value) = self.object.members().find(|(member, _)| *member == name)?;
        let held = self.inner(value, format!("{}.{name}", self.path), read);
        self.taken.push(name);
        held
    }

    /// Reads the items of a member. Those of which `read` makes nothing are reported.
    pub(super) fn items<T>(
        &mut self,
        name: &str,
        mut read: impl FnMut(&mut Reader<'v, '_>) -> Option<T>,
    ) -> Vec<T> {
        let Some((name, value)) = self.object.members().find(|(member, _)| *member == name) else {
            return Vec::new();
        };
        if value.items().is_empty() {
            return Vec::new();
        }
        self.taken.push(name);
        let items = value.items().iter().enumerate();
        items
            .filter_map(|(index, item)| self.inner(item, format!("{}.{name}[{index}]", self.path), &mut read))
            .collect()
    }

    /// Reads the first item that `read` can hold; the others are reported.
    pub(super) fn first<T>(
        &mut self,
        name: &str,
        mut read: impl FnMut(&mut Reader<'v, '_>) -> Option<T>,
    ) -> Option<T> {
        let mut held = None;
        self.items(name, |reader| {
            if held.is_none() {
                held = read(reader);
                return held.is_some().then_some(());
            }
            None
        });
        held
    }

    /// The value of an identifier of a system.
    pub(super) fn identifier(&mut self, name: &str, system: &str) -> Option<&'v str> {
        self.within(name, |identifier| identifier.identifier_value(system))
    }

    /// This object as an identifier of a system: its value.
    pub(super) fn identifier_value(&mut self, system: &str) -> Option<&'v str> {
        if !is_of(self.object, system) {
            return None;
        }
        let value = self.text("value")?;
        self.text("system");
        Some(value)
    }

    /// This object as a coding of a system: its code. For what is no more than that code: the rest stays.
    pub(super) fn code_of(&mut self, system: &str) -> Option<&'v str> {
        if !is_of(self.object, system) {
            return None;
        }
        let code = self.text("code")?;
        self.text("system");
        Some(code)
    }

    /// This object as a coding.
    pub(super) fn coding(&mut self) -> Option<Coding> {
        let code = self.text("code")?;
        Some(Coding {
            system: self.text("system").map(Into::into),
            version: self.text("version").map(Into::into),
            code: Some(code.into()),
            display: self.text("display").map(Into::into),
            ..Coding::default()
        })
    }

    /// This object as a concept with one coding.
    pub(super) fn sole_coding(&mut self) -> Option<Coding> {
        self.first("coding", |item| item.coding())
    }

    fn inner<T>(
        &mut self,
        value: &'v Value,
        path: String,
        read: impl FnOnce(&mut Reader<'v, '_>) -> Option<T>,
    ) -> Option<T> {
        let before = self.issues.len();
        let mut reader = Reader { object: value, path, taken: Vec::new(), issues: self.issues };
        let held = read(&mut reader);
        match held {
            Some(_) => reader.leave(),
            None => {
                let Reader { path, issues, .. } = reader;
                issues.truncate(before);
                issues.push(not_held(path));
            }
        }
        held
    }

    /// Reports what nobody took.
    pub(super) fn leave(self) {
        let Self { object, path, taken, issues } = self;
        let left = object.members().filter(|(name, _)| *name != "resourceType" && !taken.contains(name));
        issues.extend(left.map(|(name, _)| not_held(format!("{path}.{}", shown(name)))));
    }
}

fn not_held(path: String) -> Issue {
    Issue {
        severity: Severity::Information,
        ..Issue::error("not-supported", "the record has no place for it")
    }
    .at(path)
}
