use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use carewire_embedded_fhir::{BASE_PATH, Builder, EmbeddedFhir};
use carewire_fhir_core::{OrgId, Resource, Value};
use carewire_fhir_http::{FhirHttpRemote, NoToken, Options};
use carewire_sync_engine::{LocalKey, PermittedWrites, Refusal, Remote, Write, WriteMethod, WriteOutcome};
use chrono::DateTime;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

pub(crate) const SYSTEM: &str = "urn:carewire:pseudonym";

/// A server and a remote that speaks to it.
pub(crate) struct Pair {
    pub(crate) server: EmbeddedFhir,
    pub(crate) remote: FhirHttpRemote,
}

pub(crate) fn options() -> Options {
    Options::default().request_timeout(Duration::from_millis(500)).connect_timeout(Duration::from_millis(500))
}

pub(crate) async fn serve(builder: Builder) -> (EmbeddedFhir, String) {
    let server = builder.build().await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}{BASE_PATH}", listener.local_addr().unwrap());
    let serving = server.clone();
    tokio::spawn(async move { serving.serve(listener, std::future::pending()).await });
    (server, base)
}

pub(crate) async fn pair(builder: Builder) -> Pair {
    let (server, base) = serve(builder).await;
    Pair { server, remote: FhirHttpRemote::new("clinic", &base, &options(), NoToken).unwrap() }
}

impl Pair {
    pub(crate) async fn submit(&self, writes: &[Write]) -> Result<Vec<WriteOutcome>, Refusal> {
        submit(&self.remote, writes).await
    }

    /// A count of the server's statistics, such as `requests`, or of a type's resources.
    pub(crate) fn count(&self, name: &str) -> i64 {
        let stats = self.server.stats();
        let resources = stats.get("resources").and_then(|resources| resources.get(name));
        resources.or_else(|| stats.get(name)).and_then(Value::as_i64).unwrap_or(0)
    }
}

pub(crate) async fn submit(remote: &dyn Remote, writes: &[Write]) -> Result<Vec<WriteOutcome>, Refusal> {
    let org = OrgId::new("org_a").unwrap();
    let now = DateTime::from_timestamp(0, 0).unwrap();
    let permitted = PermittedWrites::new(writes, &[], &org, remote.name(), now).unwrap();
    remote.submit(permitted).await
}

/// A conditional update of an organization, which needs no permit.
pub(crate) fn organization(value: &str) -> Write {
    let identifier = Value::object().with("system", SYSTEM).with("value", value);
    let mut resource = Resource::new("Organization");
    resource.value_mut().set("identifier", vec![identifier]);
    let key =
        LocalKey { resource_type: "Organization".into(), system: SYSTEM.into(), value: value.to_owned() };
    Write {
        key,
        full_url: format!("urn:uuid:{value}"),
        method: WriteMethod::ConditionalUpdate,
        resource,
        patient: None,
        classes: Vec::new(),
    }
}

pub(crate) fn named(mut write: Write, name: &str) -> Write {
    write.resource.value_mut().set("name", name);
    write
}

pub(crate) fn by_id(mut write: Write, id: &str, if_match: Option<&str>) -> Write {
    write.method = WriteMethod::Update { id: id.to_owned(), if_match: if_match.map(str::to_owned) };
    write
}

pub(crate) fn applied(outcome: &WriteOutcome) -> (String, String, bool) {
    match outcome {
        WriteOutcome::Applied { id, version, created } => (id.clone(), version.clone().unwrap(), *created),
        WriteOutcome::Refused(refusal) => panic!("{refusal:?}"),
    }
}

pub(crate) fn transient_code(refusal: &Refusal) -> &str {
    match refusal {
        Refusal::Transient { code, .. } => code,
        other => panic!("{other:?}"),
    }
}

/// A server that gives every request to a function and closes the connection after its answer; an empty answer is none.
pub(crate) async fn scripted(script: impl Fn(&str) -> String + Send + Sync + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let script = Arc::new(script);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let script = Arc::clone(&script);
            tokio::spawn(async move {
                let mut bytes = vec![0; 1 << 16];
                let length = stream.read(&mut bytes).await.unwrap_or(0);
                let answer = script(&String::from_utf8_lossy(&bytes[..length]));
                drop(stream.write_all(answer.as_bytes()).await);
            });
        }
    });
    address
}

pub(crate) fn http(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n{headers}\r\n{body}", body.len())
}

pub(crate) fn remote_at(address: SocketAddr) -> FhirHttpRemote {
    FhirHttpRemote::new("clinic", &format!("http://{address}/fhir"), &options(), NoToken).unwrap()
}
