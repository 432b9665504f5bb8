//! Wakes the sockets of whoever can see something new, and knows who is there.
//!
//! There is one path from a commit to a socket, whoever committed: a connection of its own reads which classes
//! were stirred, and wakes their sockets. It does so at once after an act of this process; and every second it
//! asks the database whether it has moved on (`PRAGMA data_version`), so that an act of the command line
//! arrives too. That costs one look at a page in memory, needs no second listener that would have to
//! be found, guarded and cleaned up, and misses nothing when either side is killed in between.

mod sockets;

use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket, close_code};
use beckon_domain::session_request::Status;
use beckon_domain::{AccountId, Act, DeviceId};
use beckon_wire::changes::Wake;
use beckon_wire::limits::PUSH_PING_S;
use sqlx::SqliteConnection;

use crate::app::{App, Shared};
use crate::error::{Answer, Failure};
use crate::identity::Reader;
use crate::server::Permit;
use crate::store::changes;
use crate::store::{Core, Entry, Watch, accounts, readers, requests};

pub use sockets::Sockets;
use sockets::Ticket;

const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Pings without any answer, after which a socket is taken for dead.
const UNANSWERED_MAX: u32 = 2;

/// Runs until the service stops. `seen` is the last number that nobody need be woken for.
pub async fn run(app: Shared, mut watch: Watch, mut seen: i64) {
    let mut behind = true;
    let mut marked: Option<(i64, Duration)> = None;
    let mut now = app.core.clock.monotonic();
    loop {
        tokio::select! {
            () = app.stopping.cancelled() => return,
            () = app.core.committed.notified() => behind = true,
            () = app.core.clock.sleep_until(now + LOOK_EVERY) => {
                behind |= others_committed(&app, &mut watch).await;
            }
        }
        now = app.core.clock.monotonic();
        if behind {
            match look(&app, watch.connection(), seen).await {
                Ok(latest) => {
                    seen = latest;
                    behind = false;
                }
                Err(failure) => tracing::warn!(?failure, "could not read the changes"),
            }
        }
        // Nobody waits for it any more.
        if marked.is_none_or(|(number, at)| number != seen && now >= at + LOOK_EVERY) {
            app.core.store.mark().await;
            marked = Some((seen, now));
        }
    }
}

/// True once for an act of this process too, which is looked at by then.
async fn others_committed(app: &App, watch: &mut Watch) -> bool {
    let moved_on = watch.moved_on().await.unwrap_or_else(|failure| {
        tracing::warn!(?failure, "could not look for changes");
        false
    });
    if moved_on {
        // Another process may have made something due.
        app.core.jobs.notify_one();
    }
    moved_on
}

async fn look(app: &Shared, db: &mut SqliteConnection, seen: i64) -> Answer<i64> {
    let stirred = changes::stirred(db, seen).await?;
    let latest = stirred.iter().map(|s| s.number).max().unwrap_or(seen);
    for (number, device, account) in app.sockets.wake(&stirred) {
        let _cutting = app.sockets.cutting.lock().await;
        cut(&app.sockets, db, number, device, account).await?;
    }
    Ok(latest)
}

/// Gives a socket what its reader may see now; none for whoever was forgotten or disabled.
async fn cut(
    sockets: &Sockets,
    db: &mut SqliteConnection,
    number: u64,
    device: DeviceId,
    account: Option<AccountId>,
) -> Answer<Option<Reader>> {
    let disabled = match account {
        Some(id) => accounts::by_id(db, id).await?.is_none_or(|account| account.disabled),
        None => false,
    };
    let reader = readers::by_device(db, device).await?.filter(|_| !disabled);
    match &reader {
        Some(reader) => sockets.recut(number, reader),
        None => sockets.cut_off(number),
    }
    Ok(reader)
}

/// Opens a socket for `reader` and looks again who that is: what was committed since it was read woke
/// nobody here, and what is committed from now on does.
async fn enter(app: &App, reader: Reader) -> (Ticket, Reader) {
    let ticket = app.sockets.open(&reader);
    let account = reader.account.as_ref().map(|account| account.id);
    let _cutting = app.sockets.cutting.lock().await;
    let again = async {
        let mut db = app.core.store.read().await?;
        cut(&app.sockets, &mut db, ticket.number, reader.device.id, account).await
    };
    match again.await {
        Ok(now) => (ticket, now.unwrap_or(reader)),
        Err(failure) => {
            tracing::warn!(?failure, "could not look who opened a socket");
            app.sockets.cut_off(ticket.number);
            (ticket, reader)
        }
    }
}

/// One socket, from its opening to its end. It counts as a connection until then.
pub async fn serve(app: Shared, reader: Reader, mut socket: WebSocket, _connection: Permit) {
    let _waited_for = app.tasks.token();
    let device = reader.device.id;
    let (ticket, reader) = enter(&app, reader).await;
    let number = ticket.number;
    here_or_gone(&app.core, device).await;
    let why = converse(&app, &reader, ticket, &mut socket).await;
    let _ = socket.send(Message::Close(Some(why))).await;
    app.sockets.close(number);
    // When the service stops nobody is gone: at the next start all are, until they return.
    if !app.stopping.is_cancelled() {
        here_or_gone(&app.core, device).await;
    }
}

async fn converse(app: &Shared, reader: &Reader, mut ticket: Ticket, socket: &mut WebSocket) -> CloseFrame {
    let away = |reason: &'static str| CloseFrame { code: close_code::AWAY, reason: reason.into() };
    let Ok(now) = current_cursor(app, reader).await else { return away("not now") };
    let mut cursor = now.max(*ticket.cursor.borrow_and_update());
    if send(socket, cursor).await.is_err() {
        return away("gone");
    }
    let every = Duration::from_secs(PUSH_PING_S);
    let mut ping = app.core.clock.sleep(every);
    let mut unanswered = 0;
    loop {
        tokio::select! {
            biased;
            () = app.stopping.cancelled() => return away("stopping"),
            () = ticket.closing.cancelled() => return away("look again"),
            heard = socket.recv() => match heard {
                // Nothing is expected but answers to pings; whatever it is, it is a sign of life.
                Some(Ok(Message::Close(_)) | Err(_)) | None => return away("gone"),
                Some(Ok(_)) => unanswered = 0,
            },
            changed = ticket.cursor.changed() => {
                let latest = *ticket.cursor.borrow_and_update();
                if changed.is_err() || (latest > cursor && send(socket, latest).await.is_err()) {
                    return away("gone");
                }
                cursor = latest.max(cursor);
            },
            () = &mut ping => {
                if unanswered >= UNANSWERED_MAX || socket.send(Message::Ping(Vec::new().into())).await.is_err() {
                    return away("silent");
                }
                unanswered += 1;
                ping = app.core.clock.sleep(every);
            },
        }
    }
}

async fn current_cursor(app: &Shared, reader: &Reader) -> Answer<i64> {
    let mut db = app.core.store.read().await?;
    changes::seen_through(&mut db, reader).await
}

async fn send(socket: &mut WebSocket, cursor: i64) -> anyhow::Result<()> {
    let wake = Wake { cursor: cursor.try_into()? };
    Ok(socket.send(Message::Text(serde_json::to_string(&wake)?.into())).await?)
}

async fn here_or_gone(core: &Core, device: DeviceId) {
    if let Err(failure) = mark(core, device).await {
        tracing::warn!(%device, ?failure, "could not note who is there");
    }
}

/// Asks the sockets inside the transaction: whatever order openings and closings come in, the last one to
/// write sees how it is.
async fn mark(core: &Core, device: DeviceId) -> Answer<()> {
    let mut unit = core.begin().await?;
    let there = core.sockets.as_ref().is_some_and(|sockets| sockets.is_there(device));
    if let Some(stored) = requests::joined_by(unit.db(), device).await?
        && let Some(before) = unit.request(stored.request.id).await?
    {
        let after = before.clone();
        let after = if there { after.host_back(device) } else { after.host_gone(device, unit.now) };
        unit.heard(&before, after).await?;
    }
    unit.sender_is_there(device, there).await?;
    if !there {
        for id in requests::viewed_by(unit.db(), device).await? {
            let Some(before) = unit.request(id).await? else { continue };
            let Status::Waiting(waiting) = &before.status else { continue };
            let Some(ask) = waiting.ask.filter(|ask| ask.agent.device == device) else { continue };
            let after = before.clone().cancel_ask(ask.agent);
            let after = unit.decided(after).await?;
            let by = Some(ask.agent.account);
            let entry = Entry { act: Act::CancelAsk, by, device: Some(device), detail: None };
            unit.record(&before, after, entry).await?;
        }
    }
    unit.commit().await
}

/// At the start nobody is there yet.
pub async fn all_gone(core: &Core) -> Answer<()> {
    let mut unit = core.begin().await?;
    for id in requests::with_host(unit.db()).await? {
        let before = match requests::by_id(unit.db(), id).await {
            Ok(Some(stored)) => stored.request,
            Ok(None) => continue,
            // One that cannot be read keeps the service from no other.
            Err(Failure::Broke(cause)) => {
                tracing::error!(request = %id.0, "who is gone could not be noted: {cause:?}");
                continue;
            }
            Err(failure) => return Err(failure),
        };
        let Some(device) = before.host().map(|host| host.device) else { continue };
        let after = before.clone().host_gone(device, unit.now);
        unit.heard(&before, after).await?;
    }
    unit.all_senders_gone().await?;
    unit.commit().await
}

/// Kept by the application beside its core, which shares them.
pub fn sockets() -> Arc<Sockets> {
    Arc::default()
}

#[cfg(test)]
mod tests {
    use beckon_domain::clock::FakeClock;

    use super::*;
    use crate::store::changes::Class;
    use crate::store::devices;
    use crate::{Config, Service};

    #[tokio::test]
    async fn what_was_cut_while_a_socket_opened_is_not_missed() {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(FakeClock::starting_at(chrono::DateTime::UNIX_EPOCH));
        let running = Service::start(Config::on_free_ports(folder.path()), clock).await.unwrap();
        let app = &running.app;
        let mut unit = app.core.begin().await.unwrap();
        let (now, key) = (unit.now, beckon_domain::SecretKey::generate().public());
        let device = devices::register(unit.db(), &key, None, "", now).await.unwrap();
        let reader = Reader::load(unit.db(), device).await.unwrap();
        devices::forget(unit.db(), device).await.unwrap();
        changes::cut_anew(unit.db(), Class::Device(device)).await.unwrap();
        unit.commit().await.unwrap();
        let (ticket, _) = enter(app, reader).await;
        assert!(ticket.closing.is_cancelled());
    }
}
