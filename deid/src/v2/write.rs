//! The walk over the lines of a file, which writes as it goes.

use carewire_fhir_core::Date;

use super::V2Context;
use super::authority;
use super::batch::Written;
use super::counts::Counts;
use super::observation::years;
use super::pieces::{NULL, Pieces, first};
use super::rule::{FieldRule, Part, Rules, SegmentRules};
use super::surrogates::Surrogates;
use super::syntax::{self, Delimiters};
use crate::patient::{Candidate, PatientKey, choose};
use crate::policy::{AsOfRule, DateRule, Geography};
use crate::transform::{Shift, TextScrubber, ZipList};
use crate::{Error, MessageFault, Policy, Pseudonymizer, Refusal, Result, Treatment};

/// Whether the context has what the policy needs.
pub(super) fn check(policy: &Policy, context: &V2Context<'_>) -> Result<()> {
    policy.permits(context.keys)?;
    context.tools.suffice(policy, policy.v2().needs)?;
    match (policy.as_of_rule(), &context.as_of) {
        (AsOfRule::Required, None) => {
            Err(Error::Refused { path: "as_of".to_owned(), reason: Refusal::NoDay })
        }
        _ => Ok(()),
    }
}

/// What is wrong with the bytes as a whole.
fn unreadable(bytes: &[u8]) -> Option<Error> {
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) || is_wide(bytes) {
        return Some(Error::Message { segment: 1, field: None, reason: MessageFault::Wide });
    }
    if syntax::lines(bytes).any(|line| header(line.content).is_some()) {
        return None;
    }
    // A header that is none is told from no header at all.
    let mut segments = syntax::lines(bytes).map(|line| trimmed(line.content)).filter(|line| !line.is_empty());
    let begun = segments.position(|line| line.first_chunk().is_some_and(is_header_name));
    let segment = begun.unwrap_or_default() + 1;
    Some(Error::Message { segment, field: Some(1), reason: MessageFault::NoHeader })
}

fn is_header_name(name: &[u8; 3]) -> bool {
    matches!(&name.map(|letter| letter.to_ascii_uppercase()), b"MSH" | b"FHS" | b"BHS")
}

/// Writes a file of messages; on an error nothing of it.
pub(super) fn file(
    policy: &Policy,
    context: &V2Context<'_>,
    (counts, surrogates): (&mut Counts, &mut Surrogates),
    bytes: &[u8],
    out: &mut Vec<u8>,
) -> Result<()> {
    if let Some(error) = unreadable(bytes) {
        return Err(error);
    }
    let (mut rest, mut written) = (bytes, Written::default());
    while !rest.is_empty() {
        let length = message_length(rest);
        let (message, behind) = rest.split_at_checked(length).unwrap_or((rest, &[]));
        rest = behind;
        let count = written.meets(message);
        match Writer::new(policy, context, (counts, surrogates), out, message) {
            Some(mut writer) => writer.counting(count).message(message),
            None => counts.add(policy.v2().unknown(), Treatment::Dropped),
        }
    }
    Ok(())
}

/// Writes a line of an envelope; on an error nothing of it.
pub(super) fn envelope(
    policy: &Policy,
    context: &V2Context<'_>,
    (counts, surrogates): (&mut Counts, &mut Surrogates),
    (line, written): (&[u8], &mut Written),
    out: &mut Vec<u8>,
) -> Result<()> {
    let refused = Error::Message { segment: 1, field: Some(1), reason: MessageFault::NoHeader };
    let is_header = header(line).is_some_and(|name| name != *b"MSH");
    let is_one = syntax::lines(line).filter(|line| !trimmed(line.content).is_empty()).count() == 1;
    if !is_one || !is_header && !is_trailer(line) {
        return Err(refused);
    }
    let count = written.meets(line);
    let writer = Writer::new(policy, context, (counts, surrogates), out, line);
    writer.ok_or(refused)?.counting(count).message(line);
    Ok(())
}

/// The first letters of a header with zeros between them.
fn is_wide(bytes: &[u8]) -> bool {
    let start = bytes.get(..64).unwrap_or(bytes);
    [&b"M\0S\0H"[..], b"M\0\0\0S"].iter().any(|wide| start.windows(wide.len()).any(|part| part == *wide))
}

/// How far the message goes that the bytes begin with: to the next header or trailer.
fn message_length(bytes: &[u8]) -> usize {
    let mut length = 0;
    for (index, line) in syntax::lines(bytes).enumerate() {
        if index > 0 && (header(line.content).is_some() || is_trailer(line.content)) {
            return length;
        }
        length += line.content.len() + line.end.len();
    }
    length
}

/// The name of a header, if the line is one with delimiters that can be read.
fn header(line: &[u8]) -> Option<[u8; 3]> {
    [*b"MSH", *b"FHS", *b"BHS"].into_iter().find(|name| syntax::is_header(line, name))
}

/// Whether the line ends a batch or a file. Its delimiters are those of its header, not of the message before it.
fn is_trailer(line: &[u8]) -> bool {
    [*b"BTS", *b"FTS"].iter().any(|name| syntax::is_header(line, name))
}

/// Writes one message or envelope.
pub(super) struct Writer<'w> {
    pub(super) rules: &'w Rules,
    pub(super) keys: &'w Pseudonymizer,
    pub(super) as_of: Option<&'w Date>,
    pub(super) delimiters: Delimiters,
    pub(super) zips: &'static ZipList,
    pub(super) geography: &'w Geography,
    /// Of the patient at hand.
    pub(super) shift: Option<Shift>,
    pub(super) patient: Option<PatientKey>,
    /// How many of its unit make a year, where the value at hand may be an age.
    pub(super) age: Option<f64>,
    pub(super) context: &'w V2Context<'w>,
    pub(super) scrubber: Option<&'w dyn TextScrubber>,
    /// The name of the segment at hand, and the number of its field.
    pub(super) place: ([u8; 3], usize),
    counts: &'w mut Counts,
    surrogates: &'w mut Surrogates,
    pub(super) out: &'w mut Vec<u8>,
    /// MSH-3.1 and MSH-4.1.
    sender: [String; 2],
    charset: Vec<u8>,
    slot: usize,
    /// What a trailer states, of what was written.
    count: Option<u64>,
}

impl<'w> Writer<'w> {
    /// A writer for the message that begins with its header; `None` when there is none.
    fn new(
        policy: &'w Policy,
        context: &'w V2Context<'w>,
        (counts, surrogates): (&'w mut Counts, &'w mut Surrogates),
        out: &'w mut Vec<u8>,
        message: &[u8],
    ) -> Option<Self> {
        let line = syntax::without_lead_in(syntax::lines(message).next()?.content);
        let declared = match header(line) {
            Some(_) => line.get(3..)?,
            None if is_trailer(line) => line.get(3..4)?,
            None => return None,
        };
        let delimiters = Delimiters::read(declared)?;
        let mut fields = line.split(|byte| *byte == delimiters.field).skip(2);
        let mut text = |skipped: usize| {
            let raw = fields.nth(skipped).unwrap_or_default();
            delimiters.text(first(raw, delimiters.part(0))).into_owned()
        };
        let sender = [text(0), text(0)];
        let charset = text(13).into_bytes();
        let zips = ZipList::named(&policy.geography().list).unwrap_or(ZipList::union());
        Some(Self {
            rules: policy.v2(),
            keys: context.keys,
            as_of: context.as_of.as_ref(),
            delimiters,
            zips,
            geography: policy.geography(),
            shift: None,
            patient: None,
            age: None,
            context,
            scrubber: context.tools.scrubber_of(policy),
            place: (*b"MSH", 0),
            counts,
            surrogates,
            out,
            sender,
            charset,
            slot: 0,
            count: None,
        })
    }

    fn counting(&mut self, count: Option<u64>) -> &mut Self {
        self.count = count;
        self
    }

    fn message(&mut self, message: &[u8]) {
        let unhidden = syntax::unhidden(message, &self.charset);
        let message = unhidden.as_deref().unwrap_or(message);
        if self.rules.moves {
            let patient = syntax::lines(message).find_map(|line| self.patient_in(line.content));
            self.about(patient);
        }
        for line in syntax::lines(message) {
            let content = trimmed(line.content);
            if !content.is_empty() && self.line(content) {
                self.out.extend_from_slice(line.end);
            }
        }
    }

    /// Writes a line; false when it goes.
    fn line(&mut self, line: &[u8]) -> bool {
        let separator = self.delimiters.field;
        let name = line.first_chunk::<3>().map(|name| (name.map(|byte| byte.to_ascii_uppercase()), name));
        let behind = line.get(3).copied();
        let known =
            name.filter(|(upper, name)| behind == Some(separator) || (behind.is_none() && upper == *name));
        let Some((name, _)) = known else { return self.unknown() };
        let bare_header = behind.is_none() && matches!(&name, b"MSH" | b"FHS" | b"BHS");
        match self.rules.segment(name).filter(|_| !bare_header) {
            Some(rules) => self.segment(rules, line),
            None if name.first() == Some(&b'Z') && name.iter().all(u8::is_ascii_alphanumeric) => {
                self.own_segment(name, line);
            }
            None => return self.unknown(),
        }
        true
    }

    fn unknown(&mut self) -> bool {
        self.slot = self.rules.unknown();
        self.note(Treatment::Dropped);
        false
    }

    fn segment(&mut self, rules: &'w SegmentRules, line: &[u8]) {
        if rules.name == *b"PID" && self.rules.moves {
            self.about(self.patient_in(line));
        }
        self.out.extend_from_slice(&rules.name);
        let separator = self.delimiters.field;
        let is_header = matches!(&rules.name, b"MSH" | b"FHS" | b"BHS");
        if is_header {
            self.out.push(separator);
            self.out.extend(self.delimiters.encoding());
        }
        let observed = (rules.name == *b"OBX").then(|| self.observed(line));
        self.age = observed.as_ref().and_then(|(_, age)| *age);
        // MSH-1 is the separator itself, MSH-2 what stands behind the first.
        let (first, skipped) = if is_header { (3, 2) } else { (1, 1) };
        for (number, raw) in (first..).zip(line.split(|byte| *byte == separator).skip(skipped)) {
            self.out.push(separator);
            if !raw.is_empty() {
                self.place = (rules.name, number);
                self.slot =
                    if number > rules.fields.len() { self.rules.unknown() } else { rules.first + number - 1 };
                let parts = match rules.fields.get(number - 1) {
                    Some(FieldRule::Parts(parts)) => Some(&**parts),
                    Some(FieldRule::Value) => observed.as_ref().and_then(|(parts, _)| *parts),
                    _ => None,
                };
                match self.count.filter(|_| number == 1 && parts.is_some()) {
                    Some(count) => self.recounted(raw, count),
                    None => self.field(raw, parts.unwrap_or_default()),
                }
            }
        }
        self.age = None;
    }

    /// The number that a trailer states, as it is now.
    fn recounted(&mut self, raw: &[u8], count: u64) {
        let count = count.to_string();
        self.out.extend_from_slice(count.as_bytes());
        self.note(if raw == count.as_bytes() { Treatment::Kept } else { Treatment::Rewritten });
    }

    /// What OBX-5 of the line is, and how many of its unit make a year.
    fn observed(&self, line: &[u8]) -> (Option<&'w [Part]>, Option<f64>) {
        let mut fields = line.split(|byte| *byte == self.delimiters.field);
        let kind = str::from_utf8(fields.nth(2).unwrap_or_default()).unwrap_or_default();
        let unit = first(fields.nth(3).unwrap_or_default(), self.delimiters.part(0));
        let aggregated = self.rules.dates.method != DateRule::Keep;
        (self.rules.values.get(kind).map(|parts| &**parts), years(unit).filter(|_| aggregated))
    }

    /// Name and set id of a segment that HL7 does not have.
    fn own_segment(&mut self, name: [u8; 3], line: &[u8]) {
        self.out.extend_from_slice(&name);
        self.slot = self.rules.unknown();
        let separator = self.delimiters.field;
        for (index, raw) in line.split(|byte| *byte == separator).skip(1).enumerate() {
            self.out.push(separator);
            let is_set_id = index == 0 && super::form::Form::SetId.holds(raw);
            match (is_set_id, raw.is_empty()) {
                (true, _) => {
                    self.out.extend_from_slice(raw);
                    self.note(Treatment::Kept);
                }
                (false, false) => self.note(Treatment::Dropped),
                (false, true) => {}
            }
        }
    }

    fn field(&mut self, raw: &[u8], parts: &[Part]) {
        if parts.is_empty() {
            return self.note(Treatment::Dropped);
        }
        let Some(repetition) = self.delimiters.repetition() else {
            self.parts(raw, parts, 0);
            return;
        };
        let mut written = 0;
        for (index, raw) in raw.split(|byte| *byte == repetition).enumerate() {
            let before = self.out.len();
            (written..index).for_each(|_| self.out.push(repetition));
            let start = self.out.len();
            self.parts(raw, parts, 0);
            match self.out.len() > start {
                true => written = index,
                false => self.out.truncate(before),
            }
        }
    }

    /// Writes the parts of a value, separated as the level wants it, with no separators behind the last.
    pub(super) fn parts(&mut self, raw: &[u8], parts: &[Part], level: usize) {
        if raw == NULL && parts.iter().any(|part| !matches!(part, Part::Drop)) {
            self.out.extend_from_slice(NULL);
            return self.note(Treatment::Kept);
        }
        let delimiter = self.delimiters.part(level);
        let pieces = Pieces::split(raw, delimiter);
        if self.is_barred(parts, &pieces, level) {
            return self.note(Treatment::Dropped);
        }
        let mut written = 0;
        for (index, part) in parts.iter().enumerate() {
            if delimiter.is_none() && index > 0 {
                break;
            }
            let before = self.out.len();
            (written..index).for_each(|_| self.out.extend(delimiter));
            let start = self.out.len();
            self.part(part, pieces.get(index), &pieces, level);
            match self.out.len() > start {
                true => written = index,
                false => self.out.truncate(before),
            }
        }
    }

    pub(super) fn note(&mut self, treatment: Treatment) {
        self.counts.add(self.slot, treatment);
    }

    /// Writes the surrogate of a text of a system.
    pub(super) fn surrogate(&mut self, label: &str, system: &str, text: &str) {
        let surrogate = self.surrogates.of(self.keys, label, &[system, text], || system.to_owned());
        self.out.extend_from_slice(surrogate.as_bytes());
    }

    /// Writes the surrogate of an identifier whose authority these parts name.
    pub(super) fn surrogate_of_identifier(&mut self, parts: [&[u8]; 3], value: &str) {
        let [namespace, id, kind] = parts.map(|part| self.delimiters.text(part));
        let sender = [self.sender[0].as_str(), self.sender[1].as_str()];
        let key = [&namespace, &id, &kind, sender[0], sender[1], value];
        let org = self.context.org;
        let system = || authority::system(org, [&namespace, &id, &kind], sender);
        let surrogate = self.surrogates.of(self.keys, "identifier", &key, system);
        self.out.extend_from_slice(surrogate.as_bytes());
    }

    /// The URI of the authority that these parts name.
    pub(super) fn system(&self, parts: [&[u8]; 3]) -> String {
        let [namespace, id, kind] = parts.map(|part| self.delimiters.text(part));
        let sender = [self.sender[0].as_str(), self.sender[1].as_str()];
        authority::system(self.context.org, [&namespace, &id, &kind], sender)
    }

    /// Whose everything from here on is.
    fn about(&mut self, patient: Option<PatientKey>) {
        self.shift = patient.as_ref().map(|patient| patient.shift(self.keys, self.rules.dates.limit));
        self.patient = patient;
    }

    /// The patient whom a PID names: in PID-3, else PID-2, else PID-4.
    fn patient_in(&self, line: &[u8]) -> Option<PatientKey> {
        let line = trimmed(line);
        let mut fields = line.split(|byte| *byte == self.delimiters.field);
        fields.next().filter(|name| name.eq_ignore_ascii_case(b"PID"))?;
        let [_, second, third, fourth] = [(); 4].map(|()| fields.next().unwrap_or_default());
        let candidates = |ids: &[u8]| -> Vec<Candidate> {
            match self.delimiters.repetition() {
                Some(repetition) => {
                    ids.split(|byte| *byte == repetition).filter_map(|raw| self.candidate(raw)).collect()
                }
                None => self.candidate(ids).into_iter().collect(),
            }
        };
        let named = [third, second, fourth].map(candidates).into_iter().find(|named| !named.is_empty())?;
        let chosen = choose(&named, &self.context.patient_systems)?;
        Some(PatientKey::identifier(&chosen.system, &chosen.value))
    }

    fn candidate(&self, raw: &[u8]) -> Option<Candidate> {
        let component = self.delimiters.part(0);
        let pieces = Pieces::split(raw, component);
        let value = self.delimiters.text(first(pieces.get(0), self.delimiters.part(1)));
        let authority = Pieces::split(pieces.get(3), self.delimiters.part(1));
        let parts = [authority.get(0), authority.get(1), authority.get(2)];
        (!value.is_empty() && value != "\"\"").then(|| Candidate {
            system: self.system(parts),
            value: value.into_owned(),
            kind: self.delimiters.text(pieces.get(4)).into_owned(),
            has_authority: !parts[0].is_empty() || !parts[1].is_empty(),
        })
    }
}

/// A line without what says nothing around it.
fn trimmed(line: &[u8]) -> &[u8] {
    let mut rest = syntax::without_lead_in(line);
    while let [before @ .., 0 | 0x0B | 0x1A | 0x1C] = rest {
        rest = before;
    }
    rest
}
