//! The code maps of the guide against those here.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use super::*;

/// A row of a sheet that has a target.
struct Sheet {
    map: &'static CodeMap,
    rows: Vec<Vec<String>>,
    /// The columns of the target's display and system.
    display: usize,
    system: usize,
}

/// Every row of the guide that has a target is in its map with this target, or left out for a reason.
#[test]
fn every_row_of_the_guide_is_mapped_or_left_out() {
    let Some(corpus) = std::env::var_os("CAREWIRE_CORPUS") else {
        println!("skipped: CAREWIRE_CORPUS is not set");
        return;
    };
    let folder = Path::new(&corpus).join("v2-to-fhir/ig-csv/codesystems");
    let Ok(files) = std::fs::read_dir(&folder) else {
        println!("skipped: {} is not there", folder.display());
        return;
    };
    let sheets: Vec<Sheet> = files.map(|file| sheet(&file.unwrap().path())).collect();
    assert_eq!(sheets.len(), ALL.len());
    let mut rows = 0;
    let mut missing = Vec::new();
    for sheet in &sheets {
        for row in sheet.rows.iter().filter(|row| !cell(row, TARGET).is_empty()) {
            rows += usize::from(!cell(row, 0).is_empty());
            if !is_mapped(sheet, row) && !is_left_out(sheet.map, cell(row, 0)) {
                missing.push(format!("{}: {}", sheet.map.name, row.join(",")));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
    assert!(rows > 2_300, "{rows} rows with a code of v2");
}

/// The column of the target's code.
const TARGET: usize = 6;

fn is_mapped(sheet: &Sheet, row: &[String]) -> bool {
    let (code, target) = (cell(row, 0), cell(row, TARGET));
    let find = sheet.map.find;
    if CORRECTED.iter().any(|at| at.map == sheet.map.name && at.code == code) {
        return true;
    }
    if code.is_empty() {
        // The table takes codes of FHIR as they are; one sheet has them in the column of the display.
        return [target, cell(row, sheet.display)].iter().any(|code| find(code).is_some());
    }
    let system = cell(row, sheet.system).trim_end_matches('/');
    find(code).is_some_and(|concept| concept.code == target && concept.system == system)
}

fn is_left_out(map: &CodeMap, code: &str) -> bool {
    let code = if code.is_empty() { "-" } else { code };
    UNMAPPED.iter().any(|at| at.map == map.name && at.code == code)
}

fn cell(row: &[String], column: usize) -> &str {
    row.get(column).map_or("", |cell| cell.trim())
}

/// `HL7 Concept Map_ AdministrativeSex - Sheet1.csv`
fn sheet(path: &Path) -> Sheet {
    let file = path.file_name().unwrap().to_str().unwrap();
    let name = file.strip_prefix("HL7 Concept Map_ ").and_then(|name| name.strip_suffix(" - Sheet1.csv"));
    let map = ALL.iter().find(|map| Some(map.name) == name).unwrap_or_else(|| panic!("no map for {file}"));
    let mut rows = cells(&std::fs::read_to_string(path).unwrap());
    let titles: Vec<String> = rows.drain(..2.min(rows.len())).next_back().unwrap_or_default();
    let column = |title: &str| titles.iter().rposition(|cell| cell == title).unwrap_or(usize::MAX);
    Sheet { map, rows, display: column("Display"), system: column("Code System") }
}

/// The cells of a CSV: in quotes where they hold a comma, a line's end or a quote, which is doubled.
fn cells(text: &str) -> Vec<Vec<String>> {
    let mut rows = vec![vec![String::new()]];
    let mut quoted = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let row = rows.last_mut().unwrap();
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => row.last_mut().unwrap().extend(chars.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(String::new()),
            '\n' if !quoted => rows.push(vec![String::new()]),
            '\r' if !quoted => {}
            other => row.last_mut().unwrap().push(other),
        }
    }
    rows
}

#[test]
fn cells_are_parted_by_commas_outside_of_quotes() {
    assert_eq!(cells("a,\"b,\"\"c\"\"\n\",d\r\ne"), [vec!["a", "b,\"c\"\n", "d"], vec!["e"]]);
}

/// The rows of the guide name code maps by their sheets, as these are named here.
#[test]
fn a_map_that_a_row_names_is_here() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let mut named = HashSet::new();
    for file in ["guide_rows.txt", "guide_datatypes.txt"] {
        let text = std::fs::read_to_string(folder.join(file)).unwrap();
        let rows = text.lines().filter(|line| !line.starts_with('#'));
        let maps = rows.flat_map(|row| row.split(' ')).filter_map(|word| word.strip_prefix("vocab="));
        named.extend(maps.map(str::to_owned));
    }
    for name in &named {
        assert!(ALL.iter().any(|map| map.name == name), "{name}");
    }
    assert!(named.len() > 50, "{}", named.len());
}

/// What is said of rows of the guide is said of maps that are here, with a reason, and once.
#[test]
fn remarks_are_about_maps() {
    let left_out = UNMAPPED.iter().map(|at| (at.map, at.code, at.reason));
    let corrected = CORRECTED.iter().map(|at| (at.map, at.code, at.reason));
    let mut seen = HashSet::new();
    for (map, code, reason) in left_out.chain(corrected) {
        assert!(ALL.iter().any(|known| known.name == map), "{map}");
        assert!(!reason.is_empty() && seen.insert((map, code)), "{map} {code}");
    }
}

/// A code that is left out has no counterpart, but for `U` of 0206, which has one of two.
#[test]
fn what_is_left_out_is_not_mapped() {
    for at in UNMAPPED.iter().filter(|at| (at.map, at.code) != ("SegmentActionCode", "U")) {
        let map = ALL.iter().find(|map| map.name == at.map).unwrap();
        assert_eq!((map.find)(at.code), None, "{} {}", at.map, at.code);
    }
}

/// Where R4 binds an element to codes of a system, those of the maps are among them.
#[test]
fn the_codes_of_required_bindings_are_those_of_r4() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fhir-core/definitions/r4.txt");
    let definitions = std::fs::read_to_string(path).unwrap();
    let mut known: HashMap<&str, HashSet<&str>> = HashMap::new();
    for line in definitions.lines().filter_map(|line| line.strip_prefix(" http://hl7.org/fhir/")) {
        let mut words = line.split(' ');
        known.entry(words.next().unwrap()).or_default().extend(words);
    }
    let mut checked = HashSet::new();
    for map in ALL.iter().chain(OWN) {
        for (code, concept) in (map.codes)() {
            let Some(concept) = concept else { continue };
            let system = concept.system.strip_prefix("http://hl7.org/fhir/").unwrap_or_default();
            let Some(codes) = known.get(system) else { continue };
            assert!(codes.contains(concept.code), "{} {code}: {system} {}", map.name, concept.code);
            checked.insert(system);
        }
    }
    assert!(checked.contains("administrative-gender") && checked.len() > 15, "{checked:?}");
}
