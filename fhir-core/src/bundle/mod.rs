//! Bundles: to build them, to read them, and to send them within a remote's limits.

mod build;
mod graph;
mod plan;
mod read;

pub use build::{BundleBuilder, BundleEntry, BundleType, EntrySearch, Method, Request, Response};
pub use graph::dependency_order;
pub use plan::{EntryOutcome, PlanError, Splitting, TransactionLimits, TransactionPlan};
pub use read::{BundleHead, Entry, EntryResponse, SearchMode, entries};
