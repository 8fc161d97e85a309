//! Finding out whether a transaction is one, by trying: servers list `transaction` and still keep half of it.

use carewire_fhir_core::http::Interaction;
use carewire_fhir_core::search::{Criterion, SearchQuery, Token};
use carewire_fhir_core::{BundleBuilder, BundleEntry, BundleType, Method, Request, Resource, Value};
use carewire_sync_engine::Refusal;

use crate::FhirClient;
use crate::classify::{refusal_of_call, transient};

const TYPE: &str = "Basic";
const SYSTEM: &str = "urn:carewire:probe";
const VALUE: &str = "atomicity";
/// An id and version that no server gave out.
const NOWHERE: &str = "00000000-0000-4000-8000-000000000000";

/// Whether a transaction with a failing entry leaves nothing behind. Whatever it did leave is deleted.
pub(crate) async fn is_atomic(client: &FhirClient) -> Result<bool, Refusal> {
    sweep(client).await?;
    let answer = client.provoke(&Interaction::Bundle(&half_invalid())).await;
    let refused_as_a_whole = match answer.map_err(|error| refusal_of_call(&error)) {
        Ok(_) => false,
        Err(refusal @ Refusal::Transient { .. }) => {
            // Nothing was learned, but something may have been stored.
            sweep(client).await?;
            return Err(refusal);
        }
        Err(_) => true,
    };
    let left_behind = sweep(client).await?;
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
        .entry(BundleEntry::new(good).request(create))
        .entry(BundleEntry::new(bad).request(update))
        .build()
}

/// Deletes all probes that are there, also those of an earlier run that was cut off; answers how many.
async fn sweep(client: &FhirClient) -> Result<usize, Refusal> {
    let query =
        SearchQuery::of(TYPE).with(Criterion::new("identifier", Token::coded(SYSTEM, VALUE))).count(100);
    let answer =
        client.execute(&Interaction::search(&query)).await.map_err(|error| refusal_of_call(&error))?;
    let found = answer.resource.ok_or_else(|| transient("unreadable-answer"))?;
    let ids = found.value().list("entry").iter().filter_map(|entry| entry.get("resource")?.str("id"));
    let mut deleted = 0;
    for id in ids {
        let done = client.execute(&Interaction::delete(TYPE, id)).await;
        match done.map_err(|error| refusal_of_call(&error)) {
            Ok(_) | Err(Refusal::Gone { .. }) => deleted += 1,
            Err(refusal) => return Err(refusal),
        }
    }
    Ok(deleted)
}
