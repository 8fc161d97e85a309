//! The message as it came, as a resource beside what it says.

use data_encoding::BASE64;
use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::msh::control_id_system;
use crate::fhir::RawMessage;
use crate::fhir::context::{Anchor, Context};
use crate::fhir::entries::Key;
use crate::fhir::node::Seg;
use crate::fhir::tree::Val;

/// The media type of HL7 v2 in its own encoding.
const ER7: &str = "x-application/hl7-v2+er7";

/// Adds the message as it came, when the options want it.
///
/// A DocumentReference has the control id, with the sender's system, among its identifiers, but it is known by its
/// content: senders use a control id again. A Binary has no identifier: see
/// [`Unnumbered`](crate::fhir::Unnumbered).
pub(crate) fn of_message<'a>(msh: &Seg<'a>, c: &mut Context<'a>) -> Option<Anchor<'a>> {
    let bytes = c.raw;
    let data = || Val::Text(c.arena.text(&BASE64.encode(bytes)));
    let mut draft = c.draft();
    let resource_type = match c.options.raw {
        RawMessage::None => return None,
        RawMessage::Binary => {
            draft.body.set("contentType", ER7);
            draft.body.put("securityContext", only_patient(c));
            draft.body.set("data", data());
            "Binary"
        }
        RawMessage::DocumentReference => {
            if let Some(id) = msh.text(10) {
                let number = c.object().with("system", control_id_system(c)).with("value", id);
                draft.body.push(c.arena, "identifier", number);
            }
            draft.body.set("status", "current");
            draft.body.put("subject", only_patient(c));
            let size = c.arena.format(format_args!("{}", bytes.len()));
            let hash = c.arena.text(&BASE64.encode(&Sha1::digest(bytes)));
            let attachment = c.object().with("contentType", ER7).with("data", data());
            let attachment = attachment.with("size", Val::Number(size)).with("hash", hash);
            draft.body.push(c.arena, "content", c.object().with("attachment", attachment));
            "DocumentReference"
        }
    };
    let content = format!("{:?}", Sha256::digest(bytes));
    let sender = control_id_system(c);
    Some(c.add(resource_type, draft, Key::Derived(&["raw message", sender, &content]), msh.at()))
}

/// The patient, when the message speaks of one alone.
fn only_patient<'a>(c: &Context<'a>) -> Option<Val<'a>> {
    let mut patients = c.entries.iter().filter(|entry| entry.resource_type == "Patient");
    let only = patients.next().filter(|_| patients.next().is_none())?;
    Some(c.object().with("reference", only.full_url).into())
}
