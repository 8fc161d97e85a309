use std::sync::Arc;

use carewire_fhir_core::{Phi, Value};
use uuid::Uuid;

use crate::clock::instant_text;
use crate::refusal::{Refusal, all_ok};
use crate::store::{Text, Version};

/// What became of a request or Bundle entry that was not refused.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// JSON, or nothing.
    pub(crate) body: Option<Body>,
    /// The type and id of the resource that was read or written.
    pub(crate) resource: Option<(&'static str, Uuid)>,
    pub(crate) version: Option<Uuid>,
    pub(crate) at: Option<i64>,
    /// Further headers. A location holds an id.
    pub(crate) headers: Vec<(&'static str, Phi<String>)>,
}

/// What is sent as it stands. Holds resources, so it is not printed.
pub(crate) enum Body {
    Json(String),
    /// NDJSON: a line for each text.
    Lines(Arc<[Text]>),
}

impl Body {
    /// The JSON, if it is that.
    pub(crate) fn json(&self) -> Option<&str> {
        match self {
            Self::Json(text) => Some(text),
            Self::Lines(_) => None,
        }
    }
}

impl std::fmt::Debug for Body {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Json(text) => write!(f, "Json({} bytes)", text.len()),
            Self::Lines(lines) => write!(f, "Lines({})", lines.len()),
        }
    }
}

impl Answer {
    /// A resource at one of its versions.
    pub(crate) fn of(status: u16, resource_type: &'static str, id: Uuid, version: &Version) -> Self {
        Self {
            status,
            body: version.text.as_deref().map(|text| Body::Json(text.to_owned())),
            resource: Some((resource_type, id)),
            version: Some(version.id),
            at: Some(version.at),
            headers: Vec::new(),
        }
    }

    /// JSON that is no stored resource.
    pub(crate) fn json(text: String) -> Self {
        Self { body: Some(Body::Json(text)), ..Self::empty(200) }
    }

    /// A status and nothing else.
    pub(crate) fn empty(status: u16) -> Self {
        Self { status, body: None, resource: None, version: None, at: None, headers: Vec::new() }
    }

    /// The same answer with a header.
    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, Phi::new(value.into())));
        self
    }

    /// 200 and an `OperationOutcome`.
    pub(crate) fn ok() -> Self {
        Self::json(all_ok().to_json())
    }
}

/// A Bundle whose entries are texts already.
pub(crate) struct Frame {
    text: String,
    entries: usize,
}

impl Frame {
    pub(crate) fn new(bundle_type: &str) -> Self {
        Self { text: format!(r#"{{"resourceType":"Bundle","type":"{bundle_type}""#), entries: 0 }
    }

    pub(crate) fn total(&mut self, total: usize) {
        self.text.push_str(&format!(r#","total":{total}"#));
    }

    pub(crate) fn links(&mut self, links: &[(&str, String)]) {
        let links: Value = links
            .iter()
            .map(|(relation, url)| Value::object().with("relation", *relation).with("url", url.as_str()))
            .collect();
        self.text.push_str(r#","link":"#);
        self.text.push_str(&links.to_json());
    }

    /// Adds an entry: the members of an object, without its braces.
    pub(crate) fn entry(&mut self, members: &str) {
        self.text.push_str(if self.entries == 0 { r#","entry":[{"# } else { ",{" });
        self.text.push_str(members);
        self.text.push('}');
        self.entries += 1;
    }

    pub(crate) fn finish(mut self) -> String {
        if self.entries > 0 {
            self.text.push(']');
        }
        self.text.push('}');
        self.text
    }
}

/// The members of a batch-response or transaction-response entry. Only what was read is repeated.
pub(crate) fn response_members(result: &Result<Answer, Refusal>, is_read: bool) -> String {
    match result {
        Ok(answer) => {
            let mut text = String::new();
            if let Some(json) = answer.body.as_ref().filter(|_| is_read).and_then(Body::json) {
                text.push_str(&format!(r#""resource":{json},"#));
            }
            text.push_str(&format!(r#""response":{{"status":"{}""#, answer.status));
            if let Some((resource_type, id)) = answer.resource {
                text.push_str(&format!(r#","location":"{resource_type}/{id}""#));
            }
            if let Some(version) = answer.version {
                text.push_str(&format!(r#","etag":"W/\"{version}\"""#));
            }
            if let Some(at) = answer.at {
                text.push_str(&format!(r#","lastModified":"{}""#, instant_text(at)));
            }
            text.push('}');
            text
        }
        Err(refusal) => {
            let outcome = refusal.outcome().to_json();
            format!(r#""response":{{"status":"{}","outcome":{outcome}}}"#, refusal.status)
        }
    }
}

/// A text as a JSON string.
pub(crate) fn json_string(text: &str) -> String {
    Value::string(text).to_json()
}
