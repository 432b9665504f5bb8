//! The window: everything that names Tauri, and nothing else. This file is the wiring diagram.

mod clipboard;
mod commands;
mod events;
mod launch;
mod windows;

pub use launch::{Launch, ProfileName};

use anyhow::Context as _;
use beckon_client::{Client, ClientConfig};
use beckon_domain::SystemClock;
use tauri::{Manager, RunEvent};

use clipboard::Clipboard;

pub fn run(launch: Launch) -> anyhow::Result<()> {
    let mut context = tauri::generate_context!();
    if !launch.profile.is_default() {
        // The identifier is the lock: one running program for each profile.
        context.config_mut().identifier =
            format!("{}.{}", context.config().identifier, launch.profile.as_str());
    }
    let app = tauri::Builder::default()
        .plugin(tauri_plugin_single_instance::init(|app, _arguments, _folder| windows::show_main(app)))
        .setup(move |app| {
            let config = config(&launch);
            // Entered for the client's tasks, which outlive this call.
            let client = tauri::async_runtime::block_on(async { Client::open(config) })?;
            app.manage(client);
            app.manage(Clipboard::default());
            events::forward(app.handle());
            windows::show_main(app.handle());
            Ok(())
        })
        .on_window_event(windows::on_event)
        .invoke_handler(commands::handler())
        .build(context)
        .context("the window cannot be opened")?;
    app.run(|app, event| {
        if let RunEvent::Exit = event {
            tauri::async_runtime::block_on(app.state::<Client>().shut_down());
        }
    });
    Ok(())
}

fn config(launch: &Launch) -> ClientConfig {
    ClientConfig {
        profile: launch.profile.as_str().to_owned(),
        folder: launch.data.clone(),
        home: launch.service.clone(),
        sign_in_code: launch.sign_in_code.clone(),
        ..ClientConfig::new(SystemClock::shared())
    }
}
