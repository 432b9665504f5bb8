//! `check-platforms`: Windows and macOS, as far as a Debian machine can know them.
//!
//! `toolchain` unpacks a compiler, `std_of` builds Rust's own library for other systems with it,
//! `stand_ins` take the place of the C compilers that are not here, `wine` runs what links, and the
//! `workbench` is all of them together. docs/decisions/0011-checking-other-systems.md has the reasons.

mod stand_ins;
mod std_of;
mod toolchain;
mod wine;
mod workbench;

use std::process::ExitCode;

use anyhow::{Context as _, Result};

use crate::checkout::Checkout;
use crate::packages;
use crate::processes::Processes;
use crate::report::Report;
use workbench::{MACOS, WINDOWS, Workbench};

pub fn run(checkout: &Checkout) -> Result<ExitCode> {
    let mut report = Report::new(Processes::new(checkout.data().join("logs"))?);
    stages(checkout, &mut report)?;
    Ok(report.close())
}

pub fn stages(checkout: &Checkout, report: &mut Report) -> Result<()> {
    if !packages::is_debian_x86_64() {
        report.skip("Windows and macOS", "they are checked on Debian for x86-64 only");
        return Ok(());
    }
    let mut workbench = None;
    report.step("other systems", |processes| {
        workbench = Some(Workbench::ensure(checkout, processes)?);
        Ok(())
    })?;
    workbench.map_or(Ok(()), |workbench| check(&workbench, report))
}

fn check(workbench: &Workbench<'_>, report: &mut Report) -> Result<()> {
    report.check("lints on Windows", &mut workbench.clippy(WINDOWS))?;
    report.check("lints on macOS", &mut workbench.clippy(MACOS))?;
    report.tests("tests on Windows", &mut workbench.tests()?)?;
    if report.check("programs for Windows", &mut workbench.build())? {
        report.own_check("they start", |processes| sign_of_life(workbench, processes))?;
    }
    Ok(())
}

/// Only the service can show one: Wine has no web view for the window.
fn sign_of_life(workbench: &Workbench<'_>, processes: &mut Processes) -> Result<()> {
    for name in ["beckon", "beckon-service"] {
        let program = workbench.built(name);
        let size = program.metadata().with_context(|| format!("{} was not linked", program.display()))?.len();
        println!("{} has {} MiB", program.display(), size >> 20);
    }
    processes.run_to_success("wine", workbench.start("beckon-service").arg("--version"))
}
