//! Inviting and being invited: the inviter is the host, and presses *Invite* instead of *Allow access*.

use std::sync::Arc;

use beckon_domain::invitation::InvitationStateName;
use beckon_domain::link::Target;
use beckon_domain::session_request::Revision;
use beckon_domain::text::Name;
use beckon_domain::{Cover, InvitationId, PermissionSet, SessionId, SessionPurpose};
use beckon_wire::introduction::Way;
use beckon_wire::invitation::{CreateInvitation, InvitationAct, InvitationView};
use beckon_wire::{ApiError, Code, paths};

use crate::address::Address;
use crate::client::Client;
use crate::forms::text_refused;
use crate::introductions::{Introduced, Introductions, Sent};
use crate::place::Place;
use crate::view::{IntroductionsState, InvitationState, Occasion, SessionSide};

const FIRST: Revision = Revision(1);

/// What the inviter's person typed and chose.
#[derive(Debug, Clone, serde::Deserialize, ts_rs::TS)]
#[ts(export)]
pub struct NewInvitation {
    /// A UUIDv7. Sent twice, it is one invitation.
    pub id: InvitationId,
    /// An ID or alias, as typed.
    pub target: String,
    /// The profile's name, as this window shows it.
    pub profile: String,
    pub permissions: PermissionSet,
}

impl Client {
    /// Whose invitations and calls these are: the home service's. Empty without one.
    pub fn introductions_state(&self) -> IntroductionsState {
        self.home().map(|place| place.introductions.state()).unwrap_or_default()
    }

    /// Codes: `not_an_address`, `own_id`, `in_a_session`, `too_many_pending`, `throttled` and `guest_device`.
    pub async fn invite(&self, new: NewInvitation) -> Result<(), ApiError> {
        let place = self.home_place()?;
        let target = typed_target(&new.target)?;
        let profile = Name::try_from(new.profile).map_err(text_refused("profile"))?;
        let permissions = new.permissions;
        place.introductions.invite(CreateInvitation { id: new.id, target, profile, permissions }).await
    }

    /// A new revision of a pending one. The time is not extended.
    pub async fn edit_invitation(
        &self,
        id: InvitationId,
        profile: String,
        permissions: PermissionSet,
    ) -> Result<(), ApiError> {
        let profile = Name::try_from(profile).map_err(text_refused("profile"))?;
        self.home_place()?.introductions.edit_invitation(id, profile, permissions).await
    }

    pub async fn cancel_invitation(&self, id: InvitationId) -> Result<(), ApiError> {
        self.home_place()?.introductions.cancel_invitation(id).await
    }

    /// The same invitation once more, under a new ID.
    pub async fn send_invitation_again(&self, id: InvitationId, again: InvitationId) -> Result<(), ApiError> {
        let place = self.home_place()?;
        let InvitationView { target, profile, permissions, .. } = place.introductions.invitation(id)?;
        let target = target.ok_or_else(|| ApiError::new(Code::Forbidden))?;
        place.introductions.invite(CreateInvitation { id: again, target, profile, permissions }).await
    }

    /// *Connect*, for the revision that the window showed. An older one is refused.
    pub async fn accept_invitation(
        &self,
        id: InvitationId,
        revision: Revision,
    ) -> Result<SessionId, ApiError> {
        self.refuse_if_only_host()?;
        self.home_place()?.introductions.accept_invitation(id, revision).await
    }

    pub async fn reject_invitation(&self, id: InvitationId) -> Result<(), ApiError> {
        self.home_place()?.introductions.reject_invitation(id).await
    }

    pub(crate) fn home_place(&self) -> Result<Arc<Place>, ApiError> {
        self.home().ok_or_else(|| ApiError::new(Code::NoService))
    }
}

/// An ID or an alias; blanks around and in it do not matter.
pub(crate) fn typed_target(typed: &str) -> Result<Target, ApiError> {
    Address::parse(typed)?.target().ok_or_else(|| ApiError::new(Code::NotAnAddress))
}

impl Introductions {
    pub async fn invite(self: &Arc<Self>, create: CreateInvitation) -> Result<(), ApiError> {
        let _turn = self.turn.lock().await;
        self.refuse_own_id(&create.target)?;
        self.sessions.refuse_while(SessionSide::Viewer)?;
        let permissions = self.may_be_given(create.permissions);
        let create = CreateInvitation { permissions, ..create };
        let sent = Sent { at: self.link.clock.monotonic(), cover: cover_of(&create.target) };
        // Consent first: it may be accepted before the answer arrives here.
        self.lock().sent.insert(create.id, sent);
        self.consent(purpose_of(create.id, FIRST), sent, permissions);
        let answer = self.act(paths::INVITATIONS, &create).await;
        if answer.is_err() {
            self.withdraw(create.id, |_| false);
            self.lock().sent.remove(&create.id);
        }
        answer
    }

    pub async fn edit_invitation(
        self: &Arc<Self>,
        id: InvitationId,
        profile: Name,
        permissions: PermissionSet,
    ) -> Result<(), ApiError> {
        let _turn = self.turn.lock().await;
        let permissions = self.may_be_given(permissions);
        let over = || ApiError::new(Code::InvitationOver);
        let sent = self.lock().sent.get(&id).copied().ok_or_else(over)?;
        // An earlier edit may have counted although its answer was lost.
        self.link.pull().await?;
        let newest = self.invitation(id)?.revision;
        let next = Revision(newest.0.saturating_add(1));
        // As in `invite`, consent comes first.
        self.consent(purpose_of(id, next), sent, permissions);
        let edit = InvitationAct::Edit { profile, permissions };
        let answer = self.ask(&paths::with_id(paths::INVITATION_ACT, id.0), &edit).await;
        let Ok(view) = &answer else {
            self.withdraw(id, |kept| kept < next);
            return answer.map(drop);
        };
        if self.settle_on(id, view, permissions) { Ok(()) } else { Err(over()) }
    }

    /// Only the revision that the service made of an edit admits anybody: the one before it, where nothing was
    /// changed. It admits them to no more than the person chose and the other side is shown. False where it was
    /// taken back meanwhile.
    fn settle_on(&self, id: InvitationId, view: &InvitationView, chosen: PermissionSet) -> bool {
        let stands = self.consents().narrow(&purpose_of(id, view.revision), chosen.and(view.permissions));
        self.withdraw(id, |kept| kept == view.revision);
        stands
    }

    /// Also where the service does not hear of it: nobody is let in from here on.
    pub async fn cancel_invitation(&self, id: InvitationId) -> Result<(), ApiError> {
        self.withdraw(id, |_| false);
        let _turn = self.turn.lock().await;
        // An edit that was under way may have consented anew.
        self.withdraw(id, |_| false);
        self.act_on_invitation(id, &InvitationAct::Cancel).await
    }

    pub async fn accept_invitation(
        self: &Arc<Self>,
        id: InvitationId,
        revision: Revision,
    ) -> Result<SessionId, ApiError> {
        let _turn = self.turn.lock().await;
        let occasion = Occasion::Invitation(id);
        if let Some(pressed) = self.lock().attempts.get(&occasion) {
            return Ok(pressed.session);
        }
        self.sessions.refuse_while(SessionSide::Host)?;
        let current = self.invitation(id)?.revision;
        if current != revision {
            return Err(ApiError::new(Code::OlderRevision).with("current", current.0));
        }
        let (session, statement) = self.attempt(occasion, purpose_of(id, revision));
        let answer = self.act_on_invitation(id, &InvitationAct::Accept { revision, statement }).await;
        if let Err(error) = answer {
            self.lock().attempts.remove(&occasion);
            return Err(error);
        }
        self.look().await;
        Ok(session)
    }

    pub async fn reject_invitation(&self, id: InvitationId) -> Result<(), ApiError> {
        self.act_on_invitation(id, &InvitationAct::Reject).await
    }

    pub(crate) async fn look_at_invitation(self: &Arc<Self>, view: &InvitationView) {
        if view.way == Way::Outgoing {
            self.follow_sent(view).await;
        }
        if let (Some(peer), Some(session)) = (&view.peer, &view.session) {
            let (occasion, purpose) = (Occasion::Invitation(view.id), purpose_of(view.id, view.revision));
            self.look_at_session(Introduced { occasion, purpose, peer, session }).await;
        }
    }

    async fn follow_sent(&self, view: &InvitationView) {
        let (id, revision) = (view.id, view.revision);
        match view.state {
            InvitationStateName::Pending => {
                // One that is on its way may be newer; an older one cannot be accepted any more.
                self.withdraw(id, |kept| kept >= revision);
                // This host was restarted, or takes back what it could not take back before.
                if self.consents().get(&purpose_of(id, revision)).is_none() {
                    let _ = self.act_on_invitation(id, &InvitationAct::Cancel).await;
                }
            }
            InvitationStateName::Accepted => self.withdraw(id, |kept| kept == revision),
            _ => self.withdraw(id, |_| false),
        }
        if view.state != InvitationStateName::Pending {
            self.lock().sent.remove(&id);
        }
    }

    pub(crate) async fn take_back_invitations(&self) {
        let sent: Vec<InvitationId> = self.lock().sent.keys().copied().collect();
        for id in sent {
            if let Err(error) = self.cancel_invitation(id).await {
                tracing::info!(%error, "an invitation was not cancelled");
            }
        }
    }

    pub(crate) fn invitation(&self, id: InvitationId) -> Result<InvitationView, ApiError> {
        let mut all = self.link.cache.invitations().into_iter();
        all.find(|view| view.id == id).ok_or_else(|| ApiError::new(Code::NotFound))
    }

    pub(crate) fn invitation_states(&self) -> Vec<InvitationState> {
        let ahead = self.link.api.clock_ahead();
        let shown = |view: InvitationView| InvitationState {
            until: view.expires_at + ahead,
            met_before: view.peer.as_ref().map(|peer| self.memory_of(peer)),
            view,
        };
        self.link.cache.invitations().into_iter().map(shown).collect()
    }

    pub(crate) fn refuse_own_id(&self, target: &Target) -> Result<(), ApiError> {
        let own = matches!(target, Target::Id(id) if self.link.device() == Some(*id));
        if own { Err(ApiError::new(Code::OwnId)) } else { Ok(()) }
    }

    async fn act_on_invitation(&self, id: InvitationId, act: &InvitationAct) -> Result<(), ApiError> {
        self.act(&paths::with_id(paths::INVITATION_ACT, id.0), act).await
    }

    /// Takes back the consent to every revision but these.
    fn withdraw(&self, id: InvitationId, keep: impl Fn(Revision) -> bool) {
        for revision in self.consented(id).filter(|revision| !keep(*revision)) {
            self.consents().withdraw(&purpose_of(id, revision));
        }
    }

    /// The revisions to which there is consent.
    fn consented(&self, id: InvitationId) -> impl Iterator<Item = Revision> {
        self.consents().all().into_iter().filter_map(move |consent| match consent.purpose {
            SessionPurpose::Invitation { invitation, revision } if invitation == id => Some(revision),
            _ => None,
        })
    }
}

fn purpose_of(invitation: InvitationId, revision: Revision) -> SessionPurpose {
    SessionPurpose::Invitation { invitation, revision }
}

fn cover_of(target: &Target) -> Cover {
    match target {
        Target::Id(device) => Cover::Peer(*device),
        Target::Alias(_) => Cover::Accepter,
    }
}
