//! To whom requests can be given, as one reader sees it.

use beckon_domain::text::Name;
use beckon_wire::account::Person;
use beckon_wire::directory::{DeviceEntry, Directory, QueueEntry};
use sqlx::SqliteConnection;

use crate::error::Answer;
use crate::identity::Reader;
use crate::store::accounts::{self, Account};
use crate::store::devices::{self, Device};
use crate::store::queues::{self, Queue};

/// Sorted as people read names: without case.
pub async fn of(db: &mut SqliteConnection, reader: &Reader) -> Answer<Directory> {
    Ok(Directory {
        agents: agents(db).await?,
        queues: queues::all(db).await?.into_iter().map(|queue| entry(queue, reader)).collect(),
        devices: devices(db).await?,
    })
}

async fn agents(db: &mut SqliteConnection) -> Answer<Vec<Person>> {
    let accounts = accounts::all(db).await?.into_iter().filter(Account::acts_on_requests);
    let mut agents: Vec<Person> =
        accounts.map(|account| Person { id: account.id, name: account.name }).collect();
    agents.sort_by_cached_key(|agent| (folded(&agent.name), agent.id));
    Ok(agents)
}

fn entry(queue: Queue, reader: &Reader) -> QueueEntry {
    QueueEntry { id: queue.id, name: queue.name, mine: reader.queues.contains(&queue.id) }
}

/// Those without a name come last.
async fn devices(db: &mut SqliteConnection) -> Answer<Vec<DeviceEntry>> {
    let mut devices = devices::of_organisation(db).await?;
    devices.sort_by_cached_key(|device| {
        let name = device.name.as_ref().map(folded);
        (name.is_none(), name, device.id)
    });
    let entry = |Device { id, name, alias, .. }| DeviceEntry { id, name, alias };
    Ok(devices.into_iter().map(entry).collect())
}

fn folded(name: &Name) -> String {
    name.as_str().to_lowercase()
}
