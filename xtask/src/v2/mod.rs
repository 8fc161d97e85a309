//! `cargo xtask v2`: the tables of HL7 v2 in `deid/data`, from the files of `hl7-v2/dictionary`. `deid` does not depend
//! on `hl7-v2`, so it has the types of fields and the codes of tables as data of its own.

mod read;
mod write;

use std::path::Path;

use crate::shell::root;

/// Writes the files; with `check`, only fails when they are not what the dictionary gives.
pub(crate) fn run(check: bool) -> Result<(), String> {
    let dictionary = root().join("hl7-v2/dictionary");
    let segments = read::definitions(&text(&dictionary.join("segments.txt"))?)?;
    let datatypes = read::definitions(&text(&dictionary.join("datatypes.txt"))?)?;
    let tables = read::tables(&text(&dictionary.join("tables.txt"))?)?;
    let files = [
        ("v2-segments.txt", write::definitions(write::SEGMENTS, &segments)),
        ("v2-datatypes.txt", write::definitions(write::DATATYPES, &datatypes)),
        ("v2-tables.txt", write::tables(&tables)),
    ];
    let mut stale = Vec::new();
    for (name, made) in files {
        let path = root().join("deid/data").join(name);
        match text(&path).is_ok_and(|there| there == made) {
            true => println!("v2: {name} is what the dictionary gives"),
            false if check => stale.push(name),
            false => {
                println!("v2: writing {}", path.display());
                std::fs::write(&path, made).map_err(|error| format!("{}: {error}", path.display()))?;
            }
        }
    }
    match stale.is_empty() {
        true => Ok(()),
        false => Err(format!("{} are not what the dictionary gives: run `cargo xtask v2`", stale.join(", "))),
    }
}

fn text(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}
