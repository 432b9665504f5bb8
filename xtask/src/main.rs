//! The developer's commands. `cargo xtask` without arguments lists them.
//!
//! One file for each command; what they share is in `checkout` (where things are, cargo and npm),
//! `packages` (what the system lacks), `programs` (building), `processes` (starting and ending),
//! `display` (a virtual screen) and `report` (stages and their counts). `platforms` is a folder, since
//! compilers for other systems take some setting up, and `package` one for what people download.

#![forbid(unsafe_code)]
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "these commands talk to a person in a terminal"
)]

mod bench;
mod bindings;
mod checkout;
mod count;
mod dev;
mod display;
mod lint;
mod networks;
mod package;
mod packages;
mod platforms;
mod processes;
mod programs;
mod report;
mod service;
mod start;
mod test;

use std::process::ExitCode;

use anyhow::{Result, bail};

use checkout::{Checkout, Environment};

const USAGE: &str = "\
Beckon, for developers

  cargo xtask start [--guest]
      Installs what is missing, builds, starts a service on this computer and opens the desktop
      client, signed in as the first owner. Prints the service's address and a session link.
      --guest opens a second client, as the person who is helped.

  cargo xtask test [--no-desktop] [--no-platforms] [FILTER…]
      Everything that CI runs. The last line is `N passed, N failed`.
      --no-desktop leaves out the tests that need a display, --no-platforms the other systems.
      FILTER runs only those Rust tests whose name contains it.

  cargo xtask check-platforms
      Lints everything for Windows and macOS, and runs what it can as Windows programs under Wine.
      On Debian for x86-64; the first time it sets up compilers, and takes about a quarter of an hour.

  cargo xtask package
      Makes what people download for this system, in dist/.

  cargo xtask try-packages
      Installs the Debian packages of dist/ in clean systems, uses them and takes them away. Needs root.

  cargo xtask bench [cache] [act] [no-answer] [invitations] [windows] [memory] [cold-start] [screen]
      Measures what docs/benchmarks.md tells, or only these, on programs built for release.

  cargo xtask lint
      The format, lint and type checks only.

  cargo xtask bindings
      Writes the TypeScript types of what crosses to the UI into ui/src/ipc/bindings.

  cargo xtask dev
      Starts the service, and the UI in a browser with reload on change and an imitated desktop.
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<ExitCode> {
    let Some((command, rest)) = arguments.split_first() else {
        print!("{USAGE}");
        return Ok(ExitCode::SUCCESS);
    };
    let flag = |name: &str| rest.iter().any(|argument| argument == name);
    let words = || rest.iter().filter(|argument| !argument.starts_with('-')).cloned().collect::<Vec<_>>();

    let known: &[&str] = match command.as_str() {
        "start" => &["--guest"],
        "test" => &["--no-desktop", "--no-platforms"],
        "check-platforms" | "package" | "try-packages" | "bench" | "lint" | "bindings" | "dev" => &[],
        "help" | "--help" | "-h" => {
            print!("{USAGE}");
            return Ok(ExitCode::SUCCESS);
        }
        other => bail!("there is no command `{other}`\n\n{USAGE}"),
    };
    if let Some(unknown) =
        rest.iter().find(|argument| argument.starts_with('-') && !known.contains(&argument.as_str()))
    {
        bail!("`{command}` does not know `{unknown}`\n\n{USAGE}");
    }
    if !matches!(command.as_str(), "test" | "bench") && !words().is_empty() {
        bail!("`{command}` takes no words\n\n{USAGE}");
    }

    let checkout = Checkout::find(environment())?;
    match command.as_str() {
        "start" => start::run(&checkout, flag("--guest")).map(|()| ExitCode::SUCCESS),
        "test" => test::run(&checkout, !flag("--no-desktop"), !flag("--no-platforms"), &words()),
        "check-platforms" => platforms::run(&checkout),
        "package" => package::run(&checkout).map(|()| ExitCode::SUCCESS),
        "try-packages" => package::trial::run(&checkout),
        "bench" => bench::run(&checkout, &words()).map(|()| ExitCode::SUCCESS),
        "lint" => lint::run(&checkout),
        "bindings" => bindings::run(&checkout).map(|()| ExitCode::SUCCESS),
        _ => dev::run(&checkout).map(|()| ExitCode::SUCCESS),
    }
}

/// The one place that reads the environment.
#[expect(clippy::disallowed_methods, reason = "this is main")]
fn environment() -> Environment {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    Environment {
        target: set("CARGO_TARGET_DIR").map(Into::into),
        cache: set("XDG_CACHE_HOME").map(Into::into),
        home: set("HOME").or_else(|| set("USERPROFILE")).map(Into::into),
        programs: set("PATH").unwrap_or_default(),
        has_display: set("DISPLAY").is_some()
            || set("WAYLAND_DISPLAY").is_some()
            || !cfg!(target_os = "linux"),
        is_ci: set("CI").is_some_and(|value| value == "true"),
    }
}
