//! The sessions of this client: what their windows show, and the handles to act on them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use beckon_domain::text::ChatText;
use beckon_domain::{RequestId, SessionId, SharedClock};
use beckon_session::{EndedWhy, LiveSession, SendRefusal, ServiceNow, SessionEvent};
use beckon_wire::{ApiError, Code};

use crate::hints::Hints;
use crate::view::{ChatLine, Ending, KeyMemory, PathState, Phase, SessionSide, SessionState};

/// Chat lines that a window keeps.
const CHAT_MAX: usize = 2_000;

pub struct Sessions {
    clock: SharedClock,
    hints: Hints,
    records: Mutex<BTreeMap<SessionId, Record>>,
}

struct Record {
    state: SessionState,
    live: Option<Arc<LiveSession>>,
    service_now: ServiceNow,
}

impl Sessions {
    pub fn new(clock: SharedClock, hints: Hints) -> Self {
        Self { clock, hints, records: Mutex::default() }
    }

    pub fn add(&self, state: SessionState, service_now: ServiceNow) {
        let id = state.id;
        self.lock().insert(id, Record { state, live: None, service_now });
        self.hints.session(id);
        self.hints.state();
    }

    pub fn attach(&self, id: SessionId, live: Arc<LiveSession>) {
        self.update(id, |record| record.live = Some(live));
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

    /// The first word about how a session ended stands; what follows from it is not another reason.
    pub fn end(&self, id: SessionId, why: Ending) {
        self.update(id, |record| {
            if !matches!(record.state.phase, Phase::Ended { .. }) {
                record.state.phase = Phase::Ended { why };
            }
            // A host that ended while the connection was lost still answers the viewer who comes back.
            if record.state.side == SessionSide::Viewer {
                record.live = None;
            }
        });
        self.hints.state();
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
            SessionEvent::Ended(why) => self.end(id, ending(*why)),
            SessionEvent::Connected { .. } => self.hints.state(),
            _ => {}
        }
    }

    /// The host's window shows one session after another; what was said in the last one goes with it.
    pub fn forget_ended_of(&self, request: RequestId) {
        let ended = |state: &SessionState| matches!(state.phase, Phase::Ended { .. });
        self.lock().retain(|_, record| {
            record.state.request != request
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
