//! ORC and the part of OBR that speaks of the order: a service request.

use carewire_fhir_core::resources::{RequestIntent, RequestStatus, ServiceRequest, ServiceRequestOccurrence};
use carewire_fhir_core::types::{CodeableConcept, Coding, Extension, ExtensionValue, Identifier, Meta};

use crate::Segment;
use crate::fhir::context::{Anchor, Context, Draft, Key, own_key};
use crate::fhir::datatype::cwe::{code_by, coding_in, cwe, cwe_by, cwe_in, cwe_value, id, original_code};
use crate::fhir::datatype::cx::{cx_of_type, type_of};
use crate::fhir::datatype::ei::{ei_of_type, eip, filler, placer};
use crate::fhir::datatype::xad::xad;
use crate::fhir::datatype::xcn;
use crate::fhir::datatype::{cwe as codes, dtm, extend, unknown, xtn};
use crate::fhir::node::{Node, field_text, repetitions};
use crate::fhir::report::Reason;
use crate::fhir::row::{Outcome, Table, push, row, set, valued};
use crate::fhir::table::{order_control, order_status, order_type, priority};

const EXT: &str = "http://hl7.org/fhir/StructureDefinition/";

/// `ORC[ServiceRequest]`
pub(crate) static ORC_SERVICE_REQUEST: Table<ServiceRequest> = Table {
    segment: "ORC",
    resource: "ServiceRequest",
    rows: &[
        row(1, "extension(businessEvent)", "ID[CodeableConcept]", business_event).and(&[9]),
        row(2, "identifier", "EI[Identifier] PLAC", |s, n, c| push(&mut s.identifier, placer(n, c))),
        row(3, "identifier", "EI[Identifier] FILL", |s, n, c| push(&mut s.identifier, filler(n, c))),
        row(4, "requisition", "EI[Identifier] PGN", requisition),
        row(5, "status", "ID[code] OrderStatus", |s, n, _| {
            code_by((&mut s.status, &mut s.status_element), n, "0038", order_status)
        }),
        row(9, "authoredOn", "DTM[dateTime]", |s: &mut ServiceRequest, n, c| {
            set(&mut s.authored_on, dtm::date_time(n, c))
        })
        .when("ORC-1 is NW", |s| field_text(s, 1).as_deref() == Some("NW")),
        row(12, "requester(Practitioner)", "XCN[Practitioner]", |s: &mut ServiceRequest, n, c| {
            let address = n.field(24).map_or(Ok(None), |address| xad(&address, c))?;
            let requester = xcn::practitioner(n, address.into_iter().collect(), c)?;
            set(&mut s.requester, Ok(requester.map(|anchor| anchor.reference())))
        })
        .and(&[24]),
        row(14, "extension(order-callback-phone-number)", "XTN[ContactPoint]", callback),
        row(16, "extension(request-statusReason)", "CWE[CodeableConcept]", |s, n, c| {
            extend(&mut s.extension, &format!("{EXT}request-statusReason"), cwe_value(n, c))
        }),
        row(28, "meta.security", "CWE[Coding]", |s, n, c| {
            let label = coding_in(n, "0177", c)?;
            s.meta.get_or_insert_with(Meta::default).security.extend(label);
            Ok(())
        }),
        row(29, "locationCode", "CWE[CodeableConcept] OrderType", |s, n, c| {
            push(&mut s.location_code, cwe_by(n, "0482", order_type, c))
        }),
        row(33, "identifier", "CX[Identifier] PLAC", |s, n, c| {
            push(&mut s.identifier, cx_of_type(n, "PLAC", c))
        }),
        row(38, "identifier", "EI[Identifier] FGN", |s, n, c| {
            push(&mut s.identifier, ei_of_type(n, "group-filler", "FGN", c))
        }),
    ],
};

/// `OBR[ServiceRequest]`
pub(crate) static OBR_SERVICE_REQUEST: Table<ServiceRequest> = Table {
    segment: "OBR",
    resource: "ServiceRequest",
    rows: &[
        row(2, "identifier", "EI[Identifier] PLAC", |s, n, c| add_new(s, placer(n, c)?)),
        row(3, "identifier", "EI[Identifier] FILL", |s, n, c| add_new(s, filler(n, c)?)),
        row(4, "code", "CWE[CodeableConcept]", |s, n, c| set(&mut s.code, cwe(n, c))),
        row(5, "priority", "ID[code] ExtendedPriorityCodes", |s, n, _| {
            code_by((&mut s.priority, &mut s.priority_element), n, "0485", priority)
        }),
        row(6, "occurrenceDateTime", "DTM[dateTime]", |s, n, c| {
            set(
                &mut s.occurrence,
                dtm::date_time(n, c).map(|found| found.map(ServiceRequestOccurrence::DateTime)),
            )
        }),
        row(11, "intent", "ID[code]", |s: &mut ServiceRequest, _, _| {
            s.intent = Some(RequestIntent::ReflexOrder);
            Ok(())
        })
        .when("OBR-11 is G", |s| field_text(s, 11).as_deref() == Some("G")),
        row(16, "requester(Practitioner)", "XCN[Practitioner]", |s, n, c| {
            let requester = xcn::xcn(n, c)?;
            s.requester = s.requester.take().or(requester);
            Ok(())
        }),
        row(17, "extension(order-callback-phone-number)", "XTN[ContactPoint]", callback),
        row(31, "reasonCode", "CWE[CodeableConcept]", |s, n, c| push(&mut s.reason_code, cwe(n, c))),
        row(46, "orderDetail", "CWE[CodeableConcept]", |s, n, c| {
            push(&mut s.order_detail, cwe_in(n, "0411", c))
        }),
        row(47, "orderDetail", "CWE[CodeableConcept]", |s, n, c| {
            push(&mut s.order_detail, cwe_in(n, "0411", c))
        }),
        row(53, "identifier", "CX[Identifier] PLAC", |s, n, c| {
            push(&mut s.identifier, cx_of_type(n, "PLAC", c))
        }),
    ],
};

/// Maps an ORC with its OBR to a service request. It is known by its placer's number, else by its filler's.
pub(crate) fn map(orc: &Segment<'_>, obr: Option<&Segment<'_>>, c: &mut Context<'_>) -> Option<Anchor> {
    let at = orc.location()?;
    let patient = c.patient.clone();
    let Some(patient) = patient else {
        c.report(at, Reason::Missing("ServiceRequest.subject"));
        return None;
    };
    let mut order = Draft::new(ServiceRequest {
        intent: Some(RequestIntent::Order),
        subject: Some(patient.reference()),
        encounter: c.visit(),
        ..ServiceRequest::default()
    });
    ORC_SERVICE_REQUEST.apply(&mut order, orc, c);
    if let Some(obr) = obr {
        OBR_SERVICE_REQUEST.apply(&mut order, obr, c);
    }
    status(&mut order.body, orc, c);
    let code = super::al1::concept_part(order.body.code.as_ref());
    if order.body.code.is_none() && !order.body.order_detail.is_empty() {
        // prr-1: details are details of something.
        c.report(at, Reason::Unstated("ServiceRequest.code"));
        order.body.code = Some(CodeableConcept { extension: vec![unknown()], ..CodeableConcept::default() });
    }
    let key = match numbered(&order.body.identifier, ["PLAC", "FILL"]) {
        Some(key) => key,
        None => Key::Derived(vec![patient.identity, c.bound_to_message(at), code]),
    };
    Some(c.add(order, ServiceRequest::into_resource, key, at))
}

/// The key of the first identifier of these types. Numbers of groups are shared, and identify nothing in them.
pub(crate) fn numbered(identifiers: &[Identifier], types: [&str; 2]) -> Option<Key> {
    types.into_iter().find_map(|code| {
        let typed = |identifier: &&Identifier| {
            let coding = identifier.r#type.as_ref().and_then(|kind| kind.coding.first());
            coding.and_then(|coding| coding.code.as_deref()) == Some(code)
        };
        own_key(&identifiers.iter().filter(typed).cloned().collect::<Vec<_>>())
    })
}

/// ORC-5, else what ORC-1 says of the order, else unknown.
fn status(order: &mut ServiceRequest, orc: &Segment<'_>, c: &mut Context<'_>) {
    if order.status.is_some() {
        return;
    }
    let control = repetitions(orc, 1).next();
    let by_control = control.as_ref().and_then(codes::code).as_deref().and_then(order_control);
    order.status = Some(by_control.unwrap_or(RequestStatus::Unknown));
    if by_control.is_some() || valued(orc, 5) {
        return;
    }
    match control.and_then(|control| original_code(&control, "0119")) {
        Some(original) => order.status_element.0.push(original),
        None => {
            orc.location().into_iter().for_each(|at| c.report(at, Reason::Unstated("ServiceRequest.status")))
        }
    }
}

/// What happened to the order, and when.
fn business_event(order: &mut ServiceRequest, node: &Node<'_>, c: &mut Context<'_>) -> Outcome {
    let Some(event) = id(node, "0119")? else { return Ok(()) };
    let time = node.field(9).map_or(Ok(None), |time| dtm::date_time(&time, c))?;
    let mut inner = vec![Extension::new("value", ExtensionValue::CodeableConcept(event))];
    inner.extend(time.map(|time| Extension::new("date", ExtensionValue::DateTime(time))));
    order.extension.push(Extension::nested(format!("{EXT}businessEvent"), inner));
    Ok(())
}

/// ORC-4 as an EI is the placer's group number; as an EIP it is the group's of both.
fn requisition(order: &mut ServiceRequest, node: &Node<'_>, c: &mut Context<'_>) -> Outcome {
    let typed = |identifier: Identifier| Identifier { r#type: Some(type_of("PGN".into())), ..identifier };
    let group = eip(node, "group", c)?.into_iter().next_back().map(typed);
    set(&mut order.requisition, Ok(group))
}

fn callback(order: &mut ServiceRequest, node: &Node<'_>, c: &mut Context<'_>) -> Outcome {
    let url = format!("{EXT}servicerequest-order-callback-phone-number");
    let told = order.extension.iter().any(|extension| extension.url.as_deref() == Some(&url));
    let point = xtn::xtn(node, c)?.filter(|_| !told);
    extend(&mut order.extension, &url, Ok(point.map(|point| ExtensionValue::ContactPoint(Box::new(point)))))
}

/// An OBR repeats the numbers of its ORC: they are told once.
pub(crate) fn add_new_to(list: &mut Vec<Identifier>, identifier: Option<Identifier>) -> Outcome {
    let same = |known: &Identifier, new: &Identifier| known.system == new.system && known.value == new.value;
    list.extend(identifier.filter(|new| !list.iter().any(|known| same(known, new))));
    Ok(())
}

fn add_new(order: &mut ServiceRequest, identifier: Option<Identifier>) -> Outcome {
    add_new_to(&mut order.identifier, identifier)
}

/// The role of a code of the practitioners of an order.
pub(crate) fn role(code: &str) -> Coding {
    Coding::new("http://terminology.hl7.org/CodeSystem/v2-0443", code)
}
