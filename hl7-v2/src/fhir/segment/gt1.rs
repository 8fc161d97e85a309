//! GT1: who guarantees the account. The guide has no map of it.

use super::in1::is_patient;
use super::nk1::name_part;
use crate::fhir::code::{ADMINISTRATIVE_SEX, RELATIONSHIP};
use crate::fhir::context::{Anchor, Context};
use crate::fhir::datatype::{
    CWE_CODE, CWE_CODED, CX_IDENTIFIER, DTM_DATE, ST_IDENTIFIER, XAD_ADDRESS, XPN_NAMES, XTN_USE,
};
use crate::fhir::entries::Key;
use crate::fhir::node::Seg;
use crate::fhir::row::{Table, row};

/// GT1 as a related person.
pub(crate) static GT1_RELATED_PERSON: Table = Table::new(
    "GT1[RelatedPerson]",
    "GT1",
    "RelatedPerson",
    &[
        row(2, "identifier", CX_IDENTIFIER),
        row(3, "name", XPN_NAMES),
        row(5, "address", XAD_ADDRESS),
        row(6, "telecom", XTN_USE.of("home")),
        row(7, "telecom", XTN_USE.of("work")),
        row(8, "birthDate", DTM_DATE),
        row(9, "gender", CWE_CODE.of(&ADMINISTRATIVE_SEX)),
        row(11, "relationship", CWE_CODED.of(&RELATIONSHIP)),
        row(12, "identifier", ST_IDENTIFIER.of("SS")),
    ],
);

/// The patient themselves, or somebody related, as a guarantor of the account at hand.
pub(crate) fn guarantor<'a>(gt1: &Seg<'a>, c: &mut Context<'a>) -> Option<Anchor<'a>> {
    let patient = c.patient?;
    let relation = gt1.text(11).unwrap_or_default();
    let party = if is_patient(relation) || relation == "S" {
        [2, 3, 11].iter().for_each(|&field| c.mark_read(gt1, field));
        patient
    } else {
        let mut person = c.draft();
        person.body.set("patient", patient.reference(c.arena));
        GT1_RELATED_PERSON.apply(&mut person, gt1, c);
        let name = name_part(&person.body, c);
        c.add(
            "RelatedPerson",
            person,
            Key::Derived(&[patient.identity, "guarantor", relation, name]),
            gt1.at(),
        )
    };
    if let Some(account) = c.account {
        let mut guarantor = c.draft();
        guarantor.body.set("party", party.reference(c.arena));
        c.append(account, "guarantor", guarantor);
    }
    Some(party)
}

#[cfg(test)]
mod tests {
    use crate::fhir::testing::{of_type, person};

    #[test]
    fn a_guarantor_is_the_patient_or_somebody_related() {
        let pid = format!("PID|1||7^^^GEN^MR{}A1^^^GEN", "|".repeat(15));
        let own = person("ADT^A01", &[&pid, "GT1|1||Doe^Jo||||||||SEL"]);
        assert!(of_type(&own, "RelatedPerson").is_empty());
        assert!(of_type(&own, "Account").concat().contains(r#""guarantor":[{"party":{"reference""#));
        let other = person("ADT^A01", &[&pid, "GT1|1||Doe^Ann||||||||SPO|111-22-3333"]);
        assert!(of_type(&other, "RelatedPerson").concat().contains("111-22-3333"));
        assert!(of_type(&other, "Account").concat().contains("guarantor"));
    }
}
