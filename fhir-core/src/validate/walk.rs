//! The walk through a resource, beside what is known of it.

use super::shape::Members;
use super::{Shape, registry, rules};
use crate::primitive::rule;
use crate::{Issue, Kind, Reference, Resource, Severity, Value};

const MOST_ISSUES: usize = 200;

pub(super) fn faults(resource: &Resource) -> Vec<Issue> {
    let mut walk = Walk { path: resource.resource_type().to_owned(), issues: Vec::new() };
    walk.resource(resource.value(), None);
    walk.issues
}

struct Walk {
    path: String,
    issues: Vec<Issue>,
}

/// What a member is: its shape, and the rule that is stricter than the shape.
#[derive(Clone, Copy)]
struct Known {
    shape: Shape,
    stricter: Option<rules::Lexical>,
}

impl Walk {
    /// A resource; `within` is the container of a contained one.
    fn resource(&mut self, value: &Value, within: Option<&Value>) {
        let shape = registry::shape_of(value.str("resourceType").unwrap_or_default());
        self.resource_id(value, within.is_some());
        self.object(value, shape, Some(within.unwrap_or(value)));
    }

    fn resource_id(&mut self, resource: &Value, contained: bool) {
        match resource.get("id") {
            Some(id) if !id.as_str().is_some_and(rule::is_id) => {
                self.at(".id", |walk| walk.add("value", "not a valid id"))
            }
            None if contained => self.at(".id", |walk| walk.add("required", "contained resource without id")),
            _ => {}
        }
    }

    /// An object; `container` is the resource whose contained resources its references may name.
    fn object(&mut self, object: &Value, shape: Shape, container: Option<&Value>) {
        let (name, members) = match shape {
            Shape::Element { name, members } => (name, members()),
            _ => ("", [].as_slice()),
        };
        for (member, value) in
            object.members().filter(|(member, _)| !matches!(*member, "resourceType" | "id"))
        {
            let known = known(name, members, member);
            self.at(&format!(".{}", shown(member)), |walk| {
                walk.member(object, member, value, known, container)
            });
        }
        for missing in rules::required(name).iter().filter(|required| !is_there(object, required)) {
            self.at(&format!(".{missing}"), |walk| walk.add("required", "missing element"));
        }
        for (choice, _) in members.iter().filter(|(choice, shape)| values_of(object, choice, *shape) > 1) {
            self.at(&format!(".{choice}[x]"), |walk| walk.add("structure", "more than one value"));
        }
    }

    fn member(&mut self, object: &Value, name: &str, value: &Value, known: Known, container: Option<&Value>) {
        if name == "reference" && value.as_str().is_some_and(|text| dangles(text, container)) {
            self.add("value", "contained resource is not there");
        }
        if value.kind() != Kind::Array {
            return self.single(value, known, container);
        }
        if value.is_empty() {
            return self.add("structure", "empty array");
        }
        let inner = match known.shape {
            Shape::List(inner) => Known { shape: *inner, ..known },
            Shape::Any => known,
            _ => return self.add("structure", "array where one value belongs"),
        };
        let may_be_null = name.starts_with('_') || object.get(&format!("_{name}")).is_some();
        for (index, item) in
            value.items().iter().enumerate().filter(|(_, item)| !(may_be_null && item.is_null()))
        {
            self.at(&format!("[{index}]"), |walk| walk.value(item, inner, container));
        }
    }

    fn single(&mut self, value: &Value, known: Known, container: Option<&Value>) {
        match known.shape {
            Shape::List(_) if !value.is_null() => self.add("structure", "one value where an array belongs"),
            _ => self.value(value, known, container),
        }
    }

    fn value(&mut self, value: &Value, known: Known, container: Option<&Value>) {
        match (value.kind(), known.shape) {
            (Kind::Null, _) => self.add("structure", "null is not allowed"),
            (Kind::String, _) if value.as_str() == Some("") => self.add("value", "empty string"),
            (Kind::Object, _) if value.is_empty() => self.add("structure", "empty object"),
            (Kind::Array, _) => self.add("structure", "array in an array"),
            (Kind::Object, Shape::Any) if value.str("resourceType").is_some() => {
                self.inner_resource(value, container)
            }
            (Kind::Object, Shape::Any | Shape::Element { .. }) => self.object(value, known.shape, container),
            (_, Shape::Any) => {}
            (kind, Shape::Primitive { kind: expected, name, rule }) if kind == expected => {
                self.text(value, known.stricter.unwrap_or((name, rule)));
            }
            (Kind::String, Shape::Code(is_code)) => self.code(value.as_str().unwrap_or_default(), is_code),
            _ => self.add("structure", "wrong json type"),
        }
    }

    /// A resource inside another is contained; inside a Bundle or Parameters it stands for itself.
    fn inner_resource(&mut self, value: &Value, container: Option<&Value>) {
        let contained = self.path.contains(".contained[");
        self.resource(value, container.filter(|_| contained));
    }

    fn text(&mut self, value: &Value, (name, rule): rules::Lexical) {
        let text = value.as_str().or(value.as_number());
        if text.is_some_and(|text| !rule(text)) {
            self.add("value", &format!("not a valid {name}"));
        }
    }

    fn code(&mut self, code: &str, is_code: fn(&str) -> bool) {
        if !is_code(code) {
            self.add_as(Severity::Warning, "code-invalid", "not a code of the required binding");
        }
    }

    fn at(&mut self, step: &str, f: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        self.path.push_str(step);
        f(self);
        self.path.truncate(length);
    }

    fn add(&mut self, code: &str, text: &str) {
        self.add_as(Severity::Error, code, text);
    }

    fn add_as(&mut self, severity: Severity, code: &str, text: &str) {
        if self.issues.len() < MOST_ISSUES {
            self.issues.push(Issue { severity, ..Issue::error(code, text).at(self.path.as_str()) });
        }
    }
}

/// What is known of a member: by its name, or by the name of a choice and one of its suffixes.
fn known(element: &str, members: Members, member: &str) -> Known {
    let direct = members.iter().find(|(name, shape)| *name == member && !matches!(shape, Shape::Choice(_)));
    if let Some((_, shape)) = direct {
        return Known { shape: *shape, stricter: rules::stricter(element, member) };
    }
    let chosen = members.iter().find_map(|(name, shape)| choice_of(name, *shape, member));
    let (suffix, shape) = chosen.unwrap_or(("", Shape::Any));
    Known { shape, stricter: rules::stricter_choice(suffix) }
}

/// The suffix that a member picks of a choice.
fn choice_of(name: &str, shape: Shape, member: &str) -> Option<(&'static str, Shape)> {
    let (Shape::Choice(choices), Some(suffix)) = (shape, member.strip_prefix(name)) else { return None };
    choices().iter().find(|(choice, _)| *choice == suffix).copied()
}

fn values_of(object: &Value, name: &str, shape: Shape) -> usize {
    object.members().filter(|(member, _)| choice_of(name, shape, member).is_some()).count()
}

/// Whether a required element is there: itself, its extensions, or one of its choices.
fn is_there(object: &Value, required: &str) -> bool {
    match required.strip_suffix("[x]") {
        None => object.get(required).is_some() || object.get(&format!("_{required}")).is_some(),
        Some(choice) => object.members().any(|(member, _)| {
            let suffix = member.trim_start_matches('_').strip_prefix(choice);
            suffix.is_some_and(|suffix| suffix.starts_with(char::is_uppercase))
        }),
    }
}

fn dangles(text: &str, container: Option<&Value>) -> bool {
    match (Reference::parse(text), container) {
        (Reference::Contained(""), _) | (_, None) => false,
        (Reference::Contained(id), Some(resource)) => {
            !resource.list("contained").iter().any(|contained| contained.str("id") == Some(id))
        }
        _ => false,
    }
}

/// Element names are shown; anything else might be somebody's data.
fn shown(name: &str) -> &str {
    let element = name.len() <= 64 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if element { name } else { "?" }
}
