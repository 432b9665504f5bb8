//! What recipients are told when an agent edits a request, or its time.

use beckon_domain::session_request::Expiry;
use beckon_domain::{Clock, Contact, Language, ProfileId, RequestId, Schedule};
use beckon_service::mail;
use beckon_wire::Code;
use beckon_wire::request::{AgentAct, CreateRequest, EditRequest, MailState};
use chrono::TimeDelta;

use crate::cast::Stage;
use crate::mail::{A_PAUSE, DANA, Desk, create, mailed};
use crate::mail_server::Taken;
use crate::scenes::code;

const ELSEWHERE: &str = "dana@work.example";

pub fn contact(email: &str, language: Language) -> Contact {
    Contact { email: email.parse().ok(), send_mail: true, language }
}

fn edit(contact: Contact) -> AgentAct {
    AgentAct::Edit(EditRequest { contact: Some(contact), ..EditRequest::default() })
}

pub fn berlin(stage: &Stage, hours: i64) -> Schedule {
    let at = stage.clock.now() + TimeDelta::hours(hours);
    Schedule { at, zone: "Europe/Berlin".parse().unwrap() }
}

/// The act, and the one mail that it leads to.
pub async fn tells(desk: &Desk, id: RequestId, act: AgentAct) -> Taken {
    let before = desk.server.taken().len();
    desk.ana.acts(id, act).await.unwrap();
    desk.sees_mail(id, MailState::Sent).await;
    let mut taken = desk.server.taken();
    assert_eq!(taken.len(), before + 1);
    taken.pop().unwrap()
}

/// The act, and that nobody was told.
async fn is_between_agents(desk: &Desk, id: RequestId, act: AgentAct) {
    let before = desk.server.taken().len();
    desk.ana.acts(id, act).await.unwrap();
    desk.stage.pass(1);
    for _ in 0..20 {
        assert_eq!(desk.mail_of(id).await.unwrap().state, MailState::Sent);
    }
    assert_eq!(desk.server.taken().len(), before);
}

fn subject(mail: &Taken) -> String {
    mail.header("Subject").unwrap()
}

/// The calendar entry's lines of interest.
fn entry(mail: &Taken) -> Vec<String> {
    let read = mail.read();
    let lines = read.lines().map(str::trim_end);
    let wanted = ["METHOD:", "DTSTART:", "SEQUENCE:", "UID:"];
    lines.filter(|line| wanted.iter().any(|name| line.starts_with(name))).map(str::to_owned).collect()
}

#[tokio::test]
async fn at_another_address_the_recipient_is_invited_and_the_old_one_hears_nothing_more() {
    let desk = Desk::with_mail().await;
    let id = desk.invites("Dana Fox").await;
    desk.sees_mail(id, MailState::Sent).await;
    let renewed = tells(&desk, id, AgentAct::NewLink).await;
    assert_eq!(renewed.to, [DANA]);

    let invited = tells(&desk, id, edit(contact(ELSEWHERE, Language::De))).await;
    assert_eq!(
        (invited.to.as_slice(), subject(&invited).as_str()),
        (&[ELSEWHERE.to_owned()][..], "Fernhilfe von Acme")
    );
    assert_eq!(invited.header("In-Reply-To"), None, "the mails before went to somebody else");
    assert!(invited.read().contains(&desk.ana.link(id).await.url));
    let closed = tells(&desk, id, AgentAct::Close).await;
    assert_eq!(
        (closed.to.clone(), closed.header("In-Reply-To")),
        (vec![ELSEWHERE.to_owned()], invited.header("Message-ID"))
    );
}

#[tokio::test]
async fn a_queued_mail_to_the_old_address_is_not_sent_any_more() {
    let mut desk = Desk::with_mail().await;
    desk.server.goes_away().await;
    let id = desk.invites("Dana").await;
    desk.sees_problem(id).await;
    desk.ana.acts(id, edit(contact(ELSEWHERE, Language::En))).await.unwrap();
    // The new one was tried as well, and its pause begins before the clock moves.
    desk.sees_problem(id).await;
    desk.server.comes_back().await;
    desk.stage.clock.advance(A_PAUSE);
    desk.sees_mail(id, MailState::Sent).await;
    desk.stage.clock.advance(A_PAUSE);
    desk.mail_of(id).await.unwrap();
    let [mail] = desk.server.taken().try_into().unwrap();
    assert_eq!(mail.to, [ELSEWHERE]);
}

#[tokio::test]
async fn whoever_wants_no_mail_any_more_gets_not_even_what_is_queued_and_can_want_it_again() {
    let mut desk = Desk::with_mail().await;
    desk.server.goes_away().await;
    let id = desk.invites("Dana").await;
    desk.sees_problem(id).await;
    let quiet = Contact { send_mail: false, ..contact(DANA, Language::En) };
    assert_eq!(desk.ana.acts(id, edit(quiet)).await.unwrap().mail, None);
    desk.server.comes_back().await;
    desk.stage.clock.advance(A_PAUSE);
    desk.ana.acts(id, AgentAct::NewLink).await.unwrap();
    for _ in 0..20 {
        assert_eq!(desk.mail_of(id).await, None);
    }
    assert_eq!(desk.server.connections(), 0);
    let invited = tells(&desk, id, edit(contact(DANA, Language::En))).await;
    assert_eq!(subject(&invited), "Remote support from Acme");
}

#[tokio::test]
async fn another_name_language_profile_or_expiry_is_between_agents() {
    let desk = Desk::with_mail().await;
    let id = desk.invites("Dana").await;
    desk.sees_mail(id, MailState::Sent).await;
    for act in [
        EditRequest { recipient: "Dana Fox".parse().ok(), ..EditRequest::default() },
        EditRequest { contact: Some(contact(DANA, Language::De)), ..EditRequest::default() },
        EditRequest { profile: Some(ProfileId::FullAccess), ..EditRequest::default() },
        EditRequest { expiry: Some(Expiry::AfterSeconds(3_600)), ..EditRequest::default() },
    ] {
        is_between_agents(&desk, id, AgentAct::Edit(act)).await;
    }
    let renewed = tells(&desk, id, AgentAct::NewLink).await;
    assert_eq!(renewed.header("To").unwrap(), "\"Dana Fox\" <dana@home.example>");
    assert_eq!(renewed.header("Content-Language").unwrap(), "de", "but the next mail knows of it");
}

#[tokio::test]
async fn mail_that_is_newly_wanted_needs_a_server_and_mail_that_was_wanted_before_waits_for_one() {
    let desk = Desk::with_mail().await;
    let id = desk.invites("Dana").await;
    desk.sees_mail(id, MailState::Sent).await;
    mail::off(&desk.stage.office().await).await.unwrap();
    let elsewhere = desk.ana.acts(id, edit(contact(ELSEWHERE, Language::En))).await;
    assert_eq!(code(elsewhere), Code::MailNotSet);
    let renamed = EditRequest {
        recipient: "Dana Fox".parse().ok(),
        contact: Some(contact(DANA, Language::En)),
        ..EditRequest::default()
    };
    desk.ana.acts(id, AgentAct::Edit(renamed)).await.unwrap();
    let missing = Contact { email: None, ..contact(DANA, Language::En) };
    let refused = desk.ana.acts(id, edit(missing)).await.unwrap_err();
    assert_eq!((refused.code, refused.params["field"].as_str()), (Code::TextEmpty, "email"));
}

#[tokio::test]
async fn another_time_and_no_time_are_told_with_the_calendar() {
    for (language, subjects) in [
        (
            Language::En,
            [
                "Another time for your remote support from Acme",
                "Your remote support from Acme can begin",
                "Your remote support from Acme is closed",
                "A new link for your remote support from Acme",
            ],
        ),
        (
            Language::De,
            [
                "Ein anderer Termin für Ihre Fernhilfe von Acme",
                "Ihre Fernhilfe von Acme kann beginnen",
                "Ihre Fernhilfe von Acme ist abgeschlossen",
                "Ein neuer Link für Ihre Fernhilfe von Acme",
            ],
        ),
    ] {
        let desk = Desk::with_mail().await;
        let planned = CreateRequest {
            contact: Some(contact(DANA, language)),
            schedule: Some(berlin(&desk.stage, 50)),
            ..mailed("Dana", DANA)
        };
        let id = create(&desk.ana, planned).await.unwrap().id;
        desk.sees_mail(id, MailState::Sent).await;
        let invited = desk.server.taken().pop().unwrap();
        let uid = format!("UID:{}", id.0);
        assert_eq!(entry(&invited), ["METHOD:PUBLISH", "DTSTART:20270117T100000Z", "SEQUENCE:0", &uid]);

        let schedule = berlin(&desk.stage, 74);
        let moved = tells(&desk, id, AgentAct::Reschedule { schedule, expiry: None }).await;
        assert_eq!(entry(&moved), ["METHOD:PUBLISH", "DTSTART:20270118T100000Z", "SEQUENCE:1", &uid]);
        assert!(moved.read().contains("18") && moved.read().contains("11:00"), "in Berlin it is eleven");
        let started = tells(&desk, id, AgentAct::StartNow).await;
        assert_eq!(entry(&started), ["METHOD:CANCEL", "SEQUENCE:2", &uid]);
        let closed = tells(&desk, id, AgentAct::Close).await;
        let reopened = tells(&desk, id, AgentAct::ReopenFor(Expiry::AfterSeconds(3_600))).await;
        assert!(entry(&closed).is_empty() && entry(&reopened).is_empty(), "there is nothing in it any more");
        let told = [moved, started, closed, reopened];
        assert_eq!(told.each_ref().map(|mail| decoded(&subject(mail))), subjects);
        let ids: Vec<_> = told.iter().map(|mail| mail.header("Message-ID")).collect();
        assert_eq!(told[1].header("In-Reply-To"), ids[0]);
    }
}

/// A subject with other than ASCII, as it reads.
fn decoded(subject: &str) -> String {
    let words = subject.split(' ').map(|word| {
        let coded = word.strip_prefix("=?utf-8?b?").and_then(|word| word.strip_suffix("?="));
        let bytes = coded.map(|coded| data_encoding::BASE64.decode(coded.as_bytes()).unwrap());
        (bytes.is_some(), bytes.map_or(word.to_owned(), |bytes| String::from_utf8(bytes).unwrap()))
    });
    let mut read = String::new();
    let mut after_coded = false;
    for (coded, word) in words {
        // Blanks between two coded words only separate them.
        if !read.is_empty() && (!coded || !after_coded) {
            read.push(' ');
        }
        read.push_str(&word);
        after_coded = coded;
    }
    read
}
