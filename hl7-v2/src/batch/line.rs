//! What a line of a file of messages is, by its beginning.

/// The kinds of lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LineKind {
    FileHeader,
    BatchHeader,
    MessageHeader,
    BatchTrailer,
    FileTrailer,
    Other,
}

/// The most bytes that are needed to tell: a name with its separator, or a byte-order mark that is not one yet.
const ENOUGH: usize = 4;

impl LineKind {
    /// The kind of the line whose text, behind what says nothing, `text` begins with; `None` when it ends before that
    /// is certain and more may follow.
    pub(super) fn of(text: &[u8], complete: bool) -> Option<Self> {
        let ends = |byte: &u8| matches!(byte, b'\r' | b'\n');
        let certain = complete || text.len() >= ENOUGH || text.iter().any(ends);
        // A frame that ends behind a bare name ends its line, as it does for the reader of a message.
        let named = |byte: &u8| byte.is_ascii_punctuation() || ends(byte) || *byte == 0x1C;
        let named = text.get(3).is_none_or(named);
        certain.then(|| text.first_chunk().filter(|_| named).map_or(Self::Other, Self::named))
    }

    /// Senders that write a name in lower case mean the same.
    fn named(name: &[u8; 3]) -> Self {
        match &name.map(|byte| byte.to_ascii_uppercase()) {
            b"MSH" => Self::MessageHeader,
            b"FHS" => Self::FileHeader,
            b"BHS" => Self::BatchHeader,
            b"BTS" => Self::BatchTrailer,
            b"FTS" => Self::FileTrailer,
            _ => Self::Other,
        }
    }

    /// Whether the line is of the envelope around messages.
    pub(super) fn is_envelope(self) -> bool {
        !matches!(self, Self::MessageHeader | Self::Other)
    }
}
