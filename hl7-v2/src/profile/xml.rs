//! XML as far as profiles use it: elements, attributes and text, within limits. No document type declarations, no
//! entities but the five of XML, no network.

use quick_xml::XmlVersion;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;

use super::error::{ProfileError, ProfileErrorKind, ProfileFile};

const MOST_BYTES: usize = 64 << 20;
const MOST_DEPTH: usize = 64;
const MOST_ELEMENTS: usize = 1 << 21;
const MOST_ATTRIBUTES: usize = 64;

/// Ids and names of a file that are shown in errors are cut to this many characters.
const MOST_SHOWN: usize = 80;

/// An element with what it holds.
#[derive(Debug, Default)]
pub(super) struct Element {
    pub(super) name: Box<str>,
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) attributes: Vec<(Box<str>, Box<str>)>,
    pub(super) children: Vec<Element>,
    pub(super) text: String,
}

impl Element {
    /// The attribute; `None` when it is absent or empty.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(known, _)| **known == *name);
        found.map(|(_, value)| &**value).filter(|value| !value.is_empty())
    }

    pub(super) fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| *child.name == *name)
    }

    pub(super) fn children_named<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'e Element> {
        self.children.iter().filter(move |child| *child.name == *name)
    }
}

/// A file and its root element.
pub(super) struct Document {
    pub(super) file: ProfileFile,
    pub(super) root: Element,
}

impl Document {
    pub(super) fn read(bytes: &[u8], file: ProfileFile) -> Result<Self, ProfileError> {
        let root = TreeBuilder::read(bytes, file)?;
        if *root.name != *file.root() {
            let kind = ProfileErrorKind::Root { expected: file.root() };
            return Err(ProfileError { file, line: root.line, column: root.column, kind });
        }
        Ok(Self { file, root })
    }

    pub(super) fn error(&self, at: &Element, kind: ProfileErrorKind) -> ProfileError {
        ProfileError { file: self.file, line: at.line, column: at.column, kind }
    }

    pub(super) fn required<'e>(
        &self,
        at: &'e Element,
        attribute: &'static str,
    ) -> Result<&'e str, ProfileError> {
        at.attribute(attribute).ok_or_else(|| {
            self.error(at, ProfileErrorKind::MissingAttribute { element: shown(&at.name), attribute })
        })
    }

    pub(super) fn unreadable(&self, at: &Element, attribute: &'static str) -> ProfileError {
        self.error(at, ProfileErrorKind::Attribute { element: shown(&at.name), attribute })
    }

    pub(super) fn unresolved(&self, at: &Element, what: &'static str, id: &str) -> ProfileError {
        self.error(at, ProfileErrorKind::Unresolved { what, id: shown(id) })
    }

    pub(super) fn duplicate(&self, at: &Element, what: &'static str, id: &str) -> ProfileError {
        self.error(at, ProfileErrorKind::Duplicate { what, id: shown(id) })
    }

    pub(super) fn required_child<'e>(
        &self,
        at: &'e Element,
        child: &'static str,
    ) -> Result<&'e Element, ProfileError> {
        let missing = || ProfileErrorKind::MissingElement { element: shown(&at.name), child };
        at.child(child).ok_or_else(|| self.error(at, missing()))
    }

    /// A `true` or `false`; absent is false.
    pub(super) fn flag(&self, at: &Element, attribute: &'static str) -> Result<bool, ProfileError> {
        match at.attribute(attribute) {
            None | Some("false" | "0") => Ok(false),
            Some("true" | "1") => Ok(true),
            Some(_) => Err(self.unreadable(at, attribute)),
        }
    }
}

/// An id or a name of a file, cut to a length that can be shown.
pub(super) fn shown(name: &str) -> String {
    name.chars().take(MOST_SHOWN).collect()
}

/// Reads events and hangs elements into one another.
struct TreeBuilder<'b> {
    file: ProfileFile,
    text: &'b str,
    lines: Lines<'b>,
    elements: usize,
    open: Vec<Element>,
    root: Option<Element>,
}

impl<'b> TreeBuilder<'b> {
    fn read(bytes: &'b [u8], file: ProfileFile) -> Result<Element, ProfileError> {
        let start = |kind| ProfileError { file, line: 1, column: 1, kind };
        if bytes.len() > MOST_BYTES {
            return Err(start(ProfileErrorKind::Limit { what: "bytes", limit: MOST_BYTES }));
        }
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let text = std::str::from_utf8(bytes).map_err(|_| start(ProfileErrorKind::Encoding))?;
        let lines = Lines { text: text.as_bytes(), at: 0, line: 1, line_start: 0 };
        let mut builder = Self { file, text, lines, elements: 0, open: Vec::new(), root: None };
        builder.read_all()?;
        match builder.root.take() {
            Some(root) if builder.open.is_empty() => Ok(root),
            _ => Err(builder.error(text.len(), ProfileErrorKind::Xml)),
        }
    }

    fn read_all(&mut self) -> Result<(), ProfileError> {
        let mut reader = Reader::from_str(self.text);
        loop {
            let at = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
            let event = reader.read_event();
            match event.map_err(|_| self.error(at, ProfileErrorKind::Xml))? {
                Event::Start(start) => {
                    let element = self.element(&start, at)?;
                    if self.open.len() >= MOST_DEPTH {
                        return Err(self.limit(at, "levels of elements", MOST_DEPTH));
                    }
                    self.open.push(element);
                }
                Event::Empty(start) => {
                    let element = self.element(&start, at)?;
                    self.close(element, at)?;
                }
                Event::End(_) => {
                    let element = self.open.pop().ok_or_else(|| self.error(at, ProfileErrorKind::Xml))?;
                    self.close(element, at)?;
                }
                Event::Text(text) => self.text(&text.xml_content(XmlVersion::Implicit1_0), at)?,
                Event::CData(text) => self.text(&text.xml_content(XmlVersion::Implicit1_0), at)?,
                Event::GeneralRef(reference) => {
                    let c = character(&reference).ok_or_else(|| self.error(at, ProfileErrorKind::Entity))?;
                    self.text(c.encode_utf8(&mut [0; 4]), at)?;
                }
                Event::DocType(_) => return Err(self.error(at, ProfileErrorKind::DocumentType)),
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
                Event::Eof => return Ok(()),
            }
        }
    }

    fn element(&mut self, start: &BytesStart<'_>, at: usize) -> Result<Element, ProfileError> {
        self.elements += 1;
        if self.elements > MOST_ELEMENTS {
            return Err(self.limit(at, "elements", MOST_ELEMENTS));
        }
        let (line, column) = self.lines.place(at);
        let mut element =
            Element { name: start.local_name().as_ref().into(), line, column, ..Element::default() };
        let mut attributes = start.attributes();
        for attribute in attributes.with_checks(false) {
            let attribute = attribute.map_err(|_| self.error(at, ProfileErrorKind::Xml))?;
            if element.attributes.len() >= MOST_ATTRIBUTES {
                return Err(self.limit(at, "attributes", MOST_ATTRIBUTES));
            }
            let value = attribute.normalized_value(XmlVersion::Implicit1_0);
            let value = value.map_err(|_| self.error(at, ProfileErrorKind::Entity))?;
            let name: &str = attribute.key.as_ref();
            if element.attributes.iter().any(|(known, _)| **known == *name) {
                return Err(self.error(at, ProfileErrorKind::Xml));
            }
            element.attributes.push((name.into(), value.into()));
        }
        Ok(element)
    }

    fn close(&mut self, element: Element, at: usize) -> Result<(), ProfileError> {
        match self.open.last_mut() {
            Some(parent) => parent.children.push(element),
            None if self.root.is_none() => self.root = Some(element),
            None => return Err(self.error(at, ProfileErrorKind::Xml)),
        }
        Ok(())
    }

    fn text(&mut self, text: &str, at: usize) -> Result<(), ProfileError> {
        match self.open.last_mut() {
            Some(element) => element.text.push_str(text),
            None if text.trim().is_empty() => {}
            None => return Err(self.error(at, ProfileErrorKind::Xml)),
        }
        Ok(())
    }

    fn limit(&mut self, at: usize, what: &'static str, limit: usize) -> ProfileError {
        self.error(at, ProfileErrorKind::Limit { what, limit })
    }

    fn error(&mut self, at: usize, kind: ProfileErrorKind) -> ProfileError {
        let (line, column) = self.lines.place(at);
        ProfileError { file: self.file, line, column, kind }
    }
}

/// The character that one of the five entities or a character reference stands for.
fn character(reference: &BytesRef<'_>) -> Option<char> {
    if let Ok(Some(c)) = reference.resolve_char_ref() {
        return Some(c);
    }
    let name: &str = reference;
    match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "apos" => Some('\''),
        "quot" => Some('"'),
        _ => None,
    }
}

/// Counts lines up to offsets that only grow.
struct Lines<'b> {
    text: &'b [u8],
    at: usize,
    line: usize,
    line_start: usize,
}

impl Lines<'_> {
    /// Line and column, both from 1.
    fn place(&mut self, offset: usize) -> (usize, usize) {
        let offset = offset.min(self.text.len());
        let passed = self.text.get(self.at..offset).unwrap_or_default();
        for newline in memchr::memchr_iter(b'\n', passed) {
            self.line += 1;
            self.line_start = self.at + newline + 1;
        }
        self.at = self.at.max(offset);
        (self.line, offset.saturating_sub(self.line_start) + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(xml: &str) -> Result<Element, ProfileError> {
        TreeBuilder::read(xml.as_bytes(), ProfileFile::Profile)
    }

    #[test]
    fn elements_know_their_place_and_attributes() {
        let root = read("<?xml version=\"1.0\"?>\n<A x=\"1\">\n  <B y='&lt;2&#x41;'/>t&amp;u<!-- c --></A>")
            .unwrap();
        assert_eq!((&*root.name, root.line, root.column, root.attribute("x")), ("A", 2, 1, Some("1")));
        let child = root.child("B").unwrap();
        assert_eq!((child.line, child.column, child.attribute("y")), (3, 3, Some("<2A")));
        assert_eq!(root.text.trim(), "t&u");
    }

    #[test]
    fn what_is_hostile_is_refused() {
        let kind = |xml: &str| read(xml).unwrap_err().kind;
        assert_eq!(kind("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>"), ProfileErrorKind::DocumentType);
        assert_eq!(kind("<a>&b;</a>"), ProfileErrorKind::Entity);
        assert_eq!(kind("<a b='&c;'/>"), ProfileErrorKind::Entity);
        assert_eq!(kind("<a b='1' b='2'/>"), ProfileErrorKind::Xml);
        assert_eq!(kind("<a></b>"), ProfileErrorKind::Xml);
        assert_eq!(kind("<a/><b/>"), ProfileErrorKind::Xml);
        assert_eq!(kind("<a>"), ProfileErrorKind::Xml);
        assert_eq!(kind(""), ProfileErrorKind::Xml);
        assert_eq!(kind("<a/>text"), ProfileErrorKind::Xml);
        let deep = "<a>".repeat(100_000);
        assert_eq!(kind(&deep), ProfileErrorKind::Limit { what: "levels of elements", limit: MOST_DEPTH });
        let wide: String = (0..100_000).map(|n| format!(" a{n}='x'")).collect();
        assert_eq!(kind(&format!("<a{wide}/>")), ProfileErrorKind::Limit { what: "attributes", limit: 64 });
    }

    #[test]
    fn bytes_that_are_not_utf_8_are_refused() {
        let error = TreeBuilder::read(b"<a b='\xE9'/>", ProfileFile::ValueSets).unwrap_err();
        assert_eq!((error.kind, error.file), (ProfileErrorKind::Encoding, ProfileFile::ValueSets));
    }

    #[test]
    fn another_root_is_refused() {
        let error = Document::read(b"\n <b/>", ProfileFile::Profile).err().unwrap();
        assert_eq!(
            error.to_string(),
            "profile, line 2, column 2: the root element is not ConformanceProfile"
        );
    }
}
