//! `cargo xtask test`: everything that must be green before a change lands.

use crate::report::Report;
use crate::services::Services;
use crate::shell::{Shell, cargo, release_binary, root};
use crate::{builders, codes, definitions, dictionary, phi, provision, purity, v2};

/// How to run.
#[derive(Default)]
pub(crate) struct Options {
    provision: bool,
    keep_going: bool,
}

impl Options {
    pub(crate) fn parse(flags: &[&str]) -> Result<Self, String> {
        let mut options = Self::default();
        for flag in flags {
            match *flag {
                "--provision" => options.provision = true,
                "--keep-going" => options.keep_going = true,
                other => return Err(format!("unknown flag `{other}`")),
            }
        }
        Ok(options)
    }
}

/// What takes minutes to build, and so is not part of every run: `cargo xtask oracles` runs it.
const HEAVY: &str = "carewire-cedar";

/// All other packages.
const LIGHT: [&str; 3] = ["--workspace", "--exclude", HEAVY];

/// The oracles that [`run`] leaves out: lints, tests, doc tests and docs.
pub(crate) fn oracles() -> Result<(), String> {
    let mut report = Report::new(false);
    report.step("lints", |_| {
        cargo(["clippy", "--package", HEAVY, "--all-targets", "--", "-D", "warnings"]).run()
    });
    report.step("tests", |_| {
        seeded(cargo(["test", "--package", HEAVY, "--lib", "--tests", "--no-fail-fast"])).run()
    });
    report.step("doc tests", |_| cargo(["test", "--package", HEAVY, "--doc", "--quiet"]).run());
    report.step("docs", |_| {
        cargo(["doc", "--package", HEAVY, "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings").run()
    });
    report.finish()
}

/// Runs all steps and prints what took how long and what was skipped.
pub(crate) fn run(options: &Options) -> Result<(), String> {
    let mut report = Report::new(options.keep_going);
    if options.provision {
        report.step("provision", |_| provision::run());
    }
    report.step("format", |_| cargo(["fmt", "--all", "--check"]).directory(root()).run());
    report.step("lints", |_| {
        cargo(["clippy"]).args(LIGHT).args(["--all-targets", "--all-features", "--", "-D", "warnings"]).run()
    });
    report.step("hidden values", |_| phi::run());
    report.step("pure crates", |report| purity::graphs().and_then(|()| purity::wasm(report)));
    report.step("licences", licences);
    report.step("definitions", tables);
    report.step("tests", tests);
    report.step("interleavings", |_| interleavings());
    report.step("doc tests", |_| cargo(["test", "--all-features", "--doc", "--quiet"]).args(LIGHT).run());
    report.step("docs", |_| {
        let docs = cargo(["doc", "--all-features", "--no-deps"]).args(LIGHT);
        docs.env("RUSTDOCFLAGS", "-D warnings").run()
    });
    report.finish()
}

/// The tables of `fhir-core` and `hl7-v2` are what their packages give, where those are at hand: nothing is fetched here.
/// The typed builders, the code tables and the tables of `deid` are what the dictionary and `hl7-v2/codes` give, which
/// are always at hand.
fn tables(report: &mut Report) -> Result<(), String> {
    match definitions::missing() {
        Some(why) => report.skip(why),
        None => definitions::run(true)?,
    }
    builders::run(true)?;
    codes::run(true)?;
    v2::run(true)?;
    match dictionary::missing() {
        Some(why) => report.skip(why),
        None => dictionary::run(true)?,
    }
    Ok(())
}

/// What the property tests begin from here, unless `PROPTEST_RNG_SEED` says otherwise: the same commit passes or fails
/// every time. `cargo xtask properties` looks with other seeds.
const SEED: &str = "20240301";

/// Unit, integration, contract, crash and canary tests, with private services.
fn tests(report: &mut Report) -> Result<(), String> {
    let services = Services::start()?;
    for what in services.skipped.clone() {
        report.skip(what);
    }
    if std::env::var_os("CAREWIRE_CORPUS").is_none() {
        report.skip("corpus tests: CAREWIRE_CORPUS is not set".into());
    }
    if let Some(why) = crate::oracle::missing() {
        report.skip(why);
    }
    report.skip(format!("{HEAVY}: takes minutes to build, `cargo xtask oracles` runs it"));
    // The crash and canary tests run the real program, optimised.
    cargo(["build", "--release", "--package", "carewire"]).run()?;
    let nextest = cargo(["nextest", "--version"]).succeeds();
    let runner = if nextest {
        cargo(["nextest", "run", "--all-features", "--no-fail-fast"])
    } else {
        println!("cargo-nextest is not installed: running `cargo test` instead");
        cargo(["test", "--all-features", "--lib", "--bins", "--tests", "--no-fail-fast"])
    };
    let binary = release_binary();
    let runner = seeded(runner.args(LIGHT)).env("CAREWIRE_BIN", &binary.to_string_lossy());
    services.environment.iter().fold(runner, |runner, (name, value)| runner.env(name, value)).run()
}

/// Property tests begin from [`SEED`], or from the seed of the environment.
fn seeded(runner: Shell) -> Shell {
    let seed = std::env::var("PROPTEST_RNG_SEED").unwrap_or_else(|_| SEED.to_owned());
    runner.env("PROPTEST_RNG_SEED", &seed)
}

/// What must hold for every interleaving of threads, under a scheduler that tries many: with other locks, so in another
/// directory.
fn interleavings() -> Result<(), String> {
    cargo(["test", "--quiet", "--package", "carewire-consent", "--test", "interleavings"])
        .env("RUSTFLAGS", "--cfg carewire_shuttle")
        .env("CARGO_TARGET_DIR", &root().join("target/interleavings").to_string_lossy())
        .run()
}

/// Licences, banned crates and sources, where cargo-deny is installed.
fn licences(report: &mut Report) -> Result<(), String> {
    if Shell::new("cargo-deny").args(["--version"]).succeeds() {
        return cargo(["deny", "check", "licenses", "bans", "sources"]).run();
    }
    report.skip("cargo deny: cargo-deny is not installed".into());
    Ok(())
}
