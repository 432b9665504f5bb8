//! Requests as an agent's client keeps them, as many as are wanted.

use beckon_domain::session_request::{LinkNumber, Revision, StatusName};
use beckon_domain::{AccountId, RequestId};
use beckon_wire::account::{AccountView, Person};
use beckon_wire::changes::{Change, Changes, Thing};
use beckon_wire::limits::CHANGES_MAX;
use beckon_wire::request::{Connect, RequestView};
use chrono::{DateTime, TimeDelta};
use uuid::Uuid;

const NAMES: [&str; 8] = ["Dana", "João", "Li", "Zoë", "Amara", "Björn", "Chidi", "Noor"];
const FAMILIES: [&str; 9] =
    ["Fox", "Prado", "Wei", "O'Neil", "Okafor", "Lindqvist", "Haddad", "Sato", "Novák"];
const AGENTS: [&str; 5] = ["Ana", "Ben", "Carla", "Deniz", "Emil"];

/// In answers as long as the service gives them.
pub fn answers(count: u32, account: &AccountView, epoch: &str) -> Vec<Changes> {
    (0..count)
        .step_by(CHANGES_MAX as usize)
        .map(|first| {
            let last = count.min(first + CHANGES_MAX);
            Changes {
                epoch: epoch.to_owned(),
                cursor: u64::from(last),
                more: last < count,
                changes: (first..last).map(|number| change(number, account)).collect(),
                account: Some(account.clone()),
                mail: false,
                directory: None,
            }
        })
        .collect()
}

fn change(number: u32, account: &AccountView) -> Change {
    Change { number: u64::from(number) + 1, thing: Thing::Request(Box::new(view(number, account))) }
}

fn view(number: u32, account: &AccountView) -> RequestView {
    let pick = |of: &[&str], by: u32| of[(number / by) as usize % of.len()].to_owned();
    let agent = |place: u32| Person {
        id: if place == 0 { account.id } else { AccountId(Uuid::from_u128(u128::from(place))) },
        name: AGENTS[place as usize].parse().unwrap(),
    };
    let start = DateTime::from_timestamp(1_790_000_000, 0).unwrap();
    let changed_at = start + TimeDelta::seconds(i64::from(number) * 37);
    RequestView {
        id: RequestId(Uuid::from_u128(u128::from(number) << 64 | 1)),
        link: LinkNumber(1),
        revision: Revision(1),
        status: StatusName::ALL[number as usize % StatusName::ALL.len()],
        recipient: format!("{} {} {number}", pick(&NAMES, 1), pick(&FAMILIES, 3)).parse().unwrap(),
        comments: format!("Printer {} does not answer since the update", number % 997).parse().unwrap(),
        profile: Default::default(),
        own_profile: None,
        agent: (!number.is_multiple_of(7)).then(|| agent(number % 5)),
        queue: None,
        device: None,
        created_by: agent(0),
        created_at: start,
        expires_at: changed_at + TimeDelta::hours(24),
        changed_at,
        closing: None,
        closed_at: None,
        declined_at: None,
        host: None,
        ask: None,
        session: None,
        connect: Connect::NobodyJoined,
        may_act: true,
        contact: None,
        mail: None,
        schedule: None,
        expiry: None,
    }
}
