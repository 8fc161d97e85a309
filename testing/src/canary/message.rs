//! Messages in which every place that can hold a person's data holds a canary.
//!
//! They are templates of their own, not synthetic traffic: that fills what real senders fill, and a place that is empty
//! would never be searched for.

use carewire_fhir_core::OrgId;
use carewire_hl7_v2::fhir::{MapOptions, PatientIdentity, patient_identity};
use carewire_hl7_v2::{ParseOptions, light};

use super::Canaries;
use super::places::{
    AIL, AIP, AL1, DG1, EVN, Field, GT1, IN1, NK1, NTE, OBR, OBX_CODE, OBX_NUMBER, OBX_TEXT, ORC, PD1, PID,
    PR1, PV1, PV2, RXA, SCH, Sort, TXA, ZPI,
};
use crate::load::segment;

/// A patient with a name for reports and canaries of its own.
#[derive(Debug)]
pub struct Persona {
    name: String,
    /// What several messages must agree on.
    identification: String,
    visit_number: String,
    sequence: u32,
}

/// What a message tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Story {
    /// `ADT^A01` with relatives, doctors, allergies, diagnoses, guarantor, insurance and a Z segment.
    Admission,
    /// `ORU^R01` with results, free text and notes.
    Results,
    /// `MDM^T02`: a document in free text.
    Document,
    /// `SIU^S12`.
    Appointment,
    /// `VXU^V04`.
    Immunization,
}

impl Story {
    /// All.
    pub const ALL: [Self; 5] =
        [Self::Admission, Self::Results, Self::Document, Self::Appointment, Self::Immunization];

    fn message_type(self) -> &'static str {
        match self {
            Self::Admission => "ADT^A01^ADT_A01",
            Self::Results => "ORU^R01^ORU_R01",
            Self::Document => "MDM^T02^MDM_T02",
            Self::Appointment => "SIU^S12^SIU_S12",
            Self::Immunization => "VXU^V04^VXU_V04",
        }
    }
}

impl Persona {
    /// A patient without an identifier yet; see [`Persona::identified`].
    pub fn new(name: impl Into<String>, canaries: &mut Canaries) -> Self {
        let name = name.into();
        let identification = fields(canaries, &name, "PID", &[(1, "1"), (8, "F")], PID);
        let visit_number = canaries.digits(format!("{name}, PV1-19"));
        Self { name, identification, visit_number, sequence: 0 }
    }

    /// A patient with a medical record number, under an authority that is a canary too, and with older numbers.
    pub fn identified(name: impl Into<String>, canaries: &mut Canaries) -> Self {
        let mut persona = Self::new(name, canaries);
        let authority = canaries.word(format!("{}, PID-3.4", persona.name));
        let mut number = |place: &str| canaries.digits(format!("{}, {place}", persona.name));
        let (record, social) = (number("PID-3.1"), number("PID-3[2].1"));
        let fields = [
            (2, format!("{}^^^OLD^PI", number("PID-2.1"))),
            (3, format!("{record}^^^{authority}^MR~{social}^^^USA^SS")),
            (4, format!("{}^^^ALT^PI", number("PID-4.1"))),
        ];
        for (field, value) in fields {
            persona.identification = replace_field(&persona.identification, field, &value);
        }
        persona
    }

    /// The next message about this patient.
    pub fn message(&mut self, canaries: &mut Canaries, story: Story) -> Vec<u8> {
        self.sequence += 1;
        let header = self.header(canaries, story);
        let body: Vec<String> = match story {
            Story::Admission => self.admission(canaries),
            Story::Results => self.results(canaries),
            Story::Document => self.document(canaries),
            Story::Appointment => self.appointment(canaries),
            Story::Immunization => self.immunization(canaries),
        };
        [header, body.concat()].concat().into_bytes()
    }

    /// A message that cannot be read: its header has no separators.
    pub fn unreadable(&mut self, canaries: &mut Canaries) -> Vec<u8> {
        let broken = canaries.word(format!("{}, in a broken header", self.name));
        let rest = self.part(canaries, "PV1", &[(2, "I")], PV1);
        format!("MSH{broken}\r{}{rest}", self.identification).into_bytes()
    }

    /// Who the gateway takes the patient of a message for.
    #[must_use]
    pub fn identity(message: &[u8], org: &OrgId) -> Option<PatientIdentity> {
        let peek = light::peek(message, &ParseOptions::default()).ok()?;
        patient_identity(&peek, &MapOptions::new(org.clone()))
    }

    fn header(&self, canaries: &mut Canaries, story: Story) -> String {
        let mut word = |field: &str| canaries.word(format!("{} {}, {field}", self.name, self.sequence));
        let senders = [word("MSH-3"), word("MSH-4"), word("MSH-5"), word("MSH-6")].join("|");
        let (security, control_id, pointer) = (word("MSH-8"), word("MSH-10"), word("MSH-14"));
        let message_type = story.message_type();
        format!(
            "MSH|^~\\&|{senders}|20240301120000+0000|{security}|{message_type}|{control_id}|P|2.5.1||{pointer}||||UNICODE UTF-8\r"
        )
    }

    fn admission(&self, canaries: &mut Canaries) -> Vec<String> {
        vec![
            self.part(canaries, "EVN", &[(2, "20240301120000+0000")], EVN),
            self.identification.clone(),
            self.part(canaries, "PD1", &[], PD1),
            self.part(canaries, "NK1", &[(1, "1")], NK1),
            self.visit(canaries),
            self.part(canaries, "PV2", &[], PV2),
            self.part(canaries, "OBX", &[(1, "1"), (2, "TX"), (11, "F")], OBX_TEXT),
            self.part(canaries, "AL1", &[(1, "1"), (4, "SV")], AL1),
            self.part(canaries, "DG1", &[(1, "1"), (6, "A")], DG1),
            self.part(canaries, "PR1", &[(1, "1"), (5, "20240301120000+0000")], PR1),
            self.part(canaries, "GT1", &[(1, "1"), (11, "SEL")], GT1),
            self.part(canaries, "IN1", &[(1, "1"), (17, "SEL")], IN1),
            self.part(canaries, "ZPI", &[], ZPI),
        ]
    }

    fn results(&self, canaries: &mut Canaries) -> Vec<String> {
        let taken = "20240301110000+0000";
        vec![
            self.identification.clone(),
            self.part(canaries, "NTE", &[(1, "1")], NTE),
            self.visit(canaries),
            self.part(canaries, "ORC", &[(1, "RE")], ORC),
            self.part(canaries, "OBR", &[(1, "1"), (7, taken), (22, taken), (25, "F")], OBR),
            self.part(canaries, "NTE", &[(1, "1")], NTE),
            self.part(canaries, "OBX", &[(1, "1"), (2, "NM"), (5, CONTROL_VALUE), (11, "F")], OBX_NUMBER),
            self.part(canaries, "OBX", &[(1, "2"), (2, "TX"), (11, "F")], OBX_TEXT),
            self.part(canaries, "OBX", &[(1, "3"), (2, "CE"), (11, "F")], OBX_CODE),
            self.part(canaries, "NTE", &[(1, "1")], NTE),
            self.part(canaries, "ZPI", &[], ZPI),
        ]
    }

    fn document(&self, canaries: &mut Canaries) -> Vec<String> {
        vec![
            self.part(canaries, "EVN", &[(2, "20240301120000+0000")], EVN),
            self.identification.clone(),
            self.visit(canaries),
            self.part(canaries, "TXA", &[(1, "1"), (3, "TX"), (4, "20240301"), (17, "AU")], TXA),
            self.part(canaries, "OBX", &[(1, "1"), (2, "TX"), (11, "F")], OBX_TEXT),
        ]
    }

    fn appointment(&self, canaries: &mut Canaries) -> Vec<String> {
        let times = [(11, "^^30^20240401090000+0000^20240401093000+0000"), (25, "Booked")];
        vec![
            self.part(canaries, "SCH", &times, SCH),
            self.part(canaries, "NTE", &[(1, "1")], NTE),
            self.identification.clone(),
            self.visit(canaries),
            segment("RGS", &[(1, "1"), (2, "A")]),
            self.part(canaries, "AIL", &[(1, "1"), (2, "A")], AIL),
            self.part(canaries, "AIP", &[(1, "1"), (2, "A")], AIP),
        ]
    }

    fn immunization(&self, canaries: &mut Canaries) -> Vec<String> {
        let given = "20240301110000+0000";
        vec![
            self.identification.clone(),
            self.part(canaries, "NK1", &[(1, "1")], NK1),
            self.part(canaries, "ORC", &[(1, "RE")], ORC),
            self.part(
                canaries,
                "RXA",
                &[(1, "0"), (2, "1"), (3, given), (4, given), (6, "0.5"), (20, "CP")],
                RXA,
            ),
            self.part(canaries, "OBX", &[(1, "1"), (2, "TX"), (11, "F")], OBX_TEXT),
            self.part(canaries, "NTE", &[(1, "1")], NTE),
        ]
    }

    fn visit(&self, canaries: &mut Canaries) -> String {
        let number = format!("{}^^^VISIT^VN", self.visit_number);
        let own = [(1, "1"), (2, "I"), (19, number.as_str()), (44, "20240301100000+0000")];
        self.part(canaries, "PV1", &own, PV1)
    }

    fn part(&self, canaries: &mut Canaries, name: &str, own: &[(usize, &str)], places: &[Field]) -> String {
        fields(canaries, &format!("{} {}", self.name, self.sequence), name, own, places)
    }
}

/// A number that may be seen by everybody: the proof that data arrived where the search looks.
pub const CONTROL_VALUE: &str = "13.3713";

fn fields(
    canaries: &mut Canaries,
    owner: &str,
    name: &str,
    own: &[(usize, &str)],
    places: &[Field],
) -> String {
    let mut filled: std::collections::BTreeMap<usize, String> =
        own.iter().map(|(field, value)| (*field, (*value).to_owned())).collect();
    for (number, (field, before, sort, after)) in (1..).zip(places) {
        let label = format!("{owner}, {name}-{field} (canary {number})");
        let canary = match sort {
            Sort::Word => canaries.word(label),
            Sort::Foreign => canaries.foreign_word(label),
            Sort::Digits => canaries.digits(label),
            Sort::Date => canaries.date(label),
        };
        let text = filled.entry(*field).or_default();
        text.push_str(before);
        text.push_str(&canary);
        text.push_str(after);
    }
    let filled: Vec<(usize, &str)> = filled.iter().map(|(field, value)| (*field, value.as_str())).collect();
    segment(name, &filled)
}

fn replace_field(segment: &str, field: usize, value: &str) -> String {
    let parts = segment.split('|').enumerate();
    let parts: Vec<&str> = parts.map(|(at, part)| if at == field { value } else { part }).collect();
    parts.join("|")
}

#[cfg(test)]
mod tests {
    use carewire_hl7_v2::Message;

    use super::*;

    #[test]
    fn every_message_is_well_formed_and_full_of_canaries() {
        let mut canaries = Canaries::new(1);
        let mut persona = Persona::identified("tester", &mut canaries);
        let own = canaries.all().len();
        for story in Story::ALL {
            let before = canaries.all().len();
            let bytes = persona.message(&mut canaries, story);
            let message = Message::parse(&bytes, &ParseOptions::default().strict());
            assert!(message.is_ok(), "{story:?}: {:?}", message.err());
            let text = String::from_utf8(bytes).unwrap();
            let in_text = canaries.all().iter().filter(|canary| text.contains(&canary.forms[0])).count();
            assert!(in_text >= own + canaries.all().len() - before - 1, "{story:?}: {in_text}");
            assert!(canaries.all().len() - before > 15, "{story:?}");
        }
    }

    #[test]
    fn the_patient_is_who_the_record_number_says() {
        let mut canaries = Canaries::new(1);
        let org = OrgId::new("default").unwrap();
        let mut somebody = Persona::identified("somebody", &mut canaries);
        let identity = Persona::identity(&somebody.message(&mut canaries, Story::Results), &org).unwrap();
        let value = canaries.all().iter().find(|canary| canary.name == "somebody, PID-3.1").unwrap();
        assert_eq!(identity.value, value.forms[0]);
        let mut nobody = Persona::new("nobody", &mut canaries);
        assert!(
            light::peek(&nobody.message(&mut canaries, Story::Admission), &ParseOptions::default())
                .unwrap()
                .patient_ids
                .is_empty()
        );
        let broken = nobody.unreadable(&mut canaries);
        assert!(light::peek(&broken, &ParseOptions::default()).is_err());
    }
}
