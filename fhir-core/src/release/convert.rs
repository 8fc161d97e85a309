//! The walk through a tree of R4 that builds a tree of R5.

use super::required::required;
use super::rule::{Does, Form, Formed, Rule};
use super::{subscription, table, trigger};
use crate::definition::{self, TypeDef, TypeKind};
use crate::json::NameId;
use crate::shown::shown;
use crate::{Issue, Kind, Resource, Severity, Value};

/// Extensions for what a release does not have begin with this; the element follows.
const KEPT: &str = "http://hl7.org/fhir/4.0/StructureDefinition/extension-";

/// How many elements within each other are looked at: the stack that this takes is bounded, whatever is sent.
const MOST_DEEP: usize = 100;

pub(super) fn to_r5(resource: &Resource) -> (Value, Vec<Issue>) {
    let mut converter = Converter { at: String::new(), issues: Vec::new(), depth: 0 };
    let value = converter.resource(resource.value(), resource.resource_type());
    (value, converter.issues)
}

struct Converter {
    at: String,
    issues: Vec<Issue>,
    /// How many objects are being built.
    depth: usize,
}

/// An object that is being built, and where it came from.
struct Building<'a> {
    source: &'a Value,
    of: &'static TypeDef,
    target: Value,
    /// The elements of a part that is gone go to the object around it.
    up: bool,
}

impl Converter {
    fn resource(&mut self, source: &Value, place: &str) -> Value {
        let name = source.str("resourceType").unwrap_or_default();
        self.within(place, |converter| {
            let Some(of) = definition::r4().resource(name).filter(|_| table::covers(name)) else {
                converter.say(
                    Severity::Warning,
                    "incomplete",
                    "what differs in R5 is not known for this type: the resource is still R4",
                );
                return source.clone();
            };
            if converter.is_too_deep() {
                return source.clone();
            }
            let prepared = subscription::prepared(source);
            let source = prepared.as_ref().map_or(source, |(source, _)| source);
            let mut target = converter.built(source, of);
            for (member, value) in prepared.iter().flat_map(|(_, more)| more.members()) {
                target.set(member, value.clone());
            }
            trigger::unpack(&mut target);
            converter.require(&target, of);
            target
        })
    }

    fn object(&mut self, source: &Value, of: &'static TypeDef) -> Value {
        if self.is_too_deep() {
            return source.clone();
        }
        let target = self.built(source, of);
        self.require(&target, of);
        target
    }

    fn is_too_deep(&mut self) -> bool {
        if self.depth == MOST_DEEP {
            self.say(Severity::Warning, "incomplete", "what is nested this deeply is still R4");
        }
        self.depth == MOST_DEEP
    }

    fn built(&mut self, source: &Value, of: &'static TypeDef) -> Value {
        let mut building = Building { source, of, target: Value::object(), up: false };
        self.depth += 1;
        self.members(&mut building);
        self.depth -= 1;
        building.target
    }

    /// Says which elements R5 requires and R4 did not supply.
    fn require(&mut self, target: &Value, of: &TypeDef) {
        for name in required(of.name) {
            if target.get(name).is_none() && target.get(&format!("_{name}")).is_none() {
                self.within(&format!(".{name}"), |converter| {
                    converter.say(
                        Severity::Warning,
                        "required",
                        "R5 requires this element, and R4 did not supply it",
                    );
                });
            }
        }
    }

    fn members(&mut self, building: &mut Building<'_>) {
        let rules = table::rules(building.of.name);
        for (name, value) in building.source.members() {
            let plain = name.strip_prefix('_').unwrap_or(name);
            let rule = rules.iter().find(|rule| rule.from == plain);
            self.within(&format!(".{}", shown(plain)), |converter| match rule {
                Some(rule) if plain.len() < name.len() => converter.sibling(rule, value, building),
                Some(rule) => converter.apply(rule, value, building),
                None if building.up => converter.moved_up(name, value, building),
                None => {
                    let value = converter.converted(value, building.of, name);
                    add(&mut building.target, name, value);
                }
            });
        }
    }

    fn apply(&mut self, rule: &Rule, value: &Value, building: &mut Building<'_>) {
        match &rule.does {
            Does::Kept => self.keep_all(rule.from, value, building),
            Does::Up => self.up(rule.from, value, building),
            Does::Codes(codes) => self.code(rule.from, value, codes, building),
            Does::Measured { to, unit: (name, unit) } => {
                let value = self.converted(value, building.of, rule.from);
                building.target.set(to, value);
                building.target.set(name, *unit);
            }
            Does::Goes { to, forms, list } => {
                for (index, item) in items(value) {
                    let index = index.map(|index| format!("[{index}]")).unwrap_or_default();
                    self.within(&index, |converter| {
                        converter.goes(rule.from, item, (to, forms, *list), building)
                    });
                }
            }
        }
    }

    fn goes(
        &mut self,
        from: &str,
        item: &Value,
        (to, forms, list): (&str, &[Form], bool),
        building: &mut Building<'_>,
    ) {
        let loses = Formed::of(self.converted(item, building.of, from), forms).and_then(|formed| {
            let placed = place(&mut building.target, to, formed.value, list);
            placed.then_some(formed.loses)
        });
        match loses {
            Some(false) => {}
            Some(true) => {
                self.keep(from, item, building, "R5 says less here; the original is kept in an extension")
            }
            None => {
                self.keep(from, item, building, "R5 has no place for this value; it is kept in an extension")
            }
        }
    }

    fn code(&mut self, name: &str, value: &Value, codes: &[(&str, &str, bool)], building: &mut Building<'_>) {
        let Some((_, new, loses)) = codes.iter().find(|(old, ..)| value.as_str() == Some(old)) else {
            building.target.set(name, value.clone());
            return;
        };
        if !new.is_empty() {
            building.target.set(name, *new);
        }
        if *loses {
            self.keep(name, value, building, "R5 has no such code; the original is kept in an extension");
        }
    }

    fn up(&mut self, name: &str, value: &Value, building: &mut Building<'_>) {
        let Some(of) = type_of(building.of, name) else { return self.keep_all(name, value, building) };
        for (index, item) in items(value) {
            if item.kind() != Kind::Object {
                self.keep(name, item, building, "not an object; it is kept in an extension");
                continue;
            }
            let index = index.map(|index| format!("[{index}]")).unwrap_or_default();
            let target = std::mem::take(&mut building.target);
            let mut inner = Building { source: item, of, target, up: true };
            self.within(&index, |converter| converter.members(&mut inner));
            building.target = inner.target;
        }
    }

    /// What a part that is gone had beside its own elements.
    fn moved_up(&mut self, name: &str, value: &Value, building: &mut Building<'_>) {
        match name {
            "extension" | "modifierExtension" => {
                let value = self.converted(value, building.of, name);
                for item in value.items() {
                    place(&mut building.target, name, item.clone(), true);
                }
                self.say(
                    Severity::Information,
                    "informational",
                    "extensions of a part that R5 does not have moved up",
                );
            }
            _ => self.keep_all(name, value, building),
        }
    }

    /// The id and the extensions of a primitive value.
    fn sibling(&mut self, rule: &Rule, value: &Value, building: &mut Building<'_>) {
        match &rule.does {
            Does::Codes(_) => _ = building.target.set(&format!("_{}", rule.from), value.clone()),
            Does::Measured { to, .. } => _ = building.target.set(&format!("_{to}"), value.clone()),
            Does::Goes { to, forms: [], .. } if !to.contains('.') => {
                building.target.set(&format!("_{to}"), value.clone());
            }
            _ if value.kind() == Kind::Object => {
                let url = format!("{KEPT}{}.{}", building.of.name, rule.from);
                place(&mut building.target, "extension", value.clone().with("url", url), true);
                self.say(
                    Severity::Warning,
                    "not-supported",
                    "the extensions of a value are kept apart from it",
                );
            }
            _ => self.keep_all(&format!("_{}", rule.from), value, building),
        }
    }

    fn keep_all(&mut self, name: &str, value: &Value, building: &mut Building<'_>) {
        for (_, item) in items(value) {
            self.keep(name, item, building, "R5 has no such element; it is kept in an extension");
        }
    }

    fn keep(&mut self, name: &str, item: &Value, building: &mut Building<'_>, text: &str) {
        let url = format!("{KEPT}{}.{name}", building.of.name);
        place(&mut building.target, "extension", self.extension(&url, name, item, building.of), true);
        self.say(Severity::Warning, "not-supported", text);
    }

    /// An extension that holds a value; that of a part holds an extension for each element.
    fn extension(&mut self, url: &str, name: &str, item: &Value, of: &'static TypeDef) -> Value {
        let extension = Value::object().with("url", url);
        match type_of(of, name) {
            Some(part) if part.name.contains('.') && item.kind() == Kind::Object => {
                let mut inner = Vec::new();
                for (member, value) in item.members() {
                    if matches!(member, "extension" | "modifierExtension") {
                        inner.extend(self.converted(value, part, member).items().iter().cloned());
                    } else {
                        inner
                            .extend(items(value).map(|(_, item)| self.extension(member, member, item, part)));
                    }
                }
                extension.with("extension", inner)
            }
            Some(known) => {
                extension.with(&format!("value{}", suffix(known.name)), self.converted(item, of, name))
            }
            None => match item.as_str() {
                Some(text) => extension.with("valueString", text),
                None => extension.with("valueString", item.to_json()),
            },
        }
    }

    /// The value of an element that stays what it is, with what differs inside.
    fn converted(&mut self, value: &Value, of: &'static TypeDef, name: &str) -> Value {
        if value.kind() == Kind::Array {
            let items = value.items().iter().enumerate();
            return items
                .map(|(index, item)| {
                    self.within(&format!("[{index}]"), |converter| converter.converted(item, of, name))
                })
                .collect();
        }
        match type_of(of, name) {
            Some(known) if value.kind() == Kind::Object => match known.kind {
                TypeKind::Primitive(_) => value.clone(),
                TypeKind::AnyResource | TypeKind::Resource => self.resource(value, ""),
                TypeKind::Complex => self.object(value, known),
            },
            _ => value.clone(),
        }
    }

    fn within<T>(&mut self, step: &str, f: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.at.len();
        self.at.push_str(step);
        let result = f(self);
        self.at.truncate(length);
        result
    }

    fn say(&mut self, severity: Severity, code: &str, text: &str) {
        self.issues.push(Issue { severity, ..Issue::error(code, text).at(self.at.as_str()) });
    }
}

/// The items of a list, or a single value as the only one. Places of nothing, beside siblings, are passed over.
fn items(value: &Value) -> impl Iterator<Item = (Option<usize>, &Value)> {
    let single = (value.kind() != Kind::Array).then_some((None, value));
    let listed = value.items().iter().enumerate().map(|(index, item)| (Some(index), item));
    single.into_iter().chain(listed).filter(|(_, item)| !item.is_null())
}

fn type_of(of: &TypeDef, name: &str) -> Option<&'static TypeDef> {
    let definitions = definition::r4();
    definitions.type_of(of.element(NameId::of(name)?)?)
}

/// Sets or adds a value; `false` when there is one already and only one may be.
fn place(target: &mut Value, to: &str, value: Value, list: bool) -> bool {
    if let Some((part, rest)) = to.split_once('.') {
        if target.get(part).is_none() {
            target.set(part, Value::object());
        }
        return target.get_mut(part).is_some_and(|part| place(part, rest, value, list));
    }
    match target.get_mut(to) {
        Some(present) if list && present.kind() == Kind::Array => present.push(value),
        Some(_) => return false,
        None if list => _ = target.set(to, vec![value]),
        None => _ = target.set(to, value),
    }
    true
}

/// Sets a member that stays what it is, behind what other elements have become.
fn add(target: &mut Value, name: &str, value: Value) {
    if !table::may_be_there(name.strip_prefix('_').unwrap_or(name)) {
        return target.append(name, value);
    }
    match target.get_mut(name).filter(|present| present.kind() == Kind::Array) {
        Some(present) => value.items().iter().for_each(|item| present.push(item.clone())),
        None => _ = target.set(name, value),
    }
}

/// What a type adds to `value`.
fn suffix(name: &str) -> String {
    let name = if matches!(name, "SimpleQuantity" | "MoneyQuantity") { "Quantity" } else { name };
    let mut letters = name.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}
