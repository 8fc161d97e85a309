//! Which URI stands for an assigning authority.

use carewire_fhir_core::OrgId;

/// Who assigned an identifier, as a message names it: the three parts of an HD, and who sent the message.
///
/// `Debug` shows no content.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Authority<'a> {
    /// HD.1
    pub namespace: Option<&'a str>,
    /// HD.2
    pub universal_id: Option<&'a str>,
    /// HD.3
    pub universal_id_type: Option<&'a str>,
    /// The org that the message belongs to.
    pub org: &'a OrgId,
    /// MSH-3, first component.
    pub sending_application: &'a str,
    /// MSH-4, first component.
    pub sending_facility: &'a str,
}

impl Authority<'_> {
    /// Whether the message names no authority at all.
    #[must_use]
    pub fn is_unnamed(&self) -> bool {
        self.namespace.is_none() && self.universal_id.is_none()
    }
}

impl std::fmt::Debug for Authority<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Authority").field("org", self.org).finish_non_exhaustive()
    }
}

/// Turns authorities into the `system` of identifiers. A site that knows its authorities' URIs implements this.
///
/// The same authority must always give the same URI: identity rests on it. The answer must be a URI without white
/// space. Called for every identifier of a message: look up, do not compute.
pub trait SystemResolver: std::fmt::Debug + Send + Sync {
    /// The URI of this authority.
    fn resolve(&self, authority: &Authority<'_>) -> String;
}

/// Takes the universal id where it is a URI of some kind, else makes a URN of the names.
///
/// | the message says | the system is |
/// |---|---|
/// | an OID (type `ISO`, or none) | `urn:oid:…` |
/// | a UUID (type `UUID` or `GUID`, or none) | `urn:uuid:…`, in lower case |
/// | a URI (type `URI`, or none) | as it is |
/// | a host name (type `DNS`) | `urn:dns:…`, in lower case |
/// | a namespace | `urn:carewire:authority:<org>:<namespace>` |
/// | a universal id of another kind | `urn:carewire:authority:<org>:<type>:<id>` |
/// | nothing | `urn:carewire:authority:<org>:sender:<application>:<facility>` |
///
/// Names are percent-encoded.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct DefaultResolver;

impl SystemResolver for DefaultResolver {
    fn resolve(&self, authority: &Authority<'_>) -> String {
        let kind = authority.universal_id_type.unwrap_or_default().to_ascii_uppercase();
        if let Some(uri) = authority.universal_id.and_then(|id| universal(id, &kind)) {
            return uri;
        }
        let org = authority.org.as_str();
        match (authority.namespace, authority.universal_id) {
            (Some(namespace), _) => format!("urn:carewire:authority:{org}:{}", encode(namespace)),
            (None, Some(id)) => format!("urn:carewire:authority:{org}:{}:{}", encode(&kind), encode(id)),
            (None, None) => {
                let application = encode(authority.sending_application);
                let facility = encode(authority.sending_facility);
                format!("urn:carewire:authority:{org}:sender:{application}:{facility}")
            }
        }
    }
}

fn universal(id: &str, kind: &str) -> Option<String> {
    let any = kind.is_empty();
    if (any || kind == "ISO") && is_oid(id) {
        return Some(format!("urn:oid:{id}"));
    }
    if (any || kind == "UUID" || kind == "GUID")
        && let Ok(uuid) = uuid::Uuid::try_parse(id)
    {
        return Some(format!("urn:uuid:{}", uuid.hyphenated()));
    }
    if (any || kind == "URI") && is_uri(id) {
        return Some(id.to_owned());
    }
    (kind == "DNS" && is_host(id)).then(|| format!("urn:dns:{}", id.to_ascii_lowercase()))
}

/// An OID as FHIR wants it: a root of 0 to 2, arcs without leading zeros.
pub(crate) fn is_oid(text: &str) -> bool {
    let mut arcs = text.split('.');
    let root = arcs.next().is_some_and(|arc| matches!(arc, "0" | "1" | "2"));
    let mut rest = arcs.peekable();
    root && rest.peek().is_some()
        && rest.all(|arc| {
            arc == "0"
                || (!arc.starts_with('0') && !arc.is_empty() && arc.bytes().all(|b| b.is_ascii_digit()))
        })
}

/// A text with a scheme and without white space.
pub(crate) fn is_uri(text: &str) -> bool {
    let scheme = text.split_once(':').map_or("", |(scheme, _)| scheme);
    let well_formed = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'));
    let urn_holds = text.strip_prefix("urn:oid:").is_none_or(is_oid)
        && text.strip_prefix("urn:uuid:").is_none_or(|id| uuid::Uuid::try_parse(id).is_ok());
    well_formed && urn_holds && text.bytes().all(|b| b.is_ascii_graphic())
}

fn is_host(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.')
}

/// Percent-encodes everything but letters, digits and `-._~`.
pub(crate) fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    encode_into(text, &mut encoded);
    encoded
}

const HEX: &[u8; 16] = b"0123456789ABCDEF";

/// Percent-encodes behind what `encoded` holds.
pub(crate) fn encode_into(text: &str, encoded: &mut String) {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    let mut rest = text;
    // What stands as it is goes over in one piece. Its end is that of a character: only ASCII is plain.
    while let Some(at) = rest.bytes().position(|byte| !is_plain(&byte)) {
        let (plain, behind) = rest.split_at_checked(at).unwrap_or_default();
        let (special, behind) =
            behind.split_at_checked(behind.chars().next().map_or(0, char::len_utf8)).unwrap_or_default();
        encoded.push_str(plain);
        for byte in special.bytes() {
            let hex = |nibble: u8| HEX.get(usize::from(nibble)).map_or('0', |digit| char::from(*digit));
            encoded.push('%');
            encoded.push(hex(byte >> 4));
            encoded.push(hex(byte & 15));
        }
        rest = behind;
    }
    encoded.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn system(hd: [&str; 3]) -> String {
        let org = OrgId::new("a").unwrap();
        let [namespace, universal_id, universal_id_type] =
            hd.map(|part| Some(part).filter(|part| !part.is_empty()));
        DefaultResolver.resolve(&Authority {
            namespace,
            universal_id,
            universal_id_type,
            org: &org,
            sending_application: "LAB 1",
            sending_facility: "H",
        })
    }

    #[test]
    fn a_universal_id_wins_over_a_name() {
        assert_eq!(system(["MPI", "2.16.840.1.113883.19", "ISO"]), "urn:oid:2.16.840.1.113883.19");
        assert_eq!(system(["", "1.2.3", ""]), "urn:oid:1.2.3");
        let uuid = "426D2726-51FC-89FE-A946-8596E80A80EB";
        assert_eq!(system(["", uuid, "GUID"]), "urn:uuid:426d2726-51fc-89fe-a946-8596e80a80eb");
        assert_eq!(system(["", "http://hl7.org/fhir/sid/us-npi", "URI"]), "http://hl7.org/fhir/sid/us-npi");
        assert_eq!(system(["", "Example.ORG", "DNS"]), "urn:dns:example.org");
    }

    #[test]
    fn a_name_becomes_a_urn_of_the_org() {
        assert_eq!(system(["St. Mary's", "", ""]), "urn:carewire:authority:a:St.%20Mary%27s");
        assert_eq!(system(["OMU", "9.8", "ISO"]), "urn:carewire:authority:a:OMU");
        assert_eq!(system(["", "9.8", "ISO"]), "urn:carewire:authority:a:ISO:9.8");
    }

    #[test]
    fn without_an_authority_the_sender_answers_for_it() {
        assert_eq!(system(["", "", ""]), "urn:carewire:authority:a:sender:LAB%201:H");
    }

    #[test]
    fn every_answer_is_a_uri() {
        for hd in [
            ["é", "", ""],
            ["", "a b", "URI"],
            ["", "urn:oid:MRN", "URI"],
            ["", "x:y", "DNS"],
            ["\t", "", ""],
        ] {
            assert!(is_uri(&system(hd)), "{hd:?}");
        }
    }
}
