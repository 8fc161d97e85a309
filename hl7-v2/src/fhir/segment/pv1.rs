//! PV1 and PV2: the visit.

use carewire_fhir_core::resources::{
    Encounter, EncounterLocation, EncounterLocationStatus, EncounterParticipant, EncounterStatus,
    Hospitalization,
};
use carewire_fhir_core::types::{Coding, Extension, ExtensionValue, Meta, Period, Quantity};

use crate::Segment;
use crate::fhir::context::{Anchor, Context, Draft, Key, own_key};
use crate::fhir::datatype::cwe::{cwe, cwe_by, original_code};
use crate::fhir::datatype::cx::{cx, cx_of_type};
use crate::fhir::datatype::{cwe as codes, dtm, extend, nm, pl, unknown, xcn};
use crate::fhir::node::{Node, repetitions};
use crate::fhir::report::Reason;
use crate::fhir::row::{Outcome, Table, push, row, set, valued};
use crate::fhir::table::{
    ambulatory_status, class_status, encounter_class, encounter_priority, event_status, hospital_service,
    v2_system,
};

/// `PV1[Encounter]`
pub(crate) static PV1_ENCOUNTER: Table<Encounter> = Table {
    segment: "PV1",
    resource: "Encounter",
    rows: &[
        row(2, "class", "CWE[Coding] PatientClass", class),
        row(3, "location", "PL[Location]", |e, n, c| {
            let planned = n.field(2).and_then(|class| class.text()).as_deref() == Some("P");
            let status =
                if planned { EncounterLocationStatus::Planned } else { EncounterLocationStatus::Active };
            location(e, n, status, c)
        }),
        row(4, "type", "CWE[CodeableConcept] AdmissionType", |e, n, c| {
            push(&mut e.r#type, codes::cwe_in(n, "0007", c))
        }),
        row(5, "hospitalization.preAdmissionIdentifier", "CX[Identifier]", |e, n, c| {
            set(&mut stay(e).pre_admission_identifier, cx(n, c))
        }),
        row(6, "location", "PL[Location]", |e, n, c| location(e, n, EncounterLocationStatus::Completed, c)),
        row(7, "participant", "XCN[Practitioner] ATND", |e, n, c| participant(e, n, "ATND", "attender", c)),
        row(8, "participant", "XCN[Practitioner] REF", |e, n, c| participant(e, n, "REF", "referrer", c)),
        row(9, "participant", "XCN[Practitioner] CON", |e, n, c| participant(e, n, "CON", "consultant", c)),
        row(10, "serviceType", "CWE[CodeableConcept] HospitalService", |e, n, c| {
            set(&mut e.service_type, cwe_by(n, "0069", hospital_service, c))
        }),
        row(11, "location", "PL[Location]", |e, n, c| location(e, n, EncounterLocationStatus::Active, c)),
        row(13, "hospitalization.reAdmission", "CWE[CodeableConcept]", |e, n, c| {
            set(&mut stay(e).re_admission, codes::cwe_in(n, "0092", c))
        }),
        row(14, "hospitalization.admitSource", "CWE[CodeableConcept]", |e, n, c| {
            set(&mut stay(e).admit_source, codes::cwe_in(n, "0023", c))
        }),
        row(15, "hospitalization.specialArrangement", "CWE[CodeableConcept] AmbulatoryStatus", |e, n, c| {
            push(&mut stay(e).special_arrangement, cwe_by(n, "0009", ambulatory_status, c))
        }),
        row(16, "hospitalization.specialCourtesy", "CWE[CodeableConcept]", |e, n, c| {
            push(&mut stay(e).special_courtesy, codes::cwe_in(n, "0099", c))
        }),
        row(17, "participant", "XCN[Practitioner] ADM", |e, n, c| participant(e, n, "ADM", "admitter", c)),
        row(19, "identifier", "CX[Identifier] VN", |e, n, c| push(&mut e.identifier, cx_of_type(n, "VN", c))),
        row(36, "hospitalization.dischargeDisposition", "CWE[CodeableConcept]", |e, n, c| {
            set(&mut stay(e).discharge_disposition, codes::cwe_in(n, "0112", c))
        }),
        row(37, "hospitalization.destination", "DLD[Location]", |e, n, c| {
            set(&mut stay(e).destination, pl::destination(n, c))
        }),
        row(38, "hospitalization.dietPreference", "CWE[CodeableConcept]", |e, n, c| {
            push(&mut stay(e).diet_preference, codes::cwe_in(n, "0114", c))
        }),
        row(42, "location", "PL[Location]", |e, n, c| location(e, n, EncounterLocationStatus::Reserved, c)),
        row(44, "period.start", "DTM[dateTime]", |e, n, c| set(&mut period(e).start, dtm::date_time(n, c))),
        row(45, "period.end", "DTM[dateTime]", |e, n, c| set(&mut period(e).end, dtm::date_time(n, c))),
        row(50, "identifier", "CX[Identifier]", |e, n, c| push(&mut e.identifier, cx(n, c))),
        row(52, "participant", "XCN[Practitioner] PART", |e, n, c| {
            participant(e, n, "PART", "Participation", c)
        }),
    ],
};

/// `PV2[Encounter]`
pub(crate) static PV2_ENCOUNTER: Table<Encounter> = Table {
    segment: "PV2",
    resource: "Encounter",
    rows: &[
        row(1, "location", "PL[Location]", |e, n, c| location(e, n, EncounterLocationStatus::Planned, c)),
        row(3, "reasonCode", "CWE[CodeableConcept]", |e, n, c| push(&mut e.reason_code, cwe(n, c))),
        row(8, "extension(plannedStartDate)", "DTM[dateTime]", |e, n, c| {
            planned(e, n, "plannedStartDate", c)
        }),
        row(9, "extension(plannedEndDate)", "DTM[dateTime]", |e, n, c| planned(e, n, "plannedEndDate", c)),
        row(11, "length", "NM[Quantity-LengthOfStay]", length),
        row(13, "participant", "XCN[Practitioner] REF", |e, n, c| participant(e, n, "REF", "referrer", c)),
        row(22, "meta.security", "ID[Coding]", |e, n, _| {
            let meta = e.meta.get_or_insert_with(Meta::default);
            meta.security.extend(
                n.text()
                    .and_then(|text| codes::as_code(&text))
                    .map(|code| Coding::new(v2_system("0136"), code)),
            );
            Ok(())
        }),
        row(25, "priority", "CWE[CodeableConcept] EncounterPriority", |e, n, c| {
            set(&mut e.priority, cwe_by(n, "0217", encounter_priority, c))
        }),
        row(38, "extension(modeOfArrival)", "CWE[Coding]", |e, n, c| {
            let url = "http://hl7.org/fhir/StructureDefinition/encounter-modeOfArrival";
            let coding = codes::coding_in(n, "0430", c)?;
            extend(&mut e.extension, url, Ok(coding.map(ExtensionValue::Coding)))
        }),
    ],
};

/// Maps PV1 and PV2, and makes the visit the one that the segments behind them are about.
pub(crate) fn map(pv1: &Segment<'_>, pv2: Option<&Segment<'_>>, c: &mut Context<'_>) {
    let Some(at) = pv1.location() else { return };
    let mut draft = Draft::new(Encounter { subject: c.subject(), ..Encounter::default() });
    PV1_ENCOUNTER.apply(&mut draft, pv1, c);
    if let Some(pv2) = pv2 {
        PV2_ENCOUNTER.apply(&mut draft, pv2, c);
    }
    status(&mut draft.body, pv1, c);
    if draft.body.class.is_none() {
        c.report(at, Reason::Unstated("Encounter.class"));
        draft.body.class = Some(Coding { extension: vec![unknown()], ..Coding::default() });
    }
    let key = own_key(&draft.body.identifier).unwrap_or_else(|| derived_key(&draft.body, at, c));
    let anchor: Anchor = c.add(draft, Encounter::into_resource, key, at);
    c.encounter = Some(anchor);
}

/// Without a visit number a visit is known by its patient and its start; without a start, by its message.
fn derived_key(encounter: &Encounter, at: crate::Location, c: &mut Context<'_>) -> Key {
    let class = encounter.class.as_ref().and_then(|class| class.code.clone()).unwrap_or_default();
    let start = encounter.period.as_ref().and_then(|period| period.start.as_ref());
    let lasting = match start {
        Some(start) => start.as_str().to_owned(),
        None => c.bound_to_message(at),
    };
    Key::Derived(vec![c.patient_part(), class, lasting])
}

/// A discharge time, or an event that ends the visit, says more than the class of the patient does.
fn status(encounter: &mut Encounter, pv1: &Segment<'_>, c: &mut Context<'_>) {
    let class = repetitions(pv1, 2).next();
    let code = class.as_ref().and_then(codes::code);
    let by_class = code.as_deref().and_then(class_status);
    let discharged = valued(pv1, 45).then_some(EncounterStatus::Finished);
    let status = event_status(&c.event).or(discharged).or(by_class);
    encounter.status = Some(status.unwrap_or(EncounterStatus::Unknown));
    if status.is_some() {
        return;
    }
    match class.and_then(|class| original_code(&class, "0004")) {
        Some(original) => encounter.status_element.0.push(original),
        None => pv1.location().into_iter().for_each(|at| c.report(at, Reason::Unstated("Encounter.status"))),
    }
}

/// A class outside the table is kept as it came.
fn class(encounter: &mut Encounter, node: &Node<'_>, c: &mut Context<'_>) -> Outcome {
    let Some(code) = codes::code(node) else { return Ok(()) };
    if let Some(mapped) = encounter_class(&code) {
        return set(&mut encounter.class, Ok(Some(mapped.into_coding())));
    }
    set(&mut encounter.class, codes::coding_in(node, "0004", c))?;
    Err(Reason::UnknownCode("0004"))
}

fn stay(encounter: &mut Encounter) -> &mut Hospitalization {
    encounter.hospitalization.get_or_insert_with(Hospitalization::default)
}

fn period(encounter: &mut Encounter) -> &mut Period {
    encounter.period.get_or_insert_with(Period::default)
}

fn location(
    encounter: &mut Encounter,
    node: &Node<'_>,
    status: EncounterLocationStatus,
    c: &mut Context<'_>,
) -> Outcome {
    let Some(place) = pl::pl(node, c)? else { return Ok(()) };
    encounter.location.push(EncounterLocation {
        location: Some(place),
        status: Some(status),
        ..EncounterLocation::default()
    });
    Ok(())
}

fn participant(
    encounter: &mut Encounter,
    node: &Node<'_>,
    code: &str,
    display: &str,
    c: &mut Context<'_>,
) -> Outcome {
    let Some(individual) = xcn::xcn(node, c)? else { return Ok(()) };
    let system = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
    let role = Coding { display: Some(display.into()), ..Coding::new(system, code) };
    encounter.participant.push(EncounterParticipant {
        r#type: vec![role.into()],
        individual: Some(individual),
        ..EncounterParticipant::default()
    });
    Ok(())
}

fn planned(encounter: &mut Encounter, node: &Node<'_>, name: &str, c: &mut Context<'_>) -> Outcome {
    let url = format!("http://hl7.org/fhir/5.0/StructureDefinition/extension-Encounter.{name}");
    let time = dtm::date_time(node, c)?;
    encounter.extension.extend(time.map(|time| Extension::new(url, ExtensionValue::DateTime(time))));
    Ok(())
}

fn length(encounter: &mut Encounter, node: &Node<'_>, _: &mut Context<'_>) -> Outcome {
    let days = nm::decimal(node.text())?.filter(|days| !days.as_str().starts_with('-'));
    let quantity = days.map(|days| Quantity {
        value: Some(days),
        unit: Some("days".into()),
        system: Some("http://unitsofmeasure.org".into()),
        code: Some("d".into()),
        ..Quantity::default()
    });
    set(&mut encounter.length, Ok(quantity))
}
