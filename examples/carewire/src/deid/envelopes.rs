//! The envelopes of batch files: FHS, BHS, BTS and FTS (HL7 v2, chapter 2, section 2.10.3).

/// Counts what is written between the headers and trailers of a file, since messages that are left out do not count.
#[derive(Default)]
pub(super) struct Envelopes {
    separator: Option<u8>,
    /// The messages of the batch that is open.
    messages: u64,
    /// The batches of the file that is open; messages outside any BHS are one as well.
    batches: u64,
    in_batch: bool,
}

/// What stands for a trailer until it is known what it counts: nothing of it leaves but whether it had a count.
pub(super) fn trailer(line: &[u8]) -> Option<Vec<u8>> {
    let (name, rest) = line.split_at_checked(3)?;
    let has_count = rest.get(1).is_some_and(u8::is_ascii_digit);
    matches!(name, b"BTS" | b"FTS").then(|| if has_count { [name, b"|"].concat() } else { name.to_vec() })
}

impl Envelopes {
    /// The line as it leaves, when it is one of an envelope.
    pub(super) fn take(&mut self, line: &[u8]) -> Option<Vec<u8>> {
        let (name, rest) = line.split_at_checked(3)?;
        match name {
            b"FHS" => (self.batches, self.in_batch) = (0, false),
            b"BHS" => {
                self.batches += 1;
                (self.messages, self.in_batch) = (0, true);
            }
            b"BTS" => {
                self.in_batch = false;
                return Some(self.closed(line, self.messages));
            }
            b"FTS" => return Some(self.closed(line, self.batches)),
            _ => return None,
        }
        self.separator = rest.first().copied();
        Some(line.to_vec())
    }

    /// One message more.
    pub(super) fn count(&mut self) {
        if !self.in_batch {
            self.batches += 1;
            (self.messages, self.in_batch) = (0, true);
        }
        self.messages += 1;
    }

    fn closed(&self, line: &[u8], count: u64) -> Vec<u8> {
        let mut written = line.get(..3).unwrap_or_default().to_vec();
        if line.len() > 3 {
            written.push(self.separator.unwrap_or(b'|'));
            written.extend_from_slice(count.to_string().as_bytes());
        }
        written.push(b'\r');
        written
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trailers_count_what_was_written() {
        let mut envelopes = Envelopes::default();
        let mut written = vec![];
        for line in [
            "FHS#^~",
            "BHS#^~",
            "MSH#",
            "MSH#",
            "BTS#7#a name",
            "MSH#",
            "BHS#^~",
            "BTS",
            "FTS#9#a name",
            "FHS|^~",
            "FTS|3",
        ] {
            let line = trailer(line.as_bytes()).unwrap_or_else(|| line.as_bytes().to_vec());
            match envelopes.take(&line) {
                Some(line) => written.push(String::from_utf8(line).unwrap()),
                None => envelopes.count(),
            }
        }
        let expected = ["FHS#^~", "BHS#^~", "BTS#2\r", "BHS#^~", "BTS\r", "FTS#3\r", "FHS|^~", "FTS|0\r"];
        assert_eq!(written, expected);
    }
}
