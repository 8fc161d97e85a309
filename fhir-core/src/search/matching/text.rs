//! Texts as they are compared: without case and accents.

/// Letters with a mark, and what they are without it. Lower case only.
const MARKED: &[(&str, &str)] = &[
    ("a", "àáâãäåāăą"),
    ("c", "çćĉċč"),
    ("d", "ďđ"),
    ("e", "èéêëēĕėęě"),
    ("g", "ĝğġģ"),
    ("h", "ĥħ"),
    ("i", "ìíîïĩīĭįı"),
    ("j", "ĵ"),
    ("k", "ķ"),
    ("l", "ĺļľŀł"),
    ("n", "ñńņňŉ"),
    ("o", "òóôõöøōŏő"),
    ("r", "ŕŗř"),
    ("s", "śŝşšſ"),
    ("t", "ţťŧ"),
    ("u", "ùúûüũūŭůűų"),
    ("w", "ŵ"),
    ("y", "ýÿŷ"),
    ("z", "źżž"),
    ("ss", "ß"),
    ("ae", "æ"),
    ("oe", "œ"),
];

/// A text without case, the marks of Latin letters and combining marks.
pub(super) fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars().flat_map(char::to_lowercase) {
        match letter {
            letter if letter.is_ascii() => out.push(letter),
            '\u{300}'..='\u{36f}' => {}
            letter => match MARKED.iter().find(|(_, marked)| marked.contains(letter)) {
                Some((plain, _)) => out.push_str(plain),
                None => out.push(letter),
            },
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_accents_do_not_count() {
        for (text, plain) in
            [("Müller", "muller"), ("MU\u{308}LLER", "muller"), ("Łódź", "lodz"), ("Δx", "δx")]
        {
            assert_eq!(folded(text), plain);
        }
    }
}
