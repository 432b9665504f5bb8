//! A host that says whatever a test wants. It speaks bytes, so that it also pins the protocol.

use beckon_domain::Permission;
use iroh::Endpoint;

use crate::raw_viewer::{Call, endpoint, first_hello};
use crate::stage::{Seat, Stage, failsafe};
use crate::wire::Wire;

pub struct RawHost {
    endpoint: Endpoint,
}

impl RawHost {
    pub async fn new(stage: &Stage) -> Self {
        let endpoint = endpoint(stage, &stage.host.endpoint).await;
        failsafe(endpoint.online()).await;
        Self { endpoint }
    }

    /// A viewer's call, whose hello was heard.
    pub async fn called(&self) -> Call {
        let incoming = failsafe(self.endpoint.accept()).await.unwrap();
        let connection = failsafe(incoming.accept().unwrap()).await.unwrap();
        let wire = Wire::accepted(&connection).await;
        let mut call = Call::new(self.endpoint.clone(), connection, wire);
        assert_eq!(call.hear().await, first_hello());
        call
    }
}

/// A viewer, and its call to a host that has not answered yet.
pub async fn called(stage: &Stage) -> (Seat, Call) {
    let host = RawHost::new(stage).await;
    let viewer = stage.viewer();
    (viewer, host.called().await)
}

/// A viewer that believes to be in a session.
pub async fn welcomed(stage: &Stage) -> (Seat, Call) {
    let (mut viewer, mut call) = called(stage).await;
    call.say(&welcome()).await;
    viewer.words().await;
    (viewer, call)
}

/// To a first connect, with everything allowed.
pub fn welcome() -> Vec<u8> {
    let all = Permission::ALL.map(|permission| permission as u8);
    [&[1, u8::try_from(all.len()).unwrap()][..], &all, &[0], &[7; 32]].concat()
}
