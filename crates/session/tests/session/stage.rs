//! A service's key, a relay, a host with its consents, a viewer, and a clock.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use beckon_domain::clock::FakeClock;
use beckon_domain::grant::{GRANT_LIFETIME, Party};
use beckon_domain::session_request::{LinkNumber, Revision};
use beckon_domain::statement::Side;
use beckon_domain::{
    AccountId, CallId, Clock, Consent, Cover, DeviceId, Grant, InvitationId, Permission, PermissionSet,
    PublicKey, RequestId, SecretKey, SessionId, SessionPurpose, SignedGrant, Statement,
};
use beckon_session::{
    Asks, Consents, EndedWhy, HostParts, LiveSession, Network, OpenRefusal, SessionConfig, SessionEvent,
    SessionEvents, Timing,
};
use chrono::DateTime;
use iroh_relay::server::{RelayConfig, Server, ServerConfig};
use tokio::time::MissedTickBehavior;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use crate::cut_line::CutLine;
use crate::desk::Desk;

/// Long enough for the busiest machine; reached only when something is broken.
const FAILSAFE: Duration = Duration::from_secs(90);

pub struct Stage {
    pub clock: FakeClock,
    pub consents: Consents,
    pub service: SecretKey,
    pub host: Player,
    pub viewer: Player,
    pub line: CutLine,
    /// What the host's machine shows, and does with input.
    pub desk: Desk,
    pub relay_only: bool,
    /// What the host's version can carry out.
    pub available: PermissionSet,
    /// What the session is for.
    pub purpose: SessionPurpose,
    /// What the host's person leaves on.
    pub switches: PermissionSet,
    relay: Arc<Server>,
}

pub struct Player {
    pub device: SecretKey,
    pub endpoint: SecretKey,
}

/// One side of a session, and what it has told.
pub struct Seat {
    pub session: LiveSession,
    pub events: SessionEvents,
}

impl Player {
    fn new() -> Self {
        Self { device: SecretKey::generate(), endpoint: SecretKey::generate() }
    }
}

const VIEWER_DEVICE: u64 = 987_654_321;

/// One purpose of every kind.
pub const PURPOSES: [SessionPurpose; 3] = [
    SessionPurpose::Request { request: RequestId(Uuid::from_u128(2)), link: LinkNumber(1) },
    SessionPurpose::Call { call: CallId(Uuid::from_u128(4)) },
    SessionPurpose::Invitation { invitation: InvitationId(Uuid::from_u128(5)), revision: Revision(1) },
];

/// Whom the host's window named.
fn cover(purpose: SessionPurpose) -> Cover {
    match purpose {
        SessionPurpose::Request { .. } => Cover::AnyAgent,
        SessionPurpose::Call { .. } => Cover::Peer(device(VIEWER_DEVICE)),
        SessionPurpose::Invitation { .. } => Cover::Accepter,
    }
}

fn device(number: u64) -> DeviceId {
    number.try_into().unwrap()
}

pub fn session_id() -> SessionId {
    SessionId(Uuid::from_u128(1))
}

pub fn available() -> PermissionSet {
    [Permission::Input, Permission::Clipboard].into_iter().collect()
}

impl Stage {
    /// Both sides reach each other through the relay alone.
    pub async fn new() -> Self {
        let clock = FakeClock::starting_at(DateTime::from_timestamp(1_800_000_000, 0).unwrap());
        let mut config = ServerConfig::default();
        config.relay = Some(RelayConfig::new((Ipv4Addr::LOCALHOST, 0)));
        let relay = Server::spawn(config).await.unwrap();
        Self {
            consents: Consents::new(Arc::new(clock.clone())),
            clock,
            service: SecretKey::generate(),
            host: Player::new(),
            viewer: Player::new(),
            line: CutLine::to(relay.http_addr().unwrap()).await,
            desk: Desk::default(),
            relay_only: true,
            available: available(),
            purpose: PURPOSES[0],
            switches: Permission::ALL.into_iter().collect(),
            relay: Arc::new(relay),
        }
    }

    /// Another session of the same host, with another viewer, at the same desk.
    pub async fn beside(&self, purpose: SessionPurpose) -> Self {
        Self {
            clock: self.clock.clone(),
            consents: self.consents.clone(),
            service: self.service.clone(),
            host: Player { device: self.host.device.clone(), endpoint: SecretKey::generate() },
            viewer: Player::new(),
            line: CutLine::to(self.relay.http_addr().unwrap()).await,
            desk: self.desk.clone(),
            relay_only: self.relay_only,
            available: self.available,
            purpose,
            switches: self.switches,
            relay: self.relay.clone(),
        }
    }

    /// The host's person allows it to whoever it is for.
    pub fn allow(&self) -> &Self {
        self.allow_for(self.purpose)
    }

    pub fn allow_for(&self, purpose: SessionPurpose) -> &Self {
        let (cover, now) = (cover(purpose), self.clock.monotonic());
        self.consents.give(Consent::given(purpose, cover, self.switches, now));
        self
    }

    pub fn grant(&self) -> SignedGrant {
        let party = |side, number: u64, player: &Player| {
            let statement = Statement {
                session: session_id(),
                purpose: self.purpose,
                side,
                endpoint: player.endpoint.public(),
            };
            Party { device: device(number), signed: statement.sign(&player.device) }
        };
        let grant = Grant {
            host: party(Side::Host, 123_456_789, &self.host),
            viewer: party(Side::Viewer, VIEWER_DEVICE, &self.viewer),
            account: Some(AccountId(Uuid::from_u128(3))),
            account_name: Some("Ana".parse().unwrap()),
            organisation: "Acme".parse().unwrap(),
            queue: None,
            permissions: PermissionSet::NONE,
            not_after: self.clock.now() + GRANT_LIFETIME,
        };
        grant.sign(&self.service).unwrap()
    }

    pub fn relay_url(&self) -> String {
        format!("http://{}", self.line.address)
    }

    pub fn config(&self, player: &Player) -> SessionConfig {
        let clock = self.clock.clone();
        SessionConfig {
            clock: Arc::new(clock.clone()),
            service_now: Arc::new(move || clock.now()),
            service_key: self.service.public(),
            grant: self.grant(),
            device: player.device.public(),
            endpoint: player.endpoint.clone(),
            network: Network {
                relay: self.relay_url(),
                address_discovery: None,
                relay_only: self.relay_only,
                port_mapping: false,
            },
            timing: Timing {
                keep_alive: Duration::from_millis(300),
                idle: Duration::from_secs(3),
                ..Timing::default()
            },
            tasks: TaskTracker::new(),
        }
    }

    pub fn host(&self) -> Seat {
        self.host_with(self.desk.parts())
    }

    pub fn host_with(&self, parts: HostParts) -> Seat {
        let config = self.config(&self.host);
        Seat::of(LiveSession::host_with(config, self.consents.clone(), self.available, parts))
    }

    pub fn viewer(&self) -> Seat {
        Seat::of(LiveSession::viewer(self.config(&self.viewer)))
    }

    /// Two seats that are connected, host first.
    pub async fn connected(&self) -> (Seat, Seat) {
        self.connected_with(self.desk.parts()).await
    }

    pub async fn connected_with(&self, parts: HostParts) -> (Seat, Seat) {
        let (mut host, mut viewer) = (self.allow().host_with(parts), self.viewer());
        // A busy machine needs its time to connect.
        let words = self.at_pace(Duration::from_millis(20), viewer.words()).await;
        assert_eq!(host.words().await, words);
        (host, viewer)
    }

    /// Lets the clock run, faster than real time, until `outcome` is there.
    pub async fn running<T>(&self, outcome: impl Future<Output = T>) -> T {
        self.at_pace(Duration::from_millis(100), outcome).await
    }

    /// Moves the clock by so much every 20 ms.
    async fn at_pace<T>(&self, pace: Duration, outcome: impl Future<Output = T>) -> T {
        let mut tick = tokio::time::interval(Duration::from_millis(20));
        let mut outcome = std::pin::pin!(outcome);
        loop {
            tokio::select! {
                outcome = &mut outcome => return outcome,
                _ = tick.tick() => self.clock.advance(pace),
            }
        }
    }

    pub fn advance(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    pub fn host_key(&self) -> PublicKey {
        self.host.endpoint.public()
    }
}

impl Seat {
    fn of(opened: Result<(LiveSession, SessionEvents), OpenRefusal>) -> Self {
        let (session, events) = opened.unwrap();
        Self { session, events }
    }

    /// The next event that `wanted` takes; others are passed over, but the end is not.
    pub async fn until<T>(&mut self, wanted: impl Fn(&SessionEvent) -> Option<T>) -> T {
        let side = self.session.side();
        loop {
            let event =
                failsafe(self.events.recv()).await.unwrap_or_else(|| panic!("the {side:?} told no more"));
            if let Some(found) = wanted(&event) {
                return found;
            }
            assert!(!matches!(event, SessionEvent::Ended(_)), "the {side:?} ended: {event:?}");
        }
    }

    pub async fn words(&mut self) -> [String; 4] {
        self.until(|event| match event {
            SessionEvent::Connected { words } => Some(words.clone()),
            _ => None,
        })
        .await
    }

    pub async fn chat(&mut self) -> String {
        self.until(|event| match event {
            SessionEvent::Chat { text, .. } => Some(text.to_string()),
            _ => None,
        })
        .await
    }

    pub async fn permissions(&mut self) -> PermissionSet {
        self.until(|event| match event {
            SessionEvent::Permissions(permissions) => Some(*permissions),
            _ => None,
        })
        .await
    }

    pub async fn asks(&mut self) -> Asks {
        self.until(|event| match event {
            SessionEvent::Asks(asks) => Some(*asks),
            _ => None,
        })
        .await
    }

    /// What was asked and is not answered, once it is this.
    pub async fn open_asks(&mut self, open: &[Permission]) {
        let open: PermissionSet = open.iter().copied().collect();
        while self.asks().await.open != open {}
    }

    pub async fn lost(&mut self) -> Duration {
        self.until(|event| match event {
            SessionEvent::Lost { until_monotonic } => Some(*until_monotonic),
            _ => None,
        })
        .await
    }

    pub async fn resumed(&mut self) {
        self.until(|event| matches!(event, SessionEvent::Resumed).then_some(())).await;
    }

    pub async fn ended(&mut self) -> EndedWhy {
        self.until(|event| match event {
            SessionEvent::Ended(why) => Some(*why),
            _ => None,
        })
        .await
    }

    pub async fn say(&self, text: &str) {
        self.session.send_chat(text.parse().unwrap()).await.unwrap();
    }
}

pub async fn failsafe<T>(outcome: impl Future<Output = T>) -> T {
    tokio::time::timeout(FAILSAFE, outcome).await.expect("it never came")
}

/// Looks again and again until it is so.
pub async fn until(mut is_so: impl FnMut() -> bool) {
    let looking = async {
        let mut ticks = tokio::time::interval(Duration::from_millis(10));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while !is_so() {
            ticks.tick().await;
        }
    };
    failsafe(looking).await;
}
