//! People without an account, each at a computer that can be invited.

use std::path::Path;

use beckon_client::SessionNetwork;
use beckon_client::invitations::NewInvitation;
use beckon_domain::{DeviceId, InvitationId, PermissionSet, SharedClock};
use beckon_tests::cast::Person;
use uuid::Uuid;

use crate::programs::Service;

pub async fn guest(name: &str, service: &Service, folder: &Path, clock: &SharedClock) -> Person {
    let (home, network) = (Some(service.origin.clone()), SessionNetwork::default());
    let person = Person::at_a_computer(name, folder.join(name), home, None, clock.clone(), network);
    person.sees("that it is at home", |client| client.tiles().own.filter(|own| own.home)).await;
    person
}

pub fn device_of(person: &Person) -> DeviceId {
    person.client.state().home.unwrap().device.unwrap()
}

pub fn invitation_for(device: DeviceId) -> NewInvitation {
    NewInvitation {
        id: InvitationId(Uuid::now_v7()),
        target: device.to_string(),
        profile: "Default".to_owned(),
        permissions: PermissionSet::NONE,
    }
}
