//! Tables 0191 and 0291, type and subtype of encapsulated data, as media types.

/// The media type that the two components of ED name, or a whole one in either of them. In lower case: media types have
/// none.
pub(crate) fn media_type(kind: Option<&str>, subtype: Option<&str>) -> Option<String> {
    if let Some(whole) = [subtype, kind].into_iter().flatten().find(|text| is_whole(text)) {
        return Some(whole.to_ascii_lowercase());
    }
    let kind = KINDS.iter().find(|(name, _)| kind.is_some_and(|kind| kind.eq_ignore_ascii_case(name)))?.1;
    let subtype = subtype?.to_ascii_lowercase();
    is_token(&subtype).then(|| format!("{kind}/{subtype}"))
}

/// Two names with a slash between; parameters may follow.
fn is_whole(text: &str) -> bool {
    let (name, parameters) = text.split_once(';').unwrap_or((text, ""));
    name.split_once('/').is_some_and(|(kind, subtype)| is_token(kind) && is_token(subtype))
        && parameters.bytes().all(|byte| byte.is_ascii_graphic())
}

fn is_token(name: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'+');
    !name.is_empty() && name.bytes().all(plain)
}

/// The types of table 0191 that are those of a media type.
const KINDS: &[(&str, &str)] = &[
    ("AP", "application"),
    ("Application", "application"),
    ("AU", "audio"),
    ("Audio", "audio"),
    ("IM", "image"),
    ("Image", "image"),
    ("TX", "text"),
    ("TEXT", "text"),
    ("FT", "text"),
    ("multipart", "multipart"),
];

/// Table 0191, how a document is presented, where that is a media type.
pub(crate) fn presentation(code: &str) -> Option<&'static str> {
    matches!(code, "TX" | "FT" | "TEXT").then_some("text/plain")
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
        assert_eq!(media_type(None, Some("pdf")), None);
        assert_eq!(media_type(Some("/"), Some("a/b c")), None);
    }

    #[test]
    fn only_text_is_presented_as_a_media_type() {
        assert_eq!(presentation("FT"), Some("text/plain"));
        assert_eq!(presentation("AU"), None);
    }
}
