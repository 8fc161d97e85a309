//! The CapabilityStatement: every claim is tried.

use carewire_fhir_core::Value;

use crate::support::{Running, in_memory, patient, start};

async fn statement(remote: &Running) -> Value {
    let statement = remote.get("/metadata").await.json();
    assert_eq!(statement.str("resourceType"), Some("CapabilityStatement"));
    statement
}

fn rest(statement: &Value) -> Value {
    statement.list("rest")[0].clone()
}

fn codes(list: &[Value]) -> Vec<&str> {
    list.iter().map(|item| item.str("code").unwrap()).collect()
}

/// A value that a parameter of the kind takes.
fn value_of(kind: &str) -> &str {
    match kind {
        "date" => "2024",
        "number" | "quantity" => "1",
        "reference" => "Patient/1",
        "uri" => "http://a.example",
        _ => "x",
    }
}

#[tokio::test]
async fn every_search_parameter_and_include_is_answered() {
    let remote = in_memory().await;
    let mut tried = 0;
    for resource in rest(&statement(&remote).await).list("resource") {
        let resource_type = resource.str("type").unwrap();
        let mut queries = Vec::new();
        for parameter in resource.list("searchParam") {
            let (name, kind) = (parameter.str("name").unwrap(), parameter.str("type").unwrap());
            if kind != "composite" {
                queries.push(format!("{name}={}&{name}:missing=true&_sort={name}", value_of(kind)));
            } else {
                // The kinds of its parts are not in the statement; that it is known is what is said.
                let refused = remote.get(&format!("/{resource_type}?{name}=x")).await;
                assert!(!refused.text.contains("Unknown"), "{resource_type}.{name}");
            }
        }
        queries.extend(
            resource.list("searchInclude").iter().map(|i| format!("_include={}", i.as_str().unwrap())),
        );
        for query in queries {
            let reply = remote.get(&format!("/{resource_type}?{query}")).await;
            assert_eq!(reply.status, 200, "{resource_type}?{query}: {}", reply.text);
            tried += 1;
        }
        assert_eq!(remote.get(&format!("/{resource_type}?shoe-size=1")).await.status, 400);
    }
    assert!(tried > 1_500, "{tried}");
}

/// A resource of the type that is accepted: what is missing is filled in.
async fn created(remote: &Running, resource_type: &str) -> Value {
    let mut body = Value::object().with("resourceType", resource_type);
    if resource_type == "Subscription" {
        body.set("status", "off");
    }
    loop {
        let reply = remote.fhir("POST", &format!("/{resource_type}"), &body.to_json()).await;
        if reply.status == 201 {
            return reply.json();
        }
        let expression = reply.json().list("issue")[0].list("expression")[0].as_str().unwrap().to_owned();
        let (_, element) = expression.split_once('.').unwrap();
        let element = element.replace("[x]", "CodeableConcept");
        assert!(body.get(&element).is_none(), "{}", reply.text);
        body.set(&element, Value::object().with("text", "x"));
    }
}

#[tokio::test]
async fn every_interaction_with_every_type_is_answered() {
    let remote = in_memory().await;
    let expected = [
        "create",
        "read",
        "vread",
        "update",
        "patch",
        "delete",
        "history-instance",
        "history-type",
        "search-type",
    ];
    for resource in rest(&statement(&remote).await).list("resource") {
        let name = resource.str("type").unwrap();
        assert_eq!(codes(resource.list("interaction")), expected);
        let stored = created(&remote, name).await;
        let path = format!("/{name}/{}", stored.str("id").unwrap());
        let version = stored.get("meta").unwrap().str("versionId").unwrap().to_owned();
        let body = stored.clone().with("language", "en").to_json();
        let patch = r#"[{"op":"replace","path":"/language","value":"de"}]"#;
        let query = format!("/{name}?_id={}", stored.str("id").unwrap());
        let tries = [
            ("GET", path.clone(), ""),
            ("GET", format!("{path}/_history/{version}"), ""),
            ("PUT", path.clone(), &*body),
            ("PATCH", path.clone(), patch),
            ("GET", format!("{path}/_history"), ""),
            ("GET", format!("/{name}/_history"), ""),
            ("GET", query.clone(), ""),
            ("PUT", query.clone(), &body),
            ("POST", format!("{path}/$validate"), &body),
            ("DELETE", query, ""),
            ("DELETE", path.clone(), ""),
        ];
        for (method, target, body) in tries {
            let json_patch = ["Content-Type: application/json-patch+json"];
            let headers = if method == "PATCH" { json_patch.as_slice() } else { &[] };
            let reply = remote.with(method, &target, headers, body).await;
            assert_eq!(reply.status, 200, "{method} {target}: {}", reply.text);
        }
        assert_eq!(remote.get(&path).await.status, 410);
        let unknown = "6b8a5c0e-0000-4000-8000-000000000001";
        let body = stored.with("id", unknown).to_json();
        assert_eq!(
            remote.fhir("PUT", &format!("/{name}/{unknown}"), &body).await.status,
            404,
            "updateCreate"
        );
        let once = [&*format!("If-None-Exist: _id={unknown}")];
        assert_eq!(remote.with("POST", &format!("/{name}"), &once, &body).await.status, 201);
    }
}

#[tokio::test]
async fn every_operation_is_answered_where_it_is_listed() {
    let remote = in_memory().await;
    let id = remote.create(&patient("a")).await;
    let rest = rest(&statement(&remote).await);
    assert_eq!(codes(rest.list("interaction")), ["transaction", "batch", "history-system", "search-system"]);
    for bundle in ["transaction", "batch"] {
        assert_eq!(remote.bundle(bundle, &[]).await.status, 200);
    }
    assert_eq!(remote.get("/_history").await.status, 200);
    assert_eq!(remote.get("/?_lastUpdated=gt2020").await.status, 200);
    let compartments: Vec<_> = rest.list("compartment").iter().filter_map(Value::as_str).collect();
    let definition = "http://hl7.org/fhir/CompartmentDefinition/";
    assert_eq!(compartments, ["patient", "encounter"].map(|name| format!("{definition}{name}")));
    assert_eq!(remote.get(&format!("/{id}/*")).await.status, 200);
    let names = |list: &[Value]| -> Vec<String> {
        list.iter().map(|operation| operation.str("name").unwrap().to_owned()).collect()
    };
    assert_eq!(names(rest.list("operation")), ["export"]);
    let respond = ["Prefer: respond-async"];
    assert_eq!(remote.with("GET", "/$export", &respond, "").await.status, 202);
    for resource in rest.list("resource") {
        let operations = names(resource.list("operation"));
        let expected: &[&str] = match resource.str("type").unwrap() {
            "Patient" => &["validate", "everything", "export"],
            "Encounter" => &["validate", "everything"],
            "Group" => &["validate", "export"],
            _ => &["validate"],
        };
        assert_eq!(operations, expected);
    }
    assert_eq!(remote.get(&format!("/{id}/$everything")).await.status, 200);
    assert_eq!(remote.with("GET", "/Patient/$export", &respond, "").await.status, 202);
    let group = remote.create(r#"{"resourceType":"Group","type":"person","actual":true}"#).await;
    assert_eq!(remote.with("GET", &format!("/{group}/$export"), &respond, "").await.status, 202);
}

#[tokio::test]
async fn it_says_whether_a_token_is_demanded() {
    let open = rest(&statement(&in_memory().await).await).get("security").unwrap().to_json();
    let closed = start(carewire_embedded_fhir::EmbeddedFhir::builder().bearer_token("t")).await;
    let closed = closed.with("GET", "/metadata", &["Authorization: Bearer t"], "").await.json();
    assert_ne!(rest(&closed).get("security").unwrap().to_json(), open);
}
