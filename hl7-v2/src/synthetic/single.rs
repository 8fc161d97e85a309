//! Single messages of a size, for benches.

use super::codes::{Content, METABOLIC, Panel};
use super::journey::{Patient, ResultStatus, Step};
use super::message::Writer;
use super::moment::{DAY, Moment};
use super::person::Kin;
use super::visit::Class;
use super::{SenderProfile, TrafficOptions};
use crate::build::BuildError;

/// An ADT^A01 of somebody with a next of kin, an allergy, a diagnosis and an insurance: about 1.4 KB.
///
/// # Errors
/// When the character set of the profile cannot hold the names of its people.
pub fn admission(seed: u64, profile: &SenderProfile) -> Result<Vec<u8>, BuildError> {
    let mut one = One::new(seed, profile);
    one.write(Step::Admit, 0)
}

/// An ORU^R01 with one order and so many numeric observations, of about 170 bytes each.
///
/// # Errors
/// As with [`admission`].
pub fn results(seed: u64, profile: &SenderProfile, observations: usize) -> Result<Vec<u8>, BuildError> {
    let mut one = One::new(seed, profile);
    one.patient.happen(Step::Register(Class::Outpatient), one.at, profile, 0);
    let number = one.patient.number();
    let panel = Panel {
        code: "24323-8",
        name: "Comprehensive metabolic 2000 panel - Serum or Plasma",
        section: "CH",
        specimen: ("SER", "Serum"),
        content: Content::Numbers(METABOLIC.get(..observations).unwrap_or(METABOLIC)),
    };
    one.patient.place(number, panel, one.at, observations);
    one.at = one.at.after(DAY / 4);
    one.write(Step::Results(number, ResultStatus::Final), 0)
}

/// An MDM^T02 with an HTML document of so many bytes in base 64, which makes a third more of them.
///
/// # Errors
/// As with [`admission`].
pub fn document(seed: u64, profile: &SenderProfile, bytes: usize) -> Result<Vec<u8>, BuildError> {
    let mut one = One::new(seed, profile);
    one.patient.happen(Step::Admit, one.at, profile, 0);
    let number = one.patient.number();
    one.write(Step::Document(number), bytes.max(1))
}

/// One patient, at one time.
struct One<'p> {
    patient: Patient,
    profile: &'p SenderProfile,
    at: Moment,
}

impl<'p> One<'p> {
    fn new(seed: u64, profile: &'p SenderProfile) -> Self {
        let options = TrafficOptions { seed, senders: Vec::new(), ..TrafficOptions::default() };
        let mut patient = Patient::new(0, profile, &options);
        let person = &mut patient.person;
        person.record = 1_000_000 + patient.dice.below(9_000_000);
        person.duplicate = None;
        person.kin.get_or_insert(Kin {
            given: person.given,
            relation: ("SPO", "Spouse"),
            phone: person.phone,
        });
        person.allergy.get_or_insert(("DA", "91936005", "Allergy to penicillin", "Hives"));
        person.insured.get_or_insert(person.national);
        let at = Moment::of(&options.start).after(DAY * patient.dice.below(300) + 37_815);
        Self { patient, profile, at }
    }

    fn write(&mut self, step: Step, document_bytes: usize) -> Result<Vec<u8>, BuildError> {
        let profile = self.profile;
        self.patient.happen(step, self.at, profile, 0);
        let control_id = format!("S{:09}", self.patient.person.record);
        let (at, patient) = (self.at, &mut self.patient);
        Writer { patient, profile, at, control_id: &control_id, document_bytes }.write(step)
    }
}
