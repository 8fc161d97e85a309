//! IAM: an allergy.

use super::al1::{self, ACTIVE, CATEGORY, CRITICALITY, KIND};
use crate::fhir::code::RELATIONSHIP;
use crate::fhir::context::{Anchor, Context};
use crate::fhir::datatype::cwe::as_code;
use crate::fhir::datatype::{
    CWE_CODEABLE_CONCEPT, CWE_CODED, DTM_DATE_TIME, EI_IDENTIFIER_EXTENSION, ST_STRING, XPN_HUMAN_NAME, hd,
};
use crate::fhir::entries::Key;
use crate::fhir::node::{Node, Seg};
use crate::fhir::report::Reason;
use crate::fhir::row::{Outcome, Own, Table, Via, always, row};
use crate::fhir::segment::nk1::name_part;
use crate::fhir::tree::{Object, Val};

/// `IAM[AllergyIntolerance]`
pub(crate) static IAM_ALLERGY: Table = Table::new(
    "IAM[AllergyIntolerance]",
    "IAM",
    "AllergyIntolerance",
    &[
        always("clinicalStatus", ACTIVE),
        row(2, "category", Via::Own(&CATEGORY)),
        row(2, "type", Via::Own(&KIND)),
        row(3, "code", CWE_CODEABLE_CONCEPT),
        row(4, "criticality", Via::Own(&CRITICALITY)),
        row(5, "reaction.manifestation", CWE_CODEABLE_CONCEPT),
        // The guide has no row for the action; an allergy that is deleted is not active.
        row(6, "verificationStatus", Via::Own(&DELETED))
            .when("IAM-6 is D (deleted)", |s| s.text(6) == Some("D")),
        row(7, "identifier", EI_IDENTIFIER_EXTENSION),
        row(11, "onsetDateTime", DTM_DATE_TIME),
        row(12, "onsetString", ST_STRING).when("IAM-11 is not valued", |s| !s.valued(11)),
        row(13, "recordedDate", DTM_DATE_TIME),
        row(14, "recorder", Via::Own(&RECORDER)).and(&[15]),
        row(15, "recorder", Via::Own(&RECORDER)).when("IAM-14 is not valued", |s| !s.valued(14)),
        row(17, "clinicalStatus", Via::Own(&STATUS)),
        row(27, "code", Via::Own(&CLINICIAN_CODE)),
    ],
);

const CLINICAL: &str = "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical";
const VERIFICATION: &str = "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification";

/// The allergy of an IAM.
pub(crate) fn allergy<'a>(iam: &Seg<'a>, c: &mut Context<'a>) -> Option<Anchor<'a>> {
    let mut draft = c.draft();
    IAM_ALLERGY.apply(&mut draft, iam, c);
    al1::add(draft, iam, c)
}

static DELETED: Own = Own {
    name: "CNE[CodeableConcept]",
    apply: |allergy, _, c| {
        entered_in_error(allergy, c);
        Ok(())
    },
};
static RECORDER: Own = Own { name: "XPN[HumanName]", apply: recorder };
static STATUS: Own = Own { name: "CWE[CodeableConcept]", apply: status };
static CLINICIAN_CODE: Own = Own { name: "CWE[CodeableConcept]", apply: clinician_code };

/// Who reported it: the patient, somebody related, or, when IAM-15 does not say, somebody of the staff.
fn recorder<'a>(allergy: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    let Some(patient) = c.patient else { return Ok(()) };
    let iam = *node.seg();
    if allergy.has("recorder") {
        return Err(Reason::OnlyOneFits);
    }
    let relation = iam.text(15).unwrap_or_default();
    if matches!(relation, "SEL") {
        allergy.set("recorder", patient.reference(c.arena));
        return Ok(());
    }
    let Some(name) = iam.node(14).map_or(Ok(None), |name| XPN_HUMAN_NAME.read(&name, c))? else {
        return Ok(());
    };
    let mut draft = c.draft();
    draft.body.set("name", c.arena.only(name));
    let name = name_part(&draft.body, c);
    let reporter = if relation.is_empty() {
        let key = Key::Derived(&[hd::system(None, c), "reporter", name]);
        c.add("Practitioner", draft, key, node.at())
    } else {
        draft.body.set("patient", patient.reference(c.arena));
        if let Some(kind) =
            iam.node(15).map_or(Ok(None), |kind| CWE_CODED.of(&RELATIONSHIP).read(&kind, c))?
        {
            draft.body.set("relationship", c.arena.only(kind));
        }
        c.add("RelatedPerson", draft, Key::Derived(&[patient.identity, relation, name]), node.at())
    };
    allergy.set("recorder", reporter.reference(c.arena));
    Ok(())
}

/// Table 0438 says two things: whether the allergy is active, and how sure one is of it. The code itself stays beside
/// the codes of FHIR, which demands one of its own.
fn status<'a>(allergy: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    let Some(code) = node.get(1).and_then(as_code) else { return Ok(()) };
    let verification = match code {
        "U" => Some("unconfirmed"),
        "C" | "I" => Some("confirmed"),
        _ => None,
    };
    if code == "E" {
        entered_in_error(allergy, c);
    }
    if let (Some(verification), false) = (verification, allergy.has("verificationStatus")) {
        allergy.set("verificationStatus", coded(VERIFICATION, verification, c));
    }
    if !allergy.has("clinicalStatus") {
        return Ok(());
    }
    let mut status = coded(CLINICAL, if code == "I" { "inactive" } else { "active" }, c);
    if let Some(Val::Object(mut came)) = CWE_CODEABLE_CONCEPT.read(node, c)? {
        if let Some(Val::List(codings)) = came.remove("coding") {
            codings.into_iter().for_each(|coding| status.push(c.arena, "coding", coding));
        }
        status.put("text", came.remove("text"));
    }
    allergy.set("clinicalStatus", status);
    Ok(())
}

/// What was never so has no clinical status.
fn entered_in_error<'a>(allergy: &mut Object<'a>, c: &Context<'a>) {
    allergy.remove("clinicalStatus");
    allergy.set("verificationStatus", coded(VERIFICATION, "entered-in-error", c));
}

fn coded<'a>(system: &'a str, code: &'a str, c: &Context<'a>) -> Object<'a> {
    let coding = c.object().with("system", system).with("code", code);
    c.object().with("coding", c.arena.only(coding))
}

/// IAM-27 says in other codes what IAM-3 says.
fn clinician_code<'a>(allergy: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    let Some(Val::Object(mut other)) = CWE_CODEABLE_CONCEPT.read(node, c)? else { return Ok(()) };
    let Some(code) = allergy.get_mut("code").and_then(Val::as_object_mut) else {
        allergy.set("code", other);
        return Ok(());
    };
    if let Some(Val::List(codings)) = other.remove("coding") {
        for coding in codings {
            if !code.items("coding").contains(&coding) {
                code.push(c.arena, "coding", coding);
            }
        }
    }
    if !code.has("text") {
        code.put("text", other.remove("text"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::fhir::testing::{of_type, person};

    fn allergy(iam: &str) -> String {
        of_type(&person("ADT^A31", &[iam]), "AllergyIntolerance").concat()
    }

    #[test]
    fn every_field_has_its_place() {
        let text = allergy(
            "IAM|1|DA|P^Penicillin^L|SV|RSH^Rash|A|A7^GEN||||20200101|as a child|20240301|Doe^Ann|MTH||C||||||||||PEN^Penicillin^L2",
        );
        for part in [
            r#""criticality":"high""#,
            r#""code":"RSH""#,
            r#""value":"A7""#,
            r#""onsetDateTime":"2020-01-01""#,
            r#""recordedDate":"2024-03-01""#,
            r#""code":"confirmed""#,
            r#""code":"active""#,
            r#""code":"PEN""#,
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(!text.contains("onsetString"));
        assert!(allergy("IAM|1||P^Penicillin|||||||||as a child").contains(r#""onsetString":"as a child""#));
    }

    #[test]
    fn the_reporter_is_the_patient_somebody_related_or_staff() {
        let reporter = |fields: &str, kind: &str| {
            let mapped = person("ADT^A31", &[&format!("IAM|1||P^Penicillin|||||||||||{fields}")]);
            assert!(of_type(&mapped, "AllergyIntolerance").concat().contains(r#""recorder":{"reference""#));
            of_type(&mapped, kind).len()
        };
        assert_eq!(reporter("Doe^Ann|MTH", "RelatedPerson"), 1);
        assert_eq!(reporter("Doe^Ann", "Practitioner"), 1);
        assert_eq!(reporter("Doe^Jo|SEL", "RelatedPerson"), 0);
        assert_eq!(reporter("|SEL", "RelatedPerson"), 0);
    }

    #[test]
    fn an_allergy_may_be_over_or_never_have_been() {
        assert!(allergy("IAM|1||P^Penicillin||||||||||||||I").contains(r#""code":"inactive""#));
        for iam in ["IAM|1||P^Penicillin||||||||||||||E", "IAM|1||P^Penicillin|||D"] {
            let text = allergy(iam);
            assert!(text.contains("entered-in-error") && !text.contains("clinicalStatus"), "{text}");
        }
    }
}
