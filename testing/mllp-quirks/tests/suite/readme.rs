//! The README says what the code does. `MLLP_QUIRKS_README=write` writes its tables anew.

use carewire_mllp_quirks::{Level, client_quirks, server_quirks, to_markdown};

const README: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");

fn with_table(readme: &str, name: &str, table: &str) -> String {
    let start = readme.find(&format!("<!-- {name}:")).unwrap();
    let start = start + readme[start..].find('\n').unwrap() + 1;
    let end = start + readme[start..].find("<!-- end -->").unwrap();
    format!("{}{table}{}", &readme[..start], &readme[end..])
}

#[test]
fn its_tables_are_those_of_the_code() {
    let readme = std::fs::read_to_string(README).unwrap();
    let wanted = with_table(&readme, "servers", &to_markdown(server_quirks()));
    let wanted = with_table(&wanted, "clients", &to_markdown(client_quirks()));
    if std::env::var_os("MLLP_QUIRKS_README").is_some() {
        std::fs::write(README, &wanted).unwrap();
    }
    assert!(readme == wanted, "run this test with MLLP_QUIRKS_README=write");
}

#[test]
fn ids_are_unique_and_every_row_is_complete() {
    for quirks in [server_quirks().collect::<Vec<_>>(), client_quirks().collect()] {
        let mut ids: Vec<_> = quirks.iter().map(|quirk| quirk.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), quirks.len());
        for quirk in &quirks {
            let texts = [quirk.does, quirk.expects, quirk.source];
            assert!(texts.iter().all(|text| text.len() > 5 && !text.ends_with('.')), "{}", quirk.id);
            assert!(
                quirk
                    .id
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
            );
        }
        assert!(quirks.iter().filter(|quirk| quirk.level == Level::Required).count() > 10);
    }
}
