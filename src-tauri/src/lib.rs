//! The window: everything that names Tauri, and nothing else. This file is the wiring diagram.

mod assist;
mod calls;
mod choosing;
mod clipboard;
mod commands;
mod events;
mod hot_keys;
mod launch;
mod links;
mod pending;
mod popup;
mod raise;
#[cfg(target_os = "linux")]
mod session_bus;
mod titles;
mod toasts;
mod tray;
mod why_not;
mod windows;
mod words;

pub use launch::{Arguments, Arrival, Launch, ProfileName};

use std::sync::Arc;

use anyhow::Context as _;
use beckon_client::custom::CustomRefusal;
use beckon_client::installation::Installation;
use beckon_client::{Client, ClientConfig, LocalNetwork, MainThread};
use beckon_domain::SystemClock;
use tauri::{App, AppHandle, Manager, RunEvent};

use assist::AssistFile;
use calls::Calls;
use clipboard::Clipboard;
use links::Doorstep;
use pending::Pending;
use toasts::{Question, Rings};
use tray::Tray;
use windows::{Allowed, Entrances, Spare};

const SINGLE_INSTANCE: &str = "single-instance";
/// How often the program that runs may end just when this one speaks to it.
#[cfg(not(target_os = "linux"))]
const TRIES: usize = 5;

/// How a run ended.
pub enum Ended {
    Quit,
    /// The program that ran ended just when this one spoke to it. GTK begins once in a process: only another one can
    /// open the window.
    #[cfg(target_os = "linux")]
    StartAgain,
}

/// In a window, until it is closed.
pub fn say_why_not(refusal: CustomRefusal) -> anyhow::Result<()> {
    why_not::say(refusal).context("the window cannot be opened")
}

pub fn run(launch: Launch) -> anyhow::Result<Ended> {
    let built = build(&launch);
    #[cfg(target_os = "linux")]
    if built.as_ref().is_err_and(came_too_late) {
        return Ok(Ended::StartAgain);
    }
    let app = built.context("the window cannot be opened")?;
    app.run(|app, event| match event {
        // No window is left, and nobody asked to quit.
        RunEvent::ExitRequested { code: None, api, .. } if tray::keeps_running(app) => api.prevent_exit(),
        RunEvent::ExitRequested { .. } => leave(app),
        RunEvent::Exit => quit(app),
        #[cfg(target_os = "macos")]
        RunEvent::Opened { urls } => links::opened(app, &urls),
        #[cfg(target_os = "macos")]
        RunEvent::Reopen { has_visible_windows: false, .. } => windows::show_main(app),
        _ => {}
    });
    Ok(Ended::Quit)
}

#[cfg(not(target_os = "linux"))]
fn build(launch: &Launch) -> tauri::Result<App> {
    let mut built = build_once(launch);
    for _ in 1..TRIES {
        match built {
            Err(error) if came_too_late(&error) => built = build_once(launch),
            built => return built,
        }
    }
    built
}

#[cfg(target_os = "linux")]
use build_once as build;

/// For the program that ran, which has ended meanwhile.
fn came_too_late(error: &tauri::Error) -> bool {
    let tauri::Error::PluginInitialization(plugin, problem) = error else { return false };
    let late = plugin == SINGLE_INSTANCE;
    if late {
        tracing::info!(problem, "the program that ran has ended meanwhile");
    }
    late
}

fn build_once(launch: &Launch) -> tauri::Result<App> {
    let mut context = tauri::generate_context!();
    let program = context.config().identifier.clone();
    // The identifier is the lock: one running program for each client and each of its profiles.
    if let Some(custom) = &launch.custom {
        context.config_mut().identifier.push_str(&format!(".custom-{}", custom.prefix));
    }
    if !launch.profile.is_default() {
        context.config_mut().identifier.push_str(&format!(".{}", launch.profile.as_str()));
    }
    let launch = launch.clone();
    tauri::Builder::default()
        // Before the plugin: a second start may come at once.
        .manage(Doorstep::of(&launch))
        .manage(AssistFile::of(launch.assist.clone()))
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_single_instance::init(links::second_starts()))
        .setup(move |app| Ok(set_up(app.handle(), &launch, &program)?))
        .on_window_event(windows::on_event)
        .invoke_handler(commands::handler())
        .build(context)
}

fn set_up(app: &AppHandle, launch: &Launch, program: &str) -> anyhow::Result<()> {
    #[cfg(target_os = "linux")]
    session_bus::outlive();
    #[cfg(target_os = "linux")]
    windows::needs_no_gpu();
    #[cfg(target_os = "linux")]
    windows::mark_as_own();
    if let Some(custom) = &launch.custom {
        words::call(custom.name.as_str());
    }
    let installation = commands::installation(launch)?;
    let config = config(launch, &installation, main_thread(app));
    // Entered for the client's tasks, which outlive this call.
    let client = tauri::async_runtime::block_on(async { Client::open(config) })?;
    words::speak(client.language());
    commands::dress(app, client.preferences().theme);
    app.manage(commands::computer(&client, launch, installation));
    commands::settle_links(app);
    app.manage(client);
    app.manage(Clipboard::default());
    app.manage(Allowed::default());
    app.manage(Entrances::default());
    app.manage(Spare::default());
    app.manage(commands::bar::Bars::default());
    app.manage(Pending::default());
    app.manage(Question::default());
    let clock = SystemClock::shared();
    app.manage(Calls::new(clock.clone()));
    app.manage(Rings::default());
    app.manage(Tray::default());
    app.manage(toasts::open(program, launch));
    events::forward(app);
    toasts::follow_alerts(app);
    Question::follow(app);
    // Before the pop-ups, which ask for one.
    hot_keys::follow(app, clock.clone());
    popup::follow(app, clock.clone());
    Rings::follow(app);
    if launch.assist.is_none() {
        tray::start(app);
        windows::keep_one_ready(app, clock);
    }
    show_first(app, launch.hidden);
    links::open_door(app);
    Ok(())
}

/// Whoever starts the program from here on is not told that it runs: theirs waits for the profile instead.
fn leave(app: &AppHandle) {
    app.state::<Doorstep>().leave();
    tauri_plugin_single_instance::destroy(app);
}

fn quit(app: &AppHandle) {
    leave(app);
    tauri::async_runtime::block_on(app.state::<Client>().shut_down());
    app.state::<Doorstep>().start_again();
}

fn show_first(app: &AppHandle, hidden: bool) {
    tray::set_hidden(app, hidden);
    if !hidden {
        windows::show_main(app);
        return;
    }
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        if !tray::is_seen_soon(&app).await {
            windows::show_main_minimized(&app);
        }
    });
}

/// macOS takes keys and the pointer from there alone.
fn main_thread(app: &AppHandle) -> MainThread {
    let app = app.clone();
    Arc::new(move |work| {
        if let Err(error) = app.run_on_main_thread(work) {
            tracing::warn!(%error, "the main thread takes nothing any more");
        }
    })
}

fn config(launch: &Launch, installation: &Installation, main_thread: MainThread) -> ClientConfig {
    ClientConfig {
        profile: launch.profile.as_str().to_owned(),
        folder: launch.data.clone(),
        home: launch.service.clone(),
        sign_in_code: launch.sign_in_code.clone(),
        custom: launch.custom.clone(),
        only_host: launch.assist.is_some(),
        system_language: launch.language,
        local_network: Some(LocalNetwork::of(!installation.is_portable())),
        main_thread: Some(main_thread),
        ..ClientConfig::new(SystemClock::shared())
    }
}
