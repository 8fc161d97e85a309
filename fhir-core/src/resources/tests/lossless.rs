//! What goes through a struct comes out as it went in, whatever it is.

use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::definitions::{DEFINITIONS, Element, LEFT_OUT, elements, suffix_of};
use super::every::{EVERY, Known, known};
use crate::{Resource, Value};

/// Makes JSON that resembles a type, from a seed.
pub(crate) struct Maker {
    state: u64,
    /// One in so many values is something else than its type says; 0 for none.
    odd: u64,
    /// One in so many elements is there.
    sparse: u64,
}

impl Maker {
    /// Makes only what the types say.
    pub(crate) fn sound(seed: u64, sparse: u64) -> Self {
        Self { state: 0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(seed), odd: 0, sparse }
    }

    fn next(&mut self, below: u64) -> u64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        self.state % below.max(1)
    }

    pub(crate) fn resource(&mut self, name: &str) -> Resource {
        let mut value = Value::object().with("resourceType", name);
        self.members(name, &mut value, 3);
        Resource::from_value(value).unwrap()
    }

    fn members(&mut self, name: &str, into: &mut Value, depth: usize) {
        let held = |(owner, element): &(&str, &Element)| !LEFT_OUT.contains(&(*owner, &*element.name));
        for (_, element) in elements(name).into_iter().filter(held) {
            if self.next(self.sparse) == 0 {
                let of = self.next(element.types.len() as u64) as usize;
                self.element(element, &element.types[of], into, depth);
            }
        }
    }

    fn element(&mut self, element: &Element, name: &str, into: &mut Value, depth: usize) {
        let plain = element.name.trim_end_matches("[x]");
        let member = match element.name.ends_with("[x]") {
            true => format!("{plain}{}", suffix_of(name)),
            false => plain.to_owned(),
        };
        if self.odd > 0 && self.next(self.odd) == 0 {
            into.set(&format!("_{member}"), Value::object().with("id", "i"));
        }
        let count = if element.many { 1 + self.next(2) } else { 1 };
        let values: Vec<Value> = (0..count).filter_map(|_| self.value(name, element.code, depth)).collect();
        let one = !element.many || (self.odd > 0 && self.next(self.odd) == 0);
        match values.into_iter().next() {
            None => {}
            Some(value) if one => _ = into.set(&member, value),
            Some(value) => _ = into.set(&member, vec![value.clone(), value]),
        }
    }

    fn value(&mut self, name: &str, code: Option<&str>, depth: usize) -> Option<Value> {
        if self.odd > 0 && self.next(self.odd) == 0 {
            let odd =
                ["", "?", "[]", "{}", "null", "7", "-0", "1e400", "true", r#"[null,"a"]"#, r#"{"a b":[{}]}"#];
            let odd = odd[self.next(odd.len() as u64) as usize];
            return Some(Value::parse(odd.as_bytes()).unwrap_or_else(|_| Value::string(odd)));
        }
        Some(match name {
            "boolean" => Value::bool(self.next(2) == 0),
            "integer" | "unsignedInt" | "positiveInt" => Value::integer(1 + self.next(99) as i64),
            "decimal" => Value::number(["0.50", "1", "-3.2e4"][self.next(3) as usize])?,
            "date" => "2024-02".into(),
            "dateTime" => "2024-02-29T10:00:00+01:00".into(),
            "instant" => "2024-02-29T10:00:00.1Z".into(),
            "time" => "23:59:60".into(),
            "Resource" => Value::object().with("resourceType", "Basic"),
            "code" => code.unwrap_or("text").into(),
            primitive if primitive.starts_with(char::is_lowercase) => "text".into(),
            name => {
                let mut object = Value::object();
                if depth > 0 && DEFINITIONS.contains_key(name) {
                    self.members(name, &mut object, depth - 1);
                }
                (!object.is_empty()).then_some(object)?
            }
        })
    }
}

fn check(known: &Known, resource: &Resource) -> Result<Vec<String>, TestCaseError> {
    let again = (known.reread)(resource);
    prop_assert!(again.resource.value() == resource.value(), "{}: lost {:?}", known.name, again.unread);
    prop_assert!(again.text == again.resource.to_json(), "{}: text and tree differ", known.name);
    prop_assert!(again.stable, "{}: read again, it differs", known.name);
    Ok(again.unread)
}

#[test]
fn whatever_r4_allows_is_held_by_fields() {
    for known in EVERY {
        for seed in 1..13 {
            let mut maker =
                Maker { state: 0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(seed), odd: 0, sparse: 1 + seed % 4 };
            let unread = check(known, &maker.resource(known.name)).unwrap();
            assert!(unread.is_empty(), "{unread:?}");
        }
    }
}

proptest! {
    #[test]
    fn nothing_is_lost_of_what_r4_does_not_allow(of in 0..EVERY.len(), seed in 1u64.., odd in 2u64..40, sparse in 1u64..6) {
        let known = &EVERY[of];
        check(known, &Maker { state: seed, odd, sparse }.resource(known.name))?;
    }
}

fn json_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            json_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "json") {
            found.push(path);
        }
    }
}

/// The resources in a tree: itself, those in a Bundle, those contained.
fn resources(value: &Value, found: &mut Vec<Resource>) {
    found.extend(Resource::from_value(value.clone()).ok());
    value
        .items()
        .iter()
        .chain(value.members().map(|(_, member)| member))
        .for_each(|part| resources(part, found));
}

/// Needs `CAREWIRE_CORPUS`.
#[test]
fn nothing_is_lost_of_real_resources() {
    let Some(corpus) = std::env::var_os("CAREWIRE_CORPUS") else {
        println!("skipped: CAREWIRE_CORPUS is not set");
        return;
    };
    let (mut files, mut found) = (Vec::new(), Vec::new());
    json_files(Path::new(&corpus), &mut files);
    for file in files {
        if let Ok(value) = Value::parse(&std::fs::read(file).unwrap()) {
            resources(&value, &mut found);
        }
    }
    let mut counted = std::collections::BTreeMap::<&str, [usize; 2]>::new();
    for resource in &found {
        let Some(known) = known(resource.resource_type()) else { continue };
        let unread = check(known, resource).unwrap();
        let [read, with_unread] = counted.entry(known.name).or_default();
        *read += 1;
        *with_unread += usize::from(!unread.is_empty());
    }
    let [read, with_unread] = counted.values().fold([0, 0], |sum, [a, b]| [sum[0] + a, sum[1] + b]);
    println!("{read} resources of {} types, {with_unread} with members that no field holds", counted.len());
    assert!(read > 300, "{read} resources");
}
