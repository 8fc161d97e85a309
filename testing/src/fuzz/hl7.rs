//! What must hold for any bytes that come as HL7 v2.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::LazyLock;

use carewire_hl7_v2::ack::{self, AckCode, AckError, AckOptions, ErrorCode};
use carewire_hl7_v2::batch::{Batch, BatchEvent, Splitter};
use carewire_hl7_v2::build::{MessageBuilder, SegmentBuilder, Value};
use carewire_hl7_v2::dictionary::{Dictionary, Version};
use carewire_hl7_v2::escape::{escape, pieces, unescape};
use carewire_hl7_v2::profile::{ConformanceProfile, ProfileSource, ValidationOptions};
use carewire_hl7_v2::structure::Tree;
use carewire_hl7_v2::validate::{ValidateOptions, validate};
use carewire_hl7_v2::{Charset, Delimiters, DiagnosticKind, Message, ParseOptions, Path, Severity};

/// A message of every kind of part.
const SAMPLE: &[u8] = b"MSH|^~\\&|LAB|GEN|EHR|SUR|20240301||ORU^R01^ORU_R01|42|P|2.5.1\r\
    PID|1||5^^^GEN&1.2&ISO^MR~9^^^GOV||Doe \\T\\ Co^Jo|\"\"\rOBR|1|||A^B^L\rOBX|1|NM|X^Y^L||7.1\rOBX|2|ST|||a\\X0D0A\\b\r";

fn read(bytes: &[u8]) -> Option<Message<'_>> {
    Message::parse(bytes, &ParseOptions::default()).ok()
}

/// Any message is read or refused; what is read is in a segment or in a diagnostic, and comes out as it came in.
pub(super) fn message(bytes: &[u8]) {
    let Some(message) = read(bytes) else { return };
    assert!(message.to_bytes() == bytes, "a message is not the bytes that it was read from");
    let segments = message.segments().map(|segment| segment.span());
    let mut covered: Vec<_> =
        segments.chain(message.diagnostics().iter().map(|found| found.span())).collect();
    covered.sort_by_key(|span| span.start);
    let end = covered.iter().fold(0, |end, span| {
        let skipped = bytes.get(end..span.start).unwrap_or_default();
        assert!(
            skipped.iter().all(|byte| matches!(byte, b'\r' | b'\n')),
            "bytes are neither read nor reported"
        );
        end.max(span.end)
    });
    let rest = bytes.get(end..).unwrap_or_default();
    assert!(rest.iter().all(|byte| matches!(byte, b'\r' | b'\n')), "the end is neither read nor reported");
    let leaves =
        message.segments().flat_map(|segment| segment.fields()).flat_map(|(_, field)| field.repetitions());
    let length = leaves.map(|repetition| repetition.text().len()).sum::<usize>();
    assert!(length <= bytes.len().saturating_mul(200), "a short message has a long text");
}

/// A path that is read is written as one that is read the same, and leads somewhere or nowhere.
pub(super) fn path(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(path) = text.parse::<Path>() else { return };
    let written = path.to_string();
    assert!(written.parse::<Path>().as_ref() == Ok(&path), "a written path is read as another");
    let Some(message) = read(SAMPLE) else { return };
    let one = message.get(text);
    if let (Some(place), Ok(one)) = (path.location(), one) {
        assert!(one == message.at(&place), "a path and its place differ");
    }
    if let Ok(values) = message.get_all(&path) {
        values.for_each(|(place, text)| {
            assert!(message.at(&place).as_ref() == Some(&text), "a value is not at its place")
        });
    }
}

/// Escaped text has no delimiter and stands for the same; pieces are the whole; any sequence has a text.
pub(super) fn escapes(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    for declared in ["|^~\\&", "|^~\\&#", "#*%!@"] {
        let Some(delimiters) = Delimiters::parse(declared) else { continue };
        let raw = escape(text, &delimiters);
        let declared = declared.chars().filter(|c| Some(*c) != delimiters.escape());
        assert!(!raw.contains(&declared.chain(['\r', '\n']).collect::<Vec<_>>()[..]), "a delimiter was left");
        assert!(unescape(&raw, &delimiters, Charset::Utf8) == text, "escaped text stands for another");
        let joined: String = pieces(text, &delimiters).map(|piece| piece.raw().to_owned()).collect();
        assert!(joined == text, "the pieces are not the whole");
        for charset in CHARSETS {
            let _ = unescape(text, &delimiters, *charset);
        }
    }
}

const CHARSETS: &[Charset] = &[
    Charset::Ascii,
    Charset::Utf8,
    Charset::Iso8859_1,
    Charset::Iso8859_2,
    Charset::Iso8859_5,
    Charset::Iso8859_8,
    Charset::Iso8859_15,
    Charset::Gb18030,
    Charset::Big5,
    Charset::EucKr,
    Charset::Iso2022Jp,
];

/// Text of a character set, written in it again, is the same text: the first byte chooses the set.
pub(super) fn charset(bytes: &[u8]) {
    let Some((first, bytes)) = bytes.split_first() else { return };
    let Some(charset) = CHARSETS.get(usize::from(*first) % CHARSETS.len()) else { return };
    let Some(text) = charset.decode(bytes) else { return };
    if let Some(written) = charset.encode(&text) {
        assert!(charset.decode(&written).as_ref() == Some(&text), "written text is read as another");
    }
    let header = [b"MSH|^~\\&|A|||||||||||||||", charset.label().as_bytes(), b"\rPID|", bytes].concat();
    assert!(read(&header).is_none_or(|message| message.to_bytes() == header));
}

/// The messages of a file do not depend on the pieces that it comes in, and none of them holds another: the first byte is
/// their length.
pub(super) fn batch(bytes: &[u8]) {
    let Some((first, bytes)) = bytes.split_first() else { return };
    let whole = Batch::split(bytes);
    for message in whole.messages().iter().filter_map(|bytes| read(bytes)) {
        let twice = message.diagnostics().iter().any(|found| found.kind() == DiagnosticKind::RepeatedHeader);
        assert!(!twice, "a message was not cut from the one before it");
    }
    let (mut messages, mut findings) = (vec![], vec![]);
    let mut splitter = Splitter::new();
    let mut take = |splitter: &mut Splitter| {
        while let Some(event) = splitter.next_event() {
            match event {
                BatchEvent::Message(message) => messages.push(message.bytes().to_vec()),
                BatchEvent::Finding(finding) => findings.push(finding),
                _ => {}
            }
        }
    };
    for piece in bytes.chunks(usize::from(*first).max(1)) {
        splitter.push(piece);
        take(&mut splitter);
    }
    splitter.finish();
    take(&mut splitter);
    assert!(splitter.is_finished(), "a file has no end");
    assert!(messages == whole.messages(), "other messages in other pieces");
    assert!(findings == whole.findings(), "other findings in other pieces");
}

/// Whatever comes in is answered by an acknowledgement that is read with its code, and that answers it when it has an id.
pub(super) fn acknowledgement(bytes: &[u8]) {
    for code in [AckCode::AA, AckCode::CE] {
        let error = AckError::new(ErrorCode::RequiredFieldMissing).with_text("see the guide");
        let answer = ack::acknowledge(bytes, &AckOptions::new(code, "A|1").with_errors([error]));
        let read = ack::read(&answer);
        assert!(read.is_ok_and(|read| read.code == code), "an acknowledgement is not read");
        let _ = ack::answers(bytes, &answer);
    }
    let _ = (ack::read(bytes), ack::plan(bytes));
}

/// Edits are made or refused; a value that was set is there; the message stays one that is read the same. Each line is an
/// edit: `sPATH=TEXT` set, `aPATH=TEXT` add, `nPATH` null, `cPATH` clear, `rPATH` remove.
pub(super) fn edits(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Some(mut message) = read(SAMPLE).map(Message::into_owned) else { return };
    for line in text.lines().take(50) {
        let Some((kind, rest)) = line.split_at_checked(1) else { continue };
        let (path, value) = rest.split_once('=').unwrap_or((rest, ""));
        match kind {
            "s" if message.set(path, value).is_ok() => {
                assert!(reads_as(&message, path, value), "another value is there than was set");
            }
            "a" => drop(message.add_repetition(path, value)),
            "n" => drop(message.set_null(path)),
            "c" => drop(message.clear(path)),
            "r" => drop(message.remove(path)),
            _ => {}
        }
    }
    let again = read(message.to_bytes());
    let lines =
        |message: &Message<'_>| message.segments().map(|line| line.raw().to_owned()).collect::<Vec<_>>();
    assert!(
        again.is_some_and(|again| lines(&again) == lines(&message)),
        "an edited message is read as another"
    );
}

/// Whether the place reads so, or each of the places of a path to several.
fn reads_as(message: &Message<'_>, path: &str, value: &str) -> bool {
    match message.get(path) {
        Ok(there) => there.unwrap_or_default() == value,
        Err(_) => path.parse::<Path>().is_ok_and(|path| {
            message.get_all(&path).is_ok_and(|mut values| values.all(|(_, there)| there == value))
        }),
    }
}

/// Any overlay is laid over the dictionary or refused with its line, and the same twice changes nothing more.
pub(super) fn overlay(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let base = Dictionary::of(Version::V2_5_1);
    match base.with_overlay(text) {
        Ok(site) => {
            let Some(message) = read(SAMPLE) else { return };
            assert!(Tree::of(&message, &site).root().all_segments().count() == message.segments().len());
        }
        Err(error) => assert!(error.line() <= text.lines().count(), "an error behind the end"),
    }
}

/// Any profile is loaded or refused with its place, and judges a message twice the same.
pub(super) fn profile(bytes: &[u8]) {
    match ConformanceProfile::load(&ProfileSource::new(bytes)) {
        Ok(profile) => {
            let options = ValidationOptions::default();
            for sample in [SAMPLE, b"MSH|^~\\&|A|B|C|D|2024||ADT^A01^ADT_A01|7|P|2.5\rPID|1||5\r"] {
                let Some(message) = read(sample) else { continue };
                let judged = profile.validate(&message, &options);
                assert!(judged == profile.validate(&message, &options), "judged twice, judged differently");
            }
        }
        Err(error) => assert!(error.line() > 0 && error.column() > 0),
    }
}

/// Every segment of any message is in exactly one group, whatever the structure.
pub(super) fn structure(bytes: &[u8]) {
    static OLD: LazyLock<&Dictionary> = LazyLock::new(|| Dictionary::of(Version::V2_3));
    let Some(message) = read(bytes) else { return };
    for dictionary in [Dictionary::of(Version::V2_5_1), *OLD] {
        let tree = Tree::of(&message, dictionary);
        let indexes: Vec<usize> = tree.root().all_segments().map(|segment| segment.index()).collect();
        assert!(
            indexes.iter().copied().eq(0..message.segments().len()),
            "a segment is in no group, or in two"
        );
        assert!((0..indexes.len()).all(|index| tree.group_of(index).is_some()));
        assert!(tree.findings().len() <= 1_001, "findings without bound");
        let mut shown = String::new();
        assert!(write!(shown, "{tree}").is_ok() && shown.lines().count() > indexes.len());
    }
}

/// Any message is judged by any version, twice the same, within bounds, and each finding is about bytes that are there.
pub(super) fn validated(bytes: &[u8]) {
    let Some(message) = read(bytes) else { return };
    let mut options = ValidateOptions::default();
    options.user_tables = Some(Severity::Warning);
    let own = message.version().and_then(|version| Version::parse(&version)).unwrap_or(Version::V2_5_1);
    for version in [own, Version::V2_1, Version::V2_9] {
        let dictionary = Dictionary::of(version);
        let findings = validate(&message, dictionary, &options);
        assert!(findings == validate(&message, dictionary, &options), "judged twice, judged differently");
        assert!(findings.len() <= options.most + 1, "findings without bound");
        for span in findings.iter().filter_map(|finding| finding.span()) {
            assert!(
                span.start <= span.end && span.end <= bytes.len(),
                "a finding is about bytes that are not there"
            );
        }
        let spans: Vec<_> = findings.iter().filter_map(|finding| finding.span()).collect();
        assert!(spans.is_sorted_by_key(|span| span.start), "findings are not in the order of the message");
    }
}

/// A message is built or refused; what is built is read strictly, and each value is where it was put. The first byte
/// chooses the character set, the second the delimiters; each line is `PATH=TEXT` or `PATH:=NOTATION`, or begins a
/// segment by its name.
pub(super) fn built(bytes: &[u8]) {
    let Some(([set, declared], lines)) = bytes.split_first_chunk() else { return };
    let Ok(text) = std::str::from_utf8(lines) else { return };
    let charset = CHARSETS.get(usize::from(*set) % CHARSETS.len()).copied().unwrap_or(Charset::Utf8);
    let declared = DECLARED.get(usize::from(*declared) % DECLARED.len()).copied().unwrap_or_default();
    let Some(delimiters) = Delimiters::parse(declared) else { return };
    let plan = plan(text);
    let segments = plan.iter().map(|(name, values)| {
        values.iter().fold(SegmentBuilder::new(name.as_str()), |segment, ((f, r, c, s), value)| {
            segment.subcomponent(*f, *r, *c, *s, value.clone().into_value())
        })
    });
    let header =
        SegmentBuilder::new("MSH").field(9, Value::parts(["ADT", "A01"])).field(10, "1").field(12, "2.7");
    let message = MessageBuilder::new(header).delimiters(delimiters).charset(charset).segments(segments);
    let Ok(bytes) = message.build() else { return };
    let read = Message::parse(&bytes, &ParseOptions::default().strict());
    assert!(read.as_ref().is_ok_and(|read| read.diagnostics().is_empty()), "a built message is not read");
    let Ok(read) = read else { return };
    assert!(read.charset() == charset && read.segments().len() == plan.len() + 1, "built as another message");
    for (segment, (name, values)) in read.segments().skip(1).zip(&plan) {
        assert!(segment.name() == name, "another segment than was built");
        for ((f, r, c, s), value) in values {
            let repetition = segment.field(*f).and_then(|field| field.repetition(*r));
            let component = repetition.and_then(|repetition| repetition.component(*c));
            let part = component.and_then(|component| component.subcomponent(*s));
            let same = match value {
                Planned::Text(text) => part.map(|part| part.text()).unwrap_or_default() == text.as_str(),
                Planned::Raw(raw) => part.map(|part| part.raw()).unwrap_or_default() == raw,
            };
            assert!(same, "another value is there than was built");
        }
    }
}

const DECLARED: &[&str] = &["|^~\\&", "|^~\\&#", "#*%!@"];

/// Field, repetition, component and subcomponent.
type Place = (usize, usize, usize, usize);

/// The segments of a message, each with its values.
type Plan = Vec<(String, BTreeMap<Place, Planned>)>;

/// A value to build.
#[derive(Clone)]
enum Planned {
    Text(String),
    Raw(String),
}

impl Planned {
    fn into_value(self) -> Value {
        match self {
            Self::Text(text) => Value::text(text),
            Self::Raw(raw) => Value::raw(raw),
        }
    }
}

/// The segments that the lines describe, without a header.
fn plan(text: &str) -> Plan {
    let mut plan = Plan::new();
    for line in text.lines().take(50) {
        let (path, value) = line.split_once('=').unwrap_or((line, ""));
        let (path, value) = match path.strip_suffix(':') {
            Some(path) => (path, Planned::Raw(value.to_owned())),
            None => (path, Planned::Text(value.to_owned())),
        };
        let Some(place) = path.parse::<Path>().ok().and_then(|path| path.location()) else { continue };
        let segment = place.segment();
        let name = segment.as_str();
        let part = (
            place.field().unwrap_or(0),
            place.repetition().unwrap_or(1),
            place.component().unwrap_or(1),
            place.subcomponent().unwrap_or(1),
        );
        if name == "MSH" || part.1 > 50 {
            continue;
        }
        if part.0 == 0 || plan.last().is_none_or(|(last, _)| last != name) {
            plan.push((name.to_owned(), BTreeMap::new()));
        }
        if let Some((_, values)) = plan.last_mut().filter(|_| part.0 > 0) {
            values.insert(part, value);
        }
    }
    plan
}
