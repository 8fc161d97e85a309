//! HD, a hierarchic designator: the name of an authority, an application, a facility.

use carewire_fhir_core::types::{Identifier, Reference};

use crate::fhir::context::{Context, Draft, Key};
use crate::fhir::node::Node;
use crate::fhir::resolver::is_oid;
use crate::fhir::row::Found;
use carewire_fhir_core::resources::{Device, Organization};

/// `HD[uri]`: the system of an authority. Without one, the sender's.
pub(crate) fn system(hd: Option<&Node<'_>>, c: &Context<'_>) -> String {
    let [namespace, universal_id, universal_id_type] = parts(hd);
    c.system([namespace.as_deref(), universal_id.as_deref(), universal_id_type.as_deref()])
}

/// `HD[Identifier]`: the names as identifiers of the thing itself.
pub(crate) fn identifiers(hd: &Node<'_>) -> Vec<Identifier> {
    let [namespace, universal_id, universal_id_type] = parts(Some(hd));
    let name = namespace.map(|value| Identifier { value: Some(value), ..Identifier::default() });
    let id = universal_id.map(|id| urn(&id, universal_id_type.as_deref()));
    name.into_iter().chain(id).collect()
}

/// `HD[Organization]`
pub(crate) fn organization(hd: &Node<'_>, c: &mut Context<'_>) -> Found<Reference> {
    let identifier = identifiers(hd);
    if identifier.is_empty() {
        return Ok(None);
    }
    let key = Key::Given(system(Some(hd), c), key_value(&identifier));
    let organization = Organization { identifier, ..Organization::default() };
    Ok(Some(c.add(Draft::new(organization), Organization::into_resource, key, hd.at()).reference()))
}

/// `HD[Device]`
pub(crate) fn device(hd: &Node<'_>, c: &mut Context<'_>) -> Found<Reference> {
    let identifier = identifiers(hd);
    if identifier.is_empty() {
        return Ok(None);
    }
    let key = Key::Given(system(Some(hd), c), key_value(&identifier));
    let device = Device { identifier, ..Device::default() };
    Ok(Some(c.add(Draft::new(device), Device::into_resource, key, hd.at()).reference()))
}

/// `HD[MessageHeader.source-endpoint]`: a URL, when the universal id is one.
pub(crate) fn endpoint(hd: &Node<'_>) -> Option<String> {
    let [_, universal_id, universal_id_type] = parts(Some(hd));
    let id = universal_id?;
    match universal_id_type?.to_ascii_uppercase().as_str() {
        "ISO" if is_oid(&id) => Some(format!("urn:oid:{id}")),
        "UUID" | "GUID" => uuid::Uuid::try_parse(&id).ok().map(|uuid| format!("urn:uuid:{uuid}")),
        "DNS" => Some(format!("urn:dns:{id}")).filter(|uri| crate::fhir::resolver::is_uri(uri)),
        "URI" => Some(id).filter(|uri| crate::fhir::resolver::is_uri(uri)),
        _ => None,
    }
}

fn parts(hd: Option<&Node<'_>>) -> [Option<String>; 3] {
    [1, 2, 3].map(|number| hd.and_then(|hd| hd.get(number)))
}

fn key_value(identifiers: &[Identifier]) -> String {
    identifiers.first().and_then(|identifier| identifier.value.clone()).unwrap_or_default()
}

/// An OID or UUID is its own value under `urn:ietf:rfc:3986`; anything else is a value alone.
fn urn(id: &str, kind: Option<&str>) -> Identifier {
    let uri = match kind.unwrap_or_default().to_ascii_uppercase().as_str() {
        "ISO" if is_oid(id) => Some(format!("urn:oid:{id}")),
        "UUID" | "GUID" => uuid::Uuid::try_parse(id).ok().map(|uuid| format!("urn:uuid:{uuid}")),
        _ => None,
    };
    let system = uri.is_some().then(|| "urn:ietf:rfc:3986".to_owned());
    Identifier { system, value: uri.or_else(|| Some(id.to_owned())), ..Identifier::default() }
}
