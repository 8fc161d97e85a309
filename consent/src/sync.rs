//! Locks: those of the standard library, or those of a scheduler that tries interleavings.

#[cfg(not(carewire_shuttle))]
pub(crate) use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

#[cfg(carewire_shuttle)]
pub(crate) use shuttle::sync::{Arc, Mutex, MutexGuard};
#[cfg(carewire_shuttle)]
pub(crate) use std::sync::PoisonError;
