//! The host's screen on a stream of its own: RFB, and in front of it who shows what.

mod answer;
mod eyes;
mod monitor_news;
mod passing;
mod places;
mod serve;
mod viewed;

use serde::{Deserialize, Serialize};

pub use monitor_news::HostMonitors;
pub(crate) use monitor_news::MonitorBoard;
pub(crate) use places::Places;
pub(crate) use serve::{Screen, serve};
pub(crate) use viewed::view;
pub use viewed::{NoScreen, ScreenStream};

/// What the host's screen does, as the host tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum ScreenState {
    /// Nobody looks at it.
    #[default]
    Closed,
    Shown,
    /// The system shows something that no program may see: its lock screen, a question about rights.
    Hidden,
}
