//! Code tables: E.
// Made by `cargo xtask codes` from `hl7-v2/codes`. Do not edit.

use super::system;
use crate::fhir::code::{CodeMap, Concept, NONE, Row, list, to};

/// Table 0003.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EventType {
    A01,
    A02,
    A03,
    A04,
    A05,
    A06,
    A07,
    A08,
    A09,
    A10,
    A11,
    A12,
    A13,
    A14,
    A15,
    A16,
    A17,
    A18,
    A19,
    A20,
    A21,
    A22,
    A23,
    A24,
    A25,
    A26,
    A27,
    A28,
    A29,
    A30,
    A31,
    A32,
    A33,
    A34,
    A35,
    A36,
    A37,
    A38,
    A39,
    A40,
    A41,
    A42,
    A43,
    A44,
    A45,
    A46,
    A47,
    A48,
    A49,
    A50,
    A51,
    A52,
    A53,
    A54,
    A55,
    A60,
    A61,
    A62,
    B01,
    B02,
    B03,
    B04,
    B05,
    B06,
    B07,
    B08,
    C01,
    C02,
    C03,
    C04,
    C05,
    C06,
    C07,
    C08,
    C09,
    C10,
    C11,
    C12,
    Cnq,
    E01,
    E02,
    E03,
    E04,
    E10,
    E12,
    E13,
    E15,
    E20,
    E21,
    E22,
    E24,
    E30,
    E31,
    I01,
    I02,
    I03,
    I04,
    I05,
    I06,
    I07,
    I08,
    I09,
    I10,
    I11,
    I12,
    I13,
    I14,
    I15,
    I16,
    I17,
    I18,
    I19,
    I20,
    I21,
    I22,
    J01,
    J02,
    K11,
    K13,
    K15,
    K21,
    K22,
    K23,
    K24,
    K25,
    K31,
    K32,
    K33,
    K34,
    M01,
    M02,
    M03,
    M04,
    M05,
    M06,
    M07,
    M08,
    M09,
    M10,
    M11,
    M12,
    M13,
    M14,
    M15,
    M16,
    M17,
    M18,
    N01,
    N02,
    O01,
    O02,
    O03,
    O04,
    O05,
    O06,
    O07,
    O08,
    O09,
    O10,
    O11,
    O12,
    O13,
    O14,
    O15,
    O16,
    O17,
    O18,
    O19,
    O20,
    O21,
    O22,
    O23,
    O24,
    O25,
    O26,
    O27,
    O28,
    O29,
    O30,
    O31,
    O32,
    O33,
    O34,
    O35,
    O36,
    O37,
    O38,
    O39,
    O40,
    O41,
    O42,
    O43,
    O44,
    O45,
    O46,
    O47,
    O48,
    O49,
    O50,
    O51,
    O52,
    O53,
    O54,
    O55,
    O56,
    O57,
    O58,
    O59,
    P01,
    P02,
    P03,
    P04,
    P05,
    P06,
    P07,
    P08,
    P09,
    P10,
    P11,
    P12,
    Pc1,
    Pc2,
    Pc3,
    Pc4,
    Pc5,
    Pc6,
    Pc7,
    Pc8,
    Pc9,
    Pca,
    Pcb,
    Pcc,
    Pcd,
    Pce,
    Pcf,
    Pcg,
    Pch,
    Pcj,
    Pck,
    Pcl,
    Q01,
    Q02,
    Q03,
    Q04,
    Q05,
    Q06,
    Q07,
    Q08,
    Q09,
    Q11,
    Q13,
    Q15,
    Q16,
    Q17,
    Q21,
    Q22,
    Q23,
    Q24,
    Q25,
    Q26,
    Q27,
    Q28,
    Q29,
    Q30,
    Q31,
    Q32,
    Q33,
    Q34,
    R01,
    R02,
    R03,
    R04,
    R05,
    R06,
    R07,
    R08,
    R09,
    R0r,
    R21,
    R22,
    R23,
    R24,
    R25,
    R26,
    R30,
    R31,
    R32,
    R33,
    R40,
    R41,
    R42,
    R43,
    Rar,
    Rdr,
    Rer,
    Rgr,
    Ror,
    S01,
    S02,
    S03,
    S04,
    S05,
    S06,
    S07,
    S08,
    S09,
    S10,
    S11,
    S12,
    S13,
    S14,
    S15,
    S16,
    S17,
    S18,
    S19,
    S20,
    S21,
    S22,
    S23,
    S24,
    S25,
    S26,
    S27,
    S28,
    S29,
    S30,
    S31,
    S32,
    S33,
    S34,
    S35,
    S36,
    S37,
    S38,
    S39,
    S40,
    S41,
    S42,
    S43,
    S44,
    S45,
    S46,
    S47,
    S48,
    S49,
    S50,
    S51,
    S52,
    T01,
    T02,
    T03,
    T04,
    T05,
    T06,
    T07,
    T08,
    T09,
    T10,
    T11,
    T12,
    U01,
    U02,
    U03,
    U04,
    U05,
    U06,
    U07,
    U08,
    U09,
    U10,
    U11,
    U12,
    U13,
    U14,
    V01,
    V02,
    V03,
    V04,
    Varies,
    W01,
    W02,
    X01,
}

static EVENT_TYPE_CODES: [Row<EventType, 3>; 383] = [
    Row::new(
        "A01",
        EventType::A01,
        [
            to(system::V2_0003, "A01", "ADT/ACK - Admit/visit notification"),
            to(system::ENCOUNTER_STATUS, "in-progress", "In Progress"),
            NONE,
        ],
    ),
    Row::new(
        "A02",
        EventType::A02,
        [
            to(system::V2_0003, "A02", "ADT/ACK - Transfer a patient"),
            to(system::ENCOUNTER_STATUS, "in-progress", "In Progress"),
            NONE,
        ],
    ),
    Row::new(
        "A03",
        EventType::A03,
        [
            to(system::V2_0003, "A03", "ADT/ACK - Discharge/end visit"),
            to(system::ENCOUNTER_STATUS, "finished", "Finished"),
            NONE,
        ],
    ),
    Row::new(
        "A04",
        EventType::A04,
        [
            to(system::V2_0003, "A04", "ADT/ACK - Register a patient"),
            to(system::ENCOUNTER_STATUS, "planned", "Planned"),
            NONE,
        ],
    ),
    Row::new(
        "A05",
        EventType::A05,
        [
            to(system::V2_0003, "A05", "ADT/ACK - Pre-admit a patient"),
            to(system::ENCOUNTER_STATUS, "planned", "Planned"),
            NONE,
        ],
    ),
    Row::new(
        "A06",
        EventType::A06,
        [to(system::V2_0003, "A06", "ADT/ACK - Change an outpatient to an inpatient"), NONE, NONE],
    ),
    Row::new(
        "A07",
        EventType::A07,
        [to(system::V2_0003, "A07", "ADT/ACK - Change an inpatient to an outpatient"), NONE, NONE],
    ),
    Row::new(
        "A08",
        EventType::A08,
        [
            to(system::V2_0003, "A08", "ADT/ACK - Update patient information"),
            to(system::ENCOUNTER_STATUS, "unknown", "Unknown"),
            NONE,
        ],
    ),
    Row::new(
        "A09",
        EventType::A09,
        [to(system::V2_0003, "A09", "ADT/ACK - Patient departing - tracking"), NONE, NONE],
    ),
    Row::new(
        "A10",
        EventType::A10,
        [to(system::V2_0003, "A10", "ADT/ACK - Patient arriving - tracking"), NONE, NONE],
    ),
    Row::new(
        "A11",
        EventType::A11,
        [
            to(system::V2_0003, "A11", "ADT/ACK - Cancel admit/visit notification"),
            to(system::ENCOUNTER_STATUS, "cancelled", "Cancelled"),
            NONE,
        ],
    ),
    Row::new("A12", EventType::A12, [to(system::V2_0003, "A12", "ADT/ACK - Cancel transfer"), NONE, NONE]),
    Row::new(
        "A13",
        EventType::A13,
        [
            to(system::V2_0003, "A13", "ADT/ACK - Cancel discharge/end visit"),
            to(system::ENCOUNTER_STATUS, "in-progress", "In Progress"),
            NONE,
        ],
    ),
    Row::new("A14", EventType::A14, [to(system::V2_0003, "A14", "ADT/ACK - Pending admit"), NONE, NONE]),
    Row::new("A15", EventType::A15, [to(system::V2_0003, "A15", "ADT/ACK - Pending transfer"), NONE, NONE]),
    Row::new("A16", EventType::A16, [to(system::V2_0003, "A16", "ADT/ACK - Pending discharge"), NONE, NONE]),
    Row::new("A17", EventType::A17, [to(system::V2_0003, "A17", "ADT/ACK - Swap patients"), NONE, NONE]),
    Row::new(
        "A18",
        EventType::A18,
        [to(system::V2_0003, "A18", "ADT/ACK - Merge patient information"), NONE, NONE],
    ),
    Row::new("A19", EventType::A19, [to(system::V2_0003, "A19", "QRY/ADR - Patient query"), NONE, NONE]),
    Row::new("A20", EventType::A20, [to(system::V2_0003, "A20", "ADT/ACK - Bed status update"), NONE, NONE]),
    Row::new(
        "A21",
        EventType::A21,
        [to(system::V2_0003, "A21", "ADT/ACK - Patient goes on a \"leave of absence\""), NONE, NONE],
    ),
    Row::new(
        "A22",
        EventType::A22,
        [to(system::V2_0003, "A22", "ADT/ACK - Patient returns from a \"leave of absence\""), NONE, NONE],
    ),
    Row::new(
        "A23",
        EventType::A23,
        [to(system::V2_0003, "A23", "ADT/ACK - Delete a patient record"), NONE, NONE],
    ),
    Row::new(
        "A24",
        EventType::A24,
        [to(system::V2_0003, "A24", "ADT/ACK - Link patient information"), NONE, NONE],
    ),
    Row::new(
        "A25",
        EventType::A25,
        [to(system::V2_0003, "A25", "ADT/ACK - Cancel pending discharge"), NONE, NONE],
    ),
    Row::new(
        "A26",
        EventType::A26,
        [to(system::V2_0003, "A26", "ADT/ACK - Cancel pending transfer"), NONE, NONE],
    ),
    Row::new(
        "A27",
        EventType::A27,
        [to(system::V2_0003, "A27", "ADT/ACK - Cancel pending admit"), NONE, NONE],
    ),
    Row::new(
        "A28",
        EventType::A28,
        [to(system::V2_0003, "A28", "ADT/ACK - Add person information"), NONE, NONE],
    ),
    Row::new(
        "A29",
        EventType::A29,
        [to(system::V2_0003, "A29", "ADT/ACK - Delete person information"), NONE, NONE],
    ),
    Row::new(
        "A30",
        EventType::A30,
        [to(system::V2_0003, "A30", "ADT/ACK - Merge person information"), NONE, NONE],
    ),
    Row::new(
        "A31",
        EventType::A31,
        [to(system::V2_0003, "A31", "ADT/ACK - Update person information"), NONE, NONE],
    ),
    Row::new(
        "A32",
        EventType::A32,
        [to(system::V2_0003, "A32", "ADT/ACK - Cancel patient arriving - tracking"), NONE, NONE],
    ),
    Row::new(
        "A33",
        EventType::A33,
        [to(system::V2_0003, "A33", "ADT/ACK - Cancel patient departing - tracking"), NONE, NONE],
    ),
    Row::new(
        "A34",
        EventType::A34,
        [to(system::V2_0003, "A34", "ADT/ACK - Merge patient information - patient ID only"), NONE, NONE],
    ),
    Row::new(
        "A35",
        EventType::A35,
        [to(system::V2_0003, "A35", "ADT/ACK - Merge patient information - account number only"), NONE, NONE],
    ),
    Row::new(
        "A36",
        EventType::A36,
        [
            to(system::V2_0003, "A36", "ADT/ACK - Merge patient information - patient ID and account number"),
            NONE,
            NONE,
        ],
    ),
    Row::new(
        "A37",
        EventType::A37,
        [to(system::V2_0003, "A37", "ADT/ACK - Unlink patient information"), NONE, NONE],
    ),
    Row::new("A38", EventType::A38, [to(system::V2_0003, "A38", "ADT/ACK - Cancel pre-admit"), NONE, NONE]),
    Row::new(
        "A39",
        EventType::A39,
        [to(system::V2_0003, "A39", "ADT/ACK - Merge person - patient ID"), NONE, NONE],
    ),
    Row::new(
        "A40",
        EventType::A40,
        [to(system::V2_0003, "A40", "ADT/ACK - Merge patient - patient identifier list"), NONE, NONE],
    ),
    Row::new(
        "A41",
        EventType::A41,
        [to(system::V2_0003, "A41", "ADT/ACK - Merge account - patient account number"), NONE, NONE],
    ),
    Row::new(
        "A42",
        EventType::A42,
        [to(system::V2_0003, "A42", "ADT/ACK - Merge visit - visit number"), NONE, NONE],
    ),
    Row::new(
        "A43",
        EventType::A43,
        [
            to(system::V2_0003, "A43", "ADT/ACK - Move patient information - patient identifier list"),
            NONE,
            NONE,
        ],
    ),
    Row::new(
        "A44",
        EventType::A44,
        [
            to(system::V2_0003, "A44", "ADT/ACK - Move account information - patient account number"),
            NONE,
            NONE,
        ],
    ),
    Row::new(
        "A45",
        EventType::A45,
        [to(system::V2_0003, "A45", "ADT/ACK - Move visit information - visit number"), NONE, NONE],
    ),
    Row::new("A46", EventType::A46, [to(system::V2_0003, "A46", "ADT/ACK - Change patient ID"), NONE, NONE]),
    Row::new(
        "A47",
        EventType::A47,
        [to(system::V2_0003, "A47", "ADT/ACK - Change patient identifier list"), NONE, NONE],
    ),
    Row::new(
        "A48",
        EventType::A48,
        [to(system::V2_0003, "A48", "ADT/ACK - Change alternate patient ID"), NONE, NONE],
    ),
    Row::new(
        "A49",
        EventType::A49,
        [to(system::V2_0003, "A49", "ADT/ACK - Change patient account number"), NONE, NONE],
    ),
    Row::new(
        "A50",
        EventType::A50,
        [to(system::V2_0003, "A50", "ADT/ACK - Change visit number"), NONE, NONE],
    ),
    Row::new(
        "A51",
        EventType::A51,
        [to(system::V2_0003, "A51", "ADT/ACK - Change alternate visit ID"), NONE, NONE],
    ),
    Row::new(
        "A52",
        EventType::A52,
        [to(system::V2_0003, "A52", "ADT/ACK - Cancel leave of absence for a patient"), NONE, NONE],
    ),
    Row::new(
        "A53",
        EventType::A53,
        [to(system::V2_0003, "A53", "ADT/ACK - Cancel patient returns from a leave of absence"), NONE, NONE],
    ),
    Row::new(
        "A54",
        EventType::A54,
        [to(system::V2_0003, "A54", "ADT/ACK - Change attending doctor"), NONE, NONE],
    ),
    Row::new(
        "A55",
        EventType::A55,
        [to(system::V2_0003, "A55", "ADT/ACK - Cancel change attending doctor"), NONE, NONE],
    ),
    Row::new(
        "A60",
        EventType::A60,
        [to(system::V2_0003, "A60", "ADT/ACK - Update allergy information"), NONE, NONE],
    ),
    Row::new(
        "A61",
        EventType::A61,
        [to(system::V2_0003, "A61", "ADT/ACK - Change consulting doctor"), NONE, NONE],
    ),
    Row::new(
        "A62",
        EventType::A62,
        [to(system::V2_0003, "A62", "ADT/ACK - Cancel change consulting doctor"), NONE, NONE],
    ),
    Row::new(
        "B01",
        EventType::B01,
        [to(system::V2_0003, "B01", "PMU/ACK - Add personnel record"), NONE, NONE],
    ),
    Row::new(
        "B02",
        EventType::B02,
        [to(system::V2_0003, "B02", "PMU/ACK - Update personnel record"), NONE, NONE],
    ),
    Row::new(
        "B03",
        EventType::B03,
        [to(system::V2_0003, "B03", "PMU/ACK - Delete personnel re cord"), NONE, NONE],
    ),
    Row::new(
        "B04",
        EventType::B04,
        [to(system::V2_0003, "B04", "PMU/ACK - Active practicing person"), NONE, NONE],
    ),
    Row::new(
        "B05",
        EventType::B05,
        [to(system::V2_0003, "B05", "PMU/ACK - Deactivate practicing person"), NONE, NONE],
    ),
    Row::new(
        "B06",
        EventType::B06,
        [to(system::V2_0003, "B06", "PMU/ACK - Terminate practicing person"), NONE, NONE],
    ),
    Row::new(
        "B07",
        EventType::B07,
        [to(system::V2_0003, "B07", "PMU/ACK - Grant Certificate/Permission"), NONE, NONE],
    ),
    Row::new(
        "B08",
        EventType::B08,
        [to(system::V2_0003, "B08", "PMU/ACK - Revoke Certificate/Permission"), NONE, NONE],
    ),
    Row::new(
        "C01",
        EventType::C01,
        [to(system::V2_0003, "C01", "CRM - Register a patient on a clinical trial"), NONE, NONE],
    ),
    Row::new(
        "C02",
        EventType::C02,
        [
            to(
                system::V2_0003,
                "C02",
                "CRM - Cancel a patient registration on clinical trial (for clerical mistakes only)",
            ),
            NONE,
            NONE,
        ],
    ),
    Row::new(
        "C03",
        EventType::C03,
        [to(system::V2_0003, "C03", "CRM - Correct/update registration information"), NONE, NONE],
    ),
    Row::new(
        "C04",
        EventType::C04,
        [to(system::V2_0003, "C04", "CRM - Patient has gone off a clinical trial"), NONE, NONE],
    ),
    Row::new(
        "C05",
        EventType::C05,
        [to(system::V2_0003, "C05", "CRM - Patient enters phase of clinical trial"), NONE, NONE],
    ),
    Row::new(
        "C06",
        EventType::C06,
        [to(system::V2_0003, "C06", "CRM - Cancel patient entering a phase (clerical mistake)"), NONE, NONE],
    ),
    Row::new(
        "C07",
        EventType::C07,
        [to(system::V2_0003, "C07", "CRM - Correct/update phase information"), NONE, NONE],
    ),
    Row::new(
        "C08",
        EventType::C08,
        [to(system::V2_0003, "C08", "CRM - Patient has gone off phase of clinical trial"), NONE, NONE],
    ),
    Row::new(
        "C09",
        EventType::C09,
        [
            to(system::V2_0003, "C09", "CSU - Automated time intervals for reporting, like monthly"),
            NONE,
            NONE,
        ],
    ),
    Row::new(
        "C10",
        EventType::C10,
        [to(system::V2_0003, "C10", "CSU - Patient completes the clinical trial"), NONE, NONE],
    ),
    Row::new(
        "C11",
        EventType::C11,
        [to(system::V2_0003, "C11", "CSU - Patient completes a phase of the clinical trial"), NONE, NONE],
    ),
    Row::new(
        "C12",
        EventType::C12,
        [
            to(system::V2_0003, "C12", "CSU - Update/correction of patient order/result information"),
            NONE,
            NONE,
        ],
    ),
    Row::new("CNQ", EventType::Cnq, [to(system::V2_0003, "CNQ", "Cancel Query"), NONE, NONE]),
    Row::new(
        "E01",
        EventType::E01,
        [to(system::V2_0003, "E01", "Submit HealthCare Services Invoice"), NONE, NONE],
    ),
    Row::new(
        "E02",
        EventType::E02,
        [to(system::V2_0003, "E02", "Cancel HealthCare Services Invoice"), NONE, NONE],
    ),
    Row::new(
        "E03",
        EventType::E03,
        [to(system::V2_0003, "E03", "HealthCare Services Invoice Status"), NONE, NONE],
    ),
    Row::new(
        "E04",
        EventType::E04,
        [to(system::V2_0003, "E04", "Re-Assess HealthCare Services Invoice Request"), NONE, NONE],
    ),
    Row::new("E10", EventType::E10, [to(system::V2_0003, "E10", "Edit/Adjudication Results"), NONE, NONE]),
    Row::new(
        "E12",
        EventType::E12,
        [to(system::V2_0003, "E12", "Request Additional Information"), NONE, NONE],
    ),
    Row::new(
        "E13",
        EventType::E13,
        [to(system::V2_0003, "E13", "Additional Information Response"), NONE, NONE],
    ),
    Row::new("E15", EventType::E15, [to(system::V2_0003, "E15", "Payment/Remittance Advice"), NONE, NONE]),
    Row::new("E20", EventType::E20, [to(system::V2_0003, "E20", "Submit Authorization Request"), NONE, NONE]),
    Row::new("E21", EventType::E21, [to(system::V2_0003, "E21", "Cancel Authorization Request"), NONE, NONE]),
    Row::new("E22", EventType::E22, [to(system::V2_0003, "E22", "Authorization Request Status"), NONE, NONE]),
    Row::new("E24", EventType::E24, [to(system::V2_0003, "E24", "Authorization Response"), NONE, NONE]),
    Row::new(
        "E30",
        EventType::E30,
        [to(system::V2_0003, "E30", "Submit Health Document related to Authorization Request"), NONE, NONE],
    ),
    Row::new(
        "E31",
        EventType::E31,
        [to(system::V2_0003, "E31", "Cancel Health Document related to Authorization Request"), NONE, NONE],
    ),
    Row::new(
        "I01",
        EventType::I01,
        [to(system::V2_0003, "I01", "RQI/RPI - Request for insurance information"), NONE, NONE],
    ),
    Row::new(
        "I02",
        EventType::I02,
        [
            to(system::V2_0003, "I02", "RQI/RPL - Request/receipt of patient selection display list"),
            NONE,
            NONE,
        ],
    ),
    Row::new(
        "I03",
        EventType::I03,
        [to(system::V2_0003, "I03", "RQI/RPR - Request/receipt of patient selection list"), NONE, NONE],
    ),
    Row::new(
        "I04",
        EventType::I04,
        [to(system::V2_0003, "I04", "RQD/RPI - Request for patient demographic data"), NONE, NONE],
    ),
    Row::new(
        "I05",
        EventType::I05,
        [to(system::V2_0003, "I05", "RQC/RCI - Request for patient clinical information"), NONE, NONE],
    ),
    Row::new(
        "I06",
        EventType::I06,
        [to(system::V2_0003, "I06", "RQC/RCL - Request/receipt of clinical data listing"), NONE, NONE],
    ),
    Row::new(
        "I07",
        EventType::I07,
        [to(system::V2_0003, "I07", "PIN/ACK - Unsolicited insurance information"), NONE, NONE],
    ),
    Row::new(
        "I08",
        EventType::I08,
        [to(system::V2_0003, "I08", "RQA/RPA - Request for treatment authorization information"), NONE, NONE],
    ),
    Row::new(
        "I09",
        EventType::I09,
        [to(system::V2_0003, "I09", "RQA/RPA - Request for modification to an authorization"), NONE, NONE],
    ),
    Row::new(
        "I10",
        EventType::I10,
        [to(system::V2_0003, "I10", "RQA/RPA - Request for resubmission of an authorization"), NONE, NONE],
    ),
    Row::new(
        "I11",
        EventType::I11,
        [to(system::V2_0003, "I11", "RQA/RPA - Request for cancellation of an authorization"), NONE, NONE],
    ),
    Row::new("I12", EventType::I12, [to(system::V2_0003, "I12", "REF/RRI - Patient referral"), NONE, NONE]),
    Row::new(
        "I13",
        EventType::I13,
        [to(system::V2_0003, "I13", "REF/RRI - Modify patient referral"), NONE, NONE],
    ),
    Row::new(
        "I14",
        EventType::I14,
        [to(system::V2_0003, "I14", "REF/RRI - Cancel patient referral"), NONE, NONE],
    ),
    Row::new(
        "I15",
        EventType::I15,
        [to(system::V2_0003, "I15", "REF/RRI - Request patient referral status"), NONE, NONE],
    ),
    Row::new("I16", EventType::I16, [to(system::V2_0003, "I16", "Collaborative Care Referral"), NONE, NONE]),
    Row::new(
        "I17",
        EventType::I17,
        [to(system::V2_0003, "I17", "Modify Collaborative Care Referral"), NONE, NONE],
    ),
    Row::new(
        "I18",
        EventType::I18,
        [to(system::V2_0003, "I18", "Cancel Collaborative Care Referral"), NONE, NONE],
    ),
    Row::new(
        "I19",
        EventType::I19,
        [to(system::V2_0003, "I19", "Collaborative Care Query/Collaborative Care Query Update"), NONE, NONE],
    ),
    Row::new(
        "I20",
        EventType::I20,
        [to(system::V2_0003, "I20", "Asynchronous Collaborative Care Update"), NONE, NONE],
    ),
    Row::new("I21", EventType::I21, [to(system::V2_0003, "I21", "Collaborative Care Message"), NONE, NONE]),
    Row::new(
        "I22",
        EventType::I22,
        [to(system::V2_0003, "I22", "Collaborative Care Fetch / Collaborative Care Information"), NONE, NONE],
    ),
    Row::new(
        "J01",
        EventType::J01,
        [to(system::V2_0003, "J01", "QCN/ACK - Cancel query/acknowledge message"), NONE, NONE],
    ),
    Row::new(
        "J02",
        EventType::J02,
        [to(system::V2_0003, "J02", "QSX/ACK - Cancel subscription/acknowledge message"), NONE, NONE],
    ),
    Row::new(
        "K11",
        EventType::K11,
        [to(system::V2_0003, "K11", "RSP - Segment pattern response in response to QBP^Q11"), NONE, NONE],
    ),
    Row::new(
        "K13",
        EventType::K13,
        [to(system::V2_0003, "K13", "RTB - Tabular response in response to QBP^Q13"), NONE, NONE],
    ),
    Row::new(
        "K15",
        EventType::K15,
        [to(system::V2_0003, "K15", "RDY - Display response in response to QBP^Q15"), NONE, NONE],
    ),
    Row::new(
        "K21",
        EventType::K21,
        [to(system::V2_0003, "K21", "RSP - Get person demographics response"), NONE, NONE],
    ),
    Row::new(
        "K22",
        EventType::K22,
        [to(system::V2_0003, "K22", "RSP - Find candidates response"), NONE, NONE],
    ),
    Row::new(
        "K23",
        EventType::K23,
        [to(system::V2_0003, "K23", "RSP - Get corresponding identifiers response"), NONE, NONE],
    ),
    Row::new(
        "K24",
        EventType::K24,
        [to(system::V2_0003, "K24", "RSP - Allocate identifiers response"), NONE, NONE],
    ),
    Row::new(
        "K25",
        EventType::K25,
        [to(system::V2_0003, "K25", "RSP - Personnel Information by Segment Response"), NONE, NONE],
    ),
    Row::new(
        "K31",
        EventType::K31,
        [to(system::V2_0003, "K31", "RSP -Dispense History Response"), NONE, NONE],
    ),
    Row::new(
        "K32",
        EventType::K32,
        [to(system::V2_0003, "K32", "Find Candidates including Visit Information Response"), NONE, NONE],
    ),
    Row::new(
        "K33",
        EventType::K33,
        [to(system::V2_0003, "K33", "Get Donor Record Candidates Response Message"), NONE, NONE],
    ),
    Row::new(
        "K34",
        EventType::K34,
        [to(system::V2_0003, "K34", "Segment Pattern Response Message"), NONE, NONE],
    ),
    Row::new(
        "M01",
        EventType::M01,
        [to(system::V2_0003, "M01", "MFN/MFK - Master file not otherwise specified"), NONE, NONE],
    ),
    Row::new(
        "M02",
        EventType::M02,
        [to(system::V2_0003, "M02", "MFN/MFK - Master file - staff practitioner"), NONE, NONE],
    ),
    Row::new(
        "M03",
        EventType::M03,
        [to(system::V2_0003, "M03", "MFN/MFK - Master file - test/observation"), NONE, NONE],
    ),
    Row::new(
        "M04",
        EventType::M04,
        [to(system::V2_0003, "M04", "MFN/MFK - Master files charge description"), NONE, NONE],
    ),
    Row::new(
        "M05",
        EventType::M05,
        [to(system::V2_0003, "M05", "MFN/MFK - Patient location master file"), NONE, NONE],
    ),
    Row::new(
        "M06",
        EventType::M06,
        [
            to(system::V2_0003, "M06", "MFN/MFK - Clinical study with phases and schedules master file"),
            NONE,
            NONE,
        ],
    ),
    Row::new(
        "M07",
        EventType::M07,
        [
            to(
                system::V2_0003,
                "M07",
                "MFN/MFK - Clinical study without phases but with schedules master file",
            ),
            NONE,
            NONE,
        ],
    ),
    Row::new(
        "M08",
        EventType::M08,
        [to(system::V2_0003, "M08", "MFN/MFK - Test/observation (numeric) master file"), NONE, NONE],
    ),
    Row::new(
        "M09",
        EventType::M09,
        [to(system::V2_0003, "M09", "MFN/MFK - Test/observation (categorical) master file"), NONE, NONE],
    ),
    Row::new(
        "M10",
        EventType::M10,
        [to(system::V2_0003, "M10", "MFN/MFK - Test /observation batteries master file"), NONE, NONE],
    ),
    Row::new(
        "M11",
        EventType::M11,
        [to(system::V2_0003, "M11", "MFN/MFK - Test/calculated observations master file"), NONE, NONE],
    ),
    Row::new(
        "M12",
        EventType::M12,
        [to(system::V2_0003, "M12", "MFN/MFK - Master file notification message"), NONE, NONE],
    ),
    Row::new(
        "M13",
        EventType::M13,
        [to(system::V2_0003, "M13", "MFN/MFK - Master file notification - general"), NONE, NONE],
    ),
    Row::new(
        "M14",
        EventType::M14,
        [to(system::V2_0003, "M14", "MFN/MFK - Master file notification - site defined"), NONE, NONE],
    ),
    Row::new(
        "M15",
        EventType::M15,
        [to(system::V2_0003, "M15", "MFN/MFK - Inventory item master file notification"), NONE, NONE],
    ),
    Row::new(
        "M16",
        EventType::M16,
        [
            to(system::V2_0003, "M16", "MFN/MFK - Master File Notification Inventory Item Enhanced"),
            NONE,
            NONE,
        ],
    ),
    Row::new("M17", EventType::M17, [to(system::V2_0003, "M17", "DRG Master File Message"), NONE, NONE]),
    Row::new(
        "M18",
        EventType::M18,
        [
            to(system::V2_0003, "M18", "MFN/MFK - Master file notification - Test/Observation (Payer)"),
            NONE,
            NONE,
        ],
    ),
    Row::new(
        "N01",
        EventType::N01,
        [to(system::V2_0003, "N01", "NMQ/NMR - Application management query message"), NONE, NONE],
    ),
    Row::new(
        "N02",
        EventType::N02,
        [
            to(system::V2_0003, "N02", "NMD/ACK - Application management data message (unsolicited)"),
            NONE,
            NONE,
        ],
    ),
    Row::new(
        "O01",
        EventType::O01,
        [to(system::V2_0003, "O01", "ORM - Order message (also RDE, RDS, RGV, RAS)"), NONE, NONE],
    ),
    Row::new(
        "O02",
        EventType::O02,
        [to(system::V2_0003, "O02", "ORR - Order response (also RRE, RRD, RRG, RRA)"), NONE, NONE],
    ),
    Row::new("O03", EventType::O03, [to(system::V2_0003, "O03", "OMD - Diet order"), NONE, NONE]),
    Row::new(
        "O04",
        EventType::O04,
        [to(system::V2_0003, "O04", "ORD - Diet order acknowledgment"), NONE, NONE],
    ),
    Row::new(
        "O05",
        EventType::O05,
        [to(system::V2_0003, "O05", "OMS - Stock requisition order"), NONE, NONE],
    ),
    Row::new(
        "O06",
        EventType::O06,
        [to(system::V2_0003, "O06", "ORS - Stock requisition acknowledgment"), NONE, NONE],
    ),
    Row::new(
        "O07",
        EventType::O07,
        [to(system::V2_0003, "O07", "OMN - Non-stock requisition order"), NONE, NONE],
    ),
    Row::new(
        "O08",
        EventType::O08,
        [to(system::V2_0003, "O08", "ORN - Non-stock requisition acknowledgment"), NONE, NONE],
    ),
    Row::new(
        "O09",
        EventType::O09,
        [to(system::V2_0003, "O09", "OMP - Pharmacy/treatment order"), NONE, NONE],
    ),
    Row::new(
        "O10",
        EventType::O10,
        [to(system::V2_0003, "O10", "ORP - Pharmacy/treatment order acknowledgment"), NONE, NONE],
    ),
    Row::new(
        "O11",
        EventType::O11,
        [to(system::V2_0003, "O11", "RDE - Pharmacy/treatment encoded order"), NONE, NONE],
    ),
    Row::new(
        "O12",
        EventType::O12,
        [to(system::V2_0003, "O12", "RRE - Pharmacy/treatment encoded order acknowledgment"), NONE, NONE],
    ),
    Row::new(
        "O13",
        EventType::O13,
        [to(system::V2_0003, "O13", "RDS - Pharmacy/treatment dispense"), NONE, NONE],
    ),
    Row::new(
        "O14",
        EventType::O14,
        [to(system::V2_0003, "O14", "RRD - Pharmacy/treatment dispense acknowledgment"), NONE, NONE],
    ),
    Row::new(
        "O15",
        EventType::O15,
        [to(system::V2_0003, "O15", "RGV - Pharmacy/treatment give"), NONE, NONE],
    ),
    Row::new(
        "O16",
        EventType::O16,
        [to(system::V2_0003, "O16", "RRG - Pharmacy/treatment give acknowledgment"), NONE, NONE],
    ),
    Row::new(
        "O17",
        EventType::O17,
        [to(system::V2_0003, "O17", "RAS - Pharmacy/treatment administration"), NONE, NONE],
    ),
    Row::new(
        "O18",
        EventType::O18,
        [to(system::V2_0003, "O18", "RRA - Pharmacy/treatment administration acknowledgment"), NONE, NONE],
    ),
    Row::new("O19", EventType::O19, [to(system::V2_0003, "O19", "OMG - General clinical order"), NONE, NONE]),
    Row::new(
        "O20",
        EventType::O20,
        [to(system::V2_0003, "O20", "ORG/ORL - General clinical order response"), NONE, NONE],
    ),
    Row::new("O21", EventType::O21, [to(system::V2_0003, "O21", "OML - Laboratory order"), NONE, NONE]),
    Row::new(
        "O22",
        EventType::O22,
        [
            to(system::V2_0003, "O22", "ORL - General laboratory order response message to any OML"),
            NONE,
            NONE,
        ],
    ),
    Row::new("O23", EventType::O23, [to(system::V2_0003, "O23", "OMI - Imaging order"), NONE, NONE]),
    Row::new(
        "O24",
        EventType::O24,
        [to(system::V2_0003, "O24", "ORI - Imaging order response message to any OMI"), NONE, NONE],
    ),
    Row::new(
        "O25",
        EventType::O25,
        [to(system::V2_0003, "O25", "RDE - Pharmacy/treatment refill authorization request"), NONE, NONE],
    ),
    Row::new(
        "O26",
        EventType::O26,
        [
            to(system::V2_0003, "O26", "RRE - Pharmacy/Treatment Refill Authorization Acknowledgement"),
            NONE,
            NONE,
        ],
    ),
    Row::new("O27", EventType::O27, [to(system::V2_0003, "O27", "OMB - Blood product order"), NONE, NONE]),
    Row::new(
        "O28",
        EventType::O28,
        [to(system::V2_0003, "O28", "ORB - Blood product order acknowledgment"), NONE, NONE],
    ),
    Row::new(
        "O29",
        EventType::O29,
        [to(system::V2_0003, "O29", "BPS - Blood product dispense status"), NONE, NONE],
    ),
    Row::new(
        "O30",
        EventType::O30,
        [to(system::V2_0003, "O30", "BRP - Blood product dispense status acknowledgment"), NONE, NONE],
    ),
    Row::new(
        "O31",
        EventType::O31,
        [to(system::V2_0003, "O31", "BTS - Blood product transfusion/disposition"), NONE, NONE],
    ),
    Row::new(
        "O32",
        EventType::O32,
        [
            to(system::V2_0003, "O32", "BRT - Blood product transfusion/disposition acknowledgment"),
            NONE,
            NONE,
        ],
    ),
    Row::new(
        "O33",
        EventType::O33,
        [
            to(
                system::V2_0003,
                "O33",
                "OML - Laboratory order for multiple orders related to a single specimen",
            ),
            NONE,
            NONE,
        ],
    ),
    Row::new(
        "O34",
        EventType::O34,
        [
            to(
                system::V2_0003,
                "O34",
                "ORL - Laboratory order response message to a multiple order related to single specimen OML",
            ),
            NONE,
            NONE,
        ],
    ),
    Row::new(
        "O35",
        EventType::O35,
        [
            to(
                system::V2_0003,
                "O35",
                "OML - Laboratory order for multiple orders related to a single container of a specimen",
            ),
            NONE,
            NONE,
        ],
    ),
    Row::new(
        "O36",
        EventType::O36,
        [
            to(
                system::V2_0003,
                "O36",
                "ORL - Laboratory order response message to a single container of a specimen OML",
            ),
            NONE,
            NONE,
        ],
    ),
    Row::new(
        "O37",
        EventType::O37,
        [to(system::V2_0003, "O37", "OPL - Population/Location-Based Laboratory Order Message"), NONE, NONE],
    ),
    Row::new(
        "O38",
        EventType::O38,
        [
            to(
                system::V2_0003,
                "O38",
                "OPR - Population/Location-Based Laboratory Order Acknowledgment Message",
            ),
            NONE,
            NONE,
        ],
    ),
    Row::new(
        "O39",
        EventType::O39,
        [to(system::V2_0003, "O39", "Specimen shipment centric laboratory order"), NONE, NONE],
    ),
    Row::new(
        "O40",
        EventType::O40,
        [
            to(system::V2_0003, "O40", "Specimen Shipment Centric Laboratory Order Acknowledgment Message"),
            NONE,
            NONE,
        ],
    ),
    Row::new(
        "O41",
        EventType::O41,
        [to(system::V2_0003, "O41", "DBC - Create Donor Record Message"), NONE, NONE],
    ),
    Row::new(
        "O42",
        EventType::O42,
        [to(system::V2_0003, "O42", "DBU - Update Donor Record Message"), NONE, NONE],
    ),
    Row::new(
        "O43",
        EventType::O43,
        [
            to(system::V2_0003, "O43", "General Order Message with Document Payload Acknowledgement Message"),
            NONE,
            NONE,
        ],
    ),
    Row::new(
        "O44",
        EventType::O44,
        [to(system::V2_0003, "O44", "Donor Registration - Minimal Message"), NONE, NONE],
    ),
    Row::new(
        "O45",
        EventType::O45,
        [to(system::V2_0003, "O45", "Donor Eligibility Observations Message"), NONE, NONE],
    ),
    Row::new("O46", EventType::O46, [to(system::V2_0003, "O46", "Donor Eligiblity Message"), NONE, NONE]),
    Row::new(
        "O47",
        EventType::O47,
        [to(system::V2_0003, "O47", "Donor Request to Collect Message"), NONE, NONE],
    ),
    Row::new("O48", EventType::O48, [to(system::V2_0003, "O48", "Donation Procedure Message"), NONE, NONE]),
    Row::new(
        "O49",
        EventType::O49,
        [to(system::V2_0003, "O49", "Pharmacy/Treatment Dispense Request Message"), NONE, NONE],
    ),
    Row::new(
        "O50",
        EventType::O50,
        [to(system::V2_0003, "O50", "Pharmacy/Treatment Encoded Order Acknowledgment"), NONE, NONE],
    ),
    Row::new("O51", EventType::O51, [to(system::V2_0003, "O51", "OSU - Order Status Update"), NONE, NONE]),
    Row::new(
        "O52",
        EventType::O52,
        [to(system::V2_0003, "O52", "OSU - Order Status Update Acknowledgement"), NONE, NONE],
    ),
    Row::new(
        "O53",
        EventType::O53,
        [
            to(
                system::V2_0003,
                "O53",
                "ORL - General Laboratory Order Acknowledgment Message (Patient Optional)",
            ),
            NONE,
            NONE,
        ],
    ),
    Row::new(
        "O54",
        EventType::O54,
        [
            to(
                system::V2_0003,
                "O54",
                "ORL - Laboratory Order Acknowledgment Message - Multiple Order Per Specimen (Patient Optional)",
            ),
            NONE,
            NONE,
        ],
    ),
    Row::new(
        "O55",
        EventType::O55,
        [
            to(
                system::V2_0003,
                "O55",
                "ORL - Laboratory Order Acknowledgment Message - Multiple Order Per Container of Specimen (Patient Optional)",
            ),
            NONE,
            NONE,
        ],
    ),
    Row::new(
        "O56",
        EventType::O56,
        [
            to(
                system::V2_0003,
                "O56",
                "ORL - Specimen Shipment Centric Laboratory Order Acknowledgment Message (Patient Optional)",
            ),
            NONE,
            NONE,
        ],
    ),
    Row::new(
        "O57",
        EventType::O57,
        [to(system::V2_0003, "O57", "OMQ- General Order Message with Document Payload"), NONE, NONE],
    ),
    Row::new(
        "O58",
        EventType::O58,
        [
            to(
                system::V2_0003,
                "O58",
                "ORX - General Order Message with Document Payload Acknowledgement Message",
            ),
            NONE,
            NONE,
        ],
    ),
    Row::new(
        "O59",
        EventType::O59,
        [to(system::V2_0003, "O59", "OML - Laboratory order for additional work up"), NONE, NONE],
    ),
    Row::new(
        "P01",
        EventType::P01,
        [to(system::V2_0003, "P01", "BAR/ACK - Add patient accounts"), NONE, NONE],
    ),
    Row::new(
        "P02",
        EventType::P02,
        [to(system::V2_0003, "P02", "BAR/ACK - Purge patient accounts"), NONE, NONE],
    ),
    Row::new(
        "P03",
        EventType::P03,
        [to(system::V2_0003, "P03", "DFT/ACK - Post detail financial transaction"), NONE, NONE],
    ),
    Row::new(
        "P04",
        EventType::P04,
        [to(system::V2_0003, "P04", "QRY/DSP - Generate bill and A/R statements"), NONE, NONE],
    ),
    Row::new("P05", EventType::P05, [to(system::V2_0003, "P05", "BAR/ACK - Update account"), NONE, NONE]),
    Row::new("P06", EventType::P06, [to(system::V2_0003, "P06", "BAR/ACK - End account"), NONE, NONE]),
    Row::new(
        "P07",
        EventType::P07,
        [
            to(system::V2_0003, "P07", "PEX - Unsolicited initial individual product experience report"),
            NONE,
            NONE,
        ],
    ),
    Row::new(
        "P08",
        EventType::P08,
        [
            to(system::V2_0003, "P08", "PEX - Unsolicited update individual product experience report"),
            NONE,
            NONE,
        ],
    ),
    Row::new(
        "P09",
        EventType::P09,
        [to(system::V2_0003, "P09", "SUR - Summary product experience report"), NONE, NONE],
    ),
    Row::new(
        "P10",
        EventType::P10,
        [to(system::V2_0003, "P10", "BAR/ACK -Transmit Ambulatory Payment Classification(APC)"), NONE, NONE],
    ),
    Row::new(
        "P11",
        EventType::P11,
        [to(system::V2_0003, "P11", "DFT/ACK - Post Detail Financial Transactions - New"), NONE, NONE],
    ),
    Row::new(
        "P12",
        EventType::P12,
        [to(system::V2_0003, "P12", "BAR/ACK - Update Diagnosis/Procedure"), NONE, NONE],
    ),
    Row::new("PC1", EventType::Pc1, [to(system::V2_0003, "PC1", "PPR - PC/ problem add"), NONE, NONE]),
    Row::new("PC2", EventType::Pc2, [to(system::V2_0003, "PC2", "PPR - PC/ problem update"), NONE, NONE]),
    Row::new("PC3", EventType::Pc3, [to(system::V2_0003, "PC3", "PPR - PC/ problem delete"), NONE, NONE]),
    Row::new("PC4", EventType::Pc4, [to(system::V2_0003, "PC4", "QRY - PC/ problem query"), NONE, NONE]),
    Row::new("PC5", EventType::Pc5, [to(system::V2_0003, "PC5", "PRR - PC/ problem response"), NONE, NONE]),
    Row::new("PC6", EventType::Pc6, [to(system::V2_0003, "PC6", "PGL - PC/ goal add"), NONE, NONE]),
    Row::new("PC7", EventType::Pc7, [to(system::V2_0003, "PC7", "PGL - PC/ goal update"), NONE, NONE]),
    Row::new("PC8", EventType::Pc8, [to(system::V2_0003, "PC8", "PGL - PC/ goal delete"), NONE, NONE]),
    Row::new("PC9", EventType::Pc9, [to(system::V2_0003, "PC9", "QRY - PC/ goal query"), NONE, NONE]),
    Row::new("PCA", EventType::Pca, [to(system::V2_0003, "PCA", "PPV - PC/ goal response"), NONE, NONE]),
    Row::new(
        "PCB",
        EventType::Pcb,
        [to(system::V2_0003, "PCB", "PPP - PC/ pathway (problem-oriented) add"), NONE, NONE],
    ),
    Row::new(
        "PCC",
        EventType::Pcc,
        [to(system::V2_0003, "PCC", "PPP - PC/ pathway (problem-oriented) update"), NONE, NONE],
    ),
    Row::new(
        "PCD",
        EventType::Pcd,
        [to(system::V2_0003, "PCD", "PPP - PC/ pathway (problem-oriented) delete"), NONE, NONE],
    ),
    Row::new(
        "PCE",
        EventType::Pce,
        [to(system::V2_0003, "PCE", "QRY - PC/ pathway (problem-oriented) query"), NONE, NONE],
    ),
    Row::new(
        "PCF",
        EventType::Pcf,
        [to(system::V2_0003, "PCF", "PTR - PC/ pathway (problem-oriented) query response"), NONE, NONE],
    ),
    Row::new(
        "PCG",
        EventType::Pcg,
        [to(system::V2_0003, "PCG", "PPG - PC/ pathway (goal-oriented) add"), NONE, NONE],
    ),
    Row::new(
        "PCH",
        EventType::Pch,
        [to(system::V2_0003, "PCH", "PPG - PC/ pathway (goal-oriented) update"), NONE, NONE],
    ),
    Row::new(
        "PCJ",
        EventType::Pcj,
        [to(system::V2_0003, "PCJ", "PPG - PC/ pathway (goal-oriented) delete"), NONE, NONE],
    ),
    Row::new(
        "PCK",
        EventType::Pck,
        [to(system::V2_0003, "PCK", "QRY - PC/ pathway (goal-oriented) query"), NONE, NONE],
    ),
    Row::new(
        "PCL",
        EventType::Pcl,
        [to(system::V2_0003, "PCL", "PPT - PC/ pathway (goal-oriented) query response"), NONE, NONE],
    ),
    Row::new(
        "Q01",
        EventType::Q01,
        [to(system::V2_0003, "Q01", "QRY/DSR - Query sent for immediate response"), NONE, NONE],
    ),
    Row::new(
        "Q02",
        EventType::Q02,
        [to(system::V2_0003, "Q02", "QRY/QCK - Query sent for deferred response"), NONE, NONE],
    ),
    Row::new(
        "Q03",
        EventType::Q03,
        [to(system::V2_0003, "Q03", "DSR/ACK - Deferred response to a query"), NONE, NONE],
    ),
    Row::new(
        "Q04",
        EventType::Q04,
        [to(system::V2_0003, "Q04", "EQQ - Embedded query language query"), NONE, NONE],
    ),
    Row::new(
        "Q05",
        EventType::Q05,
        [to(system::V2_0003, "Q05", "UDM/ACK - Unsolicited display update message"), NONE, NONE],
    ),
    Row::new(
        "Q06",
        EventType::Q06,
        [to(system::V2_0003, "Q06", "OSQ/OSR - Query for order status"), NONE, NONE],
    ),
    Row::new("Q07", EventType::Q07, [to(system::V2_0003, "Q07", "VQQ - Virtual table query"), NONE, NONE]),
    Row::new(
        "Q08",
        EventType::Q08,
        [to(system::V2_0003, "Q08", "SPQ - Stored procedure request"), NONE, NONE],
    ),
    Row::new("Q09", EventType::Q09, [to(system::V2_0003, "Q09", "RQQ - event replay query"), NONE, NONE]),
    Row::new(
        "Q11",
        EventType::Q11,
        [
            to(system::V2_0003, "Q11", "QBP - Query by parameter requesting an RSP segment pattern response"),
            NONE,
            NONE,
        ],
    ),
    Row::new(
        "Q13",
        EventType::Q13,
        [
            to(system::V2_0003, "Q13", "QBP - Query by parameter requesting an RTB - tabular response"),
            NONE,
            NONE,
        ],
    ),
    Row::new(
        "Q15",
        EventType::Q15,
        [
            to(system::V2_0003, "Q15", "QBP - Query by parameter requesting an RDY display response"),
            NONE,
            NONE,
        ],
    ),
    Row::new("Q16", EventType::Q16, [to(system::V2_0003, "Q16", "QSB - Create subscription"), NONE, NONE]),
    Row::new(
        "Q17",
        EventType::Q17,
        [to(system::V2_0003, "Q17", "QVR - Query for previous events"), NONE, NONE],
    ),
    Row::new(
        "Q21",
        EventType::Q21,
        [to(system::V2_0003, "Q21", "QBP - Get person demographics"), NONE, NONE],
    ),
    Row::new("Q22", EventType::Q22, [to(system::V2_0003, "Q22", "QBP - Find candidates"), NONE, NONE]),
    Row::new(
        "Q23",
        EventType::Q23,
        [to(system::V2_0003, "Q23", "QBP - Get corresponding identifiers"), NONE, NONE],
    ),
    Row::new("Q24", EventType::Q24, [to(system::V2_0003, "Q24", "QBP - Allocate identifiers"), NONE, NONE]),
    Row::new(
        "Q25",
        EventType::Q25,
        [to(system::V2_0003, "Q25", "QBP - Personnel Information by Segment Query"), NONE, NONE],
    ),
    Row::new(
        "Q26",
        EventType::Q26,
        [to(system::V2_0003, "Q26", "ROR - Pharmacy/treatment order response"), NONE, NONE],
    ),
    Row::new(
        "Q27",
        EventType::Q27,
        [to(system::V2_0003, "Q27", "RAR - Pharmacy/treatment administration information"), NONE, NONE],
    ),
    Row::new(
        "Q28",
        EventType::Q28,
        [to(system::V2_0003, "Q28", "RDR - Pharmacy/treatment dispense information"), NONE, NONE],
    ),
    Row::new(
        "Q29",
        EventType::Q29,
        [to(system::V2_0003, "Q29", "RER - Pharmacy/treatment encoded order information"), NONE, NONE],
    ),
    Row::new(
        "Q30",
        EventType::Q30,
        [to(system::V2_0003, "Q30", "RGR - Pharmacy/treatment dose information"), NONE, NONE],
    ),
    Row::new("Q31", EventType::Q31, [to(system::V2_0003, "Q31", "QBP Query Dispense history"), NONE, NONE]),
    Row::new(
        "Q32",
        EventType::Q32,
        [to(system::V2_0003, "Q32", "Find Candidates including Visit Information"), NONE, NONE],
    ),
    Row::new(
        "Q33",
        EventType::Q33,
        [to(system::V2_0003, "Q33", "QBP - Get Donor Record Candidates"), NONE, NONE],
    ),
    Row::new("Q34", EventType::Q34, [to(system::V2_0003, "Q34", "QBP - Get Donor Record"), NONE, NONE]),
    Row::new(
        "R01",
        EventType::R01,
        [
            to(system::V2_0003, "R01", "ORU/ACK - Unsolicited transmission of an observation message"),
            NONE,
            NONE,
        ],
    ),
    Row::new(
        "R02",
        EventType::R02,
        [to(system::V2_0003, "R02", "QRY - Query for results of observation"), NONE, NONE],
    ),
    Row::new(
        "R03",
        EventType::R03,
        [
            to(
                system::V2_0003,
                "R03",
                "QRY/DSR Display-oriented results, query/unsol. update (for backward compatibility only) (Replaced by Q05)",
            ),
            NONE,
            NONE,
        ],
    ),
    Row::new(
        "R04",
        EventType::R04,
        [
            to(system::V2_0003, "R04", "ORF - Response to query; transmission of requested observation"),
            NONE,
            NONE,
        ],
    ),
    Row::new(
        "R05",
        EventType::R05,
        [to(system::V2_0003, "R05", "QRY/DSR - query for display results (See Q01)"), NONE, NONE],
    ),
    Row::new(
        "R06",
        EventType::R06,
        [to(system::V2_0003, "R06", "UDM - unsolicited update/display results (See Q05)"), NONE, NONE],
    ),
    Row::new(
        "R07",
        EventType::R07,
        [to(system::V2_0003, "R07", "EDR - Enhanced Display Response"), NONE, NONE],
    ),
    Row::new("R08", EventType::R08, [to(system::V2_0003, "R08", "TBR - Tabular Data Response"), NONE, NONE]),
    Row::new("R09", EventType::R09, [to(system::V2_0003, "R09", "ERP - Event Replay Response"), NONE, NONE]),
    Row::new(
        "R0R",
        EventType::R0r,
        [to(system::V2_0003, "R0R", "R0R - Pharmacy prescription order query response"), NONE, NONE],
    ),
    Row::new(
        "R21",
        EventType::R21,
        [to(system::V2_0003, "R21", "OUL - Unsolicited laboratory observation"), NONE, NONE],
    ),
    Row::new(
        "R22",
        EventType::R22,
        [to(system::V2_0003, "R22", "OUL - Unsolicited Specimen Oriented Observation Message"), NONE, NONE],
    ),
    Row::new(
        "R23",
        EventType::R23,
        [
            to(system::V2_0003, "R23", "OUL - Unsolicited Specimen Container Oriented Observation Message"),
            NONE,
            NONE,
        ],
    ),
    Row::new(
        "R24",
        EventType::R24,
        [to(system::V2_0003, "R24", "OUL - Unsolicited Order Oriented Observation Message"), NONE, NONE],
    ),
    Row::new(
        "R25",
        EventType::R25,
        [
            to(
                system::V2_0003,
                "R25",
                "OPU - Unsolicited Population/Location-Based Laboratory Observation Message",
            ),
            NONE,
            NONE,
        ],
    ),
    Row::new(
        "R26",
        EventType::R26,
        [to(system::V2_0003, "R26", "OSM - Unsolicited Specimen Shipment Manifest Message"), NONE, NONE],
    ),
    Row::new(
        "R30",
        EventType::R30,
        [
            to(
                system::V2_0003,
                "R30",
                "ORU - Unsolicited Point-Of-Care Observation Message Without Existing Order - Place An Order",
            ),
            NONE,
            NONE,
        ],
    ),
    Row::new(
        "R31",
        EventType::R31,
        [
            to(
                system::V2_0003,
                "R31",
                "ORU - Unsolicited New Point-Of-Care Observation Message - Search For An Order",
            ),
            NONE,
            NONE,
        ],
    ),
    Row::new(
        "R32",
        EventType::R32,
        [to(system::V2_0003, "R32", "ORU - Unsolicited Pre-Ordered Point-Of-Care Observation"), NONE, NONE],
    ),
    Row::new(
        "R33",
        EventType::R33,
        [to(system::V2_0003, "R33", "ORA - Observation Report Acknowledgement"), NONE, NONE],
    ),
    Row::new(
        "R40",
        EventType::R40,
        [to(system::V2_0003, "R40", "ORU - Unsolicited Report Alarm"), NONE, NONE],
    ),
    Row::new(
        "R41",
        EventType::R41,
        [to(system::V2_0003, "R41", "Observation Report Alert Acknowledgement"), NONE, NONE],
    ),
    Row::new(
        "R42",
        EventType::R42,
        [to(system::V2_0003, "R42", "ORU - Unsolicited Device Event Observation Message"), NONE, NONE],
    ),
    Row::new(
        "R43",
        EventType::R43,
        [
            to(system::V2_0003, "R43", "ORU - Unsolicited Patient-Device Association Observation Message"),
            NONE,
            NONE,
        ],
    ),
    Row::new(
        "RAR",
        EventType::Rar,
        [to(system::V2_0003, "RAR", "RAR - Pharmacy administration information query response"), NONE, NONE],
    ),
    Row::new(
        "RDR",
        EventType::Rdr,
        [to(system::V2_0003, "RDR", "RDR - Pharmacy dispense information query response"), NONE, NONE],
    ),
    Row::new(
        "RER",
        EventType::Rer,
        [to(system::V2_0003, "RER", "RER - Pharmacy encoded order information query response"), NONE, NONE],
    ),
    Row::new(
        "RGR",
        EventType::Rgr,
        [to(system::V2_0003, "RGR", "RGR - Pharmacy dose information query response"), NONE, NONE],
    ),
    Row::new(
        "ROR",
        EventType::Ror,
        [to(system::V2_0003, "ROR", "ROR - Pharmacy prescription order query response"), NONE, NONE],
    ),
    Row::new(
        "S01",
        EventType::S01,
        [to(system::V2_0003, "S01", "SRM/SRR - Request new appointment booking"), NONE, NONE],
    ),
    Row::new(
        "S02",
        EventType::S02,
        [to(system::V2_0003, "S02", "SRM/SRR - Request appointment rescheduling"), NONE, NONE],
    ),
    Row::new(
        "S03",
        EventType::S03,
        [to(system::V2_0003, "S03", "SRM/SRR - Request appointment modification"), NONE, NONE],
    ),
    Row::new(
        "S04",
        EventType::S04,
        [to(system::V2_0003, "S04", "SRM/SRR - Request appointment cancellation"), NONE, NONE],
    ),
    Row::new(
        "S05",
        EventType::S05,
        [to(system::V2_0003, "S05", "SRM/SRR - Request appointment discontinuation"), NONE, NONE],
    ),
    Row::new(
        "S06",
        EventType::S06,
        [to(system::V2_0003, "S06", "SRM/SRR - Request appointment deletion"), NONE, NONE],
    ),
    Row::new(
        "S07",
        EventType::S07,
        [
            to(system::V2_0003, "S07", "SRM/SRR - Request addition of service/resource on appointment"),
            NONE,
            NONE,
        ],
    ),
    Row::new(
        "S08",
        EventType::S08,
        [
            to(system::V2_0003, "S08", "SRM/SRR - Request modification of service/resource on appointment"),
            NONE,
            NONE,
        ],
    ),
    Row::new(
        "S09",
        EventType::S09,
        [
            to(system::V2_0003, "S09", "SRM/SRR - Request cancellation of service/resource on appointment"),
            NONE,
            NONE,
        ],
    ),
    Row::new(
        "S10",
        EventType::S10,
        [
            to(
                system::V2_0003,
                "S10",
                "SRM/SRR - Request discontinuation of service/resource on appointment",
            ),
            NONE,
            NONE,
        ],
    ),
    Row::new(
        "S11",
        EventType::S11,
        [
            to(system::V2_0003, "S11", "SRM/SRR - Request deletion of service/resource on appointment"),
            NONE,
            NONE,
        ],
    ),
    Row::new(
        "S12",
        EventType::S12,
        [
            to(system::V2_0003, "S12", "SIU/ACK - Notification of new appointment booking"),
            NONE,
            to(system::APPOINTMENTSTATUS, "booked", "Booked"),
        ],
    ),
    Row::new(
        "S13",
        EventType::S13,
        [
            to(system::V2_0003, "S13", "SIU/ACK - Notification of appointment rescheduling"),
            NONE,
            to(system::APPOINTMENTSTATUS, "booked", "Booked"),
        ],
    ),
    Row::new(
        "S14",
        EventType::S14,
        [to(system::V2_0003, "S14", "SIU/ACK - Notification of appointment modification"), NONE, NONE],
    ),
    Row::new(
        "S15",
        EventType::S15,
        [
            to(system::V2_0003, "S15", "SIU/ACK - Notification of appointment cancellation"),
            NONE,
            to(system::APPOINTMENTSTATUS, "cancelled", "Cancelled"),
        ],
    ),
    Row::new(
        "S16",
        EventType::S16,
        [
            to(system::V2_0003, "S16", "SIU/ACK - Notification of appointment discontinuation"),
            NONE,
            to(system::APPOINTMENTSTATUS, "cancelled", "Cancelled"),
        ],
    ),
    Row::new(
        "S17",
        EventType::S17,
        [
            to(system::V2_0003, "S17", "SIU/ACK - Notification of appointment deletion"),
            NONE,
            to(system::APPOINTMENTSTATUS, "entered-in-error", "Entered in error"),
        ],
    ),
    Row::new(
        "S18",
        EventType::S18,
        [
            to(
                system::V2_0003,
                "S18",
                "SIU/ACK - Notification of addition of service/resource on appointment",
            ),
            NONE,
            NONE,
        ],
    ),
    Row::new(
        "S19",
        EventType::S19,
        [
            to(
                system::V2_0003,
                "S19",
                "SIU/ACK - Notification of modification of service/resource on appointment",
            ),
            NONE,
            NONE,
        ],
    ),
    Row::new(
        "S20",
        EventType::S20,
        [
            to(
                system::V2_0003,
                "S20",
                "SIU/ACK - Notification of cancellation of service/resource on appointment",
            ),
            NONE,
            NONE,
        ],
    ),
    Row::new(
        "S21",
        EventType::S21,
        [
            to(
                system::V2_0003,
                "S21",
                "SIU/ACK - Notification of discontinuation of service/resource on appointment",
            ),
            NONE,
            NONE,
        ],
    ),
    Row::new(
        "S22",
        EventType::S22,
        [
            to(
                system::V2_0003,
                "S22",
                "SIU/ACK - Notification of deletion of service/resource on appointment",
            ),
            NONE,
            NONE,
        ],
    ),
    Row::new(
        "S23",
        EventType::S23,
        [to(system::V2_0003, "S23", "SIU/ACK - Notification of blocked schedule time slot(s)"), NONE, NONE],
    ),
    Row::new(
        "S24",
        EventType::S24,
        [
            to(
                system::V2_0003,
                "S24",
                "SIU/ACK - Notification of opened (\"unblocked\") schedule time slot(s)",
            ),
            NONE,
            NONE,
        ],
    ),
    Row::new(
        "S25",
        EventType::S25,
        [to(system::V2_0003, "S25", "SQM/SQR - Schedule query message and response"), NONE, NONE],
    ),
    Row::new(
        "S26",
        EventType::S26,
        [
            to(
                system::V2_0003,
                "S26",
                "SIU/ACK Notification that patient did not show up for schedule appointment",
            ),
            NONE,
            to(system::APPOINTMENTSTATUS, "noshow", "No Show"),
        ],
    ),
    Row::new(
        "S27",
        EventType::S27,
        [
            to(system::V2_0003, "S27", "SIU/ACK - Broadcast Notification of Scheduled Appointments"),
            NONE,
            NONE,
        ],
    ),
    Row::new(
        "S28",
        EventType::S28,
        [to(system::V2_0003, "S28", "SLR/SLS - Request new sterilization lot"), NONE, NONE],
    ),
    Row::new(
        "S29",
        EventType::S29,
        [to(system::V2_0003, "S29", "SLR/SLS - Request Sterilization lot deletion"), NONE, NONE],
    ),
    Row::new("S30", EventType::S30, [to(system::V2_0003, "S30", "STI/STS - Request item"), NONE, NONE]),
    Row::new(
        "S31",
        EventType::S31,
        [to(system::V2_0003, "S31", "SDR/SDS - Request anti-microbial device data"), NONE, NONE],
    ),
    Row::new(
        "S32",
        EventType::S32,
        [to(system::V2_0003, "S32", "SMD/SMS - Request anti-microbial device cycle data"), NONE, NONE],
    ),
    Row::new(
        "S33",
        EventType::S33,
        [to(system::V2_0003, "S33", "STC/ACK - Notification of sterilization configuration"), NONE, NONE],
    ),
    Row::new(
        "S34",
        EventType::S34,
        [to(system::V2_0003, "S34", "SLN/ACK - Notification of sterilization lot"), NONE, NONE],
    ),
    Row::new(
        "S35",
        EventType::S35,
        [to(system::V2_0003, "S35", "SLN/ACK - Notification of sterilization lot deletion"), NONE, NONE],
    ),
    Row::new(
        "S36",
        EventType::S36,
        [to(system::V2_0003, "S36", "SDN/ACK - Notification of anti-microbial device data"), NONE, NONE],
    ),
    Row::new(
        "S37",
        EventType::S37,
        [
            to(system::V2_0003, "S37", "SCN/ACK - Notification of anti-microbial device cycle data"),
            NONE,
            NONE,
        ],
    ),
    Row::new(
        "S38",
        EventType::S38,
        [to(system::V2_0003, "S38", "Containers Prepared for Specimen Collection"), NONE, NONE],
    ),
    Row::new(
        "S39",
        EventType::S39,
        [to(system::V2_0003, "S39", "Specimen Collection Successful"), NONE, NONE],
    ),
    Row::new(
        "S40",
        EventType::S40,
        [to(system::V2_0003, "S40", "Specimen Collection Unsuccessful"), NONE, NONE],
    ),
    Row::new("S41", EventType::S41, [to(system::V2_0003, "S41", "Specimen Departed"), NONE, NONE]),
    Row::new("S42", EventType::S42, [to(system::V2_0003, "S42", "Specimen Arrived"), NONE, NONE]),
    Row::new("S43", EventType::S43, [to(system::V2_0003, "S43", "Specimen Accepted"), NONE, NONE]),
    Row::new("S44", EventType::S44, [to(system::V2_0003, "S44", "Specimen Rejected"), NONE, NONE]),
    Row::new("S45", EventType::S45, [to(system::V2_0003, "S45", "Specimen Re-identified"), NONE, NONE]),
    Row::new("S46", EventType::S46, [to(system::V2_0003, "S46", "Specimen De-identified"), NONE, NONE]),
    Row::new("S47", EventType::S47, [to(system::V2_0003, "S47", "Specimen Sent to Archive"), NONE, NONE]),
    Row::new(
        "S48",
        EventType::S48,
        [to(system::V2_0003, "S48", "Specimen Retrieved from Archive"), NONE, NONE],
    ),
    Row::new("S49", EventType::S49, [to(system::V2_0003, "S49", "Specimen Disposed of"), NONE, NONE]),
    Row::new(
        "S50",
        EventType::S50,
        [
            to(system::V2_0003, "S50", "Specimen Procedure Step Successful , with Derived Specimen(s)"),
            NONE,
            NONE,
        ],
    ),
    Row::new(
        "S51",
        EventType::S51,
        [
            to(system::V2_0003, "S51", "Specimen Procedure Step Successful, no Derived Specimen(s)"),
            NONE,
            NONE,
        ],
    ),
    Row::new(
        "S52",
        EventType::S52,
        [to(system::V2_0003, "S52", "Specimen Procedure Step Unsuccessful"), NONE, NONE],
    ),
    Row::new(
        "T01",
        EventType::T01,
        [to(system::V2_0003, "T01", "MDM/ACK - Original document notification"), NONE, NONE],
    ),
    Row::new(
        "T02",
        EventType::T02,
        [to(system::V2_0003, "T02", "MDM/ACK - Original document notification and content"), NONE, NONE],
    ),
    Row::new(
        "T03",
        EventType::T03,
        [to(system::V2_0003, "T03", "MDM/ACK - Document status change notification"), NONE, NONE],
    ),
    Row::new(
        "T04",
        EventType::T04,
        [to(system::V2_0003, "T04", "MDM/ACK - Document status change notification and content"), NONE, NONE],
    ),
    Row::new(
        "T05",
        EventType::T05,
        [to(system::V2_0003, "T05", "MDM/ACK - Document addendum notification"), NONE, NONE],
    ),
    Row::new(
        "T06",
        EventType::T06,
        [to(system::V2_0003, "T06", "MDM/ACK - Document addendum notification and content"), NONE, NONE],
    ),
    Row::new(
        "T07",
        EventType::T07,
        [to(system::V2_0003, "T07", "MDM/ACK - Document edit notification"), NONE, NONE],
    ),
    Row::new(
        "T08",
        EventType::T08,
        [to(system::V2_0003, "T08", "MDM/ACK - Document edit notification and content"), NONE, NONE],
    ),
    Row::new(
        "T09",
        EventType::T09,
        [to(system::V2_0003, "T09", "MDM/ACK - Document replacement notification"), NONE, NONE],
    ),
    Row::new(
        "T10",
        EventType::T10,
        [to(system::V2_0003, "T10", "MDM/ACK - Document replacement notification and content"), NONE, NONE],
    ),
    Row::new(
        "T11",
        EventType::T11,
        [to(system::V2_0003, "T11", "MDM/ACK - Document cancel notification"), NONE, NONE],
    ),
    Row::new("T12", EventType::T12, [to(system::V2_0003, "T12", "QRY/DOC - Document query"), NONE, NONE]),
    Row::new(
        "U01",
        EventType::U01,
        [to(system::V2_0003, "U01", "ESU/ACK - Automated equipment status update"), NONE, NONE],
    ),
    Row::new(
        "U02",
        EventType::U02,
        [to(system::V2_0003, "U02", "ESR/ACK - Automated equipment status request"), NONE, NONE],
    ),
    Row::new(
        "U03",
        EventType::U03,
        [to(system::V2_0003, "U03", "SSU/ACK - Specimen status update"), NONE, NONE],
    ),
    Row::new(
        "U04",
        EventType::U04,
        [to(system::V2_0003, "U04", "SSR/ACK - specimen status request"), NONE, NONE],
    ),
    Row::new(
        "U05",
        EventType::U05,
        [to(system::V2_0003, "U05", "INU/ACK - Automated equipment inventory update"), NONE, NONE],
    ),
    Row::new(
        "U06",
        EventType::U06,
        [to(system::V2_0003, "U06", "INR/ACK - Automated equipment inventory request"), NONE, NONE],
    ),
    Row::new(
        "U07",
        EventType::U07,
        [to(system::V2_0003, "U07", "EAC/ACK - Automated equipment command"), NONE, NONE],
    ),
    Row::new(
        "U08",
        EventType::U08,
        [to(system::V2_0003, "U08", "EAR/ACK - Automated equipment response"), NONE, NONE],
    ),
    Row::new(
        "U09",
        EventType::U09,
        [to(system::V2_0003, "U09", "EAN/ACK - Automated equipment notification"), NONE, NONE],
    ),
    Row::new(
        "U10",
        EventType::U10,
        [to(system::V2_0003, "U10", "TCU/ACK - Automated equipment test code settings update"), NONE, NONE],
    ),
    Row::new(
        "U11",
        EventType::U11,
        [to(system::V2_0003, "U11", "TCR/ACK - Automated equipment test code settings request"), NONE, NONE],
    ),
    Row::new(
        "U12",
        EventType::U12,
        [to(system::V2_0003, "U12", "LSU/ACK - Automated equipment log/service update"), NONE, NONE],
    ),
    Row::new(
        "U13",
        EventType::U13,
        [to(system::V2_0003, "U13", "LSR/ACK - Automated equipment log/service request"), NONE, NONE],
    ),
    Row::new(
        "U14",
        EventType::U14,
        [to(system::V2_0003, "U14", "INR/ACK - Automated Equipment Inventory Request"), NONE, NONE],
    ),
    Row::new(
        "V01",
        EventType::V01,
        [to(system::V2_0003, "V01", "VXQ - Query for vaccination record"), NONE, NONE],
    ),
    Row::new(
        "V02",
        EventType::V02,
        [
            to(system::V2_0003, "V02", "VXX - Response to vaccination query returning multiple PID matches"),
            NONE,
            NONE,
        ],
    ),
    Row::new(
        "V03",
        EventType::V03,
        [to(system::V2_0003, "V03", "VXR - Vaccination record response"), NONE, NONE],
    ),
    Row::new(
        "V04",
        EventType::V04,
        [to(system::V2_0003, "V04", "VXU - Unsolicited vaccination record update"), NONE, NONE],
    ),
    Row::new(
        "Varies",
        EventType::Varies,
        [
            to(
                system::V2_0003,
                "Varies",
                "MFQ/MFR - Master files query (use event same as asking for e.g., M05 - location)",
            ),
            NONE,
            NONE,
        ],
    ),
    Row::new(
        "W01",
        EventType::W01,
        [
            to(
                system::V2_0003,
                "W01",
                "ORU - Waveform result, unsolicited transmission of requested information",
            ),
            NONE,
            NONE,
        ],
    ),
    Row::new(
        "W02",
        EventType::W02,
        [to(system::V2_0003, "W02", "QRF - Waveform result, response to query"), NONE, NONE],
    ),
    Row::new("X01", EventType::X01, [to(system::V2_0003, "X01", "PEX - Product experience"), NONE, NONE]),
];

impl EventType {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&EVENT_TYPE_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&EVENT_TYPE_CODES, self as usize)
    }

    /// `EventType`.
    pub(crate) fn concept(self) -> Option<Concept> {
        Row::concept(&EVENT_TYPE_CODES, self as usize, 0)
    }

    /// `Event[EncounterStatus]`.
    pub(crate) fn concept_encounter_status(self) -> Option<Concept> {
        Row::concept(&EVENT_TYPE_CODES, self as usize, 1)
    }

    /// `Event[AppointmentStatus]`.
    pub(crate) fn concept_appointment_status(self) -> Option<Concept> {
        Row::concept(&EVENT_TYPE_CODES, self as usize, 2)
    }
}

/// `EventType`.
pub(crate) static EVENT_TYPE: CodeMap = CodeMap {
    name: "EventType",
    table: "0003",
    find: |code| EventType::read(code).and_then(EventType::concept),
    knows: |code| EventType::read(code).is_some(),
    translates: true,
    codes: || list(&EVENT_TYPE_CODES, EventType::code, EventType::concept),
};

/// `Event[EncounterStatus]`.
pub(crate) static EVENT_ENCOUNTER_STATUS: CodeMap = CodeMap {
    name: "Event[EncounterStatus]",
    table: "0003",
    find: |code| EventType::read(code).and_then(EventType::concept_encounter_status),
    knows: |code| EventType::read(code).is_some(),
    translates: true,
    codes: || list(&EVENT_TYPE_CODES, EventType::code, EventType::concept_encounter_status),
};

/// `Event[AppointmentStatus]`.
pub(crate) static EVENT_APPOINTMENT_STATUS: CodeMap = CodeMap {
    name: "Event[AppointmentStatus]",
    table: "0003",
    find: |code| EventType::read(code).and_then(EventType::concept_appointment_status),
    knows: |code| EventType::read(code).is_some(),
    translates: true,
    codes: || list(&EVENT_TYPE_CODES, EventType::code, EventType::concept_appointment_status),
};

/// Table 0062.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EventReason {
    N01,
    N02,
    N03,
    N1,
    N2,
    N3,
    O,
    U,
}

static EVENT_REASON_CODES: [Row<EventReason, 1>; 8] = [
    Row::new("01", EventReason::N01, [to(system::V3_ACT_REASON, "PATRQT", "patient requested")]),
    Row::new("02", EventReason::N02, [to(system::V3_ACT_REASON, "TREAT", "treatment")]),
    Row::new("03", EventReason::N03, [to(system::V3_ACT_REASON, "HOPERAT", "healthcare operations")]),
    Row::new("1", EventReason::N1, [to(system::V3_ACT_REASON, "PATRQT", "patient requested")]),
    Row::new("2", EventReason::N2, [to(system::V3_ACT_REASON, "TREAT", "treatment")]),
    Row::new("3", EventReason::N3, [to(system::V3_ACT_REASON, "HOPERAT", "healthcare operations")]),
    Row::new("O", EventReason::O, [to(system::V2_0062, "O", "Other")]),
    Row::new("U", EventReason::U, [to(system::V2_0062, "U", "Unknown")]),
];

impl EventReason {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&EVENT_REASON_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&EVENT_REASON_CODES, self as usize)
    }

    /// `EventReason`.
    pub(crate) fn concept(self) -> Option<Concept> {
        Row::concept(&EVENT_REASON_CODES, self as usize, 0)
    }
}

/// `EventReason`.
pub(crate) static EVENT_REASON: CodeMap = CodeMap {
    name: "EventReason",
    table: "0062",
    find: |code| EventReason::read(code).and_then(EventReason::concept),
    knows: |code| EventReason::read(code).is_some(),
    translates: true,
    codes: || list(&EVENT_REASON_CODES, EventReason::code, EventReason::concept),
};

/// Table 0217.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EncounterPriority {
    N1,
    N2,
    N3,
}

static ENCOUNTER_PRIORITY_CODES: [Row<EncounterPriority, 1>; 3] = [
    Row::new("1", EncounterPriority::N1, [to(system::V3_ACT_PRIORITY, "EM", "emergency")]),
    Row::new("2", EncounterPriority::N2, [to(system::V3_ACT_PRIORITY, "UR", "urgent")]),
    Row::new("3", EncounterPriority::N3, [to(system::V3_ACT_PRIORITY, "EL", "elective")]),
];

impl EncounterPriority {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&ENCOUNTER_PRIORITY_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&ENCOUNTER_PRIORITY_CODES, self as usize)
    }

    /// `EncounterPriority`.
    pub(crate) fn concept(self) -> Option<Concept> {
        Row::concept(&ENCOUNTER_PRIORITY_CODES, self as usize, 0)
    }
}

/// `EncounterPriority`.
pub(crate) static ENCOUNTER_PRIORITY: CodeMap = CodeMap {
    name: "EncounterPriority",
    table: "0217",
    find: |code| EncounterPriority::read(code).and_then(EncounterPriority::concept),
    knows: |code| EncounterPriority::read(code).is_some(),
    translates: true,
    codes: || list(&ENCOUNTER_PRIORITY_CODES, EncounterPriority::code, EncounterPriority::concept),
};

/// Table 0485.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ExtendedPriorityCodes {
    A,
    C,
    P,
    Prn,
    R,
    S,
    T,
}

static EXTENDED_PRIORITY_CODES_CODES: [Row<ExtendedPriorityCodes, 1>; 7] = [
    Row::new("A", ExtendedPriorityCodes::A, [to(system::REQUEST_PRIORITY, "asap", "ASAP")]),
    Row::new("C", ExtendedPriorityCodes::C, [NONE]),
    Row::new("P", ExtendedPriorityCodes::P, [NONE]),
    Row::new("PRN", ExtendedPriorityCodes::Prn, [NONE]),
    Row::new("R", ExtendedPriorityCodes::R, [to(system::REQUEST_PRIORITY, "routine", "Routine")]),
    Row::new("S", ExtendedPriorityCodes::S, [to(system::REQUEST_PRIORITY, "stat", "STAT")]),
    Row::new("T", ExtendedPriorityCodes::T, [NONE]),
];

impl ExtendedPriorityCodes {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&EXTENDED_PRIORITY_CODES_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&EXTENDED_PRIORITY_CODES_CODES, self as usize)
    }

    /// `ExtendedPriorityCodes`.
    pub(crate) fn concept(self) -> Option<Concept> {
        Row::concept(&EXTENDED_PRIORITY_CODES_CODES, self as usize, 0)
    }
}

/// `ExtendedPriorityCodes`.
pub(crate) static EXTENDED_PRIORITY_CODES: CodeMap = CodeMap {
    name: "ExtendedPriorityCodes",
    table: "0485",
    find: |code| ExtendedPriorityCodes::read(code).and_then(ExtendedPriorityCodes::concept),
    knows: |code| ExtendedPriorityCodes::read(code).is_some(),
    translates: true,
    codes: || {
        list(&EXTENDED_PRIORITY_CODES_CODES, ExtendedPriorityCodes::code, ExtendedPriorityCodes::concept)
    },
};

/// Table 0528.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EventRelatedPeriod {
    Ac,
    Acd,
    Acm,
    Acv,
    Hs,
    Ic,
    Icd,
    Icm,
    Icv,
    Pc,
    Pcd,
    Pcm,
    Pcv,
}

static EVENT_RELATED_PERIOD_CODES: [Row<EventRelatedPeriod, 1>; 13] = [
    Row::new("AC", EventRelatedPeriod::Ac, [to(system::V3_TIMING_EVENT, "AC", "AC")]),
    Row::new("ACD", EventRelatedPeriod::Acd, [to(system::V3_TIMING_EVENT, "ACD", "ACD")]),
    Row::new("ACM", EventRelatedPeriod::Acm, [to(system::V3_TIMING_EVENT, "ACM", "ACM")]),
    Row::new("ACV", EventRelatedPeriod::Acv, [to(system::V3_TIMING_EVENT, "ACV", "ACV")]),
    Row::new("HS", EventRelatedPeriod::Hs, [to(system::V3_TIMING_EVENT, "HS", "HS")]),
    Row::new(
        "IC",
        EventRelatedPeriod::Ic,
        [to(system::V2_0528, "IC", "between meals (from lat. inter cibus)")],
    ),
    Row::new("ICD", EventRelatedPeriod::Icd, [to(system::V2_0528, "ICD", "between lunch and dinner")]),
    Row::new("ICM", EventRelatedPeriod::Icm, [to(system::V2_0528, "ICM", "between breakfast and lunch")]),
    Row::new(
        "ICV",
        EventRelatedPeriod::Icv,
        [to(system::V2_0528, "ICV", "between dinner and the hour of sleep")],
    ),
    Row::new("PC", EventRelatedPeriod::Pc, [to(system::V3_TIMING_EVENT, "PC", "PC")]),
    Row::new("PCD", EventRelatedPeriod::Pcd, [to(system::V3_TIMING_EVENT, "PCD", "PCD")]),
    Row::new("PCM", EventRelatedPeriod::Pcm, [to(system::V3_TIMING_EVENT, "PCM", "PCM")]),
    Row::new("PCV", EventRelatedPeriod::Pcv, [to(system::V3_TIMING_EVENT, "PCV", "PCV")]),
];

impl EventRelatedPeriod {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&EVENT_RELATED_PERIOD_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&EVENT_RELATED_PERIOD_CODES, self as usize)
    }

    /// `EventRelatedPeriod`.
    pub(crate) fn concept(self) -> Option<Concept> {
        Row::concept(&EVENT_RELATED_PERIOD_CODES, self as usize, 0)
    }
}

/// `EventRelatedPeriod`.
pub(crate) static EVENT_RELATED_PERIOD: CodeMap = CodeMap {
    name: "EventRelatedPeriod",
    table: "0528",
    find: |code| EventRelatedPeriod::read(code).and_then(EventRelatedPeriod::concept),
    knows: |code| EventRelatedPeriod::read(code).is_some(),
    translates: true,
    codes: || list(&EVENT_RELATED_PERIOD_CODES, EventRelatedPeriod::code, EventRelatedPeriod::concept),
};
