//! The validator and the FHIR server of another implementation, from npm: what our maps emit must pass the one, and our
//! client must get on with the other.

use crate::shell::{Shell, root, which};

/// Installs the locked packages of `testing/oracle`.
pub(crate) fn install() -> Result<(), String> {
    if missing().is_none() {
        return Ok(());
    }
    println!("provision: npm will install the packages of testing/oracle/package-lock.json");
    Shell::new("npm")
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"])
        .directory(root().join("testing/oracle"))
        .run()
}

/// Why the oracle cannot run, if so.
pub(crate) fn missing() -> Option<String> {
    if which("node").is_none() {
        return Some(
            "validator oracle and FHIR peer: Node.js is not installed (run with --provision)".into(),
        );
    }
    let packages = root().join("testing/oracle/node_modules/@medplum");
    let installed = ["fhir-router", "hl7"].iter().all(|package| packages.join(package).is_dir());
    (!installed).then(|| {
        "validator oracle and FHIR peer: its npm packages are not installed (run with --provision)".into()
    })
}
