use crate::types::Coding;

/// Codes that all say the same: one at least, since a coded value without a code would not be written.
///
/// ```
/// use carewire_fhir_core::domain::Codes;
/// use carewire_fhir_core::types::Coding;
/// let codes = Codes::from(Coding::new("http://loinc.org", "8310-5")).and(Coding::new("urn:local", "TEMP"));
/// assert_eq!(codes.as_slice().len(), 2);
/// assert!(Codes::try_from(Vec::new()).is_err());
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Codes(Vec<Coding>);

/// There is no code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no code")]
pub struct NoCode;

impl Codes {
    /// These codes and another that says the same.
    #[must_use]
    pub fn and(mut self, code: Coding) -> Self {
        self.0.push(code);
        self
    }

    /// The codes.
    #[must_use]
    pub fn as_slice(&self) -> &[Coding] {
        &self.0
    }

    /// The codes, taken out.
    #[must_use]
    pub fn into_vec(self) -> Vec<Coding> {
        self.0
    }
}

impl From<Coding> for Codes {
    fn from(code: Coding) -> Self {
        Self(vec![code])
    }
}

impl TryFrom<Vec<Coding>> for Codes {
    type Error = NoCode;

    fn try_from(codes: Vec<Coding>) -> Result<Self, NoCode> {
        if codes.is_empty() { Err(NoCode) } else { Ok(Self(codes)) }
    }
}

impl std::fmt::Debug for Codes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Codes({})", self.0.len())
    }
}
