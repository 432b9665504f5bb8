//! Somebody at a computer with Beckon on it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use beckon_client::custom::CustomClient;
use beckon_client::view::{
    AppState, ExpiryChoice, Hint, JoinedState, Joining, NewRequest, Phase, RequestQuery, SessionState,
};
use beckon_client::{Client, ClientConfig, LocalNetwork, SessionNetwork};
use beckon_domain::session_request::StatusName;
use beckon_domain::{Language, PermissionSet, ProfileId, RequestId, SessionId, SharedClock};
use beckon_wire::ApiError;
use beckon_wire::request::{AssignTo, RequestView};
use tokio::sync::broadcast::error::RecvError;
use uuid::Uuid;

use crate::board::Board;

/// Nothing in a story waits for time; this only ends one that hangs.
const PATIENCE: Duration = Duration::from_secs(45);

/// Not the real one: what a story announces is nobody else's business.
const MDNS_PORT: u16 = 15_353;

pub struct Person {
    pub name: String,
    pub client: Client,
    pub board: Board,
    folder: PathBuf,
    home: Option<String>,
    clock: SharedClock,
    network: SessionNetwork,
}

impl Person {
    pub fn at_a_computer(
        name: &str,
        folder: PathBuf,
        home: Option<String>,
        sign_in_code: Option<String>,
        clock: SharedClock,
        network: SessionNetwork,
    ) -> Self {
        let board = Board::default();
        let config = config(name, &folder, home.clone(), clock.clone(), network, &board);
        let client = Client::open(ClientConfig { sign_in_code, ..config }).unwrap();
        Self { name: name.to_owned(), client, board, folder, home, clock, network }
    }

    /// Quits the program and starts it again.
    pub async fn restarts(self) -> Self {
        self.restarts_with(|_| {}).await
    }

    /// Quits the program, and starts a custom client, which keeps its data apart.
    pub async fn restarts_as(self, custom: CustomClient) -> Self {
        self.client.shut_down().await;
        let Self { name, client, board, folder, home, clock, network } = self;
        drop(client);
        let config = config(&name, &folder, home.clone(), clock.clone(), network, &board);
        let client = Client::open(ClientConfig { custom: Some(custom), ..config }).unwrap();
        Self { name, client, board, folder, home, clock, network }
    }

    /// Something happens to the cache's folder in between.
    pub async fn restarts_with(self, meanwhile: impl FnOnce(&Path)) -> Self {
        self.client.shut_down().await;
        let Self { name, client, folder, home, clock, network, .. } = self;
        drop(client);
        meanwhile(&folder.join("default").join("cache"));
        Self::at_a_computer(&name, folder, home, None, clock, network)
    }

    /// Waits until the client shows something, looking again with every hint.
    pub async fn sees<T>(&self, what: &str, look: impl Fn(&Client) -> Option<T>) -> T {
        let mut hints = self.client.hints();
        let seeing = async {
            loop {
                if let Some(seen) = look(&self.client) {
                    return seen;
                }
                match hints.recv().await {
                    Ok(_) | Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => panic!("{} quit before seeing {what}", self.name),
                }
            }
        };
        match tokio::time::timeout(PATIENCE, seeing).await {
            Ok(seen) => seen,
            Err(_) => panic!("{} does not see {what}; instead: {:#?}", self.name, self.client.state()),
        }
    }

    pub async fn is_online(&self) -> AppState {
        self.sees("the service", |client| {
            let state = client.state();
            let online = state.home.as_ref()?.reach == beckon_client::view::Reach::Online;
            online.then_some(state)
        })
        .await
    }

    pub async fn is_signed_in(&self) {
        self.sees("their account", |client| client.state().home?.account).await;
    }

    pub async fn creates_a_request_for(&self, recipient: &str, assign_to: AssignTo) -> RequestId {
        let request = draft(recipient, assign_to);
        let id = request.id;
        self.client.create_request(request).await.unwrap();
        self.sees_request(id, StatusName::Open).await;
        id
    }

    pub async fn sees_request(&self, id: RequestId, status: StatusName) -> RequestView {
        self.sees(&format!("the request {}", status.as_str()), |client| {
            client.get_request(id).filter(|view| view.status == status)
        })
        .await
    }

    pub fn lists(&self) -> Vec<RequestView> {
        let query = RequestQuery { limit: 500, ..RequestQuery::default() };
        self.client.list_requests(&query).rows
    }

    /// Types a join code or a session link into the field.
    pub async fn joins(&self, typed: &str) -> Result<Joining, ApiError> {
        self.client.connect_to(typed, true).await
    }

    pub async fn is_asked(&self) -> JoinedState {
        self.sees("the question", |client| {
            client.state().joined.filter(|joined| joined.status == StatusName::Waiting)
        })
        .await
    }

    pub async fn has_joined(&self, status: StatusName) -> JoinedState {
        self.sees(&format!("the joined request {}", status.as_str()), |client| {
            client.state().joined.filter(|joined| joined.status == status)
        })
        .await
    }

    pub async fn allows(&self) -> Result<(), ApiError> {
        let joined = self.is_asked().await;
        self.client.allow(joined.request, joined.revision, PermissionSet::NONE).await
    }

    /// The one session of this computer, once it is in that phase.
    pub async fn is_in_session(&self, what: &str, phase: impl Fn(&Phase) -> bool) -> SessionState {
        self.sees(&format!("a session that is {what}"), |client| {
            let sessions = client.state().sessions;
            sessions
                .into_iter()
                .filter_map(|id| client.session_state(id))
                .find(|session| phase(&session.phase))
        })
        .await
    }

    pub async fn talks(&self) -> SessionState {
        self.is_in_session("running", |phase| *phase == Phase::Running).await
    }

    pub async fn sees_the_end_of(&self, session: SessionId) -> Phase {
        self.sees("the session's end", |client| {
            client
                .session_state(session)
                .map(|session| session.phase)
                .filter(|phase| matches!(phase, Phase::Ended { .. }))
        })
        .await
    }

    pub async fn reads(&self, session: SessionId, text: &str) {
        self.sees(&format!("the message {text:?}"), |client| {
            let chat = client.session_state(session)?.chat;
            chat.iter().any(|line| !line.mine && line.text.as_str() == text).then_some(())
        })
        .await;
    }

    /// A hint that a person must look now.
    pub async fn hears_a_question(&self, hints: &mut tokio::sync::broadcast::Receiver<Hint>) {
        let hearing = async {
            loop {
                if hints.recv().await.unwrap() == Hint::Question {
                    return;
                }
            }
        };
        tokio::time::timeout(PATIENCE, hearing)
            .await
            .unwrap_or_else(|_| panic!("{} is not asked", self.name));
    }
}

pub fn draft(recipient: &str, assign_to: AssignTo) -> NewRequest {
    NewRequest {
        id: RequestId(Uuid::now_v7()),
        recipient: recipient.to_owned(),
        comments: String::new(),
        profile: ProfileId::Default.into(),
        assign_to,
        email: String::new(),
        send_mail: false,
        language: Language::En,
        schedule: None,
        expiry: ExpiryChoice::AfterSeconds(24 * 60 * 60),
    }
}

fn config(
    name: &str,
    folder: &Path,
    home: Option<String>,
    clock: SharedClock,
    network: SessionNetwork,
    board: &Board,
) -> ClientConfig {
    ClientConfig {
        folder: Some(folder.to_owned()),
        home,
        device_name: name.parse().ok(),
        network,
        clipboard: board.shared(),
        local_network: Some(LocalNetwork { port: MDNS_PORT, usually: false }),
        ..ClientConfig::new(clock)
    }
}
