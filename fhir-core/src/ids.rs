//! The ids that every row, key, job and file name carries.

/// An organisation: the boundary that no data crosses by itself.
///
/// One to 64 of `A-Z a-z 0-9 _ -`, so that it can stand in a file name, a key and a metric scope.
///
/// ```
/// use carewire_fhir_core::OrgId;
/// assert_eq!(OrgId::new("org_a")?.as_str(), "org_a");
/// assert!(OrgId::new("../etc").is_err());
/// # Ok::<(), carewire_fhir_core::InvalidId>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OrgId(Box<str>);

impl OrgId {
    /// Checks and wraps the id.
    ///
    /// # Errors
    /// [`InvalidId`] when the text is empty, longer than 64 or holds another character.
    pub fn new(id: &str) -> Result<Self, InvalidId> {
        checked(id, 64, "org").map(Self)
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for OrgId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// The random name under which a patient is known outside the vault: `pt_` and 128 bits in base32.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PatientToken(Box<str>);

impl PatientToken {
    /// Checks and wraps a token.
    ///
    /// # Errors
    /// [`InvalidId`] when the text does not begin with `pt_`, is longer than 64 or holds a character that an id may not.
    pub fn new(token: &str) -> Result<Self, InvalidId> {
        if token.len() <= 3 || !token.starts_with("pt_") {
            return Err(InvalidId { what: "patient token" });
        }
        checked(token, 64, "patient token").map(Self)
    }

    /// The token as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for PatientToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// The id that follows a message from the connection that brought it to the remote that got it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CorrelationId(Box<str>);

impl CorrelationId {
    /// Checks and wraps an id: one to 128 of `A-Z a-z 0-9 _ -`.
    ///
    /// # Errors
    /// [`InvalidId`] when the text is empty, too long or holds another character.
    pub fn new(id: &str) -> Result<Self, InvalidId> {
        checked(id, 128, "correlation id").map(Self)
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for CorrelationId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text is not an id of its kind. The text itself is not repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {what}")]
pub struct InvalidId {
    what: &'static str,
}

fn checked(id: &str, max: usize, what: &'static str) -> Result<Box<str>, InvalidId> {
    let valid = !id.is_empty()
        && id.len() <= max
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
    if valid { Ok(id.into()) } else { Err(InvalidId { what }) }
}

impl serde::Serialize for OrgId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> serde::Deserialize<'de> for OrgId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::new(&text).map_err(serde::de::Error::custom)
    }
}

impl serde::Serialize for PatientToken {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> serde::Deserialize<'de> for PatientToken {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::new(&text).map_err(serde::de::Error::custom)
    }
}

impl serde::Serialize for CorrelationId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> serde::Deserialize<'de> for CorrelationId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::new(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_cannot_leave_its_directory_or_its_key() {
        for bad in ["", "a/b", "..", "a b", "é", "a\0", &"x".repeat(65)] {
            assert!(OrgId::new(bad).is_err());
        }
        assert!(PatientToken::new("pt_").is_err());
        assert!(PatientToken::new("xx_abc").is_err());
        assert!(PatientToken::new("pt_abc").is_ok());
    }
}
