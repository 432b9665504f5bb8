//! Joining, answering, and what is done within a session, by whichever side of it this device is.

use beckon_domain::session_request::Revision;
use beckon_domain::text::{ChatText, Comments};
use beckon_domain::{PermissionSet, RequestId, SessionId};
use beckon_wire::join::Join;
use beckon_wire::{ApiError, Code};
use futures_util::future::join_all;

use crate::address::Address;
use crate::client::Client;
use crate::forms::text_refused;
use crate::hosting::is_live;
use crate::service_link::internal;
use crate::view::{JoinedState, Joining, Occasion, Phase, SessionSide, SessionState};

impl Client {
    /// The connect field. A link of a service this client has never used is asked about first; an ID or an alias is
    /// called, see [`Client::call`].
    pub async fn connect_to(&self, typed: &str, confirmed: bool) -> Result<Joining, ApiError> {
        let address = Address::parse(typed)?;
        if let Some(target) = address.target() {
            return Ok(Joining::Calling { call: self.call(target)? });
        }
        let origin = match &address {
            Address::Link { origin, .. } => origin.clone(),
            _ => self.home().ok_or_else(|| ApiError::new(Code::NoService))?.link.origin().to_owned(),
        };
        let Some(proof) = address.proof() else { return Err(ApiError::new(Code::NotAnAddress)) };
        self.join_at(origin, &proof, confirmed).await
    }

    /// Joining opens the accept window; what is answered there is for a person alone.
    pub(crate) async fn join_at(
        &self,
        origin: String,
        proof: &Join,
        confirmed: bool,
    ) -> Result<Joining, ApiError> {
        if !confirmed && !self.inner().shared.settings.knows(&origin) {
            return Ok(Joining::AskFirst { origin });
        }
        self.refuse_second_join(&origin)?;
        self.open_place(&origin).map_err(internal)?.hosting.join(proof).await?;
        Ok(Joining::Joined)
    }

    /// A device has one joined request at a time. At the same service, that one says whether it is the same.
    fn refuse_second_join(&self, origin: &str) -> Result<(), ApiError> {
        self.inner().sessions.refuse_while(SessionSide::Viewer)?;
        let elsewhere = |joined: JoinedState| joined.service != origin && is_live(joined.status);
        if self.places().iter().filter_map(|place| place.hosting.state()).any(elsewhere) {
            return Err(ApiError::new(Code::JoinedAnother));
        }
        Ok(())
    }

    pub async fn allow(
        &self,
        request: RequestId,
        revision: Revision,
        switches: PermissionSet,
    ) -> Result<(), ApiError> {
        self.place_of_joined(request)?.hosting.allow(request, revision, switches).await
    }

    pub async fn deny(&self, request: RequestId) -> Result<(), ApiError> {
        self.place_of_joined(request)?.hosting.deny(request).await
    }

    pub async fn leave(&self, request: RequestId) -> Result<(), ApiError> {
        self.place_of_joined(request)?.hosting.leave(request).await
    }

    pub fn set_switches(&self, request: RequestId, switches: PermissionSet) -> Result<(), ApiError> {
        self.place_of_joined(request)?.hosting.set_switches(request, switches)
    }

    pub async fn connect(&self, request: RequestId) -> Result<SessionId, ApiError> {
        self.refuse_if_only_host()?;
        let place = self.home().ok_or_else(|| ApiError::new(Code::NoService))?;
        place.viewing.connect(request).await
    }

    pub fn session_state(&self, id: SessionId) -> Option<SessionState> {
        self.session(id)
    }

    pub async fn send_chat(&self, id: SessionId, text: String) -> Result<(), ApiError> {
        let text = ChatText::try_from(text).map_err(text_refused("chat"))?;
        self.inner().sessions.send_chat(id, text).await
    }

    /// The host's *End* takes its consent back; the viewer's leaves the request Ready.
    pub async fn end_session(&self, id: SessionId) -> Result<(), ApiError> {
        let Some(session) = self.session(id) else { return Ok(()) };
        match (session.side, self.inner().sessions.live(id)) {
            (SessionSide::Viewer, _) => self.leave_as_viewer(id).await,
            (SessionSide::Host, Some(live)) => {
                live.end().await;
                Ok(())
            }
            (SessionSide::Host, None) if session.phase == Phase::Connecting => {
                for place in self.places() {
                    place.hosting.call_off(&session).await;
                }
                Ok(())
            }
            (SessionSide::Host, None) => Ok(()),
        }
    }

    /// Every session in which this device is the host, as by *End* in each of their windows.
    pub async fn end_all_hosted(&self) {
        let sessions = self.inner().sessions.running();
        let hosted = sessions.into_iter().filter(|session| session.side == SessionSide::Host);
        for ended in join_all(hosted.map(|session| self.end_session(session.id))).await {
            if let Err(error) = ended {
                tracing::warn!(%error, "a session does not end as it should");
            }
        }
    }

    async fn leave_as_viewer(&self, id: SessionId) -> Result<(), ApiError> {
        let (Some(place), Some(session)) = (self.home(), self.session(id)) else { return Ok(()) };
        match session.occasion {
            Occasion::Request(_) => place.viewing.end(id).await,
            Occasion::Invitation(_) | Occasion::Call(_) => {
                place.introductions.leave(id).await;
                Ok(())
            }
        }
    }

    pub async fn end_and_close(&self, id: SessionId, comment: Option<String>) -> Result<(), ApiError> {
        let comment = comment.map(Comments::try_from).transpose().map_err(text_refused("comment"))?;
        let place = self.home().ok_or_else(|| ApiError::new(Code::NoService))?;
        place.viewing.end_and_close(id, comment).await
    }

    pub async fn cancel_ask(&self, id: SessionId) -> Result<(), ApiError> {
        match self.home() {
            Some(place) => place.viewing.cancel_ask(id).await,
            None => Ok(()),
        }
    }

    pub fn try_now(&self, id: SessionId) {
        if let Some(live) = self.inner().sessions.live(id) {
            live.try_now();
        }
    }
}
