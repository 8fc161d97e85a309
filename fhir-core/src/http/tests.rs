//! Every interaction as a request, and answers that are not what was asked for.

use super::*;
use crate::search::{Criterion, Scope, SearchQuery, Token, Unknown};
use crate::{Instant, Method, Resource, Value};

fn patient() -> Resource {
    Resource::parse(br#"{"resourceType":"Patient","id":"p1"}"#).unwrap()
}

fn by_identifier() -> SearchQuery {
    SearchQuery::of("Patient").with(Criterion::new("identifier", Token::coded("urn:x", "1")))
}

/// The first line and the headers, as HTTP has them.
fn sent(interaction: Interaction<'_>) -> String {
    let request = interaction.request(&Preferences::default()).unwrap();
    let headers = request.headers.iter().filter(|(name, _)| *name != "accept");
    let headers: Vec<_> = headers.map(|(name, value)| format!("{name}: {value}")).collect();
    format!("{} {} {}", request.method.as_str(), request.url(""), headers.join(", ")).trim_end().to_owned()
}

fn are_sent_as<const N: usize>(rows: [(Interaction<'_>, String); N]) {
    for (interaction, expected) in rows {
        assert_eq!(sent(interaction), expected);
    }
}

const JSON: &str = "content-type: application/fhir+json";

#[test]
fn reads_have_their_requests() {
    let query = by_identifier();
    let since = Instant::parse("2024-03-05T14:30:00+01:00").unwrap();
    let read = |unless_version, if_modified_since| Interaction::Read {
        resource_type: "Patient",
        id: "p1",
        unless_version,
        if_modified_since,
    };
    are_sent_as([
        (Interaction::Capabilities, "GET /metadata".to_owned()),
        (Interaction::read("Patient", "p1"), "GET /Patient/p1".into()),
        (read(Some("7"), None), "GET /Patient/p1 if-none-match: W/\"7\"".into()),
        (read(None, Some(&since)), "GET /Patient/p1 if-modified-since: Tue, 05 Mar 2024 13:30:00 GMT".into()),
        (
            Interaction::VersionRead { resource_type: "Patient", id: "p1", version: "7" },
            "GET /Patient/p1/_history/7".into(),
        ),
        (Interaction::search(&query), "GET /Patient?identifier=urn%3Ax%7C1".into()),
        (
            Interaction::Search { query: &query, by: SearchBy::Post },
            "POST /Patient/_search content-type: application/x-www-form-urlencoded".into(),
        ),
        (
            Interaction::History { of: Place::System, since: Some(&since), count: Some(5) },
            "GET /_history?_since=2024-03-05T14%3A30%3A00%2B01%3A00&_count=5".into(),
        ),
        (
            Interaction::History { of: Place::Instance("Patient", "p1"), since: None, count: None },
            "GET /Patient/p1/_history".into(),
        ),
    ]);
}

#[test]
fn writes_have_their_requests() {
    let (patient, query, version) = (patient(), by_identifier(), Some("7"));
    let operations = Value::parse(b"[{}]").unwrap();
    let parameters = Resource::new("Parameters");
    let (by_id, found) = (Target::Instance("Patient", "p1"), Target::Found(&query));
    are_sent_as([
        (Interaction::create(&patient), format!("POST /Patient {JSON}")),
        (
            Interaction::Create { resource: &patient, unless: Some(&query) },
            format!("POST /Patient {JSON}, if-none-exist: identifier=urn%3Ax%7C1"),
        ),
        (Interaction::update(&patient), format!("PUT /Patient/p1 {JSON}")),
        (
            Interaction::Update { resource: &patient, if_version: version },
            format!("PUT /Patient/p1 {JSON}, if-match: W/\"7\""),
        ),
        (
            Interaction::ConditionalUpdate { resource: &patient, query: &query },
            format!("PUT /Patient?identifier=urn%3Ax%7C1 {JSON}"),
        ),
        (
            Interaction::Patch { target: by_id, patch: Patch::Json(&operations), if_version: version },
            "PATCH /Patient/p1 content-type: application/json-patch+json, if-match: W/\"7\"".into(),
        ),
        (
            Interaction::Patch { target: found, patch: Patch::FhirPath(&parameters), if_version: None },
            format!("PATCH /Patient?identifier=urn%3Ax%7C1 {JSON}"),
        ),
        (Interaction::delete("Patient", "p1"), "DELETE /Patient/p1".into()),
        (
            Interaction::Delete { target: found, if_version: None },
            "DELETE /Patient?identifier=urn%3Ax%7C1".into(),
        ),
    ]);
}

#[test]
fn batches_and_operations_have_their_requests() {
    let batch = Resource::parse(br#"{"resourceType":"Bundle","type":"batch"}"#).unwrap();
    let parameters = Resource::new("Parameters");
    let operation = |at, input| Interaction::Operation { at, name: "everything", input };
    are_sent_as([
        (Interaction::Bundle(&batch), format!("POST  {JSON}")),
        (
            operation(Place::Instance("Patient", "p1"), Input::Query(&[("_type", "Observation,Condition")])),
            "GET /Patient/p1/$everything?_type=Observation,Condition".into(),
        ),
        (
            operation(Place::Type("Patient"), Input::Body(&parameters)),
            format!("POST /Patient/$everything {JSON}"),
        ),
        (operation(Place::System, Input::Query(&[])), "GET /$everything".into()),
    ]);
}

#[test]
fn a_search_by_post_names_nobody_in_its_url() {
    let query = by_identifier();
    let request =
        Interaction::Search { query: &query, by: SearchBy::Post }.request(&Preferences::default()).unwrap();
    assert_eq!((request.query.as_str(), request.body.as_deref()), ("", Some("identifier=urn%3Ax%7C1")));
    let everywhere = SearchQuery::within(Scope::System);
    assert!(
        sent(Interaction::Search { query: &everywhere, by: SearchBy::Post }).starts_with("POST /_search ")
    );
}

#[test]
fn preferences_go_where_they_mean_something() {
    let (patient, query) = (patient(), by_identifier());
    let preferences = Preferences { returning: Some(Return::Minimal), handling: Some(Unknown::Refuse) };
    let prefer = |interaction: Interaction<'_>| {
        let headers = interaction.request(&preferences).unwrap().headers;
        headers.into_iter().find(|(name, _)| *name == "prefer").map(|(_, value)| value)
    };
    assert_eq!(prefer(Interaction::update(&patient)).as_deref(), Some("return=minimal, handling=strict"));
    assert_eq!(prefer(Interaction::search(&query)).as_deref(), Some("handling=strict"));
}

#[test]
fn what_would_lead_elsewhere_is_not_sent() {
    let refused = |interaction: Interaction<'_>| interaction.request(&Preferences::default()).unwrap_err();
    let query = by_identifier();
    let (all, other) =
        (SearchQuery::of("Patient"), SearchQuery::of("Device").with(Criterion::missing("type", true)));
    let (patient, nameless) = (patient(), Resource::new("Patient"));
    for id in ["..", ".", "", "a/b", "a?b", "a%2fb", "é"] {
        assert_eq!(refused(Interaction::read("Patient", id)), RequestError::Id, "{id}");
        let version = Interaction::VersionRead { resource_type: "Patient", id: "1", version: id };
        assert_eq!(refused(version), RequestError::Version, "{id}");
    }
    for name in ["", "patient", "Patient/..", "$x", "_history"] {
        assert_eq!(refused(Interaction::read(name, "1")), RequestError::Type, "{name}");
    }
    for version in ["", "a\r\nx: y", "a\"b", "é"] {
        let update = Interaction::Update { resource: &patient, if_version: Some(version) };
        assert_eq!(refused(update), RequestError::Version);
    }
    assert_eq!(refused(Interaction::update(&nameless)), RequestError::Id);
    for condition in [&all, &other, &SearchQuery::within(Scope::System)] {
        let update = Interaction::ConditionalUpdate { resource: &patient, query: condition };
        assert_eq!(refused(update), RequestError::Condition);
    }
    let delete = Interaction::Delete { target: Target::Found(&all), if_version: None };
    assert_eq!(refused(delete), RequestError::Condition, "would delete every patient");
    assert_eq!(refused(Interaction::Bundle(&patient)), RequestError::NotABatch);
    let operation = |name| Interaction::Operation { at: Place::System, name, input: Input::Query(&[]) };
    assert_eq!(refused(operation("a/b")), RequestError::Operation);
    let patch = |patch| Interaction::Patch { target: Target::Found(&query), patch, if_version: None };
    let nothing = Value::object();
    assert_eq!(refused(patch(Patch::Json(&nothing))), RequestError::NotAPatch);
    assert_eq!(refused(patch(Patch::FhirPath(&patient))), RequestError::NotAPatch);
}

#[test]
fn effects_follow_from_what_was_asked() {
    let patient = patient();
    let query = by_identifier();
    let create = Interaction::Create { resource: &patient, unless: Some(&query) };
    let update = Interaction::Update { resource: &patient, if_version: Some("7") };
    let since = Instant::parse("2024-03-05T14:30:00Z").unwrap();
    let read = |unless_version, if_modified_since| Interaction::Read {
        resource_type: "Patient",
        id: "p1",
        unless_version,
        if_modified_since,
    };
    let rows = [
        (create, 201, "8", Effect::Created),
        (create, 200, "8", Effect::Found),
        (update, 200, "8", Effect::Updated),
        (update, 200, "7", Effect::Unchanged),
        (update, 201, "8", Effect::Created),
        (Interaction::delete("Patient", "p1"), 204, "8", Effect::Deleted),
        (Interaction::delete("Patient", "p1"), 202, "8", Effect::Accepted),
        (read(Some("7"), None), 304, "7", Effect::NotModified),
        (read(None, Some(&since)), 304, "7", Effect::NotModified),
    ];
    for (interaction, status, version, expected) in rows {
        let etag = format!("W/\"{version}\"");
        let response = HttpResponse::new(status, b"").header("etag", &etag);
        assert_eq!(Answer::of(&interaction, &response).unwrap().effect, expected, "{interaction:?} {status}");
    }
}

#[test]
fn an_answer_to_something_else_is_none() {
    let (patient, query) = (patient(), by_identifier());
    let rows: [(Interaction<'_>, &[u8]); 8] = [
        (Interaction::read("Patient", "p1"), br#"{"resourceType":"Patient","id":"p2"}"#),
        (Interaction::read("Patient", "p1"), br#"{"resourceType":"Device","id":"p1"}"#),
        (Interaction::read("Patient", "p1"), b""),
        (Interaction::search(&query), br#"{"resourceType":"Patient"}"#),
        (Interaction::search(&query), b"<html>"),
        (Interaction::update(&patient), br#"{"resourceType":"Device"}"#),
        (Interaction::create(&patient), br#"[]"#),
        (Interaction::Capabilities, br#"{"resourceType":"Bundle"}"#),
    ];
    for (interaction, body) in rows {
        let failure = Answer::of(&interaction, &HttpResponse::new(200, body)).unwrap_err();
        assert_eq!(failure.kind(), FailureKind::Unreadable, "{interaction:?}");
    }
    let redirect = Answer::of(&Interaction::read("Patient", "p1"), &HttpResponse::new(304, b""));
    assert_eq!(redirect.unwrap_err().kind(), FailureKind::Redirected, "nobody asked for a version");
}

#[test]
fn outcomes_of_writes_are_issues_and_not_the_resource() {
    let patient = patient();
    let body = br#"{"resourceType":"OperationOutcome","issue":[{"severity":"warning","code":"value"}]}"#;
    let response = HttpResponse::new(200, body).header("Content-Location", "Patient/p1/_history/9");
    let answer = Answer::of(&Interaction::update(&patient), &response).unwrap();
    assert_eq!(
        (answer.resource.is_none(), answer.issues.len(), answer.version.as_deref()),
        (true, 1, Some("9"))
    );
    let validate =
        Interaction::Operation { at: Place::Type("Patient"), name: "validate", input: Input::Body(&patient) };
    assert!(Answer::of(&validate, &HttpResponse::new(200, body)).unwrap().resource.is_some());
}

#[test]
fn a_location_of_another_type_is_not_taken() {
    let patient = patient();
    let response = HttpResponse::new(201, b"").header("location", "https://a/Device/7");
    assert_eq!(Answer::of(&Interaction::create(&patient), &response).unwrap().id(), None);
}

#[test]
fn debug_shows_no_value() {
    let secret = Resource::parse(br#"{"resourceType":"Patient","id":"Secret"}"#).unwrap();
    let query = SearchQuery::of("Patient").with(Criterion::new("name", "Secret"));
    let interactions = [Interaction::update(&secret), Interaction::search(&query)];
    for interaction in interactions {
        let request = interaction.request(&Preferences::default()).unwrap();
        assert!(request.url("").contains("Secret"));
        assert!(!format!("{request:?} {interaction:?}").contains("Secret"));
    }
    let input = Input::Query(&[("name", "Secret")]);
    assert!(
        !format!("{input:?} {:?}", HttpResponse::new(200, b"Secret").header("x", "Secret"))
            .contains("Secret")
    );
    assert_eq!(Method::Get.as_str(), "GET");
}
