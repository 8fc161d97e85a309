//! One function for each datatype map of the official guide: from a part of a message to a FHIR datatype.
//!
//! `Ok(None)` is "nothing there"; `Err` is "something there that cannot be used".

pub(crate) mod cq;
pub(crate) mod cwe;
pub(crate) mod cx;
pub(crate) mod dr;
pub(crate) mod dtm;
pub(crate) mod ed;
pub(crate) mod ei;
pub(crate) mod hd;
pub(crate) mod nm;
pub(crate) mod pl;
pub(crate) mod sn;
pub(crate) mod value;
pub(crate) mod xad;
pub(crate) mod xcn;
pub(crate) mod xon;
pub(crate) mod xpn;
pub(crate) mod xtn;

use carewire_fhir_core::types::{Extension, ExtensionValue};

use super::row::{Found, Outcome};

/// Adds an extension with this value, if there is one.
pub(crate) fn extend(to: &mut Vec<Extension>, url: &str, found: Found<ExtensionValue>) -> Outcome {
    to.extend(found?.map(|value| Extension::new(url, value)));
    Ok(())
}

/// A text as the value of an extension.
pub(crate) fn text_value(text: Option<String>) -> Found<ExtensionValue> {
    Ok(text.map(ExtensionValue::String))
}

/// `data-absent-reason`: the element is there to say that its value is not known.
pub(crate) fn unknown() -> Extension {
    let url = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";
    Extension::new(url, ExtensionValue::Code("unknown".into()))
}
