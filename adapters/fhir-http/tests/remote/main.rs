//! The remote against a FHIR server over real sockets, and against servers that misbehave.

#[cfg(test)]
mod embedded;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod leaks;
#[cfg(test)]
mod misbehaving;
#[cfg(test)]
mod probing;
#[cfg(test)]
mod support;
#[cfg(test)]
mod tokens;
