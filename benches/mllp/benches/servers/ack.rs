//! The acknowledgement that every Rust server here makes: prebuilt, the control id of the message copied in.

const BEFORE: &[u8] =
    b"MSH|^~\\&|BENCH|HOSPITAL|SENDER|NORTHSIDE|20260102030405+0000||ACK^A01^ACK|1|P|2.5.1\rMSA|AA|";

/// Appends the acknowledgement of a message.
pub(crate) fn write(message: &[u8], into: &mut Vec<u8>) {
    into.extend_from_slice(BEFORE);
    into.extend_from_slice(control_id(message));
    into.push(b'\r');
}

/// The acknowledgement of a message.
pub(crate) fn of(message: &[u8]) -> Vec<u8> {
    let mut ack = Vec::with_capacity(BEFORE.len() + 24);
    write(message, &mut ack);
    ack
}

/// MSH-10; the first field separator counts as MSH-1.
fn control_id(message: &[u8]) -> &[u8] {
    let mut separators = memchr::memchr_iter(b'|', message).skip(8);
    let span = separators.next().zip(separators.next());
    span.and_then(|(before, after)| message.get(before + 1..after)).unwrap_or_default()
}

/// Whether a payload is the `AA` to the message with this control id: MSA-2 equals MSH-10.
pub(crate) fn accepts(payload: &[u8], control_id: &[u8]) -> bool {
    let msa = memchr::memmem::find(payload, b"\rMSA|AA|").and_then(|start| payload.get(start + 8..));
    let rest = msa.and_then(|msa| msa.strip_prefix(control_id));
    rest.is_some_and(|rest| matches!(rest.first(), None | Some(b'\r' | b'|')))
}
