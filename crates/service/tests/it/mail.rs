use std::time::Duration;

use beckon_domain::session_request::StatusName;
use beckon_domain::{Act, Clock, Contact, Language, RequestId, Role};
use beckon_service::mail::{self, Security};
use beckon_wire::request::{
    AgentAct, AssignTo, CreateRequest, MailProblem, MailState, MailView, RequestView,
};
use beckon_wire::{ApiError, Code, paths};

use crate::cast::{Player, Stage, new_request};
use crate::mail_server::{MailServer, Mood};
use crate::scenes::{code, eventually};

pub const DANA: &str = "dana@home.example";
/// Longer than the pause after a first try, and shorter than a device's token lasts.
pub const A_PAUSE: Duration = Duration::from_secs(80);

/// Ana's desk, and a mail server that the service uses.
pub struct Desk {
    pub stage: Stage,
    pub ana: Player,
    pub server: MailServer,
}

impl Desk {
    pub async fn with_mail() -> Self {
        let stage = Stage::open().await;
        let ana = stage.agent("Ana").await;
        let server = MailServer::opens().await;
        server.serves(&stage).await;
        Self { stage, ana, server }
    }

    pub async fn invites(&self, recipient: &str) -> RequestId {
        create(&self.ana, mailed(recipient, DANA)).await.unwrap().id
    }

    /// After a restart, or once her device's token ran out.
    pub async fn ana_is_back(&mut self) {
        self.ana = self.ana.back(&self.stage).await;
    }

    pub async fn mail_of(&self, id: RequestId) -> Option<MailView> {
        self.ana.sees(id).await.unwrap().mail
    }

    pub async fn sees_mail(&self, id: RequestId, state: MailState) -> MailView {
        eventually(async || self.mail_of(id).await.filter(|mail| mail.state == state)).await
    }

    /// In the database, past everything that would notice.
    pub async fn writes(&self, sql: &'static str) {
        let office = self.stage.office().await;
        let mut unit = office.begin().await.unwrap();
        sqlx::query(sql).execute(unit.db()).await.unwrap();
        unit.commit().await.unwrap();
    }

    /// Of all mails.
    pub async fn tries(&self) -> i64 {
        let office = self.stage.office().await;
        let mut unit = office.begin().await.unwrap();
        sqlx::query_scalar("SELECT SUM(tries) FROM mails").fetch_one(unit.db()).await.unwrap()
    }

    pub async fn sees_problem(&self, id: RequestId) -> MailProblem {
        eventually(async || self.mail_of(id).await.and_then(|mail| mail.problem)).await
    }
}

pub fn mailed(recipient: &str, email: &str) -> CreateRequest {
    let contact = Contact { email: email.parse().ok(), send_mail: true, language: Language::En };
    CreateRequest { contact: Some(contact), ..new_request(recipient, AssignTo::Myself) }
}

pub async fn create(by: &Player, create: CreateRequest) -> Result<RequestView, ApiError> {
    by.post(paths::REQUESTS, &create).await
}

pub async fn acts_in(desk: &Desk, id: RequestId) -> Vec<Act> {
    desk.ana.history(id).await.into_iter().map(|entry| entry.act).collect()
}

#[tokio::test]
async fn the_session_link_is_mailed_with_the_request() {
    let desk = Desk::with_mail().await;
    let noted = CreateRequest {
        comments: "Dana always forgets her password".parse().unwrap(),
        ..mailed("Dana Fox", DANA)
    };
    let id = create(&desk.ana, noted).await.unwrap().id;
    let sent = desk.sees_mail(id, MailState::Sent).await;
    assert_eq!((sent.at, sent.problem), (desk.stage.clock.now(), None));
    assert_eq!(acts_in(&desk, id).await, [Act::Create, Act::MailSent]);

    let taken = desk.server.taken();
    let [mail] = taken.as_slice() else { panic!("{taken:?}") };
    assert_eq!(
        (mail.from.as_str(), mail.to.as_slice()),
        ("support@acme.example", [DANA.to_owned()].as_slice())
    );
    assert_eq!(mail.header("To").unwrap(), "\"Dana Fox\" <dana@home.example>");
    assert_eq!(mail.header("Subject").unwrap(), "Remote support from Acme");
    let read = mail.read();
    assert!(read.contains("Ana from Acme would like to help you"), "{read}");
    assert_eq!(
        read.matches(&desk.ana.link(id).await.url).count(),
        4,
        "in the text, and in the page also to press"
    );
    assert!(!read.contains("password"), "comments are never in a mail");
}

#[tokio::test]
async fn without_a_mail_server_mail_is_refused_and_clients_are_told() {
    let stage = Stage::open().await;
    let ana = stage.agent("Ana").await;
    assert!(!ana.changes("", 0).await.mail);
    assert_eq!(code(create(&ana, mailed("Dana", DANA)).await), Code::MailNotSet);
    let quiet = Contact { email: DANA.parse().ok(), ..Contact::default() };
    let quiet = CreateRequest { contact: Some(quiet.clone()), ..new_request("Dana", AssignTo::Myself) };
    let view = create(&ana, quiet.clone()).await.unwrap();
    assert_eq!((view.contact, view.mail), (quiet.contact, None), "an address alone needs no server");

    let server = MailServer::opens().await;
    server.serves(&stage).await;
    assert!(ana.changes("", 0).await.mail);
    mail::off(&stage.office().await).await.unwrap();
    assert!(!ana.changes("", 0).await.mail);
}

#[tokio::test]
async fn an_address_that_is_none_is_refused_by_name() {
    let desk = Desk::with_mail().await;
    let with = async |contact: serde_json::Value| {
        let id = uuid::Uuid::now_v7();
        let body = serde_json::json!({
            "id": id, "recipient": "Dana", "assign_to": "myself", "contact": contact });
        desk.ana.post::<RequestView>(paths::REQUESTS, &body).await.unwrap_err()
    };
    for bad in ["dana", "dana@", "dana@1.2", "Dana <dana@x.example>", "dana@x.example\r\nBcc: eve@x.example"]
    {
        let refused = with(serde_json::json!({ "email": bad, "send_mail": true })).await;
        assert_eq!((refused.code, refused.params["field"].as_str()), (Code::NotAnEmail, "email"), "{bad}");
    }
    let missing = with(serde_json::json!({ "send_mail": true })).await;
    assert_eq!((missing.code, missing.params["field"].as_str()), (Code::TextEmpty, "email"));
    assert!(desk.ana.changes("", 0).await.changes.is_empty());
    assert_eq!(desk.server.connections(), 0);
}

#[tokio::test]
async fn a_new_link_the_end_and_a_new_beginning_are_told_in_one_thread() {
    let desk = Desk::with_mail().await;
    let id = desk.invites("Dana Fox").await;
    desk.sees_mail(id, MailState::Sent).await;
    for (told, act) in (2..).zip([AgentAct::NewLink, AgentAct::Close, AgentAct::Reopen]) {
        desk.ana.acts(id, act).await.unwrap();
        desk.sees_mail(id, MailState::Sent).await;
        assert_eq!(desk.server.taken().len(), told);
    }
    let mails = desk.server.taken();
    let subjects: Vec<String> = mails.iter().filter_map(|mail| mail.header("Subject")).collect();
    assert_eq!(
        subjects,
        [
            "Remote support from Acme",
            "A new link for your remote support from Acme",
            "Your remote support from Acme is closed",
            "A new link for your remote support from Acme",
        ]
    );
    let ids: Vec<String> = mails.iter().filter_map(|mail| mail.header("Message-ID")).collect();
    assert_eq!(ids.len(), 4);
    assert_eq!(mails[0].header("In-Reply-To"), None);
    assert_eq!(mails[1].header("References"), Some(ids[0].clone()));
    assert_eq!(mails[3].header("In-Reply-To"), Some(ids[2].clone()));
    assert_eq!(mails[3].header("References"), Some(format!("{} {}", ids[0], ids[2])));
    assert!(mails.iter().all(|mail| mail.header("Auto-Submitted").unwrap() == "auto-generated"));
    assert!(mails.iter().all(|mail| mail.header("Reply-To").is_none()));
    let current = desk.ana.link(id).await.url;
    assert!(mails[3].read().contains(&current) && !mails[1].read().contains(&current));
    assert!(!mails[2].read().contains("/s/"), "a link that is dead is not mailed");
}

#[tokio::test]
async fn mail_speaks_the_language_that_the_agent_chose() {
    let desk = Desk::with_mail().await;
    let contact = Contact { email: DANA.parse().ok(), send_mail: true, language: Language::De };
    let german = CreateRequest { contact: Some(contact), ..new_request("Jörg", AssignTo::Unassigned) };
    let id = create(&desk.ana, german).await.unwrap().id;
    desk.sees_mail(id, MailState::Sent).await;
    let [mail] = desk.server.taken().try_into().unwrap();
    assert_eq!(mail.header("Subject").unwrap(), "Fernhilfe von Acme");
    assert_eq!(mail.header("Content-Language").unwrap(), "de");
    assert!(mail.read().contains("Jemand von Acme möchte Ihnen an Ihrem Computer helfen."));
}

#[tokio::test]
async fn an_address_that_the_server_refuses_fails_at_once_and_goes_after_send_again() {
    let desk = Desk::with_mail().await;
    desk.server.refuses(Some(DANA));
    let id = desk.invites("Dana").await;
    let failed = desk.sees_mail(id, MailState::Failed).await;
    assert_eq!(failed.problem, Some(MailProblem::Refused));
    let other = create(&desk.ana, mailed("Eve", "eve@home.example")).await.unwrap().id;
    desk.sees_mail(other, MailState::Sent).await;

    desk.server.refuses(None);
    let again = desk.ana.acts(id, AgentAct::SendAgain).await.unwrap();
    assert_eq!(again.mail.unwrap().state, MailState::Queued);
    desk.sees_mail(id, MailState::Sent).await;
    desk.ana.acts(id, AgentAct::SendAgain).await.unwrap();
    let acts = acts_in(&desk, id).await;
    assert_eq!(acts, [Act::Create, Act::MailFailed, Act::SendAgain, Act::MailSent], "and only once");
    let viewer = desk.stage.person("Vic", Role::Viewer).await;
    let unassigned = CreateRequest { assign_to: AssignTo::Unassigned, ..mailed("Finn", DANA) };
    let shown = create(&desk.ana, unassigned).await.unwrap().id;
    assert_eq!(code(viewer.acts(shown, AgentAct::SendAgain).await), Code::Forbidden);
}

#[tokio::test]
async fn what_the_server_took_is_not_sent_again_however_it_says_goodbye() {
    let desk = Desk::with_mail().await;
    desk.server.feels(Mood::DropsAfterwards);
    let id = desk.invites("Dana").await;
    desk.sees_mail(id, MailState::Sent).await;
    desk.stage.clock.advance(A_PAUSE);
    desk.mail_of(id).await.unwrap();
    assert_eq!(desk.server.taken().len(), 1);
}

#[tokio::test]
async fn nothing_is_said_in_clear_to_a_server_that_must_speak_tls() {
    let desk = Desk::with_mail().await;
    for security in [Security::Starttls, Security::Tls] {
        let settings = mail::MailServer { security, ..desk.server.settings() };
        mail::set(&desk.stage.office().await, &settings, None).await.unwrap();
        let id = desk.invites("Dana").await;
        assert_eq!(desk.sees_problem(id).await, MailProblem::NotSecure, "{security}");
    }
    assert!(desk.server.taken().is_empty());
}

#[tokio::test]
async fn a_wrong_password_is_told_apart_and_can_be_corrected() {
    let desk = Desk::with_mail().await;
    desk.server.knows("beckon", "right");
    let settings = mail::MailServer { user: Some("beckon".to_owned()), ..desk.server.settings() };
    let office = desk.stage.office().await;
    mail::set(&office, &settings, Some("wrong".to_owned().into())).await.unwrap();
    let id = desk.invites("Dana").await;
    assert_eq!(desk.sees_problem(id).await, MailProblem::NotSignedIn);
    mail::set(&office, &settings, Some("right".to_owned().into())).await.unwrap();
    desk.stage.clock.advance(A_PAUSE);
    desk.sees_mail(id, MailState::Sent).await;
}

#[tokio::test]
async fn names_cannot_write_headers_or_markup() {
    let desk = Desk::with_mail().await;
    let name = "\"><img src=x onerror=alert(1)>, Eve <eve@x.example>; =?utf-8?q?x?=";
    let id = desk.invites(name).await;
    desk.sees_mail(id, MailState::Sent).await;
    let [mail] = desk.server.taken().try_into().unwrap();
    assert_eq!(mail.to, [DANA], "one recipient");
    let read = mail.read();
    let (_, page) = read.split_once("text/html").unwrap();
    assert!(!page.contains("<img"), "{page}");
    assert!(read.contains(&format!("Hello {name},")), "in the text it is just text");
}

#[tokio::test]
async fn a_request_that_expires_sends_nothing_more() {
    let mut desk = Desk::with_mail().await;
    let id = desk.invites("Dana").await;
    desk.sees_mail(id, MailState::Sent).await;
    desk.stage.pass(25 * 60 * 60);
    desk.ana_is_back().await;
    eventually(async || (desk.ana.sees(id).await?.status == StatusName::Expired).then_some(())).await;
    assert_eq!(desk.server.taken().len(), 1);
}

#[tokio::test]
async fn what_is_over_is_not_sent_again_and_still_shows_why_it_failed() {
    let desk = Desk::with_mail().await;
    desk.server.refuses(Some(DANA));
    let id = desk.invites("Dana").await;
    desk.sees_mail(id, MailState::Failed).await;
    desk.ana.acts(id, AgentAct::Close).await.unwrap();
    desk.sees_mail(id, MailState::Failed).await;
    assert_eq!(code(desk.ana.acts(id, AgentAct::SendAgain).await), Code::NotInThisStatus);
    for _ in 0..20 {
        assert_eq!(desk.mail_of(id).await.unwrap().state, MailState::Failed);
    }
}

#[tokio::test]
async fn every_account_hears_when_mail_is_set_or_switched_off() {
    let stage = Stage::open().await;
    let server = MailServer::opens().await;
    let viewer = stage.person("Vic", Role::Viewer).await;
    let mut push = viewer.opens_push().await;
    server.serves(&stage).await;
    stage.pass(1);
    let woken = push.wakes().await.unwrap();
    let told = viewer.changes("", 0).await;
    assert_eq!((told.cursor, told.mail, told.changes.len()), (woken, true, 0));
    mail::off(&stage.office().await).await.unwrap();
    stage.pass(1);
    assert!(push.wakes().await.unwrap() > woken);
    assert!(!viewer.changes("", 0).await.mail);
}
