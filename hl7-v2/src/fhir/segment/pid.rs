//! PID: the patient, the account, the mother; MRG where it names another patient.

use crate::fhir::code::{ADMINISTRATIVE_SEX, MARITAL_STATUS, PRIMARY_LANGUAGE, RELIGION};
use crate::fhir::context::{Anchor, Context};
use crate::fhir::datatype::{
    CWE_CODE, CWE_CODEABLE_CONCEPT, CWE_CODED, CX_IDENTIFIER, DLN_IDENTIFIER, DTM_DATE, DTM_DATE_TIME,
    DTM_INSTANT, HD_ORGANIZATION, ID_BOOLEAN, NM_POSITIVE_INT, ST_IDENTIFIER, XAD_ADDRESS, XPN_NAMES,
    XPN_STRING, XTN_CONTACT_POINT, XTN_USE, cx, dtm,
};
use crate::fhir::entries::Key;
use crate::fhir::identity::{Candidate, choose};
use crate::fhir::node::{Node, Seg};
use crate::fhir::report::Reason;
use crate::fhir::row::{Datatype, Outcome, Own, Table, TypeAs, Via, always, row};
use crate::fhir::segment::{LeftOut, left};
use crate::fhir::target::{extend, unstated};
use crate::fhir::tree::{Object, Val};
use crate::light::{PATIENT_ID_FIELDS, PRIOR_ID_FIELDS};

/// `PID[Patient]`
pub(crate) static PID_PATIENT: Table = Table::new(
    "PID[Patient]",
    "PID",
    "Patient",
    &[
        row(2, "identifier", CX_IDENTIFIER),
        row(3, "identifier", CX_IDENTIFIER),
        row(4, "identifier", CX_IDENTIFIER),
        row(5, "name", XPN_NAMES),
        row(6, "extension(patient-mothersMaidenName)", XPN_STRING),
        row(7, "birthDate", DTM_DATE),
        row(7, "_birthDate.extension(patient-birthTime)", MOMENT).when("it has a time", has_time),
        row(8, "gender", CWE_CODE.of(&ADMINISTRATIVE_SEX)),
        row(9, "name", XPN_NAMES),
        row(11, "address", XAD_ADDRESS),
        row(12, "address.district", Via::Own(&COUNTY)),
        row(13, "telecom", XTN_USE.of("home")),
        row(14, "telecom", XTN_USE.of("work")),
        row(15, "communication.language", CWE_CODED.of(&PRIMARY_LANGUAGE)),
        row(16, "maritalStatus", CWE_CODED.of(&MARITAL_STATUS)),
        row(17, "extension(patient-religion)", CWE_CODED.of(&RELIGION)),
        row(19, "identifier", ST_IDENTIFIER.of("SS")),
        row(20, "identifier", DLN_IDENTIFIER),
        row(23, "extension(patient-birthPlace)", PLACE),
        row(24, "multipleBirthBoolean", ID_BOOLEAN).when("PID-25 is not valued", |s| !s.valued(25)),
        row(25, "multipleBirthInteger", NM_POSITIVE_INT),
        row(26, "extension(patient-citizenship)", Via::Own(&CITIZENSHIP)),
        row(28, "extension(patient-nationality)", Via::Own(&NATIONALITY)),
        row(29, "deceasedDateTime", DTM_DATE_TIME),
        row(30, "deceasedBoolean", ID_BOOLEAN).when("PID-29 is not valued", |s| !s.valued(29)),
        row(35, "extension(patient-animal)", Via::Own(&SPECIES)),
        row(36, "extension(patient-animal)", Via::Own(&BREED)),
        row(39, "extension(patient-citizenship)", Via::Own(&CITIZENSHIP)),
        row(40, "telecom", XTN_CONTACT_POINT),
    ],
);

/// `PID[Account]`
pub(crate) static PID_ACCOUNT: Table = Table::new(
    "PID[Account]",
    "PID",
    "Account",
    &[always("status", Via::Fixed("active")), row(18, "identifier", CX_IDENTIFIER)],
);

/// The related person of `PID[Patient]` PID-21, as `CX[RelatedPerson-Mother]` has it. The guide's system of the
/// relationship is the address of a page.
pub(crate) static PID_MOTHER: Table = Table::new(
    "PID[RelatedPerson-Mother]",
    "PID",
    "RelatedPerson",
    &[
        always("relationship", Via::FixedConcept("http://terminology.hl7.org/CodeSystem/v3-RoleCode", "MTH")),
        row(21, "identifier", CX_IDENTIFIER),
    ],
);

/// `PID[Appointment]`
pub(crate) static PID_APPOINTMENT: Table = Table::new(
    "PID[Appointment]",
    "PID",
    "Appointment",
    &[
        row(2, "extension", Via::Own(&APPOINTMENT_SUBJECT)),
        row(2, "participant.actor(Patient)", Via::Own(&APPOINTMENT_ACTOR)),
        row(3, "extension", Via::Own(&APPOINTMENT_SUBJECT)),
        row(3, "participant.actor(Patient)", Via::Own(&APPOINTMENT_ACTOR)),
        row(4, "extension", Via::Own(&APPOINTMENT_SUBJECT)),
        row(4, "participant.actor(Patient)", Via::Own(&APPOINTMENT_ACTOR)),
    ],
);

/// `PID[Provenance-Patient]`
pub(crate) static PID_PROVENANCE: Table = Table::new(
    "PID[Provenance-Patient]",
    "PID",
    "Provenance",
    &[
        always(
            "activity",
            Via::FixedConcept("http://terminology.hl7.org/CodeSystem/v3-DataOperation", "UPDATE"),
        ),
        row(33, "occurredDateTime", DTM_DATE_TIME),
        row(34, "agent", PERFORMER.of("performer")),
    ],
);

/// The patient that MRG names: the one that another takes the place of.
pub(crate) static MRG_PATIENT: Table = Table::new(
    "MRG[Patient]",
    "MRG",
    "Patient",
    &[
        row(1, "identifier", CX_IDENTIFIER),
        row(2, "identifier", CX_IDENTIFIER),
        row(4, "identifier", CX_IDENTIFIER),
        row(7, "name", XPN_NAMES),
    ],
);

/// `MRG[Account]`
pub(crate) static MRG_ACCOUNT: Table = Table::new(
    "MRG[Account]",
    "MRG",
    "Account",
    &[always("status", Via::Fixed("unknown")), row(3, "identifier", CX_IDENTIFIER)],
);

pub(crate) static LEFT_OUT: &[LeftOut] = &[
    left("PID[Patient] PID-21 $this", "the table of the mother has it: PID[RelatedPerson-Mother]"),
    left(
        "PID[Provenance-Patient] PID recorded",
        "the map has no clock, so that the same message gives the same bytes: the time of the message stands there",
    ),
];

/// The patient of a PID, who is then the one that the segments behind it are about. `None` when it has no identifier in
/// PID-3, PID-2 or PID-4: nobody could say who that is.
pub(crate) fn patient<'a>(pid: &Seg<'a>, c: &mut Context<'a>) -> Option<Anchor<'a>> {
    let anchor = known_by(identity_of(pid, PATIENT_ID_FIELDS, c)?, &PID_PATIENT, pid, c);
    c.patient = Some(anchor);
    (c.encounter, c.account, c.episode) = (None, None, None);
    Some(anchor)
}

/// The patient that MRG-1 names, else MRG-2, else MRG-4. The segments behind it stay about the one of PID.
pub(crate) fn patient_of_mrg<'a>(mrg: &Seg<'a>, c: &mut Context<'a>) -> Option<Anchor<'a>> {
    Some(known_by(identity_of(mrg, PRIOR_ID_FIELDS, c)?, &MRG_PATIENT, mrg, c))
}

/// System and value of the identifier that a patient is known by, in the first of these fields that has any.
pub(crate) fn identity_of<'a>(
    seg: &Seg<'a>,
    fields: impl IntoIterator<Item = u16>,
    c: &Context<'a>,
) -> Option<(&'a str, &'a str)> {
    let candidates: Vec<Candidate> = fields
        .into_iter()
        .map(|field| seg.values(field).filter_map(|node| cx::candidate(&node, c)).collect::<Vec<_>>())
        .find(|found| !found.is_empty())?;
    let chosen = &choose(&candidates, &c.options.patient_systems)?.identity;
    Some((c.arena.text(&chosen.system), c.arena.text(&chosen.value)))
}

fn known_by<'a>(
    (system, value): (&'a str, &'a str),
    table: &'static Table,
    seg: &Seg<'a>,
    c: &mut Context<'a>,
) -> Anchor<'a> {
    let mut draft = c.draft();
    table.apply(&mut draft, seg, c);
    c.add("Patient", draft, Key::Given(system, value), seg.at())
}

/// Adds what another segment says to a patient in the Bundle. What a message says twice stands there once.
pub(crate) fn complete<'a>(patient: Anchor<'a>, table: &'static Table, seg: &Seg<'a>, c: &mut Context<'a>) {
    c.apply_to(patient, table, seg);
    c.edit(patient, |patient| {
        for name in table.owned() {
            let Some(Val::List(items)) = patient.get_mut(name) else { continue };
            let mut kept = Vec::new();
            items.retain(|item| {
                let is_new = !kept.contains(item);
                if is_new {
                    kept.push(item.clone());
                }
                is_new
            });
        }
    });
}

/// The account of PID-18, for the patient at hand.
pub(crate) fn account<'a>(pid: &Seg<'a>, c: &mut Context<'a>) -> Option<Anchor<'a>> {
    let account = account_by(&PID_ACCOUNT, pid, 18, c);
    c.account = account.or(c.account);
    account
}

/// The account of MRG-3, which another takes the place of.
pub(crate) fn account_of_mrg<'a>(mrg: &Seg<'a>, c: &mut Context<'a>) -> Option<Anchor<'a>> {
    account_by(&MRG_ACCOUNT, mrg, 3, c)
}

fn account_by<'a>(
    table: &'static Table,
    seg: &Seg<'a>,
    field: u16,
    c: &mut Context<'a>,
) -> Option<Anchor<'a>> {
    if !seg.valued(field) {
        return None;
    }
    let mut draft = c.draft();
    table.apply(&mut draft, seg, c);
    if draft.body.items("identifier").is_empty() {
        return None;
    }
    draft.body.put("subject", c.subject().map(|subject| c.arena.only(subject)));
    Some(c.add("Account", draft, Key::OwnOr(&[c.patient_part()]), seg.at()))
}

/// The mother of PID-21, for the patient at hand.
pub(crate) fn mother<'a>(pid: &Seg<'a>, c: &mut Context<'a>) -> Option<Anchor<'a>> {
    let patient = c.patient.filter(|_| pid.valued(21))?;
    let mut draft = c.draft();
    draft.body.set("patient", patient.reference(c.arena));
    PID_MOTHER.apply(&mut draft, pid, c);
    if draft.body.items("identifier").is_empty() {
        return None;
    }
    Some(c.add("RelatedPerson", draft, Key::Derived(&[patient.identity, "MTH"]), pid.at()))
}

/// The patient at hand as subject of an appointment that is in the Bundle, and among those who take part in it.
pub(crate) fn appointment<'a>(pid: &Seg<'a>, appointment: Anchor<'a>, c: &mut Context<'a>) {
    c.apply_to(appointment, &PID_APPOINTMENT, pid);
}

/// Who last changed the data of the patient at hand: PID-34, at the time of PID-33.
pub(crate) fn provenance<'a>(pid: &Seg<'a>, c: &mut Context<'a>) -> Option<Anchor<'a>> {
    let patient = c.patient.filter(|_| pid.valued(34))?;
    let mut draft = c.draft();
    draft.body.set("target", c.arena.only(patient.reference(c.arena)));
    PID_PROVENANCE.apply(&mut draft, pid, c);
    if draft.body.items("agent").is_empty() {
        return None;
    }
    recorded(&mut draft.body, pid, c);
    let key = Key::Derived(&[c.bound_to_message(pid), "patient", patient.identity]);
    Some(c.add("Provenance", draft, key, pid.at()))
}

/// The time of the message, as the time at which something was recorded.
pub(crate) fn recorded<'a>(provenance: &mut Object<'a>, seg: &Seg<'a>, c: &mut Context<'a>) {
    let sent = c.header.and_then(|msh| msh.node(7)).and_then(|time| DTM_INSTANT.read(&time, c).ok()?);
    match sent {
        Some(sent) => provenance.set("recorded", sent),
        None => {
            c.report_at(seg.at(), Reason::Unstated("Provenance.recorded"));
            unstated(provenance, "_recorded", c.arena);
        }
    }
}

/// `DTM[dateTime]`, where only a moment will do.
const MOMENT: Via = Via::Type(&Datatype {
    name: "DTM[dateTime]",
    fhir: "dateTime",
    read: |n, c| Ok(dtm::date_time(n, c)?.filter(|time| time.contains('T')).map(Val::Text)),
});

/// PID-23 as the text of an address.
const PLACE: Via = Via::Type(&Datatype {
    name: "ST[Address.text]",
    fhir: "Address",
    read: |n, c| Ok(n.whole().map(|text| c.object().with("text", text).into())),
});

static COUNTY: Own = Own { name: "ID[string]", apply: county };
static CITIZENSHIP: Own =
    Own { name: "CWE[CodeableConcept]", apply: |p, n, c| code_in(p, "patient-citizenship", n, c) };
static NATIONALITY: Own =
    Own { name: "CWE[CodeableConcept]", apply: |p, n, c| code_in(p, "patient-nationality", n, c) };
static SPECIES: Own = Own { name: "CWE[CodeableConcept]", apply: |p, n, c| animal(p, "species", n, c) };
static BREED: Own = Own { name: "CWE[CodeableConcept]", apply: |p, n, c| animal(p, "breed", n, c) };
static APPOINTMENT_SUBJECT: Own = Own { name: "Reference(Patient)", apply: appointment_subject };
static APPOINTMENT_ACTOR: Own = Own { name: "Reference(Patient)", apply: appointment_actor };

/// Who did it, in this role.
static PERFORMER: TypeAs = TypeAs {
    name: "HD[Organization]",
    fhir: "Provenance.agent",
    read: |n, role, c| {
        let Some(who) = HD_ORGANIZATION.read(n, c)? else { return Ok(None) };
        let system = "http://terminology.hl7.org/CodeSystem/provenance-participant-type";
        let coding = c.object().with("system", system).with("code", role);
        let kind = c.object().with("coding", c.arena.only(coding));
        Ok(Some(c.object().with("type", kind).with("who", who).into()))
    },
};

fn has_time(pid: &Seg<'_>) -> bool {
    pid.text(7).is_some_and(|text| text.len() > 8)
}

/// PID-12 belongs to the address of PID-11 when there is one and it names no county; else it stands alone.
fn county<'a>(patient: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    let Some(county) = node.text() else { return Ok(()) };
    let is_it = |address: &Val<'a>| address.as_object().and_then(|a| a.str("district")) == Some(county);
    if patient.items("address").iter().any(is_it) {
        return Ok(());
    }
    let alone = patient.items("address").len() == 1;
    match patient.last_mut("address").and_then(Val::as_object_mut) {
        Some(only) if alone && !only.has("district") => only.set("district", county),
        _ => patient.push(c.arena, "address", c.object().with("district", county)),
    }
    Ok(())
}

/// A code in an extension of an extension; each code has its own.
fn code_in<'a>(
    patient: &mut Object<'a>,
    name: &'static str,
    node: &Node<'a>,
    c: &mut Context<'a>,
) -> Outcome {
    let Some(concept) = CWE_CODEABLE_CONCEPT.read(node, c)? else { return Ok(()) };
    let code = c.object().with("url", "code").with("valueCodeableConcept", concept);
    extend(patient, name, "extension", c.arena.only(code), c.arena);
    Ok(())
}

/// Species and breed share an extension.
fn animal<'a>(patient: &mut Object<'a>, part: &'static str, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    const URL: &str = "http://hl7.org/fhir/StructureDefinition/patient-animal";
    let Some(concept) = CWE_CODEABLE_CONCEPT.read(node, c)? else { return Ok(()) };
    let inner = c.object().with("url", part).with("valueCodeableConcept", concept);
    let known = match patient.get_mut("extension") {
        Some(Val::List(items)) => {
            items.iter_mut().filter_map(Val::as_object_mut).find(|item| item.str("url") == Some(URL))
        }
        _ => None,
    };
    match known {
        Some(animal) => animal.push(c.arena, "extension", inner),
        None => extend(patient, URL, "extension", c.arena.only(inner), c.arena),
    }
    Ok(())
}

/// For readers of R5, where an appointment has one subject. PID-2, PID-3 and PID-4 name the same patient.
fn appointment_subject<'a>(appointment: &mut Object<'a>, _: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    const URL: &str = "http://hl7.org/fhir/5.0/StructureDefinition/extension-Appointment.subject";
    let is_it = |item: &Val<'a>| item.as_object().and_then(|item| item.str("url")) == Some(URL);
    if let (Some(patient), false) = (c.subject(), appointment.items("extension").iter().any(is_it)) {
        extend(appointment, URL, "valueReference", patient, c.arena);
    }
    Ok(())
}

/// The patient takes part; whether they have said so, the status of the appointment tells.
fn appointment_actor<'a>(appointment: &mut Object<'a>, _: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    let Some(patient) = c.subject() else { return Ok(()) };
    let is_it = |item: &Val<'a>| item.as_object().and_then(|item| item.get("actor")) == Some(&patient);
    if !appointment.items("participant").iter().any(is_it) {
        appointment.push(c.arena, "participant", c.object().with("actor", patient));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::fhir::testing::{of_type, person, reported};

    fn patient(pid: &str) -> String {
        of_type(&person("ADT^A08", &[pid]), "Patient").concat()
    }

    /// A PID of the patient 7 whose fields from PID-4 on are these.
    fn with(fields: &str) -> String {
        patient(&format!("PID|1||7^^^GEN^MR|{fields}"))
    }

    #[test]
    fn what_is_absent_stays_absent() {
        assert!(with("|Doe^Jo").ends_with(
            r#""value":"7","assigner":{"display":"GEN"}}],"name":[{"family":"Doe","given":["Jo"]}]}"#
        ));
        assert!(with(r#"|Doe^""||""|""|||"""#).ends_with(r#""name":[{"family":"Doe"}]}"#));
    }

    #[test]
    fn birth_and_death_have_two_fields_each() {
        let at = |field: usize, text: &str| with(&format!("{}{text}", "|".repeat(field - 4)));
        assert!(at(24, "Y|2").contains(r#""multipleBirthInteger":2"#));
        assert!(at(24, "N").contains(r#""multipleBirthBoolean":false"#));
        let dead = at(29, "20240301|Y");
        assert!(
            dead.contains(r#""deceasedDateTime":"2024-03-01""#) && !dead.contains("deceasedBoolean"),
            "{dead}"
        );
        assert!(at(30, "Y").contains(r#""deceasedBoolean":true"#));
    }

    #[test]
    fn the_time_of_a_birth_stands_beside_its_day() {
        let born = with("|||202403011530");
        assert!(born.contains(r#""birthDate":"2024-03-01","_birthDate":{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/patient-birthTime","valueDateTime":"2024-03-01T15:30:00+01:00"}]}"#), "{born}");
        assert!(!with("|||20240301").contains("birthTime"));
    }

    #[test]
    fn a_sex_outside_the_table_is_kept_beside_the_gender() {
        let mapped = person("ADT^A08", &["PID|1||7^^^GEN^MR|||||X^Other thing"]);
        let patient = of_type(&mapped, "Patient").concat();
        assert!(patient.contains(
            r#""_gender":{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/alternate-codes""#
        ));
        assert!(
            patient.contains(r#""code":"X","display":"Other thing""#) && !patient.contains(r#""gender":"#)
        );
        assert_eq!(reported(&mapped), ["PID[1]-8[1]: code not in the map of table 0001: kept as it came"]);
    }

    #[test]
    fn the_county_belongs_to_the_only_address_that_names_none() {
        let address = |field: &str| with(&format!("|||||||{field}"));
        let one = address("1 Lane^^Town|GL");
        assert!(one.contains(r#""address":[{"line":["1 Lane"],"city":"Town","district":"GL"}]"#), "{one}");
        assert!(address("|GL").contains(r#""address":[{"district":"GL"}]"#));
        assert!(address("1 Lane^^^^^^^^XX|GL").contains(r#""district":"XX"},{"district":"GL"}"#));
    }

    #[test]
    fn each_citizenship_is_an_extension_and_species_and_breed_share_one() {
        let text = with(&format!("{}USA~CAN", "|".repeat(22)));
        assert_eq!(text.matches("patient-citizenship").count(), 2, "{text}");
        assert_eq!(text.matches(r#""url":"code""#).count(), 2);
        let text = with(&format!("{}L-80700|L-80733", "|".repeat(31)));
        assert_eq!(text.matches("patient-animal").count(), 1, "{text}");
        assert!(text.contains(r#""url":"species""#) && text.contains(r#""url":"breed""#));
    }

    #[test]
    fn an_account_and_a_mother_are_resources_of_their_own() {
        let mapped = person("ADT^A08", &[&format!("PID|1||7^^^GEN^MR{}A1^^^GEN|||M1^^^GEN", "|".repeat(15))]);
        assert!(of_type(&mapped, "Account")[0].contains(r#""status":"active""#));
        let mother = of_type(&mapped, "RelatedPerson").concat();
        assert!(mother.contains(r#""code":"MTH""#) && mother.contains(r#""value":"M1""#), "{mother}");
    }

    #[test]
    fn the_last_change_of_the_data_has_somebody_who_made_it() {
        let mapped = person("ADT^A08", &[&format!("PID|1||7^^^GEN^MR{}20240304|REG", "|".repeat(30))]);
        let provenance = of_type(&mapped, "Provenance").concat();
        for part in [
            r#""recorded":"2024-03-05T10:00:00+01:00""#,
            r#""occurredDateTime":"2024-03-04""#,
            r#""code":"performer""#,
        ] {
            assert!(provenance.contains(part), "{provenance}");
        }
    }

    #[test]
    fn a_merge_names_another_patient_by_the_same_rule() {
        let mapped =
            person("ADT^A40", &["PID|1||7^^^GEN^MR", "MRG|9^^^GEN^PI~8^^^GEN^MR||A9^^^GEN||||Doe^Jo"]);
        let patients = of_type(&mapped, "Patient");
        assert_eq!(patients.len(), 2);
        assert!(patients[1].contains(r#""value":"9""#) && patients[1].contains(r#""family":"Doe""#));
        assert!(of_type(&mapped, "Account")[0].contains(r#""status":"unknown""#));
        let only_old = person("ADT^A40", &["PID|1||7^^^GEN^MR", "MRG|||||||", "MRG||5^^^GEN|"]);
        assert_eq!(of_type(&only_old, "Patient").len(), 2);
    }
}
