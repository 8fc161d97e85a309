//! Rules about peers: what each form is met by, and what is no rule.

use super::*;
use crate::Certificate;

fn rule(text: &str) -> PeerRule {
    text.parse().unwrap()
}

fn from(address: &str) -> Peer {
    Peer::new(1, address.parse().unwrap())
}

fn with_names(names: &[&str]) -> Peer {
    let names = names.iter().map(|name| (*name).to_owned()).collect();
    from("192.0.2.7:1").with_certificate(Certificate { fingerprint: [0xAB; 32], names })
}

#[test]
fn an_address_is_met_by_itself_over_either_socket() {
    let rule = rule("192.0.2.7");
    assert!(rule.matches(&from("192.0.2.7:1")) && rule.matches(&from("[::ffff:192.0.2.7]:1")));
    assert!(!rule.matches(&from("192.0.2.8:1")) && !rule.matches(&from("[::1]:1")));
    assert!("::ffff:192.0.2.7".parse::<PeerRule>().unwrap().matches(&from("192.0.2.7:1")));
}

#[test]
fn a_network_is_met_by_its_addresses() {
    let v4 = rule("192.0.2.0/24");
    assert!(v4.matches(&from("192.0.2.255:1")) && v4.matches(&from("[::ffff:192.0.2.1]:1")));
    assert!(!v4.matches(&from("192.0.3.0:1")));
    let v6 = rule("2001:db8::/32");
    assert!(v6.matches(&from("[2001:db8:1::1]:1")) && !v6.matches(&from("192.0.2.1:1")));
    assert!(rule("0.0.0.0/0").matches(&from("203.0.113.9:1")));
}

#[test]
fn a_name_is_met_by_a_certificate_only() {
    let rule = rule("name:LIS.example.org");
    assert!(rule.matches(&with_names(&["other", "lis.example.org"])));
    assert!(!rule.matches(&with_names(&["xlis.example.org", "*.example.org", ""])));
    assert!(!rule.matches(&from("192.0.2.7:1")));
    assert!(rule.needs_certificate());
}

#[test]
fn a_fingerprint_is_met_by_its_certificate_only() {
    let colons = ["AB"; 32].join(":");
    let rule = rule(&format!("sha256:{colons}"));
    assert!(rule.matches(&with_names(&[])) && !rule.matches(&from("192.0.2.7:1")));
    assert!(!self::rule(&format!("sha256:{}", "ac".repeat(32))).matches(&with_names(&[])));
}

#[test]
fn what_is_written_reads_as_the_same() {
    let fingerprint = format!("sha256:{}", "0f".repeat(32));
    for text in ["192.0.2.7", "::1", "192.0.2.0/24", "2001:db8::/32", "name:lis.example.org", &fingerprint] {
        assert_eq!(rule(text).to_string(), text);
    }
}

#[test]
fn what_is_no_rule_is_refused() {
    let error = |text: &str| text.parse::<PeerRule>().unwrap_err();
    for text in ["", "localhost", "192.0.2.7:1", "lis.example.org", "192.0.2.256"] {
        assert_eq!(error(text), PeerRuleError::Unknown, "{text}");
    }
    for text in ["192.0.2.7/24", "192.0.2.0/33", "/24", "::/129", "192.0.2.0/"] {
        assert_eq!(error(text), PeerRuleError::Network, "{text}");
    }
    for text in ["name:", "name:*.example.org", "name:a b", "name:a\n"] {
        assert_eq!(error(text), PeerRuleError::Name, "{text}");
    }
    for digits in ["", "ab", &"ab".repeat(33), &"ag".repeat(32), &"é".repeat(32), &"a".repeat(63)] {
        assert_eq!(error(&format!("sha256:{digits}")), PeerRuleError::Fingerprint, "{digits}");
    }
}
