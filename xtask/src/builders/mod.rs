//! `cargo xtask builders`: the typed builders of `hl7-v2/src/build/typed`, from the files of `hl7-v2/dictionary`.

mod names;
mod read;
mod write;

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::shell::root;

/// Segments with a typed builder: those that the map to FHIR and the synthetic traffic use.
const SEGMENTS: &[&str] = &[
    "MSH", "SFT", "EVN", "PID", "PD1", "NK1", "PV1", "PV2", "AL1", "IAM", "DG1", "PR1", "ROL", "PRT", "GT1",
    "IN1", "ACC", "MRG", "NTE", "ORC", "OBR", "OBX", "SPM", "TQ1", "RXO", "RXE", "RXC", "RXR", "RXA", "FT1",
    "SCH", "RGS", "AIS", "AIG", "AIL", "AIP", "TXA",
];

/// Datatypes that stand in OBX-5 or older fields, beside those that the segments need.
const DATATYPES: &[&str] = &[
    "CE", "CNE", "CWE", "CX", "DLN", "DR", "DT", "DTM", "ED", "FT", "HD", "EI", "ID", "IS", "JCC", "FN",
    "MSG", "NM", "PL", "PT", "RP", "SAD", "SI", "SN", "ST", "TM", "TQ", "TS", "TX", "VID", "XAD", "XCN",
    "XON", "XPN", "XTN", "CQ", "CP", "NA",
];

/// Writes the two files; with `check`, only fails when they are not what the dictionary gives.
pub(crate) fn run(check: bool) -> Result<(), String> {
    let dictionary = root().join("hl7-v2/dictionary");
    let segments = read::definitions(&text(&dictionary.join("segments.txt"))?)?;
    let datatypes = read::definitions(&text(&dictionary.join("datatypes.txt"))?)?;
    let folder = root().join("hl7-v2/src/build/typed");
    let files = [
        ("datatypes.rs", write::datatypes(&datatypes, &segments, SEGMENTS, DATATYPES)?),
        ("segments.rs", write::segments(&segments, &datatypes, SEGMENTS)?),
    ];
    let mut stale = Vec::new();
    for (name, made) in files {
        let path = folder.join(name);
        let made = formatted(&made)?;
        match text(&path).is_ok_and(|there| there == made) {
            true => println!("builders: {name} is what the dictionary gives"),
            false if check => stale.push(name),
            false => {
                println!("builders: writing {}", path.display());
                std::fs::write(&path, made).map_err(|error| format!("{}: {error}", path.display()))?;
            }
        }
    }
    match stale.is_empty() {
        true => Ok(()),
        false => {
            Err(format!("{} are not what the dictionary gives: run `cargo xtask builders`", stale.join(", ")))
        }
    }
}

fn text(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// The source as rustfmt has it. It is read from the standard input: rustfmt would look for the modules of a file.
pub(crate) fn formatted(source: &str) -> Result<String, String> {
    let failed = |error: std::io::Error| format!("rustfmt: {error}");
    let mut rustfmt = Command::new("rustfmt")
        .args(["--edition", "2024", "--config-path"])
        .arg(root().join("rustfmt.toml"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    // Dropped when it is written, which is the end of the input.
    if let Some(mut input) = rustfmt.stdin.take() {
        input.write_all(source.as_bytes()).map_err(failed)?;
    }
    let done = rustfmt.wait_with_output().map_err(failed)?;
    match done.status.success() {
        true => String::from_utf8(done.stdout).map_err(|error| format!("rustfmt: {error}")),
        false => Err(format!("rustfmt: {}", done.status)),
    }
}
