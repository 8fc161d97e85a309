//! The entries of a Bundle in the making: one for each identity.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::sync::LazyLock;

use bumpalo::collections::Vec as List;
use sha1::Sha1;
use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

use super::row::Table;
use super::tree::{Arena, Object, Val};

/// The system of identities that were made from content, because the message gives none.
///
/// The value is the SHA-256, in hexadecimal, over what is stable about the resource: the identity of its patient and of
/// the resource it belongs to, its codes, its dates, and its number where nothing else tells it apart. It is not
/// keyed: whoever can guess the parts can find it out, so it is as identifying as its parts.
pub const DERIVED_SYSTEM: &str = "urn:carewire:derived";

/// What identifies a resource.
pub(crate) enum Key<'p, 'a> {
    /// The first of its identifiers with a system and a value; else an identity derived from these parts.
    OwnOr(&'p [&'p str]),
    /// An identity derived from these parts, whatever identifiers it has.
    Derived(&'p [&'p str]),
    /// This system and value.
    Given(&'a str, &'a str),
}

/// The type, system and value that make a resource the same one in every message that speaks of it.
type Identity<'a> = (&'static str, &'a str, &'a str);

pub(crate) struct Entry<'a> {
    pub(crate) resource_type: &'static str,
    pub(crate) system: &'a str,
    pub(crate) value: &'a str,
    /// System and value in one.
    pub(crate) identity_text: &'a str,
    pub(crate) full_url: &'a str,
    pub(crate) body: Object<'a>,
    /// The elements that the message says have no value any more.
    pub(crate) cleared: List<'a, &'static str>,
    /// The table that it is made of in the first place.
    pub(crate) table: Option<&'static Table>,
    /// The moment that orders what is said of it.
    pub(crate) time: Option<&'a str>,
    /// Whether the message says that there is no such thing any more, and the options that it be deleted.
    pub(crate) deleted: bool,
    pub(crate) write: Write,
}

/// How a transaction writes a resource.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Write {
    /// As an update of what has its identity.
    ByIdentity,
    /// Only when nothing has its identity yet.
    IfNew,
    /// As an update of what has the id of its entry's UUID.
    ById,
}

impl Entry<'_> {
    /// Whether resources of its type have identifiers that a search finds.
    pub(crate) fn has_identifier(&self) -> bool {
        !matches!(self.resource_type, "MessageHeader" | "Provenance" | "Binary")
    }

    /// Whether it is made only when nothing has its identity yet.
    pub(crate) fn is_conditional_create(&self) -> bool {
        self.write == Write::IfNew && self.has_identifier()
    }
}

/// What became of a resource that was added.
pub(crate) enum Added {
    New,
    Known,
    /// It described a known one in another way.
    Contradicts,
    /// It shared its identity with another resource, and got one of its own.
    Renamed,
}

/// As many entries are looked at one by one.
const FEW: usize = 24;

/// The entries in order, and where to find what: a message can have tens of thousands, and nothing here looks at all
/// of them for each.
pub(crate) struct Entries<'a> {
    list: List<'a, Entry<'a>>,
    /// Where what is, once there are more than a [`FEW`].
    by_identity: HashMap<Identity<'a>, usize>,
    /// Those that share an identity with the first, by a keyed hash of what they say.
    sharers: HashMap<Identity<'a>, HashMap<u64, usize>>,
    /// The items of the lists that items were added to, by a hash.
    items: HashSet<(usize, &'static str, u64)>,
    /// The lists whose items are there.
    counted: HashSet<(usize, &'static str)>,
    state: RandomState,
}

impl<'a> Entries<'a> {
    pub(crate) fn new(arena: Arena<'a>) -> Self {
        Self {
            list: arena.list_of(FEW),
            by_identity: HashMap::new(),
            sharers: HashMap::new(),
            items: HashSet::new(),
            counted: HashSet::new(),
            state: RandomState::new(),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Entry<'a>> {
        self.list.iter()
    }

    pub(crate) fn into_list(self) -> List<'a, Entry<'a>> {
        self.list
    }

    pub(crate) fn get(&self, position: usize) -> Option<&Entry<'a>> {
        self.list.get(position)
    }

    pub(crate) fn get_mut(&mut self, position: usize) -> Option<&mut Entry<'a>> {
        self.list.get_mut(position)
    }

    /// The entries from this position on, with their positions.
    pub(crate) fn from(&self, position: usize) -> impl Iterator<Item = (usize, &Entry<'a>)> {
        self.list.iter().enumerate().skip(position)
    }

    /// A transaction makes the resource only when the server has none of its identity.
    pub(crate) fn only_if_new(&mut self, position: usize) {
        if let Some(entry) = self.list.get_mut(position) {
            entry.write = Write::IfNew;
        }
    }

    /// A transaction puts the resource at the UUID of its entry.
    pub(crate) fn at_own_id(&mut self, position: usize) {
        if let Some(entry) = self.list.get_mut(position) {
            entry.write = Write::ById;
            entry.body.set("id", entry.full_url.trim_start_matches("urn:uuid:"));
        }
    }

    pub(crate) fn edit(&mut self, position: usize, edit: impl FnOnce(&mut Object<'a>)) {
        if let Some(entry) = self.list.get_mut(position) {
            edit(&mut entry.body);
        }
    }

    /// Makes deletions of the entries whose type this says.
    pub(crate) fn delete(&mut self, is_gone: impl Fn(&str) -> bool) {
        self.list
            .iter_mut()
            .filter(|entry| is_gone(entry.resource_type))
            .for_each(|entry| entry.deleted = true);
    }

    /// Lends the body of an entry, to be given back.
    pub(crate) fn take(&mut self, position: usize) -> Option<Object<'a>> {
        let entry = self.list.get_mut(position)?;
        let empty = entry.body.emptied();
        Some(std::mem::replace(&mut entry.body, empty))
    }

    pub(crate) fn give_back(&mut self, position: usize, body: Object<'a>, cleared: Vec<&'static str>) {
        if let Some(entry) = self.list.get_mut(position) {
            entry.body = body;
            entry.cleared.extend(cleared);
        }
    }

    /// Adds an item to a list of a resource, unless it is there. Gives its index.
    pub(crate) fn append_item(
        &mut self,
        position: usize,
        member: &'static str,
        item: Val<'a>,
        arena: Arena<'a>,
    ) -> Option<usize> {
        let body = &mut self.list.get_mut(position)?.body;
        let known = body.items(member);
        let may_be_known = known.len() < FEW || {
            let hash = |item| (position, member, self.state.hash_one(item));
            // The first ones were not counted, and may have come by another way than this one.
            if self.counted.insert((position, member)) {
                self.items.extend(known.iter().map(hash));
            }
            !self.items.insert(hash(&item))
        };
        if may_be_known && known.contains(&item) {
            return None;
        }
        body.push(arena, member, item);
        Some(body.items(member).len() - 1)
    }

    /// Adds a resource under its identity, which it then carries as an identifier. Gives its position.
    pub(crate) fn add(
        &mut self,
        resource_type: &'static str,
        mut body: Object<'a>,
        key: Key<'_, 'a>,
        arena: Arena<'a>,
    ) -> (usize, Added) {
        let (system, value) = identity(resource_type, &body, key, arena);
        carry(resource_type, &mut body, (system, value), arena);
        let identity = (resource_type, system, value);
        let Some(position) = self.find(identity) else {
            return (self.append(identity, body, arena), Added::New);
        };
        let Some(known) = self.list.get_mut(position) else { return (position, Added::Known) };
        if known.body == body {
            (position, Added::Known)
        } else if is_directory(resource_type) {
            let agreed = merge(&mut known.body, &body, arena);
            (position, if agreed { Added::Known } else { Added::Contradicts })
        } else {
            self.rename(identity, body, arena)
        }
    }

    /// Gives a resource an identity made from the shared one and its number among those who share it; the same again
    /// gets the same. The shared identifier stays as a value without a system, so that a search for it finds the first
    /// resource alone.
    fn rename(&mut self, shared: Identity<'a>, mut body: Object<'a>, arena: Arena<'a>) -> (usize, Added) {
        disown(&mut body, shared);
        let hash = self.state.hash_one(&body);
        let sharers = self.sharers.entry(shared).or_default();
        let number = sharers.len() + 2;
        if let Some(&known) = sharers.get(&hash) {
            return (known, Added::Known);
        }
        sharers.insert(hash, self.list.len());
        let (resource_type, system, value) = shared;
        let number = arena.format(format_args!("{number}"));
        let value = derived(resource_type, &[system, value, number], arena);
        carry(resource_type, &mut body, (DERIVED_SYSTEM, value), arena);
        (self.append((resource_type, DERIVED_SYSTEM, value), body, arena), Added::Renamed)
    }

    fn find(&self, identity: Identity<'a>) -> Option<usize> {
        if self.list.len() > FEW {
            return self.by_identity.get(&identity).copied();
        }
        let (resource_type, system, value) = identity;
        let is_it =
            |of: &Entry<'a>| of.value == value && of.system == system && of.resource_type == resource_type;
        self.list.iter().position(is_it)
    }

    fn append(&mut self, identity: Identity<'a>, body: Object<'a>, arena: Arena<'a>) -> usize {
        let (resource_type, system, value) = identity;
        let position = self.list.len();
        let name = arena.concat(&[resource_type, "|", system, "|", value]);
        let identity_text = name.get(resource_type.len() + 1..).unwrap_or_default();
        let full_url = full_url(name, arena);
        self.list.push(Entry {
            resource_type,
            system,
            value,
            identity_text,
            full_url,
            body,
            cleared: arena.list(),
            table: None,
            time: None,
            deleted: false,
            write: Write::ByIdentity,
        });
        if position == FEW {
            // More follow, as a rule: each growth would hash all again.
            self.by_identity.reserve(8 * FEW);
            let known = self.list.iter().enumerate();
            self.by_identity.extend(known.map(|(at, of)| ((of.resource_type, of.system, of.value), at)));
        } else if position > FEW {
            self.by_identity.insert(identity, position);
        }
        position
    }
}

fn identity<'a>(
    resource_type: &'static str,
    body: &Object<'a>,
    key: Key<'_, 'a>,
    arena: Arena<'a>,
) -> (&'a str, &'a str) {
    let derived = |parts: &[&str]| (DERIVED_SYSTEM, derived(resource_type, parts, arena));
    match key {
        Key::Given(system, value) => (system, value),
        Key::Derived(parts) => derived(parts),
        Key::OwnOr(parts) => own(body).unwrap_or_else(|| derived(parts)),
    }
}

/// The system and value of the first identifier that has both.
pub(crate) fn own<'a>(body: &Object<'a>) -> Option<(&'a str, &'a str)> {
    let complete = |item: &Val<'a>| {
        let identifier = item.as_object()?;
        Some((identifier.str("system")?, identifier.str("value")?))
    };
    body.items("identifier").iter().find_map(complete)
}

/// The system and value of the first identifier of one of these types of table 0203, the first type first. Numbers of
/// groups are shared, and identify nothing in them.
pub(crate) fn numbered<'a>(body: &Object<'a>, types: &[&str]) -> Option<(&'a str, &'a str)> {
    let typed = |item: &Val<'a>, code: &str| {
        let identifier = item.as_object()?;
        let kind = identifier.get("type")?.as_object()?.items("coding").first()?.as_object()?;
        let is_it = kind.str("code") == Some(code);
        Some((identifier.str("system")?, identifier.str("value")?)).filter(|_| is_it)
    };
    types.iter().find_map(|code| body.items("identifier").iter().find_map(|item| typed(item, code)))
}

/// An identity made from parts. Parts are told apart by their lengths: `ab, c` is not `a, bc`.
fn derived<'a>(resource_type: &str, parts: &[&str], arena: Arena<'a>) -> &'a str {
    let mut hash = Sha256::new();
    for part in ["carewire derived identity 1", resource_type].iter().chain(parts) {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    let mut hex = [0; 64];
    let text = data_encoding::HEXLOWER.encode_mut_str(&hash.finalize(), &mut hex);
    arena.text(text)
}

/// The URL of an entry: a UUID of version 5 over its name, which is type, system and value.
fn full_url<'a>(name: &str, arena: Arena<'a>) -> &'a str {
    static SPACE: LazyLock<Sha1> = LazyLock::new(|| {
        let space = Uuid::new_v5(&Uuid::NAMESPACE_URL, b"urn:carewire:entry");
        Sha1::new_with_prefix(space.as_bytes())
    });
    let hash: [u8; 20] = SPACE.clone().chain_update(name).finalize().into();
    let bytes = hash.first_chunk().copied().unwrap_or_default();
    let mut text = Uuid::encode_buffer();
    arena.text(Builder::from_sha1_bytes(bytes).into_uuid().urn().encode_lower(&mut text))
}

/// Types that describe the same thing wherever they are mentioned.
fn is_directory(resource_type: &str) -> bool {
    matches!(
        resource_type,
        "Organization"
            | "Practitioner"
            | "PractitionerRole"
            | "Location"
            | "Device"
            | "Specimen"
            | "Account"
            | "CareTeam"
    ) || matches!(resource_type, "Patient" | "RelatedPerson")
}

/// Makes sure that the resource carries its identity, if its type has identifiers.
fn carry<'a>(
    resource_type: &str,
    body: &mut Object<'a>,
    (system, value): (&'a str, &'a str),
    arena: Arena<'a>,
) {
    if matches!(resource_type, "MessageHeader" | "Provenance" | "Binary") {
        return;
    }
    let is_it = |item: &Val<'a>| {
        let item = item.as_object();
        item.is_some_and(|item| item.str("system") == Some(system) && item.str("value") == Some(value))
    };
    if !body.items("identifier").iter().any(is_it) {
        body.push(arena, "identifier", arena.object().with("system", system).with("value", value));
    }
}

fn disown<'a>(body: &mut Object<'a>, (_, system, value): Identity<'a>) {
    let Some(Val::List(list)) = body.get_mut("identifier") else { return };
    let is_shared = |item: &Object<'a>| item.str("value") == Some(value);
    if system == DERIVED_SYSTEM {
        list.retain(|item| !item.as_object().is_some_and(is_shared));
    }
    for identifier in list.iter_mut().filter_map(Val::as_object_mut) {
        if identifier.str("system") == Some(system) && is_shared(identifier) {
            identifier.remove("system");
        }
    }
}

/// Adds to `known` what `other` says beyond it. False when they say different things; then `known` wins.
fn merge<'a>(known: &mut Object<'a>, other: &Object<'a>, arena: Arena<'a>) -> bool {
    let mut agreed = true;
    for (name, value) in other.members() {
        if let Some(mine) = known.get_mut(name) {
            agreed &= merge_value(mine, value, arena);
        } else if has_other_type(known, name) {
            agreed = false;
        } else {
            known.set(name, value.clone());
        }
    }
    agreed
}

/// Whether an element of several types is there in another one.
fn has_other_type(known: &Object<'_>, name: &str) -> bool {
    let choices = ["collected", "fastingStatus", "deceased", "multipleBirth"];
    let choice = choices.into_iter().find(|choice| name.starts_with(choice));
    choice.is_some_and(|choice| known.members().any(|(member, _)| member.starts_with(choice)))
}

fn merge_value<'a>(known: &mut Val<'a>, other: &Val<'a>, arena: Arena<'a>) -> bool {
    match (known, other) {
        (Val::Object(mine), Val::Object(theirs)) => merge(mine, theirs, arena),
        (Val::List(mine), Val::List(theirs)) => {
            for item in theirs {
                if !mine.contains(item) {
                    mine.push(item.clone());
                }
            }
            true
        }
        (mine, theirs) => *mine == *theirs,
    }
}

#[cfg(test)]
mod tests {
    use bumpalo::Bump;

    use super::*;

    #[test]
    fn a_url_is_a_uuid_of_version_5() {
        let memory = Bump::new();
        let space = Uuid::new_v5(&Uuid::NAMESPACE_URL, b"urn:carewire:entry");
        for name in ["", "Patient|urn:x|7", &"a long name ".repeat(20)] {
            let expected = Uuid::new_v5(&space, name.as_bytes()).urn().to_string();
            assert_eq!(full_url(name, Arena::new(&memory)), expected);
        }
    }

    #[test]
    fn a_resource_is_found_again_among_few_and_many() {
        let memory = Bump::new();
        let arena = Arena::new(&memory);
        let mut entries = Entries::new(arena);
        let key = |n: usize| Key::Given("urn:x", arena.format(format_args!("{n}")));
        for n in 0..3 * FEW {
            for earlier in 0..=n {
                let (position, _) = entries.add("Patient", arena.object(), key(earlier), arena);
                assert_eq!(position, earlier);
            }
            assert_eq!(entries.len(), n + 1);
        }
    }
}
