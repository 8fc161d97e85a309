//! What the rows of one message share: the options, the resources made so far, and what there is to report.

use std::cell::RefCell;
use std::collections::HashSet;

use super::datatype::instant;
use super::entries::{Added, Entries, Key};
use super::node::{Node, Seg, bit};
use super::row::RowText;
use super::row::{Row, Table};
use super::segment::order_number::{self, Written};
use super::target::Step;
use super::tree::{Arena, Object, Val};
use crate::fhir::report::{Issue, Reason, Trace};
use crate::fhir::resolver::Authority;
use crate::fhir::{MapOptions, Unnumbered};
use crate::{Location, Message, Timestamp, UtcOffset};

/// A resource in the making, and where its elements came from.
pub(crate) struct Draft<'a> {
    pub(crate) body: Object<'a>,
    /// The elements that the message says have no value any more.
    pub(crate) cleared: Vec<&'static str>,
    /// The table that it is made of in the first place.
    table: Option<&'static Table>,
    trace: Vec<Lead>,
}

/// A [`Trace`] whose resource has no entry yet; the path begins behind the type.
struct Lead {
    path: String,
    source: Location,
    row: RowText,
}

/// A resource that has an entry: what others refer to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Anchor<'a> {
    /// The place of the entry in the Bundle.
    pub(crate) position: usize,
    pub(crate) url: &'a str,
    /// The identity as text, to derive others from.
    pub(crate) identity: &'a str,
}

/// What names an authority: the namespace, the universal id and its type.
type Parts<'a> = [Option<&'a str>; 3];

/// As many issues are looked at one by one.
const FEW: usize = 32;

/// The state before a row was applied, when a trace is asked for.
pub(crate) struct Before {
    paths: HashSet<String>,
    entries: usize,
}

pub(crate) struct Context<'a> {
    pub(crate) options: &'a MapOptions,
    pub(crate) arena: Arena<'a>,
    /// The zone of times without one: that of MSH-7, else the org's.
    pub(crate) zone: Option<UtcOffset>,
    /// Whether a date with a time has a second component, the degree of precision: the TS of versions before 2.6.
    pub(crate) times_have_degrees: bool,
    /// The patient that the segments at hand are about.
    pub(crate) patient: Option<Anchor<'a>>,
    /// The visit that the segments at hand are about.
    pub(crate) encounter: Option<Anchor<'a>>,
    /// The account of the patient at hand.
    pub(crate) account: Option<Anchor<'a>>,
    /// The episode of care that the visit at hand belongs to.
    pub(crate) episode: Option<Anchor<'a>>,
    /// The numbers that stand in several OBR: none of them identifies what one OBR tells.
    pub(crate) shared_numbers: HashSet<Written<'a>>,
    /// MSH, which tells what no other segment does: the event, the time, the sender.
    pub(crate) header: Option<Seg<'a>>,
    /// The start of the appointment at hand, which offsets count from.
    pub(crate) start: Option<&'a str>,
    pub(crate) entries: Entries<'a>,
    pub(crate) issues: Vec<Issue>,
    reported: HashSet<Issue>,
    pub(crate) traces: Vec<Trace>,
    /// The moment that orders what is said now: of the event, of a result, of the message. See [`instant::utc`].
    pub(crate) time: Option<&'a str>,
    /// The message as it came.
    pub(crate) raw: &'a [u8],
    /// MSH-9.2
    pub(crate) event: &'a str,
    /// The sending application and facility.
    pub(crate) sender: (&'a str, &'a str),
    message_id: &'a str,
    /// The systems of the authorities so far: a message has few of them, and names them often.
    systems: RefCell<Vec<(Parts<'a>, &'a str)>>,
    /// The fields that rows read: for each segment of the message a set of numbers.
    read: Vec<u128>,
}

/// The fields of MSH that the map itself uses: for systems, the zone, the type and the identity of the message.
const USED_OF_HEADER: [u16; 5] = [3, 4, 7, 9, 10];

impl<'a> Draft<'a> {
    pub(crate) fn new(body: Object<'a>) -> Self {
        Self { body, cleared: Vec::new(), table: None, trace: Vec::new() }
    }

    /// Notes that the rows of this table are applied.
    pub(crate) fn is_made_of(&mut self, table: &'static Table) {
        self.table.get_or_insert(table);
    }

    /// Notes that the message nulls the target at these steps: a whole element, or one member of an element that is no
    /// list.
    pub(crate) fn clear(&mut self, target: &'static str, steps: &[Step]) {
        let name = match steps {
            // Without the types that a reference may lead to.
            [Step::One(..), Step::One(..)] => target.split('(').next(),
            steps => steps.first().and_then(|step| step.name()),
        };
        self.cleared.extend(name.filter(|name| !self.cleared.contains(name)));
    }

    /// Takes the trace of a part, and gives its body, to be put at this path.
    pub(crate) fn absorb<'p>(&mut self, part: Draft<'p>, path: &str) -> Object<'p> {
        let moved = |lead: Lead| Lead { path: format!("{path}{}", lead.path), ..lead };
        self.trace.extend(part.trace.into_iter().map(moved));
        part.body
    }

    /// Takes the trace of a draft whose elements were put in this one: `moved` says where one of them stands now, if it does.
    pub(crate) fn absorb_trace(&mut self, of: Draft<'_>, moved: impl Fn(&str) -> Option<String>) {
        let leads = of.trace.into_iter();
        self.trace.extend(leads.filter_map(|lead| Some(Lead { path: moved(&lead.path)?, ..lead })));
    }
}

impl<'a> Anchor<'a> {
    /// A reference to it.
    pub(crate) fn reference(&self, arena: Arena<'a>) -> Val<'a> {
        arena.object().with("reference", self.url).into()
    }
}

impl<'a> Context<'a> {
    pub(crate) fn new(
        message: &'a Message<'a>,
        segments: &[Seg<'a>],
        options: &'a MapOptions,
        arena: Arena<'a>,
    ) -> Self {
        let msh = segments.first().filter(|seg| seg.is("MSH"));
        let header = |field| msh.and_then(|msh| msh.text(field)).unwrap_or_default();
        let recorded = segments.iter().find(|seg| seg.is("EVN")).and_then(|evn| evn.text(2));
        let zone = super::datatype::dtm::offset_of(header(7));
        let mut context = Self {
            options,
            arena,
            zone: zone.or(options.zone),
            times_have_degrees: has_degrees(header(12)),
            patient: None,
            encounter: None,
            account: None,
            episode: None,
            shared_numbers: order_number::shared(segments),
            header: msh.copied(),
            start: None,
            entries: Entries::new(arena),
            issues: Vec::new(),
            reported: HashSet::new(),
            traces: Vec::new(),
            time: recorded.and_then(|time| moment(time, arena)).or(moment(header(7), arena)),
            event: message.trigger_event().map_or("", |event| arena.text(&event)),
            raw: message.to_bytes(),
            message_id: arena.format(format_args!("{}|{}", header(10), header(7))),
            sender: (header(3), header(4)),
            systems: RefCell::new(Vec::new()),
            read: vec![0; segments.len()],
        };
        for (msh, field) in msh.into_iter().flat_map(|msh| USED_OF_HEADER.map(|field| (msh, field))) {
            context.mark_read(msh, field);
        }
        context
    }

    /// The system of an authority that is named by these three parts.
    pub(crate) fn system(&self, parts: Parts<'a>) -> &'a str {
        let known = self.systems.borrow().iter().find(|(of, _)| *of == parts).map(|(_, system)| *system);
        known.unwrap_or_else(|| {
            let system = self.resolve(parts);
            self.systems.borrow_mut().push((parts, system));
            system
        })
    }

    fn resolve(&self, [namespace, universal_id, universal_id_type]: Parts<'a>) -> &'a str {
        let authority = Authority {
            namespace,
            universal_id,
            universal_id_type,
            org: &self.options.org,
            sending_application: self.sender.0,
            sending_facility: self.sender.1,
        };
        self.arena.text(&self.options.resolver.resolve(&authority))
    }

    pub(crate) fn report(&mut self, node: &Node<'a>, reason: Reason) {
        self.report_at(node.at(), reason);
    }

    pub(crate) fn report_at(&mut self, at: Option<Location>, reason: Reason) {
        let Some(issue) = at.map(|at| Issue::new(at, reason)) else { return };
        if self.issues.len() < FEW {
            if !self.issues.contains(&issue) {
                self.issues.push(issue);
            }
            return;
        }
        if self.reported.is_empty() {
            self.reported.extend(&self.issues);
        }
        if self.reported.insert(issue) {
            self.issues.push(issue);
        }
    }

    pub(crate) fn mark_read(&mut self, seg: &Seg<'a>, field: u16) {
        if let Some(fields) = self.read.get_mut(seg.index()) {
            *fields |= bit(field);
        }
    }

    /// The fields of a segment that rows read, as bits.
    pub(crate) fn read_of(&self, seg: &Seg<'a>) -> u128 {
        self.read.get(seg.index()).copied().unwrap_or_default()
    }

    /// The part of a derived identity that binds it to this message, with a word about it.
    pub(crate) fn bound_to_message(&mut self, seg: &Seg<'a>) -> &'a str {
        self.report_at(seg.at(), Reason::BoundToMessage);
        self.message_id
    }

    /// The identity of the patient at hand, for derived identities.
    pub(crate) fn patient_part(&self) -> &'a str {
        self.patient.map_or("", |patient| patient.identity)
    }

    /// The identity of the visit at hand, for derived identities.
    pub(crate) fn encounter_part(&self) -> &'a str {
        self.encounter.map_or("", |encounter| encounter.identity)
    }

    /// A reference to the patient at hand.
    pub(crate) fn subject(&self) -> Option<Val<'a>> {
        self.patient.map(|patient| patient.reference(self.arena))
    }

    /// A reference to the visit at hand.
    pub(crate) fn visit(&self) -> Option<Val<'a>> {
        self.encounter.map(|encounter| encounter.reference(self.arena))
    }

    pub(crate) fn object(&self) -> Object<'a> {
        self.arena.object()
    }

    pub(crate) fn draft(&self) -> Draft<'a> {
        Draft::new(self.arena.object())
    }

    /// Adds a resource to the Bundle, or finds it there.
    pub(crate) fn add(
        &mut self,
        resource_type: &'static str,
        draft: Draft<'a>,
        key: Key<'_, 'a>,
        at: Option<Location>,
    ) -> Anchor<'a> {
        let Draft { body, cleared, table, trace } = draft;
        let (position, added) = self.entries.add(resource_type, body, key, self.arena);
        match added {
            Added::Contradicts => self.report_at(at, Reason::Contradiction),
            Added::Renamed => self.report_at(at, Reason::SharedIdentity),
            Added::New | Added::Known => {}
        }
        if matches!(resource_type, "Provenance" | "Binary")
            && self.options.has_requests()
            && self.options.unnumbered == Unnumbered::AtOwnId
        {
            self.entries.at_own_id(position);
        }
        if let Some(entry) = self.entries.get_mut(position) {
            entry.cleared.extend(cleared);
            entry.table = entry.table.or(table);
            entry.time = entry.time.max(self.time);
        }
        self.traces.extend(trace.into_iter().map(|lead| Trace {
            path: format!("{resource_type}{}", lead.path),
            entry: position,
            source: lead.source,
            row: lead.row,
        }));
        self.anchor(position)
    }

    /// Adds a resource that is made of one table alone.
    pub(crate) fn anchor(&self, position: usize) -> Anchor<'a> {
        let entry = self.entries.get(position);
        Anchor {
            position,
            url: entry.map_or("", |entry| entry.full_url),
            identity: entry.map_or("", |entry| entry.identity_text),
        }
    }

    /// Adds an item to a list of a resource that is in the Bundle already, unless it is there.
    pub(crate) fn append(&mut self, to: Anchor<'a>, member: &'static str, part: Draft<'a>) {
        let Some(index) = self.entries.append_item(to.position, member, part.body.into(), self.arena) else {
            return;
        };
        let resource_type = self.entries.get(to.position).map_or("", |entry| entry.resource_type);
        self.traces.extend(part.trace.into_iter().map(|lead| Trace {
            path: format!("{resource_type}.{member}[{index}]{}", lead.path),
            entry: to.position,
            source: lead.source,
            row: lead.row,
        }));
    }

    /// Adds a reference to a list of a resource that is in the Bundle already, unless it is there.
    pub(crate) fn refer(&mut self, from: Anchor<'a>, member: &'static str, to: Anchor<'a>) {
        self.entries.append_item(from.position, member, to.reference(self.arena), self.arena);
    }

    /// Changes a resource that is in the Bundle already.
    pub(crate) fn edit(&mut self, anchor: Anchor<'a>, edit: impl FnOnce(&mut Object<'a>)) {
        self.entries.edit(anchor.position, edit);
    }

    /// Applies a table to a resource that is in the Bundle already.
    pub(crate) fn apply_to(&mut self, anchor: Anchor<'a>, table: &'static Table, seg: &Seg<'a>) {
        let Some(body) = self.entries.take(anchor.position) else { return };
        let mut draft = Draft::new(body);
        table.apply(&mut draft, seg, self);
        let Draft { body, cleared, trace, .. } = draft;
        self.entries.give_back(anchor.position, body, cleared);
        let resource_type = self.entries.get(anchor.position).map_or("", |entry| entry.resource_type);
        self.traces.extend(trace.into_iter().map(|lead| Trace {
            path: format!("{resource_type}{}", lead.path),
            entry: anchor.position,
            source: lead.source,
            row: lead.row,
        }));
    }

    pub(crate) fn before(&self, draft: &Draft<'a>) -> Option<Before> {
        self.options.trace.then(|| Before {
            paths: leaves(&draft.body).into_iter().map(|(path, _)| path).collect(),
            entries: self.entries.len(),
        })
    }

    /// Notes what a row brought: the new elements of the draft, and the resources that it made beside it.
    pub(crate) fn trace(
        &mut self,
        before: Option<Before>,
        draft: &mut Draft<'a>,
        node: &Node<'a>,
        table: &'static Table,
        row: &'static Row,
    ) {
        let Some((before, at)) = before.and_then(|before| Some((before, node.at()?))) else { return };
        let row = table.text(row);
        let parts = node.leaves();
        let source = |text: &str| parts.iter().find(|part| part.1 == text).map_or(at, |part| part.0);
        let fresh = leaves(&draft.body).into_iter().filter(|(path, _)| !before.paths.contains(path));
        draft.trace.extend(fresh.map(|(path, text)| Lead { source: source(&text), path, row }));
        for (entry, made) in self.entries.from(before.entries) {
            self.traces.extend(leaves(&made.body).into_iter().map(|(path, text)| Trace {
                path: format!("{}{path}", made.resource_type),
                entry,
                source: source(&text),
                row,
            }));
        }
    }
}

/// The moment of a time, for order.
pub(crate) fn moment<'a>(text: &str, arena: Arena<'a>) -> Option<&'a str> {
    let time = text.parse::<Timestamp>().ok()?;
    instant::utc(&time).map(|text| arena.text(&text))
}

fn leaves(body: &Object<'_>) -> Vec<(String, String)> {
    let mut found = Vec::new();
    body.leaves("", &mut found);
    found
}

/// Whether dates with a time are a TS, whose second component is the degree of precision.
fn has_degrees(version: &str) -> bool {
    let minor =
        version.trim().strip_prefix("2.").and_then(|rest| rest.split('.').next()?.parse::<u32>().ok());
    minor.is_none_or(|minor| minor < 6)
}
