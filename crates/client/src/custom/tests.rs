use std::fs;
use std::path::PathBuf;

use beckon_domain::Permission;

use super::*;

const WHOLE: &str = r#"{
    "prefix": "ABC12345",
    "name": "Acme Support",
    "home": "https://support.acme.example",
    "features": { "session_requests": false },
    "locked": { "permissions": ["input", "clipboard"], "alerts": true, "theme": "dark" }
}"#;

fn parsed(text: &str) -> Result<CustomClient, CustomRefusal> {
    CustomClient::parse(text.as_bytes())
}

/// A folder with a program in it, and perhaps a file beside it.
struct Installed(tempfile::TempDir);

impl Installed {
    fn with(text: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("beckon"), "").unwrap();
        fs::write(folder.path().join(FILE), text).unwrap();
        let installed = Self(folder);
        installed.may_be_written(FILE, 0o644);
        installed
    }

    fn program(&self) -> PathBuf {
        self.0.path().join("beckon")
    }

    #[cfg(unix)]
    fn may_be_written(&self, name: &str, mode: u32) {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(self.0.path().join(name), fs::Permissions::from_mode(mode)).unwrap();
    }

    #[cfg(not(unix))]
    fn may_be_written(&self, _name: &str, _mode: u32) {}
}

#[test]
fn a_whole_file_is_read() {
    let custom = CustomClient::beside(&Installed::with(WHOLE).program()).unwrap().unwrap();
    assert_eq!(custom.prefix.to_string(), "abc12345");
    assert_eq!(custom.name.as_str(), "Acme Support");
    assert_eq!(custom.home.as_ref().unwrap().to_string(), "https://support.acme.example");
    assert!(!custom.features.session_requests);
    assert_eq!(custom.state().locked, [LockedSetting::Alerts, LockedSetting::Theme]);
    assert_eq!(custom.folder_of("default"), "abc12345.default");
}

#[test]
fn the_least_file_has_a_prefix_and_a_name() {
    let custom = parsed(r#"{ "prefix": "a", "name": "Acme" }"#).unwrap();
    assert_eq!((custom.home, custom.locked), (None, Locked::default()));
    assert!(custom.features.session_requests);
}

#[test]
fn without_a_file_it_is_the_standard_client() {
    let installed = Installed::with(WHOLE);
    fs::remove_file(installed.0.path().join(FILE)).unwrap();
    assert_eq!(CustomClient::beside(&installed.program()), Ok(None));
}

#[test]
fn a_word_too_many_a_wrong_value_or_two_of_one_is_refused() {
    for bad in [
        "",
        "null",
        "[]",
        "{}",
        r#"{ "prefix": "abc" }"#,
        r#"{ "prefix": "", "name": "Acme" }"#,
        r#"{ "prefix": "a_b", "name": "Acme" }"#,
        r#"{ "prefix": "0123456789abcdefg", "name": "Acme" }"#,
        r#"{ "prefix": "a", "name": "" }"#,
        "{ \"prefix\": \"a\", \"name\": \"A\u{202e}cme\" }",
        r#"{ "prefix": "a", "prefix": "b", "name": "Acme" }"#,
        r#"{ "prefix": "a", "name": "Acme", "home": "http://acme.example" }"#,
        r#"{ "prefix": "a", "name": "Acme", "home": "https://user@acme.example" }"#,
        r#"{ "prefix": "a", "name": "Acme", "password": "x" }"#,
        r#"{ "prefix": "a", "name": "Acme", "features": { "unattended": true } }"#,
        r#"{ "prefix": "a", "name": "Acme", "locked": { "permissions": ["everything"] } }"#,
        r#"{ "prefix": "a", "name": "Acme", "locked": { "theme": "pink" } }"#,
        r#"{ "prefix": "a", "name": "Acme" } x"#,
    ] {
        assert_eq!(parsed(bad), Err(CustomRefusal::NotUnderstood), "{bad}");
    }
}

#[test]
fn no_setting_answers_a_question() {
    for wish in
        ["allow", "accept", "auto_accept", "consent", "grant", "connect", "join", "trusted", "unattended"]
    {
        for place in ["", "features", "locked"] {
            let wished = format!(r#""{wish}": true"#);
            let within = if place.is_empty() { wished } else { format!(r#""{place}": {{ {wished} }}"#) };
            let text = format!(r#"{{ "prefix": "a", "name": "Acme", {within} }}"#);
            assert_eq!(parsed(&text), Err(CustomRefusal::NotUnderstood), "{text}");
        }
    }
}

#[test]
fn a_file_without_an_end_is_not_read_to_its_end() {
    let long = format!("{{ \"prefix\": \"a\", \"name\": \"Acme\" {} }}", " ".repeat(70_000));
    assert_eq!(parsed(&long), Err(CustomRefusal::TooLong));
    let installed = Installed::with(&long);
    assert_eq!(CustomClient::beside(&installed.program()), Err(CustomRefusal::TooLong));
}

#[test]
fn locks_only_take_away() {
    let locked = parsed(WHOLE).unwrap().locked;
    let all: PermissionSet = [Permission::Input, Permission::FileManager].into_iter().collect();
    assert_eq!(locked.of(all), [Permission::Input].into_iter().collect());
    assert_eq!(locked.of(PermissionSet::default()), PermissionSet::default());
    assert_eq!(Locked::default().of(all), all);
}

#[test]
fn what_is_locked_comes_before_what_was_chosen() {
    let chosen = Preferences { keep_running: Some(false), alerts: false, ..Preferences::default() };
    let shown = parsed(WHOLE).unwrap().locked.over(chosen);
    assert_eq!((shown.keep_running, shown.alerts, shown.theme), (Some(false), true, Theme::Dark));
    let hidden = r#"{ "prefix": "a", "name": "Acme", "locked": { "relay_only": true } }"#;
    let hidden = parsed(hidden).unwrap();
    assert!(hidden.locked.over(Preferences::default()).relay_only);
    assert_eq!(hidden.state().locked, [LockedSetting::RelayOnly]);
}

#[cfg(unix)]
mod on_unix {
    use super::*;

    #[test]
    fn a_file_that_others_may_write_is_not_used() {
        for mode in [0o666, 0o664, 0o646] {
            let installed = Installed::with(WHOLE);
            installed.may_be_written(FILE, mode);
            let read = CustomClient::beside(&installed.program());
            assert_eq!(read, Err(CustomRefusal::NotProtected), "{mode:o}");
        }
    }

    #[test]
    fn a_file_in_a_folder_that_others_may_write_is_not_used() {
        for mode in [0o1777, 0o777, 0o775] {
            let installed = Installed::with(WHOLE);
            installed.may_be_written(".", mode);
            let read = CustomClient::beside(&installed.program());
            assert_eq!(read, Err(CustomRefusal::NotProtected), "{mode:o}");
        }
    }

    #[test]
    fn what_counts_is_where_the_program_is_and_not_where_a_link_to_it_is() {
        let installed = Installed::with(WHOLE);
        let elsewhere = Installed::with(r#"{ "prefix": "other", "name": "Other" }"#);
        fs::remove_file(elsewhere.program()).unwrap();
        std::os::unix::fs::symlink(installed.program(), elsewhere.program()).unwrap();
        let custom = CustomClient::beside(&elsewhere.program()).unwrap().unwrap();
        assert_eq!(custom.prefix.to_string(), "abc12345");
    }
}
