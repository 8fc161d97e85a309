//! The code tables of HL7 v2, each as one match from its codes to what FHIR calls them.
//!
//! A code that is not matched is kept as it came and reported. Tables whose codes FHIR takes over unchanged have no
//! match: [`v2_system`] gives their code system.

pub(crate) mod coding_system;
mod document;
mod message;
mod observation;
mod order;
mod person;
mod religion;
mod schedule;
mod visit;

pub(crate) use document::*;
pub(crate) use message::*;
pub(crate) use observation::*;
pub(crate) use order::*;
pub(crate) use person::*;
pub(crate) use religion::*;
pub(crate) use schedule::*;
pub(crate) use visit::*;

use carewire_fhir_core::types::Coding;

/// A code of a code system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Concept {
    /// The part of the system's URL behind `http://terminology.hl7.org/CodeSystem/`, or a whole URL.
    system: &'static str,
    pub(crate) code: &'static str,
    display: &'static str,
}

/// A concept, for the tables: `None` stands for a code without a counterpart.
pub(crate) const fn concept(
    system: &'static str,
    code: &'static str,
    display: &'static str,
) -> Option<Concept> {
    Some(Concept { system, code, display })
}

impl Concept {
    pub(crate) fn into_coding(self) -> Coding {
        let system = match self.system.contains(':') {
            true => self.system.to_owned(),
            false => format!("http://terminology.hl7.org/CodeSystem/{}", self.system),
        };
        Coding { display: Some(self.display.to_owned()), ..Coding::new(system, self.code) }
    }
}

/// The code system of a v2 table: `0085` gives `http://terminology.hl7.org/CodeSystem/v2-0085`.
pub(crate) fn v2_system(number: &str) -> String {
    format!("http://terminology.hl7.org/CodeSystem/v2-{number}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_concept_names_its_system_in_full() {
        let coding = marital_status("D").unwrap().into_coding();
        assert_eq!(coding.system.as_deref(), Some("http://terminology.hl7.org/CodeSystem/v3-MaritalStatus"));
        let snomed = appointment_reason("CHECKUP").unwrap().into_coding();
        assert_eq!(snomed.system.as_deref(), Some("http://snomed.info/sct"));
    }

    #[test]
    fn an_unknown_code_is_never_guessed() {
        for map in
            [marital_status, relationship, religion, encounter_class, interpretation, encounter_priority]
        {
            assert_eq!(map("no such code"), None);
            assert_eq!(map(""), None);
        }
        assert_eq!(gender("female"), None, "codes are taken as the table writes them");
    }
}
