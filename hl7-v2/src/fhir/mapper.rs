//! The map of a message as a whole.

use bumpalo::Bump;
use carewire_fhir_core::{BundleType, Resource};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::context::Context;
use super::entries::Entry;
use super::node::{Seg, segments};
use super::tree::Arena;
use super::write::{self, Head};
use super::{bundle, message, segment};
use crate::Message;
use crate::fhir::report::{Issue, Trace, Unmapped};
use crate::fhir::{Change, MapError, MapOptions, MappedPatient, PatientIdentity};

/// Maps messages one after another, in memory that is kept between them.
///
/// ```
/// use carewire_fhir_core::OrgId;
/// use carewire_hl7_v2::{Message, ParseOptions, fhir::{MapOptions, Mapper}};
///
/// let mut mapper = Mapper::new(MapOptions::new(OrgId::new("clinic")?));
/// let mut json = String::new();
/// for control_id in ["1", "2"] {
///     let text = format!("MSH|^~\\&|ADT|GEN|||20240305101500+0100||ADT^A08|{control_id}|P|2.5\rPID|1||7^^^GEN^MR||Doe^Jo");
///     let message = Message::parse(text.as_bytes(), &ParseOptions::default())?;
///     json.clear();
///     let report = mapper.write(&message, &mut json)?;
///     assert_eq!(report.patients[0].identity.value, "7");
///     assert!(json.starts_with(r#"{"resourceType":"Bundle","type":"transaction","entry":["#));
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Mapper {
    options: MapOptions,
    memory: Bump,
}

/// What there is to say about a message that became a Bundle.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Report {
    /// The patients of the message, in its order, with the `fullUrl` of their entries.
    pub patients: Vec<MappedPatient>,
    /// What the reader of the Bundle should know.
    pub issues: Vec<Issue>,
    /// The fields with content that no row read.
    pub unmapped: Vec<Unmapped>,
    /// Where each element came from; empty unless [`MapOptions::trace`] asks for it.
    pub trace: Vec<Trace>,
    /// What to weigh when an entry is settled with what is known of its resource, one for each entry of the Bundle;
    /// empty unless [`MapOptions::changes`] asks for it.
    pub changes: Vec<Change>,
}

impl Mapper {
    /// A mapper with these options.
    #[must_use]
    pub fn new(options: MapOptions) -> Self {
        Self { options, memory: Bump::new() }
    }

    /// Maps a message, and writes its Bundle as JSON behind what `out` holds.
    ///
    /// The same message gives the same bytes. Every resource has an identity: a system and a value among its
    /// identifiers; its `fullUrl` is a UUID made from them, and in a transaction its entry is a conditional update by
    /// them. All references point to entries of the Bundle.
    ///
    /// # Errors
    /// [`MapError`] when the type has no map, or nothing says who the patient is; then nothing is written.
    pub fn write(&mut self, message: &Message<'_>, out: &mut String) -> Result<Report, MapError> {
        let ((), report) = self.run(message, |head, entries| write::bundle(head, entries, out))?;
        Ok(report)
    }

    /// Maps a message to a Bundle as a resource: the same as [`Mapper::write`] writes.
    ///
    /// # Errors
    /// As for [`Mapper::write`].
    pub fn map(&mut self, message: &Message<'_>) -> Result<(Resource, Report), MapError> {
        self.run(message, bundle::resource)
    }

    fn run<R>(
        &mut self,
        message: &Message<'_>,
        finish: impl FnOnce(&Head<'_>, &[Entry<'_>]) -> R,
    ) -> Result<(R, Report), MapError> {
        self.memory.reset();
        let arena = Arena::new(&self.memory);
        let segments = segments(message, arena);
        let mut context = Context::new(message, segments, &self.options, arena);
        message::map(segments, &mut context)?;
        let unmapped = super::coverage::unmapped(segments, &context);
        let head = head(segments, &mut context);
        let Context { entries, issues, mut traces, .. } = context;
        let mut entries = entries.into_list();
        header_first(&mut entries, &mut traces);
        // All of it is in memory that is given back as a whole: no part needs a walk to be dropped.
        let entries = entries.into_bump_slice();
        let done = finish(&head, entries);
        let patients = entries.iter().filter(|entry| entry.resource_type == "Patient").map(patient).collect();
        let changes = changes(entries, message, &self.options);
        Ok((done, Report { patients, issues, unmapped, trace: traces, changes }))
    }
}

/// What there is to weigh about each entry, when it is asked for.
fn changes(entries: &[Entry<'_>], message: &Message<'_>, options: &MapOptions) -> Vec<Change> {
    if !options.changes {
        return Vec::new();
    }
    let tie: Vec<u8> = Sha256::digest(message.to_bytes()).into_iter().take(8).collect();
    let tie = HEXLOWER.encode(&tie);
    let change = |entry: &Entry<'_>| {
        let owned = entry.table.map_or(&[][..], |table| table.owned());
        let change = Change::new(tie.clone()).with_cleared(entry.cleared.iter().copied()).with_owned(owned);
        entry.time.map_or(change.clone(), |time| change.with_time(time))
    };
    entries.iter().map(change).collect()
}

/// The header is made last, when it is known what the message is about, and stands first.
fn header_first(entries: &mut [Entry<'_>], traces: &mut [Trace]) {
    let Some(made) = entries.iter().position(|entry| entry.resource_type == "MessageHeader") else { return };
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

fn patient(entry: &Entry<'_>) -> MappedPatient {
    let identity = PatientIdentity { system: entry.system.to_owned(), value: entry.value.to_owned() };
    MappedPatient { identity, full_url: entry.full_url.to_owned() }
}

/// What stands before the entries. A message Bundle carries the control id and the time of the message.
fn head<'a>(segments: &[Seg<'a>], c: &mut Context<'a>) -> Head<'a> {
    let kind = match c.options.bundle {
        kind @ (BundleType::Transaction | BundleType::Batch | BundleType::Message) => kind,
        _ => BundleType::Collection,
    };
    let mut members = c.object();
    let msh = segments.first().filter(|seg| seg.is("MSH") && kind == BundleType::Message);
    if let Some(msh) = msh {
        members = segment::msh::bundle(msh, c);
    }
    Head { kind: kind.as_str(), members, with_requests: c.options.has_requests() }
}

#[cfg(test)]
mod tests {
    use crate::fhir::testing::{mapped, of_type};

    #[test]
    fn a_patient_becomes_a_conditional_update() {
        let mapped = mapped("ADT^A08", &[]);
        assert_eq!(
            of_type(&mapped, "Patient"),
            [
                r#"{"resourceType":"Patient","identifier":[{"type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0203","code":"MR"}]},"system":"urn:carewire:authority:org:GEN","value":"7","assigner":{"display":"GEN"}}],"name":[{"family":"Doe","given":["Jo"]}]}"#
            ]
        );
        assert!(mapped.bundle.to_json().contains(r#""request":{"method":"PUT","url":"Patient?identifier=urn%3Acarewire%3Aauthority%3Aorg%3AGEN%7C7"}"#));
    }
}
