//! One mail: its words, its headers, its parts.

use anyhow::{Context, Result};
use askama::Template;
use beckon_domain::{Schedule, Zone};
use chrono::{DateTime, Utc};
use lettre::Message;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};

use super::News;
use super::calendar::Entry;
use crate::asker::capitalised;
use crate::moments;
use crate::words::{Speech, without_isolates};

/// What a mail is made of. Texts from people are in it as they were typed.
pub struct Letter<'a> {
    pub news: News,
    pub speech: Speech<'a>,
    pub from: Mailbox,
    pub to: Mailbox,
    pub recipient: &'a str,
    pub organisation: &'a str,
    /// Who asks, as the organisation vouches for them.
    pub who: String,
    /// None once it no longer works.
    pub link: Option<String>,
    pub schedule: Option<&'a Schedule>,
    pub expires_at: DateTime<Utc>,
    pub entry: Option<Entry>,
    pub message_id: String,
    /// The mails about this request that the recipient has, the oldest first.
    pub earlier: Vec<String>,
    pub now: DateTime<Utc>,
}

#[derive(Template)]
#[template(path = "mail.html")]
struct Html<'a> {
    text: &'a Text,
}

#[derive(Template)]
#[template(path = "mail.txt")]
struct Plain<'a> {
    text: &'a Text,
}

struct Text {
    language: &'static str,
    subject: String,
    greeting: String,
    lead: String,
    when: Option<String>,
    link: Option<Linked>,
    farewell: String,
}

struct Linked {
    url: String,
    how: String,
    button: String,
    what: String,
    until: String,
    warning: String,
}

impl Letter<'_> {
    pub fn message(&self) -> Result<Message> {
        let text = self.text();
        let plain = without_isolates(&Plain { text: &text }.render()?);
        let html = without_isolates(&Html { text: &text }.render()?);
        let subject = without_isolates(&text.subject);
        let bodies = MultiPart::alternative()
            .boundary(self.boundary("text"))
            .singlepart(SinglePart::plain(plain))
            .singlepart(SinglePart::html(html));
        let parts = match &self.entry {
            Some(entry) => MultiPart::mixed()
                .boundary(self.boundary("mail"))
                .multipart(bodies)
                .singlepart(self.attached(entry)?),
            None => bodies,
        };
        let mut message = Message::builder()
            .message_id(Some(self.message_id.clone()))
            .date(self.now.into())
            .from(self.from.clone())
            .to(self.to.clone())
            .subject(subject)
            // Nobody's absence note shall answer it.
            .raw_header(header("Auto-Submitted", "auto-generated"))
            .raw_header(header("Content-Language", self.speech.tag()));
        if let [first, ..] = self.earlier.as_slice()
            && let Some(last) = self.earlier.last()
        {
            let references = if first == last { first.clone() } else { format!("{first} {last}") };
            message = message.in_reply_to(last.clone()).references(references);
        }
        message.multipart(parts).context("putting a mail together")
    }

    /// It is called the same in every mail: what a calendar shows is the session, not the latest news of it.
    fn attached(&self, entry: &Entry) -> Result<SinglePart> {
        let title = without_isolates(&self.subject(News::Invitation));
        let kind = format!("text/calendar; charset=utf-8; method={}", entry.method());
        let kind = ContentType::parse(&kind).context("the kind of a calendar entry")?;
        Ok(Attachment::new("session.ics".to_owned()).body(entry.written(self, &title), kind))
    }

    /// Unlike every line of the mail, and the same at every try: the mail's own id is drawn at random.
    fn boundary(&self, part: &str) -> String {
        let id: String = self.message_id.chars().filter(char::is_ascii_alphanumeric).take(32).collect();
        format!("=_{part}_{id}")
    }

    fn subject(&self, news: News) -> String {
        self.say(&format!("mail-{}-subject", worded(news)))
    }

    fn say(&self, id: &str) -> String {
        let names = [("who", self.who.as_str()), ("organisation", self.organisation)];
        self.speech.say_with(id, &names)
    }

    fn text(&self) -> Text {
        Text {
            language: self.speech.tag(),
            subject: self.subject(self.news),
            greeting: self.speech.say_of("mail-greeting", "name", self.recipient),
            lead: capitalised(&self.say(&format!("mail-{}-lead", worded(self.news)))),
            when: self.schedule.filter(|_| self.link.is_some()).map(|schedule| {
                let moment = moments::spoken(self.speech, schedule.at, schedule.zone);
                self.speech.say_of("mail-when", "moment", &moment)
            }),
            link: self.link.clone().map(|url| self.linked(url)),
            farewell: self.say("mail-farewell"),
        }
    }

    fn linked(&self, url: String) -> Linked {
        let zone = self.schedule.map_or(Zone::UTC, |schedule| schedule.zone);
        let until = moments::spoken(self.speech, self.expires_at, zone);
        let how = if self.schedule.is_some() { "mail-how-scheduled" } else { "mail-how" };
        let names = [("moment", until.as_str()), ("organisation", self.organisation)];
        Linked {
            url,
            how: self.speech.say(how),
            button: self.speech.say("mail-button"),
            what: self.speech.say("mail-what"),
            until: self.speech.say_with("mail-until", &names),
            warning: self.speech.say("mail-warning"),
        }
    }
}

/// As the names of sentences are written.
fn worded(news: News) -> String {
    news.as_str().replace('_', "-")
}

/// For names and values of our own, which hold nothing that must be encoded.
fn header(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

#[cfg(test)]
mod tests;
