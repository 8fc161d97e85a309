//! The embedded server.

use carewire_embedded_fhir::{BASE_PATH, Builder, EmbeddedFhir};
use carewire_fhir_core::Value;
use carewire_fhir_http::FhirHttpRemote;
use carewire_sync_engine::Limits;
use carewire_sync_engine::contract::remote::Server;
use tokio::net::TcpListener;

use crate::outside::{LIMITS, Other, keeps_its_promises};

pub(crate) async fn serve(builder: Builder) -> (EmbeddedFhir, String) {
    let embedded = builder.build().await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}{BASE_PATH}", listener.local_addr().unwrap());
    let serving = embedded.clone();
    tokio::spawn(async move { serving.serve(listener, std::future::pending()).await });
    (embedded, base)
}

async fn holds(builder: Builder, atomic: bool) {
    let (embedded, base) = serve(builder).await;
    let limits = Limits { atomic, ..LIMITS };
    let server = Server { limits, enforces_limits: atomic, outside: Other::at(&base, None) };
    keeps_its_promises(FhirHttpRemote::open("clinic", &base).unwrap(), &server).await;
    let stats = embedded.stats();
    let left = stats.get("resources").map_or(0, |resources| {
        resources.members().filter(|(_, count)| Value::as_i64(count) != Some(0)).count()
    });
    assert_eq!(left, 0, "the suite deletes what it made");
}

#[tokio::test]
async fn with_transactions() {
    holds(EmbeddedFhir::builder(), true).await;
}

#[tokio::test]
async fn with_transactions_that_are_none() {
    holds(EmbeddedFhir::builder().atomic_transactions(false), false).await;
}
