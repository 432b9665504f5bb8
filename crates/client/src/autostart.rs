//! Whether the system starts this profile when the person signs in to it. The system knows; nothing is remembered.

use std::path::PathBuf;

use crate::schemes::Listing;

#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod linux;

/// Started so, the program shows no window.
pub const HIDDEN: &str = "--hidden";

/// It blocks.
pub trait Autostart: Send + Sync {
    fn is_on(&self) -> anyhow::Result<bool>;
    fn set(&self, on: bool) -> anyhow::Result<()>;
}

pub fn of_this_system(
    program: PathBuf,
    listing: &Listing,
    profile: &str,
) -> anyhow::Result<Box<dyn Autostart>> {
    #[cfg(target_os = "linux")]
    return Ok(Box::new(linux::AutostartFile::of_this_user(program, listing, profile)?));
    #[cfg(not(target_os = "linux"))]
    return Ok(Box::new(elsewhere::Library::new(&program, listing, profile)?));
}

fn arguments(profile: &str) -> Vec<&str> {
    if is_default(profile) { vec![HIDDEN] } else { vec!["--profile", profile, HIDDEN] }
}

/// The same in every list of programs that start with the system, with the profile's name where there are several.
fn name(base: &str, between: &str, profile: &str) -> String {
    if is_default(profile) { base.to_owned() } else { format!("{base}{between}{profile}") }
}

pub fn is_default(profile: &str) -> bool {
    profile == "default"
}
