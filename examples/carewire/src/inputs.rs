//! Inputs from files, directories and stdin, and outputs to files, directories and stdout.

use std::collections::HashSet;
use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::out;

/// The bytes of one input and the name that reports use for it.
pub(crate) struct Input {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

/// The files of a list: a directory stands for its files in the order of their names, `-` for stdin.
pub(crate) fn files(inputs: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = vec![];
    for input in inputs {
        if input.is_dir() {
            files.extend(inside(input).map_err(|error| named(input, &error))?);
        } else {
            files.push(input.clone());
        }
    }
    Ok(files)
}

/// The files in a directory. What is passed over is said: who meant it would take silence for success.
fn inside(directory: &Path) -> std::io::Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(directory)?.map(|entry| Ok(entry?.path()));
    let entries = entries.collect::<std::io::Result<Vec<PathBuf>>>()?;
    let (mut files, others): (Vec<PathBuf>, Vec<PathBuf>) =
        entries.into_iter().filter(|path| !is_of_a_run(path)).partition(|path| path.is_file());
    if !others.is_empty() {
        out::note(format!("{}: directories inside are not read ({})", directory.display(), others.len()));
    }
    if files.is_empty() {
        out::note(format!("{}: no file in it", directory.display()));
    }
    files.sort();
    Ok(files)
}

/// What a command keeps beside its output is no data: hidden files, and half-written ones.
fn is_of_a_run(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with('.') || name.ends_with(".part")
}

/// Opens one input: its name in reports, and its bytes to come.
pub(crate) fn open(path: &Path) -> Result<(String, Box<dyn Read + Send>), Failure> {
    if path == Path::new("-") {
        return Ok(("-".into(), Box::new(std::io::stdin())));
    }
    let mut file = File::open(path).map_err(|error| named(path, &error))?;
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let mut start = vec![];
    Read::by_ref(&mut file).take(4).read_to_end(&mut start).map_err(|error| named(path, &error))?;
    if let Some(packer) = packed(&start) {
        return Err(Failure::usage(format!("{}: packed by {packer}: unpack it first", path.display())));
    }
    Ok((name, Box::new(std::io::Cursor::new(start).chain(file))))
}

/// What a file is packed with, by its first bytes.
fn packed(start: &[u8]) -> Option<&'static str> {
    const PACKERS: [(&[u8], &str); 4] =
        [(b"\x1F\x8B", "gzip"), (b"PK\x03\x04", "zip"), (b"\x28\xB5\x2F\xFD", "zstd"), (b"BZh", "bzip2")];
    PACKERS.iter().find(|(magic, _)| start.starts_with(magic)).map(|(_, name)| *name)
}

/// Reads one input.
pub(crate) fn read(path: &Path) -> Result<Input, Failure> {
    let (name, mut source) = open(path)?;
    let mut bytes = vec![];
    source.read_to_end(&mut bytes).map_err(|error| named(path, &error))?;
    Ok(Input { name, bytes })
}

/// Where documents go.
pub(crate) enum Output {
    Lines(Box<dyn Write>),
    /// The directory, and the names that were written into it in this run.
    Directory(PathBuf, HashSet<String>),
}

impl Output {
    /// A directory that is there or ends in `/`, a file, or stdout.
    pub(crate) fn open(path: Option<&Path>) -> Result<Self, Failure> {
        let Some(path) = path else { return Ok(Self::Lines(Box::new(BufWriter::new(std::io::stdout())))) };
        if path.is_dir() || path.to_string_lossy().ends_with('/') {
            std::fs::create_dir_all(path).map_err(|error| named(path, &error))?;
            return Ok(Self::Directory(path.to_path_buf(), HashSet::new()));
        }
        let file = File::create(path).map_err(|error| named(path, &error))?;
        Ok(Self::Lines(Box::new(BufWriter::new(file))))
    }

    /// One document of an input; in a directory it is `NAME.json`, or `NAME.N.json` from the second on. Where another
    /// input of this run has the same name, `~2` and so on is added: no document replaces another one.
    pub(crate) fn write(&mut self, input: &str, number: usize, json: &str) -> Result<(), Failure> {
        match self {
            Self::Lines(lines) => writeln!(lines, "{json}").map_err(|error| out::failed(&error)),
            Self::Directory(directory, written) => {
                let stem = Path::new(input)
                    .file_stem()
                    .map_or_else(|| "stdin".into(), |stem| stem.to_string_lossy());
                let name = if number <= 1 { stem.into_owned() } else { format!("{stem}.{number}") };
                let path = directory.join(unused(&name, written));
                std::fs::write(&path, format!("{json}\n")).map_err(|error| named(&path, &error))
            }
        }
    }

    /// Everything is written, or it is an error.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        match self {
            Self::Lines(mut lines) => lines.flush().map_err(|error| out::failed(&error)),
            Self::Directory(..) => Ok(()),
        }
    }
}

/// A file name that this run has not written yet.
fn unused(stem: &str, written: &mut HashSet<String>) -> String {
    let mut name = format!("{stem}.json");
    let mut number = 1_u64;
    while !written.insert(name.clone()) {
        number += 1;
        name = format!("{stem}~{number}.json");
    }
    name
}

fn named(path: &Path, error: &std::io::Error) -> Failure {
    Failure::usage(format!("{}: {error}", path.display()))
}
