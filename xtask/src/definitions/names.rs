//! `names.txt`: every name that a member of a resource can have. The number of a line is the name's id.

use std::collections::BTreeSet;

use super::package::{Element, Package};

pub(super) fn table(package: &Package) -> Result<String, String> {
    let mut names = BTreeSet::from(["resourceType".to_owned()]);
    for structure in package.structures()? {
        names.extend(structure.elements().iter().flat_map(names_of));
    }
    Ok(names.into_iter().fold(String::new(), |table, name| table + &name + "\n"))
}

/// The name of an element, or the names that a choice can have; none for the root of a structure.
fn names_of(element: &Element) -> Vec<String> {
    match element.place() {
        (_, "") => Vec::new(),
        (_, name) => match name.strip_suffix("[x]") {
            Some(choice) => {
                element.types.iter().map(|one| format!("{choice}{}", capitalised(&one.code))).collect()
            }
            None => vec![name.to_owned()],
        },
    }
}

fn capitalised(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
}
