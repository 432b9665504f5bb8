//! Who shows the screen: a session of ours, and two servers that others wrote, on the same display.

use std::fs;
use std::net::Ipv4Addr;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use beckon_domain::grant::{GRANT_LIFETIME, Party};
use beckon_domain::session_request::LinkNumber;
use beckon_domain::statement::Side;
use beckon_domain::{
    AccountId, Consent, Cover, Grant, Permission, PermissionSet, RequestId, SecretKey, SessionId,
    SessionPurpose, SharedClock, Statement,
};
use beckon_session::{
    Consents, HostParts, LiveSession, Network, SessionConfig, SessionEvent, SessionEvents, Timing,
};
use beckon_tests::stage::{Program, free_port, until};
use iroh_relay::server::{RelayConfig, Server, ServerConfig};
use tokio::net::TcpStream;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use super::rfb::Viewer;

/// The threads of a host: its runtime's, and those that look and type.
const THREADS: [&str; 3] = ["host", "screen", "input"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contestant {
    Video,
    Tiles,
    TigerVnc,
    X11Vnc,
}

/// One of them at work, and who looks at it.
pub struct Shown {
    pub viewer: Viewer,
    server: Running,
}

enum Running {
    Ours(#[expect(dead_code, reason = "held, not read")] Box<Session>),
    Theirs(Program),
}

impl Contestant {
    pub const ALL: [Self; 4] = [Self::Video, Self::Tiles, Self::TigerVnc, Self::X11Vnc];

    pub fn name(self) -> &'static str {
        match self {
            Self::Video => "H.264",
            Self::Tiles => "tiles",
            Self::TigerVnc => "x0vncserver",
            Self::X11Vnc => "x11vnc",
        }
    }

    pub async fn shows(self, display: &str, folder: &Path, clock: &SharedClock) -> Shown {
        let port = free_port().to_string();
        let mut command = match self {
            Self::Video | Self::Tiles => {
                let session = Session::opens(display, clock).await;
                let screen = session.viewer.screen(0).await.unwrap();
                let viewer = Viewer::of(screen, self == Self::Video, clock).await;
                return Shown { viewer, server: Running::Ours(Box::new(session)) };
            }
            Self::TigerVnc => {
                let mut server = Command::new("X0tigervnc");
                server.args(["-display", display, "-rfbport", &port, "-localhost", "-SecurityTypes=None"]);
                server
            }
            Self::X11Vnc => {
                let mut server = Command::new("x11vnc");
                server.args(["-display", display, "-rfbport", &port, "-localhost", "-forever", "-nopw"]);
                server
            }
        };
        let server = Program::start(self.name(), &mut command, folder);
        let address = format!("{}:{port}", Ipv4Addr::LOCALHOST);
        let stream = until(self.name(), async || TcpStream::connect(&address).await.ok()).await;
        stream.set_nodelay(true).unwrap();
        Shown { viewer: Viewer::of(stream, false, clock).await, server: Running::Theirs(server) }
    }
}

impl Shown {
    /// What the host's side has computed so far.
    pub fn computed(&self) -> Duration {
        match &self.server {
            Running::Ours(_) => computed(std::process::id(), |name| THREADS.contains(&name)),
            Running::Theirs(program) => computed(program.id(), |_| true),
        }
    }
}

fn computed(process: u32, counts: impl Fn(&str) -> bool) -> Duration {
    let threads = fs::read_dir(format!("/proc/{process}/task")).unwrap();
    let nanoseconds = threads.filter_map(|thread| {
        let folder = thread.ok()?.path();
        let name = fs::read_to_string(folder.join("comm")).ok()?;
        let spent = fs::read_to_string(folder.join("schedstat")).ok()?;
        let spent: u64 = spent.split_whitespace().next()?.parse().ok()?;
        counts(name.trim()).then_some(spent)
    });
    Duration::from_nanos(nanoseconds.sum())
}

/// Both ends in this process, the host's on threads of its own.
struct Session {
    viewer: LiveSession,
    _host: LiveSession,
    _events: JoinSet<()>,
    _relay: Server,
    runtime: Option<Runtime>,
}

impl Session {
    async fn opens(display: &str, clock: &SharedClock) -> Self {
        let mut config = ServerConfig::default();
        config.relay = Some(RelayConfig::new((Ipv4Addr::LOCALHOST, 0)));
        let relay = Server::spawn(config).await.unwrap();
        let url = format!("http://{}", relay.http_addr().unwrap());
        let introduced = Introduced::new();
        let (parts, consents) = (HostParts::of_display(display), Consents::new(clock.clone()));
        let switches: PermissionSet = Permission::ALL.into_iter().collect();
        consents.give(Consent::given(purpose(), Cover::AnyAgent, switches, clock.monotonic()));
        let runtime = Builder::new_multi_thread().thread_name("host").enable_all().build().unwrap();
        let (host, host_events) = {
            let _inside = runtime.enter();
            let config = introduced.config(Side::Host, &url, clock);
            LiveSession::host_with(config, consents, switches, parts).unwrap()
        };
        let (viewer, mut events) = LiveSession::viewer(introduced.config(Side::Viewer, &url, clock)).unwrap();
        until_direct(&mut events).await;
        let mut reading = JoinSet::new();
        reading.spawn(read(host_events));
        reading.spawn(read(events));
        Self { viewer, _host: host, _events: reading, _relay: relay, runtime: Some(runtime) }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // Nothing may block here.
        self.runtime.take().into_iter().for_each(Runtime::shutdown_background);
    }
}

/// What passes the relay at first is not measured.
async fn until_direct(events: &mut SessionEvents) {
    loop {
        match events.recv().await {
            Some(SessionEvent::Path(path)) if !path.relayed => return,
            Some(SessionEvent::Ended(why)) => panic!("the session ended: {why:?}"),
            Some(_) => {}
            None => panic!("the session ended"),
        }
    }
}

async fn read(mut events: SessionEvents) {
    while events.recv().await.is_some() {}
}

fn purpose() -> SessionPurpose {
    SessionPurpose::Request { request: RequestId(Uuid::from_u128(2)), link: LinkNumber(1) }
}

/// The keys that a service would have introduced to each other.
struct Introduced {
    service: SecretKey,
    devices: [SecretKey; 2],
    endpoints: [SecretKey; 2],
}

impl Introduced {
    fn new() -> Self {
        let pair = || [SecretKey::generate(), SecretKey::generate()];
        Self { service: SecretKey::generate(), devices: pair(), endpoints: pair() }
    }

    fn party(&self, side: Side, device: u64) -> Party {
        let place = usize::from(side == Side::Viewer);
        let session = SessionId(Uuid::from_u128(1));
        let endpoint = self.endpoints[place].public();
        let statement = Statement { session, purpose: purpose(), side, endpoint };
        Party { device: device.try_into().unwrap(), signed: statement.sign(&self.devices[place]) }
    }

    fn config(&self, side: Side, relay: &str, clock: &SharedClock) -> SessionConfig {
        let grant = Grant {
            host: self.party(Side::Host, 123_456_789),
            viewer: self.party(Side::Viewer, 987_654_321),
            account: Some(AccountId(Uuid::from_u128(3))),
            account_name: Some("Ana".parse().unwrap()),
            organisation: "Acme".parse().unwrap(),
            queue: None,
            permissions: PermissionSet::NONE,
            not_after: clock.now() + GRANT_LIFETIME,
        };
        let place = usize::from(side == Side::Viewer);
        let now = clock.clone();
        SessionConfig {
            clock: clock.clone(),
            service_now: Arc::new(move || now.now()),
            service_key: self.service.public(),
            grant: grant.sign(&self.service).unwrap(),
            device: self.devices[place].public(),
            endpoint: self.endpoints[place].clone(),
            network: Network {
                relay: relay.to_owned(),
                address_discovery: None,
                relay_only: false,
                port_mapping: false,
            },
            timing: Timing::default(),
            tasks: TaskTracker::new(),
        }
    }
}
