//! RXA, RXR and the ORC before them: a vaccination.

use carewire_fhir_core::resources::{
    Immunization, ImmunizationOccurrence, ImmunizationPerformer, ImmunizationStatus,
};
use carewire_fhir_core::types::{Meta, Quantity};

use super::al1::concept_part;
use super::orc::role;
use crate::Segment;
use crate::fhir::context::{Anchor, Context, Draft, Key, own_key};
use crate::fhir::datatype::cwe::{code_by, coding_in, cwe, cwe_by, cwe_in};
use crate::fhir::datatype::ei::{eip, filler, placer};
use crate::fhir::datatype::xad::xad;
use crate::fhir::datatype::{cq, dtm, nm, pl, xcn, xon};
use crate::fhir::node::{Node, field_text};
use crate::fhir::report::Reason;
use crate::fhir::row::{Outcome, Table, push, row, set, valued};
use crate::fhir::table::{completion_status, route};

/// `ORC[Immunization]`
pub(crate) static ORC_IMMUNIZATION: Table<Immunization> = Table {
    segment: "ORC",
    resource: "Immunization",
    rows: &[
        row(2, "identifier", "EI[Identifier] PLAC", |i, n, c| push(&mut i.identifier, placer(n, c))),
        row(3, "identifier", "EI[Identifier] FILL", |i, n, c| push(&mut i.identifier, filler(n, c))),
        row(4, "identifier", "EIP[Identifier]", |i, n, c| {
            i.identifier.extend(eip(n, "group", c)?);
            Ok(())
        }),
        row(9, "recorded", "DTM[dateTime]", |i, n, c| set(&mut i.recorded, dtm::date_time(n, c))),
        row(12, "performer", "XCN[Practitioner] OP", |i, n, c| performer(i, n, "OP", c)),
        row(28, "meta.security", "CWE[Coding]", |i, n, c| {
            let label = coding_in(n, "0177", c)?;
            i.meta.get_or_insert_with(Meta::default).security.extend(label);
            Ok(())
        }),
    ],
};

/// `RXA[Immunization]`
pub(crate) static RXA_IMMUNIZATION: Table<Immunization> = Table {
    segment: "RXA",
    resource: "Immunization",
    rows: &[
        row(3, "occurrenceDateTime", "DTM[dateTime]", |i, n, c| {
            set(
                &mut i.occurrence,
                dtm::date_time(n, c).map(|found| found.map(ImmunizationOccurrence::DateTime)),
            )
        }),
        row(5, "vaccineCode", "CWE[CodeableConcept]", |i, n, c| set(&mut i.vaccine_code, cwe(n, c))),
        row(6, "doseQuantity", "NM[decimal], CWE[Quantity]", dose).and(&[7]),
        row(10, "performer", "XCN[Practitioner] AP", |i, n, c| performer(i, n, "AP", c)),
        row(15, "lotNumber", "ST[string]", |i, n, _| set(&mut i.lot_number, Ok(n.text()))),
        row(16, "expirationDate", "DTM[date]", |i, n, _| set(&mut i.expiration_date, dtm::date(n))),
        row(17, "manufacturer(Organization)", "CWE[Organization]", |i, n, c| {
            set(&mut i.manufacturer, xon::cwe_organization(n, c))
        }),
        row(18, "statusReason", "CWE[CodeableConcept]", |i, n, c| set(&mut i.status_reason, cwe(n, c))),
        row(19, "reasonCode", "CWE[CodeableConcept]", |i, n, c| push(&mut i.reason_code, cwe(n, c))),
        row(20, "status", "ID[code] CompletionStatus", |i: &mut Immunization, n, _| {
            code_by((&mut i.status, &mut i.status_element), n, "0322", completion_status)
        })
        .when("RXA-21 is not D", |s| !is_deletion(s)),
        row(21, "status", "ID[code]", |i: &mut Immunization, _, _| {
            i.status = Some(ImmunizationStatus::EnteredInError);
            Ok(())
        })
        .when("RXA-21 is D", is_deletion),
        row(22, "recorded", "DTM[dateTime]", |i: &mut Immunization, n, c| {
            let time = dtm::date_time(n, c)?;
            i.recorded = time.or(i.recorded.take());
            Ok(())
        })
        .when("RXA-21 is A", |s| field_text(s, 21).as_deref() == Some("A")),
        row(27, "location(Location)", "PL[Location]", |i: &mut Immunization, n, c| {
            let address = n.field(28).map_or(Ok(None), |address| xad(&address, c))?;
            set(&mut i.location, Ok(pl::place(n, address, c)?.map(|anchor| anchor.reference())))
        })
        .and(&[28]),
    ],
};

/// `RXR[Immunization]`
pub(crate) static RXR_IMMUNIZATION: Table<Immunization> = Table {
    segment: "RXR",
    resource: "Immunization",
    rows: &[
        row(1, "route", "CWE[CodeableConcept] RouteOfAdministration", |i, n, c| {
            let mapped =
                n.get(1).is_some_and(|code| route(&code).is_some()) && n.get(3).as_deref() != Some("NCIT");
            set(&mut i.route, if mapped { cwe_by(n, "0162", route, c) } else { cwe_in(n, "0162", c) })
        }),
        row(2, "site", "CWE[CodeableConcept]", |i, n, c| set(&mut i.site, cwe_in(n, "0550", c))),
    ],
};

/// Maps one vaccination, with the order before it and the route behind it. The guide's status where RXA-20 is silent
/// is `completed`. It is known by the filler's number, else the placer's, else by patient, vaccine and time.
pub(crate) fn map(
    orc: Option<&Segment<'_>>,
    rxa: &Segment<'_>,
    rxr: Option<&Segment<'_>>,
    c: &mut Context<'_>,
) -> Option<Anchor> {
    let at = rxa.location()?;
    let patient = c.patient.clone()?;
    let mut given = Draft::new(Immunization {
        patient: Some(patient.reference()),
        encounter: c.visit(),
        ..Immunization::default()
    });
    if let Some(orc) = orc {
        ORC_IMMUNIZATION.apply(&mut given, orc, c);
    }
    RXA_IMMUNIZATION.apply(&mut given, rxa, c);
    if let Some(rxr) = rxr {
        RXR_IMMUNIZATION.apply(&mut given, rxr, c);
    }
    if given.body.status.is_none() && given.body.status_element.0.is_empty() {
        given.body.status = Some(ImmunizationStatus::Completed);
    }
    let missing = match &given.body {
        body if body.vaccine_code.is_none() => Some("Immunization.vaccineCode"),
        body if body.occurrence.is_none() => Some("Immunization.occurrence"),
        _ => None,
    };
    if let Some(missing) = missing {
        c.report(at, Reason::Missing(missing));
        return None;
    }
    let key = key(&given.body, rxa, patient.identity);
    Some(c.add(given, Immunization::into_resource, key, at))
}

fn key(given: &Immunization, rxa: &Segment<'_>, patient: String) -> Key {
    let numbered: Vec<_> = given
        .identifier
        .iter()
        .filter(|i| !i.r#type.as_ref().is_some_and(|kind| concept_part(Some(kind)).ends_with("GN")))
        .cloned()
        .rev()
        .collect();
    own_key(&numbered).unwrap_or_else(|| {
        let text = |field| field_text(rxa, field).unwrap_or_default();
        Key::Derived(vec![patient, concept_part(given.vaccine_code.as_ref()), text(3), text(2)])
    })
}

fn is_deletion(rxa: &Segment<'_>) -> bool {
    field_text(rxa, 21).as_deref() == Some("D")
}

/// RXA-6 in the units of RXA-7; 999 says that the amount is not known.
fn dose(given: &mut Immunization, node: &Node<'_>, c: &mut Context<'_>) -> Outcome {
    let Some(value) = nm::decimal(node.text())?.filter(|value| value.as_str() != "999") else {
        return Ok(());
    };
    let quantity = Quantity { value: Some(value), ..Quantity::default() };
    let units = node.field(7).filter(|units| valued(units.segment(), 7));
    set(&mut given.dose_quantity, Ok(Some(cq::with_unit(quantity, units.as_ref(), c))))
}

fn performer(given: &mut Immunization, node: &Node<'_>, function: &str, c: &mut Context<'_>) -> Outcome {
    let Some(actor) = xcn::xcn(node, c)? else { return Ok(()) };
    given.performer.push(ImmunizationPerformer {
        function: Some(role(function).into()),
        actor: Some(actor),
        ..ImmunizationPerformer::default()
    });
    Ok(())
}
