//! Sentences for people, by language: files in `words/`. English is complete, and steps in where another
//! language lacks a word.

use anyhow::{Result, anyhow};
use beckon_domain::Language;
use fluent::concurrent::FluentBundle;
use fluent::{FluentArgs, FluentResource};

type Bundle = FluentBundle<FluentResource>;

fn sources(language: Language) -> [&'static str; 2] {
    match language {
        Language::En => [include_str!("../words/en.ftl"), include_str!("../words/mail.en.ftl")],
        Language::De => [include_str!("../words/de.ftl"), include_str!("../words/mail.de.ftl")],
    }
}

pub struct Words {
    english: Bundle,
    german: Bundle,
}

impl Words {
    pub fn load() -> Result<Self> {
        Ok(Self { english: bundle(Language::En)?, german: bundle(Language::De)? })
    }

    /// The first language that the reader's browser asks for and that there is; else the one that an agent
    /// chose for the recipient.
    pub fn speaking(&self, accept_language: Option<&str>, otherwise: Language) -> Speech<'_> {
        let mut wanted = accept_language.unwrap_or_default().split(',').map(|range| {
            let tag = range.split(';').next().unwrap_or_default().trim();
            tag.split('-').next().unwrap_or_default().to_ascii_lowercase()
        });
        self.in_language(wanted.find_map(|tag| tag.parse().ok()).unwrap_or(otherwise))
    }

    pub fn in_language(&self, language: Language) -> Speech<'_> {
        Speech { words: self, language }
    }

    fn bundle(&self, language: Language) -> &Bundle {
        match language {
            Language::En => &self.english,
            Language::De => &self.german,
        }
    }
}

fn bundle(language: Language) -> Result<Bundle> {
    let tag = language.as_str();
    let mut bundle = FluentBundle::new_concurrent(vec![tag.parse()?]);
    for source in sources(language) {
        let resource =
            FluentResource::try_new(source.to_owned()).map_err(|(_, errors)| anyhow!("{tag}: {errors:?}"))?;
        bundle.add_resource(resource).map_err(|errors| anyhow!("{tag}: {errors:?}"))?;
    }
    Ok(bundle)
}

/// One language, chosen for one reader.
#[derive(Clone, Copy)]
pub struct Speech<'a> {
    words: &'a Words,
    language: Language,
}

impl Speech<'_> {
    pub fn tag(&self) -> &'static str {
        self.language.as_str()
    }

    pub fn say(&self, id: &str) -> String {
        self.say_with(id, &[])
    }

    pub fn say_of(&self, id: &str, name: &str, value: &str) -> String {
        self.say_with(id, &[(name, value)])
    }

    /// Names that are put into a sentence are set off from it, so that one written from right to left does
    /// not turn the sentence around.
    pub fn say_with(&self, id: &str, names: &[(&str, &str)]) -> String {
        let found = [self.language, Language::En].into_iter().find_map(|language| {
            let bundle = self.words.bundle(language);
            Some((bundle, bundle.get_message(id)?.value()?))
        });
        let Some((bundle, pattern)) = found else {
            tracing::error!(id, "there are no words for it");
            return id.to_owned();
        };
        let args: FluentArgs = names.iter().copied().collect();
        let mut errors = Vec::new();
        let said = bundle.format_pattern(pattern, Some(&args), &mut errors).into_owned();
        if !errors.is_empty() {
            tracing::error!(id, ?errors, "its words do not fit");
        }
        said
    }
}

/// Without the marks that set names off from a sentence. Where nothing is written from right to left they do
/// nothing, and some programs show them as boxes; elsewhere they stay.
pub fn without_isolates(said: &str) -> String {
    let from_right = |c: char| matches!(c, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFF}' | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}');
    if said.contains(from_right) { said.to_owned() } else { said.replace(['\u{2068}', '\u{2069}'], "") }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// The ids of a language, each with the names that its sentence needs.
    fn said_in(language: Language) -> BTreeSet<(String, BTreeSet<String>)> {
        let lines = sources(language).join("\n");
        let message = |line: &str| {
            let (id, sentence) = line.split_once(" = ")?;
            let names = sentence.split("{ $").skip(1).filter_map(|rest| rest.split(' ').next());
            Some((id.to_owned(), names.map(str::to_owned).collect()))
        };
        lines.lines().filter(|line| !line.starts_with('#')).filter_map(message).collect()
    }

    #[test]
    fn every_sentence_is_there_in_every_language_with_the_same_names() {
        let (english, german) = (said_in(Language::En), said_in(Language::De));
        assert!(english.len() > 100);
        assert_eq!(english.difference(&german).collect::<Vec<_>>(), Vec::<&_>::new(), "not in German");
        assert_eq!(german.difference(&english).collect::<Vec<_>>(), Vec::<&_>::new(), "not in English");
    }

    #[test]
    fn the_browser_chooses_first_and_then_the_agent() {
        let words = Words::load().unwrap();
        for (accepts, otherwise, spoken) in [
            (None, Language::En, "en"),
            (None, Language::De, "de"),
            (Some("de-AT,de;q=0.9,en;q=0.8"), Language::En, "de"),
            (Some("en-GB"), Language::De, "en"),
            (Some("fr, de;q=0.5"), Language::En, "de"),
            (Some("fr"), Language::De, "de"),
            (Some("*"), Language::De, "de"),
            (Some(";;,"), Language::En, "en"),
        ] {
            assert_eq!(words.speaking(accepts, otherwise).tag(), spoken, "{accepts:?}");
        }
    }

    #[test]
    fn names_stay_set_off_only_where_something_runs_from_right_to_left() {
        assert_eq!(without_isolates("Hello \u{2068}Dana\u{2069},"), "Hello Dana,");
        let hebrew = "Hello \u{2068}\u{5d3}\u{5e0}\u{5d4}\u{2069},";
        assert_eq!(without_isolates(hebrew), hebrew);
    }
}
