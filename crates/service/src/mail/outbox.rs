//! Sends what is queued, a few at a time, and tries again what did not go.
//!
//! A mail is marked before its first byte goes out and after the server's answer. A crash in between may send
//! it twice, and never loses it.

use std::collections::HashMap;
use std::time::Duration;

use beckon_domain::{Act, SessionRequest};
use beckon_wire::Code;
use beckon_wire::request::MailProblem;
use chrono::TimeDelta;
use lettre::Message;
use tokio::task::JoinSet;
use zeroize::Zeroizing;

use super::command::password;
use super::delivery::deliver;
use super::writing::{still_true, write};
use super::{MailServer, is_set};
use crate::app::{App, Shared};
use crate::error::Answer;
use crate::store::mails::{self, State};
use crate::store::{Entry, Unit, history, settings};

const AT_ONCE: usize = 4;
/// One try, from connecting to the server's last word.
const TRY_LASTS: Duration = Duration::from_secs(60);
const FIRST_PAUSE: Duration = Duration::from_secs(60);
const LONGEST_PAUSE: Duration = Duration::from_secs(30 * 60);
const GIVE_UP_AFTER: TimeDelta = TimeDelta::hours(8);
/// The wall clock may be set; looking again bounds how late that makes anything.
const LOOK_AGAIN: Duration = Duration::from_secs(30);
const AFTER_A_FAILURE: Duration = Duration::from_secs(1);

/// Runs until the service stops; then waits for the answers to what it has begun to send.
pub async fn run(app: Shared) {
    let mut sending = JoinSet::new();
    let mut under_way = HashMap::new();
    loop {
        let wait = match begin_due(&app, &mut sending, &mut under_way).await {
            Ok(wait) => wait,
            Err(failure) => {
                tracing::warn!(?failure, "the queue of mails could not be read");
                AFTER_A_FAILURE
            }
        };
        tokio::select! {
            () = app.stopping.cancelled() => break,
            () = app.core.mails.notified() => {}
            () = app.core.clock.sleep(wait) => {}
            Some(ended) = sending.join_next_with_id() => {
                let id = ended.map_or_else(|error| error.id(), |(id, ())| id);
                under_way.remove(&id);
            }
        }
    }
    while sending.join_next().await.is_some() {}
}

/// How long there is nothing to do after it.
async fn begin_due(
    app: &Shared,
    sending: &mut JoinSet<()>,
    under_way: &mut HashMap<tokio::task::Id, i64>,
) -> Answer<Duration> {
    while sending.len() < AT_ONCE {
        let mut db = app.core.store.read().await?;
        let numbers: Vec<i64> = under_way.values().copied().collect();
        let Some((number, try_at)) = mails::next_try(&mut db, &numbers).await? else { break };
        drop(db);
        if let Ok(wait) = (try_at - app.core.now()).to_std()
            && !wait.is_zero()
        {
            return Ok(wait.min(LOOK_AGAIN));
        }
        let task = sending.spawn(send(app.clone(), number));
        under_way.insert(task.id(), number);
    }
    Ok(LOOK_AGAIN)
}

async fn send(app: Shared, number: i64) {
    let outcome = match begin(&app, number).await {
        Ok(Begun::Nothing) => return,
        Ok(Begun::NotSet) => Err(MailProblem::NotSet),
        Ok(Begun::Ready(ready)) => {
            let Ready { server, password, message } = *ready;
            tokio::select! {
                outcome = deliver(&server, password.as_deref().map(String::as_str), &message) => outcome,
                () = app.core.clock.sleep(TRY_LASTS) => Err(MailProblem::TimedOut),
            }
        }
        Err(failure) => {
            tracing::error!(number, ?failure, "a mail could not be written");
            Err(MailProblem::Broken)
        }
    };
    // What was sent is not sent again because the disk was full for a while.
    while let Err(failure) = settle(&app, number, outcome).await {
        tracing::error!(number, ?failure, "how a mail went could not be kept");
        tokio::select! {
            () = app.stopping.cancelled() => return,
            () = app.core.clock.sleep(AFTER_A_FAILURE) => {}
        }
    }
}

enum Begun {
    Ready(Box<Ready>),
    NotSet,
    /// It was dropped, or somebody else was quicker.
    Nothing,
}

struct Ready {
    server: MailServer,
    password: Option<Zeroizing<String>>,
    message: Message,
}

async fn begin(app: &App, number: i64) -> Answer<Begun> {
    let mut unit = app.core.begin().await?;
    let Some(mail) = mails::by_number(unit.db(), number).await? else { return Ok(Begun::Nothing) };
    let request = unit.request(mail.request).await?;
    let (Some(request), true) = (request, mail.try_at.is_some()) else { return Ok(Begun::Nothing) };
    let now = unit.now;
    if !still_true(&mut unit, &mail, &request).await? {
        mails::settle(unit.db(), number, State::Dropped, None, now).await?;
        unit.stir(&request).await?;
        unit.commit().await?;
        return Ok(Begun::Nothing);
    }
    let Some(server) = settings::mail(unit.db()).await? else { return Ok(Begun::NotSet) };
    let password = password(&mut unit).await?;
    let (message, calendar) = write(app, &mut unit, &mail, &request, &server).await?;
    mails::begin(unit.db(), number, calendar).await?;
    unit.commit().await?;
    Ok(Begun::Ready(Box::new(Ready { server, password, message })))
}

async fn settle(app: &App, number: i64, outcome: Result<(), MailProblem>) -> Answer<()> {
    let mut unit = app.core.begin().await?;
    let now = unit.now;
    let Some(mail) = mails::by_number(unit.db(), number).await? else { return Ok(()) };
    let again = now + pause(mail.tries);
    let given_up = |problem: MailProblem| problem.is_final() || again > mail.since + GIVE_UP_AFTER;
    let act = match outcome {
        Ok(()) => {
            mails::settle(unit.db(), number, State::Sent, None, now).await?;
            Some(Act::MailSent)
        }
        Err(problem) if given_up(problem) => {
            mails::settle(unit.db(), number, State::Failed, Some(problem), now).await?;
            Some(Act::MailFailed)
        }
        Err(problem) => {
            mails::put_off(unit.db(), number, again, problem).await?;
            None
        }
    };
    if let Some(act) = act {
        let detail = outcome.err().map(|problem| problem.as_str().to_owned());
        let entry = Entry { detail, ..Entry::by_itself(act) };
        history::add(unit.db(), mail.request, &entry, now).await?;
    }
    if let Some(request) = unit.request(mail.request).await? {
        unit.stir(&request).await?;
    }
    unit.commit().await
}

/// Twice as long after every try. Mails that met the same closed door do not come back at the same moment.
fn pause(tries: u32) -> Duration {
    let doubled = FIRST_PAUSE.saturating_mul(2_u32.saturating_pow(tries.saturating_sub(1)));
    let [random] = beckon_domain::keys::random::<1>();
    doubled.min(LONGEST_PAUSE).mul_f64(0.75 + f64::from(random) / 512.0)
}

/// A failed mail is tried anew; any other is left as it is.
pub async fn send_again(unit: &mut Unit<'_>, request: &SessionRequest, entry: &Entry) -> Answer<()> {
    let last = mails::last_of(unit.db(), request.id).await?;
    let Some(mail) = last.filter(|mail| mail.state == State::Failed) else { return Ok(()) };
    if !is_set(unit.db()).await? {
        return Err(Code::MailNotSet.into());
    }
    let now = unit.now;
    mails::begin_anew(unit.db(), mail.number, now).await?;
    history::add(unit.db(), request.id, entry, now).await?;
    unit.stir(request).await?;
    unit.wake_outbox();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_half_an_hour_and_are_never_all_the_same() {
        for (tries, seconds) in [(0, 60), (1, 60), (2, 120), (3, 240), (6, 1_800), (400, 1_800)] {
            let drawn: Vec<f64> = (0..50).map(|_| pause(tries).as_secs_f64() / f64::from(seconds)).collect();
            assert!(drawn.iter().all(|share| (0.75..1.25).contains(share)), "{tries}: {drawn:?}");
            assert!(drawn.iter().any(|share| *share != drawn[0]));
        }
    }
}
