use super::read::Misread;
use super::*;
use crate::json::NameId;

const TABLE: &str = include_str!("../../definitions/r4.txt");

fn element(type_name: &str, name: &str) -> ElementDef {
    *r4().named(type_name).unwrap().element(NameId::of(name).unwrap()).unwrap()
}

#[test]
fn the_table_is_understood_to_its_last_line() {
    let read = Definitions::read(TABLE).unwrap();
    let resources = read.types.iter().filter(|one| one.kind == TypeKind::Resource).count();
    let any = read.types.iter().filter(|one| one.kind == TypeKind::AnyResource).count();
    assert_eq!((resources, any), (146, 2));
    assert_eq!(read.types.len(), TABLE.lines().filter(|line| line.starts_with("type ")).count());
    let codes = read.value_sets.iter().filter_map(|set| match &set.form {
        Form::Codes(systems) => Some(systems),
        _ => None,
    });
    for (system, codes) in codes.flatten() {
        assert!(!codes.is_empty() && codes.is_sorted(), "{system}");
    }
}

#[test]
fn a_line_that_is_not_understood_is_named() {
    for bad in
        ["type X datatype Missing\n", "type X thing\n", "type X datatype\n name 0..1 Nothing\n", " a b\n"]
    {
        assert!(Definitions::read(bad).is_err(), "{bad}");
    }
    let Misread(line) = Definitions::read("# ok\n\ntype X datatype\n nonsense\n").unwrap_err();
    assert_eq!(line, 4);
}

#[test]
fn elements_are_found_with_what_is_said_of_them() {
    let name = element("Patient", "name");
    assert!(name.is_list() && !name.is_choice());
    assert_eq!(r4().type_of(&name).unwrap().name, "HumanName");
    let deceased = element("Patient", "deceasedDateTime");
    assert!(deceased.is_choice() && deceased.slot == element("Patient", "deceasedBoolean").slot);
    assert_eq!(r4().type_of(&deceased).unwrap().kind, TypeKind::Primitive(Primitive::DateTime));
    assert_eq!(r4().value_set(&element("Patient", "gender")).unwrap().name, "administrative-gender");
    assert_eq!(r4().targets(&element("Patient", "managingOrganization")), Some(&["Organization"][..]));
    assert_eq!(r4().targets(&element("Extension", "valueReference")), None);
    let low = element("Range", "low");
    assert_eq!(r4().type_of(&low).unwrap().name, "SimpleQuantity");
    assert!(element("SimpleQuantity", "comparator").is_forbidden());
    let again = element("Observation.component", "referenceRange");
    assert_eq!(r4().type_of(&again).unwrap().name, "Observation.referenceRange");
}

#[test]
fn types_have_what_their_bases_have() {
    let patient = r4().named("Patient").unwrap();
    assert_eq!(r4().type_of(&element("Patient", "id")).unwrap().name, "id");
    assert_eq!(r4().type_of(&element("Patient.contact", "id")).unwrap().name, "string");
    assert!(element("Patient.contact", "modifierExtension").is_list());
    let keys = |name: &str| -> Vec<&str> {
        let ids = r4().named(name).unwrap().constraints.iter();
        ids.filter_map(|id| r4().constraints().get(id.index())).map(|one| one.key).collect()
    };
    assert_eq!(patient.required, 0);
    assert_eq!(keys("Patient"), ["dom-2", "dom-3", "dom-4", "dom-5", "dom-6"]);
    assert_eq!(keys("Patient.contact"), ["ele-1", "pat-1"]);
    assert_eq!(keys("Age"), ["ele-1", "qty-3", "age-1"]);
    let narrative = r4().named("Narrative").unwrap();
    let div = NameId::of("div").unwrap();
    assert_eq!(narrative.constraints_on(div).count(), 2);
    let required: Vec<&str> = (0..64)
        .filter(|slot| narrative.required & (1 << slot) != 0)
        .map(|slot| narrative.slot(slot))
        .collect();
    assert_eq!(required, ["status", "div"]);
}

#[test]
fn only_resources_stand_alone() {
    assert!(r4().resource("Patient").is_some());
    for other in
        ["HumanName", "Resource", "DomainResource", "Patient.contact", "patient", "SubscriptionStatus", ""]
    {
        assert!(r4().resource(other).is_none(), "{other}");
    }
}

#[test]
fn every_name_is_found_where_it_belongs_and_nowhere_else() {
    let text = include_str!("../../definitions/names.txt");
    for one in &r4().types {
        let all = one.elements.all();
        for (name, id) in text.lines().filter_map(|name| Some((name, NameId::of(name)?))) {
            let found = one.element(id).map(|element| (element.slot, element.type_id));
            let listed = all.iter().find(|(known, _)| *known == id);
            assert_eq!(found, listed.map(|(_, element)| (element.slot, element.type_id)), "{name}");
        }
        for (_, element) in all {
            let kind = r4().type_of(element).unwrap().kind;
            assert_eq!(element.primitive.map(TypeKind::Primitive).unwrap_or(kind), kind);
            assert_eq!(element.primitive.is_some(), matches!(kind, TypeKind::Primitive(_)));
        }
        let resource = r4().resource(one.name).map(|found| found.name);
        assert_eq!(resource, (one.kind == TypeKind::Resource).then_some(one.name));
    }
}
