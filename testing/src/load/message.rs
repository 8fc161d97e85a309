//! Messages that carry a number where it survives de-identification.

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
        let segments = match self.kind {
            Kind::Visit => self.visit(),
            Kind::Result => self.result(),
        };
        segments.into_bytes()
    }

    fn visit(&self) -> String {
        let event = if self.turn == 1 { "A04" } else { "A08" };
        let visit = format!("V{}^^^{SYSTEM}^VN", self.patient.0);
        let place = [(1, "1"), (2, self.class().0), (19, visit.as_str()), (44, &hl7_instant(self.number()))];
        [
            self.header(&format!("ADT^{event}^ADT_A01")),
            segment("EVN", &[(2, SENT)]),
            self.identification(),
            segment("PV1", &place),
        ]
        .concat()
    }

    fn result(&self) -> String {
        let number = self.number().to_string();
        let (placer, filler) = (format!("P{number}^{SYSTEM}"), format!("F{number}^{SYSTEM}"));
        let instance = format!("O{number}^{SYSTEM}");
        let order =
            [(1, "1"), (2, &placer), (3, &filler), (4, HAEMOGLOBIN), (7, SENT), (22, SENT), (25, "F")];
        let value = [
            (1, "1"),
            (2, "NM"),
            (3, HAEMOGLOBIN),
            (5, &number),
            (6, "g/dL^^UCUM"),
            (11, "F"),
            (14, SENT),
            (21, &instance),
        ];
        [
            self.header("ORU^R01^ORU_R01"),
            self.identification(),
            segment("OBR", &order),
            segment("OBX", &value),
        ]
        .concat()
    }

    fn header(&self, message_type: &str) -> String {
        let control_id = control_id(self.number());
        format!("MSH|^~\\&|LOAD|SITE|CAREWIRE|TEST|{SENT}||{message_type}|{control_id}|P|2.5.1\r")
    }

    fn identification(&self) -> String {
        let identifier = format!("M{}^^^{SYSTEM}^MR", self.patient.0);
        let name = format!("Family{}^Given", self.patient.0);
        segment("PID", &[(1, "1"), (3, &identifier), (5, &name), (7, "19700101"), (8, "F")])
    }
}

const SENT: &str = "20240301120000+0000";
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
    use carewire_hl7_v2::{Message, ParseOptions};

    use super::*;

    #[test]
    fn every_message_is_well_formed_and_tells_its_number() {
        for kind in [Kind::Visit, Kind::Result] {
            let planned = Planned::new(Patient(12), 34, kind);
            let bytes = planned.bytes();
            let message = Message::parse(&bytes, &ParseOptions::default().strict()).unwrap();
            assert_eq!(message.control_id().as_deref(), Some("L1200034"));
            assert_eq!(message.get("PID-3.1").unwrap().as_deref(), Some("M12"));
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
