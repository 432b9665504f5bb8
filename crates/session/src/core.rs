//! What both sides do alike while a session lasts: chat, orders from this side's person, events to it.

use std::sync::Arc;

use beckon_domain::clock::Sleep;
use beckon_domain::statement::Side;
use beckon_domain::text::ChatText;
use beckon_domain::{Permission, PermissionSet, SharedClock};
use futures_util::future::BoxFuture;
use iroh::Endpoint;
use iroh::endpoint::Connection;
use tokio::sync::{mpsc, oneshot, watch};
use tokio_util::sync::CancellationToken;

use crate::asks::{self, AskRefusal, Asking};
use crate::beside::Beside;
use crate::chat::{ChatId, Chats, Verdict};
use crate::close_code::CloseCode;
use crate::control::Frame;
use crate::host_news::HostNews;
use crate::live::{EndedWhy, PathInfo, SendRefusal, SessionEvent};
use crate::reports::Reports;
use crate::screen::ScreenState;
use crate::talk::{Gone, Heard, Talk};
use crate::timing::Timing;

pub(crate) enum Command {
    Chat(ChatText, oneshot::Sender<Result<ChatId, SendRefusal>>),
    TryNow,
    /// On the viewer: whatever it holds down comes up.
    LetGo,
    /// On the viewer: its person wants to do this too.
    Ask(Permission, oneshot::Sender<Result<(), AskRefusal>>),
    /// On the host: its person says no to what was asked.
    Refuse(Permission),
    /// Dropped where there is no connection.
    LendConnection(oneshot::Sender<Connection>),
}

/// What comes of one step of a running session.
pub(crate) enum Step {
    Continue,
    /// On the host: whatever the viewer holds down comes up.
    LetGo,
    Lost,
    Leave(Leave),
}

/// Why a session is over, and what is left to do about its connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Leave {
    pub(crate) why: EndedWhy,
    pub(crate) parting: Parting,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Parting {
    /// Say so, and let the other side read it.
    Farewell,
    Close(CloseCode),
}

/// What breaks into waiting for a connection.
pub(crate) enum Interruption {
    Stop,
    TryNow,
}

/// How the handle and its session tell each other that it is over.
#[derive(Clone)]
pub(crate) struct Signals {
    /// The handle was dropped.
    pub(crate) dropped: CancellationToken,
    /// This side wants to end; also when the handle is dropped.
    pub(crate) stop: CancellationToken,
    /// The connection is closed.
    pub(crate) done: CancellationToken,
}

pub(crate) struct Core {
    pub(crate) clock: SharedClock,
    pub(crate) timing: Timing,
    pub(crate) chats: Chats,
    asking: Asking,
    host_news: HostNews,
    /// What the host's screen does.
    pub(crate) screen: watch::Sender<ScreenState>,
    pub(crate) beside: Arc<Beside>,
    side: Side,
    orders: mpsc::Receiver<Command>,
    reports: Reports,
    signals: Signals,
    path: Option<PathInfo>,
    path_due: Sleep,
}

impl Core {
    pub(crate) fn new(
        side: Side,
        clock: SharedClock,
        timing: Timing,
        orders: mpsc::Receiver<Command>,
        reports: mpsc::Sender<SessionEvent>,
        screen: watch::Sender<ScreenState>,
        signals: Signals,
    ) -> Self {
        let path_due = clock.sleep(timing.path_every);
        let reports = Reports::to(reports);
        let (chats, asking) = (Chats::new(), Asking::new());
        let beside = Arc::new(Beside::new(side, clock.clone()));
        Self {
            clock,
            timing,
            chats,
            asking,
            host_news: HostNews::new(),
            screen,
            beside,
            side,
            orders,
            reports,
            signals,
            path: None,
            path_due,
        }
    }

    pub(crate) fn report(&mut self, event: SessionEvent) {
        if let SessionEvent::Permissions(permissions) = event {
            self.beside.told(permissions);
            self.asking.hold(permissions);
        }
        self.reports.push(event);
    }

    /// On the host: what the viewer may ask for, from the first moment on.
    pub(crate) fn offer(&mut self, possible: PermissionSet) {
        self.asking.offer(possible);
    }

    /// On the host: tells both sides what was asked and is not answered.
    pub(crate) fn say_asks(&mut self, talk: Option<&mut Talk>) {
        let asks = self.asking.asks();
        self.report(SessionEvent::Asks(asks));
        if let Some(talk) = talk {
            talk.send(Frame::Asks(asks));
        }
    }

    /// This side ends the session.
    pub(crate) fn leave(&self) -> Leave {
        Leave { why: EndedWhy::by(self.side), parting: Parting::Farewell }
    }

    /// One thing that happens in a running session. Nothing is lost when it is dropped half way.
    pub(crate) async fn step(&mut self, talk: &mut Talk) -> Step {
        // A reader that is slow holds the other side back, and nothing piles up here.
        let reading = !self.reports.is_waiting();
        tokio::select! {
            () = self.signals.stop.cancelled() => return Step::Leave(self.leave()),
            heard = talk.next(reading) => return self.hear(heard, talk),
            Some(command) = self.orders.recv() => self.obey(command, talk),
            () = self.reports.deliver(), if self.reports.is_waiting() => {}
            () = &mut self.path_due => self.look_at_path(talk),
        }
        Step::Continue
    }

    /// Waits until this side's person wants something, while there is no connection.
    pub(crate) async fn interruption(&mut self) -> Interruption {
        loop {
            tokio::select! {
                () = self.signals.stop.cancelled() => return Interruption::Stop,
                Some(command) = self.orders.recv() => match command {
                    Command::TryNow => return Interruption::TryNow,
                    Command::Chat(_, reply) => {
                        let _ = reply.send(Err(SendRefusal::NotConnected));
                    }
                    Command::Ask(_, reply) => {
                        let _ = reply.send(Err(AskRefusal::NotConnected));
                    }
                    Command::Refuse(permission) => self.refuse(permission, None),
                    Command::LetGo | Command::LendConnection(_) => {}
                },
                () = self.reports.deliver(), if self.reports.is_waiting() => {}
            }
        }
    }

    /// As [`Core::interruption`], for the side that only waits.
    pub(crate) async fn stopped(&mut self) {
        while let Interruption::TryNow = self.interruption().await {}
    }

    pub(crate) fn look_at_path(&mut self, talk: &Talk) {
        self.path_due = self.clock.sleep(self.timing.path_every);
        let path = talk.path();
        if path != self.path {
            self.path = path;
            path.into_iter().for_each(|path| self.report(SessionEvent::Path(path)));
        }
    }

    /// The connection is lost: until when both sides try to resume.
    pub(crate) fn lost(&mut self) -> Sleep {
        let until_monotonic = self.clock.monotonic() + self.timing.resume_within;
        self.path = None;
        self.screen.send_replace(ScreenState::Closed);
        self.report(SessionEvent::Lost { until_monotonic });
        self.clock.sleep(self.timing.resume_within)
    }

    /// The two met again: sends what the other side has not seen.
    pub(crate) fn resumed(&mut self, talk: &mut Talk, seen: ChatId, permissions: PermissionSet) {
        for chat in self.chats.unseen(seen) {
            talk.send(Frame::Chat(chat));
        }
        self.report(SessionEvent::Resumed);
        self.report(SessionEvent::Permissions(permissions));
        self.look_at_path(talk);
    }

    fn obey(&mut self, command: Command, talk: &mut Talk) {
        match command {
            Command::Chat(text, reply) => self.write(text, reply, talk),
            Command::LetGo => drop(talk.send(Frame::LetGo)),
            Command::Ask(permission, reply) => {
                let answer = self.asking.ask(permission, self.clock.monotonic());
                if answer.is_ok() {
                    talk.send(Frame::Ask(permission));
                }
                // Who asked may have gone.
                let _ = reply.send(answer);
            }
            Command::Refuse(permission) => self.refuse(permission, Some(talk)),
            Command::LendConnection(reply) => drop(reply.send(talk.connection().clone())),
            Command::TryNow => {}
        }
    }

    fn refuse(&mut self, permission: Permission, talk: Option<&mut Talk>) {
        if self.asking.refuse(permission, self.clock.monotonic()) {
            self.say_asks(talk);
        }
    }

    fn write(
        &mut self,
        text: ChatText,
        reply: oneshot::Sender<Result<ChatId, SendRefusal>>,
        talk: &mut Talk,
    ) {
        let written = self.chats.write(text, self.clock.monotonic());
        let answer = written.and_then(|chat| {
            let id = chat.id;
            if talk.send(Frame::Chat(chat)) { Ok(id) } else { Err(SendRefusal::TooMuch) }
        });
        // Who asked may have gone.
        let _ = reply.send(answer);
    }

    fn hear(&mut self, heard: Heard, talk: &mut Talk) -> Step {
        match heard {
            Heard::Frame(frame) if self.host_floods(&frame) => broken(CloseCode::Flood),
            Heard::Frame(frame) => self.take(frame, talk),
            Heard::Path => {
                self.look_at_path(talk);
                Step::Continue
            }
            Heard::Gone(gone) => self.gone(gone),
        }
    }

    fn host_floods(&mut self, frame: &Frame) -> bool {
        self.side == Side::Viewer && self.host_news.floods(frame, self.clock.monotonic())
    }

    fn take(&mut self, frame: Frame, talk: &mut Talk) -> Step {
        match frame {
            Frame::Chat(chat) => match self.chats.hear(chat, self.clock.monotonic()) {
                Verdict::Show(chat) => self.report(SessionEvent::Chat { id: chat.id, text: chat.text }),
                Verdict::Drop => tracing::debug!("a chat message too many, or twice"),
                Verdict::Flood => return broken(CloseCode::Flood),
            },
            Frame::Permissions(permissions) if self.side == Side::Viewer => {
                self.report(SessionEvent::Permissions(permissions));
            }
            Frame::Bye => {
                let parting = Parting::Close(CloseCode::Ended);
                return Step::Leave(Leave { why: EndedWhy::by(other(self.side)), parting });
            }
            Frame::Screen(state) if self.side == Side::Viewer => {
                self.screen.send_replace(state);
            }
            Frame::LetGo if self.side == Side::Host => return Step::LetGo,
            Frame::Ask(permission) if self.side == Side::Host => return self.take_ask(permission, talk),
            Frame::Asks(asks) if self.side == Side::Viewer => {
                self.asking.told(asks, self.clock.monotonic());
                self.report(SessionEvent::Asks(asks));
            }
            Frame::ForAWhile(left) if self.side == Side::Viewer => self.told_for_a_while(left),
            Frame::Permissions(_)
            | Frame::Screen(_)
            | Frame::LetGo
            | Frame::Ask(_)
            | Frame::Asks(_)
            | Frame::ForAWhile(_)
            | Frame::Hello(_)
            | Frame::Welcome(_) => {
                tracing::warn!("a frame that the other side may not send");
                return broken(CloseCode::NotAllowed);
            }
        }
        Step::Continue
    }

    fn take_ask(&mut self, permission: Permission, talk: &mut Talk) -> Step {
        match self.asking.hear(permission, self.clock.monotonic()) {
            asks::Verdict::Show => self.say_asks(Some(talk)),
            asks::Verdict::Drop => tracing::debug!(?permission, "asked for too often, or for what is held"),
            asks::Verdict::NotAllowed => {
                tracing::warn!(?permission, "asked for what this host cannot give");
                return broken(CloseCode::NotAllowed);
            }
            asks::Verdict::Flood => return broken(CloseCode::Flood),
        }
        Step::Continue
    }

    fn gone(&self, gone: Gone) -> Step {
        match gone {
            Gone::Lost | Gone::Closed(Some(CloseCode::Replaced)) => Step::Lost,
            Gone::Broken(code) => broken(code),
            Gone::Closed(code) => {
                Step::Leave(Leave { why: self.why_closed(code), parting: Parting::Close(CloseCode::Ended) })
            }
        }
    }

    /// What the other side's parting word means here.
    pub(crate) fn why_closed(&self, code: Option<CloseCode>) -> EndedWhy {
        match code {
            Some(CloseCode::Unreadable | CloseCode::NotAllowed | CloseCode::Flood) => EndedWhy::Misbehaved,
            Some(code) if code.is_refusal() => EndedWhy::Refused(code),
            _ => EndedWhy::by(other(self.side)),
        }
    }

    /// Parts from the other side, closes the endpoint, and tells why. With a `linger`, the handle is let go
    /// first, and the endpoint stays for as long as the handle and the `linger` last.
    pub(crate) async fn finish(
        mut self,
        leave: Leave,
        talk: Option<Box<Talk>>,
        endpoint: Option<Endpoint>,
        linger: Option<BoxFuture<'_, ()>>,
    ) {
        self.report(SessionEvent::Ended(leave.why));
        let Self { clock, timing, orders, mut reports, signals, .. } = self;
        // Who still asks for something learns at once that it is over.
        drop(orders);
        let closing = async {
            if let Some(talk) = talk {
                part(talk, leave.parting, clock.sleep(timing.farewell)).await;
            }
            if let Some(linger) = linger {
                signals.done.cancel();
                tokio::select! { () = linger => {}, () = signals.dropped.cancelled() => {} }
            }
            if let Some(endpoint) = endpoint {
                endpoint.close().await;
            }
            signals.done.cancel();
        };
        // Neither waits for the other: who reads the events may be who waits for the end.
        tokio::join!(closing, reports.deliver_all(&signals.dropped));
    }
}

async fn part(mut talk: Box<Talk>, parting: Parting, patience: Sleep) {
    match parting {
        Parting::Close(code) => talk.close(code),
        Parting::Farewell => {
            tokio::select! { () = talk.farewell() => {}, () = patience => {} }
            talk.close(CloseCode::Ended);
        }
    }
}

fn broken(code: CloseCode) -> Step {
    Step::Leave(Leave { why: EndedWhy::Misbehaved, parting: Parting::Close(code) })
}

fn other(side: Side) -> Side {
    match side {
        Side::Host => Side::Viewer,
        Side::Viewer => Side::Host,
    }
}
