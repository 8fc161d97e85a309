//! Datatypes by the names of the standard.
// Made by `cargo xtask builders` from `hl7-v2/dictionary`. Do not edit.

use super::{Datatype, DatatypeKind};
/// AUI: Authorization information.
pub type Aui = Datatype<kind::Aui>;

/// CE: Coded element.
pub type Ce = Datatype<kind::Ce>;

/// CNE: Coded with no exceptions.
pub type Cne = Datatype<kind::Cne>;

/// CNN: Composite id number and name simplified.
pub type Cnn = Datatype<kind::Cnn>;

/// CP: Composite price.
pub type Cp = Datatype<kind::Cp>;

/// CQ: Composite quantity with units.
pub type Cq = Datatype<kind::Cq>;

/// CWE: Coded with exceptions.
pub type Cwe = Datatype<kind::Cwe>;

/// CX: Extended composite id with check digit.
pub type Cx = Datatype<kind::Cx>;

/// DLD: Discharge to location and date.
pub type Dld = Datatype<kind::Dld>;

/// DLN: Driver's license number.
pub type Dln = Datatype<kind::Dln>;

/// DR: Date/time range.
pub type Dr = Datatype<kind::Dr>;

/// DT: Date.
pub type Dt = Datatype<kind::Dt>;

/// DTM: Date/Time.
pub type Dtm = Datatype<kind::Dtm>;

/// ED: Encapsulated data.
pub type Ed = Datatype<kind::Ed>;

/// EI: Entity identifier.
pub type Ei = Datatype<kind::Ei>;

/// EIP: Entity identifier pair.
pub type Eip = Datatype<kind::Eip>;

/// FC: Financial class.
pub type Fc = Datatype<kind::Fc>;

/// FN: Family name.
pub type Fn = Datatype<kind::Fn>;

/// FT: Formatted Text Data.
pub type Ft = Datatype<kind::Ft>;

/// GTS: General Timing Specification.
pub type Gts = Datatype<kind::Gts>;

/// HD: Hierarchic designator.
pub type Hd = Datatype<kind::Hd>;

/// ID: Coded Value for HL7-Defined Tables.
pub type Id = Datatype<kind::Id>;

/// IS: Coded Value for User-Defined Tables.
pub type Is = Datatype<kind::Is>;

/// JCC: Job code/class.
pub type Jcc = Datatype<kind::Jcc>;

/// LA1: Location with address variation 1.
pub type La1 = Datatype<kind::La1>;

/// LA2: Location with address variation 2.
pub type La2 = Datatype<kind::La2>;

/// MO: Money.
pub type Mo = Datatype<kind::Mo>;

/// MOC: Money and code.
pub type Moc = Datatype<kind::Moc>;

/// MSG: Message type.
pub type Msg = Datatype<kind::Msg>;

/// NA: Numeric array.
pub type Na = Datatype<kind::Na>;

/// NDL: Name with date and location.
pub type Ndl = Datatype<kind::Ndl>;

/// NM: Numeric.
pub type Nm = Datatype<kind::Nm>;

/// OG: Observation grouper.
pub type Og = Datatype<kind::Og>;

/// OSD: Order sequence definition.
pub type Osd = Datatype<kind::Osd>;

/// PL: Person location.
pub type Pl = Datatype<kind::Pl>;

/// PLN: Practitioner license or other id number.
pub type Pln = Datatype<kind::Pln>;

/// PPN: Performing person time stamp.
pub type Ppn = Datatype<kind::Ppn>;

/// PRL: Parent result link.
pub type Prl = Datatype<kind::Prl>;

/// PT: Processing type.
pub type Pt = Datatype<kind::Pt>;

/// RI: Repeat interval.
pub type Ri = Datatype<kind::Ri>;

/// RP: Reference pointer.
pub type Rp = Datatype<kind::Rp>;

/// RPT: Repeat pattern.
pub type Rpt = Datatype<kind::Rpt>;

/// SAD: Street address.
pub type Sad = Datatype<kind::Sad>;

/// SI: Sequence ID.
pub type Si = Datatype<kind::Si>;

/// SN: Structured numeric.
pub type Sn = Datatype<kind::Sn>;

/// SNM: String of Telephone Number Digits.
pub type Snm = Datatype<kind::Snm>;

/// SPS: Specimen source.
pub type Sps = Datatype<kind::Sps>;

/// ST: String Data.
pub type St = Datatype<kind::St>;

/// TM: Time.
pub type Tm = Datatype<kind::Tm>;

/// TQ: Timing quantity.
pub type Tq = Datatype<kind::Tq>;

/// TS: Time stamp.
pub type Ts = Datatype<kind::Ts>;

/// TX: Text Data.
pub type Tx = Datatype<kind::Tx>;

/// VID: Version identifier.
pub type Vid = Datatype<kind::Vid>;

/// XAD: Extended address.
pub type Xad = Datatype<kind::Xad>;

/// XCN: Extended composite id number and name for persons.
pub type Xcn = Datatype<kind::Xcn>;

/// XON: Extended composite name and identification number for organizations.
pub type Xon = Datatype<kind::Xon>;

/// XPN: Extended person name.
pub type Xpn = Datatype<kind::Xpn>;

/// XTN: Extended telecommunication number.
pub type Xtn = Datatype<kind::Xtn>;

impl Aui {
    /// AUI.1 Authorization Number: ST.
    pub fn authorization_number(self, value: impl Into<St>) -> Self {
        self.with(1, value.into())
    }

    /// AUI.2 Date: DT (TS 2.3.1).
    pub fn date(self, value: impl Into<Dt>) -> Self {
        self.with(2, value.into())
    }

    /// AUI.3 Source: ST.
    pub fn source(self, value: impl Into<St>) -> Self {
        self.with(3, value.into())
    }
}

impl Ce {
    /// CE.1 Identifier: ST (ID 2.1-2.3).
    pub fn identifier(self, value: impl Into<St>) -> Self {
        self.with(1, value.into())
    }

    /// CE.2 Text: ST.
    pub fn text(self, value: impl Into<St>) -> Self {
        self.with(2, value.into())
    }

    /// CE.3 Name of Coding System: ID (ST 2.1-2.3.1, IS 2.4).
    pub fn name_of_coding_system(self, value: impl Into<Id>) -> Self {
        self.with(3, value.into())
    }

    /// CE.4 Alternate Identifier: ST (ID 2.3).
    pub fn alternate_identifier(self, value: impl Into<St>) -> Self {
        self.with(4, value.into())
    }

    /// CE.5 Alternate Text: ST.
    pub fn alternate_text(self, value: impl Into<St>) -> Self {
        self.with(5, value.into())
    }

    /// CE.6 Name of Alternate Coding System: ID (ST 2.1-2.3.1, IS 2.4).
    pub fn name_of_alternate_coding_system(self, value: impl Into<Id>) -> Self {
        self.with(6, value.into())
    }
}

impl Cne {
    /// CNE.1 Identifier: ST.
    pub fn identifier(self, value: impl Into<St>) -> Self {
        self.with(1, value.into())
    }

    /// CNE.2 Text: ST.
    pub fn text(self, value: impl Into<St>) -> Self {
        self.with(2, value.into())
    }

    /// CNE.3 Name of Coding System: ID (ST 2.3.1, IS 2.4).
    pub fn name_of_coding_system(self, value: impl Into<Id>) -> Self {
        self.with(3, value.into())
    }

    /// CNE.4 Alternate Identifier: ST.
    pub fn alternate_identifier(self, value: impl Into<St>) -> Self {
        self.with(4, value.into())
    }

    /// CNE.5 Alternate Text: ST.
    pub fn alternate_text(self, value: impl Into<St>) -> Self {
        self.with(5, value.into())
    }

    /// CNE.6 Name of Alternate Coding System: ID (ST 2.3.1, IS 2.4).
    pub fn name_of_alternate_coding_system(self, value: impl Into<Id>) -> Self {
        self.with(6, value.into())
    }

    /// CNE.7 Coding System Version ID: ST.
    pub fn coding_system_version_id(self, value: impl Into<St>) -> Self {
        self.with(7, value.into())
    }

    /// CNE.8 Alternate Coding System Version ID: ST.
    pub fn alternate_coding_system_version_id(self, value: impl Into<St>) -> Self {
        self.with(8, value.into())
    }

    /// CNE.9 Original Text: ST.
    pub fn original_text(self, value: impl Into<St>) -> Self {
        self.with(9, value.into())
    }

    /// CNE.10 Second Alternate Identifier: ST.
    pub fn second_alternate_identifier(self, value: impl Into<St>) -> Self {
        self.with(10, value.into())
    }

    /// CNE.11 Second Alternate Text: ST.
    pub fn second_alternate_text(self, value: impl Into<St>) -> Self {
        self.with(11, value.into())
    }

    /// CNE.12 Name of Second Alternate Coding System: ID.
    pub fn name_of_second_alternate_coding_system(self, value: impl Into<Id>) -> Self {
        self.with(12, value.into())
    }

    /// CNE.13 Second Alternate Coding System Version ID: ST.
    pub fn second_alternate_coding_system_version_id(self, value: impl Into<St>) -> Self {
        self.with(13, value.into())
    }

    /// CNE.14 Coding System OID: ST.
    pub fn coding_system_oid(self, value: impl Into<St>) -> Self {
        self.with(14, value.into())
    }

    /// CNE.15 Value Set OID: ST.
    pub fn value_set_oid(self, value: impl Into<St>) -> Self {
        self.with(15, value.into())
    }

    /// CNE.16 Value Set Version ID: DTM.
    pub fn value_set_version_id(self, value: impl Into<Dtm>) -> Self {
        self.with(16, value.into())
    }

    /// CNE.17 Alternate Coding System OID: ST.
    pub fn alternate_coding_system_oid(self, value: impl Into<St>) -> Self {
        self.with(17, value.into())
    }

    /// CNE.18 Alternate Value Set OID: ST.
    pub fn alternate_value_set_oid(self, value: impl Into<St>) -> Self {
        self.with(18, value.into())
    }

    /// CNE.19 Alternate Value Set Version ID: DTM.
    pub fn alternate_value_set_version_id(self, value: impl Into<Dtm>) -> Self {
        self.with(19, value.into())
    }

    /// CNE.20 Second Alternate Coding System OID: ST.
    pub fn second_alternate_coding_system_oid(self, value: impl Into<St>) -> Self {
        self.with(20, value.into())
    }

    /// CNE.21 Second Alternate Value Set OID: ST.
    pub fn second_alternate_value_set_oid(self, value: impl Into<St>) -> Self {
        self.with(21, value.into())
    }

    /// CNE.22 Second Alternate Value Set Version ID: DTM.
    pub fn second_alternate_value_set_version_id(self, value: impl Into<Dtm>) -> Self {
        self.with(22, value.into())
    }
}

impl Cnn {
    /// CNN.1 ID Number: ST.
    pub fn id_number(self, value: impl Into<St>) -> Self {
        self.with(1, value.into())
    }

    /// CNN.2 Family Name: ST.
    pub fn family_name(self, value: impl Into<St>) -> Self {
        self.with(2, value.into())
    }

    /// CNN.3 Given Name: ST.
    pub fn given_name(self, value: impl Into<St>) -> Self {
        self.with(3, value.into())
    }

    /// CNN.4 Second and Further Given Names or Initials Thereof: ST.
    pub fn second_and_further_given_names_or_initials_thereof(self, value: impl Into<St>) -> Self {
        self.with(4, value.into())
    }

    /// CNN.5 Suffix (e.g., JR or III): ST.
    pub fn suffix_e_g_jr_or_iii(self, value: impl Into<St>) -> Self {
        self.with(5, value.into())
    }

    /// CNN.6 Prefix (e.g., DR): ST.
    pub fn prefix_e_g_dr(self, value: impl Into<St>) -> Self {
        self.with(6, value.into())
    }

    /// CNN.7 Degree (e.g., MD): IS.
    pub fn degree_e_g_md(self, value: impl Into<Is>) -> Self {
        self.with(7, value.into())
    }

    /// CNN.8 Source Table: IS.
    pub fn source_table(self, value: impl Into<Is>) -> Self {
        self.with(8, value.into())
    }

    /// CNN.9 Assigning Authority - Namespace ID: IS.
    pub fn assigning_authority_namespace_id(self, value: impl Into<Is>) -> Self {
        self.with(9, value.into())
    }

    /// CNN.10 Assigning Authority - Universal ID: ST.
    pub fn assigning_authority_universal_id(self, value: impl Into<St>) -> Self {
        self.with(10, value.into())
    }

    /// CNN.11 Assigning Authority - Universal ID Type: ID.
    pub fn assigning_authority_universal_id_type(self, value: impl Into<Id>) -> Self {
        self.with(11, value.into())
    }
}

impl Cp {
    /// CP.1 Price: MO.
    pub fn price(self, value: impl Into<Mo>) -> Self {
        self.with(1, value.into())
    }

    /// CP.2 Price Type: ID.
    pub fn price_type(self, value: impl Into<Id>) -> Self {
        self.with(2, value.into())
    }

    /// CP.3 From Value: NM.
    pub fn from_value(self, value: impl Into<Nm>) -> Self {
        self.with(3, value.into())
    }

    /// CP.4 To Value: NM.
    pub fn to_value(self, value: impl Into<Nm>) -> Self {
        self.with(4, value.into())
    }

    /// CP.5 Range Units: CWE (CE 2.3-2.5.1).
    pub fn range_units(self, value: impl Into<Cwe>) -> Self {
        self.with(5, value.into())
    }

    /// CP.6 Range Type: ID.
    pub fn range_type(self, value: impl Into<Id>) -> Self {
        self.with(6, value.into())
    }
}

impl Cq {
    /// CQ.1 Quantity: NM (ST 2.1-2.2).
    pub fn quantity(self, value: impl Into<Nm>) -> Self {
        self.with(1, value.into())
    }

    /// CQ.2 Units: CWE (ST 2.1-2.2, CE 2.3-2.5.1).
    pub fn units(self, value: impl Into<Cwe>) -> Self {
        self.with(2, value.into())
    }
}

impl Cwe {
    /// CWE.1 Identifier: ST.
    pub fn identifier(self, value: impl Into<St>) -> Self {
        self.with(1, value.into())
    }

    /// CWE.2 Text: ST.
    pub fn text(self, value: impl Into<St>) -> Self {
        self.with(2, value.into())
    }

    /// CWE.3 Name of Coding System: ID (ST 2.3.1, IS 2.4).
    pub fn name_of_coding_system(self, value: impl Into<Id>) -> Self {
        self.with(3, value.into())
    }

    /// CWE.4 Alternate Identifier: ST.
    pub fn alternate_identifier(self, value: impl Into<St>) -> Self {
        self.with(4, value.into())
    }

    /// CWE.5 Alternate Text: ST.
    pub fn alternate_text(self, value: impl Into<St>) -> Self {
        self.with(5, value.into())
    }

    /// CWE.6 Name of Alternate Coding System: ID (ST 2.3.1, IS 2.4).
    pub fn name_of_alternate_coding_system(self, value: impl Into<Id>) -> Self {
        self.with(6, value.into())
    }

    /// CWE.7 Coding System Version ID: ST.
    pub fn coding_system_version_id(self, value: impl Into<St>) -> Self {
        self.with(7, value.into())
    }

    /// CWE.8 Alternate Coding System Version ID: ST.
    pub fn alternate_coding_system_version_id(self, value: impl Into<St>) -> Self {
        self.with(8, value.into())
    }

    /// CWE.9 Original Text: ST.
    pub fn original_text(self, value: impl Into<St>) -> Self {
        self.with(9, value.into())
    }

    /// CWE.10 Second Alternate Identifier: ST.
    pub fn second_alternate_identifier(self, value: impl Into<St>) -> Self {
        self.with(10, value.into())
    }

    /// CWE.11 Second Alternate Text: ST.
    pub fn second_alternate_text(self, value: impl Into<St>) -> Self {
        self.with(11, value.into())
    }

    /// CWE.12 Name of Second Alternate Coding System: ID.
    pub fn name_of_second_alternate_coding_system(self, value: impl Into<Id>) -> Self {
        self.with(12, value.into())
    }

    /// CWE.13 Second Alternate Coding System Version ID: ST.
    pub fn second_alternate_coding_system_version_id(self, value: impl Into<St>) -> Self {
        self.with(13, value.into())
    }

    /// CWE.14 Coding System OID: ST.
    pub fn coding_system_oid(self, value: impl Into<St>) -> Self {
        self.with(14, value.into())
    }

    /// CWE.15 Value Set OID: ST.
    pub fn value_set_oid(self, value: impl Into<St>) -> Self {
        self.with(15, value.into())
    }

    /// CWE.16 Value Set Version ID: DTM.
    pub fn value_set_version_id(self, value: impl Into<Dtm>) -> Self {
        self.with(16, value.into())
    }

    /// CWE.17 Alternate Coding System OID: ST.
    pub fn alternate_coding_system_oid(self, value: impl Into<St>) -> Self {
        self.with(17, value.into())
    }

    /// CWE.18 Alternate Value Set OID: ST.
    pub fn alternate_value_set_oid(self, value: impl Into<St>) -> Self {
        self.with(18, value.into())
    }

    /// CWE.19 Alternate Value Set Version ID: DTM.
    pub fn alternate_value_set_version_id(self, value: impl Into<Dtm>) -> Self {
        self.with(19, value.into())
    }

    /// CWE.20 Second Alternate Coding System OID: ST.
    pub fn second_alternate_coding_system_oid(self, value: impl Into<St>) -> Self {
        self.with(20, value.into())
    }

    /// CWE.21 Second Alternate Value Set OID: ST.
    pub fn second_alternate_value_set_oid(self, value: impl Into<St>) -> Self {
        self.with(21, value.into())
    }

    /// CWE.22 Second Alternate Value Set Version ID: DTM.
    pub fn second_alternate_value_set_version_id(self, value: impl Into<Dtm>) -> Self {
        self.with(22, value.into())
    }
}

impl Cx {
    /// CX.1 ID Number: ST.
    pub fn id_number(self, value: impl Into<St>) -> Self {
        self.with(1, value.into())
    }

    /// CX.2 Identifier Check Digit: ST (NM 2.3.1).
    pub fn identifier_check_digit(self, value: impl Into<St>) -> Self {
        self.with(2, value.into())
    }

    /// CX.3 Check Digit Scheme: ID.
    pub fn check_digit_scheme(self, value: impl Into<Id>) -> Self {
        self.with(3, value.into())
    }

    /// CX.4 Assigning Authority: HD.
    pub fn assigning_authority(self, value: impl Into<Hd>) -> Self {
        self.with(4, value.into())
    }

    /// CX.5 Identifier Type Code: ID (IS 2.3-2.3.1).
    pub fn identifier_type_code(self, value: impl Into<Id>) -> Self {
        self.with(5, value.into())
    }

    /// CX.6 Assigning Facility: HD.
    pub fn assigning_facility(self, value: impl Into<Hd>) -> Self {
        self.with(6, value.into())
    }

    /// CX.7 Effective Date: DT.
    pub fn effective_date(self, value: impl Into<Dt>) -> Self {
        self.with(7, value.into())
    }

    /// CX.8 Expiration Date: DT.
    pub fn expiration_date(self, value: impl Into<Dt>) -> Self {
        self.with(8, value.into())
    }

    /// CX.9 Assigning Jurisdiction: CWE.
    pub fn assigning_jurisdiction(self, value: impl Into<Cwe>) -> Self {
        self.with(9, value.into())
    }

    /// CX.10 Assigning Agency or Department: CWE.
    pub fn assigning_agency_or_department(self, value: impl Into<Cwe>) -> Self {
        self.with(10, value.into())
    }

    /// CX.11 Security Check: ST.
    pub fn security_check(self, value: impl Into<St>) -> Self {
        self.with(11, value.into())
    }

    /// CX.12 Security Check Scheme: ID.
    pub fn security_check_scheme(self, value: impl Into<Id>) -> Self {
        self.with(12, value.into())
    }
}

impl Dld {
    /// DLD.1 Discharge to Location: CWE (IS 2.3.1, ID 2.4, IS 2.5-2.5.1).
    pub fn discharge_to_location(self, value: impl Into<Cwe>) -> Self {
        self.with(1, value.into())
    }

    /// DLD.2 Effective Date: DTM (TS 2.3.1-2.5.1).
    pub fn effective_date(self, value: impl Into<Dtm>) -> Self {
        self.with(2, value.into())
    }
}

impl Dln {
    /// DLN.1 License Number: ST.
    pub fn license_number(self, value: impl Into<St>) -> Self {
        self.with(1, value.into())
    }

    /// DLN.2 Issuing State, Province, Country: CWE (IS 2.3-2.6).
    pub fn issuing_state_province_country(self, value: impl Into<Cwe>) -> Self {
        self.with(2, value.into())
    }

    /// DLN.3 Expiration Date: DT.
    pub fn expiration_date(self, value: impl Into<Dt>) -> Self {
        self.with(3, value.into())
    }
}

impl Dr {
    /// DR.1 Range Start Date/Time: DTM (TS 2.3-2.5.1).
    pub fn range_start_date_time(self, value: impl Into<Dtm>) -> Self {
        self.with(1, value.into())
    }

    /// DR.2 Range End Date/Time: DTM (TS 2.3-2.5.1).
    pub fn range_end_date_time(self, value: impl Into<Dtm>) -> Self {
        self.with(2, value.into())
    }
}

impl Ed {
    /// ED.1 Source Application: HD.
    pub fn source_application(self, value: impl Into<Hd>) -> Self {
        self.with(1, value.into())
    }

    /// ED.2 Type of Data: ID.
    pub fn type_of_data(self, value: impl Into<Id>) -> Self {
        self.with(2, value.into())
    }

    /// ED.3 Data Subtype: ID.
    pub fn data_subtype(self, value: impl Into<Id>) -> Self {
        self.with(3, value.into())
    }

    /// ED.4 Encoding: ID.
    pub fn encoding(self, value: impl Into<Id>) -> Self {
        self.with(4, value.into())
    }

    /// ED.5 Data: TX (ST 2.3-2.4).
    pub fn data(self, value: impl Into<Tx>) -> Self {
        self.with(5, value.into())
    }
}

impl Ei {
    /// EI.1 Entity Identifier: ST.
    pub fn entity_identifier(self, value: impl Into<St>) -> Self {
        self.with(1, value.into())
    }

    /// EI.2 Namespace ID: IS.
    pub fn namespace_id(self, value: impl Into<Is>) -> Self {
        self.with(2, value.into())
    }

    /// EI.3 Universal ID: ST.
    pub fn universal_id(self, value: impl Into<St>) -> Self {
        self.with(3, value.into())
    }

    /// EI.4 Universal ID Type: ID.
    pub fn universal_id_type(self, value: impl Into<Id>) -> Self {
        self.with(4, value.into())
    }
}

impl Eip {
    /// EIP.1 Placer Assigned Identifier: EI.
    pub fn placer_assigned_identifier(self, value: impl Into<Ei>) -> Self {
        self.with(1, value.into())
    }

    /// EIP.2 Filler Assigned Identifier: EI.
    pub fn filler_assigned_identifier(self, value: impl Into<Ei>) -> Self {
        self.with(2, value.into())
    }
}

impl Fc {
    /// FC.1 Financial Class Code: CWE (IS 2.3-2.6).
    pub fn financial_class_code(self, value: impl Into<Cwe>) -> Self {
        self.with(1, value.into())
    }

    /// FC.2 Effective Date: DTM (TS 2.3-2.5.1).
    pub fn effective_date(self, value: impl Into<Dtm>) -> Self {
        self.with(2, value.into())
    }
}

impl Fn {
    /// FN.1 Surname: ST.
    pub fn surname(self, value: impl Into<St>) -> Self {
        self.with(1, value.into())
    }

    /// FN.2 Own Surname Prefix: ST.
    pub fn own_surname_prefix(self, value: impl Into<St>) -> Self {
        self.with(2, value.into())
    }

    /// FN.3 Own Surname: ST.
    pub fn own_surname(self, value: impl Into<St>) -> Self {
        self.with(3, value.into())
    }

    /// FN.4 Surname Prefix from Partner/Spouse: ST.
    pub fn surname_prefix_from_partner_spouse(self, value: impl Into<St>) -> Self {
        self.with(4, value.into())
    }

    /// FN.5 Surname from Partner/Spouse: ST.
    pub fn surname_from_partner_spouse(self, value: impl Into<St>) -> Self {
        self.with(5, value.into())
    }
}

impl Hd {
    /// HD.1 Namespace ID: IS.
    pub fn namespace_id(self, value: impl Into<Is>) -> Self {
        self.with(1, value.into())
    }

    /// HD.2 Universal ID: ST.
    pub fn universal_id(self, value: impl Into<St>) -> Self {
        self.with(2, value.into())
    }

    /// HD.3 Universal ID Type: ID.
    pub fn universal_id_type(self, value: impl Into<Id>) -> Self {
        self.with(3, value.into())
    }
}

impl Jcc {
    /// JCC.1 Job Code: CWE (IS 2.3-2.6).
    pub fn job_code(self, value: impl Into<Cwe>) -> Self {
        self.with(1, value.into())
    }

    /// JCC.2 Job Class: CWE (IS 2.3-2.6).
    pub fn job_class(self, value: impl Into<Cwe>) -> Self {
        self.with(2, value.into())
    }

    /// JCC.3 Job Description Text: TX.
    pub fn job_description_text(self, value: impl Into<Tx>) -> Self {
        self.with(3, value.into())
    }
}

impl La1 {
    /// LA1.1 Point of Care: IS.
    pub fn point_of_care(self, value: impl Into<Is>) -> Self {
        self.with(1, value.into())
    }

    /// LA1.2 Room: IS.
    pub fn room(self, value: impl Into<Is>) -> Self {
        self.with(2, value.into())
    }

    /// LA1.3 Bed: IS.
    pub fn bed(self, value: impl Into<Is>) -> Self {
        self.with(3, value.into())
    }

    /// LA1.4 Facility: HD.
    pub fn facility(self, value: impl Into<Hd>) -> Self {
        self.with(4, value.into())
    }

    /// LA1.5 Location Status: IS.
    pub fn location_status(self, value: impl Into<Is>) -> Self {
        self.with(5, value.into())
    }

    /// LA1.6 Patient Location Type: IS.
    pub fn patient_location_type(self, value: impl Into<Is>) -> Self {
        self.with(6, value.into())
    }

    /// LA1.7 Building: IS.
    pub fn building(self, value: impl Into<Is>) -> Self {
        self.with(7, value.into())
    }

    /// LA1.8 Floor: IS.
    pub fn floor(self, value: impl Into<Is>) -> Self {
        self.with(8, value.into())
    }

    /// LA1.9 Address: AD.
    pub fn address(self, value: impl Into<Xad>) -> Self {
        self.with(9, value.into())
    }
}

impl La2 {
    /// LA2.1 Point of Care: IS.
    pub fn point_of_care(self, value: impl Into<Is>) -> Self {
        self.with(1, value.into())
    }

    /// LA2.2 Room: IS.
    pub fn room(self, value: impl Into<Is>) -> Self {
        self.with(2, value.into())
    }

    /// LA2.3 Bed: IS.
    pub fn bed(self, value: impl Into<Is>) -> Self {
        self.with(3, value.into())
    }

    /// LA2.4 Facility: HD.
    pub fn facility(self, value: impl Into<Hd>) -> Self {
        self.with(4, value.into())
    }

    /// LA2.5 Location Status: IS.
    pub fn location_status(self, value: impl Into<Is>) -> Self {
        self.with(5, value.into())
    }

    /// LA2.6 Patient Location Type: IS.
    pub fn patient_location_type(self, value: impl Into<Is>) -> Self {
        self.with(6, value.into())
    }

    /// LA2.7 Building: IS.
    pub fn building(self, value: impl Into<Is>) -> Self {
        self.with(7, value.into())
    }

    /// LA2.8 Floor: IS.
    pub fn floor(self, value: impl Into<Is>) -> Self {
        self.with(8, value.into())
    }

    /// LA2.9 Street Address: ST.
    pub fn street_address(self, value: impl Into<St>) -> Self {
        self.with(9, value.into())
    }

    /// LA2.10 Other Designation: ST.
    pub fn other_designation(self, value: impl Into<St>) -> Self {
        self.with(10, value.into())
    }

    /// LA2.11 City: ST.
    pub fn city(self, value: impl Into<St>) -> Self {
        self.with(11, value.into())
    }

    /// LA2.12 State or Province: ST.
    pub fn state_or_province(self, value: impl Into<St>) -> Self {
        self.with(12, value.into())
    }

    /// LA2.13 Zip or Postal Code: ST.
    pub fn zip_or_postal_code(self, value: impl Into<St>) -> Self {
        self.with(13, value.into())
    }

    /// LA2.14 Country: ID.
    pub fn country(self, value: impl Into<Id>) -> Self {
        self.with(14, value.into())
    }

    /// LA2.15 Address Type: ID.
    pub fn address_type(self, value: impl Into<Id>) -> Self {
        self.with(15, value.into())
    }

    /// LA2.16 Other Geographic Designation: ST.
    pub fn other_geographic_designation(self, value: impl Into<St>) -> Self {
        self.with(16, value.into())
    }
}

impl Mo {
    /// MO.1 Quantity: NM.
    pub fn quantity(self, value: impl Into<Nm>) -> Self {
        self.with(1, value.into())
    }

    /// MO.2 Denomination: ID.
    pub fn denomination(self, value: impl Into<Id>) -> Self {
        self.with(2, value.into())
    }
}

impl Moc {
    /// MOC.1 Monetary Amount: MO.
    pub fn monetary_amount(self, value: impl Into<Mo>) -> Self {
        self.with(1, value.into())
    }

    /// MOC.2 Charge Code: CWE (CE 2.3.1-2.5.1).
    pub fn charge_code(self, value: impl Into<Cwe>) -> Self {
        self.with(2, value.into())
    }
}

impl Msg {
    /// MSG.1 Message Code: ID.
    pub fn message_code(self, value: impl Into<Id>) -> Self {
        self.with(1, value.into())
    }

    /// MSG.2 Trigger Event: ID.
    pub fn trigger_event(self, value: impl Into<Id>) -> Self {
        self.with(2, value.into())
    }

    /// MSG.3 Message Structure: ID.
    pub fn message_structure(self, value: impl Into<Id>) -> Self {
        self.with(3, value.into())
    }
}

impl Na {
    /// NA.1 Value1: NM.
    pub fn value1(self, value: impl Into<Nm>) -> Self {
        self.with(1, value.into())
    }

    /// NA.2 Value2: NM.
    pub fn value2(self, value: impl Into<Nm>) -> Self {
        self.with(2, value.into())
    }

    /// NA.3 Value3: NM.
    pub fn value3(self, value: impl Into<Nm>) -> Self {
        self.with(3, value.into())
    }

    /// NA.4 Value4: NM.
    pub fn value4(self, value: impl Into<Nm>) -> Self {
        self.with(4, value.into())
    }
}

impl Ndl {
    /// NDL.1 Name: CNN (CN 2.3.1).
    pub fn name(self, value: impl Into<Cnn>) -> Self {
        self.with(1, value.into())
    }

    /// NDL.2 Start Date/time: DTM (TS 2.3.1-2.5.1).
    pub fn start_date_time(self, value: impl Into<Dtm>) -> Self {
        self.with(2, value.into())
    }

    /// NDL.3 End Date/time: DTM (TS 2.3.1-2.5.1).
    pub fn end_date_time(self, value: impl Into<Dtm>) -> Self {
        self.with(3, value.into())
    }

    /// NDL.4 Point of Care: IS.
    pub fn point_of_care(self, value: impl Into<Is>) -> Self {
        self.with(4, value.into())
    }

    /// NDL.5 Room: IS.
    pub fn room(self, value: impl Into<Is>) -> Self {
        self.with(5, value.into())
    }

    /// NDL.6 Bed: IS.
    pub fn bed(self, value: impl Into<Is>) -> Self {
        self.with(6, value.into())
    }

    /// NDL.7 Facility: HD.
    pub fn facility(self, value: impl Into<Hd>) -> Self {
        self.with(7, value.into())
    }

    /// NDL.8 Location Status: IS.
    pub fn location_status(self, value: impl Into<Is>) -> Self {
        self.with(8, value.into())
    }

    /// NDL.9 Patient Location Type: IS.
    pub fn patient_location_type(self, value: impl Into<Is>) -> Self {
        self.with(9, value.into())
    }

    /// NDL.10 Building: IS.
    pub fn building(self, value: impl Into<Is>) -> Self {
        self.with(10, value.into())
    }

    /// NDL.11 Floor: IS.
    pub fn floor(self, value: impl Into<Is>) -> Self {
        self.with(11, value.into())
    }
}

impl Og {
    /// OG.1 Original Sub-Identifier: ST.
    pub fn original_sub_identifier(self, value: impl Into<St>) -> Self {
        self.with(1, value.into())
    }

    /// OG.2 Group: NM.
    pub fn group(self, value: impl Into<Nm>) -> Self {
        self.with(2, value.into())
    }

    /// OG.3 Sequence: NM.
    pub fn sequence(self, value: impl Into<Nm>) -> Self {
        self.with(3, value.into())
    }

    /// OG.4 Identifier: ST.
    pub fn identifier(self, value: impl Into<St>) -> Self {
        self.with(4, value.into())
    }
}

impl Osd {
    /// OSD.1 Sequence/Results Flag: ID.
    pub fn sequence_results_flag(self, value: impl Into<Id>) -> Self {
        self.with(1, value.into())
    }

    /// OSD.2 Placer Order Number: Entity Identifier: ST.
    pub fn placer_order_number_entity_identifier(self, value: impl Into<St>) -> Self {
        self.with(2, value.into())
    }

    /// OSD.3 Placer Order Number: Namespace ID: IS.
    pub fn placer_order_number_namespace_id(self, value: impl Into<Is>) -> Self {
        self.with(3, value.into())
    }

    /// OSD.4 Filler Order Number: Entity Identifier: ST.
    pub fn filler_order_number_entity_identifier(self, value: impl Into<St>) -> Self {
        self.with(4, value.into())
    }

    /// OSD.5 Filler Order Number: Namespace ID: IS.
    pub fn filler_order_number_namespace_id(self, value: impl Into<Is>) -> Self {
        self.with(5, value.into())
    }

    /// OSD.6 Sequence Condition Value: ST.
    pub fn sequence_condition_value(self, value: impl Into<St>) -> Self {
        self.with(6, value.into())
    }

    /// OSD.7 Maximum Number of Repeats: NM.
    pub fn maximum_number_of_repeats(self, value: impl Into<Nm>) -> Self {
        self.with(7, value.into())
    }

    /// OSD.8 Placer Order Number: Universal ID: ST.
    pub fn placer_order_number_universal_id(self, value: impl Into<St>) -> Self {
        self.with(8, value.into())
    }

    /// OSD.9 Placer Order Number: Universal ID Type: ID.
    pub fn placer_order_number_universal_id_type(self, value: impl Into<Id>) -> Self {
        self.with(9, value.into())
    }

    /// OSD.10 Filler Order Number: Universal ID: ST.
    pub fn filler_order_number_universal_id(self, value: impl Into<St>) -> Self {
        self.with(10, value.into())
    }

    /// OSD.11 Filler Order Number: Universal ID Type: ID.
    pub fn filler_order_number_universal_id_type(self, value: impl Into<Id>) -> Self {
        self.with(11, value.into())
    }
}

impl Pl {
    /// PL.1 Point of Care: HD (ID 2.3, IS 2.3.1-2.6).
    pub fn point_of_care(self, value: impl Into<Hd>) -> Self {
        self.with(1, value.into())
    }

    /// PL.2 Room: HD (IS 2.3-2.6).
    pub fn room(self, value: impl Into<Hd>) -> Self {
        self.with(2, value.into())
    }

    /// PL.3 Bed: HD (IS 2.3-2.6).
    pub fn bed(self, value: impl Into<Hd>) -> Self {
        self.with(3, value.into())
    }

    /// PL.4 Facility: HD.
    pub fn facility(self, value: impl Into<Hd>) -> Self {
        self.with(4, value.into())
    }

    /// PL.5 Location Status: IS.
    pub fn location_status(self, value: impl Into<Is>) -> Self {
        self.with(5, value.into())
    }

    /// PL.6 Person Location Type: IS.
    pub fn person_location_type(self, value: impl Into<Is>) -> Self {
        self.with(6, value.into())
    }

    /// PL.7 Building: HD (IS 2.3-2.6).
    pub fn building(self, value: impl Into<Hd>) -> Self {
        self.with(7, value.into())
    }

    /// PL.8 Floor: HD (ST 2.3, IS 2.3.1-2.6).
    pub fn floor(self, value: impl Into<Hd>) -> Self {
        self.with(8, value.into())
    }

    /// PL.9 Location Description: ST.
    pub fn location_description(self, value: impl Into<St>) -> Self {
        self.with(9, value.into())
    }

    /// PL.10 Comprehensive Location Identifier: EI.
    pub fn comprehensive_location_identifier(self, value: impl Into<Ei>) -> Self {
        self.with(10, value.into())
    }

    /// PL.11 Assigning Authority for Location: HD.
    pub fn assigning_authority_for_location(self, value: impl Into<Hd>) -> Self {
        self.with(11, value.into())
    }
}

impl Pln {
    /// PLN.1 ID Number: ST.
    pub fn id_number(self, value: impl Into<St>) -> Self {
        self.with(1, value.into())
    }

    /// PLN.2 Type of ID Number: CWE (IS 2.3.1-2.6).
    pub fn type_of_id_number(self, value: impl Into<Cwe>) -> Self {
        self.with(2, value.into())
    }

    /// PLN.3 State/other Qualifying Information: ST.
    pub fn state_other_qualifying_information(self, value: impl Into<St>) -> Self {
        self.with(3, value.into())
    }

    /// PLN.4 Expiration Date: DT.
    pub fn expiration_date(self, value: impl Into<Dt>) -> Self {
        self.with(4, value.into())
    }
}

impl Ppn {
    /// PPN.1 Person Identifier: ST.
    pub fn person_identifier(self, value: impl Into<St>) -> Self {
        self.with(1, value.into())
    }

    /// PPN.2 Family Name: FN (ST 2.3).
    pub fn family_name(self, value: impl Into<Fn>) -> Self {
        self.with(2, value.into())
    }

    /// PPN.3 Given Name: ST.
    pub fn given_name(self, value: impl Into<St>) -> Self {
        self.with(3, value.into())
    }

    /// PPN.4 Second and Further Given Names or Initials Thereof: ST.
    pub fn second_and_further_given_names_or_initials_thereof(self, value: impl Into<St>) -> Self {
        self.with(4, value.into())
    }

    /// PPN.5 Suffix (e.g., JR or III): ST.
    pub fn suffix_e_g_jr_or_iii(self, value: impl Into<St>) -> Self {
        self.with(5, value.into())
    }

    /// PPN.6 Prefix (e.g., DR): ST.
    pub fn prefix_e_g_dr(self, value: impl Into<St>) -> Self {
        self.with(6, value.into())
    }

    /// PPN.7 Degree (e.g., MD): IS (ST 2.3).
    pub fn degree_e_g_md(self, value: impl Into<Is>) -> Self {
        self.with(7, value.into())
    }

    /// PPN.8 Source Table: CWE (ID 2.3, IS 2.3.1-2.6).
    pub fn source_table(self, value: impl Into<Cwe>) -> Self {
        self.with(8, value.into())
    }

    /// PPN.9 Assigning Authority: HD.
    pub fn assigning_authority(self, value: impl Into<Hd>) -> Self {
        self.with(9, value.into())
    }

    /// PPN.10 Name Type Code: ID.
    pub fn name_type_code(self, value: impl Into<Id>) -> Self {
        self.with(10, value.into())
    }

    /// PPN.11 Identifier Check Digit: ST.
    pub fn identifier_check_digit(self, value: impl Into<St>) -> Self {
        self.with(11, value.into())
    }

    /// PPN.12 Check Digit Scheme: ID.
    pub fn check_digit_scheme(self, value: impl Into<Id>) -> Self {
        self.with(12, value.into())
    }

    /// PPN.13 Identifier Type Code: ID (IS 2.3-2.4).
    pub fn identifier_type_code(self, value: impl Into<Id>) -> Self {
        self.with(13, value.into())
    }

    /// PPN.14 Assigning Facility: HD.
    pub fn assigning_facility(self, value: impl Into<Hd>) -> Self {
        self.with(14, value.into())
    }

    /// PPN.15 Date/Time Action Performed: DTM (TS 2.3-2.5.1).
    pub fn date_time_action_performed(self, value: impl Into<Dtm>) -> Self {
        self.with(15, value.into())
    }

    /// PPN.16 Name Representation Code: ID.
    pub fn name_representation_code(self, value: impl Into<Id>) -> Self {
        self.with(16, value.into())
    }

    /// PPN.17 Name Context: CWE (CE 2.4-2.5.1).
    pub fn name_context(self, value: impl Into<Cwe>) -> Self {
        self.with(17, value.into())
    }

    /// PPN.18 Name Validity Range: DR.
    pub fn name_validity_range(self, value: impl Into<Dr>) -> Self {
        self.with(18, value.into())
    }

    /// PPN.19 Name Assembly Order: ID.
    pub fn name_assembly_order(self, value: impl Into<Id>) -> Self {
        self.with(19, value.into())
    }

    /// PPN.20 Effective Date: DTM (TS 2.5-2.5.1).
    pub fn effective_date(self, value: impl Into<Dtm>) -> Self {
        self.with(20, value.into())
    }

    /// PPN.21 Expiration Date: DTM (TS 2.5-2.5.1).
    pub fn expiration_date(self, value: impl Into<Dtm>) -> Self {
        self.with(21, value.into())
    }

    /// PPN.22 Professional Suffix: ST.
    pub fn professional_suffix(self, value: impl Into<St>) -> Self {
        self.with(22, value.into())
    }

    /// PPN.23 Assigning Jurisdiction: CWE.
    pub fn assigning_jurisdiction(self, value: impl Into<Cwe>) -> Self {
        self.with(23, value.into())
    }

    /// PPN.24 Assigning Agency or Department: CWE.
    pub fn assigning_agency_or_department(self, value: impl Into<Cwe>) -> Self {
        self.with(24, value.into())
    }

    /// PPN.25 Security Check: ST.
    pub fn security_check(self, value: impl Into<St>) -> Self {
        self.with(25, value.into())
    }

    /// PPN.26 Security Check Scheme: ID.
    pub fn security_check_scheme(self, value: impl Into<Id>) -> Self {
        self.with(26, value.into())
    }
}

impl Prl {
    /// PRL.1 Parent Observation Identifier: CWE (CE 2.3.1-2.5.1).
    pub fn parent_observation_identifier(self, value: impl Into<Cwe>) -> Self {
        self.with(1, value.into())
    }

    /// PRL.2 Parent Observation Sub-identifier: OG (ST 2.3.1-2.8.1).
    pub fn parent_observation_sub_identifier(self, value: impl Into<Og>) -> Self {
        self.with(2, value.into())
    }

    /// PRL.3 Parent Observation Value Descriptor: TX.
    pub fn parent_observation_value_descriptor(self, value: impl Into<Tx>) -> Self {
        self.with(3, value.into())
    }
}

impl Pt {
    /// PT.1 Processing ID: ID (ST 2.3).
    pub fn processing_id(self, value: impl Into<Id>) -> Self {
        self.with(1, value.into())
    }

    /// PT.2 Processing Mode: ID (ST 2.3).
    pub fn processing_mode(self, value: impl Into<Id>) -> Self {
        self.with(2, value.into())
    }
}

impl Ri {
    /// RI.1 Repeat Pattern: CWE (ST 2.2, IS 2.3-2.6).
    pub fn repeat_pattern(self, value: impl Into<Cwe>) -> Self {
        self.with(1, value.into())
    }

    /// RI.2 Explicit Time Interval: ST.
    pub fn explicit_time_interval(self, value: impl Into<St>) -> Self {
        self.with(2, value.into())
    }
}

impl Rp {
    /// RP.1 Pointer: ST.
    pub fn pointer(self, value: impl Into<St>) -> Self {
        self.with(1, value.into())
    }

    /// RP.2 Application ID: HD.
    pub fn application_id(self, value: impl Into<Hd>) -> Self {
        self.with(2, value.into())
    }

    /// RP.3 Type of Data: ID.
    pub fn type_of_data(self, value: impl Into<Id>) -> Self {
        self.with(3, value.into())
    }

    /// RP.4 Subtype: ID.
    pub fn subtype(self, value: impl Into<Id>) -> Self {
        self.with(4, value.into())
    }
}

impl Rpt {
    /// RPT.1 Repeat Pattern Code: CWE.
    pub fn repeat_pattern_code(self, value: impl Into<Cwe>) -> Self {
        self.with(1, value.into())
    }

    /// RPT.2 Calendar Alignment: ID.
    pub fn calendar_alignment(self, value: impl Into<Id>) -> Self {
        self.with(2, value.into())
    }

    /// RPT.3 Phase Range Begin Value: NM.
    pub fn phase_range_begin_value(self, value: impl Into<Nm>) -> Self {
        self.with(3, value.into())
    }

    /// RPT.4 Phase Range End Value: NM.
    pub fn phase_range_end_value(self, value: impl Into<Nm>) -> Self {
        self.with(4, value.into())
    }

    /// RPT.5 Period Quantity: NM.
    pub fn period_quantity(self, value: impl Into<Nm>) -> Self {
        self.with(5, value.into())
    }

    /// RPT.6 Period Units: CWE (IS 2.5-2.6).
    pub fn period_units(self, value: impl Into<Cwe>) -> Self {
        self.with(6, value.into())
    }

    /// RPT.7 Institution Specified Time: ID.
    pub fn institution_specified_time(self, value: impl Into<Id>) -> Self {
        self.with(7, value.into())
    }

    /// RPT.8 Event: ID.
    pub fn event(self, value: impl Into<Id>) -> Self {
        self.with(8, value.into())
    }

    /// RPT.9 Event Offset Quantity: NM.
    pub fn event_offset_quantity(self, value: impl Into<Nm>) -> Self {
        self.with(9, value.into())
    }

    /// RPT.10 Event Offset Units: CWE (IS 2.5-2.6).
    pub fn event_offset_units(self, value: impl Into<Cwe>) -> Self {
        self.with(10, value.into())
    }

    /// RPT.11 General Timing Specification: GTS.
    pub fn general_timing_specification(self, value: impl Into<Gts>) -> Self {
        self.with(11, value.into())
    }
}

impl Sad {
    /// SAD.1 Street or Mailing Address: ST.
    pub fn street_or_mailing_address(self, value: impl Into<St>) -> Self {
        self.with(1, value.into())
    }

    /// SAD.2 Street Name: ST.
    pub fn street_name(self, value: impl Into<St>) -> Self {
        self.with(2, value.into())
    }

    /// SAD.3 Dwelling Number: ST.
    pub fn dwelling_number(self, value: impl Into<St>) -> Self {
        self.with(3, value.into())
    }
}

impl Sn {
    /// SN.1 Comparator: ST.
    pub fn comparator(self, value: impl Into<St>) -> Self {
        self.with(1, value.into())
    }

    /// SN.2 Num1: NM.
    pub fn num1(self, value: impl Into<Nm>) -> Self {
        self.with(2, value.into())
    }

    /// SN.3 Separator/Suffix: ST.
    pub fn separator_suffix(self, value: impl Into<St>) -> Self {
        self.with(3, value.into())
    }

    /// SN.4 Num2: NM.
    pub fn num2(self, value: impl Into<Nm>) -> Self {
        self.with(4, value.into())
    }
}

impl Sps {
    /// SPS.1 Specimen Source Name or Code: CWE (CE 2.3.1-2.4).
    pub fn specimen_source_name_or_code(self, value: impl Into<Cwe>) -> Self {
        self.with(1, value.into())
    }

    /// SPS.2 Additives: CWE (TX 2.3.1-2.4).
    pub fn additives(self, value: impl Into<Cwe>) -> Self {
        self.with(2, value.into())
    }

    /// SPS.3 Specimen Collection Method: TX.
    pub fn specimen_collection_method(self, value: impl Into<Tx>) -> Self {
        self.with(3, value.into())
    }

    /// SPS.4 Body Site: CWE (CE 2.3.1-2.4).
    pub fn body_site(self, value: impl Into<Cwe>) -> Self {
        self.with(4, value.into())
    }

    /// SPS.5 Site Modifier: CWE (CE 2.3.1-2.4).
    pub fn site_modifier(self, value: impl Into<Cwe>) -> Self {
        self.with(5, value.into())
    }

    /// SPS.6 Collection Method Modifier Code: CWE (CE 2.3.1-2.4).
    pub fn collection_method_modifier_code(self, value: impl Into<Cwe>) -> Self {
        self.with(6, value.into())
    }

    /// SPS.7 Specimen Role: CWE (CE 2.3.1-2.4).
    pub fn specimen_role(self, value: impl Into<Cwe>) -> Self {
        self.with(7, value.into())
    }
}

impl Tq {
    /// TQ.1 Quantity: CQ.
    pub fn quantity(self, value: impl Into<Cq>) -> Self {
        self.with(1, value.into())
    }

    /// TQ.2 Interval: RI.
    pub fn interval(self, value: impl Into<Ri>) -> Self {
        self.with(2, value.into())
    }

    /// TQ.3 Duration: ST.
    pub fn duration(self, value: impl Into<St>) -> Self {
        self.with(3, value.into())
    }

    /// TQ.4 Start Date/Time: DTM (TS 2.2-2.5.1).
    pub fn start_date_time(self, value: impl Into<Dtm>) -> Self {
        self.with(4, value.into())
    }

    /// TQ.5 End Date/Time: DTM (TS 2.2-2.5.1).
    pub fn end_date_time(self, value: impl Into<Dtm>) -> Self {
        self.with(5, value.into())
    }

    /// TQ.6 Priority: ST (ID 2.2).
    pub fn priority(self, value: impl Into<St>) -> Self {
        self.with(6, value.into())
    }

    /// TQ.7 Condition: ST.
    pub fn condition(self, value: impl Into<St>) -> Self {
        self.with(7, value.into())
    }

    /// TQ.8 Text: TX (ST 2.3.1).
    pub fn text(self, value: impl Into<Tx>) -> Self {
        self.with(8, value.into())
    }

    /// TQ.9 Conjunction: ID (ST 2.3-2.3.1).
    pub fn conjunction(self, value: impl Into<Id>) -> Self {
        self.with(9, value.into())
    }

    /// TQ.10 Order Sequencing: OSD (ST 2.2, CM_OS 2.3).
    pub fn order_sequencing(self, value: impl Into<Osd>) -> Self {
        self.with(10, value.into())
    }

    /// TQ.11 Occurrence Duration: CWE (CE 2.3.1-2.5.1).
    pub fn occurrence_duration(self, value: impl Into<Cwe>) -> Self {
        self.with(11, value.into())
    }

    /// TQ.12 Total Occurrences: NM.
    pub fn total_occurrences(self, value: impl Into<Nm>) -> Self {
        self.with(12, value.into())
    }
}

impl Ts {
    /// TS.1 Time: DTM (ST 2.1-2.4).
    pub fn time(self, value: impl Into<Dtm>) -> Self {
        self.with(1, value.into())
    }

    /// TS.2 Degree of Precision: ID (ST 2.1-2.4).
    pub fn degree_of_precision(self, value: impl Into<Id>) -> Self {
        self.with(2, value.into())
    }
}

impl Vid {
    /// VID.1 Version ID: ID.
    pub fn version_id(self, value: impl Into<Id>) -> Self {
        self.with(1, value.into())
    }

    /// VID.2 Internationalization Code: CWE (CE 2.3.1-2.5.1).
    pub fn internationalization_code(self, value: impl Into<Cwe>) -> Self {
        self.with(2, value.into())
    }

    /// VID.3 International Version ID: CWE (CE 2.3.1-2.5.1).
    pub fn international_version_id(self, value: impl Into<Cwe>) -> Self {
        self.with(3, value.into())
    }
}

impl Xad {
    /// XAD.1 Street Address: SAD (ST 2.3-2.3.1).
    pub fn street_address(self, value: impl Into<Sad>) -> Self {
        self.with(1, value.into())
    }

    /// XAD.2 Other Designation: ST.
    pub fn other_designation(self, value: impl Into<St>) -> Self {
        self.with(2, value.into())
    }

    /// XAD.3 City: ST.
    pub fn city(self, value: impl Into<St>) -> Self {
        self.with(3, value.into())
    }

    /// XAD.4 State or Province: ST.
    pub fn state_or_province(self, value: impl Into<St>) -> Self {
        self.with(4, value.into())
    }

    /// XAD.5 Zip or Postal Code: ST.
    pub fn zip_or_postal_code(self, value: impl Into<St>) -> Self {
        self.with(5, value.into())
    }

    /// XAD.6 Country: ID.
    pub fn country(self, value: impl Into<Id>) -> Self {
        self.with(6, value.into())
    }

    /// XAD.7 Address Type: ID.
    pub fn address_type(self, value: impl Into<Id>) -> Self {
        self.with(7, value.into())
    }

    /// XAD.8 Other Geographic Designation: ST.
    pub fn other_geographic_designation(self, value: impl Into<St>) -> Self {
        self.with(8, value.into())
    }

    /// XAD.9 County/Parish Code: CWE (IS 2.3-2.6).
    pub fn county_parish_code(self, value: impl Into<Cwe>) -> Self {
        self.with(9, value.into())
    }

    /// XAD.10 Census Tract: CWE (IS 2.3-2.6).
    pub fn census_tract(self, value: impl Into<Cwe>) -> Self {
        self.with(10, value.into())
    }

    /// XAD.11 Address Representation Code: ID.
    pub fn address_representation_code(self, value: impl Into<Id>) -> Self {
        self.with(11, value.into())
    }

    /// XAD.12 Address Validity Range: DR.
    pub fn address_validity_range(self, value: impl Into<Dr>) -> Self {
        self.with(12, value.into())
    }

    /// XAD.13 Effective Date: DTM (TS 2.5-2.5.1).
    pub fn effective_date(self, value: impl Into<Dtm>) -> Self {
        self.with(13, value.into())
    }

    /// XAD.14 Expiration Date: DTM (TS 2.5-2.5.1).
    pub fn expiration_date(self, value: impl Into<Dtm>) -> Self {
        self.with(14, value.into())
    }

    /// XAD.15 Expiration Reason: CWE.
    pub fn expiration_reason(self, value: impl Into<Cwe>) -> Self {
        self.with(15, value.into())
    }

    /// XAD.16 Temporary Indicator: ID.
    pub fn temporary_indicator(self, value: impl Into<Id>) -> Self {
        self.with(16, value.into())
    }

    /// XAD.17 Bad Address Indicator: ID.
    pub fn bad_address_indicator(self, value: impl Into<Id>) -> Self {
        self.with(17, value.into())
    }

    /// XAD.18 Address Usage: ID.
    pub fn address_usage(self, value: impl Into<Id>) -> Self {
        self.with(18, value.into())
    }

    /// XAD.19 Addressee: ST.
    pub fn addressee(self, value: impl Into<St>) -> Self {
        self.with(19, value.into())
    }

    /// XAD.20 Comment: ST.
    pub fn comment(self, value: impl Into<St>) -> Self {
        self.with(20, value.into())
    }

    /// XAD.21 Preference Order: NM.
    pub fn preference_order(self, value: impl Into<Nm>) -> Self {
        self.with(21, value.into())
    }

    /// XAD.22 Protection Code: CWE.
    pub fn protection_code(self, value: impl Into<Cwe>) -> Self {
        self.with(22, value.into())
    }

    /// XAD.23 Address Identifier: EI.
    pub fn address_identifier(self, value: impl Into<Ei>) -> Self {
        self.with(23, value.into())
    }
}

impl Xcn {
    /// XCN.1 Person Identifier: ST.
    pub fn person_identifier(self, value: impl Into<St>) -> Self {
        self.with(1, value.into())
    }

    /// XCN.2 Family Name: FN (ST 2.3).
    pub fn family_name(self, value: impl Into<Fn>) -> Self {
        self.with(2, value.into())
    }

    /// XCN.3 Given Name: ST.
    pub fn given_name(self, value: impl Into<St>) -> Self {
        self.with(3, value.into())
    }

    /// XCN.4 Second and Further Given Names or Initials Thereof: ST.
    pub fn second_and_further_given_names_or_initials_thereof(self, value: impl Into<St>) -> Self {
        self.with(4, value.into())
    }

    /// XCN.5 Suffix (e.g., JR or III): ST.
    pub fn suffix_e_g_jr_or_iii(self, value: impl Into<St>) -> Self {
        self.with(5, value.into())
    }

    /// XCN.6 Prefix (e.g., DR): ST.
    pub fn prefix_e_g_dr(self, value: impl Into<St>) -> Self {
        self.with(6, value.into())
    }

    /// XCN.7 Degree (e.g., MD): IS (ST 2.3).
    pub fn degree_e_g_md(self, value: impl Into<Is>) -> Self {
        self.with(7, value.into())
    }

    /// XCN.8 Source Table: CWE (ID 2.3, IS 2.3.1-2.6).
    pub fn source_table(self, value: impl Into<Cwe>) -> Self {
        self.with(8, value.into())
    }

    /// XCN.9 Assigning Authority: HD.
    pub fn assigning_authority(self, value: impl Into<Hd>) -> Self {
        self.with(9, value.into())
    }

    /// XCN.10 Name Type Code: ID.
    pub fn name_type_code(self, value: impl Into<Id>) -> Self {
        self.with(10, value.into())
    }

    /// XCN.11 Identifier Check Digit: ST.
    pub fn identifier_check_digit(self, value: impl Into<St>) -> Self {
        self.with(11, value.into())
    }

    /// XCN.12 Check Digit Scheme: ID.
    pub fn check_digit_scheme(self, value: impl Into<Id>) -> Self {
        self.with(12, value.into())
    }

    /// XCN.13 Identifier Type Code: ID (IS 2.3-2.4).
    pub fn identifier_type_code(self, value: impl Into<Id>) -> Self {
        self.with(13, value.into())
    }

    /// XCN.14 Assigning Facility: HD.
    pub fn assigning_facility(self, value: impl Into<Hd>) -> Self {
        self.with(14, value.into())
    }

    /// XCN.15 Name Representation Code: ID.
    pub fn name_representation_code(self, value: impl Into<Id>) -> Self {
        self.with(15, value.into())
    }

    /// XCN.16 Name Context: CWE (CE 2.4-2.5.1).
    pub fn name_context(self, value: impl Into<Cwe>) -> Self {
        self.with(16, value.into())
    }

    /// XCN.17 Name Validity Range: DR.
    pub fn name_validity_range(self, value: impl Into<Dr>) -> Self {
        self.with(17, value.into())
    }

    /// XCN.18 Name Assembly Order: ID.
    pub fn name_assembly_order(self, value: impl Into<Id>) -> Self {
        self.with(18, value.into())
    }

    /// XCN.19 Effective Date: DTM (TS 2.5-2.5.1).
    pub fn effective_date(self, value: impl Into<Dtm>) -> Self {
        self.with(19, value.into())
    }

    /// XCN.20 Expiration Date: DTM (TS 2.5-2.5.1).
    pub fn expiration_date(self, value: impl Into<Dtm>) -> Self {
        self.with(20, value.into())
    }

    /// XCN.21 Professional Suffix: ST.
    pub fn professional_suffix(self, value: impl Into<St>) -> Self {
        self.with(21, value.into())
    }

    /// XCN.22 Assigning Jurisdiction: CWE.
    pub fn assigning_jurisdiction(self, value: impl Into<Cwe>) -> Self {
        self.with(22, value.into())
    }

    /// XCN.23 Assigning Agency or Department: CWE.
    pub fn assigning_agency_or_department(self, value: impl Into<Cwe>) -> Self {
        self.with(23, value.into())
    }

    /// XCN.24 Security Check: ST.
    pub fn security_check(self, value: impl Into<St>) -> Self {
        self.with(24, value.into())
    }

    /// XCN.25 Security Check Scheme: ID.
    pub fn security_check_scheme(self, value: impl Into<Id>) -> Self {
        self.with(25, value.into())
    }
}

impl Xon {
    /// XON.1 Organization Name: ST.
    pub fn organization_name(self, value: impl Into<St>) -> Self {
        self.with(1, value.into())
    }

    /// XON.2 Organization Name Type Code: CWE (IS 2.3-2.6).
    pub fn organization_name_type_code(self, value: impl Into<Cwe>) -> Self {
        self.with(2, value.into())
    }

    /// XON.3 ID Number: NM.
    pub fn id_number(self, value: impl Into<Nm>) -> Self {
        self.with(3, value.into())
    }

    /// XON.4 Identifier Check Digit: NM (ST 2.3).
    pub fn identifier_check_digit(self, value: impl Into<Nm>) -> Self {
        self.with(4, value.into())
    }

    /// XON.5 Check Digit Scheme: ID.
    pub fn check_digit_scheme(self, value: impl Into<Id>) -> Self {
        self.with(5, value.into())
    }

    /// XON.6 Assigning Authority: HD.
    pub fn assigning_authority(self, value: impl Into<Hd>) -> Self {
        self.with(6, value.into())
    }

    /// XON.7 Identifier Type Code: ID (IS 2.3-2.4).
    pub fn identifier_type_code(self, value: impl Into<Id>) -> Self {
        self.with(7, value.into())
    }

    /// XON.8 Assigning Facility: HD.
    pub fn assigning_facility(self, value: impl Into<Hd>) -> Self {
        self.with(8, value.into())
    }

    /// XON.9 Name Representation Code: ID.
    pub fn name_representation_code(self, value: impl Into<Id>) -> Self {
        self.with(9, value.into())
    }

    /// XON.10 Organization Identifier: ST.
    pub fn organization_identifier(self, value: impl Into<St>) -> Self {
        self.with(10, value.into())
    }
}

impl Xpn {
    /// XPN.1 Family Name: FN (ST 2.3).
    pub fn family_name(self, value: impl Into<Fn>) -> Self {
        self.with(1, value.into())
    }

    /// XPN.2 Given Name: ST.
    pub fn given_name(self, value: impl Into<St>) -> Self {
        self.with(2, value.into())
    }

    /// XPN.3 Second and Further Given Names or Initials Thereof: ST.
    pub fn second_and_further_given_names_or_initials_thereof(self, value: impl Into<St>) -> Self {
        self.with(3, value.into())
    }

    /// XPN.4 Suffix (e.g., JR or III): ST.
    pub fn suffix_e_g_jr_or_iii(self, value: impl Into<St>) -> Self {
        self.with(4, value.into())
    }

    /// XPN.5 Prefix (e.g., DR): ST.
    pub fn prefix_e_g_dr(self, value: impl Into<St>) -> Self {
        self.with(5, value.into())
    }

    /// XPN.6 Degree (e.g., MD): ST (IS 2.3.1-2.6).
    pub fn degree_e_g_md(self, value: impl Into<St>) -> Self {
        self.with(6, value.into())
    }

    /// XPN.7 Name Type Code: ID.
    pub fn name_type_code(self, value: impl Into<Id>) -> Self {
        self.with(7, value.into())
    }

    /// XPN.8 Name Representation Code: ID.
    pub fn name_representation_code(self, value: impl Into<Id>) -> Self {
        self.with(8, value.into())
    }

    /// XPN.9 Name Context: CWE (CE 2.4-2.5.1).
    pub fn name_context(self, value: impl Into<Cwe>) -> Self {
        self.with(9, value.into())
    }

    /// XPN.10 Name Validity Range: ST (DR 2.4-2.6).
    pub fn name_validity_range(self, value: impl Into<St>) -> Self {
        self.with(10, value.into())
    }

    /// XPN.11 Name Assembly Order: ID.
    pub fn name_assembly_order(self, value: impl Into<Id>) -> Self {
        self.with(11, value.into())
    }

    /// XPN.12 Effective Date: DTM (TS 2.5-2.5.1).
    pub fn effective_date(self, value: impl Into<Dtm>) -> Self {
        self.with(12, value.into())
    }

    /// XPN.13 Expiration Date: DTM (TS 2.5-2.5.1).
    pub fn expiration_date(self, value: impl Into<Dtm>) -> Self {
        self.with(13, value.into())
    }

    /// XPN.14 Professional Suffix: ST.
    pub fn professional_suffix(self, value: impl Into<St>) -> Self {
        self.with(14, value.into())
    }

    /// XPN.15 Called By: ST.
    pub fn called_by(self, value: impl Into<St>) -> Self {
        self.with(15, value.into())
    }
}

impl Xtn {
    /// XTN.1 Telephone Number: ST (TN 2.3-2.4).
    pub fn telephone_number(self, value: impl Into<St>) -> Self {
        self.with(1, value.into())
    }

    /// XTN.2 Telecommunication Use Code: ID.
    pub fn telecommunication_use_code(self, value: impl Into<Id>) -> Self {
        self.with(2, value.into())
    }

    /// XTN.3 Telecommunication Equipment Type: ID.
    pub fn telecommunication_equipment_type(self, value: impl Into<Id>) -> Self {
        self.with(3, value.into())
    }

    /// XTN.4 Communication Address: ST.
    pub fn communication_address(self, value: impl Into<St>) -> Self {
        self.with(4, value.into())
    }

    /// XTN.5 Country Code: SNM (NM 2.3-2.6).
    pub fn country_code(self, value: impl Into<Snm>) -> Self {
        self.with(5, value.into())
    }

    /// XTN.6 Area/City Code: SNM (NM 2.3-2.6).
    pub fn area_city_code(self, value: impl Into<Snm>) -> Self {
        self.with(6, value.into())
    }

    /// XTN.7 Local Number: SNM (NM 2.3-2.6).
    pub fn local_number(self, value: impl Into<Snm>) -> Self {
        self.with(7, value.into())
    }

    /// XTN.8 Extension: SNM (NM 2.3-2.6).
    pub fn extension(self, value: impl Into<Snm>) -> Self {
        self.with(8, value.into())
    }

    /// XTN.9 Any Text: ST.
    pub fn any_text(self, value: impl Into<St>) -> Self {
        self.with(9, value.into())
    }

    /// XTN.10 Extension Prefix: ST.
    pub fn extension_prefix(self, value: impl Into<St>) -> Self {
        self.with(10, value.into())
    }

    /// XTN.11 Speed Dial Code: ST.
    pub fn speed_dial_code(self, value: impl Into<St>) -> Self {
        self.with(11, value.into())
    }

    /// XTN.12 Unformatted Telephone number: ST.
    pub fn unformatted_telephone_number(self, value: impl Into<St>) -> Self {
        self.with(12, value.into())
    }

    /// XTN.13 Effective Start Date: DTM.
    pub fn effective_start_date(self, value: impl Into<Dtm>) -> Self {
        self.with(13, value.into())
    }

    /// XTN.14 Expiration Date: DTM.
    pub fn expiration_date(self, value: impl Into<Dtm>) -> Self {
        self.with(14, value.into())
    }

    /// XTN.15 Expiration Reason: CWE.
    pub fn expiration_reason(self, value: impl Into<Cwe>) -> Self {
        self.with(15, value.into())
    }

    /// XTN.16 Protection Code: CWE.
    pub fn protection_code(self, value: impl Into<Cwe>) -> Self {
        self.with(16, value.into())
    }

    /// XTN.17 Shared Telecommunication Identifier: EI.
    pub fn shared_telecommunication_identifier(self, value: impl Into<Ei>) -> Self {
        self.with(17, value.into())
    }

    /// XTN.18 Preference Order: NM.
    pub fn preference_order(self, value: impl Into<Nm>) -> Self {
        self.with(18, value.into())
    }
}

/// The markers that tell the types apart.
pub mod kind {
    /// AUI: Authorization information.
    #[derive(Clone, Copy, Debug)]
    pub struct Aui;
    /// CE: Coded element.
    #[derive(Clone, Copy, Debug)]
    pub struct Ce;
    /// CNE: Coded with no exceptions.
    #[derive(Clone, Copy, Debug)]
    pub struct Cne;
    /// CNN: Composite id number and name simplified.
    #[derive(Clone, Copy, Debug)]
    pub struct Cnn;
    /// CP: Composite price.
    #[derive(Clone, Copy, Debug)]
    pub struct Cp;
    /// CQ: Composite quantity with units.
    #[derive(Clone, Copy, Debug)]
    pub struct Cq;
    /// CWE: Coded with exceptions.
    #[derive(Clone, Copy, Debug)]
    pub struct Cwe;
    /// CX: Extended composite id with check digit.
    #[derive(Clone, Copy, Debug)]
    pub struct Cx;
    /// DLD: Discharge to location and date.
    #[derive(Clone, Copy, Debug)]
    pub struct Dld;
    /// DLN: Driver's license number.
    #[derive(Clone, Copy, Debug)]
    pub struct Dln;
    /// DR: Date/time range.
    #[derive(Clone, Copy, Debug)]
    pub struct Dr;
    /// DT: Date.
    #[derive(Clone, Copy, Debug)]
    pub struct Dt;
    /// DTM: Date/Time.
    #[derive(Clone, Copy, Debug)]
    pub struct Dtm;
    /// ED: Encapsulated data.
    #[derive(Clone, Copy, Debug)]
    pub struct Ed;
    /// EI: Entity identifier.
    #[derive(Clone, Copy, Debug)]
    pub struct Ei;
    /// EIP: Entity identifier pair.
    #[derive(Clone, Copy, Debug)]
    pub struct Eip;
    /// FC: Financial class.
    #[derive(Clone, Copy, Debug)]
    pub struct Fc;
    /// FN: Family name.
    #[derive(Clone, Copy, Debug)]
    pub struct Fn;
    /// FT: Formatted Text Data.
    #[derive(Clone, Copy, Debug)]
    pub struct Ft;
    /// GTS: General Timing Specification.
    #[derive(Clone, Copy, Debug)]
    pub struct Gts;
    /// HD: Hierarchic designator.
    #[derive(Clone, Copy, Debug)]
    pub struct Hd;
    /// ID: Coded Value for HL7-Defined Tables.
    #[derive(Clone, Copy, Debug)]
    pub struct Id;
    /// IS: Coded Value for User-Defined Tables.
    #[derive(Clone, Copy, Debug)]
    pub struct Is;
    /// JCC: Job code/class.
    #[derive(Clone, Copy, Debug)]
    pub struct Jcc;
    /// LA1: Location with address variation 1.
    #[derive(Clone, Copy, Debug)]
    pub struct La1;
    /// LA2: Location with address variation 2.
    #[derive(Clone, Copy, Debug)]
    pub struct La2;
    /// MO: Money.
    #[derive(Clone, Copy, Debug)]
    pub struct Mo;
    /// MOC: Money and code.
    #[derive(Clone, Copy, Debug)]
    pub struct Moc;
    /// MSG: Message type.
    #[derive(Clone, Copy, Debug)]
    pub struct Msg;
    /// NA: Numeric array.
    #[derive(Clone, Copy, Debug)]
    pub struct Na;
    /// NDL: Name with date and location.
    #[derive(Clone, Copy, Debug)]
    pub struct Ndl;
    /// NM: Numeric.
    #[derive(Clone, Copy, Debug)]
    pub struct Nm;
    /// OG: Observation grouper.
    #[derive(Clone, Copy, Debug)]
    pub struct Og;
    /// OSD: Order sequence definition.
    #[derive(Clone, Copy, Debug)]
    pub struct Osd;
    /// PL: Person location.
    #[derive(Clone, Copy, Debug)]
    pub struct Pl;
    /// PLN: Practitioner license or other id number.
    #[derive(Clone, Copy, Debug)]
    pub struct Pln;
    /// PPN: Performing person time stamp.
    #[derive(Clone, Copy, Debug)]
    pub struct Ppn;
    /// PRL: Parent result link.
    #[derive(Clone, Copy, Debug)]
    pub struct Prl;
    /// PT: Processing type.
    #[derive(Clone, Copy, Debug)]
    pub struct Pt;
    /// RI: Repeat interval.
    #[derive(Clone, Copy, Debug)]
    pub struct Ri;
    /// RP: Reference pointer.
    #[derive(Clone, Copy, Debug)]
    pub struct Rp;
    /// RPT: Repeat pattern.
    #[derive(Clone, Copy, Debug)]
    pub struct Rpt;
    /// SAD: Street address.
    #[derive(Clone, Copy, Debug)]
    pub struct Sad;
    /// SI: Sequence ID.
    #[derive(Clone, Copy, Debug)]
    pub struct Si;
    /// SN: Structured numeric.
    #[derive(Clone, Copy, Debug)]
    pub struct Sn;
    /// SNM: String of Telephone Number Digits.
    #[derive(Clone, Copy, Debug)]
    pub struct Snm;
    /// SPS: Specimen source.
    #[derive(Clone, Copy, Debug)]
    pub struct Sps;
    /// ST: String Data.
    #[derive(Clone, Copy, Debug)]
    pub struct St;
    /// TM: Time.
    #[derive(Clone, Copy, Debug)]
    pub struct Tm;
    /// TQ: Timing quantity.
    #[derive(Clone, Copy, Debug)]
    pub struct Tq;
    /// TS: Time stamp.
    #[derive(Clone, Copy, Debug)]
    pub struct Ts;
    /// TX: Text Data.
    #[derive(Clone, Copy, Debug)]
    pub struct Tx;
    /// VID: Version identifier.
    #[derive(Clone, Copy, Debug)]
    pub struct Vid;
    /// XAD: Extended address.
    #[derive(Clone, Copy, Debug)]
    pub struct Xad;
    /// XCN: Extended composite id number and name for persons.
    #[derive(Clone, Copy, Debug)]
    pub struct Xcn;
    /// XON: Extended composite name and identification number for organizations.
    #[derive(Clone, Copy, Debug)]
    pub struct Xon;
    /// XPN: Extended person name.
    #[derive(Clone, Copy, Debug)]
    pub struct Xpn;
    /// XTN: Extended telecommunication number.
    #[derive(Clone, Copy, Debug)]
    pub struct Xtn;
}

impl DatatypeKind for kind::Aui {
    const NAME: &'static str = "AUI";
}
impl DatatypeKind for kind::Ce {
    const NAME: &'static str = "CE";
}
impl DatatypeKind for kind::Cne {
    const NAME: &'static str = "CNE";
}
impl DatatypeKind for kind::Cnn {
    const NAME: &'static str = "CNN";
}
impl DatatypeKind for kind::Cp {
    const NAME: &'static str = "CP";
}
impl DatatypeKind for kind::Cq {
    const NAME: &'static str = "CQ";
}
impl DatatypeKind for kind::Cwe {
    const NAME: &'static str = "CWE";
}
impl DatatypeKind for kind::Cx {
    const NAME: &'static str = "CX";
}
impl DatatypeKind for kind::Dld {
    const NAME: &'static str = "DLD";
}
impl DatatypeKind for kind::Dln {
    const NAME: &'static str = "DLN";
}
impl DatatypeKind for kind::Dr {
    const NAME: &'static str = "DR";
}
impl DatatypeKind for kind::Dt {
    const NAME: &'static str = "DT";
}
impl DatatypeKind for kind::Dtm {
    const NAME: &'static str = "DTM";
}
impl DatatypeKind for kind::Ed {
    const NAME: &'static str = "ED";
}
impl DatatypeKind for kind::Ei {
    const NAME: &'static str = "EI";
}
impl DatatypeKind for kind::Eip {
    const NAME: &'static str = "EIP";
}
impl DatatypeKind for kind::Fc {
    const NAME: &'static str = "FC";
}
impl DatatypeKind for kind::Fn {
    const NAME: &'static str = "FN";
}
impl DatatypeKind for kind::Ft {
    const NAME: &'static str = "FT";
}
impl DatatypeKind for kind::Gts {
    const NAME: &'static str = "GTS";
}
impl DatatypeKind for kind::Hd {
    const NAME: &'static str = "HD";
}
impl DatatypeKind for kind::Id {
    const NAME: &'static str = "ID";
}
impl DatatypeKind for kind::Is {
    const NAME: &'static str = "IS";
}
impl DatatypeKind for kind::Jcc {
    const NAME: &'static str = "JCC";
}
impl DatatypeKind for kind::La1 {
    const NAME: &'static str = "LA1";
}
impl DatatypeKind for kind::La2 {
    const NAME: &'static str = "LA2";
}
impl DatatypeKind for kind::Mo {
    const NAME: &'static str = "MO";
}
impl DatatypeKind for kind::Moc {
    const NAME: &'static str = "MOC";
}
impl DatatypeKind for kind::Msg {
    const NAME: &'static str = "MSG";
}
impl DatatypeKind for kind::Na {
    const NAME: &'static str = "NA";
}
impl DatatypeKind for kind::Ndl {
    const NAME: &'static str = "NDL";
}
impl DatatypeKind for kind::Nm {
    const NAME: &'static str = "NM";
}
impl DatatypeKind for kind::Og {
    const NAME: &'static str = "OG";
}
impl DatatypeKind for kind::Osd {
    const NAME: &'static str = "OSD";
}
impl DatatypeKind for kind::Pl {
    const NAME: &'static str = "PL";
}
impl DatatypeKind for kind::Pln {
    const NAME: &'static str = "PLN";
}
impl DatatypeKind for kind::Ppn {
    const NAME: &'static str = "PPN";
}
impl DatatypeKind for kind::Prl {
    const NAME: &'static str = "PRL";
}
impl DatatypeKind for kind::Pt {
    const NAME: &'static str = "PT";
}
impl DatatypeKind for kind::Ri {
    const NAME: &'static str = "RI";
}
impl DatatypeKind for kind::Rp {
    const NAME: &'static str = "RP";
}
impl DatatypeKind for kind::Rpt {
    const NAME: &'static str = "RPT";
}
impl DatatypeKind for kind::Sad {
    const NAME: &'static str = "SAD";
}
impl DatatypeKind for kind::Si {
    const NAME: &'static str = "SI";
}
impl DatatypeKind for kind::Sn {
    const NAME: &'static str = "SN";
}
impl DatatypeKind for kind::Snm {
    const NAME: &'static str = "SNM";
}
impl DatatypeKind for kind::Sps {
    const NAME: &'static str = "SPS";
}
impl DatatypeKind for kind::St {
    const NAME: &'static str = "ST";
}
impl DatatypeKind for kind::Tm {
    const NAME: &'static str = "TM";
}
impl DatatypeKind for kind::Tq {
    const NAME: &'static str = "TQ";
}
impl DatatypeKind for kind::Ts {
    const NAME: &'static str = "TS";
}
impl DatatypeKind for kind::Tx {
    const NAME: &'static str = "TX";
}
impl DatatypeKind for kind::Vid {
    const NAME: &'static str = "VID";
}
impl DatatypeKind for kind::Xad {
    const NAME: &'static str = "XAD";
}
impl DatatypeKind for kind::Xcn {
    const NAME: &'static str = "XCN";
}
impl DatatypeKind for kind::Xon {
    const NAME: &'static str = "XON";
}
impl DatatypeKind for kind::Xpn {
    const NAME: &'static str = "XPN";
}
impl DatatypeKind for kind::Xtn {
    const NAME: &'static str = "XTN";
}
