//! What passes for an email address. Whether mail arrives there, only mail can tell.

const MAX: usize = 254;

pub fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let plain = |c: char| {
        !c.is_control()
            && !c.is_whitespace()
            && !matches!(c, '<' | '>' | '(' | ')' | ',' | '"' | ';' | ':' | '\\' | '[' | ']' | '@')
    };
    text.len() <= MAX
        && !local.is_empty()
        && !domain.is_empty()
        && local.chars().all(plain)
        && domain.chars().all(plain)
        && !domain.starts_with(['.', '-'])
        && !domain.ends_with(['.', '-'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_from_other_text() {
        for good in ["ana@acme.example", "a.b+c@localhost", "dana@bücher.example"] {
            assert!(is_address(good), "{good}");
        }
        for bad in
            ["", "ana", "@acme.example", "ana@", "a b@acme.example", "ana@acme.example\n", "<a@b>", "a@b@c"]
        {
            assert!(!is_address(bad), "{bad:?}");
        }
        assert!(!is_address(&format!("{}@acme.example", "x".repeat(250))));
    }
}
