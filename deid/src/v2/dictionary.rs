//! What HL7 v2 defines: the types of fields and components of all versions together, and the codes of its tables.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use crate::fhir::data_lines;

/// The type of a field or component.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Typed {
    /// `-` where no version has a type.
    pub(super) datatype: &'static str,
    /// Four digits, or nothing.
    pub(super) table: &'static str,
}

/// The codes of a table, sorted.
pub(super) type Table = Vec<&'static str>;

/// The fields of every segment, by its name.
pub(super) fn segments() -> &'static BTreeMap<&'static str, Vec<Typed>> {
    &SEGMENTS
}

/// The components of a datatype: none for a primitive one, `None` for one that HL7 does not have.
pub(super) fn components(datatype: &str) -> Option<&'static [Typed]> {
    DATATYPES.get(datatype).map(Vec::as_slice)
}

/// The codes of a table; `None` for one that has none.
pub(super) fn table(number: &str) -> Option<&'static Table> {
    TABLES.get(number)
}

static SEGMENTS: LazyLock<BTreeMap<&'static str, Vec<Typed>>> =
    LazyLock::new(|| definitions(include_str!("../../data/v2-segments.txt")));

static DATATYPES: LazyLock<BTreeMap<&'static str, Vec<Typed>>> =
    LazyLock::new(|| definitions(include_str!("../../data/v2-datatypes.txt")));

static TABLES: LazyLock<HashMap<&'static str, Table>> = LazyLock::new(|| {
    let lines = data_lines(include_str!("../../data/v2-tables.txt"));
    lines
        .filter_map(|line| line.split_once('\t'))
        .map(|(id, codes)| (id, codes.split('\t').collect()))
        .collect()
});

fn definitions(text: &'static str) -> BTreeMap<&'static str, Vec<Typed>> {
    data_lines(text)
        .filter_map(|line| line.split_once('\t'))
        .map(|(name, types)| (name, types.split(' ').filter(|one| !one.is_empty()).map(typed).collect()))
        .collect()
}

fn typed(text: &'static str) -> Typed {
    let (datatype, table) = text.split_once(':').unwrap_or((text, ""));
    Typed { datatype, table }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_is_defined_and_codes_are_sorted() {
        assert!(segments().len() > 190 && DATATYPES.len() > 150);
        let fields = segments().values().flatten();
        for one in fields.chain(DATATYPES.values().flatten()).filter(|one| one.datatype != "-") {
            assert!(components(one.datatype).is_some() || one.datatype == "SNM", "{}", one.datatype);
        }
        TABLES.values().for_each(|codes| assert!(codes.is_sorted()));
        assert!(table("0001").is_some_and(|codes| codes.contains(&"F") && !codes.contains(&"SMITH")));
    }
}
