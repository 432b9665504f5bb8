//! Sends what is queued, a few at a time, and tries again what did not go.
//!
//! A mail is marked before its first byte goes out and after the server's answer. A crash in between may send
//! it twice, and never loses it.

use std::collections::HashMap;
use std::time::Duration;

use beckon_domain::{Act, Refusal, RequestId, SessionRequest};
use beckon_wire::Code;
use beckon_wire::request::MailProblem;
use chrono::TimeDelta;
use lettre::Message;
use tokio::task::JoinSet;
use zeroize::Zeroizing;

use super::command::password;
use super::delivery::{Missed, deliver};
use super::writing::{still_true, write};
use super::{MailServer, is_set};
use crate::app::{App, Shared};
use crate::error::{Answer, Failure};
use crate::store::mails::{self, Mail, State};
use crate::store::{Entry, Unit, history, settings};

const AT_ONCE: usize = 4;
const FIRST_PAUSE: Duration = Duration::from_secs(60);
const LONGEST_PAUSE: Duration = Duration::from_secs(30 * 60);
const GIVE_UP_AFTER: TimeDelta = TimeDelta::hours(8);
/// The wall clock may be set; looking again bounds how late that makes anything.
const LOOK_AGAIN: Duration = Duration::from_secs(30);
const AFTER_A_FAILURE: Duration = Duration::from_secs(1);
/// A mail that cannot be read now may be by a later version.
const BROKEN_AGAIN: TimeDelta = TimeDelta::minutes(10);
/// Less than the service has to stop. A mail whose answer comes later is sent again, as the same mail.
const LAST_ANSWERS_WITHIN: Duration = Duration::from_secs(5);

/// Runs until the service stops; then waits a little for the answers to what it has begun to send.
pub async fn run(app: Shared) {
    let mut sending = JoinSet::new();
    let mut under_way = HashMap::new();
    loop {
        let looked_at = app.core.clock.monotonic();
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
            () = app.core.clock.sleep_until(looked_at + wait) => {}
            Some(ended) = sending.join_next_with_id() => {
                let id = ended.map_or_else(|error| error.id(), |(id, ())| id);
                under_way.remove(&id);
            }
        }
    }
    let last_answers = async { while sending.join_next().await.is_some() {} };
    if tokio::time::timeout(LAST_ANSWERS_WITHIN, last_answers).await.is_err() {
        tracing::info!(mails = sending.len(), "not all mails under way were answered in time");
    }
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
        Ok(Begun::Not(problem)) => Outcome::NotBegun(problem),
        Ok(Begun::Ready(ready)) => {
            let Ready { server, password, message } = *ready;
            let password = password.as_deref().map(String::as_str);
            let delivered = deliver(&*app.core.clock, &server, password, &message).await;
            delivered.map_or_else(Outcome::Missed, |()| Outcome::Taken)
        }
        Err(failure) => {
            tracing::error!(number, ?failure, "a mail could not be written");
            Outcome::NotBegun(MailProblem::Broken)
        }
    };
    keep(&app, number, outcome).await;
}

enum Begun {
    Ready(Box<Ready>),
    Not(MailProblem),
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
        leave(&mut unit, &mail, &request).await?;
        unit.commit().await?;
        return Ok(Begun::Nothing);
    }
    if now > mail.since + GIVE_UP_AFTER {
        // The service was down, or this is an old copy of it: nobody tried in all that time.
        return Ok(Begun::Not(mail.problem.unwrap_or(MailProblem::TimedOut)));
    }
    let Some(server) = settings::mail(unit.db()).await? else { return Ok(Begun::Not(MailProblem::NotSet)) };
    let password = password(&mut unit).await?;
    let (message, calendar) = write(app, &mut unit, &mail, &request, &server).await?;
    mails::begin(unit.db(), number, calendar).await?;
    unit.commit().await?;
    Ok(Begun::Ready(Box::new(Ready { server, password, message })))
}

/// What is no longer true is not sent. That it never went although it was tried must not vanish with a request
/// that is over.
async fn leave(unit: &mut Unit<'_>, mail: &Mail, request: &SessionRequest) -> Answer<()> {
    let now = unit.now;
    match mail.problem.filter(|_| !request.status.is_live()) {
        Some(problem) => {
            mails::settle(unit.db(), mail.number, State::Failed, Some(problem), now).await?;
            let entry =
                Entry { detail: Some(problem.as_str().to_owned()), ..Entry::by_itself(Act::MailFailed) };
            history::add(unit.db(), request.id, &entry, now).await?;
        }
        None => mails::settle(unit.db(), mail.number, State::Dropped, None, now).await?,
    }
    unit.stir(request).await
}

/// How a try went.
#[derive(Clone, Copy)]
enum Outcome {
    Taken,
    NotBegun(MailProblem),
    Missed(Missed),
}

impl Outcome {
    fn problem(self) -> Option<MailProblem> {
        match self {
            Self::Taken => None,
            Self::NotBegun(problem) | Self::Missed(Missed { problem, .. }) => Some(problem),
        }
    }

    fn is_answered(self) -> bool {
        matches!(self, Self::Taken | Self::Missed(Missed { perhaps_taken: false, .. }))
    }
}

/// What was sent is not sent again because the disk was full for a while.
async fn keep(app: &App, number: i64, outcome: Outcome) {
    loop {
        let kept = match settle(app, number, outcome).await {
            // Waiting for it here would hold up the others.
            Err(Failure::Broke(cause)) => {
                tracing::error!(number, "how a mail went could not be kept: {cause:?}");
                look_again_later(app, number).await
            }
            kept => kept,
        };
        let Err(failure) = kept else { return };
        tracing::error!(number, ?failure, "how a mail went could not be kept");
        tokio::select! {
            () = app.stopping.cancelled() => return,
            () = app.core.clock.sleep(AFTER_A_FAILURE) => {}
        }
    }
}

async fn look_again_later(app: &App, number: i64) -> Answer<()> {
    let mut unit = app.core.begin().await?;
    let again = unit.now + BROKEN_AGAIN;
    mails::set_due(unit.db(), number, again).await?;
    unit.commit().await
}

async fn settle(app: &App, number: i64, outcome: Outcome) -> Answer<()> {
    let mut unit = app.core.begin().await?;
    let now = unit.now;
    let Some(tried) = mails::tried(unit.db(), number).await? else { return Ok(()) };
    if outcome.is_answered() {
        mails::answered(unit.db(), number).await?;
    }
    // One that was begun is counted already.
    let tries = tried.tries.saturating_add(u32::from(matches!(outcome, Outcome::NotBegun(_))));
    let again = now + pause(tries);
    let given_up = |problem: MailProblem| problem.is_final() || again > tried.since + GIVE_UP_AFTER;
    let act = match outcome.problem() {
        None => {
            mails::settle(unit.db(), number, State::Sent, None, now).await?;
            Some(Act::MailSent)
        }
        Some(problem) if given_up(problem) => {
            mails::settle(unit.db(), number, State::Failed, Some(problem), now).await?;
            Some(Act::MailFailed)
        }
        Some(problem) => {
            mails::put_off(unit.db(), number, tries, again, problem).await?;
            None
        }
    };
    let problem = outcome.problem().map(MailProblem::as_str);
    if let Some(act) = act {
        let entry = Entry { detail: problem.map(str::to_owned), ..Entry::by_itself(act) };
        history::add(unit.db(), tried.request, &entry, now).await?;
    }
    if act.is_some() || problem != tried.problem.as_deref() {
        stir(&mut unit, tried.request).await?;
    }
    unit.commit().await
}

/// A request that cannot be read is seen by nobody.
async fn stir(unit: &mut Unit<'_>, id: RequestId) -> Answer<()> {
    match unit.request(id).await {
        Ok(Some(request)) => unit.stir(&request).await,
        Ok(None) => Ok(()),
        Err(Failure::Broke(cause)) => {
            tracing::error!(request = %id.0, "how its mail went can be told to nobody: {cause:?}");
            Ok(())
        }
        Err(failure) => Err(failure),
    }
}

/// Twice as long after every try. Mails that met the same closed door do not come back at the same moment.
fn pause(tries: u32) -> Duration {
    let doubled = FIRST_PAUSE.saturating_mul(2_u32.saturating_pow(tries.saturating_sub(1)));
    let [random] = beckon_domain::keys::random::<1>();
    doubled.min(LONGEST_PAUSE).mul_f64(0.75 + f64::from(random) / 512.0)
}

/// A failed mail is tried anew, unless what it tells is over; any other is left as it is.
pub async fn send_again(unit: &mut Unit<'_>, request: &SessionRequest, entry: &Entry) -> Answer<()> {
    let last = mails::last_of(unit.db(), request.id).await?;
    let Some(mail) = last.filter(|mail| mail.state == State::Failed) else { return Ok(()) };
    if !still_true(unit, &mail, request).await? {
        let status = request.status.name();
        let over = Refusal::NotInThisStatus { act: entry.act, status };
        return if request.status.is_live() { Ok(()) } else { Err(Failure::refusal(over, None)) };
    }
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
