//! What is measured, each figure beside its floor in the same run: `cargo xtask bench`.
//!
//! Timing lives here and nowhere else. A miss is printed as it is; it fails nothing.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a measurement stops where it goes wrong, and prints what it found"
)]

#[cfg(unix)]
mod act;
mod cache;
#[cfg(unix)]
mod cold_start;
#[cfg(unix)]
mod crowd;
#[cfg(unix)]
mod device;
mod figure;
#[cfg(unix)]
mod guests;
#[cfg(unix)]
mod invitations;
#[cfg(unix)]
mod memory;
#[cfg(unix)]
mod no_answer;
#[cfg(unix)]
mod pixels;
#[cfg(unix)]
mod programs;
mod rows;
#[cfg(target_os = "linux")]
mod screen;
#[cfg(unix)]
mod windows;

use beckon_domain::{SharedClock, SystemClock};
use figure::Figure;

type Measure = fn(&SharedClock) -> Vec<Figure>;

fn main() {
    // cargo itself adds `--bench`.
    let chosen: Vec<String> = words().filter(|word| !word.starts_with('-')).collect();
    let is_chosen = |name: &str| chosen.is_empty() || chosen.iter().any(|word| word == name);
    let clock = SystemClock::shared();
    let measures: &[(&str, Measure)] = &[
        ("cache", cache::measure),
        #[cfg(unix)]
        ("act", act::measure),
        #[cfg(unix)]
        ("no-answer", no_answer::measure),
        #[cfg(unix)]
        ("invitations", invitations::measure),
        #[cfg(unix)]
        ("windows", windows::measure),
        #[cfg(unix)]
        ("memory", memory::measure),
        #[cfg(unix)]
        ("cold-start", cold_start::measure),
        #[cfg(target_os = "linux")]
        ("screen", screen::measure),
    ];
    println!("| figure | ours | floor | ratio | mark | |\n| --- | --- | --- | --- | --- | --- |");
    for (_, measure) in measures.iter().filter(|(name, _)| is_chosen(name)) {
        for figure in measure(&clock) {
            println!("{figure}");
        }
    }
}

fn words() -> impl Iterator<Item = String> {
    std::env::args().skip(1)
}
