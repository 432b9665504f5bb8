use std::path::Path;

use beckon_domain::clock::FakeClock;
use beckon_domain::{AccountId, Role};
use beckon_wire::account::AccountView;
use beckon_wire::changes::Changes;
use beckon_wire::request::AssignTo;
use uuid::Uuid;

use super::*;
use crate::alerts;
use crate::folders::Folders;
use crate::service_link::Shared;
use crate::settings::Settings;

/// Nobody listens there.
const NOWHERE: &str = "http://127.0.0.1:1";

fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

fn opens(folder: &Path) -> anyhow::Result<Outbox> {
    let folders = Folders::under(folder, "default");
    let (tell, _) = tokio::sync::mpsc::channel(1);
    let shared = Shared {
        settings: Arc::new(Settings::open(&folders)?),
        folders: folders.clone(),
        clock: FakeClock::starting_at(start()).shared(),
        use_keychain: false,
        device_name: None,
        alerts: alerts::channel(),
    };
    let link = ServiceLink::open(NOWHERE, shared, tell)?;
    Outbox::open(folders.outbox_of(NOWHERE), link, Hints::new())
}

fn signs_in(outbox: &Outbox, name: &str) {
    let account = AccountView {
        id: AccountId(Uuid::from_u128(name.len() as u128)),
        name: name.parse().unwrap(),
        email: "somebody@acme.example".into(),
        role: Role::SupportAgent,
    };
    outbox.link.cache.apply(&Changes {
        epoch: name.into(),
        cursor: 1,
        more: false,
        changes: Vec::new(),
        account: Some(account),
        mail: false,
        directory: None,
    });
}

fn request(number: u128) -> CreateRequest {
    CreateRequest {
        id: RequestId(Uuid::from_u128(number)),
        recipient: "Dana Fox".parse().unwrap(),
        comments: "".parse().unwrap(),
        profile: Default::default(),
        own_profile: None,
        assign_to: AssignTo::Myself,
        contact: None,
        schedule: None,
        expiry: None,
    }
}

fn ids(outbox: &Outbox) -> Vec<u128> {
    outbox.waiting().into_iter().map(|waiting| waiting.id.0.as_u128()).collect()
}

#[tokio::test]
async fn what_is_created_out_of_reach_waits_in_order_and_outlives_the_program() {
    let folder = tempfile::tempdir().unwrap();
    let outbox = opens(folder.path()).unwrap();
    signs_in(&outbox, "Ana");
    for number in [3, 1, 2, 1] {
        outbox.create(request(number)).await.unwrap();
    }
    assert_eq!(ids(&outbox), [3, 1, 2]);
    let other = CreateRequest { assign_to: AssignTo::Unassigned, ..request(1) };
    assert_eq!(outbox.create(other).await.unwrap_err().code, Code::IdTaken);

    drop(outbox);
    let outbox = opens(folder.path()).unwrap();
    assert_eq!(ids(&outbox), [3, 1, 2]);
    outbox.discard(RequestId(Uuid::from_u128(1))).unwrap();
    drop(outbox);
    assert_eq!(ids(&opens(folder.path()).unwrap()), [3, 2]);
}

#[tokio::test]
async fn another_account_sees_whose_it_is_and_nobody_sees_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let outbox = opens(folder.path()).unwrap();
    assert_eq!(outbox.create(request(1)).await.unwrap_err().code, Code::Forbidden, "nobody is signed in");
    signs_in(&outbox, "Ana");
    outbox.create(request(1)).await.unwrap();
    signs_in(&outbox, "Benedikt");
    let [waiting] = outbox.waiting().try_into().unwrap();
    assert_eq!((waiting.by.as_str(), waiting.mine), ("Ana", false));
    assert_eq!(outbox.next(), None, "and does not send it");
    let signed_out = Changes {
        epoch: "nobody".into(),
        cursor: 1,
        more: false,
        changes: Vec::new(),
        account: None,
        mail: false,
        directory: None,
    };
    outbox.link.cache.apply(&signed_out);
    assert_eq!(outbox.waiting(), []);
}

#[tokio::test]
async fn a_hundred_wait_and_no_more() {
    let folder = tempfile::tempdir().unwrap();
    let outbox = opens(folder.path()).unwrap();
    signs_in(&outbox, "Ana");
    for number in 1..=100 {
        outbox.create(request(number)).await.unwrap();
    }
    let refused = outbox.create(request(101)).await.unwrap_err();
    assert_eq!((refused.code, refused.params["max"].as_str()), (Code::OutboxFull, "100"));
    outbox.create(request(100)).await.unwrap();
    assert_eq!(ids(&outbox).len(), 100);
}

#[tokio::test]
async fn what_was_refused_is_replaced_where_it_stands_and_by_nobody_else() {
    let folder = tempfile::tempdir().unwrap();
    let outbox = opens(folder.path()).unwrap();
    signs_in(&outbox, "Ana");
    for number in [1, 2, 3] {
        outbox.create(request(number)).await.unwrap();
    }
    let anew = CreateRequest { recipient: "Dana F.".parse().unwrap(), ..request(2) };
    assert_eq!(outbox.replace(anew.clone()).await.unwrap_err().code, Code::NotFound, "it is on its way");

    let refused = |code| Some(ApiError::new(code));
    outbox.settle(anew.id, refused(Code::ScheduleInThePast));
    assert!(!outbox.waiting()[1].retry_may_help, "the time has passed");
    outbox.settle(anew.id, refused(Code::NotAssignable));
    assert!(outbox.waiting()[1].retry_may_help);
    signs_in(&outbox, "Benedikt");
    assert_eq!(outbox.replace(anew.clone()).await.unwrap_err().code, Code::NotFound);
    signs_in(&outbox, "Ana");
    outbox.replace(anew).await.unwrap();

    drop(outbox);
    let outbox = opens(folder.path()).unwrap();
    assert_eq!(ids(&outbox), [1, 2, 3]);
    let second = outbox.waiting().remove(1);
    assert_eq!((second.recipient.as_str(), second.error), ("Dana F.", None));
}

#[tokio::test]
async fn an_outbox_that_cannot_be_understood_is_put_aside() {
    let folder = tempfile::tempdir().unwrap();
    let outbox = opens(folder.path()).unwrap();
    std::fs::create_dir_all(outbox.path.parent().unwrap()).unwrap();
    std::fs::write(&outbox.path, "{}").unwrap();
    let path = outbox.path.clone();
    drop(outbox);
    let outbox = opens(folder.path()).unwrap();
    signs_in(&outbox, "Ana");
    assert_eq!(ids(&outbox), [0; 0]);
    assert_eq!(std::fs::read(path.with_extension("unreadable")).unwrap(), b"{}");
}

#[tokio::test]
async fn what_cannot_be_written_down_is_not_promised() {
    let folder = tempfile::tempdir().unwrap();
    let outbox = opens(folder.path()).unwrap();
    signs_in(&outbox, "Ana");
    // A file where its folder should be: nothing can be written there, not even by root.
    std::fs::write(outbox.path.parent().unwrap(), "").unwrap();
    assert_eq!(outbox.create(request(1)).await.unwrap_err().code, Code::Internal);
    assert_eq!(ids(&outbox), [0; 0]);
}

#[cfg(unix)]
#[tokio::test]
async fn only_this_user_may_read_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let outbox = opens(folder.path()).unwrap();
    signs_in(&outbox, "Ana");
    outbox.create(request(1)).await.unwrap();
    let mode = std::fs::metadata(&outbox.path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}
