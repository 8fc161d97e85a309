//! XON, an organisation.

use super::{cx, hd};
use crate::fhir::context::{Anchor, Context, Draft};
use crate::fhir::entries::Key;
use crate::fhir::node::Node;
use crate::fhir::report::Reason;
use crate::fhir::row::{Datatype, Via};
use crate::fhir::tree::{Object, Val};

/// `XON[Organization]`
pub(crate) const XON_ORGANIZATION: Via = Via::Type(&Datatype {
    name: "XON[Organization]",
    fhir: "Reference(Organization)",
    read: |n, c| {
        let said = c.draft();
        Ok(described(n, said, c).map(|organization| organization.reference(c.arena)))
    },
});

/// `XON[Location]`: a place that an organisation's name and number stand for.
pub(crate) const XON_LOCATION: Via = Via::Type(&Datatype {
    name: "XON[Location]",
    fhir: "Reference(Location)",
    read: |n, c| {
        let said = c.draft();
        Ok(add("Location", n, said, c).map(|place| place.reference(c.arena)))
    },
});

/// `XON[string]`
pub(crate) const XON_STRING: Via =
    Via::Type(&Datatype { name: "XON[string]", fhir: "string", read: |n, _| Ok(text(n).map(Val::Text)) });

/// `XON[Organization]` with what other fields say about it: `address`, `telecom`, `contact`, further identifiers.
pub(crate) fn described<'a>(xon: &Node<'a>, mut said: Draft<'a>, c: &mut Context<'a>) -> Option<Anchor<'a>> {
    if leave_home(&mut said.body) {
        c.report(xon, Reason::HomeOfAnOrganization);
    }
    add("Organization", xon, said, c)
}

/// `XON[Location]` with what other fields say about it: `address`, `telecom`.
pub(crate) fn place<'a>(xon: &Node<'a>, said: Draft<'a>, c: &mut Context<'a>) -> Option<Anchor<'a>> {
    add("Location", xon, said, c)
}

/// `XON[string]`
pub(crate) fn text<'a>(xon: &Node<'a>) -> Option<&'a str> {
    xon.get(1).or_else(|| xon.get(10))
}

/// A place or an organisation, by its number, else by its name.
fn add<'a>(
    resource_type: &'static str,
    xon: &Node<'a>,
    mut draft: Draft<'a>,
    c: &mut Context<'a>,
) -> Option<Anchor<'a>> {
    let name = xon.get(1);
    let own = number(xon, c);
    if name.is_none() && own.is_none() && !draft.body.has("identifier") {
        return None;
    }
    if let Some(own) = own {
        let mut all = c.arena.list();
        all.push(Val::Object(own));
        all.extend(draft.body.items("identifier").iter().cloned());
        draft.body.set("identifier", all);
    }
    draft.body.put("name", name);
    let key = Key::OwnOr(&[hd::system(None, c), name.unwrap_or_default()]);
    Some(c.add(resource_type, draft, key, xon.at()))
}

/// The number of an organisation: the alphanumeric one, else the numeric one of older versions.
fn number<'a>(xon: &Node<'a>, c: &mut Context<'a>) -> Option<Object<'a>> {
    let value = xon.get(10).or_else(|| xon.get(3))?;
    let mut identifier = c.object();
    cx::check_digit(&mut identifier, xon.get(4), xon.get(5), c);
    identifier.put("type", xon.get(7).map(|code| cx::type_of(code, c)));
    let system = hd::system_or(xon.part(6), "organization", c);
    identifier.set("system", system);
    identifier.set("value", value);
    identifier.put("assigner", hd::assigner(hd::parts(xon.part(6)), system, c));
    Some(identifier)
}

/// org-2 and org-3: an organisation has no home. Takes that use away, and tells whether there was one.
fn leave_home(body: &mut Object<'_>) -> bool {
    let mut found = false;
    for member in ["address", "telecom"] {
        let Some(Val::List(items)) = body.get_mut(member) else { continue };
        for item in items.iter_mut().filter_map(Val::as_object_mut) {
            if item.str("use") == Some("home") {
                item.remove("use");
                found = true;
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::testing::{issues, made, read, with_field};

    #[test]
    fn the_same_organisation_is_one_entry() {
        let field = "Lab^L^^^^CLIA&2.16.840.1.113883.4.7&ISO^XX^^^16D";
        let (first, second, count) = with_field(field, |n, c| {
            let [first, second] = [c.draft(), c.draft()].map(|said| described(n, said, c).unwrap().position);
            (first, second, c.entries.len())
        });
        assert!(first == second && count == 1);
    }

    #[test]
    fn an_organisation_without_a_number_is_known_by_its_name() {
        let made = made("Lab", XON_ORGANIZATION);
        let body = &made[0].1;
        assert!(
            body.contains(r#""system":"urn:carewire:derived""#) && body.contains(r#""name":"Lab""#),
            "{body}"
        );
        assert_eq!(read("^L", XON_ORGANIZATION).0, "");
    }

    #[test]
    fn an_organisation_has_no_home() {
        let (body, issues) = with_field("Lab", |n, c| {
            let mut said = c.draft();
            said.body.push(c.arena, "address", c.object().with("use", "home").with("city", "X"));
            let anchor = described(n, said, c).unwrap();
            let address = c.entries.get(anchor.position).unwrap().body.items("address")[0].clone();
            (crate::fhir::testing::json(Ok(Some(address))), issues(c))
        });
        assert_eq!((body.as_str(), issues.len()), (r#"{"city":"X"}"#, 1));
    }

    #[test]
    fn a_place_may_have_the_name_of_an_organisation() {
        assert!(made("Ward 7^^12", XON_LOCATION)[0].1.contains(r#"FAC:organization","value":"12""#));
    }
}
