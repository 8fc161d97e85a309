//! From an element to those below it.

use super::item::{Known, Node};
use super::types::{DataType, choices};
use crate::json::{Name, NameId};
use crate::{Kind, Value};

const RESOURCE_TYPE: NameId = NameId::element("resourceType");

/// A step of a path: the name of an element, and the names that it has in JSON when it is a choice.
#[derive(Debug)]
pub(super) struct Member {
    plain: Plain,
    choices: Box<[(NameId, DataType)]>,
}

#[derive(Debug)]
enum Plain {
    Element(NameId),
    /// No element of R4 is called that.
    Other(Box<str>),
}

impl Member {
    pub(super) fn new(name: &str) -> Self {
        let plain = NameId::of(name).map_or_else(|| Plain::Other(name.into()), Plain::Element);
        Self { plain, choices: choices(name) }
    }

    /// What a name of JSON is to this step: the type, and whether it is the underscored sibling.
    fn matches(&self, name: &Name) -> Option<(Known<'static>, bool)> {
        let Some((id, underscored)) = name.id() else {
            let Plain::Other(plain) = &self.plain else { return None };
            let bare = name.as_str().strip_prefix('_');
            let found = *bare.unwrap_or(name.as_str()) == **plain;
            return found.then_some((Known::Nothing, bare.is_some()));
        };
        if matches!(self.plain, Plain::Element(plain) if plain == id) {
            return Some((Known::Nothing, underscored));
        }
        let ((first, _), (last, _)) = (self.choices.first()?, self.choices.last()?);
        if !(*first..=*last).contains(&id) {
            return None;
        }
        let index = self.choices.binary_search_by_key(&id, |(name, _)| *name).ok()?;
        self.choices.get(index).map(|(_, data)| (Known::Data(*data), underscored))
    }

    /// The elements of this name. Of a choice that is there twice, which no resource may have, the first.
    pub(super) fn of<'a>(&self, node: &Node<'a>) -> Nodes<'a> {
        let mut nodes = Nodes::of(&[], &[]);
        let Some(object) = node.object() else { return nodes };
        for (name, value) in object.named_members() {
            match self.matches(name) {
                Some((known, false)) if nodes.values.is_empty() => {
                    (nodes.values, nodes.known) = (listed(value), known);
                }
                Some((known, true)) if nodes.siblings.is_empty() => {
                    nodes.siblings = listed(value);
                    nodes.known = if nodes.values.is_empty() { known } else { nodes.known };
                }
                _ => {}
            }
        }
        nodes
    }
}

impl<'a> Node<'a> {
    /// The object that the members of this element are in: its own, or that of a primitive's sibling.
    pub(super) fn object(&self) -> Option<&'a Value> {
        match self.value {
            Some(value) if value.kind() == Kind::Object => Some(value),
            _ => self.sibling,
        }
    }

    /// Appends all elements below this one, one level down, in the order of the resource; where there are underscored
    /// siblings, in the order of names.
    pub(super) fn push_children(&self, out: &mut Vec<Node<'a>>) {
        let Some(object) = self.object() else { return };
        let members = || object.named_members().filter(|(name, _)| name.id() != Some((RESOURCE_TYPE, false)));
        if members().any(|(name, _)| name.as_str().starts_with('_')) {
            return push_with_siblings(members().map(|(name, value)| (name.as_str(), value)).collect(), out);
        }
        out.extend(members().flat_map(|(_, value)| Nodes::of(listed(value), &[])));
    }
}

/// Pairs each value with its sibling by sorting: an object may have any number of members.
fn push_with_siblings<'a>(members: Vec<(&'a str, &'a Value)>, out: &mut Vec<Node<'a>>) {
    let mut members: Vec<(&str, bool, &Value)> = members
        .into_iter()
        .map(|(name, value)| (name.strip_prefix('_').unwrap_or(name), name.starts_with('_'), value))
        .collect();
    members.sort_by_key(|&(name, underscored, _)| (name, underscored));
    for pair in members.chunk_by(|a, b| a.0 == b.0) {
        let part =
            |underscored| pair.iter().find(|member| member.1 == underscored).map_or(&[][..], |m| listed(m.2));
        out.extend(Nodes::of(part(false), part(true)));
    }
}

fn listed(value: &Value) -> &[Value] {
    if value.kind() == Kind::Array { value.items() } else { std::slice::from_ref(value) }
}

/// The elements of one name: each value with its sibling.
pub(super) struct Nodes<'a> {
    values: &'a [Value],
    siblings: &'a [Value],
    known: Known<'static>,
    at: usize,
}

impl<'a> Nodes<'a> {
    fn of(values: &'a [Value], siblings: &'a [Value]) -> Self {
        Self { values, siblings, known: Known::Nothing, at: 0 }
    }
}

impl<'a> Iterator for Nodes<'a> {
    type Item = Node<'a>;

    fn next(&mut self) -> Option<Node<'a>> {
        loop {
            let at = self.at;
            if at >= self.values.len().max(self.siblings.len()) {
                return None;
            }
            self.at += 1;
            let value = self.values.get(at).filter(|value| !value.is_null());
            let sibling = self.siblings.get(at).filter(|sibling| sibling.kind() == Kind::Object);
            if value.is_some() || sibling.is_some() {
                return Some(Node { value, sibling, known: self.known });
            }
        }
    }
}
