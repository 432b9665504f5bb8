//! The organisation's SMTP server, as an owner has set it.

use std::fmt;
use std::str::FromStr;

use anyhow::{Context, Result};
use lettre::message::Mailbox;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailServer {
    pub host: String,
    pub port: u16,
    pub security: Security,
    /// Whoever signs in there has a password too, which is sealed elsewhere.
    pub user: Option<String>,
    /// `Acme Support <support@acme.example>`
    pub from: String,
}

impl MailServer {
    pub fn sender(&self) -> Result<Mailbox> {
        self.from.parse().with_context(|| format!("{} is not a sender", self.from))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Security {
    /// Begins in clear and must change to TLS before anything is said; usually port 587.
    Starttls,
    /// TLS from the first byte; usually port 465.
    Tls,
    /// Everybody on the way reads along: for a server on the same machine.
    None,
}

impl Security {
    const ALL: [Self; 3] = [Self::Starttls, Self::Tls, Self::None];

    pub fn usual_port(self) -> u16 {
        match self {
            Self::Starttls => 587,
            Self::Tls => 465,
            Self::None => 25,
        }
    }
}

impl fmt::Display for Security {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Starttls => "starttls",
            Self::Tls => "tls",
            Self::None => "none",
        })
    }
}

#[derive(Debug, thiserror::Error)]
#[error("security is one of starttls, tls, none")]
pub struct NotASecurity;

impl FromStr for Security {
    type Err = NotASecurity;

    fn from_str(text: &str) -> Result<Self, NotASecurity> {
        Self::ALL.into_iter().find(|security| security.to_string() == text).ok_or(NotASecurity)
    }
}
