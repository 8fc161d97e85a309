//! Resources that a CWE or a DLD names: an organisation, a device, a role, a place, an earlier finding.

use super::cwe::{self, CODINGS, coding_of, concept};
use super::hd;
use crate::fhir::context::Context;
use crate::fhir::entries::Key;
use crate::fhir::node::Node;
use crate::fhir::row::{Datatype, Via};
use crate::fhir::tree::{Object, Val};

/// `CWE[Organization]`
pub(crate) const CWE_ORGANIZATION: Via = Via::Type(&Datatype {
    name: "CWE[Organization]",
    fhir: "Reference(Organization)",
    read: |n, c| Ok(organization(n, c)),
});

/// `CWE[Device]`
pub(crate) const CWE_DEVICE: Via =
    Via::Type(&Datatype { name: "CWE[Device]", fhir: "Reference(Device)", read: |n, c| Ok(device(n, c)) });

/// `CWE[PractitionerRole]`: whoever has this role.
pub(crate) const CWE_PRACTITIONER_ROLE: Via = Via::Type(&Datatype {
    name: "CWE[PractitionerRole]",
    fhir: "Reference(PractitionerRole)",
    read: |n, c| Ok(role(n, c)),
});

/// `CWE[Observation-SupportingInfo]`
pub(crate) const CWE_OBSERVATION_SUPPORTING_INFO: Via = Via::Type(&Datatype {
    name: "CWE[Observation-SupportingInfo]",
    fhir: "Reference(Observation)",
    read: |n, c| Ok(supporting_info(n, c)),
});

/// `DLD[Location-Discharge]`: a place that is known by its kind alone.
pub(crate) const DLD_LOCATION_DISCHARGE: Via = Via::Type(&Datatype {
    name: "DLD[Location-Discharge]",
    fhir: "Reference(Location)",
    read: |n, c| Ok(destination(n, c)),
});

fn organization<'a>(cwe: &Node<'a>, c: &mut Context<'a>) -> Option<Val<'a>> {
    let name = cwe.get(2).or_else(|| cwe.get(9));
    let [first, ..] = CODINGS;
    let number = number(cwe, first, "organization", c);
    if name.is_none() && number.is_none() {
        return None;
    }
    let mut draft = c.draft();
    if let Some(number) = number {
        draft.body.push(c.arena, "identifier", number);
    }
    draft.body.put("name", name);
    let key = Key::OwnOr(&[hd::system(None, c), name.unwrap_or_default()]);
    Some(c.add("Organization", draft, key, cwe.at()).reference(c.arena))
}

/// Each code is a number of the device, each text a name that it goes by. Whether the codes are of a kind of device the
/// message does not say: no DeviceDefinition is made.
fn device<'a>(cwe: &Node<'a>, c: &mut Context<'a>) -> Option<Val<'a>> {
    let mut draft = c.draft();
    for parts in CODINGS {
        if let Some(number) = number(cwe, parts, "device", c) {
            draft.body.push(c.arena, "identifier", number);
        }
    }
    let names = [2, 5, 11, 9].map(|part| cwe.get(part));
    for name in names.into_iter().flatten() {
        let name = c.object().with("name", name).with("type", "user-friendly-name");
        draft.body.push(c.arena, "deviceName", name);
    }
    if draft.body.is_empty() {
        return None;
    }
    let [first, second, third, said] = names.map(Option::unwrap_or_default);
    let key = Key::OwnOr(&[hd::system(None, c), first, second, third, said]);
    Some(c.add("Device", draft, key, cwe.at()).reference(c.arena))
}

fn role<'a>(cwe: &Node<'a>, c: &mut Context<'a>) -> Option<Val<'a>> {
    let concept = concept(cwe, c)?;
    let [system, code, said] = known_by(&concept);
    let mut draft = c.draft();
    draft.body.push(c.arena, "code", concept);
    let key = Key::Derived(&[hd::system(None, c), "role", system, code, said]);
    Some(c.add("PractitionerRole", draft, key, cwe.at()).reference(c.arena))
}

/// A finding that an order mentions. The guide leaves its code to the implementer: it is clinical information, and what
/// that is stands in the value.
fn supporting_info<'a>(cwe: &Node<'a>, c: &mut Context<'a>) -> Option<Val<'a>> {
    let value = concept(cwe, c)?;
    let [system, code, said] = known_by(&value);
    let mut draft = c.draft();
    draft.body.set("status", "final");
    let coding = c.object().with("system", "http://loinc.org").with("code", "55752-0");
    draft.body.set("code", c.object().with("coding", c.arena.only(coding)));
    draft.body.put("subject", c.subject());
    draft.body.put("encounter", c.visit());
    draft.body.set("valueCodeableConcept", value);
    let about = [c.patient_part(), c.encounter_part()];
    let [patient, encounter] = about;
    let key = Key::Derived(&[hd::system(None, c), patient, encounter, "55752-0", system, code, said]);
    Some(c.add("Observation", draft, key, cwe.at()).reference(c.arena))
}

fn destination<'a>(dld: &Node<'a>, c: &mut Context<'a>) -> Option<Val<'a>> {
    let part = dld.part(1)?;
    let mut kind = concept(&part, c)?;
    if let (Some(_), Some(Val::List(codings))) = (part.get(1), kind.get_mut("coding"))
        && let Some(Val::Object(first)) = codings.first_mut()
    {
        let coding = std::mem::replace(first, c.arena.object());
        *first = cwe::of_table(coding, "0113");
    }
    let [system, code, said] = known_by(&kind);
    let mut draft = c.draft();
    draft.body.push(c.arena, "type", kind);
    let key = Key::Derived(&[hd::system(None, c), "destination", system, code, said]);
    Some(c.add("Location", draft, key, dld.at()).reference(c.arena))
}

/// One of the codes of a CWE as a number: of its coding system, else of the sender.
fn number<'a>(cwe: &Node<'a>, parts: [u16; 4], kind: &str, c: &mut Context<'a>) -> Option<Object<'a>> {
    let [number, ..] = parts;
    let value = cwe.get(number)?;
    let named = coding_of(cwe, parts, c).0.and_then(|coding| coding.str("system"));
    let system = named.unwrap_or_else(|| hd::system_or(None, kind, c));
    Some(c.object().with("system", system).with("value", value))
}

/// System and code of the first coding, and the text.
fn known_by<'a>(concept: &Object<'a>) -> [&'a str; 3] {
    let first = concept.items("coding").first().and_then(Val::as_object);
    let of = |member| first.and_then(|coding| coding.str(member)).unwrap_or_default();
    [of("system"), of("code"), concept.str("text").unwrap_or_default()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::testing::made;

    fn body(field: &str, via: Via) -> String {
        made(field, via).into_iter().map(|(_, body)| body).collect()
    }

    #[test]
    fn a_number_is_of_its_system_or_of_the_sender() {
        let maker = body("PMC^Sanofi^MVX", CWE_ORGANIZATION);
        assert!(maker.contains(r#""value":"PMC"}],"name":"Sanofi""#), "{maker}");
        assert!(body("12", CWE_ORGANIZATION).contains(r#"FAC:organization","value":"12""#));
        assert!(body("^Lab", CWE_ORGANIZATION).contains("urn:carewire:derived"));
        assert!(body("^^MVX", CWE_ORGANIZATION).is_empty());
    }

    #[test]
    fn a_device_has_numbers_and_names() {
        let got = body("1^Pump^L^2^Pomp^L", CWE_DEVICE);
        assert_eq!(got.matches("user-friendly-name").count(), 2, "{got}");
        assert_eq!(got.matches(r#""value""#).count(), 2, "{got}");
    }

    #[test]
    fn a_destination_is_known_by_its_kind() {
        let got = body("SNF&Nursing", DLD_LOCATION_DISCHARGE);
        assert!(
            got.contains(
                r#""code":"SNF","display":"Nursing","system":"http://terminology.hl7.org/CodeSystem/v2-0113""#
            ),
            "{got}"
        );
        assert!(body("^20240101", DLD_LOCATION_DISCHARGE).is_empty());
    }

    #[test]
    fn a_role_without_a_person_and_a_finding_are_entries() {
        assert!(body("PP^Primary", CWE_PRACTITIONER_ROLE).contains(r#""code":[{"coding":[{"code":"PP""#));
        let finding = body("^Fasting", CWE_OBSERVATION_SUPPORTING_INFO);
        assert!(
            finding.contains(r#""status":"final""#) && finding.contains(r#"{"text":"Fasting"}"#),
            "{finding}"
        );
    }
}
