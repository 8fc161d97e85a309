//! Files of messages: what their trailers state.

use super::syntax;

/// How many messages and batches were written of a file so far: what its trailers state in BTS-1 and FTS-1.
///
/// ```
/// use carewire_deid::{Policy, Pseudonymizer, v2};
/// use carewire_fhir_core::OrgId;
///
/// let (keys, org) = (Pseudonymizer::for_run(&[7; 32]), OrgId::new("org_a").unwrap());
/// let mut messages = v2::Deidentifier::new(Policy::pseudonymous(), v2::V2Context::new(&keys, &org))?;
/// let (mut written, mut out) = (v2::Written::default(), Vec::new());
/// messages.write_envelope(b"BHS|^~\\&|LAB\r", &mut written, &mut out)?;
/// for message in [&b"MSH|^~\\&|LAB||||||ADT^A08|1\r"[..], b"no message"] {
///     if messages.write(message, &mut out).is_ok() {
///         written.message();
///     }
/// }
/// messages.write_envelope(b"BTS|2|from LAB\r", &mut written, &mut out)?;
/// assert!(out.ends_with(b"BTS|1|\r"));
/// # Ok::<(), carewire_deid::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Messages since the batch began.
    messages: u64,
    batches: u64,
    in_batch: bool,
}

impl Written {
    /// One message more. Messages outside of any BHS are a batch as well.
    pub fn message(&mut self) {
        if !self.in_batch {
            *self = Self { messages: 0, batches: self.batches + 1, in_batch: true };
        }
        self.messages += 1;
    }

    /// Takes note of what begins here; what it states, where it is a trailer.
    pub(super) fn meets(&mut self, text: &[u8]) -> Option<u64> {
        let is = |name| syntax::is_header(text, name);
        if is(b"MSH") {
            self.message();
        } else if is(b"FHS") {
            *self = Self::default();
        } else if is(b"BHS") {
            *self = Self { messages: 0, batches: self.batches + 1, in_batch: true };
        } else if is(b"BTS") {
            let messages = if self.in_batch { self.messages } else { 0 };
            self.in_batch = false;
            return Some(messages);
        } else if is(b"FTS") {
            return Some(self.batches);
        }
        None
    }
}
