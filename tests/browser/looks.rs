//! A page as everyone meets it: in each language, at each size, in light and dark, checked with axe; and with
//! scripts switched off.

use beckon_tests::chromium::Chromium;
use beckon_tests::page::ui_package;
use beckon_tests::step;
use serde_json::{Value, json};

pub const WINDOWS: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0";
pub const MAC: &str = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Safari/605.1.15";
pub const LINUX: &str = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0";
pub const PHONE: &str = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile";

pub const ENTER: &str = "\u{e007}";

/// Width, height, pixels for each of the page's: a desk, twice the size, and a telephone.
const SIZES: [(u32, u32, u32); 3] = [(1280, 800, 1), (640, 400, 2), (360, 640, 2)];

pub struct Looks {
    browser: Chromium,
    axe: String,
    /// Where join codes are typed.
    code_page: String,
}

#[derive(Clone)]
pub enum At {
    Link(String),
    /// Behind what somebody types for a join code.
    Code(String),
}

impl Looks {
    pub async fn open(origin: &str) -> Self {
        let axe = std::fs::read_to_string(ui_package("axe-core/axe.min.js"));
        Self {
            browser: Chromium::opens().await,
            axe: axe.expect("the UI's packages are installed"),
            code_page: format!("{origin}/join"),
        }
    }

    /// `says` is what must be there to read, in English and in German.
    pub async fn at(&self, name: &str, agent: &str, at: At, says: [&str; 2]) {
        for (language, says) in ["en", "de"].into_iter().zip(says) {
            step(&format!("{name} in {language}"));
            let speaks = json!({ "userAgent": agent, "acceptLanguage": language });
            self.browser.tells("Emulation.setUserAgentOverride", speaks).await;
            self.runs_scripts(false).await;
            self.goes(&at).await;
            self.browser.page.sees(says).await;
            self.runs_scripts(true).await;
            self.goes(&at).await;
            self.browser.page.sees(says).await;
            self.can_be_read(name, language).await;
        }
        // That an end answers with its own status is meant.
        let complaints = self.browser.complaints().await;
        let unmeant =
            complaints.iter().filter(|line| !line.contains("the server responded with a status of"));
        assert_eq!(unmeant.collect::<Vec<_>>(), Vec::<&String>::new(), "{name}");
    }

    async fn runs_scripts(&self, runs: bool) {
        self.browser.tells("Emulation.setScriptExecutionDisabled", json!({ "value": !runs })).await;
    }

    async fn goes(&self, at: &At) {
        match at {
            At::Link(url) => self.browser.visits(url).await,
            At::Code(typed) => {
                self.browser.visits(&self.code_page).await;
                self.browser.page.presses_at("#code").await;
                self.browser.page.types(&format!("{typed}{ENTER}")).await;
            }
        }
    }

    async fn can_be_read(&self, name: &str, language: &str) {
        self.browser.page.evaluates(&self.axe).await.unwrap();
        for (width, height, pixels) in SIZES {
            self.browser.is_sized(width, height, pixels).await;
            let wider = self.counts("document.documentElement.scrollWidth - innerWidth").await;
            assert!(wider <= 0, "{name} in {language} is wider than {width}");
            // Colours are the same at every size.
            let schemes: &[bool] = if width == SIZES[0].0 { &[true, false] } else { &[false] };
            for &dark in schemes {
                self.browser.prefers_dark(dark).await;
                let found = self.violations().await;
                assert_eq!(found, Vec::<String>::new(), "{name} in {language}, {width} wide, dark: {dark}");
                self.is_pictured_whole(&format!("page-{name}-{language}-{width}"), width, pixels, dark).await;
            }
        }
    }

    async fn is_pictured_whole(&self, name: &str, width: u32, pixels: u32, dark: bool) {
        let height = self.counts("document.documentElement.scrollHeight").await;
        self.browser.is_sized(width, height.try_into().unwrap(), pixels).await;
        self.browser.page.is_pictured(&format!("{name}-{}", if dark { "dark" } else { "light" })).await;
    }

    async fn counts(&self, what: &str) -> i64 {
        let counted = self.browser.page.evaluates(&format!("return {what}")).await.unwrap();
        counted.as_i64().unwrap()
    }

    async fn violations(&self) -> Vec<String> {
        let run = "const [done] = arguments;
            axe.run(document, { resultTypes: ['violations'] }).then((found) => done(found.violations))";
        let found = self.browser.page.driver.execute_async(run, vec![]).await.unwrap();
        let all = found.as_array().cloned().unwrap_or_default();
        all.iter().map(|one| format!("{}: {}", text(&one["id"]), one["nodes"][0]["failureSummary"])).collect()
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
