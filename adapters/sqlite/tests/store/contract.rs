//! The contract suites of every trait, on a file, by type and behind a trait object.

use std::sync::Arc;

use carewire_consent::ConsentStore;
use carewire_deid::TokenVault;
use carewire_sqlite::{SqliteOptions, SqliteStore};
use carewire_sync_engine::{Store, contract};
use tempfile::TempDir;

async fn store() -> (TempDir, SqliteStore) {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path().join("store.db"), SqliteOptions::default()).await.unwrap();
    (folder, store)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_engine_contract_holds() {
    let (_folder, store) = store().await;
    contract::run_all(&Arc::new(store)).await;
}

#[tokio::test]
async fn the_engine_contract_holds_on_one_thread() {
    let (_folder, store) = store().await;
    contract::run_all(&Arc::new(store)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_engine_contract_holds_behind_a_trait_object() {
    let (_folder, store) = store().await;
    let store: Arc<dyn Store> = Arc::new(store);
    contract::run_all(&store).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_schedule_contract_holds() {
    let (_folder, store) = store().await;
    contract::schedules::run_all(&Arc::new(store)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_vault_contract_holds() {
    let (_folder, store) = store().await;
    carewire_deid::contract::all(&store, "typed").await.unwrap();
    let vault: Arc<dyn TokenVault> = Arc::new(store);
    carewire_deid::contract::all(&*vault, "boxed").await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_consent_contract_holds() {
    let (_folder, store) = store().await;
    carewire_consent::contract::all(&store, "typed").await;
    let consents: Arc<dyn ConsentStore> = Arc::new(store);
    carewire_consent::contract::all(&*consents, "boxed").await;
}
