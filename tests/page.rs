//! A page as a person sees and uses it: by its words, and by the names of what can be pressed and filled in.

use std::path::Path;
use std::time::Duration;

use fantoccini::actions::{InputSource, KeyAction, KeyActions, MouseActions, PointerAction};
use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::Value;
use tokio::time::timeout;

use crate::stage::{PATIENCE, patiently, pictures};

const ANSWER_WITHIN: Duration = Duration::from_secs(10);

/// For two seconds there is always a next frame, which looks like the one before.
const STIR: &str = "const page = document.documentElement.style; let frame = 0;
    const stirring = setInterval(() => {
        page.opacity = ++frame % 2 ? '0.999' : '';
        if (frame === 40) clearInterval(stirring);
    }, 50)";

pub struct Page {
    pub driver: Client,
}

impl Page {
    /// Through a WebDriver that listens on this port.
    pub async fn through(port: u16, capabilities: Capabilities) -> Self {
        let url = format!("http://127.0.0.1:{port}");
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let connecting = builder.capabilities(capabilities);
        let driver = timeout(PATIENCE, connecting.connect(&url)).await.expect("a WebDriver session in time");
        Self { driver: driver.unwrap() }
    }

    /// Everything that can be read on it, on one line.
    pub async fn text(&self) -> String {
        timeout(ANSWER_WITHIN, self.text_in("body")).await.ok().flatten().unwrap_or_default()
    }

    async fn text_in(&self, css: &str) -> Option<String> {
        let script = "const part = document.querySelector(arguments[0]); return part && part.innerText";
        let text = self.driver.execute(script, vec![css.into()]).await.ok()?;
        // Names from elsewhere stand between marks that nobody sees.
        let shown = text.as_str()?.replace(['\u{2068}', '\u{2069}'], "");
        Some(shown.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    pub async fn sees(&self, words: &str) {
        self.sees_in("body", words).await;
    }

    pub async fn sees_in(&self, css: &str, words: &str) {
        let look = async || self.text_in(css).await.filter(|text| text.contains(words));
        self.awaited(&format!("{words:?} in {css}"), look).await;
    }

    /// What stands there, once something does.
    pub async fn reads(&self, css: &str) -> String {
        let look = async || self.text_in(css).await.filter(|text| !text.is_empty());
        self.awaited(&format!("something to read in {css}"), look).await
    }

    pub async fn no_longer_sees(&self, words: &str) {
        let look = async || self.text_in("body").await.filter(|text| !text.contains(words));
        self.awaited(&format!("the page without {words:?}"), look).await;
    }

    pub async fn is_there(&self, css: &str) {
        let look = async || self.counts(css).await.filter(|count| *count > 0);
        self.awaited(css, look).await;
    }

    pub async fn is_not_there(&self, css: &str) {
        let look = async || self.counts(css).await.filter(|count| *count == 0);
        self.awaited(&format!("the page without {css}"), look).await;
    }

    async fn counts(&self, css: &str) -> Option<usize> {
        Some(self.driver.find_all(Locator::Css(css)).await.ok()?.len())
    }

    /// Presses the button, or the link, of this name, as soon as it can be pressed.
    pub async fn presses(&self, name: &str) {
        let press = async || self.tries_to_press(name).await;
        self.awaited(&format!("a button {name:?} to press"), press).await;
    }

    pub async fn tries_to_press(&self, name: &str) -> Option<()> {
        let path = format!(
            r#"//*[self::button or self::a][@aria-label="{name}" or (not(@aria-label) and normalize-space(.)="{name}")]
               [not(@aria-disabled="true")]"#
        );
        self.click(Locator::XPath(&path)).await
    }

    pub async fn presses_at(&self, css: &str) {
        let press = async || self.click(Locator::Css(css)).await;
        self.awaited(&format!("{css} to press"), press).await;
    }

    /// Presses the switch of this name as soon as it is on, and waits until it is off.
    pub async fn turns_off(&self, label: &str) {
        self.turns(label, "checked", "unchecked").await;
    }

    /// Presses the switch of this name as soon as it is off, and waits until it is on.
    pub async fn turns_on(&self, label: &str) {
        self.turns(label, "unchecked", "checked").await;
    }

    async fn turns(&self, label: &str, from: &str, to: &str) {
        let switch = |state: &str| {
            format!(
                r#"//*[@role="switch" and @id=//label[normalize-space(.)="{label}"]/@for and @data-state="{state}"]
                   [not(@disabled)]"#
            )
        };
        let press = async || self.click(Locator::XPath(&switch(from))).await;
        self.awaited(&format!("the switch {label:?}, {from}"), press).await;
        let look = async || self.displayed(Locator::XPath(&switch(to))).await;
        self.awaited(&format!("the switch {label:?}, {to}"), look).await;
    }

    /// A dialog may still be moving over it: what was not clicked is tried again.
    async fn click(&self, what: Locator<'_>) -> Option<()> {
        for element in self.driver.find_all(what).await.ok()? {
            if element.is_displayed().await.ok()? && element.click().await.is_ok() {
                return Some(());
            }
        }
        None
    }

    /// Replaces what is in the field of this name.
    pub async fn fills(&self, label: &str, text: &str) {
        let field = self.field(label).await;
        in_time(field.clear()).await;
        in_time(field.send_keys(text)).await;
    }

    pub async fn holds(&self, label: &str) -> String {
        in_time(self.field(label).await.prop("value")).await.unwrap_or_default()
    }

    async fn field(&self, label: &str) -> Element {
        let path = format!(
            r#"//*[self::input or self::textarea]
               [@aria-label="{label}" or @id=//label[normalize-space(.)="{label}"]/@for]"#
        );
        let find = async || self.displayed(Locator::XPath(&path)).await;
        self.awaited(&format!("a field {label:?}"), find).await
    }

    async fn displayed(&self, what: Locator<'_>) -> Option<Element> {
        let element = self.driver.find(what).await.ok()?;
        element.is_displayed().await.ok()?.then_some(element)
    }

    /// Presses keys wherever the focus is.
    pub async fn types(&self, keys: &str) {
        let mut actions = KeyActions::new("keyboard".to_owned());
        for value in keys.chars() {
            actions = actions.then(KeyAction::Down { value }).then(KeyAction::Up { value });
        }
        in_time(self.driver.perform_actions(actions)).await;
    }

    /// Moves the pointer there and presses its first button.
    pub async fn points_at(&self, x: f64, y: f64) {
        let moved = PointerAction::MoveTo { duration: None, x, y };
        let button = fantoccini::actions::MOUSE_BUTTON_LEFT;
        let actions = MouseActions::new("mouse".to_owned())
            .then(moved)
            .then(PointerAction::Down { button })
            .then(PointerAction::Up { button });
        in_time(self.driver.perform_actions(actions)).await;
    }

    /// Chooses the line of this name from the menu that is open.
    pub async fn chooses(&self, line: &str) {
        let path = format!(r#"//*[@role="menuitem" and normalize-space(.)="{line}"]"#);
        let choose = async || self.click(Locator::XPath(&path)).await;
        self.awaited(&format!("the line {line:?} in a menu"), choose).await;
    }

    /// What has the focus, by its name.
    pub async fn focused(&self) -> String {
        let script = "const on = document.activeElement;
            return on.getAttribute('aria-label') || on.labels?.[0]?.textContent || on.innerText || on.tagName";
        let name = self.driver.execute(script, vec![]).await.unwrap();
        name.as_str().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    pub async fn focus_reaches(&self, name: &str) {
        let look = async || (self.focused().await == name).then_some(());
        self.awaited(&format!("the focus on {name:?}"), look).await;
    }

    pub async fn evaluates(&self, script: &str) -> Result<Value, CmdError> {
        self.driver.execute(script, vec![]).await
    }

    /// For a person to look at, if one wants to.
    pub async fn is_pictured(&self, name: &str) {
        let Some(folder) = pictures() else { return };
        std::fs::create_dir_all(&folder).unwrap();
        // WebKit's driver answers with the next frame, and a page at rest has none.
        let _ = timeout(ANSWER_WITHIN, self.evaluates(STIR)).await;
        if let Ok(Ok(picture)) = timeout(ANSWER_WITHIN, self.driver.screenshot()).await {
            std::fs::write(folder.join(format!("{name}.png")), picture).unwrap();
        } else {
            tracing::warn!("no picture {name}");
        }
    }

    async fn awaited<T>(&self, what: &str, look: impl AsyncFnMut() -> Option<T>) -> T {
        if let Some(seen) = patiently(look).await {
            return seen;
        }
        self.is_pictured("in-vain").await;
        panic!("waited in vain for {what}; the page says: {}", self.text().await)
    }
}

async fn in_time<T>(command: impl Future<Output = Result<T, CmdError>>) -> T {
    timeout(PATIENCE, command).await.expect("the driver answers in time").unwrap()
}

/// Where the pages' own packages are.
pub fn ui_package(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/node_modules").join(path)
}
