//! Bundles: to build them and to read them.

mod build;
mod read;

pub use build::{BundleBuilder, BundleEntry, BundleType, Method, Request};
pub use read::{Entry, EntryResponse, entries};
