//! MSH and EVN: the message itself, in Bundles that say where they came from.

use carewire_fhir_core::resources::{
    MessageDestination, MessageEvent, MessageHeader, MessageSource, Provenance, ProvenanceAgent,
    ProvenanceOccurred,
};
use carewire_fhir_core::types::{CodeableConcept, Coding, Meta, PrimitiveExtension, Reference};

use crate::Segment;
use crate::fhir::context::{Context, Draft, Key};
use crate::fhir::datatype::cwe::{as_code, coding_in, cwe_by};
use crate::fhir::datatype::{cwe as codes, dtm, hd, unknown, xcn, xon};
use crate::fhir::node::{Node, repetitions};
use crate::fhir::report::Reason;
use crate::fhir::row::{Outcome, Table, push, row, set, valued};
use crate::fhir::table::{event_reason, v2_system};

/// `MSH[MessageHeader]`
pub(crate) static MSH_HEADER: Table<MessageHeader> = Table {
    segment: "MSH",
    resource: "MessageHeader",
    rows: &[
        row(3, "source.name", "HD[MessageHeader.source]", |h, n, _| {
            let source = source(h);
            source.name = n.get(1).or_else(|| n.get(2));
            source.endpoint = source.endpoint.take().or_else(|| hd::endpoint(n));
            Ok(())
        }),
        row(4, "sender(Organization)", "HD[Organization]", |h, n, c| {
            set(&mut h.sender, hd::organization(n, c))
        }),
        row(5, "destination.target(Device)", "HD[Device]", |h, n, c| {
            let target = hd::device(n, c);
            to(h, |destination| {
                destination.name = n.get(1);
                destination.endpoint = destination.endpoint.take().or_else(|| hd::endpoint(n));
                set(&mut destination.target, target)
            })
        }),
        row(6, "destination.receiver(Organization)", "HD[Organization]", |h: &mut MessageHeader, n, c| {
            let receiver = hd::organization(n, c);
            to(h, |destination| set(&mut destination.receiver, receiver))
        })
        .when("MSH-23 is not valued", |s| !valued(s, 23)),
        row(9, "eventCoding", "MSG[Coding]", event),
        row(11, "meta.tag", "PT[Meta]", |h, n, _| {
            let tags = [(1, "0103"), (2, "0207")]
                .into_iter()
                .filter_map(|(part, table)| Some(Coding::new(v2_system(table), as_code(&n.get(part)?)?)));
            h.meta.get_or_insert_with(Meta::default).tag.extend(tags);
            Ok(())
        }),
        row(22, "responsible(Organization)", "XON[Organization]", |h, n, c| {
            set(&mut h.responsible, xon::xon(n, c))
        }),
        row(23, "destination.receiver(Organization)", "XON[Organization]", |h, n, c| {
            let receiver = xon::xon(n, c);
            to(h, |destination| set(&mut destination.receiver, receiver))
        }),
        row(24, "source.endpoint", "HD[MessageHeader.source-endpoint]", |h, n, _| {
            let endpoint = hd::endpoint(n);
            let source = source(h);
            source.endpoint = endpoint.or(source.endpoint.take());
            Ok(())
        }),
        row(25, "destination.endpoint", "HD[MessageHeader.destination-endpoint]", |h, n, _| {
            to(h, |destination| {
                destination.endpoint = hd::endpoint(n).or(destination.endpoint.take());
                Ok(())
            })
        }),
        row(26, "meta.security", "CWE[Coding]", |h, n, c| {
            let label = coding_in(n, "0952", c)?;
            h.meta.get_or_insert_with(Meta::default).security.extend(label);
            Ok(())
        }),
    ],
};

/// `EVN[Provenance]`
pub(crate) static EVN_PROVENANCE: Table<Provenance> = Table {
    segment: "EVN",
    resource: "Provenance",
    rows: &[
        row(2, "recorded", "DTM[instant]", |p, n, c| set(&mut p.recorded, dtm::instant(n, c))),
        row(4, "reason", "CWE[CodeableConcept] EventReason", |p, n, c| {
            push(&mut p.reason, cwe_by(n, "0062", event_reason, c))
        }),
        row(5, "agent.who(Practitioner)", "XCN[Practitioner]", |p, n, c| {
            let who = xcn::xcn(n, c)?;
            p.agent.extend(who.map(|who| ProvenanceAgent { who: Some(who), ..ProvenanceAgent::default() }));
            Ok(())
        }),
        row(6, "occurredDateTime", "DTM[dateTime]", |p, n, c| {
            set(&mut p.occurred, dtm::date_time(n, c).map(|found| found.map(ProvenanceOccurred::DateTime)))
        }),
    ],
};

/// Maps MSH to the header of a message Bundle.
pub(crate) fn map_header(msh: &Segment<'_>, c: &mut Context<'_>) {
    let Some(at) = msh.location() else { return };
    let mut header = Draft::<MessageHeader>::default();
    MSH_HEADER.apply(&mut header, msh, c);
    state_endpoints(&mut header.body);
    let focus = c.entries.iter().map(|entry| (entry.identity.resource_type.clone(), entry.full_url.clone()));
    header.body.focus = focus
        .filter(|(resource_type, _)| !is_about_others(resource_type))
        .map(|(_, url)| Reference::to(url))
        .collect();
    let key = Key::Derived(vec![c.bound_to_message(at)]);
    c.add(header, MessageHeader::into_resource, key, at);
}

/// Maps EVN to the provenance of what the message says. Somebody must have done it: EVN-5, else the sender.
pub(crate) fn map_provenance(evn: &Segment<'_>, msh: &Segment<'_>, c: &mut Context<'_>) {
    let (Some(at), Some(patient)) = (evn.location(), c.patient.clone()) else { return };
    let code = c.event.clone();
    let activity = Coding::new(v2_system("0003"), code);
    let mut provenance = Draft::new(Provenance {
        target: std::iter::once(patient.reference()).chain(c.visit()).collect(),
        activity: Some(CodeableConcept::from(activity)),
        ..Provenance::default()
    });
    EVN_PROVENANCE.apply(&mut provenance, evn, c);
    if provenance.body.agent.is_empty() {
        let sender = repetitions(msh, 4).next().and_then(|node| hd::organization(&node, c).ok()?);
        provenance
            .body
            .agent
            .extend(sender.map(|who| ProvenanceAgent { who: Some(who), ..ProvenanceAgent::default() }));
    }
    if provenance.body.agent.is_empty() {
        return c.report(at, Reason::Missing("Provenance.agent"));
    }
    if provenance.body.recorded.is_none() {
        c.report(at, Reason::Unstated("Provenance.recorded"));
        provenance.body.recorded_element = PrimitiveExtension(vec![unknown()]);
    }
    let key = Key::Derived(vec![c.bound_to_message(at), "event".into()]);
    c.add(provenance, Provenance::into_resource, key, at);
}

/// The code of MSH-9, known by its trigger event.
fn event(header: &mut MessageHeader, node: &Node<'_>, _: &mut Context<'_>) -> Outcome {
    let parts: Vec<String> = (1..=3).filter_map(|part| node.get(part)).collect();
    let code = node.get(2).and_then(|code| codes::as_code(&code));
    let system = code.is_some().then(|| v2_system("0003"));
    let coding = Coding { system, code, display: Some(parts.join("^")), ..Coding::default() };
    header.event = Some(MessageEvent::Coding(coding));
    Ok(())
}

/// FHIR demands the addresses of source and destinations; the message often does not say them.
fn state_endpoints(header: &mut MessageHeader) {
    let source = source(header);
    if source.endpoint.is_none() {
        source.endpoint_element = PrimitiveExtension(vec![unknown()]);
    }
    for destination in &mut header.destination {
        if destination.endpoint.is_none() {
            destination.endpoint_element = PrimitiveExtension(vec![unknown()]);
        }
    }
}

/// The resources that a message speaks of only to describe others.
fn is_about_others(resource_type: &str) -> bool {
    matches!(
        resource_type,
        "Organization" | "Practitioner" | "PractitionerRole" | "Location" | "Device" | "Provenance"
    )
}

fn source(header: &mut MessageHeader) -> &mut MessageSource {
    header.source.get_or_insert_with(MessageSource::default)
}

/// Edits the destination; a message has one.
fn to(header: &mut MessageHeader, edit: impl FnOnce(&mut MessageDestination) -> Outcome) -> Outcome {
    let mut destination = header.destination.pop().unwrap_or_default();
    let outcome = edit(&mut destination);
    header.destination.push(destination);
    outcome
}
