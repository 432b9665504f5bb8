//! The `Exec` line of a .desktop file, as the program and the arguments that it means for one link.
//!
//! No shell reads it, and the link is one argument wherever it stands.

use anyhow::{Context, bail, ensure};

/// The program and its arguments. An error where the line takes no link: it would be lost.
pub fn arguments(exec: &str, link: &str) -> anyhow::Result<Vec<String>> {
    let mut takes_link = false;
    let mut arguments = Vec::new();
    for word in words(&unescaped(exec))? {
        if matches!(word.as_str(), "%i" | "%c" | "%k") {
            continue;
        }
        let (argument, has_link) = filled(&word, link)?;
        takes_link |= has_link;
        arguments.push(argument);
    }
    ensure!(takes_link, "it takes no links");
    ensure!(arguments.first().is_some_and(|program| !program.is_empty()), "it names no program");
    Ok(arguments)
}

/// What every string of such a file goes through first.
fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match (c, rest.as_str().chars().next()) {
            ('\\', Some(escaped)) => {
                rest.next();
                match escaped {
                    's' => plain.push(' '),
                    'n' => plain.push('\n'),
                    't' => plain.push('\t'),
                    'r' => plain.push('\r'),
                    '\\' => plain.push('\\'),
                    other => plain.extend(['\\', other]),
                }
            }
            _ => plain.push(c),
        }
    }
    plain
}

/// Separated by blanks; what is in double quotes is one, and a backslash there escapes.
fn words(line: &str) -> anyhow::Result<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut rest = line.chars();
    while let Some(c) = rest.next() {
        match c {
            ' ' | '\t' => words.extend(word.take()),
            '"' => quoted(&mut rest, word.get_or_insert_default())?,
            '\n' | '\r' => bail!("it has several lines"),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    Ok(words)
}

fn quoted(rest: &mut std::str::Chars<'_>, word: &mut String) -> anyhow::Result<()> {
    loop {
        match rest.next().context("a quote does not end")? {
            '"' => return Ok(()),
            '\\' => word.push(rest.next().context("a quote does not end")?),
            c => word.push(c),
        }
    }
}

/// The word with its field codes filled in, and whether the link is in it.
fn filled(word: &str, link: &str) -> anyhow::Result<(String, bool)> {
    let (mut argument, mut has_link) = (String::new(), false);
    let mut rest = word.chars();
    while let Some(c) = rest.next() {
        if c != '%' {
            argument.push(c);
            continue;
        }
        match rest.next().context("a field code has no letter")? {
            '%' => argument.push('%'),
            'u' | 'U' | 'f' | 'F' => {
                argument.push_str(link);
                has_link = true;
            }
            // Of old versions of the standard, and names: they stand for nothing here.
            'i' | 'c' | 'k' | 'd' | 'D' | 'n' | 'N' | 'v' | 'm' => {}
            other => bail!("it has the field code {}, which is unknown", other.escape_default()),
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
        for (exec, meant) in [
            ("other %u", vec!["other", LINK]),
            ("/usr/bin/other --url %U", vec!["/usr/bin/other", "--url", LINK]),
            ("other %f", vec!["other", LINK]),
            ("other --open=%u", vec!["other", "--open=anydesk:AnyDesk-ad_abc_msi:123 456 789"]),
            (r#""/opt/my apps/other" %u"#, vec!["/opt/my apps/other", LINK]),
            (r#""/opt/\\$x/b\\\\c" %u"#, vec!["/opt/$x/b\\c", LINK]),
            ("/opt/50%%/other %u", vec!["/opt/50%/other", LINK]),
            ("other %i --class %c %u", vec!["other", "--class", LINK]),
            ("flatpak run --file-forwarding x.Other @@u %u @@", {
                vec!["flatpak", "run", "--file-forwarding", "x.Other", "@@u", LINK, "@@"]
            }),
            (r#"other "" %u"#, vec!["other", "", LINK]),
            ("sh -c $(id) %u", vec!["sh", "-c", "$(id)", LINK]),
        ] {
            assert_eq!(arguments(exec, LINK).unwrap(), meant, "{exec}");
        }
    }

    #[test]
    fn a_line_that_takes_no_link_or_cannot_be_read_is_an_error() {
        for bad in
            ["", "other", "other %%u", "other \"%u", "other \"x\\", "other %", "other %q %u", "\"\" %u"]
        {
            assert!(arguments(bad, LINK).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_field_code_in_the_link_is_text() {
        assert_eq!(arguments("other %u", "anydesk:%75").unwrap(), ["other", "anydesk:%75"]);
    }
}
