//! The map of a message as a whole.

use carewire_fhir_core::types::Identifier;
use carewire_fhir_core::{BundleBuilder, BundleEntry, BundleType, Request, Resource};

use super::context::Context;
use super::entries::Entry;
use super::node::{field_text, repetitions};
use super::report::{Issue, Trace, Unmapped};
use super::resolver::encode;
use super::{MapOptions, PatientIdentity, datatype, message};
use crate::Message;

/// A message as a Bundle, and what there is to say about it.
///
/// The Bundle holds what the message says about people. `Debug` does not show it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Mapped {
    /// The Bundle.
    pub bundle: Resource,
    /// The patients of the message, in its order, with the `fullUrl` of their entries.
    pub patients: Vec<MappedPatient>,
    /// What the reader of the Bundle should know.
    pub issues: Vec<Issue>,
    /// The fields with content that no row read.
    pub unmapped: Vec<Unmapped>,
    /// Where each element came from; empty unless [`MapOptions::trace`] asks for it.
    pub trace: Vec<Trace>,
}

/// A patient of a Bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MappedPatient {
    /// What the patient is known by.
    pub identity: PatientIdentity,
    /// The `fullUrl` of the entry.
    pub full_url: String,
}

/// Why a message has no Bundle. Sending it again will not help.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MapError {
    /// There is no map for this type of message.
    #[error("no map for messages of type {code}^{event}")]
    UnsupportedType {
        /// MSH-9.1
        code: String,
        /// MSH-9.2
        event: String,
    },
    /// The message is of a type that is about a patient, and has no PID.
    #[error("the message has no PID segment")]
    NoPatient,
    /// PID-3, PID-2 and PID-4 are empty: nothing says who the patient is.
    #[error("the PID segment has no patient identifier")]
    NoPatientIdentity,
    /// The message is about a merge, and has no MRG: nothing says what is replaced.
    #[error("the message has no MRG segment")]
    NoMerge,
}

/// Maps a message to a Bundle.
///
/// The same message gives the same Bundle. Every resource has an identity: a system and a value among its identifiers;
/// its `fullUrl` is a UUID made from them, and in a transaction its entry is a conditional update by them. All
/// references point to entries of the Bundle.
///
/// ```
/// use carewire_fhir_core::{OrgId, entries};
/// use carewire_hl7_v2::{Message, ParseOptions, fhir::{MapOptions, map}};
///
/// let bytes = b"MSH|^~\\&|ADT|GEN|||20240305101500+0100||ADT^A01|1|P|2.5\rPID|1||7^^^GEN^MR||Doe^Jo\rPV1|1|I|ICU^2";
/// let message = Message::parse(bytes, &ParseOptions::default())?;
/// let mapped = map(&message, &MapOptions::new(OrgId::new("clinic")?))?;
/// let patient = entries(&mapped.bundle).next().ok_or("empty")?;
/// assert_eq!(patient.request_url, Some("Patient?identifier=urn%3Acarewire%3Aauthority%3Aclinic%3AGEN%7C7"));
/// assert_eq!(mapped.patients[0].identity.value, "7");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`MapError`] when the type has no map, or nothing says who the patient is.
pub fn map(message: &Message<'_>, options: &MapOptions) -> Result<Mapped, MapError> {
    let mut context = Context::new(message, options);
    message::map(message, &mut context)?;
    let unmapped = context.unmapped(message);
    let Context { entries, issues, mut traces, .. } = context;
    let mut entries = entries.into_list();
    header_first(&mut entries, &mut traces);
    let patients =
        entries.iter().filter(|entry| entry.identity.resource_type == "Patient").map(patient).collect();
    Ok(Mapped { bundle: bundle(message, entries, options), patients, issues, unmapped, trace: traces })
}

/// The header is made last, when it is known what the message is about, and stands first.
fn header_first(entries: &mut [Entry], traces: &mut [Trace]) {
    let is_header = |entry: &Entry| entry.identity.resource_type == "MessageHeader";
    let Some(made) = entries.iter().position(is_header) else { return };
    if let Some(until) = entries.get_mut(..=made) {
        until.rotate_right(1);
    }
    for trace in traces {
        match trace.entry.cmp(&made) {
            std::cmp::Ordering::Less => trace.entry += 1,
            std::cmp::Ordering::Equal => trace.entry = 0,
            std::cmp::Ordering::Greater => {}
        }
    }
}

fn patient(entry: &Entry) -> MappedPatient {
    let identity =
        PatientIdentity { system: entry.identity.system.clone(), value: entry.identity.value.clone() };
    MappedPatient { identity, full_url: entry.full_url.clone() }
}

fn bundle(message: &Message<'_>, entries: Vec<Entry>, options: &MapOptions) -> Resource {
    let kind = match options.bundle {
        kind @ (BundleType::Transaction | BundleType::Batch | BundleType::Message) => kind,
        _ => BundleType::Collection,
    };
    let head = head(BundleBuilder::new(kind), message, options);
    let with_requests = options.has_requests();
    entries.into_iter().fold(head, |builder, entry| builder.entry(bundle_entry(entry, with_requests))).build()
}

/// A message Bundle carries the control id and the time of the message.
fn head(builder: BundleBuilder, message: &Message<'_>, options: &MapOptions) -> BundleBuilder {
    let Some(msh) = message.segment("MSH").filter(|_| options.bundle == BundleType::Message) else {
        return builder;
    };
    let mut context = Context::new(message, options);
    let system = format!("{}:control-id", datatype::hd::system(None, &context));
    let identifier = field_text(&msh, 10).map(|value| Identifier {
        system: Some(system),
        value: Some(value),
        ..Identifier::default()
    });
    let time =
        repetitions(&msh, 7).next().and_then(|node| datatype::dtm::instant(&node, &mut context).ok()?);
    let builder = identifier.map_or(builder.clone(), |identifier| builder.identifier(&identifier));
    time.map_or(builder.clone(), |time| builder.timestamp(&time))
}

fn bundle_entry(entry: Entry, with_request: bool) -> BundleEntry {
    let identity = &entry.identity;
    let resource_type = &identity.resource_type;
    let request = if matches!(resource_type.as_str(), "Provenance" | "MessageHeader") {
        Request::create(resource_type)
    } else {
        let query = encode(&format!("{}|{}", identity.system, escape(&identity.value)));
        Request::update(format!("{resource_type}?identifier={query}"))
    };
    let bundle_entry = BundleEntry::new(entry.resource).full_url(entry.full_url);
    if with_request { bundle_entry.request(request) } else { bundle_entry }
}

/// In a search, a comma, a bar and a dollar sign inside a value stand behind a backslash.
fn escape(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    for c in value.chars() {
        if matches!(c, ',' | '|' | '$' | '\\') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_one_parameter_whatever_the_value() {
        let identity = super::super::entries::Identity::new("Patient", "urn:x", "A&B|1,2 é");
        let entry = Entry { full_url: identity.full_url(), identity, resource: Resource::new("Patient") };
        let request = bundle_entry(entry, true).request.unwrap();
        assert_eq!(request.url, "Patient?identifier=urn%3Ax%7CA%26B%5C%7C1%5C%2C2%20%C3%A9");
    }

    /// Eight thousand results of one report, each with an issue and a note; and eight thousand that share one number.
    #[test]
    fn a_long_message_is_mapped_whole() {
        const MANY: usize = 8_000;
        let result =
            |n: usize| [format!("OBX|{n}|NM|{n}^X^L||x||||||F"), format!("NTE|1||note {n}")].join("\r");
        let sharing = |n: usize| format!("OBX|{n}|ST|{n}^X^L||x||||||F||||||||||SAME");
        let counted = |segments: Vec<String>| {
            let segments: Vec<&str> =
                ["OBR|1||F1|A^B^L"].into_iter().chain(segments.iter().map(String::as_str)).collect();
            let mapped = super::super::testing::mapped("ORU^R01", &segments);
            let report = super::super::testing::of_type(&mapped, "DiagnosticReport").concat();
            (report.matches("\"reference\"").count(), mapped.issues.len())
        };
        let (results, issues) = counted((1..=MANY).map(result).collect());
        assert!(results > MANY && issues > MANY, "{results} {issues}");
        let (results, issues) = counted((1..=MANY).map(sharing).collect());
        assert!(results > MANY && issues >= MANY - 1, "{results} {issues}");
    }
}
