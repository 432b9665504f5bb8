//! One session of this host, from the agent's *Connect* to its end.

use std::sync::Arc;
use std::time::Duration;

use beckon_domain::statement::Side;
use beckon_domain::text::Name;
use beckon_domain::{
    DeviceId, PermissionSet, PublicKey, SecretKey, SessionId, SessionPurpose, SignedGrant, Statement,
};
use beckon_session::{EndedWhy, LiveSession, SessionEvent, SessionEvents};
use beckon_wire::join::{HostAct, JoinedView, Offer};
use beckon_wire::session::HostReport;
use beckon_wire::{ApiError, Code, limits, paths};

use super::{Hosting, purpose_of};
use crate::session_monitors::MonitorsState;
use crate::view::{AsksState, Ending, Occasion, Phase, SessionSide, SessionState};

const BEAT: Duration = Duration::from_secs(limits::BEAT_S);

/// A session that this host is to give, as the service announced it.
pub struct Hosted {
    pub id: SessionId,
    pub occasion: Occasion,
    pub purpose: SessionPurpose,
    /// The viewer's.
    pub device: DeviceId,
    pub key: PublicKey,
    /// The account that the viewer acts for; none after an invitation or a call.
    pub agent: Option<Name>,
    /// How the window names the viewer.
    pub peer: String,
    pub organisation: Name,
}

impl Hosting {
    /// An agent whom the person allowed pressed *Connect*. Answered once.
    pub(super) fn answer(self: &Arc<Self>, view: &JoinedView, offer: &Offer) {
        let first = self.lock().answered.replace(offer.id) != Some(offer.id);
        if !first {
            return;
        }
        self.host(Hosted {
            id: offer.id,
            occasion: Occasion::Request(view.request),
            purpose: purpose_of(view),
            device: offer.viewer.device,
            key: offer.viewer.signed.device,
            agent: Some(offer.agent.clone()),
            peer: offer.agent.to_string(),
            organisation: view.organisation.clone(),
        });
    }

    /// Whoever calls this has made sure that it is called once for a session.
    pub fn host(self: &Arc<Self>, hosted: Hosted) {
        let hosting = self.clone();
        self.tasks.spawn(async move {
            let id = hosted.id;
            if let Err(error) = hosting.run(hosted).await {
                tracing::warn!(%error, session = %id.0, "the session did not come about");
                hosting.sessions.end(id, Ending::CouldNotConnect);
            }
            // The agent may have pressed *Connect* again while this one was ending.
            hosting.look().await;
        });
    }

    async fn run(&self, hosted: Hosted) -> Result<(), ApiError> {
        let id = hosted.id;
        let endpoint = SecretKey::generate();
        let statement =
            Statement { session: id, purpose: hosted.purpose, side: Side::Host, endpoint: endpoint.public() };
        let signed = statement.sign(self.link.api.secret());
        self.sessions.forget_ended_of(hosted.occasion);
        let own = &self.sessions.own_screen;
        let shown = async {
            // Before the window says what there is.
            own.find_out().await;
            self.sessions.add(self.first_state(&hosted), &self.link);
        };
        let path = paths::with_id(paths::SESSION_ANSWER, id.0);
        let ((), granted) = tokio::join!(shown, self.link.api.post(&path, &signed));
        let grant: SignedGrant = granted?;
        let config = self.network.session(&self.link, &self.settings, &self.tasks, grant, endpoint)?;
        let available = self.settings.may_be_given(own.available());
        let opened = LiveSession::host_with(config, self.consents.clone(), available, own.parts());
        let (live, events) = opened.map_err(|refusal| {
            tracing::error!(%refusal, session = %id.0, "the service's grant is not what this host agreed to");
            ApiError::new(Code::CouldNotConnect)
        })?;
        // What the window shows of the viewer is what the service signed, or nothing.
        let (viewer, agent) = (&live.grant().viewer, &live.grant().account_name);
        if (viewer.device, viewer.signed.device, agent) != (hosted.device, hosted.key, &hosted.agent) {
            tracing::error!(session = %id.0, "the service signed for another viewer than it named");
            return Err(ApiError::new(Code::CouldNotConnect));
        }
        self.sessions.attach(id, Arc::new(live));
        self.follow(&hosted, events).await;
        Ok(())
    }

    /// Until the session's end; the service hears from the host alone what became of it.
    async fn follow(&self, hosted: &Hosted, mut events: SessionEvents) {
        let id = hosted.id;
        // None until the two have met. What the service did not hear is said again with the next beat.
        let mut report = None;
        // One wait for all events: a lively session must not put its beats off.
        let mut beat = self.link.clock.sleep(BEAT);
        loop {
            let event = tokio::select! {
                event = events.recv() => event,
                () = &mut beat => {
                    self.report(id, &mut report).await;
                    beat = self.link.clock.sleep(BEAT);
                    continue;
                }
            };
            let Some(event) = event else { return };
            let known_to_be_over = self.is_over(id);
            self.sessions.follow(id, &event);
            match event {
                SessionEvent::Connected { .. } => {
                    if let Err(error) = self.settings.remember(self.link.origin(), hosted.device, hosted.key)
                    {
                        tracing::warn!("the viewer's key is not remembered: {error:#}");
                    }
                    report = Some(HostReport::Connected);
                    self.report(id, &mut report).await;
                }
                SessionEvent::Lost { .. } => {
                    report = report.map(|_| HostReport::Lost);
                    self.report(id, &mut report).await;
                }
                SessionEvent::Resumed => {
                    report = report.map(|_| HostReport::Beat);
                    self.report(id, &mut report).await;
                }
                // The service said so itself.
                SessionEvent::Ended(why) if known_to_be_over => {
                    if why == EndedWhy::Misbehaved {
                        self.consents.withdraw(&hosted.purpose);
                    }
                    let _ = self.link.pull().await;
                    return;
                }
                SessionEvent::Ended(why) => {
                    self.report_end(hosted, why, report.is_some()).await;
                    return;
                }
                SessionEvent::Chat { .. }
                | SessionEvent::Permissions(_)
                | SessionEvent::Asks(_)
                | SessionEvent::ForAWhile(_)
                | SessionEvent::Path(_) => {}
            }
        }
    }

    /// A report that arrived is followed by beats.
    async fn report(&self, id: SessionId, report: &mut Option<HostReport>) {
        let Some(due) = *report else { return };
        match self.send_report(id, due).await {
            Ok(()) if due == HostReport::Connected => *report = Some(HostReport::Beat),
            // A loss is said again until it is over, so that the service counts the two minutes from the first.
            Ok(()) => {}
            Err(error) if is_refusal(&error) => self.end_unwanted(id, &error),
            // Not reached; the session does not need the service.
            Err(_) => {}
        }
    }

    /// The service shows no session: is that a belief that a beat corrects, or has the agent left?
    pub(super) async fn beat_or_end(&self, id: SessionId) {
        // One that has not met its viewer yet ends by itself.
        if !self.has_met(id) {
            return;
        }
        // While it is lost this host cannot say that it lives; that would bring it back for nobody.
        let report = if self.is_lost(id) { HostReport::Lost } else { HostReport::Beat };
        if let Err(error) = self.send_report(id, report).await
            && is_refusal(&error)
        {
            self.end_unwanted(id, &error);
        }
    }

    /// The session goes on by itself, but the request does not have it any more.
    fn end_unwanted(&self, id: SessionId, error: &ApiError) {
        tracing::info!(%error, session = %id.0, "the request does not have this session any more");
        let why = if self.is_lost(id) { Ending::Lost } else { Ending::ByViewer };
        self.sessions.end(id, why);
        // Not this person's end: their consent stands for the agent's next *Connect*.
        if let Some(live) = self.sessions.live(id) {
            live.hang_up();
        }
    }

    fn is_lost(&self, id: SessionId) -> bool {
        self.sessions.state(id).is_some_and(|state| matches!(state.phase, Phase::Lost { .. }))
    }

    fn is_over(&self, id: SessionId) -> bool {
        self.sessions.state(id).is_some_and(|state| matches!(state.phase, Phase::Ended { .. }))
    }

    async fn report_end(&self, hosted: &Hosted, why: EndedWhy, met: bool) {
        let id = hosted.id;
        let told = match why {
            _ if !met && is_of_request(hosted) => Ok(()),
            EndedWhy::ByViewer => self.send_report(id, HostReport::ViewerLeft).await,
            EndedWhy::ByHost | EndedWhy::Misbehaved => {
                // Whoever misbehaves is not let in again without being asked about. A person who ends has
                // taken the consent back already.
                if why == EndedWhy::Misbehaved {
                    self.consents.withdraw(&hosted.purpose);
                }
                self.say_ended(hosted).await
            }
            // The service counts the two minutes itself.
            EndedWhy::Lost | EndedWhy::CouldNotConnect | EndedWhy::Refused(_) => Ok(()),
        };
        if let Err(error) = told {
            tracing::info!(%error, session = %id.0, "the service was not told how the session ended");
        }
        let _ = self.link.pull().await;
    }

    async fn say_ended(&self, hosted: &Hosted) -> Result<(), ApiError> {
        let Occasion::Request(request) = hosted.occasion else {
            return self.send_report(hosted.id, HostReport::HostEnded).await;
        };
        let path = paths::with_id(paths::JOINED_ACT, request.0);
        let told: Result<serde::de::IgnoredAny, _> = self.link.api.post(&path, &HostAct::End).await;
        told.map(drop)
    }

    pub async fn send_report(&self, id: SessionId, report: HostReport) -> Result<(), ApiError> {
        let path = paths::with_id(paths::SESSION_REPORT, id.0);
        let answer: serde::de::IgnoredAny = self.link.api.post(&path, &report).await?;
        let _ = answer;
        Ok(())
    }

    fn first_state(&self, hosted: &Hosted) -> SessionState {
        SessionState {
            id: hosted.id,
            occasion: hosted.occasion,
            side: SessionSide::Host,
            peer: hosted.peer.clone(),
            peer_device: Some(hosted.device),
            organisation: hosted.organisation.clone(),
            phase: Phase::Connecting,
            words: None,
            path: None,
            met_before: self.settings.recall(self.link.origin(), hosted.device, hosted.key),
            permissions: PermissionSet::NONE,
            available: self.settings.may_be_given(self.sessions.own_screen.available()),
            asks: AsksState::default(),
            monitors: MonitorsState::default(),
            screen_hidden: false,
            chat: Vec::new(),
            since: None,
        }
    }
}

/// Its reservation ends by itself where the two never met.
fn is_of_request(hosted: &Hosted) -> bool {
    matches!(hosted.occasion, Occasion::Request(_))
}

/// The service answered, and said no.
fn is_refusal(error: &ApiError) -> bool {
    matches!(error.code, Code::OtherSession | Code::NotInThisStatus | Code::NotTheHost | Code::NotFound)
}
