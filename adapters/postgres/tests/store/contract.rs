//! The contract suites, by type and behind a trait object.

use std::sync::Arc;

use carewire_consent::ConsentStore;
use carewire_deid::TokenVault;
use carewire_sync_engine::{AuditLog, Idempotency, IdentityMap, contract};

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

#[tokio::test(flavor = "multi_thread")]
async fn the_identity_contract_holds() {
    let Some(database) = Database::make().await else { return };
    let store = Arc::new(database.store().await);
    contract::identity::run_all(&store).await;
    let map: Arc<dyn IdentityMap> = store;
    contract::identity::run_all(&map).await;
    database.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_audit_contract_holds() {
    let Some(database) = Database::make().await else { return };
    let store = Arc::new(database.store().await);
    contract::audit::run_all(&store).await;
    let trail: Arc<dyn AuditLog> = store;
    contract::audit::run_all(&trail).await;
    database.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_idempotency_contract_holds() {
    let Some(database) = Database::make().await else { return };
    let store = Arc::new(database.store().await);
    contract::idempotency::run_all(&store).await;
    let deliveries: Arc<dyn Idempotency> = store;
    contract::idempotency::run_all(&deliveries).await;
    database.remove().await;
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
