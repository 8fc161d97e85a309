//! The engine against the reference store and a server that insists on its rules.

#[cfg(test)]
mod contract;
#[cfg(test)]
mod measures;
#[cfg(test)]
mod push;
#[cfg(test)]
mod queue_model;
#[cfg(test)]
mod reconcile;
#[cfg(test)]
mod schedule;
#[cfg(test)]
mod support;
#[cfg(test)]
mod worker;
