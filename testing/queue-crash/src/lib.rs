//! The queues of every store under workers that are killed, stopped and cut off, and servers that are.
//!
//! [`torment`] enqueues jobs, runs several [worker processes](worker), kills them at random, and [checks](check()) what they wrote
//! down: that every job that was acknowledged to its producer had its effect, that no job ran again after its end was
//! acknowledged, that no epoch was given twice, that jobs of a key ran one after the other, and that nothing that was said
//! under an old lease was taken.

pub mod journal;
pub mod worker;

mod check;
mod clock;
mod cut;
mod error;
mod producer;
mod server;
mod store;
mod torment;

pub use check::{Checked, check};
pub use clock::SystemClock;
pub use error::{Error, Result};
pub use server::Server;
pub use store::{Queue, open};
pub use torment::{Report, Torment, torment};
