//! A host with something behind every permission, and a viewer that says whatever it wants.

use std::fs;
use std::path::PathBuf;

use beckon_domain::{Permission, PermissionSet, SessionPurpose};
use beckon_session::{CloseCode, EndedWhy};
use iroh::endpoint::Connection;
use tempfile::TempDir;

use crate::board::Board;
use crate::raw_viewer::{Call, RawViewer, closed_with, opening};
use crate::stage::{Seat, Stage, failsafe};
use crate::wire::Wire;

/// Everything that there is something behind of, at this host.
pub const BEHIND: [Permission; 6] = [
    Permission::Input,
    Permission::Clipboard,
    Permission::FileManager,
    Permission::LockDesk,
    Permission::Sysinfo,
    Permission::UserPointer,
];

pub const SECRET: &str = "secret.txt";
const BYE: [u8; 1] = [4];

pub fn all_but(off: &[Permission]) -> PermissionSet {
    BEHIND.into_iter().filter(|permission| !off.contains(permission)).collect()
}

/// What the host has, and keeps.
pub struct Reach {
    pub stage: Stage,
    pub host: Seat,
    pub board: Board,
    folder: TempDir,
}

/// A viewer that was let in.
pub struct Scene {
    pub reach: Reach,
    pub call: Call,
}

impl Reach {
    /// Nobody has allowed anything yet.
    pub async fn of(purpose: SessionPurpose, switches: PermissionSet) -> Self {
        let mut stage = Stage::new().await;
        (stage.purpose, stage.switches) = (purpose, switches);
        stage.available = BEHIND.into_iter().collect();
        let (host, board, folder) = (stage.host(), Board::default(), TempDir::new().unwrap());
        fs::write(folder.path().join(SECRET), SECRET).unwrap();
        host.session.files().choose_folder(Some(folder.path().to_owned())).unwrap();
        host.session.share_clipboard(board.clipboard());
        Self { stage, host, board, folder }
    }

    pub fn secret(&self) -> PathBuf {
        self.folder.path().join(SECRET)
    }

    pub async fn viewer(&self) -> RawViewer {
        RawViewer::new(&self.stage, &self.stage.viewer.endpoint).await
    }

    pub fn files_are_untouched(&self) {
        let found = fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
        assert_eq!(found.collect::<Vec<_>>(), [SECRET]);
        assert_eq!(fs::read_to_string(self.secret()).unwrap(), SECRET);
    }

    /// Nobody saw, read or did anything. The session is over, or was none.
    pub async fn was_left_untouched(self) {
        assert!(!self.stage.desk.was_seen() && !self.host.session.locks_at_end());
        assert_eq!(self.stage.desk.noted(), [""; 0]);
        self.files_are_untouched();
        drop(self.host);
        self.board.is_left_alone().await;
        assert_eq!((self.board.reads(), self.board.writes()), (0, 0));
    }
}

impl Scene {
    pub async fn of(purpose: SessionPurpose, switches: PermissionSet) -> Self {
        let reach = Reach::of(purpose, switches).await;
        reach.stage.allow();
        let call = reach.viewer().await.welcomed().await;
        Self { reach, call }
    }

    /// Only that is off from now on.
    pub fn turn_off(&self, off: &[Permission]) {
        assert!(self.reach.host.session.set_switches(all_but(off)));
    }

    /// What the viewer said before has come to the host, and what the host said before has come to the viewer.
    pub async fn goes_on(&mut self) {
        assert!(self.call.answers().await);
        self.reach.host.say("still here").await;
        while self.call.chat().await != "still here" {}
    }

    /// The host ends it, because the viewer does not stop.
    pub async fn is_thrown_out(&mut self) {
        assert_eq!(closed_with(&self.call.connection).await, CloseCode::NotAllowed as u64);
        assert_eq!(self.reach.host.ended().await, EndedWhy::Misbehaved);
        failsafe(self.reach.host.session.ended()).await;
    }

    /// The viewer ends it.
    pub async fn ends(&mut self) {
        self.call.say(&BYE).await;
        assert_eq!(self.reach.host.ended().await, EndedWhy::ByViewer);
        failsafe(self.reach.host.session.ended()).await;
    }
}

/// Opens everything that a viewer can open, and says right away what would do something.
pub async fn tries_everything(connection: &Connection) -> Vec<Wire> {
    let typed = [&b"RFB 003.008\n\x01\x01"[..], &[255, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0x1e]].concat();
    let tries: [(&[u8], &[u8]); 8] = [
        (&opening::SCREEN, &typed),
        (&opening::MONITORS, &[]),
        (&opening::CLIPBOARD, &[0, 0, 0, 6, 0, 4, b'e', b'v', b'i', b'l']),
        (&opening::FILES, &[0, 0, 0, 2, 0, 0]),
        (&opening::FILES, &[&[0, 0, 0, 18, 1][..], &[7; 16], &[0, 0, 0, 0, 5, 0, 0, 1, 4, 0]].concat()),
        (&opening::FILES, &[0, 0, 0, 1, 3]),
        (&opening::SYSTEM_INFO, &[]),
        (&opening::LOCK_AT_END, &[]),
    ];
    let mut wires = Vec::new();
    for (opening, then) in tries {
        // It may be closed already.
        let Ok((send, receive)) = failsafe(connection.open_bi()).await else { break };
        let mut wire = Wire { send, receive };
        wire.say(opening).await;
        wire.write(then).await;
        wires.push(wire);
    }
    wires
}
