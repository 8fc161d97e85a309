//! What a base holds and no remote sees.

use carewire_fhir_core::Resource;

/// The extensions of `meta` that stay with us: who said what of the resource, and under which policy it was made. A draft
/// may carry them; the sealed base has them, what is sent and hashed has not.
pub const KEPT_URLS: [&str; 2] = ["urn:carewire:settled", "urn:carewire:policy"];

/// The resource as a remote sees it.
pub(crate) fn outward(resource: &Resource) -> Resource {
    let mut resource = resource.clone();
    let value = resource.value_mut();
    if let Some(meta) = value.get_mut("meta") {
        if let Some(extensions) = meta.get_mut("extension") {
            extensions
                .retain_items(|extension| extension.str("url").is_none_or(|url| !KEPT_URLS.contains(&url)));
            if extensions.is_empty() {
                meta.remove("extension");
            }
        }
        if meta.is_empty() {
            value.remove("meta");
        }
    }
    resource
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_kept_is_left_out() {
        let kept = r#"{"url":"urn:carewire:settled","valueString":"a"}"#;
        let json = |extensions: &str| {
            format!(r#"{{"resourceType":"Basic","meta":{{"extension":[{extensions}]}},"id":"1"}}"#)
        };
        let sent = |json: String| outward(&Resource::parse(json.as_bytes()).unwrap()).to_json();
        assert_eq!(sent(json(kept)), r#"{"resourceType":"Basic","id":"1"}"#);
        let other = r#"{"url":"urn:x","valueString":"a"}"#;
        assert_eq!(sent(json(&format!("{kept},{other}"))), json(other));
    }
}
