//! What the person prefers in this profile.

use beckon_domain::Language;
use beckon_wire::ApiError;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::client::Client;
use crate::hot_keys::HotKeyChoice;
use crate::service_link::internal;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(export)]
pub struct Preferences {
    /// Whether closing the window leaves Beckon in the tray. Not chosen yet: while an account is signed in.
    pub keep_running: Option<bool>,
    /// Whether the system shows what happens while no window does.
    pub alerts: bool,
    pub theme: Theme,
    /// What the windows speak. Not chosen: as the system does.
    pub language: Option<Language>,
    /// Whether this device looks for others on the local network, and can be found by them. Not chosen: in an
    /// installed copy, not in a portable one.
    #[ts(optional = nullable)]
    pub discovery: Option<bool>,
    /// Invitations are shown in the window only, and calls are not answered.
    #[ts(as = "Option<bool>", optional)]
    pub do_not_disturb: bool,
    /// Invitations are shown by the system instead of a window of our own.
    #[ts(as = "Option<bool>", optional)]
    pub invitations_as_toasts: bool,
    /// Sessions go through the service's relay, and the other side never learns this device's address.
    #[ts(as = "Option<bool>", optional)]
    pub relay_only: bool,
    #[ts(as = "Option<HotKeyChoice>", optional)]
    pub stop_key: HotKeyChoice,
    #[ts(as = "Option<HotKeyChoice>", optional)]
    pub popup_key: HotKeyChoice,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Theme {
    /// As the system is.
    #[default]
    System,
    Light,
    Dark,
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            keep_running: None,
            alerts: true,
            theme: Theme::default(),
            language: None,
            discovery: None,
            do_not_disturb: false,
            invitations_as_toasts: false,
            relay_only: false,
            stop_key: HotKeyChoice::default(),
            popup_key: HotKeyChoice::default(),
        }
    }
}

impl Client {
    pub fn preferences(&self) -> Preferences {
        self.inner().shared.settings.preferences()
    }

    /// What the windows speak.
    pub fn language(&self) -> Language {
        self.language_with(&self.preferences())
    }

    /// What they would speak with these preferences.
    pub fn language_with(&self, preferences: &Preferences) -> Language {
        preferences.language.unwrap_or(self.inner().system_language)
    }

    /// Every window hears of it, as of any other change of the client's state.
    pub fn set_preferences(&self, preferences: Preferences) -> Result<(), ApiError> {
        self.inner().shared.settings.set_preferences(preferences).map_err(internal)?;
        self.inner().hints.state();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::folders::Folders;
    use crate::settings::Settings;

    use super::*;

    #[test]
    fn preferences_outlive_the_program() {
        let folder = tempfile::tempdir().unwrap();
        let folders = Folders::under(folder.path(), "default");
        let chosen = Preferences {
            keep_running: Some(false),
            alerts: false,
            theme: Theme::Dark,
            language: Some(Language::De),
            discovery: Some(false),
            do_not_disturb: true,
            invitations_as_toasts: true,
            relay_only: true,
            stop_key: HotKeyChoice::Keys("Control+Alt+KeyS".to_owned().try_into().unwrap()),
            popup_key: HotKeyChoice::Off,
        };
        Settings::open(&folders).unwrap().set_preferences(chosen).unwrap();
        assert_eq!(Settings::open(&folders).unwrap().preferences(), chosen);
    }

    #[test]
    fn settings_of_an_earlier_version_have_the_usual_preferences() {
        let folder = tempfile::tempdir().unwrap();
        let folders = Folders::under(folder.path(), "default");
        Settings::open(&folders).unwrap().set_home("https://support.example.com").unwrap();
        let text = std::fs::read_to_string(folders.settings()).unwrap();
        let mut kept: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&text).unwrap();
        kept.remove("preferences");
        std::fs::write(folders.settings(), serde_json::to_vec(&kept).unwrap()).unwrap();
        let settings = Settings::open(&folders).unwrap();
        assert_eq!(settings.preferences(), Preferences::default());
        assert_eq!(settings.home().as_deref(), Some("https://support.example.com"));
    }
}
