//! OBX-5: a value of the type that OBX-2 names.

use carewire_fhir_core::resources::{Observation, ObservationComponent, ObservationValue};
use carewire_fhir_core::types::{Extension, ExtensionValue, Quantity};

use super::{cq, cwe, dr, dtm, ed, nm, sn};
use crate::fhir::context::Context;
use crate::fhir::node::{Node, repetitions};
use crate::fhir::report::Reason;
use crate::fhir::row::{Found, Outcome, set};

/// Puts a repetition of OBX-5 into the observation: as its value, or where OBX-5 repeats as a component.
///
/// What cannot be read as its type says is kept as text, and reported.
pub(crate) fn observed(observation: &mut Observation, node: &Node<'_>, c: &mut Context<'_>) -> Outcome {
    let kind = node.field(2).and_then(|kind| kind.text()).unwrap_or_default();
    if matches!(kind.as_str(), "ED" | "RP") {
        return attached(observation, node, &kind);
    }
    let value = match typed(&kind, node, c) {
        Ok(value) => value,
        Err(reason) => {
            c.report(node.at(), reason);
            node.whole().map(ObservationValue::String)
        }
    };
    let repeats = repetitions(node.segment(), 5).filter(Node::has_content).count() > 1;
    if !repeats {
        return set(&mut observation.value, Ok(value));
    }
    let code = observation.code.clone();
    observation.component.push(ObservationComponent { code, value, ..ObservationComponent::default() });
    Ok(())
}

fn typed(kind: &str, node: &Node<'_>, c: &mut Context<'_>) -> Found<ObservationValue> {
    let units = node.field(6);
    match kind {
        "NM" | "SI" => {
            let number =
                nm::decimal(node.text())?.map(|value| Quantity { value: Some(value), ..Quantity::default() });
            Ok(number.map(|number| ObservationValue::Quantity(cq::with_unit(number, units.as_ref(), c))))
        }
        "CQ" => Ok(cq::cq(node, c)?.map(ObservationValue::Quantity)),
        "SN" => sn::sn(node, units.as_ref(), c),
        "ST" | "TX" | "FT" | "" => Ok(node.whole().map(ObservationValue::String)),
        "CE" | "CF" | "CNE" | "CWE" | "IS" | "ID" => {
            Ok(cwe::cwe(node, c)?.map(ObservationValue::CodeableConcept))
        }
        "DT" | "DTM" | "TS" => Ok(dtm::date_time(node, c)?.map(ObservationValue::DateTime)),
        "TM" => {
            node.text().map_or(Ok(None), |text| dtm::time(&text)).map(|time| time.map(ObservationValue::Time))
        }
        "DR" => Ok(dr::dr(node, c)?.map(ObservationValue::Period)),
        "NR" => Ok(dr::nr(node)?.map(|range| ObservationValue::Range(Box::new(range)))),
        "VR" => {
            let ends: Vec<String> = [1, 2].into_iter().filter_map(|part| node.get(part)).collect();
            Ok(Some(ObservationValue::String(ends.join("-"))).filter(|_| !ends.is_empty()))
        }
        _ => Err(Reason::UnknownValueType),
    }
}

/// R4 has no attachment among the values; the one of R5 stands in an extension.
fn attached(observation: &mut Observation, node: &Node<'_>, kind: &str) -> Outcome {
    let attachment = if kind == "ED" { ed::ed(node) } else { ed::rp(node) };
    let url = "http://hl7.org/fhir/5.0/StructureDefinition/extension-Observation.value";
    let value = attachment?.map(|attachment| ExtensionValue::Attachment(Box::new(attachment)));
    observation.extension.extend(value.map(|value| Extension::new(url, value)));
    Ok(())
}
