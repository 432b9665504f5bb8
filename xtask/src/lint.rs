//! `lint`: what can be wrong without running anything.

use std::process::{Command, ExitCode};

use anyhow::Result;

use crate::checkout::Checkout;
use crate::packages;
use crate::processes::Processes;
use crate::programs;
use crate::report::Report;

pub fn run(checkout: &Checkout) -> Result<ExitCode> {
    packages::ensure(checkout, &[&packages::BUILD])?;
    let mut report = Report::new(Processes::new(checkout.data().join("logs"))?);
    report.check("format", &mut format(checkout))?;
    report.step("ui packages", |_| programs::install_ui(checkout))?;
    report.check("ui types", &mut ui_types(checkout))?;
    report.check("lints", &mut clippy(checkout))?;
    Ok(report.close())
}

pub fn format(checkout: &Checkout) -> Command {
    let mut cargo = checkout.cargo();
    cargo.args(["fmt", "--all", "--check"]);
    cargo
}

pub fn clippy(checkout: &Checkout) -> Command {
    let mut cargo = checkout.cargo();
    cargo.args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]);
    cargo
}

pub fn ui_types(checkout: &Checkout) -> Command {
    let mut npm = checkout.npm();
    npm.args(["run", "check"]);
    npm
}
