//! The Carewire command line and server.
//!
//! Data goes to stdout, everything for people to stderr. Exit status: 0 all inputs succeeded, 1 some failed, 2 wrong
//! usage or configuration, 3 a needed service could not be reached.

mod cli;
mod config;
mod consent;
mod consents_config;
mod convert;
mod deid;
mod demo;
mod destinations;
mod documents;
mod explain;
mod failure;
mod fhir_server;
mod hl7;
mod init;
mod inputs;
mod jobs;
mod keys;
mod later;
mod listener;
mod lock;
mod logging;
mod maintenance;
mod map_args;
mod map_config;
mod measures;
mod messages;
mod migrate;
mod mllp;
mod mllp_config;
mod out;
mod outbox;
mod queue;
mod queue_config;
mod rate;
mod reconcile;
mod serve;
mod stack;
mod store;
mod store_config;
mod tables;
mod token;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::{Cli, Command};
use crate::failure::{Done, Failure};

fn main() -> ExitCode {
    let cli = Cli::parse();
    // One provider of cryptography for the process; a second installation would change nothing.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            out::note(format_args!("carewire: no runtime: {error}"));
            return ExitCode::from(3);
        }
    };
    let ended = runtime.block_on(run(cli));
    // Nothing that is stuck in a thread of its own may keep the process.
    runtime.shutdown_background();
    match ended {
        Ok(Done::All) => ExitCode::SUCCESS,
        Ok(Done::Some) => ExitCode::from(1),
        Err(Failure::Unread) => ExitCode::from(Failure::Unread.status()),
        Err(failure) => {
            out::note(format_args!("carewire: {failure}"));
            ExitCode::from(failure.status())
        }
    }
}

async fn run(cli: Cli) -> Result<Done, Failure> {
    let file = cli.config.as_deref();
    match cli.command {
        Command::Demo(options) => demo::run(options, cli.log_format).await,
        Command::Init { dir } => init::run(&dir),
        Command::Serve { check } => serve::run(file, check, cli.log_format).await,
        Command::FhirServer(options) => fhir_server::run(options, cli.log_format).await,
        Command::Hl7(what) => hl7::run(what),
        Command::Convert(what) => convert::run(what),
        Command::Explain(options) => explain::run(&options),
        Command::Deid(what) => deid::run(what),
        Command::Consent(what) => consent::run(file, what).await,
        Command::Mllp(what) => mllp::run(file, what).await,
        Command::Jobs(what) => jobs::run(file, what).await,
        Command::Outbox(what) => outbox::run(file, what).await,
        Command::Reconcile(what) => reconcile::run(file, what).await,
        Command::Migrate => migrate::run(file).await,
        Command::Token(options) => token::run(file, &options),
        Command::Later(words) => Err(later::refuse(&words)),
    }
}
