//! FHIR's XML as JSON. Without the definitions nothing says what repeats and what is a number: an element that stands
//! once is no list, and every value is a text.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use serde_json::{Map, Value};

/// The resource, or `None` when it is no XML.
pub(super) fn read(text: &str) -> Option<Value> {
    let mut reader = Reader::from_str(text);
    loop {
        match reader.read_event().ok()? {
            Event::Start(tag) => {
                let root = element(&mut reader, &tag)?;
                return Some(typed(&name(&tag), root));
            }
            Event::Eof => return None,
            _ => {}
        }
    }
}

fn name(tag: &BytesStart<'_>) -> String {
    tag.local_name().as_ref().to_owned()
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = tag.try_get_attribute(name).ok()??;
    quick_xml::escape::unescape(&found.value).ok().map(std::borrow::Cow::into_owned)
}

/// What stands between a start and its end.
fn element(reader: &mut Reader<&[u8]>, start: &BytesStart<'_>) -> Option<Value> {
    let mut content = Map::new();
    if let Some(url) = attribute(start, "url") {
        content.insert("url".into(), Value::String(url));
    }
    loop {
        match reader.read_event().ok()? {
            Event::Empty(tag) => {
                if let Some(value) = attribute(&tag, "value") {
                    put(&mut content, name(&tag), Value::String(value));
                }
            }
            Event::Start(tag) if name(&tag) == "div" => {
                reader.read_to_end(tag.to_end().name()).ok()?;
            }
            Event::Start(tag) => {
                let value = element(reader, &tag)?;
                let value = if value.as_object().is_some_and(Map::is_empty) {
                    attribute(&tag, "value").map_or(Value::Null, Value::String)
                } else {
                    value
                };
                put(&mut content, name(&tag), value);
            }
            Event::End(_) => return Some(resource(content)),
            Event::Eof => return None,
            _ => {}
        }
    }
}

/// `resource` holds an element that is named as its type is.
fn resource(mut content: Map<String, Value>) -> Value {
    if let Some(holder) = content.get_mut("resource")
        && let Some((kind, inner)) = holder.as_object().and_then(|object| object.iter().next())
    {
        *holder = typed(&kind.clone(), inner.clone());
    }
    Value::Object(content)
}

fn typed(kind: &str, mut value: Value) -> Value {
    if let Some(object) = value.as_object_mut() {
        object.insert("resourceType".into(), Value::String(kind.to_owned()));
    }
    value
}

fn put(content: &mut Map<String, Value>, name: String, value: Value) {
    match content.get_mut(&name) {
        None => {
            content.insert(name, value);
        }
        Some(Value::Array(list)) => list.push(value),
        Some(first) => *first = Value::Array(vec![first.take(), value]),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn lists_values_and_resources() {
        let text = r#"<Bundle xmlns="http://hl7.org/fhir"><type value="batch"/><entry><resource><Patient>
            <text><div>x</div></text><name><given value="A"/><given value="B &amp; C"/></name>
            <extension url="u"><valueCode value="x"/></extension></Patient></resource></entry></Bundle>"#;
        let patient = json!({"resourceType": "Patient", "text": null, "name": {"given": ["A", "B & C"]},
            "extension": {"url": "u", "valueCode": "x"}});
        let bundle = json!({"resourceType": "Bundle", "type": "batch", "entry": {"resource": patient}});
        assert_eq!(super::read(text).unwrap(), bundle);
    }

    #[test]
    fn what_is_no_xml() {
        assert_eq!(super::read("{}"), None);
        assert_eq!(super::read("<Bundle><type>"), None);
    }
}
