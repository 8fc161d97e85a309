//! What the tests of the datatypes and segments share.

use bumpalo::Bump;
use carewire_fhir_core::{OrgId, Resource, Value, entries};

use super::context::Context;
use super::mapper::{Mapper, Report};
use super::node::{self, Node, Seg, segments};
use super::row::{Found, Via};
use super::tree::{Arena, Object, Val};
use super::write;
use crate::fhir::MapOptions;
use crate::{Message, ParseOptions};

/// Runs `test` on a field of a message from `APP` at `FAC` in the zone +0100, mapped for the org `org`. The segment
/// has the field a second time, as its fifth: a series of numbers reads all of OBX-5.
pub(crate) fn with_field<R>(field: &str, test: impl for<'a> FnOnce(&Node<'a>, &mut Context<'a>) -> R) -> R {
    let text = format!("MSH|^~\\&|APP|FAC|||20240305100000+0100||ADT^A08|1|P|2.5\rPID|1||{field}||{field}");
    let message = Message::parse(text.as_bytes(), &ParseOptions::default()).unwrap();
    let options = MapOptions::new(OrgId::new("org").unwrap());
    let memory = Bump::new();
    let arena = Arena::new(&memory);
    let segments = segments(&message, arena);
    let mut context = Context::new(&message, segments, &options, arena);
    let node = segments[1].node(3).unwrap();
    test(&node, &mut context)
}

/// What a datatype map makes of a field, as JSON; nothing is the empty text. And what it reports.
pub(crate) fn read(field: &str, via: Via) -> (String, Vec<String>) {
    with_field(field, |node, c| {
        let found = match via {
            Via::Type(of) => (of.read)(node, c),
            Via::Coded(of, codes) => (of.read)(node, codes, c),
            Via::As(of, word) => (of.read)(node, word, c),
            _ => panic!("no datatype map"),
        };
        (json(found), issues(c))
    })
}

/// The entries that a datatype map makes of a field: their URLs and their JSON.
pub(crate) fn made(field: &str, via: Via) -> Vec<(String, String)> {
    with_field(field, |node, c| {
        let found = match via {
            Via::Type(of) => (of.read)(node, c),
            Via::As(of, word) => (of.read)(node, word, c),
            _ => panic!("no datatype map"),
        };
        assert_eq!(found.unwrap().is_some(), c.entries.len() > 0);
        c.entries.iter().map(|entry| (entry.full_url.to_owned(), body(&entry.body))).collect()
    })
}

fn body(object: &Object<'_>) -> String {
    let mut text = String::new();
    write::value(&Val::Object(object.clone()), &mut text);
    text
}

/// What was found, as JSON; nothing is the empty text.
pub(crate) fn json(found: Found<Val<'_>>) -> String {
    let mut text = String::new();
    if let Some(value) = found.unwrap() {
        write::value(&value, &mut text);
    }
    text
}

/// The issues so far.
pub(crate) fn issues(c: &Context<'_>) -> Vec<String> {
    c.issues.iter().map(ToString::to_string).collect()
}

/// A Bundle and its report.
pub(crate) struct Mapped {
    pub(crate) bundle: Resource,
    pub(crate) report: Report,
}

/// Maps a message of this type from `APP` at `FAC` in the zone +0100, about the patient 7, with these segments.
pub(crate) fn mapped(kind: &str, segments: &[&str]) -> Mapped {
    mapped_with(kind, segments, &MapOptions::new(OrgId::new("org").unwrap()))
}

pub(crate) fn mapped_with(kind: &str, segments: &[&str], options: &MapOptions) -> Mapped {
    let head = format!("MSH|^~\\&|APP|FAC|||20240305100000+0100||{kind}|1|P|2.5");
    let text = [&[head.as_str(), "PID|1||7^^^GEN^MR||Doe^Jo"], segments].concat().join("\r");
    let message = Message::parse(text.as_bytes(), &ParseOptions::default()).unwrap();
    let mut json = String::new();
    let report = Mapper::new(options.clone()).write(&message, &mut json).unwrap();
    Mapped { bundle: Resource::parse(json.as_bytes()).unwrap(), report }
}

/// Maps the patient of a message as [`mapped`] has it, and what `make` makes of all its segments: for what stands
/// beside the message layer.
pub(crate) fn mapped_by(
    kind: &str,
    segments: &[&str],
    options: &MapOptions,
    make: impl for<'a> FnOnce(&'a [Seg<'a>], &mut Context<'a>),
) -> Mapped {
    let head = format!("MSH|^~\\&|APP|FAC|||20240305100000+0100||{kind}|1|P|2.5");
    let text = [&[head.as_str(), "PID|1||7^^^GEN^MR||Doe^Jo"], segments].concat().join("\r");
    let message = Message::parse(text.as_bytes(), &ParseOptions::default()).unwrap();
    let memory = Bump::new();
    let arena = Arena::new(&memory);
    let segments = node::segments(&message, arena);
    let mut context = Context::new(&message, segments, options, arena);
    crate::fhir::segment::pid::patient(&segments[1], &mut context).unwrap();
    make(segments, &mut context);
    let unmapped = crate::fhir::coverage::unmapped(segments, &context);
    let members = context.object();
    let Context { entries, issues, traces, .. } = context;
    let mut json = String::new();
    let head = write::Head { kind: "transaction", members, with_requests: true };
    write::bundle(&head, &entries.into_list(), &mut json);
    let report = Report { issues, unmapped, trace: traces, ..Report::default() };
    let bundle = Resource::parse(json.as_bytes()).unwrap();
    for entry in carewire_fhir_core::entries(&bundle) {
        let resource = Resource::from_value(entry.resource.unwrap().clone()).unwrap();
        let wrong: Vec<_> =
            carewire_fhir_core::validate(&resource).into_iter().map(|issue| issue.expression).collect();
        assert!(wrong.is_empty(), "{wrong:?} in {}", resource.value().to_json());
    }
    Mapped { bundle, report }
}

/// The options of [`mapped`].
pub(crate) fn options() -> MapOptions {
    MapOptions::new(OrgId::new("org").unwrap())
}

/// The resources of a type, as JSON.
pub(crate) fn of_type(mapped: &Mapped, resource_type: &str) -> Vec<String> {
    let resources = entries(&mapped.bundle).filter_map(|entry| entry.resource);
    resources.filter(|r| r.str("resourceType") == Some(resource_type)).map(Value::to_json).collect()
}

/// What a mapping reports.
pub(crate) fn reported(mapped: &Mapped) -> Vec<String> {
    mapped.report.issues.iter().map(ToString::to_string).collect()
}

/// Maps a message of this type from `APP` at `FAC`, about the patient 7 unless it has a PID, one segment after another
/// as they stand. What comes of it is valid R4, and every reference leads to an entry.
pub(crate) fn person(kind: &str, segments: &[&str]) -> Mapped {
    let head = format!("MSH|^~\\&|APP|FAC|||20240305100000+0100||{kind}|1|P|2.5");
    let pid = if segments.iter().any(|segment| segment.starts_with("PID")) {
        None
    } else {
        Some("PID|1||7^^^GEN^MR")
    };
    let text = std::iter::once(head.as_str())
        .chain(pid)
        .chain(segments.iter().copied())
        .collect::<Vec<_>>()
        .join("\r");
    let message = Message::parse(text.as_bytes(), &ParseOptions::default()).unwrap();
    let options = MapOptions::new(OrgId::new("org").unwrap());
    let memory = Bump::new();
    let arena = Arena::new(&memory);
    let segments = super::node::segments(&message, arena);
    let mut context = Context::new(&message, segments, &options, arena);
    for seg in segments {
        one(seg, segments, &mut context);
    }
    let Context { entries, issues, .. } = context;
    let head = write::Head { kind: "collection", members: arena.object(), with_requests: false };
    let mut json = String::new();
    write::bundle(&head, &entries.into_list(), &mut json);
    let bundle = Resource::parse(json.as_bytes()).unwrap();
    check(&bundle);
    Mapped { bundle, report: Report { issues, ..Report::default() } }
}

fn one<'a>(seg: &super::node::Seg<'a>, segments: &[super::node::Seg<'a>], c: &mut Context<'a>) {
    use super::segment::{al1, dg1, evn, gt1, iam, in1, nk1, pd1, pid, pr1, pv1};
    match seg.name() {
        "PID" => {
            pid::patient(seg, c);
            pid::account(seg, c);
            pid::mother(seg, c);
            pid::provenance(seg, c);
        }
        "MRG" => {
            pid::patient_of_mrg(seg, c);
            pid::account_of_mrg(seg, c);
        }
        "PD1" => {
            pd1::pd1(seg, c);
        }
        "NK1" => nk1::kin(seg, c),
        "PV1" => {
            pv1::encounter(seg, segments.iter().find(|seg| seg.is("PV2")), c);
            pv1::coverage(seg, None, c);
        }
        "AL1" => {
            al1::allergy(seg, c);
        }
        "IAM" => {
            iam::allergy(seg, c);
        }
        "DG1" => {
            dg1::diagnosis(seg, c);
        }
        "PR1" => {
            pr1::procedure(seg, c);
        }
        "IN1" => {
            in1::coverage(seg, c);
        }
        "IN3" => {
            in1::care_team(seg, c);
        }
        "GT1" => {
            gt1::guarantor(seg, c);
        }
        "EVN" => {
            evn::provenance(seg, c);
        }
        _ => {}
    }
}

fn check(bundle: &Resource) {
    let urls: std::collections::HashSet<_> = entries(bundle).filter_map(|entry| entry.full_url).collect();
    for entry in entries(bundle) {
        let resource = Resource::from_value(entry.resource.unwrap().clone()).unwrap();
        let wrong: Vec<_> = carewire_fhir_core::validate(&resource)
            .into_iter()
            .map(|issue| format!("{:?} {:?}", issue.expression, issue.diagnostics))
            .collect();
        assert!(wrong.is_empty(), "{wrong:?}\n{}", entry.resource.unwrap().to_json());
    }
    carewire_fhir_core::visit_references(bundle.value(), &mut |path, target| {
        assert!(urls.contains(target), "{path} leads nowhere");
    });
}

/// The resources that a result with these segments about the patient 7 makes, as JSON with their types, without the
/// patient; each of them is valid. And what is reported.
pub(crate) fn orders(segments: &[&str]) -> (Vec<(String, String)>, Vec<String>) {
    let got = mapped("ORU^R01", segments);
    let resources = entries(&got.bundle).filter_map(|entry| entry.resource).map(|resource| {
        let errors = carewire_fhir_core::validate(&Resource::from_value(resource.clone()).unwrap());
        let json = resource.to_json();
        assert!(errors.is_empty(), "{errors:?}: {json}");
        (resource.str("resourceType").unwrap().to_owned(), json)
    });
    (resources.filter(|(kind, _)| kind != "Patient").collect(), reported(&got))
}

/// The only resource of a type among these, as JSON.
pub(crate) fn only<'r>(resources: &'r [(String, String)], kind: &str) -> &'r str {
    let found: Vec<&str> =
        resources.iter().filter(|(of, _)| of == kind).map(|(_, json)| json.as_str()).collect();
    assert_eq!(found.len(), 1, "{kind}: {resources:#?}");
    found[0]
}
