//! Whether a screen can be shown.

use serde::{Deserialize, Serialize};

use crate::capture::{CannotCapture, MONITORS_MOST, Monitor};

/// Host, in answer. RFB follows where it can be shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum ScreenAnswer {
    Shown { monitors: Vec<Monitor>, shown: u8 },
    Cannot(CannotCapture),
}

impl ScreenAnswer {
    /// No more monitors than there can be, and one of them shown.
    pub(crate) fn is_sound(&self) -> bool {
        match self {
            Self::Shown { monitors, shown } => {
                monitors.len() <= MONITORS_MOST && usize::from(*shown) < monitors.len()
            }
            Self::Cannot(_) => true,
        }
    }
}
