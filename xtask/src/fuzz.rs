//! `cargo xtask fuzz`: the targets of `testing/src/fuzz.rs` under libFuzzer.

use std::path::PathBuf;

use crate::shell::{Shell, root};

/// What cargo-fuzz passes to the compiler for libFuzzer, without a sanitizer: there is no `unsafe` code to watch.
const FLAGS: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1 --cfg fuzzing";

/// Runs a target, or all of them, for so many seconds each. What it learns stays in `target/fuzz/corpus`, what breaks a
/// target in `target/fuzz/artifacts`.
pub(crate) fn run(seconds: &str, only: Option<&str>) -> Result<(), String> {
    let seconds: u32 = seconds.parse().map_err(|_| "the number of seconds is not a number".to_owned())?;
    if !Shell::new("cargo").args(["+nightly", "--version"]).succeeds() {
        return Err("fuzzing needs the nightly toolchain: rustup toolchain install nightly".into());
    }
    let host = host()?;
    let work = root().join("target").join("fuzz");
    Shell::new("cargo")
        .args(["+nightly", "build", "--release", "--target", &host, "--target-dir"])
        .args([work.to_string_lossy()])
        .directory(root().join("testing/fuzz"))
        .env("RUSTFLAGS", FLAGS)
        .run()?;
    let binary = work.join(&host).join("release").join("fuzz");
    for target in targets(only)? {
        fuzz(&binary, &work, &target, seconds)?;
    }
    Ok(())
}

fn fuzz(binary: &PathBuf, work: &std::path::Path, target: &str, seconds: u32) -> Result<(), String> {
    let (corpus, artifacts) = (work.join("corpus").join(target), work.join("artifacts").join(target));
    for directory in [&corpus, &artifacts] {
        std::fs::create_dir_all(directory).map_err(|error| format!("{}: {error}", directory.display()))?;
    }
    println!("fuzz: {target}, {seconds} s");
    Shell::new(binary)
        .args([format!("-max_total_time={seconds}"), "-max_len=4096".into(), "-timeout=10".into()])
        .args(["-rss_limit_mb=2048", "-print_final_stats=1", "-verbosity=0"])
        .args([format!("-artifact_prefix={}/", artifacts.display())])
        .args([corpus.to_string_lossy(), seeds().join(target).to_string_lossy()])
        .env("CAREWIRE_FUZZ_TARGET", target)
        .run()
}

/// The targets: each has a folder of seeds.
fn targets(only: Option<&str>) -> Result<Vec<String>, String> {
    let entries = std::fs::read_dir(seeds()).map_err(|error| format!("testing/fuzz/seeds: {error}"))?;
    let mut names: Vec<String> =
        entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    match only {
        None => Ok(names),
        Some(name) if names.iter().any(|known| known == name) => Ok(vec![name.to_owned()]),
        Some(_) => Err(format!("no such target; there are: {}", names.join(", "))),
    }
}

fn seeds() -> PathBuf {
    root().join("testing/fuzz/seeds")
}

fn host() -> Result<String, String> {
    let version = Shell::new("rustc").args(["+nightly", "-vV"]).read()?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or_else(|| "rustc does not say its host".to_owned())
}
