//! A value of a patient that no output can show by accident.

use std::fmt::{self, Debug, Display, Formatter};

/// A value that may identify a patient: a name, an identifier, an address, a text.
///
/// `Debug` tells the type, `Display` tells nothing, an error in reading one does not repeat what was read, and it has
/// no `Serialize`. Who needs the value says so with [`expose`](Self::expose): every place where it can leave is found by
/// that word, and `cargo xtask test` refuses it in logs and errors.
///
/// It is of the size of the value and costs nothing. Comparison is that of the value, thus not in constant time: it is
/// for data, not for keys.
///
/// ```
/// use carewire_fhir_core::Phi;
///
/// #[derive(Debug)]
/// struct Row { number: u32, family: Phi<String> }
///
/// let row = Row { number: 7, family: Phi::new("Chalmers".to_owned()) };
/// assert_eq!(format!("{row:?}"), "Row { number: 7, family: Phi<String> }");
/// assert_eq!(row.family.to_string(), "(hidden)");
/// assert_eq!(row.family.expose(), "Chalmers");
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Phi<T>(T);

impl<T> Phi<T> {
    /// Hides a value.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value, for those who mean it.
    pub const fn expose(&self) -> &T {
        &self.0
    }

    /// The value to change.
    pub const fn expose_mut(&mut self) -> &mut T {
        &mut self.0
    }

    /// The value, no longer hidden.
    pub fn into_exposed(self) -> T {
        self.0
    }

    /// A hidden reference.
    pub const fn as_ref(&self) -> Phi<&T> {
        Phi(&self.0)
    }

    /// Another value made from this one, hidden as well.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Phi<U> {
        Phi(change(self.0))
    }
}

impl<T> Debug for Phi<T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("Phi<")?;
        let parts = std::any::type_name::<T>().split_inclusive(|part: char| !is_of_path(part));
        for part in parts {
            f.write_str(part.rsplit_once("::").map_or(part, |(_, last)| last))?;
        }
        f.write_str(">")
    }
}

/// Whether this stands in the path of a type.
fn is_of_path(part: char) -> bool {
    part.is_alphanumeric() || part == '_' || part == ':'
}

impl<T> Display for Phi<T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("(hidden)")
    }
}

impl<T> From<T> for Phi<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

/// The deserializer's error repeats the value that it could not use; this one says only that there is one. A reader of
/// JSON or TOML still adds the place.
impl<'de, T: serde::Deserialize<'de>> serde::Deserialize<'de> for Phi<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = T::deserialize(deserializer);
        read.map(Self).map_err(|_| serde::de::Error::custom("a hidden value of another type than expected"))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    const SECRET: &str = "Chalmers-7";

    #[derive(Debug, serde::Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Sex {
        F,
        M,
    }

    #[derive(Debug, serde::Deserialize)]
    struct Person {
        #[serde(default)]
        name: Phi<Option<String>>,
        #[serde(default)]
        born: Phi<u32>,
        sex: Option<Phi<Sex>>,
    }

    #[test]
    fn nothing_shows_the_value() {
        let map = BTreeMap::from([(SECRET, vec![SECRET.to_owned()])]);
        let hidden = Phi::new(map);
        assert_eq!(format!("{hidden:?}"), "Phi<BTreeMap<&str, Vec<String>>>");
        assert_eq!(format!("{hidden:#?} {hidden}"), "Phi<BTreeMap<&str, Vec<String>>> (hidden)");
        assert_eq!(format!("{:?}", hidden.as_ref().map(|map| map.len())), "Phi<usize>");
        assert_eq!(format!("{:?}", Phi::new((1_u8, [SECRET; 2]))), "Phi<(u8, [&str; 2])>");
        assert_eq!(format!("{:>40}", Phi::new(SECRET)), "(hidden)");
    }

    #[test]
    fn the_value_is_there_for_who_asks() {
        let mut name = Phi::from(SECRET.to_owned());
        name.expose_mut().push('!');
        assert_eq!(
            (name.expose().as_str(), name.clone().into_exposed()),
            ("Chalmers-7!", "Chalmers-7!".into())
        );
        assert_eq!(name, Phi::new("Chalmers-7!".to_owned()));
        assert_eq!(size_of::<Phi<String>>(), size_of::<String>());
    }

    #[test]
    fn an_error_in_reading_tells_the_place_and_not_the_value() {
        let read: Person = serde_json::from_str(r#"{"name":"Chalmers-7","born":1970,"sex":"f"}"#).unwrap();
        assert_eq!(read.name.expose().as_deref(), Some(SECRET));
        assert!(matches!(read.sex.map(Phi::into_exposed), Some(Sex::F)) && *read.born.expose() == 1970);
        for wrong in [
            "{\"born\":\n\"Chalmers-7\"}",
            "{\"sex\":\n\"Chalmers-7\"}",
            "{\"name\":\n[\"Chalmers-7\"]}",
            "{\"sex\":\n{\"Chalmers-7\":1}}",
        ] {
            let error = serde_json::from_str::<Person>(wrong).unwrap_err();
            assert!(error.line() == 2 && !format!("{error} {error:?}").contains("Chalmers"), "{error}");
        }
        // The type by itself would have told it.
        assert!(serde_json::from_str::<u32>("\"Chalmers-7\"").unwrap_err().to_string().contains(SECRET));
    }
}
