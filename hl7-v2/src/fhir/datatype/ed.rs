//! ED and RP, data in or beside a message; and texts as attachments.

use carewire_fhir_core::types::Attachment;
use data_encoding::{BASE64, HEXUPPER_PERMISSIVE};

use crate::fhir::node::Node;
use crate::fhir::report::Reason;
use crate::fhir::resolver::is_uri;
use crate::fhir::row::Found;
use crate::fhir::table;

/// `ED[Attachment]`
pub(crate) fn ed(ed: &Node<'_>) -> Found<Attachment> {
    let data = ed
        .part(5)
        .and_then(|data| data.whole())
        .map(|data| encoded(&data, ed.get(4).as_deref()))
        .transpose()?;
    let content_type = table::media_type(ed.get(2).as_deref(), ed.get(3).as_deref());
    let some = data.is_some() || content_type.is_some();
    Ok(some.then(|| Attachment { content_type, data, ..Attachment::default() }))
}

/// `RP[Attachment]`
pub(crate) fn rp(rp: &Node<'_>) -> Found<Attachment> {
    let Some(pointer) = rp.get(1) else { return Ok(None) };
    let content_type = table::media_type(rp.get(3).as_deref(), rp.get(4).as_deref());
    let (url, title) = if is_uri(&pointer) { (Some(pointer), None) } else { (None, Some(pointer)) };
    Ok(Some(Attachment { content_type, url, title, ..Attachment::default() }))
}

/// A text as an attachment.
pub(crate) fn plain(text: &str) -> Attachment {
    Attachment {
        content_type: Some("text/plain;charset=utf-8".into()),
        data: Some(BASE64.encode(text.as_bytes())),
        ..Attachment::default()
    }
}

/// The data in base64, whatever encoding ED.4 names: none (`A`), `Hex` or `Base64`.
fn encoded(data: &str, encoding: Option<&str>) -> Result<String, Reason> {
    let compact: String = data.split_ascii_whitespace().collect();
    match encoding.unwrap_or_default().to_ascii_uppercase().as_str() {
        "BASE64" => {
            BASE64.decode(compact.as_bytes()).map_err(|_| Reason::NotEncoded)?;
            Ok(compact)
        }
        "HEX" => {
            let bytes = HEXUPPER_PERMISSIVE.decode(compact.as_bytes()).map_err(|_| Reason::NotEncoded)?;
            Ok(BASE64.encode(&bytes))
        }
        _ => Ok(BASE64.encode(data.as_bytes())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::testing::{json, with_field};

    #[test]
    fn data_becomes_base64() {
        let of = |field: &str| with_field(field, |n, _| json(ed(n)));
        assert_eq!(of("^application^pdf^Base64^aGk="), r#"{"contentType":"application/pdf","data":"aGk="}"#);
        assert_eq!(of("^text^plain^A^hi"), r#"{"contentType":"text/plain","data":"aGk="}"#);
        assert_eq!(of("^IM^png^Hex^6869"), r#"{"contentType":"image/png","data":"aGk="}"#);
        assert_eq!(of("App5^NS^Octet-stream^Base64"), "");
        assert_eq!(with_field("^IM^png^Base64^!!", |n, _| ed(n)).unwrap_err(), Reason::NotEncoded);
    }

    #[test]
    fn a_pointer_that_is_no_url_is_a_title() {
        let of = |field: &str| with_field(field, |n, _| json(rp(n)));
        assert_eq!(
            of("https://h.example/1^^image^png"),
            r#"{"contentType":"image/png","url":"https://h.example/1"}"#
        );
        assert_eq!(of("Tray 7"), r#"{"title":"Tray 7"}"#);
    }
}
