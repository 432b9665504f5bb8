//! How the recipient of a request is reached.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::email_address::EmailAddress;

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Contact {
    pub email: Option<EmailAddress>,
    /// Mail the session link now, and an update when the request is rescheduled, gets a new link, is closed
    /// or reopened.
    pub send_mail: bool,
    /// Of those mails, and the default of the landing page.
    pub language: Language,
}

impl Contact {
    /// Where mail about the request goes, if it is wanted.
    pub fn mailed(&self) -> Option<&EmailAddress> {
        self.email.as_ref().filter(|_| self.send_mail)
    }
}

/// A language that the service speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    #[default]
    En,
    De,
}

impl Language {
    pub const ALL: [Self; 2] = [Self::En, Self::De];

    /// Its tag, as in `<html lang>`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
        }
    }
}

impl std::str::FromStr for Language {
    type Err = NotALanguage;

    fn from_str(text: &str) -> Result<Self, NotALanguage> {
        Self::ALL.into_iter().find(|language| language.as_str() == text).ok_or(NotALanguage)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a language is one of en, de")]
pub struct NotALanguage;
