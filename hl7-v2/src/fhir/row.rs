//! Rows: what of a segment becomes what of a resource, as data.

use std::sync::OnceLock;

use super::context::{Context, Draft};
use super::datatype::cwe::original_code;
use super::node::{Node, Seg};
use super::target::{self, Step};
use super::tree::{Object, Val};
use crate::fhir::code::CodeMap;
use crate::fhir::report::Reason;

/// What a row did: nothing to say, or why the value could not be used.
pub(crate) type Outcome = Result<(), Reason>;

/// What a datatype function found: a value, nothing, or why what is there could not be used.
pub(crate) type Found<T> = Result<Option<T>, Reason>;

/// All rows from one segment to one type of resource: a segment map of the guide. Rows apply in order, to each
/// repetition of their field.
pub(crate) struct Table {
    /// The name of the map in the guide: `PID[Patient]`.
    pub(crate) name: &'static str,
    pub(crate) segment: &'static str,
    /// The type of the resource, or the path of the part of it that the rows fill: `Patient.contact`.
    pub(crate) resource: &'static str,
    pub(crate) rows: &'static [Row],
    targets: OnceLock<Box<[Box<[Step]>]>>,
    owned: OnceLock<Box<[&'static str]>>,
}

/// One row of the map.
pub(crate) struct Row {
    pub(crate) field: u16,
    pub(crate) also: &'static [u16],
    pub(crate) target: &'static str,
    pub(crate) via: Via,
    pub(crate) when: Option<When>,
}

/// What must hold of the segment for a row to apply.
#[derive(Clone, Copy)]
pub(crate) struct When {
    pub(crate) label: &'static str,
    pub(crate) holds: fn(&Seg<'_>) -> bool,
}

/// How a value is made: the map of a datatype, and what it needs beside the field.
#[derive(Clone, Copy)]
pub(crate) enum Via {
    /// The map of a datatype.
    Type(&'static Datatype),
    /// The map of a datatype, with the map of a code table.
    Coded(&'static CodedType, &'static CodeMap),
    /// The map of a datatype, for a use or a kind that the field tells.
    As(&'static TypeAs, &'static str),
    /// A word that the guide fixes: whenever the field is valued, or, without a field, always.
    Fixed(&'static str),
    /// A concept that the guide fixes: system and code.
    FixedConcept(&'static str, &'static str),
    /// Whatever this function does with the resource itself.
    Own(&'static Own),
}

/// A datatype map: `CX[Identifier]`.
pub(crate) struct Datatype {
    pub(crate) name: &'static str,
    /// The FHIR type of what is made; `Reference(Organization)` of a resource beside it.
    pub(crate) fhir: &'static str,
    pub(crate) read: for<'a> fn(&Node<'a>, &mut Context<'a>) -> Found<Val<'a>>,
}

/// A datatype map that needs the map of a code table: `CWE[CodeableConcept]`.
pub(crate) struct CodedType {
    pub(crate) name: &'static str,
    pub(crate) fhir: &'static str,
    pub(crate) read: for<'a> fn(&Node<'a>, &'static CodeMap, &mut Context<'a>) -> Found<Val<'a>>,
}

/// A datatype map that needs a word: the type of an identifier, the use of a number.
pub(crate) struct TypeAs {
    pub(crate) name: &'static str,
    pub(crate) fhir: &'static str,
    pub(crate) read: for<'a> fn(&Node<'a>, &'static str, &mut Context<'a>) -> Found<Val<'a>>,
}

/// What one row alone does.
pub(crate) struct Own {
    pub(crate) name: &'static str,
    pub(crate) apply: for<'a> fn(&mut Object<'a>, &Node<'a>, &mut Context<'a>) -> Outcome,
}

/// A row without a field: an element that the guide fixes for every segment of the name.
pub(crate) const fn always(target: &'static str, via: Via) -> Row {
    row(0, target, via)
}

/// A row: field, element, and how it is made.
pub(crate) const fn row(field: u16, target: &'static str, via: Via) -> Row {
    Row { field, also: &[], target, via, when: None }
}

impl Row {
    /// The row applies only when this holds for the segment.
    pub(crate) const fn when(self, label: &'static str, holds: fn(&Seg<'_>) -> bool) -> Self {
        Self { when: Some(When { label, holds }), ..self }
    }

    /// The row reads these fields too.
    pub(crate) const fn and(self, also: &'static [u16]) -> Self {
        Self { also, ..self }
    }
}

impl CodedType {
    /// With the codes of a table.
    pub(crate) const fn of(&'static self, codes: &'static CodeMap) -> Via {
        Via::Coded(self, codes)
    }
}

impl TypeAs {
    /// For this use or kind.
    pub(crate) const fn of(&'static self, word: &'static str) -> Via {
        Via::As(self, word)
    }
}

impl Via {
    /// What the map of a datatype makes of a value. Nothing of a [`Via::Own`], which works on the resource.
    pub(crate) fn read<'a>(&self, node: &Node<'a>, c: &mut Context<'a>) -> Found<Val<'a>> {
        match self {
            Self::Type(of) => (of.read)(node, c),
            Self::Coded(of, codes) => (of.read)(node, codes, c),
            Self::As(of, word) => (of.read)(node, word, c),
            Self::Fixed(_) | Self::FixedConcept(..) => Ok(self.constant(c)),
            Self::Own(_) => Ok(None),
        }
    }

    /// The FHIR type of what is made, where one value is.
    pub(crate) fn fhir(&self) -> Option<&'static str> {
        match self {
            Self::Type(of) => Some(of.fhir),
            Self::Coded(of, _) => Some(of.fhir),
            Self::As(of, _) => Some(of.fhir),
            Self::Fixed(_) => Some("code"),
            Self::FixedConcept(..) => Some("CodeableConcept"),
            Self::Own(_) => None,
        }
    }

    /// What the guide fixes.
    fn constant<'a>(&self, c: &Context<'a>) -> Option<Val<'a>> {
        match *self {
            Self::Fixed(word) => Some(Val::Text(word)),
            Self::FixedConcept(system, code) => {
                let coding = c.object().with("system", system).with("code", code);
                Some(c.object().with("coding", c.arena.only(coding)).into())
            }
            _ => None,
        }
    }

    /// The map of the datatype and what it needs, as the guide names them.
    pub(crate) fn label(&self) -> (&'static str, &'static str) {
        match self {
            Self::Type(of) => (of.name, ""),
            Self::Coded(of, codes) => (of.name, codes.name),
            Self::As(of, word) => (of.name, word),
            Self::Fixed(word) | Self::FixedConcept(_, word) => ("fixed", word),
            Self::Own(own) => (own.name, ""),
        }
    }
}

impl Table {
    pub(crate) const fn new(
        name: &'static str,
        segment: &'static str,
        resource: &'static str,
        rows: &'static [Row],
    ) -> Self {
        Self { name, segment, resource, rows, targets: OnceLock::new(), owned: OnceLock::new() }
    }

    /// Applies every row to the segment.
    pub(crate) fn apply<'a>(&'static self, draft: &mut Draft<'a>, seg: &Seg<'a>, c: &mut Context<'a>) {
        draft.is_made_of(self);
        for (row, steps) in self.rows.iter().zip(self.targets()) {
            if row.says_nothing(seg) || row.when.is_some_and(|when| !(when.holds)(seg)) {
                continue;
            }
            if let (0, Some(value)) = (row.field, row.via.constant(c)) {
                // A table that is applied to a resource that has the element already leaves it as it is.
                let _ = target::place(&mut draft.body, steps, value, c.arena);
                continue;
            }
            c.mark_read(seg, row.field);
            row.also.iter().for_each(|&field| c.mark_read(seg, field));
            if seg.is_null(row.field) {
                draft.clear(row.target, steps);
            }
            for node in seg.nodes(row.field) {
                let before = c.before(draft);
                if let Err(reason) = row.make(steps, &mut draft.body, node, c) {
                    c.report(node, reason);
                }
                c.trace(before, draft, node, self, row);
            }
        }
    }

    /// The elements of the resource that the rows can set.
    pub(crate) fn owned(&'static self) -> &'static [&'static str] {
        self.owned.get_or_init(|| {
            let mut names: Vec<_> = self.targets().iter().filter_map(|steps| steps.first()?.name()).collect();
            names.sort_unstable();
            names.dedup();
            names.into()
        })
    }

    /// The places of the rows' targets.
    pub(crate) fn targets(&self) -> &[Box<[Step]>] {
        self.targets.get_or_init(|| {
            self.rows.iter().map(|row| target::steps(self.resource, row.target, row.via.fhir())).collect()
        })
    }
}

impl Row {
    /// Whether its fields are all empty, as most are.
    fn says_nothing(&self, seg: &Seg<'_>) -> bool {
        self.field != 0 && !seg.has(self.field) && !self.also.iter().any(|field| seg.has(*field))
    }

    fn make<'a>(
        &'static self,
        steps: &[Step],
        body: &mut Object<'a>,
        node: &Node<'a>,
        c: &mut Context<'a>,
    ) -> Outcome {
        let found = match &self.via {
            Via::Type(of) => (of.read)(node, c)?,
            Via::Coded(of, codes) => match (of.read)(node, codes, c) {
                Err(reason @ Reason::UnknownCode(_)) => {
                    let original = original_code(node, codes.table, c);
                    target::place_beside(body, steps, original, c.arena);
                    return Err(reason);
                }
                found => found?,
            },
            Via::As(of, word) => (of.read)(node, word, c)?,
            Via::Fixed(_) | Via::FixedConcept(..) => self.via.constant(c),
            Via::Own(own) => return (own.apply)(body, node, c),
        };
        found.map_or(Ok(()), |value| target::place(body, steps, value, c.arena))
    }
}

impl Table {
    /// A row as text.
    pub(crate) fn text(&self, row: &Row) -> RowText {
        let (via, with) = row.via.label();
        RowText {
            map: self.name,
            segment: self.segment,
            field: row.field,
            also: row.also,
            resource: self.resource,
            target: row.target,
            via,
            with,
            condition: row.when.map(|when| when.label),
        }
    }

    /// All rows as text.
    pub(crate) fn texts(&self) -> impl Iterator<Item = RowText> {
        self.rows.iter().map(|row| self.text(row))
    }
}

/// A row of the map as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct RowText {
    /// The segment map that the row belongs to, as the guide calls it: `PID[Patient]`.
    pub map: &'static str,
    /// The name of the segment: `PID`.
    pub segment: &'static str,
    /// The number of the field.
    pub field: u16,
    /// Other fields that the row reads.
    pub also: &'static [u16],
    /// The type of the resource, or the path of the part of it: `Patient`, `Patient.contact`.
    pub resource: &'static str,
    /// The element: `name`.
    pub target: &'static str,
    /// The map of the datatype: `CWE[code]`.
    pub via: &'static str,
    /// The map of the code (`AdministrativeSex`), or the use or word that the field tells; may be empty.
    pub with: &'static str,
    /// What must hold for the row to apply, in words.
    pub condition: Option<&'static str>,
}

impl std::fmt::Display for RowText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.segment, self.field)?;
        self.also.iter().try_for_each(|field| write!(f, ", {}-{field}", self.segment))?;
        write!(f, " -> {}.{} ({}", self.resource, self.target, self.via)?;
        if !self.with.is_empty() {
            write!(f, " {}", self.with)?;
        }
        f.write_str(")")?;
        self.condition.map_or(Ok(()), |condition| write!(f, " if {condition}"))
    }
}
