//! The text of a `mimeapps.list`. Lines that are not about us stay as they are, comments and order included.

const DEFAULTS: &str = "[Default Applications]";

/// The first program named for a type.
pub fn default_of(text: &str, mime: &str) -> Option<String> {
    let mut lines = text.lines().skip_while(|line| line.trim() != DEFAULTS).skip(1);
    let line = lines.by_ref().take_while(|line| !is_group(line)).find(|line| is_about(line, mime))?;
    let (_, ids) = line.split_once('=')?;
    ids.split(';').map(str::trim).find(|id| !id.is_empty()).map(str::to_owned)
}

pub fn with_default(text: &str, mime: &str, id: &str) -> String {
    let entry = format!("{mime}={id};");
    let mut lines: Vec<String> = Vec::new();
    let mut in_defaults = false;
    let mut written = false;
    for line in text.lines() {
        if is_group(line) {
            in_defaults = line.trim() == DEFAULTS;
        } else if in_defaults && is_about(line, mime) {
            continue;
        }
        lines.push(line.to_owned());
        if in_defaults && !written {
            lines.push(entry.clone());
            written = true;
        }
    }
    if !written {
        lines.extend([DEFAULTS.to_owned(), entry]);
    }
    joined(lines)
}

/// This program is no longer named for the type, in no group.
pub fn without(text: &str, mime: &str, id: &str) -> String {
    let kept = |line: &str| -> Option<String> {
        let about = line.split_once('=').filter(|_| is_about(line, mime));
        let Some((key, ids)) = about else { return Some(line.to_owned()) };
        if !ids.split(';').any(|named| named.trim() == id) {
            return Some(line.to_owned());
        }
        let other = |named: &&str| !named.trim().is_empty() && named.trim() != id;
        let others: String = ids.split(';').filter(other).map(|named| format!("{named};")).collect();
        (!others.is_empty()).then(|| format!("{key}={others}"))
    };
    joined(text.lines().filter_map(kept).collect())
}

/// Only headings are left.
pub fn says_nothing(text: &str) -> bool {
    text.lines().all(|line| line.trim().is_empty() || is_group(line))
}

fn is_group(line: &str) -> bool {
    line.trim_start().starts_with('[')
}

fn is_about(line: &str, mime: &str) -> bool {
    line.split_once('=').is_some_and(|(key, _)| key.trim() == mime)
}

fn joined(lines: Vec<String>) -> String {
    lines.into_iter().map(|line| line + "\n").collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const OF_SOMEBODY: &str = "# mine\n\n[Default Applications]\ntext/plain=edit.desktop\n\
        x-scheme-handler/anydesk=other.desktop;third.desktop;\n\n[Added Associations]\n\
        x-scheme-handler/anydesk=beckon-links.desktop;other.desktop;\n";

    #[test]
    fn a_default_replaces_the_one_before_and_nothing_else() {
        let changed = with_default(OF_SOMEBODY, "x-scheme-handler/anydesk", "beckon-links.desktop");
        assert_eq!(default_of(&changed, "x-scheme-handler/anydesk").as_deref(), Some("beckon-links.desktop"));
        assert_eq!(default_of(&changed, "text/plain").as_deref(), Some("edit.desktop"));
        assert!(changed.starts_with("# mine\n\n[Default Applications]\n"), "{changed}");
        assert_eq!(changed.lines().count(), OF_SOMEBODY.lines().count());
    }

    #[test]
    fn an_empty_file_gets_its_heading() {
        let changed = with_default("", "x-scheme-handler/beckon", "beckon-links.desktop");
        assert_eq!(changed, "[Default Applications]\nx-scheme-handler/beckon=beckon-links.desktop;\n");
        assert!(says_nothing(&without(&changed, "x-scheme-handler/beckon", "beckon-links.desktop")));
    }

    #[test]
    fn taking_a_program_out_leaves_the_others() {
        let changed = without(OF_SOMEBODY, "x-scheme-handler/anydesk", "beckon-links.desktop");
        assert!(
            changed.contains("[Added Associations]\nx-scheme-handler/anydesk=other.desktop;\n"),
            "{changed}"
        );
        assert!(changed.contains("x-scheme-handler/anydesk=other.desktop;third.desktop;\n"), "{changed}");
        assert!(!says_nothing(&changed));
    }
}
