//! The viewer's side: dials the host through the relay, and again when the connection is lost.

use std::sync::Arc;
use std::time::Duration;

use beckon_domain::clock::Sleep;
use beckon_domain::statement::Side;
use beckon_domain::{Grant, SessionId};
use iroh::endpoint::{ConnectError, ConnectingError};
use iroh::{Endpoint, EndpointAddr, RelayUrl};

use crate::chat::ChatId;
use crate::close_code::CloseCode;
use crate::control::{Answer, Frame, Hello, Resume, VERSION, Welcome};
use crate::core::{Core, Interruption, Leave, Parting, Step};
use crate::endpoint::{ALPN, STREAMS_OF_HOST, bind, endpoint_id};
use crate::live::{EndedWhy, SessionConfig, SessionEvent};
use crate::resume::{ResumeSecret, exported_for_resume};
use crate::talk::{Gone, Talk};
use crate::words::words_of;

struct Viewer {
    endpoint: Endpoint,
    host: EndpointAddr,
    session: SessionId,
}

pub(crate) async fn run(config: SessionConfig, relay: RelayUrl, grant: Arc<Grant>, mut core: Core) {
    let could_not = Leave { why: EndedWhy::CouldNotConnect, parting: Parting::Farewell };
    let Some(host) = endpoint_id(&grant.endpoint_of(Side::Host)) else {
        return core.finish(could_not, None, None, None).await;
    };
    let endpoint = match bind(&config, relay.clone(), STREAMS_OF_HOST).await {
        Ok(endpoint) => endpoint,
        Err(error) => {
            tracing::error!(%error, "the endpoint cannot be bound");
            return core.finish(could_not, None, None, None).await;
        }
    };
    // The relay is the only address that is known; iroh finds a direct way by itself.
    let host = EndpointAddr::new(host).with_relay_url(relay);
    let viewer = Viewer { endpoint: endpoint.clone(), host, session: grant.session() };
    let (talk, leave) = viewer.session(&mut core).await;
    core.finish(leave, talk, Some(endpoint), None).await;
}

impl Viewer {
    /// Until it is over: the connection that still stands then, and why.
    async fn session(&self, core: &mut Core) -> (Option<Box<Talk>>, Leave) {
        let too_late = core.clock.sleep(core.timing.connect_within);
        let (mut talk, welcome) = match self.seek(core, None, too_late, EndedWhy::CouldNotConnect).await {
            Ok(found) => found,
            Err(leave) => return (None, leave),
        };
        let Answer::First(secret) = welcome.answer else { return (Some(talk), broken()) };
        core.report(SessionEvent::Connected { words: words_of(talk.connection()) });
        core.report(SessionEvent::Permissions(welcome.permissions));
        core.look_at_path(&talk);
        loop {
            match core.step(&mut talk).await {
                Step::Continue | Step::LetGo => {}
                Step::Leave(leave) => return (Some(talk), leave),
                Step::Lost => {
                    let too_late = core.lost();
                    drop(talk);
                    talk = match self.come_back(core, &secret, too_late).await {
                        Ok(talk) => talk,
                        Err(end) => return end,
                    };
                }
            }
        }
    }

    async fn come_back(
        &self,
        core: &mut Core,
        secret: &ResumeSecret,
        too_late: Sleep,
    ) -> Result<Box<Talk>, (Option<Box<Talk>>, Leave)> {
        let found = self.seek(core, Some(secret), too_late, EndedWhy::Lost).await;
        let (mut talk, welcome) = found.map_err(|leave| (None, leave))?;
        let Answer::Resumed(resume) = welcome.answer else { return Err((Some(talk), broken())) };
        if !secret.verify(Side::Host, &exported_for_resume(talk.connection()), &resume.proof) {
            let parting = Parting::Close(CloseCode::WrongProof);
            return Err((Some(talk), Leave { why: EndedWhy::Misbehaved, parting }));
        }
        core.resumed(&mut talk, resume.chat_seen, welcome.permissions);
        Ok(talk)
    }

    /// Dials until the host answers, says no, or it is too late.
    async fn seek(
        &self,
        core: &mut Core,
        secret: Option<&ResumeSecret>,
        mut too_late: Sleep,
        when_too_late: EndedWhy,
    ) -> Result<(Box<Talk>, Welcome), Leave> {
        let late = Leave { why: when_too_late, parting: Parting::Farewell };
        let mut pause = core.timing.redial_first;
        loop {
            let patience = core.clock.sleep(core.timing.greet_within);
            tokio::select! {
                found = self.dial(secret, core.chats.seen()) => match found {
                    Ok(found) => return Ok(found),
                    Err(gone) => final_word(core, gone)?,
                },
                () = patience => tracing::debug!("the host does not answer"),
                () = &mut too_late => return Err(late),
                interruption = core.interruption() => {
                    go_on(core, &interruption)?;
                    pause = core.timing.redial_first;
                    continue;
                }
            }
            pause = tokio::select! {
                () = core.clock.sleep(pause) => next_pause(core, pause),
                () = &mut too_late => return Err(late),
                interruption = core.interruption() => {
                    go_on(core, &interruption)?;
                    core.timing.redial_first
                }
            };
        }
    }

    async fn dial(
        &self,
        secret: Option<&ResumeSecret>,
        chat_seen: ChatId,
    ) -> Result<(Box<Talk>, Welcome), Gone> {
        let dialled = self.endpoint.connect(self.host.clone(), ALPN).await;
        let connection = dialled.map_err(|error| why_not(&error))?;
        let (send, receive) = connection.open_bi().await.map_err(|error| Gone::of(&error))?;
        let prove = |secret: &ResumeSecret| secret.prove(Side::Viewer, &exported_for_resume(&connection));
        let resume = secret.map(|secret| Resume { proof: prove(secret), chat_seen });
        let mut talk = Box::new(Talk::new(connection.clone(), send, receive));
        talk.send(Frame::Hello(Hello { version: VERSION, session: self.session, resume }));
        let gone = match talk.frame().await {
            Ok(Frame::Welcome(welcome)) => return Ok((talk, welcome)),
            Ok(_) => Gone::Broken(CloseCode::NotAllowed),
            Err(gone) => gone,
        };
        if let Gone::Broken(code) = gone {
            talk.close(code);
        }
        Err(gone)
    }
}

/// Whether there is a point in dialling again.
fn final_word(core: &Core, gone: Gone) -> Result<(), Leave> {
    let why = match gone {
        Gone::Lost | Gone::Closed(None | Some(CloseCode::Replaced)) => return Ok(()),
        Gone::Broken(_) => EndedWhy::Misbehaved,
        Gone::Closed(Some(CloseCode::UnknownVersion)) => EndedWhy::Refused(CloseCode::UnknownVersion),
        Gone::Closed(code) => core.why_closed(code),
    };
    Err(Leave { why, parting: Parting::Farewell })
}

fn go_on(core: &Core, interruption: &Interruption) -> Result<(), Leave> {
    match interruption {
        Interruption::TryNow => Ok(()),
        Interruption::Stop => Err(core.leave()),
    }
}

fn next_pause(core: &Core, pause: Duration) -> Duration {
    (pause * 2).min(core.timing.redial_most)
}

fn why_not(error: &ConnectError) -> Gone {
    tracing::debug!(%error, "the host cannot be reached");
    match error {
        ConnectError::Connection { source, .. }
        | ConnectError::Connecting { source: ConnectingError::ConnectionError { source, .. }, .. } => {
            Gone::of(source)
        }
        _ => Gone::Lost,
    }
}

fn broken() -> Leave {
    Leave { why: EndedWhy::Misbehaved, parting: Parting::Close(CloseCode::NotAllowed) }
}
