//! `try-packages`: installs what is in `dist/` in clean Debian systems, uses it, and takes it away again.
//!
//! The scripts in `trials` run inside; this makes the system that they find. Not part of `test`, since it
//! downloads some hundred megabytes and needs root.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result, bail};

use super::{dist, files, name_of};
use crate::checkout::{Checkout, empty, output_of, run as run_command};
use crate::packages;
use crate::processes::Processes;
use crate::report::Report;

/// The oldest Debian that the packages are for.
const SUITE: &str = "bookworm";
const SECURITY: &str = "bookworm-security";
/// Beyond the least that is a Debian: an init, and what the trial of the service looks with.
const WITH: &str = "--include=systemd-sysv,dbus,ca-certificates,curl,procps";

const SCRIPTS: [(&str, &str); 4] = [
    ("client.sh", include_str!("trials/client.sh")),
    ("desktop.sh", include_str!("trials/desktop.sh")),
    ("service.sh", include_str!("trials/service.sh")),
    ("trial.service", include_str!("trials/trial.service")),
];

pub fn run(checkout: &Checkout) -> Result<ExitCode> {
    if !cfg!(target_os = "linux") {
        bail!("the packages are tried on Linux");
    }
    let debs = files(&dist(checkout)).unwrap_or_default();
    if !debs.iter().any(|file| name_of(file).ends_with(".deb")) {
        bail!("there are no packages to try; make them with `cargo xtask package`");
    }
    packages::ensure(checkout, &[&packages::CLEAN_SYSTEMS])?;
    let mut report = Report::new(Processes::new(checkout.data().join("logs"))?);
    let mut system = None;
    report.step("clean system", |processes| {
        system = Some(CleanSystem::make(checkout, processes)?);
        Ok(())
    })?;
    if let Some(system) = system {
        report.check("client's package", &mut system.run_script("client.sh")?)?;
        report.own_check("service's package", |processes| system.try_service(processes))?;
        println!("Screenshots and logs are in {}", system.seen.display());
    }
    Ok(report.close())
}

/// A Debian that nothing was installed into. Whatever runs in it gets a copy of its own, which is thrown away.
struct CleanSystem<'a> {
    checkout: &'a Checkout,
    folder: PathBuf,
    seen: PathBuf,
}

impl<'a> CleanSystem<'a> {
    fn make(checkout: &'a Checkout, processes: &mut Processes) -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("beckon-trial-{}", std::process::id()));
        let system = Self { checkout, folder, seen: checkout.data().join("trial") };
        fs::create_dir_all(&system.seen)?;
        empty(&system.folder.join("scripts"))?;
        for (name, text) in SCRIPTS {
            fs::write(system.folder.join("scripts").join(name), text)?;
        }
        let security = archive(SECURITY)?.map(|uri| format!("deb {uri} {SECURITY} main\n"));
        fs::write(system.folder.join("security.list"), security.unwrap_or_default())?;
        let mut debootstrap = system.as_root("debootstrap")?;
        debootstrap.args(["--variant=minbase", WITH, SUITE]).arg(system.root()).args(archive(SUITE)?);
        processes.run_quietly("debootstrap", &mut debootstrap)?;
        Ok(system)
    }

    fn root(&self) -> PathBuf {
        self.folder.join("debian")
    }

    fn as_root(&self, program: &str) -> Result<Command> {
        packages::as_root(self.checkout, program)
            .with_context(|| format!("{program} needs root, so packages are tried as root or with sudo"))
    }

    /// Runs a script in a copy of the system, with the network of this machine.
    fn run_script(&self, script: &str) -> Result<Command> {
        let mut nspawn = self.nspawn()?;
        nspawn.args(["--pipe", "sh"]).arg(Path::new("/trial").join(script));
        Ok(nspawn)
    }

    fn try_service(&self, processes: &mut Processes) -> Result<()> {
        let tried = processes.run_quietly("systemd-nspawn", &mut self.boot_into("trial.service")?);
        print!("{}", fs::read_to_string(self.seen.join("service.log")).unwrap_or_default());
        tried
    }

    /// Starts a copy of the system with its own init and no network but its own, until a unit of it ends.
    fn boot_into(&self, unit: &str) -> Result<Command> {
        let place = self.folder.join("scripts").join(unit);
        let mut nspawn = self.nspawn()?;
        nspawn.arg(format!("--bind-ro={}:/etc/systemd/system/{unit}", place.display()));
        nspawn.args(["--boot", "--private-network", "--console=pipe", "systemd.show_status=false"]);
        nspawn.arg(format!("systemd.wants={unit}"));
        Ok(nspawn)
    }

    fn nspawn(&self) -> Result<Command> {
        let mut nspawn = self.as_root("systemd-nspawn")?;
        // No machine is registered: there may be no systemd out here that could know of it.
        nspawn.args(["--quiet", "--ephemeral", "--register=no", "--keep-unit", "--link-journal=no"]);
        nspawn.arg("--directory").arg(self.root());
        for (bind, outside, inside) in [
            ("bind-ro", dist(self.checkout), "/packages"),
            ("bind-ro", self.folder.join("scripts"), "/trial"),
            ("bind-ro", self.folder.join("security.list"), "/etc/apt/sources.list.d/security.list"),
            ("bind", self.seen.clone(), "/seen"),
        ] {
            nspawn.arg(format!("--{bind}={}:{inside}", outside.display()));
        }
        Ok(nspawn)
    }
}

/// Where this machine itself gets that release from; another Debian leaves the choice to debootstrap.
fn archive(release: &str) -> Result<Option<String>> {
    let sources =
        output_of(Command::new("apt-get").args(["indextargets", "--format", "$(RELEASE) $(REPO_URI)"]))?;
    Ok(sources.lines().find_map(|line| Some(line.strip_prefix(release)?.strip_prefix(' ')?.to_owned())))
}

impl Drop for CleanSystem<'_> {
    fn drop(&mut self) {
        let removed = self.as_root("rm").and_then(|mut rm| {
            run_command(rm.args(["--recursive", "--force", "--one-file-system"]).arg(&self.folder))
        });
        if let Err(error) = removed {
            eprintln!("{error:#}");
        }
    }
}
