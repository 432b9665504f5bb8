//! Which crate may depend on which: the table of ARCHITECTURE.md, held against `cargo metadata`.

#![expect(clippy::unwrap_used, reason = "a test stops where it goes wrong")]

use std::collections::BTreeSet;

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};

/// One of our crates: what it may depend on among ours, and what it must never name.
///
/// A forbidden name stands for its family too: `iroh` for `iroh-relay`, `tauri` for its plugins.
struct Rule {
    name: &'static str,
    ours: &'static [&'static str],
    never: &'static [&'static str],
}

const NO_WORLD: &[&str] =
    &["tokio", "sqlx", "rusqlite", "axum", "reqwest", "hyper", "iroh", "tauri", "tokio-tungstenite"];

const RULES: &[Rule] = &[
    Rule { name: "beckon-domain", ours: &[], never: NO_WORLD },
    Rule { name: "beckon-wire", ours: &["beckon-domain"], never: NO_WORLD },
    Rule {
        name: "beckon-session",
        ours: &["beckon-domain"],
        never: &["tauri", "axum", "sqlx", "rusqlite", "reqwest"],
    },
    Rule {
        name: "beckon-client",
        ours: &["beckon-domain", "beckon-wire", "beckon-session"],
        never: &["tauri", "axum", "sqlx", "iroh"],
    },
    Rule { name: "beckon-service", ours: &["beckon-domain", "beckon-wire"], never: &["tauri", "rusqlite"] },
    Rule {
        name: "beckon",
        ours: &["beckon-client", "beckon-domain", "beckon-wire"],
        never: &["sqlx", "rusqlite", "reqwest", "iroh", "axum"],
    },
    // The stories stand outside and see everything; the developer's commands see nothing.
    Rule {
        name: "beckon-tests",
        ours: &["beckon-client", "beckon-domain", "beckon-service", "beckon-session", "beckon-wire"],
        never: &["tauri"],
    },
    Rule { name: "xtask", ours: &[], never: NO_WORLD },
];

#[test]
fn every_crate_depends_only_on_what_its_place_allows() {
    let metadata = metadata();
    let members = metadata.workspace_packages();
    let names: BTreeSet<&str> = members.iter().map(|member| member.name.as_str()).collect();
    for member in &members {
        let Some(rule) = RULES.iter().find(|rule| rule.name == member.name.as_str()) else {
            panic!("{} has no rule: say here, and in ARCHITECTURE.md, what it may depend on", member.name);
        };
        for dependency in &member.dependencies {
            let depends = &*dependency.name;
            if names.contains(depends) {
                let allowed = rule.ours.contains(&depends);
                assert!(allowed, "{} must not depend on {depends}", member.name);
            }
            let forbidden = rule.never.iter().find(|never| is_of_family(depends, never));
            assert!(forbidden.is_none(), "{} must never name {depends}", member.name);
        }
    }
}

#[test]
fn the_session_is_the_only_door_to_iroh_and_the_window_the_only_one_to_tauri() {
    let metadata = metadata();
    let owners = |family: &str| -> BTreeSet<String> {
        let names = |member: &Package| {
            let mut built_in =
                member.dependencies.iter().filter(|one| one.kind != DependencyKind::Development);
            built_in.any(|one| is_of_family(&one.name, family))
        };
        let shipped =
            metadata.workspace_packages().into_iter().filter(|member| member.name != "beckon-tests");
        shipped.filter(|member| names(member)).map(|member| member.name.to_string()).collect()
    };
    let set = |names: &[&str]| -> BTreeSet<String> { names.iter().map(|&name| name.to_owned()).collect() };
    // The service runs a relay, which sees sealed packets; it has no part in any session.
    assert_eq!(owners("iroh"), set(&["beckon-session", "beckon-service"]));
    assert_eq!(owners("tauri"), set(&["beckon"]));
    assert_eq!(owners("axum"), set(&["beckon-service"]));
    assert_eq!(owners("sqlx"), set(&["beckon-service"]));
    assert_eq!(owners("rusqlite"), set(&["beckon-client"]));
}

#[test]
fn the_service_names_of_iroh_only_the_relay() {
    let metadata = metadata();
    let members = metadata.workspace_packages();
    let service = members.iter().find(|member| member.name == "beckon-service").unwrap();
    let named: Vec<&str> =
        service.dependencies.iter().map(|one| &*one.name).filter(|one| is_of_family(one, "iroh")).collect();
    assert_eq!(named, ["iroh-relay"]);
}

fn metadata() -> Metadata {
    MetadataCommand::new().no_deps().exec().unwrap()
}

fn is_of_family(name: &str, family: &str) -> bool {
    name.strip_prefix(family).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}
