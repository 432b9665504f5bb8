//! Sentences for people, from the same file as the page's: there is no second copy in Rust.

use std::collections::HashMap;
use std::sync::LazyLock;

const ENGLISH: &str = include_str!("../../ui/src/words/en.json");

static WORDS: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    serde_json::from_str(ENGLISH).unwrap_or_else(|error| {
        tracing::error!(%error, "there are no words");
        HashMap::new()
    })
});

/// The sentence of this key, with each `{name}` replaced as plain text.
pub fn t(key: &str, filled: &[(&str, &str)]) -> String {
    let sentence = WORDS.get(key).map_or(key, String::as_str);
    let mut pieces = sentence.split('{');
    let mut said = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let filling = piece.split_once('}').and_then(|(name, rest)| {
            filled.iter().find(|(known, _)| *known == name).map(|(_, text)| (*text, rest))
        });
        match filling {
            Some((text, rest)) => said.extend([text, rest]),
            None => said.extend(["{", piece]),
        }
    }
    said
}

/// The sentence for that many, which it knows as `{count}`.
pub fn tn(key: &str, count: usize) -> String {
    let form = if count == 1 { "one" } else { "other" };
    t(&format!("{key}.{form}"), &[("count", &count.to_string())])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_filled_in_and_what_is_filled_in_is_only_text() {
        let said = t("toast.opened", &[("recipient", "{recipient} {x")]);
        assert_eq!(said, "{recipient} {x opened the link");
        assert_eq!(t("toast.opened", &[]), "{recipient} opened the link");
        assert_eq!(t("no.such.words", &[]), "no.such.words");
    }

    #[test]
    fn it_counts() {
        assert_eq!(tn("tray.ready", 1), "1 request is ready");
        assert_eq!(tn("tray.ready", 12), "12 requests are ready");
    }
}
