//! From the paths of a policy to a rule for every field.

use std::collections::{BTreeMap, HashMap};

use super::datatype::{self, Layout};
use super::dictionary::{self, Typed};
use super::form;
use super::rule::{FieldRule, Leaf, Part, Parts, Rules, SegmentRules};
use crate::policy::{DateRule, Dates, Method, Rule as Entry, SystemRule};

/// What makes a file unusable: where, and why.
pub(crate) type Fault = (usize, String);

impl Rules {
    /// Compiles the paths; everything else is dropped.
    pub(crate) fn compile(entries: &[Entry], dates: Dates, systems: Vec<SystemRule>) -> Result<Self, Fault> {
        let paths = Paths::read(entries)?;
        let mut compiler = Compiler { paths: &paths, shared: HashMap::new() };
        let is_moved = |entry: &Entry| matches!(entry.method, Method::Shift | Method::Perturb);
        let moves = dates.method == DateRule::Shift || entries.iter().any(is_moved);
        let mut rules = Self { dates, systems, moves, ..Self::default() };
        for (name, fields) in dictionary::segments() {
            let compiled = compiler.segment(name, fields)?;
            let Ok(name) = <[u8; 3]>::try_from(name.as_bytes()) else { continue };
            rules.segments.push(SegmentRules { name, first: rules.slots, fields: compiled });
            rules.slots += fields.len();
        }
        rules.slots += 1;
        let values = datatype::OBSERVED.iter();
        rules.values = values.map(|name| (*name, compiler.value(name))).collect();
        if entries.iter().any(|entry| entry.path == "OBX-5" && entry.method == Method::Scrub) {
            let scrubbed = || Parts::from([Part::Leaf(Leaf::Scrub)]);
            rules.values.extend(datatype::TEXTS.map(|name| (name, scrubbed())));
        }
        Ok(rules)
    }
}

/// A component, and a subcomponent of it, from 0.
type Inside = (usize, Option<usize>);

/// The entries by what they name.
struct Paths<'e> {
    /// `PID-3`, `PID-*`, `*-*`.
    fields: HashMap<(&'e str, &'e str), &'e Entry>,
    /// `PID-11.5`, `PID-5.1.2`: by field, in order.
    parts: BTreeMap<(&'e str, usize), Vec<(Inside, &'e Entry)>>,
    /// `XAD.5`: by datatype.
    datatypes: BTreeMap<&'e str, Vec<(usize, &'e Entry)>>,
}

impl<'e> Paths<'e> {
    fn read(entries: &'e [Entry]) -> Result<Self, Fault> {
        let mut paths = Self { fields: HashMap::new(), parts: BTreeMap::new(), datatypes: BTreeMap::new() };
        for (index, entry) in entries.iter().enumerate() {
            if entries.iter().take(index).any(|earlier| earlier.path == entry.path) {
                return Err((entry.offset, format!("`{}` stands twice", entry.path)));
            }
            paths.place(entry).map_err(|reason| (entry.offset, reason))?;
        }
        Ok(paths)
    }

    fn place(&mut self, entry: &'e Entry) -> Result<(), String> {
        let Some((segment, rest)) = entry.path.split_once('-') else { return self.place_datatype(entry) };
        let (field, part) = rest.split_once('.').map_or((rest, None), |(field, part)| (field, Some(part)));
        if segment == "*" && field != "*" {
            return Err("`*` as a segment goes with `*` as a field".to_owned());
        }
        if segment != "*" {
            known_field(segment, field)?;
        }
        let Some(part) = part else {
            self.fields.insert((segment, field), entry);
            return Ok(());
        };
        let number: usize =
            field.parse().map_err(|_| "a component needs the number of its field".to_owned())?;
        let typed = dictionary::segments().get(segment).and_then(|fields| fields.get(number - 1));
        let inside = known_part(typed.map_or("-", |typed| typed.datatype), part)?;
        self.parts.entry((segment, number)).or_default().push((inside, entry));
        Ok(())
    }

    fn place_datatype(&mut self, entry: &'e Entry) -> Result<(), String> {
        let (name, part) = entry.path.split_once('.').ok_or("a path is `PID-7`, `PID-11.5` or `XAD.5`")?;
        if dictionary::components(name).is_none() {
            return Err(format!("`{name}` is no datatype of HL7 2.1 to 2.9"));
        }
        let component = known_component(name, part)?;
        self.datatypes.entry(name).or_default().push((component, entry));
        Ok(())
    }
}

fn known_field(segment: &str, field: &str) -> Result<(), String> {
    let Some(fields) = dictionary::segments().get(segment) else {
        return Err(format!("`{segment}` is no segment of HL7 2.1 to 2.9"));
    };
    let number = field.parse::<usize>().ok().filter(|number| (1..=fields.len()).contains(number));
    match field == "*" || number.is_some() {
        true => Ok(()),
        false => Err(format!("`{segment}` has no field `{field}`, only 1 to {}", fields.len())),
    }
}

/// `5`, or `5.1`: a component, or a subcomponent of it.
fn known_part(datatype: &str, part: &str) -> Result<Inside, String> {
    let (component, below) = part.split_once('.').map_or((part, None), |(part, below)| (part, Some(below)));
    let component = known_component(datatype, component)?;
    let below = below.map(|below| known_component(component_of(datatype, component).datatype, below));
    Ok((component, below.transpose()?))
}

/// The type of a component; text, where no version has one.
fn component_of(datatype: &str, component: usize) -> Typed {
    let typed = dictionary::components(datatype).and_then(|all| all.get(component)).copied();
    typed.unwrap_or(Typed { datatype: "ST", table: "" })
}

/// The component from 0.
fn known_component(datatype: &str, part: &str) -> Result<usize, String> {
    let count = dictionary::components(datatype).map_or(0, <[Typed]>::len).max(1);
    let number = part.parse::<usize>().ok().filter(|number| (1..=count).contains(number));
    number.map(|number| number - 1).ok_or_else(|| match datatype {
        "-" | "varies" => "the field has no components".to_owned(),
        _ => format!("`{datatype}` has no component `{part}`, only 1 to {count}"),
    })
}

struct Compiler<'p> {
    paths: &'p Paths<'p>,
    /// By rule, datatype and table: most fields are treated as another one is.
    shared: HashMap<(&'p str, &'static str, &'static str), Option<Parts>>,
}

impl<'p> Compiler<'p> {
    fn segment(&mut self, name: &str, fields: &[Typed]) -> Result<Vec<FieldRule>, Fault> {
        let numbered = (1..).zip(fields);
        numbered.map(|(number, typed)| self.field(name, number, *typed)).collect()
    }

    fn field(&mut self, segment: &str, number: usize, typed: Typed) -> Result<FieldRule, Fault> {
        let place = format!("{segment}-{number}");
        let named = self.paths.fields.get(&(segment, number.to_string().as_str())).copied();
        let star = self.paths.fields.get(&(segment, "*")).or_else(|| self.paths.fields.get(&("*", "*")));
        let is_named = named.is_some();
        let entry = named.or(star.copied());
        if place == "OBX-5" {
            return match entry.map(|entry| (entry.method, entry.offset)) {
                Some((Method::Keep | Method::Scrub, _)) => Ok(FieldRule::Value),
                None | Some((Method::Drop, _)) => Ok(FieldRule::Drop),
                Some((_, offset)) => Err((offset, "`OBX-5` may be kept, scrubbed or dropped".to_owned())),
            };
        }
        let mut parts = None;
        if let Some(entry) = entry.filter(|entry| entry.method != Method::Drop) {
            parts = self.parts(entry, typed, &place);
            if let (true, None) = (is_named, &parts) {
                let reason = datatype::misfit(entry.method, typed);
                return Err((entry.offset, format!("`{place}` {reason}")));
            }
        }
        if let Some(own) = self.paths.parts.get(&(segment, number)) {
            parts = Some(self.overridden(parts, own, typed)?);
        }
        Ok(parts.map_or(FieldRule::Drop, FieldRule::Parts))
    }

    /// The parts of a field with the rules for single components of it.
    fn overridden(
        &mut self,
        base: Option<Parts>,
        own: &[(Inside, &Entry)],
        typed: Typed,
    ) -> Result<Parts, Fault> {
        let mut parts = base.map_or_else(Vec::new, |parts| parts.to_vec());
        let whole = own.iter().filter(|((_, below), _)| below.is_none());
        let inside = own.iter().filter(|((_, below), _)| below.is_some());
        for ((component, below), entry) in whole.chain(inside) {
            let part = match below {
                None => self.component(typed.datatype, *component, entry)?,
                Some(below) => {
                    let base = parts.get(*component).cloned().unwrap_or(Part::Drop);
                    self.subcomponent(base, component_of(typed.datatype, *component), *below, entry)?
                }
            };
            datatype::set(&mut parts, *component, part);
        }
        Ok(parts.into())
    }

    /// A component in which a rule speaks of a part.
    fn subcomponent(&self, base: Part, typed: Typed, below: usize, entry: &Entry) -> Result<Part, Fault> {
        let fault = |reason: &str| (entry.offset, format!("`{}` {reason}", entry.path));
        let mut parts = match base {
            Part::Drop => Vec::new(),
            Part::Sub(parts) => parts.into_vec(),
            leaf @ Part::Leaf(_) => vec![leaf],
            _ => return Err(fault("is a part of a code or an identifier: name that as a whole")),
        };
        let part = self.component(typed.datatype, below, entry)?;
        if !matches!(part, Part::Drop | Part::Leaf(_)) {
            return Err(fault("has parts that stand deeper than messages go"));
        }
        datatype::set(&mut parts, below, part);
        Ok(Part::Sub(parts.into()))
    }

    /// The part that a rule for a component makes of it.
    fn component(&self, datatype: &str, component: usize, entry: &Entry) -> Result<Part, Fault> {
        let typed = component_of(datatype, component);
        let place = format!("{datatype}.{}", component + 1);
        let made = match entry.method {
            Method::Drop => Some(Part::Drop),
            Method::Keep => self.kept(typed, &place, 1),
            _ => datatype::parts(entry, typed, &place).map(datatype::narrowed),
        };
        made.ok_or_else(|| {
            (entry.offset, format!("`{}` {}", entry.path, datatype::misfit(entry.method, typed)))
        })
    }

    fn value(&mut self, name: &'static str) -> Parts {
        self.kept_field(Typed { datatype: name, table: "" }, "OBX-5").unwrap_or_default().into()
    }

    /// What a rule makes of a field; `None` where it does not fit.
    fn parts(&mut self, entry: &'p Entry, typed: Typed, place: &str) -> Option<Parts> {
        let special = form::is_special(place);
        let key = (entry.path.as_str(), typed.datatype, typed.table);
        if !special && let Some(known) = self.shared.get(&key) {
            return known.clone();
        }
        let made = match entry.method {
            Method::Keep => self.kept_field(typed, place),
            _ => datatype::parts(entry, typed, place),
        };
        let made = made.map(Parts::from);
        if !special {
            self.shared.insert(key, made.clone());
        }
        made
    }

    fn kept_field(&self, typed: Typed, place: &str) -> Option<Vec<Part>> {
        match self.kept(typed, place, 0)? {
            Part::Sub(parts) => Some(parts.into_vec()),
            part => Some(vec![part]),
        }
    }

    /// What `keep` makes of a value at a depth: 0 for a field, 1 for a component, 2 for a subcomponent.
    fn kept(&self, typed: Typed, place: &str, depth: usize) -> Option<Part> {
        if let Some(form) = form::of(typed, place) {
            return Some(Part::Leaf(Leaf::Keep(form)));
        }
        let components = dictionary::components(typed.datatype).filter(|all| !all.is_empty())?;
        let layout = datatype::layout(typed.datatype);
        if depth == 2 {
            return datatype::first_of(typed, layout);
        }
        if let Layout::Coded(bases) = layout {
            return Some(Part::Sub(datatype::coded(bases, components, typed.table).into()));
        }
        let own = self.paths.datatypes.get(typed.datatype);
        let mut parts = Vec::new();
        for (index, component) in components.iter().enumerate() {
            let named = own.and_then(|own| own.iter().find(|(number, _)| *number == index));
            let place = format!("{}.{}", typed.datatype, index + 1);
            let part = match named {
                Some((_, entry)) => self.component(typed.datatype, index, entry).ok(),
                None if layout == Layout::Plain => self.kept(*component, &place, depth + 1),
                None => None,
            };
            parts.push(part.unwrap_or(Part::Drop));
        }
        parts.iter().any(|part| !matches!(part, Part::Drop)).then(|| Part::Sub(parts.into()))
    }
}
