//! Two devices that are at home at the same service, and what they do to each other.

use beckon_domain::invitation::InvitationStateName as State;
use beckon_domain::link::Target;
use beckon_domain::statement::Side;
use beckon_domain::{
    CallId, InvitationId, PermissionSet, ProfileId, SecretKey, SessionId, SessionPurpose, SignedGrant,
    SignedStatement, Statement,
};
use beckon_wire::call::{CallAct, CallView, PlaceCall};
use beckon_wire::changes::Thing;
use beckon_wire::invitation::{CreateInvitation, InvitationAct, InvitationView};
use beckon_wire::lookup::{Block, ChooseAlias, Found, Home, Lookup, OwnDevice, SetBlock};
use beckon_wire::{ApiError, paths};
use uuid::Uuid;

use crate::cast::{Player, Stage};
use crate::scenes::eventually;
use crate::sockets::Push;

pub struct Neighbours {
    pub stage: Stage,
    pub ana: Player,
    pub ben: Player,
    pub anas_push: Push,
    pub bens_push: Push,
}

impl Neighbours {
    pub async fn at_home() -> Self {
        let stage = Stage::open().await;
        let (ana, ben) = (stage.neighbour().await, stage.neighbour().await);
        let (anas_push, bens_push) = (ana.opens_push().await, ben.opens_push().await);
        Self { stage, ana, ben, anas_push, bens_push }
    }
}

impl Stage {
    pub async fn neighbour(&self) -> Player {
        let player = self.guest().await;
        player.comes_home().await;
        player
    }
}

pub fn full() -> PermissionSet {
    ProfileId::FullAccess.permissions()
}

impl Player {
    pub async fn comes_home(&self) {
        let own: OwnDevice = self.post(paths::HOME, &Home { home: true }).await.unwrap();
        assert_eq!((own.device, own.home), (self.id, true));
    }

    pub async fn chooses_alias(&self, name: Option<&str>) -> Result<OwnDevice, ApiError> {
        self.post(paths::ALIAS, &ChooseAlias { name: name.map(str::to_owned) }).await
    }

    pub async fn blocks(&self, other: &Player) -> Vec<Block> {
        self.post(paths::BLOCKS, &SetBlock { device: other.id, blocked: true }).await.unwrap()
    }

    pub async fn looks_up(&self, targets: &[Target]) -> Vec<Found> {
        self.post(paths::LOOKUP, &Lookup { targets: targets.to_vec() }).await.unwrap()
    }

    pub fn signs(&self, session: SessionId, purpose: SessionPurpose, side: Side) -> SignedStatement {
        Statement { session, purpose, side, endpoint: SecretKey::generate().public() }.sign(&self.key)
    }

    // Invitations.

    pub async fn invites(&self, other: &Player) -> Result<InvitationView, ApiError> {
        self.invites_by(Target::Id(other.id)).await
    }

    pub async fn invites_by(&self, target: Target) -> Result<InvitationView, ApiError> {
        self.post(paths::INVITATIONS, &invitation_to(target)).await
    }

    pub async fn does(&self, id: InvitationId, act: InvitationAct) -> Result<InvitationView, ApiError> {
        self.post(&paths::with_id(paths::INVITATION_ACT, id.0), &act).await
    }

    pub async fn edits(&self, id: InvitationId) -> Result<InvitationView, ApiError> {
        let profile = "Full access".parse().unwrap();
        self.does(id, InvitationAct::Edit { profile, permissions: full() }).await
    }

    pub fn acceptance(&self, view: &InvitationView) -> InvitationAct {
        let revision = view.revision;
        let purpose = SessionPurpose::Invitation { invitation: view.id, revision };
        let statement = self.signs(SessionId(Uuid::now_v7()), purpose, Side::Viewer);
        InvitationAct::Accept { revision, statement }
    }

    pub async fn accepts(&self, view: &InvitationView) -> Result<InvitationView, ApiError> {
        self.does(view.id, self.acceptance(view)).await
    }

    pub async fn invitation(&self, id: InvitationId) -> Option<InvitationView> {
        self.changes("", 0).await.changes.into_iter().find_map(|change| match change.thing {
            Thing::Invitation(view) if view.id == id => Some(*view),
            _ => None,
        })
    }

    pub async fn invitation_becomes(&self, id: InvitationId, state: State) -> InvitationView {
        eventually(async || self.invitation(id).await.filter(|view| view.state == state)).await
    }

    /// As the host: answers with its statement for what the two agreed on.
    pub async fn hosts_invitation(&self, view: &InvitationView) -> Result<SignedGrant, ApiError> {
        let purpose = SessionPurpose::Invitation { invitation: view.id, revision: view.revision };
        let session = view.session.as_ref().unwrap().id;
        self.answers_with(session, self.signs(session, purpose, Side::Host)).await
    }

    // Calls.

    pub async fn calls(&self, other: &Player) -> Result<CallView, ApiError> {
        self.calls_by(Target::Id(other.id)).await
    }

    pub async fn calls_by(&self, target: Target) -> Result<CallView, ApiError> {
        self.post(paths::CALLS, &self.call_to(target)).await
    }

    pub fn call_to(&self, target: Target) -> PlaceCall {
        let id = CallId(Uuid::now_v7());
        let session = SessionId(Uuid::now_v7());
        PlaceCall {
            id,
            target,
            statement: self.signs(session, SessionPurpose::Call { call: id }, Side::Viewer),
        }
    }

    pub async fn on_call(&self, id: CallId, act: CallAct) -> Result<CallView, ApiError> {
        self.post(&paths::with_id(paths::CALL_ACT, id.0), &act).await
    }

    pub async fn call_seen(&self, id: CallId) -> Option<CallView> {
        self.changes("", 0).await.changes.into_iter().find_map(|change| match change.thing {
            Thing::Call(view) if view.id == id => Some(*view),
            _ => None,
        })
    }

    pub async fn hosts_call(&self, view: &CallView) -> Result<SignedGrant, ApiError> {
        let session = view.session.as_ref().unwrap().id;
        let purpose = SessionPurpose::Call { call: view.id };
        self.answers_with(session, self.signs(session, purpose, Side::Host)).await
    }
}

pub fn invitation_to(target: Target) -> CreateInvitation {
    CreateInvitation {
        id: InvitationId(Uuid::now_v7()),
        target,
        profile: "Default".parse().unwrap(),
        permissions: ProfileId::Default.permissions(),
    }
}
