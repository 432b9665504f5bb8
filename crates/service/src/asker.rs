//! Who asks a recipient, as the organisation vouches for them.

use beckon_domain::session_request::Assignment;
use sqlx::SqliteConnection;

use crate::error::Answer;
use crate::store::{accounts, queues};
use crate::words::Speech;

pub async fn who(
    db: &mut SqliteConnection,
    speech: Speech<'_>,
    organisation: &str,
    assignment: Assignment,
) -> Answer<String> {
    if let Some(agent) = assignment.agent
        && let Some(account) = accounts::by_id(db, agent).await?
    {
        let names = [("agent", account.name.as_str()), ("organisation", organisation)];
        return Ok(speech.say_with("landing-agent", &names));
    }
    if let Some(queue) = assignment.queue
        && let Some(name) = queues::name(db, queue).await?
    {
        let names = [("queue", name.as_str()), ("organisation", organisation)];
        return Ok(speech.say_with("landing-queue", &names));
    }
    Ok(speech.say_with("landing-anyone", &[("organisation", organisation)]))
}

/// A sentence begins with a capital, also where it begins with "an agent of".
pub fn capitalised(sentence: &str) -> String {
    let isolate = |c: char| matches!(c, '\u{2066}'..='\u{2069}');
    let mut done = false;
    sentence
        .chars()
        .flat_map(|c| {
            let first = !done && !isolate(c);
            done |= first;
            let upper = first.then(|| c.to_uppercase());
            let same = (!first).then_some(c);
            upper.into_iter().flatten().chain(same)
        })
        .collect()
}
