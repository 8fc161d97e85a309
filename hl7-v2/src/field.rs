//! A field and the parts of it, split when they are asked for.

use std::borrow::Cow;
use std::fmt;

use crate::escape::{Syntax, unescape};
use crate::segment::nth;

/// The explicit null: delete what is known.
const NULL: &str = "\"\"";

/// What a message says about a place.
///
/// A missing field and an empty one mean the same: nothing is said. `""` says that there is no value any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "the three ways are all there are, and callers match them all")]
pub enum Presence {
    /// Nothing: not there, or empty.
    Absent,
    /// The explicit null `""`.
    Null,
    /// A value.
    Value,
}

impl Presence {
    fn of(raw: &str) -> Self {
        match raw {
            "" => Self::Absent,
            NULL => Self::Null,
            _ => Self::Value,
        }
    }
}

/// A part of a message as written. The four levels below a segment all are such a view.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Part<'m> {
    raw: &'m str,
    syntax: Syntax,
}

impl<'m> Part<'m> {
    fn text(self) -> Cow<'m, str> {
        unescape(self.raw, &self.syntax.delimiters, self.syntax.charset)
    }

    fn given(self) -> Option<Cow<'m, str>> {
        (!self.raw.is_empty()).then(|| self.text())
    }

    fn value(self) -> Option<Cow<'m, str>> {
        (Presence::of(self.raw) == Presence::Value).then(|| self.text())
    }

    /// Part `n`, from 1, of those between `delimiter`s.
    fn part(self, delimiter: u8, n: usize) -> Option<Self> {
        let raw = nth(self.raw, delimiter, n.checked_sub(1)?)?;
        Some(Self { raw, syntax: self.syntax })
    }

    /// All parts between delimiters; none when there is nothing at all.
    fn parts(self, delimiter: u8) -> impl Iterator<Item = Self> + use<'m> {
        let mut rest = (!self.raw.is_empty()).then_some(self.raw);
        std::iter::from_fn(move || {
            let current = rest?;
            let cut = memchr::memchr(delimiter, current.as_bytes());
            rest = cut.and_then(|at| current.get(at + 1..));
            let raw = cut.map_or(Some(current), |at| current.get(..at))?;
            Some(Self { raw, syntax: self.syntax })
        })
    }

    fn debug(self, level: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{level}({:?}, {} characters)", Presence::of(self.raw), self.raw.len())
    }
}

/// A field of a segment: any number of repetitions.
///
/// ```
/// use carewire_hl7_v2::{Message, ParseOptions, Presence};
///
/// let bytes = b"MSH|^~\\&|A\rPID|1|\"\"|5^^^GEN&1.2&ISO~9|\r";
/// let message = Message::parse(bytes, &ParseOptions::default())?;
/// let pid = message.segment("PID").ok_or("no PID")?;
/// let ids = pid.field(3).ok_or("no PID-3")?;
/// assert_eq!(ids.repetitions().count(), 2);
/// assert_eq!(ids.component(4).and_then(|authority| authority.subcomponent(2)?.value()).as_deref(), Some("1.2"));
/// assert_eq!(pid.field(2).map(|field| field.presence()), Some(Presence::Null));
/// assert_eq!(pid.field(4).map(|field| field.presence()), Some(Presence::Absent));
/// assert!(pid.field(5).is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Field<'m>(Part<'m>);

impl<'m> Field<'m> {
    pub(crate) fn new(raw: &'m str, syntax: Syntax) -> Self {
        Self(Part { raw, syntax })
    }

    /// The field as written, escape sequences and all.
    #[must_use]
    pub fn raw(&self) -> &'m str {
        self.0.raw
    }

    /// Whether nothing stands in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.raw.is_empty()
    }

    /// Whether it is the explicit null `""`.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.0.raw == NULL
    }

    /// What the message says about it.
    #[must_use]
    pub fn presence(&self) -> Presence {
        Presence::of(self.0.raw)
    }

    /// The repetitions in order: none of an empty field; those between two separators may be empty.
    pub fn repetitions(&self) -> impl Iterator<Item = Repetition<'m>> + use<'m> {
        self.0.parts(self.0.syntax.delimiters.repetition).map(Repetition)
    }

    /// Repetition `n`, from 1.
    #[must_use]
    pub fn repetition(&self, n: usize) -> Option<Repetition<'m>> {
        self.0.part(self.0.syntax.delimiters.repetition, n).map(Repetition)
    }

    /// Component `n`, from 1, of the first repetition.
    #[must_use]
    pub fn component(&self, n: usize) -> Option<Component<'m>> {
        self.repetition(1)?.component(n)
    }

    /// The text of the first repetition.
    #[must_use]
    pub fn text(&self) -> Cow<'m, str> {
        self.repetition(1).map_or(Cow::Borrowed(""), |first| first.text())
    }

    /// The text of the first repetition; `None` when it is absent or null.
    #[must_use]
    pub fn value(&self) -> Option<Cow<'m, str>> {
        self.repetition(1)?.value()
    }
}

/// One repetition of a field: any number of components.
///
/// ```
/// use carewire_hl7_v2::{Message, ParseOptions};
///
/// let message = Message::parse(b"MSH|^~\\&|A\rPID|1|||||Doe^Jo~Poe\r", &ParseOptions::default())?;
/// let names = message.segment("PID").and_then(|pid| pid.field(6)).ok_or("no PID-6")?;
/// let families: Vec<_> = names.repetitions().filter_map(|name| name.component(1)?.value()).collect();
/// assert_eq!(families, ["Doe", "Poe"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Repetition<'m>(Part<'m>);

impl<'m> Repetition<'m> {
    /// The repetition as written, escape sequences and all.
    #[must_use]
    pub fn raw(&self) -> &'m str {
        self.0.raw
    }

    /// Whether nothing stands in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.raw.is_empty()
    }

    /// Whether it is the explicit null `""`.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.0.raw == NULL
    }

    /// What the message says about it.
    #[must_use]
    pub fn presence(&self) -> Presence {
        Presence::of(self.0.raw)
    }

    /// The components in order: none of an empty repetition; those between two separators may be empty.
    pub fn components(&self) -> impl Iterator<Item = Component<'m>> + use<'m> {
        self.0.parts(self.0.syntax.delimiters.component).map(Component)
    }

    /// Component `n`, from 1.
    #[must_use]
    pub fn component(&self, n: usize) -> Option<Component<'m>> {
        self.0.part(self.0.syntax.delimiters.component, n).map(Component)
    }

    /// All of it with escape sequences replaced, the separators between its parts included.
    #[must_use]
    pub fn text(&self) -> Cow<'m, str> {
        self.0.text()
    }

    /// The text; `None` when it is absent or null.
    #[must_use]
    pub fn value(&self) -> Option<Cow<'m, str>> {
        self.0.value()
    }

    pub(crate) fn given(self) -> Option<Cow<'m, str>> {
        self.0.given()
    }
}

/// A component: any number of subcomponents.
///
/// ```
/// use carewire_hl7_v2::{Message, ParseOptions};
///
/// let message = Message::parse(b"MSH|^~\\&|A\rPID|1||5^^^GEN&1.2&ISO\r", &ParseOptions::default())?;
/// let ids = message.segment("PID").and_then(|pid| pid.field(3)).ok_or("no PID-3")?;
/// let authority = ids.component(4).ok_or("no authority")?;
/// assert_eq!(authority.subcomponent(1).map(|part| part.text()).as_deref(), Some("GEN"));
/// assert_eq!(authority.text(), "GEN&1.2&ISO");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Component<'m>(Part<'m>);

impl<'m> Component<'m> {
    /// The component as written, escape sequences and all.
    #[must_use]
    pub fn raw(&self) -> &'m str {
        self.0.raw
    }

    /// Whether nothing stands in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.raw.is_empty()
    }

    /// Whether it is the explicit null `""`.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.0.raw == NULL
    }

    /// What the message says about it.
    #[must_use]
    pub fn presence(&self) -> Presence {
        Presence::of(self.0.raw)
    }

    /// The subcomponents in order: none of an empty component; those between two separators may be empty.
    pub fn subcomponents(&self) -> impl Iterator<Item = Subcomponent<'m>> + use<'m> {
        self.0.parts(self.0.syntax.delimiters.subcomponent).map(Subcomponent)
    }

    /// Subcomponent `n`, from 1.
    #[must_use]
    pub fn subcomponent(&self, n: usize) -> Option<Subcomponent<'m>> {
        self.0.part(self.0.syntax.delimiters.subcomponent, n).map(Subcomponent)
    }

    /// All of it with escape sequences replaced, the separators between its parts included.
    #[must_use]
    pub fn text(&self) -> Cow<'m, str> {
        self.0.text()
    }

    /// The text; `None` when it is absent or null.
    #[must_use]
    pub fn value(&self) -> Option<Cow<'m, str>> {
        self.0.value()
    }

    pub(crate) fn given(self) -> Option<Cow<'m, str>> {
        self.0.given()
    }
}

/// A subcomponent: the smallest part of a message.
///
/// ```
/// use carewire_hl7_v2::{Message, ParseOptions};
///
/// let message = Message::parse(b"MSH|^~\\&|A\rPID|1||5^^^GEN&1.2&ISO\r", &ParseOptions::default())?;
/// let ids = message.segment("PID").and_then(|pid| pid.field(3)).ok_or("no PID-3")?;
/// let kinds: Vec<_> = ids.component(4).ok_or("no authority")?.subcomponents().map(|part| part.text()).collect();
/// assert_eq!(kinds, ["GEN", "1.2", "ISO"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Subcomponent<'m>(Part<'m>);

impl<'m> Subcomponent<'m> {
    /// The subcomponent as written, escape sequences and all.
    #[must_use]
    pub fn raw(&self) -> &'m str {
        self.0.raw
    }

    /// Whether nothing stands in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.raw.is_empty()
    }

    /// Whether it is the explicit null `""`.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.0.raw == NULL
    }

    /// What the message says about it.
    #[must_use]
    pub fn presence(&self) -> Presence {
        Presence::of(self.0.raw)
    }

    /// The text with escape sequences replaced.
    #[must_use]
    pub fn text(&self) -> Cow<'m, str> {
        self.0.text()
    }

    /// The text; `None` when it is absent or null.
    #[must_use]
    pub fn value(&self) -> Option<Cow<'m, str>> {
        self.0.value()
    }

    pub(crate) fn given(self) -> Option<Cow<'m, str>> {
        self.0.given()
    }

    /// The text as [`clean`] leaves it; `None` when it is absent or null.
    pub(crate) fn clean(self) -> Option<String> {
        clean(&self.value()?)
    }
}

/// The text without control characters and without white space around it, unless that leaves nothing.
///
/// What identifies a patient before the acknowledgement and what the map puts into resources both come from here.
pub(crate) fn clean(text: &str) -> Option<String> {
    let allowed = |c: &char| !c.is_control() || matches!(c, '\t' | '\n' | '\r');
    let cleaned: String = text.chars().filter(allowed).collect();
    let trimmed = cleaned.trim();
    (!trimmed.is_empty()).then(|| trimmed.to_owned())
}

impl fmt::Debug for Field<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.debug("Field", f)
    }
}

impl fmt::Debug for Repetition<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.debug("Repetition", f)
    }
}

impl fmt::Debug for Component<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.debug("Component", f)
    }
}

impl fmt::Debug for Subcomponent<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.debug("Subcomponent", f)
    }
}
