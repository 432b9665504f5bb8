//! Every kind of mail in every language, whole, as a mail server takes it over SMTP, against
//! `tests/mails/arrived/`. A mail without a file there gets one: look at it, and keep it if it is right.

use std::path::Path;

use beckon_domain::session_request::Expiry;
use beckon_domain::{Language, RequestId};
use beckon_wire::request::{AgentAct, CreateRequest, MailState};
use uuid::Uuid;

use crate::mail::{DANA, Desk, create, mailed};
use crate::mail_edits::{berlin, contact, tells};
use crate::mail_server::Taken;

const NOTE: &str = "Dana always forgets her password";

#[tokio::test]
async fn every_mail_arrives_as_it_should() {
    let mut kept = Kept::default();
    for language in Language::ALL {
        let desk = Desk::with_mail().await;
        let mut inbox = Inbox::of(&desk, language);
        let reopened = AgentAct::ReopenFor(Expiry::AfterSeconds(3_600));
        inbox
            .is_invited(1, CreateRequest { comments: NOTE.parse().unwrap(), ..mailed("Dana Fox", DANA) })
            .await;
        kept.compare("invitation", &inbox);
        for (name, act) in
            [("new_link", AgentAct::NewLink), ("closed", AgentAct::Close), ("reopened", reopened)]
        {
            inbox.is_told(act).await;
            kept.compare(name, &inbox);
        }

        let mut inbox = Inbox::of(&desk, language);
        let reschedule = |hours| AgentAct::Reschedule { schedule: berlin(&desk.stage, hours), expiry: None };
        let planned = CreateRequest { schedule: Some(berlin(&desk.stage, 50)), ..mailed("Dana Fox", DANA) };
        let [moved, planned_again] = [reschedule(74), reschedule(98)];
        inbox.is_invited(2, planned).await;
        kept.compare("invitation_scheduled", &inbox);
        inbox.is_told(moved).await;
        kept.compare("rescheduled", &inbox);
        inbox.is_told(AgentAct::StartNow).await;
        kept.compare("started", &inbox);
        inbox.is_told(planned_again).await;
        kept.compare("scheduled_again", &inbox);
        inbox.is_told(AgentAct::NewLink).await;
        kept.compare("new_link_scheduled", &inbox);
        inbox.is_told(AgentAct::Close).await;
        kept.compare("closed_scheduled", &inbox);
    }
    kept.were_all_there();
}

/// What one recipient was sent about one request, with a stand-in of the same length for whatever is drawn at
/// random: lines are folded by length.
struct Inbox<'a> {
    desk: &'a Desk,
    language: Language,
    request: RequestId,
    last: Option<Taken>,
    drawn: Vec<(String, String)>,
}

impl<'a> Inbox<'a> {
    fn of(desk: &'a Desk, language: Language) -> Self {
        let origin = desk.stage.origin();
        let port = origin.rsplit_once(':').unwrap().1;
        let known = origin.replace(port, &"7".repeat(port.len()));
        let drawn = vec![(origin.to_owned(), known)];
        Self { desk, language, request: RequestId(Uuid::nil()), last: None, drawn }
    }

    async fn is_invited(&mut self, number: u128, request: CreateRequest) {
        self.request = RequestId(Uuid::from_u128(number));
        let contact = Some(contact(DANA, self.language));
        create(&self.desk.ana, CreateRequest { id: self.request, contact, ..request }).await.unwrap();
        self.desk.sees_mail(self.request, MailState::Sent).await;
        self.gets(self.desk.server.taken().pop().unwrap());
    }

    async fn is_told(&mut self, act: AgentAct) {
        self.desk.stage.pass(60);
        let mail = tells(self.desk, self.request, act).await;
        self.gets(mail);
    }

    fn gets(&mut self, mail: Taken) {
        assert_eq!(
            (mail.from.as_str(), mail.to.as_slice()),
            ("support@acme.example", &[DANA.to_owned()][..])
        );
        let id = mail.header("Message-ID").unwrap();
        let random = id.trim_start_matches('<').split('@').next().unwrap();
        let number = self.drawn.len();
        self.drawn.push((random.to_owned(), format!("{number:0>width$}", width = random.len())));
        if let Some(token) = token_in(&mail.read()) {
            let stand_in = format!("{:-<width$}", format!("Link-{number}"), width = token.len());
            self.drawn.push((token, stand_in));
        }
        self.last = Some(mail);
    }

    fn last(&self) -> String {
        let mut text = self.last.as_ref().unwrap().text.replace("\r\n", "\n");
        for (drawn, stand_in) in &self.drawn {
            text = text.replace(drawn, stand_in);
            // It may be folded anywhere.
            for at in 1..drawn.len() {
                let folded = |whole: &str| format!("{}=\n{}", &whole[..at], &whole[at..]);
                text = text.replace(&folded(drawn), &folded(stand_in));
            }
        }
        text
    }
}

/// Of the session link, where the mail has one.
fn token_in(mail: &str) -> Option<String> {
    let token = mail.split("/s/").nth(1)?.split(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_');
    token.into_iter().next().map(str::to_owned)
}

/// Each mail beside the one that is kept.
#[derive(Default)]
struct Kept(Vec<String>);

impl Kept {
    fn compare(&mut self, name: &str, inbox: &Inbox<'_>) {
        let written = inbox.last();
        assert!(written.is_ascii(), "{name} needs a server that takes more");
        assert!(!inbox.last.as_ref().unwrap().read().contains(NOTE), "comments are never in a mail");
        let name = format!("{name}.{}.eml", inbox.language.as_str());
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mails/arrived").join(&name);
        match std::fs::read_to_string(&file) {
            Ok(kept) => assert_eq!(written, kept, "{name}"),
            Err(_) => {
                std::fs::create_dir_all(file.parent().unwrap()).unwrap();
                std::fs::write(&file, written).unwrap();
                self.0.push(name);
            }
        }
    }

    fn were_all_there(&self) {
        assert!(self.0.is_empty(), "look at what was written to tests/mails/arrived: {:?}", self.0);
    }
}
