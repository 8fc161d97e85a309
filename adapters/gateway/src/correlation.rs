//! What an MLLP client has to know about HL7: which answer belongs to which message, and what it means.

use carewire_hl7_v2::ack::{self, AckPart, AckVerdict};
use carewire_mllp::{Correlation, Verdict};

/// What an answer is for a message, for [`ClientOptions::new`](carewire_mllp::ClientOptions::new): MSA-2 must be MSH-10, byte
/// for byte, or empty in a refusal, and CA is interim where an acknowledgement of the application is due as well
/// ([`ack::part_of`]).
///
/// ```
/// use carewire_gateway::{correlate, judge};
/// use carewire_mllp::{ClientOptions, Link, LinkOptions, Target};
///
/// let options = LinkOptions::new(ClientOptions::new(correlate), judge);
/// let link = Link::new(Target::new("lis.example.org:2575"), options);
/// assert!(!link.is_connected());
/// ```
#[must_use]
pub fn correlate(sent: &[u8], answer: &[u8]) -> Correlation {
    match ack::part_of(sent, answer) {
        Some(AckPart::Final) => Correlation::Final,
        Some(AckPart::Interim) => Correlation::Interim,
        None => Correlation::Other,
    }
}

/// What an answer means, for [`LinkOptions::new`](carewire_mllp::LinkOptions::new): by MSA-1 and the codes in ERR-3
/// ([`ack::judge`]).
#[must_use]
pub fn judge(answer: &[u8]) -> Verdict {
    match ack::judge(answer) {
        AckVerdict::Accepted => Verdict::Accepted,
        AckVerdict::Temporary => Verdict::Temporary,
        AckVerdict::Rejected => Verdict::Rejected,
    }
}

#[cfg(test)]
#[path = "correlation_tests.rs"]
mod tests;
