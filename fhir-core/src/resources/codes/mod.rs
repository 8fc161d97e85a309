//! Codes with required bindings that resources use, by their names.

mod a_to_g;
mod g_to_u;

pub use a_to_g::*;
pub use g_to_u::*;
