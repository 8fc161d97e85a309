//! Which fields the map reads, and why it does not read the others.

use super::row::RowText;
use super::segment::{al1, dg1, in1, msh, nk1, nte, obr, obx, orc, pid, pr1, pv1, rxa, sch, spm, txa};

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
        sch::SCH_APPOINTMENT.texts(),
        sch::AIS_APPOINTMENT.texts(),
        sch::AIG_PARTICIPANT.texts(),
        sch::AIL_PARTICIPANT.texts(),
        sch::AIP_PARTICIPANT.texts(),
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
    if rows().iter().any(|row| row.segment == segment && (row.field == field || row.also.contains(&field))) {
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
    "PD1", "PID", "PR1", "PV1", "PV2", "RXA", "RXR", "SCH", "SPM", "TXA",
];

const fn left(segment: &'static str, field: u16, reason: &'static str) -> LeftOut {
    LeftOut { segment, field, reason }
}

static LEFT_OUT: &[LeftOut] = &[left("PV1", 20, "not mapped yet")];
