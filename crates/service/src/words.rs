//! Sentences for people, by language. English is complete; another language is one more file in `words/`.

use fluent::concurrent::FluentBundle;
use fluent::{FluentArgs, FluentResource};

use anyhow::{Result, anyhow};

const LANGUAGES: [(&str, &str); 1] = [("en", include_str!("../words/en.ftl"))];

pub struct Words {
    bundles: Vec<(&'static str, FluentBundle<FluentResource>)>,
}

impl Words {
    pub fn load() -> Result<Self> {
        let bundles =
            LANGUAGES.iter().map(|(tag, source)| Ok((*tag, bundle(tag, source)?))).collect::<Result<_>>()?;
        Ok(Self { bundles })
    }

    /// The first language that the reader's browser asks for and that there is.
    pub fn speaking(&self, accept_language: Option<&str>) -> Speech<'_> {
        let wanted = accept_language.unwrap_or_default().split(',').map(|range| {
            let tag = range.split(';').next().unwrap_or_default().trim();
            tag.split('-').next().unwrap_or_default().to_ascii_lowercase()
        });
        let found = wanted.into_iter().find_map(|tag| self.bundles.iter().find(|(known, _)| *known == tag));
        Speech { language: found.or(self.bundles.first()) }
    }
}

fn bundle(tag: &str, source: &str) -> Result<FluentBundle<FluentResource>> {
    let resource =
        FluentResource::try_new(source.to_owned()).map_err(|(_, errors)| anyhow!("{tag}: {errors:?}"))?;
    let mut bundle = FluentBundle::new_concurrent(vec![tag.parse()?]);
    bundle.add_resource(resource).map_err(|errors| anyhow!("{tag}: {errors:?}"))?;
    Ok(bundle)
}

/// One language, chosen for one reader.
#[derive(Clone, Copy)]
pub struct Speech<'a> {
    language: Option<&'a (&'static str, FluentBundle<FluentResource>)>,
}

impl Speech<'_> {
    pub fn tag(&self) -> &'static str {
        self.language.map_or("en", |(tag, _)| tag)
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
        let Some((_, bundle)) = self.language else { return id.to_owned() };
        let Some(pattern) = bundle.get_message(id).and_then(|message| message.value()) else {
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
