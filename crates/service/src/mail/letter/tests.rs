//! Every mail in every language, whole, against `tests/mails/`. A mail without a file there gets one: look at
//! it, and keep it if it is right.

use std::path::Path;

use beckon_domain::{Language, RequestId};
use chrono::TimeDelta;
use uuid::Uuid;

use super::*;
use crate::words::Words;

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

fn berlin(hours: i64) -> Schedule {
    Schedule { at: now() + TimeDelta::hours(hours), zone: "Europe/Berlin".parse().unwrap() }
}

/// The first mail, of an agent's request without a time.
fn letter(speech: Speech<'_>) -> Letter<'_> {
    let names = [("agent", "Ana Marsh"), ("organisation", "Acme")];
    Letter {
        news: News::Invitation,
        speech,
        from: "Acme Support <support@acme.example>".parse().unwrap(),
        to: Mailbox::new(Some("Dana Fox".to_owned()), "dana@home.example".parse().unwrap()),
        recipient: "Dana Fox",
        organisation: "Acme",
        who: speech.say_with("landing-agent", &names),
        link: Some("https://support.acme.example/s/AAECAwQFBgcICQoLDA0ODw".to_owned()),
        schedule: None,
        expires_at: now() + TimeDelta::hours(24),
        entry: None,
        message_id: "<0190b7a000007000800000000000000a@support.acme.example>".to_owned(),
        earlier: Vec::new(),
        now: now(),
    }
}

fn later(letter: Letter<'_>, news: News) -> Letter<'_> {
    let earlier = ["1", "2"].map(|number| format!("<0190b7a0-{number}@support.acme.example>"));
    Letter { news, earlier: earlier.into(), ..letter }
}

fn entry(sequence: u32, at: Option<DateTime<Utc>>) -> Option<Entry> {
    Some(Entry { request: RequestId(Uuid::from_u128(7)), sequence, at })
}

/// Each mail beside the one that is kept.
struct Kept(Vec<String>);

impl Kept {
    fn compare(&mut self, name: &str, letter: &Letter<'_>) {
        let written = String::from_utf8(letter.message().unwrap().formatted()).unwrap();
        assert!(written.is_ascii(), "{name} needs a server that takes more");
        let written = written.replace("\r\n", "\n");
        let name = format!("{name}.{}.eml", letter.speech.tag());
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mails").join(&name);
        match std::fs::read_to_string(&file) {
            Ok(kept) => assert_eq!(written, kept, "{name}"),
            Err(_) => {
                std::fs::write(&file, written).unwrap();
                self.0.push(name);
            }
        }
    }

    fn were_all_there(&self) {
        assert!(self.0.is_empty(), "look at what was written to tests/mails: {:?}", self.0);
    }
}

#[test]
fn every_mail_reads_as_it_should() {
    let (words, mut kept) = (Words::load().unwrap(), Kept(Vec::new()));
    for speech in Language::ALL.map(|language| words.in_language(language)) {
        let first = || letter(speech);
        let (planned, moved) = (berlin(50), berlin(74));
        kept.compare("invitation", &first());
        let scheduled = Letter {
            schedule: Some(&planned),
            expires_at: planned.at + TimeDelta::hours(24),
            entry: entry(0, Some(planned.at)),
            ..first()
        };
        kept.compare("invitation_scheduled", &scheduled);
        kept.compare("new_link", &later(first(), News::NewLink));
        let rescheduled = Letter {
            schedule: Some(&moved),
            expires_at: moved.at + TimeDelta::hours(24),
            entry: entry(2, Some(moved.at)),
            ..later(first(), News::Rescheduled)
        };
        kept.compare("rescheduled", &rescheduled);
        kept.compare("started", &Letter { entry: entry(2, None), ..later(first(), News::Started) });
        let over = || Letter { link: None, ..later(first(), News::Closed) };
        kept.compare("closed", &over());
        let cancelled = Letter { schedule: Some(&planned), entry: entry(2, None), ..over() };
        kept.compare("closed_scheduled", &cancelled);
        kept.compare("reopened", &later(first(), News::Reopened));
    }
    kept.were_all_there();
}

#[test]
fn hostile_names_stay_text() {
    let (words, mut kept) = (Words::load().unwrap(), Kept(Vec::new()));
    let name = "</p><script>alert(1)</script>\"; Eve <eve@x.example>, \u{5d3}\u{5e0}\u{5d4}";
    let hostile = Letter {
        to: Mailbox::new(Some(name.to_owned()), "dana@home.example".parse().unwrap()),
        recipient: name,
        organisation: "Acme;,:\\ \u{5d0}",
        entry: entry(0, Some(now())),
        ..letter(words.in_language(Language::En))
    };
    kept.compare("hostile", &hostile);
    kept.were_all_there();
}
