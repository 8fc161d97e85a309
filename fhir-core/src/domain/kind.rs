//! The code tables of the records.

use super::reader::Reader;
use crate::types::Coding;

const ACT_CODE: &str = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
const CATEGORY: &str = "http://terminology.hl7.org/CodeSystem/observation-category";

/// What kind of encounter a service calls it.
///
/// ```
/// use carewire_fhir_core::domain::EncounterKind;
/// assert_eq!(EncounterKind::parse("OFFICE_VISIT"), EncounterKind::OfficeVisit);
/// assert_eq!(EncounterKind::parse("SPA_DAY").as_str(), "SPA_DAY");
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EncounterKind {
    /// A visit to a practice.
    OfficeVisit,
    /// Outpatient care of any kind.
    Ambulatory,
    /// Emergency care.
    Emergency,
    /// A stay in a hospital.
    Inpatient,
    /// Care at the patient's home.
    HomeVisit,
    /// Video, telephone or messages.
    Telehealth,
    /// Under observation, without admission.
    Observation,
    /// A stay of less than a day.
    ShortStay,
    /// Before an admission.
    PreAdmission,
    /// Outside of any institution.
    Field,
    /// A kind that the table does not hold, as the service writes it.
    Other(String),
}

/// The kind, its code, its class, and whether the class alone says that it is this kind.
static KINDS: &[(EncounterKind, &str, &str, bool)] = &[
    (EncounterKind::OfficeVisit, "OFFICE_VISIT", "AMB", false),
    (EncounterKind::Ambulatory, "AMBULATORY", "AMB", true),
    (EncounterKind::Emergency, "EMERGENCY", "EMER", true),
    (EncounterKind::Inpatient, "INPATIENT", "IMP", true),
    (EncounterKind::HomeVisit, "HOME_VISIT", "HH", true),
    (EncounterKind::Telehealth, "TELEHEALTH", "VR", true),
    (EncounterKind::Observation, "OBSERVATION", "OBSENC", true),
    (EncounterKind::ShortStay, "SHORT_STAY", "SS", true),
    (EncounterKind::PreAdmission, "PRE_ADMISSION", "PRENC", true),
    (EncounterKind::Field, "FIELD", "FLD", true),
];

impl EncounterKind {
    /// The kind that a service writes like this; what the table does not hold is kept as it is.
    #[must_use]
    pub fn parse(code: &str) -> Self {
        let known = KINDS.iter().find(|(_, name, ..)| *name == code).map(|(kind, ..)| kind.clone());
        known.unwrap_or_else(|| Self::Other(code.to_owned()))
    }

    /// The kind as a service writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Other(code) => code,
            known => KINDS.iter().find(|(kind, ..)| kind == known).map_or("", |(_, name, ..)| *name),
        }
    }

    /// `Encounter.class`; none for a kind that the table does not hold.
    #[must_use]
    pub fn class(&self) -> Option<Coding> {
        let class = KINDS.iter().find(|(kind, ..)| kind == self).map(|(_, _, class, _)| *class)?;
        Some(Coding::new(ACT_CODE, class))
    }

    /// The kind that a class alone says.
    pub(super) fn of_class(class: &mut Reader<'_, '_>) -> Option<Self> {
        let code = class.code_of(ACT_CODE)?;
        let row = KINDS.iter().find(|(_, _, class, alone)| *alone && *class == code);
        row.map(|(kind, ..)| kind.clone())
    }
}

impl std::fmt::Debug for EncounterKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Other(_) => f.write_str("Other(..)"),
            known => f.write_str(known.as_str()),
        }
    }
}

/// What kind of observation it is, by HL7's code system `observation-category`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ObservationCategory {
    /// `vital-signs`
    VitalSigns,
    /// `laboratory`
    Laboratory,
    /// `imaging`
    Imaging,
    /// `procedure`
    Procedure,
    /// `survey`
    Survey,
    /// `exam`
    Exam,
    /// `therapy`
    Therapy,
    /// `activity`
    Activity,
    /// `social-history`
    SocialHistory,
}

static CATEGORIES: &[(ObservationCategory, &str)] = &[
    (ObservationCategory::VitalSigns, "vital-signs"),
    (ObservationCategory::Laboratory, "laboratory"),
    (ObservationCategory::Imaging, "imaging"),
    (ObservationCategory::Procedure, "procedure"),
    (ObservationCategory::Survey, "survey"),
    (ObservationCategory::Exam, "exam"),
    (ObservationCategory::Therapy, "therapy"),
    (ObservationCategory::Activity, "activity"),
    (ObservationCategory::SocialHistory, "social-history"),
];

impl ObservationCategory {
    /// The code.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        CATEGORIES.iter().find(|(category, _)| category == self).map_or("", |(_, code)| *code)
    }

    /// The category with this code, if there is one.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        CATEGORIES.iter().find(|(_, name)| *name == code).map(|(category, _)| category.clone())
    }

    /// The category as a coding of HL7's system.
    #[must_use]
    pub fn coding(&self) -> Coding {
        Coding::new(CATEGORY, self.as_str())
    }

    /// The category that a coding says.
    pub(super) fn of(coding: &mut Reader<'_, '_>) -> Option<Self> {
        Self::parse(coding.code_of(CATEGORY)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Value;

    #[test]
    fn every_code_is_read_as_it_is_written() {
        for (kind, code, ..) in KINDS {
            assert_eq!((EncounterKind::parse(code), kind.as_str()), (kind.clone(), *code));
        }
        for (category, code) in CATEGORIES {
            assert_eq!(
                (ObservationCategory::parse(code), category.as_str()),
                (Some(category.clone()), *code)
            );
        }
    }

    #[test]
    fn a_class_is_not_taken_for_more_than_it_says() {
        let of_class = |system: &str, code: &str| {
            let class = Value::object().with("system", system).with("code", code);
            EncounterKind::of_class(&mut Reader::new(&class, "class", &mut Vec::new()))
        };
        assert_eq!(of_class(ACT_CODE, "AMB"), Some(EncounterKind::Ambulatory));
        assert_eq!(of_class("urn:other", "AMB"), None);
        assert_eq!(of_class(ACT_CODE, "ACUTE"), None);
        for (kind, _, class, alone) in KINDS {
            let same = KINDS.iter().filter(|(_, _, other, sole)| other == class && *sole).count();
            assert_eq!(same, 1, "{kind:?} {alone}");
        }
    }
}
