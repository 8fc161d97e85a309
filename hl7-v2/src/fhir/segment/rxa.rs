//! RXA, RXR and the ORC before them: a vaccination.

use super::obx_immunization;
use crate::fhir::code::{BODY_PARTS, COMPLETION_STATUS, CONFIDENTIALITY_CODE, ROUTE_OF_ADMINISTRATION};
use crate::fhir::context::{Anchor, Context};
use crate::fhir::datatype::cwe::CWE_OF_TABLE;
use crate::fhir::datatype::{
    CWE_CODEABLE_CONCEPT, CWE_CODING, CWE_ORGANIZATION, CWE_QUANTITY, DTM_DATE, DTM_DATE_TIME, EI_TYPED,
    EIP_IDENTIFIER_FILLER_ASSIGNED_IDENTIFIER, EIP_IDENTIFIER_PLACER_ASSIGNED_IDENTIFIER, ID_CODE,
    PL_LOCATION, ST_STRING, XAD_ADDRESS, XCN_PRACTITIONER, XCN_ROLE, dtm, nm, pl,
};
use crate::fhir::entries::{Key, numbered};
use crate::fhir::node::{Node, Seg};
use crate::fhir::report::Reason;
use crate::fhir::row::{Outcome, Own, Table, Via, row};
use crate::fhir::segment::{LeftOut, left};
use crate::fhir::tree::{Arena, Object, Val};

/// `ORC[Immunization]`
pub(crate) static ORC_IMMUNIZATION: Table = Table::new(
    "ORC[Immunization]",
    "ORC",
    "Immunization",
    &[
        row(2, "identifier", EI_TYPED.of("PLAC")),
        row(3, "identifier", EI_TYPED.of("FILL")),
        row(4, "identifier", EIP_IDENTIFIER_FILLER_ASSIGNED_IDENTIFIER),
        row(4, "identifier", EIP_IDENTIFIER_PLACER_ASSIGNED_IDENTIFIER),
        row(9, "recorded", DTM_DATE_TIME),
        row(12, "performer", Via::Own(&Own { name: "XCN[PractitionerRole] OP", apply: ordered_by })),
        row(28, "meta.security", CWE_CODING.of(&CONFIDENTIALITY_CODE)),
    ],
);

/// `RXA[Immunization]`
pub(crate) static RXA_IMMUNIZATION: Table = Table::new(
    "RXA[Immunization]",
    "RXA",
    "Immunization",
    &[
        row(3, "occurrenceDateTime", DTM_DATE_TIME),
        row(5, "vaccineCode", CWE_CODEABLE_CONCEPT),
        row(6, "doseQuantity.value", Via::Own(&Own { name: "NM[decimal]", apply: amount })),
        row(7, "doseQuantity", Via::Own(&Own { name: "CWE[Quantity]", apply: units }))
            .when("RXA-6 is valued", |s| s.valued(6)),
        row(10, "performer", Via::Own(&Own { name: "XCN[Practitioner] AP", apply: given_by })),
        row(15, "lotNumber", ST_STRING),
        row(16, "expirationDate", DTM_DATE),
        row(17, "manufacturer(Organization)", CWE_ORGANIZATION),
        row(18, "statusReason", CWE_CODEABLE_CONCEPT),
        row(19, "reasonCode", CWE_CODEABLE_CONCEPT),
        row(20, "status", ID_CODE.of(&COMPLETION_STATUS)).when("RXA-21 is not D", |s| !is_deletion(s)),
        row(21, "status", Via::Fixed("entered-in-error")).when("RXA-21 is D", is_deletion),
        row(22, "recorded", Via::Own(&Own { name: "DTM[dateTime]", apply: recorded }))
            .when("RXA-21 is A", |s| s.text(21) == Some("A")),
        row(27, "location(Location)", PL_LOCATION),
        row(28, "location(Location)", Via::Own(&Own { name: "XAD[Address]", apply: address }))
            .when("RXA-27 is valued", |s| s.valued(27)),
    ],
);

/// `RXR[Immunization]`
pub(crate) static RXR_IMMUNIZATION: Table = Table::new(
    "RXR[Immunization]",
    "RXR",
    "Immunization",
    &[
        row(1, "route", CWE_OF_TABLE.of(&ROUTE_OF_ADMINISTRATION)),
        row(2, "site", CWE_OF_TABLE.of(&BODY_PARTS)),
    ],
);

pub(crate) static LEFT_OUT: &[LeftOut] = &[left(
    "RXA[Immunization] RXA-20 status#2",
    "made beside the rows, since nothing is in RXA-20 then: completed",
)];

/// The segments of one vaccination.
pub(crate) struct Vaccination<'g, 'a> {
    pub(crate) orc: Option<&'g Seg<'a>>,
    pub(crate) rxa: &'g Seg<'a>,
    pub(crate) rxr: Option<&'g Seg<'a>>,
    /// The OBX that tell elements of it: see [`obx_immunization::is_element`].
    pub(crate) elements: &'g [Seg<'a>],
}

/// Adds one vaccination. The guide's status where RXA-20 is silent is `completed`. It is known by the filler's number,
/// else the placer's, else by patient, vaccine and time.
pub(crate) fn vaccination<'a>(group: &Vaccination<'_, 'a>, c: &mut Context<'a>) -> Option<Anchor<'a>> {
    let at = group.rxa.at();
    let mut given = c.draft();
    given.body.set("patient", c.subject()?);
    given.body.put("encounter", c.visit());
    if let Some(orc) = group.orc {
        ORC_IMMUNIZATION.apply(&mut given, orc, c);
    }
    RXA_IMMUNIZATION.apply(&mut given, group.rxa, c);
    if let Some(rxr) = group.rxr {
        RXR_IMMUNIZATION.apply(&mut given, rxr, c);
    }
    obx_immunization::read(group.elements, &mut given, c);
    let body = &mut given.body;
    if !body.has("status") && !body.has("_status") {
        body.set("status", "completed");
    }
    let missing = [
        ("status", "Immunization.status"),
        ("vaccineCode", "Immunization.vaccineCode"),
        ("occurrenceDateTime", "Immunization.occurrence"),
    ];
    if let Some((_, missing)) = missing.into_iter().find(|(name, _)| !body.has(name)) {
        c.report_at(at, Reason::Missing(missing));
        return None;
    }
    let own = ["FILL", "PLAC"]
        .iter()
        .find_map(|kind| numbered(body, &[kind]).filter(|(_, number)| !is_placeholder(number)));
    Some(match own {
        Some((system, number)) => c.add("Immunization", given, Key::Given(system, number), at),
        None => {
            let vaccine = concept_part(given.body.get("vaccineCode"), c.arena);
            let [time, administration] = [3, 2].map(|field| group.rxa.text(field).unwrap_or_default());
            let parts = [c.patient_part(), vaccine, time, administration];
            c.add("Immunization", given, Key::Derived(&parts), at)
        }
    })
}

/// Senders to registries number `9999` what somebody else gave, or what nobody gave: not one vaccination, but many.
fn is_placeholder(number: &str) -> bool {
    number.len() >= 4 && number.bytes().all(|b| b == b'9')
}

/// A concept as a part of a derived identity: its first coding, else its text.
pub(crate) fn concept_part<'a>(concept: Option<&Val<'a>>, arena: Arena<'a>) -> &'a str {
    let Some(concept) = concept.and_then(Val::as_object) else { return "" };
    let Some(coding) = concept.items("coding").first().and_then(Val::as_object) else {
        return concept.str("text").unwrap_or_default();
    };
    let [system, code] = ["system", "code"].map(|name| coding.str(name).unwrap_or_default());
    arena.format(format_args!("{system}|{code}"))
}

fn is_deletion(rxa: &Seg<'_>) -> bool {
    rxa.text(21) == Some("D")
}

/// RXA-6; 999 says that the amount is not known.
fn amount<'a>(given: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    let amount = nm::decimal(node.text(), c.arena)?.filter(|value| *value != "999");
    given.put("doseQuantity", amount.map(|value| c.object().with("value", Val::Number(value))));
    Ok(())
}

/// RXA-7, the units of the amount.
fn units<'a>(given: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    let Some(units) = CWE_QUANTITY.read(node, c)? else { return Ok(()) };
    let dose = given.get_mut("doseQuantity").and_then(Val::as_object_mut);
    if let (Some(dose), Some(units)) = (dose, units.as_object()) {
        units.members().for_each(|(name, value)| dose.set(name, value.clone()));
    }
    Ok(())
}

fn ordered_by<'a>(given: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    let actor = (XCN_ROLE.read)(node, "OP", c)?;
    performer(given, actor, "OP", c);
    Ok(())
}

fn given_by<'a>(given: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    let actor = XCN_PRACTITIONER.read(node, c)?;
    performer(given, actor, "AP", c);
    Ok(())
}

/// A performer with a function of table 0443.
pub(crate) fn performer<'a>(
    of: &mut Object<'a>,
    actor: Option<Val<'a>>,
    function: &'static str,
    c: &Context<'a>,
) {
    let Some(actor) = actor else { return };
    let coding =
        c.object().with("system", "http://terminology.hl7.org/CodeSystem/v2-0443").with("code", function);
    let function = c.object().with("coding", c.arena.only(coding));
    of.push(c.arena, "performer", c.object().with("function", function).with("actor", actor));
}

/// The time of entry of an addition is nearer to the record than the time of the order.
fn recorded<'a>(given: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    if let Some(time) = dtm::date_time(node, c)? {
        given.set("recorded", time);
    }
    Ok(())
}

/// RXA-28, the address of the place of RXA-27.
fn address<'a>(_: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    let address = XAD_ADDRESS.read(node, c)?;
    if let (Some(place), Some(Val::Object(address))) = (node.seg().node(27), address) {
        pl::place(&place, Some(address), c);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::testing::{Mapped, mapped, mapped_by, of_type, options, reported};

    fn vaccinated(segments: &[&str]) -> Mapped {
        mapped_by("VXU^V04", segments, &options(), |segments, c| {
            let named = |name: &str| segments.iter().find(|seg| seg.is(name));
            let observations: Vec<Seg<'_>> = segments.iter().filter(|seg| seg.is("OBX")).copied().collect();
            let group = Vaccination {
                orc: named("ORC"),
                rxa: named("RXA").unwrap(),
                rxr: named("RXR"),
                elements: &obx_immunization::elements(&observations),
            };
            vaccination(&group, c);
        })
    }

    fn given(segments: &[&str]) -> String {
        of_type(&vaccinated(segments), "Immunization").concat()
    }

    #[test]
    fn a_dose_has_vaccine_time_amount_lot_and_people() {
        let got = given(&[
            "ORC|RE|P1|F1||||||20240305093000|||3^Orderer",
            "RXA|0|1|20240305||49281^TENIVAC^NDC|0.50|mL^mL^UCUM|||4^Giver|||||L1|20251231|PMC^Sanofi^MVX|||CP|A",
            "RXR|IM^Intramuscular^HL70162|LD^Left Deltoid^HL70163",
        ]);
        for part in [
            r#""status":"completed""#,
            r#""vaccineCode":{"coding":[{"system":"http://hl7.org/fhir/sid/ndc","code":"49281","display":"TENIVAC"}]}"#,
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
        let refused = given(&["RXA|0|1|20240305||107^DTP^CVX|999||||||||||||00^Refusal^NIP002||RE"]);
        assert!(refused.contains(r#""status":"not-done""#) && refused.contains("statusReason"), "{refused}");
        assert!(!refused.contains("doseQuantity"), "999 is no amount: {refused}");
        let deleted = given(&["RXA|0|1|20240305||107^DTP^CVX|1||||||||||||||CP|D"]);
        assert!(deleted.contains(r#""status":"entered-in-error""#), "{deleted}");
    }

    #[test]
    fn what_fhir_demands_is_never_made_up() {
        for (rxa, element) in [
            ("RXA|0|1|||107^DTP^CVX", "Immunization.occurrence"),
            ("RXA|0|1|20240305", "Immunization.vaccineCode"),
            ("RXA|0|1|20240305||107^DTP^CVX|||||||||||||||ZZ", "Immunization.status"),
        ] {
            let got = vaccinated(&[rxa]);
            assert!(of_type(&got, "Immunization").is_empty());
            let left_out = format!("RXA[1]: resource left out: no value for `{element}`");
            assert!(reported(&got).contains(&left_out), "{:?}", reported(&got));
        }
        assert!(given(&["RXA|0|1|20240305||107^DTP^CVX"]).contains(r#""status":"completed""#));
    }

    #[test]
    fn a_placeholder_is_no_identity() {
        let url = |orc: &str, rxa: &str| {
            let got = vaccinated(&[orc, rxa]);
            carewire_fhir_core::entries(&got.bundle).last().unwrap().request_url.unwrap().to_owned()
        };
        let (dtp, mmr) = ("RXA|0|1|20240305||107^DTP^CVX", "RXA|0|1|20240305||03^MMR^CVX");
        assert_ne!(url("ORC|RE||9999^REG", dtp), url("ORC|RE||9999^REG", mmr));
        assert!(url("ORC|RE|P1|F1^REG", dtp).ends_with("REG%7CF1"));
    }

    #[test]
    fn an_address_is_that_of_the_place_and_nothing_without_one() {
        let rxa = format!("RXA|0|1|20240305||107^DTP^CVX{}", "|".repeat(22));
        let placed = vaccinated(&[&format!("{rxa}C^1|1 Street")]);
        let places = of_type(&placed, "Location");
        assert_eq!(places.len(), 2, "{places:?}");
        assert!(
            places.iter().any(|place| place.contains("partOf") && place.contains("1 Street")),
            "{places:?}"
        );
        let alone = vaccinated(&[&format!("{rxa}|1 Street")]);
        let unmapped: Vec<String> = alone.report.unmapped.iter().map(|field| field.at.to_string()).collect();
        assert!(unmapped.contains(&"RXA[1]-28".to_owned()), "{unmapped:?}");
    }

    #[test]
    fn an_addition_was_recorded_when_it_was_entered() {
        let rxa = "RXA|0|1|20240305||107^DTP^CVX||||||||||||||||A|20240306080000";
        let got = given(&["ORC|RE||F1||||||20240305093000", rxa]);
        assert!(got.contains(r#""recorded":"2024-03-06T08:00:00+01:00""#), "{got}");
    }

    #[test]
    fn a_second_route_is_named_as_not_read() {
        let rxa = "RXA|0|1|20240305||49281^TENIVAC^NDC|0.50||||||||||||||CP";
        let got = mapped("VXU^V04", &["ORC|RE||F1", rxa, "RXR|IM", "RXR|SC|LA"]);
        assert!(of_type(&got, "Immunization").concat().contains(r#""code":"IM""#));
        let unread = got.report.unmapped.iter().map(|field| field.at.to_string());
        let of_routes: Vec<String> = unread.filter(|at| at.starts_with("RXR")).collect();
        assert_eq!(of_routes, ["RXR[2]-1", "RXR[2]-2"]);
    }
}
