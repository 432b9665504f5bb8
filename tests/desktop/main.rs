//! The real windows, driven through WebDriver: on Linux, whose web view brings one.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a story stops where it goes wrong")]

mod accounts;
mod assist;
mod bad_days;
mod calls;
mod computer;
mod connected;
mod custom;
mod dunst;
mod files_dialog;
mod full_disk;
mod handlers;
mod hosting;
mod hot_keys;
mod invitation_toasts;
mod invitations;
mod keyboard;
mod killed;
mod links;
mod mail;
mod main_line;
mod notifier;
mod own_screen;
mod panel;
mod pointer;
mod popup;
mod profiles;
mod remote_screen;
mod remote_work;
mod restarts;
mod screen;
mod service;
mod toasts;
mod tray;
