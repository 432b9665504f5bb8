use anyhow::Context as _;
use beckon_client::Client;
use beckon_client::computer::{Computer, ComputerState};
use beckon_client::installation::{Installation, Portable};
use beckon_client::preferences::{Preferences, Theme};
use beckon_client::schemes::{Listing, Scheme, Taking};
use beckon_wire::{ApiError, Code};
use tauri::{AppHandle, Manager, State};

use super::{Answer, Desk};
use crate::launch::Launch;
use crate::titles;
use crate::words::{self, speak, t};

/// An Assist registers nothing, wherever it lies.
pub fn installation(launch: &Launch) -> anyhow::Result<Installation> {
    if launch.data.is_some() {
        return Ok(Installation::Portable(Portable::OwnFolder));
    }
    if launch.assist.is_some() {
        return Ok(Installation::Portable(Portable::NotInstalled));
    }
    let program = std::env::current_exe().context("the system does not say where this program is")?;
    Ok(Installation::of(program, &launch.listing_id()))
}

pub fn computer(client: &Client, launch: &Launch, installation: Installation) -> Computer {
    let listing = Listing {
        id: launch.listing_id(),
        name: words::program().to_owned(),
        about: t("system.about", &[]),
        link: t("system.link", &[]),
    };
    Computer::new(client, installation, listing)
}

/// Off the window's thread.
pub fn settle_links(app: &AppHandle) {
    let computer = app.state::<Computer>().inner().clone();
    tauri::async_runtime::spawn_blocking(move || computer.settle_links());
}

/// The frames of the windows; what is in them follows by itself.
pub fn dress(app: &AppHandle, theme: Theme) {
    // There, what follows the system would be light from then on, for the pages too.
    if cfg!(target_os = "linux") {
        return;
    }
    app.set_theme(match theme {
        Theme::System => None,
        Theme::Light => Some(tauri::Theme::Light),
        Theme::Dark => Some(tauri::Theme::Dark),
    });
}

#[tauri::command]
pub async fn set_preferences(app: AppHandle, client: Desk<'_>, preferences: Preferences) -> Answer<()> {
    // Before the windows hear of it, and the tray with them.
    speak(client.language_with(&preferences));
    client.set_preferences(preferences)?;
    dress(&app, preferences.theme);
    titles::say_anew(&app);
    Ok(())
}

#[tauri::command]
pub async fn computer_state(computer: State<'_, Computer>) -> Answer<ComputerState> {
    blocking(&computer, Computer::state).await
}

#[tauri::command]
pub async fn set_autostart(computer: State<'_, Computer>, on: bool) -> Answer<()> {
    blocking(&computer, move |computer| computer.set_autostart(on)).await
}

#[tauri::command]
pub async fn take_scheme(computer: State<'_, Computer>, scheme: Scheme) -> Answer<Taking> {
    blocking(&computer, move |computer| computer.take_scheme(&scheme)).await
}

#[tauri::command]
pub async fn give_back_scheme(computer: State<'_, Computer>, scheme: Scheme) -> Answer<Taking> {
    blocking(&computer, move |computer| computer.give_back_scheme(&scheme)).await
}

/// Where a person chooses which program opens which links: Beckon's own page, or the list of all. Only Windows asks
/// for that.
#[tauri::command]
pub async fn open_default_apps_settings(computer: State<'_, Computer>, of_beckon: bool) -> Answer<()> {
    let name = computer.listed_as().filter(|_| of_beckon).map(str::to_owned);
    let opened = tauri::async_runtime::spawn_blocking(move || open_default_apps(name.as_deref())).await;
    opened.map_err(anyhow::Error::from).flatten().map_err(|error| failed(&error))
}

#[cfg(windows)]
fn open_default_apps(name: Option<&str>) -> anyhow::Result<()> {
    let mut page = "ms-settings:defaultapps".to_owned();
    if let Some(name) = name {
        page = format!("{page}?registeredAppUser={}", name.replace(' ', "%20"));
    }
    std::process::Command::new("explorer.exe").arg(page).spawn().context("the settings do not open")?;
    Ok(())
}

#[cfg(not(windows))]
fn open_default_apps(_name: Option<&str>) -> anyhow::Result<()> {
    anyhow::bail!("this system has no such page")
}

pub async fn blocking<T: Send + 'static>(
    computer: &Computer,
    act: impl FnOnce(&Computer) -> Answer<T> + Send + 'static,
) -> Answer<T> {
    let computer = computer.clone();
    let done = tauri::async_runtime::spawn_blocking(move || act(&computer)).await;
    done.unwrap_or_else(|error| Err(failed(&error.into())))
}

fn failed(error: &anyhow::Error) -> ApiError {
    tracing::error!("{error:#}");
    ApiError::new(Code::Internal)
}
