//! A screen, a window manager and a session bus for machines that have none.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::checkout::output_of;
use crate::processes::Processes;

/// How often a window is looked at before it is photographed as it is.
const LOOKS: u32 = 50;
/// A picture with text has more colours than this.
const FLAT: u32 = 16;

pub struct VirtualDisplay {
    display: String,
    bus: String,
}

impl VirtualDisplay {
    pub fn open(processes: &mut Processes) -> Result<Self> {
        // The server picks a number that is free, and says it once it answers there.
        let mut xvfb = Command::new("Xvfb");
        xvfb.args(["-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp", "-noreset"]);
        let number = processes.start_announcing("xvfb", "", &mut xvfb)?;

        // A bus of its own, so that a client that runs elsewhere does not take this one's place.
        let mut dbus = Command::new("dbus-daemon");
        dbus.args(["--session", "--nofork", "--nopidfile", "--print-address=1"]);
        let bus = processes.start_announcing("dbus", "", &mut dbus)?;

        let display = Self { display: format!(":{number}"), bus };
        processes.start("openbox", display.lend(&mut Command::new("openbox")))?;
        Ok(display)
    }

    /// Lets a command show its windows here.
    pub fn lend<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command
            .env("DISPLAY", &self.display)
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus)
            // No accessibility bus is started for a screen that nobody looks at.
            .env("NO_AT_BRIDGE", "1")
            .env_remove("WAYLAND_DISPLAY")
            .env_remove("XAUTHORITY")
    }

    /// Waits until a window of each of these processes is painted, and saves what the screen shows then.
    pub fn photograph(&self, processes: &mut Processes, windows_of: &[u32], picture: &Path) -> Result<()> {
        for process in windows_of {
            let mut search = Command::new("xdotool");
            search.args(["search", "--sync", "--all", "--onlyvisible", "--pid", &process.to_string()]);
            search.args(["--name", "Beckon"]);
            let windows = output_of(self.lend(&mut search))?;
            if let Some(window) = windows.lines().last() {
                self.wait_for_paint(window, picture)?;
            }
        }
        processes
            .run_quietly("import", self.lend(Command::new("import").args(["-window", "root"]).arg(picture)))
    }

    /// A window is there a moment before its page is: until then it has one colour.
    fn wait_for_paint(&self, window: &str, picture: &Path) -> Result<()> {
        for _ in 0..LOOKS {
            output_of(self.lend(Command::new("import").args(["-window", window]).arg(picture)))?;
            let colours = output_of(Command::new("identify").args(["-format", "%k"]).arg(picture))?;
            if colours.parse::<u32>().is_ok_and(|colours| colours > FLAT) {
                break;
            }
        }
        Ok(())
    }
}
