//! What came back for a message.

use std::fmt;

/// What came back for a message. `Debug` shows lengths only.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Answer {
    /// The payload of the final answer.
    pub payload: Vec<u8>,
    /// The payloads of the interim answers before it, in order: commit acknowledgements, where an application acknowledgement
    /// was due as well.
    pub interim: Vec<Vec<u8>>,
}

impl Answer {
    /// A final answer with the interim ones before it.
    #[must_use]
    pub fn new(payload: Vec<u8>, interim: Vec<Vec<u8>>) -> Self {
        Self { payload, interim }
    }

    /// The payload of the final answer.
    #[must_use]
    pub fn into_payload(self) -> Vec<u8> {
        self.payload
    }
}

impl AsRef<[u8]> for Answer {
    fn as_ref(&self) -> &[u8] {
        &self.payload
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("len", &self.payload.len())
            .field("interim", &self.interim.len())
            .finish_non_exhaustive()
    }
}
