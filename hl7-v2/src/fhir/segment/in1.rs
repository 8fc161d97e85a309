//! IN1 and IN3: who pays, and who manages the case.

use crate::fhir::code::RELATIONSHIP;
use crate::fhir::context::{Anchor, Context};
use crate::fhir::datatype::{
    CWE_CODEABLE_CONCEPT, CWE_CODED, CWE_IDENTIFIERS, CX_IDENTIFIER, DTM_DATE_TIME, ST_STRING, cx, dtm, xad,
    xon, xpn,
};
use crate::fhir::entries::Key;
use crate::fhir::node::{Node, Seg};
use crate::fhir::report::Reason;
use crate::fhir::row::{Datatype, Outcome, Own, Table, Via, row};
use crate::fhir::segment::nk1::name_part;
use crate::fhir::segment::{LeftOut, left};
use crate::fhir::target::{unknown, unstated};
use crate::fhir::tree::{Object, Val};

/// `IN1[Coverage]`. The guide's extension lacks the type in its URL. Its map of plan types, `PlanId`, is empty.
pub(crate) static IN1_COVERAGE: Table = Table::new(
    "IN1[Coverage]",
    "IN1",
    "Coverage",
    &[
        row(2, "identifier", CWE_IDENTIFIERS),
        row(4, "payor(Organization)", PAYOR).and(&[3, 5]),
        row(10, SUBSCRIBER_ID, CX_IDENTIFIER).when("IN1-10.5 is SN", is_subscriber_id),
        row(10, "policyHolder(Organization)", Via::Own(&POLICY_HOLDER))
            .when("IN1-10.5 is not SN and IN1-11 is not valued", |s| !is_subscriber_id(s) && !s.valued(11)),
        row(11, "policyHolder(Organization)", Via::Own(&POLICY_HOLDER)).and(&[10]),
        row(12, "period.start", DTM_DATE_TIME),
        row(13, "period.end", DTM_DATE_TIME),
        row(15, "type", CWE_CODEABLE_CONCEPT),
        row(16, "subscriber(RelatedPerson)", SUBSCRIBER)
            .and(&[17, 18, 19])
            .when("IN1-17 is not the patient", |s| !is_self(s)),
        row(16, "subscriber(Patient)", PATIENT).and(&[17]).when("IN1-17 is the patient", is_self),
        row(17, "relationship", CWE_CODED.of(&RELATIONSHIP)),
        row(36, "subscriberId", ST_STRING),
        row(49, SUBSCRIBER_ID, CX_IDENTIFIER),
    ],
);

/// `IN3[CareTeam]`
pub(crate) static IN3_CARE_TEAM: Table =
    Table::new("IN3[CareTeam]", "IN3", "CareTeam", &[row(21, "participant", CASE_MANAGER)]);

pub(crate) static LEFT_OUT: &[LeftOut] = &[left(
    "IN1[Coverage] IN1-5 payer[1](Organization.address)",
    "a slip of the guide for `payor`: the row of IN1-4 takes the address into that organization",
)];

const SUBSCRIBER_ID: &str =
    "extension(http://hl7.org/fhir/5.0/StructureDefinition/extension-Coverage.subscriberId)";

/// The insurance of an IN1. The number of a plan is that of many patients: a coverage is known by its patient and its
/// plan.
pub(crate) fn coverage<'a>(in1: &Seg<'a>, c: &mut Context<'a>) -> Option<Anchor<'a>> {
    let patient = c.patient?;
    let mut draft = c.draft();
    unstated(&mut draft.body, "_status", c.arena);
    c.report_at(in1.at(), Reason::Unstated("Coverage.status"));
    draft.body.set("beneficiary", patient.reference(c.arena));
    IN1_COVERAGE.apply(&mut draft, in1, c);
    insurer_without_name(&mut draft.body, in1, c);
    let [plan, number, name, policy, insured] =
        [2, 3, 4, 36, 49].map(|field| in1.text(field).unwrap_or_default());
    let key = Key::Derived(&[patient.identity, plan, number, name, policy, insured]);
    Some(c.add("Coverage", draft, key, in1.at()))
}

/// The case manager of IN3-21, as a care team of the patient.
pub(crate) fn care_team<'a>(in3: &Seg<'a>, c: &mut Context<'a>) -> Option<Anchor<'a>> {
    let patient = c.patient?;
    let mut draft = c.draft();
    IN3_CARE_TEAM.apply(&mut draft, in3, c);
    if draft.body.is_empty() {
        return None;
    }
    draft.body.set("subject", patient.reference(c.arena));
    let name = in3.node(21).and_then(|name| name.whole()).unwrap_or_default();
    Some(c.add("CareTeam", draft, Key::Derived(&[patient.identity, "case manager", name]), in3.at()))
}

static POLICY_HOLDER: Own = Own { name: "XON[Organization]", apply: policy_holder };

/// IN1-4, with the insurer's number of IN1-3 and address of IN1-5.
const PAYOR: Via = Via::Type(&Datatype {
    name: "XON[Organization]",
    fhir: "Reference(Organization)",
    read: |n, c| {
        let in1 = *n.seg();
        let mut said = c.draft();
        let number = in1.node(3).map_or(Ok(None), |number| insurer_number(&number, c))?;
        said.body.put("identifier", number.map(|number| c.arena.only(number)));
        let address = in1.node(5).and_then(|address| xad::address(&address, c));
        said.body.put("address", address.map(|address| c.arena.only(address)));
        Ok(xon::described(n, said, c).map(|insurer| insurer.reference(c.arena)))
    },
});

const PATIENT: Via =
    Via::Type(&Datatype { name: "XPN[HumanName]", fhir: "Reference(Patient)", read: |_, c| Ok(c.subject()) });

const SUBSCRIBER: Via =
    Via::Type(&Datatype { name: "XPN[HumanName]", fhir: "Reference(RelatedPerson)", read: subscriber });

/// The guide writes `value` for the code, and no row for the name, which is all that the field says.
const CASE_MANAGER: Via = Via::Type(&Datatype {
    name: "ST[string]",
    fhir: "CareTeam.participant",
    read: |n, c| {
        let Some(name) = n.whole() else { return Ok(None) };
        let coding = c.object().with("system", "http://snomed.info/sct").with("code", "768832004");
        let role = c.object().with("coding", c.arena.only(coding)).with("text", "case manager");
        let member = c.object().with("display", name);
        Ok(Some(c.object().with("role", c.arena.only(role)).with("member", member).into()))
    },
});

fn is_self(in1: &Seg<'_>) -> bool {
    is_patient(in1.text(17).unwrap_or_default())
}

/// The codes that senders write for the patient themselves, of table 0063 and of X12.
pub(crate) fn is_patient(relation: &str) -> bool {
    matches!(relation, "SEL" | "SLF" | "SE" | "18")
}

fn is_subscriber_id(in1: &Seg<'_>) -> bool {
    in1.component(10, 5) == Some("SN")
}

/// Numbers of insurers without an authority are not numbers of patients.
fn insurer_number<'a>(node: &Node<'a>, c: &mut Context<'a>) -> Result<Option<Object<'a>>, Reason> {
    let Some(mut identifier) = cx::identifier(node, c)? else { return Ok(None) };
    if !crate::fhir::datatype::hd::is_named(node.part(4)) {
        let system = identifier.str("system").unwrap_or_default();
        identifier.set("system", c.arena.format(format_args!("{system}:insurer")));
    }
    Ok(Some(identifier))
}

/// FHIR demands a payer. IN1-3 alone is one by its number; without it the payer is unknown.
fn insurer_without_name<'a>(coverage: &mut Object<'a>, in1: &Seg<'a>, c: &mut Context<'a>) {
    if coverage.has("payor") {
        return;
    }
    c.mark_read(in1, 3);
    let number = in1.node(3).and_then(|node| insurer_number(&node, c).ok()?);
    let payor = match number {
        Some(number) => c.object().with("type", "Organization").with("identifier", number),
        None => {
            c.report_at(in1.at(), Reason::Unstated("Coverage.payor"));
            unknown(c.arena)
        }
    };
    coverage.set("payor", c.arena.only(payor));
}

/// The employer of the insured: the name of IN1-11, the numbers of IN1-10.
fn policy_holder<'a>(coverage: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    if coverage.has("policyHolder") {
        return Err(Reason::OnlyOneFits);
    }
    let in1 = *node.seg();
    let mut said = c.draft();
    for number in in1.values(10).filter(|_| !is_subscriber_id(&in1)) {
        if let Some(number) = cx::identifier(&number, c)? {
            said.body.push(c.arena, "identifier", number);
        }
    }
    let holder = match in1.node(11) {
        Some(name) if in1.valued(11) => xon::described(&name, said, c),
        _ if said.body.is_empty() => None,
        _ => Some(c.add("Organization", said, Key::OwnOr(&[c.patient_part(), "policy holder"]), node.at())),
    };
    coverage.put("policyHolder", holder.map(|holder| holder.reference(c.arena)));
    Ok(())
}

/// Somebody with a name, a relationship (IN1-17), a birth date (IN1-18) and an address (IN1-19).
fn subscriber<'a>(node: &Node<'a>, c: &mut Context<'a>) -> Result<Option<Val<'a>>, Reason> {
    let (Some(patient), Some(name)) = (c.patient, xpn::name(node, c)) else { return Ok(None) };
    let in1 = *node.seg();
    let mut draft = c.draft();
    draft.body.set("patient", patient.reference(c.arena));
    draft.body.set("name", c.arena.only(name));
    // What is wrong with it is reported where the Coverage has it.
    let kind = in1.node(17).and_then(|kind| CWE_CODED.of(&RELATIONSHIP).read(&kind, c).ok()?);
    draft.body.put("relationship", kind.map(|kind| c.arena.only(kind)));
    let born = in1.node(18).and_then(|date| {
        dtm::date(&date, c).unwrap_or_else(|reason| {
            c.report(&date, reason);
            None
        })
    });
    draft.body.put("birthDate", born);
    let address = in1.node(19).and_then(|address| xad::address(&address, c));
    draft.body.put("address", address.map(|address| c.arena.only(address)));
    let (relation, name) = (in1.text(17).unwrap_or_default(), name_part(&draft.body, c));
    let key = Key::Derived(&[patient.identity, "subscriber", relation, name]);
    Ok(Some(c.add("RelatedPerson", draft, key, node.at()).reference(c.arena)))
}

#[cfg(test)]
mod tests {
    use crate::fhir::testing::{of_type, person, reported};

    fn coverage(in1: &str) -> String {
        of_type(&person("ADT^A01", &[in1]), "Coverage").concat()
    }

    #[test]
    fn the_insurer_has_its_number_and_address() {
        let mapped = person("ADT^A01", &["IN1|1|PL^Plan|I9|Acme|1 Main St^^Town"]);
        let insurer = of_type(&mapped, "Organization").concat();
        assert!(
            insurer.contains(r#":insurer","value":"I9""#) && insurer.contains(r#""city":"Town""#),
            "{insurer}"
        );
        assert!(coverage("IN1|1|PL|I9").contains(r#""payor":[{"type":"Organization","identifier":{"#));
        let unknown = person("ADT^A01", &["IN1|1|PL"]);
        assert!(
            reported(&unknown)
                .contains(&"IN1[1]: no value for `Coverage.payor`: stated as unknown".to_owned())
        );
    }

    #[test]
    fn the_subscriber_is_the_patient_or_somebody_related() {
        let subscriber = |relation: &str| {
            let in1 = format!("IN1|1|PL{}Doe^Jo|{relation}|19700101", "|".repeat(14));
            of_type(&person("ADT^A01", &[&in1]), "RelatedPerson").concat()
        };
        assert_eq!(subscriber("SEL"), "");
        let in1 = format!("IN1|1|PL{}Doe^Jo|SPO|soon", "|".repeat(14));
        assert_eq!(of_type(&person("ADT^A01", &[&in1]), "RelatedPerson").len(), 1);
        let spouse = subscriber("SPO");
        assert!(
            spouse.contains(r#""birthDate":"1970-01-01""#) && spouse.contains(r#""code":"SPS""#),
            "{spouse}"
        );
    }

    #[test]
    fn a_number_of_the_insured_is_not_one_of_the_employer() {
        let own = coverage("IN1|1|PL||||||||S1^^^GEN^SN|Acme");
        assert!(own.contains("extension-Coverage.subscriberId") && own.contains("policyHolder"), "{own}");
        let employer = person("ADT^A01", &["IN1|1|PL||||||||E1^^^GEN"]);
        assert!(of_type(&employer, "Organization").concat().contains(r#""value":"E1""#));
        assert!(coverage(&format!("IN1|1|PL{}S2", "|".repeat(47))).contains(r#""value":"S2""#));
    }

    #[test]
    fn two_patients_of_one_plan_have_two_coverages() {
        let id = |pid: &str| {
            let found = of_type(&person("ADT^A01", &[pid, "IN1|1|PL"]), "Coverage").concat();
            found
                .split(r#""urn:carewire:derived","value":""#)
                .nth(1)
                .unwrap()
                .split('"')
                .next()
                .unwrap()
                .to_owned()
        };
        assert_ne!(id("PID|1||7^^^GEN^MR"), id("PID|1||8^^^GEN^MR"));
        assert_eq!(id("PID|1||7^^^GEN^MR"), id("PID|1||7^^^GEN^MR"));
    }

    #[test]
    fn a_case_manager_is_a_care_team() {
        let mapped = person("ADT^A01", &[&format!("IN3|1{}Jane Roe", "|".repeat(20))]);
        let team = of_type(&mapped, "CareTeam").concat();
        assert!(team.contains(r#""code":"768832004""#) && team.contains(r#""display":"Jane Roe""#), "{team}");
        assert!(of_type(&person("ADT^A01", &["IN3|1"]), "CareTeam").is_empty());
    }
}
