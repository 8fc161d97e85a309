//! The client against a FHIR server over real sockets, and against servers that misbehave.

#[cfg(test)]
mod compression;
#[cfg(test)]
mod interactions;
#[cfg(test)]
mod paging;
#[cfg(test)]
mod refusals;
#[cfg(test)]
mod support;
