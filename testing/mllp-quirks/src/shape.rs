//! Classes of bytes instead of bytes.

use std::fmt::Write as _;

/// How many runs are told.
const RUNS: usize = 8;

/// What kinds of bytes these are, in order: `VT text*120 CR FS`. Tells no byte of a payload.
pub(crate) fn shape(bytes: &[u8]) -> String {
    let mut runs: Vec<(&'static str, usize)> = Vec::new();
    for byte in bytes {
        let class = class(*byte);
        match runs.last_mut() {
            Some((last, len)) if *last == class => *len += 1,
            _ => runs.push((class, 1)),
        }
    }
    let mut text = String::new();
    for (class, len) in runs.iter().take(RUNS) {
        let separator = if text.is_empty() { "" } else { " " };
        // Writing to a String cannot fail.
        let _ = match len {
            1 => write!(text, "{separator}{class}"),
            len => write!(text, "{separator}{class}*{len}"),
        };
    }
    if runs.len() > RUNS {
        text.push_str(" ...");
    }
    text
}

fn class(byte: u8) -> &'static str {
    match byte {
        0x0B => "VT",
        0x1C => "FS",
        b'\r' => "CR",
        b'\n' => "LF",
        0 => "NUL",
        0x06 => "0x06",
        0x15 => "0x15",
        0x20..=0x7E => "text",
        0x80.. => "high",
        _ => "control",
    }
}

#[cfg(test)]
mod tests {
    use super::shape;

    #[test]
    fn it_tells_classes_and_lengths() {
        assert_eq!(shape(b"\x0bMSH|x\r\x1c\r\n\0\0\x01\xe9"), "VT text*5 CR FS CR LF NUL*2 control ...");
        assert_eq!(shape(b""), "");
    }
}
