//! The remote's contract, on servers that are not ours too, and what their faults are taken for.
//!
//! - the embedded server, in this process;
//! - the peer: Medplum's router and validator (`testing/oracle`), as `CAREWIRE_TEST_PEER_URL` or started here;
//! - any server that `CAREWIRE_TEST_FHIR_URL` names, with the bearer token in `CAREWIRE_TEST_FHIR_TOKEN` if there is one.
//!   Some three hundred organizations, a few patients and observations without content are written there and deleted
//!   again; all have the identifier system or the tag `urn:carewire:contract`.

#[cfg(test)]
mod embedded;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod named;
#[cfg(test)]
mod outside;
#[cfg(test)]
mod peer;
#[cfg(test)]
mod quota;
#[cfg(test)]
mod rules;
#[cfg(test)]
mod tokens;
