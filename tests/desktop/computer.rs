//! A computer with Beckon on it: one session bus, one place for data, any number of profiles.

use std::process::Command;

use beckon_tests::page::Page;
use beckon_tests::stage::{self, Program, built, free_port, until};
use fantoccini::wd::Capabilities;
use serde_json::json;
use tempfile::TempDir;
use tokio::net::TcpStream;

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
}

impl Default for Start<'_> {
    fn default() -> Self {
        Self { profile: "default", service: None, sign_in_code: None, look: Look::Light }
    }
}

/// A session bus that starts nothing by itself: what it started would outlive the story.
const BUS: &str = "<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen>
    <policy context='default'><allow send_destination='*' eavesdrop='true'/><allow eavesdrop='true'/>
    <allow own='*'/></policy></busconfig>";

pub struct Computer {
    bus: String,
    _bus_daemon: Program,
    folder: TempDir,
}

impl Computer {
    pub async fn is_switched_on() -> Self {
        stage::opens();
        let folder = tempfile::tempdir().unwrap();
        let mut daemon = Command::new("dbus-daemon");
        let rules = folder.path().join("bus.conf");
        std::fs::write(&rules, BUS).unwrap();
        daemon.arg("--config-file").arg(rules).args(["--nofork", "--nopidfile", "--print-address=1"]);
        let mut daemon = Program::start("bus", &mut daemon, folder.path());
        let bus = format!("unix:{}", daemon.says("unix:").await);
        Self { bus, _bus_daemon: daemon, folder }
    }

    /// Opens Beckon's main window, with a hand on its windows.
    pub async fn opens_beckon(&self, start: Start<'_>) -> Desktop {
        let port = free_port();
        let mut driver = self.lends(Command::new("WebKitWebDriver"), start);
        driver.args([format!("--port={port}"), "--host=127.0.0.1".into()]);
        driver.env("TAURI_WEBVIEW_AUTOMATION", "true");
        let driver = Program::start(&format!("beckon-{}", start.profile), &mut driver, self.folder.path());
        until("WebKitWebDriver", async || TcpStream::connect(("127.0.0.1", port)).await.ok()).await;
        let binary = built("BECKON_BIN");
        let options = json!({ "binary": binary, "args": arguments(start) });
        let mut capabilities = Capabilities::new();
        capabilities.insert("webkitgtk:browserOptions".into(), options);
        let page = Page::through(port, capabilities).await;
        let desktop = Desktop { page, _driver: driver };
        desktop.looks_at("main").await;
        desktop
    }

    /// Starts Beckon as a person would, and nobody drives it.
    pub fn starts_beckon(&self, start: Start<'_>) -> Program {
        let mut beckon = self.lends(Command::new(built("BECKON_BIN")), start);
        Program::start("second-start", beckon.args(arguments(start)), self.folder.path())
    }

    fn lends(&self, mut command: Command, start: Start<'_>) -> Command {
        command
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus)
            .env("BECKON_DATA", self.folder.path().join("data"))
            .env("XDG_DATA_HOME", self.folder.path().join("share"))
            .env("XDG_CONFIG_HOME", self.folder.path().join("config"))
            .env("LANG", "C.UTF-8")
            .env("NO_AT_BRIDGE", "1")
            .env("GTK_THEME", if start.look == Look::Dark { "Adwaita:dark" } else { "Adwaita" });
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

fn arguments<'a>(start: Start<'a>) -> Vec<&'a str> {
    if start.profile == "default" { vec![] } else { vec!["--profile", start.profile] }
}

/// One running Beckon. What is seen and done is in the window that was looked at last.
pub struct Desktop {
    pub page: Page,
    _driver: Program,
}

impl Desktop {
    /// Turns to the window that shows this view, once there is one.
    pub async fn looks_at(&self, view: &str) {
        let driver = &self.page.driver;
        until(&format!("the window {view}"), async || {
            for window in driver.windows().await.ok()? {
                // It may be closing.
                if driver.switch_to_window(window).await.is_err() {
                    continue;
                }
                let Ok(url) = driver.current_url().await else { continue };
                if url.query_pairs().any(|(key, value)| key == "view" && value == view) {
                    return Some(());
                }
            }
            None
        })
        .await;
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

    async fn counts_windows(&self, count: usize) -> Option<()> {
        let windows = self.page.driver.windows().await.ok()?;
        (windows.len() == count).then_some(())
    }

    /// All its windows close, and the program with them.
    pub async fn quits(self) {
        let Self { page, _driver } = self;
        let _ = page.driver.close().await;
    }
}
