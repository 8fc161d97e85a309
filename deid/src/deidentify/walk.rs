//! The walk over a resource: it builds a new one of what the policy names, and never copies what it does not know.

use carewire_fhir_core::{Kind, PatientToken, Value};

use super::links::{Links, Placed};
use super::patient::{identifier, token_patient};
use super::{Context, IDENTITY_SYSTEM, Manifest, TOKEN_SYSTEM, Treatment, primitive};
use crate::fhir::{self, Codes, Field, Fields};
use crate::policy::{DateRule, Node};
use crate::terms::is_published;
use crate::{Error, Method, Policy, Refusal, Result};

pub(super) struct Walk<'a> {
    pub(super) policy: &'a Policy,
    pub(super) context: &'a Context<'a>,
    pub(super) links: &'a Links,
    placed: &'a Placed<'a>,
    manifest: &'a mut Manifest,
    /// The element path so far, of names that R4 has.
    path: String,
    /// The contained resources of the resource at hand, and those of them that references lead to, in that order.
    contained: &'a [Value],
    used: Vec<usize>,
}

/// Where a Patient names another one.
const LINK: &str = "Patient.link.other";

const MASKED: &str = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";

impl<'a> Walk<'a> {
    pub(super) fn new(
        policy: &'a Policy,
        context: &'a Context<'a>,
        links: &'a Links,
        placed: &'a Placed<'a>,
        manifest: &'a mut Manifest,
    ) -> Self {
        let contained = placed.resource.list("contained");
        Self { policy, context, links, placed, manifest, path: String::new(), contained, used: Vec::new() }
    }

    /// The resource of the entry, with its identity.
    pub(super) fn entry(mut self) -> Result<Value> {
        let Placed { identity, resource, index, .. } = self.placed;
        let is_token =
            self.policy.root(identity.resource_type).is_some_and(|node| node.method == Some(Method::Token));
        let frame = match (is_token, self.patient()) {
            (true, Some(token)) => token_patient(token.as_str()),
            _ => Value::object().with("resourceType", identity.resource_type),
        };
        let mut out = self.resource(resource, frame).map_err(|error| at_entry(error, *index))?;
        self.carry(&mut out);
        let mut contained = Vec::new();
        while let Some((source, id)) = self.next_contained(contained.len()) {
            let kind = fhir::resource(source.str("resourceType").unwrap_or_default());
            let frame =
                Value::object().with("resourceType", kind.map_or("", |(name, _)| name)).with("id", id);
            contained.push(self.resource(source, frame).map_err(|error| at_entry(error, *index))?);
        }
        if !contained.is_empty() {
            out.set("contained", contained);
        }
        Ok(out)
    }

    /// Writes the identity into the resource, where it does not stand there yet.
    fn carry(&mut self, out: &mut Value) {
        let identity = &self.placed.identity;
        if identity.system == IDENTITY_SYSTEM {
            let tag = Value::object().with("system", identity.system).with("code", identity.value.as_str());
            let mut meta = out.get("meta").cloned().unwrap_or_else(Value::object);
            meta.set("tag", vec![tag]);
            out.set("meta", meta);
            self.inside("meta.tag", |walk| walk.note(Treatment::Added));
        } else if identity.added {
            let mut identifiers = out.list("identifier").to_vec();
            identifiers.push(identifier(identity.system, &identity.value));
            out.set("identifier", identifiers);
            self.inside("identifier", |walk| walk.note(Treatment::Added));
        } else if identity.system == TOKEN_SYSTEM {
            self.inside("identifier", |walk| walk.note(Treatment::Added));
        }
    }

    /// The patient that the resource belongs to.
    pub(super) fn patient(&self) -> Option<&'a PatientToken> {
        self.placed.patient
    }

    /// The element path and what happened there, for the manifest.
    pub(super) fn note(&mut self, treatment: Treatment) {
        self.manifest.note(&self.path, treatment);
    }

    /// The new id of a contained resource that a reference leads to.
    pub(super) fn contained_id(&mut self, id: &str) -> Option<String> {
        let index = self.contained.iter().position(|one| one.str("id") == Some(id))?;
        let kind = self.contained.get(index)?.str("resourceType")?;
        if !self.policy.names_type(kind) {
            return None;
        }
        let place = self.used.iter().position(|used| *used == index).unwrap_or_else(|| {
            self.used.push(index);
            self.used.len() - 1
        });
        Some(format!("c{}", place + 1))
    }

    /// Whether the element at hand is the patient that a Patient is linked to.
    pub(super) fn is_link(&self) -> bool {
        self.path == LINK
    }

    /// The last element name of the path.
    pub(super) fn element(&self) -> &str {
        self.path.rsplit('.').next().unwrap_or_default()
    }

    /// The next contained resource that a reference led to.
    fn next_contained(&self, done: usize) -> Option<(&'a Value, String)> {
        let index = *self.used.get(done)?;
        Some((self.contained.get(index)?, format!("c{}", done + 1)))
    }

    fn resource(&mut self, source: &Value, mut out: Value) -> Result<Value> {
        let name = source.str("resourceType").unwrap_or_default();
        let (Some((name, fields)), Some(node)) = (fhir::resource(name), self.policy.root(name)) else {
            return Ok(out);
        };
        self.path = name.to_owned();
        self.elements(source, node, fields, &mut out)?;
        Ok(out)
    }

    /// Adds to `out` what may stay of `source`.
    fn elements(
        &mut self,
        source: &Value,
        node: &Node,
        fields: &'static Fields,
        out: &mut Value,
    ) -> Result<()> {
        for (name, value) in source.members() {
            match name {
                "modifierExtension" => self.inside(name, |walk| walk.modifiers(value, out))?,
                "extension" => self.inside(name, |walk| walk.extension(value, out)),
                _ => match (name.strip_prefix('_'), fields.get(name)) {
                    (None, Some((name, field))) => {
                        let child = node.children.get(name);
                        self.inside(name, |walk| walk.member(name, value, child, field, out))?;
                    }
                    (Some(sibling), _) => self.sibling(sibling, source, node, fields, out),
                    _ if name == "resourceType" && !self.path.contains('.') => {}
                    _ => self.unknown(name),
                },
            }
        }
        Ok(())
    }

    fn inside<T>(&mut self, name: &str, work: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.path.len();
        self.path.push('.');
        self.path.push_str(name);
        let done = work(self);
        self.path.truncate(length);
        done
    }

    /// Elements that every resource has are named in the manifest; what a sender made up is not.
    fn unknown(&mut self, name: &str) {
        const EVERYWHERE: [&str; 5] = ["id", "text", "contained", "implicitRules", "language"];
        let shown = EVERYWHERE.iter().find(|known| **known == name).unwrap_or(&"?");
        if *shown != "contained" {
            self.inside(shown, |walk| walk.note(Treatment::Dropped));
        }
    }

    fn member(
        &mut self,
        name: &'static str,
        value: &Value,
        node: Option<&Node>,
        field: &'static Field,
        out: &mut Value,
    ) -> Result<()> {
        let kept = match (node, field.many, value.kind() == Kind::Array) {
            (Some(node), true, true) => {
                let mut items = Vec::with_capacity(value.len());
                for item in value.items() {
                    items.extend(self.single(item, node, field)?);
                }
                (!items.is_empty()).then(|| Value::from(items))
            }
            (Some(node), false, false) => self.single(value, node, field)?,
            _ => {
                self.note(Treatment::Dropped);
                None
            }
        };
        match kept {
            Some(kept) => drop(out.set(name, kept)),
            None if field.required && !value.is_null() => self.mask(name, field, out),
            None => {}
        }
        Ok(())
    }

    /// R4 wants the element: says that it is withheld.
    fn mask(&mut self, name: &str, field: &Field, out: &mut Value) {
        self.note(Treatment::Masked);
        let reason = Value::object().with("url", MASKED).with("valueCode", "masked");
        let masked = Value::object().with("extension", vec![reason]);
        match (field.datatype().is_some_and(primitive::is_primitive), field.many) {
            (true, _) => out.set(&format!("_{name}"), masked),
            (false, true) => out.set(name, vec![masked]),
            (false, false) => out.set(name, masked),
        };
    }

    fn single(&mut self, value: &Value, node: &Node, field: &'static Field) -> Result<Option<Value>> {
        let below = (!node.children.is_empty()).then(|| field.fields()).flatten();
        match (node.method, field.datatype(), below) {
            (Some(Method::Keep), Some(kind), _) => self.keep(kind, value, field.codes),
            (Some(Method::Year), Some(kind), _) => Ok(self.year(kind, value)),
            (Some(Method::Pseudonym), Some(kind), _) => Ok(self.pseudonym(kind, value)),
            (None, _, Some(fields)) => self.object(value, node, fields),
            _ => Ok(self.dropped()),
        }
    }

    /// What may stay of a value of a datatype.
    fn keep(&mut self, kind: &'static str, value: &Value, codes: Codes) -> Result<Option<Value>> {
        if primitive::is_primitive(kind) {
            return Ok(match self.policy.dates().method {
                DateRule::Shift if primitive::is_date(kind) => self.dropped(),
                DateRule::Year if primitive::is_date(kind) => self.year(kind, value),
                _ if primitive::fits(kind, value, codes) => self.kept(value),
                _ => self.dropped(),
            });
        }
        if let Some(built_in) = self.built_in(kind, value) {
            return Ok(built_in);
        }
        match (self.policy.root(kind), fhir::datatype(kind)) {
            (Some(node), Some((_, fields))) => self.object(value, node, fields),
            _ => Ok(self.dropped()),
        }
    }

    fn object(&mut self, value: &Value, node: &Node, fields: &'static Fields) -> Result<Option<Value>> {
        let mut out = Value::object();
        if self.path == "Patient.link" && !self.leads_to_a_patient(value) {
            return Ok(self.dropped());
        }
        self.elements(value, node, fields, &mut out)?;
        Ok(Some(out).filter(|out| !out.is_empty()))
    }

    /// A link to nobody says nothing, so it goes as a whole.
    fn leads_to_a_patient(&self, link: &Value) -> bool {
        let other = link.get("other").and_then(|other| self.links.resolve(other.str("reference")?));
        other.is_some_and(|address| self.links.token_at(address).is_some())
    }

    fn year(&mut self, kind: &str, value: &Value) -> Option<Value> {
        let year = primitive::year(kind, value);
        self.note(if year.is_some() { Treatment::Generalised } else { Treatment::Dropped });
        year
    }

    pub(super) fn kept(&mut self, value: &Value) -> Option<Value> {
        self.note(Treatment::Kept);
        Some(value.clone())
    }

    pub(super) fn dropped(&mut self) -> Option<Value> {
        self.note(Treatment::Dropped);
        None
    }

    /// The `_name` beside a primitive: only extensions that the policy names stay.
    fn sibling(&mut self, name: &str, source: &Value, node: &Node, fields: &'static Fields, out: &mut Value) {
        let shadow = format!("_{name}");
        let (Some((name, field)), Some(value)) = (fields.get(name), source.get(&shadow)) else {
            return self.unknown(name);
        };
        let named =
            node.children.get(name).is_some_and(|child| child.method.is_some_and(|one| one != Method::Drop));
        let single = named && !field.many && field.datatype().is_some_and(primitive::is_primitive);
        self.inside(name, |walk| {
            let mut kept = Value::object();
            if single && let Some(extensions) = value.get("extension") {
                walk.inside("extension", |walk| walk.extension(extensions, &mut kept));
            }
            if !kept.is_empty() {
                out.set(&shadow, kept);
            } else if field.required && source.get(name).is_none() {
                walk.mask(name, field, out);
            } else {
                walk.note(Treatment::Dropped);
            }
        });
    }

    /// Sets the extensions that the policy names on `out`, if there are any.
    pub(super) fn extension(&mut self, extensions: &Value, out: &mut Value) {
        let kept: Vec<_> =
            extensions.items().iter().filter_map(|one| self.one_extension(one, false)).collect();
        if !kept.is_empty() {
            let all: Vec<_> = out.list("extension").iter().cloned().chain(kept).collect();
            out.set("extension", all);
        }
    }

    /// A modifier extension turns the meaning of what stands around it: known to the policy, or the end.
    fn modifiers(&mut self, extensions: &Value, out: &mut Value) -> Result<()> {
        let mut kept = Vec::new();
        let alone = std::slice::from_ref(extensions);
        let list = if extensions.kind() == Kind::Array { extensions.items() } else { alone };
        for extension in list.iter().filter(|extension| !extension.is_null()) {
            let one = self.one_extension(extension, true);
            kept.push(one.ok_or_else(|| Error::Refused {
                path: self.path.clone(),
                reason: Refusal::ModifierExtension,
            })?);
        }
        if !kept.is_empty() {
            out.set("modifierExtension", kept);
        }
        Ok(())
    }

    fn one_extension(&mut self, extension: &Value, modifier: bool) -> Option<Value> {
        let rule = extension.str("url").and_then(|url| self.policy.extension(url));
        let rule = rule.filter(|rule| rule.modifier || !modifier);
        let value = rule.and_then(|rule| extension.get(&rule.value));
        let (Some(rule), Some(value)) = (rule, value) else { return self.dropped() };
        let kept = match &rule.system {
            Some(system) => {
                value.as_str().filter(|code| is_published(system, code)).and_then(|_| self.kept(value))
            }
            None => {
                let kind = rule.value.strip_prefix("value").unwrap_or_default();
                let found = ["boolean", "integer", "decimal", "date", "dateTime"].into_iter();
                let primitive = found.into_iter().find(|name| name.eq_ignore_ascii_case(kind));
                let complex = fhir::datatype(kind).map(|(name, _)| name);
                let kind = primitive.or(complex)?;
                self.keep(kind, value, Codes::Open).ok().flatten()
            }
        };
        kept.map(|value| Value::object().with("url", rule.url.as_str()).with(&rule.value, value))
    }
}

fn at_entry(error: Error, index: usize) -> Error {
    match error {
        Error::Refused { path, reason } => Error::Refused { path: format!("entry[{index}].{path}"), reason },
        other => other,
    }
}
