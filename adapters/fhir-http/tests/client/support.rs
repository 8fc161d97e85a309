use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use carewire_embedded_fhir::{BASE_PATH, Builder, EmbeddedFhir};
use carewire_fhir_core::http::{Failure, FailureKind};
use carewire_fhir_core::{Resource, Value};
use carewire_fhir_http::{CallError, FhirClient, NoToken, Options};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

pub(crate) fn options() -> Options {
    Options::default().request_timeout(Duration::from_secs(5)).connect_timeout(Duration::from_secs(1))
}

pub(crate) async fn embedded(builder: Builder) -> (EmbeddedFhir, FhirClient) {
    let server = builder.build().await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}{BASE_PATH}", listener.local_addr().unwrap());
    let serving = server.clone();
    tokio::spawn(async move { serving.serve(listener, std::future::pending()).await });
    (server, FhirClient::new(&base, &options(), NoToken).unwrap())
}

/// The requests that a scripted server got, as they came.
pub(crate) type Heard = Arc<Mutex<Vec<Vec<u8>>>>;

/// A server that gives every request to a function, and closes the connection after its answer.
pub(crate) async fn scripted(
    script: impl Fn(SocketAddr, &str) -> Vec<u8> + Send + Sync + 'static,
) -> (String, Heard) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (script, heard) = (Arc::new(script), Heard::default());
    let hearing = heard.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut bytes = vec![0; 1 << 16];
            let length = stream.read(&mut bytes).await.unwrap_or(0);
            bytes.truncate(length);
            let answer = script(address, &String::from_utf8_lossy(&bytes));
            hearing.lock().unwrap().push(bytes);
            drop(stream.write_all(&answer).await);
        }
    });
    (format!("http://{address}/fhir"), heard)
}

pub(crate) fn http(headers: &str, body: &[u8]) -> Vec<u8> {
    let head =
        format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n{headers}\r\n", body.len());
    [head.as_bytes(), body].concat()
}

pub(crate) fn client(base: &str, options: &Options) -> FhirClient {
    FhirClient::new(base, options, NoToken).unwrap()
}

pub(crate) fn kind(error: CallError) -> FailureKind {
    error.failure().map(Failure::kind).unwrap()
}

pub(crate) fn patient(value: &str) -> Resource {
    let identifier = Value::object().with("system", "urn:x").with("value", value);
    let mut patient = Resource::new("Patient");
    patient.value_mut().set("identifier", vec![identifier]);
    patient
}
