//! Messages that carry a number where it survives de-identification.

use carewire_hl7_v2::edit::{EditError, Editor};
use carewire_hl7_v2::synthetic::{self, SenderProfile};
use carewire_hl7_v2::{Message, ParseOptions};
use chrono::{DateTime, TimeDelta};

/// The assigning authority of the load's patients.
pub const SYSTEM: &str = "LOAD";
/// 2000-01-01T00:00:00Z: instant 0 of an admission.
const EPOCH: i64 = 946_684_800;
/// Numbers of one patient.
const PER_PATIENT: u64 = 100_000;

/// A patient with a running number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Patient(pub u32);

/// What a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "checks must look at every kind")]
pub enum Kind {
    /// `ADT^A04` or `ADT^A08`: the patient's one Encounter is written anew; its start tells the number.
    Visit,
    /// `ORU^R01`: an Observation of its own; its value tells the number.
    Result,
}

/// A message to be sent: which one it is of its patient, and of what kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Planned {
    /// Whose.
    pub patient: Patient,
    /// The how-manieth of the patient, from 1.
    pub turn: u32,
    /// What.
    pub kind: Kind,
}

impl Planned {
    /// The next message of a patient.
    #[must_use]
    pub fn new(patient: Patient, turn: u32, kind: Kind) -> Self {
        Self { patient, turn, kind }
    }

    /// A number that no other message has; those of one patient follow each other.
    #[must_use]
    pub fn number(&self) -> u64 {
        u64::from(self.patient.0) * PER_PATIENT + u64::from(self.turn)
    }

    /// The patient that a number belongs to.
    #[must_use]
    pub fn patient_of(number: u64) -> Patient {
        Patient(u32::try_from(number / PER_PATIENT).unwrap_or(u32::MAX))
    }

    /// The class of the Encounter that this message writes: three take turns.
    #[must_use]
    pub fn class(&self) -> (&'static str, &'static str) {
        match self.turn % 3 {
            0 => ("I", "IMP"),
            1 => ("O", "AMB"),
            _ => ("E", "EMER"),
        }
    }

    /// The bytes: always the same for the same message.
    ///
    /// ```
    /// use carewire_testing::load::{Kind, Patient, Planned};
    /// let message = Planned::new(Patient(3), 7, Kind::Result).bytes();
    /// assert!(String::from_utf8(message).unwrap().contains("|300007|g/dL"));
    /// ```
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let written = match self.kind {
            Kind::Visit => self.visit(),
            Kind::Result => self.result(),
        };
        written.unwrap_or_default()
    }

    /// A synthetic admission of somebody whom the patient's number chooses, as the next thing that is told of the visit.
    fn visit(&self) -> Option<Vec<u8>> {
        let event = if self.turn == 1 { "A04" } else { "A08" };
        self.edited(synthetic::admission(self.patient.0.into(), &SenderProfile::northside()).ok()?, |edit| {
            edit.set_raw("MSH-9", &format!("ADT^{event}^ADT_A01"))?;
            edit.set("PV1-2", self.class().0)?;
            edit.set_raw("PV1-19", &format!("V{}^^^{SYSTEM}^VN", self.patient.0))?;
            edit.set("PV1-44", &hl7_instant(self.number()))
        })
    }

    /// A synthetic result with one observation; without the visit, which only a [`Kind::Visit`] writes.
    fn result(&self) -> Option<Vec<u8>> {
        let number = self.number();
        self.edited(synthetic::results(self.patient.0.into(), &SenderProfile::northside(), 1).ok()?, |edit| {
            edit.remove("PV1(*)")?;
            for (place, letter) in
                [("ORC-2", 'P'), ("ORC-3", 'F'), ("OBR-2", 'P'), ("OBR-3", 'F'), ("OBX-21", 'O')]
            {
                edit.set_raw(place, &format!("{letter}{number}^{SYSTEM}"))?;
            }
            edit.set_raw("OBX-3", HAEMOGLOBIN)?;
            edit.set("OBX-5", &number.to_string())?;
            edit.set_raw("OBX-6", "g/dL^^UCUM")
        })
    }

    /// The message with its number and its patient.
    fn edited(
        &self,
        bytes: Vec<u8>,
        edits: impl FnOnce(&mut Editor<'_>) -> Result<(), EditError>,
    ) -> Option<Vec<u8>> {
        let mut message = Message::parse(&bytes, &ParseOptions::default()).ok()?;
        let edited = message.edit(|edit| {
            edit.set("MSH-10", &control_id(self.number()))?;
            edit.set_raw("PID-3", &format!("M{}^^^{SYSTEM}^MR", self.patient.0))?;
            edits(edit)
        });
        edited.ok().map(|()| message.to_bytes().to_vec())
    }
}

const HAEMOGLOBIN: &str = "718-7^Hemoglobin^LN";

/// MSH-10 of the message with this number.
#[must_use]
pub fn control_id(number: u64) -> String {
    format!("L{number}")
}

/// A segment with these fields, ended by a carriage return. Not for `MSH`, whose first field is the separator.
///
/// ```
/// assert_eq!(carewire_testing::load::segment("PV1", &[(2, "I"), (4, "E")]), "PV1||I||E\r");
/// ```
#[must_use]
pub fn segment(name: &str, fields: &[(usize, &str)]) -> String {
    let mut text = name.to_owned();
    let mut written = 0;
    for (field, value) in fields {
        text.extend(std::iter::repeat_n('|', field.saturating_sub(written)));
        text.push_str(value);
        written = *field;
    }
    text.push('\r');
    text
}

fn hl7_instant(number: u64) -> String {
    let seconds = TimeDelta::seconds(i64::try_from(number).unwrap_or(0));
    let instant = DateTime::from_timestamp(EPOCH, 0).unwrap_or_default() + seconds;
    instant.format("%Y%m%d%H%M%S+0000").to_string()
}

/// The number that a FHIR instant made from a visit tells; `None` for any other instant.
///
/// ```
/// assert_eq!(carewire_testing::load::number_of_instant("2000-01-01T00:01:40+00:00"), Some(100));
/// ```
#[must_use]
pub fn number_of_instant(instant: &str) -> Option<u64> {
    let instant = DateTime::parse_from_rfc3339(instant).ok()?;
    u64::try_from(instant.timestamp() - EPOCH).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_is_well_formed_and_tells_its_number() {
        for kind in [Kind::Visit, Kind::Result] {
            let planned = Planned::new(Patient(12), 34, kind);
            let bytes = planned.bytes();
            let message = Message::parse(&bytes, &ParseOptions::default().strict()).unwrap();
            assert_eq!(message.control_id().as_deref(), Some("L1200034"));
            assert_eq!(message.get("PID-3.1").unwrap().as_deref(), Some("M12"));
            assert_eq!(message.segment("PV1").is_some(), kind == Kind::Visit);
            assert_eq!(message.segments_named("OBX").count(), usize::from(kind == Kind::Result));
            match kind {
                Kind::Visit => {
                    assert_eq!(message.get("PV1-44").unwrap().as_deref(), Some("20000114212034+0000"));
                }
                Kind::Result => assert_eq!(message.get("OBX-5").unwrap().as_deref(), Some("1200034")),
            }
        }
    }

    #[test]
    fn an_instant_leads_back_to_its_number() {
        let planned = Planned::new(Patient(12), 34, Kind::Visit);
        assert_eq!(number_of_instant("2000-01-14T21:20:34Z"), Some(planned.number()));
        assert_eq!(Planned::patient_of(planned.number()), planned.patient);
        assert_eq!(number_of_instant("2000-01-14"), None);
    }
}
