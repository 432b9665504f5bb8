//! The window: everything that names Tauri, and nothing else. This file is the wiring diagram.

mod assist;
mod clipboard;
mod commands;
mod events;
mod launch;
mod links;
mod pending;
mod raise;
mod toasts;
mod tray;
mod windows;
mod words;

pub use launch::{Arguments, Arrival, Launch, ProfileName};

use anyhow::Context as _;
use beckon_client::{Client, ClientConfig};
use beckon_domain::SystemClock;
use tauri::{AppHandle, Manager, RunEvent};

use assist::AssistFile;
use clipboard::Clipboard;
use links::Doorstep;
use pending::Pending;
use toasts::Question;
use tray::Tray;
use windows::Entrances;

pub fn run(launch: Launch) -> anyhow::Result<()> {
    let mut context = tauri::generate_context!();
    let program = context.config().identifier.clone();
    if !launch.profile.is_default() {
        // The identifier is the lock: one running program for each profile.
        context.config_mut().identifier =
            format!("{}.{}", context.config().identifier, launch.profile.as_str());
    }
    let app = tauri::Builder::default()
        // Before the plugin: a second start may come at once.
        .manage(Doorstep::of(&launch))
        .manage(AssistFile::of(launch.assist.clone()))
        .plugin(tauri_plugin_single_instance::init(links::second_starts()))
        .setup(move |app| {
            let config = config(&launch);
            // Entered for the client's tasks, which outlive this call.
            let client = tauri::async_runtime::block_on(async { Client::open(config) })?;
            commands::dress(app.handle(), client.preferences().theme);
            app.manage(commands::computer(&client, &launch)?);
            commands::claim_free_schemes(app.handle(), &launch);
            app.manage(client);
            app.manage(Clipboard::default());
            app.manage(Entrances::default());
            app.manage(Pending::default());
            app.manage(Question::default());
            app.manage(Tray::default());
            app.manage(toasts::open(&program, launch.profile.as_str()));
            events::forward(app.handle());
            toasts::follow_alerts(app.handle());
            Question::follow(app.handle());
            if launch.assist.is_none() {
                tray::start(app.handle());
            }
            show_first(app.handle(), launch.hidden);
            links::open_door(app.handle());
            Ok(())
        })
        .on_window_event(windows::on_event)
        .invoke_handler(commands::handler())
        .build(context)
        .context("the window cannot be opened")?;
    app.run(|app, event| match event {
        // No window is left, and nobody asked to quit.
        RunEvent::ExitRequested { code: None, api, .. } if tray::keeps_running(app) => api.prevent_exit(),
        RunEvent::Exit => tauri::async_runtime::block_on(app.state::<Client>().shut_down()),
        #[cfg(target_os = "macos")]
        RunEvent::Opened { urls } => links::opened(app, &urls),
        #[cfg(target_os = "macos")]
        RunEvent::Reopen { has_visible_windows: false, .. } => windows::show_main(app),
        _ => {}
    });
    Ok(())
}

fn show_first(app: &AppHandle, hidden: bool) {
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

fn config(launch: &Launch) -> ClientConfig {
    ClientConfig {
        profile: launch.profile.as_str().to_owned(),
        folder: launch.data.clone(),
        home: launch.service.clone(),
        sign_in_code: launch.sign_in_code.clone(),
        only_host: launch.assist.is_some(),
        ..ClientConfig::new(SystemClock::shared())
    }
}
