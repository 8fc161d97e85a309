//! What is needed before a message is acknowledged: who sent it, which one it is, whom it is about.

use std::borrow::Cow;
use std::fmt;

use crate::{Field, Message, ParseError, ParseOptions, Repetition};

/// The header and the patient identifiers of a message. `Debug` shows what is there, not what it says.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Peek {
    /// MSH-3.1.
    pub sending_application: Option<String>,
    /// MSH-4.1.
    pub sending_facility: Option<String>,
    /// MSH-10.
    pub control_id: Option<String>,
    /// MSH-9.1, as in `ADT`.
    pub message_code: Option<String>,
    /// MSH-9.2, as in `A01`.
    pub trigger_event: Option<String>,
    /// MSH-12.1, as in `2.5.1`.
    pub version: Option<String>,
    /// MSH-11.1, as in `P`.
    pub processing_id: Option<String>,
    /// The repetitions of PID-3 that hold an identifier, in order.
    pub patient_ids: Vec<PatientId>,
    /// The repetitions of MRG-1 that hold an identifier, in order: the patient that a merge gives up.
    pub prior_patient_ids: Vec<PatientId>,
    /// How many findings a full look at the message has.
    pub diagnostics: usize,
}

/// An identifier of a patient (a CX). `Debug` shows what is there, not what it says.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PatientId {
    /// CX.1.
    pub value: String,
    /// CX.4.1.
    pub authority_namespace: Option<String>,
    /// CX.4.2.
    pub authority_universal_id: Option<String>,
    /// CX.4.3, as in `ISO`.
    pub authority_universal_id_type: Option<String>,
    /// CX.5, as in `MR`.
    pub type_code: Option<String>,
}

/// Reads the header and the patient identifiers.
///
/// ```
/// use carewire_hl7_v2::{ParseOptions, light::peek};
///
/// let bytes = b"MSH|^~\\&|ADT|GEN|||20240301||ADT^A08|7|P|2.5\rPID|1||5^^^GEN&1.2&ISO^MR~\"\"\r";
/// let peek = peek(bytes, &ParseOptions::default())?;
/// assert_eq!((peek.control_id.as_deref(), peek.trigger_event.as_deref()), (Some("7"), Some("A08")));
/// let [id] = &peek.patient_ids[..] else { panic!("one identifier") };
/// assert_eq!((id.value.as_str(), id.authority_universal_id.as_deref()), ("5", Some("1.2")));
/// # Ok::<(), carewire_hl7_v2::ParseError>(())
/// ```
///
/// # Errors
/// As [`Message::parse`].
pub fn peek(bytes: &[u8], options: &ParseOptions) -> Result<Peek, ParseError> {
    let message = Message::parse(bytes, options)?;
    let ids = |segment: &str, field: usize| message.segment(segment).and_then(|segment| segment.field(field));
    Ok(Peek {
        sending_application: owned(message.sending_application()),
        sending_facility: owned(message.sending_facility()),
        control_id: owned(message.control_id()),
        message_code: owned(message.message_code()),
        trigger_event: owned(message.trigger_event()),
        version: owned(message.version()),
        processing_id: owned(message.processing_id()),
        patient_ids: patient_ids(ids("PID", 3)),
        prior_patient_ids: patient_ids(ids("MRG", 1)),
        diagnostics: message.diagnostics().len(),
    })
}

fn patient_ids(field: Option<Field<'_>>) -> Vec<PatientId> {
    field.iter().flat_map(Field::repetitions).filter_map(patient_id).collect()
}

fn patient_id(id: Repetition<'_>) -> Option<PatientId> {
    let authority = |n| owned(id.component(4)?.subcomponent(n)?.value());
    Some(PatientId {
        value: owned(id.component(1)?.value())?,
        authority_namespace: authority(1),
        authority_universal_id: authority(2),
        authority_universal_id_type: authority(3),
        type_code: id.component(5).and_then(|code| owned(code.value())),
    })
}

fn owned(text: Option<Cow<'_, str>>) -> Option<String> {
    text.map(Cow::into_owned)
}

impl fmt::Debug for Peek {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Peek")
            .field("has_control_id", &self.control_id.is_some())
            .field("patient_ids", &self.patient_ids.len())
            .field("prior_patient_ids", &self.prior_patient_ids.len())
            .field("diagnostics", &self.diagnostics)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for PatientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PatientId")
            .field("has_namespace", &self.authority_namespace.is_some())
            .field("has_universal_id", &self.authority_universal_id.is_some())
            .field("has_type", &self.type_code.is_some())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MERGE: &[u8] = b"MSH|^~\\&|ADT|GEN|||20240301||ADT^A40|7|P|2.5\rEVN|A40\r\
        PID|1|X|KEEP^^^GEN^MR~^^^EMPTY~9\rMRG|GONE^^^GEN^MR\r";

    #[test]
    fn a_merge_names_both_patients() {
        let peek = peek(MERGE, &ParseOptions::default()).unwrap();
        let values = |ids: &[PatientId]| ids.iter().map(|id| id.value.clone()).collect::<Vec<_>>();
        assert_eq!(values(&peek.patient_ids), ["KEEP", "9"]);
        assert_eq!(values(&peek.prior_patient_ids), ["GONE"]);
        assert_eq!(peek.patient_ids[1].authority_namespace, None);
    }

    #[test]
    fn debug_shows_no_value() {
        let peek = peek(MERGE, &ParseOptions::default()).unwrap();
        let shown = format!("{peek:?} {:?}", peek.patient_ids);
        assert!(!shown.contains("KEEP") && !shown.contains("GONE") && !shown.contains("GEN"), "{shown}");
    }

    #[test]
    fn a_message_without_a_patient_has_no_identifiers() {
        let peek = peek(b"MSH|^~\\&|A\r", &ParseOptions::default()).unwrap();
        assert!(peek.patient_ids.is_empty() && peek.control_id.is_none());
    }
}
