//! `demo`: its table must add up.

use std::collections::BTreeMap;

use crate::support::Place;

/// The numbers of the table by their names.
fn table(text: &str) -> BTreeMap<&str, u64> {
    let rows = text.lines().filter_map(|line| {
        let row = line.strip_prefix("  ").filter(|row| row.len() > 30 && row.is_char_boundary(20))?;
        let (name, rest) = row.split_at(20);
        Some((name.trim_end(), rest.split_whitespace().next()?.parse().ok()?))
    });
    rows.collect()
}

#[test]
fn every_message_of_the_demo_is_accounted_for() {
    let place = Place::new();
    let ran = place.run(&["demo", "--messages", "60", "--connections", "4", "--data-dir", "data"]).is(0);
    let rows = table(&ran.out);
    let of = |name: &str| *rows.get(name).unwrap_or_else(|| panic!("{name} is not in {}", ran.out));
    assert!(of("received") >= 60);
    assert_eq!(of("received"), of("acknowledged (AA)") + of("refused (AE)") + of("resends recognised"));
    assert_eq!(of("acknowledged (AA)"), of("pushed") + of("held by consent"));
    assert_eq!((of("lost"), of("dead-lettered")), (0, 0));
    assert_eq!(of("permitted"), of("de-identified"));
    assert_eq!(of("mapped"), of("permitted") + of("denied"));
    assert_eq!(of("drift made"), of("drift found"));
    assert!(of("drift found") >= of("drift repaired") && of("drift repaired") > 0);
    assert!(of("held by consent") > 0 && of("pushed") > 0 && of("fsyncs") > 0);
    for words in [
        "receipt to ACK",
        "receipt to remote",
        "p50",
        "p99",
        "Every acknowledged message is accounted for.",
        "Where to look next",
    ] {
        assert!(ran.out.contains(words), "{words}");
    }
    assert!(place.path("data/carewire.db").exists());
    place.run(&["demo", "--messages", "60", "--data-dir", "data"]).is(2).says(&["holds a store already"]);
}

#[test]
fn another_seed_plays_other_messages_and_leaves_no_files() {
    let place = Place::new();
    let temporary = place.path("tmp");
    std::fs::create_dir(&temporary).unwrap();
    let environment = [("TMPDIR", temporary.to_str().unwrap())];
    let ran = place.run_with(&["demo", "--messages", "10", "--seed", "7"], &environment).is(0);
    assert!(ran.out.contains("seed 7") && ran.out.contains("10 messages"), "{}", ran.out);
    assert!(place.list("tmp").is_empty());
}
