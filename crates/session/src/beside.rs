//! What passes beside the screen, over all connections of one session: files, clipboard, what the computer is,
//! and the wish to lock it at the end. Each has streams of its own, which the viewer opens.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

use beckon_domain::statement::Side;
use beckon_domain::{Permission, PermissionSet, SharedClock};
use iroh::endpoint::{RecvStream, SendStream};

use crate::clipboard::{Clipboard, ClipboardEnd, ClipboardExchange};
use crate::close_code::CloseCode;
use crate::files::{FileStop, HostFiles};
use crate::gate::{CurrentGate, Gate};
use crate::opening::Opening;
use crate::system_info;

/// After the screen: a file waits for pictures, and pictures for chat.
pub(crate) const PRIORITY: i32 = -2;
const MOST_REFUSED: u32 = 16;

pub(crate) struct Beside {
    side: Side,
    clock: SharedClock,
    gate: Arc<CurrentGate>,
    /// Used on the host.
    pub(crate) files: HostFiles,
    clipboard: OnceLock<ClipboardExchange>,
    wants_lock: AtomicBool,
    locks: AtomicBool,
    refusals: AtomicU32,
}

impl Beside {
    pub(crate) fn new(side: Side, clock: SharedClock) -> Self {
        let gate = Arc::new(CurrentGate::default());
        let files = HostFiles::new(clock.clone(), gate.clone());
        let (wants_lock, locks) = (AtomicBool::new(false), AtomicBool::new(false));
        let refusals = AtomicU32::new(0);
        Self { side, clock, gate, files, clipboard: OnceLock::new(), wants_lock, locks, refusals }
    }

    pub(crate) fn clock(&self) -> SharedClock {
        self.clock.clone()
    }

    pub(crate) fn gate(&self) -> Arc<dyn Gate> {
        self.gate.clone()
    }

    /// On the host: the consent that the session runs under.
    pub(crate) fn admitted(&self, gate: Arc<dyn Gate>) {
        self.gate.set(gate);
    }

    /// On the viewer: what the host said last.
    pub(crate) fn told(&self, permissions: PermissionSet) {
        if self.side == Side::Viewer {
            self.gate.set(Arc::new(permissions));
        }
    }

    /// The first one stays.
    pub(crate) fn share_clipboard(&self, clipboard: Clipboard) {
        self.clipboard.get_or_init(|| {
            ClipboardExchange::new(self.side, clipboard, self.clock.clone(), self.gate.clone())
        });
    }

    pub(crate) fn clipboard(&self) -> Option<&ClipboardExchange> {
        self.clipboard.get()
    }

    /// On the host, while the consent can still be asked.
    pub(crate) fn ends(&self) {
        let wanted = self.wants_lock.load(Ordering::SeqCst);
        self.locks.store(wanted && self.gate.allows(Permission::LockDesk), Ordering::SeqCst);
    }

    pub(crate) fn locks(&self) -> bool {
        self.locks.load(Ordering::SeqCst)
    }

    /// On the host: one stream that the viewer opened. The code ends the session.
    pub(crate) async fn serve(
        &self,
        opening: Opening,
        send: SendStream,
        receive: RecvStream,
    ) -> Result<(), CloseCode> {
        // A stream that is gone has no place in a queue.
        let _ = send.set_priority(PRIORITY);
        match opening {
            Opening::Screen { .. } | Opening::Monitors => Ok(()),
            Opening::Files => match self.files.serve(receive, send).await {
                Err(FileStop::Misbehaved) => Err(CloseCode::Unreadable),
                Err(FileStop::NotAllowed) => self.refused(),
                _ => Ok(()),
            },
            Opening::Clipboard => match self.clipboard() {
                Some(exchange) => match exchange.run(receive, send).await {
                    Err(ClipboardEnd::Misbehaved) => Err(CloseCode::NotAllowed),
                    _ => Ok(()),
                },
                None => Ok(()),
            },
            Opening::SystemInfo => {
                if let Err(error) = system_info::tell(send, self.gate()).await {
                    tracing::debug!(%error, "nobody hears what this computer is");
                }
                self.allows_or_refuses(Permission::Sysinfo)
            }
            Opening::LockAtEnd { wanted } => {
                self.allows_or_refuses(Permission::LockDesk)?;
                let wanted = wanted && self.gate.allows(Permission::LockDesk);
                self.wants_lock.store(wanted, Ordering::SeqCst);
                Ok(())
            }
        }
    }

    fn allows_or_refuses(&self, permission: Permission) -> Result<(), CloseCode> {
        if self.gate.allows(permission) { Ok(()) } else { self.refused() }
    }

    /// A viewer may try once more than it should, when a switch was just turned, but not again and again.
    fn refused(&self) -> Result<(), CloseCode> {
        tracing::warn!("the viewer asked for what it may not");
        let earlier = self.refusals.fetch_add(1, Ordering::SeqCst);
        if earlier < MOST_REFUSED { Ok(()) } else { Err(CloseCode::NotAllowed) }
    }
}
