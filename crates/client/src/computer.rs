//! What this computer does for Beckon outside its windows: starting it, and opening links with it.

mod links_question;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::ensure;
use beckon_wire::{ApiError, Code};
use serde::Serialize;
use ts_rs::TS;

use crate::autostart::{self, Autostart};
use crate::client::Client;
use crate::hints::Hints;
use crate::installation::{Installation, Portable};
use crate::schemes::{self, Holder, Listing, Program, Scheme, SchemeTable, Taking};
use crate::settings::Settings;

/// Everything here blocks: the system's own tools are asked, and each has seconds to answer. Changes of schemes wait
/// for each other, and on macOS for up to a minute, since the system may ask the person.
#[derive(Clone)]
pub struct Computer {
    settings: Arc<Settings>,
    hints: Hints,
    /// Those that this program opens.
    schemes: Vec<Scheme>,
    /// Links from the system come to the default profile.
    takes_links: bool,
    system: Result<Arc<System>, Portable>,
}

struct System {
    /// The program's name in the system's own settings.
    listed_as: String,
    autostart: Box<dyn Autostart>,
    schemes: Box<dyn SchemeTable>,
    /// Held while schemes change, which takes long where the person is asked: nobody needs it to look.
    changing: Mutex<()>,
    /// What the question about links is about, as it was when it was first looked at. Asking the system starts programs.
    asked: Mutex<Option<Vec<SchemeState>>>,
}

impl System {
    fn starting(program: PathBuf, listing: Listing, profile: &str) -> anyhow::Result<Self> {
        let listed_as = listing.name.clone();
        let autostart = autostart::of_this_system(program.clone(), &listing, profile)?;
        Ok(Self::of(listed_as, autostart, schemes::of_this_system(program, listing)?))
    }

    fn of(listed_as: String, autostart: Box<dyn Autostart>, schemes: Box<dyn SchemeTable>) -> Self {
        Self { listed_as, autostart, schemes, changing: Mutex::default(), asked: Mutex::default() }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct ComputerState {
    /// Why this copy registers nothing; the rest is empty then.
    pub portable: Option<Portable>,
    /// Whether this profile starts with the system.
    pub autostart: bool,
    /// Links from the system come to this profile. It alone changes who opens them, and knows who did before.
    pub takes_links: bool,
    pub schemes: Vec<SchemeState>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct SchemeState {
    pub scheme: Scheme,
    pub holder: HolderState,
    /// Whom this program took it from, and can give it back to.
    pub former: Option<String>,
    /// Whether it can be left to nobody.
    pub can_stop: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case", tag = "who")]
#[ts(export)]
pub enum HolderState {
    Nobody,
    Us,
    Another {
        /// Empty where the system does not say; another program's words.
        program: String,
    },
}

impl Computer {
    /// What the system cannot start again, such as a bare binary on macOS, is taken for portable.
    pub fn new(client: &Client, installation: Installation, listing: Listing) -> Self {
        let profile = &client.inner().profile;
        let system = match installation {
            Installation::Portable(why) => Err(why),
            Installation::Installed(program) => System::starting(program, listing, profile)
                .inspect_err(|error| tracing::warn!("nothing can be registered: {error:#}"))
                .map_err(|_| Portable::NotInstalled),
        };
        let own = client.inner().custom.as_ref().map(|custom| Scheme::of(&custom.prefix));
        Self {
            settings: client.inner().shared.settings.clone(),
            hints: client.inner().hints.clone(),
            schemes: Scheme::standard().into_iter().chain(own).collect(),
            takes_links: autostart::is_default(profile),
            system: system.map(Arc::new),
        }
    }

    pub fn state(&self) -> Result<ComputerState, ApiError> {
        let system = match &self.system {
            Ok(system) => system,
            Err(why) => {
                return Ok(ComputerState {
                    portable: Some(*why),
                    autostart: false,
                    takes_links: self.takes_links,
                    schemes: Vec::new(),
                });
            }
        };
        let schemes = self.schemes.iter().cloned().map(|scheme| self.scheme(system, scheme));
        Ok(ComputerState {
            portable: None,
            autostart: system.autostart.is_on().map_err(refused)?,
            takes_links: self.takes_links,
            schemes: schemes.collect::<Result<_, _>>().map_err(refused)?,
        })
    }

    pub fn set_autostart(&self, on: bool) -> Result<(), ApiError> {
        self.act(|system| system.autostart.set(on))
    }

    /// Whoever holds the scheme now is remembered before anything is changed.
    pub fn take_scheme(&self, scheme: &Scheme) -> Result<Taking, ApiError> {
        self.change(|schemes| {
            self.settings.set_links_answered()?;
            self.take(schemes, scheme)
        })
    }

    /// To whoever held it before this program took it; to nobody, where nobody did.
    pub fn give_back_scheme(&self, scheme: &Scheme) -> Result<Taking, ApiError> {
        self.change(|schemes| {
            self.settings.set_links_answered()?;
            let given = match self.settings.former(scheme) {
                Some(former) => schemes.give_back(scheme, &former)?,
                None => schemes.remove(scheme)?,
            };
            if schemes.holder(scheme)? != Holder::Us {
                self.settings.set_former(scheme, None)?;
            } else {
                ensure!(given != Taking::Done, "the system still names this program for {scheme}");
            }
            Ok(given)
        })
    }

    /// Has whoever held the link's scheme before this program open it, unchanged.
    pub fn hand_on(&self, link: &str) -> Result<(), ApiError> {
        let former = former_of(&self.settings, link).ok_or_else(|| ApiError::new(Code::NotFound))?;
        self.system()?.schemes.open_with(&former, link).map_err(refused)
    }

    /// The name under which the system's own settings list this program.
    pub fn listed_as(&self) -> Option<&str> {
        self.system.as_deref().ok().map(|system| system.listed_as.as_str())
    }

    fn take(&self, schemes: &dyn SchemeTable, scheme: &Scheme) -> anyhow::Result<Taking> {
        match schemes.holder(scheme)? {
            Holder::Us => {}
            Holder::Nobody => self.settings.set_former(scheme, None)?,
            // Its place was overwritten before, and what stood there is remembered from then.
            Holder::Another(program) if program.record.is_none() => {}
            Holder::Another(program) => self.settings.set_former(scheme, Some(program))?,
        }
        schemes.take(scheme)
    }

    fn change<T>(&self, change: impl FnOnce(&dyn SchemeTable) -> anyhow::Result<T>) -> Result<T, ApiError> {
        if !self.takes_links {
            return Err(ApiError::new(Code::Forbidden));
        }
        self.act(|system| {
            let _changing = system.changing.lock().unwrap_or_else(PoisonError::into_inner);
            let changed = change(&*system.schemes);
            *system.asked.lock().unwrap_or_else(PoisonError::into_inner) = None;
            changed
        })
    }

    /// Does it, and has the window look again however it went.
    fn act<T>(&self, act: impl FnOnce(&System) -> anyhow::Result<T>) -> Result<T, ApiError> {
        let done = act(self.system()?);
        self.hints.state();
        done.map_err(refused)
    }

    fn scheme(&self, system: &System, scheme: Scheme) -> anyhow::Result<SchemeState> {
        let holder = match system.schemes.holder(&scheme)? {
            Holder::Nobody => HolderState::Nobody,
            Holder::Us => HolderState::Us,
            Holder::Another(program) => HolderState::Another { program: program.name },
        };
        let former = self.settings.former(&scheme).map(|program| program.name);
        let can_stop = system.schemes.can_remove(&scheme);
        Ok(SchemeState { scheme, holder, former, can_stop })
    }

    fn system(&self) -> Result<&System, ApiError> {
        self.system.as_deref().map_err(|_| ApiError::new(Code::NotWhenPortable))
    }
}

/// Whom this program took the link's scheme from. A custom client's own scheme may never have been taken.
pub(crate) fn former_of(settings: &Settings, link: &str) -> Option<Program> {
    let [_, general] = Scheme::standard();
    settings.former(&Scheme::of_link(link)?).or_else(|| settings.former(&general))
}

fn refused(error: anyhow::Error) -> ApiError {
    tracing::error!(error = format!("{error:#}"), "the system did not do what was asked");
    ApiError::new(Code::SystemRefused)
}

#[cfg(test)]
mod tests;
