//! ED and RP, data in or beside a message; and texts as attachments.

use data_encoding::{BASE64, HEXUPPER_PERMISSIVE};

use crate::fhir::code::media_type::media_type;
use crate::fhir::code::v2_system;
use crate::fhir::context::Context;
use crate::fhir::node::Node;
use crate::fhir::report::Reason;
use crate::fhir::resolver::is_uri;
use crate::fhir::row::{Datatype, Found, Via};
use crate::fhir::target::extend;
use crate::fhir::tree::{Object, Val};

/// `ED[Attachment]`
pub(crate) const ED_ATTACHMENT: Via = Via::Type(&Datatype {
    name: "ED[Attachment]",
    fhir: "Attachment",
    read: |n, c| Ok(encapsulated(n, c)?.map(Val::Object)),
});

/// `ED[DocumentReference]`: a content of the document.
pub(crate) const ED_DOCUMENT_REFERENCE: Via = Via::Type(&Datatype {
    name: "ED[DocumentReference]",
    fhir: "DocumentReference.content",
    read: |n, c| Ok(encapsulated(n, c)?.map(|attachment| content(attachment, c).into())),
});

/// `RP[Attachment]`
pub(crate) const RP_ATTACHMENT: Via = Via::Type(&Datatype {
    name: "RP[Attachment]",
    fhir: "Attachment",
    read: |n, c| Ok(pointed(n, c).map(Val::Object)),
});

/// `RP[DocumentReference]`: a content of the document.
pub(crate) const RP_DOCUMENT_REFERENCE: Via = Via::Type(&Datatype {
    name: "RP[DocumentReference]",
    fhir: "DocumentReference.content",
    read: |n, c| Ok(pointed(n, c).map(|attachment| content(attachment, c).into())),
});

/// The media type of a text.
pub(crate) const PLAIN_TEXT: &str = "text/plain;charset=utf-8";

/// A content of a document.
pub(crate) fn content<'a>(attachment: Object<'a>, c: &Context<'a>) -> Object<'a> {
    c.object().with("attachment", attachment)
}

/// A text as an attachment.
pub(crate) fn plain<'a>(text: &str, c: &Context<'a>) -> Object<'a> {
    c.object().with("contentType", PLAIN_TEXT).with("data", base64(text.as_bytes(), c))
}

/// `ED[Attachment]`. The guide writes `https` in the URL of its extension, which has `http`.
pub(crate) fn encapsulated<'a>(ed: &Node<'a>, c: &mut Context<'a>) -> Found<Object<'a>> {
    let [kind, subtype, encoding] = [2, 3, 4].map(|part| ed.get(part));
    let text = ed.part(5).and_then(|data| data.whole());
    let data = text.map(|text| encoded(text, encoding, c)).transpose()?;
    let named = media_type(kind, subtype).map(|name| c.arena.text(&name));
    if named.is_none() && data.is_none() {
        return Ok(None);
    }
    let mut attachment = c.object();
    if let (Some(kind), None) = (kind.and_then(super::cwe::as_code), subtype) {
        let mut coding = c.object();
        coding.put("system", v2_system("0191"));
        let concept = c.object().with("coding", c.arena.only(coding.with("code", kind)));
        extend(&mut attachment, "alternate-codes", "valueCodeableConcept", concept, c.arena);
    }
    // att-1: data has a media type. Without a name of it the data itself tells.
    let told = data.map(|data| if is_encoded(encoding) { media_type_of(data) } else { PLAIN_TEXT });
    attachment.put("contentType", named.or(told));
    attachment.put("data", data);
    Ok(Some(attachment))
}

/// `RP[Attachment]`. A pointer that is no address is a name.
pub(crate) fn pointed<'a>(rp: &Node<'a>, c: &mut Context<'a>) -> Option<Object<'a>> {
    let pointer = rp.get(1)?;
    let mut attachment = c.object();
    attachment.put("contentType", media_type(rp.get(3), rp.get(4)).map(|name| c.arena.text(&name)));
    attachment.set(if is_uri(pointer) { "url" } else { "title" }, pointer);
    Some(attachment)
}

/// Bytes in base64.
pub(crate) fn base64<'a>(bytes: &[u8], c: &Context<'a>) -> &'a str {
    c.arena.text(&BASE64.encode(bytes))
}

fn is_encoded(encoding: Option<&str>) -> bool {
    encoding.is_some_and(|name| name.eq_ignore_ascii_case("base64") || name.eq_ignore_ascii_case("hex"))
}

/// The data in base64, whatever encoding ED.4 names: none (`A`), `Hex` or `Base64`.
fn encoded<'a>(data: &'a str, encoding: Option<&str>, c: &Context<'a>) -> Result<&'a str, Reason> {
    if !is_encoded(encoding) {
        return Ok(base64(data.as_bytes(), c));
    }
    let compact = match data.bytes().any(|byte| byte.is_ascii_whitespace()) {
        true => c.arena.text(&data.split_ascii_whitespace().collect::<String>()),
        false => data,
    };
    if encoding.is_some_and(|name| name.eq_ignore_ascii_case("hex")) {
        let bytes = HEXUPPER_PERMISSIVE.decode(compact.as_bytes()).map_err(|_| Reason::NotEncoded)?;
        return Ok(base64(&bytes, c));
    }
    if is_base64(compact.as_bytes()) { Ok(compact) } else { Err(Reason::NotEncoded) }
}

/// Whether this is base64, without a copy of what it encodes.
fn is_base64(text: &[u8]) -> bool {
    let Some((last, before)) =
        text.len().checked_sub(4).and_then(|at| Some((text.get(at..)?, text.get(..at)?)))
    else {
        return text.is_empty();
    };
    let is_digit = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    text.len().is_multiple_of(4) && before.iter().all(is_digit) && BASE64.decode(last).is_ok()
}

/// The media type that the first bytes of data tell.
fn media_type_of(data: &str) -> &'static str {
    let known = BEGINNINGS.iter().find(|(beginning, _)| data.starts_with(beginning));
    known.map_or("application/octet-stream", |(_, media_type)| media_type)
}

/// How data of a media type begins, in base64.
const BEGINNINGS: &[(&str, &str)] = &[
    ("JVBERi", "application/pdf"),
    ("/9j/", "image/jpeg"),
    ("iVBORw0KGgo", "image/png"),
    ("R0lGOD", "image/gif"),
    ("SUkqA", "image/tiff"),
    ("TU0AK", "image/tiff"),
    ("e1xydG", "text/rtf"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::testing::{read, with_field};

    #[test]
    fn data_becomes_base64() {
        let of = |field: &str| read(field, ED_ATTACHMENT).0;
        assert_eq!(of("^application^pdf^Base64^aGk="), r#"{"contentType":"application/pdf","data":"aGk="}"#);
        assert_eq!(of("^text^plain^A^hi"), r#"{"contentType":"text/plain","data":"aGk="}"#);
        assert_eq!(of("^IM^png^Hex^6869"), r#"{"contentType":"image/png","data":"aGk="}"#);
        assert_eq!(of("^IM^png^base64^aG k="), r#"{"contentType":"image/png","data":"aGk="}"#);
        assert_eq!(of("App5^NS^Octet-stream^Base64"), "");
        for broken in ["!!", "aGk", "aGk=aGk=", "aG=k", "aGkaGl=a"] {
            let field = format!("^IM^png^Base64^{broken}");
            let refused = with_field(&field, |n, c| encapsulated(n, c).err());
            assert_eq!(refused, Some(Reason::NotEncoded), "{broken}");
        }
    }

    #[test]
    fn data_without_a_named_type_tells_it_or_is_bytes() {
        let of = |field: &str| read(field, ED_ATTACHMENT).0;
        assert!(of("^NS^^Base64^JVBERi0x").contains(r#""contentType":"application/pdf""#));
        let unknown = of("^NS^^Base64^aGk=");
        assert!(unknown.contains("application/octet-stream"), "{unknown}");
        assert!(unknown.contains("alternate-codes") && unknown.contains(r#""code":"NS""#), "{unknown}");
        assert!(of("^^^A^hi").contains("text/plain"));
    }

    #[test]
    fn a_pointer_that_is_no_url_is_a_title() {
        let of = |field: &str| read(field, RP_ATTACHMENT).0;
        let url = r#"{"contentType":"image/png","url":"https://h.example/1"}"#;
        assert_eq!(of("https://h.example/1^^image^png"), url);
        assert_eq!(of("Tray 7"), r#"{"title":"Tray 7"}"#);
        let content = read("Tray 7", RP_DOCUMENT_REFERENCE).0;
        assert_eq!(content, r#"{"attachment":{"title":"Tray 7"}}"#);
    }
}
