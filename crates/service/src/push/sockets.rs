//! Who is there, and who looks at what.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use beckon_domain::{AccountId, DeviceId};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::identity::Reader;
use crate::store::changes::{Class, Stirred};

const SOCKETS_PER_DEVICE: usize = 8;

#[derive(Default)]
pub struct Sockets {
    open: Mutex<Open>,
    /// Held from reading who somebody is to keeping it, so that what was read earlier is not kept later.
    pub(super) cutting: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Open {
    drawn: u64,
    sockets: HashMap<u64, Socket>,
    /// Which sockets see a class. Each sees at least that of its own device.
    seeing: HashMap<String, Vec<u64>>,
}

struct Socket {
    device: DeviceId,
    account: Option<AccountId>,
    classes: Vec<String>,
    /// Holds the latest cursor only: a slow reader costs no memory.
    cursor: watch::Sender<i64>,
    closing: CancellationToken,
}

pub(super) struct Ticket {
    pub number: u64,
    pub cursor: watch::Receiver<i64>,
    pub closing: CancellationToken,
}

impl Sockets {
    pub fn is_there(&self, device: DeviceId) -> bool {
        !self.lock().of(device).is_empty()
    }

    pub(super) fn open(&self, reader: &Reader) -> Ticket {
        let mut open = self.lock();
        let mut same = open.of(reader.device.id).to_vec();
        same.sort_unstable();
        // The oldest go: they are most likely those that broke without a word.
        for oldest in same.iter().take((same.len() + 1).saturating_sub(SOCKETS_PER_DEVICE)) {
            if let Some(socket) = open.sockets.get(oldest) {
                socket.closing.cancel();
            }
        }
        open.drawn += 1;
        let number = open.drawn;
        let (cursor, receiver) = watch::channel(0);
        let closing = CancellationToken::new();
        let socket = Socket {
            device: reader.device.id,
            account: reader.account.as_ref().map(|account| account.id),
            classes: classes(reader),
            cursor,
            closing: closing.clone(),
        };
        open.insert(number, socket);
        Ticket { number, cursor: receiver, closing }
    }

    pub(super) fn close(&self, number: u64) {
        self.lock().remove(number);
    }

    /// Wakes those that see a stirred class; returns those whose own audience was cut anew.
    pub(super) fn wake(&self, stirred: &[Stirred]) -> Vec<(u64, DeviceId, Option<AccountId>)> {
        let open = self.lock();
        let mut seen: BTreeMap<u64, (i64, bool)> = BTreeMap::new();
        for stirred in stirred {
            for number in open.seeing.get(&stirred.class).into_iter().flatten() {
                let (latest, cut) = seen.entry(*number).or_default();
                *latest = stirred.number.max(*latest);
                *cut |= stirred.audience;
            }
        }
        let wake = |(number, (latest, cut)): (u64, (i64, bool))| {
            let socket = open.sockets.get(&number)?;
            socket.cursor.send_if_modified(|cursor| {
                let later = latest > *cursor;
                *cursor = latest.max(*cursor);
                later
            });
            cut.then_some((number, socket.device, socket.account))
        };
        seen.into_iter().filter_map(wake).collect()
    }

    pub(super) fn recut(&self, number: u64, reader: &Reader) {
        let mut open = self.lock();
        if let Some(socket) = open.remove(number) {
            let account = reader.account.as_ref().map(|account| account.id);
            open.insert(number, Socket { account, classes: classes(reader), ..socket });
        }
    }

    pub(super) fn cut_off(&self, number: u64) {
        if let Some(socket) = self.lock().sockets.get(&number) {
            socket.closing.cancel();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    fn of(&self, device: DeviceId) -> &[u64] {
        self.seeing.get(&Class::Device(device).to_string()).map_or(&[], Vec::as_slice)
    }

    fn insert(&mut self, number: u64, socket: Socket) {
        for class in &socket.classes {
            self.seeing.entry(class.clone()).or_default().push(number);
        }
        self.sockets.insert(number, socket);
    }

    fn remove(&mut self, number: u64) -> Option<Socket> {
        let socket = self.sockets.remove(&number)?;
        for class in &socket.classes {
            let Some(seeing) = self.seeing.get_mut(class) else { continue };
            seeing.retain(|other| *other != number);
            if seeing.is_empty() {
                self.seeing.remove(class);
            }
        }
        Some(socket)
    }
}

fn classes(reader: &Reader) -> Vec<String> {
    let device = Class::Device(reader.device.id);
    let mut classes: Vec<String> = reader.request_classes().iter().map(Class::to_string).collect();
    if reader.account.is_none() {
        classes.push(device.to_string());
    }
    classes
}
