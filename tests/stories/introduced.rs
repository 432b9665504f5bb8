//! What the stories of invitations and of calls have in common.

use beckon_client::invitations::NewInvitation;
use beckon_client::view::{CallState, InvitationState};
use beckon_domain::call::CallStateName;
use beckon_domain::invitation::InvitationStateName;
use beckon_domain::{CallId, DeviceId, InvitationId, Permission, PermissionSet, SessionId};
use beckon_tests::cast::Person;
use beckon_tests::organisation::Organisation;
use beckon_wire::introduction::Way;
use uuid::Uuid;

/// Two people without accounts, each at a computer that can be invited and called.
pub async fn two_people(acme: &Organisation) -> (Person, Person) {
    let (ana, dana) = (acme.guest("Ana").await, acme.guest("Dana").await);
    is_at_home(&ana).await;
    is_at_home(&dana).await;
    (ana, dana)
}

pub async fn is_at_home(person: &Person) {
    person.sees("that it is at home", |client| client.tiles().own.filter(|own| own.home)).await;
}

pub fn device_of(person: &Person) -> DeviceId {
    person.client.state().home.unwrap().device.unwrap()
}

pub fn chat_and_mouse() -> PermissionSet {
    PermissionSet::NONE.with(Permission::Input).with(Permission::UserPointer)
}

pub fn invitation_for(target: &str) -> NewInvitation {
    NewInvitation {
        id: InvitationId(Uuid::now_v7()),
        target: target.to_owned(),
        profile: "Default".to_owned(),
        permissions: chat_and_mouse(),
    }
}

pub async fn invites(inviter: &Person, invited: &Person) -> InvitationId {
    let new = invitation_for(&device_of(invited).to_string());
    let id = new.id;
    inviter.client.invite(new).await.unwrap();
    id
}

pub async fn sees_invitation(
    person: &Person,
    id: InvitationId,
    state: InvitationStateName,
) -> InvitationState {
    person
        .sees(&format!("the invitation {state:?}"), |client| {
            let all = client.introductions_state().invitations;
            all.into_iter().find(|invitation| invitation.view.id == id && invitation.view.state == state)
        })
        .await
}

pub async fn sees_call(person: &Person, id: CallId, state: CallStateName) -> CallState {
    person
        .sees(&format!("the call {state:?}"), |client| {
            let all = client.introductions_state().calls;
            all.into_iter().find(|call| call.view.id == id && call.view.state == state)
        })
        .await
}

/// An ID or an alias is called, and the service has taken it.
pub async fn places_call(caller: &Person, target: &str) -> CallId {
    let call = caller.client.call_typed(target).unwrap();
    sees_call(caller, call, CallStateName::Ringing).await;
    call
}

/// From the call to the session, at both of them.
pub async fn are_in_a_call(caller: &Person, called: &Person, permissions: PermissionSet) -> SessionId {
    let call = places_call(caller, &device_of(called).to_string()).await;
    rings(called).await;
    called.client.allow_call(call, permissions).await.unwrap();
    called.talks().await;
    caller.talks().await.id
}

/// Whoever calls is shown to the called.
pub async fn rings(person: &Person) -> CallState {
    person
        .sees("a call that rings", |client| {
            let rings = |call: &CallState| {
                call.view.way == Way::Incoming && call.view.state == CallStateName::Ringing
            };
            client.introductions_state().calls.into_iter().find(rings)
        })
        .await
}
