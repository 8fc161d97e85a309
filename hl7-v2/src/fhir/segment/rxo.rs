//! RXO, RXR, TQ1 and the ORC before them: a request for a medication.

use super::order_number::told_once;
use super::rxa::concept_part;
use super::tq1;
use crate::fhir::code::{
    ADMINISTRATION_METHOD, ALLOW_SUBSTITUTION, BODY_PARTS, EXTENDED_PRIORITY_CODES,
    ORDER_CONTROL_CODE_SERVICE_REQUEST_STATUS, ORDER_STATUS, REQUESTED_DOSAGE_FORM, ROUTE_OF_ADMINISTRATION,
    ROUTING_INSTRUCTION,
};
use crate::fhir::context::{Anchor, Context, Draft};
use crate::fhir::datatype::cwe::CWE_OF_TABLE;
use crate::fhir::datatype::timing::TQ_SERVICE_REQUEST;
use crate::fhir::datatype::{
    CQ_QUANTITY, CWE_CODEABLE_CONCEPT, DTM_DATE_TIME, EI_TYPED, ID_CODED, NM_DECIMAL, NM_UNSIGNED_INT,
    XCN_PRACTITIONER, cq, cwe,
};
use crate::fhir::entries::{Key, numbered};
use crate::fhir::node::{Node, Seg};
use crate::fhir::report::Reason;
use crate::fhir::row::{Outcome, Own, Table, Via, always, row};
use crate::fhir::segment::{LeftOut, left};
use crate::fhir::tree::{Object, Val};

/// `ORC[MedicationRequest]`, which the guide does not have: as for other orders.
pub(crate) static ORC_MEDICATION_REQUEST: Table = Table::new(
    "ORC[MedicationRequest]",
    "ORC",
    "MedicationRequest",
    &[
        row(2, "identifier", EI_TYPED.of("PLAC")),
        row(3, "identifier", EI_TYPED.of("FILL")),
        row(5, "status", Via::Own(&Own { name: "ID[code] OrderStatus", apply: status })).and(&[1]),
        row(7, "dosageInstruction", TQ_MEDICATION_REQUEST),
        row(9, "authoredOn", DTM_DATE_TIME).when("ORC-1 is NW", |s| s.text(1) == Some("NW")),
        row(12, "requester(Practitioner)", Via::Own(&Own { name: "XCN[Practitioner]", apply: requester })),
    ],
);

/// `RXO[MedicationRequest]`
pub(crate) static RXO_MEDICATION_REQUEST: Table = Table::new(
    "RXO[MedicationRequest]",
    "RXO",
    "MedicationRequest",
    &[
        always("intent", Via::Fixed("original-order")),
        row(2, "dosageInstruction.doseAndRate", Via::Own(&Own { name: "NM[decimal]", apply: minimum })),
        row(3, "dosageInstruction.doseAndRate", Via::Own(&Own { name: "NM[decimal]", apply: maximum })),
        row(4, "dosageInstruction.doseAndRate", Via::Own(&Own { name: "CWE[Quantity]", apply: dose_units })),
        row(9, "substitution.allowedCodeableConcept", ID_CODED.of(&ALLOW_SUBSTITUTION)),
        row(11, "dispenseRequest.quantity.value", NM_DECIMAL),
        row(12, "dispenseRequest.quantity", Via::Own(&Own { name: "CWE[Quantity]", apply: dispense_units }))
            .when("RXO-11 is valued", |s| s.valued(11)),
        row(13, "dispenseRequest.numberOfRepeatsAllowed", NM_UNSIGNED_INT),
        row(14, "requester(Practitioner)", XCN_PRACTITIONER),
    ],
);

/// `RXO[MedicationRequest]`: what is asked for.
pub(crate) static RXO_MEDICATION: Table = Table::new(
    "RXO[MedicationRequest]",
    "RXO",
    "Medication",
    &[
        row(1, "code", CWE_CODEABLE_CONCEPT),
        // The guide calls it `doseForm`.
        row(5, "form", CWE_OF_TABLE.of(&REQUESTED_DOSAGE_FORM)),
        row(
            18,
            "ingredient",
            Via::Own(&Own { name: "NM[decimal]", apply: |m, n, c| amount(m, n, "numerator", c) }),
        ),
        row(
            19,
            "ingredient",
            Via::Own(&Own { name: "CWE[Quantity]", apply: |m, n, c| unit(m, n, "numerator", c) }),
        ),
        row(
            25,
            "ingredient",
            Via::Own(&Own { name: "NM[decimal]", apply: |m, n, c| amount(m, n, "denominator", c) }),
        ),
        row(
            26,
            "ingredient",
            Via::Own(&Own { name: "CWE[Quantity]", apply: |m, n, c| unit(m, n, "denominator", c) }),
        ),
    ],
);

/// `RXR[MedicationRequest]`
pub(crate) static RXR_MEDICATION_REQUEST: Table = Table::new(
    "RXR[MedicationRequest]",
    "RXR",
    "MedicationRequest",
    &[
        row(1, "dosageInstruction.route", CWE_OF_TABLE.of(&ROUTE_OF_ADMINISTRATION)),
        row(2, "dosageInstruction.site", CWE_OF_TABLE.of(&BODY_PARTS)),
        row(4, "dosageInstruction.method", CWE_OF_TABLE.of(&ADMINISTRATION_METHOD)),
        row(5, "dosageInstruction.additionalInstruction", CWE_OF_TABLE.of(&ROUTING_INSTRUCTION)),
    ],
);

/// `TQ1[MedicationRequest]`. The guide has some of its targets as a ServiceRequest knows them; a time of the day is no
/// `event`, and R4 has `countMax` beside `count` only (tim-7).
pub(crate) static TQ1_MEDICATION_REQUEST: Table = Table::new(
    "TQ1[MedicationRequest]",
    "TQ1",
    "MedicationRequest",
    &[
        row(2, "dosageInstruction.doseAndRate", Via::Own(&Own { name: "CQ[Quantity]", apply: dose })),
        row(
            3,
            "dosageInstruction.timing",
            Via::Own(&Own { name: "RPT[Timing]", apply: |m, n, c| timed(m, n, tq1::pattern, c) }),
        ),
        row(
            4,
            "dosageInstruction.timing",
            Via::Own(&Own { name: "TM[time]", apply: |m, n, c| timed(m, n, tq1::time_of_day, c) }),
        ),
        row(
            5,
            "dosageInstruction.timing",
            Via::Own(&Own { name: "CQ[unsignedInt]", apply: |m, n, c| timed(m, n, tq1::offset, c) }),
        )
        .and(&[3])
        .when("TQ1-3.9 is not valued", |s| s.component(3, 9).is_none()),
        row(
            6,
            "dosageInstruction.timing",
            Via::Own(&Own { name: "CQ[Quantity]", apply: |m, n, c| timed(m, n, tq1::duration, c) }),
        )
        .when("neither TQ1-7 nor TQ1-8 is valued", |s| !s.valued(7) && !s.valued(8)),
        row(
            7,
            "dosageInstruction.timing",
            Via::Own(&Own { name: "DTM[dateTime]", apply: |m, n, c| timed(m, n, tq1::period, c) }),
        )
        .and(&[8]),
        row(
            8,
            "dosageInstruction.timing",
            Via::Own(&Own { name: "DTM[dateTime]", apply: |m, n, c| timed(m, n, tq1::end, c) }),
        )
        .when("TQ1-7 is not valued", |s| !s.valued(7)),
        row(9, "priority", Via::Own(&Own { name: "CWE[code] ExtendedPriorityCodes", apply: priority })),
        row(
            10,
            "dosageInstruction.additionalInstruction",
            Via::Own(&Own { name: "TX[string]", apply: condition }),
        ),
        row(11, "dosageInstruction.text", Via::Own(&Own { name: "TX[string]", apply: instruction })),
        row(
            13,
            "dosageInstruction.timing",
            Via::Own(&Own { name: "CQ[decimal]", apply: |m, n, c| timed(m, n, tq1::each_duration, c) }),
        ),
        row(
            14,
            "dosageInstruction.timing",
            Via::Own(&Own { name: "NM[positiveInt]", apply: |m, n, c| timed(m, n, tq1::count, c) }),
        ),
    ],
);

/// `TQ[MedicationRequest]`
pub(crate) const TQ_MEDICATION_REQUEST: Via =
    Via::Own(&Own { name: "TQ[MedicationRequest]", apply: quantity_timing });

const RXE: &str = "RXE has no map of its own, and stands in none of the structures that the guide maps";
const NO_ADMINISTRATION: &str = "no message map of the guide uses it, and the guide does not say what was given, when, and with which status, which FHIR demands of a MedicationAdministration; RXA becomes an Immunization";
const ANOTHER_ELEMENT: &str =
    "an element of ServiceRequest there: the row of this field sets the timing of the dosage";

pub(crate) static LEFT_OUT: &[LeftOut] = &[
    left(
        "RXO[MedicationRequest] RXO-5 medication(Medication.doseForm)",
        "R4 calls it `form`: the row of this field has it",
    ),
    left("RXO[MedicationRequest] RXE-19 dosageInstruction.maxDosePerPeriod.numerator", RXE),
    left("RXO[MedicationRequest] RXE-19 dosageInstruction.maxDosePerPeriod.denominator.value", RXE),
    left("RXO[MedicationRequest] RXE-19 dosageInstruction.maxDosePerPeriod.denominator.code", RXE),
    left("TQ1[MedicationRequest] TQ1-6 occurrenceTiming.boundsDuration", ANOTHER_ELEMENT),
    left("TQ1[MedicationRequest] TQ1-6 occurrenceTiming.boundsPeriod.end", ANOTHER_ELEMENT),
    left("TQ1[MedicationRequest] TQ1-6 occurneceTiming.boundsPeriod.start", ANOTHER_ELEMENT),
    left("TQ1[MedicationRequest] TQ1-11 text", "a text of the dosage: its row sets `dosageInstruction.text`"),
    left("ORC[MedicationAdministration] ORC-1 extension.url", NO_ADMINISTRATION),
    left("ORC[MedicationAdministration] ORC-1 extension[1].extension.url", NO_ADMINISTRATION),
    left(
        "ORC[MedicationAdministration] ORC-1 extension[1].valueCodeableConcept.coding.code",
        NO_ADMINISTRATION,
    ),
    left(
        "ORC[MedicationAdministration] ORC-1 extension[1].valueCodeableConcept.coding.system",
        NO_ADMINISTRATION,
    ),
    left("ORC[MedicationAdministration] ORC-2 identifier[1]", NO_ADMINISTRATION),
    left("ORC[MedicationAdministration] ORC-2 identifier[1].type.coding.code=\"PLAC\"", NO_ADMINISTRATION),
    left("ORC[MedicationAdministration] ORC-2 identifier[1].type.coding.system", NO_ADMINISTRATION),
    left("ORC[MedicationAdministration] ORC-3 identifier[2]", NO_ADMINISTRATION),
    left("ORC[MedicationAdministration] ORC-3 identifier[2].type.coding.code", NO_ADMINISTRATION),
    left("ORC[MedicationAdministration] ORC-3 identifier[2].type.coding.system", NO_ADMINISTRATION),
    left("ORC[MedicationAdministration] ORC-12 performer.actor(Practitioner)", NO_ADMINISTRATION),
    left("ORC[MedicationAdministration] ORC-12 performer.function.coding.code", NO_ADMINISTRATION),
    left("ORC[MedicationAdministration] ORC-12 performer.function.coding.system", NO_ADMINISTRATION),
    left("ORC[MedicationAdministration] ORC-28 meta.security", NO_ADMINISTRATION),
];

/// Adds the request of an ORC and its RXO. It is known by its placer's number, else by its filler's. Of several routes
/// the first is meant: R4 has one for each dosage.
pub(crate) fn medication_request<'a>(
    orc: Option<&Seg<'a>>,
    rxo: &Seg<'a>,
    routes: &[Seg<'a>],
    timings: &[Seg<'a>],
    c: &mut Context<'a>,
) -> Option<Anchor<'a>> {
    let mut request = c.draft();
    request.body.set("subject", c.subject()?);
    request.body.put("encounter", c.visit());
    medication(rxo, &mut request, c);
    RXO_MEDICATION_REQUEST.apply(&mut request, rxo, c);
    if let Some(orc) = orc {
        ORC_MEDICATION_REQUEST.apply(&mut request, orc, c);
    }
    if let Some(rxr) = routes.first() {
        RXR_MEDICATION_REQUEST.apply(&mut request, rxr, c);
    }
    for (index, tq1) in timings.iter().enumerate() {
        if index > 0 {
            request.body.push(c.arena, "dosageInstruction", c.object());
        }
        TQ1_MEDICATION_REQUEST.apply(&mut request, tq1, c);
    }
    let body = &mut request.body;
    drop_empty(body);
    told_once(body);
    if !body.has("medicationCodeableConcept") && !body.has("medicationReference") {
        c.report_at(rxo.at(), Reason::Missing("MedicationRequest.medication"));
        return None;
    }
    if !body.has("status") {
        let by_control =
            orc.and_then(|orc| orc.text(1)).and_then(ORDER_CONTROL_CODE_SERVICE_REQUEST_STATUS.find);
        if by_control.is_none() {
            c.report_at(orc.unwrap_or(rxo).at(), Reason::Unstated("MedicationRequest.status"));
        }
        body.set("status", by_control.map_or("unknown", |status| of_medication(status.code)));
    }
    Some(match numbered(body, &["PLAC", "FILL"]) {
        Some((system, value)) => c.add("MedicationRequest", request, Key::Given(system, value), rxo.at()),
        None => {
            let what = concept_part(request.body.get("medicationCodeableConcept"), c.arena);
            let parts = [c.patient_part(), c.bound_to_message(rxo), what];
            c.add("MedicationRequest", request, Key::Derived(&parts), rxo.at())
        }
    })
}

/// What is asked for: a concept, or where its form or strength is told a Medication.
fn medication<'a>(rxo: &Seg<'a>, request: &mut Draft<'a>, c: &mut Context<'a>) {
    let mut draft = c.draft();
    RXO_MEDICATION.apply(&mut draft, rxo, c);
    let Some(code) = draft.body.get("code").cloned() else { return };
    if !draft.body.has("form") && !draft.body.has("ingredient") {
        request.body.set("medicationCodeableConcept", code);
        return;
    }
    complete_strength(&mut draft.body, &code, c);
    let what = concept_part(Some(&code), c.arena);
    let [form, strength, strength_unit, volume, volume_unit] =
        [5, 18, 19, 25, 26].map(|field| rxo.text(field).unwrap_or_default());
    let key = Key::Derived(&[what, form, strength, strength_unit, volume, volume_unit]);
    let medication = c.add("Medication", draft, key, rxo.at());
    request.body.set("medicationReference", medication.reference(c.arena));
}

/// rat-1: a ratio has both parts or none. A strength without a volume is that of one unit.
fn complete_strength<'a>(medication: &mut Object<'a>, code: &Val<'a>, c: &Context<'a>) {
    let Some(ingredient) = medication.last_mut("ingredient").and_then(Val::as_object_mut) else { return };
    ingredient.set("itemCodeableConcept", code.clone());
    let Some(strength) = ingredient.get_mut("strength").and_then(Val::as_object_mut) else { return };
    if !strength.has("numerator") {
        ingredient.remove("strength");
    } else if !strength.has("denominator") {
        strength.set("denominator", c.object().with("value", Val::Number("1")));
    }
}

fn amount<'a>(
    medication: &mut Object<'a>,
    node: &Node<'a>,
    part: &'static str,
    c: &mut Context<'a>,
) -> Outcome {
    let Some(value) = NM_DECIMAL.read(node, c)? else { return Ok(()) };
    if !medication.has("ingredient") {
        medication.push(c.arena, "ingredient", c.object());
    }
    let ingredient = medication.last_mut("ingredient").and_then(Val::as_object_mut);
    if let Some(strength) = ingredient.and_then(|ingredient| ingredient.within("strength", c.arena)) {
        strength.set(part, c.object().with("value", value));
    }
    Ok(())
}

/// The unit of an amount that is there.
fn unit<'a>(
    medication: &mut Object<'a>,
    node: &Node<'a>,
    part: &'static str,
    c: &mut Context<'a>,
) -> Outcome {
    let ingredient = medication.last_mut("ingredient").and_then(Val::as_object_mut);
    let strength = ingredient.and_then(|ingredient| ingredient.get_mut("strength")?.as_object_mut());
    if let Some(quantity) = strength.and_then(|strength| strength.get_mut(part)?.as_object_mut()) {
        cq::add_unit(quantity, node, c);
    }
    Ok(())
}

/// The dosage at hand, made when there is none.
fn dosage<'o, 'a>(request: &'o mut Object<'a>, c: &Context<'a>) -> Option<&'o mut Object<'a>> {
    if !request.has("dosageInstruction") {
        request.push(c.arena, "dosageInstruction", c.object());
    }
    request.last_mut("dosageInstruction")?.as_object_mut()
}

/// The range of the ordered dose.
fn range<'o, 'a>(request: &'o mut Object<'a>, c: &Context<'a>) -> Option<&'o mut Object<'a>> {
    let dosage = dosage(request, c)?;
    if !dosage.has("doseAndRate") {
        let coding = c
            .object()
            .with("system", "http://terminology.hl7.org/CodeSystem/dose-rate-type")
            .with("code", "ordered");
        let ordered = c.object().with("coding", c.arena.only(coding));
        dosage.push(c.arena, "doseAndRate", c.object().with("type", ordered));
    }
    dosage.last_mut("doseAndRate")?.as_object_mut()?.within("doseRange", c.arena)
}

fn minimum<'a>(request: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    bound(request, node, "low", c)
}

fn maximum<'a>(request: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    bound(request, node, "high", c)
}

fn bound<'a>(request: &mut Object<'a>, node: &Node<'a>, name: &'static str, c: &mut Context<'a>) -> Outcome {
    let Some(value) = NM_DECIMAL.read(node, c)? else { return Ok(()) };
    if let Some(range) = range(request, c) {
        range.set(name, c.object().with("value", value));
    }
    Ok(())
}

/// RXO-4, the unit of both bounds that are there.
fn dose_units<'a>(request: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    let dosage = request.last_mut("dosageInstruction").and_then(Val::as_object_mut);
    let dose = dosage.and_then(|dosage| dosage.last_mut("doseAndRate")?.as_object_mut());
    let Some(range) = dose.and_then(|dose| dose.get_mut("doseRange")?.as_object_mut()) else { return Ok(()) };
    for name in ["low", "high"] {
        if let Some(bound) = range.get_mut(name).and_then(Val::as_object_mut) {
            cq::add_unit(bound, node, c);
        }
    }
    Ok(())
}

fn dispense_units<'a>(request: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    let dispense = request.get_mut("dispenseRequest").and_then(Val::as_object_mut);
    if let Some(quantity) = dispense.and_then(|dispense| dispense.get_mut("quantity")?.as_object_mut()) {
        cq::add_unit(quantity, node, c);
    }
    Ok(())
}

/// TQ1-2, a dose beside the ordered range.
fn dose<'a>(request: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    if let (Some(dose), Some(dosage)) = (CQ_QUANTITY.read(node, c)?, dosage(request, c)) {
        dosage.push(c.arena, "doseAndRate", c.object().with("doseQuantity", dose));
    }
    Ok(())
}

/// What a function knows of the timing of a ServiceRequest, for the timing of the dosage at hand.
fn timed<'a>(
    request: &mut Object<'a>,
    node: &Node<'a>,
    apply: impl FnOnce(&mut Object<'a>, &Node<'a>, &mut Context<'a>) -> Outcome,
    c: &mut Context<'a>,
) -> Outcome {
    let mut service = c.object();
    let known = dosage(request, c).and_then(|dosage| dosage.remove("timing"));
    service.put("occurrenceTiming", known);
    let outcome = apply(&mut service, node, c);
    let timing = service.remove("occurrenceTiming");
    let says_something = |timing: &Val<'a>| timing.as_object().is_some_and(|timing| !timing.is_empty());
    if let Some(dosage) = dosage(request, c) {
        dosage.put("timing", timing.filter(says_something));
    }
    outcome
}

/// `TQ[MedicationRequest]`: the elements of a ServiceRequest, in their places here.
fn quantity_timing<'a>(request: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    let Via::Own(own) = TQ_SERVICE_REQUEST else { return Ok(()) };
    let mut service = c.object();
    let outcome = (own.apply)(&mut service, node, c);
    for name in ["priority", "_priority", "note"] {
        request.put(name, service.remove(name));
    }
    let dose = service.remove("quantityQuantity");
    if let Some(dosage) = dosage(request, c) {
        dosage.put("timing", service.remove("occurrenceTiming"));
        if let Some(dose) = dose {
            dosage.push(c.arena, "doseAndRate", c.object().with("doseQuantity", dose));
        }
    }
    outcome
}

fn condition<'a>(request: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    if let (Some(text), Some(dosage)) = (node.whole(), dosage(request, c)) {
        dosage.push(c.arena, "additionalInstruction", c.object().with("text", text));
    }
    Ok(())
}

fn instruction<'a>(request: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    let Some(dosage) = dosage(request, c) else { return Ok(()) };
    if dosage.has("text") {
        return Err(Reason::OnlyOneFits);
    }
    dosage.put("text", node.whole());
    Ok(())
}

/// TQ1-9: several timings of one request have one priority.
fn priority<'a>(request: &mut Object<'a>, node: &Node<'a>, _: &mut Context<'a>) -> Outcome {
    let Some(code) = cwe::code(node) else { return Ok(()) };
    let priority = (EXTENDED_PRIORITY_CODES.find)(code).ok_or(Reason::UnknownCode("0485"))?;
    if request.has("priority") && request.str("priority") != Some(priority.code) {
        return Err(Reason::OnlyOneFits);
    }
    request.set("priority", priority.code);
    Ok(())
}

/// RXO-14 names the prescriber; ORC-12 where that does not.
fn requester<'a>(request: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    if !request.has("requester") {
        request.put("requester", XCN_PRACTITIONER.read(node, c)?);
    }
    Ok(())
}

fn status<'a>(request: &mut Object<'a>, node: &Node<'a>, _: &mut Context<'a>) -> Outcome {
    let Some(code) = node.text() else { return Ok(()) };
    let status = (ORDER_STATUS.find)(code).ok_or(Reason::UnknownCode(ORDER_STATUS.table))?;
    request.set("status", of_medication(status.code));
    Ok(())
}

/// The status of a request as R4 has it for medications, which are cancelled and not revoked.
fn of_medication(status: &'static str) -> &'static str {
    if status == "revoked" { "cancelled" } else { status }
}

/// A dosage of which nothing could be used says nothing.
fn drop_empty(request: &mut Object<'_>) {
    let Some(Val::List(dosages)) = request.get_mut("dosageInstruction") else { return };
    dosages.retain(|dosage| dosage.as_object().is_none_or(|dosage| !dosage.is_empty()));
    if dosages.is_empty() {
        request.remove("dosageInstruction");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::testing::{Mapped, mapped_by, of_type, options, reported};

    fn requested(segments: &[&str]) -> Mapped {
        mapped_by("ORM^O01", segments, &options(), |segments, c| {
            let all = |name: &str| segments.iter().filter(|seg| seg.is(name)).copied().collect::<Vec<_>>();
            let rxo = segments.iter().find(|seg| seg.is("RXO")).unwrap();
            let orc = segments.iter().find(|seg| seg.is("ORC"));
            medication_request(orc, rxo, &all("RXR"), &all("TQ1"), c);
        })
    }

    fn of(segments: &[&str]) -> String {
        of_type(&requested(segments), "MedicationRequest").concat()
    }

    #[test]
    fn a_request_has_a_medication_a_dose_a_route_and_a_timing() {
        let got = of(&[
            "ORC|NW|P1|F1||IP||||20240305093000|||3^Orderer",
            "RXO|A^Aspirin^L|1|2|tab^Tablet^UCUM|||||G||20|tab^Tablet^UCUM|3|4^Prescriber",
            "RXR|PO^Oral^HL70162|||CH^Chew^HL70165|S^Sip^L",
            "TQ1|1|1^tab&&UCUM|^Q1H&&||||20240305|20240312|R|if in pain|with water",
        ]);
        for part in [
            r#""intent":"original-order""#,
            r#""status":"active""#,
            r#""medicationCodeableConcept":{"coding":[{"#,
            r#""doseRange":{"low":{"value":1,"unit":"Tablet""#,
            r#""code":"ordered""#,
            r#""quantity":{"value":20,"unit":"Tablet""#,
            r#""numberOfRepeatsAllowed":3"#,
            r#""route":{"coding":[{"#,
            r#""method":{"coding":[{"#,
            r#""doseQuantity":{"value":1"#,
            r#""boundsPeriod":{"start":"2024-03-05","end":"2024-03-12"}"#,
            r#""priority":"routine""#,
            r#""additionalInstruction":[{"coding":[{"#,
            r#"{"text":"if in pain"}"#,
            r#""text":"with water""#,
            r#""authoredOn":"2024-03-05T09:30:00+01:00""#,
        ] {
            assert!(got.contains(part), "{part} in {got}");
        }
    }

    #[test]
    fn a_strength_makes_a_medication() {
        let rxo = format!("RXO|A^Aspirin^L||||TAB{}500|mg^mg^UCUM", "|".repeat(13));
        let got = requested(&["ORC|NW|P1", &rxo]);
        let medication = of_type(&got, "Medication").concat();
        for part in [r#""form":{"#, r#""numerator":{"value":500,"unit":"mg""#, r#""denominator":{"value":1}"#]
        {
            assert!(medication.contains(part), "{part} in {medication}");
        }
        assert!(of_type(&got, "MedicationRequest").concat().contains("medicationReference"));
    }

    #[test]
    fn what_is_not_told_is_left_out() {
        let got = requested(&["ORC|NW|P1", "RXO||1"]);
        assert!(of_type(&got, "MedicationRequest").is_empty());
        assert_eq!(
            reported(&got),
            ["RXO[1]: resource left out: no value for `MedicationRequest.medication`"]
        );
        let cancelled = of(&["ORC|XO|P1||||||", "RXO|A^Aspirin^L"]);
        assert!(!cancelled.contains("dosageInstruction"), "{cancelled}");
    }

    #[test]
    fn each_further_timing_is_a_dosage_of_its_own() {
        let got = of(&["ORC|NW|P1", "RXO|A^Aspirin^L", "TQ1|1|1^tab||0800", "TQ1|2|2^tab||2000"]);
        assert_eq!(got.matches("timeOfDay").count(), 2, "{got}");
        assert_eq!(got.matches("doseQuantity").count(), 2, "{got}");
    }

    #[test]
    fn an_older_message_has_its_timing_in_the_order() {
        let got = of(&[
            "ORC|NW|P1||||| 1&tab^Q6H^^20240305^20240312^R".replace(" ", "").as_str(),
            "RXO|A^Aspirin^L",
        ]);
        assert!(got.contains(r#""priority":"routine""#) && got.contains("boundsPeriod"), "{got}");
    }
}
