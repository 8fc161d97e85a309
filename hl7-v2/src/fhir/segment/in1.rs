//! IN1 and GT1: who pays.

use carewire_fhir_core::resources::{Coverage, Guarantor, RelatedPerson};
use carewire_fhir_core::types::{
    ContactPointUse, Extension, ExtensionValue, Identifier, Period, PrimitiveExtension, Reference,
};

use super::nk1::{kin, name_part};
use crate::Segment;
use crate::fhir::context::{Anchor, Context, Draft, Key};
use crate::fhir::datatype::cwe::cwe;
use crate::fhir::datatype::cx::{cx, ssn};
use crate::fhir::datatype::xad::xad;
use crate::fhir::datatype::xtn::xtn_for;
use crate::fhir::datatype::{dtm, unknown, xon, xpn};
use crate::fhir::node::{Node, field_text, repetitions};
use crate::fhir::report::Reason;
use crate::fhir::row::{Found, Outcome, Table, push, row, set};
use crate::fhir::table::{coding_system, gender};

/// `IN1[Coverage]`
pub(crate) static IN1_COVERAGE: Table<Coverage> = Table {
    segment: "IN1",
    resource: "Coverage",
    rows: &[
        row(2, "identifier", "CWE[Identifier]", |i, n, c| push(&mut i.identifier, plan(n, c))),
        row(4, "payor(Organization)", "XON[Organization]", payor).and(&[3, 5]),
        row(11, "policyHolder(Organization)", "XON[Organization]", |i: &mut Coverage, n, c| {
            let number = n.field(10).map_or(Ok(None), |number| cx(&number, c))?;
            let details =
                xon::Details { identifier: number.into_iter().collect(), ..xon::Details::default() };
            set(&mut i.policy_holder, Ok(xon::described(n, details, c)?.map(|anchor| anchor.reference())))
        })
        .and(&[10]),
        row(12, "period.start", "DT[dateTime]", |i, n, c| {
            set(&mut i.period.get_or_insert_with(Period::default).start, dtm::date_time(n, c))
        }),
        row(13, "period.end", "DT[dateTime]", |i, n, c| {
            set(&mut i.period.get_or_insert_with(Period::default).end, dtm::date_time(n, c))
        }),
        row(15, "type", "CWE[CodeableConcept]", |i, n, c| set(&mut i.r#type, cwe(n, c))),
        row(16, "subscriber", "XPN[HumanName]", subscriber).and(&[18, 19]),
        row(17, "relationship", "CWE[CodeableConcept] Relationship", |i, n, c| {
            set(&mut i.relationship, kin(n, c))
        }),
        row(36, "subscriberId", "ST[string]", |i, n, _| set(&mut i.subscriber_id, Ok(n.text()))),
        row(49, "extension(subscriberId)", "CX[Identifier]", |i, n, c| {
            let url = "http://hl7.org/fhir/5.0/StructureDefinition/extension-Coverage.subscriberId";
            let value = cx(n, c)?.map(|identifier| ExtensionValue::Identifier(Box::new(identifier)));
            i.extension.extend(value.map(|value| Extension::new(url, value)));
            Ok(())
        }),
    ],
};

/// GT1, which the guide does not map, as a related person who guarantees the account.
pub(crate) static GT1_RELATED_PERSON: Table<RelatedPerson> = Table {
    segment: "GT1",
    resource: "RelatedPerson",
    rows: &[
        row(2, "identifier", "CX[Identifier]", |r, n, c| push(&mut r.identifier, cx(n, c))),
        row(3, "name", "XPN[HumanName]", |r, n, c| xpn::names(&mut r.name, n, c)),
        row(5, "address", "XAD[Address]", |r, n, c| push(&mut r.address, xad(n, c))),
        row(6, "telecom", "XTN[ContactPoint] home", |r, n, c| {
            push(&mut r.telecom, xtn_for(n, ContactPointUse::Home, c))
        }),
        row(7, "telecom", "XTN[ContactPoint] work", |r, n, c| {
            push(&mut r.telecom, xtn_for(n, ContactPointUse::Work, c))
        }),
        row(8, "birthDate", "DTM[date]", |r, n, c| set(&mut r.birth_date, dtm::date(n, c))),
        row(9, "gender", "CWE[code] AdministrativeSex", |r, n, _| {
            let Some(code) = n.text() else { return Ok(()) };
            set(&mut r.gender, gender(&code).map(Some).ok_or(Reason::UnknownCode("0001")))
        }),
        row(11, "relationship", "CWE[CodeableConcept] Relationship", |r, n, c| {
            push(&mut r.relationship, kin(n, c))
        }),
        row(12, "identifier", "ST[Identifier] SS", |r, n, c| push(&mut r.identifier, ssn(n, c))),
    ],
};

/// Maps one IN1. The number of a plan is that of many patients: a coverage is known by its patient and its plan.
pub(crate) fn map(in1: &Segment<'_>, c: &mut Context<'_>) {
    let (Some(at), Some(patient)) = (in1.location(), c.patient.clone()) else { return };
    let mut coverage = Draft::new(Coverage {
        status_element: PrimitiveExtension(vec![unknown()]),
        beneficiary: Some(patient.reference()),
        ..Coverage::default()
    });
    c.report(at, Reason::Unstated("Coverage.status"));
    IN1_COVERAGE.apply(&mut coverage, in1, c);
    insurer_without_name(&mut coverage.body, in1, c);
    let parts = [2, 3, 4, 36, 49].map(|field| field_text(in1, field).unwrap_or_default());
    let key = Key::Derived(std::iter::once(patient.identity).chain(parts).collect());
    c.add(coverage, Coverage::into_resource, key, at);
}

/// Maps one GT1: the patient themselves, or somebody related, as a guarantor of the account.
pub(crate) fn map_guarantor(gt1: &Segment<'_>, account: Option<&Anchor>, c: &mut Context<'_>) {
    let (Some(at), Some(patient)) = (gt1.location(), c.patient.clone()) else { return };
    let relation = field_text(gt1, 11).unwrap_or_default();
    let party = if matches!(relation.as_str(), "SEL" | "SLF" | "SE" | "S") {
        [2, 3, 11].iter().for_each(|&field| c.mark_read(gt1, field));
        patient.reference()
    } else {
        let mut person = Draft::new(RelatedPerson { patient: c.subject(), ..RelatedPerson::default() });
        GT1_RELATED_PERSON.apply(&mut person, gt1, c);
        let key = Key::Derived(vec![patient.identity, "guarantor".into(), relation, name_part(&person.body)]);
        c.add(person, RelatedPerson::into_resource, key, at).reference()
    };
    if let Some(account) = account {
        let guarantor = Guarantor { party: Some(party), ..Guarantor::default() };
        c.append(account, "guarantor", Draft::new(guarantor));
    }
}

/// IN1-2: the plan, under the system that it names.
fn plan(node: &Node<'_>, c: &mut Context<'_>) -> Found<Identifier> {
    let Some(value) = node.get(1) else { return Ok(None) };
    let system = node.get(3).map(|name| coding_system::uri(&name, &c.options.org).0);
    Ok(Some(Identifier { system, value: Some(value), ..Identifier::default() }))
}

/// IN1-4, with the insurer's number of IN1-3 and address of IN1-5.
fn payor(coverage: &mut Coverage, node: &Node<'_>, c: &mut Context<'_>) -> Outcome {
    let number = node.field(3).map_or(Ok(None), |number| cx(&number, c))?;
    let address = node.field(5).map_or(Ok(None), |address| xad(&address, c))?;
    let details = xon::Details {
        identifier: number.into_iter().map(insurer_number).collect(),
        address: address.into_iter().collect(),
        ..xon::Details::default()
    };
    coverage.payor.extend(xon::described(node, details, c)?.map(|anchor| anchor.reference()));
    Ok(())
}

/// Numbers of insurers without an authority are not numbers of patients.
fn insurer_number(identifier: Identifier) -> Identifier {
    let system = identifier
        .system
        .map(|system| if system.contains(":sender:") { format!("{system}:insurer") } else { system });
    Identifier { system, ..identifier }
}

/// FHIR demands a payer. IN1-3 alone is one by its number; without it the payer is unknown.
fn insurer_without_name(coverage: &mut Coverage, in1: &Segment<'_>, c: &mut Context<'_>) {
    if !coverage.payor.is_empty() {
        return;
    }
    c.mark_read(in1, 3);
    let number = repetitions(in1, 3).next().and_then(|node| cx(&node, c).ok()?);
    let payor = match number {
        Some(identifier) => {
            let identifier = Some(Box::new(insurer_number(identifier)));
            Reference { identifier, r#type: Some("Organization".into()), ..Reference::default() }
        }
        None => {
            in1.location().into_iter().for_each(|at| c.report(at, Reason::Unstated("Coverage.payor")));
            Reference { extension: vec![unknown()], ..Reference::default() }
        }
    };
    coverage.payor.push(payor);
}

/// IN1-16: the patient themselves, or somebody with a name, a birth date (IN1-18) and an address (IN1-19).
fn subscriber(coverage: &mut Coverage, node: &Node<'_>, c: &mut Context<'_>) -> Outcome {
    let Some(patient) = c.patient.clone() else { return Ok(()) };
    let relation = node.field(17);
    let code = relation.as_ref().and_then(|relation| relation.get(1)).unwrap_or_default();
    if matches!(code.as_str(), "SEL" | "SLF" | "SE" | "18") {
        return set(&mut coverage.subscriber, Ok(Some(patient.reference())));
    }
    let person = RelatedPerson {
        patient: Some(patient.reference()),
        name: xpn::xpn(node, c)?.into_iter().collect(),
        birth_date: node.field(18).map_or(Ok(None), |date| dtm::date(&date, c))?,
        address: node.field(19).map_or(Ok(None), |address| xad(&address, c))?.into_iter().collect(),
        ..RelatedPerson::default()
    };
    if person.name.is_empty() {
        return Ok(());
    }
    let key = Key::Derived(vec![patient.identity, "subscriber".into(), code, name_part(&person)]);
    let subscriber = c.add(Draft::new(person), RelatedPerson::into_resource, key, node.at());
    set(&mut coverage.subscriber, Ok(Some(subscriber.reference())))
}
