//! The binary as its users run it: arguments and environment in, exit status and output out.

mod anonymity;
mod configuration;
mod consent;
mod consent_apply;
mod consent_store;
mod convert;
mod corpus;
mod deid;
mod demo;
mod hl7;
#[cfg(unix)]
mod listener;
mod memory;
mod mllp;
mod outbox;
mod pipes;
mod queue;
mod readme;
mod rule_files;
mod serve;
mod support;
mod usage;
