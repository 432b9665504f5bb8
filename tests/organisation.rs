//! An organisation with its service, on a clock that only the story moves.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::time::Duration;

use beckon_client::SessionNetwork;
use beckon_domain::clock::FakeClock;
use beckon_domain::invitation::InvitationState;
use beckon_domain::session_request::{Ready, Status, StatusName};
use beckon_domain::{Clock, Cover, InvitationId, RequestId, Role, SessionId};
use beckon_service::admin::{self, NewAccount};
use beckon_service::{Config, Running, Service};
use beckon_session::Timing;
use beckon_wire::request::AssignTo;
use chrono::{DateTime, TimeDelta};
use tempfile::TempDir;
use url::Url;

use crate::backlog;
use crate::cable::Cable;
use crate::cast::Person;
use crate::forger::Forger;

pub struct Organisation {
    pub clock: FakeClock,
    folder: TempDir,
    config: Config,
    service: Option<Running>,
    origin: String,
    network: SessionNetwork,
    relay_cable: Option<Cable>,
    guest_cable: std::sync::OnceLock<Cable>,
}

/// Short enough for a story, long enough for a busy machine.
const TIMING: fn() -> Timing = || Timing {
    keep_alive: Duration::from_millis(500),
    idle: Duration::from_secs(3),
    // The clock of a story may jump while a connection is on its way.
    connect_within: Duration::from_secs(10 * 60),
    greet_within: Duration::from_secs(10 * 60),
    ..Timing::default()
};

impl Organisation {
    pub async fn opens() -> Self {
        Self::opens_with(SessionNetwork { timing: TIMING(), relay_only: false }).await
    }

    /// Sessions go through the relay alone, over a cable that can be pulled.
    pub async fn opens_with_only_its_relay() -> Self {
        Self::opens_with(SessionNetwork { timing: TIMING(), relay_only: true }).await
    }

    async fn opens_with(network: SessionNetwork) -> Self {
        let _ = tracing_subscriber::fmt()
            .with_env_filter("beckon=debug,beckon_tests=info")
            .with_test_writer()
            .try_init();
        let folder = tempfile::tempdir().unwrap();
        let start = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let clock = FakeClock::starting_at(start);
        let mut config = Config::on_free_ports(folder.path().join("service"));
        let mut service = Service::start(config.clone(), clock.shared()).await.unwrap();
        let mut relay_cable = None;
        // Started again, it is where it was.
        config.listen = service.address;
        config.relay_listen = service.relay_address;
        if network.relay_only {
            let cable = Cable::to(service.relay_address).await;
            config.relay_url = Some(Url::parse(&format!("http://{}", cable.address)).unwrap());
            relay_cable = Some(cable);
            service.shutdown().await.unwrap();
            service = Service::start(config.clone(), clock.shared()).await.unwrap();
        }
        let origin = service.origin.clone();
        let guest_cable = std::sync::OnceLock::new();
        Self { clock, folder, config, service: Some(service), origin, network, relay_cable, guest_cable }
    }

    pub fn origin(&self) -> String {
        self.origin.clone()
    }

    /// A support agent, signed in.
    pub async fn agent(&self, name: &str) -> Person {
        self.agent_with_clock(name, TimeDelta::zero()).await
    }

    pub async fn agent_with_clock(&self, name: &str, wrong_by: TimeDelta) -> Person {
        self.agent_at(name, self.origin(), wrong_by).await
    }

    /// What the service says to them passes through other hands.
    pub async fn agent_behind(&self, forger: &Forger, name: &str) -> Person {
        self.agent_at(name, format!("http://{}", forger.address), TimeDelta::zero()).await
    }

    async fn agent_at(&self, name: &str, origin: String, wrong_by: TimeDelta) -> Person {
        let email = format!("{}@acme.example", name.to_lowercase());
        let core = beckon_service::open_core(&self.config.data, self.clock.shared()).await.unwrap();
        let account = NewAccount {
            name: name.parse().unwrap(),
            email: email.clone(),
            role: Role::SupportAgent,
            password: "correct horse battery".to_owned().into(),
            organisation: Some("Acme".parse().unwrap()),
        };
        admin::create_account(&core, account).await.unwrap();
        let code = admin::sign_in_code(&core, &email).await.unwrap();
        let clock = self.clock.wrong_by(wrong_by);
        let person = Person::at_a_computer(
            name,
            self.computer_of(name),
            Some(origin),
            Some(code.to_string()),
            clock.shared(),
            self.network,
        );
        person.is_online().await;
        person.is_signed_in().await;
        person
    }

    /// Somebody with the program and without an account.
    pub async fn guest(&self, name: &str) -> Person {
        self.guest_with_clock(name, TimeDelta::zero()).await
    }

    pub async fn guest_with_clock(&self, name: &str, wrong_by: TimeDelta) -> Person {
        self.guest_at(name, self.origin(), wrong_by).await
    }

    /// Their program was started a moment ago, and has not spoken with the service yet.
    pub fn guest_who_just_starts(&self, name: &str) -> Person {
        self.guest_who_starts_at(name, self.origin())
    }

    /// As an agent behind it, without an account.
    pub fn guest_who_starts_behind(&self, forger: &Forger, name: &str) -> Person {
        self.guest_who_starts_at(name, format!("http://{}", forger.address))
    }

    fn guest_who_starts_at(&self, name: &str, origin: String) -> Person {
        let clock = self.clock.shared();
        Person::at_a_computer(name, self.computer_of(name), Some(origin), None, clock, self.network)
    }

    /// Their cable can be pulled: see [`Organisation::guest_cable`].
    pub async fn guest_behind_a_cable(&self, name: &str) -> Person {
        let cable = Cable::to(self.config.listen).await;
        let origin = format!("http://{}", cable.address);
        let _ = self.guest_cable.set(cable);
        self.guest_at(name, origin, TimeDelta::zero()).await
    }

    async fn guest_at(&self, name: &str, origin: String, wrong_by: TimeDelta) -> Person {
        let clock = self.clock.wrong_by(wrong_by).shared();
        let person =
            Person::at_a_computer(name, self.computer_of(name), Some(origin), None, clock, self.network);
        person.is_online().await;
        person
    }

    fn computer_of(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Ana's request, joined by Dana, who has not answered yet.
    pub async fn joined_request(&self, agent: &Person, guest: &Person) -> RequestId {
        self.joined(agent, guest, AssignTo::Myself).await
    }

    /// Ana's request, allowed by Dana.
    pub async fn ready_request(&self, agent: &Person, guest: &Person) -> RequestId {
        self.ready(agent, guest, AssignTo::Myself).await
    }

    /// Ana and Dana in a session, and the service knows of it.
    pub async fn session(&self, agent: &Person, guest: &Person) -> (RequestId, SessionId) {
        let request = self.ready_request(agent, guest).await;
        let session = agent.client.connect(request).await.unwrap();
        agent.talks().await;
        guest.talks().await;
        agent.sees_request(request, StatusName::Connected).await;
        (request, session)
    }

    pub async fn unassigned_ready_request(&self, agent: &Person, guest: &Person) -> RequestId {
        self.ready(agent, guest, AssignTo::Unassigned).await
    }

    async fn joined(&self, agent: &Person, guest: &Person, assign_to: AssignTo) -> RequestId {
        let request = agent.creates_a_request_for("Dana Fox", assign_to).await;
        let code = agent.client.request_link(request).await.unwrap().code.to_string();
        guest.joins(&code).await.unwrap();
        guest.is_asked().await;
        agent.sees("who joined", |client| client.get_request(request)?.host).await;
        request
    }

    async fn ready(&self, agent: &Person, guest: &Person, assign_to: AssignTo) -> RequestId {
        let request = self.joined(agent, guest, assign_to).await;
        guest.allows().await.unwrap();
        agent.sees_request(request, StatusName::Ready).await;
        guest.has_joined(StatusName::Ready).await;
        request
    }

    /// The service writes down that the host allowed it, though nobody was asked.
    pub fn forges_a_yes(&self, request: RequestId) {
        let database = rusqlite::Connection::open(self.config.data.join("beckon.sqlite")).unwrap();
        let id = request.0.to_string();
        let facts: String =
            database.query_row("SELECT facts FROM requests WHERE id = ?1", [&id], |row| row.get(0)).unwrap();
        let Status::Waiting(waiting) = serde_json::from_str(&facts).unwrap() else { panic!("{facts}") };
        let ready = Status::Ready(Ready {
            host: waiting.host.unwrap(),
            cover: Cover::AnyAgent,
            allowed_at: self.clock.now(),
            reservation: None,
            lost: None,
        });
        let forged = serde_json::to_string(&ready).unwrap();
        database
            .execute("UPDATE requests SET facts = ?1, status = 'ready' WHERE id = ?2", [&forged, &id])
            .unwrap();
    }

    /// The service writes down that an invitation is pending, though its sender took it back.
    pub fn forges_an_invitation(&self, invitation: InvitationId) {
        let database = rusqlite::Connection::open(self.config.data.join("beckon.sqlite")).unwrap();
        let pending = serde_json::to_string(&InvitationState::Pending { gone_since: None }).unwrap();
        let forged = database.execute(
            "UPDATE invitations SET facts = ?1, state = 'pending' WHERE id = ?2",
            [&pending, &invitation.0.to_string()],
        );
        assert_eq!(forged.unwrap(), 1);
    }

    /// While it is stopped: see [`backlog::of_requests`].
    pub fn has_as_many_requests(&self, count: u32) {
        backlog::of_requests(&self.config.data, count);
    }

    /// While it is stopped: whoever starts next has the database, but not the keys.
    pub fn loses_its_keys(&self) {
        for key in ["master.key", "signing.key"] {
            std::fs::remove_file(self.config.data.join(key)).unwrap();
        }
    }

    /// Waits until the session no longer needs the relay.
    pub async fn is_direct(&self, person: &Person, session: SessionId) {
        self.clock_runs_until(person.sees("a direct connection", |client| {
            client.session_state(session)?.path.filter(|path| !path.relayed)
        }))
        .await;
    }

    pub fn relay_cable(&self) -> &Cable {
        self.relay_cable.as_ref().unwrap()
    }

    pub fn guest_cable(&self) -> &Cable {
        self.guest_cable.get().unwrap()
    }

    pub async fn stops(&mut self) {
        self.service.take().unwrap().shutdown().await.unwrap();
    }

    pub async fn starts_again(&mut self) {
        self.service = Some(Service::start(self.config.clone(), self.clock.shared()).await.unwrap());
    }

    /// Lets the story's clock run, a second at a time, until something has happened. Real connections need
    /// real moments in between; what is waited for is `happens`, never the time.
    pub async fn clock_runs_until<T>(&self, happens: impl Future<Output = T>) -> T {
        self.clock_ticks_until(Duration::from_millis(100), happens).await
    }

    /// Slower: where a real connection must be found again before the story's two minutes are over.
    pub async fn clock_creeps_until<T>(&self, happens: impl Future<Output = T>) -> T {
        self.clock_ticks_until(Duration::from_millis(400), happens).await
    }

    async fn clock_ticks_until<T>(&self, tick: Duration, happens: impl Future<Output = T>) -> T {
        let mut happens = pin!(happens);
        let mut ticks = tokio::time::interval(tick);
        loop {
            tokio::select! {
                biased;
                happened = &mut happens => return happened,
                _ = ticks.tick() => self.clock.advance(Duration::from_secs(1)),
            }
        }
    }

    pub async fn closes<const N: usize>(mut self, people: [Person; N]) {
        for person in people {
            person.client.shut_down().await;
        }
        if let Some(service) = self.service.take() {
            service.shutdown().await.unwrap();
        }
    }

    /// Where the service itself listens.
    pub fn address(&self) -> SocketAddr {
        self.config.listen
    }

    pub fn data(&self) -> &Path {
        &self.config.data
    }
}
