// No console window beside the program on Windows.
#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

//! The only place that reads the environment and the command line.

use std::ffi::{OsStr, OsString};
use std::io::Write as _;
use std::path::{Path, PathBuf};
#[cfg(target_os = "linux")]
use std::process::Command;
use std::process::ExitCode;

use beckon_client::custom::{CustomClient, CustomRefusal};
use beckon_desktop::{Arguments, Ended, Launch, ProfileName};
use beckon_domain::{Assist, Language, Link};

const USAGE: &str = "usage: beckon [--profile NAME] [--hidden] | beckon LINK | beckon --explain-link LINK";

/// How often this start has begun, for itself.
#[cfg(target_os = "linux")]
const STARTS: &str = "BECKON_STARTS";
#[cfg(target_os = "linux")]
const MOST_STARTS: u8 = 5;

fn main() -> ExitCode {
    // Not `args`: what the system hands over may be no text, and must not end the program.
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    let custom = custom();
    if let [flag, raw] = arguments.as_slice()
        && flag == "--explain-link"
    {
        return explain_link(raw, custom);
    }
    let filter = variable("BECKON_LOG").unwrap_or_else(|| "beckon=info,warn".to_owned());
    // On a full disk the log cannot be written either, and saying so there would end whoever says it.
    let log = tracing_subscriber::fmt().log_internal_errors(false);
    log.with_env_filter(filter).with_writer(std::io::stderr).init();
    let launch = match (assist(), custom) {
        (Some(assist), _) => Ok(launch_assist(assist)),
        (None, Ok(custom)) => read_launch(&arguments, custom),
        (None, Err(refusal)) => {
            tracing::error!("{refusal}");
            if let Err(error) = beckon_desktop::say_why_not(refusal) {
                tracing::error!("{error:#}");
            }
            return ExitCode::FAILURE;
        }
    };
    let launch = match launch {
        Ok(launch) => launch,
        Err(problem) => {
            tracing::error!("{problem}; {USAGE}");
            return ExitCode::from(2);
        }
    };
    match beckon_desktop::run(launch) {
        Ok(Ended::Quit) => ExitCode::SUCCESS,
        #[cfg(target_os = "linux")]
        Ok(Ended::StartAgain) => {
            tracing::error!("{:#}", start_again(&arguments));
            ExitCode::FAILURE
        }
        Err(error) => {
            tracing::error!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

/// In this one's place, with the same arguments. Says why that is not possible.
#[cfg(target_os = "linux")]
fn start_again(arguments: &[OsString]) -> anyhow::Error {
    use std::os::unix::process::CommandExt as _;

    let starts = variable(STARTS).and_then(|starts| starts.parse().ok()).unwrap_or(1_u8);
    if starts >= MOST_STARTS {
        return anyhow::anyhow!("the program that runs ends whenever it is spoken to");
    }
    match std::env::current_exe() {
        Ok(program) => {
            Command::new(program).args(arguments).env(STARTS, (starts + 1).to_string()).exec().into()
        }
        Err(error) => error.into(),
    }
}

/// Says what this client would do with a link, and does nothing: 0 if it was understood, else 2.
fn explain_link(raw: &OsStr, custom: Result<Option<CustomClient>, CustomRefusal>) -> ExitCode {
    let Ok(custom) = custom.inspect_err(|refusal| drop(writeln!(std::io::stderr(), "{refusal}"))) else {
        // Nobody knows whose links are its own.
        return ExitCode::FAILURE;
    };
    let link = Link::parse(raw.as_encoded_bytes(), custom.as_ref().map(|custom| &custom.prefix));
    let told = serde_json::to_string(&link).map(|json| writeln!(std::io::stdout(), "{json}"));
    match (told, link) {
        (Ok(Ok(())), Link::Refused { .. }) => ExitCode::from(2),
        (Ok(Ok(())), _) => ExitCode::SUCCESS,
        // Nobody reads: there is nothing to say and nobody to say it to.
        _ => ExitCode::FAILURE,
    }
}

fn read_launch(arguments: &[OsString], custom: Option<CustomClient>) -> Result<Launch, &'static str> {
    let raw: Vec<&[u8]> = arguments.iter().map(|argument| argument.as_encoded_bytes()).collect();
    let Arguments { profile, hidden, arrival } = Arguments::read(&raw)?;
    Ok(Launch {
        profile,
        data: variable("BECKON_DATA").map(PathBuf::from),
        service: variable("BECKON_SERVICE"),
        sign_in_code: variable("BECKON_SIGN_IN_CODE"),
        hidden,
        arrival,
        custom,
        language: language(),
        assist: None,
    })
}

/// It has a profile of its own, and takes neither options nor links.
fn launch_assist(assist: Assist) -> Launch {
    Launch {
        profile: ProfileName::assist(),
        data: variable("BECKON_DATA").map(PathBuf::from),
        service: None,
        sign_in_code: None,
        hidden: false,
        arrival: None,
        custom: None,
        language: language(),
        assist: Some(assist),
    }
}

/// What the person sees of the program's own file: an AppImage unpacks the program under another name, and
/// on macOS it lies within its bundle.
fn assist() -> Option<Assist> {
    let image = variable("APPIMAGE").map(PathBuf::from);
    let program = std::env::current_exe().ok();
    let bundle = program.iter().flat_map(|file| file.ancestors()).find(|file| is_bundle(file));
    let files = [image.as_deref(), bundle, program.as_deref()];
    files.into_iter().flatten().find_map(|file| Assist::from_file_name(&name_of(file)))
}

/// The first of the system's languages that Beckon speaks.
fn language() -> Language {
    let spoken = |locale: String| locale.split('-').next().and_then(|language| language.parse().ok());
    sys_locale::get_locales().find_map(spoken).unwrap_or_default()
}

/// What the file beside the program makes of it. An Assist is nobody's client, and has none.
fn custom() -> Result<Option<CustomClient>, CustomRefusal> {
    let program = std::env::current_exe().map_err(|_| CustomRefusal::Unreadable)?;
    CustomClient::beside(&program)
}

fn is_bundle(folder: &Path) -> bool {
    folder.extension().is_some_and(|extension| extension == "app")
}

fn name_of(file: &Path) -> String {
    file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

#[expect(clippy::disallowed_methods, reason = "main reads the environment and hands on what it found")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
