//! The pure crates stay pure: no runtime in their graph, and they build where there is no operating system.

use crate::report::Report;
use crate::shell::{Shell, cargo, root};

/// Crates whose default features do no I/O and read no clock.
const PURE: &[&str] = &[
    "carewire-fhir-core",
    "carewire-hl7-v2",
    "carewire-mllp",
    "carewire-deid",
    "carewire-consent",
    "carewire-bulk-data",
];

/// What must not be in their graphs.
const FORBIDDEN: &[&str] = &["tokio ", "reqwest ", "sqlx ", "getrandom ", "mio "];

/// No runtime, client or source of randomness in the graph of a pure crate.
pub(crate) fn graphs() -> Result<(), String> {
    for package in PURE {
        let tree =
            cargo(["tree", "--edges", "normal", "--prefix", "none", "--package"]).args([*package]).read()?;
        let found = FORBIDDEN.iter().find(|name| tree.lines().any(|line| line.starts_with(**name)));
        if let Some(name) = found {
            return Err(format!("{package} depends on {name}"));
        }
    }
    println!("{} pure crates: none depends on {}", PURE.len(), FORBIDDEN.join("/").replace(' ', ""));
    Ok(())
}

/// They build for a target without clock, sockets or files, where that target is installed.
pub(crate) fn wasm(report: &mut Report) -> Result<(), String> {
    const TARGET: &str = "wasm32-unknown-unknown";
    let installed = Shell::new("rustc").args(["--print", "target-libdir", "--target", TARGET]).read();
    let present = installed.is_ok_and(|directory| std::path::Path::new(directory.trim()).is_dir());
    if !present {
        report.skip(format!("the {TARGET} build of the pure crates: the target is not installed"));
        return Ok(());
    }
    for package in PURE {
        cargo(["check", "--target", TARGET, "--package"]).args([*package]).directory(root()).run()?;
    }
    Ok(())
}
