// No console window beside the program on Windows.
#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

//! The only place that reads the environment and the command line.

use std::path::PathBuf;
use std::process::ExitCode;

use beckon_desktop::{Launch, ProfileName};

const USAGE: &str = "usage: beckon [--profile NAME]";

fn main() -> ExitCode {
    let filter = variable("BECKON_LOG").unwrap_or_else(|| "beckon=info,warn".to_owned());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let launch = match read_launch(std::env::args().skip(1)) {
        Ok(launch) => launch,
        Err(problem) => {
            tracing::error!("{problem}; {USAGE}");
            return ExitCode::from(2);
        }
    };
    match beckon_desktop::run(launch) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn read_launch(mut arguments: impl Iterator<Item = String>) -> Result<Launch, String> {
    let mut profile = ProfileName::default();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--profile" => {
                let name = arguments.next().ok_or("--profile needs a name")?;
                profile = name.parse().map_err(|error| format!("--profile: {error}"))?;
            }
            // Not shown: it may be a link, and links stay out of logs.
            _ => return Err("unknown argument".to_owned()),
        }
    }
    Ok(Launch {
        profile,
        data: variable("BECKON_DATA").map(PathBuf::from),
        service: variable("BECKON_SERVICE"),
        sign_in_code: variable("BECKON_SIGN_IN_CODE"),
    })
}

#[expect(clippy::disallowed_methods, reason = "main reads the environment and hands on what it found")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
