//! One file for each segment (or for those that describe one thing together): its rows, and what rows cannot say.

pub(crate) mod ais;
pub(crate) mod al1;
pub(crate) mod dg1;
pub(crate) mod evn;
pub(crate) mod gt1;
pub(crate) mod iam;
pub(crate) mod in1;
pub(crate) mod msh;
pub(crate) mod nk1;
pub(crate) mod nte;
pub(crate) mod obr;
pub(crate) mod obx;
pub(crate) mod obx_document;
pub(crate) mod obx_immunization;
pub(crate) mod orc;
pub(crate) mod order_number;
pub(crate) mod pd1;
pub(crate) mod pid;
pub(crate) mod pr1;
pub(crate) mod provenance;
pub(crate) mod prt;
pub(crate) mod pv1;
pub(crate) mod pv2;
pub(crate) mod raw;
pub(crate) mod rol;
pub(crate) mod rxa;
pub(crate) mod rxo;
pub(crate) mod sch;
pub(crate) mod spm;
pub(crate) mod tq1;
pub(crate) mod txa;
pub(crate) mod visit_status;

use super::row::Table;

/// Every table of the map, in the order of the documentation.
pub(crate) static TABLES: &[&Table] = &[
    &ais::AIG_APPOINTMENT,
    &ais::AIL_APPOINTMENT,
    &ais::AIP_APPOINTMENT,
    &ais::AIS_APPOINTMENT,
    &ais::AIS_SERVICE_REQUEST,
    &al1::AL1_ALLERGY,
    &dg1::DG1_CONDITION,
    &dg1::DG1_ENCOUNTER,
    &dg1::DG1_EPISODE,
    &evn::EVN_PROVENANCE,
    &gt1::GT1_RELATED_PERSON,
    &iam::IAM_ALLERGY,
    &in1::IN1_COVERAGE,
    &in1::IN3_CARE_TEAM,
    &msh::MSA_MESSAGE_HEADER,
    &msh::MSH_BUNDLE,
    &msh::MSH_MESSAGE_HEADER,
    &msh::SFT_DEVICE,
    &msh::SFT_MESSAGE_HEADER,
    &nk1::NK1_PATIENT,
    &nk1::NK1_RELATED_PERSON,
    &nte::NTE_APPOINTMENT_COMMENT,
    &nte::NTE_DOCUMENT_REFERENCE,
    &nte::NTE_OBSERVATION,
    &nte::NTE_SERVICE_REQUEST,
    &obr::OBR_DIAGNOSTIC_REPORT,
    &obr::OBR_SPECIMEN,
    &obr::ORC_DIAGNOSTIC_REPORT,
    &obx::OBX_OBSERVATION,
    &obx::OBX_OBSERVATION_COMPONENT,
    &obx_document::OBX_DOCUMENT_REFERENCE,
    &obx_immunization::OBX_EDUCATION,
    &obx_immunization::OBX_IMMUNIZATION,
    &orc::OBR_SERVICE_REQUEST,
    &orc::ORC_PROVENANCE,
    &orc::ORC_SERVICE_REQUEST,
    &pd1::PD1_LIVING_WILL,
    &pd1::PD1_PATIENT,
    &pid::MRG_ACCOUNT,
    &pid::MRG_PATIENT,
    &pid::PID_ACCOUNT,
    &pid::PID_APPOINTMENT,
    &pid::PID_MOTHER,
    &pid::PID_PATIENT,
    &pid::PID_PROVENANCE,
    &pr1::PR1_PROCEDURE,
    &provenance::MSH_PROVENANCE_OPERATOR,
    &provenance::MSH_PROVENANCE_SOURCE,
    &provenance::MSH_PROVENANCE_TRANSFORMATION,
    &provenance::SCH_PROVENANCE,
    &provenance::TXA_PROVENANCE,
    &prt::PRT_CARE_TEAM,
    &prt::PRT_DEVICE,
    &prt::PRT_GENERAL_PRACTITIONER,
    &prt::PRT_GENERAL_PRACTITIONER_ROLE,
    &prt::PRT_OBSERVATION_LOCATION,
    &prt::PRT_PRACTITIONER_ROLE,
    &prt::PRT_RELATED_PERSON,
    &pv1::PV1_COVERAGE,
    &pv1::PV1_ENCOUNTER,
    &pv1::PV1_HISTORY,
    &pv1::PV1_PATIENT,
    &pv2::PV2_ENCOUNTER,
    &rol::ROL_CARE_TEAM,
    &rol::ROL_CARE_TEAM_PARTICIPANT,
    &rol::ROL_ENCOUNTER,
    &rol::ROL_ENCOUNTER_PRACTITIONER_ROLE,
    &rol::ROL_PATIENT_GENERAL_PRACTITIONER,
    &rol::ROL_RELATED_PERSON,
    &rxa::ORC_IMMUNIZATION,
    &rxa::RXA_IMMUNIZATION,
    &rxa::RXR_IMMUNIZATION,
    &rxo::ORC_MEDICATION_REQUEST,
    &rxo::RXO_MEDICATION,
    &rxo::RXO_MEDICATION_REQUEST,
    &rxo::RXR_MEDICATION_REQUEST,
    &rxo::TQ1_MEDICATION_REQUEST,
    &sch::SCH_APPOINTMENT,
    &sch::SCH_SERVICE_REQUEST,
    &sch::TQ1_APPOINTMENT,
    &spm::SPM_SPECIMEN,
    &tq1::TQ1_SERVICE_REQUEST,
    &txa::TXA_DOCUMENT_REFERENCE,
    &visit_status::MSH_ENCOUNTER,
];

/// Rows of the official guide that this map leaves out, and why.
pub(crate) static UNMAPPED: &[&[LeftOut]] = &[
    ais::LEFT_OUT,
    al1::LEFT_OUT,
    in1::LEFT_OUT,
    msh::LEFT_OUT,
    nte::LEFT_OUT,
    obr::LEFT_OUT,
    obx::LEFT_OUT,
    orc::LEFT_OUT,
    pid::LEFT_OUT,
    provenance::LEFT_OUT,
    prt::LEFT_OUT,
    pv1::LEFT_OUT,
    rol::LEFT_OUT,
    rxa::LEFT_OUT,
    rxo::LEFT_OUT,
    sch::LEFT_OUT,
    spm::LEFT_OUT,
    tq1::LEFT_OUT,
    txa::LEFT_OUT,
];

/// A row of the official guide that this map leaves out, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct LeftOut {
    /// The row: the name of its map, its field, its target.
    pub row: &'static str,
    /// Why.
    pub reason: &'static str,
}

pub(crate) const fn left(row: &'static str, reason: &'static str) -> LeftOut {
    LeftOut { row, reason }
}
