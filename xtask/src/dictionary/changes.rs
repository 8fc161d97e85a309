//! `changes.txt`: what is written by hand over what the packages say.

use super::model::{Definition, Part, Release, Table, VERSIONS};
use super::shape::same_shape;

const CHANGES: &str = include_str!("changes.txt");

/// Changes the releases as the file says.
pub(super) fn apply(releases: &mut [Release]) -> Result<(), String> {
    let mut block = Block::default();
    for (number, line) in
        CHANGES.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
    {
        let wrong = || format!("changes.txt, line {}: not understood or not possible", number + 1);
        let words = line.trim();
        if line.starts_with('\t') {
            block.line(releases, words).ok_or_else(wrong)?;
        } else if let Some(versions) = words.strip_prefix("in ") {
            let versions: Option<Vec<usize>> = versions.split(' ').map(version).collect();
            block = Block { versions: versions.ok_or_else(wrong)?, ..Block::default() };
        } else {
            block.head(releases, words).ok_or_else(wrong)?;
        }
    }
    Ok(())
}

fn version(name: &str) -> Option<usize> {
    VERSIONS.iter().position(|version| *version == name)
}

/// Where in the file, and so in the releases, a line stands.
#[derive(Default)]
struct Block {
    versions: Vec<usize>,
    segment: String,
    structure: String,
}

impl Block {
    /// A line that is not indented, in each version of the block.
    fn head(&mut self, releases: &mut [Release], words: &str) -> Option<()> {
        let (keyword, rest) = words.split_once(' ')?;
        let (name, title) = rest.split_once(' ').unwrap_or((rest, ""));
        (self.segment, self.structure) = (String::new(), String::new());
        match keyword {
            "segment" => name.clone_into(&mut self.segment),
            "structure" => name.clone_into(&mut self.structure),
            _ => {}
        }
        for &at in &self.versions {
            if let ("structure", Some((how, other))) = (keyword, title.split_once(' ')) {
                structure(releases, at, name, how, other)?;
                continue;
            }
            let release = releases.get_mut(at)?;
            match keyword {
                "segment" => {
                    let new = || Definition { title: title.to_owned(), ..Definition::default() };
                    release.segments.entry(name.to_owned()).or_insert_with(new);
                }
                "structure" => release.structures.retain(|(structure, _), _| structure != name),
                "table" => {
                    let (kind, title) = title.split_once(' ')?;
                    let table =
                        Table { title: title.to_owned(), kind: Some(kind.to_owned()), codes: Vec::new() };
                    release.tables.insert(name.to_owned(), table);
                }
                "code" => release.tables.get_mut(name)?.codes.push(title.to_owned()),
                "no-code" => {
                    let codes = &mut release.tables.get_mut(name)?.codes;
                    let at = codes.iter().position(|code| code == title)?;
                    codes.remove(at);
                }
                "events" => {
                    let events = release.events.entry(name.to_owned()).or_default();
                    events.extend(title.split(' ').map(str::to_owned));
                }
                _ => return None,
            }
        }
        Some(())
    }

    /// An indented line, in each version of the block.
    fn line(&self, releases: &mut [Release], words: &str) -> Option<()> {
        for &at in &self.versions {
            if self.structure.is_empty() {
                field(releases, at, &self.segment, words)?;
            } else {
                let (group, body) =
                    words.strip_prefix("= ").map(|body| ("", body)).or(words.split_once(" = "))?;
                let key = (self.structure.clone(), group.to_owned());
                releases.get_mut(at)?.structures.insert(key, body.to_owned());
            }
        }
        Some(())
    }
}

/// `structure OSU_O51 as OSU_O41`: the body of another one. `structure OUL_R24 names 2.5`: the names of groups that
/// another version has; it must have the same shape.
fn structure(releases: &mut [Release], at: usize, name: &str, how: &str, other: &str) -> Option<()> {
    let of = |release: &Release, name: &str| -> Vec<(String, String)> {
        let all = release.structures.iter().filter(|((structure, _), _)| structure == name);
        all.map(|((_, group), body)| (group.clone(), body.clone())).collect()
    };
    let bodies = match how {
        "as" => of(releases.get(at)?, other),
        "names" => {
            let like = releases.get(version(other)?)?;
            same_shape(releases.get(at)?, like, name).then(|| of(like, name))?
        }
        _ => return None,
    };
    let release = releases.get_mut(at).filter(|_| !bodies.is_empty())?;
    release.structures.retain(|(structure, _), _| structure != name);
    let keyed = bodies.into_iter().map(|(group, body)| ((name.to_owned(), group), body));
    release.structures.extend(keyed);
    Some(())
}

/// `2-17 as 2.7`; `2 table 0287`, `1-14 usage U` or `4 name Role`; or a new field, which must be the next one.
fn field(releases: &mut [Release], at: usize, segment: &str, words: &str) -> Option<()> {
    let (numbers, rest) = words.split_once(' ')?;
    let (from, to) = numbers.split_once('-').unwrap_or((numbers, numbers));
    let numbers = from.parse::<usize>().ok()?..=to.parse().ok()?;
    let (keyword, value) = rest.split_once(' ')?;
    if keyword == "as" {
        let like = releases.get(version(value)?)?.segments.get(segment)?.parts.clone();
        let parts = &mut releases.get_mut(at)?.segments.get_mut(segment)?.parts;
        for number in numbers {
            parts.insert(number, like.get(&number)?.clone());
        }
        return Some(());
    }
    let parts = &mut releases.get_mut(at)?.segments.get_mut(segment)?.parts;
    for number in numbers {
        match keyword {
            "table" => parts.get_mut(&number)?.table = Some(value.to_owned()),
            "name" => value.clone_into(&mut parts.get_mut(&number)?.name),
            "usage" => {
                let part = parts.get_mut(&number)?;
                part.usage = value.chars().next();
                part.min = Some(u32::from(value == "R"));
            }
            _ if number == parts.len() + 1 => drop(parts.insert(number, new_field(rest)?)),
            _ => return None,
        }
    }
    Some(())
}

/// `USAGE MIN..MAX DATATYPE LENGTH TABLE NAME`
fn new_field(words: &str) -> Option<Part> {
    let mut columns = words.splitn(6, ' ');
    let usage = columns.next()?.chars().next();
    let (min, max) = columns.next()?.split_once("..")?;
    let max = if max == "*" { None } else { Some(max.parse().ok()?) };
    let datatype = columns.next()?.to_owned();
    let length = columns.next()?;
    let length = if length == "-" { None } else { Some(length.parse().ok()?) };
    let table = Some(columns.next()?).filter(|table| *table != "-").map(str::to_owned);
    let name = columns.next()?.to_owned();
    Some(Part { name, datatype, usage, min: min.parse().ok(), max: Some(max), length, table })
}
