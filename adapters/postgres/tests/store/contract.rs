//! The contract suites, by type and behind a trait object.

use std::sync::Arc;

use carewire_consent::ConsentStore;
use carewire_deid::TokenVault;
use carewire_sync_engine::{Store, contract};

use crate::database::Database;

#[tokio::test(flavor = "multi_thread")]
async fn the_consent_contract_holds() {
    let Some(database) = Database::make().await else { return };
    let store = database.store().await;
    carewire_consent::contract::all(&store, "typed").await;
    let consents: Arc<dyn ConsentStore> = Arc::new(store);
    carewire_consent::contract::all(&*consents, "boxed").await;
    database.remove().await;
}

/// The suites of the queue run in `queue`, each in a database of its own.
#[tokio::test(flavor = "multi_thread")]
async fn the_engine_contract_holds() {
    let Some(database) = Database::make().await else { return };
    stores(&Arc::new(database.store().await)).await;
    database.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_engine_contract_holds_behind_a_trait_object() {
    let Some(database) = Database::make().await else { return };
    let store: Arc<dyn Store> = Arc::new(database.store().await);
    stores(&store).await;
    database.remove().await;
}

async fn stores<S: Store + ?Sized + 'static>(store: &Arc<S>) {
    contract::run_all(store).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_vault_contract_holds() {
    let Some(database) = Database::make().await else { return };
    let store = database.store().await;
    carewire_deid::contract::all(&store, "typed").await.unwrap();
    let vault: Arc<dyn TokenVault> = Arc::new(store);
    carewire_deid::contract::all(&*vault, "boxed").await.unwrap();
    database.remove().await;
}
