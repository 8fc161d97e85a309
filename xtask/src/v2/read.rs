//! The files of the dictionary, all versions taken together.

use std::collections::BTreeMap;

/// The fields of a segment or the components of a datatype, by number.
pub(super) type Parts = BTreeMap<usize, Part>;

/// A field or component: what the last version says that has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) datatype: String,
    pub(super) table: String,
    /// Whether its name says that it is a unit of measure.
    is_unit: bool,
    /// The last version that the above is said of.
    until: Vec<u32>,
}

/// Reads segments or datatypes by name. A row of a part may be about versions before and after those of another.
pub(super) fn definitions(text: &str) -> Result<BTreeMap<String, Parts>, String> {
    let mut all: BTreeMap<String, Parts> = BTreeMap::new();
    let mut current = String::new();
    for (index, line) in lines(text) {
        let cells: Vec<&str> = line.split('\t').collect();
        let bad = || format!("line {} of the dictionary is not understood", index + 1);
        match cells.as_slice() {
            ["", number, versions, _, _, datatype, _, table, name] => {
                let number = number.parse().map_err(|_| bad())?;
                let part = all.entry(current.clone()).or_default().entry(number).or_default();
                let until = last(versions).ok_or_else(bad)?;
                if until >= part.until {
                    part.until = until;
                    part.say(datatype, table, name);
                }
            }
            [name, _, _] if !name.is_empty() => {
                current = (*name).to_owned();
                all.entry(current.clone()).or_default();
            }
            _ => return Err(bad()),
        }
    }
    Ok(all)
}

/// The last version of `2.3-2.3.1,2.5-2.9`.
fn last(versions: &str) -> Option<Vec<u32>> {
    let all = versions.split([',', '-']).map(|one| one.split('.').map(|part| part.parse().ok()).collect());
    all.collect::<Option<Vec<Vec<u32>>>>()?.into_iter().max()
}

impl Part {
    /// Withdrawn parts have no datatype: the last one that they had is kept. A table is kept across a change of the
    /// datatype, since codes came before the tables had names.
    fn say(&mut self, datatype: &str, table: &str, name: &str) {
        if !datatype.is_empty() {
            datatype.clone_into(&mut self.datatype);
        }
        if !table.is_empty() {
            table.clone_into(&mut self.table);
        }
        self.is_unit = name.split(|one: char| !one.is_ascii_alphabetic()).any(is_unit);
    }
}

impl Part {
    /// Its table; `UNIT` for a coded unit of measure that HL7 has no table for.
    pub(super) fn codes(&self) -> &str {
        let is_coded = matches!(self.datatype.as_str(), "CE" | "CWE" | "CNE");
        if self.is_unit && is_coded && self.table.is_empty() { "UNIT" } else { &self.table }
    }
}

fn is_unit(word: &str) -> bool {
    ["unit", "units"].iter().any(|unit| unit.eq_ignore_ascii_case(word))
}

/// The codes of every table that has some, by its number. Codes that stand for many (`Q<integer>H`) are left out.
pub(super) fn tables(text: &str) -> Result<BTreeMap<String, Vec<String>>, String> {
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut current = String::new();
    for (index, line) in lines(text) {
        let cells: Vec<&str> = line.split('\t').collect();
        match cells.as_slice() {
            ["", code, _, _] if code.contains(['<', '>']) && code.len() > 2 => {}
            ["", code, _, _] => all.entry(current.clone()).or_default().push((*code).to_owned()),
            [id, _, _, _] => (*id).clone_into(&mut current),
            _ => return Err(format!("line {} of the tables is not understood", index + 1)),
        }
    }
    for codes in all.values_mut() {
        codes.sort_unstable();
        codes.dedup();
    }
    Ok(all)
}

fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
}
