//! Which URI stands for an assigning authority.
//!
//! The rule is that of the map from v2 to FHIR, so that an identifier has the same surrogate on both sides.

use carewire_fhir_core::OrgId;

/// The URI of an authority: its universal id where that is a URI of some kind, else a URN of its name in the org, else
/// one of the sender.
pub(super) fn system(org: &OrgId, parts: [&str; 3], sender: [&str; 2]) -> String {
    let [namespace, id, kind] = parts.map(str::trim);
    if let Some(uri) = universal(id, &kind.to_ascii_uppercase()) {
        return uri;
    }
    let mut system = format!("urn:carewire:authority:{}:", org.as_str());
    let mut add = |texts: &[&str]| {
        for (index, text) in texts.iter().enumerate() {
            if index > 0 {
                system.push(':');
            }
            encode(text, &mut system);
        }
    };
    match (namespace, id) {
        ("", "") => {
            add(&["sender", sender[0].trim(), sender[1].trim()]);
        }
        ("", id) => add(&[&kind.to_ascii_uppercase(), id]),
        (namespace, _) => add(&[namespace]),
    }
    system
}

fn universal(id: &str, kind: &str) -> Option<String> {
    let any = kind.is_empty();
    if id.is_empty() {
        return None;
    }
    if (any || kind == "ISO") && is_oid(id) {
        return Some(format!("urn:oid:{id}"));
    }
    if (any || kind == "UUID" || kind == "GUID")
        && let Some(uuid) = uuid(id)
    {
        return Some(format!("urn:uuid:{uuid}"));
    }
    if (any || kind == "URI") && is_uri(id) {
        return Some(id.to_owned());
    }
    (kind == "DNS" && is_host(id)).then(|| format!("urn:dns:{}", id.to_ascii_lowercase()))
}

/// An OID as FHIR wants it: a root of 0 to 2, arcs without leading zeros.
fn is_oid(text: &str) -> bool {
    let mut arcs = text.split('.');
    let root = arcs.next().is_some_and(|arc| matches!(arc, "0" | "1" | "2"));
    let mut rest = arcs.peekable();
    let is_arc = |arc: &str| arc.bytes().all(|byte| byte.is_ascii_digit()) && !arc.is_empty();
    root && rest.peek().is_some() && rest.all(|arc| is_arc(arc) && (arc == "0" || !arc.starts_with('0')))
}

/// The 32 digits of a UUID in lower case with hyphens; written plain, with hyphens, in braces or as a URN.
fn uuid(text: &str) -> Option<String> {
    let braced = text.strip_prefix('{').and_then(|text| text.strip_suffix('}'));
    let text = braced.or_else(|| text.strip_prefix("urn:uuid:")).unwrap_or(text);
    let hyphened = text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| (byte == b'-') == matches!(at, 8 | 13 | 18 | 23));
    let digits: String = text.chars().filter(|one| *one != '-').collect();
    let fits = (hyphened || text.len() == 32) && digits.len() == 32;
    if !fits || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let mut uuid = String::with_capacity(36);
    for (at, digit) in digits.to_ascii_lowercase().chars().enumerate() {
        if matches!(at, 8 | 12 | 16 | 20) {
            uuid.push('-');
        }
        uuid.push(digit);
    }
    Some(uuid)
}

/// A text with a scheme and without white space.
fn is_uri(text: &str) -> bool {
    let scheme = text.split_once(':').map_or("", |(scheme, _)| scheme);
    let well_formed = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    let urn_holds = text.strip_prefix("urn:oid:").is_none_or(is_oid)
        && text.strip_prefix("urn:uuid:").is_none_or(|id| uuid(id).is_some());
    well_formed && urn_holds && text.bytes().all(|byte| byte.is_ascii_graphic())
}

fn is_host(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'))
}

/// Percent-encodes everything but letters, digits and `-._~`.
fn encode(text: &str, encoded: &mut String) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            encoded.push(char::from(byte));
            continue;
        }
        encoded.push('%');
        for nibble in [byte >> 4, byte & 15] {
            encoded.extend(HEX.get(usize::from(nibble)).copied().map(char::from));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(parts: [&str; 3]) -> String {
        system(&OrgId::new("a").unwrap(), parts, ["LAB 1", "H"])
    }

    #[test]
    fn authorities_have_the_uris_of_the_map() {
        let uuid = "426D2726-51FC-89FE-A946-8596E80A80EB";
        for (parts, expected) in [
            (["MPI", "2.16.840.1.113883.19", "ISO"], "urn:oid:2.16.840.1.113883.19"),
            (["", "1.2.3", ""], "urn:oid:1.2.3"),
            (["", uuid, "GUID"], "urn:uuid:426d2726-51fc-89fe-a946-8596e80a80eb"),
            (["", "http://hl7.org/fhir/sid/us-npi", "URI"], "http://hl7.org/fhir/sid/us-npi"),
            (["", "Example.ORG", "DNS"], "urn:dns:example.org"),
            (["St. Mary's", "", ""], "urn:carewire:authority:a:St.%20Mary%27s"),
            (["OMU", "9.8", "ISO"], "urn:carewire:authority:a:OMU"),
            (["", "9.8", "iso"], "urn:carewire:authority:a:ISO:9.8"),
            (["", "", ""], "urn:carewire:authority:a:sender:LAB%201:H"),
        ] {
            assert_eq!(of(parts), expected);
        }
    }
}
