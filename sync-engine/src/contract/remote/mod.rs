//! The promises of [`Remote`], asked of the server behind it.
//!
//! ```no_run
//! use std::sync::Arc;
//! use carewire_sync_engine::contract::remote::{self, Outside, Server};
//! use carewire_sync_engine::{Limits, Remote};
//!
//! # async fn example(clinic: Arc<dyn Remote>, outside: Arc<dyn Outside>) {
//! let limits = Limits { conditional_entries: 8, update_entries: 50, atomic: true };
//! let server = Server { limits, enforces_limits: true, outside };
//! remote::run_all(&clinic, &server).await;
//! # }
//! ```
//!
//! # What is written, and that it is deleted again
//! Each function writes a few resources (organizations, and where patients matter a patient with nothing but an
//! identifier) under identities that no other run uses, and deletes them at its end. After a panic they stay; all have
//! an identifier or a tag of the system [`SYSTEM`]. The largest function writes 108 resources.

mod reads;
mod transactions;
mod trial;
mod writes;

use std::fmt::Debug;
use std::sync::Arc;

use async_trait::async_trait;

use crate::{Limits, Remote};

pub use reads::{a_deleted_resource_is_not_an_absent_one, an_inventory_lists_what_is_there};
pub use transactions::{
    a_bad_entry_spoils_an_atomic_transaction, a_probe_finds_out_and_leaves_nothing,
    a_repeated_identity_is_refused, entries_refer_to_each_other, outcomes_stand_in_the_order_of_the_writes,
    too_many_entries_are_refused_for_good,
};
pub use writes::{
    a_stale_version_is_a_conflict, a_write_creates_once, an_identity_may_hold_any_character,
    an_update_makes_a_new_version, many_at_once_make_one_resource, one_identity_of_two_resources_is_reported,
    what_cannot_be_taken_is_refused_for_good, what_comes_back_is_what_was_sent,
    what_has_no_identifier_is_found_by_its_tag,
};

/// The system of every identity that this suite makes.
pub const SYSTEM: &str = "urn:carewire:contract";

/// Another client of the server, for what a [`Remote`] cannot do.
#[async_trait]
pub trait Outside: Debug + Send + Sync {
    /// Deletes a resource as somebody else would. It may be deleted already.
    async fn delete(&self, resource_type: &str, id: &str);
}

/// What the suite must know about the server.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_structs, reason = "tests make them")]
pub struct Server {
    /// What it takes in one transaction. It must be atomic exactly when this says so.
    pub limits: Limits,
    /// Whether it refuses a larger transaction. Those that are not atomic do not.
    pub enforces_limits: bool,
    /// Another client of it.
    pub outside: Arc<dyn Outside>,
}

/// Runs this suite.
pub async fn run_all<R: Remote + ?Sized + 'static>(remote: &Arc<R>, server: &Server) {
    a_probe_finds_out_and_leaves_nothing(remote, server).await;
    a_write_creates_once(remote, server).await;
    an_update_makes_a_new_version(remote, server).await;
    a_stale_version_is_a_conflict(remote, server).await;
    what_comes_back_is_what_was_sent(remote, server).await;
    what_has_no_identifier_is_found_by_its_tag(remote, server).await;
    an_identity_may_hold_any_character(remote, server).await;
    one_identity_of_two_resources_is_reported(remote, server).await;
    many_at_once_make_one_resource(remote, server).await;
    what_cannot_be_taken_is_refused_for_good(remote, server).await;
    a_deleted_resource_is_not_an_absent_one(remote, server).await;
    an_inventory_lists_what_is_there(remote, server).await;
    outcomes_stand_in_the_order_of_the_writes(remote, server).await;
    entries_refer_to_each_other(remote, server).await;
    a_repeated_identity_is_refused(remote, server).await;
    a_bad_entry_spoils_an_atomic_transaction(remote, server).await;
    too_many_entries_are_refused_for_good(remote, server).await;
}
