//! Imported rule files of Microsoft's anonymizer: its own cases, and what the import promises beyond them.

#[cfg(test)]
mod cases;
#[cfg(test)]
mod rules;
#[cfg(test)]
mod samples;
#[cfg(test)]
#[path = "../support/mod.rs"]
mod support;
