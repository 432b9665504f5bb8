//! Who plays: a service on a clock that stands still, and people with devices who speak to it over HTTP.

use std::sync::Arc;
use std::time::Duration;

use beckon_domain::clock::FakeClock;
use beckon_domain::keys::SignedFor;
use beckon_domain::statement::Side;
use beckon_domain::{
    AccountId, DeviceId, JoinCode, QueueId, RequestId, Role, SecretKey, SessionId, SessionPurpose,
    SignedGrant, SignedStatement, Statement,
};
use beckon_service::admin::{self, Core, NewAccount};
use beckon_service::{Config, Running, Service, open_core};
use beckon_wire::account::{AccountView, SignIn};
use beckon_wire::changes::{Changes, Thing};
use beckon_wire::device::{Challenge, ChallengeBody, DeviceSignIn, DeviceToken};
use beckon_wire::directory::Directory;
use beckon_wire::join::{HostAct, Join, JoinedView};
use beckon_wire::request::{AgentAct, AssignTo, CreateRequest, HistoryEntry, RequestLink, RequestView};
use beckon_wire::service::ServiceInfo;
use beckon_wire::session::HostReport;
use beckon_wire::{ApiError, paths};
use chrono::DateTime;
use reqwest::{Method, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tempfile::TempDir;
use tokio_tungstenite::tungstenite;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use uuid::Uuid;

use crate::sockets::{Push, Socket};

pub const PASSWORD: &str = "correct horse battery";

pub struct Stage {
    pub clock: FakeClock,
    pub folder: TempDir,
    pub running: Option<Running>,
    pub http: reqwest::Client,
}

impl Stage {
    pub async fn open() -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let clock = FakeClock::starting_at(DateTime::from_timestamp(1_800_000_000, 0).unwrap());
        let folder = tempfile::tempdir().unwrap();
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let mut stage = Self { clock, folder, running: None, http };
        stage.start(Config::on_free_ports(stage.folder.path())).await;
        stage
    }

    pub async fn start(&mut self, config: Config) {
        let running = Service::start(config, Arc::new(self.clock.clone())).await.unwrap();
        self.running = Some(running);
    }

    /// On the same data folder, at another port.
    pub async fn restart(&mut self) {
        self.running.take().unwrap().shutdown().await.unwrap();
        self.start(Config::on_free_ports(self.folder.path())).await;
    }

    pub fn running(&self) -> &Running {
        self.running.as_ref().unwrap()
    }

    pub fn origin(&self) -> &str {
        &self.running().origin
    }

    pub async fn info(&self) -> ServiceInfo {
        let get = self.http.get(format!("{}{}", self.origin(), paths::SERVICE));
        read(get.send().await.unwrap()).await.unwrap()
    }

    pub fn pass(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    /// The command line's view of the same folder.
    pub async fn office(&self) -> Core {
        open_core(self.folder.path(), Arc::new(self.clock.clone())).await.unwrap()
    }

    pub async fn account(&self, name: &str, role: Role) {
        let new = NewAccount {
            name: name.parse().unwrap(),
            email: email(name),
            role,
            password: PASSWORD.to_owned().into(),
            organisation: Some("Acme".parse().unwrap()),
        };
        admin::create_account(&self.office().await, new).await.unwrap();
    }

    pub async fn guest(&self) -> Player {
        Player::appear(self, SecretKey::generate()).await
    }

    /// A new account, signed in on a new device.
    pub async fn person(&self, name: &str, role: Role) -> Player {
        self.account(name, role).await;
        let player = self.guest().await;
        player.sign_in(self, name).await;
        player
    }

    pub async fn agent(&self, name: &str) -> Player {
        self.person(name, Role::SupportAgent).await
    }

    /// A queue with these agents.
    pub async fn queue(&self, name: &str, agents: &[&str]) -> QueueId {
        let (office, named) = (self.office().await, name.parse().unwrap());
        admin::create_queue(&office, &named).await.unwrap();
        for agent in agents {
            admin::add_to_queue(&office, &named, &email(agent)).await.unwrap();
        }
        let mut unit = office.begin().await.unwrap();
        let id = sqlx::query_scalar("SELECT id FROM queues WHERE name = ?").bind(name);
        let id: String = id.fetch_one(unit.db()).await.unwrap();
        QueueId(id.parse().unwrap())
    }

    pub async fn page(&self, path: &str) -> (u16, String) {
        let response = self.http.get(format!("{}{path}", self.origin())).send().await.unwrap();
        (response.status().as_u16(), text_of(response).await)
    }
}

/// Without the marks that set names off from the sentence around them.
pub async fn text_of(response: Response) -> String {
    response.text().await.unwrap().replace(['\u{2068}', '\u{2069}'], "")
}

pub fn email(name: &str) -> String {
    let plain: String = name.chars().filter(|c| c.is_alphanumeric()).collect();
    format!("{}@acme.example", plain.to_lowercase())
}

/// Somebody at a device.
#[derive(Clone)]
pub struct Player {
    pub key: SecretKey,
    pub id: DeviceId,
    pub token: String,
    pub origin: String,
    pub http: reqwest::Client,
}

pub async fn sign_in_device(
    http: &reqwest::Client,
    origin: &str,
    key: &SecretKey,
) -> Result<DeviceToken, ApiError> {
    let body = ChallengeBody { key: key.public() };
    let drawn = http.post(format!("{origin}{}", paths::DEVICE_CHALLENGE)).json(&body).send().await.unwrap();
    let Challenge { challenge } = read(drawn).await?;
    let signature = key.sign(SignedFor::SignIn, challenge.as_bytes());
    let name = Some("A device".parse().unwrap());
    let body = DeviceSignIn { key: key.public(), challenge, signature, name, version: "0.1.0".to_owned() };
    read(http.post(format!("{origin}{}", paths::DEVICE_SIGN_IN)).json(&body).send().await.unwrap()).await
}

pub async fn read<T: DeserializeOwned>(response: Response) -> Result<T, ApiError> {
    let ok = response.status().is_success();
    let bytes = response.bytes().await.unwrap();
    if ok {
        let bytes = if bytes.is_empty() { b"null".as_slice() } else { &bytes };
        return Ok(serde_json::from_slice(bytes).unwrap());
    }
    let error: ApiError = serde_json::from_slice(&bytes).unwrap();
    assert!(!error.trace.is_empty());
    Err(error)
}

impl Player {
    async fn appear(stage: &Stage, key: SecretKey) -> Self {
        let token = sign_in_device(&stage.http, stage.origin(), &key).await.unwrap();
        Self {
            key,
            id: token.device,
            token: token.token,
            origin: stage.origin().to_owned(),
            http: stage.http.clone(),
        }
    }

    /// The same device again: after a restart, or once its token ran out.
    pub async fn back(&self, stage: &Stage) -> Self {
        Self::appear(stage, self.key.clone()).await
    }

    pub async fn sign_in(&self, stage: &Stage, name: &str) -> AccountView {
        let code = admin::sign_in_code(&stage.office().await, &email(name)).await.unwrap();
        self.post(paths::ACCOUNT_SIGN_IN, &SignIn::Code(code.to_string())).await.unwrap()
    }

    pub async fn call<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Option<String>,
    ) -> Result<T, ApiError> {
        let mut request =
            self.http.request(method, format!("{}{path}", self.origin)).bearer_auth(&self.token);
        if let Some(body) = body {
            request = request.body(body);
        }
        read(request.send().await.unwrap()).await
    }

    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, ApiError> {
        self.call(Method::GET, path, None).await
    }

    pub async fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<T, ApiError> {
        self.call(Method::POST, path, Some(serde_json::to_string(body).unwrap())).await
    }

    // As an agent.

    pub async fn creates(&self, recipient: &str, assign_to: AssignTo) -> RequestId {
        let create = new_request(recipient, assign_to);
        self.post::<RequestView>(paths::REQUESTS, &create).await.unwrap();
        create.id
    }

    pub async fn acts(&self, id: RequestId, act: AgentAct) -> Result<RequestView, ApiError> {
        self.post(&paths::with_id(paths::REQUEST_ACT, id.0), &act).await
    }

    pub async fn link(&self, id: RequestId) -> RequestLink {
        self.get(&paths::with_id(paths::REQUEST_LINK, id.0)).await.unwrap()
    }

    /// Of whoever is signed in.
    pub async fn account(&self) -> AccountId {
        self.changes("", 0).await.account.unwrap().id
    }

    pub async fn directory(&self) -> Directory {
        self.get(paths::DIRECTORY).await.unwrap()
    }

    pub async fn code(&self, id: RequestId) -> JoinCode {
        self.link(id).await.code
    }

    pub async fn history(&self, id: RequestId) -> Vec<HistoryEntry> {
        self.get(&paths::with_id(paths::REQUEST_HISTORY, id.0)).await.unwrap()
    }

    /// The request as this one sees it now.
    pub async fn sees(&self, id: RequestId) -> Option<RequestView> {
        self.changes("", 0).await.changes.into_iter().find_map(|change| match change.thing {
            Thing::Request(view) if view.id == id => Some(*view),
            _ => None,
        })
    }

    pub fn statement(&self, id: RequestId, link: u32, side: Side) -> SignedStatement {
        self.statement_for(SessionId(Uuid::now_v7()), id, link, side)
    }

    pub fn statement_for(&self, session: SessionId, id: RequestId, link: u32, side: Side) -> SignedStatement {
        let link = beckon_domain::session_request::LinkNumber(link);
        let purpose = SessionPurpose::Request { request: id, link };
        Statement { session, purpose, side, endpoint: SecretKey::generate().public() }.sign(&self.key)
    }

    /// Presses *Connect* on a Ready request.
    pub async fn connects(&self, id: RequestId) -> Result<SessionId, ApiError> {
        let signed = self.statement(id, 1, Side::Viewer);
        self.acts(id, AgentAct::Connect(signed)).await.map(|_| signed.statement.session)
    }

    pub async fn asks(&self, id: RequestId) -> Result<SessionId, ApiError> {
        let signed = self.statement(id, 1, Side::Viewer);
        self.acts(id, AgentAct::Ask(signed)).await.map(|_| signed.statement.session)
    }

    pub async fn grant(&self, session: SessionId) -> Result<SignedGrant, ApiError> {
        self.get(&paths::with_id(paths::SESSION_GRANT, session.0)).await
    }

    // As a host.

    pub async fn joins(&self, code: &JoinCode) -> Result<JoinedView, ApiError> {
        self.post(paths::JOIN, &Join::Code(code.clone())).await
    }

    pub async fn hosts(&self, id: RequestId, act: HostAct) -> Result<JoinedView, ApiError> {
        self.post(&paths::with_id(paths::JOINED_ACT, id.0), &act).await
    }

    pub async fn allows(&self, joined: &JoinedView) -> Result<JoinedView, ApiError> {
        self.hosts(joined.request, HostAct::Allow { revision: joined.revision }).await
    }

    pub async fn answers(&self, id: RequestId, session: SessionId) -> Result<SignedGrant, ApiError> {
        let signed = self.statement_for(session, id, 1, Side::Host);
        self.answers_with(session, signed).await
    }

    pub async fn answers_with(
        &self,
        session: SessionId,
        signed: SignedStatement,
    ) -> Result<SignedGrant, ApiError> {
        self.post(&paths::with_id(paths::SESSION_ANSWER, session.0), &signed).await
    }

    pub async fn reports(&self, session: SessionId, report: HostReport) -> Result<(), ApiError> {
        self.post(&paths::with_id(paths::SESSION_REPORT, session.0), &report).await
    }

    // As a client.

    pub async fn changes(&self, epoch: &str, after: u64) -> Changes {
        self.get(&format!("{}?epoch={epoch}&after={after}", paths::CHANGES)).await.unwrap()
    }

    pub async fn joined(&self) -> Option<JoinedView> {
        self.changes("", 0).await.changes.into_iter().find_map(|change| match change.thing {
            Thing::Joined(view) => Some(*view),
            _ => None,
        })
    }

    pub async fn opens_push(&self) -> Push {
        let mut push = Push::reading(self.opens_socket(None).await.unwrap());
        push.wakes().await.expect("the current cursor comes at once");
        push
    }

    /// A socket that nobody reads answers no ping.
    pub async fn opens_socket(&self, origin: Option<&str>) -> Result<Socket, tungstenite::Error> {
        let url = format!("{}{}", self.origin.replace("http://", "ws://"), paths::PUSH);
        let mut request = url.into_client_request()?;
        let token = format!("Bearer {}", self.token).parse().unwrap();
        request.headers_mut().insert("authorization", token);
        if let Some(origin) = origin {
            request.headers_mut().insert("origin", origin.parse().unwrap());
        }
        Ok(tokio_tungstenite::connect_async(request).await?.0)
    }
}

pub fn new_request(recipient: &str, assign_to: AssignTo) -> CreateRequest {
    CreateRequest {
        id: RequestId(Uuid::now_v7()),
        recipient: recipient.parse().unwrap(),
        comments: Default::default(),
        profile: Default::default(),
        own_profile: None,
        assign_to,
        contact: None,
        schedule: None,
        expiry: None,
    }
}
