//! Parsers of other languages, timed by themselves in the same run: each script prints the
//! nanoseconds of one message, and then what it read, a line each.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

const FOLDER: &str = env!("CARGO_MANIFEST_DIR");

/// What a script measured on a message.
pub(crate) struct Measured {
    pub(crate) time: Duration,
    pub(crate) texts: Vec<String>,
}

/// Runs a script on a message; the error says why it cannot.
pub(crate) fn measure(
    program: &str,
    script: &str,
    message: &Path,
    places: &[String],
) -> Result<Measured, String> {
    let script = Path::new(FOLDER).join("scripts").join(script);
    let output = Command::new(program)
        .arg(script)
        .arg(message)
        .args(places)
        .output()
        .map_err(|error| format!("{program} does not start: {}", error.kind()))?;
    if !output.status.success() {
        let reason = String::from_utf8_lossy(&output.stderr);
        let reason = reason.lines().rfind(|line| line.contains("rror")).unwrap_or("it failed");
        return Err(format!("{program}: {reason}"));
    }
    let output = String::from_utf8_lossy(&output.stdout);
    let mut lines = output.lines().map(str::to_owned);
    let nanoseconds = lines.next().and_then(|line| line.parse().ok());
    let time = Duration::from_nanos(nanoseconds.ok_or_else(|| format!("{program} printed no number"))?);
    Ok(Measured { time, texts: lines.collect() })
}
