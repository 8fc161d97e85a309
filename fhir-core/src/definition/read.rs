//! From the text of the table to numbers.

use std::collections::HashMap;

use super::elements::Elements;
use super::spot;
use super::types::{ConstraintId, TargetsId, ValueSetId};
use super::{
    Constraint, Definitions, ElementDef, Form, Primitive, Role, TypeDef, TypeId, TypeKind, ValueSet,
};
use crate::json::NameId;

/// A line of the table is not understood; counted from 1.
#[derive(Debug)]
pub(super) struct Misread(
    #[cfg_attr(not(test), expect(dead_code, reason = "shown by tests"))] pub(super) usize,
);

impl Definitions {
    pub(super) fn read(text: &'static str) -> Result<Self, Misread> {
        let mut reader =
            Reader { types: type_names(text), primitives: primitives(text), ..Reader::default() };
        let mut lines = text.lines().enumerate();
        while let Some((number, line)) = lines.next() {
            let mut next = || lines.next().map(|(_, line)| line.trim());
            reader.line(line, &mut next).ok_or(Misread(number + 1))?;
        }
        reader.finish_type().ok_or(Misread(0))?;
        Ok(reader.finish())
    }
}

/// The number of each type, in the order of the table.
fn type_names(text: &'static str) -> HashMap<&'static str, TypeId> {
    let named = text.lines().filter_map(|line| line.strip_prefix("type ")?.split(' ').next());
    named.zip(0..).map(|(name, index)| (name, TypeId(index))).collect()
}

/// What each type is as a primitive, in the order of the table.
fn primitives(text: &'static str) -> Vec<Option<Primitive>> {
    let types = text.lines().filter_map(|line| line.strip_prefix("type "));
    let name = |line: &'static str| line.split_once(" primitive").map(|(name, _)| name);
    types.map(|line| name(line).and_then(Primitive::named)).collect()
}

#[derive(Default)]
struct Reader {
    types: HashMap<&'static str, TypeId>,
    primitives: Vec<Option<Primitive>>,
    value_sets: HashMap<&'static str, ValueSetId>,
    target_ids: HashMap<&'static str, TargetsId>,
    read: Definitions,
    open: Option<Open>,
}

/// A type that is being read.
struct Open {
    name: &'static str,
    kind: TypeKind,
    required: u64,
    constraints: Vec<ConstraintId>,
    slots: Vec<&'static str>,
    elements: Vec<(NameId, ElementDef)>,
    on_elements: Vec<(NameId, ConstraintId)>,
}

impl Reader {
    fn line(&mut self, line: &'static str, next: &mut dyn FnMut() -> Option<&'static str>) -> Option<()> {
        if line.is_empty() || line.starts_with('#') {
            return Some(());
        }
        if let Some(rest) = line.strip_prefix("valueset ") {
            return self.value_set(rest);
        }
        if let Some(rest) = line.strip_prefix("type ") {
            self.finish_type()?;
            return self.open_type(rest);
        }
        match (line.strip_prefix(" ! "), self.open.is_some()) {
            (Some(rest), true) => self.constraint(rest, next()?),
            (None, true) => self.element(line.trim()),
            (_, false) => self.codes(line.trim()),
        }
    }

    fn value_set(&mut self, line: &'static str) -> Option<()> {
        let mut words = line.split(' ');
        let name = words.next()?;
        let form = match words.nth(1)? {
            "codes" => Form::Codes(Vec::new()),
            "mime" => Form::Mime,
            "currency" => Form::currencies(),
            "ucum" => Form::Ucum,
            "open" => Form::Open,
            _ => return None,
        };
        self.value_sets.insert(name, ValueSetId(u16::try_from(self.read.value_sets.len()).ok()?));
        self.read.value_sets.push(ValueSet { name, form });
        Some(())
    }

    fn codes(&mut self, line: &'static str) -> Option<()> {
        let Form::Codes(systems) = &mut self.read.value_sets.last_mut()?.form else { return None };
        let (system, codes) = line.split_once(' ')?;
        systems.push((system, codes.split(' ').collect()));
        Some(())
    }

    fn open_type(&mut self, line: &'static str) -> Option<()> {
        let mut words = line.split(' ');
        let (name, kind) = (words.next()?, words.next()?);
        let kind = match (kind, name) {
            ("primitive", _) => TypeKind::Primitive(Primitive::named(name)?),
            ("datatype" | "part" | "profile", _) => TypeKind::Complex,
            ("resource", "Resource" | "DomainResource") => TypeKind::AnyResource,
            ("resource", _) => TypeKind::Resource,
            _ => return None,
        };
        let base = match words.next() {
            Some(base) => Some(self.read.types.get(self.types.get(base)?.index())?),
            None => None,
        };
        self.open = Some(Open::new(name, kind, base));
        Some(())
    }

    /// `name 0..1 Type|Reference(Target Target) = value-set`
    fn element(&mut self, line: &'static str) -> Option<()> {
        let (declared, value_set) =
            line.split_once(" = ").map_or((line, None), |(line, set)| (line, Some(set)));
        let mut words = declared.splitn(3, ' ');
        let (name, cardinality, types) = (words.next()?, words.next()?, words.next()?);
        let value_set = match value_set {
            Some(name) => Some(*self.value_sets.get(name)?),
            None => None,
        };
        let choice = name.strip_suffix("[x]");
        let (min, max) = cardinality.split_once("..")?;
        let traits = match max {
            "*" => ElementDef::LIST,
            "0" => ElementDef::FORBIDDEN,
            _ => 0,
        } | choice.map_or(0, |_| ElementDef::CHOICE);
        let slot = self.open.as_mut()?.slot(name, min != "0")?;
        for text in types.split('|') {
            let (one, type_id, targets) = self.type_name(text)?;
            let name = match choice {
                Some(stem) => NameId::of(&capitalised(stem, one))?,
                None => NameId::of(name)?,
            };
            let primitive = self.primitives.get(type_id.index()).copied()?;
            let element = ElementDef { slot, traits, primitive, type_id, value_set, targets };
            self.open.as_mut()?.put(name, element);
        }
        Some(())
    }

    /// The name of a type in a choice, its number, and what its references may name.
    fn type_name(&mut self, text: &'static str) -> Option<(&'static str, TypeId, Option<TargetsId>)> {
        let Some((name, narrowed)) = text.strip_suffix(')').and_then(|text| text.split_once('(')) else {
            return Some((text, *self.types.get(text)?, None));
        };
        if name != "Reference" {
            return Some((name, *self.types.get(narrowed)?, None));
        }
        let known = self.target_ids.get(narrowed).copied();
        let targets = match known {
            Some(id) => id,
            None => {
                let id = TargetsId(u16::try_from(self.read.targets.len()).ok()?);
                self.read.targets.push(narrowed.split(' ').collect());
                self.target_ids.insert(narrowed, id);
                id
            }
        };
        Some((name, *self.types.get(name)?, Some(targets)))
    }

    /// `key severity element text`, and the expression on the next line
    fn constraint(&mut self, line: &'static str, expression: &'static str) -> Option<()> {
        let mut words = line.splitn(4, ' ');
        let (key, severity, on, human) = (words.next()?, words.next()?, words.next()?, words.next()?);
        let id = ConstraintId(u16::try_from(self.read.constraints.len()).ok()?);
        let open = self.open.as_mut()?;
        let is_warning = severity == "warning";
        self.read.constraints.push(Constraint { on: open.name, key, is_warning, human, expression });
        open.constrain(on, id)
    }

    fn finish_type(&mut self) -> Option<()> {
        let Some(open) = self.open.take() else { return Some(()) };
        let id = TypeId(u16::try_from(self.read.types.len()).ok()?);
        self.read.by_name.push((open.name, id));
        self.read.types.push(TypeDef {
            name: open.name,
            kind: open.kind,
            role: Role::of(open.name),
            required: open.required,
            evaluated: self.evaluated(&open.constraints),
            constraints: open.constraints.into(),
            slots: open.slots.into(),
            elements: Elements::new(open.elements)?,
            on_elements: open.on_elements.into(),
        });
        (self.types.get(open.name) == Some(&id)).then_some(())
    }

    /// The constraints that the walk leaves to be evaluated.
    fn evaluated(&self, constraints: &[ConstraintId]) -> Box<[ConstraintId]> {
        let key = |id: ConstraintId| self.read.constraints.get(id.index()).map_or("", |one| one.key);
        constraints.iter().copied().filter(|id| !Constraint::BY_WALK.contains(&key(*id))).collect()
    }

    fn finish(mut self) -> Definitions {
        self.read.by_name.sort_unstable_by_key(|(name, _)| *name);
        self.read.resources = table_of_resources(&self.read.types);
        self.read
    }
}

fn table_of_resources(types: &[TypeDef]) -> Vec<Option<TypeId>> {
    let mut table = vec![None; (4 * types.len()).next_power_of_two()];
    let mask = table.len() - 1;
    for (number, one) in (0..).zip(types).filter(|(_, one)| one.kind == TypeKind::Resource) {
        let mut at = spot(one.name) & mask;
        while table.get(at).is_some_and(Option::is_some) {
            at = (at + 1) & mask;
        }
        if let Some(free) = table.get_mut(at) {
            *free = Some(TypeId(number));
        }
    }
    table
}

impl Open {
    /// A type that has what its base has.
    fn new(name: &'static str, kind: TypeKind, base: Option<&TypeDef>) -> Self {
        let elements = base.map_or_else(Vec::new, |base| base.elements.all().to_vec());
        Self {
            name,
            kind,
            required: base.map_or(0, |base| base.required),
            constraints: base.map_or_else(Vec::new, |base| base.constraints.to_vec()),
            slots: base.map_or_else(Vec::new, |base| base.slots.to_vec()),
            elements,
            on_elements: base.map_or_else(Vec::new, |base| base.on_elements.to_vec()),
        }
    }

    /// The slot of an element: the one that the base has for it, or a new one.
    fn slot(&mut self, name: &'static str, required: bool) -> Option<u8> {
        let there = self.slots.iter().position(|slot| *slot == name);
        let slot = there.unwrap_or(self.slots.len());
        if there.is_none() {
            self.slots.push(name);
        }
        if required {
            self.required |= 1_u64.checked_shl(u32::try_from(slot).ok()?)?;
        }
        u8::try_from(slot).ok().filter(|slot| *slot < 64)
    }

    fn put(&mut self, name: NameId, element: ElementDef) {
        match self.elements.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = element,
            None => self.elements.push((name, element)),
        }
    }

    /// Attaches a constraint to the type itself (`.`) or to an element.
    fn constrain(&mut self, on: &str, id: ConstraintId) -> Option<()> {
        if on == "." {
            self.constraints.push(id);
            return Some(());
        }
        let slot = self.slots.iter().position(|slot| *slot == on)?;
        for (name, element) in self.elements.iter_mut().filter(|(_, one)| usize::from(one.slot) == slot) {
            element.traits |= ElementDef::CONSTRAINED;
            self.on_elements.push((*name, id));
        }
        Some(())
    }
}

/// The name that a type gives a choice: `value` and `dateTime` make `valueDateTime`.
fn capitalised(stem: &str, type_name: &str) -> String {
    let mut name = stem.to_owned();
    let mut letters = type_name.chars();
    name.extend(letters.next().map(|first| first.to_ascii_uppercase()));
    name + letters.as_str()
}
