//! Tables about documents.

use carewire_fhir_core::resources::{CompositionStatus, DocumentReferenceStatus};

/// 0271, completion status of a document: authenticated is final, all before it preliminary.
pub(crate) fn document_completion(code: &str) -> Option<CompositionStatus> {
    Some(match code {
        "AU" | "LA" => CompositionStatus::Final,
        "DI" | "DO" | "IN" | "IP" | "PA" => CompositionStatus::Preliminary,
        _ => return None,
    })
}

/// 0273, availability of a document.
pub(crate) fn document_availability(code: &str) -> Option<DocumentReferenceStatus> {
    (code == "AV").then_some(DocumentReferenceStatus::Current)
}

/// 0191 and 0291, type and subtype of encapsulated data, as a media type.
pub(crate) fn media_type(kind: Option<&str>, subtype: Option<&str>) -> Option<String> {
    if let Some(whole) = [subtype, kind].into_iter().flatten().find(|text| text.contains('/')) {
        return Some(whole.to_ascii_lowercase());
    }
    let kind = match kind?.to_ascii_lowercase().as_str() {
        "ap" | "application" => "application",
        "au" | "audio" => "audio",
        "im" | "image" => "image",
        "tx" | "text" | "ft" => "text",
        "multipart" => "multipart",
        _ => return None,
    };
    let subtype = subtype?.to_ascii_lowercase();
    let token = subtype.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'+'));
    (token && !subtype.is_empty()).then(|| format!("{kind}/{subtype}"))
}

/// 0191, how a document is presented, where that is a media type.
pub(crate) fn presentation(code: &str) -> Option<&'static str> {
    match code {
        "TX" | "FT" | "TEXT" => Some("text/plain"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_media_type_has_two_parts() {
        assert_eq!(media_type(Some("application"), Some("PDF")).as_deref(), Some("application/pdf"));
        assert_eq!(media_type(Some("AP"), Some("Octet-stream")).as_deref(), Some("application/octet-stream"));
        assert_eq!(media_type(None, Some("image/png")).as_deref(), Some("image/png"));
        assert_eq!(media_type(Some("NS"), Some("x")), None);
        assert_eq!(media_type(Some("text"), Some("a b")), None);
    }
}
