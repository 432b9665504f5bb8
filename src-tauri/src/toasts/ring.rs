//! Somebody calls while the person works elsewhere. The toast only points at the window that asks.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use beckon_client::Client;
use beckon_client::view::CallState;
use beckon_domain::CallId;
use tauri::{AppHandle, Manager};

use super::{Pressed, Toast, ToastId, Toasts, hear, short};
use crate::windows;
use crate::words::t;

const RING: &str = "ring-";

/// Calls whose toast stands.
#[derive(Default)]
pub struct Rings(Mutex<BTreeSet<CallId>>);

impl Rings {
    /// A press on the toast brings the window forward, and does nothing else. Runs as long as the program does.
    pub fn follow(app: &AppHandle) {
        hear(app, |app, answer| {
            let standing = |call: &CallId| app.state::<Self>().lock().contains(call);
            if answer.pressed != Pressed::Dismissed
                && let Some(call) = call_of(&answer.toast).filter(standing)
            {
                windows::show_ring(app, call);
            }
        });
    }

    /// Its window asks.
    pub fn rings(&self, app: &AppHandle, call: &CallState) {
        if !app.state::<Client>().preferences().alerts || windows::is_ring_focused(app, call.view.id) {
            return;
        }
        if let Some(toast) = toast(call) {
            self.lock().insert(call.view.id);
            app.state::<Toasts>().show(toast);
        }
    }

    /// The person looks at the window.
    pub fn is_seen(&self, app: &AppHandle, call: CallId) {
        self.is_over(app, call);
    }

    pub fn is_over(&self, app: &AppHandle, call: CallId) {
        if self.lock().remove(&call) {
            app.state::<Toasts>().withdraw(&id_of(call));
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeSet<CallId>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn toast(call: &CallState) -> Option<Toast> {
    let peer = call.view.peer.as_ref()?;
    let name = peer.alias.as_ref().map_or_else(|| peer.device.grouped(), |alias| short(&alias.to_string()));
    Some(Toast {
        id: id_of(call.view.id),
        title: t("ring.title", &[("peer", &name)]),
        body: t("toast.asks_text", &[]),
        buttons: Vec::new(),
        stays: true,
    })
}

fn id_of(call: CallId) -> ToastId {
    ToastId(format!("{RING}{}", call.0))
}

fn call_of(toast: &ToastId) -> Option<CallId> {
    toast.as_str().strip_prefix(RING)?.parse().ok().map(CallId)
}

#[cfg(test)]
mod tests {
    use beckon_domain::SecretKey;
    use beckon_domain::call::CallStateName;
    use beckon_wire::call::CallView;
    use beckon_wire::introduction::{Peer, Way};

    use super::*;

    fn call(alias: Option<&str>) -> CallState {
        let peer = Peer {
            device: "482119070".parse().unwrap(),
            key: SecretKey::generate().public(),
            alias: alias.map(|alias| alias.parse().unwrap()),
            name: "Your bank".parse().ok(),
        };
        let view = CallView {
            id: CallId("018f4e2c-7b1a-7c3d-8e5f-0123456789ab".parse().unwrap()),
            way: Way::Incoming,
            target: None,
            peer: Some(peer),
            placed_at: Default::default(),
            rings_until: Default::default(),
            state: CallStateName::Ringing,
            decided_at: None,
            session: None,
        };
        CallState { view, until: Default::default(), met_before: None }
    }

    #[test]
    fn it_names_whom_the_service_vouches_for_and_has_no_button() {
        let by_id = toast(&call(None)).unwrap();
        assert_eq!(by_id.title, "482 119 070 asks for access");
        assert_eq!(by_id.buttons, []);
        assert_eq!(toast(&call(Some("ben@acme"))).unwrap().title, "ben@acme asks for access");
    }

    #[test]
    fn a_toast_leads_back_to_its_call() {
        let call = call(None);
        assert_eq!(call_of(&toast(&call).unwrap().id), Some(call.view.id));
        assert_eq!(call_of(&ToastId("question".into())), None);
    }
}
