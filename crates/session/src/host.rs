//! The host's side: waits for the one viewer that its grant names and its person allowed.

use std::sync::Arc;

use beckon_domain::statement::Side;
use beckon_domain::{Grant, PermissionSet, PublicKey};
use futures_util::FutureExt;
use iroh::endpoint::Connection;
use iroh::{Endpoint, RelayUrl};
use tokio::sync::watch;

use crate::admission::{AdmissionRefusal, Admitted, Knock, Return, admit, readmit};
use crate::arrivals::{Arrival, Arrivals};
use crate::close_code::CloseCode;
use crate::consents::{Consents, ForAWhile, RunningSession, Switches};
use crate::control::{Answer, Frame, Hello, Resume, VERSION, Welcome};
use crate::core::{Core, Leave, Parting, Step};
use crate::endpoint::{STREAMS_OF_VIEWER, bind, hurry_to_the_relay, remote_key};
use crate::live::{EndedWhy, SessionConfig, SessionEvent};
use crate::parts::HostParts;
use crate::resume::{ResumeSecret, exported_for_resume};
use crate::streams::{Happened, Streams};
use crate::talk::Talk;
use crate::words::words_of;

struct Host {
    config: SessionConfig,
    grant: Arc<Grant>,
    consents: Consents,
    changes: watch::Receiver<u64>,
    available: PermissionSet,
    parts: HostParts,
    arrivals: Arrivals,
    /// Whom the grant let in, once it has.
    admitted: Option<Admission>,
}

/// What is kept of the first connect, for the rest of the session.
struct Admission {
    secret: ResumeSecret,
    running: Arc<RunningSession>,
    permissions: PermissionSet,
    for_a_while: ForAWhile,
}

pub(crate) async fn run(
    config: SessionConfig,
    relay: RelayUrl,
    grant: Arc<Grant>,
    consents: Consents,
    available: PermissionSet,
    parts: HostParts,
    mut core: Core,
) {
    let endpoint = match bind(&config, relay.clone(), STREAMS_OF_VIEWER).await {
        Ok(endpoint) => endpoint,
        Err(error) => {
            tracing::error!(%error, "the endpoint cannot be bound");
            return core.finish(never_met(), None, None, None).await;
        }
    };
    config.tasks.spawn(hurry_to_the_relay(endpoint.clone(), relay));
    let arrivals = Arrivals::new(endpoint.clone(), config.clock.clone(), config.timing.greet_within);
    core.offer(available);
    let changes = consents.changes();
    let mut host = Host { config, grant, consents, changes, available, parts, arrivals, admitted: None };
    let (talk, leave) = host.session(&mut core).await;
    host.part(core, endpoint, talk, leave).await;
}

impl Host {
    /// Until it is over: the connection that still stands then, and why.
    async fn session(&mut self, core: &mut Core) -> (Option<Box<Talk>>, Leave) {
        let mut talk = match self.first(core).await {
            Ok(talk) => talk,
            Err(leave) => return (None, leave),
        };
        loop {
            if let Err(leave) = self.live(core, &mut talk).await {
                return (Some(talk), leave);
            }
            drop(talk);
            talk = match self.lost(core).await {
                Ok(talk) => talk,
                Err(leave) => return (None, leave),
            };
        }
    }

    /// Waits for the viewer while the grant is good for the first connect.
    async fn first(&mut self, core: &mut Core) -> Result<Box<Talk>, Leave> {
        let lifetime = self.grant.not_after - (self.config.service_now)();
        let mut too_late = self.config.clock.sleep(lifetime.to_std().unwrap_or_default());
        loop {
            tokio::select! {
                arrival = self.arrivals.next() => {
                    if let Some(talk) = self.receive(arrival, core)? {
                        return Ok(talk);
                    }
                }
                () = core.stopped() => return Err(core.leave()),
                () = &mut too_late => return Err(never_met()),
            }
        }
    }

    /// Until the connection is lost.
    async fn live(&mut self, core: &mut Core, talk: &mut Box<Talk>) -> Result<(), Leave> {
        let mut streams = self.streams(core, talk.connection());
        loop {
            tokio::select! {
                step = core.step(talk) => match step {
                    Step::Continue => {}
                    Step::LetGo => streams.let_go(),
                    Step::Lost => return Ok(()),
                    Step::Leave(leave) => return Err(leave),
                },
                // The viewer may notice a loss first, and be back before this side noticed.
                arrival = self.arrivals.next() => if let Some(newer) = self.receive(arrival, core)? {
                    std::mem::replace(talk, newer).close(CloseCode::Replaced);
                    streams = self.streams(core, talk.connection());
                },
                _ = self.changes.changed() => {
                    // Before anybody is told: what is held down comes up at once.
                    streams.switches_turned();
                    self.follow_consent(core, Some(talk))?;
                }
                () = self.consents.while_is_over() => {}
                happened = streams.next() => match happened {
                    Happened::Fault(code) => return Err(misbehaved(talk, code)),
                    Happened::State(state) => {
                        core.screen.send_replace(state);
                        talk.send(Frame::Screen(state));
                    }
                },
            }
        }
    }

    /// What the viewer opens on this connection.
    fn streams(&self, core: &Core, connection: &Connection) -> Streams {
        let running = self.admitted.as_ref().map(|admission| Arc::downgrade(&admission.running));
        let gate = Arc::new(Switches::new(running.unwrap_or_default(), self.available));
        core.beside.admitted(gate.clone());
        let SessionConfig { clock, timing, tasks, .. } = &self.config;
        Streams::new(
            connection.clone(),
            self.parts.clone(),
            gate,
            core.beside.clone(),
            clock.clone(),
            timing.greet_within,
            tasks.clone(),
        )
    }

    /// Waits for the viewer to come back.
    async fn lost(&mut self, core: &mut Core) -> Result<Box<Talk>, Leave> {
        let mut too_late = core.lost();
        loop {
            tokio::select! {
                arrival = self.arrivals.next() => {
                    if let Some(talk) = self.receive(arrival, core)? {
                        return Ok(talk);
                    }
                }
                _ = self.changes.changed() => self.follow_consent(core, None)?,
                () = self.consents.while_is_over() => {}
                () = core.stopped() => return Err(core.leave()),
                () = &mut too_late => return Err(Leave { why: EndedWhy::Lost, parting: Parting::Farewell }),
            }
        }
    }

    /// Takes the switches from the consent; a consent that is withdrawn ends the session.
    fn follow_consent(&mut self, core: &mut Core, mut talk: Option<&mut Talk>) -> Result<(), Leave> {
        let Some(admission) = &mut self.admitted else { return Ok(()) };
        let consent = admission.running.consent().ok_or_else(|| core.leave())?;
        let permissions = consent.switches.and(self.available);
        if permissions != admission.permissions {
            admission.permissions = permissions;
            core.report(SessionEvent::Permissions(permissions));
            if let Some(talk) = &mut talk {
                talk.send(Frame::Permissions(permissions));
            }
            core.say_asks(talk.as_deref_mut());
        }
        let for_a_while = admission.running.for_a_while();
        if for_a_while != admission.for_a_while {
            admission.for_a_while.clone_from(&for_a_while);
            core.say_for_a_while(for_a_while, talk);
        }
        Ok(())
    }

    /// Lets in, sends away, or ends the session because the viewer broke the protocol.
    fn receive(&mut self, arrival: Arrival, core: &mut Core) -> Result<Option<Box<Talk>>, Leave> {
        match arrival {
            Arrival::Proved(connection) => {
                match self.may_speak(&connection) {
                    Ok(()) => self.arrivals.hear(connection),
                    Err(refusal) => send_away(&connection, refusal),
                }
                Ok(None)
            }
            Arrival::Said(talk, hello) => self.answer(talk, hello, core),
            Arrival::Misbehaved(talk, code) => Err(misbehaved(&talk, code)),
        }
    }

    /// The decision, before anything is read. One that may be coming back is heard first.
    fn may_speak(&self, connection: &Connection) -> Result<(), AdmissionRefusal> {
        let remote = remote_key(connection);
        if self.admitted.is_none() {
            return self.admit(remote).map(drop);
        }
        if remote == self.viewer() { Ok(()) } else { Err(AdmissionRefusal::WrongViewer) }
    }

    fn answer(
        &mut self,
        mut talk: Box<Talk>,
        hello: Hello,
        core: &mut Core,
    ) -> Result<Option<Box<Talk>>, Leave> {
        if hello.version != VERSION {
            talk.close(CloseCode::UnknownVersion);
            return Ok(None);
        }
        if hello.session != self.grant.session() {
            return Err(misbehaved(&talk, CloseCode::NotAllowed));
        }
        let entered = match hello.resume {
            None => self.enter(&mut talk, core),
            Some(resume) => self.come_back(&mut talk, &resume, core),
        };
        match entered {
            Ok(()) => Ok(Some(talk)),
            Err(refusal) => {
                send_away(talk.connection(), refusal);
                Ok(None)
            }
        }
    }

    fn enter(&mut self, talk: &mut Talk, core: &mut Core) -> Result<(), AdmissionRefusal> {
        let Admitted { purpose, permissions, .. } = self.admit(remote_key(talk.connection()))?;
        let running = self.consents.session_started(purpose).ok_or(AdmissionRefusal::NoConsent)?;
        let secret = ResumeSecret::generate();
        talk.send(Frame::Welcome(Welcome { permissions, answer: Answer::First(secret.clone()) }));
        let (running, for_a_while) = (Arc::new(running), ForAWhile::new());
        self.admitted = Some(Admission { secret, running, permissions, for_a_while });
        core.report(SessionEvent::Connected { words: words_of(talk.connection()) });
        core.report(SessionEvent::Permissions(permissions));
        core.say_asks(Some(talk));
        core.look_at_path(talk);
        Ok(())
    }

    fn come_back(
        &mut self,
        talk: &mut Talk,
        resume: &Resume,
        core: &mut Core,
    ) -> Result<(), AdmissionRefusal> {
        let viewer = self.viewer();
        let admission = self.admitted.as_mut().ok_or(AdmissionRefusal::NothingToResume)?;
        let exported = exported_for_resume(talk.connection());
        let back = Return {
            remote: remote_key(talk.connection()),
            viewer,
            proved: admission.secret.verify(Side::Viewer, &exported, &resume.proof),
            available: self.available,
        };
        let permissions = readmit(&back, admission.running.consent().as_ref())?;
        admission.permissions = permissions;
        let proof = admission.secret.prove(Side::Host, &exported);
        let answer = Answer::Resumed(Resume { proof, chat_seen: core.chats.seen() });
        talk.send(Frame::Welcome(Welcome { permissions, answer }));
        core.resumed(talk, resume.chat_seen, permissions);
        core.say_asks(Some(&mut *talk));
        core.say_for_a_while(admission.for_a_while.clone(), Some(talk));
        Ok(())
    }

    fn admit(&self, remote: PublicKey) -> Result<Admitted, AdmissionRefusal> {
        let knock = Knock {
            remote,
            grant: &self.config.grant,
            service_key: &self.config.service_key,
            service_now: (self.config.service_now)(),
            device: self.config.device,
            endpoint: self.config.endpoint.public(),
            already_admitted: self.admitted.is_some(),
            available: self.available,
            now: self.config.clock.monotonic(),
        };
        admit(&knock, |purpose| self.consents.get(purpose))
    }

    fn viewer(&self) -> PublicKey {
        self.grant.endpoint_of(Side::Viewer)
    }

    async fn part(mut self, core: Core, endpoint: Endpoint, talk: Option<Box<Talk>>, leave: Leave) {
        core.beside.ends();
        let was_admitted = self.admitted.take().is_some();
        let unheard = was_admitted && talk.is_none() && leave.why == EndedWhy::ByHost;
        let linger = unheard.then(|| self.tell_who_comes_back().boxed());
        core.finish(leave, talk, Some(endpoint), linger).await;
    }

    /// A viewer that tries to resume learns that the host ended, in place of dialling for two minutes.
    async fn tell_who_comes_back(&mut self) {
        let mut too_late = self.config.clock.sleep(self.config.timing.resume_within);
        loop {
            tokio::select! {
                arrival = self.arrivals.next() => if let Arrival::Proved(connection) = arrival {
                    let is_viewer = remote_key(&connection) == self.viewer();
                    let code = if is_viewer { CloseCode::Ended } else { CloseCode::WrongViewer };
                    connection.close(code.var_int(), b"");
                },
                () = &mut too_late => return,
            }
        }
    }
}

fn send_away(connection: &Connection, refusal: AdmissionRefusal) {
    tracing::warn!(remote = %connection.remote_id().fmt_short(), %refusal, "a connection was refused");
    connection.close(refusal.code().var_int(), b"");
}

fn misbehaved(talk: &Talk, code: CloseCode) -> Leave {
    talk.close(code);
    Leave { why: EndedWhy::Misbehaved, parting: Parting::Close(code) }
}

fn never_met() -> Leave {
    Leave { why: EndedWhy::CouldNotConnect, parting: Parting::Farewell }
}
