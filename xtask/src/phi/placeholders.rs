//! What the text of a format string captures.

/// The names and numbers in `{…}` of a string literal; `{{` is no placeholder. Those without a name are not told: what
/// stands for them follows the text.
pub(super) fn placeholders(literal: &str) -> Vec<String> {
    let mut found = vec![];
    let plain = literal.replace("{{", "").replace("}}", "");
    for part in plain.split('{').skip(1) {
        let name = part.split(['}', ':']).next().unwrap_or_default();
        let is_name =
            !name.is_empty() && name.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
        if is_name {
            found.push(name.to_owned());
        }
    }
    found
}
