//! `bench`: the figures of docs/benchmarks.md, from programs built as they are released.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::checkout::{Checkout, run as run_command};
use crate::display::VirtualDisplay;
use crate::packages;
use crate::processes::Processes;
use crate::programs;

pub fn run(checkout: &Checkout, chosen: &[String]) -> Result<()> {
    packages::ensure(checkout, &[&packages::BUILD, &packages::VIRTUAL_DISPLAY, &packages::OTHER_SCREENS])?;
    programs::install_ui(checkout)?;
    programs::build_ui(checkout)?;
    println!("Building for release; the first time takes a quarter of an hour");
    run_command(&mut programs::build_for_release(checkout, &["--bins", "--examples"]))?;
    run_command(&mut floor_of_sessions(checkout))?;
    let mut measures = measures(checkout);
    run_command(measures.arg("--no-run"))?;

    let mut processes = Processes::new(checkout.data().join("bench-logs"))?;
    let display = VirtualDisplay::open(&mut processes)?;
    let mut measures = self::measures(checkout);
    measures.arg("--").args(chosen);
    for (variable, program) in [
        ("BECKON_DESKTOP_BIN", "beckon"),
        ("BECKON_SERVICE_BIN", "beckon-service"),
        ("BECKON_ECHO_BIN", "examples/echo"),
        ("BECKON_EMPTY_WINDOW_BIN", "examples/empty_window"),
        ("BECKON_BARE_APP_BIN", "examples/bare_app"),
        ("BECKON_BARE_CONNECT_BIN", "examples/bare_connect"),
    ] {
        measures.env(variable, released(checkout, program));
    }
    processes.run_to_success("figures", display.lend(&mut measures))
}

fn measures(checkout: &Checkout) -> Command {
    let mut cargo = checkout.cargo();
    cargo.args(["bench", "--locked", "--package=beckon-tests", "--bench=figures"]);
    cargo
}

fn floor_of_sessions(checkout: &Checkout) -> Command {
    let mut cargo = checkout.cargo();
    cargo.args(["build", "--release", "--locked", "--package=beckon-session", "--example=bare_connect"]);
    cargo
}

fn released(checkout: &Checkout, program: &str) -> PathBuf {
    checkout.target().join("release").join(format!("{program}{}", std::env::consts::EXE_SUFFIX))
}
