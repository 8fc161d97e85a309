//! The elements of one resource with the types that R4 gives them.

use std::collections::HashMap;
use std::sync::LazyLock;

use carewire_fhir_core::{Kind, Value, element};

use crate::{Error, Refusal, Result};

/// The elements of one resource, without those of the resources in it, each before those below it.
pub(super) struct Tree<'a> {
    pub(super) elements: Vec<Element<'a>>,
    by_address: HashMap<usize, usize>,
}

/// One element: its JSON value and what is said about a primitive in the underscored sibling.
pub(super) struct Element<'a> {
    pub(super) name: &'a str,
    /// The type by R4: `date`, `HumanName`, `Patient.contact`, `Resource` for a resource within the resource.
    pub(super) type_name: &'static str,
    pub(super) is_primitive: bool,
    /// Whether it stands in a list.
    pub(super) in_list: bool,
    pub(super) value: Option<&'a Value>,
    pub(super) sibling: Option<&'a Value>,
    pub(super) parent: Option<usize>,
    pub(super) children: Vec<usize>,
}

impl Element<'_> {
    /// Whether it is a resource of its own: contained, or of an entry.
    pub(super) fn is_resource(&self) -> bool {
        self.parent.is_some() && self.type_name == "Resource"
    }
}

impl<'a> Tree<'a> {
    /// Reads a resource.
    ///
    /// # Errors
    /// [`Refusal::NotR4`] where R4 has no such type or element.
    pub(super) fn of(resource: &'a Value) -> Result<Self> {
        let name = resource.str("resourceType").unwrap_or_default();
        let type_name = resource_type(name).ok_or_else(|| not_r4("resource".to_owned()))?;
        let mut tree = Self { elements: Vec::new(), by_address: HashMap::new() };
        let root = Element {
            name: type_name,
            type_name,
            is_primitive: false,
            in_list: false,
            value: Some(resource),
            sibling: None,
            parent: None,
            children: Vec::new(),
        };
        tree.push(root)?;
        Ok(tree)
    }

    /// The element that a JSON value is.
    pub(super) fn at(&self, value: &Value) -> Option<usize> {
        self.by_address.get(&address(value)).copied()
    }

    pub(super) fn element(&self, at: usize) -> Option<&Element<'a>> {
        self.elements.get(at)
    }

    /// The path of an element, without indexes.
    pub(super) fn path(&self, at: usize) -> String {
        let mut names: Vec<&str> = Vec::new();
        let mut next = self.element(at);
        while let Some(element) = next {
            names.push(element.name);
            next = element.parent.and_then(|parent| self.element(parent));
        }
        names.reverse();
        names.join(".")
    }

    /// An element and all below it.
    pub(super) fn with_descendants(&self, at: usize) -> Vec<usize> {
        let (mut all, mut open) = (Vec::new(), vec![at]);
        while let Some(at) = open.pop() {
            all.push(at);
            open.extend(
                self.element(at).into_iter().flat_map(|element| element.children.iter().rev().copied()),
            );
        }
        all
    }

    fn push(&mut self, element: Element<'a>) -> Result<usize> {
        let at = self.elements.len();
        for value in [element.value, element.sibling].into_iter().flatten() {
            self.by_address.insert(address(value), at);
        }
        let (value, sibling, type_name) = (element.value, element.sibling, element.type_name);
        let (is_primitive, is_resource) = (element.is_primitive, element.is_resource());
        self.elements.push(element);
        match (is_resource, is_primitive) {
            (true, _) => {}
            (false, true) => {
                if let Some(sibling) = sibling.filter(|sibling| sibling.kind() == Kind::Object) {
                    self.members(at, sibling, "Element")?;
                }
            }
            (false, false) => {
                let object = value.filter(|value| value.kind() == Kind::Object);
                let object = object.ok_or_else(|| not_r4(self.path(at)))?;
                self.members(at, object, type_name)?;
            }
        }
        Ok(at)
    }

    fn members(&mut self, at: usize, object: &'a Value, type_name: &str) -> Result<()> {
        for (member, value) in object.members() {
            if member == "resourceType" && self.element(at).is_some_and(|element| element.parent.is_none()) {
                continue;
            }
            let name = member.strip_prefix('_').unwrap_or(member);
            if name.len() < member.len() && object.get(name).is_some() {
                continue;
            }
            let shape = element(type_name, name).ok_or_else(|| not_r4(format!("{}.?", self.path(at))))?;
            let underscored = || object.members().find(|(other, _)| other.strip_prefix('_') == Some(name));
            let (value, sibling) = match name.len() < member.len() {
                true => (None, Some(value)),
                false if shape.is_primitive => (Some(value), underscored().map(|(_, sibling)| sibling)),
                false => (Some(value), None),
            };
            let type_name = match shape.type_name {
                "SimpleQuantity" | "MoneyQuantity" => "Quantity",
                other => other,
            };
            self.items(at, name, type_name, shape.is_primitive, value, sibling)?;
        }
        Ok(())
    }

    /// One element for each item of a list, or one.
    fn items(
        &mut self,
        parent: usize,
        name: &'a str,
        type_name: &'static str,
        is_primitive: bool,
        value: Option<&'a Value>,
        sibling: Option<&'a Value>,
    ) -> Result<()> {
        let is_array = |value: &&Value| value.kind() == Kind::Array;
        let (values, siblings) = (value.filter(is_array), sibling.filter(is_array));
        let in_list = values.is_some() || siblings.is_some();
        let length = values.map_or(0, Value::len).max(siblings.map_or(0, Value::len));
        for item in 0..if in_list { length } else { 1 } {
            let of = |list: Option<&'a Value>, single: Option<&'a Value>| match in_list {
                true => list.and_then(|list| list.items().get(item)),
                false => single,
            };
            let (value, sibling) = (of(values, value), of(siblings, sibling));
            let present = |value: &&Value| !value.is_null();
            let child = Element {
                name,
                type_name,
                is_primitive,
                in_list,
                value: value.filter(present),
                sibling: sibling.filter(present),
                parent: Some(parent),
                children: Vec::new(),
            };
            if is_primitive
                && child.value.is_some_and(|value| matches!(value.kind(), Kind::Array | Kind::Object))
            {
                return Err(not_r4(format!("{}.{name}", self.path(parent))));
            }
            let at = self.push(child)?;
            if let Some(parent) = self.elements.get_mut(parent) {
                parent.children.push(at);
            }
        }
        Ok(())
    }
}

/// The types of resources, sorted.
pub(super) static RESOURCE_TYPES: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| carewire_fhir_core::resource_types().collect());

/// The name of a resource type, if R4 has it.
pub(super) fn resource_type(name: &str) -> Option<&'static str> {
    RESOURCE_TYPES.get(RESOURCE_TYPES.binary_search(&name).ok()?).copied()
}

fn not_r4(path: String) -> Error {
    Error::Refused { path, reason: Refusal::NotR4 }
}

fn address(value: &Value) -> usize {
    std::ptr::from_ref(value).addr()
}
