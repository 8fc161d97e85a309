//! XCN, a person with a number; CNN and NDL, the same in fewer parts.

use super::xpn::{self, Parts};
use super::{cx, dtm, hd, id, pl};
use crate::fhir::code::DEGREE_LICENSE_CERTIFICATE;
use crate::fhir::context::{Anchor, Context, Draft};
use crate::fhir::entries::Key;
use crate::fhir::node::Node;
use crate::fhir::row::{Datatype, Found, TypeAs, Via};
use crate::fhir::tree::{Object, Val};

/// `XCN[Practitioner]`
pub(crate) const XCN_PRACTITIONER: Via = Via::Type(&Datatype {
    name: "XCN[Practitioner]",
    fhir: "Reference(Practitioner)",
    read: |n, c| {
        let said = c.draft();
        Ok(practitioner(n, said, c).map(|person| person.reference(c.arena)))
    },
});

/// `XCN[Annotation-Author]`: the author of an annotation.
pub(crate) const XCN_ANNOTATION_AUTHOR: Via = Via::Type(&Datatype {
    name: "XCN[Annotation-Author]",
    fhir: "Reference(Practitioner)",
    read: |n, c| {
        let said = c.draft();
        Ok(practitioner(n, said, c).map(|person| person.reference(c.arena)))
    },
});

/// `XCN[PractitionerRole]`
pub(crate) const XCN_PRACTITIONER_ROLE: Via = Via::Type(&Datatype {
    name: "XCN[PractitionerRole]",
    fhir: "Reference(PractitionerRole)",
    read: |n, c| {
        let said = c.draft();
        Ok(role(n, said, c).map(|role| role.reference(c.arena)))
    },
});

/// `XCN[PractitionerRole]` with the role that the field tells: `XCN_ROLE.of("MDIR")`.
pub(crate) static XCN_ROLE: TypeAs = TypeAs {
    name: "XCN[PractitionerRole]",
    fhir: "Reference(PractitionerRole)",
    read: |n, code, c| {
        let mut said = c.draft();
        let coding = c.object().with("system", role_system(code)).with("code", code);
        said.body.push(c.arena, "code", c.object().with("coding", c.arena.only(coding)));
        Ok(role(n, said, c).map(|role| role.reference(c.arena)))
    },
};

/// `XCN[Patient]`
pub(crate) const XCN_PATIENT: Via = Via::Type(&Datatype {
    name: "XCN[Patient]",
    fhir: "Reference(Patient)",
    read: |n, c| {
        let said = c.draft();
        Ok(person("Patient", n, &XCN, said, c).map(|person| person.reference(c.arena)))
    },
});

/// `XCN[RelatedPerson]`: of the patient at hand; without one nobody is related.
pub(crate) const XCN_RELATED_PERSON: Via = Via::Type(&Datatype {
    name: "XCN[RelatedPerson]",
    fhir: "Reference(RelatedPerson)",
    read: |n, c| {
        let said = c.draft();
        Ok(related_person(n, said, c).map(|person| person.reference(c.arena)))
    },
});

/// `CNN[Practitioner]`
pub(crate) const CNN_PRACTITIONER: Via = Via::Type(&Datatype {
    name: "CNN[Practitioner]",
    fhir: "Reference(Practitioner)",
    read: |n, c| {
        let said = c.draft();
        Ok(person("Practitioner", n, &CNN, said, c).map(|person| person.reference(c.arena)))
    },
});

/// `NDL[PractitionerRole]`
pub(crate) const NDL_PRACTITIONER_ROLE: Via = Via::Type(&Datatype {
    name: "NDL[PractitionerRole]",
    fhir: "Reference(PractitionerRole)",
    read: |n, c| Ok(ndl(n, c)?.map(|role| role.reference(c.arena))),
});

/// Where the parts of a person stand.
struct Layout {
    name: Parts,
    /// A degree of a practitioner is a qualification; of others it stands behind the name.
    degree: u16,
    authority: Authority,
    check_digit: [u16; 2],
    kind: u16,
}

/// Where the authority of the number stands.
enum Authority {
    Hd(u16),
    Parts([u16; 3]),
}

static XCN: Layout = Layout {
    name: Parts {
        family: 2,
        given: [3, 4],
        prefix: 6,
        suffix: [5, 0, 21],
        kind: 10,
        order: 18,
        period: [19, 20, 17],
    },
    degree: 7,
    authority: Authority::Hd(9),
    check_digit: [11, 12],
    kind: 13,
};

static CNN: Layout = Layout {
    name: Parts {
        family: 2,
        given: [3, 4],
        prefix: 6,
        suffix: [5, 0, 0],
        kind: 0,
        order: 0,
        period: [0, 0, 0],
    },
    degree: 7,
    authority: Authority::Parts([9, 10, 11]),
    check_digit: [0, 0],
    kind: 0,
};

/// `XCN[Practitioner]` with what other fields say of the person: `address`, `telecom`.
pub(crate) fn practitioner<'a>(xcn: &Node<'a>, said: Draft<'a>, c: &mut Context<'a>) -> Option<Anchor<'a>> {
    person("Practitioner", xcn, &XCN, said, c)
}

/// `XCN[PractitionerRole]` with what is said of the role: `code`, `organization`, `period`, `location`.
pub(crate) fn role<'a>(xcn: &Node<'a>, said: Draft<'a>, c: &mut Context<'a>) -> Option<Anchor<'a>> {
    let none = c.draft();
    let person = practitioner(xcn, none, c)?;
    Some(role_of(person, said, xcn, c))
}

/// `XCN[RelatedPerson]` with what is said of the relation: `relationship`, `period`.
pub(crate) fn related_person<'a>(
    xcn: &Node<'a>,
    mut said: Draft<'a>,
    c: &mut Context<'a>,
) -> Option<Anchor<'a>> {
    said.body.set("patient", c.subject()?);
    person("RelatedPerson", xcn, &XCN, said, c)
}

/// `NDL[PractitionerRole]`
pub(crate) fn ndl<'a>(ndl: &Node<'a>, c: &mut Context<'a>) -> Found<Anchor<'a>> {
    let none = c.draft();
    let Some(person) = ndl.part(1).and_then(|name| person("Practitioner", &name, &CNN, none, c)) else {
        return Ok(None);
    };
    let mut said = c.draft();
    said.body.put("period", dtm::period(ndl.part(2), ndl.part(3), c));
    if let Some(place) = pl::place_of_ndl(ndl, c) {
        said.body.push(c.arena, "location", place.reference(c.arena));
    }
    Ok(Some(role_of(person, said, ndl, c)))
}

/// A role of a person. It is known by the person, its code, its organisation and when it began.
pub(crate) fn role_of<'a>(
    person: Anchor<'a>,
    mut said: Draft<'a>,
    node: &Node<'a>,
    c: &mut Context<'a>,
) -> Anchor<'a> {
    said.body.set("practitioner", person.reference(c.arena));
    let object = |name: &str| said.body.get(name).and_then(Val::as_object);
    let codes = said.body.items("code").first().and_then(Val::as_object);
    let coding = codes.and_then(|code| code.items("coding").first()?.as_object());
    let code = coding.and_then(|coding| coding.str("code")).unwrap_or_default();
    let organization = object("organization").and_then(|of| of.str("reference")).unwrap_or_default();
    let start = object("period").and_then(|period| period.str("start")).unwrap_or_default();
    let key: &[&str] = if organization.is_empty() {
        &[person.identity, code, start]
    } else {
        &[person.identity, code, start, organization]
    };
    c.add("PractitionerRole", said, Key::Derived(key), node.at())
}

/// A person by the number, else by the name.
fn person<'a>(
    resource_type: &'static str,
    node: &Node<'a>,
    layout: &Layout,
    mut draft: Draft<'a>,
    c: &mut Context<'a>,
) -> Option<Anchor<'a>> {
    let number = number(node, layout, number_kind(resource_type), c);
    let is_practitioner = resource_type == "Practitioner";
    let mut name = xpn::of_parts(node, &layout.name, c);
    if number.is_none() && name.is_none() {
        return None;
    }
    let [system, family, given, suffix] = name_parts(name.as_ref(), c);
    let [authority, own] =
        ["system", "value"].map(|part| number.as_ref().and_then(|number| number.str(part)));
    if is_practitioner {
        qualify(&mut draft.body, node.part(layout.degree), c);
    } else if let (Some(name), Some(degree)) = (name.as_mut(), node.get(layout.degree)) {
        name.push(c.arena, "suffix", degree);
    }
    for (member, value) in [("identifier", number), ("name", name)] {
        if let Some(value) = value {
            draft.body.push(c.arena, member, value);
        }
    }
    let key = match (resource_type, authority, own) {
        // Somebody may be related to two patients, and is another RelatedPerson for each.
        ("RelatedPerson", Some(authority), Some(own)) => Key::Derived(&[c.patient_part(), authority, own]),
        ("RelatedPerson", ..) => Key::Derived(&[system, family, given, suffix, c.patient_part()]),
        _ => Key::OwnOr(&[system, family, given, suffix]),
    };
    Some(c.add(resource_type, draft, key, node.at()))
}

/// What a person without a number is known by.
fn name_parts<'a>(name: Option<&Object<'a>>, c: &Context<'a>) -> [&'a str; 4] {
    let all = |member: &str| {
        let mut texts = name.map_or(&[][..], |name| name.items(member)).iter().filter_map(Val::as_str);
        let first = texts.next().unwrap_or_default();
        texts.fold(first, |all, text| c.arena.format(format_args!("{all} {text}")))
    };
    let family = name.and_then(|name| name.str("family")).unwrap_or_default();
    [hd::system(None, c), family, all("given"), all("suffix")]
}

/// What tells the numbers of the sender for people of this type from others. Those of patients are as in PID-3.
fn number_kind(resource_type: &str) -> &'static str {
    match resource_type {
        "Practitioner" => "practitioner",
        "RelatedPerson" => "related-person",
        _ => "",
    }
}

fn number<'a>(node: &Node<'a>, layout: &Layout, kind: &str, c: &mut Context<'a>) -> Option<Object<'a>> {
    let value = node.get(1)?;
    let parts = match layout.authority {
        Authority::Hd(part) => hd::parts(node.part(part)),
        Authority::Parts(parts) => parts.map(|part| node.get(part)),
    };
    let mut identifier = c.object();
    let [digit, scheme] = layout.check_digit.map(|part| node.get(part));
    cx::check_digit(&mut identifier, digit, scheme, c);
    identifier.put("type", node.get(layout.kind).map(|code| cx::type_of(code, c)));
    let system = hd::system_of(parts, kind, c);
    identifier.set("system", system);
    identifier.set("value", value);
    identifier.put("assigner", hd::assigner(parts, system, c));
    Some(identifier)
}

/// `DegreeLicenseCertificate` as a qualification; what is no code of the table is its text.
fn qualify<'a>(practitioner: &mut Object<'a>, degree: Option<Node<'a>>, c: &Context<'a>) {
    let Some(degree) = degree.and_then(|degree| degree.text()) else { return };
    let code = id::concept_or_text(degree, &DEGREE_LICENSE_CERTIFICATE, c);
    practitioner.push(c.arena, "qualification", c.object().with("code", code));
}

/// The codes in capitals are of table 0912, the others of FHIR's own system of roles.
fn role_system(code: &str) -> &'static str {
    if code.bytes().all(|byte| byte.is_ascii_uppercase()) {
        "http://terminology.hl7.org/CodeSystem/v2-0912"
    } else {
        "http://terminology.hl7.org/CodeSystem/practitioner-role"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::testing::{issues, made, read, with_field};

    fn body(field: &str) -> String {
        made(field, XCN_PRACTITIONER).into_iter().map(|(_, body)| body).collect()
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
            for code in ["MDIR", "responsibleObserver"] {
                (XCN_ROLE.read)(n, code, c).unwrap();
            }
            c.entries.len()
        });
        assert_eq!(count, 3);
    }

    #[test]
    fn nobody_is_related_to_no_patient() {
        assert_eq!(read("1^Doe", XCN_RELATED_PERSON).0, "");
    }

    #[test]
    fn an_interpreter_has_a_time_and_a_place() {
        let made = made("1&Doe&Jo^20240101^20240102^ICU^12", NDL_PRACTITIONER_ROLE);
        let types: Vec<_> = made.iter().map(|(_, body)| body.contains("partOf")).collect();
        assert_eq!(types.len(), 4, "the person, the ward, the room, the role");
        let role = &made[3].1;
        assert!(role.contains(r#""period":{"start":"2024-01-01","end":"2024-01-02"}"#), "{role}");
        assert!(role.contains(&format!(r#""location":[{{"reference":"{}"}}]"#, made[2].0)), "{role}");
    }

    #[test]
    fn the_status_of_a_place_is_a_code_of_fhir_or_reported() {
        let places = |status: &str| {
            with_field(&format!("1&Doe^^^ICU^12^^^{status}"), |n, c| {
                ndl(n, c).unwrap();
                let is_place = |entry: &&crate::fhir::entries::Entry<'_>| entry.resource_type == "Location";
                let places = || c.entries.iter().filter(is_place);
                let told = places().filter(|place| place.body.str("status") == Some(status)).count();
                (told, places().filter(|place| place.body.has("_status")).count(), issues(c))
            })
        };
        assert_eq!(places("suspended"), (2, 0, vec![]));
        let unknown = "PID[1]-3[1].8: code not in the map of table 0306: kept as it came";
        assert_eq!(places("DIRTY"), (0, 2, vec![unknown.to_owned()]));
    }
}
