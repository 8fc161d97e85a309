//! Which fields the map reads, and why it does not read the others.

use std::sync::LazyLock;

use super::row::RowText;
use super::segment::{
    ais, al1, dg1, in1, msh, nk1, nte, obr, obx, obx_immunization, orc, pid, pr1, pv1, rxa, sch, spm, txa,
};

pub(crate) const NO_MAP: &str = "no map for this segment";

/// Fields of the official guide that this map leaves out, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct LeftOut {
    /// The name of the segment.
    pub segment: &'static str,
    /// The number of the field.
    pub field: u16,
    /// Why.
    pub reason: &'static str,
}

/// Every row of the map, by segment and field.
///
/// ```
/// let rows = carewire_hl7_v2::fhir::rows();
/// let sex = rows.iter().find(|row| (row.segment, row.field) == ("PID", 8)).ok_or("no row")?;
/// assert_eq!(sex.to_string(), "PID-8 -> Patient.gender (CWE[code] AdministrativeSex)");
/// # Ok::<(), &str>(())
/// ```
#[must_use]
pub fn rows() -> Vec<RowText> {
    [
        msh::MSH_HEADER.texts(),
        msh::EVN_PROVENANCE.texts(),
        pid::PID_PATIENT.texts(),
        pid::PID_ACCOUNT.texts(),
        pid::PID_MOTHER.texts(),
        pid::PD1_PATIENT.texts(),
        nk1::NK1_RELATED_PERSON.texts(),
        nk1::NK1_PATIENT.texts(),
        pv1::PV1_ENCOUNTER.texts(),
        pv1::PV2_ENCOUNTER.texts(),
        al1::AL1_ALLERGY.texts(),
        dg1::DG1_CONDITION.texts(),
        dg1::DG1_ENCOUNTER.texts(),
        pr1::PR1_PROCEDURE.texts(),
        in1::IN1_COVERAGE.texts(),
        in1::GT1_RELATED_PERSON.texts(),
        orc::ORC_SERVICE_REQUEST.texts(),
        obr::ORC_REPORT.texts(),
        rxa::ORC_IMMUNIZATION.texts(),
        orc::OBR_SERVICE_REQUEST.texts(),
        obr::OBR_REPORT.texts(),
        obr::OBR_SPECIMEN.texts(),
        obx::OBX_OBSERVATION.texts(),
        nte::NTE_ANNOTATION.texts(),
        spm::SPM_SPECIMEN.texts(),
        rxa::RXA_IMMUNIZATION.texts(),
        rxa::RXR_IMMUNIZATION.texts(),
        obx_immunization::OBX_IMMUNIZATION.texts(),
        obx_immunization::OBX_EDUCATION.texts(),
        sch::SCH_APPOINTMENT.texts(),
        sch::TQ1_APPOINTMENT.texts(),
        ais::AIS_APPOINTMENT.texts(),
        ais::AIG_PARTICIPANT.texts(),
        ais::AIL_PARTICIPANT.texts(),
        ais::AIP_PARTICIPANT.texts(),
        txa::TXA_DOCUMENT.texts(),
    ]
    .concat()
}

/// The fields that the official guide maps and this map leaves out.
#[must_use]
pub fn left_out() -> &'static [LeftOut] {
    LEFT_OUT
}

/// Why this field of a mapped segment has no row.
pub(crate) fn reason(segment: &str, field: u16) -> &'static str {
    static ROWS: LazyLock<Vec<RowText>> = LazyLock::new(rows);
    if ROWS.iter().any(|row| row.segment == segment && (row.field == field || row.also.contains(&field))) {
        return "its row does not apply to this message or Bundle";
    }
    let known = LEFT_OUT.iter().find(|left| left.segment == segment && left.field == field);
    known.map_or("no row for this field", |left| left.reason)
}

/// Whether any field of the segment has a row.
pub(crate) fn is_covered(segment: &str) -> bool {
    COVERED.contains(&segment)
}

/// The segments that tables read; those of the tables, checked by a test.
const COVERED: &[&str] = &[
    "AIG", "AIL", "AIP", "AIS", "AL1", "DG1", "EVN", "GT1", "IN1", "MSH", "NK1", "NTE", "OBR", "OBX", "ORC",
    "PD1", "PID", "PR1", "PV1", "PV2", "RXA", "RXR", "SCH", "SPM", "TQ1", "TXA",
];

const fn left(segment: &'static str, field: u16, reason: &'static str) -> LeftOut {
    LeftOut { segment, field, reason }
}

const OFFSET: &str = "the time is an offset from that of the appointment";
const SERVICE_REQUEST: &str = "the guide puts it in a service request beside the appointment";
const PARENT: &str = "refers to a resource of another message";
const PLACE_OF_EVENT: &str = "the place of the event is not mapped yet";
const ENGINE: &str = "used by the map itself";
const LABELS: &str = "security labels of whole messages are not mapped yet";
const SENDER: &str = "the country of the sender says nothing of the content";
const LANGUAGE: &str = "the language of the message is that of its texts, which are kept as they are";
const NOTE: &str = "R4 notes have no place for it";
const FASTING: &str = "fasting status and other information are not told apart";
const TIMING: &str = "timings in TQ are not mapped yet";
const NO_URL: &str = "the guide names no extension for it";
const PROVENANCE: &str = "provenance of single resources is not mapped yet";
const ROLE: &str = "roles of ordering providers are not mapped yet";
const WILL: &str = "the living will is not mapped yet";
const MODIFIER: &str = "procedure modifiers are not mapped yet";
const FINANCE: &str = "the guide maps no code of the financial class";
const BED: &str = "a status of a place, not of the visit; not mapped yet";
const HISTORY: &str = "encounter history has no resource in R4";
const EPISODE: &str = "an episode of care needs a status that the message does not say";
const NARRATIVE: &str = "free text is not turned into a narrative";
const MEDICATION: &str = "belongs to medication requests, which this map does not make yet";

static LEFT_OUT: &[LeftOut] = &[
    left("AIS", 5, OFFSET),
    left("AIS", 11, SERVICE_REQUEST),
    left("AIS", 12, SERVICE_REQUEST),
    left("DG1", 22, PARENT),
    left("EVN", 7, PLACE_OF_EVENT),
    left("MSH", 7, ENGINE),
    left("MSH", 8, LABELS),
    left("MSH", 10, ENGINE),
    left("MSH", 17, SENDER),
    left("MSH", 19, LANGUAGE),
    left("MSH", 27, LABELS),
    left("NTE", 4, NOTE),
    left("NTE", 9, NOTE),
    left("OBR", 13, FASTING),
    left("OBR", 27, TIMING),
    left("OBR", 29, PARENT),
    left("OBX", 19, NO_URL),
    left("ORC", 7, TIMING),
    left("ORC", 10, PROVENANCE),
    left("ORC", 11, PROVENANCE),
    left("ORC", 17, PROVENANCE),
    left("ORC", 18, PROVENANCE),
    left("ORC", 19, PROVENANCE),
    left("ORC", 21, ROLE),
    left("ORC", 22, ROLE),
    left("ORC", 23, ROLE),
    left("PD1", 7, WILL),
    left("PID", 33, PROVENANCE),
    left("PID", 34, PROVENANCE),
    left("PR1", 16, MODIFIER),
    left("PR1", 25, PARENT),
    left("PV1", 20, FINANCE),
    left("PV1", 40, BED),
    left("PV1", 43, HISTORY),
    left("PV1", 53, EPISODE),
    left("PV1", 54, EPISODE),
    left("PV2", 12, NARRATIVE),
    left("RXR", 4, MEDICATION),
    left("RXR", 5, MEDICATION),
    left("SCH", 6, SERVICE_REQUEST),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_covered_segments_are_those_of_the_tables() {
        let mut of_tables: Vec<&str> = rows().iter().map(|row| row.segment).collect();
        of_tables.sort_unstable();
        of_tables.dedup();
        assert_eq!(of_tables, COVERED);
    }
}
