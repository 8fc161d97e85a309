//! NK1: next of kin.

use carewire_fhir_core::resources::{OrganizationContact, PatientContact, RelatedPerson, SpokenLanguage};
use carewire_fhir_core::types::{CodeableConcept, ContactPoint, ContactPointUse, Period};

use crate::Segment;
use crate::fhir::context::{Context, Draft, Key};
use crate::fhir::datatype::cwe::{code_by, cwe, cwe_by, cwe_in};
use crate::fhir::datatype::cx::{cx, ssn};
use crate::fhir::datatype::xad::xad;
use crate::fhir::datatype::xpn::{names, xpn};
use crate::fhir::datatype::xtn::{xtn, xtn_for};
use crate::fhir::datatype::{dtm, xon};
use crate::fhir::node::{Node, field_text};
use crate::fhir::report::Reason;
use crate::fhir::row::{Found, Outcome, Table, push, row, set};
use crate::fhir::table::{gender, relationship};

/// `NK1[RelatedPerson]`
pub(crate) static NK1_RELATED_PERSON: Table<RelatedPerson> = Table {
    segment: "NK1",
    resource: "RelatedPerson",
    rows: &[
        row(2, "name", "XPN[HumanName]", |r, n, c| names(&mut r.name, n, c)),
        row(3, "relationship", "CWE[CodeableConcept] Relationship", |r, n, c| {
            push(&mut r.relationship, kin(n, c))
        }),
        row(4, "address", "XAD[Address]", |r, n, c| push(&mut r.address, xad(n, c))),
        row(5, "telecom", "XTN[ContactPoint]", |r, n, c| push(&mut r.telecom, xtn(n, c))),
        row(6, "telecom", "XTN[ContactPoint] work", |r, n, c| push(&mut r.telecom, work(n, c))),
        row(7, "relationship", "CWE[CodeableConcept]", |r, n, c| {
            push(&mut r.relationship, cwe_in(n, "0131", c))
        }),
        row(8, "period.start", "DT[dateTime]", |r, n, c| {
            set(&mut r.period.get_or_insert_with(Period::default).start, dtm::date_time(n, c))
        }),
        row(9, "period.end", "DT[dateTime]", |r, n, c| {
            set(&mut r.period.get_or_insert_with(Period::default).end, dtm::date_time(n, c))
        }),
        row(12, "identifier", "CX[Identifier]", |r, n, c| push(&mut r.identifier, cx(n, c))),
        row(15, "gender", "CWE[code] AdministrativeSex", |r, n, _| {
            let Some(code) = n.text() else { return Ok(()) };
            set(&mut r.gender, gender(&code).map(Some).ok_or(Reason::UnknownCode("0001")))
        }),
        row(16, "birthDate", "DTM[date]", |r, n, c| set(&mut r.birth_date, dtm::date(n, c))),
        row(20, "communication.language", "CWE[CodeableConcept]", |r, n, c| {
            let named = |language| SpokenLanguage { language: Some(language), ..SpokenLanguage::default() };
            push(&mut r.communication, cwe(n, c).map(|found| found.map(named)))
        }),
        row(30, "name", "XPN[HumanName]", |r, n, c| names(&mut r.name, n, c)),
        row(31, "telecom", "XTN[ContactPoint]", |r, n, c| push(&mut r.telecom, xtn(n, c))),
        row(32, "address", "XAD[Address]", |r, n, c| push(&mut r.address, xad(n, c))),
        row(33, "identifier", "CX[Identifier]", |r, n, c| push(&mut r.identifier, cx(n, c))),
        row(37, "identifier", "ST[Identifier] SS", |r, n, c| push(&mut r.identifier, ssn(n, c))),
        row(40, "telecom", "XTN[ContactPoint]", |r, n, c| push(&mut r.telecom, xtn(n, c))),
        row(41, "telecom", "XTN[ContactPoint]", |r, n, c| push(&mut r.telecom, xtn(n, c))),
    ],
};

/// `NK1[Patient]`
pub(crate) static NK1_PATIENT: Table<PatientContact> = Table {
    segment: "NK1",
    resource: "Patient",
    rows: &[
        row(2, "contact.name", "XPN[HumanName]", |p, n, c| set(&mut p.name, xpn(n, c))),
        row(3, "contact.relationship", "CWE[CodeableConcept] Relationship", |p, n, c| {
            push(&mut p.relationship, kin(n, c))
        }),
        row(4, "contact.address", "XAD[Address]", |p, n, c| set(&mut p.address, xad(n, c))),
        row(5, "contact.telecom", "XTN[ContactPoint]", |p, n, c| push(&mut p.telecom, xtn(n, c))),
        row(6, "contact.telecom", "XTN[ContactPoint] work", |p, n, c| push(&mut p.telecom, work(n, c))),
        row(7, "contact.relationship", "CWE[CodeableConcept]", |p, n, c| {
            push(&mut p.relationship, cwe_in(n, "0131", c))
        }),
        row(8, "contact.period.start", "DT[dateTime]", |p, n, c| {
            set(&mut p.period.get_or_insert_with(Period::default).start, dtm::date_time(n, c))
        }),
        row(9, "contact.period.end", "DT[dateTime]", |p, n, c| {
            set(&mut p.period.get_or_insert_with(Period::default).end, dtm::date_time(n, c))
        }),
        row(13, "contact.organization(Organization)", "XON[Organization]", organization).and(&[30, 31, 32]),
        row(15, "contact.gender", "CWE[code] AdministrativeSex", |p, n, _| {
            let mut beside = Default::default();
            code_by((&mut p.gender, &mut beside), n, "0001", gender)
        }),
        row(40, "contact.telecom", "XTN[ContactPoint]", |p, n, c| push(&mut p.telecom, xtn(n, c))),
        row(41, "contact.telecom", "XTN[ContactPoint]", |p, n, c| push(&mut p.telecom, xtn(n, c))),
    ],
};

/// An employer, an insurer and the like is a contact of the patient; anybody else a related person.
pub(crate) fn map(nk1: &Segment<'_>, c: &mut Context<'_>) {
    let (Some(at), Some(patient)) = (nk1.location(), c.patient.clone()) else { return };
    let role = field_text(nk1, 3).unwrap_or_default();
    if matches!(role.as_str(), "EMR" | "E" | "F" | "I" | "S") {
        let mut contact = Draft::<PatientContact>::default();
        NK1_PATIENT.apply(&mut contact, nk1, c);
        if contact.body != PatientContact::default() {
            c.append(&patient, "contact", contact);
        }
        return;
    }
    let mut person = Draft::new(RelatedPerson { patient: c.subject(), ..RelatedPerson::default() });
    NK1_RELATED_PERSON.apply(&mut person, nk1, c);
    let key = Key::Derived(vec![patient.identity, role, name_part(&person.body)]);
    c.add(person, RelatedPerson::into_resource, key, at);
}

/// The name of a person as a part of a derived identity.
pub(crate) fn name_part(person: &RelatedPerson) -> String {
    let name = person.name.first();
    name.map(|name| format!("{}^{}", name.family.as_deref().unwrap_or_default(), name.given.join(" ")))
        .unwrap_or_default()
}

/// A relationship by table 0063.
pub(crate) fn kin(node: &Node<'_>, c: &mut Context<'_>) -> Found<CodeableConcept> {
    cwe_by(node, "0063", relationship, c)
}

fn work(node: &Node<'_>, c: &mut Context<'_>) -> Found<ContactPoint> {
    xtn_for(node, ContactPointUse::Work, c)
}

/// NK1-13, with the person to speak to there in NK1-30 to 32.
fn organization(contact: &mut PatientContact, node: &Node<'_>, c: &mut Context<'_>) -> Outcome {
    let person = OrganizationContact {
        name: node.field(30).map_or(Ok(None), |name| xpn(&name, c))?,
        telecom: node.field(31).map_or(Ok(None), |number| xtn(&number, c))?.into_iter().collect(),
        address: node.field(32).map_or(Ok(None), |address| xad(&address, c))?,
        ..OrganizationContact::default()
    };
    let person = Some(person).filter(|person| *person != OrganizationContact::default());
    let details = xon::Details { contact: person, ..xon::Details::default() };
    set(&mut contact.organization, Ok(xon::described(node, details, c)?.map(|anchor| anchor.reference())))
}
