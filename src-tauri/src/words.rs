//! Sentences for people, from the same files as the pages': there is no second copy in Rust.

use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock, PoisonError, RwLock};

use beckon_domain::Language;

type Words = HashMap<String, String>;

static ENGLISH: LazyLock<Words> = LazyLock::new(|| read(include_str!("../../ui/src/words/en.json")));
static GERMAN: LazyLock<Words> = LazyLock::new(|| read(include_str!("../../ui/src/words/de.json")));

/// One for the whole program: sentences are said where there is nobody to ask which.
static SPOKEN: RwLock<Language> = RwLock::new(Language::En);

/// What people call this program, where that is not Beckon.
static CALLED: OnceLock<String> = OnceLock::new();

/// A custom client has a name of its own. It is given before anything is said, and once.
pub fn call(name: &str) {
    if CALLED.set(name.to_owned()).is_err() {
        tracing::error!("the program has a name already");
    }
}

/// What people call this program: `{beckon}` in every sentence.
pub fn program() -> &'static str {
    CALLED.get().map_or_else(|| sentence(Language::En, "app.name"), String::as_str)
}

/// What is said from now on; what stands on the screen is said anew by who put it there.
pub fn speak(language: Language) {
    *SPOKEN.write().unwrap_or_else(PoisonError::into_inner) = language;
}

/// The sentence of this key, with each `{name}` replaced as plain text.
pub fn t(key: &str, filled: &[(&str, &str)]) -> String {
    say(spoken(), key, &[&[("beckon", program())], filled].concat())
}

/// The sentence for that many, which it knows as `{count}`.
pub fn tn(key: &str, count: usize) -> String {
    let form = if count == 1 { "one" } else { "other" };
    t(&format!("{key}.{form}"), &[("count", &count.to_string())])
}

fn spoken() -> Language {
    *SPOKEN.read().unwrap_or_else(PoisonError::into_inner)
}

fn say(language: Language, key: &str, filled: &[(&str, &str)]) -> String {
    let sentence = sentence(language, key);
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

/// What a language does not have is said in English; what that does not have shows its key.
fn sentence(language: Language, key: &str) -> &str {
    let translated = match language {
        Language::En => None,
        Language::De => GERMAN.get(key),
    };
    translated.or_else(|| ENGLISH.get(key)).map_or(key, String::as_str)
}

fn read(words: &str) -> Words {
    serde_json::from_str(words).unwrap_or_else(|error| {
        tracing::error!(%error, "there are no words");
        Words::new()
    })
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
    fn it_speaks_german_where_there_is_german() {
        let name = |language| say(language, "system.link", &[]);
        assert_eq!(name(Language::En), "Beckon link");
        assert_eq!(name(Language::De), GERMAN["system.link"]);
        assert_eq!(say(Language::De, "no.such.words", &[]), "no.such.words");
        let only_english = |key: &&String| !GERMAN.contains_key(*key);
        for key in ENGLISH.keys().filter(only_english) {
            assert_eq!(say(Language::De, key, &[]), ENGLISH[key]);
        }
    }

    #[test]
    fn it_calls_the_program_by_its_name() {
        assert_eq!(t("tray.open", &[]), "Open Beckon");
        let acme = |language| say(language, "tray.open", &[("beckon", "Acme Support")]);
        assert_eq!(acme(Language::En), "Open Acme Support");
        assert_eq!(acme(Language::De), "Acme Support öffnen");
    }

    #[test]
    fn it_counts() {
        assert_eq!(tn("tray.ready", 1), "1 request is ready");
        assert_eq!(tn("tray.ready", 12), "12 requests are ready");
    }
}
