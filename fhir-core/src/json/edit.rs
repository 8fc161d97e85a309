//! Building and changing a [`Value`].

use super::{Name, Repr, Shared, Value, parse};

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
        Self(Repr::Object(Shared::new()))
    }

    /// `[]`.
    #[must_use]
    pub fn array() -> Self {
        Self(Repr::Array(Shared::new()))
    }

    /// A string.
    #[must_use]
    pub fn string(text: impl Into<String>) -> Self {
        Self(Repr::String(text.into().into()))
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
        let name = Name::new(name);
        let at = members.iter().position(|(member, _)| *member == name);
        match at.and_then(|at| members.as_mut_slice().get_mut(at)) {
            Some((_, old)) => Some(std::mem::replace(old, value)),
            None => {
                members.edit().push((name, value));
                None
            }
        }
    }

    /// Adds a member that the object does not have yet, without a look at those that it has.
    pub(crate) fn append(&mut self, name: &str, value: Self) {
        if let Repr::Object(members) = &mut self.0 {
            members.edit().push((Name::new(name), value));
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
        let at = self.position(name)?;
        let Repr::Object(members) = &mut self.0 else { return None };
        Some(members.edit().remove(at).1)
    }

    /// Appends an item. `null` becomes an array; a value of another kind is left alone.
    pub fn push(&mut self, item: impl Into<Self>) {
        if self.is_null() {
            *self = Self::array();
        }
        if let Repr::Array(items) = &mut self.0 {
            items.edit().push(item.into());
        }
    }

    /// Keeps the members of an object for which `keep` is true; `keep` may change their values.
    pub fn retain_members(&mut self, mut keep: impl FnMut(&str, &mut Self) -> bool) {
        if let Repr::Object(members) = &mut self.0 {
            members.edit().retain(|(name, value)| keep(name.as_str(), value));
        }
    }

    /// Keeps the items of an array for which `keep` is true; `keep` may change them.
    pub fn retain_items(&mut self, keep: impl FnMut(&mut Self) -> bool) {
        if let Repr::Array(items) = &mut self.0 {
            items.edit().retain(keep);
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self(Repr::String(text.into()))
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
        Self(Repr::Array(items.into()))
    }
}

impl FromIterator<Self> for Value {
    fn from_iter<I: IntoIterator<Item = Self>>(items: I) -> Self {
        Self(Repr::Array(items.into_iter().collect()))
    }
}
