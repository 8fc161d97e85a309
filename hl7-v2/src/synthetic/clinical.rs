//! What happened as a message: orders, results, vaccinations, documents, appointments.

use super::codes::{DOCUMENTS, DRUGS, SENTENCES, VACCINES};
use super::dice::Dice;
use super::journey::ResultStatus;
use super::message::Writer;
use super::moment::MINUTE;
use super::order::{Finding, Measured, Order, decimal};
use crate::build::datatypes::{Ce, Cwe, Ed, Ei, Nm, Pl, Rpt, Sn, St, Tq, Tx};
use crate::build::segments::{Ail, Aip, Ais, Nte, Obr, Obx, Orc, Rgs, Rxa, Rxe, Rxr, Sch, Spm, Tq1, Txa};
use crate::build::{SegmentBuilder, Value};

impl Writer<'_> {
    pub(super) fn order(&mut self, number: u64) -> Vec<SegmentBuilder> {
        let Some(order) = self.patient.order(number).cloned() else { return Vec::new() };
        let placer = self.entity(order.number, "ORD");
        let mut segments = vec![self.pid().into(), self.pv1().into()];
        segments.push(self.common("NW", Some(placer.clone()), None).into());
        segments.extend(self.timing("ONCE"));
        let request = self.request(&order, placer, None).reason_for_study(self.reason());
        segments.push(request.into());
        segments.extend(self.specimen(&order));
        segments
    }

    pub(super) fn results(&mut self, number: u64, status: ResultStatus) -> Vec<SegmentBuilder> {
        let Some(order) = self.patient.order(number).cloned() else { return Vec::new() };
        let (placer, filler) =
            (self.entity(order.number, "ORD"), self.entity(format!("F{}", order.number), "LAB"));
        let code = match status {
            ResultStatus::Preliminary => "P",
            ResultStatus::Final => "F",
            ResultStatus::Corrected => "C",
        };
        let mut segments = vec![self.pid().into(), self.pv1().into()];
        segments.push(self.common("RE", Some(placer.clone()), Some(filler.clone())).into());
        let reported = self.stamp(self.at);
        let request = self
            .request(&order, placer, Some(filler))
            .results_rpt_status_chng_date_time(reported)
            .diagnostic_serv_sect_id(order.panel.section)
            .result_status(code);
        segments.push(request.into());
        let shown = match status {
            ResultStatus::Preliminary => order.findings.len().div_ceil(2),
            _ => order.findings.len(),
        };
        for (index, finding) in order.findings.iter().take(shown).enumerate() {
            segments.push(self.observation(index + 1, finding, code, &order).into());
            segments.extend(
                finding
                    .remark
                    .map(|remark| Nte::new().set_id(1_u32).source_of_comment("L").comment(remark).into()),
            );
        }
        segments.extend(self.specimen(&order));
        segments
    }

    fn common(&self, control: &str, placer: Option<Ei>, filler: Option<Ei>) -> Orc {
        let common = Orc::new()
            .order_control(control)
            .placer_order_number(placer)
            .filler_order_number(filler)
            .date_time_of_transaction(self.stamp(self.at))
            .ordering_provider(self.doctor(&self.patient.person.doctor));
        // Quantity and timing moved to TQ1 with 2.5.
        if self.since([2, 5, 0]) { common } else { common.field(7, Tq::new().with(6, "R")) }
    }

    fn request(&self, order: &Order, placer: Ei, filler: Option<Ei>) -> Obr {
        let panel = &order.panel;
        let provider = self.doctor(&self.patient.person.doctor);
        let request = Obr::new()
            .set_id(1_u32)
            .placer_order_number(placer)
            .filler_order_number(filler)
            .universal_service_identifier(self.coded(panel.code, panel.name, "LN"))
            .observation_date_time(self.stamp(order.collected))
            .ordering_provider(provider);
        let (code, name) = panel.specimen;
        match self.since([2, 5, 0]) {
            true => request,
            // Specimens were a field before they were a segment: its first component is coded.
            false => request.field(15, Value::absent().with(1, Value::parts([code, name, "HL70070"]))),
        }
    }

    /// Why the test is wanted, in the words of the diagnosis.
    fn reason(&self) -> Cwe {
        let (code, name) = self.patient.person.diagnosis;
        self.coded(code, name, "I10")
    }

    fn timing(&self, interval: &str) -> Option<SegmentBuilder> {
        let timing = Tq1::new().set_id(1_u32).repeat_pattern(Rpt::from(interval)).priority("R");
        self.since([2, 5, 0]).then(|| timing.into())
    }

    fn specimen(&self, order: &Order) -> Option<SegmentBuilder> {
        let (code, name) = order.panel.specimen;
        let specimen = Spm::new()
            .set_id(1_u32)
            .specimen_type(self.table(code, name, "HL70487"))
            .specimen_collection_date_time(Value::from(self.stamp(order.collected)));
        self.since([2, 5, 0]).then(|| specimen.into())
    }

    fn observation(&self, set_id: usize, finding: &Finding, status: &str, order: &Order) -> Obx {
        let sub_id = self.since([2, 8, 0]).then_some("1");
        let observation = Obx::new().set_id(set_id).observation_sub_id(sub_id);
        let observation = match &finding.value {
            Measured::Number(tenths) => observation.result(Nm::from(decimal(*tenths))),
            Measured::Text(text) => observation.result(St::from(*text)),
            Measured::Report(lines) => {
                let texts = self.narrative::<crate::build::datatypes::kind::Tx>(lines);
                texts.into_iter().fold(observation, Obx::result)
            }
            Measured::Coded(code, text) if self.since([2, 6, 0]) => {
                observation.result(self.coded(code, text, "SCT"))
            }
            Measured::Coded(code, text) => {
                observation.result(Ce::from(*code).text(*text).name_of_coding_system("SCT"))
            }
            Measured::Structured(comparator, first, separator, second) => {
                let second = (!separator.is_empty()).then_some(*second);
                let number = Sn::new().comparator(*comparator).num1(*first);
                observation.result(number.separator_suffix(*separator).num2(second))
            }
        };
        let unit = (!finding.unit.is_empty()).then(|| self.coded(finding.unit, finding.unit, "UCUM"));
        observation
            .observation_identifier(self.coded(finding.code, finding.name, "LN"))
            .units(unit)
            .references_range(finding.range.as_str())
            .interpretation_codes(finding.flag)
            .observation_result_status(status)
            .date_time_of_the_observation(self.stamp(order.collected))
    }

    pub(super) fn vaccination(&mut self, number: u64) -> Vec<SegmentBuilder> {
        let chosen = self.patient.dice.index(VACCINES.len());
        let Some((code, name, maker, company, hundredths)) = VACCINES.get(chosen).copied() else {
            return Vec::new();
        };
        let lot = format!("{maker}{:05}", self.patient.dice.below(100_000));
        let given = self.stamp(self.at);
        let record = Rxa::new()
            .give_sub_id_counter(0_u32)
            .administration_sub_id_counter(1_u32)
            .date_time_start_of_administration(given.as_str())
            .date_time_end_of_administration(given.as_str())
            .administered_code(self.coded(code, name, "CVX"))
            .administered_amount(format!("0.{hundredths:02}").replace("0.100", "1"))
            .administered_units(self.coded("mL", "mL", "UCUM"))
            .administration_notes(self.coded("00", "New immunization record", "NIP001"))
            .administering_provider(self.doctor(&self.patient.person.doctor))
            .substance_lot_number(lot)
            .substance_manufacturer_name(self.coded(maker, company, "MVX"))
            .completion_status("CP")
            .field(21, "A");
        let route = Rxr::new()
            .route(self.table("IM", "Intramuscular", "HL70162"))
            .administration_site(self.table("LA", "Left Arm", "HL70163"));
        let order = self.entity(number, "VAX");
        vec![
            self.pid().into(),
            self.pv1().into(),
            self.common("RE", None, Some(order)).into(),
            record.into(),
            route.into(),
        ]
    }

    pub(super) fn prescription(&mut self, number: u64) -> Vec<SegmentBuilder> {
        let chosen = self.patient.dice.index(DRUGS.len());
        let Some((code, name, dose, unit, route, route_name)) = DRUGS.get(chosen).copied() else {
            return Vec::new();
        };
        let placer = self.entity(number, "RX");
        let encoded = Rxe::new()
            .give_code(self.coded(code, name, "RXNORM"))
            .give_amount_minimum(dose)
            .give_units(self.coded(unit, unit, "UCUM"));
        let encoded = match self.since([2, 5, 0]) {
            true => encoded,
            false => encoded.field(1, Value::absent().with(2, "BID")),
        };
        let mut segments = vec![self.pid().into(), self.pv1().into()];
        segments.extend(self.allergies());
        segments.push(self.common("NW", Some(placer), None).into());
        segments.push(encoded.into());
        segments.extend(self.timing("BID"));
        segments.push(Rxr::new().route(self.table(route, route_name, "HL70162")).into());
        segments
    }

    pub(super) fn document(&mut self, number: u64) -> Vec<SegmentBuilder> {
        let chosen = self.patient.dice.index(DOCUMENTS.len());
        let (kind, kind_name, code, name) =
            DOCUMENTS.get(chosen).copied().unwrap_or(("CN", "Consultation", "", ""));
        let written = self.stamp(self.at);
        let kind = match self.since([2, 7, 0]) {
            true => self.table(kind, kind_name, "HL70270"),
            false => Cwe::from(kind),
        };
        let encoded = self.document_bytes > 0;
        let header = Txa::new()
            .set_id(1_u32)
            .document_type(kind)
            .document_content_presentation(if encoded { "TEXT" } else { "TX" })
            .activity_date_time(written.as_str())
            .primary_activity_provider_code_name(self.doctor(&self.patient.person.doctor))
            .origination_date_time(written.as_str())
            .unique_document_number(self.entity(number, "DOC"))
            .document_completion_status("AU")
            .document_availability_status("AV");
        let sub_id = self.since([2, 8, 0]).then_some("1");
        let observation = Obx::new().set_id(1_u32).observation_sub_id(sub_id);
        let observation = observation.observation_identifier(self.coded(code, name, "LN"));
        let observation = match encoded {
            true => observation.result(self.encapsulated()),
            false => self.page().into_iter().fold(observation, Obx::result),
        };
        let observation = observation.observation_result_status("F");
        let event = self.event(super::journey::Step::Document(number));
        vec![event, self.pid().into(), self.pv1().into(), header.into(), observation.into()]
    }

    fn page(&mut self) -> Vec<Tx> {
        let lines: Vec<&str> = (0..6).map(|_| self.patient.dice.word(SENTENCES)).collect();
        self.narrative(&lines)
    }

    /// A document of the size asked for, as HTML in base 64.
    fn encapsulated(&mut self) -> Ed {
        let text = html(self.document_bytes, &mut self.patient.dice);
        Ed::new()
            .type_of_data("TEXT")
            .data_subtype("HTML")
            .encoding("Base64")
            .with(5, data_encoding::BASE64.encode(text.as_bytes()))
    }

    pub(super) fn appointment(&mut self) -> Vec<SegmentBuilder> {
        let Some(appointment) = self.patient.appointment else { return Vec::new() };
        let identifier = self.entity(appointment.number, "SCHED");
        let (begin, end) = (appointment.begin, appointment.begin.after(appointment.minutes * MINUTE));
        let person = self.doctor(&self.patient.person.doctor);
        let minutes = self.coded("min", "minute", "UCUM");
        let schedule = Sch::new()
            .placer_appointment_id(identifier.clone())
            .filler_appointment_id(identifier)
            .event_reason(self.table("ROUTINE", "Routine appointment", "HL70276"))
            .appointment_type(self.table("NORMAL", "Routine schedule request type", "HL70277"))
            .filler_contact_person(person.clone())
            .entered_by_person(person.clone())
            .filler_status_code(self.table(appointment.status, appointment.status, "HL70278"));
        let schedule = match self.since([2, 5, 0]) {
            true => schedule,
            false => {
                let timing = Tq::new().with(4, self.stamp(begin)).with(5, self.stamp(end));
                schedule.field(9, appointment.minutes).field(10, minutes.clone()).field(11, timing)
            }
        };
        let mut segments = vec![schedule.into()];
        if self.since([2, 5, 0]) {
            let timing =
                Tq1::new().set_id(1_u32).start_date_time(self.stamp(begin)).end_date_time(self.stamp(end));
            segments.push(timing.into());
        }
        let service = Ais::new()
            .set_id(1_u32)
            .universal_service_identifier(self.coded("185349003", "Encounter for check up", "SCT"))
            .start_date_time(self.stamp(begin))
            .duration(appointment.minutes)
            .duration_units(minutes);
        let location = Ail::new()
            .set_id(1_u32)
            .location_resource_id(Pl::from("CLINIC").facility(self.profile.facility.as_str()))
            .location_type(self.table("C", "Clinic", "HL70305"));
        let personnel = Aip::new()
            .set_id(1_u32)
            .personnel_resource_id(person)
            .resource_type(Cwe::from("AT").text("Attending").name_of_coding_system("L"));
        segments.extend([
            self.pid().into(),
            Rgs::new().set_id(1_u32).into(),
            service.into(),
            location.into(),
            personnel.into(),
        ]);
        segments
    }
}

/// So many bytes of HTML, or a few more.
fn html(bytes: usize, dice: &mut Dice) -> String {
    let mut text = String::with_capacity(bytes + 128);
    text.push_str("<html><body>\n");
    while text.len() < bytes {
        text.push_str("<p>");
        text.push_str(&dice.word(SENTENCES).replace('&', "&amp;").replace('<', "&lt;"));
        text.push_str("</p>\n");
    }
    text.push_str("</body></html>\n");
    text
}
