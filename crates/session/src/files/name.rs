//! The name under which a file lands here. The other side only proposes it.

use unicode_normalization::UnicodeNormalization;

/// Longer names are cut, so that a number and an ending still fit into what file systems take.
const LONGEST: usize = 200;
/// An ending that is longer than this is none.
const LONGEST_ENDING: usize = 20;
const STAND_IN: char = '_';

/// A name that means itself on every system: one component in normal form C, without characters that
/// control, hide or turn text around, that separate or that a system reserves. What was good already stays as it is.
pub fn landing_name(proposed: &str) -> String {
    let clean: String = proposed.nfc().map(|c| if is_good(c) { c } else { STAND_IN }).collect();
    let name = cut(trimmed(&clean));
    match name {
        name if name.is_empty() => STAND_IN.to_string(),
        name if is_reserved(&name) => cut(&format!("{STAND_IN}{name}")),
        name => name,
    }
}

/// As [`landing_name`], in a folder that was there before: not hidden, and not what a shell reads at its
/// start.
pub fn landing_name_in_sight(proposed: &str) -> String {
    let name = landing_name(proposed);
    if name.starts_with('.') { landing_name(&format!("{STAND_IN}{name}")) } else { name }
}

/// `photo.jpg`, `photo (2).jpg`, `photo (3).jpg` …
pub fn numbered(name: &str, number: u32) -> String {
    if number < 2 {
        return name.to_owned();
    }
    let (stem, ending) = split(name);
    format!("{stem} ({number}){ending}")
}

/// Where a system with drives, streams and devices would not take it as the name of a file.
pub(super) fn is_special_on_windows(component: &str) -> bool {
    component.chars().any(|c| !is_good(c)) || trimmed(component) != component || is_reserved(component)
}

fn is_good(c: char) -> bool {
    let separates = matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|');
    is_plain(c) && !separates
}

/// Shows what it is.
pub(crate) fn is_plain(c: char) -> bool {
    let line = matches!(c, '\u{2028}' | '\u{2029}');
    !(line || c.is_control() || turns_around(c) || is_unseen(c))
}

fn turns_around(c: char) -> bool {
    matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Except the joiners, which scripts and pictures need.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{00AD}' | '\u{200B}' | '\u{2060}'..='\u{2064}' | '\u{206A}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}')
}

/// Windows drops dots and blanks at the end, so that a name with them is another name there.
fn trimmed(name: &str) -> &str {
    name.trim_start().trim_end_matches(|c: char| c == '.' || c.is_whitespace())
}

fn cut(name: &str) -> String {
    if name.len() <= LONGEST {
        return name.to_owned();
    }
    let (stem, ending) = split(name);
    let mut end = LONGEST - ending.len();
    while !stem.is_char_boundary(end) {
        end -= 1;
    }
    let stem = stem.get(..end).unwrap_or_default();
    trimmed(&format!("{stem}{ending}")).to_owned()
}

/// The ending with its dot, if it has one.
fn split(name: &str) -> (&str, &str) {
    match name.rfind('.') {
        Some(dot) if dot > 0 && name.len() - dot <= LONGEST_ENDING => name.split_at(dot),
        _ => (name, ""),
    }
}

/// Names of devices, with any ending.
fn is_reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_uppercase();
    match stem.as_str() {
        "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$" => true,
        _ => ["COM", "LPT"].iter().any(|port| stem.strip_prefix(port).is_some_and(is_port_number)),
    }
}

fn is_port_number(text: &str) -> bool {
    matches!(text, "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "\u{b9}" | "\u{b2}" | "\u{b3}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_good_name_stays_as_it_is() {
        for name in ["photo.jpg", "Überweisung 2026.pdf", "a b.c", ".git", "דנה.txt", "👩🏽‍💻.png", "console.log"]
        {
            assert_eq!(landing_name(name), name);
        }
    }

    #[test]
    fn a_name_that_means_something_else_is_changed() {
        for (proposed, lands) in [
            ("C:evil.exe", "C_evil.exe"),
            ("..\\..\\evil", ".._.._evil"),
            ("file.txt:stream", "file.txt_stream"),
            ("invoice\u{202E}fdp.exe", "invoice_fdp.exe"),
            ("in\u{200B}voice", "in_voice"),
            ("bell\u{7}\n", "bell__"),
            ("file.txt. . ", "file.txt"),
            ("  lead", "lead"),
            ("...", "_"),
            ("   ", "_"),
            ("CON", "_CON"),
            ("nul.txt", "_nul.txt"),
            ("Com1 .log", "_Com1 .log"),
            ("LPT\u{b9}", "_LPT\u{b9}"),
            ("e\u{301}.txt", "\u{e9}.txt"),
        ] {
            assert_eq!(landing_name(proposed), lands, "{proposed:?}");
        }
    }

    #[test]
    fn a_long_name_keeps_its_ending() {
        let name = landing_name(&format!("{}.jpeg", "ä".repeat(125)));
        assert!(name.len() <= 200 && name.ends_with("ä.jpeg"), "{name}");
        assert_eq!(landing_name(&"x".repeat(255)).len(), 200);
    }

    #[test]
    fn in_a_folder_that_was_there_before_nothing_lands_hidden() {
        assert_eq!(landing_name_in_sight(".bash_profile"), "_.bash_profile");
        assert_eq!(landing_name_in_sight("photo.jpg"), "photo.jpg");
    }

    #[test]
    fn a_number_stands_before_the_ending() {
        assert_eq!(numbered("photo.jpg", 1), "photo.jpg");
        assert_eq!(numbered("photo.jpg", 2), "photo (2).jpg");
        assert_eq!(numbered("folder", 3), "folder (3)");
        assert_eq!(numbered(".config", 2), ".config (2)");
    }

    proptest! {
        #[test]
        fn whatever_is_proposed_lands_as_one_harmless_component(proposed in "\\PC*|[.\\\\/: \\u{202e}A-Zcon1-3]{0,300}") {
            for name in [landing_name(&proposed), landing_name_in_sight(&proposed)] {
                prop_assert!(!is_special_on_windows(&name));
                prop_assert!(super::super::path::is_component(&name));
                prop_assert!(numbered(&name, 1_000).len() <= 240);
                prop_assert_eq!(landing_name(&name), name);
            }
        }
    }
}
