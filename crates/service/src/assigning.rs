//! To whom a request can be given.

use beckon_domain::session_request::Assignment;
use beckon_domain::{AccountId, QueueId};
use beckon_wire::Code;
use beckon_wire::request::AssignTo;
use sqlx::SqliteConnection;

use crate::error::Answer;
use crate::store::{accounts, devices, queues};

/// Whose request it is after `by` gave it away; refused where nobody there could take it.
pub async fn given(
    db: &mut SqliteConnection,
    now: Assignment,
    to: AssignTo,
    by: AccountId,
) -> Answer<Assignment> {
    let is_there = match to {
        AssignTo::Myself => can_act(db, by).await?,
        AssignTo::Unassigned => true,
        AssignTo::Agent(agent) => can_act(db, agent).await?,
        AssignTo::Queue(queue) => queues::name(db, queue).await?.is_some(),
        AssignTo::Device(device) => devices::is_of_organisation(db, device).await?,
    };
    if is_there { Ok(assignment(now, to, by)) } else { Err(Code::NotAssignable.into()) }
}

/// For which queues the agent to whom it is given acts.
pub async fn queues_of(db: &mut SqliteConnection, assignment: Assignment) -> Answer<Vec<QueueId>> {
    match assignment.agent {
        Some(agent) => queues::of(db, agent).await,
        None => Ok(Vec::new()),
    }
}

async fn can_act(db: &mut SqliteConnection, account: AccountId) -> Answer<bool> {
    let account = accounts::by_id(db, account).await?;
    Ok(account.is_some_and(|account| account.acts_on_requests()))
}

fn assignment(now: Assignment, to: AssignTo, by: AccountId) -> Assignment {
    let agent = |agent| Assignment { agent: Some(agent), device: None, ..now };
    match to {
        AssignTo::Myself => agent(by),
        AssignTo::Agent(account) => agent(account),
        AssignTo::Unassigned => Assignment::default(),
        AssignTo::Queue(queue) => Assignment { queue: Some(queue), ..Assignment::default() },
        AssignTo::Device(device) => Assignment { device: Some(device), ..Assignment::default() },
    }
}
