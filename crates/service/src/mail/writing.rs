//! A queued mail becomes a letter, from the request as it is now.

use beckon_domain::SessionRequest;
use beckon_domain::session_request::LinkNumber;
use lettre::Message;
use lettre::address::Address;
use lettre::message::Mailbox;
use url::Host;

use super::calendar::{self, Calendar};
use super::letter::Letter;
use super::{MailServer, News};
use crate::app::App;
use crate::asker;
use crate::error::Answer;
use crate::routes::link_url;
use crate::store::mails::{self, Mail};
use crate::store::{Unit, links, settings};

/// Only the latest news are told, and those of an end only to who knows of the beginning.
pub async fn still_true(unit: &mut Unit<'_>, mail: &Mail, request: &SessionRequest) -> Answer<bool> {
    let last = mails::last_of(unit.db(), request.id).await?;
    let is_last = last.is_some_and(|last| last.number == mail.number);
    let fits = match mail.news {
        News::Closed => !request.status.is_live() && has_any_before(unit, mail).await?,
        _ => request.status.is_live() && request.link == mail.link,
    };
    let is_addressed = request.contact.mailed().is_some_and(|email| email.as_str() == mail.email);
    Ok(is_last && fits && is_addressed)
}

async fn has_any_before(unit: &mut Unit<'_>, mail: &Mail) -> Answer<bool> {
    Ok(!mails::delivered_before(unit.db(), mail).await?.is_empty())
}

pub async fn write(
    app: &App,
    unit: &mut Unit<'_>,
    mail: &Mail,
    request: &SessionRequest,
    server: &MailServer,
) -> Answer<(Message, Calendar)> {
    let earlier = mails::delivered_before(unit.db(), mail).await?;
    let touched = earlier.iter().rev().map(|mail| mail.calendar).find(|calendar| *calendar != Calendar::None);
    let calendar = Calendar::for_request(request, touched == Some(Calendar::Event));
    let speech = app.words.in_language(request.contact.language);
    let organisation = settings::organisation(unit.db()).await?;
    let link = links::current(unit.db(), &app.core.keys, request.id).await?;
    let at = request.schedule.as_ref().filter(|_| calendar == Calendar::Event).map(|schedule| schedule.at);
    let sequence = mails::count_before(unit.db(), mail).await?;
    let letter = Letter {
        news: as_told(mail.news, earlier.last().map(|mail| mail.link), request.link),
        speech,
        from: server.sender()?,
        to: addressed(request)?,
        recipient: request.recipient.as_str(),
        organisation: organisation.as_str(),
        who: asker::who(unit.db(), speech, organisation.as_str(), request.assignment).await?,
        link: link.filter(|_| request.status.is_live()).map(|link| link_url(&app.origin, &link.token)),
        schedule: request.schedule.as_ref(),
        expires_at: request.expires_at,
        entry: (calendar != Calendar::None).then_some(calendar::Entry { request: request.id, sequence, at }),
        message_id: mail.message_id.clone(),
        earlier: earlier.into_iter().map(|mail| mail.message_id).collect(),
        now: unit.now,
    };
    Ok((letter.message()?, calendar))
}

/// News to who last heard of the link `known`.
fn as_told(news: News, known: Option<LinkNumber>, current: LinkNumber) -> News {
    match (news, known) {
        // Whoever got none of the mails before is told all of it for the first time.
        (_, None) => News::Invitation,
        (News::Closed | News::Reopened, Some(_)) => news,
        // The mail that told of the new link may never have been sent.
        (_, Some(known)) if known != current => News::NewLink,
        (_, Some(_)) => news,
    }
}

/// Domains travel in ASCII, whatever they are shown in.
fn addressed(request: &SessionRequest) -> anyhow::Result<Mailbox> {
    let email = request.contact.mailed().ok_or_else(|| anyhow::anyhow!("nobody wants this mail"))?;
    let Host::Domain(domain) = Host::parse(email.domain())? else {
        anyhow::bail!("{} is no name of a mail server", email.domain());
    };
    let address = Address::new(email.local(), domain)?;
    Ok(Mailbox::new(Some(request.recipient.as_str().to_owned()), address))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_has_a_dead_link_is_told_of_the_new_one() {
        let told = |news, known: Option<u32>| as_told(news, known.map(LinkNumber), LinkNumber(2));
        for news in [News::NewLink, News::Rescheduled, News::Started] {
            assert_eq!(told(news, Some(1)), News::NewLink, "{news:?}");
            assert_eq!(told(news, Some(2)), news);
            assert_eq!(told(news, None), News::Invitation);
        }
        assert_eq!(told(News::Reopened, Some(1)), News::Reopened);
        assert_eq!(told(News::Closed, Some(1)), News::Closed);
    }
}
