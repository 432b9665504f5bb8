//! An invitation where no window of our own pops up. Its buttons answer it, as those of the window do; *Connect* is
//! meant for the revision that its toast shows.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use beckon_client::Client;
use beckon_client::view::{InvitationState, KeyMemory};
use beckon_domain::session_request::Revision;
use beckon_domain::{InvitationId, Permission, PermissionSet, SharedClock};
use beckon_wire::introduction::Peer;
use beckon_wire::{ApiError, Code};
use chrono::{DateTime, Local, Utc};
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
            Pressed::Button(button) if button == REJECT => self.reject(app, id),
            Pressed::Button(button) if button == CONNECT => {
                if self.is_meant(app, id, revision) {
                    answer_it(app.clone(), id, Some(revision));
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

    /// At once, and for any revision: it gives nothing to whoever was pressed into it.
    fn reject(&self, app: &AppHandle, id: InvitationId) {
        if !app.state::<Client>().is_viewer_typing() {
            answer_it(app.clone(), id, None);
        } else if let Some(shown) = self.lock().get(&id) {
            app.state::<Toasts>().show(shown.toast.clone());
        }
    }

    /// What was pressed too soon, or may have been pressed by a viewer, stands there again for whoever means it: the
    /// system's windows are within a viewer's reach.
    fn is_meant(&self, app: &AppHandle, id: InvitationId, revision: Revision) -> bool {
        let standing = self.lock();
        let Some(shown) = standing.get(&id).filter(|shown| shown.revision == revision) else {
            // The one that was edited stands there instead, or none.
            return false;
        };
        let is_viewer_typing = app.state::<Client>().is_viewer_typing();
        let is_meant = shown.takes_presses(self.clock.monotonic(), is_viewer_typing);
        if !is_meant {
            app.state::<Toasts>().show(shown.toast.clone());
        }
        is_meant
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<InvitationId, Standing>> {
        self.standing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Standing {
    fn takes_presses(&self, now: Duration, is_viewer_typing: bool) -> bool {
        !is_viewer_typing && self.since.is_none_or(|since| now >= since + SETTLED_AFTER)
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
            // Nobody connects, as the person wanted it.
            Err(ApiError { code: Code::InvitationOver, .. }) if connect.is_none() => {}
            Err(error) => {
                tracing::info!(%error, "an invitation was not answered from a toast");
                windows::show_problem(&app, error);
            }
        }
    });
}

fn toast(invitation: &InvitationState) -> Option<Toast> {
    let view = &invitation.view;
    let body = [
        what(view.permissions),
        changed_key(invitation),
        also(view.permissions),
        t("toast.invites_until", &[("time", &at_the_clock(invitation.until))]),
        t("toast.invites_where", &[]),
    ];
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

fn changed_key(invitation: &InvitationState) -> String {
    let changed = invitation.met_before == Some(KeyMemory::Changed);
    if changed { t("session.key_changed", &[]) } else { String::new() }
}

/// A toast does not count down, so it names the end: as this computer's clock shows it.
fn at_the_clock(moment: DateTime<Utc>) -> String {
    moment.with_timezone(&Local).format("%H:%M").to_string()
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
    use beckon_domain::invitation::InvitationStateName;
    use beckon_domain::text::Name;
    use beckon_wire::introduction::Way;
    use beckon_wire::invitation::InvitationView;

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

    fn invitation(met_before: KeyMemory) -> InvitationState {
        let view = InvitationView {
            id: InvitationId("018f4e2c-7b1a-7c3d-8e5f-0123456789ab".parse().unwrap()),
            way: Way::Incoming,
            target: None,
            peer: Some(peer(None, None)),
            revision: Revision(1),
            profile: "Default".parse().unwrap(),
            permissions: PermissionSet::NONE,
            sent_at: Default::default(),
            expires_at: Default::default(),
            state: InvitationStateName::Pending,
            decided_at: None,
            session: None,
        };
        InvitationState { view, until: Default::default(), met_before: Some(met_before) }
    }

    #[test]
    fn a_toast_names_the_end_and_a_key_that_is_another_than_before() {
        let until = at_the_clock(DateTime::UNIX_EPOCH);
        assert_eq!(
            toast(&invitation(KeyMemory::MetBefore)).unwrap().body,
            format!("You see its screen. Until {until}. You can also answer in Beckon's window.")
        );
        let changed = toast(&invitation(KeyMemory::Changed)).unwrap().body;
        assert!(
            changed.starts_with("You see its screen. This ID was met with another key before."),
            "{changed}"
        );
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

    #[test]
    fn neither_a_press_too_soon_nor_one_that_may_be_a_viewers_answers() {
        let id = InvitationId("018f4e2c-7b1a-7c3d-8e5f-0123456789ab".parse().unwrap());
        let toast = Toast {
            id: id_of(id, Revision(1)),
            title: String::new(),
            body: String::new(),
            buttons: Vec::new(),
            stays: true,
        };
        let shown_at = Duration::from_secs(100);
        let standing = Standing { revision: Revision(1), toast, since: Some(shown_at) };
        let settled = shown_at + SETTLED_AFTER;
        assert!(!standing.takes_presses(shown_at, false));
        assert!(standing.takes_presses(settled, false));
        assert!(!standing.takes_presses(settled, true));
        let put_away = Standing { since: None, ..standing };
        assert!(put_away.takes_presses(shown_at, false));
        assert!(!put_away.takes_presses(settled, true));
    }
}
