//! `cargo +nightly fuzz run names`: whatever name is proposed, it lands as one harmless component.

#![no_main]

use beckon_session::files::{FilePath, landing_name, landing_name_in_sight, numbered};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|proposed: &str| {
    let name = landing_name(proposed);
    assert_eq!(landing_name(&name), name);
    let in_sight = landing_name_in_sight(proposed);
    assert!(!in_sight.starts_with('.'));
    for name in [name, in_sight] {
        let name = numbered(&name, 1_000);
        assert!(name.len() <= 240 && !name.contains(['/', '\\', ':', '\0']));
        assert!(!name.ends_with(['.', ' ']));
        assert!(FilePath::try_from(vec![name]).is_ok());
    }
});
