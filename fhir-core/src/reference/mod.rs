//! References: what one says, and all of them in a tree.

mod narrative;
mod parse;
mod site;
mod walk;

pub(crate) use parse::has_scheme;
pub use parse::{Canonical, Reference, parse_etag, parse_location};
pub use site::{ReferenceSite, SiteKind};
pub use walk::{rewrite_references, rewrite_sites, visit_references, visit_sites};
