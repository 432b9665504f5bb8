//! The few lines of a .desktop file that are read and written here.

use std::path::Path;

use anyhow::{Context, ensure};

/// The value of `Exec` that starts the program with these arguments.
///
/// Unquoted where it can be: `xdg-open` without a desktop takes quotes for a part of the path.
pub fn exec(program: &Path, arguments: &[&str]) -> anyhow::Result<String> {
    let path =
        program.to_str().context("the program's path is not Unicode, which no .desktop file can hold")?;
    ensure!(!path.chars().any(char::is_control), "the program's path holds control characters");
    let path = path.replace('%', "%%");
    let program = if path.contains(is_reserved) { quoted(&path) } else { path };
    Ok(std::iter::once(program.as_str()).chain(arguments.iter().copied()).collect::<Vec<_>>().join(" "))
}

/// What `key` says, without regard to languages.
pub fn value(entry: &str, key: &str) -> Option<String> {
    let mut lines = entry.lines().skip_while(|line| line.trim() != "[Desktop Entry]").skip(1);
    let mut of_group = lines.by_ref().take_while(|line| !line.starts_with('['));
    of_group.find_map(|line| {
        let (name, value) = line.split_once('=')?;
        (name.trim_end() == key).then(|| value.trim().to_owned())
    })
}

fn is_reserved(c: char) -> bool {
    c.is_whitespace() || "\"'\\><~|&;$*?#()`".contains(c)
}

/// Escaped twice: once as an argument in quotes, and then as any string of such a file.
fn quoted(path: &str) -> String {
    let mut argument = String::from("\"");
    for c in path.chars() {
        if matches!(c, '"' | '`' | '$' | '\\') {
            argument.push('\\');
        }
        argument.push(c);
    }
    argument.push('"');
    argument.replace('\\', "\\\\")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_path_is_written_plainly() {
        assert_eq!(exec(Path::new("/usr/bin/beckon"), &["%u"]).unwrap(), "/usr/bin/beckon %u");
        assert_eq!(exec(Path::new("/opt/50%/beckon"), &["%u"]).unwrap(), "/opt/50%%/beckon %u");
    }

    #[test]
    fn a_path_with_reserved_characters_is_quoted() {
        assert_eq!(exec(Path::new("/opt/my apps/beckon"), &["%u"]).unwrap(), r#""/opt/my apps/beckon" %u"#);
        assert_eq!(exec(Path::new("/opt/$x/b\\c"), &[]).unwrap(), r#""/opt/\\$x/b\\\\c""#);
    }

    #[test]
    fn only_the_main_group_is_read() {
        let entry =
            "# x\n[Desktop Entry]\nName[de]=Fern\nName = Remote\nExec=a=b\n[Desktop Action x]\nIcon=x\n";
        assert_eq!(value(entry, "Name").as_deref(), Some("Remote"));
        assert_eq!(value(entry, "Exec").as_deref(), Some("a=b"));
        assert_eq!(value(entry, "Icon"), None);
    }
}
