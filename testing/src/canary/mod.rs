//! Messages full of canaries, and a gateway and a remote in which they are looked for.

mod message;
mod places;
mod scene;

pub use carewire_canary::{Canaries, Canary, Finding, Searcher, encodings};
pub use message::{CONTROL_VALUE, Persona, Story};
pub use scene::{Place, Scene};
