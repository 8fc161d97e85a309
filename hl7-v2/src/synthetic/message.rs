//! What happened as a message: the header, the person, the visit.

use super::journey::{Patient, Step};
use super::moment::Moment;
use super::names::{Names, names};
use super::person::{Address, Doctor, Kin};
use super::visit::{Bed, Class, Visit};
use super::{LineEnd, People, SenderProfile};
use crate::build::datatypes::{Cwe, Cx, Ei, Hd, Msg, Pl, Xad, Xcn, Xpn, Xtn};
use crate::build::segments::{Al1, Dg1, Evn, Gt1, In1, Mrg, Msh, Nk1, Pid, Pv1};
use crate::build::{BuildError, Datatype, MessageBuilder, SegmentBuilder, Value};

/// Writes the messages of one patient at one time.
pub(super) struct Writer<'a> {
    pub(super) patient: &'a mut Patient,
    pub(super) profile: &'a SenderProfile,
    pub(super) at: Moment,
    pub(super) control_id: &'a str,
    pub(super) document_bytes: usize,
}

/// The table 0203 types of the identifiers of a person.
const RECORD: &str = "MR";

impl Writer<'_> {
    /// The bytes of the message about a step that has just happened.
    pub(super) fn write(&mut self, step: Step) -> Result<Vec<u8>, BuildError> {
        let segments = self.segments(step);
        self.assemble(step, segments)
    }

    fn segments(&mut self, step: Step) -> Vec<SegmentBuilder> {
        match step {
            Step::AddPerson { .. } | Step::UpdatePerson => self.person_message(step),
            Step::Merge => self.merge(),
            Step::Register(_) | Step::Admit | Step::Preadmit | Step::Update | Step::CancelDischarge => {
                self.admission(step)
            }
            Step::CancelAdmit | Step::Transfer | Step::CancelTransfer | Step::Discharge => {
                self.movement(step)
            }
            Step::Order(number) => self.order(number),
            Step::Results(number, status) => self.results(number, status),
            Step::Vaccinate(number) => self.vaccination(number),
            Step::Document(number) => self.document(number),
            Step::Prescribe(number) => self.prescription(number),
            Step::Book
            | Step::Reschedule
            | Step::ModifyAppointment
            | Step::CancelAppointment
            | Step::NoShow => self.appointment(),
        }
    }

    fn assemble(&self, step: Step, segments: Vec<SegmentBuilder>) -> Result<Vec<u8>, BuildError> {
        let profile = self.profile;
        let builder =
            MessageBuilder::new(self.header(step)).delimiters(profile.delimiters).segments(segments);
        let builder = match profile.charset_declared {
            true => builder.charset(profile.charset),
            false => builder.undeclared_charset(profile.charset),
        };
        let bytes = builder.build()?;
        Ok(match profile.line_end {
            LineEnd::Cr => bytes,
            LineEnd::Lf => bytes.into_iter().map(|byte| if byte == b'\r' { b'\n' } else { byte }).collect(),
            LineEnd::CrLf => {
                let lines = bytes.split_inclusive(|byte| *byte == b'\r');
                lines.flat_map(|line| line.iter().copied().chain([b'\n'])).collect()
            }
        })
    }

    fn header(&self, step: Step) -> Msh {
        let profile = self.profile;
        let [code, trigger, structure] = step.event().message_type(profile);
        Msh::new()
            .sending_application(profile.application.as_str())
            .sending_facility(profile.facility.as_str())
            .receiving_application(profile.receiving_application.as_str())
            .receiving_facility(profile.receiving_facility.as_str())
            .date_time_of_message(self.stamp(self.at))
            .message_type(Msg::from(code).trigger_event(trigger).message_structure(structure))
            .message_control_id(self.control_id)
            .processing_id("P")
            .version_id(profile.version.as_str())
    }

    fn person_message(&mut self, step: Step) -> Vec<SegmentBuilder> {
        let mut segments = vec![self.event(step), self.pid().into()];
        segments.extend(self.kin());
        // The visit is required, and there is none: class N is "not applicable".
        segments.push(Pv1::new().set_id(1_u32).patient_class("N").into());
        segments.extend(self.allergies());
        segments
    }

    fn merge(&mut self) -> Vec<SegmentBuilder> {
        let merged = self.patient.person.merged.unwrap_or(self.patient.person.record);
        let former = self.identifier(merged.to_string(), RECORD);
        vec![
            self.event(Step::Merge),
            self.pid().into(),
            Mrg::new().prior_patient_identifier_list(former).into(),
        ]
    }

    fn admission(&mut self, step: Step) -> Vec<SegmentBuilder> {
        let mut segments = vec![self.event(step), self.pid().into()];
        segments.extend(self.kin());
        segments.push(self.pv1().into());
        segments.extend(self.allergies());
        segments.extend(self.diagnoses());
        segments.extend(self.guarantor());
        segments.extend(self.insurance());
        segments
    }

    fn movement(&mut self, step: Step) -> Vec<SegmentBuilder> {
        vec![self.event(step), self.pid().into(), self.pv1().into()]
    }

    pub(super) fn event(&self, step: Step) -> SegmentBuilder {
        let [_, trigger, _] = step.event().message_type(self.profile);
        let event = Evn::new().recorded_date_time(self.stamp(self.at));
        // The type of the event is in MSH-9 since 2.3, and withdrawn here from 2.7 on.
        let event = if self.since([2, 5, 0]) { event } else { event.event_type_code(trigger) };
        event.into()
    }

    pub(super) fn pid(&self) -> Pid {
        let person = &self.patient.person;
        let (language, language_name) = self.names().language;
        let sex = if person.female { "F" } else { "M" };
        let mut pid = Pid::new()
            .set_id(1_u32)
            .patient_identifier_list(self.identifier(person.number().to_string(), RECORD))
            .patient_identifier_list(self.national());
        for name in self.written_names(person.family, person.given) {
            pid = pid.patient_name(name);
        }
        let status = if person.married { ("M", "Married") } else { ("S", "Single") };
        pid.date_time_of_birth(person.born.date())
            .administrative_sex(sex)
            .patient_address(self.address(&person.address))
            .phone_number_home(self.phone(person.phone))
            .phone_number_home(self.mail(person.record))
            .primary_language(self.coded(language, language_name, "ISO639"))
            .marital_status(self.personal(status.0, status.1, "HL70002"))
    }

    pub(super) fn pv1(&self) -> Pv1 {
        let Some(visit) = self.patient.visit else {
            return Pv1::new().set_id(1_u32).patient_class("N");
        };
        let attending = self.doctor(&self.patient.person.doctor);
        let inpatient = visit.class == Class::Inpatient;
        let admitting = inpatient.then(|| attending.clone());
        let pv1 = Pv1::new()
            .set_id(1_u32)
            .patient_class(visit.class.code())
            .assigned_patient_location(self.bed(&visit.bed))
            .admission_type(if visit.class == Class::Emergency { "E" } else { "R" })
            .prior_patient_location(visit.bed_before.map(|bed| self.bed(&bed)))
            .attending_doctor(attending)
            .referring_doctor(admitting.clone())
            .hospital_service(visit.bed.service)
            .admitting_doctor(admitting)
            .visit_number(self.visit_number(&visit));
        let pv1 = pv1.admit_date_time(visit.begun.map(|at| self.stamp(at)));
        match visit.ended {
            Some(at) => pv1.discharge_disposition("01").discharge_date_time(self.stamp(at)),
            None => pv1,
        }
    }

    fn kin(&self) -> Option<SegmentBuilder> {
        let person = &self.patient.person;
        let Kin { given, relation, phone } = person.kin?;
        let mut kin = Nk1::new().set_id(1_u32);
        for name in self.written_names(person.family, given) {
            kin = kin.name(name);
        }
        let (code, name) = relation;
        let kin = kin
            .relationship(self.table(code, name, "HL70063"))
            .address(self.address(&person.address))
            .phone_number(self.phone(phone))
            .contact_role(self.table("N", "Next-of-Kin", "HL70131"));
        Some(kin.into())
    }

    pub(super) fn allergies(&self) -> Option<SegmentBuilder> {
        let (kind, code, name, reaction) = self.patient.person.allergy?;
        let allergy = Al1::new()
            .set_id(1_u32)
            .allergen_type_code(kind)
            .allergen_code_mnemonic_description(self.coded(code, name, "SCT"))
            .allergy_severity_code("MO")
            .allergy_reaction_code(reaction);
        Some(allergy.into())
    }

    /// The diagnosis of the patient, and one that many have besides.
    fn diagnoses(&self) -> Vec<SegmentBuilder> {
        let Some(visit) = &self.patient.visit else { return Vec::new() };
        let besides = ("I10", "Essential (primary) hypertension");
        let mut all = vec![self.patient.person.diagnosis];
        all.extend((self.patient.person.allergy.is_some() && all != [besides]).then_some(besides));
        let one = |(set_id, (code, name)): (u32, (&str, &str))| {
            Dg1::new()
                .set_id(set_id)
                .diagnosis_code(self.coded(code, name, "I10"))
                .diagnosis_date_time(self.stamp(visit.begun.unwrap_or(self.at)))
                .diagnosis_type("A")
                .into()
        };
        (1..).zip(all).map(one).collect()
    }

    /// Who pays: the patient.
    fn guarantor(&self) -> Option<SegmentBuilder> {
        let person = &self.patient.person;
        person.insured?;
        let mut guarantor = Gt1::new().set_id(1_u32);
        for name in self.written_names(person.family, person.given) {
            guarantor = guarantor.guarantor_name(name);
        }
        let guarantor = guarantor
            .guarantor_address(self.address(&person.address))
            .guarantor_ph_num_home(self.phone(person.phone))
            .guarantor_relationship(self.personal("SEL", "Self", "HL70063"));
        Some(guarantor.into())
    }

    fn insurance(&self) -> Option<SegmentBuilder> {
        let policy = self.patient.person.insured?;
        let company = Cx::from("7781").assigning_authority(self.authority()).identifier_type_code("XX");
        let insurance = In1::new()
            .set_id(1_u32)
            .health_plan_id(self.coded("GOLD", "Gold plan", "L"))
            .insurance_company_id(company)
            .insurance_company_name("Mutual & General")
            .insurance_company_address(
                Xad::from("1 Payer Plaza").city("Westholm").zip_or_postal_code("W1A 9ZZ"),
            )
            .insureds_relationship_to_patient(self.personal("SEL", "Self", "HL70063"))
            .policy_number(policy);
        Some(insurance.into())
    }
}

/// Parts that many segments have.
impl Writer<'_> {
    pub(super) fn since(&self, version: [u16; 3]) -> bool {
        self.profile.since(version)
    }

    /// Date and time, with the zone of the sender.
    pub(super) fn stamp(&self, at: Moment) -> String {
        match self.profile.zone {
            Some(zone) => at.second() + &zone.to_string().replace(':', ""),
            None => at.second(),
        }
    }

    pub(super) fn names(&self) -> &'static Names {
        names(self.profile.people)
    }

    pub(super) fn authority(&self) -> Hd {
        Hd::from(self.profile.facility.as_str())
            .universal_id(self.profile.facility_oid.as_str())
            .universal_id_type("ISO")
    }

    pub(super) fn identifier(&self, number: String, kind: &str) -> Cx {
        Cx::from(number).assigning_authority(self.authority()).identifier_type_code(kind)
    }

    fn national(&self) -> Cx {
        let authority = Hd::from("GOV").universal_id("2.16.840.1.113883.19.4").universal_id_type("ISO");
        Cx::from(self.patient.person.national).assigning_authority(authority).identifier_type_code("NI")
    }

    pub(super) fn visit_number(&self, visit: &Visit) -> Cx {
        self.identifier(format!("V{}", visit.number), "VN")
    }

    /// An identifier of an order or document, in the namespace of one of the sender's systems.
    pub(super) fn entity(&self, number: impl std::fmt::Display, system: &str) -> Ei {
        Ei::from(number.to_string()).namespace_id(format!("{} {system}", self.profile.application))
    }

    pub(super) fn coded(&self, code: &str, text: &str, system: &str) -> Cwe {
        Cwe::from(code).text(text).name_of_coding_system(system)
    }

    /// A code of a table of HL7, in a field that is coded in all versions.
    pub(super) fn table(&self, code: &str, text: &str, table: &str) -> Cwe {
        self.coded(code, text, table)
    }

    /// A code of a table of HL7, in a field that is coded from 2.3.1 on and a code alone before.
    fn personal(&self, code: &str, text: &str, table: &str) -> Cwe {
        if self.since([2, 3, 1]) { self.table(code, text, table) } else { Cwe::from(code) }
    }

    pub(super) fn written_names(&self, family: &str, given: &str) -> Vec<Xpn> {
        let name = |family: &str, given: &str, representation: Option<&str>| {
            let name = Xpn::from(family).given_name(given).name_type_code("L");
            let code = representation.filter(|_| self.since([2, 3, 1]));
            name.name_representation_code(code)
        };
        if self.profile.people != People::Japanese {
            return vec![name(family, given, None)];
        }
        let part = |text: &str, n: usize| text.split('/').nth(n).unwrap_or_default().to_owned();
        let both = |n, code| name(&part(family, n), &part(given, n), Some(code));
        // PID-5 and NK1-2 repeat from 2.3.1 on.
        if self.since([2, 3, 1]) { vec![both(0, "I"), both(1, "P")] } else { vec![both(0, "I")] }
    }

    pub(super) fn doctor(&self, doctor: &Doctor) -> Xcn {
        let first = |text: &str| text.split('/').next().unwrap_or_default().to_owned();
        let named =
            Xcn::from(doctor.number).family_name(first(doctor.family)).given_name(first(doctor.given));
        named.assigning_authority(self.authority())
    }

    fn address(&self, address: &Address) -> Xad {
        let street = match self.profile.people {
            People::English => format!("{} {}", address.house, address.street),
            People::Japanese => format!("{}{}番", address.street, address.house),
            _ => format!("{} {}", address.street, address.house),
        };
        let country = self.names().country;
        Xad::from(street)
            .city(address.town)
            .zip_or_postal_code(address.code)
            .country(country)
            .address_type("H")
    }

    /// A telephone number in the parts that all versions from 2.3 on have.
    fn phone(&self, number: u64) -> Xtn {
        Xtn::new()
            .telecommunication_use_code("PRN")
            .telecommunication_equipment_type("PH")
            .country_code(self.names().dialling)
            .local_number(number)
    }

    fn mail(&self, number: u64) -> Xtn {
        Xtn::new()
            .telecommunication_use_code("NET")
            .telecommunication_equipment_type("Internet")
            .communication_address(format!("patient{number}@example.org"))
    }

    pub(super) fn bed(&self, bed: &Bed) -> Pl {
        Pl::from(bed.ward)
            .room(bed.room)
            .bed(format!("{:02}", bed.bed))
            .facility(self.profile.facility.as_str())
    }

    /// Text of several lines, as the sender writes it; each value is a repetition.
    pub(super) fn narrative<K>(&self, lines: &[&str]) -> Vec<Datatype<K>> {
        use super::NarrativeBreaks::{Break, Hexadecimal, HexadecimalPair, Repetition};
        match self.profile.breaks {
            Repetition => lines.iter().map(|line| Datatype::from(*line)).collect(),
            Break => vec![Datatype::lines(lines.join("\n"))],
            Hexadecimal => vec![Datatype::from(lines.join("\r\n"))],
            HexadecimalPair => {
                let mark = self.profile.delimiters.escape().unwrap_or('\\');
                let escape = |line: &&str| crate::escape::escape(line, &self.profile.delimiters).into_owned();
                let lines: Vec<String> = lines.iter().map(escape).collect();
                vec![Datatype::from(Value::raw(lines.join(&format!("{mark}X0D0A{mark}"))))]
            }
        }
    }
}
