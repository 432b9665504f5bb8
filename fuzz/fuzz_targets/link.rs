//! `cargo +nightly fuzz run link`: whatever the bytes, a link is understood within its grammar or refused.
//! `crates/domain/src/link/tests/mutations.rs` asserts the same without a fuzzer.

#![no_main]

use beckon_domain::link::{LONGEST, Link, Prefix, inert};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|raw: &[u8]| {
    let own: Option<Prefix> = "abc12345".parse().ok();
    let link = Link::parse(raw, own.as_ref());
    assert!(inert(raw).chars().all(|c| c == '…' || c == ' ' || c.is_ascii_graphic()));
    if let Link::Refused { .. } = link {
        return;
    }
    assert!(raw.len() <= LONGEST && raw.is_ascii() && !raw.starts_with(b"-"));
    assert!(!raw.iter().any(|b| b.is_ascii_control() || b"\"'`\\".contains(b)));
    assert_eq!(Link::parse(link.to_string().as_bytes(), None), link);
    if let Link::Call { target } | Link::OtherClient { target, .. } = &link {
        assert!(!target.to_string().starts_with('-'));
    }
});
