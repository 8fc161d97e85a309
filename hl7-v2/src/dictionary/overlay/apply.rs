//! Blocks, laid over a dictionary line by line.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::error::{OverlayError, OverlayProblem};
use super::place::Place;
use super::statement::{Statement, field, is_segment, owned, replacing, word};
use super::{Reference, Work};
use crate::dictionary::definition::{DatatypeDefinition, FieldDefinition, SegmentDefinition};
use crate::dictionary::structure::{Node, Owned, StructureDefinition, nodes};
use crate::dictionary::{TableDefinition, TableKind};

/// The block that is open.
#[derive(Default)]
pub(super) enum Block {
    #[default]
    None,
    Segment(String),
    Datatype(String),
    Table(String),
    Structure(Structure),
}

/// A structure, whose lines are read when all its groups are known.
pub(super) struct Structure {
    line: usize,
    name: String,
    body: Option<String>,
    replace: bool,
    groups: BTreeMap<String, String>,
    places: Vec<(usize, String)>,
}

impl Work {
    /// Opens a block.
    pub(super) fn begin(&mut self, line: usize, statement: &Statement<'_>) -> Result<Block, OverlayError> {
        let conflict = OverlayError::new(line, OverlayProblem::Conflict);
        match *statement {
            Statement::Version(version) if version == self.dictionary.version => Ok(Block::None),
            Statement::Version(_) => Err(OverlayError::new(line, OverlayProblem::OtherVersion)),
            Statement::Segment { name, title, replace } => {
                let new = || SegmentDefinition { name: owned(name), title: owned(title), fields: Vec::new() };
                let segment = self.parts().segments.entry(owned(name)).or_insert_with(|| Arc::new(new()));
                if !title.is_empty() && segment.title != title {
                    let segment = Arc::make_mut(segment);
                    segment.title = if replace { owned(title) } else { return Err(conflict) };
                }
                Ok(Block::Segment(name.to_owned()))
            }
            Statement::Datatype { name, title, replace } => {
                let new =
                    || DatatypeDefinition { name: owned(name), title: owned(title), components: Vec::new() };
                let datatype = self.parts().datatypes.entry(owned(name)).or_insert_with(|| Arc::new(new()));
                if !title.is_empty() && datatype.title != title {
                    let datatype = Arc::make_mut(datatype);
                    datatype.title = if replace { owned(title) } else { return Err(conflict) };
                }
                Ok(Block::Datatype(name.to_owned()))
            }
            Statement::Table { id, kind, name, replace } => {
                self.table(id, kind, name, replace).ok_or(conflict)
            }
            Statement::Structure { name, body, replace } => Ok(Block::Structure(Structure {
                line,
                name: name.to_owned(),
                body: body.map(str::to_owned),
                replace,
                groups: BTreeMap::new(),
                places: Vec::new(),
            })),
            Statement::Event { code, event, structure } => {
                self.refer(line, Reference::Structure(structure.to_owned()));
                self.parts().events.insert((code.to_owned(), event.to_owned()), structure.to_owned());
                Ok(Block::None)
            }
        }
    }

    fn table(&mut self, id: &str, kind: Option<TableKind>, name: &str, replace: bool) -> Option<Block> {
        let kind_or = kind.unwrap_or(TableKind::User);
        let new = || TableDefinition {
            id: owned(id),
            name: owned(name),
            kind: kind_or,
            codes: BTreeMap::new(),
            patterns: Vec::new(),
        };
        let table = self.parts().tables.entry(owned(id)).or_insert_with(|| Arc::new(new()));
        let same = kind.is_none_or(|kind| kind == table.kind) && (name.is_empty() || table.name == name);
        if !same {
            let table = Arc::make_mut(table);
            table.kind = if replace { kind_or } else { return None };
            table.name = if name.is_empty() { table.name.clone() } else { owned(name) };
        }
        Some(Block::Table(id.to_owned()))
    }
}

impl Block {
    /// A line of the block.
    pub(super) fn line(&mut self, work: &mut Work, line: usize, words: &str) -> Result<(), OverlayError> {
        let wrong = |problem| OverlayError::new(line, problem);
        let (replace, rest) = replacing(words);
        match self {
            Self::None => Err(wrong(OverlayProblem::NoBlock)),
            Self::Segment(name) => {
                let (number, field) = work.field(line, rest)?;
                let segment = work.parts().segments.get_mut(name.as_str()).map(Arc::make_mut);
                put(segment.map(|segment| &mut segment.fields), number, field, replace).map_err(wrong)
            }
            Self::Datatype(name) => {
                let (number, component) = work.field(line, rest)?;
                let datatype = work.parts().datatypes.get_mut(name.as_str()).map(Arc::make_mut);
                put(datatype.map(|datatype| &mut datatype.components), number, component, replace)
                    .map_err(wrong)
            }
            Self::Table(id) => {
                let (code, text) = word(rest);
                let table = work.parts().tables.get_mut(id.as_str()).map(Arc::make_mut);
                let codes = &mut table.ok_or_else(|| wrong(OverlayProblem::UnknownTable))?.codes;
                if !replace && codes.get(code).is_some_and(|there| there != text) {
                    return Err(wrong(OverlayProblem::Conflict));
                }
                codes.insert(owned(code), owned(text));
                Ok(())
            }
            Self::Structure(structure) => structure.line(line, words),
        }
    }

    /// The block has no more lines.
    pub(super) fn finish(self, work: &mut Work) -> Result<(), OverlayError> {
        if let Self::Structure(structure) = self { structure.finish(work) } else { Ok(()) }
    }
}

/// Puts a field at its number: the next one, or one that is there.
fn put(
    fields: Option<&mut Vec<FieldDefinition>>,
    number: usize,
    field: FieldDefinition,
    replace: bool,
) -> Result<(), OverlayProblem> {
    let fields = fields.ok_or(OverlayProblem::NoBlock)?;
    let at = number.checked_sub(1).ok_or(OverlayProblem::BadWord)?;
    let last = fields.len();
    match fields.get_mut(at) {
        Some(there) if *there == field => {}
        Some(there) if replace => *there = field,
        Some(_) => return Err(OverlayProblem::Conflict),
        None if at == last => fields.push(field),
        None => return Err(OverlayProblem::Gap),
    }
    Ok(())
}

impl Work {
    fn field(&mut self, line: usize, words: &str) -> Result<(usize, FieldDefinition), OverlayError> {
        let (number, field) = field(line, words)?;
        if !field.datatype.is_empty() {
            self.refer(line, Reference::Datatype(field.datatype.to_string()));
        }
        if let Some(table) = &field.table {
            self.refer(line, Reference::Table(table.to_string()));
        }
        Ok((number, field))
    }

    /// The segments of the nodes have to be defined.
    fn refer_all(&mut self, line: usize, nodes: &[Node]) {
        let mut left: Vec<&Node> = nodes.iter().collect();
        while let Some(node) = left.pop() {
            if let Node::Segment { id, .. } = node {
                self.refer(line, Reference::Segment(id.to_string()));
            }
            left.extend(node.nodes());
        }
    }
}

impl Structure {
    fn line(&mut self, line: usize, words: &str) -> Result<(), OverlayError> {
        let ("group", rest) = word(words) else {
            self.places.push((line, words.to_owned()));
            return Ok(());
        };
        let (name, body) = word(rest);
        let body = body.strip_prefix('=').map(str::trim).filter(|body| !body.is_empty());
        let body = body.ok_or(OverlayError::new(line, OverlayProblem::Missing))?.to_owned();
        match self.groups.insert(name.to_owned(), body.clone()) {
            Some(there) if there != body => Err(OverlayError::new(line, OverlayProblem::Conflict)),
            _ => Ok(()),
        }
    }

    fn finish(self, work: &mut Work) -> Result<(), OverlayError> {
        if self.name == "*" {
            let all: Vec<String> = work.parts().structures.keys().map(ToString::to_string).collect();
            return all.iter().try_for_each(|name| self.lay_over(work, name));
        }
        if let Some(body) = &self.body {
            let nodes = self.nodes(self.line, body)?;
            work.refer_all(self.line, &nodes);
            let new = StructureDefinition { name: owned(&self.name), nodes, anywhere: Vec::new() };
            match work.parts().structures.get(self.name.as_str()) {
                Some(there) if **there != new && !self.replace => {
                    return Err(OverlayError::new(self.line, OverlayProblem::Conflict));
                }
                _ => work.parts().structures.insert(owned(&self.name), Arc::new(new)),
            };
        }
        self.lay_over(work, &self.name)
    }

    fn lay_over(&self, work: &mut Work, name: &str) -> Result<(), OverlayError> {
        let unknown = OverlayError::new(self.line, OverlayProblem::UnknownStructure);
        let structure = work.parts().structures.get(name).ok_or(unknown)?;
        let mut structure = StructureDefinition::clone(structure);
        for (line, words) in &self.places {
            work.place(*line)?;
            let (node, place) = word(words);
            let nodes = self.nodes(*line, node)?;
            work.refer_all(*line, &nodes);
            if place == "anywhere" {
                if !nodes.iter().all(|node| matches!(node, Node::Segment { .. })) {
                    return Err(OverlayError::new(*line, OverlayProblem::BadBody));
                }
                structure.anywhere.retain(|node| !nodes.contains(node));
                structure.anywhere.extend(nodes);
            } else {
                let wrong = |problem| OverlayError::new(*line, problem);
                Place::read(place).and_then(|place| place.put(&mut structure.nodes, nodes)).map_err(wrong)?;
            }
        }
        work.parts().structures.insert(owned(name), Arc::new(structure));
        Ok(())
    }

    fn nodes(&self, line: usize, body: &str) -> Result<Vec<Node>, OverlayError> {
        let group = |name: &str| self.groups.get(name).map(|body| Owned(body));
        let nodes = nodes(Owned(body), &group).ok().filter(|nodes| !nodes.is_empty());
        let nodes = nodes.filter(|nodes| nodes.iter().all(has_ids));
        nodes.ok_or(OverlayError::new(line, OverlayProblem::BadBody))
    }
}

/// Whether a segment has a name that a segment can have.
fn has_ids(node: &Node) -> bool {
    match node {
        Node::Segment { id, .. } => is_segment(id),
        _ => true,
    }
}
