//! What happens to mails that do not go at once.

use beckon_domain::session_request::Expiry;
use beckon_domain::{Act, Clock};
use beckon_service::{Config, mail};
use beckon_wire::Code;
use beckon_wire::request::{AgentAct, CreateRequest, MailProblem, MailState};

use crate::mail::{A_PAUSE, DANA, Desk, acts_in, create, mailed};
use crate::mail_server::Mood;
use crate::scenes::{code, eventually};

#[tokio::test]
async fn what_cannot_be_read_holds_up_no_other_mail() {
    let mut desk = Desk::with_mail().await;
    desk.server.goes_away().await;
    for recipient in ["Eve", "Finn", "Gil", "Hal", "Ida"] {
        let id = desk.invites(recipient).await;
        desk.sees_problem(id).await;
    }
    desk.server.comes_back().await;
    desk.writes("UPDATE requests SET facts = 'x' WHERE recipient IN ('Eve', 'Finn')").await;
    desk.writes("UPDATE mails SET news = 'x' FROM requests WHERE id = request AND recipient = 'Gil'").await;
    let no_moment = "UPDATE mails SET since = -9223372036854775808
        FROM requests WHERE id = request AND recipient IN ('Hal', 'Ida')";
    desk.writes(no_moment).await;
    desk.stage.clock.advance(A_PAUSE);
    let ben = desk.stage.agent("Ben").await;
    let dana = create(&ben, mailed("Dana", DANA)).await.unwrap().id;
    eventually(async || ben.sees(dana).await.unwrap().mail.filter(|mail| mail.state == MailState::Sent))
        .await;
    assert_eq!(desk.server.taken().len(), 1);
}

#[tokio::test]
async fn a_mail_that_was_too_old_when_the_service_started_is_not_sent() {
    let mut desk = Desk::with_mail().await;
    desk.server.goes_away().await;
    let id = desk.invites("Dana").await;
    desk.sees_problem(id).await;
    desk.stage.running.take().unwrap().shutdown().await.unwrap();
    desk.stage.pass(9 * 60 * 60);
    desk.server.comes_back().await;
    desk.stage.start(Config::on_free_ports(desk.stage.folder.path())).await;
    desk.ana_is_back().await;
    let failed = desk.sees_mail(id, MailState::Failed).await;
    assert_eq!((failed.problem, desk.server.connections()), (Some(MailProblem::Unreachable), 0));
    desk.ana.acts(id, AgentAct::SendAgain).await.unwrap();
    desk.sees_mail(id, MailState::Sent).await;
}

#[tokio::test]
async fn without_a_server_the_pauses_grow_and_nobody_is_woken_twice_for_the_same() {
    let mut desk = Desk::with_mail().await;
    desk.server.goes_away().await;
    let id = desk.invites("Dana").await;
    desk.sees_problem(id).await;
    mail::off(&desk.stage.office().await).await.unwrap();
    desk.stage.clock.advance(A_PAUSE);
    eventually(async || (desk.tries().await == 2).then_some(())).await;
    assert_eq!(desk.mail_of(id).await.unwrap().problem, Some(MailProblem::NotSet));
    let told = desk.ana.changes("", 0).await.cursor;
    desk.stage.clock.advance(A_PAUSE * 2);
    eventually(async || (desk.tries().await == 3).then_some(())).await;
    desk.ana_is_back().await;
    assert_eq!(desk.ana.changes("", 0).await.cursor, told);
    desk.stage.clock.advance(A_PAUSE * 2);
    for _ in 0..20 {
        desk.ana_is_back().await;
        desk.mail_of(id).await.unwrap();
    }
    assert_eq!(desk.tries().await, 3, "after the third it waits for at least three minutes");
}

#[tokio::test]
async fn a_server_may_read_the_mail_for_minutes_and_one_that_never_answers_may_have_taken_it() {
    let mut desk = Desk::with_mail().await;
    desk.server.feels(Mood::NeverAnswers);
    let id = desk.invites("Dana").await;
    eventually(async || {
        desk.mail_of(id).await?;
        (desk.server.taken().len() == 1).then_some(())
    })
    .await;
    desk.stage.pass(5 * 60);
    for _ in 0..20 {
        desk.ana_is_back().await;
        assert_eq!(desk.mail_of(id).await.unwrap().problem, None);
    }
    desk.stage.pass(5 * 60 + 1);
    desk.ana_is_back().await;
    assert_eq!(desk.sees_problem(id).await, MailProblem::TimedOut);
    desk.server.feels(Mood::Takes);
    desk.ana.acts(id, AgentAct::NewLink).await.unwrap();
    desk.sees_mail(id, MailState::Sent).await;
    let [first, second] = desk.server.taken().try_into().unwrap();
    assert_eq!(second.header("Subject").unwrap(), "A new link for your remote support from Acme");
    assert_eq!(second.header("In-Reply-To"), first.header("Message-ID"));
}

#[tokio::test]
async fn a_mail_is_given_up_after_hours_and_says_why() {
    let mut desk = Desk::with_mail().await;
    desk.server.goes_away().await;
    let (id, began) = (desk.invites("Dana").await, desk.stage.clock.now());
    desk.sees_problem(id).await;
    for _ in 0..20 {
        desk.stage.pass(30 * 60);
        desk.ana_is_back().await;
        for _ in 0..20 {
            desk.mail_of(id).await.unwrap();
        }
    }
    let failed = desk.sees_mail(id, MailState::Failed).await;
    assert_eq!(failed.problem, Some(MailProblem::Unreachable));
    let after = failed.at - began;
    assert!((6..=8).contains(&after.num_hours()), "{after}");
    assert_eq!(acts_in(&desk, id).await, [Act::Create, Act::MailFailed]);

    mail::off(&desk.stage.office().await).await.unwrap();
    let refused = desk.ana.acts(id, AgentAct::SendAgain).await;
    assert_eq!(code(refused), Code::MailNotSet);
}

#[tokio::test]
async fn a_mail_that_never_went_before_its_request_expired_is_told_as_failed() {
    let mut desk = Desk::with_mail().await;
    desk.server.goes_away().await;
    let short = CreateRequest { expiry: Some(Expiry::AfterSeconds(900)), ..mailed("Dana", DANA) };
    let id = create(&desk.ana, short).await.unwrap().id;
    desk.sees_problem(id).await;
    desk.stage.pass(16 * 60);
    desk.ana_is_back().await;
    let failed = desk.sees_mail(id, MailState::Failed).await;
    assert_eq!(failed.problem, Some(MailProblem::Unreachable));
    assert_eq!(acts_in(&desk, id).await, [Act::Create, Act::Expire, Act::MailFailed]);
    assert_eq!(code(desk.ana.acts(id, AgentAct::SendAgain).await), Code::NotInThisStatus);
}

#[tokio::test]
async fn a_queued_mail_outlives_the_service() {
    let mut desk = Desk::with_mail().await;
    desk.server.goes_away().await;
    let id = desk.invites("Dana").await;
    desk.sees_problem(id).await;
    desk.stage.restart().await;
    desk.ana_is_back().await;
    desk.server.comes_back().await;
    desk.stage.clock.advance(A_PAUSE);
    desk.sees_mail(id, MailState::Sent).await;
    let [mail] = desk.server.taken().try_into().unwrap();
    let url = desk.ana.link(id).await.url;
    assert!(mail.read().contains(&url), "with the address that the service has now");
}

#[tokio::test]
async fn a_server_that_says_nothing_is_left_after_a_minute_and_holds_up_four_at_most() {
    let desk = Desk::with_mail().await;
    desk.server.feels(Mood::IsSilent);
    let mut ids = Vec::new();
    for number in 0..6 {
        ids.push(desk.invites(&format!("Dana {number}")).await);
    }
    eventually(async || {
        desk.mail_of(ids[0]).await?;
        (desk.server.connections() == 4).then_some(())
    })
    .await;
    for _ in 0..20 {
        desk.mail_of(ids[5]).await.unwrap();
    }
    assert_eq!(desk.server.connections(), 4, "the others wait");
    desk.server.feels(Mood::Takes);
    desk.stage.pass(61);
    assert_eq!(desk.sees_problem(ids[0]).await, MailProblem::TimedOut);
    desk.sees_mail(ids[5], MailState::Sent).await;
    desk.stage.clock.advance(A_PAUSE);
    for id in ids {
        desk.sees_mail(id, MailState::Sent).await;
    }
    assert_eq!(desk.server.taken().len(), 6);
}

#[tokio::test]
async fn a_server_that_is_gone_gets_the_mail_when_it_is_back() {
    let mut desk = Desk::with_mail().await;
    desk.server.goes_away().await;
    let id = desk.invites("Dana").await;
    assert_eq!(desk.sees_problem(id).await, MailProblem::Unreachable);
    assert_eq!(desk.mail_of(id).await.unwrap().state, MailState::Queued);
    desk.server.comes_back().await;
    assert_eq!(desk.server.connections(), 0, "not before its time");
    desk.stage.clock.advance(A_PAUSE);
    let sent = desk.sees_mail(id, MailState::Sent).await;
    assert_eq!(sent.problem, None);
    assert_eq!(desk.server.taken().len(), 1);
    assert_eq!(acts_in(&desk, id).await, [Act::Create, Act::MailSent]);
}

#[tokio::test]
async fn a_server_that_does_not_want_it_now_is_asked_again() {
    let desk = Desk::with_mail().await;
    for (mood, problem) in [
        (Mood::PutsOff, MailProblem::PutOff),
        (Mood::TurnsAway, MailProblem::PutOff),
        (Mood::KnowsNobody, MailProblem::NotSignedIn),
    ] {
        desk.server.feels(mood);
        let id = desk.invites("Dana").await;
        assert_eq!(desk.sees_problem(id).await, problem, "{mood:?}");
        desk.server.feels(Mood::Takes);
        desk.stage.clock.advance(A_PAUSE);
        desk.sees_mail(id, MailState::Sent).await;
    }
    assert_eq!(desk.server.taken().len(), 3);
}

#[tokio::test]
async fn what_is_no_longer_true_is_not_sent() {
    let mut desk = Desk::with_mail().await;
    desk.server.goes_away().await;
    let (renewed, closed) = (desk.invites("Dana").await, desk.invites("Eve").await);
    desk.sees_problem(renewed).await;
    desk.sees_problem(closed).await;
    desk.ana.acts(renewed, AgentAct::NewLink).await.unwrap();
    desk.ana.acts(closed, AgentAct::Close).await.unwrap();
    desk.sees_problem(renewed).await;
    eventually(async || desk.mail_of(closed).await.is_none().then_some(())).await;
    desk.server.comes_back().await;
    desk.stage.clock.advance(A_PAUSE);
    desk.sees_mail(renewed, MailState::Sent).await;
    let [mail] = desk.server.taken().try_into().unwrap();
    assert_eq!(mail.header("Subject").unwrap(), "Remote support from Acme", "to her it is the first");
    assert!(mail.read().contains(&desk.ana.link(renewed).await.url));
    assert_eq!(acts_in(&desk, closed).await, [Act::Create, Act::Close], "of a beginning that never came");
}
