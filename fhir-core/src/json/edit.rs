//! Building and changing a [`Value`].

use super::{Repr, Value, parse};

impl Value {
    /// `null`.
    #[must_use]
    pub fn null() -> Self {
        Self(Repr::Null)
    }

    /// `{}`, to be filled by [`Value::with`] or [`Value::set`].
    ///
    /// ```
    /// use carewire_fhir_core::Value;
    /// let coding = Value::object().with("system", "http://loinc.org").with("code", "718-7");
    /// assert_eq!(coding.to_json(), r#"{"system":"http://loinc.org","code":"718-7"}"#);
    /// ```
    #[must_use]
    pub fn object() -> Self {
        Self(Repr::Object(Vec::new()))
    }

    /// `[]`.
    #[must_use]
    pub fn array() -> Self {
        Self(Repr::Array(Vec::new()))
    }

    /// A string.
    #[must_use]
    pub fn string(text: impl Into<String>) -> Self {
        Self(Repr::String(text.into().into_boxed_str()))
    }

    /// A boolean.
    #[must_use]
    pub fn bool(value: bool) -> Self {
        Self(Repr::Bool(value))
    }

    /// An integer.
    #[must_use]
    pub fn integer(value: i64) -> Self {
        Self(Repr::Number(value.to_string().into()))
    }

    /// A number from its text, which is kept as it is; `None` when JSON does not allow that text.
    ///
    /// ```
    /// use carewire_fhir_core::Value;
    /// assert_eq!(Value::number("0.50").map(|n| n.to_json()).as_deref(), Some("0.50"));
    /// assert!(Value::number("1,5").is_none());
    /// ```
    #[must_use]
    pub fn number(lexical: &str) -> Option<Self> {
        let whole = parse::number_length(lexical.as_bytes()) == Some(lexical.len());
        whole.then(|| Self(Repr::Number(lexical.into())))
    }

    /// Sets a member, in place when the name is there and at the end when not, and hands back what was there.
    /// `null` becomes an object. A value of another kind is left alone and the new value comes back.
    pub fn set(&mut self, name: &str, value: impl Into<Self>) -> Option<Self> {
        if self.is_null() {
            *self = Self::object();
        }
        let value = value.into();
        let Repr::Object(members) = &mut self.0 else { return Some(value) };
        match members.iter_mut().find(|(member, _)| **member == *name) {
            Some((_, old)) => Some(std::mem::replace(old, value)),
            None => {
                members.push((name.into(), value));
                None
            }
        }
    }

    /// [`Value::set`] as a builder.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Self>) -> Self {
        self.set(name, value);
        self
    }

    /// Takes a member out of an object.
    pub fn remove(&mut self, name: &str) -> Option<Self> {
        let Repr::Object(members) = &mut self.0 else { return None };
        let at = members.iter().position(|(member, _)| **member == *name)?;
        Some(members.remove(at).1)
    }

    /// Appends an item. `null` becomes an array; a value of another kind is left alone.
    pub fn push(&mut self, item: impl Into<Self>) {
        if self.is_null() {
            *self = Self::array();
        }
        if let Repr::Array(items) = &mut self.0 {
            items.push(item.into());
        }
    }

    /// Keeps the members of an object for which `keep` is true; `keep` may change their values.
    pub fn retain_members(&mut self, mut keep: impl FnMut(&str, &mut Self) -> bool) {
        if let Repr::Object(members) = &mut self.0 {
            members.retain_mut(|(name, value)| keep(name, value));
        }
    }

    /// Keeps the items of an array for which `keep` is true; `keep` may change them.
    pub fn retain_items(&mut self, keep: impl FnMut(&mut Self) -> bool) {
        if let Repr::Array(items) = &mut self.0 {
            items.retain_mut(keep);
        }
    }
}

impl Value {
    /// An object of members whose names are known to differ.
    pub(crate) fn object_from<'a>(members: impl Iterator<Item = (&'a str, Self)>) -> Self {
        Self(Repr::Object(members.map(|(name, value)| (name.into(), value)).collect()))
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::string(text)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::string(text)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::bool(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::integer(value)
    }
}

impl From<Vec<Self>> for Value {
    fn from(items: Vec<Self>) -> Self {
        Self(Repr::Array(items))
    }
}

impl FromIterator<Self> for Value {
    fn from_iter<I: IntoIterator<Item = Self>>(items: I) -> Self {
        Self(Repr::Array(items.into_iter().collect()))
    }
}
