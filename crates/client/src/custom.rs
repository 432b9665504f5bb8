//! A custom client: what the file beside the program makes of it.
//!
//! The file is part of the program, so it is read only where it lies as safely as the program does. One that is
//! there and cannot be used stops the program: the standard client in its place would belong to no organisation,
//! and hold none of what was locked. Nothing in it can answer a question.

mod trust;

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

use beckon_domain::link::{Prefix, ServiceOrigin};
use beckon_domain::text::Name;
use beckon_domain::{Language, PermissionSet};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::preferences::{Preferences, Theme};

pub const FILE: &str = "beckon.custom.json";
/// In bytes.
const LONGEST: u64 = 64 * 1024;

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomClient {
    pub prefix: Prefix,
    /// What people call this program.
    pub name: Name,
    /// The one service that it belongs to; the person cannot choose another.
    #[serde(default)]
    pub home: Option<ServiceOrigin>,
    #[serde(default)]
    pub features: Features,
    #[serde(default)]
    pub locked: Locked,
}

/// What this client offers at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, TS)]
#[serde(deny_unknown_fields, default)]
#[ts(export)]
pub struct Features {
    /// Signing in, and the list of session requests. Without it the client can be helped, and can call.
    pub session_requests: bool,
}

impl Default for Features {
    fn default() -> Self {
        Self { session_requests: true }
    }
}

/// What the person cannot change. What is absent they can.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Locked {
    /// All that a viewer may ever be given on this computer; no switch goes beyond it. It gives nothing by itself.
    pub permissions: Option<PermissionSet>,
    pub keep_running: Option<bool>,
    pub alerts: Option<bool>,
    pub theme: Option<Theme>,
    pub language: Option<Language>,
    pub relay_only: Option<bool>,
}

/// The names of settings that are locked, for a window that shows them so. Permission profiles tell of their lock
/// themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum LockedSetting {
    KeepRunning,
    Alerts,
    Theme,
    Language,
    RelayOnly,
}

/// What the window knows of the custom client that it belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct CustomState {
    pub prefix: Prefix,
    pub name: Name,
    pub features: Features,
    pub locked: Vec<LockedSetting>,
}

/// Why a file that is there is not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CustomRefusal {
    #[error("{FILE} could have been written by others than whoever installed the program")]
    NotProtected,
    #[error("{FILE} lies where downloads arrive, so any web page could have put it there")]
    AmongDownloads,
    #[error("{FILE} cannot be read")]
    Unreadable,
    #[error("{FILE} has more than {LONGEST} bytes")]
    TooLong,
    #[error("{FILE} is not what a custom client's file is")]
    NotUnderstood,
}

impl CustomRefusal {
    /// For the window that says it.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotProtected => "not_protected",
            Self::AmongDownloads => "among_downloads",
            Self::Unreadable => "unreadable",
            Self::TooLong => "too_long",
            Self::NotUnderstood => "not_understood",
        }
    }
}

impl CustomClient {
    /// The file beside this program; `None` where there is none. `program` is the file itself, not a link to it.
    pub fn beside(program: &Path) -> Result<Option<Self>, CustomRefusal> {
        let program = program.canonicalize().map_err(|_| CustomRefusal::Unreadable)?;
        let path = program.with_file_name(FILE);
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(_) => return Err(CustomRefusal::Unreadable),
        };
        trust::check(&program, &path, &file)?;
        let mut text = Vec::new();
        file.take(LONGEST + 1).read_to_end(&mut text).map_err(|_| CustomRefusal::Unreadable)?;
        Self::parse(&text).map(Some)
    }

    /// Strict: a word that it does not know may be a lock that a newer version would have kept.
    pub fn parse(text: &[u8]) -> Result<Self, CustomRefusal> {
        if u64::try_from(text.len()).is_ok_and(|length| length > LONGEST) {
            return Err(CustomRefusal::TooLong);
        }
        serde_json::from_slice(text).map_err(|_| CustomRefusal::NotUnderstood)
    }

    /// Keeps its data apart from the standard client's: no profile's name has a dot.
    pub fn folder_of(&self, profile: &str) -> String {
        format!("{}.{profile}", self.prefix)
    }

    /// Tells its entries in the system's tables from those of other clients.
    pub fn id(&self) -> String {
        format!("beckon-{}", self.prefix)
    }

    pub fn state(&self) -> CustomState {
        CustomState {
            prefix: self.prefix.clone(),
            name: self.name.clone(),
            features: self.features,
            locked: self.locked.names(),
        }
    }
}

impl Locked {
    /// What the person preferred, as far as it is theirs to choose.
    pub fn over(&self, chosen: Preferences) -> Preferences {
        Preferences {
            keep_running: self.keep_running.or(chosen.keep_running),
            alerts: self.alerts.unwrap_or(chosen.alerts),
            theme: self.theme.unwrap_or(chosen.theme),
            language: self.language.or(chosen.language),
            discovery: chosen.discovery,
            do_not_disturb: chosen.do_not_disturb,
            invitations_as_toasts: chosen.invitations_as_toasts,
            stop_key: chosen.stop_key,
            popup_key: chosen.popup_key,
            relay_only: self.relay_only.unwrap_or(chosen.relay_only),
        }
    }

    /// Of these permissions, those that may be given here.
    pub fn of(&self, permissions: PermissionSet) -> PermissionSet {
        self.permissions.map_or(permissions, |most| most.and(permissions))
    }

    fn names(&self) -> Vec<LockedSetting> {
        let locked = [
            (self.keep_running.is_some(), LockedSetting::KeepRunning),
            (self.alerts.is_some(), LockedSetting::Alerts),
            (self.theme.is_some(), LockedSetting::Theme),
            (self.language.is_some(), LockedSetting::Language),
            (self.relay_only.is_some(), LockedSetting::RelayOnly),
        ];
        locked.into_iter().filter(|(is_locked, _)| *is_locked).map(|(_, setting)| setting).collect()
    }
}

#[cfg(test)]
mod tests;
