//! What the rows of one message share: the options, the resources made so far, and what there is to report.

use std::collections::HashSet;

use carewire_fhir_core::types::{Identifier, Reference, ToJson};
use carewire_fhir_core::{Resource, Value};

use super::entries::{Added, Appended, Entries, Identity};
use super::node::{Node, field_text, repetitions};
use super::report::{Issue, Reason, Trace, Unmapped};
use super::resolver::Authority;
use super::row::RowText;
use super::{MapOptions, coverage};
use crate::{Location, Message, Segment, SegmentId, UtcOffset};

/// A resource in the making, and where its elements came from.
pub(crate) struct Draft<T> {
    pub(crate) body: T,
    trace: Vec<Lead>,
}

/// A [`Trace`] whose resource has no entry yet; the path begins behind the type.
struct Lead {
    path: String,
    source: Location,
    row: RowText,
}

impl<T> Draft<T> {
    pub(crate) fn new(body: T) -> Self {
        Self { body, trace: Vec::new() }
    }

    /// Takes the trace of a part, and gives its body, to be put at this path.
    pub(crate) fn absorb<P>(&mut self, part: Draft<P>, path: &str) -> P {
        self.trace
            .extend(part.trace.into_iter().map(|lead| Lead { path: format!("{path}{}", lead.path), ..lead }));
        part.body
    }
}

impl<T: Default> Default for Draft<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

/// A resource that has an entry: what others refer to.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Anchor {
    pub(crate) url: String,
    /// The identity as text, to derive others from.
    pub(crate) identity: String,
}

impl Anchor {
    pub(crate) fn reference(&self) -> Reference {
        Reference::to(self.url.clone())
    }
}

/// What identifies a resource.
pub(crate) enum Key {
    /// The first of its identifiers with a system and a value; else an identity derived from these parts.
    OwnOr(Vec<String>),
    /// An identity derived from these parts, whatever identifiers it has.
    Derived(Vec<String>),
    /// This identifier.
    Given(String, String),
}

/// The state before a row was applied, when a trace is asked for.
pub(crate) struct Snapshot {
    paths: HashSet<String>,
    entries: usize,
}

pub(crate) struct Context<'o> {
    pub(crate) options: &'o MapOptions,
    /// The zone of times without one: that of MSH-7, else the org's.
    pub(crate) zone: Option<UtcOffset>,
    /// Whether a date with a time has a second component, the degree of precision: the TS of versions before 2.6.
    pub(crate) times_have_degrees: bool,
    /// The patient that the segments at hand are about.
    pub(crate) patient: Option<Anchor>,
    /// The visit that the segments at hand are about.
    pub(crate) encounter: Option<Anchor>,
    pub(crate) entries: Entries,
    pub(crate) issues: Vec<Issue>,
    reported: HashSet<Issue>,
    pub(crate) traces: Vec<Trace>,
    pub(crate) event: String,
    sender: (String, String),
    message_id: String,
    read: HashSet<(usize, u16)>,
}

/// The fields of MSH that the map itself uses: for systems, the zone, the type and the identity of the message.
const USED_OF_HEADER: [u16; 5] = [3, 4, 7, 9, 10];

impl<'o> Context<'o> {
    pub(crate) fn new(message: &Message<'_>, options: &'o MapOptions) -> Self {
        let header =
            |field: u16| message.segment("MSH").and_then(|msh| field_text(&msh, field)).unwrap_or_default();
        let zone = super::datatype::dtm::offset_of(&header(7));
        let read = message.segment("MSH").map(|msh| USED_OF_HEADER.map(|field| (msh.index(), field)));
        Self {
            options,
            zone: zone.or(options.zone),
            times_have_degrees: message.version().is_none_or(|version| has_degrees(&version)),
            patient: None,
            encounter: None,
            entries: Entries::default(),
            issues: Vec::new(),
            reported: HashSet::new(),
            traces: Vec::new(),
            event: message.trigger_event().unwrap_or_default().into_owned(),
            message_id: format!("{}|{}", header(10), header(7)),
            sender: (header(3), header(4)),
            read: read.into_iter().flatten().collect(),
        }
    }

    /// The system of an authority that is named by these three parts.
    pub(crate) fn system(&self, parts: [Option<&str>; 3]) -> String {
        self.options.resolver.resolve(&self.authority(parts))
    }

    fn authority<'a>(
        &'a self,
        [namespace, universal_id, universal_id_type]: [Option<&'a str>; 3],
    ) -> Authority<'a> {
        Authority {
            namespace,
            universal_id,
            universal_id_type,
            org: &self.options.org,
            sending_application: &self.sender.0,
            sending_facility: &self.sender.1,
        }
    }

    pub(crate) fn report(&mut self, at: Location, reason: Reason) {
        let issue = Issue::new(at, reason);
        if self.reported.insert(issue) {
            self.issues.push(issue);
        }
    }

    pub(crate) fn mark_read(&mut self, segment: &Segment<'_>, field: u16) {
        self.read.insert((segment.index(), field));
    }

    /// The part of a derived identity that binds it to this message, with a word about it.
    pub(crate) fn bound_to_message(&mut self, at: Location) -> String {
        self.report(at, Reason::BoundToMessage);
        self.message_id.clone()
    }

    /// The identity of the patient at hand, for derived identities.
    pub(crate) fn patient_part(&self) -> String {
        self.patient.as_ref().map(|patient| patient.identity.clone()).unwrap_or_default()
    }

    /// The identity of the visit at hand, for derived identities.
    pub(crate) fn encounter_part(&self) -> String {
        self.encounter.as_ref().map(|encounter| encounter.identity.clone()).unwrap_or_default()
    }

    pub(crate) fn subject(&self) -> Option<Reference> {
        self.patient.as_ref().map(Anchor::reference)
    }

    pub(crate) fn visit(&self) -> Option<Reference> {
        self.encounter.as_ref().map(Anchor::reference)
    }

    /// Adds a resource to the Bundle, or finds it there.
    pub(crate) fn add<T>(
        &mut self,
        draft: Draft<T>,
        into: fn(T) -> Resource,
        key: Key,
        at: Location,
    ) -> Anchor {
        let resource = into(draft.body);
        let resource_type = resource.resource_type().to_owned();
        let (position, added) = self.entries.add(identity(&resource, key), resource);
        match added {
            Added::Contradicts => self.report(at, Reason::Contradiction),
            Added::Renamed => self.report(at, Reason::SharedIdentity),
            Added::New | Added::Known => {}
        }
        self.traces.extend(draft.trace.into_iter().map(|lead| Trace {
            path: format!("{resource_type}{}", lead.path),
            entry: position,
            source: lead.source,
            row: lead.row,
        }));
        self.anchor(position)
    }

    fn anchor(&self, position: usize) -> Anchor {
        let entry = self.entries.get(position);
        Anchor {
            url: entry.map(|entry| entry.full_url.clone()).unwrap_or_default(),
            identity: entry
                .map(|e| format!("{}|{}", e.identity.system, e.identity.value))
                .unwrap_or_default(),
        }
    }

    /// Adds an item to a list of a resource that is in the Bundle already.
    pub(crate) fn append<T: ToJson>(&mut self, to: &Anchor, member: &str, draft: Draft<T>) {
        let Some(Appended { position, resource_type, index }) =
            self.entries.append_item(&to.url, member, draft.body.to_value())
        else {
            return;
        };
        self.traces.extend(draft.trace.into_iter().map(|lead| Trace {
            path: format!("{resource_type}.{member}[{index}]{}", lead.path),
            entry: position,
            source: lead.source,
            row: lead.row,
        }));
    }

    pub(crate) fn snapshot<T: ToJson>(&self, draft: &Draft<T>) -> Option<Snapshot> {
        self.options.trace.then(|| Snapshot {
            paths: leaves(&draft.body.to_value()).into_iter().map(|(path, _)| path).collect(),
            entries: self.entries.len(),
        })
    }

    /// Notes what a row brought: the new elements of the draft, and the resources that it made beside it.
    pub(crate) fn trace<T: ToJson>(
        &mut self,
        before: Option<Snapshot>,
        draft: &mut Draft<T>,
        node: &Node<'_>,
        row: RowText,
    ) {
        let Some(before) = before else { return };
        let parts = node.leaves();
        let source = |text: &str| parts.iter().find(|part| part.1 == text).map_or(node.at(), |part| part.0);
        let fresh =
            leaves(&draft.body.to_value()).into_iter().filter(|(path, _)| !before.paths.contains(path));
        draft.trace.extend(fresh.map(|(path, text)| Lead { source: source(&text), path, row }));
        for (entry, made) in self.entries.from(before.entries) {
            self.traces.extend(leaves(made.resource.value()).into_iter().map(|(path, text)| Trace {
                path: format!("{}{path}", made.resource.resource_type()),
                entry,
                source: source(&text),
                row,
            }));
        }
    }

    /// The fields with content that no row read.
    pub(crate) fn unmapped(&self, message: &Message<'_>) -> Vec<Unmapped> {
        message.segments().flat_map(|segment| self.unmapped_of(&segment)).collect()
    }

    fn unmapped_of(&self, segment: &Segment<'_>) -> Vec<Unmapped> {
        let Some(at) = segment.location() else { return Vec::new() };
        let first = if segment.id().is_some_and(SegmentId::is_header) { 3 } else { 1 };
        let last = u16::try_from(segment.field_count()).unwrap_or(u16::MAX);
        let left = (first..=last)
            .filter(|&field| !self.read.contains(&(segment.index(), field)))
            .filter(|&field| repetitions(segment, field).any(|node| node.has_content()));
        if !coverage::is_covered(segment.name()) {
            return left.take(1).map(|_| Unmapped { at, reason: coverage::NO_MAP }).collect();
        }
        let report = |field| Unmapped {
            at: at.at_field(usize::from(field)),
            reason: coverage::reason(segment.name(), field),
        };
        left.map(report).collect()
    }
}

/// Whether dates with a time are a TS, whose second component is the degree of precision.
fn has_degrees(version: &str) -> bool {
    let minor =
        version.trim().strip_prefix("2.").and_then(|rest| rest.split('.').next()?.parse::<u32>().ok());
    minor.is_none_or(|minor| minor < 6)
}

fn identity(resource: &Resource, key: Key) -> Identity {
    let resource_type = resource.resource_type();
    let derived = |parts: &[String]| {
        Identity::derived(resource_type, &parts.iter().map(String::as_str).collect::<Vec<_>>())
    };
    match key {
        Key::Given(system, value) => Identity::new(resource_type, &system, &value),
        Key::Derived(parts) => derived(&parts),
        Key::OwnOr(parts) => {
            let complete = |identifier: &Value| {
                Some(Identity::new(resource_type, identifier.str("system")?, identifier.str("value")?))
            };
            resource.value().list("identifier").iter().find_map(complete).unwrap_or_else(|| derived(&parts))
        }
    }
}

/// The system and value of the first identifier that has both.
pub(crate) fn own_key(identifiers: &[Identifier]) -> Option<Key> {
    identifiers.iter().find_map(|i| Some(Key::Given(i.system.clone()?, i.value.clone()?)))
}

/// The primitive elements below a value, with their paths and texts.
fn leaves(value: &Value) -> Vec<(String, String)> {
    let mut found = Vec::new();
    collect(value, String::new(), &mut found);
    found
}

fn collect(value: &Value, path: String, found: &mut Vec<(String, String)>) {
    for (name, member) in value.members().filter(|(name, _)| *name != "resourceType") {
        collect(member, format!("{path}.{name}"), found);
    }
    for (index, item) in value.items().iter().enumerate() {
        collect(item, format!("{path}[{index}]"), found);
    }
    let text =
        value.as_str().or(value.as_number()).or(value.as_bool().map(|b| if b { "true" } else { "false" }));
    if let Some(text) = text {
        found.push((path, text.to_owned()));
    }
}
