//! HMAC-SHA-256 over parts that cannot run into each other.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

pub(crate) type HmacSha256 = Hmac<Sha256>;

/// HMAC under a key of 32 bytes. HMAC pads a shorter key with zeros to the block size, so this is the plain HMAC.
pub(crate) fn keyed(key: &[u8; 32]) -> HmacSha256 {
    let mut block = hmac::digest::Key::<HmacSha256>::default();
    block.iter_mut().zip(key).for_each(|(to, from)| *to = *from);
    HmacSha256::new(&block)
}

/// Feeds `parts`, each after its length, so that `("ab", "c")` and `("a", "bc")` differ.
pub(crate) fn update(mac: &mut HmacSha256, parts: &[&[u8]]) {
    mac.update(&length(parts.len()));
    for part in parts {
        mac.update(&length(part.len()));
        mac.update(part);
    }
}

/// The same encoding as a buffer.
pub(crate) fn encode(parts: &[&[u8]]) -> Vec<u8> {
    let mut bytes = length(parts.len()).to_vec();
    for part in parts {
        bytes.extend_from_slice(&length(part.len()));
        bytes.extend_from_slice(part);
    }
    bytes
}

fn length(len: usize) -> [u8; 8] {
    (len as u64).to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use data_encoding::HEXLOWER_PERMISSIVE as HEX;

    #[test]
    fn rfc_4231_test_case_1_with_a_padded_key() {
        let mut key = [0_u8; 32];
        key[..20].fill(0x0b);
        let mut mac = keyed(&key);
        mac.update(b"Hi There");
        let expected = "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7";
        assert_eq!(HEX.encode(&mac.finalize().into_bytes()), expected);
    }

    #[test]
    fn parts_do_not_run_into_each_other() {
        assert_ne!(encode(&[b"ab", b"c"]), encode(&[b"a", b"bc"]));
        assert_ne!(encode(&[b"", b""]), encode(&[b""]));
    }
}
