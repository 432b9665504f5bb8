//! The real windows, driven through WebDriver: on Linux, whose web view brings one.

#![cfg(target_os = "linux")]

mod accounts;
mod bad_days;
mod computer;
mod main_line;
mod profiles;
mod service;
