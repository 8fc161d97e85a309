//! The XHTML that a narrative may have: <https://hl7.org/fhir/R4/narrative.html>, the invariants txt-1 and txt-2.

/// What is wrong with a narrative. Nothing of its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// It is not one well-formed element `div` in the namespace of XHTML.
    NotXhtml,
    /// txt-1: an element, attribute or link that is not allowed, such as a script.
    NotAllowed,
    /// txt-2: neither text other than white space nor an image.
    NoContent,
}

const NAMESPACE: &str = "http://www.w3.org/1999/xhtml";

/// How deep elements may nest.
const DEPTH: usize = 256;

/// The elements of chapters 7 to 11 (without 9.4) and 15 of HTML 4.0 that are not deprecated, links and images.
const ELEMENTS: [&str; 53] = [
    "a",
    "abbr",
    "acronym",
    "address",
    "area",
    "b",
    "bdo",
    "big",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "kbd",
    "li",
    "map",
    "ol",
    "p",
    "pre",
    "q",
    "samp",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "tt",
    "ul",
    "var",
];

/// Attributes that any element may have.
const ATTRIBUTES: [&str; 24] = [
    "abbr",
    "accesskey",
    "align",
    "axis",
    "char",
    "charoff",
    "class",
    "colspan",
    "dir",
    "headers",
    "id",
    "lang",
    "rowspan",
    "scope",
    "span",
    "start",
    "style",
    "tabindex",
    "title",
    "type",
    "valign",
    "value",
    "width",
    "xml:lang",
];

/// Attributes of one element.
const SPECIAL: [(&str, &[&str]); 9] = [
    ("a", &["charset", "coords", "href", "hreflang", "name", "rel", "rev", "shape"]),
    ("area", &["alt", "coords", "href", "nohref", "shape"]),
    ("blockquote", &["cite"]),
    ("img", &["alt", "border", "height", "ismap", "longdesc", "name", "src", "usemap"]),
    ("map", &["name"]),
    ("pre", &["space", "xml:space"]),
    ("q", &["cite"]),
    ("table", &["border", "cellpadding", "cellspacing", "frame", "rules", "summary"]),
    ("td", &["nowrap"]),
];

/// Checks the text of `Narrative.div`.
pub(crate) fn check(div: &str) -> Result<(), Flaw> {
    let mut checker = Checker { rest: div.trim(), open: Vec::new(), content: false };
    if !checker.rest.starts_with("<div") {
        return Err(Flaw::NotXhtml);
    }
    loop {
        checker.markup()?;
        if checker.open.is_empty() {
            break;
        }
        checker.text()?;
    }
    match (checker.rest.is_empty(), checker.content) {
        (false, _) => Err(Flaw::NotXhtml),
        (true, false) => Err(Flaw::NoContent),
        (true, true) => Ok(()),
    }
}

struct Checker<'a> {
    rest: &'a str,
    open: Vec<&'a str>,
    content: bool,
}

impl<'a> Checker<'a> {
    /// A tag, a comment or a section of character data.
    fn markup(&mut self) -> Result<(), Flaw> {
        if self.takes("<!--") {
            return self.until("--").and_then(|_| self.expect(">"));
        }
        if self.takes("<![CDATA[") {
            let data = self.until("]]>")?;
            self.content |= !data.trim().is_empty();
            return Ok(());
        }
        if self.takes("</") {
            let name = self.name()?;
            self.skip_space();
            self.expect(">")?;
            return if self.open.pop() == Some(name) { Ok(()) } else { Err(Flaw::NotXhtml) };
        }
        if self.rest.starts_with("<!") || self.rest.starts_with("<?") {
            return Err(Flaw::NotAllowed);
        }
        self.expect("<")?;
        self.element()
    }

    fn element(&mut self) -> Result<(), Flaw> {
        let name = self.name()?;
        if ELEMENTS.binary_search(&name).is_err() || self.open.len() >= DEPTH {
            return Err(Flaw::NotAllowed);
        }
        self.content |= name == "img";
        let namespace = self.attributes(name)?;
        if namespace.map_or(self.open.is_empty(), |namespace| namespace != NAMESPACE) {
            return Err(Flaw::NotXhtml);
        }
        let closed = self.takes("/");
        self.expect(">")?;
        if !closed {
            self.open.push(name);
        }
        Ok(())
    }

    /// The attributes of a tag; gives the value of `xmlns`.
    fn attributes(&mut self, element: &str) -> Result<Option<&'a str>, Flaw> {
        let (mut seen, mut namespace) = (Vec::new(), None);
        loop {
            let spaced = self.skip_space();
            if self.rest.starts_with(['/', '>']) {
                return Ok(namespace);
            }
            let name = self.name()?;
            let value = self.attribute_value()?;
            if !spaced || seen.contains(&name) {
                return Err(Flaw::NotXhtml);
            }
            seen.push(name);
            match name {
                "xmlns" => namespace = Some(value),
                _ if !is_allowed(element, name) || is_script(name, value) => return Err(Flaw::NotAllowed),
                _ => {}
            }
        }
    }

    fn attribute_value(&mut self) -> Result<&'a str, Flaw> {
        self.skip_space();
        self.expect("=")?;
        self.skip_space();
        let quote = if self.rest.starts_with('"') { "\"" } else { "'" };
        self.expect(quote)?;
        let value = self.until(quote)?;
        let sound = !value.contains('<') && entities(value).is_some();
        if sound { Ok(value) } else { Err(Flaw::NotXhtml) }
    }

    fn text(&mut self) -> Result<(), Flaw> {
        let end = self.rest.find('<').ok_or(Flaw::NotXhtml)?;
        let (text, rest) = self.rest.split_at(end);
        self.rest = rest;
        self.content |= entities(text).ok_or(Flaw::NotXhtml)?;
        Ok(())
    }

    fn name(&mut self) -> Result<&'a str, Flaw> {
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | ':' | '.');
        let end = self.rest.find(|c| !is_name(c)).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        self.rest = rest;
        if name.is_empty() { Err(Flaw::NotXhtml) } else { Ok(name) }
    }

    fn skip_space(&mut self) -> bool {
        let before = self.rest.len();
        self.rest = self.rest.trim_start();
        before != self.rest.len()
    }

    fn until(&mut self, end: &str) -> Result<&'a str, Flaw> {
        let (found, rest) = self.rest.split_once(end).ok_or(Flaw::NotXhtml)?;
        self.rest = rest;
        Ok(found)
    }

    fn takes(&mut self, text: &str) -> bool {
        let rest = self.rest.strip_prefix(text);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn expect(&mut self, text: &str) -> Result<(), Flaw> {
        if self.takes(text) { Ok(()) } else { Err(Flaw::NotXhtml) }
    }
}

fn is_allowed(element: &str, attribute: &str) -> bool {
    let special =
        SPECIAL.iter().find(|(name, _)| *name == element).map_or(&[][..], |(_, attributes)| attributes);
    ATTRIBUTES.binary_search(&attribute).is_ok() || special.contains(&attribute)
}

/// A link that runs a script.
fn is_script(attribute: &str, value: &str) -> bool {
    let link = matches!(attribute, "href" | "src" | "cite" | "longdesc" | "usemap");
    let scheme = value.trim_start().split(':').next().unwrap_or_default();
    // An entity or a white space inside the scheme could hide it.
    let scheme: String = scheme.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
    let scheme = scheme.to_ascii_lowercase();
    link && (matches!(scheme.as_str(), "javascript" | "vbscript") || scheme.contains("&#"))
}

/// Whether there is something else than white space; `None` when an entity is none of XML.
fn entities(text: &str) -> Option<bool> {
    let mut parts = text.split('&');
    let mut content = parts.next().is_some_and(|part| !part.trim().is_empty());
    for part in parts {
        let (entity, rest) = part.split_once(';')?;
        let character = match entity {
            "amp" | "lt" | "gt" | "quot" | "apos" => '&',
            _ => numbered(entity.strip_prefix('#')?)?,
        };
        content |= !character.is_whitespace() || !rest.trim().is_empty();
    }
    Some(content)
}

fn numbered(digits: &str) -> Option<char> {
    let (digits, radix) = digits.strip_prefix('x').map_or((digits, 10), |hex| (hex, 16));
    let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_hexdigit());
    u32::from_str_radix(digits, radix).ok().filter(|_| plain).and_then(char::from_u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn inner(content: &str) -> Result<(), Flaw> {
        check(&format!("<div xmlns=\"{NAMESPACE}\">{content}</div>"))
    }

    #[test]
    fn basic_formatting_is_allowed() {
        for content in [
            "x",
            "<p>a<br/>b</p>",
            "<img src=\"#x\" alt='y'/>",
            "<a href=\"http://a/b?c&amp;d\">x</a>",
            "&#160;x",
            "<table class=\"grid\"><tr><td colspan=\"2\" style=\"color: red\">1 &lt; 2</td></tr></table>",
            "<!-- a - comment --><b>x</b>",
            "<![CDATA[<x>]]>",
            "&amp;",
            "<p title=\"x\" >x</p >",
            "<ol start='3'><li>x</li></ol>",
        ] {
            assert_eq!(inner(content), Ok(()), "{content}");
        }
        assert_eq!(check(&format!(" <div xmlns='{NAMESPACE}' xml:lang='en' lang=\"en\">x</div>\n")), Ok(()));
    }

    #[test]
    fn what_runs_or_is_not_basic_is_refused() {
        for content in [
            "<script>x</script>",
            "<p onclick=\"x()\">x</p>",
            "<form>x</form>",
            "<a href=\"javascript:x\">x</a>",
            "<a href=' JavaScript:x'>x</a>",
            "<a href=\"java&#115;cript:x\">x</a>",
            "<iframe src=\"x\"/>x",
            "<P>x</P>",
            "<object>x</object>",
            "<font>x</font>",
            "<ins>x</ins>",
            "<link href='x'/>x",
            "<?php x ?>x",
            "<!DOCTYPE x>x",
            "<body>x</body>",
            "<p href='x'>x</p>",
        ] {
            assert_eq!(inner(content), Err(Flaw::NotAllowed), "{content}");
        }
    }

    #[test]
    fn it_is_one_well_formed_div() {
        for content in [
            "<p>x",
            "x</p>",
            "<b><i>x</b></i>",
            "&nbsp;x",
            "a & b",
            "&#xZ;",
            "<p class=x>y</p>",
            "<p a='<'>y</p>",
            "<p id='1' id='2'>x</p>",
            "<p id='1'class='2'>x</p>",
            "<!-- x",
            "<",
            "<p",
            "<p id",
            "&#+65;x",
        ] {
            assert_eq!(inner(content), Err(Flaw::NotXhtml), "{content}");
        }
        for div in ["", "x", "<div>x</div>", "<p>x</p>", "<div xmlns=\"x\">y</div>", "<divx/>"] {
            assert!(matches!(check(div), Err(Flaw::NotXhtml | Flaw::NotAllowed)), "{div}");
        }
        assert_eq!(check(&format!("<div xmlns='{NAMESPACE}'>x</div>y")), Err(Flaw::NotXhtml));
    }

    #[test]
    fn there_is_content() {
        for content in ["", " \n", "<p> </p>", "<br/>", "&#32;", "<!-- x -->", "&#160;"] {
            assert_eq!(inner(content), Err(Flaw::NoContent), "{content}");
        }
        assert_eq!(check(&format!("<div xmlns='{NAMESPACE}'/>")), Err(Flaw::NoContent));
    }

    #[test]
    fn the_lists_are_sorted() {
        assert!(ELEMENTS.is_sorted() && ATTRIBUTES.is_sorted());
    }

    proptest! {
        #[test]
        fn any_text_is_checked(text in "(<|</|>|div|/|p|&|;|#|x|=|'|\"| |xmlns|-->|<!--|é|1){0,40}") {
            let _ = check(&text);
            let _ = inner(&text);
        }
    }
}
