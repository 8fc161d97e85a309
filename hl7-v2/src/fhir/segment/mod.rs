//! One file for each segment (or for those that describe one thing together): its rows, and what rows cannot say.

pub(crate) mod pid;
pub(crate) mod pv1;
