//! One function for each datatype map of the official guide: from a part of a message to a FHIR datatype.
//!
//! `Ok(None)` is "nothing there"; `Err` is "something there that cannot be used". The constants carry the names of the
//! guide: `CX[Identifier]` is [`CX_IDENTIFIER`].

#[cfg(test)]
mod coverage;
pub(crate) mod cq;
pub(crate) mod cwe;
pub(crate) mod cx;
pub(crate) mod dr;
pub(crate) mod dtm;
pub(crate) mod duration;
pub(crate) mod ed;
pub(crate) mod ei;
pub(crate) mod hd;
pub(crate) mod id;
pub(crate) mod instant;
pub(crate) mod kin;
pub(crate) mod maps;
pub(crate) mod msg;
pub(crate) mod named;
pub(crate) mod nm;
pub(crate) mod nr;
pub(crate) mod og;
pub(crate) mod pl;
pub(crate) mod sn;
pub(crate) mod span;
pub(crate) mod sps;
pub(crate) mod st;
pub(crate) mod table;
pub(crate) mod timing;
#[cfg(test)]
mod validity;
pub(crate) mod value;
pub(crate) mod xad;
pub(crate) mod xcn;
pub(crate) mod xon;
pub(crate) mod xpn;
pub(crate) mod xtn;

pub(crate) use cq::{CQ_DECIMAL, CQ_QUANTITY};
pub(crate) use cwe::{CWE_CODE, CWE_CODEABLE_CONCEPT, CWE_CODED, CWE_STRING, ID_CODE};
pub(crate) use cx::{
    CX_IDENTIFIER, CX_RELATED_PERSON_MOTHER, CX_STRING, CX_TYPED, DLN_IDENTIFIER, PLN_IDENTIFIER,
    ST_IDENTIFIER,
};
pub(crate) use dr::{DR_DATE_TIME, DR_PERIOD};
pub(crate) use dtm::{DTM_ANNOTATION_TIME, DTM_DATE, DTM_DATE_TIME, DTM_INSTANT, TS_DATE_TIME};
pub(crate) use duration::{CQ_CODE, CQ_UNSIGNED_INT};
pub(crate) use ed::{ED_ATTACHMENT, ED_DOCUMENT_REFERENCE, RP_ATTACHMENT, RP_DOCUMENT_REFERENCE};
pub(crate) use ei::{
    EI_CODING, EI_CONDITION, EI_DEVICE_UDI_CARRIER, EI_IDENTIFIER_DEFAULT_ASSIGNER, EI_IDENTIFIER_EXTENSION,
    EI_IDENTIFIER_ORGANIZATION, EI_IDENTIFIER_SYSTEM, EI_PROCEDURE, EI_TYPED,
    EIP_IDENTIFIER_FILLER_ASSIGNED_IDENTIFIER, EIP_IDENTIFIER_PLACER_ASSIGNED_IDENTIFIER,
};
pub(crate) use hd::{
    HD_DEVICE, HD_IDENTIFIER, HD_LOCATION, HD_MESSAGE_HEADER_DESTINATION_ENDPOINT,
    HD_MESSAGE_HEADER_DESTINATION_NAME, HD_MESSAGE_HEADER_SOURCE_ENDPOINT, HD_MESSAGE_HEADER_SOURCE_NAME,
    HD_ORGANIZATION, HD_URI,
};
pub(crate) use id::{
    ID_BOOLEAN, ID_CODE_AS_IT_IS, ID_CODEABLE_CONCEPT, ID_CODEABLE_CONCEPT_UNIVERSAL_ID, ID_CODED, ID_CODING,
    ID_STRING, IS_CODE, IS_CODEABLE_CONCEPT, IS_STRING,
};
pub(crate) use kin::{
    CE_CODEABLE_CONCEPT, CF_CODEABLE_CONCEPT, CNE_CODEABLE_CONCEPT, CWE_ANNOTATION, CWE_CODING,
    CWE_CODING_AS_IT_IS, CWE_IDENTIFIERS, CWE_QUANTITY, CWE_TIMING_DURATION_UNIT, CWE_URI,
};
pub(crate) use msg::{MSG_CODE, MSG_CODING, MSG_MESSAGE_HEADER, PT_META};
pub(crate) use named::{
    CWE_DEVICE, CWE_OBSERVATION_SUPPORTING_INFO, CWE_ORGANIZATION, CWE_PRACTITIONER_ROLE,
    DLD_LOCATION_DISCHARGE,
};
pub(crate) use nm::{NM_DECIMAL, NM_POSITIVE_INT, NM_QUANTITY, NM_QUANTITY_LENGTH_OF_STAY, NM_UNSIGNED_INT};
pub(crate) use nr::{NA_SAMPLED_DATA, NR_RANGE};
pub(crate) use og::OG_EXTENSION_SUBIDENTIFIER;
pub(crate) use pl::PL_LOCATION;
pub(crate) use sn::{SN_QUANTITY, SN_RANGE, SN_RATIO};
pub(crate) use sps::SPS_SPECIMEN_SOURCE;
pub(crate) use st::{FT_ANNOTATION_COMMENT, ST_CODEABLE_CONCEPT, ST_STRING};
pub(crate) use timing::{RI_TIMING, RPT_TIMING, TQ_SERVICE_REQUEST};
pub(crate) use xad::{SAD_ADDRESS, XAD_ADDRESS};
pub(crate) use xcn::{
    CNN_PRACTITIONER, NDL_PRACTITIONER_ROLE, XCN_ANNOTATION_AUTHOR, XCN_PATIENT, XCN_PRACTITIONER,
    XCN_PRACTITIONER_ROLE, XCN_RELATED_PERSON, XCN_ROLE,
};
pub(crate) use xon::{XON_LOCATION, XON_ORGANIZATION, XON_STRING};
pub(crate) use xpn::{FN_HUMAN_NAME, XPN_HUMAN_NAME, XPN_NAMES, XPN_STRING};
pub(crate) use xtn::{XTN_CONTACT_POINT, XTN_USE};
