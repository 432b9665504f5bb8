//! The lines in which hosts wait who allowed access while no agent has their request yet: one for each queue,
//! one for each device, and one for what is nobody's. First allowed, first served.

use beckon_domain::session_request::Assignment;
use beckon_domain::{DeviceId, QueueId, RequestId, SessionRequest, Status};
use chrono::{DateTime, Utc};
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use super::Columns;
use super::changes;
use crate::error::Answer;

/// So many are told at once that they moved up. Whoever stands further back is told when it is nearer.
const TOLD_AT_ONCE: i64 = 100;

/// Where a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Spot {
    queue: Option<QueueId>,
    device: Option<DeviceId>,
    since: DateTime<Utc>,
    id: RequestId,
}

impl Spot {
    fn of(request: &SessionRequest) -> Option<Self> {
        let Assignment { agent, queue, device } = request.assignment;
        match &request.status {
            Status::Ready(ready) if agent.is_none() => {
                Some(Self { queue, device, since: ready.allowed_at, id: request.id })
            }
            _ => None,
        }
    }

    /// Those of the same line that stand on this side of it.
    fn beside(self, query: &mut QueryBuilder<Sqlite>, side: &str) {
        query.push(" FROM requests WHERE status = 'ready' AND agent IS NULL AND queue IS ");
        query.push_bind(self.queue.map(|id| id.0.to_string()));
        query.push(" AND device IS ").push_bind(self.device.map(|id| id.to_string()));
        query.push(" AND (allowed_at, id) ").push(side).push(" (");
        query.push_bind(self.since.timestamp_millis()).push(", ").push_bind(self.id.0.to_string()).push(")");
    }
}

/// How many of the same line were allowed no later, itself among them.
pub async fn place(db: &mut SqliteConnection, request: &SessionRequest) -> Answer<Option<u32>> {
    let Some(spot) = Spot::of(request) else { return Ok(None) };
    let mut query = QueryBuilder::<Sqlite>::new("SELECT COUNT(*)");
    spot.beside(&mut query, "<=");
    let place: i64 = query.build_query_scalar().fetch_one(db).await?;
    Ok(u32::try_from(place).ok())
}

/// The hosts behind one who left a line, or came into its middle, look again.
pub async fn moved(db: &mut SqliteConnection, before: &SessionRequest, after: &SessionRequest) -> Answer<()> {
    let (was, is) = (Spot::of(before), Spot::of(after));
    if was == is {
        return Ok(());
    }
    for spot in [was, is].into_iter().flatten() {
        let behind = behind(db, spot).await?;
        if !behind.is_empty() {
            changes::number_for_hosts(db, &behind).await?;
        }
    }
    Ok(())
}

async fn behind(db: &mut SqliteConnection, spot: Spot) -> Answer<Vec<(RequestId, DeviceId)>> {
    let mut query = QueryBuilder::<Sqlite>::new("SELECT id, host");
    spot.beside(&mut query, ">");
    query.push(" ORDER BY allowed_at, id LIMIT ").push_bind(TOLD_AT_ONCE);
    let rows = query.build().fetch_all(db).await?;
    rows.iter().map(|row| Ok((RequestId(row.id("id")?), row.parsed("host")?))).collect()
}
