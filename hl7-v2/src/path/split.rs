//! The numbered parts of a text between delimiters.

/// The parts of a text between delimiters; none when there is nothing at all.
#[derive(Clone, Copy)]
pub(crate) struct Split<'m> {
    rest: Option<&'m str>,
    delimiter: Option<u8>,
    count: usize,
}

impl<'m> Split<'m> {
    pub(crate) fn new(text: &'m str, delimiter: u8) -> Self {
        Self { rest: (!text.is_empty()).then_some(text), delimiter: Some(delimiter), count: 0 }
    }

    /// A text that is not divided.
    #[cfg(any(feature = "dictionary", feature = "profile"))]
    pub(crate) fn whole(text: &'m str) -> Self {
        Self { rest: Some(text), delimiter: None, count: 0 }
    }

    pub(crate) fn done() -> Self {
        Self { rest: None, delimiter: None, count: 0 }
    }

    /// The number of the part that was given last.
    pub(crate) fn number(&self) -> usize {
        self.count
    }
}

impl<'m> Iterator for Split<'m> {
    type Item = &'m str;

    fn next(&mut self) -> Option<&'m str> {
        let current = self.rest?;
        let cut = self.delimiter.and_then(|delimiter| memchr::memchr(delimiter, current.as_bytes()));
        self.rest = cut.and_then(|at| current.get(at + 1..));
        self.count += 1;
        current.get(..cut.unwrap_or(current.len()))
    }
}
