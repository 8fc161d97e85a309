//! From a struct to JSON: to text at once, or to a tree.

use super::Extra;
use crate::json::write as text;
use crate::{Resource, Value};

/// What can be written as JSON. What is absent or empty is not written; `null` never is, but in lists of siblings.
///
/// ```
/// use carewire_fhir_core::types::{Coding, ToJson};
/// let coding = Coding::new("http://loinc.org", "718-7");
/// assert_eq!(coding.to_json(), r#"{"system":"http://loinc.org","code":"718-7"}"#);
/// assert_eq!(coding.to_value().to_json(), coding.to_json());
/// ```
pub trait ToJson {
    /// Whether an item that is not there is written as `null`, so that its neighbours keep their places.
    const KEEPS_PLACE: bool = false;

    /// Writes this value; `false` when there was nothing to say, and then nothing is written.
    fn write(&self, to: &mut Writer) -> bool;

    /// The JSON of this value as text, without a tree on the way. An empty element is `{}`.
    fn to_json(&self) -> String {
        let mut writer = Writer { out: String::with_capacity(512), ..Writer::default() };
        if self.write(&mut writer) { writer.out } else { "{}".to_owned() }
    }

    /// The JSON of this value as a tree. An empty element is `{}`.
    fn to_value(&self) -> Value {
        let mut writer = Writer { trees: 1, ..Writer::default() };
        let wrote = self.write(&mut writer);
        writer.stack.pop().filter(|_| wrote).unwrap_or_else(Value::object)
    }
}

/// What can be a member of an object. Empty values are left out; a choice picks its own name.
pub trait Member {
    /// Writes the member `name`, when there is something to say.
    fn put(&self, name: &str, to: &mut Writer);

    /// Sets the member `name` of an object, when there is something to say.
    fn set_in(&self, name: &str, object: &mut Value) {
        let mut writer = Writer { stack: vec![std::mem::take(object)], trees: 1, ..Writer::default() };
        self.put(name, &mut writer);
        *object = writer.stack.pop().unwrap_or_default();
    }
}

impl<T: ToJson> Member for T {
    fn put(&self, name: &str, to: &mut Writer) {
        to.member(name, "", self);
    }
}

impl<T: Member> Member for Option<T> {
    fn put(&self, name: &str, to: &mut Writer) {
        if let Some(value) = self {
            value.put(name, to);
        }
    }
}

impl<T: ToJson> Member for Vec<T> {
    fn put(&self, name: &str, to: &mut Writer) {
        if !self.is_empty() {
            to.member(name, "", &List(self));
        }
    }
}

struct List<'a, T>(&'a [T]);

impl<T: ToJson> ToJson for List<'_, T> {
    fn write(&self, to: &mut Writer) -> bool {
        to.begin_array();
        let mut wrote = false;
        for item in self.0 {
            let start = to.begin_item();
            let there = item.write(to);
            wrote |= there;
            if !there && T::KEEPS_PLACE {
                to.null();
            }
            to.end_item(start, there || T::KEEPS_PLACE);
        }
        to.end_array();
        wrote || to.drop_value()
    }
}

struct Name<'a>(&'a str);

impl ToJson for Name<'_> {
    fn write(&self, to: &mut Writer) -> bool {
        to.string(self.0)
    }
}

/// Where a value is written to: text, or a tree while the tree is asked for. A writer is made by [`ToJson::to_json`] and
/// [`ToJson::to_value`] alone.
#[derive(Default)]
pub struct Writer {
    out: String,
    /// The values that are being built, innermost last; a finished one is taken by the object or array below it.
    stack: Vec<Value>,
    /// How many trees are open within each other; text is written when there is none.
    trees: usize,
}

/// Where an object began.
pub(crate) enum Opened {
    Text(usize),
    Tree,
    /// A tree within text: an object with [`Extra`] members, which must not repeat those of the fields.
    TreeInText,
}

impl Writer {
    fn in_tree(&self) -> bool {
        self.trees > 0
    }

    pub(crate) fn open(&mut self, extra: &Extra) -> Opened {
        if self.in_tree() {
            self.stack.push(Value::object());
            return Opened::Tree;
        }
        if !extra.is_empty() {
            self.trees = 1;
            self.stack.push(Value::object());
            return Opened::TreeInText;
        }
        self.out.push('{');
        Opened::Text(self.out.len())
    }

    /// Ends an object and adds what no field held; `false` when it has no member.
    pub(crate) fn close(&mut self, opened: Opened, extra: &Extra) -> bool {
        if let Opened::Text(start) = opened {
            let wrote = self.out.len() > start;
            if wrote {
                self.out.push('}');
            } else {
                self.out.truncate(start - 1);
            }
            return wrote;
        }
        let wrote = self.stack.last_mut().is_some_and(|object| {
            extra.add_to(object);
            !object.is_empty()
        });
        if matches!(opened, Opened::TreeInText) {
            self.trees = 0;
            self.stack.drain(..).for_each(|object| {
                if wrote {
                    object.write_json(&mut self.out)
                }
            });
        } else if !wrote {
            self.stack.pop();
        }
        wrote
    }

    /// The first member of a resource.
    pub(crate) fn resource(&mut self, resource_type: &str) {
        self.member("resourceType", "", &Name(resource_type));
    }

    /// A member whose name is `name` and `suffix` together.
    pub(crate) fn member(&mut self, name: &str, suffix: &str, value: &impl ToJson) {
        if self.in_tree() {
            if value.write(self) {
                let value = self.stack.pop().unwrap_or_default();
                let object = self.stack.last_mut();
                object.map(|object| match suffix {
                    "" => object.set(name, value),
                    _ => object.set(&format!("{name}{suffix}"), value),
                });
            }
            return;
        }
        let start = self.begin_item();
        self.out.push('"');
        self.out.push_str(name);
        self.out.push_str(suffix);
        self.out.push_str("\":");
        let wrote = value.write(self);
        self.end_item(start, wrote);
    }

    fn begin_array(&mut self) {
        if self.in_tree() {
            self.stack.push(Value::array());
        } else {
            self.out.push('[');
        }
    }

    fn end_array(&mut self) {
        if !self.in_tree() {
            self.out.push(']');
        }
    }

    /// Makes room for an item or a member, and says where to go back to when there is none after all.
    fn begin_item(&mut self) -> usize {
        let start = self.out.len();
        if !self.in_tree() && !self.out.ends_with(['{', '[']) {
            self.out.push(',');
        }
        start
    }

    fn end_item(&mut self, start: usize, wrote: bool) {
        if !self.in_tree() {
            if !wrote {
                self.out.truncate(start);
            }
        } else if wrote {
            let item = self.stack.pop().unwrap_or_default();
            if let Some(array) = self.stack.last_mut() {
                array.push(item);
            }
        }
    }

    /// Takes back an array without items. In text, its member is taken back with it.
    fn drop_value(&mut self) -> bool {
        if self.in_tree() {
            self.stack.pop();
        }
        false
    }

    fn null(&mut self) {
        if self.in_tree() { self.stack.push(Value::null()) } else { self.out.push_str("null") }
    }

    pub(crate) fn string(&mut self, value: &str) -> bool {
        if value.is_empty() {
            return false;
        }
        if self.in_tree() {
            self.stack.push(value.into());
        } else {
            text::string(value, &mut self.out);
        }
        true
    }

    /// A number by its text, which JSON allows.
    pub(crate) fn number(&mut self, value: &str) -> bool {
        if !self.in_tree() {
            self.out.push_str(value);
            return true;
        }
        let number = Value::number(value);
        let is_number = number.is_some();
        self.stack.extend(number);
        is_number
    }

    fn bool(&mut self, value: bool) -> bool {
        if self.in_tree() {
            self.stack.push(value.into());
        } else {
            self.out.push_str(if value { "true" } else { "false" });
        }
        true
    }

    fn integer(&mut self, value: i64) -> bool {
        if self.in_tree() {
            self.stack.push(value.into());
        } else {
            use std::fmt::Write;
            write!(self.out, "{value}").ok();
        }
        true
    }

    pub(crate) fn value(&mut self, value: &Value) -> bool {
        if is_blank(value) {
            return false;
        }
        if self.in_tree() {
            self.stack.push(value.clone());
        } else {
            value.write_json(&mut self.out);
        }
        true
    }
}

fn is_blank(value: &Value) -> bool {
    match value.as_str() {
        Some(text) => text.is_empty(),
        None => {
            value.is_null() || (value.is_empty() && value.as_bool().is_none() && value.as_number().is_none())
        }
    }
}

impl<T: ToJson + ?Sized> ToJson for Box<T> {
    fn write(&self, to: &mut Writer) -> bool {
        (**self).write(to)
    }
}

impl ToJson for String {
    fn write(&self, to: &mut Writer) -> bool {
        to.string(self)
    }
}

impl ToJson for bool {
    fn write(&self, to: &mut Writer) -> bool {
        to.bool(*self)
    }
}

impl ToJson for i32 {
    fn write(&self, to: &mut Writer) -> bool {
        to.integer(i64::from(*self))
    }
}

impl ToJson for u32 {
    fn write(&self, to: &mut Writer) -> bool {
        to.integer(i64::from(*self))
    }
}

impl ToJson for Value {
    fn write(&self, to: &mut Writer) -> bool {
        to.value(self)
    }
}

impl ToJson for Resource {
    fn write(&self, to: &mut Writer) -> bool {
        to.value(self.value())
    }
}

#[cfg(test)]
mod tests {
    use super::super::*;
    use crate::Value;

    #[test]
    fn text_and_tree_say_the_same() {
        let mut name = HumanName::default().r#use(NameUse::Official).family("A\"\u{1}").given("").given("B");
        name = name.prefix("").period(Period::default());
        let text = r#"{"use":"official","family":"A\"\u0001","given":["B"]}"#;
        assert_eq!((name.to_json().as_str(), name.to_value().to_json().as_str()), (text, text));
        name.extra.set("_given", Value::array());
        name.extra.set("family", "shadowed");
        let text = text.replace('}', r#","_given":[]}"#);
        assert_eq!((name.to_json(), name.to_value().to_json()), (text.clone(), text));
    }

    #[test]
    fn extra_members_deep_in_a_text_stand_where_they_belong() {
        let mut inner = Identifier::default().value("1");
        inner.extra.set("id", "i");
        let reference = Reference::to("Patient/p").identifier(Box::new(inner)).display("D");
        let identifier = Identifier::default().system("urn:x").assigner(Box::new(reference));
        let text = concat!(
            r#"{"system":"urn:x","assigner":{"reference":"Patient/p","#,
            r#""identifier":{"value":"1","id":"i"},"display":"D"}}"#
        );
        assert_eq!((identifier.to_json().as_str(), identifier.to_value().to_json().as_str()), (text, text));
    }

    #[test]
    fn siblings_in_a_list_keep_their_places() {
        let known = PrimitiveExtension(vec![Extension::new("urn:x", ExtensionValue::Boolean(true))]);
        let list = vec![PrimitiveExtension::default(), known, PrimitiveExtension::default()];
        let mut object = Value::object();
        list.set_in("_given", &mut object);
        assert_eq!(
            object.to_json(),
            r#"{"_given":[null,{"extension":[{"url":"urn:x","valueBoolean":true}]},null]}"#
        );
        let mut object = Value::object();
        vec![PrimitiveExtension::default()].set_in("_given", &mut object);
        assert_eq!(object.to_json(), "{}");
    }

    #[test]
    fn an_empty_element_is_an_empty_object() {
        assert_eq!(
            (Period::default().to_json(), Period::default().to_value()),
            ("{}".into(), Value::object())
        );
    }
}
