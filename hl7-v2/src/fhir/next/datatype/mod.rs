//! One function for each datatype map of the official guide: from a part of a message to a FHIR datatype.
//!
//! `Ok(None)` is "nothing there"; `Err` is "something there that cannot be used". The constants carry the names of the
//! guide: `CX[Identifier]` is [`CX_IDENTIFIER`].

pub(crate) mod cwe;
pub(crate) mod cx;
pub(crate) mod dtm;
pub(crate) mod hd;
pub(crate) mod instant;
pub(crate) mod nm;
pub(crate) mod st;

pub(crate) use cwe::{CWE_CODE, CWE_CODEABLE_CONCEPT, CWE_CODED, CWE_STRING, ID_CODE};
pub(crate) use cx::CX_IDENTIFIER;
pub(crate) use dtm::{DTM_DATE, DTM_DATE_TIME, DTM_INSTANT};
pub(crate) use hd::HD_URI;
pub(crate) use nm::{NM_DECIMAL, NM_POSITIVE_INT, NM_QUANTITY, NM_QUANTITY_LENGTH_OF_STAY};
pub(crate) use st::ST_STRING;
