//! What is needed before a message is acknowledged: who sent it, which one it is, whom it is about.

use std::borrow::Cow;
use std::fmt;

use memchr::memchr_iter;

use crate::{
    Component, Diagnostic, DiagnosticKind, Field, Message, ParseError, ParseOptions, Repetition, Segment,
    lead_in,
};

/// The header and the patient identifiers of a message. What the patient is known by is as the map reads it: without
/// control characters, and without white space around it. `Debug` shows what is there, not what it says.
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
    /// The repetitions of PID-3 that hold an identifier, in order; of PID-2 when PID-3 holds none, and of PID-4 when
    /// neither does.
    pub patient_ids: Vec<PatientId>,
    /// The repetitions of MRG-1 that hold an identifier, in order: the patient that a merge gives up.
    pub prior_patient_ids: Vec<PatientId>,
    /// The identifiers of each further patient, in order: of every PID behind the first, as for that one, and of every MRG,
    /// from MRG-1, or MRG-2 when MRG-1 holds none, or MRG-4 when neither does.
    pub further_patients: Vec<Vec<PatientId>>,
    /// Whether the header of another message stands in it, at the beginning of a line or behind a VT: two messages in one
    /// frame, or one that broke off and the next. What stands behind it is of another message, perhaps of another patient.
    pub holds_another: bool,
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
    let header = |n| message.segment("MSH").and_then(|msh| first_part(msh.field(n)?.component(1)));
    Ok(Peek {
        sending_application: header(3),
        sending_facility: header(4),
        control_id: owned(message.control_id()),
        message_code: owned(message.message_code()),
        trigger_event: owned(message.trigger_event()),
        version: owned(message.version()),
        processing_id: owned(message.processing_id()),
        patient_ids: message.segment("PID").map(|pid| ids_of_patient(&pid)).unwrap_or_default(),
        prior_patient_ids: patient_ids(message.segment("MRG").and_then(|mrg| mrg.field(1))),
        further_patients: further_patients(&message),
        holds_another: holds_another(&message, bytes),
        diagnostics: message.diagnostics().len(),
    })
}

fn holds_another(message: &Message<'_>, bytes: &[u8]) -> bool {
    let repeated = |found: &Diagnostic| found.kind() == DiagnosticKind::RepeatedHeader;
    let first = message.segment_at(0).map_or(0, |header| header.span().start);
    let begins = |at: usize| bytes.get(at..).is_some_and(lead_in::begins_message);
    message.diagnostics().iter().any(repeated) || memchr_iter(VT, bytes).filter(|at| *at >= first).any(begins)
}

/// Begins a frame of MLLP.
const VT: u8 = 0x0B;

/// What stands before and after MSH-7, the time at which the message was sent; everything and nothing where there is no
/// MSH-7, or the bytes do not begin with `MSH`.
///
/// A sender that repeats a message may set its time anew: whoever wants to know whether two messages are the same compares
/// these parts.
///
/// ```
/// use carewire_hl7_v2::light::around_message_time;
/// let [before, after] = around_message_time(b"MSH|^~\\&|A|B|C|D|20260101||ADT^A01|1\rPID|1");
/// assert_eq!((before, after), (&b"MSH|^~\\&|A|B|C|D|"[..], &b"||ADT^A01|1\rPID|1"[..]));
/// ```
#[must_use]
pub fn around_message_time(bytes: &[u8]) -> [&[u8]; 2] {
    let whole = [bytes, &[][..]];
    let header = bytes.iter().position(|byte| matches!(byte, b'\r' | b'\n')).unwrap_or(bytes.len());
    let (Some(true), Some(separator)) = (bytes.get(..3).map(|name| name == b"MSH"), bytes.get(3)) else {
        return whole;
    };
    // MSH-1 is the separator itself: MSH-7 stands between the sixth and the seventh one.
    let mut separators = bytes
        .iter()
        .enumerate()
        .take(header)
        .filter(|(_, byte)| *byte == separator)
        .map(|(at, _)| at)
        .skip(5);
    let Some(start) = separators.next() else { return whole };
    let end = separators.next().unwrap_or(header);
    match (bytes.get(..=start), bytes.get(end..)) {
        (Some(before), Some(after)) => [before, after],
        _ => whole,
    }
}

/// The fields of PID that hold identifiers of the patient, the best first.
pub(crate) const PATIENT_ID_FIELDS: [u16; 3] = [3, 2, 4];

/// The fields of MRG that may say who the patient is, the best first.
pub(crate) const PRIOR_ID_FIELDS: [u16; 3] = [1, 2, 4];

fn ids_of_patient(pid: &Segment<'_>) -> Vec<PatientId> {
    first_ids(pid, PATIENT_ID_FIELDS)
}

fn first_ids(segment: &Segment<'_>, fields: [u16; 3]) -> Vec<PatientId> {
    let ids = fields.into_iter().map(|field| patient_ids(segment.field(usize::from(field))));
    ids.into_iter().find(|ids| !ids.is_empty()).unwrap_or_default()
}

fn further_patients(message: &Message<'_>) -> Vec<Vec<PatientId>> {
    let pids = message.segments_named("PID").skip(1).map(|pid| ids_of_patient(&pid));
    let replaced = message.segments_named("MRG").map(|mrg| first_ids(&mrg, PRIOR_ID_FIELDS));
    pids.chain(replaced).filter(|ids| !ids.is_empty()).collect()
}

fn patient_ids(field: Option<Field<'_>>) -> Vec<PatientId> {
    field.iter().flat_map(Field::repetitions).filter_map(patient_id).collect()
}

fn patient_id(id: Repetition<'_>) -> Option<PatientId> {
    let authority = |n| id.component(4)?.subcomponent(n)?.clean();
    Some(PatientId {
        value: first_part(id.component(1))?,
        authority_namespace: authority(1),
        authority_universal_id: authority(2),
        authority_universal_id_type: authority(3),
        type_code: first_part(id.component(5)),
    })
}

fn first_part(component: Option<Component<'_>>) -> Option<String> {
    component?.subcomponent(1)?.clean()
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
            .field("further_patients", &self.further_patients.len())
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
    fn every_further_patient_is_told() {
        let text = b"MSH|^~\\&|A\rPID|1||1\rMRG|2~3\rPID|2|4\rMRG||5\rMRG|||6\rPID|3\r";
        let peek = peek(text, &ParseOptions::default()).unwrap();
        let values = |ids: &Vec<PatientId>| ids.iter().map(|id| id.value.clone()).collect::<Vec<_>>();
        let further: Vec<_> = peek.further_patients.iter().map(values).collect();
        assert_eq!(further, [vec!["4"], vec!["2", "3"], vec!["5"]]);
    }

    #[test]
    fn debug_shows_no_value() {
        let peek = peek(MERGE, &ParseOptions::default()).unwrap();
        let shown = format!("{peek:?} {:?}", peek.patient_ids);
        assert!(!shown.contains("KEEP") && !shown.contains("GONE") && !shown.contains("GEN"), "{shown}");
    }

    #[test]
    fn a_patient_without_a_list_of_identifiers_is_known_by_the_older_fields() {
        let values = |pid: &str| {
            let text = format!("MSH|^~\\&|A\r{pid}\r");
            let ids = peek(text.as_bytes(), &ParseOptions::default()).unwrap().patient_ids;
            ids.into_iter().map(|id| id.value).collect::<Vec<_>>()
        };
        assert_eq!(values("PID|1|E|I|A"), ["I"]);
        assert_eq!(values("PID|1|E|\"\"~ ^^^GEN|A"), ["E"]);
        assert_eq!(values("PID|1|||A~ B&C "), ["A", "B"]);
    }

    #[test]
    fn a_message_without_a_patient_has_no_identifiers() {
        let peek = peek(b"MSH|^~\\&|A\r", &ParseOptions::default()).unwrap();
        assert!(peek.patient_ids.is_empty() && peek.control_id.is_none());
    }

    #[test]
    fn only_the_time_of_the_message_is_left_out() {
        assert_eq!(around_message_time(b"MSH|^~\\&|A|B|C|D|2026"), [&b"MSH|^~\\&|A|B|C|D|"[..], b""]);
        for odd in [&b"MSH|^~\\&|A\rPID|1|2|3|4|5|6|7"[..], b"PID|1", b"MSH", b""] {
            assert_eq!(around_message_time(odd), [odd, &[][..]]);
        }
    }

    #[test]
    fn messages_that_ran_together_are_told() {
        let one = "MSH|^~\\&|A|B|C|D|2026||ADT^A08|1|P|2.5\rPID|1||5\r";
        let told = |text: String| peek(text.as_bytes(), &ParseOptions::default()).unwrap().holds_another;
        for sound in [
            one.to_owned(),
            format!("\x0b{one}"),
            format!("{one}NTE|1||MSH|\r"),
            format!("{one}NTE|1||a\x0bb\r"),
        ] {
            assert!(!told(sound.clone()), "{sound:?}");
        }
        let cut = "MSH|^~\\&|A|B|C|D|2026||ADT^A08|1|P|2.5\rPID|1||5\rOBX|1|TX|x||half a te";
        for two in [
            one.repeat(2),
            format!("{one}\x0b{one}"),
            format!("{cut}\x0b{one}"),
            format!("{one}\rmsh#^~\\&#A"),
        ] {
            assert!(told(two.clone()), "{two:?}");
        }
    }
}
