//! Writes as a transaction, and the transaction's answer as outcomes.

use carewire_fhir_core::http::Failure;
use carewire_fhir_core::{BundleBuilder, BundleEntry, BundleType, EntryResponse, Request, Resource, Value};
use carewire_sync_engine::{LocalKey, Refusal, Write, WriteMethod, WriteOutcome};
use url::form_urlencoded;

use crate::classify::{refusal, transient};

/// The transaction that does the writes.
///
/// # Errors
/// A permanent refusal when a resource does not carry the identity by which it is to be found: sent like that, it would
/// become a new resource each time.
pub(crate) fn transaction(writes: &[Write]) -> Result<Resource, Refusal> {
    let mut bundle = BundleBuilder::new(BundleType::Transaction);
    for write in writes {
        bundle = bundle.entry(entry(write)?);
    }
    Ok(bundle.build())
}

/// What became of each write, in order.
///
/// # Errors
/// A transient refusal when the answer does not speak about these writes one by one.
pub(crate) fn outcomes(writes: &[Write], answer: &Value) -> Result<Vec<WriteOutcome>, Refusal> {
    let entries = answer.list("entry");
    if answer.str("resourceType") != Some("Bundle") || entries.len() != writes.len() {
        return Err(transient("unreadable-answer"));
    }
    Ok(writes.iter().zip(entries).map(|(write, entry)| outcome(write, entry)).collect())
}

fn entry(write: &Write) -> Result<BundleEntry, Refusal> {
    let mut resource = write.resource.clone();
    let request = match &write.method {
        WriteMethod::Update { id, if_match } => {
            resource.value_mut().set("id", id.as_str());
            let request = Request::update(format!("{}/{id}", write.key.resource_type));
            match if_match {
                Some(version) => request.if_match(version),
                None => request,
            }
        }
        WriteMethod::ConditionalUpdate => {
            resource.value_mut().remove("id");
            let parameter = parameter(resource.value(), &write.key)?;
            Request::update(format!("{}?{parameter}={}", write.key.resource_type, token(&write.key)))
        }
    };
    Ok(BundleEntry::new(resource).full_url(write.full_url.as_str()).request(request))
}

/// The search parameter that finds the resource by its key: the one under which the resource carries it.
fn parameter(resource: &Value, key: &LocalKey) -> Result<&'static str, Refusal> {
    let is_key = |token: &Value, member: &str| {
        token.str("system") == Some(key.system.as_str()) && token.str(member) == Some(key.value.as_str())
    };
    let identifiers = resource
        .get("identifier")
        .map(|found| if found.items().is_empty() { std::slice::from_ref(found) } else { found.items() });
    if identifiers.unwrap_or_default().iter().any(|identifier| is_key(identifier, "value")) {
        return Ok("identifier");
    }
    let tags = resource.get("meta").map(|meta| meta.list("tag")).unwrap_or_default();
    if tags.iter().any(|tag| is_key(tag, "code")) {
        return Ok("_tag");
    }
    let expressions = vec![format!("{}.identifier", key.resource_type)];
    Err(Refusal::Permanent { code: "identity-missing".into(), expressions })
}

/// `system|value` for a URL. Commas and backslashes mean something in a search, so they are escaped first.
fn token(key: &LocalKey) -> String {
    let escaped = |text: &str| text.replace('\\', "\\\\").replace(',', "\\,");
    let token = format!("{}|{}", escaped(&key.system), escaped(&key.value));
    form_urlencoded::byte_serialize(token.as_bytes()).collect()
}

fn outcome(write: &Write, entry: &Value) -> WriteOutcome {
    let Some(response) = EntryResponse::of(entry) else {
        return WriteOutcome::Refused(transient("unreadable-answer"));
    };
    if !response.is_success() {
        return WriteOutcome::Refused(refusal(&Failure::of_entry(&response)));
    }
    let resource = entry.get("resource");
    match remote_id(write, &response, resource) {
        Some(id) => WriteOutcome::Applied {
            id,
            version: response.version().map(str::to_owned).or_else(|| version_in(resource?)),
            created: response.status == 201,
        },
        None => WriteOutcome::Refused(transient("unreadable-answer")),
    }
}

/// The id that the answer names; it must be of the type that was written.
fn remote_id(write: &Write, response: &EntryResponse, resource: Option<&Value>) -> Option<String> {
    let resource_type = write.key.resource_type.as_str();
    if let Some((found, id, _)) = &response.location {
        return (found == resource_type).then(|| id.clone());
    }
    match (&write.method, resource) {
        (WriteMethod::Update { id, .. }, _) => Some(id.clone()),
        (WriteMethod::ConditionalUpdate, Some(resource))
            if resource.str("resourceType") == Some(resource_type) =>
        {
            resource.str("id").map(str::to_owned)
        }
        (WriteMethod::ConditionalUpdate, _) => None,
    }
}

pub(crate) fn version_in(resource: &Value) -> Option<String> {
    resource.get("meta")?.str("versionId").map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(resource: &str, method: WriteMethod) -> Write {
        let resource = Resource::parse(resource.as_bytes()).unwrap();
        let key = LocalKey {
            resource_type: resource.resource_type().to_owned(),
            system: "urn:carewire:token".into(),
            value: "v,1".into(),
        };
        let full_url = "urn:uuid:1".to_owned();
        Write { key, full_url, method, resource, patient: None, classes: Vec::new() }
    }

    fn request(write: &Write) -> (String, Option<String>) {
        let bundle = transaction(std::slice::from_ref(write)).unwrap();
        let request = bundle.value().list("entry")[0].get("request").unwrap().clone();
        (request.str("url").unwrap().to_owned(), request.str("ifMatch").map(str::to_owned))
    }

    const ORGANIZATION: &str = r#"{"resourceType":"Organization","id":"x","identifier":[{"system":"urn:carewire:token","value":"v,1"}]}"#;

    #[test]
    fn a_conditional_update_goes_by_what_the_resource_carries() {
        let (url, _) = request(&write(ORGANIZATION, WriteMethod::ConditionalUpdate));
        assert_eq!(url, "Organization?identifier=urn%3Acarewire%3Atoken%7Cv%5C%2C1");
        let single =
            r#"{"resourceType":"Bundle","identifier":{"system":"urn:carewire:token","value":"v,1"}}"#;
        assert!(request(&write(single, WriteMethod::ConditionalUpdate)).0.starts_with("Bundle?identifier="));
        let tagged =
            r#"{"resourceType":"Provenance","meta":{"tag":[{"system":"urn:carewire:token","code":"v,1"}]}}"#;
        assert!(request(&write(tagged, WriteMethod::ConditionalUpdate)).0.starts_with("Provenance?_tag="));
    }

    #[test]
    fn a_resource_without_its_identity_is_not_sent() {
        let nameless = write(r#"{"resourceType":"Organization"}"#, WriteMethod::ConditionalUpdate);
        let refused = transaction(&[nameless]).unwrap_err();
        assert!(matches!(refused, Refusal::Permanent { code, .. } if code == "identity-missing"));
    }

    #[test]
    fn an_update_by_id_carries_its_id_and_version() {
        let update = WriteMethod::Update { id: "7".into(), if_match: Some("v1".into()) };
        let update = write(ORGANIZATION, update);
        assert_eq!(request(&update), ("Organization/7".to_owned(), Some("W/\"v1\"".to_owned())));
        let bundle = transaction(&[update]).unwrap();
        let resource = bundle.value().list("entry")[0].get("resource").unwrap();
        assert_eq!(resource.str("id"), Some("7"));
    }

    fn read(response: &str) -> Result<Vec<WriteOutcome>, Refusal> {
        let answer =
            format!(r#"{{"resourceType":"Bundle","type":"transaction-response","entry":[{response}]}}"#);
        let writes = [write(ORGANIZATION, WriteMethod::ConditionalUpdate)];
        outcomes(&writes, &Value::parse(answer.as_bytes()).unwrap())
    }

    #[test]
    fn each_entry_has_its_own_outcome() {
        let applied = |created| WriteOutcome::Applied { id: "7".into(), version: Some("v".into()), created };
        let rows = [
            (r#"{"response":{"status":"201","location":"Organization/7","etag":"W/\"v\""}}"#, applied(true)),
            (
                r#"{"response":{"status":"200 OK","location":"https://a/b/Organization/7/_history/v"}}"#,
                applied(false),
            ),
            (
                r#"{"resource":{"resourceType":"Organization","id":"7","meta":{"versionId":"v"}},"response":{"status":"200"}}"#,
                applied(false),
            ),
            (r#"{"response":{"status":"200"}}"#, WriteOutcome::Refused(transient("unreadable-answer"))),
            (
                r#"{"response":{"status":"200","location":"Patient/7"}}"#,
                WriteOutcome::Refused(transient("unreadable-answer")),
            ),
            (r#"{"resource":{}}"#, WriteOutcome::Refused(transient("unreadable-answer"))),
            (r#"{"response":{"status":"429"}}"#, WriteOutcome::Refused(crate::classify::throttled(None))),
            (
                r#"{"response":{"status":"412","outcome":{"resourceType":"OperationOutcome","id":"multiple-matches"}}}"#,
                WriteOutcome::Refused(Refusal::MultipleMatches),
            ),
        ];
        for (response, expected) in rows {
            assert_eq!(read(response), Ok(vec![expected]), "{response}");
        }
        assert_eq!(read(""), Err(transient("unreadable-answer")));
    }
}
