//! RXA, RXR and the ORC before them: a vaccination.

use carewire_fhir_core::resources::{
    Immunization, ImmunizationOccurrence, ImmunizationPerformer, ImmunizationStatus,
};
use carewire_fhir_core::types::{Identifier, Meta, Quantity};

use super::al1::concept_part;
use super::obx_immunization;
use super::orc::{numbered, role};
use crate::Segment;
use crate::fhir::context::{Anchor, Context, Draft, Key};
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
        row(16, "expirationDate", "DTM[date]", |i, n, c| set(&mut i.expiration_date, dtm::date(n, c))),
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
        .and(&[28])
        .when("RXA-27 is valued", |s| valued(s, 27)),
    ],
};

/// `RXR[Immunization]`
pub(crate) static RXR_IMMUNIZATION: Table<Immunization> = Table {
    segment: "RXR",
    resource: "Immunization",
    rows: &[
        row(1, "route", "CWE[CodeableConcept] RouteOfAdministration", |i, n, c| {
            let of_table = n.get(3).is_none_or(|system| system.eq_ignore_ascii_case("HL70162"));
            let mapped = of_table && n.get(1).is_some_and(|code| route(&code).is_some());
            set(&mut i.route, if mapped { cwe_by(n, "0162", route, c) } else { cwe_in(n, "0162", c) })
        }),
        row(2, "site", "CWE[CodeableConcept]", |i, n, c| set(&mut i.site, cwe_in(n, "0550", c))),
    ],
};

/// The segments of one vaccination.
pub(crate) struct Vaccination<'g, 'm> {
    pub(crate) orc: Option<&'g Segment<'m>>,
    pub(crate) rxa: &'g Segment<'m>,
    pub(crate) rxr: Option<&'g Segment<'m>>,
    /// The OBX that tell elements of it.
    pub(crate) elements: &'g [Segment<'m>],
}

/// Maps one vaccination. The guide's status where RXA-20 is silent is `completed`. It is known by the filler's number,
/// else the placer's, else by patient, vaccine and time.
pub(crate) fn map(group: &Vaccination<'_, '_>, c: &mut Context<'_>) -> Option<Anchor> {
    let at = group.rxa.location()?;
    let patient = c.patient.clone()?;
    let mut given = Draft::new(Immunization {
        patient: Some(patient.reference()),
        encounter: c.visit(),
        ..Immunization::default()
    });
    if let Some(orc) = group.orc {
        ORC_IMMUNIZATION.apply(&mut given, orc, c);
    }
    RXA_IMMUNIZATION.apply(&mut given, group.rxa, c);
    if let Some(rxr) = group.rxr {
        RXR_IMMUNIZATION.apply(&mut given, rxr, c);
    }
    obx_immunization::read(group.elements, &mut given, c);
    if given.body.status.is_none() && given.body.status_element.0.is_empty() {
        given.body.status = Some(ImmunizationStatus::Completed);
    }
    let missing = match &given.body {
        body if body.status.is_none() => Some("Immunization.status"),
        body if body.vaccine_code.is_none() => Some("Immunization.vaccineCode"),
        body if body.occurrence.is_none() => Some("Immunization.occurrence"),
        _ => None,
    };
    if let Some(missing) = missing {
        c.report(at, Reason::Missing(missing));
        return None;
    }
    let key = key(&given.body, group.rxa, patient.identity);
    Some(c.add(given, Immunization::into_resource, key, at))
}

fn key(given: &Immunization, rxa: &Segment<'_>, patient: String) -> Key {
    let own: Vec<Identifier> =
        given.identifier.iter().filter(|number| !is_placeholder(number)).cloned().collect();
    numbered(&own, ["FILL", "PLAC"]).unwrap_or_else(|| {
        let text = |field| field_text(rxa, field).unwrap_or_default();
        Key::Derived(vec![patient, concept_part(given.vaccine_code.as_ref()), text(3), text(2)])
    })
}

/// Senders to registries number `9999` what somebody else gave, or what nobody gave: not one vaccination, but many.
fn is_placeholder(number: &Identifier) -> bool {
    number.value.as_deref().is_some_and(|value| value.len() >= 4 && value.bytes().all(|b| b == b'9'))
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

#[cfg(test)]
mod tests {
    use crate::fhir::testing::{mapped, of_type, reported};

    fn vaccination(segments: &[&str]) -> String {
        of_type(&mapped("VXU^V04", segments), "Immunization").concat()
    }

    #[test]
    fn a_dose_has_vaccine_time_amount_lot_and_people() {
        let got = vaccination(&[
            "ORC|RE|P1|F1||||||20240305093000|||3^Orderer",
            "RXA|0|1|20240305||49281^TENIVAC^NDC|0.50|mL^mL^UCUM|||4^Giver|||||L1|20251231|PMC^Sanofi^MVX|||CP|A",
            "RXR|IM^Intramuscular^HL70162|LD^Left Deltoid^HL70163",
        ]);
        for part in [
            r#""status":"completed","vaccineCode":{"coding":[{"system":"http://hl7.org/fhir/sid/ndc","code":"49281","display":"TENIVAC"}]}"#,
            r#""occurrenceDateTime":"2024-03-05""#,
            r#""recorded":"2024-03-05T09:30:00+01:00""#,
            r#""lotNumber":"L1","expirationDate":"2025-12-31""#,
            r#""doseQuantity":{"value":0.50,"unit":"mL","system":"http://unitsofmeasure.org","code":"mL"}"#,
            r#""code":"OP""#,
            r#""code":"AP""#,
            r#"v3-RouteOfAdministration","code":"IM""#,
            r#"v2-0163","code":"LD""#,
        ] {
            assert!(got.contains(part), "{part} in {got}");
        }
    }

    #[test]
    fn a_refusal_is_not_done_and_a_deletion_an_error() {
        let refused = vaccination(&["RXA|0|1|20240305||107^DTP^CVX|999||||||||||||00^Refusal^NIP002||RE"]);
        assert!(refused.contains(r#""status":"not-done","statusReason""#), "{refused}");
        assert!(!refused.contains("doseQuantity"), "999 is no amount: {refused}");
        let deleted = vaccination(&["RXA|0|1|20240305||107^DTP^CVX|1||||||||||||||CP|D"]);
        assert!(deleted.contains(r#""status":"entered-in-error""#), "{deleted}");
    }

    #[test]
    fn what_fhir_demands_is_never_made_up() {
        for (rxa, element) in [
            ("RXA|0|1|||107^DTP^CVX", "Immunization.occurrence"),
            ("RXA|0|1|20240305", "Immunization.vaccineCode"),
            ("RXA|0|1|20240305||107^DTP^CVX|||||||||||||||ZZ", "Immunization.status"),
        ] {
            let got = mapped("VXU^V04", &[rxa]);
            assert!(of_type(&got, "Immunization").is_empty());
            let left_out = format!("RXA[1]: resource left out: no value for `{element}`");
            assert!(reported(&got).contains(&left_out), "{:?}", reported(&got));
        }
        assert!(vaccination(&["RXA|0|1|20240305||107^DTP^CVX"]).contains(r#""status":"completed""#));
    }

    #[test]
    fn a_placeholder_is_no_identity() {
        let url = |orc: &str, rxa: &str| {
            let got = mapped("VXU^V04", &[orc, rxa]);
            carewire_fhir_core::entries(&got.bundle).last().unwrap().request_url.unwrap().to_owned()
        };
        let (dtp, mmr) = ("RXA|0|1|20240305||107^DTP^CVX", "RXA|0|1|20240305||03^MMR^CVX");
        assert_ne!(url("ORC|RE||9999^REG", dtp), url("ORC|RE||9999^REG", mmr));
        assert!(url("ORC|RE|P1|F1^REG", dtp).ends_with("REG%7CF1"));
    }

    #[test]
    fn an_address_without_a_place_is_reported() {
        let got = mapped("VXU^V04", &[&format!("RXA|0|1|20240305||107^DTP^CVX{}1 Street", "|".repeat(23))]);
        let unmapped: Vec<String> = got.unmapped.iter().map(|field| field.at.to_string()).collect();
        assert!(unmapped.contains(&"RXA[1]-28".to_owned()), "{unmapped:?}");
    }
}
