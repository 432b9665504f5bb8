//! The name that a device of the organisation may carry beside its ID.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// `name@namespace`: the name 3–25 and the namespace 1–25 characters of `0-9 A-Z a-z - . _`.
/// Compared without case, shown as typed.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(try_from = "String", into = "String")]
#[ts(type = "string", export)]
pub struct Alias {
    name: String,
    namespace: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an alias is name@namespace, of letters, digits, dashes, dots and underscores")]
pub struct NotAnAlias;

impl Alias {
    /// What is compared and looked up.
    pub fn folded(&self) -> String {
        self.to_string().to_ascii_lowercase()
    }
}

impl FromStr for Alias {
    type Err = NotAnAlias;

    fn from_str(text: &str) -> Result<Self, NotAnAlias> {
        let (name, namespace) = text.split_once('@').ok_or(NotAnAlias)?;
        let spelled = |part: &str| part.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b));
        let fits = (3..=25).contains(&name.len()) && (1..=25).contains(&namespace.len());
        if fits && spelled(name) && spelled(namespace) {
            Ok(Self { name: name.to_owned(), namespace: namespace.to_owned() })
        } else {
            Err(NotAnAlias)
        }
    }
}

impl PartialEq for Alias {
    fn eq(&self, other: &Self) -> bool {
        self.name.eq_ignore_ascii_case(&other.name) && self.namespace.eq_ignore_ascii_case(&other.namespace)
    }
}

impl Eq for Alias {}

impl TryFrom<String> for Alias {
    type Error = NotAnAlias;

    fn try_from(text: String) -> Result<Self, NotAnAlias> {
        text.parse()
    }
}

impl From<Alias> for String {
    fn from(alias: Alias) -> String {
        alias.to_string()
    }
}

impl fmt::Display for Alias {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.name, self.namespace)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alias_is_compared_without_case_and_shown_as_typed() {
        let typed: Alias = "Ana.Lopez@Acme".parse().unwrap();
        assert_eq!(typed, "ana.lopez@acme".parse().unwrap());
        assert_eq!(typed.to_string(), "Ana.Lopez@Acme");
        assert_eq!(typed.folded(), "ana.lopez@acme");
    }

    #[test]
    fn what_is_no_alias_is_refused() {
        let long = "a".repeat(26);
        for bad in
            ["", "ana", "an@acme", "ana@", "ana@a@b", "ána@acme", "ana lopez@acme", &format!("{long}@a")]
        {
            assert_eq!(bad.parse::<Alias>(), Err(NotAnAlias), "{bad}");
        }
    }
}
