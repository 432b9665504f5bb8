//! The sessions of this client: what their windows show, and the handles to act on them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use beckon_domain::text::ChatText;
use beckon_domain::{Permission, SessionId, SharedClock};
use beckon_session::lock::lock;
use beckon_session::{Asks, EndedWhy, LiveSession, SendRefusal, ServiceNow, SessionEvent};
use beckon_wire::{ApiError, Code};

use crate::beside::Beside;
use crate::hints::Hints;
use crate::own_screen::OwnScreen;
use crate::screen_door::ScreenDoor;
use crate::service_link::ServiceLink;
use crate::session_monitors::MonitorsState;
use crate::view::{
    AsksState, ChatLine, Ending, KeyMemory, Occasion, PathState, Phase, SessionSide, SessionState,
    SwitchForAWhile,
};

/// Chat lines that a window keeps.
const CHAT_MAX: usize = 2_000;

pub struct Sessions {
    clock: SharedClock,
    hints: Hints,
    pub own_screen: OwnScreen,
    pub beside: Arc<Beside>,
    records: Mutex<BTreeMap<SessionId, Record>>,
}

struct Record {
    state: SessionState,
    live: Option<Arc<LiveSession>>,
    /// Through it the other side's screen is seen.
    door: Option<ScreenDoor>,
    service_now: ServiceNow,
    link: Arc<ServiceLink>,
}

impl Sessions {
    pub fn new(clock: SharedClock, hints: Hints, own_screen: OwnScreen, beside: Beside) -> Self {
        Self { clock, hints, own_screen, beside: Arc::new(beside), records: Mutex::default() }
    }

    /// Asks the system what this computer can share; what is shown of it is read again then.
    pub fn find_out(self: &Arc<Self>) {
        let sessions = self.clone();
        self.beside.spawn(async move {
            sessions.own_screen.find_out().await;
            sessions.hints.state();
        });
    }

    pub fn add(&self, state: SessionState, link: &Arc<ServiceLink>) {
        let (id, service_now, link) = (state.id, link.service_now(), link.clone());
        self.lock().insert(id, Record { state, live: None, door: None, service_now, link });
        self.hints.session(id);
        self.hints.state();
    }

    pub fn attach(&self, id: SessionId, live: Arc<LiveSession>) {
        self.beside.begin(&live, self.own_screen.clipboard());
        self.update(id, |record| record.live = Some(live));
    }

    pub fn keep_door(&self, id: SessionId, door: ScreenDoor) {
        self.update(id, |record| record.door = Some(door));
    }

    pub fn state(&self, id: SessionId) -> Option<SessionState> {
        self.lock().get(&id).map(|record| record.state.clone())
    }

    pub fn live(&self, id: SessionId) -> Option<Arc<LiveSession>> {
        self.lock().get(&id)?.live.clone()
    }

    /// Those that have not ended.
    pub fn running(&self) -> Vec<SessionState> {
        let running = |state: &SessionState| !matches!(state.phase, Phase::Ended { .. });
        self.lock().values().map(|record| record.state.clone()).filter(running).collect()
    }

    /// Whoever gets them ends them.
    pub fn take_live(&self) -> Vec<Arc<LiveSession>> {
        self.lock().values_mut().filter_map(|record| record.live.take()).collect()
    }

    /// No device is host and viewer at once.
    pub fn refuse_while(&self, side: SessionSide) -> Result<(), ApiError> {
        let busy = self.running().iter().any(|state| state.side == side);
        if busy { Err(ApiError::new(Code::InASession)) } else { Ok(()) }
    }

    /// Drops the session, which ends it.
    pub fn let_go(&self, id: SessionId) {
        self.update(id, |record| record.live = None);
    }

    /// Its window is closed; nothing of it is kept.
    pub fn forget(&self, id: SessionId) {
        self.lock().remove(&id);
        self.hints.state();
    }

    pub fn set_phase(&self, id: SessionId, phase: Phase) {
        self.update(id, |record| record.state.phase = phase);
        self.hints.state();
    }

    pub fn set_key_memory(&self, id: SessionId, memory: KeyMemory) {
        self.update(id, |record| record.state.met_before = memory);
    }

    pub fn set_monitors(&self, id: SessionId, monitors: MonitorsState) {
        self.update(id, |record| record.state.monitors = monitors);
    }

    pub fn set_screen_hidden(&self, id: SessionId, hidden: bool) {
        self.update(id, |record| record.state.screen_hidden = hidden);
    }

    /// The first word about how a session ended stands; what follows from it is not another reason.
    pub fn end(&self, id: SessionId, why: Ending) {
        self.remember(id);
        self.beside.end(id);
        self.update(id, |record| {
            if !matches!(record.state.phase, Phase::Ended { .. }) {
                record.state.phase = Phase::Ended { why };
            }
            // A host that ended while the connection was lost still answers the viewer who comes back.
            if record.state.side == SessionSide::Viewer {
                record.live = None;
            }
            record.state.asks = AsksState::default();
            record.door = None;
        });
        self.hints.state();
    }

    /// The first end of a session makes it a recent one.
    fn remember(&self, id: SessionId) {
        let ends = |record: &&Record| !matches!(record.state.phase, Phase::Ended { .. });
        let ending =
            self.lock().get(&id).filter(ends).map(|record| (record.link.clone(), record.state.clone()));
        if let Some((link, state)) = ending {
            link.remember_session(&state);
            self.hints.tiles();
        }
    }

    pub async fn send_chat(&self, id: SessionId, text: ChatText) -> Result<(), ApiError> {
        let live = self.live(id).ok_or_else(|| ApiError::new(Code::CouldNotConnect))?;
        live.send_chat(text.clone()).await.map_err(|refusal| match refusal {
            SendRefusal::TooMuch => ApiError::new(Code::Throttled).with("retry_after_s", 10),
            SendRefusal::NotConnected | SendRefusal::Ended => ApiError::new(Code::CouldNotConnect),
        })?;
        self.update(id, |record| record.say(true, text));
        Ok(())
    }

    /// What the session reported, as its window shows it.
    pub fn follow(&self, id: SessionId, event: &SessionEvent) {
        let monotonic = self.clock.monotonic();
        self.update(id, |record| match event {
            SessionEvent::Connected { words } => {
                record.state.words = Some(words.clone());
                record.state.since = Some((record.service_now)());
                record.state.phase = Phase::Running;
            }
            SessionEvent::Chat { text, .. } => record.say(false, text.clone()),
            SessionEvent::Permissions(permissions) => record.state.permissions = *permissions,
            SessionEvent::Asks(asks) => record.asked(*asks),
            SessionEvent::ForAWhile(switches) => {
                let now = (record.service_now)();
                let until = |off_at: &Duration| now + off_at.saturating_sub(monotonic);
                let shown = |(permission, off_at): (&Permission, &Duration)| SwitchForAWhile {
                    permission: *permission,
                    until: until(off_at),
                };
                record.state.asks.for_a_while = switches.iter().map(shown).collect();
            }
            SessionEvent::Path(path) => {
                let (relayed, round_trip_ms) = (path.relayed, path.round_trip_ms);
                record.state.path = Some(PathState { relayed, round_trip_ms });
            }
            SessionEvent::Lost { until_monotonic } => {
                let until = (record.service_now)() + until_monotonic.saturating_sub(monotonic);
                record.state.path = None;
                record.state.phase = Phase::Lost { until };
            }
            SessionEvent::Resumed => record.state.phase = Phase::Running,
            SessionEvent::Ended(_) => {}
        });
        match event {
            SessionEvent::Ended(why) => {
                self.lock_account(id);
                self.end(id, ending(*why));
            }
            SessionEvent::Connected { .. } => {
                self.beside.connected(id);
                self.hints.state();
            }
            SessionEvent::Resumed => self.beside.connected(id),
            _ => {}
        }
    }

    /// If the viewer wished it, and might.
    fn lock_account(&self, id: SessionId) {
        if self.live(id).is_some_and(|live| live.locks_at_end()) {
            self.beside.spawn_to_the_end(async {
                if let Err(error) = lock().await {
                    tracing::warn!(%error, "the account is not locked");
                }
            });
        }
    }

    /// The host's window shows one session after another; what was said in the last one goes with it.
    pub fn forget_ended_of(&self, occasion: Occasion) {
        let ended = |state: &SessionState| matches!(state.phase, Phase::Ended { .. });
        self.lock().retain(|_, record| {
            record.state.occasion != occasion
                || record.state.side == SessionSide::Viewer
                || !ended(&record.state)
        });
    }

    fn update(&self, id: SessionId, change: impl FnOnce(&mut Record)) {
        if let Some(record) = self.lock().get_mut(&id) {
            change(record);
        }
        self.hints.session(id);
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<SessionId, Record>> {
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Record {
    fn asked(&mut self, now: Asks) {
        let SessionState { asks, permissions, .. } = &mut self.state;
        let before = asks.refused.iter().chain(asks.open.iter());
        let without =
            |permission: &Permission| !now.open.contains(*permission) && !permissions.contains(*permission);
        asks.refused = before.filter(without).collect();
        asks.possible = now.possible;
        asks.open = now.open;
    }

    fn say(&mut self, mine: bool, text: ChatText) {
        if self.state.chat.len() >= CHAT_MAX {
            self.state.chat.remove(0);
        }
        self.state.chat.push(ChatLine { mine, text, at: (self.service_now)() });
    }
}

fn ending(why: EndedWhy) -> Ending {
    match why {
        EndedWhy::ByHost => Ending::ByHost,
        EndedWhy::ByViewer => Ending::ByViewer,
        EndedWhy::Lost => Ending::Lost,
        EndedWhy::CouldNotConnect | EndedWhy::Refused(_) | EndedWhy::Misbehaved => Ending::CouldNotConnect,
    }
}
