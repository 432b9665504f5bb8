//! The other side's screen, on its way to the page of the session's window.

use beckon_domain::SessionId;
use beckon_session::NoScreen;
use beckon_session::capture::CannotCapture;
use beckon_wire::{ApiError, Code};

use crate::client::Client;
use crate::screen_door::ScreenDoor;
use crate::service_link::internal;

impl Client {
    /// The address of a socket with the bytes of that monitor's picture (RFB 3.8; 0 is the primary one), good
    /// once and for a moment. A new one closes the one before.
    pub async fn open_screen(&self, id: SessionId, monitor: u8) -> Result<String, ApiError> {
        let inner = self.inner();
        let live = inner.sessions.live(id).ok_or_else(|| ApiError::new(Code::CouldNotConnect))?;
        let screen = live.screen(monitor).await.map_err(|refusal| ApiError::new(code(&refusal)))?;
        let clock = inner.shared.clock.clone();
        let door =
            ScreenDoor::open(screen, clock, self.tasks()).await.map_err(|error| internal(error.into()))?;
        let url = door.url();
        inner.sessions.keep_door(id, door);
        Ok(url)
    }

    /// The session's window is not the one that is typed into any more: the host lets its keys go.
    pub fn let_go_of_keys(&self, id: SessionId) {
        if let Some(live) = self.inner().sessions.live(id) {
            live.let_go();
        }
    }
}

fn code(refusal: &NoScreen) -> Code {
    match refusal {
        NoScreen::Cannot(CannotCapture::CannotHostOnWayland) => Code::ScreenOnWayland,
        NoScreen::Cannot(CannotCapture::NotPermitted) => Code::ScreenNotPermitted,
        NoScreen::Cannot(_) => Code::NoScreen,
        NoScreen::NotConnected | NoScreen::Unreadable => Code::CouldNotConnect,
    }
}
