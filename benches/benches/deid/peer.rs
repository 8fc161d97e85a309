//! The scrubber of Cumulus ETL, in a process of its own.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::Failed;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/cumulus.py");
const ROUNDS: &str = "3";

/// What the scrubber took for all lines, alone and with reading, parsing and writing them, and the bytes that it wrote;
/// `None` where it is not installed.
pub(super) fn cumulus(lines: &[String]) -> Result<Option<[(Duration, usize); 2]>, Failed> {
    let python = std::env::var("CAREWIRE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let [input, output] = ["in", "out"].map(Scratch::new);
    std::fs::write(&input.0, lines.join("\n") + "\n")?;
    let Ok(run) = Command::new(&python).arg(SCRIPT).args([&input.0, &output.0]).arg(ROUNDS).output() else {
        return Ok(None);
    };
    if !run.status.success() {
        return Ok(None);
    }
    let text = String::from_utf8(run.stdout)?;
    let mut times = text.split_whitespace().map(|time| time.parse().map(Duration::from_secs_f64));
    let (Some(alone), Some(whole)) = (times.next(), times.next()) else {
        return Err("the script said no times".into());
    };
    let written = usize::try_from(std::fs::metadata(&output.0)?.len())?;
    Ok(Some([(alone?, written), (whole?, written)]))
}

/// A file of the build; it is removed in the end.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let name = format!("cumulus-{}-{name}.ndjson", std::process::id());
        Self(Path::new(env!("CARGO_TARGET_TMPDIR")).join(name))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}
