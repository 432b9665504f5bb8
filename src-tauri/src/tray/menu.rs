//! What the tray's menu holds.

use beckon_client::Client;
use beckon_domain::{DeviceId, Language, RequestId};
use tauri::menu::{Menu, MenuBuilder, MenuItemBuilder};
use tauri::{AppHandle, Wry};

use crate::toasts::short;
use crate::words::{program, t, tn};

/// The first of them; the list has the rest.
const ROWS: usize = 5;
const REQUEST: &str = "request-";
const OPEN: &str = "open";
const COPY_ID: &str = "copy-id";
const QUIT: &str = "quit";

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Content {
    language: Language,
    /// Only an agent has requests.
    signed_in: bool,
    ready: Vec<(RequestId, String)>,
    device: Option<DeviceId>,
}

#[derive(Debug, PartialEq, Eq)]
pub enum Choice {
    Request(RequestId),
    Open,
    CopyId,
    Quit,
}

impl Content {
    pub fn of(client: &Client) -> Self {
        let home = client.state().home;
        Self {
            language: client.language(),
            signed_in: home.as_ref().is_some_and(|home| home.account.is_some()),
            ready: client.ready_for_me().iter().map(|row| (row.id, short(row.recipient.as_str()))).collect(),
            device: home.and_then(|home| home.device),
        }
    }

    pub fn count(&self) -> usize {
        self.ready.len()
    }

    pub fn tooltip(&self) -> String {
        if self.ready.is_empty() {
            return program().to_owned();
        }
        t("tray.tooltip", &[("ready", &tn("tray.ready", self.count()))])
    }

    pub fn menu(&self, app: &AppHandle) -> tauri::Result<Menu<Wry>> {
        let mut menu = MenuBuilder::new(app);
        if self.signed_in {
            let ready = match self.count() {
                0 => t("tray.ready_none", &[]),
                count => tn("tray.ready", count),
            };
            menu = menu.item(&MenuItemBuilder::new(ready).enabled(false).build(app)?);
            for (request, recipient) in self.ready.iter().take(ROWS) {
                menu = menu.text(format!("{REQUEST}{}", request.0), plain(recipient));
            }
            menu = menu.separator();
        }
        let copy = MenuItemBuilder::with_id(COPY_ID, t("tray.copy_id", &[])).enabled(self.device.is_some());
        menu.text(OPEN, plain(&t("tray.open", &[])))
            .item(&copy.build(app)?)
            .separator()
            .text(QUIT, plain(&t("tray.quit", &[])))
            .build()
    }
}

impl Choice {
    pub fn read(id: &str) -> Option<Self> {
        match id {
            OPEN => Some(Self::Open),
            COPY_ID => Some(Self::CopyId),
            QUIT => Some(Self::Quit),
            _ => id.strip_prefix(REQUEST)?.parse().ok().map(|id| Self::Request(RequestId(id))),
        }
    }
}

/// In a menu `&` underlines the next letter.
fn plain(name: &str) -> String {
    name.replace('&', "&&")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ready(count: u128) -> Content {
        let row = |number| (RequestId(format!("{number:032x}").parse().unwrap()), format!("Dana {number}"));
        Content { signed_in: true, ready: (1..=count).map(row).collect(), ..Content::default() }
    }

    #[test]
    fn the_tooltip_counts_what_is_ready() {
        assert_eq!(ready(0).tooltip(), "Beckon");
        assert_eq!(ready(1).tooltip(), "Beckon: 1 request is ready");
        assert_eq!(ready(7).tooltip(), "Beckon: 7 requests are ready");
    }

    #[test]
    fn a_choice_is_read_back_from_its_line() {
        let request = ready(1).ready.first().unwrap().0;
        assert_eq!(Choice::read(&format!("{REQUEST}{}", request.0)), Some(Choice::Request(request)));
        assert_eq!(Choice::read(QUIT), Some(Choice::Quit));
        for nothing in ["", "request-", "request-x", "7"] {
            assert_eq!(Choice::read(nothing), None);
        }
        assert_eq!(plain("Fox & Sons"), "Fox && Sons");
    }
}
