//! The tests that make networks of their own, where the system lets them.

use std::process::{Command, Stdio};

use anyhow::Result;

use crate::checkout::Checkout;
use crate::report::Report;

/// The test target.
pub const NAT: &str = "nat";

const STAGE: &str = "between networks";
const PROGRAMS: [&str; 4] = ["ip", "nft", "nsenter", "unshare"];
/// As root of nothing but what it makes itself.
const ROOT_INSIDE: &str = "--map-root-user";

pub fn stage(checkout: &Checkout, report: &mut Report, tests: &Command) -> Result<()> {
    if !cfg!(target_os = "linux") {
        report.skip(STAGE, "networks of their own are made on Linux only");
        return Ok(());
    }
    if let Some(missing) = PROGRAMS.iter().find(|program| !checkout.has_program(program)) {
        report.skip(STAGE, &format!("`{missing}` is not installed"));
        return Ok(());
    }
    match who_may() {
        Some(who) => report.tests(STAGE, &mut wrapped(who, tests)).map(drop),
        None => {
            report.skip(STAGE, "this user may not make networks of their own here");
            Ok(())
        }
    }
}

/// The options of `unshare` with which this user may make a network: none for root.
fn who_may() -> Option<&'static [&'static str]> {
    let ways: [&[&str]; 2] = [&[], &[ROOT_INSIDE]];
    ways.into_iter().find(|options| {
        let mut unshare = Command::new("unshare");
        unshare.args(*options).args(["--net", "true"]).stderr(Stdio::null());
        unshare.status().is_ok_and(|status| status.success())
    })
}

fn wrapped(options: &[&str], tests: &Command) -> Command {
    let mut unshare = Command::new("unshare");
    unshare.args(options).arg("--").arg(tests.get_program()).args(tests.get_args());
    unshare.envs(tests.get_envs().filter_map(|(name, value)| Some((name, value?))));
    if let Some(folder) = tests.get_current_dir() {
        unshare.current_dir(folder);
    }
    unshare
}
