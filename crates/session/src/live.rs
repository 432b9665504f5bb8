//! A session as the rest of the client sees it: a handle to act on, and events that come from it.

use std::sync::Arc;
use std::time::Duration;

use beckon_domain::grant::GrantRefusal;
use beckon_domain::statement::Side;
use beckon_domain::text::ChatText;
use beckon_domain::{
    Grant, Permission, PermissionSet, PublicKey, SecretKey, SessionId, SessionPurpose, SharedClock,
    SignedGrant,
};
use chrono::{DateTime, Utc};
use iroh::endpoint::Connection;
use tokio::sync::{mpsc, oneshot, watch};
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

use crate::admission::is_for;
use crate::asks::{AskRefusal, Asks};
use crate::beside::Beside;
use crate::chat::ChatId;
use crate::close_code::CloseCode;
use crate::consents::{Consents, ForAWhile, Turn};
use crate::core::{Command, Core, Signals};
use crate::endpoint::relay_url;
use crate::parts::HostParts;
use crate::screen::{NoScreen, ScreenState, ScreenStream, view};
use crate::timing::Timing;
use crate::{host, viewer};

/// The service's time, as this side knows it.
pub type ServiceNow = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// Events come in order. A reader that is slow holds the other side's chat back; it never blocks the session.
pub type SessionEvents = mpsc::Receiver<SessionEvent>;

const EVENTS: usize = 64;
const COMMANDS: usize = 16;

/// What both sides need to open a session.
pub struct SessionConfig {
    pub clock: SharedClock,
    pub service_now: ServiceNow,
    /// The service's key, pinned.
    pub service_key: PublicKey,
    /// From this device's own request to the service.
    pub grant: SignedGrant,
    /// This device's key.
    pub device: PublicKey,
    /// The key that this device named in its statement; made for this session and forgotten with it.
    pub endpoint: SecretKey,
    pub network: Network,
    pub timing: Timing,
    /// The session runs on it; whoever quits waits for it.
    pub tasks: TaskTracker,
}

#[derive(Debug, Clone)]
pub struct Network {
    /// The service's own relay: https, or http on this machine.
    pub relay: String,
    /// Where this side learns what its address looks like from outside.
    pub address_discovery: Option<AddressDiscovery>,
    /// Never learn or tell an address; everything goes through the relay.
    pub relay_only: bool,
    /// Ask the router to open a port.
    pub port_mapping: bool,
}

/// By QUIC, under the relay's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressDiscovery {
    pub port: u16,
    /// What it proves itself with, in DER.
    pub certificate: Vec<u8>,
}

/// Why a session could not be opened at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenRefusal {
    #[error(transparent)]
    Grant(#[from] GrantRefusal),
    #[error("the grant is for another device or endpoint")]
    NotThisDevice,
    #[error("the relay's address cannot be used")]
    BadRelay,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SessionEvent {
    /// Both are in the session. The words are the same on both sides and stay the same after a resume.
    Connected {
        words: [String; 4],
    },
    /// The other side wrote.
    Chat {
        id: ChatId,
        text: ChatText,
    },
    /// What the viewer may do now; on both sides.
    Permissions(PermissionSet),
    /// What the viewer may ask for, and what it asked for and nobody answered; on both sides.
    Asks(Asks),
    /// Which switches turn off by themselves, and when on this side's monotonic clock; on both sides.
    ForAWhile(ForAWhile),
    /// How the two are connected; when it changes, and every few seconds while it does.
    Path(PathInfo),
    /// The connection is gone; both sides try to resume until then, on this side's monotonic clock.
    Lost {
        until_monotonic: Duration,
    },
    Resumed,
    /// The last event.
    Ended(EndedWhy),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PathInfo {
    pub relayed: bool,
    pub round_trip_ms: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndedWhy {
    ByHost,
    ByViewer,
    /// It could not be resumed in time.
    Lost,
    /// The two never met.
    CouldNotConnect,
    /// The host said no.
    Refused(CloseCode),
    /// The other side broke the protocol, or says that this side did.
    Misbehaved,
}

impl EndedWhy {
    pub(crate) fn by(side: Side) -> Self {
        match side {
            Side::Host => Self::ByHost,
            Side::Viewer => Self::ByViewer,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SendRefusal {
    #[error("there is no connection now")]
    NotConnected,
    #[error("more than a person writes")]
    TooMuch,
    #[error("the session is over")]
    Ended,
}

/// A session that was opened. Dropping it ends it, without withdrawing any consent.
///
/// A host that ended while the connection was lost should be kept for as long as its window stands: for two
/// minutes it tells a viewer that dials again, in place of leaving it in the dark.
pub struct LiveSession {
    grant: Arc<Grant>,
    side: Side,
    consents: Option<Consents>,
    commands: mpsc::Sender<Command>,
    screen: watch::Receiver<ScreenState>,
    pub(crate) beside: Arc<Beside>,
    stop: CancellationToken,
    done: CancellationToken,
    _dropped: DropGuard,
}

impl LiveSession {
    /// As [`LiveSession::host_with`], with what this system offers.
    pub fn host(
        config: SessionConfig,
        consents: Consents,
        available: PermissionSet,
    ) -> Result<(Self, SessionEvents), OpenRefusal> {
        Self::host_with(config, consents, available, HostParts::of_this_system(None))
    }

    /// Binds and waits for the viewer until the grant runs out. Must be called within a tokio runtime.
    ///
    /// The session follows `consents`: it takes its switches from there, and ends when the consent is
    /// withdrawn. `available` is what this version can carry out on this system.
    pub fn host_with(
        config: SessionConfig,
        consents: Consents,
        available: PermissionSet,
        parts: HostParts,
    ) -> Result<(Self, SessionEvents), OpenRefusal> {
        let (mut session, core, events) = Self::prepare(&config, Side::Host)?;
        session.consents = Some(consents.clone());
        let relay = relay_url(&config.network.relay).ok_or(OpenRefusal::BadRelay)?;
        config.tasks.clone().spawn(host::run(
            config,
            relay,
            session.grant.clone(),
            consents,
            available,
            parts,
            core,
        ));
        Ok((session, events))
    }

    /// Binds and connects to the host through the relay. Must be called within a tokio runtime.
    pub fn viewer(config: SessionConfig) -> Result<(Self, SessionEvents), OpenRefusal> {
        let (session, core, events) = Self::prepare(&config, Side::Viewer)?;
        let relay = relay_url(&config.network.relay).ok_or(OpenRefusal::BadRelay)?;
        config.tasks.clone().spawn(viewer::run(config, relay, session.grant.clone(), core));
        Ok((session, events))
    }

    fn prepare(config: &SessionConfig, side: Side) -> Result<(Self, Core, SessionEvents), OpenRefusal> {
        let grant = config.grant.verify(&config.service_key, (config.service_now)())?;
        if !is_for(&grant, side, config.device, config.endpoint.public()) {
            return Err(OpenRefusal::NotThisDevice);
        }
        let (commands, orders) = mpsc::channel(COMMANDS);
        let (reports, events) = mpsc::channel(EVENTS);
        let dropped = CancellationToken::new();
        let signals = Signals { stop: dropped.child_token(), done: CancellationToken::new(), dropped };
        let (state, screen) = watch::channel(ScreenState::default());
        let (clock, timing) = (config.clock.clone(), config.timing);
        let core = Core::new(side, clock, timing, orders, reports, state, signals.clone());
        let session = Self {
            grant: Arc::new(grant),
            side,
            consents: None,
            commands,
            screen,
            beside: core.beside.clone(),
            stop: signals.stop,
            done: signals.done,
            _dropped: signals.dropped.drop_guard(),
        };
        Ok((session, core, events))
    }

    pub fn id(&self) -> SessionId {
        self.grant.session()
    }

    pub fn side(&self) -> Side {
        self.side
    }

    pub fn purpose(&self) -> SessionPurpose {
        self.grant.purpose()
    }

    /// What the service vouched for: who the other side is, and its device key.
    pub fn grant(&self) -> &Grant {
        &self.grant
    }

    /// Says it to the other side. What was on its way when the connection broke is sent again on resume.
    pub async fn send_chat(&self, text: ChatText) -> Result<ChatId, SendRefusal> {
        let (reply, answer) = oneshot::channel();
        self.commands.send(Command::Chat(text, reply)).await.map_err(|_| SendRefusal::Ended)?;
        answer.await.map_err(|_| SendRefusal::Ended)?
    }

    /// On the host: what the viewer may do from now on. False on the viewer, or where consent is over.
    pub fn set_switches(&self, switches: PermissionSet) -> bool {
        self.consents.as_ref().is_some_and(|consents| consents.set_switches(&self.purpose(), switches))
    }

    /// On the host: turns one switch, also as a yes to what was asked. False on the viewer, or where consent
    /// is over.
    pub fn turn(&self, permission: Permission, turn: Turn) -> bool {
        self.consents.as_ref().is_some_and(|consents| consents.turn(&self.purpose(), permission, turn))
    }

    /// On the host: no to what was asked.
    pub async fn refuse(&self, permission: Permission) {
        if self.side == Side::Host {
            // A session that is over asks nothing any more.
            let _ = self.commands.send(Command::Refuse(permission)).await;
        }
    }

    /// On the viewer: asks the host's person for this too. The answer comes as an event, whenever they give it.
    pub async fn ask(&self, permission: Permission) -> Result<(), AskRefusal> {
        if self.side == Side::Host {
            return Err(AskRefusal::NotPossible);
        }
        let (reply, answer) = oneshot::channel();
        self.commands.send(Command::Ask(permission, reply)).await.map_err(|_| AskRefusal::Ended)?;
        answer.await.map_err(|_| AskRefusal::Ended)?
    }

    /// On the viewer: the host's screen; the first monitor is the primary one. At most three are
    /// shown at a time, further ones wait. After a resume it is asked for anew.
    pub async fn screen(&self, monitor: u8) -> Result<ScreenStream, NoScreen> {
        let connection = self.connection().await.ok_or(NoScreen::NotConnected)?;
        view(&connection, monitor).await
    }

    /// On the viewer: the connection that stands now, to open streams on. The host opens none.
    pub(crate) async fn connection(&self) -> Option<Connection> {
        if self.side == Side::Host {
            return None;
        }
        let (reply, connection) = oneshot::channel();
        self.commands.send(Command::LendConnection(reply)).await.ok()?;
        connection.await.ok()
    }

    /// What the host's screen does, on both sides.
    pub fn screen_state(&self) -> watch::Receiver<ScreenState> {
        self.screen.clone()
    }

    /// On the viewer, when its window no longer hears keys: what it holds down on the host comes up.
    pub fn let_go(&self) {
        // A full queue means that nothing gets through; the host lets go when that lasts.
        drop(self.commands.try_send(Command::LetGo));
    }

    /// On the viewer, while lost or connecting: dials again at once.
    pub fn try_now(&self) {
        // A full queue means that it is about to look at it anyway.
        drop(self.commands.try_send(Command::TryNow));
    }

    /// Ends the session, tells the other side, and returns when the connection is closed.
    ///
    /// On the host this withdraws the consent too, unless the session was over already.
    pub async fn end(&self) {
        if let Some(consents) = self.consents.as_ref().filter(|_| !self.done.is_cancelled()) {
            consents.withdraw(&self.purpose());
        }
        self.stop.cancel();
        self.done.cancelled().await;
    }

    /// Ends the session without taking any consent back: this side's person did not ask for the end.
    pub fn hang_up(&self) {
        self.stop.cancel();
    }

    /// Returns when the session is over, whoever ended it.
    pub async fn ended(&self) {
        self.done.cancelled().await;
    }
}
