//! `start`: from a bare machine to an agent's open window.

use std::fs::{File, TryLockError};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::checkout::{Checkout, run as run_command};
use crate::display::VirtualDisplay;
use crate::packages;
use crate::processes::{Event, Processes};
use crate::programs;
use crate::service::Service;

pub fn run(checkout: &Checkout, guest: bool) -> Result<()> {
    let mut needs = vec![&packages::BUILD];
    if !checkout.has_display {
        needs.push(&packages::VIRTUAL_DISPLAY);
    }
    packages::ensure(checkout, &needs)?;
    programs::install_ui(checkout)?;
    programs::build_ui(checkout)?;
    println!("Building; the first time takes some minutes");
    run_command(&mut programs::build(checkout))?;

    let _only_one = lock(checkout)?;
    let mut processes = Processes::new(checkout.data().join("logs"))?;
    let service = Service::start(checkout, &mut processes)?;
    service.ensure_owner()?;
    let display = open_display(checkout, &mut processes)?;

    let mut agent = client(checkout, &service, "agent");
    agent.env("BECKON_SIGN_IN_CODE", service.sign_in_code()?);
    let mut windows = vec![open(&mut processes, display.as_ref(), "agent", &mut agent)?];
    if guest {
        let mut guest = client(checkout, &service, "guest");
        guest.args(["--profile", "guest"]);
        windows.push(open(&mut processes, display.as_ref(), "guest", &mut guest)?);
        println!("The second client is the window that says \"Profile guest\" at the bottom left.");
    }
    println!("\nA first session link, to open in a browser:\n\n  {}\n", service.new_session_link()?);
    if let Some(display) = display {
        let picture = checkout.data().join("screenshot.png");
        display.photograph(&mut processes, &windows, &picture)?;
        println!("There is a screenshot in {}", picture.display());
    }
    println!("Ctrl-C ends everything.");
    wait(&mut processes)
}

/// Two services must not share one data folder. The lock is given up when this program ends, however it does.
pub fn lock(checkout: &Checkout) -> Result<File> {
    std::fs::create_dir_all(checkout.data())?;
    let lock = File::create(checkout.data().join("lock"))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => {
            bail!("a service of this checkout is running already; end that one first")
        }
        Err(TryLockError::Error(error)) => Err(error).context("could not lock the data folder"),
    }
}

/// Reports what ends by itself, until Ctrl-C.
pub fn wait(processes: &mut Processes) -> Result<()> {
    loop {
        match processes.next()? {
            Event::Interrupted => return Ok(()),
            Event::Ended { name, status } if name == "service" => bail!(processes.sudden_end(&name, status)),
            Event::Ended { name, status } => {
                println!("{name} ended ({status}); its log is {}", processes.log_of(&name).display());
            }
            Event::Announced { .. } => {}
        }
    }
}

fn open_display(checkout: &Checkout, processes: &mut Processes) -> Result<Option<VirtualDisplay>> {
    if checkout.has_display {
        return Ok(None);
    }
    println!("There is no display here, so a virtual one shows the windows.");
    VirtualDisplay::open(processes).map(Some)
}

fn client(checkout: &Checkout, service: &Service, name: &str) -> Command {
    let mut client = Command::new(checkout.built("beckon"));
    client.env("BECKON_SERVICE", &service.origin).env("BECKON_DATA", checkout.data().join(name));
    client
}

fn open(
    processes: &mut Processes,
    display: Option<&VirtualDisplay>,
    name: &str,
    client: &mut Command,
) -> Result<u32> {
    if let Some(display) = display {
        display.lend(client);
    }
    let process = processes.start(name, client)?;
    println!("The {name}'s window is open; it logs to {}", processes.log_of(name).display());
    Ok(process)
}
