//! The JSON documents of an input, one after another.

use std::io::{BufRead, BufReader, Error, Read};

/// Reads a stream of JSON: a document on each line, or one that goes over several.
///
/// Where the first line is a whole document, or the input is called `.ndjson`, every line is one; a line that is broken
/// costs nothing but itself. Else what comes is one document, and is held in memory whole.
pub(crate) struct Documents {
    source: BufReader<Box<dyn Read + Send>>,
    /// Whether each line is a document; unknown before the first one.
    lines: Option<bool>,
    /// Lines that were taken for one document and are none.
    left: std::vec::IntoIter<Vec<u8>>,
    /// An input that cannot be read on has no end.
    is_broken: bool,
    is_begun: bool,
}

impl Documents {
    pub(crate) fn new(name: &str, source: Box<dyn Read + Send>) -> Self {
        let lines = name.ends_with(".ndjson").then_some(true);
        Self {
            source: BufReader::with_capacity(1 << 18, source),
            lines,
            left: Vec::new().into_iter(),
            is_broken: false,
            is_begun: false,
        }
    }

    /// What an input is that holds no JSON: said once, not for each line.
    fn foreign(&mut self) -> Result<(), Error> {
        let start = self.source.fill_buf()?;
        let text = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start).trim_ascii_start();
        if [&b"\xFF\xFE"[..], b"\xFE\xFF"].iter().any(|mark| start.starts_with(mark)) {
            return Err(Error::other(
                "text in UTF-16, and JSON is UTF-8: `iconv -f UTF-16 -t UTF-8` makes it so",
            ));
        }
        if [&b"MSH"[..], b"FHS", b"BHS"].iter().any(|name| text.starts_with(name)) {
            return Err(Error::other("HL7 v2, not JSON"));
        }
        Ok(())
    }

    /// The next document, without blanks around it.
    fn document(&mut self) -> Result<Option<Vec<u8>>, Error> {
        if !std::mem::replace(&mut self.is_begun, true) {
            self.foreign()?;
        }
        if let Some(line) = self.left.next() {
            return Ok(Some(line));
        }
        let Some(line) = self.line()? else { return Ok(None) };
        let lines = *self.lines.get_or_insert_with(|| Nesting::of(&line) == 0);
        if lines { Ok(Some(line)) } else { self.whole(line).map(Some) }
    }

    /// A document that begins with this line. When it never ends, its lines are documents by themselves.
    fn whole(&mut self, first: Vec<u8>) -> Result<Vec<u8>, Error> {
        let mut nesting = Nesting::default();
        nesting.read(&first);
        let mut all = first;
        all.push(b'\n');
        while nesting.is_open() {
            let from = all.len();
            if self.source.read_until(b'\n', &mut all)? == 0 {
                self.lines = Some(true);
                let lines = all.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
                let lines: Vec<Vec<u8>> = lines.filter(|line| !line.is_empty()).map(<[u8]>::to_vec).collect();
                self.left = lines.into_iter();
                return Ok(self.left.next().unwrap_or_default());
            }
            nesting.read(all.get(from..).unwrap_or_default());
        }
        Ok(all.trim_ascii().to_vec())
    }

    /// The next line that is not blank.
    fn line(&mut self) -> Result<Option<Vec<u8>>, Error> {
        loop {
            let mut line = vec![];
            if self.source.read_until(b'\n', &mut line)? == 0 {
                return Ok(None);
            }
            let text = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&line).trim_ascii();
            if !text.is_empty() {
                return Ok(Some(text.to_vec()));
            }
        }
    }
}

impl Iterator for Documents {
    /// A document, or why there is none in its place.
    type Item = Result<Vec<u8>, String>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_broken {
            return None;
        }
        let read = self.document();
        self.is_broken = read.is_err();
        read.map_err(|error| error.to_string()).transpose()
    }
}

/// How many objects and lists are open.
#[derive(Default)]
struct Nesting {
    depth: usize,
    in_text: bool,
    escaped: bool,
}

impl Nesting {
    fn of(line: &[u8]) -> usize {
        let mut nesting = Self::default();
        nesting.read(line);
        nesting.depth + usize::from(nesting.in_text)
    }

    fn is_open(&self) -> bool {
        self.depth > 0 || self.in_text
    }

    fn read(&mut self, bytes: &[u8]) {
        for byte in bytes {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' if self.in_text => self.escaped = true,
                b'"' => self.in_text = !self.in_text,
                b'{' | b'[' if !self.in_text => self.depth += 1,
                b'}' | b']' if !self.in_text => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, text: &str) -> Vec<String> {
        let documents = Documents::new(name, Box::new(std::io::Cursor::new(text.as_bytes().to_vec())));
        documents.map(|document| String::from_utf8(document.unwrap()).unwrap()).collect()
    }

    #[test]
    fn lines_and_documents_over_several_lines() {
        assert_eq!(read("a", "{\"a\":1}\r\n\n {\"a\":2} \n"), ["{\"a\":1}", "{\"a\":2}"]);
        assert_eq!(read("a", "\u{feff}{\n\"a\":\"}\\\"\"\n}\n"), ["{\n\"a\":\"}\\\"\"\n}"]);
        assert_eq!(read("a", "{\n\"a\":1\n}\n{\n\"a\":2}"), ["{\n\"a\":1\n}", "{\n\"a\":2}"]);
        assert_eq!(read("a", " \n"), Vec::<String>::new());
    }

    #[test]
    fn what_is_no_json_at_all_is_said_once() {
        for text in [&b"\xFF\xFE{\0\n\0"[..], b"\xEF\xBB\xBFMSH|^~\\&\rPID|1\n", b" FHS|\nMSH|"] {
            let mut documents = Documents::new("a", Box::new(std::io::Cursor::new(text.to_vec())));
            assert!(documents.next().unwrap().is_err());
            assert!(documents.next().is_none());
        }
    }

    #[test]
    fn a_broken_line_costs_nothing_but_itself() {
        let broken = "{\"a\":[\n{\"a\":2}\n{\"a\":3}";
        assert_eq!(read("a.ndjson", broken), ["{\"a\":[", "{\"a\":2}", "{\"a\":3}"]);
        assert_eq!(read("a.json", broken), ["{\"a\":[", "{\"a\":2}", "{\"a\":3}"]);
        assert_eq!(read("a", "{}\n{\"a\":[\n{}"), ["{}", "{\"a\":[", "{}"]);
    }
}
