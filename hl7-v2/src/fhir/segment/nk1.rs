//! NK1: next of kin.

use crate::fhir::code::{ADMINISTRATIVE_SEX, CONTACT_ROLE, PRIMARY_LANGUAGE, RELATIONSHIP};
use crate::fhir::context::Context;
use crate::fhir::datatype::{
    CWE_CODE, CWE_CODED, CX_IDENTIFIER, DTM_DATE, DTM_DATE_TIME, ST_IDENTIFIER, XAD_ADDRESS, XPN_HUMAN_NAME,
    XPN_NAMES, XTN_CONTACT_POINT, XTN_USE, xad, xon, xpn, xtn,
};
use crate::fhir::entries::Key;
use crate::fhir::node::{Node, Seg};
use crate::fhir::report::Reason;
use crate::fhir::row::{Outcome, Own, Table, Via, row};
use crate::fhir::tree::{Object, Val};

/// `NK1[RelatedPerson]`
pub(crate) static NK1_RELATED_PERSON: Table = Table::new(
    "NK1[RelatedPerson]",
    "NK1",
    "RelatedPerson",
    &[
        row(2, "name", XPN_NAMES),
        row(3, "relationship", CWE_CODED.of(&RELATIONSHIP)),
        row(4, "address", XAD_ADDRESS),
        row(5, "telecom", XTN_CONTACT_POINT),
        row(6, "telecom", XTN_USE.of("work")),
        row(7, "relationship", CWE_CODED.of(&CONTACT_ROLE)),
        row(8, "period.start", DTM_DATE_TIME),
        row(9, "period.end", DTM_DATE_TIME),
        row(12, "identifier", CX_IDENTIFIER),
        row(15, "gender", CWE_CODE.of(&ADMINISTRATIVE_SEX)),
        row(16, "birthDate", DTM_DATE),
        row(20, "communication.language", CWE_CODED.of(&PRIMARY_LANGUAGE)),
        row(30, "name", XPN_NAMES),
        row(31, "telecom", XTN_CONTACT_POINT),
        row(32, "address", XAD_ADDRESS),
        row(33, "identifier", CX_IDENTIFIER),
        row(37, "identifier", ST_IDENTIFIER.of("SS")),
        row(40, "telecom", XTN_CONTACT_POINT),
        row(41, "telecom", XTN_CONTACT_POINT),
    ],
);

/// `NK1[Patient]`
pub(crate) static NK1_PATIENT: Table = Table::new(
    "NK1[Patient]",
    "NK1",
    "Patient.contact",
    &[
        row(2, "name", XPN_HUMAN_NAME),
        row(3, "relationship", CWE_CODED.of(&RELATIONSHIP)),
        row(4, "address", XAD_ADDRESS),
        row(5, "telecom", XTN_CONTACT_POINT),
        row(6, "telecom", XTN_USE.of("work")),
        row(7, "relationship", CWE_CODED.of(&CONTACT_ROLE)),
        row(8, "period.start", DTM_DATE_TIME),
        row(9, "period.end", DTM_DATE_TIME),
        row(13, "organization(Organization)", Via::Own(&ORGANIZATION)).and(&[30, 31, 32]),
        row(15, "gender", CWE_CODE.of(&ADMINISTRATIVE_SEX)),
        row(40, "telecom", XTN_CONTACT_POINT),
        row(41, "telecom", XTN_CONTACT_POINT),
    ],
);

/// An employer, an insurer and the like is a contact of the patient; anybody else a related person.
pub(crate) fn kin<'a>(nk1: &Seg<'a>, c: &mut Context<'a>) {
    let Some(patient) = c.patient else { return };
    let role = nk1.text(3).unwrap_or_default();
    let mut draft = c.draft();
    if matches!(role, "EMR" | "E" | "F" | "I" | "S") {
        NK1_PATIENT.apply(&mut draft, nk1, c);
        if !draft.body.is_empty() {
            c.append(patient, "contact", draft);
        }
        return;
    }
    draft.body.set("patient", patient.reference(c.arena));
    NK1_RELATED_PERSON.apply(&mut draft, nk1, c);
    let name = name_part(&draft.body, c);
    c.add("RelatedPerson", draft, Key::Derived(&[patient.identity, role, name]), nk1.at());
}

/// The name of a person as a part of a derived identity.
pub(crate) fn name_part<'a>(person: &Object<'a>, c: &Context<'a>) -> &'a str {
    let Some(name) = person.items("name").first().and_then(Val::as_object) else { return "" };
    let given: Vec<&str> = name.items("given").iter().filter_map(Val::as_str).collect();
    c.arena.format(format_args!("{}^{}", name.str("family").unwrap_or_default(), given.join(" ")))
}

static ORGANIZATION: Own = Own { name: "XON[Organization]", apply: organization };

/// NK1-13, with the person to speak to there in NK1-30 to 32.
fn organization<'a>(contact: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    if contact.has("organization") {
        return Err(Reason::OnlyOneFits);
    }
    let [name, number, address] = [30, 31, 32].map(|field| node.seg().values(field).next());
    let mut person = c.object();
    person.put("name", name.and_then(|name| xpn::name(&name, c)));
    let number = number.and_then(|number| xtn::point(&number, None, c));
    person.put("telecom", number.map(|number| c.arena.only(number)));
    person.put("address", address.and_then(|address| xad::address(&address, c)));
    let mut said = c.draft();
    if !person.is_empty() {
        said.body.set("contact", c.arena.only(person));
    }
    contact.put("organization", xon::described(node, said, c).map(|anchor| anchor.reference(c.arena)));
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::fhir::testing::{of_type, person};

    #[test]
    fn kin_are_related_persons_and_employers_are_contacts() {
        let kin = person("ADT^A08", &["NK1|1|Doe^Ann|SPO|||5550"]);
        let spouse = of_type(&kin, "RelatedPerson").concat();
        assert!(spouse.contains(r#""family":"Doe""#) && spouse.contains(r#""use":"work""#), "{spouse}");
        let employer =
            person("ADT^A08", &[&format!("NK1|1||EMR||5550^WPN^PH||||||||Acme{}Roe^Sam", "|".repeat(17))]);
        assert!(of_type(&employer, "RelatedPerson").is_empty());
        assert!(of_type(&employer, "Patient").concat().contains(r#""organization":{"reference":"#));
        let acme = of_type(&employer, "Organization").concat();
        assert!(acme.contains(r#""contact":[{"name":{"family":"Roe","given":["Sam"]}}]"#), "{acme}");
    }

    #[test]
    fn two_of_kin_are_two_and_the_same_is_one() {
        let count =
            |second: &str| of_type(&person("ADT^A08", &["NK1|1|Doe^Ann|SPO", second]), "RelatedPerson").len();
        assert_eq!(count("NK1|2|Doe^Tim|CHD"), 2);
        assert_eq!(count("NK1|2|Doe^Ann|SPO"), 1);
    }
}
