//! `cargo xtask bench queue`: our queue beside others, in a workspace of its own.

use crate::shell::{Shell, cargo, root, which};

/// Builds and runs it. BullMQ takes part where its locked packages are, or can be installed.
pub(crate) fn bench(arguments: &[&str]) -> Result<(), String> {
    let folder = root().join("benches/queue");
    if which("npm").is_some() && !folder.join("node_modules/bullmq").is_dir() {
        println!("bench: npm installs the packages of benches/queue/package-lock.json");
        Shell::new("npm")
            // Not `ci`, which refuses a lock without the optional packages of other platforms.
            .args(["install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"])
            .directory(&folder)
            .run()?;
    }
    let target = root().join("target").join("queue-bench");
    cargo(["run", "--release", "--target-dir"])
        .args([target.to_string_lossy()])
        .args(["--"])
        .args(arguments)
        .directory(&folder)
        .run()
}
