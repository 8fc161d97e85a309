//! What of a message may stand in an error or an issue.

use crate::json::NameId;

/// The name of a member when R4 has an element of that name, with or without an underscore; anything else could be
/// somebody's data and is `?`.
pub(crate) fn shown(name: &str) -> &str {
    let plain = name.strip_prefix('_').unwrap_or(name);
    if plain == "resourceType" || NameId::of(plain).is_some() { name } else { "?" }
}

/// The name of a member when it is spelled as elements are, known or not: who reads JSON must find the one that is
/// misspelt. Anything else is `?`.
pub(crate) fn spelled(name: &str) -> &str {
    let element = name.len() <= 64
        && name.strip_prefix('_').unwrap_or(name).starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if element { name } else { "?" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_elements_are_shown_and_nothing_else() {
        for name in ["birthDate", "_birthDate", "valueQuantity", "resourceType", "div"] {
            assert_eq!(shown(name), name);
        }
        for name in ["123456789", "_123456789", "Chalmers", "__birthDate", "birthdate", "", "_", "Jane Doe"] {
            assert_eq!(shown(name), "?", "{name}");
        }
    }

    #[test]
    fn what_is_spelled_as_an_element_can_be_found() {
        for name in ["birthDate", "_birthDate", "birthdate", "x"] {
            assert_eq!(spelled(name), name);
        }
        for name in ["123456789", "_123456789", "__birthDate", "", "_", "Jane Doe", "a-b", &"x".repeat(65)] {
            assert_eq!(spelled(name), "?", "{name}");
        }
    }
}
