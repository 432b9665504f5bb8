//! Files that the host's person offers, as the viewer's window shows them, and what its person answers.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use beckon_domain::SessionId;
use beckon_session::LiveSession;
use beckon_session::files::FileOffer;
use beckon_wire::{ApiError, Code};
use serde::Serialize;
use ts_rs::TS;

use crate::beside::Beside;
use crate::client::Client;
use crate::transfers::Title;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct OfferView {
    pub number: u32,
    pub title: Title,
    pub files: u32,
    #[ts(type = "number")]
    pub bytes: u64,
}

/// Those that are open in one session.
#[derive(Default)]
pub struct Offers {
    open: Vec<(u32, FileOffer)>,
    numbers: u32,
}

impl Offers {
    /// What is known keeps its number.
    fn told(&mut self, open: Vec<FileOffer>) {
        let known = std::mem::take(&mut self.open);
        for offer in open {
            let number = known.iter().find(|(_, known)| *known == offer).map(|(number, _)| *number);
            let number = number.unwrap_or_else(|| {
                self.numbers += 1;
                self.numbers
            });
            self.open.push((number, offer));
        }
    }

    fn get(&self, number: u32) -> Option<FileOffer> {
        self.open.iter().find(|(known, _)| *known == number).map(|(_, offer)| offer.clone())
    }

    fn views(&self) -> Vec<OfferView> {
        self.open.iter().map(|(number, offer)| view(*number, offer)).collect()
    }
}

fn view(number: u32, offer: &FileOffer) -> OfferView {
    OfferView { number, title: title(offer), files: offer.files(), bytes: offer.bytes() }
}

fn title(offer: &FileOffer) -> Title {
    Title::Of { name: offer.name.as_str().to_owned(), others: offer.others }
}

/// On one connection of a viewer.
pub async fn listen(beside: Arc<Beside>, live: Arc<LiveSession>) -> ControlFlow<()> {
    if let Ok(mut offers) = live.offers().await {
        while let Some(open) = offers.next().await {
            beside.change_offers(live.id(), |offers| offers.told(open));
        }
    }
    ControlFlow::Continue(())
}

impl Client {
    /// On the viewer: what the host's person offers, the oldest first.
    pub fn file_offers(&self, id: SessionId) -> Vec<OfferView> {
        self.inner().sessions.beside.offers(id, Offers::views).unwrap_or_default()
    }

    /// On the viewer: it comes into a folder of this computer.
    pub fn take_offer(&self, id: SessionId, number: u32, into: &Path) -> Result<(), ApiError> {
        let (live, offer) = self.offered(id, number)?;
        self.run_fetch(id, live.clone(), title(&offer), live.take(offer, into))
    }

    pub async fn decline_offer(&self, id: SessionId, number: u32) -> Result<(), ApiError> {
        let (live, offer) = self.offered(id, number)?;
        live.decline(&offer.transfer).await.map_err(|_| ApiError::new(Code::CouldNotConnect))
    }

    fn offered(&self, id: SessionId, number: u32) -> Result<(Arc<LiveSession>, FileOffer), ApiError> {
        let live = self.viewed(id)?;
        let offer = self.inner().sessions.beside.offers(id, |offers| offers.get(number)).flatten();
        Ok((live, offer.ok_or_else(|| ApiError::new(Code::NotFound))?))
    }
}
