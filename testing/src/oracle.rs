//! The FHIR R4 validator of another implementation, run by Node.js.

use std::fmt;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::{Error, Result};

/// One thing that the validator does not accept. It holds no value of the resource.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// Which Bundle, from 0.
    pub bundle: usize,
    /// Which of its entries, from 0.
    pub entry: u64,
    /// The type of the resource.
    pub resource_type: String,
    /// Where in it.
    pub expression: String,
    /// What is wrong.
    pub text: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "entry {}, {}: {} ({})", self.entry, self.resource_type, self.text, self.expression)
    }
}

/// What the validator said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Verdict {
    /// How many resources it looked at.
    pub resources: u64,
    /// What it found.
    pub problems: Vec<Problem>,
    /// How long it took without starting, in milliseconds.
    pub milliseconds: u64,
}

pub(crate) fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("oracle")
}

/// Why it cannot be run, as a test prints it.
#[must_use]
pub fn missing() -> Option<String> {
    let node = Command::new("node").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if !node.is_ok_and(|status| status.success()) {
        return Some("skipped: Node.js is not installed".into());
    }
    let installed = directory().join("node_modules/@medplum/core").is_dir();
    (!installed).then(|| "skipped: the packages of testing/oracle are not installed (npm ci)".into())
}

/// Validates every resource of every Bundle.
///
/// # Errors
/// When the validator cannot be run or says nothing.
pub fn validate(bundles: &[String]) -> Result<Verdict> {
    run(&[], bundles)
}

/// Validates resources of any type, each as a whole: [`Problem::bundle`] says which.
///
/// # Errors
/// As [`validate`].
pub fn validate_whole(resources: &[String]) -> Result<Verdict> {
    run(&["whole"], resources)
}

fn run(arguments: &[&str], lines: &[String]) -> Result<Verdict> {
    let mut child = Command::new("node")
        .arg("validate.mjs")
        .args(arguments)
        .current_dir(directory())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(Error::io("node"))?;
    let mut stdin = child.stdin.take().ok_or_else(|| Error::not_understood("node"))?;
    let lines: String = lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect();
    // A thread of its own: the validator answers while it reads.
    let writer = std::thread::spawn(move || stdin.write_all(lines.as_bytes()));
    let output = child.wait_with_output().map_err(Error::io("node"))?;
    let written = writer.join().unwrap_or_else(|_| Err(std::io::Error::other("writer panicked")));
    if !output.status.success() {
        return Err(Error::program("validate.mjs", format!("ended with {}", output.status)));
    }
    written.map_err(Error::io("validate.mjs"))?;
    read(&output.stdout)
}

fn read(stdout: &[u8]) -> Result<Verdict> {
    let mut verdict = Verdict::default();
    let mut finished = false;
    for line in String::from_utf8_lossy(stdout).lines() {
        let line: Value = serde_json::from_str(line).map_err(|_| Error::not_understood("validate.mjs"))?;
        match line.get("resources").and_then(Value::as_u64) {
            Some(resources) => {
                (verdict.resources, finished) = (resources, true);
                verdict.milliseconds = line.get("milliseconds").and_then(Value::as_u64).unwrap_or_default();
            }
            None => verdict.problems.push(problem(&line)),
        }
    }
    if finished { Ok(verdict) } else { Err(Error::not_understood("validate.mjs")) }
}

fn problem(line: &Value) -> Problem {
    let number = |name: &str| line.get(name).and_then(Value::as_u64).unwrap_or_default();
    let text = |name: &str| line.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    Problem {
        bundle: usize::try_from(number("line").saturating_sub(1)).unwrap_or(0),
        entry: number("entry"),
        resource_type: text("type"),
        expression: text("expression"),
        text: text("text"),
    }
}
