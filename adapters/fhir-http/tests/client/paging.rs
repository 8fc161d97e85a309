//! Pages: all of them, and none elsewhere.

use std::net::SocketAddr;

use carewire_embedded_fhir::EmbeddedFhir;
use carewire_fhir_core::http::PageError;
use carewire_fhir_core::search::SearchQuery;
use carewire_fhir_http::CallError;

use crate::support::{client, embedded, http, options, patient, scripted};

#[tokio::test]
async fn all_pages_are_read() {
    let (_server, client) = embedded(EmbeddedFhir::builder()).await;
    for n in 0..7 {
        client.create(&patient(&n.to_string())).await.unwrap();
    }
    let query = SearchQuery::of("Patient").count(3);
    let (mut pages, mut sizes) = (client.search(&query), Vec::new());
    while let Some(page) = pages.next().await {
        sizes.push(page.unwrap().value().list("entry").len());
    }
    assert_eq!(sizes, [3, 3, 1]);
    assert_eq!(client.search(&query).resources().await.unwrap().len(), 7);
}

fn page(next: &str) -> Vec<u8> {
    let body = format!(
        r#"{{"resourceType":"Bundle","link":[{{"relation":"next","url":"{next}"}}],"entry":[
        {{"resource":{{"resourceType":"Patient","id":"1"}},"search":{{"mode":"match"}}}},
        {{"resource":{{"resourceType":"Device","id":"2"}},"search":{{"mode":"include"}}}}]}}"#
    );
    http("", body.as_bytes())
}

async fn outcome(next: impl Fn(SocketAddr, usize) -> String + Send + Sync + 'static) -> (CallError, usize) {
    let count = std::sync::atomic::AtomicUsize::new(0);
    let (base, heard) = scripted(move |address, _| {
        page(&next(address, count.fetch_add(1, std::sync::atomic::Ordering::SeqCst)))
    })
    .await;
    let client = client(&base, &options().max_pages(3));
    let error = client.search(&SearchQuery::of("Patient")).resources().await.unwrap_err();
    let asked = heard.lock().unwrap().len();
    (error, asked)
}

#[tokio::test]
async fn pages_elsewhere_in_a_loop_or_without_end_are_not_read() {
    let elsewhere = outcome(|_, _| "http://127.0.0.1:1/fhir/Patient?p=2".into()).await;
    assert_eq!(elsewhere, (CallError::Page(PageError::Elsewhere), 1));
    let above = outcome(|address, _| format!("http://{address}/admin?p=2")).await;
    assert_eq!(above, (CallError::Page(PageError::Elsewhere), 1));
    let looping = outcome(|address, _| format!("http://{address}/fhir/Patient?p=2")).await;
    assert_eq!(looping, (CallError::Page(PageError::Loop), 2));
    let endless = outcome(|address, n| format!("http://{address}/fhir/Patient?p={n}")).await;
    assert_eq!(endless, (CallError::Page(PageError::TooMany), 4));
}

#[tokio::test]
async fn resources_that_were_only_included_are_left_out() {
    let (base, _) = scripted(|_, request| {
        if request.contains("p=2") { http("", br#"{"resourceType":"Bundle"}"#) } else { page("?p=2") }
    })
    .await;
    let found = client(&base, &options()).search(&SearchQuery::of("Patient")).resources().await.unwrap();
    assert_eq!(found.iter().map(|one| one.resource_type()).collect::<Vec<_>>(), ["Patient"]);
}
