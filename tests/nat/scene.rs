//! Ana helps Dana; each is at home.

use std::path::PathBuf;
use std::sync::Arc;

use beckon_client::SessionNetwork;
use beckon_client::preferences::Preferences;
use beckon_domain::session_request::StatusName;
use beckon_domain::{Role, SessionId, SystemClock};
use beckon_service::admin::{self, NewAccount};
use beckon_service::config::AddressDiscovery;
use beckon_service::{Config, Running, Service};
use beckon_tests::cast::Person;
use beckon_wire::request::AssignTo;
use tempfile::TempDir;

use crate::internet::{Home, Internet, Ports, SERVICE};

pub struct Scene {
    pub ana: Resident,
    pub dana: Resident,
    internet: Internet,
    service: Running,
    _folder: TempDir,
}

/// Somebody at the computer of a home.
pub struct Resident {
    pub home: Home,
    person: Arc<Person>,
}

impl Scene {
    pub async fn opens(ports: Ports) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let internet = Internet::new();
        let (service, code) = internet.computer.runs(serves(folder.path().join("service"))).await;
        let home = |number| internet.home(number, ports);
        let ana = Resident::of(home(1), "Ana", folder.path().join("Ana"), &service, Some(code)).await;
        let dana = Resident::of(home(2), "Dana", folder.path().join("Dana"), &service, None).await;
        Self { ana, dana, internet, service, _folder: folder }
    }

    /// One that both are in.
    pub async fn session(&self) -> SessionId {
        let (request, code) = self.ana.does(requests).await;
        self.dana.does(move |dana| async move { allows(&dana, &code).await }).await;
        let connects = move |ana: Arc<Person>| async move {
            ana.sees_request(request, StatusName::Ready).await;
            ana.client.connect(request).await.unwrap();
            ana.talks().await.id
        };
        let session = self.ana.does(connects).await;
        self.dana.does(|dana| async move { dana.talks().await }).await;
        session
    }

    pub async fn they_talk(&self, session: SessionId) {
        for (one, other) in [(&self.ana, &self.dana), (&self.dana, &self.ana)] {
            let text = format!("{} here", one.person.name);
            let line = text.clone();
            let says =
                move |one: Arc<Person>| async move { one.client.send_chat(session, line).await.unwrap() };
            one.does(says).await;
            other.does(move |other| async move { other.reads(session, &text).await }).await;
        }
    }

    pub fn relayed_bytes(&self) -> u64 {
        self.service.relay_use().unwrap().bytes
    }

    pub async fn closes(self) {
        for resident in [&self.ana, &self.dana] {
            resident.does(|person| async move { person.client.shut_down().await }).await;
        }
        self.internet.computer.runs(self.service.shutdown()).await.unwrap();
    }
}

impl Resident {
    async fn of(
        home: Home,
        name: &'static str,
        folder: PathBuf,
        service: &Running,
        code: Option<String>,
    ) -> Self {
        let origin = Some(service.origin.clone());
        let opens = async move {
            let (clock, network) = (SystemClock::shared(), SessionNetwork::default());
            let person = Person::at_a_computer(name, folder, origin, code, clock, network);
            person.is_online().await;
            Arc::new(person)
        };
        Self { person: home.computer.runs(opens).await, home }
    }

    /// At their own computer.
    async fn does<T: Send + 'static, Doing>(&self, what: impl FnOnce(Arc<Person>) -> Doing) -> T
    where
        Doing: Future<Output = T> + Send + 'static,
    {
        self.home.computer.runs(what(self.person.clone())).await
    }

    pub fn shows_no_address(&self) {
        let client = &self.person.client;
        let chosen = Preferences { relay_only: true, ..client.preferences() };
        client.set_preferences(chosen).unwrap();
    }

    /// Waits until the session goes directly.
    pub async fn is_direct(&self, session: SessionId) {
        let sees = move |person: Arc<Person>| async move {
            let path = |client: &beckon_client::Client| client.session_state(session)?.path;
            person.sees("a direct path", |client| path(client).filter(|path| !path.relayed)).await
        };
        self.does(sees).await;
    }

    pub fn is_relayed(&self, session: SessionId) -> bool {
        self.person.client.session_state(session).unwrap().path.unwrap().relayed
    }
}

async fn serves(data: PathBuf) -> (Running, String) {
    let mut config = Config::on_free_ports(&data);
    (config.listen, config.relay_listen) = (SERVICE, SERVICE);
    config.address_discovery = AddressDiscovery::At(SERVICE);
    let service = Service::start(config, SystemClock::shared()).await.unwrap();
    let core = beckon_service::open_core(&data, SystemClock::shared()).await.unwrap();
    let account = NewAccount {
        name: "Ana".parse().unwrap(),
        email: "ana@acme.example".to_owned(),
        role: Role::SupportAgent,
        password: "correct horse battery".to_owned().into(),
        organisation: Some("Acme".parse().unwrap()),
    };
    admin::create_account(&core, account).await.unwrap();
    let code = admin::sign_in_code(&core, "ana@acme.example").await.unwrap();
    (service, code.to_string())
}

async fn requests(ana: Arc<Person>) -> (beckon_domain::RequestId, String) {
    ana.is_signed_in().await;
    let request = ana.creates_a_request_for("Dana Fox", AssignTo::Myself).await;
    let link = ana.client.request_link(request).await.unwrap();
    (request, link.code.to_string())
}

async fn allows(dana: &Person, code: &str) {
    dana.joins(code).await.unwrap();
    dana.allows().await.unwrap();
    dana.has_joined(StatusName::Ready).await;
}
