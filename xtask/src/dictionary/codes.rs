//! Codes as a sender writes them: the packages have lists, ranges, placeholders and remarks among them.

use std::collections::BTreeMap;

use super::model::{Release, VERSIONS};

/// Tables whose codes may hold a space; in the others such words are remarks.
const SPACED: [&str; 4] = ["0211", "0256", "0335", "0356"];

/// What stands among the codes and is none: headings, and words for "no code".
const REMARKS: &[(&str, &str)] = &[
    ("0078", "null"),
    ("0078", "OBX"),
    ("0207", "Not present"),
    ("0207", "not present"),
    ("0290", "(pad)"),
    ("0335", "Meal Related Timings"),
    ("0356", "<null>"),
    ("0357", "Errors"),
    ("0357", "Rejection"),
    ("0357", "Success"),
];

/// Codes that are written with a remark, cut off, or with a placeholder without brackets.
const REWRITTEN: &[(&str, &str, &str)] = &[
    ("0203", "NNxxx", "NN<xxx>"),
    ("0255", "* (star)", "*"),
    ("0291", "Octet - stream", "Octet-stream"),
    ("0291", "x - hl7 - cda - level - one", "x-hl7-cda-level-one"),
    ("0335", "PRNxxx", "PRN<code>"),
    ("0335", "xID", "<integer>ID"),
    ("0356", "ISO 2022-199", "ISO 2022-1994"),
    ("0359", "2 ...", "<integer>"),
    ("0359", "2 _", "<integer>"),
    ("0359", "2 and higher", "<integer>"),
    ("0396", "99zzz", "99<zzz>"),
    ("0396", "CE (obsolete)", "CE"),
    ("0396", "HL7nnnn", "HL7<nnnn>"),
    ("0396", "IBTnnnn", "IBT<nnnn>"),
    ("0396", "ISOnnnn", "ISO<nnnn>"),
    ("0396", "ISOnnnn (deprecated)", "ISO<nnnn>"),
    ("0396", "NCPDPnnnnsss", "NCPDP<code>"),
    ("0396", "X12Dennnn", "X12De<nnnn>"),
    ("0418", "2 ...", "<integer>"),
    ("0418", "2 _", "<integer>"),
];

/// The codes that one entry of a table means: none for a remark, several for a list or a range.
pub(super) fn of(table: &str, entry: &str) -> Vec<String> {
    // A space without break, read as Latin-1, is `Â` and that space.
    let entry = entry.trim_matches(|letter: char| letter.is_whitespace() || letter == 'Â');
    if REMARKS.contains(&(table, entry)) {
        return Vec::new();
    }
    if let Some((_, _, code)) = REWRITTEN.iter().find(|(id, from, _)| (*id, *from) == (table, entry)) {
        return vec![(*code).to_owned()];
    }
    // 2.5 writes `Q < integer > J < day  # >`.
    if table == "0335" && entry.starts_with('Q') && entry.contains('<') {
        return vec![entry.split_whitespace().collect()];
    }
    if table == "0301" && entry.contains(',') {
        return entry.split(',').map(|code| code.trim().to_owned()).collect();
    }
    if let Some(codes) = entry.split_once("...").or_else(|| entry.split_once(" _")).and_then(range) {
        return codes;
    }
    let remark = entry.is_empty()
        || ["...", "…", " _"].iter().any(|mark| entry.contains(mark))
        || (entry.contains(char::is_whitespace) && !SPACED.contains(&table));
    if remark { Vec::new() } else { vec![entry.to_owned()] }
}

/// `E1 ... E9`, `70 ... 72`: both ends and what is between.
fn range((from, to): (&str, &str)) -> Option<Vec<String>> {
    let (from, to) = (from.trim(), to.trim());
    let digits = from.find(|letter: char| letter.is_ascii_digit())?;
    let (head, first) = from.split_at_checked(digits)?;
    let (first, last): (u32, u32) = (first.parse().ok()?, to.strip_prefix(head)?.parse().ok()?);
    Some((first..=last).map(|number| format!("{head}{number}")).collect())
}

/// Puts the codes of all tables right, and gives a table without codes between versions that have some those of the
/// later one: a code too many makes no finding, a code too few makes a wrong one.
pub(super) fn mend(releases: &mut [Release]) {
    for table in releases.iter_mut().flat_map(|release| &mut release.tables) {
        let (id, table) = table;
        let mut codes: Vec<String> = Vec::new();
        for code in table.codes.iter().flat_map(|entry| of(id, entry)) {
            if !codes.contains(&code) {
                codes.push(code);
            }
        }
        table.codes = codes;
    }
    let mut filled = Vec::new();
    let mut later: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for at in (0..releases.len()).rev() {
        let Some((before, [release, ..])) = releases.split_at_mut_checked(at) else { continue };
        let known = |id: &str| {
            before.iter().any(|older| older.tables.get(id).is_some_and(|table| !table.codes.is_empty()))
        };
        for (id, codes) in &later {
            if known(id) && release.tables.get(id).is_none_or(|table| table.codes.is_empty()) {
                release.tables.entry(id.clone()).or_default().codes.clone_from(codes);
                filled.push(format!("{id} in {}", VERSIONS.get(at).copied().unwrap_or_default()));
            }
        }
        for (id, table) in release.tables.iter().filter(|(_, table)| !table.codes.is_empty()) {
            later.insert(id.clone(), table.codes.clone());
        }
    }
    filled.sort();
    println!("dictionary: tables without codes that have those of the next version: {}", filled.join(", "));
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn an_entry_of_a_table_is_none_one_or_several_codes() {
        assert_eq!(of("0211", "UNICODE UTF-8"), ["UNICODE UTF-8"]);
        assert_eq!(of("0301", "L, M, N"), ["L", "M", "N"]);
        assert_eq!(of("0141", "W1 ... W4"), ["W1", "W2", "W3", "W4"]);
        assert_eq!(of("0112", "10 _12"), ["10", "11", "12"]);
        assert_eq!(of("0335", "Q < integer > J < day  # >"), ["Q<integer>J<day#>"]);
        assert_eq!(of("0359", "2 _"), ["<integer>"]);
        assert!(of("0207", "Not present").is_empty());
        assert!(of("0203", "An Identifier for a provi").is_empty());
        assert!(of("0153", "…").is_empty());
        assert_eq!(of("0078", "<"), ["<"]);
    }
}
