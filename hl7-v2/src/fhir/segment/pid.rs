//! PID and PD1: the patient.

use carewire_fhir_core::resources::{
    Account, AccountStatus, Patient, PatientDeceased, PatientMultipleBirth, RelatedPerson, SpokenLanguage,
};
use carewire_fhir_core::types::{
    Address, CodeableConcept, Coding, ContactPointUse, Extension, ExtensionValue,
};

use crate::Segment;
use crate::fhir::context::{Anchor, Context, Draft, Key};
use crate::fhir::datatype::cwe::{cwe, cwe_by, cwe_value};
use crate::fhir::datatype::cx::{candidate, cx, dln, ssn};
use crate::fhir::datatype::xad::xad;
use crate::fhir::datatype::xtn::{xtn, xtn_for};
use crate::fhir::datatype::{cwe as codes, dtm, extend, nm, text_value, xcn, xon, xpn};
use crate::fhir::identity::{Candidate, choose};
use crate::fhir::node::{Node, repetitions};
use crate::fhir::report::Reason;
use crate::fhir::row::{Found, Outcome, Table, push, row, set, valued};
use crate::fhir::table::{gender, marital_status, religion, yes_no};
use crate::light::PATIENT_ID_FIELDS;

const EXT: &str = "http://hl7.org/fhir/StructureDefinition/patient-";

/// `PID[Patient]`
pub(crate) static PID_PATIENT: Table<Patient> = Table {
    segment: "PID",
    resource: "Patient",
    rows: &[
        row(2, "identifier", "CX[Identifier]", |p, n, c| push(&mut p.identifier, cx(n, c))),
        row(3, "identifier", "CX[Identifier]", |p, n, c| push(&mut p.identifier, cx(n, c))),
        row(4, "identifier", "CX[Identifier]", |p, n, c| push(&mut p.identifier, cx(n, c))),
        row(5, "name", "XPN[HumanName]", |p, n, c| xpn::names(&mut p.name, n, c)),
        row(6, "extension(mothersMaidenName)", "XPN[string]", |p, n, _| {
            extend(&mut p.extension, &format!("{EXT}mothersMaidenName"), text_value(xpn::text(n)))
        }),
        row(7, "birthDate", "DTM[date]", |p, n, c| set(&mut p.birth_date, dtm::date(n, c))),
        row(7, "birthDate.extension(birthTime)", "DTM[dateTime]", birth_time).when("it has a time", has_time),
        row(8, "gender", "CWE[code] AdministrativeSex", |p, n, _| {
            codes::code_by((&mut p.gender, &mut p.gender_element), n, "0001", gender)
        }),
        row(9, "name", "XPN[HumanName]", |p, n, c| xpn::names(&mut p.name, n, c)),
        row(11, "address", "XAD[Address]", |p, n, c| push(&mut p.address, xad(n, c))),
        row(12, "address.district", "ID[string]", county),
        row(13, "telecom", "XTN[ContactPoint] home", |p, n, c| {
            push(&mut p.telecom, xtn_for(n, ContactPointUse::Home, c))
        }),
        row(14, "telecom", "XTN[ContactPoint] work", |p, n, c| {
            push(&mut p.telecom, xtn_for(n, ContactPointUse::Work, c))
        }),
        row(15, "communication.language", "CWE[CodeableConcept]", |p, n, c| {
            push(&mut p.communication, language(n, c))
        }),
        row(16, "maritalStatus", "CWE[CodeableConcept] MaritalStatus", |p, n, c| {
            set(&mut p.marital_status, cwe_by(n, "0002", marital_status, c))
        }),
        row(17, "extension(religion)", "CWE[CodeableConcept] Religion", |p, n, c| {
            let concept = cwe_by(n, "0006", religion, c)?.map(ExtensionValue::CodeableConcept);
            extend(&mut p.extension, &format!("{EXT}religion"), Ok(concept))
        }),
        row(19, "identifier", "ST[Identifier] SS", |p, n, c| push(&mut p.identifier, ssn(n, c))),
        row(20, "identifier", "DLN[Identifier] DL", |p, n, c| push(&mut p.identifier, dln(n, c))),
        row(23, "extension(birthPlace)", "ST[Address.text]", birth_place),
        row(24, "multipleBirthBoolean", "ID[boolean] YesNoIndicator", |p: &mut Patient, n, _| {
            set(&mut p.multiple_birth, boolean(n).map(|found| found.map(PatientMultipleBirth::Boolean)))
        })
        .when("PID-25 is not valued", |s| !valued(s, 25)),
        row(25, "multipleBirthInteger", "NM[integer]", |p, n, _| {
            let order = nm::count(n.text())?.and_then(|order| i32::try_from(order).ok());
            set(&mut p.multiple_birth, Ok(order.map(PatientMultipleBirth::Integer)))
        }),
        row(26, "extension(citizenship)", "CWE[CodeableConcept]", |p, n, c| {
            nested(p, n, "citizenship", "code", c)
        }),
        row(28, "extension(nationality)", "CWE[CodeableConcept]", |p, n, c| {
            nested(p, n, "nationality", "code", c)
        }),
        row(29, "deceasedDateTime", "DTM[dateTime]", |p, n, c| {
            set(&mut p.deceased, dtm::date_time(n, c).map(|found| found.map(PatientDeceased::DateTime)))
        }),
        row(30, "deceasedBoolean", "ID[boolean] YesNoIndicator", |p: &mut Patient, n, _| {
            set(&mut p.deceased, boolean(n).map(|found| found.map(PatientDeceased::Boolean)))
        })
        .when("PID-29 is not valued", |s| !valued(s, 29)),
        row(35, "extension(animal).species", "CWE[CodeableConcept]", |p, n, c| {
            nested(p, n, "animal", "species", c)
        }),
        row(36, "extension(animal).breed", "CWE[CodeableConcept]", |p, n, c| {
            nested(p, n, "animal", "breed", c)
        }),
        row(39, "extension(citizenship)", "CWE[CodeableConcept]", |p, n, c| {
            nested(p, n, "citizenship", "code", c)
        }),
        row(40, "telecom", "XTN[ContactPoint]", |p, n, c| push(&mut p.telecom, xtn(n, c))),
    ],
};

/// `PID[Account]`
pub(crate) static PID_ACCOUNT: Table<Account> = Table {
    segment: "PID",
    resource: "Account",
    rows: &[row(18, "identifier", "CX[Identifier]", |a, n, c| push(&mut a.identifier, cx(n, c)))],
};

/// `PID[RelatedPerson-Mother]`
pub(crate) static PID_MOTHER: Table<RelatedPerson> = Table {
    segment: "PID",
    resource: "RelatedPerson",
    rows: &[row(21, "identifier", "CX[RelatedPerson-Mother]", |r, n, c| push(&mut r.identifier, cx(n, c)))],
};

/// `PD1[Patient]`
pub(crate) static PD1_PATIENT: Table<Patient> = Table {
    segment: "PD1",
    resource: "Patient",
    rows: &[
        row(3, "generalPractitioner(Organization)", "XON[Organization]", |p, n, c| {
            push(&mut p.general_practitioner, xon::xon(n, c))
        }),
        row(4, "generalPractitioner(Practitioner)", "XCN[Practitioner]", |p, n, c| {
            push(&mut p.general_practitioner, xcn::xcn(n, c))
        }),
        row(6, "extension(disability)", "CWE[CodeableConcept]", |p, n, c| {
            extend(&mut p.extension, &format!("{EXT}disability"), cwe_value(n, c))
        }),
        row(14, "extension(congregation)", "XON[string]", |p, n, _| {
            extend(&mut p.extension, &format!("{EXT}congregation"), text_value(xon::text(n)))
        }),
    ],
};

/// The patient of a PID, not yet in the Bundle: other segments add to it.
pub(crate) struct PatientDraft {
    pub(crate) draft: Draft<Patient>,
    key: Key,
    at: crate::Location,
}

/// Reads PID. `None` when it has no identifier in PID-3, PID-2 or PID-4: nobody could say who that is.
pub(crate) fn read(pid: &Segment<'_>, c: &mut Context<'_>) -> Option<PatientDraft> {
    let candidates: Vec<Candidate> = PATIENT_ID_FIELDS
        .into_iter()
        .map(|field| candidates_of(pid, field, c))
        .find(|found| !found.is_empty())?;
    let chosen = choose(&candidates, &c.options.patient_systems)?.identity.clone();
    let mut draft = Draft::default();
    PID_PATIENT.apply(&mut draft, pid, c);
    Some(PatientDraft { draft, key: Key::Given(chosen.system, chosen.value), at: pid.location()? })
}

/// Reads PD1 into the patient.
pub(crate) fn read_pd1(pd1: &Segment<'_>, patient: &mut PatientDraft, c: &mut Context<'_>) {
    PD1_PATIENT.apply(&mut patient.draft, pd1, c);
}

/// Adds the patient to the Bundle, and makes it the one that the segments behind it are about.
pub(crate) fn add(patient: PatientDraft, c: &mut Context<'_>) {
    let anchor = c.add(patient.draft, Patient::into_resource, patient.key, patient.at);
    c.patient = Some(anchor);
    c.encounter = None;
}

/// The account of PID-18 and the mother of PID-21, when the patient is in the Bundle.
pub(crate) fn add_related(pid: &Segment<'_>, c: &mut Context<'_>) -> Option<Anchor> {
    let at = pid.location()?;
    mother(pid, c);
    if !valued(pid, 18) {
        return None;
    }
    let mut account = Draft::new(Account {
        status: Some(AccountStatus::Active),
        subject: c.subject().into_iter().collect(),
        ..Account::default()
    });
    PID_ACCOUNT.apply(&mut account, pid, c);
    let key = Key::OwnOr(vec![c.patient_part()]);
    (!account.body.identifier.is_empty()).then(|| c.add(account, Account::into_resource, key, at))
}

fn mother(pid: &Segment<'_>, c: &mut Context<'_>) {
    let (Some(at), true) = (pid.location(), valued(pid, 21)) else { return };
    let role = Coding::new("http://terminology.hl7.org/CodeSystem/v3-RoleCode", "MTH");
    let mut mother = Draft::new(RelatedPerson {
        patient: c.subject(),
        relationship: vec![role.into()],
        ..RelatedPerson::default()
    });
    PID_MOTHER.apply(&mut mother, pid, c);
    let key = Key::Derived(vec![c.patient_part(), "MTH".into()]);
    if !mother.body.identifier.is_empty() && mother.body.patient.is_some() {
        c.add(mother, RelatedPerson::into_resource, key, at);
    }
}

fn candidates_of(pid: &Segment<'_>, field: u16, c: &Context<'_>) -> Vec<Candidate> {
    repetitions(pid, field).filter_map(|node| candidate(&node, c)).collect()
}

fn has_time(pid: &Segment<'_>) -> bool {
    repetitions(pid, 7).next().and_then(|node| node.text()).is_some_and(|text| text.len() > 8)
}

fn birth_time(patient: &mut Patient, node: &Node<'_>, c: &mut Context<'_>) -> Outcome {
    let time = dtm::date_time(node, c)?.filter(|time| time.instant().is_some());
    let url = format!("{EXT}birthTime");
    extend(&mut patient.birth_date_element.0, &url, Ok(time.map(ExtensionValue::DateTime)))
}

/// PID-12 belongs to the address of PID-11 when there is one and it names no county; else it stands alone.
fn county(patient: &mut Patient, node: &Node<'_>, _: &mut Context<'_>) -> Outcome {
    let county = node.text();
    match patient.address.as_mut_slice() {
        [only] if only.district.is_none() => only.district = county,
        addresses if addresses.iter().any(|address| address.district == county) => {}
        _ => patient.address.push(Address { district: county, ..Address::default() }),
    }
    Ok(())
}

fn language(node: &Node<'_>, c: &mut Context<'_>) -> Found<SpokenLanguage> {
    let named =
        |language: CodeableConcept| SpokenLanguage { language: Some(language), ..SpokenLanguage::default() };
    Ok(cwe(node, c)?.map(named))
}

fn birth_place(patient: &mut Patient, node: &Node<'_>, _: &mut Context<'_>) -> Outcome {
    let place = Address { text: node.whole(), ..Address::default() };
    let value = ExtensionValue::Address(Box::new(place));
    extend(&mut patient.extension, &format!("{EXT}birthPlace"), Ok(Some(value)))
}

/// A code in an extension of an extension; species and breed share one.
fn nested(patient: &mut Patient, node: &Node<'_>, name: &str, part: &str, c: &mut Context<'_>) -> Outcome {
    let Some(value) = cwe_value(node, c)? else { return Ok(()) };
    let url = format!("{EXT}{name}");
    let inner = Extension::new(part, value);
    let shared = patient.extension.iter_mut().find(|e| name == "animal" && e.url.as_deref() == Some(&url));
    match shared {
        Some(extension) => extension.extension.push(inner),
        None => patient.extension.push(Extension::nested(url, vec![inner])),
    }
    Ok(())
}

fn boolean(node: &Node<'_>) -> Found<bool> {
    let Some(code) = node.text() else { return Ok(None) };
    yes_no(&code).map(Some).ok_or(Reason::UnknownCode("0136"))
}
