//! Conditional URLs: `Encounter?identifier=system|value`.

/// The type and the identifier that a conditional reference, URL or `ifNoneExist` names, decoded.
pub(super) fn identifier_of(url: &str) -> Option<(&str, String)> {
    let (path, query) = url.split_once('?').unwrap_or(("", url));
    let kind = path.rsplit('/').next().unwrap_or_default();
    let value = query.split('&').find_map(|pair| pair.strip_prefix("identifier="))?;
    Some((kind, decoded(value)))
}

/// Resolves `%7C` and the like. What is no valid escape stays as it is.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, below @ ..] = rest {
        let escape = match rest {
            [b'%', high, low, ..] => hex(*high).zip(hex(*low)),
            _ => None,
        };
        match escape {
            Some((high, low)) => bytes.push(high << 4 | low),
            None => bytes.push(*first),
        }
        rest = if escape.is_some() { rest.get(3..).unwrap_or_default() } else { below };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_read_from_urls_in_any_spelling() {
        let expected = Some(("Encounter", "urn:oid:1.2|V/7 ü".to_owned()));
        assert_eq!(identifier_of("Encounter?identifier=urn:oid:1.2|V/7 ü"), expected);
        assert_eq!(
            identifier_of("https://x/Encounter?_sort=a&identifier=urn%3Aoid%3A1.2%7cV%2F7%20%C3%BC"),
            expected
        );
        assert_eq!(identifier_of("identifier=7%"), Some(("", "7%".to_owned())));
        assert_eq!(identifier_of("identifier=%FF"), Some(("", "%FF".to_owned())));
        assert_eq!(identifier_of("Encounter/7"), None);
    }
}
