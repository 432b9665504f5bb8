//! The command that a class of the registry keeps, as the program and the arguments that it means for one link.
//!
//! It is never handed to a shell, and the link is one argument, or a part of one.

use anyhow::{Context, bail, ensure};

/// The program and its arguments. An error where the command takes no link: it would be lost.
pub fn filled(template: &str, link: &str) -> anyhow::Result<(String, Vec<String>)> {
    let (program, rest) = program_and_rest(template.trim())?;
    ensure!(!program.is_empty(), "it names no program");
    // `%ProgramFiles%` is for whoever reads the environment.
    ensure!(!program.contains('%'), "its program depends on the environment");
    let mut takes_link = false;
    let mut arguments = Vec::new();
    for word in words(rest)? {
        let (argument, has_link) = with_link(&word, link)?;
        takes_link |= has_link;
        arguments.push(argument);
    }
    ensure!(takes_link, "it takes no links");
    Ok((program.to_owned(), arguments))
}

/// A program without quotes ends with `.exe`, since its path may have blanks.
fn program_and_rest(template: &str) -> anyhow::Result<(&str, &str)> {
    if let Some(quoted) = template.strip_prefix('"') {
        let (program, rest) = quoted.split_once('"').context("a quote does not end")?;
        ensure!(rest.is_empty() || rest.starts_with([' ', '\t']), "its program does not end with its quote");
        return Ok((program, rest));
    }
    let end = template.to_ascii_lowercase().find(".exe").context("its program is no .exe")? + ".exe".len();
    template.split_at_checked(end).context("its program is no .exe")
}

/// Separated by blanks; what is in double quotes is one. Templates escape no quotes.
fn words(line: &str) -> anyhow::Result<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut in_quotes = false;
    for c in line.chars() {
        match c {
            '"' => {
                in_quotes = !in_quotes;
                word.get_or_insert_default();
            }
            ' ' | '\t' if !in_quotes => words.extend(word.take()),
            c => word.get_or_insert_default().push(c),
        }
    }
    ensure!(!in_quotes, "a quote does not end");
    words.extend(word);
    Ok(words)
}

/// The word with the link in it, and whether it is. `%2` to `%9` and `%*` stand for more than one link brings.
fn with_link(word: &str, link: &str) -> anyhow::Result<(String, bool)> {
    let (mut argument, mut has_link) = (String::new(), false);
    let mut rest = word.chars();
    while let Some(c) = rest.next() {
        if c != '%' {
            argument.push(c);
            continue;
        }
        match rest.next() {
            Some('1' | 'l' | 'L' | 'u' | 'U') => {
                argument.push_str(link);
                has_link = true;
            }
            Some('%') => argument.push('%'),
            Some('2'..='9' | '*') => {}
            _ => bail!("it has a code that is unknown"),
        }
    }
    Ok((argument, has_link))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINK: &str = "anydesk:AnyDesk-ad_abc_msi:123 456 789";

    #[test]
    fn the_link_is_one_argument_and_stays_as_it_is() {
        for (template, program, arguments) in [
            (
                r#""C:\Program Files\AnyDesk\AnyDesk.exe" "%1""#,
                r"C:\Program Files\AnyDesk\AnyDesk.exe",
                vec![LINK],
            ),
            (r"C:\Apps\My Desk.EXE --url %1", r"C:\Apps\My Desk.EXE", vec!["--url", LINK]),
            (r#""C:\Other.exe" --open "%L" "" %*"#, r"C:\Other.exe", vec!["--open", LINK, "", ""]),
            (
                r#""C:\Other.exe" "--play=%1""#,
                r"C:\Other.exe",
                vec!["--play=anydesk:AnyDesk-ad_abc_msi:123 456 789"],
            ),
        ] {
            let meant = arguments.iter().map(|&argument| argument.to_owned()).collect::<Vec<_>>();
            assert_eq!(filled(template, LINK).unwrap(), (program.to_owned(), meant), "{template}");
        }
    }

    #[test]
    fn a_command_that_takes_no_link_or_cannot_be_read_is_an_error() {
        for bad in [
            "",
            r#""C:\Other.exe""#,
            r#""C:\Other.exe" "%%1""#,
            r#""C:\Other.exe "%1"#,
            r#""C:\Other.exe" "%1"#,
            r#""%ProgramFiles%\Other.exe" "%1""#,
            r#""C:\Other.exe" "%1" "%TEMP%""#,
            "rundll32 url.dll,Open %1",
            r#""" "%1""#,
        ] {
            assert!(filled(bad, LINK).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_code_in_the_link_is_text() {
        let (_, arguments) = filled(r#""C:\Other.exe" "%1""#, "anydesk:%31").unwrap();
        assert_eq!(arguments, ["anydesk:%31"]);
    }
}
