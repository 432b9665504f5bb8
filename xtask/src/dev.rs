//! `dev`: the service, and the UI in a browser where the desktop is imitated. Edits show at once.

use anyhow::Result;

use crate::checkout::{Checkout, run as run_command};
use crate::packages;
use crate::processes::Processes;
use crate::programs;
use crate::service::Service;
use crate::start::{lock, wait};

pub fn run(checkout: &Checkout) -> Result<()> {
    packages::ensure(checkout, &[&packages::BUILD])?;
    programs::install_ui(checkout)?;
    run_command(&mut programs::build(checkout))?;

    let _only_one = lock(checkout)?;
    let mut processes = Processes::new(checkout.data().join("logs"))?;
    let service = Service::start(checkout, &mut processes)?;
    service.ensure_owner()?;
    let address = processes.start_announcing("vite", "  ➜  Local:", checkout.npm().args(["run", "dev"]))?;
    println!("The UI is on {address} with an imitated desktop; it reloads as its files change.");
    println!("For the real window, run `cargo xtask start` instead. Ctrl-C ends everything.");
    wait(&mut processes)
}
