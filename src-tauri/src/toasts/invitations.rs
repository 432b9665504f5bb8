//! An invitation where no window of our own pops up. Its buttons answer it, as those of the window do; each is
//! meant for the revision that its toast shows.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use beckon_client::Client;
use beckon_client::view::InvitationState;
use beckon_domain::session_request::Revision;
use beckon_domain::{InvitationId, Permission, PermissionSet, SharedClock};
use beckon_wire::introduction::Peer;
use beckon_wire::{ApiError, Code};
use tauri::{AppHandle, Manager};

use super::{Answer, Button, Pressed, Toast, ToastId, Toasts, short};
use crate::windows;
use crate::words::t;

const INVITATION: &str = "invitation-";
const CONNECT: &str = "connect";
const REJECT: &str = "reject";
/// What is pressed sooner was meant for what stood there before.
const SETTLED_AFTER: Duration = Duration::from_millis(500);
/// More would bury the others.
const AT_ONCE: usize = 4;
/// So many permissions are named; of the rest, the number.
const NAMED: usize = 3;

/// The toasts that stand, or were put away.
pub struct InvitationToasts {
    clock: SharedClock,
    standing: Mutex<BTreeMap<InvitationId, Standing>>,
}

struct Standing {
    revision: Revision,
    toast: Toast,
    /// By the monotonic clock. None: the person put it away.
    since: Option<Duration>,
}

impl InvitationToasts {
    pub fn new(clock: SharedClock) -> Self {
        Self { clock, standing: Mutex::default() }
    }

    /// Runs as long as the program does.
    pub fn follow(app: &AppHandle) {
        super::hear(app, |app, answer| app.state::<Self>().hear(app, answer));
    }

    /// From here on these stand, the first few of them. What the person put away stays away.
    pub fn stand(&self, app: &AppHandle, waiting: &[InvitationState]) {
        let toasts = app.state::<Toasts>();
        let waiting = waiting.get(..AT_ONCE).unwrap_or(waiting);
        let mut standing = self.lock();
        standing.retain(|id, shown| {
            let still = waiting.iter().any(|one| one.view.id == *id && one.view.revision == shown.revision);
            if !still {
                toasts.withdraw(&shown.toast.id);
            }
            // An edit takes the place of what the person saw, not of what they put away.
            still || shown.since.is_none() && waiting.iter().any(|one| one.view.id == *id)
        });
        for invitation in waiting {
            let Some(toast) = toast(invitation) else { continue };
            let (id, revision) = (invitation.view.id, invitation.view.revision);
            standing.entry(id).or_insert_with(|| {
                toasts.show(toast.clone());
                Standing { revision, toast, since: Some(self.clock.monotonic()) }
            });
        }
    }

    fn hear(&self, app: &AppHandle, answer: Answer) {
        let Some((id, revision)) = invitation_of(&answer.toast) else { return };
        match answer.pressed {
            Pressed::Dismissed => self.put_away(id),
            Pressed::Button(button) if button == CONNECT || button == REJECT => {
                if self.has_settled(app, id, revision) {
                    answer_it(app.clone(), id, (button == CONNECT).then_some(revision));
                }
            }
            Pressed::Button(_) | Pressed::Body => windows::show_main(app),
        }
    }

    fn put_away(&self, id: InvitationId) {
        if let Some(shown) = self.lock().get_mut(&id) {
            shown.since = None;
        }
    }

    /// What was pressed too soon stands there again, for whoever means it.
    fn has_settled(&self, app: &AppHandle, id: InvitationId, revision: Revision) -> bool {
        let standing = self.lock();
        let Some(shown) = standing.get(&id).filter(|shown| shown.revision == revision) else {
            // The one that was edited stands there instead, or none.
            return false;
        };
        let now = self.clock.monotonic();
        let settled = shown.since.is_none_or(|since| now >= since + SETTLED_AFTER);
        if !settled {
            app.state::<Toasts>().show(shown.toast.clone());
        }
        settled
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<InvitationId, Standing>> {
        self.standing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// *Connect* of that revision, or *Reject*. Where it is refused, the main window says what is so.
fn answer_it(app: AppHandle, id: InvitationId, connect: Option<Revision>) {
    // The service may take its time, and other toasts do not wait for it.
    tauri::async_runtime::spawn(async move {
        let client = app.state::<Client>();
        let answered: Result<(), ApiError> = match connect {
            Some(revision) => {
                let session = client.accept_invitation(id, revision).await;
                session.map(|session| windows::show_session(&app, session))
            }
            None => client.reject_invitation(id).await,
        };
        match answered {
            // The newer one has its own toast.
            Ok(()) | Err(ApiError { code: Code::OlderRevision, .. }) => {}
            Err(error) => {
                tracing::info!(%error, "an invitation was not answered from a toast");
                windows::show_main(&app);
            }
        }
    });
}

fn toast(invitation: &InvitationState) -> Option<Toast> {
    let view = &invitation.view;
    let body = [what(view.permissions), also(view.permissions), t("toast.invites_where", &[])];
    Some(Toast {
        id: id_of(view.id, view.revision),
        title: t("toast.invites", &[("who", &who(view.peer.as_ref()?))]),
        body: body.into_iter().filter(|sentence| !sentence.is_empty()).collect::<Vec<_>>().join(" "),
        buttons: vec![
            Button { id: CONNECT, label: t("invited.connect", &[]) },
            Button { id: REJECT, label: t("invited.reject", &[]) },
        ],
        stays: true,
    })
}

/// By what the service vouches for. The name is the other side's own words.
fn who(peer: &Peer) -> String {
    let id = peer.device.grouped();
    match (&peer.alias, &peer.name) {
        (Some(alias), _) => format!("{alias} ({id})"),
        (None, Some(name)) => format!("{id} (“{}”)", short(name.as_str())),
        (None, None) => id,
    }
}

fn what(permissions: PermissionSet) -> String {
    let input = permissions.contains(Permission::Input);
    t(if input { "toast.invites_control" } else { "toast.invites_look" }, &[])
}

fn also(permissions: PermissionSet) -> String {
    let mut others = permissions.without(Permission::Input);
    if permissions.contains(Permission::Input) {
        // Whoever controls the pointer needs no other one.
        others = others.without(Permission::UserPointer);
    }
    let others: Vec<Permission> = others.iter().collect();
    let named = others.iter().take(NAMED).map(label).collect::<Vec<_>>().join(", ");
    match others.len().checked_sub(NAMED) {
        _ if others.is_empty() => String::new(),
        None | Some(0) => t("invited.also", &[("list", &named)]),
        Some(more) => t("popup.also_more", &[("list", &named), ("count", &more.to_string())]),
    }
}

/// By its token, as the pages do.
fn label(permission: &Permission) -> String {
    let token = serde_json::to_value(permission).unwrap_or_default();
    t(&format!("permission.{}", token.as_str().unwrap_or_default()), &[])
}

fn id_of(id: InvitationId, revision: Revision) -> ToastId {
    ToastId(format!("{INVITATION}{}-{}", id.0, revision.0))
}

fn invitation_of(toast: &ToastId) -> Option<(InvitationId, Revision)> {
    let (id, revision) = toast.as_str().strip_prefix(INVITATION)?.rsplit_once('-')?;
    Some((InvitationId(id.parse().ok()?), Revision(revision.parse().ok()?)))
}

#[cfg(test)]
mod tests {
    use beckon_domain::SecretKey;
    use beckon_domain::text::Name;

    use super::*;

    fn peer(alias: Option<&str>, name: Option<&str>) -> Peer {
        Peer {
            device: "482119070".parse().unwrap(),
            key: SecretKey::generate().public(),
            alias: alias.map(|alias| alias.parse().unwrap()),
            name: name.map(|name| name.parse::<Name>().unwrap()),
        }
    }

    #[test]
    fn whom_the_service_vouches_for_comes_before_what_they_call_themselves() {
        assert_eq!(who(&peer(Some("ana@acme"), Some("Boss"))), "ana@acme (482 119 070)");
        assert_eq!(who(&peer(None, Some("<b>Ana</b>"))), "482 119 070 (“<b>Ana</b>”)");
        assert_eq!(who(&peer(None, None)), "482 119 070");
        assert!(who(&peer(None, Some(&"m".repeat(128)))).chars().count() < 80);
    }

    #[test]
    fn a_few_permissions_are_named_and_the_rest_is_a_number() {
        let some = |permissions: &[Permission]| permissions.iter().copied().collect::<PermissionSet>();
        assert_eq!(also(some(&[Permission::Input])), "");
        let one = some(&[Permission::Input, Permission::Clipboard]);
        assert_eq!(also(one), "You may also use: Clipboard text.");
        let all = also(Permission::ALL.into_iter().collect());
        assert_eq!(all, "You may also use: Clipboard text, File transfer, Hear sound and 8 more.");
    }

    #[test]
    fn a_toast_is_about_one_revision() {
        let id = InvitationId("018f4e2c-7b1a-7c3d-8e5f-0123456789ab".parse().unwrap());
        let (first, last) = (id_of(id, Revision(1)), id_of(id, Revision(u32::MAX)));
        assert_eq!(invitation_of(&first), Some((id, Revision(1))));
        assert_eq!(invitation_of(&last), Some((id, Revision(u32::MAX))));
        assert!(last.as_str().len() <= 64);
        assert_eq!(invitation_of(&ToastId("question".into())), None);
    }
}
