//! Finding out whether a transaction is one, by trying: servers list `transaction` and still keep half of it.

use carewire_fhir_core::{BundleBuilder, BundleEntry, BundleType, Method, Request, Resource, Value};
use carewire_sync_engine::Refusal;
use reqwest::Method as HttpMethod;

use crate::transport::{Call, Transport};

const TYPE: &str = "Basic";
const SYSTEM: &str = "urn:carewire:probe";
const VALUE: &str = "atomicity";
/// An id and version that no server gave out.
const NOWHERE: &str = "00000000-0000-4000-8000-000000000000";

/// Whether a transaction with a failing entry leaves nothing behind. Whatever it did leave is deleted.
pub(crate) async fn is_atomic(transport: &Transport) -> Result<bool, Refusal> {
    sweep(transport).await?;
    let call = Call {
        method: HttpMethod::POST,
        path: &[],
        query: &[],
        body: Some(half_invalid().to_json()),
        what: "Bundle",
        entries: 2,
    };
    let refused_as_a_whole = match transport.provoke(call).await {
        Ok(_) => false,
        Err(refusal @ Refusal::Transient { .. }) => {
            // Nothing was learned, but something may have been stored.
            sweep(transport).await?;
            return Err(refusal);
        }
        Err(_) => true,
    };
    let left_behind = sweep(transport).await?;
    Ok(refused_as_a_whole && left_behind == 0)
}

/// A good entry, and one that every server must refuse: it updates a version that is not there, and lacks its `code`.
fn half_invalid() -> Resource {
    let identifier = Value::object().with("system", SYSTEM).with("value", VALUE);
    let mut good = Resource::new(TYPE);
    good.value_mut().set("identifier", vec![identifier]);
    good.value_mut().set("code", Value::object().with("text", "probe"));
    let mut bad = Resource::new(TYPE);
    bad.value_mut().set("id", NOWHERE);
    let create = Request::new(Method::Post, TYPE);
    let update = Request::update(format!("{TYPE}/{NOWHERE}")).if_match(NOWHERE);
    BundleBuilder::new(BundleType::Transaction)
        .entry(BundleEntry { full_url: None, resource: good, request: Some(create) })
        .entry(BundleEntry { full_url: None, resource: bad, request: Some(update) })
        .build()
}

/// Deletes all probes that are there, also those of an earlier run that was cut off; answers how many.
async fn sweep(transport: &Transport) -> Result<usize, Refusal> {
    let token = format!("{SYSTEM}|{VALUE}");
    let call = Call {
        method: HttpMethod::GET,
        path: &[TYPE],
        query: &[("identifier", &token), ("_count", "100")],
        body: None,
        what: TYPE,
        entries: 0,
    };
    let found = transport.send(call).await?.body;
    let ids = found.list("entry").iter().filter_map(|entry| entry.get("resource")?.str("id"));
    let mut deleted = 0;
    for id in ids {
        let call = Call {
            method: HttpMethod::DELETE,
            path: &[TYPE, id],
            query: &[],
            body: None,
            what: TYPE,
            entries: 0,
        };
        match transport.send(call).await {
            Ok(_) | Err(Refusal::Gone { .. }) => deleted += 1,
            Err(refusal) => return Err(refusal),
        }
    }
    Ok(deleted)
}
