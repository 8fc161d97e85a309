//! Classes of data, the unit that a patient decides about.

/// A class of data. A resource may fall in several; each of them must be permitted.
///
/// ```
/// use carewire_consent::DataClass;
/// assert_eq!(DataClass::parse("LAB_RESULTS"), DataClass::LabResults);
/// assert_eq!(DataClass::parse("DREAMS").as_str(), "DREAMS");
/// assert!(!DataClass::parse("DREAMS").is_permittable());
/// assert!(!DataClass::Unclassified.is_permittable());
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum DataClass {
    /// Who the patient is and who is related.
    Demographics,
    /// Contacts with care: encounters, episodes, appointments.
    Encounters,
    /// Laboratory results, orders and specimens.
    LabResults,
    /// Vital signs.
    Vitals,
    /// Imaging.
    Imaging,
    /// Notes and other narrative.
    ClinicalNotes,
    /// Medication orders, dispenses, administrations.
    Medications,
    /// Problems and diagnoses.
    Conditions,
    /// Allergies and adverse reactions.
    Allergies,
    /// Immunisations.
    Immunizations,
    /// Procedures and therapies.
    Procedures,
    /// Genetic findings.
    Genomics,
    /// Coverage, accounts, claims.
    Billing,
    /// Social history and surveys.
    Social,
    /// Not covered by the table: no consent can permit it.
    Unclassified,
    /// A code that the table does not hold: no consent can permit it.
    Other(Box<str>),
}

static TABLE: &[(DataClass, &str)] = &[
    (DataClass::Demographics, "DEMOGRAPHICS"),
    (DataClass::Encounters, "ENCOUNTERS"),
    (DataClass::LabResults, "LAB_RESULTS"),
    (DataClass::Vitals, "VITALS"),
    (DataClass::Imaging, "IMAGING"),
    (DataClass::ClinicalNotes, "CLINICAL_NOTES"),
    (DataClass::Medications, "MEDICATIONS"),
    (DataClass::Conditions, "CONDITIONS"),
    (DataClass::Allergies, "ALLERGIES"),
    (DataClass::Immunizations, "IMMUNIZATIONS"),
    (DataClass::Procedures, "PROCEDURES"),
    (DataClass::Genomics, "GENOMICS"),
    (DataClass::Billing, "BILLING"),
    (DataClass::Social, "SOCIAL"),
    (DataClass::Unclassified, "UNCLASSIFIED"),
];

impl DataClass {
    /// Every class that a consent can permit.
    pub fn permittable() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|(class, _)| class.clone()).filter(Self::is_permittable)
    }

    /// The class of a code; an unknown one is [`DataClass::Other`].
    #[must_use]
    pub fn parse(code: &str) -> Self {
        let known = TABLE.iter().find(|(_, of)| *of == code);
        known.map_or_else(|| Self::Other(code.into()), |(class, _)| class.clone())
    }

    /// The class that people write: its code in capitals or not, with `-` for `_`.
    fn named(text: &str) -> Self {
        let known = Self::parse(&text.to_ascii_uppercase().replace('-', "_"));
        if matches!(known, Self::Other(_)) { Self::parse(text) } else { known }
    }

    /// The code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Other(code) => code,
            known => TABLE.iter().find(|(class, _)| class == known).map_or("", |(_, code)| code),
        }
    }

    /// Whether a consent can permit it at all.
    #[must_use]
    pub fn is_permittable(&self) -> bool {
        !matches!(self, Self::Unclassified | Self::Other(_))
    }
}

impl std::fmt::Debug for DataClass {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if matches!(self, Self::Other(_)) { "Other(..)" } else { self.as_str() })
    }
}

impl serde::Serialize for DataClass {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> serde::Deserialize<'de> for DataClass {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|code| Self::named(&code))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_is_found_by_its_code() {
        for (class, code) in TABLE {
            assert_eq!(&DataClass::parse(code), class);
            assert_eq!(class.as_str(), *code);
        }
        assert_eq!(DataClass::permittable().count(), TABLE.len() - 1);
    }

    #[test]
    fn debug_does_not_repeat_an_unknown_code() {
        assert!(!format!("{:?}", DataClass::parse("canary")).contains("canary"));
    }
}
