//! Every permission, in every kind of session, as a hostile viewer tries it: off from the start, revoked in
//! mid-use, in the wrong order, and without consent. It gets nothing.
//!
//! That nothing came is shown by what had to come after it: an answer or a refusal on the same connection.

#![expect(clippy::print_stdout, reason = "a test that fails says where in the table it is")]

use beckon_domain::Permission;
use beckon_session::files::{FileStop, TransferState};
use beckon_session::{CloseCode, EndedWhy};
use tokio::io::AsyncWriteExt;

use crate::raw_host::welcome;
use crate::raw_viewer::{chat, closed_with, first_hello, is_thrown_out, opening};
use crate::reach::{BEHIND, Reach, SECRET, Scene, all_but, tries_everything};
use crate::stage::{PURPOSES, failsafe};
use crate::wire::Wire;

const ASK: u8 = 7;
const KEY: [u8; 12] = [255, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0x30];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Off {
    FromTheStart,
    InMidUse,
}

/// In every kind of session, with everything else switched on. Whoever has it off from the start asks for it,
/// and nobody answers.
async fn in_every_session(off: &[Permission], tries: impl AsyncFn(Scene, Off)) {
    for purpose in PURPOSES {
        println!("{off:?} off in {purpose:?}");
        let mut scene = Scene::of(purpose, all_but(off)).await;
        for permission in off {
            scene.call.say(&[ASK, *permission as u8]).await;
        }
        scene.reach.host.open_asks(off).await;
        tries(scene, Off::FromTheStart).await;
        tries(Scene::of(purpose, all_but(&[])).await, Off::InMidUse).await;
    }
}

#[tokio::test]
async fn keys_and_pointer_that_are_off_move_nothing_and_show_nothing() {
    in_every_session(&[Permission::Input, Permission::UserPointer], async |mut scene, off| {
        let mut screen = scene.call.screen().await;
        let desk = scene.reach.stage.desk.clone();
        if off == Off::InMidUse {
            screen.key(0x1e, true).await;
            desk.notes("key Some(30) down").await;
            scene.turn_off(&[Permission::Input]);
            desk.notes("key Some(30) up").await;
            screen.pointer((3, 4), 1).await;
            desk.notes("points 3 4").await;
            scene.turn_off(&[Permission::Input, Permission::UserPointer]);
            desk.notes("points no longer").await;
        }
        let before = desk.noted();
        let keys = [KEY; 30].concat();
        let clicks = [[5, 1, 0, 3, 0, 4], [5, 0, 0, 3, 0, 4]].concat().repeat(30);
        // Each is looked at where it would act. The host has enough of it sooner or later.
        while scene.call.answers().await {
            let _ = screen.stream.write_all(&[&keys[..], &clicks].concat()).await;
            scene.reach.stage.advance(3);
        }
        scene.is_thrown_out().await;
        assert_eq!(desk.noted(), before);
    })
    .await;
}

fn text(text: &str) -> Vec<u8> {
    [&[0, u8::try_from(text.len()).unwrap()][..], text.as_bytes()].concat()
}

#[tokio::test]
async fn a_clipboard_that_is_off_neither_comes_nor_goes() {
    in_every_session(&[Permission::Clipboard], async |mut scene, off| {
        let mut wire = scene.call.opens(&opening::CLIPBOARD).await;
        if off == Off::InMidUse {
            wire.say(&text("a command")).await;
            scene.reach.board.shows(&scene.reach.stage, "a command").await;
            scene.reach.board.copy("an answer");
            assert_eq!(scene.reach.stage.running(wire.hear()).await, text("an answer"));
            scene.turn_off(&[Permission::Clipboard]);
        }
        let (board, writes) = (scene.reach.board.clone(), scene.reach.board.writes());
        board.copy("a password");
        for _ in 0..3 {
            scene.reach.stage.advance(1);
            scene.goes_on().await;
        }
        assert!(wire.is_silent());
        for _ in 0..20 {
            wire.say(&text("evil")).await;
        }
        assert_eq!(wire.rest().await, [0; 0]);
        scene.is_thrown_out().await;
        drop(scene);
        board.is_left_alone().await;
        assert_eq!((board.text().as_deref(), board.writes()), (Some("a password"), writes));
        assert!(off == Off::InMidUse || board.reads() == 0, "it is not even read");
    })
    .await;
}

const LIST: [u8; 2] = [0, 0];
const OFFERS: [u8; 1] = [3];
const EVIL_FILE: [u8; 9] = [2, 1, 4, b'e', b'v', b'i', b'l', 4, 0];
const EVIL: [u8; 6] = [4, 4, b'e', b'v', b'i', b'l'];
const ONE_FILE: [u8; 5] = [0, 0, 1, 4, 0];
const ACCEPT: [u8; 3] = [0, 0, 0];
const NO_OFFERS: [u8; 2] = [0, 0];

/// An ask about that transfer.
fn about(transfer: u8, ask: u8, rest: &[u8]) -> Vec<u8> {
    [&[ask][..], &[transfer; 16], rest].concat()
}

fn upload(transfer: u8) -> Vec<u8> {
    about(transfer, 1, &[0])
}

fn fetch(transfer: u8) -> Vec<u8> {
    about(transfer, 2, &[&[1, 1, u8::try_from(SECRET.len()).unwrap()][..], SECRET.as_bytes()].concat())
}

fn take(transfer: u8) -> Vec<u8> {
    about(transfer, 4, &[])
}

async fn files(scene: &Scene, ask: &[u8]) -> Wire {
    let mut wire = scene.call.opens(&opening::FILES).await;
    wire.say(ask).await;
    wire
}

struct FilesInUse {
    upload: Wire,
    fetch: Wire,
    offers: Wire,
}

impl FilesInUse {
    async fn of(scene: &Scene) -> Self {
        let mut upload = files(scene, &upload(1)).await;
        upload.say(&ONE_FILE).await;
        assert_eq!(upload.hear().await, ACCEPT);
        upload.say(&EVIL_FILE).await;
        let mut fetch = files(scene, &fetch(2)).await;
        assert_eq!(fetch.hear().await.first(), Some(&0), "an offer");
        let mut offers = files(scene, &OFFERS).await;
        assert_eq!(offers.hear().await, NO_OFFERS);
        scene.reach.host.session.files().offer(vec![scene.reach.secret()]).await;
        assert_eq!(offers.hear().await[..2], [0, 1], "one offer");
        Self { upload, fetch, offers }
    }

    async fn stop(mut self) {
        assert_eq!(self.offers.hear().await, NO_OFFERS);
        self.upload.say(&EVIL).await;
        assert_eq!(self.upload.hear().await, [4, FileStop::NotAllowed as u8]);
        self.fetch.say(&ACCEPT).await;
        assert_eq!(self.fetch.hear().await, [11, FileStop::NotAllowed as u8]);
        for wire in [&mut self.upload, &mut self.fetch] {
            assert_eq!(wire.rest().await, [0; 0]);
        }
    }
}

#[tokio::test]
async fn files_that_are_off_are_neither_listed_nor_sent_nor_fetched_nor_offered() {
    in_every_session(&[Permission::FileManager], async |mut scene, off| {
        if off == Off::InMidUse {
            let in_use = FilesInUse::of(&scene).await;
            scene.turn_off(&[Permission::FileManager]);
            in_use.stop().await;
        }
        let offered = scene.reach.host.session.files().offer(vec![scene.reach.secret()]).await;
        let stopped = TransferState::Stopped(FileStop::NotAllowed);
        assert_eq!(offered.progress().borrow().state, stopped);
        for (ask, refusal) in [(LIST.to_vec(), 2), (upload(3), 4), (fetch(4), 11), (take(5), 11)] {
            let mut wire = files(&scene, &ask).await;
            wire.say(&ONE_FILE).await;
            wire.say(&EVIL_FILE).await;
            assert_eq!(wire.hear().await, [refusal, FileStop::NotAllowed as u8], "{ask:?}");
            assert_eq!(wire.rest().await, [0; 0]);
        }
        let mut offers = files(&scene, &OFFERS).await;
        assert_eq!(offers.hear().await, NO_OFFERS);
        scene.goes_on().await;
        assert!(offers.is_silent());
        scene.ends().await;
        scene.reach.files_are_untouched();
    })
    .await;
}

#[tokio::test]
async fn the_account_is_not_locked_for_a_viewer_that_may_not_wish_it() {
    in_every_session(&[Permission::LockDesk], async |mut scene, off| {
        if off == Off::InMidUse {
            let mut wish = scene.call.opens(&opening::LOCK_AT_END).await;
            assert_eq!(wish.rest().await, [0; 0]);
            scene.turn_off(&[Permission::LockDesk]);
        }
        let mut wish = scene.call.opens(&opening::LOCK_AT_END).await;
        assert_eq!(wish.rest().await, [0; 0], "it is heard, and not answered");
        if off == Off::FromTheStart {
            // What was wished before it was allowed is forgotten.
            scene.turn_off(&[]);
        }
        scene.ends().await;
        assert!(!scene.reach.host.session.locks_at_end());
    })
    .await;
}

#[tokio::test]
async fn what_the_computer_is_stays_untold() {
    const NOT_ALLOWED: [u8; 1] = [1];
    in_every_session(&[Permission::Sysinfo], async |mut scene, off| {
        if off == Off::InMidUse {
            let mut wire = scene.call.opens(&opening::SYSTEM_INFO).await;
            assert!(wire.hear().await.len() > 10, "it is told");
            scene.turn_off(&[Permission::Sysinfo]);
        }
        let mut wire = scene.call.opens(&opening::SYSTEM_INFO).await;
        assert_eq!(wire.hear().await, NOT_ALLOWED);
        assert_eq!(wire.rest().await, [0; 0]);
        scene.ends().await;
    })
    .await;
}

#[tokio::test]
async fn asking_for_what_has_nothing_behind_it_here_ends_the_session() {
    let nothing_behind = Permission::ALL.into_iter().filter(|permission| !BEHIND.contains(permission));
    for (permission, purpose) in nothing_behind.zip(PURPOSES.into_iter().cycle()) {
        println!("{permission:?} in {purpose:?}");
        let Scene { reach, mut call } = Scene::of(purpose, Permission::ALL.into_iter().collect()).await;
        let told = call.hear().await;
        assert!(told.starts_with(&[8, 6]), "six may be asked for: {told:?}");
        call.say(&[ASK, permission as u8]).await;
        is_thrown_out(reach.host, &call, CloseCode::NotAllowed).await;
    }
}

/// All that is said on the control stream, but a hello.
fn other_frames() -> [Vec<u8>; 8] {
    let short: [&[u8]; 6] = [&[3, 1, 0], &[4], &[5, 1], &[6], &[ASK, 0], &[8, 0, 0]];
    let [permissions, bye, screen, let_go, ask, asks] = short.map(<[u8]>::to_vec);
    [welcome(), chat(1, "hi"), permissions, bye, screen, let_go, ask, asks]
}

#[tokio::test]
async fn nothing_passes_before_a_hello() {
    for (frame, purpose) in other_frames().into_iter().zip(PURPOSES.into_iter().cycle()) {
        println!("{frame:?} in {purpose:?}");
        let mut reach = Reach::of(purpose, all_but(&[])).await;
        reach.stage.allow();
        let mut call = reach.viewer().await.call().await;
        // The beginning of its length: the first stream is the control stream, whatever is on it.
        call.write(&[0, 0]).await;
        let wires = tries_everything(&call.connection).await;
        call.write(&[0, u8::try_from(frame.len()).unwrap()]).await;
        call.write(&frame).await;
        for mut wire in wires.into_iter().chain([call.wire]) {
            assert_eq!(wire.rest().await, [0; 0]);
        }
        assert_eq!(closed_with(&call.connection).await, CloseCode::NotAllowed as u64);
        assert_eq!(reach.host.ended().await, EndedWhy::Misbehaved);
        failsafe(reach.host.session.ended()).await;
        reach.was_left_untouched().await;
    }
}

/// Its viewer tries everything, and is sent away with this.
async fn is_sent_away(reach: &Reach, code: CloseCode) {
    let viewer = reach.viewer().await;
    let connection = viewer.connect().await;
    let mut wires = tries_everything(&connection).await;
    if let Ok((send, receive)) = connection.open_bi().await {
        let mut wire = Wire { send, receive };
        wire.say(&first_hello()).await;
        wires.push(wire);
    }
    for mut wire in wires {
        assert_eq!(wire.rest().await, [0; 0]);
    }
    assert_eq!(closed_with(&connection).await, code as u64);
}

#[tokio::test]
async fn nothing_passes_without_consent_or_with_consent_to_something_else() {
    for purpose in PURPOSES {
        println!("{purpose:?}");
        let reach = Reach::of(purpose, all_but(&[])).await;
        is_sent_away(&reach, CloseCode::NoConsent).await;
        for other in PURPOSES.into_iter().filter(|other| *other != purpose) {
            reach.stage.allow_for(other);
        }
        is_sent_away(&reach, CloseCode::NoConsent).await;
        reach.stage.allow();
        reach.stage.consents.withdraw(&purpose);
        is_sent_away(&reach, CloseCode::NoConsent).await;
        reach.was_left_untouched().await;
    }
}
