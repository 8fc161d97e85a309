//! The contract of the queue, suite by suite, as the role of the service.

use std::sync::Arc;

use carewire_sync_engine::contract;

use crate::database::Database;

#[tokio::test(flavor = "multi_thread")]
async fn the_contract_holds_for_jobs() {
    let Some(database) = Database::make().await else { return };
    contract::jobs::run_all(&Arc::new(database.store().await)).await;
    database.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_contract_holds_for_leases() {
    let Some(database) = Database::make().await else { return };
    contract::leases::run_all(&Arc::new(database.store().await)).await;
    database.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_contract_holds_for_order() {
    let Some(database) = Database::make().await else { return };
    contract::order::run_all(&Arc::new(database.store().await)).await;
    database.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_contract_holds_for_merges() {
    let Some(database) = Database::make().await else { return };
    contract::merges::run_all(&Arc::new(database.store().await)).await;
    database.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_contract_holds_for_unique() {
    let Some(database) = Database::make().await else { return };
    contract::unique::run_all(&Arc::new(database.store().await)).await;
    database.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_contract_holds_for_fairness() {
    let Some(database) = Database::make().await else { return };
    contract::fairness::run_all(&Arc::new(database.store().await)).await;
    database.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_contract_holds_for_limits() {
    let Some(database) = Database::make().await else { return };
    contract::limits::run_all(&Arc::new(database.store().await)).await;
    database.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_contract_holds_for_admin() {
    let Some(database) = Database::make().await else { return };
    contract::admin::run_all(&Arc::new(database.store().await)).await;
    database.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_contract_holds_for_operate() {
    let Some(database) = Database::make().await else { return };
    contract::operate::run_all(&Arc::new(database.store().await)).await;
    database.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_contract_holds_for_schedules() {
    let Some(database) = Database::make().await else { return };
    contract::schedules::run_all(&Arc::new(database.store().await)).await;
    database.remove().await;
}

/// Whatever producers, workers and operators do, the queue does what the model says.
#[tokio::test(flavor = "multi_thread")]
async fn random_histories_are_those_of_the_model() {
    let Some(database) = Database::make().await else { return };
    let store = Arc::new(database.store().await);
    for seed in 0..12 {
        contract::histories::run(&store, seed, 120).await;
    }
    database.remove().await;
}
