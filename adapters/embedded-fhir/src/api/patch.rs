use carewire_fhir_core::{JsonPatch, PatchReason, Value};
use data_encoding::BASE64;

use crate::refusal::Refusal;
use crate::rules::content;

/// The stored resource with a JSON Patch applied. In a Bundle the patch is the `data` of a Binary.
pub(crate) fn patched(stored: &str, patch: &Value) -> Result<Value, Refusal> {
    let unpacked = (patch.str("resourceType") == Some("Binary")).then(|| unpack(patch));
    let patch = match &unpacked {
        Some(unpacked) => {
            unpacked.as_ref().ok_or_else(|| Refusal::bad_request("Content could not be parsed"))?
        }
        None => patch,
    };
    let patch = JsonPatch::from_value(patch).map_err(|error| Refusal::bad_request(error.to_string()))?;
    let stored = Value::parse(stored.as_bytes()).map_err(|_| Refusal::storage())?;
    let mut patched = patch.apply(&stored).map_err(|error| match error.reason() {
        PatchReason::TestFailed => Refusal::unprocessable(error.to_string()),
        _ => Refusal::bad_request(error.to_string()),
    })?;
    // Who removes the last item of an array does not mean an empty array.
    content::drop_empty(&mut patched);
    Ok(patched)
}

fn unpack(binary: &Value) -> Option<Value> {
    let kind = binary.str("contentType").unwrap_or_default();
    if !kind.starts_with("application/json-patch+json") {
        return None;
    }
    Value::parse(&BASE64.decode(binary.str("data")?.as_bytes()).ok()?).ok()
}
