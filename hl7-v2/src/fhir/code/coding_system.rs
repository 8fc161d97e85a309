//! placeholder
pub(crate) fn uri(_: &str) -> Option<&'static str> {
    None
}
pub(crate) fn is_local(_: &str) -> bool {
    false
}
