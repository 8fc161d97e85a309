use carewire_fhir_core::{Kind, Value};

use crate::refusal::Refusal;

/// The parameters of an operation: those of the query, then those of a `Parameters` body.
#[derive(Default)]
pub(crate) struct Arguments(Vec<(String, String)>);

impl Arguments {
    /// Reads them. A `resource` parameter is left to the operation.
    pub(crate) fn read(query: &str, body: Option<&Value>) -> Result<Self, Refusal> {
        let mut pairs: Vec<_> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        if let Some(body) = body {
            if body.str("resourceType") != Some("Parameters") {
                return Err(Refusal::bad_request("Expected a Parameters resource"));
            }
            for parameter in body.list("parameter").iter().filter(|item| item.get("resource").is_none()) {
                let name = parameter.str("name").unwrap_or_default().to_owned();
                let value = parameter.members().find(|(name, _)| name.starts_with("value"));
                let text = value.and_then(|(_, value)| text(value));
                pairs.push((name, text.ok_or_else(|| Refusal::bad_request("Invalid parameter value"))?));
            }
        }
        Ok(Self(pairs))
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The same as a query, with one parameter set to another value.
    pub(crate) fn query_with(&self, name: &str, value: &str) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.iter().filter(|(other, _)| *other != name));
        query.append_pair(name, value).finish()
    }

    /// The same as a query.
    pub(crate) fn query(&self) -> String {
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(self.iter()).finish()
    }
}

/// A count that was asked for, at most `most`.
pub(crate) fn count(value: &str, most: usize) -> Result<usize, Refusal> {
    value.parse().map(|n: usize| n.min(most)).map_err(|_| Refusal::bad_request("Invalid search value"))
}

fn text(value: &Value) -> Option<String> {
    match value.kind() {
        Kind::String => value.as_str().map(str::to_owned),
        Kind::Number => value.as_number().map(str::to_owned),
        Kind::Bool => value.as_bool().map(|flag| flag.to_string()),
        Kind::Object => value.str("reference").map(str::to_owned),
        Kind::Null | Kind::Array => None,
    }
}
