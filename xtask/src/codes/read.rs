//! The file of the code tables.

use std::collections::BTreeMap;

/// All of the file.
#[derive(Debug, Default)]
pub(super) struct Codes {
    /// The URLs of the systems by their names here.
    pub(super) systems: BTreeMap<String, String>,
    pub(super) tables: Vec<Table>,
}

/// A table of HL7 v2.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) number: String,
    /// The name of the enum.
    pub(super) name: String,
    pub(super) maps: Vec<Map>,
}

/// What one map makes of the codes of its table.
#[derive(Debug)]
pub(super) struct Map {
    pub(super) name: String,
    /// Whether it is one of the guide.
    pub(super) official: bool,
    /// The map whose rows it shares.
    pub(super) same: Option<String>,
    pub(super) rows: Vec<Row>,
    pub(super) left_out: Vec<Remark>,
    pub(super) corrected: Vec<Remark>,
}

#[derive(Debug)]
pub(super) struct Row {
    pub(super) code: String,
    pub(super) target: Option<Target>,
}

#[derive(Debug)]
pub(super) struct Target {
    /// By its name in the file.
    pub(super) system: String,
    pub(super) code: String,
    pub(super) display: Option<String>,
}

/// What was decided about a row of the guide.
#[derive(Debug)]
pub(super) struct Remark {
    pub(super) code: String,
    pub(super) reason: String,
}

impl Table {
    /// Every code of the table that one of its maps has, sorted.
    pub(super) fn codes(&self) -> Vec<&str> {
        let rows = self.maps.iter().flat_map(|map| &map.rows);
        let codes: std::collections::BTreeSet<&str> = rows.map(|row| row.code.as_str()).collect();
        codes.into_iter().collect()
    }

    /// The maps with rows of their own.
    pub(super) fn own_maps(&self) -> impl Iterator<Item = &Map> {
        self.maps.iter().filter(|map| map.same.is_none())
    }
}

impl Map {
    pub(super) fn target(&self, code: &str) -> Option<&Target> {
        self.rows.iter().find(|row| row.code == code)?.target.as_ref()
    }
}

/// Reads the file.
pub(super) fn codes(text: &str) -> Result<Codes, String> {
    let mut codes = Codes::default();
    for (index, line) in text.lines().enumerate() {
        if !line.is_empty() && !line.starts_with('#') {
            take(&mut codes, line)
                .ok_or_else(|| format!("tables.txt: line {} is not understood", index + 1))?;
        }
    }
    check(&codes)?;
    Ok(codes)
}

fn take(codes: &mut Codes, line: &str) -> Option<()> {
    if let Some(row) = line.strip_prefix('\t') {
        let map = codes.tables.last_mut()?.maps.last_mut()?;
        match row.split('\t').collect::<Vec<_>>().as_slice() {
            ["!", code, reason] => map.left_out.push(remark(code, reason)),
            ["~", code, reason] => map.corrected.push(remark(code, reason)),
            [code] => map.rows.push(Row { code: (*code).to_owned(), target: None }),
            [code, system, target] => map.rows.push(mapped(code, system, target, None)),
            [code, system, target, display] => map.rows.push(mapped(code, system, target, Some(display))),
            _ => return None,
        }
        return Some(());
    }
    match line.split(' ').collect::<Vec<_>>().as_slice() {
        ["system", name, url] => {
            codes.systems.insert((*name).to_owned(), (*url).to_owned());
        }
        ["table", number, name] => codes.tables.push(Table {
            number: (*number).to_owned(),
            name: (*name).to_owned(),
            maps: Vec::new(),
        }),
        ["map", name] => codes.tables.last_mut()?.maps.push(map(name, true, None)),
        ["own", name] => codes.tables.last_mut()?.maps.push(map(name, false, None)),
        ["same", name, "as", other] => {
            codes.tables.last_mut()?.maps.push(map(name, true, Some((*other).to_owned())));
        }
        _ => return None,
    }
    Some(())
}

fn map(name: &str, official: bool, same: Option<String>) -> Map {
    let name = name.to_owned();
    Map { name, official, same, rows: Vec::new(), left_out: Vec::new(), corrected: Vec::new() }
}

fn remark(code: &str, reason: &str) -> Remark {
    Remark { code: code.to_owned(), reason: reason.to_owned() }
}

fn mapped(code: &str, system: &str, target: &str, display: Option<&str>) -> Row {
    let system = system.to_owned();
    let to = if target == "=" { code } else { target };
    let target = Target { system, code: to.to_owned(), display: display.map(str::to_owned) };
    Row { code: code.to_owned(), target: Some(target) }
}

/// Every system is declared, no map has a code twice, and only HL7's own systems have displays here.
fn check(codes: &Codes) -> Result<(), String> {
    for map in codes.tables.iter().flat_map(|table| &table.maps) {
        let mut seen = std::collections::BTreeSet::new();
        for row in &map.rows {
            if !seen.insert(&row.code) {
                return Err(format!("{}: the code `{}` is there twice", map.name, row.code));
            }
            let Some(target) = row.target.as_ref().filter(|target| target.system != "v2") else { continue };
            let url = codes.systems.get(&target.system);
            let url = url.ok_or_else(|| format!("{}: no system `{}`", map.name, target.system))?;
            let of_hl7 =
                url.starts_with("http://terminology.hl7.org/") || url.starts_with("http://hl7.org/fhir/");
            if target.display.is_some() && !of_hl7 {
                return Err(format!("{}: a display for `{}`, which is not HL7's", map.name, row.code));
            }
        }
    }
    Ok(())
}
