//! What an invitation or a call looks like to each of its two devices. As long as it was not accepted, what
//! the sender sees does not depend on who is at the other end, or whether there is anybody.

use beckon_domain::introduction::{Course, Introduction};
use beckon_domain::statement::Side;
use beckon_domain::{Call, DeviceId, Invitation, SessionId};
use beckon_wire::call::CallView;
use beckon_wire::introduction::{IntroductionPhase, IntroductionView, Peer, Way};
use beckon_wire::invitation::InvitationView;

use super::Views;
use crate::error::Answer;
use crate::store::{introductions, peers};

impl Views<'_> {
    pub async fn invitation(&mut self, invitation: &Invitation) -> Answer<InvitationView> {
        let session = invitation.state.session();
        let way = self.way(invitation.inviter);
        let peer = match way {
            Way::Incoming => Some(invitation.inviter),
            Way::Outgoing => invitation.invited.filter(|_| session.is_some()),
        };
        Ok(InvitationView {
            id: invitation.id,
            way,
            target: (way == Way::Outgoing).then(|| invitation.target.clone()),
            peer: self.peer(peer).await?,
            revision: invitation.offer.revision,
            profile: invitation.offer.profile.clone(),
            permissions: invitation.offer.permissions,
            sent_at: invitation.sent_at,
            expires_at: invitation.expires_at(),
            state: invitation.state.name(),
            decided_at: invitation.state.decided_at(),
            session: self.introduced(session).await?,
        })
    }

    pub async fn call(&mut self, call: &Call) -> Answer<CallView> {
        let session = call.state.was_accepted().then_some(call.session);
        let way = self.way(call.caller);
        let peer = match way {
            Way::Incoming => Some(call.caller),
            Way::Outgoing => call.called.filter(|_| session.is_some()),
        };
        Ok(CallView {
            id: call.id,
            way,
            target: (way == Way::Outgoing).then(|| call.target.clone()),
            peer: self.peer(peer).await?,
            placed_at: call.placed_at,
            rings_until: call.rings_until(),
            state: call.state.name(),
            decided_at: call.state.decided_at(),
            session: self.introduced(session).await?,
        })
    }

    fn way(&self, sender: DeviceId) -> Way {
        if sender == self.reader.device.id { Way::Outgoing } else { Way::Incoming }
    }

    async fn peer(&mut self, device: Option<DeviceId>) -> Answer<Option<Peer>> {
        match device {
            Some(device) => peers::by_id(self.db, device).await,
            None => Ok(None),
        }
    }

    async fn introduced(&mut self, session: Option<SessionId>) -> Answer<Option<IntroductionView>> {
        let Some(session) = session else { return Ok(None) };
        let Some(stored) = introductions::by_session(self.db, session).await? else { return Ok(None) };
        let introduction = stored.introduction.elapse(self.now);
        let side = if introduction.host == self.reader.device.id { Side::Host } else { Side::Viewer };
        Ok(Some(view(&introduction, side, stored.grant.is_some())))
    }
}

fn view(introduction: &Introduction, side: Side, granted: bool) -> IntroductionView {
    let (phase, since) = match introduction.course {
        Course::Connecting if granted => (IntroductionPhase::Granted, None),
        Course::Connecting => (IntroductionPhase::Reserved, None),
        Course::Running { since, lost_at: None, .. } => (IntroductionPhase::Running, Some(since)),
        Course::Running { since, .. } => (IntroductionPhase::Lost, Some(since)),
        Course::Ended { since, .. } => (IntroductionPhase::Ended, since),
    };
    let (ended_at, ending) = match introduction.course {
        Course::Ended { at, why, .. } => (Some(at), Some(why)),
        _ => (None, None),
    };
    let (id, connect_until) = (introduction.session, introduction.connect_until());
    IntroductionView { id, side, phase, connect_until, since, ended_at, ending }
}
