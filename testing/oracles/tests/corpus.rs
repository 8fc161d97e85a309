//! Real messages: where two parsers differ, the reason is known.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use carewire_hl7_v2::batch::Batch;
use carewire_oracles::{Peer, compare, compare_batch};

#[test]
fn every_difference_on_real_messages_has_a_reason() {
    let Some(root) = std::env::var_os("CAREWIRE_CORPUS").map(PathBuf::from) else {
        println!("skipped: CAREWIRE_CORPUS is not set");
        return;
    };
    let (mut compared, mut not_text, mut unexplained) = (0, 0, vec![]);
    let mut known: BTreeMap<String, u32> = BTreeMap::new();
    for file in files(&root) {
        let bytes = fs::read(&file).unwrap();
        let Ok(text) = std::str::from_utf8(&bytes) else {
            not_text += 1;
            continue;
        };
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut note = |who: &str, found: carewire_oracles::Difference, number: usize| match found.class {
            Some(class) => *known.entry(format!("{who} {class:?}")).or_default() += 1,
            None => unexplained.push(format!("{name} message {number}, {who}: {:?}", found.what)),
        };
        compare_batch(text).into_iter().for_each(|found| note("batch", found, 0));
        for (number, message) in (1..).zip(Batch::split(&bytes).messages()) {
            compared += 1;
            let text = std::str::from_utf8(message).unwrap();
            for peer in Peer::ALL {
                // Many values of a message may differ for one reason: it counts once.
                let mut seen = vec![];
                for found in compare(text, peer) {
                    if !seen.contains(&found.class) || found.class.is_none() {
                        seen.push(found.class);
                        note(&format!("{peer:?}"), found, number);
                    }
                }
            }
        }
    }
    println!(
        "{compared} messages compared with 3 parsers, {not_text} files are not UTF-8; messages that differ, by reason:"
    );
    known.iter().for_each(|(reason, count)| println!("  {count:5} {reason}"));
    unexplained.iter().for_each(|difference| println!("UNEXPLAINED {difference}"));
    assert!(compared > 500, "the corpus has {compared} messages only");
    assert!(unexplained.is_empty(), "{} differences without a known reason", unexplained.len());
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = vec![];
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "hl7") {
            found.push(path);
        }
    }
    found
}
