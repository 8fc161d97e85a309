//! Where the walk is. Kept on the stack; written out only for an issue.

use crate::json::{NameId, NameRef};
use crate::shown::spelled;

/// An element, and how it was reached.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    parent: Option<&'a Self>,
    step: Step<'a>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Named(&'a str),
    Member(NameId),
    Item(usize),
}

impl<'a> Place<'a> {
    /// A resource by the name of its type.
    pub(super) fn root(name: &'a str) -> Self {
        Self { parent: None, step: Step::Named(name) }
    }

    /// An element of this one, by its name in JSON without an underscore.
    pub(super) fn member<'b>(&'b self, name: NameId) -> Place<'b> {
        Place { parent: Some(self), step: Step::Member(name) }
    }

    /// A member that is no element of R4. What might be somebody's data is shown as `?`.
    pub(super) fn unknown<'b>(&'b self, name: NameRef<'b>) -> Place<'b> {
        Place { parent: Some(self), step: Step::Named(spelled(name.as_str())) }
    }

    /// An element or choice by the name that the definitions give it.
    pub(super) fn slot<'b>(&'b self, name: &'static str) -> Place<'b> {
        Place { parent: Some(self), step: Step::Named(name) }
    }

    /// One value of an element that repeats.
    pub(super) fn item<'b>(&'b self, index: usize) -> Place<'b> {
        Place { parent: Some(self), step: Step::Item(index) }
    }

    /// The place as FHIRPath: `Patient.name[0].given[1]`.
    pub(super) fn expression(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }

    fn write(&self, out: &mut String) {
        if let Some(parent) = self.parent {
            parent.write(out);
        }
        match self.step {
            Step::Item(index) => {
                out.push('[');
                out.push_str(&index.to_string());
                out.push(']');
            }
            Step::Named(name) => self.push(name, out),
            Step::Member(name) => self.push(name.as_str(), out),
        }
    }

    fn push(&self, name: &str, out: &mut String) {
        if self.parent.is_some() {
            out.push('.');
        }
        out.push_str(name);
    }
}
