//! De-identification (being written).

pub mod vault;

mod entropy;
mod error;
mod keys;
mod mac;
mod pseudonym;
mod seal;

pub use entropy::{Entropy, new_token};
pub use error::{Error, PolicyError, Refusal, Result};
pub use keys::{KeyRing, KeyUse};
pub use pseudonym::Pseudonymizer;
pub use seal::{SealContext, Sealer};
#[cfg(feature = "contract")]
pub use vault::contract;
pub use vault::{MemoryVault, TokenVault};

/// How deeply nested a resource may be.
pub const MAX_DEPTH: usize = 100;
