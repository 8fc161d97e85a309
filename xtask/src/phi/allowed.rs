//! The findings that are right as they are, each with its reason.

use std::collections::BTreeMap;

use super::Finding;

/// What `xtask/phi.allowed` says: a reason in a line with `#`, and below it the findings that it holds for, as
/// `FILE KEY…`, or `fields NAME…` for the names of log events and metrics.
#[derive(Debug, Default)]
pub(super) struct Allowed<'s> {
    /// The line and whether it was needed, by file and key.
    rows: BTreeMap<(&'s str, &'s str), (usize, bool)>,
    pub(super) fields: Vec<&'s str>,
}

impl<'s> Allowed<'s> {
    /// Reads the file.
    pub(super) fn read(text: &'s str) -> Result<Self, String> {
        let (mut allowed, mut reason) = (Self::default(), "");
        for (number, line) in text.lines().enumerate().map(|(index, line)| (index + 1, line.trim())) {
            if let Some(said) = line.strip_prefix('#') {
                reason = said.trim();
                continue;
            }
            let mut words = line.split_whitespace();
            let Some(file) = words.next() else {
                reason = "";
                continue;
            };
            if reason.len() < 10 {
                return Err(format!("phi.allowed, line {number}: no reason above it"));
            }
            if file == "fields" {
                allowed.fields.extend(words);
                continue;
            }
            for key in words {
                if allowed.rows.insert((file, key), (number, false)).is_some() {
                    return Err(format!("phi.allowed, line {number}: {file} {key} stands there twice"));
                }
            }
        }
        Ok(allowed)
    }

    /// Whether a finding is allowed.
    pub(super) fn covers(&mut self, file: &str, finding: &Finding) -> bool {
        let row = self.rows.iter_mut().find(|((of, key), _)| *of == file && *key == finding.key);
        row.map(|(_, (_, needed))| *needed = true).is_some()
    }

    /// What was allowed and is no longer found.
    pub(super) fn unneeded(&self) -> impl Iterator<Item = String> + '_ {
        let rows = self.rows.iter().filter(|(_, (_, needed))| !needed);
        rows.map(|((file, key), (line, _))| format!("phi.allowed, line {line}: {file} {key} allows nothing"))
    }
}
