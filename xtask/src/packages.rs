//! What the system lacks, and how it gets it.

use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

use crate::checkout::{Checkout, output_of, run};

/// A set of system packages that some command needs.
pub struct Needs {
    /// Packages of Debian and Ubuntu.
    debian: &'static [&'static str],
    /// Programs that tell, on any system, whether the set is there.
    programs: &'static [&'static str],
    /// The library that pkg-config must know.
    library: Option<&'static str>,
    why: &'static str,
}

pub const BUILD: Needs = Needs {
    debian: &[
        "build-essential",
        "pkg-config",
        "libwebkit2gtk-4.1-dev",
        "libayatana-appindicator3-1",
        // Without it the video encoder is built all the same, and is a third as fast.
        "nasm",
    ],
    programs: &["cc", "pkg-config"],
    library: Some("webkit2gtk-4.1"),
    why: "to build and run the desktop client",
};

pub const VIRTUAL_DISPLAY: Needs = Needs {
    debian: &["xvfb", "openbox", "dbus", "xdotool", "imagemagick", "fonts-dejavu-core"],
    programs: &["Xvfb", "openbox", "dbus-daemon", "xdotool", "import"],
    library: None,
    why: "to show windows where there is no display",
};

pub const DESKTOP_TESTS: Needs = Needs {
    debian: &[
        "webkit2gtk-driver",
        "dunst",
        "libglib2.0-bin",
        "xdg-utils",
        "desktop-file-utils",
        "xterm",
        "x11-utils",
        "x11-xkb-utils",
        "tigervnc-viewer",
    ],
    programs: &["WebKitWebDriver", "dbus-run-session"],
    library: None,
    why: "to drive the real windows in tests",
};

/// What the figures of the screen are measured beside.
pub const OTHER_SCREENS: Needs = Needs {
    debian: &["tigervnc-scraping-server", "x11vnc", "xterm"],
    programs: &["X0tigervnc", "x11vnc", "xterm"],
    library: None,
    why: "to measure other programs that show a screen",
};

pub const NETWORKS: Needs = Needs {
    debian: &["iproute2", "nftables", "util-linux"],
    programs: &["ip", "nft", "nsenter", "unshare"],
    library: None,
    why: "to test sessions between networks",
};

pub const BROWSER_TESTS: Needs = Needs {
    debian: &["chromium", "chromium-driver"],
    programs: &["chromium", "chromedriver"],
    library: None,
    why: "to open the service's pages in tests",
};

/// Debian has a compiler of its own for these, whose libraries `platforms` installs by the names of the day.
pub const OTHER_SYSTEMS: Needs = Needs {
    debian: &["gcc-mingw-w64-x86-64", "g++-mingw-w64-x86-64", "llvm", "wine64"],
    programs: &["x86_64-w64-mingw32-gcc", "x86_64-w64-mingw32-g++", "llvm-rc"],
    library: None,
    why: "to build for other systems",
};

pub const CLEAN_SYSTEMS: Needs = Needs {
    debian: &["debootstrap", "systemd-container"],
    programs: &["debootstrap", "systemd-nspawn"],
    library: None,
    why: "to try packages in clean systems",
};

/// The least Node.js that the UI's tools accept.
const NODE: (u32, u32) = (20, 19);

pub fn ensure(checkout: &Checkout, needs: &[&Needs]) -> Result<()> {
    ensure_node()?;
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    if checkout.has_program("dpkg-query") && checkout.has_program("apt-get") {
        return ensure_debian(checkout, needs);
    }
    for needs in needs {
        if !is_there(checkout, needs)? {
            bail!("Something is missing {}. {}", needs.why, advice(checkout));
        }
    }
    Ok(())
}

fn ensure_node() -> Result<()> {
    let asked = output_of(Command::new("node").arg("--version"));
    let version = asked.context("Node.js is missing: install version 20.19 or newer, with npm")?;
    if node_is_new_enough(&version) {
        return Ok(());
    }
    bail!("Node.js {version} is too old: install version {}.{} or newer", NODE.0, NODE.1)
}

fn node_is_new_enough(version: &str) -> bool {
    let mut numbers = version.trim_start_matches('v').split('.').map_while(|part| part.parse::<u32>().ok());
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)) >= NODE
}

fn ensure_debian(checkout: &Checkout, needs: &[&Needs]) -> Result<()> {
    install(checkout, &needs.iter().flat_map(|needs| needs.debian).copied().collect::<Vec<_>>())
}

pub fn is_debian_x86_64() -> bool {
    let system = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    cfg!(target_arch = "x86_64") && system.lines().any(|line| line == "ID=debian")
}

/// Asks the archive what it has now.
pub fn update(checkout: &Checkout) -> Result<()> {
    run(apt(checkout)?.arg("update"))
}

/// Installs those of these packages of Debian and Ubuntu that are missing.
pub fn install(checkout: &Checkout, wanted: &[&str]) -> Result<()> {
    let listed = Command::new("dpkg-query")
        .args(["--show", "--showformat=${db:Status-Status} ${Package}\n"])
        .args(wanted)
        // It fails, and complains, for packages that it has never heard of: those are missing too.
        .stderr(Stdio::null())
        .output()
        .context("could not ask dpkg-query")?;
    let missing = missing_of(wanted, &String::from_utf8_lossy(&listed.stdout));
    if missing.is_empty() {
        return Ok(());
    }
    println!("Installing what this system lacks: {}", missing.join(" "));
    update(checkout)?;
    run(apt(checkout)?.args(["install", "--yes", "--no-install-recommends"]).args(&missing))
}

fn missing_of<'a>(wanted: &[&'a str], listed: &str) -> Vec<&'a str> {
    let installed: Vec<&str> = listed.lines().filter_map(|line| line.strip_prefix("installed ")).collect();
    wanted.iter().copied().filter(|package| !installed.contains(package)).collect()
}

fn apt(checkout: &Checkout) -> Result<Command> {
    let mut apt = as_root(checkout, "apt-get").with_context(|| advice(checkout))?;
    apt.arg("--quiet").env("DEBIAN_FRONTEND", "noninteractive");
    Ok(apt)
}

/// Runs a program as root, by way of sudo where that is needed.
pub fn as_root(checkout: &Checkout, program: &str) -> Result<Command> {
    if is_root() {
        return Ok(Command::new(program));
    }
    if !checkout.has_program("sudo") {
        bail!("`{program}` needs root, and there is no sudo");
    }
    let mut sudo = Command::new("sudo");
    sudo.args(["--preserve-env=DEBIAN_FRONTEND", program]);
    Ok(sudo)
}

#[cfg(unix)]
fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

#[cfg(not(unix))]
fn is_root() -> bool {
    false
}

fn is_there(checkout: &Checkout, needs: &Needs) -> Result<bool> {
    let programs = needs.programs.iter().all(|name| checkout.has_program(name));
    let Some(library) = needs.library.filter(|_| programs) else { return Ok(programs) };
    let known = Command::new("pkg-config")
        .args(["--exists", library])
        .status()
        .context("could not ask pkg-config")?;
    Ok(known.success())
}

/// The one line to run, for the package managers whose names for these packages we know.
fn advice(checkout: &Checkout) -> String {
    const LINES: [(&str, &str); 4] = [
        (
            "apt-get",
            "apt-get install build-essential pkg-config libwebkit2gtk-4.1-dev libayatana-appindicator3-1 \
             xvfb openbox dbus xdotool imagemagick",
        ),
        (
            "dnf",
            "dnf install gcc gcc-c++ pkgconf-pkg-config webkit2gtk4.1-devel libayatana-appindicator-gtk3 \
             xorg-x11-server-Xvfb openbox dbus-daemon xdotool ImageMagick",
        ),
        (
            "pacman",
            "pacman -S --needed base-devel webkit2gtk-4.1 libayatana-appindicator \
             xorg-server-xvfb openbox dbus xdotool imagemagick",
        ),
        (
            "zypper",
            "zypper install gcc gcc-c++ pkg-config webkit2gtk3-devel libayatana-appindicator3-1 \
             xorg-x11-server-Xvfb openbox dbus-1-daemon xdotool ImageMagick",
        ),
    ];
    let line = LINES.iter().find(|(manager, _)| checkout.has_program(manager));
    match line {
        Some((_, line)) => format!("As root, run:\n\n  {line}\n\nand then this command again."),
        None => "README.md names the libraries; install them with your system's package manager.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_that_was_removed_or_never_heard_of_is_missing() {
        let listed = "installed xvfb\nconfig-files dunst\ninstalled dbus\n";
        assert_eq!(missing_of(&["xvfb", "dunst", "chromium", "dbus"], listed), ["dunst", "chromium"]);
    }

    #[test]
    fn node_is_compared_by_number() {
        for (version, enough) in
            [("v20.19.0", true), ("v22.1.0", true), ("v20.9.5", false), ("v18.20.0", false), ("", false)]
        {
            assert_eq!(node_is_new_enough(version), enough, "{version}");
        }
    }
}
