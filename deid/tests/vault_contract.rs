//! The in-memory vault keeps the contract, also as a trait object behind an `Arc`.
#![cfg(feature = "contract")]

use carewire_deid::{MemoryVault, TokenVault, contract};
use std::sync::Arc;

#[tokio::test]
async fn memory_vault_keeps_the_contract() {
    contract::all(&MemoryVault::new(), "memory").await.unwrap();
}

#[tokio::test]
async fn so_does_a_shared_trait_object() {
    let vault: Arc<dyn TokenVault> = Arc::new(MemoryVault::new());
    contract::all(vault.as_ref(), "one").await.unwrap();
    contract::all(vault.as_ref(), "two").await.unwrap();
}
