//! A JSON text as a list of the places of its values: to be read once, and not to be changed.
//!
//! It takes a third of the time of a [`Value`] and borrows from the text: what a text is validated in.

use super::name::{Code, NameRef};
use super::parse::{self, Build, Label, List, Scalar};
use super::{JsonNode, Kind, Limits, ParseError, Value};

/// The values of a text, each before those that are in it.
///
/// It takes a third of the time of a [`Value`] and borrows from the text, but cannot be changed: for what is read once.
///
/// ```
/// use carewire_fhir_core::json::{JsonNode, Limits, NameId, Tape};
/// let tape = Tape::parse(br#"{"resourceType":"Patient","name":[{"family":"Doe"}]}"#, &Limits::default())?;
/// let name = tape.root().member(NameId::element("name")).and_then(|names| names.items().next());
/// assert_eq!(name.and_then(|name| name.text(NameId::element("family"))), Some("Doe"));
/// assert_eq!(format!("{tape:?}"), "Tape(5 values)");
/// # Ok::<(), carewire_fhir_core::ParseError>(())
/// ```
pub struct Tape<'t> {
    text: &'t str,
    entries: Vec<Entry>,
    /// The strings that had escapes, without them.
    unescaped: String,
    /// The names that are no elements', by their value, in order.
    others: Vec<(u32, Box<str>)>,
}

/// A value and its name.
#[derive(Clone, Copy)]
struct Entry {
    form: Form,
    /// The name, when it is an element's.
    name: Option<Code>,
    /// Where the text of a scalar begins; how many items or members an array or object has.
    start: u32,
    /// Where the text of a scalar ends; the first entry that is not in an array or object.
    end: u32,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Null,
    False,
    True,
    Number,
    /// A string that stands in the text.
    Plain,
    /// A string that stands in [`Tape::unescaped`].
    Unescaped,
    Array,
    Object,
}

impl<'t> Tape<'t> {
    /// Reads one JSON text.
    ///
    /// # Errors
    /// As [`Value::parse_with`]. A text of 4 GiB is too large.
    pub fn parse(bytes: &'t [u8], limits: &Limits) -> Result<Self, ParseError> {
        const MOST: usize = u32::MAX as usize - 1;
        let limits = limits.with_max_bytes(limits.max_bytes.min(MOST));
        let text = parse::text(bytes, &limits)?;
        // With its name a value takes about 20 bytes of text.
        let entries = Vec::with_capacity(text.len() / 16 + 8);
        let mut tape = Self { text, entries, unescaped: String::new(), others: Vec::new() };
        parse::parse(text, &limits, &mut tape)?;
        Ok(tape)
    }

    /// The value that all others are in.
    #[must_use]
    pub fn root(&self) -> TapeNode<'_> {
        TapeNode { tape: self, at: 0 }
    }

    #[inline(always)]
    fn push(&mut self, label: Label<'_>, form: Form, start: usize, end: usize) {
        let name = match label {
            Label::Element(code) => Some(code),
            Label::Item => None,
            Label::Other(text) => {
                self.others.push((small(self.entries.len()), text.into()));
                None
            }
        };
        self.entries.push(Entry { form, name, start: small(start), end: small(end) });
    }
}

impl std::fmt::Debug for Tape<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Tape({} values)", self.entries.len())
    }
}

impl std::fmt::Debug for TapeNode<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}({})", self.kind(), self.len())
    }
}

/// The text has less than 4 GiB, and so has everything that is counted in it.
#[inline(always)]
fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

impl Build for Tape<'_> {
    #[inline(always)]
    fn scalar(&mut self, label: Label<'_>, scalar: Scalar<'_>) {
        let (form, start, end) = match scalar {
            Scalar::Null => (Form::Null, 0, 0),
            Scalar::Bool(false) => (Form::False, 0, 0),
            Scalar::Bool(true) => (Form::True, 0, 0),
            Scalar::Number(start, end) => (Form::Number, start, end),
            Scalar::Plain(start, end) => (Form::Plain, start, end),
            Scalar::Unescaped(text) => {
                let start = self.unescaped.len();
                self.unescaped.push_str(text);
                (Form::Unescaped, start, self.unescaped.len())
            }
        };
        self.push(label, form, start, end);
    }

    #[inline(always)]
    fn open(&mut self, label: Label<'_>) -> usize {
        self.push(label, Form::Null, 0, 0);
        self.entries.len() - 1
    }

    #[inline(always)]
    fn close(&mut self, _: Label<'_>, list: List, start: usize, count: usize) {
        let end = small(self.entries.len());
        if let Some(entry) = self.entries.get_mut(start) {
            entry.form = if list == List::Array { Form::Array } else { Form::Object };
            (entry.start, entry.end) = (small(count), end);
        }
    }
}

/// One value of a [`Tape`].
#[derive(Clone, Copy)]
pub struct TapeNode<'a> {
    tape: &'a Tape<'a>,
    at: u32,
}

impl<'a> TapeNode<'a> {
    /// How many values there are in this one, itself included.
    pub(crate) fn size(self) -> usize {
        let Entry { form, end, .. } = self.entry();
        if matches!(form, Form::Array | Form::Object) { (end - self.at) as usize } else { 1 }
    }

    /// How many values the whole text has.
    pub(crate) fn size_of_all(self) -> usize {
        self.tape.entries.len()
    }

    /// The value as a tree.
    #[must_use]
    pub fn to_value(self) -> Value {
        match self.form() {
            Form::Null => Value::null(),
            Form::False => Value::bool(false),
            Form::True => Value::bool(true),
            Form::Number => self.as_number().and_then(Value::number).unwrap_or_default(),
            Form::Plain | Form::Unescaped => Value::from(self.as_str().unwrap_or_default()),
            Form::Array => Value::from(self.items().map(Self::to_value).collect::<Vec<_>>()),
            Form::Object => {
                let mut object = Value::object();
                self.members().for_each(|(name, value)| object.append(name.as_str(), value.to_value()));
                object
            }
        }
    }

    #[inline]
    fn entry(self) -> Entry {
        const NULL: Entry = Entry { form: Form::Null, name: None, start: 0, end: 0 };
        self.tape.entries.get(self.at as usize).copied().unwrap_or(NULL)
    }

    #[inline]
    fn form(self) -> Form {
        self.entry().form
    }

    /// The name of a member.
    #[inline]
    fn name(self) -> NameRef<'a> {
        match self.entry().name {
            Some(code) => NameRef::element(code),
            None => NameRef::other(self.other_name()),
        }
    }

    #[cold]
    fn other_name(self) -> &'a str {
        let others = &self.tape.others;
        let found = others.binary_search_by_key(&self.at, |(at, _)| *at).ok();
        found.and_then(|index| others.get(index)).map_or("", |(_, name)| name)
    }

    /// The values that are in this one, without those that are in them; none when it is of another form.
    #[inline]
    fn children(self, of: Form) -> Children<'a> {
        let Entry { form, end, .. } = self.entry();
        Children { tape: self.tape, at: self.at + 1, end: if form == of { end } else { 0 } }
    }
}

struct Children<'a> {
    tape: &'a Tape<'a>,
    at: u32,
    end: u32,
}

impl<'a> Iterator for Children<'a> {
    type Item = TapeNode<'a>;

    #[inline]
    fn next(&mut self) -> Option<TapeNode<'a>> {
        if self.at >= self.end {
            return None;
        }
        let node = TapeNode { tape: self.tape, at: self.at };
        let entry = node.entry();
        self.at = if matches!(entry.form, Form::Array | Form::Object) { entry.end } else { self.at + 1 };
        Some(node)
    }
}

impl<'a> JsonNode<'a> for TapeNode<'a> {
    #[inline]
    fn kind(self) -> Kind {
        match self.form() {
            Form::Null => Kind::Null,
            Form::False | Form::True => Kind::Bool,
            Form::Number => Kind::Number,
            Form::Plain | Form::Unescaped => Kind::String,
            Form::Array => Kind::Array,
            Form::Object => Kind::Object,
        }
    }

    #[inline]
    fn as_str(self) -> Option<&'a str> {
        let Entry { form, start, end, .. } = self.entry();
        let text = match form {
            Form::Plain => self.tape.text,
            Form::Unescaped => &self.tape.unescaped,
            _ => return None,
        };
        text.get(start as usize..end as usize)
    }

    #[inline]
    fn as_bool(self) -> Option<bool> {
        match self.form() {
            Form::False => Some(false),
            Form::True => Some(true),
            _ => None,
        }
    }

    #[inline]
    fn as_number(self) -> Option<&'a str> {
        let Entry { form, start, end, .. } = self.entry();
        (form == Form::Number).then(|| self.tape.text.get(start as usize..end as usize)).flatten()
    }

    #[inline]
    fn len(self) -> usize {
        let Entry { form, start, .. } = self.entry();
        if matches!(form, Form::Array | Form::Object) { start as usize } else { 0 }
    }

    #[inline]
    fn items(self) -> impl Iterator<Item = Self> {
        self.children(Form::Array)
    }

    #[inline]
    fn members(self) -> impl Iterator<Item = (NameRef<'a>, Self)> {
        self.children(Form::Object).map(|member| (member.name(), member))
    }

    #[inline]
    fn is_same(self, other: Self) -> bool {
        self.at == other.at && std::ptr::eq(self.tape, other.tape)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn same(tree: &Value, node: TapeNode<'_>) {
        assert_eq!(
            (tree.kind(), tree.len(), JsonNode::is_empty(tree)),
            (node.kind(), node.len(), node.is_empty())
        );
        assert_eq!(
            (tree.as_str(), tree.as_number(), tree.as_bool()),
            (node.as_str(), node.as_number(), node.as_bool())
        );
        assert_eq!(tree.key(), node.key());
        assert_eq!(tree.items().len(), node.items().count());
        tree.items().iter().zip(node.items()).for_each(|(tree, node)| same(tree, node));
        let names = |(name, _): (NameRef<'_>, _)| (name.as_str().to_owned(), name.id());
        assert!(
            JsonNode::members(tree)
                .map(|(name, _)| (name.as_str().to_owned(), name.id()))
                .eq(node.members().map(names))
        );
        JsonNode::members(tree).zip(node.members()).for_each(|((_, tree), (_, node))| same(tree, node));
    }

    fn check(text: &str) {
        let (tree, tape) = (Value::parse(text.as_bytes()), Tape::parse(text.as_bytes(), &Limits::default()));
        match (tree, tape) {
            (Ok(tree), Ok(tape)) => {
                same(&tree, tape.root());
                assert_eq!(tape.root().to_value().to_json(), tree.to_json());
            }
            (Err(tree), Err(tape)) => assert_eq!(tree, tape),
            _ => panic!("one reads what the other refuses"),
        }
    }

    #[test]
    fn a_tape_holds_what_a_tree_holds() {
        for text in [
            "null",
            " [ ] ",
            "{}",
            "\u{feff}[1,-0.50e3,true,false,null]",
            r#"{"id":"1","unknown":{"a\u0062":[[],{}],"":"x\n\ud83d\ude00"},"_id":{"extension":[]},"name":[{},[]]}"#,
            r#"{"a":1,"b":{"a":2},"c":3}"#,
            r#"{"a":1,"a":2}"#,
            r#"{"a":{"id":1,"id":2}}"#,
            "[1,",
            "[1]2",
            "{\"id\" 1}",
        ] {
            check(text);
        }
    }

    #[test]
    fn a_name_at_two_levels_is_no_duplicate() {
        let many: String = (0..60).map(|n| format!(r#""n{n}":{{"n{n}":1}},"#)).collect();
        check(&format!("{{{many}\"last\":0}}"));
        check(&format!("{{{many}\"n59\":0}}"));
    }

    fn json() -> impl Strategy<Value = String> {
        let text = "[a-zé\"\\\\\n\u{1}]{0,6}";
        let name = prop_oneof![
            Just("id".to_owned()),
            Just("_id".to_owned()),
            Just("name".to_owned()),
            text.prop_map(String::from)
        ];
        let leaf = prop_oneof![
            Just(Value::null()),
            any::<bool>().prop_map(Value::bool),
            any::<i64>().prop_map(Value::from),
            text.prop_map(Value::from)
        ];
        leaf.prop_recursive(5, 60, 6, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::vec((name.clone(), inner), 0..6).prop_map(|members| members
                    .into_iter()
                    .fold(Value::object(), |o, (name, value)| o.with(&name, value))),
            ]
        })
        .prop_map(|value| value.to_json())
    }

    proptest! {
        #[test]
        fn any_text_is_read_alike(text in json(), cut in any::<prop::sample::Index>()) {
            check(&text);
            let end = cut.index(text.chars().count() + 1);
            check(&text.chars().take(end).collect::<String>());
        }
    }
}
