//! XON, an organisation.

use carewire_fhir_core::resources::{Organization, OrganizationContact};
use carewire_fhir_core::types::{Address, AddressUse, ContactPoint, ContactPointUse, Identifier, Reference};

use super::{cx, hd};
use crate::fhir::context::{Anchor, Context, Draft, Key};
use crate::fhir::node::Node;
use crate::fhir::report::Reason;
use crate::fhir::row::Found;
use crate::fhir::table;

/// `XON[Organization]`
pub(crate) fn xon(node: &Node<'_>, c: &mut Context<'_>) -> Found<Reference> {
    Ok(described(node, Details::default(), c)?.map(|anchor| anchor.reference()))
}

/// What other fields say about an organisation.
#[derive(Default)]
pub(crate) struct Details {
    pub(crate) address: Vec<Address>,
    pub(crate) telecom: Vec<ContactPoint>,
    pub(crate) identifier: Vec<Identifier>,
    pub(crate) contact: Option<OrganizationContact>,
}

impl Details {
    /// org-2 and org-3: an organisation has no home. Takes that use away, and tells whether there was one.
    fn leave_home(&mut self) -> bool {
        let address =
            self.address.iter_mut().filter_map(|address| address.r#use.take_if(|it| *it == AddressUse::Home));
        let homes = address.count();
        let telecom = self
            .telecom
            .iter_mut()
            .filter_map(|point| point.r#use.take_if(|it| *it == ContactPointUse::Home));
        homes + telecom.count() > 0
    }
}

/// `XON[Organization]` with what other fields say about it.
pub(crate) fn described(xon: &Node<'_>, mut details: Details, c: &mut Context<'_>) -> Found<Anchor> {
    let name = xon.get(1);
    let number = xon.get(10).or_else(|| xon.get(3));
    if name.is_none() && number.is_none() && details.identifier.is_empty() {
        return Ok(None);
    }
    if details.leave_home() {
        c.report(xon.at(), Reason::HomeOfAnOrganization);
    }
    let authority = xon.part(6);
    let own = number.map(|value| Identifier {
        extension: cx::check_digit(xon.get(4), xon.get(5)),
        r#type: xon.get(7).map(cx::type_of),
        system: Some(format!(
            "{}{}",
            hd::system(authority.as_ref(), c),
            if authority.is_some() { "" } else { ":organization" }
        )),
        value: Some(value),
        ..Identifier::default()
    });
    let organization = Organization {
        identifier: own.into_iter().chain(details.identifier).collect(),
        name: name.clone(),
        address: details.address,
        telecom: details.telecom,
        contact: details.contact.into_iter().collect(),
        ..Organization::default()
    };
    let key = Key::OwnOr(vec![hd::system(None, c), name.unwrap_or_default()]);
    Ok(Some(c.add(Draft::new(organization), Organization::into_resource, key, xon.at())))
}

/// `XON[string]`
pub(crate) fn text(xon: &Node<'_>) -> Option<String> {
    xon.get(1).or_else(|| xon.get(10))
}

/// `CWE[Organization]`
pub(crate) fn cwe_organization(cwe: &Node<'_>, c: &mut Context<'_>) -> Found<Reference> {
    let name = cwe.get(2).or_else(|| cwe.get(9));
    let number = cwe.get(1);
    if name.is_none() && number.is_none() {
        return Ok(None);
    }
    let system = match cwe.get(3) {
        Some(system) => table::coding_system::uri(&system, &c.options.org).0,
        None => format!("{}:organization", hd::system(None, c)),
    };
    let identifier =
        number.map(|value| Identifier { system: Some(system), value: Some(value), ..Identifier::default() });
    let key = Key::OwnOr(vec![hd::system(None, c), name.clone().unwrap_or_default()]);
    let organization =
        Organization { identifier: identifier.into_iter().collect(), name, ..Organization::default() };
    Ok(Some(c.add(Draft::new(organization), Organization::into_resource, key, cwe.at()).reference()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::testing::with_field;

    #[test]
    fn the_same_organisation_is_one_entry() {
        let (first, second, count) =
            with_field("Lab^L^^^^CLIA&2.16.840.1.113883.4.7&ISO^XX^^^16D", |n, c| {
                (xon(n, c).unwrap(), xon(n, c).unwrap(), c.entries.len())
            });
        assert!(first.is_some() && first == second && count == 1);
    }

    #[test]
    fn an_organisation_without_a_number_is_known_by_its_name() {
        let body = with_field("Lab", |n, c| {
            xon(n, c).unwrap();
            c.entries.iter().map(|entry| entry.resource.to_json()).collect::<String>()
        });
        assert!(
            body.contains(r#""system":"urn:carewire:derived""#) && body.contains(r#""name":"Lab""#),
            "{body}"
        );
    }
}
