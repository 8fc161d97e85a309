//! ROL: the roles of people around a patient or a visit. The place of the segment and ROL-3 say which map is meant.

use crate::fhir::code::{PARTICIPANT_ORGANIZATION_UNIT_TYPE, PROVIDER_ROLE};
use crate::fhir::context::{Anchor, Context, Draft};
use crate::fhir::datatype::cwe::CWE_OF_TABLE;
use crate::fhir::datatype::{
    CWE_CODEABLE_CONCEPT, DTM_DATE_TIME, EI_IDENTIFIER_EXTENSION, PL_LOCATION, XAD_ADDRESS, XCN_PRACTITIONER,
    XON_ORGANIZATION, XTN_CONTACT_POINT, pl, xcn, xon,
};
use crate::fhir::entries::Key;
use crate::fhir::node::{Node, Seg};
use crate::fhir::row::{Outcome, Own, Table, Via, row};
use crate::fhir::segment::{LeftOut, left};
use crate::fhir::tree::{Object, Val};

/// `ROL[Patient-GeneralPractitioner]`: the role of the patient's own practitioner.
pub(crate) static ROL_PATIENT_GENERAL_PRACTITIONER: Table = Table::new(
    "ROL[Patient-GeneralPractitioner]",
    "ROL",
    "PractitionerRole",
    &[
        row(1, "identifier", EI_IDENTIFIER_EXTENSION),
        row(3, "code", CWE_OF_TABLE.of(&PROVIDER_ROLE)),
        row(4, "practitioner", XCN_PRACTITIONER),
        row(5, "period.start", DTM_DATE_TIME),
        row(6, "period.end", DTM_DATE_TIME),
        row(11, "practitioner", Via::Own(&Own { name: "XAD[Address]", apply: address_of_person })),
        row(11, "location", Via::Own(&Own { name: "XAD[Address]", apply: address_of_place }))
            .when("ROL-13 is valued", |s| s.valued(13)),
        row(11, "organization", Via::Own(&Own { name: "XAD[Address]", apply: address_of_organization }))
            .when("ROL-14 is valued", |s| s.valued(14)),
        row(12, "telecom", XTN_CONTACT_POINT),
        row(13, "location", PL_LOCATION),
        row(14, "organization", XON_ORGANIZATION),
    ],
);

/// `ROL[Encounter-PractitionerRole]`: the role of somebody in a visit.
pub(crate) static ROL_ENCOUNTER_PRACTITIONER_ROLE: Table = Table::new(
    "ROL[Encounter-PractitionerRole]",
    "ROL",
    "PractitionerRole",
    &[
        row(1, "identifier", EI_IDENTIFIER_EXTENSION),
        row(3, "code", CWE_OF_TABLE.of(&PROVIDER_ROLE)),
        row(4, "practitioner", XCN_PRACTITIONER),
        row(11, "practitioner", Via::Own(&Own { name: "XAD[Address]", apply: any_address_of_person })),
        row(12, "telecom", XTN_CONTACT_POINT),
        row(13, "location", PL_LOCATION),
        row(14, "organization", XON_ORGANIZATION),
    ],
);

/// `ROL[Encounter-PractitionerRole]`: the part of somebody in a visit.
pub(crate) static ROL_ENCOUNTER: Table = Table::new(
    "ROL[Encounter-PractitionerRole]",
    "ROL",
    "Encounter.participant",
    &[
        row(3, "type", CWE_OF_TABLE.of(&PROVIDER_ROLE)),
        row(5, "period.start", DTM_DATE_TIME),
        row(6, "period.end", DTM_DATE_TIME),
    ],
);

/// `ROL[CareTeam]`: what a role says of the team.
pub(crate) static ROL_CARE_TEAM: Table = Table::new(
    "ROL[CareTeam]",
    "ROL",
    "CareTeam",
    &[row(8, "reasonCode", CWE_CODEABLE_CONCEPT), row(12, "telecom", XTN_CONTACT_POINT)],
);

/// `ROL[CareTeam]`: a member of the team.
pub(crate) static ROL_CARE_TEAM_PARTICIPANT: Table = Table::new(
    "ROL[CareTeam]",
    "ROL",
    "CareTeam.participant",
    &[
        row(3, "role", CWE_OF_TABLE.of(&PROVIDER_ROLE)),
        row(4, "member(Practitioner)", XCN_PRACTITIONER),
        row(5, "period.start", DTM_DATE_TIME),
        row(6, "period.end", DTM_DATE_TIME),
        row(9, "role", CWE_CODEABLE_CONCEPT),
        row(10, "onBehalfOf", Via::Own(&Own { name: "CWE[CodeableConcept]", apply: unit_type }))
            .when("ROL-4 and ROL-14 are valued", |s| s.valued(4) && s.valued(14)),
        row(10, "member", Via::Own(&Own { name: "CWE[CodeableConcept]", apply: unit_type }))
            .when("ROL-14 is valued and ROL-4 is not", |s| !s.valued(4) && s.valued(14)),
        row(14, "onBehalfOf(Organization)", XON_ORGANIZATION).when("ROL-4 is valued", |s| s.valued(4)),
        row(14, "member(Organization)", XON_ORGANIZATION).when("ROL-4 is not valued", |s| !s.valued(4)),
    ],
);

/// `ROL[RelatedPerson]`
pub(crate) static ROL_RELATED_PERSON: Table = Table::new(
    "ROL[RelatedPerson]",
    "ROL",
    "RelatedPerson",
    &[
        row(1, "identifier", EI_IDENTIFIER_EXTENSION),
        row(3, "relationship", CWE_OF_TABLE.of(&PROVIDER_ROLE)),
        row(5, "period.start", DTM_DATE_TIME),
        row(6, "period.end", DTM_DATE_TIME),
        row(11, "address", XAD_ADDRESS),
        row(12, "telecom", XTN_CONTACT_POINT),
    ],
);

const PRACTITIONERS: &str =
    "the roles of table 0443 are those of practitioners: nothing says when it is another";

const MISSPELT: &str = "misspelt there: the row of this field has it";

pub(crate) static LEFT_OUT: &[LeftOut] = &[
    left(
        "ROL[Encounter-PractitionerRole] ROL-1 participant[1].individual.reference",
        "a number is no reference; it is among the identifiers of the role",
    ),
    left(
        "ROL[Encounter-PractitionerRole] ROL-11 participant[1].individual(PractitionerRole.practioner(Practitioner.address))",
        MISSPELT,
    ),
    left(
        "ROL[Encounter-PractitionerRole] ROL-14 participant[1].individual(PractitionerRole.organziation.(Organization))",
        MISSPELT,
    ),
    left(
        "ROL[Patient-GeneralPractitioner] ROL-11 generalPractitioner(PractitionerRole.Practitioner(Practitioner.address))",
        MISSPELT,
    ),
    left("ROL[CareTeam] ROL-4 participant.member(Patient[1])", PRACTITIONERS),
    left("ROL[CareTeam] ROL-4 participant.member(RelatedPerson[1])", PRACTITIONERS),
    left("ROL[RelatedPerson] ROL-4 $this", "the person itself: read with the other rows, XCN[RelatedPerson]"),
];

/// Whether a ROL behind PID is the patient's own practitioner: see [`general_practitioner`].
pub(crate) fn is_general_practitioner(rol: &Seg<'_>) -> bool {
    is_of_table(rol) && rol.text(3) == Some("PP")
}

/// Whether a ROL behind PID is of the care team: see [`care_team`].
pub(crate) fn is_of_care_team(rol: &Seg<'_>) -> bool {
    is_of_table(rol) && rol.text(3) != Some("PP")
}

/// A code that names no table is of the field's own.
fn is_of_table(rol: &Seg<'_>) -> bool {
    rol.component(3, 3).is_none_or(|system| system.eq_ignore_ascii_case("HL70443"))
}

/// Adds the patient's own practitioner, of a ROL behind PID.
pub(crate) fn general_practitioner<'a>(
    rol: &Seg<'a>,
    patient: Anchor<'a>,
    c: &mut Context<'a>,
) -> Option<Anchor<'a>> {
    let role = role(&ROL_PATIENT_GENERAL_PRACTITIONER, rol, c)?;
    c.refer(patient, "generalPractitioner", role);
    Some(role)
}

/// Adds somebody who takes part in a visit, of a ROL behind PV1.
pub(crate) fn encounter_participant<'a>(
    rol: &Seg<'a>,
    encounter: Anchor<'a>,
    c: &mut Context<'a>,
) -> Option<Anchor<'a>> {
    let role = role(&ROL_ENCOUNTER_PRACTITIONER_ROLE, rol, c)?;
    let mut participant = c.draft();
    ROL_ENCOUNTER.apply(&mut participant, rol, c);
    participant.body.set("individual", role.reference(c.arena));
    c.append(encounter, "participant", participant);
    Some(role)
}

/// Adds the care team of the patient at hand, of all the ROL behind PID that are of it. A patient has one.
pub(crate) fn care_team<'a>(roles: &[Seg<'a>], c: &mut Context<'a>) -> Option<Anchor<'a>> {
    let first = roles.first()?;
    let mut team = c.draft();
    team.body.set("subject", c.subject()?);
    team.body.put("encounter", c.visit());
    for rol in roles {
        ROL_CARE_TEAM.apply(&mut team, rol, c);
        let mut participant = c.draft();
        ROL_CARE_TEAM_PARTICIPANT.apply(&mut participant, rol, c);
        // Without a member there is nobody who acts for another.
        if !participant.body.has("member") {
            participant.body.remove("onBehalfOf");
        }
        if participant.body.is_empty() {
            continue;
        }
        let index = team.body.items("participant").len();
        let participant = team.absorb(participant, &format!(".participant[{index}]"));
        team.body.push(c.arena, "participant", participant);
    }
    let key = Key::Derived(&[c.patient_part(), "care team"]);
    Some(c.add("CareTeam", team, key, first.at()))
}

/// Adds somebody who is related to the patient at hand. The guide's maps of messages do not say where such a ROL
/// stands.
pub(crate) fn related_person<'a>(rol: &Seg<'a>, c: &mut Context<'a>) -> Option<Anchor<'a>> {
    let mut said = c.draft();
    ROL_RELATED_PERSON.apply(&mut said, rol, c);
    c.mark_read(rol, 4);
    xcn::related_person(&rol.node(4)?, said, c)
}

/// Adds a PractitionerRole, if it is anybody's: known by the number of the role, else by who has it, where, and since
/// when. Without an authority the number is none of the role: many senders count the segments in ROL-1.
fn role<'a>(table: &'static Table, rol: &Seg<'a>, c: &mut Context<'a>) -> Option<Anchor<'a>> {
    let mut draft = c.draft();
    table.apply(&mut draft, rol, c);
    let url =
        |name: &str| draft.body.get(name).and_then(|to| to.as_object()?.str("reference")).unwrap_or_default();
    let (person, organization) = (url("practitioner"), url("organization"));
    if person.is_empty() && organization.is_empty() {
        return None;
    }
    let [code, start] = [3, 5].map(|field| rol.text(field).unwrap_or_default());
    let parts = [person, organization, code, start];
    let is_numbered = rol.node(1).is_some_and(|number| (2..=3).any(|part| number.get(part).is_some()));
    let key = if is_numbered { Key::OwnOr(&parts) } else { Key::Derived(&parts) };
    Some(c.add("PractitionerRole", draft, key, rol.at()))
}

/// Of what an address is, by its type.
#[derive(Clone, Copy, PartialEq, Eq)]
enum AddressOf {
    Person,
    Place,
    Organization,
}

fn address_of(node: &Node<'_>) -> AddressOf {
    match node.get(7) {
        Some("M" | "O" | "S" | "SH" | "TM") if node.seg().valued(13) => AddressOf::Place,
        Some("B" | "BI" | "L") if node.seg().valued(14) => AddressOf::Organization,
        // So are those of a place or an organization that the role does not name.
        _ => AddressOf::Person,
    }
}

fn address_of_person<'a>(role: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    if address_of(node) == AddressOf::Person { any_address_of_person(role, node, c) } else { Ok(()) }
}

/// A description of the same person once more, with the address.
fn any_address_of_person<'a>(_: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    if let (Some(person), Some(address)) = (node.seg().node(4), XAD_ADDRESS.read(node, c)?) {
        let said = with(c, "address", address);
        xcn::practitioner(&person, said, c);
    }
    Ok(())
}

fn address_of_place<'a>(_: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    if address_of(node) != AddressOf::Place {
        return Ok(());
    }
    if let (Some(place), Some(Val::Object(address))) = (node.seg().node(13), XAD_ADDRESS.read(node, c)?) {
        pl::place(&place, Some(address), c);
    }
    Ok(())
}

fn address_of_organization<'a>(_: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    if address_of(node) != AddressOf::Organization {
        return Ok(());
    }
    if let (Some(organization), Some(address)) = (node.seg().node(14), XAD_ADDRESS.read(node, c)?) {
        let said = with(c, "address", address);
        xon::described(&organization, said, c);
    }
    Ok(())
}

/// ROL-10, the kind of the organization of ROL-14.
fn unit_type<'a>(_: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    let kind = CWE_OF_TABLE.of(&PARTICIPANT_ORGANIZATION_UNIT_TYPE).read(node, c)?;
    if let (Some(organization), Some(kind)) = (node.seg().node(14), kind) {
        let said = with(c, "type", kind);
        xon::described(&organization, said, c);
    }
    Ok(())
}

/// A draft with one item in a list.
fn with<'a>(c: &Context<'a>, member: &'static str, item: Val<'a>) -> Draft<'a> {
    let mut draft = c.draft();
    draft.body.push(c.arena, member, item);
    draft
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::testing::{Mapped, mapped_by, of_type, options};

    fn mapped(segments: &[&str]) -> Mapped {
        mapped_by("ADT^A08", segments, &options(), |segments, c| {
            let roles: Vec<Seg<'_>> = segments.iter().filter(|seg| seg.is("ROL")).copied().collect();
            let patient = c.patient.unwrap();
            for rol in roles.iter().filter(|rol| is_general_practitioner(rol)) {
                general_practitioner(rol, patient, c);
            }
            let team: Vec<Seg<'_>> = roles.iter().filter(|rol| is_of_care_team(rol)).copied().collect();
            care_team(&team, c);
        })
    }

    #[test]
    fn the_own_practitioner_has_a_role_with_a_place_and_an_organization() {
        let address = "1 Home^^Town^^^^H~2 Office^^Town^^^^O~3 Firm^^Town^^^^B";
        let rol = format!("ROL|R1|AD|PP^^HL70443|9^Roe|20240101||||||{address}|^WPN^PH^^^^5551|C^1|Firm");
        let got = mapped(&[&rol]);
        let role = of_type(&got, "PractitionerRole").concat();
        assert!(role.contains(r#""value":"R1""#) && role.contains(r#""start":"2024-01-01""#), "{role}");
        assert!(role.contains("organization") && role.contains("telecom"), "{role}");
        let patient = of_type(&got, "Patient").concat();
        assert!(patient.contains(r#""generalPractitioner":[{"reference":"urn:uuid:"#), "{patient}");
        for (kind, street) in
            [("Practitioner", "1 Home"), ("Location", "2 Office"), ("Organization", "3 Firm")]
        {
            let bodies = of_type(&got, kind).concat();
            assert_eq!(bodies.matches("\"address\"").count(), 1, "{bodies}");
            assert!(bodies.contains(street), "{bodies}");
        }
    }

    #[test]
    fn other_roles_of_the_table_are_one_care_team() {
        let got = mapped(&[
            "ROL||AD|AT^Attending^HL70443|9^Roe|20240101|20240201||||U^^HL70406||||Firm^^7",
            "ROL||AD|CP^Consulting^HL70443|8^Poe",
            "ROL||AD|PP^Mine^L|7^Moe",
        ]);
        let team = of_type(&got, "CareTeam").concat();
        assert_eq!(team.matches("\"member\"").count(), 2, "{team}");
        assert!(team.contains("onBehalfOf") && team.contains(r#""code":"ATND""#), "{team}");
        assert!(of_type(&got, "Organization").concat().contains("\"type\""));
    }

    #[test]
    fn roles_that_are_counted_are_not_one_role() {
        let roles = |number: &str| {
            let rol = |person: &str| format!("ROL|{number}|AD|PP^^HL70443|{person}");
            of_type(&mapped(&[&rol("9^Roe"), &rol("8^Poe")]), "PractitionerRole").len()
        };
        assert_eq!([roles("1"), roles("1^GEN")], [2, 1]);
    }

    #[test]
    fn a_role_without_a_table_is_of_the_table_of_the_field() {
        let got = mapped(&["ROL||AD|PP|9^Roe", "ROL||AD|CP|8^Poe", "ROL||AD|MTH^^HL70063|7^Moe"]);
        assert!(of_type(&got, "Patient").concat().contains("generalPractitioner"));
        assert_eq!(of_type(&got, "CareTeam").concat().matches("\"member\"").count(), 1);
    }

    #[test]
    fn a_role_of_nobody_is_none() {
        let got = mapped(&["ROL|R1|AD|PP^^HL70443"]);
        assert!(of_type(&got, "PractitionerRole").is_empty());
    }

    #[test]
    fn a_visit_has_who_takes_part_in_it() {
        let rol = ["ROL|1|AD|AT^^HL70443|9^Roe|20240101|20240201", "ROL|1|AD|MTH^^HL70063|^Moe"];
        let got = mapped_by("ADT^A08", &rol, &options(), |segments, c| {
            let mut visit = c.draft();
            visit.body.set("status", "in-progress");
            visit.body.set("class", c.object().with("code", "IMP"));
            let visit = c.add("Encounter", visit, Key::Derived(&["visit"]), None);
            encounter_participant(&segments[2], visit, c);
            assert!(related_person(&segments[2], c).is_some());
            assert!(related_person(&segments[3], c).is_some());
        });
        let visit = of_type(&got, "Encounter").concat();
        assert!(
            visit.contains(r#""period":{"start":"2024-01-01","end":"2024-02-01"},"individual":{"reference""#),
            "{visit}"
        );
        assert_eq!(of_type(&got, "RelatedPerson").len(), 2);
        let person = of_type(&got, "RelatedPerson").concat();
        assert!(person.contains(r#""family":"Roe""#) && person.contains("\"patient\""), "{person}");
    }
}
