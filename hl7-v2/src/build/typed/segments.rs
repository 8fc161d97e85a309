//! Segments by the names of the standard.
// Made by `cargo xtask builders` from `hl7-v2/dictionary`. Do not edit.

use super::datatypes::{
    Aui, Cp, Cq, Cwe, Cx, Dld, Dln, Dr, Dt, Dtm, Ei, Eip, Fc, Ft, Hd, Id, Is, Jcc, La1, La2, Moc, Msg, Ndl,
    Nm, Og, Pl, Pln, Ppn, Prl, Pt, Rpt, Si, Sps, St, Tm, Tq, Tx, Vid, Xad, Xcn, Xon, Xpn, Xtn,
};
use super::{SegmentKind, TypedSegment};
use crate::build::Value;

/// MSH: Message Header.
pub type Msh = TypedSegment<kind::Msh>;

/// SFT: Software Segment.
pub type Sft = TypedSegment<kind::Sft>;

/// EVN: Event Type.
pub type Evn = TypedSegment<kind::Evn>;

/// PID: Patient Identification.
pub type Pid = TypedSegment<kind::Pid>;

/// PD1: Patient Additional Demographic.
pub type Pd1 = TypedSegment<kind::Pd1>;

/// NK1: Next of Kin / Associated Parties.
pub type Nk1 = TypedSegment<kind::Nk1>;

/// PV1: Patient Visit.
pub type Pv1 = TypedSegment<kind::Pv1>;

/// PV2: Patient Visit - Additional Information.
pub type Pv2 = TypedSegment<kind::Pv2>;

/// AL1: Patient Allergy Information.
pub type Al1 = TypedSegment<kind::Al1>;

/// IAM: Patient Adverse Reaction Information.
pub type Iam = TypedSegment<kind::Iam>;

/// DG1: Diagnosis.
pub type Dg1 = TypedSegment<kind::Dg1>;

/// PR1: Procedures.
pub type Pr1 = TypedSegment<kind::Pr1>;

/// ROL: Role.
pub type Rol = TypedSegment<kind::Rol>;

/// PRT: Participation Information.
pub type Prt = TypedSegment<kind::Prt>;

/// GT1: Guarantor.
pub type Gt1 = TypedSegment<kind::Gt1>;

/// IN1: Insurance.
pub type In1 = TypedSegment<kind::In1>;

/// ACC: Accident.
pub type Acc = TypedSegment<kind::Acc>;

/// MRG: Merge Patient Information.
pub type Mrg = TypedSegment<kind::Mrg>;

/// NTE: Notes and Comments.
pub type Nte = TypedSegment<kind::Nte>;

/// ORC: Common Order.
pub type Orc = TypedSegment<kind::Orc>;

/// OBR: Observation Request.
pub type Obr = TypedSegment<kind::Obr>;

/// OBX: Observation/Result.
pub type Obx = TypedSegment<kind::Obx>;

/// SPM: Specimen.
pub type Spm = TypedSegment<kind::Spm>;

/// TQ1: Timing/Quantity.
pub type Tq1 = TypedSegment<kind::Tq1>;

/// RXO: Pharmacy/Treatment Order.
pub type Rxo = TypedSegment<kind::Rxo>;

/// RXE: Pharmacy/Treatment Encoded Order.
pub type Rxe = TypedSegment<kind::Rxe>;

/// RXC: Pharmacy/Treatment Component Order.
pub type Rxc = TypedSegment<kind::Rxc>;

/// RXR: Pharmacy/Treatment Route.
pub type Rxr = TypedSegment<kind::Rxr>;

/// RXA: Pharmacy/Treatment Administration.
pub type Rxa = TypedSegment<kind::Rxa>;

/// FT1: Financial Transaction.
pub type Ft1 = TypedSegment<kind::Ft1>;

/// SCH: Scheduling Activity Information.
pub type Sch = TypedSegment<kind::Sch>;

/// RGS: Resource Group.
pub type Rgs = TypedSegment<kind::Rgs>;

/// AIS: Appointment Information.
pub type Ais = TypedSegment<kind::Ais>;

/// AIG: Appointment Information - General Resource.
pub type Aig = TypedSegment<kind::Aig>;

/// AIL: Appointment Information - Location Resource.
pub type Ail = TypedSegment<kind::Ail>;

/// AIP: Appointment Information - Personnel Resource.
pub type Aip = TypedSegment<kind::Aip>;

/// TXA: Transcription Document Header.
pub type Txa = TypedSegment<kind::Txa>;

impl Msh {
    /// MSH-3 Sending Application: HD (ST 2.1-2.2).
    pub fn sending_application(self, value: impl Into<Hd>) -> Self {
        self.field(3, value.into())
    }

    /// MSH-4 Sending Facility: HD (ST 2.1-2.2).
    pub fn sending_facility(self, value: impl Into<Hd>) -> Self {
        self.field(4, value.into())
    }

    /// MSH-5 Receiving Application: HD (ST 2.1-2.2).
    pub fn receiving_application(self, value: impl Into<Hd>) -> Self {
        self.field(5, value.into())
    }

    /// MSH-6 Receiving Facility: HD (ST 2.1-2.2).
    pub fn receiving_facility(self, value: impl Into<Hd>) -> Self {
        self.field(6, value.into())
    }

    /// MSH-7 Date/Time of Message: DTM (TS 2.1-2.5.1).
    pub fn date_time_of_message(self, value: impl Into<Dtm>) -> Self {
        self.field(7, value.into())
    }

    /// MSH-8 Security: ST.
    pub fn security(self, value: impl Into<St>) -> Self {
        self.field(8, value.into())
    }

    /// MSH-9 Message Type: MSG (CM_MSG 2.1-2.3).
    pub fn message_type(self, value: impl Into<Msg>) -> Self {
        self.field(9, value.into())
    }

    /// MSH-10 Message Control ID: ST.
    pub fn message_control_id(self, value: impl Into<St>) -> Self {
        self.field(10, value.into())
    }

    /// MSH-11 Processing ID: PT (ID 2.1-2.2).
    pub fn processing_id(self, value: impl Into<Pt>) -> Self {
        self.field(11, value.into())
    }

    /// MSH-12 Version ID: VID (NM 2.1, ID 2.2-2.3).
    pub fn version_id(self, value: impl Into<Vid>) -> Self {
        self.field(12, value.into())
    }

    /// MSH-13 Sequence Number: NM.
    pub fn sequence_number(self, value: impl Into<Nm>) -> Self {
        self.field(13, value.into())
    }

    /// MSH-14 Continuation Pointer: ST.
    pub fn continuation_pointer(self, value: impl Into<St>) -> Self {
        self.field(14, value.into())
    }

    /// MSH-15 Accept Acknowledgment Type: ID.
    pub fn accept_acknowledgment_type(self, value: impl Into<Id>) -> Self {
        self.field(15, value.into())
    }

    /// MSH-16 Application Acknowledgment Type: ID.
    pub fn application_acknowledgment_type(self, value: impl Into<Id>) -> Self {
        self.field(16, value.into())
    }

    /// MSH-17 Country Code: ID.
    pub fn country_code(self, value: impl Into<Id>) -> Self {
        self.field(17, value.into())
    }

    /// MSH-18 Character Set: ID.
    pub fn character_set(self, value: impl Into<Id>) -> Self {
        self.add(18, value.into())
    }

    /// MSH-19 Principal Language Of Message: CWE (CE 2.3-2.5.1).
    pub fn principal_language_of_message(self, value: impl Into<Cwe>) -> Self {
        self.field(19, value.into())
    }

    /// MSH-20 Alternate Character Set Handling Scheme: ID.
    pub fn alternate_character_set_handling_scheme(self, value: impl Into<Id>) -> Self {
        self.field(20, value.into())
    }

    /// MSH-21 Message Profile Identifier: EI (ID 2.4).
    pub fn message_profile_identifier(self, value: impl Into<Ei>) -> Self {
        self.add(21, value.into())
    }

    /// MSH-22 Sending Responsible Organization: XON.
    pub fn sending_responsible_organization(self, value: impl Into<Xon>) -> Self {
        self.field(22, value.into())
    }

    /// MSH-23 Receiving Responsible Organization: XON.
    pub fn receiving_responsible_organization(self, value: impl Into<Xon>) -> Self {
        self.field(23, value.into())
    }

    /// MSH-24 Sending Network Address: HD.
    pub fn sending_network_address(self, value: impl Into<Hd>) -> Self {
        self.field(24, value.into())
    }

    /// MSH-25 Receiving Network Address: HD.
    pub fn receiving_network_address(self, value: impl Into<Hd>) -> Self {
        self.field(25, value.into())
    }

    /// MSH-26 Security Classification Tag: CWE.
    pub fn security_classification_tag(self, value: impl Into<Cwe>) -> Self {
        self.field(26, value.into())
    }

    /// MSH-27 Security Handling Instructions: CWE.
    pub fn security_handling_instructions(self, value: impl Into<Cwe>) -> Self {
        self.add(27, value.into())
    }

    /// MSH-28 Special Access Restriction Instructions: ST.
    pub fn special_access_restriction_instructions(self, value: impl Into<St>) -> Self {
        self.add(28, value.into())
    }
}

impl Sft {
    /// SFT-1 Software Vendor Organization: XON.
    pub fn software_vendor_organization(self, value: impl Into<Xon>) -> Self {
        self.field(1, value.into())
    }

    /// SFT-2 Software Certified Version or Release Number: ST.
    pub fn software_certified_version_or_release_number(self, value: impl Into<St>) -> Self {
        self.field(2, value.into())
    }

    /// SFT-3 Software Product Name: ST.
    pub fn software_product_name(self, value: impl Into<St>) -> Self {
        self.field(3, value.into())
    }

    /// SFT-4 Software Binary ID: ST.
    pub fn software_binary_id(self, value: impl Into<St>) -> Self {
        self.field(4, value.into())
    }

    /// SFT-5 Software Product Information: TX.
    pub fn software_product_information(self, value: impl Into<Tx>) -> Self {
        self.field(5, value.into())
    }

    /// SFT-6 Software Install Date: DTM (TS 2.5-2.5.1).
    pub fn software_install_date(self, value: impl Into<Dtm>) -> Self {
        self.field(6, value.into())
    }
}

impl Evn {
    /// EVN-1 Event Type Code: ID.
    pub fn event_type_code(self, value: impl Into<Id>) -> Self {
        self.field(1, value.into())
    }

    /// EVN-2 Recorded Date/Time: DTM (TS 2.1-2.5.1).
    pub fn recorded_date_time(self, value: impl Into<Dtm>) -> Self {
        self.field(2, value.into())
    }

    /// EVN-3 Date/Time Planned Event: DTM (TS 2.1-2.5.1).
    pub fn date_time_planned_event(self, value: impl Into<Dtm>) -> Self {
        self.field(3, value.into())
    }

    /// EVN-4 Event Reason Code: CWE (ID 2.1-2.3, IS 2.3.1-2.6).
    pub fn event_reason_code(self, value: impl Into<Cwe>) -> Self {
        self.field(4, value.into())
    }

    /// EVN-5 Operator ID: XCN (ID 2.2, CN 2.3).
    pub fn operator_id(self, value: impl Into<Xcn>) -> Self {
        self.add(5, value.into())
    }

    /// EVN-6 Event Occurred: DTM (TS 2.3-2.5.1).
    pub fn event_occurred(self, value: impl Into<Dtm>) -> Self {
        self.field(6, value.into())
    }

    /// EVN-7 Event Facility: HD.
    pub fn event_facility(self, value: impl Into<Hd>) -> Self {
        self.field(7, value.into())
    }
}

impl Pid {
    /// PID-1 Set ID - PID: SI.
    pub fn set_id(self, value: impl Into<Si>) -> Self {
        self.field(1, value.into())
    }

    /// PID-2 Patient ID: CX (CK 2.1-2.2).
    pub fn patient_id(self, value: impl Into<Cx>) -> Self {
        self.field(2, value.into())
    }

    /// PID-3 Patient Identifier List: CX (CK 2.1, CM_PAT_ID 2.2).
    pub fn patient_identifier_list(self, value: impl Into<Cx>) -> Self {
        self.add(3, value.into())
    }

    /// PID-4 Alternate Patient ID - PID: CX (ST 2.1-2.2).
    pub fn alternate_patient_id(self, value: impl Into<Cx>) -> Self {
        self.add(4, value.into())
    }

    /// PID-5 Patient Name: XPN (PN 2.1-2.2).
    pub fn patient_name(self, value: impl Into<Xpn>) -> Self {
        self.add(5, value.into())
    }

    /// PID-6 Mother's Maiden Name: XPN (ST 2.1-2.2).
    pub fn mothers_maiden_name(self, value: impl Into<Xpn>) -> Self {
        self.add(6, value.into())
    }

    /// PID-7 Date/Time of Birth: DTM (DT 2.1, TS 2.2-2.5.1).
    pub fn date_time_of_birth(self, value: impl Into<Dtm>) -> Self {
        self.field(7, value.into())
    }

    /// PID-8 Administrative Sex: CWE (ID 2.1-2.2, IS 2.3-2.6).
    pub fn administrative_sex(self, value: impl Into<Cwe>) -> Self {
        self.field(8, value.into())
    }

    /// PID-9 Patient Alias: XPN (PN 2.1-2.2).
    pub fn patient_alias(self, value: impl Into<Xpn>) -> Self {
        self.add(9, value.into())
    }

    /// PID-10 Race: CWE (ID 2.1-2.2, IS 2.3, CE 2.3.1-2.5.1).
    pub fn race(self, value: impl Into<Cwe>) -> Self {
        self.add(10, value.into())
    }

    /// PID-11 Patient Address: XAD (AD 2.1-2.2).
    pub fn patient_address(self, value: impl Into<Xad>) -> Self {
        self.add(11, value.into())
    }

    /// PID-12 County Code: IS (ID 2.1-2.2).
    pub fn county_code(self, value: impl Into<Is>) -> Self {
        self.field(12, value.into())
    }

    /// PID-13 Phone Number - Home: XTN (TN 2.1-2.2).
    pub fn phone_number_home(self, value: impl Into<Xtn>) -> Self {
        self.add(13, value.into())
    }

    /// PID-14 Phone Number - Business: XTN (TN 2.1-2.2).
    pub fn phone_number_business(self, value: impl Into<Xtn>) -> Self {
        self.add(14, value.into())
    }

    /// PID-15 Primary Language: CWE (ST 2.1-2.2, CE 2.3-2.5.1).
    pub fn primary_language(self, value: impl Into<Cwe>) -> Self {
        self.field(15, value.into())
    }

    /// PID-16 Marital Status: CWE (ID 2.1-2.2, IS 2.3, CE 2.3.1-2.5.1).
    pub fn marital_status(self, value: impl Into<Cwe>) -> Self {
        self.add(16, value.into())
    }

    /// PID-17 Religion: CWE (ID 2.1-2.2, IS 2.3, CE 2.3.1-2.5.1).
    pub fn religion(self, value: impl Into<Cwe>) -> Self {
        self.field(17, value.into())
    }

    /// PID-18 Patient Account Number: CX (CK 2.1-2.2).
    pub fn patient_account_number(self, value: impl Into<Cx>) -> Self {
        self.field(18, value.into())
    }

    /// PID-19 SSN Number - Patient: ST.
    pub fn ssn_number_patient(self, value: impl Into<St>) -> Self {
        self.field(19, value.into())
    }

    /// PID-20 Driver's License Number - Patient: DLN (CM 2.1, CM_LICENSE_NO 2.2).
    pub fn drivers_license_number_patient(self, value: impl Into<Dln>) -> Self {
        self.field(20, value.into())
    }

    /// PID-21 Mother's Identifier: CX (CK 2.2).
    pub fn mothers_identifier(self, value: impl Into<Cx>) -> Self {
        self.add(21, value.into())
    }

    /// PID-22 Ethnic Group: CWE (ID 2.2, IS 2.3, CE 2.3.1-2.5.1).
    pub fn ethnic_group(self, value: impl Into<Cwe>) -> Self {
        self.add(22, value.into())
    }

    /// PID-23 Birth Place: ST.
    pub fn birth_place(self, value: impl Into<St>) -> Self {
        self.field(23, value.into())
    }

    /// PID-24 Multiple Birth Indicator: ID.
    pub fn multiple_birth_indicator(self, value: impl Into<Id>) -> Self {
        self.field(24, value.into())
    }

    /// PID-25 Birth Order: NM.
    pub fn birth_order(self, value: impl Into<Nm>) -> Self {
        self.field(25, value.into())
    }

    /// PID-26 Citizenship: CWE (ID 2.2, IS 2.3, CE 2.3.1-2.5.1).
    pub fn citizenship(self, value: impl Into<Cwe>) -> Self {
        self.add(26, value.into())
    }

    /// PID-27 Veterans Military Status: CWE (ST 2.2, CE 2.3-2.5.1).
    pub fn veterans_military_status(self, value: impl Into<Cwe>) -> Self {
        self.field(27, value.into())
    }

    /// PID-28 Nationality: ST (CE 2.3-2.5.1, CWE 2.6).
    pub fn nationality(self, value: impl Into<St>) -> Self {
        self.add(28, value.into())
    }

    /// PID-29 Patient Death Date and Time: DTM (TS 2.3-2.5.1).
    pub fn patient_death_date_and_time(self, value: impl Into<Dtm>) -> Self {
        self.field(29, value.into())
    }

    /// PID-30 Patient Death Indicator: ID.
    pub fn patient_death_indicator(self, value: impl Into<Id>) -> Self {
        self.field(30, value.into())
    }

    /// PID-31 Identity Unknown Indicator: ID.
    pub fn identity_unknown_indicator(self, value: impl Into<Id>) -> Self {
        self.field(31, value.into())
    }

    /// PID-32 Identity Reliability Code: CWE (IS 2.4-2.6).
    pub fn identity_reliability_code(self, value: impl Into<Cwe>) -> Self {
        self.add(32, value.into())
    }

    /// PID-33 Last Update Date/Time: DTM (TS 2.4-2.5.1).
    pub fn last_update_date_time(self, value: impl Into<Dtm>) -> Self {
        self.field(33, value.into())
    }

    /// PID-34 Last Update Facility: HD.
    pub fn last_update_facility(self, value: impl Into<Hd>) -> Self {
        self.field(34, value.into())
    }

    /// PID-35 Taxonomic Classification Code: CWE (CE 2.4-2.5.1).
    pub fn taxonomic_classification_code(self, value: impl Into<Cwe>) -> Self {
        self.field(35, value.into())
    }

    /// PID-36 Breed Code: CWE (CE 2.4-2.5.1).
    pub fn breed_code(self, value: impl Into<Cwe>) -> Self {
        self.field(36, value.into())
    }

    /// PID-37 Strain: ST.
    pub fn strain(self, value: impl Into<St>) -> Self {
        self.field(37, value.into())
    }

    /// PID-38 Production Class Code: CWE (CE 2.4-2.5.1).
    pub fn production_class_code(self, value: impl Into<Cwe>) -> Self {
        self.add(38, value.into())
    }

    /// PID-39 Tribal Citizenship: CWE.
    pub fn tribal_citizenship(self, value: impl Into<Cwe>) -> Self {
        self.add(39, value.into())
    }

    /// PID-40 Patient Telecommunication Information: XTN.
    pub fn patient_telecommunication_information(self, value: impl Into<Xtn>) -> Self {
        self.add(40, value.into())
    }
}

impl Pd1 {
    /// PD1-1 Living Dependency: CWE (ST 2.1, IS 2.3-2.6).
    pub fn living_dependency(self, value: impl Into<Cwe>) -> Self {
        self.add(1, value.into())
    }

    /// PD1-2 Living Arrangement: CWE (IS 2.3-2.6).
    pub fn living_arrangement(self, value: impl Into<Cwe>) -> Self {
        self.field(2, value.into())
    }

    /// PD1-3 Patient Primary Facility: XON.
    pub fn patient_primary_facility(self, value: impl Into<Xon>) -> Self {
        self.add(3, value.into())
    }

    /// PD1-4 Patient Primary Care Provider Name & ID No.: XCN.
    pub fn patient_primary_care_provider_name_id_no(self, value: impl Into<Xcn>) -> Self {
        self.add(4, value.into())
    }

    /// PD1-5 Student Indicator: CWE (IS 2.3-2.6).
    pub fn student_indicator(self, value: impl Into<Cwe>) -> Self {
        self.field(5, value.into())
    }

    /// PD1-6 Handicap: CWE (IS 2.3-2.6).
    pub fn handicap(self, value: impl Into<Cwe>) -> Self {
        self.field(6, value.into())
    }

    /// PD1-7 Living Will Code: CWE (IS 2.3-2.6).
    pub fn living_will_code(self, value: impl Into<Cwe>) -> Self {
        self.field(7, value.into())
    }

    /// PD1-8 Organ Donor Code: CWE (IS 2.3-2.6).
    pub fn organ_donor_code(self, value: impl Into<Cwe>) -> Self {
        self.field(8, value.into())
    }

    /// PD1-9 Separate Bill: ID.
    pub fn separate_bill(self, value: impl Into<Id>) -> Self {
        self.field(9, value.into())
    }

    /// PD1-10 Duplicate Patient: CX.
    pub fn duplicate_patient(self, value: impl Into<Cx>) -> Self {
        self.add(10, value.into())
    }

    /// PD1-11 Publicity Code: CWE (CE 2.3-2.5.1).
    pub fn publicity_code(self, value: impl Into<Cwe>) -> Self {
        self.field(11, value.into())
    }

    /// PD1-12 Protection Indicator: ID.
    pub fn protection_indicator(self, value: impl Into<Id>) -> Self {
        self.field(12, value.into())
    }

    /// PD1-13 Protection Indicator Effective Date: DT.
    pub fn protection_indicator_effective_date(self, value: impl Into<Dt>) -> Self {
        self.field(13, value.into())
    }

    /// PD1-14 Place of Worship: XON.
    pub fn place_of_worship(self, value: impl Into<Xon>) -> Self {
        self.add(14, value.into())
    }

    /// PD1-15 Advance Directive Code: CWE (CE 2.4-2.5.1).
    pub fn advance_directive_code(self, value: impl Into<Cwe>) -> Self {
        self.add(15, value.into())
    }

    /// PD1-16 Immunization Registry Status: CWE (IS 2.4-2.6).
    pub fn immunization_registry_status(self, value: impl Into<Cwe>) -> Self {
        self.field(16, value.into())
    }

    /// PD1-17 Immunization Registry Status Effective Date: DT.
    pub fn immunization_registry_status_effective_date(self, value: impl Into<Dt>) -> Self {
        self.field(17, value.into())
    }

    /// PD1-18 Publicity Code Effective Date: DT.
    pub fn publicity_code_effective_date(self, value: impl Into<Dt>) -> Self {
        self.field(18, value.into())
    }

    /// PD1-19 Military Branch: CWE (IS 2.4-2.6).
    pub fn military_branch(self, value: impl Into<Cwe>) -> Self {
        self.field(19, value.into())
    }

    /// PD1-20 Military Rank/Grade: CWE (IS 2.4-2.6).
    pub fn military_rank_grade(self, value: impl Into<Cwe>) -> Self {
        self.field(20, value.into())
    }

    /// PD1-21 Military Status: CWE (IS 2.4-2.6).
    pub fn military_status(self, value: impl Into<Cwe>) -> Self {
        self.field(21, value.into())
    }

    /// PD1-22 Advance Directive Last Verified Date: DT.
    pub fn advance_directive_last_verified_date(self, value: impl Into<Dt>) -> Self {
        self.field(22, value.into())
    }
}

impl Nk1 {
    /// NK1-1 Set ID - NK1: SI.
    pub fn set_id(self, value: impl Into<Si>) -> Self {
        self.field(1, value.into())
    }

    /// NK1-2 Name: XPN (PN 2.1-2.2).
    pub fn name(self, value: impl Into<Xpn>) -> Self {
        self.add(2, value.into())
    }

    /// NK1-3 Relationship: CWE (ST 2.1, CE 2.2-2.5.1).
    pub fn relationship(self, value: impl Into<Cwe>) -> Self {
        self.field(3, value.into())
    }

    /// NK1-4 Address: XAD (AD 2.1-2.2).
    pub fn address(self, value: impl Into<Xad>) -> Self {
        self.add(4, value.into())
    }

    /// NK1-5 Phone Number: XTN (TN 2.1-2.2).
    pub fn phone_number(self, value: impl Into<Xtn>) -> Self {
        self.add(5, value.into())
    }

    /// NK1-6 Business Phone Number: XTN (TN 2.2).
    pub fn business_phone_number(self, value: impl Into<Xtn>) -> Self {
        self.add(6, value.into())
    }

    /// NK1-7 Contact Role: CWE (CE 2.2-2.5.1).
    pub fn contact_role(self, value: impl Into<Cwe>) -> Self {
        self.field(7, value.into())
    }

    /// NK1-8 Start Date: DT.
    pub fn start_date(self, value: impl Into<Dt>) -> Self {
        self.field(8, value.into())
    }

    /// NK1-9 End Date: DT.
    pub fn end_date(self, value: impl Into<Dt>) -> Self {
        self.field(9, value.into())
    }

    /// NK1-10 Next of Kin / Associated Parties Job Title: ST.
    pub fn next_of_kin_associated_parties_job_title(self, value: impl Into<St>) -> Self {
        self.field(10, value.into())
    }

    /// NK1-11 Next of Kin / Associated Parties Job Code/Class: JCC (CM_JOB_CODE 2.2).
    pub fn next_of_kin_associated_parties_job_code_class(self, value: impl Into<Jcc>) -> Self {
        self.field(11, value.into())
    }

    /// NK1-12 Next of Kin / Associated Parties Employee Number: CX (ST 2.2).
    pub fn next_of_kin_associated_parties_employee_number(self, value: impl Into<Cx>) -> Self {
        self.field(12, value.into())
    }

    /// NK1-13 Organization Name - NK1: XON (ST 2.2).
    pub fn organization_name(self, value: impl Into<Xon>) -> Self {
        self.add(13, value.into())
    }

    /// NK1-14 Marital Status: CWE (IS 2.3, CE 2.3.1-2.5.1).
    pub fn marital_status(self, value: impl Into<Cwe>) -> Self {
        self.add(14, value.into())
    }

    /// NK1-15 Administrative Sex: CWE (IS 2.3-2.6).
    pub fn administrative_sex(self, value: impl Into<Cwe>) -> Self {
        self.field(15, value.into())
    }

    /// NK1-16 Date/Time of Birth: DTM (TS 2.3-2.5.1).
    pub fn date_time_of_birth(self, value: impl Into<Dtm>) -> Self {
        self.field(16, value.into())
    }

    /// NK1-17 Living Dependency: CWE (IS 2.3-2.6).
    pub fn living_dependency(self, value: impl Into<Cwe>) -> Self {
        self.add(17, value.into())
    }

    /// NK1-18 Ambulatory Status: CWE (IS 2.3-2.6).
    pub fn ambulatory_status(self, value: impl Into<Cwe>) -> Self {
        self.add(18, value.into())
    }

    /// NK1-19 Citizenship: CWE (IS 2.3, CE 2.3.1-2.5.1).
    pub fn citizenship(self, value: impl Into<Cwe>) -> Self {
        self.add(19, value.into())
    }

    /// NK1-20 Primary Language: CWE (CE 2.3-2.5.1).
    pub fn primary_language(self, value: impl Into<Cwe>) -> Self {
        self.field(20, value.into())
    }

    /// NK1-21 Living Arrangement: CWE (IS 2.3-2.6).
    pub fn living_arrangement(self, value: impl Into<Cwe>) -> Self {
        self.field(21, value.into())
    }

    /// NK1-22 Publicity Code: CWE (CE 2.3-2.5.1).
    pub fn publicity_code(self, value: impl Into<Cwe>) -> Self {
        self.field(22, value.into())
    }

    /// NK1-23 Protection Indicator: ID.
    pub fn protection_indicator(self, value: impl Into<Id>) -> Self {
        self.field(23, value.into())
    }

    /// NK1-24 Student Indicator: CWE (IS 2.3-2.6).
    pub fn student_indicator(self, value: impl Into<Cwe>) -> Self {
        self.field(24, value.into())
    }

    /// NK1-25 Religion: CWE (IS 2.3, CE 2.3.1-2.5.1).
    pub fn religion(self, value: impl Into<Cwe>) -> Self {
        self.field(25, value.into())
    }

    /// NK1-26 Mother's Maiden Name: XPN.
    pub fn mothers_maiden_name(self, value: impl Into<Xpn>) -> Self {
        self.add(26, value.into())
    }

    /// NK1-27 Nationality: CWE (CE 2.3-2.5.1).
    pub fn nationality(self, value: impl Into<Cwe>) -> Self {
        self.field(27, value.into())
    }

    /// NK1-28 Ethnic Group: CWE (IS 2.3, CE 2.3.1-2.5.1).
    pub fn ethnic_group(self, value: impl Into<Cwe>) -> Self {
        self.add(28, value.into())
    }

    /// NK1-29 Contact Reason: CWE (CE 2.3-2.5.1).
    pub fn contact_reason(self, value: impl Into<Cwe>) -> Self {
        self.add(29, value.into())
    }

    /// NK1-30 Contact Person's Name: XPN.
    pub fn contact_persons_name(self, value: impl Into<Xpn>) -> Self {
        self.add(30, value.into())
    }

    /// NK1-31 Contact Person's Telephone Number: XTN.
    pub fn contact_persons_telephone_number(self, value: impl Into<Xtn>) -> Self {
        self.add(31, value.into())
    }

    /// NK1-32 Contact Person's Address: XAD.
    pub fn contact_persons_address(self, value: impl Into<Xad>) -> Self {
        self.add(32, value.into())
    }

    /// NK1-33 Next of Kin/Associated Party's Identifiers: CX.
    pub fn next_of_kin_associated_partys_identifiers(self, value: impl Into<Cx>) -> Self {
        self.add(33, value.into())
    }

    /// NK1-34 Job Status: CWE (IS 2.3-2.6).
    pub fn job_status(self, value: impl Into<Cwe>) -> Self {
        self.field(34, value.into())
    }

    /// NK1-35 Race: CWE (IS 2.3, CE 2.3.1-2.5.1).
    pub fn race(self, value: impl Into<Cwe>) -> Self {
        self.add(35, value.into())
    }

    /// NK1-36 Handicap: CWE (IS 2.3-2.6).
    pub fn handicap(self, value: impl Into<Cwe>) -> Self {
        self.field(36, value.into())
    }

    /// NK1-37 Contact Person Social Security Number: ST.
    pub fn contact_person_social_security_number(self, value: impl Into<St>) -> Self {
        self.field(37, value.into())
    }

    /// NK1-38 Next of Kin Birth Place: ST.
    pub fn next_of_kin_birth_place(self, value: impl Into<St>) -> Self {
        self.field(38, value.into())
    }

    /// NK1-39 VIP Indicator: CWE (IS 2.5-2.6).
    pub fn vip_indicator(self, value: impl Into<Cwe>) -> Self {
        self.field(39, value.into())
    }

    /// NK1-40 Next of Kin Telecommunication Information: XTN.
    pub fn next_of_kin_telecommunication_information(self, value: impl Into<Xtn>) -> Self {
        self.field(40, value.into())
    }

    /// NK1-41 Contact Person's Telecommunication Information: XTN.
    pub fn contact_persons_telecommunication_information(self, value: impl Into<Xtn>) -> Self {
        self.field(41, value.into())
    }
}

impl Pv1 {
    /// PV1-1 Set ID - PV1: SI.
    pub fn set_id(self, value: impl Into<Si>) -> Self {
        self.field(1, value.into())
    }

    /// PV1-2 Patient Class: CWE (ID 2.1-2.3, IS 2.3.1-2.6).
    pub fn patient_class(self, value: impl Into<Cwe>) -> Self {
        self.field(2, value.into())
    }

    /// PV1-3 Assigned Patient Location: PL (ID 2.1, CM_INTERNAL_LOCATION 2.2).
    pub fn assigned_patient_location(self, value: impl Into<Pl>) -> Self {
        self.field(3, value.into())
    }

    /// PV1-4 Admission Type: CWE (ID 2.1-2.3, IS 2.3.1-2.6).
    pub fn admission_type(self, value: impl Into<Cwe>) -> Self {
        self.field(4, value.into())
    }

    /// PV1-5 Preadmit Number: CX (ST 2.1-2.2).
    pub fn preadmit_number(self, value: impl Into<Cx>) -> Self {
        self.field(5, value.into())
    }

    /// PV1-6 Prior Patient Location: PL (ID 2.1, CM_INTERNAL_LOCATION 2.2).
    pub fn prior_patient_location(self, value: impl Into<Pl>) -> Self {
        self.field(6, value.into())
    }

    /// PV1-7 Attending Doctor: XCN (CN 2.1-2.2).
    pub fn attending_doctor(self, value: impl Into<Xcn>) -> Self {
        self.add(7, value.into())
    }

    /// PV1-8 Referring Doctor: XCN (CN 2.1-2.2).
    pub fn referring_doctor(self, value: impl Into<Xcn>) -> Self {
        self.add(8, value.into())
    }

    /// PV1-9 Consulting Doctor: XCN (CN 2.1-2.2).
    pub fn consulting_doctor(self, value: impl Into<Xcn>) -> Self {
        self.add(9, value.into())
    }

    /// PV1-10 Hospital Service: CWE (ID 2.1-2.3, IS 2.3.1-2.6).
    pub fn hospital_service(self, value: impl Into<Cwe>) -> Self {
        self.field(10, value.into())
    }

    /// PV1-11 Temporary Location: PL (ID 2.1, CM_INTERNAL_LOCATION 2.2).
    pub fn temporary_location(self, value: impl Into<Pl>) -> Self {
        self.field(11, value.into())
    }

    /// PV1-12 Preadmit Test Indicator: CWE (ID 2.1-2.3, IS 2.3.1-2.6).
    pub fn preadmit_test_indicator(self, value: impl Into<Cwe>) -> Self {
        self.field(12, value.into())
    }

    /// PV1-13 Re-admission Indicator: CWE (ID 2.1-2.3, IS 2.3.1-2.6).
    pub fn re_admission_indicator(self, value: impl Into<Cwe>) -> Self {
        self.field(13, value.into())
    }

    /// PV1-14 Admit Source: CWE (ID 2.1-2.3, IS 2.3.1-2.6).
    pub fn admit_source(self, value: impl Into<Cwe>) -> Self {
        self.field(14, value.into())
    }

    /// PV1-15 Ambulatory Status: CWE (ID 2.1-2.2, IS 2.3-2.6).
    pub fn ambulatory_status(self, value: impl Into<Cwe>) -> Self {
        self.add(15, value.into())
    }

    /// PV1-16 VIP Indicator: CWE (ID 2.1-2.3, IS 2.3.1-2.6).
    pub fn vip_indicator(self, value: impl Into<Cwe>) -> Self {
        self.field(16, value.into())
    }

    /// PV1-17 Admitting Doctor: XCN (CN 2.1-2.2).
    pub fn admitting_doctor(self, value: impl Into<Xcn>) -> Self {
        self.add(17, value.into())
    }

    /// PV1-18 Patient Type: CWE (ID 2.1-2.3, IS 2.3.1-2.6).
    pub fn patient_type(self, value: impl Into<Cwe>) -> Self {
        self.field(18, value.into())
    }

    /// PV1-19 Visit Number: CX (NM 2.1, CM_PAT_ID 2.2).
    pub fn visit_number(self, value: impl Into<Cx>) -> Self {
        self.field(19, value.into())
    }

    /// PV1-20 Financial Class: FC (ID 2.1, CM_FINANCE 2.2).
    pub fn financial_class(self, value: impl Into<Fc>) -> Self {
        self.add(20, value.into())
    }

    /// PV1-21 Charge Price Indicator: CWE (ID 2.1-2.3, IS 2.3.1-2.6).
    pub fn charge_price_indicator(self, value: impl Into<Cwe>) -> Self {
        self.field(21, value.into())
    }

    /// PV1-22 Courtesy Code: CWE (ID 2.1-2.3, IS 2.3.1-2.6).
    pub fn courtesy_code(self, value: impl Into<Cwe>) -> Self {
        self.field(22, value.into())
    }

    /// PV1-23 Credit Rating: CWE (ID 2.1-2.3, IS 2.3.1-2.6).
    pub fn credit_rating(self, value: impl Into<Cwe>) -> Self {
        self.field(23, value.into())
    }

    /// PV1-24 Contract Code: CWE (ID 2.1-2.3, IS 2.3.1-2.6).
    pub fn contract_code(self, value: impl Into<Cwe>) -> Self {
        self.add(24, value.into())
    }

    /// PV1-25 Contract Effective Date: DT.
    pub fn contract_effective_date(self, value: impl Into<Dt>) -> Self {
        self.add(25, value.into())
    }

    /// PV1-26 Contract Amount: NM.
    pub fn contract_amount(self, value: impl Into<Nm>) -> Self {
        self.add(26, value.into())
    }

    /// PV1-27 Contract Period: NM.
    pub fn contract_period(self, value: impl Into<Nm>) -> Self {
        self.add(27, value.into())
    }

    /// PV1-28 Interest Code: CWE (ID 2.1-2.3, IS 2.3.1-2.6).
    pub fn interest_code(self, value: impl Into<Cwe>) -> Self {
        self.field(28, value.into())
    }

    /// PV1-29 Transfer to Bad Debt Code: CWE (ID 2.1-2.3, IS 2.3.1-2.6).
    pub fn transfer_to_bad_debt_code(self, value: impl Into<Cwe>) -> Self {
        self.field(29, value.into())
    }

    /// PV1-30 Transfer to Bad Debt Date: DT.
    pub fn transfer_to_bad_debt_date(self, value: impl Into<Dt>) -> Self {
        self.field(30, value.into())
    }

    /// PV1-31 Bad Debt Agency Code: CWE (ST 2.1, ID 2.2-2.3, IS 2.3.1-2.6).
    pub fn bad_debt_agency_code(self, value: impl Into<Cwe>) -> Self {
        self.field(31, value.into())
    }

    /// PV1-32 Bad Debt Transfer Amount: NM.
    pub fn bad_debt_transfer_amount(self, value: impl Into<Nm>) -> Self {
        self.field(32, value.into())
    }

    /// PV1-33 Bad Debt Recovery Amount: NM.
    pub fn bad_debt_recovery_amount(self, value: impl Into<Nm>) -> Self {
        self.field(33, value.into())
    }

    /// PV1-34 Delete Account Indicator: CWE (ID 2.1-2.3, IS 2.3.1-2.6).
    pub fn delete_account_indicator(self, value: impl Into<Cwe>) -> Self {
        self.field(34, value.into())
    }

    /// PV1-35 Delete Account Date: DT.
    pub fn delete_account_date(self, value: impl Into<Dt>) -> Self {
        self.field(35, value.into())
    }

    /// PV1-36 Discharge Disposition: CWE (ID 2.1-2.3, IS 2.3.1-2.6).
    pub fn discharge_disposition(self, value: impl Into<Cwe>) -> Self {
        self.field(36, value.into())
    }

    /// PV1-37 Discharged to Location: DLD (ID 2.1, CM_DLD 2.2-2.3).
    pub fn discharged_to_location(self, value: impl Into<Dld>) -> Self {
        self.field(37, value.into())
    }

    /// PV1-38 Diet Type: CWE (ID 2.1-2.3, CE 2.3.1-2.5.1).
    pub fn diet_type(self, value: impl Into<Cwe>) -> Self {
        self.field(38, value.into())
    }

    /// PV1-39 Servicing Facility: CWE (ID 2.1-2.3, IS 2.3.1-2.6).
    pub fn servicing_facility(self, value: impl Into<Cwe>) -> Self {
        self.field(39, value.into())
    }

    /// PV1-40 Bed Status: IS (ID 2.1-2.2).
    pub fn bed_status(self, value: impl Into<Is>) -> Self {
        self.add(40, value.into())
    }

    /// PV1-41 Account Status: CWE (ID 2.1-2.3, IS 2.3.1-2.6).
    pub fn account_status(self, value: impl Into<Cwe>) -> Self {
        self.field(41, value.into())
    }

    /// PV1-42 Pending Location: PL (ID 2.1, CM_INTERNAL_LOCATION 2.2).
    pub fn pending_location(self, value: impl Into<Pl>) -> Self {
        self.field(42, value.into())
    }

    /// PV1-43 Prior Temporary Location: PL (ID 2.1, CM_INTERNAL_LOCATION 2.2).
    pub fn prior_temporary_location(self, value: impl Into<Pl>) -> Self {
        self.field(43, value.into())
    }

    /// PV1-44 Admit Date/Time: DTM (TS 2.1-2.5.1).
    pub fn admit_date_time(self, value: impl Into<Dtm>) -> Self {
        self.field(44, value.into())
    }

    /// PV1-45 Discharge Date/Time: DTM (TS 2.1-2.5.1).
    pub fn discharge_date_time(self, value: impl Into<Dtm>) -> Self {
        self.add(45, value.into())
    }

    /// PV1-46 Current Patient Balance: NM.
    pub fn current_patient_balance(self, value: impl Into<Nm>) -> Self {
        self.field(46, value.into())
    }

    /// PV1-47 Total Charges: NM.
    pub fn total_charges(self, value: impl Into<Nm>) -> Self {
        self.field(47, value.into())
    }

    /// PV1-48 Total Adjustments: NM.
    pub fn total_adjustments(self, value: impl Into<Nm>) -> Self {
        self.field(48, value.into())
    }

    /// PV1-49 Total Payments: NM.
    pub fn total_payments(self, value: impl Into<Nm>) -> Self {
        self.field(49, value.into())
    }

    /// PV1-50 Alternate Visit ID: CX (CM_PAT_ID_0192 2.2).
    pub fn alternate_visit_id(self, value: impl Into<Cx>) -> Self {
        self.add(50, value.into())
    }

    /// PV1-51 Visit Indicator: CWE (IS 2.3-2.6).
    pub fn visit_indicator(self, value: impl Into<Cwe>) -> Self {
        self.field(51, value.into())
    }

    /// PV1-52 Other Healthcare Provider: XCN.
    pub fn other_healthcare_provider(self, value: impl Into<Xcn>) -> Self {
        self.add(52, value.into())
    }

    /// PV1-53 Service Episode Description: ST.
    pub fn service_episode_description(self, value: impl Into<St>) -> Self {
        self.field(53, value.into())
    }

    /// PV1-54 Service Episode Identifier: CX.
    pub fn service_episode_identifier(self, value: impl Into<Cx>) -> Self {
        self.field(54, value.into())
    }
}

impl Pv2 {
    /// PV2-1 Prior Pending Location: PL (CM_INTERNAL_LOCATION 2.2).
    pub fn prior_pending_location(self, value: impl Into<Pl>) -> Self {
        self.field(1, value.into())
    }

    /// PV2-2 Accommodation Code: CWE (CE 2.2-2.5.1).
    pub fn accommodation_code(self, value: impl Into<Cwe>) -> Self {
        self.field(2, value.into())
    }

    /// PV2-3 Admit Reason: CWE (CE 2.2-2.5.1).
    pub fn admit_reason(self, value: impl Into<Cwe>) -> Self {
        self.field(3, value.into())
    }

    /// PV2-4 Transfer Reason: CWE (CE 2.2-2.5.1).
    pub fn transfer_reason(self, value: impl Into<Cwe>) -> Self {
        self.field(4, value.into())
    }

    /// PV2-5 Patient Valuables: ST.
    pub fn patient_valuables(self, value: impl Into<St>) -> Self {
        self.add(5, value.into())
    }

    /// PV2-6 Patient Valuables Location: ST.
    pub fn patient_valuables_location(self, value: impl Into<St>) -> Self {
        self.field(6, value.into())
    }

    /// PV2-7 Visit User Code: CWE (ID 2.2, IS 2.3-2.6).
    pub fn visit_user_code(self, value: impl Into<Cwe>) -> Self {
        self.add(7, value.into())
    }

    /// PV2-8 Expected Admit Date/Time: DTM (DT 2.2, TS 2.3-2.5.1).
    pub fn expected_admit_date_time(self, value: impl Into<Dtm>) -> Self {
        self.field(8, value.into())
    }

    /// PV2-9 Expected Discharge Date/Time: DTM (DT 2.2, TS 2.3-2.5.1).
    pub fn expected_discharge_date_time(self, value: impl Into<Dtm>) -> Self {
        self.field(9, value.into())
    }

    /// PV2-10 Estimated Length of Inpatient Stay: NM.
    pub fn estimated_length_of_inpatient_stay(self, value: impl Into<Nm>) -> Self {
        self.field(10, value.into())
    }

    /// PV2-11 Actual Length of Inpatient Stay: NM.
    pub fn actual_length_of_inpatient_stay(self, value: impl Into<Nm>) -> Self {
        self.field(11, value.into())
    }

    /// PV2-12 Visit Description: ST.
    pub fn visit_description(self, value: impl Into<St>) -> Self {
        self.field(12, value.into())
    }

    /// PV2-13 Referral Source Code: XCN.
    pub fn referral_source_code(self, value: impl Into<Xcn>) -> Self {
        self.add(13, value.into())
    }

    /// PV2-14 Previous Service Date: DT.
    pub fn previous_service_date(self, value: impl Into<Dt>) -> Self {
        self.field(14, value.into())
    }

    /// PV2-15 Employment Illness Related Indicator: ID.
    pub fn employment_illness_related_indicator(self, value: impl Into<Id>) -> Self {
        self.field(15, value.into())
    }

    /// PV2-16 Purge Status Code: CWE (IS 2.3-2.6).
    pub fn purge_status_code(self, value: impl Into<Cwe>) -> Self {
        self.field(16, value.into())
    }

    /// PV2-17 Purge Status Date: DT.
    pub fn purge_status_date(self, value: impl Into<Dt>) -> Self {
        self.field(17, value.into())
    }

    /// PV2-18 Special Program Code: CWE (IS 2.3-2.6).
    pub fn special_program_code(self, value: impl Into<Cwe>) -> Self {
        self.field(18, value.into())
    }

    /// PV2-19 Retention Indicator: ID.
    pub fn retention_indicator(self, value: impl Into<Id>) -> Self {
        self.field(19, value.into())
    }

    /// PV2-20 Expected Number of Insurance Plans: NM.
    pub fn expected_number_of_insurance_plans(self, value: impl Into<Nm>) -> Self {
        self.field(20, value.into())
    }

    /// PV2-21 Visit Publicity Code: CWE (IS 2.3-2.6).
    pub fn visit_publicity_code(self, value: impl Into<Cwe>) -> Self {
        self.field(21, value.into())
    }

    /// PV2-22 Visit Protection Indicator: ID.
    pub fn visit_protection_indicator(self, value: impl Into<Id>) -> Self {
        self.field(22, value.into())
    }

    /// PV2-23 Clinic Organization Name: XON.
    pub fn clinic_organization_name(self, value: impl Into<Xon>) -> Self {
        self.add(23, value.into())
    }

    /// PV2-24 Patient Status Code: CWE (IS 2.3-2.6).
    pub fn patient_status_code(self, value: impl Into<Cwe>) -> Self {
        self.field(24, value.into())
    }

    /// PV2-25 Visit Priority Code: CWE (IS 2.3-2.6).
    pub fn visit_priority_code(self, value: impl Into<Cwe>) -> Self {
        self.field(25, value.into())
    }

    /// PV2-26 Previous Treatment Date: DT.
    pub fn previous_treatment_date(self, value: impl Into<Dt>) -> Self {
        self.field(26, value.into())
    }

    /// PV2-27 Expected Discharge Disposition: CWE (IS 2.3-2.6).
    pub fn expected_discharge_disposition(self, value: impl Into<Cwe>) -> Self {
        self.field(27, value.into())
    }

    /// PV2-28 Signature on File Date: DT.
    pub fn signature_on_file_date(self, value: impl Into<Dt>) -> Self {
        self.field(28, value.into())
    }

    /// PV2-29 First Similar Illness Date: DT.
    pub fn first_similar_illness_date(self, value: impl Into<Dt>) -> Self {
        self.field(29, value.into())
    }

    /// PV2-30 Patient Charge Adjustment Code: CWE (IS 2.3, CE 2.3.1-2.5.1).
    pub fn patient_charge_adjustment_code(self, value: impl Into<Cwe>) -> Self {
        self.field(30, value.into())
    }

    /// PV2-31 Recurring Service Code: CWE (IS 2.3-2.6).
    pub fn recurring_service_code(self, value: impl Into<Cwe>) -> Self {
        self.field(31, value.into())
    }

    /// PV2-32 Billing Media Code: ID.
    pub fn billing_media_code(self, value: impl Into<Id>) -> Self {
        self.field(32, value.into())
    }

    /// PV2-33 Expected Surgery Date and Time: DTM (TS 2.3-2.5.1).
    pub fn expected_surgery_date_and_time(self, value: impl Into<Dtm>) -> Self {
        self.field(33, value.into())
    }

    /// PV2-34 Military Partnership Code: ID.
    pub fn military_partnership_code(self, value: impl Into<Id>) -> Self {
        self.field(34, value.into())
    }

    /// PV2-35 Military Non-Availability Code: ID.
    pub fn military_non_availability_code(self, value: impl Into<Id>) -> Self {
        self.field(35, value.into())
    }

    /// PV2-36 Newborn Baby Indicator: ID.
    pub fn newborn_baby_indicator(self, value: impl Into<Id>) -> Self {
        self.field(36, value.into())
    }

    /// PV2-37 Baby Detained Indicator: ID.
    pub fn baby_detained_indicator(self, value: impl Into<Id>) -> Self {
        self.field(37, value.into())
    }

    /// PV2-38 Mode of Arrival Code: CWE (CE 2.4-2.5.1).
    pub fn mode_of_arrival_code(self, value: impl Into<Cwe>) -> Self {
        self.field(38, value.into())
    }

    /// PV2-39 Recreational Drug Use Code: CWE (CE 2.4-2.5.1).
    pub fn recreational_drug_use_code(self, value: impl Into<Cwe>) -> Self {
        self.add(39, value.into())
    }

    /// PV2-40 Admission Level of Care Code: CWE (CE 2.4-2.5.1).
    pub fn admission_level_of_care_code(self, value: impl Into<Cwe>) -> Self {
        self.field(40, value.into())
    }

    /// PV2-41 Precaution Code: CWE (CE 2.4-2.5.1).
    pub fn precaution_code(self, value: impl Into<Cwe>) -> Self {
        self.add(41, value.into())
    }

    /// PV2-42 Patient Condition Code: CWE (CE 2.4-2.5.1).
    pub fn patient_condition_code(self, value: impl Into<Cwe>) -> Self {
        self.field(42, value.into())
    }

    /// PV2-43 Living Will Code: CWE (IS 2.4-2.6).
    pub fn living_will_code(self, value: impl Into<Cwe>) -> Self {
        self.field(43, value.into())
    }

    /// PV2-44 Organ Donor Code: CWE (IS 2.4-2.6).
    pub fn organ_donor_code(self, value: impl Into<Cwe>) -> Self {
        self.field(44, value.into())
    }

    /// PV2-45 Advance Directive Code: CWE (CE 2.4-2.5.1).
    pub fn advance_directive_code(self, value: impl Into<Cwe>) -> Self {
        self.add(45, value.into())
    }

    /// PV2-46 Patient Status Effective Date: DT.
    pub fn patient_status_effective_date(self, value: impl Into<Dt>) -> Self {
        self.field(46, value.into())
    }

    /// PV2-47 Expected LOA Return Date/Time: DTM (TS 2.4-2.5.1).
    pub fn expected_loa_return_date_time(self, value: impl Into<Dtm>) -> Self {
        self.field(47, value.into())
    }

    /// PV2-48 Expected Pre-admission Testing Date/Time: DTM (TS 2.5-2.5.1).
    pub fn expected_pre_admission_testing_date_time(self, value: impl Into<Dtm>) -> Self {
        self.field(48, value.into())
    }

    /// PV2-49 Notify Clergy Code: CWE (IS 2.5-2.6).
    pub fn notify_clergy_code(self, value: impl Into<Cwe>) -> Self {
        self.add(49, value.into())
    }

    /// PV2-50 Advance Directive Last Verified Date: DT.
    pub fn advance_directive_last_verified_date(self, value: impl Into<Dt>) -> Self {
        self.field(50, value.into())
    }
}

impl Al1 {
    /// AL1-1 Set ID - AL1: SI (CE 2.4).
    pub fn set_id(self, value: impl Into<Si>) -> Self {
        self.field(1, value.into())
    }

    /// AL1-2 Allergen Type Code: CWE (ID 2.2-2.3, IS 2.3.1, CE 2.4-2.5.1).
    pub fn allergen_type_code(self, value: impl Into<Cwe>) -> Self {
        self.field(2, value.into())
    }

    /// AL1-3 Allergen Code/Mnemonic/Description: CWE (CE 2.2-2.5.1).
    pub fn allergen_code_mnemonic_description(self, value: impl Into<Cwe>) -> Self {
        self.field(3, value.into())
    }

    /// AL1-4 Allergy Severity Code: CWE (ID 2.2-2.3, IS 2.3.1, CE 2.4-2.5.1).
    pub fn allergy_severity_code(self, value: impl Into<Cwe>) -> Self {
        self.field(4, value.into())
    }

    /// AL1-5 Allergy Reaction Code: ST.
    pub fn allergy_reaction_code(self, value: impl Into<St>) -> Self {
        self.add(5, value.into())
    }

    /// AL1-6 Identification Date: DT.
    pub fn identification_date(self, value: impl Into<Dt>) -> Self {
        self.field(6, value.into())
    }
}

impl Iam {
    /// IAM-1 Set ID - IAM: SI.
    pub fn set_id(self, value: impl Into<Si>) -> Self {
        self.field(1, value.into())
    }

    /// IAM-2 Allergen Type Code: CWE (CE 2.4-2.5.1).
    pub fn allergen_type_code(self, value: impl Into<Cwe>) -> Self {
        self.field(2, value.into())
    }

    /// IAM-3 Allergen Code/Mnemonic/Description: CWE (CE 2.4-2.5.1).
    pub fn allergen_code_mnemonic_description(self, value: impl Into<Cwe>) -> Self {
        self.field(3, value.into())
    }

    /// IAM-4 Allergy Severity Code: CWE (CE 2.4-2.5.1).
    pub fn allergy_severity_code(self, value: impl Into<Cwe>) -> Self {
        self.field(4, value.into())
    }

    /// IAM-5 Allergy Reaction Code: ST.
    pub fn allergy_reaction_code(self, value: impl Into<St>) -> Self {
        self.add(5, value.into())
    }

    /// IAM-6 Allergy Action Code: CNE.
    pub fn allergy_action_code(self, value: impl Into<Cwe>) -> Self {
        self.field(6, value.into())
    }

    /// IAM-7 Allergy Unique Identifier: EI.
    pub fn allergy_unique_identifier(self, value: impl Into<Ei>) -> Self {
        self.field(7, value.into())
    }

    /// IAM-8 Action Reason: ST.
    pub fn action_reason(self, value: impl Into<St>) -> Self {
        self.field(8, value.into())
    }

    /// IAM-9 Sensitivity to Causative Agent Code: CWE (CE 2.4-2.5.1).
    pub fn sensitivity_to_causative_agent_code(self, value: impl Into<Cwe>) -> Self {
        self.field(9, value.into())
    }

    /// IAM-10 Allergen Group Code/Mnemonic/Description: CWE (CE 2.4-2.5.1).
    pub fn allergen_group_code_mnemonic_description(self, value: impl Into<Cwe>) -> Self {
        self.field(10, value.into())
    }

    /// IAM-11 Onset Date: DT.
    pub fn onset_date(self, value: impl Into<Dt>) -> Self {
        self.field(11, value.into())
    }

    /// IAM-12 Onset Date Text: ST.
    pub fn onset_date_text(self, value: impl Into<St>) -> Self {
        self.field(12, value.into())
    }

    /// IAM-13 Reported Date/Time: DTM (TS 2.4-2.5.1).
    pub fn reported_date_time(self, value: impl Into<Dtm>) -> Self {
        self.field(13, value.into())
    }

    /// IAM-14 Reported By: XPN.
    pub fn reported_by(self, value: impl Into<Xpn>) -> Self {
        self.field(14, value.into())
    }

    /// IAM-15 Relationship to Patient Code: CWE (CE 2.4-2.5.1).
    pub fn relationship_to_patient_code(self, value: impl Into<Cwe>) -> Self {
        self.field(15, value.into())
    }

    /// IAM-16 Alert Device Code: CWE (CE 2.4-2.5.1).
    pub fn alert_device_code(self, value: impl Into<Cwe>) -> Self {
        self.field(16, value.into())
    }

    /// IAM-17 Allergy Clinical Status Code: CWE (CE 2.4-2.5.1).
    pub fn allergy_clinical_status_code(self, value: impl Into<Cwe>) -> Self {
        self.field(17, value.into())
    }

    /// IAM-18 Statused by Person: XCN.
    pub fn statused_by_person(self, value: impl Into<Xcn>) -> Self {
        self.field(18, value.into())
    }

    /// IAM-19 Statused by Organization: XON.
    pub fn statused_by_organization(self, value: impl Into<Xon>) -> Self {
        self.field(19, value.into())
    }

    /// IAM-20 Statused at Date/Time: DTM (TS 2.4-2.5.1).
    pub fn statused_at_date_time(self, value: impl Into<Dtm>) -> Self {
        self.field(20, value.into())
    }

    /// IAM-21 Inactivated by Person: XCN.
    pub fn inactivated_by_person(self, value: impl Into<Xcn>) -> Self {
        self.field(21, value.into())
    }

    /// IAM-22 Inactivated Date/Time: DTM.
    pub fn inactivated_date_time(self, value: impl Into<Dtm>) -> Self {
        self.field(22, value.into())
    }

    /// IAM-23 Initially Recorded by Person: XCN.
    pub fn initially_recorded_by_person(self, value: impl Into<Xcn>) -> Self {
        self.field(23, value.into())
    }

    /// IAM-24 Initially Recorded Date/Time: DTM.
    pub fn initially_recorded_date_time(self, value: impl Into<Dtm>) -> Self {
        self.field(24, value.into())
    }

    /// IAM-25 Modified by Person: XCN.
    pub fn modified_by_person(self, value: impl Into<Xcn>) -> Self {
        self.field(25, value.into())
    }

    /// IAM-26 Modified Date/Time: DTM.
    pub fn modified_date_time(self, value: impl Into<Dtm>) -> Self {
        self.field(26, value.into())
    }

    /// IAM-27 Clinician Identified Code: CWE.
    pub fn clinician_identified_code(self, value: impl Into<Cwe>) -> Self {
        self.field(27, value.into())
    }

    /// IAM-28 Initially Recorded by Organization: XON.
    pub fn initially_recorded_by_organization(self, value: impl Into<Xon>) -> Self {
        self.field(28, value.into())
    }

    /// IAM-29 Modified by Organization: XON.
    pub fn modified_by_organization(self, value: impl Into<Xon>) -> Self {
        self.field(29, value.into())
    }

    /// IAM-30 Inactivated by Organization: XON.
    pub fn inactivated_by_organization(self, value: impl Into<Xon>) -> Self {
        self.field(30, value.into())
    }
}

impl Dg1 {
    /// DG1-1 Set ID - DG1: SI.
    pub fn set_id(self, value: impl Into<Si>) -> Self {
        self.field(1, value.into())
    }

    /// DG1-2 Diagnosis Coding Method: ID.
    pub fn diagnosis_coding_method(self, value: impl Into<Id>) -> Self {
        self.field(2, value.into())
    }

    /// DG1-3 Diagnosis Code - DG1: CWE (ID 2.1-2.2, CE 2.3-2.5.1).
    pub fn diagnosis_code(self, value: impl Into<Cwe>) -> Self {
        self.field(3, value.into())
    }

    /// DG1-4 Diagnosis Description: ST.
    pub fn diagnosis_description(self, value: impl Into<St>) -> Self {
        self.field(4, value.into())
    }

    /// DG1-5 Diagnosis Date/Time: DTM (TS 2.1-2.5.1).
    pub fn diagnosis_date_time(self, value: impl Into<Dtm>) -> Self {
        self.field(5, value.into())
    }

    /// DG1-6 Diagnosis Type: CWE (ID 2.1-2.2, IS 2.3-2.6).
    pub fn diagnosis_type(self, value: impl Into<Cwe>) -> Self {
        self.field(6, value.into())
    }

    /// DG1-7 Major Diagnostic Category: CE (ST 2.1).
    pub fn major_diagnostic_category(self, value: impl Into<Cwe>) -> Self {
        self.field(7, value.into())
    }

    /// DG1-8 Diagnostic Related Group: CE (ID 2.1-2.2).
    pub fn diagnostic_related_group(self, value: impl Into<Cwe>) -> Self {
        self.field(8, value.into())
    }

    /// DG1-9 DRG Approval Indicator: ID.
    pub fn drg_approval_indicator(self, value: impl Into<Id>) -> Self {
        self.field(9, value.into())
    }

    /// DG1-10 DRG Grouper Review Code: IS (ID 2.1-2.2).
    pub fn drg_grouper_review_code(self, value: impl Into<Is>) -> Self {
        self.field(10, value.into())
    }

    /// DG1-11 Outlier Type: CE (ID 2.1-2.2).
    pub fn outlier_type(self, value: impl Into<Cwe>) -> Self {
        self.field(11, value.into())
    }

    /// DG1-12 Outlier Days: NM.
    pub fn outlier_days(self, value: impl Into<Nm>) -> Self {
        self.field(12, value.into())
    }

    /// DG1-13 Outlier Cost: CP (NM 2.1-2.2).
    pub fn outlier_cost(self, value: impl Into<Cp>) -> Self {
        self.field(13, value.into())
    }

    /// DG1-14 Grouper Version And Type: ST.
    pub fn grouper_version_and_type(self, value: impl Into<St>) -> Self {
        self.field(14, value.into())
    }

    /// DG1-15 Diagnosis Priority: NM (ID 2.3.1-2.6).
    pub fn diagnosis_priority(self, value: impl Into<Nm>) -> Self {
        self.field(15, value.into())
    }

    /// DG1-16 Diagnosing Clinician: XCN (CN 2.2).
    pub fn diagnosing_clinician(self, value: impl Into<Xcn>) -> Self {
        self.add(16, value.into())
    }

    /// DG1-17 Diagnosis Classification: CWE (IS 2.3-2.6).
    pub fn diagnosis_classification(self, value: impl Into<Cwe>) -> Self {
        self.field(17, value.into())
    }

    /// DG1-18 Confidential Indicator: ID.
    pub fn confidential_indicator(self, value: impl Into<Id>) -> Self {
        self.field(18, value.into())
    }

    /// DG1-19 Attestation Date/Time: DTM (TS 2.3-2.5.1).
    pub fn attestation_date_time(self, value: impl Into<Dtm>) -> Self {
        self.field(19, value.into())
    }

    /// DG1-20 Diagnosis Identifier: EI.
    pub fn diagnosis_identifier(self, value: impl Into<Ei>) -> Self {
        self.field(20, value.into())
    }

    /// DG1-21 Diagnosis Action Code: ID.
    pub fn diagnosis_action_code(self, value: impl Into<Id>) -> Self {
        self.field(21, value.into())
    }

    /// DG1-22 Parent Diagnosis: EI.
    pub fn parent_diagnosis(self, value: impl Into<Ei>) -> Self {
        self.field(22, value.into())
    }

    /// DG1-23 DRG CCL Value Code: CWE.
    pub fn drg_ccl_value_code(self, value: impl Into<Cwe>) -> Self {
        self.field(23, value.into())
    }

    /// DG1-24 DRG Grouping Usage: ID.
    pub fn drg_grouping_usage(self, value: impl Into<Id>) -> Self {
        self.field(24, value.into())
    }

    /// DG1-25 DRG Diagnosis Determination Status: CWE (IS 2.6).
    pub fn drg_diagnosis_determination_status(self, value: impl Into<Cwe>) -> Self {
        self.field(25, value.into())
    }

    /// DG1-26 Present On Admission (POA) Indicator: CWE (IS 2.6).
    pub fn present_on_admission_poa_indicator(self, value: impl Into<Cwe>) -> Self {
        self.field(26, value.into())
    }
}

impl Pr1 {
    /// PR1-1 Set ID - PR1: SI.
    pub fn set_id(self, value: impl Into<Si>) -> Self {
        self.add(1, value.into())
    }

    /// PR1-2 Procedure Coding Method: IS (ID 2.1-2.2).
    pub fn procedure_coding_method(self, value: impl Into<Is>) -> Self {
        self.add(2, value.into())
    }

    /// PR1-3 Procedure Code: CNE (ID 2.1-2.2, CE 2.3-2.5.1).
    pub fn procedure_code(self, value: impl Into<Cwe>) -> Self {
        self.add(3, value.into())
    }

    /// PR1-4 Procedure Description: ST.
    pub fn procedure_description(self, value: impl Into<St>) -> Self {
        self.add(4, value.into())
    }

    /// PR1-5 Procedure Date/Time: DTM (TS 2.1-2.5.1).
    pub fn procedure_date_time(self, value: impl Into<Dtm>) -> Self {
        self.field(5, value.into())
    }

    /// PR1-6 Procedure Functional Type: CWE (ID 2.1-2.3, IS 2.3.1-2.6).
    pub fn procedure_functional_type(self, value: impl Into<Cwe>) -> Self {
        self.field(6, value.into())
    }

    /// PR1-7 Procedure Minutes: NM.
    pub fn procedure_minutes(self, value: impl Into<Nm>) -> Self {
        self.field(7, value.into())
    }

    /// PR1-8 Anesthesiologist: XCN (CN 2.1-2.2).
    pub fn anesthesiologist(self, value: impl Into<Xcn>) -> Self {
        self.add(8, value.into())
    }

    /// PR1-9 Anesthesia Code: CWE (ID 2.1-2.2, IS 2.3-2.6).
    pub fn anesthesia_code(self, value: impl Into<Cwe>) -> Self {
        self.field(9, value.into())
    }

    /// PR1-10 Anesthesia Minutes: NM.
    pub fn anesthesia_minutes(self, value: impl Into<Nm>) -> Self {
        self.field(10, value.into())
    }

    /// PR1-11 Surgeon: XCN (CN 2.1-2.2).
    pub fn surgeon(self, value: impl Into<Xcn>) -> Self {
        self.add(11, value.into())
    }

    /// PR1-12 Procedure Practitioner: XCN (CN 2.1, CM_PRACTITIONER 2.2).
    pub fn procedure_practitioner(self, value: impl Into<Xcn>) -> Self {
        self.add(12, value.into())
    }

    /// PR1-13 Consent Code: CWE (ID 2.1-2.2, CE 2.3-2.5.1).
    pub fn consent_code(self, value: impl Into<Cwe>) -> Self {
        self.field(13, value.into())
    }

    /// PR1-14 Procedure Priority: NM (ID 2.4-2.6).
    pub fn procedure_priority(self, value: impl Into<Nm>) -> Self {
        self.field(14, value.into())
    }

    /// PR1-15 Associated Diagnosis Code: CWE (CE 2.3-2.5.1).
    pub fn associated_diagnosis_code(self, value: impl Into<Cwe>) -> Self {
        self.field(15, value.into())
    }

    /// PR1-16 Procedure Code Modifier: CNE (CE 2.3.1-2.5.1).
    pub fn procedure_code_modifier(self, value: impl Into<Cwe>) -> Self {
        self.add(16, value.into())
    }

    /// PR1-17 Procedure DRG Type: CWE (IS 2.4-2.6).
    pub fn procedure_drg_type(self, value: impl Into<Cwe>) -> Self {
        self.field(17, value.into())
    }

    /// PR1-18 Tissue Type Code: CWE (CE 2.4-2.5.1).
    pub fn tissue_type_code(self, value: impl Into<Cwe>) -> Self {
        self.add(18, value.into())
    }

    /// PR1-19 Procedure Identifier: EI.
    pub fn procedure_identifier(self, value: impl Into<Ei>) -> Self {
        self.field(19, value.into())
    }

    /// PR1-20 Procedure Action Code: ID.
    pub fn procedure_action_code(self, value: impl Into<Id>) -> Self {
        self.field(20, value.into())
    }

    /// PR1-21 DRG Procedure Determination Status: CWE (IS 2.6).
    pub fn drg_procedure_determination_status(self, value: impl Into<Cwe>) -> Self {
        self.field(21, value.into())
    }

    /// PR1-22 DRG Procedure Relevance: CWE (IS 2.6).
    pub fn drg_procedure_relevance(self, value: impl Into<Cwe>) -> Self {
        self.field(22, value.into())
    }

    /// PR1-23 Treating Organizational Unit: PL.
    pub fn treating_organizational_unit(self, value: impl Into<Pl>) -> Self {
        self.add(23, value.into())
    }

    /// PR1-24 Respiratory Within Surgery: ID.
    pub fn respiratory_within_surgery(self, value: impl Into<Id>) -> Self {
        self.field(24, value.into())
    }

    /// PR1-25 Parent Procedure ID: EI.
    pub fn parent_procedure_id(self, value: impl Into<Ei>) -> Self {
        self.field(25, value.into())
    }
}

impl Rol {
    /// ROL-1 Role Instance ID: EI.
    pub fn role_instance_id(self, value: impl Into<Ei>) -> Self {
        self.field(1, value.into())
    }

    /// ROL-2 Action Code: ID.
    pub fn action_code(self, value: impl Into<Id>) -> Self {
        self.field(2, value.into())
    }

    /// ROL-3 Role-ROL: CWE (CE 2.3-2.5.1).
    pub fn role(self, value: impl Into<Cwe>) -> Self {
        self.field(3, value.into())
    }

    /// ROL-4 Role Person: XCN.
    pub fn role_person(self, value: impl Into<Xcn>) -> Self {
        self.add(4, value.into())
    }

    /// ROL-5 Role Begin Date/Time: DTM (TS 2.3-2.5.1).
    pub fn role_begin_date_time(self, value: impl Into<Dtm>) -> Self {
        self.field(5, value.into())
    }

    /// ROL-6 Role End Date/Time: DTM (TS 2.3-2.5.1).
    pub fn role_end_date_time(self, value: impl Into<Dtm>) -> Self {
        self.field(6, value.into())
    }

    /// ROL-7 Role Duration: CWE (CE 2.3-2.5.1).
    pub fn role_duration(self, value: impl Into<Cwe>) -> Self {
        self.field(7, value.into())
    }

    /// ROL-8 Role Action Reason: CWE (CE 2.3-2.5.1).
    pub fn role_action_reason(self, value: impl Into<Cwe>) -> Self {
        self.field(8, value.into())
    }

    /// ROL-9 Provider Type: CWE (CE 2.4-2.5.1).
    pub fn provider_type(self, value: impl Into<Cwe>) -> Self {
        self.add(9, value.into())
    }

    /// ROL-10 Organization Unit Type: CWE (CE 2.4-2.5.1).
    pub fn organization_unit_type(self, value: impl Into<Cwe>) -> Self {
        self.field(10, value.into())
    }

    /// ROL-11 Office/Home Address/Birthplace: XAD.
    pub fn office_home_address_birthplace(self, value: impl Into<Xad>) -> Self {
        self.add(11, value.into())
    }

    /// ROL-12 Phone: XTN.
    pub fn phone(self, value: impl Into<Xtn>) -> Self {
        self.add(12, value.into())
    }

    /// ROL-13 Person's Location: PL.
    pub fn persons_location(self, value: impl Into<Pl>) -> Self {
        self.field(13, value.into())
    }

    /// ROL-14 Organization: XON.
    pub fn organization(self, value: impl Into<Xon>) -> Self {
        self.field(14, value.into())
    }
}

impl Prt {
    /// PRT-1 Participation Instance ID: EI.
    pub fn participation_instance_id(self, value: impl Into<Ei>) -> Self {
        self.field(1, value.into())
    }

    /// PRT-2 Action Code: ID.
    pub fn action_code(self, value: impl Into<Id>) -> Self {
        self.field(2, value.into())
    }

    /// PRT-3 Action Reason: CWE.
    pub fn action_reason(self, value: impl Into<Cwe>) -> Self {
        self.field(3, value.into())
    }

    /// PRT-4 Role of Participation: CWE.
    pub fn role_of_participation(self, value: impl Into<Cwe>) -> Self {
        self.field(4, value.into())
    }

    /// PRT-5 Person: XCN.
    pub fn person(self, value: impl Into<Xcn>) -> Self {
        self.add(5, value.into())
    }

    /// PRT-6 Person Provider Type: CWE.
    pub fn person_provider_type(self, value: impl Into<Cwe>) -> Self {
        self.field(6, value.into())
    }

    /// PRT-7 Organization Unit Type: CWE.
    pub fn organization_unit_type(self, value: impl Into<Cwe>) -> Self {
        self.field(7, value.into())
    }

    /// PRT-8 Organization: XON.
    pub fn organization(self, value: impl Into<Xon>) -> Self {
        self.add(8, value.into())
    }

    /// PRT-9 Location: PL.
    pub fn location(self, value: impl Into<Pl>) -> Self {
        self.add(9, value.into())
    }

    /// PRT-10 Device: EI.
    pub fn device(self, value: impl Into<Ei>) -> Self {
        self.add(10, value.into())
    }

    /// PRT-11 Begin Date/Time (arrival time): DTM.
    pub fn begin_date_time_arrival_time(self, value: impl Into<Dtm>) -> Self {
        self.field(11, value.into())
    }

    /// PRT-12 End Date/Time (departure time): DTM.
    pub fn end_date_time_departure_time(self, value: impl Into<Dtm>) -> Self {
        self.field(12, value.into())
    }

    /// PRT-13 Qualitative Duration: CWE.
    pub fn qualitative_duration(self, value: impl Into<Cwe>) -> Self {
        self.field(13, value.into())
    }

    /// PRT-14 Address: XAD.
    pub fn address(self, value: impl Into<Xad>) -> Self {
        self.add(14, value.into())
    }

    /// PRT-15 Telecommunication Address: XTN.
    pub fn telecommunication_address(self, value: impl Into<Xtn>) -> Self {
        self.add(15, value.into())
    }

    /// PRT-16 Participant Device Identifier: EI.
    pub fn participant_device_identifier(self, value: impl Into<Ei>) -> Self {
        self.field(16, value.into())
    }

    /// PRT-17 Participant Device Manufacture Date: DTM.
    pub fn participant_device_manufacture_date(self, value: impl Into<Dtm>) -> Self {
        self.field(17, value.into())
    }

    /// PRT-18 Participant Device Expiry Date: DTM.
    pub fn participant_device_expiry_date(self, value: impl Into<Dtm>) -> Self {
        self.field(18, value.into())
    }

    /// PRT-19 Participant Device Lot Number: ST.
    pub fn participant_device_lot_number(self, value: impl Into<St>) -> Self {
        self.field(19, value.into())
    }

    /// PRT-20 Participant Device Serial Number: ST.
    pub fn participant_device_serial_number(self, value: impl Into<St>) -> Self {
        self.field(20, value.into())
    }

    /// PRT-21 Participant Device Donation Identification: EI.
    pub fn participant_device_donation_identification(self, value: impl Into<Ei>) -> Self {
        self.field(21, value.into())
    }

    /// PRT-22 Participation Device Type: CNE.
    pub fn participation_device_type(self, value: impl Into<Cwe>) -> Self {
        self.field(22, value.into())
    }

    /// PRT-23 Preferred Method of Contact: CWE.
    pub fn preferred_method_of_contact(self, value: impl Into<Cwe>) -> Self {
        self.field(23, value.into())
    }

    /// PRT-24 Contact Identifiers: PLN.
    pub fn contact_identifiers(self, value: impl Into<Pln>) -> Self {
        self.add(24, value.into())
    }
}

impl Gt1 {
    /// GT1-1 Set ID - GT1: SI.
    pub fn set_id(self, value: impl Into<Si>) -> Self {
        self.field(1, value.into())
    }

    /// GT1-2 Guarantor Number: CX (ID 2.1, CK 2.2).
    pub fn guarantor_number(self, value: impl Into<Cx>) -> Self {
        self.add(2, value.into())
    }

    /// GT1-3 Guarantor Name: XPN (PN 2.1-2.2).
    pub fn guarantor_name(self, value: impl Into<Xpn>) -> Self {
        self.add(3, value.into())
    }

    /// GT1-4 Guarantor Spouse Name: XPN (PN 2.1-2.2).
    pub fn guarantor_spouse_name(self, value: impl Into<Xpn>) -> Self {
        self.add(4, value.into())
    }

    /// GT1-5 Guarantor Address: XAD (AD 2.1-2.2).
    pub fn guarantor_address(self, value: impl Into<Xad>) -> Self {
        self.add(5, value.into())
    }

    /// GT1-6 Guarantor Ph Num - Home: XTN (TN 2.1-2.2).
    pub fn guarantor_ph_num_home(self, value: impl Into<Xtn>) -> Self {
        self.add(6, value.into())
    }

    /// GT1-7 Guarantor Ph Num - Business: XTN (TN 2.1-2.2).
    pub fn guarantor_ph_num_business(self, value: impl Into<Xtn>) -> Self {
        self.add(7, value.into())
    }

    /// GT1-8 Guarantor Date/Time Of Birth: DTM (DT 2.1-2.2, TS 2.3-2.5.1).
    pub fn guarantor_date_time_of_birth(self, value: impl Into<Dtm>) -> Self {
        self.field(8, value.into())
    }

    /// GT1-9 Guarantor Administrative Sex: CWE (ID 2.1-2.2, IS 2.3-2.6).
    pub fn guarantor_administrative_sex(self, value: impl Into<Cwe>) -> Self {
        self.field(9, value.into())
    }

    /// GT1-10 Guarantor Type: CWE (ID 2.1-2.2, IS 2.3-2.6).
    pub fn guarantor_type(self, value: impl Into<Cwe>) -> Self {
        self.field(10, value.into())
    }

    /// GT1-11 Guarantor Relationship: CWE (ID 2.1-2.2, IS 2.3, CE 2.3.1-2.5.1).
    pub fn guarantor_relationship(self, value: impl Into<Cwe>) -> Self {
        self.field(11, value.into())
    }

    /// GT1-12 Guarantor SSN: ST.
    pub fn guarantor_ssn(self, value: impl Into<St>) -> Self {
        self.field(12, value.into())
    }

    /// GT1-13 Guarantor Date - Begin: DT.
    pub fn guarantor_date_begin(self, value: impl Into<Dt>) -> Self {
        self.field(13, value.into())
    }

    /// GT1-14 Guarantor Date - End: DT.
    pub fn guarantor_date_end(self, value: impl Into<Dt>) -> Self {
        self.field(14, value.into())
    }

    /// GT1-15 Guarantor Priority: NM.
    pub fn guarantor_priority(self, value: impl Into<Nm>) -> Self {
        self.field(15, value.into())
    }

    /// GT1-16 Guarantor Employer Name: XPN (ST 2.1-2.2).
    pub fn guarantor_employer_name(self, value: impl Into<Xpn>) -> Self {
        self.add(16, value.into())
    }

    /// GT1-17 Guarantor Employer Address: XAD (AD 2.1-2.2).
    pub fn guarantor_employer_address(self, value: impl Into<Xad>) -> Self {
        self.add(17, value.into())
    }

    /// GT1-18 Guarantor Employer Phone Number: XTN (TN 2.1-2.2).
    pub fn guarantor_employer_phone_number(self, value: impl Into<Xtn>) -> Self {
        self.add(18, value.into())
    }

    /// GT1-19 Guarantor Employee ID Number: CX (ST 2.1-2.2).
    pub fn guarantor_employee_id_number(self, value: impl Into<Cx>) -> Self {
        self.add(19, value.into())
    }

    /// GT1-20 Guarantor Employment Status: CWE (ID 2.1-2.2, IS 2.3-2.6).
    pub fn guarantor_employment_status(self, value: impl Into<Cwe>) -> Self {
        self.field(20, value.into())
    }

    /// GT1-21 Guarantor Organization Name: XON (ST 2.2).
    pub fn guarantor_organization_name(self, value: impl Into<Xon>) -> Self {
        self.add(21, value.into())
    }

    /// GT1-22 Guarantor Billing Hold Flag: ID.
    pub fn guarantor_billing_hold_flag(self, value: impl Into<Id>) -> Self {
        self.field(22, value.into())
    }

    /// GT1-23 Guarantor Credit Rating Code: CWE (CE 2.3-2.5.1).
    pub fn guarantor_credit_rating_code(self, value: impl Into<Cwe>) -> Self {
        self.field(23, value.into())
    }

    /// GT1-24 Guarantor Death Date And Time: DTM (TS 2.3-2.5.1).
    pub fn guarantor_death_date_and_time(self, value: impl Into<Dtm>) -> Self {
        self.field(24, value.into())
    }

    /// GT1-25 Guarantor Death Flag: ID.
    pub fn guarantor_death_flag(self, value: impl Into<Id>) -> Self {
        self.field(25, value.into())
    }

    /// GT1-26 Guarantor Charge Adjustment Code: CWE (CE 2.3-2.5.1).
    pub fn guarantor_charge_adjustment_code(self, value: impl Into<Cwe>) -> Self {
        self.field(26, value.into())
    }

    /// GT1-27 Guarantor Household Annual Income: CP.
    pub fn guarantor_household_annual_income(self, value: impl Into<Cp>) -> Self {
        self.field(27, value.into())
    }

    /// GT1-28 Guarantor Household Size: NM.
    pub fn guarantor_household_size(self, value: impl Into<Nm>) -> Self {
        self.field(28, value.into())
    }

    /// GT1-29 Guarantor Employer ID Number: CX.
    pub fn guarantor_employer_id_number(self, value: impl Into<Cx>) -> Self {
        self.add(29, value.into())
    }

    /// GT1-30 Guarantor Marital Status Code: CWE (IS 2.3, CE 2.3.1-2.5.1).
    pub fn guarantor_marital_status_code(self, value: impl Into<Cwe>) -> Self {
        self.field(30, value.into())
    }

    /// GT1-31 Guarantor Hire Effective Date: DT.
    pub fn guarantor_hire_effective_date(self, value: impl Into<Dt>) -> Self {
        self.field(31, value.into())
    }

    /// GT1-32 Employment Stop Date: DT.
    pub fn employment_stop_date(self, value: impl Into<Dt>) -> Self {
        self.field(32, value.into())
    }

    /// GT1-33 Living Dependency: CWE (IS 2.3-2.6).
    pub fn living_dependency(self, value: impl Into<Cwe>) -> Self {
        self.field(33, value.into())
    }

    /// GT1-34 Ambulatory Status: CWE (IS 2.3-2.6).
    pub fn ambulatory_status(self, value: impl Into<Cwe>) -> Self {
        self.add(34, value.into())
    }

    /// GT1-35 Citizenship: CWE (IS 2.3, CE 2.3.1-2.5.1).
    pub fn citizenship(self, value: impl Into<Cwe>) -> Self {
        self.add(35, value.into())
    }

    /// GT1-36 Primary Language: CWE (CE 2.3-2.5.1).
    pub fn primary_language(self, value: impl Into<Cwe>) -> Self {
        self.field(36, value.into())
    }

    /// GT1-37 Living Arrangement: CWE (IS 2.3-2.6).
    pub fn living_arrangement(self, value: impl Into<Cwe>) -> Self {
        self.field(37, value.into())
    }

    /// GT1-38 Publicity Code: CWE (CE 2.3-2.5.1).
    pub fn publicity_code(self, value: impl Into<Cwe>) -> Self {
        self.field(38, value.into())
    }

    /// GT1-39 Protection Indicator: ID.
    pub fn protection_indicator(self, value: impl Into<Id>) -> Self {
        self.field(39, value.into())
    }

    /// GT1-40 Student Indicator: CWE (IS 2.3-2.6).
    pub fn student_indicator(self, value: impl Into<Cwe>) -> Self {
        self.field(40, value.into())
    }

    /// GT1-41 Religion: CWE (IS 2.3, CE 2.3.1-2.5.1).
    pub fn religion(self, value: impl Into<Cwe>) -> Self {
        self.field(41, value.into())
    }

    /// GT1-42 Mother's Maiden Name: XPN.
    pub fn mothers_maiden_name(self, value: impl Into<Xpn>) -> Self {
        self.add(42, value.into())
    }

    /// GT1-43 Nationality: CWE (CE 2.3-2.5.1).
    pub fn nationality(self, value: impl Into<Cwe>) -> Self {
        self.field(43, value.into())
    }

    /// GT1-44 Ethnic Group: CWE (IS 2.3, CE 2.3.1-2.5.1).
    pub fn ethnic_group(self, value: impl Into<Cwe>) -> Self {
        self.add(44, value.into())
    }

    /// GT1-45 Contact Person's Name: XPN.
    pub fn contact_persons_name(self, value: impl Into<Xpn>) -> Self {
        self.add(45, value.into())
    }

    /// GT1-46 Contact Person's Telephone Number: XTN.
    pub fn contact_persons_telephone_number(self, value: impl Into<Xtn>) -> Self {
        self.add(46, value.into())
    }

    /// GT1-47 Contact Reason: CWE (CE 2.3-2.5.1).
    pub fn contact_reason(self, value: impl Into<Cwe>) -> Self {
        self.field(47, value.into())
    }

    /// GT1-48 Contact Relationship: CWE (IS 2.3-2.6).
    pub fn contact_relationship(self, value: impl Into<Cwe>) -> Self {
        self.field(48, value.into())
    }

    /// GT1-49 Job Title: ST.
    pub fn job_title(self, value: impl Into<St>) -> Self {
        self.field(49, value.into())
    }

    /// GT1-50 Job Code/Class: JCC.
    pub fn job_code_class(self, value: impl Into<Jcc>) -> Self {
        self.field(50, value.into())
    }

    /// GT1-51 Guarantor Employer's Organization Name: XON.
    pub fn guarantor_employers_organization_name(self, value: impl Into<Xon>) -> Self {
        self.add(51, value.into())
    }

    /// GT1-52 Handicap: CWE (IS 2.3-2.6).
    pub fn handicap(self, value: impl Into<Cwe>) -> Self {
        self.field(52, value.into())
    }

    /// GT1-53 Job Status: CWE (IS 2.3-2.6).
    pub fn job_status(self, value: impl Into<Cwe>) -> Self {
        self.field(53, value.into())
    }

    /// GT1-54 Guarantor Financial Class: FC.
    pub fn guarantor_financial_class(self, value: impl Into<Fc>) -> Self {
        self.field(54, value.into())
    }

    /// GT1-55 Guarantor Race: CWE (IS 2.3, CE 2.3.1-2.5.1).
    pub fn guarantor_race(self, value: impl Into<Cwe>) -> Self {
        self.add(55, value.into())
    }

    /// GT1-56 Guarantor Birth Place: ST.
    pub fn guarantor_birth_place(self, value: impl Into<St>) -> Self {
        self.field(56, value.into())
    }

    /// GT1-57 VIP Indicator: CWE (IS 2.5-2.6).
    pub fn vip_indicator(self, value: impl Into<Cwe>) -> Self {
        self.field(57, value.into())
    }
}

impl In1 {
    /// IN1-1 Set ID - IN1: SI.
    pub fn set_id(self, value: impl Into<Si>) -> Self {
        self.field(1, value.into())
    }

    /// IN1-2 Health Plan ID: CWE (ID 2.1-2.2, CE 2.3-2.5.1).
    pub fn health_plan_id(self, value: impl Into<Cwe>) -> Self {
        self.field(2, value.into())
    }

    /// IN1-3 Insurance Company ID: CX (ST 2.1-2.2).
    pub fn insurance_company_id(self, value: impl Into<Cx>) -> Self {
        self.add(3, value.into())
    }

    /// IN1-4 Insurance Company Name: XON (ST 2.1-2.2).
    pub fn insurance_company_name(self, value: impl Into<Xon>) -> Self {
        self.add(4, value.into())
    }

    /// IN1-5 Insurance Company Address: XAD (AD 2.1-2.2).
    pub fn insurance_company_address(self, value: impl Into<Xad>) -> Self {
        self.add(5, value.into())
    }

    /// IN1-6 Insurance Co Contact Person: XPN (PN 2.1-2.2).
    pub fn insurance_co_contact_person(self, value: impl Into<Xpn>) -> Self {
        self.add(6, value.into())
    }

    /// IN1-7 Insurance Co Phone Number: XTN (TN 2.1-2.2).
    pub fn insurance_co_phone_number(self, value: impl Into<Xtn>) -> Self {
        self.add(7, value.into())
    }

    /// IN1-8 Group Number: ST.
    pub fn group_number(self, value: impl Into<St>) -> Self {
        self.field(8, value.into())
    }

    /// IN1-9 Group Name: XON (ST 2.1-2.2).
    pub fn group_name(self, value: impl Into<Xon>) -> Self {
        self.add(9, value.into())
    }

    /// IN1-10 Insured's Group Emp ID: CX (ST 2.1-2.2).
    pub fn insureds_group_emp_id(self, value: impl Into<Cx>) -> Self {
        self.add(10, value.into())
    }

    /// IN1-11 Insured's Group Emp Name: XON (ST 2.1-2.2).
    pub fn insureds_group_emp_name(self, value: impl Into<Xon>) -> Self {
        self.add(11, value.into())
    }

    /// IN1-12 Plan Effective Date: DT.
    pub fn plan_effective_date(self, value: impl Into<Dt>) -> Self {
        self.field(12, value.into())
    }

    /// IN1-13 Plan Expiration Date: DT.
    pub fn plan_expiration_date(self, value: impl Into<Dt>) -> Self {
        self.field(13, value.into())
    }

    /// IN1-14 Authorization Information: AUI (ST 2.1, CM_AUI 2.2-2.3).
    pub fn authorization_information(self, value: impl Into<Aui>) -> Self {
        self.field(14, value.into())
    }

    /// IN1-15 Plan Type: CWE (ID 2.1-2.2, IS 2.3-2.6).
    pub fn plan_type(self, value: impl Into<Cwe>) -> Self {
        self.field(15, value.into())
    }

    /// IN1-16 Name Of Insured: XPN (PN 2.1-2.2).
    pub fn name_of_insured(self, value: impl Into<Xpn>) -> Self {
        self.add(16, value.into())
    }

    /// IN1-17 Insured's Relationship To Patient: CWE (ID 2.1-2.2, IS 2.3, CE 2.3.1-2.5.1).
    pub fn insureds_relationship_to_patient(self, value: impl Into<Cwe>) -> Self {
        self.field(17, value.into())
    }

    /// IN1-18 Insured's Date Of Birth: DTM (DT 2.1-2.2, TS 2.3-2.5.1).
    pub fn insureds_date_of_birth(self, value: impl Into<Dtm>) -> Self {
        self.field(18, value.into())
    }

    /// IN1-19 Insured's Address: XAD (AD 2.1-2.2).
    pub fn insureds_address(self, value: impl Into<Xad>) -> Self {
        self.add(19, value.into())
    }

    /// IN1-20 Assignment Of Benefits: CWE (ID 2.1-2.2, IS 2.3-2.6).
    pub fn assignment_of_benefits(self, value: impl Into<Cwe>) -> Self {
        self.field(20, value.into())
    }

    /// IN1-21 Coordination Of Benefits: CWE (ID 2.1-2.2, IS 2.3-2.6).
    pub fn coordination_of_benefits(self, value: impl Into<Cwe>) -> Self {
        self.field(21, value.into())
    }

    /// IN1-22 Coord Of Ben. Priority: ST.
    pub fn coord_of_ben_priority(self, value: impl Into<St>) -> Self {
        self.field(22, value.into())
    }

    /// IN1-23 Notice Of Admission Flag: ID.
    pub fn notice_of_admission_flag(self, value: impl Into<Id>) -> Self {
        self.field(23, value.into())
    }

    /// IN1-24 Notice Of Admission Date: DT.
    pub fn notice_of_admission_date(self, value: impl Into<Dt>) -> Self {
        self.field(24, value.into())
    }

    /// IN1-25 Report Of Eligibility Flag: ID.
    pub fn report_of_eligibility_flag(self, value: impl Into<Id>) -> Self {
        self.field(25, value.into())
    }

    /// IN1-26 Report Of Eligibility Date: DT.
    pub fn report_of_eligibility_date(self, value: impl Into<Dt>) -> Self {
        self.field(26, value.into())
    }

    /// IN1-27 Release Information Code: CWE (ID 2.1-2.2, IS 2.3-2.6).
    pub fn release_information_code(self, value: impl Into<Cwe>) -> Self {
        self.field(27, value.into())
    }

    /// IN1-28 Pre-Admit Cert (PAC): ST.
    pub fn pre_admit_cert_pac(self, value: impl Into<St>) -> Self {
        self.field(28, value.into())
    }

    /// IN1-29 Verification Date/Time: DTM (DT 2.1, TS 2.2-2.5.1).
    pub fn verification_date_time(self, value: impl Into<Dtm>) -> Self {
        self.field(29, value.into())
    }

    /// IN1-30 Verification By: XCN (CM 2.1, CN 2.2, XPN 2.3).
    pub fn verification_by(self, value: impl Into<Xcn>) -> Self {
        self.add(30, value.into())
    }

    /// IN1-31 Type Of Agreement Code: CWE (ID 2.1-2.2, IS 2.3-2.6).
    pub fn type_of_agreement_code(self, value: impl Into<Cwe>) -> Self {
        self.field(31, value.into())
    }

    /// IN1-32 Billing Status: CWE (ID 2.1-2.2, IS 2.3-2.6).
    pub fn billing_status(self, value: impl Into<Cwe>) -> Self {
        self.field(32, value.into())
    }

    /// IN1-33 Lifetime Reserve Days: NM.
    pub fn lifetime_reserve_days(self, value: impl Into<Nm>) -> Self {
        self.field(33, value.into())
    }

    /// IN1-34 Delay Before L.R. Day: NM.
    pub fn delay_before_l_r_day(self, value: impl Into<Nm>) -> Self {
        self.field(34, value.into())
    }

    /// IN1-35 Company Plan Code: CWE (ST 2.1, ID 2.2, IS 2.3-2.6).
    pub fn company_plan_code(self, value: impl Into<Cwe>) -> Self {
        self.field(35, value.into())
    }

    /// IN1-36 Policy Number: ST.
    pub fn policy_number(self, value: impl Into<St>) -> Self {
        self.field(36, value.into())
    }

    /// IN1-37 Policy Deductible: CP (NM 2.1-2.2).
    pub fn policy_deductible(self, value: impl Into<Cp>) -> Self {
        self.field(37, value.into())
    }

    /// IN1-38 Policy Limit - Amount: CP (NM 2.1-2.2).
    pub fn policy_limit_amount(self, value: impl Into<Cp>) -> Self {
        self.field(38, value.into())
    }

    /// IN1-39 Policy Limit - Days: NM.
    pub fn policy_limit_days(self, value: impl Into<Nm>) -> Self {
        self.field(39, value.into())
    }

    /// IN1-40 Room Rate - Semi-Private: CP (NM 2.1-2.2).
    pub fn room_rate_semi_private(self, value: impl Into<Cp>) -> Self {
        self.field(40, value.into())
    }

    /// IN1-41 Room Rate - Private: CP (NM 2.1-2.2).
    pub fn room_rate_private(self, value: impl Into<Cp>) -> Self {
        self.field(41, value.into())
    }

    /// IN1-42 Insured's Employment Status: CWE (ID 2.1, CE 2.2-2.5.1).
    pub fn insureds_employment_status(self, value: impl Into<Cwe>) -> Self {
        self.field(42, value.into())
    }

    /// IN1-43 Insured's Administrative Sex: CWE (ID 2.1-2.2, IS 2.3-2.6).
    pub fn insureds_administrative_sex(self, value: impl Into<Cwe>) -> Self {
        self.field(43, value.into())
    }

    /// IN1-44 Insured's Employer's Address: XAD (AD 2.1-2.2).
    pub fn insureds_employers_address(self, value: impl Into<Xad>) -> Self {
        self.add(44, value.into())
    }

    /// IN1-45 Verification Status: ST.
    pub fn verification_status(self, value: impl Into<St>) -> Self {
        self.field(45, value.into())
    }

    /// IN1-46 Prior Insurance Plan ID: CWE (ID 2.2, IS 2.3-2.6).
    pub fn prior_insurance_plan_id(self, value: impl Into<Cwe>) -> Self {
        self.field(46, value.into())
    }

    /// IN1-47 Coverage Type: CWE (IS 2.3-2.6).
    pub fn coverage_type(self, value: impl Into<Cwe>) -> Self {
        self.field(47, value.into())
    }

    /// IN1-48 Handicap: CWE (IS 2.3-2.6).
    pub fn handicap(self, value: impl Into<Cwe>) -> Self {
        self.field(48, value.into())
    }

    /// IN1-49 Insured's ID Number: CX.
    pub fn insureds_id_number(self, value: impl Into<Cx>) -> Self {
        self.add(49, value.into())
    }

    /// IN1-50 Signature Code: CWE (IS 2.5-2.6).
    pub fn signature_code(self, value: impl Into<Cwe>) -> Self {
        self.field(50, value.into())
    }

    /// IN1-51 Signature Code Date: DT.
    pub fn signature_code_date(self, value: impl Into<Dt>) -> Self {
        self.field(51, value.into())
    }

    /// IN1-52 Insured's Birth Place: ST.
    pub fn insureds_birth_place(self, value: impl Into<St>) -> Self {
        self.field(52, value.into())
    }

    /// IN1-53 VIP Indicator: CWE (IS 2.5-2.6).
    pub fn vip_indicator(self, value: impl Into<Cwe>) -> Self {
        self.field(53, value.into())
    }

    /// IN1-54 External Health Plan Identifiers: CX.
    pub fn external_health_plan_identifiers(self, value: impl Into<Cx>) -> Self {
        self.add(54, value.into())
    }

    /// IN1-55 Insurance Action Code: ID.
    pub fn insurance_action_code(self, value: impl Into<Id>) -> Self {
        self.field(55, value.into())
    }
}

impl Acc {
    /// ACC-1 Accident Date/Time: DTM (TS 2.1-2.5.1).
    pub fn accident_date_time(self, value: impl Into<Dtm>) -> Self {
        self.field(1, value.into())
    }

    /// ACC-2 Accident Code: CWE (ID 2.1-2.2, CE 2.3-2.5.1).
    pub fn accident_code(self, value: impl Into<Cwe>) -> Self {
        self.field(2, value.into())
    }

    /// ACC-3 Accident Location: ST.
    pub fn accident_location(self, value: impl Into<St>) -> Self {
        self.field(3, value.into())
    }

    /// ACC-4 Auto Accident State: CWE (CE 2.3-2.5.1).
    pub fn auto_accident_state(self, value: impl Into<Cwe>) -> Self {
        self.field(4, value.into())
    }

    /// ACC-5 Accident Job Related Indicator: ID.
    pub fn accident_job_related_indicator(self, value: impl Into<Id>) -> Self {
        self.field(5, value.into())
    }

    /// ACC-6 Accident Death Indicator: ID.
    pub fn accident_death_indicator(self, value: impl Into<Id>) -> Self {
        self.field(6, value.into())
    }

    /// ACC-7 Entered By: XCN.
    pub fn entered_by(self, value: impl Into<Xcn>) -> Self {
        self.field(7, value.into())
    }

    /// ACC-8 Accident Description: ST.
    pub fn accident_description(self, value: impl Into<St>) -> Self {
        self.field(8, value.into())
    }

    /// ACC-9 Brought In By: ST.
    pub fn brought_in_by(self, value: impl Into<St>) -> Self {
        self.field(9, value.into())
    }

    /// ACC-10 Police Notified Indicator: ID.
    pub fn police_notified_indicator(self, value: impl Into<Id>) -> Self {
        self.field(10, value.into())
    }

    /// ACC-11 Accident Address: XAD.
    pub fn accident_address(self, value: impl Into<Xad>) -> Self {
        self.field(11, value.into())
    }

    /// ACC-12 Degree of patient liability: NM.
    pub fn degree_of_patient_liability(self, value: impl Into<Nm>) -> Self {
        self.field(12, value.into())
    }

    /// ACC-13 Accident Identifier: EI.
    pub fn accident_identifier(self, value: impl Into<Ei>) -> Self {
        self.add(13, value.into())
    }
}

impl Mrg {
    /// MRG-1 Prior Patient Identifier List: CX (CK 2.1, CM_PAT_ID 2.2).
    pub fn prior_patient_identifier_list(self, value: impl Into<Cx>) -> Self {
        self.add(1, value.into())
    }

    /// MRG-2 Prior Alternate Patient ID: CX (CK 2.1, CM_PAT_ID 2.2).
    pub fn prior_alternate_patient_id(self, value: impl Into<Cx>) -> Self {
        self.add(2, value.into())
    }

    /// MRG-3 Prior Patient Account Number: CX (CK 2.1-2.2).
    pub fn prior_patient_account_number(self, value: impl Into<Cx>) -> Self {
        self.field(3, value.into())
    }

    /// MRG-4 Prior Patient ID: CX (CK 2.2).
    pub fn prior_patient_id(self, value: impl Into<Cx>) -> Self {
        self.field(4, value.into())
    }

    /// MRG-5 Prior Visit Number: CX.
    pub fn prior_visit_number(self, value: impl Into<Cx>) -> Self {
        self.field(5, value.into())
    }

    /// MRG-6 Prior Alternate Visit ID: CX.
    pub fn prior_alternate_visit_id(self, value: impl Into<Cx>) -> Self {
        self.add(6, value.into())
    }

    /// MRG-7 Prior Patient Name: XPN (CX 2.3).
    pub fn prior_patient_name(self, value: impl Into<Xpn>) -> Self {
        self.add(7, value.into())
    }
}

impl Nte {
    /// NTE-1 Set ID - NTE: SI.
    pub fn set_id(self, value: impl Into<Si>) -> Self {
        self.field(1, value.into())
    }

    /// NTE-2 Source of Comment: ID.
    pub fn source_of_comment(self, value: impl Into<Id>) -> Self {
        self.field(2, value.into())
    }

    /// NTE-3 Comment: FT (TX 2.1).
    pub fn comment(self, value: impl Into<Ft>) -> Self {
        self.add(3, value.into())
    }

    /// NTE-4 Comment Type: CWE (CE 2.3.1-2.5.1).
    pub fn comment_type(self, value: impl Into<Cwe>) -> Self {
        self.field(4, value.into())
    }

    /// NTE-5 Entered By: XCN.
    pub fn entered_by(self, value: impl Into<Xcn>) -> Self {
        self.field(5, value.into())
    }

    /// NTE-6 Entered Date/Time: DTM.
    pub fn entered_date_time(self, value: impl Into<Dtm>) -> Self {
        self.field(6, value.into())
    }

    /// NTE-7 Effective Start Date: DTM.
    pub fn effective_start_date(self, value: impl Into<Dtm>) -> Self {
        self.field(7, value.into())
    }

    /// NTE-8 Expiration Date: DTM.
    pub fn expiration_date(self, value: impl Into<Dtm>) -> Self {
        self.field(8, value.into())
    }

    /// NTE-9 Coded Comment: CWE.
    pub fn coded_comment(self, value: impl Into<Cwe>) -> Self {
        self.add(9, value.into())
    }
}

impl Orc {
    /// ORC-1 Order Control: ID (ST 2.1).
    pub fn order_control(self, value: impl Into<Id>) -> Self {
        self.field(1, value.into())
    }

    /// ORC-2 Placer Order Number: EI (CM 2.1, CM_PLACER 2.2).
    pub fn placer_order_number(self, value: impl Into<Ei>) -> Self {
        self.add(2, value.into())
    }

    /// ORC-3 Filler Order Number: EI (CM 2.1, CM_FILLER 2.2).
    pub fn filler_order_number(self, value: impl Into<Ei>) -> Self {
        self.field(3, value.into())
    }

    /// ORC-4 Placer Group Number: EIP (CM 2.1, CM_GROUP_ID 2.2, EI 2.3-2.7.1).
    pub fn placer_group_number(self, value: impl Into<Eip>) -> Self {
        self.field(4, value.into())
    }

    /// ORC-5 Order Status: ID (ST 2.1).
    pub fn order_status(self, value: impl Into<Id>) -> Self {
        self.field(5, value.into())
    }

    /// ORC-6 Response Flag: ID (ST 2.1).
    pub fn response_flag(self, value: impl Into<Id>) -> Self {
        self.field(6, value.into())
    }

    /// ORC-7 Quantity/Timing: TQ (CM 2.1).
    pub fn quantity_timing(self, value: impl Into<Tq>) -> Self {
        self.add(7, value.into())
    }

    /// ORC-8 Parent Order: EIP (CM 2.1, CM_EIP 2.2-2.3).
    pub fn parent_order(self, value: impl Into<Eip>) -> Self {
        self.field(8, value.into())
    }

    /// ORC-9 Date/Time of Transaction: DTM (TS 2.1-2.5.1).
    pub fn date_time_of_transaction(self, value: impl Into<Dtm>) -> Self {
        self.field(9, value.into())
    }

    /// ORC-10 Entered By: XCN (CN 2.1-2.2).
    pub fn entered_by(self, value: impl Into<Xcn>) -> Self {
        self.add(10, value.into())
    }

    /// ORC-11 Verified By: XCN (CN 2.1-2.2).
    pub fn verified_by(self, value: impl Into<Xcn>) -> Self {
        self.add(11, value.into())
    }

    /// ORC-12 Ordering Provider: XCN (CN 2.1-2.2).
    pub fn ordering_provider(self, value: impl Into<Xcn>) -> Self {
        self.add(12, value.into())
    }

    /// ORC-13 Enterer's Location: PL (CM 2.1, CM_PARENT_RESULT 2.2).
    pub fn enterers_location(self, value: impl Into<Pl>) -> Self {
        self.field(13, value.into())
    }

    /// ORC-14 Call Back Phone Number: XTN (TN 2.1-2.3).
    pub fn call_back_phone_number(self, value: impl Into<Xtn>) -> Self {
        self.add(14, value.into())
    }

    /// ORC-15 Order Effective Date/Time: DTM (TS 2.2-2.5.1).
    pub fn order_effective_date_time(self, value: impl Into<Dtm>) -> Self {
        self.field(15, value.into())
    }

    /// ORC-16 Order Control Code Reason: CWE (CE 2.2-2.5.1).
    pub fn order_control_code_reason(self, value: impl Into<Cwe>) -> Self {
        self.field(16, value.into())
    }

    /// ORC-17 Entering Organization: CWE (CE 2.2-2.5.1).
    pub fn entering_organization(self, value: impl Into<Cwe>) -> Self {
        self.field(17, value.into())
    }

    /// ORC-18 Entering Device: CWE (CE 2.2-2.5.1).
    pub fn entering_device(self, value: impl Into<Cwe>) -> Self {
        self.field(18, value.into())
    }

    /// ORC-19 Action By: XCN (CN 2.2).
    pub fn action_by(self, value: impl Into<Xcn>) -> Self {
        self.add(19, value.into())
    }

    /// ORC-20 Advanced Beneficiary Notice Code: CWE (CE 2.3.1-2.5.1).
    pub fn advanced_beneficiary_notice_code(self, value: impl Into<Cwe>) -> Self {
        self.field(20, value.into())
    }

    /// ORC-21 Ordering Facility Name: XON.
    pub fn ordering_facility_name(self, value: impl Into<Xon>) -> Self {
        self.add(21, value.into())
    }

    /// ORC-22 Ordering Facility Address: XAD.
    pub fn ordering_facility_address(self, value: impl Into<Xad>) -> Self {
        self.add(22, value.into())
    }

    /// ORC-23 Ordering Facility Phone Number: XTN.
    pub fn ordering_facility_phone_number(self, value: impl Into<Xtn>) -> Self {
        self.add(23, value.into())
    }

    /// ORC-24 Ordering Provider Address: XAD.
    pub fn ordering_provider_address(self, value: impl Into<Xad>) -> Self {
        self.add(24, value.into())
    }

    /// ORC-25 Order Status Modifier: CWE.
    pub fn order_status_modifier(self, value: impl Into<Cwe>) -> Self {
        self.field(25, value.into())
    }

    /// ORC-26 Advanced Beneficiary Notice Override Reason: CWE.
    pub fn advanced_beneficiary_notice_override_reason(self, value: impl Into<Cwe>) -> Self {
        self.field(26, value.into())
    }

    /// ORC-27 Filler's Expected Availability Date/Time: DTM (TS 2.5-2.5.1).
    pub fn fillers_expected_availability_date_time(self, value: impl Into<Dtm>) -> Self {
        self.field(27, value.into())
    }

    /// ORC-28 Confidentiality Code: CWE.
    pub fn confidentiality_code(self, value: impl Into<Cwe>) -> Self {
        self.field(28, value.into())
    }

    /// ORC-29 Order Type: CWE.
    pub fn order_type(self, value: impl Into<Cwe>) -> Self {
        self.field(29, value.into())
    }

    /// ORC-30 Enterer Authorization Mode: CNE.
    pub fn enterer_authorization_mode(self, value: impl Into<Cwe>) -> Self {
        self.field(30, value.into())
    }

    /// ORC-31 Parent Universal Service Identifier: CWE.
    pub fn parent_universal_service_identifier(self, value: impl Into<Cwe>) -> Self {
        self.field(31, value.into())
    }

    /// ORC-32 Advanced Beneficiary Notice Date: DT.
    pub fn advanced_beneficiary_notice_date(self, value: impl Into<Dt>) -> Self {
        self.field(32, value.into())
    }

    /// ORC-33 Alternate Placer Order Number: CX.
    pub fn alternate_placer_order_number(self, value: impl Into<Cx>) -> Self {
        self.add(33, value.into())
    }

    /// ORC-34 Order Workflow Profile: CWE.
    pub fn order_workflow_profile(self, value: impl Into<Cwe>) -> Self {
        self.add(34, value.into())
    }

    /// ORC-35 Action Code: ID.
    pub fn action_code(self, value: impl Into<Id>) -> Self {
        self.field(35, value.into())
    }

    /// ORC-36 Order Status Date Range: DR.
    pub fn order_status_date_range(self, value: impl Into<Dr>) -> Self {
        self.field(36, value.into())
    }

    /// ORC-37 Order Creation Date/Time: DTM.
    pub fn order_creation_date_time(self, value: impl Into<Dtm>) -> Self {
        self.field(37, value.into())
    }

    /// ORC-38 Filler Order Group Number: EI.
    pub fn filler_order_group_number(self, value: impl Into<Ei>) -> Self {
        self.field(38, value.into())
    }
}

impl Obr {
    /// OBR-1 Set ID - OBR: SI.
    pub fn set_id(self, value: impl Into<Si>) -> Self {
        self.field(1, value.into())
    }

    /// OBR-2 Placer Order Number: EI (CM 2.1, CM_PLACER 2.2).
    pub fn placer_order_number(self, value: impl Into<Ei>) -> Self {
        self.add(2, value.into())
    }

    /// OBR-3 Filler Order Number: EI (CM 2.1, CM_FILLER 2.2).
    pub fn filler_order_number(self, value: impl Into<Ei>) -> Self {
        self.field(3, value.into())
    }

    /// OBR-4 Universal Service Identifier: CWE (CE 2.1-2.5.1).
    pub fn universal_service_identifier(self, value: impl Into<Cwe>) -> Self {
        self.field(4, value.into())
    }

    /// OBR-5 Priority: ID (ST 2.1).
    pub fn priority(self, value: impl Into<Id>) -> Self {
        self.field(5, value.into())
    }

    /// OBR-6 Requested Date/Time: DTM (TS 2.1-2.5.1).
    pub fn requested_date_time(self, value: impl Into<Dtm>) -> Self {
        self.field(6, value.into())
    }

    /// OBR-7 Observation Date/Time #: DTM (TS 2.1-2.4).
    pub fn observation_date_time(self, value: impl Into<Dtm>) -> Self {
        self.field(7, value.into())
    }

    /// OBR-8 Observation End Date/Time #: DTM (TS 2.1-2.4).
    pub fn observation_end_date_time(self, value: impl Into<Dtm>) -> Self {
        self.field(8, value.into())
    }

    /// OBR-9 Collection Volume *: CQ.
    pub fn collection_volume(self, value: impl Into<Cq>) -> Self {
        self.field(9, value.into())
    }

    /// OBR-10 Collector Identifier *: XCN (CN 2.1-2.2).
    pub fn collector_identifier(self, value: impl Into<Xcn>) -> Self {
        self.add(10, value.into())
    }

    /// OBR-11 Specimen Action Code *: ID (ST 2.1).
    pub fn specimen_action_code(self, value: impl Into<Id>) -> Self {
        self.field(11, value.into())
    }

    /// OBR-12 Danger Code: CWE (CM 2.1, CE 2.2-2.5.1).
    pub fn danger_code(self, value: impl Into<Cwe>) -> Self {
        self.field(12, value.into())
    }

    /// OBR-13 Relevant Clinical Information: CWE (ST 2.1-2.6).
    pub fn relevant_clinical_information(self, value: impl Into<Cwe>) -> Self {
        self.add(13, value.into())
    }

    /// OBR-14 Specimen Received Date/Time: DTM (TS 2.1-2.4).
    pub fn specimen_received_date_time(self, value: impl Into<Dtm>) -> Self {
        self.field(14, value.into())
    }

    /// OBR-15 Specimen Source: SPS (CM 2.1, CM_SPS 2.2-2.3).
    pub fn specimen_source(self, value: impl Into<Sps>) -> Self {
        self.field(15, value.into())
    }

    /// OBR-16 Ordering Provider: XCN (CN 2.1-2.2).
    pub fn ordering_provider(self, value: impl Into<Xcn>) -> Self {
        self.add(16, value.into())
    }

    /// OBR-17 Order Callback Phone Number: XTN (TN 2.1-2.2).
    pub fn order_callback_phone_number(self, value: impl Into<Xtn>) -> Self {
        self.add(17, value.into())
    }

    /// OBR-18 Placer Field 1: ST.
    pub fn placer_field_1(self, value: impl Into<St>) -> Self {
        self.field(18, value.into())
    }

    /// OBR-19 Placer Field 2: ST.
    pub fn placer_field_2(self, value: impl Into<St>) -> Self {
        self.field(19, value.into())
    }

    /// OBR-20 Filler Field 1 +: ST.
    pub fn filler_field_1(self, value: impl Into<St>) -> Self {
        self.field(20, value.into())
    }

    /// OBR-21 Filler Field 2 +: ST.
    pub fn filler_field_2(self, value: impl Into<St>) -> Self {
        self.field(21, value.into())
    }

    /// OBR-22 Results Rpt/Status Chng - Date/Time +: DTM (TS 2.1-2.4).
    pub fn results_rpt_status_chng_date_time(self, value: impl Into<Dtm>) -> Self {
        self.field(22, value.into())
    }

    /// OBR-23 Charge to Practice +: MOC (CM 2.1, CM_MOC 2.2-2.3).
    pub fn charge_to_practice(self, value: impl Into<Moc>) -> Self {
        self.field(23, value.into())
    }

    /// OBR-24 Diagnostic Serv Sect ID: ID.
    pub fn diagnostic_serv_sect_id(self, value: impl Into<Id>) -> Self {
        self.field(24, value.into())
    }

    /// OBR-25 Result Status +: ID.
    pub fn result_status(self, value: impl Into<Id>) -> Self {
        self.field(25, value.into())
    }

    /// OBR-26 Parent Result +: PRL (CE 2.1, CM_PARENT_RESULT 2.2, CM_PRL 2.3).
    pub fn parent_result(self, value: impl Into<Prl>) -> Self {
        self.field(26, value.into())
    }

    /// OBR-27 Quantity/Timing: TQ (CM 2.1).
    pub fn quantity_timing(self, value: impl Into<Tq>) -> Self {
        self.add(27, value.into())
    }

    /// OBR-28 Result Copies To: XCN (CN 2.1-2.2).
    pub fn result_copies_to(self, value: impl Into<Xcn>) -> Self {
        self.add(28, value.into())
    }

    /// OBR-29 Parent Results Observation Identifier: EIP (CM 2.1, CM_EIP 2.2-2.3).
    pub fn parent_results_observation_identifier(self, value: impl Into<Eip>) -> Self {
        self.field(29, value.into())
    }

    /// OBR-30 Transportation Mode: ID.
    pub fn transportation_mode(self, value: impl Into<Id>) -> Self {
        self.field(30, value.into())
    }

    /// OBR-31 Reason for Study: CWE (CE 2.1-2.5.1).
    pub fn reason_for_study(self, value: impl Into<Cwe>) -> Self {
        self.add(31, value.into())
    }

    /// OBR-32 Principal Result Interpreter +: NDL (CN 2.1, CM_NDL 2.2-2.3).
    pub fn principal_result_interpreter(self, value: impl Into<Ndl>) -> Self {
        self.field(32, value.into())
    }

    /// OBR-33 Assistant Result Interpreter +: NDL (CN 2.1, CM_NDL 2.2-2.3).
    pub fn assistant_result_interpreter(self, value: impl Into<Ndl>) -> Self {
        self.add(33, value.into())
    }

    /// OBR-34 Technician +: NDL (CN 2.1, CM_NDL 2.2-2.3).
    pub fn technician(self, value: impl Into<Ndl>) -> Self {
        self.add(34, value.into())
    }

    /// OBR-35 Transcriptionist +: NDL (CN 2.1, CM_NDL 2.2-2.3).
    pub fn transcriptionist(self, value: impl Into<Ndl>) -> Self {
        self.add(35, value.into())
    }

    /// OBR-36 Scheduled Date/Time +: DTM (TS 2.1-2.4).
    pub fn scheduled_date_time(self, value: impl Into<Dtm>) -> Self {
        self.field(36, value.into())
    }

    /// OBR-37 Number of Sample Containers *: NM.
    pub fn number_of_sample_containers(self, value: impl Into<Nm>) -> Self {
        self.field(37, value.into())
    }

    /// OBR-38 Transport Logistics of Collected Sample *: CWE (CE 2.3-2.5.1).
    pub fn transport_logistics_of_collected_sample(self, value: impl Into<Cwe>) -> Self {
        self.add(38, value.into())
    }

    /// OBR-39 Collector's Comment *: CWE (CE 2.3-2.5.1).
    pub fn collectors_comment(self, value: impl Into<Cwe>) -> Self {
        self.add(39, value.into())
    }

    /// OBR-40 Transport Arrangement Responsibility: CWE (CE 2.3-2.5.1).
    pub fn transport_arrangement_responsibility(self, value: impl Into<Cwe>) -> Self {
        self.field(40, value.into())
    }

    /// OBR-41 Transport Arranged: ID.
    pub fn transport_arranged(self, value: impl Into<Id>) -> Self {
        self.field(41, value.into())
    }

    /// OBR-42 Escort Required: ID.
    pub fn escort_required(self, value: impl Into<Id>) -> Self {
        self.field(42, value.into())
    }

    /// OBR-43 Planned Patient Transport Comment: CWE (CE 2.3-2.5.1).
    pub fn planned_patient_transport_comment(self, value: impl Into<Cwe>) -> Self {
        self.add(43, value.into())
    }

    /// OBR-44 Procedure Code: CNE (CE 2.3.1-2.5.1).
    pub fn procedure_code(self, value: impl Into<Cwe>) -> Self {
        self.field(44, value.into())
    }

    /// OBR-45 Procedure Code Modifier: CNE (CE 2.3.1-2.5.1).
    pub fn procedure_code_modifier(self, value: impl Into<Cwe>) -> Self {
        self.add(45, value.into())
    }

    /// OBR-46 Placer Supplemental Service Information: CWE (CE 2.4-2.5.1).
    pub fn placer_supplemental_service_information(self, value: impl Into<Cwe>) -> Self {
        self.add(46, value.into())
    }

    /// OBR-47 Filler Supplemental Service Information: CWE (CE 2.4-2.5.1).
    pub fn filler_supplemental_service_information(self, value: impl Into<Cwe>) -> Self {
        self.add(47, value.into())
    }

    /// OBR-48 Medically Necessary Duplicate Procedure Reason: CWE.
    pub fn medically_necessary_duplicate_procedure_reason(self, value: impl Into<Cwe>) -> Self {
        self.field(48, value.into())
    }

    /// OBR-49 Result Handling: CWE (IS 2.5-2.6).
    pub fn result_handling(self, value: impl Into<Cwe>) -> Self {
        self.field(49, value.into())
    }

    /// OBR-50 Parent Universal Service Identifier: CWE.
    pub fn parent_universal_service_identifier(self, value: impl Into<Cwe>) -> Self {
        self.field(50, value.into())
    }

    /// OBR-51 Observation Group ID: EI.
    pub fn observation_group_id(self, value: impl Into<Ei>) -> Self {
        self.field(51, value.into())
    }

    /// OBR-52 Parent Observation Group ID: EI.
    pub fn parent_observation_group_id(self, value: impl Into<Ei>) -> Self {
        self.field(52, value.into())
    }

    /// OBR-53 Alternate Placer Order Number: CX.
    pub fn alternate_placer_order_number(self, value: impl Into<Cx>) -> Self {
        self.add(53, value.into())
    }

    /// OBR-54 Parent Order: EIP.
    pub fn parent_order(self, value: impl Into<Eip>) -> Self {
        self.field(54, value.into())
    }

    /// OBR-55 Action Code: ID.
    pub fn action_code(self, value: impl Into<Id>) -> Self {
        self.field(55, value.into())
    }
}

impl Obx {
    /// OBX-1 Set ID - OBX: SI.
    pub fn set_id(self, value: impl Into<Si>) -> Self {
        self.field(1, value.into())
    }

    /// OBX-2 Value Type: ID.
    pub fn value_type(self, value: impl Into<Id>) -> Self {
        self.field(2, value.into())
    }

    /// OBX-3 Observation Identifier: CWE (CE 2.1-2.5.1).
    pub fn observation_identifier(self, value: impl Into<Cwe>) -> Self {
        self.field(3, value.into())
    }

    /// OBX-4 Observation Sub-ID: OG (NM 2.1, ST 2.2-2.8.1).
    pub fn observation_sub_id(self, value: impl Into<Og>) -> Self {
        self.field(4, value.into())
    }

    /// OBX-5 Observation Value: varies.
    pub fn observation_value(self, value: impl Into<Value>) -> Self {
        self.add(5, value)
    }

    /// OBX-6 Units: CWE (ID 2.1, CE 2.2-2.5.1).
    pub fn units(self, value: impl Into<Cwe>) -> Self {
        self.field(6, value.into())
    }

    /// OBX-7 References Range: ST.
    pub fn references_range(self, value: impl Into<St>) -> Self {
        self.field(7, value.into())
    }

    /// OBX-8 Interpretation Codes: CWE (ST 2.1, ID 2.2-2.3.1, IS 2.4-2.6).
    pub fn interpretation_codes(self, value: impl Into<Cwe>) -> Self {
        self.add(8, value.into())
    }

    /// OBX-9 Probability: NM.
    pub fn probability(self, value: impl Into<Nm>) -> Self {
        self.add(9, value.into())
    }

    /// OBX-10 Nature of Abnormal Test: ID.
    pub fn nature_of_abnormal_test(self, value: impl Into<Id>) -> Self {
        self.add(10, value.into())
    }

    /// OBX-11 Observation Result Status: ID.
    pub fn observation_result_status(self, value: impl Into<Id>) -> Self {
        self.field(11, value.into())
    }

    /// OBX-12 Effective Date of Reference Range: DTM (TS 2.1-2.5.1).
    pub fn effective_date_of_reference_range(self, value: impl Into<Dtm>) -> Self {
        self.field(12, value.into())
    }

    /// OBX-13 User Defined Access Checks: ST.
    pub fn user_defined_access_checks(self, value: impl Into<St>) -> Self {
        self.field(13, value.into())
    }

    /// OBX-14 Date/Time of the Observation: DTM (TS 2.2-2.5.1).
    pub fn date_time_of_the_observation(self, value: impl Into<Dtm>) -> Self {
        self.field(14, value.into())
    }

    /// OBX-15 Producer's ID: CWE (CE 2.2-2.5.1).
    pub fn producers_id(self, value: impl Into<Cwe>) -> Self {
        self.field(15, value.into())
    }

    /// OBX-16 Responsible Observer: XCN (CN 2.2).
    pub fn responsible_observer(self, value: impl Into<Xcn>) -> Self {
        self.add(16, value.into())
    }

    /// OBX-17 Observation Method: CWE (CE 2.3-2.5.1).
    pub fn observation_method(self, value: impl Into<Cwe>) -> Self {
        self.add(17, value.into())
    }

    /// OBX-18 Equipment Instance Identifier: EI.
    pub fn equipment_instance_identifier(self, value: impl Into<Ei>) -> Self {
        self.add(18, value.into())
    }

    /// OBX-19 Date/Time of the Analysis: DTM (TS 2.4-2.5.1).
    pub fn date_time_of_the_analysis(self, value: impl Into<Dtm>) -> Self {
        self.field(19, value.into())
    }

    /// OBX-20 Observation Site: CWE (XON 2.5.1).
    pub fn observation_site(self, value: impl Into<Cwe>) -> Self {
        self.add(20, value.into())
    }

    /// OBX-21 Observation Instance Identifier: EI (XAD 2.5.1).
    pub fn observation_instance_identifier(self, value: impl Into<Ei>) -> Self {
        self.field(21, value.into())
    }

    /// OBX-22 Mood Code: CNE (XCN 2.5.1).
    pub fn mood_code(self, value: impl Into<Cwe>) -> Self {
        self.field(22, value.into())
    }

    /// OBX-23 Performing Organization Name: XON.
    pub fn performing_organization_name(self, value: impl Into<Xon>) -> Self {
        self.add(23, value.into())
    }

    /// OBX-24 Performing Organization Address: XAD.
    pub fn performing_organization_address(self, value: impl Into<Xad>) -> Self {
        self.add(24, value.into())
    }

    /// OBX-25 Performing Organization Medical Director: XCN.
    pub fn performing_organization_medical_director(self, value: impl Into<Xcn>) -> Self {
        self.add(25, value.into())
    }

    /// OBX-26 Patient Results Release Category: ID.
    pub fn patient_results_release_category(self, value: impl Into<Id>) -> Self {
        self.field(26, value.into())
    }

    /// OBX-27 Root Cause: CWE.
    pub fn root_cause(self, value: impl Into<Cwe>) -> Self {
        self.field(27, value.into())
    }

    /// OBX-28 Local Process Control: CWE.
    pub fn local_process_control(self, value: impl Into<Cwe>) -> Self {
        self.add(28, value.into())
    }

    /// OBX-29 Observation Type: ID.
    pub fn observation_type(self, value: impl Into<Id>) -> Self {
        self.field(29, value.into())
    }

    /// OBX-30 Observation Sub-Type: ID.
    pub fn observation_sub_type(self, value: impl Into<Id>) -> Self {
        self.field(30, value.into())
    }

    /// OBX-31 Action Code: ID.
    pub fn action_code(self, value: impl Into<Id>) -> Self {
        self.field(31, value.into())
    }

    /// OBX-32 Observation Value Absent Reason: CWE.
    pub fn observation_value_absent_reason(self, value: impl Into<Cwe>) -> Self {
        self.add(32, value.into())
    }

    /// OBX-33 Observation Related Specimen Identifier: EIP.
    pub fn observation_related_specimen_identifier(self, value: impl Into<Eip>) -> Self {
        self.add(33, value.into())
    }
}

impl Spm {
    /// SPM-1 Set ID - SPM: SI.
    pub fn set_id(self, value: impl Into<Si>) -> Self {
        self.field(1, value.into())
    }

    /// SPM-2 Specimen ID: EIP.
    pub fn specimen_id(self, value: impl Into<Eip>) -> Self {
        self.field(2, value.into())
    }

    /// SPM-3 Specimen Parent IDs: EIP.
    pub fn specimen_parent_ids(self, value: impl Into<Eip>) -> Self {
        self.add(3, value.into())
    }

    /// SPM-4 Specimen Type: CWE.
    pub fn specimen_type(self, value: impl Into<Cwe>) -> Self {
        self.field(4, value.into())
    }

    /// SPM-5 Specimen Type Modifier: CWE.
    pub fn specimen_type_modifier(self, value: impl Into<Cwe>) -> Self {
        self.add(5, value.into())
    }

    /// SPM-6 Specimen Additives: CWE.
    pub fn specimen_additives(self, value: impl Into<Cwe>) -> Self {
        self.add(6, value.into())
    }

    /// SPM-7 Specimen Collection Method: CWE.
    pub fn specimen_collection_method(self, value: impl Into<Cwe>) -> Self {
        self.field(7, value.into())
    }

    /// SPM-8 Specimen Source Site: CWE.
    pub fn specimen_source_site(self, value: impl Into<Cwe>) -> Self {
        self.field(8, value.into())
    }

    /// SPM-9 Specimen Source Site Modifier: CWE.
    pub fn specimen_source_site_modifier(self, value: impl Into<Cwe>) -> Self {
        self.add(9, value.into())
    }

    /// SPM-10 Specimen Collection Site: CWE.
    pub fn specimen_collection_site(self, value: impl Into<Cwe>) -> Self {
        self.field(10, value.into())
    }

    /// SPM-11 Specimen Role: CWE.
    pub fn specimen_role(self, value: impl Into<Cwe>) -> Self {
        self.add(11, value.into())
    }

    /// SPM-12 Specimen Collection Amount: CQ.
    pub fn specimen_collection_amount(self, value: impl Into<Cq>) -> Self {
        self.field(12, value.into())
    }

    /// SPM-13 Grouped Specimen Count: NM.
    pub fn grouped_specimen_count(self, value: impl Into<Nm>) -> Self {
        self.field(13, value.into())
    }

    /// SPM-14 Specimen Description: ST.
    pub fn specimen_description(self, value: impl Into<St>) -> Self {
        self.add(14, value.into())
    }

    /// SPM-15 Specimen Handling Code: CWE.
    pub fn specimen_handling_code(self, value: impl Into<Cwe>) -> Self {
        self.add(15, value.into())
    }

    /// SPM-16 Specimen Risk Code: CWE.
    pub fn specimen_risk_code(self, value: impl Into<Cwe>) -> Self {
        self.add(16, value.into())
    }

    /// SPM-17 Specimen Collection Date/Time: DR.
    pub fn specimen_collection_date_time(self, value: impl Into<Dr>) -> Self {
        self.field(17, value.into())
    }

    /// SPM-18 Specimen Received Date/Time *: DTM (TS 2.5-2.5.1).
    pub fn specimen_received_date_time(self, value: impl Into<Dtm>) -> Self {
        self.field(18, value.into())
    }

    /// SPM-19 Specimen Expiration Date/Time: DTM (TS 2.5-2.5.1).
    pub fn specimen_expiration_date_time(self, value: impl Into<Dtm>) -> Self {
        self.field(19, value.into())
    }

    /// SPM-20 Specimen Availability: ID.
    pub fn specimen_availability(self, value: impl Into<Id>) -> Self {
        self.field(20, value.into())
    }

    /// SPM-21 Specimen Reject Reason: CWE.
    pub fn specimen_reject_reason(self, value: impl Into<Cwe>) -> Self {
        self.add(21, value.into())
    }

    /// SPM-22 Specimen Quality: CWE.
    pub fn specimen_quality(self, value: impl Into<Cwe>) -> Self {
        self.field(22, value.into())
    }

    /// SPM-23 Specimen Appropriateness: CWE.
    pub fn specimen_appropriateness(self, value: impl Into<Cwe>) -> Self {
        self.field(23, value.into())
    }

    /// SPM-24 Specimen Condition: CWE.
    pub fn specimen_condition(self, value: impl Into<Cwe>) -> Self {
        self.add(24, value.into())
    }

    /// SPM-25 Specimen Current Quantity: CQ.
    pub fn specimen_current_quantity(self, value: impl Into<Cq>) -> Self {
        self.field(25, value.into())
    }

    /// SPM-26 Number of Specimen Containers: NM.
    pub fn number_of_specimen_containers(self, value: impl Into<Nm>) -> Self {
        self.field(26, value.into())
    }

    /// SPM-27 Container Type: CWE.
    pub fn container_type(self, value: impl Into<Cwe>) -> Self {
        self.field(27, value.into())
    }

    /// SPM-28 Container Condition: CWE.
    pub fn container_condition(self, value: impl Into<Cwe>) -> Self {
        self.field(28, value.into())
    }

    /// SPM-29 Specimen Child Role: CWE.
    pub fn specimen_child_role(self, value: impl Into<Cwe>) -> Self {
        self.field(29, value.into())
    }

    /// SPM-30 Accession ID: CX.
    pub fn accession_id(self, value: impl Into<Cx>) -> Self {
        self.add(30, value.into())
    }

    /// SPM-31 Other Specimen ID: CX.
    pub fn other_specimen_id(self, value: impl Into<Cx>) -> Self {
        self.add(31, value.into())
    }

    /// SPM-32 Shipment ID: EI.
    pub fn shipment_id(self, value: impl Into<Ei>) -> Self {
        self.field(32, value.into())
    }

    /// SPM-33 Culture Start Date/Time: DTM.
    pub fn culture_start_date_time(self, value: impl Into<Dtm>) -> Self {
        self.field(33, value.into())
    }

    /// SPM-34 Culture Final Date/Time: DTM.
    pub fn culture_final_date_time(self, value: impl Into<Dtm>) -> Self {
        self.field(34, value.into())
    }

    /// SPM-35 Action Code: ID.
    pub fn action_code(self, value: impl Into<Id>) -> Self {
        self.field(35, value.into())
    }
}

impl Tq1 {
    /// TQ1-1 Set ID - TQ1: SI.
    pub fn set_id(self, value: impl Into<Si>) -> Self {
        self.field(1, value.into())
    }

    /// TQ1-2 Quantity: CQ.
    pub fn quantity(self, value: impl Into<Cq>) -> Self {
        self.field(2, value.into())
    }

    /// TQ1-3 Repeat Pattern: RPT.
    pub fn repeat_pattern(self, value: impl Into<Rpt>) -> Self {
        self.add(3, value.into())
    }

    /// TQ1-4 Explicit Time: TM.
    pub fn explicit_time(self, value: impl Into<Tm>) -> Self {
        self.add(4, value.into())
    }

    /// TQ1-5 Relative Time and Units: CQ.
    pub fn relative_time_and_units(self, value: impl Into<Cq>) -> Self {
        self.add(5, value.into())
    }

    /// TQ1-6 Service Duration: CQ.
    pub fn service_duration(self, value: impl Into<Cq>) -> Self {
        self.field(6, value.into())
    }

    /// TQ1-7 Start date/time: DTM (TS 2.5-2.5.1).
    pub fn start_date_time(self, value: impl Into<Dtm>) -> Self {
        self.field(7, value.into())
    }

    /// TQ1-8 End date/time: DTM (TS 2.5-2.5.1).
    pub fn end_date_time(self, value: impl Into<Dtm>) -> Self {
        self.field(8, value.into())
    }

    /// TQ1-9 Priority: CWE.
    pub fn priority(self, value: impl Into<Cwe>) -> Self {
        self.add(9, value.into())
    }

    /// TQ1-10 Condition text: TX.
    pub fn condition_text(self, value: impl Into<Tx>) -> Self {
        self.field(10, value.into())
    }

    /// TQ1-11 Text instruction: TX.
    pub fn text_instruction(self, value: impl Into<Tx>) -> Self {
        self.field(11, value.into())
    }

    /// TQ1-12 Conjunction: ID.
    pub fn conjunction(self, value: impl Into<Id>) -> Self {
        self.field(12, value.into())
    }

    /// TQ1-13 Occurrence duration: CQ.
    pub fn occurrence_duration(self, value: impl Into<Cq>) -> Self {
        self.field(13, value.into())
    }

    /// TQ1-14 Total occurrences: NM.
    pub fn total_occurrences(self, value: impl Into<Nm>) -> Self {
        self.field(14, value.into())
    }
}

impl Rxo {
    /// RXO-1 Requested Give Code: CWE (CE 2.2-2.5.1).
    pub fn requested_give_code(self, value: impl Into<Cwe>) -> Self {
        self.field(1, value.into())
    }

    /// RXO-2 Requested Give Amount - Minimum: NM.
    pub fn requested_give_amount_minimum(self, value: impl Into<Nm>) -> Self {
        self.field(2, value.into())
    }

    /// RXO-3 Requested Give Amount - Maximum: NM.
    pub fn requested_give_amount_maximum(self, value: impl Into<Nm>) -> Self {
        self.field(3, value.into())
    }

    /// RXO-4 Requested Give Units: CWE (CE 2.2-2.5.1).
    pub fn requested_give_units(self, value: impl Into<Cwe>) -> Self {
        self.field(4, value.into())
    }

    /// RXO-5 Requested Dosage Form: CWE (CE 2.2-2.5.1).
    pub fn requested_dosage_form(self, value: impl Into<Cwe>) -> Self {
        self.field(5, value.into())
    }

    /// RXO-6 Provider's Pharmacy/Treatment Instructions: CWE (CE 2.2-2.5.1).
    pub fn providers_pharmacy_treatment_instructions(self, value: impl Into<Cwe>) -> Self {
        self.add(6, value.into())
    }

    /// RXO-7 Provider's Administration Instructions: CWE (CE 2.2-2.5.1).
    pub fn providers_administration_instructions(self, value: impl Into<Cwe>) -> Self {
        self.add(7, value.into())
    }

    /// RXO-8 Deliver-To Location: LA1 (CM_LA1 2.2-2.3).
    pub fn deliver_to_location(self, value: impl Into<La1>) -> Self {
        self.field(8, value.into())
    }

    /// RXO-9 Allow Substitutions: ID.
    pub fn allow_substitutions(self, value: impl Into<Id>) -> Self {
        self.field(9, value.into())
    }

    /// RXO-10 Requested Dispense Code: CWE (CE 2.2-2.5.1).
    pub fn requested_dispense_code(self, value: impl Into<Cwe>) -> Self {
        self.field(10, value.into())
    }

    /// RXO-11 Requested Dispense Amount: NM.
    pub fn requested_dispense_amount(self, value: impl Into<Nm>) -> Self {
        self.field(11, value.into())
    }

    /// RXO-12 Requested Dispense Units: CWE (CE 2.2-2.5.1).
    pub fn requested_dispense_units(self, value: impl Into<Cwe>) -> Self {
        self.field(12, value.into())
    }

    /// RXO-13 Number Of Refills: NM.
    pub fn number_of_refills(self, value: impl Into<Nm>) -> Self {
        self.field(13, value.into())
    }

    /// RXO-14 Ordering Provider's DEA Number: XCN (CN 2.2-2.3).
    pub fn ordering_providers_dea_number(self, value: impl Into<Xcn>) -> Self {
        self.add(14, value.into())
    }

    /// RXO-15 Pharmacist/Treatment Supplier's Verifier ID: XCN (CN 2.2-2.3).
    pub fn pharmacist_treatment_suppliers_verifier_id(self, value: impl Into<Xcn>) -> Self {
        self.add(15, value.into())
    }

    /// RXO-16 Needs Human Review: ID.
    pub fn needs_human_review(self, value: impl Into<Id>) -> Self {
        self.field(16, value.into())
    }

    /// RXO-17 Requested Give Per (Time Unit): ST.
    pub fn requested_give_per_time_unit(self, value: impl Into<St>) -> Self {
        self.field(17, value.into())
    }

    /// RXO-18 Requested Give Strength: NM.
    pub fn requested_give_strength(self, value: impl Into<Nm>) -> Self {
        self.field(18, value.into())
    }

    /// RXO-19 Requested Give Strength Units: CWE (CE 2.3-2.5.1).
    pub fn requested_give_strength_units(self, value: impl Into<Cwe>) -> Self {
        self.field(19, value.into())
    }

    /// RXO-20 Indication: CWE (CE 2.3-2.5.1).
    pub fn indication(self, value: impl Into<Cwe>) -> Self {
        self.add(20, value.into())
    }

    /// RXO-21 Requested Give Rate Amount: ST.
    pub fn requested_give_rate_amount(self, value: impl Into<St>) -> Self {
        self.field(21, value.into())
    }

    /// RXO-22 Requested Give Rate Units: CWE (CE 2.3-2.5.1).
    pub fn requested_give_rate_units(self, value: impl Into<Cwe>) -> Self {
        self.field(22, value.into())
    }

    /// RXO-23 Total Daily Dose: CQ.
    pub fn total_daily_dose(self, value: impl Into<Cq>) -> Self {
        self.field(23, value.into())
    }

    /// RXO-24 Supplementary Code: CWE (CE 2.4-2.5.1).
    pub fn supplementary_code(self, value: impl Into<Cwe>) -> Self {
        self.add(24, value.into())
    }

    /// RXO-25 Requested Drug Strength Volume: NM.
    pub fn requested_drug_strength_volume(self, value: impl Into<Nm>) -> Self {
        self.field(25, value.into())
    }

    /// RXO-26 Requested Drug Strength Volume Units: CWE.
    pub fn requested_drug_strength_volume_units(self, value: impl Into<Cwe>) -> Self {
        self.field(26, value.into())
    }

    /// RXO-27 Pharmacy Order Type: ID.
    pub fn pharmacy_order_type(self, value: impl Into<Id>) -> Self {
        self.field(27, value.into())
    }

    /// RXO-28 Dispensing Interval: NM.
    pub fn dispensing_interval(self, value: impl Into<Nm>) -> Self {
        self.field(28, value.into())
    }

    /// RXO-29 Medication Instance Identifier: EI.
    pub fn medication_instance_identifier(self, value: impl Into<Ei>) -> Self {
        self.field(29, value.into())
    }

    /// RXO-30 Segment Instance Identifier: EI.
    pub fn segment_instance_identifier(self, value: impl Into<Ei>) -> Self {
        self.field(30, value.into())
    }

    /// RXO-31 Mood Code: CNE.
    pub fn mood_code(self, value: impl Into<Cwe>) -> Self {
        self.field(31, value.into())
    }

    /// RXO-32 Dispensing Pharmacy: CWE.
    pub fn dispensing_pharmacy(self, value: impl Into<Cwe>) -> Self {
        self.field(32, value.into())
    }

    /// RXO-33 Dispensing Pharmacy Address: XAD.
    pub fn dispensing_pharmacy_address(self, value: impl Into<Xad>) -> Self {
        self.field(33, value.into())
    }

    /// RXO-34 Deliver-to Patient Location: PL.
    pub fn deliver_to_patient_location(self, value: impl Into<Pl>) -> Self {
        self.field(34, value.into())
    }

    /// RXO-35 Deliver-to Address: XAD.
    pub fn deliver_to_address(self, value: impl Into<Xad>) -> Self {
        self.field(35, value.into())
    }

    /// RXO-36 Pharmacy Phone Number: XTN.
    pub fn pharmacy_phone_number(self, value: impl Into<Xtn>) -> Self {
        self.add(36, value.into())
    }
}

impl Rxe {
    /// RXE-1 Quantity/Timing: TQ.
    pub fn quantity_timing(self, value: impl Into<Tq>) -> Self {
        self.add(1, value.into())
    }

    /// RXE-2 Give Code: CWE (CE 2.2-2.5.1).
    pub fn give_code(self, value: impl Into<Cwe>) -> Self {
        self.field(2, value.into())
    }

    /// RXE-3 Give Amount - Minimum: NM.
    pub fn give_amount_minimum(self, value: impl Into<Nm>) -> Self {
        self.field(3, value.into())
    }

    /// RXE-4 Give Amount - Maximum: NM.
    pub fn give_amount_maximum(self, value: impl Into<Nm>) -> Self {
        self.field(4, value.into())
    }

    /// RXE-5 Give Units: CWE (CE 2.2-2.5.1).
    pub fn give_units(self, value: impl Into<Cwe>) -> Self {
        self.field(5, value.into())
    }

    /// RXE-6 Give Dosage Form: CWE (CE 2.2-2.5.1).
    pub fn give_dosage_form(self, value: impl Into<Cwe>) -> Self {
        self.field(6, value.into())
    }

    /// RXE-7 Provider's Administration Instructions: CWE (CE 2.2-2.5.1).
    pub fn providers_administration_instructions(self, value: impl Into<Cwe>) -> Self {
        self.add(7, value.into())
    }

    /// RXE-8 Deliver-To Location: LA1 (CM_LA1 2.2-2.3).
    pub fn deliver_to_location(self, value: impl Into<La1>) -> Self {
        self.field(8, value.into())
    }

    /// RXE-9 Substitution Status: ID.
    pub fn substitution_status(self, value: impl Into<Id>) -> Self {
        self.field(9, value.into())
    }

    /// RXE-10 Dispense Amount: NM.
    pub fn dispense_amount(self, value: impl Into<Nm>) -> Self {
        self.field(10, value.into())
    }

    /// RXE-11 Dispense Units: CWE (CE 2.2-2.5.1).
    pub fn dispense_units(self, value: impl Into<Cwe>) -> Self {
        self.field(11, value.into())
    }

    /// RXE-12 Number Of Refills: NM.
    pub fn number_of_refills(self, value: impl Into<Nm>) -> Self {
        self.field(12, value.into())
    }

    /// RXE-13 Ordering Provider's DEA Number: XCN (CN 2.2-2.3).
    pub fn ordering_providers_dea_number(self, value: impl Into<Xcn>) -> Self {
        self.add(13, value.into())
    }

    /// RXE-14 Pharmacist/Treatment Supplier's Verifier ID: XCN (CN 2.2-2.3).
    pub fn pharmacist_treatment_suppliers_verifier_id(self, value: impl Into<Xcn>) -> Self {
        self.add(14, value.into())
    }

    /// RXE-15 Prescription Number: ST.
    pub fn prescription_number(self, value: impl Into<St>) -> Self {
        self.field(15, value.into())
    }

    /// RXE-16 Number of Refills Remaining: NM.
    pub fn number_of_refills_remaining(self, value: impl Into<Nm>) -> Self {
        self.field(16, value.into())
    }

    /// RXE-17 Number of Refills/Doses Dispensed: NM.
    pub fn number_of_refills_doses_dispensed(self, value: impl Into<Nm>) -> Self {
        self.field(17, value.into())
    }

    /// RXE-18 D/T of Most Recent Refill or Dose Dispensed: DTM (TS 2.2-2.5.1).
    pub fn d_t_of_most_recent_refill_or_dose_dispensed(self, value: impl Into<Dtm>) -> Self {
        self.field(18, value.into())
    }

    /// RXE-19 Total Daily Dose: CQ.
    pub fn total_daily_dose(self, value: impl Into<Cq>) -> Self {
        self.field(19, value.into())
    }

    /// RXE-20 Needs Human Review: ID.
    pub fn needs_human_review(self, value: impl Into<Id>) -> Self {
        self.field(20, value.into())
    }

    /// RXE-21 Special Dispensing Instructions: CWE (CE 2.2-2.5.1).
    pub fn special_dispensing_instructions(self, value: impl Into<Cwe>) -> Self {
        self.add(21, value.into())
    }

    /// RXE-22 Give Per (Time Unit): ST.
    pub fn give_per_time_unit(self, value: impl Into<St>) -> Self {
        self.field(22, value.into())
    }

    /// RXE-23 Give Rate Amount: ST (CE 2.2).
    pub fn give_rate_amount(self, value: impl Into<St>) -> Self {
        self.field(23, value.into())
    }

    /// RXE-24 Give Rate Units: CWE (CE 2.2-2.5.1).
    pub fn give_rate_units(self, value: impl Into<Cwe>) -> Self {
        self.field(24, value.into())
    }

    /// RXE-25 Give Strength: NM.
    pub fn give_strength(self, value: impl Into<Nm>) -> Self {
        self.field(25, value.into())
    }

    /// RXE-26 Give Strength Units: CWE (CE 2.3-2.5.1).
    pub fn give_strength_units(self, value: impl Into<Cwe>) -> Self {
        self.field(26, value.into())
    }

    /// RXE-27 Give Indication: CWE (CE 2.3-2.5.1).
    pub fn give_indication(self, value: impl Into<Cwe>) -> Self {
        self.add(27, value.into())
    }

    /// RXE-28 Dispense Package Size: NM.
    pub fn dispense_package_size(self, value: impl Into<Nm>) -> Self {
        self.field(28, value.into())
    }

    /// RXE-29 Dispense Package Size Unit: CWE (CE 2.3-2.5.1).
    pub fn dispense_package_size_unit(self, value: impl Into<Cwe>) -> Self {
        self.field(29, value.into())
    }

    /// RXE-30 Dispense Package Method: ID.
    pub fn dispense_package_method(self, value: impl Into<Id>) -> Self {
        self.field(30, value.into())
    }

    /// RXE-31 Supplementary Code: CWE (CE 2.4-2.5.1).
    pub fn supplementary_code(self, value: impl Into<Cwe>) -> Self {
        self.add(31, value.into())
    }

    /// RXE-32 Original Order Date/Time: DTM (TS 2.5-2.5.1).
    pub fn original_order_date_time(self, value: impl Into<Dtm>) -> Self {
        self.field(32, value.into())
    }

    /// RXE-33 Give Drug Strength Volume: NM.
    pub fn give_drug_strength_volume(self, value: impl Into<Nm>) -> Self {
        self.field(33, value.into())
    }

    /// RXE-34 Give Drug Strength Volume Units: CWE.
    pub fn give_drug_strength_volume_units(self, value: impl Into<Cwe>) -> Self {
        self.field(34, value.into())
    }

    /// RXE-35 Controlled Substance Schedule: CWE.
    pub fn controlled_substance_schedule(self, value: impl Into<Cwe>) -> Self {
        self.field(35, value.into())
    }

    /// RXE-36 Formulary Status: ID.
    pub fn formulary_status(self, value: impl Into<Id>) -> Self {
        self.field(36, value.into())
    }

    /// RXE-37 Pharmaceutical Substance Alternative: CWE.
    pub fn pharmaceutical_substance_alternative(self, value: impl Into<Cwe>) -> Self {
        self.add(37, value.into())
    }

    /// RXE-38 Pharmacy of Most Recent Fill: CWE.
    pub fn pharmacy_of_most_recent_fill(self, value: impl Into<Cwe>) -> Self {
        self.field(38, value.into())
    }

    /// RXE-39 Initial Dispense Amount: NM.
    pub fn initial_dispense_amount(self, value: impl Into<Nm>) -> Self {
        self.field(39, value.into())
    }

    /// RXE-40 Dispensing Pharmacy: CWE.
    pub fn dispensing_pharmacy(self, value: impl Into<Cwe>) -> Self {
        self.field(40, value.into())
    }

    /// RXE-41 Dispensing Pharmacy Address: XAD.
    pub fn dispensing_pharmacy_address(self, value: impl Into<Xad>) -> Self {
        self.field(41, value.into())
    }

    /// RXE-42 Deliver-to Patient Location: PL.
    pub fn deliver_to_patient_location(self, value: impl Into<Pl>) -> Self {
        self.field(42, value.into())
    }

    /// RXE-43 Deliver-to Address: XAD.
    pub fn deliver_to_address(self, value: impl Into<Xad>) -> Self {
        self.field(43, value.into())
    }

    /// RXE-44 Pharmacy Order Type: ID.
    pub fn pharmacy_order_type(self, value: impl Into<Id>) -> Self {
        self.field(44, value.into())
    }

    /// RXE-45 Pharmacy Phone Number: XTN.
    pub fn pharmacy_phone_number(self, value: impl Into<Xtn>) -> Self {
        self.add(45, value.into())
    }
}

impl Rxc {
    /// RXC-1 RX Component Type: ID.
    pub fn rx_component_type(self, value: impl Into<Id>) -> Self {
        self.field(1, value.into())
    }

    /// RXC-2 Component Code: CWE (CE 2.2-2.5.1).
    pub fn component_code(self, value: impl Into<Cwe>) -> Self {
        self.field(2, value.into())
    }

    /// RXC-3 Component Amount: NM.
    pub fn component_amount(self, value: impl Into<Nm>) -> Self {
        self.field(3, value.into())
    }

    /// RXC-4 Component Units: CWE (CE 2.2-2.5.1).
    pub fn component_units(self, value: impl Into<Cwe>) -> Self {
        self.field(4, value.into())
    }

    /// RXC-5 Component Strength: NM.
    pub fn component_strength(self, value: impl Into<Nm>) -> Self {
        self.field(5, value.into())
    }

    /// RXC-6 Component Strength Units: CWE (CE 2.3-2.5.1).
    pub fn component_strength_units(self, value: impl Into<Cwe>) -> Self {
        self.field(6, value.into())
    }

    /// RXC-7 Supplementary Code: CWE (CE 2.4-2.5.1).
    pub fn supplementary_code(self, value: impl Into<Cwe>) -> Self {
        self.add(7, value.into())
    }

    /// RXC-8 Component Drug Strength Volume: NM.
    pub fn component_drug_strength_volume(self, value: impl Into<Nm>) -> Self {
        self.field(8, value.into())
    }

    /// RXC-9 Component Drug Strength Volume Units: CWE.
    pub fn component_drug_strength_volume_units(self, value: impl Into<Cwe>) -> Self {
        self.field(9, value.into())
    }

    /// RXC-10 Dispense Amount: NM.
    pub fn dispense_amount(self, value: impl Into<Nm>) -> Self {
        self.field(10, value.into())
    }

    /// RXC-11 Dispense Units: CWE.
    pub fn dispense_units(self, value: impl Into<Cwe>) -> Self {
        self.field(11, value.into())
    }
}

impl Rxr {
    /// RXR-1 Route: CWE (CE 2.2-2.5.1).
    pub fn route(self, value: impl Into<Cwe>) -> Self {
        self.field(1, value.into())
    }

    /// RXR-2 Administration Site: CWE (CE 2.2-2.4).
    pub fn administration_site(self, value: impl Into<Cwe>) -> Self {
        self.field(2, value.into())
    }

    /// RXR-3 Administration Device: CWE (CE 2.2-2.5.1).
    pub fn administration_device(self, value: impl Into<Cwe>) -> Self {
        self.field(3, value.into())
    }

    /// RXR-4 Administration Method: CWE (CE 2.2-2.4).
    pub fn administration_method(self, value: impl Into<Cwe>) -> Self {
        self.field(4, value.into())
    }

    /// RXR-5 Routing Instruction: CWE (CE 2.3.1-2.5.1).
    pub fn routing_instruction(self, value: impl Into<Cwe>) -> Self {
        self.field(5, value.into())
    }

    /// RXR-6 Administration Site Modifier: CWE.
    pub fn administration_site_modifier(self, value: impl Into<Cwe>) -> Self {
        self.field(6, value.into())
    }
}

impl Rxa {
    /// RXA-1 Give Sub-ID Counter: NM (ID 2.3).
    pub fn give_sub_id_counter(self, value: impl Into<Nm>) -> Self {
        self.field(1, value.into())
    }

    /// RXA-2 Administration Sub-ID Counter: NM.
    pub fn administration_sub_id_counter(self, value: impl Into<Nm>) -> Self {
        self.field(2, value.into())
    }

    /// RXA-3 Date/Time Start of Administration: DTM (TS 2.2-2.5.1).
    pub fn date_time_start_of_administration(self, value: impl Into<Dtm>) -> Self {
        self.field(3, value.into())
    }

    /// RXA-4 Date/Time End of Administration: DTM (TS 2.2-2.5.1).
    pub fn date_time_end_of_administration(self, value: impl Into<Dtm>) -> Self {
        self.field(4, value.into())
    }

    /// RXA-5 Administered Code: CWE (CE 2.2-2.5.1).
    pub fn administered_code(self, value: impl Into<Cwe>) -> Self {
        self.field(5, value.into())
    }

    /// RXA-6 Administered Amount: NM.
    pub fn administered_amount(self, value: impl Into<Nm>) -> Self {
        self.field(6, value.into())
    }

    /// RXA-7 Administered Units: CWE (CE 2.2-2.5.1).
    pub fn administered_units(self, value: impl Into<Cwe>) -> Self {
        self.field(7, value.into())
    }

    /// RXA-8 Administered Dosage Form: CWE (CE 2.2-2.5.1).
    pub fn administered_dosage_form(self, value: impl Into<Cwe>) -> Self {
        self.field(8, value.into())
    }

    /// RXA-9 Administration Notes: CWE (ST 2.2, CE 2.3-2.5.1).
    pub fn administration_notes(self, value: impl Into<Cwe>) -> Self {
        self.add(9, value.into())
    }

    /// RXA-10 Administering Provider: XCN (CN 2.2).
    pub fn administering_provider(self, value: impl Into<Xcn>) -> Self {
        self.add(10, value.into())
    }

    /// RXA-11 Administered-at Location: LA2 (CM_LA1 2.2-2.3).
    pub fn administered_at_location(self, value: impl Into<La2>) -> Self {
        self.field(11, value.into())
    }

    /// RXA-12 Administered Per (Time Unit): ST.
    pub fn administered_per_time_unit(self, value: impl Into<St>) -> Self {
        self.field(12, value.into())
    }

    /// RXA-13 Administered Strength: NM.
    pub fn administered_strength(self, value: impl Into<Nm>) -> Self {
        self.field(13, value.into())
    }

    /// RXA-14 Administered Strength Units: CWE (CE 2.3-2.5.1).
    pub fn administered_strength_units(self, value: impl Into<Cwe>) -> Self {
        self.field(14, value.into())
    }

    /// RXA-15 Substance Lot Number: ST.
    pub fn substance_lot_number(self, value: impl Into<St>) -> Self {
        self.add(15, value.into())
    }

    /// RXA-16 Substance Expiration Date: DTM (TS 2.3-2.5.1).
    pub fn substance_expiration_date(self, value: impl Into<Dtm>) -> Self {
        self.add(16, value.into())
    }

    /// RXA-17 Substance Manufacturer Name: CWE (CE 2.3-2.5.1).
    pub fn substance_manufacturer_name(self, value: impl Into<Cwe>) -> Self {
        self.add(17, value.into())
    }

    /// RXA-18 Substance/Treatment Refusal Reason: CWE (CE 2.3-2.5.1).
    pub fn substance_treatment_refusal_reason(self, value: impl Into<Cwe>) -> Self {
        self.add(18, value.into())
    }

    /// RXA-19 Indication: CWE (CE 2.3-2.5.1).
    pub fn indication(self, value: impl Into<Cwe>) -> Self {
        self.add(19, value.into())
    }

    /// RXA-20 Completion Status: ID.
    pub fn completion_status(self, value: impl Into<Id>) -> Self {
        self.field(20, value.into())
    }

    /// RXA-21 Action Code - RXA: ID.
    pub fn action_code(self, value: impl Into<Id>) -> Self {
        self.field(21, value.into())
    }

    /// RXA-22 System Entry Date/Time: DTM (TS 2.3-2.5.1).
    pub fn system_entry_date_time(self, value: impl Into<Dtm>) -> Self {
        self.field(22, value.into())
    }

    /// RXA-23 Administered Drug Strength Volume: NM.
    pub fn administered_drug_strength_volume(self, value: impl Into<Nm>) -> Self {
        self.field(23, value.into())
    }

    /// RXA-24 Administered Drug Strength Volume Units: CWE.
    pub fn administered_drug_strength_volume_units(self, value: impl Into<Cwe>) -> Self {
        self.field(24, value.into())
    }

    /// RXA-25 Administered Barcode Identifier: CWE.
    pub fn administered_barcode_identifier(self, value: impl Into<Cwe>) -> Self {
        self.field(25, value.into())
    }

    /// RXA-26 Pharmacy Order Type: ID.
    pub fn pharmacy_order_type(self, value: impl Into<Id>) -> Self {
        self.field(26, value.into())
    }

    /// RXA-27 Administer-at: PL.
    pub fn administer_at(self, value: impl Into<Pl>) -> Self {
        self.field(27, value.into())
    }

    /// RXA-28 Administered-at Address: XAD.
    pub fn administered_at_address(self, value: impl Into<Xad>) -> Self {
        self.field(28, value.into())
    }

    /// RXA-29 Administered Tag Identifier: EI.
    pub fn administered_tag_identifier(self, value: impl Into<Ei>) -> Self {
        self.add(29, value.into())
    }
}

impl Ft1 {
    /// FT1-1 Set ID - FT1: SI.
    pub fn set_id(self, value: impl Into<Si>) -> Self {
        self.field(1, value.into())
    }

    /// FT1-2 Transaction ID: ST.
    pub fn transaction_id(self, value: impl Into<St>) -> Self {
        self.field(2, value.into())
    }

    /// FT1-3 Transaction Batch ID: ST.
    pub fn transaction_batch_id(self, value: impl Into<St>) -> Self {
        self.field(3, value.into())
    }

    /// FT1-4 Transaction Date: DR (DT 2.1-2.2, TS 2.3-2.4).
    pub fn transaction_date(self, value: impl Into<Dr>) -> Self {
        self.field(4, value.into())
    }

    /// FT1-5 Transaction Posting Date: DTM (DT 2.1-2.2, TS 2.3-2.5.1).
    pub fn transaction_posting_date(self, value: impl Into<Dtm>) -> Self {
        self.field(5, value.into())
    }

    /// FT1-6 Transaction Type: CWE (ID 2.1-2.3, IS 2.3.1-2.6).
    pub fn transaction_type(self, value: impl Into<Cwe>) -> Self {
        self.field(6, value.into())
    }

    /// FT1-7 Transaction Code: CWE (ID 2.1, CE 2.2-2.5.1).
    pub fn transaction_code(self, value: impl Into<Cwe>) -> Self {
        self.field(7, value.into())
    }

    /// FT1-8 Transaction Description: ST.
    pub fn transaction_description(self, value: impl Into<St>) -> Self {
        self.field(8, value.into())
    }

    /// FT1-9 Transaction Description - Alt: ST.
    pub fn transaction_description_alt(self, value: impl Into<St>) -> Self {
        self.field(9, value.into())
    }

    /// FT1-10 Transaction Quantity: NM.
    pub fn transaction_quantity(self, value: impl Into<Nm>) -> Self {
        self.field(10, value.into())
    }

    /// FT1-11 Transaction Amount - Extended: CP (NM 2.1-2.2).
    pub fn transaction_amount_extended(self, value: impl Into<Cp>) -> Self {
        self.field(11, value.into())
    }

    /// FT1-12 Transaction amount - unit: CP (NM 2.1-2.2).
    pub fn transaction_amount_unit(self, value: impl Into<Cp>) -> Self {
        self.field(12, value.into())
    }

    /// FT1-13 Department Code: CWE (ST 2.1, CE 2.2-2.5.1).
    pub fn department_code(self, value: impl Into<Cwe>) -> Self {
        self.field(13, value.into())
    }

    /// FT1-14 Health Plan ID: CWE (ID 2.1-2.2, CE 2.3-2.5.1).
    pub fn health_plan_id(self, value: impl Into<Cwe>) -> Self {
        self.field(14, value.into())
    }

    /// FT1-15 Insurance Amount: CP (NM 2.1-2.2).
    pub fn insurance_amount(self, value: impl Into<Cp>) -> Self {
        self.field(15, value.into())
    }

    /// FT1-16 Assigned Patient Location: PL (ST 2.1, CM_INTERNAL_LOCATION 2.2).
    pub fn assigned_patient_location(self, value: impl Into<Pl>) -> Self {
        self.field(16, value.into())
    }

    /// FT1-17 Fee Schedule: CWE (ID 2.1-2.3, IS 2.3.1-2.6).
    pub fn fee_schedule(self, value: impl Into<Cwe>) -> Self {
        self.field(17, value.into())
    }

    /// FT1-18 Patient Type: CWE (ID 2.1-2.3, IS 2.3.1-2.6).
    pub fn patient_type(self, value: impl Into<Cwe>) -> Self {
        self.field(18, value.into())
    }

    /// FT1-19 Diagnosis Code - FT1: CWE (ID 2.1, CE 2.2-2.5.1).
    pub fn diagnosis_code(self, value: impl Into<Cwe>) -> Self {
        self.add(19, value.into())
    }

    /// FT1-20 Performed By Code: XCN (CN 2.1-2.2).
    pub fn performed_by_code(self, value: impl Into<Xcn>) -> Self {
        self.add(20, value.into())
    }

    /// FT1-21 Ordered By Code: XCN (CN 2.1-2.2).
    pub fn ordered_by_code(self, value: impl Into<Xcn>) -> Self {
        self.add(21, value.into())
    }

    /// FT1-22 Unit Cost: CP (NM 2.1-2.3).
    pub fn unit_cost(self, value: impl Into<Cp>) -> Self {
        self.field(22, value.into())
    }

    /// FT1-23 Filler Order Number: EI (CM_FILLER 2.2).
    pub fn filler_order_number(self, value: impl Into<Ei>) -> Self {
        self.field(23, value.into())
    }

    /// FT1-24 Entered By Code: XCN.
    pub fn entered_by_code(self, value: impl Into<Xcn>) -> Self {
        self.add(24, value.into())
    }

    /// FT1-25 Procedure Code: CNE (CE 2.3-2.5.1).
    pub fn procedure_code(self, value: impl Into<Cwe>) -> Self {
        self.field(25, value.into())
    }

    /// FT1-26 Procedure Code Modifier: CNE (CE 2.3.1-2.5.1).
    pub fn procedure_code_modifier(self, value: impl Into<Cwe>) -> Self {
        self.add(26, value.into())
    }

    /// FT1-27 Advanced Beneficiary Notice Code: CWE (CE 2.5-2.5.1).
    pub fn advanced_beneficiary_notice_code(self, value: impl Into<Cwe>) -> Self {
        self.field(27, value.into())
    }

    /// FT1-28 Medically Necessary Duplicate Procedure Reason: CWE.
    pub fn medically_necessary_duplicate_procedure_reason(self, value: impl Into<Cwe>) -> Self {
        self.field(28, value.into())
    }

    /// FT1-29 NDC Code: CWE (CNE 2.5-2.5.1).
    pub fn ndc_code(self, value: impl Into<Cwe>) -> Self {
        self.field(29, value.into())
    }

    /// FT1-30 Payment Reference ID: CX.
    pub fn payment_reference_id(self, value: impl Into<Cx>) -> Self {
        self.field(30, value.into())
    }

    /// FT1-31 Transaction Reference Key: SI.
    pub fn transaction_reference_key(self, value: impl Into<Si>) -> Self {
        self.add(31, value.into())
    }

    /// FT1-32 Performing Facility: XON.
    pub fn performing_facility(self, value: impl Into<Xon>) -> Self {
        self.add(32, value.into())
    }

    /// FT1-33 Ordering Facility: XON.
    pub fn ordering_facility(self, value: impl Into<Xon>) -> Self {
        self.field(33, value.into())
    }

    /// FT1-34 Item Number: CWE.
    pub fn item_number(self, value: impl Into<Cwe>) -> Self {
        self.field(34, value.into())
    }

    /// FT1-35 Model Number: ST.
    pub fn model_number(self, value: impl Into<St>) -> Self {
        self.field(35, value.into())
    }

    /// FT1-36 Special Processing Code: CWE.
    pub fn special_processing_code(self, value: impl Into<Cwe>) -> Self {
        self.add(36, value.into())
    }

    /// FT1-37 Clinic Code: CWE.
    pub fn clinic_code(self, value: impl Into<Cwe>) -> Self {
        self.field(37, value.into())
    }

    /// FT1-38 Referral Number: CX.
    pub fn referral_number(self, value: impl Into<Cx>) -> Self {
        self.field(38, value.into())
    }

    /// FT1-39 Authorization Number: CX.
    pub fn authorization_number(self, value: impl Into<Cx>) -> Self {
        self.field(39, value.into())
    }

    /// FT1-40 Service Provider Taxonomy Code: CWE.
    pub fn service_provider_taxonomy_code(self, value: impl Into<Cwe>) -> Self {
        self.field(40, value.into())
    }

    /// FT1-41 Revenue Code: CWE.
    pub fn revenue_code(self, value: impl Into<Cwe>) -> Self {
        self.field(41, value.into())
    }

    /// FT1-42 Prescription Number: ST.
    pub fn prescription_number(self, value: impl Into<St>) -> Self {
        self.field(42, value.into())
    }

    /// FT1-43 NDC Qty and UOM: CQ.
    pub fn ndc_qty_and_uom(self, value: impl Into<Cq>) -> Self {
        self.field(43, value.into())
    }
}

impl Sch {
    /// SCH-1 Placer Appointment ID: EI.
    pub fn placer_appointment_id(self, value: impl Into<Ei>) -> Self {
        self.field(1, value.into())
    }

    /// SCH-2 Filler Appointment ID: EI.
    pub fn filler_appointment_id(self, value: impl Into<Ei>) -> Self {
        self.field(2, value.into())
    }

    /// SCH-3 Occurrence Number: NM.
    pub fn occurrence_number(self, value: impl Into<Nm>) -> Self {
        self.field(3, value.into())
    }

    /// SCH-4 Placer Group Number: EIP (EI 2.3-2.7.1).
    pub fn placer_group_number(self, value: impl Into<Eip>) -> Self {
        self.field(4, value.into())
    }

    /// SCH-5 Schedule ID: CWE (CE 2.3-2.5.1).
    pub fn schedule_id(self, value: impl Into<Cwe>) -> Self {
        self.field(5, value.into())
    }

    /// SCH-6 Event Reason: CWE (CE 2.3-2.5.1).
    pub fn event_reason(self, value: impl Into<Cwe>) -> Self {
        self.field(6, value.into())
    }

    /// SCH-7 Appointment Reason: CWE (CE 2.3-2.5.1).
    pub fn appointment_reason(self, value: impl Into<Cwe>) -> Self {
        self.field(7, value.into())
    }

    /// SCH-8 Appointment Type: CWE (CE 2.3-2.5.1).
    pub fn appointment_type(self, value: impl Into<Cwe>) -> Self {
        self.field(8, value.into())
    }

    /// SCH-9 Appointment Duration: NM.
    pub fn appointment_duration(self, value: impl Into<Nm>) -> Self {
        self.field(9, value.into())
    }

    /// SCH-10 Appointment Duration Units: CNE (CE 2.3-2.5.1).
    pub fn appointment_duration_units(self, value: impl Into<Cwe>) -> Self {
        self.field(10, value.into())
    }

    /// SCH-11 Appointment Timing Quantity: TQ.
    pub fn appointment_timing_quantity(self, value: impl Into<Tq>) -> Self {
        self.add(11, value.into())
    }

    /// SCH-12 Placer Contact Person: XCN.
    pub fn placer_contact_person(self, value: impl Into<Xcn>) -> Self {
        self.add(12, value.into())
    }

    /// SCH-13 Placer Contact Phone Number: XTN.
    pub fn placer_contact_phone_number(self, value: impl Into<Xtn>) -> Self {
        self.field(13, value.into())
    }

    /// SCH-14 Placer Contact Address: XAD.
    pub fn placer_contact_address(self, value: impl Into<Xad>) -> Self {
        self.add(14, value.into())
    }

    /// SCH-15 Placer Contact Location: PL.
    pub fn placer_contact_location(self, value: impl Into<Pl>) -> Self {
        self.field(15, value.into())
    }

    /// SCH-16 Filler Contact Person: XCN.
    pub fn filler_contact_person(self, value: impl Into<Xcn>) -> Self {
        self.add(16, value.into())
    }

    /// SCH-17 Filler Contact Phone Number: XTN.
    pub fn filler_contact_phone_number(self, value: impl Into<Xtn>) -> Self {
        self.field(17, value.into())
    }

    /// SCH-18 Filler Contact Address: XAD.
    pub fn filler_contact_address(self, value: impl Into<Xad>) -> Self {
        self.add(18, value.into())
    }

    /// SCH-19 Filler Contact Location: PL.
    pub fn filler_contact_location(self, value: impl Into<Pl>) -> Self {
        self.field(19, value.into())
    }

    /// SCH-20 Entered By Person: XCN.
    pub fn entered_by_person(self, value: impl Into<Xcn>) -> Self {
        self.add(20, value.into())
    }

    /// SCH-21 Entered By Phone Number: XTN.
    pub fn entered_by_phone_number(self, value: impl Into<Xtn>) -> Self {
        self.add(21, value.into())
    }

    /// SCH-22 Entered By Location: PL.
    pub fn entered_by_location(self, value: impl Into<Pl>) -> Self {
        self.field(22, value.into())
    }

    /// SCH-23 Parent Placer Appointment ID: EI.
    pub fn parent_placer_appointment_id(self, value: impl Into<Ei>) -> Self {
        self.field(23, value.into())
    }

    /// SCH-24 Parent Filler Appointment ID: EI.
    pub fn parent_filler_appointment_id(self, value: impl Into<Ei>) -> Self {
        self.field(24, value.into())
    }

    /// SCH-25 Filler Status Code: CWE (CE 2.3-2.5.1).
    pub fn filler_status_code(self, value: impl Into<Cwe>) -> Self {
        self.field(25, value.into())
    }

    /// SCH-26 Placer Order Number: EI.
    pub fn placer_order_number(self, value: impl Into<Ei>) -> Self {
        self.add(26, value.into())
    }

    /// SCH-27 Filler Order Number: EI.
    pub fn filler_order_number(self, value: impl Into<Ei>) -> Self {
        self.add(27, value.into())
    }
}

impl Rgs {
    /// RGS-1 Set ID - RGS: SI.
    pub fn set_id(self, value: impl Into<Si>) -> Self {
        self.field(1, value.into())
    }

    /// RGS-2 Segment Action Code: ID.
    pub fn segment_action_code(self, value: impl Into<Id>) -> Self {
        self.field(2, value.into())
    }

    /// RGS-3 Resource Group ID: CWE (CE 2.3-2.5.1).
    pub fn resource_group_id(self, value: impl Into<Cwe>) -> Self {
        self.field(3, value.into())
    }
}

impl Ais {
    /// AIS-1 Set ID - AIS: SI.
    pub fn set_id(self, value: impl Into<Si>) -> Self {
        self.field(1, value.into())
    }

    /// AIS-2 Segment Action Code: ID.
    pub fn segment_action_code(self, value: impl Into<Id>) -> Self {
        self.field(2, value.into())
    }

    /// AIS-3 Universal Service Identifier: CWE (CE 2.3-2.5.1).
    pub fn universal_service_identifier(self, value: impl Into<Cwe>) -> Self {
        self.field(3, value.into())
    }

    /// AIS-4 Start Date/Time: DTM (TS 2.3-2.5.1).
    pub fn start_date_time(self, value: impl Into<Dtm>) -> Self {
        self.field(4, value.into())
    }

    /// AIS-5 Start Date/Time Offset: NM.
    pub fn start_date_time_offset(self, value: impl Into<Nm>) -> Self {
        self.field(5, value.into())
    }

    /// AIS-6 Start Date/Time Offset Units: CNE (CE 2.3-2.5.1).
    pub fn start_date_time_offset_units(self, value: impl Into<Cwe>) -> Self {
        self.field(6, value.into())
    }

    /// AIS-7 Duration: NM.
    pub fn duration(self, value: impl Into<Nm>) -> Self {
        self.field(7, value.into())
    }

    /// AIS-8 Duration Units: CNE (CE 2.3-2.5.1).
    pub fn duration_units(self, value: impl Into<Cwe>) -> Self {
        self.field(8, value.into())
    }

    /// AIS-9 Allow Substitution Code: CWE (IS 2.3-2.6).
    pub fn allow_substitution_code(self, value: impl Into<Cwe>) -> Self {
        self.field(9, value.into())
    }

    /// AIS-10 Filler Status Code: CWE (CE 2.3-2.5.1).
    pub fn filler_status_code(self, value: impl Into<Cwe>) -> Self {
        self.field(10, value.into())
    }

    /// AIS-11 Placer Supplemental Service Information: CWE (CE 2.4-2.5.1).
    pub fn placer_supplemental_service_information(self, value: impl Into<Cwe>) -> Self {
        self.add(11, value.into())
    }

    /// AIS-12 Filler Supplemental Service Information: CWE (CE 2.4-2.5.1).
    pub fn filler_supplemental_service_information(self, value: impl Into<Cwe>) -> Self {
        self.add(12, value.into())
    }
}

impl Aig {
    /// AIG-1 Set ID - AIG: SI.
    pub fn set_id(self, value: impl Into<Si>) -> Self {
        self.field(1, value.into())
    }

    /// AIG-2 Segment Action Code: ID.
    pub fn segment_action_code(self, value: impl Into<Id>) -> Self {
        self.field(2, value.into())
    }

    /// AIG-3 Resource ID: CWE (CE 2.3-2.5.1).
    pub fn resource_id(self, value: impl Into<Cwe>) -> Self {
        self.field(3, value.into())
    }

    /// AIG-4 Resource Type: CWE (CE 2.3-2.5.1).
    pub fn resource_type(self, value: impl Into<Cwe>) -> Self {
        self.field(4, value.into())
    }

    /// AIG-5 Resource Group: CWE (CE 2.3-2.5.1).
    pub fn resource_group(self, value: impl Into<Cwe>) -> Self {
        self.add(5, value.into())
    }

    /// AIG-6 Resource Quantity: NM.
    pub fn resource_quantity(self, value: impl Into<Nm>) -> Self {
        self.field(6, value.into())
    }

    /// AIG-7 Resource Quantity Units: CNE (CE 2.3-2.5.1).
    pub fn resource_quantity_units(self, value: impl Into<Cwe>) -> Self {
        self.field(7, value.into())
    }

    /// AIG-8 Start Date/Time: DTM (TS 2.3-2.5.1).
    pub fn start_date_time(self, value: impl Into<Dtm>) -> Self {
        self.field(8, value.into())
    }

    /// AIG-9 Start Date/Time Offset: NM.
    pub fn start_date_time_offset(self, value: impl Into<Nm>) -> Self {
        self.field(9, value.into())
    }

    /// AIG-10 Start Date/Time Offset Units: CNE (CE 2.3-2.5.1).
    pub fn start_date_time_offset_units(self, value: impl Into<Cwe>) -> Self {
        self.field(10, value.into())
    }

    /// AIG-11 Duration: NM.
    pub fn duration(self, value: impl Into<Nm>) -> Self {
        self.field(11, value.into())
    }

    /// AIG-12 Duration Units: CNE (CE 2.3-2.5.1).
    pub fn duration_units(self, value: impl Into<Cwe>) -> Self {
        self.field(12, value.into())
    }

    /// AIG-13 Allow Substitution Code: CWE (IS 2.3-2.6).
    pub fn allow_substitution_code(self, value: impl Into<Cwe>) -> Self {
        self.field(13, value.into())
    }

    /// AIG-14 Filler Status Code: CWE (CE 2.3-2.5.1).
    pub fn filler_status_code(self, value: impl Into<Cwe>) -> Self {
        self.field(14, value.into())
    }
}

impl Ail {
    /// AIL-1 Set ID - AIL: SI.
    pub fn set_id(self, value: impl Into<Si>) -> Self {
        self.field(1, value.into())
    }

    /// AIL-2 Segment Action Code: ID.
    pub fn segment_action_code(self, value: impl Into<Id>) -> Self {
        self.field(2, value.into())
    }

    /// AIL-3 Location Resource ID: PL.
    pub fn location_resource_id(self, value: impl Into<Pl>) -> Self {
        self.add(3, value.into())
    }

    /// AIL-4 Location Type - AIL: CWE (CE 2.3-2.5.1).
    pub fn location_type(self, value: impl Into<Cwe>) -> Self {
        self.field(4, value.into())
    }

    /// AIL-5 Location Group: CWE (CE 2.3-2.5.1).
    pub fn location_group(self, value: impl Into<Cwe>) -> Self {
        self.field(5, value.into())
    }

    /// AIL-6 Start Date/Time: DTM (TS 2.3-2.5.1).
    pub fn start_date_time(self, value: impl Into<Dtm>) -> Self {
        self.field(6, value.into())
    }

    /// AIL-7 Start Date/Time Offset: NM.
    pub fn start_date_time_offset(self, value: impl Into<Nm>) -> Self {
        self.field(7, value.into())
    }

    /// AIL-8 Start Date/Time Offset Units: CNE (CE 2.3-2.5.1).
    pub fn start_date_time_offset_units(self, value: impl Into<Cwe>) -> Self {
        self.field(8, value.into())
    }

    /// AIL-9 Duration: NM.
    pub fn duration(self, value: impl Into<Nm>) -> Self {
        self.field(9, value.into())
    }

    /// AIL-10 Duration Units: CNE (CE 2.3-2.5.1).
    pub fn duration_units(self, value: impl Into<Cwe>) -> Self {
        self.field(10, value.into())
    }

    /// AIL-11 Allow Substitution Code: CWE (IS 2.3-2.6).
    pub fn allow_substitution_code(self, value: impl Into<Cwe>) -> Self {
        self.field(11, value.into())
    }

    /// AIL-12 Filler Status Code: CWE (CE 2.3-2.5.1).
    pub fn filler_status_code(self, value: impl Into<Cwe>) -> Self {
        self.field(12, value.into())
    }
}

impl Aip {
    /// AIP-1 Set ID - AIP: SI.
    pub fn set_id(self, value: impl Into<Si>) -> Self {
        self.field(1, value.into())
    }

    /// AIP-2 Segment Action Code: ID.
    pub fn segment_action_code(self, value: impl Into<Id>) -> Self {
        self.field(2, value.into())
    }

    /// AIP-3 Personnel Resource ID: XCN.
    pub fn personnel_resource_id(self, value: impl Into<Xcn>) -> Self {
        self.add(3, value.into())
    }

    /// AIP-4 Resource Type: CWE (CE 2.3-2.5.1).
    pub fn resource_type(self, value: impl Into<Cwe>) -> Self {
        self.field(4, value.into())
    }

    /// AIP-5 Resource Group: CWE (CE 2.3-2.5.1).
    pub fn resource_group(self, value: impl Into<Cwe>) -> Self {
        self.add(5, value.into())
    }

    /// AIP-6 Start Date/Time: DTM (TS 2.3-2.5.1).
    pub fn start_date_time(self, value: impl Into<Dtm>) -> Self {
        self.field(6, value.into())
    }

    /// AIP-7 Start Date/Time Offset: NM.
    pub fn start_date_time_offset(self, value: impl Into<Nm>) -> Self {
        self.field(7, value.into())
    }

    /// AIP-8 Start Date/Time Offset Units: CNE (CE 2.3-2.5.1).
    pub fn start_date_time_offset_units(self, value: impl Into<Cwe>) -> Self {
        self.field(8, value.into())
    }

    /// AIP-9 Duration: NM.
    pub fn duration(self, value: impl Into<Nm>) -> Self {
        self.field(9, value.into())
    }

    /// AIP-10 Duration Units: CNE (CE 2.3-2.5.1).
    pub fn duration_units(self, value: impl Into<Cwe>) -> Self {
        self.field(10, value.into())
    }

    /// AIP-11 Allow Substitution Code: CWE (IS 2.3-2.6).
    pub fn allow_substitution_code(self, value: impl Into<Cwe>) -> Self {
        self.field(11, value.into())
    }

    /// AIP-12 Filler Status Code: CWE (CE 2.3-2.5.1).
    pub fn filler_status_code(self, value: impl Into<Cwe>) -> Self {
        self.field(12, value.into())
    }
}

impl Txa {
    /// TXA-1 Set ID- TXA: SI.
    pub fn set_id(self, value: impl Into<Si>) -> Self {
        self.field(1, value.into())
    }

    /// TXA-2 Document Type: CWE (IS 2.3-2.6).
    pub fn document_type(self, value: impl Into<Cwe>) -> Self {
        self.field(2, value.into())
    }

    /// TXA-3 Document Content Presentation: ID.
    pub fn document_content_presentation(self, value: impl Into<Id>) -> Self {
        self.field(3, value.into())
    }

    /// TXA-4 Activity Date/Time: DTM (TS 2.3-2.5.1).
    pub fn activity_date_time(self, value: impl Into<Dtm>) -> Self {
        self.field(4, value.into())
    }

    /// TXA-5 Primary Activity Provider Code/Name: XCN.
    pub fn primary_activity_provider_code_name(self, value: impl Into<Xcn>) -> Self {
        self.add(5, value.into())
    }

    /// TXA-6 Origination Date/Time: DTM (TS 2.3-2.5.1).
    pub fn origination_date_time(self, value: impl Into<Dtm>) -> Self {
        self.field(6, value.into())
    }

    /// TXA-7 Transcription Date/Time: DTM (TS 2.3-2.5.1).
    pub fn transcription_date_time(self, value: impl Into<Dtm>) -> Self {
        self.field(7, value.into())
    }

    /// TXA-8 Edit Date/Time: DTM (TS 2.3-2.5.1).
    pub fn edit_date_time(self, value: impl Into<Dtm>) -> Self {
        self.add(8, value.into())
    }

    /// TXA-9 Originator Code/Name: XCN.
    pub fn originator_code_name(self, value: impl Into<Xcn>) -> Self {
        self.add(9, value.into())
    }

    /// TXA-10 Assigned Document Authenticator: XCN.
    pub fn assigned_document_authenticator(self, value: impl Into<Xcn>) -> Self {
        self.add(10, value.into())
    }

    /// TXA-11 Transcriptionist Code/Name: XCN.
    pub fn transcriptionist_code_name(self, value: impl Into<Xcn>) -> Self {
        self.add(11, value.into())
    }

    /// TXA-12 Unique Document Number: EI.
    pub fn unique_document_number(self, value: impl Into<Ei>) -> Self {
        self.field(12, value.into())
    }

    /// TXA-13 Parent Document Number: EI.
    pub fn parent_document_number(self, value: impl Into<Ei>) -> Self {
        self.field(13, value.into())
    }

    /// TXA-14 Placer Order Number: EI.
    pub fn placer_order_number(self, value: impl Into<Ei>) -> Self {
        self.add(14, value.into())
    }

    /// TXA-15 Filler Order Number: EI.
    pub fn filler_order_number(self, value: impl Into<Ei>) -> Self {
        self.field(15, value.into())
    }

    /// TXA-16 Unique Document File Name: ST.
    pub fn unique_document_file_name(self, value: impl Into<St>) -> Self {
        self.field(16, value.into())
    }

    /// TXA-17 Document Completion Status: ID.
    pub fn document_completion_status(self, value: impl Into<Id>) -> Self {
        self.add(17, value.into())
    }

    /// TXA-18 Document Confidentiality Status: ID.
    pub fn document_confidentiality_status(self, value: impl Into<Id>) -> Self {
        self.field(18, value.into())
    }

    /// TXA-19 Document Availability Status: ID.
    pub fn document_availability_status(self, value: impl Into<Id>) -> Self {
        self.field(19, value.into())
    }

    /// TXA-20 Document Storage Status: ID.
    pub fn document_storage_status(self, value: impl Into<Id>) -> Self {
        self.field(20, value.into())
    }

    /// TXA-21 Document Change Reason: ST.
    pub fn document_change_reason(self, value: impl Into<St>) -> Self {
        self.field(21, value.into())
    }

    /// TXA-22 Authentication Person, Time Stamp (set): PPN.
    pub fn authentication_person_time_stamp_set(self, value: impl Into<Ppn>) -> Self {
        self.add(22, value.into())
    }

    /// TXA-23 Distributed Copies (Code and Name of Recipient(s) ): XCN.
    pub fn distributed_copies_code_and_name_of_recipient_s(self, value: impl Into<Xcn>) -> Self {
        self.add(23, value.into())
    }

    /// TXA-24 Folder Assignment: CWE.
    pub fn folder_assignment(self, value: impl Into<Cwe>) -> Self {
        self.add(24, value.into())
    }

    /// TXA-25 Document Title: ST.
    pub fn document_title(self, value: impl Into<St>) -> Self {
        self.add(25, value.into())
    }

    /// TXA-26 Agreed Due Date/Time: DTM.
    pub fn agreed_due_date_time(self, value: impl Into<Dtm>) -> Self {
        self.field(26, value.into())
    }

    /// TXA-27 Creating Facility: HD.
    pub fn creating_facility(self, value: impl Into<Hd>) -> Self {
        self.field(27, value.into())
    }

    /// TXA-28 Creating Specialty: CWE.
    pub fn creating_specialty(self, value: impl Into<Cwe>) -> Self {
        self.field(28, value.into())
    }
}

/// The markers that tell the types apart.
pub mod kind {
    /// MSH: Message Header.
    #[derive(Clone, Copy, Debug)]
    pub struct Msh;
    /// SFT: Software Segment.
    #[derive(Clone, Copy, Debug)]
    pub struct Sft;
    /// EVN: Event Type.
    #[derive(Clone, Copy, Debug)]
    pub struct Evn;
    /// PID: Patient Identification.
    #[derive(Clone, Copy, Debug)]
    pub struct Pid;
    /// PD1: Patient Additional Demographic.
    #[derive(Clone, Copy, Debug)]
    pub struct Pd1;
    /// NK1: Next of Kin / Associated Parties.
    #[derive(Clone, Copy, Debug)]
    pub struct Nk1;
    /// PV1: Patient Visit.
    #[derive(Clone, Copy, Debug)]
    pub struct Pv1;
    /// PV2: Patient Visit - Additional Information.
    #[derive(Clone, Copy, Debug)]
    pub struct Pv2;
    /// AL1: Patient Allergy Information.
    #[derive(Clone, Copy, Debug)]
    pub struct Al1;
    /// IAM: Patient Adverse Reaction Information.
    #[derive(Clone, Copy, Debug)]
    pub struct Iam;
    /// DG1: Diagnosis.
    #[derive(Clone, Copy, Debug)]
    pub struct Dg1;
    /// PR1: Procedures.
    #[derive(Clone, Copy, Debug)]
    pub struct Pr1;
    /// ROL: Role.
    #[derive(Clone, Copy, Debug)]
    pub struct Rol;
    /// PRT: Participation Information.
    #[derive(Clone, Copy, Debug)]
    pub struct Prt;
    /// GT1: Guarantor.
    #[derive(Clone, Copy, Debug)]
    pub struct Gt1;
    /// IN1: Insurance.
    #[derive(Clone, Copy, Debug)]
    pub struct In1;
    /// ACC: Accident.
    #[derive(Clone, Copy, Debug)]
    pub struct Acc;
    /// MRG: Merge Patient Information.
    #[derive(Clone, Copy, Debug)]
    pub struct Mrg;
    /// NTE: Notes and Comments.
    #[derive(Clone, Copy, Debug)]
    pub struct Nte;
    /// ORC: Common Order.
    #[derive(Clone, Copy, Debug)]
    pub struct Orc;
    /// OBR: Observation Request.
    #[derive(Clone, Copy, Debug)]
    pub struct Obr;
    /// OBX: Observation/Result.
    #[derive(Clone, Copy, Debug)]
    pub struct Obx;
    /// SPM: Specimen.
    #[derive(Clone, Copy, Debug)]
    pub struct Spm;
    /// TQ1: Timing/Quantity.
    #[derive(Clone, Copy, Debug)]
    pub struct Tq1;
    /// RXO: Pharmacy/Treatment Order.
    #[derive(Clone, Copy, Debug)]
    pub struct Rxo;
    /// RXE: Pharmacy/Treatment Encoded Order.
    #[derive(Clone, Copy, Debug)]
    pub struct Rxe;
    /// RXC: Pharmacy/Treatment Component Order.
    #[derive(Clone, Copy, Debug)]
    pub struct Rxc;
    /// RXR: Pharmacy/Treatment Route.
    #[derive(Clone, Copy, Debug)]
    pub struct Rxr;
    /// RXA: Pharmacy/Treatment Administration.
    #[derive(Clone, Copy, Debug)]
    pub struct Rxa;
    /// FT1: Financial Transaction.
    #[derive(Clone, Copy, Debug)]
    pub struct Ft1;
    /// SCH: Scheduling Activity Information.
    #[derive(Clone, Copy, Debug)]
    pub struct Sch;
    /// RGS: Resource Group.
    #[derive(Clone, Copy, Debug)]
    pub struct Rgs;
    /// AIS: Appointment Information.
    #[derive(Clone, Copy, Debug)]
    pub struct Ais;
    /// AIG: Appointment Information - General Resource.
    #[derive(Clone, Copy, Debug)]
    pub struct Aig;
    /// AIL: Appointment Information - Location Resource.
    #[derive(Clone, Copy, Debug)]
    pub struct Ail;
    /// AIP: Appointment Information - Personnel Resource.
    #[derive(Clone, Copy, Debug)]
    pub struct Aip;
    /// TXA: Transcription Document Header.
    #[derive(Clone, Copy, Debug)]
    pub struct Txa;
}

impl SegmentKind for kind::Msh {
    const NAME: &'static str = "MSH";
}
impl SegmentKind for kind::Sft {
    const NAME: &'static str = "SFT";
}
impl SegmentKind for kind::Evn {
    const NAME: &'static str = "EVN";
}
impl SegmentKind for kind::Pid {
    const NAME: &'static str = "PID";
}
impl SegmentKind for kind::Pd1 {
    const NAME: &'static str = "PD1";
}
impl SegmentKind for kind::Nk1 {
    const NAME: &'static str = "NK1";
}
impl SegmentKind for kind::Pv1 {
    const NAME: &'static str = "PV1";
}
impl SegmentKind for kind::Pv2 {
    const NAME: &'static str = "PV2";
}
impl SegmentKind for kind::Al1 {
    const NAME: &'static str = "AL1";
}
impl SegmentKind for kind::Iam {
    const NAME: &'static str = "IAM";
}
impl SegmentKind for kind::Dg1 {
    const NAME: &'static str = "DG1";
}
impl SegmentKind for kind::Pr1 {
    const NAME: &'static str = "PR1";
}
impl SegmentKind for kind::Rol {
    const NAME: &'static str = "ROL";
}
impl SegmentKind for kind::Prt {
    const NAME: &'static str = "PRT";
}
impl SegmentKind for kind::Gt1 {
    const NAME: &'static str = "GT1";
}
impl SegmentKind for kind::In1 {
    const NAME: &'static str = "IN1";
}
impl SegmentKind for kind::Acc {
    const NAME: &'static str = "ACC";
}
impl SegmentKind for kind::Mrg {
    const NAME: &'static str = "MRG";
}
impl SegmentKind for kind::Nte {
    const NAME: &'static str = "NTE";
}
impl SegmentKind for kind::Orc {
    const NAME: &'static str = "ORC";
}
impl SegmentKind for kind::Obr {
    const NAME: &'static str = "OBR";
}
impl SegmentKind for kind::Obx {
    const NAME: &'static str = "OBX";
}
impl SegmentKind for kind::Spm {
    const NAME: &'static str = "SPM";
}
impl SegmentKind for kind::Tq1 {
    const NAME: &'static str = "TQ1";
}
impl SegmentKind for kind::Rxo {
    const NAME: &'static str = "RXO";
}
impl SegmentKind for kind::Rxe {
    const NAME: &'static str = "RXE";
}
impl SegmentKind for kind::Rxc {
    const NAME: &'static str = "RXC";
}
impl SegmentKind for kind::Rxr {
    const NAME: &'static str = "RXR";
}
impl SegmentKind for kind::Rxa {
    const NAME: &'static str = "RXA";
}
impl SegmentKind for kind::Ft1 {
    const NAME: &'static str = "FT1";
}
impl SegmentKind for kind::Sch {
    const NAME: &'static str = "SCH";
}
impl SegmentKind for kind::Rgs {
    const NAME: &'static str = "RGS";
}
impl SegmentKind for kind::Ais {
    const NAME: &'static str = "AIS";
}
impl SegmentKind for kind::Aig {
    const NAME: &'static str = "AIG";
}
impl SegmentKind for kind::Ail {
    const NAME: &'static str = "AIL";
}
impl SegmentKind for kind::Aip {
    const NAME: &'static str = "AIP";
}
impl SegmentKind for kind::Txa {
    const NAME: &'static str = "TXA";
}
