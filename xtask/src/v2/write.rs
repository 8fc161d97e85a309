//! The files of `deid/data`.

use std::collections::BTreeMap;

use super::read::{Part, Parts};

pub(super) const SEGMENTS: &str = "Segments: NAME<tab>the types of its fields in order";
pub(super) const DATATYPES: &str = "Datatypes: NAME<tab>the types of its components in order";

const MADE: &str =
    "# Made by `cargo xtask v2` from hl7-v2/dictionary (sources and licences there). Do not edit.\n";

/// One line for each segment or datatype.
pub(super) fn definitions(title: &str, all: &BTreeMap<String, Parts>) -> String {
    let mut text = format!("# {title}, as `TYPE` or `TYPE:TABLE` of the last version of 2.1 to 2.9\n");
    text += "# that has it; `-` where none does, `UNIT` for units of measure.\n";
    text += MADE;
    for (name, parts) in all {
        let last = parts.keys().copied().max().unwrap_or(0);
        let types: Vec<String> =
            (1..=last).map(|number| parts.get(&number).map_or("-".to_owned(), typed)).collect();
        text += &format!("{name}\t{}\n", types.join(" "));
    }
    text
}

fn typed(part: &Part) -> String {
    match (part.datatype.as_str(), part.codes()) {
        ("", _) => "-".to_owned(),
        (datatype, "") => datatype.to_owned(),
        (datatype, table) => format!("{datatype}:{table}"),
    }
}

/// One line for each table.
pub(super) fn tables(all: &BTreeMap<String, Vec<String>>) -> String {
    let mut text =
        "# Tables: NUMBER<tab>the codes that any version of 2.3.1 to 2.9 has, sorted.\n".to_owned();
    text += MADE;
    for (id, codes) in all {
        text += &format!("{id}\t{}\n", codes.join("\t"));
    }
    text
}
