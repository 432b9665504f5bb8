//! The host's monitors, as the viewer's window shows them.

use std::ops::ControlFlow;
use std::sync::Arc;

use beckon_session::LiveSession;
use beckon_session::capture::{Monitor, Monitors};
use serde::Serialize;
use ts_rs::TS;

use crate::sessions::Sessions;

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, TS)]
#[ts(export)]
pub struct MonitorsState {
    /// The main one first; empty until one was seen.
    pub all: Vec<MonitorView>,
    /// Which of them is seen.
    pub shown: u8,
    /// It stands in for the chosen one, which is not there.
    pub instead: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct MonitorView {
    /// As the host's system calls it, which may be nothing.
    pub name: String,
    /// In pixels.
    pub width: u16,
    pub height: u16,
}

/// On each connection, until the session ends.
pub fn follow(sessions: &Arc<Sessions>, live: Arc<LiveSession>) {
    let (id, listening) = (live.id(), sessions.clone());
    sessions.beside.on_each_connection(id, move || listen(listening.clone(), live.clone()));
}

async fn listen(sessions: Arc<Sessions>, live: Arc<LiveSession>) -> ControlFlow<()> {
    if let Some(mut told) = live.monitors().await {
        while let Some(monitors) = told.next().await {
            sessions.set_monitors(live.id(), monitors.into());
        }
    }
    ControlFlow::Continue(())
}

impl From<Monitors> for MonitorsState {
    fn from(Monitors { all, shown, instead }: Monitors) -> Self {
        let view = |Monitor { name, width, height, .. }| MonitorView { name, width, height };
        Self { all: all.into_iter().map(view).collect(), shown, instead }
    }
}
