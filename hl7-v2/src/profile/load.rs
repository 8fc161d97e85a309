//! A profile from its XML files.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::ConformanceProfile;
use super::binding::Binder;
use super::context::{ContextKind, Contexts};
use super::error::{ProfileError, ProfileErrorKind, ProfileFile};
use super::model::{
    DatatypeProfile, DynamicMapping, ElementProfile, GroupProfile, Length, MappingCase, MessageProfile,
    Primitive, ProfileNode, Range, SegmentProfile, SegmentReference, Usage,
};
use super::slicing::{Nowhere, Slicings};
use super::unsupported::{Notes, UnsupportedReason};
use super::value_set::Library;
use super::xml::{Document, Element, shown};
use super::{ProfileSource, co_constraint, predicates};
use crate::SegmentId;

pub(super) fn load(source: &ProfileSource<'_>) -> Result<ConformanceProfile, ProfileError> {
    let document = Document::read(source.profile, ProfileFile::Profile)?;
    let mut notes = Notes::default();
    let library = match source.value_sets {
        Some(bytes) => Library::read(&Document::read(bytes, ProfileFile::ValueSets)?, &mut notes)?,
        None => Library::default(),
    };
    let mut contexts = Contexts::default();
    let mut binder = Binder { library: &library, notes: &mut notes };
    if let Some(bytes) = source.constraints {
        contexts.read_rules(&Document::read(bytes, ProfileFile::Constraints)?, &mut binder)?;
    }
    if let Some(bytes) = source.bindings {
        contexts.read_bindings(&Document::read(bytes, ProfileFile::Bindings)?, &mut binder)?;
    }
    let slicings = match source.slicings {
        Some(bytes) => Slicings::read(&Document::read(bytes, ProfileFile::Slicings)?, &mut binder)?,
        None => Slicings::default(),
    };
    let mut tables = match source.co_constraints {
        Some(bytes) => co_constraint::read(&Document::read(bytes, ProfileFile::CoConstraints)?, &mut binder)?,
        None => HashMap::new(),
    };
    let mut profile = Loader::new(&document, contexts, slicings, binder)?.load()?;
    for message in &mut profile.messages {
        message.co_constraints = tables.remove(message.id()).unwrap_or_default();
    }
    for id in tables.keys() {
        notes.note_at(UnsupportedReason::Context, ProfileFile::CoConstraints, (1, 1), id);
    }
    predicates::note_missing(&profile, &document, &mut notes);
    profile.unsupported = notes.into_list();
    Ok(profile)
}

struct Loader<'d> {
    document: &'d Document,
    contexts: Contexts,
    slicings: Slicings,
    binder: Binder<'d>,
    definitions: HashMap<&'d str, &'d Element>,
    datatypes: HashMap<&'d str, Arc<DatatypeProfile>>,
    /// The data types that are being made: one that comes again contains itself.
    open: HashSet<&'d str>,
    segments: HashMap<&'d str, Arc<SegmentProfile>>,
}

impl<'d> Loader<'d> {
    /// How deep data types may nest: a field has three levels, and a subcomponent can stand for its first part.
    const MOST_NESTED: usize = 16;

    fn new(
        document: &'d Document,
        contexts: Contexts,
        slicings: Slicings,
        binder: Binder<'d>,
    ) -> Result<Self, ProfileError> {
        let mut definitions = HashMap::new();
        for at in document.required_child(&document.root, "Datatypes")?.children_named("Datatype") {
            let id = document.required(at, "ID")?;
            if definitions.insert(id, at).is_some() {
                return Err(document.duplicate(at, "data type", id));
            }
        }
        Ok(Self {
            document,
            contexts,
            slicings,
            binder,
            definitions,
            datatypes: HashMap::new(),
            open: HashSet::new(),
            segments: HashMap::new(),
        })
    }

    fn load(mut self) -> Result<ConformanceProfile, ProfileError> {
        let root = &self.document.root;
        let known = ["MetaData", "Encodings", "Messages", "Segments", "Datatypes"];
        self.binder.notes.children(self.document.file, root, &known);
        for at in self.document.required_child(root, "Datatypes")?.children_named("Datatype") {
            self.datatype(at, self.document.required(at, "ID")?)?;
        }
        for at in self.document.required_child(root, "Segments")?.children_named("Segment") {
            let segment = self.segment(at)?;
            let id = self.document.required(at, "ID")?;
            if self.segments.insert(id, Arc::new(segment)).is_some() {
                return Err(self.document.duplicate(at, "segment", id));
            }
        }
        let mut messages: Vec<MessageProfile> = Vec::new();
        for at in self.document.required_child(root, "Messages")?.children_named("Message") {
            let message = self.message(at)?;
            if messages.iter().any(|known| known.id() == message.id()) {
                return Err(self.document.duplicate(at, "message", message.id()));
            }
            messages.push(message);
        }
        self.contexts.note_unused(self.binder.notes);
        self.slicings.note_unused(self.binder.notes);
        let meta =
            |name: &str| root.child("MetaData").and_then(|meta| meta.attribute(name)).map(str::to_owned);
        let mut segments: Vec<_> = self.segments.into_values().collect();
        segments.sort_by(|one, other| one.id.cmp(&other.id));
        Ok(ConformanceProfile {
            id: root.attribute("ID").map(str::to_owned),
            name: meta("Name"),
            version: meta("Version"),
            hl7_version: root.attribute("HL7Version").map(str::to_owned),
            messages,
            segments,
            unsupported: Vec::new(),
        })
    }

    fn datatype(&mut self, user: &'d Element, id: &str) -> Result<Arc<DatatypeProfile>, ProfileError> {
        if let Some(known) = self.datatypes.get(id) {
            return Ok(Arc::clone(known));
        }
        let Some((&id, &at)) = self.definitions.get_key_value(id) else {
            return Err(self.document.unresolved(user, "data type", id));
        };
        if !self.open.insert(id) {
            return Err(self.document.error(at, ProfileErrorKind::Cycle { id: shown(id) }));
        }
        if self.open.len() > Self::MOST_NESTED {
            let what = "levels of data types";
            return Err(self.document.error(at, ProfileErrorKind::Limit { what, limit: Self::MOST_NESTED }));
        }
        self.note(at, &["ID", "Name", "Label", "Description", "Version"], &["Component"]);
        let name = at.attribute("Name").unwrap_or(id).to_owned();
        let mut components = Vec::new();
        let mut context = self.contexts.take(ContextKind::Datatype, &name, id);
        for (index, child) in at.children_named("Component").enumerate() {
            let component = self.element(child)?;
            let coded = is_coded(&component.datatype);
            let binding = self.binder.in_attributes(self.document, child, index + 1, coded)?;
            context.bindings.extend(binding.map(Arc::new));
            components.push(component);
        }
        let primitive = Primitive::of(&name);
        let made = Arc::new(DatatypeProfile { id: id.to_owned(), name, primitive, components, context });
        self.open.remove(id);
        self.datatypes.insert(id, Arc::clone(&made));
        Ok(made)
    }

    fn segment(&mut self, at: &'d Element) -> Result<SegmentProfile, ProfileError> {
        self.note(at, &["ID", "Name", "Label", "Description", "Version"], &["Field", "DynamicMapping"]);
        let id = self.document.required(at, "ID")?.to_owned();
        let name = self.document.required(at, "Name")?;
        let segment = SegmentId::parse(name).ok_or_else(|| self.document.unreadable(at, "Name"))?;
        let mut fields = Vec::new();
        let mut context = self.contexts.take(ContextKind::Segment, name, &id);
        for (index, child) in at.children_named("Field").enumerate() {
            let mut field = self.element(child)?;
            field.cardinality = Some(self.range(child, "Min", "Max")?);
            let coded = is_coded(&field.datatype);
            let binding = self.binder.in_attributes(self.document, child, index + 1, coded)?;
            context.bindings.extend(binding.map(Arc::new));
            fields.push(field);
        }
        let mut mappings = Vec::new();
        for part in at.children_named("DynamicMapping") {
            self.note(part, &[], &["Mapping"]);
            for mapping in part.children_named("Mapping") {
                mappings.push(self.mapping(mapping)?);
            }
        }
        // All data types are made before the segments.
        let resolve = |id: &str| self.datatypes.get(id).map(Arc::clone);
        let slicings =
            self.slicings.of_segment(&id, resolve).map_err(|missing| nowhere("data type", missing))?;
        Ok(SegmentProfile { id, segment, fields, mappings, slicings, context })
    }

    fn element(&mut self, at: &'d Element) -> Result<ElementProfile, ProfileError> {
        let datatype = self.datatype(at, self.document.required(at, "Datatype")?)?;
        self.note(at, &ELEMENT_ATTRIBUTES, &[]);
        let constant = at.attribute("ConstantValue").map(str::to_owned);
        if constant.is_some() && !datatype.is_primitive() {
            return Err(self.document.unreadable(at, "ConstantValue"));
        }
        Ok(ElementProfile {
            name: at.attribute("Name").unwrap_or_default().to_owned(),
            usage: self.usage(at)?,
            cardinality: None,
            length: self.length(at)?,
            datatype,
            constant,
        })
    }

    fn mapping(&mut self, at: &'d Element) -> Result<DynamicMapping, ProfileError> {
        self.note(at, &["Position", "Reference", "SecondReference"], &["Case"]);
        let field = self.document.required(at, "Position")?;
        let field = field.parse().map_err(|_| self.document.unreadable(at, "Position"))?;
        let references = [self.reference(at, "Reference")?, self.reference(at, "SecondReference")?];
        let mut cases = Vec::new();
        for case in at.children_named("Case") {
            self.note(case, &["Value", "SecondValue", "Datatype"], &[]);
            let values = ["Value", "SecondValue"].map(|name| case.attribute(name).map(str::to_owned));
            let datatype = self.datatype(case, self.document.required(case, "Datatype")?)?;
            cases.push(MappingCase { values, datatype });
        }
        Ok(DynamicMapping { field, references, cases })
    }

    /// `2` or `3.1`.
    fn reference(
        &self,
        at: &Element,
        attribute: &'static str,
    ) -> Result<Option<(usize, Option<usize>)>, ProfileError> {
        let Some(text) = at.attribute(attribute) else { return Ok(None) };
        let number = |text: &str| {
            let number: Option<usize> = text.trim().parse().ok().filter(|number| *number > 0);
            number.ok_or_else(|| self.document.unreadable(at, attribute))
        };
        Ok(Some(match text.split_once('.') {
            None => (number(text)?, None),
            Some((field, component)) => (number(field)?, Some(number(component)?)),
        }))
    }

    fn message(&mut self, at: &'d Element) -> Result<MessageProfile, ProfileError> {
        let known =
            ["ID", "Identifier", "Name", "Type", "Event", "StructID", "Description", "Version", "Label"];
        self.binder.notes.attributes(self.document.file, at, &known);
        let structure = self.document.required(at, "StructID")?.to_owned();
        let id = self.document.required(at, "ID")?.to_owned();
        let name = at.attribute("Name").unwrap_or(&id).to_owned();
        let once = Range { min: 1, max: Some(1) };
        Ok(MessageProfile {
            identifier: at.attribute("Identifier").map(str::to_owned),
            code: self.document.required(at, "Type")?.to_owned(),
            event: self.document.required(at, "Event")?.to_owned(),
            structure,
            root: self.nodes(at, (id.clone(), id), name, Usage::Required, once)?,
            co_constraints: Vec::new(),
        })
    }

    /// A group, or the message as the outermost one. The nesting is bounded by that of the XML.
    fn nodes(
        &mut self,
        at: &'d Element,
        (message, id): (String, String),
        name: String,
        usage: Usage,
        cardinality: Range,
    ) -> Result<GroupProfile, ProfileError> {
        let mut nodes = Vec::new();
        let mut segments = Vec::new();
        for child in &at.children {
            let node = match &*child.name {
                "Segment" => ProfileNode::Segment(self.segment_reference(child)?),
                "Group" => ProfileNode::Group(Box::new(self.group(child, &message)?)),
                _ => {
                    self.note(at, &[], &["Segment", "Group"]);
                    return Err(self.document.unreadable(child, "(element)"));
                }
            };
            match &node {
                ProfileNode::Segment(segment) => segments.push(segment.segment.segment),
                ProfileNode::Group(group) => segments.extend_from_slice(&group.segments),
            }
            nodes.push(node);
        }
        segments.sort_unstable();
        segments.dedup();
        let context = self.contexts.take(ContextKind::Group, &name, &id);
        let resolve = |id: &str| self.segments.get(id).map(Arc::clone);
        let slicings =
            self.slicings.of_group(&message, &id, resolve).map_err(|missing| nowhere("segment", missing))?;
        Ok(GroupProfile { id, name, usage, cardinality, nodes, slicings, segments, context })
    }

    fn group(&mut self, at: &'d Element, message: &str) -> Result<GroupProfile, ProfileError> {
        let known = ["ID", "Name", "Usage", "Min", "Max", "Description", "Label"];
        self.binder.notes.attributes(self.document.file, at, &known);
        let name = self.document.required(at, "Name")?.to_owned();
        let id = at.attribute("ID").unwrap_or(&name).to_owned();
        let (usage, cardinality) = (self.usage(at)?, self.range(at, "Min", "Max")?);
        self.nodes(at, (message.to_owned(), id), name, usage, cardinality)
    }

    fn segment_reference(&mut self, at: &'d Element) -> Result<SegmentReference, ProfileError> {
        self.note(at, &["Ref", "Usage", "Min", "Max"], &[]);
        let id = self.document.required(at, "Ref")?;
        let segment = self.segments.get(id).ok_or_else(|| self.document.unresolved(at, "segment", id))?;
        let segment = Arc::clone(segment);
        Ok(SegmentReference { segment, usage: self.usage(at)?, cardinality: self.range(at, "Min", "Max")? })
    }

    fn usage(&self, at: &Element) -> Result<Usage, ProfileError> {
        let usage = Usage::parse(self.document.required(at, "Usage")?);
        usage.ok_or_else(|| self.document.unreadable(at, "Usage"))
    }

    fn range(&self, at: &Element, min: &'static str, max: &'static str) -> Result<Range, ProfileError> {
        let low = self.document.required(at, min)?;
        let low = low.parse().map_err(|_| self.document.unreadable(at, min))?;
        let high = match self.document.required(at, max)? {
            "*" => None,
            text => Some(text.parse().map_err(|_| self.document.unreadable(at, max))?),
        };
        Ok(Range { min: low, max: high })
    }

    /// MinLength and MaxLength, else ConfLength. `NA` and empty ones state nothing.
    fn length(&self, at: &Element) -> Result<Length, ProfileError> {
        let stated = |name: &'static str| at.attribute(name).filter(|text| *text != "NA" && *text != "-1");
        let number = |text: &str, name| text.parse().map_err(|_| self.document.unreadable(at, name));
        let (min, max) = (stated("MinLength"), stated("MaxLength"));
        if min.is_some() || max.is_some() {
            let min = min.map_or(Ok(0), |text| number(text, "MinLength"))?;
            let max = max.filter(|text| *text != "*").map(|text| number(text, "MaxLength")).transpose()?;
            return Ok(Length::Range(Range { min, max }));
        }
        let Some(text) = stated("ConfLength") else { return Ok(Length::Unstated) };
        let digits = text.trim_end_matches(['#', '=']);
        if digits.is_empty() {
            return Ok(Length::Unstated);
        }
        number(digits, "ConfLength").map(Length::Conformance)
    }

    fn note(&mut self, at: &Element, attributes: &[&str], children: &[&str]) {
        self.binder.notes.attributes(self.document.file, at, attributes);
        self.binder.notes.children(self.document.file, at, children);
    }
}

const ELEMENT_ATTRIBUTES: [&str; 17] = [
    "Name",
    "Usage",
    "Datatype",
    "MinLength",
    "MaxLength",
    "ConfLength",
    "Min",
    "Max",
    "Binding",
    "Table",
    "BindingStrength",
    "BindingLocation",
    "ConstantValue",
    "ItemNo",
    "Hide",
    "Description",
    "Label",
];

/// The error for a slice by a definition that there is not.
fn nowhere(what: &'static str, Nowhere { id, place: (line, column) }: Nowhere) -> ProfileError {
    let kind = ProfileErrorKind::Unresolved { what, id: shown(&id) };
    ProfileError { file: ProfileFile::Slicings, line, column, kind }
}

fn is_coded(datatype: &DatatypeProfile) -> bool {
    matches!(datatype.name(), "CE" | "CWE" | "CNE")
}
