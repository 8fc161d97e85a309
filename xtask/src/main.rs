//! Development tasks: `cargo xtask test|oracles|phi|definitions|dictionary|builders|codes|v2|properties|bench|fuzz|soak|provision`.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line speaks to a person")]

mod builders;
mod codes;
mod definitions;
mod dictionary;
mod fuzz;
mod oracle;
mod phi;
mod provision;
mod purity;
mod queue;
mod report;
mod services;
mod shell;
mod test;
mod v2;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask <task>

  test [--provision] [--keep-going]   format, lints, every test with its services, doc tests, docs
  oracles                             the tests beside Cedar, which takes minutes to build: `test` leaves them out
  phi                                 look for raw values of patients in errors, logs, metrics and panics
  definitions [--check]               make the tables of fhir-core/definitions from HL7's definitions
  dictionary [--check]                make the files of hl7-v2/dictionary from packages of PyPI and npm
  builders [--check]                  make the typed builders of hl7-v2/src/build/typed from hl7-v2/dictionary
  codes [--check]                     make the code tables of hl7-v2/src/fhir/code/generated from hl7-v2/codes
  v2 [--check]                        make the tables of HL7 v2 in deid/data from hl7-v2/dictionary
  provision                           install what the tests need and the machine lacks
  bench                               side-by-side benches, printed as tables with ratios
  bench queue [ARGUMENTS]             of these only the queue beside others; its program says what it takes
  properties [CASES]                  the property tests of the library crates with new seeds and more cases (default 2000)
  fuzz [SECONDS] [TARGET]             the fuzz targets for so many seconds each (default 60); needs nightly
  soak [ROUNDS]                       the crash tests with many rounds (default 200)
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["test", flags @ ..] => test::Options::parse(flags).and_then(|options| test::run(&options)),
        ["oracles"] => test::oracles(),
        ["definitions"] => definitions::run(false),
        ["definitions", "--check"] => definitions::run(true),
        ["dictionary"] => dictionary::run(false),
        ["dictionary", "--check"] => dictionary::run(true),
        ["builders"] => builders::run(false),
        ["builders", "--check"] => builders::run(true),
        ["codes"] => codes::run(false),
        ["codes", "--check"] => codes::run(true),
        ["phi"] => phi::run(),
        ["v2"] => v2::run(false),
        ["v2", "--check"] => v2::run(true),
        ["provision"] => provision::run(),
        ["bench"] => bench(),
        ["bench", "queue", arguments @ ..] => queue::bench(arguments),
        ["properties"] => properties("2000"),
        ["properties", cases] => properties(cases),
        ["fuzz"] => fuzz::run("60", None),
        ["fuzz", seconds] => fuzz::run(seconds, None),
        ["fuzz", seconds, target] => fuzz::run(seconds, Some(target)),
        ["soak"] => soak("200"),
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

/// All benches: those of the workspace, and that of the queue, which is a workspace of its own.
fn bench() -> Result<(), String> {
    let packages = [
        "carewire",
        "carewire-benches",
        "carewire-cedar",
        "carewire-map-benches",
        "carewire-mllp-benches",
        "carewire-peer-benches",
    ];
    let packages = packages.iter().flat_map(|package| ["--package", package]);
    shell::cargo(["bench"]).args(packages).run()?;
    queue::bench(&[])
}

/// The property tests, looking where no run has looked before.
fn properties(cases: &str) -> Result<(), String> {
    let cases: u32 = cases.parse().map_err(|_| "the number of cases is not a number".to_owned())?;
    let others = ["carewire", "carewire-testing", "carewire-gateway", "carewire-cedar"];
    shell::cargo(["nextest", "run", "--workspace", "--all-features", "--no-fail-fast"])
        .args(others.iter().flat_map(|package| ["--exclude", package]))
        .env("PROPTEST_CASES", &cases.to_string())
        .run()
}

/// The crash tests of the gateway and of the queues, with as many rounds as asked for.
fn soak(rounds: &str) -> Result<(), String> {
    let rounds: u32 = rounds.parse().map_err(|_| "the number of rounds is not a number".to_owned())?;
    shell::cargo(["build", "--release", "--package", "carewire"]).run()?;
    for (package, test) in [("carewire-queue-crash", "kills"), ("carewire-testing", "crash")] {
        shell::cargo(["test", "--release", "--package", package, "--test", test])
            .args(["--", "--nocapture", "--test-threads", "1"])
            .env("CAREWIRE_CRASH_ROUNDS", &rounds.to_string())
            .run()?;
    }
    Ok(())
}
