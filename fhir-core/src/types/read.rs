//! From JSON to a struct. What the struct cannot hold exactly stays beside its fields, so that nothing is lost.

use super::Extra;
use crate::shown::shown;
use crate::{Kind, Resource, Value};

/// How many elements within each other are read into structs. No resource of care comes near; what is deeper stays
/// JSON, so that reading needs little stack whatever is sent.
const MOST_DEEP: usize = 100;

/// What was read, and where there was something that the fields cannot hold. `Debug` shows the latter only.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Read<T> {
    /// The struct. What its fields do not hold is in its `extra`, at the level where it was found.
    pub value: T,
    /// The paths of what no field holds, such as `Patient.birthDate` when that is no date; never a value. The name of a
    /// member that is no element's of R4 is shown as `?`.
    pub unread: Vec<String>,
}

impl<T> std::fmt::Debug for Read<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Read").field("unread", &self.unread).finish_non_exhaustive()
    }
}

/// A resource is of another type than the one that it was to be read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a `{expected}`")]
pub struct ReadError {
    expected: &'static str,
}

impl ReadError {
    pub(crate) fn expected_type(expected: &'static str) -> Self {
        Self { expected }
    }

    /// The type that was asked for.
    #[must_use]
    pub fn expected(&self) -> &'static str {
        self.expected
    }
}

/// What can be read from JSON, so that writing it gives the same JSON again.
///
/// ```
/// use carewire_fhir_core::Value;
/// use carewire_fhir_core::types::{FromJson, HumanName, ToJson};
/// let text = r#"{"use":"nick","family":"Chalmers","_family":{"id":"f"},"given":["Peter",null]}"#;
/// let read = HumanName::from_value(&Value::parse(text.as_bytes())?).ok_or("no object")?;
/// assert_eq!(read.value.family.as_deref(), Some("Chalmers"));
/// assert_eq!(read.unread, ["HumanName.use", "HumanName._family", "HumanName.given"]);
/// assert_eq!(read.value.to_value(), Value::parse(text.as_bytes())?); // nothing is lost
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait FromJson: Sized {
    /// The name that paths begin with.
    const NAME: &'static str;

    /// Reads a value; `None` when it cannot be held as it is.
    fn read(value: &Value, reader: &mut Reader) -> Option<Self>;

    /// Reads a value; `None` when it cannot be held as it is: wrong kind of JSON, or empty.
    fn from_value(value: &Value) -> Option<Read<Self>> {
        let mut reader = Reader { path: Self::NAME.to_owned(), unread: Vec::new(), depth: 0 };
        let read = Self::read(value, &mut reader)?;
        Some(Read { value: read, unread: reader.unread })
    }
}

/// Where reading is, and what could not be held so far.
pub struct Reader {
    path: String,
    unread: Vec<String>,
    /// How many objects are being read.
    depth: usize,
}

impl Reader {
    /// Reads within a step of the path; what was found unread within is forgotten when the whole is.
    fn within<T>(&mut self, step: &str, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let (path, unread) = (self.path.len(), self.unread.len());
        self.path.push_str(step);
        let found = read(self);
        self.path.truncate(path);
        if found.is_none() {
            self.unread.truncate(unread);
        }
        found
    }

    fn member<T>(&mut self, name: &str, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let path = self.path.len();
        self.path.push('.');
        let found = self.within(name, read);
        self.path.truncate(path);
        found
    }
}

/// The members of an object that is being read.
pub struct Members<'a> {
    members: Vec<Option<(&'a str, &'a Value)>>,
    /// Where the last member was found: the next one is most often behind it.
    at: usize,
}

impl<'a> Members<'a> {
    /// `None` when the value is no object, or one without members, or too deep within others. What is begun here ends
    /// with [`Members::rest`].
    pub(crate) fn of(value: &'a Value, reader: &mut Reader) -> Option<Self> {
        if reader.depth == MOST_DEEP {
            return None;
        }
        let members: Vec<_> = value.members().map(Some).collect();
        if members.is_empty() {
            return None;
        }
        reader.depth += 1;
        Some(Self { members, at: 0 })
    }

    /// Takes a member when `read` can hold it.
    fn take<T>(
        &mut self,
        name: &str,
        reader: &mut Reader,
        read: impl FnOnce(&Value, &mut Reader) -> Option<T>,
    ) -> Option<T> {
        let is_it = |member: &Option<(&str, &Value)>| member.is_some_and(|(found, _)| found == name);
        let (before, after) = self.members.split_at_checked(self.at)?;
        let ahead = after.iter().position(is_it).map(|position| position + self.at);
        let position = ahead.or_else(|| before.iter().position(is_it))?;
        let slot = self.members.get_mut(position)?;
        let (_, value) = (*slot)?;
        let held = reader.member(name, |reader| read(value, reader))?;
        *slot = None;
        self.at = position;
        Some(held)
    }

    /// Takes the first member whose name is `name` with a suffix that `read` knows and can hold.
    pub(crate) fn take_choice<T>(
        &mut self,
        name: &str,
        reader: &mut Reader,
        read: fn(&str, &Value, &mut Reader) -> Option<T>,
    ) -> Option<T> {
        self.members.iter_mut().find_map(|slot| {
            let (member, value) = (*slot)?;
            let suffix = member.strip_prefix(name).filter(|suffix| !suffix.is_empty())?;
            let held = reader.member(member, |reader| read(suffix, value, reader))?;
            *slot = None;
            Some(held)
        })
    }

    /// Passes over the member that says what the resource is.
    pub(crate) fn resource(&mut self) {
        self.members.retain(|member| member.is_none_or(|(found, _)| found != "resourceType"));
    }

    /// What no field took.
    pub(crate) fn rest(self, reader: &mut Reader) -> Extra {
        reader.depth = reader.depth.saturating_sub(1);
        let left = || self.members.iter().copied().flatten();
        reader.unread.extend(left().map(|(name, _)| format!("{}.{}", reader.path, shown(name))));
        Extra::of(left())
    }
}

/// What a field can be read from: a member, or one of the members of a choice.
pub trait Slot: Sized {
    /// Takes what the member `name` holds; `None` when it is not there or cannot be held.
    fn take(members: &mut Members<'_>, name: &str, reader: &mut Reader) -> Option<Self>;
}

impl<T: FromJson> Slot for T {
    fn take(members: &mut Members<'_>, name: &str, reader: &mut Reader) -> Option<Self> {
        members.take(name, reader, T::read)
    }
}

/// A field of a struct.
pub trait Field {
    /// Takes what belongs into the field; the field's default when there is nothing.
    fn take_from(members: &mut Members<'_>, name: &str, reader: &mut Reader) -> Self;
}

impl<T: Slot> Field for Option<T> {
    fn take_from(members: &mut Members<'_>, name: &str, reader: &mut Reader) -> Self {
        T::take(members, name, reader)
    }
}

impl<T: FromJson> Field for Vec<T> {
    fn take_from(members: &mut Members<'_>, name: &str, reader: &mut Reader) -> Self {
        members.take(name, reader, read_list).unwrap_or_default()
    }
}

fn read_list<T: FromJson>(value: &Value, reader: &mut Reader) -> Option<Vec<T>> {
    if value.is_empty() || value.kind() != Kind::Array {
        return None;
    }
    let items = value.items().iter().enumerate();
    items.map(|(index, item)| reader.within(&format!("[{index}]"), |reader| T::read(item, reader))).collect()
}

impl<T: FromJson> FromJson for Box<T> {
    const NAME: &'static str = T::NAME;

    fn read(value: &Value, reader: &mut Reader) -> Option<Self> {
        T::read(value, reader).map(Self::new)
    }
}

impl FromJson for String {
    const NAME: &'static str = "string";

    fn read(value: &Value, _: &mut Reader) -> Option<Self> {
        value.as_str().filter(|text| !text.is_empty()).map(Self::from)
    }
}

impl FromJson for bool {
    const NAME: &'static str = "boolean";

    fn read(value: &Value, _: &mut Reader) -> Option<Self> {
        value.as_bool()
    }
}

impl FromJson for i32 {
    const NAME: &'static str = "integer";

    fn read(value: &Value, _: &mut Reader) -> Option<Self> {
        value.as_number().filter(|text| *text != "-0")?.parse().ok()
    }
}

impl FromJson for u32 {
    const NAME: &'static str = "unsignedInt";

    fn read(value: &Value, _: &mut Reader) -> Option<Self> {
        value.as_number()?.parse().ok()
    }
}

impl FromJson for Resource {
    const NAME: &'static str = "Resource";

    fn read(value: &Value, _: &mut Reader) -> Option<Self> {
        Self::from_value(value.clone()).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::super::*;
    use crate::Value;
    use crate::resources::{Composition, Observation, ObservationValue, Patient, Questionnaire};
    use crate::{Limits, Resource, canonical_json};

    fn parse(text: &str) -> Resource {
        Resource::parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn what_a_field_cannot_hold_is_kept_and_named() {
        let patient = parse(
            r#"{"resourceType":"Patient","birthDate":"5 May","active":"yes","gender":"male","name":[{"given":"Ann"},7],
            "_birthDate":{"extension":[{"url":"urn:x","valueString":"s"}]},"_gender":{"id":"g"},"John Secret":1,
            "contact":[{"name":{"family":"B","_family":{"id":"1"},"given":[]}}],"telecom":[],"text":{}}"#,
        );
        let read = Patient::from_resource(&patient).unwrap();
        assert_eq!(
            read.unread,
            [
                "Patient.contact[0].name._family",
                "Patient.contact[0].name.given",
                "Patient.birthDate",
                "Patient.active",
                "Patient.name",
                "Patient._gender",
                "Patient.?",
                "Patient.telecom",
                "Patient.text",
            ]
        );
        assert_eq!(read.value.birth_date_element.0.len(), 1);
        let again = read.value.into_resource();
        assert_eq!(again.value(), patient.value());
    }

    #[test]
    fn a_choice_takes_the_type_that_its_name_says() {
        let text =
            r#"{"resourceType":"Observation","valueQuantity":{"value":0.50},"valueString":"x","valueSet":1}"#;
        let read = Observation::from_resource(&parse(text)).unwrap();
        assert!(matches!(read.value.value, Some(ObservationValue::Quantity(_))));
        assert_eq!(read.unread, ["Observation.valueString", "Observation.valueSet"]);
        assert_eq!(canonical_json(&read.value.into_resource()), canonical_json(&parse(text)));
    }

    #[test]
    fn numbers_keep_their_text_or_are_not_read() {
        for (text, held) in
            [("1", true), ("0", true), ("-0", false), ("1.0", false), ("1e0", false), ("-1", false)]
        {
            let value = Value::object().with("rank", Value::number(text).unwrap());
            let read = ContactPoint::from_value(&value).unwrap();
            assert_eq!((read.value.rank.is_some(), read.value.to_value()), (held, value), "{text}");
        }
    }

    /// Runs with the stack that threads have by default.
    fn in_a_thread(test: impl FnOnce() + Send + 'static) {
        std::thread::Builder::new().stack_size(2 << 20).spawn(test).unwrap().join().unwrap();
    }

    fn nested(head: &str, open: &str, close: &str, times: usize) -> Resource {
        let text = format!("{head}{}1{}}}", open.repeat(times), close.repeat(times));
        Resource::from_value(Value::parse_with(text.as_bytes(), &limits()).unwrap()).unwrap()
    }

    fn limits() -> Limits {
        Limits::default().with_max_depth(1_000)
    }

    #[test]
    fn what_is_nested_deeply_is_kept_unread() {
        let extension = (r#"[{"url":"urn:x","extension":"#, "}]");
        let item = (r#"[{"linkId":"1","item":"#, "}]");
        let identifier = (r#"{"value":"v","assigner":{"display":"d","identifier":"#, "}}");
        in_a_thread(move || {
            let patient = nested(r#"{"resourceType":"Patient","extension":"#, extension.0, extension.1, 490);
            let read = Patient::from_resource(&patient).unwrap();
            assert_eq!(read.unread.len(), 1);
            assert!(read.unread[0].ends_with("].extension"), "{}", read.unread[0]);
            let written = Value::parse_with(read.value.to_json().as_bytes(), &limits()).unwrap();
            assert_eq!(written, *patient.value());
            assert_eq!(read.value.to_resource(), patient);
            let form = nested(r#"{"resourceType":"Questionnaire","item":"#, item.0, item.1, 490);
            assert_eq!(Questionnaire::from_resource(&form).unwrap().value.to_resource(), form);
            let named =
                nested(r#"{"resourceType":"Composition","identifier":"#, identifier.0, identifier.1, 490);
            assert_eq!(Composition::from_resource(&named).unwrap().value.to_resource(), named);
        });
    }

    #[test]
    fn what_is_made_deep_is_written_whole() {
        in_a_thread(|| {
            let inmost = Extension::new("urn:x", ExtensionValue::Integer(1));
            let deep = (0..490).fold(inmost, |inner, _| Extension::nested("urn:x", vec![inner]));
            let patient = Patient::default().extension(deep);
            let text = patient.to_json();
            assert_eq!(text.matches("urn:x").count(), 491);
            assert_eq!(patient.to_resource().to_json(), text);
        });
    }

    #[test]
    fn elements_beside_each_other_are_not_deep() {
        let names = vec![r#"{"family":"A","period":{"start":"2024"}}"#; 300].join(",");
        let patient = parse(&format!(r#"{{"resourceType":"Patient","name":[{names}]}}"#));
        assert!(Patient::from_resource(&patient).unwrap().unread.is_empty());
    }

    /// To look for each member among all others would take minutes here.
    #[test]
    fn many_members_that_no_field_holds_are_read_and_written() {
        let members: Vec<String> = (0..100_000).map(|n| format!(r#","a{n}":{n}"#)).collect();
        let text = format!(r#"{{"resourceType":"Patient","active":true{}}}"#, members.concat());
        let patient = parse(&text);
        let read = Patient::from_resource(&patient).unwrap();
        assert_eq!((read.unread.len(), read.value.active), (100_000, Some(true)));
        assert!(read.value.to_json() == text && read.value.into_resource() == patient);
    }

    #[test]
    fn another_type_is_refused() {
        let error = Patient::from_resource(&Resource::new("Observation")).unwrap_err();
        assert_eq!((error.expected(), error.to_string().as_str()), ("Patient", "not a `Patient`"));
        assert_eq!(Patient::from_resource(&Resource::new("Patient")).unwrap().value, Patient::default());
    }
}
