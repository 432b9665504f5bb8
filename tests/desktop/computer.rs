//! A computer with Beckon on it: one session bus, one place for data, any number of profiles.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use beckon_tests::page::Page;
use beckon_tests::stage::{self, Program, built, free_port, until};
use fantoccini::wd::{Capabilities, WindowHandle};
use serde_json::json;
use tempfile::TempDir;
use tokio::net::TcpStream;

use crate::own_screen::OwnScreen;
use crate::screen::xdotool;

/// How the person likes their windows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    Light,
    Dark,
}

/// How Beckon is started.
#[derive(Clone, Copy)]
pub struct Start<'a> {
    pub profile: &'a str,
    pub service: Option<&'a str>,
    pub sign_in_code: Option<&'a str>,
    pub look: Look,
    /// As the system starts it.
    pub hidden: bool,
    /// What else stands on its command line.
    pub arguments: &'a [&'a str],
    /// Another file with the program in it.
    pub program: Option<&'a Path>,
    /// A part of this computer, and no copy that keeps to a folder of its own.
    pub installed: bool,
}

impl Default for Start<'_> {
    fn default() -> Self {
        Self {
            profile: "default",
            service: None,
            sign_in_code: None,
            look: Look::Light,
            hidden: false,
            arguments: &[],
            program: None,
            installed: false,
        }
    }
}

/// A session bus that starts nothing by itself: what it started would outlive the story.
const BUS: &str = "<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen>
    <policy context='default'><allow send_destination='*' eavesdrop='true'/><allow eavesdrop='true'/>
    <allow own='*'/></policy></busconfig>";

pub struct Computer {
    bus: String,
    bus_daemon: Program,
    /// None: the screen of the story.
    screen: Option<OwnScreen>,
    /// Whether links open nothing but what is put into its person's own folders.
    bare: bool,
    folder: TempDir,
}

impl Computer {
    pub async fn is_switched_on() -> Self {
        stage::opens();
        let folder = tempfile::tempdir().unwrap();
        let mut daemon = Command::new("dbus-daemon");
        let rules = folder.path().join("bus.conf");
        fs::write(&rules, BUS).unwrap();
        daemon.arg("--config-file").arg(rules).args(["--nofork", "--nopidfile", "--print-address=1"]);
        let mut daemon = Program::start("bus", &mut daemon, folder.path());
        let bus = format!("unix:{}", daemon.says("unix:").await);
        Self { bus, bus_daemon: daemon, screen: None, bare: false, folder }
    }

    /// Whatever is installed where the story is told: no link opens it here.
    pub async fn without_other_programs() -> Self {
        let computer = Self { bare: true, ..Self::is_switched_on().await };
        fs::create_dir(computer.bare()).unwrap();
        for part in fs::read_dir("/usr/share").unwrap() {
            let part = part.unwrap();
            if part.file_name() != "applications" {
                symlink(part.path(), computer.bare().join(part.file_name())).unwrap();
            }
        }
        computer
    }

    /// For whoever shows their screen to somebody else.
    pub async fn with_its_own_screen() -> Self {
        let mut computer = Self::is_switched_on().await;
        computer.screen = Some(OwnScreen::is_switched_on(computer.folder()).await);
        computer
    }

    pub fn screen(&self) -> &OwnScreen {
        self.screen.as_ref().unwrap()
    }

    /// Where other programs of this computer speak to Beckon.
    pub fn bus(&self) -> &str {
        &self.bus
    }

    /// As when the desktop crashes.
    pub fn loses_its_bus(&mut self) {
        self.bus_daemon.kill();
    }

    /// Opens Beckon's main window, with a hand on its windows.
    pub async fn opens_beckon(&self, start: Start<'_>) -> Desktop {
        self.opens(start, "main").await
    }

    /// Opens it where its first window shows this view.
    pub async fn opens(&self, start: Start<'_>, view: &str) -> Desktop {
        let port = free_port();
        let mut driver = self.lends(Command::new("WebKitWebDriver"), start);
        driver.args([format!("--port={port}"), "--host=127.0.0.1".into()]);
        driver.env("TAURI_WEBVIEW_AUTOMATION", "true");
        let driver = Program::start(&format!("beckon-{}", start.profile), &mut driver, self.folder.path());
        until("WebKitWebDriver", async || TcpStream::connect(("127.0.0.1", port)).await.ok()).await;
        let binary = program(start);
        let options = json!({ "binary": binary, "args": arguments(start) });
        let mut capabilities = Capabilities::new();
        capabilities.insert("webkitgtk:browserOptions".into(), options);
        let page = Page::through(port, capabilities).await;
        let desktop = Desktop { page, _driver: driver };
        desktop.looks_at(view).await;
        desktop
    }

    /// A hand on the windows of a Beckon that another program of this computer starts.
    pub async fn meets(&self, beckon: &Inspected, start: Start<'_>) -> Desktop {
        let inspector = beckon.address();
        until("Beckon", async || TcpStream::connect(&inspector).await.ok()).await;
        let port = free_port();
        let mut driver = self.lends(Command::new("WebKitWebDriver"), start);
        driver.args([format!("--port={port}"), "--host=127.0.0.1".into(), format!("--target={inspector}")]);
        let driver = Program::start("driver", &mut driver, self.folder.path());
        until("WebKitWebDriver", async || TcpStream::connect(("127.0.0.1", port)).await.ok()).await;
        let desktop = Desktop { page: Page::through(port, Capabilities::new()).await, _driver: driver };
        desktop.looks_at("main").await;
        desktop
    }

    /// Starts Beckon as a person would, and nobody drives it.
    pub fn starts_beckon(&self, start: Start<'_>) -> Program {
        let mut beckon = self.lends(Command::new(program(start)), start);
        Program::start("second-start", beckon.args(arguments(start)), self.folder.path())
    }

    /// Starts another program of this computer, which may start Beckon.
    pub fn starts(&self, command: Command, start: Start<'_>) -> Program {
        Program::start("other-program", &mut self.lends(command, start), self.folder.path())
    }

    /// Runs another program of this computer to its end. What it printed.
    pub fn runs(&self, command: Command) -> String {
        let output = self.lends(command, Start::default()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// It opens links of this scheme. Whenever it is started, it writes down in the file that is returned how many
    /// arguments it got, and which.
    pub fn has_another_program_for(&self, scheme: &str) -> PathBuf {
        let program = self.folder().join("another program");
        let script = "#!/bin/sh\nprintf '%s\\n' \"$#\" \"$@\" > \"$0.new\"\nmv \"$0.new\" \"$0.started\"\n";
        fs::write(&program, script).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        let applications = self.folder().join("share/applications");
        fs::create_dir_all(&applications).unwrap();
        let entry = format!(
            "[Desktop Entry]\nType=Application\nName=Other Desk\nExec=\"{}\" %u\nMimeType=x-scheme-handler/{scheme};\n",
            program.display()
        );
        fs::write(applications.join("other.desktop"), entry).unwrap();
        let mut gio = Command::new("gio");
        gio.args(["mime", &format!("x-scheme-handler/{scheme}"), "other.desktop"]);
        self.runs(gio);
        program.with_extension("started")
    }

    /// What xdotool tells of its screen, or does there.
    pub fn xdotool(&self, arguments: &[&str]) -> String {
        match &self.screen {
            Some(screen) => screen.xdotool(arguments),
            None => xdotool(arguments),
        }
    }

    /// What a window there says of itself under that name.
    pub fn property(&self, window: &str, name: &str) -> String {
        let mut xprop = Command::new("xprop");
        xprop.args(["-id", window, name]);
        if let Some(screen) = &self.screen {
            screen.lends(&mut xprop);
        }
        String::from_utf8_lossy(&xprop.output().unwrap().stdout).into_owned()
    }

    /// Where its person's files lie.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Everything that the Beckon of that profile has said so far.
    pub fn log_of(&self, profile: &str) -> String {
        fs::read_to_string(self.folder.path().join(format!("beckon-{profile}.log"))).unwrap()
    }

    /// What the system brings, but for its programs.
    fn bare(&self) -> PathBuf {
        self.folder.path().join("bare")
    }

    pub fn lends(&self, mut command: Command, start: Start<'_>) -> Command {
        command
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus)
            .env("BECKON_DATA", self.folder.path().join("data"))
            .env("XDG_DATA_HOME", self.folder.path().join("share"))
            .env("XDG_CONFIG_HOME", self.folder.path().join("config"))
            .env("LANG", "C.UTF-8")
            .env("NO_AT_BRIDGE", "1")
            .env("GTK_THEME", if start.look == Look::Dark { "Adwaita:dark" } else { "Adwaita" });
        if let Some(screen) = &self.screen {
            screen.lends(&mut command);
        }
        if self.bare {
            command
                .env("XDG_DATA_DIRS", self.bare())
                .env("BROWSER", "false")
                .env_remove("XDG_CURRENT_DESKTOP");
        }
        if start.installed {
            command.env_remove("BECKON_DATA").env("HOME", self.folder.path());
        }
        let told = [("BECKON_SERVICE", start.service), ("BECKON_SIGN_IN_CODE", start.sign_in_code)];
        for (name, value) in told {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command
    }
}

/// What a program is lent so that the Beckon that it starts can be looked at.
pub struct Inspected {
    port: u16,
}

impl Inspected {
    pub fn anew() -> Self {
        Self { port: free_port() }
    }

    pub fn lends(&self, mut command: Command) -> Command {
        command.env("WEBKIT_INSPECTOR_SERVER", self.address()).env("TAURI_WEBVIEW_AUTOMATION", "true");
        command
    }

    pub async fn is_gone(&self) {
        let address = self.address();
        let gone = async || TcpStream::connect(&address).await.is_err().then_some(());
        until("the end of Beckon", gone).await;
    }

    fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }
}

fn arguments<'a>(start: Start<'a>) -> Vec<&'a str> {
    let mut arguments = if start.profile == "default" { vec![] } else { vec!["--profile", start.profile] };
    arguments.extend(start.hidden.then_some("--hidden"));
    arguments.extend(start.arguments);
    arguments
}

fn program(start: Start<'_>) -> PathBuf {
    start.program.map_or_else(|| built("BECKON_BIN"), Path::to_owned)
}

/// One running Beckon. What is seen and done is in the window that was looked at last.
pub struct Desktop {
    pub page: Page,
    _driver: Program,
}

impl Desktop {
    /// Turns to the window that shows this view, once there is one.
    pub async fn looks_at(&self, view: &str) {
        until(&format!("the window {view}"), async || self.finds(view).await).await;
    }

    /// The one that is kept ready for what comes next, which nobody sees.
    pub async fn has_a_spare(&self) -> WindowHandle {
        until("a window that is kept ready", async || {
            self.finds("spare").await?;
            let waits =
                self.page.evaluates("return document.documentElement.dataset.spare === 'waits';").await;
            waits.ok()?.as_bool().filter(|waits| *waits)?;
            self.page.driver.window().await.ok()
        })
        .await
    }

    async fn finds(&self, view: &str) -> Option<()> {
        let driver = &self.page.driver;
        for window in driver.windows().await.ok()? {
            // It may be closing.
            if driver.switch_to_window(window).await.is_err() {
                continue;
            }
            if self.shows(view).await {
                return Some(());
            }
        }
        None
    }

    pub async fn has_windows(&self, count: usize) {
        until(&format!("{count} windows"), async || self.counts_windows(count).await).await;
    }

    /// Presses what closes this window. The driver may not hear whether it was pressed: nobody is left to say so.
    pub async fn leaves_by(&self, button: &str, left: usize) {
        until(&format!("{button:?} to close the window"), async || {
            let closed = self.counts_windows(left).await;
            if closed.is_none() {
                let _ = self.page.tries_to_press(button).await;
            }
            closed
        })
        .await;
    }

    /// In a window of its own.
    pub async fn calls_and_cancels(&self, said: &str) {
        self.looks_at("call").await;
        self.page.sees(said).await;
        self.leaves_by("Cancel", 1).await;
        self.looks_at("main").await;
    }

    /// What is kept ready is no window yet.
    async fn counts_windows(&self, count: usize) -> Option<()> {
        let driver = &self.page.driver;
        let looked_at = driver.window().await;
        let mut seen = 0;
        for window in driver.windows().await.ok()? {
            driver.switch_to_window(window).await.ok();
            seen += usize::from(!self.shows("spare").await);
        }
        if let Ok(window) = looked_at {
            driver.switch_to_window(window).await.ok();
        }
        (seen == count).then_some(())
    }

    async fn shows(&self, view: &str) -> bool {
        let url = self.page.driver.current_url().await;
        url.is_ok_and(|url| url.query_pairs().any(|(key, value)| key == "view" && value == view))
    }

    /// All its windows close, and the program with them.
    pub async fn quits(self) {
        let Self { page, _driver } = self;
        let _ = page.driver.close().await;
    }
}
