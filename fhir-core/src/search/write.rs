//! Queries as text.

use super::form;
use super::query::SearchQuery;

impl SearchQuery {
    /// The query of a URL, without the question mark.
    #[must_use]
    pub fn to_query(&self) -> String {
        self.encoded("%20")
    }

    /// The body of a search by `POST`, as `application/x-www-form-urlencoded`. Identifiers belong there and not in a
    /// URL when the remote is one that knows patients by name.
    #[must_use]
    pub fn to_form(&self) -> String {
        self.encoded("+")
    }

    /// The URL below the base: `Patient?name=..`, as conditional requests and references name it.
    #[must_use]
    pub fn to_url(&self) -> String {
        let (path, query) = (self.scope.path(), self.to_query());
        if query.is_empty() { path } else { format!("{path}?{query}") }
    }

    fn encoded(&self, space: &str) -> String {
        let mut out = String::new();
        let mut value = String::new();
        for criterion in &self.criteria {
            value.clear();
            for (index, item) in criterion.values.iter().enumerate() {
                value.push_str(if index > 0 { "," } else { "" });
                item.write(&mut value);
            }
            pair(&criterion.name(), &value, b"", space, &mut out);
        }
        for include in &self.includes {
            pair(include.name(), &include.value(), b":*", space, &mut out);
        }
        for (name, value) in self.results.pairs() {
            pair(name, &value, b",", space, &mut out);
        }
        out
    }
}

fn pair(name: &str, value: &str, bare: &[u8], space: &str, out: &mut String) {
    if !out.is_empty() {
        out.push('&');
    }
    form::encode(name, b":", space, out);
    out.push('=');
    form::encode(value, bare, space, out);
}
