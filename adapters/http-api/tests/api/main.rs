//! The API over real HTTP, in front of a gateway on memory stores and a FHIR server of its own.

mod auth;
mod consents;
mod decide;
mod operations;
mod orgs;
mod queue;
mod reconcile;
mod shape;
mod support;
