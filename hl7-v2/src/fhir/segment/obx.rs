//! OBX: an observation.

use carewire_fhir_core::resources::{
    Device, Effective, Observation, ObservationStatus, PractitionerRole, ReferenceRange, Specimen,
};
use carewire_fhir_core::types::{CodeableConcept, Coding, Extension, ExtensionValue, Reference};

use super::al1::concept_part;
use crate::Segment;
use crate::fhir::context::{Anchor, Context, Draft, Key, own_key};
use crate::fhir::datatype::cwe::{as_code, code_by, cwe, cwe_by, id, original_code};
use crate::fhir::datatype::ei::{ei, eip, filler};
use crate::fhir::datatype::xad::xad;
use crate::fhir::datatype::{dtm, extend, value, xcn, xon};
use crate::fhir::node::{Node, field_text};
use crate::fhir::report::Reason;
use crate::fhir::row::{Outcome, Table, push, row, set, valued};
use crate::fhir::table::{interpretation, observation_status, v2_system};

const EXT: &str = "http://hl7.org/fhir/StructureDefinition/";

/// `OBX[Observation]`, and `OBX[Observation-Component]` where OBX-5 repeats.
pub(crate) static OBX_OBSERVATION: Table<Observation> = Table {
    segment: "OBX",
    resource: "Observation",
    rows: &[
        row(3, "code", "CWE[CodeableConcept]", |o, n, c| set(&mut o.code, cwe(n, c))),
        row(4, "extension(observation-v2-subid)", "OG[Extension]", sub_id),
        row(5, "value[x]", "by OBX-2", value::observed).and(&[2, 6]),
        row(7, "referenceRange.text", "ST[string]", |o, n, _| {
            let range = ReferenceRange { text: n.whole(), ..ReferenceRange::default() };
            push(&mut o.reference_range, Ok(range.text.is_some().then_some(range)))
        }),
        row(8, "interpretation", "CWE[CodeableConcept] InterpretationCodes", |o, n, c| {
            push(&mut o.interpretation, cwe_by(n, "0078", interpretation, c))
        }),
        row(10, "extension(nature-of-abnormal-test)", "ID[CodeableConcept]", |o, n, _| {
            let concept = id(n, "0080")?.map(ExtensionValue::CodeableConcept);
            extend(&mut o.extension, &format!("{EXT}observation-nature-of-abnormal-test"), Ok(concept))
        }),
        row(11, "status", "ID[code] ObservationResultStatusCodesInterpretation", status),
        row(14, "effectiveDateTime", "DTM[dateTime]", |o, n, c| {
            set(&mut o.effective, dtm::date_time(n, c).map(|found| found.map(Effective::DateTime)))
        }),
        row(15, "performer(Organization)", "CWE[Organization]", |o, n, c| {
            push(&mut o.performer, xon::cwe_organization(n, c))
        }),
        row(16, "performer(PractitionerRole)", "XCN[PractitionerRole] responsibleObserver", |o, n, c| {
            let role =
                Coding::new("http://terminology.hl7.org/CodeSystem/practitioner-role", "responsibleObserver");
            push(&mut o.performer, xcn::xcn_role(n, role, c))
        }),
        row(17, "method", "CWE[CodeableConcept]", |o, n, c| set(&mut o.method, cwe(n, c))),
        row(18, "device(Device)", "EI[Identifier]", device),
        row(20, "bodySite", "CWE[CodeableConcept]", |o, n, c| set(&mut o.body_site, cwe(n, c))),
        row(21, "identifier", "EI[Identifier] FILL", |o, n, c| push(&mut o.identifier, filler(n, c))),
        row(23, "performer(Organization)", "XON[Organization]", performing_organization).and(&[24, 25]),
        row(29, "category", "ID[CodeableConcept]", |o, n, _| push(&mut o.category, id(n, "0936"))),
        row(30, "extension(observation-structure-type)", "ID[CodeableConcept]", |o, n, _| {
            let code = n.text().and_then(|text| as_code(&text));
            let url = format!("{EXT}observation-structure-type");
            let concept = code.map(|code| CodeableConcept::from(Coding::new(v2_system("0937"), code)));
            extend(&mut o.extension, &url, Ok(concept.map(ExtensionValue::CodeableConcept)))
        }),
        row(33, "specimen(Specimen)", "EIP[Identifier]", specimen),
    ],
};

/// What an observation belongs to.
#[derive(Clone, Default)]
pub(crate) struct Parent {
    /// The identity of the order, the specimen or the vaccination.
    pub(crate) identity: String,
    pub(crate) encounter: Option<Reference>,
    pub(crate) specimen: Option<Reference>,
    pub(crate) part_of: Vec<Reference>,
}

/// Maps one OBX. Without an identifier an observation is known by its patient, what it belongs to, its code, its
/// sub-id, its number and, when it belongs to nothing, its time.
pub(crate) fn map(obx: &Segment<'_>, parent: &Parent, c: &mut Context<'_>) -> Option<Anchor> {
    let at = obx.location()?;
    let mut observation = Draft::new(Observation {
        subject: c.subject(),
        encounter: parent.encounter.clone(),
        specimen: parent.specimen.clone(),
        part_of: parent.part_of.clone(),
        ..Observation::default()
    });
    OBX_OBSERVATION.apply(&mut observation, obx, c);
    if observation.body.code.is_none() {
        c.report(at, Reason::Missing("Observation.code"));
        return None;
    }
    if observation.body.status.is_none() {
        observation.body.status = Some(ObservationStatus::Unknown);
        if !valued(obx, 11) {
            c.report(at, Reason::Unstated("Observation.status"));
        }
    }
    let key = match own_key(&observation.body.identifier) {
        Some(key) => key,
        None => derived_key(&observation.body, obx, parent, at, c),
    };
    Some(c.add(observation, Observation::into_resource, key, at))
}

fn derived_key(
    observation: &Observation,
    obx: &Segment<'_>,
    parent: &Parent,
    at: crate::Location,
    c: &mut Context<'_>,
) -> Key {
    let text = |field| field_text(obx, field).unwrap_or_default();
    let lasting = match (parent.identity.is_empty(), text(14)) {
        (false, _) => parent.identity.clone(),
        (true, time) if !time.is_empty() => time,
        (true, _) => c.bound_to_message(at),
    };
    Key::Derived(vec![c.patient_part(), lasting, concept_part(observation.code.as_ref()), text(4), text(1)])
}

/// `X` says that there will be no result, `N` that nothing was asked.
fn status(observation: &mut Observation, node: &Node<'_>, _: &mut Context<'_>) -> Outcome {
    if let Some("X") = node.text().as_deref() {
        observation.status_element.0.extend(original_code(node, "0085"));
    }
    // obs-6: what has a value is not absent.
    if observation.value.is_none() && node.text().as_deref() == Some("N") {
        let system = "http://terminology.hl7.org/CodeSystem/data-absent-reason";
        observation.data_absent_reason = Some(Coding::new(system, "not-asked").into());
    }
    code_by((&mut observation.status, &mut observation.status_element), node, "0085", observation_status)
}

fn sub_id(observation: &mut Observation, node: &Node<'_>, _: &mut Context<'_>) -> Outcome {
    let parts = [(1, "original-sub-identifier"), (2, "group"), (3, "sequence"), (4, "identifier")];
    let inner: Vec<Extension> = parts
        .into_iter()
        .filter_map(|(part, name)| Some(Extension::new(name, ExtensionValue::String(node.get(part)?))))
        .collect();
    if !inner.is_empty() {
        observation.extension.push(Extension::nested(format!("{EXT}observation-v2-subid"), inner));
    }
    Ok(())
}

fn device(observation: &mut Observation, node: &Node<'_>, c: &mut Context<'_>) -> Outcome {
    let Some(identifier) = ei(node, "device", c)? else { return Ok(()) };
    let device = Device { identifier: vec![identifier], ..Device::default() };
    let device = c.add(Draft::new(device), Device::into_resource, Key::OwnOr(Vec::new()), node.at());
    set(&mut observation.device, Ok(Some(device.reference())))
}

/// OBX-23 at the address of OBX-24; under the medical director of OBX-25, when one is named.
fn performing_organization(observation: &mut Observation, node: &Node<'_>, c: &mut Context<'_>) -> Outcome {
    let address = node.field(24).map_or(Ok(None), |address| xad(&address, c))?;
    let details = xon::Details { address: address.into_iter().collect(), ..xon::Details::default() };
    let Some(organization) = xon::described(node, details, c)? else { return Ok(()) };
    let director = node.field(25).map_or(Ok(None), |director| xcn::practitioner(&director, Vec::new(), c))?;
    let Some(director) = director else {
        observation.performer.push(organization.reference());
        return Ok(());
    };
    let role = PractitionerRole {
        practitioner: Some(director.reference()),
        organization: Some(organization.reference()),
        code: vec![Coding::new(v2_system("0912"), "MDIR").into()],
        ..PractitionerRole::default()
    };
    let key = Key::Derived(vec![director.identity, organization.identity, "MDIR".into()]);
    observation
        .performer
        .push(c.add(Draft::new(role), PractitionerRole::into_resource, key, node.at()).reference());
    Ok(())
}

/// The specimen by its numbers; where several are named, FHIR holds the first.
fn specimen(observation: &mut Observation, node: &Node<'_>, c: &mut Context<'_>) -> Outcome {
    let identifier = eip(node, "specimen", c)?;
    let Some(key) = own_key(&identifier) else { return Ok(()) };
    let specimen = Specimen { identifier, subject: c.subject(), ..Specimen::default() };
    let specimen = c.add(Draft::new(specimen), Specimen::into_resource, key, node.at());
    if observation.specimen.is_some() {
        return Err(Reason::OnlyOneFits);
    }
    observation.specimen = Some(specimen.reference());
    Ok(())
}
