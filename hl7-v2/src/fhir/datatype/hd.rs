//! HD, a hierarchic designator: the name of an authority, an application, a facility.

use super::{id, pl};
use crate::fhir::context::Context;
use crate::fhir::entries::Key;
use crate::fhir::node::Node;
use crate::fhir::resolver::{is_oid, is_uri};
use crate::fhir::row::{Datatype, Own, Via};
use crate::fhir::target::extend;
use crate::fhir::tree::{Object, Val};

/// `HD[uri]`
pub(crate) const HD_URI: Via = Via::Type(&Datatype {
    name: "HD[uri]",
    fhir: "uri",
    read: |hd, c| Ok(Some(Val::Text(system(Some(*hd), c)))),
});

/// `HD[Identifier]`: the universal id, else the name. [`identifiers`] gives both.
pub(crate) const HD_IDENTIFIER: Via = Via::Type(&Datatype {
    name: "HD[Identifier]",
    fhir: "Identifier",
    read: |hd, c| {
        let [name, id] = identifiers(hd, c);
        Ok(id.or(name).map(Val::Object))
    },
});

/// `HD[Organization]`
pub(crate) const HD_ORGANIZATION: Via = Via::Type(&Datatype {
    name: "HD[Organization]",
    fhir: "Reference(Organization)",
    read: |hd, c| Ok(named("Organization", hd, c)),
});

/// `HD[Device]`
pub(crate) const HD_DEVICE: Via = Via::Type(&Datatype {
    name: "HD[Device]",
    fhir: "Reference(Device)",
    read: |hd, c| Ok(named("Device", hd, c)),
});

/// `HD[Location]`: a facility, the same as in the fourth component of a PL.
pub(crate) const HD_LOCATION: Via = Via::Type(&Datatype {
    name: "HD[Location]",
    fhir: "Reference(Location)",
    read: |hd, c| Ok(pl::site(hd, c).map(|site| site.reference(c.arena))),
});

/// `HD[MessageHeader.source-name]`
pub(crate) const HD_MESSAGE_HEADER_SOURCE_NAME: Via = Via::Own(&Own {
    name: "HD[MessageHeader.source-name]",
    apply: |header, hd, c| {
        if let Some(source) = source(header, c) {
            source.put("name", hd.get(1));
            source.put("software", hd.get(2));
        }
        Ok(())
    },
});

/// `HD[MessageHeader.source-endpoint]`
pub(crate) const HD_MESSAGE_HEADER_SOURCE_ENDPOINT: Via = Via::Own(&Own {
    name: "HD[MessageHeader.source-endpoint]",
    apply: |header, hd, c| {
        if let Some(source) = source(header, c) {
            endpoint_of(source, hd, unknown_kind(hd, c), c);
        }
        Ok(())
    },
});

/// `HD[MessageHeader.destination-name]`
pub(crate) const HD_MESSAGE_HEADER_DESTINATION_NAME: Via = Via::Own(&Own {
    name: "HD[MessageHeader.destination-name]",
    // The guide names HD.2 here, which an application often lacks: HD.1 stands in for it.
    apply: |header, hd, c| {
        if let Some(destination) = destination(header, c) {
            destination.put("name", hd.get(2).or_else(|| hd.get(1)));
        }
        Ok(())
    },
});

/// `HD[MessageHeader.destination-endpoint]`
pub(crate) const HD_MESSAGE_HEADER_DESTINATION_ENDPOINT: Via = Via::Own(&Own {
    name: "HD[MessageHeader.destination-endpoint]",
    apply: |header, hd, c| {
        if let Some(destination) = destination(header, c) {
            // Of the two rows for a name this one names the application.
            destination.put("name", hd.get(1));
            endpoint_of(destination, hd, None, c);
        }
        Ok(())
    },
});

/// `HD[uri]`: the system of an authority. Without one, the sender's.
pub(crate) fn system<'a>(hd: Option<Node<'a>>, c: &Context<'a>) -> &'a str {
    c.system(parts(hd))
}

/// The system of an authority; without one the sender's, with a word behind it that tells these numbers from others.
pub(crate) fn system_or<'a>(hd: Option<Node<'a>>, kind: &str, c: &Context<'a>) -> &'a str {
    system_of(parts(hd), kind, c)
}

/// The same for an authority in three parts.
pub(crate) fn system_of<'a>(parts: [Option<&'a str>; 3], kind: &str, c: &Context<'a>) -> &'a str {
    let system = c.system(parts);
    let [namespace, universal_id, _] = parts;
    if kind.is_empty() || namespace.is_some() || universal_id.is_some() {
        system
    } else {
        c.arena.concat(&[system, ":", kind])
    }
}

/// The namespace, the universal id and its type.
pub(crate) fn parts<'a>(hd: Option<Node<'a>>) -> [Option<&'a str>; 3] {
    [1, 2, 3].map(|number| hd.and_then(|hd| hd.get(number)))
}

/// Whether it names anything.
pub(crate) fn is_named(hd: Option<Node<'_>>) -> bool {
    hd.is_some_and(|hd| hd.get(1).is_some() || hd.get(2).is_some())
}

/// `HD[Organization]` of the assigner of an identifier, as far as its system does not say it.
///
/// The guide leaves open whether an authority is an organization or a system. It always makes the system here, since
/// identity rests on that; its name is kept beside it, and no Organization is made of a mere name.
pub(crate) fn assigner<'a>(parts: [Option<&'a str>; 3], system: &str, c: &Context<'a>) -> Option<Object<'a>> {
    let [namespace, universal_id, kind] = parts;
    let mut assigner = c.object();
    let unsaid = universal_id.filter(|id| !system.contains(id));
    assigner.put("identifier", unsaid.map(|id| universal(id, kind, c)));
    assigner.put("display", namespace);
    Some(assigner).filter(|assigner| !assigner.is_empty())
}

/// `HD[Identifier]`: the names as identifiers of the thing itself, the namespace and the universal id.
pub(crate) fn identifiers<'a>(hd: &Node<'a>, c: &Context<'a>) -> [Option<Object<'a>>; 2] {
    let [namespace, universal_id, kind] = parts(Some(*hd));
    [namespace.map(|value| c.object().with("value", value)), universal_id.map(|id| universal(id, kind, c))]
}

/// An OID or UUID is its own value under `urn:ietf:rfc:3986`; anything else is a value of the type of id.
fn universal<'a>(id: &'a str, kind: Option<&'a str>, c: &Context<'a>) -> Object<'a> {
    let mut identifier = c.object();
    identifier.put("type", kind.and_then(|kind| id::universal_id_type(kind, c)));
    let uri = match kind.unwrap_or_default().to_ascii_uppercase().as_str() {
        "ISO" => oid(id, c),
        "UUID" | "GUID" => uuid(id, c),
        _ => None,
    };
    identifier.put("system", uri.map(|_| "urn:ietf:rfc:3986"));
    identifier.with("value", uri.unwrap_or(id))
}

fn oid<'a>(id: &str, c: &Context<'a>) -> Option<&'a str> {
    is_oid(id).then(|| c.arena.concat(&["urn:oid:", id]))
}

fn uuid<'a>(id: &str, c: &Context<'a>) -> Option<&'a str> {
    let uuid = uuid::Uuid::try_parse(id).ok()?;
    Some(c.arena.format(format_args!("urn:uuid:{uuid}")))
}

/// A URL, when the universal id is one.
pub(crate) fn endpoint<'a>(hd: &Node<'a>, c: &Context<'a>) -> Option<&'a str> {
    let [_, id, kind] = parts(Some(*hd));
    let id = id?;
    match kind?.to_ascii_uppercase().as_str() {
        "ISO" => oid(id, c),
        "UUID" | "GUID" => uuid(id, c),
        "DNS" => Some(c.arena.format(format_args!("urn:dns:{id}"))).filter(|uri| is_uri(uri)),
        // The guide puts `urn:uri:` before what is a URI already.
        "URI" => Some(id).filter(|uri| is_uri(uri)),
        _ => None,
    }
}

/// A resource that is known by its names alone.
fn named<'a>(resource_type: &'static str, hd: &Node<'a>, c: &mut Context<'a>) -> Option<Val<'a>> {
    let mut draft = c.draft();
    for identifier in identifiers(hd, c).into_iter().flatten() {
        draft.body.push(c.arena, "identifier", identifier);
    }
    let value = draft.body.items("identifier").first()?.as_object()?.str("value")?;
    let key = Key::Given(system(Some(*hd), c), value);
    Some(c.add(resource_type, draft, key, hd.at()).reference(c.arena))
}

/// Sets the endpoint, or says that it is unknown; then the name stands for it.
fn endpoint_of<'a>(to: &mut Object<'a>, hd: &Node<'a>, name: Option<&'a str>, c: &Context<'a>) {
    match endpoint(hd, c) {
        Some(url) => {
            to.remove("_endpoint");
            to.set("endpoint", url);
        }
        None if !to.has("endpoint") && !to.has("_endpoint") => {
            let mut absent = c.object();
            extend(&mut absent, "data-absent-reason", "valueCode", "unknown", c.arena);
            to.set("_endpoint", absent);
        }
        None => {}
    }
    if !to.has("name") {
        to.put("name", name);
    }
}

/// The name of a source whose universal id is no URL: `NAME - KIND:ID`.
fn unknown_kind<'a>(hd: &Node<'a>, c: &Context<'a>) -> Option<&'a str> {
    let [namespace, id, kind] = parts(Some(*hd));
    if endpoint(hd, c).is_some() {
        return None;
    }
    let (Some(id), kind) = (id, kind.unwrap_or_default()) else { return namespace };
    let colon = if kind.is_empty() { "" } else { ":" };
    Some(match namespace {
        Some(namespace) => c.arena.format(format_args!("{namespace} - {kind}{colon}{id}")),
        None => c.arena.format(format_args!("{kind}{colon}{id}")),
    })
}

/// The source of a message, made when it is not there.
fn source<'o, 'a>(header: &'o mut Object<'a>, c: &Context<'a>) -> Option<&'o mut Object<'a>> {
    if !header.has("source") {
        header.set("source", c.object());
    }
    header.get_mut("source")?.as_object_mut()
}

/// The destination of a message, made when it is not there.
fn destination<'o, 'a>(header: &'o mut Object<'a>, c: &Context<'a>) -> Option<&'o mut Object<'a>> {
    if !header.has("destination") {
        header.push(c.arena, "destination", c.object());
    }
    header.last_mut("destination")?.as_object_mut()
}
