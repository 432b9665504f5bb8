//! What changes of a session's permissions while it runs: asked for by the viewer, decided by the host's person.

use std::sync::Arc;
use std::time::Duration;

use beckon_domain::{Permission, PermissionSet, SessionId};
use beckon_session::{AskRefusal, LiveSession, Turn};
use beckon_wire::{ApiError, Code};

use crate::client::Client;

impl Client {
    /// The viewer asks for one more permission.
    pub async fn ask_for(&self, id: SessionId, permission: Permission) -> Result<(), ApiError> {
        self.live(id)?.ask(permission).await.map_err(|refusal| match refusal {
            AskRefusal::NotPossible => ApiError::new(Code::BadRequest),
            AskRefusal::TooSoon { wait } => {
                ApiError::new(Code::Throttled).with("retry_after_s", whole_seconds(wait))
            }
            AskRefusal::NotConnected | AskRefusal::Ended => ApiError::new(Code::CouldNotConnect),
        })
    }

    /// The host's person turns one switch, also as the yes to what was asked.
    pub fn turn_switch(&self, id: SessionId, permission: Permission, turn: Turn) -> Result<(), ApiError> {
        let wanted = PermissionSet::NONE.with(permission);
        let locked = self.inner().shared.settings.may_be_given(wanted) == PermissionSet::NONE;
        if locked && turn != Turn::Off {
            return Err(ApiError::new(Code::BadRequest));
        }
        if !self.live(id)?.turn(permission, turn) {
            return Err(ApiError::new(Code::CouldNotConnect));
        }
        self.inner().hints.state();
        Ok(())
    }

    /// The host's person says *Not now*.
    pub async fn refuse_ask(&self, id: SessionId, permission: Permission) -> Result<(), ApiError> {
        self.live(id)?.refuse(permission).await;
        Ok(())
    }

    fn live(&self, id: SessionId) -> Result<Arc<LiveSession>, ApiError> {
        self.inner().sessions.live(id).ok_or_else(|| ApiError::new(Code::CouldNotConnect))
    }
}

fn whole_seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}
