//! Code tables: R.
// Made by `cargo xtask codes` from `hl7-v2/codes`. Do not edit.

use super::system;
use crate::fhir::code::{CodeMap, Concept, NONE, Row, list, to};

/// Table 0006.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Religion {
    A,
    Abc,
    Agn,
    Ame,
    Amt,
    Ang,
    Aog,
    Ath,
    B,
    Bah,
    Bap,
    Bma,
    Bot,
    Bre,
    Bta,
    Bth,
    Bud,
    C,
    Cat,
    Cfr,
    Chr,
    Chs,
    Cma,
    Cnf,
    Coc,
    Cog,
    Coi,
    Col,
    Com,
    Cop,
    Cot,
    Crr,
    Doc,
    E,
    Eot,
    Epi,
    Erl,
    Evc,
    Frq,
    Ful,
    Fwb,
    Gre,
    Hin,
    Hot,
    Hsh,
    Hva,
    J,
    Jai,
    Jco,
    Jew,
    Jor,
    Jot,
    Jrc,
    Jrf,
    Jrn,
    Jwn,
    L,
    Lms,
    Lut,
    M,
    Men,
    Met,
    Mom,
    Mos,
    Mot,
    Msh,
    Msu,
    N,
    Nam,
    Naz,
    Noe,
    Nrl,
    Ort,
    Oth,
    P,
    Pen,
    Prc,
    Pre,
    Pro,
    Qua,
    Rec,
    Reo,
    Saa,
    Sev,
    Shn,
    Sik,
    Sou,
    Spi,
    Ucc,
    Umd,
    Uni,
    Unu,
    Var,
    Wes,
    Wmc,
}

static RELIGION_CODES: [Row<Religion, 1>; 95] = [
    Row::new("A", Religion::A, [to(system::V3_RELIGIOUS_AFFILIATION, "1007", "Atheism")]),
    Row::new("ABC", Religion::Abc, [NONE]),
    Row::new("AGN", Religion::Agn, [to(system::V3_RELIGIOUS_AFFILIATION, "1004", "Agnosticism")]),
    Row::new("AME", Religion::Ame, [NONE]),
    Row::new("AMT", Religion::Amt, [NONE]),
    Row::new("ANG", Religion::Ang, [to(system::V3_RELIGIOUS_AFFILIATION, "1005", "Anglican")]),
    Row::new("AOG", Religion::Aog, [to(system::V3_RELIGIOUS_AFFILIATION, "1061", "Assembly of God")]),
    Row::new("ATH", Religion::Ath, [to(system::V3_RELIGIOUS_AFFILIATION, "1007", "Atheism")]),
    Row::new("B", Religion::B, [to(system::V3_RELIGIOUS_AFFILIATION, "1009", "Baptist")]),
    Row::new("BAH", Religion::Bah, [to(system::V3_RELIGIOUS_AFFILIATION, "1008", "Babi & Baha'I faiths")]),
    Row::new("BAP", Religion::Bap, [to(system::V3_RELIGIOUS_AFFILIATION, "1009", "Baptist")]),
    Row::new("BMA", Religion::Bma, [to(system::V3_RELIGIOUS_AFFILIATION, "1029", "Mahayana")]),
    Row::new("BOT", Religion::Bot, [NONE]),
    Row::new("BRE", Religion::Bre, [to(system::V3_RELIGIOUS_AFFILIATION, "1062", "Brethren")]),
    Row::new("BTA", Religion::Bta, [NONE]),
    Row::new("BTH", Religion::Bth, [to(system::V3_RELIGIOUS_AFFILIATION, "1051", "Theravada")]),
    Row::new("BUD", Religion::Bud, [NONE]),
    Row::new("C", Religion::C, [NONE]),
    Row::new("CAT", Religion::Cat, [to(system::V3_RELIGIOUS_AFFILIATION, "1041", "Roman Catholic Church")]),
    Row::new("CFR", Religion::Cfr, [NONE]),
    Row::new(
        "CHR",
        Religion::Chr,
        [to(system::V3_RELIGIOUS_AFFILIATION, "1013", "Christian (non-Catholic, non-specific)")],
    ),
    Row::new("CHS", Religion::Chs, [to(system::V3_RELIGIOUS_AFFILIATION, "1063", "Christian Scientist")]),
    Row::new("CMA", Religion::Cma, [NONE]),
    Row::new("CNF", Religion::Cnf, [to(system::V3_RELIGIOUS_AFFILIATION, "1014", "Confucianism")]),
    Row::new("COC", Religion::Coc, [to(system::V3_RELIGIOUS_AFFILIATION, "1064", "Church of Christ")]),
    Row::new("COG", Religion::Cog, [to(system::V3_RELIGIOUS_AFFILIATION, "1065", "Church of God")]),
    Row::new("COI", Religion::Coi, [NONE]),
    Row::new("COL", Religion::Col, [to(system::V3_RELIGIOUS_AFFILIATION, "1066", "Congregational")]),
    Row::new("COM", Religion::Com, [NONE]),
    Row::new("COP", Religion::Cop, [NONE]),
    Row::new("COT", Religion::Cot, [NONE]),
    Row::new("CRR", Religion::Crr, [to(system::V3_RELIGIOUS_AFFILIATION, "1079", "Reformed")]),
    Row::new("DOC", Religion::Doc, [to(system::V3_RELIGIOUS_AFFILIATION, "1067", "Disciples of Christ")]),
    Row::new("E", Religion::E, [to(system::V3_RELIGIOUS_AFFILIATION, "1069", "Episcopalian")]),
    Row::new("EOT", Religion::Eot, [to(system::V3_RELIGIOUS_AFFILIATION, "1068", "Eastern Orthodox")]),
    Row::new("EPI", Religion::Epi, [to(system::V3_RELIGIOUS_AFFILIATION, "1069", "Episcopalian")]),
    Row::new("ERL", Religion::Erl, [NONE]),
    Row::new("EVC", Religion::Evc, [NONE]),
    Row::new("FRQ", Religion::Frq, [to(system::V3_RELIGIOUS_AFFILIATION, "1071", "Friends")]),
    Row::new("FUL", Religion::Ful, [to(system::V3_RELIGIOUS_AFFILIATION, "1072", "Full Gospel")]),
    Row::new("FWB", Religion::Fwb, [NONE]),
    Row::new("GRE", Religion::Gre, [NONE]),
    Row::new("HIN", Religion::Hin, [NONE]),
    Row::new("HOT", Religion::Hot, [to(system::V3_RELIGIOUS_AFFILIATION, "1020", "Hinduism")]),
    Row::new("HSH", Religion::Hsh, [to(system::V3_RELIGIOUS_AFFILIATION, "1020", "Hinduism")]),
    Row::new("HVA", Religion::Hva, [to(system::V3_RELIGIOUS_AFFILIATION, "1020", "Hinduism")]),
    Row::new("J", Religion::J, [to(system::V3_RELIGIOUS_AFFILIATION, "1026", "Judaism")]),
    Row::new("JAI", Religion::Jai, [to(system::V3_RELIGIOUS_AFFILIATION, "1024", "Jainism")]),
    Row::new("JCO", Religion::Jco, [NONE]),
    Row::new("JEW", Religion::Jew, [NONE]),
    Row::new("JOR", Religion::Jor, [NONE]),
    Row::new("JOT", Religion::Jot, [NONE]),
    Row::new("JRC", Religion::Jrc, [NONE]),
    Row::new("JRF", Religion::Jrf, [NONE]),
    Row::new("JRN", Religion::Jrn, [NONE]),
    Row::new("JWN", Religion::Jwn, [to(system::V3_RELIGIOUS_AFFILIATION, "1025", "Jehovah's Witnesses")]),
    Row::new("L", Religion::L, [to(system::V3_RELIGIOUS_AFFILIATION, "1028", "Lutheran")]),
    Row::new("LMS", Religion::Lms, [NONE]),
    Row::new("LUT", Religion::Lut, [to(system::V3_RELIGIOUS_AFFILIATION, "1028", "Lutheran")]),
    Row::new("M", Religion::M, [to(system::V3_RELIGIOUS_AFFILIATION, "1027", "Latter Day Saints")]),
    Row::new("MEN", Religion::Men, [NONE]),
    Row::new("MET", Religion::Met, [to(system::V3_RELIGIOUS_AFFILIATION, "1073", "Methodist")]),
    Row::new("MOM", Religion::Mom, [to(system::V3_RELIGIOUS_AFFILIATION, "1027", "Latter Day Saints")]),
    Row::new("MOS", Religion::Mos, [to(system::V3_RELIGIOUS_AFFILIATION, "1023", "Islam")]),
    Row::new("MOT", Religion::Mot, [NONE]),
    Row::new("MSH", Religion::Msh, [to(system::V3_RELIGIOUS_AFFILIATION, "1045", "Shiite (Islam)")]),
    Row::new("MSU", Religion::Msu, [to(system::V3_RELIGIOUS_AFFILIATION, "1049", "Sunni (Islam)")]),
    Row::new("N", Religion::N, [to(system::V3_RELIGIOUS_AFFILIATION, "1020", "Hinduism")]),
    Row::new("NAM", Religion::Nam, [to(system::V3_RELIGIOUS_AFFILIATION, "1074", "Native American")]),
    Row::new("NAZ", Religion::Naz, [to(system::V3_RELIGIOUS_AFFILIATION, "1075", "Nazarene")]),
    Row::new("NOE", Religion::Noe, [NONE]),
    Row::new("NRL", Religion::Nrl, [NONE]),
    Row::new("ORT", Religion::Ort, [to(system::V3_RELIGIOUS_AFFILIATION, "1036", "Orthodox")]),
    Row::new("OTH", Religion::Oth, [NONE]),
    Row::new("P", Religion::P, [to(system::V3_RELIGIOUS_AFFILIATION, "1077", "Protestant")]),
    Row::new("PEN", Religion::Pen, [to(system::V3_RELIGIOUS_AFFILIATION, "1038", "Pentecostal")]),
    Row::new(
        "PRC",
        Religion::Prc,
        [to(system::V3_RELIGIOUS_AFFILIATION, "1078", "Protestant, No Denomination")],
    ),
    Row::new("PRE", Religion::Pre, [to(system::V3_RELIGIOUS_AFFILIATION, "1076", "Presbyterian")]),
    Row::new("PRO", Religion::Pro, [to(system::V3_RELIGIOUS_AFFILIATION, "1077", "Protestant")]),
    Row::new("QUA", Religion::Qua, [to(system::V3_RELIGIOUS_AFFILIATION, "1071", "Friends")]),
    Row::new("REC", Religion::Rec, [to(system::V3_RELIGIOUS_AFFILIATION, "1079", "Reformed")]),
    Row::new("REO", Religion::Reo, [NONE]),
    Row::new("SAA", Religion::Saa, [to(system::V3_RELIGIOUS_AFFILIATION, "1080", "Salvation Army")]),
    Row::new("SEV", Religion::Sev, [to(system::V3_RELIGIOUS_AFFILIATION, "1001", "Adventist")]),
    Row::new("SHN", Religion::Shn, [to(system::V3_RELIGIOUS_AFFILIATION, "1046", "Shinto")]),
    Row::new("SIK", Religion::Sik, [to(system::V3_RELIGIOUS_AFFILIATION, "1047", "Sikism")]),
    Row::new("SOU", Religion::Sou, [NONE]),
    Row::new("SPI", Religion::Spi, [to(system::V3_RELIGIOUS_AFFILIATION, "1048", "Spiritualism")]),
    Row::new("UCC", Religion::Ucc, [to(system::V3_RELIGIOUS_AFFILIATION, "1082", "United Church of Christ")]),
    Row::new("UMD", Religion::Umd, [NONE]),
    Row::new("UNI", Religion::Uni, [to(system::V3_RELIGIOUS_AFFILIATION, "1052", "Unitarian-Universalism")]),
    Row::new("UNU", Religion::Unu, [to(system::V3_RELIGIOUS_AFFILIATION, "1081", "Unitarian Universalist")]),
    Row::new("VAR", Religion::Var, [NONE]),
    Row::new("WES", Religion::Wes, [NONE]),
    Row::new("WMC", Religion::Wmc, [NONE]),
];

impl Religion {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&RELIGION_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&RELIGION_CODES, self as usize)
    }

    /// `Religion`.
    pub(crate) fn concept(self) -> Option<Concept> {
        Row::concept(&RELIGION_CODES, self as usize, 0)
    }
}

/// `Religion`.
pub(crate) static RELIGION: CodeMap = CodeMap {
    name: "Religion",
    table: "0006",
    find: |code| Religion::read(code).and_then(Religion::concept),
    knows: |code| Religion::read(code).is_some(),
    translates: true,
    codes: || list(&RELIGION_CODES, Religion::code, Religion::concept),
};

/// Table 0063.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Relationship {
    Asc,
    Bro,
    Cgv,
    Chd,
    Dep,
    Dom,
    Emc,
    Eme,
    Emr,
    Exf,
    Fch,
    Fnd,
    Fth,
    Gch,
    Grd,
    Grp,
    Mgr,
    Mth,
    Nch,
    Non,
    Oad,
    Oth,
    Own,
    Par,
    Sch,
    Sel,
    Sib,
    Sis,
    Spo,
    Tra,
    Unk,
    Wrd,
}

static RELATIONSHIP_CODES: [Row<Relationship, 1>; 32] = [
    Row::new("ASC", Relationship::Asc, [to(system::V2_0063, "ASC", "Associate")]),
    Row::new("BRO", Relationship::Bro, [to(system::V3_ROLE_CODE, "BRO", "brother")]),
    Row::new("CGV", Relationship::Cgv, [to(system::V2_0063, "CGV", "Care giver")]),
    Row::new("CHD", Relationship::Chd, [to(system::V3_ROLE_CODE, "CHILD", "child")]),
    Row::new("DEP", Relationship::Dep, [to(system::V2_0063, "DEP", "Handicapped dependent")]),
    Row::new("DOM", Relationship::Dom, [to(system::V3_ROLE_CODE, "SIGOTHR", "significant other")]),
    Row::new("EMC", Relationship::Emc, [to(system::V2_0131, "C", "Emergency Contact")]),
    Row::new("EME", Relationship::Eme, [to(system::V2_0063, "EME", "Employee")]),
    Row::new("EMR", Relationship::Emr, [to(system::V2_0131, "E", "Employer")]),
    Row::new("EXF", Relationship::Exf, [to(system::V3_ROLE_CODE, "EXT", "extended family member")]),
    Row::new("FCH", Relationship::Fch, [to(system::V3_ROLE_CODE, "CHLDFOST", "foster child")]),
    Row::new("FND", Relationship::Fnd, [to(system::V3_ROLE_CODE, "FRND", "unrelated friend")]),
    Row::new("FTH", Relationship::Fth, [to(system::V3_ROLE_CODE, "FTH", "father")]),
    Row::new("GCH", Relationship::Gch, [to(system::V3_ROLE_CODE, "GRNDCHILD", "grandchild")]),
    Row::new("GRD", Relationship::Grd, [to(system::V2_0063, "GRD", "Guardian")]),
    Row::new("GRP", Relationship::Grp, [to(system::V3_ROLE_CODE, "GRPRN", "grandparent")]),
    Row::new("MGR", Relationship::Mgr, [to(system::V2_0063, "MGR", "Manager")]),
    Row::new("MTH", Relationship::Mth, [to(system::V3_ROLE_CODE, "MTH", "mother")]),
    Row::new("NCH", Relationship::Nch, [to(system::V3_ROLE_CODE, "NCHILD", "natural child")]),
    Row::new("NON", Relationship::Non, [to(system::V2_0063, "NON", "None")]),
    Row::new("OAD", Relationship::Oad, [to(system::V2_0063, "OAD", "Other adult")]),
    Row::new("OTH", Relationship::Oth, [to(system::V2_0131, "O", "Other")]),
    Row::new("OWN", Relationship::Own, [to(system::V2_0063, "OWN", "Owner")]),
    Row::new("PAR", Relationship::Par, [to(system::V3_ROLE_CODE, "PRN", "parent")]),
    Row::new("SCH", Relationship::Sch, [to(system::V3_ROLE_CODE, "STPCHLD", "step child")]),
    Row::new("SEL", Relationship::Sel, [to(system::V3_ROLE_CODE, "ONESELF", "self")]),
    Row::new("SIB", Relationship::Sib, [to(system::V3_ROLE_CODE, "SIB", "sibling")]),
    Row::new("SIS", Relationship::Sis, [to(system::V3_ROLE_CODE, "SIS", "sister")]),
    Row::new("SPO", Relationship::Spo, [to(system::V3_ROLE_CODE, "SPS", "spouse")]),
    Row::new("TRA", Relationship::Tra, [to(system::V2_0063, "TRA", "Trainer")]),
    Row::new("UNK", Relationship::Unk, [to(system::V2_0131, "U", "Unknown")]),
    Row::new("WRD", Relationship::Wrd, [to(system::V2_0063, "WRD", "Ward of court")]),
];

impl Relationship {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&RELATIONSHIP_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&RELATIONSHIP_CODES, self as usize)
    }

    /// `Relationship`.
    pub(crate) fn concept(self) -> Option<Concept> {
        Row::concept(&RELATIONSHIP_CODES, self as usize, 0)
    }
}

/// `Relationship`.
pub(crate) static RELATIONSHIP: CodeMap = CodeMap {
    name: "Relationship",
    table: "0063",
    find: |code| Relationship::read(code).and_then(Relationship::concept),
    knows: |code| Relationship::read(code).is_some(),
    translates: true,
    codes: || list(&RELATIONSHIP_CODES, Relationship::code, Relationship::concept),
};

/// Table 0092.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReadmissionIndicator {
    R,
}

static READMISSION_INDICATOR_CODES: [Row<ReadmissionIndicator, 1>; 1] =
    [Row::new("R", ReadmissionIndicator::R, [to(system::V2_0092, "R", "Re-admission")])];

impl ReadmissionIndicator {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&READMISSION_INDICATOR_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&READMISSION_INDICATOR_CODES, self as usize)
    }

    /// `ReadmissionIndicator`.
    pub(crate) fn concept(self) -> Option<Concept> {
        Row::concept(&READMISSION_INDICATOR_CODES, self as usize, 0)
    }
}

/// `ReadmissionIndicator`.
pub(crate) static READMISSION_INDICATOR: CodeMap = CodeMap {
    name: "ReadmissionIndicator",
    table: "0092",
    find: |code| ReadmissionIndicator::read(code).and_then(ReadmissionIndicator::concept),
    knows: |code| ReadmissionIndicator::read(code).is_some(),
    translates: true,
    codes: || list(&READMISSION_INDICATOR_CODES, ReadmissionIndicator::code, ReadmissionIndicator::concept),
};

/// Table 0123.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ResultStatus {
    A,
    C,
    F,
    I,
    M,
    N,
    O,
    P,
    R,
    S,
    X,
    Y,
    Z,
}

static RESULT_STATUS_CODES: [Row<ResultStatus, 1>; 13] = [
    Row::new("A", ResultStatus::A, [NONE]),
    Row::new("C", ResultStatus::C, [to(system::DIAGNOSTIC_REPORT_STATUS, "corrected", "Corrected")]),
    Row::new("F", ResultStatus::F, [to(system::DIAGNOSTIC_REPORT_STATUS, "final", "Final")]),
    Row::new("I", ResultStatus::I, [to(system::DIAGNOSTIC_REPORT_STATUS, "registered", "Registered")]),
    Row::new("M", ResultStatus::M, [NONE]),
    Row::new("N", ResultStatus::N, [NONE]),
    Row::new("O", ResultStatus::O, [to(system::DIAGNOSTIC_REPORT_STATUS, "registered", "Registered")]),
    Row::new("P", ResultStatus::P, [to(system::DIAGNOSTIC_REPORT_STATUS, "preliminary", "Preliminary")]),
    Row::new("R", ResultStatus::R, [to(system::DIAGNOSTIC_REPORT_STATUS, "partial", "Partial")]),
    Row::new("S", ResultStatus::S, [to(system::DIAGNOSTIC_REPORT_STATUS, "registered", "Registered")]),
    Row::new("X", ResultStatus::X, [to(system::DIAGNOSTIC_REPORT_STATUS, "cancelled", "Cancelled")]),
    Row::new("Y", ResultStatus::Y, [NONE]),
    Row::new("Z", ResultStatus::Z, [NONE]),
];

impl ResultStatus {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&RESULT_STATUS_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&RESULT_STATUS_CODES, self as usize)
    }

    /// `ResultStatus[Non-Queries]`.
    pub(crate) fn concept(self) -> Option<Concept> {
        Row::concept(&RESULT_STATUS_CODES, self as usize, 0)
    }
}

/// `ResultStatus[Non-Queries]`.
pub(crate) static RESULT_STATUS_NON_QUERIES: CodeMap = CodeMap {
    name: "ResultStatus[Non-Queries]",
    table: "0123",
    find: |code| ResultStatus::read(code).and_then(ResultStatus::concept),
    knows: |code| ResultStatus::read(code).is_some(),
    translates: true,
    codes: || list(&RESULT_STATUS_CODES, ResultStatus::code, ResultStatus::concept),
};

/// Table 0162.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RouteOfAdministration {
    Ap,
    B,
    Dt,
    Ep,
    Et,
    Gtt,
    Gu,
    Ia,
    Ib,
    Ic,
    Icv,
    Id,
    Ih,
    Iha,
    Im,
    Imr,
    In,
    Io,
    Ip,
    Is,
    It,
    Iu,
    Iv,
    Mm,
    Mth,
    Ng,
    Np,
    Ns,
    Nt,
    Op,
    Ot,
    Oth,
    Pf,
    Po,
    Pr,
    Rm,
    Sc,
    Sd,
    Sl,
    Td,
    Tl,
    Tp,
    Tra,
    Ur,
    Vg,
    Vm,
    Wnd,
}

static ROUTE_OF_ADMINISTRATION_CODES: [Row<RouteOfAdministration, 1>; 47] = [
    Row::new("AP", RouteOfAdministration::Ap, [to(system::V2_0162, "AP", "Apply Externally")]),
    Row::new("B", RouteOfAdministration::B, [to(system::V2_0162, "B", "Buccal")]),
    Row::new("DT", RouteOfAdministration::Dt, [to(system::V2_0162, "DT", "Dental")]),
    Row::new("EP", RouteOfAdministration::Ep, [to(system::V2_0162, "EP", "Epidural")]),
    Row::new("ET", RouteOfAdministration::Et, [to(system::V2_0162, "ET", "Endotrachial Tube")]),
    Row::new("GTT", RouteOfAdministration::Gtt, [to(system::V2_0162, "GTT", "Gastrostomy Tube")]),
    Row::new("GU", RouteOfAdministration::Gu, [to(system::V2_0162, "GU", "GU Irrigant")]),
    Row::new("IA", RouteOfAdministration::Ia, [to(system::V2_0162, "IA", "Intra-arterial")]),
    Row::new("IB", RouteOfAdministration::Ib, [to(system::V2_0162, "IB", "Intrabursal")]),
    Row::new("IC", RouteOfAdministration::Ic, [to(system::V2_0162, "IC", "Intracardiac")]),
    Row::new("ICV", RouteOfAdministration::Icv, [to(system::V2_0162, "ICV", "Intracervical (uterus)")]),
    Row::new(
        "ID",
        RouteOfAdministration::Id,
        [to(system::V3_ROUTE_OF_ADMINISTRATION, "IDINJ", "Injection, intradermal")],
    ),
    Row::new("IH", RouteOfAdministration::Ih, [to(system::V2_0162, "IH", "Inhalation")]),
    Row::new("IHA", RouteOfAdministration::Iha, [to(system::V2_0162, "IHA", "Intrahepatic Artery")]),
    Row::new(
        "IM",
        RouteOfAdministration::Im,
        [to(system::V3_ROUTE_OF_ADMINISTRATION, "IM", "Injection, intramuscular")],
    ),
    Row::new("IMR", RouteOfAdministration::Imr, [to(system::V2_0162, "IMR", "Immerse (Soak) Body Part")]),
    Row::new("IN", RouteOfAdministration::In, [to(system::V2_0162, "IN", "Intranasal")]),
    Row::new("IO", RouteOfAdministration::Io, [to(system::V2_0162, "IO", "Intraocular")]),
    Row::new("IP", RouteOfAdministration::Ip, [to(system::V2_0162, "IP", "Intraperitoneal")]),
    Row::new("IS", RouteOfAdministration::Is, [to(system::V2_0162, "IS", "Intrasynovial")]),
    Row::new("IT", RouteOfAdministration::It, [to(system::V2_0162, "IT", "Intrathecal")]),
    Row::new("IU", RouteOfAdministration::Iu, [to(system::V2_0162, "IU", "Intrauterine")]),
    Row::new(
        "IV",
        RouteOfAdministration::Iv,
        [to(system::V3_ROUTE_OF_ADMINISTRATION, "IVINJ", "Injection, intravenous")],
    ),
    Row::new("MM", RouteOfAdministration::Mm, [to(system::V2_0162, "MM", "Mucous Membrane")]),
    Row::new("MTH", RouteOfAdministration::Mth, [to(system::V2_0162, "MTH", "Mouth/Throat")]),
    Row::new("NG", RouteOfAdministration::Ng, [to(system::V2_0162, "NG", "Nasogastric")]),
    Row::new("NP", RouteOfAdministration::Np, [to(system::V2_0162, "NP", "Nasal Prongs")]),
    Row::new("NS", RouteOfAdministration::Ns, [to(system::V2_0162, "NS", "Nasal")]),
    Row::new("NT", RouteOfAdministration::Nt, [to(system::V2_0162, "NT", "Nasotrachial Tube")]),
    Row::new("OP", RouteOfAdministration::Op, [to(system::V2_0162, "OP", "Ophthalmic")]),
    Row::new("OT", RouteOfAdministration::Ot, [to(system::V2_0162, "OT", "Otic")]),
    Row::new("OTH", RouteOfAdministration::Oth, [to(system::V2_0162, "OTH", "Other/Miscellaneous")]),
    Row::new("PF", RouteOfAdministration::Pf, [to(system::V2_0162, "PF", "Perfusion")]),
    Row::new(
        "PO",
        RouteOfAdministration::Po,
        [to(system::V3_ROUTE_OF_ADMINISTRATION, "PO", "Swallow, oral")],
    ),
    Row::new("PR", RouteOfAdministration::Pr, [to(system::V2_0162, "PR", "Rectal")]),
    Row::new("RM", RouteOfAdministration::Rm, [to(system::V2_0162, "RM", "Rebreather Mask")]),
    Row::new(
        "SC",
        RouteOfAdministration::Sc,
        [to(system::V3_ROUTE_OF_ADMINISTRATION, "SQ", "Injection, subcutaneous")],
    ),
    Row::new("SD", RouteOfAdministration::Sd, [to(system::V2_0162, "SD", "Soaked Dressing")]),
    Row::new("SL", RouteOfAdministration::Sl, [to(system::V2_0162, "SL", "Sublingual")]),
    Row::new(
        "TD",
        RouteOfAdministration::Td,
        [to(system::V3_ROUTE_OF_ADMINISTRATION, "TRNSDERM", "Transdermal")],
    ),
    Row::new("TL", RouteOfAdministration::Tl, [to(system::V2_0162, "TL", "Translingual")]),
    Row::new("TP", RouteOfAdministration::Tp, [to(system::V2_0162, "TP", "Topical")]),
    Row::new("TRA", RouteOfAdministration::Tra, [to(system::V2_0162, "TRA", "Tracheostomy")]),
    Row::new("UR", RouteOfAdministration::Ur, [to(system::V2_0162, "UR", "Urethral")]),
    Row::new("VG", RouteOfAdministration::Vg, [to(system::V2_0162, "VG", "Vaginal")]),
    Row::new("VM", RouteOfAdministration::Vm, [to(system::V2_0162, "VM", "Ventimask")]),
    Row::new("WND", RouteOfAdministration::Wnd, [to(system::V2_0162, "WND", "Wound")]),
];

impl RouteOfAdministration {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&ROUTE_OF_ADMINISTRATION_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&ROUTE_OF_ADMINISTRATION_CODES, self as usize)
    }

    /// `RouteOfAdministration`.
    pub(crate) fn concept(self) -> Option<Concept> {
        Row::concept(&ROUTE_OF_ADMINISTRATION_CODES, self as usize, 0)
    }
}

/// `RouteOfAdministration`.
pub(crate) static ROUTE_OF_ADMINISTRATION: CodeMap = CodeMap {
    name: "RouteOfAdministration",
    table: "0162",
    find: |code| RouteOfAdministration::read(code).and_then(RouteOfAdministration::concept),
    knows: |code| RouteOfAdministration::read(code).is_some(),
    translates: true,
    codes: || {
        list(&ROUTE_OF_ADMINISTRATION_CODES, RouteOfAdministration::code, RouteOfAdministration::concept)
    },
};

/// Table 0335.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RepeatPattern {
    A,
    Bid,
    C,
    D,
    I,
    M,
    Once,
    P,
    Prn,
    Q1d,
    Q1h,
    Q1l,
    Q1w,
    Q2h,
    Q3h,
    Q4h,
    Q6h,
    Q8h,
    Qam,
    Qhs,
    Qid,
    Qod,
    Qpm,
    Qshift,
    Tid,
    V,
}

static REPEAT_PATTERN_CODES: [Row<RepeatPattern, 1>; 26] = [
    Row::new("A", RepeatPattern::A, [to(system::V2_0335, "A", "Ante (before)")]),
    Row::new("BID", RepeatPattern::Bid, [to(system::V3_GTS_ABBREVIATION, "BID", "BID")]),
    Row::new(
        "C",
        RepeatPattern::C,
        [to(system::V2_0335, "C", "service is provided continuously between start time and stop time")],
    ),
    Row::new("D", RepeatPattern::D, [to(system::V2_0335, "D", "Cibus Diurnus (lunch)")]),
    Row::new("I", RepeatPattern::I, [to(system::V2_0335, "I", "Inter")]),
    Row::new("M", RepeatPattern::M, [to(system::V2_0335, "M", "Cibus Matutinus (breakfast)")]),
    Row::new("Once", RepeatPattern::Once, [to(system::V2_0335, "Once", "one time only.")]),
    Row::new("P", RepeatPattern::P, [to(system::V2_0335, "P", "Post (after)")]),
    Row::new("PRN", RepeatPattern::Prn, [to(system::V2_0335, "PRN", "given as needed")]),
    Row::new("Q1D", RepeatPattern::Q1d, [to(system::V3_GTS_ABBREVIATION, "QD", "QD")]),
    Row::new("Q1H", RepeatPattern::Q1h, [to(system::V3_GTS_ABBREVIATION, "Q1H", "every hour")]),
    Row::new("Q1L", RepeatPattern::Q1l, [to(system::V3_GTS_ABBREVIATION, "MO", "monthly")]),
    Row::new("Q1W", RepeatPattern::Q1w, [to(system::V3_GTS_ABBREVIATION, "WK", "weekly")]),
    Row::new("Q2H", RepeatPattern::Q2h, [to(system::V3_GTS_ABBREVIATION, "Q2H", "every 2 hours")]),
    Row::new("Q3H", RepeatPattern::Q3h, [to(system::V3_GTS_ABBREVIATION, "Q3H", "every 3 hours")]),
    Row::new("Q4H", RepeatPattern::Q4h, [to(system::V3_GTS_ABBREVIATION, "Q4H", "Q4H")]),
    Row::new("Q6H", RepeatPattern::Q6h, [to(system::V3_GTS_ABBREVIATION, "Q6H", "Q6H")]),
    Row::new("Q8H", RepeatPattern::Q8h, [to(system::V3_GTS_ABBREVIATION, "Q8H", "every 8 hours")]),
    Row::new(
        "QAM",
        RepeatPattern::Qam,
        [to(system::V2_0335, "QAM", "in the morning at institution-specified time")],
    ),
    Row::new("QHS", RepeatPattern::Qhs, [to(system::V2_0335, "QHS", "every day before the hour of sleep")]),
    Row::new("QID", RepeatPattern::Qid, [to(system::V3_GTS_ABBREVIATION, "QID", "QID")]),
    Row::new("QOD", RepeatPattern::Qod, [to(system::V3_GTS_ABBREVIATION, "QOD", "QOD")]),
    Row::new(
        "QPM",
        RepeatPattern::Qpm,
        [to(system::V2_0335, "QPM", "in the evening at institution-specified time")],
    ),
    Row::new(
        "QSHIFT",
        RepeatPattern::Qshift,
        [to(
            system::V2_0335,
            "QSHIFT",
            "during each of three eight-hour shifts at institution-specified times",
        )],
    ),
    Row::new("TID", RepeatPattern::Tid, [to(system::V3_GTS_ABBREVIATION, "TID", "TID")]),
    Row::new("V", RepeatPattern::V, [to(system::V2_0335, "V", "Cibus Vespertinus (dinner)")]),
];

impl RepeatPattern {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&REPEAT_PATTERN_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&REPEAT_PATTERN_CODES, self as usize)
    }

    /// `RepeatPattern`.
    pub(crate) fn concept(self) -> Option<Concept> {
        Row::concept(&REPEAT_PATTERN_CODES, self as usize, 0)
    }
}

/// `RepeatPattern`.
pub(crate) static REPEAT_PATTERN: CodeMap = CodeMap {
    name: "RepeatPattern",
    table: "0335",
    find: |code| RepeatPattern::read(code).and_then(RepeatPattern::concept),
    knows: |code| RepeatPattern::read(code).is_some(),
    translates: true,
    codes: || list(&REPEAT_PATTERN_CODES, RepeatPattern::code, RepeatPattern::concept),
};

/// `RequestedGiveUnits`: the guide has no counterpart for any code.
pub(crate) static REQUESTED_GIVE_UNITS: CodeMap = CodeMap {
    name: "RequestedGiveUnits",
    table: "0748",
    find: |_| None,
    knows: |_| false,
    translates: false,
    codes: Vec::new,
};

/// `RequestedDosageForm`: the guide has no counterpart for any code.
pub(crate) static REQUESTED_DOSAGE_FORM: CodeMap = CodeMap {
    name: "RequestedDosageForm",
    table: "0750",
    find: |_| None,
    knows: |_| false,
    translates: false,
    codes: Vec::new,
};

/// `RequestedDispenseUnits`: the guide has no counterpart for any code.
pub(crate) static REQUESTED_DISPENSE_UNITS: CodeMap = CodeMap {
    name: "RequestedDispenseUnits",
    table: "0754",
    find: |_| None,
    knows: |_| false,
    translates: false,
    codes: Vec::new,
};

/// `RequestedGiveStrengthUnits`: the guide has no counterpart for any code.
pub(crate) static REQUESTED_GIVE_STRENGTH_UNITS: CodeMap = CodeMap {
    name: "RequestedGiveStrengthUnits",
    table: "0756",
    find: |_| None,
    knows: |_| false,
    translates: false,
    codes: Vec::new,
};

/// `RequestedDrugStrengthVolumeUnits`: the guide has no counterpart for any code.
pub(crate) static REQUESTED_DRUG_STRENGTH_VOLUME_UNITS: CodeMap = CodeMap {
    name: "RequestedDrugStrengthVolumeUnits",
    table: "0764",
    find: |_| None,
    knows: |_| false,
    translates: false,
    codes: Vec::new,
};

/// `RoutingInstruction`: the guide has no counterpart for any code.
pub(crate) static ROUTING_INSTRUCTION: CodeMap = CodeMap {
    name: "RoutingInstruction",
    table: "0766",
    find: |_| None,
    knows: |_| false,
    translates: false,
    codes: Vec::new,
};
