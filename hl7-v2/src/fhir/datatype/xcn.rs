//! XCN, a person with a number; CNN and NDL, the same in fewer parts.

use carewire_fhir_core::resources::{Practitioner, PractitionerRole, Qualification};
use carewire_fhir_core::types::{Address, CodeableConcept, Coding, HumanName, Identifier, Reference};

use super::{cx, dr, dtm, hd, xpn};
use crate::fhir::context::{Anchor, Context, Draft, Key};
use crate::fhir::node::Node;
use crate::fhir::row::Found;
use crate::fhir::table::v2_system;

/// `XCN[Practitioner]`
pub(crate) fn xcn(node: &Node<'_>, c: &mut Context<'_>) -> Found<Reference> {
    Ok(practitioner(node, Vec::new(), c)?.map(|anchor| anchor.reference()))
}

/// `XCN[Practitioner]` with addresses that another field gives.
pub(crate) fn practitioner(xcn: &Node<'_>, address: Vec<Address>, c: &mut Context<'_>) -> Found<Anchor> {
    let number = xcn.get(1).map(|value| Identifier {
        extension: cx::check_digit(xcn.get(11), xcn.get(12)),
        r#type: xcn.get(13).map(cx::type_of),
        system: Some(system(xcn.part(9).as_ref(), c)),
        value: Some(value),
        ..Identifier::default()
    });
    let period = match (xcn.part(19), xcn.part(20), xcn.part(17)) {
        (None, None, Some(range)) => dr::dr(&range, c),
        (start, end, _) => dtm::period(start, end, c),
    };
    let name = HumanName {
        r#use: xpn::name_use(xcn.part(10).as_ref(), c),
        suffix: [5, 21].into_iter().filter_map(|part| xcn.get(part)).collect(),
        period: period.unwrap_or_default(),
        ..xpn::parts(xcn, 2, 6)
    };
    add(number, name, xcn.get(7), address, xcn, c)
}

/// `CNN[Practitioner]`, as in the first component of an NDL.
fn cnn(cnn: &Node<'_>, c: &mut Context<'_>) -> Found<Anchor> {
    let number = cnn.get(1).map(|value| {
        let parts = [9, 10, 11].map(|part| cnn.get(part));
        let named = parts.iter().any(Option::is_some);
        let system = c.system([parts[0].as_deref(), parts[1].as_deref(), parts[2].as_deref()]);
        let system = if named { system } else { format!("{system}:practitioner") };
        Identifier { system: Some(system), value: Some(value), ..Identifier::default() }
    });
    let name = HumanName { suffix: cnn.get(5).into_iter().collect(), ..xpn::parts(cnn, 2, 6) };
    add(number, name, cnn.get(7), Vec::new(), cnn, c)
}

/// `XCN[PractitionerRole]`: the person in a role of this code.
pub(crate) fn xcn_role(node: &Node<'_>, role: Coding, c: &mut Context<'_>) -> Found<Reference> {
    let Some(person) = practitioner(node, Vec::new(), c)? else { return Ok(None) };
    Ok(Some(role_of(&person, Some(role), None, node, c)))
}

/// `NDL[PractitionerRole]`
pub(crate) fn ndl(ndl: &Node<'_>, c: &mut Context<'_>) -> Found<Reference> {
    let Some(person) = ndl.part(1).map_or(Ok(None), |name| cnn(&name, c))? else { return Ok(None) };
    Ok(Some(role_of(&person, None, dtm::period(ndl.part(2), ndl.part(3), c)?, ndl, c)))
}

fn role_of(
    person: &Anchor,
    role: Option<Coding>,
    period: Option<carewire_fhir_core::types::Period>,
    node: &Node<'_>,
    c: &mut Context<'_>,
) -> Reference {
    let code = role.as_ref().and_then(|role| role.code.clone()).unwrap_or_default();
    let start = period.as_ref().and_then(|p| p.start.as_ref()).map(|start| start.as_str().to_owned());
    let body = PractitionerRole {
        period,
        practitioner: Some(person.reference()),
        code: role.map(CodeableConcept::from).into_iter().collect(),
        ..PractitionerRole::default()
    };
    let key = Key::Derived(vec![person.identity.clone(), code, start.unwrap_or_default()]);
    c.add(Draft::new(body), PractitionerRole::into_resource, key, node.at()).reference()
}

fn add(
    number: Option<Identifier>,
    name: HumanName,
    degree: Option<String>,
    address: Vec<Address>,
    node: &Node<'_>,
    c: &mut Context<'_>,
) -> Found<Anchor> {
    let named = xpn::says_a_name(&name);
    if number.is_none() && !named {
        return Ok(None);
    }
    let key = Key::OwnOr(vec![
        hd::system(None, c),
        name.family.clone().unwrap_or_default(),
        name.given.join(" "),
        name.suffix.join(" "),
    ]);
    let qualification = degree.and_then(|degree| super::cwe::as_code(&degree)).map(|degree| Qualification {
        code: Some(Coding::new(v2_system("0360"), degree).into()),
        ..Qualification::default()
    });
    let body = Practitioner {
        identifier: number.into_iter().collect(),
        name: Some(name).filter(|_| named).into_iter().collect(),
        address,
        qualification: qualification.into_iter().collect(),
        ..Practitioner::default()
    };
    Ok(Some(c.add(Draft::new(body), Practitioner::into_resource, key, node.at())))
}

fn system(authority: Option<&Node<'_>>, c: &Context<'_>) -> String {
    let named = authority.is_some_and(|hd| hd.get(1).is_some() || hd.get(2).is_some());
    let system = hd::system(authority, c);
    if named { system } else { format!("{system}:practitioner") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::testing::with_field;

    fn body(field: &str) -> String {
        with_field(field, |n, c| {
            xcn(n, c).unwrap();
            c.entries.iter().map(|entry| entry.resource.to_json()).collect()
        })
    }

    #[test]
    fn a_doctor_has_number_name_and_degree() {
        let got = body("1122334^Alaz^Mohammed^Mahi^JR^Dr.^MD^^NPI&2.16.840.1.113883.4.6&ISO^L^^^NPI");
        assert!(got.contains(r#""system":"urn:oid:2.16.840.1.113883.4.6","value":"1122334""#), "{got}");
        assert!(got.contains(r#"{"use":"official","family":"Alaz","given":["Mohammed","Mahi"],"prefix":["Dr."],"suffix":["JR"]}"#), "{got}");
        assert!(got.contains(r#"v2-0360","code":"MD""#), "{got}");
    }

    #[test]
    fn a_doctor_without_a_number_is_known_by_the_name() {
        assert!(body("^Woolfson^Kathleen").contains("urn:carewire:derived"));
        assert_eq!(body("^^^^^^MD"), "");
    }

    #[test]
    fn one_doctor_in_two_roles_is_one_person() {
        let count = with_field("1^Doe", |n, c| {
            xcn_role(n, Coding::new("urn:s", "a"), c).unwrap();
            xcn_role(n, Coding::new("urn:s", "b"), c).unwrap();
            c.entries.len()
        });
        assert_eq!(count, 3);
    }
}
