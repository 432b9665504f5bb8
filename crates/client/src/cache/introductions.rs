//! Invitations and calls in the cache's tables.

use beckon_domain::call::CallStateName;
use beckon_domain::invitation::InvitationStateName;
use beckon_wire::call::CallView;
use beckon_wire::introduction::{IntroductionPhase, IntroductionView};
use beckon_wire::invitation::InvitationView;
use chrono::{DateTime, Utc};
use rusqlite::{Connection, params};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::rows::{json, read_json};

/// As many of a kind are read at once.
pub const SHOWN: u32 = 200;

/// Those that are not over first, then the latest.
#[derive(Debug, Clone, Default)]
pub struct Introductions {
    pub invitations: Vec<InvitationView>,
    pub calls: Vec<CallView>,
}

const INVITATION: &str = "invitation";
const CALL: &str = "call";

pub fn put_invitation(connection: &Connection, view: &InvitationView) -> rusqlite::Result<()> {
    let open = view.state == InvitationStateName::Pending || is_live(view.session.as_ref());
    put(connection, INVITATION, view.id.0, open, view.sent_at, view)
}

pub fn put_call(connection: &Connection, view: &CallView) -> rusqlite::Result<()> {
    let open = view.state == CallStateName::Ringing || is_live(view.session.as_ref());
    put(connection, CALL, view.id.0, open, view.placed_at, view)
}

pub fn remove(connection: &Connection, id: Uuid) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM introductions WHERE id = ?1", [id.as_bytes()])?;
    Ok(())
}

pub fn all(connection: &Connection) -> rusqlite::Result<Introductions> {
    Ok(Introductions {
        invitations: all_of_kind(connection, INVITATION)?,
        calls: all_of_kind(connection, CALL)?,
    })
}

fn is_live(session: Option<&IntroductionView>) -> bool {
    session.is_some_and(|session| session.phase != IntroductionPhase::Ended)
}

fn put(
    connection: &Connection,
    kind: &str,
    id: Uuid,
    open: bool,
    at: DateTime<Utc>,
    view: &impl Serialize,
) -> rusqlite::Result<()> {
    let mut put = connection.prepare_cached(
        "INSERT OR REPLACE INTO introductions (id, kind, over, at, view) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    put.execute(params![id.as_bytes(), kind, !open, at.timestamp_millis(), json(view)?])?;
    Ok(())
}

fn all_of_kind<T: DeserializeOwned>(connection: &Connection, kind: &str) -> rusqlite::Result<Vec<T>> {
    let mut statement = connection.prepare_cached(
        "SELECT view FROM introductions WHERE kind = ?1 ORDER BY over, at DESC, id LIMIT ?2",
    )?;
    let rows = statement.query_map(params![kind, SHOWN], |row| read_json(row.get(0)?))?;
    rows.collect()
}

#[cfg(test)]
mod tests {
    use beckon_domain::CallId;
    use beckon_wire::changes::{Change, Changes, Thing};
    use beckon_wire::introduction::Way;

    use super::super::Cache;
    use super::*;

    fn call(number: u128, minute: i64, state: CallStateName) -> CallView {
        let at = |minute: i64| DateTime::from_timestamp(1_800_000_000 + 60 * minute, 0).unwrap();
        CallView {
            id: CallId(Uuid::from_u128(number)),
            way: Way::Outgoing,
            target: None,
            peer: None,
            placed_at: at(minute),
            rings_until: at(minute + 1),
            state,
            decided_at: None,
            session: None,
        }
    }

    fn apply(cache: &Cache, epoch: &str, things: Vec<Thing>) -> bool {
        let number = cache.cursor().after + 1;
        let changes = things.into_iter().map(|thing| Change { number, thing }).collect();
        let epoch = epoch.to_owned();
        let (account, mail, directory) = (None, false, None);
        let changes = Changes { epoch, cursor: number, more: false, changes, account, mail, directory };
        cache.apply(&changes).introductions
    }

    fn numbers(cache: &Cache) -> Vec<u128> {
        cache.calls().into_iter().map(|call| call.id.0.as_u128()).collect()
    }

    #[test]
    fn what_is_not_over_comes_first_and_what_is_gone_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::open(&folder.path().join("c.sqlite"));
        let things = [
            call(1, 0, CallStateName::Ringing),
            call(2, 1, CallStateName::Missed),
            call(3, 2, CallStateName::Rejected),
        ];
        assert!(apply(&cache, "e1", things.map(|call| Thing::Call(Box::new(call))).into()));
        assert_eq!(numbers(&cache), [1, 3, 2]);
        assert!(cache.invitations().is_empty());

        apply(&cache, "e1", vec![Thing::Call(Box::new(call(1, 0, CallStateName::Missed)))]);
        assert_eq!(numbers(&cache), [3, 2, 1]);
        assert!(apply(&cache, "e1", vec![Thing::CallGone(CallId(Uuid::from_u128(3)))]));
        assert_eq!(numbers(&cache), [2, 1]);
        assert!(!apply(&cache, "e2", vec![]));
        assert!(numbers(&cache).is_empty(), "another epoch starts over");
    }

    #[test]
    fn so_many_that_nobody_reads_them_do_not_hide_the_one_that_rings() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::open(&folder.path().join("c.sqlite"));
        let missed = (2..=300).map(|number| call(number, 10, CallStateName::Missed));
        let all = missed.chain([call(1, 0, CallStateName::Ringing)]);
        apply(&cache, "e1", all.map(|call| Thing::Call(Box::new(call))).collect());
        assert_eq!((cache.calls().len(), numbers(&cache).first()), (SHOWN as usize, Some(&1)));
    }
}
