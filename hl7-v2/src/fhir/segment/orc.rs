//! ORC and the part of OBR that speaks of the order: a service request, and who did what to it.

use crate::fhir::code::{
    CONFIDENTIALITY_CODE, ORDER_CONTROL_CODE_SERVICE_REQUEST_STATUS, ORDER_STATUS, ORDER_TYPE,
};
use crate::fhir::context::{Anchor, Context, Draft};
use crate::fhir::datatype::table::{CWE_OF_TABLE, of_table, type_code};
use crate::fhir::datatype::{
    CWE_CODEABLE_CONCEPT, CWE_CODED, CWE_CODING, CWE_DEVICE, CWE_ORGANIZATION, CX_TYPED, DTM_DATE_TIME,
    DTM_INSTANT, EI_TYPED, ID_CODE, TQ_SERVICE_REQUEST, XTN_CONTACT_POINT, ei, timing, xad, xcn, xon, xtn,
};
use crate::fhir::entries::Key;
use crate::fhir::node::{Node, Seg};
use crate::fhir::report::Reason;
use crate::fhir::row::{Outcome, Own, Table, Via, always, row};
use crate::fhir::segment::al1::concept_part;
use crate::fhir::segment::order_number::{self, Number};
use crate::fhir::segment::{LeftOut, left, nte, obr, tq1};
use crate::fhir::target::{extend, unknown, unstated};
use crate::fhir::tree::{Object, Val};

/// `ORC[ServiceRequest]`
pub(crate) static ORC_SERVICE_REQUEST: Table = Table::new(
    "ORC[ServiceRequest]",
    "ORC",
    "ServiceRequest",
    &[
        row(1, "status", ID_CODE.of(&ORDER_CONTROL_CODE_SERVICE_REQUEST_STATUS))
            .when("ORC-5 is not valued", |s| !s.valued(5)),
        row(1, "intent", Via::Fixed("order")),
        row(1, "extension(businessEvent)", Via::Own(&Own { name: "ID[CodeableConcept]", apply: event })),
        row(2, "identifier", EI_TYPED.of("PLAC")),
        row(3, "identifier", EI_TYPED.of("FILL")),
        row(4, "requisition", Via::Own(&Own { name: "EI[Identifier-Extension]", apply: requisition })),
        row(
            4,
            "identifier",
            Via::Own(&Own { name: "EIP[Identifier-FillerAssignedIdentifier]", apply: group_filler }),
        )
        .and(&[38])
        .when("ORC-4.2 is an EI and ORC-38 is not valued", |s| !s.valued(38)),
        row(5, "status", ID_CODE.of(&ORDER_STATUS)),
        row(7, "occurrenceTiming", TQ_SERVICE_REQUEST),
        row(9, "authoredOn", DTM_DATE_TIME).when("ORC-1 is NW", |s| s.text(1) == Some("NW")),
        row(9, "extension(businessEvent)", Via::Own(&Own { name: "DTM[dateTime]", apply: event_time })),
        row(12, "requester(Practitioner)", Via::Own(&Own { name: "XCN[Practitioner]", apply: provider }))
            .and(&[24]),
        row(14, CALLBACK, Via::Own(&Own { name: "XTN[ContactPoint]", apply: callback })),
        row(16, "extension(request-statusReason)", CWE_CODEABLE_CONCEPT),
        row(21, "requester(PractitionerRole)", Via::Own(&Own { name: "XON[Organization]", apply: facility }))
            .and(&[22, 23])
            .when("ORC-21 is valued", |s| s.valued(21)),
        row(28, "meta.security", CWE_CODING.of(&CONFIDENTIALITY_CODE)),
        row(29, "locationCode", CWE_CODED.of(&ORDER_TYPE)),
        row(33, "identifier", CX_TYPED.of("PLAC")),
        row(38, "identifier", EI_TYPED.of("FGN")),
    ],
);

/// `OBR[ServiceRequest]`
pub(crate) static OBR_SERVICE_REQUEST: Table = Table::new(
    "OBR[ServiceRequest]",
    "OBR",
    "ServiceRequest",
    &[
        always("intent", Via::Fixed("order")),
        row(2, "identifier", EI_TYPED.of("PLAC")),
        row(3, "identifier", EI_TYPED.of("FILL")),
        row(4, "code", CWE_CODEABLE_CONCEPT),
        row(5, "priority", Via::Own(&Own { name: "ID[code]", apply: priority })),
        row(6, "occurrenceDateTime", Via::Own(&Own { name: "DTM[dateTime]", apply: requested })),
        row(11, "intent", Via::Own(&Own { name: "ID[code]", apply: reflex }))
            .when("OBR-11 is G", |s| s.text(11) == Some("G")),
        row(13, INFORMATION, Via::Own(&Own { name: "CWE[CodeableConcept]", apply: information }))
            .when("OBR-13 is no code of table 0916", |s| !obr::is_fasting(s)),
        row(16, "requester(Practitioner)", Via::Own(&Own { name: "XCN[Practitioner]", apply: provider })),
        row(17, CALLBACK, Via::Own(&Own { name: "XTN[ContactPoint]", apply: callback })),
        row(27, "occurrenceTiming", TQ_SERVICE_REQUEST),
        row(
            29,
            "basedOn",
            Via::Own(&Own { name: "EIP[Identifier-FillerAssignedIdentifier]", apply: parent }),
        )
        .and(&[50])
        .when("OBR-50 is not valued", |s| !s.valued(50)),
        row(31, "reasonCode", CWE_CODEABLE_CONCEPT),
        row(46, "orderDetail", CWE_OF_TABLE.of("0411")),
        row(47, "orderDetail", CWE_OF_TABLE.of("0411")),
        row(53, "identifier", CX_TYPED.of("PLAC")),
    ],
);

const CALLBACK: &str = "extension(servicerequest-order-callback-phone-number)";
const INFORMATION: &str =
    "extension(http://hl7.org/fhir/5.0/StructureDefinition/extension-ServiceRequest.supportingInfo)";

/// `ORC[Provenance]`
pub(crate) static ORC_PROVENANCE: Table = Table::new(
    "ORC[Provenance]",
    "ORC",
    "Provenance",
    &[
        row(1, "activity", Via::FixedConcept(OPERATION, "CREATE"))
            .when("ORC-1 is NW", |s| s.text(1) == Some("NW")),
        row(1, "activity", Via::FixedConcept(OPERATION, "UPDATE"))
            .when("ORC-1 is SC", |s| s.text(1) == Some("SC")),
        row(1, "activity", Via::FixedConcept(OPERATION, "CANCEL"))
            .when("ORC-1 is OC or CA", |s| matches!(s.text(1), Some("OC" | "CA"))),
        row(9, "recorded", DTM_INSTANT),
        row(9, "occurredDateTime", DTM_DATE_TIME),
        row(10, "agent", Via::Own(&Own { name: "XCN[Practitioner]", apply: enterer })),
        row(11, "agent", Via::Own(&Own { name: "XCN[Practitioner]", apply: verifier })),
        row(12, "agent", Via::Own(&Own { name: "XCN[Practitioner]", apply: author })).and(&[24]),
        row(17, "agent", Via::Own(&Own { name: "CWE[Organization]", apply: entered_for })),
        row(18, "agent", Via::Own(&Own { name: "CWE[Device]", apply: entering_device })),
        row(19, "agent", Via::Own(&Own { name: "XCN[Practitioner]", apply: actor })),
        row(21, "location(Location)", Via::Own(&Own { name: "XON[Location]", apply: place }))
            .and(&[22, 23])
            .when("ORC-21 is valued", |s| s.valued(21)),
        row(28, "meta.security", CWE_CODING.of(&CONFIDENTIALITY_CODE)),
    ],
);

const OPERATION: &str = "http://terminology.hl7.org/CodeSystem/v3-DataOperation";

pub(crate) static LEFT_OUT: &[LeftOut] = &[
    left("ORC[ServiceRequest] ORC-7 $this", PARTS),
    left("OBR[ServiceRequest] OBR-17 requester.extension[1].url", OF_ORC),
    left("OBR[ServiceRequest] OBR-17 requester.extension[1].valueContactPoint", OF_ORC),
    left("OBR[ServiceRequest] OBR-27 $this", PARTS),
];

const OF_ORC: &str =
    "the extension is one of the request, as ORC-14 has it: the row of this field puts it there";

const PARTS: &str = "the row of this field leads to the elements of the datatype's own map";

/// Maps an ORC, with its OBR, its timing and the notes on it, to a service request.
///
/// It is known by the placer's number, which the order and its results both have, else by the filler's; so results that
/// come before their order make the same request. A number that covers several OBR of the message identifies none of
/// them alone: then OBR-4 is a part of the identity. Without a number the identity is bound to the message. An OBR without
/// an ORC speaks of a request only when it names the placer's number, or in a message that asks (`is_asked`).
pub(crate) fn request<'a>(
    orc: Option<&Seg<'a>>,
    obr: Option<&Seg<'a>>,
    timings: &[Seg<'a>],
    notes: &[Seg<'a>],
    is_asked: bool,
    c: &mut Context<'a>,
) -> Option<Anchor<'a>> {
    let first = orc.or(obr.filter(|obr| is_asked || obr.valued(2)))?;
    let Some(patient) = c.patient else {
        c.report_at(first.at(), Reason::Missing("ServiceRequest.subject"));
        return None;
    };
    let mut draft = c.draft();
    draft.body.set("subject", patient.reference(c.arena));
    draft.body.put("encounter", c.visit());
    if let Some(orc) = orc {
        ORC_SERVICE_REQUEST.apply(&mut draft, orc, c);
    }
    tq1::on_request(timings, &mut draft, c);
    if let Some(obr) = obr {
        OBR_SERVICE_REQUEST.apply(&mut draft, obr, c);
    }
    nte::on_request(notes, &mut draft, c);
    order_number::told_once(&mut draft.body);
    complete(&mut draft.body, orc, first, c);
    let code = concept_part(draft.body.get("code"), c).unwrap_or_default();
    let by = [Number::Placer, Number::Filler];
    let request = match order_number::of((orc, obr), by, code, &mut draft.body, c) {
        Some(identity) => c.add("ServiceRequest", draft, identity.key(), first.at()),
        None => {
            let parts = [patient.identity, c.bound_to_message(first), code];
            c.add("ServiceRequest", draft, Key::Derived(&parts), first.at())
        }
    };
    if let Some(orc) = orc.filter(|_| c.options.wants_provenance()) {
        provenance(orc, request, c);
    }
    Some(request)
}

/// What FHIR demands of a request: an intent, a status, and (prr-1) a code where there are details of it.
fn complete<'a>(request: &mut Object<'a>, orc: Option<&Seg<'a>>, first: &Seg<'a>, c: &mut Context<'a>) {
    if !request.has("intent") {
        request.set("intent", "order");
    }
    if !request.has("status") {
        request.set("status", "unknown");
        if !orc.is_some_and(|orc| orc.valued(5) || orc.valued(1)) {
            c.report_at(first.at(), Reason::Unstated("ServiceRequest.status"));
        }
    }
    if request.has("orderDetail") && !request.has("code") {
        c.report_at(first.at(), Reason::Unstated("ServiceRequest.code"));
        request.set("code", unknown(c.arena));
    }
}

const BUSINESS_EVENT: &str = "http://hl7.org/fhir/StructureDefinition/businessEvent";

/// What happened to the order. The guide gives the value set of the codes as their system.
fn event<'a>(request: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    let Some(event) = of_table(node, "0119", c) else { return Ok(()) };
    let value = c.object().with("url", "value").with("valueCodeableConcept", event);
    extend(request, BUSINESS_EVENT, "extension", c.arena.only(value), c.arena);
    Ok(())
}

/// When it happened. A time without an event is none.
fn event_time<'a>(request: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    let Some(time) = DTM_DATE_TIME.read(node, c)? else { return Ok(()) };
    let date = c.object().with("url", "date").with("valueDateTime", time);
    let is_event = |item: &&mut Object<'a>| item.str("url") == Some(BUSINESS_EVENT);
    if let Some(Val::List(extensions)) = request.get_mut("extension")
        && let Some(event) = extensions.iter_mut().filter_map(Val::as_object_mut).find(is_event)
    {
        event.push(c.arena, "extension", date);
    }
    Ok(())
}

/// ORC-4 as an EI is the placer's group number; as an EIP it is the group's of both.
fn requisition<'a>(request: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    request.put("requisition", group_of_placer(node, c));
    Ok(())
}

/// The placer's group number of ORC-4.
pub(crate) fn group_of_placer<'a>(node: &Node<'a>, c: &Context<'a>) -> Option<Object<'a>> {
    if is_pair(node) { ei::placer_assigned(node, c) } else { ei::typed(node, "PGN", "PGN", c) }
}

/// Whether ORC-4 has a number of the filler, too.
pub(crate) fn has_group_pair(orc: &Seg<'_>) -> bool {
    orc.values(4).any(|node| is_pair(&node))
}

fn group_filler<'a>(request: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    if is_pair(node)
        && let Some(number) = ei::filler_assigned(node, c)
    {
        request.push(c.arena, "identifier", number);
    }
    Ok(())
}

/// Whether ORC-4 is an EIP: the type was EI until 2.8.1 and is again from 2.9. Then a part has parts.
fn is_pair(node: &Node<'_>) -> bool {
    let has_parts = |number| node.part(number).is_some_and(|part| part.parts().nth(1).is_some());
    has_parts(1) || has_parts(2) || (node.get(1).is_none() && node.get(2).is_some())
}

/// The provider who ordered, at the address of ORC-24. OBR-16 repeats ORC-12, or tells who ordered at the facility of
/// ORC-21.
fn provider<'a>(request: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    if let Some(facility) = request.get("requester").and_then(Val::as_object).filter(|one| is_facility(one)) {
        let mut role = c.draft();
        role.body.put(
            "organization",
            facility.get("reference").map(|url| c.object().with("reference", url.clone())),
        );
        if let Some(role) = xcn::role(node, role, c) {
            request.set("requester", c.object().with("reference", role.url).with("type", "PractitionerRole"));
        }
        return Ok(());
    }
    if request.has("requester") {
        // OBR-16 repeats ORC-12; a second provider has no place.
        let is_said = node.seg().is("OBR");
        return if is_said { Ok(()) } else { Err(Reason::OnlyOneFits) };
    }
    let said = at_address(node, c);
    if let Some(provider) = xcn::practitioner(node, said, c) {
        request.set("requester", provider.reference(c.arena));
    }
    Ok(())
}

fn is_facility(requester: &Object<'_>) -> bool {
    requester.str("type") == Some("Organization")
}

/// What ORC-24 says of the provider of ORC-12.
fn at_address<'a>(provider: &Node<'a>, c: &mut Context<'a>) -> Draft<'a> {
    let mut said = c.draft();
    if provider.seg().is("ORC") {
        add_all(&mut said, "address", provider.seg(), 24, c);
    }
    said
}

/// The facility that ordered (ORC-21) at the address of ORC-22 with the numbers of ORC-23: the provider ordered there.
fn facility<'a>(request: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    let is_role =
        request.get("requester").and_then(Val::as_object).is_some_and(|requester| requester.has("type"));
    if is_role {
        return Err(Reason::OnlyOneFits);
    }
    let mut said = c.draft();
    add_all(&mut said, "address", node.seg(), 22, c);
    add_all(&mut said, "telecom", node.seg(), 23, c);
    let Some(facility) = xon::described(node, said, c) else { return Ok(()) };
    let provider = node.seg().values(12).next();
    let mut role = c.draft();
    role.body.set("organization", facility.reference(c.arena));
    let role = provider.and_then(|provider| xcn::role(&provider, role, c));
    let requester = c.object().with("reference", role.unwrap_or(facility).url);
    request.set(
        "requester",
        requester.with("type", if role.is_some() { "PractitionerRole" } else { "Organization" }),
    );
    Ok(())
}

/// Adds the addresses or numbers of a field.
pub(super) fn add_all<'a>(
    said: &mut Draft<'a>,
    member: &'static str,
    seg: &Seg<'a>,
    field: u16,
    c: &mut Context<'a>,
) {
    for node in seg.values(field) {
        let item = if member == "address" { xad::address(&node, c) } else { xtn::point(&node, None, c) };
        if let Some(item) = item {
            said.body.push(c.arena, member, item);
        }
    }
}

/// OBR-17 repeats ORC-14.
fn callback<'a>(request: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    const URL: &str = "http://hl7.org/fhir/StructureDefinition/servicerequest-order-callback-phone-number";
    let Some(point) = XTN_CONTACT_POINT.read(node, c)? else { return Ok(()) };
    let is_told =
        request.items("extension").iter().filter_map(Val::as_object).any(|item| item.str("url") == Some(URL));
    if !is_told {
        extend(request, URL, "valueContactPoint", point, c.arena);
    }
    Ok(())
}

/// OBR-5 repeats the priority of the timing.
fn priority<'a>(request: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    timing::priority(request, node, c)
}

/// The timing of an order knows better when it is to be done; one of the two fits.
fn requested<'a>(request: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    if request.has("occurrenceTiming") {
        return Err(Reason::OnlyOneFits);
    }
    request.put("occurrenceDateTime", DTM_DATE_TIME.read(node, c)?);
    Ok(())
}

fn reflex<'a>(request: &mut Object<'a>, _: &Node<'a>, _: &mut Context<'a>) -> Outcome {
    request.set("intent", "reflex-order");
    Ok(())
}

/// R4 refers to information and cannot hold the words; R5 can. A CodeableReference is written as R4 has such a type of
/// later releases: as its parts.
fn information<'a>(request: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    const URL: &str = "http://hl7.org/fhir/5.0/StructureDefinition/extension-ServiceRequest.supportingInfo";
    let Some(concept) = CWE_CODEABLE_CONCEPT.read(node, c)? else { return Ok(()) };
    let part = c.object().with("url", "concept").with("valueCodeableConcept", concept);
    extend(request, URL, "extension", c.arena.only(part), c.arena);
    Ok(())
}

/// The order that this one follows from, by its numbers: another message describes it.
fn parent<'a>(request: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    let placer = node.part(1).and_then(|number| ei::typed(&number, "PLAC", "PLAC", c));
    let filler = node.part(2).and_then(|number| ei::typed(&number, "FILL", "FILL", c));
    for number in [placer, filler].into_iter().flatten() {
        request.push(c.arena, "basedOn", ei::elsewhere("ServiceRequest", number, c));
    }
    Ok(())
}

/// Who did what to an order, and when. `None` when the ORC names nobody beside the one who ordered.
fn provenance<'a>(orc: &Seg<'a>, of: Anchor<'a>, c: &mut Context<'a>) -> Option<Anchor<'a>> {
    if ![10, 11, 17, 18, 19].iter().any(|&field| orc.valued(field)) {
        return None;
    }
    let mut draft = c.draft();
    draft.body.push(c.arena, "target", of.reference(c.arena));
    ORC_PROVENANCE.apply(&mut draft, orc, c);
    if !draft.body.has("agent") {
        return None;
    }
    if !draft.body.has("recorded") {
        unstated(&mut draft.body, "_recorded", c.arena);
        c.report_at(orc.at(), Reason::Unstated("Provenance.recorded"));
    }
    let time = draft.body.str("recorded").unwrap_or_default();
    let parts = [of.identity, orc.text(1).unwrap_or_default(), time];
    Some(c.add("Provenance", draft, Key::Derived(&parts), orc.at()))
}

fn agent<'a>(provenance: &mut Object<'a>, kind: &'static str, who: Val<'a>, c: &Context<'a>) {
    let system = "http://terminology.hl7.org/CodeSystem/provenance-participant-type";
    let coding = c.object().with("system", system).with("code", kind);
    let kind = c.object().with("coding", c.arena.only(coding));
    provenance.push(c.arena, "agent", c.object().with("type", kind).with("who", who));
}

fn person<'a>(
    provenance: &mut Object<'a>,
    kind: &'static str,
    node: &Node<'a>,
    c: &mut Context<'a>,
) -> Outcome {
    let said = if kind == "author" { at_address(node, c) } else { c.draft() };
    if let Some(person) = xcn::practitioner(node, said, c) {
        agent(provenance, kind, person.reference(c.arena), c);
    }
    Ok(())
}

fn enterer<'a>(provenance: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    person(provenance, "enterer", node, c)
}

fn verifier<'a>(provenance: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    person(provenance, "verifier", node, c)
}

fn author<'a>(provenance: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    person(provenance, "author", node, c)
}

fn actor<'a>(provenance: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    person(provenance, "performer", node, c)
}

/// Those who entered did so for this organisation; where nobody is named, it is the one who did.
fn entered_for<'a>(provenance: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    let Some(organization) = CWE_ORGANIZATION.read(node, c)? else { return Ok(()) };
    if !node.seg().valued(10) {
        agent(provenance, "enterer", organization, c);
        return Ok(());
    }
    if let Some(Val::List(agents)) = provenance.get_mut("agent") {
        let entered = agents.iter_mut().filter_map(Val::as_object_mut);
        entered.filter(|agent| type_code(agent) == Some("enterer")).for_each(|agent| {
            agent.set("onBehalfOf", organization.clone());
        });
    }
    Ok(())
}

fn entering_device<'a>(provenance: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    if let Some(device) = CWE_DEVICE.read(node, c)? {
        provenance.push(c.arena, "agent", c.object().with("who", device));
    }
    Ok(())
}

/// The facility as a place, at the address of ORC-22 with the numbers of ORC-23.
fn place<'a>(provenance: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    if provenance.has("location") {
        return Err(Reason::OnlyOneFits);
    }
    let mut said = c.draft();
    let address = node.seg().values(22).next().and_then(|address| xad::address(&address, c));
    said.body.put("address", address);
    add_all(&mut said, "telecom", node.seg(), 23, c);
    if let Some(place) = xon::place(node, said, c) {
        provenance.set("location", place.reference(c.arena));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::fhir::testing::{only, orders};

    fn request(segments: &[&str]) -> String {
        only(&orders(segments).0, "ServiceRequest").to_owned()
    }

    #[test]
    fn an_order_has_numbers_a_status_and_an_event() {
        let got = request(&[
            "ORC|NW|P1^OE|F1^LAB|G1^OE|||||202403050900+0100|||5^Doc^Dora||555-1234|||||||||||||||OT",
            "OBR|1|P1^OE|F1^LAB|100^Panel^L|S|202403060800+0100|||||G|||||6^Other^Olga|||||||||||||||FEVER^Fever^L|||||||||||||||DET^Detail^L",
        ]);
        for part in [
            r#""status":"active""#,
            r#""intent":"reflex-order""#,
            r#""authoredOn":"2024-03-05T09:00:00+01:00""#,
            r#""occurrenceDateTime":"2024-03-06T08:00:00+01:00""#,
            r#""priority":"stat""#,
            r#""requisition":{"type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0203","code":"PGN"}]}"#,
            r#"businessEvent","extension":[{"url":"value","valueCodeableConcept":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0119","code":"NW"}]}},{"url":"date","valueDateTime":"2024-03-05T09:00:00+01:00"}]"#,
            "servicerequest-order-callback-phone-number",
            r#""orderDetail""#,
            r#""reasonCode""#,
        ] {
            assert!(got.contains(part), "{part}: {got}");
        }
        assert_eq!(got.matches(r#""value":"P1""#).count(), 1, "told once: {got}");
    }

    #[test]
    fn an_order_and_its_results_are_of_one_request() {
        let identifier = |segments: &[&str]| {
            let got = request(segments);
            assert!(!got.contains("urn:carewire:derived"), "{got}");
            got.contains(r#""value":"P1""#)
        };
        assert!(identifier(&["ORC|NW|P1^OE", "OBR|1|P1^OE||100^Panel^L"]));
        assert!(identifier(&["ORC|RE|P1^OE|F1^LAB", "OBR|1||F1^LAB|100^Panel^L"]));
        assert!(identifier(&["OBR|1|P1^OE|F1^LAB|100^Panel^L"]), "the placer's number without an ORC");
        let (resources, _) = orders(&["OBR|1||F1^LAB|100^Panel^L"]);
        assert!(resources.iter().all(|(kind, _)| *kind != "ServiceRequest"), "nobody placed it");
    }

    #[test]
    fn orc_5_tells_the_status_else_orc_1() {
        let status = |orc: &str| {
            request(&[orc]).split(r#""status":""#).nth(1).unwrap().split('"').next().unwrap().to_owned()
        };
        assert_eq!(status("ORC|NW|P1^OE|||CM"), "completed");
        assert_eq!(status("ORC|CR|P1^OE"), "revoked");
        assert_eq!(status("ORC|XX|P1^OE"), "unknown");
        let (_, issues) = orders(&["ORC||P1^OE"]);
        assert!(issues.iter().any(|issue| issue.contains("ServiceRequest.status")), "{issues:?}");
    }

    #[test]
    fn a_provider_orders_at_a_facility() {
        let (resources, issues) = orders(&[
            "ORC|NW|P1^OE||||||||||5^Doc^Dora|||||||||Clinic^^^^^A&1.2.3&ISO^XX^^^C1|1 Main St^^Town|555-99|2 Side St^^Town",
            "OBR|1|P1^OE||100^Panel^L||||||||||||5^Doc^Dora",
        ]);
        assert!(only(&resources, "ServiceRequest").contains(r#""type":"PractitionerRole""#));
        let role = only(&resources, "PractitionerRole");
        assert!(role.contains(r#""practitioner":{"#) && role.contains(r#""organization":{"#), "{role}");
        let clinic = only(&resources, "Organization");
        assert!(clinic.contains("1 Main St") && clinic.contains("555-99"), "{clinic}");
        assert!(only(&resources, "Practitioner").contains("2 Side St"));
        assert!(issues.iter().all(|issue| issue.starts_with("OBR[1]: no value")), "{issues:?}");
    }

    #[test]
    fn a_provider_of_obr_orders_at_the_facility_of_orc() {
        let (resources, _) = orders(&[
            "ORC|NW|P1^OE|||||||||||||||||||Clinic",
            "OBR|1|P1^OE||100^Panel^L||||||||||||5^Doc^Dora",
        ]);
        assert!(only(&resources, "ServiceRequest").contains(r#""type":"PractitionerRole""#));
        let role = only(&resources, "PractitionerRole");
        assert!(
            role.contains(r#""practitioner":{"#) && role.contains(r#""organization":{"reference""#),
            "{role}"
        );
        let (alone, _) = orders(&["ORC|NW|P1^OE|||||||||||||||||||Clinic", "OBR|1|P1^OE||100^Panel^L"]);
        assert!(only(&alone, "ServiceRequest").contains(r#""type":"Organization""#));
    }

    #[test]
    fn a_group_number_may_be_a_pair() {
        let pair = request(&["ORC|NW|P1^OE||G1&OE^G2&LAB"]);
        assert!(pair.contains(r#""value":"G1"}"#) && pair.contains(r#""value":"G2"}"#), "{pair}");
        assert!(pair.contains(r#""code":"FGN""#), "{pair}");
        let single = request(&["ORC|NW|P1^OE||G1^OE"]);
        assert!(!single.contains("FGN") && single.contains(r#""requisition""#), "{single}");
    }

    #[test]
    fn what_came_before_is_referred_to_by_its_number() {
        let got = request(&[
            "ORC|NW|P2^OE",
            "OBR|1|P2^OE||100^Panel^L|||||||||FACT^Diabetic^L||||||||||||||1^^^^^R||P1&OE^F1&LAB",
        ]);
        assert!(got.contains(r#""basedOn":[{"type":"ServiceRequest","identifier":{"#), "{got}");
        assert!(
            got.contains(r#""priority":"routine""#) && got.contains(r#""quantityQuantity":{"value":1}"#),
            "{got}"
        );
        assert!(got.contains(r#""url":"concept","valueCodeableConcept""#), "{got}");
    }
}
