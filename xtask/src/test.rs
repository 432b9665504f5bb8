//! `test`: everything that CI runs. A stage that fails does not keep the next one from running.

use std::path::PathBuf;
use std::process::{Command, ExitCode};

use anyhow::Result;

use crate::checkout::Checkout;
use crate::display::VirtualDisplay;
use crate::processes::Processes;
use crate::programs;
use crate::report::Report;
use crate::{bindings, lint, networks, packages, platforms};

/// The test targets that need the built programs and a display.
const ON_A_DISPLAY: [&str; 2] = ["desktop", "browser"];

pub fn run(checkout: &Checkout, desktop: bool, other_systems: bool, filters: &[String]) -> Result<ExitCode> {
    let mut needs = vec![&packages::BUILD];
    if desktop {
        needs.extend([&packages::VIRTUAL_DISPLAY, &packages::DESKTOP_TESTS]);
        // Ubuntu has no such packages; a Chromium from elsewhere will do.
        if !(checkout.has_program("chromium") && checkout.has_program("chromedriver")) {
            needs.push(&packages::BROWSER_TESTS);
        }
    }
    if cfg!(target_os = "linux") && checkout.has_program("apt-get") {
        needs.push(&packages::NETWORKS);
    }
    packages::ensure(checkout, &needs)?;

    let runner = Runner { checkout, nextest: checkout.has_program("cargo-nextest"), filters };
    let mut report = Report::new(Processes::new(checkout.data().join("test-logs"))?);
    if filters.is_empty() {
        report.check("format", &mut lint::format(checkout))?;
        // The UI comes first: the desktop program embeds its pages, and is then compiled only once.
        ui(checkout, &mut report)?;
        report.check("lints", &mut lint::clippy(checkout))?;
        report.own_check("bindings", |processes| bindings::check(checkout, processes))?;
    }
    report.tests("rules and stories", &mut runner.without_display()?)?;
    networks::stage(checkout, &mut report, &runner.of_target(networks::NAT))?;
    if desktop {
        on_a_display(&runner, &mut report)?;
    }
    if other_systems && filters.is_empty() {
        platforms::stages(checkout, &mut report)?;
    }
    Ok(report.close())
}

fn on_a_display(runner: &Runner<'_>, report: &mut Report) -> Result<()> {
    let checkout = runner.checkout;
    if !runner.filters.is_empty() {
        report.step("ui packages", |_| programs::install_ui(checkout))?;
        report.step("ui build", |_| programs::build_ui(checkout))?;
    }
    if !report
        .step("programs", |processes| processes.run_to_success("cargo", &mut programs::build(checkout)))?
    {
        return Ok(());
    }
    if runner.filters.is_empty() {
        report.check("ui accessibility", checkout.npm().args(["run", "pages"]))?;
    }
    let mut display = None;
    report.step("display", |processes| {
        display = Some(VirtualDisplay::open(processes)?);
        Ok(())
    })?;
    let Some(display) = display else { return Ok(()) };
    for target in ON_A_DISPLAY {
        report.tests(target, display.lend(&mut runner.on_a_display(target)))?;
    }
    Ok(())
}

fn ui(checkout: &Checkout, report: &mut Report) -> Result<()> {
    if !report.step("ui packages", |_| programs::install_ui(checkout))? {
        return Ok(());
    }
    report.check("ui types", &mut lint::ui_types(checkout))?;
    report.tests("ui tests", checkout.npm().args(["test", "--", "--run"]))?;
    report.step("ui build", |_| programs::build_ui(checkout))?;
    Ok(())
}

/// Calls `cargo nextest` where it is installed, else `cargo test`. Always for the whole workspace: a
/// choice of packages would be another set of features, and compile their dependencies once more.
struct Runner<'a> {
    checkout: &'a Checkout,
    nextest: bool,
    filters: &'a [String],
}

impl Runner<'_> {
    fn without_display(&self) -> Result<Command> {
        let mut cargo = self.cargo();
        if self.nextest {
            let mut chosen = "not test(export_bindings)".to_owned();
            for target in ON_A_DISPLAY.into_iter().chain([networks::NAT]) {
                chosen += &format!(" and not (package(beckon-tests) and binary({target}))");
            }
            cargo.args(["-E", &chosen]).args(self.filters);
        } else {
            cargo.args(["--lib", "--bins"]);
            for target in self.targets_without_display()? {
                cargo.args(["--test", &target]);
            }
            cargo.args(["--", "--skip", "export_bindings"]).args(self.filters);
        }
        Ok(cargo)
    }

    /// One test at a time: each has the whole screen, and ports and windows are told apart more easily.
    fn on_a_display(&self, target: &str) -> Command {
        let mut cargo = self.cargo();
        cargo.args(["--test", target]);
        if self.nextest {
            cargo.args(["--test-threads", "1"]).args(self.filters);
        } else {
            cargo.args(["--", "--test-threads", "1"]).args(self.filters);
        }
        cargo.env("BECKON_BIN", self.checkout.built("beckon"));
        cargo.env("BECKON_SERVICE_BIN", self.checkout.built("beckon-service"));
        cargo
    }

    fn of_target(&self, target: &str) -> Command {
        let mut cargo = self.cargo();
        cargo.args(["--test", target]);
        if !self.nextest {
            cargo.arg("--");
        }
        cargo.args(self.filters);
        cargo
    }

    fn cargo(&self) -> Command {
        let mut cargo = self.checkout.cargo();
        if self.nextest {
            cargo.args(["nextest", "run", "--config-file", "xtask/nextest.toml"]);
            // A filter may well choose nothing in one stage; without one, no tests is a mistake.
            cargo.args(["--no-tests", if self.filters.is_empty() { "fail" } else { "pass" }]);
        } else {
            cargo.arg("test");
        }
        cargo.args(["--workspace", "--no-fail-fast"]);
        cargo
    }

    /// `cargo test` can name test targets but not leave one out.
    fn targets_without_display(&self) -> Result<Vec<String>> {
        let mut targets = vec!["stories".to_owned(), "layering".to_owned()];
        for member in std::fs::read_dir(self.checkout.root.join("crates"))? {
            let Ok(files) = std::fs::read_dir(member?.path().join("tests")) else { continue };
            for file in files {
                let file: PathBuf = file?.path();
                // A file, or a folder with a main file.
                if file.extension().is_some_and(|extension| extension == "rs")
                    || file.join("main.rs").exists()
                {
                    targets.extend(file.file_stem().map(|stem| stem.to_string_lossy().into_owned()));
                }
            }
        }
        Ok(targets)
    }
}
