//! The links of a narrative, found without reading it as XML: one pass, and what is no link keeps its bytes.

use std::borrow::Cow;
use std::ops::Range;

use super::SiteKind;

/// Calls `f` for every `href` of an `<a>` and `src` of an `<img>`.
pub(super) fn visit(xhtml: &str, f: &mut dyn FnMut(SiteKind, &str)) {
    let mut links = Links::of(xhtml);
    while let Some(link) = links.next() {
        if let Some(text) = xhtml.get(link.place).and_then(decoded) {
            f(link.kind, &text);
        }
    }
}

/// The narrative with every link replaced for which `f` gives another; `None` when nothing changes.
pub(super) fn rewrite(xhtml: &str, f: &mut dyn FnMut(SiteKind, &str) -> Option<String>) -> Option<String> {
    let mut links = Links::of(xhtml);
    let mut out = String::new();
    let mut copied = 0;
    while let Some(link) = links.next() {
        let Some(old) = xhtml.get(link.place.clone()).and_then(decoded) else { continue };
        if let Some(new) = f(link.kind, &old).filter(|new| *new != *old) {
            out.push_str(xhtml.get(copied..link.place.start)?);
            encode(&new, link.quote, &mut out);
            copied = link.place.end;
        }
    }
    if copied == 0 {
        return None;
    }
    out.push_str(xhtml.get(copied..)?);
    Some(out)
}

struct Link {
    kind: SiteKind,
    /// Between the quotes.
    place: Range<usize>,
    quote: u8,
}

/// Goes through the tags of a text. Never goes back, so that its time grows with the length only.
struct Links<'a> {
    bytes: &'a [u8],
    at: usize,
    /// The attribute that is looked for, while inside a tag that has it.
    wanted: Option<(&'static str, SiteKind)>,
}

impl<'a> Links<'a> {
    fn of(xhtml: &'a str) -> Self {
        Self { bytes: xhtml.as_bytes(), at: 0, wanted: None }
    }

    fn next(&mut self) -> Option<Link> {
        loop {
            match self.wanted {
                None => self.enter_tag()?,
                Some((name, kind)) => match self.attribute()? {
                    Attribute::End => self.wanted = None,
                    Attribute::Value { name: found, place, quote } => {
                        if self.bytes.get(found) == Some(name.as_bytes()) {
                            return Some(Link { kind, place, quote });
                        }
                    }
                },
            }
        }
    }

    /// Goes to the next tag that can have a link, behind its name.
    fn enter_tag(&mut self) -> Option<()> {
        self.at += memchr::memchr(b'<', self.rest())? + 1;
        let rest = self.rest();
        for (open, close) in [("!--", "-->"), ("![CDATA[", "]]>"), ("?", "?>"), ("!", ">"), ("/", ">")] {
            if let Some(inside) = rest.strip_prefix(open.as_bytes()) {
                let end = memchr::memmem::find(inside, close.as_bytes())?;
                self.at += open.len() + end + close.len();
                return Some(());
            }
        }
        let name = self.take_while(|byte| !byte.is_ascii_whitespace() && !matches!(byte, b'/' | b'>' | b'<'));
        self.wanted = match self.bytes.get(name) {
            Some(b"a") => Some(("href", SiteKind::Link)),
            Some(b"img") => Some(("src", SiteKind::Image)),
            // Its attributes are gone through as well, since a value may hold a `<`.
            _ => Some(("", SiteKind::Link)),
        };
        Some(())
    }

    /// The next attribute of the tag, or its end.
    fn attribute(&mut self) -> Option<Attribute> {
        self.take_while(|byte| byte.is_ascii_whitespace() || byte == b'/');
        if self.rest().first()? == &b'>' {
            self.at += 1;
            return Some(Attribute::End);
        }
        let name = self.take_while(|byte| !byte.is_ascii_whitespace() && !matches!(byte, b'=' | b'>' | b'/'));
        self.take_while(|byte| byte.is_ascii_whitespace());
        if self.rest().first()? != &b'=' {
            return Some(Attribute::Value { name: 0..0, place: 0..0, quote: b'"' });
        }
        self.at += 1;
        self.take_while(|byte| byte.is_ascii_whitespace());
        let quote = *self.rest().first()?;
        if !matches!(quote, b'"' | b'\'') {
            // Not XHTML: passed over and never changed.
            self.take_while(|byte| !byte.is_ascii_whitespace() && byte != b'>');
            return Some(Attribute::Value { name: 0..0, place: 0..0, quote: b'"' });
        }
        self.at += 1;
        let length = memchr::memchr(quote, self.rest())?;
        let place = self.at..self.at + length;
        self.at += length + 1;
        Some(Attribute::Value { name, place, quote })
    }

    fn take_while(&mut self, wanted: impl Fn(u8) -> bool) -> Range<usize> {
        let start = self.at;
        self.at += self.rest().iter().take_while(|byte| wanted(**byte)).count();
        start..self.at
    }

    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }
}

enum Attribute {
    Value { name: Range<usize>, place: Range<usize>, quote: u8 },
    End,
}

/// The text without escapes; `None` when one of them is not known here.
fn decoded(raw: &str) -> Option<Cow<'_, str>> {
    if !raw.contains('&') {
        return Some(Cow::Borrowed(raw));
    }
    let mut parts = raw.split('&');
    let mut out = parts.next()?.to_owned();
    for part in parts {
        let (entity, rest) = part.split_once(';')?;
        out.push(character(entity)?);
        out.push_str(rest);
    }
    Some(Cow::Owned(out))
}

fn character(entity: &str) -> Option<char> {
    match entity {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = entity.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            code.ok().and_then(char::from_u32)
        }
    }
}

fn encode(text: &str, quote: u8, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '"' if quote == b'"' => out.push_str("&quot;"),
            '\'' if quote == b'\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(xhtml: &str) -> Vec<(SiteKind, String)> {
        let mut found = Vec::new();
        visit(xhtml, &mut |kind, text| found.push((kind, text.to_owned())));
        found
    }

    #[test]
    fn links_and_images_are_found_whatever_is_around_them() {
        use SiteKind::{Image, Link};
        for (xhtml, expected) in [
            (r##"<div><a href="#x">y</a></div>"##, vec![(Link, "#x")]),
            ("<a\n name='n'  href = 'Patient/1' />", vec![(Link, "Patient/1")]),
            (r#"<img alt="a > b <a href='no'>" src="x?a=1&amp;b=2"/>"#, vec![(Image, "x?a=1&b=2")]),
            (r#"<img src='it&#39;s'/><a href="&quot;&#x41;"/>"#, vec![(Image, "it's"), (Link, "\"A")]),
            (r#"<!-- <a href="no"> --><![CDATA[<a href="no">]]><a href="yes">"#, vec![(Link, "yes")]),
            (r#"<p title="<a href='no'>"><a href="yes">"#, vec![(Link, "yes")]),
            (r#"<abbr href="no"/><a data-href="no" src="no"/><img href="no"/></a href="no">"#, vec![]),
            (r#"<a href=no><a href><a href="&nbsp;"><a href="&bad"><a href="yes"/>"#, vec![(Link, "yes")]),
            ("<a href=\"open", vec![]),
            ("<a", vec![]),
            ("<!-- open", vec![]),
        ] {
            let expected: Vec<_> = expected.into_iter().map(|(kind, text)| (kind, text.to_owned())).collect();
            assert_eq!(links(xhtml), expected, "{xhtml}");
        }
    }

    #[test]
    fn only_links_are_changed_and_escaped_for_their_quotes() {
        let before = r#"<p a='1'>x &nbsp; "y"<a href='a'>a</a><img src="a" alt="a"/></p>"#;
        let after = rewrite(before, &mut |_, _| Some("b?c=\"1\"&d='<'".to_owned())).unwrap();
        assert_eq!(
            after,
            r#"<p a='1'>x &nbsp; "y"<a href='b?c="1"&amp;d=&#39;&lt;&#39;'>a</a><img src="b?c=&quot;1&quot;&amp;d='&lt;'" alt="a"/></p>"#
        );
        assert_eq!(rewrite(&after, &mut |_, _| Some("a".to_owned())).unwrap(), before);
        assert_eq!(rewrite(before, &mut |_, text| Some(text.to_owned())), None);
    }
}
