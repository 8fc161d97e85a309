//! Development tasks: `cargo xtask test|bench|soak|provision`.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line speaks to a person")]

mod oracle;
mod provision;
mod purity;
mod report;
mod services;
mod shell;
mod test;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask <task>

  test [--provision] [--keep-going]   format, lints, every test with its services, doc tests, docs
  provision                           install what the tests need and the machine lacks
  bench                               side-by-side benches, printed as tables with ratios
  soak [ROUNDS]                       the crash test with many rounds (default 300)
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["test", flags @ ..] => test::Options::parse(flags).and_then(|options| test::run(&options)),
        ["provision"] => provision::run(),
        ["bench"] => shell::cargo(["bench", "--package", "carewire-benches"]).run(),
        ["soak"] => soak("300"),
        ["soak", rounds] => soak(rounds),
        _ => {
            eprint!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("xtask: {problem}");
            ExitCode::FAILURE
        }
    }
}

/// The crash test of `testing`, with as many rounds as asked for.
fn soak(rounds: &str) -> Result<(), String> {
    let rounds: u32 = rounds.parse().map_err(|_| "the number of rounds is not a number".to_owned())?;
    shell::cargo(["build", "--release", "--package", "carewire"]).run()?;
    shell::cargo([
        "test",
        "--release",
        "--package",
        "carewire-testing",
        "--test",
        "crash",
        "--",
        "--nocapture",
    ])
    .env("CAREWIRE_CRASH_ROUNDS", &rounds.to_string())
    .run()
}
