//! A desktop's notification service, as good or as bad as the story needs it.

use std::collections::{BTreeMap, HashMap};
use std::future::pending;
use std::sync::{Arc, Mutex};

use beckon_tests::stage::until;
use zbus::object_server::SignalEmitter;
use zbus::zvariant::OwnedValue;
use zbus::{Connection, interface};

const PATH: &str = "/org/freedesktop/Notifications";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manners {
    Good,
    /// Shows text only.
    WithoutButtons,
    /// Answers nothing.
    Hangs,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    pub number: u32,
    /// Who says it.
    pub program: String,
    pub title: String,
    pub body: String,
    /// By id and label.
    pub buttons: Vec<(String, String)>,
}

#[derive(Default)]
struct Board {
    shown: BTreeMap<u32, Shown>,
    last: u32,
}

pub struct Notifier {
    bus: Connection,
    board: Arc<Mutex<Board>>,
}

impl Notifier {
    pub async fn serves(bus: &str, manners: Manners) -> Self {
        let board = Arc::<Mutex<Board>>::default();
        let service = Service { board: board.clone(), manners };
        let bus = zbus::connection::Builder::address(bus).unwrap();
        let bus = bus.serve_at(PATH, service).unwrap().name("org.freedesktop.Notifications").unwrap();
        Self { bus: bus.build().await.unwrap(), board }
    }

    pub fn standing(&self) -> Vec<Shown> {
        self.board.lock().unwrap().shown.values().cloned().collect()
    }

    /// The toast of this title, once it stands.
    pub async fn shows(&self, title: &str) -> Shown {
        let find = async || self.standing().into_iter().find(|shown| shown.title == title);
        until(&format!("the toast {title:?}"), find).await
    }

    /// Whatever became of them.
    pub fn has_ever_shown(&self) -> u32 {
        self.board.lock().unwrap().last
    }

    pub async fn shows_nothing(&self) {
        until("no toast", async || self.standing().is_empty().then_some(())).await;
    }

    /// `default` is the toast itself.
    pub async fn is_pressed(&self, shown: &Shown, button: &str) {
        let emitter = self.emitter();
        Service::action_invoked(&emitter, shown.number, button).await.unwrap();
        self.board.lock().unwrap().shown.remove(&shown.number);
        // As most of them do, for a toast that was answered.
        Service::notification_closed(&emitter, shown.number, 2).await.unwrap();
    }

    fn emitter(&self) -> SignalEmitter<'static> {
        SignalEmitter::new(&self.bus, PATH).unwrap().to_owned()
    }
}

struct Service {
    board: Arc<Mutex<Board>>,
    manners: Manners,
}

#[interface(name = "org.freedesktop.Notifications")]
impl Service {
    async fn get_capabilities(&self) -> Vec<&'static str> {
        match self.manners {
            Manners::Good => vec!["actions", "body", "body-markup"],
            Manners::WithoutButtons => vec!["body"],
            Manners::Hangs => pending().await,
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the specification's")]
    fn notify(
        &self,
        program: String,
        replaces: u32,
        _icon: String,
        title: String,
        body: String,
        actions: Vec<String>,
        _hints: HashMap<String, OwnedValue>,
        _expires_ms: i32,
    ) -> u32 {
        let mut board = self.board.lock().unwrap();
        let number = if board.shown.contains_key(&replaces) { replaces } else { board.last + 1 };
        board.last = board.last.max(number);
        let (pairs, _) = actions.as_chunks();
        let buttons = pairs.iter().cloned().map(|[id, label]: [String; 2]| (id, label)).collect();
        board.shown.insert(number, Shown { number, program, title, body, buttons });
        number
    }

    async fn close_notification(&self, number: u32, #[zbus(signal_emitter)] emitter: SignalEmitter<'_>) {
        if self.board.lock().unwrap().shown.remove(&number).is_some() {
            Self::notification_closed(&emitter, number, 3).await.unwrap();
        }
    }

    #[zbus(signal)]
    async fn action_invoked(emitter: &SignalEmitter<'_>, number: u32, action: &str) -> zbus::Result<()>;

    #[zbus(signal)]
    async fn notification_closed(emitter: &SignalEmitter<'_>, number: u32, reason: u32) -> zbus::Result<()>;
}
