//! To whom a request belongs, as the cache's tables know it, and the filters by it.

use beckon_domain::{AccountId, QueueId};
use beckon_wire::request::RequestView;
use rusqlite::types::Value;
use uuid::Uuid;

use crate::view::Scope;

/// Who reads.
pub struct Reader {
    pub account: Option<AccountId>,
    pub queues: Vec<QueueId>,
}

/// A filter twice: for the table, and for a search, which stays fast only if it knows the filter too.
#[derive(Default)]
pub struct Filter {
    /// SQL; empty for everything.
    pub condition: String,
    pub values: Vec<Value>,
    /// One of these words is in `whose`.
    pub words: Vec<String>,
}

impl Filter {
    pub fn of(scope: Scope, reader: &Reader) -> Self {
        match scope {
            Scope::All => Self::default(),
            Scope::Mine => Self::any_of("agent", &[reader.account.map_or(Uuid::nil(), |account| account.0)]),
            Scope::Unassigned => {
                Self { condition: "unassigned = 1".into(), words: vec![NOBODY.into()], ..Self::default() }
            }
            Scope::MyQueues => {
                Self::any_of("queue", &reader.queues.iter().map(|queue| queue.0).collect::<Vec<_>>())
            }
            Scope::Queue(queue) => Self::any_of("queue", &[queue.0]),
        }
    }

    pub fn is_everything(&self) -> bool {
        self.condition.is_empty()
    }

    /// Nobody is in no queue at all: that finds nothing.
    fn any_of(column: &str, ids: &[Uuid]) -> Self {
        let places = vec!["?"; ids.len()].join(", ");
        Self {
            condition: format!("{column} IN ({places})"),
            values: ids.iter().map(|id| key(Some(*id)).into()).collect(),
            words: ids.iter().map(|id| word(column, *id)).chain([NONE.into()]).collect(),
        }
    }
}

/// What stands in `whose`.
pub fn words(view: &RequestView) -> String {
    let agent = view.agent.as_ref().map(|agent| word("agent", agent.id.0));
    let queue = view.queue.as_ref().map(|queue| word("queue", queue.id.0));
    let nobody = is_unassigned(view).then(|| NOBODY.to_owned());
    [agent, queue, nobody].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// No agent, no queue and no client has it.
pub fn is_unassigned(view: &RequestView) -> bool {
    view.agent.is_none() && view.queue.is_none() && view.device.is_none()
}

/// Nobody and no queue are empty.
pub fn key(id: Option<Uuid>) -> Vec<u8> {
    id.map_or_else(Vec::new, |id| id.as_bytes().to_vec())
}

const NOBODY: &str = "nobody";
/// A word that is nowhere.
const NONE: &str = "none";

fn word(column: &str, id: Uuid) -> String {
    format!("{column}{}", id.simple())
}
