//! A real Chromium, with a profile that nobody used before.

use std::process::Command;

use fantoccini::wd::{Capabilities, WebDriverCompatibleCommand};
use serde_json::{Value, json};
use tempfile::TempDir;
use url::{ParseError, Url};

use crate::page::Page;
use crate::stage::Program;

const HEADLESS: &str = "--headless=new";
const ARGUMENTS: [&str; 9] = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    // Pages from elsewhere may refer to this computer: here, the service stands for one on the internet.
    "--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests",
];

pub struct Chromium {
    pub page: Page,
    _driver: Program,
    _folder: TempDir,
}

impl Chromium {
    pub async fn opens() -> Self {
        Self::opens_with(chromedriver(), json!({}), &[HEADLESS]).await
    }

    /// As this person's browser on the screen: what `lends` gives it, the programs that it starts get too. Links
    /// with these schemes leave pages of this origin without a question of its own.
    pub async fn opens_on_a_screen(
        lends: impl FnOnce(Command) -> Command,
        origin: &str,
        schemes: &[&str],
    ) -> Self {
        let opened: serde_json::Map<_, _> =
            schemes.iter().map(|&scheme| (scheme.to_owned(), Value::Bool(true))).collect();
        let preferences = json!({ "protocol_handler.allowed_origin_protocol_pairs": { origin: opened } });
        Self::opens_with(lends(chromedriver()), preferences, &[]).await
    }

    pub async fn opens_without_scripts() -> Self {
        let preferences = json!({ "profile.managed_default_content_settings.javascript": 2 });
        Self::opens_with(chromedriver(), preferences, &[HEADLESS]).await
    }

    async fn opens_with(mut driver: Command, preferences: Value, more: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut driver = Program::start("chromedriver", &mut driver, folder.path());
        let port = driver.says("ChromeDriver was started successfully on port ").await;
        let mut arguments: Vec<String> =
            ARGUMENTS.iter().chain(more).map(|&argument| argument.to_owned()).collect();
        arguments.push(format!("--user-data-dir={}", folder.path().join("profile").display()));
        let mut capabilities = Capabilities::new();
        capabilities.insert("browserName".into(), "chrome".into());
        capabilities.insert("goog:loggingPrefs".into(), json!({ "browser": "ALL" }));
        let options = json!({ "args": arguments, "prefs": preferences });
        capabilities.insert("goog:chromeOptions".into(), options);
        let page = Page::through(port.trim_end_matches('.').parse().unwrap(), capabilities).await;
        Self { page, _driver: driver, _folder: folder }
    }

    pub async fn visits(&self, url: &str) {
        self.page.driver.goto(url).await.unwrap();
    }

    pub async fn prefers_dark(&self, dark: bool) {
        let scheme = json!({ "name": "prefers-color-scheme", "value": if dark { "dark" } else { "light" } });
        self.tells("Emulation.setEmulatedMedia", json!({ "features": [scheme] })).await;
    }

    /// To the pages that it visits from now on.
    pub async fn says_it_is(&self, agent: &str) {
        self.tells("Emulation.setUserAgentOverride", json!({ "userAgent": agent })).await;
    }

    /// The page's width and height; zooming to 200 % halves them and doubles the pixels.
    pub async fn is_sized(&self, width: u32, height: u32, pixels: u32) {
        let size =
            json!({ "width": width, "height": height, "deviceScaleFactor": pixels, "mobile": width < 500 });
        self.tells("Emulation.setDeviceMetricsOverride", size).await;
    }

    /// What the pages complained about since it was asked last: errors, and what their policy forbade.
    pub async fn complaints(&self) -> Vec<String> {
        let asked = self.page.driver.issue_cmd(Own { path: "se/log", body: json!({ "type": "browser" }) });
        let entries = asked.await.unwrap();
        let all = entries.as_array().cloned().unwrap_or_default();
        all.iter().map(|entry| format!("{} {}", entry["level"], entry["message"])).collect()
    }

    pub async fn tells(&self, command: &str, parameters: Value) -> Value {
        let body = json!({ "cmd": command, "params": parameters });
        self.page.driver.issue_cmd(Own { path: "goog/cdp/execute", body }).await.unwrap()
    }
}

fn chromedriver() -> Command {
    let mut driver = Command::new("chromedriver");
    driver.arg("--port=0");
    driver
}

/// A command of this driver alone.
#[derive(Debug)]
struct Own {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Own {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _url: &Url) -> (reqwest::Method, Option<String>) {
        (reqwest::Method::POST, Some(self.body.to_string()))
    }
}
